//! The rate sheet: the template, a sheet filled in for a country that does not exist and priced by hand, and every slip
//! that is refused or warned of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod files;
mod filled;
mod priced;
mod slips;
