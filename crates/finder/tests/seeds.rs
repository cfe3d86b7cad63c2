//! The fuzz target of the finder without a fuzzer: over its seeds, and over fixed mutations of them.
//!
//! `TIDEWAITER_ROUNDS` multiplies the number of mutations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
#[path = "../../../fuzz/src/finder.rs"]
pub(crate) mod target;

#[test]
fn finder() {
    common::mutations("finder", 100, target::finder);
}
