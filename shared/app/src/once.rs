//! Requests that may come again under their `Idempotency-Key`: done once, answered as often as asked.
//!
//! A claim stands in the table before anything is done, and the answer is kept beside it. A function that dies between
//! leaves its claim: the next try takes its place after a lease, and draws the same ids, so that it finds what the first
//! has done.

use crate::caller::Identity;
use crate::error::Error;
use crate::ports::{Attempt, Attempted, Keys, Store, StoredAnswer};
use crate::practice::{App, label};
use crate::seal::Sealer;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_domain::id::TenantId;
use bedside_domain::secret::Phi;
use bedside_domain::time::Time;

/// For how long an answer is kept.
const KEPT_SECONDS: i64 = 24 * 3600;
/// A little more than a function may take (`Timeout` of the template, 29 s): whoever holds a claim longer is dead.
pub const LEASE_SECONDS: i64 = 35;
/// Whoever meets a try that is under way asks again soon: most take less than a second.
const SOON_SECONDS: i64 = 2;
/// The field that an answer is sealed for.
const ANSWER: &str = "answer";

/// What the first try of a request has drawn. Each later one that takes its place is given the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// When it was tried first.
    pub at: Time,
    /// Whether somebody tried before, and may have done it or a part of it.
    pub again: bool,
    seed: [u8; 16],
}

impl Claim {
    /// What a request has drawn that was tried first at that time, with this seed.
    #[must_use]
    pub const fn known(at: Time, seed: [u8; 16]) -> Self {
        Self { at, again: true, seed }
    }
    /// Random bytes for a purpose: the same on each try. At most 32.
    #[must_use]
    pub fn bytes<const N: usize>(&self, purpose: &str) -> [u8; N] {
        const { assert!(N <= 32, "one digest") };
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &self.seed);
        let mut bytes = [0; N];
        let drawn = ring::hmac::sign(&key, purpose.as_bytes());
        bytes.iter_mut().zip(drawn.as_ref()).for_each(|(to, from)| *to = *from);
        bytes
    }
}

/// A request that is this try's to do.
pub struct Turn {
    /// What the first try has drawn.
    pub claim: Claim,
    attempt: Attempt,
    tenant: TenantId,
}

/// How a request that came under its key goes on.
pub enum Begun {
    /// It is to be done now.
    Turn(Turn),
    /// It was done: what was kept then.
    Answered(Phi<String>),
}

/// What names a request: whoever asks, what, and under which key.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The method.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The `Idempotency-Key`.
    pub key: &'a str,
    /// The body as it came.
    pub body: &'a [u8],
}

fn row(attempt: &Attempt) -> String {
    format!("ONCE#{}", attempt.scope.0)
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Claims a request, or finds its answer.
    ///
    /// # Errors
    /// 409 while another try is under way, 422 when the key was used with another body, 503 when the store is down:
    /// then nothing is done.
    pub async fn begin_once(&self, who: &Identity, named: Named<'_>) -> Result<Begun, Error> {
        let at = self.clock.now();
        let scope = [who.tenant.as_str(), &who.principal, named.method, named.path, named.key];
        let seed = self.entropy.bytes::<16>()?;
        let attempt = Attempt {
            scope: self.mac(label::ONCE, &scope)?,
            fingerprint: self.mac(label::BODY, &[&URL_SAFE_NO_PAD.encode(named.body)])?,
            by: URL_SAFE_NO_PAD.encode(self.entropy.bytes::<16>()?),
            seed: URL_SAFE_NO_PAD.encode(seed),
            at,
            until: at.plus_seconds(LEASE_SECONDS),
            expires: at.plus_seconds(KEPT_SECONDS),
        };
        match self.store.attempt(&attempt).await? {
            Attempted::Mine { at, seed, again } => {
                let broken = || Error::Internal("a claim's seed".to_owned());
                let seed = URL_SAFE_NO_PAD.decode(seed).map_err(|_| broken())?.try_into().map_err(|_| broken())?;
                Ok(Begun::Turn(Turn { claim: Claim { at, again, seed }, attempt, tenant: who.tenant.clone() }))
            }
            Attempted::Answered(answer) => {
                let tenant = self.tenant(&who.tenant).await?;
                let sealer = self.sealer(&tenant, &answer.salt).await?;
                Ok(Begun::Answered(sealer.open(&row(&attempt), ANSWER, &answer.sealed)?))
            }
            Attempted::UnderWay(until) => {
                let retry_after_seconds = until.seconds_from(at).clamp(1, SOON_SECONDS);
                Err(Error::RequestInProgress { retry_after_seconds })
            }
            Attempted::Reused => Err(Error::IdempotencyKeyReused),
        }
    }

    /// Keeps the answer. The request is done, whether or not it could be kept: then the next try does it again.
    pub async fn keep_answer(&self, turn: &Turn, answer: &str) {
        if let Err(error) = self.try_keep(turn, answer).await {
            tracing::error!(?error, "an answer could not be kept under its Idempotency-Key");
        }
    }

    async fn try_keep(&self, turn: &Turn, answer: &str) -> Result<(), Error> {
        let tenant = self.tenant(&turn.tenant).await?;
        let salt = Sealer::new_salt(&self.entropy)?;
        let sealed = self.sealer(&tenant, &salt).await?.seal(&row(&turn.attempt), ANSWER, answer)?;
        Ok(self.store.answered(&turn.attempt, &StoredAnswer { sealed, salt }).await?)
    }

    /// Ends a try whose answer is not kept: the next one may begin at once. `undone`: nothing was done, so that the key
    /// is free again.
    pub async fn let_go(&self, turn: &Turn, undone: bool) {
        // What an earlier try has done is not known here: its claim stays.
        if let Err(why) = self.store.let_go(&turn.attempt, undone && !turn.claim.again).await {
            tracing::warn!(%why, "a claim stays until its lease is over");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_draws_the_same_for_the_same_purpose_alone() {
        let claim = |seed| Claim { at: Time::from_millis(1), again: false, seed: [seed; 16] };
        let (one, other) = (claim(1), claim(2));
        assert_eq!(one.bytes::<10>("visit"), one.bytes::<10>("visit"));
        assert_ne!(one.bytes::<10>("visit"), one.bytes::<10>("challenge"));
        assert_ne!(one.bytes::<10>("visit"), other.bytes::<10>("visit"));
    }
}
