//! `docs/guide/publish-rates.md` as a reader pastes it: each block runs, and prints what the block after it says.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Blocks of a page by their language, in order.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            all.push((language.to_owned(), body.join("\n")));
        }
    }
    all
}

/// Spaces that lay out a table depend on the width of other cells.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_runs_as_it_is_pasted() {
    let page = std::fs::read_to_string(root().join("docs/guide/publish-rates.md")).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("walkthrough-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    // The page's port may be in use on this machine.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let port = |text: &str| text.replace("8470", &port.to_string());
    let blocks = blocks(&page);
    let mut script = String::from("set -eo pipefail\ntrap 'kill $SERVER 2>/dev/null || true' EXIT\n");
    for (at, (language, body)) in blocks.iter().enumerate() {
        if language == "sh" {
            let body =
                port(body).replace("repository serve repo", &port("repository serve repo --listen 127.0.0.1:8470"));
            script.push_str(&format!("echo '@@ {at}'\n{body}\n"));
        }
    }
    std::fs::write(folder.join("page.sh"), &script).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_tidewaiter")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let run = Command::new("bash")
        .arg("page.sh")
        .current_dir(&folder)
        .env("PATH", path)
        .env("DOCS", root().join("docs/guide/publish"))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&run.stdout).into_owned();
    let told = String::from_utf8_lossy(&run.stderr);
    let log = std::fs::read_to_string(folder.join("serve.log")).unwrap_or_default();
    assert!(run.status.success(), "{printed}\n{told}\n{log}");
    let mut said = 0;
    for (at, (language, expected)) in blocks.iter().enumerate() {
        if language != "text" {
            continue;
        }
        let after = printed.split(&format!("@@ {}\n", at - 1)).nth(1).expect("a block of commands stands before");
        let output = plain(after.split("@@ ").next().unwrap());
        for line in expected.lines() {
            assert!(output.contains(&plain(&port(line))), "block {at}: \"{line}\" is not in\n{after}");
            said += 1;
        }
    }
    assert!(said > 20, "the page says what is printed");
    let _ = std::fs::remove_dir_all(&folder);
}
