//! Rule sets: product rules by heading.

use super::rows::{RuleRow, RuleSet};
use super::{Import, TEXT_ONLY, put};
use crate::document;
use crate::origin_reading;
use crate::origin_rules::{SCHEME, Span, heading};
use crate::{Entry, ImportError};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{OriginRule, Text, TextKind};

impl Import<'_> {
    /// Gives the key of the scheme.
    pub(super) fn rule_sets(
        &mut self,
        mut document: Map<String, Value>,
        sets: Value,
        titles: &BTreeMap<String, String>,
    ) -> Result<String, ImportError> {
        let scheme = self.name.split('.').next().unwrap_or(self.name);
        let key = format!("{}.{scheme}", self.options.destination);
        let Value::Array(sets) = sets else {
            return Err(ImportError::NotThisFormat {
                file: self.name.to_owned(),
                reason: "expected a list of rule sets".into(),
            });
        };
        let title = titles.get(&key).cloned().unwrap_or_else(|| scheme.to_owned());
        let fact = format!("{}.origin.rules.{scheme}", self.options.destination);
        self.fact(
            fact.clone(),
            format!("The product-specific rules of origin of the scheme {title}, by heading."),
            self.name,
            titles.get(&key).cloned(),
        )?;
        let mut notes = BTreeSet::new();
        if let Some(Value::Object(footnotes)) = document.remove("footnotes") {
            for (name, says) in footnotes {
                self.account.read("footnote");
                let text = Text {
                    kind: TextKind::Footnote,
                    code: format!("{key}/footnote/{name}"),
                    says: BTreeMap::from([("en".to_owned(), document::text(&says))]),
                    from: None,
                    before: None,
                    other: BTreeMap::from([(SCHEME.to_owned(), key.clone())]),
                };
                notes.insert(name);
                self.take("text", Entry::Text(text))?;
            }
        }
        for (field, value) in document {
            self.account.read(&field);
            self.account.refuse(self.name, 0, &field, &document::text(&value), "only rule_sets and footnotes");
        }
        for (row, value) in (1u64..).zip(sets) {
            self.account.read("rule_set");
            let Some(set) = document::record::<RuleSet>(value, self.name, row, "rule_sets", self.account) else {
                continue;
            };
            self.rule_set(row, set, &key, &fact, &notes)?;
        }
        Ok(key)
    }

    pub(super) fn rule_set(
        &mut self,
        row: u64,
        set: RuleSet,
        key: &str,
        fact: &str,
        notes: &BTreeSet<String>,
    ) -> Result<(), ImportError> {
        let RuleSet { heading: published, chapter, subdivision, min, max, rules, valid } = set;
        let ten = |code: &str| code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit());
        let span = (ten(&min) && ten(&max)).then(|| Span::parse(&format!("{min}-{max}"))).flatten();
        let Some(span) = span else {
            self.account.refuse(
                self.name,
                row,
                "min, max",
                &format!("{min}, {max}"),
                "two codes of ten digits, the smaller first",
            );
            return Ok(());
        };
        let Some(named) = heading(&published) else {
            self.account.refuse(
                self.name,
                row,
                "heading",
                &published,
                "Chapter 1, ex Chapter 20, 0901, ex 0901, 2106.90, 0901 to 0905 or 0901-0905",
            );
            return Ok(());
        };
        if !named.span.covers(span) && !span.covers(named.span) {
            self.account.refuse(self.name, row, "heading", &published, format!("codes of the range {min} to {max}"));
            return Ok(());
        }
        if rules.is_empty() {
            self.account.refuse(self.name, row, "rules", "", "at least one rule");
            return Ok(());
        }
        self.account.left_out("a heading: it stands in each of its rules");
        let several = rules.len() > 1;
        for (n, value) in (1u32..).zip(rules) {
            self.account.read("rule_set.rule");
            let Some(rule) = document::record::<RuleRow>(value, self.name, row, "rules", self.account) else {
                continue;
            };
            if let Some(unknown) = rule.footnotes.iter().find(|note| !notes.contains(*note)) {
                self.account.refuse(self.name, row, "footnotes", unknown, "the name of a footnote of this file");
                continue;
            }
            let mut other = BTreeMap::new();
            put(&mut other, "subdivision", subdivision.clone());
            put(&mut other, "operator", rule.operator);
            put(&mut other, "footnotes", Some(rule.footnotes.join("\n")));
            // The usual values are not repeated in every rule.
            put(&mut other, "valid", (!valid).then(|| "false".to_owned()));
            put(&mut other, "quota", rule.quota.then(|| "true".to_owned()));
            put(&mut other, "import", (!rule.import).then(|| "false".to_owned()));
            put(&mut other, "export", (!rule.export).then(|| "false".to_owned()));
            let agrees = chapter.is_none_or(|chapter| span.low / 10u64.pow(10) == u64::from(chapter));
            put(&mut other, "chapter", chapter.filter(|_| !agrees).map(|chapter| chapter.to_string()));
            let (from, before, says) = origin_reading::period(&rule.rule).unwrap_or((None, None, String::new()));
            match origin_reading::read(if says.is_empty() { &rule.rule } else { &says }) {
                Some(reading) => put(&mut other, "reading", Some(reading.to_string())),
                None => self.account.inexpressible(TEXT_ONLY),
            }
            let entry = OriginRule {
                scheme: key.to_owned(),
                codes: vec![span.written()],
                heading: Some(published.clone()),
                says: rule.rule,
                classes: rule.class,
                alternative: several.then_some(n),
                from,
                before,
                cites: vec![fact.to_owned()],
                other,
            };
            self.take("origin-rule", Entry::OriginRule(entry))?;
        }
        Ok(())
    }
}
