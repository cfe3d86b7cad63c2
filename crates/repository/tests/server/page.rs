//! The page for developers, `docs/formats/repository-api.md`, names every route and no other.

use crate::common::{folder, key};
use crate::server::doors::in_source;
use crate::server::service::{Wire, service, wide};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;
use tidewaiter_repository::sha256_hex;

const PAGE: &str = include_str!("../../../../docs/formats/repository-api.md");

#[test]
fn the_page_names_every_route() {
    let mut named = BTreeSet::new();
    for line in PAGE.lines().filter(|line| line.starts_with("| `")) {
        let cell = line.trim_start_matches("| `").split('`').next().unwrap();
        if let Some((method, path)) = cell.split_once(" /") {
            let path = format!("/{}", path.split('?').next().unwrap());
            assert!(named.insert((method.to_owned(), path.clone())), "{method} {path} stands twice");
        }
    }
    assert_eq!(named, in_source());
}

/// The kinds of problems that the page lists are those that the source makes.
#[test]
fn the_page_names_every_kind_of_problem() {
    let source = include_str!("../../src/server/problem.rs");
    let named: BTreeSet<&str> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `urn:tidewaiter:problem:"))
        .map(|rest| rest.split('`').next().unwrap())
        .collect();
    assert!(!named.is_empty());
    for kind in &named {
        let here = source.contains(&format!("\"{kind}\""));
        assert!(here, "{kind} is not made in problem.rs");
    }
    for kind in [
        "request",
        "token",
        "not-allowed",
        "not-found",
        "rows",
        "checks",
        "wrong",
        "conflict",
        "signature",
        "method",
        "too-large",
        "too-many",
        "time",
        "unavailable",
        "fault",
    ] {
        assert!(named.contains(kind), "{kind} is not on the page");
    }
}

/// The blocks of the page in a language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    PAGE.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The examples of the page as one script against a real service: send, look, sign, ask, verify the receipt.
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_work() {
    let has =
        |program: &str, args: &[&str]| Command::new(program).args(args).output().is_ok_and(|o| o.status.success());
    if !has("curl", &["--version"]) || !has("python3", &["-c", "import cryptography"]) {
        eprintln!("curl or python3 with the package cryptography is missing: the examples are not run");
        return;
    }
    let service = service("examples").await;
    let place = folder("examples-run");
    let workbook = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/publish/q-1.xlsx");
    std::fs::copy(workbook, place.join("q-1.xlsx")).unwrap();
    let python = blocks("python");
    std::fs::write(place.join("sign.py"), python[0]).unwrap();
    std::fs::write(place.join("verify.py"), python[1]).unwrap();
    for (file, name) in [("one.pem", "qq-one"), ("two.pem", "qq-two")] {
        std::fs::write(place.join(file), &*key(name).to_pem(None).unwrap()).unwrap();
    }
    let script = format!("set -eu\n{}", blocks("sh").concat());
    let run = |script: String, wire: &Wire| {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(script)
            .current_dir(&place)
            .env("TOKEN", &service.officer)
            .env("SECRETARIAT", &service.secretariat);
        command.env("REPOSITORY", format!("http://{}", wire.address)).env("no_proxy", "*");
        command
    };
    let wire = Wire::of(&service, wide()).await;
    let mut command = run(script, &wire);
    let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(
        done.status.success(),
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    let read = |file: &str| serde_json::from_slice::<Value>(&std::fs::read(place.join(file)).unwrap()).unwrap();
    assert_eq!(read("standing.json")["state"], "published", "{}", read("standing.json"));
    assert_eq!(read("now.json")["records"][0]["record"]["measure"]["amount"], "12 %");
    assert!(read("subscription.json")["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(read("then.json"), read("now.json"));
    let sha256 = std::fs::read_to_string(place.join("sha256.txt")).unwrap();
    assert_eq!(sha256.trim(), sha256_hex(&std::fs::read(place.join("q-1.xlsx")).unwrap()));

    // A receipt of another content does not stand the same program.
    let mut answer = read("answer.json");
    answer["envelope"]["payload"] = "e30=".into();
    std::fs::write(place.join("answer.json"), answer.to_string()).unwrap();
    let mut command = run("python3 verify.py answer.json root.json".into(), &wire);
    assert!(!tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap().status.success());
    wire.end().await;
}
