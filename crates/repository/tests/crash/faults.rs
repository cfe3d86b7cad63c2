//! A database that breaks at a chosen point of writing: before a statement that writes, before and after a commit. What a
//! statement did before its commit is nowhere yet, so after it is the same as before the next. Shared with the tests of ledgers.
#![allow(dead_code, unreachable_pub, reason = "each of the tests uses its part")]

use std::fmt;
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

    /// Whether it breaks at this point, which is passed.
    pub fn breaks(&self, point: Point) -> bool {
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
