//! One table priced. What many rows share (where to, which day, which currency) is resolved once and kept; each row then
//! only puts its goods in the place of the last.

use crate::decode::Decoded;
use crate::output::{Answer, Output, Slim};
use crate::question::{self, Fnv, Question, shared};
use crate::table::{Row, Table};
use crate::warned::Warned;
use crate::work::{CODE_AT, MOST_DESTINATIONS, PLANNED, QUESTION_AT, Work};
use crate::{BulkError, Defaults, Outcomes, Priced, Reject};
use arrow_array::RecordBatch;
use std::collections::HashMap;
use tidewaiter::quote::{TerritoryId, Totals};
use tidewaiter::{Quoter, Ratebook};

/// Most different questions kept, and most sets of warnings; past it they are forgotten and resolved anew.
const KEPT: usize = 50_000;
/// Rows fetched at once.
const TOGETHER: usize = 16;
/// Most answers kept that needed supposing: rows of a catalogue often repeat.
const REPEATED: usize = 10_000;

/// Prices tables with one ratebook. Keep one for each thread.
pub struct Pricer<'r> {
    ratebook: &'r Ratebook,
    quoter: Quoter<'r>,
    defaults: &'r Defaults,
    questions: HashMap<String, usize, Fnv>,
    kept: Vec<Result<Question, Reject>>,
    origins: HashMap<String, Option<TerritoryId>, Fnv>,
    warned: Warned,
    /// Answers that took long, by question and goods.
    repeated: HashMap<(usize, Row), Result<Long, Reject>>,
}

impl std::fmt::Debug for Pricer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pricer").field("questions", &self.kept.len()).finish_non_exhaustive()
    }
}

/// What a row costs, the long way: an answer, and the number of its warnings.
pub(crate) type Long = (Answer, u32);

/// What a row costs: one amount, nearly always; or an answer that says more.
pub(crate) enum Given {
    Sums(Totals, u32),
    Other(Box<Long>),
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
            warned: Warned::default(),
            repeated: HashMap::default(),
        }
    }

    /// Prices a table whose first row is row `first` of the input.
    ///
    /// # Errors
    /// [`BulkError::Column`] without a price, destination or currency; [`BulkError::Twice`] where the table has
    /// destinations and so have the defaults; [`BulkError::Type`] for a column of a kind that can hold neither text nor
    /// numbers.
    pub fn price(&mut self, batch: &RecordBatch, first: u64) -> Result<Priced, BulkError> {
        self.price_decoded(Decoded { table: batch.clone(), bad: Vec::new() }, first)
    }

    pub(crate) fn price_decoded(&mut self, decoded: Decoded, first: u64) -> Result<Priced, BulkError> {
        let table = Table::of(&decoded)?;
        let rows = decoded.table.num_rows();
        let usable = decoded.bad.len() < rows;
        let has = |name| table.shared.iter().any(|(n, _)| *n == name);
        if usable && !has("to") && self.defaults.destinations.is_empty() && self.defaults.question.to.is_empty() {
            return Err(BulkError::Column("to"));
        }
        if has("to") && !self.defaults.destinations.is_empty() {
            return Err(BulkError::Twice);
        }
        if usable && !has("currency") && self.defaults.question.currency.is_empty() {
            return Err(BulkError::Column("currency"));
        }
        let destinations: Vec<Option<&str>> = match self.defaults.destinations.as_slice() {
            [] => vec![None],
            list if list.len() > MOST_DESTINATIONS => return Err(BulkError::Destinations(MOST_DESTINATIONS)),
            list => list.iter().map(|to| Some(to.as_str())).collect(),
        };
        if self.kept.len() > KEPT || self.warned.len() > KEPT {
            self.forget();
        }
        let mut work = Work::new(first, rows, destinations.len(), decoded.bad);
        // Rows are priced in the order of their questions and codes, so that rules and measures which lie together are read
        // together, and put back in their own order after. A table with very many questions is done in parts.
        let mut at = 0;
        while at < rows {
            let end = self.gather(&table, &destinations, at..rows, &mut work);
            work.plan.sort_unstable();
            let mut plan = std::mem::take(&mut work.plan);
            for some in plan.chunks(TOGETHER) {
                // Goods lie in the order of the rows: several are fetched at once, so that their waits overlap.
                let goods: [Row; TOGETHER] = std::array::from_fn(|n| {
                    let goods = some.get(n).and_then(|planned| work.goods.get(work.row_of(*planned) - work.start));
                    goods.copied().unwrap_or_default()
                });
                for (planned, goods) in some.iter().zip(&goods) {
                    self.price_one(&table, *planned, goods, &mut work);
                }
            }
            plan.clear();
            work.plan = plan;
            work.goods.clear();
            at = end;
            if self.kept.len() > KEPT {
                self.kept.clear();
                self.questions.clear();
                self.repeated.clear();
                work.groups.clear();
                work.members.clear();
            }
        }
        self.table(&table, work)
    }

    /// Forgets what was resolved; only between tables, since answers on their way name their warnings by number.
    fn forget(&mut self) {
        self.kept.clear();
        self.questions.clear();
        self.repeated.clear();
        self.warned.clear();
    }

    /// The answer table.
    fn table(&self, table: &Table, mut work: Work) -> Result<Priced, BulkError> {
        let mut output = Output::new(work.answers.len());
        let mut buffer = String::new();
        let mut outcomes = Outcomes::default();
        let mut warned = vec![0u64; self.warned.len() + 1];
        for (place, answer) in work.in_order() {
            let at = place / work.destinations;
            let id = table.id.as_ref().and_then(|c| c.text(at, &mut buffer));
            let other = (answer.kind as usize).checked_sub(1).and_then(|at| work.others.get(at));
            let names = work.names.get(answer.names as usize).map_or(("", ""), |(to, currency)| (to, currency));
            outcomes.count(other);
            warned[answer.warned as usize] += 1;
            output.push(work.first + at as u64, id, names, answer, other, self.warned.codes(answer.warned));
        }
        work.rejects.sort_by_key(|(place, _)| *place);
        let rejects = work.rejects.into_iter().map(|(_, reject)| reject).collect();
        Ok(Priced { table: output.finish()?, rejects, outcomes, warnings: self.warned.counted(&warned) })
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
            let goods = match work.bad.next_if(|(bad, _)| *bad == at) {
                Some((_, bad)) => Err(bad.of_row(row)),
                None => table.goods(at, row, &self.quoter, &mut self.origins, &mut buffer),
            };
            match goods {
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
    fn price_one(&mut self, table: &Table, planned: u64, goods: &Row, work: &mut Work) {
        let place = work.place_of(planned);
        let number = planned >> QUESTION_AT;
        let at = place / work.destinations;
        let answer = self.answer(number as usize, goods, table, at).and_then(|given| {
            let names = match self.kept.get(number as usize) {
                Some(Ok(asked)) => work.names_of(number, asked),
                _ => 0,
            };
            Ok(Slim { names, ..work.slim(given)? })
        });
        match answer {
            Ok(slim) => work.keep(place, slim),
            Err(reject) => work.rejects.push((place, Reject { row: work.first + at as u64, ..reject })),
        }
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
            Ok(Question { asked, ready, currency, warned: HashMap::default() })
        });
        self.kept.push(made);
        self.questions.insert(key, self.kept.len() - 1);
        self.kept.len() - 1
    }

    /// Prices a row: at once where nothing is missing, else by supposing what is.
    fn answer(&mut self, number: usize, row: &Row, table: &Table, at: usize) -> Result<Given, Reject> {
        let question = match self.kept.get_mut(number) {
            Some(Ok(question)) => question,
            Some(Err(reject)) => return Err(reject.clone()),
            None => return Err(Reject::default()),
        };
        if let Some(code) = row.code {
            question.ready.with_goods(&row.goods(code, question.asked.freight)?).map_err(|e| rejected(0, &e))?;
            if let Some(sums) = self.quoter.totals(&question.ready) {
                let mut taken = self.quoter.taken();
                if question.claims() || code.with_lost_zero().is_some() {
                    taken = question::mixed(taken, code.padded(), row.origin);
                }
                if let Some(&warned) = question.warned.get(&taken) {
                    return Ok(Given::Sums(sums, warned));
                }
                // What is warned of is found out once for all goods that take the same rules and tariffs.
                let (answer, warned) = long(self.ratebook, question, row, table, at, &mut self.warned)?;
                debug_assert_eq!((answer.outcome, answer.sums[3]), ("amount", Some(sums.total)), "{row:?}");
                if question.warned.len() < REPEATED {
                    question.warned.insert(taken, warned);
                }
                return Ok(Given::Sums(sums, warned));
            }
        }
        let key = (number, *row);
        if let Some(known) = self.repeated.get(&key) {
            return known.clone().map(|long| Given::Other(Box::new(long)));
        }
        let found = long(self.ratebook, question, row, table, at, &mut self.warned);
        if self.repeated.len() >= REPEATED {
            self.repeated.clear();
        }
        self.repeated.insert(key, found.clone());
        found.map(|long| Given::Other(Box::new(long)))
    }
}

/// Asks for a row as a single quote does.
fn long(
    ratebook: &Ratebook,
    question: &Question,
    row: &Row,
    table: &Table,
    at: usize,
    warned: &mut Warned,
) -> Result<Long, Reject> {
    let mut buffer = String::new();
    let mut asked = question.asked.clone();
    asked.freight = row.freight.or(asked.freight);
    if let Some(item) = asked.items.first_mut() {
        item.code = row.code.map(|c| c.to_string());
        item.origin = table.origin.as_ref().and_then(|c| c.text(at, &mut buffer)).map(crate::table::capitals);
        item.quantity = row.quantity;
        item.price = row.price;
        item.weight_kg = row.weight;
    }
    let quote = ratebook.quote(&asked).map_err(|e| rejected(0, &e))?;
    Ok((Answer::of(&quote), warned.number(&quote.warnings)))
}

fn rejected(row: u64, error: &tidewaiter::InputError) -> Reject {
    let (column, found, expected) = match error.problems.first() {
        Some(p) => (p.field.clone(), p.value.clone(), p.message.to_string()),
        None => Default::default(),
    };
    Reject { row, column: column.trim_start_matches("items[0].").to_owned(), found, expected }
}
