//! The same question in four languages. Tests take the question out of each and ask it.

/// The address that the examples are written with; a page puts its own there.
pub(super) const ADDRESS: &str = "https://duties.example";

/// A language of programs, and how it asks.
pub(super) struct Example {
    /// Short name, part of the page's anchors.
    pub(super) key: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// The lines.
    text: &'static str,
}

/// All of them; the first is shown open.
pub(super) const EXAMPLES: [Example; 4] = [
    Example { key: "curl", name: "curl", text: include_str!("../../../assets/examples/quote.sh") },
    Example { key: "javascript", name: "JavaScript", text: include_str!("../../../assets/examples/quote.js") },
    Example { key: "php", name: "PHP", text: include_str!("../../../assets/examples/quote.php") },
    Example { key: "python", name: "Python", text: include_str!("../../../assets/examples/quote.py") },
];

/// How a cache asks again.
pub(super) const CACHED: &str = include_str!("../../../assets/examples/cached.sh");
/// Many questions at once.
pub(super) const BATCH: &str = include_str!("../../../assets/examples/batch.sh");

impl Example {
    /// The lines, asking a service at an address.
    pub(super) fn at(&self, host: &str) -> String {
        at(self.text, host)
    }
}

/// Lines of an example, asking a service at an address.
pub(super) fn at(text: &str, host: &str) -> String {
    let text = text.trim_end();
    if host.is_empty() { text.to_owned() } else { text.replace(ADDRESS, host) }
}

/// The question of the first example.
pub(super) fn question() -> &'static str {
    let text = EXAMPLES[0].text;
    text.split('\'').nth(3).unwrap_or("{}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::Consignment;

    #[test]
    fn the_first_example_holds_a_question() {
        let asked: Consignment = serde_json::from_str(question()).unwrap();
        assert_eq!(asked.items.len(), 2);
    }
}
