//! Duties and units as the UK tariff prints them.

use super::{Place, expression, joined};
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

/// Units as the UK tariff prints them: code and qualifier, the title of the `abbr`, its text, the unit in words. The title is
/// the description of the unit in TARIC; the words are those of the UK tariff's measurement units.
#[rustfmt::skip]
pub(super) const PRINTED: &[(&str, &str, &str, &str)] = &[
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
