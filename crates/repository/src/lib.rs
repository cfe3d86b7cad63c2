//! The repository: where authorities publish editions of their duties, taxes and exchange rates, and from which anyone can
//! fetch them, verify them with no network, and know who published what and when.
//!
//! It behaves like a package registry. Publishing is a transaction on a small central service; what is published is an
//! immutable, signed, content-addressed file that any static host can serve. Nothing here is on the path of a quote.
//!
//! The feature `service` has what publishing needs, and is on by default; a reader's program leaves it out.
//!
//! | module | holds |
//! |---|---|
//! | [`authority`] | who may publish |
//! | [`name`] | names of authorities and parts, safe as file names everywhere |
//! | [`client`] | the reader's copy: fetched, verified, answered for
//! | [`manifest`] | an edition: who, what number, which parts, since when |
//! | [`checks`] | numbered rules that an edition must stand |
//! | [`entry`] | what a record is about, and when it holds |
//! | [`feeds`] | what changed, told to those who asked |
//! | [`open_data`] | everything as tables |
//! | [`parts`] | records cut into content-addressed parts, and put together again |
//! | [`key`] | Ed25519 keys: made, kept, named, used |
//! | [`metadata`] | roles of The Update Framework: root, targets, authorities, snapshot, timestamp |
//! | [`package`] | an edition with its signatures as one file that can be carried |

pub mod assemble;
pub mod authority;
#[cfg(feature = "service")]
pub mod board;
#[cfg(feature = "service")]
pub mod checks;
pub mod client;
pub mod entry;
#[cfg(feature = "service")]
pub mod expiry;
#[cfg(feature = "service")]
pub mod feeds;
#[cfg(feature = "service")]
pub mod impact;
pub mod key;
pub mod manifest;
pub mod metadata;
pub mod name;
#[cfg(feature = "service")]
pub mod open_data;
pub mod package;
pub mod parts;
#[cfg(feature = "service")]
pub mod proof;
pub mod receipt;
#[cfg(feature = "service")]
pub mod recompute;
#[cfg(feature = "service")]
pub mod server;
#[cfg(feature = "service")]
pub mod store;
#[cfg(feature = "service")]
pub mod workflow;

/// SHA-256 of bytes in lower-case hexadecimal: how editions and parts are named.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
