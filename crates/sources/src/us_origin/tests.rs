use super::*;
use crate::Limits;

fn run(text: &str) -> (Result<Edition, ImportError>, Vec<Entry>, Account) {
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let source = Source::new("a.json", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let edition = import(vec![source], &mut entries, &mut account);
    (edition, entries, account)
}

fn corpus(htsus: &str, sources: &str, raw: &str, text: &str) -> String {
    format!(
        r#"{{"corpus":"19-CFR-102.20","title":"T","authority":"19 CFR 102.20","applies_to":"All.","source_url":"u","source_issue_date":"2026-08-26",
        "counts":{{"rules":1,"alternatives":1}},"rules":[{{"rule_id":"102.20/x","regime":"US","htsus":"{htsus}","scope":["{htsus}"],"section":"S","text":"T","vintage":"V","source_url":"u",
        "alternatives":[{{"kind":"tariff_shift","shift":{{"sources":[{sources}],"excluded":["2607"],"excluded_when":[],"excluded_descriptions":[],"provisos":[],"raw_source":"{raw}"}},
        "target":{{"ranges":["0901.21"],"description":null,"excluding_description":null}},"text":"{text}","residual":false,"condition":null,"sequence":null,"is_fallback":false,"unparsed_reason":null}}]}}]}}"#
    )
}

const OTHER: &str =
    r#"{"kind":"any_other","level":"heading","ranges":[],"outside_that_group":false,"text":"any other heading"}"#;

#[test]
fn a_rule_is_read_where_all_its_words_are() {
    let raw = "any other heading, except from heading 2607";
    let (edition, entries, account) =
        run(&corpus("0901.21-0901.22", OTHER, raw, &format!("A change to subheading 0901.21 from {raw}.")));
    assert!(edition.is_ok() && account.is_clean(), "{account:?}");
    let rules = for_code(&entries, "0901.22.00");
    assert_eq!(rules.len(), 1);
    assert_eq!(
        (rules[0].classes.as_slice(), rules[0].other["reading"].as_str()),
        (&["CTH".to_owned()][..], "CTH except 2607")
    );
    assert_eq!((rules[0].codes[0].as_str(), rules[0].other["target"].as_str()), ("090121-090122", "090121"));
    let fillets = "any other heading, except from fillets of heading 2607";
    let (_, _, account) = run(&corpus("0901.21", OTHER, fillets, &format!("A change to heading 0901 from {fillets}.")));
    assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
    let more = "any other heading, except from heading 2607 or 2610";
    let (_, _, account) = run(&corpus("0901.21", OTHER, more, &format!("A change to heading 0901 from {more}.")));
    assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
    // Words before the source that the structure leaves out.
    let (_, _, account) =
        run(&corpus("0901.21", OTHER, raw, &format!("A change to heading 0901 from green coffee or from {raw}.")));
    assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
}

#[test]
fn a_key_that_runs_backwards_takes_the_codes_of_the_text() {
    let (_, entries, account) =
        run(&corpus("4441-4421", OTHER, "any other heading", "A change to heading 0901 from any other heading."));
    assert!(account.is_clean());
    assert_eq!(for_code(&entries, "0901.21").len(), 1);
    assert!(for_code(&entries, "4430").is_empty());
}

#[test]
fn wrong_counts_and_rows_are_refused() {
    let good = corpus("0901.21", OTHER, "any other heading", "A change to heading 0901 from any other heading.");
    for (bad, column) in [
        (good.replace("\"alternatives\":1", "\"alternatives\":2"), "counts"),
        (good.replace("\"residual\":false", "\"residual\":3"), "alternatives"),
        (good.replace("\"vintage\":\"V\"", "\"vintage\":\"V\",\"new\":1"), "rules"),
    ] {
        let (_, _, account) = run(&bad);
        assert_eq!(account.refusals[0].column, column);
    }
    let part = r#"{"corpus":"19-CFR-134","title":"T","authority":"A","applies_to":"All.","source_url":"u","source_issue_date":"2026-08-26",
        "sections":[{"section_id":"1","heading":"H","text":"some words"}],"uses":[{"term":"t","used_in":"1","quote":"other words","in_definition":false}]}"#;
    let (_, _, account) = run(part);
    assert_eq!(account.refusals[0].column, "quote");
}

#[test]
fn other_files_are_not_this_format() {
    for text in [
        "",
        "[]",
        "{}",
        "{\"rules\":[]}",
        "{\"overlay\":1}",
        "{\"edges\":[]}",
        "{\"edges\":3,\"built_on\":\"2026-01-01\"}",
    ] {
        assert!(run(text).0.is_err(), "{text}");
        fuzz(text.as_bytes());
    }
}
