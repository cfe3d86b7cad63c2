//! Documents of the library as Python's objects: mappings, lists, text, and `Decimal` where the library has one.

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyList, PyNone, PyString, PyType};
use serde::ser::{self, Serialize};
use std::fmt;

/// A document as an object.
pub(crate) fn object<'py>(py: Python<'py>, document: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    document.serialize(Writer { py }).map_err(|error| error.0)
}

/// `decimal.Decimal`.
pub(crate) fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "decimal", "Decimal")
}

#[derive(Debug)]
struct WriteError(PyErr);

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for WriteError {}

impl ser::Error for WriteError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(PyTypeError::new_err(message.to_string()))
    }
}

impl From<PyErr> for WriteError {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

type Written<'py> = Result<Bound<'py, PyAny>, WriteError>;

#[derive(Clone, Copy)]
struct Writer<'py> {
    py: Python<'py>,
}

impl<'py> Writer<'py> {
    fn value(self, value: impl IntoPyObjectExt<'py>) -> Written<'py> {
        Ok(value.into_bound_py_any(self.py)?)
    }

    /// A value of an enumeration that holds something: a mapping of its one name.
    fn under(self, variant: &'static str, value: Bound<'py, PyAny>) -> Written<'py> {
        let fields = PyDict::new(self.py);
        fields.set_item(variant, value)?;
        Ok(fields.into_any())
    }
}

impl<'py> ser::Serializer for Writer<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    type SerializeSeq = Items<'py>;
    type SerializeTuple = Items<'py>;
    type SerializeTupleStruct = Items<'py>;
    type SerializeTupleVariant = Items<'py>;
    type SerializeMap = Fields<'py>;
    type SerializeStruct = Fields<'py>;
    type SerializeStructVariant = Fields<'py>;

    fn serialize_bool(self, value: bool) -> Written<'py> {
        self.value(value)
    }
    fn serialize_i8(self, value: i8) -> Written<'py> {
        self.value(value)
    }
    fn serialize_i16(self, value: i16) -> Written<'py> {
        self.value(value)
    }
    fn serialize_i32(self, value: i32) -> Written<'py> {
        self.value(value)
    }
    fn serialize_i64(self, value: i64) -> Written<'py> {
        self.value(value)
    }
    fn serialize_u8(self, value: u8) -> Written<'py> {
        self.value(value)
    }
    fn serialize_u16(self, value: u16) -> Written<'py> {
        self.value(value)
    }
    fn serialize_u32(self, value: u32) -> Written<'py> {
        self.value(value)
    }
    fn serialize_u64(self, value: u64) -> Written<'py> {
        self.value(value)
    }
    #[allow(clippy::disallowed_types, reason = "how well words fit is no money, rate or quantity")]
    fn serialize_f32(self, value: f32) -> Written<'py> {
        // By its shortest decimal text, so that 0.9 stays 0.9.
        self.serialize_f64(value.to_string().parse().unwrap_or_else(|_| f64::from(value)))
    }
    #[allow(clippy::disallowed_types, reason = "how likely a code is is no money, rate or quantity")]
    fn serialize_f64(self, value: f64) -> Written<'py> {
        self.value(value)
    }
    fn serialize_char(self, value: char) -> Written<'py> {
        self.value(value)
    }
    fn serialize_str(self, value: &str) -> Written<'py> {
        Ok(PyString::new(self.py, value).into_any())
    }
    fn serialize_bytes(self, value: &[u8]) -> Written<'py> {
        Ok(PyBytes::new(self.py, value).into_any())
    }
    fn serialize_none(self) -> Written<'py> {
        Ok(PyNone::get(self.py).to_owned().into_any())
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written<'py> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Written<'py> {
        self.serialize_none()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Written<'py> {
        self.serialize_none()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written<'py> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Written<'py> {
        let inner = value.serialize(self)?;
        if name == tidewaiter::Decimal::NAME { Ok(decimal(self.py)?.call1((inner,))?) } else { Ok(inner) }
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written<'py> {
        let value = value.serialize(self)?;
        self.under(variant, value)
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'py>, WriteError> {
        Ok(Items { writer: self, variant: None, items: Vec::with_capacity(length.unwrap_or_default()) })
    }
    fn serialize_tuple(self, length: usize) -> Result<Items<'py>, WriteError> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items<'py>, WriteError> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items<'py>, WriteError> {
        Ok(Items { variant: Some(variant), ..self.serialize_seq(Some(length))? })
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'py>, WriteError> {
        Ok(Fields { writer: self, variant: None, fields: PyDict::new(self.py), key: None })
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'py>, WriteError> {
        self.serialize_map(None)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'py>, WriteError> {
        Ok(Fields { variant: Some(variant), ..self.serialize_map(None)? })
    }
}

struct Items<'py> {
    writer: Writer<'py>,
    variant: Option<&'static str>,
    items: Vec<Bound<'py, PyAny>>,
}

impl<'py> Items<'py> {
    fn add<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), WriteError> {
        self.items.push(value.serialize(self.writer)?);
        Ok(())
    }

    fn finish(self) -> Written<'py> {
        let list = PyList::new(self.writer.py, self.items)?.into_any();
        match self.variant {
            Some(variant) => self.writer.under(variant, list),
            None => Ok(list),
        }
    }
}

struct Fields<'py> {
    writer: Writer<'py>,
    variant: Option<&'static str>,
    fields: Bound<'py, PyDict>,
    key: Option<Bound<'py, PyAny>>,
}

impl<'py> Fields<'py> {
    fn add<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), WriteError> {
        let value = value.serialize(self.writer)?;
        Ok(self.fields.set_item(PyString::intern(self.writer.py, name), value)?)
    }

    fn finish(self) -> Written<'py> {
        let fields = self.fields.into_any();
        match self.variant {
            Some(variant) => self.writer.under(variant, fields),
            None => Ok(fields),
        }
    }
}

impl<'py> ser::SerializeSeq for Items<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), WriteError> {
        self.add(value)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeTuple for Items<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), WriteError> {
        self.add(value)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeTupleStruct for Items<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), WriteError> {
        self.add(value)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeTupleVariant for Items<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), WriteError> {
        self.add(value)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeMap for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), WriteError> {
        self.key = Some(key.serialize(self.writer)?);
        Ok(())
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), WriteError> {
        let value = value.serialize(self.writer)?;
        let key = self.key.take().unwrap_or_else(|| PyNone::get(self.writer.py).to_owned().into_any());
        Ok(self.fields.set_item(key, value)?)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeStruct for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), WriteError> {
        self.add(name, value)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeStructVariant for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = WriteError;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), WriteError> {
        self.add(name, value)
    }
    fn end(self) -> Written<'py> {
        self.finish()
    }
}
