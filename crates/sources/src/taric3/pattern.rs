//! The few patterns that `taric3.xsd` uses: classes, digits and counts, with alternatives. Not a regular-expression engine.

/// Alternatives, each a row of pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Vec<Piece>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Characters it takes, as ranges.
    takes: Vec<(u8, u8)>,
    least: usize,
    most: usize,
}

impl Pattern {
    /// Reads a pattern; `None` where it uses more of the language than is known here.
    pub(super) fn read(text: &str) -> Option<Self> {
        text.split('|').map(row).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether the whole text is one of the alternatives.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.iter().any(|row| takes_all(row, text.as_bytes()))
    }
}

fn takes_all(row: &[Piece], text: &[u8]) -> bool {
    let Some((piece, rest)) = row.split_first() else { return text.is_empty() };
    let takes = |byte: &u8| piece.takes.iter().any(|(first, last)| (first..=last).contains(&byte));
    let run = text.iter().take(piece.most).take_while(|byte| takes(byte)).count();
    (piece.least..=run).rev().any(|n| takes_all(rest, &text[n..]))
}

fn row(text: &str) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (takes, after) = match first {
            '[' => {
                let (inside, after) = rest[1..].split_once(']')?;
                (class(inside)?, after)
            }
            '\\' => (vec![(b'0', b'9')], rest.strip_prefix("\\d")?),
            _ if first.is_ascii_alphanumeric() || matches!(first, '-' | ':') => {
                let byte = u8::try_from(first).ok()?;
                (vec![(byte, byte)], &rest[1..])
            }
            _ => return None,
        };
        let (least, most, after) = count(after)?;
        pieces.push(Piece { takes, least, most });
        rest = after;
    }
    Some(pieces)
}

/// The inside of brackets: single characters and ranges.
fn class(inside: &str) -> Option<Vec<(u8, u8)>> {
    let bytes = inside.as_bytes();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        if !first.is_ascii_alphanumeric() {
            return None;
        }
        let last = match (bytes.get(at + 1), bytes.get(at + 2)) {
            (Some(b'-'), Some(&last)) => {
                at += 2;
                last
            }
            _ => first,
        };
        ranges.push((first, last));
        at += 1;
    }
    Some(ranges)
}

/// `?`, `{3}`, `{1,3}` or nothing, and what follows.
fn count(text: &str) -> Option<(usize, usize, &str)> {
    if let Some(after) = text.strip_prefix('?') {
        return Some((0, 1, after));
    }
    let Some(inside) = text.strip_prefix('{') else { return Some((1, 1, text)) };
    let (counts, after) = inside.split_once('}')?;
    let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
    Some((least.parse().ok()?, most.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_the_schema_means() {
        for (pattern, yes, no) in [
            (r"\d\d\d?", &["12", "123"][..], &["1", "1234", "1a", ""][..]),
            ("[A-Z][A-Z]?", &["A", "AB"], &["", "ABC", "a"]),
            ("[0-9]{5}|[0-9]{3}", &["12345", "123"], &["1234", "123456"]),
            (r"\d{1,3}", &["1", "123"], &["", "1234"]),
            (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", &["2018-10-17T11:30:00"], &["2018-10-17 11:30:00"]),
            ("[A-Z0-9]{2}|[A-Z0-9]{4}", &["US", "1011"], &["USA", "us", "É1"]),
        ] {
            let pattern = Pattern::read(pattern).unwrap();
            assert!(yes.iter().all(|text| pattern.matches(text)), "{pattern:?}");
            assert!(no.iter().all(|text| !pattern.matches(text)), "{pattern:?}");
        }
    }

    #[test]
    fn says_no_to_what_it_does_not_know() {
        for pattern in ["a*", "(a)", r"\w", "[^a]", "[a", "a{", "a{x}", "."] {
            assert_eq!(Pattern::read(pattern), None, "{pattern}");
        }
    }
}
