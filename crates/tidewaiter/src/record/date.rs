//! Dates as records write them.

use schemars::JsonSchema;

/// A date as text, for the JSON Schema.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) struct DateText(#[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))] String);

/// Dates in records: TOML dates, or ISO 8601 text.
pub(crate) mod iso_date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Any {
        Toml(toml::value::Datetime),
        Text(String),
    }

    fn read<E: serde::de::Error>(any: Any) -> Result<Date, E> {
        let text = match any {
            Any::Toml(date) => date.to_string(),
            Any::Text(text) => text,
        };
        text.parse().map_err(|_| E::custom(format!("\"{text}\" is not a date; write it as 2026-07-01")))
    }

    pub(crate) fn serialize<S: Serializer>(date: &Date, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(date)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
        read(Any::deserialize(d).map_err(|_| serde::de::Error::custom("expected a date such as 2026-07-01"))?)
    }

    pub(crate) mod option {
        use super::{Any, Date, Deserialize, Deserializer, Serializer, read};

        pub(crate) fn serialize<S: Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
            match date {
                Some(date) => s.collect_str(date),
                None => s.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Date>, D::Error> {
            Option::<Any>::deserialize(d)
                .map_err(|_| serde::de::Error::custom("expected a date such as 2026-07-01"))?
                .map(read)
                .transpose()
        }
    }
}
