//! Whose data this builds on, and on which terms: the table of `data/README.md`, so that it stands in one place only.

/// The page of the data folder.
const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/README.md"));
/// The heading that the table stands below.
const HEADING: &str = "## Licences and attribution";

/// Each source and its terms.
pub(super) fn all() -> Vec<(&'static str, &'static str)> {
    let below = README.split_once(HEADING).map_or("", |(_, below)| below);
    let below = below.split_once("\n## ").map_or(below, |(here, _)| here);
    let rows = below.lines().filter_map(|line| line.trim().strip_prefix('|')?.strip_suffix('|')?.split_once('|'));
    // The first two rows are the head and its rule.
    rows.skip(2).map(|(source, terms)| (source.trim(), terms.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_found() {
        let all = all();
        assert!(all.len() >= 5, "{all:?}");
        assert!(all.iter().all(|(source, terms)| !source.is_empty() && !terms.is_empty() && !terms.contains('|')));
        assert!(all.iter().any(|(_, terms)| terms.contains("CC BY 4.0")));
    }
}
