//! The derivation in words.

use super::answer::Writer;
use super::case::{Key, Line, OTHER_TEXT, TestOf, Value, World};
use super::document::Step;
use super::evaluate::{Sheet, claims_of};
use super::said::{self, Joined, Said, Value as Put, message};
use super::trace::Event;
use crate::decimal::Decimal;
use crate::goods::GoodsCode;
use crate::ratebook::layout::*;
use crate::ratebook::rows;
use crate::record::expression::COMPONENT_COUNT;

/// Names of the components, for sentences.
const COMPONENTS: [&str; COMPONENT_COUNT] =
    ["goods", "freight", "inland freight", "insurance", "packing", "carrier's fee", "seller's tax"];

/// English name of a unit.
pub(crate) fn unit_name(key: &str) -> &'static str {
    crate::unit::find(key).map_or("quantity", |u| u.name)
}

/// A line's code with its dots.
pub(crate) fn code_words(line: &Line) -> String {
    GoodsCode::from_padded(line.code, line.digits).map_or_else(|| "unknown".to_owned(), |c| c.to_string())
}

/// What a world supposes, in words.
pub(crate) fn supposed(w: &Writer<'_>, world: &World) -> Put {
    let territory = |id: u16| said::territory(w.t.territory_code(id));
    let by = |how: &'static said::Message| Said::of(&message::SUPPOSED_CARRIED, [("how", Said::from(how).into())]);
    let parts: Vec<Said> = world
        .0
        .iter()
        .filter_map(|(key, value)| {
            let item = |line: u16| {
                let at = w.prepared.line_items.get(usize::from(line)).map_or(1, |i| i + 1);
                ("item", Put::from(at))
            };
            Some(match (key, value) {
                (Key::Code(line), Value::Code(code)) => {
                    Said::of(&message::SUPPOSED_CODE, [item(*line), ("code", short_code(*code).into())])
                }
                (Key::Origin(line), Value::Territory(id)) => {
                    Said::of(&message::SUPPOSED_ORIGIN, [item(*line), ("place", territory(*id))])
                }
                (Key::Channel, Value::Small(n)) => {
                    by([&message::BY_POST, &message::BY_EXPRESS, &message::BY_FREIGHT][usize::from(*n).min(2)])
                }
                (Key::Mode, Value::Small(n)) => {
                    by([&message::BY_AIR, &message::BY_SEA, &message::BY_ROAD, &message::BY_RAIL]
                        [usize::from(*n).min(3)])
                }
                (Key::Region, Value::Text(OTHER_TEXT)) => (&message::SUPPOSED_OTHER_REGION).into(),
                (Key::Region, Value::Text(id)) => {
                    Said::of(&message::SUPPOSED_REGION, [("region", w.t.text(*id).into())])
                }
                (Key::ShipFrom, Value::Territory(id)) => {
                    Said::of(&message::SUPPOSED_SENT_FROM, [("place", territory(*id))])
                }
                (Key::Fact(id), Value::Flag(held)) => {
                    let message = if *held { &message::SUPPOSED_YES } else { &message::SUPPOSED_NO };
                    Said::of(message, [("fact", w.t.text(*id).into())])
                }
                (Key::Test(node, _, TestOf::Weight), Value::Flag(held)) => {
                    let message = if *held { &message::SUPPOSED_WEIGHT } else { &message::SUPPOSED_WEIGHT_NOT };
                    Said::of(message, [("limit", limit(w, *node)?)])
                }
                (Key::Test(node, _, TestOf::Quantity), Value::Flag(held)) => {
                    let message = if *held { &message::SUPPOSED_QUANTITY } else { &message::SUPPOSED_QUANTITY_NOT };
                    Said::of(message, [("limit", limit(w, *node)?)])
                }
                (Key::Test(_, _, TestOf::History(_)), Value::Flag(true)) => (&message::SUPPOSED_WITHIN_HISTORY).into(),
                (Key::Test(_, _, TestOf::History(_)), Value::Flag(false)) => (&message::SUPPOSED_BEYOND_HISTORY).into(),
                _ => return None,
            })
        })
        .collect();
    if parts.is_empty() { Said::from(&message::SUPPOSED_THIS).into() } else { (parts, Joined::And).into() }
}

fn limit(w: &Writer<'_>, node: u32) -> Option<Put> {
    let node = w.t.nodes.get(node as usize)?;
    let signs = [
        &message::LIMIT_BELOW,
        &message::LIMIT_AT_MOST,
        &message::LIMIT_ABOVE,
        &message::LIMIT_AT_LEAST,
        &message::LIMIT_EXACTLY,
    ];
    let number = Decimal::from_units(node.value.get()).into();
    Some(Said::of(signs[usize::from(node.arg()).min(4)], [("number", number)]).into())
}

fn short_code(code: u64) -> String {
    let mut digits = 12u8;
    let mut rest = code;
    while digits > 2 && rest.is_multiple_of(100) {
        rest /= 100;
        digits -= 2;
    }
    GoodsCode::from_padded(code, digits).map_or_else(|| code.to_string(), |c| c.to_string())
}

/// Every step of an evaluation.
pub(crate) fn steps(w: &Writer<'_>, events: &[Event], sheet: &Sheet) -> Vec<Step> {
    let t = w.t;
    let case = &w.prepared.case;
    let currency = t.currency_code(case.assessed_in);
    let minor = t.minor(case.assessed_in);
    let money = |d: Decimal| format!("{} {currency}", d.to_at_least(minor));
    let item = |line: u16| {
        let at = w.prepared.line_items.get(usize::from(line)).map_or(1, |i| i + 1);
        if case.lines.len() == 1 { "the goods".to_owned() } else { format!("item {at}") }
    };
    let key = |charge: u16| w.charges.get(usize::from(charge)).map(|c| t.text(c.key.get()).to_owned());
    let cites = |run: Run| -> Vec<String> {
        rows(t.kids, run).iter().filter_map(|id| w.source(id.get())).map(|s| s.key).collect()
    };
    let mut out = Vec::new();
    let mut say = |charge: Option<String>, text: String, cites: Vec<String>| out.push(Step { charge, text, cites });

    for (at, line) in case.lines.iter().enumerate() {
        let parts: Vec<String> = line
            .assessed
            .iter()
            .enumerate()
            .filter(|(_, a)| !a.is_zero())
            .map(|(c, a)| format!("{} {}", COMPONENTS[c], money(*a)))
            .collect();
        let code = if line.digits == 0 { "no code".to_owned() } else { format!("code {}", code_words(line)) };
        let origin = line.origin.map_or("origin not stated".to_owned(), |o| format!("made in {}", t.territory_code(o)));
        say(
            None,
            format!(
                "Value of {} ({code}, {origin}, {} pieces): {}.",
                item(at as u16),
                line.quantity,
                if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
            ),
            Vec::new(),
        );
    }
    let mut last_base: Option<(u16, u16)> = None;
    for event in events {
        match *event {
            Event::Rung { charge, line, rung, held } => {
                let Some(row) = t.rungs.get(rung as usize) else { continue };
                let name = t.text(row.name.get());
                let when = t.maybe(row.when_text).unwrap_or("always");
                if held {
                    say(
                        key(charge),
                        format!("{}: \"{name}\" applies to {} because: {when}.", charge_name(w, charge), item(line)),
                        cites(row.cites),
                    );
                } else {
                    say(
                        key(charge),
                        format!(
                            "{}: \"{name}\" does not apply to {}: it needs {when}.",
                            charge_name(w, charge),
                            item(line)
                        ),
                        Vec::new(),
                    );
                }
            }
            Event::Compared { left, right, slot, held, node, .. } => {
                let Some(row) = t.nodes.get(node as usize) else { continue };
                let slot_currency = t.currency_code(slot);
                let sign = ["<", "<=", ">", ">=", "="][usize::from(row.arg()).min(4)];
                say(
                    None,
                    format!(
                        "Test: {left} {slot_currency} {sign} {right} {slot_currency}: {}.",
                        if held { "yes" } else { "no" }
                    ),
                    Vec::new(),
                );
            }
            Event::BaseRounded { charge, from, to } => say(
                key(charge),
                format!("{}: the base {} is rounded to {}.", charge_name(w, charge), money(from), money(to)),
                charge_cites(w, charge),
            ),
            Event::Unit { charge, rung, first, lines, raw, rounded } => {
                let Some(row) = t.rungs.get(rung as usize) else { continue };
                let rule = t.maybe(row.amount_text).unwrap_or("");
                let base = sheet.base(usize::from(charge), usize::from(first));
                let goods = if lines > 1 { format!("{lines} items together") } else { item(first) };
                let on = if last_base == Some((charge, first)) || lines > 1 {
                    String::new()
                } else {
                    format!(" on {}", money(base))
                };
                last_base = Some((charge, first));
                let rounding = if raw == rounded { String::new() } else { format!(", rounded to {}", money(rounded)) };
                say(
                    key(charge),
                    format!("{}: {rule}{on} for {goods} = {}{rounding}.", charge_name(w, charge), money(raw)),
                    cites(row.cites),
                );
            }
            Event::SumRounded { charge, from, to } => say(
                key(charge),
                format!("{}: the sum {} is rounded to {}.", charge_name(w, charge), money(from), money(to)),
                charge_cites(w, charge),
            ),
            Event::Measure { charge, line, measure, applied } => {
                let Some(row) = t.measures.get(measure as usize) else { continue };
                let Some(note) = t.measure_notes.get(row.note.get() as usize) else { continue };
                let rule = t.text(note.amount_text.get());
                let programs: Vec<&str> = claims_of(t, row).iter().map(|c| t.text(c.program.get())).collect();
                let program = if programs.is_empty() { String::new() } else { format!(" ({})", programs.join(", ")) };
                let verb = if applied { "is open to" } else { "is not applied to" };
                say(key(charge), format!("Tariff: {rule}{program} {verb} {}.", item(line)), cites(note.cites));
            }
            Event::Waived { waiver, sum, limit } => {
                let run = rows(t.waivers, w.program.waivers).get(waiver as usize).map(|w| w.cites);
                say(
                    None,
                    format!("{} is not collected: the limit is {}.", money(sum), money(limit)),
                    run.map(cites).unwrap_or_default(),
                );
            }
            Event::StatedDuty { line, percent } => say(
                None,
                format!("Tariff: the duty of {percent} % on {} was stated with the question.", item(line)),
                Vec::new(),
            ),
            Event::Assumed { .. } | Event::AskedRegistration { .. } | Event::Disputed { .. } => {}
        }
    }
    out
}

fn charge_name<'a>(w: &Writer<'a>, charge: u16) -> &'a str {
    w.charges.get(usize::from(charge)).map_or("", |c| w.t.text(c.name.get()))
}

fn charge_cites(w: &Writer<'_>, charge: u16) -> Vec<String> {
    let Some(row) = w.charges.get(usize::from(charge)) else { return Vec::new() };
    rows(w.t.kids, row.cites).iter().filter_map(|id| w.source(id.get())).map(|s| s.key).collect()
}
