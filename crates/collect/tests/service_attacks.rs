//! What somebody might try at the service: passing by the checks of an authority, declaring less, hiding an older registration, breaking the
//! lists of others. Each was possible once, or nearly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::service::{IRELAND, TODAY, answers, caller, is_country, key, new, now, sale, town};
use crate::store::addresses;
use crate::year::year;
use jiff::civil::{Date, date};
use std::sync::Arc;
use tidewaiter_collect::apply::{Answers, Check, Decision, Fault, Form};
use tidewaiter_collect::definition::{Field, Period};
use tidewaiter_collect::event::{Event, Registration};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::service::{Asked, Declaration, Error, Finding, Kind, Role, Service, State, Verdict};
use tidewaiter_collect::store::Store;
use tidewaiter_repository::receipt;

const ACCEPT: Verdict = Verdict::Accept { number: None, from: None };

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn end(day: Date) -> Asked {
    Asked { kind: Kind::End, answers: Answers::new(), day: Some(day) }
}

fn from(day: Date, tax_number: &str) -> Asked {
    Asked { day: Some(day), ..new(tax_number) }
}

/// A return of IOSS with rows, corrections and whatever else.
fn book(number: &str, of: &str, rows: &str, more: &str, owed: &str) -> String {
    format!(
        r#"{{"version":1,"scheme":"eu.ioss","number":"{number}","period":"{of}","currency":"EUR","rows":[{rows}]{more},"owed":"{owed}"}}"#
    )
}

fn is_wrong<T: std::fmt::Debug>(what: Result<T, Error>) -> String {
    match what {
        Err(Error::Wrong(says)) => says,
        other => panic!("must be refused as wrong: {other:?}"),
    }
}

fn does_not_stand<T: std::fmt::Debug>(what: Result<T, Error>) -> String {
    match what {
        Err(Error::Stands(says)) => says,
        other => panic!("must not stand: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_day_cannot_pass_by_the_checks_of_the_form() {
    for address in addresses("first_day").await {
        let town = town(&address).await;
        let mut form = town.service.form(IRELAND).await.unwrap().1;
        let field = r#"{"key":"first_day","label":"First day","kind":"date","required":false}"#;
        form.fields.push(serde_json::from_str::<Field>(field).unwrap());
        form.checks.push(Check::Within { field: "first_day".into(), before: 10, after: 10 });
        form.decision = Decision::AtOnce;
        town.service.set_form(&town.ireland, IRELAND, &form, now()).await.unwrap();
        let written = |day: &str| {
            let mut asked = new("IE 1");
            asked.answers.insert("first_day".into(), day.into());
            asked
        };
        let mut outside = written("2020-01-01");
        outside.day = None;
        assert!(matches!(town.apply(&town.ana, &outside).await, Err(Error::Fields(_))));
        // Inside the days in the form, years before beside it; or beside it alone.
        let beside = Asked { day: Some(date(2020, 1, 1)), ..written("2026-11-09") };
        assert!(is_wrong(town.apply(&town.ana, &beside).await).contains("first_day"));
        assert!(is_wrong(town.apply(&town.ana, &from(date(2020, 1, 1), "IE 1")).await).contains("first_day"));
        let right = Asked { day: None, ..written("2026-11-09") };
        assert_eq!(town.apply(&town.ana, &right).await.unwrap().day, date(2026, 11, 9));
        // A registration of no months, and a first day that is no day.
        let none = Form { months: Some(0), ..form.clone() };
        assert!(matches!(town.service.set_form(&town.ireland, IRELAND, &none, now()).await, Err(Error::Form(_))));
        town.service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_day_of_long_ago_is_refused() {
    for address in addresses("long_ago").await {
        let town = town(&address).await;
        for day in [date(1066, 10, 14), date(2999, 1, 1)] {
            assert!(is_wrong(town.apply(&town.ana, &from(day, "IE 1")).await).contains(&day.to_string()));
        }
        let sent = town.apply(&town.ana, &new("IE 1")).await.unwrap();
        let accept = Verdict::Accept { number: None, from: Some(date(1066, 10, 14)) };
        is_wrong(town.service.decide(&town.ireland, &sent.id, &accept, now()).await);
        assert_eq!(town.service.own_applications(&town.ana, "ana").await.unwrap()[0].state, State::Sent);
        town.service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_one_may_have_is_looked_at_again_when_it_is_accepted() {
    for address in addresses("unique").await {
        let town = town(&address).await;
        let (anas, bens) = (town.apply(&town.ana, &new("IE 1")).await, town.apply(&town.ben, &new("IE 1")).await);
        let (anas, bens) = (anas.unwrap(), bens.unwrap());
        town.service.decide(&town.ireland, &anas.id, &ACCEPT, now()).await.unwrap();
        let says = does_not_stand(town.service.decide(&town.ireland, &bens.id, &ACCEPT, now()).await);
        assert!(says.contains("tax_number"), "{says}");
        // Nor with spaces, small or wide letters.
        let ask = Verdict::Ask { says: "Your number?".into() };
        town.service.decide(&town.ireland, &bens.id, &ask, now()).await.unwrap();
        for same in ["ie 1", "IE1", "ＩＥ　１"] {
            let again = answers(same);
            let told = town.service.answer(&town.ben, "ben", &bens.id, &again, &is_country, now(), TODAY).await;
            let Err(Error::Fields(told)) = told else { panic!("{same}: {told:?}") };
            assert_eq!(told[0].fault, Fault::Taken, "{same}");
        }
        town.service.answer(&town.ben, "ben", &bens.id, &answers("IE 2"), &is_country, now(), TODAY).await.unwrap();
        town.service.decide(&town.ireland, &bens.id, &ACCEPT, now()).await.unwrap();
        // Nor by a change.
        let change = Asked { kind: Kind::Change, answers: answers("IE 1"), day: None };
        assert!(matches!(town.apply(&town.ben, &change).await, Err(Error::Fields(_))));
        town.service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_an_end() {
    for address in addresses("end").await {
        let town = town(&address).await;
        let (service, ana) = (&town.service, &town.ana);
        town.register(ana, "IE 1").await;
        is_wrong(town.apply(ana, &end(date(2026, 9, 1))).await);
        // Asked something, it does not become another form.
        let sent = town.apply(ana, &end(date(2026, 11, 1))).await.unwrap();
        service.decide(&town.ireland, &sent.id, &Verdict::Ask { says: "Sure?".into() }, now()).await.unwrap();
        let form = answers("IE 77");
        is_wrong(service.answer(ana, "ana", &sent.id, &form, &is_country, now(), TODAY).await);
        service.answer(ana, "ana", &sent.id, &Answers::new(), &is_country, now(), TODAY).await.unwrap();
        let early = Verdict::Accept { number: None, from: Some(date(2026, 8, 1)) };
        is_wrong(service.decide(&town.ireland, &sent.id, &early, now()).await);
        service.decide(&town.ireland, &sent.id, &ACCEPT, now()).await.unwrap();
        let row = service.vendors(&town.ireland, IRELAND).await.unwrap().remove(0);
        assert_eq!((row.before, row.answers["tax_number"].as_str()), (Some(date(2026, 11, 1)), "IE 1"));
        // A later end would be a new registration without an application for one.
        does_not_stand(town.apply(ana, &end(date(2030, 1, 1))).await);
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_returns_of_an_older_registration_are_still_owed() {
    for address in addresses("again").await {
        let town = town(&address).await;
        let (service, ana, ireland) = (&town.service, &town.ana, &town.ireland);
        let accepted = async |asked: &Asked| {
            let sent = town.apply(ana, asked).await.unwrap();
            service.decide(ireland, &sent.id, &ACCEPT, now()).await.unwrap().number
        };
        let first = accepted(&from(date(2026, 5, 1), "IE 1")).await.unwrap();
        accepted(&end(date(2026, 7, 1))).await;
        // Not over one that held then.
        does_not_stand(town.apply(ana, &from(date(2026, 6, 30), "IE 1")).await);
        let second = accepted(&from(date(2026, 9, 1), "IE 1")).await.unwrap();
        assert_ne!(first, second);
        // The number on parcels of May is nobody else's.
        let bens = town.apply(&town.ben, &new("IE 2")).await.unwrap();
        let taken = Verdict::Accept { number: Some(first.clone()), from: None };
        assert!(is_wrong(service.decide(ireland, &bens.id, &taken, now()).await).contains("issued"));

        let owed = service.expected(ireland, IRELAND, TODAY).await.unwrap();
        let mut owed: Vec<_> = owed.iter().map(|one| (one.period.to_string(), one.number.as_str())).collect();
        owed.sort();
        let of = |month: &str, number| (month.to_owned(), number);
        let (old, young) = (first.as_str(), second.as_str());
        assert_eq!(owed, [of("2026-05", old), of("2026-06", old), of("2026-09", young), of("2026-10", young)]);
        let open = service.open_returns(ana, "ana", TODAY).await.unwrap();
        let open: Vec<_> = open.iter().map(|one| one.period.to_string()).collect();
        assert_eq!(open, ["2026-05", "2026-06", "2026-09", "2026-10"]);

        // Handed in with the number that held then.
        let row = r#"{"member_state":"NL","rate":"21 %","net":"1000","tax":"210"}"#;
        let with = |number: &str| book(number, "2026-05", row, "", "210");
        assert!(is_wrong(service.hand_in(ana, "ana", &with(young), now(), TODAY).await).contains(old));
        assert_eq!(service.hand_in(ana, "ana", &with(old), now(), TODAY).await.unwrap().0.number, old);
        does_not_stand(service.hand_in(ana, "ana", &book(young, "2026-08", row, "", "210"), now(), TODAY).await);
        // And sent from the ledger, which passes over the months between.
        let sales = [
            sale("A-1", "2026-05-05", "NL", "1000", "21 %", "210"),
            sale("A-2", "2026-09-05", "NL", "100", "21 %", "21"),
        ];
        service.record(ana, "ana", &sales, now()).await.unwrap();
        let book = tidewaiter_data::ratebook();
        for (month, number) in [("2026-05", old), ("2026-06", old), ("2026-09", young)] {
            let told = service.send_return(ana, "ana", "eu.ioss", period(month), book, now(), TODAY).await;
            assert_eq!(told.unwrap().0.number, number, "{month}");
            let n = if month == "2026-05" { 2 } else { 1 };
            let opened = service.open_return(ireland, IRELAND, "ana", period(month), n).await.unwrap();
            assert_eq!(opened.document["number"], number, "{month}");
        }
        let file = format!(
            "number,month,buyer,currency,consignments,value\n{old},2026-05,NL,EUR,20,1000\n{old},2026-06,NL,EUR,1,10\n{old},2026-08,NL,EUR,1,10\n{young},2026-09,NL,EUR,1,100\n"
        );
        service.upload_border(ireland, IRELAND, "all.csv", file.as_bytes(), now()).await.unwrap();
        let found = service.compare(ireland, IRELAND, date(2026, 5, 1), TODAY, 5).await.unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.finding, one.period.to_string())).collect();
        let of = |finding, month: &str| (finding, month.to_owned());
        assert_eq!(
            found,
            [
                of(Finding::OutsideRegistration, "2026-08"),
                of(Finding::NothingDeclared, "2026-06"),
                of(Finding::Agrees, "2026-05"),
                of(Finding::Agrees, "2026-09"),
            ]
        );
        service.store().verify(&all(), "ana").await.unwrap();
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_registered_twice_under_one_scheme() {
    for address in addresses("states").await {
        let town = town(&address).await;
        let (service, ana) = (&town.service, &town.ana);
        let estonia = "eu.ioss.EE";
        let to_estonia =
            async |day| service.apply(ana, "ana", estonia, &from(day, "IE 1"), &is_country, now(), TODAY).await;
        // Both wait; one is accepted.
        let waits = to_estonia(date(2026, 9, 1)).await.unwrap();
        town.register(ana, "IE 1").await;
        let given = Verdict::Accept { number: Some("IM2330000001".into()), from: None };
        does_not_stand(service.decide(&town.estonia, &waits.id, &given, now()).await);
        service.withdraw(ana, "ana", &waits.id, now()).await.unwrap();
        does_not_stand(to_estonia(date(2026, 10, 1)).await);
        // Who moves owes the returns of before to where it was registered then.
        let sent = town.apply(ana, &end(date(2026, 10, 1))).await.unwrap();
        service.decide(&town.ireland, &sent.id, &ACCEPT, now()).await.unwrap();
        let sent = to_estonia(date(2026, 10, 1)).await.unwrap();
        service.decide(&town.estonia, &sent.id, &given, now()).await.unwrap();
        let book = tidewaiter_data::ratebook();
        for (month, to) in [("2026-09", IRELAND), ("2026-10", estonia)] {
            let told = service.send_return(ana, "ana", "eu.ioss", period(month), book, now(), TODAY).await.unwrap();
            assert_eq!(told.0.authority, to);
        }
        service.store().close().await;
    }
}

#[test]
fn figures_that_do_not_fit_are_told() {
    let definitions = all();
    let faults = |scheme: &str, text: &str| {
        let declared: Declaration = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        declared.faults(&definitions[scheme]).unwrap()
    };
    // What is owed stands in a box; without the box anything could be said.
    let mut asked = 0;
    for (key, definition) in definitions.iter().filter(|(_, one)| one.payment.figure.is_some()) {
        let currency = &definition.currency.is;
        let text = format!(
            r#"{{"scheme":"{key}","number":"1","period":"2026-Q3","currency":"{currency}","boxes":[],"owed":"-1000000"}}"#
        );
        assert!(!faults(key, &text).is_empty(), "{key}");
        asked += 1;
    }
    assert!(asked > 3);
    // Parts that their sum leaves out.
    let norway = r#"{"scheme":"no.voec","number":"1","period":"2026-Q3","currency":"NOK","boxes":[],"corrections":[{"period":"2026-Q2","member_state":"NO","tax":"-5"}],"owed":"0"}"#;
    assert!(faults("no.voec", norway).iter().any(|one| one.starts_with("corrections")));
    let row = r#"{"member_state":"NL","rate":"21 %","net":"1000","tax":"210"}"#;
    let german = r#"{"member_state":"DE","rate":"19 %","net":"100","tax":"19"}"#;
    let correction = |of: &str, state: &str, tax: &str| {
        format!(r#","corrections":[{{"period":"{of}","member_state":"{state}","tax":"{tax}"}}]"#)
    };
    let two = format!("{row},{german}");
    let ioss =
        |rows: &str, more: &str, owed: &str| faults("eu.ioss", &book("IM3720000001", "2026-09", rows, more, owed));
    for (rows, more, owed) in [
        (row, "".to_owned(), "210"),
        (row, correction("2026-08", "NL", "-10"), "200"),
        // What Germany owes is not set off against what the Netherlands take.
        (row, correction("2026-08", "DE", "-10") + r#","back":"10""#, "210"),
    ] {
        assert_eq!(ioss(rows, &more, owed), Vec::<String>::new());
    }
    for (what, rows, more, owed) in [
        ("both sides of what is told moved", row, r#","back":"-1210""#.to_owned(), "-1000"),
        ("set off between states", row, correction("2026-08", "DE", "-10"), "200"),
        ("a row below zero", r#"{"member_state":"NL","net":"-1000","tax":"-210"}"#, r#","back":"210""#.to_owned(), "0"),
        ("a correction of the period itself", row, correction("2026-09", "NL", "-210"), "0"),
        ("a correction of what is to come", row, correction("2030-01", "NL", "-210"), "0"),
        ("a state of no letters", row, correction("2026-08", "N\\u0000", "1"), "211"),
        ("no state", r#"{"net":"1000","tax":"210"}"#, String::new(), "210"),
        ("a formula", r#"{"member_state":"=1+1","net":"1000","tax":"210"}"#, String::new(), "210"),
        ("one row twice", &format!("{row},{row}"), String::new(), "420"),
        ("the sum of two", &two, String::new(), "210"),
    ] {
        assert!(!ioss(rows, &more, owed).is_empty(), "{what}");
    }
}

#[test]
fn what_is_drafted_has_no_faults() {
    let definitions = all();
    let year = year(&definitions, 1_000);
    let mut looked_at = 0;
    for made in year.returns.iter().filter(|made| made.owed.is_some() && made.number.is_some() && made.amends.is_none())
    {
        let declared: Declaration = serde_json::from_str(&serde_json::to_string(made).unwrap()).unwrap();
        let faults = declared.faults(&definitions[&made.scheme]).unwrap();
        assert!(faults.is_empty(), "{} {}: {faults:?}", made.scheme, made.period);
        looked_at += 1;
    }
    assert!(looked_at > 10, "{looked_at}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_hands_in_does_not_break_the_lists_of_all() {
    for address in addresses("lists").await {
        let town = town(&address).await;
        let (service, ana, ireland) = (&town.service, &town.ana, &town.ireland);
        let number = town.register(ana, "IE 1").await;
        let row = r#"{"member_state":"NL","rate":"21 %","net":"1000","tax":"210"}"#;
        let deep = format!(r#","x":{}{}"#, "[".repeat(300), "]".repeat(300));
        let large = format!(r#","x":"{}""#, "x".repeat(9_000_000));
        for (what, more) in [("a number", r#","x":1e999"#), ("deep", deep.as_str()), ("large", large.as_str())] {
            let told = service.hand_in(ana, "ana", &book(&number, "2026-09", row, more, "210"), now(), TODAY).await;
            assert!(matches!(told, Err(Error::Wrong(_))), "{what}");
        }
        for (net, tax) in [("99999999999999999999999999", "0"), ("1", "90000000000000000"), ("900000000000000000", "1")]
        {
            let row = format!(r#"{{"member_state":"NL","net":"{net}","tax":"{tax}"}}"#);
            let told = service.hand_in(ana, "ana", &book(&number, "2026-09", &row, "", tax), now(), TODAY).await;
            assert!(matches!(told, Err(Error::Wrong(_))), "{net} {tax}: {told:?}");
        }
        let border = "number,month,buyer,currency,consignments,value\nX,2026-09,NL,EUR,1,900000000000000\nX,2026-09,NL,EUR,1,900000000000000\n";
        let told = service.upload_border(ireland, IRELAND, "large.csv", border.as_bytes(), now()).await;
        assert!(matches!(told, Err(Error::Lines(_))), "{told:?}");
        let border = format!("number,month,buyer,currency,consignments,value\n{number},2026-09,NL,EUR,1,1000\n");
        service.upload_border(ireland, IRELAND, "small.csv", border.as_bytes(), now()).await.unwrap();
        service.compare(ireland, IRELAND, date(2026, 1, 1), TODAY, 255).await.unwrap();
        service.received(ireland, IRELAND).await.unwrap();
        service.expected(ireland, IRELAND, TODAY).await.unwrap();
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_proves_what_was_received_to_the_byte() {
    for address in addresses("bytes").await {
        let town = town(&address).await;
        let (service, ana, ireland) = (&town.service, &town.ana, &town.ireland);
        let number = town.register(ana, "IE 1").await;
        let sent = book(&number, "2026-09", "", r#", "zebra" : 1.50, "ape": 2"#, "0");
        let (_, envelope) = service.hand_in(ana, "ana", &sent, now(), TODAY).await.unwrap();
        let payload = receipt::open(&envelope, &key().public()).unwrap();
        let told: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        let opened = service.open_return(ireland, IRELAND, "ana", period("2026-09"), 1).await.unwrap();
        let opened = serde_json::to_value(opened).unwrap();
        let text = opened["text"].as_str().expect("the text as it was sent");
        assert_eq!(tidewaiter_repository::sha256_hex(text.as_bytes()), told["sha256"].as_str().unwrap());
        assert_eq!(text, sent);
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_a_seller_took_down_does_not_go_into_a_return() {
    for address in addresses("number").await {
        let town = town(&address).await;
        let (service, ana) = (&town.service, &town.ana);
        let anas = town.register(ana, "IE 1").await;
        let bens = town.register(&town.ben, "IE 2").await;
        let noted = Event::Registration(Registration {
            document: "note".into(),
            scheme: "eu.ioss".into(),
            number: bens,
            from: date(2026, 9, 2),
            before: None,
            member_state: Some("DE".into()),
            period: None,
        });
        service.record(ana, "ana", &[noted], now()).await.unwrap();
        let book = tidewaiter_data::ratebook();
        service.send_return(ana, "ana", "eu.ioss", period("2026-09"), book, now(), TODAY).await.unwrap();
        let opened = service.open_return(&town.ireland, IRELAND, "ana", period("2026-09"), 1).await.unwrap();
        assert_eq!((&opened.document["number"], &opened.document["member_state"]), (&anas.into(), &"IE".into()));
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_log_are_one_line_and_ones_own() {
    for address in addresses("log").await {
        let town = town(&address).await;
        let (service, ana) = (&town.service, &town.ana);
        town.register(ana, "IE 1").await;
        let forged = format!("ledger\n2026-11-10 keeper revoke-token\u{0}\u{1b}[2J {}", "x".repeat(10_000));
        service.note_export(ana, "ana", &forged, now()).await.unwrap();
        let rows = service.log(ana, "ana", 0, u64::MAX).await.unwrap();
        let row = rows.iter().find(|row| row.action == "export").unwrap();
        assert!(!row.reason.chars().any(char::is_control) && row.reason.len() <= 500, "{}", row.reason);
        let unseen = Verdict::Refuse { says: "no\u{0}".into() };
        let sent = town.apply(&town.ben, &new("IE 2")).await.unwrap();
        is_wrong(service.decide(&town.ireland, &sent.id, &unseen, now()).await);
        assert!(service.check_log().await.unwrap().is_ok());
        // An authority is never called as a seller may be: both stand in one log, and a token is of a name.
        let mut definitions = all();
        let mut plain = definitions["sg.ovr"].clone();
        plain.scheme.key = "ana".into();
        definitions.insert("ana".into(), plain);
        let identifiers = Identifiers::read(tidewaiter_data::identifiers()).unwrap();
        let other = Service::new(Store::open(&address).await.unwrap(), definitions, identifiers, None);
        is_wrong(other.add_authority(&town.keeper, "ana", None, "An office", now()).await);
        other.store().close().await;
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_are_one_after_the_other() {
    for address in addresses("at_once").await {
        let town = Arc::new(town(&address).await);
        let goes = |what: Vec<tokio::task::JoinHandle<bool>>| async move {
            let mut went = 0;
            for one in what {
                went += usize::from(one.await.unwrap());
            }
            went
        };
        let many = |n: usize| std::iter::repeat_with(|| Arc::clone(&town)).take(n);
        let all = many(4).map(|town| tokio::spawn(async move { town.apply(&town.ana, &new("IE 1")).await.is_ok() }));
        assert_eq!(goes(all.collect()).await, 1, "applications");
        let all = many(4).map(|town| {
            tokio::spawn(async move { town.service.decide(&town.ireland, "ana-1", &ACCEPT, now()).await.is_ok() })
        });
        assert_eq!(goes(all.collect()).await, 1, "decisions");
        assert_eq!(
            town.service.past(&town.ana, "ana").await.unwrap().registration("eu.ioss").unwrap().number,
            "IM3720000001"
        );
        let all = many(4).map(|town| {
            tokio::spawn(async move {
                let book = tidewaiter_data::ratebook();
                let september = period("2026-09");
                town.service.send_return(&town.ana, "ana", "eu.ioss", september, book, now(), TODAY).await.is_ok()
            })
        });
        assert_eq!(goes(all.collect()).await, 1, "returns");
        let all = many(4).map(|town| {
            tokio::spawn(async move {
                let nothing = book("IM3720000001", "2026-10", "", "", "0");
                town.service.hand_in(&town.ana, "ana", &nothing, now(), TODAY).await.is_ok()
            })
        });
        assert_eq!(goes(all.collect()).await, 4, "each amends the one before");
        let mut versions: Vec<u64> =
            town.service.sent(&town.ana, "ana").await.unwrap().iter().map(|one| one.n).collect();
        versions.sort_unstable();
        assert_eq!(versions, [1, 1, 2, 3, 4]);
        assert!(town.service.check_log().await.unwrap().is_ok());
        // An officer is none of another authority's, whatever the label of the token says.
        let until = now().saturating_add(jiff::SignedDuration::from_hours(1)).unwrap();
        let label = "officer of eu.ioss.IE, Nora (000000000000)";
        let token = town.service.make_own_token(&town.ana, "ana", label, Role::Seller, now(), until).await.unwrap();
        let forged = caller(&town.service, &token).await;
        town.service.note_export(&forged, "ana", "ledger", now()).await.unwrap();
        let rows = town.service.log(&town.ana, "ana", 0, 1000).await.unwrap();
        assert!(rows.last().unwrap().actor.starts_with("seller of ana, "));
        town.service.store().close().await;
    }
}
