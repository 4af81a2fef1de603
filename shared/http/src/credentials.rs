//! Who is calling: the `Authorization` and `DPoP` headers, checked against the tables and the keys.

use crate::call::Call;
use crate::serve::Edge;
use bedside_app::caller::{Desk, Device, Principal, Seated, Staff};
use bedside_app::error::Error;
use bedside_app::ports::{Keys, Store};
use bedside_app::practice::App;
use bedside_app::sign_in::Presented;
use bedside_domain::dpop::{self, DpopError, Proof};
use bedside_domain::id::{TenantId, VisitId};
use bedside_domain::permit::{self, Action, StaffRole};
use bedside_domain::secret::Phi;
use http::{Method, header};

/// The `Authorization` header.
enum Authorization<'a> {
    Key(&'a str),
    Bearer(&'a str),
    Dpop(&'a str),
}

type Application<S, K, M, E, T> = App<S, K, M, E, T>;

impl Call {
    fn authorization(&self) -> Result<Authorization<'_>, Error> {
        let mut values = self.headers.get_all(header::AUTHORIZATION).iter();
        let (value, second) = (values.next(), values.next());
        let value = value.filter(|_| second.is_none()).and_then(|value| value.to_str().ok());
        let (scheme, token) = value.and_then(|value| value.split_once(' ')).ok_or(Error::Unauthenticated)?;
        let token = token.trim_start();
        if scheme.eq_ignore_ascii_case("dpop") {
            return Ok(Authorization::Dpop(token));
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        let is_key = token.starts_with("bsk_") || token.starts_with("bpk_");
        Ok(if is_key { Authorization::Key(token) } else { Authorization::Bearer(token) })
    }

    /// The proof of the device key, if one came: it holds for this method, this path, this token, now.
    fn proof<S: Store, K: Keys, M, E, T>(
        &self,
        app: &Application<S, K, M, E, T>,
        token: Option<&str>,
    ) -> Result<Option<Proof>, Error> {
        let mut values = self.headers.get_all("dpop").iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Error::DpopInvalid);
        }
        let value = value.to_str().map_err(|_| Error::DpopInvalid)?;
        // The configured origins, never `Host`: whoever calls chooses that.
        let urls: Vec<String> = app.origins.iter().map(|origin| format!("{origin}{}", self.path)).collect();
        let now = app.clock.now();
        match dpop::verify(value, self.method.as_str(), &urls, now.timestamp(), token) {
            Ok(proof) => Ok(Some(proof)),
            Err(DpopError::ClockSkew) => Err(Error::DpopClockSkew { server_time: now }),
            Err(DpopError::Invalid(reason)) => {
                tracing::info!(reason, "a device's proof was refused");
                Err(Error::DpopInvalid)
            }
        }
    }

    /// The device of a public route: its proof, or an `Idempotency-Key` that names the owner.
    ///
    /// # Errors
    /// 401 when a proof came that does not hold.
    pub fn device<S: Store, K: Keys, M, E, T>(&self, app: &Application<S, K, M, E, T>) -> Result<Device, Error> {
        Ok(Device { proof: self.proof(app, None)?, idempotency_key: self.idempotency_key()? })
    }

    /// The same where nothing of the visit is written with it: the proof is noted by itself, so that it counts once.
    ///
    /// # Errors
    /// 401 when a proof came that does not hold, or was used before.
    pub async fn fresh_device<S: Store, K: Keys, M, E, T>(
        &self,
        app: &Application<S, K, M, E, T>,
    ) -> Result<Device, Error> {
        let device = self.device(app)?;
        app.note_proof(&device, &self.client).await?;
        Ok(device)
    }

    /// Who signed in, or holds a key.
    ///
    /// # Errors
    /// 401.
    pub async fn principal<S: Store, K: Keys, M, E, T>(
        &self,
        edge: &Edge<Application<S, K, M, E, T>>,
    ) -> Result<Principal, Error> {
        self.principal_of(&edge.app, edge).await
    }

    /// The same where the application is a part of what the function holds.
    ///
    /// # Errors
    /// 401.
    pub async fn principal_of<S: Store, K: Keys, M, E, T, A>(
        &self,
        app: &Application<S, K, M, E, T>,
        edge: &Edge<A>,
    ) -> Result<Principal, Error> {
        let client = self.client.clone();
        match self.authorization()? {
            Authorization::Key(key) => app.key_holder(key, self.header("origin"), client).await,
            Authorization::Bearer(token) => app.signed_in(token, &edge.issuers, client).await,
            Authorization::Dpop(_) => Err(Error::Unauthenticated),
        }
    }

    /// Who signed in, where signing in is one of several ways: none when no credential came.
    ///
    /// # Errors
    /// 401 when a credential came that does not hold.
    pub async fn principal_if_any<S: Store, K: Keys, M, E, T>(
        &self,
        edge: &Edge<Application<S, K, M, E, T>>,
        action: Action,
    ) -> Result<Option<Principal>, Error> {
        if self.headers.contains_key(header::AUTHORIZATION) {
            return self.principal(edge).await.map(Some).map_err(|error| of_role(error, action));
        }
        Ok(None)
    }

    /// The practice whose page asks, by its publishable key; none where no such key came.
    ///
    /// # Errors
    /// 401, 403 when a publishable key came that does not hold, or not for this page.
    pub async fn page<S: Store, K: Keys, M, E, T>(
        &self,
        edge: &Edge<Application<S, K, M, E, T>>,
    ) -> Result<Option<TenantId>, Error> {
        match self.authorization() {
            Ok(Authorization::Key(key)) if key.starts_with("bpk_") => {
                let holder = edge.app.key_holder(key, self.header("origin"), self.client.clone()).await?;
                Ok(Some(holder.tenant.tenant.clone()))
            }
            // A public route: whatever else came is no credential of it.
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Staff who may do this.
    ///
    /// # Errors
    /// 401, 403.
    pub async fn staff<S: Store, K: Keys, M, E, T>(
        &self,
        edge: &Edge<Application<S, K, M, E, T>>,
        action: Action,
    ) -> Result<Staff, Error> {
        self.staff_of(&edge.app, edge, action).await
    }

    /// The same where the application is a part of what the function holds.
    ///
    /// # Errors
    /// 401, 403.
    pub async fn staff_of<S: Store, K: Keys, M, E, T, A>(
        &self,
        app: &Application<S, K, M, E, T>,
        edge: &Edge<A>,
        action: Action,
    ) -> Result<Staff, Error> {
        self.principal_of(app, edge).await.map_err(|error| of_role(error, action))?.may(action)
    }

    /// Who holds a visit session.
    ///
    /// # Errors
    /// 401, 403.
    pub async fn seated<S: Store, K: Keys, M, E, T>(
        &self,
        edge: &Edge<Application<S, K, M, E, T>>,
    ) -> Result<Seated, Error> {
        let (token, presented) = match self.authorization()? {
            Authorization::Dpop(token) => {
                let proof = self.proof(&edge.app, Some(token))?.ok_or(Error::DpopInvalid)?;
                (token, Presented::Bound(proof))
            }
            Authorization::Bearer(token) => (token, Presented::Bearer),
            Authorization::Key(_) => return Err(Error::Unauthenticated),
        };
        let is_post = self.method == Method::POST;
        edge.app.seated(&Phi::new(token.to_owned()), &presented, is_post, self.client.clone()).await
    }

    /// The desk of a visit: staff, or the clinician's visit session.
    ///
    /// # Errors
    /// 401, 403, 404.
    pub async fn desk<S: Store, K: Keys, M, E, T>(
        &self,
        edge: &Edge<Application<S, K, M, E, T>>,
        action: Action,
        visit: &str,
    ) -> Result<Desk, Error> {
        let by_session = match self.authorization()? {
            Authorization::Dpop(_) => true,
            Authorization::Bearer(token) => bedside_app::sign_in::looks_like_session(token),
            Authorization::Key(_) => false,
        };
        if by_session {
            let seated = self.seated(edge).await?;
            return bedside_app::sign_in::session_desk(seated, self.id::<VisitId>(visit)?);
        }
        // A proof is no need beside a sign-in; one that comes and does not hold is refused all the same.
        let _ = self.proof(&edge.app, None)?;
        // The role is judged before the path: whoever may not do this at all learns nothing of what is there.
        let principal = self.principal(edge).await.map_err(|error| of_role(error, action))?;
        principal.clone().may(action)?;
        edge.app.staff_desk(principal, action, self.id::<VisitId>(visit)?).await
    }
}

/// Where a page's key counts, the page's origin does too; whatever it may never do is refused by its role, as to others.
fn of_role(error: Error, action: Action) -> Error {
    let never = permit::scope(StaffRole::Publishable, action).is_none();
    if never && error == Error::OriginNotAllowed { Error::Forbidden } else { error }
}
