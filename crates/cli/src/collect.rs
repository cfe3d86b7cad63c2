//! `tidewaiter collect`: what a seller who collects tax for other countries owes, when, and why.

mod advise;
mod draft;
mod equal;
mod file;
mod folder;
mod house;
mod import;
mod kept;
mod late;
mod ledger;
mod matching;
mod pay;
mod register;
mod rules;
mod sellers;

use crate::args::{CollectArgs, CollectCommand};
use crate::errors::{Exit, Failure, did_you_mean};
use crate::page::Page;
use tidewaiter_collect::Definition;
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::ledger::Definitions;

pub(crate) fn run(args: &CollectArgs, page: &mut Page) -> Result<Exit, Failure> {
    match &args.command {
        CollectCommand::Scheme(args) => rules::scheme(args, page),
        CollectCommand::Number(args) => rules::number(args, page),
        CollectCommand::Due(args) => rules::due(args, page),
        CollectCommand::Import(args) => import::run(args, page),
        CollectCommand::Register(args) => register::run(args, page),
        CollectCommand::Ledger(args) => ledger::run(args, page),
        CollectCommand::Advise(args) => advise::run(args, page),
        CollectCommand::Equal(args) => equal::run(args, page),
        CollectCommand::Draft(args) => draft::run(args, page),
        CollectCommand::Late(args) => late::run(args, page),
        CollectCommand::File(args) => file::run(args, page),
        CollectCommand::Pay(args) => pay::run(args, page),
        CollectCommand::Match(args) => matching::run(args, page),
        CollectCommand::Folder(args) => folder::run(args, page),
        CollectCommand::Sellers(args) => sellers::run(args, page),
        CollectCommand::Verify(args) => sellers::verify(args, page),
        CollectCommand::Keeper(args) => house::keeper(args, page),
        CollectCommand::Admit(args) => house::admit(args, page),
        CollectCommand::Token(args) => house::token(args, page),
    }
}

/// The rules of all schemes, as they are inside the program.
pub(crate) fn definitions() -> Result<Definitions, Failure> {
    let read = |(key, text): &(&str, &str)| match Definition::read(text) {
        Ok(definition) => Ok(((*key).to_owned(), definition)),
        Err(faults) => Err(Failure::Internal(format!("the file of {key}: {faults:?}"))),
    };
    tidewaiter_data::returns().iter().map(read).collect()
}

/// Numbers with shapes and check digits, as they are inside the program.
pub(crate) fn identifiers() -> Result<Identifiers, Failure> {
    Identifiers::read(tidewaiter_data::identifiers()).map_err(Failure::Internal)
}

fn known<'a>(definitions: &'a Definitions, key: &str) -> Result<&'a Definition, Failure> {
    definitions.get(key).ok_or_else(|| {
        let all: Vec<&str> = definitions.keys().map(String::as_str).collect();
        let near = did_you_mean(key, all.iter().copied());
        Failure::usage(format!(
            "there is no scheme \"{key}\" whose returns are known{near}. Known are {}",
            all.join(", ")
        ))
    })
}
