//! What a store tells.

use super::load::{among, event, standing};
use super::{Store, StoreError, amount, units};
use crate::Period;
use crate::definition::{Definition, Percent, RateDay, Stage};
use crate::draft::{Collected, Part, limit};
use crate::event::{Amended, Event, Filed, RateNoted, RateType};
use crate::ledger::{Definitions, Entry, GENESIS, Past, Why};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use tidewaiter::Decimal;
use tidewaiter_repository::store::db::{Row, Run, Value};
use tidewaiter_repository::values;

/// A seller of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SellerRow {
    /// What names it here.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many entries its ledger has.
    pub entries: u64,
    /// Hash of the newest.
    pub head: String,
}

/// What was sent for a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sendings {
    /// The return.
    pub first: Option<Filed>,
    /// Its amendments with the numbers of their entries, the oldest first.
    pub later: Vec<(u64, Amended)>,
}

impl Sendings {
    /// Number of the entry of the newest amendment; 0 where there is none.
    pub fn since(&self) -> u64 {
        self.later.last().map_or(0, |(seq, _)| *seq)
    }

    /// SHA-256 of what was sent last.
    pub fn newest(&self) -> Option<&str> {
        let first = self.first.as_ref().map(|one| one.sha256.as_str());
        self.later.last().map(|(_, one)| one.sha256.as_str()).or(first)
    }
}

/// A line behind a figure of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// Number of the entry.
    pub seq: u64,
    /// What caused it.
    pub why: Why,
    /// Number of the sale, refund or correction.
    pub document: String,
    /// Number of the sale.
    pub of: String,
    /// The day it happened.
    #[schemars(with = "String")]
    pub date: Date,
    /// Territory of the buyer.
    pub to: String,
    /// The rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
    /// Currency of the sale.
    pub currency: String,
    /// What tax is reckoned on.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// The period it belongs to.
    pub about: Period,
}

impl Store {
    /// All sellers.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the database does not answer.
    pub async fn sellers(&self) -> Result<Vec<SellerRow>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows = tx.rows("SELECT id, name, seq, head FROM seller ORDER BY id", vec![]).await?;
        rows.into_iter()
            .map(|mut row| Ok(SellerRow { id: row.text()?, name: row.text()?, entries: row.int()?, head: row.text()? }))
            .collect()
    }

    /// Registrations, returns and sums of a seller. Sales are not in it.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn past(&self, definitions: &Definitions, seller: &str) -> Result<Past, StoreError> {
        self.past_within(&mut *self.db.read().await?, definitions, seller).await
    }

    pub(crate) async fn past_within(
        &self,
        tx: &mut dyn Run,
        definitions: &Definitions,
        seller: &str,
    ) -> Result<Past, StoreError> {
        known(tx, seller).await?;
        standing(tx, definitions, seller).await
    }

    /// Exchange rates that a seller took down, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn rates(&self, seller: &str) -> Result<Vec<RateNoted>, StoreError> {
        self.rates_within(&mut *self.db.read().await?, seller).await
    }

    pub(crate) async fn rates_within(&self, tx: &mut dyn Run, seller: &str) -> Result<Vec<RateNoted>, StoreError> {
        known(tx, seller).await?;
        let sql = "SELECT event FROM entry WHERE seller = $1 AND kind = 'rate' ORDER BY seq";
        let mut rates = Vec::new();
        for row in tx.rows(sql, values![seller]).await? {
            if let Event::Rate(rate) = event(seller, row)? {
                rates.push(rate);
            }
        }
        Ok(rates)
    }

    /// What was collected under a scheme for the return of a period, added up by the database as far as no rule can tell lines apart.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn collected(
        &self,
        definition: &Definition,
        seller: &str,
        period: Period,
    ) -> Result<Collected, StoreError> {
        self.collected_within(&mut *self.db.read().await?, definition, seller, period).await
    }

    pub(crate) async fn collected_within(
        &self,
        tx: &mut dyn Run,
        definition: &Definition,
        seller: &str,
        period: Period,
    ) -> Result<Collected, StoreError> {
        self.added_up(
            tx,
            definition,
            seller,
            "declared = $3",
            values![seller, &definition.scheme.key, period.to_string()],
        )
        .await
    }

    /// What belongs to a period whose return was sent, and waits until that is amended, added up as in [`Store::collected`].
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn amending(
        &self,
        definition: &Definition,
        seller: &str,
        period: Period,
    ) -> Result<Collected, StoreError> {
        let mut tx = self.db.read().await?;
        let past = self.sendings_within(&mut *tx, seller, &definition.scheme.key, period).await?;
        self.amending_within(&mut *tx, definition, seller, period, past.since()).await
    }

    pub(crate) async fn amending_within(
        &self,
        tx: &mut dyn Run,
        definition: &Definition,
        seller: &str,
        period: Period,
        since: u64,
    ) -> Result<Collected, StoreError> {
        let values = values![seller, &definition.scheme.key, period.to_string(), since];
        self.added_up(tx, definition, seller, "declared = '' AND about = $3 AND seq > $4", values).await
    }

    /// The return of a period and its amendments, as they were recorded.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn sendings(&self, seller: &str, scheme: &str, period: Period) -> Result<Sendings, StoreError> {
        self.sendings_within(&mut *self.db.read().await?, seller, scheme, period).await
    }

    pub(crate) async fn sendings_within(
        &self,
        tx: &mut dyn Run,
        seller: &str,
        scheme: &str,
        period: Period,
    ) -> Result<Sendings, StoreError> {
        known(tx, seller).await?;
        let sql = "SELECT seq, event FROM entry WHERE seller = $1 AND kind IN ('return', 'amendment') ORDER BY seq";
        let mut all = Sendings::default();
        for mut row in tx.rows(sql, values![seller]).await? {
            let seq = row.int()?;
            match event(seller, row)? {
                Event::Return(one) if one.scheme == scheme && one.period == period => all.first = Some(one),
                Event::Amendment(one) if one.scheme == scheme && one.period == period => all.later.push((seq, one)),
                _ => {}
            }
        }
        Ok(all)
    }

    /// Adds up lines of a scheme. `which` says which of them; the first two values are the seller and the scheme.
    async fn added_up(
        &self,
        tx: &mut dyn Run,
        definition: &Definition,
        seller: &str,
        which: &str,
        mut values: Vec<Value>,
    ) -> Result<Collected, StoreError> {
        known(tx, seller).await?;
        let day = match definition.currency.rate.on {
            RateDay::PeriodEnd => "''",
            RateDay::Sale => "sold",
            RateDay::Month => "substr(sold, 1, 7) || '-01'",
        };
        // Where each sale is rounded, only those with the same amounts are added up.
        let alike = if definition.rounding.stage == Stage::Sale { ", net, tax" } else { "" };
        // Numbers of documents are compared byte by byte, as in memory.
        let bytes = if self.db.kind() == "sqlite" { "BINARY" } else { "\"C\"" };
        let sql = format!(
            "SELECT why, about, buyer, sender, rate_type, rate, currency, {day} AS of_day, CAST(SUM(net) AS TEXT), CAST(SUM(tax) AS TEXT), COUNT(*), MIN(document COLLATE {bytes})
             FROM tax WHERE seller = $1 AND scheme = $2 AND {which}
             GROUP BY why, about, buyer, sender, rate_type, rate, currency, of_day{alike}
             ORDER BY why, about, buyer, sender, rate_type, rate, currency, of_day{alike}"
        );
        let scheme = &definition.scheme.key;
        let mut collected = Collected::default();
        for row in tx.rows(&sql, values.clone()).await? {
            collected.parts.push(part(seller, definition, row)?);
        }
        if let Some((currency, most)) = limit(definition) {
            let mut values = values.clone();
            values.extend(values![currency, units(most)]);
            let sql = format!(
                "SELECT COUNT(*), COALESCE(MIN(document COLLATE {bytes}), '') FROM tax WHERE seller = $1 AND scheme = $2 AND {which} AND why = 'sale' AND currency = ${} AND net > ${}",
                values.len() - 1,
                values.len()
            );
            if let Some(mut row) = tx.first(&sql, values).await? {
                collected.dear = row.int()?;
                collected.dear_first = Some(row.text()?).filter(|first| !first.is_empty());
            }
        }
        let sql = "SELECT event FROM entry WHERE seller = $1 AND kind = 'registration' ORDER BY seq";
        let mut registered = None;
        for row in tx.rows(sql, values![seller]).await? {
            if let Event::Registration(one) = event(seller, row)? {
                registered = Some(one).filter(|one| one.scheme == *scheme).or(registered);
            }
        }
        if let Some(one) = registered {
            values.extend(values![one.from.to_string()]);
            let day = values.len();
            let sql = format!(
                "SELECT COUNT(*) FROM tax WHERE seller = $1 AND scheme = $2 AND {which} AND why = 'sale' AND sold < ${day}"
            );
            collected.early = tx.first(&sql, values).await?.map_or(Ok(0), |mut row| row.int())?;
        }
        Ok(collected)
    }

    /// The lines behind a return, in the order in which they were recorded.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn lines(
        &self,
        seller: &str,
        scheme: &str,
        period: Period,
        after: (u64, u64),
        most: u64,
    ) -> Result<Vec<((u64, u64), Line)>, StoreError> {
        let mut tx = self.db.read().await?;
        known(&mut *tx, seller).await?;
        let sql = "SELECT seq, n, why, document, sale, day, buyer, rate, currency, net, tax, about FROM tax
                   WHERE seller = $1 AND scheme = $2 AND declared = $3 AND (seq > $4 OR (seq = $4 AND n > $5)) ORDER BY seq, n LIMIT $6";
        let values = values![seller, scheme, period.to_string(), after.0, after.1, most];
        let rows = tx.rows(sql, values).await?;
        rows.into_iter()
            .map(|mut row| {
                let place = (row.int()?, row.int()?);
                Ok((
                    place,
                    Line {
                        seq: place.0,
                        why: read(seller, Why::of(&row.text()?))?,
                        document: row.text()?,
                        of: row.text()?,
                        date: parsed(seller, &row.text()?)?,
                        to: row.text()?,
                        rate: rate(seller, &row.text()?)?,
                        currency: row.text()?,
                        net: amount(i128::from(row.signed()?)),
                        tax: amount(i128::from(row.signed()?)),
                        about: parsed(seller, &row.text()?)?,
                    },
                ))
            })
            .collect()
    }

    /// Which of these numbers are those of sales that were recorded.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`] where there is no such seller.
    pub async fn sold(&self, seller: &str, documents: &BTreeSet<&str>) -> Result<BTreeSet<String>, StoreError> {
        let mut tx = self.db.read().await?;
        known(&mut *tx, seller).await?;
        let sql = "SELECT document FROM entry WHERE seller = $1 AND kind = 'sale' AND document IN";
        let rows = among(&mut *tx, sql, "", seller, documents).await?;
        rows.into_iter().map(|mut row| Ok(row.text()?)).collect()
    }

    /// Entries after a number, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::NoSeller`], [`StoreError::Damaged`].
    pub async fn entries(&self, seller: &str, after: u64, most: u64) -> Result<Vec<Entry>, StoreError> {
        let mut tx = self.db.read().await?;
        known(&mut *tx, seller).await?;
        entries(&mut *tx, seller, after, most).await
    }
}

pub(super) async fn entries(tx: &mut dyn Run, seller: &str, after: u64, most: u64) -> Result<Vec<Entry>, StoreError> {
    let mut previous = match after {
        0 => GENESIS.to_owned(),
        _ => match tx.first("SELECT hash FROM entry WHERE seller = $1 AND seq = $2", values![seller, after]).await? {
            Some(mut row) => row.text()?,
            None => return Ok(Vec::new()),
        },
    };
    let sql = "SELECT seq, at, hash, event FROM entry WHERE seller = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let mut all = Vec::new();
    for mut row in tx.rows(sql, values![seller, after, most]).await? {
        let (seq, at, hash) = (row.int()?, row.text()?, row.text()?);
        let at = tidewaiter_repository::store::read_moment(&at)?;
        let entry = Entry { seq, at, event: event(seller, row)?, previous, hash };
        previous = entry.hash.clone();
        all.push(entry);
    }
    Ok(all)
}

async fn known(tx: &mut dyn Run, seller: &str) -> Result<(), StoreError> {
    match tx.first("SELECT 1 FROM seller WHERE id = $1", values![seller]).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::NoSeller(seller.to_owned())),
    }
}

fn part(seller: &str, definition: &Definition, mut row: Row) -> Result<Part, StoreError> {
    let why = read(seller, Why::of(&row.text()?))?;
    let about: Period = parsed(seller, &row.text()?)?;
    let (to, from) = (row.text()?, row.text()?);
    let rate_type = match row.text()?.as_str() {
        "" => None,
        word => Some(read(seller, RateType::of(word))?),
    };
    let rate = rate(seller, &row.text()?)?;
    let currency = row.text()?;
    let day = match row.text()?.as_str() {
        "" => about.last(),
        day => parsed(seller, day)?,
    };
    let sum = |text: String| -> Result<Decimal, StoreError> { Ok(amount(parsed::<i128>(seller, &text)?)) };
    let (net, tax) = (sum(row.text()?)?, sum(row.text()?)?);
    debug_assert!(definition.currency.rate.on != RateDay::PeriodEnd || day == about.last());
    Ok(Part {
        why,
        about,
        to,
        from: Some(from).filter(|from| !from.is_empty()),
        rate_type,
        rate,
        currency,
        day,
        net,
        tax,
        lines: row.int()?,
        first: row.text()?,
    })
}

fn rate(seller: &str, text: &str) -> Result<Option<Percent>, StoreError> {
    if text.is_empty() { Ok(None) } else { Ok(Some(Percent(parsed(seller, text)?))) }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(seller: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error| StoreError::damaged(seller, error))
}

fn read<T>(seller: &str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::damaged(seller, "a word that is not known"))
}
