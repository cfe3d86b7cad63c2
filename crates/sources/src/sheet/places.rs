//! Countries and groups of them: which words name one, and who is in a group on which days.

use super::Reader;
use super::field::split;
use super::grid::Row;
use super::words::{distance, nearest};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Area, AreaMember};

impl Reader<'_> {
    /// Whether a territory of the world has this code. Without a world, whether it looks like one.
    pub(super) fn knows_territory(&self, code: &str) -> bool {
        match self.options.world {
            Some(world) => world.territories.territory.iter().any(|t| t.code == code),
            None => code.len() >= 2 && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-'),
        }
    }

    /// What was probably meant by a word that names no place: by code, or by name.
    pub(super) fn place_meant(&self, word: &str) -> String {
        if !self.is_heard() {
            return String::new();
        }
        let all = self.options.world.map(|w| w.territories.territory.as_slice()).unwrap_or_default();
        let lower = word.to_lowercase();
        let by_name = all
            .iter()
            .filter(|_| word.chars().count() > 3)
            .map(|t| (distance(&lower, &t.name.to_lowercase()), t))
            .min_by_key(|(slips, _)| *slips);
        if let Some((slips, territory)) = by_name
            && slips <= lower.chars().count() / 4
        {
            return format!("; did you mean {} ({})?", territory.code, territory.name);
        }
        if let Some(territory) = all.iter().find(|t| t.code == word.to_uppercase()) {
            return format!("; did you mean {} ({})?", territory.code, territory.name);
        }
        // Letters people use in place of a code: the initials of the name.
        let mut initials = all.iter().filter(|t| initials(&t.name) == word.to_uppercase());
        if let (Some(territory), None) = (initials.next(), initials.next()) {
            return format!("; write {}, the code of {}", territory.code, territory.name);
        }
        // Any short word is one slip from the two letters of some country: only longer codes and groups are offered.
        let codes = all.iter().map(|t| t.code.as_str()).filter(|code| code.len() > 3);
        let help = nearest(word, codes.chain(self.groups.keys().map(String::as_str)));
        match all.iter().find(|t| help.contains(&format!("\"{}\"", t.code))) {
            Some(territory) => format!("; did you mean {} ({})?", territory.code, territory.name),
            None => help,
        }
    }

    /// Why a word names no place, and what to write.
    fn no_place(&self, word: &str) -> String {
        let help = self.place_meant(word);
        if !help.is_empty() {
            return format!("\"{word}\" is neither{help}");
        }
        if self.is_unit(word) {
            return format!("\"{word}\" is a unit: it belongs in the column Unit, beside a number in Duty");
        }
        let group = word.to_lowercase();
        if !word.contains(char::is_whitespace) && tidewaiter::record::grammar::is_name(&group) {
            let code =
                if group == word { String::new() } else { format!(", and write the group in small letters, {group}") };
            return format!(
                "\"{word}\" is neither. If it is a group of countries, define it in the sheet Areas, with one row for each member{code}"
            );
        }
        format!("\"{word}\" is neither")
    }

    /// Countries and groups of a cell; empty for all.
    pub(super) fn places(&mut self, row: &Row, column: &str) -> Result<Vec<String>, ()> {
        let Some(field) = row.field(column) else { return Ok(Vec::new()) };
        if field.text.eq_ignore_ascii_case("all") {
            return Ok(Vec::new());
        }
        let mut out = BTreeSet::new();
        let mut sound = true;
        let text = field.text.clone();
        for word in split(&text) {
            if self.groups.contains_key(word) || self.knows_territory(word) {
                out.insert(word.to_owned());
            } else {
                let why = self.no_place(word);
                let expected =
                    format!("codes of countries, or groups of the sheet Areas, with commas between them; {why}");
                self.refuse(row, column, expected);
                sound = false;
            }
        }
        if sound { Ok(out.into_iter().collect()) } else { Err(()) }
    }

    /// The sheet Areas.
    pub(super) fn areas(&mut self, rows: &[Row]) {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for row in rows {
            let group = row.str("Group").to_owned();
            if !tidewaiter::record::grammar::is_name(&group) {
                self.refuse(
                    row,
                    "Group",
                    "a short code of small letters and digits that is no word of conditions, such as partners",
                );
                continue;
            }
            if !self.knows_territory(row.str("Member")) {
                let help = self.place_meant(row.str("Member"));
                self.refuse(row, "Member", format!("the code of a country, such as KE{help}"));
                continue;
            }
            let Ok((from, before)) = self.dates(row) else { continue };
            if let Some(name) = row.text("Name")
                && let Some(other) = names.insert(group.clone(), name.clone())
                && other != name
            {
                self.refuse(row, "Name", format!("\"{other}\", as in another row of {group}, or nothing"));
                continue;
            }
            let member = AreaMember { territory: row.str("Member").to_owned(), from, before };
            let members = &mut self.groups.entry(group).or_insert_with(no_members).members;
            if members.iter().any(|m| m.territory == member.territory && overlap((m.from, m.before), (from, before))) {
                self.refuse(row, "Member", "each country once at a time in a group; another row has it in these days");
                continue;
            }
            members.push(member);
            self.account.made("area member");
        }
        for (code, area) in &mut self.groups {
            area.code.clone_from(code);
            area.name = names.get(code).unwrap_or(code).clone();
        }
    }
}

/// First letters of the capitalized words of a name.
pub(crate) fn initials(name: &str) -> String {
    name.split([' ', '-']).filter_map(|w| w.chars().next()).filter(|c| c.is_uppercase()).collect()
}

fn no_members() -> Area {
    Area { code: String::new(), name: String::new(), members: Vec::new(), from: None, before: None }
}

/// Whether two half-open times share a day.
pub(super) fn overlap(a: (Option<Date>, Option<Date>), b: (Option<Date>, Option<Date>)) -> bool {
    let starts_before_end = |from: Option<Date>, before: Option<Date>| match (from, before) {
        (Some(from), Some(before)) => from < before,
        _ => true,
    };
    starts_before_end(a.0, b.1) && starts_before_end(b.0, a.1)
}

/// The times between `from` and `before` in which the members of these places stay the same, with the members.
pub(super) fn steady(
    places: &[String],
    groups: &BTreeMap<String, Area>,
    (from, before): (Option<Date>, Option<Date>),
) -> Vec<(Option<Date>, Option<Date>, Vec<String>)> {
    let mut cuts: BTreeSet<Date> = BTreeSet::new();
    for member in places.iter().filter_map(|p| groups.get(p)).flat_map(|g| &g.members) {
        cuts.extend(member.from.into_iter().chain(member.before));
    }
    cuts.retain(|cut| from.is_none_or(|f| *cut > f) && before.is_none_or(|b| *cut < b));
    let mut starts = vec![from];
    starts.extend(cuts.iter().copied().map(Some));
    let mut ends: Vec<Option<Date>> = cuts.into_iter().map(Some).collect();
    ends.push(before);
    starts
        .into_iter()
        .zip(ends)
        .map(|(start, end)| {
            let mut codes: BTreeSet<String> = BTreeSet::new();
            for place in places {
                match groups.get(place) {
                    Some(group) => codes.extend(
                        group
                            .members
                            .iter()
                            .filter(|m| overlap((m.from, m.before), (start, end)))
                            .map(|m| m.territory.clone()),
                    ),
                    None => {
                        codes.insert(place.clone());
                    }
                }
            }
            (start, end, codes.into_iter().collect())
        })
        .collect()
}
