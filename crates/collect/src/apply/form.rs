//! The form of an authority: its fields, its own checks, and how a decision is made.

use super::number::{self, NoNumber};
use super::{Answers, Fault, Wrong};
use crate::definition::{Definition, Field, FieldKind};
use crate::identifier::Identifiers;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Key of the field that is the first day of the registration, where a form asks for it.
pub const FIRST_DAY: &str = "first_day";
/// Most fields and checks of a form.
const MOST: usize = 60;

/// What an authority asks of those who want to register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Checks of the authority's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Who decides.
    #[serde(default)]
    pub decision: Decision,
    /// Pattern of the numbers that are issued: `IM372{6}{check}`. Nothing where an officer writes each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<String>,
    /// How many months a registration holds; nothing where it holds until it is ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// A word to those who apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// An officer looks at each.
    #[default]
    Officer,
    /// Whoever passes all checks gets a number at once.
    AtOnce,
}

/// A check of an authority's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Check {
    /// No other registered seller has the same in this field.
    Unique {
        /// Key of the answer.
        field: String,
    },
    /// Only these values are taken.
    Among {
        /// Key of the answer: `address.country`.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// These values are not taken.
    NotAmong {
        /// Key of the answer.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// A day near that of the application.
    Within {
        /// Key of the answer.
        field: String,
        /// At most so many days before it.
        before: u16,
        /// At most so many days after it.
        after: u16,
    },
}

impl Check {
    /// The answer that it looks at.
    pub fn field(&self) -> &str {
        match self {
            Self::Unique { field }
            | Self::Among { field, .. }
            | Self::NotAmong { field, .. }
            | Self::Within { field, .. } => field,
        }
    }

    /// Whether an answer passes. Whether it is unique only the register knows.
    pub(super) fn look(&self, kept: &Answers, today: Date, wrong: &mut Vec<Wrong>) {
        let Some(value) = kept.get(self.field()) else { return };
        let fault = match self {
            Self::Unique { .. } => None,
            Self::Among { values, .. } => (!values.contains(value)).then(|| Fault::NotAmong(values.clone())),
            Self::NotAmong { values, .. } => values.contains(value).then(|| Fault::Refused(value.clone())),
            Self::Within { before, after, .. } => {
                let first = today.saturating_sub(i64::from(*before).days());
                let last = today.saturating_add(i64::from(*after).days());
                let day = value.parse::<Date>().ok();
                day.is_none_or(|day| day < first || day > last).then_some(Fault::DayOutside(first, last))
            }
        };
        wrong.extend(fault.map(|fault| Wrong::new(self.field(), fault)));
    }
}

/// What is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {says}")]
pub struct FormFault {
    /// Where: `fields[3].key`.
    pub at: String,
    /// What, and what to do.
    pub says: String,
}

impl Form {
    /// The form of a scheme's own file, decided by an officer.
    pub fn of(definition: &Definition) -> Self {
        Self {
            fields: definition.registration.field.clone(),
            checks: Vec::new(),
            decision: Decision::Officer,
            numbers: None,
            months: None,
            note: None,
        }
    }

    /// What is wrong with a form that an authority wrote.
    ///
    /// # Errors
    /// All of it.
    pub fn sound(&self, definition: &Definition, identifiers: &Identifiers) -> Result<(), Vec<FormFault>> {
        let mut faults = Vec::new();
        let mut wrong = |at: String, says: String| faults.push(FormFault { at, says });
        if self.fields.len() > MOST || self.checks.len() > MOST {
            wrong("fields".into(), format!("a form has at most {MOST} fields and {MOST} checks"));
        }
        let plain = |key: &str| {
            !key.is_empty()
                && key.len() <= 60
                && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let mut keys: Vec<String> = Vec::new();
        for (n, field) in self.fields.iter().enumerate() {
            if !plain(&field.key) {
                wrong(format!("fields[{n}].key"), "write small letters, digits and underscores".into());
            }
            if self.fields.iter().take(n).any(|other| other.key == field.key) {
                wrong(format!("fields[{n}].key"), format!("\"{}\" stands twice", field.key));
            }
            if field.label.trim().is_empty() || field.label.chars().count() > 200 {
                wrong(format!("fields[{n}].label"), "write 1 to 200 characters".into());
            }
            match (&field.identifier, field.kind) {
                (Some(key), FieldKind::Identifier) => {
                    let known = identifiers.look(key, "").is_some();
                    if !known {
                        wrong(format!("fields[{n}].identifier"), format!("there is no kind of number \"{key}\""));
                    }
                }
                (None, FieldKind::Identifier) | (Some(_), _) => wrong(
                    format!("fields[{n}]"),
                    "kind \"identifier\" and the key of the identifier go together".into(),
                ),
                (None, _) => {}
            }
            keys.extend(super::field::keys(field));
        }
        for (n, check) in self.checks.iter().enumerate() {
            if !keys.iter().any(|key| key == check.field()) {
                wrong(format!("checks[{n}].field"), format!("no field of the form is called \"{}\"", check.field()));
            }
        }
        if self.months == Some(0) {
            wrong("months".into(), "a registration holds at least 1 month; leave it out where it has no end".into());
        }
        if let Some(n) = self.fields.iter().position(|one| one.key == FIRST_DAY && one.kind != FieldKind::Day) {
            wrong(
                format!("fields[{n}].kind"),
                format!("\"{FIRST_DAY}\" is the first day of the registration: kind \"date\""),
            );
        }
        match (&self.numbers, self.decision) {
            (Some(_), _) => {
                if let Err(no) = self.number(definition, identifiers, 1) {
                    wrong("numbers".into(), no.to_string());
                }
            }
            (None, Decision::AtOnce) => {
                wrong(
                    "numbers".into(),
                    "where decisions are made at once the form must say how numbers are made".into(),
                );
            }
            (None, Decision::Officer) => {}
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The number of a place in the row of those issued.
    ///
    /// # Errors
    /// [`NoNumber`] where the form does not say how they are made, or the row is full.
    pub fn number(&self, definition: &Definition, identifiers: &Identifiers, place: u64) -> Result<String, NoNumber> {
        let pattern = self.numbers.as_deref().unwrap_or_default();
        number::issue(identifiers, &definition.scheme.number, pattern, place)
    }

    /// Whether it asks for the first day of the registration.
    pub fn asks_first_day(&self) -> bool {
        self.fields.iter().any(|one| one.key == FIRST_DAY)
    }

    /// The first day on which a registration that begins on some day no longer holds.
    pub fn until(&self, from: Date) -> Option<Date> {
        self.months.map(|months| from.saturating_add(Span::new().months(i64::from(months))))
    }
}
