//! The doors of people: pages in each language, that work without script.
//!
//! | file | page |
//! |---|---|
//! | `layout.rs` | what every page has around it |
//! | `parts.rs` | pieces that pages are made of |
//! | `start.rs` | the first page |
//! | `markets/` | what a parcel costs to land, and why |
//! | `code/` | from words to a goods code; what a code means |
//! | `rates/` | what each economy charges, how it changed, how fresh that is |
//! | `shops/` | for those who build shops |
//! | `collect/` | registrations, sales and returns of sellers |
//! | `office/` | an authority's people; whether and where to register |
//! | `about/` | what is known and how sure, and how the site is used |

pub(crate) mod about;
pub(crate) mod code;
pub(crate) mod collect;
pub(crate) mod layout;
pub(crate) mod markets;
pub(crate) mod office;
pub(crate) mod parts;
pub(crate) mod rates;
pub(crate) mod shops;
mod start;

use crate::desk::Desk;
use crate::guard::host::is_name;
use crate::locale::Lang;
use crate::problem::{Problem, message};
use crate::say;
use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, RawQuery};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use layout::Door;
use maud::{Markup, html};
use tidewaiter::quote::said::Said;

/// All pages.
pub(crate) fn doors(desk: &Desk) -> Router<Desk> {
    Router::new()
        .route("/", get(first))
        .route("/{lang}", get(slash))
        .route("/{lang}/", get(start::show))
        .merge(markets::doors())
        .merge(code::doors())
        .merge(rates::doors())
        .merge(shops::doors())
        .merge(collect::doors())
        .merge(about::doors())
        .merge(office::doors(desk))
}

/// A finished page.
pub(crate) struct Page(pub(crate) Markup);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        ([(header::CONTENT_TYPE, kind)], self.0.into_string()).into_response()
    }
}

/// What every page is asked with: its language, its address, and the fields of its address.
pub(crate) struct Request {
    pub(crate) lang: Lang,
    /// The address without its language: `/markets`.
    pub(crate) path: String,
    /// The fields as they stand in the address.
    pub(crate) query: String,
    pub(crate) desk: Desk,
}

impl FromRequestParts<Desk> for Request {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Problem> {
        let path = parts.uri.path();
        let (tag, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let lang = Lang::of_tag(tag).ok_or_else(|| Problem::not_found(&message::DOOR_NO_PAGE))?;
        let path = format!("/{rest}");
        let query = parts.uri.query().unwrap_or_default().to_owned();
        Ok(Self { lang, path, query, desk: desk.clone() })
    }
}

impl Request {
    /// The address of another page in the same language.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("/{}{path}", self.lang.tag())
    }
}

/// To the language that the browser asks for.
async fn first(headers: HeaderMap) -> Response {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let to = format!("/{}/", Lang::accepted(wanted).tag());
    ([(header::VARY, "accept-language"), (header::CACHE_CONTROL, "no-cache")], Redirect::to(&to)).into_response()
}

async fn slash(params: RawPathParams, RawQuery(_): RawQuery) -> Result<Redirect, Problem> {
    let tag = params.iter().next().map(|(_, value)| value).unwrap_or_default();
    match Lang::of_tag(tag) {
        Some(lang) => Ok(Redirect::permanent(&format!("/{}/", lang.tag()))),
        None => Err(Problem::not_found(Said::of(&message::DOOR_NO_LANGUAGE, [("path", format!("/{tag}").into())]))),
    }
}

/// A page that says no.
pub(crate) fn refused(desk: &Desk, lang: Lang, problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = match problem.status {
        404 => say!(lang, REFUSED_NOT_FOUND),
        429 => say!(lang, REFUSED_TOO_MANY),
        400..=499 => say!(lang, REFUSED_REQUEST),
        _ => say!(lang, REFUSED_FAULT),
    };
    let request = Request { lang, path: "/".into(), query: String::new(), desk: desk.clone() };
    let body = html! {
        div.stack {
            h1 { (title) }
            @if status == StatusCode::NOT_FOUND && is_no_page(&problem.detail) {
                p.lede { (say!(lang, REFUSED_NOWHERE)) }
                (ways(&request))
            } @else if problem.errors.is_empty() {
                p.lede { (lang.said(&problem.detail)) }
            }
            @for wrong in &problem.errors {
                p { code { (wrong.field) } " " (lang.wrong(&wrong.message)) }
            }
            p { a href=(request.to("/")) { (say!(lang, REFUSED_BACK)) } }
        }
    };
    let page = layout::page(&request, &layout::Head { door: Door::None, title: &title, about: "" }, body);
    let mut answer = page.into_response();
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Whether a refusal says no more than that nothing is at the address: what it says of doors is for programs.
fn is_no_page(detail: &Said) -> bool {
    let codes = [message::DOOR_NOWHERE.code, message::DOOR_NO_LANGUAGE.code, message::DOOR_NO_PAGE.code];
    detail.code().is_some_and(|code| codes.contains(&code))
}

/// Where a reader who came to no page may go.
fn ways(request: &Request) -> Markup {
    let lang = request.lang;
    let ways = [
        ("/", say!(lang, DOOR_MARKETS), say!(lang, START_LEDE)),
        ("/code", say!(lang, DOOR_CODE), say!(lang, START_CODE_ABOUT)),
        ("/rates", say!(lang, DOOR_RATES), say!(lang, RATES_TITLE)),
        ("/shops", say!(lang, DOOR_SHOPS), say!(lang, START_SHOPS_ABOUT)),
        ("/about", say!(lang, DOOR_ABOUT), say!(lang, ABOUT_LEDE)),
    ];
    html! {
        ul.stack {
            @for (path, name, about) in ways { li { a href=(request.to(path)) { (name) } (lang.colon()) (about) } }
        }
    }
}

/// The whole address of a request as others can use it.
pub(crate) fn absolute(desk: &Desk, headers: &HeaderMap, uri: &Uri) -> String {
    let path = uri.path_and_query().map_or("/", |p| p.as_str());
    // What is no host and port is not repeated: the asker wrote it. Whether they came by https is told by the settings alone.
    let name = headers.get(header::HOST).and_then(|h| h.to_str().ok()).filter(|host| is_name(host));
    match (&desk.settings.address, name) {
        (Some(address), _) => format!("{}{path}", address.trim_end_matches('/')),
        (None, Some(host)) => format!("http://{host}{path}"),
        (None, None) => path.to_owned(),
    }
}
