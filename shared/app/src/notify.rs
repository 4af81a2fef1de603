//! Sending links: the ones that exist, or new ones.

use crate::api::{self, LinkRole, NotifyVisit, RecipientRole, ResendLink, ResendReason};
use crate::caller::{Actor, Staff};
use crate::change::Change;
use crate::error::Error;
use crate::links::{Draft, may_have_links, seat_of};
use crate::messages::{About, any_went, sent_set};
use crate::ports::{Keys, Mailer, Store, Texter};
use crate::practice::App;
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::visits::reachable;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::VisitId;
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::person::Tenant;
use bedside_domain::time::Time;
use bedside_domain::visit::Channel;

/// A link is not sent again sooner than this.
const RESEND_APART_SECONDS: i64 = 60;
/// Nor more often than this in an hour.
const RESENDS_AN_HOUR: usize = 5;
const HOUR_SECONDS: i64 = 3600;

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
        let mut recipients = Vec::new();
        for role in roles {
            let (role, seat) = seat_of(&file.visit, *role);
            let contact = self.contact_of(&staff.tenant, &file, role).await?;
            reachable(body.channel, &contact)?;
            let draft = match file.live_link(role, self.clock.now()) {
                Some(_) => None,
                None => Some(self.draft(&file.visit, role, seat, None, None).await?),
            };
            recipients.push(Recipient { role, contact, draft });
        }
        let (sealer, actor) = (self.visit_sealer(&file.visit).await?, staff.actor());
        let template = Template::from(body.template);
        let owed = self
            .change(file, |file, change| {
                may_have_links(&file.visit, change.now)?;
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
        self.owe(change, channel, &recipient.contact, about)
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
        may_resend(&file, role, now)?;
        let contact = self.contact_of(&staff.tenant, &file, role).await?;
        reachable(body.channel, &contact)?;
        let draft = self.draft(&file.visit, role, seat, None, None).await?;
        let (sealer, actor) = (self.visit_sealer(&file.visit).await?, staff.actor());
        let reason = match body.reason {
            ResendReason::Expired => "expired",
            ResendReason::Lost => "lost",
            ResendReason::NotReceived => "not-received",
        };
        let owed = self
            .change(file, |file, change| {
                may_have_links(&file.visit, change.now)?;
                may_resend(file, role, change.now)?;
                let made = self.make_link(file, change, &actor, &staff.tenant, &sealer, &draft, true)?;
                let link_id = Some(made.link.link_id);
                change
                    .record(&actor, EventType::LinkResent, link_id, |event| event.with("reason", reason.to_owned()))?;
                let about = About {
                    template: Template::Initial,
                    role,
                    participant_id: seat,
                    former: None,
                    link_id,
                    challenge_id: None,
                };
                self.owe(change, body.channel, &contact, about)
            })
            .await?;
        self.deliver_and_tell(id, owed, &actor).await
    }

    async fn deliver_and_tell(&self, id: VisitId, owed: Vec<Message>, actor: &Actor) -> Result<api::SentAnswer, Error> {
        let file = self.file(id).await?;
        let told = self.deliver(file, owed, actor).await?;
        if any_went(&told) { Ok(api::SentAnswer { sent: sent_set(&told) }) } else { Err(Error::NotificationFailed) }
    }
}

/// At least a minute apart, at most five an hour, for each visit and role.
pub(crate) fn may_resend(file: &VisitFile, role: Role, now: Time) -> Result<(), Error> {
    let mut resent: Vec<Time> =
        file.links.iter().filter(|l| l.resent && l.role == role).map(|l| l.created_at).collect();
    resent.sort_unstable_by(|a, b| b.cmp(a));
    let newest = resent.first().map(|at| at.plus_seconds(RESEND_APART_SECONDS));
    let fifth = resent.get(RESENDS_AN_HOUR - 1).map(|at| at.plus_seconds(HOUR_SECONDS));
    match newest.into_iter().chain(fifth).filter(|free| now < *free).max() {
        Some(free) => Err(Error::RateLimited { retry_after_seconds: free.seconds_from(now).max(1) }),
        None => Ok(()),
    }
}
