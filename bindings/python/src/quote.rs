//! One question, one answer.

use crate::errors::refused;
use crate::ratebook::{Ratebook, source};
use crate::{input, output};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tidewaiter::{Ask, Consignment, Quote};

/// What a consignment costs to land, and why: the quote document, with `Decimal` amounts.
#[pyfunction]
#[pyo3(signature = (consignment, *, steps = false, ratebook = None))]
pub(crate) fn quote<'py>(
    py: Python<'py>,
    consignment: &Bound<'py, PyAny>,
    steps: bool,
    ratebook: Option<PyRef<'py, Ratebook>>,
) -> PyResult<Bound<'py, PyAny>> {
    let asked = input::consignment(consignment)?;
    output::object(py, &answer(py, &asked, steps, ratebook)?)
}

/// The same from JSON to JSON: the text that the command prints for the file, to the byte. Where the command adds goods codes
/// suggested from words, it is the `quote` beside them, as the API gives it: `find_code` suggests.
#[pyfunction]
#[pyo3(signature = (consignment, *, steps = false, ratebook = None))]
pub(crate) fn quote_json(
    py: Python<'_>,
    consignment: &str,
    steps: bool,
    ratebook: Option<PyRef<'_, Ratebook>>,
) -> PyResult<String> {
    let asked = input::consignment_text(py, consignment)?;
    let quote = answer(py, &asked, steps, ratebook)?;
    tidewaiter::printed::json(&quote).map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

/// The answer, while other threads of Python go on.
fn answer(py: Python<'_>, asked: &Consignment, steps: bool, ratebook: Option<PyRef<'_, Ratebook>>) -> PyResult<Quote> {
    let source = source(ratebook);
    let ask = Ask { steps, today: Some(input::today()) };
    py.detach(|| source.answer(asked, &ask)).map_err(|error| refused(py, &error))
}
