//! Who may do what: the one table of roles and actions.

use crate::parse::word_enum;

word_enum! {
    /// What a caller wants to do. One for each route that asks who is calling, named as the route's function.
    pub enum Action: "Must be an action." {
        /// `POST /api/visits`
        CreateVisit = "create-visit",
        /// `GET /api/visits`
        ListVisits = "list-visits",
        /// `PATCH /api/visits/{visitId}`
        RescheduleVisit = "reschedule-visit",
        /// `POST /api/visits/{visitId}/cancel`
        CancelVisit = "cancel-visit",
        /// `POST /api/schedule`
        ScheduleVisit = "schedule-visit",
        /// `GET /api/visits/{visitId}`
        GetVisit = "get-visit",
        /// `POST /api/visits/{visitId}/links`
        CreateLinks = "create-links",
        /// `POST /api/visits/{visitId}/notify`
        NotifyVisit = "notify-visit",
        /// `POST /api/visits/{visitId}/resend-link`
        ResendLink = "resend-link",
        /// `POST /api/visits/{visitId}/end`
        EndVisit = "end-visit",
        /// `GET /api/visits/{visitId}/audit`
        GetAudit = "get-audit",
        /// `POST /api/visits/{visitId}/start-authenticated`
        StartVisitAuthenticated = "start-visit-authenticated",
        /// `POST /api/challenges`, with a sign-in
        CreateChallenge = "create-challenge",
        /// `GET /api/visits/{visitId}/participants`
        ListParticipants = "list-participants",
        /// `POST …/participants/{participantId}/admit`
        AdmitParticipant = "admit-participant",
        /// `POST …/participants/{participantId}/reject`
        RejectParticipant = "reject-participant",
        /// `POST …/participants/{participantId}/remove`
        RemoveParticipant = "remove-participant",
        /// `PUT /api/clinicians/{clinicianId}`
        PutClinician = "put-clinician",
        /// `GET /api/clinicians/{clinicianId}`
        GetClinician = "get-clinician",
        /// `PUT /api/patients/{patientId}`
        PutPatient = "put-patient",
        /// `GET /api/patients/{patientId}`
        GetPatient = "get-patient",
        /// `PUT /api/tenant`
        PutTenant = "put-tenant",
        /// `GET /api/tenant`
        GetTenant = "get-tenant",
        /// `POST /api/keys`
        CreateKey = "create-key",
        /// `GET /api/keys`
        ListKeys = "list-keys",
        /// `DELETE /api/keys/{keyId}`
        DeleteKey = "delete-key",
        /// `GET /api/health?deep=true`
        DeepHealth = "health",
    }
}

word_enum! {
    /// Who somebody is to the practice. (A visit session is no such role: it speaks for one seat of one visit.)
    pub enum StaffRole: "Must be admin, clinician, auditor, patient, scheduler or publishable." {
        /// Runs the practice.
        Admin = "admin",
        /// Treats.
        Clinician = "clinician",
        /// Reads audit chains.
        Auditor = "auditor",
        /// Signed in at the portal.
        Patient = "patient",
        /// A lander's server, or an EHR: a secret key.
        Scheduler = "scheduler",
        /// A lander's page: a publishable key.
        Publishable = "publishable",
    }
}

/// For which things a role may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of the tenant.
    Tenant,
    /// Visits of one's own (a clinician's or a patient's), and the people in them.
    Own,
    /// What that key made.
    Created,
    /// One's own record.
    Myself,
    /// What the key itself allows.
    Key,
}

/// The table. `None`: that role may not do this at all (403); a thing outside of the scope is 404.
#[must_use]
pub const fn scope(role: StaffRole, action: Action) -> Option<Scope> {
    use Action as A;
    use StaffRole as R;
    match (action, role) {
        (A::CreateVisit, R::Scheduler) => Some(Scope::Tenant),
        (A::CreateVisit, R::Clinician) => Some(Scope::Own),
        (A::ListVisits | A::GetVisit, R::Clinician | R::Patient) => Some(Scope::Own),
        (
            A::ListVisits
            | A::GetVisit
            | A::RescheduleVisit
            | A::CancelVisit
            | A::CreateLinks
            | A::NotifyVisit
            | A::ResendLink,
            R::Scheduler,
        ) => Some(Scope::Created),
        (A::RescheduleVisit | A::CancelVisit, R::Clinician) => Some(Scope::Own),
        (A::ScheduleVisit, R::Scheduler) => Some(Scope::Tenant),
        (A::ScheduleVisit, R::Publishable) => Some(Scope::Key),
        // Settings that a desk shows: quick actions, the practice's phone.
        (A::GetTenant, R::Clinician) => Some(Scope::Tenant),
        (A::CreateLinks | A::NotifyVisit | A::ResendLink | A::EndVisit, R::Clinician) => Some(Scope::Own),
        (A::GetAudit, R::Auditor) => Some(Scope::Tenant),
        (A::StartVisitAuthenticated | A::CreateChallenge, R::Clinician | R::Patient) => Some(Scope::Own),
        (A::ListParticipants | A::AdmitParticipant | A::RejectParticipant | A::RemoveParticipant, R::Clinician) => {
            Some(Scope::Own)
        }
        (A::GetClinician, R::Clinician) => Some(Scope::Myself),
        (A::GetClinician, R::Scheduler) => Some(Scope::Tenant),
        (A::PutPatient | A::GetPatient, R::Clinician) => Some(Scope::Own),
        (A::PutPatient | A::GetPatient, R::Scheduler) => Some(Scope::Created),
        (A::GetPatient, R::Patient) => Some(Scope::Myself),
        // Nobody comes into a visit as an administrator.
        (A::StartVisitAuthenticated | A::CreateChallenge, R::Admin) => None,
        // A form is the lander's; an administrator has create-visit.
        (A::ScheduleVisit, R::Admin) => None,
        (
            A::CreateVisit
            | A::ListVisits
            | A::GetVisit
            | A::RescheduleVisit
            | A::CancelVisit
            | A::PutTenant
            | A::GetTenant
            | A::CreateKey
            | A::ListKeys
            | A::DeleteKey
            | A::CreateLinks
            | A::NotifyVisit
            | A::ResendLink
            | A::EndVisit
            | A::GetAudit
            | A::ListParticipants
            | A::AdmitParticipant
            | A::RejectParticipant
            | A::RemoveParticipant
            | A::PutClinician
            | A::GetClinician
            | A::PutPatient
            | A::GetPatient
            | A::DeepHealth,
            R::Admin,
        ) => Some(Scope::Tenant),
        (_, R::Clinician | R::Auditor | R::Patient | R::Scheduler | R::Publishable) => None,
    }
}
