//! Sending, checking, signing, giving up.

use super::caller::Caller;
use super::{App, Problem};
use crate::feeds::News;
use crate::key::PublicKey;
use crate::name;
use crate::store::edition::{self, Kept};
use crate::store::{db::Run, submission};
use crate::workflow::Refusal;
use crate::workflow::permission::Operation;
use crate::workflow::sent::Sent;
use crate::workflow::submit::read_receipt;
use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Most files of one submission.
const MOST_FILES: usize = 50;
/// Most bytes that are said of them.
const MOST_ABOUT: usize = 1 << 20;

type Answer<T> = Result<T, Problem>;

fn authority_name(name: &str) -> Answer<()> {
    name::authority(name).map_err(|e| Problem::not_found(e.to_string()))
}

/// Waits until few enough others do the same.
async fn turn(of: &Semaphore) -> Answer<SemaphorePermit<'_>> {
    of.acquire().await.map_err(|e| Refusal::Unavailable(e.to_string()).into())
}

async fn kept(tx: &mut dyn Run, hash: &str) -> Answer<Kept> {
    let none =
        || Problem::not_found(format!("No edition {hash} is kept here. An edition is named by 64 hexadecimal digits."));
    if !name::is_hash(hash) {
        return Err(none());
    }
    edition::get(tx, hash).await?.ok_or_else(none)
}

/// The edition of a hash, for somebody who may read it: everybody what is published, its authority's people what is not.
async fn readable(app: &App, caller: &Caller, hash: &str) -> Answer<Kept> {
    let mut tx = app.repository.db.read().await?;
    let kept = kept(&mut *tx, hash).await?;
    if !kept.state.is_public() {
        caller.wants(Operation::ReadDrafts, Some(&kept.manifest.authority))?;
    }
    Ok(kept)
}

/// Who may do something with an edition that is on its way.
async fn allowed(app: &App, caller: &Caller, operation: Operation, hash: &str) -> Answer<()> {
    let authority = {
        let mut tx = app.repository.db.read().await?;
        kept(&mut *tx, hash).await?.manifest.authority
    };
    caller.wants(operation, Some(&authority))
}

pub(super) async fn submit(
    State(app): State<App>,
    caller: Caller,
    Path(authority): Path<String>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Answer<Response> {
    authority_name(&authority)?;
    caller.wants(Operation::Submit, Some(&authority))?;
    let key = match headers.get("idempotency-key") {
        None => None,
        Some(value) => match value.to_str() {
            Ok(text) if !text.is_empty() && text.len() <= 255 => Some(text.to_owned()),
            _ => return Err(Problem::request("Idempotency-Key holds 1 to 255 plain characters.")),
        },
    };
    let (mut sent, mut said) = (Sent::default(), false);
    let broken = |e: axum::extract::multipart::MultipartError| {
        let status = e.status();
        let what = format!("The form cannot be read: {}.", e.body_text());
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            return Problem::new(status, "too-large", "The files are too large", what);
        }
        Problem::request(what)
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("about") => {
                let text = field.bytes().await.map_err(broken)?;
                if text.len() > MOST_ABOUT || std::mem::replace(&mut said, true) {
                    return Err(Problem::request(format!("Send \"about\" once, in at most {MOST_ABOUT} bytes.")));
                }
                sent.about = serde_json::from_slice(&text)
                    .map_err(|e| Problem::request(format!("\"about\" is not what this door takes: {e}.")))?;
            }
            Some("file") => {
                let name = field.file_name().unwrap_or("file").chars().take(200).collect();
                let bytes = field.bytes().await.map_err(broken)?;
                if sent.files.len() == MOST_FILES {
                    return Err(Problem::request(format!("Send at most {MOST_FILES} files.")));
                }
                sent.files.push((name, bytes.to_vec()));
            }
            other => {
                let name = other.unwrap_or_default().escape_debug().to_string();
                return Err(Problem::request(format!("The form has \"{name}\"; it holds \"about\" and \"file\".")));
            }
        }
    }
    if sent.files.is_empty() || sent.about.format.is_empty() {
        return Err(Problem::request("Send \"about\" with a format, and at least one \"file\"."));
    }
    let _turn = turn(&app.sending).await?;
    let taken = app.repository.submit(&authority, caller.name(), key.as_deref(), sent).await?;
    let status = if taken.again || taken.receipt.outcome != "new" { StatusCode::OK } else { StatusCode::CREATED };
    let place = format!("/v1/authorities/{authority}/submissions/{}", taken.receipt.submission);
    let body = json!({ "receipt": taken.receipt, "envelope": taken.envelope, "again": taken.again });
    Ok((status, [(header::LOCATION, place)], Json(body)).into_response())
}

pub(super) async fn submissions(
    State(app): State<App>,
    caller: Caller,
    Path(authority): Path<String>,
) -> Answer<Json<Value>> {
    authority_name(&authority)?;
    caller.wants(Operation::ReadDrafts, Some(&authority))?;
    let mut tx = app.repository.db.read().await?;
    let sent = submission::of(&mut *tx, &authority, app.repository.clock.now(), 100).await?;
    Ok(Json(json!({ "submissions": sent })))
}

pub(super) async fn submission(
    State(app): State<App>,
    caller: Caller,
    Path((authority, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    authority_name(&authority)?;
    caller.wants(Operation::ReadDrafts, Some(&authority))?;
    let none = || Problem::not_found("Nothing was sent under this name.");
    if !name::is_hash(&id) {
        return Err(none());
    }
    let mut tx = app.repository.db.read().await?;
    let found = submission::get(&mut *tx, &id).await?.filter(|kept| kept.authority == authority).ok_or_else(none)?;
    let (receipt, envelope) = read_receipt(&found.receipt)?;
    let state = match &found.edition {
        Some(hash) => edition::get(&mut *tx, hash).await?.map(|kept| kept.state),
        None => None,
    };
    Ok(Json(json!({ "receipt": receipt, "envelope": envelope, "state": state })))
}

fn listed(kept: &Kept) -> Value {
    let m = &kept.manifest;
    json!({
        "edition": kept.hash,
        "authority": m.authority,
        "number": m.number,
        "state": kept.state,
        "kind": m.kind,
        "title": m.head.title,
        "issued": m.issued,
        "known_from": kept.known_from,
        "next_due": m.next_due,
        "published_at": kept.published_at,
        "records": m.parts.iter().map(|p| p.records).sum::<u64>(),
    })
}

#[derive(Deserialize)]
pub(super) struct Page {
    before: Option<u64>,
}

pub(super) async fn of(
    State(app): State<App>,
    caller: Caller,
    Path(authority): Path<String>,
    Query(page): Query<Page>,
) -> Answer<Json<Value>> {
    authority_name(&authority)?;
    let drafts = caller.may(Operation::ReadDrafts, &authority);
    let before = page.before.unwrap_or(i64::MAX as u64);
    let mut tx = app.repository.db.read().await?;
    let all = edition::of(&mut *tx, &authority, before, 100).await?;
    let shown: Vec<Value> = all.iter().filter(|kept| drafts || kept.state.is_public()).map(listed).collect();
    Ok(Json(json!({ "editions": shown })))
}

pub(super) async fn one(State(app): State<App>, caller: Caller, Path(hash): Path<String>) -> Answer<Json<Value>> {
    let kept = readable(&app, &caller, &hash).await?;
    let standing = app.repository.standing(&hash).await?;
    let m = &kept.manifest;
    let (concerning, words) = {
        let mut tx = app.repository.db.read().await?;
        (edition::concerning(&mut *tx, &m.authority, m.number).await?, edition::words(&mut *tx, &hash).await?)
    };
    let concerning: Vec<Value> =
        concerning.into_iter().map(|(number, edition)| json!({ "number": number, "edition": edition })).collect();
    let words: Vec<Value> = words
        .into_iter()
        .map(|(check, says, actor, at)| json!({ "check": check, "says": says, "by": actor, "at": at }))
        .collect();
    let mut answer = listed(&kept);
    answer["standing"] = json!(standing);
    answer["corrected_or_withdrawn_by"] = json!(concerning);
    answer["words"] = json!(words);
    if kept.state == edition::State::Abandoned {
        let news = kept.news.as_deref().and_then(|text| serde_json::from_str::<News>(text).ok());
        answer["given_up"] = json!(news.map(|news| json!({ "at": news.published, "reason": news.reason })));
    }
    answer["manifest"] = json!(m);
    Ok(Json(answer))
}

pub(super) async fn report(State(app): State<App>, caller: Caller, Path(hash): Path<String>) -> Answer<Json<Value>> {
    let kept = readable(&app, &caller, &hash).await?;
    let report = serde_json::from_str(&kept.report).unwrap_or_default();
    Ok(Json(report))
}

pub(super) async fn impact(State(app): State<App>, caller: Caller, Path(hash): Path<String>) -> Answer<Json<Value>> {
    // It takes seconds of the processor: not for everybody.
    allowed(&app, &caller, Operation::ReadDrafts, &hash).await?;
    let _turn = turn(&app.reading).await?;
    let preview = app.repository.impact(&hash).await?;
    Ok(Json(json!(preview)))
}

#[derive(Deserialize)]
pub(super) struct WithParts {
    #[serde(default)]
    parts: bool,
}

pub(super) async fn package(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
    Query(with): Query<WithParts>,
) -> Answer<Response> {
    let kept = readable(&app, &caller, &hash).await?;
    if with.parts {
        caller.wants(Operation::ReadDrafts, Some(&kept.manifest.authority))?;
    }
    let _turn = turn(&app.reading).await?;
    let package = app.repository.package(&hash, with.parts).await?;
    let bytes = package.to_bytes().map_err(Refusal::from)?;
    Ok(([(header::CONTENT_TYPE, "application/zip")], bytes).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    check: String,
    says: String,
}

pub(super) async fn speak(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
    Json(word): Json<Word>,
) -> Answer<Json<Value>> {
    allowed(&app, &caller, Operation::Speak, &hash).await?;
    Ok(Json(json!(app.repository.speak(&hash, caller.name(), &word.check, &word.says).await?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureSent {
    key: String,
    signature: String,
}

pub(super) async fn sign(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
    Json(sent): Json<SignatureSent>,
) -> Answer<Json<Value>> {
    allowed(&app, &caller, Operation::Sign, &hash).await?;
    let key = PublicKey::parse(&sent.key).map_err(|e| Problem::request(e.to_string()))?;
    Ok(Json(json!(app.repository.sign(&hash, caller.name(), &key, &sent.signature).await?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    reason: String,
}

pub(super) async fn abandon(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
    Json(why): Json<Reason>,
) -> Answer<Json<Value>> {
    allowed(&app, &caller, Operation::Abandon, &hash).await?;
    if app.repository.standing(&hash).await?.state == edition::State::Scheduled {
        // Enough officers have signed it: one who only sends does not undo that.
        allowed(&app, &caller, Operation::Speak, &hash).await?;
    }
    Ok(Json(json!(app.repository.abandon(&hash, caller.name(), &why.reason).await?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdrawal {
    concerns: Vec<u64>,
    reason: String,
}

pub(super) async fn withdrawal(
    State(app): State<App>,
    caller: Caller,
    Path(authority): Path<String>,
    Json(wanted): Json<Withdrawal>,
) -> Answer<Response> {
    authority_name(&authority)?;
    caller.wants(Operation::Submit, Some(&authority))?;
    let (_, package) = app.repository.withdrawal(&authority, &wanted.concerns, &wanted.reason).await?;
    let bytes = package.to_bytes().map_err(Refusal::from)?;
    Ok(([(header::CONTENT_TYPE, "application/zip")], bytes).into_response())
}

pub(super) async fn renewal(State(app): State<App>, caller: Caller, Path(authority): Path<String>) -> Answer<Response> {
    caller.wants(Operation::Submit, Some(&authority))?;
    let package = app.repository.renewal(&authority).await?;
    let bytes = package.to_bytes().map_err(crate::workflow::Refusal::from)?;
    Ok(([(header::CONTENT_TYPE, "application/zip")], bytes).into_response())
}
