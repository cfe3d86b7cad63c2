//! Returns, due days and numbers, as a person types them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::typed;
use serde_json::Value;
use typed::{Folder, holds, says};

fn document(code: i32, args: &[&str]) -> Value {
    serde_json::from_str(&says(code, args).0).unwrap()
}

/// The events of the guide, as they stand there.
fn of_the_guide() -> String {
    let page = include_str!("../../../docs/guide/file-returns.md");
    let block = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    block.to_owned()
}

#[test]
fn the_lines_of_the_guide_make_a_return() {
    let folder = Folder::new("collect-1");
    let file = folder.write("happened.ndjson", of_the_guide().as_bytes());
    let made = document(0, &["collect", "draft", "eu.ioss", "2026-09", &file, "--sales", "--json"]);
    // Of 30 September 2026 the European Central Bank published 1 EUR = 1.1306 USD or whatever stands in the series: the rate used is told.
    let rate = &made["rates"][0];
    assert_eq!(
        (rate["from"].as_str(), rate["to"].as_str(), rate["day"].as_str()),
        (Some("USD"), Some("EUR"), Some("2026-09-30"))
    );
    let over: tidewaiter::Decimal = rate["over"].as_str().unwrap().parse().unwrap();
    let six = tidewaiter::Decimal::from_int(6).divided_by(over).unwrap();
    let owed = six.rounded(tidewaiter::RoundingMode::HalfEven, tidewaiter::Decimal::ten_to_minus(2)).unwrap();
    assert_eq!(made["owed"].as_str().unwrap(), owed.to_string());
    assert_eq!((made["due"].as_str(), made["number"].as_str()), (Some("2026-10-31"), Some("IM3720000012")));
    assert_eq!(made["sales"].as_array().unwrap().len(), 3);
    let (text, _) = says(0, &["collect", "draft", "eu.ioss", "2026-09", &file, "--sales"]);
    holds(
        &text,
        &[
            "Import One-Stop Shop, September 2026",
            "Send by 2026-10-31",
            "To pay: EUR",
            "FR 20 %",
            "A-1",
            "R-1",
            "European Central Bank of 2026-09-30",
        ],
    );
    let (text, _) = says(0, &["collect", "ledger", &file]);
    holds(&text, &["tax:eu.ioss:FR", "6.00 USD", "4 entries", "Debit and credit are the same"]);
}

#[test]
fn a_rate_that_is_not_known_leaves_no_amount() {
    let folder = Folder::new("collect-2");
    let sale = r#"{"kind":"sale","document":"A","date":"2026-09-03","to":"NZ","currency":"USD","goods":"30","rows":[{"charge":"nz.gst","scheme":"nz.ovr","rate":"15 %","net":"30","amount":"4.5"}]}"#;
    let file = folder.write("happened.ndjson", sale.as_bytes());
    let made = document(1, &["collect", "draft", "nz.ovr", "2026-Q3", &file, "--json"]);
    assert!(made["owed"].is_null() && made["boxes"][3]["value"].is_null(), "{made}");
    assert_eq!(made["missing"][0]["currency"], "USD");
    let (text, _) = says(1, &["collect", "draft", "nz.ovr", "2026-Q3", &file]);
    holds(
        &text,
        &["What is owed cannot be said yet", "No rate of USD for 2026-09-03", "not known", "No registration under"],
    );
}

#[test]
fn a_file_with_mistakes_is_refused_whole_with_line_and_reason() {
    let folder = Folder::new("collect-3");
    let lines = [
        r#"{"kind":"sale","document":"A","date":"2026-09-03","to":"NL","currency":"EUR","goods":"40","rows":[]}"#,
        r#"{"kind":"sale","document":"B","date":"2026-09-03","to":"NL","currency":"EUR","goods":40.5,"rows":[]}"#,
        r#"{"kind":"sold","document":"C"}"#,
        r#"{"kind":"refund","document":"R","date":"2026-09-01","of":"A","all":true}"#,
        r#"{"kind":"refund","document":"R2","date":"2026-09-05","of":"Z","all":true}"#,
        r#"{"kind":"refund","document":"R3","date":"2026-09-05","of":"A","goods":"41"}"#,
        r#"{"kind":"sale","document":"A","date":"2026-09-03","to":"NL","currency":"EUR","goods":"41","rows":[]}"#,
        r#"{"kind":"sale","document":"D","date":"2026-09-03","to":"NL","currency":"EUR","goods":"0.00001","rows":[]}"#,
        "not json",
    ];
    let file = folder.write("wrong.ndjson", lines.join("\n").as_bytes());
    let (_, err) = says(2, &["collect", "ledger", &file]);
    holds(
        &err,
        &[
            "wrong.ndjson:2: ",
            "wrong.ndjson:3: ",
            "wrong.ndjson:4: refund \"R\" is dated before its sale",
            "wrong.ndjson:5: there is no sale \"Z\"",
            "wrong.ndjson:6: more than what is left of sale \"A\": of goods, 40 is left",
            "wrong.ndjson:7: sale \"A\" is recorded already, with other contents",
            "wrong.ndjson:8: sale \"D\": the amount 0.00001 has more than four decimals",
            "wrong.ndjson:9: ",
        ],
    );
    let (_, err) = says(2, &["collect", "draft", "eu.iosss", "2026-09", &file]);
    holds(&err, &["there is no scheme \"eu.iosss\"", "did you mean \"eu.ioss\"?"]);
    let (_, err) = says(2, &["collect", "draft", "eu.ioss", "September", &file]);
    holds(&err, &["\"September\" is no period; write a month as 2026-10"]);
}

#[test]
fn due_days_are_listed_and_written_as_a_calendar() {
    let args = ["collect", "due", "eu.ioss", "gb.supplyvat", "--registered", "2026-05-17", "--months", "6"];
    let (text, _) = says(0, &args);
    holds(
        &text,
        &[
            "2026-06-30 2026-06-30 eu.ioss May 2026",
            "2026-09-07 2026-09-07 gb.supplyvat May to July 2026",
            "Public holidays are not known here",
        ],
    );
    let all = document(0, &[&args[..], &["--json"]].concat());
    assert_eq!(all.as_array().unwrap().len(), 8);
    let (calendar, _) = says(0, &[&args[..], &["--ics"]].concat());
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 8);
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
    holds(&calendar, &["UID:eu.ioss-2026-05-return@tidewaiter", "DTSTART;VALUE=DATE:20260630"]);
}

#[test]
fn numbers_and_rules_are_shown() {
    let (text, _) = says(1, &["collect", "number", "vat", "DE 136 695 967"]);
    holds(&text, &["DE136695967 cannot be right (vat.DE)", "Did you mean DE136695976?"]);
    let (text, _) = says(0, &["collect", "number", "iban", "de75 5121 0800 1245 1261 99"]);
    holds(&text, &["DE75512108001245126199 can be right", "only its register can say"]);
    let (_, err) = says(2, &["collect", "number", "vat.dee", "1"]);
    holds(&err, &["there is no kind of number \"vat.dee\"", "vat.DE"]);
    assert_eq!(document(1, &["collect", "number", "rf", "RF18539007547035", "--json"])["valid"], false);
    assert!(document(0, &["collect", "number", "--json"]).as_array().unwrap().len() >= 50);
    let (text, _) = says(0, &["collect", "scheme", "no.voec"]);
    holds(&text, &["20th of the next month", "Not known yet", "(not verified)", "Sources"]);
    assert!(document(0, &["collect", "scheme", "--json"]).as_array().unwrap().len() >= 9);
}

#[test]
fn where_to_register_is_said_for_each_destination() {
    let folder = Folder::new("collect-advise");
    let page = include_str!("../../../docs/guide/where-to-register.md");
    let sales = page.split("```csv\n").nth(1).unwrap().split("```").next().unwrap();
    let file = folder.write("sales.csv", sales.as_bytes());
    let rate = ["--rate", "GBP/EUR=1.15"];
    let args = ["collect", "advise", &file, "--home", "CN", "--today", "2026-11-21", rate[0], rate[1]];
    let (text, _) = says(0, &args);
    holds(&text, &["eu.ioss", "gb.supplyvat", "must", "no.voec", "NOK 980.00", "1.9 %", "cl.iva500", "intermediary"]);
    let made = document(0, &[&args[..], &["--json"]].concat());
    assert_eq!(made["destinations"].as_array().unwrap().len(), 4);
    // Without a rate Norway's threshold cannot be compared with euros.
    let euros = folder.write("euros.csv", b"date,to,currency,goods\n2026-11-01,NO,EUR,20\n");
    let (text, _) = says(1, &["collect", "advise", &euros, "--home", "CN", "--today", "2026-11-21"]);
    holds(&text, &["unknown", "--rate NOK/EUR=NUMBER"]);
    let wrong = folder.write("wrong.csv", b"date,to,currency,goods\n2026-11-31,NO,EUR,20\n2026-11-01,NO,EUR,x\n");
    let (_, told) = says(2, &["collect", "advise", &wrong, "--home", "CN"]);
    holds(&told, &["row 2: date is", "row 3: goods"]);
    let events = folder.write("happened.ndjson", of_the_guide().as_bytes());
    let made = document(
        0,
        &["collect", "advise", &events, "--home", "US", "--scheme", "eu.ioss", "--today", "2026-11-21", "--json"],
    );
    assert_eq!(
        (&made["schemes"][0]["is_registered"], &made["schemes"][0]["orders"]["NL"]),
        (&Value::Bool(true), &Value::from(1))
    );
}

#[test]
fn sellers_inside_and_abroad_are_compared() {
    let args = [
        "collect",
        "equal",
        "--from",
        "CN",
        "--to",
        "DE",
        "--currency",
        "EUR",
        "--item",
        "t-shirt,6109.10,2,12.50,CN",
        "--freight",
        "4.90",
        "--channel",
        "post",
        "--date",
        "2026-11-21",
    ];
    let (text, _) = says(0, &args);
    holds(&text, &["19 %", "5.68", "+3.57", "taxed more", "customs duty", "eu.duty", "Rests on"]);
    let made = document(0, &[&args[..], &["--json"]].concat());
    assert_eq!((made["ways"][0]["scheme"].as_str(), made["ways"][0]["by"].as_str()), (Some("eu.ioss"), Some("3")));
    let (_, told) =
        says(2, &["collect", "equal", "--from", "DE", "--to", "DE", "--currency", "EUR", "--item", "mug,6912.00,1,10"]);
    holds(&told, &["already are"]);
}
