//! The changes as feeds: Atom (RFC 4287) and JSON Feed 1.1. Identifiers stay when a change is told better later.

use super::board::board;
use super::changes::{Range, Teller, anchor};
use crate::desk::Desk;
use crate::form;
use crate::locale::{Lang, day};
use crate::pages::absolute;
use crate::say;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use tidewaiter::ratebook::ChangeView;

/// Most entries, the newest kept.
const MOST: usize = 500;

/// A change as an entry of a feed.
struct Entry {
    id: String,
    title: String,
    text: String,
    url: String,
    /// The day it was published here.
    updated: Date,
    day: Date,
}

struct Feed {
    lang: Lang,
    title: String,
    page: String,
    own: String,
    id: String,
    updated: Date,
    entries: Vec<Entry>,
}

/// Atom.
pub(super) async fn atom(
    State(desk): State<Desk>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let feed = feed(&desk, query.as_deref().unwrap_or_default(), &headers, &uri);
    answer("application/atom+xml; charset=utf-8", feed.atom())
}

/// JSON Feed.
pub(super) async fn json(
    State(desk): State<Desk>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let feed = feed(&desk, query.as_deref().unwrap_or_default(), &headers, &uri);
    answer("application/feed+json; charset=utf-8", feed.json().to_string())
}

fn answer(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response()
}

fn feed(desk: &Desk, query: &str, headers: &HeaderMap, uri: &Uri) -> Feed {
    let book = desk.book();
    let asked = form::read(query, None);
    let lang = Lang::of_tag(asked.field("lang")).unwrap_or_default();
    let range = Range::read(&asked, desk.today());
    let known = range.territory.as_deref().filter(|code| book.territories().contains_key(*code));
    let of_unknown = range.territory.is_some() && known.is_none();
    let mut changes = if of_unknown { Vec::new() } else { book.changes(range.from, range.before, known) };
    changes.drain(..changes.len().saturating_sub(MOST));
    changes.reverse();
    let published: BTreeMap<String, Date> = board(desk, &book)
        .rows
        .iter()
        .filter_map(|row| Some((row.summary.code.clone(), row.newest.as_ref()?.known_from?)))
        .collect();
    let house = absolute(desk, headers, &Uri::from_static("/"));
    let house = house.trim_end_matches('/');
    let teller = Teller::new(lang, &book, &changes);
    let mut ids = BTreeMap::new();
    let entries: Vec<Entry> = changes
        .iter()
        .map(|change| entry(lang, &teller, house, change, published.get(&change.territory).copied(), &mut ids))
        .collect();
    let name = known
        .map(|code| format!("{}{}", lang.colon(), crate::pages::parts::territory(lang, &book, code)))
        .unwrap_or_default();
    Feed {
        title: format!("{}{name}", say!(lang, RATES_CHANGES)),
        page: format!("{house}/{}/rates/changes", lang.tag()),
        own: absolute(desk, headers, uri),
        id: format!("urn:tidewaiter:changes:{}:{}", known.unwrap_or("all"), lang.tag()),
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or(range.from),
        lang,
        entries,
    }
}

fn entry(
    lang: Lang,
    teller: &Teller<'_>,
    house: &str,
    change: &ChangeView,
    published: Option<Date>,
    ids: &mut BTreeMap<String, u32>,
) -> Entry {
    let told = teller.tell(change);
    let due = told.due.map(|due| format!(": {due}")).unwrap_or_default();
    let when = told.when.map(|when| format!(" {}.", say!(lang, RATES_WHEN, when = when))).unwrap_or_default();
    let status = super::terms::status(lang, change.status);
    Entry {
        id: id(change, ids),
        title: format!("{}{}{}{due}", told.place, lang.colon(), told.what),
        text: format!("{}. {status}.{when}", day(lang, change.day)),
        url: format!("{house}/{}/rates/{}{}", lang.tag(), change.territory, anchor(change)),
        updated: published.unwrap_or(change.day),
        day: change.day,
    }
}

/// What a change is, without what is due: that may be told better later. Equal ones are counted.
fn id(change: &ChangeView, ids: &mut BTreeMap<String, u32>) -> String {
    let mut hash = Sha256::new();
    let kind = format!("{:?}", change.kind);
    for part in [
        Some(change.day.to_string()),
        Some(change.territory.clone()),
        Some(kind),
        change.charge.clone(),
        Some(change.name.clone()),
        change.goods.clone(),
        change.when.clone(),
    ] {
        hash.update(part.unwrap_or_default());
        hash.update([0]);
    }
    let digits: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let seen = ids.entry(digits.clone()).or_default();
    *seen += 1;
    match *seen {
        1 => format!("urn:tidewaiter:change:{digits}"),
        again => format!("urn:tidewaiter:change:{digits}:{again}"),
    }
}

impl Feed {
    fn atom(&self) -> String {
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
<title>{}</title>\n<id>{}</id>\n<updated>{}</updated>\n<author><name>Tidewaiter</name></author>\n\
<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
            self.lang.tag(),
            xml(&self.title),
            xml(&self.id),
            moment(self.updated),
            xml(&self.own),
            xml(&self.page),
        );
        for entry in &self.entries {
            out.push_str(&format!(
                "<entry><id>{}</id><title>{}</title><updated>{}</updated><link href=\"{}\"/><summary>{}</summary></entry>\n",
                xml(&entry.id),
                xml(&entry.title),
                moment(entry.updated),
                xml(&entry.url),
                xml(&entry.text),
            ));
        }
        out.push_str("</feed>\n");
        out
    }

    fn json(&self) -> serde_json::Value {
        let items: Vec<_> = self
            .entries
            .iter()
            .map(|entry| {
                json!({
                    "id": entry.id, "url": entry.url, "title": entry.title, "content_text": entry.text,
                    "date_published": moment(entry.updated), "_tidewaiter": { "day": entry.day.to_string() },
                })
            })
            .collect();
        json!({
            "version": "https://jsonfeed.org/version/1.1", "title": self.title, "home_page_url": self.page,
            "feed_url": self.own, "language": self.lang.tag(), "items": items,
        })
    }
}

fn moment(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// Text inside an element or attribute.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_an_element() {
        assert_eq!(xml("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot;");
    }

    #[test]
    fn every_change_has_an_identifier_of_its_own() {
        let book = tidewaiter_data::ratebook();
        let all = book.changes(jiff::civil::date(2024, 1, 1), jiff::civil::date(2030, 1, 1), None);
        let mut ids = BTreeMap::new();
        let told: std::collections::BTreeSet<String> = all.iter().map(|change| id(change, &mut ids)).collect();
        assert_eq!(told.len(), all.len());
    }
}
