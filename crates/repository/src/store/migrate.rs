//! Steps that bring the tables of a database up to date, on live data.

use sqlx::{AssertSqlSafe, SqlSafeStr};

/// A step: its number, its name, its text. In it `BYTES` is the type of bytes; one text is for both databases.
pub type Step = (i64, &'static str, &'static str);

/// All steps, oldest first.
#[doc(hidden)]
pub const STEPS: &[Step] = &[(1, "editions", include_str!("migrations/0001_editions.sql"))];

/// Makes PostgreSQL do one migration after the other. The lock goes with the transaction, also where that fails: a lock of the
/// connection would stay with the pool, and the next one would wait for it.
pub(super) const ALONE: &str = "SELECT pg_advisory_xact_lock(1953064037)";

/// The steps for one database: `BYTES` and text that sorts byte by byte are written differently.
pub(super) fn migrator(steps: &[Step], bytes_type: &str, text_type: &str) -> sqlx::migrate::Migrator {
    let steps = steps
        .iter()
        .map(|(version, name, sql)| {
            let sql = AssertSqlSafe(sql.replace("BYTES", bytes_type).replace(" TEXT", text_type)).into_sql_str();
            sqlx::migrate::Migration::new(*version, (*name).into(), sqlx::migrate::MigrationType::Simple, sql, false)
        })
        .collect();
    let mut migrator = sqlx::migrate::Migrator::with_migrations(steps);
    migrator.set_locking(false);
    migrator
}
