//! What an authority saw at the border, held against what was declared.
//!
//! Parcels carry the seller's number. An authority hands in sums by number and month; they are added up over the period of the return and
//! compared with what was declared as sold. A difference is a question and no verdict: freight, refunds, the day of the sale and the day at
//! the border all make one.

use super::authority::{Held, Vendor, authority, vendors};
use super::permission::{Caller, Operation};
use super::{Error, Service, kept, log, some};
use crate::definition::Period;
use crate::store::{rows_of, values_at_once};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;
use tidewaiter_repository::store::db::Run;
use tidewaiter_repository::store::moment;
use tidewaiter_repository::{sha256_hex, values};

/// Largest file, in bytes.
const LARGEST_FILE: usize = 64 * 1024 * 1024;
/// Most lines with mistakes that are told.
const MOST_FAULTS: usize = 100;
/// The columns of a file.
const COLUMNS: [&str; 6] = ["number", "month", "buyer", "currency", "consignments", "value"];

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Uploaded {
    /// Its name.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// When.
    pub at: String,
    /// How many lines.
    pub lines: u64,
}

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// A number that was never issued here.
    NotRegistered,
    /// Goods came before the registration or after its end.
    OutsideRegistration,
    /// Goods came, and no return was received.
    NoReturn,
    /// Goods came to a territory for which nothing was declared.
    NothingDeclared,
    /// Less was declared than came.
    Less,
    /// More was declared than came.
    More,
    /// Something was declared, and nothing came.
    NothingSeen,
    /// The values are in another currency than the return, or the return does not tell its net amounts: not compared.
    NotCompared,
    /// Both are about the same.
    Agrees,
}

impl Finding {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotRegistered => "not-registered",
            Self::OutsideRegistration => "outside-registration",
            Self::NoReturn => "no-return",
            Self::NothingDeclared => "nothing-declared",
            Self::Less => "less",
            Self::More => "more",
            Self::NothingSeen => "nothing-seen",
            Self::NotCompared => "not-compared",
            Self::Agrees => "agrees",
        }
    }
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Compared {
    /// What it says.
    pub finding: Finding,
    /// The number on the parcels.
    pub number: String,
    /// The name of the seller, where the number is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The period of the return, or the month where the number is not registered.
    pub period: Period,
    /// Territory of the buyers; absent where the return does not tell them apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// How many parcels came.
    pub consignments: u64,
    /// Their value.
    pub border: Decimal,
    /// What was declared as sold, without tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<Decimal>,
    /// Declared less seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Decimal>,
    /// Currency of the values.
    pub currency: String,
}

/// Sums by number, period or month, territory and currency.
type Key = (String, Period, String, String);

impl Service {
    /// Takes a file of what was seen at the border: CSV with the columns `number`, `month` (2026-10), `buyer` (two letters, may be empty), `currency`,
    /// `consignments`, `value`. A file of the same name replaces the one before.
    ///
    /// # Errors
    /// [`Error::Lines`] with each line that must be put right; then nothing of it is kept.
    pub async fn upload_border(
        &self,
        caller: &Caller,
        id: &str,
        name: &str,
        file: &[u8],
        now: Timestamp,
    ) -> Result<Uploaded, Error> {
        self.permit(caller, Operation::UploadBorder, id)?;
        super::seller::named(name)?;
        let lines = read(file)?;
        let uploaded =
            Uploaded { name: name.trim().to_owned(), sha256: sha256_hex(file), at: moment(now), lines: lines.1 };
        let mut tx = log::turn(self.store.db()).await?;
        authority(&mut *tx, id).await?;
        tx.change("DELETE FROM border WHERE authority = $1 AND file = $2", values![id, &uploaded.name]).await?;
        let sql = "INSERT INTO border_file (authority, name, sha256, at, lines) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (authority, name) DO UPDATE SET sha256 = excluded.sha256, at = excluded.at, lines = excluded.lines";
        tx.change(sql, values![id, &uploaded.name, &uploaded.sha256, &uploaded.at, uploaded.lines]).await?;
        let rows: Vec<_> = lines.0.into_iter().collect();
        const VALUES: usize = 8;
        for some in rows.chunks(values_at_once(self.store.db()) / VALUES) {
            let mut values = Vec::with_capacity(some.len() * VALUES);
            for ((number, month, buyer, currency), (consignments, value)) in some {
                values.extend(values![
                    id,
                    &uploaded.name,
                    number,
                    month.to_string(),
                    buyer,
                    currency,
                    *consignments,
                    value.to_string()
                ]);
            }
            let sql =
                "INSERT INTO border (authority, file, number, month, buyer, currency, consignments, value) VALUES ";
            tx.change(&rows_of(sql, some.len(), VALUES), values).await?;
        }
        log::note(&mut *tx, now, caller, "upload-border", id, &format!("{} {}", uploaded.name, uploaded.sha256))
            .await?;
        tx.commit().await?;
        Ok(uploaded)
    }

    /// Files that were taken, the newest first.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn border_files(&self, caller: &Caller, id: &str) -> Result<Vec<Uploaded>, Error> {
        self.permit(caller, Operation::ReadAuthority, id)?;
        let mut tx = self.store.db().read().await?;
        let sql =
            "SELECT name, sha256, at, lines FROM border_file WHERE authority = $1 ORDER BY at DESC, name LIMIT 1000";
        tx.rows(sql, values![id])
            .await?
            .into_iter()
            .map(|mut row| Ok(Uploaded { name: row.text()?, sha256: row.text()?, at: row.text()?, lines: row.int()? }))
            .collect()
    }

    /// Holds what was declared against what came, for periods between two days. `tolerance` is how many per cent of the value at the border both
    /// may differ and still agree.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn compare(
        &self,
        caller: &Caller,
        id: &str,
        from: Date,
        to: Date,
        tolerance: u8,
    ) -> Result<Vec<Compared>, Error> {
        self.permit(caller, Operation::ReadAuthority, id)?;
        let mut tx = self.store.db().read().await?;
        let of = authority(&mut *tx, id).await?;
        let definition = self.definition(&of.scheme)?;
        let currency = definition.currency.is.as_str();
        let by_buyer =
            definition.rows.as_ref().is_some_and(|rows| rows.by.contains(&crate::definition::RowKey::MemberState));
        let all = vendors(&mut *tx, id).await?;
        let mut by_number: BTreeMap<String, (&Vendor, Vec<Held>)> = BTreeMap::new();
        for (vendor, held) in all.iter().flat_map(|vendor| vendor.held().map(move |held| (vendor, held))) {
            by_number.entry(held.number.clone()).or_insert((vendor, Vec::new())).1.push(held);
        }
        let by_seller: BTreeMap<&str, _> = all.iter().map(|vendor| (vendor.seller.as_str(), vendor)).collect();
        let month = |day: Date| Period::beginning(day.first_of_month(), 1);
        let mut seen: BTreeMap<Key, (u64, Decimal)> = BTreeMap::new();
        let sql = "SELECT number, month, buyer, currency, consignments, value FROM border WHERE authority = $1";
        for mut row in tx.rows(sql, values![id]).await? {
            let (number, of_month, mut buyer) = (row.text()?, kept::<Period>(&row.text()?)?, row.text()?);
            let (its, count, value) = (row.text()?, row.int()?, kept::<Decimal>(&row.text()?)?);
            let period = match by_number.get(&number) {
                Some((vendor, held)) => {
                    let of = held.iter().find(|one| one.holds_in(of_month));
                    definition.period.of(of_month.first(), of.map_or(vendor.from, |one| one.from))
                }
                None => month(of_month.first()).ok(),
            };
            let Some(period) = period.filter(|period| period.last() >= from && period.first() <= to) else { continue };
            if !by_buyer {
                buyer.clear();
            }
            let sum = seen.entry((number, period, buyer, its)).or_default();
            *sum = (sum.0 + count, sum.1.plus(value).map_err(|error| Error::Inside(error.to_string()))?);
        }
        let declared = declared(&mut *tx, id).await?;
        let returns: BTreeSet<(String, Period)> = declared
            .keys()
            .map(|(seller, period, _)| (seller.clone(), *period))
            .chain(sent(&mut *tx, id).await?)
            .collect();
        let mut found = Vec::new();
        for ((number, period, buyer, its), (consignments, border)) in &seen {
            let held = by_number.get(number);
            let vendor = held.map(|(vendor, _)| *vendor);
            let told = vendor.and_then(|vendor| declared.get(&(vendor.seller.clone(), *period, buyer.clone())));
            let outside = held.is_some_and(|(_, held)| !held.iter().any(|one| one.holds_in(*period)));
            let (finding, amount) = match (vendor, told) {
                (None, _) => (Finding::NotRegistered, None),
                (Some(_), _) if outside => (Finding::OutsideRegistration, None),
                (Some(vendor), _) if !returns.contains(&(vendor.seller.clone(), *period)) => (Finding::NoReturn, None),
                (Some(_), _) if its != currency => (Finding::NotCompared, None),
                (Some(_), None) => (Finding::NothingDeclared, Some(Decimal::ZERO)),
                (Some(_), Some(None)) => (Finding::NotCompared, None),
                (Some(_), Some(Some(net))) => (judged(*border, *net, tolerance)?, Some(*net)),
            };
            let difference =
                amount.map(|net| net.minus(*border)).transpose().map_err(|error| Error::Inside(error.to_string()))?;
            found.push(Compared {
                finding,
                number: number.clone(),
                name: vendor.map(|vendor| vendor.name.clone()),
                period: *period,
                buyer: some(buyer.clone()),
                consignments: *consignments,
                border: *border,
                declared: amount,
                difference,
                currency: its.clone(),
            });
        }
        // What was declared, and nothing of it came.
        let came: BTreeSet<(&str, Period, &str)> = seen
            .keys()
            .filter_map(|key| Some((by_number.get(&key.0)?.0.seller.as_str(), key.1, key.2.as_str())))
            .collect();
        for ((seller, period, buyer), net) in &declared {
            let Some(vendor) = by_seller.get(seller.as_str()) else { continue };
            let Some(net) = net.filter(|net| !net.is_zero()) else { continue };
            let came = came.contains(&(seller.as_str(), *period, buyer.as_str()));
            if came || period.last() < from || period.first() > to {
                continue;
            }
            found.push(Compared {
                finding: Finding::NothingSeen,
                number: vendor.number_in(*period),
                name: Some(vendor.name.clone()),
                period: *period,
                buyer: some(buyer.clone()),
                consignments: 0,
                border: Decimal::ZERO,
                declared: Some(net),
                difference: Some(net),
                currency: currency.to_owned(),
            });
        }
        found.sort_by(|one, other| {
            (one.finding, &one.number, one.period, &one.buyer, &one.currency).cmp(&(
                other.finding,
                &other.number,
                other.period,
                &other.buyer,
                &other.currency,
            ))
        });
        Ok(found)
    }
}

fn judged(border: Decimal, net: Decimal, tolerance: u8) -> Result<Finding, Error> {
    let inside = |error: tidewaiter::decimal::NumberError| Error::Inside(error.to_string());
    let difference = net.minus(border).map_err(inside)?;
    let hundred = Decimal::from_int(100);
    let most = border.times(Decimal::from_int(i64::from(tolerance))).map_err(inside)?;
    let is = difference.times(hundred).map_err(inside)?;
    Ok(match (is.units().abs() <= most.units().abs(), difference.is_negative()) {
        (true, _) => Finding::Agrees,
        (false, true) => Finding::Less,
        (false, false) => Finding::More,
    })
}

/// What the newest return of each seller and period declares, by territory.
async fn declared(tx: &mut dyn Run, id: &str) -> Result<BTreeMap<(String, Period, String), Option<Decimal>>, Error> {
    let sql = "SELECT d.seller, d.period, d.buyer, d.net FROM declared d WHERE d.authority = $1
               AND d.n = (SELECT MAX(r.n) FROM received r WHERE r.authority = d.authority AND r.seller = d.seller AND r.period = d.period)";
    let mut all = BTreeMap::new();
    for mut row in tx.rows(sql, values![id]).await? {
        let (seller, period, buyer) = (row.text()?, kept(&row.text()?)?, row.text()?);
        all.insert((seller, period, buyer), some(row.text()?).map(|net| kept(&net)).transpose()?);
    }
    Ok(all)
}

/// Of which sellers and periods a return was received, also where nothing was declared.
async fn sent(tx: &mut dyn Run, id: &str) -> Result<Vec<(String, Period)>, Error> {
    let sql = "SELECT DISTINCT seller, period FROM received WHERE authority = $1";
    tx.rows(sql, values![id]).await?.into_iter().map(|mut row| Ok((row.text()?, kept(&row.text()?)?))).collect()
}

type Lines = BTreeMap<Key, (u64, Decimal)>;

/// Reads a file: sums by number, month, territory and currency, and how many lines there were.
fn read(file: &[u8]) -> Result<(Lines, u64), Error> {
    if file.len() > LARGEST_FILE {
        return Err(Error::Wrong(format!(
            "the file is larger than {} MB; divide it by months",
            LARGEST_FILE / 1024 / 1024
        )));
    }
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(file);
    let header =
        reader.headers().map_err(|error| Error::Wrong(format!("the first line cannot be read: {error}")))?.clone();
    let mut at = [0; 6];
    for (place, column) in at.iter_mut().zip(COLUMNS) {
        *place = header.iter().position(|name| name.trim_start_matches('\u{feff}') == column).ok_or_else(|| {
            Error::Wrong(format!("there is no column {column}; the first line must be {}", COLUMNS.join(",")))
        })?;
    }
    let (mut sums, mut faults, mut count) = (Lines::new(), Vec::new(), 0);
    for record in reader.records() {
        count += 1;
        let line = count + 1;
        let one = record.map_err(|error| error.to_string()).and_then(|record| {
            let cell = |column: usize| at.get(column).and_then(|place| record.get(*place)).unwrap_or_default();
            row([cell(0), cell(1), cell(2), cell(3), cell(4), cell(5)])
        });
        match one {
            Ok((key, consignments, value)) => {
                let sum = sums.entry(key).or_default();
                match sum.1.plus(value) {
                    // More than can be read again.
                    Ok(total) if total > tidewaiter::decimal::MAX_INPUT => {
                        faults.push((
                            line,
                            format!("value: with the lines before it comes to {total}, which is out of range"),
                        ));
                    }
                    Ok(total) => *sum = (sum.0.saturating_add(consignments), total),
                    Err(error) => faults.push((line, error.to_string())),
                }
            }
            Err(says) => faults.push((line, says)),
        }
        if faults.len() == MOST_FAULTS {
            break;
        }
    }
    if faults.is_empty() { Ok((sums, count)) } else { Err(Error::Lines(faults)) }
}

fn row(cells: [&str; 6]) -> Result<(Key, u64, Decimal), String> {
    let [number, month, buyer, currency, consignments, value] = cells;
    if number.is_empty() || number.chars().count() > 40 || number.chars().any(char::is_control) {
        return Err("number: write the number on the parcels, 1 to 40 characters".into());
    }
    let period: Period =
        month.parse().map_err(|_| format!("month: \"{}\" is no month; write 2026-10", shown(month)))?;
    if period.months() != 1 {
        return Err(format!("month: \"{}\" is longer than a month; write 2026-10", shown(month)));
    }
    let letters = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_uppercase());
    if !(buyer.is_empty() || letters(buyer, 2)) {
        return Err(format!("buyer: \"{}\" is no country; write two capital letters, or nothing", shown(buyer)));
    }
    if !letters(currency, 3) {
        return Err(format!(
            "currency: \"{}\" is no currency; write three capital letters, such as EUR",
            shown(currency)
        ));
    }
    let count: u64 = consignments
        .parse()
        .ok()
        .filter(|count| *count <= 1_000_000_000)
        .ok_or_else(|| format!("consignments: \"{}\" is no whole number", shown(consignments)))?;
    let value =
        Decimal::parse_amount(value).map_err(|_| format!("value: \"{}\" is no amount; write 1250.50", shown(value)))?;
    Ok(((number.to_owned(), period, buyer.to_owned(), currency.to_owned()), count, value))
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
