//! The lists that are CSV: seasonal duties, excluded places.

use super::{Import, SEASON, ten_digits};
use crate::{ImportError, Source};
use jiff::civil::Date;
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::TextKind;

/// `15/05` or `1/5` as `05-15`; the last of February of any year is a day.
pub(super) fn day_of_year(text: &str) -> Option<String> {
    let (day, month) = text.split_once('/')?;
    let (day, month) = (day.parse::<i8>().ok()?, month.parse::<i8>().ok()?);
    // 2024 has all days.
    Date::new(2024, month, day).ok().map(|_| format!("{month:02}-{day:02}"))
}

/// A duty in the words of the economy file.
pub(super) fn seasonal_duty(text: &str) -> Option<String> {
    let number = |text: &str| {
        let text = text.trim();
        text.parse::<tidewaiter::Decimal>().is_ok_and(|n| !n.is_negative()).then(|| text.to_owned())
    };
    let (percent, rest) = text.split_once('%')?;
    let percent = format!("{} %", number(percent)?);
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(percent);
    }
    let least = rest.strip_prefix("MIN ")?;
    let (sum, unit) = least.split_once('/')?;
    let pounds = number(sum.trim().strip_suffix("GBP")?)?;
    (unit.trim() == "100 kg").then(|| format!("max({percent}, {pounds} GBP per 100 kg)"))
}

impl Import<'_> {
    pub(super) fn csv(&mut self, source: &mut Source) -> Result<(), ImportError> {
        let meter = source.meter();
        let name = source.name().to_owned();
        let stop = |error| meter.explain_csv(error);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let headings = reader.headers().map_err(&stop)?.clone();
        let headings: Vec<&str> = headings.iter().map(|h| h.trim_start_matches('\u{feff}')).collect();
        const SEASONS: [&str; 6] =
            ["geographical_area_id", "goods_nomenclature_item_id", "measure_type_id", "from", "to", "duty"];
        const EXCLUSIONS: [&str; 3] = ["measure_type_id", "geographical_area_id", "excluded_country"];
        let seasons = headings == SEASONS;
        if seasons {
            self.fact(
                "gb.reference.seasons",
                "Seasonal preferential duties of the UK tariff: days of the year and rates.",
                Confidence::High,
                None,
            )?;
        } else if headings == EXCLUSIONS {
            let (key, of) =
                if self.name.starts_with("xi") { ("xi", "Northern Ireland") } else { ("gb", "Great Britain") };
            self.fact(
                &format!("{key}.reference.exclusions"),
                &format!("Places left out of measure types of an area in the tariff of {of}."),
                Confidence::High,
                None,
            )?;
        } else {
            return Err(self.wrong("expected the headings of seasonal measures or of measure type exclusions"));
        }
        let mut row = 1u64;
        let mut record = csv::StringRecord::new();
        loop {
            meter.next_record();
            row += 1;
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) if !error.is_io_error() => {
                    self.account.read("row");
                    self.account.refuse(&name, row, "", "", format!("a row of UTF-8 text: {error}"));
                    continue;
                }
                Err(error) => return Err(stop(error)),
            }
            let kind = if seasons { "seasonal_measure" } else { "exclusion" };
            self.account.read(kind);
            let fields: Vec<&str> = record.iter().map(str::trim).collect();
            if fields.len() != headings.len() {
                self.account.refuse(&name, row, "", &fields.join(","), format!("{} columns", headings.len()));
                continue;
            }
            if seasons {
                self.season(row, &fields)?;
            } else {
                let scope = if self.name.starts_with("xi") { "xi" } else { "gb" };
                let code = format!("{scope}/exclusion/{}/{}/{}", fields[0], fields[1], fields[2]);
                self.text(
                    TextKind::Other,
                    code,
                    "",
                    [
                        ("measure_type_id", fields[0].to_owned()),
                        ("geographical_area_id", fields[1].to_owned()),
                        ("excluded_country", fields[2].to_owned()),
                    ],
                )?;
            }
        }
    }

    pub(super) fn season(&mut self, row: u64, fields: &[&str]) -> Result<(), ImportError> {
        let (area, goods, kind, from, to, duty) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
        if !ten_digits(goods) {
            self.account.refuse(self.name, row, "goods_nomenclature_item_id", goods, "ten digits");
            return Ok(());
        }
        let days = (day_of_year(from), day_of_year(to));
        let (Some(first), Some(last)) = days else {
            self.account.refuse(self.name, row, "from, to", &format!("{from}, {to}"), "days such as 15/05 and 31/10");
            return Ok(());
        };
        let Some(amount) = seasonal_duty(duty) else {
            self.account.refuse(self.name, row, "duty", duty, "10.50% or 6.40% MIN 1.00 GBP / 100 kg");
            return Ok(());
        };
        self.account.inexpressible(SEASON);
        self.text(
            TextKind::Other,
            format!("season/{area}/{goods}/{kind}/{first}"),
            duty,
            [
                ("geographical_area_id", area.to_owned()),
                ("goods_nomenclature_item_id", goods.to_owned()),
                ("measure_type_id", kind.to_owned()),
                ("from", first),
                ("to", last),
                ("amount", amount),
            ],
        )
    }
}
