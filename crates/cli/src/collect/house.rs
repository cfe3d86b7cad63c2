//! The house of sellers and authorities before anybody can come in: the token of who runs it, authorities, tokens for others. Whoever can open
//! the database may do this; everything stands in its log.

use super::kept::{failed, open, open_or_make};
use super::{definitions, identifiers};
use crate::args::{AdmitArgs, KeeperArgs, TokenArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::repository::wait;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;
use tidewaiter_collect::service::{Caller, Error, Role, Service};
use tidewaiter_collect::store::StoreError;

/// Makes a token for who runs the house.
pub(super) fn keeper(args: &KeeperArgs, page: &mut Page) -> Result<Exit, Failure> {
    let now = Timestamp::now();
    let expires = ends(now, args.days);
    let token = wait(async {
        let house = begun(&args.store).await?;
        let made = house.first_keeper(&args.label, now, expires).await.map_err(told);
        house.store().close().await;
        made
    })?;
    shown(&token, Role::Keeper, None, expires, args.json, page)
}

/// Admits an authority.
pub(super) fn admit(args: &AdmitArgs, page: &mut Page) -> Result<Exit, Failure> {
    let made = wait(async {
        let house = house(&args.store).await?;
        let (who, state) = (machine(), args.state.as_deref());
        let made = house.add_authority(&who, &args.scheme, state, &args.name, Timestamp::now()).await.map_err(told);
        house.store().close().await;
        made
    })?;
    if args.json {
        page.json(&made)?;
        return Ok(Exit::Answered);
    }
    page.paragraph(&format!("Admitted: {} ({}).", made.id, made.name), Tone::Strong)?;
    page.paragraph(
        &format!(
            "A token for an officer: tidewaiter collect token --store {} --role officer --of {} --label NAME",
            args.store, made.id
        ),
        Tone::Plain,
    )?;
    Ok(Exit::Answered)
}

/// Makes a token for somebody.
pub(super) fn token(args: &TokenArgs, page: &mut Page) -> Result<Exit, Failure> {
    let now = Timestamp::now();
    let expires = ends(now, args.days);
    let token = wait(async {
        let house = house(&args.store).await?;
        let made = house.make_token(&machine(), &args.label, args.role, args.of.as_deref(), now, expires).await;
        house.store().close().await;
        made.map_err(told)
    })?;
    shown(&token, args.role, args.of.as_deref(), expires, args.json, page)
}

fn ends(now: Timestamp, days: u16) -> Timestamp {
    now.saturating_add((24 * i64::from(days)).hours()).unwrap_or(now)
}

/// Whoever sits at the machine, as the log names them.
fn machine() -> Caller {
    Caller { label: "the machine".into(), role: Role::Keeper, of: None, token: String::new() }
}

/// Nothing is signed here, so no key is needed.
async fn house(address: &str) -> Result<Service, Failure> {
    Ok(Service::new(open(address).await?, definitions()?, identifiers()?, None))
}

/// The first token begins a house: its database is made.
async fn begun(address: &str) -> Result<Service, Failure> {
    Ok(Service::new(open_or_make(address).await?, definitions()?, identifiers()?, None))
}

fn told(error: Error) -> Failure {
    match error {
        Error::Store(StoreError::Database(error)) => failed(StoreError::Database(error)),
        Error::Nothing(what) => Failure::usage(format!(
            "there is no \"{what}\" here; schemes: `tidewaiter collect scheme`, sellers: `tidewaiter collect sellers --store ADDRESS`, authorities: `tidewaiter collect admit` makes one"
        )),
        Error::Inside(what) => Failure::Internal(what),
        other => Failure::usage(other),
    }
}

fn shown(
    token: &str,
    role: Role,
    of: Option<&str>,
    expires: Timestamp,
    as_json: bool,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let day = expires.to_zoned(jiff::tz::TimeZone::UTC).date();
    if as_json {
        page.json(&json!({ "token": token, "role": role, "of": of, "expires_on": day }))?;
        return Ok(Exit::Answered);
    }
    let article = if role.name().starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    let whose = of.map_or_else(|| format!("{article} {role}"), |of| format!("{article} {role} of {of}"));
    page.paragraph(&format!("The token of {whose}, shown this once. It counts until {day}:"), Tone::Plain)?;
    page.gap()?;
    page.line(token)?;
    page.gap()?;
    page.paragraph("Programs send it as \"Authorization: Bearer TOKEN\"; people enter it on the page. Only its hash is kept: one that is lost cannot be found again, make another.", Tone::Quiet)?;
    Ok(Exit::Answered)
}
