//! `tidewaiter sign`: an officer's or root holder's signature, on a machine without a network.

use crate::args::{AboutArgs, SignArgs};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::words::count;
use jiff::Timestamp;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use tidewaiter_reader::read_folder;
use tidewaiter_repository::authority::Authority;
use tidewaiter_repository::manifest::{Kind, Legal, Manifest};
use tidewaiter_repository::metadata;
use tidewaiter_repository::package::Package;
use tidewaiter_repository::recompute;
use tidewaiter_repository::workflow::Validity;
use tidewaiter_repository::workflow::ceremony::{Ceremony, delegated_keys, root_keys};
use tidewaiter_repository::workflow::sent::{About, Sent};
use tidewaiter_repository::workflow::submit::{expiry, make};

/// Largest file that is read.
const MOST_BYTES: u64 = 1 << 30;
/// What is said where the answer is no.
pub(crate) const NOT_SIGNED: &str = "nothing was signed";

pub(crate) fn run(args: &SignArgs, page: &mut Page) -> Result<Exit, Failure> {
    let bytes = read(&args.file)?;
    if bytes.first() == Some(&b'{')
        && let Ok(ceremony) = Ceremony::from_bytes(&bytes)
    {
        return sign_ceremony(args, ceremony, page);
    }
    let package = Package::from_bytes(&bytes);
    let (mut package, output) = match (package, &args.authority) {
        (Ok(package), None) => (package, args.output.clone().unwrap_or_else(|| args.file.clone())),
        (_, Some(_)) => {
            let Some(output) = args.output.clone() else {
                return Err(Failure::usage("name the package to write: -o qq-1.zip"));
            };
            (new_package(args, bytes)?, output)
        }
        (Err(error), None) if Package::is_one(&bytes) => {
            return Err(Failure::usage(format!("{}: {error}", args.file.display())));
        }
        (Err(_), None) => {
            return Err(Failure::usage(format!(
                "{} is neither a package nor a ceremony's file; to make a package of it add --authority and --name",
                args.file.display()
            )));
        }
    };
    describe(&package.manifest, &package.hash(), page)?;
    if !args.sheets.is_empty() {
        let before = args.after.as_deref().map(open_package).transpose()?;
        let about = &args.about;
        let how = Reading {
            sheets: &args.sheets,
            format: about.format.as_deref(),
            adds: about.adds,
            data: args.data.as_deref(),
        };
        how.same(&package, before.as_ref())?;
        page.line(&made_again(&package.manifest))?;
    }
    page.flush()?;
    confirm(args.yes, "Sign this edition?", NOT_SIGNED)?;
    for file in &args.keys {
        let key = key::open(file, &args.passphrase)?;
        metadata::sign(&mut package.role, &key).map_err(Failure::usage)?;
    }
    let bytes = package.to_bytes().map_err(Failure::usage)?;
    write(&output, &bytes)?;
    let count = package.role.signatures.len();
    let signed = if count == 1 { "1 signature".to_owned() } else { format!("{count} signatures") };
    page.paragraph(&format!("{}: {signed}, {} bytes.", output.display(), bytes.len()), Tone::Strong)?;
    Ok(Exit::Answered)
}

fn sign_ceremony(args: &SignArgs, mut ceremony: Ceremony, page: &mut Page) -> Result<Exit, Failure> {
    page.paragraph(&ceremony.says, Tone::Strong)?;
    if let Some(root) = &ceremony.root {
        page.line(&format!("Root version {}, holds until {}", root.signed.version, root.signed.expires))?;
        let keys = root_keys(&root.signed);
        for (role, of) in [("root", &keys.root), ("targets", &keys.targets), ("online", &keys.timestamp)] {
            page.bullet(&format!("{role}: {} of these keys must sign", of.threshold))?;
            for key in &of.keys {
                page.line(&format!("    {key}"))?;
            }
        }
    }
    if let (Some(targets), Some(list)) = (&ceremony.targets, &ceremony.authorities) {
        page.line(&format!("Targets version {}, holds until {}", targets.signed.version, targets.signed.expires))?;
        let keys = delegated_keys(&targets.signed);
        for authority in &list.authorities {
            let place = authority.territory.as_deref().unwrap_or("no territory");
            page.bullet(&format!(
                "{}: {} ({place}), {} of these keys must sign",
                authority.id, authority.name, authority.officers
            ))?;
            for key in keys.get(&authority.id).into_iter().flat_map(|k| &k.keys) {
                page.line(&format!("    {key}"))?;
            }
        }
    }
    page.flush()?;
    confirm(args.yes, "Sign this?", NOT_SIGNED)?;
    for file in &args.keys {
        ceremony.sign(&key::open(file, &args.passphrase)?).map_err(Failure::usage)?;
    }
    let output = args.output.clone().unwrap_or_else(|| args.file.clone());
    write_ceremony(&output, &ceremony)?;
    page.paragraph(&format!("{} is signed.", output.display()), Tone::Strong)?;
    Ok(Exit::Answered)
}

/// Writes a ceremony's file.
pub(crate) fn write_ceremony(output: &Path, ceremony: &Ceremony) -> Result<(), Failure> {
    let mut text = serde_json::to_vec_pretty(ceremony)?;
    text.push(b'\n');
    write(output, &text)
}

/// How many records an edition holds, in words.
fn records(manifest: &Manifest) -> String {
    count(manifest.parts.iter().map(|p| p.records).sum::<u64>() as usize, "record")
}

/// Said where the officer's own sheet makes the edition again, all of it.
pub(crate) fn made_again(manifest: &Manifest) -> String {
    format!("Made again  your file makes the same edition: {}", records(manifest))
}

/// Says what an edition is, before it is signed.
pub(crate) fn describe(manifest: &Manifest, hash: &str, page: &mut Page) -> Result<(), Failure> {
    page.paragraph(
        &format!("Edition {} of {}: {}", manifest.number, manifest.authority, manifest.head.title),
        Tone::Strong,
    )?;
    page.line(&format!("SHA-256     {hash}"))?;
    page.line(&format!("Follows     {}", manifest.previous.as_deref().unwrap_or("nothing: it is the first")))?;
    page.line(&format!("Holds       {} in {}", records(manifest), count(manifest.parts.len(), "part")))?;
    let head = &manifest.head;
    let complete = if head.complete { "; every code that exists is in it" } else { "" };
    page.line(&format!("Territory   {}{complete}", head.territory.as_deref().unwrap_or("none")))?;
    page.line(&format!("Dated       {} by {}", head.known_from, head.authority))?;
    page.line(&format!("Licence     {}", head.licence.as_deref().unwrap_or("none")))?;
    if manifest.kind != Kind::Ordinary {
        let numbers: Vec<String> = manifest.concerns.iter().map(u64::to_string).collect();
        let what = if manifest.kind == Kind::Withdrawal { "Withdraws" } else { "Corrects" };
        page.line(&format!(
            "{what:<12}{} because: {}",
            numbers.join(", "),
            manifest.reason.as_deref().unwrap_or_default()
        ))?;
    }
    for law in &manifest.legal {
        page.line(&format!("Law         {}", law.title))?;
    }
    if let Some(at) = manifest.not_before {
        page.line(&format!("Not before  {at}"))?;
    }
    if let Some(day) = manifest.next_due {
        page.line(&format!("Next due    {day}"))?;
    }
    Ok(())
}

/// Asks on the terminal; where there is none, `--yes` must have been given.
pub(crate) fn confirm(yes: bool, question: &str, nothing: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("there is no terminal to ask on: look at what is shown, then add --yes"));
    }
    let mut err = std::io::stderr();
    let _ = write!(err, "{question} [y/N] ");
    let _ = err.flush();
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    match line.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Failure::usage(nothing)),
    }
}

fn open_package(file: &Path) -> Result<Package, Failure> {
    Package::from_bytes(&read(file)?).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))
}

/// A sheet to be held against an edition, and how it is read.
pub(crate) struct Reading<'a> {
    pub(crate) sheets: &'a [PathBuf],
    pub(crate) format: Option<&'a str>,
    pub(crate) adds: bool,
    pub(crate) data: Option<&'a Path>,
}

impl Reading<'_> {
    /// Makes the edition again. Fails where it becomes another one.
    pub(crate) fn same(&self, package: &Package, before: Option<&Package>) -> Result<(), Failure> {
        let Some(first) = self.sheets.first() else { return Err(Failure::usage("name the sheet")) };
        let format = self.format.map_or_else(|| format_of(first), |format| Ok(format.to_owned()))?;
        let files =
            self.sheets.iter().map(|file| Ok((file_name(file), read(file)?))).collect::<Result<_, Failure>>()?;
        let sheet = Sent { about: recompute::about(&package.manifest, format, self.adds), files };
        let same = match self.data {
            None => recompute::same(package, before, &sheet, tidewaiter_data::world()),
            Some(folder) => recompute::same(package, before, &sheet, &read_folder(folder)?.world),
        };
        same.map(|_| ()).map_err(refusal)
    }
}

fn new_package(args: &SignArgs, bytes: Vec<u8>) -> Result<Package, Failure> {
    let (Some(id), Some(name)) = (&args.authority, &args.name) else {
        return Err(Failure::usage("to make a package give --authority and --name, as the repository admitted them"));
    };
    let about = about(&args.about, &args.file)?;
    let authority = Authority {
        id: id.clone(),
        name: name.clone(),
        territory: args.about.territory.clone(),
        publishes: Vec::new(),
        unofficial: id == tidewaiter_repository::name::UNOFFICIAL,
        officers: args.keys.len() as u64,
    };
    let before = args.after.as_deref().map(open_package).transpose()?;
    let sent = Sent { about: about.clone(), files: vec![(file_name(&args.file), bytes)] };
    let records = match &args.data {
        None => sent.read(name, authority.territory.as_deref(), tidewaiter_data::world()),
        Some(folder) => sent.read(name, authority.territory.as_deref(), &read_folder(folder)?.world),
    };
    let records = records.map_err(refusal)?;
    if let (Some(given), Some(said)) = (&authority.territory, &records.head.territory)
        && given != said
    {
        return Err(Failure::usage(format!(
            "{} says that it is for {said}, and --territory says {given}: one of the two is wrong",
            args.file.display()
        )));
    }
    let now = Timestamp::now();
    let hash = before.as_ref().map(Package::hash);
    let head = hash.as_deref().zip(before.as_ref().map(|b| &b.manifest));
    let made = make(&authority, &about, records, head, metadata::whole_seconds(now)).map_err(refusal)?;
    let Some((manifest, stored, ..)) = made else {
        return Err(Failure::usage("it says what the edition before says; there is nothing to sign"));
    };
    let manifest_bytes = manifest.to_bytes().map_err(Failure::usage)?;
    let version = before.as_ref().map_or(1, |b| b.role.signed.version.get() + 1);
    let expires = expiry(&manifest, now, Validity::default().authority);
    let role = metadata::authority(version, expires, &manifest_bytes, &manifest).map_err(Failure::usage)?;
    // All parts go along: who receives the package may not have the earlier ones.
    let mut parts: std::collections::BTreeMap<String, Vec<u8>> =
        stored.into_iter().filter(|s| !s.bytes.is_empty()).map(|s| (s.part.sha256, s.bytes)).collect();
    for (sha256, bytes) in before.into_iter().flat_map(|b| b.parts) {
        if manifest.parts.iter().any(|p| p.sha256 == sha256) {
            parts.entry(sha256).or_insert(bytes);
        }
    }
    let package = Package { manifest, manifest_bytes, role: metadata::unsigned(role), parts };
    package.check().map_err(Failure::usage)?;
    Ok(package)
}

/// What the flags say of an edition.
pub(crate) fn about(args: &AboutArgs, file: &Path) -> Result<About, Failure> {
    let kind = match (args.corrects.is_empty(), args.withdraws.is_empty()) {
        (true, true) => None,
        (false, _) => Some(Kind::Correction),
        (_, false) => Some(Kind::Withdrawal),
    };
    let legal = args.laws.iter().map(|law| legal(law)).collect::<Result<_, _>>()?;
    Ok(About {
        format: args.format.clone().map_or_else(|| format_of(file), Ok)?,
        kind,
        concerns: args.corrects.iter().chain(&args.withdraws).copied().collect(),
        reason: args.reason.clone(),
        not_before: args.not_before,
        next_due: args.next_due,
        legal,
        licence: args.licence.clone(),
        adds: args.adds,
        complete: args.complete,
        published: args.published,
        territory: args.territory.clone(),
        currency: args.currency.clone(),
        nomenclature: args.nomenclature.clone(),
    })
}

fn legal(text: &str) -> Result<Legal, Failure> {
    let mut words = text.split('|').map(str::trim);
    let title = words.next().unwrap_or_default().to_owned();
    let url = words.next().filter(|w| !w.is_empty()).map(str::to_owned);
    let mut day = || -> Result<Option<jiff::civil::Date>, Failure> {
        match words.next().filter(|w| !w.is_empty()) {
            None => Ok(None),
            Some(word) => word
                .parse()
                .map(Some)
                .map_err(|_| Failure::usage(format!("--law: \"{word}\" is not a date; write year-month-day"))),
        }
    };
    let legal = Legal { title, url, published: day()?, effective: day()? };
    if legal.title.is_empty() {
        return Err(Failure::usage("--law begins with a title: \"Finance Act 2026, s. 12\""));
    }
    Ok(legal)
}

fn format_of(file: &Path) -> Result<String, Failure> {
    let name = file_name(file).to_lowercase();
    let format = if name.ends_with(".xlsx") {
        "sheet"
    } else if name.contains(".ndjson") {
        "edition"
    } else if name.ends_with(".zip") {
        // A rate sheet as CSV files is one as well.
        if Package::is_one(&read(file)?) { "package" } else { "sheet" }
    } else {
        let what = "say what it is with --format: sheet, edition, package, or one of `tidewaiter import list`";
        return Err(Failure::usage(format!("{}: {what}", file.display())));
    };
    Ok(format.to_owned())
}

/// A file's name without its folder.
pub(crate) fn file_name(file: &Path) -> String {
    file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads a file of a bounded size.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let told = |e: std::io::Error| Failure::usage(format!("cannot read {}: {e}", file.display()));
    if std::fs::metadata(file).map_err(told)?.len() > MOST_BYTES {
        return Err(Failure::usage(format!("{} is larger than {MOST_BYTES} bytes", file.display())));
    }
    std::fs::read(file).map_err(told)
}

/// Writes a file in one step.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let told = |e: std::io::Error| Failure::usage(format!("cannot write {}: {e}", file.display()));
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut part = tempfile::NamedTempFile::new_in(folder).map_err(told)?;
    part.write_all(bytes).and_then(|()| part.as_file().sync_all()).map_err(told)?;
    part.persist(file).map_err(|e| told(e.error)).map(|_| ())
}

/// A refusal as people read it: with its rows or findings.
pub(crate) fn refusal(refusal: tidewaiter_repository::workflow::Refusal) -> Failure {
    use tidewaiter_repository::workflow::Refusal;
    let mut lines = vec![refusal.to_string()];
    match refusal {
        Refusal::Rows(account) => lines.extend(account.refusals.iter().take(20).map(ToString::to_string)),
        Refusal::Checks(report) => {
            lines.extend(
                report.findings.iter().take(20).map(|f| format!("{} {}: {}. {}", f.check, f.place, f.says, f.help)),
            );
        }
        _ => {}
    }
    Failure::Usage(lines)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test says so")]
mod tests {
    use super::*;

    #[test]
    fn a_zip_file_is_told_by_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        // The shortest ZIP file: the end of a directory without entries (APPNOTE 4.3.16).
        let mut empty = b"PK\x05\x06".to_vec();
        empty.resize(22, 0);
        let file = folder.path().join("rates.zip");
        std::fs::write(&file, empty).unwrap();
        assert_eq!(format_of(&file).unwrap(), "sheet");
        assert_eq!(format_of(Path::new("rates.xlsx")).unwrap(), "sheet");
        assert_eq!(format_of(Path::new("rates.ndjson.zst")).unwrap(), "edition");
        assert!(format_of(Path::new("rates.pdf")).is_err());
    }
}
