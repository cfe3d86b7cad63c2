//! `tidewaiter corrections`: what people say is wrong in the data.

use crate::args::CorrectionsArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::words::count;
use tidewaiter_portal::store::{Correction, Store};

pub(crate) fn run(args: &CorrectionsArgs, page: &mut Page) -> Result<Exit, Failure> {
    let letters = crate::repository::wait(async {
        let store = Store::open(&args.store).await.map_err(|e| Failure::usage(format!("--store: {e}")))?;
        if let Some(id) = &args.forget_contact {
            return match store.forget_contact(id).await.map_err(Failure::usage)? {
                true => Ok(None),
                false => Err(Failure::usage(format!("--forget-contact: there is no letter {id}"))),
            };
        }
        store.corrections(args.since).await.map(Some).map_err(Failure::usage)
    })?;
    let Some(letters) = letters else {
        page.line("The contact of that letter is forgotten.")?;
        return Ok(Exit::Answered);
    };
    if args.json {
        page.json(&letters)?;
        return Ok(Exit::Answered);
    }
    page.paragraph(&count(letters.len(), "letter"), Tone::Strong)?;
    letters.iter().try_for_each(|one| show(one, page))?;
    Ok(Exit::Answered)
}

fn show(one: &Correction, page: &mut Page) -> Result<(), Failure> {
    let Correction { receipt, letter } = one;
    page.heading(&format!("{} of {}", receipt.id, receipt.received))?;
    let about = [("Economy", &letter.territory), ("Fact", &letter.fact), ("Contact", &letter.contact)];
    for (name, text) in about.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
        page.hanging(&format!("{name}: "), text, Tone::Plain)?;
    }
    page.hanging("Source: ", &letter.source, Tone::Plain)?;
    page.paragraph(&letter.what, Tone::Plain)?;
    Ok(())
}
