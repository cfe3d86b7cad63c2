//! Sellers of the service: who they are, and what they record.

use super::permission::{Caller, Operation, Role};
use super::{Error, Service, log, token};
use crate::Period;
use crate::deadline::{self, Deadline};
use crate::doubt::{Doubts, Look, number};
use crate::event::{Event, RateNoted};
use crate::ledger::{Entry, Past, TaxLine};
use crate::store::{Line, Taken};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use tidewaiter::Ratebook;

/// Characters of names that people give.
pub(super) fn named(name: &str) -> Result<(), Error> {
    let fine = (1..=200).contains(&name.trim().len()) && !name.chars().any(char::is_control);
    if fine {
        Ok(())
    } else {
        Err(Error::Wrong("write a name of 1 to 200 characters, without control characters".into()))
    }
}

impl Service {
    /// Adds a seller, and makes its first token. Whoever may sign up by themselves calls it without a caller.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Wrong`] for a name that is taken or cannot be used.
    pub async fn add_seller(
        &self,
        caller: Option<&Caller>,
        id: &str,
        name: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<String, Error> {
        let themselves = Caller { label: "themselves".into(), role: Role::Seller, of: None, token: String::new() };
        if let Some(caller) = caller {
            self.permit(caller, Operation::Admit, "")?;
        }
        let mut tx = log::turn(self.store.db()).await?;
        if !self.store.add_seller_within(&mut *tx, id, name, now).await? {
            return Err(Error::Wrong(format!("\"{id}\" is taken; choose another short name")));
        }
        let token = token::make(&mut *tx, name, Role::Seller, Some(id), now, expires).await?;
        log::note(&mut *tx, now, caller.unwrap_or(&themselves), "add-seller", id, name).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The name of a seller.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn seller_name(&self, caller: &Caller, seller: &str) -> Result<String, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        let mut tx = self.store.db().read().await?;
        let sql = "SELECT name FROM seller WHERE id = $1";
        let row = tx.first(sql, tidewaiter_repository::values![seller]).await?;
        row.map_or_else(|| Err(Error::Nothing(seller.to_owned())), |mut row| Ok(row.text()?))
    }

    /// Records what happened.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Store`] with the number of the event that the ledger does not take.
    pub async fn record(
        &self,
        caller: &Caller,
        seller: &str,
        events: &[Event],
        now: Timestamp,
    ) -> Result<Taken, Error> {
        self.permit(caller, Operation::Record, seller)?;
        self.numbered(events)?;
        Ok(self.store.append(&self.definitions, seller, now, events).await?)
    }

    /// Records what a file holds, all or nothing, and notes the file in the log.
    ///
    /// # Errors
    /// As [`Service::record`].
    pub async fn record_file(
        &self,
        caller: &Caller,
        seller: &str,
        file: &str,
        events: &[Event],
        now: Timestamp,
    ) -> Result<Taken, Error> {
        self.permit(caller, Operation::Record, seller)?;
        self.numbered(events)?;
        Ok(self.noted(caller, seller, file, events, now).await?.0)
    }

    /// The same, and tells what of it is doubtful, a sentence each.
    ///
    /// # Errors
    /// As [`Service::record`].
    pub async fn record_telling(
        &self,
        caller: &Caller,
        seller: &str,
        file: &str,
        events: &[Event],
        ratebook: &Ratebook,
        now: Timestamp,
    ) -> Result<(Taken, Vec<String>), Error> {
        self.permit(caller, Operation::Record, seller)?;
        let mut doubts = self.numbered(events)?;
        let (taken, lines) = self.noted(caller, seller, file, events, now).await?;
        let past = self.store.past(&self.definitions, seller).await?;
        Look::new(ratebook).events(&mut doubts, &self.definitions, &past, events, &lines);
        Ok((taken, doubts.sentences("document")))
    }

    async fn noted(
        &self,
        caller: &Caller,
        seller: &str,
        file: &str,
        events: &[Event],
        now: Timestamp,
    ) -> Result<(Taken, Vec<TaxLine>), Error> {
        let mut tx = log::turn(self.store.db()).await?;
        let (taken, lines) = self.store.lines_within(&mut *tx, &self.definitions, seller, now, events).await?;
        let what = format!("{file}: {} recorded, {} known", taken.recorded, taken.known);
        log::note(&mut *tx, now, caller, "upload-sales", seller, &what).await?;
        tx.commit().await?;
        Ok((taken, lines))
    }

    /// Refuses registrations whose number cannot be right, and tells doubtful ones.
    fn numbered(&self, events: &[Event]) -> Result<Doubts, Error> {
        let mut doubts = Doubts::default();
        for event in events {
            if let Event::Registration(one) = event
                && let Some(definition) = self.definitions.get(&one.scheme)
            {
                let doubt = number(&self.identifiers, definition, one);
                let doubt = doubt.map_err(|says| Error::Wrong(format!("registration \"{}\": {says}", one.document)))?;
                doubts.note(&one.document, doubt);
            }
        }
        Ok(doubts)
    }

    /// Which of these numbers are those of sales that were recorded.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn sold(
        &self,
        caller: &Caller,
        seller: &str,
        documents: &BTreeSet<&str>,
    ) -> Result<BTreeSet<String>, Error> {
        self.permit(caller, Operation::Record, seller)?;
        Ok(self.store.sold(seller, documents).await?)
    }

    /// Registrations, returns, balances and sums of a ledger.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn past(&self, caller: &Caller, seller: &str) -> Result<Past, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        Ok(self.store.past(&self.definitions, seller).await?)
    }

    /// Exchange rates that the seller took down.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn rates(&self, caller: &Caller, seller: &str) -> Result<Vec<RateNoted>, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        Ok(self.store.rates(seller).await?)
    }

    /// Entries of a ledger after a number.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn entries(&self, caller: &Caller, seller: &str, after: u64, most: u64) -> Result<Vec<Entry>, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        Ok(self.store.entries(seller, after, most.min(1000)).await?)
    }

    /// The sales, refunds and corrections behind a return.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn lines(
        &self,
        caller: &Caller,
        seller: &str,
        scheme: &str,
        period: Period,
        after: (u64, u64),
        most: u64,
    ) -> Result<Vec<((u64, u64), Line)>, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        Ok(self.store.lines(seller, scheme, period, after, most.min(1000)).await?)
    }

    /// Returns that have not been sent although their period is over, of all schemes under which the seller is registered, the oldest first.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn open_returns(&self, caller: &Caller, seller: &str, today: Date) -> Result<Vec<Deadline>, Error> {
        let past = self.past(caller, seller).await?;
        let mut all: Vec<Deadline> = past
            .schemes()
            .filter_map(|scheme| self.definitions.get(scheme))
            .flat_map(|definition| deadline::open(definition, &past, today))
            .collect();
        all.sort_by(|one, other| (one.due, &one.scheme).cmp(&(other.due, &other.scheme)));
        Ok(all)
    }
}
