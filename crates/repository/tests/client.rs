//! The reader's copy: stopped at any moment, opened again, asked about the past; and read by other programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

#[path = "client/copy.rs"]
mod copy;
#[path = "interop/python_tuf.rs"]
mod python_tuf;
#[path = "client/scale.rs"]
mod scale;
#[path = "client/stopped.rs"]
mod stopped;
#[path = "interop/tough_loader.rs"]
mod tough_loader;
