//! `tidewaiter mcp`: quotes, goods codes and rules for an AI assistant, over standard input and output.

use crate::args::McpArgs;
use crate::errors::{Exit, Failure};
use crate::{serve, source};
use tidewaiter_portal::guard::keys::Keys;
use tidewaiter_portal::usage::Usage;
use tidewaiter_portal::{Desk, Settings};
use tracing_subscriber::EnvFilter;

pub(crate) fn run(args: &McpArgs) -> Result<Exit, Failure> {
    // Standard output is the assistant's.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let held = serve::held(source::load(&args.source)?);
    let settings = Settings { today: args.today, ..Settings::default() };
    let desk = Desk::new(held, settings, Keys::default(), Usage::default());
    crate::repository::wait(async {
        tidewaiter_portal::mcp::stdio(desk).await.map_err(|e| {
            Failure::usage(format!(
                "the assistant went away: {e}. An assistant starts this command; `tidewaiter mcp --help` says how"
            ))
        })
    })?;
    Ok(Exit::Answered)
}
