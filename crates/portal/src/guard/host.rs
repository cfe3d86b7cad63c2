//! The name under which the service was asked, in one place and of one form (RFC 9112, section 3.2).
//!
//! It stands in links that others use, in the snippet of the widget and in feeds, where the settings name no address. The asker wrote it, so
//! what is no name and port is refused. HTTP/2 sends it in the address of the request and not as a header.

use crate::problem::Problem;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};

/// Longest name (RFC 1035) with a port.
const LONGEST: usize = 253 + 6;

/// Puts the name into the header `Host`.
///
/// # Errors
/// A [`Problem`] where there are two names, and for what is none.
pub(crate) fn one_name(request: &mut Request) -> Result<(), Problem> {
    // What stands in the address counts, whatever the header says.
    if let Some(name) = request.uri().authority().map(Authority::as_str).filter(|name| !name.is_empty())
        && let Ok(name) = HeaderValue::from_str(name)
    {
        request.headers_mut().insert(header::HOST, name);
    }
    if is_plain(request.headers()) {
        return Ok(());
    }
    Err(Problem::request("The header Host must be one name, perhaps with a port: duties.example:8080."))
}

/// Whether there is no name, as in HTTP/1.0, or one.
fn is_plain(headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(header::HOST).iter();
    match (all.next(), all.next()) {
        (None, _) => true,
        (Some(only), None) => only.to_str().is_ok_and(|name| name.is_empty() || is_name(name)),
        (Some(_), Some(_)) => false,
    }
}

/// Whether a text is a name or an address, perhaps with a port.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b);
    let Ok(name) = text.parse::<Authority>() else { return false };
    let port = name.as_str().strip_prefix(name.host()).unwrap_or_default();
    let port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    text.len() <= LONGEST && !name.host().is_empty() && port && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_letters_digits_and_a_port() {
        for good in ["duties.example", "localhost:8080", "127.0.0.1", "[::1]:8080", "xn--bcher-kva.example"] {
            assert!(is_name(good), "{good}");
        }
        let long = "x".repeat(300);
        for bad in
            ["", "a b", "me@duties.example", "duties.example/x", "\"><script>", "a:99999", "a:b", ":80", long.as_str()]
        {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn two_names_are_none() {
        let mut headers = HeaderMap::new();
        assert!(is_plain(&headers));
        headers.append(header::HOST, HeaderValue::from_static("duties.example"));
        assert!(is_plain(&headers));
        headers.append(header::HOST, HeaderValue::from_static("other.example"));
        assert!(!is_plain(&headers));
    }
}
