//! What two editions hold on the days compared, in words.

use tidewaiter_sources::edition::compare::{Held, Side};

/// The kinds of entries, and more than one of each.
const KINDS: [(&str, &str); 11] = [
    ("line", "lines"),
    ("measure", "measures"),
    ("rate", "rates"),
    ("area", "areas"),
    ("program", "programmes"),
    ("fact", "facts"),
    ("text", "texts"),
    ("quota", "quotas"),
    ("origin-rule", "origin rules"),
    ("correlation", "correlations"),
    ("exchange-rate", "exchange rates"),
];

fn held(side: &Side, kind: &str) -> Held {
    side.compared.get(kind).copied().unwrap_or_default()
}

/// Whether neither edition holds anything that could be compared.
pub(super) fn nothing(sides: &[Side; 2]) -> bool {
    sides.iter().all(|side| side.compared.values().all(|held| held.compared == 0))
}

/// What the editions have, but not on the day.
pub(super) fn missing(sides: &[Side; 2]) -> Vec<String> {
    let (mut neither, mut one) = (Vec::new(), [Vec::new(), Vec::new()]);
    for kind in KINDS {
        let [old, new] = sides.each_ref().map(|side| held(side, kind.0));
        match (old.compared, new.compared) {
            (0, 0) if old.entries + new.entries > 0 => neither.push(kind),
            (0, 1..) if old.entries > 0 => one[0].push(kind),
            (1.., 0) if new.entries > 0 => one[1].push(kind),
            _ => {}
        }
    }
    let names = |kinds: &[(&str, &str)]| kinds.iter().map(|(_, names)| *names).collect::<Vec<_>>().join(", ");
    let first =
        |side: &Side, kinds: &[(&str, &str)]| kinds.iter().filter_map(|(kind, _)| held(side, kind).begins).min();
    let mut out = Vec::new();
    if !neither.is_empty() {
        let [old, new] = sides;
        let on = if old.day == new.day { old.day.to_string() } else { format!("{} and {}", old.day, new.day) };
        let mut says = format!("Neither edition holds anything of these in force on {on}: {}.", names(&neither));
        match (first(old, &neither), first(new, &neither)) {
            (Some(old), Some(new)) => says.push_str(&format!(
                " The first of the older edition begin on {old}, of the newer on {new}: choose such a day with --as-of."
            )),
            (Some(day), None) | (None, Some(day)) => {
                says.push_str(&format!(" The first begin on {day}: choose such a day with --as-of."));
            }
            (None, None) => {}
        }
        out.push(says);
    }
    for ((side, kinds), which) in sides.iter().zip(&one).zip(["older", "newer"]) {
        if kinds.is_empty() {
            continue;
        }
        let mut says =
            format!("The {which} edition holds nothing of these in force on {}: {}.", side.day, names(kinds));
        if let Some(day) = first(side, kinds) {
            says.push_str(&format!(" The first begin on {day}: choose such a day with --as-of."));
        }
        out.push(says);
    }
    out
}

/// Which kinds of entries were compared, and which not.
pub(super) fn compared(sides: &[Side; 2]) -> String {
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for (kind, names) in KINDS {
        if sides.iter().any(|side| side.compared.contains_key(kind)) {
            let [old, new] = sides.each_ref().map(|side| held(side, kind).compared);
            yes.push(format!("{old} and {new} {names}"));
        } else if sides.iter().any(|side| side.not_compared.contains_key(kind)) {
            no.push(names);
        }
    }
    let yes = if yes.is_empty() { "nothing".into() } else { yes.join(", ") };
    let no = if no.is_empty() { String::new() } else { format!(" Not compared: {}.", no.join(", ")) };
    format!("Compared, old and new: {yes}.{no}")
}
