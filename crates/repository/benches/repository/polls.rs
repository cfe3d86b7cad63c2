//! How often the built-in server tells the timestamp: what a poll of a client is while nothing changes.

use crate::common::{addresses, tariff};
use crate::measure::*;
use axum::serve::ListenerExt as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::server::{App, Limits, Outside, router};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Connections that ask, each again as soon as it is answered.
const CLIENTS: usize = 32;
const TIME: Duration = Duration::from_secs(10);

pub async fn run() {
    let address = addresses("bench-polls").await.swap_remove(0);
    let here = crate::common::Here::found(&address, &crate::common::folder("bench-polls-public")).await;
    here.publish("zz", tariff("ZZ", &[("610910", "12 %")])).await;
    let timestamp = std::fs::metadata(here.public.join("metadata/timestamp.json")).unwrap().len();
    let limits = Limits { burst: u32::MAX, refill: Duration::from_nanos(1), ..Limits::default() };
    let outside = Outside::new(Reach::Public).unwrap();
    let doors =
        router(App::new(here.repository.clone(), outside), limits).into_make_service_with_connect_info::<SocketAddr>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    // As `server::serve` does.
    let listener = listener.tap_io(|connection| _ = connection.set_nodelay(true));
    let server = tokio::spawn(async move { axum::serve(listener, doors).await });
    let (answers, bytes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let until = Instant::now() + TIME;
    let (_, took) = timed(async {
        let clients: Vec<_> =
            (0..CLIENTS).map(|_| tokio::spawn(ask(at, until, answers.clone(), bytes.clone()))).collect();
        for client in clients {
            client.await.unwrap();
        }
    })
    .await;
    server.abort();
    let (answers, bytes) = (answers.load(Ordering::Relaxed), bytes.load(Ordering::Relaxed));
    let used = took.processor.as_micros() / u128::from(answers.max(1));
    println!("\npolls: {answers} answers in {took}: {} a second", u128::from(answers) * 1000 / took.wall.as_millis());
    println!(
        "  {used} us of processor each, clients included; {} bytes with heads, {timestamp} without",
        bytes / answers.max(1)
    );
    remove(here, &address).await;
}

async fn ask(at: SocketAddr, until: Instant, answers: Arc<AtomicU64>, all: Arc<AtomicU64>) {
    let mut connection = TcpStream::connect(at).await.unwrap();
    let mut read = vec![0; 1 << 16];
    while Instant::now() < until {
        connection.write_all(b"GET /metadata/timestamp.json HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut have = 0;
        loop {
            have += connection.read(&mut read[have..]).await.unwrap();
            let text = String::from_utf8_lossy(&read[..have]).to_lowercase();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            if body.len() >= length {
                break;
            }
        }
        answers.fetch_add(1, Ordering::Relaxed);
        all.fetch_add(have as u64, Ordering::Relaxed);
    }
}
