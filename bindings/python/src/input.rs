//! Python's objects as documents of the library. Every field that cannot be one is told, not only the first.

use crate::errors::{Problem, problems};
use crate::output::decimal;
use jiff::civil::Date;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyFloat, PyInt, PyMapping, PySequence, PyString, PyType};
use serde_json::{Map, Number, Value};
use serde_path_to_error::Segment;
use tidewaiter::Consignment;

/// Deepest nesting of a question; its document has five levels.
const DEEPEST: usize = 32;
/// Digits before and after the point beyond which a number is not written out: far more than the library takes.
const MOST_DIGITS: i64 = 60;
/// Characters of a value that an exception shows, as the library does.
const SHOWN: usize = 60;

const FLOAT: &str = "a float is a binary fraction, which holds few prices exactly; write text such as \"12.5\", or decimal.Decimal(\"12.5\")";

/// A question out of a mapping.
pub(crate) fn consignment(asked: &Bound<'_, PyAny>) -> PyResult<Consignment> {
    let mut reader = Reader::new(asked.py())?;
    let value = reader.read(asked, "", 0)?;
    if reader.problems.is_empty() && !value.is_object() {
        let message = "the question is a mapping of its fields, such as {\"to\": \"FR\", \"currency\": \"EUR\", \"items\": [...]}";
        reader.wrong("", asked, message)?;
    }
    reader.finish(asked.py(), value)
}

/// What holds for every row of a table: fields of a question, without its items.
pub(crate) fn defaults<'py>(
    py: Python<'py>,
    given: impl Iterator<Item = (String, Bound<'py, PyAny>)>,
) -> PyResult<Consignment> {
    let mut reader = Reader::new(py)?;
    // Each row says them, or the destinations that are given beside.
    let mut fields = Map::from_iter([("to".into(), "".into()), ("currency".into(), "".into())]);
    for (name, value) in given {
        if name == "items" {
            reader.problems.push((name, String::new(), "the goods stand in the table, one row each".into()));
            continue;
        }
        let read = reader.read(&value, &name, 1)?;
        fields.insert(name, read);
    }
    fields.insert("items".into(), Value::Array(Vec::new()));
    reader.finish(py, Value::Object(fields))
}

/// A question out of JSON text.
pub(crate) fn consignment_text(py: Python<'_>, text: &str) -> PyResult<Consignment> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let wrong =
        |error: &serde_json::Error, field: String| problems(py, vec![(field, String::new(), error.to_string())]);
    let asked = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| wrong(error.inner(), field(error.path(), &Value::Null).0))?;
    reader.end().map_err(|error| wrong(&error, String::new()))?;
    Ok(asked)
}

/// A day: `datetime.date`, or text such as `2026-11-21`.
pub(crate) fn day(given: &Bound<'_, PyAny>, name: &str) -> PyResult<Date> {
    let mut reader = Reader::new(given.py())?;
    let value = reader.read(given, name, 1)?;
    let read = value.as_str().and_then(|text| text.parse().ok());
    if read.is_none() && reader.problems.is_empty() {
        reader.wrong(name, given, "expected a datetime.date, or text such as \"2026-11-21\"")?;
    }
    read.ok_or_else(|| problems(given.py(), reader.problems))
}

/// Today, in UTC, as the command takes it.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

struct Reader<'py> {
    date: &'py Bound<'py, PyType>,
    datetime: &'py Bound<'py, PyType>,
    decimal: &'py Bound<'py, PyType>,
    problems: Vec<Problem>,
}

impl<'py> Reader<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static DATETIME: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        Ok(Self {
            date: DATE.import(py, "datetime", "date")?,
            datetime: DATETIME.import(py, "datetime", "datetime")?,
            decimal: decimal(py)?,
            problems: Vec::new(),
        })
    }

    fn wrong(&mut self, field: &str, value: &Bound<'_, PyAny>, message: &str) -> PyResult<Value> {
        let shown = value.repr().map(|text| text.to_string_lossy().chars().take(SHOWN).collect::<String>());
        self.problems.push((field.to_owned(), shown.unwrap_or_default(), message.to_owned()));
        Ok(Value::Null)
    }

    /// An object as a value; null, with a problem noted, where it cannot be one.
    fn read(&mut self, object: &Bound<'_, PyAny>, field: &str, depth: usize) -> PyResult<Value> {
        if depth > DEEPEST {
            self.problems.push((field.to_owned(), String::new(), "it is nested too deeply".into()));
            return Ok(Value::Null);
        }
        if object.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(text) = object.cast::<PyString>() {
            return match text.to_str() {
                Ok(text) => Ok(Value::String(text.to_owned())),
                Err(_) => self.wrong(field, object, "the text has half a character (a lone surrogate)"),
            };
        }
        if object.is_instance_of::<PyBool>() {
            return Ok(Value::Bool(object.extract()?));
        }
        if object.is_instance_of::<PyFloat>() {
            return self.wrong(field, object, FLOAT);
        }
        if object.is_instance_of::<PyInt>() {
            return self.whole(object, field);
        }
        if object.is_instance(self.decimal)? {
            return digits(object).map(Value::String);
        }
        if object.is_instance(self.datetime)? {
            return self.wrong(field, object, "expected a day without a time: use its method date()");
        }
        if object.is_instance(self.date)? {
            return Ok(Value::String(object.call_method0("isoformat")?.extract()?));
        }
        if let Ok(mapping) = object.cast::<PyMapping>() {
            let mut fields = Map::new();
            for pair in mapping.items()?.iter() {
                let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
                let Ok(key) = key.extract::<String>() else {
                    self.wrong(field, &key, "names of fields are text")?;
                    continue;
                };
                let inner = if field.is_empty() { key.clone() } else { format!("{field}.{key}") };
                let value = self.read(&value, &inner, depth + 1)?;
                fields.insert(key, value);
            }
            return Ok(Value::Object(fields));
        }
        let bytes = object.is_instance_of::<PyBytes>() || object.is_instance_of::<PyByteArray>();
        if let Ok(sequence) = object.cast::<PySequence>()
            && !bytes
        {
            let mut items = Vec::new();
            for (at, item) in sequence.try_iter()?.enumerate() {
                items.push(self.read(&item?, &format!("{field}[{at}]"), depth + 1)?);
            }
            return Ok(Value::Array(items));
        }
        // Whole numbers of other libraries say that they are.
        if object.hasattr("__index__")? {
            return self.whole(&object.call_method0("__index__")?, field);
        }
        if object.hasattr("__float__")? {
            return self.wrong(field, object, FLOAT);
        }
        self.wrong(field, object, "expected text, a whole number, a Decimal, a day, a list or a mapping")
    }

    fn whole(&mut self, number: &Bound<'_, PyAny>, field: &str) -> PyResult<Value> {
        if let Ok(small) = number.extract::<i64>() {
            return Ok(Value::Number(Number::from(small)));
        }
        match number.extract::<i128>() {
            Ok(large) => Ok(Value::String(large.to_string())),
            Err(_) => {
                self.problems.push((field.to_owned(), String::new(), "the number is too large".into()));
                Ok(Value::Null)
            }
        }
    }

    fn finish(self, py: Python<'_>, value: Value) -> PyResult<Consignment> {
        if !self.problems.is_empty() {
            return Err(problems(py, self.problems));
        }
        serde_path_to_error::deserialize(&value).map_err(|error| {
            let (field, found) = field(error.path(), &value);
            problems(py, vec![(field, found, error.inner().to_string())])
        })
    }
}

/// A `Decimal` written out, as far as it is of a size that the library may take; else as it writes itself, which is refused.
fn digits(number: &Bound<'_, PyAny>) -> PyResult<String> {
    let written_out = number.call_method0("is_finite")?.is_truthy()?
        && number.call_method0("adjusted")?.extract::<i64>()?.abs() <= MOST_DIGITS;
    if written_out { number.call_method1("__format__", ("f",))?.extract() } else { number.str()?.extract() }
}

/// The name of a field, and what stands there.
fn field(path: &serde_path_to_error::Path, root: &Value) -> (String, String) {
    let mut at = Some(root);
    let mut name = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                name.push_str(&format!("[{index}]"));
                at = at.and_then(|value| value.get(*index));
            }
            Segment::Map { key } => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
                at = at.and_then(|value| value.get(key));
            }
            _ => at = None,
        }
    }
    let shown = match at {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null | Value::Object(_) | Value::Array(_)) | None => String::new(),
        Some(other) => other.to_string(),
    };
    (name, shown.chars().take(SHOWN).collect())
}
