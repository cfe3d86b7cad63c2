//! What a rule says, in the short words of our rules; nothing where a word is left over.

use super::rows::{Alternative, Origin, Shift};
use crate::origin_rules::Span;

/// The codes of ranges, without points; nothing where one is no range.
pub(super) fn codes(ranges: &[String]) -> Option<Vec<String>> {
    let mut codes: Vec<String> = Vec::new();
    for range in ranges {
        let written = Span::parse(range)?.written();
        if !codes.contains(&written) {
            codes.push(written);
        }
    }
    (!codes.is_empty()).then_some(codes)
}

pub(super) const fn step(level: Option<&str>) -> Option<&'static str> {
    // `match` on text is not yet constant.
    match level {
        Some(level) => match level.as_bytes() {
            b"chapter" => Some("CC"),
            b"heading" => Some("CTH"),
            b"subheading" => Some("CTSH"),
            _ => None,
        },
        None => None,
    }
}

/// The classes of change that the structured part states.
pub(super) fn classes(way: &Alternative) -> Vec<String> {
    let mut classes: Vec<String> = Vec::new();
    for origin in way.shift.iter().flat_map(|shift| &shift.sources) {
        let class = if origin.kind == "any_other" { step(origin.level.as_deref()) } else { None };
        if let Some(class) = class.filter(|class| !classes.iter().any(|c| c == class)) {
            classes.push(class.to_owned());
        }
    }
    classes
}

/// The rule in short words, where the structured part holds all of its text: what stands before the first "from" is the
/// goods, what stands after is the source as it was read, then the provisos.
pub(super) fn reading(way: &Alternative) -> Option<String> {
    let shift = way.shift.as_ref().filter(|_| way.unparsed_reason.is_none() && way.kind == "tariff_shift")?;
    let (before, after) = way.text.split_once(" from ")?;
    let described = way.condition.is_some() || way.target.as_ref().is_some_and(|target| target.description.is_some());
    if !described && !names_codes_only(before) {
        return None;
    }
    let mut rest = after.strip_prefix(shift.raw_source.as_str())?;
    for proviso in &shift.provisos {
        rest = rest.trim_start_matches([',', ' ', ';']).strip_prefix(proviso.as_str())?;
    }
    if !rest.trim_matches(['.', ';', ',', ' ']).is_empty() || shift.sources.is_empty() || !excepts_codes_only(shift) {
        return None;
    }
    let mut parts = Vec::new();
    for origin in &shift.sources {
        parts.push(match origin.kind.as_str() {
            "any_other" if !is_plain(origin) => return None,
            "any_other" if origin.outside_that_group => {
                format!("{} from outside the group", step(origin.level.as_deref())?)
            }
            "any_other" => step(origin.level.as_deref())?.to_owned(),
            "same_position" | "named" => {
                format!("from {}", origin.text.trim_start_matches("from ").trim_end_matches("; or"))
            }
            _ => return None,
        });
    }
    let mut reading = parts.join(" or ");
    if !shift.excluded.is_empty() {
        reading.push_str(" except ");
        reading.push_str(&codes(&shift.excluded)?.join(" "));
    }
    for excluded in &shift.excluded_when {
        reading.push_str(&format!(" except {} {}", codes(&excluded.ranges)?.join(" "), excluded.when));
    }
    for words in &shift.excluded_descriptions {
        reading.push_str(&format!(" except {}", words.trim_start_matches("except ").trim_start_matches("from ")));
    }
    for proviso in &shift.provisos {
        reading.push_str(&format!(", {}", proviso.trim_end_matches("; or")));
    }
    Some(reading)
}

/// Whether what the change is to is codes and nothing else: goods that are left out would have to be named.
pub(super) fn names_codes_only(words: &str) -> bool {
    const WORDS: [&str; 15] = [
        "a",
        "change",
        "to",
        "any",
        "good",
        "goods",
        "of",
        "chapter",
        "heading",
        "headings",
        "subheading",
        "subheadings",
        "through",
        "and",
        "or",
    ];
    words
        .split([' ', ',', ';'])
        .map(|word| word.trim_end_matches('.').to_lowercase())
        .all(|word| word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) || WORDS.contains(&word.as_str()))
}

/// Whether the words of an "any other" source say nothing that its level and group do not.
pub(super) fn is_plain(origin: &Origin) -> bool {
    let level = origin.level.as_deref().unwrap_or_default();
    let text = origin.text.trim_start_matches("from ").trim_end_matches("; or");
    let text = text
        .trim_end_matches(&format!(", including another {level} within that group"))
        .trim_end_matches(&format!(", including any {level} within that group"));
    if origin.outside_that_group {
        text == format!("any other {level} outside that group") || text == format!("any {level} outside that group")
    } else {
        text == format!("any other {level}")
    }
}

/// Whether what is excepted is codes and nothing else, or stands word for word in the structured part: "fillets of
/// heading 0304" is not heading 0304.
pub(super) fn excepts_codes_only(shift: &Shift) -> bool {
    const WORDS: [&str; 15] = [
        "except",
        "from",
        "for",
        "any",
        "other",
        "chapter",
        "chapters",
        "heading",
        "headings",
        "subheading",
        "subheadings",
        "through",
        "and",
        "or",
        "to",
    ];
    let Some(start) = shift.raw_source.find("except") else { return true };
    let mut tail = shift.raw_source[start..].to_owned();
    let whens = shift.excluded_when.iter().map(|excluded| &excluded.when);
    for known in shift.excluded_descriptions.iter().chain(whens) {
        tail = tail.replacen(known.as_str(), " ", 1);
    }
    let excluded = |number: &str| {
        let number = if number.len() == 1 { format!("0{number}") } else { number.to_owned() };
        let whens = shift.excluded_when.iter().flat_map(|excluded| &excluded.ranges);
        shift.excluded.iter().chain(whens).any(|range| range.split('-').any(|end| end == number))
    };
    tail.split([' ', ',', ';']).map(|word| word.trim_end_matches('.')).all(|word| {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        word.is_empty() || if number { excluded(word) } else { WORDS.contains(&word.to_lowercase().as_str()) }
    })
}
