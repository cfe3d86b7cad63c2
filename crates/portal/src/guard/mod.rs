//! What stands before every door: limits, headers, validators for caches, and refusals in our words.
//!
//! | file | holds |
//! |---|---|
//! | `caller.rs`, `keys.rs` | who asks, and how often |
//! | `bodies.rs`, `crowd.rs` | what is sent is read whole; then it gets a place, or none |
//! | `host.rs`, `elsewhere.rs` | under which name we were asked; whether from a page of another site |
//! | `fresh.rs`, `kept.rs` | validators for caches; answers that were given before |
//! | `headers.rs` | headers of every answer |
//! | `refused.rs` | refusals in our words |

pub(crate) mod bodies;
pub mod caller;
pub(crate) mod crowd;
pub(crate) mod elsewhere;
pub(crate) mod fresh;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod kept;
pub mod keys;
pub(crate) mod refused;
