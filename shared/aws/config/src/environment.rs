//! The settings of a function: its environment variables.

use std::collections::HashMap;

/// Settings by their names. An empty one counts as absent: a template cannot leave a variable out.
#[derive(Debug, Clone, Default)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The settings of this process. Variables that are not UTF-8 are passed over.
    #[must_use]
    pub fn from_process() -> Self {
        let pairs = std::env::vars_os();
        Self(pairs.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect())
    }

    /// These settings; a later one of the same name counts.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// A setting that may be absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A setting without which nothing works.
    ///
    /// # Errors
    /// When it is absent.
    pub fn require(&self, name: &str) -> Result<&str, SetupError> {
        self.get(name).ok_or_else(|| SetupError::Missing(name.to_owned()))
    }

    /// A setting with several values, separated by commas; none when it is absent.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.get(name)
            .map(|value| value.split(',').map(str::trim).filter(|item| !item.is_empty()).collect())
            .unwrap_or_default()
    }
}

/// Why a function cannot start: one plain line for whoever deploys it. It never holds a setting's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// A setting is absent.
    #[error("The setting {0} is missing.")]
    Missing(String),
    /// A setting cannot be used.
    #[error("The setting {name} cannot be used: {why}.")]
    Unusable {
        /// Which.
        name: String,
        /// What is not right with it.
        why: &'static str,
    },
    /// No connection can be made safe.
    #[error("TLS cannot be set up.")]
    NoTls,
    /// A service that is needed from the start did not do what was asked.
    #[error("{service} did not answer at the start: {what}.")]
    Unanswered {
        /// Which service.
        service: &'static str,
        /// The call and its error code.
        what: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_setting_is_named_in_one_plain_line() {
        let settings = Environment::from_pairs([("VISITS_TABLE", "")]);
        assert_eq!(settings.get("VISITS_TABLE"), None);
        let error = settings.require("VISITS_TABLE").map_err(|e| e.to_string());
        assert_eq!(error, Err("The setting VISITS_TABLE is missing.".to_owned()));
    }

    #[test]
    fn a_list_has_no_empty_items() {
        let settings = Environment::from_pairs([("KEYS", " a, ,b,")]);
        assert_eq!(settings.list("KEYS"), ["a", "b"]);
        assert!(settings.list("OTHERS").is_empty());
    }
}
