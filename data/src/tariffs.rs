//! Reads `tariffs/`: duties of single lines, and bounds for the rest. Every row names the source it was read in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tidewaiter::ratebook::compile::{EditionFile, Problem, SourceFile};
use tidewaiter::record::edition::{Area, Edition, Entry, Program};
use tidewaiter::record::{Bound, Confidence, Fact, Measure, MeasureKind, Places, Source, Verdict, Written};

/// What is said of a destination of which only single lines are loaded.
const LIMITS: &str = "Of this destination's tariff only the duty for all origins is loaded, for single goods. Preferences of trade agreements and trade-defence duties (anti-dumping and the like) are not: ask its customs, or a broker.";

#[derive(serde::Deserialize)]
struct Sources {
    source: Vec<Listed>,
}

/// A source of `sources.toml`.
#[derive(serde::Deserialize)]
struct Listed {
    key: String,
    publisher: String,
    title: String,
    url: String,
    date: Option<toml::value::Datetime>,
    licence: Option<String>,
    nomenclature: Option<String>,
    read: Option<String>,
}

impl Listed {
    fn date(&self) -> Option<jiff::civil::Date> {
        self.date.and_then(|d| d.to_string().parse().ok())
    }

    /// The fact that rows of one confidence rest on.
    fn fact(&self, confidence: Confidence) -> Fact {
        Fact {
            key: key_of(&self.key, confidence),
            topic: "tariff".into(),
            statement: format!("Duties read in: {}.", self.title),
            law: None,
            source: Source {
                publisher: self.publisher.clone(),
                title: Some(self.title.clone()),
                url: Some(self.url.clone()),
                date: self.date(),
            },
            from: None,
            before: None,
            confidence,
            note: self.read.as_ref().map(|read| format!("Read in {read}.")),
        }
    }
}

fn key_of(source: &str, confidence: Confidence) -> String {
    let word = match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    format!("tariffs.{source}.{word}")
}

fn confidence_of(word: &str) -> Option<Confidence> {
    match word {
        "high" => Some(Confidence::High),
        "medium" => Some(Confidence::Medium),
        "low" => Some(Confidence::Low),
        _ => None,
    }
}

/// What the rows of a whole tariff lean on: `XX.toml` beside `XX.csv`.
#[derive(serde::Deserialize)]
struct Page {
    edition: Edition,
    /// Sets of programmes, by name.
    #[serde(default)]
    sets: BTreeMap<String, Vec<String>>,
    /// Sentences, by name.
    #[serde(default)]
    says: BTreeMap<String, String>,
    #[serde(default)]
    fact: Vec<Fact>,
    #[serde(default)]
    area: Vec<Area>,
    #[serde(default)]
    program: Vec<Program>,
}

impl Page {
    /// The entries of a whole tariff.
    fn entries(self, table: &str, name: &str) -> Result<Vec<Entry>, Vec<Problem>> {
        let mut out = vec![Entry::Edition(self.edition)];
        out.extend(self.fact.into_iter().map(Entry::Fact));
        out.extend(self.area.into_iter().map(Entry::Area));
        out.extend(self.program.into_iter().map(Entry::Program));
        let mut problems = Vec::new();
        for row in rows(table) {
            match measure(&row, &self.sets, &self.says) {
                Ok(measure) => out.push(Entry::Measure(measure)),
                Err(message) => {
                    problems.push(Problem {
                        file: name.to_owned(),
                        path: String::new(),
                        line: row.line,
                        column: 1,
                        message,
                    });
                }
            }
        }
        if problems.is_empty() { Ok(out) } else { Err(problems) }
    }
}

/// A row of a whole tariff.
fn measure(
    row: &Row,
    sets: &BTreeMap<String, Vec<String>>,
    says: &BTreeMap<String, String>,
) -> Result<Measure, String> {
    let date = |column: &str| match row.get(column) {
        "" => Ok(None),
        cell => cell.parse().map(Some).map_err(|_| format!("{column} \"{cell}\" is no date")),
    };
    let (amount, outcome) = match row.get("duty").strip_prefix('!') {
        None => (Some(Written::Words(row.get("duty").to_owned())), None),
        Some(word) => {
            let outcome = match word {
                "unknown" => Verdict::Unknown,
                "not-allowed" => Verdict::NotAllowed,
                "formal-entry" => Verdict::FormalEntry,
                "prohibited" => Verdict::Prohibited,
                other => return Err(format!("\"{other}\" is no outcome")),
            };
            (None, Some(outcome))
        }
    };
    let kind = match row.get("kind") {
        "" | "third-country" => MeasureKind::ThirdCountry,
        "preference" => MeasureKind::Preference,
        "suspension" => MeasureKind::Suspension,
        "quota" => MeasureKind::Quota,
        "additional" => MeasureKind::Additional,
        "excise" => MeasureKind::Excise,
        other => return Err(format!("\"{other}\" is no kind of line")),
    };
    let program = match row.get("program") {
        "" => None,
        cell => match cell.strip_prefix('@') {
            None => Some(Places::One(cell.to_owned())),
            Some(set) => {
                Some(Places::Many(sets.get(set).ok_or_else(|| format!("\"{set}\" is no set of programmes"))?.clone()))
            }
        },
    };
    let sentence = match row.get("says").strip_prefix('@') {
        None => None,
        Some(at) => Some(says.get(at).ok_or_else(|| format!("\"{at}\" is no sentence of the page"))?.clone()),
    };
    Ok(Measure {
        code: row.get("code").to_owned(),
        kind,
        amount,
        outcome,
        says: sentence,
        origin: match row.get("origin") {
            "" | "all" => None,
            cell => Some(Places::Many(cell.split(' ').map(str::to_owned).collect())),
        },
        program,
        from: date("from")?,
        before: date("before")?,
        cites: row.get("cites").split(' ').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
        ..Measure::default()
    })
}

/// Cells of a row by the name of their column.
struct Row {
    line: usize,
    cells: BTreeMap<String, String>,
}

impl Row {
    fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Rows of a small CSV file; a cell with a comma stands in double quotes.
fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines().enumerate();
    let names: Vec<String> = lines.next().map(|(_, head)| cells(head)).unwrap_or_default();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| Row { line: at + 1, cells: names.iter().cloned().zip(cells(line)).collect() })
        .collect()
}

fn cells(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => {
                if let Some(cell) = out.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    out
}

/// A whole tariff: its table and its page.
fn whole(path: &Path, table: &str, page: &str, name: &str) -> Result<EditionFile, Vec<Problem>> {
    let read: Page = toml::from_str(page).map_err(|e| {
        let line = e.span().map_or(0, |s| page[..s.start.min(page.len())].matches('\n').count() + 1);
        vec![Problem {
            file: path.display().to_string(),
            path: String::new(),
            line,
            column: 1,
            message: e.message().to_owned(),
        }]
    })?;
    let relative = format!("tariffs/{name}");
    let entries = read.entries(table, &relative)?;
    let sha256 = tidewaiter::ratebook::compile::sha256(format!("{page}{table}").as_bytes());
    EditionFile::new(&relative, sha256, entries).map_err(|p| vec![p])
}

/// Entries of a whole tariff, from its table and its page.
///
/// # Errors
/// A problem for each row that names what the page does not hold.
pub fn entries(table: &str, page: &str, name: &str) -> Result<Vec<Entry>, Vec<Problem>> {
    let read: Page = toml::from_str(page).map_err(|e| {
        vec![Problem {
            file: name.to_owned(),
            path: String::new(),
            line: 0,
            column: 0,
            message: e.message().to_owned(),
        }]
    })?;
    read.entries(table, name)
}

/// Reads the tariff lines of a data folder, and adds the bounds to the economies they are of.
///
/// # Errors
/// A problem for each row that names an unknown source, economy, date or confidence.
pub fn read(folder: &Path, files: &mut [SourceFile]) -> Result<Vec<EditionFile>, Vec<Problem>> {
    let folder = folder.join("tariffs");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let problem = |file: &Path, line: usize, message: String| Problem {
        file: file.display().to_string(),
        path: String::new(),
        line,
        column: 1,
        message,
    };
    let text =
        |path: &Path| std::fs::read_to_string(path).map_err(|e| vec![problem(path, 0, format!("cannot be read: {e}"))]);
    let path = folder.join("sources.toml");
    let listed: Sources = toml::from_str(&text(&path)?).map_err(|e| vec![problem(&path, 0, e.to_string())])?;
    let listed: BTreeMap<String, Listed> = listed.source.into_iter().map(|s| (s.key.clone(), s)).collect();
    let mut problems = Vec::new();
    let mut editions = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .map_err(|e| vec![problem(&folder, 0, format!("cannot be read: {e}"))])?
        .filter_map(Result::ok)
        .map(|e| e.path())
        .collect();
    // The bounds first: they bring facts that the lines cite too.
    paths.sort_by_key(|p| (p.file_stem().is_none_or(|s| s != "bounds"), p.clone()));
    for path in paths {
        let Some(name) = path.file_name().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
        let Some(territory) = name.strip_suffix(".csv") else { continue };
        if territory.chars().any(|c| c.is_ascii_lowercase()) && territory != "bounds" {
            continue;
        }
        let content = text(&path)?;
        let page = folder.join(format!("{territory}.toml"));
        if page.is_file() {
            match whole(&page, &content, &text(&page)?, &name) {
                Ok(edition) => editions.push(edition),
                Err(more) => problems.extend(more),
            }
            continue;
        }
        let mut facts: BTreeMap<String, Fact> = BTreeMap::new();
        let mut cite = |row: &Row| -> Result<String, Problem> {
            let wrong = |message: String| problem(&path, row.line, message);
            let source = listed
                .get(row.get("source"))
                .ok_or_else(|| wrong(format!("\"{}\" is no source of sources.toml", row.get("source"))))?;
            let confidence = confidence_of(row.get("confidence"))
                .ok_or_else(|| wrong(format!("\"{}\" is not high, medium or low", row.get("confidence"))))?;
            let fact = source.fact(confidence);
            let key = fact.key.clone();
            facts.insert(key.clone(), fact);
            Ok(key)
        };
        if territory == "bounds" {
            let mut used: BTreeSet<(String, String)> = BTreeSet::new();
            for row in rows(&content) {
                let key = match cite(&row) {
                    Ok(key) => key,
                    Err(p) => {
                        problems.push(p);
                        continue;
                    }
                };
                let to = row.get("destination");
                let Some(file) = files.iter_mut().find(|f| f.economy.economy.territory == to) else {
                    problems.push(problem(&path, row.line, format!("\"{to}\" has no economy file")));
                    continue;
                };
                file.economy.bound.push(Bound {
                    codes: vec![row.get("codes").to_owned()],
                    least: row.get("least").to_owned(),
                    most: row.get("most").to_owned(),
                    cites: vec![key.clone()],
                    from: None,
                    before: None,
                    note: Some(row.get("note").to_owned()).filter(|n| !n.is_empty()),
                });
                used.insert((to.to_owned(), key));
            }
            for (to, key) in used {
                let file = files.iter_mut().find(|f| f.economy.economy.territory == to);
                if let (Some(file), Some(fact)) = (file, facts.get(&key))
                    && !file.economy.fact.iter().any(|f| f.key == key)
                {
                    file.economy.fact.push(Fact { key: key.clone(), ..fact.clone() });
                }
            }
            continue;
        }
        let mut measures = Vec::new();
        let mut newest = None;
        for row in rows(&content) {
            let date = |column: &str| -> Result<Option<jiff::civil::Date>, Problem> {
                let cell = row.get(column);
                if cell.is_empty() {
                    return Ok(None);
                }
                cell.parse().map(Some).map_err(|_| problem(&path, row.line, format!("{column} \"{cell}\" is no date")))
            };
            let made = cite(&row).and_then(|key| {
                let source = listed.get(row.get("source"));
                newest = newest.max(source.and_then(Listed::date));
                Ok(Measure {
                    code: row.get("code").to_owned(),
                    kind: MeasureKind::ThirdCountry,
                    amount: Some(Written::Words(row.get("duty").to_owned())),
                    from: date("from")?,
                    before: date("before")?,
                    cites: vec![key],
                    note: Some(row.get("note").to_owned()).filter(|n| !n.is_empty()),
                    ..Measure::default()
                })
            });
            match made {
                Ok(measure) => measures.push(measure),
                Err(p) => problems.push(p),
            }
        }
        let Some(file) = files.iter().find(|f| f.economy.economy.territory == territory) else {
            problems.push(problem(&path, 0, format!("{territory} has no economy file")));
            continue;
        };
        let first =
            facts.keys().next().and_then(|key| listed.get(key.trim_start_matches("tariffs.").rsplit_once('.')?.0));
        let head = Edition {
            authority: first.map_or_else(|| territory.to_owned(), |s| s.publisher.clone()),
            territory: Some(territory.to_owned()),
            currency: Some(file.economy.economy.currency.clone()),
            title: format!("Duties of single lines, {territory}"),
            format: "lines".into(),
            nomenclature: first.and_then(|s| s.nomenclature.clone()),
            known_from: newest.unwrap_or(file.economy.economy.known_from),
            licence: first.and_then(|s| s.licence.clone()),
            limits: Some(LIMITS.into()),
            ..Edition::default()
        };
        // The bounds may have brought the same facts into the economy's own file.
        let own: BTreeSet<&str> = file.economy.fact.iter().map(|f| f.key.as_str()).collect();
        let entries = std::iter::once(Entry::Edition(head))
            .chain(facts.values().filter(|f| !own.contains(f.key.as_str())).cloned().map(Entry::Fact))
            .chain(measures.into_iter().map(Entry::Measure));
        let relative = format!("tariffs/{name}");
        match EditionFile::new(&relative, tidewaiter::ratebook::compile::sha256(content.as_bytes()), entries) {
            Ok(edition) => editions.push(edition),
            Err(p) => problems.push(p),
        }
    }
    if problems.is_empty() { Ok(editions) } else { Err(problems) }
}
