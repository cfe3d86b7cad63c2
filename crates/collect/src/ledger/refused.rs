//! Why an event was not taken.

use crate::definition::{Length, Period};
use crate::doubt::Beyond;
use jiff::civil::Date;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// Why an event was not taken. The ledger is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A number that is none.
    #[error("{kind} \"{document}\": the number of a document has 1 to 200 characters, without control characters")]
    Document {
        /// What it is.
        kind: &'static str,
        /// Its number, shortened.
        document: String,
    },
    /// An amount that no currency has.
    #[error(
        "{kind} \"{document}\": the amount {amount} has more than four decimals, or is larger than 100,000,000,000"
    )]
    TooFine {
        /// What it is.
        kind: &'static str,
        /// Its number.
        document: String,
        /// The amount.
        amount: Decimal,
    },
    /// The number was used for something else.
    #[error(
        "{kind} \"{document}\" is recorded already, with other contents; what is recorded does not change: record a correction"
    )]
    OtherBody {
        /// What it is.
        kind: &'static str,
        /// Its number.
        document: String,
    },
    /// The returns of the scheme are not described.
    #[error("the returns of the scheme \"{scheme}\" are not described here{near}; known are {known}")]
    NoScheme {
        /// The scheme.
        scheme: String,
        /// What was likely meant, as words.
        near: String,
        /// All that are known.
        known: String,
    },
    /// A sale below zero, or what is left of one.
    #[error("\"{0}\": an amount is below zero, or more is taken away than there was")]
    BelowZero(String),
    /// There is no such sale.
    #[error("there is no sale \"{0}\"; record it first")]
    NoSale(String),
    /// A refund is older than its sale.
    #[error("refund \"{0}\" is dated before its sale")]
    BeforeTheSale(String),
    /// More goes back than is left.
    #[error("more than what is left of sale \"{sale}\": of {what}, {left} is left")]
    MoreThanLeft {
        /// The sale.
        sale: String,
        /// Of what.
        what: String,
        /// How much is left.
        left: Decimal,
    },
    /// Everything went back before.
    #[error(
        "nothing is left of sale \"{0}\": all of it went back before; take this refund out, or look which sale it is of"
    )]
    NothingLeft(String),
    /// Rows of one charge that are reckoned on more than the buyer paid.
    #[error(
        "sale \"{sale}\": its {} rows of {} are reckoned on {} together, and the buyer paid {} without it; take out the row that stands twice, or write the whole price in goods and shipping",
        .found.rows, .found.charge, .found.net, .found.paid
    )]
    Beyond {
        /// The sale.
        sale: String,
        /// The charge.
        found: Box<Beyond>,
    },
    /// A refund of everything that also names parts.
    #[error("refund \"{0}\" is of everything, and names parts as well; give one of them")]
    AllAndParts(String),
    /// The sale has no such row.
    #[error("sale \"{sale}\" has no row {row}; the first row is 1")]
    NoRow {
        /// The sale.
        sale: String,
        /// The row.
        row: u16,
    },
    /// A registration that ends before it begins.
    #[error("the registration under \"{0}\" ends before it begins")]
    EndsBeforeItBegins(String),
    /// A length of periods that the scheme does not have.
    #[error("the returns of {scheme} are not made for a {}; known are {}", .length.word(), known_lengths(.known))]
    NoLength {
        /// The scheme.
        scheme: String,
        /// The length.
        length: Length,
        /// All that it has.
        known: Vec<Length>,
    },
    /// Another length of periods that does not begin with one.
    #[error(
        "periods of {scheme} cannot have another length from {from}: write the first day of a period that is still open"
    )]
    LengthWithin {
        /// The scheme.
        scheme: String,
        /// The day.
        from: Date,
    },
    /// Sales stand in periods of the old length already.
    #[error(
        "periods of {scheme} cannot have another length from {from}: tax is recorded for {period} already; record the change before that"
    )]
    LengthTooLate {
        /// The scheme.
        scheme: String,
        /// The day.
        from: Date,
        /// The period that holds tax.
        period: Period,
    },
    /// There is no such return.
    #[error(
        "there is no return \"{of}\" of {scheme} for {period}; an amendment names the number of the return that it amends"
    )]
    NoSuchReturn {
        /// The number.
        of: String,
        /// The scheme.
        scheme: String,
        /// The period.
        period: Period,
    },
    /// An exchange rate that no return can use.
    #[error("rate \"{document}\": it must be above 0, and one of its two currencies must be {own}, that of the return")]
    NoRate {
        /// Its number.
        document: String,
        /// Currency of the return.
        own: String,
    },
    /// Another currency than that of the return.
    #[error("the return is in {wanted}, not in {is}")]
    OtherCurrency {
        /// What was given.
        is: String,
        /// What it must be.
        wanted: String,
    },
    /// Returns are sent one after the other.
    #[error("the return of {scheme} for {period} is out of turn: that for {due} is next, also where nothing was sold")]
    OutOfTurn {
        /// The scheme.
        scheme: String,
        /// The period.
        period: Period,
        /// The one that is next.
        due: Period,
    },
    /// Nothing was declared that could be paid.
    #[error("no return of {scheme} for {period} was sent; record it first")]
    NoReturn {
        /// The scheme.
        scheme: String,
        /// The period.
        period: Period,
    },
    /// There is no such payment.
    #[error("there is no payment \"{0}\"; record it first")]
    NoPayment(String),
    /// The bank moved more than was ordered.
    #[error("more than what is left of payment \"{payment}\": {left}")]
    MoreThanOrdered {
        /// The payment.
        payment: String,
        /// How much is left.
        left: Decimal,
    },
    /// More came back than the bank had carried out.
    #[error(
        "more comes back than was paid of payment \"{payment}\": {paid} was paid; write a refund of the authority as a payment of its own, with a minus"
    )]
    MoreThanPaid {
        /// The payment.
        payment: String,
        /// How much the bank had carried out.
        paid: Decimal,
    },
    /// The bank moved another currency than was ordered.
    #[error(
        "the payment is in {wanted}, not in {is}; give the amount in {wanted}, and what the account was charged under \"charged\""
    )]
    OtherThanOrdered {
        /// What was given.
        is: String,
        /// What it must be.
        wanted: String,
    },
    /// The chain of entries is broken.
    #[error("entry {seq} was changed after it was written, or one before it was removed")]
    Chain {
        /// Its number.
        seq: u64,
    },
    /// Postings that do not balance: a mistake of this program.
    #[error("the postings of this event do not balance in {0}; nothing was recorded")]
    Unbalanced(String),
    /// An amount out of range.
    #[error(transparent)]
    Number(#[from] NumberError),
}

fn known_lengths(all: &[Length]) -> String {
    all.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ")
}
