//! For whom and for what a scheme is: from where the goods come, where the seller is, up to which value.

use super::RateRule;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;
use tidewaiter::goods::{CodeRange, GoodsCode};

/// On which side of the border of the scheme's territory something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Either.
    #[default]
    Anywhere,
    /// In the territory, or in a member of it.
    Inside,
    /// Elsewhere.
    Outside,
}

impl Side {
    /// Whether a place that is inside or not will do.
    pub fn takes(self, is_inside: bool) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Inside => is_inside,
            Self::Outside => !is_inside,
        }
    }
}

/// Which goods a scheme is for, by their value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitRule {
    /// Of what.
    pub per: PerWhat,
    /// Worth up to so much, without shipping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Decimal>,
    /// Instead: with a tax of up to so much on goods and shipping, at the standard rate unless a sale says its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_up_to: Option<Decimal>,
    /// Whether the amount itself is still in.
    #[serde(default)]
    pub or_equal: bool,
    /// Currency of the amount.
    pub currency: String,
    /// What else is left out, for people: goods that the scheme is not for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<String>,
    /// Goods codes of what is left out, as far as codes tell it: `2203-2208`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_codes: Vec<String>,
    /// Facts.
    pub cites: Vec<String>,
}

impl LimitRule {
    /// Whether a code is of goods that the scheme is not for.
    pub fn leaves_out(&self, code: &str) -> bool {
        let Ok(code) = code.parse::<GoodsCode>() else { return false };
        let ranges = self.without_codes.iter().filter_map(|text| text.parse::<CodeRange>().ok());
        ranges.into_iter().any(|range| range.contains(code))
    }
}

/// Another scheme that takes the place of this one for goods to some places, where the seller is registered under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsteadRule {
    /// Goods to these places.
    pub to: Vec<String>,
    /// The other scheme.
    pub scheme: String,
    /// Facts.
    pub cites: Vec<String>,
}

/// What a limit is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PerWhat {
    /// Each thing.
    Item,
    /// All that is sent together.
    Consignment,
}

impl PerWhat {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Consignment => "consignment",
        }
    }
}

/// Who needs somebody in the territory who stands in for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntermediaryRule {
    /// Sellers in these places do not need one; members of a union count.
    pub not_for: Vec<String>,
    /// Sellers in these places do not need one for goods that are sent from there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_for_goods_from: Vec<String>,
    /// Who it is, for people.
    pub is: String,
    /// Facts.
    pub cites: Vec<String>,
}

/// Which sales count towards a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// Those that the scheme is for.
    #[default]
    Covered,
    /// All sales to consumers there.
    All,
}

/// What holds below a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Below {
    /// One may register.
    #[serde(rename = "may")]
    May,
    /// One cannot.
    #[serde(rename = "cannot")]
    Cannot,
}

/// In which way turnover is compared with a threshold, besides its amount and window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnoverRule {
    /// Which sales count.
    #[serde(default)]
    pub counts: Counts,
    /// Whether what the buyer pays for shipping is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_shipping: bool,
    /// For calendar years: whether passing it in the year before is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub year_before: bool,
    /// Whether what is expected of the coming months counts too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expected: bool,
    /// For sellers on this side alone; for others the first sale counts.
    #[serde(default)]
    pub home: Side,
    /// At which exchange rate, where it is not that of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<RateRule>,
}
