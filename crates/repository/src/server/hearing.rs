//! Feeds, and who else hears of changes: subscriptions, dead letters, the addresses that are looked at.

use super::caller::Caller;
use super::{App, Problem};
use crate::feeds::page::{Feed, Page};
use crate::feeds::{Interest, News, atom, json as json_form};
use crate::store::subscription::{self, Channel};
use crate::store::{self, audit, edition, pull as pulled};
use crate::workflow::permission::Operation;
use crate::workflow::sent::About;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

/// How many of the newest editions a feed reaches back.
const MOST_NEWS: u64 = 1_000;

type Answer<T> = Result<T, Problem>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(default)]
    territories: String,
    #[serde(default)]
    authorities: String,
    #[serde(default)]
    goods: String,
    after: Option<String>,
}

async fn page(app: &App, wanted: Wanted, file: &str) -> Answer<(Feed, Page)> {
    let interest = Interest::from_lists(&wanted.territories, &wanted.authorities, &wanted.goods)
        .map_err(|e| Problem::request(e.to_string()))?;
    let (name, kept) = {
        let mut tx = app.repository.db.read().await?;
        let name = store::name(&mut *tx).await?.unwrap_or_default();
        (name, edition::news(&mut *tx, MOST_NEWS).await?)
    };
    let news = kept.into_iter().filter_map(|text| serde_json::from_str::<News>(&text).ok());
    let page = Page::take(news, &interest, wanted.after.as_deref()).map_err(|e| Problem::not_found(e.to_string()))?;
    let base = &app.repository.address;
    let query = interest.query();
    let mark = if query.is_empty() || query.starts_with('?') { "" } else { "?" };
    let feed = Feed {
        title: format!("Changes published at {name}"),
        home: format!("{base}/"),
        address: format!("{base}/feeds/{file}{mark}{query}"),
        editions: format!("{base}/v1/editions/"),
        founded: Timestamp::UNIX_EPOCH,
    };
    Ok((feed, page))
}

const CACHE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=30");

pub(super) async fn json_feed(State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer<Response> {
    let (feed, page) = page(&app, wanted, "changes.json").await?;
    let kind = (header::CONTENT_TYPE, "application/feed+json");
    Ok(([kind, CACHE], json_form::document(&feed, &page).to_string()).into_response())
}

pub(super) async fn atom_feed(State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer<Response> {
    let (feed, page) = page(&app, wanted, "changes.atom").await?;
    let bytes = atom::document(&feed, &page).map_err(|e| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "feed", "The feed cannot be made", e.to_string())
    })?;
    let kind = (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8");
    Ok(([kind, CACHE], bytes).into_response())
}

pub(super) async fn subscriptions(State(app): State<App>, caller: Caller) -> Answer<Json<Value>> {
    caller.wants(Operation::Subscriptions, None)?;
    let mut tx = app.repository.db.read().await?;
    Ok(Json(json!({ "subscriptions": subscription::all(&mut *tx).await? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    channel: Channel,
    address: String,
    #[serde(default)]
    interest: Interest,
}

pub(super) async fn subscribe(
    State(app): State<App>,
    caller: Caller,
    Json(new): Json<New>,
) -> Answer<(StatusCode, Json<Value>)> {
    caller.wants(Operation::Subscriptions, None)?;
    let reach = app.outside.reach;
    let made = app.repository.subscribe(new.channel, &new.address, new.interest, reach, caller.name()).await?;
    let mut answer = json!({ "subscription": made.0, "secret": made.1 });
    if new.channel == Channel::Mail && app.outside.mailer.is_none() {
        answer["note"] = json!("No letter goes out yet: no mail server stands under [mail] in repository.toml.");
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn unsubscribe(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    caller.wants(Operation::Subscriptions, None)?;
    match app.repository.end_subscription(&id, caller.name(), "").await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("There is no such subscription, or it has ended.")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct By {
    by: String,
}

/// A reader of letters came by the address in one. Mail programs open addresses by themselves, so this only asks.
pub(super) async fn leaving() -> Html<&'static str> {
    Html(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>End the letters</title><form method=post><p>Do you want no more letters?</p>\
         <button>End the letters</button></form></html>",
    )
}

pub(super) async fn leave(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(by): Query<By>,
) -> Answer<&'static str> {
    let known = {
        let mut tx = app.repository.db.read().await?;
        subscription::get(&mut *tx, &id).await?
    };
    // A digest of both, so that how long the comparison takes tells nothing.
    let hash = |text: &str| crate::sha256_hex(text.as_bytes());
    let right = known.is_some_and(|s| s.channel == Channel::Mail && hash(&s.secret) == hash(&by.by));
    if !right {
        return Err(Problem::not_found("This address ends no letters. Use the one in the newest letter."));
    }
    app.repository.end_subscription(&id, "reader", "left by the address in a letter").await?;
    Ok("You will get no more letters.\n")
}

pub(super) async fn dead(State(app): State<App>, caller: Caller) -> Answer<Json<Value>> {
    caller.wants(Operation::Subscriptions, None)?;
    let mut tx = app.repository.db.read().await?;
    Ok(Json(json!({ "dead": subscription::dead(&mut *tx, 500).await? })))
}

pub(super) async fn again(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    caller.wants(Operation::Subscriptions, None)?;
    let now = app.repository.clock.now();
    let mut tx = app.repository.db.write().await?;
    store::take_turn(&mut *tx).await?;
    let revived = subscription::revive(&mut *tx, &id, now).await?;
    if revived {
        audit::note(&mut *tx, now, caller.name(), "send-again", &id, "").await?;
    }
    tx.commit().await?;
    if revived {
        return Ok(StatusCode::ACCEPTED);
    }
    Err(Problem::not_found("There is no such dead letter, or its subscription has ended."))
}

pub(super) async fn pulls(State(app): State<App>, caller: Caller) -> Answer<Json<Value>> {
    caller.wants(Operation::Pull, None)?;
    let mut tx = app.repository.db.read().await?;
    Ok(Json(json!({ "pulls": pulled::all(&mut *tx).await? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPull {
    authority: String,
    url: String,
    about: About,
    every_seconds: u64,
}

pub(super) async fn pull(State(app): State<App>, caller: Caller, Json(new): Json<NewPull>) -> Answer<StatusCode> {
    caller.wants(Operation::Pull, None)?;
    let NewPull { authority, url, about, every_seconds } = new;
    let reach = app.outside.reach;
    app.repository.pull_from(&authority, &url, &about, every_seconds, reach, caller.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OldPull {
    authority: String,
    url: String,
}

pub(super) async fn no_pull(State(app): State<App>, caller: Caller, Query(old): Query<OldPull>) -> Answer<StatusCode> {
    caller.wants(Operation::Pull, None)?;
    let mut tx = app.repository.db.write().await?;
    store::take_turn(&mut *tx).await?;
    let removed = pulled::remove(&mut *tx, &old.authority, &old.url).await?;
    if removed {
        let now = app.repository.clock.now();
        audit::note(&mut *tx, now, caller.name(), "no-pull", &old.authority, "").await?;
    }
    tx.commit().await?;
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("This address is not looked at.")) }
}
