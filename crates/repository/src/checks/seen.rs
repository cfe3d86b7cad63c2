//! A draft as the rules look at it: sorted and read once, for all of them.

use super::Draft;
use super::records::{Filed, Records, listed};
use std::collections::{BTreeSet, HashMap, HashSet};
use tidewaiter::record::Measure;
use tidewaiter::record::edition::{Area, Program};
use tidewaiter::record::world::Member;

/// A draft, sorted.
pub(super) struct Seen<'a> {
    pub(super) draft: &'a Draft<'a>,
    pub(super) now: Records<'a>,
    pub(super) before: Option<Records<'a>>,
    territories: HashSet<&'a str>,
    members: HashMap<&'a str, Vec<&'a Member>>,
    areas: HashMap<&'a str, Vec<&'a Area>>,
    programs: HashMap<&'a str, Vec<&'a Program>>,
    currencies: HashSet<&'a str>,
    /// What measures of the edition before state.
    stated: HashSet<u64>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(draft: &'a Draft<'a>) -> Self {
        let now = Records::new(draft.entries);
        let world = &draft.world.territories;
        let mut members: HashMap<&str, Vec<&Member>> = HashMap::new();
        for member in &world.member {
            members.entry(&member.of).or_default().push(member);
        }
        let mut areas: HashMap<&str, Vec<&Area>> = HashMap::new();
        for area in &now.areas {
            areas.entry(&area.code).or_default().push(area);
        }
        let mut programs: HashMap<&str, Vec<&Program>> = HashMap::new();
        for program in &now.programs {
            programs.entry(&program.key).or_default().push(program);
        }
        let before = draft.before.map(Records::new);
        Self {
            draft,
            stated: before.iter().flat_map(|before| &before.measures).map(Filed::statement).collect(),
            before,
            territories: world.territory.iter().map(|territory| territory.code.as_str()).collect(),
            members,
            areas,
            programs,
            currencies: draft.world.currencies.currency.iter().map(|currency| currency.code.as_str()).collect(),
            now,
        }
    }

    /// Whether the edition before did not state this: what an approver has given a word for needs no second one.
    pub(super) fn is_new(&self, filed: &Filed<'_>) -> bool {
        !self.stated.contains(&filed.statement())
    }

    /// Whether a code is a territory or union of the world's tables, or an area of this edition.
    pub(super) fn is_place(&self, code: &str) -> bool {
        code == "all" || self.territories.contains(code) || self.areas.contains_key(code)
    }

    /// Whether a code is a territory or union of the world's tables.
    pub(super) fn is_territory(&self, code: &str) -> bool {
        self.territories.contains(code)
    }

    /// Whether a currency is in the world's tables.
    pub(super) fn is_currency(&self, code: &str) -> bool {
        self.currencies.contains(code)
    }

    /// The areas of a code: several are its history.
    pub(super) fn areas(&self, code: &str) -> &[&'a Area] {
        self.areas.get(code).map_or(&[], Vec::as_slice)
    }

    /// Every territory that codes stand for at some time, themselves included. Takes each step from `left`; nothing where
    /// that is used up.
    pub(super) fn territories<'s>(
        &'s self,
        codes: impl IntoIterator<Item = &'s str>,
        left: &mut u64,
    ) -> Option<BTreeSet<&'s str>> {
        let mut out = BTreeSet::new();
        let mut open: Vec<&str> = codes.into_iter().collect();
        while let Some(code) = open.pop() {
            *left = left.checked_sub(1)?;
            if !out.insert(code) {
                continue;
            }
            *left = left.checked_sub(self.areas(code).len() as u64)?;
            if self.is_territory(code) {
                open.extend(self.members.get(code).into_iter().flatten().map(|member| member.territory.as_str()));
            } else {
                open.extend(self.areas(code).iter().flat_map(|area| &area.members).map(|m| m.territory.as_str()));
            }
        }
        Some(out)
    }

    /// The programmes of a key: several are its history.
    pub(super) fn programs(&self, key: &str) -> &[&'a Program] {
        self.programs.get(key).map_or(&[], Vec::as_slice)
    }

    /// Whether this edition defines programmes at all.
    pub(super) fn defines_programs(&self) -> bool {
        !self.programs.is_empty()
    }

    /// Territories and areas whose goods a measure is for; none where it is for all, or nobody here says. Takes each step
    /// from `left`; nothing where that is used up.
    pub(super) fn origins(&self, measure: &'a Measure, left: &mut u64) -> Option<Vec<&'a str>> {
        if measure.origin.is_some() {
            return Some(listed(measure.origin.as_ref()));
        }
        let mut out = Vec::new();
        for key in listed(measure.program.as_ref()) {
            for program in self.programs(key) {
                *left = left.checked_sub(1)?;
                let origins = listed(Some(&program.origin));
                if origins.is_empty() {
                    return Some(Vec::new());
                }
                out.extend(origins);
            }
        }
        Some(out)
    }
}
