//! What is known, how sure, what is missing; how the site is used.
//!
//! | file | holds |
//! |---|---|
//! | `known.rs` | the page about the data |
//! | `counts.rs` | how much there is of it, counted in the ratebook |
//! | `licences.rs` | whose data it builds on, read from the data's own page |
//! | `usage.rs` | counts of use |

mod counts;
mod known;
mod licences;
mod usage;

use crate::desk::Desk;
use axum::Router;
use axum::routing::get;

/// Its pages.
pub(super) fn doors() -> Router<Desk> {
    Router::new().route("/{lang}/about", get(known::show)).route("/{lang}/about/use", get(usage::show))
}
