//! The sheets Rates, Thresholds and Fees.

use super::columns::{ABOVE, CHARGES, COLLECTORS, FEE_PER, LIMIT_PER, VALUES, YES_NO};
use super::grid::Row;
use super::places::overlap;
use super::{Reader, Warning};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter::record::{Dated, DatedValue, Rate};

/// Name of the table of tax rates.
pub(super) const TABLE: &str = "tax";

/// A limit of value.
#[derive(Debug, Clone)]
pub(super) struct Threshold {
    pub(super) place: String,
    pub(super) row: u64,
    pub(super) charge: &'static str,
    pub(super) limit: Decimal,
    pub(super) currency: String,
    pub(super) inclusive: bool,
    pub(super) value: &'static str,
    pub(super) per: &'static str,
    /// What is due below; `None` for free.
    pub(super) below: Option<String>,
    pub(super) above: &'static str,
    pub(super) except: Vec<String>,
    pub(super) from: Option<Date>,
    pub(super) before: Option<Date>,
    pub(super) cites: Vec<String>,
    pub(super) note: Option<String>,
}

/// A fee.
#[derive(Debug, Clone)]
pub(super) struct Fee {
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) per: &'static str,
    pub(super) collector: &'static str,
    pub(super) when: Option<String>,
    pub(super) from: Option<Date>,
    pub(super) before: Option<Date>,
    pub(super) cites: Vec<String>,
    pub(super) note: Option<String>,
}

impl Reader<'_> {
    /// The classes of the tax, each with its history.
    pub(super) fn rates(&mut self, rows: &[Row]) -> Vec<Rate> {
        let mut classes: BTreeMap<String, (Rate, Vec<DatedValue>)> = BTreeMap::new();
        for row in rows {
            let (percent, codes, dates, cites) =
                (self.percent(row, "Rate"), self.codes(row, "Codes"), self.dates(row), self.cites(row));
            let (Ok(percent), Ok(codes), Ok((from, before)), Ok(cites)) = (percent, codes, dates, cites) else {
                continue;
            };
            let class = row.str("Class").to_lowercase();
            if !tidewaiter::record::grammar::is_key(&class) {
                self.refuse(row, "Class", "one word of small letters, such as standard or reduced");
                continue;
            }
            if class == "standard" && !codes.is_empty() {
                self.refuse(row, "Codes", "nothing: standard is for all goods of no other class");
                continue;
            }
            let (rate, values) = classes.entry(class.clone()).or_insert_with(|| {
                let rate = Rate {
                    name: TABLE.into(),
                    class,
                    is: Dated::Values(Vec::new()),
                    goods: row.str("Goods").to_owned(),
                    codes: codes.clone(),
                    cites: Vec::new(),
                    note: row.text("Note"),
                };
                (rate, Vec::new())
            });
            if rate.codes != codes {
                let expected = format!(
                    "the same codes in each row of \"{}\": {}; or another class",
                    rate.class,
                    rate.codes.join(", ")
                );
                self.refuse(row, "Codes", expected);
                continue;
            }
            if values.iter().any(|v| overlap((v.from, v.before), (from, before))) {
                self.refuse(row, "From", "one rate of a class at a time: end the older row with Until");
                continue;
            }
            for fact in &cites {
                if !rate.cites.contains(fact) {
                    rate.cites.push(fact.clone());
                }
            }
            values.push(DatedValue { from, before, is: percent, cites });
        }
        if !classes.is_empty()
            && !classes.contains_key("standard")
            && let Some(row) = rows.first()
        {
            let says = "there is no class \"standard\": the tax on goods of no other class is not known";
            self.warn(Warning::NO_STANDARD, &row.place, 1, "Class", says);
        }
        classes
            .into_values()
            .map(|(mut rate, mut values)| {
                values.sort_by_key(|v| v.from);
                rate.is = Dated::Values(values);
                rate
            })
            .collect()
    }

    pub(super) fn thresholds(&mut self, rows: &[Row]) -> Vec<Threshold> {
        let mut out: Vec<Threshold> = Vec::new();
        for row in rows {
            let Ok(threshold) = self.threshold(row) else { continue };
            let same = |t: &&Threshold| {
                t.charge == threshold.charge
                    && t.limit == threshold.limit
                    && t.per == threshold.per
                    && t.value == threshold.value
                    && t.except == threshold.except
                    && overlap((t.from, t.before), (threshold.from, threshold.before))
            };
            if let Some(other) = out.iter().find(same) {
                self.refuse(
                    row,
                    "Limit",
                    format!("one row: row {} has this limit for the same charge and days", other.row),
                );
                continue;
            }
            self.account.made("threshold");
            out.push(threshold);
        }
        out
    }

    fn threshold(&mut self, row: &Row) -> Result<Threshold, ()> {
        let charge = self.choice(row, "Charge", CHARGES);
        let limit = self.number(row, "Limit");
        let currency = self.currency(row, "Currency");
        let inclusive = self.choice(row, "Limit included", YES_NO);
        let value = self.choice(row, "Value", VALUES);
        let per = self.choice(row, "Per", LIMIT_PER);
        let below = if row.str("Up to the limit").eq_ignore_ascii_case("free") {
            Ok(None)
        } else {
            self.amount(row, "Up to the limit", None).map(Some)
        };
        let above = self.choice(row, "Above", ABOVE);
        let except = self.codes(row, "Except goods");
        let dates = self.dates(row);
        let cites = self.cites(row);
        let (from, before) = dates?;
        let (charge, above) = (charge?.ok_or(())?, above?.ok_or(())?);
        if above == "only the part above"
            && (charge != "tax" || per?.is_none_or(|p| p != "consignment") || below != Ok(None))
        {
            self.refuse(row, "Above", "\"normal\" or \"formal entry\": tax on the excess alone is read for the charge tax, per consignment, free below");
            return Err(());
        }
        Ok(Threshold {
            place: row.place.clone(),
            row: row.number,
            charge,
            limit: limit?,
            currency: currency?,
            inclusive: inclusive?.ok_or(())? == "yes",
            value: value?.ok_or(())?,
            per: per?.ok_or(())?,
            below: below?,
            above,
            except: except?,
            from,
            before,
            cites: cites?,
            note: row.text("Note"),
        })
    }

    pub(super) fn fees(&mut self, rows: &[Row]) -> Vec<Fee> {
        let mut out: Vec<Fee> = Vec::new();
        for row in rows {
            let (amount, per, collector) = (
                self.amount(row, "Amount", None),
                self.choice(row, "Per", FEE_PER),
                self.choice(row, "Collected by", COLLECTORS),
            );
            let (when, dates, cites) = (self.condition(row, "Condition"), self.dates(row), self.cites(row));
            let (Ok(amount), Ok(Some(per)), Ok(Some(collector)), Ok(when), Ok((from, before)), Ok(cites)) =
                (amount, per, collector, when, dates, cites)
            else {
                continue;
            };
            let fee = Fee {
                name: row.str("Name").to_owned(),
                amount,
                per,
                collector,
                when,
                from,
                before,
                cites,
                note: row.text("Note"),
            };
            let same = |f: &&Fee| {
                f.name == fee.name && f.when == fee.when && overlap((f.from, f.before), (fee.from, fee.before))
            };
            if out.iter().any(|f| same(&f)) {
                self.refuse(row, "Name", "one row of a fee at a time: another row has this name in these days. End the older with Until, or give it a condition");
                continue;
            }
            if out.iter().any(|f| f.name == fee.name && f.collector != fee.collector) {
                self.refuse(row, "Collected by", "the same word in each row of a fee");
                continue;
            }
            self.account.made("fee");
            out.push(fee);
        }
        out
    }
}
