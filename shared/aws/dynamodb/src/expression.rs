//! The names and values of an expression. Every name goes by a placeholder: `status`, `role` and `at` are among
//! DynamoDB's 573 reserved words.

use crate::call::Item;
use serde_dynamo::AttributeValue;
use std::collections::HashMap;

/// What the placeholders of an expression stand for.
#[derive(Debug, Default)]
pub(crate) struct Expression {
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: Item,
}

impl Expression {
    /// An attribute's placeholder.
    pub(crate) fn name(&mut self, attribute: &str) -> String {
        let placeholder = format!("#{attribute}");
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    /// A value's placeholder.
    pub(crate) fn value(&mut self, label: &str, value: AttributeValue) -> String {
        let placeholder = format!(":{label}");
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    /// `attribute <operator> value`; the label tells apart what a condition compares from what an update sets.
    pub(crate) fn compare(&mut self, attribute: &str, operator: &str, value: AttributeValue) -> String {
        let name = self.name(attribute);
        let value = self.value(&format!("is_{attribute}"), value);
        format!("{name} {operator} {value}")
    }

    /// `attribute = value`, or that there is no such attribute.
    pub(crate) fn equals_or_absent(&mut self, attribute: &str, value: Option<AttributeValue>) -> String {
        match value {
            Some(value) => self.compare(attribute, "=", value),
            None => format!("attribute_not_exists({})", self.name(attribute)),
        }
    }
}

/// A text.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number.
pub(crate) fn number(value: &impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The text of an attribute, if it is one.
pub(crate) fn as_text(value: &AttributeValue) -> Option<&str> {
    match value {
        AttributeValue::S(text) => Some(text),
        _ => None,
    }
}

/// The number of an attribute, if it is one.
pub(crate) fn as_number<T: std::str::FromStr>(value: &AttributeValue) -> Option<T> {
    match value {
        AttributeValue::N(number) => number.parse().ok(),
        _ => None,
    }
}
