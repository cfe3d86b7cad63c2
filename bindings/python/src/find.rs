//! Goods codes from words.

use crate::errors::problems;
use crate::output;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tidewaiter_finder::{Finder, Language, Query};

/// The likeliest goods codes of what a seller calls the goods. None of them is the answer: they are to choose from.
#[pyfunction]
#[pyo3(signature = (text, language = "en", *, most = 5))]
pub(crate) fn find_code<'py>(py: Python<'py>, text: &str, language: &str, most: usize) -> PyResult<Bound<'py, PyAny>> {
    let Some(known) = Language::of(language) else {
        let codes: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
        let problem = ("language".to_owned(), language.to_owned(), format!("expected one of {}", codes.join(", ")));
        return Err(problems(py, vec![problem]));
    };
    let ask = || Finder::embedded().ask(&Query::new(text).language(known).most(most));
    let found = py.detach(ask).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    output::object(py, &found)
}
