//! Flags of `tidewaiter collect`.

use super::{QuestionArgs, SourceArgs, day};
use clap::{Args as Flags, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use tidewaiter_collect::Period;

/// Flags of `tidewaiter collect`.
#[derive(Debug, Flags)]
pub(crate) struct CollectArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: CollectCommand,
}

/// What a seller who collects tax for other countries asks.
#[derive(Debug, Subcommand)]
pub(crate) enum CollectCommand {
    /// List the schemes whose returns are known, or show one: periods, due days, rows or boxes, sources
    Scheme(SchemeArgs),
    /// Check a number (VAT, IOSS, EORI, ABN, IBAN...) and say which was likely meant
    Number(NumberArgs),
    /// List the days by which returns must be sent and paid, also as a calendar file
    Due(DueArgs),
    /// Read what happened (sales, refunds, corrections...) and say what every account holds
    Ledger(LedgerArgs),
    /// Make a return of what happened, with the sums behind each figure
    Draft(DraftArgs),
    /// Say whether and where to register, from what was sold
    Advise(AdviseArgs),
    /// Compare what goods bear when they are sold inside a country and when they are sent there
    Equal(Box<EqualArgs>),
}

/// Flags of `tidewaiter collect scheme`.
#[derive(Debug, Flags)]
pub(crate) struct SchemeArgs {
    /// Key of the scheme: eu.ioss; all of them where it is left out
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect number`.
#[derive(Debug, Flags)]
#[command(after_help = "Exit codes: 0 it can be right, 1 it cannot, 2 no such kind of number.

Example: tidewaiter collect number vat 'DE 136 695 976'")]
pub(crate) struct NumberArgs {
    /// Which kind: lei, iban, rf, bic, eori, eu.ioss, vat, vat.DE, au.abn...; all of them are listed where it is left out
    #[arg(value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// The number
    #[arg(value_name = "NUMBER", requires = "kind")]
    pub(crate) number: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect due`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Example: tidewaiter collect due eu.ioss gb.supplyvat --registered 2026-05-17 --ics > returns.ics"
)]
pub(crate) struct DueArgs {
    /// Keys of the schemes
    #[arg(value_name = "SCHEME", required = true)]
    pub(crate) schemes: Vec<String>,
    /// Day of registration: some periods count from its month [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) registered: Option<Date>,
    /// First period that contains this day [default: the day of registration]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,
    /// How many months
    #[arg(long, value_name = "MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=120))]
    pub(crate) months: u16,
    /// Print a calendar file (iCalendar)
    #[arg(long, conflicts_with = "json")]
    pub(crate) ics: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect ledger`.
#[derive(Debug, Flags)]
pub(crate) struct LedgerArgs {
    /// What happened: one JSON document a line, in order; `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect draft`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Exit codes: 0 drafted, 1 drafted without an amount because an exchange rate is not known, 2 mistake in the command or the file."
)]
pub(crate) struct DraftArgs {
    /// Key of the scheme: eu.ioss
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: String,
    /// A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11/2027-01
    #[arg(value_name = "PERIOD")]
    pub(crate) period: Period,
    /// What happened: one JSON document a line, in order; `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// List the sales, refunds and corrections behind the figures
    #[arg(long)]
    pub(crate) sales: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook with the exchange rates.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter collect advise`.
#[derive(Debug, Flags)]
#[command(
    after_help = "FILE is CSV with a header: date,to,currency,goods for orders, or month,to,currency,amount,orders for sums. More columns: from \
(where goods are sent from), shipping, value (worth of the dearest parcel), item (price of the dearest thing), platform (yes, no), kind (consumer, \
business), rate, code, order. Or it is what happened, one JSON document a line, as for `tidewaiter collect draft`.

Exit codes: 0 answered, 1 answered with something that is not known, 2 mistake in the command or the file.

Example: tidewaiter collect advise sales.csv --home CN --rate EUR/NOK=11.5"
)]
pub(crate) struct AdviseArgs {
    /// What was sold; `-` for CSV on standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where your business is: a code such as CN
    #[arg(long, value_name = "CODE")]
    pub(crate) home: String,
    /// A scheme under which you are registered already: eu.ioss; repeat it for more
    #[arg(long = "scheme", value_name = "SCHEME")]
    pub(crate) registered: Vec<String>,
    /// The day of the question [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) today: Option<Date>,
    /// An exchange rate that you know: EUR/NOK=11.5, 1 EUR is 11.5 NOK; repeat it for more
    #[arg(long = "rate", value_name = "FROM/TO=RATE")]
    pub(crate) rates: Vec<String>,
    /// Your turnover worldwide in a year: SGD=1200000; repeat it for other currencies
    #[arg(long = "world", value_name = "CURRENCY=AMOUNT")]
    pub(crate) world: Vec<String>,
    /// Show what a registration asks for, and every source
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook with memberships and exchange rates.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter collect equal`.
#[derive(Debug, Flags)]
#[command(after_help = "Exit codes: 0 compared, 1 something is not known, 2 mistake in the command.

Example: tidewaiter collect equal --from CN --to DE --currency EUR --item mug,6912.00,1,40 --freight 5 --channel post")]
pub(crate) struct EqualArgs {
    /// The question.
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}
