//! The fuzz targets of catalogues and editions without a fuzzer: over their seeds, and over fixed mutations of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
#[path = "../../../fuzz/src/tables.rs"]
mod tables;

#[test]
fn bulk() {
    common::mutations("bulk", 1500, tables::bulk);
}

#[test]
fn diff() {
    common::mutations("diff", 3000, tables::diff);
}
