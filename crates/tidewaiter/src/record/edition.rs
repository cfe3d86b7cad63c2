//! Edition entries: what an official tariff, nomenclature or rate file becomes, one dated record a line.
//!
//! An edition file is NDJSON: one [`Entry`] a line, the first an [`Edition`] that says whose it is. It holds every fact
//! of the official file, also those that no quote computes with, so that nothing is lost on the way in.
//! `docs/formats/edition.md` explains every field; `tidewaiter schema edition` prints the JSON Schema.
//!
//! ```
//! use tidewaiter::record::edition::Entry;
//! let line = r#"{"measure":{"code":"610910","kind":"third-country","amount":"12 %","cites":["eu.cn.2026"]}}"#;
//! let entry: Entry = serde_json::from_str(line)?;
//! assert_eq!(serde_json::to_string(&entry)?, line);
//! # Ok::<(), serde_json::Error>(())
//! ```

use super::{DateText, Fact, Measure, Places, Rate, iso_date};
use crate::decimal::Decimal;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of an edition file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::large_enum_variant, reason = "nearly every entry is a measure, the large one")]
pub enum Entry {
    /// Whose edition this is: the first line, and only the first.
    Edition(Edition),
    /// A sourced statement that records cite.
    Fact(Fact),
    /// A group of territories, or one, under the authority's own code.
    Area(Area),
    /// A preference programme that a trader claims.
    Program(Program),
    /// A line of the nomenclature.
    Line(Line),
    /// What is levied or required on some goods of some origin.
    Measure(Measure),
    /// A class of a tax-rate table, by codes.
    Rate(Rate),
    /// A note, certificate, additional code, regulation, measure type or other coded text that measures refer to.
    Text(Text),
    /// A quota and its periods.
    Quota(Quota),
    /// A rule that decides where goods are made.
    OriginRule(OriginRule),
    /// What a code of one nomenclature edition is in another.
    Correlation(Correlation),
    /// An exchange rate.
    ExchangeRate(ExchangeRate),
}

/// Whose edition this is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Who published the official file: `USITC`, `HMRC`.
    pub authority: String,
    /// Territory whose records these are; absent for the world's (nomenclatures, exchange rates).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// ISO 4217 code in which measures without one are assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What it holds, in a few words.
    pub title: String,
    /// Importer that read it: `us-hts`, `taric3`, `uk-api`, `sheet`…
    pub format: String,
    /// Nomenclature of its codes: `HTS 2026`, `CN 2026`, `HS 2022`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nomenclature: Option<String>,
    /// First day on which it was published.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub known_from: Date,
    /// Licence of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// First day from which each record had been published when it took effect: an edition made of the revisions of some
    /// years. Such an edition answers what was known on a day of those years, although it was put together later.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub history_from: Option<Date>,
    /// Every line of the nomenclature stands in it with its duty for everyone, so that a code without one does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
    /// First day on which it is complete; that of `history_from` when absent, and all days without either.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub complete_from: Option<Date>,
    /// What it leaves out, in a sentence or two for a shopkeeper: shown with every quote that rests on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
    /// Files it was read from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<OfficialFile>,
}

/// A file that an edition was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficialFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its size in bytes, as read from disk.
    pub bytes: u64,
    /// SHA-256 of those bytes, in hexadecimal.
    pub sha256: String,
}

/// A group of territories, or one, under the authority's own code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The authority's code: `2020`, `1011`, `CN`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Territories in it, each while it is.
    #[serde(default)]
    pub members: Vec<AreaMember>,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
}

/// A territory in an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaMember {
    /// Code of `territories.toml`.
    pub territory: String,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
}

/// A preference programme. A measure that names it applies to goods of its origins on which it is claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// What is claimed: `us.AU`, `GSP`.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// Territories, or areas of this edition, whose goods may claim it. Several records of one key by dates are a history.
    pub origin: Places,
    /// What the trader must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// First day it may be claimed.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it may no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A line of a nomenclature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Digits of the code, without points.
    pub code: String,
    /// The suffix that tells lines of the same digits apart (TARIC `10`, `80`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Depth in the tree below the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indent: Option<u8>,
    /// Whether goods may be declared under it.
    #[serde(default)]
    pub declarable: bool,
    /// Units to be declared, keys of [`crate::unit`] where known, else the authority's text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// What it is, by language (ISO 639-1).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub description: BTreeMap<String, String>,
    /// Codes of the texts that apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<String>,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// More for the reader: what the file said that fits nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What the authority published about a measure, as published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// The authority's number for the measure (TARIC `measure sid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Measure type: TARIC `103`, `142`…
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub measure_type: Option<String>,
    /// Geographical area code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Legal base: regulation number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regulation: Option<String>,
    /// The duty, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The parts of the duty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Conditions, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<MeasureCondition>,
    /// Codes of footnotes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<String>,
    /// Reduction indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<u8>,
    /// Other fields of the official record, by their official names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

/// A part of a duty (TARIC measure component).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Duty expression: `01` (% or amount), `04` (+), `15` (MIN), `17` (MAX)…
    pub expression: String,
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// ISO 4217 code; absent for a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Measurement unit: `DTN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its qualifier: `E`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
}

/// A condition of a measure (TARIC measure condition).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureCondition {
    /// Condition code: `A`, `B`, `V`…
    pub code: String,
    /// Place in the order of the code's conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u32>,
    /// Action code: `01` apply the amount, `24` entry into free circulation allowed…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Document code: `N954`, `C123`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// Its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its unit's qualifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// The duty that the action applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// The duty or requirement, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a coded text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TextKind {
    /// A footnote.
    Footnote,
    /// A certificate, licence or other document.
    Certificate,
    /// An additional code: a company's, a recipe.
    AdditionalCode,
    /// A regulation.
    Regulation,
    /// A measure type.
    MeasureType,
    /// A duty expression.
    DutyExpression,
    /// A measurement unit or its qualifier.
    Unit,
    /// A condition code or action code.
    Condition,
    /// A legal note to a section, chapter or general note.
    Note,
    /// Something else of the authority's code lists.
    Other,
}

/// A coded text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What it is.
    pub kind: TextKind,
    /// Its code.
    pub code: String,
    /// What it says, by language (ISO 639-1).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub says: BTreeMap<String, String>,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Other fields of the official record, by their official names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

/// A quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Order number: `050006`.
    pub order_number: String,
    /// What it opens for one period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<Decimal>,
    /// What is left, as of the day of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Decimal>,
    /// Unit of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Open, critical, exhausted, blocked, suspended: as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// First day of the period.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day after it.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Other fields of the official record, by their official names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

/// A rule that decides where goods are made, or whether they qualify for a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginRule {
    /// Programme or law: `us.part102`, a UK scheme code.
    pub scheme: String,
    /// Codes, prefixes or ranges it is for; empty for all.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Heading as published, where it says more than the codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The rule, word for word.
    pub says: String,
    /// Class of the rule as published: `CTH`, `WO`, `MAXNOM`…
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Whether one of several alternatives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<u32>,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// Other fields of the official record, by their official names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

/// What a code of one nomenclature edition is in another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// Edition of the first code: `HS 2022`.
    pub from_edition: String,
    /// The code.
    pub from_code: String,
    /// Edition of the other.
    pub to_edition: String,
    /// The other code.
    pub to_code: String,
    /// Whether the file marks the whole of the first as part of the other (`1:1`, `n:1`), or only a part of it.
    #[serde(default)]
    pub relation: String,
}

/// An exchange rate: one unit of `base` is worth `rate` of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// Series: `ecb`, `hmrc-monthly`.
    pub series: String,
    /// ISO 4217.
    pub base: String,
    /// ISO 4217.
    pub currency: String,
    /// The rate.
    pub rate: Decimal,
    /// Day, or first day of the period.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub from: Date,
    /// First day after the period, where it is one.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
}
