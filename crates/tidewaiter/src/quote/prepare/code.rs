//! Goods codes as the destination knows them on the day.

use super::*;

/// A code with its dots.
fn code(code: &GoodsCode) -> Value {
    code.to_string().into()
}

/// Asks whether a code of an odd number of digits lost the zero at its start.
pub(super) fn note_lost_zero(at: usize, line: &Line, warnings: &mut Vec<Said>) {
    let asked = GoodsCode::from_padded(line.code, line.digits);
    if let Some((asked, whole)) = asked.and_then(|asked| Some((asked, asked.with_lost_zero()?))) {
        warnings.push(Said::of(
            &message::LOST_ZERO,
            [("item", (at + 1).into()), ("code", code(&asked)), ("whole", code(&whole))],
        ));
    }
}

/// A code that the Harmonized System no longer has is put into the edition in force: into its one successor, or into the
/// digits that its successors under the same heading share, with the question which it is. A code on which the destination still has measures
/// stays as it is.
pub(super) fn translate_moved(
    t: &Tables<'_>,
    program: &ProgramRow,
    moment: Moment,
    at: usize,
    line: &mut Line,
    assumptions: &mut Vec<Said>,
    warnings: &mut Vec<Said>,
) {
    if line.digits < 6 {
        return;
    }
    let Some(moved) = moved_code(t, line.code).filter(|m| m.from.get() <= moment.day) else { return };
    let Some(asked) = GoodsCode::from_padded(line.code, line.digits) else { return };
    let (low, high) = asked.span();
    if crate::quote::worlds::has_measures(t, program, moment, low, high) {
        return;
    }
    let shown = |code: u64, digits| GoodsCode::from_padded(code, digits).map_or_else(String::new, |c| c.to_string());
    let to: Vec<u64> = rows(t.kids, moved.to).iter().map(|k| u64::from(k.get()) * SIX).collect();
    let named = || {
        let (edition, newer) = (t.text(moved.edition.get()), t.text(moved.newer.get()));
        [("item", (at + 1).into()), ("code", code(&asked)), ("edition", edition.into()), ("newer", newer.into())]
    };
    match to.as_slice() {
        [] => warnings.push(Said::of(&message::CODE_GONE, named())),
        [one] => {
            line.code = *one;
            line.digits = 6;
            let is = shown(*one, 6);
            let [item, code, edition, newer] = named();
            assumptions.push(Said::of(&message::CODE_MOVED, [item, code, edition, newer, ("now", is.into())]));
        }
        all => {
            // Tables of correlation name every crumb: codes under the same heading come first.
            let near: Vec<u64> =
                all.iter().copied().filter(|code| code / (100 * SIX) == line.code / (100 * SIX)).collect();
            let many = if near.is_empty() { all } else { near.as_slice() };
            let digits = (1..=2u8)
                .rev()
                .map(|pairs| pairs * 2)
                .find(|digits| {
                    let step = 10u64.pow(u32::from(12 - digits));
                    many.iter().all(|code| code / step == many[0] / step)
                })
                .unwrap_or(0);
            line.code = GoodsCode::from_padded(many[0], digits).map_or(0, GoodsCode::padded);
            line.digits = digits;
            const NAMED: usize = 6;
            let codes: Vec<String> = many.iter().take(NAMED).map(|code| shown(*code, 6)).collect();
            let rest = all.len() - codes.len();
            let [item, code, edition, newer] = named();
            let codes = ("codes", (codes, Joined::Or).into());
            warnings.push(match rest {
                0 => Said::of(&message::CODE_SPLIT, [item, code, edition, newer, codes]),
                1 => Said::of(&message::CODE_SPLIT_ONE_MORE, [item, code, edition, newer, codes]),
                n => Said::of(&message::CODE_SPLIT_MORE, [item, code, edition, newer, codes, ("more", n.into())]),
            });
        }
    }
}

/// One six-digit code, in twelve digits.
const SIX: u64 = 1_000_000;

/// What became of a code's first six digits, if the Harmonized System no longer has them.
pub(in crate::quote) fn moved_code<'a>(t: &Tables<'a>, code: u64) -> Option<&'a crate::ratebook::layout::MovedRow> {
    let six = u32::try_from(code / SIX).ok()?;
    let at = t.moved.partition_point(|m| m.code.get() < six);
    t.moved.get(at).filter(|m| m.code.get() == six)
}

/// A code that the destination's full tariff does not have is cut to the digits that it has, and that is said: it may be
/// of another country or of another edition of the nomenclature.
pub(super) fn shorten_unlisted(
    t: &Tables<'_>,
    program: &ProgramRow,
    moment: Moment,
    at: usize,
    to: &str,
    line: &mut Line,
    warnings: &mut Vec<Said>,
) {
    let Some(asked) = GoodsCode::from_padded(line.code, line.digits) else { return };
    let mut code = asked;
    loop {
        let (low, high) = code.span();
        if crate::quote::worlds::is_listed(t, program, moment, low, high) != Some(false) {
            break;
        }
        match GoodsCode::from_padded(code.padded(), code.digit_count().saturating_sub(1)) {
            Some(shorter) => code = shorter,
            None => {
                line.digits = 0;
                line.code = 0;
                warnings.push(Said::of(
                    &message::CODE_NOT_HERE,
                    [("item", (at + 1).into()), ("to", said::territory(to)), ("code", self::code(&asked))],
                ));
                return;
            }
        }
    }
    if code != asked {
        line.code = code.padded();
        line.digits = code.digit_count();
        warnings.push(Said::of(
            &message::CODE_SHORTENED,
            [
                ("item", (at + 1).into()),
                ("to", said::territory(to)),
                ("code", self::code(&asked)),
                ("used", self::code(&code)),
            ],
        ));
    }
}

/// Says that the last digits of a code stand in no line of a full tariff, so that the line above gave the duty. Zeros at
/// the end say no more than the code without them.
pub(super) fn note_line_above(
    t: &Tables<'_>,
    program: &ProgramRow,
    moment: Moment,
    at: usize,
    to: &str,
    line: &Line,
    assumptions: &mut Vec<Said>,
) {
    let Some(asked) = GoodsCode::from_padded(line.code, line.digits) else { return };
    let (low, high) = asked.span();
    let digits = crate::quote::worlds::line_above(t, program, moment, low, high);
    let Some(above) = digits.and_then(|digits| asked.truncated(digits)) else { return };
    if above.padded() != asked.padded() {
        assumptions.push(Said::of(
            &message::LINE_ABOVE,
            [("item", (at + 1).into()), ("code", code(&asked)), ("to", said::territory(to)), ("above", code(&above))],
        ));
    }
}
