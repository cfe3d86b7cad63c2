//! The command as people and programs meet it: what it prints, where, and with which exit code.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A question that has an exact answer on its date, whatever today is.
fn question() -> Value {
    json!({
        "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90", "channel": "post",
        "seller": { "registrations": ["eu.ioss"] },
        "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }]
    })
}

const FLAGS: [&str; 15] = [
    "quote",
    "--from",
    "CN",
    "--to",
    "FR",
    "--date",
    "2026-11-21",
    "--currency",
    "EUR",
    "--freight",
    "4.90",
    "--channel",
    "post",
    "--ioss",
    "--item=t-shirt,6109.10,2,12.50,CN",
];

fn run(args: &[&str]) -> Output {
    with_input(args, b"")
}

fn with_input(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
        .args(args)
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tidewaiter-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn data(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(path).display().to_string()
}

/// The command fails as a usage error that says all of `parts` on standard error and nothing on standard output.
fn refused(args: &[&str], parts: &[&str]) {
    let output = run(args);
    let text = err(&output);
    assert_eq!(code(&output), 2, "{args:?}: {text}");
    assert_eq!(out(&output), "", "{args:?}");
    for part in parts {
        assert!(text.contains(part), "{args:?} should say {part:?}, but says: {text}");
    }
}

#[test]
fn alone_it_shows_where_to_begin() {
    let output = run(&[]);
    assert_eq!(code(&output), 0);
    for part in ["tidewaiter quote --from", "tidewaiter economy", "tidewaiter check"] {
        assert!(out(&output).contains(part));
    }
}

#[test]
fn the_examples_it_shows_work() {
    let text = out(&run(&[]));
    for line in text.lines().filter_map(|l| l.strip_prefix("  tidewaiter ")) {
        let line = line.replace("data/economies/", &data("economies/"));
        let args: Vec<&str> = line.split(' ').collect();
        let output = run(&args);
        assert!(code(&output) <= 1, "{line}: {}", err(&output));
    }
}

#[test]
fn a_quote_begins_with_the_answer() {
    let output = run(&FLAGS);
    let text = out(&output);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(text.starts_with("The buyer pays EUR "), "{text}");
    for part in ["on top of EUR 29.90", "Customs duty", "VAT", "DDP", "DAP", "Landed", "Sources", "Editions used"] {
        assert!(text.contains(part), "{part} is missing from {text}");
    }
    assert!(!text.contains('\x1b'), "no colour where it is not a terminal");
    assert!(text.lines().filter(|l| !l.contains("http")).all(|l| l.chars().count() <= 100));
}

#[test]
fn flags_and_file_give_the_same_figures() {
    let folder = Folder::new("same");
    let file = folder.write("q.json", question().to_string().as_bytes());
    let by_file: Value = serde_json::from_slice(&run(&["quote", &file, "--json"]).stdout).unwrap();
    let mut args = FLAGS.to_vec();
    args.push("--json");
    let by_flags: Value = serde_json::from_slice(&run(&args).stdout).unwrap();
    assert_eq!(by_file["total"], by_flags["total"]);
    assert_eq!(by_file["charges"], by_flags["charges"]);
}

#[test]
fn delivery_terms_can_be_chosen() {
    let with = |terms: &str| {
        let mut args = FLAGS.to_vec();
        args.extend(["--terms", terms]);
        out(&run(&args))
    };
    assert!(with("ddp").contains("DDP  ") && !with("ddp").contains("DAP  "));
    assert!(with("dap").contains("DAP  ") && !with("dap").contains("DDP  "));
}

#[test]
fn explain_shows_more() {
    let mut args = FLAGS.to_vec();
    args.push("--explain");
    let text = out(&run(&args));
    assert!(text.contains("How each figure came about") && text.contains("https://"), "{text}");
}

#[test]
fn an_answer_without_an_amount_exits_with_one() {
    let output = run(&["quote", "--to", "DE", "--date", "2026-11-21", "--currency", "EUR", "--item", "mug,,1,8"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).contains("What to do:"), "{}", out(&output));
}

#[test]
fn an_unknown_charge_is_never_a_zero() {
    let output = run(&[
        "quote",
        "--from",
        "CN",
        "--to",
        "DE",
        "--date",
        "2026-11-21",
        "--currency",
        "EUR",
        "--channel",
        "post",
        "--item",
        "vodka,2208.60,1,20,PL",
    ]);
    let text = out(&output);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(text.lines().any(|l| l.starts_with("Excise duty") && l.contains("not known")), "{text}");
    assert!(text.contains("What to do:") && text.contains("ask the carrier"), "{text}");
}

#[test]
fn plans_and_reverses() {
    let mut args = FLAGS.to_vec();
    args.extend(["--item", "cap,6505.00,1,9,CN", "--plan"]);
    let output = run(&args);
    assert!(code(&output) <= 1, "{}", err(&output));
    assert!(out(&output).contains("one parcel"), "{}", out(&output));
    let mut args = FLAGS.to_vec();
    args.extend(["--landed", "50"]);
    let output = run(&args);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).starts_with("Goods at EUR "), "{}", out(&output));
    args.push("--json");
    let reverse: Value = serde_json::from_slice(&run(&args).stdout).unwrap();
    assert_eq!(reverse["wanted"], "50");
    refused(&["quote", "--plan", "--landed", "50"], &["cannot be used with"]);
    refused(&["quote", "-", "--plan"], &["one question"]);
}

#[test]
fn says_what_is_missing() {
    refused(&["quote"], &["--to", "--item", "--currency EUR"]);
    refused(&["quote", "--to", "DE", "--item", "a,6109.10,1,1"], &["say the currency", "--currency EUR"]);
}

#[test]
fn names_the_flag_that_is_wrong() {
    let base = ["quote", "--to", "FR", "--date", "2026-11-21", "--currency", "EUR", "--item", "a,6109.10,1,1,CN"];
    let with = |more: &[&'static str]| [&base[..], more].concat();
    for (more, parts) in [
        (&["--item", "t,6109.10,1,-3,CN"][..], &["--item 2, price \"-3\""][..]),
        (&["--item", "t,6109.10,2,12,50"], &["--item 2", "use a point: 12.50"]),
        (&["--item", "t,6109.10"], &["--item 2", "2 parts", "description,code,quantity,price"]),
        (&["--item", "code=6109 prise=1"], &["did you mean \"price\"?"]),
        (&["--item", "t,6109.10,1,1,CNN"], &["--item 2, origin \"CNN\"", "did you mean"]),
        (&["--freight", "4,90"], &["--freight", "not a comma"]),
        (&["--freight", "1e3"], &["--freight", "not a number"]),
        (&["--from", "Germany"], &["--from \"Germany\"", "did you mean \"DE\"?"]),
        (&["--parcels", "0"], &["--parcels"]),
        (&["--parcels", "many"], &["--parcels"]),
        (&["--fact", "personal-use"], &["personal-use=yes"]),
        (&["--fact", "personal-use=maybe"], &["yes or no"]),
        (&["--history", "yeer=1,2"], &["did you mean \"year\"?"]),
        (&["--history", "year=1"], &["year=2,100.00"]),
        (&["--rate", "EURUSD=1"], &["EUR/USD=1.08"]),
        (&["--rate", "EUR/USD=0"], &["--rate"]),
        (&["--channel", "pigeon"], &["post", "express"]),
        (&["--known-at", "21.11.2026"], &["--known-at"]),
    ] {
        refused(&with(more), parts);
    }
    refused(
        &["quote", "--to", "DEU", "--currency", "EUR", "--item", "a,6109.10,1,1"],
        &["--to \"DEU\"", "did you mean \"DE\"?"],
    );
    refused(
        &["quote", "--to", "DE", "--currency", "EURO", "--item", "a,6109.10,1,1"],
        &["--currency \"EURO\"", "ISO 4217"],
    );
}

#[test]
fn names_the_place_in_a_file() {
    let folder = Folder::new("files");
    let head = "{\"to\":\"FR\",\"currency\":\"EUR\",";
    let many = json!({ "to": "FR", "currency": "EUR", "items": vec![json!({ "price": "1" }); 1000] }).to_string();
    let cases: [(&str, Vec<u8>, &[&str]); 10] = [
        (
            "unknown.json",
            format!("{head}\"itemz\":[]}}").into_bytes(),
            &["unknown.json:1:", "itemz", "did you mean \"items\"?"],
        ),
        (
            "float.json",
            format!("{head}\"items\":[{{\"price\":12.5}}]}}").into_bytes(),
            &["items[0].price", "\"12.50\""],
        ),
        (
            "comma.json",
            format!("{head}\n\"items\":[{{\"price\":\"12,50\"}}]}}").into_bytes(),
            &["comma.json:2:", "items[0].price", "comma"],
        ),
        (
            "negative.json",
            format!("{head}\"items\":[{{\"price\":\"-1\"}}]}}").into_bytes(),
            &["items[0].price \"-1\"", "below zero"],
        ),
        ("empty.json", Vec::new(), &["is empty"]),
        ("cut.json", head.as_bytes().to_vec(), &["ends before it is complete"]),
        ("bytes.json", b"\xff\xfe{".to_vec(), &["not UTF-8"]),
        ("deep.json", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes(), &["deep.json:1:"]),
        (
            "deepfacts.json",
            format!("{head}\"facts\":{}", "{\"a\":".repeat(100_000)).into_bytes(),
            &["deepfacts.json:1:"],
        ),
        ("many.json", many.into_bytes(), &["999"]),
    ];
    for (name, bytes, parts) in cases {
        refused(&["quote", &folder.write(name, &bytes)], parts);
    }
    refused(&["quote", &folder.path("nosuch.json")], &["there is no file"]);
    refused(&["quote", &folder.0.display().to_string()], &["is a folder"]);
    refused(&["quote", "x.json", "--to", "DE"], &["whole question"]);
}

#[test]
fn a_huge_file_is_not_read_whole() {
    let folder = Folder::new("huge");
    let file = std::fs::File::create(folder.path("huge.json")).unwrap();
    // Sparse: it takes no space on the disk.
    file.set_len(2 << 30).unwrap();
    refused(&["quote", &folder.path("huge.json")], &["larger than 16 MB"]);
}

#[test]
fn with_json_a_mistake_is_json_too() {
    let output = run(&["quote", "--to", "DEU", "--currency", "EUR", "--item", "a,6109.10,1,1", "--json"]);
    assert_eq!((code(&output), err(&output).as_str()), (2, ""));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told["error"].as_str().unwrap().contains("DEU"));
}

#[test]
fn streams_one_answer_a_line() {
    let good = question().to_string();
    let input = format!("{good}\n\n{{\"to\":\"FR\"}}\nnot json\n{good}");
    let output = with_input(&["quote", "-"], input.as_bytes());
    assert_eq!(code(&output), 2, "a line was wrong");
    let lines: Vec<Value> = out(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[0]["outcome"], &lines[3]["outcome"]), (&json!("amount"), &json!("amount")));
    assert_eq!((&lines[1]["line"], &lines[2]["line"]), (&json!(3), &json!(4)));
    assert!(lines[1]["error"].as_str().unwrap().contains("currency"));
    assert_eq!(lines[0], lines[3], "the same question has the same answer");
    let output = with_input(&["quote", "-"], format!("{good}\n").as_bytes());
    assert_eq!(code(&output), 0);
}

#[test]
fn a_stream_survives_bad_lines() {
    let mut input = vec![b'x'; (1 << 20) + 10];
    input.extend_from_slice(b"\n\xff\xfe\n{\"to\":\"FR\",\"currency\":\"EUR\",\"items\":[{\"price\":\"-1\"}]}\n");
    input.extend_from_slice(question().to_string().as_bytes());
    let output = with_input(&["quote", "-"], &input);
    let lines: Vec<Value> = out(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0]["error"].as_str().unwrap().contains("longer than 1 MB"));
    assert!(lines[1]["error"].as_str().unwrap().contains("not UTF-8"));
    assert_eq!(lines[2]["problems"][0]["field"], "items[0].price");
    assert_eq!(lines[3]["outcome"], "amount");
}

#[test]
fn a_stream_answers_before_it_ends() {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
        .args(["quote", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(stdin, "{}", question()).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains("\"outcome\":\"amount\""));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_empty_stream_is_a_mistake() {
    refused(&["quote", "-"], &["empty"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
        .args(["quote", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..50 {
        if writeln!(stdin, "{}", question()).is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
}

#[test]
fn lists_economies() {
    let output = run(&["economies", "--date", "2026-11-21"]);
    assert_eq!(code(&output), 0);
    let text = out(&output);
    assert!(text.starts_with("Code"), "{text}");
    let germany = text.lines().find(|l| l.starts_with("DE ")).unwrap();
    assert!(germany.contains("EUR") && germany.contains("19 %"), "{germany}");
    let all: Value = serde_json::from_slice(&run(&["economies", "--json", "--date", "2020-08-01"]).stdout).unwrap();
    let germany = all.as_array().unwrap().iter().find(|e| e["code"] == "DE").unwrap();
    assert_eq!(germany["standard_rates"][0]["percent"], "16", "the rate of that day");
    assert_eq!(germany["edition"]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn shows_an_economy() {
    let output = run(&["economy", "DE", "--date", "2026-11-21"]);
    assert_eq!(code(&output), 0);
    let text = out(&output);
    for part in [
        "Germany (DE)",
        "Rules in force on 2026-11-21",
        "Limits",
        "Tax rates",
        "19 % since 2021-01-01",
        "eu.ioss",
        "Facts and sources",
    ] {
        assert!(text.contains(part), "{part} is missing");
    }
    assert_eq!(text, out(&run(&["economy", "de", "--date", "2026-11-21"])), "small letters will do");
    assert!(out(&run(&["economy", "DE", "--all"])).len() > text.len());
    let view: Value = serde_json::from_slice(&run(&["economy", "DE", "--json"]).stdout).unwrap();
    assert!(view["facts"].as_array().unwrap().iter().any(|f| f["territory"] == "EU"), "the union's facts too");
    refused(&["economy", "Germany"], &["did you mean \"DE\"?"]);
    refused(&["economy", "XYZ"], &["not an economy known here"]);
}

#[test]
fn every_economy_can_be_shown() {
    let all: Value = serde_json::from_slice(&run(&["economies", "--json"]).stdout).unwrap();
    for economy in all.as_array().unwrap() {
        let code_of = economy["code"].as_str().unwrap();
        let output = run(&["economy", code_of, "--all"]);
        assert_eq!(code(&output), 0, "{code_of}");
        assert!(!out(&output).contains("XXX"), "{code_of} shows a currency that does not exist");
    }
}

#[test]
fn checks_files() {
    let output = run(&["check", &data("economies/DE.toml"), &data("economies/GB.toml")]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("2 files, no mistakes."));
    let output = run(&["check", &data("economies/EU.toml")]);
    assert_eq!(code(&output), 0, "a union alone: {}", out(&output));

    let folder = Folder::new("check");
    let good = std::fs::read_to_string(data("economies/DE.toml")).unwrap();
    let bad = folder.write(
        "bad.toml",
        good.replace("goods of excisable", "goodz of excisable").replace("[\"de.min1\"]", "[\"de.min2\"]").as_bytes(),
    );
    let output = run(&["check", &bad]);
    assert_eq!(code(&output), 2);
    let text = out(&output);
    let line = good.lines().position(|l| l.contains("goods of excisable")).unwrap();
    assert!(
        text.contains("goodz") && text.contains("did you mean \"de.min1\"?") && text.contains("2 mistakes in 1 file."),
        "{text}"
    );
    assert!((0..=2).any(|near| text.contains(&format!("bad.toml:{}:", line + near))), "line {line}: {text}");
    let told: Value = serde_json::from_slice(&run(&["check", &bad, "--json"]).stdout).unwrap();
    assert_eq!(told["problems"].as_array().unwrap().len(), 2);

    for (name, bytes, part) in [
        ("not.toml", &b"[economy\n"[..], "not.toml:1:"),
        ("empty.toml", b"", "is empty"),
        ("bytes.toml", b"\xff", "UTF-8"),
    ] {
        let output = run(&["check", &folder.write(name, bytes)]);
        assert_eq!(code(&output), 2);
        assert!(out(&output).contains(part), "{}", out(&output));
    }
    let output = run(&["check", &folder.path("nosuch.toml")]);
    assert_eq!(code(&output), 2);
    assert!(out(&output).contains("there is no file"));
    refused(&["check"], &["FILE"]);
}

#[test]
fn prints_schemas() {
    for (name, part) in
        [("consignment", "\"items\""), ("quote", "\"outcome\""), ("record", "\"rung\""), ("units", "\"100 kg\"")]
    {
        let output = run(&["schema", name]);
        assert_eq!(code(&output), 0);
        let _: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(out(&output).contains(part));
    }
    refused(&["schema", "recipe"], &["consignment"]);
}

/// A slice answers as the whole ratebook does, a slice of a slice too, and what it lacks it refuses.
#[test]
fn slices_a_ratebook() {
    let folder = Folder::new("slices");
    let (two, one) = (folder.path("two.twrb"), folder.path("one.twrb"));
    let output = run(&["ratebook", "slice", "--to", "FR,GB", "-o", &two]);
    assert_eq!(code(&output), 0, "{output:?}");
    assert_eq!(code(&run(&["ratebook", "slice", "--to", "FR", "--ratebook", &two, "-o", &one])), 0);
    let asked = |to: &str, more: &[&str]| {
        let flags = ["quote", "--from", "CN", "--to", to, "--currency", "EUR", "--channel", "post", "--json"];
        let goods = ["--date", "2026-11-21", "--item", "code=6109.10 qty=2 price=12.50 origin=CN"];
        let output = run(&[&flags[..], &goods, more].concat());
        let mut quote: Value = serde_json::from_slice(&output.stdout).unwrap();
        quote.as_object_mut().unwrap().remove("ratebook");
        quote
    };
    for file in [&two, &one] {
        assert_eq!(asked("FR", &["--ratebook", file]), asked("FR", &[]));
        let inspected: Value = serde_json::from_slice(&run(&["ratebook", "inspect", file, "--json"]).stdout).unwrap();
        assert_eq!(inspected["slice"]["of"].as_str().unwrap().len(), 64);
        assert!(inspected["data_days"]["rate"].is_string());
    }
    let to_sweden = ["quote", "--to", "SE", "--currency", "EUR", "--item", "code=6109.10 price=12.50"];
    refused(&[&to_sweden[..], &["--ratebook", &two]].concat(), &["slice", "FR, GB"]);
    refused(&["ratebook", "slice", "--to", "UK", "-o", &one], &["UK", "GB"]);
    refused(&["ratebook", "slice", "--to", "FR", "-o", &folder.path("")], &["is a folder"]);
}

#[test]
fn builds_inspects_and_verifies_a_ratebook() {
    let folder = Folder::new("build");
    let file = folder.path("rates.twrb");
    let output = run(&["ratebook", "build", &data(""), "-o", &file]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(code(&run(&["ratebook", "verify", &file])), 0);
    let output = run(&["ratebook", "inspect", &file]);
    assert!(out(&output).contains("Fingerprint") && out(&output).contains("rungs"), "{}", out(&output));
    let inspected: Value = serde_json::from_slice(&run(&["ratebook", "inspect", &file, "--json"]).stdout).unwrap();
    assert_eq!(inspected["fingerprint"].as_str().unwrap().len(), 64);

    let question = folder.write("q.json", question().to_string().as_bytes());
    let from_file = run(&["quote", &question, "--json", "--ratebook", &file]);
    assert_eq!(out(&from_file), out(&run(&["quote", &question, "--json"])), "the same data give the same answer");

    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let broken = folder.write("broken.twrb", &bytes);
    refused(&["ratebook", "verify", &broken], &["damaged"]);
    refused(&["ratebook", "verify", &question], &["not a ratebook"]);
    refused(&["quote", &question, "--ratebook", &folder.path("nosuch")], &["nosuch"]);
    refused(&["ratebook", "build", &folder.path("nosuch"), "-o", &file], &["not a folder"]);

    std::fs::create_dir_all(folder.0.join("half")).unwrap();
    refused(
        &["ratebook", "build", &folder.path("half"), "-o", &folder.path("half.twrb")],
        &["nothing was written", "territories.toml"],
    );
    assert!(!folder.0.join("half.twrb").exists());
}

#[test]
fn serves_shells_and_readers() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(out(&output).contains("tidewaiter") && out(&output).contains("landed"), "{shell}");
    }
    let page = out(&run(&["man"]));
    assert!(page.contains(".TH tidewaiter 1") && page.contains("economies"));
    assert!(out(&run(&["man", "quote"])).contains("landed"));
    refused(&["man", "qoute"], &["did you mean \"quote\"?"]);
    assert_eq!(code(&run(&["--help"])), 0);
    assert_eq!(code(&run(&["--version"])), 0);
    refused(&["frobnicate"], &["frobnicate"]);
}

/// What the README shows is what the command prints.
#[test]
fn the_readme_is_true() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let after = readme.split_once("<!-- output:").unwrap().1;
    let block = after.split_once("```text\n").unwrap().1.split_once("```").unwrap().0;
    let items = ["t-shirt,6109.10,2,12.50", "watch,9102.11,1,79.00"];
    let flags = ["quote", "--from", "CN", "--to", "FR", "--item", items[0], "--item", items[1], "--freight", "4.90"];
    let rest = ["--currency", "EUR", "--channel", "post", "--ioss", "--date", "2026-11-21"];
    let out = Command::new(env!("CARGO_BIN_EXE_tidewaiter")).args(flags).args(rest).output().unwrap();
    let shown = String::from_utf8(out.stdout).unwrap();
    assert!(shown.starts_with(block.trim_end()), "the README shows\n{block}\nbut the command prints\n{shown}");
}

#[test]
fn a_code_is_found_from_words() {
    let found = run(&["code", "cotton", "hoodie"]);
    let text = out(&found);
    assert!(code(&found) == 0 && text.contains("6110.20") && text.contains("61 Knitted clothes > 6110"), "{text}");
    let found = run(&["code", "funda de móvil", "--most", "2", "--json"]);
    let answer: Value = serde_json::from_str(&out(&found)).unwrap();
    assert_eq!((answer["language"].as_str(), answer["codes"].as_array().unwrap().len()), (Some("es"), 2));
    assert_eq!(answer["codes"][0]["code"], "392690");
    let vague = run(&["code", "gift"]);
    assert!(code(&vague) == 1 && out(&vague).contains("Write what it is, what it is made of"), "{}", out(&vague));
}
