//! Geographical areas: countries, regions and groups with their members.

use super::dates::{before, first};
use super::{Out, territory};
use crate::{Entry, ImportError};
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Area, AreaMember};

impl Out<'_> {
    pub(super) fn areas(&mut self) -> Result<(), ImportError> {
        let store = self.store;
        let descriptions = self.descriptions("geographical.area.description.period", &["geographical.area.sid"]);
        let mut members: BTreeMap<&str, Vec<AreaMember>> = BTreeMap::new();
        for membership in store.records("geographical.area.membership") {
            let group = membership.get("geographical.area.group.sid");
            let member = store.get("geographical.area", &[membership.get("geographical.area.sid")]);
            let (Some(member), true) = (member, store.get("geographical.area", &[group]).is_some()) else {
                continue;
            };
            members.entry(group).or_default().push(AreaMember {
                territory: territory(member.get("geographical.area.id")).to_owned(),
                from: first(&membership),
                before: before(&membership),
            });
        }
        for area in store.records("geographical.area") {
            let (sid, code) = (area.get("geographical.area.sid"), area.get("geographical.area.id"));
            let (from, before) = (first(&area), before(&area));
            let mut members = members.remove(sid).unwrap_or_default();
            // A country or region, as opposed to a group, has itself as its one member.
            if area.get("geographical.code") != "1" && members.is_empty() {
                members.push(AreaMember { territory: territory(code).to_owned(), from, before });
            }
            members.sort_by(|a, b| (&a.territory, a.from).cmp(&(&b.territory, b.from)));
            let name = self.name(descriptions.get(sid).map(Vec::as_slice).unwrap_or_default());
            let name = if name.is_empty() { code.to_owned() } else { name };
            self.give(Entry::Area(Area { code: code.to_owned(), name, members, from, before }))?;
        }
        Ok(())
    }
}
