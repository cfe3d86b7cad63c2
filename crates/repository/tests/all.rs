//! All tests of this crate from outside as one program: a program for each file would link the whole crate anew and fill the disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod attacks;
#[path = "client/builder.rs"]
mod builder;
mod checks;
mod client;
mod common;
mod crash;
mod feeds;
mod open_data;
mod outside;
mod recompute;
mod server;
mod us_revisions;
mod workflow;
