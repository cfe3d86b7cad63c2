//! All tests of this crate from outside as one program: a program for each file would link the whole crate anew and fill the disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod browse;
mod cli;
mod code;
mod collect;
mod editions;
mod hostile;
mod office;
mod publishing;
mod reading;
mod storage;
mod tariffs;
mod typed;
mod walkthrough;
