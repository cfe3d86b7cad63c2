//! Servers under load: the program, and the least that axum can do.

use axum::Router;
use axum::routing::{get, post};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use tokio::net::TcpStream;

/// What the bare handler returns.
const CONSTANT: &str = r#"{"total":"5.50"}"#;
/// The same at the length of a quote with its reasons and sources, at `/long`.
const LONG: usize = 11_000;

/// A server in a process of its own, on the first core.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts it and waits until it listens.
    pub(crate) async fn start(program: &str, args: &[&str], port: u16) -> std::io::Result<Self> {
        let child = Command::new(program)
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .env("RUST_LOG", "warn")
            .spawn()?;
        let server = Self { child, port };
        pin(server.child.id(), 0);
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(std::io::Error::other(format!("{program} does not listen on port {port}")))
    }

    pub(crate) async fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Memory that it holds, from `/proc`.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or_default()
    }
}

/// Keeps a process, with all its threads to come, to one core.
pub(crate) fn pin(process: u32, core: u32) {
    let _ = Command::new("taskset")
        .args(["-a", "-c", "-p", &core.to_string(), &process.to_string()])
        .stdout(Stdio::null())
        .status();
}

/// Serves the constant for ever.
pub(crate) fn bare(port: u16) -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        let long = axum::body::Bytes::from(vec![b'5'; LONG]);
        let router = Router::new()
            .route("/", get(|| async { CONSTANT }).post(|_: axum::body::Bytes| async { CONSTANT }))
            .route("/long", post(move |_: axum::body::Bytes| async move { long.clone() }));
        axum::serve(listener, router).await
    });
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
