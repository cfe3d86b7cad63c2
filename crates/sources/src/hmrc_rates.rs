//! HMRC's exchange rates: one pound is worth so many of each currency.
//!
//! Five official files are read, told apart by their first row:
//!
//! | file | becomes |
//! |---|---|
//! | monthly rates: currency, first day, last day, rate; no headings | rates of `hmrc-monthly`, each for its month |
//! | spot rates: currency, day, nothing, rate, `spot`; no headings | rates of `hmrc-spot` |
//! | averages for the year to 31 March or 31 December, by country | rates of `hmrc-average-march`, `hmrc-average-december`, and every row as a text |
//! | currencies; territories | texts |
//!
//! The averages name a currency code from 2021 on, in the files to 31 March only. Where a row has no code, its currency is
//! not guessed from "Dollar": the row is kept as a text, and counted as what cannot be computed with.

use crate::ecb::positive;
use crate::iso_4217::is_currency;
use crate::{Account, ImportError, Sink, Source};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, HashMap, HashSet};
use tidewaiter::Decimal;
use tidewaiter::record::edition::{Edition, Entry, ExchangeRate, Text, TextKind};
use tidewaiter::record::{Confidence, Fact, Source as FactSource};

/// Key of the monthly series, as named by policies.
pub const MONTHLY: &str = "hmrc-monthly";
/// Key of the spot rates.
pub const SPOT: &str = "hmrc-spot";
const BASE: &str = "GBP";
const AUTHORITY: &str = "HMRC";
const LICENCE: &str = "Open Government Licence v3.0";
const URL: &str = "https://www.trade-tariff.service.gov.uk/exchange_rates";

/// What an import of HMRC's rates must be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Day of publication; where absent, the newest day in the files is taken.
    pub published: Option<Date>,
}

/// Reads HMRC's files.
///
/// # Errors
/// [`ImportError`] where a file cannot be read, is too large, or is none of the five.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut book = Book { out, account, newest: None, rates: HashSet::new(), facts: HashSet::new() };
    let mut files = Vec::new();
    let mut names = Vec::new();
    for source in sources {
        names.push(source.name().to_owned());
        files.push(book.file(source)?.finish()?);
    }
    let known_from = options.published.or(book.newest).ok_or_else(|| ImportError::NotThisFormat {
        file: names.join(", "),
        reason: "no file holds a day; say when they were published".into(),
    })?;
    Ok(Edition {
        authority: AUTHORITY.into(),
        title: "HMRC exchange rates".into(),
        format: "hmrc-rates".into(),
        known_from,
        licence: Some(LICENCE.into()),
        files,
        ..Edition::default()
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Monthly,
    Spot,
    /// With the last day of the year, and whether rows have a currency code.
    Average(Date, bool),
    Currencies,
    Territories,
}

struct Book<'a> {
    out: &'a mut dyn Sink,
    account: &'a mut Account,
    newest: Option<Date>,
    /// Series, currency and day of every rate made.
    rates: HashSet<(String, String, Date)>,
    facts: HashSet<String>,
}

/// A row and where it stands.
struct Row<'a> {
    file: &'a str,
    number: u64,
    cells: Vec<&'a str>,
}

impl Book<'_> {
    fn file(&mut self, source: Source) -> Result<Source, ImportError> {
        let name = source.name().to_owned();
        let broken = |reason: String| ImportError::NotThisFormat { file: name.clone(), reason };
        let meter = source.meter();
        let mut reader = crate::workbook::csv_reader().from_reader(source);
        let mut record = csv::StringRecord::new();
        let mut kind = None;
        // Rates by currency of an average file, in which countries share a currency.
        let mut shared: HashMap<String, Decimal> = HashMap::new();
        loop {
            meter.next_record();
            if !reader.read_record(&mut record).map_err(|error| meter.explain_csv(error))? {
                break;
            }
            let number = record.position().map_or(0, csv::Position::line);
            let mut cells: Vec<&str> = record.iter().map(str::trim).collect();
            if number == 1
                && let Some(first) = cells.first_mut()
            {
                *first = first.trim_start_matches('\u{feff}').trim();
            }
            let row = Row { file: &name, number, cells };
            match kind {
                None => {
                    let found = told_by(&name, &row.cells).map_err(&broken)?;
                    kind = Some(found);
                    if matches!(found, Kind::Monthly | Kind::Spot) {
                        self.row(found, &row, &mut shared)?;
                    }
                }
                Some(kind) => self.row(kind, &row, &mut shared)?,
            }
        }
        if kind.is_none() {
            return Err(broken("the file is empty".into()));
        }
        Ok(reader.into_inner())
    }

    fn row(&mut self, kind: Kind, row: &Row<'_>, shared: &mut HashMap<String, Decimal>) -> Result<(), ImportError> {
        match kind {
            Kind::Monthly => self.monthly(row),
            Kind::Spot => self.spot(row),
            Kind::Average(to, coded) => self.average(row, to, coded, shared),
            Kind::Currencies => {
                self.listed(row, "currency", &["currency", "currency_description", "spot_rate_required", "Count"], 1)
            }
            Kind::Territories => self.listed(
                row,
                "territory",
                &["territory", "country_code", "currency", "currency (4)", "notes", "lookup"],
                0,
            ),
        }
    }

    fn refuse(&mut self, row: &Row<'_>, column: &str, found: &str, expected: impl Into<String>) {
        self.account.refuse(row.file, row.number, column, found, expected);
    }

    /// Whether a row has so many cells.
    fn has(&mut self, row: &Row<'_>, count: usize) -> bool {
        let n = row.cells.len();
        if n != count {
            self.refuse(
                row,
                "",
                &format!("{n} cells"),
                format!("{count} cells; where there are more, look for a number with a comma"),
            );
        }
        n == count
    }

    fn monthly(&mut self, row: &Row<'_>) -> Result<(), ImportError> {
        self.account.read("monthly rate");
        if !self.has(row, 4) {
            return Ok(());
        }
        let (Some(currency), Some(from), Some(last), Some(rate)) = (
            self.currency(row, row.cells[0]),
            self.day(row, "from", row.cells[1]),
            self.day(row, "to", row.cells[2]),
            self.number(row, row.cells[3]),
        ) else {
            return Ok(());
        };
        if from.day() != 1 || last != from.last_of_month() {
            self.refuse(row, "to", row.cells[2], "the first and the last day of one month");
            return Ok(());
        }
        let before = last.checked_add(1.day()).ok();
        self.make(row, MONTHLY, &currency, rate, from, before)
    }

    fn spot(&mut self, row: &Row<'_>) -> Result<(), ImportError> {
        self.account.read("spot rate");
        if !self.has(row, 5) {
            return Ok(());
        }
        let (Some(currency), Some(day), Some(rate)) =
            (self.currency(row, row.cells[0]), self.day(row, "day", row.cells[1]), self.number(row, row.cells[3]))
        else {
            return Ok(());
        };
        if !row.cells[2].is_empty() || row.cells[4] != "spot" {
            self.refuse(row, "type", row.cells[4], "an empty cell before the rate, and \"spot\" after it");
            return Ok(());
        }
        self.make(row, SPOT, &currency, rate, day, None)
    }

    fn average(
        &mut self,
        row: &Row<'_>,
        to: Date,
        coded: bool,
        shared: &mut HashMap<String, Decimal>,
    ) -> Result<(), ImportError> {
        self.account.read("yearly average");
        let count = if coded { 5 } else { 4 };
        if !self.has(row, count) {
            return Ok(());
        }
        let (Some(rate), Some(value)) = (self.number(row, row.cells[count - 1]), self.value(row, row.cells[count - 2]))
        else {
            return Ok(());
        };
        let (country, unit) = (row.cells[0], row.cells[1]);
        if country.is_empty() || unit.is_empty() {
            self.refuse(row, "Country", country, "a country and its unit of currency");
            return Ok(());
        }
        let code = coded.then_some(row.cells[2]);
        let currency = match code {
            Some(code) => match self.currency(row, code) {
                Some(currency) => Some(currency),
                None => return Ok(()),
            },
            None => None,
        };
        let year = if to.month() == 3 { "march" } else { "december" };
        self.newest = self.newest.max(Some(to));
        let key = format!("hmrc.average.{to}");
        self.fact(&key, &format!("HMRC publishes average exchange rates for the year to {to}."), to)?;
        if let Some(currency) = &currency {
            match shared.get(currency) {
                Some(other) if *other != rate => {
                    self.refuse(
                        row,
                        "Currency Units per pound",
                        row.cells[count - 1],
                        format!("{other}, as in another row of {currency}"),
                    );
                    return Ok(());
                }
                Some(_) => self.account.left_out("average of a currency that stands under another country too"),
                None => {
                    shared.insert(currency.clone(), rate);
                    let from = to.checked_sub(1.year()).and_then(|d| d.checked_add(1.day())).unwrap_or(to);
                    let series = format!("hmrc-average-{year}");
                    self.make(row, &series, currency, rate, from, to.checked_add(1.day()).ok())?;
                }
            }
        } else {
            self.account.inexpressible("yearly average without a currency code: kept as a text");
        }
        let mut other = BTreeMap::from([
            ("Country".to_owned(), country.to_owned()),
            ("Unit of Currency".to_owned(), unit.to_owned()),
            ("Sterling value of Currency Unit".to_owned(), value),
            ("Currency Units per pound".to_owned(), row.cells[count - 1].to_owned()),
        ]);
        if let Some(code) = code {
            other.insert("Currency Code".to_owned(), code.to_owned());
        }
        let text = Text {
            kind: TextKind::Other,
            code: format!("{key}.{country}.{unit}"),
            says: BTreeMap::from([(
                "en".to_owned(),
                format!("Average for the year to {to}: {country}, {unit}, {} for one pound", row.cells[count - 1]),
            )]),
            from: None,
            before: None,
            other,
        };
        self.take(Entry::Text(text), "text")
    }

    /// A row of a list, as a text whose code is one of its cells.
    fn listed(&mut self, row: &Row<'_>, kind: &str, columns: &[&str], name_at: usize) -> Result<(), ImportError> {
        self.account.read(kind);
        if !self.has(row, columns.len()) {
            return Ok(());
        }
        let code_at = 1 - name_at;
        let code = row.cells[code_at];
        if code.is_empty() || row.cells[name_at].is_empty() {
            self.refuse(row, columns[code_at], code, "a code and a name");
            return Ok(());
        }
        if let Some(at) = columns.iter().position(|c| *c == "currency")
            && self.currency(row, row.cells[at]).is_none()
        {
            return Ok(());
        }
        let text = Text {
            kind: TextKind::Other,
            code: format!("hmrc.{kind}.{code}"),
            says: BTreeMap::from([("en".to_owned(), row.cells[name_at].to_owned())]),
            from: None,
            before: None,
            other: columns
                .iter()
                .zip(&row.cells)
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned()))
                .collect(),
        };
        self.take(Entry::Text(text), "text")
    }

    fn currency(&mut self, row: &Row<'_>, code: &str) -> Option<String> {
        if is_currency(code) {
            return Some(code.to_owned());
        }
        self.refuse(row, "currency", code, "a currency code of ISO 4217, such as USD");
        None
    }

    fn day(&mut self, row: &Row<'_>, column: &str, text: &str) -> Option<Date> {
        match text.parse::<Date>() {
            Ok(day) if text.len() == 10 => Some(day),
            _ => {
                self.refuse(row, column, text, "a day such as 2026-01-31");
                None
            }
        }
    }

    fn number(&mut self, row: &Row<'_>, text: &str) -> Option<Decimal> {
        match positive(text) {
            Ok(rate) => Some(rate),
            Err(expected) => {
                self.refuse(row, "rate", text, expected);
                None
            }
        }
    }

    /// The value of one unit in pounds, four decimals: zero where the unit is small.
    fn value(&mut self, row: &Row<'_>, text: &str) -> Option<String> {
        match text.parse::<Decimal>() {
            Ok(value) if !value.is_negative() => Some(text.to_owned()),
            _ => {
                self.refuse(row, "Sterling value of Currency Unit", text, "a number such as 0.7731");
                None
            }
        }
    }

    fn make(
        &mut self,
        row: &Row<'_>,
        series: &str,
        currency: &str,
        rate: Decimal,
        from: Date,
        before: Option<Date>,
    ) -> Result<(), ImportError> {
        if !self.rates.insert((series.to_owned(), currency.to_owned(), from)) {
            self.refuse(
                row,
                "currency",
                currency,
                format!("one rate of {currency} from {from}; another row has it too"),
            );
            return Ok(());
        }
        self.newest = self.newest.max(Some(from));
        if !series.starts_with("hmrc-average") {
            let what = if series == MONTHLY {
                "a rate for each calendar month"
            } else {
                "spot rates for 31 March and 31 December"
            };
            self.fact(series, &format!("HMRC publishes {what}: so many of a currency for one pound."), from)?;
        }
        let entry = ExchangeRate {
            series: series.to_owned(),
            base: BASE.into(),
            currency: currency.to_owned(),
            rate,
            from,
            before,
        };
        self.take(Entry::ExchangeRate(entry), "exchange-rate")
    }

    fn fact(&mut self, key: &str, statement: &str, day: Date) -> Result<(), ImportError> {
        if !self.facts.insert(key.to_owned()) {
            return Ok(());
        }
        let fact = Fact {
            key: key.to_owned(),
            topic: "exchange_rate".into(),
            statement: statement.to_owned(),
            law: None,
            source: FactSource {
                publisher: AUTHORITY.into(),
                title: Some("Exchange rates from HMRC".into()),
                url: Some(URL.into()),
                date: Some(day),
            },
            from: None,
            before: None,
            confidence: Confidence::High,
            note: None,
        };
        self.take(Entry::Fact(fact), "fact")
    }

    fn take(&mut self, entry: Entry, kind: &str) -> Result<(), ImportError> {
        self.out.take(entry).map_err(ImportError::Write)?;
        self.account.made(kind);
        Ok(())
    }
}

const AVERAGE: [&str; 4] =
    ["Country", "Unit of Currency", "Sterling value of Currency Unit", "Currency Units per pound"];

/// Which of the five a file is, by its first row.
fn told_by(name: &str, cells: &[&str]) -> Result<Kind, String> {
    let coded = [AVERAGE[0], AVERAGE[1], "Currency Code", AVERAGE[2], AVERAGE[3]];
    match cells {
        cells if *cells == AVERAGE => Ok(Kind::Average(year_end(name)?, false)),
        cells if *cells == coded => Ok(Kind::Average(year_end(name)?, true)),
        ["currency", "currency_description", "spot_rate_required", "Count"] => Ok(Kind::Currencies),
        ["territory", "country_code", "currency", "currency", "notes", "lookup"] => Ok(Kind::Territories),
        [code, _, _, _] if is_currency(code) => Ok(Kind::Monthly),
        [code, _, _, _, "spot"] if is_currency(code) => Ok(Kind::Spot),
        _ => Err(
            "the first row is neither a monthly rate (AED,2020-01-01,2020-01-31,4.8012), a spot rate, nor the headings of averages, \
             currencies or territories"
                .into(),
        ),
    }
}

/// The year of an average stands in the name of its file only.
fn year_end(name: &str) -> Result<Date, String> {
    let expected = || {
        format!(
            "the year of the averages stands in the name of the file: \"{name}\" should be like Average_for_the_year_to_31_March_2023.csv"
        )
    };
    let stem = name.strip_prefix("Average_for_the_year_to_31_").ok_or_else(expected)?;
    let (month, year) = stem.split('.').next().unwrap_or_default().split_once('_').ok_or_else(expected)?;
    let year = year.parse::<i16>().ok().filter(|y| (1990..=2200).contains(y)).ok_or_else(expected)?;
    match month {
        "March" => Ok(date(year, 3, 31)),
        "December" => Ok(date(year, 12, 31)),
        _ => Err(expected()),
    }
}
