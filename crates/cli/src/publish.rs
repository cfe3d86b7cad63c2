//! `tidewaiter publish`: an authority's officers at a repository far away.

mod door;
mod package;

use crate::args::{AboutArgs, FromArgs, PublishAction, PublishArgs, ToArgs};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::sign::{about, describe, file_name, read, write};
use crate::table::{Align, Table};
use crate::words::count;
use door::{Door, read_json};
use serde_json::{Value, json};
use std::path::PathBuf;
use tidewaiter_repository::metadata;
use tidewaiter_repository::package::Package;

/// Between the parts of a form; it stands in no file by chance.
const BOUNDARY: &str = "tidewaiter-7c1f1e0a5d9b4f53a2c6";

pub(crate) fn run(args: &PublishArgs, page: &mut Page) -> Result<Exit, Failure> {
    match &args.action {
        PublishAction::Send { files, authority, idempotency_key, receipt, about, to } => {
            send(files, authority, idempotency_key.as_deref(), receipt.as_ref(), about, to, page)
        }
        PublishAction::Show { edition, impact, to } => show(edition, *impact, to, page),
        PublishAction::Speak { edition, check, says, to } => {
            let door = Door::open(to)?;
            let edition = &door.named(edition)?;
            let answer = door.post(&format!("editions/{edition}/words"), &json!({ "check": check, "says": says }))?;
            standing(&answer, to.json, page)
        }
        PublishAction::Fetch { edition, output, to } => package::fetch(edition, output, to, page),
        PublishAction::Approve { .. } => package::approve(&args.action, page),
        PublishAction::Withdraw { numbers, authority, reason, to } => withdraw(numbers, authority, reason, to, page),
        PublishAction::Renew { authority, keys, output, yes, passphrase, to } => {
            let door = Door::open(to)?;
            let mut package = Package::from_bytes(&door.get_bytes(&format!("authorities/{authority}/renewal"))?)
                .map_err(|e| Failure::usage(format!("what the repository sent to be signed is wrong: {e}")))?;
            if !to.json {
                describe(&package.manifest, &package.hash(), page)?;
                page.flush()?;
            }
            package::ask(*yes, to)?;
            for file in keys {
                metadata::sign(&mut package.role, &key::open(file, passphrase)?).map_err(Failure::usage)?;
            }
            let bytes = package.to_bytes().map_err(Failure::usage)?;
            if let Some(file) = output {
                write(file, &bytes)?;
                page.line(&format!("{}: to be signed by the others with tidewaiter sign", file.display()))?;
                return Ok(Exit::Answered);
            }
            let about = json!({ "format": "package" }).to_string();
            let answer = post_form(&door, authority, None, &about, &[("renewal.zip".to_owned(), bytes)])?;
            if to.json {
                page.json(&answer)?;
            } else {
                taken(&answer, page)?;
            }
            Ok(Exit::Answered)
        }
        PublishAction::Abandon { edition, reason, to } => {
            let door = Door::open(to)?;
            let edition = &door.named(edition)?;
            let answer = door.post(&format!("editions/{edition}/abandon"), &json!({ "reason": reason }))?;
            standing(&answer, to.json, page)
        }
    }
}

/// A problem document: as lines, or as it came for a program.
fn problem(status: u16, bytes: &[u8], as_json: bool) -> Failure {
    let Ok(problem) = serde_json::from_slice::<Value>(bytes) else {
        return Failure::usage(format!("the repository answered with status {status}"));
    };
    if as_json {
        return Failure::Document(problem);
    }
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![format!("{}: {}", text(&problem, "title"), text(&problem, "detail"))];
    for row in problem["rows"].as_array().into_iter().flatten().take(20) {
        lines.push(format!(
            "{}, row {}, {}: \"{}\"; expected {}",
            text(row, "file"),
            row["row"],
            text(row, "column"),
            text(row, "found"),
            text(row, "expected")
        ));
    }
    lines.extend(problem["report"]["findings"].as_array().into_iter().flatten().take(20).map(finding));
    Failure::Usage(lines)
}

fn finding(finding: &Value) -> String {
    let text = |name: &str| finding[name].as_str().unwrap_or_default();
    let help = text("help");
    let mut letters = help.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!(
        "{} ({}), {}: {}. {first}{}.",
        text("check"),
        text("severity"),
        text("place"),
        text("says"),
        letters.as_str()
    )
}

fn send(
    files: &[PathBuf],
    authority: &str,
    idempotency_key: Option<&str>,
    receipt: Option<&PathBuf>,
    said: &AboutArgs,
    to: &ToArgs,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let Some(first) = files.first() else { return Err(Failure::usage("name a file")) };
    let about = about(said, first)?;
    let door = Door::open(to)?;
    let mut read_files = Vec::new();
    for file in files {
        read_files.push((file_name(file), read(file)?));
    }
    let answer = post_form(&door, authority, idempotency_key, &serde_json::to_string(&about)?, &read_files)?;
    if let Some(file) = receipt {
        write(file, format!("{:#}\n", answer["envelope"]).as_bytes())?;
    }
    if to.json {
        page.json(&answer)?;
        return Ok(Exit::Answered);
    }
    taken(&answer, page)?;
    if let Some(edition) = answer["receipt"]["edition"].as_str() {
        let report = door.get(&format!("editions/{edition}/report"))?;
        findings(&report, page)?;
        return standing(&door.get(&format!("editions/{edition}"))?["standing"], false, page);
    }
    Ok(Exit::Answered)
}

fn post_form(
    door: &Door,
    authority: &str,
    key: Option<&str>,
    about: &str,
    files: &[(String, Vec<u8>)],
) -> Result<Value, Failure> {
    let mut body =
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"about\"\r\n\r\n{about}\r\n").into_bytes();
    for (name, bytes) in files {
        let name: String = name.chars().filter(|c| !c.is_control() && !"\"\\".contains(*c)).collect();
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    read_json(door.post_bytes(&format!("authorities/{authority}/submissions"), &kind, &body, key)?)
}

fn taken(answer: &Value, page: &mut Page) -> Result<(), Failure> {
    let receipt = &answer["receipt"];
    let said = match (answer["again"].as_bool(), receipt["outcome"].as_str()) {
        (Some(true), _) => "The same was sent before; nothing was done again.".to_owned(),
        (_, Some("renewed")) => format!("Edition {} is signed anew.", receipt["number"]),
        (_, Some("unchanged")) => format!("It says what edition {} says; no new edition was made.", receipt["number"]),
        _ => format!("Received as edition {}.", receipt["number"]),
    };
    page.paragraph(&said, Tone::Strong)?;
    page.line(&format!("Edition     {}", receipt["edition"].as_str().unwrap_or_default()))?;
    page.line(&format!("Received    {}", receipt["received_at"].as_str().unwrap_or_default()))?;
    Ok(())
}

fn findings(report: &Value, page: &mut Page) -> Result<(), Failure> {
    let all = report["findings"].as_array().cloned().unwrap_or_default();
    if all.is_empty() {
        page.line("Checks      nothing found")?;
        return Ok(());
    }
    page.heading("The checks warn")?;
    for one in all.iter().take(20) {
        page.bullet(&finding(one))?;
    }
    if all.len() > 20 {
        page.line(&format!("and {} more: --json shows all", all.len() - 20))?;
    }
    Ok(())
}

fn show(edition: &str, impact: bool, to: &FromArgs, page: &mut Page) -> Result<Exit, Failure> {
    let door = Door::to_read(to)?;
    let edition = &door.named(edition)?;
    let answer = door.get(&format!("editions/{edition}"))?;
    let report = door.get(&format!("editions/{edition}/report"))?;
    let preview = if impact { Some(door.get(&format!("editions/{edition}/impact"))?) } else { None };
    if to.json {
        page.json(&json!({ "edition": answer, "report": report, "impact": preview }))?;
        return Ok(Exit::Answered);
    }
    let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
    page.paragraph(&format!("Edition {} of {}: {}", answer["number"], text("authority"), text("title")), Tone::Strong)?;
    findings(&report, page)?;
    if let Some(preview) = preview {
        show_impact(&preview, page)?;
    }
    if let Some(reason) = answer["given_up"]["reason"].as_str() {
        let at = answer["given_up"]["at"].as_str().unwrap_or_default();
        page.paragraph(&format!("Given up at {at}: {reason}"), Tone::Caution)?;
    }
    standing(&answer["standing"], false, page)
}

fn show_impact(preview: &Value, page: &mut Page) -> Result<(), Failure> {
    page.heading(&format!("What would change, by the law of {}", preview["day"].as_str().unwrap_or_default()))?;
    let changes = preview["changes"].as_u64().unwrap_or_default() as usize;
    page.line(&format!("{} from the edition before", count(changes, "difference")))?;
    for change in preview["first_changes"].as_array().into_iter().flatten().take(15) {
        let text = |name: &str| change[name].as_str().unwrap_or("nothing");
        let scope = change["scope"].as_str().map(|s| format!(" ({})", s.trim())).unwrap_or_default();
        page.bullet(&format!("{} {}{scope}: {} becomes {}", text("code"), text("what"), text("old"), text("new")))?;
    }
    let differ = preview["differ"].as_array().cloned().unwrap_or_default();
    page.gap()?;
    page.line(&format!("{} of {} typical baskets pay something else", differ.len(), preview["baskets"]))?;
    if let Some(note) = preview["note"].as_str() {
        page.paragraph(note, Tone::Caution)?;
    }
    if differ.is_empty() {
        return Ok(());
    }
    let columns = [("Basket", Align::Left), ("Worth", Align::Right), ("Now", Align::Right), ("Then", Align::Right)];
    let mut table = Table::new(&columns, 0);
    for basket in differ.iter().take(30) {
        let text = |name: &str| basket[name].as_str().unwrap_or_default().to_owned();
        table.row(vec![text("what"), text("worth"), text("before"), text("after")]);
    }
    page.table(&table)?;
    Ok(())
}

fn withdraw(numbers: &[u64], authority: &str, reason: &str, to: &ToArgs, page: &mut Page) -> Result<Exit, Failure> {
    let door = Door::open(to)?;
    let body = json!({ "concerns": numbers, "reason": reason }).to_string();
    let path = format!("authorities/{authority}/withdrawals");
    let package = door.post_bytes(&path, "application/json", body.as_bytes(), None)?;
    let about = json!({ "format": "package" }).to_string();
    let answer = post_form(&door, authority, None, &about, &[("withdrawal.zip".to_owned(), package)])?;
    if to.json {
        page.json(&answer)?;
        return Ok(Exit::Answered);
    }
    taken(&answer, page)?;
    let edition = answer["receipt"]["edition"].as_str().unwrap_or_default();
    findings(&door.get(&format!("editions/{edition}/report"))?, page)?;
    standing(&door.get(&format!("editions/{edition}"))?["standing"], false, page)
}

/// Where an edition stands, and what it waits for.
fn standing(answer: &Value, as_json: bool, page: &mut Page) -> Result<Exit, Failure> {
    if as_json {
        page.json(answer)?;
        return Ok(Exit::Answered);
    }
    let edition = answer["edition"].as_str().unwrap_or_default();
    let state = answer["state"].as_str().unwrap_or_default();
    let signed = answer["signed_by"].as_array().map_or(0, Vec::len);
    page.gap()?;
    page.line(&format!("State       {state}"))?;
    page.line(&format!("Signatures  {signed} of {}", answer["needed"]))?;
    let open: Vec<&str> = answer["open_warnings"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let next = match state {
        "draft" if !open.is_empty() => {
            format!(
                "Next: an approver (not who sent it) says why each warning is meant ({}): tidewaiter publish speak {edition} {} \"why\". \
                 If it is not meant, give the draft up and send it again: tidewaiter publish abandon {edition} --reason \"why\"{}",
                open.join(", "),
                open[0],
                if open.contains(&"TW511") { "; --adds keeps the rates before" } else { "" }
            )
        }
        "draft" | "checked" => format!("Next: officers sign: tidewaiter publish approve {edition} --key KEY"),
        "scheduled" => format!("It will be published at {}.", answer["not_before"].as_str().unwrap_or_default()),
        "published" => match answer["waiting_files"].as_u64() {
            None | Some(0) => "Everybody can fetch it now.".to_owned(),
            Some(_) => {
                "The static host does not answer: everybody can fetch it as soon as it does; the service sends it then by itself."
                    .to_owned()
            }
        },
        _ => return Ok(Exit::Answered),
    };
    page.paragraph(&next, Tone::Plain)?;
    Ok(Exit::Answered)
}
