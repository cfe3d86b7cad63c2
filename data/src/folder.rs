//! Reads a data folder: the world's tables and one file per economy.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use tidewaiter::ratebook::compile::{EditionFile, Problem, SourceFile, World, read_economy};
use tidewaiter::record::grammar;

fn problem(file: &Path, message: impl Into<String>) -> Problem {
    Problem { file: file.display().to_string(), path: String::new(), line: 0, column: 0, message: message.into() }
}

fn text(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|e| problem(path, format!("cannot be read: {e}")))
}

/// Reads `territories.toml`, `currencies.toml`, `exchange/`, `economies/*.toml` with their `lists/`, and `tariffs/` of a
/// folder.
///
/// # Errors
/// A problem for each file that cannot be read or parsed.
pub fn read(folder: &Path) -> Result<(World, Vec<SourceFile>, Vec<EditionFile>), Vec<Problem>> {
    let world = world(folder).map_err(|p| vec![p])?;
    let economies = folder.join("economies");
    let entries =
        std::fs::read_dir(&economies).map_err(|e| vec![problem(&economies, format!("cannot be read: {e}"))])?;
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|x| x == "toml"))
        .collect();
    paths.sort();
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        match text(&path).and_then(|t| read_economy(&name, &t)) {
            Ok(mut file) => match add_lists(&mut file, &folder.join("lists")) {
                Ok(()) => files.push(file),
                Err(p) => problems.extend(p),
            },
            Err(p) => problems.push(p),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let editions = crate::tariffs::read(folder, &mut files)?;
    Ok((world, files, editions))
}

/// The files of long code lists that belong to an economy, by name: `XX.toml` and `XX.anything.toml` of the folder.
/// Empty where the folder is not there.
///
/// # Errors
/// A problem if the folder is there and cannot be read.
pub fn list_files(lists: &Path, territory: &str) -> Result<Vec<PathBuf>, Problem> {
    if !lists.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(lists).map_err(|e| problem(lists, format!("cannot be read: {e}")))?;
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|x| x == "toml"))
        .filter(|p| {
            p.file_name().and_then(|n| n.to_str()).and_then(|n| n.split('.').next()).is_some_and(|n| n == territory)
        })
        .collect();
    paths.sort();
    Ok(paths)
}

/// Adds the lists of an economy's list files to its `[codes]`.
///
/// # Errors
/// A problem for each file that cannot be read, is no list file, holds a wrong code, or repeats the name of a list.
pub fn add_lists(file: &mut SourceFile, lists: &Path) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let paths = list_files(lists, &file.economy.economy.territory).map_err(|p| vec![p])?;
    for path in paths {
        let name = path.file_name().map_or_else(String::new, |n| format!("lists/{}", n.to_string_lossy()));
        match text(&path) {
            Ok(content) => problems.extend(merge(file, &name, &content).err().unwrap_or_default()),
            Err(p) => problems.push(p),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What a list file may hold: one table of named code lists, written as in an economy file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    codes: BTreeMap<String, Vec<String>>,
}

/// Adds the lists of one file, given as text, to an economy.
///
/// # Errors
/// As [`add_lists`]; each problem names the list file, with the line of the list.
pub fn merge(file: &mut SourceFile, name: &str, content: &str) -> Result<(), Vec<Problem>> {
    let at = |line: usize, path: String, message: String| Problem {
        file: name.to_owned(),
        path,
        line,
        column: usize::from(line > 0),
        message,
    };
    let parsed: Lists = toml::from_str(content).map_err(|e| {
        let line = e.span().map_or(0, |s| content[..s.start.min(content.len())].matches('\n').count() + 1);
        vec![at(line, String::new(), e.message().to_owned())]
    })?;
    let line_of = |list: &str| {
        content
            .lines()
            .position(|l| l.strip_prefix(list).is_some_and(|rest| rest.trim_start().starts_with('=')))
            .map_or(0, |i| i + 1)
    };
    let mut problems = Vec::new();
    for (list, codes) in parsed.codes {
        let path = format!("codes.{list}");
        for code in &codes {
            let digits = code.split('-').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
            if !digits || grammar::condition(&format!("goods of {code}")).is_err() {
                let message = format!("\"{code}\" is not a code of 2 to 12 digits, or a range of two");
                problems.push(at(line_of(&list), path.clone(), message));
            }
        }
        let line = line_of(&list);
        match file.economy.codes.entry(list) {
            Entry::Occupied(list) => {
                let message =
                    format!("the list {} is already in {} or another of its list files", list.key(), file.name);
                problems.push(at(line, path, message));
            }
            Entry::Vacant(place) => _ = place.insert(codes),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Reads the world's tables of a folder.
///
/// # Errors
/// The first problem.
pub fn world(folder: &Path) -> Result<World, Problem> {
    fn table<T>(path: &Path, parse: impl Fn(&str) -> Result<T, toml::de::Error>) -> Result<T, Problem> {
        let content = text(path)?;
        parse(&content).map_err(|e| {
            let line = e.span().map_or(0, |s| content[..s.start.min(content.len())].matches('\n').count() + 1);
            Problem { line, column: 1, ..problem(path, e.message()) }
        })
    }
    let mut world = World {
        territories: table(&folder.join("territories.toml"), |t| toml::from_str(t))?,
        currencies: table(&folder.join("currencies.toml"), |t| toml::from_str(t))?,
        series: table(&folder.join("exchange/series.toml"), |t| toml::from_str(t))?,
        ..World::default()
    };
    let moved = folder.join("hs.csv");
    if moved.is_file() {
        world.moved = text(&moved)?;
    }
    for series in &world.series.series {
        let content = text(&folder.join("exchange").join(&series.file))?;
        world.rates.insert(series.file.clone(), content);
    }
    Ok(world)
}
