//! What is said about a question besides its answer: what plays no part, what was assumed.

use super::*;

/// Says which tax classes the destination does not have.
pub(super) fn note_classes(t: &Tables<'_>, program: &ProgramRow, asked: &Consignment, warnings: &mut Vec<Said>) {
    let mut classes: Vec<&str> = rows(t.kids, program.rates)
        .iter()
        .filter_map(|id| t.arms.get(id.get() as usize))
        .map(|arm| t.text(arm.class.get()))
        .collect();
    classes.sort_unstable();
    classes.dedup();
    for (at, item) in asked.items.iter().enumerate() {
        if let Some(class) = item.tax_class.as_deref().filter(|c| !classes.contains(c)) {
            warnings.push(Said::of(
                &message::TAX_CLASS,
                [
                    ("item", (at + 1).into()),
                    ("to", said::territory(asked.to.as_str())),
                    ("class", class.into()),
                    ("known", (classes.clone(), Joined::Comma).into()),
                ],
            ));
        }
    }
}

/// Says which claims cannot count, and why.
pub(super) fn note_claims(t: &Tables<'_>, program: &ProgramRow, asked: &Consignment, warnings: &mut Vec<Said>) {
    let named = |name: &str| {
        t.text_id(name).is_some_and(|id| {
            crate::quote::worlds::programs_of(t, program).any(|known| known == id)
                || rows(t.kids, program.claims).iter().any(|known| known.get() == id)
        })
    };
    let destination = program;
    for (at, item) in asked.items.iter().enumerate() {
        for claim in &item.claims {
            let (item, program) = (("item", (at + 1).into()), ("program", claim.program.as_str().into()));
            if claim.proof.as_deref().is_none_or(|p| p.trim().is_empty()) {
                warnings.push(Said::of(&message::CLAIM_WITHOUT_PROOF, [item, program]));
            } else if !named(&claim.program) {
                let known = crate::quote::worlds::programs_of(t, destination).map(|id| t.text(id));
                warnings.push(match near(&claim.program, known) {
                    Some(near) => Said::of(&message::CLAIM_UNKNOWN_NEAR, [item, program, ("near", near.into())]),
                    None => Said::of(&message::CLAIM_UNKNOWN, [item, program]),
                });
            }
        }
    }
}

/// Names the parts of value that the rules use and the question leaves out.
pub(super) fn note_components(program: &ProgramRow, asked: &Consignment, assumptions: &mut Vec<Said>) {
    let used = |c: Component| program.components.get() >> (c as u8).min(31) & 1 == 1;
    let insurance = asked.insurance.is_none() && used(Component::Insurance);
    let carrier = asked.carrier_fee.is_none() && used(Component::CarrierFee);
    assumptions.extend(match (insurance, carrier) {
        (true, true) => Some(Said::from(&message::UNPAID_BOTH)),
        (true, false) => Some(Said::from(&message::UNPAID_INSURANCE)),
        (false, true) => Some(Said::from(&message::UNPAID_CARRIER_FEE)),
        (false, false) => None,
    });
}

/// Whether any rule of a program names a region, or none names any.
pub(super) fn names_region(t: &Tables<'_>, program: &ProgramRow, region: &str) -> bool {
    let named = rows(t.kids, program.regions);
    named.is_empty() || named.iter().any(|name| t.text(name.get()) == region)
}

/// Says what an edition can no longer be relied on for: it was found stale or refused when the ratebook was made, or the
/// question is of a later day than it was known to be the newest for.
pub(super) fn note_standing(
    t: &Tables<'_>,
    program: &ProgramRow,
    series: impl Iterator<Item = usize>,
    day: i32,
    warnings: &mut Vec<Said>,
) {
    let mut add = |text: Said| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    for edition in editions_of(t, program, series) {
        if let Some(note) = t.maybe(edition.note) {
            add(note.into());
        }
        let until = crate::quote::exchange::date_of(edition.until.get());
        if let Some(until) = until.filter(|_| day > edition.until.get()) {
            let who = t.text(edition.authority.get());
            add(Said::of(&message::EDITION_OLD, [("who", who.into()), ("until", until.into())]));
        }
    }
}

pub(super) fn note_rate(t: &Tables<'_>, found: &Found, warnings: &mut Vec<Said>) {
    let mut add = |text: Said| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    let series = found.series.and_then(|s| t.series.get(s)).map_or("", |s| t.text(s.name.get()));
    let date = || {
        let day = found.day.and_then(crate::quote::exchange::date_of);
        ("date", day.map_or_else(|| "".into(), Value::from))
    };
    if found.stand_in {
        add(Said::of(&message::RATE_STAND_IN, [("series", said::data(series)), date()]));
    }
    if found.stale {
        add(Said::of(&message::RATE_STALE, [date()]));
    }
    if let Some(rival) = found.rival.and_then(|s| t.series.get(s)) {
        let publisher = |s: usize| t.series.get(s).map_or("", |s| t.text(s.publisher.get()));
        let (used, other) = (found.series.map_or("", publisher), t.text(rival.publisher.get()));
        add(Said::of(&message::RATE_RIVAL, [("used", said::data(used)), ("other", said::data(other))]));
    }
    if let Some(via) = found.via.and_then(|s| t.series.get(s)) {
        let publisher = said::data(t.text(via.publisher.get()));
        add(Said::of(&message::RATE_INDICATIVE, [("publisher", publisher), date()]));
    }
}
