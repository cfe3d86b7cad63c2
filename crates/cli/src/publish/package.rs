//! An edition as one file: fetched to be looked at or signed elsewhere, or signed here.

use super::{Door, standing};
use crate::args::{PublishAction, ToArgs};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::sign::{Reading, describe, write};
use serde_json::json;
use std::path::Path;
use tidewaiter_repository::metadata;
use tidewaiter_repository::package::Package;

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

pub(super) fn fetch(edition: &str, output: &Path, to: &ToArgs, page: &mut Page) -> Result<Exit, Failure> {
    let door = Door::open(to)?;
    let edition = &door.named(edition)?;
    let (package, bytes) = package(&door, edition, true)?;
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
    Ok(Exit::Answered)
}

pub(super) fn approve(action: &PublishAction, page: &mut Page) -> Result<Exit, Failure> {
    let PublishAction::Approve { edition, key, sheets, format, adds, data, passphrase, to } = action else {
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
        let same = how.same(&draft, before.as_ref())?;
        if !to.json {
            page.line(&format!("Made again  your file makes the same edition: {same} records and files"))?;
            page.flush()?;
        }
    }
    let key = key::open(key, passphrase)?;
    let signature = key.sign(&metadata::signable(&draft.role.signed).map_err(Failure::usage)?);
    let body = json!({ "key": key.public(), "signature": signature });
    standing(&door.post(&format!("editions/{edition}/signatures"), &body)?, to.json, page)
}
