//! Visits and their people, as the contract shows them.

use crate::api;
use crate::error::Error;
use crate::ports::{Keys, Store};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::visits::{field, seat_row};
use bedside_domain::access::Role;
use bedside_domain::delivery::{Deliveries, Delivery};
use bedside_domain::file::VisitFile;
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::secret::{Phi, Sealed};
use bedside_domain::time::Rfc3339;

/// Which clinical text somebody may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clinical {
    /// None.
    None,
    /// Notes once they are released (and the instructions that are meant for the patient).
    Released,
    /// All.
    All,
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// A visit as the contract shows it.
    pub(crate) async fn visit_view(&self, file: &VisitFile, clinical: Clinical) -> Result<api::Visit, Error> {
        let visit = &file.visit;
        let sealer = self.visit_sealer(visit).await?;
        let row = visit_row(visit.visit_id);
        let open = |field: &str, sealed: Option<&Sealed>| -> Result<Option<String>, Error> {
            sealed.map(|sealed| sealer.open(&row, field, sealed).map(Phi::into_inner)).transpose()
        };
        let all = clinical == Clinical::All;
        let notes = all || clinical == Clinical::Released && visit.notes_released;
        let participants = if all { Some(self.participant_views(file).await?) } else { None };
        Ok(api::Visit {
            visit_id: visit.visit_id,
            status: visit.status,
            scheduled_at: Rfc3339(visit.scheduled_at.time()),
            duration: visit.duration,
            timezone: visit.timezone.clone(),
            visit_type: visit.visit_type,
            modality: visit.modality,
            channel: visit.channel,
            clinician_id: visit.clinician_id.clone(),
            patient_id: visit.patient_id.clone(),
            opens_at: Rfc3339(visit.opens_at),
            closes_at: Rfc3339(visit.closes_at),
            meeting_code: visit.meeting_code.clone(),
            access: visit.access.clone(),
            messages: messages_view(&visit.deliveries),
            participants: participants.filter(|list| !list.is_empty()),
            started_at: visit.started_at.map(Rfc3339),
            ended_at: visit.ended_at.map(Rfc3339),
            end_reason: visit.end_reason,
            chief_complaint: open(field::CHIEF_COMPLAINT, visit.chief_complaint.as_ref().filter(|_| all))?,
            notes: open(field::NOTES, visit.notes.as_ref().filter(|_| notes))?,
            patient_instructions: open(
                field::INSTRUCTIONS,
                visit.patient_instructions.as_ref().filter(|_| clinical != Clinical::None),
            )?,
            created_at: Rfc3339(visit.created_at),
            updated_at: Rfc3339(visit.updated_at),
        })
    }

    /// Everyone of a visit: who waits first, the one who came first in front.
    pub(crate) async fn participant_views(&self, file: &VisitFile) -> Result<Vec<api::ParticipantView>, Error> {
        let sealer = self.visit_sealer(&file.visit).await?;
        let mut list: Vec<_> = file.participants.iter().collect();
        let waits = |p: &Participant| p.status != ParticipantStatus::Waiting;
        list.sort_by_key(|p| (waits(p), p.arrived_at, p.participant_id));
        let view = |p: &Participant| {
            let blocked = file.links.iter().filter(|l| l.participant_id == p.participant_id).map(|l| l.blocked);
            Ok(api::ParticipantView {
                participant_id: p.participant_id,
                role: p.role,
                display_name: display_name(&sealer, file, p)?,
                status: p.status,
                since: Rfc3339(p.since),
                last_seen_at: Rfc3339(p.last_seen_at),
                verified_by: p.verified_by.clone(),
                blocked_attempts: blocked.fold(0, u32::saturating_add),
            })
        };
        list.into_iter().map(view).collect()
    }

    /// Everybody who was let in, by the names that they have at the desk.
    pub(crate) async fn people_views(&self, file: &VisitFile) -> Result<Vec<api::PersonView>, Error> {
        let sealer = self.visit_sealer(&file.visit).await?;
        let is_in = |p: &&Participant| p.status.is_admitted();
        let view = |p: &Participant| {
            let display_name = display_name(&sealer, file, p)?;
            Ok(api::PersonView { participant_id: p.participant_id, role: p.role, display_name })
        };
        file.participants.iter().filter(is_in).map(view).collect()
    }
}

/// The name at the desk: what they typed or were given, else the name on record.
fn display_name(sealer: &Sealer, file: &VisitFile, p: &Participant) -> Result<String, Error> {
    let visit = visit_row(file.visit.visit_id);
    if let Some(sealed) = &p.display_name {
        return Ok(sealer.open(&seat_row(p.participant_id), field::DISPLAY_NAME, sealed)?.into_inner());
    }
    match p.role {
        Role::Patient => {
            let name = sealer.open(&visit, field::PATIENT_NAME, &file.visit.patient_name)?.into_inner();
            Ok(name.chars().take(80).collect())
        }
        Role::Clinician => Ok(file.visit.clinician_name.chars().take(80).collect()),
        Role::Guest => Ok("Guest".to_owned()),
        Role::Interpreter => Ok("Interpreter".to_owned()),
    }
}

pub(crate) fn messages_view(deliveries: &Deliveries) -> api::Messages {
    let state = |delivery: &Delivery| api::MessageState { status: delivery.status, at: Rfc3339(delivery.at) };
    api::Messages { sms: deliveries.sms.as_ref().map(state), email: deliveries.email.as_ref().map(state) }
}
