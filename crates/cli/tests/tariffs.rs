//! The commands about tariffs and catalogues, as a person types them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tidewaiter-tariffs-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
            .args(args)
            .current_dir(&self.0)
            .env_remove("COLUMNS")
            .env("NO_COLOR", "1")
            .output()
            .unwrap()
    }

    /// Runs a command that must end with this code; what it says on both outputs.
    fn says(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
        text
    }

    fn json(&self, code: i32, args: &[&str]) -> Value {
        serde_json::from_str(&self.says(code, args)).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(&self.0).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const PLAIN: &[&str] = &["--territory", "TO", "--currency", "TOP", "--authority", "Customs of Tonga"];

#[test]
fn a_tariff_shows_its_line_its_claims_and_its_history() {
    let folder = Folder::new("tariff");
    let text = folder.says(0, &["tariff", "US", "6109.10.00", "--origin", "KR", "--as-of", "2025-03-01"]);
    for part in ["16.5 %", "who claims KR", "All customs duties together", "2025-04-05", "┌"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = folder.json(0, &["tariff", "US", "6109.10", "--origin", "CU", "--json"]);
    let third: Vec<&str> = json["measures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|m| m["kind"] == "third-country")
        .map(|m| m["amount"].as_str().unwrap())
        .collect();
    assert!(third.contains(&"90 %"), "column 2: {third:?}");
    folder.says(1, &["tariff", "US", "9999.99"]);
    assert!(folder.says(2, &["tariff", "US", "61"]).contains("4 digits or more"));
    assert!(folder.says(2, &["tariff", "Q1", "6109"]).contains("tidewaiter economies"));
    assert!(folder.says(2, &["tariff", "US", "6109", "--origin", "QQQ"]).contains("--origin"));
}

#[test]
fn a_plain_tariff_is_imported_compared_and_priced() {
    let folder = Folder::new("plain");
    folder.write("old.csv", "code,duty\n6109.10,12 %\n6110,15 %\n8517.13,1 TOP per item\n");
    folder.write("new.csv", "code,duty\n6109.10,10 %\n6110,15 %\n9503.00,5 %\n");
    let import = |file: &str, day: &str, edition: &str| {
        let args = [&["import", "hs-tariff", file, "--published", day, "-o", edition], PLAIN].concat();
        folder.says(0, &args);
    };
    import("old.csv", "2026-01-01", "old.ndjson");
    import("new.csv", "2026-07-01", "new.ndjson.zst");
    let changes = folder.json(0, &["diff", "old.ndjson", "new.ndjson.zst", "--json"]);
    let measures: Vec<(&str, Option<&str>, Option<&str>)> = changes["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["what"] == "third-country")
        .map(|c| (c["code"].as_str().unwrap(), c["old"].as_str(), c["new"].as_str()))
        .collect();
    assert_eq!(
        measures,
        [
            ("6109.10", Some("12 %"), Some("10 %")),
            ("8517.13", Some("1 TOP per item"), None),
            ("9503.00", None, Some("5 %"))
        ]
    );
    let text = folder.says(0, &["diff", "old.ndjson", "new.ndjson.zst"]);
    assert!(text.contains("12 %") && text.contains("differences"), "{text}");

    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").display().to_string();
    folder.says(0, &["ratebook", "build", &data, "-o", "without.twrb"]);
    folder.says(0, &["ratebook", "build", &data, "-e", "new.ndjson.zst", "-o", "with.twrb"]);
    let quote = folder.json(
        0,
        &[
            "quote",
            "--ratebook",
            "with.twrb",
            "--json",
            "--from",
            "NZ",
            "--to",
            "TO",
            "--currency",
            "TOP",
            "--date",
            "2026-11-21",
            "--channel",
            "freight",
            "--mode",
            "sea",
            "--sale",
            "b2b",
            "--item",
            "shirt,6109.10,1,10000,NZ",
        ],
    );
    assert_eq!(quote["by_kind"]["duties"]["least"], "1000", "{quote}");
    assert!(quote["editions"].to_string().contains("Customs of Tonga"), "the edition is named");
    let changed = folder.json(0, &["diff", "without.twrb", "with.twrb", "--json", "--as-of", "2026-11-21"]);
    let places: Vec<&String> = changed["destinations"].as_object().unwrap().keys().collect();
    assert_eq!(places, ["TO"], "only where rates were added");
}

#[test]
fn a_wrong_file_is_refused_row_by_row_and_leaves_nothing() {
    let folder = Folder::new("wrong");
    folder.write("wrong.csv", "code,duty\n6109.10,12 %\n61O9.20,5 %\n6110.20,5\n6110.20,lots\n6109.10,13 %\n");
    let args =
        [&["import", "hs-tariff", "wrong.csv", "--published", "2026-01-01", "-o", "wrong.ndjson"], PLAIN].concat();
    let text = folder.says(2, &args);
    for part in ["Nothing was written", "row 3", "61O9.20", "row 4", "row 5", "row 6"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(folder.files(), ["wrong.csv"]);
    let json = folder.json(2, &[&args[..], &["--json"]].concat());
    assert_eq!(json["account"]["refused"], 4);
    assert_eq!(json["written"], Value::Null);
    assert_eq!(folder.files(), ["wrong.csv"]);
    assert!(folder.says(2, &["import", "us-hst", "wrong.csv"]).contains("us-hts"));
    assert!(folder.says(2, &["import", "us-hts", "wrong.csv", "--published", "2026-01-01"]).contains("JSON array"));
    assert!(folder.says(2, &["import", "us-hts", "absent.json"]).contains("absent.json"));
    assert!(folder.says(2, &["import", "hs-tariff", "wrong.csv"]).contains("--territory"));
}

#[test]
fn a_plain_tariff_of_no_territory_is_refused_before_anything_is_written() {
    let folder = Folder::new("territory");
    folder.write("t.csv", "Code;Duty\n6109.10;12 %\n");
    let args = ["import", "hs-tariff", "t.csv", "--published", "2026-01-01", "--currency", "GBP", "--authority", "X"];
    let text = folder.says(2, &[&args[..], &["--territory", "UK"]].concat());
    assert!(text.contains("did you mean GB (United Kingdom)?"), "{text}");
    let text = folder.says(0, &[&args[..], &["--territory", "GB"]].concat());
    assert!(text.contains("3 records"), "headings in capitals, semicolons: {text}");
}

#[test]
fn a_folder_stands_for_its_files() {
    let folder = Folder::new("folder");
    std::fs::create_dir_all(folder.0.join("q")).unwrap();
    folder.write("q/b.csv", "code,duty\n6109.10,12 %\n");
    folder.write("q/.hidden", "x");
    let args = [&["import", "hs-tariff", "q", "--published", "2026-01-01"], PLAIN].concat();
    assert!(folder.says(0, &args).contains("3 records"));
    folder.write("q/a.csv", "code,duty\n6109.10,x\n");
    assert!(folder.says(2, &args).contains("one file at a time"));
    std::fs::remove_file(folder.0.join("q/b.csv")).unwrap();
    let text = folder.says(2, &args);
    assert!(text.contains("Nothing was written") && text.contains("a.csv"), "{text}");
    assert!(!text.contains("Made") && !text.contains("--accept-rest"), "{text}");
    std::fs::create_dir_all(folder.0.join("empty")).unwrap();
    let text = folder.says(2, &["import", "uk-api", "empty"]);
    assert!(text.contains("holds no files"), "{text}");
}

/// Rates and their sources were read in the files of `data/tariffs`: GB and AU from an official schedule.
#[test]
fn a_rate_names_the_source_of_its_measure() {
    let folder = Folder::new("behind");
    for (to, behind) in [("GB", "Source: Department for International Trade"), ("US", "Law: 19 U.S.C. 1202")] {
        let text = folder.says(0, &["tariff", to, "6109.10.00", "--origin", "CN", "--as-of", "2026-06-01"]);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = text.split("Customs duty, tariff: ").nth(1).unwrap().split(" - ").next().unwrap();
        assert!(line.contains(behind), "{to}: {line}");
    }
    let json = folder.json(0, &["tariff", "AU", "6109.10", "--origin", "CN", "--as-of", "2026-06-01", "--json"]);
    let read = json["duties"][0]["read"].to_string();
    assert!(read.contains("International Federation of Customs Brokers") && !read.contains("Omega"), "{read}");
    assert_eq!(json["duties"][0]["confidence"], "low", "as sure as the rate's own source");
}

#[test]
fn a_step_names_all_rules_of_its_days() {
    let folder = Folder::new("steps");
    let json = folder.json(0, &["tariff", "US", "6109.10.00", "--origin", "CN", "--as-of", "2026-06-01", "--json"]);
    let step = json["duties_in_percent"].as_array().unwrap().iter().find(|s| s["from"] == "2025-05-14").unwrap();
    let changed = step["changed"].to_string();
    assert!(changed.contains("on 2025-06-0"), "the rule that ended on 3 June and the one after it: {changed}");
    let later = json["duties_in_percent"].as_array().unwrap().iter().find(|s| s["from"] == "2025-11-10").unwrap();
    assert!(!later["changed"].to_string().contains("until 3 June"), "{later}");
    let labour = json["duties_in_percent"].to_string();
    assert!(labour.contains("12.5 % origins: 12.5 %"), "{labour}");
}

#[test]
fn a_tariff_says_which_code_place_and_day_it_does_not_have() {
    let folder = Folder::new("not");
    let says = |code: i32, args: &[&str]| folder.says(code, args).split_whitespace().collect::<Vec<_>>().join(" ");
    let text = says(0, &["tariff", "US", "6109.10.99", "--origin", "CN", "--as-of", "2026-06-01"]);
    assert!(text.contains("has no code 6109.10.99 on that day; shown is 6109.10."), "{text}");
    assert!(!text.contains("No measure is loaded"), "{text}");
    let text = says(0, &["tariff", "US", "6109.10.00", "--origin", "CN", "--as-of", "2024-01-01"]);
    assert!(text.contains("No tariff of these goods is loaded for 2024-01-01"), "{text}");
    assert!(text.contains("no rate is loaded for that day") && !text.contains("no one percentage"), "{text}");
    let text = says(2, &["tariff", "UK", "6109.10"]);
    assert!(text.contains("did you mean \"GB\"?"), "{text}");
    let text = says(1, &["tariff", "US", "101.21", "--as-of", "2026-06-01"]);
    assert!(text.contains("is a zero missing at the start (0101.21)?"), "{text}");
}

#[test]
fn a_lost_zero_is_asked_about() {
    let folder = Folder::new("zero");
    let args = ["quote", "--from", "CN", "--to", "CH", "--currency", "EUR", "--channel", "post"];
    let item = |text| [&args[..], &["--date", "2026-11-21", "--item", text]].concat();
    let text = folder.run(&item("horse,101.21,1,5000,CN"));
    let text = String::from_utf8(text.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("is a zero missing at the start (0101.21)?"), "{text}");
    let text = folder.says(2, &item("horse,101,1,5000,CN"));
    assert!(text.contains("(0101)?"), "{text}");
}

#[test]
fn every_format_is_listed() {
    let folder = Folder::new("list");
    let text = folder.says(0, &["import", "list"]);
    for format in tidewaiter_sources::formats::FORMATS {
        assert!(text.contains(format.name), "{}", format.name);
    }
}

#[test]
fn the_template_is_written_once_and_refused_empty() {
    let folder = Folder::new("template");
    folder.says(0, &["template", "q.xlsx"]);
    assert!(folder.says(2, &["template", "q.xlsx"]).contains("already there"));
    assert!(folder.says(2, &["template", "q.pdf"]).contains(".xlsx"));
    let text = folder.says(2, &["import", "sheet", "q.xlsx", "-o", "q.ndjson"]);
    assert!(text.contains("sheet About") && text.contains("Authority"), "{text}");
    assert_eq!(folder.files(), ["q.xlsx"]);
}

#[test]
fn a_catalogue_is_priced_from_the_command_line() {
    let folder = Folder::new("bulk");
    folder.write("goods.csv", "id,code,origin,price\na,6109.10,CN,12.50\nb,xx,CN,3\n");
    let report = folder.json(
        1,
        &[
            "bulk",
            "goods.csv",
            "out.ndjson",
            "--from",
            "CN",
            "--to",
            "CH,SG",
            "--currency",
            "EUR",
            "--channel",
            "post",
            "--date",
            "2026-11-21",
            "--json",
        ],
    );
    assert_eq!((&report["rows"], &report["answers"], &report["rejected"]), (&2.into(), &2.into(), &1.into()));
    let files = ["goods.csv", "out.ndjson", "out.ndjson.rejected.ndjson", "out.ndjson.warnings.ndjson"];
    assert_eq!(folder.files(), files);
    let warnings = report["warnings"].as_array().unwrap();
    let answer: Value = {
        let text = std::fs::read_to_string(folder.0.join("out.ndjson")).unwrap();
        serde_json::from_str(text.lines().next().unwrap()).unwrap()
    };
    let codes: Vec<&str> = answer["warnings"].as_str().unwrap().split(' ').collect();
    assert!(codes.iter().all(|code| warnings.iter().any(|w| w["code"] == *code)), "{answer} {warnings:?}");
    // What is asked is told in words: goods without a code, and a table without rows.
    folder.write("open.csv", "code,origin,price\n,CN,12.50\n6109.10,CN,12.50\n");
    let flags = ["--from", "CN", "--to", "CH", "--currency", "EUR", "--channel", "post", "--date", "2026-11-21"];
    let text = folder.says(0, &[&["bulk", "open.csv", "open-out.csv"], &flags[..]].concat());
    assert!(text.contains("1 answer without an exact amount") && text.contains("\"missing\""), "{text}");
    folder.write("none.csv", "code,origin,price\n");
    let text = folder.says(1, &[&["bulk", "none.csv", "none-out.csv"], &flags[..]].concat());
    assert!(text.contains("no rows"), "{text}");
    folder.write("to.csv", "to,code,price\nCH,6109.10,12.50\n");
    assert!(folder.says(2, &[&["bulk", "to.csv", "to-out.csv"], &flags[..]].concat()).contains("give one of the two"));
    let text = folder.says(2, &["bulk", "open.csv", "to-out.csv", "--to", "CH,UK", "--currency", "EUR"]);
    assert!(text.contains("--to \"UK\"") && text.contains("did you mean \"GB\"?"), "{text}");
    assert!(!folder.files().contains(&"to-out.csv".to_owned()));
    assert!(folder.says(2, &["bulk", "goods.csv", "goods.csv"]).contains("same file"));
    assert!(folder.says(2, &["bulk", "goods.csv", "out.csv"]).contains("\"to\""));
    assert!(folder.says(2, &["bulk", "absent.csv", "out.csv"]).contains("absent.csv"));
}

/// A server on this machine that answers each request with these bytes.
fn server(answers: Vec<Vec<u8>>) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0u8; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(&answer);
        }
    });
    format!("http://{address}/eurofxref-hist.zip")
}

fn response(status: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[test]
fn a_file_is_fetched_whole_or_not_at_all() {
    let folder = Folder::new("fetch");
    let url = server(vec![
        response("200 OK", 5, b"rates"),
        response("404 Not Found", 0, b""),
        response("200 OK", 500, b"rates"),
        response("200 OK", 3 << 30, b"rates"),
    ]);
    let fetch = ["fetch", "ecb", "--from", &url];
    let text = folder.says(0, &fetch);
    let sha256 = "ff24aad2c015d2e6657f5bf49ca76a3d1c3c3fdfb2e14c06601f415cab77ce4c";
    assert!(text.contains("5 bytes, SHA-256") && text.contains("European Central Bank"), "{text}");
    assert!(text.contains(sha256), "{text}");
    assert_eq!(std::fs::read(folder.0.join("eurofxref-hist.zip")).unwrap(), b"rates");
    assert!(folder.says(2, &fetch).contains("already there"));
    std::fs::remove_file(folder.0.join("eurofxref-hist.zip")).unwrap();
    assert!(folder.says(2, &fetch).contains("404"));
    assert!(folder.says(2, &fetch).contains("may have moved"), "cut short");
    assert!(folder.says(2, &fetch).contains("larger than"));
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

/// What a killed run left beside the same target goes with the next run; what a live one writes stays.
#[test]
fn leftovers_of_killed_runs_are_taken_away() {
    let folder = Folder::new("killed");
    let old = |name: &str| {
        let file = std::fs::File::create(folder.0.join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(3 * 24 * 3600)).unwrap();
    };
    old("eurofxref-hist.zip.4194303-0.part");
    old("other.zip.4194303-0.part");
    old("hs.ndjson.4194303-0.body");
    old("hs.ndjson.4194303-1.part");
    std::fs::write(folder.0.join("hs.ndjson.4194302-0.body"), "just made").unwrap();
    let url = server(vec![response("200 OK", 5, b"rates")]);
    folder.says(0, &["fetch", "ecb", "--from", &url]);
    let kept = ["hs.ndjson.4194302-0.body", "other.zip.4194303-0.part"];
    assert!(!folder.files().iter().any(|f| f.starts_with("eurofxref-hist.zip.")), "{:?}", folder.files());
    folder.write("t.csv", "code,duty\n6109,12 %\n");
    let import = ["import", "hs-tariff", "t.csv", "-o", "hs.ndjson", "--territory", "KE", "--currency", "KES"];
    let rest = ["--authority", "KRA", "--published", "2026-01-01"];
    folder.says(0, &[&import[..], &rest[..]].concat());
    let mut files = folder.files();
    files.sort();
    assert_eq!(files, ["eurofxref-hist.zip", "hs.ndjson", kept[0], kept[1], "t.csv"]);
}

#[test]
fn what_cannot_be_fetched_is_said() {
    let folder = Folder::new("no-fetch");
    assert!(folder.says(0, &["fetch", "list"]).contains("us-hts"));
    assert!(folder.says(2, &["fetch", "us-hst"]).contains("us-hts"));
    assert!(folder.says(2, &["fetch", "uk-api"]).contains("ten digits"));
    assert!(folder.says(2, &["fetch", "uk-api", "../etc"]).contains("letters, digits"));
    assert!(folder.says(2, &["fetch", "ecb", "2026"]).contains("one file"));
    assert!(folder.says(1, &["fetch", "eu-taric"]).contains("circabc"));
}

#[test]
fn the_tariff_of_goods_names_each_duty_and_what_changed_at_each_step() {
    let folder = Folder::new("duties");
    let args = ["tariff", "US", "6109.10.00", "--origin", "CN", "--as-of", "2026-11-22"];
    let text = folder.says(0, &args);
    for part in [
        "Duties on these goods on 2026-11-22",
        "- Customs duty, tariff: 16.5 %",
        "Section 301 duty on Chinese goods, list 4A: 7.5 %",
        "Section 301 duty (forced labour), 12.5 % origins: 12.5 %, since 2026-07-24",
        "What changed",
        "begins: Section 301 duty (forced labour), 12.5 % origins: 12.5 %",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = folder.json(0, &[&args[..], &["--json"]].concat());
    let keys: Vec<&str> = json["duties"].as_array().unwrap().iter().map(|d| d["charge"].as_str().unwrap()).collect();
    assert_eq!(keys, ["Customs duty", "Section 301 duty on Chinese goods", "Section 301 duty (forced labour)"]);
    assert!(json["duties"].as_array().unwrap().iter().all(|d| !d["read"].as_array().unwrap().is_empty()), "sourced");
    let steps = json["duties_in_percent"].as_array().unwrap();
    assert!(steps.iter().all(|step| !step["changed"].as_array().unwrap().is_empty()), "{json}");
}

#[test]
fn a_row_that_stands_in_two_files_is_shown_once_and_codes_as_their_authority_writes_them() {
    let folder = Folder::new("rows");
    let text = folder.says(0, &["tariff", "DE", "6109.10", "--as-of", "2026-11-22"]);
    assert_eq!(text.lines().filter(|line| line.starts_with("6109.10 ") && line.contains("12 %")).count(), 1, "{text}");
    let text = folder.says(0, &["tariff", "JP", "6109.10", "--as-of", "2026-11-22"]);
    let codes: Vec<&str> = text.lines().filter(|l| l.starts_with("6109")).map(|l| &l[..11]).collect();
    assert_eq!(codes, ["6109.10.010", "6109.10.020"], "{text}");
}

/// A fictional edition: what decides and proves that a shirt is Korean.
const RULES: &str = r#"{"edition":{"authority":"Ministry of Q","territory":"US","title":"Rules of origin","format":"sheet","known_from":"2026-01-01"}}
{"fact":{"key":"q.rules","topic":"origin","statement":"The rules of the agreement.","source":{"publisher":"Ministry of Q","title":"Annex 4","date":"2026-01-01"},"confidence":"high"}}
{"program":{"key":"KR","name":"Fictional agreement with Korea","origin":"KR","from":"2012-03-15","cites":["q.rules"]}}
{"text":{"kind":"other","code":"KR/proof/1","says":{"en":"Fictional certificate"},"other":{"scheme":"KR","list":"proof","proof_class":"c"}}}
{"origin-rule":{"scheme":"KR","codes":["6109"],"heading":"6109","says":"Knit and sewn there","cites":["q.rules"]}}
{"origin-rule":{"scheme":"us.q","codes":["61"],"heading":"Chapter 61","says":"Made where it is sewn","cites":["q.rules"]}}
"#;

#[test]
fn a_preference_is_shown_with_its_rule_of_origin_proof_and_source() {
    let folder = Folder::new("origin-rules");
    std::fs::create_dir_all(folder.0.join("rules")).unwrap();
    folder.write("rules/q.ndjson", RULES);
    folder.write("empty.ndjson", RULES.lines().next().unwrap());
    let item = "--item=shirt,6109.10.00,10,9.00,KR";
    let asked =
        ["quote", "--from", "KR", "--to", "US", "--currency", "USD", "--channel", "express", "--date", "2026-11-22"];
    let plain = folder.json(0, &[&asked[..], &[item, "--json"]].concat());
    assert_eq!(plain["origin_rules"], Value::Null);
    let with = [&asked[..], &[item, "--origin-rules", "rules"]].concat();
    let text = folder.says(0, &with).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "Item 1, to claim KR: the goods must meet the rules of Fictional agreement with Korea (KR). Proof to hold: Fictional certificate.",
        "6109: Knit and sewn there.",
        "Item 1, where the goods count as made: Annex 4",
        "Source: Ministry of Q, Annex 4, 2026-01-01.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = folder.json(0, &[&with[..], &["--json"]].concat());
    assert_eq!(json["total"], plain["total"], "rules change no amount");
    assert_eq!(json["origin_rules"][0]["rules"][0]["says"], "Knit and sewn there");
    assert!(json["sources"].as_array().unwrap().iter().any(|source| source["key"] == "q.rules"));
    let claimed = [
        &asked[..],
        &["--item=shirt,6109.10.00,10,9.00,KR,claim=KR,proof=C", "--origin-rules", "rules/q.ndjson", "--json"],
    ]
    .concat();
    assert_eq!(folder.json(0, &claimed)["origin_rules"][0]["claimed"], true);
    let others = [&asked[..], &["--item=computer,8471.30.01,1,900,CN", "--origin-rules", "rules/q.ndjson"]].concat();
    assert!(folder.says(0, &others).contains("No rule of origin is shown"));
    let tariff = ["tariff", "US", "6109.10.00", "--origin", "KR", "--as-of", "2026-11-22", "--origin-rules", "rules"];
    assert!(folder.says(0, &tariff).contains("- To claim KR: the goods must meet the rules of"));
    assert!(
        folder
            .says(2, &[&asked[..], &[item, "--origin-rules", "empty.ndjson"]].concat())
            .contains("no rules of origin")
    );
    assert!(
        folder.says(2, &[&asked[..], &[item, "--origin-rules", "absent.ndjson"]].concat()).contains("absent.ndjson")
    );
    assert!(folder.says(2, &[&asked[..], &[item, "--origin-rules", "rules", "--plan"]].concat()).contains("--plan"));
}

#[test]
fn a_rule_that_only_some_cases_take_is_shown_as_such() {
    let folder = Folder::new("some-cases");
    let asked =
        ["quote", "--from", "CN", "--to", "US", "--currency", "USD", "--channel", "express", "--date", "2026-11-22"];
    // Of the lines of 6109 some are on no list of goods from China.
    let text = folder.says(1, &[&asked[..], &["--item=shirt,6109,10,9.00,CN"]].concat());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("in some cases, list 4A: 7.5 %"), "{text}");
    assert!(!text.contains("tariff: 2.6 %"), "{text}");
}
