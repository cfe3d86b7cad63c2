//! What was likely meant by a number that cannot be right: letters that look like digits, neighbours that were swapped, a character twice or not at all.

use super::{Known, Lists, MOST_LIKELY, Prefix};

/// Signs that are taken for one another.
const ALIKE: &[(char, &str)] = &[
    ('O', "0"),
    ('Q', "0"),
    ('D', "0"),
    ('I', "1"),
    ('L', "1"),
    ('Z', "2"),
    ('S', "5"),
    ('G', "6"),
    ('T', "7"),
    ('B', "8"),
    ('0', "OQD"),
    ('1', "IL"),
    ('2', "Z"),
    ('5', "S"),
    ('6', "G"),
    ('7', "T"),
    ('8', "B"),
];

impl Known {
    /// Corrections that can be right, the likeliest first.
    pub(super) fn likely(&self, lists: &Lists, text: &str) -> Vec<String> {
        let text = self.cleaned(text);
        let matched = self.matched(&text);
        let is_shaped = matched.is_some();
        let whole = matched.map_or_else(|| text.clone(), |(whole, _)| whole);
        let prefix = self.file.prefix.as_str();
        let whole = if self.file.prefix_is == Prefix::Drop || whole.starts_with(prefix) {
            whole
        } else {
            format!("{prefix}{whole}")
        };
        let signs: Vec<char> = whole.chars().collect();
        if signs.is_empty() || signs.len() > super::LONGEST {
            return Vec::new();
        }
        let mut tries = vec![whole.clone()];
        for (mend, shape) in self.file.mend.iter().zip(&self.mends) {
            if let Some((front, rest)) =
                whole.split_at_checked(mend.at.saturating_sub(1)).filter(|_| shape.is_match(&whole))
            {
                tries.push(format!("{front}{}{rest}", mend.insert));
            }
        }
        // Where only the shape is known, other characters of the same shape would be guesses.
        if self.file.checked != "shape only" || !is_shaped {
            // Where nothing but digits follows the country and its check digits, a letter among them would be a guess.
            let is_digits = is_shaped && signs.iter().skip(4).all(char::is_ascii_digit);
            let digits = |text: &String| text.chars().filter(char::is_ascii_digit).count();
            let has = digits(&whole);
            let mut all = changed(&signs);
            all.retain(|one| !is_digits || one.chars().count() != signs.len() || digits(one) >= has);
            tries.extend(all);
        }
        let mut found: Vec<String> = Vec::new();
        for one in tries {
            let (kept, wrong) = self.judge(lists, &one);
            if wrong.is_none() && !found.contains(&kept) {
                found.push(kept);
            }
            if found.len() == MOST_LIKELY {
                break;
            }
        }
        found
    }
}

/// A number with one usual slip undone.
fn changed(signs: &[char]) -> Vec<String> {
    let mut all = Vec::new();
    let with = |signs: &[char]| signs.iter().collect::<String>();
    for (n, sign) in signs.iter().enumerate() {
        for other in ALIKE.iter().filter(|(one, _)| one == sign).flat_map(|(_, others)| others.chars()) {
            let mut copy = signs.to_vec();
            copy[n] = other;
            all.push(with(&copy));
        }
    }
    for n in 1..signs.len() {
        if signs[n - 1] != signs[n] {
            let mut copy = signs.to_vec();
            copy.swap(n - 1, n);
            all.push(with(&copy));
        }
    }
    for n in 1..signs.len() {
        if signs[n - 1] == signs[n] {
            let mut copy = signs.to_vec();
            copy.remove(n);
            all.push(with(&copy));
        }
    }
    for n in 0..signs.len() {
        let mut copy = signs.to_vec();
        copy.insert(n, signs[n]);
        all.push(with(&copy));
    }
    all
}
