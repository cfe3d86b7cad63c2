//! How much of a page is in the reader's language: what the library says is, what stands in the data mostly.

use crate::portal::house::{get, service};
use axum::http::StatusCode;

/// Parcels to ten places, with and without figures, schemes, questions and several charges.
const PAGES: [&str; 10] = [
    "goods=t-shirt&code=6109.10&origin=CN&quantity=2&price=12.50&goods=watch&code=9102.11&origin=CN&quantity=1&price=79\
        &from=CN&to=FR&freight=4.90&currency=EUR&channel=post&registration=eu.ioss",
    "goods=6109.10&origin=CN&price=300&from=CN&to=DE&currency=EUR",
    "goods=6109.10&origin=CN&price=90&from=CN&to=GB&currency=GBP&channel=post&freight=5",
    "goods=6109.10&origin=CN&price=250&from=CN&to=US&currency=USD&channel=express&freight=10",
    "goods=8517.13&origin=CN&price=400&from=CN&to=BR&currency=USD&channel=post",
    "goods=6403.91&origin=VN&price=120&from=VN&to=CA&region=ON&currency=CAD&channel=post",
    "goods=6109.10&origin=TR&price=60&from=TR&to=NG&currency=USD",
    "goods=2208.30&origin=GB&price=40&from=GB&to=FR&currency=EUR",
    "goods=9503.00&origin=CN&price=30&from=CN&to=MX&currency=USD&channel=express&freight=5",
    "goods=6109.10&origin=KR&price=80&from=KR&to=JP&currency=JPY&freight=10",
];
/// Elements without an end.
const EMPTY: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];
/// Elements whose text is no sentence of the page: what was typed, lists to choose from, code.
const NO_TEXT: [&str; 6] = ["code", "form", "script", "select", "style", "svg"];

/// Sentences of a page outside its list of sources, which are cited as they were read.
#[derive(Debug, Default)]
struct Sentences {
    all: usize,
    english: Vec<String>,
}

/// What holds inside an element.
#[derive(Clone, Copy, Default)]
struct Inside {
    counted: bool,
    english: bool,
}

fn sentences(page: &str) -> Sentences {
    let mut found = Sentences::default();
    let mut open: Vec<(String, Inside)> = Vec::new();
    for piece in page.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let around = open.last().map(|(_, inside)| *inside).unwrap_or_default();
        if tag.starts_with('/') {
            while open.pop().is_some_and(|(last, _)| last != name) {}
        } else if !tag.starts_with('!') && !EMPTY.contains(&name.as_str()) {
            let left_out = NO_TEXT.contains(&name.as_str()) || tag.contains("aria-labelledby=\"sources\"");
            let inside = Inside {
                counted: (around.counted || name == "main") && !left_out,
                english: around.english || tag.contains("lang=\"en\""),
            };
            // What is left out stays so, whatever is inside it.
            let hidden = open.iter().any(|(name, inside)| !inside.counted && is_hiding(name));
            open.push((name, Inside { counted: inside.counted && !hidden, ..inside }));
        }
        let Some((_, inside)) = open.last().filter(|(_, inside)| inside.counted) else { continue };
        for sentence in text.split_inclusive(['.', '!', '?', ':', ';']) {
            if sentence.chars().filter(|letter| letter.is_alphabetic()).count() < 2 {
                continue;
            }
            found.all += 1;
            if inside.english {
                found.english.push(sentence.trim().to_owned());
            }
        }
    }
    found
}

fn is_hiding(name: &str) -> bool {
    NO_TEXT.contains(&name) || name == "section"
}

#[tokio::test]
async fn answers_are_in_the_language_of_the_reader() {
    let service = service();
    for lang in ["fr", "es"] {
        let mut sum = Sentences::default();
        for query in PAGES {
            let page = get(&service, &format!("/{lang}/markets?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            let one = sentences(&page.text());
            assert!(one.all > 80, "{query}: {one:?}");
            // No page is mostly in English, whatever it is about.
            assert!(one.english.len() * 100 <= one.all * 10, "/{lang}/markets?{query}: {one:#?}");
            sum.all += one.all;
            sum.english.extend(one.english);
        }
        // One in ten was, before the library told which sentence it says; what is left are rules of single countries.
        assert!(
            sum.english.len() * 1000 <= sum.all * 45,
            "{lang}: {} of {}: {:#?}",
            sum.english.len(),
            sum.all,
            sum.english
        );
    }
}

#[tokio::test]
async fn english_pages_mark_nothing_and_need_no_notice() {
    let service = service();
    for query in PAGES {
        let page = get(&service, &format!("/en/markets?{query}")).await.text();
        let main = page.split("<main").nth(1).unwrap();
        assert!(!main.contains("lang=\"en\"") && !main.contains("<!--"), "{query}");
    }
}

/// What a rule says is for shopkeepers: no keys of the data, no parentheses inside parentheses, no names of charges in English.
#[tokio::test]
async fn rules_are_told_without_the_keys_of_the_data() {
    let service = service();
    let plain =
        |text: String| text.split("id=\"sources\"").next().unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " ");
    let eu = plain(get(&service, &format!("/fr/markets?{}", PAGES[0])).await.text());
    assert!(eu.contains("soit la boutique est immatriculée pour IOSS et aucun article parmi : la liste"), "{eu}");
    assert!(eu.contains("Calculé sur une base propre"), "a rule with a base of its own says so");
    assert!(eu.contains("12,50 EUR l’unité ; "), "a space that does not break stands before the sign");
    let us = plain(get(&service, &format!("/fr/markets?{}", PAGES[3])).await.text());
    for key in ["fl125", "s301_", "((", "us.informational"] {
        assert!(!us.contains(key) && !eu.contains(&format!("« {key}")), "{key}");
    }
    let jp = "goods=6109.10&origin=CN&price=30&from=CN&to=JP&currency=EUR&channel=post";
    let jp = plain(get(&service, &format!("/fr/markets?{jp}")).await.text());
    assert!(jp.contains("environ 28,205 % de Taxe à la consommation, part nationale"), "{jp}");
    assert!(jp.contains("La base est d’abord arrondie vers le bas à un multiple de 1 000"), "{jp}");
}

/// A page that is refused says why in the language of its address; the same refusal by the API stays in English.
#[tokio::test]
async fn refusals_speak_the_language_of_the_page() {
    let service = service();
    let page = get(&service, "/fr/nulle/part").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    // Doors of programs are nothing for a reader: the page says where to go.
    assert!(page.text().contains("D’ici, vous pouvez aller") && !page.text().contains("leads nowhere"));
    let main = page.text().split("<main").nth(1).unwrap().split("</main").next().unwrap().to_owned();
    assert!(!main.contains("openapi"), "{main}");
    for way in ["/fr/", "/fr/code", "/fr/rates", "/fr/shops", "/fr/about"] {
        assert!(main.contains(&format!("href=\"{way}\"")), "{way}");
    }
    let wrong = get(&service, "/es/markets?goods=6109.10&price=5&to=EU&currency=EUR").await.text();
    assert!(wrong.contains("es una unión: nombre el miembro"), "{wrong}");
    let api = get(&service, "/v1/nowhere").await.text();
    assert!(api.contains("leads nowhere"), "{api}");
    let api = get(&service, "/v1/quotes?goods=6109.10&price=5&to=EU&currency=EUR").await.text();
    assert!(api.contains("is a union: name the member"), "{api}");
}
