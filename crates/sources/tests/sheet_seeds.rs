//! The fuzz targets of rates and sheets without a fuzzer: over their seeds, and over fixed mutations of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
#[path = "../../../fuzz/src/sheet.rs"]
mod targets;

use common::mutations;

#[test]
fn ecb() {
    mutations("ecb", 2000, targets::ecb);
}

#[test]
fn hmrc_rates() {
    mutations("hmrc_rates", 2000, targets::hmrc_rates);
}

#[test]
fn sheet() {
    mutations("sheet", 2000, targets::sheet);
}
