//! What is new each time in an answer, replaced by something of the same shape that stays: so that an example is the same
//! whenever it is recorded, and holds no secret.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const JWT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiIwMTlhIn0.c2lnbmF0dXJl";
const CODE: &str = "K7QX2MPA";
const SECRET: &str = "T9WMR4VX8KQ2PLNA";
/// Times are shown by the five minutes in which they lie: visits begin at such marks.
const MARK: i64 = 300;

/// Ids by the order in which they came up.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// The same value with plain names.
    pub(super) fn plain(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let plain = |(name, value): (&String, &Value)| (name.clone(), self.member(name, value));
                Value::Object(members.iter().map(plain).collect::<Map<_, _>>())
            }
            Value::Array(list) => list.iter().map(|one| self.plain(one)).collect(),
            Value::String(text) => json!(self.text(text)),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn member(&mut self, name: &str, value: &Value) -> Value {
        match (name, value) {
            ("token" | "sessionToken" | "signature", Value::String(_)) => json!(JWT),
            ("JoinToken", Value::String(_)) => json!("N2QxZjZjMmE"),
            ("hash" | "prevHash", Value::String(_)) => {
                json!("3b5d5c3712955042212316173ccf37be80069abf0c16ec1c7f5c7e7f2f2c5d1a")
            }
            ("code", Value::String(text)) if text.len() == 8 => json!(CODE),
            ("meetingCode", Value::String(_)) => json!(CODE),
            ("secret", Value::String(_)) => json!(SECRET),
            ("answer", Value::String(_)) => json!("123456"),
            ("link", Value::String(_)) => json!(format!("https://visit.example.com/j/{CODE}#{SECRET}")),
            ("key", Value::String(text)) => json!(format!("{}{}", &text[..4], "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8")),
            ("prefix", Value::String(text)) => json!(format!("{}A1b2", &text[..4])),
            ("nextCursor", Value::String(_)) => json!("b3BhcXVl"),
            ("kid" | "x" | "y", Value::String(_)) => json!("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            ("expiresIn" | "opensInMs" | "ms", Value::Number(number)) => {
                let number = number.as_i64().unwrap();
                let unit = if name == "opensInMs" { MARK * 1000 } else { MARK };
                json!((number + unit - 1) / unit * unit)
            }
            _ => self.plain(value),
        }
    }

    fn text(&mut self, text: &str) -> String {
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            let mark = time.as_second().div_euclid(MARK) * MARK;
            return jiff::Timestamp::from_second(mark).unwrap().to_string();
        }
        let mut plain = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let at = rest.char_indices().map(|(at, _)| at).find(|at| rest.get(*at..at + 36).is_some_and(is_uuid));
            let (before, id) = match at {
                Some(at) => (&rest[..at], Some(&rest[at..at + 36])),
                None => (rest, None),
            };
            plain += before;
            if let Some(id) = id {
                plain += &self.id(id);
            }
            rest = &rest[before.len() + id.map_or(0, str::len)..];
        }
        const API: &str = "http://127.0.0.1:";
        const MEDIA: &str = "127.0.0.1:";
        let at = |address: &str| plain.find(address).map(|at| (&plain[..at], &plain[at + address.len()..]));
        let digit = |c: char| c.is_ascii_digit();
        match (at(API), at(MEDIA)) {
            (Some((before, port)), _) => {
                format!("{before}https://visit.example.com{}", port.trim_start_matches(digit))
            }
            (None, Some((before, port))) => format!("{before}{MEDIA}8788{}", port.trim_start_matches(digit)),
            (None, None) => plain,
        }
    }

    fn id(&mut self, id: &str) -> String {
        let next = self.0.len() + 1;
        self.0.entry(id.to_owned()).or_insert_with(|| format!("019ac0de-7e10-7c3a-9f00-{next:012x}")).clone()
    }
}

fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.len() == 36
        && text.bytes().enumerate().all(|(n, b)| if dashes.contains(&n) { b == b'-' } else { b.is_ascii_hexdigit() })
}
