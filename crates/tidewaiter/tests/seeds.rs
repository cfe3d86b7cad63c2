//! The fuzz targets without a fuzzer: over their seeds, and over fixed mutations of them.
//!
//! `TIDEWAITER_ROUNDS` multiplies the number of mutations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
#[path = "../../../fuzz/src/targets.rs"]
mod targets;

use common::mutations;

#[test]
fn expression_amount() {
    mutations("expression_amount", 2000, targets::expression_amount);
}

#[test]
fn expression_condition() {
    mutations("expression_condition", 2000, targets::expression_condition);
}

#[test]
fn economy_toml() {
    mutations("economy_toml", 2000, targets::economy_toml);
}

#[test]
fn ratebook_bytes() {
    mutations("ratebook_bytes", 500, targets::ratebook_bytes);
}

#[test]
fn decimal() {
    mutations("decimal", 2000, targets::decimal);
}

#[test]
fn goods_code() {
    mutations("goods_code", 2000, targets::goods_code);
}
