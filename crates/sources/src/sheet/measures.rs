//! The sheet Measures.

use super::Reader;
use super::Warning;
use super::columns::KINDS;
use super::grid::Row;
use super::places::overlap;
use crate::workbook::Value;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Official, Program};
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written};

/// A measure and where it stands.
#[derive(Debug, Clone)]
pub(super) struct MeasureRow {
    pub(super) place: String,
    pub(super) row: u64,
    pub(super) measure: Measure,
}

/// Kinds in the order of [`KINDS`].
const MEASURE_KINDS: [MeasureKind; 12] = [
    MeasureKind::ThirdCountry,
    MeasureKind::Preference,
    MeasureKind::Suspension,
    MeasureKind::Quota,
    MeasureKind::Additional,
    MeasureKind::AntiDumping,
    MeasureKind::Countervailing,
    MeasureKind::Safeguard,
    MeasureKind::Excise,
    MeasureKind::Control,
    MeasureKind::Prohibition,
    MeasureKind::SupplementaryUnit,
];
const _: () = assert!(MEASURE_KINDS.len() == KINDS.len());

/// What must differ between two measures that hold on one day.
type Key = (String, u8, Vec<String>, Vec<String>, String, String, String);

impl Reader<'_> {
    pub(super) fn measures(&mut self, rows: &[Row]) -> Vec<MeasureRow> {
        let mut out: Vec<MeasureRow> = Vec::new();
        let mut known: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for row in rows {
            let Ok(measure) = self.measure(row) else { continue };
            let key = key_of(&measure);
            let times = (measure.from, measure.before);
            let same = known.entry(key).or_default();
            if let Some(other) =
                same.iter().map(|at| &out[*at]).find(|o| overlap((o.measure.from, o.measure.before), times))
            {
                let what = if other.measure == measure {
                    "is the same"
                } else {
                    "says something else for the same goods, kind and origin on the same days"
                };
                let expected = format!("one row: row {} {what}. Delete one, or end the older with Until", other.row);
                self.account.refuse(&row.place, row.number, "Code", row.str("Code"), expected);
                continue;
            }
            same.push(out.len());
            out.push(MeasureRow { place: row.place.clone(), row: row.number, measure });
        }
        out
    }

    /// One row; `Err` where it was refused. Every cell is looked at, so that all slips of a row are told at once.
    fn measure(&mut self, row: &Row) -> Result<Measure, ()> {
        let code = self.code(row, "Code");
        let kind = self.choice(row, "Kind", KINDS);
        let dates = self.dates(row);
        let origin = self.places(row, "Origin");
        let except = self.places(row, "Except");
        let when = self.condition(row, "Condition");
        let cites = self.cites(row);
        let program = self.program(row);
        let kind = kind?.and_then(|word| KINDS.iter().position(|k| *k == word)).map(|at| MEASURE_KINDS[at]).ok_or(())?;
        let amount = self.duty(row, kind);
        let (code, (from, before), origin, except, when) = (code?, dates?, origin?, except?, when?);
        let (cites, program, amount) = (cites?, program?, amount?);
        if program.is_none() && matches!(kind, MeasureKind::Preference | MeasureKind::Quota) {
            self.refuse(
                row,
                "Programme",
                "the name under which a trader claims it, such as GSP: a preference or quota is claimed",
            );
            return Err(());
        }
        let required = matches!(kind, MeasureKind::Control | MeasureKind::Prohibition);
        if required && row.field("Note").is_none() {
            self.refuse(
                row,
                "Note",
                "what is required, or that the goods may not come in, in a sentence for the trader",
            );
            return Err(());
        }
        let prohibited = kind == MeasureKind::Prohibition;
        let (says, note) = if required { (row.text("Note"), None) } else { (None, row.text("Note")) };
        Ok(Measure {
            code,
            kind,
            amount: amount.map(Written::Words),
            outcome: prohibited.then_some(Verdict::Prohibited),
            says: if prohibited { says.clone() } else { None },
            origin: (!origin.is_empty()).then_some(Places::Many(origin)),
            not_origin: except,
            program: program.map(Places::One),
            proof: row.text("Proof"),
            when: when.map(Written::Words),
            additional_code: None,
            order_number: self.quota(row),
            from,
            before,
            cites,
            official: Some(Box::new(Official {
                text: row.text("Duty"),
                other: as_written(row),
                ..Official::default()
            })),
            note: if prohibited { None } else { says.or(note) },
        })
    }

    fn duty(&mut self, row: &Row, kind: MeasureKind) -> Result<Option<String>, ()> {
        match (row.field("Duty").is_some(), kind.is_charged()) {
            (true, true) => self.amount(row, "Duty", row.field("Unit").map(|f| f.text.as_str())).map(Some),
            (false, true) => {
                self.refuse(row, "Duty", "the duty, such as 5 %; write 0 % where the goods are free");
                Err(())
            }
            (true, false) => {
                self.refuse(row, "Duty", "nothing: this kind has no duty. Write in Note what is required");
                Err(())
            }
            (false, false) => Ok(None),
        }
    }

    fn program(&mut self, row: &Row) -> Result<Option<String>, ()> {
        let Some(text) = row.text("Programme") else { return Ok(None) };
        if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) && text.len() <= 40 {
            return Ok(Some(text));
        }
        self.refuse(row, "Programme", "one short name without spaces, such as GSP");
        Err(())
    }

    fn quota(&mut self, row: &Row) -> Option<String> {
        let field = row.field("Quota")?;
        if matches!(field.value, Value::Number(_)) {
            let says = "the order number is kept as a number; give the column the format Text, so that no zero is lost";
            self.warn(Warning::NUMBER_CODE, &row.place, row.number, "Quota", says);
        }
        Some(field.text.clone())
    }
}

/// Columns whose words are not those of the record.
fn as_written(row: &Row) -> BTreeMap<String, String> {
    ["Code", "Unit", "Condition", "Legal act"]
        .into_iter()
        .filter_map(|column| Some((column.to_owned(), row.text(column)?)))
        .collect()
}

pub(super) fn names(places: Option<&Places>) -> Vec<String> {
    match places {
        None => Vec::new(),
        Some(Places::One(one)) => vec![one.clone()],
        Some(Places::Many(many)) => many.clone(),
    }
}

fn key_of(measure: &Measure) -> Key {
    let when = match &measure.when {
        Some(Written::Words(words)) => words.clone(),
        _ => String::new(),
    };
    (
        measure.code.clone(),
        measure.kind as u8,
        names(measure.origin.as_ref()),
        measure.not_origin.clone(),
        names(measure.program.as_ref()).join(" "),
        when,
        measure.order_number.clone().unwrap_or_default(),
    )
}

/// The programmes that measures name: each for the origins of its measures.
pub(super) fn programs(rows: &[MeasureRow]) -> Vec<Program> {
    let mut keys: BTreeMap<String, Vec<&Measure>> = BTreeMap::new();
    for row in rows {
        for key in names(row.measure.program.as_ref()) {
            keys.entry(key).or_default().push(&row.measure);
        }
    }
    keys.into_iter()
        .map(|(key, measures)| {
            let all = measures.iter().any(|m| m.origin.is_none());
            let origins: BTreeSet<String> = measures.iter().flat_map(|m| names(m.origin.as_ref())).collect();
            let proofs: BTreeSet<&String> = measures.iter().filter_map(|m| m.proof.as_ref()).collect();
            let cites: BTreeSet<String> = measures.iter().flat_map(|m| m.cites.iter().cloned()).collect();
            Program {
                name: key.clone(),
                key,
                origin: if all { Places::One("all".into()) } else { Places::Many(origins.into_iter().collect()) },
                proof: if proofs.len() == 1 { proofs.into_iter().next().cloned() } else { None },
                from: None,
                before: None,
                cites: cites.into_iter().collect(),
                note: None,
            }
        })
        .collect()
}
