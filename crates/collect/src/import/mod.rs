//! Sales, refunds and corrections from CSV that a shop or an accountant has, and to it.
//!
//! | function | does |
//! |---|---|
//! | [`check`] | reads a whole file and tells every mistake |
//! | [`read`] | the same, and then hands its events over one by one |
//! | [`sound`] | what of a refused file could be read, so that the ledger's reasons are told too |
//! | [`events`] | hands them over together, for files that fit into memory |
//! | [`write()`] | writes events as such a file: what is read back is the same |
//!
//! The first line names the columns, in any order; what separates them (comma, semicolon or tab) is told by it. A file with a mistake is
//! refused as a whole, with row, column and reason of each.
//!
//! | column | sale | refund | correction | holds |
//! |---|---|---|---|---|
//! | `kind` | must | must | must | `sale`, `refund`, `correction` |
//! | `document` | must | must | must | its number |
//! | `date` | must | must | must | its day, `2026-04-03` and no other form |
//! | `of` | | must | must | document of the sale |
//! | `to` | must | | may | territory of the buyer |
//! | `from` | may | | | territory from which goods were sent |
//! | `currency` | must | | | ISO 4217 letters |
//! | `goods`, `shipping` | must, may | may | | prices without tax; of a refund how much went back |
//! | `all` | | may | | `yes`: everything that is left of the sale went back, and no amounts are given |
//! | `row` | | with `net` | | which row of the sale a part is of; the first is 1 |
//! | `charge`, `scheme` | may | | must, may | keys of charge and scheme; no scheme where the charge is owed at the border |
//! | `rate`, `rate_type` | may | | may | `21 %` or `21`; `standard`, `reduced`, `zero` |
//! | `net`, `amount` | with `charge` | may | must | what the charge is reckoned on, and the charge |
//! | `reason` | | | must | why, for people |
//! | `quote_sha256`, `ratebook`, `edition`, `quote_date` | may | | | the quote that says why; several editions with spaces between |
//!
//! Several rows that follow each other with the same kind and document are one event with several charges. What they have in common stands
//! in one of them or is the same in several. Memory is bounded: one row, the rows of one document, and eight bytes for each of the first
//! million documents, so that one that comes back later is found.
//!
//! ```
//! let file = "kind;document;date;of;goods\nrefund;R-7;2026-04-03;A-1;12,50\n";
//! let (events, told) = tidewaiter_collect::import::events(file.as_bytes())?;
//! assert_eq!((events.len(), told.separator, told.decimal_comma), (1, ';', true));
//! let wrong = tidewaiter_collect::import::check("kind,document,date\nrefund,R-7,03/04/2026\n".as_bytes()).unwrap_err();
//! assert!(wrong.faults[0].to_string().starts_with("row 2, column date: \"03/04/2026\" is ambiguous"));
//! # Ok::<(), tidewaiter_collect::import::Refused>(())
//! ```

mod fault;
mod field;
mod group;
mod layout;
mod reading;
mod writing;

pub use fault::{Fault, MOST_TOLD, Refused};
pub(crate) use field::date as day;
pub use reading::{Sound, Told, check, events, read, sound};
pub use writing::{NotWritten, Written, write};
