//! The `tidewaiter` command: what a parcel costs to land, and why.
//!
//! [`args`] says what can be asked; each subcommand has a file of its name. Everything printed goes through
//! [`page::Page`], everything that goes wrong is a [`errors::Failure`].

mod answer;
mod args;
mod beside;
mod bulk;
mod chart;
mod check;
mod code;
mod collect;
mod consignment;
mod corrections;
mod diff;
mod economies;
mod economy;
mod edition;
mod errors;
mod fetch;
mod history;
mod import;
mod input;
mod item;
mod key;
mod mcp;
mod origin;
mod page;
mod paid;
mod plan;
mod progress;
mod publish;
mod quote;
mod ratebook;
mod repository;
mod reverse;
mod schema;
mod serve;
mod shell;
mod sign;
mod source;
mod start;
mod stream;
mod suggest;
mod sync;
mod table;
mod tariff;
mod words;

use args::{Args, Command};
use clap::Parser;
use errors::{Exit, Failure};
use page::Page;
use std::process::ExitCode;

/// An answer is hundreds of small texts that live for microseconds.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return errors::of_flags(&error),
    };
    let mut page = Page::stdout();
    let done = run(args, &mut page).and_then(|exit| page.flush().map(|()| exit).map_err(Failure::from));
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // What was shown before stands above what went wrong.
            let _ = page.flush();
            failure.report()
        }
    }
}

fn run(args: Args, page: &mut Page) -> Result<Exit, Failure> {
    match args.command {
        None => start::run(page),
        Some(Command::Quote(args)) => quote::run(&args, page),
        Some(Command::Code(args)) => code::run(&args, page),
        Some(Command::Economies(args)) => economies::run(&args, page),
        Some(Command::Economy(args)) => economy::run(&args, page),
        Some(Command::Check(args)) => check::run(&args, page),
        Some(Command::Schema(args)) => schema::run(&args, page),
        Some(Command::Bulk(args)) => bulk::run(&args, page),
        Some(Command::Tariff(args)) => tariff::run(&args, page),
        Some(Command::Import(args)) => import::run(&args, page),
        Some(Command::Diff(args)) => diff::run(&args, page),
        Some(Command::Fetch(args)) => fetch::run(&args, page),
        Some(Command::Template(args)) => import::template(&args, page),
        Some(Command::Ratebook(args)) => ratebook::run(&args, page),
        Some(Command::Sync(args)) => sync::run(&args, page),
        Some(Command::Bundle(args)) => sync::bundle(&args, page),
        Some(Command::Recall(args)) => sync::recall(&args, page),
        Some(Command::Key(args)) => key::run(&args, page),
        Some(Command::Sign(args)) => sign::run(&args, page),
        Some(Command::Publish(args)) => publish::run(&args, page),
        Some(Command::Serve(args)) => serve::run(&args, page),
        Some(Command::ServeKey(args)) => serve::key(&args, page),
        Some(Command::Mcp(args)) => mcp::run(&args),
        Some(Command::Collect(args)) => collect::run(&args, page),
        Some(Command::Corrections(args)) => corrections::run(&args, page),
        Some(Command::Repository(args)) => repository::run(&args, page),
        Some(Command::Completions(args)) => shell::completions(&args, page),
        Some(Command::Man(args)) => shell::man(&args, page),
    }
}
