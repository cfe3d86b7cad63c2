//! Worked examples of authorities: `data/returns/cases/`, one file a scheme.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use jiff::civil::Date;
use serde_json::Value;
use tidewaiter::Decimal;
use tidewaiter_collect::draft::{Collected, Rates, Return, draft};
use tidewaiter_collect::event::Event;
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
    assert!(run >= 55, "only {run}");
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
                same(definition.due.by.of(period(one)).to_string(), text(&expect["due"][n]))?;
                if let Some(pay_by) = expect["pay_by"].get(n) {
                    same(definition.payment_due(period(one)).to_string(), text(pay_by))?;
                }
            }
            Ok(())
        }
        "last correction" => {
            let last = day(&expect["day"]);
            let of = period(&given["period"]);
            let until = definition.corrections.months.ok_or("no limit")?;
            let found = definition.due.by.of(of).saturating_add(jiff::Span::new().months(i64::from(until)));
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
        other => Err(format!("no check \"{other}\"")),
    }
}

/// Records events, and drafts every return that is expected.
fn returns(definitions: &Definitions, definition: &Definition, given: &Value, expect: &Value) -> Result<(), String> {
    let mut ledger = Ledger::new(definitions);
    for event in list(&given["events"]) {
        let event: Event = serde_json::from_value(event.clone()).map_err(|error| format!("{error}: {event}"))?;
        ledger.append(jiff::Timestamp::UNIX_EPOCH, event).map_err(|refused| refused.to_string())?;
    }
    for want in list(&expect["returns"]) {
        let made = drafted(&ledger, definition, period(&want["period"]));
        let got = serde_json::to_value(&made).unwrap();
        within(&got, want, "return")?;
    }
    Ok(())
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
