//! From a place in a record's structure to a line and column of its file.

use toml::de::{DeTable, DeValue};

/// Line and column, from 1, of a byte offset.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// Line and column of a path such as `charge[1].rung[0].when` in TOML text; of the closest enclosing part where the
/// path itself is not written; zeros where the text is not TOML.
pub fn locate(text: &str, path: &str) -> (usize, usize) {
    let Ok(root) = DeTable::parse(text) else { return (0, 0) };
    let mut offset = 0;
    let mut at: Option<&DeValue<'_>> = None;
    for part in path.split('.').filter(|p| !p.is_empty()) {
        let (name, index) = match part.split_once('[') {
            Some((name, rest)) => (name, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let table = match at {
            None => Some(root.get_ref()),
            Some(DeValue::Table(table)) => Some(table),
            Some(_) => None,
        };
        let Some((key, value)) = table.and_then(|t| t.iter().find(|(k, _)| k.get_ref() == name)) else { break };
        offset = key.span().start;
        at = Some(value.get_ref());
        if let (Some(index), Some(DeValue::Array(items))) = (index, at) {
            let Some(item) = items.get(index) else { break };
            offset = item.span().start;
            at = Some(item.get_ref());
        }
    }
    line_column(text, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lines() {
        let text = "[economy]\nterritory = \"QQ\"\n\n[[charge]]\nkey = \"a\"\n  [[charge.rung]]\n  name = \"x\"\n  when = \"oops\"\n";
        assert_eq!(locate(text, "economy.territory"), (2, 1));
        assert_eq!(locate(text, "charge[0].rung[0].when"), (8, 3));
        assert_eq!(locate(text, "charge[0].rung[0].amount").0, 6);
        assert_eq!(locate("not toml [", "a"), (0, 0));
    }
}
