//! Editions compared.
#![allow(clippy::unwrap_used, reason = "a failing test says so")]
use super::*;
use crate::Limits;
use std::io::Cursor;

const HEAD: &str =
    r#"{"edition":{"authority":"Q","territory":"QQ","title":"T","format":"sheet","known_from":"2026-01-01"}}"#;

fn measure(code: &str, amount: &str, before: &str) -> String {
    let before = if before.is_empty() { String::new() } else { format!(r#","before":"{before}""#) };
    format!(r#"{{"measure":{{"code":"{code}","kind":"third-country","amount":"{amount}"{before},"cites":["f"]}}}}"#)
}

fn changes(old: &[String], new: &[String], as_of: Option<Date>) -> Vec<(String, Option<String>, Option<String>)> {
    let files = [old, new].map(|lines| format!("{HEAD}\n{}\n", lines.join("\n")));
    let open =
        |which: usize| Source::new("e.ndjson", Cursor::new(files[which].clone().into_bytes()), Limits::default());
    let compared = compare(open, as_of).unwrap();
    compared.changes.into_iter().map(|c| (c.code, c.old, c.new)).collect()
}

#[test]
fn only_what_is_said_otherwise_differs() {
    let old = [measure("610910", "12 %", ""), measure("610910", "1 QDD per item", ""), measure("4901", "0 %", "")];
    let mut turned = old.to_vec();
    turned.reverse();
    assert!(changes(&old, &turned, None).is_empty(), "the order of records is none of the law");
    let some = |text: &str| Some(text.to_owned());
    let new = [measure("610910", "10 %", ""), measure("610910", "1 QDD per item", ""), measure("9503", "5 %", "")];
    assert_eq!(
        changes(&old, &new, None),
        [
            ("4901".to_owned(), some("0 %"), None),
            ("6109.10".to_owned(), some("1 QDD per item, 12 %"), some("1 QDD per item, 10 %")),
            ("9503".to_owned(), None, some("5 %")),
        ]
    );
    let ended = [measure("4901", "0 %", "2026-07-01")];
    let day = |text: &str| Some(text.parse().unwrap());
    assert!(changes(&[measure("4901", "0 %", "")], &ended, day("2026-06-30")).is_empty());
    assert_eq!(changes(&[measure("4901", "0 %", "")], &ended, day("2026-07-01")).len(), 1);
}

fn file(published: &str, lines: &[&str]) -> String {
    format!("{}\n{}\n", HEAD.replace("2026-01-01", published), lines.join("\n"))
}

fn compared(files: &[String; 2], as_of: Option<&str>) -> Compared {
    let open =
        |which: usize| Source::new("e.ndjson", Cursor::new(files[which].clone().into_bytes()), Limits::default());
    compare(open, as_of.map(|day| day.parse().unwrap())).unwrap()
}

/// Code, what, scope, old and new in one line each.
fn told(changes: &[Change]) -> Vec<String> {
    let said = |text: &Option<String>, from: Option<Date>| {
        let from = from.map(|day| format!(" from {day}")).unwrap_or_default();
        text.clone().unwrap_or_else(|| "-".into()) + &from
    };
    let tell = |c: &Change| {
        format!("{} {} [{}] {} > {}", c.code, c.what, c.scope, said(&c.old, c.old_from), said(&c.new, c.new_from))
    };
    changes.iter().map(tell).collect()
}

#[test]
fn rates_areas_and_programmes_are_compared() {
    let old = [
        r#"{"rate":{"name":"vat","class":"standard","is":[{"is":"17 %"},{"from":"2025-01-01","is":"18 %"}]}}"#,
        r#"{"rate":{"name":"vat","class":"reduced","is":"5 %","goods":"books","codes":["4901","4902"]}}"#,
        r#"{"area":{"code":"g1","name":"Group","members":[{"territory":"CA"},{"territory":"MX","before":"2026-06-01"}]}}"#,
        r#"{"program":{"key":"P1","name":"Agreement","origin":["CA","MX"],"proof":"Form A"}}"#,
        r#"{"text":{"kind":"note","code":"1"}}"#,
    ];
    let new = [
        r#"{"rate":{"name":"vat","class":"standard","is":[{"is":"18 %"},{"from":"2026-07-01","is":"20 %"}]}}"#,
        r#"{"rate":{"name":"vat","class":"reduced","is":"5 %","goods":"books and maps","codes":["4901"]}}"#,
        r#"{"area":{"code":"g1","name":"Group","members":[{"territory":"CA"},{"territory":"PE"}]}}"#,
        r#"{"program":{"key":"P1","name":"Agreement","origin":"CA","proof":"Form B"}}"#,
    ];
    let files = [file("2026-01-01", &old), file("2026-07-01", &new)];
    let both = compared(&files, None);
    assert_eq!(
        told(&both.changes),
        [
            "4902 rate-class [vat] reduced > -",
            "P1 program-origin [MX] may claim > -",
            "P1 program-proof [] Form A > Form B",
            "g1 area-member [MX] member > -",
            "g1 area-member [PE] - > member",
            "vat rate [standard] 18 % > 20 %",
            "vat rate-goods [reduced] books > books and maps",
        ]
    );
    assert_eq!(both.sides[0].compared["rate"], Held { entries: 2, compared: 2, begins: None });
    assert_eq!(both.sides[0].not_compared.iter().collect::<Vec<_>>(), [(&"text", &1)]);
    // On a day of the old values nothing is taken from later; the member has left.
    let then = compared(&files, Some("2026-06-30"));
    let told = told(&then.changes).join("\n");
    assert!(!told.contains("vat rate [") && !told.contains("[MX] member"), "{told}");
}

#[test]
fn what_begins_after_publication_is_compared() {
    let says = |code: &str, amount: &str, dates: &str| {
        format!(r#"{{"measure":{{"code":"{code}","kind":"third-country","amount":"{amount}"{dates},"cites":["f"]}}}}"#)
    };
    let from = |day: &str| format!(r#","from":"{day}""#);
    let old = [
        says("610910", "12 %", &from("2026-02-01")),
        says("6110", "8 %", ""),
        says("6111", "3 %", &from("2026-02-01")),
        says("6112", "7 %", ""),
    ];
    let new = [
        says("610910", "15 %", &from("2026-08-01")),
        says("610910", "16 %", &from("2026-09-01")),
        says("6110", "8 %", &from("2026-08-01")),
        says("6111", "3 %", ""),
        says("6112", "7 %", r#","before":"2026-08-01""#),
        says("6112", "9 %", &from("2026-08-01")),
    ];
    let lines = |all: &[String]| all.join("\n");
    let files = [file("2026-01-05", &[&lines(&old)]), file("2026-07-01", &[&lines(&new)])];
    let both = compared(&files, None);
    assert_eq!(
        told(&both.changes),
        ["6109.10 third-country [] 12 % from 2026-02-01 > 15 % from 2026-08-01"],
        "equal duties do not differ because one was announced"
    );
    assert_eq!(both.sides[1].later, Some((1, "2026-08-01".parse().unwrap())), "6112 is 9 % later");
    let then = compared(&files, Some("2026-08-01"));
    assert_eq!(told(&then.changes), ["6109.10 third-country [] 12 % > 15 %", "6112 third-country [] 7 % > 9 %"]);
    let before = compared(&files, Some("2025-12-31"));
    let held = |side: usize| before.sides[side].compared["measure"];
    assert_eq!((held(0).compared, held(1).compared), (2, 2));
    assert_eq!(held(0).begins, Some("2026-02-01".parse().unwrap()));
}

#[test]
fn a_day_on_which_nothing_is_in_force_is_seen() {
    let lines = [r#"{"measure":{"code":"6110","kind":"third-country","amount":"8 %","from":"2026-07-01","cites":[]}}"#];
    let files = [file("2026-07-01", &lines), file("2026-07-02", &lines)];
    let both = compared(&files, Some("2026-06-30"));
    assert!(both.changes.is_empty());
    let begins = Some("2026-07-01".parse().unwrap());
    assert!(both.sides.iter().all(|s| s.compared["measure"] == Held { entries: 1, compared: 0, begins }));
}

#[test]
fn each_programme_is_compared_by_itself() {
    let preference = |programs: &str, amount: &str| {
        format!(
            r#"{{"measure":{{"code":"02011050","kind":"preference","amount":"{amount}","program":{programs},"cites":[]}}}}"#
        )
    };
    let old =
        [preference(r#"["BH","CL","CO"]"#, "0 %"), preference(r#""KR""#, "1.7 %"), preference(r#""PE""#, "1.7 %")];
    let new = [preference(r#"["BH","CL","CO","KR","PE"]"#, "0 %")];
    let files = [file("2026-01-01", &[&old.join("\n")]), file("2026-07-01", &[&new.join("\n")])];
    let both = compared(&files, None);
    assert_eq!(
        told(&both.changes),
        ["0201.10.50 preference [claim KR] 1.7 % > 0 %", "0201.10.50 preference [claim PE] 1.7 % > 0 %"]
    );
    assert_eq!(told(&grouped(&both.changes)), ["0201.10.50 preference [claim KR PE] 1.7 % > 0 %"]);
}
