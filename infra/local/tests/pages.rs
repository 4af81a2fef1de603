//! The pages as the laptop serves them, and the sign-in that they use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod http;

use std::net::SocketAddr;
use std::path::PathBuf;

use bedside_local::{Laptop, Options};
use http::{Answer, send};

// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A laptop whose pages are in a folder of this test.
struct Site {
    _laptop: Laptop,
    address: SocketAddr,
    folder: PathBuf,
}

impl Site {
    async fn open(files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("bedside-pages-{}", uuid::Uuid::now_v7()));
        for (name, text) in files {
            let file = folder.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let laptop =
            Laptop::start(Options { web: Some(folder.clone()), ..Options::default().ports_free() }).await.unwrap();
        let address = laptop.url().strip_prefix("http://").unwrap().parse().unwrap();
        Self { _laptop: laptop, address, folder }
    }

    async fn get(&self, path: &str) -> Answer {
        send(self.address, "GET", path, &[], b"").await
    }

    async fn authorize(&self, more: &str) -> Answer {
        let page = format!("http%3A%2F%2F127.0.0.1%3A{}%2Fportal", self.address.port());
        self.get(&format!(
            "/local/oidc/authorize?response_type=code&client_id=demo-practice-visits&redirect_uri={page}&state=a%26b\
             &code_challenge={CHALLENGE}&code_challenge_method=S256{more}"
        ))
        .await
    }

    async fn token(&self, form: &str) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        send(self.address, "POST", "/local/oidc/token", &kind, form.as_bytes()).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // What cannot be removed is the system's to tidy.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_of_a_page_is_answered_with_it_and_the_headers_of_the_edge() {
    let files =
        [("join/index.html", "<p>join"), ("desk/index.html", "<p>desk"), ("assets/a.js", "1"), ("assets/a.js.gz", "z")];
    let site = Site::open(&files).await;
    for path in ["/j/K7QX2MPA", "/j/K7QX2MPA%23T9WMR4VX8KQ2PLNA", "/v/R6TB3YHN", "/m/x"] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.body.as_slice()), (200, b"<p>join".as_slice()), "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    }
    assert!(site.get("/desk").await.header("content-security-policy").unwrap().contains("frame-src"));
    let asset = site.get("/assets/a.js").await;
    assert_eq!((asset.status, asset.body.as_slice()), (200, b"1".as_slice()));
    assert!(asset.header("cache-control").unwrap().contains("immutable"));
    let squeezed = send(site.address, "GET", "/assets/a.js", &[("accept-encoding", "br, gzip")], b"").await;
    assert_eq!((squeezed.header("content-encoding"), squeezed.body.as_slice()), (Some("gzip"), b"z".as_slice()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_page_is_a_problem_and_what_is_not_built_says_so() {
    let site = Site::open(&[("secret.json", "{}")]).await;
    for path in ["/assets/a.js", "/assets/../secret.json", "/secret.json", "/join/index.html", "/nothing"] {
        site.get(path).await.problem(404, "NOT_FOUND");
    }
    let unbuilt = site.get("/j/K7QX2MPA").await;
    assert_eq!(unbuilt.status, 503);
    assert!(String::from_utf8(unbuilt.body).unwrap().contains("./dev up"));
    assert!(String::from_utf8(site.get("/").await.body).unwrap().contains("Bedside on this laptop"));
    assert_eq!(send(site.address, "POST", "/j/K7QX2MPA", &[], b"").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_pages_there_are_none() {
    let laptop = Laptop::start(Options { web: None, ..Options::default().ports_free() }).await.unwrap();
    let address = laptop.url().strip_prefix("http://").unwrap().parse().unwrap();
    for path in ["/", "/j/K7QX2MPA", "/config.json"] {
        assert_eq!(send(address, "GET", path, &[], b"").await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_signs_in_by_code_and_challenge_and_renews() {
    let site = Site::open(&[]).await;
    let choice = String::from_utf8(site.authorize("").await.body).unwrap();
    assert!(choice.contains("demo-patient") && choice.contains("demo-clinician"), "{choice}");
    let sent = site.authorize("&role=patient").await;
    let back = sent.header("location").unwrap().to_owned();
    let page = format!("http://127.0.0.1:{}/portal", site.address.port());
    let (code, state) = back.strip_prefix(&format!("{page}?code=")).unwrap().split_once("&state=").unwrap();
    assert_eq!((sent.status, state), (303, "a%26b"), "the state comes back as it was");

    let form = |verifier: &str| {
        format!(
            "grant_type=authorization_code&client_id=demo-practice-visits&redirect_uri={page}&code={code}&code_verifier={verifier}"
        )
    };
    let tokens = site.token(&form(VERIFIER)).await.json();
    assert_eq!(site.token(&form(VERIFIER)).await.json()["error"], "invalid_grant", "once");
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let visits = send(site.address, "GET", "/api/visits", &[("authorization", &bearer)], b"").await;
    assert_eq!(visits.status, 200, "{visits:?}");

    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renew = format!("grant_type=refresh_token&client_id=demo-practice-visits&refresh_token={refresh}");
    assert!(site.token(&renew).await.json()["access_token"].is_string());
    assert_eq!(site.token(&renew).await.status, 400, "the old one is spent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_to_the_laptops_own_pages_alone() {
    let site = Site::open(&[]).await;
    let asks = |redirect: &str, client: &str, method: &str| {
        format!(
            "/local/oidc/authorize?response_type=code&client_id={client}&redirect_uri={redirect}&role=patient\
             &code_challenge={CHALLENGE}&code_challenge_method={method}"
        )
    };
    let page = format!("http://127.0.0.1:{}/portal", site.address.port());
    let evil = format!("http://127.0.0.1:{}.evil.example/", site.address.port());
    for path in [
        asks(&evil, "demo-practice-visits", "S256"),
        asks(&page, "other", "S256"),
        asks(&page, "demo-practice-visits", "plain"),
    ] {
        assert_eq!(site.get(&path).await.status, 400, "{path}");
    }
    let end = site.get(&format!("/local/oidc/end?post_logout_redirect_uri={evil}")).await;
    assert_eq!(end.status, 400);
}
