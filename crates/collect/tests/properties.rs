//! What holds of a ledger whatever happens: made-up histories of a seller, one event after the other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::worked::{amending, drafted};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use tidewaiter::Decimal;
use tidewaiter_collect::Period;
use tidewaiter_collect::deadline;
use tidewaiter_collect::draft::Collected;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::ledger::{Account, Definitions, Ledger};

/// Schemes whose refunds and corrections go different ways, with territory, currency of the return and rate in per cent.
const SCHEMES: [(&str, &str, &str, i64); 5] = [
    ("eu.ioss", "DE", "EUR", 190),
    ("gb.supplyvat", "GB", "GBP", 200),
    ("no.voec", "NO", "NOK", 250),
    ("ch.mailorder", "CH", "CHF", 81),
    ("sg.ovr", "SG", "SGD", 90),
];

fn definitions() -> &'static Definitions {
    static ALL: OnceLock<Definitions> = OnceLock::new();
    ALL.get_or_init(all)
}

/// Something that may happen. What it is about is chosen among what is there.
#[derive(Debug, Clone)]
enum Step {
    Register { scheme: usize, day: i64, length: usize },
    Sale { scheme: usize, day: i64, hundreds: i64 },
    Refund { of: usize, days: i64, share: i64, all: bool },
    Correction { of: usize, days: i64, hundreds: i64, amend: bool },
    File { scheme: usize, days: i64 },
    Amend { scheme: usize, which: usize },
    Pay { scheme: usize, hundreds: i64 },
    Bank { of: usize, hundreds: i64 },
    Claim { scheme: usize, hundreds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let scheme = 0..SCHEMES.len();
    prop_oneof![
        1 => (scheme.clone(), 0i64..900, 0usize..4).prop_map(|(scheme, day, length)| Step::Register { scheme, day, length }),
        6 => (scheme.clone(), 0i64..900, 1i64..50).prop_map(|(scheme, day, hundreds)| Step::Sale { scheme, day, hundreds }),
        3 => (any::<prop::sample::Index>(), 0i64..1500, 0i64..120, any::<bool>())
            .prop_map(|(of, days, share, all)| Step::Refund { of: of.index(1000), days, share, all }),
        3 => (any::<prop::sample::Index>(), 0i64..1500, -30i64..30, any::<bool>())
            .prop_map(|(of, days, hundreds, amend)| Step::Correction { of: of.index(1000), days, hundreds, amend }),
        5 => (scheme.clone(), 0i64..60).prop_map(|(scheme, days)| Step::File { scheme, days }),
        2 => (scheme.clone(), 0usize..9).prop_map(|(scheme, which)| Step::Amend { scheme, which }),
        1 => (scheme.clone(), -5i64..30).prop_map(|(scheme, hundreds)| Step::Pay { scheme, hundreds }),
        1 => (any::<prop::sample::Index>(), -5i64..30).prop_map(|(of, hundreds)| Step::Bank { of: of.index(1000), hundreds }),
        1 => (scheme, -5i64..30).prop_map(|(scheme, hundreds)| Step::Claim { scheme, hundreds }),
    ]
}

fn begin() -> Date {
    date(2023, 1, 1)
}

fn hundreds(number: i64) -> Decimal {
    Decimal::from_int(number * 100)
}

/// Rates are written in tenths of a per cent.
fn tenths(number: i64) -> Decimal {
    Decimal::from_units(i128::from(number) * 100_000_000_000)
}

fn zero_hash() -> String {
    "0".repeat(64)
}

/// A sent return, as it was drafted then, with what was in it.
struct Kept {
    period: Period,
    document: String,
    draft: Value,
    tax: Decimal,
}

/// What a test knows of a history by itself.
#[derive(Default)]
struct Told {
    /// Scheme, day and tax of each sale, with what is left.
    sales: Vec<(usize, Date, Decimal)>,
    payments: usize,
    /// Tax collected less given back, by scheme.
    tax: BTreeMap<usize, Decimal>,
    sent: BTreeMap<usize, Vec<Kept>>,
    /// Tax in amendments, by scheme.
    amended: BTreeMap<usize, Decimal>,
}

fn sum(of: impl IntoIterator<Item = Decimal>) -> Decimal {
    of.into_iter().fold(Decimal::ZERO, |sum, one| sum.plus(one).unwrap())
}

fn collected(ledger: &Ledger<'_>, scheme: usize, period: Period) -> Decimal {
    let definition = &definitions()[SCHEMES[scheme].0];
    let parts = Collected::of(definition, None, ledger.tax(), period).unwrap().parts;
    sum(parts.into_iter().map(|part| part.tax))
}

fn waiting(ledger: &Ledger<'_>, scheme: usize, period: Period) -> Decimal {
    let definition = &definitions()[SCHEMES[scheme].0];
    let since = ledger.amended(SCHEMES[scheme].0, period);
    let parts = Collected::amending(definition, None, ledger.tax(), period, since).unwrap().parts;
    sum(parts.into_iter().map(|part| part.tax))
}

/// The event of a step, and its tax in a scheme where it changes it. Nothing where there is nothing that it could be about.
fn event(step: &Step, n: usize, ledger: &Ledger<'_>, told: &Told) -> Option<(Value, Option<(usize, Decimal)>)> {
    let day = |days: i64| begin().checked_add(days.days()).unwrap();
    Some(match *step {
        Step::Register { scheme, day: from, length } => {
            let (key, ..) = SCHEMES[scheme];
            let others = &definitions()[key].period.others;
            let mut one = json!({ "kind": "registration", "document": format!("R{n}"), "scheme": key, "number": "1", "from": day(from) });
            if length > 0
                && let Some(length) = others.get(length - 1)
            {
                one["period"] = json!(length);
            }
            (one, None)
        }
        Step::Sale { scheme, day: from, hundreds: worth } => {
            let (key, to, currency, rate) = SCHEMES[scheme];
            let (net, tax) = (hundreds(worth), tenths(worth * rate));
            let row = json!({ "charge": "vat", "scheme": key, "rate": format!("{} %", tenths(rate)), "rate_type": "standard", "net": net, "amount": tax });
            let sale = json!({ "kind": "sale", "document": format!("S{n}"), "date": day(from), "to": to, "currency": currency,
                "goods": net, "rows": [row] });
            (sale, Some((scheme, tax)))
        }
        Step::Refund { of, days, share, all } => {
            let at = of % told.sales.len().max(1);
            let (scheme, sold, left) = *told.sales.get(at)?;
            let rate = tenths(SCHEMES[scheme].3);
            let mut one = json!({ "kind": "refund", "document": format!("B{n}"), "date": sold.saturating_add(days.days()), "of": name(ledger, at) });
            let tax = if all {
                one["all"] = json!(true);
                left
            } else {
                let hundreds = Decimal::from_int(share / 10);
                let tax = hundreds.times(rate).unwrap();
                one["rows"] =
                    json!([{ "row": 1, "net": hundreds.times(Decimal::from_int(100)).unwrap(), "amount": tax }]);
                tax
            };
            (one, Some((scheme, Decimal::ZERO.minus(tax).unwrap())))
        }
        Step::Correction { of, days, hundreds: worth, amend } => {
            let at = of % told.sales.len().max(1);
            let (scheme, sold, _) = *told.sales.get(at)?;
            let (key, _, _, rate) = SCHEMES[scheme];
            let tax = tenths(worth * rate);
            let row = json!({ "charge": "vat", "scheme": key, "rate": format!("{} %", tenths(rate)), "rate_type": "standard", "net": hundreds(worth), "amount": tax });
            let mut one = json!({ "kind": "correction", "document": format!("K{n}"), "date": sold.saturating_add(days.days()), "of": name(ledger, at),
                "reason": "wrong", "rows": [row] });
            if amend {
                one["amend"] = json!(true);
            }
            (one, Some((scheme, tax)))
        }
        Step::File { scheme, days } => {
            let (key, _, currency, _) = SCHEMES[scheme];
            let definition = &definitions()[key];
            let far = date(2040, 1, 1);
            let next = deadline::open(definition, ledger.past(), far).first()?.period;
            let made = drafted(ledger, definition, next);
            let sent = next.last().saturating_add(days.days());
            let filed = json!({ "kind": "return", "document": format!("F{n}"), "scheme": key, "period": next, "date": sent,
                "owed": made.owed.unwrap(), "back": made.back, "currency": currency, "sha256": zero_hash() });
            (filed, None)
        }
        Step::Amend { scheme, which } => {
            let (key, _, currency, _) = SCHEMES[scheme];
            let sent = told.sent.get(&scheme)?;
            let kept = &sent[which % sent.len()];
            let made = amending(ledger, &definitions()[key], kept.period, &kept.document);
            let one = json!({ "kind": "amendment", "document": format!("A{n}"), "of": kept.document, "scheme": key, "period": kept.period,
                "date": "2030-01-01", "owed": made.owed.unwrap(), "back": made.back, "currency": currency, "sha256": zero_hash() });
            (one, None)
        }
        Step::Pay { scheme, hundreds: worth } => {
            let kept = told.sent.get(&scheme)?.last()?;
            let one = json!({ "kind": "payment", "document": format!("P{}", told.payments), "date": "2030-01-01", "scheme": SCHEMES[scheme].0,
                "period": kept.period, "amount": hundreds(worth), "currency": SCHEMES[scheme].2, "reference": "r" });
            (one, None)
        }
        Step::Bank { of, hundreds: worth } => {
            let of = of.checked_rem(told.payments)?;
            let currency = ledger.entries().iter().find_map(|entry| match &entry.event {
                Event::Payment(one) if one.document == format!("P{of}") => Some(one.currency.clone()),
                _ => None,
            })?;
            let one = json!({ "kind": "bank", "document": format!("K{n}"), "date": "2030-01-05", "of": format!("P{of}"),
                "amount": hundreds(worth), "currency": currency });
            (one, None)
        }
        Step::Claim { scheme, hundreds: worth } => {
            let kept = told.sent.get(&scheme)?.last()?;
            let one = json!({ "kind": "claim", "document": format!("C{n}"), "date": "2030-01-01", "scheme": SCHEMES[scheme].0, "period": kept.period,
                "what": "penalty", "amount": hundreds(worth), "currency": SCHEMES[scheme].2 });
            (one, None)
        }
    })
}

/// Number of the sale that was recorded in this place among sales.
fn name(ledger: &Ledger<'_>, at: usize) -> String {
    let sales = ledger.entries().iter().filter(|entry| matches!(entry.event, Event::Sale(_)));
    sales.map(|entry| entry.event.name().1.to_owned()).nth(at).unwrap()
}

fn nothing_is_made_or_lost(ledger: &Ledger<'_>, told: &Told) {
    for (scheme, (key, ..)) in SCHEMES.iter().enumerate() {
        let definition = &definitions()[*key];
        let lines = ledger.tax().iter().filter(|line| line.scheme == *key);
        assert_eq!(
            sum(lines.clone().map(|line| line.tax)),
            told.tax.get(&scheme).copied().unwrap_or_default(),
            "{key}"
        );
        let sent = told.sent.get(&scheme).map(Vec::as_slice).unwrap_or_default();
        // Sent returns and amendments, and what will be sent, hold everything that was collected less what went back.
        let mut held = sum(sent.iter().map(|kept| kept.tax));
        held = held.plus(told.amended.get(&scheme).copied().unwrap_or_default()).unwrap();
        let declared: BTreeSet<Period> = lines.clone().filter_map(|line| line.declared).collect();
        let mut open: BTreeSet<Period> =
            declared.into_iter().filter(|one| sent.iter().all(|kept| kept.period != *one)).collect();
        for period in &open {
            held = held.plus(collected(ledger, scheme, *period)).unwrap();
        }
        let about: BTreeSet<Period> =
            lines.clone().filter(|line| line.declared.is_none()).map(|line| line.about.unwrap()).collect();
        for period in about {
            held = held.plus(waiting(ledger, scheme, period)).unwrap();
            // What waits for an amendment has a return that can be amended.
            assert!(sent.iter().any(|kept| kept.period == period), "{key} {period} was never sent");
        }
        assert_eq!(held, told.tax.get(&scheme).copied().unwrap_or_default(), "{key}");
        // Every open period that holds tax comes up for its return.
        for one in deadline::open(definition, ledger.past(), date(2040, 1, 1)) {
            open.remove(&one.period);
        }
        assert!(open.is_empty(), "{key}: {open:?} never comes up");
    }
}

/// `TIDEWAITER_ROUNDS` multiplies the number of histories.
fn cases() -> ProptestConfig {
    let rounds = std::env::var("TIDEWAITER_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    ProptestConfig { cases: 160 * rounds, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]
    #[test]
    fn a_ledger_stays_whole_whatever_happens(steps in proptest::collection::vec(step(), 1..40)) {
        let mut ledger = Ledger::new(definitions());
        let mut told = Told::default();
        for (n, step) in steps.iter().enumerate() {
            let Some((value, tax)) = event(step, n, &ledger, &told) else { continue };
            let one: Event = serde_json::from_value(value.clone()).unwrap();
            let (before, head) = (ledger.past().clone(), ledger.head().to_owned());
            let owner = match *step {
                Step::File { scheme, .. } | Step::Amend { scheme, .. } => scheme,
                _ => 0,
            };
            let period: Option<Period> = value.get("period").and_then(Value::as_str).and_then(|text| text.parse().ok());
            let sent = match step {
                Step::File { .. } => Some((serde_json::to_value(drafted(&ledger, &definitions()[SCHEMES[owner].0], period.unwrap())).unwrap(), collected(&ledger, owner, period.unwrap()))),
                Step::Amend { .. } => Some((Value::Null, waiting(&ledger, owner, period.unwrap()))),
                _ => None,
            };
            let Ok(outcome) = ledger.append(Timestamp::UNIX_EPOCH, one.clone()) else {
                // What is refused leaves nothing behind. A return of what is due is never refused.
                prop_assert_eq!(ledger.past(), &before);
                prop_assert_eq!(ledger.head(), head);
                let is_due = matches!(step, Step::File { .. } | Step::Amend { .. } | Step::Sale { .. });
                prop_assert!(!is_due, "{value}: {:?}", ledger.append(Timestamp::UNIX_EPOCH, one));
                continue;
            };
            // Each event balances in each currency.
            let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
            for posting in outcome.unwrap().postings {
                let sum = sums.entry(posting.currency).or_default();
                *sum = sum.plus(posting.amount).unwrap();
            }
            prop_assert!(sums.values().all(|sum| sum.is_zero()), "{value}: {sums:?}");
            if let Some((scheme, tax)) = tax {
                let sum = told.tax.entry(scheme).or_default();
                *sum = sum.plus(tax).unwrap();
                let (_, at) = (scheme, match *step { Step::Refund { of, .. } | Step::Correction { of, .. } => Some(of % told.sales.len()), _ => None });
                match at {
                    Some(at) => told.sales[at].2 = told.sales[at].2.plus(tax).unwrap(),
                    None => told.sales.push((scheme, one.date(), tax)),
                }
            }
            match (step, sent) {
                (Step::File { scheme, .. }, Some((draft, tax))) => {
                    let kept = Kept { period: period.unwrap(), document: one.name().1.to_owned(), draft, tax };
                    told.sent.entry(*scheme).or_default().push(kept);
                }
                (Step::Amend { scheme, .. }, Some((_, tax))) => {
                    let sum = told.amended.entry(*scheme).or_default();
                    *sum = sum.plus(tax).unwrap();
                    // Nothing of the period waits any more.
                    prop_assert_eq!(waiting(&ledger, *scheme, period.unwrap()), Decimal::ZERO);
                }
                (Step::Pay { .. }, _) => told.payments += 1,
                _ => {}
            }
            // The same thing again changes nothing.
            let (past, head) = (ledger.past().clone(), ledger.head().to_owned());
            prop_assert!(ledger.append(Timestamp::UNIX_EPOCH, one).unwrap().is_none());
            prop_assert_eq!(ledger.past(), &past);
            prop_assert_eq!(ledger.head(), head);
            nothing_is_made_or_lost(&ledger, &told);
        }
        // What was sent is as it was then.
        for (scheme, sent) in &told.sent {
            let definition = &definitions()[SCHEMES[*scheme].0];
            for kept in sent {
                let mut now = serde_json::to_value(drafted(&ledger, definition, kept.period)).unwrap();
                let mut then = kept.draft.clone();
                // A newer registration may have another number, and says which sales were before it.
                for one in [&mut now, &mut then] {
                    for field in ["number", "member_state", "warnings"] {
                        one.as_object_mut().unwrap().remove(field);
                    }
                }
                prop_assert_eq!(now, then);
            }
        }
        // The accounts hold what no return has.
        for (scheme, (key, _, currency, _)) in SCHEMES.iter().enumerate() {
            let is_own = |account: &Account| match account {
                Account::Tax { scheme, .. } | Account::Amend { scheme, .. } => scheme == key,
                _ => false,
            };
            let on_account = sum(ledger.balances().iter().filter(|((account, _), _)| is_own(account)).map(|(_, amount)| *amount));
            let sent = sum(told.sent.get(&scheme).into_iter().flatten().map(|kept| kept.tax));
            let amended = told.amended.get(&scheme).copied().unwrap_or_default();
            let rest = told.tax.get(&scheme).copied().unwrap_or_default().minus(sent).unwrap().minus(amended).unwrap();
            prop_assert_eq!(Decimal::ZERO.minus(on_account).unwrap(), rest, "{} {}", key, currency);
        }
        // Made again from its entries it is the same.
        let again = Ledger::replay(definitions(), ledger.entries().to_vec()).unwrap();
        prop_assert_eq!(again.past(), ledger.past());
        prop_assert_eq!(again.tax(), ledger.tax());
        prop_assert_eq!(again.head(), ledger.head());
    }

    #[test]
    fn the_order_of_unrelated_events_does_not_matter(
        sales in proptest::collection::vec((0..SCHEMES.len(), 0i64..400, 1i64..50, 0i64..3, 0i64..500), 1..12),
        order in proptest::collection::vec(any::<u32>(), 24),
    ) {
        let mut events = Vec::new();
        for (n, (scheme, day, worth, back, later)) in sales.iter().enumerate() {
            let (key, to, currency, rate) = SCHEMES[*scheme];
            let sold = begin().saturating_add(day.days());
            let row = json!({ "charge": "vat", "scheme": key, "rate": format!("{} %", tenths(rate)), "net": hundreds(*worth), "amount": Decimal::from_int(worth * rate) });
            let sale = json!({ "kind": "sale", "document": n.to_string(), "date": sold, "to": to, "currency": currency, "goods": hundreds(*worth), "rows": [row] });
            events.push((order[2 * n], sale));
            if *back > 0 {
                let part = json!({ "row": 1, "net": hundreds(1.min(*worth)), "amount": Decimal::from_int(rate) });
                // It comes after its sale, and anywhere among the others.
                let refund = json!({ "kind": "refund", "document": n.to_string(), "of": n.to_string(), "date": sold.saturating_add(later.days()), "rows": [part] });
                events.push((order[2 * n].max(order[2 * n + 1]), refund));
            }
        }
        let made = |events: &[(u32, Value)]| {
            let mut ledger = Ledger::new(definitions());
            for (key, ..) in SCHEMES {
                let one = json!({ "kind": "registration", "document": key, "scheme": key, "number": "1", "from": "2023-01-01" });
                ledger.append(Timestamp::UNIX_EPOCH, serde_json::from_value(one).unwrap()).unwrap();
            }
            for (_, one) in events {
                ledger.append(Timestamp::UNIX_EPOCH, serde_json::from_value(one.clone()).unwrap()).unwrap();
            }
            let mut all = Vec::new();
            for (key, ..) in SCHEMES {
                let definition = &definitions()[key];
                for one in deadline::open(definition, ledger.past(), date(2026, 1, 1)) {
                    all.push(serde_json::to_value(drafted(&ledger, definition, one.period)).unwrap());
                }
            }
            (all, ledger.balances().clone())
        };
        let first = made(&events);
        events.sort_by_key(|(order, _)| *order);
        prop_assert_eq!(made(&events), first);
    }

    #[test]
    fn texts_are_refused_or_come_back(text in "[-0-9a-zA-Z/%. Q:+]{0,30}|\\PC{0,20}") {
        use tidewaiter_collect::definition::{Figure, Percent, Rounding};
        fn back<T: std::str::FromStr + ToString + PartialEq + std::fmt::Debug>(text: &str) where T::Err: std::fmt::Debug {
            if let Ok(one) = text.parse::<T>() {
                assert_eq!(one.to_string().parse::<T>().unwrap(), one, "{text}");
            }
        }
        back::<Period>(&text);
        back::<Percent>(&text);
        back::<Rounding>(&text);
        back::<Figure>(&text);
        back::<Account>(&text);
    }
}
