//! What is wrong with a file: all of it, each with its place.

use super::{Definition, FieldKind, Figure};
use std::collections::BTreeSet;
use tidewaiter::goods::CodeRange;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: a path such as `box[2].is`, or line and column.
    pub at: String,
    /// What, and what to do.
    pub says: String,
}

impl Definition {
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |at: String, says: String| faults.push(Fault { at, says });
        let mut keys = BTreeSet::new();
        for (n, fact) in self.fact.iter().enumerate() {
            if !keys.insert(fact.key.as_str()) {
                wrong(
                    format!("fact[{n}].key"),
                    format!("\"{}\" stands twice; each fact needs a key of its own", fact.key),
                );
            }
        }
        for (at, cites) in self.cited() {
            if cites.is_empty() {
                wrong(
                    format!("{at}.cites"),
                    "a rule without a source is not taken; name the fact that it rests on".into(),
                );
            }
            for cited in cites.iter().filter(|cited| !keys.contains(cited.as_str())) {
                wrong(format!("{at}.cites"), format!("there is no fact \"{cited}\" in this file"));
            }
        }
        if self.period.begins.is_some_and(|month| !(1..=12).contains(&month)) {
            wrong("period.begins".into(), "write a month from 1 to 12".into());
        }
        for currency in std::iter::once(&self.currency.is)
            .chain(self.threshold.iter().filter_map(|t| t.currency.as_ref()))
            .chain(self.registration.limit.iter().map(|limit| &limit.currency))
        {
            if !(currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase())) {
                wrong(
                    "currency.is".into(),
                    format!("\"{currency}\" is no currency; write three capital letters of ISO 4217"),
                );
            }
        }
        if let Some(limit) = &self.registration.limit
            && limit.up_to.is_some() == limit.tax_up_to.is_some()
        {
            wrong("registration.limit".into(), "give one of up_to and tax_up_to".into());
        }
        for (n, code) in self.registration.limit.iter().flat_map(|limit| &limit.without_codes).enumerate() {
            if let Err(error) = code.parse::<CodeRange>() {
                wrong(format!("registration.limit.without_codes[{n}]"), format!("\"{code}\": {error}"));
            }
        }
        if self.threshold.as_ref().is_some_and(|rule| rule.over.is_some() != rule.currency.is_some()) {
            wrong("threshold.over".into(), "an amount and its currency go together".into());
        }
        if self.rows.is_none() && self.boxes.is_empty() {
            wrong("rows".into(), "a return has rows or boxes; give [rows] or [[box]]".into());
        }
        for (n, one) in self.boxes.iter().enumerate() {
            let before = self.boxes.get(..n).unwrap_or_default();
            if before.iter().any(|other| other.key == one.key) {
                wrong(format!("box[{n}].key"), format!("box {} stands twice", one.key));
            }
            if matches!(one.is, Figure::Within(_)) && one.rate.is_none() {
                wrong(format!("box[{n}].rate"), "the tax in another box is that of one rate; give it".into());
            }
            for key in one.is.boxes().filter(|key| !before.iter().any(|other| other.key == *key)) {
                wrong(format!("box[{n}].is"), format!("there is no box {key} before it"));
            }
        }
        match &self.payment.figure {
            Some(key) if !self.boxes.iter().any(|one| one.key == *key) => {
                wrong("payment.box".into(), format!("there is no box {key}"));
            }
            None if self.rows.is_none() => wrong("payment.box".into(), "name the box that holds what is owed".into()),
            _ => {}
        }
        for one in self.period.ended.iter().filter(|one| !self.period.others.contains(&one.length)) {
            wrong("period.ended".into(), format!("a {} is no other length of its periods", one.length.word()));
        }
        if let Some(share) = &self.corrections.limit_share {
            if !self.boxes.iter().any(|one| one.key == share.of) {
                wrong("corrections.limit_share.of".into(), format!("there is no box {}", share.of));
            }
            if self.corrections.limit.is_none() {
                wrong("corrections.limit".into(), "a share is taken where it is more than the limit; give one".into());
            }
        }
        for (n, pair) in self.payment.late.windows(2).enumerate() {
            if let [before, after] = pair
                && before.days.is_none_or(|days| after.days.is_some_and(|next| next <= days))
            {
                wrong(format!("payment.late[{}].days", n + 1), "each step has more days than the one before".into());
            }
        }
        for (n, field) in self.registration.field.iter().enumerate() {
            if (field.kind == FieldKind::Identifier) != field.identifier.is_some() {
                wrong(
                    format!("registration.field[{n}]"),
                    "kind \"identifier\" and the key of the identifier go together".into(),
                );
            }
        }
        faults
    }

    /// Every rule with the facts that it cites.
    fn cited(&self) -> Vec<(String, &[String])> {
        let mut all: Vec<(String, &[String])> = vec![
            ("scheme".into(), &self.scheme.cites),
            ("period".into(), &self.period.cites),
            ("due".into(), &self.due.cites),
            ("payment".into(), &self.payment.cites),
            ("currency".into(), &self.currency.cites),
            ("rounding".into(), &self.rounding.cites),
            ("refunds".into(), &self.refunds.cites),
            ("corrections".into(), &self.corrections.cites),
            ("registration".into(), &self.registration.cites),
        ];
        let registration = &self.registration;
        all.extend(registration.instead.iter().map(|rule| ("registration.instead".into(), rule.cites.as_slice())));
        all.extend(registration.limit.iter().map(|rule| ("registration.limit".into(), rule.cites.as_slice())));
        all.extend(
            registration.intermediary.iter().map(|rule| ("registration.intermediary".into(), rule.cites.as_slice())),
        );
        all.extend(self.joining.iter().map(|rule| ("joining".into(), rule.cites.as_slice())));
        all.extend(self.leaving.iter().map(|rule| ("leaving".into(), rule.cites.as_slice())));
        all.extend(self.rows.iter().map(|rule| ("rows".into(), rule.cites.as_slice())));
        all.extend(self.threshold.iter().map(|rule| ("threshold".into(), rule.cites.as_slice())));
        all.extend(self.export.iter().map(|rule| ("export".into(), rule.cites.as_slice())));
        all.extend(self.boxes.iter().enumerate().map(|(n, rule)| (format!("box[{n}]"), rule.cites.as_slice())));
        all
    }
}
