//! Duties as TARIC publishes them, in parts: the official text from the parts, and our amount from the parts.
//!
//! A duty is a row of [`Component`]s, each with a *duty expression* number that says where it stands: `01` the first
//! amount, `04` plus, `02` and `36` minus, `15` a minimum, `17` and `35` a maximum, `19` and `20` plus after that, `99` a
//! unit to be declared. [`text`] writes them as the UK tariff prints them, character for character; [`amount`] writes them
//! in the words of the economy file. Both take them in the order in which they apply; [`in_order`] makes it where the parts
//! stand in any, as in a TARIC transmission.
//!
//! The grammar of parts is the one of TARIC's reference data; the printed forms are those of the UK Trade Tariff API.
//!
//! ```
//! use tidewaiter_sources::duty_expression::{Style, amount, text};
//! use tidewaiter::record::edition::Component;
//! let part = |expression: &str, number: &str, currency: Option<&str>, unit: Option<&str>| Component {
//!     expression: expression.into(),
//!     amount: number.parse().ok(),
//!     currency: currency.map(str::to_owned),
//!     unit: unit.map(str::to_owned),
//!     qualifier: None,
//! };
//! let duty = [part("01", "12", None, None), part("04", "147", Some("GBP"), Some("DTN"))];
//! assert_eq!(text(&duty, Style::Plain), "12.00 % + 147.00 GBP / 100 kg");
//! assert_eq!(amount(&duty, "GBP")?.as_deref(), Some("12 % + 147 GBP per 100 kg"));
//! # Ok::<(), tidewaiter_sources::duty_expression::Unsayable>(())
//! ```

mod printed;

pub use printed::{Style, requirement_text, text, unit_of_text, unit_text};

use tidewaiter::Decimal;
use tidewaiter::record::edition::Component;
use tidewaiter::unit;

/// Why parts of a duty make no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// An agricultural component or an additional duty on sugar or flour, which stands in a table by recipe.
    #[error("an agricultural component that depends on the recipe (Meursing code)")]
    Recipe,
    /// A refund on export.
    #[error("a refund on export, which is no charge on import")]
    Refund,
    /// A unit that is not in [`tidewaiter::unit`].
    #[error("the unit {0} is not known")]
    Unit(String),
    /// An amount of money for nothing in particular.
    #[error("an amount of money without a unit")]
    NoUnit,
    /// A duty expression whose meaning is not known here.
    #[error("the duty expression {0} is not known")]
    Expression(String),
    /// Parts that do not follow one another.
    #[error("parts of a duty that do not follow one another: {0}")]
    Order(String),
}

impl Unsayable {
    /// What it means for a shopkeeper, and what to do.
    pub fn says(&self) -> String {
        match self {
            Self::Recipe => "Part of this duty depends on how much milk fat, milk protein, starch and sugar the goods \
                             hold. Look up the recipe code (Meursing code) of the goods and ask customs for its amount."
                .into(),
            Self::Refund => "This is a refund on export; nothing is charged on import.".into(),
            other => format!("This duty cannot be computed: {other}. Read the official text, or ask customs."),
        }
    }
}

/// What the number of a duty expression means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Plus,
    Minus,
    Floor,
    Ceiling,
    Recipe,
    Nothing,
    Refund,
    Unit,
}

/// Number, place, what is printed before the number.
const EXPRESSIONS: &[(&str, Place, &str)] = &[
    ("01", Place::First, ""),
    ("02", Place::Minus, "-"),
    ("04", Place::Plus, "+"),
    ("12", Place::Recipe, "+ EA"),
    ("14", Place::Recipe, "+ EAR"),
    ("15", Place::Floor, "MIN"),
    ("17", Place::Ceiling, "MAX"),
    ("19", Place::Plus, "+"),
    ("20", Place::Plus, "+"),
    ("21", Place::Recipe, "+ ADSZ"),
    ("25", Place::Recipe, "+ ADSZR"),
    ("27", Place::Recipe, "+ ADFM"),
    ("29", Place::Recipe, "+ ADFMR"),
    ("35", Place::Ceiling, "MAX"),
    ("36", Place::Minus, "-"),
    ("37", Place::Nothing, "NIHIL"),
    ("40", Place::Refund, "Export refunds for cereals"),
    ("41", Place::Refund, "Export refunds for rice"),
    ("42", Place::Refund, "Export refunds for eggs"),
    ("43", Place::Refund, "Export refunds for sugar"),
    ("44", Place::Refund, "Export refunds for milk products"),
    ("99", Place::Unit, ""),
];

fn expression(number: &str) -> Option<(Place, &'static str)> {
    EXPRESSIONS.iter().find(|(key, ..)| *key == number).map(|(_, place, sign)| (*place, *sign))
}

fn place(number: &str) -> Option<Place> {
    expression(number).map(|(place, _)| place)
}

/// Code and qualifier in one word: `DTNE`.
fn joined(unit: &str, qualifier: Option<&str>) -> String {
    format!("{unit}{}", qualifier.unwrap_or_default())
}

/// A unit as an economy file writes it: `100 kg`, `% vol hl`.
///
/// # Errors
/// [`Unsayable::Unit`] where [`tidewaiter::unit`] does not know it.
pub fn unit_key(unit: &str, qualifier: Option<&str>) -> Result<&'static str, Unsayable> {
    let code = joined(unit, qualifier);
    let known = unit::all().iter().find(|unit| unit.taric == Some(code.as_str()));
    known.map(|unit| unit.key).ok_or(Unsayable::Unit(code))
}

/// Parts that stand in any order, in the order of their numbers, written as [`amount`] reads them: what is added to nothing
/// stands first, cents are parts of a euro, and money without a currency is in that of the economy.
///
/// # Errors
/// [`Unsayable`], where a number stands twice, nothing is due beside something else, or money is for no unit.
pub fn in_order(parts: &[Component], currency: &str) -> Result<Vec<Component>, Unsayable> {
    let mut parts = parts.to_vec();
    parts.sort_by(|a, b| a.expression.cmp(&b.expression));
    if let Some(pair) = parts.windows(2).find(|pair| pair[0].expression == pair[1].expression) {
        return Err(Unsayable::Order(format!("{} twice", pair[0].expression)));
    }
    if let Some(none) = parts.iter().find(|part| place(&part.expression) == Some(Place::Nothing) && parts.len() > 1) {
        return Err(Unsayable::Expression(none.expression.clone()));
    }
    if let Some(first) = parts.first_mut().filter(|part| place(&part.expression) == Some(Place::Plus)) {
        first.expression = "01".into();
    }
    for part in &mut parts {
        let Some(number) = part.amount else { continue };
        match (part.currency.as_deref(), part.unit.as_deref()) {
            (Some(_), None) => return Err(Unsayable::NoUnit),
            // The euro cent has a code of its own.
            (Some("EUC"), Some(_)) => {
                part.currency = Some("EUR".into());
                let euros = number.divided_by(Decimal::HUNDRED);
                part.amount = Some(euros.map_err(|error| Unsayable::Order(error.to_string()))?);
            }
            (None, Some(unit)) if unit != RETAIL_PRICE => part.currency = Some(currency.to_owned()),
            _ => {}
        }
    }
    Ok(parts)
}

/// The unit of which a percentage is taken: tobacco pays a share of its retail price.
const RETAIL_PRICE: &str = "RET";

/// A duty in the words of the economy file; nothing where the parts state no amount (none, or only a unit to declare).
///
/// `retail_currency` is the currency of a retail price, where the duty is a share of one. A minimum and a maximum hold for
/// all that stands left of them; the last one is applied last. A relief for small producers is rounded down to pennies, as
/// the UK tariff does.
///
/// # Errors
/// [`Unsayable`], where the parts make no amount that can be computed on import.
pub fn amount(parts: &[Component], retail_currency: &str) -> Result<Option<String>, Unsayable> {
    let mut placed = Vec::new();
    for part in parts {
        match place(&part.expression).ok_or_else(|| Unsayable::Expression(part.expression.clone()))? {
            Place::Recipe => return Err(Unsayable::Recipe),
            Place::Refund => return Err(Unsayable::Refund),
            Place::Unit => {}
            place => placed.push((place, part)),
        }
    }
    // What stands left of the last minimum or maximum, and which it is.
    let mut left: Option<(String, Place)> = None;
    let mut sum = String::new();
    for (place, part) in placed {
        if sum.is_empty() && matches!(place, Place::Plus | Place::Minus | Place::Floor | Place::Ceiling) {
            return Err(Unsayable::Order("nothing before a limit or a minus".into()));
        }
        match place {
            Place::Nothing if sum.is_empty() => sum = "0 %".into(),
            Place::First if sum.is_empty() => sum = single(part, retail_currency)?,
            Place::First => return Err(Unsayable::Order("two amounts without a sign between".into())),
            Place::Plus => sum = format!("{sum} + {}", single(part, retail_currency)?),
            Place::Minus => sum = format!("{sum} - {}", single(part, retail_currency)?),
            Place::Floor | Place::Ceiling => {
                left = Some((bounded(left.take(), sum), place));
                sum = single(part, retail_currency)?;
            }
            Place::Nothing | Place::Recipe | Place::Refund | Place::Unit => {}
        }
    }
    if sum.is_empty() && left.is_none() {
        return Ok(None);
    }
    Ok(Some(bounded(left, sum)))
}

fn bounded(left: Option<(String, Place)>, right: String) -> String {
    match left {
        None => right,
        Some((left, Place::Floor)) => format!("max({left}, {right})"),
        Some((left, _)) => format!("min({left}, {right})"),
    }
}

/// One part: a percentage, a sum, or a sum for each unit.
fn single(part: &Component, retail_currency: &str) -> Result<String, Unsayable> {
    let order = |what: &str| Unsayable::Order(format!("{} {what}", part.expression));
    let number = part.amount.ok_or_else(|| order("without a number"))?;
    if number.is_negative() {
        return Err(order("below zero"));
    }
    let qualifier = part.qualifier.as_deref();
    match (part.currency.as_deref(), part.unit.as_deref()) {
        (None, None) => Ok(format!("{number} %")),
        (None, Some(RETAIL_PRICE)) => {
            Ok(format!("{number} % of (1 {retail_currency} per {})", unit_key(RETAIL_PRICE, qualifier)?))
        }
        (None, Some(_)) => Err(order("is a percentage of a unit that is no sum of money")),
        (Some(currency), None) => Ok(format!("{number} {currency}")),
        (Some(currency), Some(unit)) => {
            let each = format!("{number} {currency} per {}", unit_key(unit, qualifier)?);
            Ok(if unit.starts_with("SPQ") { format!("rounded({each}; down 0.01)") } else { each })
        }
    }
}

#[cfg(test)]
mod tests;
