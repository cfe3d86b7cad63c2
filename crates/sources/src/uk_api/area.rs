//! Geographical areas and their members.

use super::document::Node;
use std::collections::BTreeSet;
use tidewaiter::record::edition::{Area, AreaMember};

/// Codes of the tariff for a territory that ISO 3166 writes otherwise.
const OTHER_CODES: &[(&str, &str)] = &[
    ("XS", "RS"), // Serbia
    ("XC", "EA"), // Ceuta, the half of ours with Melilla
    ("XL", "EA"), // Melilla
    ("TP", "TL"), // Timor-Leste, the code before 2002
    ("XM", "ME"), // Montenegro, an older code
    ("XU", "GB"), // Great Britain, an older code
];

/// Codes of the tariff that are no territory: ships' stores, secret and unspecified countries, codes no longer used.
const NO_TERRITORY: &[&str] = &["AN", "QP", "QQ", "QR", "QS", "QU", "QV", "QW", "QX", "QY", "QZ", "XE"];

/// Most groups that one group is made of.
const MOST_GROUPS: usize = 64;

/// The territory of a code; nothing where it is none.
pub(super) fn territory(code: &str) -> Option<&str> {
    if let Some((_, ours)) = OTHER_CODES.iter().find(|(theirs, _)| *theirs == code) {
        return Some(ours);
    }
    let is_country = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_country && !NO_TERRITORY.contains(&code) && !code.starts_with('Z') || ["ZA", "ZM", "ZW"].contains(&code))
        .then_some(code)
}

/// Whether a code is a group's.
pub(super) fn is_group(code: &str) -> bool {
    code.len() > 2
}

/// An area with its members, those of inner groups included. The second part names the members that are no territory.
pub(super) fn area(node: Node<'_>) -> (Area, Vec<String>) {
    let code = node.id();
    let mut codes: Vec<&str> = Vec::new();
    if is_group(code) {
        members(node, &mut BTreeSet::from([code]), &mut codes);
    } else {
        codes.push(code);
    }
    let mut outside = Vec::new();
    let mut list: Vec<AreaMember> = Vec::new();
    for code in codes {
        match territory(code) {
            Some(territory) if list.iter().all(|member| member.territory != territory) => {
                list.push(AreaMember { territory: territory.to_owned(), from: None, before: None });
            }
            Some(_) => {}
            None => outside.push(code.to_owned()),
        }
    }
    let name = node.text("description").unwrap_or_default().to_owned();
    (Area { code: code.to_owned(), name, members: list, from: None, before: None }, outside)
}

/// Members of a group and of the groups in it; a group that was met is not entered again.
fn members<'d>(node: Node<'d>, met: &mut BTreeSet<&'d str>, out: &mut Vec<&'d str>) {
    let inner = node.many("children_geographical_areas");
    for name in node.names("children_geographical_areas") {
        if !is_group(name) {
            out.push(name);
        } else if met.len() < MOST_GROUPS && met.insert(name) {
            match inner.iter().find(|area| area.id() == name) {
                Some(group) => members(*group, met, out),
                None => out.push(name),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_which_codes_are_territories() {
        assert_eq!(territory("XS"), Some("RS"));
        assert_eq!(territory("FR"), Some("FR"));
        assert_eq!(territory("ZA"), Some("ZA"));
        for none in ["QP", "ZB", "ZN", "2020", "AN", "fr", ""] {
            assert_eq!(territory(none), None, "{none}");
        }
    }
}
