//! What is wrong, as Python's exceptions. Their classes stand in `python/tidewaiter/errors.py`.

use pyo3::prelude::*;
use tidewaiter::InputError;

/// Which exception.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Class {
    Question,
    Ratebook,
    Sync,
    Table,
}

/// A field, what stands there, and what was expected.
pub(crate) type Problem = (String, String, String);

/// An exception with its problems.
pub(crate) fn exception(py: Python<'_>, class: Class, message: &str, problems: Vec<Problem>) -> PyErr {
    let name = match class {
        Class::Question => "QuestionError",
        Class::Ratebook => "RatebookError",
        Class::Sync => "SyncError",
        Class::Table => "TableError",
    };
    let made = py
        .import("tidewaiter.errors")
        .and_then(|errors| errors.getattr(name))
        .and_then(|class| class.call1((message, problems)));
    match made {
        Ok(made) => PyErr::from_value(made),
        Err(error) => error,
    }
}

/// A question that is wrong in these fields.
pub(crate) fn problems(py: Python<'_>, problems: Vec<Problem>) -> PyErr {
    let line = |(field, value, message): &Problem| match (field.as_str(), value.as_str()) {
        ("", "") => message.clone(),
        (field, "") => format!("{field}: {message}"),
        (field, value) => format!("{field} \"{value}\": {message}"),
    };
    let message = problems.iter().map(line).collect::<Vec<_>>().join("\n");
    exception(py, Class::Question, &message, problems)
}

/// A question that the library refuses.
pub(crate) fn refused(py: Python<'_>, error: &InputError) -> PyErr {
    problems(py, error.problems.iter().map(|p| (p.field.clone(), p.value.clone(), p.message.to_string())).collect())
}
