//! The routes that are built: those of `template.yaml`.

/// A route, and the function behind it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// In capital letters.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) function: String,
}

impl Route {
    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

/// Reads the template line by line: its tags (`!Ref`) are CloudFormation's, and nothing of them is needed here.
pub(crate) fn routes(template: &str) -> Vec<Route> {
    let (mut function, mut method) = ("", "");
    let mut routes = Vec::new();
    for line in template.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("CodeUri: target/lambda/") {
            function = name;
        } else if let Some(name) = line.strip_prefix("Method: ") {
            method = name;
        } else if let Some(path) = line.strip_prefix("Path: /") {
            let (method, path) = (method.to_ascii_uppercase(), format!("/{path}"));
            // What a browser asks before it lets a page ask is no operation of the API.
            if method == "OPTIONS" {
                continue;
            }
            routes.push(Route { method, path, function: function.to_owned() });
        }
    }
    routes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_read_with_its_function() {
        let template = "
  GetVisit:
    Properties:
      CodeUri: target/lambda/get-visit
      Events:
        Request:
          Properties:
            RestApiId: !Ref Api
            Method: get
            Path: /api/visits/{visitId}";
        let path = "/api/visits/{visitId}".to_owned();
        assert_eq!(routes(template), [Route { method: "GET".to_owned(), path, function: "get-visit".to_owned() }]);
    }
}
