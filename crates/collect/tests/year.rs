//! A year of a small shop: 20,000 orders to eight destinations, from the quote at the checkout to payments that the bank confirmed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::worked::drafted;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use tidewaiter::{Consignment, Decimal, RoundingMode};
use tidewaiter_collect::Period;
use tidewaiter_collect::checkout::{Checkout, Terms};
use tidewaiter_collect::draft::{Collected, Return};
use tidewaiter_collect::event::{Correction, Event, Filed, Part, Payment, RateNoted, Refund, Registration, Row, Sale};
use tidewaiter_collect::ledger::{Account, Definitions, Ledger};
use tidewaiter_collect::pay::camt053;
use tidewaiter_collect::pay::matching::{By, Found, matches};
use tidewaiter_collect::pay::order::end_to_end;

/// Destinations with the currencies in which they are sold to, and the scheme under which tax is collected there.
const PLACES: [(&str, &[&str], &str); 8] = [
    ("NL", &["EUR", "USD"], "eu.ioss"),
    ("FR", &["EUR"], "eu.ioss"),
    ("EE", &["EUR", "GBP"], "eu.ioss"),
    ("GB", &["GBP"], "gb.supplyvat"),
    ("NO", &["NOK"], "no.voec"),
    ("AU", &["AUD"], "au.lvig"),
    ("NZ", &["NZD", "USD"], "nz.ovr"),
    ("SG", &["SGD"], "sg.ovr"),
];
const GOODS: [(&str, u64); 5] =
    [("6109.10", 900), ("6912.00", 1200), ("9503.00", 1500), ("4202.22", 1900), ("3924.10", 700)];
/// Rough worth of one unit, to price alike everywhere.
const WORTH: [(&str, u64); 8] =
    [("EUR", 100), ("USD", 110), ("GBP", 85), ("NOK", 1150), ("AUD", 165), ("NZD", 180), ("SGD", 145), ("CHF", 95)];
/// In New Zealand one must register above this.
const NZ_LIMIT: &str = "60000";

pub(crate) struct Year<'a> {
    pub(crate) ledger: Ledger<'a>,
    pub(crate) returns: Vec<Return>,
    /// What buyers paid as tax under each scheme, by currency, less what went back: kept by the test, beside the ledger.
    pub(crate) tally: BTreeMap<(String, String), Decimal>,
    pub(crate) crossed: Option<Date>,
    sold: HashMap<String, Sale>,
    returned: HashSet<String>,
    definitions: &'a Definitions,
    dice: u64,
}

impl Year<'_> {
    /// The next number below a limit (Knuth's multiplier).
    fn dice(&mut self, below: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % below
    }

    fn take(&mut self, event: Event) {
        self.count(&event);
        let taken = self.ledger.append(jiff::Timestamp::UNIX_EPOCH, event.clone());
        taken.unwrap_or_else(|why| panic!("{why}: {event:?}")).expect("is new");
    }

    /// Adds up by the test's own means what the shop's till shows.
    fn count(&mut self, event: &Event) {
        let mut add = |scheme: &Option<String>, currency: &str, amount: Decimal| {
            if let Some(scheme) = scheme {
                let sum = self.tally.entry((scheme.clone(), currency.to_owned())).or_default();
                *sum = sum.plus(amount).unwrap();
            }
        };
        match event {
            Event::Sale(sale) => {
                for row in &sale.rows {
                    add(&row.scheme, &sale.currency, row.amount);
                }
                self.sold.insert(sale.document.clone(), sale.clone());
            }
            // Nothing is refunded twice here, so all that is left is all there was.
            Event::Refund(refund) => {
                self.returned.insert(refund.of.clone());
                let sale = &self.sold[&refund.of];
                for (n, row) in sale.rows.iter().enumerate() {
                    let part = refund.rows.iter().find(|part| usize::from(part.row) == n + 1);
                    let back = if refund.all { row.amount } else { part.map_or(Decimal::ZERO, |part| part.amount) };
                    add(&row.scheme, &sale.currency, Decimal::ZERO.minus(back).unwrap());
                }
            }
            Event::Correction(one) => {
                let currency = self.sold[&one.of].currency.clone();
                for row in &one.rows {
                    add(&row.scheme, &currency, row.amount);
                }
            }
            _ => {}
        }
    }

    /// Two mistakes of June: an order went to France, not to the Netherlands, so its rate was wrong too.
    fn find_mistakes(&mut self, today: Date, kept: &mut Vec<Sale>) {
        let is = |sale: &&Sale| {
            sale.to == "NL"
                && sale.currency == "EUR"
                && sale.date.month() == 6
                && !self.returned.contains(&sale.document)
        };
        let Some(wrong) = self.sold.values().filter(is).min_by_key(|sale| &sale.document).cloned() else { return };
        kept.retain(|sale| sale.document != wrong.document);
        let rows = |of: fn(&Row) -> Row| -> Vec<Row> {
            wrong.rows.iter().filter(|row| row.scheme.is_some()).map(of).collect()
        };
        let away = rows(|row| Row {
            net: Decimal::ZERO.minus(row.net).unwrap(),
            amount: Decimal::ZERO.minus(row.amount).unwrap(),
            ..row.clone()
        });
        let there = rows(|row| {
            let tax = row.net.scaled(Decimal::from_int(20), Decimal::HUNDRED).unwrap();
            let amount = tax.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2)).unwrap();
            Row { rate: Some("20 %".parse().unwrap()), amount, ..row.clone() }
        });
        for (document, to, rows) in [("C-1", None, away), ("C-2", Some("FR"), there)] {
            self.take(Event::Correction(Correction {
                amend: false,
                document: document.into(),
                date: today,
                of: wrong.document.clone(),
                reason: "sent to France".into(),
                to: to.map(Into::into),
                rows,
            }));
        }
    }

    fn register(&mut self, scheme: &str, number: &str, from: &str) {
        let member_state = (scheme == "eu.ioss").then(|| "IE".to_owned());
        self.take(Event::Registration(Registration {
            period: None,
            document: format!("{scheme} {from}"),
            scheme: scheme.into(),
            number: number.into(),
            from: from.parse().unwrap(),
            before: None,
            member_state,
        }));
    }

    fn order(&mut self, checkout: &Checkout<'_>, n: usize, date: Date) -> Sale {
        let (to, currencies, scheme) = PLACES[self.dice(8) as usize];
        let currency = currencies[self.dice(currencies.len() as u64) as usize];
        let worth = WORTH.iter().find(|(code, _)| *code == currency).unwrap().1;
        let lines = 1 + self.dice(2);
        let items: Vec<_> = (0..lines)
            .map(|_| {
                let (code, cents) = GOODS[self.dice(5) as usize];
                let cents = (cents + self.dice(400)) * worth / 100;
                serde_json::json!({ "code": code, "origin": "CN", "quantity": 1 + self.dice(2), "price": format!("{}.{:02}", cents / 100, cents % 100) })
            })
            .collect();
        let is_registered = scheme != "nz.ovr" || self.crossed.is_some_and(|from| from <= date);
        let registrations: Vec<&str> = if is_registered { vec![scheme] } else { vec![] };
        let asked: Consignment = serde_json::from_value(serde_json::json!({
            "from": "CN", "to": to, "date": date.to_string(), "currency": currency, "freight": format!("{}", 5 * worth / 100), "channel": "post",
            "seller": { "registrations": registrations }, "items": items,
        }))
        .unwrap();
        let quote = tidewaiter_data::ratebook().quote(&asked).unwrap();
        checkout.sale(&format!("A-{n}"), date, Terms::Dap, &quote).unwrap_or_else(|why| panic!("{why} {to} {asked:?}"))
    }

    /// Sends what is due on a day, pays it, and lets the bank confirm it a day later.
    fn send(&mut self, today: Date) {
        for (scheme, definition) in self.definitions {
            if self.ledger.past().registration(scheme).is_none_or(|one| one.from > today) {
                continue;
            }
            for open in tidewaiter_collect::deadline::open(definition, self.ledger.past(), today) {
                if open.due.since(today).unwrap().get_days() > 10 {
                    continue;
                }
                let made = drafted(&self.ledger, definition, open.period);
                assert!(made.missing.is_empty(), "{:?}", made.missing);
                let owed = made.owed.unwrap();
                let document = format!("{scheme} {}", open.period);
                let currency = made.currency.clone();
                self.take(Event::Return(Filed {
                    document: document.clone(),
                    scheme: scheme.clone(),
                    period: open.period,
                    date: today,
                    reference: None,
                    owed,
                    back: made.back,
                    currency: currency.clone(),
                    sha256: String::new(),
                }));
                for (what, amount) in [("pay", owed), ("back", Decimal::ZERO.minus(made.back).unwrap())] {
                    if amount.is_zero() {
                        continue;
                    }
                    let number = format!("{what} {document}");
                    let payment = Payment {
                        document: number,
                        date: today,
                        scheme: scheme.clone(),
                        period: open.period,
                        amount,
                        currency: currency.clone(),
                        reference: definition.payment_reference("1", Some("IE"), open.period).unwrap_or_default(),
                    };
                    self.take(Event::Payment(payment.clone()));
                    self.bank(&payment);
                }
                self.returns.push(made);
            }
        }
    }

    /// The bank carries a payment out in two parts, as it likes, and tells it in a statement, in which the payment is found again.
    fn bank(&mut self, payment: &Payment) {
        let half = payment
            .amount
            .divided_by(Decimal::from_int(2))
            .unwrap()
            .rounded(RoundingMode::Down, Decimal::ten_to_minus(2))
            .unwrap();
        let parts = [half, payment.amount.minus(half).unwrap()].into_iter().filter(|part| !part.is_zero());
        let entries: String = parts
            .enumerate()
            .map(|(n, part)| {
                let direction = if part.is_negative() { "CRDT" } else { "DBIT" };
                let amount = Decimal::from_units(part.units().abs()).to_at_least(2);
                format!(
                    "<Ntry><Amt Ccy=\"{}\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{}</Dt></BookgDt>\
                     <AcctSvcrRef>{} {n}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>",
                    payment.currency,
                    payment.date,
                    payment.document,
                    end_to_end(&payment.document)
                )
            })
            .collect();
        let statement = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>1</Id>\
             <Acct><Id><IBAN>IE64IRCE92050112345678</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
        );
        let message = camt053::read(statement.as_bytes()).unwrap();
        let found = matches(&[message], std::slice::from_ref(payment), &[]).unwrap();
        assert!(matches!(found.last().unwrap().found, Found::Matched { by: By::EndToEnd, .. }), "{found:?}");
        for one in found {
            self.take(Event::Bank(one.found.entry().expect("found").clone()));
        }
    }
}

/// The year 2025 with so many orders.
pub(crate) fn year(definitions: &Definitions, orders: usize) -> Year<'_> {
    let checkout = Checkout::new(tidewaiter_data::ratebook());
    let mut year = Year {
        ledger: Ledger::new(definitions),
        returns: Vec::new(),
        tally: BTreeMap::new(),
        crossed: None,
        sold: HashMap::new(),
        returned: HashSet::new(),
        definitions,
        dice: 2025,
    };
    for (scheme, number) in [
        ("eu.ioss", "IM3720000012"),
        ("gb.supplyvat", "GB123456789"),
        ("no.voec", "2012345"),
        ("au.lvig", "123456789012"),
        ("sg.ovr", "M90373009E"),
    ] {
        year.register(scheme, number, "2025-01-01");
    }
    let start: Date = "2025-01-01".parse().unwrap();
    let (mut sold, mut new_zealand, mut kept) = (0, Decimal::ZERO, Vec::<Sale>::new());
    let nz_limit: Decimal = NZ_LIMIT
        .parse::<Decimal>()
        .unwrap()
        .scaled(Decimal::from_int(orders as i64), Decimal::from_int(20_000))
        .unwrap();
    // Money goes back until the end of January; the returns that hold it are due by May.
    for n in 0..500_i64 {
        let today = start.saturating_add(n.days());
        // So many orders a day that all are sold when the year ends.
        let until = if n >= 365 { 0 } else { orders * (n as usize + 1) / 365 };
        while sold < until {
            sold += 1;
            let sale = year.order(&checkout, sold, today);
            if sale.to == "NZ" && year.crossed.is_none() && sale.currency == "NZD" {
                new_zealand = new_zealand.plus(sale.goods).unwrap();
                if new_zealand > nz_limit {
                    let from = today.last_of_month().tomorrow().unwrap();
                    year.crossed = Some(from);
                    year.register("nz.ovr", "49098576", &from.to_string());
                }
            }
            year.take(Event::Sale(sale.clone()));
            // Of sixty orders five come back, whole or in part, on the day or up to five months later.
            if year.dice(12) == 0 {
                kept.push(sale);
            }
        }
        if !kept.is_empty() && n < 395 {
            for _ in 0..orders / 365 / 12 + 1 {
                if kept.is_empty() || year.dice(3) == 0 {
                    continue;
                }
                let pick = year.dice(kept.len() as u64) as usize;
                let sale = kept.swap_remove(pick);
                let half = |amount: Decimal| {
                    amount
                        .divided_by(Decimal::from_int(2))
                        .unwrap()
                        .rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2))
                        .unwrap()
                };
                let all = year.dice(2) == 0;
                let rows = sale.rows.iter().enumerate().map(|(n, row)| Part {
                    row: n as u16 + 1,
                    net: half(row.net),
                    amount: half(row.amount),
                });
                year.take(Event::Refund(Refund {
                    document: format!("R-{}", sale.document),
                    date: today,
                    of: sale.document.clone(),
                    goods: if all { Decimal::ZERO } else { half(sale.goods) },
                    shipping: Decimal::ZERO,
                    rows: if all { vec![] } else { rows.collect() },
                    all,
                }));
            }
        }
        // Rates that no series here holds are taken down as they are published.
        if today < "2026-01-01".parse().unwrap() {
            let rate = format!("0.{}", 5800 + year.dice(300));
            year.take(Event::Rate(RateNoted {
                document: format!("USD {today}"),
                scheme: "nz.ovr".into(),
                base: "NZD".into(),
                rate: rate.parse().unwrap(),
                currency: "USD".into(),
                day: today,
                source: "as published, made up for this test".into(),
            }));
        }
        if today.to_string() == "2025-09-10" {
            year.find_mistakes(today, &mut kept);
        }
        year.send(today);
    }
    year
}

/// By scheme and currency: what all returns declare, in the currencies of the sales.
fn declared(definitions: &Definitions, year: &Year<'_>) -> BTreeMap<(String, String), Decimal> {
    let mut all = BTreeMap::new();
    for made in &year.returns {
        let definition = &definitions[&made.scheme];
        let collected = Collected::of(definition, None, year.ledger.tax(), made.period).unwrap();
        for part in collected.parts {
            let sum: &mut Decimal = all.entry((made.scheme.clone(), part.currency)).or_default();
            *sum = sum.plus(part.tax).unwrap();
        }
    }
    all
}

pub(crate) fn holds(definitions: &Definitions, year: &Year<'_>) {
    // The sum of the returns is what was collected less what went back, to the cent in every currency.
    assert_eq!(declared(definitions, year), year.tally);
    assert!(year.crossed.is_some() && year.returns.len() > 25, "{:?} {}", year.crossed, year.returns.len());
    // Rows and corrections of a return of rows say the same in the currencies of the sales.
    for made in year.returns.iter().filter(|made| !made.rows.is_empty()) {
        let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
        for one in made.rows.iter().flat_map(|row| &row.of).chain(made.corrections.iter().flat_map(|one| &one.of)) {
            let sum = sums.entry(&one.currency).or_default();
            *sum = sum.plus(one.tax).unwrap();
        }
        let collected = Collected::of(&definitions[&made.scheme], None, year.ledger.tax(), made.period).unwrap();
        for part in collected.parts {
            let sum = sums.get_mut(part.currency.as_str()).unwrap();
            *sum = sum.minus(part.tax).unwrap();
        }
        assert!(sums.values().all(|left| left.is_zero()), "{sums:?}");
    }
    // Everything was declared and paid: nothing is left on these accounts.
    for ((account, currency), amount) in year.ledger.balances() {
        let is_done = matches!(account, Account::Tax { .. } | Account::Owed { .. } | Account::Ordered);
        assert!(!is_done || amount.is_zero(), "{account} {currency} {amount}");
    }
    // Accounts balance in every currency.
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for ((_, currency), amount) in year.ledger.balances() {
        let sum = sums.entry(currency).or_default();
        *sum = sum.plus(*amount).unwrap();
    }
    assert!(sums.values().all(|sum| sum.is_zero()), "{sums:?}");
}

#[test]
fn a_year_from_checkout_to_matched_payments() {
    let definitions = all();
    let year = year(&definitions, 20_000);
    holds(&definitions, &year);
    // A rate changed in the middle of the year.
    let rates_of = |period: &str| -> Vec<String> {
        let period: Period = period.parse().unwrap();
        let made = year.returns.iter().find(|made| made.scheme == "eu.ioss" && made.period == period).unwrap();
        made.rows
            .iter()
            .filter(|row| row.key.member_state.as_deref() == Some("EE"))
            .map(|row| row.key.rate.unwrap().to_string())
            .collect()
    };
    assert_eq!((rates_of("2025-06"), rates_of("2025-07")), (vec!["22 %".to_owned()], vec!["24 %".to_owned()]));
    // The mistakes of June stand apart in a later return.
    let apart: Vec<_> =
        year.returns.iter().filter(|made| made.scheme == "eu.ioss").flat_map(|made| &made.corrections).collect();
    assert!(apart.iter().any(|one| one.period.to_string() == "2025-06" && one.member_state == "FR"));
    // Made again from nothing but its entries, the ledger is the same, and so is every return.
    let again = Ledger::replay(&definitions, year.ledger.entries().to_vec()).unwrap();
    assert_eq!((again.head(), again.past()), (year.ledger.head(), year.ledger.past()));
    assert_eq!(again.tax(), year.ledger.tax());
    for made in &year.returns {
        let redone = drafted(&again, &definitions[&made.scheme], made.period);
        let rows = |made: &Return| {
            serde_json::to_value((&made.rows, &made.boxes, &made.corrections, made.owed, made.back)).unwrap()
        };
        assert_eq!(rows(&redone), rows(made), "a closed period changed: {} {}", made.scheme, made.period);
    }
}
