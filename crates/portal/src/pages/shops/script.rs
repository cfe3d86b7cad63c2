//! The widget as it is served: the file, with the places that rules are loaded for and its words in every language.
//!
//! Other sites load it, so it says that they may (Fetch standard, `Cross-Origin-Resource-Policy`).

use crate::desk::{Book, Desk};
use crate::locale::Lang;
use crate::say;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tidewaiter::ratebook::TerritoryView;
use tidewaiter::record::world::TerritoryKind;

const SOURCE: &str = include_str!("../../../assets/widget/widget.js");
/// Shops keep its address, so it may change below them: an hour old at most, a day where we cannot be reached.
const CACHE: &str = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=86400";

/// Serves it.
pub(super) async fn serve(State(desk): State<Desk>, asked: HeaderMap) -> Response {
    let text = script(&desk.book());
    // Weak: the same script, whatever the encoding it travels in.
    let mark: String = Sha256::digest(&text).iter().take(9).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"{mark}\"");
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).any(|v| v.contains(&mark));
    let mut answer = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    answer
}

/// The script. Spaces at the beginning of its lines are left out; nothing else is.
fn script(book: &Book) -> String {
    let known = || {
        let places = book.territories().values();
        places.filter(|t| t.has_rules && matches!(t.kind, TerritoryKind::Country | TerritoryKind::Special))
    };
    // Codes of two letters stand without spaces between them; the others with their names.
    let plain = |t: &TerritoryView| t.kind == TerritoryKind::Country && t.code.len() == 2;
    let special = || known().filter(|t| !plain(t));
    let codes: String = known().filter(|t| plain(t)).map(|t| t.code.as_str()).collect();
    let names: Map<String, Value> = Lang::all()
        .map(|lang| {
            // English stands for every language that has no name of its own.
            let own = special().map(|t| (t, lang.territory(&t.code, &t.name)));
            let own = own.filter(|(t, name)| lang == Lang::FIRST || *name != t.name);
            let of: Map<String, Value> = own.map(|(t, name)| (t.code.clone(), Value::String(name))).collect();
            (lang.tag().to_owned(), Value::Object(of))
        })
        .collect();
    let tags: Vec<&str> = Lang::all().map(Lang::tag).collect();
    let mut words: Map<String, Value> = Map::new();
    for (key, word) in Lang::all().flat_map(words_of) {
        if let Value::Array(all) = words.entry(key).or_insert_with(|| json!([])) {
            all.push(word.into());
        }
    }
    let lines: Vec<&str> = SOURCE.lines().map(str::trim_start).collect();
    lines
        .join("\n")
        .replace("%PLACES%", &codes)
        .replace("\"%NAMES%\"", &Value::Object(names).to_string())
        .replace("\"%LANGUAGES%\"", &json!(tags).to_string())
        .replace("\"%WORDS%\"", &Value::Object(words).to_string())
}

/// Its words in a language; what stands in braces is filled in by the script.
fn words_of(lang: Lang) -> Vec<(&'static str, String)> {
    vec![
        ("title", say!(lang, WIDGET_TITLE)),
        ("to", say!(lang, WIDGET_TO)),
        ("choose", say!(lang, WIDGET_CHOOSE)),
        ("guess", say!(lang, WIDGET_GUESS)),
        ("wait", say!(lang, WIDGET_WAIT)),
        ("goods", say!(lang, WIDGET_GOODS)),
        ("shipping", say!(lang, WIDGET_SHIPPING)),
        ("duties", say!(lang, WIDGET_DUTIES)),
        ("taxes", say!(lang, WIDGET_TAXES)),
        ("fees", say!(lang, WIDGET_FEES)),
        ("landed", say!(lang, WIDGET_LANDED)),
        ("now", say!(lang, WIDGET_NOW)),
        ("later", say!(lang, WIDGET_LATER)),
        ("bare", say!(lang, WIDGET_BARE)),
        ("least", say!(lang, NUMBER_AT_LEAST, least = "{n}")),
        ("unknown", say!(lang, NUMBER_UNKNOWN)),
        ("range", say!(lang, WIDGET_RANGE)),
        ("open", say!(lang, WIDGET_OPEN)),
        ("not-allowed", say!(lang, WIDGET_NOT_ALLOWED)),
        ("formal-entry", say!(lang, WIDGET_FORMAL_ENTRY)),
        ("prohibited", say!(lang, WIDGET_PROHIBITED)),
        ("weak", lang.word("confidence", "low")),
        ("why", say!(lang, WIDGET_WHY)),
        ("ruling", say!(lang, WIDGET_RULING)),
        ("offline", say!(lang, WIDGET_OFFLINE)),
        ("unreachable", say!(lang, WIDGET_UNREACHABLE)),
        ("again", say!(lang, WIDGET_AGAIN)),
        ("many", say!(lang, WIDGET_MANY, seconds = "{s}")),
        ("wrong", say!(lang, WIDGET_WRONG)),
    ]
}
