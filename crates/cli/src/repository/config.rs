//! `repository.toml`: where a repository keeps what it has, and how long its promises hold.

use crate::errors::Failure;
use jiff::SignedDuration;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ClientConfigKey, ObjectStore, RetryConfig};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tidewaiter_reader::{embedded_folder, read_files, read_folder};
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::feeds::mail::{Smtp, SmtpSettings};
use tidewaiter_repository::impact::Base;
use tidewaiter_repository::key::SecretKey;
use tidewaiter_repository::server::{Limits, Outside};
use tidewaiter_repository::store::db;
use tidewaiter_repository::workflow::{Clock, Repository, Validity};

/// Name of the file in a repository's folder.
const FILE: &str = "repository.toml";

/// What stands in `repository.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    /// A file in the folder, or `postgres://user@host/database`.
    pub(super) database: String,
    /// A folder in the folder, or `s3://bucket/prefix`.
    pub(super) public: String,
    /// Secret key that signs snapshots, timestamps and receipts.
    pub(super) online_key: String,
    /// Where it answers, for addresses that others are given.
    #[serde(default = "own_address")]
    pub(super) address: String,
    /// Lets messages and looks go to addresses of this machine, without encryption: for tests.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) reach_loopback: bool,
    /// Mail server for daily letters; none are written without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mail: Option<Mail>,
    /// Data folder beside which drafts are tried and which `publish-data` publishes; the program's own where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<String>,
    /// How long signed roles hold.
    #[serde(default)]
    pub(super) holds: Holds,
    /// What callers are held to.
    #[serde(default)]
    pub(super) limits: Held,
}

/// Where it answers until a proxy stands before it.
pub(super) fn own_address() -> String {
    "http://127.0.0.1:8470".into()
}

/// How letters are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mail {
    /// Whose address they bear.
    pub(super) from: String,
    /// The secretariat's address: it is written to before signatures and tokens run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secretariat: Option<String>,
    /// The mail server.
    pub(super) server: SmtpSettings,
}

/// How long signed roles hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Holds {
    timestamp_hours: u32,
    snapshot_days: u32,
    authority_days: u32,
}

impl Default for Holds {
    fn default() -> Self {
        Self { timestamp_hours: 24, snapshot_days: 7, authority_days: 400 }
    }
}

/// What callers are held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Held {
    submission_megabytes: u32,
    seconds: u32,
    burst: u32,
    requests_per_second: u32,
    file_burst: u32,
    files_per_second: u32,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            submission_megabytes: 256,
            seconds: 300,
            burst: 200,
            requests_per_second: 20,
            file_burst: 5_000,
            files_per_second: 1_000,
        }
    }
}

/// One more try for a connection that broke off; the outbox does the rest.
fn retries() -> RetryConfig {
    RetryConfig { max_retries: 1, retry_timeout: Duration::from_secs(5), ..RetryConfig::default() }
}

impl Config {
    /// Reads the file of a folder.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let file = folder.join(FILE);
        let text = std::fs::read_to_string(&file).map_err(|e| {
            Failure::usage(format!("{}: {e}; `tidewaiter repository found` makes a repository", file.display()))
        })?;
        toml::from_str(&text).map_err(|e| Failure::usage(format!("{}: {}", file.display(), e.message())))
    }

    /// Writes the file into a folder that has none.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Failure> {
        let file = folder.join(FILE);
        if file.exists() {
            return Err(Failure::usage(format!("{} is there already: it is a repository", file.display())));
        }
        let text = toml::to_string_pretty(self).map_err(|e| Failure::Internal(e.to_string()))?;
        crate::sign::write(&file, text.as_bytes())
    }

    /// The database's address: a file stands in the folder.
    fn database(&self, folder: &Path) -> String {
        if self.database.contains("://") {
            return self.database.clone();
        }
        folder.join(&self.database).display().to_string()
    }

    fn host(&self, folder: &Path) -> Result<Arc<dyn ObjectStore>, Failure> {
        let told = |e: object_store::Error| Failure::usage(format!("{}: {e}", self.public));
        if let Some(rest) = self.public.strip_prefix("s3://") {
            let prefix = rest.split_once('/').map_or("", |(_, prefix)| prefix.trim_matches('/'));
            let mut builder = AmazonS3Builder::from_env().with_url(&self.public).with_retry(retries());
            // Files wait in the outbox and are tried again each second: who publishes meanwhile need not wait for a host that is away.
            if std::env::var_os("AWS_CONNECT_TIMEOUT").is_none() {
                builder = builder.with_config(AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout), "3 seconds");
            }
            // How long a file may take depends on its size, and is held to where it is sent.
            if std::env::var_os("AWS_TIMEOUT").is_none() {
                builder = builder.with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), "1 hour");
            }
            let store = builder.build().map_err(told)?;
            return Ok(match prefix {
                "" => Arc::new(store),
                prefix => Arc::new(PrefixStore::new(store, prefix)),
            });
        }
        let place = folder.join(&self.public);
        std::fs::create_dir_all(&place).map_err(|e| Failure::usage(format!("{}: {e}", place.display())))?;
        Ok(Arc::new(LocalFileSystem::new_with_prefix(&place).map_err(told)?.with_fsync(true)))
    }

    /// The repository.
    pub(super) async fn open(&self, folder: &Path) -> Result<Repository, Failure> {
        let key = crate::key::open(&folder.join(&self.online_key), &crate::args::PassphraseArgs::default())?;
        self.open_with(folder, key).await
    }

    /// The same, before its online key is in its place.
    pub(super) async fn open_with(&self, folder: &Path, online: SecretKey) -> Result<Repository, Failure> {
        let address = self.database(folder);
        let shown = address.split('@').next_back().unwrap_or_default().to_owned();
        let db = db::open(&address).await.map_err(|e| Failure::usage(format!("{shown}: {e}")))?;
        let hours = |hours: u32| SignedDuration::from_hours(i64::from(hours));
        Ok(Repository {
            db: Arc::from(db),
            public: self.host(folder)?,
            online,
            address: self.address.trim_end_matches('/').to_owned(),
            base: Arc::new(self.base(folder)?),
            validity: Validity {
                timestamp: hours(self.holds.timestamp_hours),
                snapshot: hours(self.holds.snapshot_days * 24),
                authority: hours(self.holds.authority_days * 24),
            },
            clock: Clock::system(),
        })
    }

    /// Rates and rules beside which drafts are tried.
    fn base(&self, folder: &Path) -> Result<Base, Failure> {
        let rates = match &self.data {
            Some(data) => read_folder(&folder.join(data))?,
            None => embedded_folder()?,
        };
        let baskets = tidewaiter_data::baskets().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Ok(Base {
            folder: rates,
            codes: tidewaiter_data::subheadings(),
            baskets,
            read: Some(read_files),
            ..Base::default()
        })
    }

    /// Whether drafts are tried beside another data folder than the program's own.
    pub(super) const fn has_own_data(&self) -> bool {
        self.data.is_some()
    }

    /// The files of the data folder that is published under "unofficial".
    pub(super) fn data_files(&self, folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        match &self.data {
            None => Ok(tidewaiter_data::files()),
            Some(data) => tidewaiter_data::packed::files(&folder.join(data))
                .map_err(|e| Failure::usage(format!("the data folder cannot be read: {e}"))),
        }
    }

    /// What the service reaches by itself.
    pub(super) fn outside(&self) -> Result<Outside, Failure> {
        let reach = if self.reach_loopback { Reach::AndLoopback } else { Reach::Public };
        let mut outside = Outside::new(reach).map_err(Failure::usage)?;
        if let Some(mail) = &self.mail {
            let smtp = Smtp::new(&mail.server).map_err(Failure::usage)?;
            outside.mailer = Some((Box::new(smtp), mail.from.clone()));
            outside.secretariat.clone_from(&mail.secretariat);
        }
        Ok(outside)
    }

    /// What the service holds its callers to.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            body_bytes: (self.limits.submission_megabytes as usize) << 20,
            time: Duration::from_secs(u64::from(self.limits.seconds)),
            burst: self.limits.burst,
            refill: Duration::from_secs(1) / self.limits.requests_per_second.max(1),
            file_burst: self.limits.file_burst,
            file_refill: Duration::from_secs(1) / self.limits.files_per_second.max(1),
            ..Limits::default()
        }
    }
}
