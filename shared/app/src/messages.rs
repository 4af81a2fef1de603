//! Messages: owed in the same transaction as the change that owes them, then sent, then told honestly.

use crate::api;
use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::guests::guest_contact;
use crate::ports::{Guard, Keys, Mail, Mailer, Row, SendError, Store, Texter};
use crate::practice::App;
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::words::{Ready, Setting};
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::delivery::{MessageStatus, Transport};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, ClinicianId, LinkId, MessageId, ParticipantId};
use bedside_domain::message::Template;
use bedside_domain::outbox::{Former, Message, Outcome};
use bedside_domain::person::Tenant;
use bedside_domain::visit::Channel;
use std::collections::HashMap;
use std::future::Future;

/// For how long whoever owes a message sends it alone, before `tick` takes it up.
const LEASE_SECONDS: i64 = 60;

/// What a message is about.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) template: Template,
    pub(crate) role: Role,
    pub(crate) participant_id: ParticipantId,
    pub(crate) former: Option<Former>,
    pub(crate) link_id: Option<LinkId>,
    pub(crate) challenge_id: Option<ChallengeId>,
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Where the holder of a role is reached.
    pub(crate) async fn contact_of(&self, tenant: &Tenant, file: &VisitFile, role: Role) -> Result<Contact, Error> {
        let visit = &file.visit;
        match role {
            Role::Patient => {
                let patient = self.store.patient(&tenant.tenant, &visit.patient_id).await?;
                let patient = patient.ok_or_else(|| Error::Internal("a visit without its patient".to_owned()))?;
                Ok(self.open_patient(tenant, &patient).await?.contact)
            }
            Role::Clinician => self.contact_of_clinician(tenant, &visit.clinician_id).await,
            // Of whom a visit has several: where each is reached stands on their own link.
            Role::Guest | Role::Interpreter => {
                Ok(Contact { phone: None, email: None, timezone: visit.timezone.clone() })
            }
        }
    }

    async fn contact_of_clinician(&self, tenant: &Tenant, id: &ClinicianId) -> Result<Contact, Error> {
        let clinician = self.store.clinician(&tenant.tenant, id).await?;
        let clinician = clinician.ok_or_else(|| Error::Internal("a visit without its clinician".to_owned()))?;
        self.clinician_contact(tenant, &clinician).await
    }

    /// Where these messages go, each person looked up once.
    async fn contacts_of(
        &self,
        tenant: &Tenant,
        sealer: &Sealer,
        file: &VisitFile,
        messages: &[Message],
    ) -> Result<HashMap<ParticipantId, Contact>, Error> {
        let mut contacts = HashMap::new();
        for message in messages {
            if contacts.contains_key(&message.participant_id) {
                continue;
            }
            let link = message.link_id.and_then(|id| file.link(id));
            let contact = match (message.role, link, &message.former) {
                (Role::Guest | Role::Interpreter, Some(link), _) => guest_contact(tenant, sealer, file, link)?,
                (Role::Clinician, _, Some(former)) => self.contact_of_clinician(tenant, &former.clinician_id).await?,
                (Role::Guest | Role::Interpreter, None, _) | (Role::Patient | Role::Clinician, _, _) => {
                    self.contact_of(tenant, file, message.role).await?
                }
            };
            contacts.insert(message.participant_id, contact);
        }
        Ok(contacts)
    }

    /// The messages that a channel asks for and an address allows, as rows of a change.
    pub(crate) fn owe(
        &self,
        change: &mut Change,
        channel: Channel,
        contact: &Contact,
        about: &About,
    ) -> Result<Vec<Message>, Error> {
        let sms = contact.phone.as_ref().filter(|_| channel.has_sms()).map(|phone| (Transport::Sms, phone.mask()));
        let email =
            contact.email.as_ref().filter(|_| channel.has_email()).map(|email| (Transport::Email, email.mask()));
        let mut owed = Vec::new();
        for (transport, to) in sms.into_iter().chain(email) {
            let message = Message {
                message_id: MessageId::new(change.now, self.entropy.bytes()?),
                tenant: change.visit.tenant.clone(),
                visit_id: change.visit.visit_id,
                template: about.template,
                transport,
                role: about.role,
                participant_id: about.participant_id,
                former: about.former.clone(),
                link_id: about.link_id,
                challenge_id: about.challenge_id,
                to,
                status: MessageStatus::Pending,
                at: change.now,
                tries: 0,
                provider_id: None,
                due_at: Some(change.now.plus_seconds(LEASE_SECONDS)),
                created_at: change.now,
            };
            change.put(Row::Message(message.clone()), Guard::Absent);
            owed.push(message);
        }
        Ok(owed)
    }
}

fn outcome(answer: Result<String, SendError>) -> Outcome {
    match answer {
        Ok(id) => Outcome::Sent(id),
        Err(SendError::OptedOut) => Outcome::OptedOut,
        Err(SendError::Refused(why)) => {
            tracing::warn!(%why, "a message was refused");
            Outcome::Refused
        }
        Err(SendError::Down(why)) => {
            tracing::warn!(%why, "a message could not be sent");
            Outcome::Unavailable
        }
    }
}

/// Whoever can carry a message that is ready.
trait Carrier: Sync {
    /// The address that e-mails come from.
    fn sender(&self) -> Option<&str>;
    fn carry(&self, ready: Ready, reply_to: Option<&str>) -> impl Future<Output = Outcome> + Send;
}

/// E-mail and texts.
struct Post<'a, E, T>(&'a E, &'a T);
/// Texts alone. What else is owed waits for `tick`.
struct Texts<'a, T>(&'a T);

impl<E: Mailer, T: Texter> Carrier for Post<'_, E, T> {
    fn sender(&self) -> Option<&str> {
        self.0.sender()
    }
    async fn carry(&self, ready: Ready, reply_to: Option<&str>) -> Outcome {
        match ready {
            Ready::Text { to, text } => outcome(self.1.send(&to, &text).await),
            Ready::Mail { to, mail } => {
                let mail = Mail {
                    to: &to,
                    subject: &mail.subject,
                    text: &mail.text,
                    html: &mail.html,
                    invitation: mail.invitation.as_ref(),
                    reply_to,
                };
                outcome(self.0.send(&mail).await)
            }
        }
    }
}

impl<T: Texter> Carrier for Texts<'_, T> {
    fn sender(&self) -> Option<&str> {
        None
    }
    async fn carry(&self, ready: Ready, _: Option<&str>) -> Outcome {
        match ready {
            Ready::Text { to, text } => outcome(self.0.send(&to, &text).await),
            Ready::Mail { .. } => Outcome::Unavailable,
        }
    }
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Sends messages of one visit that this caller owes or has leased, records what came of each, and tells it.
    pub(crate) async fn deliver(
        &self,
        file: VisitFile,
        messages: Vec<Message>,
        actor: &Actor,
    ) -> Result<Vec<Message>, Error> {
        self.deliver_by(&Post(&self.mailer, &self.texter), file, messages, actor).await
    }

    /// Sends what a change owes. The change stands, whatever comes of it: what could not be sent goes with `tick`.
    pub(crate) async fn deliver_or_owe(&self, file: VisitFile, owed: Vec<Message>, actor: &Actor) {
        if let Err(error) = self.deliver(file, owed, actor).await {
            tracing::warn!(?error, "messages of a change are still owed");
        }
    }
}

impl<S: Store, K: Keys, M, E: Sync, T: Texter> App<S, K, M, E, T> {
    /// The same for functions that send no e-mail.
    pub(crate) async fn deliver_texts(
        &self,
        file: VisitFile,
        messages: Vec<Message>,
        actor: &Actor,
    ) -> Result<Vec<Message>, Error> {
        self.deliver_by(&Texts(&self.texter), file, messages, actor).await
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    async fn deliver_by(
        &self,
        carrier: &impl Carrier,
        file: VisitFile,
        messages: Vec<Message>,
        actor: &Actor,
    ) -> Result<Vec<Message>, Error> {
        let tenant = self.tenant(&file.visit.tenant).await?;
        let sealer = self.visit_sealer(&file.visit).await?;
        // All that can fail is read before the first one goes: none is to be sent and not be on record.
        let contacts = self.contacts_of(&tenant, &sealer, &file, &messages).await?;
        let setting =
            Setting { tenant: &tenant, sealer: &sealer, file: &file, sender: carrier.sender(), now: self.clock.now() };
        let mut sent = Vec::with_capacity(messages.len());
        for message in messages {
            let ready = match contacts.get(&message.participant_id) {
                Some(contact) => self.words(&setting, contact, &message),
                None => Ok(None),
            };
            let outcome = match ready {
                Ok(Some(ready)) => carrier.carry(ready, tenant.support_email.as_deref()).await,
                // What it was about is gone: nobody waits for it any more.
                Ok(None) => Outcome::Refused,
                // It can never be written: it must not keep the others from going, nor come up again for ever.
                Err(error) => {
                    tracing::error!(?error, "a message cannot be written");
                    Outcome::Refused
                }
            };
            sent.push((message, outcome));
        }
        self.change(file, |file, change| record_outcomes(file, change, &sent, actor)).await
    }
}

/// Records what came of each try. Whoever was slow may find that `tick` has taken the message up meanwhile: then what
/// the other one wrote stays, but for this: a message that went, by whomever, has gone, and is not sent once more.
fn record_outcomes(
    file: &VisitFile,
    change: &mut Change,
    sent: &[(Message, Outcome)],
    actor: &Actor,
) -> Result<Vec<Message>, Error> {
    let mut told = Vec::with_capacity(sent.len());
    for (before, outcome) in sent {
        let mut message = before.clone();
        message.tried(outcome.clone(), change.now);
        let went = message.status == MessageStatus::Sent;
        let event_type = if went { EventType::NotificationSent } else { EventType::NotificationFailed };
        change.record(actor, event_type, message.link_id, |mut event| {
            event.success = went;
            event
                .with("messageId", message.message_id.to_string())
                .with("channel", message.transport.as_str().to_owned())
                .with("to", message.to.clone())
                .with("status", message.status.as_str().to_owned())
                .with("role", message.role.as_str().to_owned())
        })?;
        let stands = file.messages.iter().find(|m| m.message_id == before.message_id).unwrap_or(before);
        let is_ours = (stands.tries, stands.due_at) == (before.tries, before.due_at);
        let has_gone = matches!(stands.status, MessageStatus::Sent | MessageStatus::Delivered);
        if is_ours || went && !has_gone {
            let mut tried = stands.clone();
            tried.tried(outcome.clone(), change.now);
            change.put(Row::Message(tried), Guard::Untouched(stands.tries, stands.due_at));
        }
        told.push(if has_gone { stands.clone() } else { message });
    }
    Ok(told)
}

/// What was sent, as the contract tells it.
pub(crate) fn sent_set(messages: &[Message]) -> api::SentSet {
    let find = |transport: Transport, role: Role| {
        let message = messages.iter().find(|m| m.transport == transport && m.role == role)?;
        Some(api::Sent {
            message_id: message.message_id,
            to: message.to.clone(),
            status: message.status,
            provider: transport.provider(),
        })
    };
    api::SentSet {
        sms: find(Transport::Sms, Role::Patient),
        email: find(Transport::Email, Role::Patient),
        clinician_sms: find(Transport::Sms, Role::Clinician),
        clinician_email: find(Transport::Email, Role::Clinician),
    }
}

/// Whether at least one message is on its way, or its receiver does not want it.
pub(crate) fn any_went(messages: &[Message]) -> bool {
    messages.iter().any(|m| matches!(m.status, MessageStatus::Sent | MessageStatus::OptedOut))
}
