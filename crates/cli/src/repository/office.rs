//! What the people who run a repository do: tokens, the board, the audit log, backups, the program's own data.

use super::{open, open_to_publish, wait};
use crate::args::{PassphraseArgs, RepositoryAction, RoleName};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::sign::{read, refusal};
use crate::table::{Align, Table};
use crate::words::count;
use serde_json::json;
use std::path::Path;
use tidewaiter_repository::expiry::{self, Ending};
use tidewaiter_repository::manifest::Manifest;
use tidewaiter_repository::name::{Place, UNOFFICIAL};
use tidewaiter_repository::store::token::{self, Account, Role};
use tidewaiter_repository::store::{audit as log, copy};
use tidewaiter_repository::workflow::sent::{About, PACKAGE, Records, Sent};
use tidewaiter_repository::workflow::submit::make;
use tidewaiter_repository::workflow::{Refusal, Repository};
use tidewaiter_repository::{board as freshness, metadata, package::Package, proof};

/// Longest life of a token, in days.
const MOST_DAYS: u32 = 400;

const fn role_of(name: RoleName) -> Role {
    match name {
        RoleName::Officer => Role::Officer,
        RoleName::Approver => Role::Approver,
        RoleName::Secretariat => Role::Secretariat,
        RoleName::Auditor => Role::Auditor,
    }
}

pub(super) fn token(action: &RepositoryAction, page: &mut Page) -> Result<Exit, Failure> {
    let RepositoryAction::Token { folder, holder, role, authority, days, revoke, json } = action else {
        return Ok(Exit::Internal);
    };
    wait(async {
        let repository = open(folder).await?;
        if let Some(id) = revoke {
            return match repository.revoke_token(id, "secretariat").await.map_err(refusal)? {
                0 => Err(Failure::usage("no token that counts has this name; the list shows them")),
                _ => Ok(page.line("It no longer counts.").map(|()| Exit::Answered)?),
            };
        }
        if let (Some(label), Some(role)) = (holder, role) {
            let account = Account { label: label.clone(), role: role_of(*role), authority: authority.clone() };
            let made = repository.new_token(&account, *days, MOST_DAYS, "secretariat").await.map_err(refusal)?;
            // Nothing else on standard output, so that it can go straight into a file.
            page.line(&made)?;
            return Ok(Exit::Answered);
        }
        let all = {
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            token::all(&mut *tx).await.map_err(Failure::usage)?
        };
        if *json {
            page.json(&json!({ "tokens": all }))?;
            return Ok(Exit::Answered);
        }
        if all.is_empty() {
            page.paragraph("No token was made yet: --for NAME --role ROLE makes one.", Tone::Plain)?;
            return Ok(Exit::Answered);
        }
        let columns = [
            ("Token", Align::Left),
            ("Holder", Align::Left),
            ("Role", Align::Left),
            ("Authority", Align::Left),
            ("Counts until", Align::Left),
            ("", Align::Left),
        ];
        let mut table = Table::new(&columns, 1);
        for one in all {
            let revoked = if one.revoked_at.is_some() { "revoked" } else { "" };
            table.row(vec![
                one.id,
                one.account.label,
                one.account.role.to_string(),
                one.account.authority.unwrap_or_default(),
                one.expires_at,
                revoked.to_owned(),
            ]);
        }
        page.table(&table)?;
        Ok(Exit::Answered)
    })
}

pub(super) fn board(folder: &Path, all: bool, as_json: bool, page: &mut Page) -> Result<Exit, Failure> {
    let (lines, drafts, endings) = wait(async {
        let repository = open(folder).await?;
        let lines = freshness::rows(&repository).await.map_err(refusal)?;
        let drafts = freshness::waiting(&repository).await.map_err(refusal)?;
        let mut tx = repository.db.read().await.map_err(Failure::usage)?;
        let endings = expiry::endings(&mut *tx, repository.clock.now(), true).await.map_err(refusal)?;
        Ok((lines, drafts, endings))
    })?;
    if as_json {
        page.json(&json!({ "board": lines, "drafts": drafts, "endings": endings }))?;
        return Ok(Exit::Answered);
    }
    let columns = [
        ("Territory", Align::Left),
        ("Who", Align::Left),
        ("Edition", Align::Right),
        ("Published", Align::Left),
        ("Next due", Align::Left),
        ("", Align::Left),
    ];
    let mut table = Table::new(&columns, 1);
    for line in lines.iter().filter(|line| all || line.authority.is_some()) {
        let late = match (line.overdue_days, line.number, line.unofficial) {
            _ if line.dismissed => "dismissed".to_owned(),
            _ if line.unsigned => "must be signed anew".to_owned(),
            (Some(days), ..) => format!("{days} days late"),
            (None, None, false) => "nothing yet".to_owned(),
            (None, _, true) => "no authority's word".to_owned(),
            _ => String::new(),
        };
        let who = match &line.authority {
            Some(id) => format!("{} ({id})", line.name),
            None => line.name.clone(),
        };
        table.row(vec![
            line.territory.clone().unwrap_or_else(|| "-".into()),
            who,
            line.number.map(|n| n.to_string()).unwrap_or_default(),
            line.last.clone().unwrap_or_default().chars().take(10).collect(),
            line.next_due.map(|day| day.to_string()).unwrap_or_default(),
            late,
        ]);
    }
    page.table(&table)?;
    let others = lines.iter().filter(|line| line.authority.is_none()).count();
    if !all && others > 0 {
        page.gap()?;
        page.line(&format!("In {} no authority publishes yet: --all lists them.", count(others, "territory")))?;
    }
    show_drafts(&drafts, page)?;
    show_endings(&endings, page)?;
    Ok(Exit::Answered)
}

fn show_drafts(drafts: &[freshness::Waiting], page: &mut Page) -> Result<(), Failure> {
    if drafts.is_empty() {
        return Ok(());
    }
    page.heading("Drafts on their way")?;
    let columns = [("Edition", Align::Left), ("Sent", Align::Left), ("By", Align::Left), ("Waits for", Align::Left)];
    let mut table = Table::new(&columns, 3);
    for one in drafts {
        let short: String = one.standing.edition.chars().take(12).collect();
        let name = format!("{}/{} ({short})", one.standing.authority, one.standing.number);
        let day = one.submitted_at.strftime("%Y-%m-%d").to_string();
        table.row(vec![name, day, one.submitted_by.clone(), one.awaits.clone()]);
    }
    Ok(page.table(&table)?)
}

fn show_endings(endings: &[Ending], page: &mut Page) -> Result<(), Failure> {
    page.heading("Signatures and tokens that run out")?;
    let columns = [("What", Align::Left), ("Days", Align::Right), ("", Align::Left)];
    let mut table = Table::new(&columns, 2);
    for one in endings {
        let what = format!("{} {}", one.what.name(), one.of);
        // What to do is said where the time has come.
        let next = match one.days {
            ..0 => format!("over since {}: {}", one.expires.strftime("%Y-%m-%d"), one.next),
            days if days < expiry::WARNED_AT_DAYS[0] => one.next.clone(),
            _ => String::new(),
        };
        table.row(vec![what.trim().to_owned(), one.days.to_string(), next]);
    }
    Ok(page.table(&table)?)
}

pub(super) fn audit(folder: &Path, after: u64, as_json: bool, page: &mut Page) -> Result<Exit, Failure> {
    let (rows, chain) = wait(async {
        let repository = open(folder).await?;
        let mut tx = repository.db.read().await.map_err(Failure::usage)?;
        let rows = log::rows(&mut *tx, after, 1000).await.map_err(Failure::usage)?;
        Ok((rows, log::verify(&mut *tx).await.map_err(Failure::usage)?))
    })?;
    if as_json {
        let broken = chain.as_ref().err();
        page.json(&json!({ "rows": rows, "whole": chain.is_ok(), "broken": broken }))?;
    } else {
        let columns = [
            ("", Align::Right),
            ("When", Align::Left),
            ("Who", Align::Left),
            ("What", Align::Left),
            ("Why", Align::Left),
        ];
        let mut table = Table::new(&columns, 4);
        for row in rows {
            let object: String = row.object.chars().take(16).collect();
            table.row(vec![row.seq.to_string(), row.at, row.actor, format!("{} {object}", row.action), row.reason]);
        }
        page.table(&table)?;
    }
    match chain {
        Ok(count) if as_json => Ok(if count > 0 { Exit::Answered } else { Exit::NotAnAmount }),
        Ok(count) => {
            page.gap()?;
            page.line(&format!("The chain of {count} rows is whole."))?;
            Ok(Exit::Answered)
        }
        Err(why) => Err(Failure::usage(format!("the audit log was tampered with: {why}"))),
    }
}

/// A receipt held against the store.
pub(super) fn prove(folder: &Path, file: &Path, as_json: bool, page: &mut Page) -> Result<Exit, Failure> {
    let envelope = proof::read(&read(file)?).map_err(refusal)?;
    let proof = wait(async {
        let repository = open(folder).await?;
        let mut tx = repository.db.read().await.map_err(Failure::usage)?;
        proof::check(&mut *tx, &envelope).await.map_err(refusal)
    })?;
    if as_json {
        page.json(&proof)?;
        return Ok(Exit::Answered);
    }
    let receipt = &proof.receipt;
    page.paragraph("The receipt is good.", Tone::Strong)?;
    page.line(&format!("Signed by   {} (root {})", proof.key, proof.root))?;
    page.line(&format!("Received    {} for {}", receipt.received_at, receipt.authority))?;
    page.line(&format!("Files       SHA-256 {}", receipt.sha256))?;
    if let (Some(edition), Some(number)) = (&receipt.edition, receipt.number) {
        page.line(&format!("Edition     {number}, {edition}"))?;
    }
    page.line(&format!("Audit log   row {}, and the chain is whole up to it", proof.row))?;
    Ok(Exit::Answered)
}

/// The data folder as an edition of "unofficial": each file is a part, as it is.
pub(super) fn publish_data(
    folder: &Path,
    key_file: &Path,
    passphrase: &PassphraseArgs,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let key = key::open(key_file, passphrase)?;
    wait(async {
        let repository = open_to_publish(folder).await?;
        let now = repository.clock.now();
        let (authority, head, version) = {
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            let known =
                tidewaiter_repository::store::authority::get(&mut *tx, UNOFFICIAL).await.map_err(Failure::usage)?;
            let Some((authority, _)) = known else {
                return Err(Failure::usage(
                    "admit \"unofficial\" first: tidewaiter repository admit FOLDER --authority unofficial …",
                ));
            };
            let head =
                tidewaiter_repository::store::edition::head(&mut *tx, UNOFFICIAL).await.map_err(Failure::usage)?;
            let roles = tidewaiter_repository::store::role::listed(&mut *tx).await.map_err(Failure::usage)?;
            (authority, head, roles.get(UNOFFICIAL).map_or(1, |l| l.version + 1))
        };
        let mut files = Vec::new();
        for (name, bytes) in super::config::Config::read(folder)?.data_files(folder)? {
            files.push((Place::new(&name).map_err(Failure::usage)?, bytes));
        }
        let records = Records {
            head: tidewaiter::record::edition::Edition {
                authority: authority.name.clone(),
                title: "Rates and rules that come with Tidewaiter, transcribed from the sources that each file names"
                    .into(),
                format: "data-folder".into(),
                known_from: crate::source::today(),
                licence: Some("MIT OR Apache-2.0; facts as each source allows".into()),
                ..Default::default()
            },
            files,
            ..Records::default()
        };
        let about = About { format: PACKAGE.into(), ..About::default() };
        let old = head.as_ref().map(|h| (h.hash.as_str(), &h.manifest));
        let made = make(&authority, &about, records, old, now).map_err(refusal)?;
        let Some((manifest, stored, ..)) = made else {
            page.line("The newest edition of \"unofficial\" holds these files already.")?;
            send_what_waits(&repository, page).await?;
            return Ok(Exit::Answered);
        };
        let bytes = manifest.to_bytes().map_err(Failure::usage)?;
        let role = metadata::authority(version, repository.expires(&manifest, now), &bytes, &manifest);
        let mut role = metadata::unsigned(role.map_err(Failure::usage)?);
        metadata::sign(&mut role, &key).map_err(Failure::usage)?;
        let parts = stored.into_iter().filter(|s| !s.bytes.is_empty()).map(|s| (s.part.sha256, s.bytes)).collect();
        let package = Package { manifest, manifest_bytes: bytes, role, parts };
        let sent = Sent { about, files: vec![("unofficial.zip".into(), package.to_bytes().map_err(Failure::usage)?)] };
        let bar = Bar::doing("checking and publishing");
        let taken = repository.submit(UNOFFICIAL, "repository", None, sent).await;
        bar.clear();
        let taken = taken.map_err(refusal)?;
        let hash = taken.receipt.edition.unwrap_or_default();
        let standing = repository.standing(&hash).await.map_err(refusal)?;
        told(&package.manifest, standing.state.name(), page)?;
        super::say_waiting(&repository, page).await?;
        Ok(Exit::Answered)
    })
}

/// Tries the static host once more, and says so where it is still away.
pub(super) async fn send_what_waits(repository: &Repository, page: &mut Page) -> Result<(), Failure> {
    match repository.distribute().await {
        Ok(()) => Ok(()),
        Err(why @ Refusal::Unavailable(_)) => {
            page.line(&why.to_string())?;
            super::say_waiting(repository, page).await
        }
        Err(other) => Err(refusal(other)),
    }
}

fn told(manifest: &Manifest, state: &str, page: &mut Page) -> Result<(), Failure> {
    let text = format!(
        "Edition {} of {}: {}, {state}.",
        manifest.number,
        manifest.authority,
        count(manifest.parts.len(), "file")
    );
    Ok(page.paragraph(&text, Tone::Strong)?)
}

pub(super) fn backup(folder: &Path, file: &Path, page: &mut Page) -> Result<Exit, Failure> {
    let rows = wait(async {
        let repository = open(folder).await?;
        let bar = Bar::doing("writing the backup");
        let rows = copy::backup(repository.db.as_ref(), file).await;
        bar.clear();
        rows.map_err(Failure::usage)
    })?;
    page.line(&format!(
        "{}: {rows} rows. It holds drafts and the secrets of subscriptions: keep it as safe as the database. online.pem and repository.toml are not in it.",
        file.display()
    ))?;
    Ok(Exit::Answered)
}

pub(super) fn migrate(folder: &Path, page: &mut Page) -> Result<Exit, Failure> {
    wait(async { open(folder).await.map(|_| ()) })?;
    page.line("The database is up to date.")?;
    Ok(Exit::Answered)
}
