//! TW403: no area contains itself.

use crate::checks::{Check, Found, Seen, say};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check::error("TW403", "No area contains itself", look);

/// Most areas of a cycle that are named.
const MOST_NAMES: usize = 10;

/// How far an area was followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// On the way, so many areas down.
    Open(usize),
    Done,
}

fn look(seen: &Seen<'_>, found: &mut Found) {
    // Territories come before areas, so an area that is called like one leads nowhere.
    let mut inside: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for area in seen.now.areas.iter().filter(|area| !seen.is_territory(&area.code)) {
        let of = inside.entry(&area.code).or_default();
        of.extend(area.members.iter().map(|m| m.territory.as_str()).filter(|code| !seen.is_territory(code)));
        of.sort_unstable();
    }
    let mut states: BTreeMap<&str, State> = BTreeMap::new();
    for start in inside.keys() {
        // The areas that are open, each with how many of its members were followed.
        let mut path: Vec<(&str, usize)> = Vec::new();
        if !states.contains_key(start) {
            states.insert(start, State::Open(0));
            path.push((start, 0));
        }
        while let Some((code, next)) = path.last_mut() {
            let member = inside.get(code).and_then(|members| members.get(*next)).copied();
            *next += 1;
            match member.map(|member| (member, states.get(member))) {
                None => {
                    states.insert(code, State::Done);
                    path.pop();
                }
                Some((member, Some(State::Open(from)))) => {
                    let way = path.iter().skip(*from).map(|(code, _)| *code);
                    let names: Vec<&str> = way.chain([member]).take(MOST_NAMES).collect();
                    let says = format!("it contains itself: {}", say::short(&names.join(" > ")));
                    found.add(
                        format!("area {}", say::short(member)),
                        says,
                        "take one of them out of the other, or name the territories",
                    );
                }
                Some((member, None)) if inside.contains_key(member) => {
                    states.insert(member, State::Open(path.len()));
                    path.push((member, 0));
                }
                Some(_) => {}
            }
        }
    }
}
