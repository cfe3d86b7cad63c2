//! Editions compared, as a person types it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

/// Two editions in a folder of their own.
struct Editions(PathBuf);

impl Editions {
    fn new(name: &str, [old, new]: [(&str, &str); 2]) -> Self {
        let path = std::env::temp_dir().join(format!("tidewaiter-editions-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        for (file, (published, lines)) in [("old.ndjson", old), ("new.ndjson", new)] {
            let head = json!({"edition": {
                "authority": "Q", "territory": "QQ", "title": "T", "format": "sheet", "known_from": published
            }});
            std::fs::write(path.join(file), format!("{head}\n{lines}\n")).unwrap();
        }
        Self(path)
    }

    /// What `diff` says, in one line without double spaces.
    fn diff(&self, more: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
            .args(["diff", "old.ndjson", "new.ndjson"])
            .args(more)
            .current_dir(&self.0)
            .env_remove("COLUMNS")
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn json(&self, more: &[&str]) -> Value {
        serde_json::from_str(&self.diff(&[&["--json"], more].concat())).unwrap()
    }
}

impl Drop for Editions {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn measure(amount: &str, more: &str) -> String {
    format!(r#"{{"measure":{{"code":"610910","kind":"third-country","amount":"{amount}",{more}"cites":[]}}}}"#)
}

#[test]
fn a_tax_raised_is_told_and_which_kinds_were_compared() {
    let rate = |is: &str| format!(r#"{{"rate":{{"name":"tax","class":"standard","is":"{is}"}}}}"#);
    let note = r#"{"text":{"kind":"note","code":"1"}}"#;
    let old = format!("{}\n{note}", rate("18 %"));
    let editions = Editions::new("rate", [("2026-01-01", &old), ("2026-07-01", &rate("20 %"))]);
    let text = editions.diff(&[]);
    for part in ["1 difference", "tax rate standard 18 % 20 %", "1 and 1 rates", "Not compared: texts."] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = editions.json(&[]);
    assert_eq!(
        json["changes"],
        json!([{"code": "tax", "what": "rate", "scope": "standard", "old": "18 %", "new": "20 %"}])
    );
    assert_eq!(json["old"]["compared"], json!({"rate": {"entries": 1, "compared": 1}}));
    assert_eq!(json["old"]["not_compared"], json!({"text": 1}));
}

#[test]
fn a_day_on_which_nothing_is_in_force_is_told() {
    let (old, new) = (measure("12 %", r#""from":"2026-06-01","#), measure("15 %", r#""from":"2026-06-08","#));
    let editions = Editions::new("day", [("2026-06-01", &old), ("2026-06-08", &new)]);
    let text = editions.diff(&["--as-of", "2026-01-01"]);
    assert!(!text.contains("differs"), "{text}");
    for part in ["Neither edition", "on 2026-01-01: measures.", "on 2026-06-01, of the newer on 2026-06-08", "--as-of"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = editions.diff(&["--as-of", "2026-06-02"]);
    for part in ["The newer edition holds nothing", "on 2026-06-02: measures. The first begin on 2026-06-08"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn duties_that_begin_after_publication_are_compared() {
    let old = measure("12 %", r#""from":"2026-02-01","#);
    let new = measure("15 %", r#""from":"2026-08-01","#);
    let later = format!("{}\n{}", measure("12 %", r#""before":"2026-08-01","#), new);
    let editions = Editions::new("begin", [("2026-01-05", &old), ("2026-07-01", &new)]);
    let text = editions.diff(&[]);
    assert!(text.contains("12 % from 2026-02-01 15 % from 2026-08-01"), "{text}");
    assert_eq!(editions.json(&[])["changes"][0]["new_from"], "2026-08-01");

    let editions = Editions::new("later", [("2026-02-05", &old), ("2026-07-01", &later)]);
    let text = editions.diff(&[]);
    assert!(text.contains("Nothing differs.") && text.contains("--as-of 2026-08-01 compares that day"), "{text}");
    assert_eq!(editions.json(&[])["new"]["later"], json!({"records": 1, "from": "2026-08-01"}));
    assert!(editions.diff(&["--as-of", "2026-08-01"]).contains("12 % 15 %"));
}

#[test]
fn a_claim_moved_into_a_list_is_one_difference() {
    let claim = |programs: &str, amount: &str| {
        let line = measure(amount, &format!(r#""program":{programs},"#));
        line.replace("third-country", "preference")
    };
    let old = [claim(r#"["BH","CL"]"#, "0 %"), claim(r#"["KR","PE"]"#, "1.7 %")].join("\n");
    let new = claim(r#"["BH","CL","KR","PE"]"#, "0 %");
    let editions = Editions::new("claim", [("2026-01-01", &old), ("2026-07-01", &new)]);
    let text = editions.diff(&[]);
    assert!(text.contains("2 differences, in 1 row"), "{text}");
    assert!(text.ends_with("6109.10 preference claim KR PE 1.7 % 0 %"), "{text}");
    assert_eq!(editions.json(&[])["changes"].as_array().unwrap().len(), 2, "one for each claim");
}
