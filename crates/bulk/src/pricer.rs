//! One table priced. What many rows share (where to, which day, which currency) is resolved once and kept; each row then
//! only puts its goods in the place of the last.

use crate::BulkError;
use crate::columns::Column;
use crate::output::{Answer, Output, Slim, sums_of};
use arrow_array::RecordBatch;
use serde::Serialize;
use std::collections::HashMap;
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::{Goods, Ready, TerritoryId, Totals};
use tidewaiter::{Consignment, Decimal, Quoter, Ratebook};

/// Columns that are read: name, and what it holds. A column that is absent takes the default.
pub const COLUMNS: &[(&str, &str)] = &[
    ("id", "your own name for the row; copied to the answer"),
    ("code", "goods code, 2 to 12 digits"),
    ("origin", "where the goods were made, two-letter code"),
    ("price", "price of one, without taxes of the destination"),
    ("quantity", "how many; 1 if absent"),
    ("freight", "transport of the row's goods, paid by the buyer"),
    ("weight_kg", "weight of one in kilograms"),
    ("to", "destination, two-letter code"),
    ("from", "where it is sent from, two-letter code"),
    ("currency", "ISO 4217 code of the prices"),
    ("date", "day of the sale, as 2026-11-21"),
    ("channel", "post, express or freight"),
    ("mode", "air, sea, road or rail"),
    ("sale", "b2c, b2b or c2c"),
    ("region", "state or province of destination"),
    ("registered", "schemes the seller is registered in, separated by spaces: eu.ioss"),
    ("tax_class", "tax class of the goods: reduced, zero"),
    ("claim", "preference claimed"),
    ("proof", "proof held for the claim"),
    ("duty_rate", "customs duty in percent, if you looked it up"),
];

/// Columns that belong to the question rather than to its goods: rows with the same values share the work.
const SHARED: &[&str] = &[
    "to",
    "from",
    "currency",
    "date",
    "channel",
    "mode",
    "sale",
    "region",
    "registered",
    "tax_class",
    "claim",
    "proof",
    "duty_rate",
];

/// Most different questions kept; past it they are forgotten and resolved anew.
const KEPT: usize = 50_000;

/// What holds for every row that does not say otherwise.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// The question, with no items; [`Consignment::to`] may be empty where the table or [`Defaults::destinations`] say.
    pub question: Consignment,
    /// Each row is priced to each of these; to the question's own destination where there are none.
    pub destinations: Vec<String>,
}

impl Defaults {
    /// One question for all rows.
    pub const fn new(question: Consignment) -> Self {
        Self { question, destinations: Vec::new() }
    }
}

/// A row that could not be priced, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Row of the input, from 1, without the line of names.
    pub row: u64,
    /// Column, or field of the question.
    pub column: String,
    /// What stands there, cut to sixty characters.
    pub found: String,
    /// What was expected, and what to do.
    pub expected: String,
}

/// A table's answers.
#[derive(Debug)]
pub struct Priced {
    /// One row for each row and destination that could be priced: see [`crate::OUTPUT_COLUMNS`].
    pub table: RecordBatch,
    /// Rows that could not.
    pub rejects: Vec<Reject>,
    /// How many answers needed supposing missing facts: these cost a hundred times more.
    pub supposed: u64,
}

/// Prices tables with one ratebook. Keep one for each thread.
pub struct Pricer<'r> {
    ratebook: &'r Ratebook,
    quoter: Quoter<'r>,
    defaults: &'r Defaults,
    questions: HashMap<String, usize, Fnv>,
    kept: Vec<Result<Question, Reject>>,
    origins: HashMap<String, Option<TerritoryId>, Fnv>,
}

impl std::fmt::Debug for Pricer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pricer").field("questions", &self.kept.len()).finish_non_exhaustive()
    }
}

/// What rows share, resolved.
struct Question {
    asked: Consignment,
    ready: Ready,
    currency: String,
}

impl<'r> Pricer<'r> {
    /// A pricer with nothing resolved yet.
    pub fn new(ratebook: &'r Ratebook, defaults: &'r Defaults) -> Self {
        Self {
            ratebook,
            quoter: ratebook.quoter(),
            defaults,
            questions: HashMap::default(),
            kept: Vec::new(),
            origins: HashMap::default(),
        }
    }

    /// Prices a table whose first row is row `first` of the input.
    ///
    /// # Errors
    /// [`BulkError::Column`] without a price, destination or currency; [`BulkError::Type`] for a column of a kind that
    /// can hold neither text nor numbers.
    pub fn price(&mut self, batch: &RecordBatch, first: u64) -> Result<Priced, BulkError> {
        let find = |name| Column::find(batch, name);
        let mut table = Table {
            id: find("id")?,
            code: find("code")?,
            origin: find("origin")?,
            price: find("price")?.ok_or(BulkError::Column("price"))?,
            quantity: find("quantity")?,
            freight: find("freight")?,
            weight: find("weight_kg")?,
            shared: SHARED
                .iter()
                .filter_map(|name| find(name).transpose().map(|c| c.map(|c| (*name, c))))
                .collect::<Result<_, _>>()?,
            varying: Vec::new(),
        };
        // A column that says the same in every row of the table need not be looked at in each.
        table.varying = table.shared.iter().filter(|(_, c)| !c.is_constant()).map(|(_, c)| c.clone()).collect();
        let has = |name| table.shared.iter().any(|(n, _)| *n == name);
        if !has("to") && self.defaults.destinations.is_empty() && self.defaults.question.to.is_empty() {
            return Err(BulkError::Column("to"));
        }
        if !has("currency") && self.defaults.question.currency.is_empty() {
            return Err(BulkError::Column("currency"));
        }
        let destinations: Vec<Option<&str>> = match self.defaults.destinations.as_slice() {
            [] => vec![None],
            list if list.len() > MOST_DESTINATIONS => return Err(BulkError::Destinations(MOST_DESTINATIONS)),
            list => list.iter().map(|to| Some(to.as_str())).collect(),
        };
        let rows = batch.num_rows();
        let mut work = Work {
            first,
            destinations: destinations.len(),
            answers: vec![Slim::REJECTED; rows * destinations.len()],
            ..Work::default()
        };
        // Rows are priced in the order of their questions and codes, so that rules and measures which lie together are read
        // together, and put back in their own order after. A table with very many questions is done in parts.
        let mut at = 0;
        while at < rows {
            let end = self.gather(&table, &destinations, at..rows, &mut work);
            work.plan.sort_unstable();
            let mut plan = std::mem::take(&mut work.plan);
            for planned in plan.drain(..) {
                self.price_one(&table, planned, &mut work);
            }
            work.plan = plan;
            work.goods.clear();
            at = end;
            if self.kept.len() > KEPT {
                self.kept.clear();
                self.questions.clear();
                work.groups.clear();
                work.members.clear();
            }
        }
        let mut output = Output::new(work.answers.len());
        let mut buffer = String::new();
        for (place, answer) in work.answers.iter().enumerate() {
            if answer.kind == Slim::REJECTED.kind {
                continue;
            }
            let at = place / work.destinations;
            let id = table.id.as_ref().and_then(|c| c.text(at, &mut buffer));
            let other = (answer.kind as usize).checked_sub(1).and_then(|at| work.others.get(at));
            let names = work.names.get(answer.names as usize).map_or(("", ""), |(to, currency)| (to, currency));
            output.push(first + at as u64, id, names, answer, other);
        }
        work.rejects.sort_by_key(|(place, _)| *place);
        let rejects = work.rejects.into_iter().map(|(_, reject)| reject).collect();
        Ok(Priced { table: output.finish()?, rejects, supposed: work.supposed })
    }

    /// Reads rows and finds the question of each, until the table ends or the questions are too many to keep. Returns the
    /// row that it came to.
    fn gather(
        &mut self,
        table: &Table,
        destinations: &[Option<&str>],
        span: std::ops::Range<usize>,
        work: &mut Work,
    ) -> usize {
        let (mut key, mut last, mut buffer) = (String::new(), String::new(), String::new());
        let mut group = usize::MAX;
        work.start = span.start;
        for at in span.clone() {
            let full = self.kept.len() > KEPT || (at - span.start) * work.destinations >= PLANNED;
            if full && at > span.start {
                return at;
            }
            let row = work.first + at as u64;
            let place = at * work.destinations;
            match self.goods(table, at, row, &mut buffer) {
                Ok(goods) => work.goods.push(goods),
                Err(reject) => {
                    work.goods.push(Row::default());
                    work.rejects.push((place, reject));
                    continue;
                }
            }
            key.clear();
            for column in &table.varying {
                key.push_str(column.text(at, &mut buffer).unwrap_or_default());
                key.push('\u{1f}');
            }
            if group == usize::MAX || key != last {
                group = match work.groups.get(key.as_str()) {
                    Some(&group) => group,
                    None => {
                        let group = work.members.len();
                        work.members.extend(destinations.iter().map(|to| self.question(table, at, row, *to)));
                        work.groups.insert(key.clone(), group);
                        group
                    }
                };
                std::mem::swap(&mut key, &mut last);
            }
            // The first six digits tell what lies together.
            let code = work.goods.last().and_then(|g| g.code).map_or(0, |code| code.padded() / 1_000_000);
            let planned = (at - span.start) * work.destinations;
            for (n, &question) in work.members[group..group + work.destinations].iter().enumerate() {
                work.plan.push(((question as u64) << QUESTION_AT) | (code << CODE_AT) | (planned + n) as u64);
            }
        }
        span.end
    }

    /// Prices a row for a destination.
    fn price_one(&mut self, table: &Table, planned: u64, work: &mut Work) {
        let place = work.start * work.destinations + (planned & PLACE) as usize;
        let question = planned >> QUESTION_AT;
        let at = place / work.destinations;
        let row = work.first + at as u64;
        let (Some(asked), Some(goods)) = (self.kept.get_mut(question as usize), work.goods.get(at - work.start)) else {
            return;
        };
        let answer = match asked {
            Ok(asked) => {
                let given = answer(self.ratebook, &mut self.quoter, asked, goods, table, at, &mut work.supposed);
                given.and_then(|given| {
                    let names = work.names_of(question, asked);
                    Ok(Slim { names, ..work.slim(given)? })
                })
            }
            Err(reject) => Err(reject.clone()),
        };
        match answer {
            Ok(slim) => work.answers[place] = slim,
            Err(reject) => work.rejects.push((place, Reject { row, ..reject })),
        }
    }

    /// What a row sells.
    fn goods(&mut self, table: &Table, at: usize, row: u64, buffer: &mut String) -> Result<Row, Reject> {
        let wrong = |column: &str, found: &str, expected: String| Reject {
            row,
            column: column.to_owned(),
            found: found.chars().take(60).collect(),
            expected,
        };
        let number = |column: &Option<Column>, name: &str| match column.as_ref().map(|c| c.number(at)) {
            None => Ok(None),
            Some(Ok(number)) => Ok(number),
            Some(Err(found)) => {
                Err(wrong(name, &found, "a number with a decimal point, such as 12.50, and no currency sign".into()))
            }
        };
        let code = match table.code.as_ref().and_then(|c| c.text(at, buffer)) {
            None => None,
            Some(text) => Some(text.parse::<GoodsCode>().map_err(|e| wrong("code", text, e.to_string()))?),
        };
        let origin = match table.origin.as_ref().and_then(|c| c.text(at, buffer)) {
            None => None,
            Some(text) => {
                let found = match self.origins.get(text) {
                    Some(found) => *found,
                    None => {
                        let found = self.quoter.territory(text);
                        self.origins.insert(text.to_owned(), found);
                        found
                    }
                };
                match found {
                    Some(id) => Some(id),
                    None => return Err(wrong("origin", text, "a two-letter code such as CN".into())),
                }
            }
        };
        let price = match table.price.number(at) {
            Ok(Some(price)) => price,
            Ok(None) => return Err(wrong("price", "", "the price of one piece".into())),
            Err(found) => {
                let expected = "a number with a decimal point, such as 12.50, and no currency sign";
                return Err(wrong("price", &found, expected.into()));
            }
        };
        let quantity = number(&table.quantity, "quantity")?.unwrap_or(Decimal::ONE);
        Ok(Row {
            code,
            origin,
            price,
            quantity,
            freight: number(&table.freight, "freight")?,
            weight: number(&table.weight, "weight_kg")?,
        })
    }

    /// Finds the question that a row shares with others, or resolves it.
    fn question(&mut self, table: &Table, at: usize, row: u64, to: Option<&str>) -> usize {
        let mut key = to.unwrap_or_default().to_owned();
        let mut buffer = String::new();
        for (name, column) in &table.shared {
            key.push('\u{1f}');
            key.push_str(name);
            key.push('\u{1f}');
            key.push_str(column.text(at, &mut buffer).unwrap_or_default());
        }
        if let Some(&found) = self.questions.get(&key) {
            return found;
        }
        let made = shared(self.defaults, table, at, row, to).and_then(|asked| {
            let ready = self.quoter.ready(&asked).map_err(|e| rejected(row, &e))?;
            let currency = ready.currency(self.ratebook);
            Ok(Question { asked, ready, currency })
        });
        self.kept.push(made);
        self.questions.insert(key, self.kept.len() - 1);
        self.kept.len() - 1
    }
}

/// A planned answer is one number: its question, the first six digits of its code, its place among the answers planned.
const QUESTION_AT: u32 = 46;
const CODE_AT: u32 = 26;
const PLACE: u64 = (1 << CODE_AT) - 1;
/// Most answers planned at once, but for the destinations of one row.
const PLANNED: usize = 1 << 18;
/// Most destinations of a row: so questions and places fit the number.
const MOST_DESTINATIONS: usize = 1 << 16;

/// A table on its way.
#[derive(Default)]
struct Work {
    /// Number of the table's first row.
    first: u64,
    destinations: usize,
    /// Row of the table with which `goods` begins.
    start: usize,
    goods: Vec<Row>,
    /// What is to be priced: see [`QUESTION_AT`].
    plan: Vec<u64>,
    /// By what rows share: where in `members` the questions of all destinations begin.
    groups: HashMap<String, usize, Fnv>,
    members: Vec<usize>,
    answers: Vec<Slim>,
    others: Vec<Answer>,
    names: Vec<(String, String)>,
    /// The question whose names were put down last.
    named: Option<u64>,
    rejects: Vec<(usize, Reject)>,
    supposed: u64,
}

impl Work {
    /// An answer as it is kept until all are there.
    fn slim(&mut self, answer: Given) -> Result<Slim, Reject> {
        let sums = match &answer {
            Given::Sums(sums) => sums_of(sums),
            Given::Other(answer) => answer.narrow(),
        };
        let Some(sums) = sums else {
            return Err(Reject {
                row: 0,
                column: "total".into(),
                found: String::new(),
                expected: "an amount has more than four decimals or fourteen digits before them; ask for this row with `tidewaiter quote`".into(),
            });
        };
        let kind = match answer {
            Given::Other(answer) if answer.outcome != "amount" => {
                self.others.push(*answer);
                self.others.len() as u32
            }
            _ => 0,
        };
        Ok(Slim { sums, names: 0, kind })
    }

    /// Number of a question's destination and currency.
    fn names_of(&mut self, question: u64, asked: &Question) -> u32 {
        if self.named != Some(question) {
            self.names.push((asked.asked.to.clone(), asked.currency.clone()));
            self.named = Some(question);
        }
        self.names.len() as u32 - 1
    }
}

struct Table {
    id: Option<Column>,
    code: Option<Column>,
    origin: Option<Column>,
    price: Column,
    quantity: Option<Column>,
    freight: Option<Column>,
    weight: Option<Column>,
    shared: Vec<(&'static str, Column)>,
    /// Those of them that differ between rows.
    varying: Vec<Column>,
}

#[derive(Default)]
struct Row {
    code: Option<GoodsCode>,
    origin: Option<TerritoryId>,
    price: Decimal,
    quantity: Decimal,
    freight: Option<Decimal>,
    weight: Option<Decimal>,
}

fn rejected(row: u64, error: &tidewaiter::InputError) -> Reject {
    let (column, found, expected) = match error.problems.first() {
        Some(p) => (p.field.clone(), p.value.clone(), p.message.clone()),
        None => Default::default(),
    };
    Reject { row, column: column.trim_start_matches("items[0].").to_owned(), found, expected }
}

/// The question of a row without its goods.
fn shared(defaults: &Defaults, table: &Table, at: usize, row: u64, to: Option<&str>) -> Result<Consignment, Reject> {
    let mut asked = defaults.question.clone();
    let mut item = asked.items.pop().unwrap_or_default();
    item.price = Decimal::ONE;
    item.quantity = Decimal::ONE;
    if let Some(to) = to {
        asked.to = to.to_owned();
    }
    let (mut claim, mut proof) = (None, None);
    let mut buffer = String::new();
    for (name, column) in &table.shared {
        let Some(text) = column.text(at, &mut buffer) else { continue };
        let wrong = |expected: &str| Reject {
            row,
            column: (*name).to_owned(),
            found: text.chars().take(60).collect(),
            expected: expected.to_owned(),
        };
        let word = || serde_json::Value::String(text.to_lowercase());
        match *name {
            "to" => asked.to = text.to_owned(),
            "from" => asked.from = Some(text.to_owned()),
            "currency" => asked.currency = text.to_owned(),
            "date" => asked.date = Some(text.parse().map_err(|_| wrong("a date such as 2026-11-21"))?),
            "channel" => {
                asked.channel = Some(serde_json::from_value(word()).map_err(|_| wrong("post, express or freight"))?);
            }
            "mode" => asked.mode = Some(serde_json::from_value(word()).map_err(|_| wrong("air, sea, road or rail"))?),
            "sale" => asked.sale = Some(serde_json::from_value(word()).map_err(|_| wrong("b2c, b2b or c2c"))?),
            "region" => asked.region = Some(text.to_owned()),
            "registered" => {
                let seller = asked.seller.get_or_insert_default();
                seller.registrations = text.split_whitespace().map(str::to_owned).collect();
            }
            "tax_class" => item.tax_class = Some(text.to_owned()),
            "claim" => claim = Some(text.to_owned()),
            "proof" => proof = Some(text.to_owned()),
            "duty_rate" => item.duty_rate = Some(text.parse().map_err(|_| wrong("a percentage such as 12"))?),
            _ => {}
        }
    }
    if let Some(program) = claim {
        item.claims = vec![tidewaiter::quote::consignment::Claim { program, proof }];
    }
    asked.items = vec![item];
    Ok(asked)
}

/// What a row costs: one amount, nearly always; or an answer that says more.
enum Given {
    Sums(Totals),
    Other(Box<Answer>),
}

/// Prices one row: at once where nothing is missing, else by supposing what is.
fn answer(
    ratebook: &Ratebook,
    quoter: &mut Quoter<'_>,
    question: &mut Question,
    row: &Row,
    table: &Table,
    at: usize,
    supposed: &mut u64,
) -> Result<Given, Reject> {
    let freight = row.freight.or(question.asked.freight).unwrap_or_default();
    let times = |value: Decimal, column: &str| {
        value.times(row.quantity).map_err(|_| Reject {
            row: 0,
            column: column.to_owned(),
            found: value.to_string(),
            expected: "times the quantity it is too large".into(),
        })
    };
    if let Some(code) = row.code {
        let goods = Goods {
            code,
            origin: row.origin,
            quantity: row.quantity,
            price: times(row.price, "price")?,
            freight,
            weight_kg: row.weight.map(|w| times(w, "weight_kg")).transpose()?,
        };
        question.ready.with_goods(&goods).map_err(|e| rejected(0, &e))?;
        if let Some(sums) = quoter.totals(&question.ready) {
            return Ok(Given::Sums(sums));
        }
    }
    *supposed += 1;
    let mut buffer = String::new();
    let mut asked = question.asked.clone();
    asked.freight = row.freight.or(asked.freight);
    if let Some(item) = asked.items.first_mut() {
        item.code = row.code.map(|c| c.to_string());
        item.origin = table.origin.as_ref().and_then(|c| c.text(at, &mut buffer)).map(str::to_owned);
        item.quantity = row.quantity;
        item.price = row.price;
        item.weight_kg = row.weight;
    }
    ratebook.quote(&asked).map(|quote| Given::Other(Box::new(Answer::of(&quote)))).map_err(|e| rejected(0, &e))
}

/// Fowler, Noll and Vo's hash (FNV-1a): short keys, no attacker.
#[derive(Debug, Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl std::hash::BuildHasher for Fnv {
    type Hasher = Self;
    fn build_hasher(&self) -> Self {
        Self::default()
    }
}

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
