//! Landers' keys: made, listed, revoked.

use crate::api::{self, CreateKey};
use crate::caller::{Actor, Staff};
use crate::change::Tried;
use crate::error::{Error, FieldError};
use crate::ports::{Guard, Keys, Row, Store, Write};
use crate::practice::App;
use bedside_domain::api_key::KeySecret;
use bedside_domain::audit::{EventType, Metadata};
use bedside_domain::id::{ClinicianId, KeyId, TenantId};
use bedside_domain::person::{ApiKey, KeyKind};
use std::time::Duration;

/// A practice has a few keys: one for each system that calls. Beyond this somebody's program makes them in a loop.
const MAX_KEYS: usize = 500;
/// How exactly a key's last use is known.
const USE_MILLIS: i64 = 60 * 60_000;
/// A request waits no longer than this for the note of its key's use.
const NOTE: Duration = Duration::from_secs(1);
/// So many clinicians are looked up at once.
const AT_ONCE: usize = 16;

fn invalid(pointer: &str, why: &str) -> Error {
    Error::ValidationFailed(vec![FieldError::new(pointer, why)])
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Makes a key. Its answer is the only one that shows it.
    ///
    /// # Errors
    /// As the contract says of `POST /api/keys`.
    pub async fn create_key(&self, staff: &Staff, body: CreateKey) -> Result<api::CreatedKey, Error> {
        let secret = self.new_key_secret(body.kind)?;
        self.issue_key(&staff.tenant.tenant, &staff.actor(), body, &secret).await
    }

    /// A key's secret, random.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new_key_secret(&self, kind: KeyKind) -> Result<KeySecret, Error> {
        loop {
            if let Some(secret) = KeySecret::new(kind, self.entropy.bytes::<64>()?) {
                return Ok(secret);
            }
        }
    }

    /// Makes a key of a secret that was drawn before: for whoever may without a sign-in, the operator and the laptop.
    ///
    /// # Errors
    /// As [`App::create_key`].
    pub async fn issue_key(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        body: CreateKey,
        secret: &KeySecret,
    ) -> Result<api::CreatedKey, Error> {
        let (origins, clinician_ids) = allowed(&body)?;
        self.all_known(tenant, &clinician_ids).await?;
        let now = self.clock.now();
        let key = ApiKey {
            key_id: KeyId::new(now, self.entropy.bytes()?),
            tenant: tenant.clone(),
            kind: body.kind,
            label: body.label.into_string(),
            mac: self.key_mac(secret.expose())?,
            prefix: secret.prefix().to_owned(),
            origins,
            clinician_ids,
            created_at: now,
            last_used_at: None,
        };
        let event = (EventType::KeyCreated, details(&key));
        let rows = [Write::Put(Row::ApiKey(key.clone()), Guard::Absent)];
        for attempt in 1..=crate::change::TRIES {
            // Every key moves the chain: nobody makes another one between the counting and the writing.
            let head = self.store.tenant_head(tenant).await?;
            if self.store.count_keys(tenant).await? >= MAX_KEYS {
                return Err(invalid("", "The practice has 500 keys. Delete one that nobody uses first."));
            }
            match self.change_tenant_at(&head, tenant, actor, &rows, Some(&event)).await? {
                Tried::Done => {
                    return Ok(api::CreatedKey::of(key, secret.expose().to_owned()));
                }
                Tried::Refused => return Err(Error::Internal("a key that is there already".to_owned())),
                Tried::Contended => self.pause(attempt).await?,
            }
        }
        Err(Error::Unavailable("dynamodb: the practice is written too often".to_owned()))
    }

    async fn all_known(&self, tenant: &TenantId, clinicians: &[ClinicianId]) -> Result<(), Error> {
        for some in clinicians.chunks(AT_ONCE) {
            let asked = some.iter().map(|id| self.store.clinician(tenant, id));
            let found = futures_util::future::try_join_all(asked).await?;
            if found.iter().any(Option::is_none) {
                return Err(Error::ClinicianNotFound);
            }
        }
        Ok(())
    }

    /// One page of the practice's keys, the newest first.
    ///
    /// # Errors
    /// As the contract says of `GET /api/keys`.
    pub async fn list_keys(&self, staff: &Staff, limit: usize, cursor: Option<&str>) -> Result<api::KeyList, Error> {
        let tenant = &staff.tenant.tenant;
        let list = ["keys", tenant.as_str()];
        let position = cursor.map(|cursor| self.after(&list, cursor)).transpose()?;
        let before = position.and_then(|id| KeyId::parse(&id).ok());
        // One more than is shown says whether there is another page.
        let mut keys = self.store.keys(tenant, before, limit.saturating_add(1)).await?;
        let more = keys.len() > limit;
        keys.truncate(limit);
        let last = keys.last().filter(|_| more);
        let next_cursor = last.map(|key| self.cursor(&list, &key.key_id.to_string())).transpose()?;
        Ok(api::KeyList { keys: keys.into_iter().map(api::KeyView::from).collect(), next_cursor })
    }

    /// Revokes a key: the next request with it is refused.
    ///
    /// # Errors
    /// 404 when the practice has no such key (any more).
    pub async fn delete_key(&self, staff: &Staff, id: KeyId) -> Result<(), Error> {
        self.revoke_key(&staff.tenant.tenant, &staff.actor(), id).await
    }

    /// The same for whoever may without a sign-in.
    ///
    /// # Errors
    /// As [`App::delete_key`].
    pub async fn revoke_key(&self, tenant: &TenantId, actor: &Actor, id: KeyId) -> Result<(), Error> {
        let key = self.store.key(tenant, id).await?.ok_or(Error::NotFound)?;
        let event = Some((EventType::KeyRevoked, details(&key)));
        let revoked = self.change_tenant(tenant, actor, vec![Write::Revoke(key)], event).await?;
        // Of several at once, one finds it there.
        if revoked { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Notes that a key was used, at most once an hour. No request fails for it, or waits long.
    pub(crate) async fn note_use(&self, key: &ApiKey) {
        let now = self.clock.now();
        if key.last_used_at.is_some_and(|at| now.since(at) < USE_MILLIS) {
            return;
        }
        let noted = tokio::time::timeout(NOTE, self.store.key_used(key, now)).await;
        let why = match noted {
            Ok(Ok(())) => return,
            Ok(Err(outage)) => outage.to_string(),
            Err(_) => "dynamodb: timeout".to_owned(),
        };
        tracing::info!(why, "a key's use was not noted");
    }
}

/// What a key says of itself in the chain: never what lets one use it.
fn details(key: &ApiKey) -> Metadata {
    [("keyId", key.key_id.to_string()), ("kind", key.kind.to_string())].into_iter().collect()
}

/// Where a publishable key may be used, and for whom; a secret key has no such limits.
fn allowed(body: &CreateKey) -> Result<(Vec<String>, Vec<ClinicianId>), Error> {
    let origins = body.origins.as_ref().map(|list| list.0.iter().map(ToString::to_string).collect::<Vec<_>>());
    let clinicians = body.clinician_ids.as_ref().map(|list| list.0.clone());
    let mut wrong = Vec::new();
    let fields = [("/origins", origins.as_ref().map(Vec::len)), ("/clinicianIds", clinicians.as_ref().map(Vec::len))];
    for (pointer, given) in fields {
        match (body.kind, given) {
            (KeyKind::Secret, Some(_)) => {
                wrong.push(FieldError::new(pointer, "Is for publishable keys only. Leave it out."));
            }
            (KeyKind::Publishable, None | Some(0)) => {
                wrong.push(FieldError::new(pointer, "Must have at least one entry for a publishable key."));
            }
            (KeyKind::Secret, None) | (KeyKind::Publishable, Some(_)) => {}
        }
    }
    if wrong.is_empty() {
        Ok((origins.unwrap_or_default(), clinicians.unwrap_or_default()))
    } else {
        Err(Error::ValidationFailed(wrong))
    }
}
