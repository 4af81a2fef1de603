//! What the template says of the edge: which page a path leads to, and with which headers what is served goes out.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use crate::template::{Resource, SOURCE, TemplateError, resources};

/// Before the table of pages in the function that the edge runs.
const PAGES: &str = "var pages = ";
/// Before its list of what is served by its own name.
const FILES: &str = "var files = ";

/// The edge, as far as pages go.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// The first part of a path, and the page that it leads to.
    pub(crate) pages: BTreeMap<String, String>,
    /// First parts of paths that name files or folders of files.
    pub(crate) files: Vec<String>,
    /// Headers by path, the first that fits; the last fits all.
    behaviours: Vec<(Pattern, HeaderMap)>,
}

/// What stands on the laptop for the template's parameters.
pub(crate) struct Parameters {
    /// What pages may connect to for calls.
    pub(crate) media_hosts: String,
    /// Origins whose Connect panel the desk may frame.
    pub(crate) connect_panels: String,
}

impl Parameters {
    fn fill(&self, text: &str) -> String {
        // Sign-in is of the laptop's own origin.
        let filled = text.replace("${MediaHosts}", &self.media_hosts).replace("${SignInOrigins}", "");
        let filled = filled.replace("${ConnectPanels}", &self.connect_panels);
        filled.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ;", ";")
    }
}

impl Edge {
    /// Reads the template.
    ///
    /// # Errors
    /// Where it is not of the expected form.
    pub(crate) fn load(parameters: &Parameters) -> Result<Self, TemplateError> {
        let mut found = Found::default();
        for (name, Resource { r#type, properties }) in resources::<Properties>(SOURCE)? {
            match r#type.as_str() {
                "AWS::CloudFront::Function" => found.code = properties.function_code,
                "AWS::CloudFront::Distribution" => found.distribution = properties.distribution_config,
                "AWS::CloudFront::ResponseHeadersPolicy" => {
                    let policy = properties.response_headers_policy_config.ok_or_else(|| part(&name))?;
                    found.policies.insert(name, policy.headers(parameters)?);
                }
                _ => {}
            }
        }
        let code = found.code.as_deref().ok_or_else(|| part("a function that finds pages"))?;
        let distribution = found.distribution.ok_or_else(|| part("a distribution"))?;
        let mut behaviours = distribution.cache_behaviors;
        behaviours.push(distribution.default_cache_behavior);
        let behaviours = behaviours.into_iter().filter_map(|behaviour| behaviour.read(&found.policies).transpose());
        Ok(Self {
            pages: value(code, PAGES)?,
            files: value(code, FILES)?,
            behaviours: behaviours.collect::<Result<_, _>>()?,
        })
    }

    /// The headers of what is served at a path.
    pub(crate) fn headers(&self, path: &str) -> HeaderMap {
        let fitting = self.behaviours.iter().find(|(pattern, _)| pattern.fits(path));
        fitting.map(|(_, headers)| headers.clone()).unwrap_or_default()
    }
}

/// A path, where `*` at its end stands for anything.
#[derive(Clone, Debug)]
struct Pattern(String);

impl Pattern {
    fn fits(&self, path: &str) -> bool {
        self.0.strip_suffix('*').map_or(path == self.0, |beginning| path.starts_with(beginning))
    }
}

#[derive(Default)]
struct Found {
    code: Option<String>,
    distribution: Option<Distribution>,
    policies: BTreeMap<String, HeaderMap>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Properties {
    function_code: Option<String>,
    distribution_config: Option<Distribution>,
    response_headers_policy_config: Option<Policy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Distribution {
    default_cache_behavior: Behaviour,
    cache_behaviors: Vec<Behaviour>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Behaviour {
    path_pattern: Option<String>,
    response_headers_policy_id: Option<String>,
}

impl Behaviour {
    /// None for one that passes on to the API, whose answers carry headers of their own.
    fn read(self, policies: &BTreeMap<String, HeaderMap>) -> Result<Option<(Pattern, HeaderMap)>, TemplateError> {
        let Some(policy) = self.response_headers_policy_id else { return Ok(None) };
        let headers = policies.get(&policy).cloned().ok_or_else(|| part(&policy))?;
        Ok(Some((Pattern(self.path_pattern.unwrap_or_else(|| "*".to_owned())), headers)))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    security_headers_config: Security,
    custom_headers_config: Custom,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Security {
    strict_transport_security: Transport,
    referrer_policy: Referrer,
    frame_options: Option<Frame>,
    content_security_policy: Option<Content>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transport {
    access_control_max_age_sec: u64,
    include_subdomains: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Referrer {
    referrer_policy: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Frame {
    frame_option: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    content_security_policy: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Custom {
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    header: String,
    value: String,
}

impl Policy {
    /// The headers that CloudFront makes of it:
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html>
    fn headers(self, parameters: &Parameters) -> Result<HeaderMap, TemplateError> {
        let Security { strict_transport_security: transport, referrer_policy, frame_options, content_security_policy } =
            self.security_headers_config;
        let subdomains = if transport.include_subdomains { "; includeSubDomains" } else { "" };
        let mut named = vec![
            (
                "strict-transport-security".to_owned(),
                format!("max-age={}{subdomains}", transport.access_control_max_age_sec),
            ),
            ("x-content-type-options".to_owned(), "nosniff".to_owned()),
            ("referrer-policy".to_owned(), referrer_policy.referrer_policy),
        ];
        named.extend(frame_options.map(|frame| ("x-frame-options".to_owned(), frame.frame_option)));
        let content = content_security_policy.map(|content| parameters.fill(&content.content_security_policy));
        named.extend(content.map(|content| ("content-security-policy".to_owned(), content)));
        named.extend(self.custom_headers_config.items.into_iter().map(|item| (item.header, item.value)));
        named.into_iter().map(header).collect()
    }
}

fn header((name, value): (String, String)) -> Result<(HeaderName, HeaderValue), TemplateError> {
    let wrong = || TemplateError::Part(format!("the edge's header {name} is {value}"));
    Ok((name.to_ascii_lowercase().parse().map_err(|_| wrong())?, HeaderValue::from_str(&value).map_err(|_| wrong())?))
}

/// A value of the function's code: what stands there is JSON as well.
fn value<T: serde::de::DeserializeOwned>(code: &str, before: &str) -> Result<T, TemplateError> {
    let rest = code.split_once(before).and_then(|(_, rest)| rest.split_once(";\n")).map(|(value, _)| value);
    rest.and_then(|value| serde_json::from_str(value).ok()).ok_or_else(|| part(before))
}

fn part(what: &str) -> TemplateError {
    TemplateError::Part(format!("the edge lacks {what}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn edge() -> Edge {
        framing("")
    }

    fn framing(panels: &str) -> Edge {
        let parameters =
            Parameters { media_hosts: "ws://127.0.0.1:8788".to_owned(), connect_panels: panels.to_owned() };
        Edge::load(&parameters).unwrap()
    }

    #[test]
    fn every_page_runs_nothing_but_its_own_scripts_and_is_framed_by_nobody() {
        let edge = edge();
        for path in ["/j/K7QX2MPA", "/v/R6TB3YHN", "/portal", "/check", "/desk", "/"] {
            let headers = edge.headers(path);
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
            assert!(policy.ends_with("base-uri 'none'; frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("unsafe") && !policy.contains('$') && !policy.contains("  "), "{policy}");
            assert_eq!(headers["x-frame-options"], "DENY");
            assert_eq!(headers["referrer-policy"], "no-referrer");
            assert_eq!(headers["cache-control"], "no-cache");
            assert!(headers["permissions-policy"].to_str().unwrap().starts_with("camera="));
        }
        assert!(
            edge.headers("/j/x")["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("connect-src 'self' ws://127.0.0.1:8788;")
        );
        assert_eq!(edge.headers("/j/x")["cross-origin-opener-policy"], "same-origin");
    }

    #[test]
    fn only_the_desk_frames_and_only_the_widget_is_for_other_origins() {
        let edge = edge();
        let policy = |edge: &Edge, path| edge.headers(path)["content-security-policy"].to_str().unwrap().to_owned();
        let frames = |path| policy(&edge, path).contains("frame-src");
        assert!(frames("/desk") && !frames("/j/x") && !frames("/portal"));
        assert!(policy(&edge, "/desk").contains("; frame-src; "), "nothing where no panel is named");
        let panels = "https://a.my.connect.aws https://b.my.connect.aws";
        assert!(policy(&framing(panels), "/desk").contains(&format!("; frame-src {panels}; ")));
        assert_eq!(edge.headers("/widget.js")["access-control-allow-origin"], "*");
        assert!(!edge.headers("/assets/a.js").contains_key("access-control-allow-origin"));
        assert!(edge.headers("/assets/a.js")["cache-control"].to_str().unwrap().contains("immutable"));
    }

    #[test]
    fn each_way_in_leads_to_its_page() {
        let pages = edge().pages;
        for (name, page) in
            [("j", "join"), ("v", "join"), ("m", "join"), ("check", "check"), ("portal", "portal"), ("desk", "desk")]
        {
            assert_eq!(pages[name], page);
        }
        assert!(!pages.contains_key("demo"), "the laptop alone has it");
    }

    #[test]
    fn what_is_not_there_is_said() {
        assert!(value::<Vec<String>>("var files = [1", FILES).is_err());
        assert!(matches!(part("x"), TemplateError::Part(_)));
    }
}
