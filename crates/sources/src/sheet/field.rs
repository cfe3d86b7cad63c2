//! Cells as what they mean: days, goods codes, numbers, percentages, amounts, words of a list.
//!
//! Reading is tolerant only where nothing else can be meant. Each refusal says how to write it.

use super::grid::{Field, Row};
use super::words::nearest;
use super::{Reader, Warning};
use crate::workbook::{Format, Value};
use jiff::ToSpan;
use jiff::civil::Date;
use tidewaiter::Decimal;
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::expression::Amount;
use tidewaiter::record::grammar;
use tidewaiter::unit;

impl Reader<'_> {
    /// Refuses a cell.
    pub(super) fn refuse(&mut self, row: &Row, column: &str, expected: impl Into<String>) {
        self.account.refuse(&row.place, row.number, column, row.str(column), expected);
    }

    /// A day; `Err` where it was refused.
    pub(super) fn day(&mut self, row: &Row, column: &str) -> Result<Option<Date>, ()> {
        let Some(field) = row.field(column) else { return Ok(None) };
        let expected = match &field.value {
            Value::Date(day) => return Ok(Some(*day)),
            Value::Text(_) => match field.text.parse::<Date>() {
                Ok(day) if field.text.len() == 10 => return Ok(Some(day)),
                _ if field.text.contains(['/', '.']) => {
                    "the date as 2026-07-01 (year-month-day): days and months stand in another order in other countries"
                }
                _ => "a date such as 2026-07-01 (year-month-day)",
            },
            Value::Number(_) => {
                "a date; the cell shows a plain number. Give the cell the format Date, or write 2026-07-01"
            }
            _ => "a date without a time, such as 2026-07-01",
        };
        self.refuse(row, column, expected);
        Err(())
    }

    /// `From` and `Until`, half-open.
    pub(super) fn dates(&mut self, row: &Row) -> Result<(Option<Date>, Option<Date>), ()> {
        let (from, until) = (self.day(row, "From"), self.day(row, "Until"));
        let (from, until) = (from?, until?);
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            self.refuse(row, "Until", format!("a day not before {from}, the day in From"));
            return Err(());
        }
        let before = match until {
            Some(until) => match until.checked_add(1.day()) {
                Ok(day) => Some(day),
                Err(_) => {
                    self.refuse(row, "Until", "a day before the year 9999; leave it empty where no end is known");
                    return Err(());
                }
            },
            None => None,
        };
        Ok((from, before))
    }

    /// One of the words of a list, capitals aside.
    pub(super) fn choice(
        &mut self,
        row: &Row,
        column: &str,
        words: &'static [&'static str],
    ) -> Result<Option<&'static str>, ()> {
        let Some(field) = row.field(column) else { return Ok(None) };
        let text = match field.value {
            // Spreadsheet programs turn a typed "true" into a truth value; yes and no stay text.
            Value::Bool(_) => field.text.clone(),
            _ => field.text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        if let Some(word) = words.iter().find(|w| w.eq_ignore_ascii_case(&text)) {
            return Ok(Some(word));
        }
        let help = nearest(&text, words.iter().copied());
        self.refuse(row, column, format!("one of: {}{help}", words.join(", ")));
        Err(())
    }

    /// A goods code in digits.
    pub(super) fn code(&mut self, row: &Row, column: &str) -> Result<String, ()> {
        let Some(field) = row.field(column) else { return Err(()) };
        let digits = match self.digits(row, column, field)? {
            Some(digits) => digits,
            None => match field.text.parse::<GoodsCode>() {
                Ok(code) => code.digits(),
                Err(error) => {
                    self.refuse(row, column, error.to_string());
                    return Err(());
                }
            },
        };
        if !digits.len().is_multiple_of(2) {
            let said =
                format!("the code has {} digits, an odd number; check that no zero is missing in front", digits.len());
            self.warn(Warning::ODD_CODE, &row.place, row.number, column, &said);
        }
        Ok(digits)
    }

    /// The digits of a code that the spreadsheet keeps as a number; `None` where it is text.
    fn digits(&mut self, row: &Row, column: &str, field: &Field) -> Result<Option<String>, ()> {
        let number = match &field.value {
            Value::Text(_) => return Ok(None),
            Value::Number(number) => number.clone(),
            _ => {
                self.refuse(
                    row,
                    column,
                    "a goods code such as 6109.10; give the column the format Text and type the code again",
                );
                return Err(());
            }
        };
        let whole = number.bytes().all(|b| b.is_ascii_digit());
        if !whole || !number.len().is_multiple_of(2) || number.len() > 12 {
            self.refuse(
                row,
                column,
                "the whole code, as text: the spreadsheet kept it as a number, and a zero in front or at the end may be lost. \
                 Give the column the format Text and type the code again",
            );
            return Err(());
        }
        self.warn(
            Warning::NUMBER_CODE,
            &row.place,
            row.number,
            column,
            "the code is kept as a number; give the column the format Text, so that no zero is lost",
        );
        Ok(Some(number))
    }

    /// Goods codes and ranges, with commas, semicolons or line breaks between them.
    pub(super) fn codes(&mut self, row: &Row, column: &str) -> Result<Vec<String>, ()> {
        let Some(field) = row.field(column) else { return Ok(Vec::new()) };
        if let Some(digits) = self.digits(row, column, field)? {
            return Ok(vec![digits]);
        }
        let mut out = Vec::new();
        for part in split(&field.text) {
            // "22 24" may be two chapters or one heading.
            if part.contains(char::is_whitespace) {
                self.refuse(row, column, format!("\"{part}\": put a comma between two codes and no space inside one"));
                return Err(());
            }
            if let Err(error) = grammar::code_range(part) {
                self.refuse(row, column, format!("\"{part}\": {error}; put a comma between two codes"));
                return Err(());
            }
            out.push(part.replace('.', ""));
        }
        Ok(out)
    }

    /// A number above or equal to zero.
    pub(super) fn number(&mut self, row: &Row, column: &str) -> Result<Decimal, ()> {
        let Some(field) = row.field(column) else { return Err(()) };
        let text = match (&field.value, field.format) {
            (Value::Number(number), Format::General | Format::Number | Format::Text) => number.clone(),
            (Value::Text(_), format) => {
                if !matches!(format, Format::None | Format::Text) {
                    self.warn(
                        Warning::NUMBER_AS_TEXT,
                        &row.place,
                        row.number,
                        column,
                        "the number is kept as text; it was read as a number",
                    );
                }
                field.text.clone()
            }
            _ => {
                self.refuse(row, column, "a number alone, such as 150; the currency stands in its own column");
                return Err(());
            }
        };
        match text.parse::<Decimal>() {
            Ok(number) if !number.is_negative() => Ok(number),
            _ if text.contains(',') => {
                self.refuse(
                    row,
                    column,
                    "a number with a point and without a comma: write 1500.50, not 1,500.50 or 1500,50",
                );
                Err(())
            }
            _ => {
                self.refuse(row, column, "a number such as 150, not below zero, without a currency");
                Err(())
            }
        }
    }

    /// An amount in the words of the grammar, printed as it prints. `unit` is what a number alone counts.
    pub(super) fn amount(&mut self, row: &Row, column: &str, unit: Option<&str>) -> Result<String, ()> {
        let Some(field) = row.field(column) else { return Err(()) };
        let currency = self.currency.clone().unwrap_or_else(|| "USD".into());
        let alone = field.text.parse::<Decimal>().is_ok();
        let words = match (&field.value, unit) {
            (Value::Number(_), None) if field.format == Format::Percent => {
                let over = grammar::percent(&field.text).is_ok_and(|p| p > Decimal::HUNDRED);
                if over {
                    let says = format!("the cell shows {}, more than a hundred per cent; it was read so", field.text);
                    self.warn(Warning::OVER_HUNDRED, &row.place, row.number, column, &says);
                }
                field.text.clone()
            }
            (Value::Number(_) | Value::Text(_), Some(unit)) if alone && field.format != Format::Percent => {
                if let Some(expected) = no_unit(unit, &currency) {
                    self.refuse(row, "Unit", expected);
                    return Err(());
                }
                format!("{} {unit}", field.text)
            }
            (Value::Text(_), _) if ["free", "nil", "exempt"].contains(&field.text.trim().to_lowercase().as_str()) => {
                self.refuse(row, column, "0 % where the goods are free".to_owned());
                return Err(());
            }
            (Value::Number(_) | Value::Text(_), None) if alone => {
                self.refuse(row, column, percentage_or_money(&field.text, &currency));
                return Err(());
            }
            (Value::Number(_) | Value::Text(_), Some(_)) => {
                self.refuse(
                    row,
                    column,
                    "a number alone where Unit is filled; leave Unit empty, or take % and currency out of this cell",
                );
                return Err(());
            }
            (Value::Text(_), None) if self.is_unit(&field.text) => {
                let alone = match column {
                    "Duty" => "a unit alone stands in the column Unit, beside a number in Duty",
                    _ => "a unit alone is no amount",
                };
                self.refuse(
                    row,
                    column,
                    format!("a number with its unit, such as 5 % or 5.50 {currency} per kg; {alone}"),
                );
                return Err(());
            }
            (Value::Text(_), None) => field.text.clone(),
            _ => {
                self.refuse(
                    row,
                    column,
                    format!("a percentage or a sum of money, such as 5 % or 5.50 {currency} per kg"),
                );
                return Err(());
            }
        };
        let amount = match grammar::amount(&words) {
            Ok(amount) => amount,
            Err(error) => {
                self.refuse(row, column, error.to_string());
                return Err(());
            }
        };
        let printed = amount.to_string();
        if let Some(word) = no_amount(&amount) {
            let free = if word == "free" { "0 % where the goods are free" } else { "percentages and sums of money" };
            self.refuse(row, column, format!("{free}; \"{word}\" is no amount here"));
            return Err(());
        }
        if let Some(unknown) = currencies(&printed).find(|c| !self.knows_currency(c)) {
            self.refuse(row, column, format!("a currency of ISO 4217 in place of \"{unknown}\""));
            return Err(());
        }
        Ok(printed)
    }

    /// A percentage, printed as the grammar prints it.
    pub(super) fn percent(&mut self, row: &Row, column: &str) -> Result<String, ()> {
        let words = self.amount(row, column, None)?;
        match grammar::percent(&words) {
            Ok(percent) if !percent.is_negative() => Ok(words),
            _ => {
                self.refuse(row, column, "one percentage, such as 16 %");
                Err(())
            }
        }
    }

    /// A condition, printed as the grammar prints it.
    pub(super) fn condition(&mut self, row: &Row, column: &str) -> Result<Option<String>, ()> {
        let Some(field) = row.field(column) else { return Ok(None) };
        match grammar::condition(&field.text) {
            Ok(condition) => Ok(Some(condition.to_string())),
            Err(_) if self.is_unit(&field.text) => {
                self.refuse(
                    row,
                    column,
                    "a condition, such as weight <= 31 kg; a unit stands in the column Unit, or in the amount",
                );
                Err(())
            }
            Err(error) => {
                self.refuse(row, column, error.to_string());
                Err(())
            }
        }
    }

    /// Whether a text is what a number counts, without the number: `%`, `kg`, `USD per kg`.
    pub(super) fn is_unit(&self, text: &str) -> bool {
        let counted = |amount: Amount| currencies(&amount.to_string()).all(|c| self.knows_currency(c));
        unit::find(text).is_some() || grammar::amount(&format!("1 {text}")).is_ok_and(counted)
    }

    /// Whether a currency is known.
    pub(super) fn knows_currency(&self, code: &str) -> bool {
        match self.options.world {
            Some(world) => world.currencies.currency.iter().any(|c| c.code == code),
            None => crate::iso_4217::is_currency(code),
        }
    }

    /// The currency in a column.
    pub(super) fn currency(&mut self, row: &Row, column: &str) -> Result<String, ()> {
        let code = row.str(column).to_owned();
        if self.knows_currency(&code) {
            return Ok(code);
        }
        let all = self.options.world.map(|w| w.currencies.currency.as_slice()).unwrap_or_default();
        let help = nearest(&code, all.iter().map(|c| c.code.as_str()));
        self.refuse(row, column, format!("a currency code of ISO 4217 in three capital letters, such as USD{help}"));
        Err(())
    }
}

/// What to write for a number alone. A spreadsheet keeps 12 % as 0.12, so a part of one is asked about.
fn percentage_or_money(number: &str, currency: &str) -> String {
    let of_hundred = number.parse::<Decimal>().ok().filter(|n| *n > Decimal::ZERO && *n < Decimal::ONE);
    match of_hundred.and_then(|n| n.times(Decimal::HUNDRED).ok()) {
        Some(percent) => format!(
            "a percentage or a sum of money: did you mean {percent} %? Then write {percent} %; for money write {number} {currency} per kg"
        ),
        None => format!("a percentage or a sum of money: write {number} % or {number} {currency} per kg"),
    }
}

/// What is wrong with the cell Unit beside a number; nothing where it can be read.
fn no_unit(text: &str, currency: &str) -> Option<String> {
    let error = grammar::amount(&format!("1 {text}")).err()?;
    let bare = text.strip_prefix("per ").unwrap_or(text);
    if let Some(unit) = unit::find(bare) {
        return Some(format!("% or a currency with the unit: {currency} per {}", unit.key));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!("% or {currency} per kg, without a number; the number stands in Duty"));
    }
    Some(error.to_string())
}

/// Parts of a list.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '\n']).map(str::trim).filter(|p| !p.is_empty())
}

/// A word in an amount that only an economy file gives a meaning: a named base, another charge, a table.
fn no_amount(amount: &Amount) -> Option<String> {
    match amount {
        Amount::Named(_) | Amount::Rate { .. } | Amount::Tariff(_) => Some(amount.to_string()),
        Amount::Percent { of: Some(of), .. } | Amount::GrossUp { of: Some(of), .. } => no_amount(of),
        Amount::Times(_, of)
        | Amount::Rounded { amount: of, .. }
        | Amount::WholeItems { otherwise: of, .. }
        | Amount::Bands { of, .. } => no_amount(of),
        Amount::Sum(parts) | Amount::Max(parts) | Amount::Min(parts) => parts.iter().find_map(no_amount),
        Amount::Less(a, b) => no_amount(a).or_else(|| no_amount(b)),
        Amount::Clamp { amount, least, most } => [amount, least, most].into_iter().find_map(|a| no_amount(a)),
        Amount::If { then, otherwise, .. } => no_amount(then).or_else(|| no_amount(otherwise)),
        Amount::Relieved
        | Amount::Flat(_)
        | Amount::Percent { of: None, .. }
        | Amount::GrossUp { of: None, .. }
        | Amount::Specific { .. }
        | Amount::Component(_)
        | Amount::Base => None,
    }
}

/// Currencies in a printed amount: three capitals after a number that is not the number of a unit (`per 100 kg`).
fn currencies(printed: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> =
        printed.split(|c: char| c.is_whitespace() || "(),;:".contains(c)).filter(|w| !w.is_empty()).collect();
    let numeric = |w: &str| w.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (1..words.len())
        .filter(|at| {
            grammar::is_currency(words[*at])
                && numeric(words[at - 1])
                && at.checked_sub(2).is_none_or(|p| words[p] != "per")
        })
        .map(|at| words[at])
        .collect::<Vec<_>>()
        .into_iter()
}
