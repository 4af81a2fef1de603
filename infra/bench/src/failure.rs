//! Why something could not be measured: one plain line each.

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file or a process could not be had.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// Nobody answered.
    #[error("no answer: {0}")]
    Unanswered(#[from] reqwest::Error),
    /// What was answered or read is no JSON.
    #[error("not the JSON that was expected: {0}")]
    Json(#[from] serde_json::Error),
    /// The laptop did not start.
    #[error("{0}")]
    Laptop(#[from] bedside_local::StartError),
    /// The laptop's database refused.
    #[error("the database refused: {0}")]
    Database(#[from] bedside_local::aws::ServiceError),
    /// A step went wrong: which, and what it said.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// In these words.
    pub fn said(words: impl Into<String>) -> Self {
        Self::Said(words.into())
    }
}

/// What was measured, or why not.
pub type Outcome<T> = Result<T, Failure>;
