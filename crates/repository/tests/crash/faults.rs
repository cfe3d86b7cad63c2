//! A database and a static host that break at a chosen point of writing: before a statement that writes, before and after a
//! commit, before and after a file. What a statement did before its commit is nowhere yet, so after it is the same as before
//! the next.

use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result as HostResult,
};
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tidewaiter_repository::store::db::{Database, DbError, Row, Run, Transaction, Value};
use tidewaiter_repository::store::migrate::Step;

/// Where something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    Statement,
    BeforeCommit,
    AfterCommit,
    BeforeFile,
    AfterFile,
}

/// What happens at the n-th point, from 0: `true` is a failure.
type Act = Arc<dyn Fn(u64, Point) -> bool + Send + Sync>;

/// Counts points, and acts at each.
#[derive(Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Default)]
struct Inner {
    next: AtomicU64,
    act: Mutex<Option<Act>>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "point {}", self.passed())
    }
}

impl Faults {
    /// Counts from 0 again, and acts at each point from now on.
    pub fn arm(&self, act: impl Fn(u64, Point) -> bool + Send + Sync + 'static) {
        self.0.next.store(0, Ordering::SeqCst);
        *self.0.act.lock().unwrap() = Some(Arc::new(act));
    }

    /// Fails once, at a point.
    pub fn fail_at(&self, at: u64) {
        self.arm(move |n, _| n == at);
    }

    /// Lets everything pass.
    pub fn disarm(&self) {
        *self.0.act.lock().unwrap() = None;
    }

    /// Points passed since it was armed.
    pub fn passed(&self) -> u64 {
        self.0.next.load(Ordering::SeqCst)
    }

    fn breaks(&self, point: Point) -> bool {
        let act = self.0.act.lock().unwrap().clone();
        let n = self.0.next.fetch_add(1, Ordering::SeqCst);
        act.is_some_and(|act| act(n, point))
    }

    fn db(&self, point: Point) -> Result<(), DbError> {
        match self.breaks(point) {
            true => Err(DbError::Database(sqlx::Error::Io(std::io::Error::other("the line is cut")))),
            false => Ok(()),
        }
    }

    fn host(&self, point: Point) -> HostResult<()> {
        let source = std::io::Error::new(std::io::ErrorKind::StorageFull, "no space left on the static host");
        match self.breaks(point) {
            true => Err(object_store::Error::Generic { store: "test", source: Box::new(source) }),
            false => Ok(()),
        }
    }
}

/// A database that breaks.
#[derive(Debug)]
pub struct FaultyDatabase(pub Box<dyn Database>, pub Faults);

struct FaultyTransaction(Box<dyn Transaction>, Faults);

#[async_trait::async_trait]
impl Database for FaultyDatabase {
    async fn read(&self) -> Result<Box<dyn Transaction>, DbError> {
        self.0.read().await
    }
    async fn write(&self) -> Result<Box<dyn Transaction>, DbError> {
        Ok(Box::new(FaultyTransaction(self.0.write().await?, self.1.clone())))
    }
    async fn migrate_by(&self, steps: &[Step]) -> Result<(), DbError> {
        self.0.migrate_by(steps).await
    }
    fn kind(&self) -> &'static str {
        self.0.kind()
    }
    async fn close(&self) {
        self.0.close().await;
    }
}

#[async_trait::async_trait]
impl Run for FaultyTransaction {
    async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        self.0.rows(sql, values).await
    }
    async fn change(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, DbError> {
        self.1.db(Point::Statement)?;
        self.0.change(sql, values).await
    }
}

#[async_trait::async_trait]
impl Transaction for FaultyTransaction {
    async fn commit(self: Box<Self>) -> Result<(), DbError> {
        self.1.db(Point::BeforeCommit)?;
        self.0.commit().await?;
        self.1.db(Point::AfterCommit)
    }
}

/// A static host that breaks.
#[derive(Debug)]
pub struct FaultyHost(pub Arc<dyn ObjectStore>, pub Faults);

impl fmt::Display for FaultyHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a host answers bit by bit.
type Stream<T> = Pin<Box<dyn futures_core::Stream<Item = HostResult<T>> + Send>>;

#[async_trait::async_trait]
impl ObjectStore for FaultyHost {
    async fn put_opts(&self, at: &Path, bytes: PutPayload, options: PutOptions) -> HostResult<PutResult> {
        if !options.attributes.is_empty() {
            // A folder refuses them, and is asked again without.
            let refused = self.0.put_opts(at, bytes, options).await;
            assert!(matches!(refused, Err(object_store::Error::NotImplemented { .. })));
            return refused;
        }
        self.1.host(Point::BeforeFile)?;
        let done = self.0.put_opts(at, bytes, options).await?;
        self.1.host(Point::AfterFile)?;
        Ok(done)
    }
    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> HostResult<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(at, options).await
    }
    async fn get_opts(&self, at: &Path, options: GetOptions) -> HostResult<GetResult> {
        self.0.get_opts(at, options).await
    }
    fn delete_stream(&self, all: Stream<Path>) -> Stream<Path> {
        self.0.delete_stream(all)
    }
    fn list(&self, prefix: Option<&Path>) -> Stream<ObjectMeta> {
        self.0.list(prefix)
    }
    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> HostResult<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }
    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> HostResult<()> {
        self.0.copy_opts(from, to, options).await
    }
}
