//! Tokens hold exactly when everything about them is right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signer;

use bedside_domain::audit::{Head, Sha256};
use bedside_domain::jose::*;
use jiff::Timestamp;
use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use signer::{Signer, encode};

const ISSUER: &str = "https://visit.example.com";
const AUDIENCE: &str = "bedside";
const NOW: i64 = 1_796_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn join() -> JoinClaims {
    JoinClaims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: "p-17".into(),
        jti: "019ac0de-7e10-7c3a-9f00-2b6f5d1c4a02".into(),
        iat: NOW,
        nbf: NOW,
        exp: NOW + 3_600,
        visit_id: "019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01".into(),
        tenant: "t-1".into(),
        role: "patient".into(),
        nonce: "n".into(),
    }
}

fn session() -> SessionClaims {
    SessionClaims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: "who".into(),
        sid: "s".into(),
        iat: NOW,
        nbf: NOW,
        exp: NOW + 3_600,
        visit_id: "v".into(),
        tenant: "t-1".into(),
        role: "patient".into(),
        cnf: None,
    }
}

fn verify_join(token: &str, signer: &Signer) -> Result<JoinClaims, TokenError> {
    verify(token, std::slice::from_ref(&signer.public), ISSUER, AUDIENCE, at(NOW))
}

#[test]
fn every_der_signature_becomes_64_bytes_that_verify() {
    let rng = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &rng).unwrap();
    let key = EcPublicKey::from_point(pair.public_key().as_ref().try_into().unwrap()).unwrap();
    let (mut short_r, mut short_s) = (0, 0);
    for message in 0..100_000_u32 {
        let message = message.to_be_bytes();
        let raw = der_to_raw(pair.sign(&rng, &message).unwrap().as_ref()).unwrap();
        short_r += u32::from(raw[0] == 0);
        short_s += u32::from(raw[32] == 0);
        assert!(key.verify(&message, &raw));
    }
    // One in 256 each: about 390; fewer than 100 would be fifteen standard deviations off.
    assert!(short_r > 100 && short_s > 100, "{short_r} short r, {short_s} short s");
}

#[test]
fn only_strict_der_is_a_signature() {
    let one = |bytes: &[u8]| der_to_raw(bytes).map(|raw| (raw[31], raw[63]));
    assert_eq!(one(&[0x30, 6, 2, 1, 5, 2, 1, 7]), Ok((5, 7)));
    let refused: [&[u8]; 9] = [
        &[],
        &[0x30, 6, 2, 1, 5, 2, 1, 7, 0],
        &[0x30, 7, 2, 1, 5, 2, 1, 7, 0],
        &[0x30, 0x81, 6, 2, 1, 5, 2, 1, 7],
        &[0x30, 7, 2, 2, 0, 5, 2, 1, 7],
        &[0x30, 6, 2, 1, 0x85, 2, 1, 7],
        &[0x30, 6, 2, 1, 0, 2, 1, 7],
        &[0x30, 3, 2, 1, 5],
        &[0x31, 6, 2, 1, 5, 2, 1, 7],
    ];
    for der in refused {
        assert_eq!(one(der), Err(SignatureError), "{der:?}");
    }
}

#[test]
fn the_example_of_rfc_7515_verifies() {
    let key = EcPublicKey::from_jwk(
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    )
    .unwrap();
    let input = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    use base64::Engine as _;
    let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert!(key.verify(input.as_bytes(), &raw.try_into().unwrap()));
}

#[test]
fn a_key_is_read_from_spki_and_jwk_alike_and_must_lie_on_the_curve() {
    let signer = Signer::new();
    let jwk = signer.public.to_jwk();
    assert_eq!(EcPublicKey::from_jwk(&jwk.x, &jwk.y), Ok(signer.public.clone()));
    assert_eq!((jwk.kty.as_str(), jwk.crv.as_str(), jwk.alg.as_str()), ("EC", "P-256", "ES256"));
    assert_eq!(jwk.kid, signer.public.thumbprint().as_str());
    assert_eq!(EcPublicKey::from_jwk(&jwk.y, &jwk.x), Err(KeyError), "coordinates the wrong way round");
    assert_eq!(EcPublicKey::from_jwk(&jwk.x, "AA"), Err(KeyError));
    assert_eq!(EcPublicKey::from_jwk(&encode(&"\0".repeat(32)), &encode(&"\0".repeat(32))), Err(KeyError));

    // `openssl ec -pubout -outform DER` of the key in RFC 7515, A.3.
    let spki = "3059301306072a8648ce3d020106082a8648ce3d030107034200047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad";
    let spki: Vec<u8> = (0..spki.len()).step_by(2).map(|i| u8::from_str_radix(&spki[i..i + 2], 16).unwrap()).collect();
    let key = EcPublicKey::from_spki_der(&spki).unwrap();
    assert_eq!(key.to_jwk().x, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    for broken in [&spki[..90], &[&spki[..], &[0]].concat(), &spki[26..]] {
        assert_eq!(EcPublicKey::from_spki_der(broken), Err(KeyError));
    }
}

#[test]
fn our_tokens_round_trip() {
    let signer = Signer::new();
    assert_eq!(verify_join(&signer.token(&join()), &signer), Ok(join()));
    let mut bound = session();
    bound.cnf = Some(Confirmation { jkt: signer.public.thumbprint().clone() });
    for claims in [session(), bound] {
        let keys = [Signer::new().public, signer.public.clone()];
        assert_eq!(verify(&signer.token(&claims), &keys, ISSUER, AUDIENCE, at(NOW)), Ok(claims));
    }
}

#[test]
fn an_audit_head_is_of_a_visit_or_of_a_tenant() {
    let signer = Signer::new();
    let keys = [signer.public.clone()];
    let head = |visit: Option<&str>, tenant: Option<&str>| AuditHeadClaims {
        visit_id: visit.map(str::to_owned),
        tenant: tenant.map(str::to_owned),
        seq: 3,
        hash: Sha256([0xab; 32]),
        iat: NOW,
    };
    for good in [head(Some("v"), None), head(None, Some("t"))] {
        let claims: AuditHeadClaims = verify_signature(&signer.token(&good), &keys).unwrap();
        assert_eq!(claims, good);
        assert_ne!(Head { seq: claims.seq, hash: claims.hash }, Head::genesis());
    }
    for bad in [head(None, None), head(Some("v"), Some("t"))] {
        assert_eq!(verify_signature::<AuditHeadClaims>(&signer.token(&bad), &keys), Err(TokenError::Malformed));
    }
}

#[test]
fn a_token_must_be_for_us_and_of_its_type() {
    let signer = Signer::new();
    assert_eq!(verify_join(&signer.token(&session()), &signer), Err(TokenError::WrongType));
    assert_eq!(verify_join(&Signer::new().token(&join()), &signer), Err(TokenError::WrongKey));
    for claims in [
        JoinClaims { iss: "https://visit.example.com/".into(), ..join() },
        JoinClaims { aud: "Bedside".into(), ..join() },
    ] {
        assert_eq!(verify_join(&signer.token(&claims), &signer), Err(TokenError::WrongIssuerOrAudience));
    }
}

#[test]
fn times_have_sixty_seconds_of_skew() {
    let signer = Signer::new();
    let keys = [signer.public.clone()];
    let token = signer.token(&join());
    let on = |second: i64| verify::<JoinClaims>(&token, &keys, ISSUER, AUDIENCE, at(second));
    assert_eq!(on(NOW - 61), Err(TokenError::NotYet));
    assert!(on(NOW - 60).is_ok());
    assert!(on(NOW + 3_600 + 59).is_ok());
    assert_eq!(on(NOW + 3_600 + 60), Err(TokenError::Expired));
    let late = verify_even_expired::<JoinClaims>(&token, &keys, ISSUER, AUDIENCE, at(NOW + 9_999));
    assert_eq!(late, Ok(Checked { claims: join(), expired: true }));
}

#[test]
fn headers_that_are_not_ours_are_refused() {
    let signer = Signer::new();
    let payload = serde_json::to_string(&join()).unwrap();
    let kid = signer.public.kid().as_str();
    let right = format!(r#""alg":"ES256","typ":"join+jwt","kid":"{kid}""#);
    assert!(verify_join(&signer.raw(&format!("{{{right}}}"), &payload), &signer).is_ok(), "the control");
    let jwk = serde_json::to_string(&signer.public.to_jwk()).unwrap();
    let malformed = [
        format!(r#"{{"alg":"none","typ":"join+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"HS256","typ":"join+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"es256","typ":"join+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"join+jwt","kid":"{kid}"}}"#),
        format!(r#"{{{right},"jwk":{jwk}}}"#),
        format!(r#"{{{right},"jku":"https://evil.example.com"}}"#),
        format!(r#"{{{right},"x5u":"https://evil.example.com"}}"#),
        format!(r#"{{{right},"x5c":[]}}"#),
        format!(r#"{{{right},"crit":["exp"]}}"#),
        format!(r#"{{{right},"zip":"DEF"}}"#),
        format!(r#"{{{right},"b64":false}}"#),
        format!(r#"{{{right},"cty":"JWT"}}"#),
        format!(r#"{{{right},"alg":"ES256"}}"#),
        r#"{"alg":"ES256","typ":"join+jwt","kid":7}"#.to_owned(),
        format!("[{{{right}}}]"),
        format!("{{{right}}}}}"),
    ];
    for header in malformed {
        assert_eq!(verify_join(&signer.raw(&header, &payload), &signer), Err(TokenError::Malformed), "{header}");
    }
    for (header, error) in [
        (r#"{"alg":"ES256","typ":"join+jwt"}"#.to_owned(), TokenError::WrongKey),
        (format!(r#"{{"alg":"ES256","typ":"join+jwt","kid":"{kid}="}}"#), TokenError::WrongKey),
        (format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#), TokenError::WrongType),
        (format!(r#"{{"alg":"ES256","typ":"JOIN+JWT","kid":"{kid}"}}"#), TokenError::WrongType),
    ] {
        assert_eq!(verify_join(&signer.raw(&header, &payload), &signer), Err(error), "{header}");
    }
}

#[test]
fn payloads_have_their_members_once_and_no_others() {
    let signer = Signer::new();
    let header = format!(r#"{{"alg":"ES256","typ":"join+jwt","kid":"{}"}}"#, signer.public.kid());
    let right = serde_json::to_string(&join()).unwrap();
    let (open, _) = right.rsplit_once('}').unwrap();
    assert!(verify_join(&signer.raw(&header, &right), &signer).is_ok(), "the control");
    for payload in [
        format!(r#"{open},"role":"patient"}}"#),
        format!(r#"{open},"scope":"admin"}}"#),
        format!(r#"{open}, "deep":{}{}}}"#, "[".repeat(40), "]".repeat(40)),
        right.replace(r#""aud":"bedside""#, r#""aud":["bedside"]"#),
        right.replace(r#""role":"patient","#, ""),
        right.replace(&format!(r#""exp":{}"#, NOW + 3_600), r#""exp":"never""#),
    ] {
        assert_eq!(verify_join(&signer.raw(&header, &payload), &signer), Err(TokenError::Malformed), "{payload}");
    }
}

#[test]
fn the_compact_form_is_strict() {
    let signer = Signer::new();
    let token = signer.token(&join());
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = input.split_once('.').unwrap();
    for broken in [
        String::new(),
        "..".into(),
        input.to_owned(),
        format!("{input}."),
        format!(".{payload}.{signature}"),
        format!("{header}..{signature}"),
        format!("{token}.{signature}"),
        format!("{token}="),
        format!("{token} "),
        format!("{header}.{payload}=.{signature}"),
        format!("{header}.{payload}.{}", signature.replace(['-', '_'], "+") + "/"),
    ] {
        assert_eq!(verify_join(&broken, &signer), Err(TokenError::Malformed), "{broken}");
    }
    let short = format!("{input}.{}", &signature[..84]);
    assert_eq!(verify_join(&short, &signer), Err(TokenError::BadSignature));

    let of_length = |length: usize| {
        let mut claims = join();
        claims.nonce = "n".repeat(length);
        signer.token(&claims)
    };
    let fits = (5_000..6_200).rev().map(of_length).find(|token| token.len() <= MAX_TOKEN).unwrap();
    assert!(verify_join(&fits, &signer).is_ok(), "{} bytes", fits.len());
    assert_eq!(verify_join(&of_length(6_200), &signer), Err(TokenError::Malformed));
}

#[test]
fn both_halves_of_a_signature_pair_hold() {
    let signer = Signer::new();
    let input = signing_input(signer.public.kid(), &join()).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&signer.sign(&input)).unwrap();
    let other = p256::ecdsa::Signature::from_scalars(signature.r(), -*signature.s()).unwrap();
    for one in [signature, other] {
        assert!(verify_join(&assemble(&input, &one.to_bytes().into()), &signer).is_ok());
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parsers_panic(text in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let signer = Signer::new();
        prop_assert!(verify_join(&text, &signer).is_err());
        prop_assert!(oidc_unverified(&text).is_err());
        let _ = der_to_raw(&bytes);
        let _ = parse_jwks(&bytes);
        let _ = EcPublicKey::from_spki_der(&bytes);
    }

    #[test]
    fn der_that_is_nearly_right_never_panics(at in 0usize..72, to in any::<u8>(), cut in 0usize..72) {
        let signer = Signer::new();
        let signature = p256::ecdsa::Signature::from_slice(&signer.sign("m")).unwrap();
        let mut der = signature.to_der().as_bytes().to_vec();
        if let Some(byte) = der.get_mut(at) {
            *byte = to;
        }
        let _ = der_to_raw(&der);
        let whole = der.len();
        der.truncate(cut);
        prop_assert!(cut >= whole || der_to_raw(&der).is_err());
    }

    #[test]
    fn a_token_with_one_character_changed_does_not_hold(place in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let signer = Signer::new();
        let token = signer.token(&join());
        let place = place.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(place..=place, &to);
        prop_assert_eq!(verify_join(&changed, &signer).is_ok(), changed == token);
    }
}
