//! The OpenAPI document, made from the types of the code, the one table of roles, and the problems.
//!
//! Nothing that is deployed depends on this: `./dev openapi` writes the document to where the function `openapi` takes
//! it from, and a test fails when the two differ.

mod document;
mod examples;
mod operations;
mod parameters;
mod responses;
mod schemas;
mod template;

pub use examples::recorded;
use std::path::{Path, PathBuf};

/// Where the document is kept.
#[must_use]
pub fn kept() -> PathBuf {
    root().join("functions/openapi/openapi.json")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The document of the routes that are built, as it is kept.
///
/// # Errors
/// In plain words, what is not described or described wrongly.
pub fn document() -> Result<String, String> {
    let template = std::fs::read_to_string(root().join("template.yaml")).map_err(|why| why.to_string())?;
    let document = document::document(&template::routes(&template))?;
    let text = serde_json::to_string_pretty(&document).map_err(|why| why.to_string())?;
    Ok(text + "\n")
}
