//! Documents as they are printed: the same bytes at every door, and nothing in them that a terminal obeys.

use serde::Serialize;

/// A document on several lines, as `--json` prints it, with the end of the last line.
///
/// ```
/// let text = tidewaiter::printed::json(&["a\u{7}"])?;
/// assert_eq!(text, "[\n  \"a\\u0007\"\n]\n");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// Where the value cannot be JSON; the documents of this library always can.
pub fn json(document: &impl Serialize) -> serde_json::Result<String> {
    let mut text = escaped(serde_json::to_string_pretty(document)?);
    text.push('\n');
    Ok(text)
}

/// Whether a terminal may obey a character instead of showing it: control characters, and those that turn the order of a line around.
pub fn obeyed(c: char) -> bool {
    c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A JSON document in which such characters, which JSON allows within a text, are written as numbers.
pub fn escaped(document: String) -> String {
    if !document.contains(obeyed) {
        return document;
    }
    let mut out = String::with_capacity(document.len() + 64);
    for c in document.chars() {
        if obeyed(c) { out.push_str(&format!("\\u{:04x}", u32::from(c))) } else { out.push(c) }
    }
    out
}
