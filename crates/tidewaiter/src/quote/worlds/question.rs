//! What to ask: the missing facts and what each does to the answer.

use super::*;

/// A missing fact and what it does to the answer.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    pub(crate) key: Key,
    /// By how much knowing it narrows the range, on average over its values; `None` when it leaves the top open.
    pub(crate) narrows_by: Option<Decimal>,
}

/// What a fact may change in an answer: each charge and how much of it the seller collects, and whether there is one.
type Effect = (Vec<(Decimal, Decimal)>, Option<crate::record::Verdict>, bool);

fn effect(t: &Tables<'_>, seen: &Seen) -> Effect {
    let sheet = &seen.sheet;
    let (charges, lines) = sheet.size();
    let by_seller = |c: usize, l: usize| {
        t.rungs.get(sheet.rung(c, l) as usize).is_some_and(|r| r.collect == Collector::Seller as u8)
    };
    let at_checkout = |c: usize| {
        (0..lines)
            .filter(|&l| by_seller(c, l))
            .fold(Decimal::ZERO, |sum, l| sum.plus(sheet.amount(c, l)).unwrap_or(sum))
    };
    let sums = (0..charges).map(|c| (sheet.charge_total(c), at_checkout(c))).collect();
    (sums, sheet.verdict.map(|v| v.0), sheet.ruleless || sheet.uncovered.is_some())
}

/// Least and most of some totals.
#[derive(Clone, Copy)]
struct Span(Option<(Decimal, Decimal)>);

impl Span {
    fn with(self, total: Decimal) -> Self {
        Self(Some(self.0.map_or((total, total), |(least, most)| (least.min(total), most.max(total)))))
    }
    fn and(self, other: Self) -> Self {
        other.0.map_or(self, |(least, most)| self.with(least).with(most))
    }
    fn width(self) -> Decimal {
        self.0.and_then(|(least, most)| most.minus(least).ok()).unwrap_or_default()
    }
}

/// What is known of the worlds that suppose one value of a fact.
struct Under {
    effects: BTreeSet<usize>,
    /// Totals of those that suppose nothing very large.
    closed: Span,
    /// Whether something is unknown in one of them.
    unknown: bool,
}

/// The facts that matter, the most useful first. While a goods code is missing, what the others are worth is a guess over all
/// codes: then codes come first, origins next.
pub(crate) fn gaps(t: &Tables<'_>, case: &Case, explored: &Explored, domains: &Domains<'_>) -> Vec<Gap> {
    let mut numbers: HashMap<Effect, usize> = HashMap::new();
    let effects: Vec<usize> = explored
        .seen
        .iter()
        .map(|seen| {
            let next = numbers.len();
            *numbers.entry(effect(t, seen)).or_insert(next)
        })
        .collect();
    let closed: Vec<bool> = explored.seen.iter().map(|seen| !seen.is_much()).collect();
    let mut keys: Vec<Key> = Vec::new();
    let mut listed = HashSet::new();
    for seen in &explored.seen {
        for (key, _) in &seen.world.0 {
            if !matches!(key, Key::Reading(_)) && listed.insert(*key) {
                keys.push(*key);
            }
        }
    }
    let nothing = Span(None);
    let all = explored.seen.iter().zip(&closed).filter(|(_, closed)| **closed);
    let full = all.fold(nothing, |span, (seen, _)| span.with(seen.total)).width();
    let mut out: Vec<Gap> = explored.asked.iter().map(|key| Gap { key: *key, narrows_by: None }).collect();
    for key in keys {
        let mut values: BTreeMap<Value, Under> = BTreeMap::new();
        // Knowing the fact leaves the worlds with that value, and those that never ask for it.
        let mut others = nothing;
        for ((seen, effect), closed) in explored.seen.iter().zip(&effects).zip(&closed) {
            match seen.world.get(key) {
                Some(value) => {
                    let none = || Under { effects: BTreeSet::new(), closed: nothing, unknown: false };
                    let under = values.entry(value).or_insert_with(none);
                    under.effects.insert(*effect);
                    under.unknown |= seen.sheet.is_open();
                    if *closed {
                        under.closed = under.closed.with(seen.total);
                    }
                }
                None if *closed => others = others.with(seen.total),
                None => {}
            }
        }
        // All answers under one value against all under another: the worlds that ask for the fact try each value of it.
        let mut sets = values.values().map(|under| &under.effects);
        let first = sets.next();
        if !sets.any(|other| Some(other) != first) {
            continue;
        }
        // It decides whether the sum has an upper limit at all: what it is worth is no number.
        let decides = values.values().any(|under| under.unknown) && values.values().any(|under| !under.unknown);
        let open = decides || values.contains_key(&Value::Number(TWICE));
        let mut left = Decimal::ZERO;
        let mut count = 0i64;
        for (value, under) in values.iter().filter(|(_, under)| under.closed.0.is_some()) {
            let weight = i64::from(domains.weight(key, *value));
            let width = others.and(under.closed).width();
            left = width.times(Decimal::from_int(weight)).and_then(|width| left.plus(width)).unwrap_or(left);
            count += weight;
        }
        let mean = left.divided_by(Decimal::from_int(count.max(1))).unwrap_or(full);
        let narrows = full
            .minus(mean)
            .unwrap_or_default()
            .rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2))
            .unwrap_or_default();
        out.push(Gap { key, narrows_by: (!open).then_some(narrows) });
    }
    let has_no_code = |key: Key| match key {
        Key::Code(line) => case.lines.get(usize::from(line)).is_some_and(|line| line.digits == 0),
        _ => false,
    };
    let guessed = out.iter().any(|gap| has_no_code(gap.key));
    let rank = |key: Key| match key {
        _ if !guessed => 0,
        Key::Code(_) => 0,
        Key::Origin(_) => 1,
        _ => 2,
    };
    // An open limit first, then by how much it narrows; the order of asking breaks ties.
    out.sort_by(|a, b| {
        rank(a.key).cmp(&rank(b.key)).then_with(|| match (a.narrows_by, b.narrows_by) {
            (None, None) => std::cmp::Ordering::Equal,
            (None, Some(_)) => std::cmp::Ordering::Less,
            (Some(_), None) => std::cmp::Ordering::Greater,
            (Some(x), Some(y)) => y.cmp(&x),
        })
    });
    out
}
