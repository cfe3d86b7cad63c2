//! A drafted return written for others: in the shape that an authority published, as a document, as a table, with the sales behind it.
//!
//! | function | writes |
//! |---|---|
//! | [`published`] | the shape that the file of the scheme names under `[export]`, held against the rules of that shape |
//! | [`document`] | the return itself as JSON |
//! | [`figures()`] | CSV for an accountant, one row a figure |
//! | [`sales()`] | CSV of the sales, refunds and corrections behind it |
//! | `vendors()` | CSV of the sellers of an authority |
//!
//! Figures are taken from the return as they are: nothing is rounded again, and nothing is left out without a word. What a shape has no
//! place for is told in [`Published::told`]; where it would change what is owed, the return is refused with the reason. Nothing is sent.

pub(crate) mod cell;
mod ech_0217;
mod figures;
mod hmrc_oss;
mod hmrc_vat;
mod number;
mod particulars;
mod sales;
#[cfg(feature = "store")]
mod vendors;

pub use figures::figures;
pub use particulars::{Intermediary, Particulars, Reporting, Submission, TraderNumber};
pub use sales::sales;
#[cfg(feature = "store")]
pub use vendors::vendors;

use crate::definition::{Definition, Fault};
use crate::draft::Return;
use crate::event::RateType;
use std::fmt;
use std::str::FromStr;
use tidewaiter::Decimal;

/// A published shape of returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The message by which HM Revenue & Customs passes on a return of the Import One-Stop Shop.
    HmrcIossJson,
    /// The same for the Union One-Stop Shop.
    HmrcOssJson,
    /// The body of a VAT return of nine boxes, VAT (MTD) API 1.0 of HM Revenue & Customs.
    HmrcVatMtdJson,
    /// The file that the portal of the Swiss tax administration takes: eCH-0217, version 2.0.0.
    Ech0217,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::HmrcIossJson, Self::HmrcOssJson, Self::HmrcVatMtdJson, Self::Ech0217];

    /// The shape that the file of a scheme names.
    ///
    /// # Errors
    /// [`Refused::NoShape`] where it names none, [`Refused::UnknownShape`] where it names one that is not written here.
    pub fn of(definition: &Definition) -> Result<Self, Refused> {
        let rule = definition.export.as_ref();
        rule.ok_or_else(|| Refused::NoShape(definition.scheme.key.clone()))?.shape.parse()
    }

    /// Whether a return can be written in it at all: some shapes are those of one place of registration.
    pub fn is_for(self, made: &Return) -> bool {
        match self {
            Self::HmrcIossJson | Self::HmrcOssJson => made.member_state.as_deref() == Some(hmrc_oss::STATE),
            Self::HmrcVatMtdJson | Self::Ech0217 => true,
        }
    }

    /// Its name in the files of the schemes.
    pub fn key(self) -> &'static str {
        match self {
            Self::HmrcIossJson => "hmrc-ioss-json",
            Self::HmrcOssJson => "hmrc-oss-json",
            Self::HmrcVatMtdJson => "hmrc-vat-mtd-json",
            Self::Ech0217 => "ech-0217",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        if self == Self::Ech0217 { "application/xml" } else { "application/json" }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Shape {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        let found = Self::ALL.into_iter().find(|shape| shape.key() == text);
        found.ok_or_else(|| Refused::UnknownShape(text.chars().take(40).collect()))
    }
}

/// A return in a published shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The shape.
    pub shape: Shape,
    /// A name for the file, of scheme and period.
    pub file_name: String,
    /// The file, UTF-8.
    pub text: String,
    /// What the shape has no place for, a sentence each.
    pub told: Vec<String>,
}

/// Why a return was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The file of the scheme names no shape.
    #[error(
        "for the returns of {0} no published shape is known; write the document itself or the table of its figures"
    )]
    NoShape(String),
    /// The file of the scheme names a shape that is not written here.
    #[error("\"{0}\" is no shape that is written here; known are {known}", known = Shape::ALL.map(Shape::key).join(", "))]
    UnknownShape(String),
    /// The rules are those of another scheme.
    #[error("this is a return of {made}, and the rules are those of {rules}; give the rules of {made}")]
    OtherScheme {
        /// Scheme of the return.
        made: String,
        /// Scheme of the rules.
        rules: String,
    },
    /// Differences are no return of their own.
    #[error(
        "this amends the return {0}: it holds differences alone, and the published shape is written for whole returns only; enter the differences at the authority, or write the document itself"
    )]
    Amendment(String),
    /// A figure is not known.
    #[error("the return is not complete: {}", .0.join("; "))]
    Incomplete(Vec<String>),
    /// The shape does not take it.
    #[error("the return does not fit the shape: {}", .0.iter().map(|fault| format!("{}: {}", fault.at, fault.says)).collect::<Vec<_>>().join("; "))]
    Unfit(Vec<Fault>),
    /// Nothing could be written to where it was to go.
    #[error("the file could not be written: {0}")]
    NotWritten(String),
}

/// Writes a return in the shape that the file of its scheme names.
///
/// # Errors
/// [`Refused`]: a figure is not known, or something does not fit the shape; then all of that is named.
pub fn published(definition: &Definition, made: &Return, given: &Particulars) -> Result<Published, Refused> {
    if definition.scheme.key != made.scheme {
        return Err(Refused::OtherScheme { made: made.scheme.clone(), rules: definition.scheme.key.clone() });
    }
    let shape = Shape::of(definition)?;
    if let Some(document) = &made.amends {
        return Err(Refused::Amendment(document.clone()));
    }
    let owed = complete(made)?;
    let mut findings = Findings::default();
    let text = match shape {
        Shape::HmrcIossJson => hmrc_oss::written(made, given, hmrc_oss::Scheme::Import, owed, &mut findings),
        Shape::HmrcOssJson => hmrc_oss::written(made, given, hmrc_oss::Scheme::Union, owed, &mut findings),
        Shape::HmrcVatMtdJson => hmrc_vat::written(made, given, &mut findings),
        Shape::Ech0217 => ech_0217::written(definition, made, given, owed, &mut findings),
    };
    if !findings.faults.is_empty() {
        return Err(Refused::Unfit(findings.faults));
    }
    let text = text.map_err(Refused::NotWritten)?;
    if !made.warnings.is_empty() {
        let count = made.warnings.len();
        findings
            .tell(format!("Warnings of the draft are not in the file; it has {count}: read them before you send it."));
    }
    let ending = if shape == Shape::Ech0217 { "xml" } else { "json" };
    let file_name = format!("{}_{}.{ending}", made.scheme, made.period.to_string().replace('/', "_"));
    Ok(Published { shape, file_name, text, told: findings.told })
}

/// The return itself as JSON, with every figure, its exchange rates, warnings and sources. What is not known is absent and told under
/// `missing`.
///
/// # Errors
/// Never while memory is written to; kept so that nothing panics.
pub fn document(made: &Return) -> Result<String, Refused> {
    let mut text = serde_json::to_string_pretty(&made.clone().without_doubts())
        .map_err(|error| Refused::NotWritten(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// What is owed, where every figure is known.
fn complete(made: &Return) -> Result<Decimal, Refused> {
    let rows = made.rows.iter().all(|row| row.net.is_some() && row.tax.is_some());
    let boxes = made.boxes.iter().all(|one| one.value.is_some());
    let corrections = made.corrections.iter().all(|one| one.tax.is_some());
    if let Some(owed) = made.owed.filter(|_| rows && boxes && corrections && made.missing.is_empty()) {
        return Ok(owed);
    }
    let mut says = made.why_not();
    if says.is_empty() {
        says.push("a figure cannot be said; draft it again and look at its warnings".into());
    }
    Err(Refused::Incomplete(says))
}

/// What was found while a shape was filled.
#[derive(Default)]
struct Findings {
    faults: Vec<Fault>,
    told: Vec<String>,
}

impl Findings {
    fn wrong(&mut self, at: impl Into<String>, says: impl Into<String>) {
        self.faults.push(Fault { at: at.into(), says: says.into() });
    }

    fn tell(&mut self, sentence: impl Into<String>) {
        self.told.push(sentence.into());
    }

    /// Notes an amount with more than two decimals. Shapes take more digits before the point than any amount here has.
    fn cents(&mut self, at: &str, amount: Decimal) {
        if !number::fits(amount, 2) {
            self.wrong(
                at,
                format!(
                    "{amount} has more than two decimals; the shape takes no more, so the scheme must round its figures"
                ),
            );
        }
    }

    /// Notes a return in another currency than a shape has.
    fn currency(&mut self, made: &Return, wanted: &str) {
        if made.currency != wanted {
            self.wrong(
                "currency",
                format!(
                    "the shape has amounts in {wanted} alone, and this return is in {}; write the document itself or the table of its figures",
                    made.currency
                ),
            );
        }
    }
}

/// The name of a kind of rate, as files have it.
pub(crate) fn rate_type_name(kind: RateType) -> &'static str {
    match kind {
        RateType::Standard => "standard",
        RateType::Reduced => "reduced",
        RateType::Zero => "zero",
    }
}
