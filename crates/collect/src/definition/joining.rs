//! From when a scheme counts for a seller, and until when.

use super::{DayOfMonth, Definition};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde::{Deserialize, Serialize};

/// From when a scheme counts for a seller who applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinRule {
    /// With the first sale, for whoever applies by this day of the month after it. Else with the next period.
    pub first_sale_if_by: DayOfMonth,
    /// Facts.
    pub cites: Vec<String>,
}

/// Until when a scheme counts for a seller who leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveRule {
    /// To be out with the end of a period one says so at least this many days before that end.
    pub told_days_before: u16,
    /// For how many months at most the number still counts for goods that were sold before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_months: Option<u8>,
    /// Facts.
    pub cites: Vec<String>,
}

impl Definition {
    /// The first day on which the scheme counts for a seller who applied on some day. Nothing where no rule says so.
    pub fn joins(&self, first_sale: Date, applied: Date) -> Option<Date> {
        let rule = self.joining.as_ref()?;
        let last = rule.first_sale_if_by.in_month(first_sale.first_of_month().saturating_add(1.months()));
        if applied <= last {
            return Some(first_sale);
        }
        Some(self.period.of(applied, applied)?.next().first())
    }

    /// The first day on which it no longer counts for a seller who told it on some day. Nothing where no rule says so.
    pub fn leaves(&self, told: Date) -> Option<Date> {
        let days = i64::from(self.leaving.as_ref()?.told_days_before);
        let period = self.period.of(told, told)?;
        let in_time = told <= period.last().saturating_sub(days.days());
        Some(if in_time { period.next() } else { period.next().next() }.first())
    }

    /// Until when at most the number counts for goods sold before a seller was out. Nothing where no rule says so.
    pub fn number_until(&self, out: Date) -> Option<Date> {
        let months = i64::from(self.leaving.as_ref()?.number_months?);
        Some(out.saturating_add(Span::new().months(months)))
    }
}
