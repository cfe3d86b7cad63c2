//! What stands in a box of a return.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// What stands in a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Always empty for such sellers.
    None,
    /// A sum over sales.
    Sum(Sum),
    /// Other boxes added up: each with whether it is taken away.
    Boxes(Vec<(bool, String)>),
    /// The tax in a box that holds it together with what it is reckoned on, at the rate of this one.
    Within(String),
}

/// A sum over sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// What tax is reckoned on.
    Net,
    /// The tax.
    Tax,
    /// Both.
    Gross,
}

/// Over which sales a figure is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Of {
    /// Sales, what went back taken away.
    #[default]
    #[serde(rename = "sales less refunds")]
    Both,
    /// Sales alone.
    #[serde(rename = "sales")]
    Sales,
    /// What went back alone.
    #[serde(rename = "refunds")]
    Refunds,
    /// What went back, and what sets past periods right in favour of the seller.
    #[serde(rename = "refunds and corrections that lower the tax")]
    Credits,
    /// What sets past periods right in favour of the authority.
    #[serde(rename = "corrections that raise the tax")]
    Raised,
    /// What sets past periods right.
    #[serde(rename = "corrections")]
    Corrections,
}

impl Of {
    /// Whether it holds what sets past periods right, in a box of its own.
    pub fn is_of_past(self) -> bool {
        matches!(self, Self::Corrections | Self::Credits | Self::Raised)
    }

    /// Whether it holds what was taken away, which is written without a minus.
    pub fn is_taken_away(self) -> bool {
        matches!(self, Self::Refunds | Self::Credits)
    }
}

impl Figure {
    /// The boxes that it is made of.
    pub fn boxes(&self) -> impl Iterator<Item = &str> {
        let all: &[(bool, String)] = if let Self::Boxes(all) = self { all } else { &[] };
        let one = if let Self::Within(key) = self { Some(key.as_str()) } else { None };
        all.iter().map(|(_, key)| key.as_str()).chain(one)
    }
}

impl Figure {
    /// What stands there where it is made of other boxes and their values are known; nothing where one is not, or it is made of sales.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn of_boxes(&self, values: &BTreeMap<&str, Option<Decimal>>) -> Result<Option<Decimal>, NumberError> {
        let Self::Boxes(all) = self else { return Ok(None) };
        let mut sum = Decimal::ZERO;
        for (taken_away, key) in all {
            let Some(part) = values.get(key.as_str()).copied().flatten() else { return Ok(None) };
            sum = if *taken_away { sum.minus(part)? } else { sum.plus(part)? };
        }
        Ok(Some(sum))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Sum(Sum::Net) => f.write_str("net"),
            Self::Sum(Sum::Tax) => f.write_str("tax"),
            Self::Sum(Sum::Gross) => f.write_str("gross"),
            Self::Within(key) => write!(f, "tax in box {key}"),
            Self::Boxes(all) => all.iter().enumerate().try_for_each(|(n, (taken_away, key))| match (n, taken_away) {
                (0, _) => write!(f, "box {key}"),
                (_, true) => write!(f, " - box {key}"),
                (_, false) => write!(f, " + box {key}"),
            }),
        }
    }
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "\"{text}\" is no figure; write tax, net, gross, none, tax in box 1, or a sum of boxes: box 1 + box 2 - box 3"
            )
        };
        match text {
            "none" => return Ok(Self::None),
            "net" => return Ok(Self::Sum(Sum::Net)),
            "tax" => return Ok(Self::Sum(Sum::Tax)),
            "gross" => return Ok(Self::Sum(Sum::Gross)),
            _ => {}
        }
        if let Some(key) = text.strip_prefix("tax in box ") {
            let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
            return if is_key { Ok(Self::Within(key.to_owned())) } else { Err(wrong()) };
        }
        let (mut all, mut taken_away) = (Vec::new(), false);
        let mut words = text.split_whitespace();
        loop {
            match (words.next(), words.next()) {
                (Some("box"), Some(key)) => all.push((taken_away, key.to_owned())),
                _ => return Err(wrong()),
            }
            taken_away = match words.next() {
                None => return Ok(Self::Boxes(all)),
                Some("+") => false,
                Some("-") => true,
                Some(_) => return Err(wrong()),
            };
        }
    }
}

text_form!(Figure);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_they_are_written() {
        for text in ["none", "net", "tax", "gross", "box 1", "box 1 + box 2 - box 3a", "tax in box 7"] {
            assert_eq!(text.parse::<Figure>().unwrap().to_string(), text);
        }
        for wrong in ["", "vat", "box", "tax in box", "tax in box 1 2", "box 1 +", "- box 1", "box 1 box 2", "1 + 2"] {
            assert!(wrong.parse::<Figure>().is_err(), "{wrong}");
        }
    }
}
