//! The tables for download: each authority's records, ever published, as CSV, NDJSON and Parquet at the static host, made
//! anew after each of its editions.

use super::{Refusal, Repository};
use crate::open_data::dictionary::{self, Form, Table};
use crate::open_data::editions::{self, EditionRow};
use crate::open_data::export::{About, Export, Newest};
use crate::store::{self, db::Run, edition, record};
use crate::{sha256_hex, values};
use jiff::tz::TimeZone;
use std::io::Seek;

/// Rows read at once.
const AT_ONCE: u64 = 5_000;

/// The tables of an authority.
#[derive(Debug)]
pub struct Tables {
    /// Name, and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// How many records.
    pub rows: u64,
}

impl Repository {
    /// Writes the tables of authorities that published since they were written last. Returns of how many.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database or the static host does not answer.
    pub async fn export(&self) -> Result<u64, Refusal> {
        let mut done = 0;
        let waiting = {
            let mut tx = self.db.read().await?;
            waiting(&mut *tx).await?
        };
        for (authority, number) in waiting {
            let tables = self.tables(&authority).await?;
            for (name, bytes) in tables.files {
                super::distribute::put(&self.public, &format!("open/{authority}/{name}"), bytes, None).await?;
            }
            let mut tx = self.db.write().await?;
            let sql = "INSERT INTO exported (authority, number) VALUES ($1, $2)
                ON CONFLICT (authority) DO UPDATE SET number = excluded.number";
            tx.change(sql, values![&authority, number]).await?;
            tx.commit().await?;
            done += 1;
        }
        Ok(done)
    }

    /// The tables of an authority as of now.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database does not answer.
    pub async fn tables(&self, authority: &str) -> Result<Tables, Refusal> {
        let failed = |e: &dyn std::fmt::Display| Refusal::Unavailable(format!("the tables cannot be written: {e}"));
        let file = || tempfile::tempfile().map_err(|e| failed(&e));
        let (mut csv, mut ndjson, mut parquet) = (file()?, file()?, file()?);
        let now = self.clock.now();
        // One view of one moment: what is published meanwhile comes with the next tables.
        let mut tx = self.db.read().await?;
        let editions = published(&mut *tx, authority).await?;
        let mut licences: Vec<String> = editions.iter().filter_map(|e| e.licence.clone()).collect();
        licences.sort();
        licences.dedup();
        let about = About {
            repository: store::name(&mut *tx).await?.unwrap_or_default(),
            address: self.address.clone(),
            made: now,
            newest: editions
                .first()
                .map(|e| Newest { authority: e.authority.clone(), number: e.number, sha256: e.sha256.clone() })
                .into_iter()
                .collect(),
            licences,
        };
        let writers = (buffered(&csv, failed)?, buffered(&ndjson, failed)?, buffered(&parquet, failed)?);
        let mut export = Export::new().csv(writers.0).map_err(|e| failed(&e))?.ndjson(writers.1);
        export = export.parquet(writers.2, &about).map_err(|e| failed(&e))?;
        let mut after = 0;
        loop {
            let some = record::all(&mut *tx, authority, after, AT_ONCE).await?;
            let Some((last, _)) = some.last() else { break };
            after = *last;
            for (_, row) in &some {
                export.push(row).map_err(|e| failed(&e))?;
            }
        }
        let rows = export.finish().map_err(|e| failed(&e))?;
        drop(tx);
        let mut files = Vec::new();
        for (name, file) in
            [("records.csv", &mut csv), ("records.ndjson", &mut ndjson), ("records.parquet", &mut parquet)]
        {
            let mut bytes = Vec::new();
            file.rewind().and_then(|()| std::io::Read::read_to_end(file, &mut bytes)).map_err(|e| failed(&e))?;
            files.push((name.to_owned(), bytes));
        }
        let mut list = Vec::new();
        editions::write(editions, &mut list).map_err(|e| failed(&e))?;
        files.push(("editions.csv".to_owned(), list));
        files.push(("dictionary.csv".to_owned(), dictionary::csv().into_bytes()));
        let described: Vec<Table> = [Form::Csv, Form::Ndjson, Form::Parquet, Form::Editions]
            .into_iter()
            .zip(&files)
            .map(|(form, (name, bytes))| Table {
                form,
                file: name.clone(),
                bytes: Some(bytes.len() as u64),
                sha256: Some(sha256_hex(bytes)),
            })
            .collect();
        let package = format!("{:#}\n", dictionary::data_package(&about, &described));
        files.push(("datapackage.json".to_owned(), package.into_bytes()));
        Ok(Tables { files, rows })
    }
}

fn buffered(
    file: &std::fs::File,
    failed: impl Fn(&dyn std::fmt::Display) -> Refusal,
) -> Result<std::io::BufWriter<std::fs::File>, Refusal> {
    Ok(std::io::BufWriter::with_capacity(1 << 20, file.try_clone().map_err(|e| failed(&e))?))
}

/// Authorities whose newest edition is not in their tables yet.
async fn waiting(tx: &mut dyn Run) -> Result<Vec<(String, u64)>, Refusal> {
    let sql = "SELECT e.authority, e.number FROM edition e LEFT JOIN exported x ON x.authority = e.authority
        WHERE e.state = 'published' AND (x.number IS NULL OR x.number < e.number) ORDER BY e.authority";
    let rows = tx.rows(sql, vec![]).await?;
    rows.into_iter().map(|mut row| Ok((row.text()?, row.int()?))).collect()
}

async fn published(tx: &mut dyn Run, authority: &str) -> Result<Vec<EditionRow>, Refusal> {
    let mut rows = Vec::new();
    let mut before = i64::MAX as u64;
    loop {
        let some = edition::of(tx, authority, before, 200).await?;
        for kept in &some {
            if let Some(at) = kept.published_at {
                rows.push(EditionRow {
                    authority: authority.to_owned(),
                    number: kept.manifest.number,
                    sha256: kept.hash.clone(),
                    kind: kept.manifest.kind.word().to_owned(),
                    title: kept.manifest.head.title.clone(),
                    published: at.to_zoned(TimeZone::UTC).date(),
                    licence: kept.manifest.head.licence.clone(),
                });
            }
        }
        match some.last() {
            Some(last) if last.manifest.number > 1 => before = last.manifest.number,
            _ => return Ok(rows),
        }
    }
}
