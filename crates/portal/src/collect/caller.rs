//! Whose token it is: in the header `Authorization` for programs, in a cookie for people. A door for programs takes no cookie, so no page can
//! make a browser use it in its reader's name.

use super::refusal::refused;
use crate::desk::{Desk, Settings};
use crate::problem::{Problem, message};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use tidewaiter_collect::service::Caller;

/// What tokens of the house begin with.
pub(crate) const PREFIX: &str = "twc_";
/// Name of the cookie.
const COOKIE: &str = "tidewaiter-collect";

/// Who asks, by the header.
///
/// # Errors
/// A [`Problem`] 401.
pub(crate) async fn of_program(desk: &Desk, headers: &HeaderMap) -> Result<Caller, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let token = match (lines.next().and_then(|line| line.to_str().ok()), lines.next()) {
        (Some(line), None) => line.trim().split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case("Bearer")),
        _ => None,
    };
    match token {
        Some((_, token)) => known(desk, token.trim()).await,
        None => Err(nobody()),
    }
}

/// Who asks, by the cookie; nobody where there is none, or its token has ended.
///
/// # Errors
/// A [`Problem`] where the database does not answer.
pub(crate) async fn of_reader(desk: &Desk, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    let Some(token) = cookie(headers) else { return Ok(None) };
    let house = desk.collect()?;
    house.service.caller(token, Timestamp::now()).await.map_err(|error| refused(desk, &error))
}

async fn known(desk: &Desk, token: &str) -> Result<Caller, Problem> {
    let house = desk.collect()?;
    let caller = house.service.caller(token, Timestamp::now()).await.map_err(|error| refused(desk, &error))?;
    caller.ok_or_else(nobody)
}

fn nobody() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "token", "A token is needed", &message::COLLECT_NO_TOKEN)
}

/// The token in the cookie. Of two cookies of the name none is believed.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE);
    match (all.next(), all.next()) {
        (Some((_, token)), None) if token.starts_with(PREFIX) => Some(token),
        _ => None,
    }
}

/// The header that gives a reader's browser the token, until it is closed. Scripts cannot read it, and pages of other sites do not send it.
pub(crate) fn enter(settings: &Settings, token: &str) -> Option<HeaderValue> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let fine = token.starts_with(PREFIX) && token.len() <= 100 && token.bytes().all(plain);
    fine.then(|| HeaderValue::from_str(&format!("{COOKIE}={token}; {}", attributes(settings))).ok()).flatten()
}

/// The header that takes it away.
pub(crate) fn leave(settings: &Settings) -> HeaderValue {
    HeaderValue::from_str(&format!("{COOKIE}=; Max-Age=0; {}", attributes(settings)))
        .unwrap_or(HeaderValue::from_static(""))
}

fn attributes(settings: &Settings) -> String {
    let https = settings.address.as_deref().is_some_and(|address| address.starts_with("https://"));
    format!("Path=/; HttpOnly; SameSite=Strict{}", if https { "; Secure" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_of_the_name_is_read_and_two_are_not() {
        let of = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, line.parse().unwrap());
            }
            cookie(&headers).map(str::to_owned)
        };
        assert_eq!(of(&["a=b; tidewaiter-collect=twc_x"]).as_deref(), Some("twc_x"));
        assert_eq!(of(&["tidewaiter-collect=other"]), None);
        assert_eq!(of(&["tidewaiter-collect=twc_x", "tidewaiter-collect=twc_y"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_is_no_token_is_not_given_as_a_cookie() {
        let settings = Settings { address: Some("https://duties.example".into()), ..Settings::default() };
        let given = enter(&settings, "twc_abc-_9").unwrap();
        assert_eq!(given.to_str().unwrap(), "tidewaiter-collect=twc_abc-_9; Path=/; HttpOnly; SameSite=Strict; Secure");
        for wrong in ["abc", "twc_a;b", "twc_a b", "twc_é", &format!("twc_{}", "a".repeat(100))] {
            assert_eq!(enter(&settings, wrong), None, "{wrong}");
        }
    }
}
