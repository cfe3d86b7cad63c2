//! What the measure types of TARIC and of the UK are.
//!
//! A type is told by its number; one that is not listed by its series and trade movement, where the transmission holds its
//! record. What is neither is kept as a text.

use tidewaiter::record::MeasureKind;

/// What a measure type is for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A measure on import.
    Measure(MeasureKind),
    /// On export.
    Export,
    /// A value for customs valuation, or an amount looked up by recipe: not itself charged on goods.
    Value,
    /// Not known.
    Unknown,
}

impl Class {
    /// Why a measure of the class is kept as a text.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::Measure(_) => "a measure without a goods code",
            Self::Export => "a measure on export",
            Self::Value => "a value for customs valuation or a table by recipe, not charged by itself",
            Self::Unknown => "a measure type that is not known",
        }
    }
}

/// The class of a type, with its series and trade movement where its record is there.
pub(super) fn class(number: &str, series: &str, movement: &str) -> Class {
    use MeasureKind::*;
    if movement == "1" {
        return Class::Export;
    }
    Class::Measure(match number {
        "103" | "105" => ThirdCountry,
        "106" | "142" | "145" => Preference,
        "112" | "115" | "117" | "119" | "141" => Suspension,
        "122" | "123" | "143" | "146" | "147" => Quota,
        "551" | "552" => AntiDumping,
        "553" | "554" => Countervailing,
        "695" => Additional,
        "696" => Safeguard,
        "305" => Vat,
        "306" => Excise,
        "109" | "110" | "111" => SupplementaryUnit,
        "277" => Prohibition,
        // Restrictions, controls and surveillance on import.
        "410" | "465" | "475" | "482" | "707" | "710" | "728" | "750" | "755" | "760" | "761" | "762" | "763"
        | "362" | "COI" | "PHC" | "CVD" | "AHC" => Control,
        // Registration of imports while a proceeding runs.
        "555" | "561" | "562" | "563" | "564" | "565" | "566" | "570" => Control,
        "278" | "353" | "354" | "467" | "476" | "708" | "709" | "715" | "717" | "718" | "751" | "766" | "767"
        | "EQC" => {
            return Class::Export;
        }
        "488" | "489" | "490" | "672" | "673" | "674" => return Class::Value,
        _ => match series {
            "A" => Prohibition,
            "B" | "D" | "N" => Control,
            "O" => SupplementaryUnit,
            "P" => Vat,
            "Q" => Excise,
            "M" => return Class::Value,
            _ => return Class::Unknown,
        },
    })
}

/// Measure types whose lower duty is claimed under an agreement or arrangement with the area.
pub(super) fn is_claimed(number: &str) -> bool {
    matches!(number, "106" | "142" | "143" | "145" | "146")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_series_and_movement() {
        assert_eq!(class("103", "", ""), Class::Measure(MeasureKind::ThirdCountry));
        assert_eq!(class("552", "D", "0"), Class::Measure(MeasureKind::AntiDumping));
        assert_eq!(class("999", "B", "0"), Class::Measure(MeasureKind::Control));
        assert_eq!(class("999", "B", "1"), Class::Export);
        assert_eq!(class("490", "", ""), Class::Value);
        assert_eq!(class("999", "", ""), Class::Unknown);
        assert!(is_claimed("142") && !is_claimed("122"));
    }
}
