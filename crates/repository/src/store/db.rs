//! Two databases behind one trait: SQLite, one file with nothing to install, and PostgreSQL for many. Both run the same SQL.

use super::migrate::{self, STEPS, Step};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection as _, PgPool, Row as _, SqlitePool, TypeInfo, ValueRef};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// Readers of SQLite beside its one writer; connections to PostgreSQL.
const CONNECTIONS: u32 = 8;
/// What the writer of SQLite may keep in memory, in KiB, written below zero as the pragma wants it: indexes of large ledgers are written all over.
const WRITER_CACHE: &str = "-65536";
/// How long to wait for a turn to write, or for a connection.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// It cannot be reached, is full, or refused.
    #[error("the database did not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// Its tables cannot be brought up to date.
    #[error("the database cannot be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// It cannot be opened.
    #[error("{0}")]
    Open(String),
    /// It holds what this program cannot read.
    #[error("the database holds something unexpected: {0}")]
    Content(String),
}

impl DbError {
    /// Whether a rule of uniqueness was broken: somebody else was first.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

/// A value that goes in or comes out. The kind says the column's type also where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Int(Option<i64>),
    /// Text; moments and days too.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        // Numbers of editions and versions; a larger one would be refused as negative is.
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}
impl From<Option<u64>> for Value {
    fn from(number: Option<u64>) -> Self {
        Self::Int(number.map(|n| i64::try_from(n).unwrap_or(i64::MAX)))
    }
}
impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Int(Some(i64::from(is)))
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}
impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

/// The values of a statement: `values!["fr", 3_u64]`.
#[macro_export]
#[doc(hidden)]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::db::Value::from($value)),*] };
}

/// A row that came out; read from the left.
#[derive(Debug, Clone)]
pub struct Row {
    values: std::vec::IntoIter<Value>,
}

impl Row {
    fn next(&mut self) -> Result<Value, DbError> {
        self.values.next().ok_or_else(|| DbError::Content("a row is too short".into()))
    }

    /// The next column, a number.
    ///
    /// # Errors
    /// Where it is none.
    pub fn int(&mut self) -> Result<u64, DbError> {
        self.maybe_int()?.ok_or_else(|| DbError::Content("a number is missing".into()))
    }

    /// The next column, a number or nothing.
    ///
    /// # Errors
    /// Where it is another kind.
    pub fn maybe_int(&mut self) -> Result<Option<u64>, DbError> {
        match self.next()? {
            Value::Int(number) => {
                number.map(u64::try_from).transpose().map_err(|_| DbError::Content("a number is negative".into()))
            }
            Value::Text(None) | Value::Bytes(None) => Ok(None),
            other => Err(DbError::Content(format!("{other:?} is no number"))),
        }
    }

    /// The next column, a number that may be below zero.
    ///
    /// # Errors
    /// Where it is none.
    pub fn signed(&mut self) -> Result<i64, DbError> {
        match self.next()? {
            Value::Int(Some(number)) => Ok(number),
            other => Err(DbError::Content(format!("{other:?} is no number"))),
        }
    }

    /// The next column, text.
    ///
    /// # Errors
    /// Where it is none.
    pub fn text(&mut self) -> Result<String, DbError> {
        self.maybe_text()?.ok_or_else(|| DbError::Content("a text is missing".into()))
    }

    /// The next column, text or nothing.
    ///
    /// # Errors
    /// Where it is another kind.
    pub fn maybe_text(&mut self) -> Result<Option<String>, DbError> {
        match self.next()? {
            Value::Text(text) => Ok(text),
            Value::Int(None) | Value::Bytes(None) => Ok(None),
            other => Err(DbError::Content(format!("{other:?} is no text"))),
        }
    }

    /// The next column, bytes.
    ///
    /// # Errors
    /// Where it is none.
    pub fn bytes(&mut self) -> Result<Vec<u8>, DbError> {
        match self.next()? {
            Value::Bytes(Some(bytes)) => Ok(bytes),
            other => Err(DbError::Content(format!("{other:?} are no bytes"))),
        }
    }
}

/// Something that runs statements: a database, or a transaction on it.
#[async_trait::async_trait]
pub trait Run: Send {
    /// Runs a statement and returns its rows. Placeholders are `$1`, `$2`…
    ///
    /// # Errors
    /// [`DbError`] where it fails; within a transaction nothing else may follow then.
    async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, DbError>;

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Run::rows`].
    async fn change(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, DbError>;

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Run::rows`].
    async fn first(&mut self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, DbError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }
}

/// A transaction. Dropped without [`Transaction::commit`] it leaves nothing.
#[async_trait::async_trait]
pub trait Transaction: Run {
    /// Makes it last.
    ///
    /// # Errors
    /// [`DbError`] where it could not; then nothing of it holds.
    async fn commit(self: Box<Self>) -> Result<(), DbError>;
}

/// A database that holds a repository.
#[async_trait::async_trait]
pub trait Database: Send + Sync + std::fmt::Debug {
    /// Begins to read: a view of one moment.
    ///
    /// # Errors
    /// [`DbError`] where it cannot be reached.
    async fn read(&self) -> Result<Box<dyn Transaction>, DbError>;

    /// Begins to write. With SQLite there is one writer at a time, with PostgreSQL many; what must happen one after the
    /// other takes the row of `repository` first.
    ///
    /// # Errors
    /// [`DbError`] where it cannot be reached, or nobody ends in time.
    async fn write(&self) -> Result<Box<dyn Transaction>, DbError>;

    /// Brings the tables up to date, on live data, in one transaction. Where two programs do it at once, one waits for the
    /// other and finds nothing left to do.
    ///
    /// # Errors
    /// [`DbError::Migrate`] where a step fails (then nothing was changed), or the tables are newer than this program.
    async fn migrate(&self) -> Result<(), DbError> {
        self.migrate_by(STEPS).await
    }

    /// The same by given steps: for other tables than a repository's, which have a database for themselves.
    ///
    /// # Errors
    /// As [`Database::migrate`].
    async fn migrate_by(&self, steps: &[Step]) -> Result<(), DbError>;

    /// What the database calls itself: `sqlite`, `postgresql`.
    fn kind(&self) -> &'static str;

    /// Ends all connections.
    async fn close(&self);
}

/// Opens a database by its address: a path of a file for SQLite, `postgres://…` for PostgreSQL.
///
/// # Errors
/// [`DbError`] where it cannot be opened.
pub async fn open(address: &str) -> Result<Box<dyn Database>, DbError> {
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(Box::new(Postgres::open(address).await?));
    }
    Ok(Box::new(Sqlite::open(Path::new(address)).await?))
}

/// One file. A write-ahead log lets readers go on beside the one writer.
#[derive(Debug)]
pub struct Sqlite {
    reader: SqlitePool,
    writer: SqlitePool,
}

impl Sqlite {
    /// Opens or makes the file.
    ///
    /// # Errors
    /// [`DbError`] where it cannot be.
    pub async fn open(path: &Path) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = |most: u32| SqlitePoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
        // Where the disk is full or breaks, SQLite itself takes a transaction back, and the connection does not notice: it would
        // wait for the end of that transaction for ever.
        let whole =
            pool(1).before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
        let writer = whole.connect_with(options.clone().pragma("cache_size", WRITER_CACHE)).await?;
        // Drafts under embargo and secrets of subscriptions are in it.
        #[cfg(unix)]
        for suffix in ["", "-wal", "-shm"] {
            use std::os::unix::fs::PermissionsExt as _;
            let mut file = path.as_os_str().to_owned();
            file.push(suffix);
            let _ = std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600));
        }
        let reader = pool(CONNECTIONS).connect_with(options.read_only(true).pragma("query_only", "ON")).await?;
        Ok(Self { reader, writer })
    }

    /// The one connection that writes: a test stops it at a step.
    #[doc(hidden)]
    pub fn writer(&self) -> &SqlitePool {
        &self.writer
    }
}

/// A server for many.
#[derive(Debug)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    /// Connects to `postgres://user@host/database`.
    ///
    /// # Errors
    /// [`DbError`] where it cannot be reached.
    pub async fn open(address: &str) -> Result<Self, DbError> {
        let settings = [
            ("lock_timeout", format!("{}s", PATIENCE.as_secs())),
            // A plan for values at large reads every row of a large authority or seller, once for each name that is looked for.
            ("plan_cache_mode", "force_custom_plan".to_owned()),
        ];
        let options = PgConnectOptions::from_str(address)?.application_name("tidewaiter").options(settings);
        // Once without the pool, which would ask again and again and then say only that it waited.
        let first = tokio::time::timeout(PATIENCE, ConnectOptions::connect(&options)).await;
        let place = format!("{}:{}", options.get_host(), options.get_port());
        match first {
            Ok(Ok(connection)) => connection.close().await?,
            Ok(Err(sqlx::Error::Database(said))) => {
                return Err(DbError::Open(format!("the database server at {place} refuses: {}", said.message())));
            }
            Ok(Err(error)) => {
                let what = format!(
                    "no database server can be reached at {place}: {error}. Look at host and port, and whether it runs"
                );
                return Err(DbError::Open(what));
            }
            Err(_) => {
                let what = format!("the database server at {place} did not answer in {} seconds", PATIENCE.as_secs());
                return Err(DbError::Open(what));
            }
        }
        let pool =
            PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await?;
        Ok(Self { pool })
    }
}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

macro_rules! out {
    ($row:expr) => {{
        let row = $row;
        let mut values = Vec::with_capacity(row.columns().len());
        for column in row.columns() {
            let at = column.ordinal();
            let raw = row.try_get_raw(at)?;
            let kind = raw.type_info().name().to_owned();
            values.push(match (raw.is_null(), kind.as_str()) {
                (true, _) => Value::Text(None),
                (false, "TEXT" | "VARCHAR" | "NAME") => Value::Text(Some(row.try_get(at)?)),
                (false, "BLOB" | "BYTEA") => Value::Bytes(Some(row.try_get(at)?)),
                (false, "INTEGER" | "INT8" | "BOOLEAN") => Value::Int(Some(row.try_get(at)?)),
                (false, "INT4") => Value::Int(Some(i64::from(row.try_get::<i32, _>(at)?))),
                (false, other) => return Err(DbError::Content(format!("a column of type {other}"))),
            });
        }
        Ok(Row { values: values.into_iter() })
    }};
}

macro_rules! database {
    ($database:ty, $driver:ty, $row:ty, $bytes:literal, $text:literal, $alone:expr, $kind:literal, $read:ident $read_sql:literal, $write:ident $write_sql:literal) => {
        #[async_trait::async_trait]
        impl Database for $database {
            async fn read(&self) -> Result<Box<dyn Transaction>, DbError> {
                Ok(Box::new(self.$read.begin_with($read_sql).await?))
            }

            async fn write(&self) -> Result<Box<dyn Transaction>, DbError> {
                Ok(Box::new(self.$write.begin_with($write_sql).await?))
            }

            async fn migrate_by(&self, steps: &[Step]) -> Result<(), DbError> {
                let mut tx = self.$write.begin_with($write_sql).await?;
                sqlx::query($alone).execute(&mut *tx).await?;
                migrate::migrator(steps, $bytes, $text).run_direct(None, &mut *tx, false).await?;
                Ok(tx.commit().await?)
            }

            fn kind(&self) -> &'static str {
                $kind
            }

            async fn close(&self) {
                self.$read.close().await;
                self.$write.close().await;
            }
        }

        #[async_trait::async_trait]
        impl Run for sqlx::Transaction<'static, $driver> {
            async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
                let query = bound!(sqlx::query::<$driver>(AssertSqlSafe(sql.to_owned())), values);
                query.fetch_all(&mut **self).await?.iter().map(|row: &$row| out!(row)).collect()
            }

            async fn change(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, DbError> {
                let query = bound!(sqlx::query::<$driver>(AssertSqlSafe(sql.to_owned())), values);
                Ok(query.execute(&mut **self).await?.rows_affected())
            }
        }

        #[async_trait::async_trait]
        impl Transaction for sqlx::Transaction<'static, $driver> {
            async fn commit(self: Box<Self>) -> Result<(), DbError> {
                Ok((*self).commit().await?)
            }
        }
    };
}

// With SQLite one writer is alone already.
database!(Sqlite, sqlx::Sqlite, SqliteRow, "BLOB", " TEXT", "SELECT 1", "sqlite", reader "BEGIN", writer "BEGIN IMMEDIATE");
database!(Postgres, sqlx::Postgres, PgRow, "BYTEA", " TEXT COLLATE \"C\"", migrate::ALONE, "postgresql", pool "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ", pool "BEGIN");
