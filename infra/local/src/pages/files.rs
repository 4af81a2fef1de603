//! A built file from the disk: read anew each time, since whoever develops builds anew.

use std::path::{Component, Path, PathBuf};

use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue};

/// What a file is, by the end of its name; the build makes no others.
const TYPES: [(&str, &str); 7] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("json", "application/json"),
    ("mp3", "audio/mpeg"),
    ("png", "image/png"),
];

/// The file of a path below the folder, squeezed where the build has it so and the browser takes it; none where there is none.
pub(super) async fn read(folder: &Path, path: &str, asked: &HeaderMap) -> Option<Response> {
    let file = below(folder, path)?;
    let kind = TYPES.iter().find(|(end, _)| file.extension().is_some_and(|given| given == *end))?.1;
    let squeezed = if takes_gzip(asked) { bytes(with_gz(&file)).await } else { None };
    let encoding = squeezed.is_some().then_some((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    let body = match squeezed {
        Some(body) => body,
        None => bytes(file).await?,
    };
    let mut headers = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (VARY, HeaderValue::from_static("Accept-Encoding")),
    ]);
    headers.extend(encoding);
    Some((headers, body).into_response())
}

/// A path that stays below the folder.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.strip_prefix('/')?);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| folder.join(relative))
}

fn with_gz(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".gz");
    PathBuf::from(name)
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains("gzip"))
}

async fn bytes(file: PathBuf) -> Option<Vec<u8>> {
    tokio::task::spawn_blocking(move || std::fs::read(file).ok()).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let folder = Path::new("/pages");
        assert_eq!(below(folder, "/assets/a.js"), Some(PathBuf::from("/pages/assets/a.js")));
        for out in ["/../secret", "/assets/../../secret", "//etc/passwd", "/./a.js", "assets/a.js"] {
            assert_eq!(below(folder, out), None, "{out}");
        }
    }
}
