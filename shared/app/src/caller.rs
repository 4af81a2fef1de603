//! Who is calling, and from where. Use cases receive these; only a checked credential makes one.

use bedside_domain::access::Role;
use bedside_domain::audit::ActorRole;
use bedside_domain::dpop::Proof;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, TenantId};
use bedside_domain::jose::{OidcToken, Thumbprint};
use bedside_domain::permit::{Action, Scope, StaffRole, scope};
use bedside_domain::person::{ApiKey, Country, Tenant};
use bedside_domain::visit::Visit;
use std::sync::Arc;

use crate::error::Error;
use crate::notes::Notes;

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Client {
    /// The request's id. The gateway lets callers choose it.
    pub request_id: String,
    /// Random, of this invocation: what was written under it was written by this very request.
    pub nonce: String,
    /// The caller's address, as the gateway saw it.
    pub address: String,
    /// The caller's country, where the edge network says it.
    pub country: Option<Country>,
    /// The browser, as it says.
    pub user_agent: String,
    /// What the answer's headers are to say.
    pub notes: Notes,
}

impl Client {
    /// The same caller, of whom nothing more is told in the answer.
    #[must_use]
    pub fn unnoted(&self) -> Self {
        Self { notes: Notes::default(), ..self.clone() }
    }
    /// The family of the browser: enough to notice another one, too little to be sure of it.
    #[must_use]
    pub fn browser(&self) -> &'static str {
        // The order matters: each of these also names those below it.
        const FAMILIES: [(&str, &str); 6] = [
            ("Edg", "edge"),
            ("OPR/", "opera"),
            ("SamsungBrowser", "samsung"),
            ("Firefox/", "firefox"),
            ("Chrome/", "chrome"),
            ("Safari/", "safari"),
        ];
        FAMILIES.iter().find(|(mark, _)| self.user_agent.contains(mark)).map_or("other", |(_, family)| family)
    }
}

/// The device at the door.
#[derive(Clone, Default)]
pub struct Device {
    /// The proof of its key, verified, its `jti` not noted yet.
    pub proof: Option<Proof>,
    /// The `Idempotency-Key`, which names the owner where there is no device key.
    pub idempotency_key: Option<String>,
}

/// Who did something, for the audit chain.
#[derive(Debug, Clone)]
pub struct Actor {
    /// An opaque id: a subject, a key's id, a participant's id.
    pub id: String,
    /// As whom.
    pub role: ActorRole,
    /// From where; absent for the system.
    pub client: Option<Client>,
}

impl Actor {
    /// The system itself.
    #[must_use]
    pub fn system() -> Self {
        Self { id: "system".to_owned(), role: ActorRole::System, client: None }
    }
    /// Whoever runs Bedside, at its own command. They are no role of a practice.
    #[must_use]
    pub fn operator() -> Self {
        Self { id: "operator".to_owned(), ..Self::system() }
    }
    /// Somebody on a seat of a visit.
    #[must_use]
    pub fn participant(id: ParticipantId, role: Role, client: &Client) -> Self {
        Self { client: Some(client.clone()), ..Self::seat(id, role) }
    }
    /// The same, who wrote from a phone.
    #[must_use]
    pub fn seat(id: ParticipantId, role: Role) -> Self {
        let role = match role {
            Role::Patient => ActorRole::Patient,
            Role::Clinician => ActorRole::Clinician,
            Role::Guest => ActorRole::Guest,
            Role::Interpreter => ActorRole::Interpreter,
        };
        Self { id: id.to_string(), role, client: None }
    }
    /// Somebody who has shown nothing.
    #[must_use]
    pub fn public(client: &Client) -> Self {
        Self { id: "public".to_owned(), role: ActorRole::Public, client: Some(client.clone()) }
    }
}

/// A sign-in or a key that held: whose, and as whom. It may do nothing yet: see [`Principal::may`].
#[derive(Debug, Clone)]
pub struct Principal {
    /// The practice, from the credential.
    pub tenant: Arc<Tenant>,
    /// The roles.
    pub roles: Vec<StaffRole>,
    /// A clinician's, patient's or other subject; a key's id.
    pub subject: String,
    /// The key, for keys.
    pub key: Option<ApiKey>,
    /// What the token says, for people.
    pub sign_in: Option<Arc<OidcToken>>,
    /// From where.
    pub client: Client,
}

/// Somebody of the practice who may do what they came for, for things in their scope.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The practice.
    pub tenant: Arc<Tenant>,
    /// As whom.
    pub role: StaffRole,
    /// Who.
    pub subject: String,
    /// The key, for keys.
    pub key: Option<ApiKey>,
    /// For which things.
    scope: Scope,
    sign_in: Option<Arc<OidcToken>>,
    client: Client,
}

impl Principal {
    /// Whether the table of roles allows the action at all.
    ///
    /// # Errors
    /// 403, when it does not.
    pub fn may(self, action: Action) -> Result<Staff, Error> {
        let allowed = self.roles.iter().find_map(|role| scope(*role, action).map(|scope| (*role, scope)));
        let (role, scope) = allowed.ok_or(Error::Forbidden)?;
        let Self { tenant, subject, sign_in, client, key, .. } = self;
        Ok(Staff { tenant, role, subject, key, scope, sign_in, client })
    }
}

impl Staff {
    /// For which things.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }
    /// From where.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }
    /// Whose requests these are, for what is kept under an `Idempotency-Key`.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let kind = match self.role {
            StaffRole::Admin | StaffRole::Clinician | StaffRole::Auditor | StaffRole::Patient => "person",
            StaffRole::Scheduler | StaffRole::Publishable => "key",
        };
        Identity { tenant: self.tenant.tenant.clone(), principal: format!("{kind} {}", self.subject) }
    }
    /// What the token of their sign-in says; keys have none.
    #[must_use]
    pub fn sign_in(&self) -> Option<&OidcToken> {
        self.sign_in.as_deref()
    }
    /// For the audit chain.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let role = match self.role {
            StaffRole::Admin => ActorRole::Admin,
            StaffRole::Clinician => ActorRole::Clinician,
            StaffRole::Auditor => ActorRole::Auditor,
            StaffRole::Patient => ActorRole::Patient,
            StaffRole::Scheduler => ActorRole::Scheduler,
            StaffRole::Publishable => ActorRole::Publishable,
        };
        Actor { id: self.subject.chars().take(128).collect(), role, client: Some(self.client.clone()) }
    }
    /// Whether the visit is in their scope. If not it is, to them, not there.
    ///
    /// # Errors
    /// 404, one and the same for another's and for none.
    pub fn sees(&self, visit: &Visit) -> Result<(), Error> {
        let own = match self.role {
            StaffRole::Clinician => visit.clinician_id.as_str() == self.subject,
            StaffRole::Patient => visit.patient_id.as_str() == self.subject,
            StaffRole::Admin | StaffRole::Auditor | StaffRole::Scheduler | StaffRole::Publishable => false,
        };
        let in_scope = match self.scope {
            Scope::Tenant => true,
            Scope::Own => own,
            Scope::Created => visit.created_by == self.subject,
            Scope::Myself | Scope::Key => false,
        };
        if in_scope && visit.tenant == self.tenant.tenant { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// Somebody with a live session on a seat, and the visit's file as it was read to check that.
#[derive(Debug, Clone)]
pub struct Seated {
    /// The file.
    pub file: VisitFile,
    /// Which seat.
    pub participant_id: ParticipantId,
    /// As whom.
    pub role: Role,
    /// The device key, if the session is bound.
    pub thumbprint: Option<Thumbprint>,
    /// From where.
    pub client: Client,
}

impl Seated {
    /// For the audit chain.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::participant(self.participant_id, self.role, &self.client)
    }
}

/// Whose a request is that may come again: no two of them ever see each other's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The practice.
    pub tenant: TenantId,
    /// The sign-in or the key, with its kind.
    pub principal: String,
}

/// Who acts at the desk of a visit: staff, or the clinician who came in. The visit is theirs.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The file.
    pub file: VisitFile,
    /// For the audit chain.
    pub actor: Actor,
    /// Who signed in; none for a visit session. Clinical text needs a sign-in.
    pub signed_in: Option<Identity>,
}
