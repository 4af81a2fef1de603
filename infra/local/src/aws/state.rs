//! All that the endpoint keeps, and what the laptop's controls may do with it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::broadcast;

use super::agents::{AgentAct, AgentState, Carries, Panel};
use super::calls::{CallCount, Calls, KeptCall};
use super::chime::Chime;

use super::connect::Connect;
use super::contacts::Contact;
use super::dynamodb::Database;
use super::faults::{Fault, Faults};
use super::invocations::Invocations;
use super::keys::KeyRing;
use super::mailbox::{Mailbox, Message};
use super::meetings::{Meeting, MeetingEvent};
use super::meter::Consumption;
use super::model::Model;
use bedside_media::Refusal;

use super::service::ServiceError;
use super::ses::Ses;
use super::sms::Sms;
use super::tables;
use crate::clock::LocalClock;

/// What the endpoint is started with.
#[derive(Clone, Debug, Default)]
pub struct AwsSetup {
    /// The file to keep the data in, the keys beside it in `FILE.keys`; in memory without one.
    pub data: Option<PathBuf>,
    /// The addresses and domains that mail may come from.
    pub senders: Vec<String>,
    /// The port on 127.0.0.1 where the media server listens.
    pub media_port: u16,
    /// The clock that everything follows.
    pub clock: LocalClock,
}

/// Why the endpoint could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database could not be opened.
    #[error("cannot open the database: {0}")]
    Database(String),
    /// The keys could not be read or written.
    #[error("cannot open the keys: {0}")]
    Keys(#[from] std::io::Error),
    /// A service's model could not be read.
    #[error("cannot read a service's model: {0}")]
    Model(#[from] serde_json::Error),
}

/// The endpoint's state; clones share it.
#[derive(Clone)]
pub struct AwsState(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) clock: LocalClock,
    pub(crate) database: Database,
    pub(crate) keys: KeyRing,
    pub(crate) ses: Ses,
    pub(crate) sms: Sms,
    pub(crate) chime: Chime,
    pub(crate) connect: Connect,
    pub(crate) mailbox: Mailbox,
    pub(crate) calls: Calls,
    pub(crate) faults: Faults,
    pub(crate) invocations: Invocations,
    pub(crate) models: Models,
}

pub(crate) struct Models {
    pub(crate) kms: Model,
    pub(crate) ses: Model,
    pub(crate) sms: Model,
    pub(crate) chime: Model,
    pub(crate) connect: Model,
}

impl Models {
    fn parse() -> Result<Self, serde_json::Error> {
        Ok(Self {
            kms: Model::parse(include_str!("models/kms.json"))?,
            ses: Model::parse(include_str!("models/sesv2.json"))?,
            sms: Model::parse(include_str!("models/sms.json"))?,
            chime: Model::parse(include_str!("models/chime.json"))?,
            connect: Model::parse(include_str!("models/connect.json"))?,
        })
    }
}

impl AwsState {
    /// Opens database and keys. The tables are made by [`create_tables`](Self::create_tables).
    ///
    /// # Errors
    /// Where the data file or the keys beside it cannot be opened.
    pub fn open(setup: AwsSetup) -> Result<Self, OpenError> {
        let AwsSetup { data, senders, media_port, clock } = setup;
        Ok(Self(Arc::new(Inner {
            database: Database::open(data.as_deref(), clock.clone()).map_err(OpenError::Database)?,
            keys: KeyRing::open(data.as_deref())?,
            ses: Ses::new(senders),
            sms: Sms::default(),
            chime: Chime::new(media_port, clock.clone()),
            connect: Connect::new(clock.clone()),
            mailbox: Mailbox::default(),
            calls: Calls::default(),
            faults: Faults::default(),
            invocations: Invocations::default(),
            models: Models::parse()?,
            clock,
        })))
    }

    /// Makes the tables that are missing.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn create_tables(&self) -> Result<(), ServiceError> {
        tables::create(&self.0.database).await
    }

    /// Drops all data, messages, meetings, faults and counts, and makes the tables anew. The keys stay.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn reset(&self) -> Result<(), ServiceError> {
        self.clear_faults();
        tables::recreate(&self.0.database).await?;
        self.0.database.forget_tokens();
        self.0.chime.end_all();
        self.0.connect.forget_all();
        self.clear_messages();
        self.0.sms.reset();
        self.reset_calls();
        Ok(())
    }

    /// Deletes what has outlived its time by the laptop's clock; answers how many items.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn sweep_ttl(&self) -> Result<usize, ServiceError> {
        tables::sweep(&self.0.database, &self.0.clock).await
    }

    /// Runs one DynamoDB operation, in the API's JSON, apart from faults and counts.
    ///
    /// # Errors
    /// As the API's, by [`ServiceError::code`].
    pub async fn dynamodb(&self, operation: &str, request: Value) -> Result<Value, ServiceError> {
        self.0.database.run(operation, &request).await
    }

    /// How often each operation was called since the last reset.
    #[must_use]
    pub fn calls(&self) -> Vec<CallCount> {
        self.0.calls.list()
    }

    /// Counts from nothing again.
    pub fn reset_calls(&self) {
        self.0.calls.reset();
    }

    /// Keeps from now on each call that comes from outside this process, with what it hands over. Each of their answers is
    /// held for a while: calls that are made at once are seen to be.
    pub fn start_keeping_calls(&self, held: Duration) {
        self.0.calls.start_keeping(held);
    }

    /// What was kept, in the order of the answers; nothing where nobody asked. No more is kept.
    #[must_use]
    pub fn stop_keeping_calls(&self) -> Vec<KeptCall> {
        self.0.calls.stop_keeping()
    }

    /// Counts from now on what the database's calls would be billed as.
    pub fn start_meter(&self) {
        self.0.database.meter.start();
    }

    /// What was counted since the meter was started; nothing where it was not. It is off afterwards.
    #[must_use]
    pub fn stop_meter(&self) -> Vec<Consumption> {
        self.0.database.meter.stop()
    }

    /// Lets the next calls of an operation fail.
    pub fn add_fault(&self, fault: Fault) {
        self.0.faults.add(fault);
    }

    /// The faults that still wait.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.0.faults.list()
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.0.faults.clear();
    }

    /// What was sent, newest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.0.mailbox.list()
    }

    /// Forgets what was sent.
    pub fn clear_messages(&self) {
        self.0.mailbox.clear();
    }

    /// Opts a phone number out, as its owner does by answering STOP.
    pub fn opt_out(&self, number: &str) {
        self.0.sms.opt_out(number);
    }

    /// The phone numbers that have opted out.
    #[must_use]
    pub fn opted_out(&self) -> Vec<String> {
        self.0.sms.opted_out()
    }

    /// The meetings that live, oldest first.
    #[must_use]
    pub fn meetings(&self) -> Vec<Meeting> {
        self.0.chime.meetings()
    }

    /// The meetings that live of this id or external id, and those of the contacts of this id or visit.
    #[must_use]
    pub fn meetings_of(&self, id: &str) -> Vec<String> {
        let own = self.0.chime.meetings().into_iter().filter(|one| one.id == id || one.external_id == id);
        own.map(|one| one.id).chain(self.0.connect.meetings_of(&self.0.chime, id)).collect()
    }

    /// Ends the meetings of this id or external id, and the contacts of this id or visit; answers how many.
    pub fn end_meeting(&self, id: &str) -> usize {
        self.0.connect.end(&self.0.chime, id) + self.0.chime.end_meeting(id)
    }

    /// The contacts of Connect, those that are over too, oldest first.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact> {
        self.0.connect.contacts()
    }

    /// An agent takes the contacts of a visit that wait, as in the Connect panel; answers how many.
    pub fn accept_contacts(&self, visit: &str) -> usize {
        self.0.connect.accept(&self.0.chime, visit)
    }

    /// What an agent's Connect panel shows.
    #[must_use]
    pub fn panel(&self, agent: &str) -> Panel {
        self.0.connect.panel(&self.0.chime, agent)
    }

    /// Who is signed in at the Connect panel.
    #[must_use]
    pub fn signed_in(&self) -> Option<String> {
        self.0.connect.signed_in()
    }

    /// Signs an agent in at the Connect panel, or whoever is there out.
    pub fn sign_in(&self, agent: Option<&str>) {
        self.0.connect.sign_in(agent);
    }

    /// Changes how an agent stands.
    pub fn set_agent(&self, agent: &str, state: AgentState) {
        self.0.connect.set_agent(agent, state);
    }

    /// Does something with the contact at an agent's panel. `false`: it is not there, or not in that state.
    #[must_use]
    pub fn act_as_agent(&self, agent: &str, contact: &str, act: AgentAct) -> bool {
        self.0.connect.act(&self.0.chime, agent, contact, act)
    }

    /// What lets an agent into the meeting of a contact that they have taken.
    #[must_use]
    pub fn transport(&self, agent: &str, contact: &str, carries: Carries) -> Option<Value> {
        self.0.connect.transport(&self.0.chime, agent, contact, carries)
    }

    /// What EventBridge tells of contacts.
    #[must_use]
    pub fn contact_events(&self) -> broadcast::Receiver<Value> {
        self.0.connect.events()
    }

    /// Removes the attendees of this id or external user id from a meeting; answers how many.
    pub fn remove_attendee(&self, meeting_id: &str, attendee: &str) -> usize {
        self.0.chime.remove_attendee(meeting_id, attendee)
    }

    /// Meetings and attendees as they end, for the media server.
    #[must_use]
    pub fn meeting_events(&self) -> broadcast::Receiver<MeetingEvent> {
        self.0.chime.events()
    }

    /// The registry of running invocations, which faults may kill.
    #[must_use]
    pub fn invocations(&self) -> &Invocations {
        &self.0.invocations
    }
}

/// The media server asks who may join.
impl bedside_media::Meetings for AwsState {
    fn attendee(&self, meeting_id: &str, join_token: &str) -> Result<bedside_media::Attendee, Refusal> {
        self.0.chime.holder(meeting_id, join_token)
    }

    fn end(&self, meeting_id: &str) {
        self.0.chime.end_meeting(meeting_id);
        self.0.connect.look(&self.0.chime);
    }
}
