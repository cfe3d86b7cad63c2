//! A change in a sentence, an edition in a few lines: the same words in feeds, webhooks and mail.

use super::{Change, GIVEN_UP, News};
use std::fmt::Write as _;
use tidewaiter::goods::GoodsCode;

/// How many changes of an edition are told one by one; the rest is counted.
pub const MOST_CHANGES: usize = 20;
/// Longest text taken from an edition, in characters; an amount may be as long as an author likes.
const MOST_TEXT: usize = 200;
/// Longest reason, in characters.
const MOST_REASON: usize = 600;

/// One line of text from outside: no control characters, none that XML cannot hold or that turn the direction of writing,
/// single spaces, cut to a length.
pub fn line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut left = most;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let shown = word.chars().filter(|c| !hidden(*c));
        let mut shown = shown.peekable();
        if shown.peek().is_none() {
            continue;
        }
        let space = if out.is_empty() { "" } else { " " };
        for c in space.chars().chain(shown) {
            if left == 0 {
                out.push('…');
                return out;
            }
            left -= 1;
            out.push(c);
        }
    }
    out
}

/// Directional overrides and isolates, and what is no character at all.
const fn hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A change in a sentence without a full stop.
///
/// ```
/// use tidewaiter_repository::feeds::{Change, words::sentence};
/// let change = Change {
///     kind: "third-country".into(),
///     key: "610910".into(),
///     old: Some("12 %".into()),
///     new: Some("10 %".into()),
///     from: Some(jiff::civil::date(2027, 1, 1)),
/// };
/// assert_eq!(sentence(&change), "6109.10 general duty 12 % becomes 10 % from 2027-01-01");
/// ```
pub fn sentence(change: &Change) -> String {
    let about = about(change);
    let short = |text: &Option<String>| text.as_deref().map(|text| line(text, MOST_TEXT));
    let mut out = match (short(&change.old), short(&change.new)) {
        (Some(old), Some(new)) => format!("{about} {old} becomes {new}"),
        (None, Some(new)) => format!("{about} is new: {new}"),
        (Some(old), None) => format!("{about} {old} no longer holds"),
        (None, None) => format!("{about} changes"),
    };
    if let Some(from) = change.from {
        let _ = write!(out, " from {from}");
    }
    out
}

/// What a change is about: "6109.10 general duty", "tax rate vat".
fn about(change: &Change) -> String {
    let key = line(&change.key, MOST_TEXT);
    let code = key.parse::<GoodsCode>().map_or_else(|_| key.clone(), |code| code.to_string());
    let of_goods = match change.kind.as_str() {
        "measure" => return code,
        "third-country" => "general duty",
        "preference" => "preferential duty",
        "suspension" => "suspended duty",
        "quota" => "duty within the quota",
        "additional" => "additional duty",
        "anti-dumping" => "anti-dumping duty",
        "countervailing" => "countervailing duty",
        "safeguard" => "safeguard duty",
        "excise" => "excise",
        "vat" => "VAT",
        "control" => "control at the border",
        "prohibition" => "prohibition",
        "supplementary-unit" => "supplementary unit",
        "line" => "description",
        "rate-class" => "class of tax",
        "rate" => return format!("tax rate {key}"),
        "rate-goods" => return format!("goods of tax rate {key}"),
        "area-member" => return format!("area {key}, member"),
        "program" => return format!("programme {key}"),
        "program-origin" => return format!("programme {key}, origin"),
        "program-proof" => return format!("programme {key}, proof"),
        other => return format!("{} {key}", line(other, MOST_TEXT).replace('-', " ")),
    };
    format!("{code} {of_goods}")
}

/// The title of an edition's news. What is withdrawn or corrected is said first.
pub fn title(news: &News) -> String {
    let who = format!("{}, edition {}", line(&news.authority_name, MOST_TEXT), news.number);
    match news.kind.as_str() {
        "withdrawal" => format!("Withdrawn: {who} withdraws {}", editions(&news.concerns)),
        "correction" => format!("Correction: {who} corrects {}", editions(&news.concerns)),
        GIVEN_UP => format!("Given up: {who} was approved and will not be published"),
        _ => match news.changes.as_slice() {
            [] => format!("{who}: {}", line(&news.title, MOST_TEXT)),
            [one] => format!("{who}: {}", sentence(one)),
            many => format!("{who}: {} changes", many.len()),
        },
    }
}

/// The news in lines: what was withdrawn or corrected and why, the edition's title, the first [`MOST_CHANGES`] changes, and
/// how many more there are.
pub fn lines(news: &News) -> Vec<String> {
    let mut out = Vec::new();
    let earlier = editions(&news.concerns);
    match news.kind.as_str() {
        "withdrawal" => {
            out.push(format!("Do not use {earlier} any more. Edition {} says what holds instead.", news.number))
        }
        "correction" => out.push(format!("Something in {earlier} was wrong. Edition {} says what holds.", news.number)),
        _ => {}
    }
    if let Some(reason) = &news.reason {
        out.push(format!("Reason: {}", line(reason, MOST_REASON)));
    }
    if news.kind == GIVEN_UP {
        return out;
    }
    out.push(format!("Edition {}: {}", news.number, line(&news.title, MOST_TEXT)));
    out.extend(news.changes.iter().take(MOST_CHANGES).map(|change| format!("- {}", sentence(change))));
    match news.changes.len().saturating_sub(MOST_CHANGES) {
        0 => {}
        1 => out.push("- and 1 more change".into()),
        more => out.push(format!("- and {more} more changes")),
    }
    out
}

/// "edition 11", "editions 9, 10 and 11"; of many only the first are named.
fn editions(numbers: &[u64]) -> String {
    const MOST: usize = 10;
    let words: Vec<String> = numbers.iter().take(MOST).map(u64::to_string).collect();
    match (words.as_slice(), numbers.len()) {
        ([], _) => "an earlier edition".into(),
        ([one], _) => format!("edition {one}"),
        (some, all) if all > MOST => format!("editions {} and {} more", some.join(", "), all - MOST),
        ([some @ .., last], _) => format!("editions {} and {last}", some.join(", ")),
    }
}
