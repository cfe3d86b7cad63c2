//! Backup and restore: every row of every table as one packed file of JSON lines, from one moment, with a count and a hash at
//! its end. It does not depend on the database, so it also moves a repository from one to the other.

use super::db::{Database, DbError, Row, Run, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// What a backup begins with.
const FORMAT: &str = "tidewaiter-backup/1";
/// Rows read at once.
const AT_ONCE: u64 = 200;
/// Longest line of a backup: a part in base64.
const MOST_LINE: u64 = 512 << 20;

/// A table: its name, its columns with their types (i, t, b), and how many of the first are its key.
struct Table(&'static str, &'static str, usize);

/// All tables, in an order in which they can be filled. What is at the static host alone (`outbox`, `exported`) is made anew.
const TABLES: &[Table] = &[
    Table("repository", "one:i name:t turn:i", 1),
    Table("authority", "id:t name:t territory:t publishes:t unofficial:i officers:i keys:t admitted_at:t", 1),
    Table("role", "name:t version:i bytes:b made_at:t", 2),
    Table("listed", "name:t version:i length:i sha256:t", 1),
    Table("file", "sha256:t bytes:b", 1),
    Table(
        "edition",
        "hash:t authority:t number:i state:t kind:t title:t manifest:b role:b report:t impact:t news:t submitted_by:t submitted_at:t not_before:t known_from:t next_due:t published_at:t",
        1,
    ),
    Table("concern", "edition:t number:i authority:t", 2),
    Table("word", "edition:t warning:t says:t actor:t at:t", 2),
    Table(
        "record",
        "authority:t seq:i territory:t part:t kind:t key:t valid_from:t valid_before:t known_from:t known_before:t first_edition:i last_before:i hash:t body:t",
        2,
    ),
    Table(
        "submission",
        "id:t authority:t idempotency_key:t sha256:t question:t actor:t at:t outcome:t edition:t receipt:t",
        1,
    ),
    Table("audit", "seq:i at:t actor:t action:t object:t reason:t previous:t hash:t", 1),
    Table("token", "hash:t label:t role:t authority:t made_at:t expires_at:t revoked_at:t", 1),
    Table(
        "pull",
        "authority:t url:t question:t every_seconds:i etag:t modified:t sha256:t next_at:t last_at:t outcome:t",
        2,
    ),
    Table("subscription", "id:t channel:t address:t secret:t interest:t made_at:t ended_at:t told_until:t", 1),
    Table("delivery", "id:t subscription:t edition:t body:b attempts:i next_at:t outcome:t dead_at:t", 1),
];

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database does not answer.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The file cannot be read or written.
    #[error("the backup cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    /// It is not whole, or no backup; or there is a repository already.
    #[error("{0}")]
    Wrong(String),
}

fn columns(table: &Table) -> Vec<(&'static str, &'static str)> {
    table.1.split(' ').filter_map(|column| column.split_once(':')).collect()
}

/// Writes a backup of one moment. Returns how many rows it holds.
///
/// # Errors
/// [`CopyError`]; the file is then no backup.
pub async fn backup(db: &dyn Database, path: &Path) -> Result<u64, CopyError> {
    let mut out = Out::new(path)?;
    out.line(&json!({ "format": FORMAT }))?;
    let mut tx = db.read().await?;
    let mut rows = 0;
    for table in TABLES {
        let columns = columns(table);
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let keys = names.get(..table.2).unwrap_or_default().join(", ");
        let mut after: Option<Vec<Value>> = None;
        loop {
            let (from, values) = match after.take() {
                None => (String::new(), Vec::new()),
                Some(key) => {
                    let places: Vec<String> = (1..=key.len()).map(|n| format!("${n}")).collect();
                    (format!("WHERE ({keys}) > ({})", places.join(", ")), key)
                }
            };
            let all = names.join(", ");
            let sql = format!("SELECT {all} FROM {} {from} ORDER BY {keys} LIMIT {AT_ONCE}", table.0);
            let some = tx.rows(&sql, values).await?;
            let ended = (some.len() as u64) < AT_ONCE;
            for mut row in some {
                let values = read(&mut row, &columns)?;
                out.line(&json!({ "table": table.0, "row": values.iter().map(written).collect::<Vec<_>>() }))?;
                after = Some(values.into_iter().take(table.2).collect());
                rows += 1;
            }
            if ended {
                break;
            }
        }
    }
    out.finish(rows)?;
    Ok(rows)
}

fn read(row: &mut Row, columns: &[(&str, &str)]) -> Result<Vec<Value>, DbError> {
    columns
        .iter()
        .map(|(_, kind)| {
            Ok(match *kind {
                "i" => Value::from(row.maybe_int()?),
                "b" => Value::from(row.bytes()?),
                _ => Value::Text(row.maybe_text()?),
            })
        })
        .collect()
}

fn written(value: &Value) -> Json {
    match value {
        Value::Int(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!(bytes.as_ref().map(|b| STANDARD.encode(b))),
    }
}

/// The tokens of a backup. It does not know which of them were revoked since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// They count as they did.
    Kept,
    /// All are revoked at this moment.
    Revoked(Timestamp),
}

/// Fills an empty database from a backup, in one transaction, and puts every published file among those that go out. Returns
/// how many rows were restored.
///
/// # Errors
/// [`CopyError`]: nothing was restored then.
pub async fn restore(db: &dyn Database, path: &Path, tokens: Tokens) -> Result<u64, CopyError> {
    check(path)?;
    let mut tx = db.write().await?;
    if tx.first("SELECT 1 FROM repository", vec![]).await?.is_some() {
        return Err(CopyError::Wrong("there is a repository already; restore into an empty database".into()));
    }
    let mut rows = 0;
    for line in lines(path)? {
        let line: Json = serde_json::from_str(&line?).map_err(|e| CopyError::Wrong(e.to_string()))?;
        let Some(name) = line["table"].as_str() else { continue };
        let damaged = || CopyError::Wrong(format!("a row of {name} is damaged"));
        let table = TABLES.iter().find(|table| table.0 == name).ok_or_else(damaged)?;
        let columns = columns(table);
        let cells = line["row"].as_array().filter(|cells| cells.len() == columns.len()).ok_or_else(damaged)?;
        let mut values = Vec::with_capacity(cells.len());
        for ((_, kind), cell) in columns.iter().zip(cells) {
            values.push(match *kind {
                "i" => Value::Int(cell.as_i64()),
                "b" => {
                    let text = cell.as_str().ok_or_else(damaged)?;
                    Value::Bytes(Some(STANDARD.decode(text).map_err(|_| damaged())?))
                }
                _ => Value::Text(cell.as_str().map(str::to_owned)),
            });
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        let sql = format!("INSERT INTO {name} ({}) VALUES ({})", names.join(", "), places.join(", "));
        tx.change(&sql, values).await?;
        rows += 1;
    }
    if let Tokens::Revoked(at) = tokens {
        let revoked = super::token::revoke_all(&mut *tx, at).await?;
        if revoked > 0 {
            let why = format!("{revoked} tokens of a backup that was restored");
            super::audit::note(&mut *tx, at, "repository", "revoke", "all tokens", &why).await?;
        }
    }
    send_all(&mut *tx).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Puts every file that was ever published among those that go out.
pub(crate) async fn send_all(tx: &mut dyn Run) -> Result<(), CopyError> {
    use super::{edition, role};
    use crate::{authority, manifest, metadata, name};
    let mut targets = Vec::new();
    for (authority, _) in super::authority::all(tx).await? {
        let mut before = i64::MAX as u64;
        loop {
            let some = edition::published(tx, &authority.id, before, AT_ONCE).await?;
            for kept in &some {
                targets.push((kept.hash.clone(), name::target(&authority.id, manifest::NAME)));
                for part in &kept.manifest.parts {
                    targets.push((part.sha256.clone(), name::target(&authority.id, &part.name)));
                }
            }
            match some.last() {
                Some(last) if last.manifest.number > 1 => before = last.manifest.number,
                _ => break,
            }
        }
    }
    for mut row in tx.rows("SELECT bytes FROM role WHERE name = 'targets'", vec![]).await? {
        if let Ok(role) = metadata::from_bytes::<tough::schema::Targets>(&row.bytes()?) {
            for target in role.signed.targets.values() {
                targets.push((crate::key::hex(target.hashes.sha256.as_ref()), authority::TARGET.to_owned()));
            }
        }
    }
    for (sha256, target) in targets {
        role::send_target(tx, &sha256, &target).await?;
    }
    role::send_roles(tx).await?;
    Ok(())
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>, CopyError> {
    let reader = zstd::Decoder::new(File::open(path)?)?;
    let mut reader = BufReader::with_capacity(1 << 20, reader);
    Ok(std::iter::from_fn(move || {
        let mut line = String::new();
        match reader.by_ref().take(MOST_LINE).read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(error) => Some(Err(error)),
        }
    }))
}

/// Whether a backup is whole: its last line counts its rows and carries the hash of all lines before.
fn check(path: &Path) -> Result<(), CopyError> {
    let (mut hash, mut rows, mut first, mut ended) = (Sha256::new(), 0u64, true, false);
    for line in lines(path)? {
        let line = line?;
        if first && !line.contains(FORMAT) {
            return Err(CopyError::Wrong("this is no backup of a repository".into()));
        }
        first = false;
        if let Some(end) = line.strip_prefix("{\"end\":") {
            let end: Json = serde_json::from_str(end.trim_end().trim_end_matches('}')).unwrap_or_default();
            let digest = crate::key::hex(&hash.finalize_reset());
            ended = end.as_str() == Some(&format!("{rows} {digest}"));
            continue;
        }
        rows += u64::from(line.starts_with("{\"table\":"));
        hash.update(line.as_bytes());
        ended = false;
    }
    if ended { Ok(()) } else { Err(CopyError::Wrong("the backup is not whole: its end is missing or differs".into())) }
}

struct Out {
    writer: BufWriter<zstd::Encoder<'static, File>>,
    hash: Sha256,
}

impl Out {
    fn new(path: &Path) -> Result<Self, CopyError> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        Ok(Self { writer: BufWriter::with_capacity(1 << 20, zstd::Encoder::new(file, 3)?), hash: Sha256::new() })
    }

    fn line(&mut self, line: &Json) -> Result<(), CopyError> {
        let mut text = line.to_string();
        text.push('\n');
        self.hash.update(text.as_bytes());
        Ok(self.writer.write_all(text.as_bytes())?)
    }

    fn finish(mut self, rows: u64) -> Result<(), CopyError> {
        let digest = crate::key::hex(&self.hash.finalize());
        writeln!(self.writer, "{{\"end\":\"{rows} {digest}\"}}")?;
        let encoder = self.writer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        encoder.finish()?.sync_all()?;
        Ok(())
    }
}
