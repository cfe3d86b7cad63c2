//! The style sheet, the script and the pictures of the pages, named by their content so that caches may keep them for ever.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A file of the pages.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

/// One file for a browser, one for each page here.
const STYLE: &str = concat!(
    include_str!("../assets/style/base.css"),
    include_str!("../assets/style/markets.css"),
    include_str!("../assets/style/code.css"),
    include_str!("../assets/style/rates.css"),
    include_str!("../assets/style/shops.css"),
    include_str!("../assets/style/collect.css"),
    include_str!("../assets/style/about.css"),
    include_str!("../assets/style/office.css"),
);
const SCRIPT: &str = concat!(
    include_str!("../assets/script/base.js"),
    include_str!("../assets/script/markets.js"),
    include_str!("../assets/script/code.js"),
    include_str!("../assets/script/rates.js"),
    include_str!("../assets/script/shops.js"),
);

static ASSETS: [Asset; 3] = [
    Asset { name: "style.css", kind: "text/css; charset=utf-8", bytes: STYLE.as_bytes() },
    Asset { name: "portal.js", kind: "text/javascript; charset=utf-8", bytes: SCRIPT.as_bytes() },
    Asset { name: "mark.svg", kind: "image/svg+xml", bytes: include_bytes!("../assets/mark.svg") },
];

/// The first digits of the SHA-256 of each file.
static HASHES: LazyLock<Vec<String>> = LazyLock::new(|| {
    ASSETS
        .iter()
        .map(|asset| Sha256::digest(asset.bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect())
        .collect()
});

static ADDRESSES: LazyLock<Vec<String>> = LazyLock::new(|| {
    ASSETS.iter().zip(HASHES.iter()).map(|(asset, hash)| format!("/assets/{hash}/{}", asset.name)).collect()
});

/// Names everything that pages are made of: the files, and the words of all languages.
pub(crate) fn mark() -> &'static [u8] {
    static MARK: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        ASSETS.iter().for_each(|asset| hash.update(asset.bytes));
        crate::locale::FILES.iter().flat_map(|(_, files)| files.iter()).for_each(|file| hash.update(file));
        hash.finalize().to_vec()
    });
    &MARK
}

/// The address of a file.
pub(crate) fn address(name: &str) -> &'static str {
    ASSETS.iter().position(|asset| asset.name == name).and_then(|at| ADDRESSES.get(at)).map_or("", String::as_str)
}

/// Serves a file. An old hash gives the file of today, which a page kept from before can still use, but for a short time only.
pub(crate) async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let Some(at) = ASSETS.iter().position(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cache = if HASHES.get(at) == Some(&hash) { FOR_EVER } else { "no-cache" };
    let asset = &ASSETS[at];
    ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, cache)], asset.bytes).into_response()
}
