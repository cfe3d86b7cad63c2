//! Looking at sales, at rows of tax, and at many rows added up.

use super::never::beyond;
use super::{Doubt, Doubts};
use crate::Definition;
use crate::advice::place::Places;
use crate::definition::{Percent, RateDay, Side};
use crate::draft::{Collected, Part, Rates};
use crate::event::{Event, RateType, Refund, Sale};
use crate::ledger::{Definitions, Past, TaxLine, Why};
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::{Decimal, Ratebook};

/// Looks for doubts, by the territories and rates of a ratebook. Keeps what many have in common.
#[derive(Debug)]
pub struct Look<'a> {
    ratebook: &'a Ratebook,
    places: Places,
    /// Standard rates of all territories, by day.
    standard: RefCell<BTreeMap<Date, BTreeMap<String, Decimal>>>,
}

/// Rows that no rule tells apart: one, or many added up.
struct Rows<'a> {
    why: Why,
    to: &'a str,
    from: Option<&'a str>,
    rate: Option<Percent>,
    rate_type: Option<RateType>,
    currency: &'a str,
    net: Decimal,
    tax: Decimal,
    lines: u64,
    /// Days between which they were sold.
    days: [Date; 2],
}

impl<'a> Look<'a> {
    /// By a ratebook.
    pub fn new(ratebook: &'a Ratebook) -> Self {
        Self { ratebook, places: Places::on(ratebook, Date::default()), standard: RefCell::default() }
    }

    /// Doubts of a sale as a whole.
    pub fn sale(&self, definitions: &Definitions, sale: &Sale) -> Vec<Doubt> {
        let mut all = Vec::new();
        if sale.rows.is_empty() {
            all.push(Doubt::NoCharge);
        }
        if let Ok(Some(beyond)) = beyond(sale) {
            all.push(Doubt::Base { charge: beyond.charge });
        }
        for scheme in sale.rows.iter().filter_map(|row| row.scheme.as_ref()) {
            match definitions.get(scheme) {
                Some(definition) => all.extend(self.dear(definition, sale)),
                None => all.push(Doubt::NotDescribed(scheme.clone())),
            }
        }
        all
    }

    /// Doubts of a refund as a whole. Whether its sale was taxed is said where the past knows the sale.
    pub fn refund(&self, past: &Past, refund: &Refund) -> Vec<Doubt> {
        let gives = !(refund.all || refund.goods.is_zero() && refund.shipping.is_zero());
        let taxed = past.is_taxed(&refund.of).unwrap_or(true);
        if gives && refund.rows.is_empty() && taxed { vec![Doubt::NoTaxBack] } else { Vec::new() }
    }

    /// Doubts of one row of tax, where the registration under its scheme counts from a day.
    pub fn line(&self, definition: &Definition, line: &TaxLine, registered: Option<Date>) -> Vec<Doubt> {
        let mut all = self.rows(
            definition,
            &Rows {
                why: line.why,
                to: &line.to,
                from: line.from.as_deref(),
                rate: line.rate,
                rate_type: line.rate_type,
                currency: &line.currency,
                net: line.net,
                tax: line.tax,
                lines: 1,
                days: [line.sold, line.sold],
            },
        );
        if let Some(from) = registered.filter(|from| line.why == Why::Sale && line.sold < *from) {
            all.push(Doubt::Early { scheme: line.scheme.clone(), from });
        }
        all
    }

    /// Doubts of events that were taken in, with the rows of tax that followed from those not known before.
    pub fn events(
        &self,
        doubts: &mut Doubts,
        definitions: &Definitions,
        past: &Past,
        events: &[Event],
        lines: &[TaxLine],
    ) {
        let mut of: BTreeMap<(Why, &str), Vec<&TaxLine>> = BTreeMap::new();
        for line in lines {
            of.entry((line.why, &line.document)).or_default().push(line);
        }
        for event in events {
            let own = |why| of.get(&(why, event.name().1)).map(Vec::as_slice).unwrap_or_default();
            let (own, mut all) = match event {
                Event::Sale(one) => (own(Why::Sale), self.sale(definitions, one)),
                Event::Refund(one) => (own(Why::Refund), self.refund(past, one)),
                Event::Correction(_) => (own(Why::Correction), Vec::new()),
                _ => continue,
            };
            for line in own {
                if let Some(definition) = definitions.get(&line.scheme) {
                    all.extend(self.line(definition, line, past.registered(&line.scheme)));
                }
            }
            doubts.note(event.name().1, all);
        }
    }

    /// Doubts of all that was collected for a return.
    pub fn collected(&self, definition: &Definition, collected: &Collected) -> Doubts {
        let mut all = Doubts::default();
        for part in &collected.parts {
            for doubt in self.rows(definition, &Rows::of(part)) {
                all.add(doubt, &part.first, part.lines);
            }
        }
        if let (Some(first), Some(doubt)) = (&collected.dear_first, dear(definition, true)) {
            all.add(doubt, first, collected.dear);
        }
        all
    }

    fn rows(&self, definition: &Definition, rows: &Rows<'_>) -> Vec<Doubt> {
        let mut all = Vec::new();
        if rows.why != Why::Refund {
            all.extend(self.place(definition, rows));
            // Elsewhere its rates are no measure.
            let is_there = all.is_empty();
            all.extend(rows.rate.and_then(|rate| self.rate(rows, rate, is_there)));
        }
        let is_small = all.iter().any(|doubt| matches!(doubt, Doubt::Small(_)));
        if let Some(rate) = rows.rate.filter(|_| !is_small)
            && self.is_off(rows, rate)
        {
            all.push(Doubt::Tax(rate));
        }
        all
    }

    /// Whether the tax is another than the rate of what it is reckoned on, by more than rounding adds: half a coin for each row, and a coin
    /// and a half for quotes in another currency, where items are rounded before they are converted.
    fn is_off(&self, rows: &Rows<'_>, rate: Percent) -> bool {
        let coin = Decimal::ten_to_minus(self.ratebook.currency_minor(rows.currency).unwrap_or(2));
        let off = rate.of(rows.net).and_then(|tax| tax.minus(rows.tax));
        off.is_ok_and(|off| off.units().abs() > coin.units() / 2 * i128::from(rows.lines.saturating_add(3)))
    }

    fn rate(&self, rows: &Rows<'_>, rate: Percent, is_there: bool) -> Option<Doubt> {
        if !rate.0.is_zero() && rate.0 < Decimal::ONE {
            return Some(Doubt::Small(rate));
        }
        is_there.then_some(())?;
        let known: Vec<Decimal> = rows.days.iter().filter_map(|day| self.standard(*day, rows.to)).collect();
        let (to, standard) = (rows.to.to_owned(), Percent(*known.iter().max()?));
        if rows.rate_type == Some(RateType::Standard) && !known.contains(&rate.0) {
            return Some(Doubt::NotStandard { rate, to, standard });
        }
        (rate > standard).then_some(Doubt::AboveStandard { rate, to, standard })
    }

    fn standard(&self, day: Date, to: &str) -> Option<Decimal> {
        let mut days = self.standard.borrow_mut();
        let of_day = days.entry(day).or_insert_with(|| {
            let all = self.ratebook.economies(day);
            all.iter().filter_map(|one| Some((one.code.clone(), one.standard_rate()?))).collect()
        });
        of_day.get(to).copied()
    }

    fn place(&self, definition: &Definition, rows: &Rows<'_>) -> Option<Doubt> {
        let (scheme, territory) = (definition.scheme.key.clone(), definition.scheme.territory.clone());
        let rule = &definition.registration;
        let to = rows.to.to_owned();
        let inside = |code: &str| rows.days.iter().any(|day| self.places.reaches_on(definition, code, *day));
        let unknown = [Some(rows.to), rows.from].into_iter().flatten().find(|code| !self.places.is_known(code));
        if let Some(code) = unknown {
            return Some(Doubt::Nowhere(code.to_owned()));
        }
        if !inside(rows.to) {
            return Some(Doubt::To { scheme, to, territory });
        }
        let from = rows.from?.to_owned();
        if !rule.dispatch.takes(inside(&from)) {
            return Some(Doubt::From { scheme, from, territory, side: rule.dispatch });
        }
        if rule.not_between.iter().any(|[one, other]| *one == from && *other == to) {
            return Some(Doubt::Between { scheme, from, to });
        }
        (rule.dispatch == Side::Inside && from == to).then_some(Doubt::Domestic { scheme, to })
    }

    /// Whether the goods of a sale are worth more than the scheme takes. Nothing where no rate is known.
    fn dear(&self, definition: &Definition, sale: &Sale) -> Option<Doubt> {
        let rule = definition.registration.limit.as_ref()?;
        let limit = rule.up_to?;
        let worth = if sale.currency == rule.currency {
            sale.goods
        } else {
            let rate = &definition.currency.rate;
            let wanted = if rate.on == RateDay::Month { sale.date.first_of_month() } else { sale.date };
            let rates = Rates::new(self.ratebook, &[]);
            let found = rates.find(&definition.scheme.key, rate, &sale.currency, &rule.currency, wanted).ok()?;
            found.convert(sale.goods).ok()?
        };
        if worth > limit || (worth == limit && !rule.or_equal) { dear(definition, false) } else { None }
    }
}

impl<'a> Rows<'a> {
    fn of(part: &'a Part) -> Self {
        Self {
            why: part.why,
            to: &part.to,
            from: part.from.as_deref(),
            rate: part.rate,
            rate_type: part.rate_type,
            currency: &part.currency,
            net: part.net,
            tax: part.tax,
            lines: part.lines,
            days: [part.about.first(), part.about.last()],
        }
    }
}

fn dear(definition: &Definition, with_shipping: bool) -> Option<Doubt> {
    let rule = definition.registration.limit.as_ref()?;
    Some(Doubt::Dear {
        scheme: definition.scheme.key.clone(),
        limit: rule.up_to?,
        currency: rule.currency.clone(),
        per: rule.per,
        with_shipping,
    })
}
