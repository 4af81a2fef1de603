//! The texts of each language. They are built into the program and read once, when the first message is written.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{Timestamp, civil::Weekday};
use unic_langid::LanguageIdentifier;

use super::{Facts, Recipient, TextError};
use crate::language::Language;
use crate::visit::Modality;
use crate::zone::{Zone, local_time};

type Texts = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| read("en", include_str!("../../../texts/en/messages.ftl")));
static SPANISH: LazyLock<Texts> = LazyLock::new(|| read("es", include_str!("../../../texts/es/messages.ftl")));
static ARABIC: LazyLock<Texts> = LazyLock::new(|| read("ar", include_str!("../../../texts/ar/messages.ftl")));

/// What is wrong with a file is found by the tests: here, what can be read of it is taken.
fn read(tag: &str, source: &str) -> Texts {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut texts = FluentBundle::new_concurrent(vec![language]);
    // Isolates are put around names by us: a text message has no room for them.
    texts.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partly, _)| partly);
    let _ = texts.add_resource(resource);
    texts
}

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
        Language::Arabic => &ARABIC,
    }
}

/// First strong isolate (Unicode TR9): what follows has its own direction, up to [`END`].
pub(super) const ISOLATE: char = '\u{2068}';
/// Pop directional isolate.
pub(super) const END: char = '\u{2069}';

/// The texts of a language, and what they may say.
pub(super) struct Words<'a> {
    language: Language,
    values: FluentArgs<'a>,
}

impl<'a> Words<'a> {
    /// Everything of the facts but names and link, which stand differently in texts, e-mails and calendars.
    pub(super) fn of(facts: &Facts<'a>) -> Self {
        let mut words = Self { language: facts.language, values: FluentArgs::new() };
        words.set("recipient", recipient(facts.recipient));
        words.set("modality", modality(facts.modality));
        words.set("minutes", facts.code_minutes);
        words.set("code", facts.code.unwrap_or_default());
        words.set("phone", phone(facts));
        words.moment(facts.scheduled_at, facts.zone);
        words
    }

    pub(super) fn set(&mut self, name: &'static str, value: impl Into<FluentValue<'a>>) {
        self.values.set(name, value);
    }

    /// The first name, which may be empty: then it is not said.
    pub(super) fn set_clinician(&mut self, name: String) {
        self.set("named", if name.is_empty() { "no" } else { "yes" });
        self.set("clinician", name);
    }

    /// A text of the language.
    ///
    /// # Errors
    /// [`TextError::Template`] when there is no such text, or it asks for something that is not there.
    pub(super) fn say(&self, name: &str) -> Result<String, TextError> {
        let texts = texts(self.language);
        let pattern = texts.get_message(name).and_then(|text| text.value()).ok_or(TextError::Template)?;
        let mut errors = Vec::new();
        let said = texts.format_pattern(pattern, Some(&self.values), &mut errors).into_owned();
        if errors.is_empty() { Ok(said) } else { Err(TextError::Template) }
    }

    fn moment(&mut self, instant: Timestamp, zone: &Zone) {
        let there = instant.to_zoned(zone.time_zone().clone());
        // On a clock of 12 hours there is no hour 0.
        let (hour, half) = match there.hour() {
            0 => (12, "am"),
            hour @ 1..=11 => (hour, "am"),
            12 => (12, "pm"),
            hour => (hour - 12, "pm"),
        };
        let local = local_time(instant, zone);
        self.set("weekday", weekday(there.weekday()));
        self.set("month", there.month());
        self.set("day", there.day().to_string());
        self.set("year", there.year().to_string());
        self.set("hour", hour.to_string());
        self.set("minute", format!("{:02}", there.minute()));
        self.set("half", half);
        self.set("zone", local.zone);
        let named = self.say(&format!("place-{}", zone.as_str().replace('/', "-"))).ok();
        let place = named.or(local.place);
        self.set("placed", if place.is_some() { "yes" } else { "no" });
        self.set("place", isolated(self.language, &place.unwrap_or_default()));
    }
}

/// The text with a direction of its own, where the sentence around it goes the other way.
pub(super) fn isolated(language: Language, text: &str) -> String {
    if language.is_right_to_left() && !text.is_empty() { format!("{ISOLATE}{text}{END}") } else { text.to_owned() }
}

/// Among letters that go from right to left, the parts of a number would be shown in reverse. Marks keep them in order;
/// unlike isolates, every phone and calendar knows them.
fn phone(facts: &Facts<'_>) -> String {
    let phone = facts.support_phone.format_international();
    if facts.language.is_right_to_left() { format!("\u{200E}{phone}\u{200E}") } else { phone }
}

const fn recipient(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Patient => "patient",
        Recipient::Clinician => "clinician",
        Recipient::Guest => "guest",
        Recipient::Interpreter => "interpreter",
    }
}

const fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Video => "video",
        Modality::Audio => "audio",
    }
}

const fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}
