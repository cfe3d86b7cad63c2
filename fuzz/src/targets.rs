//! The targets that need nothing but the library.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]
#![allow(dead_code, unreachable_pub, reason = "shared with ordinary tests, each of which uses its part")]

use crate::common;
use std::sync::OnceLock;
use tidewaiter::goods::{CodeRange, GoodsCode};
use tidewaiter::ratebook::compile::{compile, read_economy};
use tidewaiter::record::grammar;
use tidewaiter::{Ask, Consignment, Decimal, Ratebook, RoundingMode};

/// Reads an amount; what is printed reads back as the same tree.
pub fn expression_amount(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = (
        grammar::rounding(text),
        grammar::threshold(text),
        grammar::percent(text),
        grammar::cash(text),
        grammar::code_range(text),
    );
    if let Ok(tree) = grammar::amount(text) {
        let printed = tree.to_string();
        if printed.len() <= grammar::MAX_TEXT {
            assert_eq!(grammar::amount(&printed), Ok(tree), "{printed}");
        }
    }
}

/// The same for a condition.
pub fn expression_condition(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(tree) = grammar::condition(text) {
        let printed = tree.to_string();
        if printed.len() <= grammar::MAX_TEXT {
            assert_eq!(grammar::condition(&printed), Ok(tree), "{printed}");
        }
    }
}

/// Compiles an economy file of the small world; what compiles also opens and answers.
pub fn economy_toml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // The first byte chooses the format.
    let name = if text.trim_start().starts_with('{') { "X.json" } else { "X.toml" };
    let file = match read_economy(name, text) {
        Ok(file) => file,
        Err(problem) => {
            assert!(!problem.message.is_empty());
            return;
        }
    };
    let world = common::world();
    match compile(&world, &[file]) {
        Err(problems) => assert!(!problems.is_empty() && problems.iter().all(|p| !p.to_string().is_empty())),
        Ok(bytes) => {
            let book = Ratebook::from_vec(bytes).unwrap_or_else(|e| panic!("what compiles must open: {e}"));
            book.verify().unwrap_or_else(|e| panic!("what compiles must verify: {e}"));
            let _ = book.economies(jiff::civil::date(2026, 8, 1));
            for territory in book.territories().into_iter().filter(|t| t.has_rules) {
                let view = book.economy(&territory.code);
                assert!(serde_json::to_string(&view).is_ok());
                for question in questions() {
                    let mut asked = question.clone();
                    if asked.from.as_deref() != Some(territory.code.as_str()) {
                        asked.to.clone_from(&territory.code);
                    }
                    let _ = book.answer(&asked, &Ask { steps: true, ..Ask::default() });
                }
            }
        }
    }
}

fn questions() -> &'static [Consignment] {
    static QUESTIONS: OnceLock<Vec<Consignment>> = OnceLock::new();
    QUESTIONS.get_or_init(common::questions)
}

/// Edits the bytes of a sound ratebook, eight bytes an edit (five of place, one of width, two that fill), and uses what opens.
pub fn ratebook_bytes(data: &[u8]) {
    static GOOD: OnceLock<Vec<u8>> = OnceLock::new();
    let good = GOOD.get_or_init(common::bytes);
    let mut bytes = if data.starts_with(b"TWRATES") { data.to_vec() } else { good.clone() };
    if !data.starts_with(b"TWRATES") {
        for edit in data.chunks_exact(8) {
            let place =
                u64::from_le_bytes([edit[0], edit[1], edit[2], edit[3], edit[4], 0, 0, 0]) as usize % bytes.len();
            match edit[5] % 6 {
                0 => bytes[place] = edit[6],
                1 => bytes[place] ^= edit[6],
                2 => fill(&mut bytes, place & !1, &[edit[6], edit[7]]),
                3 => fill(&mut bytes, place & !3, &[edit[6], edit[7], 0, 0]),
                4 => fill(&mut bytes, place & !3, &[edit[6], edit[7], edit[7], edit[7]]),
                _ => fill(
                    &mut bytes,
                    place & !7,
                    &[edit[6], edit[7], edit[7], edit[7], edit[7], edit[7], edit[7], edit[7]],
                ),
            }
        }
    }
    let Ok(book) = Ratebook::from_vec(bytes) else { return };
    for asked in questions() {
        let _ = book.answer(asked, &Ask { steps: true, ..Ask::default() });
        let _ = book.quoter().ready(asked).map(|ready| book.quoter().total(&ready));
    }
    let _ = (
        book.verify(),
        book.economies(jiff::civil::date(2026, 8, 1)),
        book.economy("QQ"),
        book.currencies(),
        book.plan(&questions()[0]),
    );
    let _ = book.reverse(&questions()[1], Decimal::from_int(300));
}

fn fill(bytes: &mut [u8], at: usize, with: &[u8]) {
    let end = (at + with.len()).min(bytes.len());
    if at < end {
        bytes[at..end].copy_from_slice(&with[..end - at]);
    }
}

/// Text and arithmetic of numbers.
pub fn decimal(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(number) = text.parse::<Decimal>()
    {
        assert_eq!(number.to_string().parse(), Ok(number));
        assert!(number.units().abs() <= tidewaiter::decimal::MAX_INPUT.units());
        let _ = (number.to_fixed(2), number.to_at_least(4));
    }
    let operand = |at: usize| -> i128 {
        let mut raw = [0u8; 16];
        for (slot, byte) in raw.iter_mut().zip(data.iter().skip(at * 16)) {
            *slot = *byte;
        }
        i128::from_le_bytes(raw)
    };
    // Large, and shifted down so that results often fit.
    let shift = data.first().copied().unwrap_or(0) % 120;
    let (a, b, c) = (
        Decimal::from_units(operand(0) >> shift),
        Decimal::from_units(operand(1) >> shift),
        Decimal::from_units(operand(2) >> shift),
    );
    if let Ok(sum) = a.plus(b) {
        assert_eq!(sum.minus(b), Ok(a));
    }
    if let (Ok(x), Ok(y)) = (a.times(b), b.times(a)) {
        assert_eq!(x, y);
    }
    let _ = (a.divided_by(b), a.percent_of(b));
    if let (Ok(x), true) = (a.scaled(b, b), !b.is_zero()) {
        assert_eq!(x, a);
    }
    let _ = a.scaled(b, c);
    let _ = (a.to_string(), a.to_fixed(shift % 16), a.to_at_least(shift % 16));
    for mode in
        [RoundingMode::HalfUp, RoundingMode::HalfDown, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down]
    {
        if let Ok(rounded) = a.rounded(mode, c)
            && c > Decimal::ZERO
        {
            assert_eq!(rounded.units() % c.units(), 0);
            assert_eq!(rounded.rounded(mode, c), Ok(rounded));
            assert!(rounded.units().abs_diff(a.units()) < c.units().unsigned_abs());
        }
    }
}

/// Codes and ranges: what is printed reads back.
pub fn goods_code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(code) = text.parse::<GoodsCode>() {
        assert_eq!(code.to_string().parse(), Ok(code));
        assert_eq!(code.digits().parse(), Ok(code));
        assert!(code.ancestors().all(|a| code.is_under(a)));
        assert!(code.range().contains(code));
        for digits in 0..=255 {
            let _ = code.truncated(digits);
        }
    }
    if let Ok(range) = text.parse::<CodeRange>() {
        assert_eq!(range.to_string().parse(), Ok(range));
        let prefixes = range.prefixes();
        assert!(!prefixes.is_empty() && prefixes.len() <= 1088, "{}", prefixes.len());
        assert_eq!(prefixes.first().map(|p| p.0), Some(range.first));
    }
    // Any two numbers, as a record may carry them.
    let half = |from: usize| data.iter().skip(from).take(8).fold(0u64, |n, b| n << 8 | u64::from(*b));
    let range = CodeRange { first: half(0), last: half(8) };
    let _ = (range.prefixes().len(), range.to_string());
    let _ = GoodsCode::from_padded(half(0), data.first().copied().unwrap_or(0))
        .map(|c| (c.to_string(), c.range(), c.ancestors().count()));
}
