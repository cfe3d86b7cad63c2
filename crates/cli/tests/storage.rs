//! A repository whose files go to storage that speaks S3, as an operator runs it: founded, published twice, once while the
//! storage is away, and read over the bucket's plain address.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const REQUIREMENTS: &str = include_str!("storage/requirements.txt");

/// The interpreter of a folder of its own with the pinned versions; nothing where there is no Python or no package index.
fn python() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-moto");
    let (python, done, list) = (home.join("bin/python"), home.join("done"), home.join("requirements.txt"));
    if std::fs::read_to_string(&done).is_ok_and(|text| text == REQUIREMENTS) {
        return Some(python);
    }
    let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))
        && std::fs::write(&list, REQUIREMENTS).is_ok()
        && run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--only-binary=:all:", "--retries=1", "--timeout=15", "-r"])
            .arg(&list))
        && std::fs::write(&done, REQUIREMENTS).is_ok();
    made.then_some(python)
}

/// Storage on a port of its own; gone with the test.
struct Storage {
    child: Child,
    say: ChildStdin,
    hear: BufReader<ChildStdout>,
    port: String,
}

impl Storage {
    fn start(python: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/storage/server.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let (say, hear) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut storage = Self { child, say, hear, port: String::new() };
        storage.port = storage.line();
        storage
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.hear.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn turn(&mut self, word: &str) {
        writeln!(self.say, "{word}").unwrap();
        assert_eq!(self.line(), word);
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/rates/of/q", self.port)
    }

    /// The headers Cache-Control and Content-Type of a file, as a reader gets them.
    fn headers(&self, path: &str) -> [String; 2] {
        let answer = ureq::get(format!("{}/{path}", self.address())).call().unwrap();
        ["cache-control", "content-type"].map(|name| answer.headers()[name].to_str().unwrap().to_owned())
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command printed, in one line without double spaces; it must succeed.
fn run(folder: &Path, port: &str, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    let output = command
        .args(words)
        .current_dir(folder)
        .env("AWS_ACCESS_KEY_ID", "writer")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("AWS_ALLOW_HTTP", "true")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words:?}: {text}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_bucket_serves_readers_and_catches_up_after_it_was_away() {
    let Some(python) = python() else {
        eprintln!("skipped: python3 with venv and pip, and the package index, are needed for this test");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("storage-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("data/economies")).unwrap();
    std::fs::create_dir_all(folder.join("data/exchange")).unwrap();
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/publish/data");
    for file in ["currencies.toml", "territories.toml", "economies/ZZ.toml", "exchange/series.toml"] {
        std::fs::copy(guide.join(file), folder.join("data").join(file)).unwrap();
    }
    let mut storage = Storage::start(&python);
    let port = storage.port.clone();
    let run = |words: &[&str]| run(&folder, &port, words);
    for key in ["one", "two", "own"] {
        run(&["key", "new", &format!("{key}.pem"), "--no-passphrase"]);
    }
    let own = run(&["key", "show", "own.pem"]);
    let holders = ["--key", "one.pem", "--key", "two.pem"];
    let found = ["repository", "found", "repo", "--name", "Q", "--data", "data", "--public", "s3://rates/of/q"];
    run(&[&found[..], &holders].concat());
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    let admitted = run(&[&admit[..], &["--officer", &own], &holders].concat());
    assert!(!admitted.contains("not at the static host"), "{admitted}");
    let publish = ["repository", "publish-data", "repo", "--key", "own.pem"];
    assert!(run(&publish).contains("Edition 1 of unofficial: 4 files, published."));

    let root = ureq::get(format!("{}/metadata/1.root.json", storage.address())).call().unwrap();
    std::fs::write(folder.join("root.json"), root.into_body().read_to_vec().unwrap()).unwrap();
    let first = run(&["sync", &storage.address(), "--root", "root.json"]);
    assert!(first.contains("unofficial 1 fresh"), "{first}");
    let for_ever = "public, max-age=31536000, immutable";
    assert_eq!(storage.headers("metadata/1.root.json"), [for_ever, "application/json"]);
    assert_eq!(storage.headers("metadata/timestamp.json"), ["public, max-age=5, must-revalidate", "application/json"]);
    let state = std::fs::read_to_string(folder.join("rates/state.json")).unwrap();
    assert!(!state.is_empty());
    // The parts of the edition, by the role that names them.
    let role = ureq::get(format!("{}/metadata/1.unofficial.json", storage.address())).call().unwrap();
    let role: serde_json::Value = serde_json::from_slice(&role.into_body().read_to_vec().unwrap()).unwrap();
    let parts = role["signed"]["targets"].as_object().unwrap();
    let (part, about) = parts.iter().find(|(name, _)| name.ends_with(".zst")).unwrap();
    let part = format!("targets/{}.{part}", about["hashes"]["sha256"].as_str().unwrap());
    assert_eq!(storage.headers(&part), [for_ever, "application/octet-stream"]);

    storage.turn("away");
    let economy = folder.join("data/economies/ZZ.toml");
    let text = std::fs::read_to_string(&economy).unwrap();
    std::fs::write(&economy, format!("{text}# The second edition.\n")).unwrap();
    let said = run(&publish);
    assert!(said.contains("Edition 2 of unofficial: 4 files, published."), "{said}");
    // The changed economy, manifest, role, snapshot, timestamp.
    assert!(said.contains("5 files are not at the static host yet"), "{said}");
    // A holder's word is taken in all the same, and the command says where it stands.
    let said = run(&["repository", "rotate", "repo", "--threshold", "1", "--key", "one.pem", "--key", "two.pem"]);
    assert!(said.contains("It has taken effect."), "{said}");
    // And a root; each change has a snapshot of its own, the timestamp is one file.
    assert!(said.contains("7 files are not at the static host yet"), "{said}");

    storage.turn("back");
    let said = run(&publish);
    assert!(said.contains("holds these files already"), "{said}");
    assert!(!said.contains("not at the static host"), "{said}");
    let second = run(&["sync", &storage.address()]);
    assert!(second.contains("unofficial 2 fresh"), "{second}");
    let _ = std::fs::remove_dir_all(&folder);
}
