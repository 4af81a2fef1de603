//! Lists of visits, the soonest first.

use crate::api::{self, VisitFilter};
use crate::caller::Staff;
use crate::error::Error;
use crate::ports::{Keys, Store, VisitList, VisitRange};
use crate::practice::{App, label, visit_row};
use crate::view::messages_view;
use crate::visits::field;
use bedside_domain::audit::{EventType, Metadata};
use bedside_domain::id::VisitId;
use bedside_domain::permit::StaffRole;
use bedside_domain::time::{Rfc3339, SlotTime, Time};
use bedside_domain::visit::Visit;

/// So many visits are asked for at a time.
const STEP: u32 = 250;
/// One request reads at most so many steps: where a filter passes over very many, the page is short and has a cursor.
const MOST_STEPS: u32 = 20;
/// The same page, read again by the same person within this, is one record.
const SAME_READING_SECONDS: i64 = 60;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// One page of the visits that the caller may see.
    ///
    /// # Errors
    /// As the contract says of `GET /api/visits`.
    pub async fn list_visits(
        &self,
        staff: &Staff,
        filter: &VisitFilter,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<api::VisitPage, Error> {
        let bound = bound_to(staff, filter);
        let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
        let after = cursor.map(|cursor| self.after(&bound, cursor)).transpose()?;
        let after = after.as_deref().map(read_position).transpose()?;
        let Some(list) = list_of(staff, filter) else {
            // Somebody else's visits: to this caller there are none.
            return Ok(api::VisitPage { visits: vec![], next_cursor: None });
        };
        let range = VisitRange { from: filter.from, to: filter.to, after };
        let (found, more_after) = self.gather(staff, filter, list, range, limit).await?;
        let position = |(at, id): (SlotTime, VisitId)| format!("{} {id}", at.time());
        let next_cursor = more_after.map(|last| self.cursor(&bound, &position(last))).transpose()?;
        let names = shows_names(staff.role);
        let mut visits = Vec::with_capacity(found.len());
        for visit in &found {
            visits.push(self.summary(visit, names).await?);
        }
        if names && !found.is_empty() {
            self.note_reading(staff, &found).await?;
        }
        Ok(api::VisitPage { visits, next_cursor })
    }

    /// Up to `limit` visits that fit, and the last one looked at, if there may be more.
    async fn gather(
        &self,
        staff: &Staff,
        filter: &VisitFilter,
        list: VisitList,
        mut range: VisitRange,
        limit: usize,
    ) -> Result<(Vec<Visit>, Option<(SlotTime, VisitId)>), Error> {
        let mut found: Vec<Visit> = Vec::new();
        for _ in 0..MOST_STEPS {
            // One more than is asked for, so that the last page knows that it is the last.
            let exact = passes_all(staff.role, filter);
            let step = if exact { u32::try_from(limit + 1).unwrap_or(STEP) } else { STEP };
            let (visits, more) = self.store.list(&staff.tenant.tenant, &list, &range, step).await?;
            range.after = visits.last().map(|visit| (visit.scheduled_at, visit.visit_id)).or(range.after);
            found.extend(visits.into_iter().filter(|visit| filter.fits(visit) && staff.sees(visit).is_ok()));
            if found.len() > limit {
                found.truncate(limit);
                let last = found.last().map(|visit| (visit.scheduled_at, visit.visit_id));
                return Ok((found, last));
            }
            if !more {
                return Ok((found, None));
            }
        }
        Ok((found, range.after))
    }

    async fn summary(&self, visit: &Visit, names: bool) -> Result<api::VisitSummary, Error> {
        let patient_name = match names {
            true => {
                let sealer = self.visit_sealer(visit).await?;
                let name = sealer.open(&visit_row(visit.visit_id), field::PATIENT_NAME, &visit.patient_name)?;
                Some(name.into_inner())
            }
            false => None,
        };
        Ok(api::VisitSummary {
            visit_id: visit.visit_id,
            status: visit.status,
            scheduled_at: Rfc3339(visit.scheduled_at.time()),
            duration: visit.duration,
            timezone: visit.timezone.clone(),
            visit_type: visit.visit_type,
            modality: visit.modality,
            clinician_id: visit.clinician_id.clone(),
            patient_id: visit.patient_id.clone(),
            patient_name,
            opens_at: Rfc3339(visit.opens_at),
            closes_at: Rfc3339(visit.closes_at),
            // Nobody waits in a visit that is over.
            waiting: if visit.status.is_live() { visit.waiting } else { 0 },
            messages: messages_view(&visit.deliveries),
        })
    }

    /// Names were read: by whom, of which visits. A desk that asks every few seconds reads the same page again.
    async fn note_reading(&self, staff: &Staff, visits: &[Visit]) -> Result<(), Error> {
        let ids: Vec<String> = visits.iter().map(|visit| visit.visit_id.to_string()).collect();
        let parts: Vec<&str> = [staff.tenant.tenant.as_str(), staff.role.as_str(), &staff.subject]
            .into_iter()
            .chain(ids.iter().map(String::as_str))
            .collect();
        let key = format!("read#{}", self.mac(label::READING, &parts)?.0);
        let now = self.clock.now();
        // Only looked at: what is not on record yet must not count as read, whoever dies meanwhile.
        if self.store.hold(&key, now, now).await?.is_some() {
            return Ok(());
        }
        let details: Metadata = [("visits", ids)].into_iter().collect();
        let event = Some((EventType::PhiRead, details));
        self.change_tenant(&staff.tenant.tenant, &staff.actor(), vec![], event).await?;
        self.store.hold(&key, now, now.plus_seconds(SAME_READING_SECONDS)).await?;
        Ok(())
    }
}

/// Whether the filter passes over nothing that the list holds: then a page is read with one question.
const fn passes_all(role: StaffRole, filter: &VisitFilter) -> bool {
    let by_list = match role {
        StaffRole::Clinician => filter.patient_id.is_none(),
        StaffRole::Patient => filter.clinician_id.is_none(),
        StaffRole::Admin => filter.clinician_id.is_none() || filter.patient_id.is_none(),
        StaffRole::Scheduler => filter.clinician_id.is_none() && filter.patient_id.is_none(),
        StaffRole::Auditor | StaffRole::Publishable => false,
    };
    filter.status.is_none() && by_list
}

const fn shows_names(role: StaffRole) -> bool {
    match role {
        StaffRole::Admin | StaffRole::Clinician | StaffRole::Patient => true,
        StaffRole::Auditor | StaffRole::Scheduler | StaffRole::Publishable => false,
    }
}

/// The narrowest list that holds what is asked for; none where it is somebody else's.
fn list_of(staff: &Staff, filter: &VisitFilter) -> Option<VisitList> {
    let clinician = filter.clinician_id.clone().map(VisitList::Clinician);
    let patient = filter.patient_id.clone().map(VisitList::Patient);
    match staff.role {
        StaffRole::Clinician => {
            let own = bedside_domain::id::ClinicianId::parse(&staff.subject).ok()?;
            let foreign = filter.clinician_id.as_ref().is_some_and(|id| *id != own);
            (!foreign).then_some(VisitList::Clinician(own))
        }
        StaffRole::Patient => {
            let own = bedside_domain::id::PatientId::parse(&staff.subject).ok()?;
            let foreign = filter.patient_id.as_ref().is_some_and(|id| *id != own);
            (!foreign).then_some(VisitList::Patient(own))
        }
        StaffRole::Scheduler => Some(patient.unwrap_or_else(|| VisitList::Creator(staff.subject.clone()))),
        StaffRole::Admin => Some(patient.or(clinician).unwrap_or(VisitList::Tenant)),
        StaffRole::Auditor | StaffRole::Publishable => None,
    }
}

/// What a cursor is bound to: whose list, with which filters.
fn bound_to(staff: &Staff, filter: &VisitFilter) -> Vec<String> {
    let time = |at: Option<Time>| at.map(|at| at.to_string()).unwrap_or_default();
    vec![
        "visits".to_owned(),
        staff.tenant.tenant.to_string(),
        staff.role.to_string(),
        staff.subject.clone(),
        filter.status.map(|status| status.to_string()).unwrap_or_default(),
        filter.clinician_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        filter.patient_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        time(filter.from),
        time(filter.to),
    ]
}

fn read_position(position: &str) -> Result<(SlotTime, VisitId), Error> {
    let ours = |_| Error::Internal("a cursor of ours cannot be read".to_owned());
    let (at, id) = position.split_once(' ').unwrap_or_default();
    Ok((SlotTime::parse(at).map_err(ours)?, VisitId::parse(id).map_err(ours)?))
}
