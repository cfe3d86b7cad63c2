//! Flags of `tidewaiter code`.

use clap::Args as Flags;

/// Flags of `tidewaiter code`.
#[derive(Debug, Flags)]
#[command(after_long_help = "Examples:
  tidewaiter code \"cotton hoodie\"
  tidewaiter code funda de móvil --json
  tidewaiter code jacket --answer knit=woven --answer who=men
On a terminal it asks what would narrow the answer, three questions at most.
The words are in English, French or Spanish. A code of six digits is the same in every country; for the digits after them look into the \
tariff of the destination.")]
pub(crate) struct CodeArgs {
    /// What the thing is, what it is made of, what it is for
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) words: Vec<String>,
    /// Answer a question that was asked before: its key and that of the answer, such as made-of=cotton; repeat it for each
    #[arg(long = "answer", value_name = "QUESTION=ANSWER", value_parser = answer)]
    pub(crate) answers: Vec<(String, String)>,
    /// Most codes to show
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub(crate) most: u8,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads "made-of=cotton".
fn answer(text: &str) -> Result<(String, String), String> {
    let (question, answer) =
        text.split_once('=').ok_or("write the key of the question and that of the answer: made-of=cotton")?;
    Ok((question.to_owned(), answer.to_owned()))
}
