//! All tests of this crate from outside as one program: a program for each file would link the whole crate anew and fill the disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod advice;
mod asked;
mod bank;
#[path = "../../tidewaiter/tests/common/mod.rs"]
mod common;
mod definitions;
mod doubts;
mod equal;
mod export;
mod folder;
mod hostile;
mod identifiers;
mod import;
mod orders;
mod pay;
mod properties;
#[cfg(feature = "store")]
mod service;
#[cfg(feature = "store")]
mod service_attacks;
#[cfg(feature = "store")]
mod store;
mod worked;
mod year;
