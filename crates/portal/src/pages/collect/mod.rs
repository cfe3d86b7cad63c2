//! The pages of sellers: sign up, register, record sales, send returns, pay.
//!
//! | file | page |
//! |---|---|
//! | `start.rs` | what this is, the ways in, the schemes |
//! | `scheme.rs` | what is known of one scheme |
//! | `enter.rs` | sign in, sign up, leave |
//! | `apply.rs` | an application: choose, fill in, send; `field.rs` is one field of it |
//! | `prepare.rs` | the same for authorities that are not here: particulars to take along, and the number that came |
//! | `application.rs` | where an application stands; the end of a registration |
//! | `mine.rs` | what is due, registrations, applications, returns; the calendar |
//! | `sales.rs` | sales, refunds and corrections: taken in from a file, and listed |
//! | `draft.rs` | a return, with `behind.rs` the sales behind a figure, `rate.rs` a missing exchange rate, `export.rs` files |
//! | `send.rs` | sending a return, and its receipt |
//! | `pay.rs` | the payment of a return |
//! | `people.rs` | who may come in, and what was done |
//! | `visitor.rs`, `words.rs` | who asks, and how things of this house are said |
//!
//! Each page is of the seller whose token came: none names a seller in its address. Nothing of them is kept by caches.

mod application;
mod apply;
mod behind;
mod draft;
mod enter;
mod export;
mod field;
mod mine;
mod pay;
mod people;
mod prepare;
mod rate;
mod sales;
mod scheme;
mod send;
mod start;
mod visitor;
mod words;

use crate::desk::Desk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Where sales are taken in from a file, which may be larger than other forms.
pub(crate) const SALES: &str = "/{lang}/collect/sales";

/// The pages.
pub(crate) fn doors() -> Router<Desk> {
    Router::new()
        .route("/{lang}/collect", get(start::show))
        .route("/{lang}/collect/scheme/{key}", get(scheme::show))
        .route("/{lang}/collect/enter", get(enter::show).post(enter::take))
        .route("/{lang}/collect/leave", post(enter::leave))
        .route("/{lang}/collect/signup", get(enter::new).post(enter::sign_up))
        .route("/{lang}/collect/apply", get(apply::choose))
        .route("/{lang}/collect/apply/{to}", get(apply::show).post(apply::take))
        .route("/{lang}/collect/prepare/{to}", get(prepare::show).post(prepare::take))
        .route("/{lang}/collect/number/{to}", get(prepare::number).post(prepare::record))
        .route("/{lang}/collect/application/{id}", get(application::show).post(application::withdraw))
        .route("/{lang}/collect/end/{to}", get(application::end).post(application::ended))
        .route("/{lang}/collect/mine", get(mine::show))
        .route("/{lang}/collect/calendar.ics", get(mine::calendar))
        // What came was bounded before it was let in (`guard/bodies.rs`).
        .route(SALES, get(sales::show).post(sales::take).layer(DefaultBodyLimit::disable()))
        .route("/{lang}/collect/return", get(draft::show))
        .route("/{lang}/collect/return/lines", get(behind::show))
        .route("/{lang}/collect/return/rate", post(rate::take))
        .route("/{lang}/collect/return/file", get(export::show))
        .route("/{lang}/collect/return/send", get(send::ask).post(send::take))
        .route("/{lang}/collect/receipt", get(send::receipt))
        .route("/{lang}/collect/pay", get(pay::show).post(pay::code))
        .route("/{lang}/collect/people", get(people::show).post(people::take))
        .route("/{lang}/collect/log", get(people::log))
}
