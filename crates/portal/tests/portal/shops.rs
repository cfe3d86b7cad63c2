//! The pages for shops: their examples are asked, and answer as they say.

use crate::portal::asked::{LANGUAGES, check, desk, get, post, settings, unescaped};
use axum::http::StatusCode;
use serde_json::Value;
use tidewaiter_portal::guard::caller::Keys;
use tidewaiter_portal::usage::Usage;
use tidewaiter_portal::{Desk, Held};

/// The lines of an example on the page.
fn example(page: &str, key: &str) -> String {
    let from = page.split(&format!("data-example=\"{key}\"")).nth(1).unwrap();
    let code = from.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).unwrap();
    unescaped(code)
}

/// The text from an opening bracket to the bracket that closes it.
fn bracketed(text: &str, open: char, close: char) -> &str {
    let start = text.find(open).unwrap();
    let mut depth = 0;
    for (at, letter) in text[start..].char_indices() {
        depth += i32::from(letter == open) - i32::from(letter == close);
        if depth == 0 {
            return &text[start..start + at + close.len_utf8()];
        }
    }
    panic!("{open} is not closed");
}

/// An array of PHP as JSON: one with keys is an object.
fn json_of_php(array: &str) -> String {
    let mut out: Vec<char> = array.chars().collect();
    let mut open = Vec::new();
    for (at, letter) in out.iter_mut().enumerate() {
        match *letter {
            '[' => {
                let first: String = array.chars().skip(at + 1).collect();
                let mut pieces = first.trim_start().splitn(3, '"');
                let keyed = pieces.next() == Some("") && pieces.nth(1).is_some_and(|rest| rest.starts_with(" =>"));
                open.push(keyed);
                if keyed {
                    *letter = '{'
                }
            }
            ']' if open.pop() == Some(true) => *letter = '}',
            _ => {}
        }
    }
    out.into_iter().collect::<String>().replace(" =>", ":")
}

#[tokio::test]
async fn every_example_asks_the_same_question_and_is_answered() {
    let desk = desk();
    for language in LANGUAGES {
        let page = get(&desk, &format!("/{language}/shops")).await.text;
        let curl = example(&page, "curl");
        let javascript = example(&page, "javascript");
        let python = example(&page, "python");
        let php = example(&page, "php");
        for lines in [&curl, &javascript, &python, &php] {
            assert!(lines.contains("http://duties.test/v1/quotes"), "{lines}");
        }
        let questions = [
            bracketed(&curl, '{', '}').to_owned(),
            bracketed(&javascript, '{', '}').to_owned(),
            bracketed(&python, '{', '}').to_owned(),
            json_of_php(bracketed(&php, '[', ']')),
        ];
        let first: Value = serde_json::from_str(&questions[0]).unwrap();
        for question in &questions {
            let value: Value = serde_json::from_str(question).unwrap_or_else(|e| panic!("{e}: {question}"));
            assert_eq!(value, first);
        }
        let answer = post(&desk, "/v1/quotes", &questions[0]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let quote: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(quote["outcome"], "amount");
        // The table shows this very answer.
        for pointer in ["/terms/checkout_ddp/least_asked", "/terms/on_delivery_dap/least_asked", "/landed/least"] {
            let value = quote.pointer(pointer).unwrap().as_str().unwrap();
            assert!(
                page.contains(&format!("&quot;{value}&quot;")) || page.contains(&format!("\"{value}\"")),
                "{pointer}"
            );
        }
        assert!(unescaped(&page).contains(quote["ratebook"].as_str().unwrap()), "the whole answer");
    }
}

#[tokio::test]
async fn the_pages_hold_in_every_language() {
    let desk = desk();
    for language in LANGUAGES {
        for path in ["shops", "shops/api", "shops/widget"] {
            let answer = get(&desk, &format!("/{language}/{path}")).await;
            assert_eq!(answer.status, StatusCode::OK);
            check(&answer.text, language);
            assert!(answer.text.contains("aria-current=\"page\""));
            assert!(!answer.text.contains("duties.example"), "the address of the examples is that of this service");
        }
    }
}

#[tokio::test]
async fn a_host_that_is_none_is_not_repeated() {
    use axum::body::Body;
    use axum::http::Request;
    let request = Request::get("/en/shops").header("host", "a.test\"><b>x").body(Body::empty()).unwrap();
    let page = crate::portal::asked::send(&desk(), request).await.text;
    assert!(!page.contains("a.test"), "the name of the host is repeated");
}

#[tokio::test]
async fn limits_are_those_of_the_settings_and_keys_are_named_where_there_are_any() {
    let mut settings = settings();
    settings.burst = 4321;
    let page = get(&Desk::embedded(settings.clone()), "/en/shops").await.text;
    assert!(page.contains("4,321"));
    assert!(!page.contains("Bearer"));
    let keys = Keys::new([(Keys::hash("secret"), "a shop".to_owned())]);
    let desk = Desk::new(Held::Embedded(tidewaiter_data::ratebook()), settings, keys, Usage::default());
    assert!(get(&desk, "/en/shops").await.text.contains("Bearer"));
}

#[tokio::test]
async fn a_form_of_the_console_opens_what_it_asks_for_without_script() {
    let desk = desk();
    let page = get(&desk, "/en/shops/api").await.text;
    // As a browser would send the first form: every field with what stands in it.
    let form = page.split("<form").find(|f| f.contains("data-console=\"/v1/quotes\"")).unwrap();
    assert!(form.contains("action=\"/en/shops/api/open\"") && form.contains("method=\"get\""), "{form}");
    let opened = get(&desk, "/en/shops/api/open?door=/v1/quotes&from=CN&to=FR&currency=EUR&code=6109.10&origin=CN&price=12.50&channel=&nonsense=1").await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let to = opened.header("location");
    assert!(to.starts_with("/v1/quotes?") && !to.contains("channel") && !to.contains("nonsense"), "{to}");
    assert_eq!(get(&desk, to).await.status, StatusCode::OK);
    for (address, status) in [
        ("/en/shops/api/open?door=//elsewhere.test/", 404),
        ("/en/shops/api/open", 404),
        ("/fr/shops/api/open?door=/v1/economies/%7Bcode%7D&code=", 422),
    ] {
        let refused = get(&desk, address).await;
        assert_eq!(refused.status.as_u16(), status, "{address}");
        assert!(refused.header("location").is_empty());
    }
}

#[tokio::test]
async fn the_api_page_says_what_its_document_says() {
    let desk = desk();
    let page = get(&desk, "/en/shops/api").await.text;
    for says in [
        "/v1/quotes",
        "requestBody",
        "id=\"get-v1-quotes\"",
        "id=\"post-v1-quotes\"",
        "id=\"shape-Problem\"",
        "href=\"#shape-Quote\"",
    ] {
        assert_eq!(page.contains(says), says != "requestBody", "{says}");
    }
    assert!(!page.contains("/v1/collect/") && page.contains("href=\"/en/shops/api/collect\""));
    // The doors of sellers and authorities stand by themselves, with the shapes that they need and no others.
    let collect = get(&desk, "/en/shops/api/collect").await.text;
    assert!(collect.contains("id=\"get-v1-collect-me\"") && collect.contains("id=\"shape-Problem\""));
    assert!(!collect.contains("id=\"get-v1-quotes\"") && !collect.contains("id=\"shape-Quote\""));
    for page in [&page, &collect] {
        for to in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{to}\"")), "a link to #{to} leads nowhere");
        }
    }
    // Texts of the document are marked as English elsewhere.
    let french = get(&desk, "/fr/shops/api").await.text;
    assert!(french.contains("lang=\"en\" dir=\"ltr\""));
}
