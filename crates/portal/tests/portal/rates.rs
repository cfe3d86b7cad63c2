//! The pages of rates, through the router: what they say, in three languages, for every economy, and how much they weigh.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::date;
use std::io::Write as _;
use std::net::SocketAddr;
use tidewaiter_portal::{Desk, Settings, router};
use tower::ServiceExt as _;

const LANGUAGES: [&str; 3] = ["en", "fr", "es"];
/// Most bytes of a page with its style sheet and script, compressed.
const MOST: usize = 60_000;

fn house() -> Router {
    let today = Some(date(2026, 11, 22));
    router(Desk::embedded(Settings { today, burst: 100_000, ..Settings::default() }))
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

async fn ask(house: &Router, address: &str) -> Answer {
    let mut request = Request::get(address).header(header::HOST, "duties.example").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4000))));
    let answer = house.clone().oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    let text = String::from_utf8(to_bytes(body, 64 << 20).await.unwrap().to_vec()).unwrap().replace('\u{a0}', " ");
    Answer { status: head.status, headers: head.headers, text }
}

async fn page(house: &Router, address: &str) -> String {
    let answer = ask(house, address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
    assert_whole(address, &answer.text);
    answer.text
}

fn gzip(text: &str) -> usize {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap().len()
}

/// What is true of every page: one heading above all, every identifier once, every link within the page leads somewhere, no message is
/// missing, and nothing stands in it that the policy forbids.
fn assert_whole(address: &str, text: &str) {
    assert_eq!(text.matches("<h1").count(), 1, "{address}: one h1");
    for forbidden in [" style=\"", "javascript:", "data:image", " onclick="] {
        assert!(!text.contains(forbidden), "{address}: {forbidden}");
    }
    let mut ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{address}: an identifier stands twice");
    for target in text.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.binary_search(&target).is_ok(), "{address}: #{target} is nowhere");
    }
    // A word that no language file has is shown by its key.
    for key in [
        "rates-measure",
        "rates-per",
        "rates-scope",
        "rates-part",
        "rates-day",
        "rates-change",
        "outcome-",
        "collector-",
    ] {
        assert!(!text.contains(&format!(">{key}")), "{address}: {key}");
    }
    let heading = |level: char| text.matches(&format!("<h{level}")).count();
    assert!(heading('3') == 0 || heading('2') > 0, "{address}: h3 without h2");
}

#[tokio::test]
async fn every_economy_has_a_page_that_is_light() {
    let house = house();
    let list = page(&house, "/en/rates").await;
    let assets: usize = {
        let mut sum = 0;
        for name in ["style.css", "portal.js"] {
            let at =
                list.split("/assets/").find(|rest| rest.split('"').next().is_some_and(|a| a.ends_with(name))).unwrap();
            let address = format!("/assets/{}", at.split('"').next().unwrap());
            sum += gzip(&ask(&house, &address).await.text);
        }
        sum
    };
    let mut heaviest = (0, String::new());
    let codes: Vec<String> =
        tidewaiter_data::ratebook().economies(date(2026, 11, 22)).into_iter().map(|economy| economy.code).collect();
    assert!(codes.len() >= 200, "{}", codes.len());
    for (at, code) in codes.iter().enumerate() {
        // One language each; the heaviest in all of them.
        let languages = if code == "US" || code == "IT" { &LANGUAGES[..] } else { &LANGUAGES[at % 3..=at % 3] };
        for language in languages {
            let address = format!("/{language}/rates/{code}");
            let text = page(&house, &address).await;
            assert!(text.contains(&format!("data/economies/{code}.toml")), "{address} says how to correct it");
            heaviest = heaviest.max((gzip(&text) + assets, address));
        }
    }
    for address in ["/en/rates", "/fr/rates", "/en/rates/freshness", "/es/rates/changes", "/fr/rates/downloads"] {
        heaviest = heaviest.max((gzip(&page(&house, address).await) + assets, address.to_owned()));
    }
    println!("heaviest: {} with {} bytes, of which style and script {assets}", heaviest.1, heaviest.0);
    assert!(heaviest.0 < MOST, "{heaviest:?}");
}

#[tokio::test]
async fn germany_is_told_with_its_limits_its_past_and_what_is_to_come() {
    let house = house();
    let text = page(&house, "/en/rates/DE").await;
    for said in [
        "EUR 3",
        "19 %",
        "adopted, not yet in force",
        "relief up to EUR 150",
        "used in answers",
        "id=\"fact-eu.duty.flat3\"",
        "href=\"#fact-eu.duty.flat3\"",
        "sent by post",
        "1 Jul 2026 to 30 Jun 2028",
        "class=\"bar-scheduled\"",
        "today, 22 Nov 2026",
        "at most EUR 150 per consignment",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert!(!text.contains("goods &lt;= 150"), "conditions are in words");
    // Every bar is told in the table below it.
    let bars = text.matches("<rect class=\"bar-").count() - 5;
    let table = text.split("The timeline as a table</summary>").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(table.matches("<tr>").count() - 1, bars);
}

#[tokio::test]
async fn each_language_tells_it_in_its_own_words() {
    let house = house();
    for (address, said) in [
        ("/fr/rates/DE", "envoyé par la poste"),
        ("/fr/rates/DE", "adopté, pas encore en vigueur"),
        ("/es/rates/DE", "enviado por correo"),
        ("/es/rates/CH", "suman como máximo 5 CHF"),
        ("/fr/rates/CN", "oui à «"),
        ("/es/rates/US", "en inglés"),
    ] {
        let text = page(&house, address).await.replace('\u{a0}', " ");
        assert!(text.contains(said), "{address}: {said}");
    }
    assert!(
        !page(&house, "/en/rates/US").await.contains("<span lang=\"en\""),
        "English is not marked on an English page"
    );
}

#[tokio::test]
async fn lists_and_changes_mix_no_languages() {
    let house = house();
    let list = page(&house, "/fr/rates").await;
    assert!(!list.contains(">none<") && list.contains("<td class=\"minor\">aucune</td>"), "Iraq has no such tax");
    let changes = page(&house, "/es/rates/changes").await.replace('\u{a0}', " ");
    for english in ["Customs duty", "VAT, ", "“", "fl125", "zero children"] {
        assert!(!changes.contains(english), "{english}");
    }
    assert!(changes.contains("Derecho de aduana, 3 EUR por artículo"), "{changes}");
}

#[tokio::test]
async fn not_applicable_unknown_and_zero_look_different() {
    let house = house();
    let us = page(&house, "/en/rates/US").await;
    let glance = us.split("<dl class=\"pairs card\">").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
    assert!(glance.contains("not applicable"), "no tax at the border: {glance}");
    assert!(glance.contains("from the first cent"), "{glance}");
    let greenland = page(&house, "/en/rates/GL").await;
    assert!(greenland.contains("not the same as nothing being due"));
    let switzerland = page(&house, "/en/rates/CH").await;
    assert!(switzerland.contains("CHF 5 or less is owed"), "a waiver is no zero rate");
}

#[tokio::test]
async fn unions_have_pages_and_their_members() {
    let text = page(&house(), "/en/rates/EU").await;
    assert!(text.contains("href=\"/en/rates/DE\""), "a member has a link");
    assert!(text.contains(" members</h3>"), "and is counted");
    assert!(text.contains("Former members"), "the United Kingdom left");
}

#[tokio::test]
async fn what_is_unverified_says_so() {
    let house = house();
    let book = tidewaiter_data::ratebook();
    let unsure = book.economies(date(2026, 11, 22)).into_iter().find(|e| e.facts.low > 0 && e.facts.high == 0).unwrap();
    let text = page(&house, &format!("/en/rates/{}", unsure.code)).await;
    assert!(text.contains("<span class=\"tag low\">unverified</span>"), "{}", unsure.code);
}

#[tokio::test]
async fn an_unknown_economy_names_near_ones() {
    let house = house();
    let answer = ask(&house, "/en/rates/Germny").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("href=\"/en/rates/DE\""), "{}", answer.text);
    let group = ask(&house, "/fr/rates/WTO").await;
    assert_eq!(group.status, StatusCode::NOT_FOUND);
    assert!(group.text.contains("groupe de pays"));
    let small = ask(&house, "/en/rates/de?x=1").await;
    assert_eq!(small.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(small.headers[header::LOCATION], "/en/rates/DE?x=1");
    let markup = ask(&house, "/en/rates/%3Cscript%3E").await;
    assert_eq!(markup.status, StatusCode::NOT_FOUND);
    assert!(!markup.text.contains("<script>"), "what was asked is never markup");
}

#[tokio::test]
async fn the_list_is_searched_without_script() {
    let house = house();
    let all = page(&house, "/en/rates").await;
    assert!(all.matches("<tr data-find=").count() >= 200);
    let found = page(&house, "/en/rates?q=switz").await;
    assert_eq!(found.matches("<tr data-find=").count(), 1, "Switzerland alone");
    assert!(found.contains("1 economy") && found.contains("href=\"/en/rates/CH\""));
    let none = page(&house, "/es/rates?q=zzzz").await;
    assert!(none.contains("0 economías") && !none.contains("<tr data-find="));
    let currency = page(&house, "/en/rates?q=chf").await;
    assert_eq!(currency.matches("<tr data-find=").count(), 2, "Switzerland and Liechtenstein");
    assert!(page(&house, "/en/rates?q=%22%3E%3Cb%3E").await.contains("&quot;&gt;&lt;b&gt;"));
}

#[tokio::test]
async fn a_goods_code_shows_its_measures_and_their_history() {
    let house = house();
    let answer = ask(&house, "/en/rates/DE?goods=6109.10").await;
    assert_eq!(
        (answer.status, answer.headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/en/rates/DE/6109.10")
    );
    let text = page(&house, "/en/rates/DE/6109.10.00").await;
    for said in ["12 %", "general duty", "The general duty since 2024", "Must be claimed:"] {
        assert!(text.contains(said), "{said}");
    }
    let origin = page(&house, "/fr/rates/US/6109.10?origin=CN&date=2025-05-20").await;
    for said in ["Tous les droits sur les marchandises d’origine", "class=\"curve\"", "value=\"2025-05-20\""] {
        assert!(origin.contains(said), "{said}");
    }
    assert!(origin.contains("option value=\"CN\" selected"));
}

#[tokio::test]
async fn what_is_not_loaded_is_said_with_what_to_do() {
    let house = house();
    let book = tidewaiter_data::ratebook();
    let without = book
        .economies(date(2026, 11, 22))
        .into_iter()
        .filter_map(|e| book.economy(&e.code))
        .find(|view| view.measures.is_empty() && view.bounds == 0)
        .unwrap();
    let text = page(&house, &format!("/es/rates/{}/6109.10", without.code)).await;
    assert!(
        text.contains("Aquí no hay cargado ningún arancel") && text.contains("tidewaiter import list"),
        "{}",
        without.code
    );
    assert_eq!(ask(&house, "/en/rates/DE/61").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ask(&house, "/en/rates/DE/cotton").await.status, StatusCode::BAD_REQUEST);
    let wrong = page(&house, "/en/rates/DE/6109.10?origin=QQ&date=soon").await;
    assert!(
        wrong.contains("“QQ” is not the code of a territory known here") && wrong.contains("That day cannot be read")
    );
}

#[tokio::test]
async fn a_code_that_there_is_not_is_said_with_what_to_do() {
    let house = house();
    // No code of the Harmonized System; one of it without a line in a tariff that is loaded as a whole.
    for (address, why) in [
        ("/en/rates/US/6109.99", "neither in the Harmonized System of 2022"),
        ("/en/rates/US/9999.99", "has no line for it"),
        ("/fr/rates/DE/1234.56", "ni dans une édition antérieure"),
    ] {
        let answer = ask(&house, address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        assert!(answer.text.contains(why) && answer.text.contains("#look"), "{address}");
    }
    assert_eq!(ask(&house, "/en/rates/US/6109.10").await.status, StatusCode::OK);
}

#[tokio::test]
async fn partners_of_a_customs_union_are_no_members() {
    let text = page(&house(), "/en/rates/EU").await;
    let (members, beside) = text.split_once("Not members, but under a part of its rules").unwrap();
    let members = members.split_once("27 members").unwrap().1;
    assert!(members.contains("/en/rates/FR\"") && !members.contains("/en/rates/TR\""));
    assert!(beside.contains("/en/rates/TR\"") && beside.contains("/en/rates/AD\""));
}

/// What comes later must not move what is there: a browser that lays a table out by its content does so anew with each row that comes.
#[tokio::test]
async fn columns_stand_before_the_rows_are_here() {
    let house = house();
    let list = page(&house, "/en/rates").await;
    let style = list.split("href=\"").find(|part| part.contains("style.css\"")).unwrap().split('"').next().unwrap();
    let style = ask(&house, style).await.text;
    let fixed: Vec<&str> = style
        .split('}')
        .filter_map(|rule| rule.rsplit_once('{'))
        .filter(|(_, rules)| rules.contains("table-layout: fixed") || rules.contains("table-layout:fixed"))
        .flat_map(|(selectors, _)| selectors.split(','))
        .filter_map(|selector| selector.trim().rsplit_once('.').map(|(_, class)| class))
        .collect();
    for address in [
        "/en/rates",
        "/en/rates/US",
        "/en/rates/DE",
        "/en/rates/freshness",
        "/en/rates/downloads",
        "/en/rates/US/6109.10?origin=KR",
        "/en/code/6109.10",
        "/en/code?goods=t-shirt&to=FR&origin=CN",
        "/en/about",
    ] {
        let text = page(&house, address).await;
        for table in text.split("<table").skip(1) {
            let classes = table.split('>').next().unwrap().replace("class=\"", " ").replace('"', " ");
            assert!(classes.split_whitespace().any(|class| fixed.contains(&class)), "{address}: <table{classes}>");
        }
    }
}

/// On a phone nobody reads forty thousand pixels: what is long is folded, and a link into a fold opens it.
#[tokio::test]
async fn long_pages_are_folded() {
    let house = house();
    let text = page(&house, "/en/rates/US").await;
    let mut depth = 0;
    let mut shown = String::new();
    for part in text.split_inclusive('>') {
        depth += usize::from(part.contains("<details"));
        if depth == 0 {
            shown.push_str(part);
        }
        depth -= usize::from(part.contains("</details>"));
    }
    assert!(text.contains("id=\"charge-us.duty\"") && !shown.contains("id=\"charge-us.duty\""), "charges are folded");
    assert!(!shown.contains("id=\"fact-"), "facts are folded");
    let few = page(&house, "/en/rates/changes").await;
    assert!(few.contains("past-after=20#past"), "the others have addresses of their own");
    let next = page(&house, "/en/rates/changes?past-after=20").await;
    assert!(next.contains("Changes 21 to 40 of"));
}

#[tokio::test]
async fn freshness_is_oldest_first_and_says_how_old() {
    let text = page(&house(), "/en/rates/freshness").await;
    let (old, new) = text.split_once("Looked at within 90 days").unwrap();
    assert_eq!(old.matches("days old").count(), old.matches("<tr><th").count() - 1, "all but the head");
    let new = new.split("id=\"series\"").next().unwrap();
    assert!(!new.contains("days old") && new.contains("/en/rates/FR\""));
    assert!(text.contains("European Central Bank"), "series of exchange rates");
}

#[tokio::test]
async fn changes_tell_what_is_to_come_before_what_has_come() {
    let house = house();
    let text = page(&house, "/en/rates/changes?territory=DE").await;
    let (coming, past) = text.split_once("id=\"past\"").unwrap();
    assert!(coming.contains("1 Jul 2028"), "the EUR 3 end");
    assert!(past.contains("1 Jul 2026"), "the EUR 3 began");
    let (_, proposed) = past.split_once("id=\"proposed\"").unwrap();
    assert!(proposed.contains("Union handling fee"), "adopted without a day");
    assert!(page(&house, "/fr/rates/changes?territory=QQ").await.contains("Ce territoire n’est pas connu ici"));
}

#[tokio::test]
async fn feeds_have_stable_identifiers() {
    let house = house();
    let ids = |text: &str| -> Vec<String> {
        let feed: serde_json::Value = serde_json::from_str(text).unwrap();
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let english = ask(&house, "/feeds/changes.json?territory=DE").await;
    let french = ask(&house, "/feeds/changes.json?territory=DE&lang=fr").await;
    assert!(!ids(&english.text).is_empty());
    assert_eq!(ids(&english.text), ids(&french.text), "a change is the same in every language");
    assert_ne!(english.text, french.text);
    let atom = ask(&house, "/feeds/changes.atom?territory=DE").await;
    assert_eq!(atom.headers[header::CONTENT_TYPE], "application/atom+xml; charset=utf-8");
    for id in ids(&english.text) {
        assert!(atom.text.contains(&format!("<id>{id}</id>")), "{id}");
    }
    assert!(atom.text.contains("http://duties.example/en/rates/"), "addresses are whole");
    assert!(atom.headers.contains_key(header::ETAG), "readers ask again without reading again");
}

#[tokio::test]
async fn standard_rates_are_a_sheet() {
    let answer = ask(&house(), "/rates/standard-rates.csv").await;
    let lines: Vec<&str> = answer.text.split("\r\n").collect();
    assert!(lines[0].starts_with("code,name,currency,tax,table,standard_percent"));
    assert!(lines.iter().any(|line| line.starts_with("CH,Switzerland,CHF,VAT,vat,8.1,")), "{}", lines[1]);
    assert!(lines.iter().any(|line| line.starts_with("US,United States,USD,sales tax,,,")), "no rate is no zero");
}
