//! The price before charges that lands at a given total.
//!
//! The landed total rises with the price, except where a rule changes at a threshold: there it jumps. So the prices are
//! divided at every threshold of the destination's rules and each piece is searched on its own. A total inside an upward
//! jump cannot be reached (a grey zone); a total inside a downward jump is reached twice.

use super::consignment::Consignment;
use super::plan::input_error;
use super::prepare::{InputError, prepare};
use super::said::message;
use super::threshold::thresholds;
use super::{newest, trace};
use crate::decimal::{Decimal, RoundingMode};
use crate::quote::apportion::apportion;
use crate::quote::case::World;
use crate::quote::evaluate::{Sheet, evaluate};
use crate::ratebook::Ratebook;
use crate::ratebook::layout::Tables;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Prices that land at the wanted total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reverse {
    /// The total that was wanted, in the currency of the question.
    pub wanted: Decimal,
    /// Prices that reach it, the highest first.
    pub solutions: Vec<ReverseSolution>,
    /// The totals around it that no price reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<GreyZone>,
    /// Currency of the question.
    pub currency: String,
}

/// One price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReverseSolution {
    /// Value of the goods before charges.
    pub goods: Decimal,
    /// Where it lands.
    pub landed: Decimal,
    /// All charges.
    pub quote_total: Decimal,
    /// In words.
    pub explanation: String,
}

/// Totals that no price reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GreyZone {
    /// The highest total below that is reached.
    pub from: Decimal,
    /// The lowest total above that is reached.
    pub to: Decimal,
    /// In words.
    pub explanation: String,
}

struct Search<'a> {
    t: Tables<'a>,
    asked: &'a Consignment,
    weights: Vec<Decimal>,
    minor: Decimal,
    places: u8,
}

impl Ratebook {
    /// Finds the goods value, keeping the items' proportions, that lands at `landed` in the currency of the question.
    ///
    /// # Errors
    /// [`InputError`] for a wrong question, or one with missing facts: those must be given first.
    pub fn reverse(&self, asked: &Consignment, landed: Decimal) -> Result<Reverse, InputError> {
        let t = self.tables();
        let prepared = prepare(&t, asked, newest(&t))?;
        if landed <= Decimal::ZERO {
            return Err(input_error("landed", landed, &message::WRONG_NOT_POSITIVE));
        }
        let weights: Vec<Decimal> = prepared.items.iter().map(|(_, value)| *value).collect();
        let minor = Decimal::ten_to_minus(t.minor(prepared.case.invoice));
        let search = Search { t, asked, weights, minor, places: t.minor(prepared.case.invoice) };
        // Both the limit and one minor unit below begin or end a piece.
        let limits = thresholds(&search.t, asked, &prepared.case);
        let mut edges: Vec<Decimal> =
            limits.iter().flat_map(|edge| [Some(*edge), edge.minus(minor).ok()]).flatten().collect();
        edges.retain(|e| *e < landed);
        edges.push(landed);
        edges.sort();
        edges.dedup();
        let mut out =
            Reverse { wanted: landed, solutions: Vec::new(), unreachable: None, currency: asked.currency.clone() };
        let (mut below, mut above): (Option<Decimal>, Option<Decimal>) = (None, None);
        let mut from = minor;
        let mut reached_any = false;
        for edge in edges {
            // Prices from..=edge, in whole minor units, obey one set of rules.
            let to = edge.rounded(RoundingMode::Down, minor).unwrap_or(edge);
            if to < from {
                continue;
            }
            let ends = (search.landed(from)?, search.landed(to)?);
            if let (Some((low, _)), Some((high, _))) = ends {
                reached_any = true;
                if low <= landed && landed <= high {
                    if let Some(found) = search.bisect(from, to, landed)? {
                        out.solutions.push(found);
                    }
                } else if high < landed {
                    below = Some(below.map_or(high, |b: Decimal| b.max(high)));
                } else {
                    above = Some(above.map_or(low, |a: Decimal| a.min(low)));
                }
            }
            from = to.plus(minor).unwrap_or(to);
        }
        if !reached_any {
            return Err(input_error(
                "items",
                "",
                "some facts are missing for an exact amount; ask for a quote first and answer its questions",
            ));
        }
        if out.solutions.is_empty()
            && let (Some(from), Some(to)) = (below, above)
        {
            let show = |d| search.show(d);
            let explanation = format!(
                "No price lands between {} and {} {}: a threshold of the destination lies there and the charges jump.",
                show(from),
                show(to),
                out.currency
            );
            out.unreachable = Some(GreyZone { from, to, explanation });
        }
        out.solutions.sort_by_key(|s| std::cmp::Reverse(s.goods));
        Ok(out)
    }
}

impl Search<'_> {
    fn show(&self, amount: Decimal) -> String {
        amount.to_fixed(self.places)
    }

    /// Where a goods value lands, and the charges; nothing where no amount is given.
    fn landed(&self, goods: Decimal) -> Result<Option<(Decimal, Decimal)>, InputError> {
        let mut asked = self.asked.clone();
        asked.discount = None;
        let Ok(parts) = apportion(goods, &self.weights, self.minor) else { return Ok(None) };
        for (item, part) in asked.items.iter_mut().zip(parts) {
            item.discount = None;
            let Ok(price) = part.divided_by(item.quantity) else { return Ok(None) };
            item.price = price;
        }
        let prepared = prepare(&self.t, &asked, newest(&self.t))?;
        let mut sheet = Sheet::default();
        if evaluate(&self.t, &prepared.case, &World::default(), &mut sheet, &mut trace::Silent).is_err() {
            return Ok(None);
        }
        if sheet.verdict.is_some() || sheet.ruleless || sheet.uncovered.is_some() {
            return Ok(None);
        }
        let charges = prepared
            .case
            .invoice_to_assessed
            .inverse()
            .apply(sheet.total())
            .and_then(|a| a.rounded(RoundingMode::HalfUp, self.minor));
        let Ok(charges) = charges else { return Ok(None) };
        let shipping = [asked.freight, asked.insurance, asked.packing, asked.inland_freight].into_iter().flatten();
        let mut landed = goods.plus(charges);
        for part in shipping {
            landed = landed.and_then(|l| l.plus(part));
        }
        // Rounded as a quote rounds it.
        let landed = landed.and_then(|l| l.rounded(RoundingMode::HalfUp, self.minor));
        Ok(landed.ok().map(|l| (l, charges)))
    }

    /// The highest goods value in `from..=to` that lands at or below `wanted`.
    fn bisect(&self, from: Decimal, to: Decimal, wanted: Decimal) -> Result<Option<ReverseSolution>, InputError> {
        let unit = self.minor.units();
        let (mut low, mut high) = (from.units() / unit, to.units() / unit);
        while low < high {
            let middle = low + (high - low + 1) / 2;
            match self.landed(Decimal::from_units(middle * unit))? {
                Some((landed, _)) if landed <= wanted => low = middle,
                _ => high = middle - 1,
            }
        }
        let goods = Decimal::from_units(low * unit);
        let next = self.landed(Decimal::from_units((low + 1) * unit))?;
        Ok(self.landed(goods)?.map(|(landed, charges)| {
            let explanation = match next {
                _ if landed == wanted => {
                    format!("Goods at {} land at exactly {}.", self.show(goods), self.show(landed))
                }
                Some((above, _)) => format!(
                    "Goods at {} land at {}, and the next higher price lands at {}: none lands at exactly {}.",
                    self.show(goods),
                    self.show(landed),
                    self.show(above),
                    self.show(wanted)
                ),
                None => format!(
                    "Goods at {} land at {}; above that the charges are not known.",
                    self.show(goods),
                    self.show(landed)
                ),
            };
            ReverseSolution { goods, landed, quote_total: charges, explanation }
        }))
    }
}
