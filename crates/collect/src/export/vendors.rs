//! The sellers of an authority as CSV: RFC 4180, a header, days of ISO 8601, UTF-8. What they wrote into the form stands in a column each, with
//! `answer.` before its name.

use super::Refused;
use super::cell::safe;
use crate::service::Vendor;
use std::collections::BTreeSet;
use std::io::Write;

const COLUMNS: [&str; 7] = ["seller", "name", "number", "from", "before", "changed_at", "last_return_at"];

/// Writes them in their order.
///
/// # Errors
/// [`Refused::NotWritten`].
pub fn vendors(vendors: &[Vendor], out: impl Write) -> Result<(), Refused> {
    let asked: BTreeSet<&str> = vendors.iter().flat_map(|one| one.answers.keys().map(String::as_str)).collect();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let mut write = || -> csv::Result<()> {
        let columns = COLUMNS.iter().map(|name| (*name).to_owned());
        writer.write_record(columns.chain(asked.iter().map(|key| format!("answer.{key}"))))?;
        for one in vendors {
            let before = one.before.map(|day| day.to_string()).unwrap_or_default();
            let own = [
                one.seller.as_str(),
                &one.name,
                &one.number,
                &one.from.to_string(),
                &before,
                &one.changed_at,
                one.last_return_at.as_deref().unwrap_or_default(),
            ]
            .map(|text| safe(text).into_owned());
            let answers = asked.iter().map(|key| safe(one.answers.get(*key).map_or("", String::as_str)).into_owned());
            writer.write_record(own.into_iter().chain(answers))?;
        }
        Ok(writer.flush()?)
    };
    write().map_err(|error| Refused::NotWritten(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_seller_has_a_row_and_every_answer_a_column() {
        let one = |seller: &str, answers: &[(&str, &str)]| Vendor {
            seller: seller.to_owned(),
            name: "=1+1".to_owned(),
            number: "IM1".to_owned(),
            from: date(2026, 10, 1),
            before: None,
            answers: answers.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect(),
            changed_at: "2026-10-01T00:00:00Z".to_owned(),
            last_return_at: None,
            earlier: Vec::new(),
        };
        let mut out = Vec::new();
        vendors(&[one("a", &[("town", "Cork, south")]), one("b", &[("email", "b@c.ie")])], &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "seller,name,number,from,before,changed_at,last_return_at,answer.email,answer.town\r\n\
             a,'=1+1,IM1,2026-10-01,,2026-10-01T00:00:00Z,,,\"Cork, south\"\r\n\
             b,'=1+1,IM1,2026-10-01,,2026-10-01T00:00:00Z,,b@c.ie,\r\n"
        );
    }
}
