//! The doors of the house of sellers and authorities, under `/v1/collect`: what a seller's program, an authority's program and those who run
//! the house need. Who may do what stands in one table, `tidewaiter_collect::service::permission`.
//!
//! | file | doors |
//! |---|---|
//! | `public.rs` | who receives here; signing up; whose token it is |
//! | `ledger.rs` | what happened: recording and reading it |
//! | `events.rs` | what is recorded, as JSON, lines or CSV |
//! | `orders.rs` | orders of a shop, recorded as the sales that they are |
//! | `returns.rs` | drafts, what stands behind them, files, sending |
//! | `applications.rs` | applying, answering, taking back |
//! | `tokens.rs` | tokens and the log of a seller |
//! | `authority.rs` | the form, applications, sellers, returns |
//! | `border.rs` | what was seen at the border, and how it differs |
//! | `house.rs` | those who run it: authorities, tokens, log |
//!
//! | file | holds |
//! |---|---|
//! | `enter.rs` | who comes in, and what is the same for every answer |
//! | `shapes.rs` | documents of the doors, and their shapes |

mod applications;
mod authority;
mod border;
mod enter;
mod events;
mod house;
mod ledger;
mod orders;
mod public;
mod returns;
pub(super) mod shapes;
mod tokens;

pub(super) use events::MOST_EVENTS;
pub(super) use orders::MOST_ORDERS;

use crate::desk::Desk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What the addresses of all doors begin with.
pub(crate) const BEGINS: &str = "/v1/collect/";
/// The doors that take files.
pub(crate) const FILES: [&str; 3] = [ledger::EVENTS, orders::ORDERS, border::FILES];

/// All doors.
pub(super) fn doors(desk: &Desk) -> Router<Desk> {
    let files = files().layer(DefaultBodyLimit::max(desk.settings.batch_bytes));
    let (doors, _) = but_files().merge(files).split_for_parts();
    doors.layer(from_fn_with_state(desk.clone(), enter::private))
}

/// All doors with what each says of itself.
pub(super) fn described() -> OpenApiRouter<Desk> {
    but_files().merge(files())
}

/// Those that take more than the others.
fn files() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(ledger::record))
        .routes(routes!(orders::record))
        .routes(routes!(border::upload, border::list))
}

/// Those with the usual limits.
fn but_files() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(public::me))
        .routes(routes!(public::authorities, house::admit))
        .routes(routes!(public::sign_up))
        .routes(routes!(ledger::entries))
        .routes(routes!(ledger::balances))
        .routes(routes!(returns::list))
        .routes(routes!(returns::draft, returns::send))
        .routes(routes!(returns::lines))
        .routes(routes!(returns::export, returns::published))
        .routes(routes!(returns::sent))
        .routes(routes!(returns::hand_in))
        .routes(routes!(returns::calendar))
        .routes(routes!(applications::list, applications::apply))
        .routes(routes!(applications::answer))
        .routes(routes!(applications::withdraw))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .routes(routes!(tokens::log))
        .routes(routes!(authority::form, authority::set_form))
        .routes(routes!(authority::applications))
        .routes(routes!(authority::decide))
        .routes(routes!(authority::vendors))
        .routes(routes!(authority::vendors_file))
        .routes(routes!(authority::expected))
        .routes(routes!(authority::returns))
        .routes(routes!(authority::opened))
        .routes(routes!(authority::log))
        .routes(routes!(border::differences))
        .routes(routes!(house::tokens, house::make_token))
        .routes(routes!(house::revoke_token))
        .routes(routes!(house::log))
}
