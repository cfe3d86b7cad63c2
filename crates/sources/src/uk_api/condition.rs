//! Conditions of measures, compiled into one condition of ours.
//!
//! TARIC reads the conditions of one code (`B`, `E`, `Y`…) in order: the first that holds says what happens. Conditions of
//! different codes must all be met. An action either lets the measure apply or stops it.

use super::document::Node;
use crate::duty_expression::{self, Unsayable};
use tidewaiter::record::edition::{Component, MeasureCondition};
use tidewaiter::record::expression::{Amount, Cash, Compare, Component as Value, Condition, Scope};

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The measure, or the amount of the action, applies; the goods may come in.
    Applies,
    /// It does not apply; the goods may not come in.
    Stops,
    /// The code is not allowed for these goods at all.
    WrongCode,
}

/// Actions by code and by text; older documents state only the text.
const ACTIONS: &[(&str, &str, Effect)] = &[
    ("01", "Apply the amount of the action", Effect::Applies),
    ("04", "The entry into free circulation is not allowed", Effect::Stops),
    ("05", "Export is not allowed", Effect::Stops),
    ("06", "Import is not allowed", Effect::Stops),
    ("07", "Measure not applicable", Effect::Stops),
    ("08", "Declared subheading not allowed", Effect::WrongCode),
    ("09", "Import/export not allowed after control", Effect::Stops),
    ("10", "Declaration to be corrected", Effect::Stops),
    ("16", "Export refund not applicable", Effect::Stops),
    ("24", "Entry into free circulation allowed", Effect::Applies),
    ("25", "Export allowed", Effect::Applies),
    ("26", "Import allowed", Effect::Applies),
    ("27", "Apply the mentioned duty", Effect::Applies),
    ("28", "Declared subheading allowed", Effect::Applies),
    ("29", "Import/export allowed after control", Effect::Applies),
    ("30", "Suspicious case", Effect::Stops),
    ("34", "Apply exemption/reduction of the anti-dumping duty", Effect::Applies),
    ("36", "Apply export refund", Effect::Applies),
];

/// Code of an action from its text.
pub(super) fn action_code(text: &str) -> Option<&'static str> {
    ACTIONS.iter().find(|(_, words, _)| text.starts_with(words)).map(|(code, ..)| *code)
}

fn effect(action: Option<&str>) -> Result<Effect, String> {
    let code = action.unwrap_or_default();
    ACTIONS
        .iter()
        .find(|(known, ..)| *known == code)
        .map(|(.., effect)| *effect)
        .ok_or_else(|| format!("the action {code} is not known"))
}

/// Something that holds always, never or under a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Truth {
    Always,
    Never,
    When(Condition),
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::When(Condition::Not(inner)) => Self::When(*inner),
            Self::When(condition) => Self::When(Condition::Not(Box::new(condition))),
        }
    }

    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut met = Vec::new();
        for part in parts {
            match part {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::When(Condition::All(inner)) => met.extend(inner),
                Self::When(condition) => met.push(condition),
            }
        }
        let refused = |condition: &Condition| match condition {
            Condition::Not(inner) => documents(inner),
            _ => None,
        };
        let none_of = |codes| Condition::Not(Box::new(one_of(codes)));
        Self::of(together(met, refused, none_of), Self::Always, Condition::All)
    }

    fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut met = Vec::new();
        for part in parts {
            match part {
                Self::Never => {}
                Self::Always => return Self::Always,
                Self::When(Condition::Any(inner)) => met.extend(inner),
                Self::When(condition) => met.push(condition),
            }
        }
        Self::of(together(met, documents, one_of), Self::Never, Condition::Any)
    }

    fn of(mut met: Vec<Condition>, none: Self, join: fn(Vec<Condition>) -> Condition) -> Self {
        let mut seen = Vec::with_capacity(met.len());
        met.retain(|condition| {
            let new = !seen.contains(condition);
            if new {
                seen.push(condition.clone());
            }
            new
        });
        match met.len() {
            0 => none,
            1 => Self::When(met.remove(0)),
            _ => Self::When(join(met)),
        }
    }

    /// The condition to write down: none where it always holds.
    pub(super) fn written(&self) -> Option<String> {
        match self {
            Self::Always => None,
            Self::Never => Some("not always".into()),
            Self::When(condition) => Some(condition.to_string()),
        }
    }

    pub(super) fn document(code: &str) -> Self {
        Self::When(Condition::Document(code.to_owned()))
    }

    pub(super) fn no_document(codes: &[&str]) -> Self {
        Self::all(codes.iter().map(|code| Self::document(code).not()))
    }
}

/// The documents of a condition that asks for one of them and nothing else.
fn documents(condition: &Condition) -> Option<Vec<String>> {
    match condition {
        Condition::Document(code) => Some(vec![code.clone()]),
        Condition::Documents(codes) => Some(codes.clone()),
        _ => None,
    }
}

fn one_of(mut codes: Vec<String>) -> Condition {
    if codes.len() == 1 { Condition::Document(codes.remove(0)) } else { Condition::Documents(codes) }
}

/// Puts documents that stand in several conditions into one, where the first of them stood.
fn together(
    met: Vec<Condition>,
    of: impl Fn(&Condition) -> Option<Vec<String>>,
    make: impl Fn(Vec<String>) -> Condition,
) -> Vec<Condition> {
    let mut codes: Vec<String> = Vec::new();
    let mut first = None;
    let mut out = Vec::with_capacity(met.len());
    for condition in met {
        match of(&condition) {
            Some(more) => {
                first.get_or_insert(out.len());
                for code in more {
                    if !codes.contains(&code) {
                        codes.push(code);
                    }
                }
            }
            None => out.push(condition),
        }
    }
    if let Some(at) = first {
        out.insert(at, make(codes));
    }
    out
}

/// What the conditions of a measure come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compiled {
    /// When the measure applies, or the goods may come in.
    pub(super) applies: Truth,
    /// When the declared code is not allowed.
    pub(super) wrong_code: Truth,
    /// Amounts of the actions, in order, each with when it is taken.
    pub(super) amounts: Vec<(Truth, Vec<Component>)>,
    /// Whether the amounts depend on the entry price of the goods.
    pub(super) entry_price: bool,
}

/// Compiles the conditions of a measure. `supplementary` is the unit to declare of the goods, for conditions on the ratio of
/// weight to it.
///
/// # Errors
/// What cannot be said in a condition of ours, as a sentence.
pub(super) fn compile(conditions: &[MeasureCondition], supplementary: Option<&str>) -> Result<Compiled, String> {
    let mut codes: Vec<&str> = Vec::new();
    for condition in conditions {
        if !codes.contains(&condition.code.as_str()) {
            codes.push(&condition.code);
        }
    }
    let mut groups = Vec::new();
    let mut amounts = Vec::new();
    let mut wrong = Vec::new();
    let mut entry_price = false;
    let mut unmet = false;
    for code in codes {
        let group: Vec<&MeasureCondition> = conditions.iter().filter(|condition| condition.code == code).collect();
        if code == "V" {
            entry_price = true;
            continue;
        }
        let mut before: Vec<Truth> = Vec::new();
        let mut applies = Vec::new();
        let mut positive = false;
        for condition in group {
            let test = test(condition, supplementary)?;
            let here = Truth::all(before.iter().cloned().map(Truth::not).chain([test.clone()]));
            match effect(condition.action.as_deref())? {
                Effect::Applies => {
                    positive = true;
                    if !condition.components.is_empty() {
                        amounts.push((test.clone(), condition.components.clone()));
                    }
                    applies.push(here);
                    if test == Truth::Always {
                        break;
                    }
                    // Where it holds the measure applies whatever comes after, so that later tests need not exclude it.
                }
                Effect::Stops | Effect::WrongCode => {
                    if effect(condition.action.as_deref())? == Effect::WrongCode {
                        wrong.push(Truth::all([here, Truth::any(applies.iter().cloned()).not()]));
                    }
                    before.push(test.clone());
                    if test == Truth::Always {
                        break;
                    }
                }
            }
        }
        if positive {
            groups.push(Truth::any(applies));
        } else {
            unmet = true;
        }
    }
    // A code with nothing but "not allowed" is what happens where another code's condition is not met.
    let applies = if groups.is_empty() && unmet { Truth::Never } else { Truth::all(groups) };
    Ok(Compiled { applies, wrong_code: Truth::any(wrong), amounts, entry_price })
}

impl Compiled {
    /// When the goods may not come in, or the requirement is open: the opposite of what lets them in.
    pub(super) fn open(&self) -> Truth {
        match &self.applies {
            Truth::When(Condition::Any(parts)) => Truth::all(parts.iter().cloned().map(|part| Truth::When(part).not())),
            other => other.clone().not(),
        }
    }

    /// The amount of the actions, in the words of the economy file: a ladder of `if`.
    pub(super) fn amount(&self, otherwise: Option<String>, retail: &str) -> Result<Option<String>, Unsayable> {
        let mut out = otherwise;
        for (test, components) in self.amounts.iter().rev() {
            let Some(amount) = duty_expression::amount(components, retail)? else { continue };
            out = Some(match (test, out) {
                (Truth::When(condition), Some(rest)) => format!("if({condition}, {amount}, {rest})"),
                _ => amount,
            });
        }
        Ok(out)
    }
}

/// Whether a number must be at most or at least the threshold, where the document does not say: by the code.
fn comparison(condition: &MeasureCondition, operator: Option<&str>) -> Result<Compare, String> {
    match (operator, condition.code.as_str()) {
        (Some("=<"), _) | (None, "E" | "I") => Ok(Compare::AtMost),
        (Some("=>"), _) | (None, "F" | "G" | "M" | "R" | "V") => Ok(Compare::AtLeast),
        (Some(">"), _) | (None, "L" | "U") => Ok(Compare::More),
        (Some("<"), _) => Ok(Compare::Less),
        _ => Err(format!("how the threshold of a condition {} is compared is not known", condition.code)),
    }
}

fn test(condition: &MeasureCondition, supplementary: Option<&str>) -> Result<Truth, String> {
    if let Some(document) = &condition.document {
        return Ok(Truth::document(document));
    }
    let Some(number) = condition.amount else { return Ok(Truth::Always) };
    let operator = condition.text.as_deref().and_then(|text| text.split_once(' ')).map(|(operator, _)| operator);
    let compare = comparison(condition, operator.filter(|operator| ["=<", "=>", ">", "<"].contains(operator)))?;
    let qualifier = condition.qualifier.as_deref();
    let key = |unit: &str, qualifier| duty_expression::unit_key(unit, qualifier).map_err(|error| error.to_string());
    let each = |number, currency: &str, unit: &str| Amount::Specific {
        cash: Cash { amount: number, currency: currency.to_owned() },
        unit: unit.to_owned(),
    };
    Ok(Truth::When(match (condition.currency.as_deref(), condition.unit.as_deref()) {
        // The price of each unit: the price of the line against so much for each unit.
        (Some(currency), Some(unit)) => Condition::Value {
            left: Amount::Component(Value::Goods),
            compare,
            right: each(number, currency, key(unit, qualifier)?),
            scope: Scope::Line,
        },
        (Some(currency), None) => Condition::Value {
            left: Amount::Component(Value::Goods),
            compare,
            right: Amount::Flat(Cash { amount: number, currency: currency.to_owned() }),
            scope: Scope::Line,
        },
        // The ratio of weight to the unit to declare: one sum for each kilogram against so many for each unit.
        (None, Some(unit)) if condition.code == "R" => {
            let other = supplementary.ok_or("the unit of a ratio is not in the document")?;
            Condition::Value {
                left: each(tidewaiter::Decimal::ONE, "EUR", key(unit, qualifier)?),
                compare,
                right: each(number, "EUR", other),
                scope: Scope::Line,
            }
        }
        (None, Some(unit)) => {
            let unit = key(unit, qualifier)?.to_owned();
            Condition::Quantity { unit, compare, number, scope: Scope::Line }
        }
        (None, None) => return Err(format!("the threshold of a condition {} has no unit", condition.code)),
    }))
}

/// Reads the parts of a duty.
///
/// # Errors
/// Field, what stands there, what was expected.
pub(super) fn component(node: Node<'_>) -> Result<Component, (String, String)> {
    Ok(Component {
        expression: node
            .text("duty_expression_id")
            .ok_or_else(|| ("duty_expression_id".to_owned(), String::new()))?
            .to_owned(),
        amount: node.number("duty_amount").map_err(|found| ("duty_amount".to_owned(), found.to_owned()))?,
        currency: node.text("monetary_unit_code").map(str::to_owned),
        unit: node.text("measurement_unit_code").map(str::to_owned),
        qualifier: node.text("measurement_unit_qualifier_code").map(str::to_owned),
    })
}

/// Reads a condition. Its `text` is the duty of the action, else the threshold behind its comparison, else what is required.
pub(super) fn condition(node: Node<'_>, sequence: u32) -> Result<MeasureCondition, (String, String)> {
    let components: Result<Vec<_>, _> = node.many("measure_condition_components").into_iter().map(component).collect();
    let amount =
        node.number("condition_duty_amount").map_err(|found| ("condition_duty_amount".to_owned(), found.to_owned()))?;
    let words = node.text("requirement").or_else(|| node.text("action"));
    let text = match (amount, node.text("requirement_operator")) {
        (Some(_), Some(operator)) => Some(format!("{operator} {}", words.unwrap_or_default())),
        _ => node.text("duty_expression").or(words).map(str::to_owned),
    };
    Ok(MeasureCondition {
        code: node.text("condition_code").ok_or_else(|| ("condition_code".to_owned(), String::new()))?.to_owned(),
        sequence: Some(sequence),
        action: node.text("action_code").or_else(|| node.text("action").and_then(action_code)).map(str::to_owned),
        document: node.text("document_code").map(str::to_owned),
        amount,
        currency: node.text("condition_monetary_unit_code").map(str::to_owned),
        unit: node.text("condition_measurement_unit_code").map(str::to_owned),
        qualifier: node.text("condition_measurement_unit_qualifier_code").map(str::to_owned),
        components: components?,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::record::grammar;

    fn one(row: &str) -> MeasureCondition {
        let fields: Vec<&str> = row.split(' ').collect();
        let some = |at: usize| fields.get(at).filter(|text| **text != "-").map(|text| (*text).to_owned());
        MeasureCondition {
            code: fields[0].into(),
            sequence: None,
            action: some(1),
            document: some(2),
            amount: some(3).map(|text| text.parse().unwrap()),
            currency: some(4),
            unit: some(5),
            qualifier: None,
            components: some(6)
                .map(|percent| {
                    vec![Component {
                        expression: "01".into(),
                        amount: Some(percent.parse().unwrap()),
                        currency: None,
                        unit: None,
                        qualifier: None,
                    }]
                })
                .unwrap_or_default(),
            text: None,
        }
    }

    fn compiled(rows: &str) -> Compiled {
        let conditions: Vec<_> = rows.split(';').map(one).collect();
        compile(&conditions, Some("item")).unwrap()
    }

    #[test]
    fn the_first_condition_that_holds_decides() {
        for (rows, when) in [
            ("B 27 C990;B 07", "document C990"),
            ("B 27 U090;B 27 U091;B 07", "document U090 U091"),
            ("B 27 9041;B 07;C 27 9001;C 07", "document 9041 and document 9001"),
            ("B 07 9014;B 27", "not document 9014"),
            ("B 27 A1;B 07 A2;B 27 A3;B 07", "document A1 or (not document A2 and document A3)"),
            ("E 24 L001;E 24 - 100 - HLT;E 04", "document L001 or quantity hl <= 100 per line"),
            ("E 25 - 250 GBP NAR;E 05", "goods <= (250 GBP per item) per line"),
            (
                "R 10 - 5 - KGM;R 28 - 1 - KGM;R 10 - 0 - KGM",
                "not (1 EUR per kg) >= (5 EUR per item) per line and (1 EUR per kg) >= (1 EUR per item) per line",
            ),
            ("B 04;Z 24 N002", "document N002"),
        ] {
            let made = compiled(rows).applies.written().unwrap();
            let tree = grammar::condition(&made).unwrap_or_else(|error| panic!("{made}: {error}"));
            let wanted = grammar::condition(when).unwrap_or_else(|error| panic!("{when}: {error}"));
            assert_eq!(tree, wanted, "{made}");
        }
        assert_eq!(compiled("B 04").applies, Truth::Never);
        assert_eq!(compiled("B 27").applies, Truth::Always);
    }

    #[test]
    fn what_lets_goods_in_turned_round_is_when_they_stay_out() {
        let open = compiled("B 29 C640;B 29 Y058;B 09").open().written().unwrap();
        assert_eq!(open, "not document C640 Y058");
    }

    #[test]
    fn amounts_of_actions_are_a_ladder() {
        let made = compiled("A 01 D008 - - - 0;A 01 - - - - 12.5");
        assert_eq!(made.applies, Truth::Always);
        assert_eq!(made.amount(None, "GBP").unwrap().unwrap(), "if(document D008, 0 %, 12.5 %)");
    }

    #[test]
    fn entry_prices_are_named() {
        assert!(compiled("V 01 - 52.6 EUR DTN 14.4;V 01 - 0 EUR DTN 20").entry_price);
    }

    #[test]
    fn a_wrong_code_is_named() {
        let made = compiled("B 27 C074;B 27 C078;B 08;C 27 C075;C 08");
        assert_eq!(made.applies.written().unwrap(), "document C074 C078 and document C075");
        assert_eq!(made.wrong_code.written().unwrap(), "not document C074 C078 or not document C075");
    }

    #[test]
    fn says_what_it_does_not_know() {
        assert!(compile(&[one("B 77 C990")], None).is_err());
        assert!(compile(&[one("E 27 - 5 - QQQ")], None).is_err());
        assert!(compile(&[one("E 27 - 5")], None).is_err());
        assert!(compile(&[one("K 27 - 5 - KGM")], None).is_err());
        assert!(compile(&[one("R 27 - 5 - KGM")], None).is_err());
    }
}
