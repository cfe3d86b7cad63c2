//! `tidewaiter schema`: the documents' shapes, for programs that write or read them.

use crate::args::{Document, SchemaArgs};
use crate::errors::{Exit, Failure};
use crate::page::Page;
use tidewaiter::record::Economy;
use tidewaiter::record::edition::Entry;
use tidewaiter::{Consignment, Quote, unit};

pub(crate) fn run(args: &SchemaArgs, page: &mut Page) -> Result<Exit, Failure> {
    match args.document {
        Document::Consignment => page.json(&schemars::schema_for!(Consignment))?,
        Document::Quote => page.json(&schemars::schema_for!(Quote))?,
        Document::Record => page.json(&schemars::schema_for!(Economy))?,
        Document::Edition => page.json(&schemars::schema_for!(Entry))?,
        Document::Units => page.json(&unit::all())?,
    }
    Ok(Exit::Answered)
}
