//! `tidewaiter serve`: the pages, the API and the door of assistants; `tidewaiter serve-key`: a key for one who may ask more often.

use crate::args::{ServeArgs, ServeKeyArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source::{self, Source};
use std::path::Path;
use std::time::Duration;
use tidewaiter_collect::service::Service;
use tidewaiter_portal::carrier::Shops;
use tidewaiter_portal::guard::keys::Keys;
use tidewaiter_portal::store::Store;
use tidewaiter_portal::usage::Usage;
use tidewaiter_portal::{Desk, Held, House, Settings, Traces};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

pub(crate) fn run(args: &ServeArgs, page: &mut Page) -> Result<Exit, Failure> {
    if let Some(address) = &args.check {
        return check(address, page);
    }
    // A file into memory of its own: it may be replaced, or written over, while it answers.
    let held = held(source::load(&args.source)?);
    let shops = args
        .shops
        .as_deref()
        .map(|file| Shops::open(file).map_err(|e| Failure::usage(format!("--shops {}: {e}", file.display()))));
    let shops = shops.transpose()?.unwrap_or_default();
    let keys = args.keys.as_deref().map(keys).transpose()?.unwrap_or_default();
    if args.address.as_ref().is_some_and(|address| !address.starts_with("https://") && !address.starts_with("http://"))
    {
        return Err(Failure::usage("--address: must begin with https:// or http://"));
    }
    let settings = Settings {
        burst: args.burst,
        refill: Duration::from_secs(1) / args.rate.max(1),
        proxies: args.proxies,
        address: args.address.clone(),
        today: args.today,
        contact: args.contact.clone(),
        at_once: args.at_once,
        kept_bytes: args.kept_answers.saturating_mul(1 << 20),
        drain: Duration::from_secs(args.drain),
        grace: Duration::from_secs(args.grace),
        ratebook_file: args.source.ratebook.clone(),
        keys_file: args.keys.clone(),
        shops_file: args.shops.clone(),
        traces: args.otlp.is_some(),
        ..Settings::default()
    };
    let desk = Desk::new(held, settings, keys, Usage::default());
    if let Some(file) = &args.shops {
        shops.check(&desk.book()).map_err(|e| Failure::usage(format!("--shops {}: {e}", file.display())))?;
    }
    desk.shops.replace(&shops);
    for summary in shops.summaries() {
        page.line(&summary)?;
    }
    crate::repository::wait(async {
        let traces = args.otlp.as_deref().map(Traces::open).transpose();
        let traces = traces.map_err(|e| Failure::usage(format!("--otlp: {e}")))?;
        log(traces.as_ref());
        if let Some(address) = &args.store {
            let store = Store::open(address).await.map_err(|e| Failure::usage(format!("--store: {e}")))?;
            desk.keep_in(store);
        }
        if let Some(address) = &args.collect {
            desk.open_house(house(address, args).await?);
        }
        let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|e| {
            Failure::usage(format!(
                "cannot listen on {}: {e}; choose another with --listen, such as --listen 127.0.0.1:9000",
                args.listen
            ))
        })?;
        let at = listener.local_addr().unwrap_or(args.listen);
        page.paragraph(&format!("Pages and API answer on http://{at}/ Stop with Ctrl-C."), Tone::Strong)?;
        page.flush()?;
        let stop = crate::repository::serve::stop();
        let served = tidewaiter_portal::serve(listener, desk, stop).await;
        if let Some(traces) = traces {
            traces.close().await;
        }
        served.map_err(|e| Failure::usage(format!("cannot go on: {e}")))?;
        // What still computes has nobody to tell; the end of the program does not wait for it.
        std::process::exit(0)
    })?;
    Ok(Exit::Answered)
}

/// The ledgers of sellers, with the rules that are inside the program.
async fn house(address: &str, args: &ServeArgs) -> Result<House, Failure> {
    let place = match address.strip_prefix("sqlite:") {
        Some(file) if !file.trim_start_matches('/').is_empty() => file.strip_prefix("//").unwrap_or(file),
        None if address.starts_with("postgres://") || address.starts_with("postgresql://") => address,
        _ => return Err(Failure::usage("--collect: write sqlite:FILE or postgres://USER@HOST/DATABASE")),
    };
    let store = tidewaiter_collect::store::Store::open(place).await;
    let store = store.map_err(|e| Failure::usage(format!("--collect: {e}")))?;
    let key = args.collect_key.as_deref().map(|file| crate::key::open(file, &args.collect_passphrase)).transpose()?;
    let (definitions, identifiers) = (crate::collect::definitions()?, crate::collect::identifiers()?);
    Ok(House { service: Service::new(store, definitions, identifiers, key), open: args.collect_open })
}

/// A ratebook as the desk takes it.
pub(crate) fn held(source: Source) -> Held {
    match source {
        Source::Embedded(ratebook) => Held::Embedded(ratebook),
        Source::Opened(ratebook) => Held::Opened(ratebook),
    }
}

fn keys(file: &Path) -> Result<Keys, Failure> {
    let wrong = |e: &dyn std::fmt::Display| {
        Failure::usage(format!(
            "--keys {}: {e}; `tidewaiter serve-key NAME` makes a key and the row for the file",
            file.display()
        ))
    };
    let text = std::fs::read_to_string(file).map_err(|e| wrong(&e))?;
    Keys::read(&text).map_err(|e| wrong(&e))
}

/// One JSON object a line, on standard error: standard output says where it listens.
fn log(traces: Option<&Traces>) {
    // A database tells of tables that are there already; the kit for assistants tells what was asked, which is nobody's business.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,rmcp=off"));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let _ = tracing_subscriber::registry().with(traces.map(Traces::layer)).with(lines).try_init();
}

/// Asks a running service whether it is ready: for containers, which have no other program to ask with.
fn check(address: &str, page: &mut Page) -> Result<Exit, Failure> {
    let address = format!("{}/health/ready", address.trim_end_matches('/'));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(4)))
        .http_status_as_error(false)
        .build()
        .into();
    let mut answer = agent.get(&address).call().map_err(|e| Failure::usage(format!("{address}: {e}")))?;
    if answer.status().is_success() {
        page.line("ready")?;
        return Ok(Exit::Answered);
    }
    let said = answer.body_mut().with_config().limit(4096).read_to_string().unwrap_or_default();
    page.line(&format!("not ready: {} {said}", answer.status()))?;
    Ok(Exit::NotAnAmount)
}

/// `tidewaiter serve-key`.
pub(crate) fn key(args: &ServeKeyArgs, page: &mut Page) -> Result<Exit, Failure> {
    let key = tidewaiter_portal::random::key().map_err(|e| Failure::Internal(format!("no random numbers: {e}")))?;
    page.paragraph("The key, shown this once. Hand it to its holder, who sends it with each request as \"Authorization: Bearer KEY\":", Tone::Plain)?;
    page.gap()?;
    page.line(&key)?;
    page.gap()?;
    page.paragraph("The row to add to the file of --keys. It holds the SHA-256 of the key and not the key; a running service reads the file again by itself:", Tone::Plain)?;
    page.gap()?;
    for line in Keys::row(&args.name, &key).lines() {
        page.line(line)?;
    }
    Ok(Exit::Answered)
}
