//! A return made of the ledger. Every figure can be opened: to the amounts in the currencies of the sales, and from there to the sales.

mod collected;
mod figures;
mod rates;

pub(crate) use collected::limit;
pub use collected::{Collected, Missed, Part, rate_day};
pub use figures::{BoxFigure, Converted, CorrectionFigure, Key, RowFigure, StateBalance, Uncounted};
pub use rates::{NoRate, RateTaken, Rates};

use crate::definition::{Corrections, Definition, Period};
use crate::doubt::Look;
use crate::event::{Registration, is_nothing};
use crate::ledger::{Refused, Why};
use figures::Sums;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::Decimal;
use tidewaiter::record::{Confidence, Fact};

/// A return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Return {
    /// Version of this document.
    pub version: u8,
    /// Key of the scheme.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Number of the seller under it; nothing where none was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where the seller is registered, for schemes that many states share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_state: Option<String>,
    /// Its period.
    pub period: Period,
    /// Number of the return of that period which this one amends: its figures are differences, and are added to those sent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amends: Option<String>,
    /// The day by which it must be sent.
    #[schemars(with = "String")]
    pub due: Date,
    /// The day by which what is owed must be paid.
    #[schemars(with = "String")]
    pub pay_by: Date,
    /// Currency of all its figures.
    pub currency: String,
    /// Whether there is nothing to declare.
    pub nil: bool,
    /// Its rows, where it has rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowFigure>,
    /// Its boxes, where it has boxes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<BoxFigure>,
    /// What sets past periods right, where it stands apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<CorrectionFigure>,
    /// What is owed to each territory, for returns that tell them apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<StateBalance>,
    /// What is owed; below zero is to come back. Nothing where it cannot be said: `missing` says why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<Decimal>,
    /// What is paid of it, where that is not all: less than the least that is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_pay: Option<Decimal>,
    /// What comes back, where it is not set off against what is owed.
    #[serde(skip_serializing_if = "is_nothing")]
    pub back: Decimal,
    /// Tax for which it has no box. Then what is owed is not told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<Uncounted>,
    /// Exchange rates that were taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<RateTaken>,
    /// Exchange rates that are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<NoRate>,
    /// What the seller should know before it is sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Those of the warnings that are doubts. They name the seller's documents and are for the seller alone: a return is written without them.
    #[serde(skip)]
    #[schemars(skip)]
    pub doubts: Vec<String>,
    /// Lowest confidence of the rules.
    pub confidence: Confidence,
    /// What its rules rest on.
    pub sources: Vec<Fact>,
}

impl Return {
    /// The same as an amendment of a return that was sent, for what [`Collected::amending`] added up.
    #[must_use]
    pub fn amending(self, definition: &Definition, document: &str) -> Self {
        let mut made = Self { amends: Some(document.to_owned()), to_pay: None, ..self };
        if let Some(last) = definition.last_correction(self.period) {
            let after = definition.corrections.after.as_deref();
            let says = match definition.corrections.go {
                Corrections::Amended => format!("An amendment of this return comes too late after {last}."),
                _ => format!("After {last} no later return may set this period right."),
            };
            made.warnings.insert(0, after.map_or_else(|| says.clone(), |after| format!("{says} {after}")));
        }
        made
    }
}

impl Return {
    /// The same as it is handed on: without the doubts.
    #[must_use]
    pub fn without_doubts(mut self) -> Self {
        let doubts = std::mem::take(&mut self.doubts);
        self.warnings.retain(|warning| !doubts.contains(warning));
        self
    }

    /// Why what is owed cannot be told; nothing where it is.
    pub fn why_not(&self) -> Vec<String> {
        let rates = self.missing.iter();
        let rates =
            rates.map(|none| format!("there is no rate of {} for {}: {}", none.currency, none.wanted, none.says));
        rates.chain(self.uncounted.iter().map(ToString::to_string)).collect()
    }
}

/// Makes a return of what was collected for a period.
///
/// # Errors
/// [`Refused`] where amounts are out of range.
pub fn draft(
    definition: &Definition,
    registration: Option<&Registration>,
    collected: &Collected,
    rates: &Rates<'_>,
    period: Period,
) -> Result<Return, Refused> {
    let scheme = &definition.scheme.key;
    let mut sums = Sums::new(definition, period, rates);
    for part in &collected.parts {
        sums.add(part)?;
    }
    let made = sums.made()?;
    let mut warnings = Vec::new();
    if registration.is_none() && !collected.parts.is_empty() {
        warnings.push(format!(
            "No registration under {} is recorded: there is no number to send this return with.",
            definition.scheme.name
        ));
    }
    if let (Some(one), 1..) = (registration, collected.early) {
        warnings.push(format!("{} of the sales are older than the registration of {}.", collected.early, one.from));
    }
    let unrated: u64 =
        collected.parts.iter().filter(|part| part.rate.is_none() && part.why == Why::Sale).map(|part| part.lines).sum();
    if unrated > 0 && definition.rows.is_some() {
        warnings.push(format!("{unrated} of the sales do not say their rate; they stand in rows without one."));
    }
    let doubts = Look::new(rates.ratebook()).collected(definition, collected).sentences("row");
    warnings.extend(doubts.iter().cloned());
    warnings.extend(made.uncounted.iter().map(ToString::to_string));
    warnings.extend(collected.missed.iter().map(|one| missed(definition, one, period)));
    let currency = &definition.currency.is;
    for one in &made.reckoned {
        warnings.push(format!(
            "Box {} is {} by its formula; buyers were charged {} {currency}. The difference is yours.",
            one.key,
            one.value.to_at_least(2),
            one.charged.to_at_least(2)
        ));
    }
    let rule = &definition.corrections;
    let figure = rule.limit_share.as_ref().and_then(|share| made.boxes.iter().find(|one| one.key == share.of)?.value);
    if let Some(limit) = rule.limit(figure)?
        && !rule.takes(made.corrected, figure)?
    {
        let found = made.corrected;
        let above = rule.above.as_deref().unwrap_or("amend the returns of the past");
        let least = if rule.limit_below { "not below the" } else { "more than the" };
        warnings.push(format!(
            "Corrections of past periods come to {found} {currency}, {least} {limit} that may stand in a later return: {above}."
        ));
    }
    if let Some(owed) = made.owed.filter(|owed| definition.to_pay(*owed) != *owed)
        && let Some(minimum) = definition.payment.minimum
    {
        warnings.push(if owed.is_negative() {
            format!("Less than {minimum} {currency} comes to you: it is not paid back.")
        } else {
            format!("{owed} {currency} is less than {minimum} {currency}: it need not be paid. Send the return all the same.")
        });
    }
    for one in &definition.unknown {
        warnings.push(format!("Not known here: {} What would settle it: {}", one.what, one.settles));
    }
    let confidence = definition.fact.iter().map(|fact| fact.confidence).min().unwrap_or(Confidence::Low);
    Ok(Return {
        version: 1,
        scheme: scheme.clone(),
        name: definition.scheme.name.clone(),
        number: registration.map(|one| one.number.clone()),
        member_state: registration.and_then(|one| one.member_state.clone()),
        period,
        amends: None,
        due: definition.return_due(period),
        pay_by: definition.payment_due(period),
        currency: definition.currency.is.clone(),
        nil: collected.parts.is_empty(),
        rows: made.rows,
        boxes: made.boxes,
        corrections: made.corrections,
        states: made.states,
        owed: made.owed,
        to_pay: made.owed.map(|owed| definition.to_pay(owed)).filter(|to_pay| made.owed != Some(*to_pay)),
        back: made.back,
        uncounted: made.uncounted,
        rates: made.rates,
        missing: made.missing,
        warnings,
        doubts,
        confidence,
        sources: definition.fact.clone(),
    })
}

/// What is left out of a return because no later one may have it, for people.
fn missed(definition: &Definition, one: &Missed, period: Period) -> String {
    let rule = &definition.corrections;
    let what = format!(
        "Tax of {} {} of {} (rows: {}) is not in this return",
        one.currency,
        one.tax.to_at_least(2),
        one.about.words(),
        one.lines
    );
    if definition.is_correctable(one.about, period) {
        return format!("{what}: the return of that period is amended.");
    }
    // For what lowers the tax the day may count from the one on which the return was sent, which is not known here.
    let has_own_day = rule.too_high.is_some() && one.tax.is_negative();
    let last = definition.last_correction(one.about).filter(|_| !has_own_day);
    match (rule.go, last, &rule.after) {
        (Corrections::Amended, ..) | (_, None, _) => format!("{what}: the return of that period is amended."),
        (_, Some(last), Some(after)) => format!("{what}: {last} was the last day for a later return. {after}"),
        (_, Some(last), None) => {
            format!("{what}: {last} was the last day for a later return. The return of that period is amended.")
        }
    }
}
