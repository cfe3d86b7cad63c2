//! The operator's and the officer's day as they type it: against a repository in a folder and its service on loopback.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/publish").canonicalize().unwrap()
}

/// A folder with keys and the repository `repo`, in which `qq` is admitted with one officer.
struct Office {
    folder: PathBuf,
    service: Option<(Child, String)>,
}

impl Office {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("publishing-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let office = Self { folder, service: None };
        for key in ["holder", "officer", "stranger"] {
            office.done(&["key", "new", &format!("{key}.pem"), "--no-passphrase"]);
        }
        let data = guide().join("data").display().to_string();
        let found = ["repository", "found", "repo", "--name", "Q", "--threshold", "1", "--data", &data];
        office.done(&[&found[..], &["--key", "holder.pem"]].concat());
        office
    }

    fn admit(&self, officer: &str) -> String {
        let officer = self.done(&["key", "show", officer]);
        let admit = ["repository", "admit", "repo", "--authority", "qq", "--name", "Customs of Q", "--territory", "QQ"];
        self.done(&[&admit[..], &["--officer", &officer, "--signatures", "1", "--key", "holder.pem"]].concat())
    }

    fn serve(&mut self) {
        let mut child = self.command(&["repository", "serve", "repo", "--listen", "127.0.0.1:0"]);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split(". ").next().unwrap();
        self.service = Some((child, format!("http://{address}")));
        let token = ["repository", "token", "repo", "--for", "Officer", "--role", "officer", "--authority", "qq"];
        std::fs::write(self.folder.join("token"), self.done(&token)).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
        command.args(words).current_dir(&self.folder).env_remove("COLUMNS");
        if let Some((_, address)) = &self.service {
            command.env("TIDEWAITER_REPOSITORY", address);
        }
        command
    }

    /// Exit code and what was printed, in one line without double spaces.
    fn run(&self, words: &[&str]) -> (i32, String) {
        let output = self.command(words).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn done(&self, words: &[&str]) -> String {
        let (code, text) = self.run(words);
        assert_eq!(code, 0, "{words:?}: {text}");
        text
    }

    fn refused(&self, words: &[&str]) -> String {
        let (code, text) = self.run(words);
        assert_eq!(code, 2, "{words:?}: {text}");
        text
    }

    fn send(&self, file: &str, more: &[&str]) -> String {
        let file = guide().join(file).display().to_string();
        let send = ["publish", "send", &file, "--authority", "qq", "--token", "token", "--next-due", "2099-12-31"];
        let law = ["--law", "Customs Tariff Act of Q 2026|https://q.example/act|2026-11-02|2026-11-16"];
        self.done(&[&send[..], &law, more].concat())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.service {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The hash after "Edition" of what `publish send` prints.
fn edition(text: &str) -> String {
    let hash = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    text.split_whitespace().find(hash).unwrap().to_owned()
}

#[test]
fn officers_are_told_what_is_wrong_and_what_comes_next() {
    let mut office = Office::new("officers");
    let admitted = office.admit("officer.pem");
    let next = "Next: a token for each of its officers: tidewaiter repository token repo --for NAME --role officer --authority qq";
    assert!(admitted.contains(next), "{admitted}");
    office.serve();
    let first = office.send("q-1.xlsx", &["--receipt", "receipt.json"]);
    let second = office.send("q-2.xlsx", &[]);
    // Both would be edition 1: each is named by its hash.
    let two = office.refused(&["publish", "show", "qq/1", "--token", "token"]);
    assert!(two.contains("there are 2 drafts of qq/1"), "{two}");
    assert!(two.contains(&edition(&first)) && two.contains(&edition(&second)), "{two}");
    // A key is named as its holder knows it and as the metadata do.
    let stranger: serde_json::Value =
        serde_json::from_str(&office.done(&["key", "show", "stranger.pem", "--json"])).unwrap();
    let (public, id) = (stranger["public"].as_str().unwrap(), stranger["id"].as_str().unwrap());
    let hash = edition(&first);
    let wrong = office.refused(&["publish", "approve", &hash, "--key", "stranger.pem", "--token", "token"]);
    assert!(wrong.contains(&format!("the key {public} (ID {id}) does not speak for qq")), "{wrong}");
    // Another sheet than the one that was sent: nothing is signed.
    let (sheet, data) = (guide().join("q-2.xlsx"), guide().join("data"));
    let (sheet, data) = (sheet.to_str().unwrap(), data.to_str().unwrap());
    let approve = ["publish", "approve", &hash, "--key", "officer.pem", "--token", "token", "--sheet"];
    let other = office.refused(&[&approve[..], &[sheet, "--data", data]].concat());
    assert!(other.contains("the sheet does not make this edition"), "{other}");
    let show = office.done(&["publish", "show", &hash, "--token", "token"]);
    assert!(show.contains("Signatures 0 of 1"), "{show}");
    let sheet = guide().join("q-1.xlsx");
    let signed = office.done(&[&approve[..], &[sheet.to_str().unwrap(), "--data", data]].concat());
    assert!(signed.contains("your file makes the same edition") && signed.contains("State published"), "{signed}");

    let good = office.done(&["repository", "audit", "repo", "--receipt", "receipt.json"]);
    assert!(good.contains("The receipt is good.") && good.contains("the chain is whole up to it"), "{good}");
    let text = std::fs::read_to_string(office.folder.join("receipt.json")).unwrap();
    let mut receipt: serde_json::Value = serde_json::from_str(&text).unwrap();
    receipt["payload"] = "e30=".into();
    std::fs::write(office.folder.join("forged.json"), receipt.to_string()).unwrap();
    let forged = office.refused(&["repository", "audit", "repo", "--receipt", "forged.json"]);
    assert!(forged.contains("no key of this repository signed the receipt"), "{forged}");

    let changed = office.admit("stranger.pem");
    assert!(changed.contains("tidewaiter publish renew qq --key KEY"), "{changed}");
}

/// A large file is sent piece by piece, so that a bar can show how far it is; it must arrive whole.
#[test]
fn a_large_file_arrives_whole() {
    let mut office = Office::new("large");
    office.admit("officer.pem");
    office.serve();
    let head = r#"{"edition":{"authority":"x","territory":"QQ","currency":"XQD","title":"T","format":"edition","nomenclature":"HS 2022","known_from":"2026-11-22","licence":"Free to use"}}"#;
    let lines = "{}\n".repeat(400_000);
    std::fs::write(office.folder.join("large.ndjson"), format!("{head}\n{lines}")).unwrap();
    let send = ["publish", "send", "large.ndjson", "--authority", "qq", "--token", "token"];
    let refused = office.refused(&send);
    // Each row after the head is no record, to the last one.
    assert!(refused.contains("400000 of its rows are wrong"), "{refused}");
    assert!(refused.contains("large.ndjson, row 2"), "{refused}");
}

#[test]
fn a_dismissed_authority_leaves_readers_and_the_board_says_so() {
    let mut office = Office::new("dismiss");
    office.admit("officer.pem");
    let own = office.done(&["key", "show", "stranger.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    office.done(&[&admit[..], &["--officer", &own, "--key", "holder.pem"]].concat());
    office.done(&["repository", "publish-data", "repo", "--key", "stranger.pem"]);
    office.serve();
    let hash = edition(&office.send("q-1.xlsx", &[]));
    let board = office.done(&["repository", "board", "repo"]);
    let waits = format!("qq/1 ({})", &hash[..12]);
    assert!(board.contains("Drafts on their way") && board.contains(&waits), "{board}");
    assert!(board.contains("1 signature of an officer of qq"), "{board}");
    office.done(&["publish", "approve", &hash, "--key", "officer.pem", "--token", "token"]);
    let sync = |more: &[&str]| office.done(&[&["sync", "repo/public"], more].concat());
    assert!(sync(&["--root", "repo/public/metadata/1.root.json"]).contains("qq 1 fresh"));
    let quote = ["quote", "--ratebook", "rates/rates.twrb", "--from", "XS", "--to", "QQ", "--currency", "XQD"];
    let quote = [&quote[..], &["--item", "t-shirt,6109.10,2,50", "--freight", "10", "--date", "2027-03-01"]].concat();
    assert!(office.run(&quote).1.contains("Editions used: Customs of Q 1 of"));

    // The list of authorities signed anew, with nothing changed in it: readers go on.
    let again = office.done(&["repository", "rotate", "repo", "--targets", "--key", "holder.pem"]);
    assert!(again.contains("It has taken effect."), "{again}");
    assert!(office.folder.join("repo/public/metadata/4.targets.json").is_file(), "one founded, two admitted, one anew");
    assert!(sync(&[]).contains("qq 1 fresh"));

    let dismiss = ["repository", "dismiss", "repo", "--authority", "qq", "--reason", "Q joined the union."];
    let (code, carried) = office.run(&[&dismiss[..], &["-o", "dismiss.json"]].concat());
    assert!(code == 1 && carried.contains("Nothing has taken effect yet."), "{carried}");
    let signed = office.done(&["sign", "dismiss.json", "--key", "holder.pem", "--yes"]);
    assert!(signed.contains("Dismiss Customs of Q (\"qq\"): Q joined the union."), "{signed}");
    office.done(&["repository", "accept", "repo", "dismiss.json"]);
    assert!(office.refused(&dismiss).contains("no authority \"qq\" is admitted here"));
    let said = sync(&[]);
    assert!(said.contains("qq dismissed the repository no longer admits it"), "{said}");
    assert!(!office.run(&quote).1.contains("Editions used: Customs of Q 1 of"), "its edition is used no longer");
    assert!(office.done(&["repository", "board", "repo"]).contains("Customs of Q (qq) 1"));
}

#[test]
fn a_data_folder_that_readers_do_not_have_is_said() {
    let office = Office::new("own-data");
    let said = "Readers do not have this repository's data folder yet.";
    let data = guide().join("data").display().to_string();
    let found = ["repository", "found", "other", "--name", "Q", "--threshold", "1", "--key", "holder.pem"];
    let found_with = office.done(&[&found[..], &["--data", &data]].concat());
    assert!(
        found_with.contains(said) && found_with.contains("repository publish-data other --key KEY"),
        "{found_with}"
    );
    std::fs::remove_dir_all(office.folder.join("other")).unwrap();
    assert!(!office.done(&found).contains(said), "its readers have the program's data too");
    assert!(office.admit("officer.pem").contains(said));
    let own = office.done(&["key", "show", "stranger.pem"]);
    let admit = ["repository", "admit", "repo", "--authority", "unofficial", "--name", "Own data", "--signatures", "1"];
    office.done(&[&admit[..], &["--officer", &own, "--key", "holder.pem"]].concat());
    office.done(&["repository", "publish-data", "repo", "--key", "stranger.pem"]);
    assert!(!office.admit("officer.pem").contains(said), "it is published");
}

#[test]
fn a_key_is_read_by_openssl() {
    let office = Office::new("openssl");
    let read = Command::new("openssl")
        .args(["pkey", "-in", "officer.pem", "-pubout", "-outform", "DER"])
        .current_dir(&office.folder)
        .output();
    let Ok(read) = read else {
        eprintln!("skipped: openssl is needed for this test");
        return;
    };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let public: String = read.stdout[read.stdout.len() - 32..].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(office.done(&["key", "show", "officer.pem"]), public);
}
