//! What may stand in a cell.

use crate::definition::Percent;
use crate::event::RateType;
use jiff::civil::Date;
use tidewaiter::Decimal;

/// The most characters of a name: of a document, charge, scheme, edition.
const MOST_NAME: usize = 200;
/// The most characters of a reason.
const MOST_REASON: usize = 2_000;

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

/// A name that is kept as it stands.
pub(super) fn name(text: &str) -> Result<String, String> {
    if text.trim() != text || text.is_empty() {
        return Err(format!("\"{}\" begins or ends with a space; take it out", shown(text)));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("\"{}\" has a line break or another mark that cannot be seen; take it out", shown(text)));
    }
    if text.chars().nth(MOST_NAME).is_some() {
        return Err(format!("\"{}\" is longer than {MOST_NAME} characters", shown(text)));
    }
    Ok(text.to_owned())
}

/// Words for people.
pub(super) fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("say why".into());
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("it has marks that cannot be seen; take them out".into());
    }
    if text.chars().nth(MOST_REASON).is_some() {
        return Err(format!("it is longer than {MOST_REASON} characters"));
    }
    Ok(text.to_owned())
}

/// The code of a territory: `DE`, `GR-ATHOS`.
pub(super) fn territory(text: &str) -> Result<String, String> {
    let text = text.trim();
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase()));
    let rest = parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    if first && rest && text.len() <= 20 {
        return Ok(text.to_owned());
    }
    Err(format!(
        "\"{}\" is no code of a territory; write the two capital letters of ISO 3166-1, such as DE",
        shown(text)
    ))
}

/// A currency: `EUR`.
pub(super) fn currency(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{}\" is no currency; write the three capital letters of ISO 4217, such as EUR", shown(text)))
}

/// A SHA-256 in hexadecimal.
pub(super) fn sha256(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{}\" is no SHA-256: 64 digits and letters from a to f", shown(text)))
}

/// Names with spaces between.
pub(super) fn editions(text: &str) -> Result<Vec<String>, String> {
    text.split_whitespace().map(name).collect()
}

pub(super) fn rate_type(text: &str) -> Result<RateType, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "standard" => Ok(RateType::Standard),
        "reduced" => Ok(RateType::Reduced),
        "zero" => Ok(RateType::Zero),
        _ => Err(format!("\"{}\" is no kind of rate; write standard, reduced or zero", shown(text))),
    }
}

/// Everything that is left of a sale.
pub(super) fn all(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("\"{}\" is neither yes nor no", shown(text))),
    }
}

/// Which row of a sale.
pub(super) fn row(text: &str) -> Result<u16, String> {
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("\"{}\" is no row of a sale; the first row is 1", shown(text)))
}

/// A day: year, month, day, and no other form, as others are read differently in different countries.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let form: String = text.chars().take(40).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if form == "0000-00-00" {
        return text.parse().map_err(|_| format!("there is no day {text}"));
    }
    let text = shown(text);
    let write = "write year-month-day, such as 2026-04-03";
    let parts: Vec<&str> = form.split(['/', '.', '-']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let all_digits = parts.iter().all(|part| part.bytes().all(|b| b == b'0'));
    if let Some(day) = only(&text) {
        return Err(format!("\"{text}\" is not in the form of ISO 8601; write {day}"));
    }
    Err(match (all_digits, lengths.as_slice()) {
        (true, [1..=2, 1..=2, 2 | 4]) => {
            format!("\"{text}\" is ambiguous: in some countries the month stands first, in others the day; {write}")
        }
        (true, [4, 1..=2, 1..=2]) => {
            format!("\"{text}\" is not in the form of ISO 8601; {write}, with noughts and hyphens")
        }
        (true, [8]) => format!("\"{text}\" has no hyphens and could be another number; {write}"),
        (true, [5]) => format!(
            "\"{text}\" is the number by which a spreadsheet counts days; give the cells of the column the form of a date: {write}"
        ),
        _ if form.starts_with("0000-00-00T") || form.starts_with("0000-00-00 ") => {
            format!(
                "\"{text}\" has a time, and which day it is depends on the place; {write}, the day at the place that counts"
            )
        }
        _ => format!("\"{text}\" is no day; {write}"),
    })
}

/// The day of two numbers and a year, where it is the same whichever of the two is the month: no month is the thirteenth.
fn only(text: &str) -> Option<Date> {
    let numbers: Vec<i16> = text.split(['/', '.', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [one, other, year] = *numbers.as_slice() else { return None };
    (1000..=9999).contains(&year).then_some(())?;
    let of = |month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match (of(one, other), of(other, one)) {
        (Some(a), Some(b)) if a != b => None,
        (one, other) => one.or(other),
    }
}

/// Which mark stands before the decimals of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
}

impl Mark {
    fn name(self) -> &'static str {
        if self == Self::Point { "a point" } else { "a comma" }
    }
}

/// Reads the numbers of one file. All of them have the same mark before their decimals; a comma is taken only where semicolons separate the
/// columns.
#[derive(Debug)]
pub(super) struct Numbers {
    semicolons: bool,
    /// The mark of the first number that has one, and its row.
    mark: Option<(Mark, u64)>,
    /// Whether a number showed that its mark cannot stand between thousands.
    is_sure: bool,
    /// The first number whose mark could.
    unsure: Option<(u64, &'static str, String)>,
}

impl Numbers {
    pub(super) fn new(semicolons: bool) -> Self {
        Self { semicolons, mark: None, is_sure: false, unsure: None }
    }

    pub(super) fn decimal_comma(&self) -> bool {
        matches!(self.mark, Some((Mark::Comma, _)))
    }

    /// A number of which it cannot be said whether its mark stands before decimals or between thousands, as no other number of the file tells.
    pub(super) fn unsure(&self) -> Option<(u64, &'static str, String)> {
        let (row, column, text) = self.unsure.clone().filter(|_| !self.is_sure)?;
        let says = format!(
            "\"{text}\" may be thousands or decimals, and no other number of the file tells; write two decimals"
        );
        Some((row, column, says))
    }

    pub(super) fn amount(&mut self, row: u64, column: &'static str, text: &str) -> Result<Decimal, String> {
        let text = text.trim();
        let marks = |mark: char| text.matches(mark).count();
        let mark = match (marks(','), marks('.')) {
            (0, 0) => return text.parse().map_err(|error: tidewaiter::decimal::NumberError| error.to_string()),
            (0, 1) => Mark::Point,
            (1, 0) if self.semicolons => Mark::Comma,
            (1, 0) => {
                return Err(format!(
                    "\"{}\" has a decimal comma; write a point, such as 12.50, or separate the columns by semicolons and use commas in every number",
                    shown(text)
                ));
            }
            _ => {
                return Err(format!(
                    "\"{}\" has marks between thousands; write digits and one mark before the decimals, such as 1234.50",
                    shown(text)
                ));
            }
        };
        let (first, at) = *self.mark.get_or_insert((mark, row));
        if first != mark {
            return Err(format!(
                "\"{}\" has {} before its decimals, and row {at} has {}; use one of them in the whole file",
                shown(text),
                mark.name(),
                first.name()
            ));
        }
        let number: Decimal = text.replace(',', ".").parse().map_err(|_| {
            format!(
                "\"{}\" is not a number; write digits and one mark before at most 12 decimals, such as 12.50",
                shown(text)
            )
        })?;
        // Commas separate the columns of other files, so that a point there has one meaning.
        if self.semicolons && !self.is_sure {
            let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, ""));
            let whole = whole.trim_start_matches('-');
            if decimals.len() == 3 && whole.len() <= 3 && !whole.starts_with('0') {
                self.unsure.get_or_insert_with(|| (row, column, shown(text)));
            } else {
                self.is_sure = true;
            }
        }
        Ok(number)
    }

    pub(super) fn rate(&mut self, row: u64, text: &str) -> Result<Percent, String> {
        let text = text.trim();
        let rate = self.amount(row, "rate", text.strip_suffix('%').unwrap_or(text))?;
        if rate.is_negative() {
            return Err(format!("\"{}\" is below zero; a rate is not", shown(text)));
        }
        Ok(Percent(rate))
    }
}
