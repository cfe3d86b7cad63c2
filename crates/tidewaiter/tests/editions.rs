//! Tariff editions beside an economy file: when they were published, for which days they are complete, what each leaves out,
//! the tax rates they bring, and areas that change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use tidewaiter::ratebook::compile::{EditionFile, PublishedIn, Verified, World, compile_with, read_economy};
use tidewaiter::record::edition::Entry;
use tidewaiter::{Consignment, Quote, Ratebook};

const ECONOMY: &str = r#"
[economy]
territory = "QQ"
currency = "QDD"
known_from = 2020-01-01
[[fact]]
key = "q.law"
statement = "Duty is due on the price, and a tax on all of it."
source = { publisher = "Q Customs" }
confidence = "high"
[[rate]]
name = "vat"
class = "standard"
is = "20 %"
cites = ["q.law"]
[[rate]]
name = "vat"
class = "books"
is = "5 %"
codes = ["4901-4903"]
cites = ["q.law"]
[[charge]]
key = "q.duty"
name = "Duty"
kind = "duty"
base = "goods"
cites = ["q.law"]
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"
[[charge]]
key = "q.vat"
name = "VAT"
kind = "vat"
base = "goods + q.duty"
cites = ["q.law"]
  [[charge.rung]]
  name = "tax"
  amount = "@vat"
"#;

/// An edition's lines, its facts named after it.
fn edition(name: &str, head: &str, records: &[&str]) -> EditionFile {
    let fact = format!(
        r#"{{"fact":{{"key":"{name}","statement":"The tariff.","source":{{"publisher":"Q"}},"confidence":"high"}}}}"#
    );
    let head = format!(
        r#"{{"edition":{{"authority":"{name}","territory":"QQ","currency":"QDD","title":"Tariff","format":"sheet",{head}}}}}"#
    );
    let records = records.iter().map(|r| r.replace("CITES", &format!(r#""cites":["{name}"]"#)));
    let entries =
        [head, fact].into_iter().chain(records).map(|line| serde_json::from_str::<Entry>(&line).expect(&line));
    EditionFile::new(name, [0; 32], entries.collect::<Vec<_>>()).unwrap_or_else(|problem| panic!("{problem}"))
}

fn ratebook(editions: &[EditionFile]) -> Ratebook {
    let territories = r#"territory = [
        { code = "QQ", name = "Queue", kind = "country", currency = "QDD" },
        { code = "RR", name = "Ruritania", kind = "country", currency = "QDD" },
        { code = "TT", name = "Third", kind = "country", currency = "QDD" },
    ]"#;
    let world = World {
        territories: toml::from_str(territories).unwrap(),
        currencies: toml::from_str(r#"currency = [{ code = "QDD", name = "Queue dollar", minor = 2 }]"#).unwrap(),
        ..World::default()
    };
    let file = read_economy("QQ.toml", ECONOMY).unwrap_or_else(|problem| panic!("{problem}"));
    Ratebook::from_vec(compile_with(&world, &[file], editions).unwrap_or_else(|p| panic!("{p:?}"))).unwrap()
}

/// The answer for goods of one hundred Queue dollars from `origin`, by what was known on a day.
fn ask(book: &Ratebook, code: &str, origin: &str, date: &str, known_at: Option<&str>) -> Quote {
    let asked = serde_json::json!({
        "to": "QQ", "date": date, "known_at": known_at, "currency": "QDD", "freight": "0",
        "items": [{ "code": code, "origin": origin, "price": "100" }],
    });
    book.quote(&serde_json::from_value::<Consignment>(asked).unwrap()).unwrap()
}

/// What a charge comes to, if that is one amount.
fn charge(quote: &Quote, key: &str) -> Option<String> {
    let charge = quote.charges.iter().find(|c| c.key == key)?;
    charge.sum.exact().map(|amount| amount.to_string())
}

fn warned(quote: &Quote, words: &str) -> bool {
    quote.warnings.iter().any(|w| w.contains(words))
}

#[test]
fn a_tariff_published_later_is_not_known_before() {
    let book = ratebook(&[edition(
        "new",
        r#""known_from":"2026-03-01""#,
        &[r#"{"measure":{"code":"6109","kind":"third-country","amount":"12 %",CITES}}"#],
    )]);
    let known = ask(&book, "6109.10", "TT", "2026-06-01", None);
    assert_eq!(charge(&known, "q.duty").as_deref(), Some("12"));
    let on_the_day = ask(&book, "6109.10", "TT", "2026-06-01", Some("2026-03-01"));
    assert_eq!(charge(&on_the_day, "q.duty").as_deref(), Some("12"));
    let before = ask(&book, "6109.10", "TT", "2026-06-01", Some("2026-02-28"));
    assert_eq!(charge(&before, "q.duty"), None);
    assert!(warned(&before, "published on 2026-03-01, after 2026-02-28"), "{:?}", before.warnings);
    assert!(!warned(&known, "published on"));
}

#[test]
fn a_history_of_revisions_answers_for_its_own_days() {
    let measures = [
        r#"{"measure":{"code":"6109","kind":"third-country","amount":"12 %","from":"2025-01-01","before":"2025-07-01",CITES}}"#,
        r#"{"measure":{"code":"6109","kind":"third-country","amount":"10 %","from":"2025-07-01",CITES}}"#,
    ];
    let book = ratebook(&[edition("all", r#""known_from":"2026-03-01","history_from":"2025-01-01""#, &measures)]);
    // On the day itself the revision in force had been published.
    let then = ask(&book, "6109.10", "TT", "2025-05-01", Some("2025-05-01"));
    assert_eq!(charge(&then, "q.duty").as_deref(), Some("12"));
    // What was to come in August was not yet known in May.
    let ahead = ask(&book, "6109.10", "TT", "2025-08-01", Some("2025-05-01"));
    assert_eq!(charge(&ahead, "q.duty"), None);
    let later = ask(&book, "6109.10", "TT", "2025-08-01", Some("2025-08-01"));
    assert_eq!(charge(&later, "q.duty").as_deref(), Some("10"));
}

#[test]
fn of_two_editions_the_newer_counts_once_it_is_known() {
    let old = r#"{"measure":{"code":"6109","kind":"third-country","amount":"12 %",CITES}}"#;
    let new = r#"{"measure":{"code":"6109","kind":"third-country","amount":"9 %",CITES}}"#;
    let editions = || {
        [edition("old", r#""known_from":"2026-01-01""#, &[old]), edition("new", r#""known_from":"2026-03-01""#, &[new])]
    };
    let [first, second] = editions();
    for book in [ratebook(&[first.clone(), second.clone()]), ratebook(&[second, first])] {
        assert_eq!(charge(&ask(&book, "6109", "TT", "2026-06-01", None), "q.duty").as_deref(), Some("9"));
        let then = ask(&book, "6109", "TT", "2026-06-01", Some("2026-02-01"));
        assert_eq!(charge(&then, "q.duty").as_deref(), Some("12"));
    }
}

#[test]
fn a_tariff_is_complete_from_its_first_day() {
    let measure = r#"{"measure":{"code":"6109.10","kind":"third-country","amount":"12 %","from":"2025-01-01",CITES}}"#;
    for head in [
        r#""known_from":"2025-01-01","complete":true,"complete_from":"2025-01-01""#,
        r#""known_from":"2026-01-01","complete":true,"history_from":"2025-01-01""#,
    ] {
        let book = ratebook(&[edition("all", head, &[measure])]);
        let inside = ask(&book, "6110.20", "TT", "2025-06-01", None);
        assert!(warned(&inside, "the tariff of QQ has no code 6110.20"), "{:?}", inside.warnings);
        let before = ask(&book, "6110.20", "TT", "2024-06-01", None);
        assert!(!warned(&before, "has no code"), "{:?}", before.warnings);
        assert_eq!(charge(&before, "q.duty"), None);
    }
}

#[test]
fn what_an_edition_leaves_out_is_said_where_it_was_used() {
    let shirts = r#"{"measure":{"code":"61","kind":"third-country","amount":"12 %",CITES}}"#;
    let shoes = r#"{"measure":{"code":"64","kind":"third-country","amount":"8 %",CITES}}"#;
    let book = ratebook(&[
        edition("knit", r#""known_from":"2026-01-01","limits":"Of shirts the quotas are missing.""#, &[shirts]),
        edition("shoe", r#""known_from":"2026-02-01","limits":"Of shoes the sizes are missing.""#, &[shoes]),
    ]);
    let shirt = ask(&book, "6109.10", "TT", "2026-06-01", None);
    assert!(warned(&shirt, "Of shirts") && !warned(&shirt, "Of shoes"), "{:?}", shirt.warnings);
    let shoe = ask(&book, "6403.99", "TT", "2026-06-01", None);
    assert!(warned(&shoe, "Of shoes") && !warned(&shoe, "Of shirts"), "{:?}", shoe.warnings);
}

#[test]
fn tax_rates_of_an_edition_count_beside_those_of_the_economy() {
    let rates = [
        r#"{"rate":{"name":"vat","class":"reduced","is":"10 %","codes":["4902","6111"],CITES}}"#,
        r#"{"rate":{"name":"vat","class":"standard","is":[{"is":"21 %","from":"2026-07-01"}],CITES}}"#,
        r#"{"measure":{"code":"00-99","kind":"third-country","amount":"0 %",CITES}}"#,
    ];
    let rates = rates.map(|r| r.replace("00-99", "01-97"));
    let book = ratebook(&[edition(
        "tax",
        r#""known_from":"2026-02-01""#,
        &rates.iter().map(String::as_str).collect::<Vec<_>>(),
    )]);
    let vat = |code: &str, date: &str, known: Option<&str>| charge(&ask(&book, code, "TT", date, known), "q.vat");
    // The edition's own codes, and the economy's where it says nothing.
    assert_eq!(vat("6111.20", "2026-03-01", None).as_deref(), Some("10"));
    assert_eq!(vat("4902.10", "2026-03-01", None).as_deref(), Some("10"));
    assert_eq!(vat("4901.10", "2026-03-01", None).as_deref(), Some("5"));
    assert_eq!(vat("4903.00", "2026-03-01", None).as_deref(), Some("5"));
    assert_eq!(vat("8471.30", "2026-03-01", None).as_deref(), Some("20"));
    // From July the standard rate is the edition's.
    assert_eq!(vat("8471.30", "2026-06-30", None).as_deref(), Some("20"));
    assert_eq!(vat("8471.30", "2026-07-01", None).as_deref(), Some("21"));
    // Before it was published, the economy's rates are all there is.
    let then = ask(&book, "4902.10", "TT", "2026-08-01", Some("2026-01-31"));
    let rule = then.charges.iter().find(|c| c.key == "q.vat").map(|c| format!("{c:?}")).unwrap_or_default();
    assert!(rule.contains("5 %") && !rule.contains("10 %"), "{rule}");
    // A chapter has goods of several rates.
    assert_eq!(vat("49", "2026-03-01", None), None);
}

#[test]
fn an_area_has_members_by_its_own_days_too() {
    let records = [
        r#"{"area":{"code":"9001","name":"First list","members":[{"territory":"RR"}],"before":"2026-01-01"}}"#,
        r#"{"area":{"code":"9001","name":"Second list","members":[{"territory":"TT"}],"from":"2026-01-01"}}"#,
        r#"{"measure":{"code":"6109","kind":"third-country","amount":"12 %",CITES}}"#,
        r#"{"measure":{"code":"6109","kind":"third-country","origin":"9001","amount":"30 %",CITES}}"#,
    ];
    let book = ratebook(&[edition("all", r#""known_from":"2025-01-01""#, &records)]);
    let duty = |origin: &str, date: &str| charge(&ask(&book, "6109.10", origin, date, None), "q.duty");
    assert_eq!(duty("RR", "2025-12-31").as_deref(), Some("30"));
    assert_eq!(duty("TT", "2025-12-31").as_deref(), Some("12"));
    assert_eq!(duty("RR", "2026-01-01").as_deref(), Some("12"));
    assert_eq!(duty("TT", "2026-01-01").as_deref(), Some("30"));
}

#[test]
fn a_tariff_in_full_takes_nothing_from_the_others() {
    let base = r#"{"measure":{"code":"6110","kind":"third-country","amount":"5 %",CITES}}"#;
    let more = r#"{"measure":{"code":"6109.10","kind":"third-country","amount":"12 %",CITES}}"#;
    let book = ratebook(&[
        edition("base", r#""known_from":"2026-01-01","complete":true"#, &[base]),
        edition("more", r#""known_from":"2026-03-01""#, &[more]),
    ]);
    let given = ask(&book, "6109.10", "TT", "2026-06-01", None);
    assert_eq!(charge(&given, "q.duty").as_deref(), Some("12"));
    assert!(!warned(&given, "has no code"), "{:?}", given.warnings);
    assert!(warned(&ask(&book, "6111.20", "TT", "2026-06-01", None), "has no code"));
}

#[test]
fn the_edition_published_last_gives_the_duty_however_short_its_code() {
    let long = r#"{"measure":{"code":"6109.10.00","kind":"third-country","amount":"5 %",CITES}}"#;
    let short = r#"{"measure":{"code":"6109.10","kind":"third-country","amount":"10 %",CITES}}"#;
    let book = ratebook(&[
        edition("lines", r#""known_from":"2026-01-01""#, &[long]),
        edition("mine", r#""known_from":"2026-03-01""#, &[short]),
    ]);
    let given = ask(&book, "6109.10.00", "TT", "2026-06-01", None);
    assert_eq!(charge(&given, "q.duty").as_deref(), Some("10"));
    let before = ask(&book, "6109.10.00", "TT", "2026-06-01", Some("2026-02-01"));
    assert_eq!(charge(&before, "q.duty").as_deref(), Some("5"));
}

#[test]
fn rates_of_a_history_answer_for_its_own_days() {
    let records = [
        r#"{"rate":{"name":"vat","class":"books","is":"1 %","codes":["4901"],CITES}}"#,
        r#"{"measure":{"code":"4901","kind":"third-country","amount":"3 %",CITES}}"#,
    ];
    let book = ratebook(&[edition("all", r#""known_from":"2026-03-01","history_from":"2025-01-01""#, &records)]);
    // 1 % of 103.00
    let then = ask(&book, "4901.10", "TT", "2025-02-01", Some("2025-02-01"));
    assert_eq!(charge(&then, "q.vat").as_deref(), Some("1.03"));
    // What held in June was not known in May; the economy file says 5 %, and of the duty nothing is known.
    let ahead = ask(&book, "4901.10", "TT", "2025-06-01", Some("2025-05-01"));
    assert_eq!(charge(&ahead, "q.duty"), None);
    assert!(warned(&ahead, "Some rates of vat in this ratebook were published on 2026-03-01"), "{:?}", ahead.warnings);
}

#[test]
fn a_new_rate_of_a_class_counts_for_the_codes_of_the_class() {
    let records = [
        r#"{"rate":{"name":"vat","class":"books","is":"7 %",CITES}}"#,
        r#"{"measure":{"code":"49","kind":"third-country","amount":"0 %",CITES}}"#,
    ];
    let book = ratebook(&[edition("all", r#""known_from":"2026-02-01""#, &records)]);
    let vat = |known| charge(&ask(&book, "4901.10", "TT", "2026-06-01", known), "q.vat");
    assert_eq!(vat(None).as_deref(), Some("7"));
    let before = ask(&book, "4901.10", "TT", "2026-06-01", Some("2026-01-15"));
    assert!(!warned(&before, "7 % (books)"), "{:?}", before.warnings);
}

#[test]
fn rules_published_later_are_said_to_be() {
    let book = ratebook(&[]);
    let early = ask(&book, "6109.10", "TT", "2026-06-01", Some("2019-12-31"));
    assert!(
        warned(&early, "Duty: its rules for that day were published here on 2020-01-01 only"),
        "{:?}",
        early.warnings
    );
}

#[test]
fn a_duty_that_is_not_known_leaves_the_tax_on_it_open() {
    let measure = r#"{"measure":{"code":"6109","kind":"third-country","outcome":"unknown","says":"Ask.",CITES}}"#;
    let book = ratebook(&[edition("all", r#""known_from":"2026-01-01""#, &[measure])]);
    let given = ask(&book, "6109.10", "TT", "2026-06-01", None);
    assert_eq!(given.outcome, tidewaiter::Outcome::Unknown);
    for key in ["q.duty", "q.vat"] {
        assert_eq!(charge(&given, key), None, "{key}: {given:?}");
    }
}

#[test]
fn an_edition_has_facts_of_its_own_and_measures_that_nobody_can_claim() {
    let measures = [
        r#"{"measure":{"code":"6109","kind":"third-country","amount":"12 %",CITES}}"#,
        r#"{"measure":{"code":"6109","kind":"preference","amount":"1 %",CITES}}"#,
    ];
    // The economy file has a fact of the same key.
    let made = edition("q.law", r#""known_from":"2026-01-01""#, &measures);
    assert_eq!(made.measures(), 2);
    let given = ask(&ratebook(&[made]), "6109.10", "TT", "2026-06-01", None);
    assert_eq!(charge(&given, "q.duty").as_deref(), Some("12"));
    assert!(given.savings.is_empty(), "{:?}", given.savings);
}

/// What is known of an edition stands in every answer that rests on it, and in no other; so does the day until which it was
/// known to be the newest, in answers for later days.
#[test]
fn an_answer_says_how_far_its_editions_can_be_relied_on() {
    let tariff = |standing: Verified| {
        let head = r#""known_from":"2026-03-01""#;
        let mut tariff =
            edition("q", head, &[r#"{"measure":{"code":"6109","kind":"third-country","amount":"12 %",CITES}}"#]);
        let known_from = "2026-03-01".parse().unwrap();
        tariff.publish(PublishedIn {
            authority: "Customs of Q".into(),
            number: 7,
            known_from,
            sha256: [7; 32],
            standing,
        });
        tariff
    };
    let until = Some("2026-06-01".parse().unwrap());
    let book = ratebook(&[tariff(Verified { note: None, until })]);
    let on_the_day = ask(&book, "6109.10", "TT", "2026-06-01", None);
    assert!(!warned(&on_the_day, "newest"), "{:?}", on_the_day.warnings);
    let cited = on_the_day.editions.iter().find(|e| e.number == 7).unwrap();
    assert_eq!((cited.authority.as_str(), cited.sha256.as_str()), ("Customs of Q", "07".repeat(32).as_str()));
    let later = ask(&book, "6109.10", "TT", "2026-06-02", None);
    assert!(warned(&later, "What Customs of Q publishes was known to be the newest until 2026-06-01."));
    let stale = ratebook(&[tariff(Verified { note: Some("Not seen since May.".into()), until: None })]);
    assert!(warned(&ask(&stale, "6109.10", "TT", "2026-03-02", None), "Not seen since May."));
    assert!(!warned(
        &ask(&ratebook(&[tariff(Verified::default())]), "6109.10", "TT", "2030-01-01", None),
        "newest until"
    ));
}

/// Exchange rates are cited by their edition where they were used, and not where the question is in the country's currency.
#[test]
fn an_answer_cites_the_edition_of_its_exchange_rates() {
    let currencies = r#"currency = [
        { code = "QDD", name = "Queue dollar", minor = 2 }, { code = "RRR", name = "Ruritanian crown", minor = 2 },
    ]"#;
    let series =
        r#"series = [{ key = "bank", name = "Rates", publisher = "Bank of Q", base = "QDD", file = "bank.csv" }]"#;
    let standing = Verified { note: None, until: Some("2026-06-03".parse().unwrap()) };
    let known_from = "2026-06-02".parse().unwrap();
    let published = PublishedIn { authority: "Bank of Q".into(), number: 3, known_from, sha256: [3; 32], standing };
    let mut world = World {
        territories: toml::from_str(
            r#"territory = [{ code = "QQ", name = "Queue", kind = "country", currency = "QDD" }]"#,
        )
        .unwrap(),
        currencies: toml::from_str(currencies).unwrap(),
        series: toml::from_str(series).unwrap(),
        ..World::default()
    };
    world.rates.insert("bank.csv".into(), "date,RRR\n2026-06-02,2\n".into());
    world.published.insert("bank".into(), published);
    let policy = r#"[fx]
assessment = { series = "bank", rule = "day", cites = ["q.law"] }"#;
    let economy = format!("{ECONOMY}{policy}");
    let file = read_economy("QQ.toml", &economy).unwrap_or_else(|problem| panic!("{problem}"));
    let none: [EditionFile; 0] = [];
    let book = Ratebook::from_vec(compile_with(&world, &[file], &none).unwrap_or_else(|p| panic!("{p:?}"))).unwrap();
    let ask = |currency: &str, date: &str| {
        let asked = serde_json::json!({
            "to": "QQ", "date": date, "currency": currency, "freight": "0", "items": [{ "code": "6109.10", "price": "100" }],
        });
        book.quote(&serde_json::from_value::<Consignment>(asked).unwrap()).unwrap()
    };
    let cited = |quote: &Quote| quote.editions.iter().any(|e| e.authority == "Bank of Q" && e.number == 3);
    let exchanged = ask("RRR", "2026-06-02");
    assert_eq!(exchanged.rates.first().map(|r| r.rate.to_string()).as_deref(), Some("0.5"));
    assert!(cited(&exchanged) && !warned(&exchanged, "newest until"));
    assert!(warned(&ask("RRR", "2026-06-04"), "What Bank of Q publishes was known to be the newest until 2026-06-03."));
    let own = ask("QDD", "2026-06-04");
    assert!(!cited(&own) && !warned(&own, "newest until"), "no rate was used");
    assert_eq!(own.ratebook, book.fingerprint());
}

/// Where no law names a series: that of the destination's own administration, then nobody's, then another's. Two that are as
/// good and differ are said.
#[test]
fn whose_exchange_rates_count_where_no_law_says_so() {
    let quote = |banks: &[(&str, &str, &str)]| {
        let mut world = World {
            territories: toml::from_str(
                r#"territory = [{ code = "QQ", name = "Queue", kind = "country", currency = "QDD" },
                    { code = "RR", name = "Ruritania", kind = "country", currency = "RRR" }]"#,
            )
            .unwrap(),
            currencies: toml::from_str(r#"currency = [{ code = "QDD", name = "Q" }, { code = "RRR", name = "R" }]"#)
                .unwrap(),
            ..World::default()
        };
        for (at, (key, home, rate)) in banks.iter().enumerate() {
            let territory = if home.is_empty() { String::new() } else { format!("territory = \"{home}\"") };
            let series = format!(
                "key = \"{key}\"\nname = \"N\"\npublisher = \"Bank {key}\"\nbase = \"QDD\"\nfile = \"{key}.csv\"\n{territory}"
            );
            world.series.series.push(toml::from_str(&series).unwrap());
            world.rates.insert(format!("{key}.csv"), format!("date,RRR\n2026-06-02,{rate}\n"));
            let known_from = "2026-06-02".parse().unwrap();
            let authority = format!("Bank {key}");
            let standing = Verified::default();
            let published = PublishedIn { authority, number: 1, known_from, sha256: [at as u8; 32], standing };
            world.published.insert((*key).to_owned(), published);
        }
        let file = read_economy("QQ.toml", ECONOMY).unwrap_or_else(|problem| panic!("{problem}"));
        let none: [EditionFile; 0] = [];
        let book =
            Ratebook::from_vec(compile_with(&world, &[file], &none).unwrap_or_else(|p| panic!("{p:?}"))).unwrap();
        let asked = serde_json::json!({
            "to": "QQ", "date": "2026-06-02", "currency": "RRR", "freight": "0", "items": [{ "code": "6109.10", "price": "100" }],
        });
        let quote = book.quote(&serde_json::from_value::<Consignment>(asked).unwrap()).unwrap();
        let rival = quote.warnings.iter().find(|w| w.contains("names whose exchange rates count")).cloned();
        (quote.rates[0].publisher.clone(), rival)
    };
    let used = |banks: &[(&str, &str, &str)]| quote(banks).0;
    assert_eq!(used(&[("a", "", "2"), ("q", "QQ", "4")]), "Bank q", "its own administration, though it stands later");
    assert_eq!(used(&[("a", "RR", "2"), ("z", "", "4")]), "Bank z", "nobody's before another country's");
    assert_eq!(used(&[("a", "RR", "2")]), "Bank a", "better than none");
    let (_, rival) = quote(&[("a", "", "2"), ("z", "", "4")]);
    let words = "No rule here names whose exchange rates count. Those of Bank a were used; Bank z publishes others.";
    assert_eq!(rival.as_deref(), Some(words));
    assert_eq!(quote(&[("a", "", "2"), ("z", "", "2")]).1, None, "they say the same");
    assert_eq!(quote(&[("q", "QQ", "2"), ("z", "", "4")]).1, None, "the better one is clear");
}
