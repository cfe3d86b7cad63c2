//! Tokens: who may come in. Only their hash is kept, so whoever reads the database can use none of them.

use super::permission::{Caller, Operation, Role, Side};
use super::{Error, Service, log};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{Timestamp, ToSpan as _};
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter_repository::store::db::Run;
use tidewaiter_repository::store::moment;
use tidewaiter_repository::{sha256_hex, values};

/// What a token begins with, so that one that leaks is recognised.
const PREFIX: &str = "twc_";
/// Most characters of a token.
const LONGEST: usize = 100;
/// How many characters of the hash name a token.
const NAME: usize = 12;
/// Longest life of a token, in hours: two years.
const LONGEST_LIFE: i64 = 24 * 731;

/// A token as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Listed {
    /// Beginning of its hash: by it, it is revoked.
    pub id: String,
    /// Name of the holder.
    pub label: String,
    /// What the holder may do.
    pub role: Role,
    /// For which seller or authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// When it was made.
    pub made_at: String,
    /// When it ends.
    pub expires_at: String,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
}

/// Writes a token and returns it: the only time it is seen.
pub(super) async fn make(
    tx: &mut dyn Run,
    label: &str,
    role: Role,
    of: Option<&str>,
    now: Timestamp,
    expires: Timestamp,
) -> Result<String, Error> {
    super::seller::named(label)?;
    if expires <= now || expires > now.saturating_add(LONGEST_LIFE.hours()).unwrap_or(now) {
        return Err(Error::Wrong("a token ends later than now, and within two years".into()));
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| Error::Inside(format!("no random numbers: {error}")))?;
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
    let sql = "INSERT INTO token (hash, label, role, subject, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let hash = sha256_hex(token.as_bytes());
    tx.change(sql, values![hash, label, role.name(), of.unwrap_or_default(), moment(now), moment(expires)]).await?;
    Ok(token)
}

impl Service {
    /// Whose token it is, where it is one that still counts.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn caller(&self, token: &str, now: Timestamp) -> Result<Option<Caller>, Error> {
        if token.len() > LONGEST || !token.starts_with(PREFIX) {
            return Ok(None);
        }
        // Looked up by hash: what is compared is not secret, so how long it takes tells nothing.
        let hash = sha256_hex(token.as_bytes());
        let sql = "SELECT label, role, subject FROM token WHERE hash = $1 AND expires_at > $2 AND revoked_at = ''";
        let mut tx = self.store.db().read().await?;
        let Some(mut row) = tx.first(sql, values![&hash, moment(now)]).await? else { return Ok(None) };
        Ok(Some(Caller {
            label: row.text()?,
            role: row.text()?.parse().map_err(Error::Inside)?,
            of: Some(row.text()?).filter(|of| !of.is_empty()),
            token: hash.chars().take(NAME).collect(),
        }))
    }

    /// Makes a token for somebody of a seller's own: another seller's hand, or an accountant.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Wrong`].
    pub async fn make_own_token(
        &self,
        caller: &Caller,
        seller: &str,
        label: &str,
        role: Role,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<String, Error> {
        self.permit(caller, Operation::OwnTokens, seller)?;
        if role.side() != Side::Seller {
            return Err(Error::Wrong("a seller makes tokens for sellers and accountants".into()));
        }
        self.make_token_of(caller, label, role, Some(seller), now, expires).await
    }

    /// Makes a token: for those who run the service.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Wrong`], [`Error::Nothing`] where there is no such seller or authority.
    pub async fn make_token(
        &self,
        caller: &Caller,
        label: &str,
        role: Role,
        of: Option<&str>,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<String, Error> {
        self.permit(caller, Operation::AllTokens, "")?;
        self.make_token_of(caller, label, role, of, now, expires).await
    }

    async fn make_token_of(
        &self,
        caller: &Caller,
        label: &str,
        role: Role,
        of: Option<&str>,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<String, Error> {
        let mut tx = log::turn(self.store.db()).await?;
        let table = match (role.side(), of) {
            (Side::Seller, Some(_)) => Some("SELECT 1 FROM seller WHERE id = $1"),
            (Side::Authority, Some(_)) => Some("SELECT 1 FROM authority WHERE id = $1"),
            (Side::House, None) => None,
            _ => {
                return Err(Error::Wrong(format!(
                    "a token of a {role} names its seller or authority, that of a keeper none"
                )));
            }
        };
        if let (Some(sql), Some(of)) = (table, of)
            && tx.first(sql, values![of]).await?.is_none()
        {
            return Err(Error::Nothing(of.to_owned()));
        }
        let token = make(&mut *tx, label, role, of, now, expires).await?;
        log::note(&mut *tx, now, caller, "make-token", of.unwrap_or_default(), &format!("{role} {label}")).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The first token of those who run the service. It asks nobody, for whoever opens the database may do as much by hand.
    ///
    /// # Errors
    /// [`Error::Wrong`].
    pub async fn first_keeper(&self, label: &str, now: Timestamp, expires: Timestamp) -> Result<String, Error> {
        let caller = Caller { label: "the machine".into(), role: Role::Keeper, of: None, token: String::new() };
        self.make_token_of(&caller, label, Role::Keeper, None, now, expires).await
    }

    /// Tokens of a seller, or all of them.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn tokens(&self, caller: &Caller, seller: Option<&str>) -> Result<Vec<Listed>, Error> {
        match seller {
            Some(seller) => self.permit(caller, Operation::OwnTokens, seller)?,
            None => self.permit(caller, Operation::AllTokens, "")?,
        }
        let sql = "SELECT hash, label, role, subject, made_at, expires_at, revoked_at FROM token
                   WHERE $1 = '' OR (subject = $1 AND role IN ('seller', 'accountant')) ORDER BY made_at DESC, hash LIMIT 10000";
        let mut tx = self.store.db().read().await?;
        let rows = tx.rows(sql, values![seller.unwrap_or_default()]).await?;
        rows.into_iter()
            .map(|mut row| {
                let some = |text: String| Some(text).filter(|text| !text.is_empty());
                Ok(Listed {
                    id: row.text()?.chars().take(NAME).collect(),
                    label: row.text()?,
                    role: row.text()?.parse().map_err(Error::Inside)?,
                    of: some(row.text()?),
                    made_at: row.text()?,
                    expires_at: row.text()?,
                    revoked_at: some(row.text()?),
                })
            })
            .collect()
    }

    /// Revokes a token by the beginning of its hash: one of a seller, or any.
    ///
    /// # Errors
    /// [`Error::NotYours`], [`Error::Nothing`].
    pub async fn revoke(&self, caller: &Caller, seller: Option<&str>, id: &str, now: Timestamp) -> Result<(), Error> {
        match seller {
            Some(seller) => self.permit(caller, Operation::OwnTokens, seller)?,
            None => self.permit(caller, Operation::AllTokens, "")?,
        }
        let mut tx = log::turn(self.store.db()).await?;
        let sql = "UPDATE token SET revoked_at = $3 WHERE substr(hash, 1, 12) = $1 AND revoked_at = ''
                   AND ($2 = '' OR (subject = $2 AND role IN ('seller', 'accountant')))";
        if tx.change(sql, values![id, seller.unwrap_or_default(), moment(now)]).await? == 0 {
            return Err(Error::Nothing(id.chars().take(NAME).collect()));
        }
        log::note(&mut *tx, now, caller, "revoke-token", seller.unwrap_or_default(), id).await?;
        Ok(tx.commit().await?)
    }
}
