//! `/local/messages`: the phone and the mailbox.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse as _, Response};
use http::header::CONTENT_SECURITY_POLICY;
use serde_json::json;

use super::{Answer, Problem};
use crate::gateway::query_pairs;
use crate::machine::Machine;

/// What an e-mail may do in the mailbox's frame: be read. Its links open windows of their own.
const OF_MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; \
                       sandbox allow-popups allow-popups-to-escape-sandbox";

/// Which messages are asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    to: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn list(State(machine): State<Arc<Machine>>, RawQuery(query): RawQuery) -> Answer {
    let Wanted { to, limit } = wanted(query.as_deref().unwrap_or_default())?;
    let messages = machine.aws.messages();
    let fits = |address: &str| to.as_ref().is_none_or(|to| to.eq_ignore_ascii_case(address));
    let messages = messages.into_iter().filter(|message| fits(&message.to)).take(limit.unwrap_or(usize::MAX));
    Ok(Json(json!({ "messages": messages.collect::<Vec<_>>() })))
}

/// An e-mail as its reader sees it.
pub(crate) async fn email(State(machine): State<Arc<Machine>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let found = machine.aws.messages().into_iter().find(|message| message.id == id);
    let html = found.and_then(|message| message.html).ok_or_else(|| Problem::not_found("There is no such e-mail."))?;
    Ok(([(CONTENT_SECURITY_POLICY, OF_MAIL)], Html(in_new_windows(&html))).into_response())
}

/// The same document, whose links open windows of their own, as those of a mailbox do.
fn in_new_windows(html: &str) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    html.split_once("<head>")
        .map_or_else(|| format!("{BASE}{html}"), |(before, after)| format!("{before}<head>{BASE}{after}"))
}

fn wanted(query: &str) -> Result<Wanted, Problem> {
    let mut wanted = Wanted::default();
    for (name, value) in query_pairs(query) {
        match name.as_str() {
            // The plus of a phone number, not escaped, arrives as a space.
            "to" => wanted.to = Some(value.strip_prefix(' ').map(|digits| format!("+{digits}")).unwrap_or(value)),
            "limit" => {
                let limit = value.parse().map_err(|_| Problem::malformed("limit must be a number."))?;
                wanted.limit = Some(limit);
            }
            _ => return Err(Problem::malformed(format!("There is no parameter {name}; to and limit are."))),
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_phone_number_is_understood_with_its_plus_escaped_or_not() {
        let to = |query: &str| wanted(query).unwrap().to;
        for query in ["to=+12025550123", "to=%2B12025550123"] {
            assert_eq!(to(query).as_deref(), Some("+12025550123"));
        }
        assert_eq!(to("to=a%40example.com").as_deref(), Some("a@example.com"));
        assert_eq!(wanted("").unwrap(), Wanted::default());
        assert_eq!(wanted("limit=20").unwrap().limit, Some(20));
        for wrong in ["too=x", "limit=x", "limit=-1"] {
            assert!(wanted(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn links_of_an_e_mail_open_windows_of_their_own() {
        let whole = in_new_windows("<html><head><title>T</title></head><body></body></html>");
        assert_eq!(whole, "<html><head><base target=\"_blank\"><title>T</title></head><body></body></html>");
        assert_eq!(in_new_windows("<p>x</p>"), "<base target=\"_blank\"><p>x</p>");
    }
}
