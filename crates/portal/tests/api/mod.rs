//! The doors of programs, asked as programs ask them: through the router, with every limit and header that stands before them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod ask;
mod batch;
mod carrier;
mod collect;
mod collect_permissions;
mod cross_origin;
mod document;
mod doors;
mod limits;
mod only_grows;
mod shape;
mod vectors;
