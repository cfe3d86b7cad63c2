//! The tariff's duty in words: the measure that counts, and the one that it replaces.

use super::*;
use crate::record::MeasureKind;

/// Most worlds that are followed again to see whether the duty is the same in all, and most lines in all of them.
const FOLLOWED: usize = 48;
const FOLLOWED_LINES: usize = 2_000;

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
    fn duties_followed(&self, charges: &[usize], usable: &[&Seen]) -> Vec<(usize, Said)> {
        if charges.is_empty() {
            return Vec::new();
        }
        let worlds: Vec<&Seen> = usable.iter().copied().filter(|seen| !seen.is_much()).collect();
        let most = (FOLLOWED_LINES / self.prepared.case.lines.len().max(1)).clamp(2, FOLLOWED);
        let step = worlds.len().div_ceil(most).max(1);
        let mut found: Vec<(usize, Vec<Said>)> = charges.iter().map(|at| (*at, Vec::new())).collect();
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
        let settled = |mut all: Vec<Said>| match all.len() {
            0 => Said::default(),
            1 if step > 1 => Said::default(),
            1 => all.pop().unwrap_or_default(),
            // It is not the same in every case.
            _ => (&message::RATE_DIFFERS).into(),
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
    fn duty_in_words(&self, charge: usize, sheet: &Sheet, events: &[Event]) -> Said {
        let mut words: Vec<(Said, Vec<usize>)> = Vec::new();
        for line in 0..sheet.size().1 {
            let Some(text) = self.line_in_words(charge, line, sheet, events) else { continue };
            let item = self.prepared.line_items.get(line).map_or(1, |item| item + 1);
            match words.iter_mut().find(|(known, _)| *known == text) {
                Some((_, items)) => items.push(item),
                None => words.push((text, vec![item])),
            }
        }
        let of_items = |(rate, items): (Said, Vec<usize>)| {
            let places = [("items", (items, Joined::Comma).into()), ("rate", said::rule(rate))];
            Put::Said(Said::of(&message::RATE_OF_ITEMS, places))
        };
        match words.len() {
            0 => Said::default(),
            1 => words.pop().map(|(text, _)| text).unwrap_or_default(),
            _ => listed(words.into_iter().map(of_items).collect(), Joined::Semicolon),
        }
    }

    /// The duty of one line: what counts, and what it replaces.
    fn line_in_words(&self, charge: usize, line: usize, sheet: &Sheet, events: &[Event]) -> Option<Said> {
        let mut general: Option<(&MeasureRow, u32)> = None;
        let mut lower: Vec<(&MeasureRow, u32)> = Vec::new();
        let mut sums: Vec<u32> = Vec::new();
        for event in events {
            match *event {
                Event::StatedDuty { line: of, percent } if usize::from(of) == line => {
                    return Some(Said::of(&message::RATE_AS_STATED, [("percent", Put::Percent(percent))]));
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
            return Some(one_or(self.joined(sums), |all| listed(all, Joined::And)));
        }
        // Plain percentages compare by themselves; others against what was computed.
        let base = sheet.base(charge, line);
        let amount = |row: &MeasureRow| percent_of(row).and_then(|percent| percent.percent_of(base).ok());
        let best =
            lower.iter().copied().filter(|(row, _)| percent_of(row).is_some()).min_by_key(|(row, _)| percent_of(row));
        let open = lower.iter().any(|(row, _)| percent_of(row).is_none());
        let Some((first, at)) = best.or(lower.first().copied()) else {
            return general.map(|(_, at)| self.text_of(at).into());
        };
        let Some((general, general_at)) = general else {
            return Some(if open && lower.len() > 1 {
                lowest(self.joined(lower.iter().map(|(_, at)| *at).collect()))
            } else {
                self.with_reason(first, at)
            });
        };
        // Nothing is lower than nothing, whatever the others come to.
        if percent_of(first).is_some_and(Decimal::is_zero) && percent_of(general).is_none() {
            return Some(instead(self.with_reason(first, at), self.text_of(general_at)));
        }
        let compared = amount(first).zip(amount(general)).filter(|_| !open);
        Some(match compared {
            Some((less, more)) if less < more => instead(self.with_reason(first, at), self.text_of(general_at)),
            Some(_) => self.text_of(general_at).into(),
            None => {
                let all = lower.iter().map(|(_, at)| *at).chain([general_at]).collect();
                lowest(self.joined(all))
            }
        })
    }

    /// A rate with what gives it: `0 % (claim KR)`.
    fn with_reason(&self, measure: &MeasureRow, at: u32) -> Said {
        let held = |line: &Line| {
            let claims = claims_of(self.t, measure).iter().map(|claim| claim.program.get());
            claims.filter(|program| line.claims.contains(program)).collect::<Vec<_>>()
        };
        let text = self.text_of(at);
        let claim = self.prepared.case.lines.iter().flat_map(held).next();
        match claim {
            Some(program) => Said::of(
                &message::RATE_CLAIMED,
                [("rate", said::amount(text)), ("program", self.t.text(program).into())],
            ),
            None if measure.kind == MeasureKind::Suspension as u8 => {
                Said::of(&message::RATE_SUSPENSION, [("rate", said::amount(text))])
            }
            None => text.into(),
        }
    }

    /// The amounts of some measures, each once.
    fn joined(&self, measures: Vec<u32>) -> Vec<Put> {
        let mut texts: Vec<&str> = Vec::new();
        for measure in measures {
            let text = self.text_of(measure);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.into_iter().map(said::amount).collect()
    }

    fn text_of(&self, measure: u32) -> &'a str {
        self.t.text(self.measure_text(measure))
    }

    fn measure_text(&self, measure: u32) -> u32 {
        let note = self.t.measures.get(measure as usize).and_then(|m| self.t.measure_notes.get(m.note.get() as usize));
        note.map_or(NONE, |note| note.amount_text.get())
    }
}

/// Rates with something between them.
fn listed(rates: Vec<Put>, joined: Joined) -> Said {
    Said::of(&message::RATE_LIST, [("rates", Put::List(rates, joined))])
}

/// A rate alone as it is; several in other words.
fn one_or(rates: Vec<Put>, several: impl Fn(Vec<Put>) -> Said) -> Said {
    match rates.as_slice() {
        [Put::Amount(text)] => text.as_str().into(),
        _ => several(rates),
    }
}

fn lowest(rates: Vec<Put>) -> Said {
    Said::of(&message::RATE_LOWEST, [("rates", Put::List(rates, Joined::Semicolon))])
}

fn instead(rate: Said, general: &str) -> Said {
    Said::of(&message::RATE_INSTEAD, [("rate", said::rule(rate)), ("general", said::amount(general))])
}

/// Puts a duty in the place of the bare word "tariff".
fn put(words: &Said, charge: &mut ChargeAnswer) {
    let bare = charge.treatments.iter_mut().filter(|treatment| treatment.rule.as_deref() == Some("tariff"));
    for treatment in bare.filter(|_| !words.is_empty()) {
        treatment.rule = Some(words.clone());
    }
}

/// The amount of a measure that is a plain percentage.
fn percent_of(measure: &MeasureRow) -> Option<Decimal> {
    let amount = measure.amount.get();
    let plain = amount != NONE && amount & INLINE_PERCENT != 0;
    plain.then(|| Decimal::from_units(i128::from(amount & !INLINE_PERCENT) * 100_000_000))
}
