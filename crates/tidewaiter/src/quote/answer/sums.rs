//! Totals in both currencies: parts always sum to the whole.

use super::*;

impl<'a> Writer<'a> {
    pub(super) fn collector_cells(&self, sheet: &Sheet, charge: usize, want: impl Fn(u8) -> bool) -> Decimal {
        let (_, lines) = sheet.size();
        (0..lines).fold(Decimal::ZERO, |sum, line| {
            let rung = self.t.rungs.get(sheet.rung(charge, line) as usize);
            if rung.is_some_and(|r| want(r.collect)) {
                sum.plus(sheet.amount(charge, line)).unwrap_or(sum)
            } else {
                sum
            }
        })
    }

    pub(super) fn asked(&self, amount: Decimal) -> Decimal {
        let case = &self.prepared.case;
        let places = Decimal::ten_to_minus(self.t.minor(case.invoice));
        case.invoice_to_assessed
            .inverse()
            .apply(amount)
            .and_then(|a| a.rounded(RoundingMode::HalfUp, places))
            .unwrap_or(amount)
    }

    pub(super) fn sum_of(&self, hull: Hull) -> Sum {
        Sum {
            least: hull.least,
            most: hull.most,
            least_asked: self.asked(hull.least),
            most_asked: hull.most.map(|m| self.asked(m)),
        }
    }

    /// Puts every charge into the currency of the question, so that exact parts sum to the exact total.
    pub(super) fn in_both(
        &self,
        total: Hull,
        charges: Vec<(Hull, ChargeAnswer)>,
        explored: &Explored,
        usable: &[&Seen],
        open: bool,
    ) -> (Sum, Vec<ChargeAnswer>) {
        let _ = (explored, usable, open);
        let total = self.sum_of(total);
        let exact = total.most == Some(total.least) && charges.iter().all(|(h, _)| h.most == Some(h.least));
        let places = Decimal::ten_to_minus(self.t.minor(self.prepared.case.invoice));
        let weights: Vec<Decimal> = charges.iter().map(|(h, _)| h.least).collect();
        let parts = if exact { apportion(total.least_asked, &weights, places).ok() } else { None };
        let charges = charges
            .into_iter()
            .enumerate()
            .map(|(at, (hull, mut charge))| {
                charge.sum = self.sum_of(hull);
                if let Some(parts) = &parts
                    && let Some(part) = parts.get(at)
                    && !hull.least.is_zero()
                {
                    charge.sum.least_asked = *part;
                    charge.sum.most_asked = Some(*part);
                }
                charge
            })
            .collect();
        (total, charges)
    }

    pub(super) fn sums(&self, explored: &Explored, usable: &[&Seen], total: Sum, open: bool) -> (ByKind, Terms) {
        let wrap = |of: &dyn Fn(&Seen) -> Decimal| -> Sum {
            let found = hull(explored, usable, of).unwrap_or(Hull { least: Decimal::ZERO, most: None });
            self.sum_of(if open || usable.is_empty() { Hull { most: None, ..found } } else { found })
        };
        let kinds = |s: &Seen, want: &dyn Fn(Kind) -> bool| {
            self.charges
                .iter()
                .enumerate()
                .filter(|(_, c)| want(kind_of(c.kind)))
                .fold(Decimal::ZERO, |sum, (at, _)| sum.plus(s.sheet.charge_total(at)).unwrap_or(sum))
        };
        let collected = |s: &Seen, want: &dyn Fn(u8) -> bool| {
            (0..self.charges.len())
                .fold(Decimal::ZERO, |sum, at| sum.plus(self.collector_cells(&s.sheet, at, want)).unwrap_or(sum))
        };
        let mut duties = wrap(&|s| kinds(s, &|k| k.is_duty()));
        let mut taxes = wrap(&|s| kinds(s, &|k| !k.is_duty() && !k.is_fee()));
        let mut fees = wrap(&|s| kinds(s, &|k| k.is_fee()));
        // Where no rule has the seller collect, nothing is open there.
        let anyone = |want: &dyn Fn(u8) -> bool| {
            usable.iter().any(|s| {
                let (charges, lines) = s.sheet.size();
                (0..charges).any(|c| {
                    (0..lines).any(|l| self.t.rungs.get(s.sheet.rung(c, l) as usize).is_some_and(|r| want(r.collect)))
                })
            })
        };
        let mut seller = wrap(&|s| collected(s, &|c| c == Collector::Seller as u8));
        let mut border = wrap(&|s| collected(s, &|c| c != Collector::Seller as u8));
        let (at_sale, at_border) =
            (anyone(&|c| c == Collector::Seller as u8), anyone(&|c| c != Collector::Seller as u8));
        // Where no rule at all is known, what is open is open at the border.
        for (sum, collects) in [(&mut seller, at_sale), (&mut border, at_border || (open && !at_sale))] {
            if !collects && !usable.is_empty() {
                *sum = Sum {
                    least: Decimal::ZERO,
                    most: Some(Decimal::ZERO),
                    least_asked: Decimal::ZERO,
                    most_asked: Some(Decimal::ZERO),
                };
            }
        }
        if total.most == Some(total.least) {
            let places = Decimal::ten_to_minus(self.t.minor(self.prepared.case.invoice));
            let settle = |sums: &mut [&mut Sum]| {
                let weights: Vec<Decimal> = sums.iter().map(|s| s.least).collect();
                if weights.iter().all(|w| w.is_zero()) {
                    return;
                }
                if let Ok(parts) = apportion(total.least_asked, &weights, places) {
                    for (sum, part) in sums.iter_mut().zip(parts) {
                        sum.least_asked = part;
                        sum.most_asked = Some(part);
                    }
                }
            };
            settle(&mut [&mut duties, &mut taxes, &mut fees]);
            settle(&mut [&mut seller, &mut border]);
        }
        (
            ByKind { duties, taxes, fees },
            Terms { seller, border, checkout_ddp: total, checkout_dap: seller, on_delivery_dap: border },
        )
    }

    pub(super) fn values(&self) -> (Decimal, Decimal) {
        let mut goods = Decimal::ZERO;
        let mut rest = Decimal::ZERO;
        for line in &self.prepared.case.lines {
            goods = goods.plus(line.components[0]).unwrap_or(goods);
            // Everything the buyer pays besides the goods; the carrier's clearance fee and foreign tax are not added here.
            for component in &line.components[1..COMPONENT_COUNT - 2] {
                rest = rest.plus(*component).unwrap_or(rest);
            }
        }
        (goods, rest)
    }
}
