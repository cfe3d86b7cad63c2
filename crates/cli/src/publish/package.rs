//! An edition as one file: fetched to be looked at or signed elsewhere, or signed here.

use super::{Door, standing};
use crate::args::{FromArgs, PublishAction, ToArgs};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::sign::{NOT_SIGNED, Reading, confirm, describe, made_again, write};
use serde_json::json;
use std::io::IsTerminal;
use std::path::Path;
use tidewaiter_repository::metadata::{self, target_file};
use tidewaiter_repository::name::target;
use tidewaiter_repository::package::Package;
use tidewaiter_repository::sha256_hex;

/// An edition as a package, and its bytes as they came. The name of an edition is its hash, so nothing else can come in its
/// place.
fn package(door: &Door, edition: &str, with_parts: bool) -> Result<(Package, Vec<u8>), Failure> {
    let bytes = door.get_bytes(&format!("editions/{edition}/package?parts={with_parts}"))?;
    let package = Package::from_bytes(&bytes)
        .map_err(|e| Failure::usage(format!("what the repository sent to be signed is wrong: {e}")))?;
    if package.hash() != edition {
        return Err(Failure::usage("the repository sent another edition than the one you named; nothing was signed"));
    }
    Ok((package, bytes))
}

/// The same of a published edition for anybody: its parts are published files, named by their hash.
fn published(door: &Door, edition: &str) -> Result<(Package, Vec<u8>), Failure> {
    let (mut package, _) = package(door, edition, false)?;
    for part in &package.manifest.parts {
        let file = target_file(&part.sha256, &target(&package.manifest.authority, &part.name));
        let bytes = door.get_at(&format!("targets/{file}"))?;
        if sha256_hex(&bytes) != part.sha256 {
            return Err(Failure::usage(format!("the repository sent {file} altered; nothing was written")));
        }
        package.parts.insert(part.sha256.clone(), bytes);
    }
    let bytes = package.to_bytes().map_err(Failure::usage)?;
    Ok((package, bytes))
}

pub(super) fn fetch(edition: &str, output: &Path, to: &FromArgs, page: &mut Page) -> Result<Exit, Failure> {
    let door = Door::to_read(to)?;
    let edition = &door.named(edition)?;
    let (package, bytes) = if to.token.is_some() { package(&door, edition, true)? } else { published(&door, edition)? };
    write(output, &bytes)?;
    if to.json {
        page.json(&json!({ "edition": edition, "file": output, "manifest": package.manifest }))?;
        return Ok(Exit::Answered);
    }
    describe(&package.manifest, edition, page)?;
    let (file, authority) = (output.display(), &package.manifest.authority);
    page.line(&format!("{file}: {} bytes", bytes.len()))?;
    page.paragraph(
        &format!(
            "To sign a draft without a network: tidewaiter sign {file} --sheet SHEET --key KEY; then: tidewaiter publish send {file} --authority {authority}"
        ),
        Tone::Plain,
    )?;
    let number = package.manifest.number;
    if number > 1 {
        page.paragraph(
            &format!(
                "Where the sheet's rates were added (--adds), give sign also: --adds --after BEFORE; tidewaiter publish fetch {authority}/{} -o BEFORE brings that file.",
                number - 1
            ),
            Tone::Plain,
        )?;
    }
    page.paragraph(
        "Where the sheet names territories or currencies of a data folder, give sign also: --data FOLDER.",
        Tone::Plain,
    )?;
    Ok(Exit::Answered)
}

/// Asks a person before signing, who has read what is signed. A program is not asked: what it does was decided before.
pub(super) fn ask(yes: bool, to: &ToArgs) -> Result<(), Failure> {
    if to.json || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    confirm(yes, "Sign this edition?", NOT_SIGNED)
}

pub(super) fn approve(action: &PublishAction, page: &mut Page) -> Result<Exit, Failure> {
    let PublishAction::Approve { edition, key, sheets, format, adds, data, yes, passphrase, to } = action else {
        return Ok(Exit::Internal);
    };
    let door = Door::open(to)?;
    let edition = &door.named(edition)?;
    let (draft, _) = package(&door, edition, !sheets.is_empty())?;
    if !to.json {
        describe(&draft.manifest, edition, page)?;
        page.flush()?;
    }
    if !sheets.is_empty() {
        let before = match &draft.manifest.previous {
            Some(previous) if *adds => Some(package(&door, previous, true)?.0),
            _ => None,
        };
        let how = Reading { sheets, format: format.as_deref(), adds: *adds, data: data.as_deref() };
        how.same(&draft, before.as_ref())?;
        if !to.json {
            page.line(&made_again(&draft.manifest))?;
            page.flush()?;
        }
    }
    ask(*yes, to)?;
    let key = key::open(key, passphrase)?;
    let signature = key.sign(&metadata::signable(&draft.role.signed).map_err(Failure::usage)?);
    let body = json!({ "key": key.public(), "signature": signature });
    standing(&door.post(&format!("editions/{edition}/signatures"), &body)?, to.json, page)
}
