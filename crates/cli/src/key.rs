//! `tidewaiter key`: signing keys, and how commands read them.

use crate::args::{KeyAction, KeyArgs, PassphraseArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::Path;
use tidewaiter_repository::key::{KeyError, PublicKey, SecretKey};

/// Largest file of a key or passphrase.
const MOST_BYTES: u64 = 64 << 10;

pub(crate) fn run(args: &KeyArgs, page: &mut Page) -> Result<Exit, Failure> {
    match &args.action {
        KeyAction::New { file, no_passphrase, passphrase } => new(file, *no_passphrase, passphrase, page),
        KeyAction::Show { file, json, passphrase } => {
            let key = open(file, passphrase)?.public();
            if *json {
                page.json(&json!({ "public": key, "id": key.id() }))?;
            } else {
                page.line(key.as_str())?;
            }
            Ok(Exit::Answered)
        }
    }
}

fn new(file: &Path, no_passphrase: bool, passphrase: &PassphraseArgs, page: &mut Page) -> Result<Exit, Failure> {
    let word = if no_passphrase { None } else { Some(new_passphrase(passphrase)?) };
    let key = SecretKey::generate().map_err(Failure::usage)?;
    let pem = key.to_pem(word.as_deref()).map_err(Failure::usage)?;
    secret_file(file, pem.as_bytes())?;
    page.line(&format!("{}: a new key, readable by you alone. Keep it where no network reaches.", file.display()))?;
    page.line(&format!("Public key  {}", key.public()))?;
    page.line(&format!("Key ID      {}", key.public().id()))?;
    if word.is_none() {
        page.paragraph("It has no passphrase: who copies the file can sign with it.", Tone::Caution)?;
    }
    Ok(Exit::Answered)
}

/// Writes a file that only its owner may read, and never over another.
pub(crate) fn secret_file(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let told = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::usage(format!("{} is there already; name a new file: a key is never written over", file.display()))
        }
        _ => Failure::usage(format!("cannot write {}: {e}", file.display())),
    };
    let mut out = options.open(file).map_err(told)?;
    out.write_all(bytes).and_then(|()| out.sync_all()).map_err(told)
}

/// Reads a secret key; asks for its passphrase where it has one.
pub(crate) fn open(file: &Path, passphrase: &PassphraseArgs) -> Result<SecretKey, Failure> {
    let pem = text(file)?;
    let read = match SecretKey::from_pem(&pem, None) {
        Err(KeyError::Encrypted) => {
            SecretKey::from_pem(&pem, Some(&ask(passphrase, &format!("Passphrase of {}", file.display()))?))
        }
        other => other,
    };
    read.map_err(|e| Failure::usage(format!("{}: {e}", file.display())))
}

/// A public key as it is typed: its digits, or a file that holds them.
pub(crate) fn public(typed: &str) -> Result<PublicKey, Failure> {
    if let Ok(key) = PublicKey::parse(typed) {
        return Ok(key);
    }
    let path = Path::new(typed);
    if !path.is_file() {
        return Err(Failure::usage(format!(
            "\"{typed}\" is no public key and no file; `tidewaiter key show KEY` prints the 64 digits"
        )));
    }
    let content = text(path)?;
    if content.contains("PRIVATE KEY") {
        let what = "is a secret key; give the 64 digits that `tidewaiter key show` prints";
        return Err(Failure::usage(format!("{typed} {what}")));
    }
    PublicKey::parse(content.lines().next().unwrap_or_default()).map_err(|e| Failure::usage(format!("{typed}: {e}")))
}

/// A short text file.
pub(crate) fn text(file: &Path) -> Result<String, Failure> {
    let told = |e: std::io::Error| Failure::usage(format!("cannot read {}: {e}", file.display()));
    if std::fs::metadata(file).map_err(told)?.len() > MOST_BYTES {
        return Err(Failure::usage(format!("{} is too large for a key or passphrase", file.display())));
    }
    std::fs::read_to_string(file).map_err(told)
}

fn ask(args: &PassphraseArgs, prompt: &str) -> Result<String, Failure> {
    if let Some(file) = &args.passphrase_file {
        return Ok(text(file)?.lines().next().unwrap_or_default().to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("give the passphrase with --passphrase-file, for there is no terminal to ask on"));
    }
    rpassword::prompt_password(format!("{prompt}: "))
        .map_err(|e| Failure::usage(format!("no passphrase was read: {e}")))
}

fn new_passphrase(args: &PassphraseArgs) -> Result<String, Failure> {
    let word = ask(args, "Passphrase for the new key")?;
    if word.chars().count() < 8 {
        return Err(Failure::usage("a passphrase has 8 characters or more; several words are best"));
    }
    if args.passphrase_file.is_none() && ask(args, "The same again")? != word {
        return Err(Failure::usage("the two passphrases differ; no key was made"));
    }
    Ok(word)
}
