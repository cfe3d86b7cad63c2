use super::*;
use crate::Limits;
use jiff::civil::date;

fn run(files: &[(&str, &str)]) -> (Result<Edition, ImportError>, Vec<Entry>, Account) {
    let mut entries = Vec::new();
    let mut account = Account::default();
    let sources = files
        .iter()
        .map(|(name, text)| {
            Source::new(name, std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap()
        })
        .collect();
    let edition = import(sources, &Options::new(date(2026, 8, 21)), &mut entries, &mut account);
    (edition, entries, account)
}

const SCHEMES: &str = r#"{"scope":"uk","links":[],"proof_urls":{"eur1-eur-med":"https://q.example/eur1"},"schemes":[
    {"scheme_code":"q","title":"Q agreement ","validity_start_date":"2021-01-01","validity_end_date":"2023-06-18",
     "proofs":[{"summary":"EUR.1","subtext":"stamped","proof_class":"eur1","detail":""},{"summary":"Declaration","subtext":"","proof_class":"origin-declaration","detail":""}],
     "cumulation_methods":{"bilateral":{"countries":["GB","XS"]}},"ord":{"ord_title":"Q document"},
     "articles":{"article 6":"tolerances"},"features":{"sets":true},"introductory_notes_file":"q.md","links":[{"text":"","url":""}],
     "countries":["q","XS"]}]}"#;

fn rules(heading: &str, min: &str, max: &str) -> String {
    format!(
        r#"{{"rule_sets":[{{"heading":"{heading}","subdivision":"Shirts","min":"{min}","max":"{max}","valid":true,"rules":[
        {{"rule":"Manufacture from yarn.","class":["PRODUCTION FROM"],"footnotes":["n"],"operator":null,"quota":false,"import":true,"export":true}},
        {{"rule":"A change from any other heading.","class":[],"footnotes":[],"operator":"or","quota":true,"import":false,"export":true}}]}}],
        "footnotes":{{"n":"A note."}}}}"#
    )
}

#[test]
fn a_scheme_and_its_rules_answer_a_claim() {
    let rules = rules("ex 6109", "6109100000", "6109109999");
    let (edition, entries, account) = run(&[("schemes.json", SCHEMES), ("q.json.gz", &rules)]);
    let edition = edition.unwrap();
    assert!(account.is_clean(), "{account:?}");
    assert_eq!(edition.territory.as_deref(), Some("GB"));
    assert_eq!(account.left_out.get("an empty link"), Some(&1));
    assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
    let book = crate::origin_rules::Book::new(&entries);
    let answers = book.answers("GB", "RS", "6109.10.00.10", date(2023, 6, 18));
    assert_eq!(answers.len(), 1);
    let answer = &answers[0];
    assert_eq!((answer.scheme.as_str(), answer.name.as_str()), ("gb.q", "Q agreement"));
    assert_eq!(answer.proofs[0].name, "EUR.1");
    assert_eq!(answer.proofs[0].says, "stamped");
    assert_eq!(answer.proofs[0].url.as_deref(), Some("https://q.example/eur1"));
    assert_eq!(answer.cumulation[0].places, ["GB", "XS"]);
    assert_eq!(answer.de_minimis.as_deref(), Some("Stated in article 6 of: Q document"));
    assert_eq!(answer.rules.len(), 2);
    assert!(answer.rules[0].partial);
    assert_eq!(answer.rules[0].footnotes, ["A note."]);
    assert_eq!(answer.rules[1].reading.as_deref(), Some("CTH"));
    assert_eq!(answer.rules[1].joined.as_deref(), Some("or"));
    assert!(answer.rules[1].quota && answer.rules[1].export_only);
    assert!(book.answers("GB", "RS", "610910", date(2023, 6, 19)).is_empty());
    let json = serde_json::to_string(&answers).unwrap();
    assert_eq!(serde_json::from_str::<Vec<crate::origin_rules::Answer>>(&json).unwrap(), answers);
}

#[test]
fn bad_rows_are_refused_and_named() {
    for (text, column) in [
        (rules("somewhere", "6109000000", "6109999999"), "heading"),
        (rules("6109", "6110000000", "6110999999"), "heading"),
        (rules("6109", "6109999999", "6109000000"), "min, max"),
        (rules("6109", "6109", "6109"), "min, max"),
        (rules("6109", "6109000000", "6109999999").replace("[\"n\"]", "[\"m\"]"), "footnotes"),
        (rules("6109", "6109000000", "6109999999").replace("\"quota\":false", "\"quota\":0"), "rules"),
        (rules("6109", "6109000000", "6109999999").replace("\"valid\":true", "\"valid\":true,\"more\":1"), "rule_sets"),
        (rules("6109", "6109000000", "6109999999").replace("\"footnotes\":{", "\"extra\":{"), "extra"),
    ] {
        let (edition, _, account) = run(&[("q.json", &text)]);
        assert!(edition.is_ok());
        assert!(account.refusals.iter().any(|refusal| refusal.column == column), "{column}: {account:?}");
    }
    let (_, _, account) = run(&[("s.json", &SCHEMES.replace("2021-01-01", "1 January"))]);
    assert_eq!(account.refusals[0].column, "validity_start_date");
    let (_, _, account) = run(&[
        ("s.json", SCHEMES),
        ("other.json", &rules("6109", "6109000000", "6109999999").replace("[\"n\"]", "[]")),
    ]);
    assert_eq!(account.refusals[0].found, "gb.other");
}

#[test]
fn other_files_are_not_this_format() {
    for text in [
        "",
        "{",
        "[]",
        "{}",
        "{\"schemes\":[]}",
        "{\"rule_sets\":{}}",
        "{\"scope\":\"uk\",\"schemes\":1}",
        "PK\u{3}\u{4}",
    ] {
        assert!(run(&[("a.json", text)]).0.is_err(), "{text}");
        fuzz(text.as_bytes());
    }
}
