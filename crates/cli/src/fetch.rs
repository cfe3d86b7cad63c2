//! `tidewaiter fetch`: an official file from its official address, on request only.

use crate::args::FetchArgs;
use crate::beside::beside;
use crate::errors::{Exit, Failure, did_you_mean};
use crate::import::{new_file, told as not_written};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::table::{Align, Table};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Largest file that is fetched.
const MOST_BYTES: u64 = 2 << 30;
/// How long to wait for a connection, and for the next bytes.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Addresses {
    address: Vec<Address>,
}

#[derive(Deserialize)]
struct Address {
    name: String,
    what: String,
    url: Option<String>,
    page: Option<String>,
    file: Option<String>,
    accept: Option<String>,
    format: String,
    licence: String,
    seen: String,
}

pub(crate) fn run(args: &FetchArgs, page: &mut Page) -> Result<Exit, Failure> {
    let known: Addresses = toml::from_str(tidewaiter_data::addresses())
        .map_err(|e| Failure::Internal(format!("the list of addresses cannot be read: {e}")))?;
    if args.name == "list" {
        return list(&known, page);
    }
    let Some(address) = known.address.iter().find(|a| a.name == args.name) else {
        let near = did_you_mean(&args.name, known.address.iter().map(|a| a.name.as_str()));
        return Err(Failure::usage(format!(
            "\"{}\" has no address here{near}; `tidewaiter fetch list` shows all",
            args.name
        )));
    };
    let (Some(url), Some(file)) = (args.from.as_ref().or(address.url.as_ref()), address.file.as_ref()) else {
        page.paragraph(&format!("{}: no single file can be fetched.", address.name), Tone::Strong)?;
        page.paragraph(&address.what, Tone::Plain)?;
        if let Some(at) = &address.page {
            page.line(&format!("Open {at}"))?;
        }
        page.paragraph(&format!("Then: tidewaiter import {} FILE -o EDITION", address.format), Tone::Plain)?;
        return Ok(Exit::NotAnAmount);
    };
    let wanted = args.which.as_deref().unwrap_or_default();
    if url.contains("{}") {
        let plain = wanted.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if wanted.is_empty() || !plain {
            return Err(Failure::usage(format!("say which: {} (letters, digits and hyphens)", address.what)));
        }
    } else if !wanted.is_empty() {
        return Err(Failure::usage(format!("{} is one file: leave \"{wanted}\" out", address.name)));
    }
    let url = url.replace("{}", wanted);
    let folder = args.output.clone().unwrap_or_else(|| PathBuf::from("."));
    let target = folder.join(file.replace("{}", wanted));
    if target.exists() {
        return Err(Failure::usage(format!("{} is already there; move it away first", target.display())));
    }
    new_file(&target, &[])?;
    let (bytes, sha256) = fetch(&url, address, &target)?;
    page.paragraph(&format!("{}: {bytes} bytes, SHA-256 {sha256}", target.display()), Tone::Strong)?;
    page.line(&format!("From      {url}"))?;
    page.line(&format!("Licence   {}", address.licence))?;
    page.line(&format!("Address   seen in: {}", address.seen))?;
    page.paragraph(
        &format!("Next: tidewaiter import {} {} -o EDITION", address.format, target.display()),
        Tone::Plain,
    )?;
    Ok(Exit::Answered)
}

fn list(known: &Addresses, page: &mut Page) -> Result<Exit, Failure> {
    let mut table = Table::new(&[("Name", Align::Left), ("What", Align::Left), ("Address", Align::Left)], 1);
    for address in &known.address {
        let at = address.url.as_ref().or(address.page.as_ref()).cloned().unwrap_or_default();
        table.row(vec![address.name.clone(), address.what.clone(), host(&at).to_owned()]);
    }
    page.table(&table)?;
    Ok(Exit::Answered)
}

fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or(url)
}

/// Fetches into a file that takes its name only when it is whole.
fn fetch(url: &str, address: &Address, target: &std::path::Path) -> Result<(u64, String), Failure> {
    let told = |what: &dyn std::fmt::Display| {
        Failure::usage(format!("{url}: {what}. The address may have moved: look for the file on the publisher's site"))
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .user_agent(concat!("tidewaiter/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut request = agent.get(url);
    if let Some(accept) = &address.accept {
        request = request.header("Accept", accept);
    }
    let mut response = request.call().map_err(|e| told(&e))?;
    let length = response.body().content_length();
    if length.is_some_and(|n| n > MOST_BYTES) {
        return Err(told(&format!("the file is larger than {} GB", MOST_BYTES >> 30)));
    }
    let (part, mut out) = beside(target, "part").map_err(|e| not_written(target, &e))?;
    let bar = Bar::bytes();
    let mut write = || -> Result<(u64, String), Failure> {
        let mut reader = response.body_mut().with_config().limit(MOST_BYTES).reader();
        let (mut hash, mut done, mut buffer) = (Sha256::new(), 0u64, vec![0u8; 1 << 16]);
        loop {
            let n = reader.read(&mut buffer).map_err(|e| told(&e))?;
            if n == 0 {
                break;
            }
            out.write_all(&buffer[..n]).map_err(|e| not_written(target, &e))?;
            hash.update(&buffer[..n]);
            done += n as u64;
            bar.at(done, length);
        }
        if length.is_some_and(|length| length != done) {
            return Err(told(&format!("it ended after {done} bytes of {}", length.unwrap_or(0))));
        }
        out.sync_all().and_then(|()| std::fs::rename(&part, target)).map_err(|e| not_written(target, &e))?;
        Ok((done, hash.finalize().iter().map(|b| format!("{b:02x}")).collect()))
    };
    let written = write();
    bar.clear();
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}
