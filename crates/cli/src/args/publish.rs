//! Flags of `tidewaiter key`, `sign` and `publish`: what an officer does.

use super::day;
use clap::{Args as Flags, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::PathBuf;

/// Reads a moment as people are told to write it.
fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("\"{text}\" is not a moment; write it as 2026-12-31T23:00:00Z"))
}

/// Flags of `tidewaiter key`.
#[derive(Debug, Flags)]
pub(crate) struct KeyArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: KeyAction,
}

/// What to do with a key.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Make a key: the file is secret, what is printed is not
    New {
        /// File to write; never one that is there
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Keep it without a passphrase: for machines that sign alone, and for tests
        #[arg(long)]
        no_passphrase: bool,
        /// How the passphrase is told.
        #[command(flatten)]
        passphrase: PassphraseArgs,
    },
    /// Print the public half of a key
    Show {
        /// The key
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// How the passphrase is told.
        #[command(flatten)]
        passphrase: PassphraseArgs,
    },
}

/// How a passphrase is told: a file, or else the terminal asks.
#[derive(Debug, Default, Flags)]
pub(crate) struct PassphraseArgs {
    /// File whose first line is the passphrase; the terminal asks if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// Flags of `tidewaiter sign`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter sign rates.xlsx --authority qq --name 'Customs of Q' --territory QQ --key one.pem -o qq-1.zip
  tidewaiter sign qq-1.zip --key two.pem
  tidewaiter sign qq-1.zip --sheet rates.xlsx --key two.pem
  tidewaiter sign rates-2.xlsx --authority qq --name 'Customs of Q' --territory QQ --after qq-1.zip --key one.pem -o qq-2.zip
Nothing here needs a network: carry the file to the repository, or to anybody who can send it.")]
pub(crate) struct SignArgs {
    /// A package or a ceremony's file to sign; or a rate sheet or edition to make a package of
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The signing key; repeat it for more
    #[arg(long = "key", value_name = "KEY", required = true)]
    pub(crate) keys: Vec<PathBuf>,
    /// How the passphrase is told.
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// File to write; the file itself is replaced if left out
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Do not ask before signing
    #[arg(long)]
    pub(crate) yes: bool,
    /// The sheet or file that a package was made of: it is read again here, and nothing is signed where it makes another edition
    #[arg(long = "sheet", value_name = "FILE", conflicts_with = "authority")]
    pub(crate) sheets: Vec<PathBuf>,
    /// Data folder with the territories and currencies that the sheet names; the program's own if left out
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Name of the authority in the repository: needed to make a package
    #[arg(long, value_name = "AUTHORITY", help_heading = "New package")]
    pub(crate) authority: Option<String>,
    /// Its name for people, as the repository admitted it
    #[arg(long, value_name = "NAME", help_heading = "New package")]
    pub(crate) name: Option<String>,
    /// The package or bundle of the edition before; left out for the first
    #[arg(long, value_name = "FILE", help_heading = "New package")]
    pub(crate) after: Option<PathBuf>,
    /// What is said of the edition.
    #[command(flatten)]
    pub(crate) about: AboutArgs,
}

/// What is said of an edition.
#[derive(Debug, Default, Flags)]
#[command(next_help_heading = "Edition")]
pub(crate) struct AboutArgs {
    /// Format of the file: sheet, edition, package, or one of `tidewaiter import list`; told by the file's name if left out
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    /// Number of an edition that this one corrects
    #[arg(long, value_name = "NUMBER", conflicts_with = "withdraws")]
    pub(crate) corrects: Vec<u64>,
    /// Number of an edition that this one withdraws
    #[arg(long, value_name = "NUMBER")]
    pub(crate) withdraws: Vec<u64>,
    /// Why it corrects or withdraws
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Not to be published before this moment
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    pub(crate) not_before: Option<Timestamp>,
    /// Day by which the next edition is promised
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) next_due: Option<Date>,
    /// Law or notice: "title" or "title|address|day published|day in effect"
    #[arg(long = "law", value_name = "LAW")]
    pub(crate) laws: Vec<String>,
    /// Licence, where the file says none
    #[arg(long, value_name = "TEXT")]
    pub(crate) licence: Option<String>,
    /// Exchange rates to be added to those that are published
    #[arg(long)]
    pub(crate) adds: bool,
    /// Every code that exists has a duty in it
    #[arg(long)]
    pub(crate) complete: bool,
    /// Day on which the file was published, where it does not say
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) published: Option<Date>,
    /// Territory, where the file does not say
    #[arg(long, value_name = "CODE")]
    pub(crate) territory: Option<String>,
    /// Currency, where the file does not say
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Nomenclature, where the file does not say: "HS 2022"
    #[arg(long, value_name = "NAME")]
    pub(crate) nomenclature: Option<String>,
}

/// Flags of `tidewaiter publish`.
#[derive(Debug, Flags)]
pub(crate) struct PublishArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: PublishAction,
}

/// Where a repository answers, and by what it knows us.
#[derive(Debug, Flags)]
pub(crate) struct ToArgs {
    /// Address of the repository: https://rates.example
    #[arg(long, value_name = "URL", env = "TIDEWAITER_REPOSITORY")]
    pub(crate) to: String,
    /// File whose first line is the token
    #[arg(long, value_name = "FILE")]
    pub(crate) token: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where a repository answers, for those who read: what is published needs no token.
#[derive(Debug, Flags)]
pub(crate) struct FromArgs {
    /// Address of the repository: https://rates.example
    #[arg(long, value_name = "URL", env = "TIDEWAITER_REPOSITORY")]
    pub(crate) to: String,
    /// File whose first line is the token; needed for drafts and for --impact
    #[arg(long, value_name = "FILE")]
    pub(crate) token: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to do with an edition.
#[derive(Debug, Subcommand)]
pub(crate) enum PublishAction {
    /// Send a rate sheet, an official file, an edition or a signed package
    Send {
        /// The files of one edition
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Name of the authority in the repository
        #[arg(long, value_name = "AUTHORITY")]
        authority: String,
        /// A key under which the same may be sent again without harm
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
        /// File to write the signed receipt to
        #[arg(long, value_name = "FILE")]
        receipt: Option<PathBuf>,
        /// What is said of it.
        #[command(flatten)]
        about: Box<AboutArgs>,
        /// Where to.
        #[command(flatten)]
        to: ToArgs,
    },
    /// Show where an edition stands, what the checks found and what it would change
    Show {
        /// The edition: its 64 hexadecimal digits, or authority/number: qq/2
        #[arg(value_name = "EDITION")]
        edition: String,
        /// Also compute what typical baskets would pay
        #[arg(long)]
        impact: bool,
        /// Where.
        #[command(flatten)]
        to: FromArgs,
    },
    /// Say that a warning is meant
    Speak {
        /// The edition: its 64 hexadecimal digits, or authority/number: qq/2
        #[arg(value_name = "EDITION")]
        edition: String,
        /// Number of the check: TW501
        #[arg(value_name = "CHECK")]
        check: String,
        /// Why it is meant
        #[arg(value_name = "WHY")]
        says: String,
        /// Where.
        #[command(flatten)]
        to: ToArgs,
    },
    /// Fetch an edition as a package, drafts too: to look at it, or to sign it on a machine without a network
    Fetch {
        /// The edition: its 64 hexadecimal digits, or authority/number: qq/2
        #[arg(value_name = "EDITION")]
        edition: String,
        /// File to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Where.
        #[command(flatten)]
        to: FromArgs,
    },
    /// Sign an edition with an officer's key: with enough signatures it is published
    Approve {
        /// The edition: its 64 hexadecimal digits, or authority/number: qq/2
        #[arg(value_name = "EDITION")]
        edition: String,
        /// The officer's key
        #[arg(long, value_name = "KEY")]
        key: PathBuf,
        /// The sheet or file that is meant: it is read again here, and nothing is signed where it makes another edition
        #[arg(long = "sheet", value_name = "FILE")]
        sheets: Vec<PathBuf>,
        /// Format of the sheet; told by its name if left out
        #[arg(long, value_name = "FORMAT", requires = "sheets")]
        format: Option<String>,
        /// The sheet holds exchange rates that were added
        #[arg(long, requires = "sheets")]
        adds: bool,
        /// Data folder with the territories and currencies that the sheet names; the program's own if left out
        #[arg(long, value_name = "FOLDER", requires = "sheets")]
        data: Option<PathBuf>,
        /// Do not ask before signing; programs, without a terminal or with --json, are not asked
        #[arg(long)]
        yes: bool,
        /// How the passphrase is told.
        #[command(flatten)]
        passphrase: PassphraseArgs,
        /// Where.
        #[command(flatten)]
        to: ToArgs,
    },
    /// Prepare the withdrawal of editions: the newest one that is not withdrawn holds again, once officers have signed
    Withdraw {
        /// Their numbers
        #[arg(value_name = "NUMBER", required = true)]
        numbers: Vec<u64>,
        /// Name of the authority in the repository
        #[arg(long, value_name = "AUTHORITY")]
        authority: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Where.
        #[command(flatten)]
        to: ToArgs,
    },
    /// Sign the newest edition anew: before its time is over, and after an officer's key was replaced
    Renew {
        /// Name of the authority in the repository
        #[arg(value_name = "AUTHORITY")]
        authority: String,
        /// An officer's key that is at hand; repeat it for each
        #[arg(long = "key", value_name = "KEY", required = true)]
        keys: Vec<PathBuf>,
        /// Write the package to this file in place of sending it, for other officers to sign: then `publish send` it
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Do not ask before signing; programs, without a terminal or with --json, are not asked
        #[arg(long)]
        yes: bool,
        /// How the passphrase is told.
        #[command(flatten)]
        passphrase: PassphraseArgs,
        /// Where.
        #[command(flatten)]
        to: ToArgs,
    },
    /// Give a draft up
    Abandon {
        /// The edition: its 64 hexadecimal digits, or authority/number: qq/2
        #[arg(value_name = "EDITION")]
        edition: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Where.
        #[command(flatten)]
        to: ToArgs,
    },
}
