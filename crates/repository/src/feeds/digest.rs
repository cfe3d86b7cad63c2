//! The news of a day as a letter: plain text, so that nothing in it is loaded, run or hidden.

use super::{GIVEN_UP, News, words};
use jiff::civil::Date;

/// Most editions of a letter; the rest is counted.
pub const MOST_EDITIONS: usize = 50;

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// The letter about news that were already cut to what the reader asked for; none where there is no news. Withdrawals stand
/// first, then corrections, then what was given up, then the others, newest first.
///
/// `repository` is the name of the repository, `editions` the address before an edition's SHA-256, `leave` the
/// address where the reader ends the letters.
pub fn digest(repository: &str, editions: &str, leave: &str, day: Date, news: &[News]) -> Option<Digest> {
    if news.is_empty() {
        return None;
    }
    let rank = |news: &News| match news.kind.as_str() {
        "withdrawal" => 0,
        "correction" => 1,
        GIVEN_UP => 2,
        _ => 3,
    };
    let mut sorted: Vec<&News> = news.iter().collect();
    sorted.sort_by_key(|news| (rank(news), std::cmp::Reverse(news.published)));
    let repository = words::line(repository, 100);
    let count = |wanted: i32, one: &str, many: &str| match sorted.iter().filter(|news| rank(news) == wanted).count() {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let counts = [
        count(0, "edition withdrawn", "editions withdrawn"),
        count(1, "correction", "corrections"),
        count(2, "edition given up", "editions given up"),
        count(3, "new edition", "new editions"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let subject = format!("{repository}, {day}: {}", counts.join(", "));
    let mut body = format!("What {repository} published on {day}.\n\n");
    for news in sorted.iter().take(MOST_EDITIONS) {
        body.push_str(&words::title(news));
        body.push('\n');
        for line in words::lines(news) {
            body.push_str(&line);
            body.push('\n');
        }
        if news.kind != GIVEN_UP {
            body.push_str(&format!("{editions}{}\n", news.edition));
        }
        body.push('\n');
    }
    match sorted.len().saturating_sub(MOST_EDITIONS) {
        0 => {}
        1 => body.push_str("1 more edition was published that day.\n\n"),
        more => body.push_str(&format!("{more} more editions were published that day.\n\n")),
    }
    body.push_str(&format!("You get this letter because you asked for it. To get no more: {leave}\n"));
    Some(Digest { subject, body })
}
