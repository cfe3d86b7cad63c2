//! The parts of a duty in the words of the economy file.
//!
//! The number of a part (*duty expression*) says where it stands: `01` the first amount, `04` plus, `02` minus, `15` at
//! least, `17` and `35` at most, `19` and `20` plus after that, `36` minus a percentage of the CIF value. The parts stand in
//! the order of their numbers; of several "at least" and "at most" the last binds loosest.

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

enum Part {
    First(String),
    Plus(String),
    Minus(String),
    Least(String),
    Most(String),
}

/// The amount of a duty; `None` where its parts only name a unit to be declared, or there are none.
///
/// # Errors
/// [`Unsayable`], where no amount can be computed from the parts alone.
///
/// ```
/// use tidewaiter::record::edition::Component;
/// use tidewaiter_sources::taric3::amount::amount;
/// let part = |expression: &str, number: &str, currency: Option<&str>, unit: Option<&str>| Component {
///     expression: expression.into(),
///     amount: number.parse().ok(),
///     currency: currency.map(str::to_owned),
///     unit: unit.map(str::to_owned),
///     qualifier: None,
/// };
/// let duty = [part("01", "12", None, None), part("04", "93.1", Some("EUR"), Some("DTN"))];
/// assert_eq!(amount(&duty, "EUR")?.as_deref(), Some("12 % + 93.1 EUR per 100 kg"));
/// # Ok::<(), tidewaiter_sources::taric3::amount::Unsayable>(())
/// ```
pub fn amount(components: &[Component], currency: &str) -> Result<Option<String>, Unsayable> {
    let mut parts = Vec::new();
    let mut ordered: Vec<&Component> = components.iter().collect();
    ordered.sort_by(|a, b| a.expression.cmp(&b.expression));
    if let Some(pair) = ordered.windows(2).find(|pair| pair[0].expression == pair[1].expression) {
        return Err(Unsayable::Order(format!("{} twice", pair[0].expression)));
    }
    for component in ordered {
        parts.push(match component.expression.as_str() {
            "01" => Part::First(term(component, currency)?),
            "04" | "19" | "20" => Part::Plus(term(component, currency)?),
            "02" | "36" => Part::Minus(term(component, currency)?),
            "15" => Part::Least(term(component, currency)?),
            "17" | "35" => Part::Most(term(component, currency)?),
            "12" | "14" | "21" | "25" | "27" | "29" => return Err(Unsayable::Recipe),
            "40" | "41" | "42" | "43" | "44" => return Err(Unsayable::Refund),
            // Nothing is due.
            "37" if components.len() == 1 => return Ok(Some("0 %".into())),
            // A unit to be declared.
            "99" => continue,
            other => return Err(Unsayable::Expression(other.to_owned())),
        });
    }
    if parts.is_empty() { Ok(None) } else { say(&parts).map(Some) }
}

/// Of several limits the last binds loosest: what stands left of it is worked out first.
fn say(parts: &[Part]) -> Result<String, Unsayable> {
    let limit = parts.iter().rposition(|part| matches!(part, Part::Least(_) | Part::Most(_)));
    let Some(at) = limit else { return sum(parts) };
    let (Part::Least(first) | Part::Most(first)) = &parts[at] else { return sum(parts) };
    let left = say(&parts[..at])?;
    let right = chain(first, &parts[at + 1..])?;
    let word = if matches!(parts[at], Part::Least(_)) { "max" } else { "min" };
    Ok(format!("{word}({left}, {right})"))
}

fn sum(parts: &[Part]) -> Result<String, Unsayable> {
    match parts.split_first() {
        // Some duties have no first part: what is added stands alone.
        Some((Part::First(text) | Part::Plus(text), rest)) => chain(text, rest),
        _ => Err(Unsayable::Order("nothing before a limit or a minus".into())),
    }
}

fn chain(first: &str, rest: &[Part]) -> Result<String, Unsayable> {
    let mut out = first.to_owned();
    for part in rest {
        match part {
            Part::Plus(text) => out.push_str(&format!(" + {text}")),
            Part::Minus(text) => out.push_str(&format!(" - {text}")),
            _ => return Err(Unsayable::Order("two amounts without a sign between".into())),
        }
    }
    Ok(out)
}

/// One part: a percentage, or money for a unit.
fn term(component: &Component, economy: &str) -> Result<String, Unsayable> {
    let Some(number) = component.amount else {
        return Err(Unsayable::Order(format!("{} without a number", component.expression)));
    };
    if number.is_negative() {
        return Err(Unsayable::Order(format!("{} below zero", component.expression)));
    }
    let qualifier = component.qualifier.as_deref().unwrap_or_default();
    let (currency, unit) = match (component.currency.as_deref(), component.unit.as_deref()) {
        (None, None) => return Ok(format!("{number} %")),
        // Tobacco: a percentage of the retail price.
        (None, Some("RET")) => return Ok(format!("{} {economy} per RET", hundredth(number)?)),
        (None, Some(_)) => (economy, component.unit.as_deref()),
        (Some(currency), unit) => (currency, unit),
    };
    let Some(unit) = unit else { return Err(Unsayable::NoUnit) };
    let code = format!("{unit}{qualifier}");
    let Some(found) = unit::all().iter().find(|unit| unit.taric == Some(code.as_str())) else {
        return Err(Unsayable::Unit(code));
    };
    // The euro cent has a code of its own.
    let (number, currency) = if currency == "EUC" { (hundredth(number)?, "EUR") } else { (number, currency) };
    if code.starts_with("SPQ") {
        return Ok(format!("rounded({number} {currency} per {}; down 0.01)", found.key));
    }
    Ok(format!("{number} {currency} per {}", found.key))
}

fn hundredth(number: Decimal) -> Result<Decimal, Unsayable> {
    number.divided_by(Decimal::HUNDRED).map_err(|error| Unsayable::Order(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::record::grammar;

    /// `01 12`, `04 93.1 EUR DTN`, `99 - - NAR`.
    fn duty(text: &str) -> Vec<Component> {
        text.split(", ")
            .map(|part| {
                let words: Vec<&str> = part.split(' ').collect();
                let word = |at: usize| words.get(at).filter(|word| **word != "-").map(|word| (*word).to_owned());
                Component {
                    expression: words[0].to_owned(),
                    amount: word(1).map(|number| number.parse().unwrap()),
                    currency: word(2),
                    unit: word(3),
                    qualifier: word(4),
                }
            })
            .collect()
    }

    #[test]
    fn says_the_duties_of_the_tariff() {
        for (parts, expected) in [
            ("01 12", "12 %"),
            ("01 0", "0 %"),
            ("01 176.8 EUR DTN", "176.8 EUR per 100 kg"),
            ("01 10.2, 04 93.1 EUR DTN", "10.2 % + 93.1 EUR per 100 kg"),
            ("04 93.1 EUR DTN, 01 10.2", "10.2 % + 93.1 EUR per 100 kg"),
            ("01 18.4, 15 22 EUR DTN, 17 24 EUR DTN", "min(max(18.4 %, 22 EUR per 100 kg), 24 EUR per 100 kg)"),
            ("01 9.6, 17 16.6, 20 0.3 EUR DTN G", "min(9.6 %, 16.6 % + 0.3 EUR per 100 kg gross)"),
            ("01 5, 35 2 EUR DTN, 36 30", "min(5 %, 2 EUR per 100 kg - 30 %)"),
            ("01 8, 02 3", "8 % - 3 %"),
            ("01 12.8 EUC KGM", "0.128 EUR per kg"),
            ("01 9.98 GBP ASV X", "9.98 GBP per % vol hl"),
            ("01 16.5 - RET, 04 316.7 GBP MIL", "0.165 GBP per RET + 316.7 GBP per 1000 items"),
            ("01 31.64 GBP LPA, 02 1 GBP SPQ", "31.64 GBP per l alcohol - rounded(1 GBP per SPQ; down 0.01)"),
            ("37", "0 %"),
            ("01 0.5 EUR DTN Z", "0.5 EUR per 100 kg % sucrose"),
        ] {
            let said = amount(&duty(parts), "GBP").unwrap().unwrap();
            assert_eq!(said, expected, "{parts}");
            grammar::amount(&said).unwrap_or_else(|error| panic!("{said}: {error}"));
        }
        assert_eq!(amount(&duty("99 - - NAR"), "EUR"), Ok(None));
        assert_eq!(amount(&[], "EUR"), Ok(None));
    }

    #[test]
    fn says_what_it_cannot_say() {
        for (parts, expected) in [
            ("01 8, 12", Unsayable::Recipe),
            ("01 8, 14, 17 18.7, 25", Unsayable::Recipe),
            ("40 5 EUR DTN", Unsayable::Refund),
            ("01 5 EUR", Unsayable::NoUnit),
            ("01 5 EUR XYZ", Unsayable::Unit("XYZ".into())),
            ("03 5", Unsayable::Expression("03".into())),
            ("01 5, 01 6", Unsayable::Order("01 twice".into())),
            ("15 5", Unsayable::Order("nothing before a limit or a minus".into())),
            ("01", Unsayable::Order("01 without a number".into())),
            ("01 -5", Unsayable::Order("01 below zero".into())),
        ] {
            let error = amount(&duty(parts), "EUR").unwrap_err();
            assert_eq!(error, expected, "{parts}");
            assert!(error.says().ends_with('.'));
        }
    }
}
