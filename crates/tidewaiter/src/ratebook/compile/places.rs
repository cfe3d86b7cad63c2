//! Sets of territories: groups, unions and their dated members.

use super::*;

impl<'w> Compiler<'w> {
    /// Territories named by codes and local groups, as a set.
    pub(super) fn set(&mut self, codes: &[String], parts: &[Part<'w>]) -> Result<u16, String> {
        // A tariff names the same few groups thousands of times. What names them is known within one file.
        let of_one_file = matches!(parts, [_]);
        if of_one_file && let Some(&id) = self.named_sets.get(codes) {
            return Ok(id);
        }
        let id = self.new_set(codes, parts)?;
        if of_one_file {
            self.named_sets.insert(codes.to_vec(), id);
        }
        Ok(id)
    }

    fn new_set(&mut self, codes: &[String], parts: &[Part<'w>]) -> Result<u16, String> {
        let mut rows = BTreeMap::new();
        self.collect_set(codes, parts, 0, (DAY_MIN, DAY_MAX), &mut rows)?;
        let key: Vec<(u16, i32, i32)> = rows.into_keys().collect();
        if let Some(&id) = self.sets.get(&key) {
            return Ok(id);
        }
        let id = self.draft.set_dir.len();
        if id >= usize::from(u16::MAX) {
            return Err("too many different groups of territories".into());
        }
        let start = self.draft.sets.len() as u32;
        for &(territory, from, before) in &key {
            self.draft.sets.push(SetRow {
                territory: U16::new(territory),
                pad: U16::new(0),
                from: I32::new(from),
                before: I32::new(before),
            });
        }
        self.draft.set_dir.push(SetDirRow { rows: Run { start: U32::new(start), len: U32::new(key.len() as u32) } });
        self.sets.insert(key, id as u16);
        Ok(id as u16)
    }

    /// Whether a membership counts when a condition names the union: members and parties do, areas that only follow
    /// some of its rules do not.
    pub(super) fn counts(&self, member: &MemberRow) -> bool {
        let row = self.draft.texts[member.role.get() as usize];
        let start = row.offset.get() as usize;
        matches!(&self.draft.strings[start..start + row.len.get() as usize], b"" | b"member" | b"party")
    }

    pub(super) fn collect_set(
        &self,
        codes: &[String],
        parts: &[Part<'w>],
        depth: usize,
        window: (i32, i32),
        rows: &mut BTreeMap<(u16, i32, i32), ()>,
    ) -> Result<(), String> {
        if depth > 8 {
            return Err("groups of territories contain each other".into());
        }
        for code in codes {
            if let Some(&id) = self.territory_ids.get(code) {
                rows.insert((id, window.0, window.1), ());
                let members = self.members_of.get(&id).into_iter().flatten();
                for member in members.map(|&at| self.draft.members[at]) {
                    if self.counts(&member) {
                        let from = member.from.get().max(window.0);
                        let before = member.before.get().min(window.1);
                        if from < before {
                            rows.insert((member.territory.get(), from, before), ());
                        }
                    }
                }
            } else if let Some(group) = parts.iter().rev().find_map(|p| p.file.economy.groups.get(code)) {
                self.collect_set(group, parts, depth + 1, window, rows)?;
            } else if let Some(areas) = self.areas.get(code) {
                for area in areas {
                    let window = within(window, area.from, area.before);
                    for member in &area.members {
                        let window = within(window, member.from, member.before);
                        if window.0 < window.1 {
                            let one = std::slice::from_ref(&member.territory);
                            self.collect_set(one, parts, depth + 1, window, rows)?;
                        }
                    }
                }
            } else {
                return Err(format!(
                    "\"{code}\" is neither a territory of territories.toml nor a group of this file{}",
                    nearest(code, self.territory_ids.keys().map(String::as_str))
                ));
            }
        }
        Ok(())
    }
}

/// The days of a window in which a record counts too.
fn within(window: (i32, i32), from: Option<Date>, before: Option<Date>) -> (i32, i32) {
    (from.map_or(DAY_MIN, day_number).max(window.0), before.map_or(DAY_MAX, day_number).min(window.1))
}
