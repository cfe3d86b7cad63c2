//! Shapes `hmrc-ioss-json` and `hmrc-oss-json`: the message by which HM Revenue & Customs passes a return of the One-Stop Shops on.
//!
//! Sources, all public repositories of HM Revenue & Customs under the Apache License 2.0: the schema of both schemes,
//! <https://github.com/hmrc/ioss-returns-stub/blob/main/conf/resources/schemas/core-vat-return-schema.json>; the models `CoreVatReturn.scala`
//! of hmrc/ioss-returns and hmrc/one-stop-shop-returns, and of the latter `CoreVatReturnService.scala`, which says what stands where.
//!
//! The message is one of Northern Ireland and in pounds: its fields are named so. A seller types the return into a portal; the message is
//! the only published form in which every figure of that portal has a name.

use super::number::{Number, fits};
use super::{Findings, Particulars, TraderNumber, rate_type_name};
use crate::definition::Period;
use crate::draft::{Return, RowFigure};
use crate::event::RateType;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// The state whose authority takes the message.
pub(super) const STATE: &str = "XI";
/// The currency in the names of its fields.
const CURRENCY: &str = "GBP";
/// The most states of consumption that the schema takes.
const MOST_STATES: usize = 28;
/// The first year that the schema takes.
const FIRST_YEAR: i16 = 2021;
/// States that the authority calls by other letters than ISO 3166-1 does: `Country.scala` of hmrc/ioss-returns-frontend.
const OWN_LETTERS: [(&str, &str); 1] = [("GR", "EL")];

/// Which of the two schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Import One-Stop Shop: months, goods from outside.
    Import,
    /// Union One-Stop Shop: quarters, goods from one member state to another.
    Union,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    vat_return_reference_number: String,
    version: String,
    trader_id: TraderId<'a>,
    change_date: String,
    period: When,
    start_date: Date,
    end_date: Date,
    submission_date_time: String,
    #[serde(rename = "totalAmountVatDueGBP")]
    total: Number,
    mscon_supplies: Vec<State<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TraderId<'a> {
    #[serde(rename = "IOSSNumber", skip_serializing_if = "Option::is_none")]
    ioss_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vat_number: Option<&'a str>,
    issued_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    intermediary: Option<StandsIn<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StandsIn<'a> {
    issued_by: &'a str,
    int_number: &'a str,
    int_change_date: String,
}

#[derive(Serialize)]
struct When {
    year: i16,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quarter: Option<i8>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    mscon_country_code: &'a str,
    #[serde(rename = "balanceOfVatDueGBP")]
    balance: Number,
    #[serde(rename = "grandTotalMsidGoodsGBP")]
    own_total: Number,
    #[serde(rename = "grandTotalMsestGoodsGBP", skip_serializing_if = "Option::is_none")]
    other_total: Option<Number>,
    #[serde(rename = "correctionsTotalGBP")]
    corrections_total: Number,
    msid_supplies: Vec<Supply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    msest_supplies: Option<Vec<FromElsewhere<'a>>>,
    corrections: Vec<Correction>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Supply {
    supply_type: &'static str,
    vat_rate: Number,
    vat_rate_type: &'static str,
    #[serde(rename = "taxableAmountGBP")]
    net: Number,
    #[serde(rename = "vatAmountGBP")]
    tax: Number,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FromElsewhere<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eu_trader_id: Option<EuTraderId<'a>>,
    supplies: Vec<Supply>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EuTraderId<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    vat_id_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_ref_number: Option<&'a str>,
    issued_by: &'a str,
}

#[derive(Serialize)]
struct Correction {
    period: When,
    #[serde(rename = "totalVatAmountCorrectionGBP")]
    tax: Number,
}

pub(super) fn written(
    made: &Return,
    given: &Particulars,
    scheme: Scheme,
    owed: Decimal,
    findings: &mut Findings,
) -> Result<String, String> {
    findings.currency(made, CURRENCY);
    match made.member_state.as_deref() {
        Some(STATE) => {}
        Some(other) => findings.wrong(
            "member_state",
            format!("the shape is that of {STATE}, and the registration is in {other}; write the document itself or the table of its figures"),
        ),
        None => findings.wrong("member_state", format!("the shape is that of {STATE}; record the registration with its member state")),
    }
    let number = number(made, scheme, findings);
    let period = when(made.period, scheme);
    if period.is_none() {
        findings
            .wrong("period", format!("the shape takes {} from {FIRST_YEAR} on, not {}", lengths(scheme), made.period));
    }
    if given.registration_changed.is_none() {
        findings.wrong("changeDate", "the shape asks for it; say when the registration was last changed");
    }
    let intermediary = given.intermediary.as_ref().map(|one| {
        let digits = one.number.strip_prefix("IN").unwrap_or_default();
        if digits.len() != 10 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            findings.wrong(
                "intermediary.intNumber",
                format!("\"{}\" is no number of an intermediary: IN and ten digits", one.number),
            );
        }
        if scheme == Scheme::Union {
            findings.wrong("intermediary", "only sellers under the import scheme have one; take it out");
        }
        StandsIn {
            issued_by: letters(&one.issued_by, "intermediary.issuedBy", findings),
            int_number: &one.number,
            int_change_date: moment(one.changed),
        }
    });
    if !made.boxes.is_empty() {
        findings.wrong("boxes", "the shape has rows of member states and no boxes");
    }
    let states = states(made, given, scheme, findings).map_err(|error| error.to_string())?;
    if states.len() > MOST_STATES {
        findings.wrong("rows", format!("the shape takes {MOST_STATES} member states, and there are {}", states.len()));
    }
    let mut due = states.iter().filter(|(balance, _)| !balance.is_negative());
    let due = due.try_fold(Decimal::ZERO, |sum, (balance, _)| sum.plus(*balance)).map_err(|error| error.to_string())?;
    if due != owed {
        findings.wrong(
            "owed",
            format!("the balances above zero come to {due} {CURRENCY}, and the return says {owed}; draft it again"),
        );
    }
    if !made.back.is_zero() {
        findings.tell(format!(
            "{} {CURRENCY} that member states owe you stand as balances below zero and in no sum of the file.",
            made.back.to_at_least(2)
        ));
    }
    let quarter = |last: Date| format!("Q{}", (last.month() + 2) / 3);
    let last = made.period.last();
    let reference = match scheme {
        Scheme::Import => format!("{STATE}/{number}/M{:02}.{}", last.month(), last.year()),
        Scheme::Union => format!("{STATE}/{STATE}{number}/{}.{}", quarter(last), last.year()),
    };
    let message = Message {
        vat_return_reference_number: reference,
        version: moment(given.at),
        trader_id: TraderId {
            ioss_number: (scheme == Scheme::Import).then_some(number),
            vat_number: (scheme == Scheme::Union).then_some(number),
            issued_by: STATE,
            intermediary,
        },
        change_date: moment(given.registration_changed.unwrap_or(given.at)),
        period: period.unwrap_or(When { year: last.year(), month: None, quarter: None }),
        start_date: made.period.first(),
        end_date: last,
        submission_date_time: moment(given.at),
        total: Number::money(owed),
        mscon_supplies: states.into_iter().map(|(_, state)| state).collect(),
    };
    let mut text = serde_json::to_string_pretty(&message).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

/// The number of the seller as the message has it.
fn number<'a>(made: &'a Return, scheme: Scheme, findings: &mut Findings) -> &'a str {
    let Some(number) = made.number.as_deref() else {
        findings.wrong("number", "the shape asks for the number of the seller; record the registration");
        return "";
    };
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    match scheme {
        Scheme::Import => {
            if !number.strip_prefix("IM").is_some_and(|rest| digits(rest, 10)) {
                findings.wrong("number", format!("\"{number}\" is no IOSS number: IM and ten digits"));
            }
            number
        }
        // The number is written without the letters of the country; they stand in the reference.
        Scheme::Union => {
            let bare = number.strip_prefix(STATE).or_else(|| number.strip_prefix("GB")).unwrap_or(number);
            if !digits(bare, 9) {
                findings.wrong("number", format!("\"{number}\" is no VAT number of this state: nine digits, with {STATE} or GB before them or without"));
            }
            bare
        }
    }
}

fn lengths(scheme: Scheme) -> &'static str {
    if scheme == Scheme::Import { "single months" } else { "quarters of the calendar" }
}

fn when(period: Period, scheme: Scheme) -> Option<When> {
    let last = period.last();
    let (month, quarter) = match (scheme, period.months(), last.month() % 3) {
        (Scheme::Import, 1, _) => (Some(format!("{:02}", last.month())), None),
        (Scheme::Union, 3, 0) => (None, Some(last.month() / 3)),
        _ => return None,
    };
    (last.year() >= FIRST_YEAR).then_some(When { year: last.year(), month, quarter })
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The two letters by which the authority calls a state.
fn letters<'a>(code: &'a str, at: &str, findings: &mut Findings) -> &'a str {
    if !(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())) {
        findings.wrong(at, format!("\"{code}\" is not two capital letters; the shape names states by these alone"));
    }
    OWN_LETTERS.iter().find(|(iso, _)| *iso == code).map_or(code, |(_, own)| own)
}

/// All states with something to say, each with its balance.
fn states<'a>(
    made: &'a Return,
    given: &'a Particulars,
    scheme: Scheme,
    findings: &mut Findings,
) -> Result<Vec<(Decimal, State<'a>)>, NumberError> {
    let mut all: BTreeSet<&str> = made.corrections.iter().map(|one| one.member_state.as_str()).collect();
    for row in &made.rows {
        match row.key.member_state.as_deref() {
            Some(state) => _ = all.insert(state),
            None => findings.wrong("rows", "a row does not say its member state; the shape has none without"),
        }
    }
    let mut states = Vec::new();
    for code in all {
        let at = format!("rows of {code}");
        let msconsumption = letters(code, &at, findings);
        let mut own = Vec::new();
        let mut elsewhere: BTreeMap<&str, Vec<Supply>> = BTreeMap::new();
        let [mut own_total, mut other_total, mut corrections_total] = [Decimal::ZERO; 3];
        for row in made.rows.iter().filter(|row| row.key.member_state.as_deref() == Some(code)) {
            let Some(supply) = supply(row, &at, findings) else { continue };
            let tax = row.tax.unwrap_or_default();
            match row.key.dispatched_from.as_deref().filter(|_| scheme == Scheme::Union) {
                Some(from) if from != STATE => {
                    other_total = other_total.plus(tax)?;
                    elsewhere.entry(from).or_default().push(supply);
                }
                from => {
                    if scheme == Scheme::Union && from.is_none() {
                        findings
                            .wrong(&at, "a row does not say from where its goods were sent; record the sales with it");
                    }
                    own_total = own_total.plus(tax)?;
                    own.push(supply);
                }
            }
        }
        let mut corrections = Vec::new();
        for one in made.corrections.iter().filter(|one| one.member_state == code) {
            let tax = one.tax.unwrap_or_default();
            findings.cents(&format!("correction of {} for {code}", one.period), tax);
            match when(one.period, scheme) {
                Some(period) => corrections.push(Correction { period, tax: Number::money(tax) }),
                None => findings.wrong(
                    format!("corrections of {code}"),
                    format!("the shape takes {} from {FIRST_YEAR} on, not {}", lengths(scheme), one.period),
                ),
            }
            corrections_total = corrections_total.plus(tax)?;
        }
        let balance = own_total.plus(other_total)?.plus(corrections_total)?;
        let drafted = made.states.iter().find(|one| one.member_state == code).map_or(Decimal::ZERO, |one| one.balance);
        if drafted != balance {
            findings.wrong(
                &at,
                format!("rows and corrections come to {balance}, and the return says {drafted}; draft it again"),
            );
        }
        // A state of which nothing could be written is told of where its rows are left out.
        if own.is_empty() && elsewhere.is_empty() && corrections.is_empty() {
            continue;
        }
        let is_union = scheme == Scheme::Union;
        let elsewhere =
            elsewhere.into_iter().map(|(from, supplies)| from_elsewhere(from, supplies, given, findings)).collect();
        let state = State {
            mscon_country_code: msconsumption,
            balance: Number::money(balance),
            own_total: Number::money(own_total),
            other_total: is_union.then_some(Number::money(other_total)),
            corrections_total: Number::money(corrections_total),
            msid_supplies: own,
            msest_supplies: is_union.then_some(elsewhere),
            corrections,
        };
        states.push((balance, state));
    }
    Ok(states)
}

/// A row of the message. The schema refuses one with a rate, an amount or a tax of nought or less.
fn supply(row: &RowFigure, at: &str, findings: &mut Findings) -> Option<Supply> {
    let (net, tax) = (row.net.unwrap_or_default(), row.tax.unwrap_or_default());
    let kind = row.key.rate_type.map_or("", rate_type_name);
    let rate = row.key.rate.map_or_else(|| "no rate".to_owned(), |rate| rate.to_string());
    let what = format!("{at}, {rate}{}{kind}", if kind.is_empty() { "" } else { " " });
    if tax.is_zero() && !net.is_negative() {
        findings.tell(format!(
            "{what}: {} {CURRENCY} without tax are left out, as the shape has no rows without tax.",
            net.to_at_least(2)
        ));
        return None;
    }
    if net.is_negative() || net.is_zero() || tax.is_negative() {
        findings.wrong(
            &what,
            format!("{net} with tax of {tax}: the shape takes only rows above zero; what goes back belongs into corrections of its period"),
        );
        return None;
    }
    findings.cents(&what, net);
    findings.cents(&what, tax);
    let vat_rate_type = match row.key.rate_type {
        Some(RateType::Standard) => "STANDARD",
        Some(RateType::Reduced) => "REDUCED",
        Some(RateType::Zero) | None => {
            findings.wrong(
                &what,
                "the shape asks whether the rate is the standard or a reduced one; record the sales with it",
            );
            return None;
        }
    };
    let rate = row.key.rate.map(|rate| rate.0).unwrap_or_default();
    if rate.is_zero() || rate.is_negative() || rate > Decimal::HUNDRED || !fits(rate, 2) {
        findings.wrong(
            &what,
            "the shape takes rates above 0 and up to 100 with at most two decimals; record the sales with their rate",
        );
    }
    Some(Supply {
        supply_type: "GOODS",
        vat_rate: Number::money(rate),
        vat_rate_type,
        net: Number::money(net),
        tax: Number::money(tax),
    })
}

/// Goods from another state: by the seller's number there, or by the state where there is none. `CoreVatReturnService.scala` writes one of
/// the two.
fn from_elsewhere<'a>(
    from: &'a str,
    supplies: Vec<Supply>,
    given: &'a Particulars,
    findings: &mut Findings,
) -> FromElsewhere<'a> {
    let at = format!("goods from {from}");
    let code = letters(from, &at, findings);
    let trader = given.establishments.get(from).map(|number| match number {
        TraderNumber::Vat(number) => {
            let fits = (1..=12).contains(&number.len())
                && number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            if !fits {
                findings.wrong(&at, format!("\"{number}\" is no VAT number: at most 12 capital letters and digits"));
            }
            EuTraderId { vat_id_number: Some(number), tax_ref_number: None, issued_by: code }
        }
        TraderNumber::Tax(number) => {
            if number.is_empty() || number.chars().count() > 20 {
                findings.wrong(&at, format!("\"{number}\" is no tax number: at most 20 characters"));
            }
            EuTraderId { vat_id_number: None, tax_ref_number: Some(number), issued_by: code }
        }
    });
    FromElsewhere { country_code: trader.is_none().then_some(code), eu_trader_id: trader, supplies }
}
