//! What people text back: STOP, START and HELP.
//!
//! A reply comes at least once, late, and in any order. What a number's owner said last counts, by the time at which
//! they said it; the same reply again changes nothing and is answered once. An answer is owed in the transaction that
//! notes the reply, as every message is.

use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::messages::LEASE_SECONDS;
use crate::ports::{Guard, Keys, Row, Store, Texter, Write};
use crate::practice::{App, label};
use crate::profile::Contact;
use bedside_domain::audit::EventType;
use bedside_domain::contact::PhoneNumber;
use bedside_domain::delivery::{MessageStatus, Transport};
use bedside_domain::file::VisitFile;
use bedside_domain::id::MessageId;
use bedside_domain::limit::Limit;
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::secret::Phi;
use bedside_domain::text_reply::{Keyword, TextWish};
use bedside_domain::time::Time;
use serde::Serialize;

/// Answers to one person of a visit: each costs a text, and whoever asks for more has what they asked for.
const ANSWERS: Limit = Limit::new("answers", 5, 3600);

/// A text that came.
#[derive(Debug)]
pub struct TextReply {
    /// Whose number it came from.
    pub from: PhoneNumber,
    /// What it says.
    pub text: Phi<String>,
    /// The carrier's id of it.
    pub reply_id: String,
    /// The carrier's id of the text of ours that it answers.
    pub answers: Option<String>,
    /// When it came.
    pub at: Time,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Heard {
    /// No texts go to the number any more.
    Stopped,
    /// Texts go to it again, or still do.
    Started,
    /// It is told who we are and whom to call.
    Helped,
    /// It was heard before, or something was said after it.
    Before,
    /// It asks for nothing that we know. People read no replies.
    Nothing,
}

/// The message that is answered, in its visit's file, and where its receiver is reached.
struct Thread {
    file: VisitFile,
    message: Message,
    contact: Option<Contact>,
}

impl<S: Store, K: Keys, M, E: Sync, T: Texter> App<S, K, M, E, T> {
    /// Does what a text asks for.
    ///
    /// # Errors
    /// When the store or KMS is down: whoever delivered the text delivers it again.
    pub async fn hear(&self, reply: &TextReply) -> Result<Heard, Error> {
        let Some(keyword) = Keyword::of(reply.text.expose()) else { return Ok(Heard::Nothing) };
        let thread = self.thread(reply).await?;
        match keyword {
            Keyword::Stop => self.hear_wish(reply, thread, true).await,
            Keyword::Start => self.hear_wish(reply, thread, false).await,
            Keyword::Help => {
                // Whom to call is the practice's to say, and which one it was we know from its message alone.
                let Some(thread) = thread else {
                    tracing::warn!("somebody asks for help in answer to no message of ours");
                    return Ok(Heard::Nothing);
                };
                self.answer(reply, thread, Template::Help, None).await?;
                Ok(Heard::Helped)
            }
        }
    }

    async fn hear_wish(&self, reply: &TextReply, thread: Option<Thread>, stopped: bool) -> Result<Heard, Error> {
        let wish = TextWish {
            number: self.mac(label::NUMBER, &[reply.from.expose()])?,
            stopped,
            said_at: reply.at,
            reply_id: reply.reply_id.clone(),
        };
        let before = self.text_wish_of(&reply.from).await?;
        if before.as_ref().is_some_and(|before| !wish.is_after(before)) {
            return Ok(Heard::Before);
        }
        let changes = before.is_some_and(|before| before.stopped) != stopped;
        match thread.filter(|_| changes) {
            Some(thread) => {
                let template = if stopped { Template::Stopped } else { Template::Started };
                self.answer(reply, thread, template, Some(&wish)).await?;
            }
            None => {
                if changes {
                    // It counts all the same; but no chain is there to say so.
                    tracing::warn!(metric = "TextWishUnaudited", stopped, "a wish in answer to no message of ours");
                }
                self.store.note_text_wish(&wish).await?;
            }
        }
        Ok(if stopped { Heard::Stopped } else { Heard::Started })
    }

    /// Notes a reply in the chain of its visit, and answers it.
    async fn answer(
        &self,
        reply: &TextReply,
        thread: Thread,
        template: Template,
        wish: Option<&TextWish>,
    ) -> Result<(), Error> {
        let Thread { file, message, contact } = thread;
        // Only who is registered is answered, there; the number may be another's by now.
        let is_theirs = contact.and_then(|contact| contact.phone).is_some_and(|phone| phone == reply.from);
        let answer = answer_to(reply, &message, template, self.clock.now());
        let actor = Actor::seat(message.participant_id, message.role);
        let id = file.visit.visit_id;
        let owed = self
            .change(file, |file, change| {
                if let Some(wish) = wish {
                    record_wish(change, &actor, reply, wish)?;
                }
                let is_new = file.messages.iter().all(|m| m.message_id != answer.message_id);
                if !is_theirs || !is_new || !may_answer(file, &answer) {
                    return Ok(vec![]);
                }
                change.put(Row::Message(answer.clone()), Guard::Absent);
                Ok(vec![answer.clone()])
            })
            .await?;
        if !owed.is_empty() {
            // What was asked for is noted; the answer stays owed, whatever fails now.
            let file = self.file(id).await?;
            if let Err(error) = self.deliver_texts(file, owed, &actor).await {
                tracing::warn!(?error, "an answer to a text is still owed");
            }
        }
        Ok(())
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// What a number's owner said last, under whichever pepper.
    pub(crate) async fn text_wish_of(&self, number: &PhoneNumber) -> Result<Option<TextWish>, Error> {
        let mut last: Option<TextWish> = None;
        for mac in self.macs(label::NUMBER, &[number.expose()]).collect::<Vec<_>>() {
            if let Some(wish) = self.store.text_wish(&mac).await?
                && last.as_ref().is_none_or(|last| wish.is_after(last))
            {
                last = Some(wish);
            }
        }
        Ok(last)
    }

    /// The message that a reply answers, if we know it.
    async fn thread(&self, reply: &TextReply) -> Result<Option<Thread>, Error> {
        let Some(provider_id) = &reply.answers else { return Ok(None) };
        let Some(sent) = self.store.sent_message(Transport::Sms, provider_id).await? else { return Ok(None) };
        let Some(file) = self.store.file(sent.visit_id).await? else { return Ok(None) };
        let Some(message) = file.messages.iter().find(|m| m.message_id == sent.message_id).cloned() else {
            return Ok(None);
        };
        let tenant = self.tenant(&file.visit.tenant).await?;
        let sealer = self.visit_sealer(&file.visit).await?;
        let mut contacts = self.contacts_of(&tenant, &sealer, &file, std::slice::from_ref(&message)).await?;
        let contact = contacts.remove(&message.participant_id);
        Ok(Some(Thread { file, message, contact }))
    }
}

fn record_wish(change: &mut Change, actor: &Actor, reply: &TextReply, wish: &TextWish) -> Result<(), Error> {
    change.record(actor, EventType::ContactChanged, None, |event| {
        let event = event.with("participantId", actor.id.clone()).with("to", reply.from.mask());
        event.with("texts", if wish.stopped { "stopped" } else { "started" }.to_owned())
    })?;
    change.push(Write::Put(Row::TextWish(wish.clone()), Guard::SaidBefore(wish.clone())));
    Ok(())
}

/// The answer to a reply: the same one, however often the reply comes.
fn answer_to(reply: &TextReply, answered: &Message, template: Template, now: Time) -> Message {
    let hash = ring::digest::digest(&ring::digest::SHA256, reply.reply_id.as_bytes());
    let mut drawn = [0; 10];
    drawn.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    Message {
        message_id: MessageId::new(reply.at, drawn),
        template,
        transport: Transport::Sms,
        challenge_id: None,
        to: reply.from.mask(),
        status: MessageStatus::Pending,
        at: now,
        tries: 0,
        provider_id: None,
        due_at: Some(now.plus_seconds(LEASE_SECONDS)),
        created_at: now,
        ..answered.clone()
    }
}

fn may_answer(file: &VisitFile, answer: &Message) -> bool {
    let theirs = file.messages.iter().filter(|m| m.template.is_answer() && m.participant_id == answer.participant_id);
    let had: Vec<Time> = theirs.map(|m| m.created_at).collect();
    ANSWERS.allows(&had, 1, answer.created_at).is_ok()
}
