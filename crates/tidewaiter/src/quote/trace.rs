//! What the evaluator did, for those who ask.

use crate::decimal::Decimal;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A rung was tried.
    Rung { charge: u16, line: u16, rung: u32, held: bool },
    /// Two sums were compared.
    Compared { node: u32, line: u16, left: Decimal, right: Decimal, slot: u16, held: bool },
    /// The base of a charge was rounded over the consignment.
    BaseRounded { charge: u16, from: Decimal, to: Decimal },
    /// A unit's amount was computed.
    Unit { charge: u16, rung: u32, first: u16, lines: u16, raw: Decimal, rounded: Decimal },
    /// A charge's sum was rounded over the consignment.
    SumRounded { charge: u16, from: Decimal, to: Decimal },
    /// A tariff measure was looked at.
    Measure { charge: u16, line: u16, measure: u32, applied: bool },
    /// A sum was too small to collect.
    Waived { waiver: u32, sum: Decimal, limit: Decimal },
    /// A fact was assumed because the file says so.
    Assumed { fact: u32, held: bool },
    /// The asker's own duty rate was used.
    StatedDuty { line: u16, percent: Decimal },
    /// A seller's registration was asked about.
    AskedRegistration { scheme: u32 },
    /// A disputed rule mattered.
    Disputed { dispute: u16 },
}

/// Takes the steps.
pub(crate) trait Trace {
    /// Whether steps are wanted at all; checked at compile time.
    const ON: bool;
    /// Whether the rows read are wanted.
    const READS: bool = false;
    fn event(&mut self, event: Event);
    /// A row was read: its place in memory and its size.
    #[inline]
    fn read(&mut self, _address: usize, _bytes: usize) {}
}

/// Counts the rows of the ratebook that an evaluation reads, and the cache lines they lie in.
#[derive(Debug, Default)]
pub(crate) struct Footprint {
    pub(crate) reads: usize,
    pub(crate) lines: std::collections::BTreeSet<usize>,
}

impl Trace for Footprint {
    const ON: bool = false;
    const READS: bool = true;
    fn event(&mut self, _: Event) {}
    fn read(&mut self, address: usize, bytes: usize) {
        const CACHE_LINE: usize = 64;
        self.reads += 1;
        self.lines.extend(address / CACHE_LINE..=(address + bytes.max(1) - 1) / CACHE_LINE);
    }
}

/// Takes nothing, costs nothing.
#[derive(Debug, Default)]
pub(crate) struct Silent;

impl Trace for Silent {
    const ON: bool = false;
    #[inline]
    fn event(&mut self, _: Event) {}
}

/// Keeps everything, up to a limit.
#[derive(Debug, Default)]
pub(crate) struct Full {
    pub(crate) events: Vec<Event>,
}

/// Most steps kept; a consignment of a thousand lines stays below it.
const MAX_EVENTS: usize = 1_000_000;

impl Trace for Full {
    const ON: bool = true;
    fn event(&mut self, event: Event) {
        if self.events.len() < MAX_EVENTS {
            self.events.push(event);
        }
    }
}
