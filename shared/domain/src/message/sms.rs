//! One text message in as many segments as its alphabet is worth, whatever the names are.

use std::fmt;

use super::texts::Words;
use super::{Facts, Recipient, Template, TextError, gsm7, words};
use crate::language::Language;
use crate::name;

/// The longest name in a text, in characters: the practice's short name may have 20, and a
/// clinician is held to the same.
const NAME_MAX: usize = 20;
/// A clinician's name is not cut to fewer characters than this: it is left out instead.
const CLINICIAN_MIN: usize = 3;
/// The same for the practice, of which less is told by its first letters.
const PRACTICE_MIN: usize = 6;

/// What a text is written in, and how much of it may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// One segment of 160 septets (3GPP TS 23.038).
    Gsm7,
    /// UTF-16 for languages that GSM-7 has no letters for. One segment of 70 units holds a link and little more, so
    /// two are allowed; of a text in parts, each has 67 (3GPP TS 23.040: 6 octets name the part).
    Ucs2,
}

impl Alphabet {
    const fn of(language: Language) -> Self {
        match language {
            Language::English | Language::Spanish => Self::Gsm7,
            Language::Arabic => Self::Ucs2,
        }
    }

    const fn most(self) -> usize {
        match self {
            Self::Gsm7 => gsm7::SEGMENT,
            Self::Ucs2 => 2 * 67,
        }
    }

    /// What a text costs; `None` if the alphabet cannot hold it.
    fn cost(self, text: &str) -> Option<usize> {
        match self {
            Self::Gsm7 => gsm7::septets(text),
            Self::Ucs2 => Some(text.encode_utf16().count()),
        }
    }

    fn holds(self, text: &str) -> bool {
        self.cost(text).is_some_and(|cost| cost <= self.most())
    }

    /// A name in these letters. Transliteration may bring a URL to light, so it is cleaned again.
    fn name(self, text: &str) -> String {
        let name = name::clean(text);
        let written = match self {
            Self::Gsm7 => name::clean(&gsm7::transliterate(&name)),
            // A pair of units that straddles two parts makes a third.
            Self::Ucs2 => name.chars().filter(|c| c.len_utf16() == 1).collect(),
        };
        clipped(&written, NAME_MAX)
    }

    /// A person's first name in these letters.
    fn person(self, first_name: &str) -> String {
        clipped(&name::clean(&super::unlinked(&self.name(first_name))), NAME_MAX)
    }
}

/// A text of one GSM-7 segment, or of two in UCS-2.
///
/// It holds a link or a code, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsText {
    text: String,
    alphabet: Alphabet,
}

impl SmsText {
    /// The text in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// How many segments are paid for.
    #[must_use]
    pub fn segments(&self) -> usize {
        let cost = self.alphabet.cost(&self.text).unwrap_or_default();
        let (alone, part) = match self.alphabet {
            Alphabet::Gsm7 => (gsm7::SEGMENT, 153),
            Alphabet::Ucs2 => (70, 67),
        };
        if cost <= alone { 1 } else { cost.div_ceil(part) }
    }
}

impl fmt::Debug for SmsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsText({:?}, {} segments)", self.alphabet, self.segments())
    }
}

/// How much of a name is said.
#[derive(Clone, Copy)]
enum Say {
    Whole,
    /// As many characters as there is room for.
    Cut,
    Not,
}

/// How much is said of how the visit is held.
#[derive(Clone, Copy)]
enum Manner {
    Full,
    Brief,
    Not,
}

/// One step of shortening.
struct Step {
    opt_out: bool,
    clinician: Say,
    practice: Say,
    manner: Manner,
}

/// What is given up, in this order: the word on opting out (a reply of STOP works without it), the
/// clinician, letters of the practice, that one need not travel, the practice, how the visit is
/// held. The time with its zone, the link and the code are never given up.
const STEPS: [Step; 8] = [
    Step { opt_out: true, clinician: Say::Whole, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Whole, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Cut, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Cut, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Cut, manner: Manner::Brief },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Not, manner: Manner::Brief },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Not, manner: Manner::Not },
];

/// Writes a text message: one segment in English and Spanish, at most two in Arabic.
///
/// Names are put into the letters of the alphabet, cleaned, and shortened in a fixed order until the text fits. Where
/// a link leaves no room in two segments of UCS-2, the text is in English, of which one segment holds more.
///
/// # Errors
/// [`TextError`] when the link or the code is missing or malformed, or the link is too long to
/// stand beside the time.
pub fn sms(template: Template, facts: &Facts<'_>) -> Result<SmsText, TextError> {
    match write(template, facts) {
        Err(TextError::LinkTooLong) if Alphabet::of(facts.language) == Alphabet::Ucs2 => {
            write(template, &Facts { language: Language::English, ..*facts })
        }
        written => written,
    }
}

fn write(template: Template, facts: &Facts<'_>) -> Result<SmsText, TextError> {
    let alphabet = Alphabet::of(facts.language);
    let mut draft = Draft {
        template,
        recipient: facts.recipient,
        alphabet,
        link: super::carried(template, facts)?,
        practice: alphabet.name(facts.sms_name),
        clinician: facts.clinician_first_name.map(|name| alphabet.person(name)).unwrap_or_default(),
        words: Words::of(facts),
    };
    for step in &STEPS {
        if let Some(text) = draft.take(step)? {
            return Ok(SmsText { text, alphabet });
        }
    }
    Err(TextError::LinkTooLong)
}

/// A text that is being fitted.
struct Draft<'a> {
    template: Template,
    recipient: Recipient,
    alphabet: Alphabet,
    link: Option<&'a str>,
    practice: String,
    clinician: String,
    words: Words<'a>,
}

impl Draft<'_> {
    /// The text after this step, if it fits.
    fn take(&mut self, step: &Step) -> Result<Option<String>, TextError> {
        let kept = |say: Say, name: &str| if matches!(say, Say::Not) { String::new() } else { name.to_owned() };
        let (mut clinician, mut practice) =
            (kept(step.clinician, &self.clinician), kept(step.practice, &self.practice));
        let mut text = self.text(step, &clinician, &practice)?;
        // One letter after another goes: what it costs is for the alphabet to say.
        while !self.alphabet.holds(&text) {
            let shorter = matches!(step.clinician, Say::Cut) && cut(&mut clinician, CLINICIAN_MIN)
                || matches!(step.practice, Say::Cut) && cut(&mut practice, PRACTICE_MIN);
            if !shorter {
                return Ok(None);
            }
            text = self.text(step, &clinician, &practice)?;
        }
        Ok(Some(text))
    }

    /// One text message. A part that is empty leaves no gap.
    fn text(&mut self, step: &Step, clinician: &str, practice: &str) -> Result<String, TextError> {
        let words = &mut self.words;
        words.set("practice", practice.to_owned());
        words.set_clinician(clinician.to_owned());
        let bare = matches!(step.manner, Manner::Not) || self.template == Template::OneTimeCode && practice.is_empty();
        let how = how(self.template, self.recipient, step.manner).map(|name| words.say(name)).transpose()?;
        let when = words.say("sms-when")?;
        words.set("when", how.as_ref().map_or_else(|| when.clone(), |how| format!("{when} {how}")));
        words.set("come", if how.is_some() { "yes" } else { "no" });
        words.set("how", how.unwrap_or_default());
        let sentence = if bare {
            words.say(words::bare(self.template))?
        } else {
            words.say(&format!("sms-{}", words::name(self.template)))?
        };
        if self.template == Template::OneTimeCode {
            return Ok(sentence);
        }
        let mut text = if practice.is_empty() {
            capitalized(&sentence)
        } else {
            words.set("sentence", sentence);
            words.say("sms-from")?
        };
        if let Some(link) = self.link {
            words.set("text", text);
            words.set("link", link.to_owned());
            text = words.say("sms-link")?;
        }
        if step.opt_out && self.template == Template::Initial {
            words.set("text", text);
            text = words.say("sms-stop")?;
        }
        Ok(text)
    }
}

/// How the visit is held. A clinician is not told where to be, and nobody where a cancelled visit is not.
const fn how(template: Template, recipient: Recipient, manner: Manner) -> Option<&'static str> {
    match (manner, template, recipient) {
        (Manner::Not, _, _) => None,
        (Manner::Brief, _, _) | (_, Template::Cancelled, _) | (_, _, Recipient::Clinician) => Some("how"),
        (Manner::Full, _, Recipient::Patient | Recipient::Guest | Recipient::Interpreter) => Some("how-and-stay"),
    }
}

/// Takes the last letter of a name, unless fewer than `least` would be left.
fn cut(name: &mut String, least: usize) -> bool {
    let left = clipped(name, name.chars().count().saturating_sub(1));
    let may = left.chars().count() >= least;
    if may {
        *name = left;
    }
    may
}

fn clipped(name: &str, max: usize) -> String {
    name.chars().take(max).collect::<String>().trim_end().to_owned()
}

fn capitalized(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
