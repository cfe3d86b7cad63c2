//! Flags of `tidewaiter repository`: what whoever runs one does.

use super::PassphraseArgs;
use clap::{Args as Flags, Subcommand, ValueEnum};
use std::path::PathBuf;

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
        /// Let the backup's tokens count again. Left out they are all revoked: a backup does not know which were revoked since
        #[arg(long)]
        keep_tokens: bool,
        /// Do not ask where no published files are in their place
        #[arg(long)]
        yes: bool,
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
