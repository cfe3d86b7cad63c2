//! What a return is, as data: one file for each scheme under which sellers collect.
//!
//! Periods, due days, currency and exchange rate, rounding, rows or boxes, refunds, corrections, the number that is issued and what an
//! application asks for all stand in the file, each with the facts that it cites. The program knows none of them.

mod due;
mod figure;
mod period;
mod scope;

pub use due::{DayOfMonth, DayOff, DueDay, DueException};
pub use figure::{Figure, Of, Sum};
pub use period::{NoPeriod, Period};
pub use scope::{Below, Counts, IntermediaryRule, LimitRule, PerWhat, Side, TurnoverRule};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tidewaiter::record::Fact;
use tidewaiter::{Decimal, RoundingMode};

/// The rules of one scheme. `docs/formats/return-file.md` explains every field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name and who receives the returns.
    pub scheme: Head,
    /// What everything below rests on.
    #[serde(default)]
    pub fact: Vec<Fact>,
    /// How long a period is.
    pub period: PeriodRule,
    /// When a return is due.
    pub due: DueRule,
    /// When and how what is owed is paid.
    pub payment: PaymentRule,
    /// In which currency the return is, and at which rate others are converted.
    pub currency: CurrencyRule,
    /// How figures are rounded.
    pub rounding: RoundingRule,
    /// For returns of rows: what tells them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<RowsRule>,
    /// For returns of boxes: each, in its order.
    #[serde(default, rename = "box", skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<BoxRule>,
    /// Where refunds go.
    pub refunds: RefundRule,
    /// How past periods are set right.
    pub corrections: CorrectionRule,
    /// Who registers, where, and with which particulars.
    pub registration: RegistrationRule,
    /// When one must register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<ThresholdRule>,
    /// In which published shape a return can be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportRule>,
    /// What is not known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
}

/// Name of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its key, as the economy files have it: `eu.ioss`.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// Territory to which it belongs.
    pub territory: String,
    /// Who receives the returns.
    pub receives: String,
    /// Key of the identifier that a registered seller gets.
    pub number: String,
    /// Facts.
    pub cites: Vec<String>,
}

/// How long a period is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRule {
    /// Its length.
    pub is: Length,
    /// Month in which one of them begins, January is 1; nothing where they count from the month of registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<u8>,
    /// Other lengths that a seller may choose or be given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Length>,
    /// Facts.
    pub cites: Vec<String>,
}

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Length {
    /// One month.
    #[serde(rename = "month")]
    Month,
    /// Two months.
    #[serde(rename = "2 months")]
    TwoMonths,
    /// Three months.
    #[serde(rename = "quarter")]
    Quarter,
    /// Six months.
    #[serde(rename = "half year")]
    HalfYear,
    /// Twelve months.
    #[serde(rename = "year")]
    Year,
}

impl Length {
    /// In months.
    pub fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::TwoMonths => 2,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

impl PeriodRule {
    /// The period in which a day is, for a seller who registered on some day. Nothing at the end of the calendar.
    pub fn of(&self, day: Date, registered: Date) -> Option<Period> {
        let months = i32::from(self.is.months());
        let begins = self.begins.map_or(i32::from(registered.month()), i32::from);
        let into = (i32::from(day.month()) - begins).rem_euclid(months);
        let first = day.first_of_month().checked_sub(jiff::Span::new().months(into)).ok()?;
        Period::beginning(first, self.is.months()).ok()
    }
}

/// When a return is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRule {
    /// The day.
    pub by: DueDay,
    /// Whether one is due where nothing was sold.
    pub nil: bool,
    /// What happens when it is late, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// When and how what is owed is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRule {
    /// The day; that of the return when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DueDay>,
    /// What the payment says: `{member_state}/{number}/M{month}.{year}`. Nothing where it is not known: the authority tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The box that holds what is owed; nothing where it is the sum of rows and corrections.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// Less than this need not be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Decimal>,
    /// ISO 20022 code of the purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// In which currency a return is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRule {
    /// ISO 4217 letters.
    pub is: String,
    /// How amounts in other currencies are converted.
    pub rate: RateRule,
    /// Facts.
    pub cites: Vec<String>,
}

/// Which published exchange rate counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRule {
    /// Key of the series of exchange rates. Nothing where the seller says which rates were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Who publishes it, for people.
    pub published_by: String,
    /// The rate of which day.
    pub on: RateDay,
    /// Where none was published that day.
    #[serde(default, rename = "else")]
    pub or: OtherDay,
    /// Which other ways the law allows, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<String>,
}

/// The day whose exchange rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RateDay {
    /// The last day of the period in which the sale was.
    #[serde(rename = "last day of the period")]
    PeriodEnd,
    /// The day of the sale.
    #[serde(rename = "day of the sale")]
    Sale,
    /// The first day of the month of the sale: rates that are published for a month.
    #[serde(rename = "month of the sale")]
    Month,
}

/// Which rate counts where none was published on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OtherDay {
    /// The last one before.
    #[default]
    #[serde(rename = "day published before")]
    Before,
    /// The first one after.
    #[serde(rename = "next day published")]
    Next,
}

/// How figures of a return are rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingRule {
    /// How and to which step.
    pub is: Rounding,
    /// Where.
    pub stage: Stage,
    /// Facts.
    pub cites: Vec<String>,
}

/// What is rounded: everything before it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Each sale when it is converted.
    Sale,
    /// Each row of the return.
    Row,
    /// Each box of the return.
    Box,
}

/// A way of rounding, written `half-up 0.01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    /// Which way.
    pub mode: RoundingMode,
    /// To multiples of this.
    pub step: Decimal,
}

impl Rounding {
    /// The rounded number.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn apply(self, number: Decimal) -> Result<Decimal, tidewaiter::decimal::NumberError> {
        number.rounded(self.mode, self.step)
    }
}

impl std::fmt::Display for Rounding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mode = match self.mode {
            RoundingMode::HalfUp => "half-up",
            RoundingMode::HalfDown => "half-down",
            RoundingMode::HalfEven => "half-even",
            RoundingMode::Up => "up",
            RoundingMode::Down => "down",
        };
        write!(f, "{mode} {}", self.step)
    }
}

impl std::str::FromStr for Rounding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mode, step) =
            text.split_once(' ').ok_or_else(|| format!("\"{text}\" is no rounding; write: half-up 0.01"))?;
        let mode = match mode {
            "half-up" => RoundingMode::HalfUp,
            "half-down" => RoundingMode::HalfDown,
            "half-even" => RoundingMode::HalfEven,
            "up" => RoundingMode::Up,
            "down" => RoundingMode::Down,
            _ => return Err(format!("\"{mode}\" is none of half-up, half-down, half-even, up, down")),
        };
        match Decimal::parse_amount(step.trim()) {
            Ok(step) if !step.is_zero() => Ok(Self { mode, step }),
            _ => Err(format!("\"{step}\" is no step to round to; write a number above 0, such as 0.01")),
        }
    }
}

text_form!(Rounding);

/// For returns of rows: what tells one row from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsRule {
    /// What sales of one row have in common.
    pub by: Vec<RowKey>,
    /// Names of its two figures, for people.
    #[serde(default)]
    pub columns: Columns,
    /// Facts.
    pub cites: Vec<String>,
}

/// What may tell rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKey {
    /// The territory of the buyer.
    MemberState,
    /// The territory from which the goods were sent.
    DispatchedFrom,
    /// Standard or reduced.
    RateType,
    /// The rate itself.
    Rate,
}

/// Names of the figures of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Of what tax is reckoned on.
    pub net: String,
    /// Of the tax.
    pub tax: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self { net: "Taxable amount".into(), tax: "Tax".into() }
    }
}

/// A box of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxRule {
    /// Its number or letters.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What stands in it.
    pub is: Figure,
    /// Of which sales.
    #[serde(default)]
    pub of: Of,
    /// Of one rate alone: `15 %`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
    /// Where it is rounded in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Rounding>,
    /// Facts.
    #[serde(default)]
    pub cites: Vec<String>,
}

/// A rate, written `15 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub Decimal);

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl std::str::FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').map(str::trim_end).unwrap_or_default();
        Decimal::parse_amount(number).map(Self).map_err(|_| format!("\"{text}\" is no rate; write: 15 %"))
    }
}

text_form!(Percent);

/// Where refunds go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRule {
    /// How.
    pub are: Refunds,
    /// Facts.
    pub cites: Vec<String>,
}

/// What a refund changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refunds {
    /// The period of the sale: where its return is made already, by a correction.
    #[serde(rename = "corrections of the period of the sale")]
    Corrections,
    /// The period in which the money went back.
    #[serde(rename = "deducted in the period of the refund")]
    Deducted,
}

/// How past periods are set right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRule {
    /// Where.
    pub go: Corrections,
    /// How many months after the return of the period was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// Up to which amount of tax in one return, in its currency; above it the return of the past is amended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Decimal>,
    /// Whether what one territory owes the seller pays for what the seller owes another.
    #[serde(default = "yes")]
    pub set_off: bool,
    /// What happens where the return as a whole is below zero, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative_total: Option<String>,
    /// More for people: conditions, forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Where corrections stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Corrections {
    /// In a later return, apart from its own figures.
    #[serde(rename = "apart in a later return")]
    Apart,
    /// Among the figures of a later return.
    #[serde(rename = "among the figures of a later return")]
    Among,
    /// In an amended return of the period itself.
    #[serde(rename = "in an amended return")]
    Amended,
}

/// Who registers and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationRule {
    /// Who must or may.
    pub who: String,
    /// With whom.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Address of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How long it takes and what it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes: Option<String>,
    /// Where sellers are for whom it is.
    #[serde(default)]
    pub home: Side,
    /// From where the goods are sent.
    #[serde(default)]
    pub dispatch: Side,
    /// Territories besides its own and their members to which it reaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
    /// Pairs of places, from and to, between which its sales do not happen though they lie on the right sides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_between: Vec<[String; 2]>,
    /// Goods up to which value it is for; any where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitRule>,
    /// Who needs an intermediary or a representative; nobody where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediary: Option<IntermediaryRule>,
    /// What an application asks for.
    #[serde(default)]
    pub field: Vec<Field>,
    /// When a registration ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// A particular that an application asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What may stand in it.
    pub kind: FieldKind,
    /// Which identifier it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Whether an application without it is incomplete.
    #[serde(default)]
    pub required: bool,
    /// A word of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Words.
    #[serde(rename = "text")]
    Text,
    /// An e-mail address.
    #[serde(rename = "email")]
    Email,
    /// A telephone number.
    #[serde(rename = "phone")]
    Phone,
    /// Addresses of web sites.
    #[serde(rename = "url list")]
    Urls,
    /// ISO 3166 letters.
    #[serde(rename = "country")]
    Country,
    /// Street, place, postcode, country.
    #[serde(rename = "address")]
    Address,
    /// A day.
    #[serde(rename = "date")]
    Day,
    /// A number that has a shape.
    #[serde(rename = "identifier")]
    Identifier,
    /// Yes or no.
    #[serde(rename = "yes or no")]
    YesNo,
    /// Money.
    #[serde(rename = "amount")]
    Amount,
}

/// When one must register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdRule {
    /// Turnover of what, for people.
    pub of: String,
    /// Above so much; nothing where the first sale counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Decimal>,
    /// Whether reaching the amount is enough.
    #[serde(default)]
    pub or_equal: bool,
    /// Currency of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Within so many months up to a day. A calendar year where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u8>,
    /// Whether one must register then; else one may.
    pub must: bool,
    /// A second amount that must be passed too, such as the turnover of the whole world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world_over: Option<Decimal>,
    /// How turnover is compared with it.
    #[serde(default)]
    pub turnover: TurnoverRule,
    /// What holds below it; nothing where no source says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Below>,
    /// What passing it means, for people, where the scheme stays a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// A published shape of returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRule {
    /// Its name among the shapes that the program writes.
    pub shape: String,
    /// Facts.
    pub cites: Vec<String>,
}

/// Something that is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// What.
    pub what: String,
    /// What would settle it.
    pub settles: String,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: a path such as `box[2].is`, or line and column.
    pub at: String,
    /// What, and what to do.
    pub says: String,
}

impl Definition {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let read: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or_default());
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
            vec![Fault { at: format!("line {line}, column {column}"), says: error.message().to_owned() }]
        })?;
        let faults = read.faults();
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// The fact of a key.
    pub fn fact(&self, key: &str) -> Option<&Fact> {
        self.fact.iter().find(|fact| fact.key == key)
    }

    /// The due day of the payment for a period.
    pub fn payment_due(&self, period: Period) -> Date {
        self.payment.by.as_ref().unwrap_or(&self.due.by).of(period)
    }

    /// Whether a later return may still set a period right on some day. Where not, the return of the period is amended, or the territory asked.
    pub fn is_correctable(&self, period: Period, day: Date) -> bool {
        let until = |months: u16| self.due.by.of(period).saturating_add(jiff::Span::new().months(i64::from(months)));
        self.corrections.go != Corrections::Amended && self.corrections.months.is_none_or(|months| day <= until(months))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |at: String, says: String| faults.push(Fault { at, says });
        let mut keys = BTreeSet::new();
        for (n, fact) in self.fact.iter().enumerate() {
            if !keys.insert(fact.key.as_str()) {
                wrong(
                    format!("fact[{n}].key"),
                    format!("\"{}\" stands twice; each fact needs a key of its own", fact.key),
                );
            }
        }
        for (at, cites) in self.cited() {
            if cites.is_empty() {
                wrong(
                    format!("{at}.cites"),
                    "a rule without a source is not taken; name the fact that it rests on".into(),
                );
            }
            for cited in cites.iter().filter(|cited| !keys.contains(cited.as_str())) {
                wrong(format!("{at}.cites"), format!("there is no fact \"{cited}\" in this file"));
            }
        }
        if self.period.begins.is_some_and(|month| !(1..=12).contains(&month)) {
            wrong("period.begins".into(), "write a month from 1 to 12".into());
        }
        for currency in std::iter::once(&self.currency.is)
            .chain(self.threshold.iter().filter_map(|t| t.currency.as_ref()))
            .chain(self.registration.limit.iter().map(|limit| &limit.currency))
        {
            if !(currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase())) {
                wrong(
                    "currency.is".into(),
                    format!("\"{currency}\" is no currency; write three capital letters of ISO 4217"),
                );
            }
        }
        if let Some(limit) = &self.registration.limit
            && limit.up_to.is_some() == limit.tax_up_to.is_some()
        {
            wrong("registration.limit".into(), "give one of up_to and tax_up_to".into());
        }
        if self.threshold.as_ref().is_some_and(|rule| rule.over.is_some() != rule.currency.is_some()) {
            wrong("threshold.over".into(), "an amount and its currency go together".into());
        }
        if self.rows.is_none() && self.boxes.is_empty() {
            wrong("rows".into(), "a return has rows or boxes; give [rows] or [[box]]".into());
        }
        for (n, one) in self.boxes.iter().enumerate() {
            let before = self.boxes.get(..n).unwrap_or_default();
            if before.iter().any(|other| other.key == one.key) {
                wrong(format!("box[{n}].key"), format!("box {} stands twice", one.key));
            }
            for key in one.is.boxes().filter(|key| !before.iter().any(|other| other.key == *key)) {
                wrong(format!("box[{n}].is"), format!("there is no box {key} before it"));
            }
        }
        match &self.payment.figure {
            Some(key) if !self.boxes.iter().any(|one| one.key == *key) => {
                wrong("payment.box".into(), format!("there is no box {key}"));
            }
            None if self.rows.is_none() => wrong("payment.box".into(), "name the box that holds what is owed".into()),
            _ => {}
        }
        for (n, field) in self.registration.field.iter().enumerate() {
            if (field.kind == FieldKind::Identifier) != field.identifier.is_some() {
                wrong(
                    format!("registration.field[{n}]"),
                    "kind \"identifier\" and the key of the identifier go together".into(),
                );
            }
        }
        faults
    }

    /// Every rule with the facts that it cites.
    fn cited(&self) -> Vec<(String, &[String])> {
        let mut all: Vec<(String, &[String])> = vec![
            ("scheme".into(), &self.scheme.cites),
            ("period".into(), &self.period.cites),
            ("due".into(), &self.due.cites),
            ("payment".into(), &self.payment.cites),
            ("currency".into(), &self.currency.cites),
            ("rounding".into(), &self.rounding.cites),
            ("refunds".into(), &self.refunds.cites),
            ("corrections".into(), &self.corrections.cites),
            ("registration".into(), &self.registration.cites),
        ];
        let registration = &self.registration;
        all.extend(registration.limit.iter().map(|rule| ("registration.limit".into(), rule.cites.as_slice())));
        all.extend(
            registration.intermediary.iter().map(|rule| ("registration.intermediary".into(), rule.cites.as_slice())),
        );
        all.extend(self.rows.iter().map(|rule| ("rows".into(), rule.cites.as_slice())));
        all.extend(self.threshold.iter().map(|rule| ("threshold".into(), rule.cites.as_slice())));
        all.extend(self.export.iter().map(|rule| ("export".into(), rule.cites.as_slice())));
        all.extend(self.boxes.iter().enumerate().map(|(n, rule)| (format!("box[{n}]"), rule.cites.as_slice())));
        all
    }
}

impl Definition {
    /// What a payment for a period says. Nothing where the authority tells it, or where it needs the state of a seller whose state is not known.
    ///
    /// ```
    /// # let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/returns/eu.ioss.toml"))?;
    /// # let definition = tidewaiter_collect::Definition::read(&text).map_err(|faults| format!("{faults:?}"))?;
    /// let reference = definition.payment_reference("IM3720000012", Some("IE"), "2026-10".parse()?);
    /// assert_eq!(reference.as_deref(), Some("IE/IM3720000012/M10.2026"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payment_reference(&self, number: &str, member_state: Option<&str>, period: Period) -> Option<String> {
        let mut text = self.payment.reference.clone()?;
        if text.contains("{member_state}") {
            text = text.replace("{member_state}", member_state?);
        }
        let last = period.last();
        let quarter = (last.month() - 1) / 3 + 1;
        for (name, value) in [
            ("{number}", number.to_owned()),
            ("{year}", last.year().to_string()),
            ("{month}", format!("{:02}", last.month())),
            ("{quarter}", quarter.to_string()),
            ("{period}", period.to_string()),
            ("{period_end_ddmmyyyy}", last.strftime("%d%m%Y").to_string()),
        ] {
            text = text.replace(name, &value);
        }
        Some(text)
    }
}
