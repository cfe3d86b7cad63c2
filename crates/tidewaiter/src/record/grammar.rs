//! Words into trees: how the amounts, conditions and roundings of an economy file are read.
//!
//! `docs/formats/economy-file.md`, sections 4, 7 and 9, explains the language; here is its grammar. Reading is strict
//! (one way to say a thing), bounded ([`MAX_TEXT`], [`MAX_DEPTH`], [`MAX_NODES`]) and never panics.
//!
//! ```text
//! amount    = operand { ("+" | "-") operand }
//! operand   = "(" amount ")" | NUMBER "*" operand
//!           | NUMBER "%" ["of" operand] | "gross-up" NUMBER "%" ["of" operand] | "@" KEY ["of" operand]
//!           | cash ["per" UNIT] | "relieved" | "base" | component | KEY | "tariff" ["(" family ")"]
//!           | ("max" | "min") "(" amount "," amount {"," amount} ")" | "clamp" "(" amount "," amount "," amount ")"
//!           | "if" "(" condition "," amount "," amount ")"
//!           | "rounded" "(" amount ";" mode NUMBER ")"
//!           | "bands" "(" amount ";" cash ":" NUMBER "%" {";" cash ":" NUMBER "%"} ")"
//!           | "relief" "for" "whole" "items" "up" "to" cash "," "else" amount
//! cash      = NUMBER CURRENCY                          three capital letters
//! condition = term {"and" term} | term {"or" term}     both only with parentheses
//! term      = "not" term | "(" condition ")" | test
//! test      = amount sign amount ["per" SCOPE] | "weight" sign NUMBER "kg" ["per" SCOPE]
//!           | "quantity" UNIT sign NUMBER ["per" SCOPE] | …
//! rounding  = mode NUMBER [CURRENCY] "per" ("line" | "consignment")
//! ```
//!
//! `of` and `*` take the one operand that follows: `10 % of goods + freight` is freight plus 10 % of the goods. After a
//! comparison, `per item` is the scope of the test; an amount for each item stands in parentheses there.
//!
//! ```
//! use tidewaiter::record::expression::{Amount, Cash};
//! use tidewaiter::record::grammar::amount;
//! let duty = amount("12 % + 3 EUR per 100 kg")?;
//! assert!(matches!(&duty, Amount::Sum(parts) if parts.len() == 2));
//! assert_eq!(duty.to_string(), "12 % + 3 EUR per 100 kg");
//!
//! let slip = amount("12,5 %").unwrap_err();
//! assert_eq!(slip.offset, 2);
//! assert!(slip.to_string().contains("12.5"));
//! # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
//! ```

mod parser;
#[cfg(test)]
mod tests;
mod tokens;

use super::expression::{Amount, Cash, Compare, Condition, Slice};
use crate::decimal::{Decimal, RoundingMode};
use crate::goods::CodeRange;
use parser::Parser;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest text that is read, in bytes.
pub const MAX_TEXT: usize = 4096;
/// Most levels of a tree.
pub const MAX_DEPTH: usize = 32;
/// Most nodes of a tree: amounts, conditions and slices.
pub const MAX_NODES: usize = 256;

/// Why a text was not understood, and where.
///
/// `Display` writes it in one line, offset excluded: whoever knows the file turns the offset into line and column.
///
/// ```
/// # use tidewaiter::record::grammar::condition;
/// let error = condition("goods =< 135 GBP").unwrap_err();
/// assert_eq!(error.offset, 6);
/// assert_eq!(error.found, "\"=<\"");
/// assert_eq!(error.hint.as_deref(), Some("write <="));
/// assert_eq!(error.to_string(), "found \"=<\", expected a comparison (<=, <, >, >= or =); write <=");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("found {found}, expected {expected}{}", hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default())]
pub struct SyntaxError {
    /// Bytes before the place in the text.
    pub offset: usize,
    /// What stands there, quoted, or "the end".
    pub found: String,
    /// What could stand there.
    pub expected: String,
    /// What to do, where the slip is a usual one.
    pub hint: Option<String>,
}

/// When a sum is rounded, and to what.
///
/// ```
/// use tidewaiter::record::grammar::{Stage, rounding};
/// let yen = rounding("down 1000 JPY per consignment")?;
/// assert_eq!((yen.unit.to_string().as_str(), yen.currency.as_deref()), ("1000", Some("JPY")));
/// assert_eq!(yen.stage, Stage::Consignment);
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Which way a number between two multiples goes.
    pub mode: RoundingMode,
    /// The multiple to round to, above zero.
    pub unit: Decimal,
    /// Currency of the multiple, ISO 4217; the economy's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What is rounded.
    pub stage: Stage,
}

/// What is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Stage {
    /// Each line by itself, before the lines are added up.
    #[default]
    Line = 0,
    /// The charge's sum over the consignment, once.
    Consignment = 1,
}

/// Reads an amount: what a rung charges, or a base.
///
/// # Errors
/// [`SyntaxError`] at the first place that does not fit the grammar or exceeds its bounds.
///
/// ```
/// # use tidewaiter::record::grammar::amount;
/// let excess = amount("10 % of max(0 EUR, goods - 150 EUR)")?;
/// assert_eq!(excess.to_string(), "10 % of max(0 EUR, goods - 150 EUR)");
/// assert!(amount("5 + 3 %").is_err(), "numbers and percents do not mix");
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn amount(text: &str) -> Result<Amount, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let amount = parser.amount()?;
    parser.end()?;
    check_size(measure_amount(&amount))?;
    Ok(amount)
}

/// Reads a condition.
///
/// # Errors
/// [`SyntaxError`] at the first place that does not fit the grammar or exceeds its bounds.
///
/// ```
/// # use tidewaiter::record::grammar::condition;
/// let when = condition("goods <= 135 GBP per consignment and not goods of excise")?;
/// assert_eq!(when.to_string(), "goods <= 135 GBP per consignment and not goods of excise");
/// assert!(condition("gift or goods <= 45 EUR and claims any").is_err(), "parentheses are needed");
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn condition(text: &str) -> Result<Condition, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let condition = parser.condition()?;
    parser.end()?;
    check_size(measure_condition(&condition))?;
    Ok(condition)
}

/// Reads a rounding rule: `half-up 0.01 per line`, `down 1000 JPY per consignment`.
///
/// Modes: `half-up` (halves away from zero), `half-down` (halves towards zero), `half-even`, `up` (away from zero),
/// `down` (towards zero).
///
/// # Errors
/// [`SyntaxError`], also for a unit of zero.
///
/// ```
/// # use tidewaiter::record::grammar::rounding;
/// assert_eq!(rounding("half-up 0.01 per line")?.to_string(), "half-up 0.01 per line");
/// assert!(rounding("half-up 0 per line").is_err());
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn rounding(text: &str) -> Result<Rounding, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let rounding = parser.rounding()?;
    parser.end()?;
    Ok(rounding)
}

/// Reads a percentage: `20 %` gives 20.
///
/// # Errors
/// [`SyntaxError`].
///
/// ```
/// # use tidewaiter::record::grammar::percent;
/// assert_eq!(percent("12.5%")?.to_string(), "12.5");
/// assert!(percent("20").is_err());
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn percent(text: &str) -> Result<Decimal, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let percent = parser.percent()?;
    parser.end()?;
    Ok(percent)
}

/// Reads a sum of money: `135 GBP`.
///
/// # Errors
/// [`SyntaxError`].
///
/// ```
/// # use tidewaiter::record::grammar::cash;
/// assert_eq!(cash("135 GBP")?.currency, "GBP");
/// assert!(cash("GBP 135").is_err());
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn cash(text: &str) -> Result<Cash, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let cash = parser.cash()?;
    parser.end()?;
    Ok(cash)
}

/// Reads a sum of money for each unit: `5.50 USD per kg`. The second part is a spelling that [`crate::unit::find`] knows.
///
/// # Errors
/// [`SyntaxError`].
///
/// ```
/// # use tidewaiter::record::grammar::unit_cash;
/// let (cash, unit) = unit_cash("93.10 EUR per 100 kg")?;
/// assert_eq!((cash.to_string().as_str(), unit.as_str()), ("93.1 EUR", "100 kg"));
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn unit_cash(text: &str) -> Result<(Cash, String), SyntaxError> {
    let mut parser = Parser::new(text)?;
    let cash = parser.cash()?;
    parser.word("per")?;
    let unit = parser.unit()?;
    parser.end()?;
    Ok((cash, unit))
}

/// Reads the limit of a waiver: `<= 5 CHF`.
///
/// # Errors
/// [`SyntaxError`].
///
/// ```
/// # use tidewaiter::record::grammar::threshold;
/// let (compare, limit) = threshold("<= 5 CHF")?;
/// assert_eq!((compare.word(), limit.to_string().as_str()), ("<=", "5 CHF"));
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn threshold(text: &str) -> Result<(Compare, Cash), SyntaxError> {
    let mut parser = Parser::new(text)?;
    let compare = parser.compare()?;
    let cash = parser.cash()?;
    parser.end()?;
    Ok((compare, cash))
}

/// Reads a goods code or a range of codes: `61`, `6109.10`, `61-63`, `2203-2208`.
///
/// # Errors
/// [`SyntaxError`] with the reason of [`crate::goods::CodeError`] as its hint.
///
/// ```
/// # use tidewaiter::record::grammar::code_range;
/// let clothing = code_range("61-63")?;
/// assert_eq!((clothing.first, clothing.last), (610_000_000_000, 639_999_999_999));
/// assert!(code_range("clothing").is_err());
/// # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
/// ```
pub fn code_range(text: &str) -> Result<CodeRange, SyntaxError> {
    text.trim().parse().map_err(|error: crate::goods::CodeError| SyntaxError {
        offset: text.len() - text.trim_start().len(),
        found: if text.trim().is_empty() { "the end".into() } else { format!("\"{}\"", shorten(text.trim())) },
        expected: "a goods code such as 6109.10, or a range such as 61-63".into(),
        hint: Some(error.to_string()),
    })
}

/// Whether a text is a key: of a charge, scheme, dispute, rate table, reading or fact. Small letters, digits, `.`, `_`
/// and `-`, beginning with a letter or digit.
///
/// ```
/// # use tidewaiter::record::grammar::is_key;
/// assert!(is_key("eu.flat3.scope") && is_key("personal-use"));
/// assert!(!is_key("EU.duty") && !is_key("") && !is_key("-x"));
/// ```
pub fn is_key(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && text.bytes().all(inner)
}

/// Whether a text can name something inside an expression: an earlier charge, a base, a list of codes or a group of
/// territories. Such a name is a key with at least one letter that is no word of the language and looks like no slip
/// (`5eur`, `goods-150`).
///
/// ```
/// # use tidewaiter::record::grammar::is_name;
/// assert!(is_name("gb.duty") && is_name("customs") && is_name("excise"));
/// assert!(!is_name("goods") && !is_name("and") && !is_name("6109") && !is_name("goods-freight"));
/// ```
pub fn is_name(text: &str) -> bool {
    is_key(text)
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && !parser::is_reserved(text)
        && parser::name_slip(text).is_none()
}

/// Whether a text is written as ISO 4217 writes a currency: three capital letters.
///
/// ```
/// # use tidewaiter::record::grammar::is_currency;
/// assert!(is_currency("EUR") && !is_currency("eur") && !is_currency("EURO"));
/// ```
pub fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// Nodes and levels of a tree.
#[derive(Clone, Copy)]
struct Size {
    nodes: usize,
    depth: usize,
}

impl Size {
    const LEAF: Self = Self { nodes: 1, depth: 1 };

    fn over(parts: impl Iterator<Item = Self>) -> Self {
        let below = parts.fold(Self { nodes: 0, depth: 0 }, |sum, part| Self {
            nodes: sum.nodes + part.nodes,
            depth: sum.depth.max(part.depth),
        });
        Self { nodes: below.nodes + 1, depth: below.depth + 1 }
    }
}

fn check_size(size: Size) -> Result<(), SyntaxError> {
    let refuse = |found: String, expected: String| {
        let hint = Some("give parts names under [bases], or use several rungs".into());
        Err(SyntaxError { offset: 0, found, expected, hint })
    };
    if size.depth > MAX_DEPTH {
        return refuse(format!("{} levels", size.depth), format!("at most {MAX_DEPTH} levels of nesting"));
    }
    if size.nodes > MAX_NODES {
        return refuse(format!("{} parts", size.nodes), format!("at most {MAX_NODES} parts"));
    }
    Ok(())
}

fn measure_amount(amount: &Amount) -> Size {
    let one = |amount: &Amount| Size::over(std::iter::once(measure_amount(amount)));
    match amount {
        Amount::Percent { of: Some(of), .. }
        | Amount::GrossUp { of: Some(of), .. }
        | Amount::Rate { of: Some(of), .. } => one(of),
        Amount::Times(_, of) | Amount::Rounded { amount: of, .. } | Amount::WholeItems { otherwise: of, .. } => one(of),
        Amount::Sum(parts) | Amount::Max(parts) | Amount::Min(parts) => Size::over(parts.iter().map(measure_amount)),
        Amount::Less(from, less) => Size::over([from, less].into_iter().map(|part| measure_amount(part))),
        Amount::Clamp { amount, least, most } => {
            Size::over([amount, least, most].into_iter().map(|part| measure_amount(part)))
        }
        Amount::If { when, then, otherwise } => {
            Size::over([measure_condition(when), measure_amount(then), measure_amount(otherwise)].into_iter())
        }
        Amount::Bands { of, slices } => {
            let slices = slices.iter().map(|_: &Slice| Size::LEAF);
            Size::over(std::iter::once(measure_amount(of)).chain(slices))
        }
        Amount::Relieved
        | Amount::Flat(_)
        | Amount::Percent { of: None, .. }
        | Amount::GrossUp { of: None, .. }
        | Amount::Specific { .. }
        | Amount::Component(_)
        | Amount::Base
        | Amount::Named(_)
        | Amount::Rate { of: None, .. }
        | Amount::Tariff(_) => Size::LEAF,
    }
}

fn measure_condition(condition: &Condition) -> Size {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => Size::over(parts.iter().map(measure_condition)),
        Condition::Not(inner) => Size::over(std::iter::once(measure_condition(inner))),
        Condition::Value { left, right, .. } => Size::over([left, right].into_iter().map(measure_amount)),
        _ => Size::LEAF,
    }
}
