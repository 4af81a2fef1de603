//! How messages travel, and what became of them.

use crate::id::MessageId;
use crate::parse::word_enum;
use crate::time::Time;
use serde::{Deserialize, Serialize};

word_enum! {
    /// How a message travels.
    pub enum Transport: "Must be sms or email." {
        /// AWS End User Messaging.
        Sms = "sms",
        /// SES.
        Email = "email",
    }
}

impl Transport {
    /// As the contract names who carries it.
    #[must_use]
    pub const fn provider(self) -> &'static str {
        match self {
            Self::Sms => "end-user-messaging",
            Self::Email => "ses",
        }
    }
}

word_enum! {
    /// Where a message stands.
    pub enum MessageStatus: "Must be a message's status." {
        /// Owed.
        Pending = "pending",
        /// The carrier took it.
        Sent = "sent",
        /// It arrived.
        Delivered = "delivered",
        /// The carrier refused it, or nobody could reach the carrier; tried again while tries are left.
        Failed = "failed",
        /// The person does not want texts.
        OptedOut = "opted-out",
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Which message. Ids rise with time: a greater one is newer.
    pub message_id: MessageId,
    /// Where it stands.
    pub status: MessageStatus,
    /// Since when.
    pub at: Time,
}

/// The newest message to the patient by each transport: what lists show without reading a visit's whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deliveries {
    /// Of texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<Delivery>,
    /// Of e-mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Delivery>,
}

impl Deliveries {
    /// Notes what became of a message, unless there is a newer one.
    pub fn note(&mut self, transport: Transport, delivery: Delivery) {
        let newest = match transport {
            Transport::Sms => &mut self.sms,
            Transport::Email => &mut self.email,
        };
        if newest.as_ref().is_none_or(|newest| newest.message_id <= delivery.message_id) {
            *newest = Some(delivery);
        }
    }
}
