//! What can be typed after `tidewaiter`.

mod code;
mod collect;
mod publish;
mod repository;
mod serve;
mod sync;
mod tariffs;

pub(crate) use code::*;
pub(crate) use collect::*;
pub(crate) use publish::*;
pub(crate) use repository::*;
pub(crate) use serve::*;
pub(crate) use sync::*;
pub(crate) use tariffs::*;

use clap::{Args as Flags, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use tidewaiter_portal::suggest::Said;

/// Reads a date as people are told to write it.
fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("\"{text}\" is not a date; write year-month-day, such as 2026-11-21"))
}

/// What a parcel costs to land, and why.
#[derive(Debug, Parser)]
#[command(name = "tidewaiter", version, max_term_width = 100)]
#[command(
    long_about = "What a parcel costs to land, and why: customs duty, VAT or sales tax and fees for goods sent to another \
country, with the law behind each figure. Works without a network: rates and rules are inside the program."
)]
#[command(
    after_help = "Exit codes: 0 answered, 1 answered but not with an exact amount (range, unknown, prohibited...), \
2 mistake in the command or the question, 3 mistake in this program."
)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what is due on a parcel, who collects it and why
    Quote(Box<QuoteArgs>),
    /// Find the goods code of a product from its name
    Code(CodeArgs),
    /// List the economies whose rules are known
    Economies(EconomiesArgs),
    /// Show what one economy charges, since when and under which law
    Economy(EconomyArgs),
    /// Check economy files for mistakes
    Check(CheckArgs),
    /// Print the JSON Schema of a document, or the list of units
    Schema(SchemaArgs),
    /// Price a whole table of goods, to one destination or many
    Bulk(Box<BulkArgs>),
    /// Show the tariff of a goods code, and its history as a chart
    Tariff(TariffArgs),
    /// Read official tariff files into an edition
    Import(Box<ImportArgs>),
    /// Show what changed between two editions, or what parcels cost under two ratebooks
    Diff(DiffArgs),
    /// Fetch an official file from its official address
    Fetch(FetchArgs),
    /// Write the rate sheet that an administration fills in
    Template(TemplateArgs),
    /// Build, inspect or verify a ratebook: the file that holds all rates and rules
    Ratebook(RatebookArgs),
    /// Bring a verified copy of a repository up to date, and make a ratebook of it
    Sync(SyncArgs),
    /// Put a verified copy into one file, for a machine without a network
    Bundle(BundleArgs),
    /// Rebuild the ratebook that an old answer rests on, and say what became of its editions
    Recall(RecallArgs),
    /// Make a signing key, or show its public half
    Key(KeyArgs),
    /// Sign an edition offline: from a rate sheet to a file that can be carried
    Sign(Box<SignArgs>),
    /// Send an edition to a repository, approve it, withdraw it
    Publish(PublishArgs),
    /// Serve pages and the API: quotes, goods codes and rates for browsers and programs
    Serve(Box<ServeArgs>),
    /// Make a key for one who may ask the served API more often
    ServeKey(ServeKeyArgs),
    /// Answer an AI assistant over standard input and output (Model Context Protocol)
    Mcp(McpArgs),
    /// Collect tax for other countries at the sale: returns, due days, numbers
    Collect(CollectArgs),
    /// List what people wrote on the served pages about mistakes in the data
    Corrections(CorrectionsArgs),
    /// Run a repository: the place where authorities publish
    Repository(RepositoryArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or that of one command
    Man(ManArgs),
}

/// Which ratebook to read.
#[derive(Debug, Default, Flags)]
pub(crate) struct SourceArgs {
    /// Use the rates and rules of this file instead of those inside the program
    #[arg(long, value_name = "FILE")]
    pub(crate) ratebook: Option<PathBuf>,
}

/// Flags of `tidewaiter quote`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter quote --from CN --to DE --currency EUR --item t-shirt,6109.10,2,12.50 --freight 4.90
  tidewaiter quote --to GB --currency GBP --item 'code=4202.22 qty=1 price=180 origin=IT' --explain
  tidewaiter quote --from CN --to FR --currency EUR --channel post --item 'description=cotton t-shirt qty=2 price=12.50'
  tidewaiter quote order.json --json
  tidewaiter quote - < orders.ndjson > answers.ndjson")]
pub(crate) struct QuoteArgs {
    /// A question as JSON (`tidewaiter schema consignment`), or `-` for one question a line on standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// The question.
    #[command(flatten)]
    pub(crate) question: QuestionArgs,

    /// Show one delivery term: ddp (the shop pays everything), dap (the buyer pays on delivery), or both
    #[arg(long, value_enum, default_value_t = Terms::Both, help_heading = "Answer")]
    pub(crate) terms: Terms,
    /// Show how each figure came about, and every source
    #[arg(long, help_heading = "Answer")]
    pub(crate) explain: bool,
    /// Print JSON (`tidewaiter schema quote`)
    #[arg(long, help_heading = "Answer")]
    pub(crate) json: bool,
    /// Compare ways to divide the order into parcels
    #[arg(long, conflicts_with = "landed", help_heading = "Answer")]
    pub(crate) plan: bool,
    /// Editions with rules of origin, files or folders: what decides and proves an origin is shown with each preference
    #[arg(long, value_name = "EDITION", help_heading = "Answer")]
    pub(crate) origin_rules: Vec<PathBuf>,
    /// Find the price of the goods that lands at this total
    #[arg(long, value_name = "TOTAL", help_heading = "Answer", allow_negative_numbers = true)]
    pub(crate) landed: Option<String>,
    /// Answer a question about goods without a code: made-of=cotton, or 2:made-of=cotton for item 2 alone; repeat it for each
    #[arg(
        long = "answer",
        value_name = "[ITEM:]QUESTION=ANSWER",
        value_parser = said,
        conflicts_with_all = ["plan", "landed"],
        help_heading = "Question"
    )]
    pub(crate) answers: Vec<Said>,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// A question in flags.
#[derive(Debug, Default, PartialEq, Flags)]
#[command(next_help_heading = "Question")]
pub(crate) struct QuestionArgs {
    /// Where it is sent from: a code such as CN
    #[arg(long, value_name = "CODE")]
    pub(crate) from: Option<String>,
    /// Where it is sent to: a code such as DE (`tidewaiter economies` lists them)
    #[arg(long, value_name = "CODE")]
    pub(crate) to: Option<String>,
    /// Goods: "description,code,quantity,price[,origin]", or pairs such as "code=6109.10 qty=2 price=12.50 origin=CN"
    #[arg(
        long = "item",
        value_name = "ITEM",
        long_help = "Goods of one kind; repeat it for more.

By position: \"description,code,quantity,price[,origin]\", for example \"t-shirt,6109.10,2,12.50,CN\". The code may be empty.
By name: pairs separated by spaces, for example \"code=6109.10 qty=2 price=12.50 origin=CN weight=0.2\".
Names: description, code, qty, price (of one), origin, weight (of one, kg), discount, duty (customs duty in percent, if you looked it up), class (tax class), claim (preference), proof, document, and any unit of `tidewaiter schema units` (l=0.7). Prices use a point."
    )]
    pub(crate) items: Vec<String>,
    /// Currency of all prices: EUR
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Shipping that the buyer pays
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub(crate) freight: Option<String>,
    /// Transport inside the destination, where it is known apart
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub(crate) inland_freight: Option<String>,
    /// Insurance of the transport
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub(crate) insurance: Option<String>,
    /// Packing charged to the buyer
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub(crate) packing: Option<String>,
    /// Discount on the whole order
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub(crate) discount: Option<String>,
    /// What the carrier charges for clearance
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub(crate) carrier_fee: Option<String>,
    /// Gross weight of everything, in kilograms
    #[arg(long, value_name = "KG", allow_negative_numbers = true)]
    pub(crate) weight: Option<String>,
    /// Day whose law applies: 2026-11-21; today if left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Answer with what had been published by this day
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) known_at: Option<Date>,
    /// Who sells to whom
    #[arg(long, value_enum)]
    pub(crate) sale: Option<Sale>,
    /// A gift between private persons
    #[arg(long)]
    pub(crate) gift: bool,
    /// Who carries it
    #[arg(long, value_enum)]
    pub(crate) channel: Option<Channel>,
    /// How it travels
    #[arg(long, value_enum)]
    pub(crate) mode: Option<Mode>,
    /// Type of customs declaration: H1, H7
    #[arg(long, value_name = "TYPE")]
    pub(crate) declaration: Option<String>,
    /// Number of parcels it travels in
    #[arg(long, value_name = "NUMBER")]
    pub(crate) parcels: Option<u32>,
    /// State or province of destination: ON
    #[arg(long, value_name = "CODE")]
    pub(crate) region: Option<String>,
    /// Postcode of the destination: some places have rules of their own and yet the address of a state, as Northern Ireland has
    #[arg(long, value_name = "CODE")]
    pub(crate) postcode: Option<String>,
    /// The seller is registered for IOSS (the same as --registered eu.ioss)
    #[arg(long)]
    pub(crate) ioss: bool,
    /// A scheme the seller is registered in: eu.ioss (`tidewaiter economy DE` lists them)
    #[arg(long, value_name = "KEY")]
    pub(crate) registered: Vec<String>,
    /// Where the seller is established, if not where it is sent from
    #[arg(long, value_name = "CODE")]
    pub(crate) seller_in: Option<String>,
    /// The buyer gave a valid tax number
    #[arg(long)]
    pub(crate) buyer_registered: bool,
    /// Answer to a yes/no question: personal-use=yes
    #[arg(long = "fact", value_name = "NAME=yes|no")]
    pub(crate) facts: Vec<String>,
    /// The buyer's earlier parcels in a period, their number and value: year=2,100.00
    #[arg(long = "history", value_name = "PERIOD=NUMBER,VALUE")]
    pub(crate) history: Vec<String>,
    /// An exchange rate of your own: EUR/USD=1.08 means 1 EUR is 1.08 USD
    #[arg(long = "rate", value_name = "FROM/TO=RATE")]
    pub(crate) rates: Vec<String>,
}

/// Which delivery terms are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Terms {
    /// Delivered duty paid.
    Ddp,
    /// Delivered at place.
    Dap,
    /// Both.
    Both,
}

/// Who sells to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sale {
    /// A business to a private person
    B2c,
    /// A business to a business
    B2b,
    /// A private person to a private person
    C2c,
}

/// Who carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Channel {
    /// The post
    Post,
    /// A courier
    Express,
    /// General freight with a customs broker
    Freight,
}

/// How it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// By air
    Air,
    /// By sea
    Sea,
    /// By road
    Road,
    /// By rail
    Rail,
}

/// Flags of `tidewaiter economies`.
#[derive(Debug, Flags)]
pub(crate) struct EconomiesArgs {
    /// Show the rates of this day; today if left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter economy`.
#[derive(Debug, Flags)]
pub(crate) struct EconomyArgs {
    /// Its code: DE, GB, US (`tidewaiter economies` lists them)
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// Show the rules of this day; today if left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) date: Option<Date>,
    /// Also show rules of other days, rules that were only proposed, and the notes and addresses of facts
    #[arg(long)]
    pub(crate) all: bool,
    /// Print JSON, with everything
    #[arg(long)]
    pub(crate) json: bool,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter check`.
#[derive(Debug, Flags)]
pub(crate) struct CheckArgs {
    /// Economy files, .toml or .json
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter schema`.
#[derive(Debug, Flags)]
pub(crate) struct SchemaArgs {
    /// Which document
    #[arg(value_enum)]
    pub(crate) document: Document,
}

/// Which document.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Document {
    /// The question
    Consignment,
    /// The answer
    Quote,
    /// An economy file
    Record,
    /// A line of an edition file
    Edition,
    /// The units that amounts and quantities may use
    Units,
}

/// Flags of `tidewaiter ratebook`.
#[derive(Debug, Flags)]
pub(crate) struct RatebookArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub(crate) action: RatebookAction,
}

/// What to do with a ratebook.
#[derive(Debug, Subcommand)]
pub(crate) enum RatebookAction {
    /// Compile a folder of data into a ratebook
    Build {
        /// Folder with territories.toml, currencies.toml, exchange/series.toml and economies/
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Also take in a tariff edition made by `tidewaiter import`; repeat it for more
        #[arg(short, long = "edition", value_name = "EDITION")]
        editions: Vec<PathBuf>,
        /// File to write; an old one is replaced in one step
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Write a small ratebook that answers for some destinations as the whole one does: for a page or a device that must answer by itself
    #[command(after_long_help = "Examples:
  tidewaiter ratebook slice --to DE -o germany.twrb
  tidewaiter ratebook slice --to DE,US --rates-since 2020-01-01 -o two.twrb
  tidewaiter ratebook slice --to EU --ratebook synced.twrb -o union.twrb")]
    Slice {
        /// Destinations, with commas between them; a union stands for its members
        #[arg(long, value_name = "PLACES", value_delimiter = ',', required = true)]
        to: Vec<String>,
        /// First day whose exchange rates are kept; two years before the newest where it is not given. Questions that need older ones are refused
        #[arg(long, value_name = "DAY")]
        rates_since: Option<Date>,
        /// Which ratebook.
        #[command(flatten)]
        source: SourceArgs,
        /// File to write; an old one is replaced in one step
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Say what a ratebook holds
    Inspect {
        /// The ratebook
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Read every byte of a ratebook and compare it with the hashes written in it
    Verify {
        /// The ratebook
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Flags of `tidewaiter completions`.
#[derive(Debug, Flags)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Flags of `tidewaiter man`.
#[derive(Debug, Flags)]
pub(crate) struct ManArgs {
    /// A command: quote, economy, check
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn is_consistent() {
        Args::command().debug_assert();
    }
}
