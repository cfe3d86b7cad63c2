//! Items become lines: read, merged where the law cannot tell them apart, transport and discounts spread over them.

use super::*;
use crate::goods::{CodeError, SHORTEST, WIDTH};

/// An item before discounts of the order and transport are spread over it.
pub(super) struct Draft {
    pub(super) line: Line,
    goods: Decimal,
    /// The code as asked and its digits, before it is cut to what the destination's tariff has.
    asked: (u64, u8),
    words: Words,
}

/// The words of the question by which goods are told apart. They, not the numbers of texts: a ratebook that knows fewer words, as a slice
/// of it does, must put the same lines together, in the same order.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Words {
    tax_class: Option<String>,
    claims: Vec<String>,
    documents: Vec<String>,
    /// Base units of the measured quantities, in their order.
    units: Vec<&'static str>,
}

pub(super) fn read_item(
    t: &Tables<'_>,
    p: &mut Problems,
    at: usize,
    item: &Item,
    territory: &impl Fn(&mut Problems, &str, &str) -> Option<u16>,
) -> Draft {
    let field = |name: &str| format!("items[{at}].{name}");
    let mut line = Line::default();
    match item.code.as_deref().map(str::trim).filter(|c| !c.is_empty()) {
        Some(text) => match text.parse::<GoodsCode>() {
            Ok(code) => {
                line.code = code.padded();
                line.digits = code.digit_count();
            }
            Err(e) => p.add(field("code"), text, wrong_code(e)),
        },
        None => line.digits = 0,
    }
    if let Some(code) = &item.origin {
        line.origin = territory(p, &field("origin"), code);
    }
    check_amount(p, &field("price"), Some(item.price));
    check_amount(p, &field("discount"), item.discount);
    check_amount(p, &field("weight_kg"), item.weight_kg);
    if item.duty_rate.is_some_and(|r| r > Decimal::from_int(10_000)) {
        p.add(field("duty_rate"), item.duty_rate.unwrap_or_default(), &message::WRONG_DUTY_RATE);
    }
    check_amount(p, &field("duty_rate"), item.duty_rate);
    line.duty_rate = item.duty_rate;
    if item.quantity <= Decimal::ZERO || item.quantity > Decimal::from_int(1_000_000_000) {
        p.add(field("quantity"), item.quantity, &message::WRONG_QUANTITY);
    }
    let mut goods = Decimal::ZERO;
    match item.price.times(item.quantity) {
        Ok(value) if value <= MAX_INPUT => goods = value,
        _ => p.add(field("price"), item.price, &message::WRONG_TIMES_QUANTITY),
    }
    if let Some(discount) = item.discount {
        if discount > goods {
            p.add(field("discount"), discount, &message::WRONG_DISCOUNT_ITEM);
        } else if let Ok(less) = goods.minus(discount) {
            goods = less;
        }
    }
    line.quantity = item.quantity;
    line.tax_class = item.tax_class.as_deref().map(|c| t.text_id(c).unwrap_or(OTHER_TEXT));
    line.claims = item
        .claims
        .iter()
        .filter(|c| c.proof.as_deref().is_some_and(|p| !p.trim().is_empty()))
        .map(|c| t.text_id(&c.program).unwrap_or(OTHER_TEXT))
        .collect();
    line.claims.sort_unstable();
    line.documents = item.documents.iter().map(|d| t.text_id(d).unwrap_or(OTHER_TEXT)).collect();
    line.documents.sort_unstable();
    let claimed = item.claims.iter().filter(|c| c.proof.as_deref().is_some_and(|p| !p.trim().is_empty()));
    let mut words = Words {
        tax_class: item.tax_class.clone(),
        claims: claimed.map(|c| c.program.clone()).collect(),
        documents: item.documents.clone(),
        units: Vec::new(),
    };
    words.claims.sort_unstable();
    words.documents.sort_unstable();
    let mut measured: Vec<(&'static str, Decimal)> = Vec::new();
    line.weight = item.weight_kg.and_then(|w| w.times(item.quantity).ok());
    for (name, number) in &item.quantities {
        let Some(found) = unit::find(name) else {
            let message = match unit::nearest(name) {
                Some(near) => Said::of(&message::WRONG_UNIT_NEAR, [("near", near.key.into())]),
                None => Said::from(&message::WRONG_UNIT),
            };
            p.add(field(&format!("quantities.{name}")), number, message);
            continue;
        };
        check_amount(p, &field(&format!("quantities.{name}")), Some(*number));
        if found.facts.len() != 1 {
            p.add(
                field(&format!("quantities.{name}")),
                number,
                Said::of(&message::WRONG_UNIT_PRODUCT, [("parts", (found.facts.to_vec(), Joined::And).into())]),
            );
            continue;
        }
        // Into the base unit: divide by the multiplier.
        let all = number.times(item.quantity).and_then(|n| {
            n.scaled(Decimal::from_int(found.denominator as i64), Decimal::from_int(found.numerator as i64))
        });
        match all {
            Ok(all) if found.facts[0] == "kg" => line.weight = Some(all),
            Ok(all) => measured.push((found.facts[0], all)),
            Err(_) => {}
        }
    }
    measured.sort_unstable();
    words.units = measured.iter().map(|(unit, _)| *unit).collect();
    line.quantities = measured.into_iter().map(|(unit, all)| (t.text_id(unit).unwrap_or(OTHER_TEXT), all)).collect();
    let asked = (line.code, line.digits);
    Draft { line, goods, asked, words }
}

/// Why a text is no goods code.
fn wrong_code(error: CodeError) -> Said {
    match error {
        CodeError::Syntax { text } => Said::of(&message::WRONG_CODE_SYNTAX, [("text", text.into())]),
        CodeError::Length { text, digits } => Said::of(
            &message::WRONG_CODE_LENGTH,
            [
                ("text", text.into()),
                ("digits", digits.into()),
                ("least", usize::from(SHORTEST).into()),
                ("most", usize::from(WIDTH).into()),
            ],
        ),
        CodeError::Odd { text } => Said::of(&message::WRONG_CODE_ODD, [("text", text.into())]),
        CodeError::Reversed { text } => Said::of(&message::WRONG_CODE_REVERSED, [("text", text.into())]),
    }
}

/// A discount on the order cannot be more than the goods cost.
pub(super) fn check_discount(p: &mut Problems, asked: &Consignment, drafts: &[Draft]) {
    match drafts.iter().try_fold(Decimal::ZERO, |s, d| s.plus(d.goods)) {
        Ok(total) => {
            if let Some(discount) = asked.discount.filter(|d| *d > total) {
                p.add("discount", discount, &message::WRONG_DISCOUNT);
            }
        }
        Err(_) => p.add("items", "", &message::WRONG_AMOUNTS),
    }
}

/// For each item its line and value, the lines, and from which item each line first came.
type Merged = (Vec<(usize, Decimal)>, Vec<Line>, Vec<usize>);

/// Merges items that the law cannot tell apart and sorts the lines, before anything is spread over them: so that the
/// order and division of items cannot reach the last decimal of a share.
pub(super) fn merge(drafts: Vec<Draft>) -> Result<Merged, NumberError> {
    // What tells goods apart: everything but how many there are and what is spread by value.
    type Identity = (u64, u8, Option<u16>, Words, Decimal, Vec<Decimal>, Option<Decimal>, Option<Decimal>);
    let mut keyed: Vec<(Identity, usize, Draft)> = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.into_iter().enumerate() {
        let line = &draft.line;
        let each = |value: Decimal| value.divided_by(line.quantity);
        let quantities =
            line.quantities.iter().map(|(_, quantity)| each(*quantity)).collect::<Result<Vec<_>, NumberError>>()?;
        let weight = line.weight.map(each).transpose()?;
        // Of a code that the tariff does not have nothing is known, but that it is the same in two items.
        let (code, digits) = if line.digits == 0 { draft.asked } else { (line.code, line.digits) };
        let identity =
            (code, digits, line.origin, draft.words.clone(), each(draft.goods)?, quantities, weight, line.duty_rate);
        keyed.push((identity, at, draft));
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.goods.cmp(&b.2.goods)).then(a.1.cmp(&b.1)));
    let goods_at = Component::Goods as usize;
    let mut lines: Vec<Line> = Vec::new();
    let mut items = vec![(0usize, Decimal::ZERO); keyed.len()];
    let mut line_items = Vec::new();
    let mut last: Option<Identity> = None;
    for (identity, at, draft) in keyed {
        // Lines whose code is not given stay apart: they may be different goods.
        let same = identity.1 > 0 && last.as_ref() == Some(&identity);
        if let (true, Some(line)) = (same, lines.last_mut()) {
            line.quantity = line.quantity.plus(draft.line.quantity)?;
            line.components[goods_at] = line.components[goods_at].plus(draft.goods)?;
            line.weight = match (line.weight, draft.line.weight) {
                (Some(a), Some(b)) => Some(a.plus(b)?),
                _ => None,
            };
            for ((_, a), (_, b)) in line.quantities.iter_mut().zip(&draft.line.quantities) {
                *a = a.plus(*b)?;
            }
        } else {
            let mut line = draft.line;
            line.components[goods_at] = draft.goods;
            lines.push(line);
            line_items.push(at);
            last = Some(identity);
        }
        items[at] = (lines.len() - 1, draft.goods);
    }
    Ok((items, lines, line_items))
}

/// Spreads the order's discount, transport, insurance and packing over the lines by value of goods, converts the lines,
/// and gives each item its part of its line's value.
pub(super) fn spread(asked: &Consignment, merged: Merged, ratio: Ratio) -> Result<Merged, NumberError> {
    let (mut items, mut lines, line_items) = merged;
    let fine = Decimal::from_units(1);
    let goods_at = Component::Goods as usize;
    if let Some(discount) = asked.discount.filter(|d| !d.is_zero()) {
        let before: Vec<Decimal> = lines.iter().map(|l| l.components[goods_at]).collect();
        for (line, part) in lines.iter_mut().zip(apportion(discount, &before, fine)?) {
            line.components[goods_at] = line.components[goods_at].minus(part)?;
        }
        for (at, line) in lines.iter().enumerate() {
            let members: Vec<usize> = (0..items.len()).filter(|&i| items[i].0 == at).collect();
            let values: Vec<Decimal> = members.iter().map(|&i| items[i].1).collect();
            for (&item, part) in members.iter().zip(apportion(line.components[goods_at], &values, fine)?) {
                items[item].1 = part;
            }
        }
    }
    let goods: Vec<Decimal> = lines.iter().map(|l| l.components[goods_at]).collect();
    for (which, value) in [
        (Component::Freight, asked.freight),
        (Component::InlandFreight, asked.inland_freight),
        (Component::Insurance, asked.insurance),
        (Component::Packing, asked.packing),
        (Component::CarrierFee, asked.carrier_fee),
        (Component::SellerTax, asked.seller_tax),
    ] {
        if let Some(value) = value.filter(|v| !v.is_zero()) {
            for (line, part) in lines.iter_mut().zip(apportion(value, &goods, fine)?) {
                line.components[which as usize] = part;
            }
        }
    }
    for line in &mut lines {
        line.unit_price = line.components[goods_at].divided_by(line.quantity)?;
        for c in 0..COMPONENT_COUNT {
            line.assessed[c] = ratio.apply(line.components[c])?;
        }
    }
    Ok((items, lines, line_items))
}
