//! Rows of an NDJSON file, one object a line. Numbers stay text. A line that is no object spoils no other.

use crate::decode::{Bad, Decoded, not_text};
use crate::{BulkError, COLUMNS};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let field = |(name, _): &(&str, &str)| Field::new(*name, DataType::Utf8, true);
    Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>()))
});

/// Lines as a table of the columns that are known; members of other names are passed over.
pub(crate) fn decode(bytes: &[u8], rows: &[Range<u32>], first: u64) -> Result<Decoded, BulkError> {
    let lines: Vec<&[u8]> = rows.iter().map(|r| bytes[r.start as usize..r.end as usize].trim_ascii()).collect();
    let mut bad = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Err(error) = std::str::from_utf8(line) {
            return Err(BulkError::Text(not_text(first + at as u64, line.get(error.valid_up_to()).copied())));
        }
        if let Some(wrong) = wrong(line) {
            bad.push((at, wrong));
        }
    }
    let table = match table(&lines, &bad) {
        Ok(table) => table,
        // Some line has a member that no cell can hold: each is tried alone.
        Err(_) => {
            bad.clear();
            for (at, line) in lines.iter().enumerate() {
                let found = || String::from_utf8_lossy(line).into_owned();
                let held = || "text or numbers for the columns that are read, neither lists nor objects";
                bad.extend(
                    wrong(line)
                        .or_else(|| table(&[line], &[]).err().map(|_| Bad::new("", &found(), held())))
                        .map(|b| (at, b)),
                );
            }
            table(&lines, &bad)?
        }
    };
    // Every column we know is there, most of them empty: those count as absent.
    let keep: Vec<usize> =
        (0..table.num_columns()).filter(|&at| table.column(at).null_count() < table.num_rows()).collect();
    Ok(Decoded { table: table.project(&keep)?, bad })
}

/// What is wrong with a line, unless it is an object.
fn wrong(line: &[u8]) -> Option<Bad> {
    let told = |why: String| {
        let expected =
            format!("one JSON object on a line, such as {{\"code\": \"6109.10\", \"price\": \"12.50\"}}: {why}");
        Bad::new("", &String::from_utf8_lossy(line), &expected)
    };
    if !line.starts_with(b"{") {
        return Some(told("this line does not begin with {".into()));
    }
    match serde_json::from_slice::<serde::de::IgnoredAny>(line) {
        Ok(_) => None,
        Err(error) => {
            let said = error.to_string();
            let said = said.split(" at line").next().unwrap_or_default();
            Some(told(format!("{said}, at character {}", error.column())))
        }
    }
}

/// The lines as a table; those that are wrong are empty in it.
fn table(lines: &[&[u8]], bad: &[(usize, Bad)]) -> Result<RecordBatch, ArrowError> {
    let mut decoder = arrow_json::ReaderBuilder::new(Arc::clone(&SCHEMA))
        .with_coerce_primitive(true)
        .with_batch_size(lines.len().max(1))
        .build_decoder()?;
    let mut bad = bad.iter().map(|(at, _)| *at).peekable();
    for (at, line) in lines.iter().enumerate() {
        let line: &[u8] = if bad.next_if_eq(&at).is_some() { b"{}" } else { line };
        decoder.decode(line)?;
        decoder.decode(b"\n")?;
    }
    match decoder.flush()? {
        Some(table) if table.num_rows() == lines.len() => Ok(table),
        _ => Err(ArrowError::JsonError("the lines are no objects".into())),
    }
}
