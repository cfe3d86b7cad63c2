//! From what an authority sends to what everybody can fetch: draft, checked, approved, scheduled, published, superseded or
//! withdrawn. Each step is one transaction with its row in the audit log; a file goes to the static host only after the
//! transaction that published it, from an outbox that survives the process.
//!
//! | file | holds |
//! |---|---|
//! | `permission.rs` | who may do what |
//! | `ceremony.rs` | roles signed offline: founding, admitting, rotating |
//! | `sent.rs` | what is sent, read into records |
//! | `submit.rs` | from what is sent to a draft that is kept |
//! | `draft.rs` | manifest and parts made of records; an edition opened |
//! | `beside.rs` | a draft tried beside what others publish |
//! | `fit.rs` | the same once more, when it is published |
//! | `unpack.rs` | a package that was made elsewhere |
//! | `received.rs` | receipts; how a repetition is known |
//! | `news.rs` | what feeds tell of an edition |
//! | `approve.rs` | words for warnings, signatures, giving up |
//! | `waiting.rs` | approved editions that wait, and what gives them up |
//! | `publish.rs` | publishing, renewing |
//! | `withdraw.rs` | withdrawing, and what would withdraw nothing |
//! | `export.rs` | tables for download |
//! | `pull.rs` | an authority's own address, looked at on a schedule |
//! | `tell.rs` | messages and letters to those who asked |
//! | `distribute.rs` | out of the outbox to the static host |
//! | `sweep.rs` | old metadata removed from the static host |
//! | `take_back.rs`, `held_against.rs`, `host.rs` | what the static host has and a restored database lacks |

pub mod approve;
mod beside;
pub mod ceremony;
pub mod distribute;
pub mod draft;
pub mod export;
mod fit;
mod held_against;
mod host;
mod news;
pub mod permission;
pub mod publish;
pub mod pull;
pub mod received;
pub mod sent;
pub mod submit;
mod sweep;
pub mod take_back;
pub mod tell;
mod unpack;
mod waiting;
mod withdraw;

use crate::checks;
use crate::impact::Base;
use crate::key::SecretKey;
use crate::manifest::ManifestError;
use crate::metadata::MetadataError;
use crate::package::PackageError;
use crate::parts::PartError;
use crate::store::db::{Database, DbError};
use jiff::{SignedDuration, Timestamp};
use object_store::ObjectStore;
use std::fmt;
use std::sync::Arc;
use tidewaiter_sources::Account as ImportAccount;

/// How long signed roles hold. Each is a promise: past it, clients say that what they have is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Timestamp: how soon a client notices that it is kept from news.
    pub timestamp: SignedDuration,
    /// Snapshot.
    pub snapshot: SignedDuration,
    /// An authority's role where its edition names no next day; with one, so long after that day.
    pub authority: SignedDuration,
}

impl Default for Validity {
    fn default() -> Self {
        Self {
            timestamp: SignedDuration::from_hours(24),
            snapshot: SignedDuration::from_hours(7 * 24),
            authority: SignedDuration::from_hours(400 * 24),
        }
    }
}

/// A repository at work.
#[derive(Clone)]
pub struct Repository {
    /// Where everything is kept.
    pub db: Arc<dyn Database>,
    /// Where published files go: a folder, or storage that speaks S3.
    pub public: Arc<dyn ObjectStore>,
    /// Signs snapshots, timestamps and receipts.
    pub online: SecretKey,
    /// Where it answers, for addresses that others are given: `https://rates.example`, without a stroke at the end.
    pub address: String,
    /// Rates and rules beside which drafts are tried.
    pub base: Arc<Base>,
    /// How long roles hold.
    pub validity: Validity,
    /// What time it is.
    pub clock: Clock,
}

/// What time it is: the system's, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// One that a test moves.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, in whole seconds.
    pub fn now(&self) -> Timestamp {
        crate::metadata::whole_seconds((self.0)())
    }
}

impl fmt::Debug for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Repository({:?})", self.db)
    }
}

/// Why a process whose online key was replaced publishes nothing.
pub(crate) const OTHER_KEY: &str =
    "the online key of this process is not the one that the root names: it was replaced; start the service anew";

/// Why the repository did not do what was asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Rows of the file are wrong.
    #[error("{} of its rows are wrong", .0.refused)]
    Rows(Box<ImportAccount>),
    /// Checks found errors.
    #[error("the checks found errors")]
    Checks(Box<checks::Report>),
    /// The file is not what it was said to be, or something in it contradicts something else.
    #[error("{0}")]
    Wrong(String),
    /// It is not there.
    #[error("{0}")]
    NotFound(String),
    /// It does not fit what is there now: a number that is taken, a key that was used for something else.
    #[error("{0}")]
    Conflict(String),
    /// A signature is missing or is nobody's who may sign.
    #[error("{0}")]
    Signature(String),
    /// Nothing is published for now, for a reason that those who send may know.
    #[error("{0}")]
    Held(String),
    /// The database or the static host does not answer. It can be tried again.
    #[error("{0}")]
    Unavailable(String),
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        if error.is_taken() {
            return Self::Conflict("somebody else was first; look at the newest state and try again".into());
        }
        Self::Unavailable(error.to_string())
    }
}
impl From<PartError> for Refusal {
    fn from(error: PartError) -> Self {
        Self::Wrong(error.to_string())
    }
}
impl From<ManifestError> for Refusal {
    fn from(error: ManifestError) -> Self {
        Self::Wrong(error.to_string())
    }
}
impl From<MetadataError> for Refusal {
    fn from(error: MetadataError) -> Self {
        Self::Wrong(error.to_string())
    }
}
impl From<PackageError> for Refusal {
    fn from(error: PackageError) -> Self {
        Self::Wrong(error.to_string())
    }
}
impl From<object_store::Error> for Refusal {
    fn from(error: object_store::Error) -> Self {
        Self::Unavailable(format!("the static host did not take a file: {error}"))
    }
}

/// Longest reason or word for a warning, in characters.
const MOST_WORDS: usize = 2000;

/// Holds what people write to what every database and page can keep: 1 to `most` characters, none that cannot be seen.
///
/// # Errors
/// [`Refusal::Wrong`] with what to write.
pub(crate) fn plain(what: &str, text: &str, most: usize) -> Result<(), Refusal> {
    let unseen = text.chars().any(|c| c.is_control() && c != '\n');
    if text.trim().is_empty() || unseen || text.chars().nth(most).is_some() {
        return Err(Refusal::Wrong(format!("write {what} in 1 to {most} characters, all of which can be seen")));
    }
    Ok(())
}

/// Runs what takes the processor for long beside the threads that answer.
///
/// # Errors
/// [`Refusal::Unavailable`] where it was cut off.
pub(crate) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Refusal::Unavailable(e.to_string()))
}
