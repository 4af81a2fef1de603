//! What is the same on every laptop: the keys of the demo's practice and of the events', the key of the identity
//! provider, and what the edge proves itself with. Everyone can read them here, so that files such as `events/*.json`
//! can hold what they open: a program that listens on loopback alone, and nothing anywhere else.

use bedside_domain::api_key::KeySecret;
use bedside_domain::person::KeyKind;
use p256::ecdsa::SigningKey;
use ring::hmac;

/// What the edge of the laptop sends as `X-Origin-Secret`.
pub(crate) const ORIGIN_SECRET: &str = "everyone-knows-the-secret-of-the-laptop";
/// What all the others are drawn from. A change of it asks for new tokens in `events/`.
const SEED: &[u8] = b"the laptop of Bedside, for everyone to know";

/// Bytes for a purpose: always the same.
pub(crate) fn bytes<const N: usize>(purpose: &str) -> [u8; N] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SEED);
    let blocks = (0_u32..).flat_map(|n| {
        let block = hmac::sign(&key, format!("{purpose} {n}").as_bytes());
        <[u8; 32]>::try_from(block.as_ref()).unwrap_or_default()
    });
    let mut bytes = [0; N];
    bytes.iter_mut().zip(blocks).for_each(|(to, from)| *to = from);
    bytes
}

/// A key of the demo's practice; none only if the seed were an unlucky one.
pub(crate) fn demo_key(kind: KeyKind) -> Option<KeySecret> {
    KeySecret::new(kind, bytes::<64>(kind.as_str()))
}

/// A key of the events' practice; none only if the seed were an unlucky one.
pub(crate) fn events_key(kind: KeyKind) -> Option<KeySecret> {
    KeySecret::new(kind, bytes::<64>(&format!("{} of the events", kind.as_str())))
}

/// The key of the identity provider; none only if the seed were an unlucky one.
pub(crate) fn issuer_key() -> Option<SigningKey> {
    SigningKey::from_slice(&issuer_scalar()).ok()
}

/// The same as a number, big-endian.
pub(crate) fn issuer_scalar() -> [u8; 32] {
    bytes("issuer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_a_lucky_one_and_each_purpose_draws_its_own() {
        assert!(KeyKind::ALL.iter().all(|kind| demo_key(*kind).is_some() && events_key(*kind).is_some()));
        assert!(issuer_key().is_some());
        let (long, other) = (bytes::<40>("a"), bytes::<40>("b"));
        assert_ne!(long, other);
        assert_ne!(long[..8], long[32..], "the second block is not the first");
        assert!(ORIGIN_SECRET.len() >= 32, "as the template asks");
    }
}
