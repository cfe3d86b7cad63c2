//! What a repository costs: time, sizes and bytes, for a full tariff in 27 revisions and for two hundred authorities. Run with
//! `cargo bench -p tidewaiter-repository --bench repository`; parts by name: `… --bench repository -- us`.
//!
//! | part | measures |
//! |---|---|
//! | `us` | 27 revisions of the schedule of the United States, each an edition; needs `../shared` |
//! | `rates` | daily exchange rates of one authority beside 199 others, on histories of different length |
//! | `tariffs` | monthly tariffs of one authority beside 199 others; first and later synchronisation of a client |
//! | `polls` | how often the built-in server tells the timestamp |
//!
//! Each time is wall clock and processor time of the whole process. With `TIDEWAITER_TEST_POSTGRES` set, `us` and `rates` run on
//! PostgreSQL too. Files stand in `CARGO_TARGET_TMPDIR` and are removed at the end. Figures and what bounds them are in
//! `docs/performance.md`. Nothing here passes or fails.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that fails says so"
)]

#[path = "../../tests/common/mod.rs"]
mod common;
mod measure;
mod polls;
mod rates;
mod tariffs;
mod us;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let asked = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    runtime.block_on(async {
        if asked("us") {
            us::run().await;
        }
        if asked("rates") {
            rates::run().await;
        }
        if asked("tariffs") {
            tariffs::run().await;
        }
        if asked("polls") {
            polls::run().await;
        }
    });
}
