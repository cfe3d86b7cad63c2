//! Trees back into words: the canonical text of amounts, conditions and their parts.
//!
//! Every `Display` here writes text that [`super::grammar`] reads back as the same tree, with the fewest parentheses that
//! keep a reader from guessing. This also tells whether a tree that came from elsewhere is valid: it is if reading its
//! text gives the tree again.
//!
//! ```
//! use tidewaiter::record::grammar::{amount, condition};
//! assert_eq!(amount("max( 5%,1 EUR per kg )")?.to_string(), "max(5 %, 1 EUR per kg)");
//! let written = "origin not in US and (goods<=135 GBP)";
//! assert_eq!(condition(written)?.to_string(), "not origin in US and goods <= 135 GBP per consignment");
//! # Ok::<(), tidewaiter::record::grammar::SyntaxError>(())
//! ```

use super::expression::{
    Amount, Cash, Channel, Compare, Component, Condition, Family, Mode, Per, Sale, Scope, Slice, Which,
};
use super::grammar::{Rounding, Stage};
use crate::decimal::RoundingMode;
use std::fmt::{self, Display, Formatter};

/// Words of a plain enum, in the order of its variants. The grammar reads by the same table that `Display` writes by.
macro_rules! words {
    ($($type:ty { $($word:literal => $variant:ident),+ $(,)? })+) => { $(
        impl $type {
            /// Every value with the word that it is written as.
            ///
            /// ```
            #[doc = concat!("use tidewaiter::record::expression::", stringify!($type), ";")]
            #[doc = concat!("assert!(", stringify!($type), "::WORDS.iter().all(|(word, value)| value.to_string() == *word));")]
            /// ```
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// The word that it is written as.
            ///
            /// ```
            #[doc = concat!("use tidewaiter::record::expression::", stringify!($type), ";")]
            #[doc = concat!("assert!(", stringify!($type), "::WORDS.iter().all(|(word, value)| value.word() == *word));")]
            /// ```
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl Display for $type {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    )+ };
}

words! {
    Component {
        "goods" => Goods,
        "freight" => Freight,
        "inland-freight" => InlandFreight,
        "insurance" => Insurance,
        "packing" => Packing,
        "carrier-fee" => CarrierFee,
        "seller-tax" => SellerTax,
    }
    Family {
        "duty" => Duty,
        "additional" => Additional,
        "anti-dumping" => AntiDumping,
        "countervailing" => Countervailing,
        "safeguard" => Safeguard,
        "excise" => Excise,
    }
    Per {
        "line" => Line,
        "heading 6" => Heading6,
        "heading 8" => Heading8,
        "heading 10" => Heading10,
        "consignment" => Consignment,
        "parcel" => Parcel,
        "item" => Item,
    }
    Scope {
        "item" => Item,
        "line" => Line,
        "consignment" => Consignment,
        "day" => Day,
        "month" => Month,
        "quarter" => Quarter,
        "half-year" => HalfYear,
        "year" => Year,
    }
    Compare {
        "<" => Less,
        "<=" => AtMost,
        ">" => More,
        ">=" => AtLeast,
        "=" => Equal,
    }
    Sale { "b2c" => B2c, "b2b" => B2b, "c2c" => C2c }
    Channel { "post" => Post, "express" => Express, "freight" => Freight }
    Mode { "air" => Air, "sea" => Sea, "road" => Road, "rail" => Rail }
}

/// Rounding modes with their words; the type belongs to [`crate::decimal`].
pub(crate) const ROUNDING_MODES: &[(&str, RoundingMode)] = &[
    ("half-up", RoundingMode::HalfUp),
    ("half-down", RoundingMode::HalfDown),
    ("half-even", RoundingMode::HalfEven),
    ("up", RoundingMode::Up),
    ("down", RoundingMode::Down),
];

fn mode_word(mode: RoundingMode) -> &'static str {
    ROUNDING_MODES.iter().find(|(_, other)| *other == mode).map_or("half-up", |(word, _)| word)
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Line => "line",
            Self::Consignment => "consignment",
        })
    }
}

impl Display for Rounding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", mode_word(self.mode), self.unit)?;
        if let Some(currency) = &self.currency {
            write!(f, " {currency}")?;
        }
        write!(f, " per {}", self.stage)
    }
}

impl Display for Cash {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

impl Display for Slice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} %", self.from, self.percent)
    }
}

impl Display for Which {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::This => "goods",
            Self::Any => "any goods",
            Self::No => "no goods",
            Self::Only => "only goods",
        })
    }
}

impl Display for Amount {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_amount(f, self, false)
    }
}

/// Writes an amount. Where a scope may follow (`… per item`), a flat amount for each item takes parentheses.
fn write_amount(f: &mut Formatter<'_>, amount: &Amount, scope_follows: bool) -> fmt::Result {
    let of = |f: &mut Formatter<'_>, of: &Option<Box<Amount>>| match of {
        Some(of) => {
            f.write_str(" of ")?;
            write_operand(f, of, scope_follows)
        }
        None => Ok(()),
    };
    match amount {
        Amount::Relieved => f.write_str("relieved"),
        Amount::Flat(cash) => write!(f, "{cash}"),
        Amount::Percent { percent, of: on } => {
            write!(f, "{percent} %")?;
            of(f, on)
        }
        Amount::GrossUp { percent, of: on } => {
            write!(f, "gross-up {percent} %")?;
            of(f, on)
        }
        Amount::Specific { cash, unit } if scope_follows && is_scope(unit) => write!(f, "({cash} per {unit})"),
        Amount::Specific { cash, unit } => write!(f, "{cash} per {unit}"),
        Amount::Component(component) => write!(f, "{component}"),
        Amount::Base => f.write_str("base"),
        Amount::Named(name) => f.write_str(name),
        Amount::Rate { table, of: on } => {
            write!(f, "@{table}")?;
            of(f, on)
        }
        Amount::Tariff(Family::Duty) => f.write_str("tariff"),
        Amount::Tariff(family) => write!(f, "tariff({family})"),
        Amount::Sum(parts) => {
            for (place, part) in parts.iter().enumerate() {
                if place == 0 {
                    write_first(f, part, true, scope_follows)?;
                } else {
                    f.write_str(" + ")?;
                    write_operand(f, part, scope_follows)?;
                }
            }
            Ok(())
        }
        Amount::Less(from, less) => {
            write_first(f, from, false, scope_follows)?;
            f.write_str(" - ")?;
            write_operand(f, less, scope_follows)
        }
        Amount::Times(number, amount) => {
            write!(f, "{number} * ")?;
            write_operand(f, amount, scope_follows)
        }
        Amount::Max(parts) => write_call(f, "max", parts),
        Amount::Min(parts) => write_call(f, "min", parts),
        Amount::Clamp { amount, least, most } => write!(f, "clamp({amount}, {least}, {most})"),
        Amount::If { when, then, otherwise } => write!(f, "if({when}, {then}, {otherwise})"),
        Amount::Rounded { amount, mode, unit } => write!(f, "rounded({amount}; {} {unit})", mode_word(*mode)),
        Amount::Bands { of, slices } => {
            write!(f, "bands({of}")?;
            for slice in slices {
                write!(f, "; {slice}")?;
            }
            f.write_str(")")
        }
        Amount::WholeItems { up_to, otherwise } => {
            write!(f, "relief for whole items up to {up_to}, else ")?;
            write_amount(f, otherwise, scope_follows)
        }
    }
}

fn is_scope(unit: &str) -> bool {
    Scope::WORDS.iter().any(|(word, _)| *word == unit)
}

/// Writes what stands after `of`, `*`, `+` or `-`: sums and differences in parentheses, and what reaches to the end.
fn write_operand(f: &mut Formatter<'_>, amount: &Amount, scope_follows: bool) -> fmt::Result {
    match amount {
        Amount::Sum(_) | Amount::Less(..) | Amount::WholeItems { .. } => write!(f, "({amount})"),
        _ => write_amount(f, amount, scope_follows),
    }
}

/// Writes the first part of a sum or difference. `a - b + c` needs no parentheses; a sum that begins a sum does.
fn write_first(f: &mut Formatter<'_>, amount: &Amount, in_sum: bool, scope_follows: bool) -> fmt::Result {
    match amount {
        Amount::Less(..) => write_amount(f, amount, scope_follows),
        Amount::Sum(_) if !in_sum => write_amount(f, amount, scope_follows),
        _ => write_operand(f, amount, scope_follows),
    }
}

fn write_call(f: &mut Formatter<'_>, name: &str, parts: &[Amount]) -> fmt::Result {
    write!(f, "{name}(")?;
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{part}")?;
    }
    f.write_str(")")
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::All(parts) => write_joined(f, parts, " and "),
            Self::Any(parts) => write_joined(f, parts, " or "),
            Self::Not(inner) => match &**inner {
                Self::All(_) | Self::Any(_) => write!(f, "not ({inner})"),
                _ => write!(f, "not {inner}"),
            },
            Self::Value { left, compare, right, scope } => {
                write!(f, "{left} {compare} ")?;
                write_amount(f, right, true)?;
                write!(f, " per {scope}")
            }
            Self::Imports { compare, count, scope } => write!(f, "imports {compare} {count} per {scope}"),
            Self::Weight { compare, kg, scope: Scope::Consignment } => write!(f, "weight {compare} {kg} kg"),
            Self::Weight { compare, kg, scope } => write!(f, "weight {compare} {kg} kg per {scope}"),
            Self::Quantity { unit, compare, number, scope: Scope::Item } => {
                write!(f, "quantity {unit} {compare} {number}")
            }
            Self::Quantity { unit, compare, number, scope } => {
                write!(f, "quantity {unit} {compare} {number} per {scope}")
            }
            Self::Goods { which, of } => write!(f, "{which} of {}", of.join(" ")),
            Self::OriginIn(places) => write!(f, "origin in {}", places.join(" ")),
            Self::ShippedFrom(places) => write!(f, "shipped from {}", places.join(" ")),
            Self::SellerIn(places) => write!(f, "seller in {}", places.join(" ")),
            Self::DeliveredTo(places) => write!(f, "delivered to {}", places.join(" ")),
            Self::RegionIn(places) => write!(f, "region in {}", places.join(" ")),
            Self::SellerRegistered(scheme) => write!(f, "seller registered {scheme}"),
            Self::BuyerRegistered => f.write_str("buyer registered"),
            Self::Sale(sale) => write!(f, "sale is {sale}"),
            Self::Gift => f.write_str("gift"),
            Self::Channel(channel) => write!(f, "channel is {channel}"),
            Self::Mode(mode) => write!(f, "mode is {mode}"),
            Self::Declaration(kind) => write!(f, "declaration is {kind}"),
            Self::Fact(fact) => write!(f, "fact {fact}"),
            Self::Claims(program) => write!(f, "claims {program}"),
            Self::Document(document) => write!(f, "document {document}"),
            Self::Documents(documents) => write!(f, "document {}", documents.join(" ")),
            Self::Reading { dispute, reading } => write!(f, "reading {dispute} = {reading}"),
        }
    }
}

/// Joins with `and` or `or`; either inside the other takes parentheses, so that nobody needs to know which binds first.
fn write_joined(f: &mut Formatter<'_>, parts: &[Condition], word: &str) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(word)?;
        }
        match part {
            Condition::All(_) | Condition::Any(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}
