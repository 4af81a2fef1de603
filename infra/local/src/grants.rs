//! Sign-ins under way at the laptop's identity provider: codes (RFC 6749, 4.1) that were handed to a page, and the tokens by
//! which it renews its access. They are in memory alone: a new start signs everybody out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::oidc::Role;

/// How long a code may be under way.
const CODE_LIVES: SignedDuration = SignedDuration::from_mins(1);
/// How long somebody stays signed in.
const REFRESH_LIVES: SignedDuration = SignedDuration::from_hours(12);

/// Who signed in, at which client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) client: String,
    pub(crate) subject: String,
    pub(crate) role: Role,
}

/// What a code was asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) person: Person,
    pub(crate) redirect_uri: String,
    /// SHA-256 of the page's verifier (RFC 7636, 4.2).
    pub(crate) challenge: String,
}

#[derive(Default)]
struct Kept {
    codes: HashMap<String, (Asked, Timestamp)>,
    refresh: HashMap<String, (Person, Timestamp)>,
}

/// All sign-ins under way.
#[derive(Default)]
pub(crate) struct Grants(Mutex<Kept>);

impl Grants {
    /// A code for a page; none where the system has no randomness.
    pub(crate) fn code(&self, asked: Asked, now: Timestamp) -> Option<String> {
        let code = random()?;
        self.with(|kept| {
            kept.codes.retain(|_, (_, until)| *until > now);
            kept.codes.insert(code.clone(), (asked, now + CODE_LIVES));
        });
        Some(code)
    }

    /// Who a code stands for. It counts once, for the page that asked for it.
    pub(crate) fn spend(
        &self,
        code: &str,
        client: &str,
        redirect: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Option<Person> {
        let (asked, until) = self.with(|kept| kept.codes.remove(code))?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let right = asked.person.client == client && asked.redirect_uri == redirect && asked.challenge == challenge;
        (right && until > now).then_some(asked.person)
    }

    /// A token by which somebody's access is renewed once.
    pub(crate) fn refresh(&self, person: Person, now: Timestamp) -> Option<String> {
        let token = random()?;
        self.with(|kept| {
            kept.refresh.retain(|_, (_, until)| *until > now);
            kept.refresh.insert(token.clone(), (person, now + REFRESH_LIVES));
        });
        Some(token)
    }

    /// Whose access is renewed. The token is spent.
    pub(crate) fn renew(&self, token: &str, client: &str, now: Timestamp) -> Option<Person> {
        let (person, until) = self.with(|kept| kept.refresh.remove(token))?;
        (person.client == client && until > now).then_some(person)
    }

    fn with<R>(&self, act: impl FnOnce(&mut Kept) -> R) -> R {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn random() -> Option<String> {
    let mut bytes = [0; 24];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PAGE: &str = "http://127.0.0.1:8787/portal";
    // The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn now() -> Timestamp {
        "2026-12-01T14:50:00Z".parse().unwrap()
    }

    fn ann() -> Person {
        Person { client: "visits".to_owned(), subject: "p-17".to_owned(), role: Role::Patient }
    }

    fn code(grants: &Grants) -> String {
        let asked = Asked { person: ann(), redirect_uri: PAGE.to_owned(), challenge: CHALLENGE.to_owned() };
        grants.code(asked, now()).unwrap()
    }

    #[test]
    fn a_code_counts_once_for_the_page_that_asked() {
        let grants = Grants::default();
        let code_of_ann = code(&grants);
        assert_eq!(grants.spend(&code_of_ann, "visits", PAGE, VERIFIER, now()), Some(ann()));
        assert_eq!(grants.spend(&code_of_ann, "visits", PAGE, VERIFIER, now()), None, "once");
        let wrong = [
            ("others", PAGE, VERIFIER),
            ("visits", "http://127.0.0.1:8787/desk", VERIFIER),
            ("visits", PAGE, "guessed"),
        ];
        for (client, page, verifier) in wrong {
            assert_eq!(grants.spend(&code(&grants), client, page, verifier, now()), None, "{client} {page} {verifier}");
        }
        let late = now() + SignedDuration::from_secs(61);
        assert_eq!(grants.spend(&code(&grants), "visits", PAGE, VERIFIER, late), None);
    }

    #[test]
    fn access_is_renewed_by_a_token_that_is_new_each_time() {
        let grants = Grants::default();
        let token = grants.refresh(ann(), now()).unwrap();
        assert_eq!(grants.renew(&token, "visits", now()), Some(ann()));
        assert_eq!(grants.renew(&token, "visits", now()), None);
        let token = grants.refresh(ann(), now()).unwrap();
        assert_eq!(grants.renew(&token, "visits", now() + SignedDuration::from_hours(13)), None);
    }
}
