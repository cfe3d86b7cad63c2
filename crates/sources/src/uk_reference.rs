//! UK lists beside the tariff: measurement units, preference codes, document codes and their guidance, seasonal duties,
//! excluded places, simplified procedure values, and a snapshot of VAT measures.
//!
//! Each file is told apart by what is in it. JSON documents are read whole, up to [`crate::document::LIMIT`] bytes;
//! CSV files row by row.

use crate::document;
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use tidewaiter::record::edition::{Edition, Official, Text, TextKind};
use tidewaiter::record::{Confidence, Fact, Measure, MeasureKind, Source as Publisher};

/// What the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Day on which the files were published. A snapshot of VAT measures says its own.
    pub published: Date,
}

/// Reason of duties whose season has no year.
pub const SEASON: &str = "seasonal duty: the file gives days without a year";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Preference {
    id: String,
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guidance {
    guidance_cds: String,
    guidance_chief: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simplified {
    label: String,
    commodities: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VatMeasure {
    measure_id: String,
    measure_type_id: String,
    additional_code: String,
    additional_code_id: String,
    origin_goods_nomenclature: String,
    origin_type: String,
    effective_start_date: String,
    effective_end_date: Option<String>,
    source_url: String,
    declarable_commodity_codes: Vec<String>,
    connection_commodity_codes: Vec<String>,
    source_response_sha256: String,
    cohort_sha256: String,
    cohort_verified_from_origin_response: bool,
}

/// Reads any of the files, in any order.
///
/// # Errors
/// Where a file cannot be read or is none of them.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut files = Vec::new();
    for mut source in sources {
        let name = source.name().to_owned();
        let first = match source.fill_buf() {
            Ok(bytes) => bytes.iter().copied().find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b)),
            Err(error) => return Err(source.explain(error)),
        };
        let mut import = Import { name: &name, date: options.published, out, account };
        if matches!(first, Some(b'{' | b'[')) {
            import.json(document::read(&mut source)?)?;
        } else {
            import.csv(&mut source)?;
        }
        files.push(source.finish()?);
    }
    Ok(Edition {
        authority: "HMRC".into(),
        territory: Some("GB".into()),
        currency: Some("GBP".into()),
        title: "Reference lists of the UK tariff".into(),
        format: "uk-reference".into(),
        known_from: options.published,
        licence: Some("Open Government Licence v3.0".into()),
        files,
        ..Edition::default()
    })
}

struct Import<'a> {
    name: &'a str,
    date: Date,
    out: &'a mut dyn Sink,
    account: &'a mut Account,
}

impl Import<'_> {
    fn take(&mut self, kind: &str, entry: Entry) -> Result<(), ImportError> {
        self.account.made(kind);
        self.out.take(entry).map_err(ImportError::Write)
    }

    fn wrong(&self, reason: &str) -> ImportError {
        ImportError::NotThisFormat { file: self.name.to_owned(), reason: reason.to_owned() }
    }

    fn fact(
        &mut self,
        key: &str,
        statement: &str,
        confidence: Confidence,
        note: Option<String>,
    ) -> Result<String, ImportError> {
        let fact = Fact {
            key: key.to_owned(),
            topic: "reference".into(),
            statement: statement.to_owned(),
            law: None,
            source: Publisher {
                publisher: "HMRC".into(),
                title: Some(self.name.to_owned()),
                url: Some("https://www.trade-tariff.service.gov.uk".into()),
                date: Some(self.date),
            },
            from: None,
            before: None,
            confidence,
            note,
        };
        self.take("fact", Entry::Fact(fact))?;
        Ok(key.to_owned())
    }

    fn text(
        &mut self,
        kind: TextKind,
        code: String,
        says: &str,
        other: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<(), ImportError> {
        let other = other.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_owned(), v)).collect();
        let says = if says.is_empty() { BTreeMap::new() } else { BTreeMap::from([("en".to_owned(), says.to_owned())]) };
        self.take("text", Entry::Text(Text { kind, code, says, from: None, before: None, other }))
    }

    fn json(&mut self, document: Value) -> Result<(), ImportError> {
        let mut document = match document {
            Value::Array(list) => return self.preferences(list),
            other => document::object(self.name, other)?,
        };
        if let Some(Value::Object(values)) = document.remove("spvs") {
            return self.simplified(values);
        }
        if document.contains_key("snapshot_date") {
            return self.vat(document);
        }
        let has = |name: &str| document.values().next().is_some_and(|first| first.get(name).is_some());
        if has("measurement_unit_code") {
            self.units(document)
        } else if has("guidance_cds") {
            self.documents(document)
        } else {
            Err(self.wrong("expected units, documents, preference codes, simplified procedure values or VAT measures"))
        }
    }

    fn preferences(&mut self, list: Vec<Value>) -> Result<(), ImportError> {
        if list.first().is_none_or(|first| first.get("id").is_none()) {
            return Err(self.wrong("expected a list of preference codes with id and description"));
        }
        self.fact(
            "gb.reference.preferences",
            "The preference codes of UK import declarations.",
            Confidence::High,
            None,
        )?;
        for (row, value) in (1u64..).zip(list) {
            self.account.read("preference_code");
            let Some(code) = document::record::<Preference>(value, self.name, row, "", self.account) else { continue };
            if code.id.len() != 3 || !code.id.bytes().all(|b| b.is_ascii_digit()) {
                self.account.refuse(self.name, row, "id", &code.id, "three digits");
                continue;
            }
            self.text(TextKind::Other, format!("preference/{}", code.id), &code.description, [])?;
        }
        Ok(())
    }

    fn units(&mut self, units: Map<String, Value>) -> Result<(), ImportError> {
        self.fact(
            "gb.reference.units",
            "The measurement units of the UK tariff and how they are asked for.",
            Confidence::High,
            None,
        )?;
        for (row, (code, value)) in (1u64..).zip(units) {
            self.account.read("measurement_unit");
            let Value::Object(unit) = value else {
                self.account.refuse(self.name, row, &code, document::kind(&value), "an object");
                continue;
            };
            let field = |name: &str| unit.get(name).filter(|v| !v.is_null()).map(document::text).unwrap_or_default();
            let own = format!("{}{}", field("measurement_unit_code"), field("measurement_unit_qualifier_code"));
            if own != code {
                self.account.refuse(
                    self.name,
                    row,
                    "measurement_unit_code",
                    &own,
                    format!("the code of its key, {code}"),
                );
                continue;
            }
            let says = if field("expansion").is_empty() { field("abbreviation") } else { field("expansion") };
            let other: BTreeMap<String, String> = unit
                .iter()
                .filter(|(name, value)| !value.is_null() && name.as_str() != "expansion")
                .map(|(name, value)| match value {
                    Value::Array(list) => (name.clone(), list.iter().map(document::text).collect::<Vec<_>>().join(" ")),
                    other => (name.clone(), document::text(other)),
                })
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let says = BTreeMap::from([("en".to_owned(), says)]);
            let text = Text { kind: TextKind::Unit, code, says, from: None, before: None, other };
            self.take("text", Entry::Text(text))?;
        }
        Ok(())
    }

    fn documents(&mut self, documents: Map<String, Value>) -> Result<(), ImportError> {
        self.fact(
            "gb.reference.documents",
            "How each document and certificate code is completed on a UK declaration.",
            Confidence::High,
            None,
        )?;
        for (row, (code, value)) in (1u64..).zip(documents) {
            self.account.read("document_code");
            let Some(guidance) = document::record::<Guidance>(value, self.name, row, &code, self.account) else {
                continue;
            };
            self.text(
                TextKind::Certificate,
                code,
                &guidance.guidance_cds,
                [("guidance_chief", guidance.guidance_chief)],
            )?;
        }
        Ok(())
    }

    fn simplified(&mut self, values: Map<String, Value>) -> Result<(), ImportError> {
        self.fact(
            "gb.reference.simplified",
            "The goods of the simplified procedure value scheme and their commodity codes.",
            Confidence::High,
            None,
        )?;
        for (row, (code, value)) in (1u64..).zip(values) {
            self.account.read("simplified_procedure_code");
            let Some(spv) = document::record::<Simplified>(value, self.name, row, &code, self.account) else {
                continue;
            };
            if let Some(bad) = spv.commodities.iter().find(|code| !ten_digits(code)) {
                self.account.refuse(self.name, row, "commodities", bad, "ten digits");
                continue;
            }
            let commodities = spv.commodities.join(" ");
            self.text(TextKind::Other, format!("simplified/{code}"), &spv.label, [("commodities", commodities)])?;
        }
        Ok(())
    }

    fn vat(&mut self, mut document: Map<String, Value>) -> Result<(), ImportError> {
        let day = document.get("snapshot_date").map(document::text).unwrap_or_default();
        self.date = day.parse().map_err(|_| self.wrong("expected a date in \"snapshot_date\""))?;
        let (Some(Value::Array(measures)), Some(Value::Array(inventory))) =
            (document.remove("measures"), document.remove("commodity_measure_inventory"))
        else {
            return Err(self.wrong("expected the lists \"measures\" and \"commodity_measure_inventory\""));
        };
        let note =
            document.iter().map(|(name, value)| format!("{name}: {}", document::text(value))).collect::<Vec<_>>();
        let fact = self.fact(
            "gb.reference.vat",
            "VAT measures of the UK tariff that are not at the standard rate, for a few commodities.",
            Confidence::Medium,
            Some(note.join("; ")),
        )?;
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (row, value) in (1u64..).zip(measures) {
            self.account.read("vat_measure");
            let Some(vat) = document::record::<VatMeasure>(value, self.name, row, "measures", self.account) else {
                continue;
            };
            let goods = &vat.origin_goods_nomenclature;
            let code = match vat.origin_type.as_str() {
                _ if !ten_digits(goods) => None,
                "heading" => goods.ends_with("000000").then(|| goods[..4].to_owned()),
                "subheading" => {
                    let mut code = goods.as_str();
                    while code.len() > 6 {
                        let Some(shorter) = code.strip_suffix("00") else { break };
                        code = shorter;
                    }
                    Some(code.to_owned())
                }
                "commodity" => Some(goods.clone()),
                _ => None,
            };
            let Some(code) = code else {
                let found = format!("{} {goods}", vat.origin_type);
                self.account.refuse(
                    self.name,
                    row,
                    "origin_goods_nomenclature",
                    &found,
                    "a heading, subheading or commodity of ten digits",
                );
                continue;
            };
            let from = vat.effective_start_date.parse::<Date>();
            let last = vat.effective_end_date.as_deref().map(str::parse::<Date>).transpose();
            let (Ok(from), Ok(last)) = (from, last) else {
                self.account.refuse(
                    self.name,
                    row,
                    "effective_start_date",
                    &vat.effective_start_date,
                    "dates such as 2024-09-25",
                );
                continue;
            };
            known.insert(vat.measure_id.clone(), vat.declarable_commodity_codes.iter().cloned().collect());
            let other = [
                ("additional_code_id", vat.additional_code_id),
                ("origin_type", vat.origin_type),
                ("source_url", vat.source_url),
                ("declarable_commodity_codes", vat.declarable_commodity_codes.join(" ")),
                ("connection_commodity_codes", vat.connection_commodity_codes.join(" ")),
                ("source_response_sha256", vat.source_response_sha256),
                ("cohort_sha256", vat.cohort_sha256),
                ("cohort_verified_from_origin_response", vat.cohort_verified_from_origin_response.to_string()),
            ];
            let official = Official {
                id: Some(vat.measure_id),
                measure_type: Some(vat.measure_type_id),
                other: other.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                ..Official::default()
            };
            let measure = Measure {
                code,
                kind: MeasureKind::Vat,
                amount: None,
                outcome: None,
                says: None,
                origin: None,
                not_origin: Vec::new(),
                program: None,
                proof: None,
                when: None,
                additional_code: Some(vat.additional_code),
                order_number: None,
                from: Some(from),
                before: last.and_then(|last| last.tomorrow().ok()),
                cites: vec![fact.clone()],
                official: Some(Box::new(official)),
                note: None,
            };
            self.take("measure", Entry::Measure(measure))?;
        }
        for (row, value) in (1u64..).zip(inventory) {
            self.account.read("vat_commodity");
            let code = value.get("commodity_code").map(document::text).unwrap_or_default();
            let ids = value.get("applicable_non_standard_measure_ids").and_then(Value::as_array);
            let same = ids.is_some_and(|ids| {
                !ids.is_empty()
                    && ids.iter().all(|id| known.get(&document::text(id)).is_some_and(|codes| codes.contains(&code)))
            });
            if same {
                self.account.left_out("a commodity: it stands in its measures");
            } else {
                self.account.refuse(
                    self.name,
                    row,
                    "commodity_measure_inventory",
                    &code,
                    "a commodity of the measures it names",
                );
            }
        }
        Ok(())
    }

    fn csv(&mut self, source: &mut Source) -> Result<(), ImportError> {
        let meter = source.meter();
        let name = source.name().to_owned();
        let limits_of = |error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(error) => ImportError::Read { file: name.clone(), error },
            other => ImportError::NotThisFormat { file: name.clone(), reason: format!("not CSV: {other:?}") },
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let headings = reader.headers().map_err(&limits_of)?.clone();
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
                Err(error) => return Err(limits_of(error)),
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

    fn season(&mut self, row: u64, fields: &[&str]) -> Result<(), ImportError> {
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

fn ten_digits(code: &str) -> bool {
    code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit())
}

/// `15/05` or `1/5` as `05-15`; the last of February of any year is a day.
fn day_of_year(text: &str) -> Option<String> {
    let (day, month) = text.split_once('/')?;
    let (day, month) = (day.parse::<i8>().ok()?, month.parse::<i8>().ok()?);
    // 2024 has all days.
    Date::new(2024, month, day).ok().map(|_| format!("{month:02}-{day:02}"))
}

/// A duty in the words of the economy file.
fn seasonal_duty(text: &str) -> Option<String> {
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

/// Reads bytes as any of the files; for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    for name in ["a", "xi_a.csv"] {
        let Ok(source) = Source::new(name, std::io::Cursor::new(bytes.to_vec()), crate::Limits::default()) else {
            return;
        };
        let options = Options { published: Date::constant(2026, 1, 1) };
        let _ = import(vec![source], &options, &mut Vec::new(), &mut Account::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use jiff::civil::date;

    fn run(text: &str) -> (Result<Edition, ImportError>, Vec<Entry>, Account) {
        let (mut entries, mut account) = (Vec::new(), Account::default());
        let source = Source::new("a", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
        let edition = import(vec![source], &Options { published: date(2026, 8, 21) }, &mut entries, &mut account);
        (edition, entries, account)
    }

    #[test]
    fn reads_seasonal_duties() {
        for (text, amount) in [
            ("10.50%", Some("10.50 %")),
            ("6.40% MIN 1.00 GBP / 100 kg", Some("max(6.40 %, 1.00 GBP per 100 kg)")),
            ("6.40% MIN 1.00 EUR / 100 kg", None),
            ("-1%", None),
            ("", None),
            ("Free", None),
        ] {
            assert_eq!(seasonal_duty(text).as_deref(), amount, "{text}");
            if let Some(amount) = amount {
                assert!(tidewaiter::record::grammar::amount(amount).is_ok(), "{amount}");
            }
        }
        assert_eq!(day_of_year("1/5").as_deref(), Some("05-01"));
        assert_eq!(day_of_year("29/02").as_deref(), Some("02-29"));
        assert!(day_of_year("31/04").is_none() && day_of_year("5").is_none() && day_of_year("300/1").is_none());
    }

    #[test]
    fn bad_rows_are_refused_by_column() {
        let head = "geographical_area_id,goods_nomenclature_item_id,measure_type_id,from,to,duty\n";
        for (row, column) in [
            ("AU,0702,142,15/05,31/10,1%", "goods_nomenclature_item_id"),
            ("AU,0702000000,142,32/05,31/10,1%", "from, to"),
            ("AU,0702000000,142,15/05,31/10,some", "duty"),
            ("AU,0702000000,142", ""),
        ] {
            let (edition, _, account) = run(&format!("{head}{row}\n"));
            assert!(edition.is_ok());
            assert_eq!((account.refused, account.refusals[0].column.as_str(), account.refusals[0].row), (1, column, 2));
        }
        for (text, column) in [
            (r#"[{"id":"1000","description":"x"}]"#, "id"),
            (r#"{"ASV":{"measurement_unit_code":"HLT"}}"#, "measurement_unit_code"),
            (r#"{"A001":{"guidance_cds":"x","guidance_chief":3}}"#, "A001"),
            (r#"{"spvs":{"1":{"label":"x","commodities":["07"]}}}"#, "commodities"),
            (
                r#"{"snapshot_date":"2026-08-19","measures":[],"commodity_measure_inventory":[{"commodity_code":"1"}]}"#,
                "commodity_measure_inventory",
            ),
        ] {
            let (edition, _, account) = run(text);
            assert!(edition.is_ok(), "{text}");
            assert_eq!(account.refusals[0].column, column);
        }
    }

    #[test]
    fn a_giant_field_stops_at_the_limit() {
        let text = format!("measure_type_id,geographical_area_id,excluded_country\n\"{}\n", "x".repeat(1 << 20));
        let limits = Limits { bytes: 1 << 30, record: 1 << 18 };
        let source = Source::new("a", std::io::Cursor::new(text.into_bytes()), limits).unwrap();
        let options = Options { published: date(2026, 1, 1) };
        assert!(import(vec![source], &options, &mut Vec::new(), &mut Account::default()).is_err());
    }

    #[test]
    fn other_files_are_not_this_format() {
        for text in
            ["", "a,b\n1,2\n", "{}", "[]", "{\"a\":{\"b\":1}}", "{\"snapshot_date\":\"x\"}", "[[[[", "\u{0}\u{1}"]
        {
            assert!(run(text).0.is_err(), "{text}");
            fuzz(text.as_bytes());
        }
    }
}
