//! Statements about one thing whose days overlap.

use jiff::civil::Date;

/// A statement about something, while it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stated<T> {
    /// A number of what it is about.
    pub(super) about: u64,
    pub(super) from: Date,
    pub(super) before: Date,
    /// A number of what it says.
    pub(super) says: u64,
    pub(super) of: T,
}

/// Whether two statements that overlap agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// They say the same.
    Same,
    /// They contradict each other.
    Different,
}

/// Calls `each` with an earlier statement and a later one that begins before the earlier one ends, once for each later one
/// and sort of clash. Sorts them by what they are about, first and last day, and what they say.
pub(super) fn clashes<T: Copy>(mut all: Vec<Stated<T>>, mut each: impl FnMut(Clash, T, T)) {
    all.sort_by_key(|one| (one.about, one.from, one.before, one.says));
    // Of those before: the one that ends last, and the one that ends last among those that say something else.
    let mut last: Option<Stated<T>> = None;
    let mut other: Option<Stated<T>> = None;
    for one in all {
        if last.is_some_and(|last| last.about != one.about) {
            (last, other) = (None, None);
        }
        // What holds on no day clashes with nothing.
        if one.from >= one.before {
            continue;
        }
        for earlier in [last, other].into_iter().flatten().filter(|earlier| one.from < earlier.before) {
            let clash = if earlier.says == one.says { Clash::Same } else { Clash::Different };
            each(clash, earlier.of, one.of);
        }
        match last {
            Some(before) if before.says == one.says => {
                last = Some(if one.before > before.before { one } else { before });
            }
            Some(before) if one.before > before.before => (last, other) = (Some(one), Some(before)),
            Some(_) => {
                if other.is_none_or(|other| one.before > other.before) {
                    other = Some(one);
                }
            }
            None => last = Some(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(rows: &[(i8, i8, u64)]) -> Vec<(Clash, usize, usize)> {
        let stated = |(of, (from, before, says)): (usize, &(i8, i8, u64))| Stated {
            about: 1,
            from: date(2026, 1, *from),
            before: date(2026, 1, *before),
            says: *says,
            of,
        };
        let mut out = Vec::new();
        clashes(rows.iter().enumerate().map(stated).collect(), |clash, a, b| out.push((clash, a, b)));
        out
    }

    #[test]
    fn days_that_touch_do_not_overlap() {
        assert_eq!(found(&[(1, 5, 7), (5, 9, 8)]), []);
        assert_eq!(found(&[(1, 6, 7), (5, 9, 8)]), [(Clash::Different, 0, 1)]);
        assert_eq!(found(&[(1, 6, 7), (5, 9, 7)]), [(Clash::Same, 0, 1)]);
    }

    #[test]
    fn what_holds_on_no_day_clashes_with_nothing() {
        assert_eq!(found(&[(1, 9, 7), (5, 5, 8), (6, 4, 8)]), []);
    }

    #[test]
    fn a_long_statement_is_not_forgotten_behind_short_ones() {
        let clashes = found(&[(1, 20, 7), (2, 4, 8), (10, 12, 8)]);
        assert_eq!(clashes, [(Clash::Different, 0, 1), (Clash::Different, 0, 2)]);
        let clashes = found(&[(1, 20, 7), (2, 18, 8), (10, 12, 7)]);
        assert_eq!(clashes, [(Clash::Different, 0, 1), (Clash::Same, 0, 2), (Clash::Different, 1, 2)]);
    }
}
