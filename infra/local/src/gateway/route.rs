//! Which function a request is for.

use std::collections::BTreeMap;

use http::Method;

use super::percent;
use crate::template::Route;

/// Routes of the contract that `template.yaml` has no function for yet.
const PLANNED: [(Method, &str); 1] = [(Method::GET, "/api/visits/{visitId}/fhir")];

/// What stands behind a method and a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Destination<'r> {
    /// A function, and the path's parameters, decoded.
    Function(&'r Route, BTreeMap<String, String>),
    /// A route of the contract that is not built yet.
    Planned(&'static str),
    /// Nothing.
    Unknown,
}

/// Finds the route of a request. Like API Gateway, prefers a fixed part of a path to a parameter.
pub(crate) fn find<'r>(routes: &'r [Route], method: &Method, path: &str) -> Destination<'r> {
    let fits = routes.iter().filter(|route| route.method == method);
    let best = fits
        .filter_map(|route| Some((route, parameters(&route.path, path)?)))
        .min_by_key(|(_, parameters)| parameters.len());
    if let Some((route, parameters)) = best {
        return Destination::Function(route, parameters);
    }
    let planned = PLANNED.iter().find(|(wanted, template)| wanted == method && parameters(template, path).is_some());
    planned.map_or(Destination::Unknown, |(_, template)| Destination::Planned(template))
}

/// The parameters that a path has by a template, decoded; none where it does not fit.
fn parameters(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut parameters = BTreeMap::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) => match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) if !given.is_empty() => {
                    parameters.insert(name.to_owned(), percent::decode(given));
                }
                None if wanted == given => {}
                Some(_) | None => return None,
            },
            (Some(_), None) | (None, Some(_)) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::template::Template;

    fn route(method: Method, path: &str) -> Route {
        Route { method, path: path.to_owned(), function: "f".to_owned() }
    }

    #[test]
    fn a_path_finds_its_route_and_parameters() {
        let routes =
            [route(Method::GET, "/api/visits/{visitId}"), route(Method::POST, "/api/visits/{visitId}/links/{a}")];
        let Destination::Function(found, parameters) = find(&routes, &Method::POST, "/api/visits/v%201/links/b%2Fc")
        else {
            panic!("no route")
        };
        assert_eq!(found, &routes[1]);
        assert_eq!(parameters, BTreeMap::from([("visitId".into(), "v 1".into()), ("a".into(), "b/c".into())]));
        for (method, path) in [
            (Method::GET, "/api/visits/"),
            (Method::GET, "/api/visits/1/"),
            (Method::GET, "/api//1"),
            (Method::OPTIONS, "/api/visits/1"),
            (Method::HEAD, "/api/visits/1"),
            (Method::GET, "*"),
        ] {
            assert_eq!(find(&routes, &method, path), Destination::Unknown, "{method} {path}");
        }
    }

    #[test]
    fn a_fixed_part_goes_before_a_parameter() {
        let routes = [route(Method::GET, "/api/{any}"), route(Method::GET, "/api/health")];
        assert_eq!(find(&routes, &Method::GET, "/api/health"), Destination::Function(&routes[1], BTreeMap::new()));
    }

    #[test]
    fn no_planned_route_is_built() {
        let routes = Template::load().unwrap().routes;
        for (method, path) in PLANNED {
            assert_eq!(find(&routes, &method, path), Destination::Planned(path));
        }
    }
}
