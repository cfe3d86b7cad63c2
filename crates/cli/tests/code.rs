//! Goods codes from words, as a person types them: answers, what the buyer pays, tables, postal declarations, quotes without a code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::typed;
use serde_json::Value;
use std::process::Command;
use typed::{Folder, fed, holds, says};

fn json(code: i32, args: &[&str]) -> Value {
    serde_json::from_str(&says(code, args).0).unwrap()
}

#[test]
fn the_page_speaks_three_languages() {
    let text = |lang: &str| says(0, &["code", "jacket", "--lang", lang]).0;
    holds(&text("en"), &["What it is", "Because of", "What would tell more:", "These are suggestions"]);
    holds(&text("fr"), &["Ce que c'est", "À cause de", "Ce qui en dirait plus :", "Ce sont des suggestions"]);
    holds(&text("es"), &["Qué es", "Lo que diría más:", "Son sugerencias"]);
    // Without a wish, that of the words.
    holds(&says(0, &["code", "t-shirt en coton pour femme"]).0, &["Ce que c'est"]);
    holds(&says(1, &["code", "gift", "--lang", "es"]).0, &["Puede ser cualquier cosa"]);
    let (_, err) = says(2, &["code", "mug", "--lang", "de"]);
    holds(&err, &["'de'", "en, fr, es"]);
}

#[test]
fn a_slip_in_an_answer_is_told() {
    let (_, err) = says(2, &["code", "mug", "--answer", "made-of=porcelin"]);
    holds(&err, &["--answer: question \"made-of\" has no answer \"porcelin\"", "did you mean \"porcelain\"?"]);
    let (_, err) = says(2, &["code", "mug", "--answer", "mad-of=porcelain"]);
    holds(&err, &["--answer: there is no question \"mad-of\"; did you mean \"made-of\"?"]);
    let (_, err) = says(2, &["code", "mug", "--answer", "zzzzzzzz=porcelain"]);
    holds(&err, &["no question \"zzzzzzzz\"; leave --answer out, and the question that helps is shown"]);
    let told = json(2, &["code", "mug", "--answer", "mad-of=x", "--json"]);
    assert!(told["error"].as_str().unwrap().contains("did you mean \"made-of\"?"), "{told}");
}

const FRANCE: [&str; 8] = ["--to", "FR", "--from", "CN", "--channel", "post", "--date", "2026-11-21"];

#[test]
fn what_the_buyer_pays_is_shown() {
    // 3 EUR an item, and 20 % of 103.00: 20.60.
    let (text, _) = says(0, &[&["code", "t-shirt"][..], &FRANCE].concat());
    let parts = [
        "Buyer pays EUR",
        "3 % 23.60",
        "worth EUR 100.00, sent to France (FR), on 2026-11-21",
        "Taken as made in CN, where it is sent from",
        "Whichever of these it is, the buyer pays the same at the usual tax rate: EUR 23.60.",
        "Lines of 6109.10 in the tariff of France",
        "6109.10 duty 12 % all",
    ];
    holds(&text, &parts);
    let told = json(0, &[&["code", "t-shirt", "--json"][..], &FRANCE].concat());
    let pays = &told["pays"];
    assert_eq!((&pays["same"], &pays["origin_assumed"]), (&Value::from("23.6"), &Value::from(true)), "{pays}");
    assert_eq!(pays["lines"]["code"], "6109.10");
    assert!(told["codes"].as_array().unwrap().len() == pays["codes"].as_array().unwrap().len());
    // Said, it is not assumed.
    let told = json(0, &[&["code", "t-shirt", "--json", "--origin", "VN"][..], &FRANCE].concat());
    assert_eq!((&told["pays"]["origin"], &told["pays"]["origin_assumed"]), (&"VN".into(), &false.into()));
}

#[test]
fn an_unknown_duty_is_no_number() {
    // The embedded tariff has 6911.10 at 12 % and no line of 6911.90. Of 1000: 120, and 20 % of 1120.
    let courier = ["--to", "FR", "--from", "CN", "--channel", "express", "--date", "2026-11-21", "--value", "1000"];
    let args = [&["code", "porcelain mug", "--most", "50", "--json"][..], &courier].concat();
    let told = json(0, &args);
    let codes = told["pays"]["codes"].as_array().unwrap();
    let of = |code: &str| codes.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{code}: {told}"));
    assert_eq!((&of("691110")["outcome"], &of("691110")["total"]["most"]), (&"amount".into(), &"344".into()));
    assert_eq!((&of("691190")["outcome"], &of("691190")["duties"]["most"]), (&"unknown".into(), &Value::Null));
    let args = [&["code", "porcelain mug", "--most", "50"][..], &courier].concat();
    let (text, _) = says(0, &args);
    let row = text.lines().find(|line| line.starts_with("6911.90")).unwrap();
    assert!(row.contains("not known") && row.ends_with("at least 200.00"), "{row}");
    let (text, _) = says(0, &[&args[..], &["--lang", "es"]].concat());
    let row = text.lines().find(|line| line.starts_with("6911.90")).unwrap();
    assert!(row.contains("no se sabe") && row.ends_with("al menos 200.00"), "{row}");
}

#[test]
fn wrong_flags_of_what_is_paid_are_named() {
    for (args, parts) in [
        (&["--to", "QQ"][..], &["--to \"QQ\""][..]),
        (&["--to", "FR", "--from", "Q1"], &["--from \"Q1\""]),
        (&["--to", "FR", "--origin", "Q1"], &["--origin \"Q1\""]),
        (&["--to", "FR", "--value", "12,50"], &["--value: \"12,50\""]),
        (&["--to", "FR", "--value", "0"], &["--value \"0\": must be above zero"]),
        (&["--to", "FR", "--value", "999999999999999999"], &["--value"]),
        (&["--to", "FR", "--currency", "EURO"], &["--currency \"EURO\""]),
        (&["--from", "CN"], &["--to"]),
        (&["--value", "5"], &["--to"]),
    ] {
        let (out, err) = says(2, &[&["code", "t-shirt"][..], args].concat());
        assert_eq!(out, "", "{args:?}");
        holds(&err, parts);
        assert!(!err.contains("items["), "{err}");
    }
}

/// A table with every kind of row.
const GOODS: &[u8] = b"id,title,code\n1,cotton t-shirt,x\n2,gift,=1+1\n3,\"mug, porcelain\",\n4,caf\xe9 mug,a\n5,\"open,b\n6,a,b,c\n7,,\n";

#[test]
fn a_table_gets_codes_beside_its_cells() {
    let folder = Folder::new("table");
    let goods = folder.write("goods.csv", GOODS);
    let (out, err) = says(0, &["code", "--table", &goods]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines[0],
        "id,title,code,found_code,title".replace("code,title", "code,found_title")
            + ",confidence,second,second_confidence,review,question"
    );
    assert!(lines[1].starts_with("1,cotton t-shirt,x,610910,Cotton T-shirts"), "{out}");
    assert!(lines[2].starts_with("2,gift,=1+1,,,,,,\"vague: This could be anything. Write"), "{out}");
    assert!(lines[3].starts_with("3,\"mug, porcelain\",,691110,"), "{out}");
    assert!(lines[4].starts_with("4,caf\u{fffd} mug,a,,,,,,\"unreadable: not UTF-8 (byte E9)"), "{out}");
    assert!(lines[5].starts_with("\"5,\"\"open,b\",,,,,,,,\"unreadable: a quotation mark"), "{out}");
    assert!(lines[6].starts_with("\"6,a,b,c\",,,,,,,,\"unreadable: 4 cells"), "{out}");
    assert!(lines[7].starts_with("7,,,,,,,,\"vague: Write what it is"), "{out}");
    holds(
        &err,
        &["7 rows, 5 to review (2 vague, 3 unreadable)", "line 5: not UTF-8", "line 6: a quo", "line 7: 4 cells"],
    );
    // Each line is as wide as the first: ten columns.
    for line in &lines {
        let row = tidewaiter_bulk::TextRow { line: 0, bytes: line.as_bytes().to_vec() };
        assert!(tidewaiter_bulk::cells_of(&row, b',', 10).is_ok(), "{line}");
    }

    let output = folder.path("codes.csv");
    let (told, err) = says(0, &["code", "--table", &goods, "--output", &output, "--threads", "3"]);
    assert_eq!((std::fs::read_to_string(&output).unwrap(), err.as_str()), (out, ""));
    holds(&told, &["codes.csv: 7 rows, 5 to review"]);
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "nothing is left beside it");
}

#[test]
fn each_row_can_be_a_document() {
    let folder = Folder::new("ndjson");
    let goods = folder.write("goods.csv", GOODS);
    let (out, _) = says(0, &["code", "--table", &goods, "--json"]);
    let rows: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 7);
    assert_eq!(
        (&rows[0]["line"], &rows[0]["row"]["title"], &rows[0]["code"]),
        (&2.into(), &"cotton t-shirt".into(), &"610910".into())
    );
    assert!(rows[0]["confidence"].as_u64().unwrap() >= 60 && rows[0]["review"] == "" && rows[0]["question"].is_null());
    assert_eq!(rows[0]["row"]["code"], "x", "its own cells stand apart");
    assert_eq!(rows[4]["text"], "5,\"open,b");
}

#[test]
fn rows_come_out_in_order_and_the_least_confidence_can_be_chosen() {
    let mut goods = String::from("sku;Product\n");
    for at in 0..1_500 {
        goods.push_str(&format!("{at};{}\n", if at % 2 == 0 { "jumper" } else { "cotton t-shirt" }));
    }
    // Tabs, semicolons and commas: what the first line has most of.
    let (out, err) = fed(0, &["code", "--table", "-", "--threads", "4", "--review-below", "100"], goods.as_bytes());
    let ids: Vec<usize> = out.lines().skip(1).map(|line| line.split(';').next().unwrap().parse().unwrap()).collect();
    assert_eq!(ids, (0..1_500).collect::<Vec<_>>());
    holds(&err, &["1500 rows"]);
    // A jumper is of one material or another, none of them sure to 100 %; nothing is below 0 %.
    let jumper = out.lines().nth(1).unwrap();
    assert!(jumper.contains(";unlikely;") && jumper.contains('?'), "{jumper}");
    let (out, _) = fed(0, &["code", "--table", "-", "--review-below", "0"], b"product\njumper\n");
    assert!(out.lines().nth(1).unwrap().ends_with(",,"), "{out}");
    // Two codes that together are likely enough.
    let (out, _) = fed(0, &["code", "--table", "-", "--json", "--review-below", "0"], b"product\njumper\n");
    let row: Value = serde_json::from_str(&out).unwrap();
    let (first, second) = (row["confidence"].as_u64().unwrap(), row["second_confidence"].as_u64().unwrap());
    let least = (first + 1).to_string();
    assert!(second > 0, "{row}");
    let (out, _) = fed(0, &["code", "--table", "-", "--json", "--review-below", &least], b"product\njumper\n");
    let row: Value = serde_json::from_str(&out).unwrap();
    let close =
        format!("close: {} {first} % / {} {second} %", row["code"].as_str().unwrap(), row["second"].as_str().unwrap());
    assert_eq!(row["review"], close);
    assert!(!row["question"].is_null());
}

#[test]
fn a_table_of_tabs_and_marks_stays_one() {
    let folder = Folder::new("tabs");
    let goods = folder.write("goods.tsv", "\u{feff}name\nmug, porcelain\n".as_bytes());
    let (out, _) = says(0, &["code", "--table", &goods]);
    assert!(out.starts_with("\u{feff}name\tcode\ttitle\t") && out.contains("\nmug, porcelain\t691110\t"), "{out}");
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = Folder::new("refused");
    let goods = folder.write("goods.csv", GOODS);
    let same = folder.path("./goods.csv");
    let book = folder.write("goods.xlsx", b"PK\x03\x04");
    let names = folder.write("names.csv", b"sku,words\n1,mug\n");
    let long = folder.write("long.csv", &[b"name\nmug\n".as_slice(), &vec![b'x'; (1 << 20) + 10]].concat());
    let gone = folder.path("gone.csv");
    let answers = folder.path("answers.csv");
    for (args, parts) in [
        (&["--table", &goods, "--output", &same][..], &["the same file"][..]),
        (&["--table", &book], &["goods.xlsx: the name must end in .csv or .tsv", "CSV UTF-8"]),
        (&["--table", &names], &["names.csv: no column is called description", "--column NAME, one of sku, words"]),
        (&["--table", &goods, "--column", "titel"], &["there is no column \"titel\"; did you mean \"title\"?"]),
        (&["--table", &long, "--output", &answers], &["long.csv: line 3 or below: a line is longer than 1 MB"]),
        (&["--table", &gone], &["gone.csv"]),
        (&["--table", &goods, "--answer", "mad-of=wool"], &["did you mean \"made-of\"?"]),
        (&["--table", &goods, "--to", "FR"], &["--to"]),
        (&["--table", &goods, "mug"], &["WORDS"]),
        (&["--column", "x", "mug"], &["--table"]),
        (&[], &["WORDS"]),
    ] {
        let (_, err) = says(2, &[&["code"][..], args].concat());
        holds(&err, parts);
    }
    assert_eq!(std::fs::read(&goods).unwrap(), GOODS, "the table itself is untouched");
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 4, "nothing is left behind");
}

#[test]
fn words_of_a_postal_declaration_are_judged() {
    for text in ["gift", "parts", "regalo", "pièces détachées", "black XL"] {
        let (out, _) = says(1, &["code", "--lint", text]);
        assert!(!out.trim().is_empty(), "{text}");
    }
    holds(&says(1, &["code", "--lint", "gift"]).0, &["not \"gift\" but \"wooden toy train\""]);
    holds(&says(0, &["code", "--lint", "gift: cotton t-shirt"]).0, &["Good: this says what the goods are."]);
    holds(&says(0, &["code", "--lint", "camiseta de algodón"]).0, &["Bien: se entiende"]);
    let told = json(1, &["code", "--lint", "gift", "--json"]);
    assert_eq!((&told["good"], &told["vague"]), (&false.into(), &"only-general".into()));
    assert!(told["advice"].as_str().unwrap().contains("wooden toy train"));
    let told = json(0, &["code", "--lint", "porcelain mug", "--json"]);
    assert_eq!((&told["good"], &told["advice"]), (&true.into(), &Value::Null));
    holds(&says(0, &["code", "--help"]).0, &["postal declaration (CN 22, CN 23)", "code --lint"]);
}

const PARCEL: [&str; 10] =
    ["quote", "--from", "CN", "--to", "FR", "--currency", "EUR", "--channel", "post", "--date=2026-11-21"];

#[test]
fn a_quote_without_a_code_shows_what_likely_codes_give() {
    let item = "description=t-shirt qty=2 price=12.50 origin=CN";
    // 3 EUR for the item, and 20 % of 28.00: 5.60, whatever it is made of.
    let (text, _) = says(1, &[&PARCEL[..], &["--item", item]].concat());
    holds(
        &text,
        &[
            "Whichever of these codes it is",
            "the buyer pays EUR 8.60 on top of EUR 25.00,",
            "at the usual tax rate.",
            "6109.10",
            "Without a code",
        ],
    );
    assert!(text.find("Whichever") < text.find("Without a code"), "{text}");
    let told = json(1, &[&PARCEL[..], &["--json", "--item", item]].concat());
    let suggested = &told["goods_code_suggestions"];
    assert_eq!((&suggested["total"]["least"], &suggested["total"]["most"]), (&"8.6".into(), &"8.6".into()));
    assert_eq!(suggested["items"][0]["codes"][0]["code"], "610910");
    // The answer itself is the one without a code.
    assert_eq!(told["quote"]["outcome"], "unknown");
    assert!(told["quote"]["items"][0].get("code").is_none(), "{told}");
    // With one there is nothing to suggest, and the document is the answer.
    let coded = json(0, &[&PARCEL[..], &["--json", "--item", &format!("{item} code=6109.10")]].concat());
    assert_eq!((&coded["outcome"], &coded["total"]["most"]), (&"amount".into(), &"8.6".into()));
}

#[test]
fn the_range_is_over_the_codes_and_each_is_what_its_quote_says() {
    // There the tariff counts from the first dollar, and differs by code.
    let parcel = ["quote", "--from", "CN", "--to", "US", "--currency", "USD", "--channel", "post", "--date=2026-11-21"];
    let item = "description=jumper qty=2 price=12.50 origin=CN";
    let told = json(1, &[&parcel[..], &["--json", "--item", item]].concat());
    let suggested = &told["goods_code_suggestions"];
    let codes = suggested["items"][0]["codes"].as_array().unwrap();
    assert!(codes.len() > 1, "{suggested}");
    let number = |value: &Value| value.as_str().unwrap().parse::<tidewaiter::Decimal>().unwrap();
    let (mut least, mut most) = (Vec::new(), Vec::new());
    for one in codes {
        let code = one["code"].as_str().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
            .args([&parcel[..], &["--json", "--item", &format!("{item} code={code}")]].concat())
            .output()
            .unwrap();
        let quote: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&quote["total"], &quote["outcome"]), (&one["total"], &one["outcome"]), "{code}");
        assert_eq!(quote["by_kind"]["duties"], one["duties"], "{code}");
        least.push(number(&one["total"]["least"]));
        most.push(number(&one["total"]["most"]));
    }
    assert_eq!(Some(number(&suggested["total"]["least"])), least.into_iter().min());
    assert_eq!(Some(number(&suggested["total"]["most"])), most.into_iter().max());
    let (text, _) = says(1, &[&parcel[..], &["--item", item]].concat());
    holds(
        &text,
        &[
            "The buyer pays USD",
            "if the goods are of one of these codes",
            "What would tell more:",
            "--answer made-of=wool",
        ],
    );
    // An answer narrows it: wool leaves fewer codes, or makes one likelier.
    let wool = json(1, &[&parcel[..], &["--json", "--answer", "made-of=wool", "--item", item]].concat());
    let first = &wool["goods_code_suggestions"]["items"][0]["codes"][0];
    assert_eq!(first["code"], "611011", "{wool}");
}

#[test]
fn items_without_a_code_are_taken_together() {
    let items = |second: &'static str| ["--item", "description=jumper price=300 origin=CN", "--item", second];
    let express = ["quote", "--to", "FR", "--currency", "EUR", "--channel", "express", "--date=2026-11-21", "--json"];
    let told = json(1, &[&express[..], &items("description=porcelain mug price=100 origin=CN")].concat());
    let suggested = &told["goods_code_suggestions"];
    assert_eq!(suggested["items"].as_array().unwrap().len(), 2);
    assert_eq!(suggested["items"][1]["codes"][0]["code"], "691110");
    // The answer for one item is its own.
    let args =
        [&express[..], &items("description=mug price=100 origin=CN"), &["--answer", "2:made-of=porcelain"]].concat();
    let told = json(1, &args);
    assert_eq!(told["goods_code_suggestions"]["items"][1]["codes"][0]["code"], "691110");
    // Words that say too little leave the whole open, and are told what to write.
    let told = json(1, &[&express[..], &items("description=gift price=100 origin=CN")].concat());
    let suggested = &told["goods_code_suggestions"];
    assert!(
        suggested.get("total").is_none() && suggested["items"][1]["advice"].as_str().unwrap().contains("not \"gift\"")
    );
    assert_eq!(told["quote"]["outcome"], "unknown");
    let (text, _) = says(1, &[&express[..8], &items("description=gift price=100 origin=CN")].concat());
    holds(&text, &["cannot be told: not every item has a likely code", "Item 2, \"gift\": no goods code can be told"]);
    let (text, _) = says(1, &[&express[..8], &["--item", "description=gift price=100"]].concat());
    holds(&text, &["Item 1, \"gift\": no goods code can be told from these words."]);
    assert!(!text.contains("Without a code"), "{text}");
    let (text, _) = says(1, &[&express[..8], &items("description=porcelain mug price=100 origin=CN")].concat());
    holds(
        &text,
        &[
            "the cheapest of each item together to the dearest of each together",
            "The total beside a code is for the whole parcel",
        ],
    );
}

#[test]
fn a_description_of_any_length_is_answered() {
    let folder = Folder::new("long");
    let words = "porcelain mug \u{1b}[31m ".repeat(20_000);
    let question = serde_json::json!({
        "to": "FR", "date": "2026-11-21", "currency": "EUR", "items": [{ "description": words, "price": "5" }]
    });
    let file = folder.write("order.json", question.to_string().as_bytes());
    let (text, _) = says(1, &["quote", &file]);
    assert!(text.len() < 20_000 && !text.contains('\u{1b}'), "{}", text.len());
    holds(&text, &["6911.10", "…\""]);
}

#[test]
fn an_answer_that_fits_no_item_is_refused() {
    let coded = "description=mug code=6911.10 qty=2 price=12.50";
    let open = "description=mug qty=2 price=12.50";
    for (args, part) in [
        (&["--item", coded, "--answer", "made-of=wool"][..], "nothing is asked about a goods code here"),
        (&["--item", open, "--answer", "2:made-of=wool"], "nothing is asked about a goods code of item 2"),
        (&["--item", open, "--answer", "x:made-of=wool"], "\"x\" is not the number of an item"),
        (&["--item", open, "--answer", "made-of"], "write the key of the question and that of the answer"),
        (&["--item", open, "--answer", "made-of=wol"], "did you mean \"wool\"?"),
        (&["--item", open, "--answer", "made-of=wool", "--plan"], "--plan"),
        (&["-", "--answer", "made-of=wool"], "--answer takes one question"),
    ] {
        let base: &[&str] = if args[0] == "-" { &["quote"] } else { &PARCEL };
        holds(&says(2, &[base, args].concat()).1, &[part]);
    }
}
