//! Flags of the commands about tariffs and catalogues.

use super::{Channel, Sale, SourceArgs, day};
use clap::Args as Flags;
use jiff::civil::Date;
use std::path::PathBuf;

/// Flags of `tidewaiter bulk`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter bulk goods.csv answers.csv --from CN --to FR,CH,GB --currency EUR --channel post
  tidewaiter bulk goods.parquet answers.parquet

Columns that are read (names in the first line; absent ones take the flags): code, price, origin, quantity, freight,
weight_kg, to, from, currency, date, channel, mode, sale, region, postcode, registered, tax_class, claim, proof, duty_rate, id.
Each row is one parcel with one kind of goods.")]
pub(crate) struct BulkArgs {
    /// Table of goods: .parquet, .csv or .ndjson
    #[arg(value_name = "GOODS")]
    pub(crate) input: PathBuf,
    /// Table of answers to write: .parquet, .csv or .ndjson
    #[arg(value_name = "ANSWERS")]
    pub(crate) output: PathBuf,
    /// Destinations, separated by commas: each row is priced to each
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) to: Vec<String>,
    /// Where everything is sent from
    #[arg(long, value_name = "CODE")]
    pub(crate) from: Option<String>,
    /// Currency of the prices
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Day whose law applies; today if left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Who carries it
    #[arg(long, value_enum)]
    pub(crate) channel: Option<Channel>,
    /// Who sells to whom
    #[arg(long, value_enum)]
    pub(crate) sale: Option<Sale>,
    /// A scheme the seller is registered in: eu.ioss
    #[arg(long, value_name = "KEY")]
    pub(crate) registered: Vec<String>,
    /// Threads; as many as the machine has if left out
    #[arg(long, value_name = "NUMBER")]
    pub(crate) threads: Option<usize>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter tariff`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter tariff US 6109.10.00 --origin VN
  tidewaiter tariff US 6109.10.00 --origin CN --as-of 2025-05-01")]
pub(crate) struct TariffArgs {
    /// Destination: US
    #[arg(value_name = "DESTINATION")]
    pub(crate) to: String,
    /// Goods code, 4 digits or more
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// Where the goods were made: shows what reaches them, and draws the history
    #[arg(long, value_name = "CODE")]
    pub(crate) origin: Option<String>,
    /// Day whose law is shown; today if left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// Editions with rules of origin, files or folders: shows what decides and proves the origin
    #[arg(long, value_name = "EDITION", requires = "origin")]
    pub(crate) origin_rules: Vec<PathBuf>,
    /// Also show measures of other days
    #[arg(long)]
    pub(crate) all: bool,
    /// Print JSON, with every day
    #[arg(long)]
    pub(crate) json: bool,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter import`.
#[derive(Debug, Flags)]
pub(crate) struct ImportArgs {
    /// Format of the files; `list` shows all
    #[arg(value_name = "FORMAT")]
    pub(crate) format: String,
    /// Official files, several of one set together
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Edition to write: NAME.ndjson, or NAME.ndjson.gz or .zst to pack it
    #[arg(short, long, value_name = "EDITION")]
    pub(crate) output: Option<PathBuf>,
    /// Day on which the files were published, where they do not say
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) published: Option<Date>,
    /// Territory whose tariff it is, where the files do not say: GB or XI for uk-api
    #[arg(long, value_name = "CODE")]
    pub(crate) territory: Option<String>,
    /// Currency of its duties, where the files do not say
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Who published it, where the files do not say
    #[arg(long, value_name = "NAME")]
    pub(crate) authority: Option<String>,
    /// Nomenclature of its codes, where the files do not say: "HS 2022"
    #[arg(long, value_name = "NAME")]
    pub(crate) nomenclature: Option<String>,
    /// First day of one of the files: hts_2026_rev_8=2026-05-22
    #[arg(long = "date", value_name = "FILE=DAY")]
    pub(crate) dates: Vec<String>,
    /// The files hold every code with its duty, from that day on if one is given, so that a code without one does not exist
    #[arg(long, value_name = "DAY", num_args = 0..=1, require_equals = true)]
    pub(crate) complete: Option<Option<Date>>,
    /// What the files leave out, in a sentence that every quote resting on them shows
    #[arg(long, value_name = "SENTENCE")]
    pub(crate) leaves_out: Option<String>,
    /// For a rate sheet: data folder with the territories and currencies that it names; the program's own if left out
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// For a rate sheet: also write its thresholds, fees and taxes as an economy file
    #[arg(long, value_name = "FILE")]
    pub(crate) economy: Option<PathBuf>,
    /// Keep the good rows of a file with bad ones, and say which are missing
    #[arg(long)]
    pub(crate) accept_rest: bool,
    /// Print the account as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter diff`.
#[derive(Debug, Flags)]
pub(crate) struct DiffArgs {
    /// The older edition or ratebook
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The newer one
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Day on which both stand; the day each was published if left out, today for ratebooks
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    /// For ratebooks: questions to price with both, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) baskets: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter template`.
#[derive(Debug, Flags)]
pub(crate) struct TemplateArgs {
    /// File to write: rates.xlsx, or rates.zip for sheets as CSV
    #[arg(value_name = "FILE", default_value = "rates.xlsx")]
    pub(crate) file: PathBuf,
}

/// Flags of `tidewaiter fetch`.
#[derive(Debug, Flags)]
pub(crate) struct FetchArgs {
    /// What to fetch; `list` shows all
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Which one, where the name stands for many: a goods code, a month
    #[arg(value_name = "WHICH")]
    pub(crate) which: Option<String>,
    /// Folder to write to; the current one if left out
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// Another address than the official one
    #[arg(long, value_name = "URL")]
    pub(crate) from: Option<String>,
}
