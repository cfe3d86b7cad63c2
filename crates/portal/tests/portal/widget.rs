//! The widget: small, for any page, in three languages, without anything that a strict policy refuses.

use crate::portal::asked::{LANGUAGES, desk, get, send, unescaped};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;
use tidewaiter::ratebook::TerritoryView;
use tidewaiter::record::world::TerritoryKind;

/// Most bytes as it is served, before compression.
const MOST_BYTES: usize = 15 << 10;

async fn script() -> crate::portal::asked::Answer {
    get(&desk(), "/widget/v1.js").await
}

/// What a constant of the script is: its JSON value.
fn constant(script: &str, name: &str) -> Value {
    let value = script.split(&format!("const {name} = ")).nth(1).unwrap();
    serde_json::Deserializer::from_str(value).into_iter().next().unwrap().unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[tokio::test]
async fn it_is_small() {
    let bytes = script().await.text.len();
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
}

#[tokio::test]
async fn other_sites_may_load_it_and_caches_may_keep_it() {
    let answer = script().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("cache-control").starts_with("public, max-age=3600"));
    let again = Request::get("/widget/v1.js").header(header::IF_NONE_MATCH, answer.header("etag"));
    let again = send(&desk(), again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(again.header("cross-origin-resource-policy"), "cross-origin");
}

#[tokio::test]
async fn it_needs_nothing_that_a_strict_policy_refuses() {
    let text = script().await.text;
    for refused in [
        "innerHTML",
        "eval(",
        "Function(",
        "cssText",
        ".style.",
        "setAttribute(\"style\"",
        "localStorage",
        "cookie =",
        "import(",
    ] {
        assert!(!text.contains(refused), "{refused}");
    }
    assert!(!text.contains('%') || !text.contains("%WORDS%"), "a place that was not filled");
    assert!(!text.contains("http://") && !text.contains("https://"), "it asks only where it came from");
}

#[tokio::test]
async fn it_speaks_every_language_and_knows_every_destination() {
    let text = script().await.text;
    assert_eq!(constant(&text, "LANGUAGES"), serde_json::json!(LANGUAGES));
    let words = constant(&text, "WORDS");
    for (key, all) in words.as_object().unwrap() {
        let all: Vec<&str> =
            all.as_array().unwrap().iter().filter_map(Value::as_str).filter(|w| !w.is_empty()).collect();
        assert_eq!(all.len(), LANGUAGES.len(), "{key}");
    }
    // Every word that the script uses is there.
    for key in text.split("words.").skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap())
    {
        assert!(words.get(key).is_some(), "{key}");
    }
    assert_ne!(words["duties"][0], words["duties"][1]);
    let names = constant(&text, "NAMES");
    let places = constant(&text, "PLACES");
    let special = names["en"].as_object().unwrap().keys().map(String::as_str);
    let countries = places.as_str().unwrap().as_bytes().chunks(2).map(|code| std::str::from_utf8(code).unwrap());
    let mut places: Vec<&str> = countries.chain(special).collect();
    places.sort_unstable();
    let goods_go_to =
        |t: &TerritoryView| t.has_rules && matches!(t.kind, TerritoryKind::Country | TerritoryKind::Special);
    let known = tidewaiter_data::ratebook().territories();
    let mut known: Vec<&str> = known.iter().filter(|t| goods_go_to(t)).map(|t| t.code.as_str()).collect();
    known.sort_unstable();
    assert_eq!(places, known);
    assert_eq!(names["en"]["XI"], "Northern Ireland");
}

#[tokio::test]
async fn the_builder_writes_lines_that_can_be_pasted() {
    let desk = desk();
    for language in LANGUAGES {
        let page = get(
            &desk,
            &format!("/{language}/shops/widget?from=CN&code=6109.10&price=25&currency=EUR&to=FR&registrations=eu.ioss"),
        )
        .await
        .text;
        let snippet = unescaped(page.split("<code>").nth(1).unwrap().split("</code>").next().unwrap());
        assert!(snippet.contains("<script src=\"http://duties.test/widget/v1.js\" async></script>"), "{snippet}");
        assert!(snippet.contains("<tidewaiter-duties from=\"CN\" code=\"6109.10\" price=\"25\" currency=\"EUR\" registrations=\"eu.ioss\" to=\"FR\">"), "{snippet}");
        assert!(snippet.contains(&format!("href=\"http://duties.test/{language}/markets?")), "{snippet}");
        assert!(snippet.contains("registration=eu.ioss") && snippet.contains("</tidewaiter-duties>"));
        // The same element stands on the page, for readers with script.
        assert!(page.contains("<tidewaiter-duties from=\"CN\""));
    }
}

#[tokio::test]
async fn what_is_typed_into_the_builder_stays_text() {
    let page = get(&desk(), "/en/shops/widget?code=%22%3E%3Cb%3Ex&price=1").await.text;
    assert!(!page.contains("\"><b>x"));
    let snippet = page.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    // Escaped for the page, and once more for where it is pasted.
    assert!(snippet.contains("code=&quot;&amp;quot;&amp;gt;&amp;lt;b&amp;gt;x&quot;"), "{snippet}");
}
