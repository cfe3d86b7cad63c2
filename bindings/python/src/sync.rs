//! Newer rates: a verified copy of a repository, and its ratebook, as `tidewaiter sync` keeps them.

use crate::errors::{Class, exception};
use crate::output;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tidewaiter_reader::{Look, Made, Rates, ReaderError, ToldOlder, open_mirror};
use tidewaiter_repository::client::bundle::Older;
use tidewaiter_repository::client::mirror::{Mirror, MirrorError};

/// How long Python's signals wait at most.
const MOMENT: Duration = Duration::from_millis(50);

/// What came of it.
enum Done {
    Looked(Box<Look>, PathBuf),
    Older(Older, PathBuf),
}

/// Brings a verified copy of a repository up to date and makes its ratebook anew where something changed: what `tidewaiter sync --json`
/// tells.
#[pyfunction]
#[pyo3(signature = (source, *, copy = PathBuf::from("rates"), root = None, repair = false))]
pub(crate) fn sync<'py>(
    py: Python<'py>,
    source: PathBuf,
    copy: PathBuf,
    root: Option<PathBuf>,
    repair: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(source) = source.to_str().map(str::to_owned) else {
        return Err(exception(py, Class::Sync, "the source is no text", Vec::new()));
    };
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let (tell, told) = channel();
    // On a thread of its own, so that whoever waits can be interrupted: a host may take its time.
    std::thread::Builder::new()
        .name("tidewaiter sync".into())
        .spawn(move || {
            let _ = tell.send(look(&source, copy, root, repair, stopped));
        })
        .map_err(|error| PyRuntimeError::new_err(format!("no thread can be started: {error}")))?;
    match wait(py, told, &stop)?.map_err(|error| refused(py, &error))? {
        Done::Looked(look, ratebook) => {
            if look.made == Made::None {
                let mut lines = vec!["nothing was verified yet, so no ratebook was made".to_owned()];
                lines.extend(look.report.failed);
                return Err(refused(py, &ReaderError { lines }));
            }
            output::object(py, &look.told(&ratebook))
        }
        Done::Older(older, ratebook) => output::object(py, &ToldOlder::new(older, &ratebook)),
    }
}

fn look(
    source: &str,
    copy: PathBuf,
    root: Option<PathBuf>,
    repair: bool,
    stop: Arc<AtomicBool>,
) -> Result<Done, ReaderError> {
    let mirror = Stoppable { mirror: open_mirror(source)?, stop };
    let mut rates = Rates::open(&copy, root.as_deref())?;
    if repair {
        rates.repair()?;
    }
    if let Some(older) = rates.older(source)? {
        return Ok(Done::Older(older, rates.ratebook()));
    }
    let look = rates.look(&mirror, jiff::Timestamp::now(), true, &mut |_| {})?;
    Ok(Done::Looked(Box::new(look), rates.ratebook()))
}

/// Waits while Python's other threads and its signals go on.
fn wait<T: Send>(py: Python<'_>, told: Receiver<T>, stop: &AtomicBool) -> PyResult<T> {
    let told = Mutex::new(told);
    loop {
        let next = py.detach(|| told.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(MOMENT));
        match next {
            Ok(done) => return Ok(done),
            Err(RecvTimeoutError::Timeout) => {
                py.check_signals().inspect_err(|_| stop.store(true, Ordering::Relaxed))?
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the thread that fetched has stopped; please report it"));
            }
        }
    }
}

fn refused(py: Python<'_>, error: &ReaderError) -> PyErr {
    let problems = error.lines.iter().map(|line| (String::new(), String::new(), line.clone())).collect();
    exception(py, Class::Sync, &error.to_string(), problems)
}

/// A mirror that gives nothing more once whoever asked has gone. A copy is whole wherever it is stopped.
struct Stoppable {
    mirror: Box<dyn Mirror + Send>,
    stop: Arc<AtomicBool>,
}

impl Mirror for Stoppable {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(MirrorError::Unreachable { path: path.to_owned(), why: "it was interrupted".into() });
        }
        self.mirror.read(path, most)
    }
}
