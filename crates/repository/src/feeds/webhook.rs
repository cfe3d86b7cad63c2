//! What is sent to a subscriber's server.

use super::{GIVEN_UP, News, json, words};
use crate::sha256_hex;
use serde_json::json;

/// Longest payload, in bytes. The specification advises less than 20 kB; texts are cut so that it is kept.
pub const MOST_BYTES: usize = 20_000;

/// The body of a message: JSON with `type`, `timestamp` and `data`, as the specification advises.
///
/// `type` is `edition.published`, `edition.corrected`, `edition.withdrawn` or `edition.given-up`. `address` is where the edition is shown. Where
/// the changes do not fit into [`MOST_BYTES`], fewer are listed; `changes_in_all` counts them all.
pub fn payload(news: &News, address: &str) -> Vec<u8> {
    let event = match news.kind.as_str() {
        "withdrawal" => "edition.withdrawn",
        "correction" => "edition.corrected",
        GIVEN_UP => "edition.given-up",
        _ => "edition.published",
    };
    let mut data = json::data(news);
    data["title"] = words::title(news).into();
    data["url"] = words::line(address, 2_000).into();
    loop {
        let body = json!({ "type": event, "timestamp": news.published.to_string(), "data": data }).to_string();
        let shorter = data["changes"].as_array_mut().and_then(Vec::pop);
        if body.len() <= MOST_BYTES || shorter.is_none() {
            return body.into_bytes();
        }
    }
}

/// The id of a message: the same each time it is sent, another for each subscription and edition, without a full stop. By it
/// the receiver tells a repetition.
///
/// ```
/// use tidewaiter_repository::feeds::webhook::message_id;
/// assert_eq!(message_id("subscription-7", "ab12"), message_id("subscription-7", "ab12"));
/// assert_ne!(message_id("subscription-7", "ab12"), message_id("subscription-8", "ab12"));
/// ```
pub fn message_id(subscription: &str, edition: &str) -> String {
    // The length keeps two pairs apart whose texts join to the same.
    let hash = sha256_hex(format!("{}:{subscription}{edition}", subscription.len()).as_bytes());
    format!("msg_{}", hash.get(..32).unwrap_or(&hash))
}
