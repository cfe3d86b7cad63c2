//! News told as feeds, webhooks and mail, read back as their receivers would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::Timestamp;
use jiff::civil::date;
use quick_xml::events::Event;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::feeds::delivery::Attempt;
use tidewaiter_repository::feeds::digest::digest;
use tidewaiter_repository::feeds::mail::{Encryption, MailError, Mailer, Smtp, SmtpSettings, letter};
use tidewaiter_repository::feeds::page::{Feed, Page};
use tidewaiter_repository::feeds::send::Courier;
use tidewaiter_repository::feeds::signature::{Secret, Signer, verify};
use tidewaiter_repository::feeds::webhook::{MOST_BYTES, message_id, payload};
use tidewaiter_repository::feeds::{Change, Interest, News, atom, json as json_feed, words};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

fn change(kind: &str, key: &str, old: Option<&str>, new: Option<&str>) -> Change {
    let from = Some(date(2027, 1, 1));
    Change { kind: kind.into(), key: key.into(), old: old.map(str::to_owned), new: new.map(str::to_owned), from }
}

/// News number `n`, published on that second.
fn news(n: u64, kind: &str, changes: Vec<Change>) -> News {
    News {
        authority: "q-customs".into(),
        authority_name: "Customs of Q".into(),
        territory: Some("QQ".into()),
        number: n,
        edition: format!("{n:064x}"),
        kind: kind.into(),
        concerns: if kind == "ordinary" { vec![] } else { vec![n - 1] },
        title: "Tariff of Q".into(),
        reason: (kind != "ordinary").then(|| "The rate of chapter 61 was misread.".into()),
        published: at(i64::try_from(n).unwrap()),
        changes,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn shirt() -> Change {
    change("third-country", "610910", Some("12 %"), Some("10 %"))
}

fn feed() -> Feed {
    Feed {
        title: "Changes at Q & co".into(),
        home: "https://rates.example/".into(),
        address: "https://rates.example/feed?territories=QQ&goods=0709".into(),
        editions: "https://rates.example/v1/editions/".into(),
        founded: at(0),
    }
}

fn page(news: Vec<News>) -> Page {
    Page::take(news, &Interest::default(), None).unwrap()
}

#[test]
fn a_single_change_is_the_title() {
    let title = words::title(&news(12, "ordinary", vec![shirt()]));
    assert_eq!(title, "Customs of Q, edition 12: 6109.10 general duty 12 % becomes 10 % from 2027-01-01");
    assert_eq!(words::title(&news(12, "ordinary", vec![shirt(), shirt()])), "Customs of Q, edition 12: 2 changes");
    assert_eq!(words::title(&news(12, "ordinary", vec![])), "Customs of Q, edition 12: Tariff of Q");
}

#[test]
fn changes_are_told_in_plain_words() {
    let told = |change: Change| words::sentence(&change);
    assert_eq!(
        told(change("measure", "610910", Some("12 %"), Some("10 %"))),
        "6109.10 12 % becomes 10 % from 2027-01-01"
    );
    assert_eq!(told(change("preference", "07", None, Some("0 %"))), "07 preferential duty is new: 0 % from 2027-01-01");
    assert_eq!(
        told(change("anti-dumping", "0709", Some("18 %"), None)),
        "0709 anti-dumping duty 18 % no longer holds from 2027-01-01"
    );
    assert_eq!(
        told(change("rate", "vat", Some("15 % (standard)"), Some("16 % (standard)"))),
        "tax rate vat 15 % (standard) becomes 16 % (standard) from 2027-01-01"
    );
    assert_eq!(
        told(change("rate-class", "6109.10", Some("standard"), Some("reduced"))),
        "6109.10 class of tax standard becomes reduced from 2027-01-01"
    );
    assert_eq!(
        told(change("area-member", "1020", None, Some("member (NP)"))),
        "area 1020, member is new: member (NP) from 2027-01-01"
    );
    let rate = Change { from: None, ..change("exchange-rate", "EUR/XQD", Some("1.08"), Some("1.09")) };
    assert_eq!(told(rate), "exchange rate EUR/XQD 1.08 becomes 1.09");
}

#[test]
fn corrections_and_withdrawals_are_told_first_and_plainly() {
    let withdrawal = news(14, "withdrawal", vec![shirt()]);
    assert_eq!(words::title(&withdrawal), "Withdrawn: Customs of Q, edition 14 withdraws edition 13");
    let expected = [
        "Do not use edition 13 any more. Edition 14 says what holds instead.",
        "Reason: The rate of chapter 61 was misread.",
        "Edition 14: Tariff of Q",
        "- 6109.10 general duty 12 % becomes 10 % from 2027-01-01",
    ];
    assert_eq!(words::lines(&withdrawal), expected);
    let mut correction = news(14, "correction", vec![]);
    correction.concerns = vec![9, 11, 13];
    assert_eq!(words::title(&correction), "Correction: Customs of Q, edition 14 corrects editions 9, 11 and 13");
    assert_eq!(
        words::lines(&correction)[0],
        "Something in editions 9, 11 and 13 was wrong. Edition 14 says what holds."
    );
}

#[test]
fn of_a_long_edition_twenty_changes_are_told_and_the_rest_is_counted() {
    let lines = words::lines(&news(12, "ordinary", vec![shirt(); 57]));
    assert_eq!(lines.len(), 1 + 20 + 1);
    assert_eq!(lines.last().unwrap(), "- and 37 more changes");
    assert_eq!(words::lines(&news(12, "ordinary", vec![shirt(); 20])).len(), 21);
    assert_eq!(words::lines(&news(12, "ordinary", vec![shirt(); 21])).last().unwrap(), "- and 1 more change");
}

#[test]
fn hostile_text_is_one_short_line() {
    let text = words::line("a\r\nb\u{0}c\t d\u{202e}e\u{2066}f\u{ffff}", 100);
    assert_eq!(text, "a b c def");
    assert_eq!(words::line("12345 6789", 7), "12345 6…");
    let long = change("measure", "0709", Some(&"x".repeat(5_000_000)), None);
    assert_eq!(words::sentence(&long), format!("0709 {}… no longer holds from 2027-01-01", "x".repeat(200)));
}

#[test]
fn pages_of_a_hundred_follow_each_other_while_news_are_added() {
    let newest_first = |count: u64| (1..=count).rev().map(|n| news(n, "ordinary", vec![]));
    let numbers = |page: &Page| page.news.iter().map(|news| news.number).collect::<Vec<_>>();
    let all = Interest::default();
    let first = Page::take(newest_first(250), &all, None).unwrap();
    assert_eq!(numbers(&first), (151..=250).rev().collect::<Vec<_>>());
    let next = feed().next(&first).unwrap();
    assert_eq!(next, format!("https://rates.example/feed?territories=QQ&goods=0709&after={:064x}", 151));
    // Three more are published before the reader goes on.
    let second = Page::take(newest_first(253), &all, Some(&format!("{:064x}", 151))).unwrap();
    assert_eq!(numbers(&second), (51..=150).rev().collect::<Vec<_>>());
    let third = Page::take(newest_first(253), &all, Some(&second.news.last().unwrap().edition)).unwrap();
    assert_eq!(numbers(&third), (1..=50).rev().collect::<Vec<_>>());
    assert_eq!((third.more, feed().next(&third)), (false, None));
    // Exactly a hundred are one page.
    assert!(!Page::take(newest_first(100), &all, None).unwrap().more);
    let error = Page::take(newest_first(3), &all, Some("zz")).unwrap_err();
    assert_eq!(error.to_string(), "this feed has no edition zz from which to go on; begin again at the first page");
}

#[test]
fn a_page_holds_only_what_was_asked_for() {
    let vegetables = Interest::from_lists("QQ", "", "0709").unwrap();
    let all = (1..=300)
        .rev()
        .map(|n| news(n, "ordinary", vec![if n % 3 == 0 { change("measure", "070999", None, None) } else { shirt() }]));
    let page = Page::take(all, &vegetables, None).unwrap();
    assert_eq!((page.news.len(), page.more), (100, false));
    assert!(page.news.iter().all(|news| news.number % 3 == 0));
}

#[test]
fn json_feed_has_what_the_specification_asks_for() {
    let full =
        Page { more: true, ..page(vec![news(14, "withdrawal", vec![shirt(); 57]), news(2, "ordinary", vec![])]) };
    let document = json_feed::document(&feed(), &full);
    assert_eq!(document["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(document["title"], "Changes at Q & co");
    assert_eq!(document["feed_url"], "https://rates.example/feed?territories=QQ&goods=0709");
    assert_eq!(document["next_url"], format!("https://rates.example/feed?territories=QQ&goods=0709&after={:064x}", 2));
    let item = &document["items"][0];
    assert_eq!(item["id"], format!("urn:sha256:{:064x}", 14));
    assert_eq!(item["url"], format!("https://rates.example/v1/editions/{:064x}", 14));
    assert_eq!(item["title"], "Withdrawn: Customs of Q, edition 14 withdraws edition 13");
    assert!(item["content_text"].as_str().unwrap().ends_with("\n- and 37 more changes"));
    assert_eq!(item["date_published"], "1970-01-01T00:00:14Z");
    assert_eq!(item["tags"], json!(["withdrawal", "QQ"]));
    assert_eq!(item["_tidewaiter"]["changes_in_all"], 57);
    assert_eq!(item["_tidewaiter"]["changes"].as_array().unwrap().len(), 20);
    let first = json!({ "kind": "third-country", "key": "610910", "old": "12 %", "new": "10 %", "from": "2027-01-01" });
    assert_eq!(item["_tidewaiter"]["changes"][0], first);
    assert!(json_feed::document(&feed(), &page(vec![])).get("next_url").is_none());
}

/// An XML document as nested lists: each element its name, attributes, text and children.
fn parse(xml: &[u8]) -> Value {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut stack = vec![json!({ "name": "", "text": "", "children": [] })];
    let close = |stack: &mut Vec<Value>| {
        let done = stack.pop().unwrap();
        stack.last_mut().unwrap()["children"].as_array_mut().unwrap().push(done);
    };
    let open = |start: &quick_xml::events::BytesStart<'_>| {
        let mut element = json!({ "name": start.name().as_ref(), "text": "", "children": [] });
        for attribute in start.attributes() {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
            element[format!("@{}", attribute.key.as_ref())] = value.into();
        }
        element
    };
    let add = |stack: &mut Vec<Value>, text: &str| {
        let element = stack.last_mut().unwrap();
        element["text"] = format!("{}{text}", element["text"].as_str().unwrap()).into();
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => stack.push(open(&start)),
            Event::Empty(start) => {
                stack.push(open(&start));
                close(&mut stack);
            }
            Event::End(_) => close(&mut stack),
            Event::Text(text) => add(&mut stack, &text),
            Event::GeneralRef(entity) => {
                let entity = format!("&{};", &*entity);
                add(&mut stack, &quick_xml::escape::unescape(&entity).unwrap());
            }
            Event::Eof => return stack.pop().unwrap()["children"][0].take(),
            _ => {}
        }
    }
}

fn children<'a>(element: &'a Value, name: &str) -> Vec<&'a Value> {
    element["children"].as_array().unwrap().iter().filter(|child| child["name"] == name).collect()
}

fn text<'a>(element: &'a Value, name: &str) -> &'a str {
    let found = children(element, name);
    assert_eq!(found.len(), 1, "exactly one {name}");
    found[0]["text"].as_str().unwrap()
}

#[test]
fn atom_has_what_rfc_4287_asks_for_and_hostile_text_stays_text() {
    let mut hostile =
        news(3, "ordinary", vec![change("measure", "0709", Some("]]><b>&amp;\"'"), Some("\u{0}\u{b}</content>"))]);
    hostile.authority_name = "<Customs> & \"Q\"\u{8}".into();
    let full = Page { more: true, ..page(vec![hostile, news(2, "correction", vec![])]) };
    let document = parse(&atom::document(&feed(), &full).unwrap());
    assert_eq!(
        (document["name"].as_str(), document["@xmlns"].as_str()),
        (Some("feed"), Some("http://www.w3.org/2005/Atom"))
    );
    assert_eq!(text(&document, "id"), "https://rates.example/feed?territories=QQ&goods=0709");
    assert_eq!(text(&document, "title"), "Changes at Q & co");
    assert_eq!(text(&document, "updated"), "1970-01-01T00:00:03Z");
    let links: Vec<_> = children(&document, "link")
        .iter()
        .map(|l| (l["@rel"].as_str().unwrap(), l["@href"].as_str().unwrap()))
        .collect();
    let next = format!("https://rates.example/feed?territories=QQ&goods=0709&after={:064x}", 2);
    let here = "https://rates.example/feed?territories=QQ&goods=0709";
    assert_eq!(links, [("self", here), ("alternate", "https://rates.example/"), ("next", next.as_str())]);
    let entries = children(&document, "entry");
    assert_eq!(entries.len(), 2);
    assert_eq!(text(entries[0], "id"), format!("urn:sha256:{:064x}", 3));
    let said = "0709 ]]><b>&amp;\"' becomes </content> from 2027-01-01";
    assert_eq!(text(entries[0], "title"), format!("<Customs> & \"Q\", edition 3: {said}"));
    assert_eq!(text(entries[0], "content"), format!("Edition 3: Tariff of Q\n- {said}"));
    assert_eq!(children(entries[0], "content")[0]["@type"], "text");
    assert_eq!(text(entries[0], "published"), "1970-01-01T00:00:03Z");
    assert_eq!(text(entries[0], "updated"), "1970-01-01T00:00:03Z");
    assert_eq!(text(children(entries[0], "author")[0], "name"), "<Customs> & \"Q\"");
    let terms: Vec<_> = children(entries[1], "category").iter().map(|c| c["@term"].as_str().unwrap()).collect();
    assert_eq!(terms, ["correction", "QQ"]);
}

#[test]
fn an_empty_atom_feed_is_as_old_as_the_repository() {
    let document = parse(&atom::document(&feed(), &page(vec![])).unwrap());
    assert_eq!(text(&document, "updated"), "1970-01-01T00:00:00Z");
    assert!(children(&document, "entry").is_empty());
}

#[test]
fn a_payload_names_its_event_and_stays_small() {
    let body = |kind| {
        serde_json::from_slice::<Value>(&payload(&news(14, kind, vec![shirt()]), "https://rates.example/e/14")).unwrap()
    };
    let ordinary = body("ordinary");
    assert_eq!(ordinary["type"], "edition.published");
    assert_eq!(ordinary["timestamp"], "1970-01-01T00:00:14Z");
    assert_eq!(ordinary["data"]["authority"], "q-customs");
    assert_eq!(ordinary["data"]["number"], 14);
    assert_eq!(ordinary["data"]["url"], "https://rates.example/e/14");
    assert_eq!(ordinary["data"]["changes"][0]["new"], "10 %");
    assert_eq!(
        (&body("correction")["type"], &body("withdrawal")["type"]),
        (&json!("edition.corrected"), &json!("edition.withdrawn"))
    );
    // Texts of four bytes a character, in more changes than are listed.
    let long = "𝄞".repeat(1_000);
    let huge = payload(
        &news(14, "ordinary", vec![change("measure", "0709", Some(&long), Some(&long)); 500]),
        "https://rates.example/",
    );
    assert!(huge.len() <= MOST_BYTES, "{}", huge.len());
    let huge: Value = serde_json::from_slice(&huge).unwrap();
    assert_eq!(huge["data"]["changes_in_all"], 500);
    // 20,000 bytes hold ten changes of twice 200 such characters and no more.
    assert!((1..=12).contains(&huge["data"]["changes"].as_array().unwrap().len()));
}

#[test]
fn a_message_id_belongs_to_one_subscription_and_edition() {
    let id = message_id("s1", "ab");
    assert!(id.starts_with("msg_") && id.len() == 36 && !id.contains('.'), "{id}");
    assert_ne!(message_id("s", "1ab"), id, "the same letters, divided otherwise");
}

/// What a receiver got.
type Got = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A receiver on this machine that answers so.
async fn receiver(status: u16, headers: &'static [(&'static str, &'static str)]) -> (String, Got) {
    let got = Got::default();
    let answer = move |State(got): State<Got>, headers_in: HeaderMap, body: Bytes| async move {
        got.lock().unwrap().push((headers_in, body));
        let mut out = HeaderMap::new();
        headers.iter().for_each(|(name, value)| drop(out.insert(*name, value.parse().unwrap())));
        (StatusCode::from_u16(status).unwrap(), out, "thank you")
    };
    let app = Router::new().route("/hooks", post(answer)).with_state(got.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, got)
}

fn courier(reach: Reach) -> Courier {
    Courier::with_timeout(reach, Duration::from_secs(10)).unwrap()
}

#[tokio::test]
async fn a_receiver_gets_what_it_can_verify() {
    let (url, got) = receiver(204, &[]).await;
    let signer = Signer::Shared(Secret::generate().unwrap());
    let body = payload(&news(14, "ordinary", vec![shirt()]), "https://rates.example/");
    let attempt = courier(Reach::AndLoopback)
        .send(std::slice::from_ref(&signer), "msg_1", &url, body.clone(), at(1_800_000_000))
        .await;
    assert_eq!(attempt.unwrap(), Attempt::Answered { status: 204, retry_after_seconds: None });
    let got = got.lock().unwrap();
    let [(headers, received)] = got.as_slice() else { panic!("one message, not {}", got.len()) };
    assert_eq!(received, &body);
    let of = |name: &str| headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(
        (of("webhook-id"), of("webhook-timestamp"), of("content-type")),
        ("msg_1", "1800000000", "application/json")
    );
    let now = at(1_800_000_100);
    verify(&signer.verifier(), "msg_1", "1800000000", of("webhook-signature"), received, now).unwrap();
}

async fn attempt(reach: Reach, url: &str) -> Attempt {
    let signer = Signer::generate_key().unwrap();
    courier(reach).send(&[signer], "msg_1", url, b"{}".to_vec(), at(784_111_677)).await.unwrap()
}

#[tokio::test]
async fn redirections_are_not_followed_and_waits_are_heard() {
    let (inside, got) = receiver(200, &[]).await;
    let location: &'static str = Box::leak(inside.into_boxed_str());
    let headers: &'static [(&str, &str)] = Box::leak(Box::new([("location", location)]));
    let (url, _) = receiver(307, headers).await;
    assert_eq!(attempt(Reach::AndLoopback, &url).await, Attempt::Answered { status: 307, retry_after_seconds: None });
    assert!(got.lock().unwrap().is_empty());
    let (url, _) = receiver(503, &[("retry-after", "120")]).await;
    assert_eq!(
        attempt(Reach::AndLoopback, &url).await,
        Attempt::Answered { status: 503, retry_after_seconds: Some(120) }
    );
    // The example of RFC 9110 for a date is second 784,111,777.
    let (url, _) = receiver(429, &[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]).await;
    assert_eq!(
        attempt(Reach::AndLoopback, &url).await,
        Attempt::Answered { status: 429, retry_after_seconds: Some(100) }
    );
    let (url, _) = receiver(503, &[("retry-after", "soon")]).await;
    assert_eq!(attempt(Reach::AndLoopback, &url).await, Attempt::Answered { status: 503, retry_after_seconds: None });
}

#[tokio::test]
async fn nothing_is_sent_to_addresses_inside() {
    let (url, got) = receiver(200, &[]).await;
    assert!(matches!(attempt(Reach::Public, &url).await, Attempt::Forbidden(_)));
    // A name that resolves to this machine passes the first look and is stopped when it is resolved.
    let port = url.rsplit(':').next().unwrap();
    let Attempt::Failed(why) = attempt(Reach::Public, &format!("https://localhost:{port}")).await else {
        panic!("not sent")
    };
    assert_eq!(why, "localhost is not an address of the public internet; give one that everybody can reach");
    assert!(got.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_does_not_answer_is_a_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let courier = Courier::with_timeout(Reach::AndLoopback, Duration::from_millis(50)).unwrap();
    let signer = Signer::generate_key().unwrap();
    // Connections are taken by the system and never answered.
    let attempt = courier.send(std::slice::from_ref(&signer), "msg_1", &url, b"{}".to_vec(), at(0)).await.unwrap();
    assert_eq!(attempt, Attempt::Failed("the receiver did not answer in time".into()));
    drop(listener);
    let attempt = courier.send(&[signer], "msg_1", &url, b"{}".to_vec(), at(0)).await.unwrap();
    let Attempt::Failed(why) = attempt else { panic!("{attempt:?}") };
    assert!(why.starts_with("the receiver cannot be reached: ") && !why.contains("/hooks"), "{why}");
}

const LEAVE: &str = "https://rates.example/leave/x7";

fn day() -> tidewaiter_repository::feeds::digest::Digest {
    let all = [
        news(3, "ordinary", vec![shirt()]),
        news(5, "withdrawal", vec![]),
        news(4, "correction", vec![]),
        news(6, "ordinary", vec![]),
    ];
    digest("Repository of Q", "https://rates.example/v1/editions/", LEAVE, date(2026, 11, 22), &all).unwrap()
}

#[test]
fn a_digest_tells_withdrawals_first() {
    let digest = day();
    assert_eq!(digest.subject, "Repository of Q, 2026-11-22: 1 edition withdrawn, 1 correction, 2 new editions");
    let at = |text: &str| digest.body.find(text).unwrap_or_else(|| panic!("no {text} in {}", digest.body));
    let order =
        [at("Withdrawn: "), at("Correction: "), at("edition 6: Tariff of Q"), at("edition 3: 6109.10"), at(LEAVE)];
    assert!(order.is_sorted(), "{}", digest.body);
    assert!(digest.body.contains(&format!("https://rates.example/v1/editions/{:064x}\n", 5)));
    assert_eq!(tidewaiter_repository::feeds::digest::digest("R", "e", LEAVE, date(2026, 11, 22), &[]), None);
    let many: Vec<News> = (1..=53).map(|n| news(n, "ordinary", vec![])).collect();
    let many = tidewaiter_repository::feeds::digest::digest("R", "e/", LEAVE, date(2026, 11, 22), &many).unwrap();
    assert!(many.body.contains("3 more editions were published that day."), "{}", many.body);
}

#[test]
fn a_letter_can_be_ended_and_forged_headers_stay_text() {
    let mut digest = day();
    digest.subject = "Q\r\nBcc: all@world.example".into();
    let bytes =
        letter(&digest, "Repository <news@rates.example>", "shop@shop.example", LEAVE, at(0)).unwrap().formatted();
    let text = String::from_utf8(bytes).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let headers: Vec<&str> = head.lines().collect();
    for header in [
        "From: Repository <news@rates.example>",
        "To: shop@shop.example",
        "Subject: Q Bcc: all@world.example",
        "Date: Thu, 01 Jan 1970 00:00:00 +0000",
        "List-Unsubscribe: <https://rates.example/leave/x7>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(headers.contains(&header), "{header} in {head}");
    }
    assert!(!headers.iter().any(|header| header.starts_with("Bcc")), "{head}");
    let again = |to: &str| {
        letter(&digest, "news@rates.example", to, LEAVE, at(0))
            .map(|m| m.headers().get_raw("Message-ID").map(str::to_owned))
    };
    assert_eq!(again("shop@shop.example"), again("shop@shop.example"));
    assert_ne!(again("shop@shop.example"), again("other@shop.example"));
    for leave in ["http://rates.example/", "https://rates.example/ x", "https://rates.example/>\r\nBcc: x", ""] {
        assert!(
            matches!(letter(&digest, "a@b.example", "c@d.example", leave, at(0)), Err(MailError::Letter(_))),
            "{leave}"
        );
    }
    assert!(matches!(letter(&digest, "a@b.example", "nobody", LEAVE, at(0)), Err(MailError::Letter(_))));
}

/// A mail server on this machine that takes one letter, or answers to its begin with `to_mail`, and gives what it was told.
async fn mail_server(to_mail: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut told = String::new();
        let mut in_letter = false;
        write.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            told.push_str(&line);
            told.push('\n');
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "." => "250 taken",
                _ if in_letter => continue,
                "EHLO" => "250 mail.example",
                "MAIL" => to_mail,
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 well",
            };
            in_letter = answer.starts_with("354");
            write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            if in_letter || !answer.starts_with("250 taken") {
                continue;
            }
            break;
        }
        told
    });
    (port, server)
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings { host: "127.0.0.1".into(), port, encryption: Encryption::None, user: None, password: None }
}

#[tokio::test]
async fn a_mail_server_gets_the_letter() {
    let (port, server) = mail_server("250 well").await;
    let message = letter(&day(), "news@rates.example", "shop@shop.example", LEAVE, at(0)).unwrap();
    let mailer: Box<dyn Mailer> = Box::new(Smtp::new(&settings(port)).unwrap());
    mailer.send(message).await.unwrap();
    drop(mailer);
    let told = server.await.unwrap();
    for part in [
        "MAIL FROM:<news@rates.example>",
        "RCPT TO:<shop@shop.example>",
        "List-Unsubscribe: <https://rates.example/leave/x7>",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(told.contains("\nDo not use edition 4 any more. Edition 5 says what holds instead.\n"), "{told}");
    assert!(told.ends_with("\n.\n"));
}

#[tokio::test]
async fn a_refusal_for_ever_is_told_from_one_for_now() {
    let send = |answer: &'static str| async move {
        let (port, _server) = mail_server(answer).await;
        let message = letter(&day(), "news@rates.example", "shop@shop.example", LEAVE, at(0)).unwrap();
        Smtp::new(&settings(port)).unwrap().send(message).await.unwrap_err()
    };
    assert!(matches!(send("550 unknown").await, MailError::Refused(_)));
    assert!(matches!(send("451 later").await, MailError::Later(_)));
}

#[test]
fn mail_does_not_cross_a_network_unencrypted() {
    let away = SmtpSettings { host: "mail.example".into(), ..settings(25) };
    assert!(matches!(Smtp::new(&away), Err(MailError::Settings(_))));
    let half = SmtpSettings { user: Some("me".into()), ..settings(25) };
    assert!(matches!(Smtp::new(&half), Err(MailError::Settings(_))));
    let secret = SmtpSettings { password: Some("hunter2".into()), ..settings(25) };
    assert!(!format!("{secret:?}").contains("hunter2"));
    assert_eq!(serde_json::from_str::<SmtpSettings>(r#"{"host":"m","port":465}"#).unwrap().encryption, Encryption::Tls);
}
