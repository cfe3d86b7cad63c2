//! What every account holds after what happened.

use super::definitions;
use super::kept::Kept;
use crate::args::LedgerArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::count;
use serde_json::json;

pub(super) fn run(args: &LedgerArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let ledger = Kept::open(&definitions, &args.kept, args.happened.as_deref())?.ledger;
    let balances = ledger.balances().iter().filter(|(_, amount)| !amount.is_zero());
    if args.json {
        let accounts: Vec<_> = balances
            .map(|((account, currency), amount)| json!({ "account": account.to_string(), "currency": currency, "amount": amount }))
            .collect();
        page.json(&json!({ "entries": ledger.entries().len(), "head": ledger.head(), "accounts": accounts }))?;
        return Ok(Exit::Answered);
    }
    let mut table = Table::new(
        &[("Account", Align::Left), ("Debit", Align::Right), ("Credit", Align::Right), ("", Align::Left)],
        0,
    );
    for ((account, currency), amount) in balances {
        let shown = amount.to_at_least(2);
        let (debit, credit) = match shown.strip_prefix('-') {
            Some(credit) => (String::new(), credit.to_owned()),
            None => (shown, String::new()),
        };
        table.row(vec![account.to_string(), debit, credit, currency.clone()]);
    }
    page.table(&table)?;
    page.gap()?;
    let told = format!(
        "{}. Debit and credit are the same in every currency. Hash of the newest entry: {}.",
        count(ledger.entries().len(), "entry"),
        ledger.head()
    );
    page.paragraph(&told, Tone::Quiet)?;
    Ok(Exit::Answered)
}
