//! A page as JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use super::page::{Feed, Page, id};
use super::{News, words};
use serde_json::{Value, json};

/// Its media type.
pub const MEDIA_TYPE: &str = "application/feed+json";

/// The document. What programs read stands in each item under `_tidewaiter`, as the specification wants extensions named.
pub fn document(feed: &Feed, page: &Page) -> Value {
    let items: Vec<Value> = page.news.iter().map(|news| item(feed, news)).collect();
    let mut out = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.at(page.after.as_deref()),
        "language": "en",
    });
    if let Some(next) = feed.next(page) {
        out["next_url"] = next.into();
    }
    out["items"] = items.into();
    out
}

fn item(feed: &Feed, news: &News) -> Value {
    let tags: Vec<&str> = [Some(news.kind.as_str()), news.territory.as_deref()].into_iter().flatten().collect();
    json!({
        "id": id(news),
        "url": feed.edition(news),
        "title": words::title(news),
        "content_text": words::lines(news).join("\n"),
        "date_published": news.published.to_string(),
        "authors": [{ "name": words::line(&news.authority_name, 200) }],
        "tags": tags,
        "_tidewaiter": data(news),
    })
}

/// The news for programs: as [`News`], with the first [`words::MOST_CHANGES`] changes, their texts cut, and the number of all.
pub(super) fn data(news: &News) -> Value {
    let cut = |text: &Option<String>| text.as_deref().map(|text| words::line(text, 200));
    let changes = news.changes.iter().take(words::MOST_CHANGES).map(|change| {
        json!({
            "kind": words::line(&change.kind, 100),
            "key": words::line(&change.key, 100),
            "old": cut(&change.old),
            "new": cut(&change.new),
            "from": change.from.map(|day| day.to_string()),
        })
    });
    json!({
        "authority": news.authority,
        "territory": news.territory,
        "number": news.number,
        "edition": news.edition,
        "kind": news.kind,
        "concerns": news.concerns.iter().take(100).collect::<Vec<_>>(),
        "reason": news.reason.as_deref().map(|reason| words::line(reason, 600)),
        "changes": changes.collect::<Vec<_>>(),
        "changes_in_all": news.changes.len(),
    })
}
