//! The bytes of a ratebook: rows, sections and the header.
//!
//! Everything is little-endian and unaligned, so a file maps straight into slices of these rows on any machine, with
//! no decoding pass. Rows refer to each other by index; [`NONE`] is "no row". `docs/formats/ratebook.md` draws it.

use zerocopy::little_endian::{I32, I128, U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// First bytes of every ratebook.
pub(crate) const MAGIC: [u8; 8] = *b"TWRATES\x01";
/// Version of the layout; readers refuse others.
pub(crate) const VERSION: u32 = 4;
/// "No row".
pub(crate) const NONE: u32 = u32::MAX;
/// "No territory" or "no currency".
pub(crate) const NO_ID: u16 = u16::MAX;
/// Earliest day: "as far back as known".
pub(crate) const DAY_MIN: i32 = i32::MIN;
/// Latest day: "until changed".
pub(crate) const DAY_MAX: i32 = i32::MAX;
/// Nomenclature ids below this are the two-digit chapters themselves.
pub(crate) const CHAPTERS: u32 = 100;
/// Rows of the headings table: one for each four-digit number, and one past the end.
pub(crate) const HEADINGS: usize = 10_001;

macro_rules! row {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
        #[repr(C)]
        pub(crate) struct $name { $($(#[$fdoc])* pub(crate) $field: $type),* }
    };
}

row!(/// A run of rows in another section.
    Run { start: U32, len: U32 });
row!(/// A piece of the strings section.
    TextRow { offset: U32, len: U32 });
row!(CurrencyRow { code: [u8; 3], minor: u8, name: U32 });
row!(TerritoryRow { code: U32, name: U32, currency: U16, part_of: U16, kind: u8, pad: [u8; 3], program: U32 });
row!(MemberRow { of: U16, territory: U16, from: I32, before: I32, role: U32 });
row!(/// An exchange-rate policy.
    PolicyRow { series: U32, fallback: U32, rule: u8, set: u8, pad: [u8; 2], cites: Run });
row!(/// What one economy charges.
ProgramRow {
    territory: U16, currency: U16,
    charges: Run, waivers: Run, asks: Run, disputes: Run, schemes: Run, bounds: Run, slots: Run, rates: Run, facts: Run,
    threshold: PolicyRow, assessment: PolicyRow, filing: PolicyRow,
    tariffs: Run, editions: Run, summary: U32, note: U32, tax_name: U32, flags: U32,
    /// Bit for each component of value that a rule names; programmes and regions that rules name, as text ids; where the
    /// codes fall into areas that no ladder tells apart.
    components: U32, claims: Run, regions: Run, areas: Run,
});
row!(/// How a sum is rounded.
    RoundRow { unit: I128, mode: u8, stage: u8, set: u8, pad: u8 });
row!(ChargeRow {
    key: U32,
    name: U32,
    note: U32,
    base: U32,
    base_text: U32,
    kind: u8,
    collect: u8,
    authority: u8,
    pad: u8,
    round: RoundRow,
    base_round: RoundRow,
    rungs: Run,
    cites: Run,
});
row!(RungRow {
    name: U32,
    when: U32,
    amount: U32,
    base: U32,
    says: U32,
    when_text: U32,
    amount_text: U32,
    scheme: U32,
    note: U32,
    from: I32,
    before: I32,
    known_from: I32,
    known_before: I32,
    per: u8,
    outcome: u8,
    status: u8,
    collect: u8,
    round: RoundRow,
    cites: Run,
});
row!(/// A node of an amount or condition: operation, small argument, currency slot, three links and a number.
    Node { op: u8, aux: u8, slot: U16, a: U32, b: U32, c: U32, value: I128 });
row!(/// A value of a rate table: for a class, for codes, for a time. In a table the classes stand first, then the values for
    /// codes (`coded` is 1), each for one code of two to twelve digits, in rising order of `first`, then `last`.
    ArmRow { percent: I128, first: U64, last: U64, class: U32, from: I32, before: I32, known_from: I32, history_from: I32, coded: u8, pad: [u8; 3], cites: Run, goods: U32, table: U32 });
row!(SliceRow { from: I128, percent: I128, slot: U16, pad: [u8; 2] });
row!(CodeRow { first: U64, last: U64 });
row!(SetRow { territory: U16, pad: U16, from: I32, before: I32 });
row!(FactRow {
    key: U32,
    topic: U32,
    statement: U32,
    law: U32,
    publisher: U32,
    title: U32,
    url: U32,
    note: U32,
    source_date: I32,
    from: I32,
    before: I32,
    territory: U16,
    confidence: u8,
    pad: u8,
});
row!(WaiverRow { value: I128, charges: Run, cites: Run, from: I32, before: I32, slot: U16, compare: u8, pad: u8 });
row!(AskRow { fact: U32, question: U32, cites: Run, assume: u8, pad: [u8; 3] });
row!(DisputeRow { key: U32, question: U32, readings: Run, cites: Run, default: U32 });
row!(ReadingRow { name: U32, says: U32, cites: Run });
row!(SchemeRow {
    key: U32,
    name: U32,
    short: U32,
    registration: U32,
    returns: U32,
    due: U32,
    note: U32,
    from: I32,
    before: I32,
    currency: U16,
    pad: U16,
    cites: Run,
});
row!(BoundRow { least: I128, most: I128, first: U64, last: U64, from: I32, before: I32, cites: Run });
row!(/// An edition: what is to be said of it, and the last day for which it was known to be the newest.
    EditionRow { authority: U32, number: U32, known_from: I32, note: U32, until: I32, sha256: [u8; 32] });
row!(SeriesRow {
    key: U32,
    name: U32,
    publisher: U32,
    url: U32,
    note: U32,
    base: U16,
    home: U16,
    rows: Run,
    edition: U32
});
row!(/// An exchange rate: one base is worth `rate`. Sorted by currency, then day.
    RateRow { rate: I128, day: I32, currency: U16, pad: U16 });
row!(PegRow { rate: I128, currency: U16, to: U16, from: I32, before: I32, source: U32 });
row!(/// A set of territories: a run of [`SetRow`].
    SetDirRow { rows: Run });
row!(/// One tariff measure, 32 bytes, two to a cache line.
MeasureRow {
    from: I32, before: I32,
    /// Digits 7 to 12 as a number.
    suffix: U32,
    /// Set of origins; 0 is everywhere.
    origin: U16,
    /// Set of excepted origins; 0 is none.
    excluded: U16,
    kind: u8, digits: u8,
    /// Index into the sets of programmes; [`NO_ID`] is none.
    program: U16,
    /// A node, or with the top bit set a percentage in ten-thousandths of a percent; [`NONE`] where the note's outcome
    /// stands in its place.
    amount: U32,
    when: U32, note: U32,
});
row!(/// What is said about a measure, or about many alike.
MeasureNoteRow {
    cites: Run,
    additional_code: U32,
    order_number: U32,
    amount_text: U32,
    note: U32,
    says: U32,
    outcome: u8,
    pad: [u8; 3],
});
row!(/// Programmes that each give a measure: a run of [`ClaimRow`].
    ClaimDirRow { rows: Run });
row!(/// A programme that may be claimed: for goods of these origins, while it lasts.
    ClaimRow { program: U32, proof: U32, name: U32, origin: U16, pad: U16, from: I32, before: I32, cites: Run });
row!(/// Where the measures of one territory are that were published alike: `offsets` holds one number for each nomenclature
    /// id, and one more. `roots` are the amounts and conditions that its measures name, each once, with the days in which
    /// any does. For the three days see [`crate::record::edition::Edition`].
    TariffRow {
    territory: U16,
    pad: U16,
    offsets: U32,
    known_from: I32,
    history_from: I32,
    complete_from: I32,
    roots: Run,
    claims: Run,
    limits: Run,
});
row!(RootRow { node: U32, from: I32, before: I32 });
row!(/// A six-digit code that an edition of the Harmonized System no longer has, from a day on, and what it became: `kids`.
    MovedRow { code: U32, edition: U32, newer: U32, from: I32, to: Run });
row!(/// Codes from `first` to the next row's: for all of them the same rungs of a program can be reached. `mask` is the first
    /// of the words that hold one bit for each rung of the program, all charges', the first in the lowest bit.
    AreaRow { first: U64, mask: U32 });
row!(/// That this is a slice of a ratebook: of which one, by its fingerprint, and since which day it has the exchange rates.
    SlicedRow { since: I32, of: [u8; 32] });
row!(/// A territory whose rules the whole ratebook has and this slice has not.
    LeftOutRow { territory: U16, pad: U16 });
row!(/// Addresses in `of` whose postcode has this form lie in `territory`.
    PostcodeRow { of: U16, territory: U16, form: U32 });
row!(/// Entry of the section table.
    SectionRow { id: U32, row: U32, offset: U64, bytes: U64, sha256: [u8; 32] });
row!(HeaderRow { magic: [u8; 8], version: U32, sections: U32, bytes: U64 });

/// Top bit of [`Node::aux`]: the condition is the same for every line of a consignment.
pub(crate) const UNIFORM: u8 = 1 << 7;
/// The same bit of an amount: it holds a flat sum above zero, so that the amount of two lines together is not the sum of
/// their amounts.
pub(crate) const HOLDS_FLAT: u8 = UNIFORM;

impl Node {
    /// The small argument.
    #[inline]
    pub(crate) const fn arg(&self) -> u8 {
        self.aux & !UNIFORM
    }
    /// Whether a condition is the same for every line, so that it is tested once for a consignment.
    #[inline]
    pub(crate) const fn is_uniform(&self) -> bool {
        self.aux & UNIFORM != 0
    }
    /// Whether an amount holds a flat sum.
    #[inline]
    pub(crate) const fn holds_flat(&self) -> bool {
        self.aux & HOLDS_FLAT != 0
    }
}

/// A measure's amount is a percentage written in place.
pub(crate) const INLINE_PERCENT: u32 = 1 << 31;

/// Operations of amount nodes.
pub(crate) mod op {
    pub(crate) const RELIEVED: u8 = 0;
    pub(crate) const FLAT: u8 = 1;
    pub(crate) const PERCENT: u8 = 2;
    pub(crate) const GROSS_UP: u8 = 3;
    pub(crate) const SPECIFIC: u8 = 4;
    pub(crate) const COMPONENT: u8 = 5;
    pub(crate) const BASE: u8 = 6;
    pub(crate) const CHARGE: u8 = 7;
    pub(crate) const TARIFF: u8 = 8;
    pub(crate) const SUM: u8 = 9;
    pub(crate) const LESS: u8 = 10;
    pub(crate) const TIMES: u8 = 11;
    pub(crate) const MAX: u8 = 12;
    pub(crate) const MIN: u8 = 13;
    pub(crate) const CLAMP: u8 = 14;
    pub(crate) const IF: u8 = 15;
    pub(crate) const BANDS: u8 = 16;
    pub(crate) const WHOLE_ITEMS: u8 = 17;
    pub(crate) const RATE: u8 = 18;
    pub(crate) const ROUND: u8 = 19;

    pub(crate) const ALWAYS: u8 = 32;
    pub(crate) const ALL: u8 = 33;
    pub(crate) const ANY: u8 = 34;
    pub(crate) const NOT: u8 = 35;
    pub(crate) const VALUE: u8 = 36;
    pub(crate) const IMPORTS: u8 = 37;
    pub(crate) const WEIGHT: u8 = 38;
    pub(crate) const QUANTITY: u8 = 39;
    pub(crate) const GOODS: u8 = 40;
    pub(crate) const ORIGIN: u8 = 41;
    pub(crate) const SHIPPED: u8 = 42;
    pub(crate) const SELLER: u8 = 43;
    pub(crate) const REGION: u8 = 44;
    pub(crate) const REGISTERED: u8 = 45;
    pub(crate) const BUYER: u8 = 46;
    pub(crate) const SALE: u8 = 47;
    pub(crate) const GIFT: u8 = 48;
    pub(crate) const CHANNEL: u8 = 49;
    pub(crate) const MODE: u8 = 50;
    pub(crate) const DECLARATION: u8 = 51;
    pub(crate) const FACT: u8 = 52;
    pub(crate) const CLAIMS: u8 = 53;
    pub(crate) const DOCUMENT: u8 = 54;
    pub(crate) const READING: u8 = 55;
    pub(crate) const TOOK: u8 = 56;

    /// Whether a node yields an amount; the others yield yes or no.
    pub(crate) const fn is_amount(op: u8) -> bool {
        op <= ROUND
    }
    pub(crate) const fn is_condition(op: u8) -> bool {
        op >= ALWAYS && op <= TOOK
    }
}

macro_rules! sections {
    ($($id:literal $field:ident : $type:ty),* $(,)?) => {
        /// All sections as slices.
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct Tables<'a> { $(pub(crate) $field: &'a [$type]),* }

        /// All sections as they are built.
        #[derive(Debug, Default)]
        pub(crate) struct Draft { $(pub(crate) $field: Vec<$type>),* }

        impl Draft {
            /// What was laid out so far, as a reader sees it.
            pub(crate) fn tables(&self) -> Tables<'_> {
                Tables { $($field: &self.$field),* }
            }
            /// Section id, row size and bytes of each section.
            pub(crate) fn sections(&self) -> Vec<(u32, usize, &[u8])> {
                vec![$(($id, size_of::<$type>(), self.$field.as_bytes())),*]
            }
        }

        /// Id and name of each section.
        pub(crate) const SECTION_NAMES: &[(u32, &str)] = &[$(($id, stringify!($field))),*];

        impl<'a> Tables<'a> {
            /// Casts every section; `find` gives a section's bytes.
            pub(crate) fn cast<E>(mut find: impl FnMut(u32, usize) -> Result<&'a [u8], E>, bad: impl Fn(u32) -> E) -> Result<Self, E> {
                Ok(Self { $($field: <[$type]>::ref_from_bytes(find($id, size_of::<$type>())?).map_err(|_| bad($id))?),* })
            }
        }
    };
}

sections! {
    1 strings: u8,
    2 texts: TextRow,
    3 currencies: CurrencyRow,
    4 territories: TerritoryRow,
    5 members: MemberRow,
    6 programs: ProgramRow,
    7 charges: ChargeRow,
    8 rungs: RungRow,
    9 nodes: Node,
    10 kids: U32,
    11 arms: ArmRow,
    12 slices: SliceRow,
    13 codes: CodeRow,
    14 sets: SetRow,
    15 set_dir: SetDirRow,
    16 facts: FactRow,
    17 waivers: WaiverRow,
    18 asks: AskRow,
    19 disputes: DisputeRow,
    20 readings: ReadingRow,
    21 schemes: SchemeRow,
    22 bounds: BoundRow,
    23 editions: EditionRow,
    24 series: SeriesRow,
    25 rates: RateRow,
    26 pegs: PegRow,
    27 headings: U32,
    28 subs: u8,
    29 tariffs: TariffRow,
    30 offsets: U32,
    31 measures: MeasureRow,
    32 measure_notes: MeasureNoteRow,
    33 claim_dir: ClaimDirRow,
    34 claims: ClaimRow,
    35 roots: RootRow,
    36 moved: MovedRow,
    37 order: U32,
    38 areas: AreaRow,
    39 masks: U64,
    40 sliced: SlicedRow,
    41 left_out: LeftOutRow,
    42 postcodes: PostcodeRow,
}

/// Sections from this one on are written only where they have rows: a ratebook without them is as good as before.
pub(crate) const FIRST_OPTIONAL: u32 = 40;

const _: () = assert!(size_of::<Node>() == 32);
const _: () = assert!(size_of::<MeasureRow>() == 32);
