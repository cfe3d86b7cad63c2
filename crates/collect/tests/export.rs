//! Returns as files: each compared whole with one in `exports/`. `TIDEWAITER_UPDATE_EXPORTS=1` writes these anew; read what changed before you keep it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::worked::drafted;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tidewaiter::Decimal;
use tidewaiter_collect::Definition;
use tidewaiter_collect::draft::Return;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::export::{
    Intermediary, Particulars, Published, Refused, Reporting, Shape, TraderNumber, document, figures, published, sales,
};
use tidewaiter_collect::ledger::{Definitions, Ledger, TaxLine};

const AT: &str = "2026-11-23T09:30:00Z";

fn particulars() -> Particulars {
    let mut given = Particulars::at(AT.parse().unwrap());
    given.registration_changed = Some("2025-01-15T00:00:00Z".parse().unwrap());
    given.period_key = Some("18A1".into());
    given.is_final = true;
    given.organisation = Some("Webb  & Söhne <GmbH>".into());
    given.reporting = Some(Reporting::Agreed);
    given
}

/// Definitions with the two of the One-Stop Shops in pounds, as Northern Ireland has them.
fn in_pounds() -> Definitions {
    let mut all = all();
    for key in ["eu.ioss", "eu.oss"] {
        all.get_mut(key).unwrap().currency.is = "GBP".into();
    }
    all
}

fn ledger<'a>(definitions: &'a Definitions, events: &Value) -> Ledger<'a> {
    let mut ledger = Ledger::new(definitions);
    for event in events.as_array().unwrap() {
        let event: Event = serde_json::from_value(event.clone()).unwrap_or_else(|error| panic!("{error}: {event}"));
        ledger.append(jiff::Timestamp::UNIX_EPOCH, event).unwrap();
    }
    ledger
}

fn made(definitions: &Definitions, scheme: &str, period: &str, events: &Value) -> Return {
    drafted(&ledger(definitions, events), &definitions[scheme], period.parse().unwrap())
}

fn registration(scheme: &str, number: &str, from: &str, state: Option<&str>) -> Value {
    json!({ "kind": "registration", "document": "r", "scheme": scheme, "number": number, "from": from, "member_state": state })
}

/// A sale of one row.
#[allow(clippy::too_many_arguments, reason = "what one row is made of")]
fn sale(
    scheme: &str,
    document: &str,
    date: &str,
    to: &str,
    currency: &str,
    rate: &str,
    kind: &str,
    net: &str,
    tax: &str,
) -> Value {
    json!({ "kind": "sale", "document": document, "date": date, "to": to, "currency": currency, "goods": net,
        "rows": [{ "charge": "vat", "scheme": scheme, "rate": rate, "rate_type": kind, "net": net, "amount": tax }] })
}

fn compared(name: &str, text: &str) {
    // Tables have lines that end in CR LF; the files beside the tests are kept with LF alone.
    let is_table = name.ends_with(".csv");
    assert_eq!(text.matches("\r\n").count(), if is_table { text.lines().count() } else { 0 }, "{name}");
    let text = &text.replace("\r\n", "\n");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(name);
    if std::env::var_os("TIDEWAITER_UPDATE_EXPORTS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(*text == want, "{name} is not as it is kept, but\n{text}");
}

fn import_events() -> Value {
    let ioss = |document: &str, date: &str, to: &str, rate: &str, kind: &str, net: &str, tax: &str| {
        sale("eu.ioss", document, date, to, "GBP", rate, kind, net, tax)
    };
    json!([
        registration("eu.ioss", "IM9000000017", "2026-08-01", Some("XI")),
        ioss("1001", "2026-08-14", "GR", "24 %", "standard", "100.00", "24.00"),
        ioss("1002", "2026-08-20", "IT", "22 %", "standard", "50.00", "11.00"),
        { "kind": "return", "document": "eu.ioss/2026-08", "scheme": "eu.ioss", "period": "2026-08", "date": "2026-09-12", "owed": "35", "currency": "GBP", "sha256": "" },
        { "kind": "return", "document": "eu.ioss/2026-09", "scheme": "eu.ioss", "period": "2026-09", "date": "2026-10-12", "owed": "0", "currency": "GBP", "sha256": "" },
        ioss("1003", "2026-10-01", "DE", "19 %", "standard", "210.53", "40.00"),
        ioss("1004", "2026-10-02", "DE", "7 %", "reduced", "80.00", "5.60"),
        ioss("1005", "2026-10-02", "GR", "24 %", "standard", "41.67", "10.00"),
        ioss("1006", "2026-10-30", "MT", "0 %", "zero", "12.00", "0"),
        { "kind": "refund", "document": "2001", "date": "2026-10-05", "of": "1001", "goods": "50.00", "rows": [{ "row": 1, "net": "50.00", "amount": "12.00" }] },
        { "kind": "refund", "document": "2002", "date": "2026-10-06", "of": "1002", "all": true },
    ])
}

#[test]
fn a_return_of_the_import_scheme_is_the_message_of_hmrc() {
    let definitions = in_pounds();
    let made = made(&definitions, "eu.ioss", "2026-10", &import_events());
    let mut given = particulars();
    given.intermediary = Some(Intermediary {
        number: "IN9000000024".into(),
        issued_by: "XI".into(),
        changed: "2025-02-01T00:00:00Z".parse().unwrap(),
    });
    let file = published(&definitions["eu.ioss"], &made, &given).unwrap();
    assert_eq!((file.shape, file.file_name.as_str()), (Shape::HmrcIossJson, "eu.ioss_2026-10.json"));
    compared("ioss.json", &file.text);
    assert_eq!(
        file.told[..2],
        [
            "rows of MT, 0 % zero: 12.00 GBP without tax are left out, as the shape has no rows without tax.",
            "13.00 GBP that member states owe you stand as balances below zero and in no sum of the file.",
        ]
    );
    assert!(file.told[2].starts_with("Warnings of the draft are not in the file"));
    is_core_return(&file.text);
}

#[test]
fn a_nil_return_has_no_states() {
    let definitions = in_pounds();
    let events = json!([registration("eu.ioss", "IM9000000017", "2026-01-01", Some("XI"))]);
    let made = made(&definitions, "eu.ioss", "2026-10", &events);
    assert!(made.nil);
    let file = published(&definitions["eu.ioss"], &made, &particulars()).unwrap();
    let read: Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(read["msconSupplies"], json!([]));
    assert!(file.text.contains("\"totalAmountVatDueGBP\": 0.00"));
    is_core_return(&file.text);
}

fn union_events() -> Value {
    let mut all = vec![registration("eu.oss", "XI195940512", "2025-01-01", Some("XI"))];
    for (document, from, to, rate, kind, net, tax) in [
        ("1", "XI", "DE", "19 %", "standard", "705.26", "134.00"),
        ("2", "FR", "DE", "7 %", "reduced", "1000.00", "70.00"),
        ("3", "IE", "DE", "19 %", "standard", "278.95", "53.00"),
        ("4", "XI", "SE", "25 %", "standard", "8.00", "2.00"),
    ] {
        let mut one = sale("eu.oss", document, "2026-08-01", to, "GBP", rate, kind, net, tax);
        one["from"] = json!(from);
        all.push(one);
    }
    Value::Array(all)
}

#[test]
fn a_return_of_the_union_scheme_tells_goods_from_elsewhere_apart() {
    let definitions = in_pounds();
    let made = made(&definitions, "eu.oss", "2026-Q3", &union_events());
    let mut given = particulars();
    given.establishments.insert("FR".into(), TraderNumber::Vat("11123456789".into()));
    let file = published(&definitions["eu.oss"], &made, &given).unwrap();
    assert_eq!(file.file_name, "eu.oss_2026-07_2026-09.json");
    compared("oss.json", &file.text);
    is_core_return(&file.text);
}

/// Amounts as they stand in the file.
#[derive(Deserialize)]
struct Core {
    #[serde(rename = "totalAmountVatDueGBP")]
    total: Box<RawValue>,
    #[serde(rename = "msconSupplies")]
    states: Vec<CoreState>,
}

#[derive(Deserialize)]
struct CoreState {
    #[serde(rename = "balanceOfVatDueGBP")]
    balance: Box<RawValue>,
    #[serde(rename = "grandTotalMsidGoodsGBP")]
    own: Box<RawValue>,
    #[serde(rename = "grandTotalMsestGoodsGBP")]
    other: Option<Box<RawValue>>,
    #[serde(rename = "correctionsTotalGBP")]
    corrections: Box<RawValue>,
    #[serde(rename = "msidSupplies")]
    own_supplies: Vec<CoreSupply>,
    #[serde(rename = "msestSupplies")]
    other_supplies: Option<Vec<CoreElsewhere>>,
}

#[derive(Deserialize)]
struct CoreElsewhere {
    supplies: Vec<CoreSupply>,
}

#[derive(Deserialize)]
struct CoreSupply {
    #[serde(rename = "vatRate")]
    rate: Box<RawValue>,
    #[serde(rename = "taxableAmountGBP")]
    net: Box<RawValue>,
    #[serde(rename = "vatAmountGBP")]
    tax: Box<RawValue>,
}

/// A number of JSON with exactly two decimals.
fn cents(raw: &RawValue) -> Decimal {
    let (_, decimals) = raw.get().split_once('.').unwrap_or_else(|| panic!("{raw} has no decimals"));
    assert_eq!(decimals.len(), 2, "{raw}");
    raw.get().parse().unwrap()
}

fn sum(all: impl IntoIterator<Item = Decimal>) -> Decimal {
    all.into_iter().fold(Decimal::ZERO, |sum, one| sum.plus(one).unwrap())
}

/// Every value of a file at every path, without the places in lists.
fn paths(value: &Value, at: &str, all: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| paths(value, &format!("{at}.{key}"), all)),
        Value::Array(items) => items.iter().for_each(|value| paths(value, at, all)),
        _ => all.push((at.to_owned(), value.clone())),
    }
}

/// Holds a file against the rules of `core-vat-return-schema.json`, written down anew, and against the sums of its own figures.
fn is_core_return(text: &str) {
    let read: Value = serde_json::from_str(text).unwrap();
    for field in [
        "vatReturnReferenceNumber",
        "version",
        "traderId",
        "changeDate",
        "period",
        "submissionDateTime",
        "totalAmountVatDueGBP",
    ] {
        assert!(!read[field].is_null(), "{field}");
    }
    for state in read["msconSupplies"].as_array().unwrap() {
        assert_eq!(state["msconCountryCode"].as_str().map(str::len), Some(2));
        let elsewhere = state["msestSupplies"].as_array().into_iter().flatten();
        for one in elsewhere.clone() {
            assert!(
                one["countryCode"].is_string() != one["euTraderId"].is_object() && !one["supplies"][0].is_null(),
                "{one}"
            );
        }
        let own = state["msidSupplies"].as_array().unwrap().iter();
        for supply in own.chain(elsewhere.flat_map(|one| one["supplies"].as_array().unwrap())) {
            assert_eq!(supply["supplyType"], "GOODS");
            assert!(supply["vatRateType"] == "STANDARD" || supply["vatRateType"] == "REDUCED");
        }
    }
    let matches = |pattern: &str, value: &Value| {
        assert!(regex_lite::Regex::new(pattern).unwrap().is_match(value.as_str().unwrap()), "{pattern}: {value}");
    };
    matches(r"^XI/(IM|XI)[a-zA-Z0-9]{1,12}/[QM]\d{1,2}\.\d{4}$", &read["vatReturnReferenceNumber"]);
    let trader = &read["traderId"];
    assert!(
        trader["IOSSNumber"].is_string() != trader["vatNumber"].is_string() && trader["issuedBy"] == "XI",
        "{trader}"
    );
    let mut all = Vec::new();
    paths(&read, "", &mut all);
    for (path, value) in all {
        match path.rsplit('.').next().unwrap() {
            "version" | "changeDate" | "submissionDateTime" | "intChangeDate" => {
                matches(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", &value)
            }
            "month" => matches(r"^(0[1-9]|1[0-2])$", &value),
            "quarter" => assert!((1..=4).contains(&value.as_i64().unwrap())),
            "year" => assert!(value.as_i64().unwrap() >= 2021),
            "intNumber" => matches("^IN[0-9]{10}$", &value),
            "vatIdNumber" => matches("^[A-Z0-9+*]{1,12}$", &value),
            _ => {}
        }
    }
    let core: Core = serde_json::from_str(text).unwrap();
    assert!(core.states.len() <= 28);
    let balances: Vec<Decimal> = core.states.iter().map(|state| cents(&state.balance)).collect();
    assert_eq!(sum(balances.into_iter().filter(|balance| !balance.is_negative())), cents(&core.total));
    for state in &core.states {
        let other = state.other.as_deref().map(cents).unwrap_or_default();
        assert_eq!(cents(&state.balance), sum([cents(&state.own), other, cents(&state.corrections)]));
        assert_eq!(cents(&state.own), sum(state.own_supplies.iter().map(|one| cents(&one.tax))));
        let elsewhere: Vec<&CoreSupply> = state.other_supplies.iter().flatten().flat_map(|one| &one.supplies).collect();
        assert_eq!(other, sum(elsewhere.iter().map(|one| cents(&one.tax))));
        for one in state.own_supplies.iter().chain(elsewhere) {
            for amount in [&one.rate, &one.net, &one.tax] {
                assert!(cents(amount) > Decimal::ZERO, "{amount}");
            }
            assert!(cents(&one.rate) <= Decimal::HUNDRED);
        }
    }
}

fn vat_events(extra: &[Value]) -> Value {
    let mut all = vec![
        registration("gb.supplyvat", "GB123456789", "2026-07-01", None),
        sale("gb.supplyvat", "1", "2026-07-02", "GB", "GBP", "20 %", "standard", "527.50", "105.50"),
        sale("gb.supplyvat", "2", "2026-08-02", "GB", "GBP", "20 %", "standard", "99.99", "20.00"),
    ];
    all.extend_from_slice(extra);
    Value::Array(all)
}

/// The field of every box and its decimals: the schema of HMRC, in its order.
const NINE: [(&str, usize); 9] = [
    ("vatDueSales", 2),
    ("vatDueAcquisitions", 2),
    ("totalVatDue", 2),
    ("vatReclaimedCurrPeriod", 2),
    ("netVatDue", 2),
    ("totalValueSalesExVAT", 0),
    ("totalValuePurchasesExVAT", 0),
    ("totalValueGoodsSuppliedExVAT", 0),
    ("totalAcquisitionsExVAT", 0),
];

/// Nothing else may stand there; the schema allows no further field.
fn is_nine_boxes(text: &str, made: &Return) {
    let read: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
    let fields: Vec<&str> = read.keys().map(String::as_str).collect();
    let mut want = vec!["periodKey"];
    want.extend(NINE.iter().map(|(field, _)| *field));
    want.push("finalised");
    assert_eq!(fields, want);
    assert_eq!((read["periodKey"].as_str().map(str::len), &read["finalised"]), (Some(4), &json!(true)));
    let raw: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).unwrap();
    for (n, (field, places)) in NINE.iter().enumerate() {
        let text = raw[*field].get();
        assert_eq!(text.split_once('.').map_or(0, |(_, decimals)| decimals.len()), *places, "{field}: {text}");
        let value = made.boxes[n].value.unwrap();
        let value = if n == 4 && value.is_negative() { Decimal::ZERO.minus(value).unwrap() } else { value };
        assert_eq!(text.parse::<Decimal>().unwrap(), value, "{field}");
    }
}

#[test]
fn nine_boxes_are_those_of_the_return_and_box_5_has_no_sign() {
    let definitions = all();
    let rules = &definitions["gb.supplyvat"];
    let due = made(&definitions, "gb.supplyvat", "2026-Q3", &vat_events(&[]));
    let file = published(rules, &due, &particulars()).unwrap();
    compared("vat.json", &file.text);
    is_nine_boxes(&file.text, &due);
    assert_eq!(file.told[0], "Box 5 has no sign in this shape: 125.50 GBP are to pay.");
    assert_eq!(
        file.told[1],
        "The VAT number stands in the address to which the file is sent, not in the file: 123456789."
    );
    // More went back than was sold.
    let refund = json!({ "kind": "refund", "document": "3", "date": "2026-10-03", "of": "1", "all": true });
    let back = made(&definitions, "gb.supplyvat", "2026-Q4", &vat_events(&[refund]));
    let file = published(rules, &back, &particulars()).unwrap();
    compared("vat_reclaim.json", &file.text);
    is_nine_boxes(&file.text, &back);
    assert_eq!(file.told[0], "Box 5 has no sign in this shape: 105.50 GBP are to reclaim.");
    // The sample in the documentation of the API.
    let mut sample = due;
    for (one, value) in
        sample.boxes.iter_mut().zip(["105.50", "-100.45", "5.05", "105.15", "-100.10", "300", "300", "3000", "3000"])
    {
        one.value = Some(value.parse().unwrap());
    }
    let mut given = particulars();
    given.period_key = Some("A001".into());
    let file = published(rules, &sample, &given).unwrap();
    is_nine_boxes(&file.text, &sample);
    assert_eq!(
        file.text.split_whitespace().collect::<String>(),
        "{\"periodKey\":\"A001\",\"vatDueSales\":105.50,\"vatDueAcquisitions\":-100.45,\"totalVatDue\":5.05,\"vatReclaimedCurrPeriod\":105.15,\
         \"netVatDue\":100.10,\"totalValueSalesExVAT\":300,\"totalValuePurchasesExVAT\":300,\"totalValueGoodsSuppliedExVAT\":3000,\
         \"totalAcquisitionsExVAT\":3000,\"finalised\":true}"
    );
}

fn swiss_events() -> Value {
    json!([
        registration("ch.mailorder", "CHE-116.281.710 MWST", "2026-01-01", None),
        sale("ch.mailorder", "1", "2026-07-02", "CH", "CHF", "8.1 %", "standard", "1000.00", "81.00"),
        sale("ch.mailorder", "2", "2026-08-02", "CH", "CHF", "2.6 %", "reduced", "55.55", "1.45"),
        { "kind": "refund", "document": "3", "date": "2026-09-03", "of": "1", "goods": "100", "rows": [{ "row": 1, "net": "100.00", "amount": "8.10" }] },
    ])
}

#[test]
fn the_swiss_file_has_turnover_by_rate_and_what_is_payable() {
    let definitions = all();
    let made = made(&definitions, "ch.mailorder", "2026-Q3", &swiss_events());
    let file = published(&definitions["ch.mailorder"], &made, &particulars()).unwrap();
    assert_eq!(
        (file.file_name.as_str(), file.shape.media_type()),
        ("ch.mailorder_2026-07_2026-09.xml", "application/xml")
    );
    compared("ech_0217.xml", &file.text);
    assert_eq!(
        file.told[0],
        "Boxes 289, 299, 399, 479 are not in the file: they are sums, and the portal makes them itself."
    );
    // 900.00 at 8.1 % and 55.55 at 2.6 % are 74.3443; what was collected of the second sale was rounded up.
    assert_eq!(
        file.told[1],
        "The tax of each rate is not in the file: the portal works it out and comes to 74.34 CHF, and what was collected to 74.35 CHF; compare before you send it."
    );
    let payable = file.text.split_once("payableTax>").unwrap().1.split_once('<').unwrap().0;
    assert_eq!(payable.parse::<Decimal>().ok(), made.owed);
}

/// What is wrong, by the place in the file.
fn unfit(definition: &Definition, made: &Return, given: &Particulars) -> Vec<(String, String)> {
    match published(definition, made, given) {
        Err(Refused::Unfit(faults)) => faults.into_iter().map(|fault| (fault.at, fault.says)).collect(),
        other => panic!("{other:?}"),
    }
}

type Spoil = fn(&mut Return, &mut Particulars);

#[test]
fn what_a_shape_does_not_take_is_refused_with_its_place() {
    let definitions = in_pounds();
    let refund = json!([
        registration("eu.ioss", "IM9000000017", "2026-01-01", Some("XI")),
        sale("eu.ioss", "1", "2026-10-01", "DE", "GBP", "19 %", "standard", "100.00", "19.00"),
    ]);
    let import = made(&definitions, "eu.ioss", "2026-10", &refund);
    let union = made(&definitions, "eu.oss", "2026-Q3", &union_events());
    let vat = made(&definitions, "gb.supplyvat", "2026-Q3", &vat_events(&[]));
    let swiss = made(&definitions, "ch.mailorder", "2026-Q3", &swiss_events());
    let table: &[(&Return, Spoil, &str, &str)] = &[
        (
            &import,
            |made, _| made.currency = "EUR".into(),
            "currency",
            "amounts in GBP alone, and this return is in EUR",
        ),
        (&import, |made, _| made.member_state = Some("IE".into()), "member_state", "the registration is in IE"),
        (&import, |made, _| made.member_state = None, "member_state", "record the registration with its member state"),
        (&import, |made, _| made.number = Some("IM12".into()), "number", "\"IM12\" is no IOSS number"),
        (&import, |made, _| made.number = None, "number", "record the registration"),
        (
            &import,
            |made, _| made.period = "2026-Q4".parse().unwrap(),
            "period",
            "single months from 2021 on, not 2026-10/2026-12",
        ),
        (&import, |made, _| made.period = "2020-10".parse().unwrap(), "period", "from 2021 on"),
        (&import, |_, given| given.registration_changed = None, "changeDate", "last changed"),
        (
            &import,
            |_, given| {
                given.intermediary =
                    Some(Intermediary { number: "IM1".into(), issued_by: "Ireland".into(), changed: given.at })
            },
            "intermediary.intNumber",
            "IN and ten digits",
        ),
        (
            &import,
            |made, _| made.rows[0].tax = Some(Decimal::from_int(-19)),
            "rows of DE, 19 % standard",
            "only rows above zero",
        ),
        (
            &import,
            |made, _| made.rows[0].net = Some(Decimal::ZERO),
            "rows of DE, 19 % standard",
            "only rows above zero",
        ),
        (
            &import,
            |made, _| made.rows[0].net = Some("0.001".parse().unwrap()),
            "rows of DE, 19 % standard",
            "more than two decimals",
        ),
        (&import, |made, _| made.rows[0].key.rate = None, "rows of DE, no rate standard", "with their rate"),
        (&import, |made, _| made.rows[0].key.rate_type = None, "rows of DE, 19 %", "standard or a reduced one"),
        (
            &import,
            |made, _| made.rows[0].key.member_state = Some("ES-CN".into()),
            "rows of ES-CN",
            "not two capital letters",
        ),
        (&import, |made, _| made.states[0].balance = Decimal::ONE, "rows of DE", "the return says 1"),
        (&import, |made, _| made.owed = Some(Decimal::ONE), "owed", "come to 19 GBP, and the return says 1"),
        (&union, |made, _| made.number = Some("XI1".into()), "number", "nine digits"),
        (&union, |made, _| made.period = "2026-08/2026-10".parse().unwrap(), "period", "quarters of the calendar"),
        (&union, |made, _| made.rows[0].key.dispatched_from = None, "rows of DE", "from where its goods were sent"),
        (
            &union,
            |_, given| _ = given.establishments.insert("FR".into(), TraderNumber::Vat("fr 1".into())),
            "goods from FR",
            "\"fr 1\" is no VAT number",
        ),
        (&vat, |_, given| given.period_key = None, "periodKey", "cannot be made up"),
        (&vat, |_, given| given.period_key = Some("2026-Q3".into()), "periodKey", "\"2026-Q3\" is no key"),
        (&vat, |_, given| given.is_final = false, "finalised", "NOT_FINALISED"),
        (&vat, |made, _| made.boxes[5].value = Some("10.5".parse().unwrap()), "box 6", "whole pounds"),
        (&vat, |made, _| made.boxes[0].value = Some("10.555".parse().unwrap()), "box 1", "more than two decimals"),
        (&vat, |made, _| made.boxes[2].value = Some(Decimal::ONE), "box 3", "VAT_TOTAL_VALUE"),
        (&vat, |made, _| made.boxes[4].value = Some(Decimal::ONE), "box 5", "VAT_NET_VALUE"),
        (
            &vat,
            |made, _| made.boxes[6].value = Some(Decimal::from_int(10_000_000_000_000)),
            "box 7",
            "beyond 9999999999999",
        ),
        (
            &vat,
            |made, _| made.boxes[4].value = Some(Decimal::from_int(100_000_000_000)),
            "box 5",
            "beyond 99999999999.99",
        ),
        (&vat, |made, _| _ = made.boxes.remove(8), "box 9", "does not have this one"),
        (&vat, |made, _| made.number = Some("GB12".into()), "number", "nine digits"),
        (&vat, |made, _| made.boxes[8].key = "10".into(), "box 9", "does not have this one"),
        (&swiss, |_, given| given.organisation = None, "organisationName", "name of the business"),
        (&swiss, |_, given| given.reporting = None, "formOfReporting", "agreed or when received"),
        (&swiss, |_, given| given.reference = Some("x".repeat(51)), "businessReferenceId", "at most 50"),
        (&swiss, |_, given| given.organisation = Some("a\u{1}".into()), "organisationName", "that can be seen"),
        (&swiss, |made, _| made.number = Some("CHE-016.281.710".into()), "uid", "CHE and nine digits"),
        (&swiss, |made, _| made.number = Some("CHE-116.281.710 VAT".into()), "uid", "CHE and nine digits"),
        (&swiss, |made, _| made.boxes[9].value = Some(Decimal::ONE), "box 299", "some sales have another rate or none"),
        (&swiss, |made, _| made.boxes[6].value = Some(Decimal::ONE), "box 280", "has no place in the shape"),
    ];
    for (right, spoil, at, says) in table {
        let rules = &definitions[&right.scheme];
        assert!(published(rules, right, &particulars()).is_ok(), "{}", right.scheme);
        let (mut wrong, mut given) = ((*right).clone(), particulars());
        spoil(&mut wrong, &mut given);
        let found = unfit(rules, &wrong, &given);
        assert!(found.iter().any(|(where_, what)| where_ == at && what.contains(says)), "{at}: {says}: {found:?}");
    }
}

#[test]
fn what_is_not_known_is_not_written() {
    let definitions = all();
    let events = json!([
        registration("ch.mailorder", "CHE116281710", "2026-01-01", None),
        sale("ch.mailorder", "1", "2026-07-02", "CH", "EUR", "8.1 %", "standard", "1000.00", "81.00"),
    ]);
    let open = made(&definitions, "ch.mailorder", "2026-Q3", &events);
    assert_eq!(open.owed, None);
    let refused = published(&definitions["ch.mailorder"], &open, &particulars()).unwrap_err();
    assert!(
        refused.to_string().starts_with("the return is not complete: there is no rate of EUR for 2026-07-01: "),
        "{refused}"
    );
    assert_eq!(figures(&open, Vec::new()), Err(refused));
    // The document itself says what is missing.
    let text: Value = serde_json::from_str(&document(&open).unwrap()).unwrap();
    assert_eq!((&text["missing"][0]["currency"], &text["owed"]), (&json!("EUR"), &Value::Null));
    let other = published(&definitions["nz.ovr"], &open, &particulars()).unwrap_err();
    assert_eq!(other, Refused::OtherScheme { made: "ch.mailorder".into(), rules: "nz.ovr".into() });
    let none = Shape::of(&definitions["nz.ovr"]).unwrap_err();
    assert_eq!(none, Refused::NoShape("nz.ovr".into()));
    let unknown = "hmrc-xml".parse::<Shape>().unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "\"hmrc-xml\" is no shape that is written here; known are hmrc-ioss-json, hmrc-oss-json, hmrc-vat-mtd-json, ech-0217"
    );
}

#[test]
fn every_shape_of_the_data_is_written_here() {
    for definition in all().values().filter(|definition| definition.export.is_some()) {
        assert!(Shape::of(definition).is_ok(), "{}", definition.scheme.key);
    }
}

#[test]
fn tables_are_for_spreadsheets_and_accountants() {
    let definitions = in_pounds();
    let mut events = import_events();
    events.as_array_mut().unwrap().push(sale(
        "eu.ioss",
        "=1+1,\"x\"",
        "2026-10-31",
        "DE",
        "GBP",
        "19 %",
        "standard",
        "10",
        "1.9",
    ));
    let ledger = ledger(&definitions, &events);
    let made = drafted(&ledger, &definitions["eu.ioss"], "2026-10".parse().unwrap());
    let mut table = Vec::new();
    figures(&made, &mut table).unwrap();
    compared("figures.csv", &String::from_utf8(table).unwrap());
    let lines: Vec<&TaxLine> = ledger.tax().iter().filter(|line| line.declared == Some(made.period)).collect();
    let mut table = Vec::new();
    sales(lines, &mut table).unwrap();
    compared("sales.csv", &String::from_utf8(table).unwrap());
    let boxes = self::made(&definitions, "gb.supplyvat", "2026-Q3", &vat_events(&[]));
    let mut table = Vec::new();
    figures(&boxes, &mut table).unwrap();
    compared("boxes.csv", &String::from_utf8(table).unwrap());
    // The document is the return, all of it.
    let text: Value = serde_json::from_str(&document(&made).unwrap()).unwrap();
    assert_eq!(text, serde_json::to_value(&made).unwrap());
}

fn column<'a>(rows: &'a [csv::StringRecord], figure: &str, at: usize) -> Vec<&'a str> {
    rows.iter().filter(|row| &row[6] == figure).map(|row| &row[at]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn totals_of_every_export_are_those_of_the_return(
        sold in proptest::collection::vec((0usize..4, 1i64..100_000, 0i64..20_000, 1i8..29, any::<bool>()), 0..12),
    ) {
        let definitions = in_pounds();
        let cents = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let mut events = vec![registration("eu.ioss", "IM9000000017", "2026-09-01", Some("XI"))];
        for (n, (state, net, tax, day, _)) in sold.iter().enumerate() {
            let (state, rate, kind) = [("DE", "19 %", "standard"), ("DE", "7 %", "reduced"), ("GR", "24 %", "standard"), ("FR", "20 %", "standard")][*state];
            events.push(sale("eu.ioss", &n.to_string(), &format!("2026-09-{day:02}"), state, "GBP", rate, kind, &cents(*net), &cents(*tax)));
        }
        let before = made(&definitions, "eu.ioss", "2026-09", &Value::Array(events.clone()));
        events.push(json!({ "kind": "return", "document": "9", "scheme": "eu.ioss", "period": "2026-09", "date": "2026-10-01",
            "owed": before.owed, "currency": "GBP", "sha256": "" }));
        for (n, _) in sold.iter().enumerate().filter(|(_, one)| one.4) {
            events.push(json!({ "kind": "refund", "document": format!("b{n}"), "date": "2026-10-10", "of": n.to_string(), "all": true }));
        }
        events.push(sale("eu.ioss", "last", "2026-10-31", "FR", "GBP", "20 %", "standard", "10.00", "2.00"));
        let after = made(&definitions, "eu.ioss", "2026-10", &Value::Array(events));
        for made in [before, after] {
            let file: Published = published(&definitions["eu.ioss"], &made, &particulars()).unwrap();
            is_core_return(&file.text);
            let core: Core = serde_json::from_str(&file.text).unwrap();
            prop_assert_eq!(Some(self::cents(&core.total)), made.owed);
            let below = core.states.iter().map(|state| self::cents(&state.balance)).filter(|one| one.is_negative());
            prop_assert_eq!(Decimal::ZERO.minus(sum(below)).unwrap(), made.back);
            let mut table = Vec::new();
            figures(&made, &mut table).unwrap();
            let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(table.as_slice()).records().collect::<Result<_, _>>().unwrap();
            let total = |figure: &str, at: usize| sum(column(&rows, figure, at).iter().map(|cell| cell.parse().unwrap()));
            let tax = sum([total("row", 15), total("correction", 15)]);
            prop_assert_eq!(tax, sum(made.states.iter().map(|state| state.balance)));
            prop_assert_eq!(total("balance", 16), tax);
            prop_assert_eq!(Some(total("owed", 16)), made.owed);
            prop_assert_eq!(total("back", 16), made.back);
        }
    }
}
