//! The units in which specific amounts are charged and quantities measured.
//!
//! A unit is asked in one or more *base facts* that a trader can state (net kilograms, litres, items), and turned into
//! what the law counts by an exact fraction: 250 kg are 2.5 of `100 kg`. Facts stay apart where the law measures
//! different things: net, gross and drained kilograms are all mass, but none stands in for another. Where two facts are
//! named they multiply: `% vol hl` is alcoholic strength × hectolitres.
//!
//! Codes are those of TARIC (the EU and UK tariffs: three letters and at most one qualifier letter) and of UN/CEFACT
//! Recommendation 20. Where one code means different things in both, TARIC's meaning is taken: `KNS` is hydrogen
//! peroxide here, which Recommendation 20 calls `KHY`.
//!
//! Sources: the European Commission's list of supplementary units (Combined Nomenclature, 2026), the UK trade tariff's
//! measurement units (HMRC) and Recommendation 20. Corrected against the UK list: `TNEZ` is split in weight and sucrose as
//! `DTNZ` is; `MTQC` counts thousands; gross tonnage is a ship's size and not grams; `FC1X` is kept.
//!
//! ```
//! use tidewaiter::unit;
//! let unit = unit::find("DTN").ok_or("no such unit")?;
//! assert_eq!((unit.key, unit.facts), ("100 kg", &["kg"][..]));
//! assert_eq!(unit.quantity(&["250".parse()?])?.to_string(), "2.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::decimal::{Decimal, NumberError};
use schemars::JsonSchema;
use serde::Serialize;

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Dimension {
    /// Mass of the goods or of a part of them: net, gross, drained, dry matter, a named substance.
    Mass = 0,
    /// Volume.
    Volume = 1,
    /// Area.
    Area = 2,
    /// Length.
    Length = 3,
    /// A count of pieces.
    Count = 4,
    /// A count of pairs.
    Pairs = 5,
    /// Energy.
    Energy = 6,
    /// Electrical power.
    Power = 7,
    /// Mass of gemstones in metric carats, without their setting.
    Carat = 8,
    /// Alcoholic strength in percent by volume.
    AlcoholStrength = 9,
    /// Volume of pure alcohol.
    PureAlcohol = 10,
    /// Sucrose content in percent by weight.
    Sucrose = 11,
    /// The size of a ship, a number without unit.
    GrossTonnage = 12,
    /// Money other than the customs value: a retail price, a relief for each litre.
    Money = 13,
    /// A factor the authority states.
    Factor = 14,
    /// A product of facts of different dimensions.
    Compound = 15,
}

/// A unit of measurement.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unit {
    /// How it is written in an economy file: `100 kg`.
    pub key: &'static str,
    /// English name.
    pub name: &'static str,
    /// Codes of UN/CEFACT Recommendation 20, the preferred one first. Empty where it has none.
    pub unece: &'static [&'static str],
    /// Code and qualifier in TARIC or the UK tariff, joined: `DTNE`.
    pub taric: Option<&'static str>,
    /// What it measures.
    pub dimension: Dimension,
    /// The base facts to ask for, one or two; two multiply. Each is the key of a unit that is measured in itself.
    pub facts: &'static [&'static str],
    /// Product of the facts × `numerator` ÷ `denominator` = quantity in this unit. In lowest terms.
    pub numerator: u64,
    /// See `numerator`.
    pub denominator: u64,
}

impl Unit {
    /// The quantity in this unit, from the base facts in the order of [`Unit::facts`].
    ///
    /// # Errors
    /// [`NumberError`] if the result does not fit, or if there are not as many values as facts (a
    /// [`NumberError::Syntax`] that says so).
    ///
    /// ```
    /// # use tidewaiter::unit;
    /// let unit = unit::find("% vol hl").ok_or("no such unit")?;
    /// // 0.7 litres at 40 % vol
    /// assert_eq!(unit.quantity(&["40".parse()?, "0.7".parse()?])?.to_string(), "0.28");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quantity(&self, facts: &[Decimal]) -> Result<Decimal, NumberError> {
        if facts.len() != self.facts.len() {
            let text = format!("{} values", facts.len());
            return Err(NumberError::Syntax { text, hint: "; give one value for each base fact of the unit" });
        }
        let mut product = Decimal::ONE;
        for fact in facts {
            product = product.times(*fact)?;
        }
        product.scaled(self.numerator(), self.denominator())
    }

    /// [`Unit::numerator`] as a number to compute with.
    ///
    /// ```
    /// # use tidewaiter::unit;
    /// // 3 EUR per 100 kg are 0.03 EUR for each of the fact, kg.
    /// let unit = unit::find("100 kg").ok_or("no such unit")?;
    /// let each: tidewaiter::Decimal = "3".parse()?;
    /// assert_eq!(each.scaled(unit.numerator(), unit.denominator())?.to_string(), "0.03");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn numerator(&self) -> Decimal {
        whole(self.numerator)
    }

    /// [`Unit::denominator`] as a number to compute with, never zero.
    ///
    /// ```
    /// # use tidewaiter::unit;
    /// assert_eq!(unit::find("dozen").map(|unit| unit.denominator().to_string()).as_deref(), Some("12"));
    /// ```
    pub fn denominator(&self) -> Decimal {
        whole(self.denominator)
    }

    /// Whether it is measured in itself, so that its key is the name of a base fact.
    ///
    /// ```
    /// # use tidewaiter::unit;
    /// assert!(unit::find("kg").is_some_and(|unit| unit.is_base()));
    /// assert!(unit::find("100 kg").is_some_and(|unit| !unit.is_base()));
    /// ```
    pub fn is_base(&self) -> bool {
        self.facts == [self.key]
    }

    /// The three-letter TARIC code and the qualifier, if any.
    ///
    /// ```
    /// # use tidewaiter::unit;
    /// assert_eq!(unit::find("DTNE").and_then(|unit| unit.taric_parts()), Some(("DTN", Some("E"))));
    /// ```
    pub fn taric_parts(&self) -> Option<(&'static str, Option<&'static str>)> {
        let (code, qualifier) = self.taric?.split_at_checked(3)?;
        Some((code, Some(qualifier).filter(|text| !text.is_empty())))
    }

    /// Every way to write it: the key, the TARIC code, the Recommendation 20 codes.
    ///
    /// ```
    /// # use tidewaiter::unit;
    /// let spellings: Vec<_> = unit::find("t").into_iter().flat_map(|unit| unit.spellings()).collect();
    /// assert_eq!(spellings, ["t", "TNE"]);
    /// ```
    pub fn spellings(&self) -> impl Iterator<Item = &'static str> + '_ {
        let codes = self.taric.into_iter().chain(self.unece.iter().copied().filter(|code| Some(*code) != self.taric));
        std::iter::once(self.key).chain(codes.filter(|code| *code != self.key))
    }
}

/// A whole number as a [`Decimal`].
fn whole(number: u64) -> Decimal {
    Decimal::from_units(Decimal::ONE.units() * i128::from(number))
}

/// All units, base units of each group first.
///
/// ```
/// assert!(tidewaiter::unit::all().iter().any(|unit| unit.key == "1000 items"));
/// ```
pub fn all() -> &'static [Unit] {
    UNITS
}

/// The unit of a key or code. Keys are case-sensitive (`t`, `TJ`); TARIC codes and Recommendation 20 codes of three
/// letters or more may be written in small letters.
///
/// ```
/// # use tidewaiter::unit;
/// assert_eq!(unit::find("KGM"), unit::find("kg"));
/// assert_eq!(unit::find("asv"), unit::find("% vol"));
/// assert_eq!(unit::find("kilo"), None);
/// ```
pub fn find(key: &str) -> Option<&'static Unit> {
    spelling(key).map(|(unit, _)| unit)
}

/// The unit of a key or code, and the exact spelling: `asv` gives `ASV`.
///
/// ```
/// # use tidewaiter::unit;
/// assert_eq!(unit::spelling("dtne").map(|(unit, text)| (unit.key, text)), Some(("100 kg drained", "DTNE")));
/// ```
pub fn spelling(key: &str) -> Option<(&'static Unit, &'static str)> {
    let among = |same: &dyn Fn(&str) -> bool| {
        UNITS.iter().find_map(|unit| unit.spellings().find(|text| same(text)).map(|text| (unit, text)))
    };
    among(&|text| text == key).or_else(|| among(&|text| is_long_code(text) && text.eq_ignore_ascii_case(key)))
}

/// Capital letters and digits, three or more: a code that cannot be mistaken when written small.
fn is_long_code(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The known unit that was most likely meant, for a hint; `None` if none is near.
///
/// ```
/// # use tidewaiter::unit;
/// assert_eq!(unit::nearest("litres").map(|unit| unit.key), Some("l"));
/// assert_eq!(unit::nearest("100kg").map(|unit| unit.key), Some("100 kg"));
/// assert_eq!(unit::nearest("parsec"), None);
/// ```
pub fn nearest(key: &str) -> Option<&'static Unit> {
    let wanted = key.trim();
    if wanted.is_empty() || wanted.len() > 40 {
        return None;
    }
    let small = wanted.to_lowercase();
    let compact = |text: &str| text.to_lowercase().replace(' ', "");
    let other_word = OTHER_WORDS.iter().find(|(word, _)| compact(word) == compact(&small)).map(|(_, unit)| *unit);
    if let Some(unit) = other_word.and_then(find) {
        return Some(unit);
    }
    let singular = compact(&small);
    let singular = singular.strip_suffix('s').unwrap_or(&singular);
    if let Some(unit) = UNITS.iter().find(|unit| {
        let key = compact(unit.key);
        key == compact(&small) || key.strip_suffix('s').unwrap_or(&key) == singular
    }) {
        return Some(unit);
    }
    // One slip, or two in a longer key; codes are too alike for two.
    let most = |text: &str| if wanted.len() < 4 || is_long_code(text) { 1 } else { 2 };
    let spellings = UNITS.iter().flat_map(|unit| unit.spellings().map(move |text| (unit, text)));
    spellings
        .map(|(unit, text)| (unit, text, distance(&compact(text), &compact(&small))))
        .filter(|(_, text, distance)| *distance <= most(text) && *distance < text.len())
        .min_by_key(|(_, _, distance)| *distance)
        .map(|(unit, _, _)| unit)
}

/// Whether a quantity in one unit is exactly known from one in the other: they ask for the same facts.
///
/// Two units of mass are not always compatible: drained and gross kilograms are different facts.
///
/// ```
/// # use tidewaiter::unit::{compatible, find};
/// let (Some(kg), Some(tonne), Some(gross)) = (find("kg"), find("t"), find("kg gross")) else { unreachable!() };
/// assert!(compatible(kg, tonne));
/// assert!(!compatible(kg, gross) && kg.dimension == gross.dimension);
/// ```
pub fn compatible(a: &Unit, b: &Unit) -> bool {
    a.facts == b.facts
}

/// Letters to change, add or drop to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

/// What people write instead, for [`nearest`] only: one way to write a unit keeps files alike.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("kilo", "kg"),
    ("kilos", "kg"),
    ("kgs", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("kilogramme", "kg"),
    ("kilogrammes", "kg"),
    ("gram", "g"),
    ("grams", "g"),
    ("gramme", "g"),
    ("ton", "t"),
    ("tons", "t"),
    ("tonne", "t"),
    ("tonnes", "t"),
    ("1000 kg", "t"),
    ("1 kg", "kg"),
    ("pound", "lb"),
    ("pounds", "lb"),
    ("lbs", "lb"),
    ("litre", "l"),
    ("litres", "l"),
    ("liter", "l"),
    ("liters", "l"),
    ("hectolitre", "hl"),
    ("hectolitres", "hl"),
    ("hectoliter", "hl"),
    ("100 l", "hl"),
    ("100 litres", "hl"),
    ("kl", "1000 l"),
    ("l pure alcohol", "l alcohol"),
    ("litre of pure alcohol", "l alcohol"),
    ("alcohol", "l alcohol"),
    ("abv", "% vol"),
    ("%", "% vol"),
    ("bbl", "barrel"),
    ("m²", "m2"),
    ("sqm", "m2"),
    ("m³", "m3"),
    ("cbm", "m3"),
    ("metre", "m"),
    ("metres", "m"),
    ("meter", "m"),
    ("piece", "item"),
    ("pieces", "item"),
    ("pcs", "item"),
    ("pc", "item"),
    ("unit", "item"),
    ("units", "item"),
    ("each", "item"),
    ("article", "item"),
    ("no.", "item"),
    ("hundred", "100 items"),
    ("thousand", "1000 items"),
    ("pa", "pair"),
    ("prs", "pair"),
    ("prs.", "pair"),
    ("doz", "dozen"),
    ("doz.", "dozen"),
    ("carat", "ct"),
    ("carats", "ct"),
    ("1000 kWh", "MWh"),
    ("watt", "W"),
    ("watts", "W"),
];

/// One row of the table. `facts × numerator ÷ denominator` is the quantity.
const fn row(
    key: &'static str,
    name: &'static str,
    (taric, unece): (Option<&'static str>, &'static [&'static str]),
    dimension: Dimension,
    facts: &'static [&'static str],
    (numerator, denominator): (u64, u64),
) -> Unit {
    Unit { key, name, unece, taric, dimension, facts, numerator, denominator }
}

use Dimension::{
    AlcoholStrength, Area, Carat, Compound, Count, Energy, Factor, GrossTonnage, Length, Mass, Money, Pairs, Power,
    PureAlcohol, Sucrose, Volume,
};

/// One of the fact is one of the unit.
const WHOLE: (u64, u64) = (1, 1);
const HUNDREDTH: (u64, u64) = (1, 100);
const THOUSANDTH: (u64, u64) = (1, 1000);

#[rustfmt::skip]
static UNITS: &[Unit] = &[
    // Net mass.
    row("kg", "kilogram", (Some("KGM"), &["KGM"]), Mass, &["kg"], WHOLE),
    row("100 kg", "100 kilograms", (Some("DTN"), &["DTN"]), Mass, &["kg"], HUNDREDTH),
    row("t", "tonne (1,000 kg)", (Some("TNE"), &["TNE"]), Mass, &["kg"], THOUSANDTH),
    row("g", "gram", (Some("GRM"), &["GRM"]), Mass, &["kg"], (1000, 1)),
    // 1 lb = 0.45359237 kg exactly (international agreement of 1959).
    row("lb", "pound", (None, &["LBR"]), Mass, &["kg"], (100_000_000, 45_359_237)),
    // Mass with the packing.
    row("kg gross", "kilogram, gross", (Some("KGMG"), &["E4"]), Mass, &["kg gross"], WHOLE),
    row("100 kg gross", "100 kilograms, gross", (Some("DTNG"), &[]), Mass, &["kg gross"], HUNDREDTH),
    // Mass without the liquid.
    row("kg drained", "kilogram, drained net weight", (Some("KGME"), &["KDW"]), Mass, &["kg drained"], WHOLE),
    row("100 kg drained", "100 kilograms, drained net weight", (Some("DTNE"), &[]), Mass, &["kg drained"], HUNDREDTH),
    row("t drained", "tonne, drained net weight", (Some("TNEE"), &[]), Mass, &["kg drained"], THOUSANDTH),
    // Live animals.
    row("kg live", "kilogram live weight", (None, &[]), Mass, &["kg live"], WHOLE),
    row("100 kg live", "100 kilograms live weight", (Some("DTNL"), &[]), Mass, &["kg live"], HUNDREDTH),
    // Dry matter.
    row("kg dry matter", "kilogram of dry matter", (None, &[]), Mass, &["kg dry matter"], WHOLE),
    row("100 kg dry matter", "100 kilograms of dry matter", (Some("DTNM"), &[]), Mass, &["kg dry matter"], HUNDREDTH),
    row("t dry matter", "tonne of dry matter", (Some("TNEM"), &[]), Mass, &["kg dry matter"], THOUSANDTH),
    // Mass referred to a standard quality.
    row("kg standard quality", "kilogram of the standard quality", (None, &[]), Mass, &["kg standard quality"], WHOLE),
    row("100 kg standard quality", "100 kilograms of the standard quality", (Some("DTNR"), &[]), Mass, &["kg standard quality"], HUNDREDTH),
    row("t standard quality", "tonne of the standard quality", (Some("TNER"), &[]), Mass, &["kg standard quality"], THOUSANDTH),
    // Mass of a named part or product.
    row("kg raw sugar", "kilogram of raw sugar", (Some("KGMS"), &[]), Mass, &["kg raw sugar"], WHOLE),
    row("100 kg raw sugar", "100 kilograms of raw sugar", (Some("DTNS"), &[]), Mass, &["kg raw sugar"], HUNDREDTH),
    row("kg common wheat", "kilogram of common wheat", (None, &[]), Mass, &["kg common wheat"], WHOLE),
    row("100 kg common wheat", "100 kilograms of common wheat", (Some("DTNF"), &[]), Mass, &["kg common wheat"], HUNDREDTH),
    row("kg lactic matter", "kilogram of lactic matter", (Some("KGMP"), &[]), Mass, &["kg lactic matter"], WHOLE),
    row("kg dry lactic matter", "kilogram of dry lactic matter", (Some("KGMT"), &[]), Mass, &["kg dry lactic matter"], WHOLE),
    row("kg total alcohol", "kilogram, total alcohol", (Some("KGMA"), &[]), Mass, &["kg total alcohol"], WHOLE),
    row("kg biodiesel", "kilogram of biodiesel content", (None, &[]), Mass, &["kg biodiesel"], WHOLE),
    row("t biodiesel", "tonne of biodiesel content", (Some("TNEI"), &[]), Mass, &["kg biodiesel"], THOUSANDTH),
    row("kg fuel content", "kilogram of fuel content", (None, &[]), Mass, &["kg fuel content"], WHOLE),
    row("t fuel content", "tonne of fuel content", (Some("TNEJ"), &[]), Mass, &["kg fuel content"], THOUSANDTH),
    row("kg bioethanol", "kilogram of bioethanol content", (None, &[]), Mass, &["kg bioethanol"], WHOLE),
    row("t bioethanol", "tonne of bioethanol content", (Some("TNEK"), &[]), Mass, &["kg bioethanol"], THOUSANDTH),
    row("kg choline chloride", "kilogram of choline chloride", (Some("KCC"), &["KCC"]), Mass, &["kg choline chloride"], WHOLE),
    row("kg dihydrostreptomycin", "kilogram of dihydrostreptomycin", (Some("DHS"), &[]), Mass, &["kg dihydrostreptomycin"], WHOLE),
    row("kg H2O2", "kilogram of hydrogen peroxide", (Some("KNS"), &["KHY"]), Mass, &["kg H2O2"], WHOLE),
    row("kg K2O", "kilogram of potassium oxide", (Some("KPO"), &["KPO"]), Mass, &["kg K2O"], WHOLE),
    row("kg KOH", "kilogram of potassium hydroxide (caustic potash)", (Some("KPH"), &["KPH"]), Mass, &["kg KOH"], WHOLE),
    row("kg methylamines", "kilogram of methylamines", (Some("KMA"), &["KMA"]), Mass, &["kg methylamines"], WHOLE),
    row("kg N", "kilogram of nitrogen", (Some("KNI"), &["KNI"]), Mass, &["kg N"], WHOLE),
    row("kg NaOH", "kilogram of sodium hydroxide (caustic soda)", (Some("KSH"), &["KSH"]), Mass, &["kg NaOH"], WHOLE),
    row("kg P2O5", "kilogram of diphosphorus pentaoxide", (Some("KPP"), &["KPP"]), Mass, &["kg P2O5"], WHOLE),
    row("kg 90 % dry", "kilogram of substance 90 % dry", (Some("KSD"), &["KSD"]), Mass, &["kg 90 % dry"], WHOLE),
    row("kg U", "kilogram of uranium", (Some("KUR"), &["KUR"]), Mass, &["kg U"], WHOLE),
    row("kg KCl", "kilogram of potassium chloride", (None, &[]), Mass, &["kg KCl"], WHOLE),
    row("t KCl", "tonne of potassium chloride", (Some("KCL"), &[]), Mass, &["kg KCl"], THOUSANDTH),
    row("kg polarised", "kilogram, corrected according to polarisation", (None, &[]), Mass, &["kg polarised"], WHOLE),
    row("10 t polarised", "decatonne (10,000 kg), corrected according to polarisation", (Some("DAP"), &[]), Mass, &["kg polarised"], (1, 10_000)),
    // Of the Harmonized Tariff Schedule of the United States: chapters 5, 7, 17, 20, 26, 28, 29, 51, 72, 78 and 81.
    row("kg clean", "clean kilogram of wool or hair", (None, &[]), Mass, &["kg clean"], WHOLE),
    row("kg with container", "kilogram, the immediate container included", (None, &[]), Mass, &["kg with container"], WHOLE),
    row("t with container", "tonne, the immediate container included", (None, &[]), Mass, &["kg with container"], THOUSANDTH),
    row("kg entire contents", "kilogram of the entire contents of the container, liquid included", (None, &[]), Mass, &["kg entire contents"], WHOLE),
    row("kg total sugars", "kilogram of total sugars", (None, &[]), Mass, &["kg total sugars"], WHOLE),
    row("kg morphine", "kilogram of anhydrous morphine content", (None, &[]), Mass, &["kg morphine"], WHOLE),
    row("kg copper", "kilogram of copper content", (None, &[]), Mass, &["kg copper"], WHOLE),
    row("kg lead", "kilogram of lead content", (None, &[]), Mass, &["kg lead"], WHOLE),
    row("kg zinc", "kilogram of zinc content", (None, &[]), Mass, &["kg zinc"], WHOLE),
    row("kg magnesium", "kilogram of magnesium content", (None, &[]), Mass, &["kg magnesium"], WHOLE),
    row("kg manganese", "kilogram of manganese content", (None, &[]), Mass, &["kg manganese"], WHOLE),
    row("kg molybdenum", "kilogram of molybdenum content", (None, &[]), Mass, &["kg molybdenum"], WHOLE),
    row("kg silicon", "kilogram of silicon content", (None, &[]), Mass, &["kg silicon"], WHOLE),
    row("kg tungsten", "kilogram of tungsten content", (None, &[]), Mass, &["kg tungsten"], WHOLE),
    row("g fissile isotopes", "gram of fissile isotopes", (Some("GFI"), &["GFI"]), Mass, &["g fissile isotopes"], WHOLE),
    row("t carrying capacity", "carrying capacity in metric tonnes", (Some("CCT"), &["CCT"]), Mass, &["t carrying capacity"], WHOLE),
    // Gems.
    row("ct", "metric carat (0.2 g)", (Some("CTM"), &["CTM"]), Carat, &["ct"], WHOLE),
    // Volume.
    row("l", "litre", (Some("LTR"), &["LTR"]), Volume, &["l"], WHOLE),
    row("hl", "hectolitre (100 litres)", (Some("HLT"), &["HLT"]), Volume, &["l"], HUNDREDTH),
    row("1000 l", "1,000 litres", (Some("KLT"), &["K6"]), Volume, &["l"], THOUSANDTH),
    row("m3", "cubic metre", (Some("MTQ"), &["MTQ"]), Volume, &["l"], THOUSANDTH),
    row("1000 m3", "1,000 cubic metres", (Some("MTQC"), &["R9"]), Volume, &["l"], (1, 1_000_000)),
    // 1 US barrel = 42 gallons of 231 cubic inches = 158.987294928 l exactly.
    row("barrel", "barrel (US, petroleum)", (None, &["BLL"]), Volume, &["l"], (62_500_000, 9_936_705_933)),
    // Alcohol.
    row("% vol", "alcoholic strength by volume, in percent", (Some("ASV"), &["ASU"]), AlcoholStrength, &["% vol"], WHOLE),
    row("l alcohol", "litre of pure (100 %) alcohol", (Some("LPA"), &["LPA"]), PureAlcohol, &["l alcohol"], WHOLE),
    row("l total alcohol", "litre, total alcohol", (Some("LTRA"), &[]), PureAlcohol, &["l total alcohol"], WHOLE),
    // A US proof litre is a litre at 50 % vol (Harmonized Tariff Schedule, chapter 22, additional US note).
    row("proof l", "proof litre (a litre at 50 % vol)", (None, &["PFL"]), PureAlcohol, &["l alcohol"], (2, 1)),
    row("% vol hl", "percent by volume and hectolitre", (Some("ASVX"), &[]), Compound, &["% vol", "l"], HUNDREDTH),
    // Sugar.
    row("% sucrose", "percent of sucrose by weight, other sugars expressed as sucrose", (Some("BRX"), &[]), Sucrose, &["% sucrose"], WHOLE),
    row("100 kg % sucrose", "100 kilograms and percent of sucrose", (Some("DTNZ"), &[]), Compound, &["kg", "% sucrose"], HUNDREDTH),
    row("t % sucrose", "tonne and percent of sucrose", (Some("TNEZ"), &[]), Compound, &["kg", "% sucrose"], THOUSANDTH),
    // Degrees of the polarimeter, for raw sugar in the United States schedule, heading 1701.
    row("sugar degree", "polarimetric degree of sugar", (None, &[]), Sucrose, &["sugar degree"], WHOLE),
    row("kg sugar degree", "kilogram and polarimetric degree of sugar", (None, &[]), Compound, &["kg", "sugar degree"], WHOLE),
    // Counts.
    row("item", "item", (Some("NAR"), &["NAR", "C62", "H87", "EA"]), Count, &["item"], WHOLE),
    row("100 items", "100 items", (Some("CEN"), &["CEN"]), Count, &["item"], HUNDREDTH),
    row("1000 items", "1,000 items", (Some("MIL"), &["MIL", "T3"]), Count, &["item"], THOUSANDTH),
    row("dozen", "dozen", (None, &["DZN", "DPC"]), Count, &["item"], (1, 12)),
    row("12 dozen", "gross (144 items)", (None, &["GRO"]), Count, &["item"], (1, 144)),
    row("container", "immediate container", (None, &[]), Count, &["container"], WHOLE),
    row("12 dozen containers", "gross (144) of immediate containers", (None, &[]), Count, &["container"], (1, 144)),
    row("pack", "pack (of playing cards)", (None, &[]), Count, &["pack"], WHOLE),
    row("jewel", "jewel of a watch or clock movement", (None, &[]), Count, &["jewel"], WHOLE),
    row("cell", "cell", (Some("NCL"), &["NCL"]), Count, &["cell"], WHOLE),
    row("items in flask", "number of items per flask", (Some("NARB"), &[]), Count, &["items in flask"], WHOLE),
    row("pair", "pair", (Some("NPR"), &["PR", "NPR"]), Pairs, &["pair"], WHOLE),
    row("1000 pairs", "1,000 pairs", (Some("MPR"), &[]), Pairs, &["pair"], THOUSANDTH),
    row("dozen pairs", "dozen pairs", (None, &["DPR"]), Pairs, &["pair"], (1, 12)),
    // Length and area.
    row("m", "metre", (Some("MTR"), &["MTR"]), Length, &["m"], WHOLE),
    row("100 m", "100 metres", (Some("HMT"), &["HMT", "JPS"]), Length, &["m"], HUNDREDTH),
    row("km", "kilometre", (Some("KMT"), &["KMT"]), Length, &["m"], THOUSANDTH),
    row("m2", "square metre", (Some("MTK"), &["MTK"]), Area, &["m2"], WHOLE),
    row("m2 recording surface", "square metre of recording surface", (None, &[]), Area, &["m2 recording surface"], WHOLE),
    // 40 lines are one inch; a button's size. United States schedule, heading 9606.
    row("button line", "line of a button's diameter (1/40 inch)", (None, &[]), Length, &["button line"], WHOLE),
    row("button line 12 dozen", "line and gross (144) of buttons", (None, &[]), Compound, &["button line", "item"], (1, 144)),
    // Energy and power. The terajoule is of gross calorific value, which electricity does not have.
    row("kWh", "kilowatt hour", (None, &["KWH"]), Energy, &["kWh"], WHOLE),
    row("MWh", "1,000 kilowatt hours", (Some("MWH"), &["MWH"]), Energy, &["kWh"], THOUSANDTH),
    row("TJ", "terajoule (gross calorific value)", (Some("TJO"), &["D30"]), Energy, &["TJ"], WHOLE),
    row("W", "watt", (Some("WAT"), &["WTT"]), Power, &["W"], WHOLE),
    // Ships.
    row("GT", "gross tonnage", (Some("GRT"), &[]), GrossTonnage, &["GT"], WHOLE),
    // Money. A relief for small producers (UK) is a discount for each litre of pure alcohol, stated by the trader.
    row("steel value", "value of the steel in the goods, in the currency of the economy", (None, &[]), Money, &["steel value"], WHOLE),
    row("aluminum value", "value of the aluminium in the goods, in the currency of the economy", (None, &[]), Money, &["aluminum value"], WHOLE),
    row("copper value", "value of the copper in the goods, in the currency of the economy", (None, &[]), Money, &["copper value"], WHOLE),
    row("domestic value", "value of the parts made in the country of import, in the currency of the economy", (None, &[]), Money, &["domestic value"], WHOLE),
    row("retail price", "retail price, in the currency of the economy", (Some("RET"), &[]), Money, &["retail price"], WHOLE),
    row("EUR", "euro (statistical surveillance)", (Some("EUR"), &[]), Money, &["EUR"], WHOLE),
    row("SPR", "small producer relief: discount for each litre of pure alcohol", (Some("SPR"), &[]), Money, &["SPR"], WHOLE),
    row("SPQ", "small producer relief × litres of pure alcohol", (Some("SPQ"), &[]), Compound, &["SPR", "l alcohol"], WHOLE),
    row("SPQLPA", "small producer relief × litres of pure alcohol", (Some("SPQLPA"), &[]), Compound, &["SPR", "l alcohol"], WHOLE),
    // The tariff splits the litres of pure alcohol again, into strength and hectolitres, which give the same number.
    row("SPQLTR", "small producer relief × litres of pure alcohol (strength × volume)", (Some("SPQLTR"), &[]), Compound, &["SPR", "l alcohol"], WHOLE),
    // The UK tariff names it "Factor" and asks for nothing more.
    row("FC1X", "factor", (Some("FC1X"), &[]), Factor, &["FC1X"], WHOLE),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The 72 keys of the UK tariff's measurement units (TARIC's own and a few of the UK's).
    const UK_KEYS: &str = "ASV ASVX BRX CCT CEN CTM DAP DHS DTN DTNE DTNF DTNG DTNL DTNM DTNR DTNS DTNZ EUR GFI GRM GRT \
        HLT HMT KCC KCL KGM KGMA KGME KGMG KGMP KGMS KGMT KLT KMA KMT KNI KNS KPH KPO KPP KSD KSH KUR LPA LTR LTRA MIL \
        MPR MTK MTQ MTQC MTR MWH NAR NARB NCL NPR RET SPQ SPQLPA SPQLTR SPR TJO TNE TNEE TNEI TNEJ TNEK TNEM TNER TNEZ WAT";

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn unit(key: &str) -> &'static Unit {
        find(key).unwrap_or_else(|| panic!("{key}"))
    }

    #[test]
    fn knows_all_72_uk_keys_and_the_one_it_dropped() {
        let keys: Vec<&str> = UK_KEYS.split_whitespace().collect();
        assert_eq!(keys.len(), 72);
        for key in keys {
            assert_eq!(unit(key).taric, Some(key), "{key}");
        }
        assert_eq!(unit("FC1X").taric, Some("FC1X"));
        let coded: Vec<&str> = all().iter().filter_map(|unit| unit.taric).collect();
        assert_eq!(coded.len(), 73, "no other code is claimed to be TARIC's");
    }

    /// Unit, asked in, and what one of the fact is, as the UK overlay has it (with the corrections of the module text).
    #[test]
    fn multipliers_are_those_of_the_tariff() {
        for (keys, facts, one) in [
            ("DTN", "kg", "0.01"),
            ("DTNE", "kg drained", "0.01"),
            ("DTNF", "kg common wheat", "0.01"),
            ("DTNG", "kg gross", "0.01"),
            ("DTNL", "kg live", "0.01"),
            ("DTNM", "kg dry matter", "0.01"),
            ("DTNR", "kg standard quality", "0.01"),
            ("DTNS", "kg raw sugar", "0.01"),
            ("TNE", "kg", "0.001"),
            ("TNEE", "kg drained", "0.001"),
            ("TNEI", "kg biodiesel", "0.001"),
            ("TNEJ", "kg fuel content", "0.001"),
            ("TNEK", "kg bioethanol", "0.001"),
            ("TNEM", "kg dry matter", "0.001"),
            ("TNER", "kg standard quality", "0.001"),
            ("GRM", "kg", "1000"),
            ("HLT", "l", "0.01"),
            ("KLT", "l", "0.001"),
            ("MTQ", "l", "0.001"),
            ("MTQC", "l", "0.000001"),
            ("CEN", "item", "0.01"),
            ("MIL", "item", "0.001"),
            ("MPR", "pair", "0.001"),
            ("HMT", "m", "0.01"),
            ("KMT", "m", "0.001"),
            ("MWH", "kWh", "0.001"),
            ("DAP", "kg polarised", "0.0001"),
            ("KCL", "kg KCl", "0.001"),
            ("PFL", "l alcohol", "2"),
        ] {
            let unit = unit(keys);
            assert_eq!(unit.facts, [facts], "{keys}");
            assert_eq!(unit.quantity(&[Decimal::ONE]).unwrap(), d(one), "{keys}");
        }
    }

    #[test]
    fn compound_units_multiply_their_facts() {
        let two = |key: &str, a: &str, b: &str| unit(key).quantity(&[d(a), d(b)]).unwrap().to_string();
        assert_eq!(two("ASVX", "40", "100"), "40");
        assert_eq!(two("DTNZ", "250", "60"), "150");
        assert_eq!(two("TNEZ", "2500", "60"), "150");
        assert_eq!(two("SPQ", "3", "12.5"), "37.5");
        assert_eq!(two("SPQLPA", "3", "12.5"), "37.5");
        assert_eq!(two("SPQLTR", "3", "12.5"), "37.5");
        assert!(unit("ASVX").quantity(&[Decimal::ONE]).is_err());
    }

    /// 40 % vol in one hectolitre is 40 of `% vol hl`, and 40 litres of pure alcohol.
    #[test]
    fn percent_and_hectolitre_is_litres_of_pure_alcohol() {
        let count = unit("% vol hl").quantity(&[d("40"), d("100")]).unwrap();
        let litres = d("100").times(d("0.40")).unwrap();
        assert_eq!(count, litres);
    }

    #[test]
    fn inexact_ratios_are_exact_at_the_whole() {
        assert_eq!(unit("barrel").quantity(&[d("158.987294928")]).unwrap(), Decimal::ONE);
        assert_eq!(unit("lb").quantity(&[d("0.45359237")]).unwrap(), Decimal::ONE);
        assert_eq!(unit("dozen").quantity(&[d("30")]).unwrap(), d("2.5"));
        assert_eq!(unit("GRO").quantity(&[d("288")]).unwrap(), d("2"));
    }

    #[test]
    fn every_fact_is_a_base_unit() {
        for unit in all() {
            assert!((1..=2).contains(&unit.facts.len()), "{}", unit.key);
            for fact in unit.facts {
                let base = all().iter().find(|base| base.key == *fact).unwrap_or_else(|| panic!("{fact}"));
                assert!(base.is_base(), "{fact}");
                assert_eq!((base.numerator, base.denominator), (1, 1));
                if unit.facts.len() == 1 {
                    assert_eq!(base.dimension, unit.dimension, "{}", unit.key);
                } else {
                    assert_eq!(unit.dimension, Compound, "{}", unit.key);
                }
            }
        }
    }

    #[test]
    fn fractions_are_in_lowest_terms() {
        for unit in all() {
            let (mut a, mut b) = (unit.numerator, unit.denominator);
            while b != 0 {
                (a, b) = (b, a % b);
            }
            assert_eq!(a, 1, "{}", unit.key);
        }
    }

    #[test]
    fn no_spelling_means_two_units() {
        let mut exact = BTreeSet::new();
        let mut small = BTreeMap::new();
        for unit in all() {
            for text in unit.spellings() {
                assert!(exact.insert(text), "{text} twice");
                assert_eq!(spelling(text), Some((unit, text)));
                if is_long_code(text) {
                    assert!(small.insert(text.to_lowercase(), text).is_none(), "{text} twice in small letters");
                }
            }
        }
        for key in all().iter().map(|unit| unit.key).filter(|key| !is_long_code(key)) {
            let other = small.get(&key.to_lowercase());
            assert!(other.is_none_or(|other| find(other) == find(key)), "{key}");
        }
    }

    #[test]
    fn keys_are_words_that_an_economy_file_can_hold() {
        for unit in all() {
            let words: Vec<&str> = unit.key.split(' ').collect();
            assert!(words.len() <= 4, "{}", unit.key);
            assert!(!words.contains(&"per"), "{}: a scope may follow a unit", unit.key);
            assert!(
                words
                    .iter()
                    .all(|word| *word == "%" || (!word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric())))
            );
        }
    }

    #[test]
    fn finds_documented_units() {
        for (key, code) in [
            ("kg", "KGM"),
            ("100 kg", "DTN"),
            ("t", "TNE"),
            ("g", "GRM"),
            ("l", "LTR"),
            ("hl", "HLT"),
            ("m3", "MTQ"),
            ("m2", "MTK"),
            ("m", "MTR"),
            ("item", "C62"),
            ("pair", "PR"),
            ("100 items", "CEN"),
            ("1000 items", "MIL"),
            ("ct", "CTM"),
            ("l alcohol", "LPA"),
            ("% vol hl", "ASVX"),
            ("MWh", "MWH"),
            ("TJ", "TJO"),
        ] {
            assert_eq!(unit(key), unit(code));
        }
        for none in ["", " ", "KG", "T", "Ct", "100kg", "kg ", "items", "kg\0"] {
            assert_eq!(find(none), None, "{none:?}");
        }
    }

    #[test]
    fn suggests_what_was_meant() {
        for (text, key) in [
            ("kilograms", "kg"),
            ("KG", "kg"),
            ("kgs", "kg"),
            ("tonnes", "t"),
            ("Litres", "l"),
            ("items", "item"),
            ("100 item", "100 items"),
            ("1000 item", "1000 items"),
            ("100kg", "100 kg"),
            ("1000kg", "t"),
            ("mwh", "MWh"),
            ("pairs", "pair"),
            ("m²", "m2"),
            ("pieces", "item"),
            ("DTNN", "100 kg"),
            ("%vol", "% vol"),
            ("alcohol", "l alcohol"),
        ] {
            assert_eq!(nearest(text).map(|unit| unit.key), Some(key), "{text}");
        }
        for none in ["", "parsec", "week", "consignment", "x".repeat(5000).as_str(), "дюжина"] {
            assert_eq!(nearest(none), None, "{none}");
        }
    }

    #[test]
    fn compatible_asks_for_the_same_facts() {
        assert!(compatible(unit("DTN"), unit("lb")));
        assert!(compatible(unit("m3"), unit("barrel")));
        assert!(!compatible(unit("item"), unit("pair")));
        assert!(!compatible(unit("kg"), unit("ct")));
        assert!(!compatible(unit("MWh"), unit("TJ")));
        assert!(!compatible(unit("% vol hl"), unit("l")));
    }
}
