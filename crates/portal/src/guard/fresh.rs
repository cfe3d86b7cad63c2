//! Validators for caches (RFC 9110, section 8.8): an answer to a reading request is a pure function of the program, the ratebook, the day
//! and the request, so its entity tag is known before it is computed.

use super::kept;
use crate::api::Opened;
use crate::desk::{Desk, counted};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Caches may keep an answer for so long without asking again.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60, stale-while-revalidate=600");
/// What follows a tag, by the encoding.
const ENCODINGS: [&str; 3] = ["", ".br", ".gzip"];
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding");

/// Answers 304 where the asker has it already; gives other good answers to reading requests their tag.
pub(crate) async fn tagged(desk: &Desk, request: Request, next: Next) -> Response {
    // What belongs to who asks is no pure function of the address, and nobody is told that it has not changed.
    let own = request.uri().path().starts_with(crate::api::collect::BEGINS);
    if own || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let tag = tag(desk, &request);
    if let Some(held) = held(request.headers(), &tag) {
        let tag = HeaderValue::from_str(&format!("\"{held}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        let mut answer = StatusCode::NOT_MODIFIED.into_response();
        if let Some(opened) = Opened::by(&request) {
            answer = opened.with(answer);
        }
        let headers = answer.headers_mut();
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, CACHE);
        headers.insert(header::VARY, VARY);
        return answer;
    }
    let key = (desk.kept.keeps() && request.method() == Method::GET).then(|| {
        let encodings = request.headers().get_all(header::ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes);
        kept::key([tag.as_bytes()].into_iter().chain(encodings))
    });
    if let Some(answer) = key.and_then(|key| desk.kept.get(&key)) {
        return answer.again(desk);
    }
    let (mut answer, used) = counted(next.run(request)).await;
    if answer.status() == StatusCode::OK && !answer.headers().contains_key(header::CACHE_CONTROL) {
        let headers = answer.headers_mut();
        // A strong tag names bytes: each encoding has its own.
        let encoding = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok());
        let tag = encoding.map_or_else(|| format!("\"{tag}\""), |encoding| format!("\"{tag}.{encoding}\""));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, CACHE);
        headers.insert(header::VARY, VARY);
        if let Some(key) = key {
            return kept::keep(desk, key, used, answer).await;
        }
    }
    answer
}

fn tag(desk: &Desk, request: &Request) -> String {
    let day = desk.today().to_string();
    let text = |text: Option<&String>| text.map_or(&b""[..], |text| text.as_bytes()).to_vec();
    let (address, contact) = (text(desk.settings.address.as_ref()), text(desk.settings.contact.as_ref()));
    // What decides on the form of the answer, all lines of it.
    let lines =
        |name| request.headers().get_all(name).iter().fold(Vec::new(), |all, v| [&all, v.as_bytes(), b"\n"].concat());
    let (accept, host) = (lines(header::ACCEPT), lines(header::HOST));
    let path = request.uri().path_and_query().map_or("", |p| p.as_str());
    // Each part with its length: no question may end where another's headers begin.
    let digest = kept::key([
        &desk.book().mark()[..],
        day.as_bytes(),
        &address,
        &contact,
        &[u8::from(desk.store().is_some())],
        path.as_bytes(),
        &accept,
        &host,
    ]);
    URL_SAFE_NO_PAD.encode(&digest[..18])
}

/// The tag by which `If-None-Match` names the answer, in whatever encoding the asker holds it.
fn held(headers: &HeaderMap, tag: &str) -> Option<String> {
    let told = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let mut names = told.map(|one| {
        let one = one.trim();
        one.strip_prefix("W/").unwrap_or(one).trim_matches('"')
    });
    names.find(|one| one.strip_prefix(tag).is_some_and(|rest| ENCODINGS.contains(&rest))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Settings;
    use axum::body::Body;

    fn of(path: &str, headers: &[(&'static str, &str)]) -> String {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        tag(&Desk::embedded(Settings::default()), &request)
    }

    #[test]
    fn what_is_asked_does_not_run_into_how_it_is_asked() {
        let plain = of("/v1/quotes?price=1", &[("host", "127.0.0.1")]);
        assert_eq!(plain, of("/v1/quotes?price=1", &[("host", "127.0.0.1")]));
        assert_ne!(plain, of("/v1/quotes?price=1127", &[("host", ".0.0.1")]));
        let accept = of("/en/code?q=shoes", &[("accept", "*/*"), ("host", "a.example")]);
        assert_ne!(accept, of("/en/code?q=shoes*/*", &[("host", "a.example")]));
        assert_ne!(accept, of("/en/code?q=shoes", &[("accept", "*/*a"), ("host", ".example")]));
        let text = of("/v1/economies", &[("accept", "text/plain")]);
        assert_ne!(
            text,
            of("/v1/economies", &[("accept", "text/plain"), ("accept", "application/json")]),
            "every line"
        );
    }

    #[test]
    fn only_an_encoding_may_follow_a_tag() {
        let asks = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, text.parse().unwrap());
            held(&headers, "abc")
        };
        assert_eq!(asks("\"x\", W/\"abc.gzip\"").as_deref(), Some("abc.gzip"));
        assert_eq!(asks("\"abc\"").as_deref(), Some("abc"));
        assert_eq!((asks("\"abc.anything\""), asks("\"abcd\"")), (None, None));
    }
}
