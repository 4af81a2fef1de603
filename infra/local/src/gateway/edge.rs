//! What the edge before API Gateway does: it refuses what it would never pass on, and says who is calling.

use std::net::{IpAddr, SocketAddr};

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::Problem;

/// Where the caller of the laptop says to be.
const LOCAL_ADDRESS: HeaderName = HeaderName::from_static("x-local-address");
/// The country that the caller of the laptop says to be in.
const LOCAL_COUNTRY: HeaderName = HeaderName::from_static("x-local-country");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const ORIGIN_SECRET: HeaderName = HeaderName::from_static("x-origin-secret");
const VIEWER_ADDRESS: HeaderName = HeaderName::from_static("cloudfront-viewer-address");
const VIEWER_COUNTRY: HeaderName = HeaderName::from_static("cloudfront-viewer-country");
/// Headers by which only the edge may speak; those of a client are dropped.
const EDGE_PREFIXES: [&str; 3] = ["cloudfront-", "x-forwarded-", "x-local-"];
/// Headers between two hops (RFC 9110, 7.6.1), not for the function.
const HOP_BY_HOP: [&str; 8] =
    ["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect", "proxy-connection"];

/// Refuses requests that do not name loopback and this port: a web page elsewhere can point a name of its own here.
///
/// # Errors
/// 400 for a `Host` that is missing, repeated or no host; 403 for another's.
pub(crate) fn check_host(parts: &Parts, port: u16) -> Result<(), Problem> {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Problem::malformed("The request must have one Host header."));
    };
    let host = host.to_str().unwrap_or_default();
    // A request in absolute form names its host twice (RFC 9112, 3.2.2).
    let named = parts.uri.authority().map(http::uri::Authority::as_str);
    for name in [Some(host), named].into_iter().flatten() {
        let well_formed = name.parse::<http::uri::Authority>().is_ok_and(|authority| !authority.as_str().contains('@'));
        if !well_formed {
            return Err(Problem::malformed("The Host header is not a host."));
        }
        if !is_ours(name, port) {
            return Err(Problem::forbidden("This program answers to the names of loopback only."));
        }
    }
    Ok(())
}

/// Refuses a key that a function would be shown with other letters.
///
/// # Errors
/// 400 for an `Idempotency-Key` that is not ASCII.
pub(crate) fn check_idempotency_key(headers: &HeaderMap) -> Result<(), Problem> {
    let is_ascii = headers.get_all("idempotency-key").iter().all(|key| key.as_bytes().is_ascii());
    if is_ascii { Ok(()) } else { Err(Problem::malformed("The Idempotency-Key header is not plain text.")) }
}

/// Refuses pages of other origins.
///
/// # Errors
/// 403 for an `Origin` that is not loopback on this port.
pub(crate) fn check_origin(headers: &HeaderMap, port: u16) -> Result<(), Problem> {
    let foreign = headers.get_all(ORIGIN).iter().any(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        !origin.strip_prefix("http://").is_some_and(|host| is_ours(host, port))
    });
    if foreign { Err(Problem::forbidden("Pages of other origins may not use this.")) } else { Ok(()) }
}

fn is_ours(host: &str, port: u16) -> bool {
    let host = host.to_ascii_lowercase();
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        host.strip_prefix(name).is_some_and(|rest| match rest.strip_prefix(':') {
            Some(given) => given.parse() == Ok(port) && given.bytes().all(|byte| byte.is_ascii_digit()),
            None => rest.is_empty() && port == 80,
        })
    })
}

/// Who calls, as the edge tells the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) address: IpAddr,
    port: u16,
    country: Option<String>,
}

impl Caller {
    /// The peer, or whom the peer says to be: on a laptop all come from loopback.
    ///
    /// # Errors
    /// 400 for what is no address or no country.
    pub(crate) fn read(headers: &HeaderMap, peer: SocketAddr) -> Result<Self, Problem> {
        let address = match headers.get(LOCAL_ADDRESS) {
            None => peer.ip(),
            Some(given) => given
                .to_str()
                .ok()
                .and_then(|given| given.parse().ok())
                .ok_or_else(|| Problem::malformed("X-Local-Address must be an IP address."))?,
        };
        let country = match headers.get(LOCAL_COUNTRY).map(HeaderValue::to_str) {
            None => None,
            Some(Ok(given)) if given.len() == 2 && given.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                Some(given.to_owned())
            }
            Some(_) => return Err(Problem::malformed("X-Local-Country must be a country's code, such as US.")),
        };
        Ok(Self { address, port: peer.port(), country })
    }
}

/// The headers as the function gets them: the client's own, but for those that only the edge may set, and the edge's.
///
/// # Errors
/// 400 for an `X-Forwarded-Proto` that is no scheme.
pub(crate) fn forwarded(headers: &HeaderMap, caller: &Caller, port: u16, secret: &str) -> Result<HeaderMap, Problem> {
    for proto in headers.get_all(FORWARDED_PROTO) {
        if proto != "http" && proto != "https" {
            return Err(Problem::malformed("X-Forwarded-Proto must be http or https."));
        }
    }
    let mut forwarded = HeaderMap::with_capacity(headers.len() + 6);
    for (name, value) in headers {
        let text = name.as_str();
        let edges = *name == ORIGIN_SECRET || EDGE_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
        if !edges && !HOP_BY_HOP.contains(&text) {
            forwarded.append(name, value.clone());
        }
    }
    // The left end is the client's word, the right end the edge's.
    let before = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let chain: Vec<String> = before.map(str::to_owned).chain([caller.address.to_string()]).collect();
    let mut set = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            forwarded.insert(name, value);
        }
    };
    set(FORWARDED_FOR, chain.join(", "));
    set(FORWARDED_PROTO, "http".to_owned());
    set(FORWARDED_PORT, port.to_string());
    // Address and port without brackets, of IPv6 too:
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
    set(VIEWER_ADDRESS, format!("{}:{}", caller.address, caller.port));
    if let Some(country) = &caller.country {
        set(VIEWER_COUNTRY, country.clone());
    }
    set(ORIGIN_SECRET, secret.to_owned());
    Ok(forwarded)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| (HeaderName::from_static(name), value.parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    fn host(uri: &str, hosts: &[&str]) -> Result<(), u16> {
        let mut request = http::Request::get(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check_host(&parts, 8787).map_err(|problem| problem.status.as_u16())
    }

    #[test]
    fn only_loopback_with_the_port_is_a_host() {
        for good in ["127.0.0.1:8787", "localhost:8787", "LocalHost:8787", "[::1]:8787"] {
            assert_eq!(host("/", &[good]), Ok(()), "{good}");
        }
        for foreign in ["127.0.0.1", "localhost:8788", "localhost.evil.example:8787", "127.0.0.10:8787", "[::1]"] {
            assert_eq!(host("/", &[foreign]), Err(403), "{foreign}");
        }
        for malformed in [&["a b"][..], &["u@localhost:8787"], &["localhost:8787", "localhost:8787"], &[], &["["]] {
            assert_eq!(host("/", malformed), Err(400), "{malformed:?}");
        }
        assert_eq!(host("http://evil.example/", &["localhost:8787"]), Err(403));
    }

    #[test]
    fn only_pages_of_loopback_on_this_port_pass() {
        for good in ["http://127.0.0.1:8787", "http://localhost:8787"] {
            assert_eq!(check_origin(&headers(&[("origin", good)]), 8787), Ok(()));
        }
        assert_eq!(check_origin(&HeaderMap::new(), 8787), Ok(()));
        for bad in ["null", "https://127.0.0.1:8787", "http://evil.example:8787", "http://127.0.0.1:8788", ""] {
            assert!(check_origin(&headers(&[("origin", bad)]), 8787).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_client_cannot_speak_as_the_edge() {
        let given = headers(&[
            ("x-local-address", "198.51.100.7"),
            ("x-local-country", "CA"),
            ("x-origin-secret", "guessed"),
            ("cloudfront-viewer-address", "203.0.113.1:1"),
            ("cloudfront-viewer-country", "US"),
            ("cloudfront-is-mobile-viewer", "true"),
            ("x-forwarded-for", "203.0.113.9"),
            ("connection", "close"),
            ("dpop", "one"),
            ("dpop", "two"),
        ]);
        let caller = Caller::read(&given, ([127, 0, 0, 1], 50_000).into()).unwrap();
        assert_eq!(caller.address.to_string(), "198.51.100.7");
        let passed = forwarded(&given, &caller, 8787, "the secret").unwrap();
        let expected = headers(&[
            ("dpop", "one"),
            ("dpop", "two"),
            ("x-forwarded-for", "203.0.113.9, 198.51.100.7"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-port", "8787"),
            ("cloudfront-viewer-address", "198.51.100.7:50000"),
            ("cloudfront-viewer-country", "CA"),
            ("x-origin-secret", "the secret"),
        ]);
        assert_eq!(passed, expected);
    }

    #[test]
    fn what_is_no_address_no_country_or_no_scheme_is_refused() {
        let peer = ([127, 0, 0, 1], 1).into();
        assert!(Caller::read(&headers(&[("x-local-address", "1.2.3")]), peer).is_err());
        assert!(Caller::read(&headers(&[("x-local-country", "usa")]), peer).is_err());
        let caller = Caller::read(&HeaderMap::new(), peer).unwrap();
        assert!(forwarded(&headers(&[("x-forwarded-proto", "a b")]), &caller, 80, "").is_err());
        assert!(forwarded(&headers(&[("x-forwarded-proto", "https")]), &caller, 80, "").is_ok());
    }
}
