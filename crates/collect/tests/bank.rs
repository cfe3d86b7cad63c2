//! What the bank did with a payment stays between nothing and what was ordered, whatever it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use jiff::Timestamp;
use proptest::prelude::*;
use tidewaiter::Decimal;
use tidewaiter_collect::event::{BankEntry, Event};
use tidewaiter_collect::ledger::{Definitions, Ledger, Refused};
use tidewaiter_collect::standing::{State, standings};

/// A return of which so much is owed, and a payment of it.
fn ordered(definitions: &Definitions, amount: i64) -> Ledger<'_> {
    let mut ledger = Ledger::new(definitions);
    for line in [
        r#"{"kind":"registration","document":"r","scheme":"eu.ioss","number":"IM3720000012","from":"2026-07-01","member_state":"IE"}"#.to_owned(),
        format!(r#"{{"kind":"return","document":"f","scheme":"eu.ioss","period":"2026-07","date":"2026-08-01","owed":"{amount}","currency":"EUR","sha256":""}}"#),
        format!(r#"{{"kind":"payment","document":"p","date":"2026-08-01","scheme":"eu.ioss","period":"2026-07","amount":"{amount}","currency":"EUR","reference":"x"}}"#),
    ] {
        ledger.append(Timestamp::UNIX_EPOCH, serde_json::from_str(&line).unwrap()).unwrap();
    }
    ledger
}

fn bank(n: usize, amount: i64, currency: &str) -> Event {
    Event::Bank(BankEntry {
        document: n.to_string(),
        date: "2026-08-02".parse().unwrap(),
        of: "p".into(),
        amount: Decimal::from_int(amount),
        currency: currency.into(),
        charged: None,
    })
}

#[test]
fn what_comes_back_went_out_before_and_in_the_same_currency() {
    let definitions = all();
    for sign in [1, -1] {
        let mut ledger = ordered(&definitions, 10 * sign);
        let mut take =
            |n, amount: i64, currency| ledger.append(Timestamp::UNIX_EPOCH, bank(n, amount * sign, currency));
        assert!(matches!(take(1, -1, "EUR"), Err(Refused::MoreThanPaid { .. })));
        assert!(matches!(take(2, 4, "USD"), Err(Refused::OtherThanOrdered { .. })));
        take(3, 4, "EUR").unwrap();
        assert!(matches!(take(4, -5, "EUR"), Err(Refused::MoreThanPaid { .. })));
        take(5, -4, "EUR").unwrap();
        assert!(matches!(take(6, 11, "EUR"), Err(Refused::MoreThanOrdered { .. })));
        take(7, 10, "EUR").unwrap();
        assert!(matches!(take(8, 1, "EUR"), Err(Refused::MoreThanOrdered { .. })));
        let today = "2026-08-20".parse().unwrap();
        let all = standings(&ledger, today).unwrap();
        assert_eq!((all[0].state, all[0].left, all[0].overdue), (State::Sent, Decimal::ZERO, false));
    }
}

proptest! {
    #[test]
    fn paid_stays_between_nothing_and_what_was_ordered(amount in -20_i64..20, moved in prop::collection::vec(-25_i64..25, 0..12)) {
        let definitions = all();
        let mut ledger = ordered(&definitions, amount);
        let mut paid = 0;
        for (n, one) in moved.into_iter().enumerate() {
            let fits = (amount.min(0)..=amount.max(0)).contains(&(paid + one));
            let taken = ledger.append(Timestamp::UNIX_EPOCH, bank(n, one, "EUR"));
            prop_assert_eq!(taken.is_ok(), fits, "{} of {} after {}: {:?}", one, amount, paid, taken);
            paid += if fits { one } else { 0 };
        }
    }
}
