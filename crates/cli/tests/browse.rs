//! Goods codes by the tree, by older editions, and by official texts, as a person types them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::typed;
use serde_json::{Value, json};
use typed::{Folder, holds};

/// What a command prints, standard output first.
fn says(code: i32, args: &[&str]) -> String {
    let (out, err) = typed::says(code, args);
    out + &err
}

fn document(code: i32, args: &[&str]) -> Value {
    serde_json::from_str(&says(code, args)).unwrap()
}

#[test]
fn words_that_are_a_code_show_its_page() {
    let page = document(0, &["code", "6109", "--json"]);
    let codes = |of: &str| -> Vec<String> {
        page[of].as_array().unwrap().iter().map(|step| step["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (codes("above"), codes("below")),
        (vec!["XI".into(), "61".into()], vec!["610910".into(), "610990".into()])
    );
    let text = says(0, &["code", "61", "09"]);
    holds(
        &text,
        &[
            "6109.10",
            "6109.90",
            "Goods in it: ",
            "t-shirt",
            "not here: ",
            "What decides",
            "Legal notes, in our words",
            "(Chapter 61, note",
        ],
    );
    holds(&says(0, &["code", "6109.10", "--lang", "fr"]), &["6109.10", "pas ici : ", "Ce qui décide", "Notes légales"]);
    holds(&says(0, &["code", "6109.10", "--lang", "es"]), &["no aquí: ", "Lo que decide", "Notas legales"]);
    // National digits: the page of the six, with what the buyer pays: 3 EUR and 20 % of 103.00.
    let paid = ["--to", "FR", "--from", "CN", "--channel", "post", "--date", "2026-11-21"];
    let text = says(0, &[&["code", "6109.10.00.40"][..], &paid].concat());
    holds(&text, &["6109.10 3 % 23.60", "Lines of 6109.10 in the tariff of France", "6109.10 duty 12 % all"]);
}

#[test]
fn the_tree_is_walked_from_its_sections() {
    let root = document(0, &["code", "--tree", "--json"]);
    let sections = root["below"].as_array().unwrap();
    assert_eq!((sections.len(), sections[20]["code"].as_str()), (21, Some("XXI")));
    let text = says(0, &["code", "--tree"]);
    assert_eq!(text.lines().filter(|line| !line.starts_with(' ')).count(), 21, "{text}");
    // Textiles are section XI, chapters 50 to 63.
    let page = document(0, &["code", "--tree", "XI", "--json"]);
    let below: Vec<&str> =
        page["below"].as_array().unwrap().iter().map(|step| step["code"].as_str().unwrap()).collect();
    assert_eq!((below.first(), below.last(), below.len()), (Some(&"50"), Some(&"63"), 14));
    holds(&says(2, &["code", "--tree", "XXV"]), &["\"XXV\" is neither a section (I to XXI) nor a code"]);
}

#[test]
fn a_code_that_is_none_is_told_apart_from_an_old_one() {
    let text = says(1, &["code", "6199.10"]);
    holds(&text, &["There is no code 6199.10 in the Harmonized System of 2022.", "Above it there is 61 "]);
    let told = document(1, &["code", "6199.10", "--json"]);
    assert_eq!(told["error"], "There is no code 6199.10 in the Harmonized System of 2022.");
    // Of the correlation tables of the World Customs Organization, as data/hs.csv has them.
    let text = says(0, &["code", "--edition", "2017", "0305.10"]);
    holds(&text, &["0305.10 was a code of HS 2017. Since 2022-01-01 (HS 2022) its goods are in:", "0309.10"]);
    holds(&says(0, &["code", "0305.10"]), &["0305.10 was a code of HS 2017"]);
    let told = document(0, &["code", "--edition", "2017", "041000", "--json"]);
    assert_eq!(told["moved"]["to"], json!(["041010", "041090", "160100", "160210", "160290"]));
    let text = says(1, &["code", "--edition", "2017", "3002.19", "--lang", "es"]);
    holds(&text, &["3002.19 era un código de HS 2017.", "no nombran ningún código"]);
    // One of today, and where its goods were before.
    let text = says(0, &["code", "--edition", "2017", "6109.10"]);
    holds(&text, &["6109.10 is a code of the Harmonized System of 2022 too.", "tables do not say"]);
    holds(&says(0, &["code", "0309.10"]), &["In older editions its goods were in 0305.10 (HS 2017)."]);
    // A code that an edition before the one asked about ended, and one that it still had.
    let old = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/hs.csv")).unwrap();
    let of_2012 = old.lines().find(|line| line.starts_with("HS 2012,")).unwrap().split(',').nth(1).unwrap();
    holds(&says(0, &["code", "--edition", "2017", of_2012]), &["was last a code of HS 2012."]);
    assert!(!says(0, &["code", "--edition", "2012", "030510"]).contains("was last"));
    for (args, part) in [
        (&["code", "--edition", "2017", "mug"][..], "\"mug\" is not a code"),
        (&["code", "--edition", "1996", "030510"], "2012, 2017"),
    ] {
        holds(&says(2, args), &[part]);
    }
}

/// An edition of a fictional nomenclature.
fn nomenclature(folder: &Folder, before: Option<&str>) -> String {
    let mut lines = vec![json!({"edition": {
        "authority": "Customs of Q", "territory": "QQ", "currency": "XQD", "title": "Lines", "format": "edition", "known_from": "2026-01-01",
    }})];
    for (code, indent, text) in [
        ("6109", 0, "Shirts of the T kind, knitted"),
        ("610910", 1, "Cotton"),
        ("61091010", 2, "With a printed picture"),
        ("61091090", 2, "Other"),
    ] {
        let mut line =
            json!({"code": code, "indent": indent, "declarable": code.len() == 8, "description": {"en": text}});
        if let Some(before) = before {
            line["before"] = before.into();
        }
        lines.push(json!({"line": line}));
    }
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    folder.write(if before.is_some() { "old.ndjson" } else { "lines.ndjson" }, (text.join("\n") + "\n").as_bytes())
}

#[test]
fn lines_of_a_nomenclature_are_ranked() {
    let folder = Folder::new("lines");
    let edition = nomenclature(&folder, None);
    let args = ["code", "cotton t-shirt with a printed picture", "--nomenclature", &edition];
    let told = document(0, &[&args[..], &["--json"]].concat());
    let official = &told["official"];
    assert_eq!((&official["authority"], &official["code"]), (&"Customs of Q".into(), &"610910".into()));
    assert_eq!((&official["lines"][0]["code"], official["lines"].as_array().unwrap().len()), (&"61091010".into(), 2));
    let text = says(0, &args);
    holds(
        &text,
        &["Lines of 6109.10 in the nomenclature of Customs of Q", "6109.10.10", "Official text", "With a printed"],
    );
    // Words that none of its lines names: the line for the rest comes first.
    let plain = document(0, &["code", "plain cotton t-shirt", "--nomenclature", &edition, "--json"]);
    assert_eq!(plain["official"]["lines"][0]["code"], "61091090", "{plain}");
    // Of goods that it does not have.
    let text = says(0, &["code", "porcelain mug", "--nomenclature", &edition]);
    holds(&text, &["The nomenclature that was loaded has no line of 6911.10 (Customs of Q)."]);
}

#[test]
fn rulings_on_such_goods_are_shown() {
    let folder = Folder::new("rulings");
    let rulings = folder.write(
        "rulings.csv",
        b"reference,text,code,language\nQ-1,Cotton t-shirt with a sewn-on badge,6109.10.0012,\nQ-2,\"Taza de porcelana, decorada\",6911.10,es\n",
    );
    let text = says(0, &["code", "cotton t-shirt with a badge", "--rulings", &rulings]);
    holds(&text, &["Rulings on goods like these", "Q-1, 6109.10.00.12: Cotton t-shirt with a sewn-on badge"]);
    assert!(!text.contains("Q-2") && !text.contains("nomenclature"), "{text}");
    let told = document(0, &["code", "taza de porcelana", "--rulings", &rulings, "--json"]);
    assert_eq!(told["official"]["rulings"][0]["reference"], "Q-2");
    assert!(told["official"].get("code").is_none());
}

#[test]
fn official_files_that_are_wrong_are_refused() {
    let folder = Folder::new("wrong");
    let old = nomenclature(&folder, Some("2020-01-01"));
    let text = std::fs::read_to_string(&old).unwrap();
    let head = text.lines().next().unwrap();
    let none = folder.write("none.ndjson", format!("{head}\n").as_bytes());
    let damaged = folder.write("damaged.ndjson", format!("{head}\n{{\"line\":{{}}}}\n").as_bytes());
    let letters = folder.write("letters.ndjson", format!("{head}\n{{\"line\":{{\"code\":\"61x9\"}}}}\n").as_bytes());
    let csv = folder.write("goods.csv", b"a,b\n1,2\n");
    let code = folder.write("code.csv", b"text,code,reference\nmug,6911.10,Q-1\ncup,69,Q-2\n");
    let language = folder.write("language.csv", b"text,code,reference,language\nmug,6911.10,Q-1,de\n");
    for (flag, file, part) in [
        ("--nomenclature", old.as_str(), "none of its 4 lines is in force on"),
        ("--nomenclature", &none, "it has no lines of a nomenclature"),
        ("--nomenclature", &damaged, "it is damaged: 1 of its lines are no entries"),
        ("--nomenclature", &letters, "\"61x9\""),
        ("--nomenclature", &csv, "not an edition"),
        ("--nomenclature", "nowhere.ndjson", "nowhere.ndjson"),
        ("--rulings", &csv, "there is no column \"text\""),
        ("--rulings", &code, "line 3: code \"69\": 6 to 12 digits were expected"),
        ("--rulings", &language, "line 2: language \"de\": en, fr or es was expected"),
        ("--rulings", "nowhere.csv", "nowhere.csv"),
    ] {
        let text = says(2, &["code", "mug", flag, file]);
        holds(&text, &[flag, part]);
    }
}
