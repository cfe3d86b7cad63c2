//! What was probably meant: the nearest of some words.

/// "; did you mean …?" where one of the words is close, or nothing.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let wanted = word.to_lowercase();
    let best = known.map(|k| (distance(&wanted, &k.to_lowercase()), k)).min();
    match best {
        Some((slips, k)) if slips <= (wanted.chars().count() / 3).clamp(1, 3) => format!("; did you mean \"{k}\"?"),
        _ => String::new(),
    }
}

/// Letters to change, add, drop or swap with the next to make one word of the other.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut next = vec![i + 1];
        for j in 0..b.len() {
            let changed = row[j] + usize::from(a[i] != b[j]);
            let mut least = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, slips) in
            [("act", "act", 0), ("atc", "act", 1), ("act", "acts", 1), ("kenia", "kenya", 1), ("", "abc", 3)]
        {
            assert_eq!(distance(a, b), slips, "{a} {b}");
        }
        assert_eq!(nearest("mesures", ["Measures", "Rates"].into_iter()), "; did you mean \"Measures\"?");
        assert_eq!(nearest("xyz", ["Measures", "Rates"].into_iter()), "");
    }
}
