//! Texts that say the same of several cases, told once.

use crate::locale::Lang;
use crate::say;
use maud::{Markup, html};

/// Texts that differ in their case alone: the first, and the others.
pub(super) struct Group<'a> {
    /// What is told.
    pub(super) first: &'a str,
    /// The same of other cases.
    pub(super) others: Vec<&'a str>,
}

/// Puts texts that differ in their case alone together, in the order of the first of each.
pub(super) fn grouped<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Group<'a>> {
    let mut keys: Vec<String> = Vec::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for text in texts {
        let key = core(text);
        match keys.iter().position(|known| *known == key) {
            Some(at) => {
                if let Some(group) = groups.get_mut(at).filter(|group| group.first != text) {
                    group.others.push(text);
                }
            }
            None => {
                keys.push(key);
                groups.push(Group { first: text, others: Vec::new() });
            }
        }
    }
    groups
}

/// A text without its case: without "Item 2:" or "If …:" before it, and with one sign for every number.
fn core(text: &str) -> String {
    let of_case = |(head, _): &(&str, &str)| head.starts_with("If ") || head.starts_with("Item ");
    let text = text.split_once(": ").filter(of_case).map_or(text, |(_, rest)| rest);
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let digits = word.bytes().any(|b| b.is_ascii_digit());
        out.push_str(if digits { "#" } else { word });
        out.push(' ');
    }
    out
}

/// The text of a group; the other cases are folded away under their number.
pub(super) fn told(lang: Lang, group: &Group<'_>, tell: impl Fn(&str) -> Markup) -> Markup {
    html! {
        (tell(group.first))
        @if !group.others.is_empty() {
            details.same {
                summary { (say!(lang, NOTES_SAME, count = group.others.len())) }
                ul { @for other in &group.others { li { (tell(other)) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn what_is_said_of_several_cases_is_told_once() {
        let texts = [
            "If item 1 was made in CA and it travels by air: the goods may not come in (import ban).",
            "Ask the maker.",
            "If item 1 was made in CA and it travels by sea: the goods may not come in (import ban).",
            "Official rate: 44¢ each + 6% on the case.",
            "Official rate: 40¢ each + 8.5% on the case.",
            "If item 1 was made in CU: the goods may not come in (embargo).",
        ];
        let groups = grouped(texts.into_iter());
        let seen: Vec<(&str, usize)> = groups.iter().map(|g| (g.first, g.others.len())).collect();
        assert_eq!(seen, [(texts[0], 1), (texts[1], 0), (texts[3], 1), (texts[5], 0)]);
    }
}
