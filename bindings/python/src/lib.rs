//! The Python package `tidewaiter`: quotes and whole catalogues, in process. It has no rule of its own: it reads Python's objects, asks the
//! library and writes what comes back.
//!
//! What Python code sees stands in `python/tidewaiter`: this is its inner module `_native`.

mod errors;
mod find;
mod input;
mod output;
mod quote;
mod ratebook;
mod sync;
mod table;

#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::find::find_code;
    #[pymodule_export]
    use crate::quote::{quote, quote_json};
    #[pymodule_export]
    use crate::ratebook::Ratebook;
    #[pymodule_export]
    use crate::sync::sync;
    #[pymodule_export]
    use crate::table::{Answers, quote_table};
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
