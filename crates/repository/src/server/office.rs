//! The secretariat's doors: ceremonies, tokens, the audit log.

use super::caller::Caller;
use super::{App, Problem};
use crate::store::token::{self, Account};
use crate::store::{self, audit as log};
use crate::workflow::ceremony::Ceremony;
use crate::workflow::permission::Operation;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest life of a token, in days.
const MOST_DAYS: u32 = 400;

/// Names in the audit log that are nobody's.
const ITSELF: [&str; 2] = ["repository", "anybody"];

type Answer<T> = Result<T, Problem>;

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: u64,
}

pub(super) async fn audit(State(app): State<App>, caller: Caller, Query(page): Query<After>) -> Answer<Json<Value>> {
    caller.wants(Operation::Audit, None)?;
    let mut tx = app.repository.db.read().await?;
    let rows = log::rows(&mut *tx, page.after, 1000).await?;
    let (seq, hash) = log::head(&mut *tx).await?;
    Ok(Json(json!({ "rows": rows, "head": { "seq": seq, "hash": hash } })))
}

pub(super) async fn accept(State(app): State<App>, caller: Caller, body: Bytes) -> Answer<StatusCode> {
    caller.wants(Operation::Admit, None)?;
    let ceremony = Ceremony::from_bytes(&body)?;
    app.repository.accept(&ceremony, caller.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn tokens(State(app): State<App>, caller: Caller) -> Answer<Json<Value>> {
    caller.wants(Operation::Tokens, None)?;
    let mut tx = app.repository.db.read().await?;
    Ok(Json(json!({ "tokens": token::all(&mut *tx).await? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    label: String,
    role: token::Role,
    authority: Option<String>,
    days: u32,
}

pub(super) async fn new_token(
    State(app): State<App>,
    caller: Caller,
    Json(wanted): Json<NewToken>,
) -> Answer<(StatusCode, Json<Value>)> {
    caller.wants(Operation::Tokens, None)?;
    let NewToken { label, role, authority, days } = wanted;
    let made = app.repository.new_token(&Account { label, role, authority }, days, MOST_DAYS, caller.name()).await?;
    Ok((StatusCode::CREATED, Json(json!({ "token": made }))))
}

pub(super) async fn revoke(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    caller.wants(Operation::Tokens, None)?;
    match app.repository.revoke_token(&id, caller.name()).await? {
        0 => Err(Problem::not_found("No token that counts has this beginning. GET /v1/tokens lists them.")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

impl crate::workflow::Repository {
    /// Makes a token for somebody. An officer's or approver's is for one authority, the others' for none.
    ///
    /// # Errors
    /// [`crate::workflow::Refusal::Wrong`] where the account is none, or the token would live too long.
    pub async fn new_token(
        &self,
        account: &Account,
        days: u32,
        most_days: u32,
        actor: &str,
    ) -> Result<String, crate::workflow::Refusal> {
        use crate::workflow::Refusal;
        let of_authority = matches!(account.role, token::Role::Officer | token::Role::Approver);
        if of_authority != account.authority.is_some() {
            let what = "an officer's or approver's token is for one authority, a secretariat's or auditor's for none";
            return Err(Refusal::Wrong(what.into()));
        }
        crate::workflow::plain("the holder's name", &account.label, 100)?;
        if ITSELF.contains(&account.label.trim()) {
            let what = format!("\"{}\" is what the audit log calls the repository itself", account.label.trim());
            return Err(Refusal::Wrong(what));
        }
        if days == 0 || days > most_days {
            return Err(Refusal::Wrong(format!("a token lives 1 to {most_days} days")));
        }
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        if let Some(id) = &account.authority
            && store::authority::get(&mut *tx, id).await?.is_none_or(|(_, keys)| keys.keys.is_empty())
        {
            return Err(Refusal::NotFound(format!("no authority \"{id}\" is admitted here")));
        }
        let expires = now + SignedDuration::from_hours(24 * i64::from(days));
        let made = token::make(&mut *tx, account, now, expires).await?;
        let what = format!("{} for {}", account.role, account.label);
        log::note(&mut *tx, now, actor, "token", account.authority.as_deref().unwrap_or("repository"), &what).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Revokes a token by the beginning of its hash. Returns how many were revoked.
    ///
    /// # Errors
    /// [`crate::workflow::Refusal::Unavailable`] where the database does not answer.
    pub async fn revoke_token(&self, id: &str, actor: &str) -> Result<u64, crate::workflow::Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let revoked = token::revoke(&mut *tx, id, now).await?;
        if revoked > 0 {
            log::note(&mut *tx, now, actor, "revoke", id, "").await?;
        }
        tx.commit().await?;
        Ok(revoked)
    }
}
