//! Messages on their way: what is owed is sent, and what came of it is told honestly.

use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::messages::LEASE_SECONDS;
use crate::ports::{Guard, Keys, Mail, Mailer, Row, SendError, Store, Texter};
use crate::practice::App;
use crate::profile::Contact;
use crate::words::{Ready, Setting};
use bedside_domain::audit::EventType;
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::delivery::{MessageStatus, Transport};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{MessageId, ParticipantId};
use bedside_domain::outbox::{Message, Outcome};
use bedside_domain::text_reply::SentMessage;
use bedside_domain::visit::Visit;
use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt as _};
use std::collections::{HashMap, HashSet};
use std::future::Future;

/// For how long after the visit has closed an answer to a text of it is still known as one: 30 days.
const ANSWERED_MINUTES: i64 = 30 * 24 * 60;
/// So many messages of one visit go at once: a text and an e-mail to each of its two sides.
const AT_ONCE: usize = 4;

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
        let id = file.visit.visit_id;
        let Told { mut told, instead } = self.deliver_once(carrier, file, messages, actor).await?;
        // Without a sender, what goes by e-mail instead waits for `tick`.
        if !instead.is_empty() && carrier.sender().is_some() {
            let file = self.file(id).await?;
            told.extend(self.deliver_once(carrier, file, instead, actor).await?.told);
        }
        Ok(told)
    }

    async fn deliver_once(
        &self,
        carrier: &impl Carrier,
        file: VisitFile,
        messages: Vec<Message>,
        actor: &Actor,
    ) -> Result<Told, Error> {
        let tenant = self.tenant(&file.visit.tenant).await?;
        let sealer = self.visit_sealer(&file.visit).await?;
        // All that can fail is read before the first one goes: none is to be sent and not be on record.
        let contacts = self.contacts_of(&tenant, &sealer, &file, &messages).await?;
        let stopped = self.who_stopped(&contacts, &messages).await?;
        let setting =
            Setting { tenant: &tenant, sealer: &sealer, file: &file, sender: carrier.sender(), now: self.clock.now() };
        let tries = messages.iter().map(|message| {
            let contact = contacts.get(&message.participant_id);
            self.try_one(carrier, &setting, contact, message, stopped.contains(&message.participant_id))
        });
        let tries: Vec<_> = tries.collect();
        let outcomes: Vec<Outcome> = stream::iter(tries).buffered(AT_ONCE).collect().await;
        let mut sent = Vec::with_capacity(messages.len());
        for (message, outcome) in messages.into_iter().zip(outcomes) {
            let email = contacts.get(&message.participant_id).and_then(|contact| contact.email.as_ref());
            let instead = match (&outcome, email) {
                (Outcome::OptedOut, Some(email)) => self.by_email(&message, email)?,
                (Outcome::OptedOut | Outcome::Sent(_) | Outcome::Refused | Outcome::Unavailable, _) => None,
            };
            sent.push(Tried { message, outcome, instead });
        }
        self.change(file, |file, change| record_outcomes(file, change, &sent, actor)).await
    }

    async fn try_one(
        &self,
        carrier: &impl Carrier,
        setting: &Setting<'_>,
        contact: Option<&Contact>,
        message: &Message,
        has_stopped: bool,
    ) -> Outcome {
        let ready = contact.map_or(Ok(None), |contact| self.words(setting, contact, message));
        match ready {
            // What answers STOP itself, and HELP, goes all the same.
            Ok(Some(Ready::Text { .. })) if has_stopped && !message.template.is_answer() => Outcome::OptedOut,
            Ok(Some(ready)) => carrier.carry(ready, setting.tenant.support_email.as_deref()).await,
            // What it was about is gone: nobody waits for it any more.
            Ok(None) => Outcome::Refused,
            // It can never be written: it must not keep the others from going, nor come up again for ever.
            Err(error) => {
                tracing::error!(?error, "a message cannot be written");
                Outcome::Refused
            }
        }
    }

    /// Who has said STOP and was not heard of since.
    async fn who_stopped(
        &self,
        contacts: &HashMap<ParticipantId, Contact>,
        messages: &[Message],
    ) -> Result<HashSet<ParticipantId>, Error> {
        let texts = messages.iter().filter(|message| message.transport == Transport::Sms);
        let asked: HashSet<ParticipantId> =
            texts.filter(|message| !message.template.is_answer()).map(|message| message.participant_id).collect();
        let reached: Vec<(ParticipantId, &PhoneNumber)> =
            asked.into_iter().filter_map(|id| Some((id, contacts.get(&id)?.phone.as_ref()?))).collect();
        let wishes = try_join_all(reached.iter().map(|(_, phone)| self.text_wish_of(phone))).await?;
        let stopped = reached.iter().zip(wishes).filter(|(_, wish)| wish.as_ref().is_some_and(|wish| wish.stopped));
        Ok(stopped.map(|((id, _), _)| *id).collect())
    }

    /// The e-mail that goes in place of a text which its receiver does not want. None for a code: whoever asks for one
    /// is to show that they have the phone.
    fn by_email(&self, message: &Message, email: &EmailAddress) -> Result<Option<Message>, Error> {
        if message.challenge_id.is_some() || message.template.is_answer() {
            return Ok(None);
        }
        let now = self.clock.now();
        Ok(Some(Message {
            message_id: MessageId::new(now, self.entropy.bytes()?),
            transport: Transport::Email,
            to: email.mask(),
            status: MessageStatus::Pending,
            at: now,
            tries: 0,
            provider_id: None,
            due_at: Some(now.plus_seconds(LEASE_SECONDS)),
            ..message.clone()
        }))
    }
}

/// A message that was tried.
struct Tried {
    message: Message,
    outcome: Outcome,
    /// What goes by e-mail in its place.
    instead: Option<Message>,
}

/// What came of messages.
struct Told {
    told: Vec<Message>,
    /// What is owed in place of texts.
    instead: Vec<Message>,
}

/// Records what came of each try. Whoever was slow may find that `tick` has taken the message up meanwhile: then what
/// the other one wrote stays, but for this: a message that went, by whomever, has gone, and is not sent once more.
fn record_outcomes(file: &VisitFile, change: &mut Change, sent: &[Tried], actor: &Actor) -> Result<Told, Error> {
    let mut told = Told { told: Vec::with_capacity(sent.len()), instead: Vec::new() };
    for Tried { message: before, outcome, instead } in sent {
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
        if let Some(sent) = sent_message(&file.visit, &message) {
            change.put(Row::SentMessage(sent), Guard::Absent);
        }
        let stands = file.messages.iter().find(|m| m.message_id == before.message_id).unwrap_or(before);
        let is_ours = (stands.tries, stands.due_at) == (before.tries, before.due_at);
        let has_gone = matches!(stands.status, MessageStatus::Sent | MessageStatus::Delivered);
        if is_ours || went && !has_gone {
            let mut tried = stands.clone();
            tried.tried(outcome.clone(), change.now);
            change.put(Row::Message(tried), Guard::Untouched(stands.tries, stands.due_at));
        }
        if let Some(instead) = instead.as_ref().filter(|_| is_ours && !goes_by_email(file, before)) {
            change.put(Row::Message(instead.clone()), Guard::Absent);
            told.instead.push(instead.clone());
        }
        told.told.push(if has_gone { stands.clone() } else { message });
    }
    Ok(told)
}

/// What leads from the carrier's id of a text to it, for whoever answers.
fn sent_message(visit: &Visit, message: &Message) -> Option<SentMessage> {
    let provider_id = message.provider_id.clone().filter(|id| !id.is_empty())?;
    (message.transport == Transport::Sms).then(|| SentMessage {
        transport: message.transport,
        provider_id,
        tenant: visit.tenant.clone(),
        visit_id: visit.visit_id,
        message_id: message.message_id,
        sweep_at: visit.closes_at.max(message.at).plus_minutes(ANSWERED_MINUTES),
    })
}

/// Whether the same news was owed by e-mail too, when it was owed by text.
fn goes_by_email(file: &VisitFile, text: &Message) -> bool {
    file.messages.iter().any(|other| {
        let same_news = (other.template, other.link_id, &other.former) == (text.template, text.link_id, &text.former);
        let same_cause = (other.participant_id, other.created_at) == (text.participant_id, text.created_at);
        other.transport == Transport::Email && same_news && same_cause
    })
}
