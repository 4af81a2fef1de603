//! What the media server knows of the control side, which makes the meetings and says who may join them.

/// What the events of a meeting say of it besides its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The application's id.
    pub external_id: String,
    /// The region of its media.
    pub media_region: String,
}

/// Somebody who may join a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// The service's id of the meeting.
    pub meeting_id: String,
    /// The application's id of the meeting, and the region of its media; none where the meeting carries something of
    /// another service: nobody is told of it then.
    pub meeting: Option<Told>,
    /// The service's id of the attendee; what they share has the same with [`CONTENT`] behind it.
    pub attendee_id: String,
    /// The application's id of the attendee.
    pub external_user_id: String,
}

/// What the client puts behind token and id where it shares a screen.
pub const CONTENT: &str = "#content";

impl Attendee {
    /// Whether it is what somebody shares, and not themselves.
    #[must_use]
    pub fn is_content(&self) -> bool {
        self.attendee_id.ends_with(CONTENT)
    }

    /// The attendee's own id, also of what they share.
    #[must_use]
    pub fn person(&self) -> &str {
        self.attendee_id.strip_suffix(CONTENT).unwrap_or(&self.attendee_id)
    }
}

/// Why somebody may not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The meeting has ended, or never was.
    Ended,
    /// The token is nobody's of this meeting, or no longer.
    Unknown,
}

/// The control side. It is asked again whenever something may have changed: it has the truth.
pub trait Meetings: Send + Sync + 'static {
    /// Whose token this is.
    ///
    /// # Errors
    /// Where nobody may join with it.
    fn attendee(&self, meeting_id: &str, join_token: &str) -> Result<Attendee, Refusal>;

    /// Ends a meeting in which nobody has been for too long.
    fn end(&self, meeting_id: &str);
}
