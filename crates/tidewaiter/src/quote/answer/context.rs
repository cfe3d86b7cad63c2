//! What stands around the amount: sources, disputes, changes to come, rates, editions.

use super::*;
use crate::quote::ladder::{Known, Ladders, certain};
use crate::ratebook::Moment;

impl<'a> Writer<'a> {
    pub(crate) fn source(&self, id: u32) -> Option<SourceAnswer> {
        let fact = self.t.facts.get(id as usize)?;
        Some(SourceAnswer {
            key: self.t.text(fact.key.get()).to_owned(),
            statement: self.t.text(fact.statement.get()).to_owned(),
            law: self.t.maybe(fact.law).map(str::to_owned),
            publisher: self.t.text(fact.publisher.get()).to_owned(),
            title: self.t.maybe(fact.title).map(str::to_owned),
            url: self.t.maybe(fact.url).map(str::to_owned),
            date: (fact.source_date.get() != DAY_MIN).then(|| date_of(fact.source_date.get())).flatten(),
            confidence: confidence_of(fact.confidence),
            note: self.t.maybe(fact.note).map(str::to_owned),
        })
    }

    /// Keys of the facts that a run cites.
    pub(super) fn cited(&self, run: Run) -> Vec<String> {
        let facts = rows(self.t.kids, run).iter().filter_map(|id| self.t.facts.get(id.get() as usize));
        facts.map(|fact| self.t.text(fact.key.get()).to_owned()).collect()
    }

    pub(super) fn disputes(&self, explored: &Explored, total: Sum) -> Vec<DisputeAnswer> {
        let mut out = Vec::new();
        for (at, dispute) in rows(self.t.disputes, self.program.disputes).iter().enumerate() {
            // A rule that no world came to changes nothing, whichever way it is read; and where not every world is tried,
            // there are no totals to compare.
            if explored.cut_short || explored.disputed >> (at & 63) & 1 == 0 {
                continue;
            }
            let readings = rows(self.t.readings, dispute.readings);
            let Some(used) = readings.get(dispute.default.get() as usize) else { continue };
            let mut others = Vec::new();
            for (n, reading) in readings.iter().enumerate() {
                if n == dispute.default.get() as usize {
                    continue;
                }
                let world = World(vec![(Key::Reading(at as u16), Value::Number(Decimal::from_int(n as i64)))]);
                let mut sheet = Sheet::default();
                let other = explore(self.t, &self.prepared.case, &world, &mut sheet, &mut self.domains.borrow_mut());
                let open = amounts(&other).iter().any(|s| s.sheet.is_open());
                let found = total_of(&other).unwrap_or(Hull { least: Decimal::ZERO, most: None });
                let sum = self.sum_of(if open { Hull { most: None, ..found } } else { found });
                let verdicts = |e: &Explored| e.seen.iter().filter_map(|s| s.sheet.verdict.map(|v| v.0)).max();
                if (sum.least, sum.most) != (total.least, total.most) || verdicts(&other) != verdicts(explored) {
                    others.push(OtherReading {
                        reading: self.t.text(reading.name.get()).to_owned(),
                        says: self.t.text(reading.says.get()).to_owned(),
                        total: sum,
                    });
                }
            }
            if !others.is_empty() {
                out.push(DisputeAnswer {
                    key: self.t.text(dispute.key.get()).to_owned(),
                    question: self.t.text(dispute.question.get()).to_owned(),
                    used: self.t.text(used.name.get()).to_owned(),
                    used_says: self.t.text(used.says.get()).to_owned(),
                    others,
                });
            }
        }
        out
    }

    pub(super) fn upcoming(&self) -> Vec<Upcoming> {
        let day = self.prepared.case.day;
        let known = self.prepared.case.known;
        // Of the ladders before a rung nothing is taken as settled: they may change on that day too.
        let ladders = Ladders::default();
        let facts = Known::Case { case: &self.prepared.case, program: self.program, ladders: &ladders };
        let mut out = Vec::new();
        for charge in self.charges {
            for rung in rows(self.t.rungs, charge.rungs) {
                let from = rung.from.get();
                // Suspended rules are shown too, since they may come back; expired ones are history.
                let pending =
                    [Status::Scheduled, Status::Proposed, Status::Suspended].iter().any(|s| rung.status == *s as u8);
                let ahead = from > day && from <= day.saturating_add(UPCOMING_DAYS);
                if !(ahead && rung.status == Status::InForce as u8 || pending && rung.before.get() > day)
                    || rung.known_from.get() > known
                    // What is for other parcels, as for those from elsewhere, changes nothing here.
                    || certain(self.t, rung.when.get(), &facts) == Some(false)
                {
                    continue;
                }
                out.push(Upcoming {
                    from: (from > day).then(|| date_of(from)).flatten(),
                    charge: self.t.text(charge.key.get()).to_owned(),
                    charge_name: self.t.text(charge.name.get()).to_owned(),
                    name: self.t.text(rung.name.get()).to_owned(),
                    rule: self.t.maybe(rung.amount_text).map(str::to_owned),
                    status: status_of(rung.status),
                    cites: self.cited(rung.cites),
                });
            }
        }
        for id in rows(self.t.kids, self.program.rates) {
            let Some(arm) = self.t.arms.get(id.get() as usize) else { continue };
            if arm.coded == 0 && arm.from.get() > day && arm.from.get() <= day.saturating_add(UPCOMING_DAYS) {
                out.push(Upcoming {
                    from: date_of(arm.from.get()),
                    charge: self.t.text(arm.table.get()).to_owned(),
                    charge_name: self.t.text(arm.table.get()).to_uppercase(),
                    name: format!("{} rate", self.t.text(arm.class.get())),
                    rule: Some(format!("{} %", Decimal::from_units(arm.percent.get()))),
                    status: Status::InForce,
                    cites: self.cited(arm.cites),
                });
            }
        }
        out.sort_by(|a, b| (a.from.is_none(), a.from, &a.charge).cmp(&(b.from.is_none(), b.from, &b.charge)));
        out
    }

    pub(super) fn rates(&self) -> Vec<RateUsed> {
        let case = &self.prepared.case;
        let mut out: Vec<RateUsed> = Vec::new();
        let mut add = |found: &Found, to: u16, purpose: &str| {
            if to == case.invoice {
                return;
            }
            let Ok(rate) = found.ratio.apply(Decimal::ONE) else { return };
            out.push(RateUsed {
                from: self.t.currency_code(case.invoice).to_owned(),
                to: self.t.currency_code(to).to_owned(),
                rate,
                purpose: purpose.to_owned(),
                publisher: match found.series.and_then(|s| self.t.series.get(s)) {
                    Some(series) if found.pegged => {
                        let publisher = said::data(self.t.text(series.publisher.get()));
                        Said::of(&message::RATE_PEGGED, [("publisher", publisher)])
                    }
                    Some(series) => self.t.text(series.publisher.get()).into(),
                    None => (&message::RATE_GIVEN).into(),
                },
                day: found.day.and_then(date_of),
            });
        };
        if let Some(found) = &self.prepared.assessment {
            add(found, case.assessed_in, "assessment");
        }
        for (slot, found) in rows(self.t.kids, self.program.slots).iter().zip(&self.prepared.thresholds) {
            if let Some(found) = found
                && slot.get() as u16 != case.assessed_in
            {
                add(found, slot.get() as u16, "threshold");
            }
        }
        out
    }

    pub(super) fn editions(&self) -> Vec<EditionUsed> {
        let mut used: Vec<EditionUsed> = Vec::new();
        for e in editions_of(self.t, self.program, self.prepared.series()) {
            let edition = EditionUsed {
                authority: self.t.text(e.authority.get()).to_owned(),
                number: e.number.get(),
                published: date_of(e.known_from.get()).unwrap_or_default(),
                sha256: hex(&e.sha256),
            };
            // Rules and duties of one edition are two rows, and one edition.
            let same = |old: &&mut EditionUsed| (&old.sha256, old.number) == (&edition.sha256, edition.number);
            match used.iter_mut().find(same) {
                Some(old) => old.published = old.published.max(edition.published),
                None => used.push(edition),
            }
        }
        used
    }

    /// The day on which a charge got its rules for the day, where that is later than the asker wants to know of.
    pub(super) fn first_published(&self, charge: usize) -> Option<jiff::civil::Date> {
        let Moment { day, known } = self.prepared.case.moment();
        let rungs = rows(self.t.rungs, self.charges.get(charge)?.rungs).iter();
        let of_the_day = rungs.filter(|r| r.from.get() <= day && day < r.before.get());
        let first = of_the_day.map(|r| r.known_from.get()).min()?;
        (first > known).then(|| date_of(first)).flatten()
    }

    /// Says which tariffs and tax rates were published only after the day by which the asker wants things to have been.
    pub(super) fn published_hint(&self, asked: &Consignment, warnings: &mut Vec<Said>) {
        let (Some(by), moment) = (asked.known_at, self.prepared.case.moment()) else { return };
        let date = |day| date_of(day).map_or_else(|| Put::from(""), Put::from);
        for arm in rows(self.t.kids, self.program.rates).iter().filter_map(|id| self.t.arms.get(id.get() as usize)) {
            let latest = Moment { known: i32::MAX - 1, ..moment };
            if arm.counts(latest) && !arm.counts(moment) {
                let table = self.t.text(arm.table.get()).into();
                let places = [("table", table), ("published", date(arm.known_from.get())), ("by", by.into())];
                push_once(warnings, Said::of(&message::RATES_LEFT_OUT, places));
            }
        }
        for tariff in tariffs_of(self.t, self.program, moment.day).filter(|tariff| !tariff.is_known(moment)) {
            let place = said::territory(self.t.territory_code(tariff.territory.get()));
            let places = [("place", place), ("published", date(tariff.known_from.get())), ("by", by.into())];
            push_once(warnings, Said::of(&message::TARIFF_LEFT_OUT, places));
        }
    }

    /// Says what the tariffs that gave a duty leave out.
    pub(super) fn limits_hint(&self, events: &[Event], warnings: &mut Vec<Said>) {
        let used = |tariff: &TariffRow| {
            let at = tariff.offsets.get() as usize;
            let last = at.checked_add(self.t.subs.len());
            let ends = self.t.offsets.get(at).zip(last.and_then(|last| self.t.offsets.get(last)));
            ends.is_some_and(|(first, last)| {
                events.iter().any(|event| {
                    matches!(*event, Event::Measure { measure, applied: true, .. } if (first.get()..last.get()).contains(&measure))
                })
            })
        };
        for tariff in tariffs_in_force(self.t, self.program, self.prepared.case.moment()).filter(|t| used(t)) {
            for text in rows(self.t.kids, tariff.limits) {
                push_once(warnings, self.t.text(text.get()).into());
            }
        }
    }

    /// Says that a reduced rate may apply where the standard rate was taken and reduced classes have no codes.
    pub(super) fn class_hint(&self, events: &[Event], warnings: &mut Vec<Said>) {
        if self.prepared.case.lines.iter().all(|l| l.tax_class.is_some()) {
            return;
        }
        let moment = self.prepared.case.moment();
        let mut classes: Vec<Said> = Vec::new();
        let tables = self.rates_used(events);
        for arm in tables.iter().flat_map(|(_, node)| rows(self.t.arms, Run { start: node.a, len: node.b })) {
            if arm.coded == 0 && arm.class.get() != 1 && arm.counts(moment) {
                let percent = Put::Percent(Decimal::from_units(arm.percent.get()));
                let class = said::data(self.t.text(arm.class.get()));
                let text = Said::of(&message::RATE_OF_CLASS, [("percent", percent), ("class", class)]);
                if !classes.contains(&text) {
                    classes.push(text);
                }
            }
        }
        if !classes.is_empty() {
            let rates = ("rates", (classes, Joined::Comma).into());
            warnings.push(Said::of(&message::OTHER_TAX_RATES, [rates]));
        }
    }
}
