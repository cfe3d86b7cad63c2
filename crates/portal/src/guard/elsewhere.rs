//! Whether a page of another site makes a browser write here in its reader's name. Programs that are no browser send neither header.

use crate::desk::Settings;
use crate::problem::{Problem, message};
use axum::http::{HeaderMap, StatusCode, header};

/// Refuses what a page of another site sends.
///
/// # Errors
/// A [`Problem`] 403.
pub(crate) fn refuse(headers: &HeaderMap, settings: &Settings) -> Result<(), Problem> {
    if !is_elsewhere(headers, settings) {
        return Ok(());
    }
    let title = "Sent from another site";
    Err(Problem::new(StatusCode::FORBIDDEN, "origin", title, &message::LETTER_ELSEWHERE))
}

/// By what the browser says of the page: `Sec-Fetch-Site` where it sends that, or else `Origin`, which has to be our own.
fn is_elsewhere(headers: &HeaderMap, settings: &Settings) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    // "null" is a page that hides where it is from; ours does not.
    let Some((_, name)) = origin.split_once("://") else { return true };
    match &settings.address {
        Some(address) => !address.trim_end_matches('/').eq_ignore_ascii_case(origin),
        None => !text(header::HOST).is_some_and(|host| host.eq_ignore_ascii_case(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(sent: &[(&'static str, &str)], address: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(*name, value.parse().unwrap());
        }
        is_elsewhere(&headers, &Settings { address: address.map(str::to_owned), ..Settings::default() })
    }

    #[test]
    fn a_page_of_this_site_is_known_by_what_its_browser_says() {
        let host = ("host", "localhost:8080");
        assert!(!elsewhere(&[host], None), "no browser");
        assert!(!elsewhere(&[host, ("sec-fetch-site", "same-origin"), ("origin", "null")], None));
        assert!(elsewhere(&[host, ("sec-fetch-site", "same-site")], None));
        assert!(elsewhere(&[host, ("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")], None));
        assert!(!elsewhere(&[host, ("origin", "http://localhost:8080")], None));
        assert!(elsewhere(&[host, ("origin", "http://localhost:9090")], None), "another port is another site");
        assert!(elsewhere(&[host, ("origin", "null")], None));
        let own = Some("https://duties.example");
        assert!(!elsewhere(&[host, ("origin", "https://duties.example")], own), "behind a proxy that changes Host");
        assert!(elsewhere(&[host, ("origin", "http://localhost:8080")], own));
    }
}
