//! The contacts of the Connect stand-in: who is in which, and how it stands.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Up to four more than the first caller and the agent:
/// <https://docs.aws.amazon.com/connect/latest/adminguide/enable-multiuser-inapp.html>
pub(crate) const MOST_ADDED: usize = 4;

/// Somebody in a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactParticipant {
    /// The service's id.
    pub id: String,
    /// As whom the others see them.
    pub display_name: String,
    /// What the application called the request that added them, so that it adds them once.
    #[serde(skip_serializing)]
    pub(crate) client_token: String,
    /// What lets its holder in.
    #[serde(skip_serializing)]
    pub(crate) token: String,
}

/// A contact, those that are over too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The service's id.
    pub id: String,
    /// The instance that it is in.
    pub instance_id: String,
    /// What the application said of it, for flow and panel.
    pub attributes: Value,
    /// When it was made, by the laptop's clock.
    pub started_at: Timestamp,
    /// When an agent took it.
    pub agent_at: Option<Timestamp>,
    /// The agent who took it at their panel.
    pub agent: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether that agent has done the after-call work.
    pub is_cleared: bool,
    /// Those who were added, the first caller first.
    pub participants: Vec<ContactParticipant>,
    /// The meeting that carries it.
    #[serde(skip_serializing)]
    pub(crate) meeting_id: String,
    /// The request that made it.
    #[serde(skip_serializing)]
    pub(crate) request: Value,
}

impl Contact {
    /// The visit that it is for.
    pub(crate) fn visit(&self) -> Option<&str> {
        self.attributes.get("visitId").and_then(Value::as_str)
    }

    /// The agent for whom it is to ring.
    pub(crate) fn wanted_agent(&self) -> Option<&str> {
        self.attributes.get("agentId").and_then(Value::as_str)
    }

    pub(crate) fn is_on(&self) -> bool {
        self.ended_at.is_none()
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.request.get("ClientToken").and_then(Value::as_str)
    }
}
