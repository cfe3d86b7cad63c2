//! The codes that goods without a full code may be of: one for each way the rules tell codes apart.

use super::*;

/// Most codes tried for one line, over the number of lines that each of them is evaluated with; at least so many.
const MAX_VALUES: usize = 8_192;
const FEWEST_VALUES: usize = 600;
/// Most ranges of codes that a tariff may have under one code.
const MAX_RANGES: usize = 1_000_000;

/// What a value of a rate table comes to: two of one table that give the same on the same days mean the same.
fn means_of(table: u32, arm: &ArmRow) -> u128 {
    let (percent, days) = (arm.percent.get(), [arm.from.get(), arm.before.get(), arm.known_from.get()]);
    let [from, before, known] = days.map(|day| u64::from(day.cast_unsigned()));
    number_of([2, u64::from(table), (percent >> 64) as u64, percent as u64, from << 32 | before, known])
}

/// What tells codes apart, from a code to another: as it is written, and by what it comes to.
struct Mark {
    first: u64,
    last: u64,
    written: u128,
    means: u128,
}

/// A number that stands for some numbers; sums of them stand for sets. Two sets with one number are as good as impossible,
/// and would cost one candidate.
fn number_of<const N: usize>(what: [u64; N]) -> u128 {
    let mut state = (0x9E37_79B9_7F4A_7C15u64, 0x2545_F491_4F6C_DD1Du64);
    for word in what {
        state = (mixed(state.0 ^ word), mixed(state.1.wrapping_add(word)));
    }
    u128::from(state.0) << 64 | u128::from(state.1)
}

/// The finish of splitmix64: every bit of the result hangs on every bit of the number.
const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// One code for each way the destination's rules tell codes apart.
pub(super) fn codes(t: &Tables<'_>, program: &ProgramRow, case: &Case, line: usize, nodes: &[&Node]) -> Values {
    const FIRST: u64 = 10_000_000_000; // chapter 01
    const LAST: u64 = 979_999_999_999; // chapter 97; 98 and 99 are national
    let Some(row) = case.lines.get(line) else { return Values::default() };
    let (low, high) = if row.digits == 0 { (FIRST, LAST) } else { row.code_span() };
    // Where sums are taken for each heading, goods of equal treatment may share one or not: each way of writing a code
    // is a candidate then.
    let by_heading = sums_by_heading(t, program, case);
    let most = (MAX_VALUES / case.lines.len().max(1)).max(FEWEST_VALUES);
    let mut marks: Vec<Mark> = Vec::new();
    let mut more = false;
    let mut lists = HashSet::new();
    let mut mark = |first: u64, last: u64, means: u128| {
        if first <= high && low <= last {
            marks.push(Mark {
                first: first.max(low),
                last: last.min(high),
                written: number_of([0, first, last]),
                means,
            });
        }
    };
    for node in nodes {
        let run = Run { start: node.a, len: node.b };
        match node.op {
            // Ranges of one list mean the same.
            op::GOODS if lists.insert((node.a.get(), node.b.get())) => {
                let means = number_of([1, node.a.get().into(), node.b.get().into()]);
                rows(t.codes, run).iter().for_each(|r| mark(r.first.get(), r.last.get(), means));
            }
            op::RATE => {
                for arm in rows(t.arms, run).iter().filter(|arm| arm.coded == 1) {
                    mark(arm.first.get(), arm.last.get(), means_of(node.a.get(), arm));
                }
            }
            _ => {}
        }
    }
    for (at, bound) in rows(t.bounds, program.bounds).iter().enumerate() {
        mark(bound.first.get(), bound.last.get(), number_of([3, at as u64]));
    }
    let full = is_full(t, program, case.moment());
    let mut lines: Vec<(u64, u64)> = Vec::new();
    let mut count = 0;
    for tariff in tariffs_in_force(t, program, case.moment()) {
        let whole = each_measure(t, tariff, low, high, |measure, first, last| {
            let in_force = measure.from.get() <= case.day && case.day < measure.before.get();
            mark(first, last, if in_force { meaning(measure, first) } else { 0 });
            if full && gives_a_line(measure, case.day) {
                lines.push((first, last));
            }
            count += 1;
            count < MAX_RANGES
        });
        more |= !whole;
    }
    // What is written twice tells no more apart than once, whatever it means.
    marks.sort_unstable_by_key(|m| (m.first, m.last, m.written));
    let mut before = None;
    for m in &mut marks {
        let written = m.written;
        if before == Some((m.first, m.last, written)) {
            m.written = 0;
        }
        before = Some((m.first, m.last, written));
    }
    let mut points: Vec<u64> = vec![low];
    for m in &marks {
        points.push(m.first);
        if m.last < high {
            points.push(m.last + 1);
        }
    }
    // Where a tariff is there in full, only the codes that it gives a duty exist.
    lines.retain(|(first, last)| *first <= high && low <= *last);
    if !lines.is_empty() {
        lines.sort_unstable();
        points.extend(lines.iter().map(|(first, _)| *first).filter(|first| low <= *first));
        points.sort_unstable();
        points.dedup();
        points.retain(|point| {
            let after = lines.partition_point(|(first, _)| *first <= *point);
            // Lines do not overlap, but for a chapter's or heading's.
            lines[..after].iter().rev().take(4).any(|(_, last)| point <= last)
        });
    }
    let mut ends: Vec<(u64, u128, u128)> = marks.iter().map(|m| (m.last, m.written, m.means)).collect();
    ends.sort_unstable();
    let (mut begun, mut ended) = (marks.iter().peekable(), ends.iter().peekable());
    let (mut written, mut means) = (0u128, 0u128);
    // The codes of each meaning: the first, and in how many ways it is written.
    let mut found: HashMap<u128, usize> = HashMap::new();
    let mut ways = HashSet::new();
    let mut values: Vec<(u64, u32)> = Vec::new();
    let mut others: HashMap<u128, u64> = HashMap::new();
    points.sort_unstable();
    points.dedup();
    for (at, &point) in points.iter().enumerate() {
        while let Some(m) = begun.next_if(|m| m.first <= point) {
            written = written.wrapping_add(m.written);
            means = means.wrapping_add(m.means);
        }
        while let Some((_, w, m)) = ended.next_if(|(last, ..)| *last < point) {
            written = written.wrapping_sub(*w);
            means = means.wrapping_sub(*m);
        }
        let end = points.get(at + 1).map_or(high, |next| next - 1);
        if by_heading && end - point >= 1_000_000 {
            others.entry(written).or_insert(point + 1_000_000);
        }
        let group = if by_heading { written } else { means };
        let is_new = ways.insert((written, means));
        match found.get(&group) {
            Some(&at) => values[at].1 += u32::from(is_new),
            None if values.len() >= most => {
                more = true;
                break;
            }
            None => {
                found.insert(group, values.len());
                values.push((point, 1));
            }
        }
    }
    if by_heading {
        // Two unknown codes may share a heading or not.
        let known = case.lines.iter().enumerate().filter(|(at, l)| *at != line && l.digits >= 6);
        let shared = known.map(|(_, l)| l.code).filter(|code| (low..=high).contains(code));
        values.extend(others.into_values().chain(shared).map(|code| (code, 1)));
        values.sort_unstable();
        values.dedup_by_key(|(code, _)| *code);
    }
    Values { all: values.into_iter().map(|(code, weight)| (Value::Code(code), weight)).collect(), more }
}

/// All that an evaluation reads of a measure in force, but for its code: a number that stands for it. One without an
/// amount is told apart by its code too, so that each such code is named.
fn meaning(measure: &MeasureRow, first: u64) -> u128 {
    let verdict = if measure.amount.get() == NONE { first } else { u64::MAX };
    let both = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
    number_of([
        both(u32::from(measure.kind), u32::from(measure.digits)),
        both(measure.amount.get(), measure.when.get()),
        both(measure.origin.get().into(), measure.excluded.get().into()),
        both(measure.program.get().into(), measure.from.get().cast_unsigned()),
        verdict,
    ])
}
