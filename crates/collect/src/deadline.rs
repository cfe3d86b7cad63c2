//! Days by which returns must be sent and paid, also as a calendar that any calendar program reads (RFC 5545).

use crate::definition::{Definition, NoPeriod, Period};
use crate::ledger::Past;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A return that is or was due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// Key of the scheme.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// The period.
    pub period: Period,
    /// The day by which the return must be sent.
    #[schemars(with = "String")]
    pub due: Date,
    /// The day by which what is owed must be paid.
    #[schemars(with = "String")]
    pub pay_by: Date,
    /// Whether a return is due also where nothing was sold.
    pub nil: bool,
    /// Days on which parts are paid before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub instalments: Vec<Date>,
    /// The day on which a reminder comes where it was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub reminder: Option<Date>,
}

/// The returns of some months, beginning with the period in which a day is, for a seller who registered on some day.
///
/// # Errors
/// [`NoPeriod`] at the end of the calendar.
pub fn deadlines(
    definition: &Definition,
    registered: Date,
    from: Date,
    months: u16,
) -> Result<Vec<Deadline>, NoPeriod> {
    let first = definition
        .period
        .of(from, registered)
        .map_or_else(|| Period::beginning(from, definition.period.is.months()), Ok)?;
    let until = first.first().saturating_add(jiff::Span::new().months(i64::from(months)));
    let periods =
        std::iter::successors(Some(first), |period| Some(period.next()).filter(|next| next.first() > period.first()));
    Ok(periods.take_while(|period| period.first() < until).map(|period| of(definition, period)).collect())
}

fn of(definition: &Definition, period: Period) -> Deadline {
    Deadline {
        scheme: definition.scheme.key.clone(),
        name: definition.scheme.name.clone(),
        period,
        due: definition.return_due(period),
        pay_by: definition.payment_due(period),
        nil: definition.due.nil,
        instalments: definition.instalments(period),
        reminder: definition.reminder(period),
    }
}

/// The returns of some months, beginning with the period in which a day is, with the lengths of periods that a seller's registrations name.
pub fn coming(definition: &Definition, past: &Past, from: Date, months: u16) -> Vec<Deadline> {
    let first = past.period(definition, from);
    let until = from.first_of_month().saturating_add(jiff::Span::new().months(i64::from(months)));
    let periods = following(definition, past, first);
    periods.take_while(|period| period.first() < until).map(|period| of(definition, period)).collect()
}

fn following<'a>(
    definition: &'a Definition,
    past: &'a Past,
    first: Option<Period>,
) -> impl Iterator<Item = Period> + 'a {
    std::iter::successors(first, |period| past.after(definition, *period).filter(|next| next > period))
}

/// The returns of a scheme that have not been sent although their period is over, the oldest first. Those with `due` before `today` are late.
pub fn open(definition: &Definition, past: &Past, today: Date) -> Vec<Deadline> {
    let key = &definition.scheme.key;
    let behind = past.behind(key);
    let first = match past.closed(key) {
        Some(closed) => past.after(definition, closed),
        None => past.first_period(definition),
    };
    let ends = past.registration(key).and_then(|one| one.before);
    let periods = following(definition, past, first);
    behind
        .into_iter()
        .chain(periods)
        .take_while(|period| period.last() < today && ends.is_none_or(|ends| period.first() < ends))
        .map(|period| of(definition, period))
        .collect()
}

/// A calendar of deadlines. Each has a name of its own that stays, so that a calendar read again holds nothing twice.
pub fn calendar(deadlines: &[Deadline], made: Timestamp) -> String {
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tidewaiter//returns//EN\r\n");
    let stamp = made.strftime("%Y%m%dT%H%M%SZ").to_string();
    for one in deadlines {
        let same = one.due == one.pay_by;
        for (n, day) in one.instalments.iter().enumerate() {
            let says = format!("Pay instalment {} for {}", n + 1, one.period.words());
            event(&mut out, &stamp, one, &format!("instalment-{}", n + 1), *day, &says);
        }
        event(
            &mut out,
            &stamp,
            one,
            "return",
            one.due,
            &format!("Send {}the return of {}", if same { "and pay " } else { "" }, one.period.words()),
        );
        if !same {
            event(&mut out, &stamp, one, "payment", one.pay_by, &format!("Pay for {}", one.period.words()));
        }
    }
    out.push_str("END:VCALENDAR\r\n");
    out
}

fn event(out: &mut String, stamp: &str, one: &Deadline, what: &str, day: Date, says: &str) {
    let next = day.saturating_add(1.day());
    let period = one.period.to_string().replace('/', "-");
    for line in [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{period}-{what}@tidewaiter", one.scheme),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")),
        format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")),
        format!("SUMMARY:{}", escaped(&format!("{}: {says}", one.name))),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
    ] {
        folded(out, &line);
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// No line is longer than 75 bytes; a space begins what goes on.
fn folded(out: &mut String, line: &str) {
    let mut room = 75;
    for sign in line.chars() {
        if sign.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        room -= sign.len_utf8();
        let _ = out.write_char(sign);
    }
    out.push_str("\r\n");
}
