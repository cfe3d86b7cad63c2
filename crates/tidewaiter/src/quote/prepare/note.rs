//! What is said about a question besides its answer: what plays no part, what was assumed.

use super::*;

/// Says which tax classes the destination does not have.
pub(super) fn note_classes(t: &Tables<'_>, program: &ProgramRow, asked: &Consignment, warnings: &mut Vec<String>) {
    let mut classes: Vec<&str> = rows(t.kids, program.rates)
        .iter()
        .filter_map(|id| t.arms.get(id.get() as usize))
        .map(|arm| t.text(arm.class.get()))
        .collect();
    classes.sort_unstable();
    classes.dedup();
    for (at, item) in asked.items.iter().enumerate() {
        if let Some(class) = item.tax_class.as_deref().filter(|c| !classes.contains(c)) {
            warnings.push(format!(
                "Item {}: {} has no tax class \"{class}\" (it has: {}), so the standard rate is used.",
                at + 1,
                asked.to,
                classes.join(", ")
            ));
        }
    }
}

/// Says which claims cannot count, and why.
pub(super) fn note_claims(t: &Tables<'_>, program: &ProgramRow, asked: &Consignment, warnings: &mut Vec<String>) {
    let named = |name: &str| {
        t.text_id(name).is_some_and(|id| {
            crate::quote::worlds::programs_of(t, program).any(|known| known == id)
                || rows(t.kids, program.claims).iter().any(|known| known.get() == id)
        })
    };
    let destination = program;
    for (at, item) in asked.items.iter().enumerate() {
        for claim in &item.claims {
            let (item, program) = (at + 1, &claim.program);
            if claim.proof.as_deref().is_none_or(|p| p.trim().is_empty()) {
                warnings.push(format!(
                    "Item {item}: the claim of {program} does not count without a proof; say which proof you hold."
                ));
            } else if !named(program) {
                let known = crate::quote::worlds::programs_of(t, destination).map(|id| t.text(id));
                warnings.push(format!(
                    "Item {item}: no preference named {program} is known here, so the claim changes nothing{}",
                    nearest(program, known)
                ));
            }
        }
    }
}

/// Names the parts of value that the rules use and the question leaves out.
pub(super) fn note_components(program: &ProgramRow, asked: &Consignment, assumptions: &mut Vec<String>) {
    let used = |c: Component| program.components.get() >> (c as u8).min(31) & 1 == 1;
    let left_out: Vec<&str> = [
        (Component::Insurance, asked.insurance.is_none(), "insurance"),
        (Component::CarrierFee, asked.carrier_fee.is_none(), "the carrier's clearance fee"),
    ]
    .into_iter()
    .filter(|(c, absent, _)| *absent && used(*c))
    .map(|(.., name)| name)
    .collect();
    if !left_out.is_empty() {
        assumptions.push(format!(
            "Nothing is paid for {} (not stated); what is paid raises the charges.",
            left_out.join(" and ")
        ));
    }
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
    warnings: &mut Vec<String>,
) {
    let mut add = |text: String| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    for edition in editions_of(t, program, series) {
        if let Some(note) = t.maybe(edition.note) {
            add(note.to_owned());
        }
        let until = crate::quote::exchange::date_of(edition.until.get());
        if let Some(until) = until.filter(|_| day > edition.until.get()) {
            let who = t.text(edition.authority.get());
            add(format!(
                "What {who} publishes was known to be the newest until {until}. This answer is for a later day, so it may have changed by then: fetch it again."
            ));
        }
    }
}

pub(super) fn note_rate(t: &Tables<'_>, found: &Found, warnings: &mut Vec<String>) {
    let mut add = |text: String| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    let series = found.series.and_then(|s| t.series.get(s)).map_or("", |s| t.text(s.name.get()));
    let date = found.day.and_then(crate::quote::exchange::date_of).map(|d| d.to_string()).unwrap_or_default();
    if found.stand_in {
        add(format!("The exchange rate that the law names is not loaded; {series} of {date} stands in for it."));
    }
    if found.stale {
        add(format!("The newest exchange rate known here is of {date}."));
    }
    if let Some(rival) = found.rival.and_then(|s| t.series.get(s)) {
        let publisher = |s: usize| t.series.get(s).map_or("", |s| t.text(s.publisher.get()));
        add(format!(
            "No rule here names whose exchange rates count. Those of {} were used; {} publishes others.",
            found.series.map_or("", publisher),
            t.text(rival.publisher.get())
        ));
    }
    if let Some(via) = found.via.and_then(|s| t.series.get(s)) {
        add(format!("An exchange rate is only indicative (unverified): {} of {date}.", t.text(via.publisher.get())));
    }
}
