//! The keys of identity providers: discovered, fetched, kept.

use bedside_app::error::Outage;
use bedside_app::ports::Answer;
use bedside_app::sign_in::Issuers;
use bedside_aws::Fetch;
use bedside_domain::jose::{OidcKey, parse_jwks};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For how long a provider's keys are kept.
const KEPT: Duration = Duration::from_secs(3600);
/// A provider is asked again for a key that we do not know, but no more often than this: anyone can invent a key id.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(60);

type Kept = (Arc<Vec<OidcKey>>, Instant);

/// Identity providers over HTTP (OpenID Connect Discovery 1.0, 4).
#[derive(Clone)]
pub struct HttpIssuers {
    fetch: Fetch,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
}

#[derive(serde::Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl HttpIssuers {
    /// Over these connections.
    #[must_use]
    pub fn new(fetch: Fetch) -> Self {
        Self { fetch, kept: Arc::default() }
    }

    fn known(&self, issuer: &str, fresh: bool) -> Option<Arc<Vec<OidcKey>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (keys, at) = kept.get(issuer)?;
        let lives = if fresh { ASKED_AGAIN_AFTER } else { KEPT };
        (at.elapsed() < lives).then(|| Arc::clone(keys))
    }

    async fn ask(&self, issuer: &str) -> Answer<Vec<OidcKey>> {
        let outage = |what: String| Outage::new("oidc", what);
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = self.fetch.get(&url).await.map_err(|why| outage(why.to_string()))?;
        let document: Discovery =
            serde_json::from_slice(&document).map_err(|_| outage("no discovery document".to_owned()))?;
        if document.issuer != issuer {
            return Err(outage("another issuer's discovery document".to_owned()));
        }
        let keys = self.fetch.get(&document.jwks_uri).await.map_err(|why| outage(why.to_string()))?;
        Ok(parse_jwks(&keys))
    }
}

impl Issuers for HttpIssuers {
    async fn keys(&self, issuer: &str, fresh: bool) -> Answer<Arc<Vec<OidcKey>>> {
        if let Some(keys) = self.known(issuer, fresh) {
            return Ok(keys);
        }
        let keys = Arc::new(self.ask(issuer).await?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(issuer.to_owned(), (Arc::clone(&keys), Instant::now()));
        Ok(keys)
    }
}
