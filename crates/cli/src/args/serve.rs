//! Flags of `tidewaiter serve` and of what belongs to it.

use super::{SourceArgs, day};
use clap::Args as Flags;
use jiff::civil::Date;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Flags of `tidewaiter serve`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter serve
  tidewaiter serve --listen 127.0.0.1:9000 --ratebook rates.twrb
  tidewaiter serve --address https://duties.example --proxies 1 --keys keys.toml --store sqlite:/var/lib/tidewaiter/portal.db
  tidewaiter serve --check http://127.0.0.1:8080

The files of --ratebook, --keys and --shops are looked at each second and taken in again when they change; one that cannot be used is told of in the log, and what was there before stays.")]
pub(crate) struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "TIDEWAITER_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// The address at which people reach it, for links and for assistants: https://duties.example
    #[arg(long, value_name = "URL", env = "TIDEWAITER_ADDRESS")]
    pub(crate) address: Option<String>,
    /// How many proxies stand before it; without, X-Forwarded-For counts for nothing
    #[arg(long, value_name = "NUMBER", default_value_t = 0, env = "TIDEWAITER_PROXIES")]
    pub(crate) proxies: usize,
    /// A file of keys: who has one may ask ten times as often (`tidewaiter serve-key`)
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_KEYS")]
    pub(crate) keys: Option<PathBuf>,
    /// A file of shops whose checkout asks here for delivery options with duty
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_SHOPS")]
    pub(crate) shops: Option<PathBuf>,
    /// Where counts of use and corrections are kept: sqlite:FILE or postgres://USER@HOST/DATABASE; nowhere if left out
    #[arg(long, value_name = "STORE", env = "TIDEWAITER_STORE", hide_env_values = true)]
    pub(crate) store: Option<String>,
    /// Where ledgers, applications and returns of sellers are kept: sqlite:FILE or postgres://USER@HOST/DATABASE; there are none if left out
    #[arg(long, value_name = "STORE", env = "TIDEWAITER_COLLECT", hide_env_values = true)]
    pub(crate) collect: Option<String>,
    /// The key that signs receipts of returns (`tidewaiter key new`); without it none are received
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_COLLECT_KEY", requires = "collect")]
    pub(crate) collect_key: Option<PathBuf>,
    /// Passphrase of that key.
    #[command(flatten)]
    pub(crate) collect_passphrase: super::PassphraseArgs,
    /// Let sellers sign up by themselves
    #[arg(long, env = "TIDEWAITER_COLLECT_OPEN", requires = "collect")]
    pub(crate) collect_open: bool,
    /// How many requests one caller may make at once
    #[arg(long, value_name = "NUMBER", default_value_t = 200, env = "TIDEWAITER_BURST")]
    pub(crate) burst: u32,
    /// How many requests a second one caller may make
    #[arg(long, value_name = "NUMBER", default_value_t = 50, env = "TIDEWAITER_RATE")]
    pub(crate) rate: u32,
    /// How many requests are answered at once; who comes then is told to come again
    #[arg(long, value_name = "NUMBER", default_value_t = 512, env = "TIDEWAITER_AT_ONCE")]
    pub(crate) at_once: usize,
    /// Keep so many MiB of answers, to give them again while the ratebook and the day are the same; 0 keeps none
    #[arg(long, value_name = "MIB", default_value_t = 64, env = "TIDEWAITER_KEPT_ANSWERS")]
    pub(crate) kept_answers: u64,
    /// How many seconds it goes on taking requests when it ends, saying already that it is not ready
    #[arg(long, value_name = "SECONDS", default_value_t = 2, env = "TIDEWAITER_DRAIN")]
    pub(crate) drain: u64,
    /// How many seconds requests under way are waited for when it ends
    #[arg(long, value_name = "SECONDS", default_value_t = 25, env = "TIDEWAITER_GRACE")]
    pub(crate) grace: u64,
    /// Send a trace of each request to this OpenTelemetry collector (OTLP over HTTP): http://127.0.0.1:4318
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub(crate) otlp: Option<String>,
    /// Where people write about mistakes in the data: mailto:data@duties.example
    #[arg(long, value_name = "URL", env = "TIDEWAITER_CONTACT")]
    pub(crate) contact: Option<String>,
    /// Ask a running service whether it is ready, and serve nothing
    #[arg(long, value_name = "URL")]
    pub(crate) check: Option<String>,
    /// The day that counts as today, for tests and demonstrations
    #[arg(long, value_name = "DATE", value_parser = day, hide = true)]
    pub(crate) today: Option<Date>,
}

/// Flags of `tidewaiter serve-key`.
#[derive(Debug, Flags)]
pub(crate) struct ServeKeyArgs {
    /// Whose key it is: a shop, a person
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// Flags of `tidewaiter mcp`.
#[derive(Debug, Flags)]
#[command(
    after_long_help = "An assistant starts this command and speaks with it over standard input and output (Model Context Protocol).
In the assistant's settings:
  { \"mcpServers\": { \"tidewaiter\": { \"command\": \"tidewaiter\", \"args\": [\"mcp\"] } } }"
)]
pub(crate) struct McpArgs {
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// The day that counts as today, for tests and demonstrations
    #[arg(long, value_name = "DATE", value_parser = day, hide = true)]
    pub(crate) today: Option<Date>,
}

/// Flags of `tidewaiter corrections`.
#[derive(Debug, Flags)]
pub(crate) struct CorrectionsArgs {
    /// Where they are kept: sqlite:FILE or postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "STORE", env = "TIDEWAITER_STORE", hide_env_values = true)]
    pub(crate) store: String,
    /// Only those that came on this day or later
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) since: Option<Date>,
    /// Forget where the writer of this letter can be asked
    #[arg(long, value_name = "LETTER", conflicts_with_all = ["since", "json"])]
    pub(crate) forget_contact: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
