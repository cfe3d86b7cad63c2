//! All doors together, and the service that holds them open.
//!
//! | file | holds |
//! |---|---|
//! | `around.rs` | what happens around every answer |
//! | `connections.rs` | who is let in, and how long a slow one is waited for |
//! | `patience.rs`, `progress.rs` | a connection that gives up |

mod around;
mod connections;
mod patience;
mod progress;

pub use connections::serve;

use crate::desk::Desk;
use crate::guard::{crowd, refused};
use crate::{api, assets, mcp, pages, store, watch};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;

/// All doors.
pub fn router(desk: Desk) -> Router {
    let doors = api::doors(&desk).merge(pages::doors(&desk)).merge(mcp::doors(&desk)).merge(store::doors());
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(desk.clone(), around::outside))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(desk.clone(), around::inside))
        .layer(DefaultBodyLimit::max(desk.settings.body_bytes));
    doors
        .layer(from_fn_with_state(desk.clone(), crowd::bounded))
        .route("/assets/{hash}/{name}", get(assets::serve))
        .route("/health/live", get(watch::live))
        .route("/health/ready", get(watch::ready))
        .route("/metrics", get(watch::metrics))
        .fallback(refused::no_such_door)
        .layer(around)
        .with_state(desk)
}
