//! Databases with ledgers: their sellers, and whether they are whole.

use super::definitions;
use super::kept::{exit, failed, open, open_or_make};
use crate::args::{SellersArgs, VerifyArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::repository::wait;
use crate::table::{Align, Table};
use crate::words::count;
use jiff::Timestamp;
use serde_json::json;
use tidewaiter_collect::store::StoreError;

pub(super) fn run(args: &SellersArgs, page: &mut Page) -> Result<Exit, Failure> {
    let sellers = wait(async {
        let store = if args.add.is_some() { open_or_make(&args.store).await? } else { open(&args.store).await? };
        if let (Some(id), Some(name)) = (&args.add, &args.name) {
            store.add_seller(id, name, Timestamp::now()).await.map_err(failed)?;
        }
        let sellers = store.sellers().await.map_err(failed);
        store.close().await;
        sellers
    })?;
    if args.json {
        page.json(&sellers)?;
        return Ok(Exit::Answered);
    }
    if sellers.is_empty() {
        page.paragraph("There is no seller yet: add one with --add ID --name NAME.", Tone::Plain)?;
        return Ok(Exit::Answered);
    }
    let columns =
        [("Seller", Align::Left), ("Name", Align::Left), ("Entries", Align::Right), ("Newest hash", Align::Left)];
    let mut table = Table::new(&columns, 1);
    for one in sellers {
        let head: String = one.head.chars().take(16).collect();
        table.row(vec![one.id, one.name, one.entries.to_string(), format!("{head}…")]);
    }
    page.table(&table)?;
    Ok(Exit::Answered)
}

pub(super) fn verify(args: &VerifyArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let all = wait(async {
        let store = open(&args.store).await?;
        let sellers = match &args.seller {
            Some(seller) => vec![seller.clone()],
            None => store.sellers().await.map_err(failed)?.into_iter().map(|one| one.id).collect(),
        };
        let mut all = Vec::new();
        for seller in sellers {
            let found = match store.verify(&definitions, &seller).await {
                Ok(entries) => Ok(entries),
                Err(StoreError::Damaged { what, .. }) => Err(what),
                Err(other) => return Err(failed(other)),
            };
            all.push((seller, found));
        }
        store.close().await;
        Ok(all)
    })?;
    let is_whole = all.iter().all(|(_, found)| found.is_ok());
    if args.json {
        let sellers: Vec<_> = all
            .iter()
            .map(|(seller, found)| match found {
                Ok(entries) => json!({ "seller": seller, "whole": true, "entries": entries }),
                Err(what) => json!({ "seller": seller, "whole": false, "says": what }),
            })
            .collect();
        page.json(&sellers)?;
        return Ok(exit(is_whole));
    }
    for (seller, found) in all {
        match found {
            Ok(entries) => page.bullet(&format!(
                "{seller}: whole. {} and all that follows from them were made again and are the same.",
                count(usize::try_from(entries).unwrap_or(usize::MAX), "entry")
            ))?,
            Err(what) => {
                page.hanging("! ", &format!("{seller}: DAMAGED: {what}. Restore it from a backup."), Tone::Caution)?
            }
        }
    }
    Ok(exit(is_whole))
}
