//! The fuzz target of questions without a fuzzer: over its seeds, and over fixed mutations of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
#[path = "../../fuzz/src/with_data.rs"]
mod with_data;

#[test]
fn consignment_json() {
    common::mutations("consignment_json", 2000, with_data::consignment_json);
}
