//! The service over HTTP: who may do what, what it takes and answers, and what attackers send.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a failing test says so"
)]

#[path = "server/dismissed.rs"]
mod dismissed;
#[path = "server/doors.rs"]
mod doors;
#[path = "server/hostile.rs"]
mod hostile;
#[path = "server/limits.rs"]
mod limits;
#[path = "server/matrix.rs"]
mod matrix;
#[path = "server/office.rs"]
mod office;
#[path = "server/packages.rs"]
mod packages;
#[path = "server/page.rs"]
mod page;
#[path = "server/published.rs"]
mod published;
#[path = "server/sending.rs"]
mod sending;
#[path = "server/service.rs"]
mod service;
#[path = "server/signing.rs"]
mod signing;
