//! Tariff editions: the measures, areas and programmes of one authority, beside its economy file.

use super::*;
use crate::record::edition::{Area, Edition, Entry, Program as ClaimProgram};
use crate::record::{Fact, Head};

/// A tariff edition, ready to be compiled.
///
/// ```
/// use tidewaiter::ratebook::compile::EditionFile;
/// use tidewaiter::record::edition::Entry;
///
/// let lines = r#"{"edition":{"authority":"Q Customs","territory":"Q","title":"Tariff","format":"sheet","known_from":"2026-01-01"}}
/// {"fact":{"key":"q.tariff","statement":"The tariff of Q.","source":{"publisher":"Q Customs"},"confidence":"high"}}
/// {"measure":{"code":"6109","kind":"third-country","amount":"12 %","cites":["q.tariff"]}}"#;
/// let entries = lines.lines().map(serde_json::from_str::<Entry>).collect::<Result<Vec<_>, _>>()?;
/// let edition = EditionFile::new("q.ndjson", [0; 32], entries).map_err(|p| p.message)?;
/// assert_eq!(edition.measures(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct EditionFile {
    pub(super) head: Edition,
    pub(super) sha256: [u8; 32],
    pub(super) file: SourceFile,
    pub(super) areas: BTreeMap<String, Vec<Area>>,
    pub(super) programs: BTreeMap<String, Vec<ClaimProgram>>,
    /// Measures that can apply to nothing.
    passed_over: usize,
    pub(super) published: Option<PublishedIn>,
}

impl EditionFile {
    /// Sorts the entries of an edition file.
    ///
    /// `sha256` is the hash of the file's bytes, which quotes name. Entries that no quote computes with (lines, texts,
    /// quotas, rules of origin, exchange rates) are passed over.
    ///
    /// # Errors
    /// A [`Problem`] where the first entry is no `edition`, or it names no territory.
    pub fn new(name: &str, sha256: [u8; 32], entries: impl IntoIterator<Item = Entry>) -> Result<Self, Problem> {
        let problem = |message: &str| Problem {
            file: name.to_owned(),
            path: "edition".into(),
            line: 1,
            column: 1,
            message: message.to_owned(),
        };
        let mut entries = entries.into_iter();
        let Some(Entry::Edition(head)) = entries.next() else {
            return Err(problem("the first line is not an edition"));
        };
        let Some(territory) = head.territory.clone() else {
            return Err(problem("the edition names no territory, so its measures are nobody's"));
        };
        let mut economy = Economy {
            economy: Head {
                territory,
                currency: head.currency.clone().unwrap_or_default(),
                known_from: head.known_from,
                summary: String::new(),
                tax_name: None,
                note: None,
            },
            fact: Vec::new(),
            bases: BTreeMap::new(),
            codes: BTreeMap::new(),
            groups: BTreeMap::new(),
            charge: Vec::new(),
            rate: Vec::new(),
            measure: Vec::new(),
            bound: Vec::new(),
            ask: Vec::new(),
            waiver: Vec::new(),
            fx: crate::record::Exchange::default(),
            scheme: Vec::new(),
            dispute: Vec::new(),
        };
        let mut areas: BTreeMap<String, Vec<Area>> = BTreeMap::new();
        let mut programs: BTreeMap<String, Vec<ClaimProgram>> = BTreeMap::new();
        let mut passed_over = 0;
        for entry in entries {
            match entry {
                Entry::Fact(fact) => economy.fact.push(fact),
                // Nobody can claim it.
                Entry::Measure(Measure {
                    kind: MeasureKind::Preference | MeasureKind::Quota, program: None, ..
                }) => passed_over += 1,
                Entry::Measure(measure) => economy.measure.push(measure),
                Entry::Rate(rate) => economy.rate.push(rate),
                Entry::Area(area) => areas.entry(area.code.clone()).or_default().push(area),
                Entry::Program(program) => programs.entry(program.key.clone()).or_default().push(program),
                _ => {}
            }
        }
        let file = SourceFile { name: name.to_owned(), text: String::new(), economy, published: None };
        Ok(Self { head, sha256, file, areas, programs, passed_over, published: None })
    }

    /// The edition in which it was published: quotes name that one in place of the file.
    pub fn publish(&mut self, edition: PublishedIn) {
        self.published = Some(edition);
    }

    /// The day from which what it says was known.
    pub fn known_from(&self) -> Date {
        self.head.known_from
    }

    /// Whose edition it is.
    pub fn territory(&self) -> &str {
        &self.file.economy.economy.territory
    }

    /// How its measures were published.
    pub(super) fn how_published(&self, territory: u16) -> Published {
        let complete_from = self.head.complete_from.or(self.head.history_from).map_or(DAY_MIN, day_number);
        Published {
            territory,
            edition: true,
            known_from: day_number(self.head.known_from),
            history_from: self.head.history_from.map_or(DAY_MAX, day_number),
            complete_from: if self.head.complete { complete_from } else { DAY_MAX },
        }
    }

    /// Who published it.
    pub fn authority(&self) -> &str {
        &self.head.authority
    }

    /// How many measures it holds, also those that no quote computes with.
    pub fn measures(&self) -> usize {
        self.file.economy.measure.len() + self.passed_over
    }

    /// Its sourced statements.
    pub fn facts(&self) -> &[Fact] {
        &self.file.economy.fact
    }

    /// Classes of tax rates by code, for the economy's own tables.
    pub fn rates(&self) -> &[Rate] {
        &self.file.economy.rate
    }
}

impl<'w> Compiler<'w> {
    /// Adds a tariff edition. Mistakes are kept for [`Compiler::finish`].
    pub fn add_edition(&mut self, edition: &'w EditionFile) {
        self.editions.push(edition);
    }

    /// The set of programmes that each give a measure.
    pub(super) fn claim_set(
        &mut self,
        part: Part<'w>,
        path: &str,
        measure: &'w Measure,
        programs: &BTreeMap<String, Vec<ClaimProgram>>,
        ids: &HashMap<(&str, &str), u32>,
    ) -> Option<u16> {
        let Some(named) = &measure.program else { return Some(NO_ID) };
        let mut rows: Vec<ClaimRow> = Vec::new();
        for name in names(named) {
            let program = U32::new(self.text(&name));
            let Some(records) = programs.get(&name) else {
                if !programs.is_empty() {
                    let help = nearest(&name, programs.keys().map(String::as_str));
                    self.problem(part.file, path, format!("no programme \"{name}\" stands in this edition{help}"));
                    return None;
                }
                rows.push(ClaimRow {
                    program,
                    proof: self.text_or_none(measure.proof.as_deref()),
                    name: U32::new(NONE),
                    origin: U16::new(0),
                    pad: U16::new(0),
                    from: I32::new(DAY_MIN),
                    before: I32::new(DAY_MAX),
                    cites: self.list([]),
                });
                continue;
            };
            for record in records {
                let origin = match &record.origin {
                    Places::One(word) if word == "all" => 0,
                    places => match self.set(&names(places), &[part]) {
                        Ok(id) => id,
                        Err(message) => {
                            self.problem(part.file, &format!("program {name}"), message);
                            return None;
                        }
                    },
                };
                let proof = record.proof.as_deref().or(measure.proof.as_deref());
                rows.push(ClaimRow {
                    program,
                    proof: self.text_or_none(proof),
                    name: self.text_or_none(Some(&record.name)),
                    origin: U16::new(origin),
                    pad: U16::new(0),
                    from: day_or(record.from, DAY_MIN),
                    before: day_or(record.before, DAY_MAX),
                    cites: self.cites(part, &[part], ids, &format!("program {name}"), &record.cites),
                });
            }
        }
        use zerocopy::IntoBytes;
        let key = rows.as_bytes().to_vec();
        if let Some(&at) = self.claim_sets.get(&key) {
            return Some(at);
        }
        let at = self.draft.claim_dir.len();
        if at >= usize::from(NO_ID) {
            self.problem(part.file, path, "too many different sets of programmes");
            return None;
        }
        let run = run_of(&mut self.draft.claims, rows);
        self.draft.claim_dir.push(ClaimDirRow { rows: run });
        self.claim_sets.insert(key, at as u16);
        Some(at as u16)
    }

    /// A note, or the one that says the same.
    pub(super) fn measure_note(&mut self, note: MeasureNoteRow) -> u32 {
        use zerocopy::IntoBytes;
        let key = note.as_bytes().to_vec();
        if let Some(&at) = self.notes.get(&key) {
            return at;
        }
        let at = self.draft.measure_notes.len() as u32;
        self.draft.measure_notes.push(note);
        self.notes.insert(key, at);
        at
    }
}
