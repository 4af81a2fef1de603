//! Challenges: a code to the registered phone, a link to the registered e-mail, the last digits of the number.
//!
//! Messages go only to registered addresses. A resend repeats the same code and resets nothing.

use crate::api::{self, CreateChallenge};
use crate::caller::{Actor, Client, Principal};
use crate::credential::Credential;
use crate::error::{Error, FieldError};
use crate::messages::About;
use crate::ports::{Guard, Keys, Location, Mailer, Row, Store, Texter};
use crate::practice::{App, label};
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::visits::{challenge_row, field};
use bedside_domain::access::{Factor, Role};
use bedside_domain::audit::EventType;
use bedside_domain::challenge::{Challenge, lifetime_seconds, tries};
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::delivery::MessageStatus;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, ParticipantId, VisitId};
use bedside_domain::join;
use bedside_domain::jose::Thumbprint;
use bedside_domain::link::{ALPHABET, LinkStatus};
use bedside_domain::message::Template;
use bedside_domain::permit::{Action, StaffRole};
use bedside_domain::secret::{Mac, Phi};
use bedside_domain::time::Time;
use bedside_domain::visit::{Channel, Visit, VisitStatus};

/// A visit has no more challenges than this: its file is read whole.
const MOST_CHALLENGES: usize = 50;
/// A locator of a challenge is kept for so long after it was asked.
const SWEEP_MINUTES: i64 = 60;

/// Whose seat a challenge is about, and whether it may be asked.
struct Subject {
    file: VisitFile,
    role: Role,
    seat: ParticipantId,
    actor: Actor,
}

/// Who asks: a link's credential, or a sign-in of one's own.
pub enum Asker {
    /// Whoever holds the link; a spent one too, to move to this device.
    Link(Credential),
    /// Somebody signed in, for a visit of their own.
    SignedIn(Box<Principal>, VisitId),
    /// Whoever has the public code: the patient is asked.
    MeetingCode(String),
}

impl Asker {
    /// Reads who asks from the body; a `visitId` counts only with a sign-in.
    ///
    /// # Errors
    /// 400 when none or several are named, 401 when the sign-in is missing.
    pub fn of(body: &CreateChallenge, principal: Option<Principal>) -> Result<Self, Error> {
        let link = body.token.is_some() || body.code.is_some() || body.secret.is_some();
        let named = [link, body.meeting_code.is_some(), body.visit_id.is_some()];
        if named.iter().filter(|is| **is).count() != 1 {
            let why = "Give one of: token; code and secret; meetingCode; visitId.";
            return Err(Error::ValidationFailed(vec![FieldError::new("", why)]));
        }
        if let Some(code) = &body.meeting_code {
            return Ok(Self::MeetingCode(code.as_str().to_owned()));
        }
        match (body.visit_id, principal) {
            (Some(id), Some(principal)) => Ok(Self::SignedIn(Box::new(principal), id)),
            (Some(_), None) => Err(Error::Unauthenticated),
            (None, _) => Credential::of(body.token.clone(), body.code.clone(), body.secret.clone()).map(Self::Link),
        }
    }
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Asks for a factor: sends what is to be answered, to the registered address.
    ///
    /// # Errors
    /// As the contract says of `POST /api/challenges`.
    pub async fn create_challenge(
        &self,
        factor: Factor,
        asker: Asker,
        device: Option<&Thumbprint>,
        client: &Client,
    ) -> Result<api::ChallengeAnswer, Error> {
        let Subject { file, role, seat, actor } = self.subject(asker, client).await?;
        let tenant = self.tenant(&file.visit.tenant).await?;
        let contact = self.contact_of(&tenant, &file, role).await?;
        let to = registered(factor, &contact, &file.visit)?;
        let now = self.clock.now();
        may_ask(&file, seat, factor, now)?;
        if let Some(address) = sent_to(factor, &contact) {
            let allowed = self.may_send_challenge(client, &tenant.tenant, address).await;
            if let Err(error @ Error::RateLimited { .. }) = allowed {
                // The refusal stands whether or not it could be recorded.
                if let Err(why) = self.record_refusal(&file, &actor, EventType::ChallengeSent).await {
                    tracing::error!(?error, ?why, "a refused challenge could not be recorded");
                }
                return Err(error);
            }
            allowed?;
        }
        let answer = self.answer_for(factor, &contact)?;
        let sealer = self.visit_sealer(&file.visit).await?;
        let id = file.visit.visit_id;
        let (challenge, owed) = self
            .change(file, |file, change| {
                may_ask(file, seat, factor, change.now)?;
                let challenge = match open_one(file, seat, factor, device, change.now) {
                    Some(open) => {
                        let mut again = open.clone();
                        again.sent_at = change.now;
                        change.put(Row::Challenge(again.clone()), Guard::Present);
                        again
                    }
                    None => {
                        let new = self.new_challenge(
                            &change.visit,
                            role,
                            seat,
                            factor,
                            device,
                            &answer,
                            &sealer,
                            change.now,
                        )?;
                        change.put(Row::Challenge(new.clone()), Guard::Absent);
                        change.put(Row::Location(location_of(&new)), Guard::Absent);
                        new
                    }
                };
                change.record(&actor, EventType::ChallengeSent, None, |event| {
                    let event = event.with("factor", factor.as_str().to_owned());
                    let event = event.with("challengeId", challenge.challenge_id.to_string());
                    match &to {
                        Some(to) => event.with("to", to.clone()),
                        None => event,
                    }
                })?;
                let owed = self.owe_answer(change, factor, &contact, &challenge)?;
                Ok((challenge, owed))
            })
            .await?;
        if !owed.is_empty() {
            let file = self.file(id).await?;
            let told = self.deliver(file, owed, &actor).await?;
            // What the carrier could not take now is still owed, and goes with the next tick. What never will is said.
            if !told.iter().any(|message| message.status == MessageStatus::Sent || message.due_at.is_some()) {
                return Err(Error::NoContactForChannel);
            }
        }
        let expires_in = challenge.expires_at.seconds_from(self.clock.now()).max(1);
        Ok(api::ChallengeAnswer { challenge_id: challenge.challenge_id, factor, to, expires_in })
    }

    fn owe_answer(
        &self,
        change: &mut crate::change::Change,
        factor: Factor,
        contact: &Contact,
        challenge: &Challenge,
    ) -> Result<Vec<bedside_domain::outbox::Message>, Error> {
        let (template, channel) = match factor {
            Factor::SmsOtp => (Template::OneTimeCode, Channel::Sms),
            Factor::EmailLink => (Template::EmailLink, Channel::Email),
            Factor::PhoneLast4 => return Ok(vec![]),
        };
        let about = About {
            template,
            role: challenge.role,
            participant_id: challenge.participant_id,
            former: None,
            link_id: None,
            challenge_id: Some(challenge.challenge_id),
        };
        self.owe(change, channel, contact, &about)
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    async fn subject(&self, asker: Asker, client: &Client) -> Result<Subject, Error> {
        match asker {
            Asker::MeetingCode(code) => {
                let file = self.file_by_code(&code, client).await?;
                // Those who came by it sit elsewhere; what is proven is that the patient's phone or mailbox is theirs.
                let (role, seat) = (Role::Patient, file.visit.patient_seat);
                Ok(Subject { role, seat, actor: Actor::public(client), file })
            }
            Asker::Link(credential) => {
                let (file, link) = self.open(&credential, client).await?;
                let now = self.clock.now();
                let refuse = |refusal| crate::check::refused(refusal, &file.visit, now, None);
                join::is_live(&file.visit).map_err(refuse)?;
                if link.status == LinkStatus::Revoked {
                    return Err(Error::TokenRevoked(None));
                }
                if now >= link.expires_at && link.status == LinkStatus::Active || now >= file.visit.closes_at {
                    return Err(Error::TokenExpired(None));
                }
                let (role, seat) = (link.role, link.participant_id);
                Ok(Subject { role, seat, actor: Actor::participant(seat, role, client), file })
            }
            Asker::SignedIn(principal, id) => {
                let staff = principal.may(Action::CreateChallenge)?;
                let file = self.file(id).await?;
                staff.sees(&file.visit)?;
                // What a page has asked for is nobody's visit until it is confirmed.
                if file.visit.status == VisitStatus::Requested {
                    return Err(Error::NotFound);
                }
                let now = self.clock.now();
                join::is_live(&file.visit).map_err(|refusal| crate::check::refused(refusal, &file.visit, now, None))?;
                let (role, seat) = match staff.role {
                    StaffRole::Clinician => (Role::Clinician, file.visit.clinician_seat),
                    StaffRole::Patient => (Role::Patient, file.visit.patient_seat),
                    StaffRole::Admin | StaffRole::Auditor | StaffRole::Scheduler | StaffRole::Publishable => {
                        return Err(Error::Forbidden);
                    }
                };
                Ok(Subject { role, seat, actor: Actor::participant(seat, role, client), file })
            }
        }
    }

    pub(crate) fn answer_for(&self, factor: Factor, contact: &Contact) -> Result<Phi<String>, Error> {
        Ok(Phi::new(match factor {
            Factor::SmsOtp => self.six_digits()?,
            Factor::EmailLink => {
                let random = self.entropy.bytes::<26>()?;
                random.iter().filter_map(|b| ALPHABET.get(usize::from(b & 31)).copied().map(char::from)).collect()
            }
            Factor::PhoneLast4 => contact.phone.as_ref().map(|phone| phone.last4().to_owned()).unwrap_or_default(),
        }))
    }

    /// Six digits, each of the million as likely as the others: a number that would favour some is drawn again.
    fn six_digits(&self) -> Result<String, Error> {
        const FAIR: u32 = u32::MAX - u32::MAX % 1_000_000;
        loop {
            let drawn = u32::from_be_bytes(self.entropy.bytes()?);
            if drawn < FAIR {
                return Ok(format!("{:06}", drawn % 1_000_000));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of them are the challenge")]
    pub(crate) fn new_challenge(
        &self,
        visit: &Visit,
        role: Role,
        seat: ParticipantId,
        factor: Factor,
        device: Option<&Thumbprint>,
        answer: &Phi<String>,
        sealer: &Sealer,
        now: Time,
    ) -> Result<Challenge, Error> {
        let challenge_id = ChallengeId::new(now, self.entropy.bytes()?);
        let sealed = match factor {
            Factor::SmsOtp | Factor::EmailLink => {
                Some(sealer.seal(&challenge_row(challenge_id), field::ANSWER, answer.expose())?)
            }
            Factor::PhoneLast4 => None,
        };
        Ok(Challenge {
            challenge_id,
            tenant: visit.tenant.clone(),
            visit_id: visit.visit_id,
            participant_id: seat,
            role,
            factor,
            thumbprint: device.cloned(),
            answer_mac: self.mac(label::ANSWER, &[&challenge_id.to_string(), answer.expose()])?,
            answer: sealed,
            tries_left: tries(factor),
            failures: 0,
            created_at: now,
            sent_at: now,
            expires_at: now.plus_seconds(lifetime_seconds(factor)),
            confirms: false,
            passed_at: None,
        })
    }
}

/// Where a challenge's id leads.
pub(crate) fn location_of(challenge: &Challenge) -> Location {
    Location {
        lookup: Mac(challenge_row(challenge.challenge_id)),
        tenant: challenge.tenant.clone(),
        visit_id: challenge.visit_id,
        link_id: None,
        sweep_at: challenge.created_at.plus_minutes(SWEEP_MINUTES),
    }
}

/// The address that a factor's message goes to; none where nothing is sent.
fn sent_to(factor: Factor, contact: &Contact) -> Option<&str> {
    match factor {
        Factor::SmsOtp => contact.phone.as_ref().map(PhoneNumber::expose),
        Factor::EmailLink => contact.email.as_ref().map(EmailAddress::expose),
        Factor::PhoneLast4 => None,
    }
}

/// The registered address for a factor, masked; nothing of it where the mask would give another factor's answer away.
fn registered(factor: Factor, contact: &Contact, visit: &Visit) -> Result<Option<String>, Error> {
    let digits_are_asked = visit.access.factors.contains(&Factor::PhoneLast4);
    let to = match factor {
        Factor::SmsOtp if digits_are_asked => contact.phone.as_ref().map(|_| Some("***".to_owned())),
        Factor::SmsOtp => contact.phone.as_ref().map(|phone| Some(phone.mask())),
        Factor::EmailLink => contact.email.as_ref().map(|email| Some(email.mask())),
        Factor::PhoneLast4 => contact.phone.as_ref().map(|_| None),
    };
    to.ok_or(Error::NoContactForChannel)
}

/// A challenge that this device was asked already and can still answer.
fn open_one<'a>(
    file: &'a VisitFile,
    seat: ParticipantId,
    factor: Factor,
    device: Option<&Thumbprint>,
    now: Time,
) -> Option<&'a Challenge> {
    file.challenges.iter().find(|c| {
        c.participant_id == seat
            && c.factor == factor
            && c.thumbprint.as_ref() == device
            && c.is_open(now)
            && !c.confirms
    })
}

/// Too many wrong answers close a factor for a visit: then a person must admit. So does asking without end.
fn may_ask(file: &VisitFile, seat: ParticipantId, factor: Factor, now: Time) -> Result<(), Error> {
    if file.is_closed(seat, factor) || file.challenges.len() >= MOST_CHALLENGES {
        let retry_after_seconds = file.visit.closes_at.seconds_from(now).clamp(1, 86_400);
        return Err(Error::RateLimited { retry_after_seconds });
    }
    Ok(())
}
