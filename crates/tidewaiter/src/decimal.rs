//! Exact decimal numbers for money, rates and quantities.
//!
//! A [`Decimal`] is a whole number of 10⁻¹² in an `i128`. Every price, rate and exchange rate that people write is
//! exactly one; a product or quotient that needs more digits is rounded once, half to even, at the twelfth decimal, and
//! is exact whenever the true result fits. There is no binary fraction anywhere, and no operation that can overflow
//! without saying so.
//!
//! ```
//! use tidewaiter::Decimal;
//! let price: Decimal = "12.50".parse()?;
//! let rate: Decimal = "0.081".parse()?;
//! assert_eq!(price.times(rate)?.to_string(), "1.0125");
//! assert!("1e3".parse::<Decimal>().is_err());
//! # Ok::<(), tidewaiter::decimal::NumberError>(())
//! ```

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Digits kept after the point.
pub const SCALE: u32 = 12;
const ONE_UNITS: i128 = 1_000_000_000_000;
/// Largest number accepted from outside: 10¹⁵. Products of two such numbers and a rate still fit.
pub const MAX_INPUT: Decimal = Decimal(1_000_000_000_000_000 * ONE_UNITS);

/// An exact decimal number with twelve places after the point.
///
/// Cost: 16 bytes; addition about 1 ns, [`Decimal::times`] about 10 ns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

/// Why a number was refused or could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// Not a plain decimal number.
    #[error("\"{text}\" is not a number; write digits and a point, such as 12.50{hint}")]
    Syntax {
        /// What was given, shortened.
        text: String,
        /// More help, or empty.
        hint: &'static str,
    },
    /// More digits than are kept.
    #[error("\"{text}\" has more than {SCALE} digits after the point")]
    TooFine {
        /// What was given.
        text: String,
    },
    /// Larger than [`MAX_INPUT`], or a result out of range.
    #[error("the number is larger than 1,000,000,000,000,000")]
    TooLarge,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
}

/// Which way a number between two multiples of a unit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum RoundingMode {
    /// To the nearer; halves away from zero.
    #[default]
    HalfUp = 0,
    /// To the nearer; halves towards zero.
    HalfDown = 1,
    /// To the nearer; halves to the even multiple.
    HalfEven = 2,
    /// Away from zero.
    Up = 3,
    /// Towards zero.
    Down = 4,
}

impl Decimal {
    /// The name of the type to serializers. JSON leaves it out and has the digits as text; others can tell a number from a text by it.
    pub const NAME: &'static str = "Decimal";
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE_UNITS);
    /// One hundred.
    pub const HUNDRED: Self = Self(100 * ONE_UNITS);

    /// A whole number.
    pub const fn from_int(whole: i64) -> Self {
        Self(whole as i128 * ONE_UNITS)
    }

    /// `units` × 10⁻¹².
    ///
    /// ```
    /// # use tidewaiter::Decimal;
    /// assert_eq!(Decimal::from_units(1_500_000_000_000).to_string(), "1.5");
    /// ```
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// The number in units of 10⁻¹².
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Ten to the power `-places`; `places` up to twelve.
    pub const fn ten_to_minus(places: u8) -> Self {
        let mut units = ONE_UNITS;
        let mut left = places;
        while left > 0 && units > 1 {
            units /= 10;
            left -= 1;
        }
        Self(units)
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`NumberError::TooLarge`] beyond about 1.7 × 10²⁶.
    #[inline]
    pub fn plus(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_add(other.0).map(Self).ok_or(NumberError::TooLarge)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`NumberError::TooLarge`] beyond about 1.7 × 10²⁶.
    #[inline]
    pub fn minus(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_sub(other.0).map(Self).ok_or(NumberError::TooLarge)
    }

    /// The product, rounded half to even at the twelfth decimal if it needs more.
    ///
    /// # Errors
    /// [`NumberError::TooLarge`] if the result does not fit.
    #[inline]
    pub fn times(self, other: Self) -> Result<Self, NumberError> {
        if let (Ok(a), Ok(b)) = (i64::try_from(self.0), i64::try_from(other.0)) {
            return Ok(Self(SCALE_DIVISOR.divide_half_even(i128::from(a) * i128::from(b))));
        }
        mul_div(self.0, other.0, ONE_UNITS).map(Self)
    }

    /// `self` × `numerator` ÷ `denominator` with a single rounding, half to even at the twelfth decimal.
    ///
    /// This is how exchange rates and shares are applied: `amount × rate to ÷ rate from` is exact whenever the
    /// answer has at most twelve decimals.
    ///
    /// # Errors
    /// [`NumberError::DivisionByZero`], or [`NumberError::TooLarge`] if the result does not fit.
    #[inline]
    pub fn scaled(self, numerator: Self, denominator: Self) -> Result<Self, NumberError> {
        if denominator.0 == 0 {
            return Err(NumberError::DivisionByZero);
        }
        if numerator.0 == denominator.0 {
            return Ok(self);
        }
        mul_div(self.0, numerator.0, denominator.0).map(Self)
    }

    /// The quotient, rounded half to even at the twelfth decimal.
    ///
    /// # Errors
    /// As [`Decimal::scaled`].
    pub fn divided_by(self, other: Self) -> Result<Self, NumberError> {
        self.scaled(Self::ONE, other)
    }

    /// This many percent of `base`.
    ///
    /// # Errors
    /// [`NumberError::TooLarge`] if the result does not fit.
    #[inline]
    pub fn percent_of(self, base: Self) -> Result<Self, NumberError> {
        if let (Ok(a), Ok(b)) = (i64::try_from(self.0), i64::try_from(base.0)) {
            return Ok(Self(PERCENT_DIVISOR.divide_half_even(i128::from(a) * i128::from(b))));
        }
        mul_div(base.0, self.0, 100 * ONE_UNITS).map(Self)
    }

    /// Rounds to a multiple of `unit`. A zero or negative unit leaves the number as it is.
    ///
    /// # Errors
    /// [`NumberError::TooLarge`] if the result does not fit.
    ///
    /// ```
    /// use tidewaiter::{Decimal, RoundingMode};
    /// let tax: Decimal = "5.022".parse()?;
    /// let step: Decimal = "0.05".parse()?;
    /// assert_eq!(tax.rounded(RoundingMode::HalfUp, step)?.to_string(), "5");
    /// # Ok::<(), tidewaiter::decimal::NumberError>(())
    /// ```
    #[inline]
    pub fn rounded(self, mode: RoundingMode, unit: Self) -> Result<Self, NumberError> {
        if unit.0 <= 0 {
            return Ok(self);
        }
        let rest = if let (Ok(value), Ok(step)) = (i64::try_from(self.0), i64::try_from(unit.0)) {
            i128::from(value % step)
        } else {
            self.0 % unit.0
        };
        if rest == 0 {
            return Ok(self);
        }
        let floor = self.0 - rest; // towards zero
        let twice = rest.unsigned_abs() * 2;
        let half = twice.cmp(&unit.0.unsigned_abs());
        let away = match mode {
            RoundingMode::Up => true,
            RoundingMode::Down => false,
            RoundingMode::HalfUp => half.is_ge(),
            RoundingMode::HalfDown => half.is_gt(),
            RoundingMode::HalfEven => half.is_gt() || (half.is_eq() && (floor / unit.0) % 2 != 0),
        };
        if !away {
            return Ok(Self(floor));
        }
        let step = if self.0 < 0 { -unit.0 } else { unit.0 };
        floor.checked_add(step).map(Self).ok_or(NumberError::TooLarge)
    }

    /// Writes the number with exactly `places` decimals, rounding half up for show only.
    ///
    /// ```
    /// # use tidewaiter::Decimal;
    /// assert_eq!("12.5".parse::<Decimal>()?.to_fixed(2), "12.50");
    /// assert_eq!("1250".parse::<Decimal>()?.to_fixed(0), "1250");
    /// # Ok::<(), tidewaiter::decimal::NumberError>(())
    /// ```
    pub fn to_fixed(self, places: u8) -> String {
        let places = u32::from(places).min(SCALE);
        let step = Self::ten_to_minus(places as u8);
        let shown = self.rounded(RoundingMode::HalfUp, step).unwrap_or(self);
        let sign = if shown.0 < 0 { "-" } else { "" };
        let units = shown.0.unsigned_abs();
        let whole = units / ONE_UNITS as u128;
        if places == 0 {
            return format!("{sign}{whole}");
        }
        let fraction = (units % ONE_UNITS as u128) / 10u128.pow(SCALE - places);
        format!("{sign}{whole}.{fraction:0width$}", width = places as usize)
    }

    /// Writes at least `places` decimals, and more if the number has them.
    pub fn to_at_least(self, places: u8) -> String {
        let plain = self.to_string();
        let have = plain.split_once('.').map_or(0, |(_, f)| f.len());
        if have >= places as usize { plain } else { self.to_fixed(places) }
    }

    /// Reads a number and checks that it is not negative.
    ///
    /// # Errors
    /// As `FromStr`, and [`NumberError::Syntax`] for a negative number.
    pub fn parse_amount(text: &str) -> Result<Self, NumberError> {
        let number: Self = text.parse()?;
        if number.is_negative() {
            return Err(NumberError::Syntax { text: shorten(text), hint: "; it cannot be below zero" });
        }
        Ok(number)
    }
}

/// A constant divisor with its reciprocal: two multiplications in place of a division.
///
/// Möller and Granlund, "Improved division by invariant integers" (IEEE Transactions on Computers, 2011), algorithm 4.
struct Divisor {
    /// The divisor, shifted left until its top bit is set.
    shifted: u64,
    shift: u32,
    reciprocal: u64,
}

const SCALE_DIVISOR: Divisor = Divisor::new(1_000_000_000_000);
const PERCENT_DIVISOR: Divisor = Divisor::new(100_000_000_000_000);

impl Divisor {
    const fn new(divisor: u64) -> Self {
        let shift = divisor.leading_zeros();
        let shifted = divisor << shift;
        let reciprocal = (u128::MAX / shifted as u128 - (1 << 64)) as u64;
        Self { shifted, shift, reciprocal }
    }

    /// Quotient and remainder; the quotient must fit 64 bits.
    #[inline]
    const fn divide(&self, value: u128) -> (u64, u64) {
        let value = value << self.shift;
        let (high, low) = ((value >> 64) as u64, value as u64);
        let product = self.reciprocal as u128 * high as u128;
        let (q0, carry) = (product as u64).overflowing_add(low);
        let mut q1 = ((product >> 64) as u64).wrapping_add(high).wrapping_add(carry as u64).wrapping_add(1);
        let mut rest = low.wrapping_sub(q1.wrapping_mul(self.shifted));
        if rest > q0 {
            q1 = q1.wrapping_sub(1);
            rest = rest.wrapping_add(self.shifted);
        }
        if rest >= self.shifted {
            q1 += 1;
            rest -= self.shifted;
        }
        (q1, rest >> self.shift)
    }

    #[inline]
    const fn divide_half_even(&self, value: i128) -> i128 {
        let size = value.unsigned_abs();
        let divisor = self.shifted >> self.shift;
        // The short way needs the quotient in 64 bits and the shifted value in 128.
        if (size >> 64) as u64 >= divisor || size.leading_zeros() < self.shift {
            return divide_half_even(value, divisor as i128);
        }
        let (quotient, rest) = self.divide(size);
        let twice = rest * 2;
        let up = twice > divisor || (twice == divisor && quotient & 1 == 1);
        let result = quotient as i128 + up as i128;
        if value < 0 { -result } else { result }
    }
}

#[inline]
const fn divide_half_even(value: i128, divisor: i128) -> i128 {
    let quotient = value / divisor;
    let rest = value - quotient * divisor;
    adjust(quotient, rest.unsigned_abs(), divisor.unsigned_abs(), (value < 0) != (divisor < 0))
}

/// Rounds a truncated quotient half to even, given the remainder.
#[inline]
const fn adjust(quotient: i128, rest: u128, divisor: u128, negative: bool) -> i128 {
    // Compared without doubling, which could overflow.
    let short = divisor - rest;
    let away = rest > short || (rest == short && quotient % 2 != 0);
    match (away, negative) {
        (false, _) => quotient,
        (true, false) => quotient + 1,
        (true, true) => quotient - 1,
    }
}

/// a × b ÷ c, one rounding, 256 bits between.
fn mul_div(a: i128, b: i128, c: i128) -> Result<i128, NumberError> {
    if c == 0 {
        return Err(NumberError::DivisionByZero);
    }
    if let Some(product) = a.checked_mul(b).filter(|p| *p != i128::MIN) {
        return Ok(divide_half_even(product, c));
    }
    let negative = (a < 0) ^ (b < 0) ^ (c < 0);
    let (high, low) = widening_mul(a.unsigned_abs(), b.unsigned_abs());
    let divisor = c.unsigned_abs();
    if high >= divisor {
        return Err(NumberError::TooLarge);
    }
    let (quotient, rest) = divide_wide(high, low, divisor);
    let quotient = i128::try_from(quotient).map_err(|_| NumberError::TooLarge)?;
    if quotient == i128::MAX {
        return Err(NumberError::TooLarge);
    }
    let rounded = adjust(quotient, rest, divisor, false);
    Ok(if negative { -rounded } else { rounded })
}

/// The 256-bit product as (high, low).
fn widening_mul(a: u128, b: u128) -> (u128, u128) {
    const MASK: u128 = u64::MAX as u128;
    let (a1, a0) = (a >> 64, a & MASK);
    let (b1, b0) = (b >> 64, b & MASK);
    let low = a0 * b0;
    let mid1 = a1 * b0;
    let mid2 = a0 * b1;
    let carry = (low >> 64) + (mid1 & MASK) + (mid2 & MASK);
    (a1 * b1 + (mid1 >> 64) + (mid2 >> 64) + (carry >> 64), (carry << 64) | (low & MASK))
}

/// Shift-and-subtract division of 256 by 128 bits; `high < divisor`. Rare: only numbers beyond 10¹³ come here.
fn divide_wide(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    let mut rest = high;
    let mut quotient = 0u128;
    for bit in (0..128).rev() {
        let carry = rest >> 127;
        rest = (rest << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if carry == 1 || rest >= divisor {
            rest = rest.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    (quotient, rest)
}

fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

impl FromStr for Decimal {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let number = read(text)?;
        if number.0.unsigned_abs() > MAX_INPUT.0.unsigned_abs() {
            return Err(NumberError::TooLarge);
        }
        Ok(number)
    }
}

/// Reads any number that an answer may hold. What comes from outside is held to [`MAX_INPUT`] besides: by `FromStr`
/// where words are read, and field by field where a question is.
fn read(text: &str) -> Result<Decimal, NumberError> {
    const MOST_DIGITS: usize = 26;
    let syntax = |hint| NumberError::Syntax { text: shorten(text), hint };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if digits.contains(',') {
        return Err(syntax("; use a point, not a comma, and no thousands separators"));
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || (digits.contains('.') && fraction.is_empty()) {
        return Err(syntax(""));
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(syntax(""));
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > SCALE as usize {
        return Err(NumberError::TooFine { text: shorten(text) });
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > MOST_DIGITS {
        return Err(NumberError::TooLarge);
    }
    let mut units: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        units = units * 10 + i128::from(digit - b'0');
    }
    units *= 10i128.pow(SCALE - fraction.len() as u32);
    Ok(Decimal(if negative { -units } else { units }))
}

/// Room for the longest number: a sign, 27 digits and a zero before the point, the point, [`SCALE`] after it.
type Digits = [u8; 48];

impl Decimal {
    /// Writes the number into `room` and returns what was written: an answer holds some dozens of them, and writing them through the
    /// machinery of `fmt` was an eighth of its time.
    fn digits(self, room: &mut Digits) -> &str {
        let units = self.0.unsigned_abs();
        // Division of wide numbers is slow, and few are wide.
        let (whole, fraction) = match u64::try_from(units) {
            Ok(units) => (u128::from(units / ONE_UNITS as u64), units % ONE_UNITS as u64),
            Err(_) => (units / ONE_UNITS as u128, (units % ONE_UNITS as u128) as u64),
        };
        let mut at = room.len();
        if fraction != 0 {
            at = write_back(room, at, u128::from(fraction), SCALE as usize);
            // Zeros at the end say nothing: what stands before them moves to the end.
            let zeros = room.iter().rev().take_while(|digit| **digit == b'0').count();
            let end = room.len() - zeros;
            room.copy_within(at..end, at + zeros);
            at = at + zeros - 1;
            room[at] = b'.';
        }
        at = write_back(room, at, whole, 1);
        if self.0 < 0 {
            at -= 1;
            room[at] = b'-';
        }
        // Digits and marks are letters of ASCII.
        std::str::from_utf8(&room[at..]).unwrap_or_default()
    }
}

/// Writes a number so that it ends before `end`, with zeros before it up to a number of digits. Returns where it begins.
fn write_back(room: &mut Digits, end: usize, number: u128, least: usize) -> usize {
    let mut at = end;
    let mut put = |digit: u64| {
        at -= 1;
        room[at] = b'0' + digit as u8;
    };
    let mut wide = number;
    while wide > u128::from(u64::MAX) {
        put((wide % 10) as u64);
        wide /= 10;
    }
    let mut narrow = wide as u64;
    while narrow > 0 {
        put(narrow % 10);
        narrow /= 10;
    }
    while end - at < least {
        at -= 1;
        room[at] = b'0';
    }
    at
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.digits(&mut [0; 48]))
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Self::NAME, self.digits(&mut [0; 48]))
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number in quotes, such as \"12.50\"")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
                read(text).map_err(E::custom)
            }
            fn visit_i64<E: serde::de::Error>(self, whole: i64) -> Result<Decimal, E> {
                whole.to_string().parse().map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<Decimal, E> {
                whole.to_string().parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An exact decimal number as text: digits, at most twelve after the point, no exponent. Whole numbers may also be given as JSON integers.",
            "anyOf": [
                { "type": "string", "pattern": "^-?[0-9]{1,26}(\\.[0-9]+)?$" },
                { "type": "integer" }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Decimal, NumberError, PERCENT_DIVISOR, RoundingMode, SCALE_DIVISOR, divide_half_even, divide_wide, widening_mul,
    };
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes() {
        for (text, back) in [
            ("0", "0"),
            ("-0", "0"),
            ("12.50", "12.5"),
            ("0.000000000001", "0.000000000001"),
            ("1000000000000000", "1000000000000000"),
        ] {
            assert_eq!(d(text).to_string(), back);
        }
    }

    #[test]
    fn refuses() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1e3",
            "12,50",
            "1 000",
            "NaN",
            "--1",
            "+1",
            "0x10",
            "٣",
            "1000000000000000.1",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert!(matches!("0.0000000000001".parse::<Decimal>(), Err(NumberError::TooFine { .. })));
    }

    #[test]
    fn rounds_as_named() {
        let unit = d("0.01");
        for (mode, plus, minus) in [
            (RoundingMode::HalfUp, "0.13", "-0.13"),
            (RoundingMode::HalfDown, "0.12", "-0.12"),
            (RoundingMode::HalfEven, "0.12", "-0.12"),
            (RoundingMode::Up, "0.13", "-0.13"),
            (RoundingMode::Down, "0.12", "-0.12"),
        ] {
            assert_eq!(d("0.125").rounded(mode, unit).unwrap(), d(plus), "{mode:?}");
            assert_eq!(d("-0.125").rounded(mode, unit).unwrap(), d(minus), "{mode:?}");
        }
        assert_eq!(d("0.135").rounded(RoundingMode::HalfEven, unit).unwrap(), d("0.14"));
        assert_eq!(d("1999").rounded(RoundingMode::Down, d("1000")).unwrap(), d("1000"));
        assert_eq!(d("21262.5").rounded(RoundingMode::Up, d("1000")).unwrap(), d("22000"));
    }

    #[test]
    fn conversion_through_a_third_currency_is_exact_when_it_can_be() {
        assert_eq!(d("10").scaled(d("3"), d("3")).unwrap(), d("10"));
        assert_eq!(d("30").scaled(d("1.1"), d("3.3")).unwrap(), d("10"));
        assert_eq!(d("1").scaled(d("1"), d("3")).unwrap(), d("0.333333333333"));
    }

    #[test]
    fn says_when_it_does_not_fit() {
        let big = Decimal::from_units(i128::MAX);
        assert_eq!(big.plus(Decimal::ONE), Err(NumberError::TooLarge));
        assert_eq!(big.times(d("2")), Err(NumberError::TooLarge));
        assert_eq!(d("1").scaled(d("1"), Decimal::ZERO), Err(NumberError::DivisionByZero));
    }

    proptest! {
        #[test]
        fn digits_are_those_of_the_whole_and_the_fraction(units in any::<i128>(), shift in 0u32..128) {
            let units = units >> shift;
            let (whole, fraction) = (units.unsigned_abs() / super::ONE_UNITS as u128, units.unsigned_abs() % super::ONE_UNITS as u128);
            let long = format!("{}{whole}.{fraction:012}", if units < 0 { "-" } else { "" });
            let short = if fraction == 0 { long.trim_end_matches(".000000000000") } else { long.trim_end_matches('0') };
            prop_assert_eq!(Decimal::from_units(units).to_string(), short);
        }

        #[test]
        fn parse_of_display_is_the_same(units in -1_000_000_000_000_000_000_000_000_000i128..=1_000_000_000_000_000_000_000_000_000) {
            let number = Decimal::from_units(units);
            prop_assert_eq!(number.to_string().parse::<Decimal>().unwrap(), number);
        }

        #[test]
        fn never_panics_on_text(text in "\\PC*") {
            let _ = text.parse::<Decimal>();
        }

        /// The same product from rust_decimal, where both are exact.
        #[test]
        fn product_agrees_with_rust_decimal(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000i64..1_000_000) {
            let ours = Decimal::from_units(i128::from(a) * 10_000_000_000).times(Decimal::from_units(i128::from(b) * 1_000_000)).unwrap();
            let theirs = rust_decimal::Decimal::new(a, 2) * rust_decimal::Decimal::new(b, 6);
            prop_assert_eq!(ours.to_string(), theirs.normalize().to_string());
        }

        #[test]
        fn rounding_agrees_with_rust_decimal(a in -10_000_000_000i64..10_000_000_000, places in 0u32..5) {
            let ours = Decimal::from_units(i128::from(a) * 1_000_000);
            let theirs = rust_decimal::Decimal::new(a, 6);
            let unit = Decimal::ten_to_minus(places as u8);
            for (mode, strategy) in [
                (RoundingMode::HalfUp, RoundingStrategy::MidpointAwayFromZero),
                (RoundingMode::HalfDown, RoundingStrategy::MidpointTowardZero),
                (RoundingMode::HalfEven, RoundingStrategy::MidpointNearestEven),
                (RoundingMode::Up, RoundingStrategy::AwayFromZero),
                (RoundingMode::Down, RoundingStrategy::ToZero),
            ] {
                prop_assert_eq!(ours.rounded(mode, unit).unwrap().to_string(), theirs.round_dp_with_strategy(places, strategy).normalize().to_string());
            }
        }

        /// The reciprocal gives what the division gives.
        #[test]
        fn reciprocal_division_agrees(a in any::<i64>(), b in any::<i64>()) {
            let product = i128::from(a) * i128::from(b);
            prop_assert_eq!(SCALE_DIVISOR.divide_half_even(product), divide_half_even(product, 1_000_000_000_000));
            prop_assert_eq!(PERCENT_DIVISOR.divide_half_even(product), divide_half_even(product, 100_000_000_000_000));
            let half = i128::from(a) * 1_000_000_000_000 + 500_000_000_000;
            prop_assert_eq!(SCALE_DIVISOR.divide_half_even(half), divide_half_even(half, 1_000_000_000_000));
        }

        /// The wide path gives what the narrow path gives.
        #[test]
        fn wide_division_agrees(a in 1u64.., b in 1u64.., c in 1u64..) {
            let product = u128::from(a) * u128::from(b);
            let (q, r) = divide_wide(0, product, u128::from(c));
            prop_assert_eq!((q, r), (product / u128::from(c), product % u128::from(c)));
            let (high, low) = widening_mul(u128::from(a) << 40, u128::from(b) << 40);
            prop_assert_eq!((high, low), (product >> 48, product << 80));
        }
    }
}
