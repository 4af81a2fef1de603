//! Writes the OpenAPI document to where the function `openapi` takes it from.

fn main() -> Result<(), String> {
    let file = bedside_openapi::kept();
    std::fs::write(&file, bedside_openapi::document()?).map_err(|why| format!("{}: {why}", file.display()))
}
