//! Requests in the shape in which API Gateway hands them to a function.

use crate::client::{ADDRESS, Ask};
use crate::failure::{Failure, Outcome};
use bedside_local::template::Template;
use serde_json::{Map, Value, json};

/// A request as API Gateway hands it to its function.
///
/// # Errors
/// When the template has no such route.
pub(crate) fn proxied(template: &Template, origin: &str, ask: &Ask) -> Outcome<Value> {
    let (path, query) = ask.path.split_once('?').unwrap_or((&ask.path, ""));
    let fitting = template.routes.iter().filter(|route| route.method.as_str() == ask.method.as_str());
    let fitting = fitting.filter_map(|route| Some((route, parameters(&route.path, path)?)));
    // Fixed parts of a path go before parameters.
    let (route, parameters) = fitting
        .min_by_key(|(_, parameters)| parameters.len())
        .ok_or_else(|| Failure::said(format!("the template has no route for {} {path}", ask.method)))?;
    let host = origin.trim_start_matches("http://");
    let given = ask.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let headers: Vec<(&str, &str)> = given.chain([("host", host), ("user-agent", "bench")]).collect();
    let single: Map<String, Value> = headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let multi: Map<String, Value> = headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
    let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
    let queries: Map<String, Value> = pairs().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let all: Map<String, Value> = pairs().map(|(name, value)| (name.to_owned(), json!([value]))).collect();
    let or_null = |map: Map<String, Value>| if map.is_empty() { Value::Null } else { Value::Object(map) };
    Ok(json!({
        "resource": route.path,
        "path": path,
        "httpMethod": ask.method.as_str(),
        "headers": &single,
        "multiValueHeaders": multi,
        "queryStringParameters": or_null(queries),
        "multiValueQueryStringParameters": or_null(all),
        "pathParameters": or_null(parameters),
        "stageVariables": null,
        "requestContext": {
            "accountId": "000000000000", "apiId": "bench", "resourceId": "bench", "resourcePath": route.path,
            "path": path, "httpMethod": ask.method.as_str(), "protocol": "HTTP/1.1", "stage": "$default",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "domainName": host,
            "identity": { "sourceIp": single.get(ADDRESS).unwrap_or(&json!("198.51.100.7")), "userAgent": "bench" },
        },
        "body": ask.body.as_ref().map(Value::to_string),
        "isBase64Encoded": false,
    }))
}

/// The parameters of a path by a route's, if it is of that route.
fn parameters(route: &str, path: &str) -> Option<Map<String, Value>> {
    let (mut wanted, mut given) = (route.split('/'), path.split('/'));
    let mut parameters = Map::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) => match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => drop(parameters.insert(name.to_owned(), json!(given))),
                None if wanted == given => {}
                None => return None,
            },
            (None, Some(_)) | (Some(_), None) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_path_gives_its_parameters_to_its_own_route_only() {
        let found = parameters("/api/visits/{visitId}/start", "/api/visits/v-1/start").unwrap();
        assert_eq!(Value::Object(found), json!({ "visitId": "v-1" }));
        assert_eq!(parameters("/api/visits/{visitId}/start", "/api/visits/v-1/end"), None);
        assert_eq!(parameters("/api/visits", "/api/visits/v-1"), None);
    }
}
