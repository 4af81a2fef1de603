//! What people text back: STOP, HELP, START and their kin, and what that says of a number.

use crate::delivery::Transport;
use crate::id::{MessageId, TenantId, VisitId};
use crate::secret::Mac;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// What a whole text asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyword {
    /// No more texts.
    Stop,
    /// Who is this, and whom can one call?
    Help,
    /// Texts again.
    Start,
}

/// By the rules for opt-outs of the CTIA and of 47 CFR 64.1200(a)(10), with the words that AWS End User Messaging knows
/// besides, and their kin in Spanish and Arabic. Folded as [`fold`] does.
const STOP: [&str; 28] = [
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    "REMOVE",
    "ARRET",
    "TD",
    // Spanish
    "ALTO",
    "PARAR",
    "PARE",
    "PARA",
    "DETENER",
    "DETENGA",
    "CANCELAR",
    "CANCELE",
    "TERMINAR",
    "FIN",
    "SALIR",
    "BAJA",
    "NOMAS",
    // Arabic
    "توقف",
    "ايقاف",
    "الغاء",
    "اوقف",
];
const HELP: [&str; 6] = ["HELP", "INFO", "AYUDA", "INFORMACION", "مساعدة", "المساعدة"];
const START: [&str; 15] = [
    "START",
    "UNSTOP",
    "YES",
    "SUBSCRIBE",
    "OPTIN",
    "CONTINUE",
    // Spanish
    "SI",
    "INICIAR",
    "INICIO",
    "COMENZAR",
    "EMPEZAR",
    "REANUDAR",
    "ALTA",
    // Arabic
    "ابدا",
    "نعم",
];

impl Keyword {
    /// The keyword that a text consists of. Case, accents, spaces and punctuation do not matter; a sentence with such a
    /// word in it is none: "please do not stop" asks for nothing.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let word = fold(text);
        let is_one_of = |words: &[&str]| words.contains(&word.as_str());
        match () {
            () if is_one_of(&STOP) => Some(Self::Stop),
            () if is_one_of(&HELP) => Some(Self::Help),
            () if is_one_of(&START) => Some(Self::Start),
            () => None,
        }
    }
}

/// No keyword has more letters.
const LONGEST: usize = 24;

/// Letters and digits alone, in capitals, without their accents.
fn fold(text: &str) -> String {
    let letters = text.chars().filter_map(plain).take(LONGEST);
    letters.flat_map(char::to_uppercase).collect()
}

/// A letter without its accent, as far as keywords have them; `None` for what is no letter.
fn plain(letter: char) -> Option<char> {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' => Some('A'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => Some('E'),
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => Some('I'),
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' => Some('O'),
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => Some('U'),
        'ñ' | 'Ñ' => Some('N'),
        'أ' | 'إ' | 'آ' => Some('ا'),
        // Marks of vowels, which Rust counts among the letters, and the stroke that lengthens a word.
        '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{0652}' | 'ـ' => None,
        letter => letter.is_alphanumeric().then_some(letter),
    }
}

/// What a number's owner said last, by STOP or START. It counts for all that comes from the number that they answered,
/// whichever practice sends it: so do the carriers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextWish {
    /// HMAC of the number.
    pub number: Mac,
    /// Whether it wants no texts.
    pub stopped: bool,
    /// When that was said.
    pub said_at: Time,
    /// The reply that said it.
    pub reply_id: String,
}

impl TextWish {
    /// Whether this was said after the other: replies come late, twice and in any order. Of two in the same
    /// millisecond, the same one always counts.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        (self.said_at, &self.reply_id) > (other.said_at, &other.reply_id)
    }
}

/// What a carrier's id leads to: a message that went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentMessage {
    /// Who carried it.
    pub transport: Transport,
    /// The carrier's id.
    pub provider_id: String,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which visit it is about.
    pub visit_id: VisitId,
    /// Which message of it.
    pub message_id: MessageId,
    /// When nobody answers it any more: the table's broom takes it then.
    pub sweep_at: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_a_keyword_asks_for_it_whatever_its_dress() {
        for stop in [
            "STOP",
            "stop",
            " Stop. ",
            "STOP!!",
            "«stop»",
            "Stop All",
            "opt-out",
            "OPT OUT",
            "unsubscribe",
            "Cancel",
            "end",
            "quit",
            "revoke",
            "Alto",
            "ALTO.",
            "cancelar",
            "¡Parar!",
            "no más",
            "NO MAS",
            "baja",
            "إيقاف",
            "توقف",
        ] {
            assert_eq!(Keyword::of(stop), Some(Keyword::Stop), "{stop}");
        }
        for help in ["HELP", "help?", "Info", "ayuda", "¿Ayuda?", "información", "informacio\u{301}n", "مساعدة"]
        {
            assert_eq!(Keyword::of(help), Some(Keyword::Help), "{help}");
        }
        for start in ["START", "unstop", "Yes!", "sí", "Si.", "Iniciar", "ابدأ"] {
            assert_eq!(Keyword::of(start), Some(Keyword::Start), "{start}");
        }
    }

    #[test]
    fn a_sentence_with_such_a_word_in_it_asks_for_nothing() {
        for text in [
            "",
            " ",
            "?",
            "Please do not stop",
            "stop texting my wife",
            "can you help me",
            "yes please",
            "STOP2",
            "I will be there at the end",
            "nonstop",
            "no",
            "thanks",
            "\u{1F6D1}",
            &"STOP".repeat(1000),
        ] {
            assert_eq!(Keyword::of(text), None, "{text}");
        }
    }

    #[test]
    fn of_two_replies_the_later_counts_in_whatever_order_they_come() {
        let said = |at: i64, reply_id: &str, stopped: bool| TextWish {
            number: Mac("m".to_owned()),
            stopped,
            said_at: Time::from_millis(at),
            reply_id: reply_id.to_owned(),
        };
        let (stop, start) = (said(1, "b", true), said(2, "a", false));
        assert!(start.is_after(&stop) && !stop.is_after(&start));
        assert!(!stop.is_after(&stop), "the same again says nothing new");
        let same_time = said(1, "c", false);
        assert!(same_time.is_after(&stop) != stop.is_after(&same_time));
    }
}
