use super::*;
use crate::Limits;
use tidewaiter::record::{MeasureKind, Written};

fn read(text: &str) -> Result<(Vec<Entry>, Account), ImportError> {
    let source = Source::new("answer.json", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default())?;
    let (mut entries, mut account) = (Vec::new(), Account::default());
    import(vec![source], &Options::default(), &mut entries, &mut account)?;
    Ok((entries, account))
}

fn goods(measure: &str, included: &str) -> String {
    format!(
        r#"{{"data":{{"id":"1","type":"commodity","attributes":{{"goods_nomenclature_item_id":"0101210000","producline_suffix":"80"}},
        "relationships":{{"import_measures":{{"data":[{{"id":"7","type":"measure"}}]}}}}}},
        "included":[
        {{"id":"7","type":"measure","attributes":{{"id":7,"effective_start_date":"2021-01-01T00:00:00.000Z",
          "effective_end_date":"2021-12-31T00:00:00.000Z"}},"relationships":{{{measure},
          "duty_expression":{{"data":{{"id":"7-d","type":"duty_expression"}}}},
          "geographical_area":{{"data":{{"id":"1011","type":"geographical_area"}}}}}}}},
        {{"id":"1011","type":"geographical_area","attributes":{{"description":"ERGA OMNES"}}}},
        {{"id":"7-d","type":"duty_expression","attributes":{{"base":"12.00 %"}}}},
        {included}]}}"#
    )
}

const THIRD: &str = r#""measure_type":{"data":{"id":"103","type":"measure_type"}},
    "measure_components":{"data":[{"id":"7-01","type":"measure_component"}]}"#;
const PARTS: &str = r#"{"id":"103","type":"measure_type","attributes":{"id":"103","measure_type_series_id":"C","description":"Third country duty"}},
    {"id":"7-01","type":"measure_component","attributes":{"duty_expression_id":"01","duty_amount":12.0}}"#;

fn measure(entries: &[Entry]) -> &Measure {
    entries
        .iter()
        .find_map(|entry| match entry {
            Entry::Measure(measure) => Some(measure),
            _ => None,
        })
        .unwrap()
}

#[test]
fn a_measure_has_its_days_its_amount_and_its_source() {
    let (entries, account) = read(&goods(THIRD, PARTS)).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    let made = measure(&entries);
    assert_eq!((made.code.as_str(), made.kind), ("010121", MeasureKind::ThirdCountry));
    assert_eq!(made.amount, Some(Written::Words("12 %".into())));
    assert_eq!((made.from, made.before), (Some(jiff::civil::date(2021, 1, 1)), Some(jiff::civil::date(2022, 1, 1))));
    assert_eq!(made.origin, None, "all countries");
    let cited = |entry: &Entry| matches!(entry, Entry::Fact(fact) if made.cites == [fact.key.clone()]);
    assert!(cited(&entries[0]), "the fact comes before what cites it");
    let official = made.official.as_ref().unwrap();
    assert_eq!((official.id.as_deref(), official.text.as_deref()), (Some("7"), Some("12.00 %")));
}

#[test]
fn numbers_stay_exact() {
    let parts = PARTS.replace("12.0}", "0.100000000001}");
    let (entries, _) = read(&goods(THIRD, &parts)).unwrap();
    assert_eq!(measure(&entries).amount, Some(Written::Words("0.100000000001 %".into())));
}

#[test]
fn bad_fields_are_refused_with_their_row() {
    for (change, by, column) in [
        ("\"duty_amount\":12.0", "\"duty_amount\":1e99", "duty_amount"),
        ("\"duty_amount\":12.0", "\"duty_amount\":\"12,5\"", "duty_amount"),
        ("\"duty_expression_id\":\"01\",", "", "duty_expression_id"),
        ("2021-01-01T00:00:00.000Z", "2021-02-30T00:00:00.000Z", "effective_start_date"),
        ("2021-12-31T00:00:00.000Z", "2021-03-28T23:00:00.000Z", "effective_end_date"),
        ("0101210000", "01012", "goods_nomenclature_item_id"),
        ("{\"id\":\"103\",\"type\":\"measure_type\",", "{\"id\":\"104\",\"type\":\"measure_type\",", "measure_type"),
    ] {
        let text = goods(THIRD, PARTS).replace(change, by);
        let (_, account) = read(&text).unwrap();
        assert!(!account.is_clean(), "{change}");
        assert_eq!(account.refusals[0].column, column);
        assert!(account.refusals[0].row > 0);
    }
}

#[test]
fn a_recipe_is_an_outcome_and_no_amount() {
    let parts = PARTS.replace("\"duty_expression_id\":\"01\",\"duty_amount\":12.0", "\"duty_expression_id\":\"12\"");
    let (entries, account) = read(&goods(THIRD, &parts)).unwrap();
    let made = measure(&entries);
    assert_eq!((&made.amount, made.outcome), (&None, Some(tidewaiter::record::Verdict::Unknown)));
    assert!(made.says.as_ref().unwrap().contains("Meursing"));
    assert_eq!(account.inexpressible.values().sum::<u64>(), 1);
}

#[test]
fn several_excise_codes_are_a_question_and_not_zero() {
    let text = r#"{"goods_nomenclature_item_id":"2203000100","producline_suffix":"80","import_measures":[
      {"id":1,"effective_start_date":"2021-01-01T00:00:00.000Z","measure_type":{"id":"306","measure_type_series_id":"Q","description":"Excises"},
       "geographical_area":{"id":"1011","description":"ERGA OMNES"},"additional_code":{"code":"X440","description":"beer"},
       "measure_components":[{"duty_expression_id":"01","duty_amount":19.08,"monetary_unit_code":"GBP","measurement_unit_code":"HLT"}]},
      {"id":2,"effective_start_date":"2021-01-01T00:00:00.000Z","measure_type":{"id":"306","measure_type_series_id":"Q","description":"Excises"},
       "geographical_area":{"id":"1011","description":"ERGA OMNES"},"additional_code":{"code":"X441","description":"small beer"},
       "measure_components":[{"duty_expression_id":"01","duty_amount":9.54,"monetary_unit_code":"GBP","measurement_unit_code":"HLT"}]}],
      "export_measures":[]}"#;
    let (entries, account) = read(text).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    let all: Vec<(Option<String>, bool)> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Measure(measure) => Some((
                measure.when.as_ref().map(|when| match when {
                    Written::Words(words) => words.clone(),
                    Written::Tree(tree) => tree.to_string(),
                }),
                measure.outcome.is_some(),
            )),
            _ => None,
        })
        .collect();
    assert_eq!(
        all,
        [
            (Some("document X440".into()), false),
            (Some("document X441".into()), false),
            (Some("not document X440 X441".into()), true),
        ]
    );
}

#[test]
fn the_code_of_all_others_stands_where_none_of_two_hundred_is_stated() {
    let one = |id: u32, code: &str, says: &str| {
        let kind = r#"{"id":"552","measure_type_series_id":"D","description":"Definitive anti-dumping duty"}"#;
        let parts = r#"[{"duty_expression_id":"01","duty_amount":20}]"#;
        format!(
            r#"{{"id":{id},"measure_type":{kind},"geographical_area":{{"id":"CN"}},"additional_code":{{"code":"{code}","description":"{says}"}},"measure_components":{parts}}}"#
        )
    };
    let mut all: Vec<String> = (0..200).map(|n| one(n, &format!("C{n:03}"), "A company")).collect();
    all.push(one(200, "C999", "Other"));
    let text = format!(r#"{{"goods_nomenclature_item_id":"7202118000","import_measures":[{}]}}"#, all.join(","));
    let (entries, account) = read(&text).unwrap();
    assert!(account.is_clean() && account.inexpressible.is_empty(), "{account:?}");
    let rest = entries
        .iter()
        .find_map(|entry| match entry {
            Entry::Measure(measure) if measure.additional_code.as_deref() == Some("C999") => measure.when.clone(),
            _ => None,
        })
        .unwrap();
    let Written::Words(words) = rest else { panic!("{rest:?}") };
    assert!(words.starts_with("not document C000 C001 ") && words.ends_with(" C199"), "{words}");
    assert!(tidewaiter::record::grammar::condition(&words).is_ok());
}

#[test]
fn excise_of_all_other_goods_asks_no_question() {
    let one = |id: u32, code: &str, says: &str| {
        format!(
            r#"{{"id":{id},"measure_type":{{"id":"306","measure_type_series_id":"Q"}},"geographical_area":{{"id":"1011"}},"additional_code":{{"code":"{code}","description":"{says}"}},"measure_components":[{{"duty_expression_id":"01","duty_amount":20}}]}}"#
        )
    };
    let text = format!(
        r#"{{"goods_nomenclature_item_id":"2203000100","import_measures":[{},{},{}]}}"#,
        one(1, "X440", "beer"),
        one(2, "X441", "small beer"),
        one(3, "X449", "Other")
    );
    let (entries, _) = read(&text).unwrap();
    let all: Vec<&tidewaiter::record::Measure> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Measure(measure) => Some(measure),
            _ => None,
        })
        .collect();
    assert_eq!(all.len(), 3);
    assert_eq!(all[2].when, Some(Written::Words("not document X440 X441".into())));
    assert!(all.iter().all(|measure| measure.outcome.is_none()));
}

#[test]
fn the_same_area_with_other_members_is_refused() {
    let area = |members: &str| {
        format!(
            r#"{{"id":"2020","geographical_area_id":"2020","description":"GSP","children_geographical_areas":[{members}]}}"#
        )
    };
    let india = r#"{"id":"IN","geographical_area_id":"IN","description":"India","children_geographical_areas":[]}"#;
    let (_, same) = read(&format!("[{},{}]", area(india), area(india))).unwrap();
    assert!(same.is_clean());
    let (_, other) = read(&format!("[{},{}]", area(india), area(&india.replace("IN", "KE")))).unwrap();
    assert_eq!(other.refusals[0].found, "2020");
}

#[test]
fn what_is_no_response_is_named() {
    for (text, words) in [
        ("", "no JSON document"),
        ("<html>", "no JSON document"),
        ("error code: 1008\n", "refused the request (error code 1008): the file holds that refusal and no tariff"),
        ("error code: 1008", "Open the address in a browser"),
        ("[1]", "item 1 of the list"),
        ("{}", "no response of the UK tariff API"),
        ("3", "neither a JSON object nor a list"),
        (r#"{"error":"not found"}"#, "an error of the API (not found)"),
        (r#"{"errors":[{"detail":"no such code"}]}"#, "an error of the API (no such code)"),
        (r#"{"data":[{"id":"1"}]}"#, "no type and id"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
        assert!(error.starts_with("answer.json: "), "{error}");
    }
    let deep = format!(r#"{{"data":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    assert!(matches!(read(&deep), Err(ImportError::TooLarge { what: "nesting", .. })));
    let source = Source::new("bytes", &[0xff, 0xfe, b'{'][..], Limits::default()).unwrap();
    let error =
        import(vec![source], &Options::default(), &mut Vec::<Entry>::new(), &mut Account::default()).unwrap_err();
    assert!(error.to_string().contains("no UTF-8"), "{error}");
}

#[test]
fn a_document_that_is_too_large_stops() {
    let text = format!("\"{}\"", "a".repeat(MAX_BYTES + 1));
    assert!(matches!(read(&text), Err(ImportError::TooLarge { .. })));
}

#[test]
fn a_cut_document_is_refused_and_nothing_panics() {
    let whole = goods(THIRD, PARTS);
    for end in (0..whole.len()).step_by(7) {
        try_bytes(&whole.as_bytes()[..end]);
        let mut broken = whole.clone().into_bytes();
        broken[end] = b'\\';
        try_bytes(&broken);
    }
    // A group of areas that names itself.
    let circle = r#"{"data":{"id":"2020","type":"geographical_area","attributes":{},"relationships":
        {"children_geographical_areas":{"data":[{"id":"2020","type":"geographical_area"}]}}}}"#;
    let (_, account) = read(circle).unwrap();
    assert_eq!(account.read["geographical_area"], 1);
}

#[test]
fn codes_lose_the_zeros_that_say_nothing() {
    for (item, code) in [
        ("0101210000", "010121"),
        ("0100000000", "01"),
        ("6911100090", "6911100090"),
        ("2106909800", "21069098"),
        ("1000000000", "10"),
        ("0407001100", "04070011"),
    ] {
        assert_eq!(trimmed(item).as_deref(), Some(code));
    }
    for none in ["", "01", "01012100000", "01a1210000", "0000000000", "é123456789"] {
        assert_eq!(trimmed(none), None, "{none}");
    }
}

#[test]
fn days_begin_and_end_by_one_clock() {
    assert_eq!(date("2025-07-14"), Some(jiff::civil::date(2025, 7, 14)));
    assert_eq!(date("2025-07-14T23:59:59.000Z"), Some(jiff::civil::date(2025, 7, 14)));
    for none in ["2025-07-14T23:00:00.000Z", "2025-7-14", "", "2025-07-14X", "2025-07-14T00:00:00+01:00"] {
        assert_eq!(date(none), None, "{none}");
    }
}

#[test]
fn what_is_huge_is_bounded() {
    // Groups that name each other, many times.
    let links = r#"{"id":"2020","type":"geographical_area"},{"id":"2021","type":"geographical_area"},"#.repeat(500);
    let links = links.trim_end_matches(',');
    let group = |id: &str| {
        format!(
            r#"{{"id":"{id}","type":"geographical_area","attributes":{{}},"relationships":{{"children_geographical_areas":{{"data":[{links}]}}}}}}"#
        )
    };
    let (_, account) = read(&format!(r#"{{"data":{},"included":[{}]}}"#, group("2020"), group("2021"))).unwrap();
    assert_eq!(account.left_out["an area named without its members"], 2);
    // More conditions than any measure has.
    let one = r#"{"condition_code":"B","document_code":"C640","action":"Import allowed"},"#.repeat(501);
    let text = format!(
        r#"{{"goods_nomenclature_item_id":"0101210000","import_measures":[{{"id":1,"measure_type":{{"id":"410","measure_type_series_id":"B"}},
        "geographical_area":{{"id":"1011"}},"measure_conditions":[{}]}}]}}"#,
        one.trim_end_matches(',')
    );
    let (_, account) = read(&text).unwrap();
    assert_eq!(account.refusals[0].column, "measure_conditions");
}

#[test]
fn a_condition_that_is_too_long_is_no_amount() {
    let text = |prefix: &str| {
        let many: Vec<String> = (0..300)
            .map(|n| {
                let row = r#""condition_code":"B","action":"Apply the mentioned duty""#;
                format!(r#"{{{row},"document_code":"{prefix}{n:03}"}}"#)
            })
            .collect();
        format!(
            r#"{{"goods_nomenclature_item_id":"0101210000","import_measures":[{{"id":1,"measure_type":{{"id":"142","measure_type_series_id":"C","description":"Tariff preference"}},
        "geographical_area":{{"id":"FR"}},"measure_components":[{{"duty_expression_id":"01","duty_amount":0}}],"measure_conditions":[{}]}}]}}"#,
            many.join(",")
        )
    };
    let (entries, account) = read(&text("C")).unwrap();
    assert!(account.is_clean() && account.inexpressible.is_empty());
    assert!(measure(&entries).amount.is_some(), "three hundred documents of four letters can be said");
    let (entries, account) = read(&text("LONGERTHANANY")).unwrap();
    assert!(account.is_clean());
    let made = measure(&entries);
    assert_eq!((&made.amount, &made.when), (&None, &None));
    assert_eq!(made.outcome, Some(tidewaiter::record::Verdict::Unknown));
    assert_eq!(account.inexpressible["a condition that is too long"], 1);
}
