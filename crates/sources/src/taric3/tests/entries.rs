//! What records become.

use super::*;

#[test]
fn a_measure_ends_with_its_regulation() {
    let regulation = |end: &str, effective: &str| {
        format!("3 base.regulation 1 R1234560 - - - 2018-01-01 {end} {effective} 1 MLA - - - - - - 0 0 - 1\n")
    };
    for (end, effective, own, before) in [
        ("-", "-", "-", None),
        ("2019-06-30", "-", "-", Some(date(2019, 7, 1))),
        ("2019-06-30", "2019-03-31", "-", Some(date(2019, 4, 1))),
        ("2019-06-30", "-", "2018-12-31", Some(date(2019, 1, 1))),
        ("2019-06-30", "-", "2020-12-31", Some(date(2019, 7, 1))),
    ] {
        let measure = m("5", "103", "1011", "0101210000", ["-", "-", "-", "2018-01-01", own]);
        let (out, _) = entries(&format!("{}{measure}3 measure.component 5 01 11.5 - - -", regulation(end, effective)));
        let [measure] = measures(&out)[..] else { panic!("{out:?}") };
        assert_eq!((measure.from, measure.before), (Some(date(2018, 1, 1)), before), "{end} {effective} {own}");
        assert_eq!((measure.code.as_str(), amount(measure), &measure.origin), ("010121", "11.5 %", &None));
    }
}

#[test]
fn stops_leave_gaps() {
    let measure = m("5", "103", "1011", "0101210000", ALWAYS);
    let part = "3 measure.component 5 01 11.5 - - -\n";
    let stop = "3 measure.partial.temporary.stop 5 2018-03-01 2018-04-30 R9999990 - - - - -\n";
    let (out, _) = entries(&format!("{measure}{part}{stop}"));
    let times: Vec<_> = measures(&out).iter().map(|m| (m.from, m.before)).collect();
    assert_eq!(times, [(Some(date(2018, 1, 1)), Some(date(2018, 3, 1))), (Some(date(2018, 5, 1)), None),]);
    let full = "3 full.temporary.stop.regulation 8 R8888880 - - - 2018-03-01 - - - - - - 0 - 1\n\
                3 fts.regulation.action 8 R8888880 1 R1234560\n";
    let (out, _) = entries(&format!("{measure}{part}{full}"));
    let times: Vec<_> = measures(&out).iter().map(|m| (m.from, m.before)).collect();
    assert_eq!(times, [(Some(date(2018, 1, 1)), Some(date(2018, 3, 1)))]);
    // Stopped, and no record says for how long.
    let (out, account) = entries(&format!("{}{part}", measure.replace(" - - 0 1", " - - 1 1")));
    assert_eq!(measures(&out)[0].outcome, Some(Verdict::Unknown));
    assert_eq!(account.inexpressible["stopped, without the days from and to which"], 1);
}

#[test]
fn companies_have_codes_and_the_rest_has_the_residual_one() {
    let one = |sid: &str, code: &str| m(sid, "552", "CN", "8708702000", ["B", code, "-", "2018-01-01", "-"]);
    let (out, _) = entries(&format!(
        "{}{}{}3 measure.component 1 01 10 - - -\n3 measure.component 2 01 20 - - -\n3 measure.component 3 01 50 - - -\n",
        one("1", "001"),
        one("2", "002"),
        one("3", "999")
    ));
    let said: Vec<_> = measures(&out).into_iter().map(|m| (when(m).unwrap(), amount(m), m.kind)).collect();
    assert_eq!(
        said,
        [
            ("document B001", "10 %", MeasureKind::AntiDumping),
            ("document B002", "20 %", MeasureKind::AntiDumping),
            ("not document B001 and not document B002", "50 %", MeasureKind::AntiDumping),
        ]
    );
    // Too many to except in one condition.
    let many: String = (1..=101).map(|n| one(&n.to_string(), &format!("{n:03}"))).collect();
    let (out, account) = entries(&format!("{many}{}3 measure.component 200 01 50 - - -\n", one("200", "999")));
    assert_eq!(measures(&out).last().unwrap().outcome, Some(Verdict::Unknown));
    assert_eq!(account.inexpressible["too many additional codes to tell the residual one"], 1);
}

#[test]
fn recipes_and_entry_prices_are_named() {
    let measure = m("5", "103", "1011", "1704907500", ALWAYS);
    let (out, account) =
        entries(&format!("{measure}3 measure.component 5 01 9 - - -\n3 measure.component 5 12 - - - -\n"));
    let [measure] = measures(&out)[..] else { panic!("{out:?}") };
    assert_eq!((measure.outcome, &measure.amount), (Some(Verdict::Unknown), &None));
    assert!(measure.says.as_ref().unwrap().contains("Meursing code"));
    assert_eq!(measure.official.as_ref().unwrap().components.len(), 2);
    assert_eq!(account.inexpressible.values().sum::<u64>(), 1);
    let measure = m("5", "142", "MA", "0702000007", ALWAYS);
    let (out, _) = entries(&format!(
        "{measure}3 measure.condition 9 5 V 1 46.1 EUR DTN - 01 - -\n3 measure.condition.component 9 01 0 - - -\n"
    ));
    assert!(measures(&out)[0].says.as_ref().unwrap().contains("entry price"));
    assert_eq!(measures(&out)[0].official.as_ref().unwrap().conditions[0].components.len(), 1);
}

#[test]
fn a_condition_too_long_for_one_expression_is_named() {
    let measure = m("5", "142", "MA", "0702000007", ALWAYS);
    let many = |n: u32| format!("3 measure.condition {n} 5 B {n} - - - - 27 U {n:03}\n");
    let conditions: String = (100..400).map(many).collect();
    let (out, account) = entries(&format!("{measure}3 measure.component 5 01 0 - - -\n{conditions}"));
    let [measure] = measures(&out)[..] else { panic!("{out:?}") };
    assert_eq!((measure.outcome, &measure.when), (Some(Verdict::Unknown), &None));
    assert_eq!(account.inexpressible["a duty or condition too long for one expression"], 1);
}

#[test]
fn preferences_name_a_programme_and_exclusions_are_mapped() {
    let measure = m("5", "142", "2020", "0702000007", ALWAYS);
    let (out, _) = entries(&format!(
        "{measure}3 measure.component 5 01 0 - - -\n3 measure.excluded.geographical.area 5 XS 346\n\
         3 geographical.area 400 2020 2010-01-01 - 1 -\n3 geographical.area 346 XS 2010-01-01 - 0 -\n\
         3 geographical.area.description.period 77 400 2010-01-01 2020\n\
         3 geographical.area.description 77 EN 400 2020 GSP\n\
         3 geographical.area.membership 346 400 2010-01-01 2018-12-31\n"
    ));
    let [measure] = measures(&out)[..] else { panic!("{out:?}") };
    assert_eq!(measure.not_origin, ["RS"]);
    assert_eq!(
        (measure.origin.as_ref(), measure.program.as_ref()),
        (Some(&Places::One("2020".into())), Some(&Places::One("eu.2020".into())))
    );
    let Some(Entry::Program(program)) = out.iter().find(|entry| matches!(entry, Entry::Program(_))) else { panic!() };
    assert_eq!(program.name, "Tariff preference: GSP");
    let areas: Vec<_> = out.iter().filter_map(|e| if let Entry::Area(area) = e { Some(area) } else { None }).collect();
    assert_eq!((areas[1].code.as_str(), areas[1].name.as_str()), ("2020", "GSP"));
    assert_eq!((areas[1].members[0].territory.as_str(), areas[1].members[0].before), ("RS", Some(date(2019, 1, 1))));
}

#[test]
fn measures_that_are_none_of_import_are_kept_as_texts() {
    let records = [
        m("1", "490", "TR", "0805101000", ALWAYS),
        m("2", "467", "KP", "7108000000", ALWAYS),
        m("3", "999", "KP", "7108000000", ALWAYS),
        m("4", "674", "1011", "-", ["7", "001", "-", "2018-01-01", "-"]),
    ];
    let (out, account) = entries(&format!("{}3 measure.component 1 01 55.8 EUR DTN -\n", records.concat()));
    assert!(measures(&out).is_empty());
    let texts: Vec<&Text> =
        out.iter().filter_map(|e| if let Entry::Text(text) = e { Some(text) } else { None }).collect();
    assert_eq!(texts.len(), 4);
    assert_eq!(texts[0].code, "measure 1");
    assert!(texts[0].other["measure.component"].contains("55.8"));
    assert_eq!(account.inexpressible.values().sum::<u64>(), 4);
}

#[test]
fn a_complete_store_refuses_parts_without_their_whole() {
    let (mut out, mut account) = (Vec::new(), Account::default());
    import(vec![source(envelope("3 measure.component 5 01 9 - - -"))], &options(), &mut out, &mut account).unwrap();
    assert!(out.is_empty());
    assert_eq!(account.refusals[0].column, "measure.component");
}

#[test]
fn without_a_day_there_is_no_edition() {
    let text = envelope("3 measure.action 01 2010-01-01 -");
    let options = Options { known_from: None, ..options() };
    let error = import(vec![source(text)], &options, &mut Vec::new(), &mut Account::default()).unwrap_err();
    assert!(error.to_string().contains("give the day"));
}

#[test]
fn lines_change_with_their_descriptions_and_depths() {
    let goods = |sid: &str, code: &str, suffix: &str, depth: &str, text: &str| {
        format!(
            "3 goods.nomenclature {sid} {code} {suffix} 2010-01-01 - 0\n\
             3 goods.nomenclature.indents {sid}1 {sid} 2010-01-01 {depth} {code} {suffix}\n\
             3 goods.nomenclature.description.period {sid}2 {sid} 2010-01-01 {code} {suffix}\n\
             3 goods.nomenclature.description {sid}2 EN {sid} {code} {suffix} {text}\n"
        )
    };
    let records = [
        goods("1", "0100000000", "80", "00", "LIVE_ANIMALS"),
        goods("2", "0101000000", "80", "00", "Horses"),
        goods("3", "0101210000", "10", "01", "Horses:"),
        goods("4", "0101210000", "80", "02", "Pure-bred"),
        "3 goods.nomenclature.description.period 99 4 2018-01-01 0101210000 80\n".into(),
        "3 goods.nomenclature.description 99 EN 4 0101210000 80 Pure-bred_breeding_animals\n".into(),
        "3 footnote.association.goods.nomenclature 4 TN 701 2018-01-01 - 0101210000 80\n".into(),
    ];
    let (out, _) = entries(&records.concat());
    let lines: Vec<_> = out
        .iter()
        .filter_map(|e| if let Entry::Line(line) = e { Some(line) } else { None })
        .map(|line| {
            (line.code.as_str(), line.indent, line.declarable, line.description["en"].as_str(), line.from, line.before)
        })
        .collect();
    let d = |year| Some(date(year, 1, 1));
    assert_eq!(
        lines,
        [
            ("0100000000", Some(0), false, "LIVE ANIMALS", d(2010), None),
            ("0101000000", Some(0), false, "Horses", d(2010), None),
            ("0101210000", Some(1), false, "Horses:", d(2010), None),
            ("0101210000", Some(2), true, "Pure-bred", d(2010), d(2018)),
            ("0101210000", Some(2), true, "Pure-bred breeding animals", d(2018), None),
        ]
    );
    let Some(Entry::Line(line)) = out.last() else { panic!("{out:?}") };
    assert_eq!(line.footnotes, ["TN701"]);
}

#[test]
fn code_lists_become_texts() {
    let (out, account) = entries(
        "3 measure.type 103 2010-01-01 - 0 5 1 0 2 10 C\n3 measure.type.description 103 EN Third_country_duty\n\
         3 certificate Y 900 2010-01-01 -\n3 certificate.description.period 4 Y 900 2010-01-01\n\
         3 certificate.description 4 EN Y 900 Not_CITES\n\
         3 language EN 2010-01-01 -\n3 language.description EN EN English\n\
         3 measurement DTN E 2010-01-01 -\n3 meursing.table.plan 01 2010-01-01 -\n",
    );
    let texts: Vec<_> = out
        .iter()
        .filter_map(|e| if let Entry::Text(text) = e { Some(text) } else { None })
        .map(|text| (text.code.as_str(), text.says.get("en").map(String::as_str)))
        .collect();
    assert_eq!(
        texts,
        [
            ("Y900", Some("Not CITES")),
            ("language EN", Some("English")),
            ("DTNE", None),
            ("103", Some("Third country duty")),
            ("meursing.table.plan 01", None),
        ]
    );
    assert!(account.inexpressible.is_empty());
}

#[test]
fn quotas_have_origins_balances_and_states() {
    let (out, _) = entries(
        "3 quota.order.number 7 090001 2010-01-01 -\n3 quota.order.number.origin 8 7 1011 2010-01-01 - 400\n\
         3 quota.order.number.origin.exclusions 8 103\n\
         3 quota.definition 5 090001 2018-01-01 2018-12-31 7 1000 900.5 - DTN E 3 N 90 -\n\
         3 quota.balance.event 5 2018-02-01T10:00:00 1000 800 200 -\n\
         3 quota.balance.event 5 2018-03-01T10:00:00 800 0 1000 -\n\
         3 quota.critical.event 5 2018-02-02T10:00:00 Y 2018-02-02\n\
         3 quota.exhaustion.event 5 2018-03-01T10:00:00 2018-03-01\n\
         3 quota.blocking.period 3 5 2018-06-01 2018-06-30 1 -\n\
         3 quota.association 5 6 EQ 1.5\n3 quota.order.number 9 090002 2010-01-01 -\n",
    );
    let quotas: Vec<_> =
        out.iter().filter_map(|e| if let Entry::Quota(quota) = e { Some(quota) } else { None }).collect();
    assert_eq!(quotas.len(), 2);
    assert_eq!((quotas[0].status.as_deref(), quotas[0].unit.as_deref()), (Some("exhausted"), Some("100 kg drained")));
    assert_eq!(quotas[0].balance.unwrap().to_string(), "0");
    assert_eq!(quotas[0].other["origins"], "1011 except area 103 from 2010-01-01");
    assert_eq!(quotas[0].other["quota.blocking.period"], "2018-06-01 2018-06-30 1");
    assert_eq!(quotas[0].other["quota.association"], "EQ 6 1.5");
    assert_eq!((quotas[1].order_number.as_str(), quotas[1].volume), ("090002", None));
}

#[test]
fn exchange_rates() {
    let (out, _) =
        entries("3 monetary.exchange.period 5 EUR 2018-12-01 2018-12-31\n3 monetary.exchange.rate 5 GBP 0.8836\n");
    let Some(Entry::ExchangeRate(rate)) = out.last() else { panic!("{out:?}") };
    assert_eq!((rate.base.as_str(), rate.currency.as_str(), rate.rate.to_string().as_str()), ("EUR", "GBP", "0.8836"));
    assert_eq!((rate.from, rate.before), (date(2018, 12, 1), Some(date(2019, 1, 1))));
}
