//! How many requests a second the service answers, and how long each takes, beside a bare axum handler that returns a constant.
//!
//! ```text
//! cargo build --profile dist -p tidewaiter-cli && cargo run --release -p tidewaiter-portal --example load -- target/dist/tidewaiter
//! ```
//!
//! Each server runs pinned to one core, this generator to another (`taskset`). First the connections ask as fast as they are
//! answered: that is the rate. Then requests are due at half that rate, whether the last was answered or not, and each is timed from
//! when it was due: a stall shows in the figures of all that waited for it (G. Tene's "coordinated omission"). With `--soak SECONDS`
//! the memory of the server is read each ten seconds under half load.

mod client;
mod server;

use client::{Kind, Work};
use server::Server;
use std::process::ExitCode;
use std::time::Duration;

/// Connections kept open.
const CONNECTIONS: usize = 32;
/// The same for batches, of which the service answers no more at once.
const BATCH_CONNECTIONS: usize = 8;
/// How long each part is measured.
const MEASURE: Duration = Duration::from_secs(8);
/// How long before that, unmeasured.
const WARM: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(program) = args.next() else {
        eprintln!("usage: load PROGRAM [--soak SECONDS], or load --bare PORT");
        return ExitCode::from(2);
    };
    if program == "--bare" {
        return server::bare(args.next().and_then(|p| p.parse().ok()).unwrap_or(0));
    }
    let soak =
        (args.next().as_deref() == Some("--soak")).then(|| args.next().and_then(|s| s.parse().ok()).unwrap_or(600));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    match runtime.block_on(run(&program, soak)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(program: &str, soak: Option<u64>) -> std::io::Result<()> {
    server::pin(std::process::id(), 1);
    let own = std::env::current_exe()?.display().to_string();
    println!("{:<34} {:>10} {:>10} {:>10} {:>10} {:>12}", "", "a second", "at half", "p50 µs", "p99 µs", "bytes each");
    let mut bare_rate = 0;
    let mut bare = Server::start(&own, &["--bare", "18471"], 18_471).await?;
    for (name, work) in [
        ("bare handler, constant, GET", Work::get("/")),
        ("bare handler, 11 kB, POST", Work::quote("/long")),
        ("bare handler, constant, POST", Work::quote("/")),
    ] {
        bare_rate = row(name, &bare, &work, 0).await?;
    }
    bare.stop().await;
    let flags =
        ["serve", "--listen", "127.0.0.1:18472", "--burst", "1000000", "--rate", "1000000", "--today", "2026-11-22"];
    let mut portal = Server::start(program, &flags, 18_472).await?;
    let page = "/en/markets?goods=6109.10&origin=CN&price=12.50&from=CN&to=FR&freight=4.90&currency=EUR&channel=post&registration=eu.ioss";
    for (name, work) in [
        ("quote, asked before, POST", Work::quote("/v1/quotes")),
        ("quote, never asked before, POST", Work { kind: Kind::Different, ..Work::quote("/v1/quotes") }),
        (
            "quote, one line, GET, 304",
            Work::known("/v1/quotes?goods=6109.10&origin=CN&price=12.50&from=CN&to=FR&currency=EUR&channel=post"),
        ),
        ("batch of 100 quotes, POST", Work { kind: Kind::Batch, ..Work::quote("/v1/quotes/batch") }),
        ("goods code, GET", Work::get("/v1/goods-codes?q=cotton+hoodie")),
        ("page: start", Work::get("/en/")),
        ("page: markets", Work::get(page)),
        ("page: economy", Work::get("/en/rates/FR")),
        ("page: economies", Work::get("/en/rates")),
        ("live", Work::get("/health/live")),
    ] {
        row(name, &portal, &work, bare_rate).await?;
    }
    if let Some(seconds) = soak {
        soak_for(&portal, seconds).await?;
    }
    portal.stop().await;
    Ok(())
}

/// Measures one kind of request, and prints its row. Returns the rate.
async fn row(name: &str, server: &Server, work: &Work, bare: u64) -> std::io::Result<u64> {
    let connections = if work.kind == Kind::Batch { BATCH_CONNECTIONS } else { CONNECTIONS };
    client::closed(server.port, work, connections, WARM).await?;
    let full = client::closed(server.port, work, connections, MEASURE).await?;
    let rate = full.count * 1_000_000 / full.micros.max(1);
    let half = client::open(server.port, work, connections, rate / 2, MEASURE).await?;
    let share = (rate * 100).checked_div(bare).map(|share| format!("   {share} % of bare")).unwrap_or_default();
    println!(
        "{name:<34} {rate:>10} {:>10} {:>10} {:>10} {:>12}{share}{}",
        half.count * 1_000_000 / half.micros.max(1),
        half.at(50),
        half.at(99),
        full.bytes / full.count.max(1),
        if full.failed + half.failed > 0 { format!("   {} FAILED", full.failed + half.failed) } else { String::new() }
    );
    Ok(rate)
}

/// Half load for long, with the server's memory each ten seconds.
async fn soak_for(server: &Server, seconds: u64) -> std::io::Result<()> {
    let work = Work { kind: Kind::Different, ..Work::quote("/v1/quotes") };
    let full = client::closed(server.port, &work, CONNECTIONS, WARM).await?;
    let rate = full.count * 1_000_000 / full.micros.max(1) / 2;
    println!("soak: {rate} quotes a second for {seconds} s; resident memory in KiB each ten seconds:");
    let started = std::time::Instant::now();
    while started.elapsed().as_secs() < seconds {
        let part = client::open(server.port, &work, CONNECTIONS, rate, Duration::from_secs(10)).await?;
        println!(
            "{:>6} s {:>10} KiB   p99 {:>8} µs   {} failed",
            started.elapsed().as_secs(),
            server.resident_kib(),
            part.at(99),
            part.failed
        );
    }
    Ok(())
}
