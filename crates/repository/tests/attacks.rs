//! Attacks on a reader. Each test begins from an honest update that passes, then shows the attack refused or flagged, with
//! the other authorities and the last good copy unharmed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

#[path = "client/attacks_on_editions.rs"]
mod attacks_on_editions;
#[path = "client/attacks_on_keys.rs"]
mod attacks_on_keys;
#[path = "client/attacks_on_roles.rs"]
mod attacks_on_roles;
#[path = "client/attacks_on_the_way.rs"]
mod attacks_on_the_way;
