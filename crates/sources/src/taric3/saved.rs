//! A store as a file: NDJSON, its head, then one raw record a line. Reading what was written gives the same store.

use super::schema::schema;
use super::store::{BETWEEN, Completeness, TaricStore, Transmission};
use crate::{ImportError, Source};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Line {
    /// The first line.
    Taric3Store { complete: bool, transmissions: Vec<Told>, areas: BTreeMap<String, String> },
    /// A record: its element, the transmission it came from (from 0), its fields.
    Record(String, u32, Vec<String>),
    /// A key that was deleted.
    Gone(String, Vec<String>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    key: String,
    file: String,
    number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

impl TaricStore {
    /// Writes the store, to go on from later.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save(&self, mut out: impl Write) -> io::Result<()> {
        let told = |t: &Transmission| Told {
            key: t.key.clone(),
            file: t.file.clone(),
            number: t.number.clone(),
            date: t.date.map(|date| date.to_string()),
        };
        let head = Line::Taric3Store {
            complete: self.completeness() == Completeness::Complete,
            transmissions: self.transmissions.iter().map(told).collect(),
            areas: self.areas.clone(),
        };
        write(&mut out, &head)?;
        let split = |text: &str| text.split(BETWEEN).map(str::to_owned).collect::<Vec<_>>();
        for (kind, table) in schema().records.iter().zip(&self.tables) {
            for row in table.rows.values() {
                write(&mut out, &Line::Record(kind.name.to_owned(), row.from, split(&row.values)))?;
            }
            for key in &table.gone {
                write(&mut out, &Line::Gone(kind.name.to_owned(), split(key)))?;
            }
        }
        out.flush()
    }

    /// Reads a store that was saved.
    ///
    /// # Errors
    /// Where the file cannot be read, is too large, or is not such a file; nothing of it is then used.
    pub fn load(mut source: Source) -> Result<Self, ImportError> {
        let file = source.name().to_owned();
        let mut store: Option<Self> = None;
        let mut line = Vec::new();
        let mut row = 0u64;
        loop {
            line.clear();
            source.next_record();
            match source.read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => row += 1,
                Err(error) => return Err(source.explain(error)),
            }
            let parsed = serde_json::from_slice::<Line>(&line).map_err(|error| error.to_string());
            let taken = parsed.and_then(|parsed| take(&mut store, parsed));
            if let Err(reason) = taken {
                let reason = format!("line {row}: {reason}; expected a store that was saved");
                return Err(ImportError::NotThisFormat { file, reason });
            }
        }
        store.ok_or_else(|| ImportError::NotThisFormat { file, reason: "the file is empty".into() })
    }
}

fn write(out: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn take(store: &mut Option<TaricStore>, line: Line) -> Result<(), String> {
    match (line, store.as_mut()) {
        (Line::Taric3Store { complete, transmissions, areas }, None) => {
            let mut begun = TaricStore::new(if complete { Completeness::Complete } else { Completeness::Partial });
            for told in transmissions {
                let date = told.date.map(|text| text.parse::<Date>()).transpose().map_err(|error| error.to_string())?;
                let Told { key, file, number, .. } = told;
                begun.transmissions.push(Transmission { key, file, number, date });
            }
            begun.areas = areas;
            *store = Some(begun);
        }
        (Line::Record(name, from, values), Some(store)) => {
            let kind = schema().find(&name).ok_or_else(|| format!("no record is called {name}"))?;
            let fields = &schema().records[kind].fields;
            if values.len() != fields.len() || values.iter().any(|value| value.contains(BETWEEN)) {
                return Err(format!("{name} has {} fields", fields.len()));
            }
            if from as usize >= store.transmissions.len() {
                return Err(format!("there is no transmission {from}"));
            }
            store.restore(kind, &values, from);
        }
        (Line::Gone(name, key), Some(store)) => {
            let kind = schema().find(&name).ok_or_else(|| format!("no record is called {name}"))?;
            store.tables[kind].gone.insert(key.join(&BETWEEN.to_string()).into());
        }
        (Line::Taric3Store { .. }, Some(_)) => return Err("a second head".into()),
        (_, None) => return Err("no head before it".into()),
    }
    Ok(())
}
