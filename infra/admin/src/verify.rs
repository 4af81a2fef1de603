//! Verifying a chain that was taken out, with nothing but its file and the public keys.

use crate::arguments::Verify;
use crate::failure::Failure;
use crate::say;
use bedside_domain::audit::{Head, Record, Sha256, Verifier};
use bedside_domain::jose::{AuditHeadClaims, EcPublicKey, TokenError, VerifyingKey, parse_jwks, verify_signature};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::Path;

/// A record, or what stands in the place of one. Read strictly: see [`Record`].
#[derive(Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "nearly all of them are records")]
enum Entry {
    Sound(Record),
    Unreadable(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<Entry>,
    head: PageHead,
}

#[derive(Deserialize)]
struct PageHead {
    seq: u64,
    hash: Sha256,
    signature: Option<String>,
}

/// What was found of a chain that holds.
#[derive(Debug, PartialEq, Eq)]
struct Holds {
    records: u64,
    head: Head,
    /// When the newest head was signed, in seconds since 1970, and up to which record.
    signed: Option<(i64, u64)>,
}

pub(crate) fn run(given: &Verify) -> Result<(), Failure> {
    let keys = public_keys(&read(&given.jwks)?);
    if keys.is_empty() {
        return Err(Failure::new(format!("{} holds no public key.", given.jwks.display())));
    }
    let holds = verify(&read(&given.file)?, &keys)?;
    let Head { seq, hash } = holds.head;
    match holds.signed {
        Some((at, upto)) => {
            let at = bedside_domain::time::Time::from_millis(at.saturating_mul(1000));
            say(&format!("{seq} records hold, to {hash}. The head was signed at record {upto}, at {at}."))
        }
        None if given.require_signature => Err(Failure::new(format!("{seq} records hold, but no head is signed."))),
        None => say(&format!(
            "{seq} records hold, to {hash}. No head is signed: whoever rewrote the end and its head is not found by this."
        )),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|why| Failure::new(format!("{} cannot be read: {why}.", path.display())))
}

fn public_keys(jwks: &[u8]) -> Vec<EcPublicKey> {
    let keys = parse_jwks(jwks).into_iter().filter_map(|key| match key.key {
        VerifyingKey::Ec(key) => Some(key),
        VerifyingKey::Rsa(_) => None,
    });
    keys.collect()
}

fn bad(seq: u64) -> Failure {
    Failure::new(format!("The chain does not hold. First bad record: {seq}."))
}

/// Reads one document or several, one after the other, as one chain.
fn verify(file: &[u8], keys: &[EcPublicKey]) -> Result<Holds, Failure> {
    let pages = serde_json::Deserializer::from_slice(file).into_iter::<Page>();
    let pages = pages.collect::<Result<Vec<Page>, _>>();
    let pages = pages.map_err(|why| Failure::new(format!("The file is no audit export: {why}.")))?;
    let last = pages.last().ok_or_else(|| Failure::new("The file is no audit export: it is empty."))?;
    let head = Head { seq: last.head.seq, hash: last.head.hash };
    let mut verifier = Verifier::new();
    let mut records = Vec::new();
    for entry in pages.iter().flat_map(|page| &page.events) {
        match entry {
            Entry::Sound(record) => {
                verifier.read(record);
                records.push(record);
            }
            Entry::Unreadable(_) => verifier.read_unreadable(),
        }
    }
    if let Some(seq) = verifier.finish(&head).first_bad_seq {
        return Err(bad(seq));
    }
    // The chain may have grown from page to page: each page's own head was one of its records.
    let is_record = |seq: u64, hash: Sha256| records.iter().any(|record| record.seq == seq && record.hash == hash);
    if let Some(page) = pages.iter().find(|page| page.head.seq > 0 && !is_record(page.head.seq, page.head.hash)) {
        return Err(bad(page.head.seq));
    }
    let mut signed = None;
    for token in pages.iter().filter_map(|page| page.head.signature.as_deref()) {
        let claims = claims(token, keys)?;
        let same_visit = records.first().is_some_and(|record| record.visit_id == claims.visit_id);
        if !is_record(claims.seq, claims.hash) || !same_visit {
            return Err(bad(claims.seq));
        }
        signed = signed.max(Some((claims.iat, claims.seq)));
    }
    Ok(Holds { records: head.seq, head, signed })
}

/// What the head's signature says. One that cannot be checked is as bad as a wrong one.
fn claims(token: &str, keys: &[EcPublicKey]) -> Result<AuditHeadClaims, Failure> {
    verify_signature::<AuditHeadClaims>(token, keys).map_err(|why| {
        Failure::new(match why {
            TokenError::WrongKey => "The head is signed by a key that is not among these public keys.",
            TokenError::Malformed
            | TokenError::BadSignature
            | TokenError::WrongType
            | TokenError::WrongIssuerOrAudience
            | TokenError::NotYet
            | TokenError::Expired => "The signature of the head does not hold.",
        })
    })
}
