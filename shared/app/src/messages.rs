//! Messages: owed in the same transaction as the change that owes them. How they go, `deliver.rs` says.

use crate::api;
use crate::change::Change;
use crate::error::Error;
use crate::guests::guest_contact;
use crate::ports::{Guard, Keys, Row, Store};
use crate::practice::App;
use crate::profile::Contact;
use crate::seal::Sealer;
use bedside_domain::access::Role;
use bedside_domain::delivery::{MessageStatus, Transport};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, ClinicianId, LinkId, MessageId, ParticipantId};
use bedside_domain::message::Template;
use bedside_domain::outbox::{Former, Message};
use bedside_domain::person::Tenant;
use bedside_domain::visit::Channel;
use futures_util::future::try_join_all;
use std::collections::HashMap;

/// For how long whoever owes a message sends it alone, before `tick` takes it up.
pub(crate) const LEASE_SECONDS: i64 = 60;

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

    /// Where patient and clinician are reached. A sealer of the practice is opened before: two that are opened at once
    /// would both ask for the key.
    pub(crate) async fn contacts_of_sides(
        &self,
        tenant: &Tenant,
        file: &VisitFile,
    ) -> Result<(Contact, Contact), Error> {
        tokio::try_join!(self.contact_of(tenant, file, Role::Patient), self.contact_of(tenant, file, Role::Clinician))
    }

    async fn contact_of_clinician(&self, tenant: &Tenant, id: &ClinicianId) -> Result<Contact, Error> {
        let clinician = self.store.clinician(&tenant.tenant, id).await?;
        let clinician = clinician.ok_or_else(|| Error::Internal("a visit without its clinician".to_owned()))?;
        self.clinician_contact(tenant, &clinician).await
    }

    /// Where these messages go, each person looked up once.
    pub(crate) async fn contacts_of(
        &self,
        tenant: &Tenant,
        sealer: &Sealer,
        file: &VisitFile,
        messages: &[Message],
    ) -> Result<HashMap<ParticipantId, Contact>, Error> {
        let mut people: HashMap<ParticipantId, &Message> = HashMap::new();
        for message in messages {
            people.entry(message.participant_id).or_insert(message);
        }
        let contacts = try_join_all(people.values().map(|message| self.contact_for(tenant, sealer, file, message)));
        Ok(people.keys().copied().zip(contacts.await?).collect())
    }

    async fn contact_for(
        &self,
        tenant: &Tenant,
        sealer: &Sealer,
        file: &VisitFile,
        message: &Message,
    ) -> Result<Contact, Error> {
        let link = message.link_id.and_then(|id| file.link(id));
        match (message.role, link, &message.former) {
            (Role::Guest | Role::Interpreter, Some(link), _) => guest_contact(tenant, sealer, file, link),
            (Role::Clinician, _, Some(former)) => self.contact_of_clinician(tenant, &former.clinician_id).await,
            (Role::Guest | Role::Interpreter, None, _) | (Role::Patient | Role::Clinician, _, _) => {
                self.contact_of(tenant, file, message.role).await
            }
        }
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
