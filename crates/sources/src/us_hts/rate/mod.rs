//! Rate texts, as the schedule prints them, into values: a strict grammar that leaves nothing over.
//!
//! White space and hyphens between letters carry no meaning in the export ("appli- cable", "pf. liter", "thebattery"), so
//! words are compared without them; numbers, signs and the order of words count. A text that is not of the grammar is
//! [`Unread`], never guessed.
//!
//! ```text
//! rate       = "Free" | sum | sugar | applicable | see | SENTENCE
//! sum        = term { "+" term }
//! term       = money | NUMBER "%" [PART] | NUMBER NUMBER "/" NUMBER "%"
//! money      = ( "$" NUMBER | NUMBER "¢" ) PER
//! sugar      = money "less" money "for each degree under 100 degrees (…) but not less than" money
//! applicable = "The duty provided in the applicable subheading" [ ("+" | "plus") ["a duty of"] NUMBER "%" [PART] ]
//! see        = "See" CODE { "," CODE | "-" CODE }
//! special    = { rate [ "(" SYMBOL { "," SYMBOL } ")" ] }
//! ```
//!
//! ```
//! use tidewaiter_sources::us_hts::rate;
//! let rate = rate::read("15.4¢/kg + 33 1/3%")?.ok_or("empty")?;
//! assert_eq!(rate.amount().as_deref(), Some("0.154 USD per kg + 33.333333333333 %"));
//! assert!(rate::read("about 5%").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cursor;

use super::program::Symbol;
use super::words::{Meaning, Part, Per, Sentence};
use cursor::Cursor;
use std::fmt;
use tidewaiter::Decimal;
use tidewaiter::record::Verdict;

/// Longest text that is read, in bytes.
pub const MAX_TEXT: usize = 4096;

/// What a rate column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rate {
    /// No duty.
    Free,
    /// A sum of one or more parts.
    Sum(Vec<Term>),
    /// Raw sugar: less for each degree under 100, down to a floor.
    Sugar {
        /// At 100 degrees.
        full: Money,
        /// For each degree under.
        less: Money,
        /// The floor.
        least: Money,
    },
    /// Chapter 99: the duty of the goods' own subheading, and something on top.
    Applicable {
        /// Subheadings named in place of "the applicable subheading".
        of: Vec<String>,
        /// What is added.
        plus: Option<Percent>,
    },
    /// The rate stands in other provisions.
    See(Vec<String>),
    /// A sentence, with its numbers.
    Worded(&'static Sentence, Vec<Decimal>),
}

/// A part of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Money for a quantity.
    Money(Money),
    /// A share of a value.
    Percent(Percent),
}

/// Money for each of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The number as printed.
    pub number: Decimal,
    /// Whether it is of cents (¢), else of dollars ($).
    pub cents: bool,
    /// For each of what.
    pub per: &'static Per,
}

/// A share in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Percent {
    /// The number; 33 for 33 1/3.
    pub number: Decimal,
    /// Numerator and denominator behind it: 1 and 3.
    pub fraction: Option<(Decimal, Decimal)>,
    /// On which part; the value of the goods when absent.
    pub on: Option<&'static Part>,
}

/// A rate of the special column and who may claim it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Special {
    /// The rate.
    pub rate: Rate,
    /// The rate as written, without the symbols.
    pub written: String,
    /// Symbols in brackets, in the order of [`super::program::symbols`]; none where the column names none.
    pub symbols: Vec<Symbol>,
}

/// A text that is not of the grammar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a rate as the schedule writes them (\"Free\", \"6.5%\", \"15.4¢/kg + 52%\"); not understood from \"{rest}\"")]
pub struct Unread {
    /// What is left where reading stopped, cut to 60 characters.
    pub rest: String,
}

/// Reads a text of the columns general, other or additional duties. `None` where it is empty or the leader `:`.
///
/// # Errors
/// [`Unread`] where it is not of the grammar.
pub fn read(text: &str) -> Result<Option<Rate>, Unread> {
    let mut cursor = Cursor::new(text)?;
    if cursor.is_blank() {
        return Ok(None);
    }
    let rate = cursor.rate()?;
    cursor.end()?;
    Ok(Some(rate))
}

/// Reads a text of the special column.
///
/// # Errors
/// [`Unread`] where it is not of the grammar.
///
/// ```
/// use tidewaiter_sources::us_hts::rate;
/// let groups = rate::read_special("Free (A,AU) 2.6% (JP) See 9822.04.25 (SG)")?;
/// assert_eq!(groups.len(), 3);
/// assert_eq!(groups[1].symbols, ["JP"]);
/// # Ok::<(), rate::Unread>(())
/// ```
pub fn read_special(text: &str) -> Result<Vec<Special>, Unread> {
    let mut cursor = Cursor::new(text)?;
    let mut groups = Vec::new();
    if cursor.is_blank() {
        return Ok(groups);
    }
    while !cursor.rest().is_empty() {
        let start = cursor.rest();
        let rate = cursor.rate()?;
        let written = start[..start.len() - cursor.rest.len()].trim().to_owned();
        let symbols = cursor.symbols()?;
        groups.push(Special { rate, written, symbols });
        if cursor.end().is_ok() {
            break;
        }
    }
    // Several rates without symbols would leave open whose they are.
    if groups.len() > 1 && groups.iter().any(|group| group.symbols.is_empty()) {
        return Err(Unread::at(text));
    }
    Ok(groups)
}

impl Unread {
    fn at(rest: &str) -> Self {
        Self { rest: rest.trim().chars().take(60).collect() }
    }
}

impl Rate {
    /// The amount in the words of the economy file; none where no number of the goods decides it.
    pub fn amount(&self) -> Option<String> {
        match self {
            Self::Free => Some("0 %".into()),
            Self::Sum(terms) => {
                let terms: Option<Vec<String>> = terms.iter().map(Term::amount).collect();
                terms.map(|terms| terms.join(" + "))
            }
            Self::Sugar { full, less, least } => {
                let (unit, degrees) = (full.per.unit?, "kg sugar degree");
                if [full, less, least].iter().any(|money| money.per.unit != Some("kg")) {
                    return None;
                }
                let each = less.dollars()?;
                // Less for each degree under 100 is less for 100 degrees, and the same again for each degree there is.
                let hundred = each.times(Decimal::from_int(100)).ok()?;
                let (least, full) = (least.dollars()?, full.dollars()?);
                Some(format!(
                    "max({least} USD per {unit}, {full} USD per {unit} - {hundred} USD per {unit} + {each} USD per {degrees})"
                ))
            }
            Self::Applicable { plus: None, .. } => Some("0 %".into()),
            Self::Applicable { plus: Some(plus), .. } => plus.amount(),
            Self::Worded(sentence, numbers) => match (sentence.meaning, numbers.as_slice()) {
                (Meaning::RetailShare, [percent]) => {
                    Some(format!("{} USD per retail price", percent.scaled(Decimal::ONE, Decimal::from_int(100)).ok()?))
                }
                (Meaning::NoAdditionalDuty, _) => Some("0 %".into()),
                _ => None,
            },
            Self::See(_) => None,
        }
    }

    /// The answer where there is no amount, and what to tell a shopkeeper.
    pub fn verdict(&self) -> Option<(Verdict, String)> {
        if self.amount().is_some() {
            return None;
        }
        let (verdict, what) = match self {
            Self::Worded(sentence, _) => sentence.meaning.verdict()?,
            Self::See(_) => (
                Verdict::FormalEntry,
                "The rate for this programme stands in the provisions named, most of them quotas: claim it there.",
            ),
            _ => (
                Verdict::FormalEntry,
                "The duty is set on parts of the goods (such as case, strap, movement, battery or content) whose values a \
                 customs entry must state.",
            ),
        };
        Some((verdict, format!("{what} Official rate: {self}")))
    }

    /// What kind of answer it is, for reports.
    pub fn shape(&self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Sugar { .. } => "by degree of sugar",
            Self::See(_) => "see other provisions",
            Self::Worded(sentence, _) => sentence.meaning.name(),
            Self::Applicable { plus: None, .. } => "duty of the applicable subheading",
            Self::Applicable { plus: Some(Percent { on: Some(_), .. }), .. } => {
                "duty of the applicable subheading, and a percentage of a content"
            }
            Self::Applicable { .. } => "duty of the applicable subheading, and a percentage",
            Self::Sum(terms) => match terms.as_slice() {
                _ if self.amount().is_none() => "by parts of the goods",
                [Term::Percent(_)] => "percentage",
                [Term::Money(_)] => "specific",
                _ => "compound",
            },
        }
    }
}

impl Term {
    fn amount(&self) -> Option<String> {
        match self {
            Self::Money(money) => Some(format!("{} USD per {}", money.dollars()?, money.per.unit?)),
            Self::Percent(percent) => percent.amount(),
        }
    }
}

impl Money {
    /// Dollars for each unit.
    fn dollars(&self) -> Option<Decimal> {
        if self.cents { self.number.scaled(Decimal::ONE, Decimal::from_int(100)).ok() } else { Some(self.number) }
    }
}

impl Percent {
    /// 33 1/3 % is written with twelve decimals: amounts are decimal.
    fn amount(&self) -> Option<String> {
        if self.on.is_some_and(|part| !part.whole) {
            return None;
        }
        let mut number = self.number;
        if let Some((numerator, denominator)) = self.fraction {
            number = number.plus(numerator.divided_by(denominator).ok()?).ok()?;
        }
        Some(format!("{number} %"))
    }
}

/// In the words of the schedule.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free => f.write_str("Free"),
            Self::Sum(terms) => {
                for (place, term) in terms.iter().enumerate() {
                    if place > 0 {
                        f.write_str(" + ")?;
                    }
                    match term {
                        Term::Money(money) => write!(f, "{money}")?,
                        Term::Percent(percent) => write!(f, "{percent}")?,
                    }
                }
                Ok(())
            }
            Self::Sugar { full, less, least } => write!(
                f,
                "{full} less {less} for each degree under 100 degrees (and fractions of a degree in proportion) but not less than {least}"
            ),
            Self::Applicable { of, plus } => {
                match of.split_last() {
                    None => f.write_str("The duty provided in the applicable subheading")?,
                    Some((last, [])) => write!(f, "The duty provided in subheadings {last}")?,
                    Some((last, first)) => {
                        write!(f, "The duty provided in subheadings {} or {last}", first.join(", "))?
                    }
                }
                match plus {
                    None => Ok(()),
                    Some(plus) if plus.on.is_some() => write!(f, " + a duty of {plus}"),
                    Some(plus) => write!(f, " + {plus}"),
                }
            }
            Self::See(codes) => write!(f, "See {}", codes.join(", ")),
            Self::Worded(sentence, numbers) => {
                let mut numbers = numbers.iter();
                for (place, piece) in sentence.written.split("{}").enumerate() {
                    if place > 0
                        && let Some(number) = numbers.next()
                    {
                        write!(f, "{number}")?;
                    }
                    f.write_str(piece)?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.cents {
            write!(f, "{}¢{}", self.number, self.per.written)
        } else {
            write!(f, "${}{}", self.number, self.per.written)
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if let Some((numerator, denominator)) = self.fraction {
            write!(f, " {numerator}/{denominator}")?;
        }
        f.write_str("%")?;
        self.on.map_or(Ok(()), |part| write!(f, " {}", part.written))
    }
}

#[cfg(test)]
mod tests;
