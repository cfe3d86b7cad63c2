//! What the fuzz targets do. See README.md.

#[path = "../../crates/tidewaiter/tests/common/mod.rs"]
mod common;
pub mod targets;
pub mod with_data;
