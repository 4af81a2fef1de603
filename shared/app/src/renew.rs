//! "Send me a new link": whoever holds an old one gets a new one, at the addresses on record and nowhere else.

use crate::api::{self, CredentialBody};
use crate::caller::{Actor, Client};
use crate::credential::Credential;
use crate::error::Error;
use crate::links::may_have_links;
use crate::messages::About;
use crate::notify::may_renew;
use crate::ports::{Keys, Mailer, Store, Texter};
use crate::practice::App;
use crate::profile::Contact;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, ParticipantId};
use bedside_domain::link::{Link, LinkStatus};
use bedside_domain::message::Template;
use bedside_domain::person::Tenant;
use bedside_domain::visit::Channel;

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Sends a new link in place of a dead one, or one that is there and unspent once more. Whether anything was sent is not told: who has
    /// the right secret sees it arrive.
    ///
    /// # Errors
    /// As the contract says of `POST /api/links/renew`.
    pub async fn renew_link(&self, body: &CredentialBody, client: &Client) -> Result<api::Nothing, Error> {
        let credential = Credential::of(body.token.clone(), body.code.clone(), body.secret.clone())?;
        self.may_ask_renewal(client).await?;
        // What is noted of a link's own limits would tell whether its secret is right.
        let client = &client.unnoted();
        match self.send_new_link(&credential, client).await {
            Ok(sent) => tracing::debug!(sent, "a new link was asked for"),
            Err(Error::Internal(why)) => return Err(Error::Internal(why)),
            Err(Error::Unavailable(why)) => return Err(Error::Unavailable(why)),
            // A reached limit, a visit that is over, somebody without an address: nothing is sent, nothing is told.
            Err(refused) => tracing::debug!(?refused, "no new link was sent"),
        }
        Ok(api::Nothing {})
    }

    async fn send_new_link(&self, credential: &Credential, client: &Client) -> Result<bool, Error> {
        let file = self.file_of(credential).await?.ok_or(Error::TokenInvalid)?;
        let link = self.recognise(&file, credential).ok_or(Error::TokenInvalid)?;
        let (role, seat, old) = (link.role, link.participant_id, link.link_id);
        let holder = match role {
            Role::Patient => Some(file.visit.patient_seat),
            Role::Clinician => Some(file.visit.clinician_seat),
            // Guests' links are made by whoever asks them.
            Role::Guest | Role::Interpreter => None,
        };
        // A clinician who has handed the visit over holds an old link, and no seat.
        if holder != Some(seat) {
            return Ok(false);
        }
        let now = self.clock.now();
        may_have_links(&file.visit, now)?;
        may_renew(client, &file, role, now)?;
        let tenant = self.tenant(&file.visit.tenant).await?;
        let contact = self.contact_of(&tenant, &file, role).await?;
        if contact.phone.is_none() && contact.email.is_none() {
            return Err(Error::NoContactForChannel);
        }
        let addresses =
            [contact.phone.as_ref().map(PhoneNumber::expose), contact.email.as_ref().map(EmailAddress::expose)];
        let addresses: Vec<&str> = addresses.into_iter().flatten().collect();
        let taken = self.may_replace_link(client, "renewals", file.visit.visit_id, role).await?;
        let done = self.renew(file, &tenant, &contact, &addresses, (role, seat, old), client).await;
        self.or_give_back(taken, done).await
    }

    async fn renew(
        &self,
        file: VisitFile,
        tenant: &Tenant,
        contact: &Contact,
        addresses: &[&str],
        (role, seat, old): (Role, ParticipantId, LinkId),
        client: &Client,
    ) -> Result<bool, Error> {
        self.may_send_messages(client, &tenant.tenant, addresses).await?;
        let draft = self.draft(&file.visit, role, seat, None, None).await?;
        let sealer = self.visit_sealer(&file.visit).await?;
        let actor = Actor::participant(seat, role, client);
        let id = file.visit.visit_id;
        let owed = self
            .change(file, |file, change| {
                may_have_links(&file.visit, change.now)?;
                may_renew(client, file, role, change.now)?;
                // One that still works is sent again as it is: whoever presses this, the person's own link is not lost.
                let unspent = |link: &&Link| link.status == LinkStatus::Active;
                let link_id = match file.live_link(role, change.now).filter(unspent) {
                    Some(link) => Some(link.link_id),
                    None => Some(self.make_link(file, change, &actor, tenant, &sealer, &draft, true)?.link.link_id),
                };
                change.record(&actor, EventType::LinkResent, link_id, |event| {
                    event.with("reason", "renewed".to_owned()).with("asked", old.to_string())
                })?;
                let about = About {
                    template: Template::Initial,
                    role,
                    participant_id: seat,
                    former: None,
                    link_id,
                    challenge_id: None,
                };
                self.owe(change, Channel::Both, contact, &about)
            })
            .await?;
        self.deliver_or_owe(self.file(id).await?, owed, &actor).await;
        Ok(true)
    }
}
