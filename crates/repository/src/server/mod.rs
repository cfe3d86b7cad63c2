//! The repository as a service: submissions, what stands where, published files, feeds. It listens and answers; what happens
//! is in `workflow`. It is not on the path of a quote, so it may be small, slow or away without a shop noticing.
//!
//! | file | holds |
//! |---|---|
//! | `problem.rs` | refusals as problem documents (RFC 9457) |
//! | `caller.rs` | who asks, by token, and whether they may |
//! | `editions.rs` | sending, checking, signing, giving up |
//! | `office.rs` | the secretariat's doors: ceremonies, tokens, audit |
//! | `reading.rs` | what everybody may read |
//! | `files.rs` | the published files |
//! | `hearing.rs` | feeds, and who else hears of changes |
//! | `rate.rs` | how often one caller may ask |
//! | `watch.rs` | whether it lives, and figures |

mod caller;
mod editions;
mod files;
mod hearing;
mod office;
mod problem;
mod rate;
mod reading;
mod watch;

pub use problem::Problem;
pub use rate::network;
pub use watch::Figures;

use crate::feeds::address::Reach;
use crate::feeds::mail::Mailer;
use crate::feeds::send::Courier;
use crate::workflow::Repository;
use crate::workflow::pull::Runner;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{delete, get, post};
use axum::serve::ListenerExt as _;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// What the service holds its callers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of a submission.
    pub body_bytes: usize,
    /// Most bytes of any other request.
    pub small_body_bytes: usize,
    /// How long a request may take.
    pub time: Duration,
    /// How many requests one address may make at once; it gets one more each `refill`.
    pub burst: u32,
    /// How often an address may make one more.
    pub refill: Duration,
    /// As `burst`, for published files: a reader who begins fetches thousands, and each is a look into a folder.
    pub file_burst: u32,
    /// As `refill`, for published files.
    pub file_refill: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 << 20,
            small_body_bytes: 1 << 20,
            time: Duration::from_secs(300),
            burst: 200,
            refill: Duration::from_millis(50),
            file_burst: 5_000,
            file_refill: Duration::from_millis(1),
        }
    }
}

/// What every door needs.
#[derive(Clone)]
pub struct App {
    /// The repository.
    pub repository: Repository,
    /// Counts what happens.
    pub figures: Arc<Figures>,
    /// Who is told, and which addresses are looked at.
    pub outside: Arc<Outside>,
    sending: Arc<Semaphore>,
    reading: Arc<Semaphore>,
}

/// What the service reaches by itself.
pub struct Outside {
    /// How far messages and looks may go.
    pub reach: Reach,
    /// Carries messages.
    pub courier: Courier,
    /// Fetches authorities' files.
    pub runner: Runner,
    /// Sends letters, and whose address they bear; none are written without it.
    pub mailer: Option<(Box<dyn Mailer>, String)>,
    /// The secretariat's address, for letters about what runs out.
    pub secretariat: Option<String>,
}

impl Outside {
    /// Without letters.
    ///
    /// # Errors
    /// Where the system's certificates cannot be used.
    pub fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        Ok(Self { reach, courier: Courier::new(reach)?, runner: Runner::new(reach)?, mailer: None, secretariat: None })
    }
}

/// How many submissions are read at once, and how many previews and whole packages: each may take much memory.
const AT_ONCE: usize = 2;

impl App {
    /// A service over a repository.
    pub fn new(repository: Repository, outside: Outside) -> Self {
        let turns = || Arc::new(Semaphore::new(AT_ONCE));
        let (figures, outside) = (Arc::new(Figures::default()), Arc::new(outside));
        Self { repository, figures, outside, sending: turns(), reading: turns() }
    }
}

/// All doors.
pub fn router(app: App, limits: Limits) -> Router {
    let sending = Router::new()
        .route("/v1/authorities/{authority}/submissions", post(editions::submit))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits.body_bytes));
    let other = Router::new()
        .route("/v1/authorities/{authority}/submissions", get(editions::submissions))
        .route("/v1/authorities/{authority}/submissions/{id}", get(editions::submission))
        .route("/v1/authorities/{authority}/editions", get(editions::of))
        .route("/v1/authorities/{authority}/withdrawals", post(editions::withdrawal))
        .route("/v1/authorities/{authority}/renewal", get(editions::renewal))
        .route("/v1/authorities", get(reading::authorities))
        .route("/v1/editions/{edition}", get(editions::one))
        .route("/v1/editions/{edition}/report", get(editions::report))
        .route("/v1/editions/{edition}/impact", get(editions::impact))
        .route("/v1/editions/{edition}/package", get(editions::package))
        .route("/v1/editions/{edition}/words", post(editions::speak))
        .route("/v1/editions/{edition}/signatures", post(editions::sign))
        .route("/v1/editions/{edition}/abandon", post(editions::abandon))
        .route("/v1/records", get(reading::records))
        .route("/v1/board", get(reading::board))
        .route("/v1/audit", get(office::audit))
        .route("/v1/ceremonies", post(office::accept))
        .route("/v1/tokens", get(office::tokens).post(office::new_token))
        .route("/v1/tokens/{id}", delete(office::revoke))
        .route("/v1/pulls", get(hearing::pulls).post(hearing::pull).delete(hearing::no_pull))
        .route("/v1/subscriptions", get(hearing::subscriptions).post(hearing::subscribe))
        .route("/v1/subscriptions/{id}", delete(hearing::unsubscribe))
        .route("/v1/subscriptions/{id}/leave", get(hearing::leaving).post(hearing::leave))
        .route("/v1/deliveries/dead", get(hearing::dead))
        .route("/v1/deliveries/{id}/again", post(hearing::again))
        .route("/feeds/changes.json", get(hearing::json_feed))
        .route("/feeds/changes.atom", get(hearing::atom_feed))
        .route("/open/{authority}/{file}", get(files::open_data))
        .layer(RequestBodyLimitLayer::new(limits.small_body_bytes));
    let published = Router::new()
        .route("/metadata/{file}", get(files::metadata))
        .route("/targets/{file}", get(files::target))
        .layer(RequestBodyLimitLayer::new(limits.small_body_bytes));
    let doors = rate::limited(sending.merge(other), limits.burst, limits.refill).merge(rate::limited(
        published,
        limits.file_burst,
        limits.file_refill,
    ));
    let request_id = HeaderName::from_static("x-request-id");
    doors
        .route("/health/live", get(watch::live))
        .route("/health/ready", get(watch::ready))
        .route("/metrics", get(watch::metrics))
        .fallback(problem::no_such_door)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::GATEWAY_TIMEOUT, limits.time))
        .layer(axum::middleware::from_fn(problem::in_our_words))
        .layer(axum::middleware::from_fn_with_state(app.clone(), watch::count))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(TraceLayer::new_for_http())
        .layer(PropagateRequestIdLayer::new(request_id.clone()))
        .layer(SetRequestIdLayer::new(request_id, MakeRequestUuid))
        .with_state(app)
}

/// Answers until `stop` ends; then lets those who are being answered finish. Beside it, does what is due each second.
///
/// # Errors
/// Where it can no longer listen.
pub async fn serve(
    listener: TcpListener,
    app: App,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let due = tokio::spawn(watch::each_second(app.clone()));
    // Apart, so that a slow address never holds back an edition.
    let outside = tokio::spawn(watch::reach_outside(app.clone()));
    let warning = tokio::spawn(watch::warn_in_time(app.clone()));
    let service = router(app.clone(), limits).into_make_service_with_connect_info::<SocketAddr>();
    // Heads and bodies are written one after the other: without this the second waits for the client's acknowledgement of the first.
    let listener = listener.tap_io(|connection| _ = connection.set_nodelay(true));
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    due.abort();
    outside.abort();
    warning.abort();
    app.repository.db.close().await;
    served
}
