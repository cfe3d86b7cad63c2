//! `tidewaiter publish`: an authority's officers at a repository far away.

mod package;

use crate::args::{AboutArgs, PublishAction, PublishArgs, ToArgs};
use crate::errors::{Exit, Failure};
use crate::key;
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::sign::{about, describe, file_name, read, write};
use crate::table::{Align, Table};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use tidewaiter_repository::metadata;
use tidewaiter_repository::package::Package;

/// How long to wait for an answer: checks of a whole tariff take their time.
const PATIENCE: Duration = Duration::from_secs(300);
/// Largest answer.
const MOST_BYTES: u64 = 1 << 30;
/// From how many bytes on a bar shows how much was sent.
const LARGE: usize = 1 << 20;
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
        PublishAction::Renew { authority, keys, output, passphrase, to } => {
            let door = Door::open(to)?;
            let mut package = Package::from_bytes(&door.get_bytes(&format!("authorities/{authority}/renewal"))?)
                .map_err(|e| Failure::usage(format!("what the repository sent to be signed is wrong: {e}")))?;
            if !to.json {
                describe(&package.manifest, &package.hash(), page)?;
                page.flush()?;
            }
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

/// A repository's doors.
struct Door {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Door {
    fn open(to: &ToArgs) -> Result<Self, Failure> {
        let base = to.to.trim_end_matches('/').to_owned();
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|l| base.starts_with(l));
        if !base.starts_with("https://") && !local {
            return Err(Failure::usage(format!("{base}: a token travels over https:// alone")));
        }
        let token = key::text(&to.token)?.lines().next().unwrap_or_default().trim().to_owned();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Ok(Self { agent: ureq::Agent::new_with_config(config), base, token })
    }

    /// The hash of an edition that is named by it, or by authority and number: the newest that was not given up.
    fn named(&self, typed: &str) -> Result<String, Failure> {
        let Some((authority, number)) = typed.split_once('/') else { return Ok(typed.to_owned()) };
        let number: u64 = number.parse().map_err(|_| {
            Failure::usage(format!("\"{typed}\" names no edition; write qq/2, or the 64 digits of its hash"))
        })?;
        let all = self.get(&format!("authorities/{authority}/editions?before={}", number.saturating_add(1)))?;
        let found = all["editions"].as_array().into_iter().flatten().filter(|e| e["number"] == number);
        let stands = |e: &&Value| e["state"] != "abandoned";
        match (found.clone().find(stands), found.clone().filter(stands).count(), found.clone().next()) {
            (Some(one), 1, _) => Ok(one["edition"].as_str().unwrap_or_default().to_owned()),
            (Some(_), many, _) => {
                let one = |e: &Value| {
                    let text = |name: &str| e[name].as_str().unwrap_or_default().to_owned();
                    format!("{}  {}, issued {}: {}", text("edition"), text("state"), text("issued"), text("title"))
                };
                let mut lines =
                    vec![format!("there are {many} drafts of {typed}; name the one you mean by its 64 digits:")];
                lines.extend(found.filter(stands).map(one));
                Err(Failure::Usage(lines))
            }
            (None, _, Some(_)) => Err(Failure::usage(format!("{typed} was given up"))),
            (None, ..) => {
                Err(Failure::usage(format!("{authority} has no edition {number}, or the token may not see it")))
            }
        }
    }

    fn get(&self, path: &str) -> Result<Value, Failure> {
        read_json(self.get_bytes(path)?)
    }

    fn get_bytes(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let request = self.agent.get(format!("{}/v1/{path}", self.base)).header("authorization", &self.bearer());
        self.answer(request.call())
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        read_json(self.post_bytes(path, "application/json", body.to_string().as_bytes(), None)?)
    }

    fn post_bytes(&self, path: &str, kind: &str, body: &[u8], key: Option<&str>) -> Result<Vec<u8>, Failure> {
        let mut request = self
            .agent
            .post(format!("{}/v1/{path}", self.base))
            .header("authorization", &self.bearer())
            .header("content-type", kind);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if body.len() < LARGE {
            return self.answer(request.send(body));
        }
        let bar = Bar::bytes();
        let mut read = bar.reads(body);
        let request = request.header("content-length", body.len().to_string());
        let answer = request.send(ureq::SendBody::from_reader(&mut read));
        bar.clear();
        self.answer(answer)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn answer(&self, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Vec<u8>, Failure> {
        let mut answer = answer.map_err(|e| Failure::usage(format!("{} does not answer: {e}", self.base)))?;
        let status = answer.status();
        let bytes = answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
        let bytes = bytes.map_err(|e| Failure::usage(format!("the answer of {} broke off: {e}", self.base)))?;
        if status.is_success() {
            return Ok(bytes);
        }
        Err(problem(status.as_u16(), &bytes))
    }
}

fn read_json(bytes: Vec<u8>) -> Result<Value, Failure> {
    serde_json::from_slice(&bytes).map_err(|e| Failure::usage(format!("the repository's answer cannot be read: {e}")))
}

/// A problem document as lines.
fn problem(status: u16, bytes: &[u8]) -> Failure {
    let Ok(problem) = serde_json::from_slice::<Value>(bytes) else {
        return Failure::usage(format!("the repository answered with status {status}"));
    };
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

fn show(edition: &str, impact: bool, to: &ToArgs, page: &mut Page) -> Result<Exit, Failure> {
    let door = Door::open(to)?;
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
    page.line(&format!("{} differences from the edition before", preview["changes"]))?;
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
                "Next: an approver says why each warning is meant ({}): tidewaiter publish speak {edition} {} \"why\"",
                open.join(", "),
                open[0]
            )
        }
        "draft" | "checked" => format!("Next: officers sign: tidewaiter publish approve {edition} --key KEY"),
        "scheduled" => format!("It will be published at {}.", answer["not_before"].as_str().unwrap_or_default()),
        "published" => match answer["waiting_files"].as_u64() {
            None | Some(0) => "Everybody can fetch it now.".to_owned(),
            Some(_) => {
                "The static host does not answer: everybody can fetch it as soon as it does. There is nothing to do."
                    .to_owned()
            }
        },
        _ => return Ok(Exit::Answered),
    };
    page.paragraph(&next, Tone::Plain)?;
    Ok(Exit::Answered)
}
