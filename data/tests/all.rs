//! All tests of this crate from outside as one program: a program for each file would link the whole crate anew and fill the disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod changes;
#[path = "../../crates/tidewaiter/tests/common/mod.rs"]
mod common;
mod coverage;
mod curves;
mod examples;
mod lists;
mod postcodes;
mod properties;
mod questions;
mod savings;
mod seeds;
mod slices;
mod tariffs;
