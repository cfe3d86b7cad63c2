//! The doors of assistants: over a pipe and over HTTP, with the official client.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub, reason = "tests")]

mod door;
mod over_http;
mod tools;

use jiff::civil::date;
use rmcp::RoleClient;
use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use serde_json::{Value, json};
use tidewaiter_portal::mcp::Assistant;
use tidewaiter_portal::{Desk, Settings};

pub type Client = RunningService<RoleClient, ()>;

pub fn settings() -> Settings {
    Settings { today: Some(date(2026, 11, 22)), ..Settings::default() }
}

/// An assistant at the other end of a pipe.
pub async fn over_a_pipe(desk: Desk) -> Client {
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move {
        let running = Assistant::new(desk).serve(far).await.unwrap();
        running.waiting().await.unwrap();
    });
    ().serve(near).await.unwrap()
}

/// Calls a tool.
pub async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
    client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.unwrap()
}

/// The text of an answer.
pub fn text(answer: &CallToolResult) -> String {
    answer.content[0].as_text().unwrap().text.clone()
}

/// The document of an answer that was given.
pub fn document(answer: &CallToolResult) -> &Value {
    assert_ne!(answer.is_error, Some(true), "{}", text(answer));
    answer.structured_content.as_ref().unwrap()
}

/// Two t-shirts by post, with everything said.
pub fn shirts(to: &str) -> Value {
    json!({
        "from": "CN", "to": to, "currency": "EUR", "freight": "4.90", "channel": "post",
        "items": [{ "code": "6109.10", "origin": "CN", "quantity": "2", "price": "12.50" }]
    })
}
