//! The words of a message: they are not kept, but made anew from what it is about.

use crate::error::Error;
use crate::ports::{Keys, Store};
use crate::practice::App;
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::visits::field;
use bedside_domain::access::Role;
use bedside_domain::contact::EmailAddress;
use bedside_domain::delivery::Transport;
use bedside_domain::file::VisitFile;
use bedside_domain::language::Language;
use bedside_domain::message::calendar::Entry;
use bedside_domain::message::{self, Facts, Template};
use bedside_domain::outbox::Message;
use bedside_domain::person::Tenant;
use bedside_domain::time::Time;
use bedside_domain::visit::VisitStatus;

/// A message that is ready: the words and where they go.
pub(crate) enum Ready {
    Text { to: String, text: String },
    Mail { to: String, mail: message::Email },
}

/// In what a message is written, the same for all of a visit.
pub(crate) struct Setting<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) sealer: &'a Sealer,
    pub(crate) file: &'a VisitFile,
    /// The address that e-mails come from.
    pub(crate) sender: Option<&'a str>,
    pub(crate) now: Time,
}

impl Setting<'_> {
    /// The patient's own language; that of the practice for all others, and where we do not have the patient's.
    fn language(&self, role: Role) -> Language {
        let practice = self.tenant.locale.as_str();
        match role {
            Role::Patient => Language::of([self.file.visit.locale.as_str(), practice]),
            Role::Clinician | Role::Guest | Role::Interpreter => Language::of([practice]),
        }
    }

    /// By what calendars know the visit: the same for everyone and for ever.
    fn uid(&self) -> String {
        let base = &self.tenant.join_base_url;
        let host = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
        let host = host.split(['/', ':']).next().unwrap_or(host);
        format!("{}@{host}", self.file.visit.visit_id)
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The words of a message; `None` when what it is about is gone (a link replaced, a code used up).
    pub(crate) fn words(
        &self,
        setting: &Setting<'_>,
        contact: &Contact,
        message: &Message,
    ) -> Result<Option<Ready>, Error> {
        let Setting { tenant, sealer, file, now, .. } = *setting;
        let visit = &file.visit;
        // A move that was not told in time, of a visit that is over: nobody is called to it again.
        if message.template == Template::Moved && !visit.status.is_live() {
            return Ok(None);
        }
        let link = match message.link_id.and_then(|id| file.link(id)) {
            Some(link) if now < link.expires_at => self.link_text(sealer, link)?.map(|text| text.url),
            Some(_) | None => None,
        };
        let challenge = message.challenge_id.and_then(|id| file.challenge(id)).filter(|c| c.is_open(now));
        // What would be confirmed is there no more.
        let challenge = challenge.filter(|c| !c.confirms || visit.status == VisitStatus::Requested);
        let answer = match challenge.and_then(|c| c.answer.as_ref().map(|sealed| (c, sealed))) {
            Some((c, sealed)) => {
                Some(sealer.open(&crate::visits::challenge_row(c.challenge_id), field::ANSWER, sealed)?)
            }
            None => None,
        };
        let (link, code) = match message.template {
            Template::Initial | Template::Reminder | Template::Urgent | Template::Ready | Template::Moved => {
                (link, None)
            }
            Template::Cancelled | Template::Help | Template::Stopped | Template::Started => (None, None),
            Template::OneTimeCode => (None, answer.as_ref().map(|a| a.expose().as_str())),
            Template::EmailLink => {
                let url = answer.as_ref().zip(message.challenge_id);
                (url.map(|(a, id)| format!("{}/m/{id}#{}", tenant.join_base_url, a.expose())), None)
            }
        };
        let needs_nothing =
            matches!(message.template, Template::Moved | Template::Cancelled) || message.template.is_answer();
        if link.is_none() && code.is_none() && !needs_nothing {
            return Ok(None);
        }
        let no_phone = || Error::Internal("the practice's phone is none".to_owned());
        let support_phone = tenant.phone().ok_or_else(no_phone)?;
        let address = |text: &str| EmailAddress::parse(text).ok();
        let sender = setting.sender.and_then(address);
        let organizer = tenant.support_email.as_deref().and_then(address).or_else(|| sender.clone());
        let uid = setting.uid();
        let entry = organizer.as_ref().zip(contact.email.as_ref()).map(|(organizer, attendee)| Entry {
            uid: &uid,
            sequence: visit.calendar_sequence,
            written_at: now.timestamp(),
            organizer,
            sender: sender.as_ref(),
            attendee,
        });
        let (scheduled_at, duration) = match &message.former {
            Some(former) => (former.scheduled_at, former.duration),
            None => (visit.scheduled_at, visit.duration),
        };
        let facts = Facts {
            practice_name: &tenant.name,
            sms_name: &tenant.sms_name,
            support_phone: &support_phone,
            clinician_first_name: Some(&visit.clinician_name),
            modality: visit.modality,
            scheduled_at: scheduled_at.time().timestamp(),
            duration_minutes: duration.minutes(),
            zone: &contact.timezone,
            link: link.as_deref(),
            code,
            code_minutes: challenge.map_or(0, |c| u16::try_from(c.lifetime_minutes()).unwrap_or(0)),
            recipient: message.role.into(),
            language: setting.language(message.role),
            entry,
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
