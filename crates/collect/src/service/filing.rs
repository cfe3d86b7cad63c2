//! Returns on their way: drafted, sent in one transaction that also closes the period, received with a signed receipt.

use super::authority::{Authority, Held, authority, read_held};
use super::declaration::Declaration;
use super::permission::{Caller, Operation};
use super::{Error, Service, kept, log, written};
use crate::definition::{Corrections, Definition, Period};
use crate::draft::{Rates, Return, draft};
use crate::event::{Amended, Event, Filed};
use crate::store::Sendings;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::{Decimal, Ratebook};
use tidewaiter_repository::receipt::{Envelope, seal};
use tidewaiter_repository::store::db::{Row, Run};
use tidewaiter_repository::store::moment;
use tidewaiter_repository::{sha256_hex, values};

/// Largest return that is taken in, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

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
    /// What is declared as owed; for an amendment with differences together with what was declared before.
    pub owed: Decimal,
    /// Which return its differences were added to: the count of that one. Nothing where it is a whole return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_to: Option<u64>,
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
    /// The return. Where it says that it amends one, its figures are differences.
    pub document: serde_json::Value,
    /// The same as it was received, to the byte: its SHA-256 is that of the receipt.
    pub text: String,
    /// What is declared with it: the differences added to what was received before. Nothing where the document is whole itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<Declaration>,
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
        past.has(definition, period).map_err(|why| Error::Wrong(why.to_string()))?;
        let noted = self.store.rates_within(&mut *tx, seller).await?;
        let collected = self.store.collected_within(&mut *tx, definition, seller, period).await?;
        let rates = Rates::new(ratebook, &noted);
        draft(definition, past.registration(scheme), &collected, &rates, period)
            .map_err(|why| Error::Stands(why.to_string()))
    }

    /// Makes the amendment of a return that a seller sent, of what waits for one in the ledger: its figures are differences.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Stands`] where no return of the period was sent, or nothing waits.
    pub async fn draft_amendment(
        &self,
        caller: &Caller,
        seller: &str,
        scheme: &str,
        period: Period,
        ratebook: &Ratebook,
    ) -> Result<Return, Error> {
        self.permit(caller, Operation::ReadLedger, seller)?;
        let mut tx = self.store.db().read().await?;
        let sendings = self.store.sendings_within(&mut *tx, seller, scheme, period).await?;
        self.amending(&mut *tx, seller, scheme, period, &sendings, ratebook).await
    }

    async fn amending(
        &self,
        tx: &mut dyn Run,
        seller: &str,
        scheme: &str,
        period: Period,
        sendings: &Sendings,
        ratebook: &Ratebook,
    ) -> Result<Return, Error> {
        let definition = self.definition(scheme)?;
        let Some(first) = &sendings.first else {
            return Err(Error::Stands(format!(
                "no return of {scheme} for {} is recorded as sent, so there is none to amend: send the return",
                period.words()
            )));
        };
        let past = self.store.past_within(&mut *tx, &self.definitions, seller).await?;
        let noted = self.store.rates_within(&mut *tx, seller).await?;
        let collected = self.store.amending_within(&mut *tx, definition, seller, period, sendings.since()).await?;
        if collected.parts.is_empty() {
            return Err(Error::Stands(format!(
                "nothing of {} waits until its return under {scheme} is amended",
                period.words()
            )));
        }
        let rates = Rates::new(ratebook, &noted);
        let made = draft(definition, past.registration(scheme), &collected, &rates, period)
            .map_err(|why| Error::Stands(why.to_string()))?;
        Ok(made.amending(definition, &first.document))
    }

    /// Sends the amendment of a return that was sent: its differences are added to what the authority received. One transaction, as for
    /// [`Service::send_return`]. Returns the signed receipt.
    ///
    /// # Errors
    /// [`Error::NoRates`]; [`Error::Stands`] where nothing waits, or what the authority received last is not what the ledger sent last.
    #[allow(clippy::too_many_arguments, reason = "who, whose, which, by which rates, and when")]
    pub async fn send_amendment(
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
        let mut tx = log::turn(self.store.db()).await?;
        self.store.turn_within(&mut *tx, seller).await?;
        let (to, held) = registered(&mut *tx, seller, scheme, period, None).await?;
        let sendings = self.store.sendings_within(&mut *tx, seller, scheme, period).await?;
        let mut made = self.amending(&mut *tx, seller, scheme, period, &sendings, ratebook).await?;
        made.number = Some(held.number.clone());
        made.member_state = to.member_state.clone();
        let owed = owed(&made)?;
        // Differences belong to one return and to no other.
        let newest = newest(&mut *tx, &to.id, seller, period).await?;
        if newest.as_ref().map(|one| one.1.as_str()) != sendings.newest() {
            return Err(Error::Stands(match newest {
                None => format!(
                    "{} has not received the return of {} here: send the amendment where you sent the return, and record it",
                    to.name,
                    period.words()
                ),
                Some((n, _)) => format!(
                    "what {} received last for {} (number {n}) is not what this ledger sent: differences would be added to another return. Hand in the whole return instead",
                    to.name,
                    period.words()
                ),
            }));
        }
        let made = made.without_doubts();
        let document = written(&made)?;
        let declared: Declaration = super::json(&document)?;
        let receipt = self.receive(&mut *tx, caller, &to, seller, &held, &declared, &document, now, today).await?;
        let known = sendings.later.iter().map(|(_, one)| one);
        let event = Event::Amendment(Amended {
            document: Amended::next_document(scheme, period, known),
            of: made.amends.unwrap_or_default(),
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
        let (to, held) = registered(&mut *tx, seller, scheme, period, None).await?;
        if let Some(first) = self.store.sendings_within(&mut *tx, seller, scheme, period).await?.first {
            let receipt =
                first.reference.as_ref().map_or_else(String::new, |reference| format!(", receipt {reference}"));
            let later = match self.definition(scheme)?.corrections.go {
                Corrections::Amended => "What came later goes into an amendment of it, or into the next return.",
                Corrections::Apart | Corrections::Among => "What came later goes into the next return.",
            };
            return Err(Error::Stands(format!(
                "the return of {scheme} for {} was sent on {}{receipt}. {later}",
                period.words(),
                first.date
            )));
        }
        let mut made = self.drafted(&mut *tx, seller, scheme, period, ratebook).await?;
        // The number is the one that was issued, whatever the seller took down.
        made.number = Some(held.number.clone());
        made.member_state = to.member_state.clone();
        let owed = owed(&made)?;
        let made = made.without_doubts();
        let document = written(&made)?;
        let declared: Declaration = super::json(&document)?;
        let receipt = self.receive(&mut *tx, caller, &to, seller, &held, &declared, &document, now, today).await?;
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
    /// period takes the place of the first; one that says that it amends a return holds differences, which are added.
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
        if document.len() > LARGEST {
            return Err(Error::Wrong(format!("the return is larger than {} MB", LARGEST / 1024 / 1024)));
        }
        let no_return = |error| Error::Wrong(format!("this is no return: {error}"));
        // Read whole first: a field that is passed over below must not hold what nobody can open later.
        serde_json::from_str::<serde_json::Value>(document).map_err(no_return)?;
        let declared: Declaration = serde_json::from_str(document).map_err(no_return)?;
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
        let number = Some(declared.number.as_str());
        let (to, held) = registered(&mut *tx, seller, &declared.scheme, declared.period, number).await?;
        if declared.number != held.number {
            return Err(Error::Wrong(format!("number: yours is {}", held.number)));
        }
        let receipt = self.receive(&mut *tx, caller, &to, seller, &held, &declared, document, now, today).await?;
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
        held: &Held,
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
        let number = held.number.as_str();
        if !held.periods(definition, today).contains(&period) {
            return Err(Error::Stands(format!(
                "{} is no period of your registration, which holds from {}; look which returns are due",
                period.words(),
                held.from
            )));
        }
        let sha256 = sha256_hex(document.as_bytes());
        let before = whole(&mut *tx, definition, &to.id, seller, period, u64::MAX).await?;
        let n = 1 + before.as_ref().map_or(0, |before| before.n);
        let (whole, added_to) = match (&declared.amends, before) {
            (None, _) => (declared.clone(), None),
            (Some(document), None) => {
                return Err(Error::Stands(format!(
                    "it amends the return {document}, and no return for {} was received here: hand in the whole return",
                    period.words()
                )));
            }
            (Some(_), Some(before)) if before.added.contains(&sha256) => {
                return Err(Error::Stands(
                    "these differences were received already: they are not added twice. Look at the returns that were sent"
                        .into(),
                ));
            }
            (Some(_), Some(before)) => {
                let sum = before.declaration.plus(definition, declared);
                (sum.map_err(|error| Error::Wrong(format!("an amount is out of range: {error}")))?, Some(before.n))
            }
        };
        let sums = whole.by_buyer(definition).map_err(|error| Error::Wrong(error.to_string()))?;
        // What is larger than any amount that can be read would stop the lists of the authority.
        let largest = tidewaiter::decimal::MAX_INPUT.units();
        let amounts = sums.values().flat_map(|(net, tax)| [net.unwrap_or_default(), *tax]);
        if let Some(amount) = amounts.chain([declared.owed, declared.back]).find(|one| one.units().abs() > largest) {
            return Err(Error::Wrong(format!("the amount {amount} is out of range")));
        }
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
            owed: whole.owed,
            added_to,
            currency: whole.currency.clone(),
            sha256,
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
            whole.is_nil(),
            &receipt.currency,
            receipt.owed.to_string(),
            document,
            &receipt.sha256,
            written(&envelope)?
        ];
        tx.change(sql, values).await?;
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
        let received = read(&mut row)?;
        let text = row.text()?;
        let document: serde_json::Value = super::json(&text)?;
        let receipt = super::json(&row.text()?)?;
        let mut together = None;
        if document.get("amends").is_some_and(serde_json::Value::is_string) {
            let scheme = super::authority::authority(&mut *tx, authority).await?.scheme;
            let definition = self.definition(&scheme)?;
            together = whole(&mut *tx, definition, authority, seller, period, n).await?.map(|whole| whole.declaration);
        }
        Ok(Opened { received, document, text, together, receipt })
    }
}

const COLUMNS: &str = "SELECT authority, seller, number, period, n, at, due, late, nil, owed, currency, sha256, document, receipt FROM received";

/// What is owed, or why it cannot be told.
fn owed(made: &Return) -> Result<Decimal, Error> {
    made.owed.ok_or_else(|| match made.missing.as_slice() {
        [] => Error::Stands(made.why_not().join("; ")),
        missing => Error::NoRates(missing.to_vec()),
    })
}

/// What a seller declares for a period, of all that was received.
struct Whole {
    declaration: Declaration,
    /// The newest that is in it.
    n: u64,
    /// SHA-256 of the differences that were added since the last whole return.
    added: Vec<String>,
}

/// Adds up what was received for a period up to some count: the newest whole return, and the differences after it.
async fn whole(
    tx: &mut dyn Run,
    definition: &Definition,
    authority: &str,
    seller: &str,
    period: Period,
    most: u64,
) -> Result<Option<Whole>, Error> {
    let sql =
        "SELECT n, document, sha256 FROM received WHERE authority = $1 AND seller = $2 AND period = $3 ORDER BY n";
    let mut all: Option<Whole> = None;
    for mut row in tx.rows(sql, values![authority, seller, period.to_string()]).await? {
        let n = row.int()?;
        if n > most {
            break;
        }
        let declaration: Declaration = super::json(&row.text()?)?;
        let sha256 = row.text()?;
        all = match (all, &declaration.amends) {
            (Some(mut before), Some(_)) => {
                let sum = before.declaration.plus(definition, &declaration);
                before.declaration = sum.map_err(|error| Error::Inside(error.to_string()))?;
                before.n = n;
                before.added.push(sha256);
                Some(before)
            }
            _ => Some(Whole { declaration, n, added: Vec::new() }),
        };
    }
    Ok(all)
}

/// The count and the hash of what was received last for a period.
async fn newest(
    tx: &mut dyn Run,
    authority: &str,
    seller: &str,
    period: Period,
) -> Result<Option<(u64, String)>, Error> {
    let sql =
        "SELECT n, sha256 FROM received WHERE authority = $1 AND seller = $2 AND period = $3 ORDER BY n DESC LIMIT 1";
    let row = tx.first(sql, values![authority, seller, period.to_string()]).await?;
    row.map(|mut row| Ok((row.int()?, row.text()?))).transpose()
}

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

/// The registration of a seller under a scheme that holds in a period, and with which authority: the one of a number where it is told, else the newest.
async fn registered(
    tx: &mut dyn Run,
    seller: &str,
    scheme: &str,
    period: Period,
    number: Option<&str>,
) -> Result<(Authority, Held), Error> {
    let sql =
        "SELECT h.authority, h.number, h.first_day, h.before_day FROM held h JOIN authority a ON a.id = h.authority
               WHERE h.seller = $1 AND a.scheme = $2 ORDER BY h.first_day, h.authority";
    let mut all = Vec::new();
    for mut row in tx.rows(sql, values![seller, scheme]).await? {
        all.push((row.text()?, read_held(&mut row)?));
    }
    let Some(newest) = all.last().cloned() else {
        return Err(Error::Stands(format!(
            "no authority of {scheme} here has registered you; send the return yourself, and record that it was sent"
        )));
    };
    all.retain(|(_, held)| held.holds_in(period));
    let by_number = all.iter().find(|(_, held)| number == Some(held.number.as_str())).cloned();
    let (id, held) = by_number.or_else(|| all.pop()).unwrap_or(newest);
    Ok((authority(tx, &id).await?, held))
}
