//! Whether the service lives, what it did, and what it does by itself.

use super::App;
use crate::expiry::{self, Ending, Warned, What};
use crate::feeds::mail::MailError;
use crate::store;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::time::Duration;

/// Figures for those who run the service, in the format of Prometheus.
#[derive(Debug)]
pub struct Figures {
    registry: Registry,
    answers: Family<Vec<(String, String)>, Counter>,
    published: Counter,
    failures: Counter,
    waiting: Gauge,
    days_left: Family<Vec<(String, String)>, Gauge>,
}

impl Default for Figures {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tidewaiter_repository");
        let answers = Family::<Vec<(String, String)>, Counter>::default();
        let (published, failures, waiting) = (Counter::default(), Counter::default(), Gauge::default());
        registry.register("answers", "Answers by door and status", answers.clone());
        registry.register("published", "Editions published when their hour came", published.clone());
        registry.register("failures", "Rounds in which something due could not be done", failures.clone());
        registry.register(
            "waiting",
            "Whether something due is waiting for the database or the static host",
            waiting.clone(),
        );
        let days_left = Family::<Vec<(String, String)>, Gauge>::default();
        registry.register("days_left", "Days until root, targets and authorities' roles expire", days_left.clone());
        Self { registry, answers, published, failures, waiting, days_left }
    }
}

impl Figures {
    /// Days until roles expire; of those that are gone nothing is told any longer.
    fn left(&self, endings: &[Ending]) {
        self.days_left.clear();
        for one in endings.iter().filter(|one| one.what != What::Token) {
            let labels = vec![("what".to_owned(), one.what.name().to_owned()), ("of".to_owned(), one.of.clone())];
            self.days_left.get_or_create(&labels).set(one.days);
        }
    }
}

pub(super) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

pub(super) async fn ready(State(app): State<App>) -> StatusCode {
    let answers = async {
        let mut tx = app.repository.db.read().await?;
        store::name(&mut *tx).await
    };
    match tokio::time::timeout(Duration::from_secs(2), answers).await {
        Ok(Ok(Some(_))) => StatusCode::NO_CONTENT,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(super) async fn metrics(State(app): State<App>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &app.figures.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let door = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let answer = next.run(request).await;
    let labels = vec![("door".to_owned(), door), ("status".to_owned(), answer.status().as_str().to_owned())];
    app.figures.answers.get_or_create(&labels).inc();
    answer
}

/// Does what is due, each second, as long as the service runs.
pub(super) async fn each_second(app: App) {
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        match app.repository.tick().await {
            Ok(published) => {
                app.figures.published.inc_by(published);
                app.figures.waiting.set(0);
            }
            Err(refusal) => {
                app.figures.failures.inc();
                app.figures.waiting.set(1);
                tracing::warn!(%refusal, "what is due waits");
            }
        }
    }
}

/// Warns of what runs out, once at each step before its end: looks each hour, as long as the service runs.
pub(super) async fn warn_in_time(app: App) {
    let mut clock = tokio::time::interval(Duration::from_secs(3600));
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut warned, mut unsent) = (Warned::default(), Vec::new());
    loop {
        clock.tick().await;
        match endings(&app).await {
            Ok(endings) => {
                app.figures.left(&endings);
                let news = untold(&app, warned.news(endings)).await;
                for Ending { what, of, expires, days, next } in &news {
                    let what = what.name();
                    tracing::warn!(what, of, %expires, days, next, "it runs out");
                }
                unsent.extend(news);
                write_secretariat(&app, &mut unsent).await;
            }
            Err(refusal) => tracing::warn!(%refusal, "what runs out is not known"),
        }
    }
}

/// Writes to the secretariat, where there is an address and a mail server; one that does not answer is asked again next time.
async fn write_secretariat(app: &App, unsent: &mut Vec<Ending>) {
    if let (Some((mailer, from)), Some(to), false) = (&app.outside.mailer, &app.outside.secretariat, unsent.is_empty())
    {
        match app.repository.write_notice(mailer.as_ref(), from, to, unsent).await {
            Err(MailError::Later(error)) => return tracing::warn!(error, "a letter to the secretariat waits"),
            Err(error) => tracing::warn!(%error, "no letter to the secretariat"),
            Ok(()) => {
                if let Err(refusal) = noted(app, unsent).await {
                    tracing::warn!(%refusal, "a letter to the secretariat may be written again");
                }
            }
        }
    }
    unsent.clear();
}

/// Of what runs out, what no letter told before this process was started.
async fn untold(app: &App, news: Vec<Ending>) -> Vec<Ending> {
    let known = async {
        let mut tx = app.repository.db.read().await?;
        expiry::untold(&mut *tx, news.clone()).await
    };
    known.await.unwrap_or(news)
}

async fn noted(app: &App, sent: &[Ending]) -> Result<(), crate::workflow::Refusal> {
    let mut tx = app.repository.db.write().await?;
    store::take_turn(&mut *tx).await?;
    expiry::told(&mut *tx, sent, app.repository.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn endings(app: &App) -> Result<Vec<Ending>, crate::workflow::Refusal> {
    let mut tx = app.repository.db.read().await?;
    expiry::endings(&mut *tx, app.repository.clock.now(), true).await
}

/// Tells those who asked, looks at authorities' addresses, and writes the tables for download, one round after the other.
pub(super) async fn reach_outside(app: App) {
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        let round = async {
            app.repository.deliver(&app.outside.courier).await?;
            if let Some((mailer, from)) = &app.outside.mailer {
                app.repository.write_letters(mailer.as_ref(), from).await?;
            }
            app.repository.export().await?;
            app.repository.look(&app.outside.runner).await
        };
        if let Err(refusal) = round.await {
            app.figures.failures.inc();
            tracing::warn!(%refusal, "what goes outside waits");
        }
    }
}
