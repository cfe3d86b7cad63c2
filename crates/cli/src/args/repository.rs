//! Flags of the commands about publishing: keys, signatures, editions, the repository itself.

use super::day;
use clap::{Args as Flags, Subcommand, ValueEnum};
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
        to: ToArgs,
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
        to: ToArgs,
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

/// Flags of `tidewaiter repository`.
#[derive(Debug, Flags)]
pub(crate) struct RepositoryArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: RepositoryAction,
}

/// What to do with a repository. Each but `restore` works on a folder that `found` made.
#[derive(Debug, Subcommand)]
pub(crate) enum RepositoryAction {
    /// Found a repository in a folder
    Found {
        /// Folder to make
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Its name for people
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Public key of a root holder (64 hexadecimal digits, or a file of `tidewaiter key show`); repeat it for each
        #[arg(long = "holder", value_name = "PUBLIC KEY")]
        holders: Vec<String>,
        /// Secret key of a root holder that is at hand: it is a holder and signs at once; repeat it for each
        #[arg(long = "key", value_name = "KEY")]
        keys: Vec<PathBuf>,
        /// How many holders must sign
        #[arg(long, value_name = "NUMBER", default_value_t = 2)]
        threshold: u64,
        /// Database: a file, or postgres://user@host/database
        #[arg(long, value_name = "ADDRESS", default_value = "repository.db")]
        database: String,
        /// Where published files go: a folder, or s3://bucket/prefix
        #[arg(long, value_name = "PLACE", default_value = "public")]
        public: String,
        /// Address at which it will answer: https://rates.example
        #[arg(long, value_name = "URL")]
        address: Option<String>,
        /// Data folder with the territories and rules that stand where no authority publishes; the program's own if left out
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
        /// How the passphrase is told.
        #[command(flatten)]
        passphrase: PassphraseArgs,
    },
    /// Admit an authority, or change its keys
    Admit {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Its name in addresses: small letters, digits, hyphens
        #[arg(long, value_name = "AUTHORITY")]
        authority: String,
        /// Its name for people
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Territory that it speaks for; left out for one that publishes exchange rates alone
        #[arg(long, value_name = "CODE")]
        territory: Option<String>,
        /// What it publishes: tariff, taxes, exchange-rates
        #[arg(long, value_name = "WHAT", value_delimiter = ',')]
        publishes: Vec<String>,
        /// Public key of an officer; repeat it for each
        #[arg(long = "officer", value_name = "PUBLIC KEY", required = true)]
        officers: Vec<String>,
        /// How many officers must sign an edition
        #[arg(long, value_name = "NUMBER", default_value_t = 2)]
        signatures: u64,
        /// How it is signed.
        #[command(flatten)]
        ceremony: CeremonyArgs,
    },
    /// Dismiss an authority: readers stop using what it published, and nobody speaks for it any longer
    Dismiss {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Its name in addresses
        #[arg(long, value_name = "AUTHORITY")]
        authority: String,
        /// Why, for those who sign and for the audit log
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// How it is signed.
        #[command(flatten)]
        ceremony: CeremonyArgs,
    },
    /// Change who holds the root keys, or the online key; with nothing to change, sign the root anew before its time is over
    Rotate {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Public key of a holder from now on; repeat it for each. The holders stay if left out
        #[arg(long = "holder", value_name = "PUBLIC KEY")]
        holders: Vec<String>,
        /// How many holders must sign from now on
        #[arg(long, value_name = "NUMBER")]
        threshold: Option<u64>,
        /// Make a new online key: after the old one may have been seen by others
        #[arg(long)]
        online: bool,
        /// Also sign the list of authorities anew, before its time is over
        #[arg(long)]
        targets: bool,
        /// How it is signed.
        #[command(flatten)]
        ceremony: CeremonyArgs,
    },
    /// Take in a ceremony's file that enough holders signed
    Accept {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Answer: submissions, where things stand, published files, feeds
    Serve {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Address to listen on; a proxy with TLS stands before it
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8470")]
        listen: std::net::SocketAddr,
    },
    /// Make, list or revoke a token
    Token {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Name of the holder: makes a token
        #[arg(long = "for", value_name = "NAME", requires = "role")]
        holder: Option<String>,
        /// What the holder may do
        #[arg(long, value_enum)]
        role: Option<RoleName>,
        /// For which authority: officers and approvers
        #[arg(long, value_name = "AUTHORITY")]
        authority: Option<String>,
        /// How many days it counts
        #[arg(long, value_name = "DAYS", default_value_t = 90)]
        days: u32,
        /// Revoke the token of this name in the list
        #[arg(long, value_name = "TOKEN", conflicts_with = "holder")]
        revoke: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show who published what, who is late, which drafts wait for whom, and what runs out
    Board {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Also list each territory for which no authority publishes
        #[arg(long)]
        all: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the audit log, and whether its chain is whole
    Audit {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Rows after this number
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        after: u64,
        /// Hold a signed receipt of `publish send --receipt` against the log, in place of showing it
        #[arg(long, value_name = "FILE", conflicts_with = "after")]
        receipt: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Publish the rates and rules that come with this program, or those of a data folder, under the name "unofficial"
    PublishData {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Key that was admitted for "unofficial"
        #[arg(long, value_name = "KEY")]
        key: PathBuf,
        /// How the passphrase is told.
        #[command(flatten)]
        passphrase: PassphraseArgs,
    },
    /// Write everything that is kept into one file
    Backup {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// File to write: NAME.ndjson.zst
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Make a repository of a backup, in a folder or database that holds none; what the published files have beyond it is taken back
    Restore {
        /// The repository: its folder with repository.toml and the online key
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The backup
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Bring the database up to date for this program
    Migrate {
        /// The repository
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// How a ceremony is signed: at once with keys at hand, or by a file that is carried.
#[derive(Debug, Default, Flags)]
pub(crate) struct CeremonyArgs {
    /// Secret key of a root holder that is at hand; repeat it for each. With enough of them it takes effect at once
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) keys: Vec<PathBuf>,
    /// Write what is to be signed to this file, for `tidewaiter sign` and then `tidewaiter repository accept`
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How the passphrase is told.
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// What the holder of a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    /// Sends editions for one authority
    Officer,
    /// Speaks for warnings and hands in signatures, for one authority
    Approver,
    /// Runs the repository
    Secretariat,
    /// Reads everything, changes nothing
    Auditor,
}

/// Flags of `tidewaiter sync`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter sync https://rates.example --root 1.root.json --copy rates
  tidewaiter sync https://rates.example --copy rates --watch 60
  tidewaiter quote --ratebook rates/rates.twrb --to FR ...
The first time needs the repository's first root, from somebody you trust: everything is verified from it.")]
pub(crate) struct SyncArgs {
    /// Where from: an address, a folder with published files, or a bundle
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// Folder of the local copy; the ratebook stands in it as rates.twrb
    #[arg(long, value_name = "FOLDER", default_value = "rates")]
    pub(crate) copy: PathBuf,
    /// The repository's first root, needed once
    #[arg(long, value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// Look again each so many seconds, until stopped
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) watch: Option<u32>,
    /// Fetch again what this disk damaged
    #[arg(long)]
    pub(crate) repair: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `tidewaiter bundle`.
#[derive(Debug, Flags)]
pub(crate) struct BundleArgs {
    /// File to write, for a memory stick
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Folder of the local copy
    #[arg(long, value_name = "FOLDER", default_value = "rates")]
    pub(crate) copy: PathBuf,
    /// Only these authorities; all if left out
    #[arg(long, value_name = "AUTHORITY")]
    pub(crate) only: Vec<String>,
}

/// Flags of `tidewaiter recall`.
#[derive(Debug, Flags)]
pub(crate) struct RecallArgs {
    /// An answer of `tidewaiter quote --json`
    #[arg(value_name = "QUOTE")]
    pub(crate) quote: PathBuf,
    /// Folder of the local copy
    #[arg(long, value_name = "FOLDER", default_value = "rates")]
    pub(crate) copy: PathBuf,
    /// Where old editions are fetched from: an address, a folder, or a bundle
    #[arg(long, value_name = "FROM")]
    pub(crate) from: String,
    /// Ratebook to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
