//! What a seller inside the destination charges on the same goods: the rate of the destination's own table on price and shipping.

use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;
use tidewaiter::goods::{CodeRange, GoodsCode};
use tidewaiter::ratebook::{EconomyView, FactView, RateView};
use tidewaiter::record::{Confidence, Kind};
use tidewaiter::{Consignment, Decimal, Item, Quote, Ratebook, RoundingMode};

/// The class of goods of no other.
const STANDARD: &str = "standard";

/// Tax of a sale inside the destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Domestic {
    /// Name of the tax.
    pub tax_name: String,
    /// The rate of each item, in per cent.
    pub rates: Vec<Decimal>,
    /// Price and shipping, in the currency of the question.
    pub base: Decimal,
    /// The tax, rounded half up to the smallest coin.
    pub tax: Decimal,
    /// What the rates rest on.
    pub facts: Vec<FactView>,
    /// The least sure of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// The taxes of a sale: those that come back at every step of trade, so that a shop inside charges them to the consumer.
pub(super) const fn is_tax_of_sales(kind: Kind) -> bool {
    matches!(kind, Kind::Vat | Kind::Gst)
}

/// Computes it.
///
/// # Errors
/// A sentence that says why it is not known.
pub(crate) fn domestic(
    economy: &EconomyView,
    asked: &Consignment,
    quote: &Quote,
    ratebook: &Ratebook,
) -> Result<Domestic, String> {
    let table = table(economy)?;
    let named = |rate: &&RateView| rate.table == table;
    let classes: Vec<&RateView> = economy.rates.iter().filter(named).collect();
    if quote.charges.iter().any(|charge| charge.kind == Kind::Excise && !charge.sum.is_nothing()) {
        let is_told = asked.items.iter().all(|item| item.code.is_some());
        return Err(if is_told {
            "excise duty is charged on such goods made inside too, and that is not computed here".into()
        } else {
            "without a goods code it is not known whether the goods bear excise; give the code of each".into()
        });
    }
    let number = |error: tidewaiter::decimal::NumberError| error.to_string();
    let base = quote.goods.plus(quote.shipping).map_err(number)?;
    let mut values = Vec::with_capacity(asked.items.len());
    let mut all = Decimal::ZERO;
    for item in &asked.items {
        let value = item.price.times(item.quantity).map_err(number)?;
        let value = value.minus(item.discount.unwrap_or_default()).map_err(number)?;
        all = all.plus(value).map_err(number)?;
        values.push(value);
    }
    let (mut tax, mut rates, mut cites) = (Decimal::ZERO, Vec::new(), BTreeSet::new());
    for (n, (item, value)) in asked.items.iter().zip(&values).enumerate() {
        let class = class(item, &classes).map_err(|why| format!("item {}: {why}", n + 1))?;
        let rate = class.on(quote.date).ok_or_else(|| format!("no rate of {table} is known for {}", quote.date))?;
        // A discount on the order and shipping are shared by value.
        let share = if all.is_zero() { Decimal::ZERO } else { base.scaled(*value, all).map_err(number)? };
        tax = tax.plus(rate.percent_of(share).map_err(number)?).map_err(number)?;
        rates.push(rate);
        cites.extend(
            class
                .values
                .iter()
                .filter(|value| holds(value.from, value.before, quote.date))
                .flat_map(|value| &value.cites),
        );
    }
    let coin = Decimal::ten_to_minus(ratebook.currency_minor(&quote.asked_currency).unwrap_or(2));
    let tax = tax.rounded(RoundingMode::HalfUp, coin).map_err(number)?;
    let facts: Vec<FactView> = cites.iter().filter_map(|key| economy.fact(key).cloned()).collect();
    let confidence = facts.iter().map(|fact| fact.confidence).min();
    let charge = economy.charges.iter().find(|charge| is_tax_of_sales(charge.kind));
    let tax_name = charge.map_or_else(|| "tax".into(), |charge| charge.name.clone());
    Ok(Domestic { tax_name, rates, base, tax, facts, confidence })
}

fn holds(from: Option<Date>, before: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && before.is_none_or(|before| day < before)
}

/// The one table of rates that all taxes of sales use.
fn table(economy: &EconomyView) -> Result<String, String> {
    let mut taxes = economy.charges.iter().filter(|charge| is_tax_of_sales(charge.kind)).peekable();
    if taxes.peek().is_none() {
        return Err(format!(
            "no VAT or GST of {} is described that a shop inside charges in the same way",
            economy.name
        ));
    }
    let mut tables = BTreeSet::new();
    for charge in taxes {
        let named: BTreeSet<&str> = charge
            .rungs
            .iter()
            .filter_map(|rung| rung.amount.as_deref())
            .flat_map(|amount| amount.split(|c: char| !(c.is_ascii_alphanumeric() || "@_-".contains(c))))
            .filter_map(|word| word.strip_prefix('@'))
            .collect();
        if named.is_empty() {
            return Err(format!(
                "{} of {} is not a rate of a table, so it is not known what a shop inside charges",
                charge.name, economy.name
            ));
        }
        tables.extend(named);
    }
    match tables.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => Ok((*one).to_owned()),
        many => Err(format!(
            "{} has several taxes of sales ({}); what a shop inside charges is not computed",
            economy.name,
            many.join(", ")
        )),
    }
}

/// The class that is stated, that of the goods code, or the standard one.
fn class<'a>(item: &Item, classes: &[&'a RateView]) -> Result<&'a RateView, String> {
    let of = |name: &str| classes.iter().find(|one| one.class == name).copied();
    if let Some(name) = &item.tax_class {
        return of(name).ok_or_else(|| format!("there is no tax class \"{name}\""));
    }
    if let Some(code) = item.code.as_deref().and_then(|code| code.parse::<GoodsCode>().ok()) {
        let ranges =
            |one: &RateView| one.codes.iter().filter_map(|text| text.parse::<CodeRange>().ok()).collect::<Vec<_>>();
        // The closest range decides: that with the fewest codes.
        let inside = classes.iter().flat_map(|one| ranges(one).into_iter().map(move |range| (range, *one)));
        let (holds, partly): (Vec<_>, Vec<_>) =
            inside.filter(|(range, _)| range.may_contain(code)).partition(|(range, _)| range.contains(code));
        if !partly.is_empty() {
            return Err("the rate depends on more digits of the goods code".into());
        }
        if let Some((_, found)) = holds.into_iter().min_by_key(|(range, _)| range.last - range.first) {
            return Ok(found);
        }
    }
    of(STANDARD).ok_or_else(|| "no standard rate is known".into())
}
