//! What the doors that take corrections have in common: `POST /v1/corrections` (in `api/corrections.rs`) and the form of `page.rs`.

use super::{Letter, NotTaken, Receipt};
use crate::desk::Desk;
use crate::guard::caller::{self, Caller};
use crate::problem::{Problem, message};
use crate::usage::Use;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use tidewaiter::quote::said::Said;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key of a request.
const LONGEST_KEY: usize = 128;
/// Most bytes of a letter with its field names: what its texts may have, each letter of them written as long as JSON writes it.
pub(crate) const LONGEST_BODY: usize = 32 << 10;

/// Who writes, and under which key.
pub(crate) struct Sender {
    /// From which network: so many letters it may write.
    pub(crate) network: Option<IpAddr>,
    /// Who asks, for whom alone a key counts.
    pub(crate) caller: Option<Caller>,
    /// The key, where the letter may be sent again.
    pub(crate) key: Option<String>,
    /// Language of the page it was written on.
    pub(crate) language: &'static str,
}

/// Checks a letter and keeps it. The same letter under the same key of the same caller is kept already, and takes nothing from what the
/// network may write.
pub(crate) async fn keep(desk: &Desk, sender: Sender, letter: Letter) -> Result<Receipt, Response> {
    let Some(store) = desk.store() else { return Err(not_here(desk).into_response()) };
    let letter = letter.checked(&desk.book()).map_err(|wrong| Problem::fields(wrong).into_response())?;
    // Two who think of the same key do not meet.
    let own =
        |key: &str| sender.caller.map(|caller| format!("{} {key}", caller.mark())).unwrap_or_else(|| key.to_owned());
    let key = sender.key.as_deref().map(own);
    let known = match &key {
        Some(key) => store.known(&letter, key).await.map_err(|error| not_taken(desk, &error))?,
        None => None,
    };
    if let Some(receipt) = known {
        return Ok(receipt);
    }
    if let Some(network) = sender.network
        && let Err(wait) = desk.allowance.write(network)
    {
        desk.figures.refused("rate");
        return Err(caller::too_many(wait, &message::DOOR_WAIT));
    }
    let receipt = store.take(&letter, key.as_deref(), jiff::Timestamp::now()).await;
    let receipt = receipt.map_err(|error| not_taken(desk, &error))?;
    desk.count(Use { door: "/v1/corrections", language: sender.language, answer: "received" });
    tracing::info!(id = receipt.id, "a correction was received");
    Ok(receipt)
}

fn not_taken(desk: &Desk, error: &NotTaken) -> Response {
    match error {
        NotTaken::OtherBody => {
            let title = "The key was used for another letter";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency", title, &message::LETTER_OTHER_BODY)
        }
        NotTaken::Full => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many letters", &message::LETTER_FULL)
        }
        NotTaken::Store(inner) => {
            desk.figures.store_failed();
            tracing::error!(error = %inner, "a correction could not be kept");
            let detail = "The letter could not be kept. Send it again later; with an Idempotency-Key it is kept once.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment", detail)
        }
    }
    .into_response()
}

/// Where no letters are kept.
fn not_here(desk: &Desk) -> Problem {
    Problem::not_found(match &desk.settings.contact {
        Some(contact) => Said::of(&message::LETTER_NOT_KEPT_WRITE, [("contact", contact.as_str().into())]),
        None => (&message::LETTER_NOT_KEPT).into(),
    })
}

/// The key of a request that may be sent again: a text in quotation marks, as the draft has it, or without.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut all = headers.get_all(KEY).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    if all.next().is_some() || text.is_empty() || text.len() > LONGEST_KEY || !plain {
        let message = format!("must be one text of 1 to {LONGEST_KEY} letters, digits and marks, such as a UUID");
        return Err(Problem::request(format!("Idempotency-Key {message}")));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_key_is_read_with_and_without_quotation_marks() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(KEY, HeaderValue::from_static(text));
            key_of(&headers)
        };
        assert_eq!(of("\"8e03978e\"").unwrap().as_deref(), Some("8e03978e"));
        assert_eq!(of("8e03978e").unwrap().as_deref(), Some("8e03978e"));
        assert!(of("").is_err() && of("\"\"").is_err() && of("a b").is_err());
        assert_eq!(key_of(&HeaderMap::new()).unwrap(), None);
    }
}
