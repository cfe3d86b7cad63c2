//! `tidewaiter completions` and `tidewaiter man`: the command described for shells and readers.

use crate::args::{Args, CompletionsArgs, ManArgs};
use crate::errors::{Exit, Failure, did_you_mean};
use crate::page::Page;
use clap::{Command, CommandFactory};

pub(crate) fn completions(args: &CompletionsArgs, page: &mut Page) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "tidewaiter", &mut script);
    page.bytes(&script)?;
    Ok(Exit::Answered)
}

pub(crate) fn man(args: &ManArgs, page: &mut Page) -> Result<Exit, Failure> {
    let mut all = Args::command();
    all.build();
    let command = match &args.command {
        None => all,
        Some(name) => all.find_subcommand(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = all.get_subcommands().map(Command::get_name).collect();
            Failure::usage(format!(
                "there is no command \"{name}\" among {}{}",
                known.join(", "),
                did_you_mean(name, known.iter().copied())
            ))
        })?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    page.bytes(&text)?;
    Ok(Exit::Answered)
}
