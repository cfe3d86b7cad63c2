//! Who asks, by token, and whether they may.

use super::{App, Problem};
use crate::store::token::{self, Account, Role};
use crate::workflow::permission::{Operation, Reach, may, reach};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

/// Somebody with or without a token. A token that does not count is refused at once.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) Option<Account>);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(Self(None)) };
        // The word is written as one likes (RFC 9110, 11.1).
        let (scheme, token) =
            value.to_str().ok().and_then(|v| v.split_once(' ')).ok_or_else(Problem::unknown_caller)?;
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return Err(Problem::unknown_caller());
        }
        let token = token.trim();
        let mut tx = app.repository.db.read().await?;
        let account = token::holder(&mut *tx, token, app.repository.clock.now()).await?;
        account.map(|account| Self(Some(account))).ok_or_else(Problem::unknown_caller)
    }
}

impl Caller {
    /// Lets them do something, to an authority where it is about one, or says why not.
    pub(super) fn wants(&self, operation: Operation, authority: Option<&str>) -> Result<(), Problem> {
        if may(self.0.as_ref(), operation, authority) {
            return Ok(());
        }
        let Some(account) = &self.0 else { return Err(Problem::unknown_caller()) };
        let whose = account.authority.as_deref().map(|a| format!(" of {a}")).unwrap_or_default();
        let roles: Vec<&str> =
            Role::ALL.into_iter().filter(|role| reach(Some(*role), operation) != Reach::No).map(Role::name).collect();
        let of = authority.map(|a| format!(" of {a}")).unwrap_or_default();
        Err(Problem::forbidden(format!(
            "The token is an {}{whose}'s, which may not do this here. It needs a token of another role or authority: {}{of}. \
             The secretariat gives one out.",
            account.role,
            roles.join(" or "),
        )))
    }

    /// Whether they may.
    pub(super) fn may(&self, operation: Operation, authority: &str) -> bool {
        may(self.0.as_ref(), operation, Some(authority))
    }

    /// What the audit log calls them.
    pub(super) fn name(&self) -> &str {
        self.0.as_ref().map_or("anybody", |account| account.label.as_str())
    }
}
