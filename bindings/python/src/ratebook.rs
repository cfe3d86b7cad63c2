//! The ratebook that answers: the one inside the package, or a file.

use crate::errors::{Class, exception, problems};
use crate::{input, output};
use pyo3::prelude::*;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

/// A ratebook, shared.
#[derive(Clone)]
pub(crate) enum Source {
    /// Inside the package.
    Embedded,
    /// Opened from a file.
    Opened(Arc<tidewaiter::Ratebook>),
}

impl Deref for Source {
    type Target = tidewaiter::Ratebook;

    fn deref(&self) -> &tidewaiter::Ratebook {
        match self {
            Self::Embedded => tidewaiter_data::ratebook(),
            Self::Opened(ratebook) => ratebook,
        }
    }
}

/// The source of an optional argument.
pub(crate) fn source(given: Option<PyRef<'_, Ratebook>>) -> Source {
    given.map_or(Source::Embedded, |ratebook| ratebook.source.clone())
}

/// Dated rates and rules, ready to answer.
#[pyclass(frozen, module = "tidewaiter")]
pub(crate) struct Ratebook {
    source: Source,
    /// Where it was opened.
    path: Option<PathBuf>,
}

#[pymethods]
impl Ratebook {
    /// The ratebook inside this package.
    #[staticmethod]
    fn embedded() -> Self {
        Self { source: Source::Embedded, path: None }
    }

    /// Opens a file, such as `tidewaiter sync` or `tidewaiter ratebook build` writes it. Every byte is held against its hashes unless
    /// `verify` is false.
    #[staticmethod]
    #[pyo3(signature = (path, *, verify = true))]
    fn open(py: Python<'_>, path: PathBuf, verify: bool) -> PyResult<Self> {
        let opened = py.detach(|| {
            let ratebook = tidewaiter::Ratebook::open(&path)?;
            if verify {
                ratebook.verify()?;
            }
            Ok(ratebook)
        });
        let opened = opened.map_err(|error: tidewaiter::RatebookError| {
            let message = format!("{}: {error}", path.display());
            let problem = ("path".to_owned(), path.display().to_string(), error.to_string());
            exception(py, Class::Ratebook, &message, vec![problem])
        })?;
        Ok(Self { source: Source::Opened(Arc::new(opened)), path: Some(path) })
    }

    /// SHA-256: ratebooks with the same one give the same answers.
    #[getter]
    fn fingerprint(&self) -> String {
        self.source.fingerprint().to_owned()
    }

    /// Every economy whose rules are loaded, with the standard rates of a day; of today if none is given.
    #[pyo3(signature = (date = None))]
    fn economies<'py>(&self, py: Python<'py>, date: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let day = date.map_or_else(|| Ok(input::today()), |date| input::day(&date, "date"))?;
        let economies = py.detach(|| self.source.economies(day));
        output::object(py, &economies)
    }

    /// Everything about one economy: what it charges, and why.
    fn economy<'py>(&self, py: Python<'py>, code: &str) -> PyResult<Bound<'py, PyAny>> {
        match py.detach(|| self.source.economy(code)) {
            Some(economy) => output::object(py, &economy),
            None => {
                let message = "no rules are loaded for it; economies() tells which there are";
                Err(problems(py, vec![("code".into(), code.chars().take(60).collect(), message.into())]))
            }
        }
    }

    fn __repr__(&self) -> String {
        match &self.path {
            Some(path) => format!("Ratebook.open({:?})", path.display().to_string()),
            None => "Ratebook.embedded()".into(),
        }
    }
}
