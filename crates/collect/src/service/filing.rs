//! Returns on their way: drafted, sent in one transaction that also closes the period, received with a signed receipt.

use super::authority::{Authority, authority};
use super::declaration::Declaration;
use super::permission::{Caller, Operation};
use super::{Error, Service, kept, log, some, written};
use crate::definition::Period;
use crate::draft::{Rates, Return, draft};
use crate::event::{Event, Filed};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_repository::receipt::{Envelope, seal};
use tidewaiter_repository::store::db::{Row, Run};
use tidewaiter_repository::store::moment;
use tidewaiter_repository::{sha256_hex, values};

/// What a receipt says. It is signed (DSSE), so whoever has the service's public key can check it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Receipt {
    /// Version of this document.
    pub version: u8,
    /// Its reference: authority, number, period, how many.
    pub reference: String,
    /// Who received it.
    pub authority: String,
    /// Its name.
    pub name: String,
    /// Number of the seller.
    pub number: String,
    /// The period.
    pub period: Period,
    /// The first is 1; later ones amend it.
    pub n: u64,
    /// When.
    pub at: String,
    /// The day by which it was due.
    #[schemars(with = "String")]
    pub due: Date,
    /// Whether it came after that day.
    pub late: bool,
    /// What is declared as owed.
    pub owed: Decimal,
    /// Currency of the return.
    pub currency: String,
    /// SHA-256 of the return as it was received.
    pub sha256: String,
    /// Hash of the newest row of the service's log before it.
    pub log: String,
}

/// A return as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Received {
    /// Which authority has it.
    pub authority: String,
    /// The seller's short name.
    pub seller: String,
    /// Its number.
    pub number: String,
    /// The period.
    pub period: Period,
    /// The first is 1.
    pub n: u64,
    /// When.
    pub at: String,
    /// The day by which it was due.
    #[schemars(with = "String")]
    pub due: Date,
    /// Whether it came after that day.
    pub late: bool,
    /// Whether nothing is declared.
    pub nil: bool,
    /// What is declared as owed.
    pub owed: Decimal,
    /// Currency.
    pub currency: String,
    /// SHA-256 of the return.
    pub sha256: String,
}

/// With its document and its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// What is known of it.
    pub received: Received,
    /// The return.
    pub document: serde_json::Value,
    /// The same byte for byte, as the SHA-256 of the receipt is of it.
    #[serde(skip)]
    pub text: String,
    /// The signed receipt.
    pub receipt: Envelope,
}

impl Service {
    /// Makes a return of a seller's ledger.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Nothing`] for a scheme whose returns are not described.
    pub async fn draft(
        &self,
        caller: &Caller,
        seller: &str,
        scheme: &str,
        period: Period,
        ratebook: &Ratebook,
    ) -> Result<Return, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        let mut tx = self.store.db().read().await?;
        self.drafted(&mut *tx, seller, scheme, period, ratebook).await
    }

    async fn drafted(
        &self,
        tx: &mut dyn Run,
        seller: &str,
        scheme: &str,
        period: Period,
        ratebook: &Ratebook,
    ) -> Result<Return, Error> {
        let definition = self.definition(scheme)?;
        let past = self.store.past_within(&mut *tx, &self.definitions, seller).await?;
        let noted = self.store.rates_within(&mut *tx, seller).await?;
        let collected = self.store.collected_within(&mut *tx, definition, seller, period).await?;
        let rates = Rates::new(ratebook, &noted);
        draft(definition, past.registration(scheme), &collected, &rates, period)
            .map_err(|why| Error::Stands(why.to_string()))
    }

    /// Sends the return of a seller's ledger to the authority that the seller is registered with, and closes its period: one transaction, so that
    /// no sale falls between them. Returns the signed receipt.
    ///
    /// # Errors
    /// [`Error::NoRates`]; [`Error::Stands`] where the period is not over, the seller is not registered here, or another period is first.
    #[allow(clippy::too_many_arguments, reason = "who, whose, which, by which rates, and when")]
    pub async fn send_return(
        &self,
        caller: &Caller,
        seller: &str,
        scheme: &str,
        period: Period,
        ratebook: &Ratebook,
        now: Timestamp,
        today: Date,
    ) -> Result<(Receipt, Envelope), Error> {
        self.permit(caller, Operation::SendReturn, seller)?;
        if period.last() >= today {
            return Err(Error::Stands(format!("the period {} is not over yet", period.words())));
        }
        let mut tx = log::turn(self.store.db()).await?;
        self.store.turn_within(&mut *tx, seller).await?;
        let (to, number) = registered(&mut *tx, seller, scheme).await?;
        let made = self.drafted(&mut *tx, seller, scheme, period, ratebook).await?;
        let Some(owed) = made.owed else { return Err(Error::NoRates(made.missing)) };
        let document = written(&made)?;
        let declared: Declaration = super::json(&document)?;
        let receipt = self.receive(&mut *tx, caller, &to, seller, &number, &declared, &document, now, today).await?;
        let event = Event::Return(Filed {
            document: format!("{scheme} {period}"),
            scheme: scheme.to_owned(),
            period,
            date: today,
            reference: Some(receipt.0.reference.clone()),
            owed,
            back: made.back,
            currency: made.currency,
            sha256: receipt.0.sha256.clone(),
        });
        self.store.append_within(&mut *tx, &self.definitions, seller, now, &[event]).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Takes in a return that a seller made with another program. The seller's ledger here, if there is one, stays as it is. A second one for a
    /// period amends the first.
    ///
    /// # Errors
    /// [`Error::Wrong`] with what does not fit.
    pub async fn hand_in(
        &self,
        caller: &Caller,
        seller: &str,
        document: &str,
        now: Timestamp,
        today: Date,
    ) -> Result<(Receipt, Envelope), Error> {
        self.permit(caller, Operation::SendReturn, seller)?;
        let declared: Declaration =
            serde_json::from_str(document).map_err(|error| Error::Wrong(format!("this is no return: {error}")))?;
        let definition = self.definition(&declared.scheme)?;
        let number = |error| Error::Wrong(format!("an amount is out of range: {error}"));
        let faults = declared.faults(definition).map_err(number)?;
        if !faults.is_empty() {
            return Err(Error::Wrong(faults.join("; ")));
        }
        if declared.period.last() >= today {
            return Err(Error::Stands(format!("the period {} is not over yet", declared.period.words())));
        }
        let mut tx = log::turn(self.store.db()).await?;
        let (to, issued) = registered(&mut *tx, seller, &declared.scheme).await?;
        if declared.number != issued {
            return Err(Error::Wrong(format!("number: yours is {issued}")));
        }
        let receipt = self.receive(&mut *tx, caller, &to, seller, &issued, &declared, document, now, today).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    #[allow(clippy::too_many_arguments, reason = "both ways of sending share it")]
    async fn receive(
        &self,
        tx: &mut dyn Run,
        caller: &Caller,
        to: &Authority,
        seller: &str,
        number: &str,
        declared: &Declaration,
        document: &str,
        now: Timestamp,
        today: Date,
    ) -> Result<(Receipt, Envelope), Error> {
        let Some(key) = &self.key else {
            return Err(Error::Stands("this service has no key to sign receipts with; ask those who run it".into()));
        };
        let definition = self.definition(&to.scheme)?;
        let period = declared.period;
        let sql = "SELECT first_day, before_day FROM vendor WHERE authority = $1 AND seller = $2";
        let mut days = tx.first(sql, values![&to.id, seller]).await?.ok_or_else(|| Error::Nothing(to.id.clone()))?;
        let (from, before): (Date, Option<Date>) =
            (kept(&days.text()?)?, some(days.text()?).map(|day| kept(&day)).transpose()?);
        if !super::authority::periods(definition, from, before, today).contains(&period) {
            return Err(Error::Stands(format!(
                "{} is no period of your registration, which holds from {from}; look which returns are due",
                period.words()
            )));
        }
        let sql = "SELECT COUNT(*) FROM received WHERE authority = $1 AND seller = $2 AND period = $3";
        let values = values![&to.id, seller, period.to_string()];
        let n = 1 + tx.first(sql, values).await?.map_or(Ok(0), |mut row| row.int())?;
        let due = definition.due.by.of(period);
        let what = format!("{} {number} {period} {n}", to.id);
        let head = log::note(&mut *tx, now, caller, "return", seller, &what).await?;
        let receipt = Receipt {
            version: 1,
            reference: format!("{}/{number}/{period}/{n}", to.id),
            authority: to.id.clone(),
            name: to.name.clone(),
            number: number.to_owned(),
            period,
            n,
            at: moment(now),
            due,
            late: today > due,
            owed: declared.owed,
            currency: declared.currency.clone(),
            sha256: sha256_hex(document.as_bytes()),
            log: head,
        };
        let envelope = seal(written(&receipt)?.as_bytes(), key);
        let sql = "INSERT INTO received (authority, seller, period, n, number, at, due, late, nil, currency, owed, document, sha256, receipt)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let values = values![
            &to.id,
            seller,
            period.to_string(),
            n,
            number,
            &receipt.at,
            due.to_string(),
            receipt.late,
            declared.is_nil(),
            &receipt.currency,
            receipt.owed.to_string(),
            document,
            &receipt.sha256,
            written(&envelope)?
        ];
        tx.change(sql, values).await?;
        let sums = declared.by_buyer(definition).map_err(|error| Error::Wrong(error.to_string()))?;
        for (buyer, (net, tax)) in sums {
            let sql = "INSERT INTO declared (authority, seller, period, n, buyer, net, tax) VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let net = net.map(|net| net.to_string()).unwrap_or_default();
            tx.change(sql, values![&to.id, seller, period.to_string(), n, buyer, net, tax.to_string()]).await?;
        }
        Ok((receipt, envelope))
    }

    /// Returns that a seller sent, the newest first.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn sent(&self, caller: &Caller, seller: &str) -> Result<Vec<Received>, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        self.received_where("seller", seller).await
    }

    /// Returns that an authority received, the newest first.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn received(&self, caller: &Caller, authority: &str) -> Result<Vec<Received>, Error> {
        self.permit(caller, Operation::ReadAuthority, authority)?;
        self.received_where("authority", authority).await
    }

    async fn received_where(&self, column: &'static str, is: &str) -> Result<Vec<Received>, Error> {
        let mut tx = self.store.db().read().await?;
        let sql = format!("{COLUMNS} WHERE {column} = $1 ORDER BY at DESC, period DESC, n DESC LIMIT 5000");
        tx.rows(&sql, values![is]).await?.into_iter().map(|mut row| read(&mut row)).collect()
    }

    /// One return with its document and receipt, for the seller or the authority of the caller.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Nothing`].
    pub async fn open_return(
        &self,
        caller: &Caller,
        authority: &str,
        seller: &str,
        period: Period,
        n: u64,
    ) -> Result<Opened, Error> {
        match caller.role.side() {
            super::permission::Side::Authority => self.permit(caller, Operation::ReadAuthority, authority)?,
            _ => self.permit(caller, Operation::ReadLedger, seller)?,
        }
        let mut tx = self.store.db().read().await?;
        let sql = format!("{COLUMNS} WHERE authority = $1 AND seller = $2 AND period = $3 AND n = $4");
        let values = values![authority, seller, period.to_string(), n];
        let Some(mut row) = tx.first(&sql, values).await? else {
            return Err(Error::Nothing(format!("{authority} {seller} {period} {n}")));
        };
        let (received, text) = (read(&mut row)?, row.text()?);
        Ok(Opened { received, document: super::json(&text)?, text, receipt: super::json(&row.text()?)? })
    }
}

const COLUMNS: &str = "SELECT authority, seller, number, period, n, at, due, late, nil, owed, currency, sha256, document, receipt FROM received";

fn read(row: &mut Row) -> Result<Received, Error> {
    Ok(Received {
        authority: row.text()?,
        seller: row.text()?,
        number: row.text()?,
        period: kept(&row.text()?)?,
        n: row.int()?,
        at: row.text()?,
        due: kept(&row.text()?)?,
        late: row.int()? != 0,
        nil: row.int()? != 0,
        owed: kept(&row.text()?)?,
        currency: row.text()?,
        sha256: row.text()?,
    })
}

/// With which authority a seller is registered under a scheme, and its number.
async fn registered(tx: &mut dyn Run, seller: &str, scheme: &str) -> Result<(Authority, String), Error> {
    let sql = "SELECT v.authority, v.number FROM vendor v JOIN authority a ON a.id = v.authority
               WHERE v.seller = $1 AND a.scheme = $2 ORDER BY v.changed_at DESC LIMIT 1";
    let Some(mut row) = tx.first(sql, values![seller, scheme]).await? else {
        return Err(Error::Stands(format!(
            "no authority of {scheme} here has registered you; send the return yourself, and record that it was sent"
        )));
    };
    let (id, number) = (row.text()?, row.text()?);
    Ok((authority(tx, &id).await?, number))
}
