//! Slices of a ratebook answer as the whole one does, byte for byte but for the fingerprint, or refuse and say what to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::examples::{EXAMPLES, Example, FICTIONAL, fictional, load};
use crate::properties::{Asked, cases, consignment};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use tidewaiter::quote::consignment::Consignment;
use tidewaiter::ratebook::SliceError;
use tidewaiter::{Ask, InputError, Quote, Ratebook};

/// Before every exchange rate there is.
const BEFORE_ALL: Date = date(1990, 1, 1);

fn whole() -> &'static Ratebook {
    tidewaiter_data::ratebook()
}

fn slice(of: &Ratebook, to: &[&str], since: Option<Date>) -> Ratebook {
    let bytes = of.slice(to, since).unwrap_or_else(|e| panic!("{to:?}: {e}"));
    let slice = Ratebook::from_vec(bytes).unwrap_or_else(|e| panic!("{to:?}: {e}"));
    slice.verify().unwrap_or_else(|e| panic!("{to:?}: {e}"));
    slice
}

/// One slice for each destination of the whole ratebook, with all its exchange rates, made when it is first asked for.
fn of_one(to: &str) -> Arc<Ratebook> {
    static MADE: OnceLock<Mutex<BTreeMap<String, Arc<Ratebook>>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap();
    Arc::clone(made.entry(to.to_owned()).or_insert_with(|| Arc::new(slice(whole(), &[to], Some(BEFORE_ALL)))))
}

/// The whole answer as text, without the name of the ratebook that gave it.
fn told(book: &Ratebook, asked: &Consignment) -> String {
    let ask = Ask { steps: true, today: None };
    let without = |mut quote: Quote| {
        assert_eq!(quote.ratebook, book.fingerprint());
        quote.ratebook.clear();
        serde_json::to_string(&quote).unwrap()
    };
    let refused = |e: InputError| serde_json::to_string(&e).unwrap();
    book.answer(asked, &ask).map_or_else(refused, without)
}

fn refusals(book: &Ratebook, asked: &Consignment) -> Vec<(String, String)> {
    let problems = book.quote(asked).map_or_else(|e| e.problems, |_| Vec::new());
    problems.into_iter().map(|p| (p.field, p.message.to_string())).collect()
}

fn ask(to: &str, date: &str, currency: &str) -> Consignment {
    serde_json::from_value(serde_json::json!({
        "from": "CN", "to": to, "date": date, "currency": currency, "channel": "post",
        "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }],
    }))
    .unwrap()
}

#[test]
fn worked_examples_are_answered_alike() {
    let examples = load(EXAMPLES);
    let mut seen = BTreeSet::new();
    for (file, Example { name, consignment, .. }) in &examples {
        let to = &consignment.to;
        assert_eq!(told(&of_one(to), consignment), told(whole(), consignment), "{file}: {name}");
        seen.insert(to.clone());
    }
    assert!(seen.len() >= 150, "examples for {} destinations only", seen.len());
}

/// One file for each family of computations.
#[test]
fn fictional_economies_are_answered_alike() {
    let whole = fictional();
    for (file, Example { name, consignment, .. }) in &load(&format!("{FICTIONAL}/examples")) {
        let slice = slice(&whole, &[&consignment.to], Some(BEFORE_ALL));
        assert_eq!(told(&slice, consignment), told(&whole, consignment), "{file}: {name}");
    }
}

/// With the exchange rates of two years every example is answered alike or, where it needs older ones, refused.
#[test]
fn examples_of_long_ago_are_refused_and_never_answered_otherwise() {
    let mut slices: BTreeMap<String, Ratebook> = BTreeMap::new();
    let (mut alike, mut refused) = (0, 0);
    for (file, Example { name, consignment, .. }) in &load(EXAMPLES) {
        let slice = slices.entry(consignment.to.clone()).or_insert_with(|| slice(whole(), &[&consignment.to], None));
        match refusals(slice, consignment).as_slice() {
            [(field, message)] if field == "date" => {
                assert!(message.contains("--rates-since"), "{message}");
                refused += 1;
            }
            _ => {
                assert_eq!(told(slice, consignment), told(whole(), consignment), "{file}: {name}");
                alike += 1;
            }
        }
    }
    assert!(alike > 20 * refused, "{alike} alike, {refused} refused");
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn random_questions_are_answered_alike(Asked(asked) in consignment()) {
        prop_assert_eq!(told(&of_one(&asked.to), &asked), told(whole(), &asked));
    }
}

proptest! {
    #![proptest_config(cases(64))]

    /// Words of the question that only other destinations' rules have tell goods apart in the whole ratebook, and so in a slice.
    #[test]
    fn words_of_others_tell_goods_apart(Asked(asked) in consignment(), class in "reduced|zero|standard|liquor|Germany", document in "N954|C400|Y923|D008") {
        let mut asked = asked;
        let Some(first) = asked.items.first().cloned() else { return Ok(()) };
        let (mut one, mut two) = (first.clone(), first);
        one.documents = vec![document];
        two.documents = vec!["N990".into()];
        one.tax_class = Some(class);
        one.quantities = BTreeMap::from([("l".to_owned(), "0.7".parse().unwrap())]);
        two.quantities = BTreeMap::from([("m2".to_owned(), "0.7".parse().unwrap())]);
        asked.items.extend([one, two]);
        prop_assert_eq!(told(&of_one(&asked.to), &asked), told(whole(), &asked));
    }
}

#[test]
fn a_slice_of_a_slice_is_the_slice() {
    let several = slice(whole(), &["DE", "US", "JP"], None);
    for to in ["DE", "US", "JP"] {
        assert!(several.slice(&[to], None).unwrap() == whole().slice(&[to], None).unwrap(), "{to}");
    }
    let of = several.sliced().unwrap();
    assert_eq!(of.of, whole().fingerprint());
    assert_eq!(of.destinations.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(["DE", "JP", "US"]));
    assert_eq!(slice(&several, &["US"], None).sliced().unwrap().of, whole().fingerprint());
    assert!(
        matches!(several.slice(&["GB"], None), Err(SliceError::Unknown { .. })),
        "what a slice lacks it cannot give"
    );
    assert!(matches!(several.slice(&["DE"], Some(BEFORE_ALL)), Err(SliceError::RatesBegin { .. })));
}

#[test]
fn a_union_stands_for_its_members() {
    let members = slice(whole(), &["EU"], None);
    let of = members.sliced().unwrap().destinations;
    for member in ["DE", "FR", "IE"] {
        assert!(of.iter().any(|code| code == member), "{member}");
        let asked = ask(member, "2026-11-21", "USD");
        assert_eq!(told(&members, &asked), told(whole(), &asked));
    }
    // One that left, and one that follows some of its rules, are destinations of their own.
    assert!(!of.iter().any(|code| code == "GB" || code == "TR"), "{of:?}");
    // A union is refused as it is by the whole ratebook.
    assert_eq!(refusals(&members, &ask("EU", "2026-11-21", "EUR")), refusals(whole(), &ask("EU", "2026-11-21", "EUR")));
    assert_eq!(
        refusals(&of_one("DE"), &ask("EU", "2026-11-21", "EUR")),
        refusals(whole(), &ask("EU", "2026-11-21", "EUR"))
    );
}

#[test]
fn what_a_slice_lacks_is_refused_with_what_to_do() {
    let german = slice(whole(), &["DE"], None);
    let refused = refusals(&german, &ask("US", "2026-11-21", "USD"));
    assert!(
        matches!(refused.as_slice(), [(field, says)] if field == "to" && says.contains("slice") && says.contains("DE only")),
        "{refused:?}"
    );
    let since = german.sliced().unwrap().rates_since;
    let before = since.yesterday().unwrap().to_string();
    let refused = refusals(&german, &ask("DE", &before, "USD"));
    assert!(
        matches!(refused.as_slice(), [(field, says)] if field == "date" && says.contains(&since.to_string())),
        "{refused:?}"
    );
    // Without an exchange rate no day is too early.
    assert_eq!(told(&german, &ask("DE", "2022-03-01", "EUR")), told(whole(), &ask("DE", "2022-03-01", "EUR")));
    // No such place is no such place.
    assert_eq!(refusals(&german, &ask("QQ", "2026-11-21", "EUR")), refusals(whole(), &ask("QQ", "2026-11-21", "EUR")));
}

#[test]
fn an_unknown_destination_is_refused_with_those_there_are() {
    let says = whole().slice(&["DE", "UK"], None).unwrap_err().to_string();
    assert!(says.contains("\"UK\"") && says.contains("GB") && says.contains("NL"), "{says}");
    assert!(matches!(whole().slice::<&str>(&[], None), Err(SliceError::NoDestination)));
}

/// A slice is as old as what it was made of.
#[test]
fn a_slice_knows_how_old_it_is() {
    let days = of_one("FR").data_days();
    assert_eq!(days, whole().data_days());
    let newest = days.newest().unwrap();
    assert_eq!(days.age_days(newest.tomorrow().unwrap()), Some(1));
    assert_eq!(whole().sliced(), None);
}

/// What people read about an economy is there too.
#[test]
fn economies_are_described_alike() {
    for economy in whole().economies(date(2026, 11, 21)) {
        let shown = |book: &Ratebook| serde_json::to_string(&book.economy(&economy.code)).unwrap();
        assert_eq!(shown(&of_one(&economy.code)), shown(whole()), "{}", economy.code);
        assert!(of_one(&economy.code).size() < whole().size());
    }
}
