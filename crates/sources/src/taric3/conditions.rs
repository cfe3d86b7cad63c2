//! Which documents a measure asks for, and which amount applies with and without them.
//!
//! The conditions of one code are read in order: the first whose document is held decides, one without a document decides
//! for everybody left. The conditions of different codes must all be met.

use crate::duty_expression::{self, Unsayable};
use tidewaiter::record::MeasureKind;
use tidewaiter::record::edition::{Component, MeasureCondition};

/// What the conditions of a measure come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Treatment {
    /// When the measure applies; always where absent.
    pub(super) when: Option<String>,
    /// Documents that it may ask for, in order.
    pub(super) documents: Vec<String>,
    /// Its amount, or why there is none.
    pub(super) amount: Result<Option<String>, Unclear>,
}

/// Why a measure has no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unclear {
    #[error("{0}")]
    Duty(#[from] Unsayable),
    #[error("the duty depends on the entry price")]
    EntryPrice,
    #[error("the duty depends on a threshold")]
    Threshold,
    #[error("an action that is not known")]
    Action,
    #[error("conditions of several codes that each set the amount")]
    SeveralAmounts,
    #[error("conditions that nobody can meet")]
    Never,
    #[error("no duty stands in the transmission")]
    Absent,
    #[error("stopped, without the days from and to which")]
    Stopped,
    #[error("too many additional codes to tell the residual one")]
    ManyCodes,
    #[error("a duty or condition too long for one expression")]
    TooLong,
}

impl Unclear {
    /// What it means for a shopkeeper, and what to do.
    pub(super) fn says(&self) -> String {
        match self {
            Self::Duty(reason) => return reason.says(),
            Self::EntryPrice => {
                "This duty depends on the entry price of the consignment: the cheaper the goods come in, the higher it is. \
                 Ask a customs agent with the invoice and the day of import."
            }
            Self::Threshold => {
                "This duty depends on a quantity, a price or a strength set in its conditions. Read them, or ask customs."
            }
            Self::Action => "A condition of this measure has an action that is not known here. Read it, or ask customs.",
            Self::SeveralAmounts => "Several conditions set this duty. Read them, or ask customs.",
            Self::Never => "As its conditions stand this measure applies to nobody. Read them, or ask customs.",
            Self::Absent => {
                "The amount of this measure stands in an earlier transmission that was not read. Load the full tariff."
            }
            Self::Stopped => "This measure is stopped for the time being. Ask customs whether it applies again.",
            Self::TooLong => "The conditions of this measure are too many to work out. Read them, or ask customs.",
            Self::ManyCodes => {
                "This duty applies to goods of producers without a rate of their own; there are too many to list them. \
                 Ask customs with the producer's name."
            }
        }
        .into()
    }
}

/// What an action does with the measure.
enum Effect {
    /// The measure applies, with its own amount.
    Own,
    /// It applies, with the amount of the condition.
    Stated,
    /// It does not apply, or the goods may not come in under it.
    Not,
}

fn effect(action: &str) -> Option<Effect> {
    match action.trim_start_matches('0') {
        "1" => Some(Effect::Stated),
        "24" | "25" | "26" | "27" | "28" | "29" | "34" | "36" => Some(Effect::Own),
        "4" | "5" | "6" | "7" | "8" | "9" | "10" | "16" | "30" => Some(Effect::Not),
        _ => None,
    }
}

/// A condition as a text, with what joins it.
#[derive(Clone, PartialEq)]
enum Test {
    Always,
    Never,
    AnyOf(String),
    Other(String),
}

/// Works out when a measure applies and what is due. `own` are the measure's own parts. A prohibition does not apply where
/// a document lets the goods in; what a control asks for stands in the documents.
pub(super) fn treat(
    conditions: &[MeasureCondition],
    own: &[Component],
    currency: &str,
    kind: MeasureKind,
) -> Treatment {
    let mut documents: Vec<String> = Vec::new();
    for document in conditions.iter().filter_map(|condition| condition.document.clone()) {
        if !documents.contains(&document) {
            documents.push(document);
        }
    }
    let mut treatment = Treatment { when: None, documents, amount: Ok(None) };
    if kind == MeasureKind::Prohibition {
        treatment.when = let_in(conditions).map(|documents| format!("not ({documents})"));
    } else if kind.is_charged() {
        match charge(conditions, own, currency) {
            Ok((when, amount)) => (treatment.when, treatment.amount) = (when, Ok(amount)),
            Err(unclear) => treatment.amount = Err(unclear),
        }
    }
    treatment
}

/// The documents with which prohibited goods may come in, as a condition.
fn let_in(conditions: &[MeasureCondition]) -> Option<String> {
    let stripped: Vec<MeasureCondition> =
        conditions.iter().map(|condition| MeasureCondition { components: Vec::new(), ..condition.clone() }).collect();
    charge(&stripped, &[], "EUR").ok()?.0
}

fn charge(
    conditions: &[MeasureCondition],
    own: &[Component],
    currency: &str,
) -> Result<(Option<String>, Option<String>), Unclear> {
    if conditions.iter().any(|condition| condition.code == "V") {
        return Err(Unclear::EntryPrice);
    }
    if conditions.iter().any(|condition| condition.amount.is_some()) {
        return Err(Unclear::Threshold);
    }
    let mut codes: Vec<&str> = conditions.iter().map(|condition| condition.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut tests = Vec::new();
    let mut stated = None;
    for code in codes {
        let mut chain: Vec<&MeasureCondition> = conditions.iter().filter(|condition| condition.code == code).collect();
        chain.sort_by_key(|condition| condition.sequence);
        let (test, amount) = one_code(&chain, own, currency)?;
        match test {
            Test::Always => {}
            Test::Never => return Err(Unclear::Never),
            Test::AnyOf(text) | Test::Other(text) => tests.push(text),
        }
        if let Some(amount) = amount
            && stated.replace(amount).is_some()
        {
            return Err(Unclear::SeveralAmounts);
        }
    }
    let when = match tests.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(many.iter().map(|test| format!("({test})")).collect::<Vec<_>>().join(" and ")),
    };
    let amount = match stated {
        Some(amount) => Some(amount),
        None => amount(own, currency)?,
    };
    Ok((when, amount))
}

/// The amount of parts of a duty, which stand in any order.
fn amount(parts: &[Component], currency: &str) -> Result<Option<String>, Unsayable> {
    duty_expression::amount(&duty_expression::in_order(parts, currency)?, currency)
}

/// When the conditions of one code let the measure apply, and the amount where they state one.
fn one_code(chain: &[&MeasureCondition], own: &[Component], currency: &str) -> Result<(Test, Option<String>), Unclear> {
    let mut test = Test::Never;
    let mut due: Option<String> = None;
    let mut states = false;
    for condition in chain.iter().rev() {
        let action = condition.action.as_deref().unwrap_or_default();
        let effect = effect(action).ok_or(Unclear::Action)?;
        let applies = !matches!(effect, Effect::Not);
        let amount = match effect {
            Effect::Not => None,
            Effect::Own if condition.components.is_empty() => amount(own, currency)?,
            Effect::Own | Effect::Stated => {
                states = true;
                amount(&condition.components, currency)?
            }
        };
        match &condition.document {
            None => {
                test = if applies { Test::Always } else { Test::Never };
                due = amount;
            }
            Some(document) => {
                test = with_document(document, applies, test);
                due = match (applies, amount, due) {
                    (true, Some(with), Some(without)) if with != without => {
                        Some(format!("if(document {document}, {with}, {without})"))
                    }
                    (true, Some(with), _) => Some(with),
                    (_, _, without) => without,
                };
            }
        }
    }
    Ok((test, due.filter(|_| states)))
}

fn with_document(document: &str, applies: bool, otherwise: Test) -> Test {
    let holds = format!("document {document}");
    match (applies, otherwise) {
        (true, Test::Always) => Test::Always,
        (true, Test::Never) => Test::AnyOf(holds),
        (true, Test::AnyOf(rest)) => Test::AnyOf(format!("{holds} or {rest}")),
        (true, Test::Other(rest)) => Test::AnyOf(format!("{holds} or ({rest})")),
        (false, Test::Never) => Test::Never,
        (false, Test::Always) => Test::Other(format!("not {holds}")),
        (false, Test::AnyOf(rest) | Test::Other(rest)) => Test::Other(format!("not {holds} and ({rest})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::record::grammar;

    /// `B 1 27 N954`: code, place, action, document; then the percentage it states.
    fn conditions(text: &str) -> Vec<MeasureCondition> {
        let one = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            let word = |at: usize| words.get(at).filter(|word| **word != "-").map(|word| (*word).to_owned());
            MeasureCondition {
                code: words[0].to_owned(),
                sequence: words[1].parse().ok(),
                action: word(2),
                document: word(3),
                amount: None,
                currency: None,
                unit: None,
                qualifier: None,
                components: word(4).iter().map(|rate| percent(rate)).collect(),
                text: None,
            }
        };
        text.split(", ").map(one).collect()
    }

    fn percent(rate: &str) -> Component {
        Component { expression: "01".into(), amount: rate.parse().ok(), currency: None, unit: None, qualifier: None }
    }

    #[test]
    fn documents_make_conditions() {
        for (text, when, amount) in [
            ("B 1 27 U068, B 2 07", Some("document U068"), "5 %"),
            ("B 1 27 U068, B 2 27 U069, B 3 08", Some("document U068 or document U069"), "5 %"),
            ("B 2 07, B 1 27 U068", Some("document U068"), "5 %"),
            ("B 1 07 Y900, B 2 27", Some("not document Y900"), "5 %"),
            ("B 1 27 A001, C 1 27 C001, C 2 07", Some("(document A001) and (document C001)"), "5 %"),
            ("A 1 01 D008 0, A 2 01 - 31.2", None, "if(document D008, 0 %, 31.2 %)"),
            ("A 1 01 D008 31.2, A 2 01 - 31.2", None, "31.2 %"),
            ("A 1 01 D008 12, A 2 07", Some("document D008"), "12 %"),
            ("B 1 27 X001, B 2 07 Y001, B 3 27", Some("document X001 or (not document Y001)"), "5 %"),
        ] {
            let treated = treat(&conditions(text), &[percent("5")], "EUR", MeasureKind::Preference);
            assert_eq!(treated.when.as_deref(), when, "{text}");
            assert_eq!(treated.amount, Ok(Some(amount.to_owned())), "{text}");
            if let Some(when) = when {
                grammar::condition(when).unwrap_or_else(|error| panic!("{when}: {error}"));
            }
            grammar::amount(amount).unwrap();
        }
    }

    #[test]
    fn names_what_is_unclear() {
        for (text, expected) in [
            ("V 1 01 - 5", Unclear::EntryPrice),
            ("B 1 99 U068", Unclear::Action),
            ("B 1 - U068", Unclear::Action),
            ("B 1 07", Unclear::Never),
            ("A 1 01 - 5, B 1 01 - 6", Unclear::SeveralAmounts),
        ] {
            let treated = treat(&conditions(text), &[percent("5")], "EUR", MeasureKind::Preference);
            assert_eq!(treated.amount, Err(expected.clone()), "{text}");
            assert!(expected.says().ends_with('.'));
        }
        let mut threshold = conditions("E 1 27");
        threshold[0].amount = "5".parse().ok();
        assert_eq!(treat(&threshold, &[], "EUR", MeasureKind::Preference).amount, Err(Unclear::Threshold));
        assert_eq!(treat(&threshold, &[], "EUR", MeasureKind::Control).amount, Ok(None));
    }

    #[test]
    fn prohibitions_except_what_documents_let_in() {
        for (text, when) in [
            ("B 1 26 C400, B 2 26 Y900, B 3 06", Some("not (document C400 or document Y900)")),
            ("B 1 26 C400, B 2 06, Y 1 29 Y900, Y 2 09", Some("not ((document C400) and (document Y900))")),
            ("B 1 06", None),
        ] {
            let treated = treat(&conditions(text), &[], "EUR", MeasureKind::Prohibition);
            assert_eq!((treated.when.as_deref(), treated.amount), (when, Ok(None)), "{text}");
            if let Some(when) = when {
                grammar::condition(when).unwrap();
            }
        }
    }

    #[test]
    fn controls_list_their_documents() {
        let treated = treat(&conditions("B 1 29 C640, B 2 29 Y900, B 3 09"), &[], "EUR", MeasureKind::Control);
        assert_eq!((treated.documents, treated.when), (vec!["C640".to_owned(), "Y900".to_owned()], None));
    }
}
