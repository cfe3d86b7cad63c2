//! Stopped, full, cut off, two at once, copied: no acknowledged edition is lost, none is half visible, nothing has to be
//! repaired. On SQLite, and on PostgreSQL where [`crate::common::POSTGRES`] says where a server is.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failing test says so"
)]

#[path = "crash/copied.rs"]
mod copied;
#[path = "crash/faults.rs"]
mod faults;
#[path = "crash/gone.rs"]
mod gone;
#[path = "crash/host.rs"]
mod host;
#[path = "crash/life.rs"]
mod life;
#[path = "crash/migration.rs"]
mod migration;
#[path = "crash/place.rs"]
mod place;
#[path = "crash/reader.rs"]
mod reader;
#[path = "crash/stopped.rs"]
mod stopped;
#[path = "crash/together.rs"]
mod together;
