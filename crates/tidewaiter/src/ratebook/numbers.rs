//! From the small numbers in rows to the words they stand for. A number that no word has stands for the first word, so
//! that damaged bytes give a wrong answer rather than none.

use super::layout::{DAY_MAX, DAY_MIN};
use crate::record::expression::Per;
use crate::record::world::TerritoryKind;
use crate::record::{Authority, Collector, Confidence, DayRule, Kind, MeasureKind, Status, Verdict};
use jiff::civil::Date;

/// The confidence of a fact.
pub(crate) const fn confidence_of(number: u8) -> Confidence {
    match number {
        2 => Confidence::High,
        1 => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// The kind of a charge.
pub(crate) const fn kind_of(number: u8) -> Kind {
    match number {
        0 => Kind::Duty,
        1 => Kind::AdditionalDuty,
        2 => Kind::Excise,
        3 => Kind::Vat,
        4 => Kind::Gst,
        5 => Kind::SalesTax,
        6 => Kind::Levy,
        _ => Kind::Fee,
    }
}

/// Whose charge it is.
pub(crate) const fn authority_of(number: u8) -> Authority {
    if number == 1 { Authority::Carrier } else { Authority::Government }
}

/// Who collects.
pub(crate) const fn collector_of(number: u8) -> Collector {
    match number {
        1 => Collector::Seller,
        2 => Collector::Carrier,
        _ => Collector::Border,
    }
}

/// Whether a rule is law.
pub(crate) const fn status_of(number: u8) -> Status {
    match number {
        1 => Status::Scheduled,
        2 => Status::Suspended,
        3 => Status::Expired,
        4 => Status::Proposed,
        _ => Status::InForce,
    }
}

/// An answer that is not a number.
pub(crate) const fn verdict_of(number: u8) -> Option<Verdict> {
    match number {
        1 => Some(Verdict::Unknown),
        2 => Some(Verdict::NotAllowed),
        3 => Some(Verdict::FormalEntry),
        4 => Some(Verdict::Prohibited),
        _ => None,
    }
}

/// For what an amount is computed once.
pub(crate) const fn per_of(number: u8) -> Per {
    match number {
        1 => Per::Heading6,
        2 => Per::Heading8,
        3 => Per::Heading10,
        4 => Per::Consignment,
        5 => Per::Parcel,
        6 => Per::Item,
        _ => Per::Line,
    }
}

/// The kind of a tariff measure.
pub(crate) const fn measure_kind_of(number: u8) -> MeasureKind {
    match number {
        1 => MeasureKind::Preference,
        2 => MeasureKind::Suspension,
        3 => MeasureKind::Quota,
        4 => MeasureKind::Additional,
        5 => MeasureKind::AntiDumping,
        6 => MeasureKind::Countervailing,
        7 => MeasureKind::Safeguard,
        8 => MeasureKind::Excise,
        _ => MeasureKind::ThirdCountry,
    }
}

/// The kind of a territory.
pub(crate) const fn territory_kind_of(number: u8) -> TerritoryKind {
    match number {
        1 => TerritoryKind::Union,
        2 => TerritoryKind::Special,
        3 => TerritoryKind::Group,
        _ => TerritoryKind::Country,
    }
}

/// Which day's exchange rate counts.
pub(crate) const fn day_rule_of(number: u8) -> DayRule {
    match number {
        1 => DayRule::DayBefore,
        2 => DayRule::WorkingDayBefore,
        3 => DayRule::Week,
        4 => DayRule::Month,
        5 => DayRule::PenultimateWednesday,
        6 => DayRule::PeriodEnd,
        _ => DayRule::Day,
    }
}

/// A comparison as it is written.
pub(crate) const fn compare_of(number: u8) -> &'static str {
    match number {
        0 => "<",
        1 => "<=",
        2 => ">",
        3 => ">=",
        _ => "=",
    }
}

/// The date of a day number; nothing for the open ends [`DAY_MIN`] and [`DAY_MAX`] and for days no calendar has.
pub(crate) fn date_of(day: i32) -> Option<Date> {
    if day == DAY_MIN || day == DAY_MAX {
        return None;
    }
    let span = jiff::Span::new().try_days(day).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}
