//! `tidewaiter` alone: where to begin.

use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};

/// Commands to try, each with what it does.
const EXAMPLES: [(&str, &str); 3] = [
    (
        "What does it cost to land two t-shirts in Germany?",
        "tidewaiter quote --from CN --to DE --currency EUR --item t-shirt,6109.10,2,12.50,CN --freight 4.90 --channel post",
    ),
    ("What does the United Kingdom charge, and under which law?", "tidewaiter economy GB"),
    ("Is this economy file without mistakes?", "tidewaiter check data/economies/DE.toml"),
];

pub(crate) fn run(page: &mut Page) -> Result<Exit, Failure> {
    page.paragraph("tidewaiter: what a parcel costs to land, and why.", Tone::Strong)?;
    for (question, command) in EXAMPLES {
        page.gap()?;
        page.line(question)?;
        page.line(&format!("  {command}"))?;
    }
    page.gap()?;
    page.paragraph("`tidewaiter economies` lists what is known, `tidewaiter quote --help` all that can be asked, `tidewaiter --help` all commands. For one question a line from a program: `tidewaiter quote - --json`.", Tone::Plain)?;
    Ok(Exit::Answered)
}
