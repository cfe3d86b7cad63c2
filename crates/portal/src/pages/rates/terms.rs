//! The terms of the data in the language of the page: one place that knows the key of each.

use crate::locale::Lang;
use maud::{Markup, html};
use tidewaiter::record::expression::{Channel, Compare, Component, Family, Mode, Per, Sale, Scope};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{Collector, DayRule, Kind, MeasureKind, Status, Verdict};

/// What a charge is.
pub(super) fn kind(lang: Lang, kind: Kind) -> String {
    lang.word(
        "kind",
        match kind {
            Kind::Duty => "duty",
            Kind::AdditionalDuty => "additional-duty",
            Kind::Excise => "excise",
            Kind::Vat => "vat",
            Kind::Gst => "gst",
            Kind::SalesTax => "sales-tax",
            Kind::Levy => "levy",
            Kind::Fee => "fee",
        },
    )
}

/// What a measure of the tariff is.
pub(super) fn measure(lang: Lang, kind: MeasureKind) -> String {
    lang.word(
        "rates-measure",
        match kind {
            MeasureKind::ThirdCountry => "third-country",
            MeasureKind::Preference => "preference",
            MeasureKind::Suspension => "suspension",
            MeasureKind::Quota => "quota",
            MeasureKind::Additional => "additional",
            MeasureKind::AntiDumping => "anti-dumping",
            MeasureKind::Countervailing => "countervailing",
            MeasureKind::Safeguard => "safeguard",
            MeasureKind::Excise => "excise",
            MeasureKind::Vat => "vat",
            MeasureKind::Control => "control",
            MeasureKind::Prohibition => "prohibition",
            MeasureKind::SupplementaryUnit => "supplementary-unit",
        },
    )
}

/// Who collects: "on delivery", "the shop", "the carrier".
pub(super) fn collector(lang: Lang, who: Collector) -> String {
    lang.word(
        "collector",
        match who {
            Collector::Border => "border",
            Collector::Seller => "seller",
            Collector::Carrier => "carrier",
        },
    )
}

/// An answer that is not a number. What is not known looks so.
pub(super) fn verdict(lang: Lang, verdict: Verdict) -> Markup {
    match verdict {
        Verdict::Unknown => html! { span.unknown { (lang.word("outcome", "unknown")) } },
        Verdict::NotAllowed => html! { span.tag.stop { (lang.word("outcome", "not-allowed")) } },
        Verdict::FormalEntry => html! { span.tag.care { (lang.word("outcome", "formal-entry")) } },
        Verdict::Prohibited => html! { span.tag.stop { (lang.word("outcome", "prohibited")) } },
    }
}

/// Whether a rule is law, in words.
pub(super) fn status(lang: Lang, status: Status) -> String {
    lang.word("status", status_key(status))
}

/// The key of a state, also the name of its class.
pub(super) const fn status_key(status: Status) -> &'static str {
    match status {
        Status::InForce => "in-force",
        Status::Scheduled => "scheduled",
        Status::Suspended => "suspended",
        Status::Expired => "expired",
        Status::Proposed => "proposed",
    }
}

/// A tag for a rule that is not plain law.
pub(super) fn status_tag(lang: Lang, of: Status) -> Markup {
    html! {
        @match of {
            Status::InForce => {}
            Status::Scheduled | Status::Suspended | Status::Expired => { " " span.tag { (status(lang, of)) } }
            Status::Proposed => { " " span.tag.care { (status(lang, of)) } }
        }
    }
}

/// For what an amount is computed once; nothing for the line, which is the rule.
pub(super) fn per(lang: Lang, per: Per) -> Option<String> {
    let key = match per {
        Per::Line => return None,
        Per::Heading6 => "heading-6",
        Per::Heading8 => "heading-8",
        Per::Heading10 => "heading-10",
        Per::Consignment => "consignment",
        Per::Parcel => "parcel",
        Per::Item => "item",
    };
    Some(lang.word("rates-per", key))
}

/// Over what a limit is summed.
pub(super) fn scope(lang: Lang, scope: Scope) -> String {
    lang.word(
        "rates-scope",
        match scope {
            Scope::Item => "item",
            Scope::Line => "line",
            Scope::Consignment => "consignment",
            Scope::Day => "day",
            Scope::Month => "month",
            Scope::Quarter => "quarter",
            Scope::HalfYear => "half-year",
            Scope::Year => "year",
        },
    )
}

/// "at most", "less than" …
pub(super) fn compare(lang: Lang, compare: Compare) -> String {
    lang.word(
        "rates-compare",
        match compare {
            Compare::Less => "less",
            Compare::AtMost => "at-most",
            Compare::More => "more",
            Compare::AtLeast => "at-least",
            Compare::Equal => "equal",
        },
    )
}

/// A part of the value.
pub(super) fn component(lang: Lang, part: Component) -> String {
    lang.word("rates-part", part.word())
}

/// Measures that an amount looks up.
pub(super) fn family(lang: Lang, family: Family) -> String {
    lang.word("rates-family", family.word())
}

/// Who sells to whom, inside a sentence.
pub(super) fn sale(lang: Lang, sale: Sale) -> String {
    lang.word("rates-sale", sale.word())
}

/// Who carries it, inside a sentence.
pub(super) fn channel(lang: Lang, channel: Channel) -> String {
    lang.word("rates-channel", channel.word())
}

/// How it travels, inside a sentence.
pub(super) fn mode(lang: Lang, mode: Mode) -> String {
    lang.word("rates-mode", mode.word())
}

/// Which day's exchange rate.
pub(super) fn day_rule(lang: Lang, rule: DayRule) -> String {
    lang.word(
        "rates-day",
        match rule {
            DayRule::Day => "day",
            DayRule::DayBefore => "day-before",
            DayRule::WorkingDayBefore => "working-day-before",
            DayRule::Week => "week",
            DayRule::Month => "month",
            DayRule::PenultimateWednesday => "penultimate-wednesday",
            DayRule::PeriodEnd => "period-end",
        },
    )
}

/// Country, union, special area or group.
pub(super) fn territory_kind(lang: Lang, kind: TerritoryKind) -> String {
    lang.word(
        "rates-kind",
        match kind {
            TerritoryKind::Country => "country",
            TerritoryKind::Union => "union",
            TerritoryKind::Special => "special",
            TerritoryKind::Group => "group",
        },
    )
}

/// What people call the tax of a rate table: by its kind where that has a word, else by the name of the table.
pub(super) fn table(lang: Lang, table: &str) -> String {
    lang.find(&format!("kind-{table}")).unwrap_or_else(|| table.to_uppercase())
}

/// Rounding, which the data tells as `half-up 0.01 per line`.
pub(in crate::pages) fn rounding(lang: Lang, text: &str) -> String {
    let mut words = text.split(' ');
    let (Some(mode), Some(unit), Some("per"), Some(stage)) = (words.next(), words.next(), words.next(), words.next())
    else {
        return text.to_owned();
    };
    let unit = unit.parse().map_or_else(|_| unit.to_owned(), |unit| crate::locale::decimal(lang, unit));
    crate::say!(
        lang,
        RATES_ROUNDING,
        mode = lang.word("rates-rounding", mode),
        unit = unit,
        stage = lang.word("rates-stage", stage)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_has_a_word_in_every_language() {
        fn keys<T>(group: &str, words: &[(&'static str, T)]) -> Vec<String> {
            words.iter().map(|(word, _)| format!("{group}-{}", word.replace(' ', "-"))).collect()
        }
        let groups = [
            keys("rates-part", Component::WORDS),
            keys("rates-family", Family::WORDS),
            keys("rates-scope", Scope::WORDS),
            keys("rates-sale", Sale::WORDS),
            keys("rates-channel", Channel::WORDS),
            keys("rates-mode", Mode::WORDS),
            keys("rates-per", Per::WORDS),
        ];
        // A line is what everything is computed for: it is not told.
        for key in groups.into_iter().flatten().filter(|key| key != "rates-per-line") {
            for lang in Lang::all() {
                assert!(lang.find(&key).is_some(), "{key} in {}", lang.tag());
            }
        }
    }

    #[test]
    fn rounding_is_told_in_words() {
        assert_eq!(rounding(Lang::FIRST, "half-up 0.01 per line"), "half up to multiples of 0.01, for each line");
        assert_eq!(rounding(Lang::FIRST, "as it comes"), "as it comes", "what cannot be read is shown as it is");
    }
}
