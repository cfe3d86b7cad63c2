//! A form of an authority while it is written: each field and check as it stands in the page, and the form that it makes.

use super::checks::kind_key;
use super::field;
use crate::form::Fields;
use tidewaiter_collect::apply::{Check, Decision, Form, FormFault};
use tidewaiter_collect::definition::{Field, FieldKind};

/// All kinds of fields.
pub(super) const KINDS: [FieldKind; 10] = [
    FieldKind::Text,
    FieldKind::Email,
    FieldKind::Phone,
    FieldKind::Urls,
    FieldKind::Country,
    FieldKind::Address,
    FieldKind::Day,
    FieldKind::Identifier,
    FieldKind::YesNo,
    FieldKind::Amount,
];
/// Kinds of checks, as the page names them.
pub(super) const CHECKS: [&str; 4] = ["unique", "among", "not-among", "within"];
/// Most rows that are read.
const MOST: usize = 80;

/// A field as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) kind: String,
    pub(super) identifier: String,
    pub(super) required: bool,
    pub(super) hint: String,
}

/// A check as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CheckRow {
    pub(super) is: String,
    pub(super) field: String,
    pub(super) values: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// The form as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Edited {
    pub(super) rows: Vec<Row>,
    pub(super) checks: Vec<CheckRow>,
    pub(super) at_once: bool,
    pub(super) numbers: String,
    pub(super) months: String,
    pub(super) note: String,
}

impl Edited {
    /// A form that stands.
    pub(super) fn of(form: &Form) -> Self {
        let row = |field: &Field| Row {
            key: field.key.clone(),
            label: field.label.clone(),
            kind: kind_key(field.kind).to_owned(),
            identifier: field.identifier.clone().unwrap_or_default(),
            required: field.required,
            hint: field.hint.clone().unwrap_or_default(),
        };
        let check = |check: &Check| {
            let field = check.field().to_owned();
            let of = |is: &str| CheckRow { is: is.to_owned(), field: field.clone(), ..CheckRow::default() };
            match check {
                Check::Unique { .. } => of("unique"),
                Check::Among { values, .. } => CheckRow { values: values.join(", "), ..of("among") },
                Check::NotAmong { values, .. } => CheckRow { values: values.join(", "), ..of("not-among") },
                Check::Within { before, after, .. } => {
                    CheckRow { before: before.to_string(), after: after.to_string(), ..of("within") }
                }
            }
        };
        Self {
            rows: form.fields.iter().map(row).collect(),
            checks: form.checks.iter().map(check).collect(),
            at_once: form.decision == Decision::AtOnce,
            numbers: form.numbers.clone().unwrap_or_default(),
            months: form.months.map(|months| months.to_string()).unwrap_or_default(),
            note: form.note.clone().unwrap_or_default(),
        }
    }

    /// What was sent.
    pub(super) fn read(fields: &Fields) -> Self {
        let column = |name: &str| -> Vec<&str> {
            fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim()).take(MOST).collect()
        };
        let at = |column: &[&str], n: usize| (*column.get(n).unwrap_or(&"")).to_owned();
        let (keys, labels, kinds) = (column("key"), column("label"), column("kind"));
        let (identifiers, required, hints) = (column("identifier"), column("required"), column("hint"));
        let (is, of, values) = (column("check"), column("check_field"), column("check_values"));
        let (before, after) = (column("check_before"), column("check_after"));
        let row = |n: usize| Row {
            key: at(&keys, n),
            label: at(&labels, n),
            kind: at(&kinds, n),
            identifier: at(&identifiers, n),
            required: at(&required, n) == "yes",
            hint: at(&hints, n),
        };
        let check = |n: usize| CheckRow {
            is: at(&is, n),
            field: at(&of, n),
            values: at(&values, n),
            before: at(&before, n),
            after: at(&after, n),
        };
        Self {
            rows: (0..keys.len()).map(row).collect(),
            checks: (0..is.len()).map(check).collect(),
            at_once: field(fields, "decision") == "at-once",
            numbers: field(fields, "numbers").to_owned(),
            months: field(fields, "months").to_owned(),
            note: field(fields, "note").to_owned(),
        }
    }

    /// Does what a button says: `up-3`, `add`. Tells which row to go to.
    pub(super) fn press(&mut self, button: &str) -> Option<usize> {
        let (what, n) = match button.rsplit_once('-') {
            Some((what, n)) => (what, n.parse::<usize>().ok()),
            None => (button, None),
        };
        match (what, n) {
            ("up", Some(n)) if (1..self.rows.len()).contains(&n) => {
                self.rows.swap(n, n - 1);
                Some(n - 1)
            }
            ("down", Some(n)) if n + 1 < self.rows.len() => {
                self.rows.swap(n, n + 1);
                Some(n + 1)
            }
            ("remove", Some(n)) if n < self.rows.len() => {
                self.rows.remove(n);
                Some(n.min(self.rows.len().saturating_sub(1)))
            }
            ("check", Some(n)) if n < self.checks.len() => {
                self.checks.remove(n);
                None
            }
            ("add", None) if self.rows.len() < MOST => {
                self.rows.push(Row { kind: "text".into(), ..Row::default() });
                Some(self.rows.len() - 1)
            }
            ("more", None) if self.checks.len() < MOST => {
                self.checks.push(CheckRow { is: "unique".into(), ..CheckRow::default() });
                None
            }
            _ => None,
        }
    }

    /// The form that it makes, and numbers that cannot be read.
    pub(super) fn form(&self) -> (Form, Vec<FormFault>) {
        let mut faults = Vec::new();
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let fields = self
            .rows
            .iter()
            .map(|row| {
                let kind = KINDS.into_iter().find(|kind| kind_key(*kind) == row.kind).unwrap_or(FieldKind::Text);
                Field {
                    key: row.key.clone(),
                    label: row.label.clone(),
                    kind,
                    identifier: some(&row.identifier).filter(|_| kind == FieldKind::Identifier),
                    required: row.required,
                    hint: some(&row.hint),
                }
            })
            .collect();
        let mut number = |at: String, text: &str, most: u16| -> Option<u16> {
            let number = text.parse().ok().filter(|number| *number <= most);
            if number.is_none() {
                faults.push(FormFault { at, says: format!("write a whole number up to {most}") });
            }
            number
        };
        let mut checks = Vec::new();
        for (n, row) in self.checks.iter().enumerate() {
            let field = row.field.clone();
            let values = || row.values.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect();
            checks.push(match row.is.as_str() {
                "among" => Check::Among { field, values: values() },
                "not-among" => Check::NotAmong { field, values: values() },
                "within" => {
                    let before = number(format!("checks[{n}].before"), &row.before, 3650).unwrap_or_default();
                    let after = number(format!("checks[{n}].after"), &row.after, 3650).unwrap_or_default();
                    Check::Within { field, before, after }
                }
                _ => Check::Unique { field },
            });
        }
        let months =
            if self.months.is_empty() { None } else { number("months".into(), &self.months, 1200).filter(|n| *n > 0) };
        let form = Form {
            fields,
            checks,
            decision: if self.at_once { Decision::AtOnce } else { Decision::Officer },
            numbers: some(&self.numbers),
            months,
            note: some(&self.note),
        };
        (form, faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::pairs;

    fn written(form: &Form) -> Edited {
        let mut out = form_urlencoded::Serializer::new(String::new());
        let edited = Edited::of(form);
        for row in &edited.rows {
            out.append_pair("key", &row.key).append_pair("label", &row.label).append_pair("kind", &row.kind);
            out.append_pair("identifier", &row.identifier).append_pair("hint", &row.hint);
            out.append_pair("required", if row.required { "yes" } else { "no" });
        }
        for row in &edited.checks {
            out.append_pair("check", &row.is).append_pair("check_field", &row.field);
            out.append_pair("check_values", &row.values).append_pair("check_before", &row.before);
            out.append_pair("check_after", &row.after);
        }
        out.append_pair("decision", if edited.at_once { "at-once" } else { "officer" });
        out.append_pair("numbers", &edited.numbers).append_pair("months", &edited.months);
        Edited::read(&pairs(&out.finish()))
    }

    fn form() -> Form {
        let field = |key: &str, kind, identifier: Option<&str>| Field {
            key: key.into(),
            label: key.to_uppercase(),
            kind,
            identifier: identifier.map(str::to_owned),
            required: key == "name",
            hint: None,
        };
        Form {
            fields: vec![
                field("name", FieldKind::Text, None),
                field("bank", FieldKind::Identifier, Some("iban")),
                field("address", FieldKind::Address, None),
            ],
            checks: vec![
                Check::Unique { field: "name".into() },
                Check::Among { field: "address.country".into(), values: vec!["IE".into(), "FR".into()] },
                Check::Within { field: "name".into(), before: 3, after: 40 },
            ],
            decision: Decision::AtOnce,
            numbers: Some("IM372{6}{check}".into()),
            months: Some(24),
            note: None,
        }
    }

    #[test]
    fn a_form_comes_back_as_it_was_sent() {
        assert_eq!(written(&form()).form(), (form(), Vec::new()));
    }

    #[test]
    fn buttons_move_add_and_remove() {
        let mut edited = Edited::of(&form());
        let keys = |edited: &Edited| edited.rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!((edited.press("up-0"), keys(&edited).as_str()), (None, "name bank address"));
        assert_eq!((edited.press("down-0"), keys(&edited).as_str()), (Some(1), "bank name address"));
        assert_eq!((edited.press("up-2"), keys(&edited).as_str()), (Some(1), "bank address name"));
        assert_eq!((edited.press("remove-1"), keys(&edited).as_str()), (Some(1), "bank name"));
        assert_eq!((edited.press("add"), keys(&edited).as_str()), (Some(2), "bank name "));
        assert_eq!((edited.press("remove-9"), edited.press("save")), (None, None));
        assert_eq!((edited.press("check-0"), edited.checks.len()), (None, 2));
    }

    #[test]
    fn what_is_no_number_is_told_with_its_place() {
        let mut edited = Edited::of(&form());
        edited.months = "two".into();
        edited.checks[2].before = "-1".into();
        let places: Vec<String> = edited.form().1.into_iter().map(|fault| fault.at).collect();
        assert_eq!(places, ["checks[2].before", "months"]);
    }
}
