//! What the fuzz targets do. See README.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

#[path = "../../crates/tidewaiter/tests/common/mod.rs"]
mod common;
pub mod collect;
pub mod finder;
pub mod sheet;
pub mod tables;
pub mod targets;
pub mod with_data;
pub mod national;
