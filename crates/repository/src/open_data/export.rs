//! Writing the tables, row by row, in constant memory: the rows of one Parquet row group are held, and no more.

use super::comma::Comma;
use super::lines::Lines;
use super::parquet_table::ParquetTable;
use super::values::values;
use super::{OpenDataError, Row};
use jiff::Timestamp;
use std::io::Write;

/// After how many rows progress is told.
pub const TOLD_EVERY: u64 = 10_000;

/// What tables say about themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Name of the repository, for people.
    pub repository: String,
    /// Where it stands.
    pub address: String,
    /// When the tables were made.
    pub made: Timestamp,
    /// Newest edition of each authority in them.
    pub newest: Vec<Newest>,
    /// Licences of the editions in them, each once.
    pub licences: Vec<String>,
}

/// The newest edition of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// Name of the authority.
    pub authority: String,
    /// Number of the edition.
    pub number: u64,
    /// SHA-256 of the edition.
    pub sha256: String,
}

type Out<'w> = Box<dyn Write + Send + 'w>;

/// One or several tables that are written together.
///
/// ```
/// use tidewaiter_repository::open_data::{Row, export::{About, Export}};
/// let about = About {
///     repository: "Repository of Q".into(),
///     address: "https://rates.example/".into(),
///     made: "2026-11-22T06:00:00Z".parse()?,
///     newest: Vec::new(),
///     licences: Vec::new(),
/// };
/// let row = Row {
///     authority: "q-bank".into(),
///     territory: None,
///     kind: "exchange-rate".into(),
///     key: "EUR/XQD".into(),
///     valid_from: Some(jiff::civil::date(2026, 11, 22)),
///     valid_before: None,
///     known_from: jiff::civil::date(2026, 11, 22),
///     known_before: None,
///     first_edition: 1,
///     last_before: None,
///     record: r#"{"exchange-rate":{"series":"q-bank","base":"EUR","currency":"XQD","rate":"1.5","from":"2026-11-22"}}"#.into(),
/// };
/// let (mut csv, mut json) = (Vec::new(), Vec::new());
/// let mut export = Export::new().csv(&mut csv)?.ndjson(&mut json);
/// export.push(&row)?;
/// assert_eq!(export.finish()?, 1);
/// assert!(String::from_utf8(csv)?.contains("EUR,XQD,1.5,q-bank"));
/// # let mut parquet = Vec::new();
/// # Export::new().parquet(&mut parquet, &about)?.finish()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Export<'w> {
    csv: Option<Comma<Out<'w>>>,
    ndjson: Option<Lines<Out<'w>>>,
    parquet: Option<ParquetTable<Out<'w>>>,
    rows: u64,
}

impl std::fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<'w> Export<'w> {
    /// Writes nothing yet: name the tables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also writes CSV.
    ///
    /// # Errors
    /// Where the header cannot be written.
    pub fn csv(mut self, out: impl Write + Send + 'w) -> Result<Self, OpenDataError> {
        self.csv = Some(Comma::new(Box::new(out) as Out<'w>).map_err(OpenDataError::write("CSV"))?);
        Ok(self)
    }

    /// Also writes NDJSON. Each piece is written as it comes: hand in a buffered writer.
    #[must_use]
    pub fn ndjson(mut self, out: impl Write + Send + 'w) -> Self {
        self.ndjson = Some(Lines::new(Box::new(out)));
        self
    }

    /// Also writes Parquet.
    ///
    /// # Errors
    /// Where its begin cannot be written.
    pub fn parquet(mut self, out: impl Write + Send + 'w, about: &About) -> Result<Self, OpenDataError> {
        let table = ParquetTable::new(Box::new(out) as Out<'w>, about);
        self.parquet = Some(table.map_err(OpenDataError::write("Parquet"))?);
        Ok(self)
    }

    /// Writes a row to all of them.
    ///
    /// # Errors
    /// [`OpenDataError::Row`] for a record that cannot be read; [`OpenDataError::Write`].
    pub fn push(&mut self, row: &Row) -> Result<(), OpenDataError> {
        self.rows += 1;
        let values = values(row).map_err(|what| OpenDataError::Row {
            row: self.rows,
            authority: row.authority.clone(),
            kind: row.kind.clone(),
            key: row.key.chars().take(100).collect(),
            what,
        })?;
        if let Some(csv) = &mut self.csv {
            csv.row(&values).map_err(OpenDataError::write("CSV"))?;
        }
        if let Some(ndjson) = &mut self.ndjson {
            ndjson.row(&values).map_err(OpenDataError::write("JSON"))?;
        }
        if let Some(parquet) = &mut self.parquet {
            parquet.row(&values).map_err(OpenDataError::write("Parquet"))?;
        }
        Ok(())
    }

    /// Writes all rows, ends the tables, and says how many rows they have. `progress` is told the number of rows every
    /// [`TOLD_EVERY`] rows and at the end.
    ///
    /// # Errors
    /// The first row that cannot be read or written. What was written by then is no whole table: remove it.
    pub fn all<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        mut self,
        rows: impl IntoIterator<Item = Result<Row, E>>,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, OpenDataError> {
        for row in rows {
            let row = row.map_err(|error| OpenDataError::Read { row: self.rows + 1, error: error.into() })?;
            self.push(&row)?;
            if self.rows.is_multiple_of(TOLD_EVERY) {
                progress(self.rows);
            }
        }
        progress(self.rows);
        self.finish()
    }

    /// Ends the tables and says how many rows they have. Without it they are not whole.
    ///
    /// # Errors
    /// Where the last bytes cannot be written.
    pub fn finish(self) -> Result<u64, OpenDataError> {
        if let Some(csv) = self.csv {
            csv.finish().map_err(OpenDataError::write("CSV"))?;
        }
        if let Some(ndjson) = self.ndjson {
            ndjson.finish().map_err(OpenDataError::write("JSON"))?;
        }
        if let Some(parquet) = self.parquet {
            parquet.finish().map_err(OpenDataError::write("Parquet"))?;
        }
        Ok(self.rows)
    }
}
