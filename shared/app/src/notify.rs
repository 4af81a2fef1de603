//! Sending links: the ones that exist, or new ones.

use crate::api::{self, LinkRole, NotifyVisit, RecipientRole, ResendLink, ResendReason};
use crate::caller::{Actor, Client, Staff};
use crate::change::Change;
use crate::error::Error;
use crate::limits::{MESSAGES_OF_VISIT, RESENDS, alarm, refused};
use crate::links::{Draft, may_have_links, seat_of};
use crate::messages::{About, any_went, sent_set};
use crate::ports::{Keys, Mailer, Store, Texter};
use crate::practice::App;
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::visits::reachable;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::person::Tenant;
use bedside_domain::time::Time;
use bedside_domain::visit::Channel;
use futures_util::future::try_join_all;

/// Somebody to be written to, with a link that was signed in case there is none.
struct Recipient {
    role: Role,
    contact: Contact,
    draft: Option<Draft>,
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Sends the links that exist, and makes what is missing.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/notify`.
    pub async fn notify_visit(&self, staff: &Staff, id: VisitId, body: NotifyVisit) -> Result<api::SentAnswer, Error> {
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        may_have_links(&file.visit, self.clock.now())?;
        let roles: &[LinkRole] = match body.recipient_role {
            RecipientRole::Patient => &[LinkRole::Patient],
            RecipientRole::Clinician => &[LinkRole::Clinician],
            RecipientRole::Both => &[LinkRole::Patient, LinkRole::Clinician],
        };
        // Before the people's rows are, at once: each would ask for the key.
        let (sealer, actor) = (self.visit_sealer(&file.visit).await?, staff.actor());
        let recipients = roles.iter().map(|role| self.recipient(staff, &file, *role, body.channel));
        let recipients = try_join_all(recipients).await?;
        let template = Template::from(body.template);
        let to: Vec<_> = recipients.iter().map(|recipient| (body.channel, &recipient.contact)).collect();
        let many = self.may_send(staff.client(), &staff.actor(), &file, &to).await?;
        let owed = self
            .change(file, |file, change| {
                may_have_links(&file.visit, change.now)?;
                visit_allows(staff.client(), file, many, change.now)?;
                let mut owed = Vec::new();
                for recipient in &recipients {
                    owed.extend(self.owe_link(
                        file,
                        change,
                        &actor,
                        &staff.tenant,
                        &sealer,
                        recipient,
                        body.channel,
                        template,
                    )?);
                }
                Ok(owed)
            })
            .await?;
        self.deliver_and_tell(id, owed, &actor).await
    }

    /// Somebody who can be reached, with a link to send where there is none.
    async fn recipient(
        &self,
        staff: &Staff,
        file: &VisitFile,
        role: LinkRole,
        channel: Channel,
    ) -> Result<Recipient, Error> {
        let (role, seat) = seat_of(&file.visit, role);
        let contact = self.contact_of(&staff.tenant, file, role).await?;
        reachable(channel, &contact)?;
        let draft = match file.live_link(role, self.clock.now()) {
            Some(_) => None,
            None => Some(self.draft(&file.visit, role, seat, None, None).await?),
        };
        Ok(Recipient { role, contact, draft })
    }

    #[expect(clippy::too_many_arguments, reason = "all of them are the change's context")]
    fn owe_link(
        &self,
        file: &VisitFile,
        change: &mut Change,
        actor: &Actor,
        tenant: &Tenant,
        sealer: &Sealer,
        recipient: &Recipient,
        channel: Channel,
        template: Template,
    ) -> Result<Vec<Message>, Error> {
        let live = file.live_link(recipient.role, change.now);
        let (link_id, participant_id) = match (live, &recipient.draft) {
            (Some(link), _) => (link.link_id, link.participant_id),
            (None, Some(draft)) => {
                let made = self.make_link(file, change, actor, tenant, sealer, draft, false)?;
                (made.link.link_id, made.link.participant_id)
            }
            // The link that was there has died since it was looked at: the caller asks again.
            (None, None) => return Err(Error::Unavailable("the link was replaced meanwhile".to_owned())),
        };
        let about = About {
            template,
            role: recipient.role,
            participant_id,
            former: None,
            link_id: Some(link_id),
            challenge_id: None,
        };
        self.owe(change, channel, &recipient.contact, &about)
    }

    /// Replaces a link and sends the new one. The old one stops working at once.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits/{visitId}/resend-link`.
    pub async fn resend_link(&self, staff: &Staff, id: VisitId, body: ResendLink) -> Result<api::SentAnswer, Error> {
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        let now = self.clock.now();
        may_have_links(&file.visit, now)?;
        let (role, seat) = seat_of(&file.visit, body.role);
        may_resend(staff.client(), &file, role, now)?;
        let contact = self.contact_of(&staff.tenant, &file, role).await?;
        reachable(body.channel, &contact)?;
        let taken = self.may_replace_link(staff.client(), "resends", id, role).await?;
        let done = self.replace_link(staff, file, &body, (role, seat), &contact).await;
        let owed = self.or_give_back(taken, done).await?;
        self.deliver_and_tell(id, owed, &staff.actor()).await
    }

    async fn replace_link(
        &self,
        staff: &Staff,
        file: VisitFile,
        body: &ResendLink,
        (role, seat): (Role, ParticipantId),
        contact: &Contact,
    ) -> Result<Vec<Message>, Error> {
        let many = self.may_send(staff.client(), &staff.actor(), &file, &[(body.channel, contact)]).await?;
        let draft = self.draft(&file.visit, role, seat, None, None).await?;
        let (sealer, actor) = (self.visit_sealer(&file.visit).await?, staff.actor());
        let reason = match body.reason {
            ResendReason::Expired => "expired",
            ResendReason::Lost => "lost",
            ResendReason::NotReceived => "not-received",
        };
        self.change(file, |file, change| {
            may_have_links(&file.visit, change.now)?;
            may_resend(staff.client(), file, role, change.now)?;
            visit_allows(staff.client(), file, many, change.now)?;
            let made = self.make_link(file, change, &actor, &staff.tenant, &sealer, &draft, true)?;
            let link_id = Some(made.link.link_id);
            change.record(&actor, EventType::LinkResent, link_id, |event| event.with("reason", reason.to_owned()))?;
            let about = About {
                template: Template::Initial,
                role,
                participant_id: seat,
                former: None,
                link_id,
                challenge_id: None,
            };
            self.owe(change, body.channel, contact, &about)
        })
        .await
    }

    /// Whether so many messages may go to these now; says how many. A refusal is on record, once a minute.
    pub(crate) async fn may_send(
        &self,
        client: &Client,
        actor: &Actor,
        file: &VisitFile,
        to: &[(Channel, &Contact)],
    ) -> Result<u32, Error> {
        let addresses: Vec<&str> = to.iter().flat_map(|(channel, contact)| sent_to(*channel, contact)).collect();
        let many = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
        let allowed = match visit_allows(client, file, many, self.clock.now()) {
            Ok(()) => self.may_send_messages(client, &file.visit.tenant, &addresses).await,
            Err(error) => {
                alarm(MESSAGES_OF_VISIT, "messages");
                Err(error)
            }
        };
        if let Err(error @ Error::RateLimited { .. }) = &allowed {
            // The refusal stands whether or not it could be recorded.
            if let Err(why) = self.record_refusal(file, actor, EventType::NotificationFailed).await {
                tracing::error!(?error, ?why, "a refused message could not be recorded");
            }
        }
        allowed.map(|()| many)
    }

    async fn deliver_and_tell(&self, id: VisitId, owed: Vec<Message>, actor: &Actor) -> Result<api::SentAnswer, Error> {
        let file = self.file(id).await?;
        let told = self.deliver(file, owed, actor).await?;
        if any_went(&told) { Ok(api::SentAnswer { sent: sent_set(&told) }) } else { Err(Error::NotificationFailed) }
    }
}

/// The addresses that a channel's messages go to.
fn sent_to(channel: Channel, contact: &Contact) -> impl Iterator<Item = &str> {
    let phone = contact.phone.as_ref().filter(|_| channel.has_sms()).map(PhoneNumber::expose);
    let email = contact.email.as_ref().filter(|_| channel.has_email()).map(EmailAddress::expose);
    phone.into_iter().chain(email)
}

/// Whether the visit may have so many messages more. Its file tells how many it had.
fn visit_allows(client: &Client, file: &VisitFile, more: u32, now: Time) -> Result<(), Error> {
    // What answers a text has a limit of its own.
    let asked_for = file.messages.iter().filter(|message| !message.template.is_answer());
    let had: Vec<Time> = asked_for.map(|message| message.created_at).collect();
    MESSAGES_OF_VISIT.allows(&had, more, now).map_err(|standing| refused(client, standing))?;
    let having: Vec<Time> = had.into_iter().chain((0..more).map(|_| now)).collect();
    client.notes.stands(MESSAGES_OF_VISIT.standing(&having, now));
    Ok(())
}

/// At least a minute apart, at most five an hour, for each visit and role. The links tell when they were sent.
pub(crate) fn may_resend(client: &Client, file: &VisitFile, role: Role, now: Time) -> Result<(), Error> {
    let resent: Vec<Time> = file.links.iter().filter(|l| l.resent && l.role == role).map(|l| l.created_at).collect();
    may_repeat(client, resent, now)
}

/// The same of links that are sent by their holder's wish, made anew or not. The messages tell when they were sent.
pub(crate) fn may_renew(client: &Client, file: &VisitFile, role: Role, now: Time) -> Result<(), Error> {
    let mut sent: Vec<Time> = file
        .messages
        .iter()
        .filter(|m| m.role == role && m.link_id.is_some() && !m.template.is_answer())
        .map(|m| m.created_at)
        .collect();
    // A text and an e-mail are one sending.
    sent.sort_unstable();
    sent.dedup();
    may_repeat(client, sent, now)
}

fn may_repeat(client: &Client, resent: Vec<Time>, now: Time) -> Result<(), Error> {
    let in_the_way = RESENDS.iter().filter_map(|limit| limit.allows(&resent, 1, now).err());
    if let Some(standing) = in_the_way.max_by_key(|standing| standing.resets_in) {
        return Err(refused(client, standing));
    }
    let with_this: Vec<Time> = resent.into_iter().chain([now]).collect();
    for limit in RESENDS {
        client.notes.stands(limit.standing(&with_this, now));
    }
    Ok(())
}
