//! The AWS endpoint of the laptop: DynamoDB, KMS, SES, SMS, Chime meetings and Connect for the real SDK clients, over plain
//! HTTP on loopback, with counts of the calls and faults on request.

mod agents;
mod calls;
mod chime;
mod connect;
mod contacts;
mod dynamodb;
mod endpoint;
mod faults;
mod invocations;
mod keys;
mod kms;
mod mailbox;
mod meetings;
mod meter;
mod mime;
mod model;
mod service;
mod ses;
mod sms;
mod state;
mod tables;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use agents::{AgentAct, AgentState, AtPanel, Carries, ContactState, Panel};
pub use calls::{CallCount, KeptCall};
pub use contacts::{Contact, ContactParticipant};
pub use endpoint::serve;
pub use faults::{Fault, FaultKind};
pub use invocations::{INVOCATION_HEADER, Invocations};
pub use mailbox::{Attachment, Channel, Message};
pub use meetings::{Attendee, Meeting, MeetingEvent};
pub use meter::Consumption;
pub use service::{Service, ServiceError};
pub use state::{AwsSetup, AwsState, OpenError};
pub use tables::{AUDIT, LIMITS, TTL_ATTRIBUTE, VISITS};

/// Locks what one thread may change at a time. Each change is whole when its guard is dropped, so that what a
/// panicking thread left behind is still sound.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
