//! A proof holds for one request, at its time, by its key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signer;

use bedside_domain::dpop::{DpopError, Proof, access_token_hash, verify};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use signer::Signer;

const NOW: i64 = 1_796_000_000;
const URL: &str = "https://visit.example.com/api/session/join";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn jwk(signer: &Signer) -> Value {
    let jwk = signer.public.to_jwk();
    json!({ "kty": "EC", "crv": "P-256", "x": jwk.x, "y": jwk.y })
}

fn header(signer: &Signer) -> Value {
    json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk(signer) })
}

fn claims() -> Value {
    json!({ "jti": "j-1", "htm": "POST", "htu": URL, "iat": NOW })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

fn check(signer: &Signer, header: &Value, claims: &Value, token: Option<&str>) -> Result<Proof, DpopError> {
    let proof = signer.raw(&header.to_string(), &claims.to_string());
    verify(&proof, "POST", &["https://other.example.com/x".into(), URL.into()], at(NOW), token)
}

fn is_invalid(result: &Result<Proof, DpopError>) -> bool {
    matches!(result, Err(DpopError::Invalid(_)))
}

#[test]
fn a_right_proof_gives_key_id_and_time() {
    let signer = Signer::new();
    let proof = check(&signer, &header(&signer), &claims(), None).unwrap();
    assert_eq!(&proof.thumbprint, signer.public.thumbprint());
    assert_eq!((proof.jti.as_str(), proof.issued_at), ("j-1", at(NOW)));
}

#[test]
fn the_examples_of_rfc_9449_verify() {
    // Sections 4.1, 7.1 and 6.1.
    let jwk = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";
    let first = format!(
        "{jwk}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
    );
    let proof = verify(&first, "POST", &["https://server.example.com/token".into()], at(1_562_262_616), None).unwrap();
    assert_eq!(proof.thumbprint.as_str(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    assert_eq!(proof.jti, "-BwC3ESc6acc2lTc");

    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    assert_eq!(access_token_hash(token), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    let second = format!(
        "{jwk}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
    );
    let urls = ["https://resource.example.org/protectedresource".to_owned()];
    assert!(verify(&second, "GET", &urls, at(1_562_262_618), Some(token)).is_ok());
}

#[test]
fn the_header_is_a_proofs_and_its_key_public() {
    let signer = Signer::new();
    let right = header(&signer);
    let foreign = Signer::new();
    let wrong = [
        with(right.clone(), "typ", json!("JWT")),
        without(right.clone(), "typ"),
        with(right.clone(), "alg", json!("none")),
        with(right.clone(), "alg", json!("HS256")),
        with(right.clone(), "alg", json!("RS256")),
        without(right.clone(), "jwk"),
        with(right.clone(), "jwk", jwk(&foreign)),
        with(right.clone(), "jwk", with(jwk(&signer), "d", json!("AA"))),
        with(right.clone(), "jwk", with(jwk(&signer), "kty", json!("oct"))),
        with(right.clone(), "jwk", with(jwk(&signer), "crv", json!("P-384"))),
        with(right.clone(), "jwk", with(jwk(&signer), "x", jwk(&foreign)["x"].clone())),
        with(right.clone(), "jwk", without(jwk(&signer), "y")),
        with(right.clone(), "crit", json!(["b64"])),
        with(right.clone(), "jku", json!("https://evil.example.com")),
        with(right.clone(), "x5c", json!([])),
    ];
    for header in wrong {
        assert!(is_invalid(&check(&signer, &header, &claims(), None)), "{header}");
    }
    for extra in [with(jwk(&signer), "ext", json!(true)), with(jwk(&signer), "key_ops", json!(["verify"]))] {
        assert!(check(&signer, &with(right.clone(), "jwk", extra), &claims(), None).is_ok());
    }
    let twice = right.to_string().replacen('{', r#"{"typ":"dpop+jwt","#, 1);
    let proof = signer.raw(&twice, &claims().to_string());
    assert!(is_invalid(&verify(&proof, "POST", &[URL.into()], at(NOW), None)));
}

#[test]
fn a_proof_is_for_one_method_and_one_url() {
    let signer = Signer::new();
    let with_claim = |name: &str, value: Value| check(&signer, &header(&signer), &with(claims(), name, value), None);
    for htm in ["GET", "post", "", "POST "] {
        assert!(is_invalid(&with_claim("htm", json!(htm))), "{htm}");
    }
    for htu in [
        "https://visit.example.com/api/session/join?a=b",
        "https://visit.example.com/api/session/join#f",
        "https://visit.example.com/api/session/join?a=b#f?/",
        "HTTPS://Visit.Example.COM:443/api/session/join",
        "https://visit.example.com:/api/session/join",
    ] {
        assert!(with_claim("htu", json!(htu)).is_ok(), "{htu}");
    }
    for htu in [
        "http://visit.example.com/api/session/join",
        "https://visit.example.com:80/api/session/join",
        "https://visit.example.com:8443/api/session/join",
        "https://evil.example.com/api/session/join",
        "https://visit.example.com@evil.example.com/api/session/join",
        "https://u@visit.example.com/api/session/join",
        "https://visit.example.com/api/session/Join",
        "https://visit.example.com/api/session/join/",
        "https://visit.example.com//api/session/join",
        "https://visit.example.com",
        "/api/session/join",
        "https:///api/session/join",
        "https://visit.example.com/api/session/join ",
        "",
    ] {
        assert!(is_invalid(&with_claim("htu", json!(htu))), "{htu}");
    }
    for name in ["htm", "htu", "jti", "iat"] {
        assert!(is_invalid(&check(&signer, &header(&signer), &without(claims(), name), None)), "{name}");
        assert!(is_invalid(&with_claim(name, Value::Null)), "{name}");
    }
    let root =
        signer.raw(&header(&signer).to_string(), &with(claims(), "htu", json!("http://LOCALHOST:80")).to_string());
    assert!(verify(&root, "POST", &["http://localhost/".into()], at(NOW), None).is_ok());
}

#[test]
fn the_id_has_1_to_128_bytes() {
    let signer = Signer::new();
    for (length, holds) in [(0, false), (1, true), (128, true), (129, false)] {
        let claims = with(claims(), "jti", json!("j".repeat(length)));
        assert_eq!(check(&signer, &header(&signer), &claims, None).is_ok(), holds, "{length}");
    }
}

#[test]
fn beside_an_access_token_its_hash_must_stand() {
    let signer = Signer::new();
    let right = with(claims(), "ath", json!(access_token_hash("token")));
    assert!(check(&signer, &header(&signer), &right, Some("token")).is_ok());
    assert!(is_invalid(&check(&signer, &header(&signer), &right, Some("Token"))));
    assert!(is_invalid(&check(&signer, &header(&signer), &claims(), Some("token"))));
}

#[test]
fn clock_skew_is_said_only_when_all_else_holds() {
    let signer = Signer::new();
    for (off, expected) in [(-61, false), (-60, true), (60, true), (61, false), (i64::MAX - NOW, false)] {
        let claims = with(claims(), "iat", json!(NOW + off));
        let result = check(&signer, &header(&signer), &claims, None);
        assert_eq!(result.is_ok(), expected, "{off}");
        if off.abs() == 61 {
            assert_eq!(result, Err(DpopError::ClockSkew));
        }
    }
    let late = with(claims(), "iat", json!(NOW - 3_600));
    assert_eq!(check(&signer, &header(&signer), &late, None), Err(DpopError::ClockSkew));
    assert!(is_invalid(&check(&signer, &header(&signer), &with(late.clone(), "htm", json!("GET")), None)));
    assert!(is_invalid(&check(&signer, &header(&signer), &late, Some("token"))));
    let foreign = header(&Signer::new());
    assert!(is_invalid(&check(&signer, &foreign, &late, None)));
    let fraction = with(claims(), "iat", json!(NOW as f64 + 0.5));
    assert!(check(&signer, &header(&signer), &fraction, None).is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,300}", htu in ".{0,60}") {
        prop_assert!(verify(&text, "POST", &[URL.into()], at(NOW), None).is_err());
        let signer = Signer::new();
        let claims = with(claims(), "htu", json!(htu));
        prop_assert!(check(&signer, &header(&signer), &claims, None).is_err());
    }

    #[test]
    fn a_proof_with_one_character_changed_does_not_hold(place in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let signer = Signer::new();
        let proof = signer.raw(&header(&signer).to_string(), &claims().to_string());
        let place = place.index(proof.len());
        let mut changed = proof.clone();
        changed.replace_range(place..=place, &to);
        prop_assert_eq!(verify(&changed, "POST", &[URL.into()], at(NOW), None).is_ok(), changed == proof);
    }
}
