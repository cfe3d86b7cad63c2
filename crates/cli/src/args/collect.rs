//! Flags of `tidewaiter collect`.

use super::{QuestionArgs, SourceArgs, day};
use clap::{Args as Flags, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use tidewaiter::Decimal;
use tidewaiter_collect::Period;
use tidewaiter_collect::definition::Length;
use tidewaiter_collect::service::Role;

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
    /// Take in sales, refunds and corrections from CSV, or whatever happened from NDJSON
    Import(CollectImportArgs),
    /// Record a registration: the number that an authority issued, and from when it counts
    Register(RegisterArgs),
    /// Read what happened (sales, refunds, corrections...) and say what every account holds
    Ledger(LedgerArgs),
    /// Make a return of what happened, with the sums behind each figure; also as a file for others
    Draft(DraftArgs),
    /// Say whether and where to register, from what was sold
    Advise(AdviseArgs),
    /// Compare what goods bear when they are sold inside a country and when they are sent there
    Equal(Box<EqualArgs>),
    /// Say which returns are sent, open or late, and what is owed, paid and left
    Late(LateArgs),
    /// Record that a return was sent: its period is closed
    File(FileArgs),
    /// Make a payment of what a return says is owed: a file for the bank, a QR code. No money is moved
    Pay(PayArgs),
    /// Find payments in a statement of the bank (camt.053), and record what it carried out
    Match(MatchArgs),
    /// Put the returns of some months and everything behind them into one folder for the accountant, or check one
    Folder(FolderArgs),
    /// List the sellers of a database, or add one
    Sellers(SellersArgs),
    /// Make everything in a database again from what was recorded, and compare
    Verify(VerifyArgs),
    /// Make a token for who runs the house of sellers and authorities
    Keeper(KeeperArgs),
    /// Admit an authority to the house
    Admit(AdmitArgs),
    /// Make a token for a seller, an accountant, an officer, an inspector or a keeper
    Token(TokenArgs),
}

/// Where what happened is kept.
#[derive(Debug, Clone, Default, Flags)]
pub(crate) struct KeptArgs {
    /// File of what happened: one JSON document a line, in order, or CSV to read from; `-` for standard input
    #[arg(long = "ledger", value_name = "FILE", conflicts_with = "store", help_heading = "Ledger")]
    pub(crate) file: Option<PathBuf>,
    /// Database in place of a file: sqlite:FILE or postgres://...
    #[arg(long, value_name = "ADDRESS", requires = "seller", help_heading = "Ledger")]
    pub(crate) store: Option<String>,
    /// The seller in the database
    #[arg(long, value_name = "NAME", requires = "store", help_heading = "Ledger")]
    pub(crate) seller: Option<String>,
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
#[command(
    after_help = "Exit codes: 0 it can be right, 1 it cannot, 2 no such kind of number. With --record: 0 usable, 1 look closer or do not use it, 2 the file is no record of that LEI.

An LEI has two statuses at GLEIF: whether the business exists, and whether its registration is kept up to date. --record reads the answer of https://api.gleif.org/api/v1/lei-records/LEI, saved as a file, and says what both mean.

Example: tidewaiter collect number vat 'DE 136 695 976'"
)]
pub(crate) struct NumberArgs {
    /// Which kind: lei, iban, rf, bic, eori, eu.ioss, vat, vat.DE, au.abn...; all of them are listed where it is left out
    #[arg(value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// The number
    #[arg(value_name = "NUMBER", requires = "kind")]
    pub(crate) number: Option<String>,
    /// What GLEIF says of an LEI: its answer as a JSON file
    #[arg(long, value_name = "FILE", requires = "number")]
    pub(crate) record: Option<PathBuf>,
    /// The day for which --record is judged [default: today]
    #[arg(long, value_name = "DATE", value_parser = day, requires = "record")]
    pub(crate) on: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect due`.
#[derive(Debug, Flags)]
#[command(after_help = "`tidewaiter collect late` says it for a ledger: what was sent and paid, and what is late.

Example: tidewaiter collect due eu.ioss gb.supplyvat --registered 2026-05-17 --ics > returns.ics")]
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

/// Flags of `tidewaiter collect import`.
#[derive(Debug, Flags)]
#[command(after_help = "Without --ledger and --store the documents go to standard output, one a line.
A file with a mistake is refused as a whole, and every mistake is told with its row and column. What was taken in before is counted and changes nothing.

Columns of CSV (names in the first line, any order): kind (sale, refund, correction), document, date, of, to, from, currency, goods, shipping, all, row, charge, scheme, rate, rate_type, net, amount, reason, quote_sha256, ratebook, edition, quote_date.

Examples:
  tidewaiter collect import sales.csv --ledger book.ndjson
  tidewaiter collect import sales.csv --store sqlite:book.db --seller mug-shop")]
pub(crate) struct CollectImportArgs {
    /// CSV of sales, refunds and corrections, or NDJSON of anything that happened, orders of a shop too
    #[arg(value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// The ledger that takes it; a file that is not there is made
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Say what was done as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect register`.
#[derive(Debug, Flags)]
#[command(
    after_help = "The number is looked at first: one that cannot be right is refused, with what was likely meant. With another --from the same command records a change: a new number, or another length of periods.

Example: tidewaiter collect register eu.ioss 'IM 372 000001 2' --from 2026-07-01 --member-state IE --ledger book.ndjson"
)]
pub(crate) struct RegisterArgs {
    /// Key of the scheme: eu.ioss
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: String,
    /// The number that was issued
    #[arg(value_name = "NUMBER")]
    pub(crate) number: String,
    /// First day on which it counts
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Date,
    /// First day on which it no longer counts
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) before: Option<Date>,
    /// Where you are registered, for schemes that many states share: IE
    #[arg(long, value_name = "TERRITORY")]
    pub(crate) member_state: Option<String>,
    /// Length of periods, where it is not the usual one: month, quarter, 'half year', year
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub(crate) period: Option<Length>,
    /// The ledger that takes it; a file that is not there is made
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn length(text: &str) -> Result<Length, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|error| error.to_string())
}

/// Flags of `tidewaiter collect ledger`.
#[derive(Debug, Flags)]
pub(crate) struct LedgerArgs {
    /// What happened: one JSON document a line, in order, or CSV; `-` for standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["file", "store"])]
    pub(crate) happened: Option<PathBuf>,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect draft`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Exit codes: 0 drafted, 1 drafted without an amount because an exchange rate is not known, 2 mistake in the command or the file, or the return does not fit the file that was asked for.

--export writes one of: json (the return itself), csv (its figures), sales (the sales, refunds and corrections behind it, as CSV), and the shape that the authority of the scheme published, where one is known: hmrc-ioss, hmrc-oss, hmrc-vat, ech-0217. `tidewaiter collect scheme KEY` says which."
)]
pub(crate) struct DraftArgs {
    /// Key of the scheme: eu.ioss
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: String,
    /// A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11/2027-01
    #[arg(value_name = "PERIOD")]
    pub(crate) period: Period,
    /// What happened: one JSON document a line, in order, or CSV; `-` for standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["file", "store"])]
    pub(crate) happened: Option<PathBuf>,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Draft the amendment of a return that was sent, of what no later return may have: its figures are differences
    #[arg(long)]
    pub(crate) amend: bool,
    /// List the sales, refunds and corrections behind the figures
    #[arg(long)]
    pub(crate) sales: bool,
    /// Write the return for others: json, csv, sales, hmrc-ioss, hmrc-oss, hmrc-vat, ech-0217
    #[arg(long, value_name = "SHAPE", conflicts_with_all = ["json", "sales"])]
    pub(crate) export: Option<String>,
    /// File for --export [default: standard output]
    #[arg(short, long, value_name = "FILE", requires = "export")]
    pub(crate) output: Option<PathBuf>,
    /// What a published shape asks for beside the figures (TOML): docs/guide/file-returns.md
    #[arg(long, value_name = "FILE", requires = "export")]
    pub(crate) particulars: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook with the exchange rates.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter collect late`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Exit codes: 0 nothing is late, 1 a return or a payment is late, 2 mistake in the command or the file.

Example: tidewaiter collect late --ledger book.ndjson --ics > returns.ics"
)]
pub(crate) struct LateArgs {
    /// Keys of the schemes [default: all of the ledger]
    #[arg(value_name = "SCHEME")]
    pub(crate) schemes: Vec<String>,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// The day for which it is said [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<Date>,
    /// Also returns that were sent and paid
    #[arg(long)]
    pub(crate) all: bool,
    /// Print a calendar file (iCalendar) of what is to be sent, with the next six months
    #[arg(long, conflicts_with = "json")]
    pub(crate) ics: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook with the exchange rates.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter collect file`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Nothing is sent: you send the return, then this records that you did. The period is closed by it; refunds and corrections of its sales go into a later return, or wait for an amendment where the law wants the old return amended.

Example: tidewaiter collect file eu.ioss 2026-09 --ledger book.ndjson"
)]
pub(crate) struct FileArgs {
    /// Key of the scheme: eu.ioss
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: String,
    /// Its period
    #[arg(value_name = "PERIOD")]
    pub(crate) period: Period,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Record that the amendment of a return was sent, as `draft --amend` shows it
    #[arg(long)]
    pub(crate) amend: bool,
    /// The day it was sent [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<Date>,
    /// What the authority calls the return
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook with the exchange rates.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter collect pay`.
#[derive(Debug, Flags)]
#[command(
    after_help = "No money is moved: you hand the file to your bank, or show the code to your banking app, and confirm it there.
The accounts come from a file that you keep (--accounts); none is built in. docs/guide/pay-a-return.md shows it.

Example: tidewaiter collect pay eu.ioss 2026-09 --ledger book.ndjson --accounts accounts.toml --pain payment.xml --record"
)]
pub(crate) struct PayArgs {
    /// Key of the scheme: eu.ioss
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: String,
    /// The period whose return was sent
    #[arg(value_name = "PERIOD")]
    pub(crate) period: Period,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Who pays and who is paid (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) accounts: PathBuf,
    /// A part of what is left [default: all of it]
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) amount: Option<Decimal>,
    /// Make a recorded payment again, as much of it as the bank has not carried out: its file was lost or refused, or its money came back
    #[arg(long, value_name = "PAYMENT", conflicts_with_all = ["amount", "record", "reference"])]
    pub(crate) again: Option<String>,
    /// The day on which the bank is to carry it out [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<Date>,
    /// What the payment says, where the authority shows another reference than the rule gives
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Write the file for the bank (ISO 20022 pain.001.001.09)
    #[arg(long, value_name = "FILE")]
    pub(crate) pain: Option<PathBuf>,
    /// Write a QR code as a picture (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write what the QR code holds
    #[arg(long, value_name = "FILE")]
    pub(crate) payload: Option<PathBuf>,
    /// Show the QR code in the terminal
    #[arg(long, conflicts_with = "json")]
    pub(crate) qr: bool,
    /// Record the payment in the ledger
    #[arg(long)]
    pub(crate) record: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn amount(text: &str) -> Result<Decimal, String> {
    match Decimal::parse_amount(text) {
        Ok(amount) if !amount.is_zero() => Ok(amount),
        _ => Err(format!("\"{text}\" is no amount; write a number above 0, such as 125.50")),
    }
}

/// Flags of `tidewaiter collect match`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Exit codes: 0 all that was found is clear, 1 something must be looked at, 2 mistake in the command or a file.

Example: tidewaiter collect match statement.xml --ledger book.ndjson --record"
)]
pub(crate) struct MatchArgs {
    /// Statements of the bank: camt.053, camt.052, camt.054
    #[arg(value_name = "STATEMENT", required = true)]
    pub(crate) statements: Vec<PathBuf>,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Record what was found by reference or id
    #[arg(long)]
    pub(crate) record: bool,
    /// Entry that was found by amount and day alone, and that you know to be right; may be given again
    #[arg(long, value_name = "ENTRY", requires = "record")]
    pub(crate) confirm: Vec<String>,
    /// Also entries that are no payment of the ledger
    #[arg(long)]
    pub(crate) all: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect folder`.
#[derive(Debug, Flags)]
#[command(
    after_help = "Exit codes: 0 made, or as it would be made again; 1 with --check: something differs; 2 mistake in the command or a file.

Examples:
  tidewaiter collect folder eu.ioss gb.supplyvat 2026-Q3 --ledger book.ndjson -o 2026-Q3
  tidewaiter collect folder --check 2026-Q3.zip"
)]
pub(crate) struct FolderArgs {
    /// Keys of the schemes, then a month, a quarter as 2026-Q3 or other months: returns that end in it
    #[arg(value_name = "SCHEME... PERIOD", num_args = 2.., required_unless_present = "check", conflicts_with = "check")]
    pub(crate) what: Vec<String>,
    /// The ledger.
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
    /// Folder to make, or a file that ends in .zip
    #[arg(short, long, value_name = "DIR|FILE.zip", required_unless_present = "check")]
    pub(crate) output: Option<PathBuf>,
    /// What published shapes ask for beside the figures (TOML): docs/guide/file-returns.md
    #[arg(long, value_name = "FILE")]
    pub(crate) particulars: Option<PathBuf>,
    /// Make this folder or .zip again from the ledger in it, and compare
    #[arg(long, value_name = "DIR|FILE.zip", conflicts_with_all = ["file", "store", "output", "particulars"])]
    pub(crate) check: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The ratebook with the exchange rates.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// Flags of `tidewaiter collect sellers`.
#[derive(Debug, Flags)]
pub(crate) struct SellersArgs {
    /// Database: sqlite:FILE or postgres://...
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) store: String,
    /// Add a seller: small letters, digits and hyphens
    #[arg(long, value_name = "NAME", requires = "name")]
    pub(crate) add: Option<String>,
    /// Its name
    #[arg(long, value_name = "NAME", requires = "add")]
    pub(crate) name: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect verify`.
#[derive(Debug, Flags)]
#[command(after_help = "Exit codes: 0 all is whole, 1 a ledger is damaged, 2 mistake in the command.")]
pub(crate) struct VerifyArgs {
    /// Database: sqlite:FILE or postgres://...
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) store: String,
    /// One seller [default: all]
    #[arg(long, value_name = "NAME")]
    pub(crate) seller: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
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

/// Flags of `tidewaiter collect keeper`.
#[derive(Debug, Flags)]
#[command(after_help = "Example: tidewaiter collect keeper --store sqlite:house.db --label Kim")]
pub(crate) struct KeeperArgs {
    /// Database, as `tidewaiter serve --collect` takes it: sqlite:FILE or postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "ADDRESS", env = "TIDEWAITER_COLLECT", hide_env_values = true)]
    pub(crate) store: String,
    /// Name of the holder
    #[arg(long, value_name = "NAME")]
    pub(crate) label: String,
    /// How many days it counts, at most 731 (two years)
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=731))]
    pub(crate) days: u16,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect admit`.
#[derive(Debug, Flags)]
#[command(after_help = "Its form is that of the scheme until it sets another.

Example: tidewaiter collect admit eu.ioss --state IE --name 'Tax office' --store sqlite:house.db")]
pub(crate) struct AdmitArgs {
    /// Key of the scheme whose returns it receives: eu.ioss
    #[arg(value_name = "SCHEME")]
    pub(crate) scheme: String,
    /// ISO 3166 letters of its state, for schemes that many share: IE
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,
    /// Its name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Database, as `tidewaiter serve --collect` takes it: sqlite:FILE or postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "ADDRESS", env = "TIDEWAITER_COLLECT", hide_env_values = true)]
    pub(crate) store: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter collect token`.
#[derive(Debug, Flags)]
#[command(after_help = "Examples:
  tidewaiter collect token --store sqlite:house.db --role officer --of eu.ioss.IE --label 'Desk 4'
  tidewaiter collect token --store sqlite:house.db --role seller --of mug-shop --label 'Mug Shop'")]
pub(crate) struct TokenArgs {
    /// seller, accountant, officer, inspector or keeper
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Role,
    /// For which seller (mug-shop) or authority (eu.ioss.IE); left out for a keeper
    #[arg(long, value_name = "NAME")]
    pub(crate) of: Option<String>,
    /// Name of the holder
    #[arg(long, value_name = "NAME")]
    pub(crate) label: String,
    /// How many days it counts, at most 731 (two years)
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=731))]
    pub(crate) days: u16,
    /// Database, as `tidewaiter serve --collect` takes it: sqlite:FILE or postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "ADDRESS", env = "TIDEWAITER_COLLECT", hide_env_values = true)]
    pub(crate) store: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
