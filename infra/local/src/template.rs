//! `template.yaml` as the laptop needs it: its routes, and what API Gateway answers by itself. The one truth for both
//! the cloud and this program.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The template, as it was when this program was built.
pub(crate) const SOURCE: &str = include_str!("../../../template.yaml");
/// Where a function's build stands, before its name.
const BUILDS: &str = "target/lambda/";

/// Why the template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is not YAML of the expected form.
    #[error("template.yaml cannot be read: {0}")]
    Yaml(#[from] yaml_serde::Error),
    /// A part of it is not as it must be.
    #[error("template.yaml: {0}")]
    Part(String),
}

/// A route of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method it takes.
    pub method: Method,
    /// The path with parameters in braces, such as `/api/visits/{visitId}`.
    pub path: String,
    /// The function behind it: its folder, such as `start-visit`.
    pub function: String,
}

/// What API Gateway answers by itself, without a function.
#[derive(Clone, Debug)]
pub struct GatewayResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: Vec<(HeaderName, ResponseHeader)>,
    /// The body, with `$context.requestId` where the request's id belongs.
    pub body: String,
}

/// A header's value in a gateway response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseHeader {
    /// Always the same.
    Fixed(HeaderValue),
    /// The request's id.
    RequestId,
}

/// The answers that API Gateway gives by itself.
#[derive(Clone, Debug)]
pub struct GatewayResponses {
    /// To an unknown path or method: API Gateway calls that a missing authentication token.
    pub unknown_route: GatewayResponse,
    /// To a body beyond its limit.
    pub too_large: GatewayResponse,
    /// When it cannot make sense of the request.
    pub bad_request: GatewayResponse,
    /// When the function died, took too long, or answered nonsense.
    pub failed: GatewayResponse,
}

/// What the template says.
#[derive(Clone, Debug)]
pub struct Template {
    /// The API's routes.
    pub routes: Vec<Route>,
    /// The functions that run by a schedule, or by what services tell.
    pub behind_events: Vec<String>,
    /// The gateway's own answers.
    pub responses: GatewayResponses,
}

/// A resource, with those of its properties that somebody reads.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Resource<P> {
    pub(crate) r#type: String,
    #[serde(default = "P::default", bound(deserialize = "P: Default + Deserialize<'de>"))]
    pub(crate) properties: P,
}

/// The resources of a template, by their names.
pub(crate) fn resources<P: Default + DeserializeOwned>(
    source: &str,
) -> Result<BTreeMap<String, Resource<P>>, TemplateError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase", bound(deserialize = "P: Default + Deserialize<'de>"))]
    struct Source<P> {
        resources: BTreeMap<String, Resource<P>>,
    }
    let Source { resources } = yaml_serde::from_str(source)?;
    Ok(resources)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Properties {
    code_uri: Option<String>,
    events: BTreeMap<String, Event>,
    gateway_responses: BTreeMap<String, ResponseSource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    r#type: String,
    properties: EventProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct EventProperties {
    method: Option<String>,
    path: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResponseSource {
    status_code: u16,
    response_templates: BTreeMap<String, String>,
    response_parameters: ResponseParameters,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResponseParameters {
    headers: BTreeMap<String, String>,
}

impl Template {
    /// Reads the project's template.
    ///
    /// # Errors
    /// Where it is not of the expected form.
    pub fn load() -> Result<Self, TemplateError> {
        Self::parse(SOURCE)
    }

    fn parse(source: &str) -> Result<Self, TemplateError> {
        let (mut routes, mut behind_events, mut responses) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (name, Resource { r#type, properties }) in resources::<Properties>(source)? {
            match r#type.as_str() {
                "AWS::Serverless::Function" => {
                    let function = function_name(&name, &properties)?;
                    for event in properties.events.into_values() {
                        match event.r#type.as_str() {
                            "Api" => routes.push(route(&function, event.properties)?),
                            "Schedule" | "EventBridgeRule" | "SNS" => behind_events.push(function.clone()),
                            other => return Err(part(format!("{name} has an event of unknown type {other}"))),
                        }
                    }
                }
                "AWS::Serverless::Api" => responses = properties.gateway_responses,
                _ => {}
            }
        }
        let mut response = |name: &str| {
            responses.remove(name).ok_or_else(|| part(format!("no gateway response {name}"))).and_then(gateway_response)
        };
        let responses = GatewayResponses {
            unknown_route: response("MISSING_AUTHENTICATION_TOKEN")?,
            too_large: response("REQUEST_TOO_LARGE")?,
            bad_request: response("DEFAULT_4XX")?,
            failed: response("DEFAULT_5XX")?,
        };
        Ok(Self { routes, behind_events, responses })
    }
}

fn part(what: String) -> TemplateError {
    TemplateError::Part(what)
}

fn function_name(logical_id: &str, properties: &Properties) -> Result<String, TemplateError> {
    let name = properties.code_uri.as_deref().and_then(|uri| uri.strip_prefix(BUILDS));
    name.map(str::to_owned).ok_or_else(|| part(format!("{logical_id} has no CodeUri in {BUILDS}")))
}

fn route(function: &str, event: EventProperties) -> Result<Route, TemplateError> {
    let (Some(method), Some(path)) = (event.method, event.path) else {
        return Err(part(format!("{function} has an event without Method or Path")));
    };
    let method = method.to_ascii_uppercase().parse().map_err(|_| part(format!("{function}: no method {method}")))?;
    Ok(Route { method, path, function: function.to_owned() })
}

fn gateway_response(source: ResponseSource) -> Result<GatewayResponse, TemplateError> {
    let ResponseSource { status_code, mut response_templates, response_parameters } = source;
    let status = StatusCode::from_u16(status_code).map_err(|_| part(format!("no status {status_code}")))?;
    let body = response_templates
        .remove("application/json")
        .ok_or_else(|| part(format!("the gateway response {status_code} has no template for application/json")))?;
    let headers = response_parameters.headers.into_iter().map(response_header).collect::<Result<_, _>>()?;
    Ok(GatewayResponse { status, headers, body })
}

/// A value is a fixed text in single quotes, or taken from the request:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html>
fn response_header((name, value): (String, String)) -> Result<(HeaderName, ResponseHeader), TemplateError> {
    let wrong = || part(format!("the gateway response's header {name} is {value}"));
    let fixed = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let header = match fixed {
        Some(fixed) => ResponseHeader::Fixed(HeaderValue::from_str(fixed).map_err(|_| wrong())?),
        None if value == "context.requestId" => ResponseHeader::RequestId,
        None => return Err(wrong()),
    };
    Ok((name.parse().map_err(|_| wrong())?, header))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_function_has_its_folder_and_every_folder_its_function() {
        let template = Template::load().unwrap();
        let named: BTreeSet<String> =
            template.routes.iter().map(|route| route.function.clone()).chain(template.behind_events).collect();
        let folders: BTreeSet<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(named, folders);
    }

    #[test]
    fn a_logical_id_is_the_folders_name_in_pascal_case() {
        let resources = resources::<Properties>(SOURCE).unwrap();
        let functions = resources.iter().filter(|(_, r)| r.r#type == "AWS::Serverless::Function");
        for (id, resource) in functions {
            let name = function_name(id, &resource.properties).unwrap();
            let pascal: String = name
                .split('-')
                .flat_map(|word| word.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(word.chars().skip(1)))
                .collect();
            assert_eq!(*id, pascal);
        }
    }

    #[test]
    fn no_two_routes_are_the_same() {
        let routes = Template::load().unwrap().routes;
        let distinct: BTreeSet<String> =
            routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
        assert_eq!(distinct.len(), routes.len());
        assert!(routes.iter().any(|route| {
            (route.method.as_str(), route.path.as_str(), route.function.as_str())
                == ("POST", "/api/visits/{visitId}/start", "start-visit")
        }));
    }

    #[test]
    fn what_is_not_of_the_form_is_said() {
        assert!(matches!(Template::parse("Resources: 7"), Err(TemplateError::Yaml(_))));
        let without_path = "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: target/lambda/a, \
                            Events: {E: {Type: Api, Properties: {Method: get}}}}}}";
        assert!(matches!(Template::parse(without_path), Err(TemplateError::Part(_))));
    }
}
