//! The languages that people are written to in.

/// A language that has all texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English as of the United States.
    English,
    /// Spanish as it is spoken in the United States.
    Spanish,
    /// Modern Standard Arabic.
    Arabic,
}

impl Language {
    /// Every language, the last resort first.
    pub const ALL: [Self; 3] = [Self::English, Self::Spanish, Self::Arabic];

    /// The language of the first locale (BCP 47) that has one of ours; English where none has. The region does not
    /// matter: `es-MX` is Spanish.
    #[must_use]
    pub fn of<'a>(locales: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |locale: &str| {
            let language = locale.split(['-', '_']).next().unwrap_or_default();
            Self::ALL.into_iter().find(|known| known.tag().eq_ignore_ascii_case(language))
        };
        locales.into_iter().find_map(known).unwrap_or(Self::English)
    }

    /// The language's tag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Arabic => "ar",
        }
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub const fn is_right_to_left(self) -> bool {
        match self {
            Self::English | Self::Spanish => false,
            Self::Arabic => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_language_is_found_without_its_region_and_english_is_the_last_resort() {
        for (locales, language) in [
            (["es-MX", "en-US"], Language::Spanish),
            (["ES", "en"], Language::Spanish),
            (["ar-EG-u-nu-arab", "en"], Language::Arabic),
            (["zh-Hant", "es-US"], Language::Spanish),
            (["zh-Hant", "fr"], Language::English),
            (["arn", "qu"], Language::English),
            (["", "-"], Language::English),
        ] {
            assert_eq!(Language::of(locales), language, "{locales:?}");
        }
    }
}
