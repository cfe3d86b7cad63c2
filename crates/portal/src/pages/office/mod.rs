//! Pages of an authority's people, and what anybody may ask before registering: "where do I have to?", "am I taxed as a shop over there?".
//!
//! | file | page |
//! |---|---|
//! | `overview.rs` | what waits, what is late, how fresh it is |
//! | `applications.rs` | who asks for a registration; the decision |
//! | `checks.rs` | which checks an application passes |
//! | `sellers.rs` | who is registered |
//! | `returns.rs` | which returns may be expected, and which came |
//! | `declared.rs` | one return with its receipt |
//! | `border.rs`, `found.rs`, `chart.rs` | what was seen at the border against what was declared |
//! | `form.rs`, `edited.rs` | what an application must hold |
//! | `place.rs`, `answer.rs`, `threshold.rs` | whether and where to register |
//! | `equal.rs` | the same goods sold inside and sent from abroad |
//! | `parts.rs` | pieces that these pages are made of |

mod answer;
mod applications;
mod border;
mod chart;
mod checks;
mod declared;
mod edited;
mod equal;
mod form;
mod found;
mod overview;
mod parts;
mod place;
mod returns;
mod sellers;
mod threshold;

use super::Request;
use super::layout::{Door, Head, page};
use crate::collect::{House, caller, refusal};
use crate::desk::Desk;
use crate::form::{Fields, pairs};
use crate::guard::elsewhere;
use crate::problem::Problem;
use crate::say;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request as Sent};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use std::sync::Arc;
use tidewaiter_collect::service::{Authority, Caller, Error, Operation, Role};

/// Where border data is handed in: its files are longer than what other doors take.
pub(crate) const UPLOAD: &str = "/{lang}/collect/authority/border";
/// The first of these pages, without the language.
const HERE: &str = "/collect/authority";
/// Most bytes of a form.
const LONGEST_FORM: usize = 256 << 10;

/// The pages.
pub(crate) fn doors(desk: &Desk) -> Router<Desk> {
    let upload = get(border::show).post(border::take).layer(DefaultBodyLimit::max(desk.settings.batch_bytes));
    Router::new()
        .route("/{lang}/collect/authority", get(overview::show))
        .route("/{lang}/collect/authority/applications", get(applications::list))
        .route("/{lang}/collect/authority/applications/{id}", get(applications::show).post(applications::decide))
        .route("/{lang}/collect/authority/sellers", get(sellers::list))
        .route("/{lang}/collect/authority/sellers.csv", post(sellers::export))
        .route("/{lang}/collect/authority/sellers/{seller}", get(sellers::show))
        .route("/{lang}/collect/authority/returns", get(returns::list))
        .route("/{lang}/collect/authority/returns/{seller}/{period}/{n}", get(declared::show).post(declared::export))
        .route(UPLOAD, upload)
        .route("/{lang}/collect/authority/form", get(form::show).post(form::take))
        .route("/{lang}/collect/where", get(place::show).post(place::answer))
        .route("/{lang}/collect/equal", get(equal::show))
}

/// An officer or inspector, with the page that is asked for.
struct Officer {
    request: Request,
    house: Arc<House>,
    caller: Caller,
    of: Authority,
}

impl Officer {
    /// Who asks, by the cookie.
    ///
    /// # Errors
    /// A page that says who these pages are for.
    async fn of(request: Request, headers: &HeaderMap) -> Result<Self, Response> {
        let house = Arc::clone(request.desk.collect().map_err(IntoResponse::into_response)?);
        let caller = caller::of_reader(&request.desk, headers).await.map_err(IntoResponse::into_response)?;
        let own = caller.filter(|caller| matches!(caller.role, Role::Officer | Role::Inspector));
        let Some((caller, id)) = own.and_then(|caller| caller.of.clone().map(|id| (caller, id))) else {
            return Err(stranger(&request));
        };
        let of = house.service.form(&id).await.map_err(|error| refusal::refused(&request.desk, &error).into_response());
        Ok(Self { of: of?.0, request, house, caller })
    }

    /// The same for a form that is sent: one from another site is refused.
    async fn sends(request: Request, headers: &HeaderMap) -> Result<Self, Response> {
        elsewhere::refuse(headers, &request.desk.settings).map_err(Problem::into_response)?;
        Self::of(request, headers).await
    }

    fn may(&self, operation: Operation) -> bool {
        self.caller.may(operation, &self.of.id)
    }

    fn no(&self, error: &Error) -> Response {
        refusal::refused(&self.request.desk, error).into_response()
    }

    /// The address of one of these pages.
    fn to(&self, path: &str) -> String {
        self.request.to(&format!("{HERE}{path}"))
    }

    fn go(&self, path: &str) -> Response {
        ([(header::CACHE_CONTROL, "no-store")], Redirect::to(&self.to(path))).into_response()
    }

    /// A whole page; `tab` is the one that it belongs to.
    fn page(&self, tab: &str, title: &str, above: Option<(&str, &str)>, body: Markup) -> Response {
        let lang = self.request.lang;
        let tabs = [
            ("", say!(lang, OFFICE_TAB_OVERVIEW)),
            ("/applications", say!(lang, OFFICE_TAB_APPLICATIONS)),
            ("/sellers", say!(lang, OFFICE_TAB_SELLERS)),
            ("/returns", say!(lang, OFFICE_TAB_RETURNS)),
            ("/border", say!(lang, OFFICE_TAB_BORDER)),
            ("/form", say!(lang, OFFICE_TAB_FORM)),
        ];
        let role = lang.word("office-role", self.caller.role.name());
        let whole = html! {
            div.stack {
                p.quiet.small { (self.of.name) " · " code { (self.of.id) } " · " (role) (lang.colon()) (self.caller.label) }
                nav.tabs aria-label=(say!(lang, OFFICE_TABS)) {
                    ul {
                        @for (path, name) in &tabs {
                            li { a href=(self.to(path)) aria-current=[(*path == tab).then_some(if above.is_none() { "page" } else { "true" })] { (name) } }
                        }
                    }
                }
                @if let Some((path, name)) = above {
                    nav.crumbs aria-label=(say!(lang, HOUSE_HERE)) {
                        ol { li { a href=(self.to(path)) { (name) } } li aria-current="page" { (title) } }
                    }
                }
                h1 { (title) }
                (lang.notice())
            }
            (body)
        };
        private(page(&self.request, &Head { door: Door::Collect, title, about: "" }, whole))
    }
}

/// An answer that nobody keeps. Its forms say where they come from.
fn private(answer: impl IntoResponse) -> Response {
    let mut answer = answer.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    answer
}

/// The same with another status.
fn with(status: StatusCode, mut answer: Response) -> Response {
    *answer.status_mut() = status;
    answer
}

/// For whoever is no officer.
fn stranger(request: &Request) -> Response {
    let lang = request.lang;
    let title = say!(lang, OFFICE_STRANGER);
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (say!(lang, OFFICE_STRANGER_WHY)) }
            p { a href=(request.to("/collect")) { (say!(lang, OFFICE_STRANGER_ENTER)) } }
            p { a href=(request.to("/collect/where")) { (say!(lang, WHERE_TITLE)) } }
        }
    };
    let answer = page(request, &Head { door: Door::Collect, title: &title, about: "" }, body);
    with(StatusCode::FORBIDDEN, private(answer))
}

/// The fields of a form that was sent.
async fn fields(sent: Sent) -> Result<Fields, Response> {
    let body = axum::body::to_bytes(sent.into_body(), LONGEST_FORM).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    Ok(pairs(&String::from_utf8_lossy(&body)))
}

/// The first value of a field, without the spaces around it.
fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}
