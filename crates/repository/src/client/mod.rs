//! The reader's side: a local copy of a repository, brought up to date from a mirror that is trusted with nothing, verified,
//! and good to use with no network. Synchronous; the time is handed in.
//!
//! Each authority gets one of [three answers](Standing), and what is wrong with one harms no other. That is why the client
//! workflow of The Update Framework is carried out here, role by role (`docs/decisions/0024-a-client-of-our-own.md`).
//!
//! ```no_run
//! use tidewaiter_repository::client::{Client, http::HttpMirror};
//!
//! let root = std::fs::read("root.json")?; // from a source that you trust
//! let mut client = Client::start("copy", &root)?;
//! let now = "2026-11-22T12:00:00Z".parse()?;
//! let report = client.update(&HttpMirror::new("https://rates.example.org")?, now, &mut |_| {})?;
//! for (authority, answer) in &report.authorities {
//!     println!("{authority}: {:?}", answer.standing);
//! }
//! for edition in client.editions(now)? {
//!     println!("{} {}", edition.authority, edition.manifest.number);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`mirror`], [`http`], [`bundle`] | where published files are read from |
//! | `update`, `authority` | the workflow: for the repository, for one authority |
//! | `chain` | an authority's editions, each naming the one before |
//! | `edition` | an edition in the copy |
//! | `standing`, `report` | what is answered |
//! | `store`, `state` | the files of a copy, safe against being stopped at any moment |

mod authority;
pub mod bundle;
mod chain;
mod edition;
mod fetch;
pub mod http;
pub mod mirror;
mod past;
mod report;
mod standing;
mod state;
mod store;
mod update;

pub use chain::Status;
#[cfg(feature = "service")]
pub(crate) use edition::may_publish;
pub use edition::{Edition, Past};
pub use mirror::{Mirror, MirrorError};
pub use past::{Found, Which};
pub use report::{Answer, Fetched, Progress, Report};
pub use standing::{Standing, Using};
#[doc(hidden)]
pub use store::Watch;

use crate::authority::Authorities;
use crate::parts::PartError;
use fetch::{Failure, Fetcher};
use jiff::Timestamp;
use state::{Held, Newest, State};
use std::collections::BTreeMap;
use std::path::Path;
use store::Store;
use update::{Update, View};

/// Why a local copy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A file of the copy cannot be read or written.
    #[error("{path} cannot be read or written: {error}")]
    Disk {
        /// Its path.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// Another program is updating it.
    #[error("{0} is being updated by another program; try again when it has ended")]
    Busy(String),
    /// The folder holds no copy.
    #[error("{0} holds no copy of a repository; begin one with a root file that you have from a source you trust")]
    NotACopy(String),
    /// The folder already holds one.
    #[error("{0} already holds a copy of a repository; open it, or give an empty folder")]
    AlreadyACopy(String),
    /// The root file is none.
    #[error("the root file cannot be used: {0}")]
    Root(String),
    /// A file of the copy was damaged on this disk.
    #[error("{what} of {authority} is missing or damaged on this disk; repair the copy, then update it")]
    Damaged {
        /// Whose.
        authority: String,
        /// Part, or "the manifest".
        what: String,
    },
    /// A part cannot be read.
    #[error(transparent)]
    Part(#[from] PartError),
    /// An edition that was asked for cannot be given.
    #[error("{0}")]
    NoEdition(String),
}

/// A local copy of a repository.
pub struct Client {
    store: Store,
    state: State,
    notices: Vec<String>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "copy in {} of {} authorities", self.store.folder().display(), self.state.authorities.len())
    }
}

impl Client {
    /// Begins a copy in a folder, from a root file that came by other means than the mirror: with the program, by hand, from
    /// the gazette. All trust comes from it.
    ///
    /// # Errors
    /// [`ClientError`] where the bytes are no root, the folder already holds a copy, or the disk fails.
    pub fn start(folder: impl AsRef<Path>, root: &[u8]) -> Result<Self, ClientError> {
        let store = Store::new(folder.as_ref());
        let expires = update::given_root(root)?.expires;
        store.create()?;
        let _one = store.lock()?;
        if store.read(store::ROOT)?.is_some() {
            return Err(ClientError::AlreadyACopy(store.folder().display().to_string()));
        }
        let state = State::new(store.put(root)?, expires);
        state.commit(&store)?;
        // Last: a folder with a root is a copy.
        store.replace(store::ROOT, root)?;
        Ok(Self { store, state, notices: Vec::new() })
    }

    /// Opens a copy. Nothing is fetched, and nothing has to be repaired after a program was stopped.
    ///
    /// # Errors
    /// [`ClientError`] where the folder holds no copy, or the disk fails. A lost or damaged state is no error: the copy begins
    /// again from its root, and [`Self::notices`] says so.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, ClientError> {
        let store = Store::new(folder.as_ref());
        let (state, notice) = State::load(&store)?;
        Ok(Self { store, state, notices: notice.into_iter().collect() })
    }

    /// What the reader should know of the copy itself.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Brings the copy up to date from a mirror at a moment. Where the repository as a whole cannot be verified, that is in
    /// [`Report::failed`], and what was verified before stays in use.
    ///
    /// # Errors
    /// [`ClientError`] where this machine fails: the disk, or another update under way.
    pub fn update(
        &mut self,
        mirror: &dyn Mirror,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Report, ClientError> {
        let _one = self.store.lock()?;
        // Another program may have updated it since it was opened.
        let (state, notice) = State::load(&self.store)?;
        self.state = state;
        self.notices = notice.into_iter().collect();
        // Readers that have opened the copy before keep what they are reading.
        let mut keep = self.state.names(&self.store)?;
        let before = self.state.authorities.clone();
        let from = Fetcher::new(mirror);
        let mut update = Update { store: &self.store, state: &mut self.state, from, now };
        let done = update.repository().and_then(|view| update.authorities(&view, progress));
        if let Err(failure) = &done {
            update.not_verified(failure);
        }
        let fetched = update.from.fetched;
        self.state.commit(&self.store)?;
        let failed = match done {
            Err(Failure::Local(error)) => return Err(error),
            Err(failure) => Some(failure),
            Ok(()) => None,
        };
        keep.extend(self.state.names(&self.store)?);
        self.store.sweep(&keep)?;
        Ok(self.report(failed.as_ref(), fetched, &before, now))
    }

    fn report(
        &self,
        failed: Option<&Failure>,
        fetched: Fetched,
        before: &BTreeMap<String, Held>,
        now: Timestamp,
    ) -> Report {
        let edition = |held: &Held| in_use(held).map(|edition| edition.sha256.clone());
        let answers = self.state.authorities.iter().map(|(id, held)| {
            let answer = Answer {
                standing: standing::of(&self.state, held, now),
                number: in_use(held).map(|edition| edition.number),
                edition: edition(held),
                new: edition(held) != before.get(id).and_then(edition),
            };
            (id.clone(), answer)
        });
        Report {
            failed: failed.map(Failure::words),
            unreachable: matches!(failed, Some(Failure::Unreachable(_))),
            notices: self.notices.clone(),
            root: self.root_version(),
            timestamp: self.state.timestamp.as_ref().map_or(0, |kept| kept.version),
            fetched,
            authorities: answers.collect(),
        }
    }

    fn root_version(&self) -> u64 {
        let newest = self.state.roots.last().and_then(|sha256| self.store.get(sha256).ok().flatten());
        newest.and_then(|bytes| update::given_root(&bytes).ok()).map_or(0, |root| root.version.get())
    }

    /// What can be said of each authority at a moment. Time alone makes what was fresh stale.
    pub fn standing(&self, now: Timestamp) -> BTreeMap<String, Standing> {
        self.state.authorities.iter().map(|(id, held)| (id.clone(), standing::of(&self.state, held, now))).collect()
    }

    /// The newest good edition of each authority, with its answer at a moment. Editions stay readable until the update
    /// after the next one.
    ///
    /// # Errors
    /// [`ClientError::Damaged`] where a manifest is not whole on this disk.
    pub fn editions(&self, now: Timestamp) -> Result<Vec<Edition>, ClientError> {
        let mut all = Vec::new();
        for (id, held) in &self.state.authorities {
            let Some(newest) = in_use(held) else { continue };
            let damaged = || ClientError::Damaged { authority: id.clone(), what: "the manifest".to_owned() };
            all.push(Edition {
                authority: id.clone(),
                manifest: edition::manifest(&self.store, newest)?.ok_or_else(damaged)?,
                sha256: newest.sha256.clone(),
                standing: standing::of(&self.state, held, now),
                until: standing::until(&self.state, held, now),
                store: self.store.clone(),
            });
        }
        Ok(all)
    }

    /// Who publishes, as the repository last said; nothing before the first update.
    ///
    /// # Errors
    /// [`ClientError`] where the disk fails.
    pub fn authorities(&self) -> Result<Option<Authorities>, ClientError> {
        let Some(sha256) = &self.state.list else { return Ok(None) };
        Ok(self.store.get(sha256)?.and_then(|bytes| Authorities::from_bytes(&bytes).ok()))
    }

    /// Removes files that this disk has damaged, so that the next update fetches them again; how many.
    ///
    /// # Errors
    /// [`ClientError`] where the disk fails, or an update is under way.
    pub fn repair(&self) -> Result<u64, ClientError> {
        let _one = self.store.lock()?;
        self.store.remove_damaged()
    }

    /// Lets a test stop a write at a step.
    #[doc(hidden)]
    pub fn watch_writes(&mut self, watch: Option<Watch>) {
        self.store.watch = watch;
    }
}

/// The newest good edition, where its authority may still publish.
fn in_use(held: &Held) -> Option<&Newest> {
    held.edition.as_ref().filter(|_| held.dismissed.is_none())
}

impl Update<'_> {
    /// Brings each authority up to date by itself.
    fn authorities(&mut self, view: &View, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Failure> {
        // What is said of the repository as a whole is good again.
        self.state.trouble = None;
        let all = &view.list.authorities;
        for (done, authority) in all.iter().enumerate() {
            progress(Progress { authority: &authority.id, done, of: all.len(), fetched: self.from.fetched });
            self.authority(view, authority)?;
        }
        let now = self.now;
        for (id, held) in &mut self.state.authorities {
            if view.list.find(id).is_none() {
                // Its editions stay known, so that old answers can be made again.
                held.dismissed.get_or_insert(now);
            }
        }
        Ok(())
    }
}
