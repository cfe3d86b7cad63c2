//! Sellers and authorities at one service: applications, returns with receipts, what came over the border, and who may see what.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::store::addresses;
use crate::store::faults::{Faults, FaultyDatabase};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use std::collections::BTreeSet;
use tidewaiter_collect::apply::{Answers, Check, Decision, Fault, Form};
use tidewaiter_collect::event::{Event, Row, Sale};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::service::permission::{self, Reach, Side};
use tidewaiter_collect::service::{
    Asked, Caller, Error, Finding, Kind, Operation, Role, Service, Standing, State, Verdict,
};
use tidewaiter_collect::store::Store;
use tidewaiter_repository::key::SecretKey;
use tidewaiter_repository::receipt;
use tidewaiter_repository::store::db;

pub(crate) const TODAY: Date = date(2026, 11, 10);
pub(crate) const IRELAND: &str = "eu.ioss.IE";

pub(crate) fn now() -> Timestamp {
    "2026-11-10T09:00:00Z".parse().unwrap()
}

pub(crate) fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

pub(crate) fn is_country(letters: &str) -> bool {
    ["IE", "DE", "NL", "FR", "CN", "EE"].contains(&letters)
}

pub(crate) fn service(store: Store) -> Service {
    let identifiers = Identifiers::read(tidewaiter_data::identifiers()).unwrap();
    Service::new(store, all(), identifiers, Some(key()))
}

/// A service with its keeper, an Irish and an Estonian authority, and two sellers.
pub(crate) struct Town {
    pub(crate) service: Service,
    pub(crate) keeper: Caller,
    pub(crate) ireland: Caller,
    pub(crate) estonia: Caller,
    pub(crate) ana: Caller,
    pub(crate) ben: Caller,
}

pub(crate) async fn caller(service: &Service, token: &str) -> Caller {
    service.caller(token, now()).await.unwrap().expect("a token that counts")
}

pub(crate) async fn town(address: &str) -> Town {
    let service = service(Store::open(address).await.unwrap());
    let until = now().saturating_add((24 * 30).hours()).unwrap();
    let keeper = service.first_keeper("The keeper", now(), until).await.unwrap();
    let keeper = caller(&service, &keeper).await;
    let mut officers = Vec::new();
    for state in ["IE", "EE"] {
        let made = service.add_authority(&keeper, "eu.ioss", Some(state), "A revenue office", now()).await.unwrap();
        let token =
            service.make_token(&keeper, "An officer", Role::Officer, Some(&made.id), now(), until).await.unwrap();
        officers.push(caller(&service, &token).await);
    }
    let estonia = officers.pop().unwrap();
    let ireland = officers.pop().unwrap();
    let mut form = service.form(IRELAND).await.unwrap().1;
    form.numbers = Some("IM372{7}".into());
    form.checks = vec![Check::Unique { field: "tax_number".into() }];
    service.set_form(&ireland, IRELAND, &form, now()).await.unwrap();
    let ana = service.add_seller(None, "ana", "Ana's shop", now(), until).await.unwrap();
    let ben = service.add_seller(None, "ben", "Ben's shop", now(), until).await.unwrap();
    let (ana, ben) = (caller(&service, &ana).await, caller(&service, &ben).await);
    Town { service, keeper, ireland, estonia, ana, ben }
}

pub(crate) fn answers(tax_number: &str) -> Answers {
    [
        ("legal_name", "Ana Trading Ltd"),
        ("address.street", "1 Quay Street"),
        ("address.town", "Galway"),
        ("address.postcode", "H91 XY12"),
        ("address.country", "ie"),
        ("email", "ana@shop.example"),
        ("websites", "shop.example"),
        ("tax_number", tax_number),
        ("contact_name", "Ana"),
        ("phone", "+353 91 123 456"),
        ("home_country", "IE"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

pub(crate) fn new(tax_number: &str) -> Asked {
    Asked { kind: Kind::New, answers: answers(tax_number), day: Some(date(2026, 9, 1)) }
}

impl Town {
    pub(crate) async fn apply(
        &self,
        who: &Caller,
        asked: &Asked,
    ) -> Result<tidewaiter_collect::service::Application, Error> {
        let seller = who.of.clone().unwrap();
        self.service.apply(who, &seller, IRELAND, asked, &is_country, now(), TODAY).await
    }

    /// Registers a seller with Ireland and returns the number.
    pub(crate) async fn register(&self, who: &Caller, tax_number: &str) -> String {
        let sent = self.apply(who, &new(tax_number)).await.unwrap();
        let verdict = Verdict::Accept { number: None, from: None };
        self.service.decide(&self.ireland, &sent.id, &verdict, now()).await.unwrap().number.unwrap()
    }
}

pub(crate) fn sale(document: &str, day: &str, to: &str, net: &str, rate: &str, tax: &str) -> Event {
    Event::Sale(Sale {
        document: document.into(),
        date: day.parse().unwrap(),
        to: to.into(),
        from: None,
        currency: "EUR".into(),
        goods: net.parse().unwrap(),
        shipping: Default::default(),
        rows: vec![Row {
            charge: "eu.vat".into(),
            scheme: Some("eu.ioss".into()),
            rate: Some(rate.parse().unwrap()),
            rate_type: None,
            net: net.parse().unwrap(),
            amount: tax.parse().unwrap(),
        }],
        quote: None,
    })
}

pub(crate) fn is_not_yours<T: std::fmt::Debug>(what: Result<T, Error>) {
    assert!(matches!(what, Err(Error::NotYours)), "{what:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_application_to_a_receipt() {
    for address in addresses("receipt").await {
        let town = town(&address).await;
        let Town { service, ireland, ana, .. } = &town;
        // What is wrong is told all at once, with what was likely meant.
        let mut wrong = new("IE 1");
        wrong.answers.insert("email".into(), "ana@shop".into());
        wrong.answers.insert("iban".into(), "IE29 AIBK 9311 5212 3456 87".into());
        wrong.answers.insert("shoe_size".into(), "42".into());
        wrong.answers.remove("legal_name");
        let Err(Error::Fields(told)) = town.apply(ana, &wrong).await else { panic!("must be refused") };
        let at =
            |field: &str| told.iter().find(|one| one.field == field).unwrap_or_else(|| panic!("{field}: {told:?}"));
        assert_eq!((told.len(), &at("legal_name").fault, &at("email").fault), (4, &Fault::Missing, &Fault::NotEmail));
        assert_eq!(at("shoe_size").fault, Fault::NotAsked);
        assert!(at("iban").likely.contains(&"IE29AIBK93115212345678".to_owned()), "{:?}", at("iban"));
        assert!(service.own_applications(ana, "ana").await.unwrap().is_empty());

        let sent = town.apply(ana, &new("IE 1")).await.unwrap();
        assert_eq!((sent.state, sent.answers["address.country"].as_str()), (State::Sent, "IE"));
        assert_eq!(sent.answers["websites"], "https://shop.example");
        assert!(matches!(town.apply(ana, &new("IE 1")).await, Err(Error::Stands(_))), "one that waits is enough");
        // The officer asks, the seller answers, the officer accepts.
        let ask = Verdict::Ask { says: "Which goods do you sell?".into() };
        assert_eq!(service.decide(ireland, &sent.id, &ask, now()).await.unwrap().state, State::Asked);
        let again = service.answer(ana, "ana", &sent.id, &answers("IE 2"), &is_country, now(), TODAY).await.unwrap();
        assert_eq!((again.state, again.answers["tax_number"].as_str()), (State::Sent, "IE 2"));
        let bad = Verdict::Accept { number: Some("IM37200001".into()), from: None };
        assert!(matches!(service.decide(ireland, &sent.id, &bad, now()).await, Err(Error::Wrong(_))));
        let accept = Verdict::Accept { number: None, from: None };
        let number = service.decide(ireland, &sent.id, &accept, now()).await.unwrap().number.unwrap();
        assert_eq!(number, "IM3720000001");
        assert!(matches!(service.decide(ireland, &sent.id, &accept, now()).await, Err(Error::Stands(_))));
        let past = service.past(ana, "ana").await.unwrap();
        let registration = past.registration("eu.ioss").unwrap();
        assert_eq!((registration.number.as_str(), registration.from), (number.as_str(), date(2026, 9, 1)));
        assert_eq!(registration.member_state.as_deref(), Some("IE"));

        // Two months are over: September is late already, October is open.
        let september = "2026-09".parse().unwrap();
        let expected = service.expected(ireland, IRELAND, TODAY).await.unwrap();
        let standing: Vec<_> = expected.iter().map(|one| (one.period.to_string(), one.standing)).collect();
        assert_eq!(standing, [("2026-09".to_owned(), Standing::Missing), ("2026-10".to_owned(), Standing::Open)]);

        let sales = [
            sale("A-1", "2026-09-05", "NL", "100", "21 %", "21"),
            sale("A-2", "2026-09-06", "DE", "50", "19 %", "9.50"),
            sale("A-3", "2026-10-06", "DE", "10", "19 %", "1.90"),
        ];
        service.record(ana, "ana", &sales, now()).await.unwrap();
        let book = tidewaiter_data::ratebook();
        let october = "2026-10".parse().unwrap();
        let early = service.send_return(ana, "ana", "eu.ioss", "2026-11".parse().unwrap(), book, now(), TODAY).await;
        assert!(matches!(early, Err(Error::Stands(_))), "{early:?}");
        let out_of_turn = service.send_return(ana, "ana", "eu.ioss", october, book, now(), TODAY).await;
        assert!(matches!(out_of_turn, Err(Error::Store(_))), "{out_of_turn:?}");
        assert!(service.sent(ana, "ana").await.unwrap().is_empty(), "nothing of a refused one is kept");

        let made = service.draft(ana, "ana", "eu.ioss", september, book).await.unwrap();
        let (told, envelope) = service.send_return(ana, "ana", "eu.ioss", september, book, now(), TODAY).await.unwrap();
        assert_eq!((told.owed.to_string().as_str(), told.late, told.n), ("30.5", true, 1));
        assert_eq!(Some(told.owed), made.owed);
        // Anybody with the public key can check the receipt; with another key nobody can.
        let payload = receipt::open(&envelope, &key().public()).expect("signed");
        let read: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(read, serde_json::to_value(&told).unwrap());
        assert!(receipt::open(&envelope, &SecretKey::from_seed(&[8; 32]).public()).is_none());
        // The period is closed: what comes later goes into a later return.
        assert_eq!(service.past(ana, "ana").await.unwrap().closed("eu.ioss"), Some(september));
        let twice = service.send_return(ana, "ana", "eu.ioss", september, book, now(), TODAY).await;
        let Err(Error::Stands(says)) = twice else { panic!("{twice:?}") };
        assert!(
            says.contains("was sent on") && says.contains(&told.reference) && says.contains("the next return"),
            "{says}"
        );
        // What was decided of a seller stands in its own rows of the log.
        let rows = service.log(ana, "ana", 0, 1000).await.unwrap();
        assert!(rows.iter().any(|row| row.action == "accepted" && row.reason.contains(IRELAND)), "{rows:?}");
        let opened = service.open_return(ireland, IRELAND, "ana", september, 1).await.unwrap();
        assert_eq!(opened.received.sha256, told.sha256);
        assert_eq!(opened.document["rows"].as_array().unwrap().len(), 2);
        assert_eq!(opened.receipt, envelope);
        let expected = service.expected(ireland, IRELAND, TODAY).await.unwrap();
        let standing: Vec<_> = expected.iter().map(|one| (one.period.to_string(), one.standing, one.owed)).collect();
        assert_eq!(
            standing,
            [("2026-10".to_owned(), Standing::Open, None), ("2026-09".to_owned(), Standing::Late, Some(told.owed))]
        );
        assert_eq!(service.store().verify(&all(), "ana").await.unwrap(), 5);
        assert!(service.check_log().await.unwrap().is_ok());
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_change_end_and_are_made_at_once() {
    for address in addresses("register").await {
        let town = town(&address).await;
        let Town { service, ireland, ana, ben, .. } = &town;
        let number = town.register(ana, "IE 1").await;
        // What another has is not taken twice.
        let Err(Error::Fields(told)) = town.apply(ben, &new("IE 1")).await else { panic!("must be refused") };
        assert_eq!((told[0].field.as_str(), &told[0].fault), ("tax_number", &Fault::Taken));
        assert!(matches!(town.apply(ana, &new("IE 1")).await, Err(Error::Stands(_))), "registered already");
        // From now on the checks decide.
        let mut form = service.form(IRELAND).await.unwrap().1;
        form.decision = Decision::AtOnce;
        form.months = Some(24);
        form.checks.push(Check::NotAmong { field: "home_country".into(), values: vec!["CN".into()] });
        service.set_form(ireland, IRELAND, &form, now()).await.unwrap();
        let mut from_elsewhere = new("IE 9");
        from_elsewhere.answers.insert("home_country".into(), "CN".into());
        let Err(Error::Fields(told)) = town.apply(ben, &from_elsewhere).await else { panic!("must be refused") };
        assert_eq!(told[0].fault, Fault::Refused("CN".into()));
        let at_once = town.apply(ben, &new("IE 2")).await.unwrap();
        assert_eq!((at_once.state, at_once.decided_by.as_deref()), (State::Accepted, Some("the checks of the form")));
        let other = at_once.number.unwrap();
        assert_eq!((number.as_str(), other.as_str()), ("IM3720000001", "IM3720000002"));
        let registration = service.past(ben, "ben").await.unwrap().registration("eu.ioss").cloned().unwrap();
        assert_eq!(registration.before, Some(date(2028, 9, 1)));
        // Other particulars, then the end.
        let mut change = Asked { kind: Kind::Change, answers: answers("IE 2"), day: None };
        change.answers.insert("email".into(), "new@shop.example".into());
        assert_eq!(town.apply(ben, &change).await.unwrap().state, State::Accepted);
        let vendors = service.vendors(ireland, IRELAND).await.unwrap();
        let row = vendors.iter().find(|one| one.seller == "ben").unwrap();
        assert_eq!((row.answers["email"].as_str(), row.number.as_str()), ("new@shop.example", other.as_str()));
        let end = Asked { kind: Kind::End, answers: Answers::new(), day: Some(date(2026, 12, 1)) };
        let sent = town.apply(ben, &end).await.unwrap();
        assert_eq!(sent.state, State::Sent, "an end an officer sees");
        service.decide(ireland, &sent.id, &Verdict::Accept { number: None, from: None }, now()).await.unwrap();
        let row = service.vendors(ireland, IRELAND).await.unwrap().into_iter().find(|one| one.seller == "ben").unwrap();
        assert_eq!(row.before, Some(date(2026, 12, 1)));
        assert_eq!(row.answers["email"], "new@shop.example", "the particulars stay");
        assert_eq!(
            service.past(ben, "ben").await.unwrap().registration("eu.ioss").unwrap().before,
            Some(date(2026, 12, 1))
        );
        // September, October and November are owed, and nothing after the end.
        let later = date(2027, 3, 1);
        let owed = service.expected(ireland, IRELAND, later).await.unwrap();
        assert_eq!(owed.iter().filter(|one| one.seller == "ben").count(), 3);
        // A form that cannot work is refused whole.
        let broken =
            Form { numbers: Some("IM372{6}".into()), checks: vec![Check::Unique { field: "shoe".into() }], ..form };
        let Err(Error::Form(faults)) = service.set_form(ireland, IRELAND, &broken, now()).await else {
            panic!("must be refused")
        };
        assert_eq!(faults.iter().map(|one| one.at.as_str()).collect::<Vec<_>>(), ["checks[0].field", "numbers"]);
        // Withdrawn, it can be sent again.
        let sent =
            town.apply(ana, &Asked { kind: Kind::End, answers: Answers::new(), day: Some(TODAY) }).await.unwrap();
        service.withdraw(ana, "ana", &sent.id, now()).await.unwrap();
        assert!(matches!(service.withdraw(ana, "ana", &sent.id, now()).await, Err(Error::Stands(_))));
        assert!(matches!(service.withdraw(ben, "ben", &sent.id, now()).await, Err(Error::Nothing(_))));
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_over_the_border_is_held_against_what_was_declared() {
    for address in addresses("border").await {
        let town = town(&address).await;
        let Town { service, ireland, ana, ben, .. } = &town;
        let (anas, bens) = (town.register(ana, "IE 1").await, town.register(ben, "IE 2").await);
        // Handed in by a seller whose ledger is elsewhere.
        let book = |number: &str, rows: &str, owed: &str| {
            format!(
                r#"{{"version":1,"scheme":"eu.ioss","number":"{number}","period":"2026-09","currency":"EUR","rows":[{rows}],"owed":"{owed}"}}"#
            )
        };
        let rows = r#"{"member_state":"NL","rate":"21 %","net":"1000","tax":"210"},{"member_state":"FR","rate":"20 %","net":"500","tax":"100"},{"member_state":"EE","rate":"24 %","net":"50","tax":"12"}"#;
        let says = |what: Result<_, Error>| match what {
            Err(Error::Wrong(says)) => says,
            other => panic!("{other:?}"),
        };
        let wrong = service.hand_in(ana, "ana", &book(&anas, rows, "300"), now(), TODAY).await;
        assert!(says(wrong).contains("make 322"));
        let wrong = service.hand_in(ana, "ana", &book(&bens, rows, "322"), now(), TODAY).await;
        assert!(says(wrong).contains(&anas), "the number of another");
        assert!(says(service.hand_in(ana, "ana", "{", now(), TODAY).await).contains("no return"));
        let (first, _) = service.hand_in(ana, "ana", &book(&anas, rows, "322"), now(), TODAY).await.unwrap();
        assert_eq!(first.n, 1);

        let file = format!(
            "number,month,buyer,currency,consignments,value\n\
             {anas},2026-09,NL,EUR,20,980.50\n{anas},2026-09,NL,EUR,1,10\n{anas},2026-09,FR,EUR,30,900\n{anas},2026-09,DE,EUR,5,75\n\
             {anas},2026-09,IE,USD,1,20\n{anas},2026-10,NL,EUR,4,44\n{anas},2026-07,NL,EUR,2,20\nIM3720000991,2026-09,NL,EUR,7,700\n"
        );
        let bad = service.upload_border(ireland, IRELAND, "bad.csv", b"number,month,buyer,currency,consignments,value\nX,2026-13,NL,EUR,1,1\nX,2026-09,nl,EUR,1,1\nX,2026-09,NL,EUR,1,1e5\n", now()).await;
        let Err(Error::Lines(lines)) = bad else { panic!("must be refused") };
        assert_eq!(lines.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4], "{lines:?}");
        let taken = service.upload_border(ireland, IRELAND, "september.csv", file.as_bytes(), now()).await.unwrap();
        assert_eq!(taken.lines, 8);
        let found = async || service.compare(ireland, IRELAND, date(2026, 7, 1), date(2026, 10, 31), 5).await.unwrap();
        let told: BTreeSet<(String, String, String, Finding)> = found()
            .await
            .into_iter()
            .map(|one| (one.number, one.period.to_string(), one.buyer.unwrap_or_default(), one.finding))
            .collect();
        let of = |number: &str, period: &str, buyer: &str, finding| {
            (number.to_owned(), period.to_owned(), buyer.to_owned(), finding)
        };
        assert_eq!(
            told,
            BTreeSet::from([
                of(&anas, "2026-09", "NL", Finding::Agrees),
                of(&anas, "2026-09", "FR", Finding::Less),
                of(&anas, "2026-09", "DE", Finding::NothingDeclared),
                of(&anas, "2026-09", "IE", Finding::NotCompared),
                of(&anas, "2026-09", "EE", Finding::NothingSeen),
                of(&anas, "2026-10", "NL", Finding::NoReturn),
                of(&anas, "2026-07", "NL", Finding::OutsideRegistration),
                of("IM3720000991", "2026-09", "NL", Finding::NotRegistered),
            ])
        );
        let french = found().await.into_iter().find(|one| one.finding == Finding::Less).unwrap();
        assert_eq!((french.border.to_string(), french.difference.unwrap().to_string()), ("900".into(), "-400".into()));
        // The same file again changes nothing, and an amended return puts it right.
        let before = found().await;
        service.upload_border(ireland, IRELAND, "september.csv", file.as_bytes(), now()).await.unwrap();
        assert_eq!(found().await, before);
        let amended = rows.replace(r#""net":"500","tax":"100""#, r#""net":"900","tax":"180""#);
        let (second, _) = service.hand_in(ana, "ana", &book(&anas, &amended, "402"), now(), TODAY).await.unwrap();
        assert_eq!(second.n, 2);
        assert!(found().await.iter().all(|one| one.finding != Finding::Less));
        service.store().close().await;
    }
}

fn corrected(document: &str, of: &str, day: &str, rate: &str, net: &str, tax: &str) -> Event {
    let event = serde_json::json!({ "kind": "correction", "document": document, "date": day, "of": of, "reason": "wrong", "amend": true,
        "rows": [{ "charge": "eu.vat", "scheme": "eu.ioss", "rate": rate, "net": net, "amount": tax }] });
    serde_json::from_value(event).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_sends_differences_and_the_authority_has_the_sum() {
    for address in addresses("amended").await {
        let town = town(&address).await;
        let Town { service, ireland, ana, ben, keeper, .. } = &town;
        let number = town.register(ana, "IE 1").await;
        let sales = [
            sale("A-1", "2026-09-05", "NL", "100", "21 %", "21"),
            sale("A-2", "2026-09-06", "FR", "500", "20 %", "100"),
            sale("A-3", "2026-09-07", "DE", "50", "19 %", "9.50"),
        ];
        service.record(ana, "ana", &sales, now()).await.unwrap();
        let (september, book) = ("2026-09".parse().unwrap(), tidewaiter_data::ratebook());
        let amend = async || service.send_amendment(ana, "ana", "eu.ioss", september, book, now(), TODAY).await;
        let says = |what: Result<_, Error>| match what {
            Err(Error::Stands(says)) => says,
            other => panic!("{other:?}"),
        };
        assert!(says(amend().await).contains("none to amend"));
        let (first, _) = service.send_return(ana, "ana", "eu.ioss", september, book, now(), TODAY).await.unwrap();
        assert_eq!((first.owed.to_string().as_str(), first.added_to), ("130.5", None));
        assert!(says(amend().await).contains("nothing of September 2026 waits"));

        // France was more, the Netherlands less, and Germany nothing at all.
        let found = [
            corrected("K-1", "A-2", "2026-11-01", "20 %", "400", "80"),
            corrected("K-2", "A-1", "2026-11-02", "21 %", "-20", "-4.20"),
            corrected("K-3", "A-3", "2026-11-02", "19 %", "-50", "-9.50"),
        ];
        service.record(ana, "ana", &found, now()).await.unwrap();
        for stranger in [ben, ireland, keeper] {
            is_not_yours(service.draft_amendment(stranger, "ana", "eu.ioss", september, book).await);
            is_not_yours(service.send_amendment(stranger, "ana", "eu.ioss", september, book, now(), TODAY).await);
        }
        let made = service.draft_amendment(ana, "ana", "eu.ioss", september, book).await.unwrap();
        assert_eq!(made.amends.as_deref(), Some("eu.ioss 2026-09"));
        // Differences alone: what goes to one state does not pay for another.
        assert_eq!((made.owed.unwrap().to_string(), made.back.to_string()), ("80".into(), "13.7".into()));
        let (second, envelope) = amend().await.unwrap();
        assert_eq!(
            (second.n, second.added_to, second.owed.to_string().as_str()),
            (2, Some(1), "196.8"),
            "16.80 and 180"
        );
        assert!(receipt::open(&envelope, &key().public()).is_some());
        assert!(says(amend().await).contains("nothing of September 2026 waits"), "it was taken");

        // The ledger has it as an event, and what was received is what the ledger hashed.
        let entries = service.entries(ana, "ana", 0, 100).await.unwrap();
        let Event::Amendment(event) = &entries.last().unwrap().event else { panic!("{entries:?}") };
        assert_eq!((event.document.as_str(), event.of.as_str()), ("eu.ioss 2026-09 amended 1", "eu.ioss 2026-09"));
        assert_eq!((&event.sha256, event.reference.as_deref()), (&second.sha256, Some(second.reference.as_str())));
        service.store().verify(&all(), "ana").await.unwrap();

        // The officer sees the differences, and the sum.
        let opened = service.open_return(ireland, IRELAND, "ana", september, 2).await.unwrap();
        assert_eq!(opened.document["amends"], "eu.ioss 2026-09");
        let together = opened.together.expect("is told");
        let french = together.rows.iter().find(|row| row.member_state.as_deref() == Some("FR")).unwrap();
        assert_eq!((french.net.to_string(), french.tax.to_string()), ("900".into(), "180".into()));
        assert_eq!(together.faults(&all()["eu.ioss"]).unwrap(), Vec::<String>::new(), "the sum is a return that fits");
        let opened = service.open_return(ireland, IRELAND, "ana", september, 1).await.unwrap();
        assert_eq!((opened.together, opened.received.owed), (None, first.owed));
        let expected = service.expected(ireland, IRELAND, TODAY).await.unwrap();
        let told = expected.iter().find(|one| one.period == september).unwrap();
        assert_eq!((told.versions, told.owed), (2, Some(second.owed)));

        // What came over the border agrees with the sum, and with neither alone.
        let file = format!(
            "number,month,buyer,currency,consignments,value\n{number},2026-09,NL,EUR,2,80\n{number},2026-09,FR,EUR,9,900\n"
        );
        service.upload_border(ireland, IRELAND, "september.csv", file.as_bytes(), now()).await.unwrap();
        let found = async || {
            let all = service.compare(ireland, IRELAND, date(2026, 9, 1), date(2026, 9, 30), 0).await.unwrap();
            all.into_iter().map(|one| (one.buyer.unwrap_or_default(), one.finding)).collect::<BTreeSet<_>>()
        };
        let agrees = BTreeSet::from([("NL".to_owned(), Finding::Agrees), ("FR".to_owned(), Finding::Agrees)]);
        assert_eq!(found().await, agrees, "Germany has nothing on either side");

        // A second amendment is added to the sum.
        service
            .record(ana, "ana", &[corrected("K-4", "A-1", "2026-11-03", "21 %", "10", "2.10")], now())
            .await
            .unwrap();
        let (third, _) = amend().await.unwrap();
        assert_eq!((third.n, third.added_to, third.owed.to_string().as_str()), (3, Some(2), "198.9"));
        assert!(found().await.contains(&("NL".to_owned(), Finding::More)));

        // A whole return that is handed in takes the place of all before it …
        let whole = format!(
            r#"{{"version":1,"scheme":"eu.ioss","number":"{number}","period":"2026-09","currency":"EUR","rows":[{{"member_state":"NL","rate":"21 %","net":"80","tax":"16.80"}}],"owed":"16.80"}}"#
        );
        let (fourth, _) = service.hand_in(ana, "ana", &whole, now(), TODAY).await.unwrap();
        assert_eq!((fourth.n, fourth.added_to, fourth.owed.to_string().as_str()), (4, None, "16.8"));
        assert!(found().await.contains(&("FR".to_owned(), Finding::NothingDeclared)));
        // … and differences of the ledger are not added to it: they belong to another return.
        service
            .record(ana, "ana", &[corrected("K-5", "A-1", "2026-11-03", "21 %", "10", "2.10")], now())
            .await
            .unwrap();
        assert!(says(amend().await).contains("number 4"));
        assert_eq!(
            service.entries(ana, "ana", 0, 100).await.unwrap().len(),
            entries.len() + 3,
            "nothing of it is kept"
        );
        // Differences can be handed in as well, once.
        let difference = whole.replace("\"rows\"", "\"amends\":\"mine\",\"rows\"");
        let (fifth, _) = service.hand_in(ana, "ana", &difference, now(), TODAY).await.unwrap();
        assert_eq!((fifth.n, fifth.added_to, fifth.owed.to_string().as_str()), (5, Some(4), "33.6"));
        assert!(says(service.hand_in(ana, "ana", &difference, now(), TODAY).await).contains("not added twice"));
        let stray = difference.replace("2026-09", "2026-10");
        assert!(says(service.hand_in(ana, "ana", &stray, now(), TODAY).await).contains("hand in the whole return"));
        assert!(service.check_log().await.unwrap().is_ok());
        service.store().close().await;
    }
}

/// A return that was sent elsewhere is amended there.
#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_goes_where_the_return_went() {
    let address = addresses("elsewhere").await.swap_remove(0);
    let town = town(&address).await;
    let Town { service, ana, .. } = &town;
    town.register(ana, "IE 1").await;
    let filed = serde_json::json!({ "kind": "return", "document": "elsewhere", "scheme": "eu.ioss", "period": "2026-09", "date": "2026-10-05",
        "owed": "21", "currency": "EUR", "sha256": "0".repeat(64) });
    let events = [
        sale("A-1", "2026-09-05", "NL", "100", "21 %", "21"),
        serde_json::from_value(filed).unwrap(),
        corrected("K-1", "A-1", "2026-11-01", "21 %", "100", "21"),
    ];
    service.record(ana, "ana", &events, now()).await.unwrap();
    let (september, book) = ("2026-09".parse().unwrap(), tidewaiter_data::ratebook());
    let refused = service.send_amendment(ana, "ana", "eu.ioss", september, book, now(), TODAY).await;
    assert!(matches!(&refused, Err(Error::Stands(says)) if says.contains("where you sent the return")), "{refused:?}");
    assert_eq!(
        service.draft_amendment(ana, "ana", "eu.ioss", september, book).await.unwrap().owed,
        Some("21".parse().unwrap())
    );
    service.store().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_at_any_write_an_amendment_is_sent_whole_or_not_at_all() {
    for address in addresses("half_amended").await {
        let town = town(&address).await;
        town.register(&town.ana, "IE 1").await;
        let (september, book) = ("2026-09".parse().unwrap(), tidewaiter_data::ratebook());
        let sold = sale("A-1", "2026-09-05", "NL", "100", "21 %", "21");
        town.service.record(&town.ana, "ana", &[sold], now()).await.unwrap();
        town.service.send_return(&town.ana, "ana", "eu.ioss", september, book, now(), TODAY).await.unwrap();
        let found = corrected("K-1", "A-1", "2026-11-01", "21 %", "100", "21");
        town.service.record(&town.ana, "ana", &[found], now()).await.unwrap();
        let mut stops = 0;
        loop {
            let faults = Faults::default();
            faults.arm(move |n, _| n >= stops);
            let breaking = service(Store::of(Box::new(FaultyDatabase(db::open(&address).await.unwrap(), faults))));
            let done = breaking.send_amendment(&town.ana, "ana", "eu.ioss", september, book, now(), TODAY).await;
            breaking.store().close().await;
            let received = town.service.sent(&town.ana, "ana").await.unwrap().len() == 2;
            let sendings = town.service.store().sendings("ana", "eu.ioss", september).await.unwrap();
            assert_eq!(received, sendings.later.len() == 1, "stop {stops}");
            assert!(done.is_err() || received, "stop {stops}");
            assert!(town.service.check_log().await.unwrap().is_ok(), "stop {stops}");
            town.service.store().verify(&all(), "ana").await.unwrap();
            if received {
                break;
            }
            stops += 1;
            assert!(stops < 100, "it never comes through");
        }
        assert!(stops > 3, "only {stops} points");
        town.service.store().close().await;
    }
}

/// What each role is meant to do, written down here from what was asked for and not from the program: its own seller's or authority's
/// things (`own`), everybody's (`any`), nothing where it is not named.
fn meant(role: Role, operation: Operation) -> Reach {
    use Operation as O;
    let own: &[Operation] = match role {
        Role::Seller => &[O::ReadLedger, O::Record, O::Apply, O::SendReturn, O::ExportLedger, O::OwnTokens, O::ReadLog],
        Role::Accountant => &[O::ReadLedger, O::ExportLedger, O::ReadLog],
        Role::Officer => &[O::ReadAuthority, O::Decide, O::SetForm, O::UploadBorder, O::ExportAuthority, O::ReadLog],
        Role::Inspector => &[O::ReadAuthority, O::ExportAuthority, O::ReadLog],
        Role::Keeper => &[],
    };
    let any: &[Operation] = if role == Role::Keeper { &[O::ReadLog, O::Admit, O::AllTokens] } else { &[] };
    match (own.contains(&operation), any.contains(&operation)) {
        (true, _) => Reach::Own,
        (_, true) => Reach::Any,
        _ => Reach::No,
    }
}

#[test]
fn the_whole_table_of_who_may_what() {
    assert_eq!(Operation::all().collect::<BTreeSet<_>>().len(), permission::TABLE.len(), "an operation stands twice");
    let mut asked = 0;
    for role in Role::ALL {
        let of = (role.side() != Side::House).then(|| "mine".to_owned());
        let caller = Caller { label: "Somebody".into(), role, of, token: "x".into() };
        for operation in Operation::all() {
            let reach = meant(role, operation);
            assert_eq!(caller.may(operation, "mine"), reach != Reach::No, "{role} {operation:?} own");
            for other in ["theirs", "", "min", "mine ", "Mine"] {
                assert_eq!(caller.may(operation, other), reach == Reach::Any, "{role} {operation:?} {other:?}");
                asked += 1;
            }
        }
    }
    assert_eq!(asked, 5 * 14 * 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_is_anothers() {
    for address in addresses("strangers").await {
        let town = town(&address).await;
        let Town { service, keeper, ireland, estonia, ana, ben } = &town;
        town.register(ana, "IE 1").await;
        service.record(ana, "ana", &[sale("A-1", "2026-09-05", "NL", "100", "21 %", "21")], now()).await.unwrap();
        let september = "2026-09".parse().unwrap();
        let book = tidewaiter_data::ratebook();
        let until = now().saturating_add(24.hours()).unwrap();
        let accountant = service.make_own_token(ana, "ana", "Carla", Role::Accountant, now(), until).await.unwrap();
        let carla = caller(service, &accountant).await;
        for stranger in [ben, ireland, estonia, keeper] {
            is_not_yours(service.past(stranger, "ana").await);
            is_not_yours(service.rates(stranger, "ana").await);
            is_not_yours(service.entries(stranger, "ana", 0, 10).await);
            is_not_yours(service.lines(stranger, "ana", "eu.ioss", september, (0, 0), 10).await);
            is_not_yours(service.open_returns(stranger, "ana", TODAY).await);
            is_not_yours(service.seller_name(stranger, "ana").await);
            is_not_yours(service.draft(stranger, "ana", "eu.ioss", september, book).await);
            is_not_yours(service.sent(stranger, "ana").await);
            is_not_yours(service.own_applications(stranger, "ana").await);
            is_not_yours(service.tokens(stranger, Some("ana")).await);
            is_not_yours(service.note_export(stranger, "ana", "x", now()).await);
        }
        for stranger in [ben, ireland, estonia, keeper, &carla] {
            is_not_yours(service.record(stranger, "ana", &[], now()).await);
            is_not_yours(service.apply(stranger, "ana", IRELAND, &new("IE 1"), &is_country, now(), TODAY).await);
            is_not_yours(service.withdraw(stranger, "ana", "ana-1", now()).await);
            is_not_yours(service.answer(stranger, "ana", "ana-1", &Answers::new(), &is_country, now(), TODAY).await);
            is_not_yours(service.send_return(stranger, "ana", "eu.ioss", september, book, now(), TODAY).await);
            is_not_yours(service.hand_in(stranger, "ana", "{}", now(), TODAY).await);
            is_not_yours(service.make_own_token(stranger, "ana", "Eve", Role::Seller, now(), until).await);
            is_not_yours(service.revoke(stranger, Some("ana"), "x", now()).await);
        }
        for stranger in [ana, ben, estonia, keeper, &carla] {
            is_not_yours(service.applications(stranger, IRELAND).await);
            is_not_yours(service.vendors(stranger, IRELAND).await);
            is_not_yours(service.expected(stranger, IRELAND, TODAY).await);
            is_not_yours(service.received(stranger, IRELAND).await);
            is_not_yours(service.border_files(stranger, IRELAND).await);
            is_not_yours(service.compare(stranger, IRELAND, TODAY, TODAY, 5).await);
            is_not_yours(service.upload_border(stranger, IRELAND, "x", b"", now()).await);
            is_not_yours(service.decide(stranger, "ana-1", &Verdict::Refuse { says: "no".into() }, now()).await);
            is_not_yours(service.set_form(stranger, IRELAND, &service.form(IRELAND).await.unwrap().1, now()).await);
        }
        for stranger in [ana, ben, ireland, estonia, &carla] {
            is_not_yours(service.make_token(stranger, "Eve", Role::Keeper, None, now(), until).await);
            is_not_yours(service.add_authority(stranger, "eu.ioss", Some("FR"), "France", now()).await);
            is_not_yours(service.add_seller(Some(stranger), "eve", "Eve", now(), until).await);
            is_not_yours(service.tokens(stranger, None).await);
            is_not_yours(service.revoke(stranger, None, "x", now()).await);
            is_not_yours(service.log(stranger, "", 0, 10).await);
        }
        // An application that there is not is refused as one of another is.
        is_not_yours(service.decide(estonia, "nobody-1", &Verdict::Refuse { says: "no".into() }, now()).await);
        // A seller's hand may not make itself an officer.
        assert!(matches!(
            service.make_own_token(ana, "ana", "Eve", Role::Officer, now(), until).await,
            Err(Error::Wrong(_))
        ));
        // The accountant reads; after the token is taken back she is nobody. So is one whose token has ended.
        assert_eq!(service.entries(&carla, "ana", 0, 10).await.unwrap().len(), 2);
        let listed = service.tokens(ana, Some("ana")).await.unwrap();
        assert!(
            listed.iter().any(|one| one.label == "Carla") && listed.iter().all(|one| one.of.as_deref() == Some("ana"))
        );
        service.revoke(ana, Some("ana"), &carla.token, now()).await.unwrap();
        assert!(service.caller(&accountant, now()).await.unwrap().is_none());
        for nonsense in ["", "twc_", "twc_x", &"twc_y".repeat(50)] {
            assert!(service.caller(nonsense, now()).await.unwrap().is_none());
        }
        assert!(
            matches!(service.revoke(ana, Some("ana"), &ben.token, now()).await, Err(Error::Nothing(_))),
            "another's token"
        );
        // Exports stand in the log, the log is whole, and each sees its own rows alone.
        service.note_export(ana, "ana", "ledger as CSV", now()).await.unwrap();
        let sold = [sale("U-1", "2026-09-05", "NL", "100", "21 %", "21")];
        service.record_file(ana, "ana", "sales.csv", &sold, now()).await.unwrap();
        is_not_yours(service.record_file(ben, "ana", "sales.csv", &sold, now()).await);
        let rows = service.log(ana, "ana", 0, 1000).await.unwrap();
        assert!(rows.iter().any(|row| row.action == "export" && row.reason == "ledger as CSV"));
        let is_upload = |row: &&tidewaiter_repository::store::audit::Row| {
            row.action == "upload-sales" && row.reason == "sales.csv: 1 recorded, 0 known"
        };
        assert_eq!(rows.iter().filter(is_upload).count(), 1, "{rows:?}");
        assert!(rows.iter().all(|row| row.object == "ana"));
        assert!(service.log(keeper, "", 0, 1000).await.unwrap().len() > rows.len());
        assert!(service.check_log().await.unwrap().is_ok());
        service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_nowhere_in_the_database() {
    let address = addresses("tokens").await.swap_remove(0);
    let service = service(Store::open(&address).await.unwrap());
    let until = now().saturating_add(24.hours()).unwrap();
    let mut tokens = vec![service.first_keeper("The keeper", now(), until).await.unwrap()];
    let keeper = caller(&service, &tokens[0]).await;
    tokens.push(service.add_seller(Some(&keeper), "ana", "Ana", now(), until).await.unwrap());
    service.store().close().await;
    let mut bytes = Vec::new();
    for suffix in ["", "-wal"] {
        bytes.extend(std::fs::read(format!("{address}{suffix}")).unwrap_or_default());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&tidewaiter_repository::sha256_hex(tokens[1].as_bytes())), "the hash is there");
    for token in &tokens {
        assert!(!holds(token) && !holds(token.trim_start_matches("twc_")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_at_any_write_a_return_is_sent_whole_or_not_at_all() {
    for address in addresses("half").await {
        let town = town(&address).await;
        town.register(&town.ana, "IE 1").await;
        town.service
            .record(&town.ana, "ana", &[sale("A-1", "2026-09-05", "NL", "100", "21 %", "21")], now())
            .await
            .unwrap();
        let months = ["2026-09", "2026-10"];
        let (mut stops, mut sent) = (0, 0);
        while sent < months.len() {
            let faults = Faults::default();
            faults.arm(move |n, _| n >= stops);
            let breaking = service(Store::of(Box::new(FaultyDatabase(db::open(&address).await.unwrap(), faults))));
            let period = months[sent].parse().unwrap();
            let done = breaking
                .send_return(&town.ana, "ana", "eu.ioss", period, tidewaiter_data::ratebook(), now(), TODAY)
                .await;
            breaking.store().close().await;
            // Both sides know of it, or neither; who was told so can rely on it.
            let received = town.service.sent(&town.ana, "ana").await.unwrap().iter().any(|one| one.period == period);
            let closed = town.service.past(&town.ana, "ana").await.unwrap().closed("eu.ioss") == Some(period);
            assert_eq!(received, closed, "stop {stops}");
            assert!(done.is_err() || received, "stop {stops}");
            assert!(town.service.check_log().await.unwrap().is_ok(), "stop {stops}");
            town.service.store().verify(&all(), "ana").await.unwrap();
            sent += usize::from(received);
            stops = if received { 0 } else { stops + 1 };
            assert!(stops < 100, "it never comes through");
        }
        town.service.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_beside_a_return_stands_in_it_or_in_the_next() {
    for address in addresses("beside").await {
        let town = std::sync::Arc::new(town(&address).await);
        town.register(&town.ana, "IE 1").await;
        let sales: Vec<Event> =
            (0..40).map(|n| sale(&format!("A-{n}"), "2026-09-05", "NL", "100", "21 %", "21")).collect();
        let writer = {
            let town = std::sync::Arc::clone(&town);
            tokio::spawn(async move {
                for one in sales {
                    town.service.record(&town.ana, "ana", &[one], now()).await.unwrap();
                }
            })
        };
        let september = "2026-09".parse().unwrap();
        let book = tidewaiter_data::ratebook();
        let (told, _) =
            town.service.send_return(&town.ana, "ana", "eu.ioss", september, book, now(), TODAY).await.unwrap();
        writer.await.unwrap();
        let october = town.service.draft(&town.ana, "ana", "eu.ioss", "2026-10".parse().unwrap(), book).await.unwrap();
        let all_of_it = told.owed.plus(october.owed.unwrap()).unwrap();
        assert_eq!(all_of_it.to_string(), "840", "40 sales of 21.00");
        // What was received is what the ledger makes again.
        let again = town.service.draft(&town.ana, "ana", "eu.ioss", september, book).await.unwrap();
        assert_eq!(again.owed, Some(told.owed));
        town.service.store().close().await;
    }
}

#[test]
fn numbers_are_made_with_their_check_digits() {
    let identifiers = Identifiers::read(tidewaiter_data::identifiers()).unwrap();
    let definitions = all();
    let definition = &definitions["gb.supplyvat"];
    let form = |numbers: &str| Form { numbers: Some(numbers.into()), ..Form::of(definition) };
    let made: BTreeSet<String> =
        (1..=200).map(|place| form("GB{7}{check}").number(definition, &identifiers, place).unwrap()).collect();
    assert_eq!(made.len(), 200, "no number twice");
    let valid = |number: &String| identifiers.look(&definition.scheme.number, number).unwrap().valid;
    assert!(made.iter().all(|number| number.len() == 11 && valid(number)), "{made:?}");
    for pattern in ["", "GB1234567", "GB{", "GB{x}", "GB{0}", "GB{99}", "GB{2}{check}", "GB{7}"] {
        assert!(form(pattern).number(definition, &identifiers, 1).is_err(), "{pattern}");
    }
    assert!(form("GB{1}234567{check}").number(definition, &identifiers, 10).is_err(), "the row is full");
}
