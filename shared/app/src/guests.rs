//! Where guests and interpreters are reached: their address stands, sealed, on their own link, and dies with it.

use crate::api;
use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::links::{Draft, link_row};
use crate::messages::About;
use crate::ports::{Keys, Mailer, Store, Texter};
use crate::practice::App;
use crate::profile::{Contact, reachable};
use crate::seal::Sealer;
use crate::visits::field;
use bedside_domain::contact::{EmailAddress, KeptPhone};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, VisitId};
use bedside_domain::link::Link;
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::person::Tenant;
use bedside_domain::secret::Sealed;
use bedside_domain::visit::Channel;
use serde::{Deserialize, Serialize};

/// Where a guest is reached, in clear: only on the way into and out of a seal.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct GuestContact {
    #[serde(flatten)]
    phone: Option<KeptPhone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl GuestContact {
    /// What was given of a guest; `None` when nothing was: then whoever asked them hands their link on.
    pub(crate) fn of(guest: &api::Guest) -> Option<Self> {
        let phone = guest.phone.as_ref().map(KeptPhone::from);
        let email = guest.email.as_ref().map(|email| email.expose().to_owned());
        (phone.is_some() || email.is_some()).then_some(Self { phone, email })
    }

    pub(crate) fn seal(&self, sealer: &Sealer, link: LinkId) -> Result<Sealed, Error> {
        sealer.seal_json(&link_row(link), field::CONTACT, self)
    }

    /// Where messages may go: numbers outside of the practice's countries get no texts. Times are told in the visit's
    /// zone, which is the patient's: of theirs nothing is known.
    pub(crate) fn reached(&self, tenant: &Tenant, file: &VisitFile) -> Contact {
        Contact {
            phone: reachable(self.phone.as_ref(), tenant),
            email: self.email.as_deref().and_then(|text| EmailAddress::parse(text).ok()),
            timezone: file.visit.timezone.clone(),
        }
    }
}

/// Where the holder of a guest's link is reached.
pub(crate) fn guest_contact(tenant: &Tenant, sealer: &Sealer, file: &VisitFile, link: &Link) -> Result<Contact, Error> {
    let Some(sealed) = &link.contact else {
        return Ok(Contact { phone: None, email: None, timezone: file.visit.timezone.clone() });
    };
    let contact: GuestContact = sealer.open_json(&link_row(link.link_id), field::CONTACT, sealed)?;
    Ok(contact.reached(tenant, file))
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The invitations of those guests among the drafts of whom an address was given, as rows of a change.
    pub(crate) fn owe_guests(
        &self,
        file: &VisitFile,
        change: &mut Change,
        tenant: &Tenant,
        drafts: &[Draft],
    ) -> Result<Vec<Message>, Error> {
        let mut owed = Vec::new();
        for draft in drafts {
            let Some(contact) = &draft.contact else { continue };
            let about = About {
                template: Template::Initial,
                role: draft.role,
                participant_id: draft.participant_id,
                former: None,
                link_id: Some(draft.link_id),
                challenge_id: None,
            };
            owed.extend(self.owe(change, Channel::Both, &contact.reached(tenant, file), &about)?);
        }
        Ok(owed)
    }
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Sends the invitations. The links are made, whatever becomes of these: what fails stays owed, and `tick` sends it.
    pub(crate) async fn invite_guests(&self, id: VisitId, owed: Vec<Message>, actor: &Actor) {
        if owed.is_empty() {
            return;
        }
        let sent = match self.file(id).await {
            Ok(file) => self.deliver(file, owed, actor).await,
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            tracing::warn!(?error, "invitations of guests stay owed");
        }
    }
}
