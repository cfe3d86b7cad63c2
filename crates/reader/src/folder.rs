//! Data folders: the program's own, and those that a repository publishes as "unofficial".

use crate::ReaderError;
use std::path::Path;
use tidewaiter::ratebook::compile::Problem;
use tidewaiter_repository::assemble::Folder;
use tidewaiter_repository::name::Place;

/// The embedded data folder, read as the build did.
///
/// # Errors
/// Where it cannot be unpacked on this machine.
pub fn embedded_folder() -> Result<Folder, ReaderError> {
    read_files(&tidewaiter_data::files()).map_err(|problems| ReaderError::of_problems(&problems))
}

/// Reads the files of a data folder, as "unofficial" publishes them.
///
/// # Errors
/// What is wrong, and in which file.
pub fn read_files(files: &[(String, Vec<u8>)]) -> Result<Folder, Vec<Problem>> {
    let wrong = |file: &str, message: String| {
        vec![Problem { file: file.to_owned(), path: String::new(), line: 0, column: 0, message }]
    };
    let place = tempfile::tempdir().map_err(|e| wrong("", format!("no temporary folder: {e}")))?;
    for (name, bytes) in files {
        // A path of words, which stays in the folder.
        let inside = Place::new(name).map_err(|e| wrong(name, e.to_string()))?;
        let path = place.path().join(inside.as_str());
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, bytes));
        made.map_err(|e| wrong(name, format!("cannot be written: {e}")))?;
    }
    read(place.path()).map_err(|mut problems| {
        // Where it was unpacked says nothing to who sent it.
        let there = format!("{}/", place.path().display());
        for problem in &mut problems {
            problem.file = problem.file.replacen(&there, "", 1);
        }
        problems
    })
}

/// Reads a data folder.
///
/// # Errors
/// What is wrong, and in which file.
pub fn read_folder(place: &Path) -> Result<Folder, ReaderError> {
    read(place).map_err(|problems| ReaderError::of_problems(&problems))
}

fn read(place: &Path) -> Result<Folder, Vec<Problem>> {
    let (world, economies, tariffs) = tidewaiter_data::folder::read(place)?;
    Ok(Folder { world, economies, tariffs, ..Folder::default() })
}
