//! Reads a data folder: the world's tables and one file per economy.

use std::path::Path;
use tidewaiter::ratebook::compile::{EditionFile, Problem, SourceFile, World, read_economy};

fn problem(file: &Path, message: impl Into<String>) -> Problem {
    Problem { file: file.display().to_string(), path: String::new(), line: 0, column: 0, message: message.into() }
}

fn text(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|e| problem(path, format!("cannot be read: {e}")))
}

/// Reads `territories.toml`, `currencies.toml`, `exchange/`, `economies/*.toml` and `tariffs/` of a folder.
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
            Ok(file) => files.push(file),
            Err(p) => problems.push(p),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let editions = crate::tariffs::read(folder, &mut files)?;
    Ok((world, files, editions))
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
    for series in &world.series.series {
        let content = text(&folder.join("exchange").join(&series.file))?;
        world.rates.insert(series.file.clone(), content);
    }
    Ok(world)
}
