//! Duties as TARIC publishes them, in parts: the official text from the parts, and our amount from the parts.
//!
//! A duty is a row of [`Component`]s, each with a *duty expression* number that says where it stands: `01` the first
//! amount, `04` plus, `02` and `36` minus, `15` a minimum, `17` and `35` a maximum, `19` and `20` plus after that, `99` a
//! unit to be declared. [`text`] writes them as the UK tariff prints them, character for character; [`amount`] writes them
//! in the words of the economy file.
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

use tidewaiter::Decimal;
use tidewaiter::record::edition::Component;
use tidewaiter::unit;

/// How a duty is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `12.00 % + 147.00 GBP / 100 kg`: `base` of the UK API.
    Plain,
    /// The same with the HTML of the UK API: numbers in `span`, units in `abbr`. `formatted_base`.
    Markup,
    /// `12.00% + £147.00 / 100 kg`: `verbose_duty` of the UK API, with units in words.
    Words,
}

/// Why parts of a duty make no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// An agricultural component or an additional duty on sugar or flour: the sum stands in the table for the recipe.
    #[error("it depends on the recipe of the goods (a Meursing code), part {0}")]
    Recipe(String),
    /// A refund on export: nothing that is charged on import.
    #[error("it is a refund on export, part {0}")]
    Refund(String),
    /// A unit that nobody can measure in.
    #[error("the unit {0} is not known")]
    Unit(String),
    /// The parts do not stand in an order that has a meaning.
    #[error("part {part}: {reason}")]
    Order {
        /// The duty expression.
        part: String,
        /// What is wrong.
        reason: &'static str,
    },
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

/// Units as the UK tariff prints them: code and qualifier, the title of the `abbr`, its text, the unit in words. The title is
/// the description of the unit in TARIC; the words are those of the UK tariff's measurement units.
#[rustfmt::skip]
const PRINTED: &[(&str, &str, &str, &str)] = &[
    ("ASV", "%vol", "% vol", "percentage ABV (% vol)"),
    ("ASVX", "%vol", "% vol/hl", "percentage ABV (% vol) per 100 litre (hl)"),
    ("CCT", "Carrying capacity in metric tonnes", "ct/l", "carrying capacity in metric tonnes (ct/l)"),
    ("CEN", "Hundred items", "100 p/st", "100 items (p/st)"),
    ("CTM", "Metric carats (one metric carat= 2x10-4kg)", "c/k", "carat (metric) (c/k)"),
    ("DTN", "Hectokilogram", "100 kg", "100 kg"),
    ("DTNE", "Hectokilogram", "100 kg/net eda", "100 kg, drained net weight (kg/net eda)"),
    ("DTNF", "Hectokilogram", "100 kg common wheat", "100 kg of common wheat"),
    ("DTNG", "Hectokilogram", "100 kg/br", "100 kg, gross (kg/br)"),
    ("DTNL", "Hectokilogram", "100 kg live weight", "100 kg live weight"),
    ("DTNM", "Hectokilogram", "100 kg/net mas", "100 kg net of dry matter (net mas)"),
    ("DTNR", "Hectokilogram", "100 kg std qual", "100 kg of the standard quality (std qual)"),
    ("DTNS", "Hectokilogram", "100 kg raw sugar", "100 kg of raw sugar"),
    ("DTNZ", "Hectokilogram", "100 kg/net/%sacchar.", "100 kg per % of sucrose by weight, including other sugars expressed as sucrose (%sacchar.)"),
    ("GFI", "Gram of fissile isotopes", "gi F/S", "gram of fissile isotopes (gi F/S)"),
    ("GRM", "Gram", "g", "gram (g)"),
    ("GRT", "Gross tonnage", "GT", "gross tonnage"),
    ("HLT", "Hectolitre", "hl", "100 litre (hl)"),
    ("HMT", "Hectometre", "100 m", "100 metre"),
    ("KCL", "Tonne of potassium chloride", "tonne KCl", "tonne of potassium chloride (tonne KCl)"),
    ("KGM", "Kilogram", "kg", "kilogram"),
    ("KGMA", "Kilogram", "kg/tot/alc", "kilogram, total alcohol (kg/tot/alc)"),
    ("KGME", "Kilogram", "kg/net eda", "kilogram, drained net weight (net eda)"),
    ("KGMG", "Kilogram", "GKG", "kilogram, gross"),
    ("KGMP", "Kilogram", "kg/lactic matter", "kilogram of lactic matter"),
    ("KGMS", "Kilogram", "kg/raw sugar", "kilogram of raw sugar"),
    ("KGMT", "Kilogram", "kg/dry lactic matter", "kilogram of dry lactic matter"),
    ("KLT", "1000 litres", "1000 l", "1000 litre"),
    ("KMA", "Kilogram of methylamines", "kg methylamines", "kilogram of methylamines"),
    ("KNI", "Kilogram of nitrogen", "kg N", "kilogram of nitrogen (kg N)"),
    ("KNS", "Kilogram of hydrogen peroxide", "kg H2O2", "kilogram of hydrogen peroxide (kg H₂O₂)"),
    ("KPH", "Kilogram of potassium hydroxide (caustic potash)", "kg KOH", "kilogram of potassium hydroxide (caustic potash) (kg KOH)"),
    ("KPO", "Kilogram of potassium oxide", "kg K2O", "kilogram of potassium oxide (kg K₂O)"),
    ("KPP", "Kilogram of diphosphorus pentaoxide", "kg P2O5", "kilogram of diphosphorus pentaoxide (kg P₂O₅)"),
    ("KSD", "Kilogram of substance 90 % dry", "kg 90 % sdt", "kilogram of substance 90% dry (kg 90% sdt)"),
    ("KSH", "Kilogram of sodium hydroxide (caustic soda)", "kg NaOH", "kilogram of sodium hydroxide (caustic soda) (kg NaOH)"),
    ("KUR", "Kilogram of uranium", "kg U", "kilogram of uranium (kg U)"),
    ("LPA", "Litre pure (100%) alcohol", "l alc. 100%", "litre of pure (100%) alcohol (l alc. 100%)"),
    ("LTR", "Litre", "l", "litre (l)"),
    ("LTRA", "Litre", "L total alc.", "litre, total alcohol"),
    ("MIL", "1000 items", "1000 p/st", "1,000 items (p/st)"),
    ("MPR", "1000 pairs", "1000 pa", "1,000 pairs (pa)"),
    ("MTK", "Square metre", "m2", "square metre (m²)"),
    ("MTQ", "Cubic metre", "m3", "cubic metre (m³)"),
    ("MTQC", "Cubic metre", "1000 m3", "1,000 m³"),
    ("MTR", "Metre", "m", "metre (m)"),
    ("MWH", "1000 kilowatt hours", "1000 kWh", "1,000 kilowatt hours (kWh)"),
    ("NAR", "Number of items", "p/st", "items (p/st)"),
    ("NARB", "Number of items", "b/f", "number of items per flask (b/f)"),
    ("NCL", "Number of cells", "ce/el", "cells (ce/el)"),
    ("NPR", "Number of pairs", "pa", "pairs (pa)"),
    ("RET", "Retail Price", "Retail Price", "retail price"),
    ("TJO", "Terajoule (gross calorific value)", "TJ", "terajoule (gross calorific value) (TJ)"),
    ("TNE", "Tonne", "1000 kg", "1,000 kg"),
    ("TNEE", "Tonne", "1000 kg/net eda", "1,000 kg, drained net weight (net eda)"),
    ("TNEI", "Tonne", "1000 kg/biodiesel", "1,000 kg (biodiesel content)"),
    ("TNEJ", "Tonne", "1000 kg/fuel content", "1,000 kg (fuel content)"),
    ("TNEK", "Tonne", "1000 kg/bioethanol", "1,000 kg (bioethanol)"),
    ("TNEM", "Tonne", "1000 kg/net mas", "1,000 kg net of dry matter (net mas)"),
    ("TNER", "Tonne", "1000 kg std qual", "1,000 kg of the standard quality (std qual)"),
    ("TNEZ", "Tonne", "1000 kg/net/%saccha.", "1,000 kg per % of sucrose by weight, including other sugars expressed as sucrose (%sacchar.)"),
    ("WAT", "Watt", "W", "watt"),
];

/// Code and qualifier in one word: `DTNE`.
fn joined(unit: &str, qualifier: Option<&str>) -> String {
    format!("{unit}{}", qualifier.unwrap_or_default())
}

/// A unit as it is printed. A unit that is not in the table is printed by its code.
pub fn unit_text(unit: &str, qualifier: Option<&str>, style: Style) -> String {
    let code = joined(unit, qualifier);
    let (title, short, words) = PRINTED
        .iter()
        .find(|(key, ..)| *key == code)
        .map_or((code.as_str(), code.as_str(), code.as_str()), |(_, title, short, words)| (title, short, words));
    match style {
        Style::Plain => short.to_owned(),
        Style::Markup => format!("<abbr title='{title}'>{short}</abbr>"),
        Style::Words => words.to_owned(),
    }
}

/// The sign before the number where [`Style::Words`] has one for the currency.
fn currency_sign(currency: &str) -> Option<&'static str> {
    match currency {
        "GBP" => Some("£"),
        "EUR" => Some("€"),
        _ => None,
    }
}

/// A duty as the UK tariff prints it: `base`, `formatted_base` or `verbose_duty` of its API. Numbers have two decimals, or
/// more where they need them.
///
/// ```
/// use tidewaiter_sources::duty_expression::{Style, text};
/// assert_eq!(text(&[], Style::Plain), "");
/// ```
pub fn text(parts: &[Component], style: Style) -> String {
    parts.iter().map(|part| part_text(part, style)).collect::<Vec<_>>().join(" ")
}

fn part_text(part: &Component, style: Style) -> String {
    let unit = part.unit.as_deref().map(|unit| unit_text(unit, part.qualifier.as_deref(), style));
    let (place, sign) = expression(&part.expression).unwrap_or((Place::First, ""));
    if place == Place::Unit {
        return unit.unwrap_or_default();
    }
    let mut words: Vec<String> = Vec::new();
    if !sign.is_empty() {
        words.push(sign.to_owned());
    }
    if let Some(number) = part.amount {
        words.extend(number_text(number, part.currency.as_deref(), style));
    }
    if let Some(unit) = unit {
        words.push("/".into());
        words.push(unit);
    }
    words.join(" ")
}

fn number_text(number: Decimal, currency: Option<&str>, style: Style) -> Vec<String> {
    let digits = number.to_at_least(2);
    match (style, currency) {
        (Style::Plain, _) => vec![digits, currency.unwrap_or("%").into()],
        (Style::Markup, _) => vec![format!("<span>{digits}</span>"), currency.unwrap_or("%").into()],
        (Style::Words, None) => vec![format!("{digits}%")],
        (Style::Words, Some(currency)) => match currency_sign(currency) {
            Some(sign) => vec![format!("{sign}{digits}")],
            None => vec![digits, currency.into()],
        },
    }
}

/// A threshold of a condition as the UK API prints it in `requirement`: `<span>250.00</span> GBP / <abbr…>`,
/// `<span>100.00</span> <abbr…>`.
pub fn requirement_text(
    number: Decimal,
    currency: Option<&str>,
    unit: Option<&str>,
    qualifier: Option<&str>,
) -> String {
    let mut words = vec![format!("<span>{}</span>", number.to_at_least(2))];
    if let Some(currency) = currency {
        words.push(currency.into());
        if unit.is_some() {
            words.push("/".into());
        }
    }
    words.extend(unit.map(|unit| unit_text(unit, qualifier, Style::Markup)));
    words.join(" ")
}

/// A unit as an economy file writes it: `100 kg`, `% vol hl`.
///
/// # Errors
/// [`Unsayable::Unit`] where [`tidewaiter::unit`] does not know it.
pub fn unit_key(unit: &str, qualifier: Option<&str>) -> Result<&'static str, Unsayable> {
    let code = joined(unit, qualifier);
    unit::find(&code).map(|unit| unit.key).ok_or(Unsayable::Unit(code))
}

/// The unit, as an economy file writes it, that the UK tariff prints so: `p/st` is `item`.
///
/// ```
/// # use tidewaiter_sources::duty_expression::unit_of_text;
/// assert_eq!(unit_of_text("p/st"), Some("item"));
/// assert_eq!(unit_of_text("dozens"), None);
/// ```
pub fn unit_of_text(printed: &str) -> Option<&'static str> {
    let (code, ..) = PRINTED.iter().find(|(_, _, short, _)| *short == printed)?;
    unit::find(code).map(|unit| unit.key)
}

/// A duty in the words of the economy file; nothing where the parts state no amount (none, or only a unit to declare).
///
/// `retail_currency` is the currency of a retail price, where the duty is a share of one. A minimum and a maximum hold for
/// all that stands left of them; the last one is applied last. A relief for small producers is rounded down to pennies, as
/// the UK tariff does.
///
/// # Errors
/// [`Unsayable`], where the parts make no amount that can be computed on import.
pub fn amount(parts: &[Component], retail_currency: &str) -> Result<Option<String>, Unsayable> {
    // What stands left of the last minimum or maximum, and which it is.
    let mut left: Option<(String, Place)> = None;
    let mut sum = String::new();
    for part in parts {
        let order = |reason| Unsayable::Order { part: part.expression.clone(), reason };
        let (place, _) = expression(&part.expression).ok_or_else(|| order("no such duty expression is known"))?;
        match place {
            Place::Unit => {}
            Place::Recipe => return Err(Unsayable::Recipe(part.expression.clone())),
            Place::Refund => return Err(Unsayable::Refund(part.expression.clone())),
            Place::Nothing if sum.is_empty() => sum = "0 %".into(),
            Place::Nothing => {}
            Place::First if sum.is_empty() => sum = single(part, retail_currency)?,
            Place::First => return Err(order("a first amount after another")),
            Place::Plus | Place::Minus if sum.is_empty() => return Err(order("nothing stands before it")),
            Place::Plus => sum = format!("{sum} + {}", single(part, retail_currency)?),
            Place::Minus => sum = format!("{sum} - {}", single(part, retail_currency)?),
            Place::Floor | Place::Ceiling => {
                if sum.is_empty() {
                    return Err(order("nothing stands before it"));
                }
                left = Some((bounded(left.take(), sum), place));
                sum = single(part, retail_currency)?;
            }
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
    let order = |reason| Unsayable::Order { part: part.expression.clone(), reason };
    let number = part.amount.ok_or_else(|| order("it has no number"))?;
    if number.is_negative() {
        return Err(order("its number is negative"));
    }
    let qualifier = part.qualifier.as_deref();
    match (part.currency.as_deref(), part.unit.as_deref()) {
        (None, None) => Ok(format!("{number} %")),
        (None, Some("RET")) => Ok(format!("{number} % of (1 {retail_currency} per {})", unit_key("RET", qualifier)?)),
        (None, Some(_)) => Err(order("a percentage of a unit that is no sum of money")),
        (Some(currency), None) => Ok(format!("{number} {currency}")),
        (Some(currency), Some(unit)) => {
            let key = unit_key(unit, qualifier)?;
            let each = format!("{number} {currency} per {key}");
            Ok(if unit.starts_with("SPQ") { format!("rounded({each}; down 0.01)") } else { each })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::record::grammar;

    fn part(row: &str) -> Component {
        let fields: Vec<&str> = row.split(' ').collect();
        let some = |at: usize| fields.get(at).filter(|text| **text != "-").map(|text| (*text).to_owned());
        Component {
            expression: fields[0].into(),
            amount: some(1).map(|text| text.parse().unwrap()),
            currency: some(2),
            unit: some(3),
            qualifier: some(4),
        }
    }

    fn parts(rows: &str) -> Vec<Component> {
        rows.split(';').map(part).collect()
    }

    #[test]
    fn writes_what_the_tariff_prints() {
        for (rows, plain, words) in [
            ("01 12;04 147 GBP DTN", "12.00 % + 147.00 GBP / 100 kg", "12.00% + £147.00 / 100 kg"),
            (
                "01 1 EUR ASV X;04 6.4 EUR HLT",
                "1.00 EUR / % vol/hl + 6.40 EUR / hl",
                "€1.00 / percentage ABV (% vol) per 100 litre (hl) + €6.40 / 100 litre (hl)",
            ),
            ("99 - - NAR", "p/st", "items (p/st)"),
            ("01 198.333 GBP TNE I", "198.333 GBP / 1000 kg/biodiesel", "£198.333 / 1,000 kg (biodiesel content)"),
        ] {
            assert_eq!(text(&parts(rows), Style::Plain), plain);
            assert_eq!(text(&parts(rows), Style::Words), words);
        }
        assert_eq!(
            text(&parts("01 35.1 EUR DTN"), Style::Markup),
            "<span>35.10</span> EUR / <abbr title='Hectokilogram'>100 kg</abbr>"
        );
    }

    #[test]
    fn says_every_shape_of_the_tariff() {
        for (rows, said) in [
            ("01 12", "12 %"),
            ("01 0 EUR DTN", "0 EUR per 100 kg"),
            ("01 1 EUR ASV X;04 6.4 EUR HLT", "1 EUR per % vol hl + 6.4 EUR per hl"),
            ("01 10;17 2.2 EUR MTQ", "min(10 %, 2.2 EUR per m3)"),
            ("01 8;15 2.8 EUR DTN G", "max(8 %, 2.8 EUR per 100 kg gross)"),
            (
                "01 18.4;15 22 EUR DTN;17 24;20 5 EUR DTN",
                "min(max(18.4 %, 22 EUR per 100 kg), 24 % + 5 EUR per 100 kg)",
            ),
            ("01 12;04 3 GBP NAR;35 20", "min(12 % + 3 GBP per item, 20 %)"),
            ("01 20;02 5 EUR KGM", "20 % - 5 EUR per kg"),
            ("01 176 EUR DTN;36 30", "176 EUR per 100 kg - 30 %"),
            ("37", "0 %"),
            (
                "01 16.5 - RET;04 244.78 GBP MIL;15 320.9 GBP MIL",
                "max(16.5 % of (1 GBP per retail price) + 244.78 GBP per 1000 items, 320.9 GBP per 1000 items)",
            ),
            ("01 0.39 EUR DTN Z", "0.39 EUR per 100 kg % sucrose"),
            ("01 31.64 GBP LPA;02 1 GBP SPQ", "31.64 GBP per l alcohol - rounded(1 GBP per SPQ; down 0.01)"),
            ("01 3 GBP", "3 GBP"),
        ] {
            let made = amount(&parts(rows), "GBP").unwrap().unwrap();
            assert_eq!(made, said);
            grammar::amount(&made).unwrap_or_else(|error| panic!("{made}: {error}"));
        }
    }

    #[test]
    fn a_unit_to_declare_is_no_amount() {
        assert_eq!(amount(&parts("99 - - NAR"), "GBP"), Ok(None));
        assert_eq!(amount(&[], "GBP"), Ok(None));
    }

    #[test]
    fn refuses_what_it_cannot_say() {
        for rows in ["01 9;12", "01 9;14", "21", "25", "27", "29"] {
            assert!(matches!(amount(&parts(rows), "GBP"), Err(Unsayable::Recipe(_))), "{rows}");
        }
        for rows in ["40", "44"] {
            assert!(matches!(amount(&parts(rows), "GBP"), Err(Unsayable::Refund(_))), "{rows}");
        }
        assert_eq!(amount(&parts("01 3 GBP QQQ"), "GBP"), Err(Unsayable::Unit("QQQ".into())));
        for rows in ["04 3 GBP KGM", "15 3", "01 3;01 4", "01", "01 3 - KGM", "77 3", "01 3;15"] {
            let error = amount(&parts(rows), "GBP").unwrap_err();
            assert!(matches!(error, Unsayable::Order { .. }), "{rows}: {error}");
        }
    }

    #[test]
    fn every_printed_unit_is_known() {
        for (code, ..) in PRINTED {
            assert!(unit::find(code).is_some_and(|unit| unit.taric == Some(code)), "{code}");
        }
    }
}
