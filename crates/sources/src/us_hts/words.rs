//! The fixed words of rate texts: what may follow a number, on which part of the goods a percentage falls, and the
//! sentences that stand where a number could.

use tidewaiter::record::Verdict;

/// What a sum of money is counted by.
#[derive(Debug, PartialEq, Eq)]
pub struct Per {
    /// As the schedule writes it, from the sign that follows the number.
    pub written: &'static str,
    /// Key of [`tidewaiter::unit`], or none where no quantity of the goods decides it.
    pub unit: Option<&'static str>,
}

const fn per(written: &'static str, unit: &'static str) -> Per {
    Per { written, unit: Some(unit) }
}

/// All of them. A longer one stands before those it begins with.
pub static PERS: &[Per] = &[
    per("/kg on contents and container", "kg with container"),
    per("/kg, including weight of container", "kg with container"),
    per("/t, including weight of container", "t with container"),
    per("/kg on entire contents of container", "kg entire contents"),
    per("/kg on drained weight", "kg drained"),
    per("/kg on drained weght", "kg drained"), // as printed at one line of the 2025 basic edition
    per("/kg of total sugars", "kg total sugars"),
    per("/kg of anhydrous morphine content", "kg morphine"),
    per("/kg on copper content", "kg copper"),
    per("/kg on lead content", "kg lead"),
    per("/kg on zinc content", "kg zinc"),
    per("/kg on magnesium content", "kg magnesium"),
    per("/kg on manganese content", "kg manganese"),
    per("/kg on molybdenum content", "kg molybdenum"),
    per("/kg on silicon content", "kg silicon"),
    per("/kg on tungsten content", "kg tungsten"),
    per("/clean kg", "kg clean"),
    per("/kg", "kg"),
    per("/gross of immediate containers", "12 dozen containers"),
    per("/gross", "12 dozen"),
    per("/g", "g"),
    per("/thousand", "1000 items"),
    per("/t", "t"),
    per("/pf. liter on ethyl alcohol content", "proof l"),
    per("/pf. liter", "proof l"),
    per("/line/gross", "button line 12 dozen"),
    per("/lin. m", "m"),
    per("/liter", "l"),
    per("/bbl", "barrel"),
    per("/m2 of recording surface", "m2 recording surface"),
    per("/m2", "m2"),
    per("/m3", "m3"),
    per("/m", "m"),
    per("/1,000 pins", "1000 items"),
    per("/1,000", "1000 items"),
    per("/1000", "1000 items"),
    per("/doz.", "dozen"),
    per("/pr.", "pair"),
    per("/pack", "pack"),
    per("/head", "item"),
    per("/article", "item"),
    Per { written: "/jewel over 7", unit: None },
    per("/jewel", "jewel"),
    per(" each", "item"),
    Per {
        written: " for each other piece or part, but if consisting in part of a plate or a set of plates the total duty \
                  shall not exceed the duty for the complete movement",
        unit: None,
    },
];

/// On what a percentage falls, where the schedule says so.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// As the schedule writes it.
    pub written: &'static str,
    /// Whether it is the whole of the goods.
    pub whole: bool,
}

const fn part(written: &'static str) -> Part {
    Part { written, whole: false }
}

/// All of them. A longer one stands before those it begins with.
pub static PARTS: &[Part] = &[
    Part { written: "on the entire set", whole: true },
    Part { written: "on the full value of the imported article", whole: true },
    part("on the value of the lead content"),
    part("on the value of the rifle"),
    part("on the value of the telescopic sight, if any"),
    part("on the case and strap, band or bracelet"),
    part("on case and strap, band or bracelet"),
    part("on the case"),
    part("on the strap, band or bracelet"),
    part("on the movement and case"),
    part("on the movement"),
    part("on the battery"),
    part("on the apparatus"),
    part("upon the value of the steel content"),
    part("upon the value of the aluminum content"),
    part("upon the value of the copper content"),
    part("upon the value of the non-U.S. content"),
];

/// What a sentence in place of a number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// Chapter 99 leaves the duty of chapters 1 to 97 as it is.
    NoChange,
    /// Chapter 99 adds nothing.
    NoAdditionalDuty,
    /// A share of what the goods would cost at retail; the number is in percent.
    RetailShare,
    /// The duty of each piece, entered by itself.
    EachPiece,
    /// The highest duty among the pieces.
    HighestPiece,
    /// The duty of another provision.
    OtherProvision,
    /// A note of the chapter states it; notes are not in the export.
    ChapterNote,
    /// Free where the importer gives a bond.
    Bond,
    /// Free on terms of a note or of the Treasury.
    Terms,
    /// On a part of the value: repairs, processing, foreign content.
    PartValue,
    /// What was refunded on export.
    Returned,
    /// Another duty, less some percentage points.
    LessPoints,
    /// The preferential rate of another provision.
    PreferentialRate,
}

impl Meaning {
    /// A name for reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoChange => "no change of the other duty",
            Self::NoAdditionalDuty => "no additional duty",
            Self::RetailShare => "share of the retail value",
            Self::EachPiece => "rate of each piece by itself",
            Self::HighestPiece => "highest rate among the pieces",
            Self::OtherProvision => "rate of another provision",
            Self::ChapterNote => "rate in a note of the chapter",
            Self::Bond => "free under bond",
            Self::Terms => "free on terms of a note",
            Self::PartValue => "duty on a part of the value",
            Self::Returned => "returned goods",
            Self::LessPoints => "another rate less some points",
            Self::PreferentialRate => "preferential rate of another provision",
        }
    }

    /// The answer in place of an amount, and what to tell a shopkeeper; none where there is an amount.
    pub const fn verdict(self) -> Option<(Verdict, &'static str)> {
        Some(match self {
            Self::NoAdditionalDuty | Self::RetailShare => return None,
            Self::NoChange => (Verdict::Unknown, "The heading leaves the duty of the goods' own subheading as it is."),
            Self::EachPiece => (
                Verdict::FormalEntry,
                "Each piece pays the rate that it would pay by itself: enter the pieces as separate lines with their own codes and values.",
            ),
            Self::HighestPiece => (
                Verdict::FormalEntry,
                "The whole set pays the highest rate that one of its pieces would pay: look up each piece and take the highest.",
            ),
            Self::OtherProvision => (
                Verdict::Unknown,
                "The goods pay the rate of another provision: give the code of the provision that the text names.",
            ),
            Self::ChapterNote => (
                Verdict::Unknown,
                "The rate stands in a note of the chapter, which the export does not hold: read the note.",
            ),
            Self::Bond => (
                Verdict::FormalEntry,
                "Free only where the importer gives a bond for export or for the use that the note prescribes.",
            ),
            Self::Terms => (Verdict::FormalEntry, "Free only on the terms that the text or its note sets."),
            Self::PartValue => (
                Verdict::FormalEntry,
                "The duty falls on a part of the value only (repairs, processing, foreign content), which a customs entry must state.",
            ),
            Self::Returned => (
                Verdict::FormalEntry,
                "Goods that come back pay what was refunded when they left: a customs entry must state it.",
            ),
            Self::LessPoints => (
                Verdict::FormalEntry,
                "The rate is that of the subheading named, less some percentage points: a customs entry must state both.",
            ),
            Self::PreferentialRate => (
                Verdict::FormalEntry,
                "The rate is the preferential rate of another provision: give the code of that provision and claim it there.",
            ),
        })
    }
}

/// A sentence, with `{}` for each number in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words.
    pub written: &'static str,
    /// What it means.
    pub meaning: Meaning,
}

const fn says(written: &'static str, meaning: Meaning) -> Sentence {
    Sentence { written, meaning }
}

use Meaning::{
    Bond, ChapterNote, EachPiece, HighestPiece, LessPoints, NoAdditionalDuty, NoChange, OtherProvision, PartValue,
    PreferentialRate, RetailShare, Returned, Terms,
};

/// All of them. A longer one stands before those it begins with.
pub static SENTENCES: &[Sentence] = &[
    says("No change", NoChange),
    says("No additional duty", NoAdditionalDuty),
    says("{} percent of the fair retail value", RetailShare),
    says("{} percent of the cost of such goods or repairs", PartValue),
    says("{} percent of the cost of such parts or materials", PartValue),
    says("{} percent of the cost of such parts", PartValue),
    says("See additional U.S. note {}", ChapterNote),
    says("See U.S. note 3(e)", ChapterNote),
    says("See U.S. note 3 to this subchapter", ChapterNote),
    says("The rate applicable to each garment in the ensemble if separately entered", EachPiece),
    says("The rate applicable to each garment in the in the ensemble if separately entered", EachPiece),
    says("The rate applicable to each garment in the ensemble if entered separately", EachPiece),
    says("The rate applicable to each article in the absence of this subheading", EachPiece),
    says("The rate applicable, to each article in the absence of this subheading", EachPiece),
    says("The rate of duty applicable to that article in the set subject to the highest rate of duty", HighestPiece),
    says("The rate applicable to the natural juice in heading 2009", OtherProvision),
    says("The rate applicable to the article of which it is a part or accessory", OtherProvision),
    says("The rate applicable to the article of which it is an accessory", OtherProvision),
    says("The rate applicable to the complete, assembled movement", OtherProvision),
    // As printed at one line; the word "movement" is missing.
    says("The rate applicable to the complete, assembled", OtherProvision),
    says("The rate applicable in the absence of this subheading on the cost of such parts", PartValue),
    says("The rate applicable in the absence of this subheading", OtherProvision),
    says("The rate applicable in the absence of this heading", OtherProvision),
    says("The duty rate provided in such subheading minus {}%", LessPoints),
    says("The duty rate provided for originating goods of Korea in such subheading", PreferentialRate),
    says("The duty rate provided for originating goods of Colombia in such subheading", PreferentialRate),
    says("The rate provided for beneficiary countries in heading 9901.00.50", PreferentialRate),
    says("Free, under bond, as prescribed in U.S. note {} to this subchapter", Bond),
    says("Free, under bond", Bond),
    says("Free, under the terms of U.S. note 1(b) to this subchapter", Terms),
    says("Free, under the terms of U.S. note 1(c) to this subchapter", Terms),
    says("Free, for such temporary periods as the Secretary of the Treasury by regulation may prescribe", Terms),
    says("Free (See U.S. note 4 of this subchapter)", Terms),
    says("A duty upon the value of the repairs or alterations (see U.S. note 3 of this subchapter)", PartValue),
    says(
        "A duty upon the value of such processing outside the United States (see U.S. note 3 of this subchapter)",
        PartValue,
    ),
    says(
        "A duty upon the full value of the imported article, less the cost or value of such products of the United States \
         (see U.S. note 4 of this subchapter)",
        PartValue,
    ),
    says(
        "A duty upon the full value of the imported article less the value of fabrics, components or materials of the \
         United States (see U.S. note {} of this subchapter)",
        PartValue,
    ),
    says(
        "A duty upon the full value of the imported article less the value of fabrics, components or materials of the \
         United States (see U.S. note {} to this subchapter)",
        PartValue,
    ),
    says(
        "A duty equal to the duty upon the importation of like articles not previously exported, but in no case in excess of \
         the sum of (a) any customs drawback proved to have been allowed upon such exportation, and (b) the duty which would \
         have been payable on any articles used in the manufacture or production of such aircraft had they not been entered \
         and exported under heading 9813.00.05",
        Returned,
    ),
    says(
        "A duty (in lieu of any other duty or tax) equal to the sum of any duty and internal-revenue tax imposed upon the \
         importation of like articles not previously exported, but in no case in excess of the sum of (a) any customs \
         drawback proved to have been allowed upon such exportation of the article, and (b) any internal-revenue tax imposed, \
         at the time such article is entered, upon the importation of like articles not previously exported",
        Returned,
    ),
];
