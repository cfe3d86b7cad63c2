//! Goods codes and ranges of them.
//!
//! A code of the Harmonized System has 2 (chapter), 4 (heading) or 6 digits (subheading); nations add more: 8 in the
//! Combined Nomenclature, 10 in TARIC and the US schedule, 12 at most. Every digit narrows the goods, so a code stands
//! for everything below it. For comparing, a code is padded to [`WIDTH`] digits: `6109` is the numbers from
//! 610900000000 to 610999999999.
//!
//! ```
//! use tidewaiter::goods::{CodeRange, GoodsCode};
//! let shirt: GoodsCode = "6109.10.00".parse()?;
//! let clothing: CodeRange = "61-63".parse()?;
//! assert!(clothing.contains(shirt));
//! assert_eq!(shirt.truncated(4).map(|heading| heading.to_string()).as_deref(), Some("6109"));
//! # Ok::<(), tidewaiter::goods::CodeError>(())
//! ```

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Digits of a padded code.
pub const WIDTH: u8 = 12;
/// Fewest digits of a code: a chapter.
pub const SHORTEST: u8 = 2;
/// Longest text read as a code or a range, in bytes.
const MAX_TEXT: usize = 64;

/// Why a text is not a goods code or a range of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Something other than digits, dots and spaces.
    #[error("\"{text}\" is not a goods code; write digits, with dots if you like, such as 6109.10")]
    Syntax {
        /// What was given, shortened.
        text: String,
    },
    /// Too few or too many digits.
    #[error("\"{text}\" has {digits} digits; a goods code has {SHORTEST} to {WIDTH}")]
    Length {
        /// What was given, shortened.
        text: String,
        /// How many digits it has.
        digits: usize,
    },
    /// Three digits, which no nomenclature has.
    #[error(
        "\"{text}\" has 3 digits, an odd number: is a zero missing at the start (0{text})? A goods code has 2, 4, 6 or more"
    )]
    Odd {
        /// What was given, shortened.
        text: String,
    },
    /// A range that ends before it begins.
    #[error("the range \"{text}\" ends before it begins")]
    Reversed {
        /// What was given, shortened.
        text: String,
    },
}

/// A goods code: 2 to 12 digits of a nomenclature, but not 3.
///
/// An odd number of digits is allowed, since some national schedules have them, but for three. Read with `FromStr`, which
/// drops dots and spaces; written by `Display` with dots after the heading, the
/// subheading and each further pair; an odd rest stands together, as in `4202.12.100`. Codes sort as the nomenclature
/// does: a heading stands right before what is below it.
///
/// ```
/// # use tidewaiter::goods::GoodsCode;
/// let code: GoodsCode = "61 09 10 00".parse()?;
/// assert_eq!(code.to_string(), "6109.10.00");
/// assert_eq!(code.digits(), "61091000");
/// assert!("61O9".parse::<GoodsCode>().is_err());
/// # Ok::<(), tidewaiter::goods::CodeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoodsCode {
    padded: u64,
    count: u8,
}

impl GoodsCode {
    /// A code from its padded number and how many of the [`WIDTH`] digits it has; the rest are dropped.
    ///
    /// `None` if `count` is not 2 to 12 or the number has more than 12 digits.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// assert_eq!(GoodsCode::from_padded(610_910_000_000, 6).map(|c| c.to_string()).as_deref(), Some("6109.10"));
    /// assert!(GoodsCode::from_padded(610_910_000_000, 1).is_none());
    /// ```
    pub const fn from_padded(padded: u64, count: u8) -> Option<Self> {
        if count < SHORTEST || count > WIDTH || padded >= power(WIDTH) {
            return None;
        }
        Some(Self { padded: padded - padded % power(WIDTH - count), count })
    }

    /// The number padded with zeros to [`WIDTH`] digits.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// assert_eq!("6109.10".parse::<GoodsCode>()?.padded(), 610_910_000_000);
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn padded(self) -> u64 {
        self.padded
    }

    /// First and last code of twelve digits that it stands for.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// assert_eq!("6109.10".parse::<GoodsCode>()?.span(), (610_910_000_000, 610_910_999_999));
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn span(self) -> (u64, u64) {
        (self.padded, self.padded + (power(WIDTH - self.count) - 1))
    }

    /// How many digits it has.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// assert_eq!("6109.10".parse::<GoodsCode>()?.digit_count(), 6);
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn digit_count(self) -> u8 {
        self.count
    }

    /// The digits without dots, leading zeros kept.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// assert_eq!("0101.21".parse::<GoodsCode>()?.digits(), "010121");
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub fn digits(self) -> String {
        format!("{:0width$}", self.padded / power(WIDTH - self.count), width = self.count as usize)
    }

    /// The code with a zero in front, where an odd number of digits may be one that lost it: spreadsheets drop it.
    ///
    /// Nothing where the digits are even, or where no chapter begins so.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// let code: GoodsCode = "101.21".parse()?;
    /// assert_eq!(code.with_lost_zero().map(|c| c.to_string()).as_deref(), Some("0101.21"));
    /// assert_eq!("0101.21".parse::<GoodsCode>()?.with_lost_zero(), None);
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn with_lost_zero(self) -> Option<Self> {
        if self.count.is_multiple_of(2) || self.padded < power(WIDTH - 1) {
            return None;
        }
        Self::from_padded(self.padded / 10, self.count + 1)
    }

    /// The code's first `count` digits; `None` if it has fewer, or `count` is below 2.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// let code: GoodsCode = "6109.10".parse()?;
    /// assert_eq!(code.truncated(2), "61".parse().ok());
    /// assert_eq!(code.truncated(8), None);
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn truncated(self, count: u8) -> Option<Self> {
        if count > self.count {
            return None;
        }
        Self::from_padded(self.padded, count)
    }

    /// The codes above it with 10, 8, 6, 4 and 2 digits, nearest first, itself excluded.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// let code: GoodsCode = "6109.10.00".parse()?;
    /// let above: Vec<String> = code.ancestors().map(|c| c.to_string()).collect();
    /// assert_eq!(above, ["6109.10", "6109", "61"]);
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        [10, 8, 6, 4, 2]
            .into_iter()
            .filter(move |&count| count < self.count)
            .filter_map(move |count| self.truncated(count))
    }

    /// Whether this code is `above` or lies below it.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// let code: GoodsCode = "6109.10".parse()?;
    /// assert!(code.is_under("61".parse()?) && code.is_under(code));
    /// assert!(!code.is_under("6110".parse()?));
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn is_under(self, above: Self) -> bool {
        match self.truncated(above.count) {
            Some(start) => start.padded == above.padded,
            None => false,
        }
    }

    /// Everything the code stands for.
    ///
    /// ```
    /// # use tidewaiter::goods::GoodsCode;
    /// let range = "61".parse::<GoodsCode>()?.range();
    /// assert_eq!((range.first, range.last), (610_000_000_000, 619_999_999_999));
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn range(self) -> CodeRange {
        CodeRange { first: self.padded, last: self.padded + (power(WIDTH - self.count) - 1) }
    }
}

/// Goods codes from one to another, both included, padded to [`WIDTH`] digits.
///
/// Read with `FromStr`: a code with everything below it, or two codes with a hyphen. `Display` writes the shortest text
/// that reads back the same.
///
/// ```
/// # use tidewaiter::goods::CodeRange;
/// let range: CodeRange = "61-63".parse()?;
/// assert_eq!((range.first, range.last), (610_000_000_000, 639_999_999_999));
/// assert_eq!(range.to_string(), "61-63");
/// # Ok::<(), tidewaiter::goods::CodeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct CodeRange {
    /// The first padded code that belongs to it.
    pub first: u64,
    /// The last padded code that belongs to it.
    pub last: u64,
}

impl CodeRange {
    /// Every code.
    pub const ALL: Self = Self { first: 0, last: power(WIDTH) - 1 };

    /// Whether everything that `code` stands for belongs to the range.
    ///
    /// ```
    /// # use tidewaiter::goods::CodeRange;
    /// let range: CodeRange = "2203-2208".parse()?;
    /// assert!(range.contains("2204.21".parse()?));
    /// assert!(!range.contains("22".parse()?));
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn contains(self, code: GoodsCode) -> bool {
        let inner = code.range();
        self.first <= inner.first && inner.last <= self.last
    }

    /// Whether some of what `code` stands for belongs to the range: where it is true and [`CodeRange::contains`] is
    /// not, the code has too few digits to tell.
    ///
    /// ```
    /// # use tidewaiter::goods::CodeRange;
    /// let range: CodeRange = "2203-2208".parse()?;
    /// assert!(range.may_contain("22".parse()?));
    /// assert!(!range.may_contain("23".parse()?));
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub const fn may_contain(self, code: GoodsCode) -> bool {
        let inner = code.range();
        self.first <= inner.last && inner.first <= self.last
    }

    /// The fewest codes with an even count of digits that together are the range, in order: each a padded number and
    /// its count of digits, as [`GoodsCode::from_padded`] takes them. A look-up that goes through a code and its
    /// [`GoodsCode::ancestors`] finds each. At most 1,088; real ranges have a few.
    ///
    /// ```
    /// # use tidewaiter::goods::CodeRange;
    /// let range: CodeRange = "2208-24".parse()?;
    /// assert_eq!(range.prefixes()[..2], [(220_800_000_000, 4), (220_900_000_000, 4)]);
    /// assert_eq!(range.prefixes().last(), Some(&(240_000_000_000, 2)));
    /// assert_eq!("61-63".parse::<CodeRange>()?.prefixes().len(), 3);
    /// # Ok::<(), tidewaiter::goods::CodeError>(())
    /// ```
    pub fn prefixes(self) -> Vec<(u64, u8)> {
        let last = self.last.min(Self::ALL.last);
        let mut prefixes = Vec::new();
        let mut next = self.first;
        while next <= last {
            // The widest code that begins here and ends in time; twelve digits always fit.
            let fits =
                |count: &u8| next.is_multiple_of(power(WIDTH - count)) && next + (power(WIDTH - count) - 1) <= last;
            let count = (SHORTEST..WIDTH).step_by(2).find(fits).unwrap_or(WIDTH);
            prefixes.push((next, count));
            next += power(WIDTH - count);
        }
        prefixes
    }
}

/// Ten to the power `exponent`, which is at most [`WIDTH`].
const fn power(exponent: u8) -> u64 {
    10u64.pow(exponent as u32)
}

fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

impl GoodsCode {
    /// A code as typed, of any number of digits: three may stand in a range.
    fn read(text: &str) -> Result<Self, CodeError> {
        let mut number = 0u64;
        let mut count = 0usize;
        if text.len() > MAX_TEXT {
            return Err(CodeError::Syntax { text: shorten(text) });
        }
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    count += 1;
                    if count <= WIDTH as usize {
                        number = number * 10 + u64::from(byte - b'0');
                    }
                }
                b'.' | b' ' => {}
                _ => return Err(CodeError::Syntax { text: shorten(text) }),
            }
        }
        let short = u8::try_from(count).ok().filter(|count| (SHORTEST..=WIDTH).contains(count));
        let Some(count) = short else {
            return Err(CodeError::Length { text: shorten(text), digits: count });
        };
        Ok(Self { padded: number * power(WIDTH - count), count })
    }
}

impl FromStr for GoodsCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        match Self::read(text)? {
            Self { count: 3, .. } => Err(CodeError::Odd { text: text.trim().to_owned() }),
            code => Ok(code),
        }
    }
}

impl fmt::Display for GoodsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        // An odd number of digits makes no pairs: nine are written 4202.12.100.
        let pairs = digits.len().is_multiple_of(2);
        for (place, digit) in digits.chars().enumerate() {
            if place == 4 || place == 6 || (place > 6 && pairs && place % 2 == 0) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl FromStr for CodeRange {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let Some((first, last)) = text.split_once('-') else {
            return Ok(GoodsCode::read(text)?.range());
        };
        let whole = |error| match error {
            CodeError::Syntax { .. } => CodeError::Syntax { text: shorten(text) },
            other => other,
        };
        let first = GoodsCode::read(first).map_err(whole)?.range().first;
        let last = GoodsCode::read(last).map_err(whole)?.range().last;
        if last < first {
            return Err(CodeError::Reversed { text: shorten(text) });
        }
        Ok(Self { first, last })
    }
}

impl fmt::Display for CodeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = |padded: u64, fill: u64| {
            (SHORTEST..=WIDTH)
                .filter_map(|count| GoodsCode::from_padded(padded, count))
                .find(|code| (if fill == 0 { code.range().first } else { code.range().last }) == padded)
        };
        match (cut(self.first, 0), cut(self.last, 9)) {
            (Some(first), Some(last)) => {
                // One code, if some length of it is the whole range.
                let one = (SHORTEST..=WIDTH)
                    .filter_map(|count| GoodsCode::from_padded(self.first, count))
                    .find(|code| code.range() == *self);
                match one {
                    Some(code) => write!(f, "{code}"),
                    None => write!(f, "{first}-{last}"),
                }
            }
            _ => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

impl Serialize for GoodsCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GoodsCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for GoodsCode {
    fn schema_name() -> Cow<'static, str> {
        "GoodsCode".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A goods code: 2 to 12 digits of a nomenclature, but not 3; dots and spaces are ignored.",
            "pattern": "^[. ]*([0-9][. ]*){2}(([0-9][. ]*){2,10})?$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> GoodsCode {
        text.parse().unwrap()
    }

    #[test]
    fn reads_dots_and_spaces_and_writes_dots() {
        for (text, back) in [
            ("61", "61"),
            ("6109", "6109"),
            ("61091", "6109.1"),
            ("6109.10", "6109.10"),
            ("61.09.10", "6109.10"),
            ("6109100", "6109.10.0"),
            ("420212100", "4202.12.100"),
            ("61091000100", "6109.10.00100"),
            ("6109 10 00", "6109.10.00"),
            ("6109.10.00.10", "6109.10.00.10"),
            ("610910001000", "6109.10.00.10.00"),
            ("01012100", "0101.21.00"),
        ] {
            assert_eq!(code(text).to_string(), back);
        }
    }

    #[test]
    fn refuses() {
        for text in ["", "6", "010", "61x", "6109101010101", "-61", "٦١", "61\u{a0}09", "6109,10"] {
            assert!(text.parse::<GoodsCode>().is_err(), "{text}");
        }
        assert!("1".repeat(1000).parse::<GoodsCode>().is_err());
        for text in ["", "-", "61-", "-63", "63-61", "61-62-63", "61 to 63"] {
            assert!(text.parse::<CodeRange>().is_err(), "{text}");
        }
        assert_eq!("63-61".parse::<CodeRange>(), Err(CodeError::Reversed { text: "63-61".into() }));
    }

    #[test]
    fn a_lost_zero_is_put_back() {
        for (text, whole) in [
            ("101.21", Some("0101.21")),
            ("10121", Some("0101.21")),
            ("1012100", Some("0101.21.00")),
            ("61091", Some("0610.91")),
            ("01012", None),
            ("6109.10", None),
        ] {
            assert_eq!(code(text).with_lost_zero().map(|c| c.to_string()).as_deref(), whole, "{text}");
        }
        let refused = "101".parse::<GoodsCode>().unwrap_err().to_string();
        assert!(refused.contains("is a zero missing at the start (0101)?"), "{refused}");
        assert!("101".parse::<CodeRange>().is_ok(), "three digits may end a range of a law");
    }

    #[test]
    fn ranges_are_inclusive_and_padded() {
        for (text, first, last) in [
            ("61", 610_000_000_000, 619_999_999_999),
            ("61-63", 610_000_000_000, 639_999_999_999),
            ("2203-2208", 220_300_000_000, 220_899_999_999),
            ("6109.10", 610_910_000_000, 610_910_999_999),
            ("01-99", 10_000_000_000, 999_999_999_999),
            ("610910001000", 610_910_001_000, 610_910_001_000),
            ("61-61", 610_000_000_000, 619_999_999_999),
        ] {
            assert_eq!(text.parse::<CodeRange>().unwrap(), CodeRange { first, last }, "{text}");
        }
    }

    #[test]
    fn prefixes_of_odd_ranges() {
        assert_eq!("610910001000".parse::<CodeRange>().unwrap().prefixes(), [(610_910_001_000, 12)]);
        assert_eq!("0101.2".parse::<CodeRange>().unwrap().prefixes().len(), 10);
        assert_eq!(CodeRange::ALL.prefixes().len(), 100);
        assert_eq!(CodeRange { first: 1, last: 999_999_999_998 }.prefixes().len(), 1088);
        assert_eq!(CodeRange { first: 5, last: 4 }.prefixes(), []);
        assert_eq!(CodeRange { first: u64::MAX, last: u64::MAX }.prefixes(), []);
    }

    #[test]
    fn knows_what_is_below() {
        assert!(code("6109.10.00").is_under(code("6109")));
        assert!(!code("6109").is_under(code("6109.10.00")));
        assert!(code("2203-2208".split('-').next().unwrap()).is_under(code("22")));
        assert_eq!(code("61").ancestors().count(), 0);
        assert_eq!(code("610910001000").ancestors().count(), 5);
        assert_eq!(code("61091").ancestors().map(|c| c.to_string()).collect::<Vec<_>>(), ["6109", "61"]);
    }

    #[test]
    fn travels_as_text() {
        let json = serde_json::to_string(&code("61091000")).unwrap();
        assert_eq!(json, "\"6109.10.00\"");
        assert_eq!(serde_json::from_str::<GoodsCode>(&json).unwrap(), code("61091000"));
        assert!(serde_json::from_str::<GoodsCode>("\"shirt\"").is_err());
    }

    proptest! {
        #[test]
        fn text_of_a_code_reads_back(padded in 0u64..1_000_000_000_000, count in 2u8..=12) {
            let code = GoodsCode::from_padded(padded, count).unwrap();
            prop_assert_eq!(GoodsCode::read(&code.to_string()).unwrap(), code);
            prop_assert_eq!(code.to_string().parse::<GoodsCode>().ok(), (count != 3).then_some(code));
            prop_assert_eq!(code.digits().parse::<GoodsCode>().ok(), (count != 3).then_some(code));
            prop_assert!(code.range().contains(code));
            for above in code.ancestors() {
                prop_assert!(code.is_under(above) && above.range().contains(code));
            }
        }

        #[test]
        fn text_of_a_range_reads_back(a in 0u64..1_000_000_000_000, b in 0u64..1_000_000_000_000, from in 2u8..=12, to in 2u8..=12) {
            let first = GoodsCode::from_padded(a.min(b), from).unwrap().range().first;
            let last = GoodsCode::from_padded(a.max(b), to).unwrap().range().last;
            let range = CodeRange { first, last };
            prop_assert_eq!(range.to_string().parse::<CodeRange>().unwrap(), range, "{}", range);
            let mut next = range.first;
            for (padded, count) in range.prefixes() {
                let part = GoodsCode::from_padded(padded, count).unwrap().range();
                prop_assert_eq!(part.first, next);
                next = part.last + 1;
            }
            prop_assert_eq!(next, range.last + 1);
            prop_assert!(range.prefixes().len() <= 1088);
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = text.parse::<GoodsCode>();
            let _ = text.parse::<CodeRange>();
        }
    }
}
