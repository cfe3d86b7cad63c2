//! The same over HTTP: the official client, with the doors of the portal at the other end.

use crate::mcp::{call, document, settings, shirts, text};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Request, header};
use futures_util::stream::BoxStream;
use http_body_util::BodyExt as _;
use rmcp::ServiceExt as _;
use rmcp::model::ClientJsonRpcMessage;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{
    StreamableHttpClient, StreamableHttpClientTransportConfig, StreamableHttpError, StreamableHttpPostResponse,
};
use serde_json::json;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tidewaiter_portal::{Desk, router};
use tower::ServiceExt as _;

/// Asks the router itself, without a network between.
#[derive(Clone)]
struct Straight(Router);

type Failed = StreamableHttpError<Infallible>;

impl StreamableHttpClient for Straight {
    type Error = Infallible;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        _: Option<String>,
        more: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Failed> {
        assert_eq!(session, None, "there are no sessions");
        let mut request = Request::post(uri.as_ref())
            .header(header::HOST, "localhost")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(serde_json::to_vec(&message).unwrap()))
            .unwrap();
        request.headers_mut().extend(more);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1))));
        let answer = self.0.clone().oneshot(request).await.unwrap();
        if answer.status() == 202 {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json", "{}", answer.status());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Ok(StreamableHttpPostResponse::Json(serde_json::from_slice(&body)?, None))
    }

    async fn delete_session(
        &self,
        _: Arc<str>,
        _: Arc<str>,
        _: Option<String>,
        _: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Failed> {
        Ok(())
    }

    async fn get_stream(
        &self,
        _: Arc<str>,
        _: Option<Arc<str>>,
        _: Option<String>,
        _: Option<String>,
        _: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<sse_stream::Sse, sse_stream::Error>>, Failed> {
        Err(StreamableHttpError::ServerDoesNotSupportSse)
    }
}

#[tokio::test]
async fn the_official_client_gets_the_same_answers() {
    let client = Straight(router(Desk::embedded(settings())));
    let transport = StreamableHttpClientTransport::with_client(
        client,
        StreamableHttpClientTransportConfig::with_uri("http://localhost/mcp"),
    );
    let client = ().serve(transport).await.unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 6);
    let pipe = crate::mcp::over_a_pipe(Desk::embedded(settings())).await;
    for (tool, arguments) in [
        ("quote", shirts("FR")),
        ("explain", shirts("GB")),
        ("find_goods_code", json!({ "text": "ceramic mug" })),
        ("economy", json!({ "code": "US" })),
        ("what_changed", json!({ "from": "2026-01-01", "before": "2026-12-31", "territory": "GB" })),
    ] {
        let (http, pipe) = (call(&client, tool, arguments.clone()).await, call(&pipe, tool, arguments).await);
        assert_eq!(document(&http).to_string(), document(&pipe).to_string(), "{tool}");
        assert_eq!(text(&http), text(&pipe), "{tool}");
    }
    let wrong = call(&client, "quote", shirts("QQ")).await;
    assert_eq!(wrong.is_error, Some(true));
}

#[tokio::test]
async fn what_is_no_message_is_an_error_of_json_rpc() {
    let doors = router(Desk::embedded(settings()));
    for (body, code) in [("{", -32700), ("", -32700), ("[]", -32600), ("7", -32600), (r#"{"jsonrpc":"2.0"}"#, -32600)] {
        let mut request = Request::post("/mcp")
            .header(header::HOST, "localhost")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1))));
        let answer = doors.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        let told = answer.into_body().collect().await.unwrap().to_bytes();
        let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
        assert_eq!((&told["error"]["code"], &told["id"]), (&json!(code), &serde_json::Value::Null), "{body}: {told}");
    }
}
