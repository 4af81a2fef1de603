//! Messages: owed in the same transaction as the change that owes them, then sent, then told honestly.

use crate::api;
use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::ports::{Guard, Keys, Mail, Mailer, Row, SendError, Store, Texter};
use crate::practice::App;
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::visits::field;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::contact::PhoneNumber;
use bedside_domain::delivery::{MessageStatus, Transport};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, ClinicianId, LinkId, MessageId, ParticipantId};
use bedside_domain::message::{self, Facts, Template};
use bedside_domain::outbox::{Message, Outcome};
use bedside_domain::person::Tenant;
use bedside_domain::time::Time;
use bedside_domain::visit::Channel;
use std::future::Future;

/// For how long whoever owes a message sends it alone, before `tick` takes it up.
const LEASE_SECONDS: i64 = 60;

/// What a message is about.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) template: Template,
    pub(crate) role: Role,
    pub(crate) participant_id: ParticipantId,
    pub(crate) clinician_id: Option<ClinicianId>,
    pub(crate) link_id: Option<LinkId>,
    pub(crate) challenge_id: Option<ChallengeId>,
}

/// A message that could be made ready: the words and where they go.
enum Ready {
    Text { to: String, text: String },
    Mail { to: String, mail: message::Email },
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
            // Their link is handed on by whoever asked them.
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

    /// The messages that a channel asks for and an address allows, as rows of a change.
    pub(crate) fn owe(
        &self,
        change: &mut Change,
        channel: Channel,
        contact: &Contact,
        about: About,
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
                clinician_id: about.clinician_id.clone(),
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

    /// The words of a message; `None` when what it is about is gone (a link replaced, a code used up).
    fn words(
        &self,
        tenant: &Tenant,
        sealer: &Sealer,
        file: &VisitFile,
        contact: &Contact,
        message: &Message,
        now: Time,
    ) -> Result<Option<Ready>, Error> {
        let visit = &file.visit;
        let link = match message.link_id.and_then(|id| file.link(id)) {
            Some(link) if now < link.expires_at => self.link_text(sealer, link)?.map(|text| text.url),
            Some(_) | None => None,
        };
        let challenge = message.challenge_id.and_then(|id| file.challenge(id)).filter(|c| c.is_open(now));
        let answer = match challenge.and_then(|c| c.answer.as_ref().map(|sealed| (c, sealed))) {
            Some((c, sealed)) => {
                Some(sealer.open(&crate::visits::challenge_row(c.challenge_id), field::ANSWER, sealed)?)
            }
            None => None,
        };
        let (link, code) = match message.template {
            Template::Initial
            | Template::Moved
            | Template::Cancelled
            | Template::Reminder
            | Template::Urgent
            | Template::Ready => (link, None),
            Template::OneTimeCode => (None, answer.as_ref().map(|a| a.expose().as_str())),
            Template::EmailLink => {
                let url = answer.as_ref().zip(message.challenge_id);
                (url.map(|(a, id)| format!("{}/m/{id}#{}", tenant.join_base_url, a.expose())), None)
            }
        };
        if link.is_none() && code.is_none() {
            return Ok(None);
        }
        let no_phone = || Error::Internal("the practice's phone is none".to_owned());
        let support_phone = PhoneNumber::parse(&tenant.support_phone).map_err(|_| no_phone())?;
        let facts = Facts {
            practice_name: &tenant.name,
            sms_name: &tenant.sms_name,
            support_phone: &support_phone,
            clinician_first_name: Some(&visit.clinician_name),
            modality: visit.modality,
            scheduled_at: visit.scheduled_at.time().timestamp(),
            duration_minutes: visit.duration.minutes(),
            zone: &contact.timezone,
            link: link.as_deref(),
            code,
            code_minutes: challenge.map_or(0, |c| u16::try_from(c.lifetime_minutes()).unwrap_or(0)),
            recipient: message.role.into(),
        };
        let unwritable = |why: message::TextError| Error::Internal(format!("message: {why}"));
        Ok(match message.transport {
            Transport::Sms => match &contact.phone {
                Some(phone) => {
                    let text = message::sms(message.template, &facts).map_err(unwritable)?;
                    Some(Ready::Text { to: phone.expose().to_owned(), text: text.expose().to_owned() })
                }
                None => None,
            },
            Transport::Email => match &contact.email {
                Some(email) => {
                    let mail = message::email(message.template, &facts).map_err(unwritable)?;
                    Some(Ready::Mail { to: email.expose().to_owned(), mail })
                }
                None => None,
            },
        })
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
    fn carry(&self, ready: Ready, reply_to: Option<&str>) -> impl Future<Output = Outcome> + Send;
}

/// E-mail and texts.
struct Post<'a, E, T>(&'a E, &'a T);
/// Texts alone. What else is owed waits for `tick`.
struct Texts<'a, T>(&'a T);

impl<E: Mailer, T: Texter> Carrier for Post<'_, E, T> {
    async fn carry(&self, ready: Ready, reply_to: Option<&str>) -> Outcome {
        match ready {
            Ready::Text { to, text } => outcome(self.1.send(&to, &text).await),
            Ready::Mail { to, mail } => {
                let mail = Mail { to: &to, subject: &mail.subject, text: &mail.text, html: &mail.html, reply_to };
                outcome(self.0.send(&mail).await)
            }
        }
    }
}

impl<T: Texter> Carrier for Texts<'_, T> {
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
        let mut sent = Vec::with_capacity(messages.len());
        for message in messages {
            let contact = match &message.clinician_id {
                Some(id) => self.contact_of_clinician(&tenant, id).await?,
                None => self.contact_of(&tenant, &file, message.role).await?,
            };
            let ready = self.words(&tenant, &sealer, &file, &contact, &message, self.clock.now());
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
        self.change(file, |_, change| record_outcomes(change, &sent, actor)).await
    }
}

fn record_outcomes(change: &mut Change, sent: &[(Message, Outcome)], actor: &Actor) -> Result<Vec<Message>, Error> {
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
        change.put(Row::Message(message.clone()), Guard::Present);
        told.push(message);
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
