//! For those who build shops.
//!
//! | file | holds |
//! |---|---|
//! | `quick.rs` | the first question to the API, its answer field by field, what to do at checkout |
//! | `examples.rs` | the same question in four languages |
//! | `reference.rs` | the API's description, read from its OpenAPI document |
//! | `openapi.rs` | what that document says, as far as the page shows it |
//! | `console.rs` | its forms that ask the API, with and without script |
//! | `widget.rs` | the page about the widget: a demonstration, a builder, its attributes |
//! | `script.rs` | the widget itself, at `/widget/v1.js` |

mod console;
mod examples;
mod openapi;
mod quick;
mod reference;
mod script;
mod widget;

use super::{Request, absolute};
use crate::desk::Desk;
use crate::say;
use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::routing::get;
use maud::{Markup, html};

/// Its pages.
pub(super) fn doors() -> Router<Desk> {
    Router::new()
        .route("/{lang}/shops", get(quick::show))
        .route("/{lang}/shops/api", get(reference::show))
        .route("/{lang}/shops/api/collect", get(reference::collect))
        .route("/{lang}/shops/api/open", get(console::open))
        .route("/{lang}/shops/widget", get(widget::show))
        .route("/widget/v1.js", get(script::serve))
}

/// The three pages, to go from one to the other.
fn tabs(request: &Request) -> Markup {
    let lang = request.lang;
    let pages = [
        ("/shops", say!(lang, SHOPS_TAB_QUICK)),
        ("/shops/api", say!(lang, SHOPS_TAB_API)),
        ("/shops/widget", say!(lang, SHOPS_TAB_WIDGET)),
    ];
    html! {
        nav.tabs aria-label=(say!(lang, SHOPS_TABS)) {
            ul {
                @for (path, name) in pages {
                    li { a href=(request.to(path)) aria-current=[current(&request.path, path)] { (name) } }
                }
            }
        }
    }
}

/// Whether the page at an address is that of a tab, or stands below it.
fn current(at: &str, tab: &str) -> Option<&'static str> {
    match at.strip_prefix(tab)? {
        "" => Some("page"),
        below if tab != "/shops" && below.starts_with('/') => Some("true"),
        _ => None,
    }
}

/// Where others reach this service, without a slash at the end; what cannot be the name of a host is not repeated.
fn host(desk: &Desk, headers: &HeaderMap) -> String {
    let whole = absolute(desk, headers, &Uri::from_static("/"));
    let plain = whole.bytes().all(|b| b.is_ascii_alphanumeric() || b".:/-[]_".contains(&b));
    if plain { whole.trim_end_matches('/').to_owned() } else { String::new() }
}

/// Lines of code, in a frame that can be scrolled with the keyboard. The script puts a button beside it that copies them.
fn code(request: &Request, name: &str, text: &str) -> Markup {
    let lang = request.lang;
    html! {
        pre tabindex="0" role="group" aria-label=(name) data-copy=(say!(lang, SHOPS_COPY)) data-copied=(say!(lang, SHOPS_COPIED)) {
            code { (text) }
        }
    }
}
