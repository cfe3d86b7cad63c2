//! Codes, ranges of them and headings as rules of origin write them.

/// Digits of a code padded for comparison. Codes have 2 to 12 digits.
pub const WIDTH: usize = 12;

/// A range of goods codes, both ends in it, padded to [`WIDTH`] digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First code.
    pub low: u64,
    /// Last code.
    pub high: u64,
}

impl Span {
    /// Reads `61`, `610910`, `2707.10`, `6101-6117`, `8505.11-8505.20`. Points and spaces are ignored; each end has 2 to 12 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (low, high) = text.split_once('-').map_or((text, text), |(low, high)| (low, high));
        let span = Self { low: padded(low, '0')?, high: padded(high, '9')? };
        (span.low <= span.high).then_some(span)
    }

    /// Whether all of `other` is in it.
    pub const fn covers(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Whether any of `other` is in it.
    pub const fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// How many codes are in it, less one: the smaller, the more specific.
    pub const fn width(self) -> u64 {
        self.high - self.low
    }

    /// The shortest way to write it: a prefix, or a range of prefixes of one length.
    pub fn written(self) -> String {
        let mut low = format!("{:0width$}", self.low, width = WIDTH);
        let mut high = format!("{:0width$}", self.high, width = WIDTH);
        while low.len() > 2 && low.ends_with("00") && high.ends_with("99") {
            low.truncate(low.len() - 2);
            high.truncate(high.len() - 2);
        }
        if low == high { low } else { format!("{low}-{high}") }
    }
}

fn padded(code: &str, with: char) -> Option<u64> {
    let mut digits = String::with_capacity(WIDTH);
    for c in code.chars() {
        match c {
            '.' | ' ' => {}
            '0'..='9' => digits.push(c),
            _ => return None,
        }
        if digits.len() > WIDTH {
            return None;
        }
    }
    if digits.len() < 2 {
        return None;
    }
    while digits.len() < WIDTH {
        digits.push(with);
    }
    digits.parse().ok()
}

/// A heading of a rule as published: `ex Chapter 20`, `2106.90`, `Chapter 1`, `0901 to 0905`, `290549-2942`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// Whether only some goods of it are meant.
    pub ex: bool,
    /// Codes it names.
    pub span: Span,
}

/// Reads a heading as published.
pub fn heading(text: &str) -> Option<Heading> {
    let text = text.trim();
    let ex = is_ex(text);
    let rest = if ex { text.get(2..)?.trim_start() } else { text };
    let chapter = rest.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("chapter "));
    if chapter {
        let number = rest.get(8..)?.trim();
        let short = number.len() == 1;
        let code = if short { format!("0{number}") } else { number.to_owned() };
        return (code.len() == 2).then(|| Span::parse(&code).map(|span| Heading { ex, span }))?;
    }
    let range = rest.replace(" to ", "-");
    Span::parse(&range).map(|span| Heading { ex, span })
}

pub(super) fn is_ex(text: &str) -> bool {
    text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ex "))
}
