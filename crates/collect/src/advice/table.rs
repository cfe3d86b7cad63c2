//! Sales from a CSV file: orders, or sums of months.

use super::Sold;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};
use tidewaiter::Decimal;
use tidewaiter::goods::GoodsCode;

/// Most rows of a file.
pub const MOST_ROWS: usize = 1 << 20;
/// Most mistakes that are told.
const MOST_TOLD: usize = 20;
/// Columns that are known.
pub const COLUMNS: [&str; 16] = [
    "date", "month", "to", "from", "currency", "goods", "amount", "shipping", "orders", "value", "item", "platform",
    "kind", "rate", "code", "order",
];

/// Reads a file whole: a header and a row for each order (`date,to,currency,goods`) or month (`month,to,currency,amount,orders`).
///
/// # Errors
/// Every mistake with its row and what to write instead, a sentence each.
pub fn read(file: impl Read) -> Result<Vec<Sold>, Vec<String>> {
    let mut file = BufReader::new(file);
    // Spreadsheets of many languages separate by semicolons and write decimal commas.
    let start = file.fill_buf().map_err(|error| vec![format!("row 1: the file cannot be read: {error}")])?;
    let first = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let has = |sign: u8| first.iter().filter(|byte| **byte == sign).count();
    let separator = [b'\t', b';'].into_iter().find(|sign| has(*sign) > has(b',')).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(file);
    let header = reader.headers().map_err(|error| vec![format!("row 1: the file cannot be read: {error}")])?.clone();
    let mut places = BTreeMap::new();
    let mut faults = Vec::new();
    for (n, name) in header.iter().enumerate() {
        let name = name.trim_start_matches('\u{feff}').to_ascii_lowercase();
        let name = if name == "intrinsic" || name == "value_of_consignment" { "value".to_owned() } else { name };
        if !COLUMNS.contains(&name.as_str()) {
            faults.push(format!("row 1: there is no column \"{name}\"; known are {}", COLUMNS.join(", ")));
        } else if places.insert(name.clone(), n).is_some() {
            faults.push(format!("row 1: the column \"{name}\" stands twice"));
        }
    }
    for (either, or) in [("date", "month"), ("goods", "amount")] {
        match (places.contains_key(either), places.contains_key(or)) {
            (true, true) => faults.push(format!("row 1: give one of the columns \"{either}\" and \"{or}\", not both")),
            (false, false) => faults.push(format!("row 1: a column \"{either}\" is needed, or \"{or}\"")),
            _ => {}
        }
    }
    for name in ["to", "currency"] {
        if !places.contains_key(name) {
            faults.push(format!("row 1: a column \"{name}\" is needed"));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut all = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let row = n + 2;
        if n >= MOST_ROWS {
            return Err(vec![format!("row {row}: more than {MOST_ROWS} rows; give sums of months instead")]);
        }
        match record {
            Ok(record) => match (Row { places: &places, record: &record, row, has_commas: separator == b';' }).read() {
                Ok(sold) => all.push(sold),
                Err(says) => faults.extend(says.into_iter().map(|says| format!("row {row}: {says}"))),
            },
            Err(error) => faults.push(format!("row {row}: cannot be read: {error}")),
        }
        if faults.len() >= MOST_TOLD {
            faults.push("there may be more; put these right first".into());
            break;
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

struct Row<'a> {
    places: &'a BTreeMap<String, usize>,
    record: &'a csv::StringRecord,
    row: usize,
    /// Whether a comma stands before the decimals.
    has_commas: bool,
}

impl Row<'_> {
    fn cell(&self, name: &str) -> Option<&str> {
        self.record.get(*self.places.get(name)?).filter(|text| !text.is_empty())
    }

    /// A number, with its decimal comma as a point where commas separate nothing. One with points too stays as it is, and is refused.
    fn number(&self, name: &str) -> Option<String> {
        let text = self.cell(name)?;
        let is_comma = self.has_commas && !text.contains('.') && text.matches(',').count() == 1;
        Some(if is_comma { text.replace(',', ".") } else { text.to_owned() })
    }

    fn read(&self) -> Result<Sold, Vec<String>> {
        let mut wrong = Vec::new();
        let mut code = |name: &str, long: std::ops::RangeInclusive<usize>, like: &str| {
            let text = self.cell(name).unwrap_or_default().to_ascii_uppercase();
            let plain = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
            if !(plain && long.contains(&text.len())) {
                wrong.push(format!("{name} is \"{text}\"; write letters such as {like}"));
            }
            text
        };
        let to = code("to", 2..=20, "DE");
        let from = self.cell("from").is_some().then(|| code("from", 2..=20, "CN"));
        let currency = code("currency", 3..=3, "EUR");
        let mut amount = |name: &str| match self.number(name)?.parse::<Decimal>() {
            Ok(amount) if !amount.is_negative() => Some(amount),
            Ok(_) => {
                wrong.push(format!("{name} is below zero; give what was sold, and leave refunds out"));
                None
            }
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                None
            }
        };
        let is_month = self.places.contains_key("month");
        let goods_name = if self.places.contains_key("goods") { "goods" } else { "amount" };
        let is_given = self.cell(goods_name).is_some();
        let goods = amount(goods_name).unwrap_or_default();
        let shipping = amount("shipping").unwrap_or_default();
        let (consignment, item) = (amount("value"), amount("item"));
        if !is_given {
            wrong.push(format!("{goods_name} is empty; write the price of the goods without tax, such as 49.90"));
        }
        let day = if is_month { self.month() } else { self.date() };
        let orders = match self.cell("orders").map(str::parse::<u64>) {
            None => 1,
            Some(Ok(orders)) if orders > 0 => orders,
            Some(_) => {
                wrong.push("orders is no number of orders; write a whole number above 0".into());
                1
            }
        };
        let mut word = |name: &str, no: &str, yes: &str| match self.cell(name).map(str::to_ascii_lowercase) {
            None => false,
            Some(text) if text == no => false,
            Some(text) if text == yes => true,
            Some(text) => {
                wrong.push(format!("{name} is \"{text}\"; write {yes} or {no}"));
                false
            }
        };
        let (platform, business) = (word("platform", "no", "yes"), word("kind", "consumer", "business"));
        let rate = self.cell("rate").map(str::parse).transpose().unwrap_or_else(|says| {
            wrong.push(format!("rate: {says}"));
            None
        });
        let code = self.cell("code").map(str::to_owned);
        if code.as_deref().is_some_and(|code| code.parse::<GoodsCode>().is_err()) {
            wrong.push("code is no goods code; write 2 to 12 digits, such as 6109.10".into());
        }
        match day {
            Ok(day) if wrong.is_empty() => {
                let named = self.cell("order").map_or_else(|| format!("row {}", self.row), str::to_owned);
                let sold = Sold {
                    named,
                    day,
                    to,
                    from,
                    currency,
                    goods,
                    shipping,
                    orders,
                    consignment,
                    item,
                    platform,
                    business,
                    code,
                    rate,
                };
                Ok(sold)
            }
            Ok(_) => Err(wrong),
            Err(says) => {
                wrong.push(says);
                Err(wrong)
            }
        }
    }

    fn date(&self) -> Result<Date, String> {
        let text = self.cell("date").unwrap_or_default();
        text.parse().map_err(|_| format!("date is \"{text}\"; write year-month-day, such as 2026-11-21"))
    }

    fn month(&self) -> Result<Date, String> {
        let text = self.cell("month").unwrap_or_default();
        let first: Result<Date, _> = format!("{text}-01").parse();
        first.map(Date::last_of_month).map_err(|_| format!("month is \"{text}\"; write year-month, such as 2026-11"))
    }
}
