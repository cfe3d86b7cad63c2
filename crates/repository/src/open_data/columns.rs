//! The columns of the table of records, the same in CSV, JSON and Parquet.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// A day: ISO 8601 in text, `DATE` in Parquet.
    Day,
    /// A whole number, 0 or more.
    Number,
    /// A JSON object; its text in CSV and Parquet.
    Record,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether each row has it.
    pub required: bool,
    /// Kinds of record that have it; `all` for every kind.
    pub of: &'static str,
    /// What it says.
    pub says: &'static str,
    /// An example.
    pub example: &'static str,
}

const fn text(name: &'static str, of: &'static str, says: &'static str, example: &'static str) -> Column {
    Column { name, holds: Holds::Text, required: false, of, says, example }
}

const fn day(name: &'static str, says: &'static str, example: &'static str) -> Column {
    Column { name, holds: Holds::Day, required: false, of: "all", says, example }
}

const fn required(column: Column) -> Column {
    Column { required: true, ..column }
}

const fn number(name: &'static str, says: &'static str, example: &'static str) -> Column {
    Column { name, holds: Holds::Number, required: false, of: "all", says, example }
}

/// How many there are.
pub const COUNT: usize = 30;

/// All columns, in order. [`super::values::values`] gives a row's values in the same order.
pub const COLUMNS: [Column; COUNT] = [
    required(text("authority", "all", "Name of the authority that published the record", "q-customs")),
    text("territory", "all", "Territory it speaks for; empty for the world's records", "QQ"),
    required(text("kind", "all", "Kind of record", "measure")),
    required(text("key", "all", "Digits of the goods code, or the key of another record", "610910")),
    day("valid_from", "First day on which the record holds; empty: as far back as known", "2027-01-01"),
    day("valid_before", "First day on which it no longer holds; empty: without end", "2028-01-01"),
    required(day("known_from", "First day on which it was published", "2026-11-22")),
    day(
        "known_before",
        "Day on which an edition was published that no longer says it; empty: still said",
        "2026-12-24",
    ),
    required(number("first_edition", "Number of the first edition that says it", "12")),
    number("last_before", "Number of the first later edition that no longer says it; empty: still said", "13"),
    text("measure_kind", "measure", "What the measure is: third-country is the duty for everyone", "third-country"),
    text("amount", "measure", "What is due, in the words of the edition format", "12 % + 0.5 USD per kg"),
    text("outcome", "measure", "Instead of an amount: unknown, formal-entry, not-allowed or prohibited", "unknown"),
    text("says", "measure text fact origin-rule", "What it says to a reader", "See annex 2."),
    text("origin", "measure program", "Territories and areas of origin, with spaces between; empty: all", "KH NP"),
    text("not_origin", "measure", "Excepted from origin, with spaces between", "CN"),
    text("program", "measure", "Keys of the programmes of which one must be claimed, with spaces between", "GSP KHFTA"),
    text("proof", "measure program", "What the trader must hold", "Certificate of origin Form A"),
    text("condition", "measure", "Further condition, in the words of the edition format", "not document C101"),
    text("additional_code", "measure", "Additional code of the authority", "C999"),
    text("order_number", "measure quota", "Order number of the quota", "050006"),
    text("rate_class", "rate", "Class of the table of tax rates that the key names", "standard"),
    text(
        "rate_value",
        "rate",
        "Rate of tax; where it has a history, each with its days, with semicolons between",
        "15 %",
    ),
    text("base", "exchange-rate", "Currency of which one unit is worth exchange_rate", "EUR"),
    text("currency", "exchange-rate", "Currency in which exchange_rate is told", "XQD"),
    text("exchange_rate", "exchange-rate", "The rate, as decimal text", "1.0835"),
    text("series", "exchange-rate", "Series of which the rate is", "q-bank"),
    text(
        "name",
        "line area program",
        "Description in the nomenclature (English where there is one), or name",
        "T-shirts of cotton",
    ),
    text("cites", "all", "Keys of the facts on which the record rests, with spaces between", "q.tariff"),
    Column {
        name: "record",
        holds: Holds::Record,
        required: true,
        of: "all",
        says: "The whole record as it was sent, a JSON object; what no other column says stands here",
        example: r#"{"measure":{"code":"610910","kind":"third-country","amount":"12 %","cites":["q.tariff"]}}"#,
    },
];
