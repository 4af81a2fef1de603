//! An identity provider's access token holds for the tenant's own client alone, by the provider's own keys.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signer;

use bedside_domain::jose::*;
use jiff::Timestamp;
use serde_json::{Value, json};
use signer::Signer;

const NOW: i64 = 1_796_000_000;
/// An RS256 access token and the modulus of its key, made by OpenSSL.
const RSA_N: &str = "rfz8fbcKa0kOLexrZMjXiBBdxJp2RM94ymI9gOdIX0-gum1cWP6-HoL_gSuq_nUG3C62jDC8wGJdrWx1bcTZxASAd6HWzLC5TGCdWxyw_g8VTNFrKY_OX0l4tjDQNbTrq9sLDgSh1GhqbierdxWlmmrrJ7KkIBiFOx5uGotAtSk742bBbwjN_PHggBJq8sl36Tw4S-3pz1Vh_m-nV4kooeSg0lXeucolDUsNPURi5r0h_5cqOd3B3yqrizlsixg5qX2VW9Ann99X49qXv-ktf8EGRpRr8SiIKqNWPJH9moqCXXmobic4wYggw7Wvdeu2wpyPWiiGbfdxJJ7rYhZuxQ";
const RS256_TOKEN: &str = "eyJhbGciOiAiUlMyNTYiLCAidHlwIjogImF0K2p3dCIsICJraWQiOiAiaWRwLTEiLCAieDV0IjogImRHVnpkQSJ9.eyJpc3MiOiAiaHR0cHM6Ly9pZC5leGFtcGxlLmNvbSIsICJhdWQiOiBbInZpc2l0cyIsICJvdGhlciJdLCAic3ViIjogInUtOSIsICJleHAiOiAxNzk2MDAwMDAwLCAiaWF0IjogMTc5NTk5NjQwMCwgInJvbGVzIjogWyJhZG1pbiIsICJhdWRpdG9yIl19.Rz0w-PIoZ1lspy-2D-XwJc9lvDUk9RCo9uag0v0FH_W8_Rm2zHAhic_WDVYRl7lXXMi8Qe3DzmAfP3Ek7-1oGBlpwtxLTEq4dT9gktr7zsiE8m0BLuiMz734QUBtw5Gct38oeyLOmu9zsgrDlNRWs7O0NLU_16I8R2IFfnqhVjSxaODoDtHDL1TBdGEcrF1zpT5uXl7H-bnL3o_mMVVBghuilMXKr1W73CDUyWCVQKDmoFG4XJAebFdLnJ5-4RkAsembHKdBEySOXXOmnT3aiGFOhJGvVn1Fbnhay0n-bEiNgPfRx_BslxPEqG90cH9yUbsazJphkWUFMPRnzSCgzg";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn ec_key(signer: &Signer, kid: Option<&str>) -> OidcKey {
    OidcKey { kid: kid.map(str::to_owned), key: VerifyingKey::Ec(signer.public.clone()) }
}

fn access(claims: &Value) -> String {
    let mut all = json!({ "iss": "https://id.example.com", "sub": "u-9", "exp": NOW + 60 });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    all.to_string()
}

const OIDC_HEADER: &str = r#"{"alg":"ES256","typ":"JWT","kid":"k","x5t":"ignored"}"#;

fn verify_access(token: &str, keys: &[OidcKey]) -> Result<OidcToken, TokenError> {
    oidc_verify(token, keys, "https://id.example.com", "visits", at(NOW))
}

#[test]
fn a_providers_rs256_token_verifies_and_names_its_roles() {
    let jwks =
        json!({ "keys": [{ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "idp-1", "n": RSA_N, "e": "AQAB" }] });
    let keys = parse_jwks(jwks.to_string().as_bytes());
    assert_eq!(keys.len(), 1);
    let unverified = oidc_unverified(RS256_TOKEN).unwrap();
    assert_eq!(unverified.issuer, "https://id.example.com");
    assert_eq!(unverified.clients, ["visits", "other"]);
    assert_eq!((unverified.kid.as_deref(), unverified.algorithm), (Some("idp-1"), Algorithm::Rs256));

    let token = oidc_verify(RS256_TOKEN, &keys, "https://id.example.com", "visits", at(1_795_999_000)).unwrap();
    assert_eq!(token.roles("roles"), ["admin", "auditor"]);
    assert_eq!(token.subject("sub").as_deref(), Some("u-9"));
    assert_eq!(token.expires_at, at(1_796_000_000));
    let late = oidc_verify(RS256_TOKEN, &keys, "https://id.example.com", "visits", at(1_796_000_060));
    assert_eq!(late, Err(TokenError::Expired));
    let mut forged = RS256_TOKEN.to_owned();
    forged.replace_range(
        forged.len() - 40..forged.len() - 39,
        if &forged[forged.len() - 40..forged.len() - 39] == "A" { "B" } else { "A" },
    );
    assert_eq!(verify_access(&forged, &keys), Err(TokenError::BadSignature));
}

#[test]
fn an_access_token_must_be_for_our_client() {
    let signer = Signer::new();
    let keys = [ec_key(&signer, Some("k"))];
    let with = |claims: Value| verify_access(&signer.raw(OIDC_HEADER, &access(&claims)), &keys).map(|_| ());
    for right in [
        json!({ "aud": "visits" }),
        json!({ "aud": ["account", "visits"] }),
        json!({ "client_id": "visits", "token_use": "access" }),
        json!({ "azp": "visits" }),
    ] {
        assert_eq!(with(right.clone()), Ok(()), "{right}");
    }
    for foreign in [
        json!({}),
        json!({ "aud": "other" }),
        json!({ "aud": [] }),
        json!({ "aud": null, "client_id": "visits" }),
        json!({ "aud": "other", "client_id": "visits", "azp": "visits" }),
        json!({ "client_id": "visit" }),
        json!({ "aud": "visits", "iss": "https://id.example.com/" }),
    ] {
        assert_eq!(with(foreign.clone()), Err(TokenError::WrongIssuerOrAudience), "{foreign}");
    }
    assert_eq!(with(json!({ "aud": "visits", "token_use": "id" })), Err(TokenError::WrongType));
    assert_eq!(with(json!({ "aud": "visits", "exp": NOW - 60 })), Err(TokenError::Expired));
    assert_eq!(with(json!({ "aud": "visits", "exp": (NOW as f64) - 58.5 })), Ok(()));
    assert_eq!(with(json!({ "aud": "visits", "nbf": NOW + 61 })), Err(TokenError::NotYet));
    assert_eq!(with(json!({ "aud": "visits", "exp": "soon" })), Err(TokenError::Malformed));
}

#[test]
fn a_providers_header_may_be_plain_but_never_bring_a_key() {
    let signer = Signer::new();
    let keys = [ec_key(&signer, Some("k"))];
    let payload = access(&json!({ "aud": "visits" }));
    let with = |header: &str| verify_access(&signer.raw(header, &payload), &keys).map(|_| ());
    for right in [
        OIDC_HEADER,
        r#"{"alg":"ES256","kid":"k"}"#,
        r#"{"alg":"ES256","kid":"k","typ":"at+jwt"}"#,
        r#"{"alg":"ES256","kid":"k","typ":"jwt"}"#,
        r#"{"alg":"ES256"}"#,
    ] {
        assert_eq!(with(right), Ok(()), "{right}");
    }
    for (wrong, error) in [
        (r#"{"alg":"ES256","kid":"k","jwk":{}}"#, TokenError::Malformed),
        (r#"{"alg":"ES256","kid":"k","jku":"https://evil.example.com"}"#, TokenError::Malformed),
        (r#"{"alg":"ES256","kid":"k","x5u":"https://evil.example.com"}"#, TokenError::Malformed),
        (r#"{"alg":"ES256","kid":"k","crit":[]}"#, TokenError::Malformed),
        (r#"{"alg":"none"}"#, TokenError::Malformed),
        (r#"{"alg":"HS256","kid":"k"}"#, TokenError::Malformed),
        (r#"{"alg":"RS256","kid":"k"}"#, TokenError::WrongKey),
        (r#"{"alg":"ES256","kid":"other"}"#, TokenError::WrongKey),
        (r#"{"alg":"ES256","kid":"k","typ":"join+jwt"}"#, TokenError::WrongType),
    ] {
        assert_eq!(with(wrong), Err(error), "{wrong}");
    }
    let nameless = signer.raw(r#"{"alg":"ES256"}"#, &payload);
    let two = [ec_key(&signer, None), ec_key(&Signer::new(), None)];
    assert_eq!(verify_access(&nameless, &two), Err(TokenError::WrongKey), "nothing says which key");
}

#[test]
fn roles_and_subject_are_read_from_the_claims_the_tenant_chose() {
    let signer = Signer::new();
    let claims =
        json!({ "aud": "visits", "scope": "openid  clinician", "cognito:groups": ["admin", 7], "n": 3, "empty": "" });
    let token = verify_access(&signer.raw(OIDC_HEADER, &access(&claims)), &[ec_key(&signer, Some("k"))]).unwrap();
    assert_eq!(token.roles("scope"), ["openid", "clinician"]);
    assert_eq!(token.roles("cognito:groups"), ["admin"]);
    assert!(token.roles("n").is_empty() && token.roles("none").is_empty());
    assert_eq!((token.subject("n"), token.subject("empty"), token.subject("none")), (None, None, None));
}

#[test]
fn a_key_set_gives_what_can_be_used() {
    let jwk = serde_json::to_value(Signer::new().public.to_jwk()).unwrap();
    let changed = |name: &str, value: Value| {
        let mut other = jwk.clone();
        other[name] = value;
        other
    };
    let set = |keys: &[Value]| parse_jwks(json!({ "keys": keys }).to_string().as_bytes());
    assert_eq!(set(std::slice::from_ref(&jwk)).len(), 1);
    let unusable = [
        changed("use", json!("enc")),
        changed("alg", json!("ES384")),
        changed("crv", json!("P-384")),
        changed("kty", json!("oct")),
        changed("x", json!("AA")),
        changed("kid", json!(1)),
        changed("key_ops", json!(["sign"])),
        json!({ "kty": "RSA", "n": RSA_N[..200].to_owned(), "e": "AQAB" }),
        json!({ "kty": "RSA", "n": RSA_N, "e": "AQ" }),
        json!({ "kty": "RSA", "alg": "RSA-OAEP", "n": RSA_N, "e": "AQAB" }),
        json!("text"),
    ];
    assert_eq!(set(&unusable), []);
    assert_eq!(set(&vec![jwk.clone(); 100]).len(), 64);
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#] {
        assert_eq!(parse_jwks(text.as_bytes()), []);
    }
}
