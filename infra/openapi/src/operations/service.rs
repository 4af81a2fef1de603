//! Keys, health, the document itself.

use super::Caller::{May, Public};
use super::Operation;
use bedside_domain::permit::Action as A;

const TAG: &str = "Service";

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new("GET", "/.well-known/jwks.json", "jwks")
            .about(TAG, "Public keys of links, visit sessions and audit heads", "May be kept for five minutes.")
            .by(&[Public])
            .answers(200, "Jwks", "A JWK Set (RFC 7517), cacheable for five minutes"),
        Operation::new("GET", "/api/health", "health")
            .about(
                TAG,
                "Is it well",
                "With `deep=true`, for `admin` only, it really signs, writes and reads. Not well: 503 UNAVAILABLE.",
            )
            .by(&[Public, May(A::DeepHealth)])
            .with(&["Deep"])
            .answers(200, "Health", "Well"),
        Operation::new("GET", "/api/openapi.json", "openapi")
            .about(TAG, "This document", "It is made from the types of the code, and tests hold the two together.")
            .by(&[Public])
            .answers(200, "OpenApiDocument", "An OpenAPI 3.1 document"),
    ]
}
