//! What an edition would change, shown before anybody approves it: which goods, and what typical baskets pay before and
//! after. Computed with the engine that answers quotes, so what is shown is what will be.

use crate::assemble::{Folder, Opened};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use tidewaiter::ratebook::compile::Problem;
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::{Consignment, Quote, Ratebook};
use tidewaiter_sources::edition::Writer;
use tidewaiter_sources::edition::compare::{self, Compared};
use tidewaiter_sources::{Entry, ImportError, Limits, Sink, Source};

/// Most changes of goods that a preview lists; it counts all.
pub const MOST_CHANGES: usize = 500;

/// Reads the files of a data folder, as an edition of "unofficial" holds them.
pub type ReadFolder = fn(&[(String, Vec<u8>)]) -> Result<Folder, Vec<Problem>>;

/// Rates and rules beside which a draft is tried.
#[derive(Debug, Clone, Default)]
pub struct Base {
    /// What stands without any authority.
    pub folder: Folder,
    /// Six-digit codes of the Harmonized System in force.
    pub codes: BTreeSet<String>,
    /// Typical baskets.
    pub baskets: Vec<Consignment>,
    /// Reads what "unofficial" publishes, which stands in the place of `folder` then. Where absent, `folder` always stands.
    pub read: Option<ReadFolder>,
    /// What was read of published editions: it is not read again for every draft.
    pub known: Known,
}

/// A data folder, and the SHA-256 of the edition that it was read of.
pub(crate) type FolderOf = (String, Arc<Folder>);

/// What was read of published editions, by hash.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The data folder of the newest edition of "unofficial".
    pub(crate) folder: Arc<Mutex<Option<FolderOf>>>,
    /// Of parts with exchange rates, the newest rate of each series and pair of currencies.
    pub(crate) newest_rates: Arc<Mutex<HashMap<String, Vec<Entry>>>>,
    /// Drafts of which a ratebook was made beside what stood then: it is not made again as long as that stands.
    pub(crate) fitting: Arc<Mutex<HashSet<String>>>,
}

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Law of this day.
    pub day: String,
    /// How many goods, rates, areas and programmes are said differently.
    pub changes: u64,
    /// The first of them.
    pub first_changes: Vec<serde_json::Value>,
    /// How many baskets were priced.
    pub baskets: u64,
    /// Those that pay another amount or get another kind of answer.
    pub differ: Vec<Basket>,
    /// Why baskets could not be priced, where they could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A basket before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// From where to where, and what: the goods codes.
    pub what: String,
    /// Its value with the currency.
    pub worth: String,
    /// What the buyer pays on top now.
    pub before: String,
    /// What the buyer would pay.
    pub after: String,
}

/// What differs between two sets of records under two heads; the old may be empty.
///
/// # Errors
/// A sentence where they are too large to compare.
pub fn differences(old: Option<&Opened>, new: &Opened) -> Result<Compared, String> {
    let empty = Vec::new();
    let write = |edition: &Opened, entries: &[Entry]| -> Result<Vec<u8>, String> {
        let mut writer = Writer::new(Vec::new(), &edition.manifest.head).map_err(|e| e.to_string())?;
        for entry in entries {
            writer.take(entry.clone()).map_err(|e| e.to_string())?;
        }
        writer.finish().map_err(|e| e.to_string())
    };
    let sides = [write(old.unwrap_or(new), old.map_or(&empty, |old| &old.entries))?, write(new, &new.entries)?];
    let open = |which: usize| -> Result<Source, ImportError> {
        let bytes = sides.get(which).cloned().unwrap_or_default();
        Source::new("edition", std::io::Cursor::new(bytes), Limits::default())
    };
    compare::compare(open, None).map_err(|e| e.to_string())
}

/// What a new edition would change against the one before, by the law of a day.
///
/// # Errors
/// Every [`Problem`] for which the new edition would make no ratebook.
pub fn preview(base: &Base, old: Option<Opened>, new: Opened, day: Date) -> Result<Preview, Vec<Problem>> {
    let problem = |message: String| {
        vec![Problem { file: new.manifest.authority.clone(), path: String::new(), line: 0, column: 0, message }]
    };
    let changes = differences(old.as_ref(), &new).map_err(problem)?.changes;
    let first_changes = changes.iter().take(MOST_CHANGES).filter_map(|c| serde_json::to_value(c).ok()).collect();
    let mut preview =
        Preview { day: day.to_string(), changes: changes.len() as u64, first_changes, ..Preview::default() };
    let book = |edition: Option<Opened>| -> Result<Ratebook, Vec<Problem>> {
        let mut folder = base.folder.clone();
        if let Some(edition) = edition {
            folder.lay(edition)?;
        }
        let broken = |e: tidewaiter::ratebook::RatebookError| {
            let message = format!("the ratebook cannot be read: {e}");
            vec![Problem { file: String::new(), path: String::new(), line: 0, column: 0, message }]
        };
        Ratebook::from_vec(folder.compile()?).map_err(broken)
    };
    let territory = new.manifest.head.territory.clone();
    let after = book(Some(new))?;
    let before = book(old)?;
    let destinations = destinations(&base.folder, territory.as_deref());
    let questions = base.baskets.iter().flat_map(|basket| {
        let to = if basket.to.is_empty() { destinations.as_slice() } else { std::slice::from_ref(&basket.to) };
        to.iter().map(|to| Consignment { to: to.clone(), date: Some(day), ..basket.clone() })
    });
    for question in questions {
        let (was, is) = (before.quote(&question).ok(), after.quote(&question).ok());
        if was.is_none() && is.is_none() {
            continue;
        }
        preview.baskets += 1;
        let (was, is) = (told(was.as_ref()), told(is.as_ref()));
        if was != is {
            let codes: Vec<&str> = question.items.iter().filter_map(|i| i.code.as_deref()).collect();
            let what = format!("{} to {}: {}", question.from.as_deref().unwrap_or("?"), question.to, codes.join(", "));
            let worth: Vec<String> = question.items.iter().map(|i| format!("{} x {}", i.quantity, i.price)).collect();
            let worth = format!("{} {}", question.currency, worth.join(" + "));
            preview.differ.push(Basket { what, worth, before: was, after: is });
        }
    }
    if preview.baskets == 0 {
        preview.note = Some(match &territory {
            Some(_) => "No typical basket can be priced there; look at the changes of goods.".into(),
            None => "It is for no territory, and no typical basket rests on it; look at the differences.".to_owned(),
        });
    }
    Ok(preview)
}

fn told(quote: Option<&Quote>) -> String {
    let Some(quote) = quote else { return "no answer".into() };
    let (least, most) = (quote.total.least_asked, quote.total.most_asked);
    match most {
        Some(most) if most == least => format!("{} {least}", quote.asked_currency),
        Some(most) => format!("{} {least} to {most}", quote.asked_currency),
        None => format!("{} {least} or more", quote.asked_currency),
    }
}

/// Where typical baskets go: to the territory, to some members of a union, or to some economies where rates concern all.
fn destinations(folder: &Folder, territory: Option<&str>) -> Vec<String> {
    /// Of a union or of all economies: enough to see a change, few enough to wait for.
    const SOME: usize = 6;
    let tables = &folder.world.territories;
    let Some(territory) = territory else {
        return folder.economies.iter().map(|e| e.economy.economy.territory.clone()).take(SOME).collect();
    };
    let union = tables.territory.iter().any(|t| t.code == territory && t.kind == TerritoryKind::Union);
    if union {
        let members = tables.member.iter().filter(|m| m.of == territory && m.ladders.is_some() && m.before.is_none());
        return members.map(|m| m.territory.clone()).take(SOME).collect();
    }
    vec![territory.to_owned()]
}
