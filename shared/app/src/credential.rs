//! A link's credential as it comes back: recognised by its secret or its signature, or not at all.

use crate::api::{self, CredentialBody};
use crate::caller::Client;
use crate::error::{Error, FieldError};
use crate::limits::{MISSES, MISSES_OF_ALL};
use crate::ports::{Keys, Location, Store};
use crate::practice::{AUDIENCE, App, label};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, VisitId};
use bedside_domain::jose::{self, JoinClaims};
use bedside_domain::link::{Link, Locator};
use bedside_domain::secret::Phi;

/// A credential as it came: nothing about it is known to be true.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A JWT of ours, perhaps.
    Token(Phi<String>),
    /// Locator and secret, perhaps.
    CodeAndSecret(String, Phi<String>),
}

impl Credential {
    /// Reads it from a body's fields.
    ///
    /// # Errors
    /// 400 when it is neither or both.
    pub fn of(
        token: Option<api::Text<1, 4096>>,
        code: Option<api::Text<1, 64>>,
        secret: Option<api::Text<1, 64>>,
    ) -> Result<Self, Error> {
        match (token, code, secret) {
            (Some(token), None, None) => Ok(Self::Token(Phi::new(token.into_string()))),
            (None, Some(code), Some(secret)) => {
                Ok(Self::CodeAndSecret(code.into_string(), Phi::new(secret.into_string())))
            }
            (None, Some(_), None) => Err(missing("/secret")),
            (None, None, Some(_)) => Err(missing("/code")),
            (None, None, None) | (Some(_), _, _) => {
                Err(Error::ValidationFailed(vec![FieldError::new("", "Give either token, or code and secret.")]))
            }
        }
    }
}

fn missing(pointer: &str) -> Error {
    Error::ValidationFailed(vec![FieldError::new(pointer, "Is needed beside the other.")])
}

impl TryFrom<CredentialBody> for Credential {
    type Error = Error;
    fn try_from(body: CredentialBody) -> Result<Self, Error> {
        Self::of(body.token, body.code, body.secret)
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The link that a credential opens, and its file. One that opens nothing is a miss of whoever shows it; one whose
    /// secret is right meets no limit: carriers put a whole city behind one address.
    pub(crate) async fn open(&self, credential: &Credential, client: &Client) -> Result<(VisitFile, Link), Error> {
        client.notes.limited_by(&MISSES);
        client.notes.limited_by(&[MISSES_OF_ALL]);
        let file = self.file_of(credential).await?;
        let link = file.as_ref().and_then(|file| self.recognise(file, credential)).cloned();
        match file.zip(link) {
            Some(opened) => Ok(opened),
            None => Err(self.missed(client, Error::TokenInvalid).await),
        }
    }

    /// The link of a file that a credential opens: its secret or its signature is right.
    pub(crate) fn recognise<'a>(&self, file: &'a VisitFile, credential: &Credential) -> Option<&'a Link> {
        match credential {
            Credential::Token(token) => {
                let claims = self.join_claims(token)?;
                let link = file.link(LinkId::parse(&claims.jti).ok()?)?;
                let same_visit = claims.visit_id == link.visit_id.to_string() && claims.tenant == link.tenant.as_str();
                same_visit.then_some(link)
            }
            Credential::CodeAndSecret(code, secret) => {
                let code = Locator::parse(code).ok()?;
                let link = file.links.iter().find(|link| link.code == code)?;
                let parts = [link.code.as_str(), secret.expose().as_str()];
                // Each pepper is tried, so that links outlive a change of pepper; all are compared in constant time.
                let right =
                    self.macs(label::SECRET, &parts).fold(false, |right, mac| right | mac.matches(&link.secret_mac));
                right.then_some(link)
            }
        }
    }

    /// The claims of a JWT of ours that is right in all but, perhaps, its age: the table says when a link dies.
    pub(crate) fn join_claims(&self, token: &Phi<String>) -> Option<JoinClaims> {
        let keys = self.keys.public_keys();
        let now = self.clock.now().timestamp();
        let checked = jose::verify_even_expired::<JoinClaims>(token.expose(), keys, self.issuer(), AUDIENCE, now);
        checked.ok().map(|checked| checked.claims)
    }

    /// The file that a credential points to, wherever the visit is not said besides.
    pub(crate) async fn file_of(&self, credential: &Credential) -> Result<Option<VisitFile>, Error> {
        let visit_id = match credential {
            Credential::Token(token) => {
                self.join_claims(token).and_then(|claims| VisitId::parse(&claims.visit_id).ok())
            }
            Credential::CodeAndSecret(code, _) => match Locator::parse(code) {
                Ok(code) => match self.locate(&code).await? {
                    Some(location) => Some(location.visit_id),
                    // As much work as for a code that leads somewhere: how long it takes tells nothing.
                    None => Some(VisitId::new(self.clock.now(), self.entropy.bytes()?)),
                },
                Err(_) => None,
            },
        };
        match visit_id {
            Some(id) => Ok(self.store.file(id).await?),
            None => Ok(None),
        }
    }

    /// Where a locator leads: of a link, or a public code.
    pub(crate) async fn locate(&self, code: &Locator) -> Result<Option<Location>, Error> {
        let lookups: Vec<_> = self.macs(label::LOOKUP, &[code.as_str()]).collect();
        for lookup in lookups {
            if let Some(location) = self.store.locate(&lookup).await? {
                return Ok(Some(location));
            }
        }
        Ok(None)
    }
}
