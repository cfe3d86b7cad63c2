//! The tariff of one code: every measure that reaches it or the lines below it, on any day.

use super::*;
use crate::goods::GoodsCode;
use crate::quote::evaluate::{claims_of, in_set};
use crate::record::{DateText, MeasureKind, Verdict, iso_date};
use schemars::JsonSchema;
use serde::Serialize;

/// A programme that gives a measure to those who claim it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProgramView {
    /// What is claimed.
    pub key: String,
    /// Its full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the trader must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// First day it may be claimed.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it may no longer.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
}

/// A tariff measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasureView {
    /// Whose tariff.
    pub authority: String,
    /// Its code, as written with points; in the digits of its authority.
    pub code: String,
    /// What it is.
    pub kind: MeasureKind,
    /// What is due, in words.
    pub amount: String,
    /// The amount where it is a plain percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// An answer that is not a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Verdict>,
    /// With an outcome: what it means and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Origins it is for; all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origin: Vec<String>,
    /// Origins excepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_origin: Vec<String>,
    /// Programmes of which each gives it; open to all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<ProgramView>,
    /// Whether a further condition must hold.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub conditional: bool,
    /// Additional code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_code: Option<String>,
    /// Quota order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// First day in force.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// More for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

impl MeasureView {
    /// Whether it is in force on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.before.is_none_or(|before| day < before)
    }
}

impl Ratebook {
    /// Every measure, on any day, that reaches a code or the lines below it in the tariffs of a territory and of its
    /// unions; only those for goods of an origin where one is given. Nothing where the territory is unknown.
    ///
    /// Sorted by code, kind and first day.
    pub fn tariff(&self, territory: &str, code: GoodsCode, origin: Option<&str>) -> Option<Vec<MeasureView>> {
        let t = self.tables();
        let id = t.territory(territory)?;
        let program = t.programs.get(t.territories.get(usize::from(id))?.program.get() as usize)?;
        let origin = match origin {
            None => None,
            Some(code) => Some(t.territory(code)?),
        };
        let (first, last) = code.span();
        let mut out = Vec::new();
        for tariff in crate::quote::worlds::every_tariff(&t, program) {
            for (id, base) in ids_of(&t, first, last) {
                let at = tariff.offsets.get() as usize + id as usize;
                let ends = t.offsets.get(at).zip(t.offsets.get(at + 1));
                let Some((start, end)) = ends else { continue };
                for row in t.measures.get(start.get() as usize..end.get() as usize).unwrap_or_default() {
                    let own = base + u64::from(row.suffix.get());
                    let Some(own) = GoodsCode::from_padded(own, row.digits.max(2)) else { continue };
                    let (low, high) = own.span();
                    if low <= last && first <= high && origin.is_none_or(|o| reaches(&t, row, o)) {
                        out.push((own, row.note.get(), measure(&t, tariff, row, own, origin)));
                    }
                }
            }
        }
        out.sort_by_key(|(code, ..)| *code);
        Some(in_their_own_digits(out))
    }

    /// The longest beginning of a code that the tariff of a territory has on a day, as a quote cuts it; the code itself
    /// where the tariff is not loaded in full. Nothing where no line begins so, or the territory has no rules.
    pub fn listed(&self, territory: &str, code: GoodsCode, day: Date) -> Option<GoodsCode> {
        let t = self.tables();
        let id = t.territory(territory)?;
        let program = t.programs.get(t.territories.get(usize::from(id))?.program.get() as usize)?;
        let moment = Moment::latest(compile::day_number(day));
        (2..=code.digit_count()).rev().filter_map(|digits| code.truncated(digits)).find(|code| {
            let (low, high) = code.span();
            crate::quote::worlds::is_listed(&t, program, moment, low, high) != Some(false)
        })
    }

    /// A fact by its key, of whichever file states it.
    pub fn fact(&self, key: &str) -> Option<FactView> {
        let t = self.tables();
        t.facts.iter().find(|row| t.text(row.key.get()) == key).map(|row| fact(&t, row))
    }
}

/// Measures as their authority writes their codes. The tables hold codes in pairs of digits: a measure on nine digits
/// stands there ten times, once for each tenth digit, and is shown on the nine.
fn in_their_own_digits(found: Vec<(GoodsCode, u32, MeasureView)>) -> Vec<MeasureView> {
    struct Alike {
        above: Option<GoodsCode>,
        note: u32,
        view: MeasureView,
        codes: Vec<String>,
    }
    const TENTHS: usize = 10;
    let mut out: Vec<Alike> = Vec::with_capacity(found.len());
    for (code, note, view) in found {
        let above = code.truncated(code.digit_count() - 1).filter(|above| above.digit_count() > 4);
        let near = out.iter_mut().rev().take_while(|known| above.is_some() && known.above == above);
        let mut same = near.filter(|known| known.note == note);
        match same.find(|known| MeasureView { code: known.view.code.clone(), ..view.clone() } == known.view) {
            Some(known) => known.codes.push(view.code),
            None => out.push(Alike { above, note, codes: vec![view.code.clone()], view }),
        }
    }
    let shown = out.into_iter().flat_map(|Alike { above, view, codes, .. }| {
        let codes = match above {
            Some(above) if codes.len() == TENTHS => vec![above.to_string()],
            _ => codes,
        };
        codes.into_iter().map(move |code| MeasureView { code, ..view.clone() })
    });
    let mut shown: Vec<MeasureView> = shown.collect();
    shown.sort_by(|a, b| (&a.code, a.kind as u8, a.from).cmp(&(&b.code, b.kind as u8, b.from)));
    shown
}

/// Whether a territory is in a set on any day of a measure's life.
fn meets(t: &Tables<'_>, set: u16, row: &MeasureRow, territory: u16) -> bool {
    let life = row.from.get()..row.before.get();
    t.set_dir.get(usize::from(set)).is_some_and(|dir| {
        rows(t.sets, dir.rows)
            .iter()
            .any(|r| r.territory.get() == territory && r.from.get() < life.end && life.start < r.before.get())
    })
}

/// Whether goods of an origin can get a measure on any day of its life.
fn reaches(t: &Tables<'_>, row: &MeasureRow, origin: u16) -> bool {
    let excluded = row.excluded.get();
    (row.origin.get() == 0 || meets(t, row.origin.get(), row, origin))
        && (excluded == 0 || !in_set(t, u32::from(excluded), origin, row.from.get().max(i32::MIN + 1)))
        && (row.program.get() == NO_ID
            || claims_of(t, row).iter().any(|c| c.origin.get() == 0 || meets(t, c.origin.get(), row, origin)))
}

/// Nomenclature ids whose measures may reach codes from `first` to `last`, with the code that each begins at.
fn ids_of(t: &Tables<'_>, first: u64, last: u64) -> Vec<(u32, u64)> {
    const CHAPTER: u64 = 10_000_000_000;
    const HEADING: u64 = 100_000_000;
    const SUB: u64 = 1_000_000;
    let mut out: Vec<(u32, u64)> =
        (first / CHAPTER..=(last / CHAPTER).min(u64::from(CHAPTERS) - 1)).map(|c| (c as u32, c * CHAPTER)).collect();
    for head in (first / HEADING) as usize..=((last / HEADING) as usize).min(HEADINGS - 2) {
        let (Some(start), Some(end)) = (t.headings.get(head), t.headings.get(head + 1)) else { break };
        for id in start.get()..end.get() {
            let sub = t.subs.get(id as usize).copied().filter(|s| *s != u8::MAX);
            let base = head as u64 * HEADING + u64::from(sub.unwrap_or(0)) * SUB;
            if sub.is_none() || (base <= last && first < base + SUB) {
                out.push((id, base));
            }
        }
    }
    out
}

fn measure(t: &Tables<'_>, tariff: &TariffRow, row: &MeasureRow, code: GoodsCode, origin: Option<u16>) -> MeasureView {
    let note = t.measure_notes.get(row.note.get() as usize);
    let text =
        |of: fn(&MeasureNoteRow) -> zerocopy::little_endian::U32| note.and_then(|n| t.maybe(of(n))).map(Into::into);
    let set = |id: u16| {
        let mut codes: Vec<String> = t
            .set_dir
            .get(usize::from(id))
            .filter(|_| id != 0)
            .map(|dir| rows(t.sets, dir.rows).iter().map(|r| t.territory_code(r.territory.get()).to_owned()).collect())
            .unwrap_or_default();
        codes.dedup();
        codes
    };
    let amount = row.amount.get();
    let percent = (amount != NONE && amount & INLINE_PERCENT != 0)
        .then(|| Decimal::from_units(i128::from(amount & !INLINE_PERCENT) * 100_000_000));
    MeasureView {
        authority: t.territory_code(tariff.territory.get()).to_owned(),
        code: code.to_string(),
        kind: measure_kind_of(row.kind),
        amount: text(|n| n.amount_text).unwrap_or_else(|| percent.map(|p| format!("{p} %")).unwrap_or_default()),
        percent,
        outcome: note.and_then(|n| verdict_of(n.outcome)),
        says: text(|n| n.says),
        origin: set(row.origin.get()),
        not_origin: set(row.excluded.get()),
        programs: claims_of(t, row)
            .iter()
            .filter(|c| origin.is_none_or(|o| c.origin.get() == 0 || meets(t, c.origin.get(), row, o)))
            .map(|c| ProgramView {
                key: t.text(c.program.get()).to_owned(),
                name: t.maybe(c.name).map(Into::into),
                proof: t.maybe(c.proof).map(Into::into),
                from: date_of(c.from.get()),
                before: date_of(c.before.get()),
            })
            .collect(),
        conditional: row.when.get() != NONE,
        additional_code: text(|n| n.additional_code),
        order_number: text(|n| n.order_number),
        from: date_of(row.from.get()),
        before: date_of(row.before.get()),
        note: text(|n| n.note),
        cites: note.map(|n| cites(t, n.cites)).unwrap_or_default(),
    }
}
