//! Double entry: what each event moves from one account to another.
//!
//! | account | holds |
//! |---|---|
//! | `buyers` | what buyers paid and got back |
//! | `sales` | prices and shipping |
//! | `tax:SCHEME:TERRITORY` | tax collected and not yet declared, in the currencies of the sales |
//! | `amend:SCHEME:PERIOD:TERRITORY` | tax that no later return may have: it waits until the return of its period is amended |
//! | `border:TERRITORY:CHARGE` | duty and tax that buyers paid in advance and that is owed at the border: another book, no return has it |
//! | `owed:SCHEME:PERIOD` | declared and not yet paid, in the currency of the return |
//! | `ordered` | payments on their way |
//! | `bank` | what the bank moved |
//! | `exchange` | between currencies, and what rounding leaves |
//! | `claims` | penalties, interest and assessments |

use super::{Refused, TaxLine};
use crate::definition::Period;
use crate::event::{Amended, BankEntry, Claim, Filed, Payment, Row, Sale};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;
use tidewaiter::Decimal;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What buyers paid and got back.
    Buyers,
    /// Prices and shipping.
    Sales,
    /// Tax collected and not yet declared.
    Tax {
        /// The scheme.
        scheme: String,
        /// Territory of the buyers.
        to: String,
    },
    /// Tax of a period whose return was sent, that no later return may have: its return is to be amended.
    Amend {
        /// The scheme.
        scheme: String,
        /// The period.
        period: Period,
        /// Territory of the buyers.
        to: String,
    },
    /// Owed at the border.
    Border {
        /// Territory of the buyers.
        to: String,
        /// Key of the charge.
        charge: String,
    },
    /// Declared and not yet paid.
    Owed {
        /// The scheme.
        scheme: String,
        /// The period.
        period: Period,
    },
    /// Payments on their way.
    Ordered,
    /// What the bank moved.
    Bank,
    /// Between currencies, and what rounding leaves.
    Exchange,
    /// Penalties, interest, assessments.
    Claims,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buyers => f.write_str("buyers"),
            Self::Sales => f.write_str("sales"),
            Self::Tax { scheme, to } => write!(f, "tax:{}:{}", Part(scheme), Part(to)),
            Self::Amend { scheme, period, to } => write!(f, "amend:{}:{period}:{}", Part(scheme), Part(to)),
            Self::Border { to, charge } => write!(f, "border:{}:{}", Part(to), Part(charge)),
            Self::Owed { scheme, period } => write!(f, "owed:{}:{period}", Part(scheme)),
            Self::Ordered => f.write_str("ordered"),
            Self::Bank => f.write_str("bank"),
            Self::Exchange => f.write_str("exchange"),
            Self::Claims => f.write_str("claims"),
        }
    }
}

/// A part of the name of an account: it may hold the sign that stands between parts, for documents come from outside.
struct Part<'a>(&'a str);

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|sign| match sign {
            ':' => f.write_str("%3A"),
            '%' => f.write_str("%25"),
            other => f.write_char(other),
        })
    }
}

/// A part read back.
fn part(text: &str) -> String {
    text.replace("%3A", ":").replace("%25", "%")
}

impl FromStr for Account {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(':');
        let account = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("amend"), Some(scheme), Some(period), Some(to)) if parts.next().is_none() => {
                Self::Amend { scheme: part(scheme), period: period.parse().map_err(|_| ())?, to: part(to) }
            }
            (Some("buyers"), None, ..) => Self::Buyers,
            (Some("sales"), None, ..) => Self::Sales,
            (Some("tax"), Some(scheme), Some(to), None) => Self::Tax { scheme: part(scheme), to: part(to) },
            (Some("border"), Some(to), Some(charge), None) => Self::Border { to: part(to), charge: part(charge) },
            (Some("owed"), Some(scheme), Some(period), None) => {
                Self::Owed { scheme: part(scheme), period: period.parse().map_err(|_| ())? }
            }
            (Some("ordered"), None, ..) => Self::Ordered,
            (Some("bank"), None, ..) => Self::Bank,
            (Some("exchange"), None, ..) => Self::Exchange,
            (Some("claims"), None, ..) => Self::Claims,
            _ => return Err(()),
        };
        Ok(account)
    }
}

/// An amount into an account, or with a minus out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// ISO 4217 letters.
    pub currency: String,
    /// Debits are above zero.
    pub amount: Decimal,
}

/// Postings of one event in one currency, without those of nothing.
struct Book<'a> {
    currency: &'a str,
    postings: Vec<Posting>,
}

impl<'a> Book<'a> {
    fn new(currency: &'a str) -> Self {
        Self { currency, postings: Vec::new() }
    }

    fn debit(&mut self, account: Account, amount: Decimal) {
        if !amount.is_zero() {
            self.postings.push(Posting { account, currency: self.currency.to_owned(), amount });
        }
    }

    fn credit(&mut self, account: Account, amount: Decimal) -> Result<(), Refused> {
        self.debit(account, Decimal::ZERO.minus(amount)?);
        Ok(())
    }
}

/// Where the charge of a row is kept.
fn account_of(to: &str, row: &Row) -> Account {
    let to = to.to_owned();
    match &row.scheme {
        Some(scheme) => Account::Tax { scheme: scheme.clone(), to },
        None => Account::Border { to, charge: row.charge.clone() },
    }
}

/// The buyer pays for goods, shipping and charges.
pub(super) fn sale(sale: &Sale, rows: &[(&str, &Row)]) -> Result<Vec<Posting>, Refused> {
    let mut book = Book::new(&sale.currency);
    let own = sale.goods.plus(sale.shipping)?;
    let mut paid = own;
    for (_, row) in rows {
        paid = paid.plus(row.amount)?;
    }
    book.debit(Account::Buyers, paid);
    book.credit(Account::Sales, own)?;
    for (to, row) in rows {
        book.credit(account_of(to, row), row.amount)?;
    }
    Ok(book.postings)
}

/// The buyer gets parts of it back.
pub(super) fn refund(
    currency: &str,
    goods: Decimal,
    shipping: Decimal,
    rows: &[(&str, &Row)],
) -> Result<Vec<Posting>, Refused> {
    let mut book = Book::new(currency);
    let own = goods.plus(shipping)?;
    let mut back = own;
    for (_, row) in rows {
        back = back.plus(row.amount)?;
    }
    book.credit(Account::Buyers, back)?;
    book.debit(Account::Sales, own);
    for (to, row) in rows {
        book.debit(account_of(to, row), row.amount);
    }
    Ok(book.postings)
}

/// The buyer paid what was paid: more tax leaves the seller less, and the other way round.
pub(super) fn correction(currency: &str, rows: &[(&str, &Row)]) -> Result<Vec<Posting>, Refused> {
    let mut book = Book::new(currency);
    for (to, row) in rows {
        book.debit(Account::Sales, row.amount);
        book.credit(account_of(to, row), row.amount)?;
    }
    Ok(book.postings)
}

/// What was collected for the period, by currency and territory, becomes what is owed for it.
pub(super) fn filed<'a>(
    one: &Filed,
    collected: impl Iterator<Item = (&'a str, &'a str, Decimal)>,
) -> Result<Vec<Posting>, Refused> {
    let mut postings = Vec::new();
    for (currency, to, sum) in collected {
        let mut book = Book::new(currency);
        book.debit(Account::Tax { scheme: one.scheme.clone(), to: to.to_owned() }, sum);
        book.credit(Account::Exchange, sum)?;
        postings.extend(book.postings);
    }
    let mut book = Book::new(&one.currency);
    let sum = one.owed.minus(one.back)?;
    book.debit(Account::Exchange, sum);
    book.credit(Account::Owed { scheme: one.scheme.clone(), period: one.period }, sum)?;
    postings.extend(book.postings);
    Ok(postings)
}

/// Tax of one event that no return will have moves to where it waits for an amendment.
pub(super) fn amend(lines: &[TaxLine]) -> Result<Vec<Posting>, Refused> {
    let mut postings = Vec::new();
    for line in lines {
        let (Some(period), None) = (line.about, line.declared) else { continue };
        let (scheme, to) = (line.scheme.clone(), line.to.clone());
        let mut book = Book::new(&line.currency);
        book.debit(Account::Tax { scheme: scheme.clone(), to: to.clone() }, line.tax);
        book.credit(Account::Amend { scheme, period, to }, line.tax)?;
        postings.extend(book.postings);
    }
    Ok(postings)
}

/// What waited for an amendment of the period becomes what is owed for it.
pub(super) fn amended(one: &Amended, balances: &BTreeMap<(Account, String), Decimal>) -> Result<Vec<Posting>, Refused> {
    let mut postings = Vec::new();
    for ((account, currency), sum) in balances {
        let is_own =
            matches!(account, Account::Amend { scheme, period, .. } if *scheme == one.scheme && *period == one.period);
        if is_own {
            let mut book = Book::new(currency);
            book.credit(account.clone(), *sum)?;
            book.debit(Account::Exchange, *sum);
            postings.extend(book.postings);
        }
    }
    let mut book = Book::new(&one.currency);
    let sum = one.owed.minus(one.back)?;
    book.debit(Account::Exchange, sum);
    book.credit(Account::Owed { scheme: one.scheme.clone(), period: one.period }, sum)?;
    postings.extend(book.postings);
    Ok(postings)
}

/// What is owed is on its way.
pub(super) fn payment(one: &Payment) -> Vec<Posting> {
    let mut book = Book::new(&one.currency);
    book.debit(Account::Owed { scheme: one.scheme.clone(), period: one.period }, one.amount);
    book.debit(Account::Ordered, Decimal::from_units(-one.amount.units()));
    book.postings
}

/// It has left the account, perhaps in another currency.
pub(super) fn bank(one: &BankEntry) -> Vec<Posting> {
    let minus = |amount: Decimal| Decimal::from_units(-amount.units());
    let mut book = Book::new(&one.currency);
    book.debit(Account::Ordered, one.amount);
    let Some(charged) = &one.charged else {
        book.debit(Account::Bank, minus(one.amount));
        return book.postings;
    };
    book.debit(Account::Exchange, minus(one.amount));
    let mut other = Book::new(&charged.currency);
    other.debit(Account::Exchange, charged.amount);
    other.debit(Account::Bank, minus(charged.amount));
    book.postings.extend(other.postings);
    book.postings
}

/// More is owed for a period.
pub(super) fn claim(one: &Claim) -> Vec<Posting> {
    let mut book = Book::new(&one.currency);
    book.debit(Account::Claims, one.amount);
    book.debit(
        Account::Owed { scheme: one.scheme.clone(), period: one.period },
        Decimal::from_units(-one.amount.units()),
    );
    book.postings
}

/// Whether postings add up to nothing in every currency.
pub(super) fn balanced(postings: &[Posting]) -> Result<(), Refused> {
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for posting in postings {
        let sum = sums.entry(&posting.currency).or_default();
        *sum = sum.plus(posting.amount)?;
    }
    match sums.into_iter().find(|(_, sum)| !sum.is_zero()) {
        Some((currency, _)) => Err(Refused::Unbalanced(currency.to_owned())),
        None => Ok(()),
    }
}
