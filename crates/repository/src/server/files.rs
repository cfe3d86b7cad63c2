//! The published files, from wherever they are kept. Any static host can serve them as well; this is for those who have none.

use super::{App, Problem};
use crate::name;
use crate::workflow::distribute::{FOR_EVER, NOT_FOR_LONG, kind_of};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use object_store::ObjectStoreExt as _;

/// `7.fr.json`, `timestamp.json`.
fn is_metadata(file: &str) -> bool {
    let Some(stem) = file.strip_suffix(".json") else { return false };
    match stem.split_once('.') {
        None => stem == "timestamp",
        Some((version, role)) => {
            let framework = ["root", "targets", "snapshot"].contains(&role);
            !version.is_empty()
                && version.len() < 20
                && version.bytes().all(|b| b.is_ascii_digit())
                && (framework || name::authority(role).is_ok())
        }
    }
}

/// `<sha256>.fr--edition.json`, `<sha256>.authorities.json`.
fn is_target(file: &str) -> bool {
    file.split_once('.').is_some_and(|(hash, target)| {
        name::is_hash(hash) && (target == crate::authority::TARGET || name::split_target(target).is_some())
    })
}

pub(super) async fn metadata(
    State(app): State<App>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    if !is_metadata(&file) {
        return Err(Problem::not_found("No such file of metadata: timestamp.json names the newest of all."));
    }
    send(&app, &headers, &format!("metadata/{file}"), file != "timestamp.json").await
}

pub(super) async fn target(
    State(app): State<App>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    if !is_target(&file) {
        return Err(Problem::not_found("No such file: manifests name their parts by SHA-256."));
    }
    send(&app, &headers, &format!("targets/{file}"), true).await
}

pub(super) async fn open_data(
    State(app): State<App>,
    headers: HeaderMap,
    Path((authority, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    const FILES: [&str; 6] =
        ["records.csv", "records.ndjson", "records.parquet", "editions.csv", "dictionary.csv", "datapackage.json"];
    if name::authority(&authority).is_err() || !FILES.contains(&file.as_str()) {
        return Err(Problem::not_found(format!("No such table. There are: {}.", FILES.join(", "))));
    }
    send(&app, &headers, &format!("open/{authority}/{file}"), false).await
}

/// Whether the caller has the file already: one of the tags in If-None-Match, compared weakly, or any (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|tags| tags.split(',')).any(|known| known.trim() == "*" || strong(known) == strong(tag))
}

async fn send(app: &App, headers: &HeaderMap, path: &str, for_ever: bool) -> Result<Response, Problem> {
    let at = object_store::path::Path::parse(path).map_err(|_| Problem::not_found("No such file."))?;
    let found = match app.repository.public.get(&at).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => return Err(Problem::not_found("No such file.")),
        Err(error) => return Err(crate::workflow::Refusal::from(error).into()),
    };
    let tag = found.meta.e_tag.clone().map(|tag| if tag.starts_with('"') { tag } else { format!("\"{tag}\"") });
    let cache = if for_ever { FOR_EVER } else { NOT_FOR_LONG };
    let mut answer = if tag.as_deref().is_some_and(|tag| is_known(headers, tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let length = found.meta.size;
        let mut answer = Response::new(Body::from_stream(found.into_stream()));
        answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(path)));
        answer
    };
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_are_published_are_asked_for() {
        for good in ["timestamp.json", "12.root.json", "3.fr-central-bank.json"] {
            assert!(is_metadata(good), "{good}");
        }
        for bad in ["timestamp", "root.json", "..json", "1.a--b.json", "x.root.json", "1..json", "1.root.json/..", ""] {
            assert!(!is_metadata(bad), "{bad}");
        }
        let hash = "a".repeat(64);
        assert!(is_target(&format!("{hash}.fr--tariff-61.ndjson.zst")));
        assert!(is_target(&format!("{hash}.authorities.json")));
        for bad in ["fr--edition.json", "../x", "a.fr--edition.json"] {
            assert!(!is_target(bad) && !is_target(&format!("{hash}.../{bad}")), "{bad}");
        }
    }
}
