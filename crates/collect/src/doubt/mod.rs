//! What of sales, refunds and registrations can never be right, and is refused; and what is doubtful: recorded, and told when it is taken in
//! and again in the draft of its return.
//!
//! Whether something can be right is asked of the scheme's file, the territories and rates of a ratebook, and the shapes of numbers. The
//! functions are pure. `docs/decisions/0046-what-is-refused-and-what-is-told.md` says where the line is, and why.

mod look;
mod never;
mod told;

pub use look::Look;
pub use never::{Beyond, beyond, near, number};
pub use told::Doubts;

use crate::definition::{PerWhat, Percent, Side};
use jiff::civil::Date;
use std::fmt;
use tidewaiter::Decimal;

/// Something that is likely wrong, but need not be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// A tax that is not its rate of what it is reckoned on.
    Tax(Percent),
    /// A rate below one per cent: 0.19 is how a spreadsheet keeps 19 %.
    Small(Percent),
    /// Said to be the standard rate, and is another than that of the territory.
    NotStandard {
        /// The rate.
        rate: Percent,
        /// The territory.
        to: String,
        /// Its standard rate.
        standard: Percent,
    },
    /// Higher than the standard rate of the territory.
    AboveStandard {
        /// The rate.
        rate: Percent,
        /// The territory.
        to: String,
        /// Its standard rate.
        standard: Percent,
    },
    /// There is no such territory.
    Nowhere(String),
    /// The buyer is where the scheme does not reach.
    To {
        /// The scheme.
        scheme: String,
        /// Where the buyer is.
        to: String,
        /// The territory of the scheme.
        territory: String,
    },
    /// Sent from the wrong side of the border.
    From {
        /// The scheme.
        scheme: String,
        /// From where.
        from: String,
        /// The territory of the scheme.
        territory: String,
        /// On which side it should be.
        side: Side,
    },
    /// Sent between places that the scheme leaves out.
    Between {
        /// The scheme.
        scheme: String,
        /// From where.
        from: String,
        /// Where to.
        to: String,
    },
    /// Sent from the buyer's own country.
    Domestic {
        /// The scheme.
        scheme: String,
        /// The country.
        to: String,
    },
    /// Worth more than the goods that the scheme is for.
    Dear {
        /// The scheme.
        scheme: String,
        /// Up to how much.
        limit: Decimal,
        /// Currency of it.
        currency: String,
        /// Of what.
        per: PerWhat,
        /// Whether shipping may be in what was compared.
        with_shipping: bool,
    },
    /// Older than the registration.
    Early {
        /// The scheme.
        scheme: String,
        /// First day of the registration.
        from: Date,
    },
    /// A charge on more than the buyer paid.
    Base {
        /// The charge.
        charge: String,
    },
    /// A sale that names no charge at all.
    NoCharge,
    /// A refund of goods that gives no tax back.
    NoTaxBack,
    /// A scheme whose returns are not described.
    NotDescribed(String),
    /// A number that does not look like one, where little is known of how it looks.
    Number {
        /// The scheme.
        scheme: String,
        /// The number.
        number: String,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tax(rate) => write!(f, "the tax is not {rate} of what it is reckoned on; look at rate, net and amount"),
            Self::Small(rate) => {
                let meant = rate.0.times(Decimal::HUNDRED).unwrap_or(rate.0);
                write!(f, "the rate is {rate}, less than one per cent; a spreadsheet writes {meant} % as {}. Write {meant} %", rate.0)
            }
            Self::NotStandard { rate, to, standard } => {
                write!(f, "{rate} is called the standard rate of {to}, which was {standard}; look at the rate and its kind")
            }
            Self::AboveStandard { rate, to, standard } => {
                write!(f, "{rate} is more than the standard rate of {to}, {standard}; look at the rate and the destination")
            }
            Self::Nowhere(code) => write!(f, "no territory \"{code}\" is known; look at the destination and the place it is sent from"),
            Self::To { scheme, to, territory } => {
                write!(f, "{scheme} is for buyers in {territory}, and {to} is not in it; take the scheme out, or look at the destination")
            }
            Self::From { scheme, from, territory, side } => {
                let (is, place) = if *side == Side::Inside { ("inside", "outside") } else { ("outside", "inside") };
                write!(f, "{scheme} is for goods that are sent from {is} {territory}, and {from} is {place}; look at the scheme and the place it is sent from")
            }
            Self::Between { scheme, from, to } => {
                write!(f, "{scheme} is not for goods sent from {from} to {to}; look at the scheme")
            }
            Self::Domestic { scheme, to } => write!(
                f,
                "sent from {to} to {to}: a sale inside one country belongs into the ordinary return there, and into {scheme} only where a marketplace owes the tax"
            ),
            Self::Dear { scheme, limit, currency, per, with_shipping } => {
                let worth = if *with_shipping { "taxed on more than" } else { "goods worth more than" };
                let each = per.word();
                write!(f, "{worth} {currency} {limit}, the limit of {scheme} for each {each} without shipping; right only where no {each} is worth more")
            }
            Self::Early { scheme, from } => write!(f, "older than the registration under {scheme}, which counts from {from}"),
            Self::Base { charge } => {
                write!(f, "{charge} is reckoned on more than the buyer paid for goods and shipping; look at net, goods and shipping")
            }
            Self::NoCharge => f.write_str("no charge is named, so no return holds it; right where tax is not collected at the sale"),
            Self::NoTaxBack => {
                f.write_str("money for goods went back and no tax; name the rows of the sale with net and amount where tax went back too")
            }
            Self::NotDescribed(scheme) => write!(f, "the returns of {scheme} are not described here, so no return is drafted with it"),
            Self::Number { scheme, number } => {
                write!(f, "\"{number}\" does not look like a number under {scheme}; how they look is not known for sure")
            }
        }
    }
}
