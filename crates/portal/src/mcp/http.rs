//! The door of assistants over HTTP: `/mcp`, streamable HTTP, without sessions.
//!
//! A page in somebody's browser could make that browser ask a service on the person's own machine or network, by letting the page's
//! name lead there (DNS rebinding). The protocol therefore asks servers to look at `Origin`; the name that was asked for is looked at
//! too. Programs that are no browser send no `Origin`.

use super::Assistant;
use crate::desk::{Desk, Settings};
use crate::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use rmcp::model::ErrorCode;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::json;
use std::sync::Arc;

/// Names by which a machine calls itself.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The door.
pub(crate) fn doors(desk: &Desk) -> Router<Desk> {
    let (hosts, origins) = believed(&desk.settings);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(desk.settings.body_bytes)
        .with_allowed_hosts(hosts)
        .with_allowed_origins(origins)
        .enforce_origin_validation();
    let assistant = Assistant::new(desk.clone());
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(assistant.clone()), sessions, config);
    let doors = Router::new().route_service("/mcp", service);
    doors.layer(axum::middleware::from_fn(readable)).layer(axum::middleware::map_response(in_our_words))
}

/// Answers what is no JSON, or JSON that is no message, in the words of JSON-RPC 2.0 (section 5.1); the kit would say that it is of a wrong
/// media type.
async fn readable(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if request.method() != Method::POST || !is_json {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // It is in memory already, and no larger than a door takes.
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
        return no_message(ErrorCode::PARSE_ERROR, format!("Parse error: {error}"));
    }
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
    if answer.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return no_message(
            ErrorCode::INVALID_REQUEST,
            "Invalid Request: this is no message of JSON-RPC 2.0".to_owned(),
        );
    }
    answer
}

/// An error without the number of a message, which could not be read.
fn no_message(code: ErrorCode, message: String) -> Response {
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code.0, "message": message } });
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}

/// The names of this service, and the pages that may ask it: its own. Without an address of its own it is one that people run for
/// themselves, and takes pages of their own machine.
fn believed(settings: &Settings) -> (Vec<String>, Vec<String>) {
    let mut hosts: Vec<String> = OWN.iter().map(|host| (*host).to_owned()).collect();
    let address = settings.address.as_deref().and_then(|address| address.parse::<Uri>().ok());
    let Some((scheme, authority)) = address.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?))) else {
        return (hosts, OWN.iter().map(|host| format!("http://{host}:*")).collect());
    };
    hosts.push(authority.as_str().to_owned());
    let port = authority.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    (hosts, vec![format!("{scheme}://{}:{port}", authority.host())])
}

/// Says what to do where the name or the page is not believed.
async fn in_our_words(answer: Response) -> Response {
    if answer.status() != StatusCode::FORBIDDEN {
        return answer;
    }
    let detail = "This door is for assistants, not for pages of other sites, and answers under its own name only. \
        If the name in the request is yours, start the service with it: --address https://duties.example.";
    Problem::new(StatusCode::FORBIDDEN, "origin", "Asked from a place or under a name that is not believed", detail)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_takes_the_place_of_loopback_pages() {
        let own = Settings { address: Some("https://duties.example".into()), ..Settings::default() };
        let (hosts, origins) = believed(&own);
        assert_eq!(
            (hosts.last().map(String::as_str), origins),
            (Some("duties.example"), vec!["https://duties.example:443".to_owned()])
        );
        let (hosts, origins) = believed(&Settings::default());
        assert_eq!((hosts.len(), origins.len()), (3, 3));
    }
}
