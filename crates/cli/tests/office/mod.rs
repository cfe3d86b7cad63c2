//! A repository in a folder with keys, and its service on loopback, as a person types it.
#![allow(dead_code, reason = "each test program needs some of it")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(crate) fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/publish").canonicalize().unwrap()
}

/// A folder with keys and the repository `repo`, in which `qq` is admitted with one officer.
pub(crate) struct Office {
    pub(crate) folder: PathBuf,
    pub(crate) service: Option<(Child, String)>,
}

impl Office {
    pub(crate) fn new(name: &str) -> Self {
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

    pub(crate) fn admit(&self, officer: &str) -> String {
        let officer = self.done(&["key", "show", officer]);
        let admit = ["repository", "admit", "repo", "--authority", "qq", "--name", "Customs of Q", "--territory", "QQ"];
        self.done(&[&admit[..], &["--officer", &officer, "--signatures", "1", "--key", "holder.pem"]].concat())
    }

    pub(crate) fn serve(&mut self) {
        let mut child = self.command(&["repository", "serve", "repo", "--listen", "127.0.0.1:0"]);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split(". ").next().unwrap();
        self.service = Some((child, format!("http://{address}")));
        let token = ["repository", "token", "repo", "--for", "Officer", "--role", "officer", "--authority", "qq"];
        std::fs::write(self.folder.join("token"), self.done(&token)).unwrap();
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
        command.args(words).current_dir(&self.folder).env_remove("COLUMNS");
        if let Some((_, address)) = &self.service {
            command.env("TIDEWAITER_REPOSITORY", address);
        }
        command
    }

    /// Exit code and what was printed, in one line without double spaces.
    pub(crate) fn run(&self, words: &[&str]) -> (i32, String) {
        let output = self.command(words).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// What was printed on standard output as JSON, and the exit code.
    pub(crate) fn json(&self, words: &[&str]) -> (serde_json::Value, i32) {
        let output = self.command(words).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{words:?}: {e}: {told}"));
        (value, output.status.code().unwrap())
    }

    pub(crate) fn done(&self, words: &[&str]) -> String {
        let (code, text) = self.run(words);
        assert_eq!(code, 0, "{words:?}: {text}");
        text
    }

    pub(crate) fn refused(&self, words: &[&str]) -> String {
        let (code, text) = self.run(words);
        assert_eq!(code, 2, "{words:?}: {text}");
        text
    }

    pub(crate) fn send(&self, file: &str, more: &[&str]) -> String {
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
pub(crate) fn edition(text: &str) -> String {
    let hash = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    text.split_whitespace().find(hash).unwrap().to_owned()
}

/// Copies a folder with what is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.unwrap(), to.to_owned());
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)
        } else {
            std::fs::copy(entry.path(), to).map(drop).unwrap()
        }
    }
}
