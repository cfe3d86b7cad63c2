//! Which ratebook answers: the one inside the program, or a file.

use crate::args::SourceArgs;
use crate::errors::Failure;
use jiff::civil::Date;
use std::ops::Deref;
use std::path::Path;
use tidewaiter::Ratebook;
use tidewaiter::ratebook::RatebookError;

/// The ratebook in use.
pub(crate) enum Source {
    /// Inside the program.
    Embedded(&'static Ratebook),
    /// Opened from a file.
    Opened(Box<Ratebook>),
}

impl Deref for Source {
    type Target = Ratebook;

    fn deref(&self) -> &Ratebook {
        match self {
            Self::Embedded(ratebook) => ratebook,
            Self::Opened(ratebook) => ratebook,
        }
    }
}

/// Up to this size every byte of a ratebook file is held against its hashes before it answers, for answers name it by them: some
/// 30 ms. Of larger ones `tidewaiter ratebook verify` does so.
const VERIFIED_BYTES: usize = 64 << 20;

/// Opens the ratebook that the flags name.
///
/// # Errors
/// [`Failure::Usage`] if it cannot be opened.
pub(crate) fn open(args: &SourceArgs) -> Result<Source, Failure> {
    match &args.ratebook {
        None => Ok(Source::Embedded(tidewaiter_data::ratebook())),
        Some(path) => open_file(path).map(|r| Source::Opened(Box::new(r))),
    }
}

/// The same for a job of very many questions: a file is read into memory of its own.
///
/// # Errors
/// [`Failure::Usage`] if it cannot be opened.
pub(crate) fn load(args: &SourceArgs) -> Result<Source, Failure> {
    match &args.ratebook {
        None => open(args),
        Some(path) => read_file(path, |path| Ratebook::load(path)).map(|r| Source::Opened(Box::new(r))),
    }
}

/// Opens a ratebook file.
///
/// # Errors
/// [`Failure::Usage`] if it cannot be opened.
pub(crate) fn open_file(path: &Path) -> Result<Ratebook, Failure> {
    read_file(path, |path| Ratebook::open(path))
}

fn read_file(path: &Path, read: fn(&Path) -> Result<Ratebook, RatebookError>) -> Result<Ratebook, Failure> {
    if path.is_dir() {
        return Err(Failure::usage(format!(
            "{} is a folder; build a ratebook from it with `tidewaiter ratebook build`",
            path.display()
        )));
    }
    let opened = read(path).and_then(|ratebook| {
        if ratebook.size() <= VERIFIED_BYTES {
            ratebook.verify()?;
        }
        Ok(ratebook)
    });
    opened.map_err(|e| Failure::usage(format!("{}: {e}", path.display())))
}

/// Today, in UTC.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
