//! From words to a goods code, and what a code means.
//!
//! | file | holds |
//! |---|---|
//! | `asked.rs` | what the address of a search asks |
//! | `found.rs` | the likely codes, and what the buyer would pay for each |
//! | `show.rs` | the page of a search: form, codes, the question that narrows |
//! | `pays.rs` | the table of what the buyer would pay |
//! | `place.rs` | the page of a section, chapter, heading or subheading |
//! | `old.rs` | codes of older editions, and codes that there are not |
//! | `world.rs`, `strip.rs` | rates around the world on one code: the table, the picture |
//! | `voice.rs` | texts of the finder, marked where they are in English |

mod asked;
mod found;
mod old;
mod pays;
mod place;
mod show;
mod strip;
mod voice;
mod world;

use crate::desk::Desk;
use axum::Router;
use axum::routing::get;

/// Its pages.
pub(super) fn doors() -> Router<Desk> {
    Router::new().route("/{lang}/code", get(show::show)).route("/{lang}/code/{place}", get(place::show))
}

/// `6109.10`, as codes are written; what is no code of six digits stays as it is.
pub(super) fn pointed(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((heading, rest)) if !rest.is_empty() && code.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{heading}.{rest}")
        }
        _ => code.to_owned(),
    }
}

/// The address of a code's page, without its language.
fn page_of(code: &str) -> String {
    format!("/code/{}", pointed(code))
}

#[cfg(test)]
mod tests {
    use super::{page_of, pointed};

    #[test]
    fn codes_are_written_with_a_point() {
        for (code, written) in [("610910", "6109.10"), ("6109", "6109"), ("61", "61"), ("XVIII", "XVIII")] {
            assert_eq!(pointed(code), written);
        }
        assert_eq!(page_of("610910"), "/code/6109.10");
    }
}
