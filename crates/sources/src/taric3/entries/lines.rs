//! The nomenclature: lines with their depth, descriptions, footnotes and where they came from.

use super::dates::{Time, before, earlier, first, overlap};
use super::{Described, Out, on};
use crate::taric3::store::{Completeness, Record};
use crate::{Entry, ImportError};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::record::edition::Line;

/// The suffix of lines under which goods may be declared.
const DECLARABLE: &str = "80";

/// A line while it has one depth and one description.
struct Stretch<'a> {
    record: Record<'a>,
    time: Time,
    depth: Option<u8>,
    says: BTreeMap<String, String>,
}

impl<'a> Out<'a> {
    pub(super) fn lines(&mut self) -> Result<(), ImportError> {
        let store = self.store;
        let descriptions = self.descriptions("goods.nomenclature.description.period", &["goods.nomenclature.sid"]);
        let mut depths: BTreeMap<&str, Vec<(Option<Date>, u8)>> = BTreeMap::new();
        for indent in store.records("goods.nomenclature.indents") {
            let depth = indent.get("number.indents").parse().unwrap_or_default();
            depths.entry(indent.get("goods.nomenclature.sid")).or_default().push((first(&indent), depth));
        }
        depths.values_mut().for_each(|depths| depths.sort_unstable());
        let mut footnotes: BTreeMap<&str, Vec<(Time, String)>> = BTreeMap::new();
        for association in store.records("footnote.association.goods.nomenclature") {
            let code = [association.get("footnote.type"), association.get("footnote.id")].concat();
            let time = (first(&association), before(&association));
            footnotes.entry(association.get("goods.nomenclature.sid")).or_default().push((time, code));
        }
        let notes = self.notes();
        let mut stretches = Vec::new();
        for record in store.records("goods.nomenclature") {
            let sid = record.get("goods.nomenclature.sid");
            let described = descriptions.get(sid).map(Vec::as_slice).unwrap_or_default();
            let depths = depths.get(sid).map(Vec::as_slice).unwrap_or_default();
            stretches.extend(stretch(&record, described, depths));
        }
        let order = |s: &Stretch| {
            let record = &s.record;
            let code =
                (record.get("goods.nomenclature.item.id").to_owned(), record.get("producline.suffix").to_owned());
            (code, s.time.0)
        };
        stretches.sort_by_cached_key(order);
        let declarable = declarable(&stretches);
        for (stretch, declarable) in stretches.into_iter().zip(declarable) {
            let record = stretch.record;
            let sid = record.get("goods.nomenclature.sid");
            let mut codes: Vec<String> = footnotes
                .get(sid)
                .into_iter()
                .flatten()
                .filter(|(time, _)| overlap(*time, stretch.time))
                .map(|(_, code)| code.clone())
                .collect();
            codes.sort_unstable();
            codes.dedup();
            let mut note: Vec<String> = notes.get(sid).cloned().unwrap_or_default();
            if declarable && store.completeness() == Completeness::Partial {
                note.push("Lines below it may stand in an earlier transmission.".into());
            }
            self.give(Entry::Line(Line {
                code: record.get("goods.nomenclature.item.id").to_owned(),
                suffix: record.some("producline.suffix").map(str::to_owned),
                indent: stretch.depth,
                declarable,
                units: Vec::new(),
                description: stretch.says,
                footnotes: codes,
                from: stretch.time.0,
                before: stretch.time.1,
                note: (!note.is_empty()).then(|| note.join(" ")),
            }))?;
        }
        Ok(())
    }

    /// Where lines came from and went.
    fn notes(&self) -> BTreeMap<&'a str, Vec<String>> {
        let store = self.store;
        let mut notes: BTreeMap<&'a str, Vec<String>> = BTreeMap::new();
        let families = [
            (
                "goods.nomenclature.origin",
                "derived.goods.nomenclature.item.id",
                "derived.productline.suffix",
                "Came from",
            ),
            (
                "goods.nomenclature.successor",
                "absorbed.goods.nomenclature.item.id",
                "absorbed.productline.suffix",
                "Went over to",
            ),
        ];
        for (name, code, suffix, words) in families {
            for record in store.records(name) {
                let said = format!("{words} {} {}.", record.get(code), record.get(suffix));
                notes.entry(record.get("goods.nomenclature.sid")).or_default().push(said);
            }
        }
        notes
    }
}

/// A line cut where its depth or its description changes.
fn stretch<'a>(record: &Record<'a>, described: &[Described], depths: &[(Option<Date>, u8)]) -> Vec<Stretch<'a>> {
    let (from, end) = (first(record), before(record));
    let mut starts: Vec<Option<Date>> = described.iter().map(|d| d.from).chain(depths.iter().map(|d| d.0)).collect();
    starts.retain(|start| *start > from && end.is_none_or(|end| *start < Some(end)));
    starts.push(from);
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([None]);
    let stretches = starts.iter().zip(ends).map(|(&start, next)| {
        let depth = depths.iter().rev().find(|depth| depth.0 <= start).or_else(|| depths.first());
        Stretch {
            record: record.clone(),
            time: (start, earlier(next, end)),
            depth: depth.map(|depth| depth.1),
            says: on(described, start).map(|d| d.says.clone()).unwrap_or_default(),
        }
    });
    stretches.collect()
}

/// Which lines goods may be declared under: those of suffix 80 with nothing below them at the same time. A chapter has
/// headings below it although both have depth 0.
fn declarable(lines: &[Stretch]) -> Vec<bool> {
    let code = |line: &Stretch| line.record.get("goods.nomenclature.item.id").to_owned();
    let one = |(at, line): (usize, &Stretch)| {
        let mine = code(line);
        if line.record.get("producline.suffix") != DECLARABLE || mine.ends_with("00000000") {
            return false;
        }
        let Some(depth) = line.depth else { return false };
        for below in &lines[at + 1..] {
            if code(below).get(..4) != mine.get(..4) {
                break;
            }
            if below.record.get("goods.nomenclature.sid") == line.record.get("goods.nomenclature.sid")
                || !overlap(below.time, line.time)
            {
                continue;
            }
            return below.depth.is_none_or(|below| below <= depth);
        }
        true
    };
    lines.iter().enumerate().map(one).collect()
}
