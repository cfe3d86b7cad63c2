//! Pages and doors, asked as a browser or a program asks them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says so")]

mod about;
mod asked;
mod code;
mod collect;
mod house;
mod markets;
mod rates;
mod shops;
mod widget;
mod words;
