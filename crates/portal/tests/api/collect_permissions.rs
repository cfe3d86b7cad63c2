//! Who may do what: every private door, asked by everybody there is, held against a table that was written down from what each is there for.
//! A refusal tells nothing of what there is, and nothing of one seller or authority stands in an answer to another.

use crate::api::ask::Answer;
use crate::api::collect::*;
use crate::api::document::{HOUSE, operations};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tidewaiter_collect::service::Role;

/// Who asks. Those before [`SELLER_A`] have no token that counts.
const NAMES: [&str; 11] = [
    "nobody",
    "a wrong token",
    "a revoked one",
    "an expired one",
    "seller A",
    "accountant of A",
    "seller B",
    "officer of X",
    "inspector of X",
    "officer of Y",
    "keeper",
];
const SELLER_A: usize = 4;
const SELLER_B: usize = 6;
const OFFICER_Y: usize = 9;
const KEEPER: usize = 10;

/// A door about seller A or authority X, and who of the seven with a token may: seller A, accountant of A, seller B, officer of X, inspector of
/// X, officer of Y, keeper.
struct Row {
    door: (&'static str, &'static str),
    query: &'static str,
    /// A body: its kind and text.
    body: Option<(&'static str, &'static str)>,
    /// Which application, token or number.
    id: &'static str,
    may: [u8; 7],
}

const fn row(door: (&'static str, &'static str), may: [u8; 7]) -> Row {
    Row { door, query: "", body: None, id: "", may }
}

impl Row {
    const fn asked(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    const fn with(self, text: &'static str) -> Self {
        Self { body: Some((JSON, text)), ..self }
    }

    const fn file(self, text: &'static str) -> Self {
        Self { body: Some(("text/csv", text)), ..self }
    }

    const fn of(self, id: &'static str) -> Self {
        Self { id, ..self }
    }
}

/// Reads the books of A: the seller and its accountant.
const BOOKS: [u8; 7] = [1, 1, 0, 0, 0, 0, 0];
/// Acts for A: the seller alone.
const SELLER: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];
/// Reads what X has: whoever works there.
const STAFF: [u8; 7] = [0, 0, 0, 1, 1, 0, 0];
/// Acts for X: officers alone.
const OFFICER: [u8; 7] = [0, 0, 0, 1, 0, 0, 0];
/// Runs the house.
const HOUSEHOLD: [u8; 7] = [0, 0, 0, 0, 0, 0, 1];

/// The table. Rows come in an order in which each of them can be done: what is changed is changed by the one who may.
const TABLE: &[Row] = &[
    row(ME, [1, 1, 1, 1, 1, 1, 1]),
    // Seller A.
    row(ENTRIES, BOOKS),
    row(BALANCES, BOOKS),
    row(RETURNS, BOOKS),
    row(DRAFT, BOOKS),
    row(LINES, BOOKS),
    row(EXPORT, BOOKS).asked("shape=csv"),
    row(PUBLISH, BOOKS).asked("shape=hmrc-vat").with(r#"{"period_key":"18A1","final":true}"#),
    row(SENT, BOOKS),
    row(CALENDAR, BOOKS),
    row(APPLICATIONS, BOOKS),
    row(EVENTS, SELLER).with(
        r#"[{"kind":"sale","document":"A-SECRET-2","date":"2026-11-05","to":"FR","currency":"EUR","goods":"1","rows":[]}]"#,
    ),
    row(ORDERS, SELLER).with(
        r#"[{"document":"A-SECRET-3","date":"2026-11-05","terms":"dap","parcels":[{"from":"CN","to":"FR","currency":"EUR","channel":"post","seller":{"registrations":["eu.ioss"]},"items":[{"code":"6109.10","origin":"CN","price":"12.50"}]}]}]"#,
    ),
    row(SEND, SELLER),
    row(HAND_IN, SELLER).with(r#"{"scheme":"eu.ioss","number":"IM3720000010","period":"2026-09","currency":"EUR","owed":"0"}"#),
    row(APPLY, SELLER).with(r#"{"authority":"eu.ioss.IE","asked":{"kind":"change","answers":{"legal_name":"Alpha Mugs II"}}}"#),
    row(ANSWER, SELLER).of("alpha-2").with(r#"{"answers":{"legal_name":"Alpha Mugs III"}}"#),
    row(WITHDRAW, SELLER).of("alpha-2"),
    row(OWN_TOKENS, SELLER),
    row(MAKE_OWN, SELLER).with(r#"{"label":"Alpha's helper","role":"accountant"}"#),
    row(REVOKE_OWN, SELLER).of("OWN"),
    // What was done with what is A's: A's people, and who runs the house.
    row(OWN_LOG, [1, 1, 0, 0, 0, 0, 1]),
    // Authority X.
    row(APPLICATIONS_TO, STAFF),
    row(VENDORS, STAFF),
    row(VENDORS_FILE, STAFF),
    row(EXPECTED, STAFF),
    row(RECEIVED, STAFF),
    row(OPENED, STAFF),
    row(BORDER, STAFF),
    row(DIFFERENCES, STAFF).asked("from=2026-09-01&to=2026-10-31"),
    row(SET_FORM, OFFICER).with(
        r#"{"fields":[{"key":"legal_name","label":"Legal name","kind":"text"}],"decision":"officer","numbers":"IM372{6}{check}"}"#,
    ),
    row(DECIDE, OFFICER).of("gamma-1").with(r#"{"decision":"refuse","says":"X-SECRET: no"}"#),
    row(UPLOAD, OFFICER).asked("name=X-SECRET-2.csv").file("number,month,buyer,currency,consignments,value\n"),
    row(AUTHORITY_LOG, [0, 0, 0, 1, 1, 0, 1]),
    // The house.
    row(TOKENS, HOUSEHOLD),
    row(LOG, HOUSEHOLD),
    row(ADMIT, HOUSEHOLD).with(r#"{"scheme":"eu.ioss","member_state":"DE","name":"Zoll"}"#),
    row(SIGN_UP, HOUSEHOLD).with(r#"{"id":"delta","name":"Delta"}"#),
    row(MAKE, HOUSEHOLD).with(r#"{"label":"Desk 9","role":"inspector","of":"eu.ioss.NL"}"#),
    row(REVOKE, HOUSEHOLD).of("ANY"),
];

/// Doors that everybody may ask.
const PUBLIC: [(&str, &str); 2] = [AUTHORITIES, FORM];

/// What is A's alone, but for the authority it is registered with.
const OF_A: [&str; 4] = ["Alpha", "alpha", "IM3720000010", "1234"];
/// What stays in A's books.
const BOOKS_OF_A: &str = "A-SECRET";
/// What is X's alone.
const OF_X: [&str; 2] = ["X-SECRET", "Desk of X"];

/// A house with sellers alpha (A), beta (B) and gamma, authorities eu.ioss.IE (X) and eu.ioss.NL (Y).
struct Peopled {
    there: There,
    tokens: Vec<Option<String>>,
    /// A token of A's own people and one of anybody, to revoke.
    revoked: [String; 2],
}

async fn peopled() -> Peopled {
    let there = There::new(false).await;
    let keeper = there.keeper.clone();
    let post =
        |door: (&'static str, &'static str), parts: Vec<(&'static str, &'static str)>, token: String, body: Value| {
            let there = &there;
            async move {
                let body = Some((JSON, body.to_string())).filter(|(_, text)| text != "null");
                let answer = there.ask(door, &parts, "", Some(&token), body).await;
                assert!(answer.status < 300, "{door:?}: {}", answer.text());
                answer.json()
            }
        };
    for (state, name) in [("IE", "Authority X"), ("NL", "Authority Y")] {
        post(ADMIT, vec![], keeper.clone(), json!({ "scheme": "eu.ioss", "member_state": state, "name": name })).await;
    }
    for (id, name) in [("alpha", "Alpha Mugs"), ("beta", "Beta Cups"), ("gamma", "Gamma")] {
        post(SIGN_UP, vec![], keeper.clone(), json!({ "id": id, "name": name })).await;
    }
    let now = Timestamp::now();
    let (seller_a, seller_b) = (
        token(&there, "Alpha herself", Role::Seller, Some("alpha"), now).await,
        token(&there, "Beta", Role::Seller, Some("beta"), now).await,
    );
    let gamma = token(&there, "Gamma", Role::Seller, Some("gamma"), now).await;
    let officer_x = token(&there, "Desk of X", Role::Officer, Some("eu.ioss.IE"), now).await;
    let officer_y = token(&there, "Desk of Y", Role::Officer, Some("eu.ioss.NL"), now).await;
    let tokens = vec![
        None,
        Some(format!("twc_{}", "A".repeat(43))),
        Some(token(&there, "Alpha before", Role::Seller, Some("alpha"), now).await),
        Some(token(&there, "Alpha long ago", Role::Seller, Some("alpha"), now - 48.hours()).await),
        Some(seller_a.clone()),
        Some(token(&there, "Alpha's books", Role::Accountant, Some("alpha"), now).await),
        Some(seller_b.clone()),
        Some(officer_x.clone()),
        Some(token(&there, "Desk of X, reading", Role::Inspector, Some("eu.ioss.IE"), now).await),
        Some(officer_y.clone()),
        Some(keeper.clone()),
    ];
    for (authority, officer) in [("eu.ioss.IE", &officer_x), ("eu.ioss.NL", &officer_y)] {
        let numbers = if authority == "eu.ioss.IE" { "IM372{6}{check}" } else { "IM528{6}{check}" };
        let form =
            json!({ "fields": [{ "key": "legal_name", "label": "Legal name", "kind": "text" }], "numbers": numbers });
        post(SET_FORM, vec![("authority", authority)], officer.clone(), form).await;
    }
    for (seller, id, authority, token, officer) in [
        ("alpha", "alpha-1", "eu.ioss.IE", &seller_a, &officer_x),
        ("beta", "beta-1", "eu.ioss.NL", &seller_b, &officer_y),
    ] {
        let asked = json!({ "kind": "new", "day": "2026-09-01", "answers": { "legal_name": seller } });
        let body = json!({ "authority": authority, "asked": asked });
        post(APPLY, vec![("seller", seller)], token.clone(), body).await;
        post(DECIDE, vec![("authority", authority), ("id", id)], officer.clone(), json!({ "decision": "accept" }))
            .await;
    }
    let sale = json!([
        { "kind": "registration", "document": "A-SECRET-0", "scheme": "gb.supplyvat", "number": "GB831495816", "from": "2026-07-01" },
        { "kind": "sale", "document": "A-SECRET-1", "date": "2026-09-05", "to": "FR", "currency": "EUR", "goods": "1234.00",
        "rows": [{ "charge": "eu.vat", "scheme": "eu.ioss", "rate": "20 %", "rate_type": "standard", "net": "1234.00", "amount": "246.80" }] }]);
    post(EVENTS, vec![("seller", "alpha")], seller_a.clone(), sale).await;
    let period = vec![("seller", "alpha"), ("scheme", "eu.ioss"), ("period", "2026-09")];
    post(SEND, period, seller_a.clone(), Value::Null).await;
    let asked = json!({ "kind": "new", "answers": { "legal_name": "Gamma" } });
    post(APPLY, vec![("seller", "gamma")], gamma, json!({ "authority": "eu.ioss.IE", "asked": asked })).await;
    let border = "number,month,buyer,currency,consignments,value\nIM3720000010,2026-09,FR,EUR,3,900.00\n".to_owned();
    let x = [("authority", "eu.ioss.IE")];
    let file = there.ask(UPLOAD, &x, "name=X-SECRET.csv", Some(&officer_x), Some(("text/csv", border))).await;
    assert_eq!(file.status, 201, "{}", file.text());
    let mut revoked = Vec::new();
    for label in ["Alpha's other", "Alpha's third"] {
        let made = token(&there, label, Role::Accountant, Some("alpha"), now).await;
        revoked.push(there.ask(ME, &[], "", Some(&made), None).await.json()["token"].as_str().unwrap().to_owned());
    }
    let before = tokens[2].clone().unwrap();
    let before = there.ask(ME, &[], "", Some(&before), None).await.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(there.ask(REVOKE, &[("id", &before)], "", Some(&keeper), None).await.status, 204);
    Peopled { there, tokens, revoked: revoked.try_into().unwrap() }
}

/// About whom a door is asked.
#[derive(Clone, Copy, PartialEq)]
enum About {
    /// Seller A and authority X.
    Them,
    /// A seller and an authority that there are not.
    Nobody,
    /// Seller B and authority Y.
    Others,
}

impl Peopled {
    async fn ask(&self, row: &Row, who: usize, about: About) -> Answer {
        let (seller, authority) = match about {
            About::Them => ("alpha", "eu.ioss.IE"),
            About::Nobody => ("nobody-here", "eu.ioss.QQ"),
            About::Others => ("beta", "eu.ioss.NL"),
        };
        // October is the next return of A; September was sent.
        let (scheme, period) = match row.door {
            SENT | OPENED => ("eu.ioss", "2026-09"),
            PUBLISH => ("gb.supplyvat", "2026-Q3"),
            _ => ("eu.ioss", "2026-10"),
        };
        let id = match (row.id, about) {
            ("OWN", About::Them) => self.revoked[0].as_str(),
            ("ANY", About::Them) => self.revoked[1].as_str(),
            (id, About::Them) => id,
            (_, About::Others) => "beta-1",
            _ => "nobody-here-1",
        };
        let parts = [
            ("seller", seller),
            ("authority", authority),
            ("scheme", scheme),
            ("period", period),
            ("n", "1"),
            ("id", id),
        ];
        let body = row.body.map(|(kind, text)| (kind, text.to_owned()));
        self.there.ask(row.door, &parts, row.query, self.tokens[who].as_deref(), body).await
    }
}

#[test]
fn the_table_has_every_kind_of_caller_and_no_door_twice() {
    let doors: BTreeSet<_> = TABLE.iter().map(|row| row.door).collect();
    assert_eq!(doors.len(), TABLE.len());
    assert_eq!(NAMES.len(), SELLER_A + TABLE[0].may.len());
    assert_eq!((NAMES[SELLER_B], NAMES[OFFICER_Y], NAMES[KEEPER]), ("seller B", "officer of Y", "keeper"));
}

#[tokio::test]
async fn every_door_lets_in_whom_it_should_and_nobody_else() {
    let peopled = peopled().await;
    let said: BTreeSet<(String, String)> = operations(&peopled.there.document)
        .into_iter()
        .filter(|(path, ..)| path.starts_with(HOUSE))
        .map(|(path, method, _)| (method.to_uppercase(), path.to_owned()))
        .collect();
    let own = |door: (&str, &str)| (door.0.to_owned(), door.1.to_owned());
    let walked: BTreeSet<_> = TABLE.iter().map(|row| own(row.door)).chain(PUBLIC.map(own)).collect();
    assert_eq!(walked, said, "every door that there is stands in the table");
    let (mut refused, mut let_in) = (0, 0);
    for row in TABLE {
        // Those who may come last: what they change is still there while the others try.
        let mut order: Vec<usize> = (0..NAMES.len()).collect();
        order.sort_by_key(|who| who.checked_sub(SELLER_A).is_some_and(|at| row.may[at] == 1));
        for who in order {
            let what = format!("{} asks {} {}", NAMES[who], row.door.0, row.door.1);
            let wanted = match who.checked_sub(SELLER_A) {
                // Signing up needs no token where it is open; here it is closed to those without one.
                None if who == 0 && row.door == SIGN_UP => Some(403),
                None => Some(401),
                Some(at) if row.may[at] == 0 => Some(403),
                Some(_) => None,
            };
            // What is refused is tried first, and changes nothing for those who may.
            let answer = peopled.ask(row, who, About::Them).await;
            let text = answer.text();
            match wanted {
                Some(status) => {
                    assert_eq!(answer.status, status, "{what}: {text}");
                    let other = peopled.ask(row, who, About::Nobody).await;
                    assert_eq!((other.status, other.body), (answer.status, answer.body), "{what}: tells what there is");
                    refused += 1;
                }
                None => {
                    // An answer to what is not asked: the officer asks nothing of an application that just came.
                    let asked_nothing = row.door == ANSWER && answer.status == 409;
                    assert!((200..300).contains(&answer.status) || asked_nothing, "{what}: {} {text}", answer.status);
                    let_in += 1;
                }
            }
            silent(&what, row, who, wanted.is_none(), &text);
        }
    }
    assert_eq!(
        (refused, let_in),
        (TABLE.len() * NAMES.len() - let_in, TABLE.iter().flat_map(|row| row.may).map(usize::from).sum())
    );
    assert!(peopled.there.service().check_log().await.unwrap().is_ok());
}

/// Nothing of others stands in an answer.
fn silent(what: &str, row: &Row, who: usize, let_in: bool, text: &str) {
    // Hashes and names of tokens may hold any digits by chance.
    let is_hash = |part: &str| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let text: String =
        parts.filter(|part| !is_hash(part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()))).collect();
    let none = |words: &[&str]| {
        for word in words {
            assert!(!text.contains(word), "{what}: \"{word}\" is in {text}");
        }
    };
    let is_of_a = (SELLER_A..SELLER_B).contains(&who);
    if !let_in || who == SELLER_B || who == OFFICER_Y {
        none(&OF_A);
        none(&OF_X);
    }
    if !is_of_a {
        none(&[BOOKS_OF_A]);
    }
    if is_of_a {
        // What X wrote down for itself is not A's; that an officer decided is.
        none(&["X-SECRET"]);
    }
    if who == KEEPER && row.door != LOG {
        none(&["1234", "246.8"]);
    }
}

#[tokio::test]
async fn of_their_own_others_see_nothing_of_a_and_x() {
    let peopled = peopled().await;
    let mut seen = 0;
    for row in TABLE.iter().filter(|row| row.door.0 == "GET") {
        for who in [SELLER_B, OFFICER_Y] {
            let answer = peopled.ask(row, who, About::Others).await;
            let what = format!("{} asks {} {}", NAMES[who], row.door.0, row.door.1);
            // Where somebody of A or X may for A or X, somebody of B or Y may for B or Y.
            let at = if who == SELLER_B { 0 } else { 3 };
            let allowed = row.may[at] == 1;
            let there_is_one = ![SENT, OPENED].contains(&row.door);
            let wanted = match (allowed, there_is_one) {
                (false, _) => 403,
                (true, true) => 200,
                (true, false) => 404,
            };
            assert_eq!(answer.status, wanted, "{what}: {}", answer.text());
            silent(&what, row, who, allowed, &answer.text());
            seen += usize::from(answer.status == 200);
        }
    }
    assert!(seen > 15, "{seen} answers were looked at");
    // An application of X through the doors of Y, a return of A through those of B.
    for (row, who, parts) in [
        (DECIDE, OFFICER_Y, vec![("authority", "eu.ioss.NL"), ("id", "gamma-1")]),
        (ANSWER, SELLER_B, vec![("seller", "beta"), ("id", "alpha-1")]),
        (WITHDRAW, SELLER_B, vec![("seller", "beta"), ("id", "alpha-1")]),
        (SENT, SELLER_B, vec![("seller", "beta"), ("authority", "eu.ioss.IE"), ("period", "2026-09"), ("n", "1")]),
        (OPENED, OFFICER_Y, vec![("authority", "eu.ioss.NL"), ("seller", "alpha"), ("period", "2026-09"), ("n", "1")]),
        (REVOKE_OWN, SELLER_B, vec![("seller", "beta"), ("id", peopled.revoked[0].as_str())]),
    ] {
        let body = match row {
            DECIDE => Some((JSON, json!({ "decision": "accept" }).to_string())),
            ANSWER => Some((JSON, json!({ "answers": {} }).to_string())),
            _ => None,
        };
        let answer = peopled.there.ask(row, &parts, "", peopled.tokens[who].as_deref(), body.clone()).await;
        let none: Vec<(&str, &str)> = parts
            .iter()
            .map(|(name, is)| match *is {
                "gamma-1" => (*name, "gammo-1"),
                "alpha-1" => (*name, "alphe-1"),
                "alpha" => (*name, "alphe"),
                "eu.ioss.IE" => (*name, "eu.ioss.IQ"),
                is if *name == "id" => (*name, if is.is_empty() { is } else { "000000000000" }),
                is => (*name, is),
            })
            .collect();
        let other = peopled.there.ask(row, &none, "", peopled.tokens[who].as_deref(), body).await;
        assert!(matches!(answer.status, 403 | 404), "{row:?}: {} {}", answer.status, answer.text());
        // What they typed themselves may be said back to them.
        let typed = |answer: &Answer, parts: &[(&str, &str)]| {
            parts.iter().fold(answer.text(), |text, (name, is)| text.replace(is, name))
        };
        assert_eq!((answer.status, typed(&answer, &parts)), (other.status, typed(&other, &none)), "{row:?}");
    }
}

#[tokio::test]
async fn what_everybody_may_know_is_told_to_everybody() {
    let peopled = peopled().await;
    let x = [("authority", "eu.ioss.IE")];
    let first = peopled.there.ask(AUTHORITIES, &[], "", None, None).await;
    let form = peopled.there.ask(FORM, &x, "", None, None).await;
    assert_eq!((first.status, form.status), (200, 200));
    for text in [first.text(), form.text()] {
        silent("nobody", &TABLE[0], 0, false, &text);
    }
    for token in peopled.tokens.iter().flatten() {
        assert_eq!(peopled.there.ask(FORM, &x, "", Some(token), None).await.body, form.body);
    }
}
