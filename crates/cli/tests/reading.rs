//! The reader's day as they type it: what is old, what is missing, what needs no token.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::office;
use office::{Office, copy, edition, guide};
use serde_json::Value;

/// A repository whose own data are published, and then the first edition of `qq`; in between, `before` is done.
fn published(name: &str, before: impl FnOnce(&Office)) -> (Office, String) {
    let mut office = Office::new(name);
    office.admit("officer.pem");
    let own = office.done(&["key", "show", "stranger.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    office.done(&[&admit[..], &["--officer", &own, "--key", "holder.pem"]].concat());
    office.done(&["repository", "publish-data", "repo", "--key", "stranger.pem"]);
    before(&office);
    office.serve();
    let hash = edition(&office.send("q-1.xlsx", &[]));
    office.done(&["publish", "approve", &hash, "--key", "officer.pem", "--token", "token"]);
    (office, hash)
}

fn sync(office: &Office, from: &str, copy: &str) -> String {
    office.done(&["sync", from, "--copy", copy, "--root", "repo/public/metadata/1.root.json"])
}

#[test]
fn an_older_bundle_is_a_mistake_and_an_older_folder_an_attack() {
    let (office, _) = published("older", |office| {
        sync(office, "repo/public", "early");
        office.done(&["bundle", "old.bundle", "--copy", "early"]);
        copy(&office.folder.join("repo/public"), &office.folder.join("old"));
    });
    assert!(sync(&office, "repo/public", "rates").contains("qq 1 fresh"));
    let ratebook = std::fs::read(office.folder.join("rates/rates.twrb")).unwrap();
    let told = office.done(&["sync", "old.bundle"]);
    assert!(told.contains("old.bundle is older than the copy in rates"), "{told}");
    assert!(told.contains("Nothing was changed. Ask for a newer bundle."), "{told}");
    let (json, code) = office.json(&["sync", "old.bundle", "--json"]);
    assert_eq!(code, 0);
    assert!(json["older_bundle"]["bundle"].as_u64() < json["older_bundle"]["copy"].as_u64(), "{json}");
    assert!(sync(&office, "repo/public", "rates").contains("qq 1 fresh"));
    assert!(std::fs::read(office.folder.join("rates/rates.twrb")).unwrap() == ratebook, "quotes say nothing of it");
    let (code, replayed) = office.run(&["sync", "old"]);
    assert!(code == 1 && replayed.contains("an older state is replayed"), "{replayed}");
}

#[test]
fn an_answer_names_the_editions_that_a_copy_lacks() {
    let (office, hash) = published("recall", |office| drop(sync(office, "repo/public", "early")));
    sync(&office, "repo/public", "rates");
    let quote =
        ["quote", "--ratebook", "rates/rates.twrb", "--from", "XS", "--to", "QQ", "--currency", "XQD", "--json"];
    let item = ["--item", "t-shirt,6109.10,2,50", "--freight", "10", "--date", "2027-03-01"];
    let (answer, _) = office.json(&[&quote[..], &item].concat());
    std::fs::write(office.folder.join("then.json"), answer.to_string()).unwrap();
    let recall = ["recall", "then.json", "--from", "repo/public", "-o", "then.twrb", "--copy"];
    let (code, told) = office.run(&[&recall[..], &["early"]].concat());
    assert_ne!(code, 0, "{told}");
    assert!(told.contains(&format!("Customs of Q, edition 1 ({}): never seen here", &hash[..12])), "{told}");
    assert!(told.contains("tidewaiter sync repo/public --copy early; then recall again"), "{told}");
    // Now it knows the edition, and has made a ratebook with it.
    sync(&office, "repo/public", "early");
    let (known, code) = office.json(&[&recall[..], &["early", "--json"]].concat());
    assert_eq!((code, &known["missing"]), (0, &serde_json::json!([])), "{known}");
    // An edition that nobody has published, beside one that is known.
    let mut forged = answer;
    let more = serde_json::json!({ "authority": "Bank of Q", "number": 7, "published": "2026-11-22", "sha256": "ab".repeat(32) });
    forged["editions"].as_array_mut().unwrap().push(more);
    forged["ratebook"] = Value::Null;
    std::fs::write(office.folder.join("then.json"), forged.to_string()).unwrap();
    let (lacks, code) = office.json(&[&recall[..], &["early", "--json"]].concat());
    let missing =
        serde_json::json!([{ "authority": "Bank of Q", "number": 7, "sha256": "ab".repeat(32), "seen": false }]);
    assert_eq!((code, &lacks["missing"]), (1, &missing), "{lacks}");
    let (_, told) = office.run(&[&recall[..], &["early"]].concat());
    assert!(told.contains("it lacks editions that the answer cites. - Bank of Q, edition 7"), "{told}");
}

#[test]
fn what_is_published_is_read_without_a_token() {
    let (office, _) = published("no-token", |_| {});
    let shown = office.done(&["publish", "show", "qq/1"]);
    assert!(shown.contains("State published"), "{shown}");
    office.done(&["publish", "fetch", "qq/1", "-o", "anybody.zip"]);
    let described = office.done(&["publish", "fetch", "qq/1", "-o", "officer.zip", "--token", "token"]);
    let read = |name: &str| std::fs::read(office.folder.join(name)).unwrap();
    assert!(read("anybody.zip") == read("officer.zip"));
    assert!(described.contains("Dated 20") && !described.contains("Published 20"), "{described}");
    let draft = edition(&office.send("q-2.xlsx", &["--corrects", "1", "--reason", "A misprint."]));
    for typed in ["qq/2", &draft] {
        let refused = office.refused(&["publish", "show", typed]);
        assert!(
            refused.contains("drafts are shown with --token") || refused.contains("A token is needed"),
            "{refused}"
        );
    }
    let next = office.done(&["publish", "show", &draft, "--token", "token"]);
    assert!(next.contains("tidewaiter publish abandon"), "{next}");
    // A program that asked for JSON gets refusals as JSON, on standard output.
    let (problem, code) =
        office.json(&["publish", "speak", &draft, "TW308", "It is meant.", "--token", "token", "--json"]);
    assert_eq!((code, &problem["type"]), (2, &"urn:tidewaiter:problem:not-allowed".into()), "{problem}");
    assert!(
        problem["detail"].as_str().unwrap().contains("approver of qq. The secretariat gives one out."),
        "{problem}"
    );
}

#[test]
fn a_sheet_is_tried_with_the_data_that_it_is_sent_with() {
    let office = Office::new("try-sheet");
    let (sheet, data) = (guide().join("q-1.xlsx"), guide().join("data"));
    let import = ["import", "sheet", sheet.to_str().unwrap()];
    assert!(office.refused(&import).contains("QQ"), "the program knows no Q");
    let tried = office.done(&[&import[..], &["--data", data.to_str().unwrap()]].concat());
    assert!(tried.contains("nothing was written: no -o"), "{tried}");
    let other = office.refused(&["import", "ecb", sheet.to_str().unwrap(), "--data", "data"]);
    assert!(other.contains("--data: only a rate sheet is read by it"), "{other}");
}

#[test]
fn what_is_shown_agrees_with_itself_and_stands_above_what_went_wrong() {
    let (office, hash) = published("shown", |_| {});
    office.done(&["publish", "fetch", &hash, "-o", "qq-1.zip"]);
    let data = guide().join("data").display().to_string();
    let sheet = |name: &str| guide().join(name).display().to_string();
    let sign = |name: &str| {
        let tidewaiter = env!("CARGO_BIN_EXE_tidewaiter");
        let line =
            format!("{tidewaiter} sign qq-1.zip --sheet {} --data {data} --key officer.pem --yes 2>&1", sheet(name));
        let output = std::process::Command::new("sh").args(["-c", &line]).current_dir(&office.folder).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let wrong = sign("q-2.xlsx");
    assert!(wrong.find("Edition 1 of qq").unwrap() < wrong.find("error:").unwrap(), "{wrong}");
    let good = sign("q-1.xlsx");
    let after = |words: &str| good.split(words).nth(1).unwrap().split(" record").next().unwrap().trim().to_owned();
    assert_eq!(after("Holds "), after("your file makes the same edition:"), "{good}");
    // Two facts that were read at one place with the same words are one line.
    sync(&office, "repo/public", "rates");
    let quote = ["quote", "--ratebook", "rates/rates.twrb", "--from", "XS", "--to", "QQ", "--currency", "XQD"];
    let quote = [&quote[..], &["--item", "t-shirt,6109.10,2,50", "--freight", "10", "--date", "2027-03-01"]].concat();
    let (answer, _) = office.json(&[&quote[..], &["--json"]].concat());
    let all = answer["sources"].as_array().unwrap();
    let words = |s: &Value| ["statement", "publisher", "title", "date"].map(|field| s[field].to_string());
    let different: std::collections::BTreeSet<_> = all.iter().map(words).collect();
    assert!(different.len() < all.len(), "this quote has such facts: {answer}");
    let text = String::from_utf8(office.command(&quote).env("COLUMNS", "100").output().unwrap().stdout).unwrap();
    let shown = text.split("Sources").nth(1).unwrap().split("Editions used").next().unwrap();
    assert_eq!(shown.matches("\n- ").count(), different.len(), "{text}");
}

#[test]
fn who_begins_while_keys_change_is_told_what_it_waits_for() {
    let (office, _) = published("keys-change", |_| {});
    sync(&office, "repo/public", "rates");
    office.admit("stranger.pem");
    let (code, told) = office.run(&["sync", "repo/public"]);
    assert!(code == 1 && told.contains("officers' keys were changed after it was signed"), "{told}");
    let root = ["--root", "repo/public/metadata/1.root.json"];
    let (code, told) = office.run(&[&["sync", "repo/public", "--copy", "late"], &root[..]].concat());
    assert!(code == 1 && told.contains("nothing of it is in the ratebook"), "{told}");
    let quote =
        ["quote", "--from", "XS", "--to", "QQ", "--currency", "XQD", "--item", "t-shirt,6109.10,2,50", "--ratebook"];
    let why = "Customs of Q publishes them, and what it publishes was refused: role 1 of qq";
    let late = office.refused(&[&quote[..], &["late/rates.twrb"]].concat());
    assert!(late.contains("has no rules loaded") && late.contains(why), "{late}");
    assert!(!office.run(&[&quote[..], &["rates/rates.twrb"]].concat()).1.contains(why));
}

/// What `serve` says of where links lead, before it is stopped.
fn served(office: &Office, folder: &str) -> String {
    let serve = ["repository", "serve", folder, "--listen", "127.0.0.1:0"];
    let stdio = std::process::Stdio::piped;
    let mut child = office.command(&serve).stdout(stdio()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    std::io::BufRead::read_line(&mut out, &mut text).unwrap();
    child.kill().unwrap();
    std::io::Read::read_to_string(&mut out, &mut text).unwrap();
    child.wait().unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_runs_a_repository_is_told_where_its_links_lead() {
    let office = Office::new("address");
    let found = ["repository", "found", "own", "--name", "Q", "--threshold", "1", "--key", "holder.pem"];
    let told = office.done(&found);
    assert!(told.contains("Address http://127.0.0.1:8470: links in feeds and letters begin so"), "{told}");
    let told = served(&office, "own");
    assert!(
        told.contains("Links in feeds and letters begin with http://127.0.0.1:8470, where it does not answer."),
        "{told}"
    );
    let mut known = found;
    known[2] = "known";
    office.done(&[&known[..], &["--address", "https://rates.example"]].concat());
    let told = served(&office, "known");
    assert!(told.contains("answers on http://127.0.0.1:") && !told.contains("Links in feeds"), "{told}");
}

#[test]
fn a_bank_that_forgot_to_add_is_told_the_way_back() {
    let mut office = Office::new("bank");
    office.admit("officer.pem");
    let officer = office.done(&["key", "show", "officer.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "q-bank", "--name", "Bank of Q", "--signatures", "1"];
    let keys = ["--publishes", "exchange-rates", "--officer", &officer, "--key", "holder.pem"];
    office.done(&[&admit[..], &keys].concat());
    office.serve();
    let token = ["repository", "token", "repo", "--for", "Bank", "--role", "officer", "--authority", "q-bank"];
    std::fs::write(office.folder.join("token"), office.done(&token)).unwrap();
    let rates = |file: &str, known: &str, rate: &str, from: &str| {
        let head = format!(
            r#"{{"edition":{{"authority":"Bank of Q","title":"Rates","format":"edition","known_from":"{known}","licence":"Free to use"}}}}"#
        );
        let line = format!(
            r#"{{"exchange-rate":{{"series":"q-bank","base":"XQD","currency":"XSD","rate":"{rate}","from":"{from}"}}}}"#
        );
        std::fs::write(office.folder.join(file), format!("{head}\n{line}\n")).unwrap();
    };
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    rates("one.ndjson", "2026-11-20", "1.25", "2026-11-19");
    rates("two.ndjson", &today, "1.26", "2026-11-20");
    let send = |file: &str, more: &[&str]| {
        office.done(&[&["publish", "send", file, "--authority", "q-bank", "--token", "token"], more].concat())
    };
    let approve = |edition: &str, more: &[&str]| {
        let all = ["publish", "approve", edition, "--key", "officer.pem", "--token", "token"];
        office.run(&[&all[..], more].concat())
    };
    assert_eq!(approve(&edition(&send("one.ndjson", &[])), &[]).0, 0);
    let forgot = send("two.ndjson", &[]);
    assert!(forgot.contains("Next: an approver (not who sent it) says why each warning is meant (TW511)"), "{forgot}");
    let back =
        format!("tidewaiter publish abandon {} --reason \"why\"; --adds keeps the rates before", edition(&forgot));
    assert!(forgot.contains(&back), "{forgot}");
    office.done(&[
        "publish",
        "abandon",
        &edition(&forgot),
        "--reason",
        "The rates before belong to it.",
        "--token",
        "token",
    ]);
    let added = edition(&send("two.ndjson", &["--adds"]));
    // Who holds the file against it is asked whether it was added, offline too.
    let data = guide().join("data").display().to_string();
    let sheet = ["--sheet", "two.ndjson", "--data", &data];
    let (code, told) = approve(&added, &sheet);
    assert!(code == 2 && told.contains("give --adds here too"), "{told}");
    let fetched = office.done(&["publish", "fetch", &added, "-o", "two.zip", "--token", "token"]);
    assert!(fetched.contains("--adds --after BEFORE; tidewaiter publish fetch q-bank/1 -o BEFORE"), "{fetched}");
    let sign = [&["sign", "two.zip", "--key", "officer.pem", "--yes", "--adds"], &sheet[..]].concat();
    let asked = office.refused(&sign);
    assert!(asked.contains("with --after FILE. `tidewaiter publish fetch q-bank/1 -o FILE` brings it"), "{asked}");
    office.done(&["publish", "fetch", "q-bank/1", "-o", "one.zip"]);
    office.done(&[&sign[..], &["--after", "one.zip"]].concat());
    assert_eq!(approve(&added, &[&sheet[..], &["--adds"]].concat()).0, 0);
}
