//! The doors of programs, under `/v1`.
//!
//! | file | doors |
//! |---|---|
//! | `quotes.rs`, `batch.rs` | what a parcel costs to land: one question, or many |
//! | `compare.rs` | the same basket to many destinations |
//! | `suggestions.rs` | goods codes for items without one, beside the quote |
//! | `carrier.rs` | delivery options with duty, for checkouts that ask a carrier |
//! | `plan.rs` | ways to divide an order; the price that lands at a total |
//! | `codes.rs` | from words to goods codes; the tree of goods |
//! | `economies.rs`, `measures.rs` | what an economy charges; the tariff of a code |
//! | `editions.rs` | how fresh the data is; the ratebook itself |
//! | `exchange.rs`, `changes.rs` | exchange rates; what changes, and when |
//! | `corrections.rs` | what people say is wrong |
//! | `collect/` | the house of sellers and authorities, where one is switched on |
//! | `schema.rs`, `document.rs` | the shapes of documents; the OpenAPI document |
//!
//! | file | holds |
//! |---|---|
//! | `table.rs`, `fields.rs` | which fields an address may have; reading them |
//! | `body.rs`, `divide.rs`, `open_question.rs` | reading what is sent |
//! | `reply.rs` | answers |
//! | `open.rs` | pages of any origin |
//!
//! To add a door: write its handler with `#[utoipa::path]`, put it into [`described`], and accept the addition to the document (see
//! `tests/api_document.rs`).

mod batch;
mod body;
mod carrier;
mod changes;
mod codes;
pub(crate) mod collect;
mod compare;
mod corrections;
mod divide;
pub(crate) mod document;
mod economies;
mod editions;
mod exchange;
pub(crate) mod fields;
pub(crate) mod measures;
mod open;
mod open_question;
mod plan;
pub(crate) mod quotes;
mod reply;
mod schema;
mod suggestions;
mod table;

pub(crate) use open::Opened;

/// The door that takes many questions.
const BATCH: &str = "/v1/quotes/batch";

/// Whether a door takes more than the others.
pub(crate) fn takes_much(path: &str) -> bool {
    path == BATCH || collect::FILES.contains(&path)
}

use crate::desk::Desk;
use crate::work;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All doors of the API.
pub(crate) fn doors(desk: &Desk) -> Router<Desk> {
    let batch = OpenApiRouter::new().routes(routes!(batch::ask));
    let batch = batch.layer(DefaultBodyLimit::max(desk.settings.batch_bytes));
    let (doors, _) = but_batch().merge(batch).split_for_parts();
    doors.merge(collect::doors(desk))
}

/// All doors with what each says of itself.
fn described() -> OpenApiRouter<Desk> {
    but_batch().routes(routes!(batch::ask)).merge(collect::described())
}

/// All doors with the usual limits.
fn but_batch() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(quotes::read, quotes::ask))
        .routes(routes!(compare::ask))
        .routes(routes!(suggestions::ask))
        .routes(routes!(carrier::ask))
        .routes(routes!(plan::plan))
        .routes(routes!(plan::reverse))
        .routes(routes!(codes::search))
        .routes(routes!(codes::place))
        .routes(routes!(economies::list))
        .routes(routes!(economies::read))
        .routes(routes!(measures::read))
        .routes(routes!(economies::territories))
        .routes(routes!(economies::currencies))
        .routes(routes!(exchange::list))
        .routes(routes!(exchange::history))
        .routes(routes!(changes::list))
        .routes(routes!(corrections::write))
        .routes(routes!(editions::list))
        .routes(routes!(editions::ratebook))
        .routes(routes!(schema::list))
        .routes(routes!(schema::read))
        .routes(routes!(document::read))
}
