//! The application: the ports of one function, and what is kept in memory between its requests.

use crate::error::Error;
use crate::ports::{Keys, Store};
use crate::seal::Sealer;
use crate::world::{Clock, Entropy};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_domain::id::{TenantId, VisitId};
use bedside_domain::pace::Pace;
use bedside_domain::person::Tenant;
use bedside_domain::secret::{Mac, Phi, Salt};
use bedside_domain::time::Time;
use bedside_domain::visit::Visit;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// `aud` of the tokens that we make for ourselves.
pub const AUDIENCE: &str = "bedside";

/// For how long settings are kept: a change reaches every function within this.
const SETTINGS_MILLIS: i64 = 60_000;
/// For how long an unwrapped data key is kept.
const DATA_KEY_MILLIS: i64 = 15 * 60_000;

/// A small memory with an end: what was read is read again when it has grown old.
pub struct Memory<K, V> {
    lives_millis: i64,
    kept: Mutex<HashMap<K, (V, Time)>>,
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// A memory whose entries live so long.
    #[must_use]
    pub fn new(lives_millis: i64) -> Self {
        Self { lives_millis, kept: Mutex::new(HashMap::new()) }
    }
    /// What is known, if it is not too old. A clock that went back makes it old too.
    pub fn get(&self, key: &K, now: Time) -> Option<V> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: &Time| (0..self.lives_millis).contains(&now.since(*at));
        kept.get(key).filter(|(_, at)| fresh(at)).map(|(value, _)| value.clone())
    }
    /// Keeps it.
    pub fn put(&self, key: K, value: V, now: Time) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Many tenants in one long-lived process must not fill it.
        if kept.len() >= 1000 {
            kept.clear();
        }
        kept.insert(key, (value, now));
    }
    /// Knows it no longer.
    pub fn forget(&self, key: &K) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// The application with the ports that one function needs: store and keys always; media, mail and texts where named.
pub struct App<S, K, M = (), E = (), T = ()> {
    /// The tables.
    pub store: S,
    /// The keys.
    pub keys: K,
    /// The calls.
    pub media: M,
    /// The e-mail.
    pub mailer: E,
    /// The texts.
    pub texter: T,
    /// The time.
    pub clock: Clock,
    /// The randomness.
    pub entropy: Entropy,
    /// Public origins, such as `https://visit.example.com`: the first is `iss` of our tokens.
    pub origins: Vec<String>,
    tenants: Memory<TenantId, Arc<Tenant>>,
    data_keys: Memory<TenantId, Phi<[u8; 32]>>,
    pub(crate) overruns: Memory<(TenantId, String), Option<Pace>>,
    /// Budgets that are used up, and until when: they are not asked again before.
    pub(crate) used_up: Memory<String, Time>,
}

impl<S: Store, K: Keys> App<S, K> {
    /// An application with store and keys alone.
    #[must_use]
    pub fn new(store: S, keys: K, clock: Clock, origins: Vec<String>) -> Self {
        Self {
            store,
            keys,
            media: (),
            mailer: (),
            texter: (),
            clock,
            entropy: Entropy::default(),
            origins,
            tenants: Memory::new(SETTINGS_MILLIS),
            data_keys: Memory::new(DATA_KEY_MILLIS),
            overruns: Memory::new(SETTINGS_MILLIS),
            used_up: Memory::new(SETTINGS_MILLIS),
        }
    }
}

impl<S, K, M, E, T> App<S, K, M, E, T> {
    /// The same with media.
    pub fn with_media<N>(self, media: N) -> App<S, K, N, E, T> {
        self.with(|_, mailer, texter| (media, mailer, texter))
    }
    /// The same with e-mail.
    pub fn with_mailer<N>(self, mailer: N) -> App<S, K, M, N, T> {
        self.with(|media, _, texter| (media, mailer, texter))
    }
    /// The same with texts.
    pub fn with_texter<N>(self, texter: N) -> App<S, K, M, E, N> {
        self.with(|media, mailer, _| (media, mailer, texter))
    }
    fn with<A, B, C>(self, change: impl FnOnce(M, E, T) -> (A, B, C)) -> App<S, K, A, B, C> {
        let Self { store, keys, media, mailer, texter, clock, entropy, origins, tenants, data_keys, overruns, used_up } =
            self;
        let (media, mailer, texter) = change(media, mailer, texter);
        App { store, keys, media, mailer, texter, clock, entropy, origins, tenants, data_keys, overruns, used_up }
    }
    /// `iss` of our tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }
}

/// How a visit's rows are named in the additional data of what they seal.
#[must_use]
pub fn visit_row(id: VisitId) -> String {
    format!("V#{id}")
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// A practice's settings, at most a minute old.
    ///
    /// # Errors
    /// When the store is down, or a row names a tenant that is not there.
    pub async fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>, Error> {
        let now = self.clock.now();
        if let Some(tenant) = self.tenants.get(id, now) {
            return Ok(tenant);
        }
        let missing = || Error::Internal("a row names a tenant that is not there".to_owned());
        let tenant = Arc::new(self.store.tenant(id).await?.ok_or_else(missing)?);
        self.tenants.put(id.clone(), Arc::clone(&tenant), now);
        Ok(tenant)
    }

    /// The same as they stand now.
    ///
    /// # Errors
    /// As [`App::tenant`].
    pub async fn tenant_now(&self, id: &TenantId) -> Result<Arc<Tenant>, Error> {
        self.tenants.forget(id);
        self.tenant(id).await
    }

    /// The sealer of the entity with that salt.
    ///
    /// # Errors
    /// When KMS or the store is down.
    pub async fn sealer(&self, tenant: &Tenant, salt: &Salt) -> Result<Sealer, Error> {
        let now = self.clock.now();
        let data_key = match self.data_keys.get(&tenant.tenant, now) {
            Some(key) => key,
            None => {
                let key = self.keys.unwrap_data_key(&tenant.tenant, &tenant.wrapped_key).await?;
                self.data_keys.put(tenant.tenant.clone(), key.clone(), now);
                key
            }
        };
        Sealer::new(&data_key, &tenant.tenant, salt, &self.entropy)
    }

    /// The sealer of a visit and of what is changed with it.
    ///
    /// # Errors
    /// When KMS or the store is down.
    pub async fn visit_sealer(&self, visit: &Visit) -> Result<Sealer, Error> {
        let tenant = self.tenant(&visit.tenant).await?;
        self.sealer(&tenant, &visit.salt).await
    }

    /// What a lander's key is kept as.
    ///
    /// # Errors
    /// When there is no pepper: INIT would have failed.
    pub fn key_mac(&self, key: &str) -> Result<Mac, Error> {
        self.mac(label::KEY, &[key])
    }

    /// HMAC-SHA-256 of the parts under the newest pepper, for what is stored.
    ///
    /// # Errors
    /// When there is no pepper: INIT would have failed.
    pub fn mac(&self, label: &str, parts: &[&str]) -> Result<Mac, Error> {
        self.macs(label, parts).next().ok_or_else(|| Error::Internal("no pepper".to_owned()))
    }

    /// The same under each pepper, newest first, for look-ups and comparisons.
    pub fn macs<'a>(&'a self, label: &'a str, parts: &'a [&'a str]) -> impl Iterator<Item = Mac> + 'a {
        self.keys.peppers().iter().map(move |pepper| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, pepper.expose());
            let mut context = ring::hmac::Context::with_key(&key);
            context.update(label.as_bytes());
            for part in parts {
                // The length before each part keeps ("ab","c") and ("a","bc") apart.
                context.update(&(part.len() as u64).to_be_bytes());
                context.update(part.as_bytes());
            }
            Mac(URL_SAFE_NO_PAD.encode(context.sign()))
        })
    }
}

/// What the HMACs are for: no text of one kind can stand for another.
pub(crate) mod label {
    pub(crate) const LOOKUP: &str = "bedside lookup";
    pub(crate) const SECRET: &str = "bedside link secret";
    pub(crate) const OWNER: &str = "bedside owner";
    pub(crate) const KEY: &str = "bedside api key";
    pub(crate) const ANSWER: &str = "bedside answer";
    pub(crate) const ADDRESS: &str = "bedside address";
    pub(crate) const NUMBER: &str = "bedside number";
    pub(crate) const READING: &str = "bedside reading";
    pub(crate) const CURSOR: &str = "bedside cursor";
    pub(crate) const ONCE: &str = "bedside idempotency key";
    pub(crate) const BODY: &str = "bedside request body";
}
