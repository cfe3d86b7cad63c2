//! Whole tables: an Arrow stream in, an Arrow stream out, whichever library made the one and takes the other.

use crate::errors::{Class, exception, problems};
use crate::ratebook::{Ratebook, Source, source};
use crate::{input, output};
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, RecordBatch, RecordBatchReader, new_null_array};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use tidewaiter_bulk::{BulkError, COLUMNS, Defaults, Pricer, Reject, Stream, Tally, output_schema};

/// Rows that could not be priced and are kept to be looked at; all are counted.
const KEPT_REJECTS: usize = 10_000;

/// Columns of money and rates. Weights and quantities are measured or counted: of those a float says all there is.
const EXACT: [&str; 3] = ["price", "freight", "duty_rate"];

const FLOATS: &str = "floats are binary fractions, which hold few prices exactly; read the column as text, or cast it to a decimal of so many places as it was written with";

/// Prices each row of a table: the same columns in and out as `tidewaiter bulk`.
#[pyfunction]
#[pyo3(signature = (table, *, to = None, registered = None, threads = None, most_rejects = KEPT_REJECTS, ratebook = None, **defaults))]
#[allow(clippy::too_many_arguments, reason = "in Python all but the table are named")]
pub(crate) fn quote_table(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    to: Option<&Bound<'_, PyAny>>,
    registered: Option<&Bound<'_, PyAny>>,
    threads: Option<usize>,
    most_rejects: usize,
    ratebook: Option<PyRef<'_, Ratebook>>,
    defaults: Option<&Bound<'_, PyDict>>,
) -> PyResult<Answers> {
    let source = source(ratebook);
    let defaults = asked(py, to, registered, defaults)?;
    check_question(py, &source, &defaults)?;
    if !table.hasattr("__arrow_c_stream__")? {
        let kind = table.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "{kind} has no __arrow_c_stream__: expected a table with the Arrow PyCapsule interface, such as those of pyarrow, Polars, DuckDB or pandas"
        )));
    }
    let tables = RecordBatchStreamReader::from_pyarrow_bound(table)
        .map_err(|error| table_error(py, &BulkError::Stream(format!("the table cannot be read: {error}"))))?;
    let (used, unused) = columns(&tables.schema());
    check_floats(py, &tables.schema())?;
    check_columns(&tables.schema(), &used, &source, &defaults).map_err(|error| table_error(py, &error))?;
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let told = Arc::new(Mutex::new(Told {
        tally: Tally::new(unused, source.fingerprint()),
        rejects: Vec::new(),
        most_rejects,
    }));
    let stream = Stream::new(source, defaults, threads, Tables { tables, used });
    let reader = Reader { stream, told: Arc::clone(&told), asker: std::thread::current().id() };
    Ok(Answers { reader: Mutex::new(Some(Box::new(reader))), told })
}

/// What holds for every row that does not say otherwise.
fn asked(
    py: Python<'_>,
    to: Option<&Bound<'_, PyAny>>,
    registered: Option<&Bound<'_, PyAny>>,
    given: Option<&Bound<'_, PyDict>>,
) -> PyResult<Defaults> {
    let mut fields = Vec::new();
    for (name, value) in given.into_iter().flatten() {
        let name: String = name.extract()?;
        // `from` is a word of Python's own.
        fields.push((if name == "from_" { "from".to_owned() } else { name }, value));
    }
    if let Some(registered) = registered {
        let seller = PyDict::new(py);
        seller.set_item("registrations", texts(registered)?)?;
        fields.push(("seller".to_owned(), seller.into_any()));
    }
    let mut question = input::defaults(py, fields.into_iter())?;
    question.date = question.date.or_else(|| Some(input::today()));
    Ok(Defaults { question, destinations: to.map(texts).transpose()?.unwrap_or_default() })
}

/// One text or several.
fn texts(given: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if given.is_instance_of::<PyString>() { Ok(vec![given.extract()?]) } else { given.extract() }
}

/// Refuses what is wrong in every row, before any is read.
fn check_question(py: Python<'_>, source: &Source, defaults: &Defaults) -> PyResult<()> {
    let mut wrong = Vec::new();
    for to in &defaults.destinations {
        let mut question = defaults.question.clone();
        question.to.clone_from(to);
        let one = tidewaiter::Decimal::ONE;
        question.items = vec![tidewaiter::Item { price: one, quantity: one, ..Default::default() }];
        let Err(error) = source.quoter().ready(&question) else { continue };
        for problem in error.problems {
            let said = (problem.field, problem.value, problem.message.to_string());
            // Rows may say the currency.
            let later = said.0 == "currency" && question.currency.is_empty();
            if !later && !wrong.contains(&said) {
                wrong.push(said);
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(problems(py, wrong)) }
}

/// Columns that are read, by their places, and the names of the others.
fn columns(schema: &Schema) -> (Vec<usize>, Vec<String>) {
    let known = |name: &str| COLUMNS.iter().any(|(column, _)| *column == name);
    let (used, unused): (Vec<usize>, Vec<usize>) =
        (0..schema.fields().len()).partition(|at| known(schema.field(*at).name()));
    (used, unused.into_iter().map(|at| schema.field(at).name().clone()).collect())
}

/// Refuses a table whose columns do not fit, by pricing a row of it in which nothing stands.
fn check_columns(schema: &Schema, used: &[usize], source: &Source, defaults: &Defaults) -> Result<(), BulkError> {
    let nullable: Vec<_> = used.iter().map(|at| schema.field(*at).clone().with_nullable(true)).collect();
    let empty = nullable.iter().map(|field| new_null_array(field.data_type(), 1)).collect();
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(1));
    let row = RecordBatch::try_new_with_options(Arc::new(Schema::new(nullable)), empty, &options)?;
    Pricer::new(source, defaults).price(&row, 1).map(|_| ())
}

/// Refuses money and rates kept as binary fractions, as in a question: whoever reads a file into them has changed the amounts already.
fn check_floats(py: Python<'_>, schema: &Schema) -> PyResult<()> {
    let kind = |kind: &DataType| match kind {
        DataType::Dictionary(_, values) => values.is_floating(),
        kind => kind.is_floating(),
    };
    let floats =
        schema.fields().iter().filter(|field| EXACT.contains(&field.name().as_str()) && kind(field.data_type()));
    let problems: Vec<_> =
        floats.map(|field| (field.name().clone(), field.data_type().to_string(), FLOATS.to_owned())).collect();
    if problems.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> =
        problems.iter().map(|(name, found, said)| format!("column \"{name}\" holds {found}: {said}")).collect();
    Err(exception(py, Class::Table, &lines.join("\n"), problems))
}

fn table_error(py: Python<'_>, error: &BulkError) -> PyErr {
    let problem = match error {
        BulkError::Column(column) => vec![((*column).to_owned(), String::new(), error.to_string())],
        BulkError::Type { column, found, .. } => vec![(column.clone(), found.clone(), error.to_string())],
        BulkError::Twice => vec![("to".to_owned(), String::new(), error.to_string())],
        _ => Vec::new(),
    };
    exception(py, Class::Table, &error.to_string(), problem)
}

/// The tables of a stream, with the columns that are read and nothing in them that was not looked at: what other libraries hand over is
/// taken as it stands, and text that is no UTF-8 would do harm here.
struct Tables {
    tables: RecordBatchStreamReader,
    used: Vec<usize>,
}

impl Iterator for Tables {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // A table that is not what it says may make its reader panic; Python must not end by it.
        let read = catch_unwind(AssertUnwindSafe(|| self.tables.next()));
        let read = read.unwrap_or_else(|_| Some(Err(ArrowError::CDataInterface("the table is damaged".into()))))?;
        Some(read.and_then(|table| {
            let table = table.project(&self.used)?;
            for (field, column) in table.schema_ref().fields().iter().zip(table.columns()) {
                column.to_data().validate_full().map_err(|error| {
                    ArrowError::InvalidArgumentError(format!("column \"{}\" is damaged: {error}", field.name()))
                })?;
            }
            Ok(table)
        }))
    }
}

/// What is told of the rows done so far.
struct Told {
    tally: Tally,
    rejects: Vec<Reject>,
    most_rejects: usize,
}

/// Answers, made while they are read.
struct Reader {
    stream: Stream<Source, Tables>,
    told: Arc<Mutex<Told>>,
    /// The thread that asked for them.
    asker: ThreadId,
}

impl Reader {
    fn answer(&mut self) -> Option<Result<RecordBatch, ArrowError>> {
        let answer = self.stream.next()?;
        Some(answer.map_err(|error| ArrowError::ExternalError(Box::new(error))).map(|(rows, priced)| {
            let mut told = locked(&self.told);
            told.tally.add(rows, &priced);
            let room = told.most_rejects.saturating_sub(told.rejects.len());
            told.rejects.extend(priced.rejects.into_iter().take(room));
            priced.table
        }))
    }
}

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Who reads a long stream at once comes back to Python only at its end. Signals are the affair of the main thread; the one that asked
        // is never waited for by another that reads for it.
        if self.asker == std::thread::current().id() && interrupted() {
            return Some(Err(ArrowError::ExternalError("interrupted".into())));
        }
        // The reader is no Rust: a panic that reached it would end Python.
        catch_unwind(AssertUnwindSafe(|| self.answer())).unwrap_or_else(|_| {
            Some(Err(ArrowError::ExternalError("the answers could not be made; please report it".into())))
        })
    }
}

/// Whether a signal that came meanwhile says to stop. What it raises is raised again when who reads comes back to Python.
fn interrupted() -> bool {
    let checked = Python::try_attach(|py| {
        py.check_signals().inspect_err(|error| {
            let again = py.import("_thread").and_then(|thread| thread.call_method0("interrupt_main"));
            if !error.is_instance_of::<PyKeyboardInterrupt>(py) || again.is_err() {
                error.clone_ref(py).write_unraisable(py, None);
            }
        })
    });
    matches!(checked, Some(Err(_)))
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        output_schema()
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answers to a table: an Arrow stream that is read once, and then what is told of it.
#[pyclass(frozen, module = "tidewaiter")]
pub(crate) struct Answers {
    reader: Mutex<Option<Box<Reader>>>,
    told: Arc<Mutex<Told>>,
}

#[pymethods]
impl Answers {
    /// The answers as a stream of the Arrow PyCapsule interface. Rows are priced while it is read.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface leaves it to the one who gives whether to follow the wish; who takes it casts.
        drop(requested_schema);
        let Some(reader) = locked(&self.reader).take() else {
            let message =
                "these answers were read already: they are a stream, which is read once; keep what it was read into";
            return Err(exception(py, Class::Table, message, Vec::new()));
        };
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
    }

    /// The columns of the answers.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(output_schema().as_ref());
        let schema = schema.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// What was done so far: rows, answers, outcomes, rejected, what the codes of warnings stand for, columns not used, ratebook.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let report = locked(&self.told).tally.report();
        let written = output::object(py, &report)?;
        // They name files of the command.
        for name in ["rejects", "warnings_file"] {
            written.del_item(name)?;
        }
        Ok(written)
    }

    /// The first rows that could not be priced so far: `row`, `column`, `found`, `expected`.
    #[getter]
    fn rejects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rejects = locked(&self.told).rejects.clone();
        output::object(py, &rejects)
    }

    fn __repr__(&self) -> String {
        let read = locked(&self.reader).is_none();
        format!(
            "<tidewaiter.Answers, {} rows priced{}>",
            locked(&self.told).tally.rows(),
            if read { "" } else { ", not read yet" }
        )
    }
}
