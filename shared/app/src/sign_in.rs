//! Credentials, checked: keys, sign-ins, visit sessions.

use crate::caller::{Actor, Client, Desk, Principal, Seated};
use crate::error::Error;
use crate::ports::{Answer, Keys, Store};
use crate::practice::{AUDIENCE, App, label};
use crate::seat::seen_proof;
use bedside_domain::access::{Binding, Role};
use bedside_domain::api_key::KeySecret;
use bedside_domain::dpop::Proof;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::jose::{self, OidcKey, SessionClaims};
use bedside_domain::permit::{Action, StaffRole};
use bedside_domain::person::{KeyKind, Tenant};
use bedside_domain::secret::Phi;
use std::future::Future;
use std::sync::Arc;

/// The keys of identity providers.
pub trait Issuers: Send + Sync + 'static {
    /// The keys of an issuer, kept for a while; `fresh` asks it again, at most once a minute.
    fn keys(&self, issuer: &str, fresh: bool) -> impl Future<Output = Answer<Arc<Vec<OidcKey>>>> + Send;
}

/// How a session's token was presented.
#[derive(Debug, Clone)]
pub enum Presented {
    /// `Authorization: DPoP`, with a proof that holds for this request and this token.
    Bound(Proof),
    /// `Authorization: Bearer`.
    Bearer,
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Who holds a key (`bsk_…`, `bpk_…`).
    ///
    /// # Errors
    /// 401 when nobody does; 403 for a publishable key from another origin.
    pub async fn key_holder(&self, key: &str, origin: Option<&str>, client: Client) -> Result<Principal, Error> {
        // One that was cut or mistyped needs no look into the table.
        if KeySecret::parse(key).is_none() {
            return Err(Error::Unauthenticated);
        }
        for mac in self.macs(label::KEY, &[key]).collect::<Vec<_>>() {
            let Some(key) = self.store.api_key(&mac).await? else { continue };
            let role = match key.kind {
                KeyKind::Secret => StaffRole::Scheduler,
                KeyKind::Publishable => {
                    if !origin.is_some_and(|origin| key.origins.iter().any(|allowed| allowed == origin)) {
                        return Err(Error::OriginNotAllowed);
                    }
                    client.notes.allow_origin(origin);
                    StaffRole::Publishable
                }
            };
            let (tenant, ()) = tokio::join!(self.tenant(&key.tenant), self.note_use(&key));
            return Ok(Principal {
                tenant: tenant?,
                roles: vec![role],
                subject: key.key_id.to_string(),
                key: Some(key),
                sign_in: None,
                client,
            });
        }
        Err(Error::Unauthenticated)
    }

    /// Who signed in. The tenant follows from issuer and client, never from a claim.
    ///
    /// # Errors
    /// 401 when the token does not hold.
    pub async fn signed_in(&self, token: &str, issuers: &impl Issuers, client: Client) -> Result<Principal, Error> {
        let unverified = jose::oidc_unverified(token).map_err(|_| Error::Unauthenticated)?;
        let mut found = None;
        for client_id in unverified.clients.iter().take(4) {
            if let Some(id) = self.store.tenant_of(&unverified.issuer, client_id).await? {
                found = Some(id);
                break;
            }
        }
        let id = found.ok_or(Error::Unauthenticated)?;
        let mut tenant: Arc<Tenant> = self.tenant(&id).await?;
        if tenant.oidc.issuer != unverified.issuer || !unverified.clients.contains(&tenant.oidc.client_id) {
            // The table leads from there to here: the practice has just moved, and what is kept in memory is of before.
            tenant = self.tenant_now(&id).await?;
        }
        let oidc = &tenant.oidc;
        let now = self.clock.now().timestamp();
        let verify = |keys: &[OidcKey]| jose::oidc_verify(token, keys, &oidc.issuer, &oidc.client_id, now);
        let known = issuers.keys(&oidc.issuer, false).await?;
        let token = match verify(&known) {
            // A key that we do not know may be new there.
            Err(jose::TokenError::WrongKey) => verify(&issuers.keys(&oidc.issuer, true).await?),
            verified => verified,
        }
        .map_err(|_| Error::Unauthenticated)?;
        let subject = token.subject(&oidc.subject_claim).ok_or(Error::Unauthenticated)?;
        let roles = token.roles(&oidc.roles_claim);
        // In this order: whoever may do it as the one with the widest view does it as that one. Keys are no sign-in.
        let of_people = [StaffRole::Admin, StaffRole::Clinician, StaffRole::Auditor, StaffRole::Patient];
        let roles = of_people.into_iter().filter(|role| roles.iter().any(|name| name == role.as_str())).collect();
        Ok(Principal { tenant, roles, subject, key: None, sign_in: Some(Arc::new(token)), client })
    }

    /// Who holds a live visit session: the token, the proof, the session on the seat.
    ///
    /// # Errors
    /// 401 when one of them does not hold; 403 with binding `strict` from elsewhere.
    pub async fn seated(
        &self,
        token: &Phi<String>,
        presented: &Presented,
        is_post: bool,
        client: Client,
    ) -> Result<Seated, Error> {
        let now = self.clock.now();
        let keys = self.keys.public_keys();
        let claims: SessionClaims = jose::verify(token.expose(), keys, self.issuer(), AUDIENCE, now.timestamp())
            .map_err(|_| Error::Unauthenticated)?;
        let thumbprint = match (&claims.cnf, presented) {
            (Some(cnf), Presented::Bound(proof)) if cnf.jkt == proof.thumbprint => Some(proof.thumbprint.clone()),
            (Some(_), Presented::Bound(_)) => return Err(Error::DpopInvalid),
            (None, Presented::Bearer) => None,
            (Some(_), Presented::Bearer) | (None, Presented::Bound(_)) => return Err(Error::Unauthenticated),
        };
        let visit_id = VisitId::parse(&claims.visit_id).map_err(|_| Error::Unauthenticated)?;
        let participant_id = ParticipantId::parse(&claims.sub).map_err(|_| Error::Unauthenticated)?;
        let (file, is_new) = tokio::join!(self.store.file(visit_id), async {
            match presented {
                Presented::Bound(proof) if is_post => self.store.first_use(&seen_proof(proof, &client, now)).await,
                Presented::Bound(_) | Presented::Bearer => Ok(true),
            }
        });
        let file = file?.ok_or(Error::Unauthenticated)?;
        let participant = file.participant(participant_id).ok_or(Error::Unauthenticated)?;
        let session = participant.session.as_ref().ok_or(Error::Unauthenticated)?;
        let live = session.session_id.to_string() == claims.sid && session.thumbprint == thumbprint;
        if !live || file.visit.tenant.as_str() != claims.tenant {
            return Err(Error::Unauthenticated);
        }
        if !is_new? {
            return Err(Error::DpopInvalid);
        }
        let same_place = session.address == client.address && session.browser == client.browser();
        if file.visit.access.binding == Binding::Strict && !same_place {
            return Err(Error::Forbidden);
        }
        let role = participant.role;
        Ok(Seated { file, participant_id, role, thumbprint, client })
    }

    /// The desk of a visit, for staff.
    ///
    /// # Errors
    /// 403 for a role that may not, 404 for a visit that is not theirs.
    pub async fn staff_desk(&self, principal: Principal, action: Action, id: VisitId) -> Result<Desk, Error> {
        let staff = principal.may(action)?;
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        Ok(Desk { file, actor: staff.actor(), signed_in: Some(staff.identity()) })
    }
}

/// Whether a token is of the kind that we make for visit sessions. Nothing about it is known to be true.
#[must_use]
pub fn looks_like_session(token: &str) -> bool {
    jose::type_of(token).is_some_and(|typ| typ == "visit+jwt")
}

/// The desk of a visit, for the clinician who came in by link or sign-in.
///
/// # Errors
/// 403 for another seat, 404 for another visit.
pub fn session_desk(seated: Seated, id: VisitId) -> Result<Desk, Error> {
    if seated.role != Role::Clinician {
        return Err(Error::Forbidden);
    }
    if seated.file.visit.visit_id != id {
        return Err(Error::NotFound);
    }
    // A clinician who was taken out of the call has no desk; who waits for nothing has one.
    let admitted = seated.file.participant(seated.participant_id).is_some_and(|p| p.status.is_admitted());
    if !admitted {
        return Err(Error::Forbidden);
    }
    let actor: Actor = seated.actor();
    Ok(Desk { file: seated.file, actor, signed_in: None })
}
