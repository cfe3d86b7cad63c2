//! A static host that is away, or that accepts and never answers, for as long as a test says so.

use crate::common::Here;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// How a host answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    Open,
    Away,
    Hung,
}

/// A host behind a gate.
#[derive(Debug)]
pub(crate) struct Gate {
    host: Arc<dyn ObjectStore>,
    is: Mutex<Is>,
    /// Told each time that somebody waits for an answer that will not come.
    pub(crate) waits: Notify,
}

type Stream<T> = Pin<Box<dyn futures_core::Stream<Item = Result<T>> + Send>>;

impl Gate {
    /// Puts a gate before the host of a repository.
    pub(crate) fn before(here: &mut Here) -> Arc<Self> {
        let gate = Self { host: here.repository.public.clone(), is: Mutex::new(Is::Open), waits: Notify::new() };
        let gate = Arc::new(gate);
        here.repository.public = gate.clone();
        gate
    }

    pub(crate) fn set(&self, is: Is) {
        *self.is.lock().unwrap() = is;
    }

    async fn pass(&self) -> Result<()> {
        let is = *self.is.lock().unwrap();
        match is {
            Is::Open => Ok(()),
            Is::Away => Err(Error::Generic { store: "test", source: "the line is cut".into() }),
            Is::Hung => {
                self.waits.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.host)
    }
}

#[async_trait::async_trait]
impl ObjectStore for Gate {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.pass().await?;
        self.host.put_opts(at, bytes, options).await
    }
    async fn put_multipart_opts(&self, at: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.host.put_multipart_opts(at, options).await
    }
    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.pass().await?;
        self.host.get_opts(at, options).await
    }
    fn delete_stream(&self, all: Stream<Path>) -> Stream<Path> {
        self.host.delete_stream(all)
    }
    fn list(&self, prefix: Option<&Path>) -> Stream<ObjectMeta> {
        self.host.list(prefix)
    }
    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.pass().await?;
        self.host.list_with_delimiter(prefix).await
    }
    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.host.copy_opts(from, to, options).await
    }
}
