//! The tariff's duty in words: the measure that counts, and the one that it replaces.

use super::*;
use crate::record::MeasureKind;

/// Most worlds that are followed again to see whether the duty is the same in all, and most lines in all of them.
const FOLLOWED: usize = 48;
const FOLLOWED_LINES: usize = 2_000;
/// For a duty that is not the same in every case.
const DIFFERS: &str = "the rate depends on what is missing";

impl<'a> Writer<'a> {
    /// Puts the duty that was found in the place of the bare word "tariff".
    pub(super) fn tariff_in_words(
        &self,
        shown: Option<&Seen>,
        usable: &[&Seen],
        events: &[Event],
        charges: &mut [(Hull, ChargeAnswer)],
    ) {
        let Some(shown) = shown else { return };
        let is_bare = |treatment: &Treatment| treatment.rule.as_deref() == Some("tariff");
        let key = |at: usize| self.charges.get(at).map_or("", |charge| self.t.text(charge.key.get()));
        let mut ranges: Vec<usize> = Vec::new();
        for at in 0..self.charges.len() {
            let Some((hull, answer)) = charges.iter_mut().find(|(_, answer)| answer.key == key(at)) else { continue };
            if !answer.treatments.iter().any(is_bare) {
                continue;
            }
            if hull.most == Some(hull.least) {
                put(&self.duty_in_words(at, &shown.sheet, events), answer);
            } else {
                ranges.push(at);
            }
        }
        // The end that is shown is the rule only where no case has another.
        for (at, words) in self.duties_followed(&ranges, usable) {
            if let Some((_, answer)) = charges.iter_mut().find(|(_, answer)| answer.key == key(at)) {
                put(&words, answer);
            }
        }
    }

    /// The words of some charges' duties over all worlds, or over some where there are many; empty where they are not known.
    fn duties_followed(&self, charges: &[usize], usable: &[&Seen]) -> Vec<(usize, String)> {
        if charges.is_empty() {
            return Vec::new();
        }
        let worlds: Vec<&Seen> = usable.iter().copied().filter(|seen| !seen.is_much()).collect();
        let most = (FOLLOWED_LINES / self.prepared.case.lines.len().max(1)).clamp(2, FOLLOWED);
        let step = worlds.len().div_ceil(most).max(1);
        let mut found: Vec<(usize, Vec<String>)> = charges.iter().map(|at| (*at, Vec::new())).collect();
        for seen in worlds.into_iter().step_by(step) {
            let mut full = Full::default();
            if evaluate(self.t, &self.prepared.case, &seen.world, &mut Sheet::default(), &mut full).is_err() {
                continue;
            }
            for (at, all) in &mut found {
                if self.takes_a_tariff(*at, &seen.sheet) {
                    let words = self.duty_in_words(*at, &seen.sheet, &full.events);
                    if !all.contains(&words) {
                        all.push(words);
                    }
                }
            }
        }
        let settled = |mut all: Vec<String>| match all.len() {
            0 => String::new(),
            1 if step > 1 => String::new(),
            1 => all.pop().unwrap_or_default(),
            _ => DIFFERS.to_owned(),
        };
        found.into_iter().map(|(at, all)| (at, settled(all))).collect()
    }

    /// Whether some line's duty is the tariff's.
    fn takes_a_tariff(&self, charge: usize, sheet: &Sheet) -> bool {
        let is_tariff = |line| {
            let rung = self.t.rungs.get(sheet.rung(charge, line) as usize);
            rung.is_some_and(|rung| self.t.maybe(rung.amount_text) == Some("tariff"))
        };
        (0..sheet.size().1).any(is_tariff)
    }

    /// A charge's duty in the world that is shown, each line's where they differ.
    fn duty_in_words(&self, charge: usize, sheet: &Sheet, events: &[Event]) -> String {
        let mut words: Vec<(String, Vec<usize>)> = Vec::new();
        for line in 0..sheet.size().1 {
            let Some(text) = self.line_in_words(charge, line, sheet, events) else { continue };
            let item = self.prepared.line_items.get(line).map_or(1, |item| item + 1);
            match words.iter_mut().find(|(known, _)| *known == text) {
                Some((_, items)) => items.push(item),
                None => words.push((text, vec![item])),
            }
        }
        match words.as_slice() {
            [(text, _)] => text.clone(),
            many => many
                .iter()
                .map(|(text, items)| {
                    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                    format!("item {}: {text}", items.join(", "))
                })
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    /// The duty of one line: what counts, and what it replaces.
    fn line_in_words(&self, charge: usize, line: usize, sheet: &Sheet, events: &[Event]) -> Option<String> {
        let mut general: Option<(&MeasureRow, u32)> = None;
        let mut lower: Vec<(&MeasureRow, u32)> = Vec::new();
        let mut sums: Vec<u32> = Vec::new();
        for event in events {
            match *event {
                Event::StatedDuty { line: of, percent } if usize::from(of) == line => {
                    return Some(format!("{percent} % as stated"));
                }
                Event::Measure { charge: at, line: of, measure, applied: true }
                    if usize::from(at) == charge && usize::from(of) == line =>
                {
                    let row = self.t.measures.get(measure as usize)?;
                    // As the evaluator ranks them: the longest code, a named origin before all, the newest.
                    let rank = |row: &MeasureRow| (row.digits, row.origin.get() != 0, row.from.get());
                    if family_of(row.kind) != 0 {
                        sums.push(measure);
                    } else if row.kind != MeasureKind::ThirdCountry as u8 {
                        lower.push((row, measure));
                    } else if general.is_none_or(|(best, _)| rank(row) > rank(best)) {
                        general = Some((row, measure));
                    }
                }
                _ => {}
            }
        }
        if !sums.is_empty() {
            return Some(self.joined(sums, " and "));
        }
        // Plain percentages compare by themselves; others against what was computed.
        let base = sheet.base(charge, line);
        let amount = |row: &MeasureRow| percent_of(row).and_then(|percent| percent.percent_of(base).ok());
        let best =
            lower.iter().copied().filter(|(row, _)| percent_of(row).is_some()).min_by_key(|(row, _)| percent_of(row));
        let open = lower.iter().any(|(row, _)| percent_of(row).is_none());
        let Some((first, at)) = best.or(lower.first().copied()) else {
            return general.map(|(_, at)| self.text_of(at).to_owned());
        };
        let Some((general, general_at)) = general else {
            return Some(if open && lower.len() > 1 {
                format!("the lowest of {}", self.joined(lower.iter().map(|(_, at)| *at).collect(), "; "))
            } else {
                self.with_reason(first, at)
            });
        };
        // Nothing is lower than nothing, whatever the others come to.
        if percent_of(first).is_some_and(Decimal::is_zero) && percent_of(general).is_none() {
            return Some(format!("{}, instead of {}", self.with_reason(first, at), self.text_of(general_at)));
        }
        let compared = amount(first).zip(amount(general)).filter(|_| !open);
        Some(match compared {
            Some((less, more)) if less < more => {
                format!("{}, instead of {}", self.with_reason(first, at), self.text_of(general_at))
            }
            Some(_) => self.text_of(general_at).to_owned(),
            None => {
                let all = lower.iter().map(|(_, at)| *at).chain([general_at]).collect();
                format!("the lowest of {}", self.joined(all, "; "))
            }
        })
    }

    /// A rate with what gives it: `0 % (claim KR)`.
    fn with_reason(&self, measure: &MeasureRow, at: u32) -> String {
        let held = |line: &Line| {
            let claims = claims_of(self.t, measure).iter().map(|claim| claim.program.get());
            claims.filter(|program| line.claims.contains(program)).collect::<Vec<_>>()
        };
        let text = self.text_of(at);
        let claim = self.prepared.case.lines.iter().flat_map(held).next();
        match claim {
            Some(program) => format!("{text} (claim {})", self.t.text(program)),
            None if measure.kind == MeasureKind::Suspension as u8 => format!("{text} (suspension)"),
            None => text.to_owned(),
        }
    }

    fn joined(&self, measures: Vec<u32>, with: &str) -> String {
        let mut texts: Vec<&str> = Vec::new();
        for measure in measures {
            let text = self.text_of(measure);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(with)
    }

    fn text_of(&self, measure: u32) -> &'a str {
        self.t.text(self.measure_text(measure))
    }

    fn measure_text(&self, measure: u32) -> u32 {
        let note = self.t.measures.get(measure as usize).and_then(|m| self.t.measure_notes.get(m.note.get() as usize));
        note.map_or(NONE, |note| note.amount_text.get())
    }
}

/// Puts a duty in the place of the bare word "tariff".
fn put(words: &str, charge: &mut ChargeAnswer) {
    let bare = charge.treatments.iter_mut().filter(|treatment| treatment.rule.as_deref() == Some("tariff"));
    for treatment in bare.filter(|_| !words.is_empty()) {
        treatment.rule = Some(words.to_owned());
    }
}

/// The amount of a measure that is a plain percentage.
fn percent_of(measure: &MeasureRow) -> Option<Decimal> {
    let amount = measure.amount.get();
    let plain = amount != NONE && amount & INLINE_PERCENT != 0;
    plain.then(|| Decimal::from_units(i128::from(amount & !INLINE_PERCENT) * 100_000_000))
}
