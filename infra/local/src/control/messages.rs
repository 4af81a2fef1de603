//! `/local/messages`: the phone and the mailbox.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use serde_json::json;

use super::{Answer, Problem};
use crate::gateway::query_pairs;
use crate::machine::Machine;

pub(crate) async fn list(State(machine): State<Arc<Machine>>, RawQuery(query): RawQuery) -> Answer {
    let to = recipient(query.as_deref().unwrap_or_default())?;
    let messages = machine.aws.messages();
    let fits = |address: &str| to.as_ref().is_none_or(|to| to.eq_ignore_ascii_case(address));
    let messages: Vec<_> = messages.into_iter().filter(|message| fits(&message.to)).collect();
    Ok(Json(json!({ "messages": messages })))
}

/// Whose messages are asked for.
fn recipient(query: &str) -> Result<Option<String>, Problem> {
    let mut to = None;
    for (name, value) in query_pairs(query) {
        if name != "to" {
            return Err(Problem::malformed(format!("There is no parameter {name}; to is one.")));
        }
        // The plus of a phone number, not escaped, arrives as a space.
        to = Some(value.strip_prefix(' ').map(|digits| format!("+{digits}")).unwrap_or(value));
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_phone_number_is_understood_with_its_plus_escaped_or_not() {
        for query in ["to=+12025550123", "to=%2B12025550123"] {
            assert_eq!(recipient(query).unwrap().as_deref(), Some("+12025550123"));
        }
        assert_eq!(recipient("to=a%40example.com").unwrap().as_deref(), Some("a@example.com"));
        assert_eq!(recipient("").unwrap(), None);
        assert!(recipient("too=x").is_err());
    }
}
