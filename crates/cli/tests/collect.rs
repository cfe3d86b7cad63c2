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
    let block = page.split("```json happened.ndjson\n").nth(1).unwrap().split("```").next().unwrap();
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

/// Runs a page of the guide as a reader does: a block with a name becomes a file, `sh` runs, and what it prints holds every line of the `text` after it.
#[cfg(unix)]
fn runs_as_pasted(page: &str, name: &str) -> usize {
    let folder = Folder::new(name);
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_tidewaiter")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut printed, mut said) = (None::<String>, 0);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(head) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match head.split_once(' ') {
            Some((_, file)) => drop(folder.write(file, (body.join("\n") + "\n").as_bytes())),
            None if head == "sh" => {
                let run = std::process::Command::new("bash")
                    .args(["-c", &format!("set -eo pipefail\n{}", body.join("\n"))])
                    .current_dir(&folder.0)
                    .env("PATH", &path)
                    .env("NO_COLOR", "1")
                    .env_remove("COLUMNS")
                    .output()
                    .unwrap();
                let out = String::from_utf8(run.stdout).unwrap();
                assert!(run.status.success(), "{body:?}\n{out}\n{}", String::from_utf8_lossy(&run.stderr));
                printed = Some(plain(&out));
            }
            None if head == "text" => {
                let printed = printed.as_deref().expect("commands stand before");
                for line in body {
                    assert!(printed.contains(&plain(line)), "\"{line}\" is not in\n{printed}");
                    said += 1;
                }
            }
            None => {}
        }
    }
    said
}

#[cfg(unix)]
#[test]
fn the_page_about_returns_runs_as_it_is_pasted() {
    assert!(runs_as_pasted(include_str!("../../../docs/guide/file-returns.md"), "page-1") > 20);
}

#[cfg(unix)]
#[test]
fn the_page_about_payments_runs_as_it_is_pasted() {
    assert!(runs_as_pasted(include_str!("../../../docs/guide/pay-a-return.md"), "page-2") > 25);
}

#[cfg(unix)]
#[test]
fn the_page_about_the_house_runs_as_it_is_pasted() {
    // A page that breaks half-way leaves no service behind.
    let page = include_str!("../../../docs/guide/run-collect.md")
        .replace("tidewaiter serve ", "timeout 120 tidewaiter serve ");
    assert!(runs_as_pasted(&page, "page-3") > 9);
}

#[test]
fn tokens_of_a_house_are_made_for_those_who_are_there() {
    let folder = Folder::new("collect-house");
    let store = format!("sqlite:{}", folder.path("house.db"));
    let made = document(0, &["collect", "keeper", "--store", &store, "--label", "Kim", "--days", "7", "--json"]);
    assert!(made["token"].as_str().unwrap().starts_with("twc_"), "{made}");
    let one = document(
        0,
        &["collect", "admit", "eu.ioss", "--state", "IE", "--name", "Tax office", "--store", &store, "--json"],
    );
    assert_eq!((one["id"].as_str(), one["form"]["decision"].as_str()), (Some("eu.ioss.IE"), Some("officer")));
    let token = ["collect", "token", "--store", &store, "--label", "Desk 4", "--role"];
    let (text, _) = says(0, &[&token[..], &["officer", "--of", "eu.ioss.IE"]].concat());
    holds(&text, &["The token of an officer of eu.ioss.IE, shown this once", "twc_", "Authorization: Bearer"]);
    for (more, part) in [
        (&["officer", "--of", "eu.ioss.FR"][..], "there is no \"eu.ioss.FR\" here"),
        (&["officer"][..], "names its seller or authority"),
        (&["keeper", "--of", "eu.ioss.IE"][..], "that of a keeper none"),
        (&["boss"][..], "write seller, accountant, officer, inspector or keeper"),
        (&["seller", "--of", "mug-shop"][..], "there is no \"mug-shop\" here"),
        (&["keeper", "--days", "732"][..], "731"),
    ] {
        let (_, err) = says(2, &[&token[..], more].concat());
        holds(&err, &[part]);
    }
    let (_, err) = says(2, &["collect", "admit", "eu.iosss", "--name", "x", "--store", &store]);
    holds(&err, &["there is no \"eu.iosss\" here"]);
    let (_, err) = says(2, &["collect", "admit", "eu.ioss", "--state", "IE", "--name", "x", "--store", &store]);
    holds(&err, &["eu.ioss.IE is admitted already"]);
    let (_, err) = says(2, &["collect", "keeper", "--store", "house.db", "--label", "Kim"]);
    holds(&err, &["sqlite:FILE or postgres://"]);
    says(0, &["collect", "sellers", "--store", &store, "--add", "mug-shop", "--name", "Mug Shop"]);
    says(0, &[&token[..], &["seller", "--of", "mug-shop"]].concat());
}

const REGISTERED: &str = r#"{"kind":"registration","document":"ioss","scheme":"eu.ioss","number":"IM3720000012","from":"2026-07-01","member_state":"IE"}
{"kind":"sale","document":"A-1","date":"2026-07-03","to":"NL","currency":"EUR","goods":"45","rows":[{"charge":"eu.vat","scheme":"eu.ioss","rate":"21 %","rate_type":"standard","net":"45","amount":"9.45"}]}
"#;
const ACCOUNTS: &str = r#"
[payer]
name = "Mug Shop Ltd"
iban = "IE64 IRCE 9205 0112 3456 78"
[payee."eu.ioss"]
name = "The authority"
iban = "DE75 5121 0800 1245 1261 99"
[payee."sg.ovr"]
name = "The authority"
account = "7654321"
"#;

fn statement(entries: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>1</Id>\
         <Acct><Id><IBAN>IE64IRCE92050112345678</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn entry(amount: &str, direction: &str, day: &str, reference: &str, detail: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>\
         <AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls>{detail}</TxDtls></NtryDtls></Ntry>"
    )
}

/// A return that was sent, paid, and its money come back; every step refuses what does not follow.
#[test]
fn a_payment_goes_from_the_return_to_the_statement_and_back() {
    let folder = Folder::new("collect-pay");
    let book = folder.write("book.ndjson", REGISTERED.as_bytes());
    let accounts = folder.write("accounts.toml", ACCOUNTS.as_bytes());
    let pay = |more: &[&str], code: i32| {
        says(
            code,
            &[&["collect", "pay", "eu.ioss", "2026-07", "--ledger", &book, "--accounts", &accounts], more].concat(),
        )
    };
    holds(&pay(&[], 2).1, &["no return of eu.ioss for July 2026 is recorded as sent", "collect file eu.ioss 2026-07"]);
    let file = |period: &str, on: &str, code: i32| {
        says(code, &["collect", "file", "eu.ioss", period, "--ledger", &book, "--on", on])
    };
    holds(&file("2026-07", "2026-07-31", 2).1, &["July 2026 is not over on 2026-07-31"]);
    holds(&file("2026-08", "2026-09-05", 2).1, &["that for 2026-07 is next"]);
    holds(
        &file("2026-07", "2026-09-02", 0).0,
        &["1 row of sales", "To pay: EUR 9.45 by 2026-08-31", "it was sent late"],
    );
    holds(&file("2026-07", "2026-09-03", 2).1, &["is recorded already: sent on 2026-09-02"]);
    // What was hashed is what --export json writes.
    let exported = says(0, &["collect", "draft", "eu.ioss", "2026-07", "--ledger", &book, "--export", "json"]).0;
    let sent: Value = serde_json::from_str(std::fs::read_to_string(&book).unwrap().lines().last().unwrap()).unwrap();
    assert_eq!(sent["sha256"], sha256(exported.as_bytes()));
    holds(&pay(&["--amount", "9.46"], 2).1, &["only EUR 9.45 is left to be ordered"]);
    holds(&pay(&["--amount", "0"], 2).1, &["\"0\" is no amount"]);
    let before = std::fs::read(&book).unwrap();
    let (text, _) = pay(&["--on", "2026-09-03"], 0);
    holds(
        &text,
        &["DE75512108001245126199", "IE/IM3720000012/M07.2026", "it is late", "Not recorded", "No money was moved"],
    );
    assert_eq!(std::fs::read(&book).unwrap(), before);
    // The bank refuses a day that has passed, so no such file is written.
    let pain = folder.path("pain.xml");
    holds(&pay(&["--on", "2020-01-01", "--pain", &pain], 2).1, &["the day has passed"]);
    assert!(!std::path::Path::new(&pain).exists());
    let (_, err) = says(
        2,
        &[
            "collect",
            "pay",
            "eu.ioss",
            "2026-07",
            "--ledger",
            &book,
            "--accounts",
            &folder.write("bad.toml", ACCOUNTS.replace("1261 99", "1261 98").as_bytes()),
        ],
    );
    holds(&err, &["creditor.account.iban", "DE75"]);
    let (_, err) = says(
        2,
        &[
            "collect",
            "pay",
            "eu.ioss",
            "2026-07",
            "--ledger",
            &book,
            "--accounts",
            &folder.write("none.toml", ACCOUNTS.replace("eu.ioss", "eu.oss").as_bytes()),
        ],
    );
    holds(&err, &["does not say who is paid", "eu.oss, sg.ovr"]);
    pay(&["--on", "2026-09-03", "--amount", "4", "--record"], 0);
    pay(&["--on", "2026-09-04", "--record"], 0);
    holds(&pay(&[], 2).1, &["EUR 9.45 was ordered, which is all of it"]);

    let matched = |name: &str, entries: &str, more: &[&str], code: i32| {
        let statement = folder.write(name, statement(entries).as_bytes());
        says(code, &[&["collect", "match", &statement, "--ledger", &book], more].concat()).0
    };
    let id = "<Refs><EndToEndId>eu.ioss 2026-07 1</EndToEndId></Refs>";
    let by_amount = entry("5.45", "DBIT", "2026-09-07", "B2", "<RmtInf><Ustrd>lost</Ustrd></RmtInf>");
    let both = entry("4.00", "DBIT", "2026-09-06", "B1", id) + &by_amount;
    let text = matched("1.xml", &both, &["--record"], 1);
    holds(
        &text,
        &[
            "all of what was left, found by its end-to-end id",
            "found by amount and day alone. Look whether it is right",
            "Recorded in",
            "1 entry.",
        ],
    );
    let number =
        text.split("--confirm").nth(1).unwrap().split_whitespace().next().unwrap().trim_end_matches('.').to_owned();
    holds(&matched("1.xml", &both, &["--record", "--confirm", &number], 0), &["recorded already", "1 entry."]);
    holds(
        &says(2, &["collect", "match", &folder.path("1.xml"), "--ledger", &book, "--record", "--confirm", "x"]).1,
        &["--confirm x: no entry of this number"],
    );
    let late = document(0, &["collect", "late", "--ledger", &book, "--on", "2026-08-31", "--json"]);
    assert_eq!(
        (late["returns"][0]["left"].as_str(), late["returns"][0]["overdue"].as_bool()),
        (Some("0"), Some(false))
    );
    // What comes back is never more than went out.
    let back = |amount: &str, reference: &str| entry(amount, "CRDT", "2026-09-10", reference, id);
    holds(
        &matched("2.xml", &back("4.01", "B3"), &["--record"], 1),
        &["it moves money the other way, and more than was carried out", "0 entries"],
    );
    holds(
        &matched("3.xml", &back("1.00", "B4"), &["--record"], 1),
        &["CAME BACK: EUR 1.00 is left to be paid", "1 entry."],
    );
    // It is made again with the same id, for what is left.
    let again = |document: &str, code: i32| pay(&["--again", document, "--json"], code);
    let made: Value = serde_json::from_str(&again("eu.ioss 2026-07 1", 0).0).unwrap();
    assert_eq!(
        (made["payment"]["amount"].as_str(), made["end_to_end"].as_str()),
        (Some("1"), Some("eu.ioss 2026-07 1"))
    );
    holds(&again("eu.ioss 2026-07 2", 2).1, &["was carried out by the bank"]);
    holds(
        &again("eu.ioss 2026-07 3", 2).1,
        &["no such payment", "recorded are \"eu.ioss 2026-07 1\", \"eu.ioss 2026-07 2\""],
    );
    let by_hand = r#"{"kind":"bank","document":"by hand","date":"2026-09-11","of":"eu.ioss 2026-07 1","amount":"-3.5","currency":"EUR"}"#;
    let by_hand = folder.write("hand.ndjson", by_hand.as_bytes());
    holds(
        &says(2, &["collect", "import", &by_hand, "--ledger", &book]).1,
        &["more comes back than was paid", "3 was paid"],
    );
    let late = document(1, &["collect", "late", "--ledger", &book, "--on", "2026-09-11", "--json"]);
    let july = &late["returns"][0];
    assert_eq!(
        (july["paid"].as_str(), july["left"].as_str(), july["state"].as_str()),
        (Some("8.45"), Some("1"), Some("sent-late"))
    );
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn ledgers_that_cannot_be_written_say_so() {
    let folder = Folder::new("collect-read");
    let csv = "kind,document,date,to,currency,goods,charge,scheme,rate,net,amount\nsale,A-1,2026-07-03,NL,EUR,45,eu.vat,eu.ioss,21 %,45,9.45\n";
    let csv = folder.write("sales.csv", csv.as_bytes());
    let made = document(0, &["collect", "draft", "eu.ioss", "2026-07", &csv, "--json"]);
    assert_eq!(made["owed"], "9.45");
    let (_, err) = says(2, &["collect", "file", "eu.ioss", "2026-07", "--ledger", &csv, "--on", "2026-08-02"]);
    holds(&err, &["nothing can be recorded in this ledger: it is CSV", "collect import FILE --ledger book.ndjson"]);
    let (_, err) = says(2, &["collect", "file", "eu.ioss", "2026-07", "--on", "2026-08-02"]);
    holds(&err, &["where is the ledger? Name its file with --ledger FILE"]);
    let (_, err) = says(2, &["collect", "late", "--ledger", &folder.path("none.ndjson")]);
    holds(&err, &["there is no file"]);
    let (_, err) = says(2, &["collect", "sellers", "--store", "book.db"]);
    holds(&err, &["a database is sqlite:FILE or postgres://"]);
    // A line without an end is closed before another is added.
    let book = folder.write("book.ndjson", REGISTERED.trim_end().as_bytes());
    says(0, &["collect", "import", &csv, "--ledger", &folder.path("new.ndjson")]);
    says(0, &["collect", "file", "eu.ioss", "2026-07", "--ledger", &book, "--on", "2026-08-02"]);
    assert_eq!(std::fs::read_to_string(&book).unwrap().lines().count(), 3);
}

#[test]
fn a_file_of_sales_is_taken_once_and_refused_whole() {
    let folder = Folder::new("collect-import");
    let book = folder.path("book.ndjson");
    let head = "kind;document;date;of;to;currency;goods;charge;scheme;rate;net;amount\n";
    let sale = |n: usize| format!("sale;A-{n};2026-07-0{n};;NL;EUR;45,00;eu.vat;eu.ioss;21 %;45,00;9,45\n");
    let one = folder.write("1.csv", (head.to_owned() + &sale(1) + &sale(2)).as_bytes());
    let told = document(0, &["collect", "import", &one, "--ledger", &book, "--json"]);
    assert_eq!((told["recorded"].as_u64(), told["sales"].as_u64()), (Some(2), Some(2)));
    let two = folder.write("2.csv", (head.to_owned() + &sale(2) + &sale(3)).as_bytes());
    let told = document(0, &["collect", "import", &two, "--ledger", &book, "--json"]);
    assert_eq!((told["recorded"].as_u64(), told["known"].as_u64()), (Some(1), Some(1)));
    let before = std::fs::read(&book).unwrap();
    // A refund of nothing, and a sale that was recorded with another amount: the fourth sale is not taken either.
    let wrong =
        head.to_owned() + &sale(4) + "refund;R-1;2026-07-09;A-9;;;45,00;;;;;\n" + &sale(1).replace("45,00", "46,00");
    let wrong = folder.write("3.csv", wrong.as_bytes());
    let (_, err) = says(2, &["collect", "import", &wrong, "--ledger", &book]);
    holds(
        &err,
        &[
            "nothing of",
            "row 3, refund \"R-1\": there is no sale \"A-9\"",
            "row 4, sale \"A-1\"",
            "recorded already, with other contents",
        ],
    );
    assert_eq!(std::fs::read(&book).unwrap(), before);
    let (out, _) = says(0, &["collect", "import", &one]);
    assert_eq!(out.lines().count(), 2);
    assert!(out.lines().all(|line| before.windows(line.len()).any(|part| part == line.as_bytes())));
    let (_, err) = says(2, &["collect", "import", &folder.write("4.csv", b"order,amount\n1,2\n")]);
    holds(&err, &["nothing of", "row 1, column", "there is no column \"order\""]);
}

/// What a shop asked at its checkout becomes the sale that it was, once.
#[test]
fn orders_of_a_shop_are_taken_as_sales() {
    let folder = Folder::new("collect-orders");
    let book = folder.path("book.ndjson");
    let order = |number: &str, charged: &str| {
        format!(
            r#"{{"kind":"order","document":"{number}","date":"2026-10-05","terms":"dap","charged":"{charged}","parcels":[{{"from":"CN","to":"FR","currency":"EUR","freight":"4.90","channel":"post","seller":{{"registrations":["eu.ioss"]}},"items":[{{"code":"6109.10","origin":"CN","quantity":2,"price":"12.50"}}]}}]}}"#
        ) + "\n"
    };
    let back = r#"{"kind":"refund","document":"B-1","date":"2026-10-20","of":"R-1","all":true}"#.to_owned() + "\n";
    let both = folder.write("orders.ndjson", (order("R-1", "5.98") + &order("R-2", "5.98") + &back).as_bytes());
    for (recorded, known) in [(3, 0), (0, 3)] {
        let told = document(0, &["collect", "import", &both, "--ledger", &book, "--json"]);
        assert_eq!((told["recorded"].as_u64(), told["known"].as_u64()), (Some(recorded), Some(known)));
    }
    let draft = document(0, &["collect", "draft", "eu.ioss", "2026-10", "--ledger", &book, "--json"]);
    assert_eq!(draft["owed"], "5.98");
    let wrong = folder.write("wrong.ndjson", (order("R-3", "5.98") + &order("R-4", "6.00")).as_bytes());
    let (_, err) = says(2, &["collect", "import", &wrong, "--ledger", &book]);
    holds(&err, &["wrong.ndjson:2: order \"R-4\": the buyer was charged EUR 6, and the quote says 5.98"]);
    assert_eq!(std::fs::read_to_string(&book).unwrap().lines().count(), 3);
}

/// The same ledger in a file and in a database gives the same figures, and a database that was changed by hand is found.
#[test]
fn a_database_does_what_a_file_does() {
    let folder = Folder::new("collect-store");
    let store = format!("sqlite:{}", folder.path("book.db"));
    let kept = ["--store", &store, "--seller", "mug-shop"];
    let book = folder.write("book.ndjson", REGISTERED.as_bytes());
    holds(&says(2, &["collect", "sellers", "--store", &store]).1, &["there is no database", "--add ID --name NAME"]);
    assert!(!std::path::Path::new(&folder.path("book.db")).exists());
    says(0, &["collect", "sellers", "--store", &store, "--add", "other-shop", "--name", "Other"]);
    holds(&says(2, &[&["collect", "late"], &kept[..]].concat()).1, &["there is no seller \"mug-shop\"", "--add ID"]);
    holds(
        &says(2, &["collect", "sellers", "--store", &store, "--add", "Mug Shop", "--name", "x"]).1,
        &["small letters, digits and hyphens"],
    );
    says(0, &["collect", "sellers", "--store", &store, "--add", "mug-shop", "--name", "Mug Shop"]);
    let by_file = ["--ledger", &book];
    says(0, &[&["collect", "import", &book], &kept[..]].concat());
    for place in [&kept[..], &by_file[..]] {
        says(0, &[&["collect", "file", "eu.ioss", "2026-07", "--on", "2026-08-03"], place].concat());
    }
    let drafts = [&kept[..], &by_file[..]]
        .map(|place| says(0, &[&["collect", "draft", "eu.ioss", "2026-07", "--export", "json"], place].concat()).0);
    assert_eq!(drafts[0], drafts[1]);
    let lates = [&kept[..], &by_file[..]]
        .map(|place| document(0, &[&["collect", "late", "--on", "2026-08-04", "--json"], place].concat()));
    assert_eq!(lates[0], lates[1]);
    let zip = folder.path("july.zip");
    says(0, &[&["collect", "folder", "eu.ioss", "2026-07", "-o", &zip], &kept[..]].concat());
    holds(&says(0, &["collect", "folder", "--check", &zip]).0, &["every byte is the same"]);
    holds(&says(0, &["collect", "verify", "--store", &store]).0, &["mug-shop: whole. 3 entries"]);
    assert_eq!(document(0, &["collect", "sellers", "--store", &store, "--json"])[0]["entries"], 3);
    assert_eq!(document(0, &["collect", "verify", "--store", &store, "--json"]).as_array().unwrap().len(), 2);
}

#[test]
fn a_folder_is_made_again_and_every_change_is_found() {
    let folder = Folder::new("collect-folder");
    let book = folder.write("book.ndjson", REGISTERED.as_bytes());
    says(0, &["collect", "file", "eu.ioss", "2026-07", "--ledger", &book, "--on", "2026-08-03"]);
    let make =
        |to: &str, code: i32| says(code, &["collect", "folder", "eu.ioss", "2026-Q3", "--ledger", &book, "-o", to]);
    let (one, two) = (folder.path("one.zip"), folder.path("two.zip"));
    make(&one, 0);
    make(&two, 0);
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    let place = folder.path("whole");
    make(&place, 0);
    holds(&make(&place, 2).1, &["is there already and not empty"]);
    let check = |code: i32| says(code, &["collect", "folder", "--check", &place]).0;
    holds(&check(0), &["every byte is the same"]);
    let text = std::fs::read_to_string(folder.0.join("whole/README.txt")).unwrap();
    holds(
        &text,
        &["sent on 2026-08-03, due 2026-08-31. EUR 9.45 owed", "It is the return as it was sent", "no money was moved"],
    );
    for (name, from, to, told) in [
        ("eu.ioss/2026-07/figures.csv", "9.45", "9.46", "figures.csv: it is not what follows from the ledger"),
        ("payments.csv", "9.45", "0.45", "payments.csv: it is not what follows"),
        ("README.txt", "EUR 9.45 owed", "EUR 0.45 owed", "README.txt: it is not what follows"),
        ("SHA256SUMS", "0", "1", "SHA256SUMS: it is not what follows"),
    ] {
        let file = folder.0.join("whole").join(name);
        let is = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, is.replace(from, to)).unwrap();
        holds(&check(1), &["is NOT as the ledger in it makes it", told]);
        std::fs::write(&file, is).unwrap();
    }
    let ledger = folder.0.join("whole/ledger.ndjson");
    let is = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, is.replace("9.45", "9.46")).unwrap();
    holds(&says(2, &["collect", "folder", "--check", &place]).1, &["entry 2 was changed after it was written"]);
    // Without its last entry the chain is whole, and the request says that one is missing.
    let short: Vec<&str> = is.lines().collect();
    std::fs::write(&ledger, short[..2].join("\n") + "\n").unwrap();
    holds(&check(1), &["ledger.ndjson: it has 2 entries", "says 3"]);
    std::fs::write(&ledger, &is).unwrap();
    std::fs::write(folder.0.join("whole/more.txt"), "x").unwrap();
    std::fs::remove_file(folder.0.join("whole/rates.csv")).unwrap();
    holds(&check(1), &["more.txt: it is no part of the folder", "rates.csv: it is missing"]);
    let (_, err) =
        says(2, &["collect", "folder", "gb.supplyvat", "2026-07", "--ledger", &book, "-o", &folder.path("x")]);
    holds(&err, &["no return of gb.supplyvat ends in 2026-07"]);
    let (_, err) = says(2, &["collect", "folder", "2026-Q3", "eu.ioss", "--ledger", &book, "-o", &folder.path("x")]);
    holds(&err, &["The period stands last"]);
}

#[test]
fn drafts_are_written_in_the_shapes_of_their_schemes_alone() {
    let folder = Folder::new("collect-export");
    let lines = r#"{"kind":"registration","document":"ch","scheme":"ch.mailorder","number":"CHE-109.322.551 MWST","from":"2026-01-01"}
{"kind":"sale","document":"A-1","date":"2026-07-03","to":"CH","currency":"CHF","goods":"100","rows":[{"charge":"ch.vat","scheme":"ch.mailorder","rate":"8.1 %","rate_type":"standard","net":"100","amount":"8.10"}]}
"#;
    let book = folder.write("book.ndjson", lines.as_bytes());
    let export = |shape: &str, more: &[&str], code: i32| {
        says(
            code,
            &[&["collect", "draft", "ch.mailorder", "2026-Q3", "--ledger", &book, "--export", shape], more].concat(),
        )
    };
    holds(&export("ech-0217", &[], 2).1, &["does not fit ech-0217", "organisationName", "--particulars"]);
    let given =
        folder.write("given.toml", b"[\"ch.mailorder\"]\norganisation = \"Mug Shop\"\nreporting = \"agreed\"\n");
    let (xml, _) = export("ech-0217", &["--particulars", &given], 0);
    holds(&xml, &["<eCH-0217:VATDeclaration", "CHE109322551", "Mug Shop"]);
    let wrong = folder.write("wrong.toml", b"[\"ch.mailorder\"]\norganization = \"Mug Shop\"\n");
    holds(&export("ech-0217", &["--particulars", &wrong], 2).1, &["wrong.toml", "organization"]);
    holds(
        &export("hmrc-vat", &[], 2).1,
        &["is not the shape of ch.mailorder. For ch.mailorder there are: json, csv, sales, ech-0217."],
    );
    holds(&export("cvs", &[], 2).1, &["there is no shape \"cvs\"; did you mean \"csv\"?"]);
    holds(&export("csv", &[], 0).0, &["ch.mailorder,", "8.10"]);
    holds(&export("sales", &[], 0).0, &["2,sale,A-1,A-1,2026-07-03"]);
    let (_, err) = says(2, &["collect", "draft", "nz.ovr", "2026-Q3", "--ledger", &book, "--export", "ech-0217"]);
    holds(&err, &["For nz.ovr there are: json, csv, sales.", "type the figures into its portal"]);
    holds(&says(0, &["collect", "scheme", "ch.mailorder"]).0, &["Written as json, csv, sales, ech-0217"]);
}

/// In another currency there is a file by other rules, and a QR code only where the seller says what it holds.
#[test]
fn a_payment_outside_of_the_euro_area_is_made_of_what_the_seller_says() {
    let folder = Folder::new("collect-emv");
    let lines = r#"{"kind":"registration","document":"sg","scheme":"sg.ovr","number":"M90373009E","from":"2026-01-01"}
{"kind":"sale","document":"A-1","date":"2026-01-03","to":"SG","currency":"SGD","goods":"100","rows":[{"charge":"sg.gst","scheme":"sg.ovr","rate":"9 %","rate_type":"standard","net":"100","amount":"9"}]}
"#;
    let book = folder.write("book.ndjson", lines.as_bytes());
    let page = include_str!("../../../docs/guide/pay-a-return.md");
    let emv = page.split("```toml emv.toml\n").nth(1).unwrap().split("```").next().unwrap();
    let emv_file = folder.write("emv.toml", emv.as_bytes());
    let plain = folder.write("plain.toml", emv.split("[payee.\"sg.ovr\".emv]").next().unwrap().as_bytes());
    // The authority of Australia gives each payer its own reference: there is no rule.
    let told = emv.replace("sg.ovr", "au.lvig").replace("reference = \"M90373009E\"", "");
    let none = folder.write("none.toml", told.as_bytes());
    let other = folder
        .write("au.ndjson", lines.replace("sg.ovr", "au.lvig").replace("SGD", "AUD").replace("9 %", "10 %").as_bytes());
    says(0, &["collect", "file", "au.lvig", "2026-Q1", "--ledger", &other, "--on", "2026-04-10"]);
    let (_, err) = says(2, &["collect", "pay", "au.lvig", "2026-Q1", "--ledger", &other, "--accounts", &none]);
    holds(
        &err,
        &[
            "what the payment must say is not known for au.lvig: the authority tells each payer its own reference",
            "--reference",
        ],
    );
    says(0, &["collect", "file", "sg.ovr", "2026-Q1", "--ledger", &book, "--on", "2026-04-10"]);
    let pay = |accounts: &str, more: &[&str], code: i32| {
        says(
            code,
            &[&["collect", "pay", "sg.ovr", "2026-Q1", "--ledger", &book, "--accounts", accounts], more].concat(),
        )
    };
    let (payload, pain) = (folder.path("payload.txt"), folder.path("pain.xml"));
    holds(
        &pay(&plain, &["--payload", &payload], 2).1,
        &["there is no QR code for this payment", "EUR alone", "[payee.\"sg.ovr\".emv]"],
    );
    let (text, _) = pay(&emv_file, &["--payload", &payload, "--pain", &pain, "--qr"], 0);
    holds(
        &text,
        &[
            "SGD 9.00",
            "M90373009E (as you gave it)",
            "no SEPA credit transfer",
            "has no address",
            "QR code (EMVCo, merchant-presented)",
        ],
    );
    let payload = std::fs::read_to_string(payload).unwrap();
    let code = tidewaiter_collect::pay::emv::Code::read(&payload).unwrap();
    assert_eq!((code.text(53), code.text(54), code.text(58)), (Some("702"), Some("9.00"), Some("SG")));
    assert!(payload.contains("0110M90373009E"), "{payload}");
    let pain = std::fs::read_to_string(pain).unwrap();
    holds(&pain, &["<InstdAmt Ccy=\"SGD\">9.00</InstdAmt>", "<ChrgBr>SHAR</ChrgBr>", "<Id>7654321</Id>"]);
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

/// What may stand in no later return waits, is told, drafted as differences and recorded; then nothing waits.
#[test]
fn a_return_is_amended() {
    let folder = Folder::new("collect-amend");
    let row = |net: &str, tax: &str| {
        format!(
            r#"[{{"charge":"no.vat","scheme":"no.voec","rate":"25 %","rate_type":"standard","net":"{net}","amount":"{tax}"}}]"#
        )
    };
    let lines = format!(
        r#"{{"kind":"registration","document":"voec","scheme":"no.voec","number":"2012345","from":"2026-07-01"}}
{{"kind":"sale","document":"N-1","date":"2026-08-10","to":"NO","currency":"NOK","goods":"1000","rows":{}}}
"#,
        row("1000", "250")
    );
    let book = folder.write("book.ndjson", lines.as_bytes());
    let run = |code: i32, command: &str, more: &[&str]| {
        says(code, &[&["collect", command, "no.voec", "2026-Q3", "--ledger", &book], more].concat())
    };
    holds(&run(2, "draft", &["--amend"]).1, &["no return of no.voec for July to September 2026 is recorded as sent"]);
    holds(&run(2, "file", &["--amend"]).1, &["none to amend"]);
    holds(&run(0, "file", &["--on", "2026-10-15"]).0, &["recorded from now on go into an amendment of it"]);
    holds(&run(2, "draft", &["--amend"]).1, &["nothing of July to September 2026 waits"]);
    holds(&run(2, "file", &["--on", "2026-10-16"]).1, &["into an amendment, which --amend records"]);
    let corrected = |n: u8, day: &str, net: &str, tax: &str| {
        let line = format!(
            r#"{{"kind":"correction","document":"C-{n}","date":"{day}","of":"N-1","reason":"wrong","rows":{}}}"#,
            row(net, tax)
        );
        let file = folder.write("more.ndjson", line.as_bytes());
        says(0, &["collect", "import", &file, "--ledger", &book]);
    };
    corrected(1, "2026-11-02", "-100", "-25");
    let late =
        |on: &str| document(1, &["collect", "late", "--ledger", &book, "--on", on, "--json"])["returns"][0].clone();
    let told = late("2026-11-03");
    assert_eq!((told["to_amend"]["lines"].as_u64(), told["to_amend"]["tax"]["NOK"].as_str()), (Some(1), Some("-25")));
    assert_eq!((told["owed"].as_str(), told["amendments"].is_null()), (Some("250"), true));
    let made: Value = serde_json::from_str(&run(0, "draft", &["--amend", "--sales", "--json"]).0).unwrap();
    assert_eq!((made["amends"].as_str(), made["owed"].as_str()), (Some("no.voec 2026-07/2026-09"), Some("-25")));
    assert_eq!((made["sales"][0]["document"].as_str(), made["sales"].as_array().unwrap().len()), (Some("C-1"), 1));
    holds(&run(0, "draft", &["--amend", "--sales"]).0, &["Less to pay: NOK 25.00", "they are added", "C-1"]);
    let exported = run(0, "draft", &["--amend", "--export", "json"]).0;
    holds(&run(0, "draft", &["--amend", "--export", "sales"]).0, &["C-1"]);
    holds(&run(2, "file", &["--amend", "--on", "2026-10-14"]).1, &["an amendment is sent after it"]);
    holds(
        &run(0, "file", &["--amend", "--on", "2026-11-04"]).0,
        &["takes 1 row that waited", "Less to pay", "amended 1"],
    );
    // What was hashed is what --export json wrote before.
    let last = |book: &str| -> Value {
        serde_json::from_str(std::fs::read_to_string(book).unwrap().lines().last().unwrap()).unwrap()
    };
    assert_eq!(
        (last(&book)["sha256"].as_str(), last(&book)["kind"].as_str()),
        (Some(sha256(exported.as_bytes()).as_str()), Some("amendment"))
    );
    let told = late("2026-11-05");
    assert_eq!(
        (told["to_amend"].is_null(), told["owed"].as_str(), told["to_order"].as_str()),
        (true, Some("225"), Some("225"))
    );
    assert_eq!(told["amendments"][0]["sent"], "2026-11-04");
    corrected(2, "2026-11-06", "40", "10");
    let done: Value =
        serde_json::from_str(&run(0, "file", &["--amend", "--on", "2026-11-07", "--reference", "X9", "--json"]).0)
            .unwrap();
    assert_eq!(done["recorded"]["document"], "no.voec 2026-07/2026-09 amended 2");
    assert_eq!(
        (done["recorded"]["owed"].as_str(), done["recorded"]["reference"].as_str(), done["takes"].as_u64()),
        (Some("10"), Some("X9"), Some(1))
    );
    // The folder has both, and is the same when it is made again.
    let made = folder.path("made");
    says(0, &["collect", "folder", "no.voec", "2026-Q3", "--ledger", &book, "-o", &made]);
    holds(&says(0, &["collect", "folder", "--check", &made]).0, &["every byte is the same"]);
    assert!(std::path::Path::new(&made).join("no.voec/2026-07_2026-09/amendment-2.json").exists());
    let accounts = folder.write(
        "accounts.toml",
        (ACCOUNTS.to_owned() + "[payee.\"no.voec\"]\nname = \"The authority\"\niban = \"NO93 8601 1117 947\"\n")
            .as_bytes(),
    );
    let (text, _) = run(0, "pay", &["--accounts", &accounts, "--reference", "2012345", "--on", "2026-11-08"]);
    holds(&text, &["235.00"]);
}

#[test]
fn the_two_statuses_of_an_lei_are_told_in_words() {
    let folder = Folder::new("collect-lei");
    let record = |entity: &str, registration: &str| {
        let json = serde_json::json!({ "data": { "type": "lei-records", "id": "506700GE1G29325QX363", "attributes": { "lei": "506700GE1G29325QX363",
            "entity": { "legalName": { "name": "An example" }, "legalAddress": { "country": "DE" }, "status": entity,
                "successorEntities": [{ "lei": "5299001ERX0K10IZUL40", "name": "Another" }] },
            "registration": { "status": registration, "nextRenewalDate": "2026-03-31T00:00:00Z" } } } });
        folder.write("lei.json", json.to_string().as_bytes())
    };
    let ask = |code: i32, number: &str, file: &str, more: &[&str]| {
        says(code, &[&["collect", "number", "lei", number, "--record", file, "--on", "2026-03-01"], more].concat())
    };
    let lei = "506700ge1g29325qx363";
    holds(
        &ask(0, lei, &record("ACTIVE", "ISSUED"), &[]).0,
        &[
            "506700GE1G29325QX363: usable",
            "An example, DE",
            "ACTIVE: the business exists",
            "ISSUED: checked",
            "2026-03-31",
        ],
    );
    holds(&ask(1, lei, &record("ACTIVE", "LAPSED"), &[]).0, &["look closer", "LAPSED: not renewed in time"]);
    let file = record("INACTIVE", "MERGED");
    holds(&ask(1, lei, &file, &[]).0, &["do not use it", "In its place is Another, LEI 5299001ERX0K10IZUL40"]);
    let told: Value = serde_json::from_str(&ask(1, lei, &file, &["--json"]).0).unwrap();
    assert_eq!(
        (told["valid"].as_bool(), told["judged"]["is"].as_str(), told["record"]["registration"].as_str()),
        (Some(true), Some("not"), Some("MERGED"))
    );
    holds(
        &ask(2, "5299001ERX0K10IZUL40", &file, &[]).1,
        &["has no record of 5299001ERX0K10IZUL40: it is about 506700GE1G29325QX363"],
    );
    holds(&ask(2, "506700GE1G29325QX364", &file, &[]).1, &["cannot be an LEI"]);
    holds(
        &says(2, &["collect", "number", "iban", "DE75512108001245126199", "--record", &file]).1,
        &["--record is for an LEI"],
    );
    let none = folder.write("none.json", br#"{"errors":[{"status":"404"}]}"#);
    holds(&ask(2, lei, &none, &[]).1, &["none.json", "no field \"data\""]);
}

#[test]
fn a_registration_is_recorded_by_a_command_and_its_number_looked_at() {
    let folder = Folder::new("collect-register");
    let book = folder.path("book.ndjson");
    let register = |number: &str, code: i32| {
        says(
            code,
            &[
                "collect",
                "register",
                "eu.ioss",
                number,
                "--from",
                "2026-07-01",
                "--member-state",
                "IE",
                "--ledger",
                &book,
            ],
        )
    };
    holds(
        &register("HELLO", 2).1,
        &["\"HELLO\" cannot be a number under eu.ioss", "tidewaiter collect number eu.ioss"],
    );
    holds(&register("im 372 000001 2", 0).0, &["IM3720000012 under Import One-Stop Shop from 2026-07-01 is recorded"]);
    holds(&register("IM3720000012", 0).0, &["was recorded before"]);
    let wrong = REGISTERED.lines().next().unwrap().replace("IM3720000012", "HELLO").replace("\"ioss\"", "\"other\"");
    let wrong = folder.write("wrong.ndjson", wrong.as_bytes());
    holds(
        &says(2, &["collect", "import", &wrong, "--ledger", &book]).1,
        &["row 1", "cannot be a number under eu.ioss"],
    );
    let day = folder.write(
        "day.ndjson",
        br#"{"kind":"registration","document":"r","scheme":"eu.ioss","number":"IM3720000012","from":"13/07/2026"}"#,
    );
    holds(&says(2, &["collect", "import", &day, "--ledger", &book]).1, &["write 2026-07-13"]);
}

#[test]
fn a_return_is_not_recorded_as_sent_on_a_day_to_come() {
    let folder = Folder::new("collect-to-come");
    let book = folder.write("book.ndjson", REGISTERED.as_bytes());
    let (_, err) = says(2, &["collect", "file", "eu.ioss", "2026-07", "--ledger", &book, "--on", "2999-01-01"]);
    holds(&err, &["2999-01-01 is still to come", "after you have sent it"]);
}

#[test]
fn doubts_are_told_when_sales_are_taken_in_and_all_mistakes_together() {
    let folder = Folder::new("collect-doubts");
    let book = folder.write("book.ndjson", REGISTERED.as_bytes());
    let head = "kind,document,date,of,to,currency,goods,charge,scheme,rate,net,amount";
    let csv = format!("{head}\r\nsale,D-1,2026-07-21,,US,EUR,20,eu.vat,eu.ioss,19 %,20,3.80\r\n");
    let csv = folder.write("doubt.csv", csv.as_bytes());
    let (text, _) = says(0, &["collect", "import", &csv, "--ledger", &book]);
    holds(&text, &["! 1 document (D-1): eu.ioss is for buyers in EU, and US is not in it"]);
    let (text, _) = says(0, &["collect", "draft", "eu.ioss", "2026-07", "--ledger", &book]);
    holds(&text, &["! 1 row (D-1): eu.ioss is for buyers in EU"]);
    let csv = format!(
        "{head}\r\nsale,E-1,13/07/2026,,DE,EUR,20,eu.vat,eu.ioss,19 %,20,3.80\r\nrefund,R-9,2026-07-22,A-99,,,5,,,,,\r\nrefund,R-8,2026-07-22,E-1,,,5,,,,,\r\n"
    );
    let csv = folder.write("wrong.csv", csv.as_bytes());
    let (_, err) = says(2, &["collect", "import", &csv, "--ledger", &book]);
    holds(
        &err,
        &["row 2, column date: \"13/07/2026\"", "write 2026-07-13", "row 3, refund \"R-9\": there is no sale \"A-99\""],
    );
    assert!(!err.contains("R-8"), "{err}");
}
