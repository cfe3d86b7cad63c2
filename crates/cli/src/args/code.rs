//! Flags of `tidewaiter code`.

use super::{Channel, SourceArgs, day};
use clap::{Args as Flags, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use tidewaiter_portal::suggest::Said;

/// Flags of `tidewaiter code`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter code \"cotton hoodie\"
  tidewaiter code funda de móvil --json
  tidewaiter code jacket --answer knit=woven --answer who=men
  tidewaiter code \"cotton t-shirt\" --to FR --from CN --channel post
  tidewaiter code --table goods.csv --column title --output goods-codes.csv
  tidewaiter code --lint \"gift\"
  tidewaiter code 6109.10
  tidewaiter code --tree
  tidewaiter code --edition 2017 030510
  tidewaiter code \"cotton t-shirt\" --nomenclature us.ndjson --rulings rulings.csv
On a terminal it asks what would narrow the answer, three questions at most.
The words are in English, French or Spanish. A code of six digits is the same in every country; for the digits after them look into the \
tariff of the destination, which --to shows.

With --lint it only says whether the words would do on a postal declaration (CN 22, CN 23) or an invoice. Words that fit any goods \
(\"gift\", \"parts\", \"samples\"), or only sizes, colours and numbers, are refused with what to write instead, and the exit code is 1.

With --table each row gets the columns code, title, confidence (percent), second, second_confidence, review and question. The column \
review is empty, or says why a person must look: \"vague: ...\" (and what to write), \"close: ...\" (one of two codes), \"unlikely\" (none \
is likely), \"unreadable: ...\". The other cells stay as they are: a spreadsheet takes a cell that begins with =, +, - or @ for a formula.")]
pub(crate) struct CodeArgs {
    /// What the thing is, what it is made of, what it is for
    #[arg(value_name = "WORDS", required_unless_present_any = ["table", "tree"], conflicts_with = "table")]
    pub(crate) words: Vec<String>,
    /// Language of the answer; that of the words if left out
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Lang>,
    /// Answer a question that was asked before: its key and that of the answer, such as made-of=cotton; repeat it for each
    #[arg(long = "answer", value_name = "QUESTION=ANSWER", value_parser = answer)]
    pub(crate) answers: Vec<(String, String)>,
    /// Most codes to show
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub(crate) most: u8,
    /// Say whether the words would do on a postal declaration, and what to write instead
    #[arg(long, conflicts_with_all = ["table", "to", "answers", "most"])]
    pub(crate) lint: bool,
    /// Browse: the sections, or what stands below a section (XI) or code; words that are a code need no flag
    #[arg(long, conflicts_with_all = ["table", "lint", "edition", "answers"])]
    pub(crate) tree: bool,
    /// Say what became of a code of this older edition of the Harmonized System
    #[arg(long, value_name = "YEAR", value_parser = ["2012", "2017"], conflicts_with_all = ["table", "lint", "answers"])]
    pub(crate) edition: Option<String>,
    /// An official nomenclature (an edition that `tidewaiter import` made): its texts help to find, and its lines are ranked
    #[arg(long, value_name = "EDITION", conflicts_with_all = ["table", "lint"])]
    pub(crate) nomenclature: Option<PathBuf>,
    /// Rulings: CSV with the columns text, code, reference and, where it is not English, language (en, fr, es)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["table", "lint"])]
    pub(crate) rulings: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// What the buyer pays.
    #[command(flatten)]
    pub(crate) pays: PaysArgs,
    /// Tables.
    #[command(flatten)]
    pub(crate) table: TableArgs,
    /// Which ratebook.
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// What the buyer pays for goods of each code.
#[derive(Debug, Flags)]
#[command(next_help_heading = "What the buyer pays")]
pub(crate) struct PaysArgs {
    /// Show what the buyer pays for goods of each code there, and the tariff lines of the likeliest: FR
    #[arg(long, value_name = "CODE", conflicts_with = "table")]
    pub(crate) to: Option<String>,
    /// Where it is sent from: CN
    #[arg(long, value_name = "CODE", requires = "to")]
    pub(crate) from: Option<String>,
    /// Where it was made; where it is sent from if left out, and said so
    #[arg(long, value_name = "CODE", requires = "to")]
    pub(crate) origin: Option<String>,
    /// What the goods are worth; 100 if left out, 10,000 of a currency without cents
    #[arg(long, value_name = "AMOUNT", requires = "to", allow_negative_numbers = true)]
    pub(crate) value: Option<String>,
    /// Currency of that value; the destination's if left out
    #[arg(long, value_name = "CODE", requires = "to")]
    pub(crate) currency: Option<String>,
    /// Who carries it
    #[arg(long, value_enum, requires = "to")]
    pub(crate) channel: Option<Channel>,
    /// Day whose law applies; today if left out
    #[arg(long, value_name = "DAY", value_parser = day, requires = "to")]
    pub(crate) date: Option<Date>,
}

/// Codes for a table of goods.
#[derive(Debug, Flags)]
#[command(next_help_heading = "Table")]
pub(crate) struct TableArgs {
    /// Find a code for each row of a table: .csv or .tsv, or `-` for CSV on standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) table: Option<PathBuf>,
    /// The column with the words; if left out the first of description, title, name, product, goods description
    #[arg(long, value_name = "NAME", requires = "table")]
    pub(crate) column: Option<String>,
    /// File to write; standard output if left out
    #[arg(short, long, value_name = "FILE", requires = "table")]
    pub(crate) output: Option<PathBuf>,
    /// Mark a row for review where its code is less likely, in percent; 60 if left out
    #[arg(long, value_name = "PERCENT", requires = "table", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) review_below: Option<u8>,
    /// Threads; as many as the machine has if left out
    #[arg(long, value_name = "NUMBER", requires = "table")]
    pub(crate) threads: Option<usize>,
}

/// A language of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// French
    Fr,
    /// Spanish
    Es,
}

/// Reads "made-of=cotton".
fn answer(text: &str) -> Result<(String, String), String> {
    let (question, answer) =
        text.split_once('=').ok_or("write the key of the question and that of the answer: made-of=cotton")?;
    Ok((question.to_owned(), answer.to_owned()))
}

/// Reads "made-of=cotton" and "2:made-of=cotton".
pub(crate) fn said(text: &str) -> Result<Said, String> {
    let (question, answer) = answer(text)?;
    let Some((item, question)) = question.split_once(':') else {
        return Ok(Said { item: None, question, answer });
    };
    let number = item.trim().parse().ok().filter(|number| *number > 0);
    let number =
        number.ok_or_else(|| format!("\"{item}\" is not the number of an item; write 2:{question}={answer}"))?;
    Ok(Said { item: Some(number), question: question.to_owned(), answer })
}
