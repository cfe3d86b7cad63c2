//! What the bank did with the payments of the ledger.
//!
//! A transaction is a payment's if it has its end-to-end id; otherwise if it has its reference; otherwise if amount, currency and day fit one payment
//! alone. Where several fit, they are told and none is chosen. What was found becomes [`BankEntry`] documents for the ledger, with numbers that are the same
//! whenever the same entry is read again, in this statement or another: importing twice changes nothing.

use super::order::{NOT_PROVIDED, end_to_end};
use super::statement::{Detail, Entry, Kind, Message, Money, Statement, Status};
use crate::event::{BankEntry, Charged, Payment};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// How many days after the day for which it was ordered a payment is still looked for by its amount. Our choice.
const DAYS: i64 = 10;
/// Shortest reference that is looked for inside of a text, in letters and digits: a shorter one is found in any text.
const SHORTEST: usize = 6;

/// What became of one transaction of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Match {
    /// Number of the account.
    pub account: String,
    /// Number that an entry of the ledger has or would have.
    pub document: String,
    /// The day it was booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked: Option<Date>,
    /// How much, below zero where it left the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Who is on the other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What it says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// What it is.
    pub found: Found,
}

/// By what a payment was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// By the id that the order gave it.
    EndToEnd,
    /// By its reference.
    Reference,
    /// By amount, currency and day. Look at it before it is recorded.
    AmountAndDay,
}

/// What a transaction of the bank is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Found {
    /// The whole of what was left of a payment.
    Matched {
        /// For the ledger.
        entry: BankEntry,
        /// By what.
        by: By,
    },
    /// A part of it.
    Partly {
        /// For the ledger.
        entry: BankEntry,
        /// By what.
        by: By,
        /// What is left now.
        left: Decimal,
    },
    /// More than was left; nothing is made of it, the ledger would not take it.
    More {
        /// Number of the payment.
        payment: String,
        /// By what.
        by: By,
        /// How much was moved.
        moved: Decimal,
        /// How much was left.
        left: Decimal,
    },
    /// Money that came back of what the bank had carried out.
    Returned {
        /// For the ledger, with a minus.
        entry: BankEntry,
        /// By what.
        by: By,
        /// What is left to be paid now.
        left: Decimal,
        /// The bank's code of the reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Recorded already: in the ledger, or earlier among these statements.
    Already,
    /// Several payments fit. Nobody guesses which: say it.
    Several {
        /// Numbers of the payments.
        payments: Vec<String>,
        /// By what they were found.
        by: By,
    },
    /// A payment is named, and what the bank says of the amount does not do.
    Unclear {
        /// Number of the payment.
        payment: String,
        /// By what.
        by: By,
        /// Why.
        why: Unclear,
    },
    /// Not booked yet: read the next statement.
    NotBooked,
    /// No payment of the ledger.
    Unknown,
}

/// Why an amount does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unclear {
    /// The bank says no amount in the currency of the payment.
    OtherCurrency,
    /// The entry holds several transactions and does not say how much each is.
    NoAmount,
    /// It moves money the other way, and more than was carried out.
    OtherWay,
    /// The entry names no day.
    NoDay,
}

impl Found {
    /// What is to be recorded.
    pub const fn entry(&self) -> Option<&BankEntry> {
        match self {
            Self::Matched { entry, .. } | Self::Partly { entry, .. } | Self::Returned { entry, .. } => Some(entry),
            _ => None,
        }
    }
}

/// Matches what the bank says with the payments of the ledger and with what is recorded of them.
///
/// Entries are taken in their order; what one leaves of a payment is what the next finds. Reports of the day and notifications may tell what the
/// statement tells again: the bank's own reference tells that it is the same.
///
/// # Errors
/// [`NumberError`] where a sum is out of range.
pub fn matches(messages: &[Message], payments: &[Payment], recorded: &[BankEntry]) -> Result<Vec<Match>, NumberError> {
    let mut book = Book::new(payments, recorded)?;
    let mut all = Vec::new();
    for message in messages {
        // Entries that nothing tells apart are counted, in each message anew: read again, they have the same numbers again.
        let mut alike: HashMap<String, usize> = HashMap::new();
        for statement in &message.statements {
            for entry in &statement.entries {
                let name = name(statement, entry);
                let count = alike.entry(name.clone()).or_default();
                *count += 1;
                let name = if *count == 1 { name } else { format!("{name}.{count}") };
                book.entry(message.kind, statement, entry, &name, &mut all)?;
            }
        }
    }
    Ok(all)
}

/// What an entry is called: its day and a hash of what stays the same wherever the bank tells it.
fn name(statement: &Statement, entry: &Entry) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        // Length first, so that two texts are not taken for one.
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    add(&statement.account);
    add(&entry.booked.map(|day| day.to_string()).unwrap_or_default());
    add(&entry.amount.amount.to_string());
    add(&entry.amount.currency);
    match &entry.bank_reference {
        Some(reference) => add(reference),
        None => {
            add(&entry.value.map(|day| day.to_string()).unwrap_or_default());
            add(entry.reference.as_deref().unwrap_or_default());
            for detail in &entry.details {
                for text in [&detail.end_to_end, &detail.transaction, &detail.bank_reference].into_iter().flatten() {
                    add(text);
                }
                for text in detail.references.iter().map(|one| &one.text).chain(&detail.texts) {
                    add(text);
                }
            }
        }
    }
    let mut name = entry.booked.map_or_else(|| "undated".to_owned(), |day| day.to_string());
    name.push('.');
    for byte in hash.finalize().iter().take(10) {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

struct Book<'a> {
    payments: Vec<Open<'a>>,
    by_id: HashMap<String, Vec<usize>>,
    by_amount: HashMap<(&'a str, Decimal), Vec<usize>>,
    currencies: BTreeSet<&'a str>,
    /// By the letters and digits of the reference, and the lengths of all references.
    by_reference: HashMap<Vec<char>, Vec<usize>>,
    lengths: BTreeSet<usize>,
    /// Numbers that are recorded, and those of whole entries of which a transaction is.
    recorded: HashSet<String>,
    begun: HashSet<String>,
}

struct Open<'a> {
    payment: &'a Payment,
    left: Decimal,
}

impl<'a> Book<'a> {
    fn new(payments: &'a [Payment], recorded: &[BankEntry]) -> Result<Self, NumberError> {
        let mut done: HashMap<&str, Decimal> = HashMap::new();
        for one in recorded {
            let sum = done.entry(&one.of).or_default();
            *sum = sum.plus(one.amount)?;
        }
        let mut book = Self {
            payments: Vec::with_capacity(payments.len()),
            by_id: HashMap::new(),
            by_amount: HashMap::new(),
            currencies: BTreeSet::new(),
            by_reference: HashMap::new(),
            lengths: BTreeSet::new(),
            recorded: HashSet::new(),
            begun: HashSet::new(),
        };
        for one in recorded {
            book.record(&one.document);
        }
        for (at, payment) in payments.iter().enumerate() {
            let left = payment.amount.minus(done.get(payment.document.as_str()).copied().unwrap_or_default())?;
            book.by_id.entry(end_to_end(&payment.document)).or_default().push(at);
            book.by_amount.entry((&payment.currency, payment.amount)).or_default().push(at);
            book.currencies.insert(&payment.currency);
            let (reference, _) = signs(&payment.reference);
            if !reference.is_empty() {
                book.lengths.insert(reference.len());
                book.by_reference.entry(reference).or_default().push(at);
            }
            book.payments.push(Open { payment, left });
        }
        Ok(book)
    }

    fn record(&mut self, document: &str) {
        self.recorded.insert(document.to_owned());
        if let Some((whole, _)) = document.split_once('#') {
            self.begun.insert(whole.to_owned());
        }
    }

    fn entry(
        &mut self,
        kind: Kind,
        statement: &Statement,
        entry: &Entry,
        name: &str,
        all: &mut Vec<Match>,
    ) -> Result<(), NumberError> {
        let whole = Detail::default();
        let details = if entry.details.is_empty() { std::slice::from_ref(&whole) } else { &entry.details };
        let is_single = details.len() == 1;
        for (n, detail) in details.iter().enumerate() {
            let document = if is_single { name.to_owned() } else { format!("{name}#{}", n + 1) };
            let amount = own_amount(entry, detail, is_single);
            let is_credit = is_credit(entry, detail, is_single);
            let is_known = self.recorded.contains(&document)
                || self.recorded.contains(name)
                || (is_single && self.begun.contains(name));
            let found = if is_known {
                Found::Already
            } else if entry.status != Status::Booked || (kind == Kind::Report && entry.booked.is_none()) {
                Found::NotBooked
            } else {
                self.find(entry, detail, is_single, &document)?
            };
            if found.entry().is_some() {
                self.record(&document);
            }
            let texts: Vec<&str> = detail
                .references
                .iter()
                .map(|one| one.text.as_str())
                .chain(detail.texts.iter().map(String::as_str))
                .collect();
            all.push(Match {
                account: statement.account.clone(),
                document,
                booked: entry.booked,
                amount,
                with: detail
                    .counterparty(&statement.account, is_credit)
                    .and_then(|side| [&side.name, &side.ultimate, &side.account].into_iter().flatten().next().cloned()),
                says: if texts.is_empty() { entry.says.clone().unwrap_or_default() } else { texts.join(" ") },
                found,
            });
        }
        Ok(())
    }

    fn find(&mut self, entry: &Entry, detail: &Detail, is_single: bool, document: &str) -> Result<Found, NumberError> {
        let (at, by) = match self.candidates(entry, detail, is_single)? {
            (by, one) if one.len() == 1 => (one[0], by),
            (_, none) if none.is_empty() => return Ok(Found::Unknown),
            (by, several) => {
                let payments = several.into_iter().map(|at| self.payments[at].payment.document.clone()).collect();
                return Ok(Found::Several { payments, by });
            }
        };
        let payment = self.payments[at].payment;
        let unclear = |why| Ok(Found::Unclear { payment: payment.document.clone(), by, why });
        let Some(date) = entry.booked else { return unclear(Unclear::NoDay) };
        let moved = match moved(entry, detail, is_single, &payment.currency)? {
            Ok(moved) => moved,
            Err(why) => return unclear(why),
        };
        let left = self.payments[at].left;
        let charged = own_amount(entry, detail, is_single).filter(|own| own.currency != payment.currency);
        let charged = match charged {
            Some(own) => Some(Charged { amount: Decimal::ZERO.minus(own.amount)?, currency: own.currency }),
            None => None,
        };
        let make = |amount| BankEntry {
            document: document.to_owned(),
            date,
            of: payment.document.clone(),
            amount,
            currency: payment.currency.clone(),
            charged,
        };
        let rest = left.minus(moved)?;
        if moved.is_negative() != payment.amount.is_negative() {
            // It comes back: never more than was carried out.
            let done = payment.amount.minus(left)?;
            if moved.is_zero() || is_beyond(done.plus(moved)?, payment.amount) {
                return unclear(Unclear::OtherWay);
            }
            self.payments[at].left = rest;
            return Ok(Found::Returned { entry: make(moved), by, left: rest, reason: detail.returned.clone() });
        }
        if moved.is_zero() {
            return unclear(Unclear::NoAmount);
        }
        if is_beyond(rest, payment.amount) {
            return Ok(Found::More { payment: payment.document.clone(), by, moved, left });
        }
        self.payments[at].left = rest;
        let entry = make(moved);
        Ok(if rest.is_zero() { Found::Matched { entry, by } } else { Found::Partly { entry, by, left: rest } })
    }

    /// The payments that a transaction can be, and by what.
    fn candidates(&self, entry: &Entry, detail: &Detail, is_single: bool) -> Result<(By, Vec<usize>), NumberError> {
        let id = detail.end_to_end.as_deref().filter(|id| *id != NOT_PROVIDED);
        if let Some(found) = id.and_then(|id| self.by_id.get(id)) {
            return Ok((By::EndToEnd, found.clone()));
        }
        let mut named = self.named(detail);
        if !named.is_empty() {
            if named.len() > 1 {
                // Several payments of one reference: the amount tells them apart if it is that of one of them.
                let mut exact = Vec::new();
                for at in &named {
                    let one = &self.payments[*at];
                    if moved(entry, detail, is_single, &one.payment.currency)? == Ok(one.left) && !one.left.is_zero() {
                        exact.push(*at);
                    }
                }
                let near: Vec<usize> =
                    exact.iter().copied().filter(|at| is_near(self.payments[*at].payment.date, entry.booked)).collect();
                for fewer in [near, exact] {
                    if fewer.len() == 1 {
                        named = fewer;
                        break;
                    }
                }
            }
            return Ok((By::Reference, named));
        }
        let mut fits = Vec::new();
        for currency in &self.currencies {
            let Ok(moved) = moved(entry, detail, is_single, currency)? else { continue };
            let same = self.by_amount.get(&(*currency, moved)).into_iter().flatten().copied();
            fits.extend(same.filter(|at| {
                let one = &self.payments[*at];
                one.left == one.payment.amount && !one.left.is_zero() && is_near(one.payment.date, entry.booked)
            }));
        }
        fits.sort_unstable();
        Ok((By::AmountAndDay, fits))
    }

    /// Payments whose reference a transaction has.
    fn named(&self, detail: &Detail) -> Vec<usize> {
        let texts: Vec<_> = detail
            .references
            .iter()
            .map(|one| one.text.as_str())
            .chain(detail.texts.iter().map(String::as_str))
            .map(signs)
            .collect();
        let all: Vec<_> =
            (detail.texts.len() > 1).then(|| signs(&detail.texts.concat())).into_iter().chain(texts).collect();
        let mut named = BTreeSet::new();
        for (text, places) in &all {
            named.extend(self.by_reference.get(text).into_iter().flatten().copied());
            for length in self.lengths.range(SHORTEST..) {
                for (at, part) in text.windows(*length).enumerate() {
                    if let Some(found) = self.by_reference.get(part).filter(|_| stands_alone(places, at, *length)) {
                        named.extend(found.iter().copied());
                    }
                }
            }
        }
        named.into_iter().collect()
    }
}

/// The letters and digits of a text in capitals, and their places: banks break references with spaces and take signs out.
fn signs(text: &str) -> (Vec<char>, Vec<usize>) {
    text.chars()
        .enumerate()
        .filter(|(_, sign)| sign.is_alphanumeric())
        .map(|(at, sign)| (sign.to_ascii_uppercase(), at))
        .unzip()
}

/// Whether a part of a text is not touched by other letters or digits.
fn stands_alone(places: &[usize], at: usize, length: usize) -> bool {
    let touches = |one: usize, next: usize| matches!((places.get(one), places.get(next)), (Some(one), Some(next)) if one + 1 == *next);
    let is_touched = at > 0 && touches(at - 1, at) || touches(at + length - 1, at + length);
    !is_touched
}

/// Whether what is left lies on the other side of nothing than the payment itself.
fn is_beyond(rest: Decimal, amount: Decimal) -> bool {
    !rest.is_zero() && rest.is_negative() != amount.is_negative()
}

fn is_near(ordered: Date, booked: Option<Date>) -> bool {
    booked.is_some_and(|booked| booked >= ordered && booked <= ordered.saturating_add(DAYS.days()))
}

/// Whether money comes in. A transaction alone in its entry goes the way of the entry, whatever else it says: that is what the account was charged.
fn is_credit(entry: &Entry, detail: &Detail, is_single: bool) -> bool {
    let of_entry = !entry.amount.amount.is_negative();
    if is_single { of_entry } else { detail.is_credit.unwrap_or(of_entry) }
}

/// What a transaction is in the currency of the account.
fn own_amount(entry: &Entry, detail: &Detail, is_single: bool) -> Option<Money> {
    if is_single {
        return Some(entry.amount.clone());
    }
    let of_account = |money: &&Money| money.currency == entry.amount.currency;
    detail.amount.as_ref().filter(of_account).cloned().or_else(|| {
        // Version 02 has no amount of its own; its direction is that of the transaction, or else of the entry.
        let is_credit = is_credit(entry, detail, is_single);
        let money = [&detail.amounts.counter, &detail.amounts.transferred, &detail.amounts.ordered]
            .into_iter()
            .flatten()
            .find(of_account)?;
        let amount = if is_credit { money.amount } else { Decimal::from_units(-money.amount.units()) };
        Some(Money { amount, currency: money.currency.clone() })
    })
}

/// How much of a payment in a currency a transaction moves: above zero leaves the account, as the ledger has it.
fn moved(
    entry: &Entry,
    detail: &Detail,
    is_single: bool,
    currency: &str,
) -> Result<Result<Decimal, Unclear>, NumberError> {
    let is_credit = is_credit(entry, detail, is_single);
    let in_it = |money: &&Money| money.currency == currency;
    let amounts = [&detail.amounts, &entry.amounts];
    let amounts = if is_single { &amounts[..] } else { &amounts[..1] };
    let told = |get: fn(&super::statement::Amounts) -> &Option<Money>| {
        amounts.iter().find_map(|all| get(all).as_ref().filter(in_it))
    };
    let ordered = told(|all| &all.ordered);
    let transferred = told(|all| &all.transferred);
    let counter = told(|all| &all.counter);
    let own = detail.amount.as_ref().filter(in_it).or(Some(&entry.amount).filter(|money| is_single && in_it(money)));
    // What leaves is measured as it was ordered: the bank may add its charges. What comes back, as it came.
    let found = if is_credit {
        own.or(transferred).or(counter).or(ordered)
    } else {
        ordered.or(transferred).or(own).or(counter)
    };
    let Some(found) = found else {
        let is_said = is_single
            || detail.amount.is_some()
            || amounts.iter().any(|all| all.ordered.is_some() || all.transferred.is_some());
        return Ok(Err(if is_said { Unclear::OtherCurrency } else { Unclear::NoAmount }));
    };
    let amount = if found.amount.is_negative() { Decimal::ZERO.minus(found.amount)? } else { found.amount };
    Ok(Ok(if is_credit { Decimal::ZERO.minus(amount)? } else { amount }))
}
