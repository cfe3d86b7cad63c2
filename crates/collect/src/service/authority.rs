//! An authority's side: its form, the sellers registered with it, and the returns that it may expect.

use super::permission::{Caller, Operation};
use super::{Error, Service, json, kept, log, some, written};
use crate::apply::{Answers, Form};
use crate::definition::{Definition, Period};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;
use tidewaiter_repository::store::db::{Row, Run};
use tidewaiter_repository::store::moment;
use tidewaiter_repository::values;

/// Most periods of one seller that are looked at.
const MOST_PERIODS: usize = 600;

/// Who receives the returns of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Authority {
    /// The scheme, and the state behind a point where several share it: `eu.ioss.IE`.
    pub id: String,
    /// Key of the scheme.
    pub scheme: String,
    /// ISO 3166 letters of the state, for schemes that many share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_state: Option<String>,
    /// Its name.
    pub name: String,
    /// What it asks of those who apply.
    pub form: Form,
    /// How often the form was set.
    pub form_version: u64,
}

/// A seller as the authority knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Vendor {
    /// Its short name in this service.
    pub seller: String,
    /// Its name.
    pub name: String,
    /// The number issued.
    pub number: String,
    /// First day of the registration.
    #[schemars(with = "String")]
    pub from: Date,
    /// First day it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub before: Option<Date>,
    /// What it wrote into the form.
    pub answers: Answers,
    /// Registrations that held before this one, the oldest first: their returns are still owed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Held>,
    /// Since when they are so.
    pub changed_at: String,
    /// When its newest return was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_return_at: Option<String>,
}

/// A registration that holds, or once did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Held {
    /// The number issued.
    pub number: String,
    /// First day of the registration.
    #[schemars(with = "String")]
    pub from: Date,
    /// First day it no longer holds.
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
}

impl Held {
    /// Whether it holds on some day of a period.
    pub fn holds_in(&self, period: Period) -> bool {
        self.from <= period.last() && self.before.is_none_or(|before| before > period.first())
    }

    /// Its periods that are over on some day, the oldest first.
    pub(super) fn periods(&self, definition: &Definition, today: Date) -> Vec<Period> {
        let first = definition.period.of(self.from, self.from);
        std::iter::successors(first, |period| Some(period.next()).filter(|next| next.first() > period.first()))
            .take_while(|period| period.last() < today && self.holds_in(*period))
            .take(MOST_PERIODS)
            .collect()
    }
}

impl Vendor {
    /// All registrations of the seller with this authority, the newest first.
    pub fn held(&self) -> impl Iterator<Item = Held> {
        let newest = Held { number: self.number.clone(), from: self.from, before: self.before };
        std::iter::once(newest).chain(self.earlier.iter().rev().cloned())
    }

    /// The number that counts for a period: that of the registration that holds in it, the newest where there are several.
    pub fn number_in(&self, period: Period) -> String {
        self.held().find(|one| one.holds_in(period)).map_or_else(|| self.number.clone(), |one| one.number)
    }
}

/// How a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Overdue and not received.
    Missing,
    /// The period is over, the day by which it is due is not.
    Open,
    /// Received after that day.
    Late,
    /// Received in time.
    InTime,
}

impl Standing {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Open => "open",
            Self::Late => "late",
            Self::InTime => "in-time",
        }
    }
}

/// A return that an authority may expect of a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Expected {
    /// The seller's short name.
    pub seller: String,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
    /// The period.
    pub period: Period,
    /// The day by which it is due.
    #[schemars(with = "String")]
    pub due: Date,
    /// How it stands.
    pub standing: Standing,
    /// When it was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How often: above 1 it was amended.
    #[serde(skip_serializing_if = "is_none")]
    pub versions: u64,
    /// What is declared as owed, of the newest one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<Decimal>,
    /// Currency of the return.
    pub currency: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

pub(super) async fn authority(tx: &mut dyn Run, id: &str) -> Result<Authority, Error> {
    let sql = "SELECT id, scheme, member_state, name, form, form_version FROM authority WHERE id = $1";
    match tx.first(sql, values![id]).await? {
        Some(row) => read(row),
        None => Err(Error::Nothing(id.chars().take(60).collect())),
    }
}

fn read(mut row: Row) -> Result<Authority, Error> {
    Ok(Authority {
        id: row.text()?,
        scheme: row.text()?,
        member_state: some(row.text()?),
        name: row.text()?,
        form: json(&row.text()?)?,
        form_version: row.int()?,
    })
}

impl Service {
    /// Admits an authority. Its form is that of the scheme's file until it sets another.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Nothing`] for a scheme whose returns are not described; [`Error::Stands`] where it is admitted already.
    pub async fn add_authority(
        &self,
        caller: &Caller,
        scheme: &str,
        member_state: Option<&str>,
        name: &str,
        now: Timestamp,
    ) -> Result<Authority, Error> {
        self.permit(caller, Operation::Admit, "")?;
        super::seller::named(name)?;
        let definition = self.definition(scheme)?;
        if member_state.is_some_and(|state| state.len() != 2 || !state.bytes().all(|b| b.is_ascii_uppercase())) {
            return Err(Error::Wrong("a state is written with its two capital letters, such as IE".into()));
        }
        // Sellers and authorities share the log: a name with a point is no seller's.
        if member_state.is_none() && !scheme.contains('.') {
            return Err(Error::Wrong(format!(
                "the key of a scheme has a point, as eu.ioss; \"{scheme}\" may name a seller"
            )));
        }
        let id = member_state.map_or_else(|| scheme.to_owned(), |state| format!("{scheme}.{state}"));
        let made = Authority {
            id,
            scheme: scheme.to_owned(),
            member_state: member_state.map(str::to_owned),
            name: name.trim().to_owned(),
            form: Form::of(definition),
            form_version: 1,
        };
        let mut tx = log::turn(self.store.db()).await?;
        if tx.first("SELECT 1 FROM authority WHERE id = $1", values![&made.id]).await?.is_some() {
            return Err(Error::Stands(format!("{} is admitted already", made.id)));
        }
        let sql = "INSERT INTO authority (id, scheme, member_state, name, form, form_version, issued, made_at) VALUES ($1, $2, $3, $4, $5, 1, 0, $6)";
        let state = member_state.unwrap_or_default();
        tx.change(sql, values![&made.id, scheme, state, &made.name, written(&made.form)?, moment(now)]).await?;
        log::note(&mut *tx, now, caller, "add-authority", &made.id, &made.name).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// The authorities that receive here: everybody may know, for everybody may apply.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn authorities(&self) -> Result<Vec<Authority>, Error> {
        let mut tx = self.store.db().read().await?;
        let sql = "SELECT id, scheme, member_state, name, form, form_version FROM authority ORDER BY id";
        tx.rows(sql, vec![]).await?.into_iter().map(read).collect()
    }

    /// Sets the form of an authority. Applications that wait keep what they were written for.
    ///
    /// # Errors
    /// [`Error::Form`] with all that is wrong with it.
    pub async fn set_form(&self, caller: &Caller, id: &str, form: &Form, now: Timestamp) -> Result<Authority, Error> {
        self.permit(caller, Operation::SetForm, id)?;
        let mut tx = log::turn(self.store.db()).await?;
        let mut one = authority(&mut *tx, id).await?;
        form.sound(self.definition(&one.scheme)?, &self.identifiers).map_err(Error::Form)?;
        one.form = form.clone();
        one.form_version += 1;
        let sql = "UPDATE authority SET form = $2, form_version = $3 WHERE id = $1";
        tx.change(sql, values![id, written(form)?, one.form_version]).await?;
        log::note(&mut *tx, now, caller, "set-form", id, &format!("version {}", one.form_version)).await?;
        tx.commit().await?;
        Ok(one)
    }

    /// The sellers that are or were registered with an authority.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn vendors(&self, caller: &Caller, id: &str) -> Result<Vec<Vendor>, Error> {
        self.permit(caller, Operation::ReadAuthority, id)?;
        let mut tx = self.store.db().read().await?;
        vendors(&mut *tx, id).await
    }

    /// The returns that an authority may expect up to a day, the most pressing first.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn expected(&self, caller: &Caller, id: &str, today: Date) -> Result<Vec<Expected>, Error> {
        self.permit(caller, Operation::ReadAuthority, id)?;
        let mut tx = self.store.db().read().await?;
        let definition = self.definition(&authority(&mut *tx, id).await?.scheme)?;
        let mut received = BTreeMap::new();
        let sql =
            "SELECT seller, period, n, at, late, owed FROM received WHERE authority = $1 ORDER BY seller, period, n";
        for mut row in tx.rows(sql, values![id]).await? {
            let (seller, period, n, at) = (row.text()?, row.text()?, row.int()?, row.text()?);
            let (late, owed) = (row.int()? != 0, row.text()?);
            let one = received.entry((seller, period)).or_insert((at.clone(), late, n, owed.clone()));
            // Whether it came in time the first one says, what is owed the newest.
            *one = (one.0.clone(), one.1, n, owed);
        }
        let mut all = Vec::new();
        for vendor in vendors(&mut *tx, id).await? {
            let mut told = BTreeSet::new();
            let periods = vendor.held().flat_map(|one| {
                let number = one.number.clone();
                one.periods(definition, today).into_iter().map(move |period| (number.clone(), period))
            });
            for (number, period) in periods.filter(|(_, period)| told.insert(*period)) {
                let due = definition.return_due(period);
                let came = received.get(&(vendor.seller.clone(), period.to_string()));
                let standing = match came {
                    Some((_, true, ..)) => Standing::Late,
                    Some((_, false, ..)) => Standing::InTime,
                    None if due < today => Standing::Missing,
                    None => Standing::Open,
                };
                all.push(Expected {
                    seller: vendor.seller.clone(),
                    name: vendor.name.clone(),
                    number,
                    period,
                    due,
                    standing,
                    at: came.map(|came| came.0.clone()),
                    versions: came.map_or(0, |came| came.2),
                    owed: came.map(|came| kept(&came.3)).transpose()?,
                    currency: definition.currency.is.clone(),
                });
            }
        }
        all.sort_by(|one, other| (one.standing, one.due, &one.number).cmp(&(other.standing, other.due, &other.number)));
        Ok(all)
    }
}

pub(super) async fn vendors(tx: &mut dyn Run, id: &str) -> Result<Vec<Vendor>, Error> {
    let sql = "SELECT v.seller, s.name, v.number, v.first_day, v.before_day, v.answers, v.changed_at,
               COALESCE((SELECT MAX(r.at) FROM received r WHERE r.authority = v.authority AND r.seller = v.seller), '')
               FROM vendor v JOIN seller s ON s.id = v.seller WHERE v.authority = $1 ORDER BY v.number";
    let mut earlier: BTreeMap<String, Vec<Held>> = BTreeMap::new();
    let held = "SELECT seller, number, first_day, before_day FROM held WHERE authority = $1 ORDER BY seller, first_day";
    for mut row in tx.rows(held, values![id]).await? {
        let seller = row.text()?;
        earlier.entry(seller).or_default().push(read_held(&mut row)?);
    }
    tx.rows(sql, values![id])
        .await?
        .into_iter()
        .map(|mut row| {
            let (seller, name) = (row.text()?, row.text()?);
            let Held { number, from, before } = read_held(&mut row)?;
            let mut earlier = earlier.remove(&seller).unwrap_or_default();
            earlier.retain(|one| one.from != from);
            Ok(Vendor {
                seller,
                name,
                number,
                from,
                before,
                earlier,
                answers: json(&row.text()?)?,
                changed_at: row.text()?,
                last_return_at: some(row.text()?),
            })
        })
        .collect()
}

/// Number, first day, and first day it no longer holds.
pub(super) fn read_held(row: &mut Row) -> Result<Held, Error> {
    Ok(Held {
        number: row.text()?,
        from: kept(&row.text()?)?,
        before: some(row.text()?).map(|day| kept(&day)).transpose()?,
    })
}
