//! The draft tariff of 2019, which never came into force.

use super::{MOST_ROWS, suffix, ten};
use crate::common::{Rest, day_month_year, line, measure, plain, put, year_month_day};
use crate::table::{Row, Table};
use crate::{Account, Entry, ImportError, Sink};
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Component, Official};
use tidewaiter::record::{MeasureKind, Verdict};

pub(super) const MEASURES: &[&str] = &[
    "measure_sid",
    "measure_type_id",
    "geographical_area_id",
    "goods_nomenclature_item_id",
    "validity_start_date",
    "validity_end_date",
    "measure_generating_regulation_role",
    "measure_generating_regulation_id",
    "justification_regulation_role",
    "justification_regulation_id",
    "stopped_flag",
    "geographical_area_sid",
    "goods_nomenclature_sid",
    "ordernumber",
    "additional_code_type_id",
    "additional_code_id",
    "additional_code_sid",
    "reduction_indicator",
];

pub(super) const COMPONENTS: &[&str] = &[
    "measure_sid",
    "goods_nomenclature_item_id",
    "duty_expression_id",
    "duty_amount",
    "monetary_unit_code",
    "measurement_unit_code",
    "measurement_unit_qualifier_code",
];

pub(super) const QUOTAS: &[&str] = &[
    "Measure SID",
    "Order number",
    "Measure type",
    "Start date",
    "End date",
    "Geo",
    "Commodity",
    "additional_code_type_id",
    "additional_code_id",
    "reduction_indicator",
    "measure_generating_regulation_role",
    "measure_generating_regulation_id",
    "justification_regulation_role",
    "justification_regulation_id",
    "stopped_flag",
    "geographical_area_sid",
    "goods_nomenclature_sid",
    "additional_code_sid",
    "export_refund_nomenclature_sid",
];

pub(super) const DRAFT_LINES: &[&str] = &[
    "goods_nomenclature_sid",
    "goods_nomenclature_item_id",
    "producline_suffix",
    "validity_start_date",
    "leaf",
    "number_indents",
];

pub(super) const DRAFT: &str = "uk.draft.2019";

pub(super) const NEVER: &str = "This is the draft tariff of 2019, which never came into force. Use a tariff in force.";

/// Components with their rows, by the number and code of their measure.
pub(super) type Components = BTreeMap<(String, String), Vec<(u64, Component)>>;

pub(super) fn draft_lines(
    table: &mut Table,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    while let Some(row) = table.next_or("line", rest, account)? {
        let from = year_month_day(row.get(3));
        let indent = row.get(5).parse::<u8>().ok();
        let leaf = matches!(row.get(4), "0" | "1");
        if !ten(row.get(1)) || !suffix(row.get(2)) || from.is_none() || indent.is_none() || !leaf {
            let expected = "ten digits, a suffix, a date, 0 or 1, and a small number";
            let found = row.cells.join(" ");
            rest.refuse(account, (&name, row.number, "goods_nomenclature_item_id"), &found, expected, None);
            continue;
        }
        let mut entry = line(row.get(1).to_owned());
        entry.suffix = Some(row.get(2).to_owned());
        (entry.from, entry.indent) = (from, indent);
        entry.declarable = row.get(4) == "1" && row.get(2) == "80";
        entry.note = Some(NEVER.into());
        put(out, account, Entry::Line(entry))?;
    }
    Ok(())
}

pub(super) fn read_components(
    table: &mut Table,
    all: &mut Components,
    rest: &mut Rest,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    let mut count = 0;
    while let Some(row) = table.next_or("component", rest, account)? {
        count += 1;
        room(&name, count)?;
        let amount = row.get(3);
        let number = plain(amount).and_then(|text| text.parse().ok());
        let sound = ten(row.get(1)) && suffix(row.get(2)) && (amount.is_empty() || number.is_some());
        if !sound {
            let expected = "a measure, ten digits, a duty expression of two digits, and a number";
            rest.refuse(account, (&name, row.number, "duty_amount"), &row.cells.join(" "), expected, None);
            continue;
        }
        let text = |column: usize| Some(row.get(column).to_owned()).filter(|text| !text.is_empty());
        let component = Component {
            expression: row.get(2).to_owned(),
            amount: number,
            currency: text(4),
            unit: text(5),
            qualifier: text(6),
        };
        all.entry((row.get(0).to_owned(), row.get(1).to_owned())).or_default().push((row.number, component));
    }
    Ok(())
}

pub(super) fn room(name: &str, count: usize) -> Result<(), ImportError> {
    if count <= MOST_ROWS {
        return Ok(());
    }
    Err(ImportError::TooLarge {
        file: name.to_owned(),
        what: "the number of its rows",
        limit: MOST_ROWS as u64,
        hint: "check that it is the file you meant",
    })
}

/// A measure of the draft: whatever it says, the answer is unknown.
pub(super) fn draft_measure(code: &str, kind: MeasureKind, official: Official) -> tidewaiter::record::Measure {
    let mut made = measure(code, kind, DRAFT);
    made.outcome = Some(Verdict::Unknown);
    made.says = Some(NEVER.into());
    made.note = Some("Draft of 2019, never in force.".into());
    made.official = Some(Box::new(official));
    made
}

/// The other fields of a row that are filled, by their official names.
pub(super) fn others(row: &Row, columns: &[&str], taken: &[usize]) -> BTreeMap<String, String> {
    let filled = columns.iter().enumerate().filter(|(n, _)| !taken.contains(n) && !row.get(*n).is_empty());
    filled.map(|(n, column)| ((*column).to_owned(), row.get(n).to_owned())).collect()
}

pub(super) fn measures(
    table: &mut Table,
    components: &mut Components,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    while let Some(row) = table.next_or("measure", rest, account)? {
        let kind = match row.get(1) {
            "103" | "105" => MeasureKind::ThirdCountry,
            other => {
                rest.refuse(account, (&name, row.number, "measure_type_id"), other, "103 or 105", None);
                continue;
            }
        };
        let from = day_month_year(row.get(4), '/');
        let last = if row.get(5).is_empty() { Some(None) } else { day_month_year(row.get(5), '/').map(Some) };
        let (Some(from), Some(last), true) = (from, last, ten(row.get(3))) else {
            let expected = "ten digits, and dates such as 13/04/2019";
            rest.refuse(account, (&name, row.number, "validity_start_date"), &row.cells.join(" "), expected, None);
            continue;
        };
        let parts = components.remove(&(row.get(0).to_owned(), row.get(3).to_owned())).unwrap_or_default();
        let parts = parts.into_iter().map(|(_, component)| {
            account.left_out("joined with its measure");
            component
        });
        let official = Official {
            id: Some(row.get(0).to_owned()).filter(|id| !id.is_empty()),
            measure_type: Some(row.get(1).to_owned()),
            area: Some(row.get(2).to_owned()),
            regulation: Some(row.get(7).to_owned()),
            components: parts.collect(),
            other: others(&row, MEASURES, &[0, 1, 2, 3, 4, 5, 7]),
            ..Official::default()
        };
        let mut made = draft_measure(row.get(3), kind, official);
        (made.from, made.before) = (Some(from), last.and_then(|last| last.tomorrow().ok()));
        account.inexpressible("a measure of the draft of 2019, which was never law");
        put(out, account, Entry::Measure(made))?;
    }
    Ok(())
}

pub(super) fn quotas(
    table: &mut Table,
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let name = table.name().to_owned();
    while let Some(row) = table.next_or("quota measure", rest, account)? {
        let known = matches!(row.get(2), "122" | "123" | "143" | "146");
        let from = year_month_day(row.get(3));
        let last = if row.get(4).is_empty() { Some(None) } else { year_month_day(row.get(4)).map(Some) };
        let order = row.get(1).len() == 6 && row.get(1).bytes().all(|byte| byte.is_ascii_digit());
        let (Some(from), Some(last), true) = (from, last, known && order && ten(row.get(6))) else {
            let expected = "type 122, 123, 143 or 146, an order number of six digits, ten digits, and dates";
            rest.refuse(account, (&name, row.number, "Measure type"), &row.cells.join(" "), expected, None);
            continue;
        };
        let official = Official {
            id: Some(row.get(0).to_owned()).filter(|id| !id.is_empty()),
            measure_type: Some(row.get(2).to_owned()),
            area: Some(row.get(5).to_owned()),
            regulation: Some(row.get(11).to_owned()),
            reduction: row.get(9).parse().ok(),
            other: others(&row, QUOTAS, &[0, 1, 2, 3, 4, 5, 6, 9, 11]),
            ..Official::default()
        };
        let mut made = draft_measure(row.get(6), MeasureKind::Quota, official);
        made.order_number = Some(row.get(1).to_owned());
        (made.from, made.before) = (Some(from), last.and_then(|last| last.tomorrow().ok()));
        account.inexpressible("a measure of the draft of 2019, which was never law");
        put(out, account, Entry::Measure(made))?;
    }
    Ok(())
}
