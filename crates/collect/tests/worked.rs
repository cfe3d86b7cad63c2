//! Worked examples of authorities: `data/returns/cases/`, one file a scheme.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use jiff::civil::Date;
use serde_json::Value;
use tidewaiter::Decimal;
use tidewaiter_collect::checkout::{Checkout, Terms};
use tidewaiter_collect::definition::{Percent, Sum};
use tidewaiter_collect::draft::{Collected, Rates, Return, draft};
use tidewaiter_collect::event::Event;
use tidewaiter_collect::export::{Particulars, published};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::ledger::{Definitions, Ledger};
use tidewaiter_collect::{Definition, Period};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

fn day(value: &Value) -> Date {
    text(value).parse().unwrap()
}

fn number(value: &Value) -> Decimal {
    text(value).parse().unwrap()
}

fn period(value: &Value) -> Period {
    text(value).parse().unwrap()
}

#[test]
fn examples_of_the_authorities_hold() {
    let definitions = all();
    let (mut run, mut wait, mut wrong) = (0, 0, Vec::new());
    for (key, definition) in &definitions {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../data/returns/cases/{key}.toml"));
        let file: Value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in list(&file["case"]) {
            assert!(case["citation"]["publisher"].is_string() && case["words"].is_string(), "{key}: {}", case["name"]);
            let Some(check) = case["check"].as_str() else {
                assert!(case["waits_for"].is_string(), "{key}: {} neither runs nor waits", case["name"]);
                wait += 1;
                continue;
            };
            run += 1;
            if let Err(says) = holds(&definitions, definition, check, &case["given"], &case["expect"]) {
                wrong.push(format!("{key}: {}: {says}", case["name"]));
            }
        }
    }
    println!("{run} examples run, {wait} wait");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(run >= 107, "only {run}");
    assert!(wait <= 5, "{wait} wait");
}

fn holds(
    definitions: &Definitions,
    definition: &Definition,
    check: &str,
    given: &Value,
    expect: &Value,
) -> Result<(), String> {
    let same = |got: String, want: &str| if got == want { Ok(()) } else { Err(format!("{got} instead of {want}")) };
    match check {
        "due" => {
            for (n, one) in list(&given["periods"]).iter().enumerate() {
                same(definition.return_due(period(one)).to_string(), text(&expect["due"][n]))?;
                if let Some(pay_by) = expect["pay_by"].get(n) {
                    same(definition.payment_due(period(one)).to_string(), text(pay_by))?;
                }
            }
            Ok(())
        }
        "last correction" => {
            let last = day(&expect["day"]);
            let of = period(&given["period"]);
            let found = definition.last_correction(of).ok_or("no limit")?;
            same(found.to_string(), &last.to_string())
        }
        "rate day" => {
            let wanted = day(&expect["day"]);
            let rule = &definition.currency.rate;
            let own = period(&given["period"]).last();
            let rates = Rates::new(tidewaiter_data::ratebook(), &[]);
            match rates.find(&definition.scheme.key, rule, "USD", &definition.currency.is, own) {
                Ok(taken) => same(taken.day.to_string(), &wanted.to_string()),
                // A day of which no rate is known here: then it must be said.
                Err(none) => {
                    let series = tidewaiter_data::ratebook().series();
                    let known = series.iter().find(|one| Some(&one.key) == rule.series.as_ref());
                    let is_known = known.and_then(|one| Some((one.first?..=one.last?).contains(&own)));
                    if is_known == Some(false) && none.wanted == own { Ok(()) } else { Err(none.says) }
                }
            }
        }
        "reference" => same(
            definition
                .payment_reference(text(&given["number"]), given["member_state"].as_str(), period(&given["period"]))
                .unwrap_or_default(),
            text(&expect["reference"]),
        ),
        "return reference" => same(
            definition
                .return_reference(text(&given["number"]), given["member_state"].as_str(), period(&given["period"]))
                .unwrap_or_default(),
            text(&expect["reference"]),
        ),
        "round" => {
            let own = given["box"].as_str().and_then(|key| definition.boxes.iter().find(|one| one.key == key)?.round);
            let rounding = own.unwrap_or(definition.rounding.is);
            for (n, one) in list(&given["exact"]).iter().enumerate() {
                let exact: Decimal = text(one).parse().unwrap();
                same(
                    rounding.apply(exact).unwrap().to_string(),
                    &text(&expect["rounded"][n]).parse::<Decimal>().unwrap().to_string(),
                )?;
            }
            Ok(())
        }
        "number" => {
            let all = identifiers();
            for (list_of, valid) in [("valid", true), ("invalid", false)] {
                for one in given[list_of].as_array().into_iter().flatten() {
                    let verdict = all.look(text(&given["identifier"]), text(one)).ok_or("no such identifier")?;
                    if verdict.valid != valid {
                        return Err(format!("{one}: {verdict:?}"));
                    }
                }
            }
            Ok(())
        }
        "returns" => returns(definitions, definition, given, expect),
        "last lowering" => {
            let sent = day(&given["return_lodged"]);
            let last = definition.last_lowering(sent).ok_or("no such rule")?;
            same(last.to_string(), text(&expect["last_day"]))
        }
        "reminder" => {
            let of = period(&given["period"]);
            same(definition.return_due(of).to_string(), text(&given["due"]))?;
            same(definition.reminder(of).ok_or("no reminder")?.to_string(), text(&expect["reminder"]))
        }
        "joining" => same(
            definition.joins(day(&given["first_sale"]), day(&given["applied"])).ok_or("no such rule")?.to_string(),
            text(&expect["applies_from"]),
        ),
        "leaving" => {
            same(definition.leaves(day(&given["told"])).ok_or("no such rule")?.to_string(), text(&expect["ends"]))
        }
        "number until" => same(
            definition.number_until(day(&given["excluded_from"])).ok_or("no such rule")?.to_string(),
            text(&expect["number_valid_until_at_most"]),
        ),
        "payment day" => {
            for (n, end) in list(&given["period_ends"]).iter().enumerate() {
                let of = definition.period.of(day(end), day(end)).unwrap();
                assert_eq!(of.last(), day(end));
                let by = definition.payment.by.as_ref().ok_or("no day of its own")?.of(of);
                same(by.to_string(), text(&expect["sixtieth_day"][n]))?;
                same(definition.payment_due(of).to_string(), &by.min(definition.return_due(of)).to_string())?;
            }
            Ok(())
        }
        "year" => {
            let year: Period = format!("{0}-01/{0}-12", given["year"]).parse().unwrap();
            let parts: Vec<String> = definition.instalments(year).iter().map(ToString::to_string).collect();
            same(parts.join(" "), &list(&expect["instalments"]).iter().map(text).collect::<Vec<_>>().join(" "))?;
            same(definition.return_due(year).to_string(), text(&expect["due"]))?;
            same(definition.payment_due(year).to_string(), text(&expect["due"]))
        }
        "year end" => {
            let end = day(&given["business_year_end"]);
            let year = Period::beginning(end.first_of_month().checked_sub(jiff::Span::new().months(11)).unwrap(), 12);
            let (by, reference) = definition.year_end("CHE", None, year.unwrap()).ok_or("no such rule")?;
            same(by.to_string(), text(&expect["final_after"]))?;
            same(reference.unwrap_or_default(), &format!("CHE {}", text(&expect["reference_suffix"])))
        }
        "payment fields" => {
            let end = day(&given["period_end"]);
            let of = definition.period.of(end, end).unwrap();
            assert_eq!(of.last(), end);
            let fields = definition.payment_fields(text(&given["number"]), None, of);
            let want = expect.as_object().unwrap();
            assert_eq!(fields.len(), want.len());
            fields.into_iter().try_for_each(|(name, found)| same(found, text(&want[name])))
        }
        "tax in a price" => {
            let gross = number(given.get("gross").unwrap_or(&given["box7"]));
            let tax = definition.rounding.is.apply(rate_of(definition).within(gross).unwrap()).unwrap();
            same(tax.to_string(), &number(expect.get("tax").unwrap_or(&expect["box8"])).to_string())?;
            match expect.get("net") {
                Some(net) => same(gross.minus(tax).unwrap().to_string(), &number(net).to_string()),
                None => Ok(()),
            }
        }
        "tax of amounts" => {
            for (n, amount) in list(&given["turnover"]).iter().enumerate() {
                let rate: Percent = text(&given["rate"][n]).parse().unwrap();
                let tax = definition.rounding.is.apply(rate.of(number(amount)).unwrap()).unwrap();
                same(tax.to_string(), &number(&expect["tax"][n]).to_string())?;
            }
            Ok(())
        }
        "lines or sum" => {
            let rate: Percent = text(&given["rate"]).parse().unwrap();
            let round = |amount: Decimal| definition.rounding.is.apply(rate.of(amount).unwrap()).unwrap();
            let (mut by_line, mut sum) = (Decimal::ZERO, Decimal::ZERO);
            for line in list(&given["lines"]) {
                by_line = by_line.plus(round(number(line))).unwrap();
                sum = sum.plus(number(line)).unwrap();
            }
            same(by_line.to_string(), &number(&expect["by_line"]).to_string())?;
            same(round(sum).to_string(), &number(&expect["by_invoice"]).to_string())
        }
        "late tax" => {
            for (n, days) in list(&given["days_late"]).iter().enumerate() {
                let days = u16::try_from(days.as_u64().unwrap()).unwrap();
                let found = definition.late_tax(number(&given["tax"]), days).unwrap().ok_or("no such rule")?;
                same(found.to_string(), &number(&expect["penalty"][n]).to_string())?;
            }
            Ok(())
        }
        "penalty" => penalty(definitions, definition, given, expect),
        "correction limit" => limit(definition, given, expect),
        "boxes" => boxes(definition, given, expect),
        "quote" => quoted(definition, given, expect),
        other => Err(format!("no check \"{other}\"")),
    }
}

/// The one rate of the boxes of tax.
fn rate_of(definition: &Definition) -> Percent {
    let is_tax = |one: &&tidewaiter_collect::definition::BoxRule| {
        use tidewaiter_collect::definition::Figure;
        matches!(one.is, Figure::Sum(Sum::Tax) | Figure::Within(_)) && one.rate.is_some()
    };
    let rates: std::collections::BTreeSet<_> =
        definition.boxes.iter().filter(is_tax).filter_map(|one| one.rate).collect();
    assert_eq!(rates.len(), 1, "{rates:?}");
    *rates.first().unwrap()
}

/// Whether errors may go into a later return: those of the case, added up with their signs.
fn limit(definition: &Definition, given: &Value, expect: &Value) -> Result<(), String> {
    let rule = &definition.corrections;
    let of = |key: &str| given.get(key).map_or(Decimal::ZERO, number);
    let more = ["net_error", "tax_in_error", "output_underpaid", "debit_errors", "omitted_output_tax"];
    let less = ["input_underclaimed", "credit_errors", "omitted_input_tax"];
    let net = more.iter().fold(Decimal::ZERO, |sum, key| sum.plus(of(key)).unwrap());
    let net = less.iter().fold(net, |sum, key| sum.minus(of(key)).unwrap());
    assert!(!net.is_zero(), "the case says no error: {given}");
    if let Some(want) = expect.get("net_error").or(expect.get("net"))
        && net != number(want)
    {
        return Err(format!("{net} instead of {want}"));
    }
    let figure = given.get("box6").or(given.get("output_tax")).map(number);
    if let Some(want) = expect.get("limit") {
        let found = rule.limit(figure).unwrap().ok_or("no limit")?;
        if found != number(want) {
            return Err(format!("{found} instead of {want}"));
        }
    }
    if let Some(want) = expect.get("threshold") {
        let share = rule.limit_share.as_ref().ok_or("no share")?;
        let part = share.rate.of(figure.unwrap()).unwrap();
        let found = share.at_most.map_or(part, |most| part.min(most));
        if found != number(want) {
            return Err(format!("{found} instead of {want}"));
        }
    }
    let keys = ["may_go_in_return", "in_next_return", "all_in_later_return", "within_3000"];
    let want = keys.iter().find_map(|key| expect.get(key)).and_then(Value::as_bool).unwrap();
    let found = rule.takes(net, figure).unwrap();
    if found == want { Ok(()) } else { Err(format!("{found} instead of {want} for {net}")) }
}

/// Boxes that are given, the others made of them, and what the shape of the authority says of the last.
fn boxes(definition: &Definition, given: &Value, expect: &Value) -> Result<(), String> {
    let any: Period = "2026-01/2026-03".parse().unwrap();
    let rates = Rates::new(tidewaiter_data::ratebook(), &[]);
    let mut made = draft(definition, None, &Collected::default(), &rates, any).unwrap();
    let mut values = std::collections::BTreeMap::new();
    for (rule, one) in definition.boxes.iter().zip(&mut made.boxes) {
        let is = given.get(format!("box{}", rule.key)).map(number);
        let found = is.or_else(|| rule.is.of_boxes(&values).unwrap()).unwrap_or_default();
        one.value = Some(found);
        values.insert(rule.key.as_str(), Some(found));
    }
    made.owed = values["5"];
    made.number = Some("123456789".into());
    let particulars =
        Particulars { period_key: Some("18A1".into()), is_final: true, ..Particulars::at(jiff::Timestamp::UNIX_EPOCH) };
    let written = published(definition, &made, &particulars).map_err(|refused| refused.to_string())?;
    let body: Value = serde_json::from_str(&written.text).unwrap();
    for (field, key) in [("totalVatDue", "box3"), ("netVatDue", "box5")] {
        let found: Decimal = body[field].to_string().parse().unwrap();
        if found != number(&expect[key]) {
            return Err(format!("{key}: {found} instead of {}", expect[key]));
        }
    }
    let reclaims = written.told.iter().any(|told| told.contains("reclaim"));
    if expect["reclaim"].as_bool() == Some(reclaims) { Ok(()) } else { Err(format!("{:?}", written.told)) }
}

/// What the checkout collects on goods with delivery.
fn quoted(definition: &Definition, given: &Value, expect: &Value) -> Result<(), String> {
    let to = &definition.scheme.territory;
    let date: Date = "2026-06-01".parse().unwrap();
    let asked = serde_json::from_value(serde_json::json!({
        "from": "CN", "to": to, "date": date, "currency": given["currency"], "freight": given["shipping"], "channel": "post",
        "seller": { "registrations": [definition.scheme.key] },
        "items": [{ "code": "610910", "origin": "CN", "quantity": 1, "price": given["goods"], "duty_rate": "0" }],
    }))
    .map_err(|error| error.to_string())?;
    let quote = tidewaiter_data::ratebook().quote(&asked).map_err(|error| error.to_string())?;
    let sale =
        Checkout::new(tidewaiter_data::ratebook()).sale("A", date, Terms::Dap, &quote).map_err(|e| e.to_string())?;
    let own: Vec<_> = sale.rows.iter().filter(|row| row.scheme.as_ref() == Some(&definition.scheme.key)).collect();
    if own.is_empty() == (expect["low_value"] == true) {
        return Err(format!("{:?}", sale.rows));
    }
    let sum = |of: fn(&tidewaiter_collect::event::Row) -> Decimal| {
        own.iter().fold(Decimal::ZERO, |sum, row| sum.plus(of(row)).unwrap())
    };
    let (net, tax) = (sum(|row| row.net), sum(|row| row.amount));
    if (net, tax) == (number(&expect["tax_base"]), number(&expect["tax"])) {
        Ok(())
    } else {
        Err(format!("{tax} on {net}"))
    }
}

/// A penalty on an estimate, recorded as it was asked for, and what is left of it when the tax is declared.
fn penalty(definitions: &Definitions, definition: &Definition, given: &Value, expect: &Value) -> Result<(), String> {
    let scheme = &definition.scheme.key;
    let end = day(&given["period_end"]);
    let of = definition.period.of(end, end).unwrap();
    assert_eq!((of.last(), definition.return_due(of)), (end, day(&given["due"])));
    let late = |tax: &Value, until: Date| {
        let days = until.since(day(&given["due"])).unwrap().get_days();
        definition.late_tax(number(tax), u16::try_from(days).unwrap()).unwrap().ok_or("no such rule".to_owned())
    };
    let declared_on = day(&given["declared_on"]);
    let on_estimate = late(&given["estimated_tax"], declared_on)?;
    let at_last = late(&given["declared_tax"], declared_on)?;
    if (on_estimate, at_last) != (number(&expect["penalty_on_estimate"]), number(&expect["penalty_final"])) {
        return Err(format!("{on_estimate}, {at_last}"));
    }
    let mut ledger = Ledger::new(definitions);
    let currency = &definition.currency.is;
    let claim = |document: &str, amount: Decimal| {
        serde_json::json!({ "kind": "claim", "document": document, "date": declared_on, "scheme": scheme, "period": of,
            "what": "penalty", "amount": amount, "currency": currency })
    };
    let filed = serde_json::json!({ "kind": "return", "document": "1", "scheme": scheme, "period": of, "date": declared_on,
        "owed": given["declared_tax"], "currency": currency, "sha256": "0".repeat(64) });
    for event in [filed, claim("N1", on_estimate), claim("N2", at_last.minus(on_estimate).unwrap())] {
        ledger
            .append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_value(event).unwrap())
            .map_err(|refused| refused.to_string())?;
    }
    let account = tidewaiter_collect::ledger::Account::Owed { scheme: scheme.clone(), period: of };
    let owed = Decimal::ZERO.minus(ledger.balances()[&(account, currency.clone())]).unwrap();
    let want = number(&given["declared_tax"]).plus(number(&expect["penalty_final"])).unwrap();
    if owed == want { Ok(()) } else { Err(format!("{owed} is owed instead of {want}")) }
}

/// Records events, and drafts every return that is expected.
fn returns(definitions: &Definitions, definition: &Definition, given: &Value, expect: &Value) -> Result<(), String> {
    let mut ledger = Ledger::new(definitions);
    for event in list(&given["events"]) {
        let event: Event = serde_json::from_value(event.clone()).map_err(|error| format!("{error}: {event}"))?;
        ledger.append(jiff::Timestamp::UNIX_EPOCH, event).map_err(|refused| refused.to_string())?;
    }
    for want in list(&expect["returns"]) {
        let mut want = want.as_object().unwrap().clone();
        let of = period(&want["period"]);
        let made = match want.get("amends") {
            Some(document) => amending(&ledger, definition, of, text(document)),
            None => drafted(&ledger, definition, of),
        };
        if let Some(word) = want.remove("no_warning_of")
            && let Some(warning) = made.warnings.iter().find(|one| one.contains(text(&word)))
        {
            return Err(warning.clone());
        }
        if let Some(word) = want.remove("warning_of")
            && !made.warnings.iter().any(|one| one.contains(text(&word)))
        {
            return Err(format!("no warning of {word}: {:?}", made.warnings));
        }
        if let Some(together) = want.remove("together") {
            let first = drafted(&ledger, definition, of);
            for (key, want) in together.as_object().unwrap() {
                let value = |made: &Return| made.boxes.iter().find(|one| one.key == *key).unwrap().value.unwrap();
                let sum = value(&first).plus(value(&made)).unwrap();
                if sum != number(want) {
                    return Err(format!("{key}: {sum} instead of {want} together"));
                }
            }
        }
        let got = serde_json::to_value(&made).unwrap();
        within(&got, &Value::Object(want), "return")?;
    }
    Ok(())
}

/// The amendment of a return that was sent.
pub(crate) fn amending(ledger: &Ledger<'_>, definition: &Definition, period: Period, document: &str) -> Return {
    let scheme = &definition.scheme.key;
    let rates = Rates::new(tidewaiter_data::ratebook(), &[]);
    let registration = ledger.past().registration(scheme);
    let since = ledger.amended(scheme, period);
    let collected = Collected::amending(definition, registration, ledger.tax(), period, since).unwrap();
    draft(definition, registration, &collected, &rates, period).unwrap().amending(definition, document)
}

pub(crate) fn drafted(ledger: &Ledger<'_>, definition: &Definition, period: Period) -> Return {
    let noted: Vec<_> = ledger
        .entries()
        .iter()
        .filter_map(|entry| if let Event::Rate(rate) = &entry.event { Some(rate.clone()) } else { None })
        .collect();
    let rates = Rates::new(tidewaiter_data::ratebook(), &noted);
    let registration = ledger.past().registration(&definition.scheme.key);
    let collected = Collected::of(definition, registration, ledger.tax(), period).unwrap();
    draft(definition, registration, &collected, &rates, period).unwrap()
}

/// Everything that is expected stands there; lists have the same length. Boxes are told by their keys.
fn within(got: &Value, want: &Value, at: &str) -> Result<(), String> {
    match want {
        Value::Object(fields) if at.ends_with(".boxes") => fields.iter().try_for_each(|(key, want)| {
            let found = list(got).iter().find(|one| one["key"] == **key).ok_or_else(|| format!("{at} has no {key}"))?;
            within(&found["value"], want, &format!("{at}.{key}"))
        }),
        Value::Object(fields) => {
            fields.iter().try_for_each(|(key, want)| within(&got[key], want, &format!("{at}.{key}")))
        }
        Value::Array(all) => {
            let found = got.as_array().map(Vec::as_slice).unwrap_or_default();
            if found.len() != all.len() {
                return Err(format!("{at}: {} instead of {}: {got}", found.len(), all.len()));
            }
            all.iter().zip(found).enumerate().try_for_each(|(n, (want, got))| within(got, want, &format!("{at}[{n}]")))
        }
        Value::String(text) if text == "nothing" => {
            if got.is_null() {
                Ok(())
            } else {
                Err(format!("{at}: {got} instead of nothing"))
            }
        }
        _ if got == want => Ok(()),
        _ => Err(format!("{at}: {got} instead of {want}")),
    }
}

pub(crate) fn identifiers() -> Identifiers {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/identifiers.toml");
    Identifiers::read(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Tax at a rate for which a return has no box is never lost in silence: what is owed cannot be told until the sale is put right.
#[test]
fn tax_that_no_box_counts_is_told() {
    let definitions = all();
    let mut ledger = Ledger::new(&definitions);
    let mut take = |text: &str| {
        ledger.append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_str(text).unwrap()).unwrap();
    };
    take(r#"{"kind":"registration","document":"r","scheme":"au.lvig","number":"300012345678","from":"2026-07-01"}"#);
    let sale = |document: &str, rate: &str, tax: &str| {
        format!(
            r#"{{"kind":"sale","document":"{document}","date":"2026-07-03","to":"AU","currency":"AUD","goods":"100","rows":[{{"charge":"au.gst","scheme":"au.lvig"{rate},"net":"100","amount":"{tax}"}}]}}"#
        )
    };
    take(&sale("A-1", r#","rate":"10 %""#, "10"));
    take(&sale("A-2", r#","rate":"9 %""#, "9"));
    take(&sale("A-3", "", "8"));
    let definition = &definitions["au.lvig"];
    let made = drafted(&ledger, definition, "2026-Q3".parse().unwrap());
    let told: Vec<_> = made
        .uncounted
        .iter()
        .map(|one| (one.rate.map(|rate| rate.to_string()), one.tax.to_string(), one.lines))
        .collect();
    assert_eq!(told, [(None, "8".to_owned(), 1), (Some("9 %".to_owned()), "9".to_owned(), 1)]);
    assert_eq!(made.owed, None);
    assert!(made.warnings.iter().any(|says| says.contains("AUD 9.00 at 9 %")), "{:?}", made.warnings);
    assert_eq!(made.why_not().len(), 2);
}

/// A refund that no box holds is never lost in silence, also in a return that somebody describes so.
#[test]
fn refunds_that_no_box_counts_are_told() {
    let mut definitions = all();
    let rules = definitions.get_mut("no.voec").unwrap();
    for one in &mut rules.boxes {
        one.of = tidewaiter_collect::definition::Of::Sales;
    }
    let mut ledger = Ledger::new(&definitions);
    for text in [
        r#"{"kind":"registration","document":"r","scheme":"no.voec","number":"2012345","from":"2026-07-01"}"#,
        r#"{"kind":"sale","document":"A","date":"2026-08-10","to":"NO","currency":"NOK","goods":"1000","rows":[{"charge":"no.vat","scheme":"no.voec","rate":"25 %","net":"1000","amount":"250"}]}"#,
        r#"{"kind":"refund","document":"B","of":"A","date":"2026-09-12","all":true}"#,
    ] {
        ledger.append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_str(text).unwrap()).unwrap();
    }
    let made = drafted(&ledger, &definitions["no.voec"], "2026-Q3".parse().unwrap());
    assert_eq!((made.owed, made.uncounted.len()), (None, 1));
    assert!(
        made.warnings
            .iter()
            .any(|says| says.contains("NOK -250.00 at 25 % (rows: 1) has no box in this return: it went back"))
    );
}

/// What was collected for a period is what is owed for it, down to rounding: nothing is left in `exchange` where nothing was exchanged.
#[test]
fn a_refund_leaves_nothing_in_exchange() {
    let definitions = all();
    let mut ledger = Ledger::new(&definitions);
    let zeros = "0".repeat(64);
    for text in [
        r#"{"kind":"registration","document":"r","scheme":"no.voec","number":"2012345","from":"2026-07-01"}"#.to_owned(),
        r#"{"kind":"sale","document":"A","date":"2026-08-10","to":"NO","currency":"NOK","goods":"1000","rows":[{"charge":"no.vat","scheme":"no.voec","rate":"25 %","net":"1000","amount":"250"}]}"#.to_owned(),
        r#"{"kind":"refund","document":"B","of":"A","date":"2026-10-12","all":true}"#.to_owned(),
    ] {
        ledger.append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_str(&text).unwrap()).unwrap();
    }
    for (period, date) in [("2026-Q3", "2026-10-15"), ("2026-Q4", "2027-01-15")] {
        let made = drafted(&ledger, &definitions["no.voec"], period.parse().unwrap());
        let event = serde_json::json!({ "kind": "return", "document": period, "scheme": "no.voec", "period": period, "date": date,
            "owed": made.owed.unwrap(), "currency": "NOK", "sha256": zeros });
        ledger.append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_value(event).unwrap()).unwrap();
    }
    let exchange = (tidewaiter_collect::ledger::Account::Exchange, "NOK".to_owned());
    assert!(ledger.balances().get(&exchange).copied().unwrap_or_default().is_zero());
}
