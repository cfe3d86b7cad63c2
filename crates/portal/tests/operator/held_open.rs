//! Connections: slow ones end, and requests under way are answered when the service ends.

use crate::operator::{QUOTE, settings};
use std::time::{Duration, Instant};
use tidewaiter_portal::{Desk, Settings, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Running {
    at: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

async fn start(settings: Settings) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(serve(listener, Desk::embedded(settings), async { _ = stopped.await }));
    Running { at, stop, served }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_sends_slowly_loses_the_place() {
    let running =
        start(Settings { slow: Duration::from_millis(300), connections: 2, drain: Duration::ZERO, ..settings() }).await;
    for beginning in ["", "GET / HT", "PRI * HTTP/2", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut stream = TcpStream::connect(running.at).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let began = Instant::now();
        let said = rest(&mut stream).await;
        assert!(!said.contains("200 OK"), "{beginning:?}: {said}");
        assert!(began.elapsed() < Duration::from_secs(3), "{beginning:?}");
    }
    let mut stream = TcpStream::connect(running.at).await.unwrap();
    let request = format!("GET {QUOTE} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(
        rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"),
        "a quick one is answered, and an idle connection ends"
    );
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_are_bounded() {
    let running = start(Settings { drain: Duration::ZERO, ..settings() }).await;
    let mut stream = TcpStream::connect(running.at).await.unwrap();
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "x".repeat(40 << 10));
    _ = stream.write_all(long.as_bytes()).await;
    let said = rest(&mut stream).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_waits_for_requests_under_way_and_not_for_ever() {
    for (finishes, grace) in [(true, 5_000), (false, 500)] {
        let running =
            start(Settings { drain: Duration::ZERO, grace: Duration::from_millis(grace), ..settings() }).await;
        let mut stream = TcpStream::connect(running.at).await.unwrap();
        let body = r#"{"to":"FR","currency":"EUR","items":[{"code":"610910","origin":"CN","price":"5"}]}"#;
        let (first, last) = body.split_at(20);
        let head = format!(
            "POST /v1/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        running.stop.send(()).unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(TcpStream::connect(running.at).await.is_err(), "nobody new is taken in");
        if finishes {
            stream.write_all(last.as_bytes()).await.unwrap();
            assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
        }
        let ended = tokio::time::timeout(Duration::from_secs(3), running.served).await;
        ended.unwrap().unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_end_it_says_that_it_is_not_ready_and_answers_for_a_moment() {
    let running = start(Settings { drain: Duration::from_secs(1), ..settings() }).await;
    let ask = async |path: &str| {
        let mut stream = TcpStream::connect(running.at).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        rest(&mut stream).await
    };
    assert!(ask("/health/ready").await.starts_with("HTTP/1.1 204"));
    running.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(ask("/health/ready").await.starts_with("HTTP/1.1 503"));
    assert!(ask(QUOTE).await.starts_with("HTTP/1.1 200"), "who has not heard of it yet is answered");
    tokio::time::timeout(Duration::from_secs(5), running.served).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(running.at).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_has_a_share_of_the_connections() {
    let running = start(Settings { connections_each: 3, drain: Duration::ZERO, ..settings() }).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(TcpStream::connect(running.at).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut more = TcpStream::connect(running.at).await.unwrap();
    assert_eq!(rest(&mut more).await, "", "closed without an answer");
    open.clear();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut again = TcpStream::connect(running.at).await.unwrap();
    again.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut again).await.starts_with("HTTP/1.1 204"));
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
}
