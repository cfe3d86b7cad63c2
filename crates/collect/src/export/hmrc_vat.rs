//! Shape `hmrc-vat-mtd-json`: the body of `POST /organisations/vat/{vrn}/returns`, VAT (MTD) API 1.0 of HM Revenue & Customs.
//!
//! Source, public repository under the Apache License 2.0:
//! <https://github.com/hmrc/vat-api/blob/main/resources/public/api/conf/1.0/schemas/VatReturnDeclaration.json> (no field beside these is
//! allowed) and `application.yaml` beside it, which names the refusals. Sending it needs an application that the authority has recognised.

use super::number::{Number, fits};
use super::{Findings, Particulars};
use crate::draft::Return;
use serde::Serialize;
use tidewaiter::Decimal;

const CURRENCY: &str = "GBP";

/// The most in boxes 1 to 4, and in whole pounds in boxes 6 to 9.
const MOST_WHOLE: i64 = 9_999_999_999_999;
/// The most in box 5.
const MOST_WHOLE_NET: i64 = 99_999_999_999;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    period_key: &'a str,
    vat_due_sales: Number,
    vat_due_acquisitions: Number,
    total_vat_due: Number,
    vat_reclaimed_curr_period: Number,
    net_vat_due: Number,
    #[serde(rename = "totalValueSalesExVAT")]
    total_value_sales: Number,
    #[serde(rename = "totalValuePurchasesExVAT")]
    total_value_purchases: Number,
    #[serde(rename = "totalValueGoodsSuppliedExVAT")]
    total_value_goods_supplied: Number,
    #[serde(rename = "totalAcquisitionsExVAT")]
    total_acquisitions: Number,
    finalised: bool,
}

pub(super) fn written(made: &Return, given: &Particulars, findings: &mut Findings) -> Result<String, String> {
    findings.currency(made, CURRENCY);
    let period_key = given.period_key.as_deref().unwrap_or_default();
    let is_key = period_key.len() == 4 && period_key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
    if !is_key {
        findings.wrong(
            "periodKey",
            format!("\"{period_key}\" is no key of a period: four letters and digits, sometimes with #, as the obligations of HM Revenue & Customs show it; it cannot be made up"),
        );
    }
    if !given.is_final {
        findings.wrong(
            "finalised",
            "a return that is not declared final is refused (NOT_FINALISED); declare it once every figure is right",
        );
    }
    let mut boxes = [Decimal::ZERO; 9];
    for (n, value) in boxes.iter_mut().enumerate() {
        let key = (n + 1).to_string();
        match made.boxes.iter().find(|one| one.key == key).and_then(|one| one.value) {
            Some(found) => *value = found,
            None => {
                findings.wrong(format!("box {key}"), "the shape has nine boxes, and the return does not have this one")
            }
        }
    }
    for one in made.boxes.iter().filter(|one| !matches!(one.key.as_bytes(), [b'1'..=b'9'])) {
        let amount = one.value.unwrap_or_default();
        if !amount.is_zero() {
            findings.wrong(
                format!("box {}", one.key),
                format!("{amount} has no place in the shape, which has boxes 1 to 9"),
            );
        }
    }
    if !made.rows.is_empty() || !made.corrections.is_empty() {
        findings.wrong("rows", "the shape has nine boxes, and no rows or corrections beside them");
    }
    let [due_sales, due_acquisitions, total_due, reclaimed, net, ..] = boxes;
    let [.., sales, purchases, supplied, acquisitions] = boxes;
    let one_cent_less_than_next = |whole: i64| {
        Decimal::from_units(Decimal::from_int(whole).units() + Decimal::ONE.units() - Decimal::ten_to_minus(2).units())
    };
    for (key, amount) in
        [("box 1", due_sales), ("box 2", due_acquisitions), ("box 3", total_due), ("box 4", reclaimed), ("box 5", net)]
    {
        findings.cents(key, amount);
        let most = one_cent_less_than_next(if key == "box 5" { MOST_WHOLE_NET } else { MOST_WHOLE });
        if amount.units().abs() > most.units() {
            findings.wrong(key, format!("{amount} is beyond {most}, the most that the shape takes"));
        }
    }
    for (key, amount) in [("box 6", sales), ("box 7", purchases), ("box 8", supplied), ("box 9", acquisitions)] {
        if !fits(amount, 0) {
            findings.wrong(key, format!("{amount} has pence; the shape takes whole pounds"));
        }
        if amount.units().abs() > Decimal::from_int(MOST_WHOLE).units() {
            findings.wrong(key, format!("{amount} is beyond {MOST_WHOLE}, the most that the shape takes"));
        }
    }
    let sum = due_sales.plus(due_acquisitions).map_err(|error| error.to_string())?;
    if sum != total_due {
        findings.wrong("box 3", format!("{total_due} is not box 1 + box 2, which is {sum} (VAT_TOTAL_VALUE)"));
    }
    let difference = total_due.minus(reclaimed).map_err(|error| error.to_string())?;
    if difference != net {
        findings.wrong("box 5", format!("{net} is not box 3 - box 4, which is {difference} (VAT_NET_VALUE)"));
    }
    let unsigned = Decimal::from_units(net.units().abs());
    let shown = unsigned.to_fixed(2);
    findings.tell(match (net.is_zero(), net.is_negative()) {
        (true, _) => "Box 5 is nought: nothing is to pay and nothing to reclaim.".to_owned(),
        (_, true) => format!("Box 5 has no sign in this shape: {shown} {CURRENCY} are to reclaim."),
        (_, false) => format!("Box 5 has no sign in this shape: {shown} {CURRENCY} are to pay."),
    });
    match made.number.as_deref() {
        Some(number) => {
            let digits = number.strip_prefix("GB").unwrap_or(number);
            if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                findings.wrong(
                    "number",
                    format!(
                        "\"{number}\" is no VAT number of this scheme: nine digits, with GB before them or without"
                    ),
                );
            }
            findings.tell(format!(
                "The VAT number stands in the address to which the file is sent, not in the file: {digits}."
            ));
        }
        None => findings.wrong(
            "number",
            "no number of the seller is recorded; record the registration, the file is sent under its number",
        ),
    }
    let body = Body {
        period_key,
        vat_due_sales: Number::money(due_sales),
        vat_due_acquisitions: Number::money(due_acquisitions),
        total_vat_due: Number::money(total_due),
        vat_reclaimed_curr_period: Number::money(reclaimed),
        net_vat_due: Number::money(unsigned),
        total_value_sales: Number::whole(sales),
        total_value_purchases: Number::whole(purchases),
        total_value_goods_supplied: Number::whole(supplied),
        total_acquisitions: Number::whole(acquisitions),
        finalised: given.is_final,
    };
    let mut text = serde_json::to_string_pretty(&body).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}
