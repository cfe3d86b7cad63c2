//! A stream of tables priced on several threads, the answers in the order of the rows, with memory that does not grow.
//!
//! Tables are read on the thread that asks for answers and on no other: where they come from may belong to it, as everything in Python does
//! to the thread that holds its lock.

use crate::{BulkError, Defaults, Priced, Pricer};
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tidewaiter::Ratebook;

/// Answers to the tables of a stream: each item is the number of rows that it answers, and what they cost. After an error nothing more comes.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, RecordBatch, StringArray};
/// use tidewaiter_bulk::{Defaults, Stream};
///
/// let prices = Arc::new(StringArray::from(vec!["12.50", "89.00"])) as ArrayRef;
/// let codes = Arc::new(StringArray::from(vec!["610910", "851762"])) as ArrayRef;
/// let batch = RecordBatch::try_from_iter([("price", prices), ("code", codes)])?;
/// let defaults = Defaults::new(serde_json::from_str(r#"{
///     "from": "CN", "to": "CH", "currency": "CHF", "date": "2026-11-21", "channel": "post", "items": []
/// }"#)?);
/// let tables = vec![Ok(batch.clone()), Ok(batch)].into_iter();
/// let answers: Result<Vec<_>, _> = Stream::new(tidewaiter_data::ratebook(), defaults, 2, tables).collect();
/// assert_eq!(answers?.iter().map(|(rows, _)| rows).sum::<u64>(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Stream<R, I> {
    ratebook: R,
    defaults: Arc<Defaults>,
    tables: I,
    /// What is left of a table that is taken in pieces.
    rest: Option<RecordBatch>,
    work: Work,
    workers: usize,
    threads: usize,
    /// Pieces given to workers, and answers taken.
    given: usize,
    taken: usize,
    /// Answers that came before those of earlier pieces.
    early: BTreeMap<usize, Answer>,
    /// The next row, from 1.
    row: u64,
    failed: Option<BulkError>,
    over: bool,
    /// The threads belong to this process: one that was forked from it has none of them.
    process: u32,
}

type Answer = Result<(u64, Priced), BulkError>;

/// A piece: its number, its rows, and the number of the first of them.
type Piece = (usize, RecordBatch, u64);

/// Pieces on their way to workers, each of which takes the next when it is free: one that the system holds up holds up no other.
struct Work {
    pieces: Sender<Piece>,
    waiting: Arc<Mutex<Receiver<Piece>>>,
    tell: Sender<(usize, Answer)>,
    answers: Receiver<(usize, Answer)>,
}

/// Pieces given ahead, for each worker.
const AHEAD: usize = 2;

impl<R, I> std::fmt::Debug for Stream<R, I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("threads", &self.threads).field("row", &self.row).finish_non_exhaustive()
    }
}

impl<R, I> Stream<R, I>
where
    R: Deref<Target = Ratebook> + Clone + Send + 'static,
    I: Iterator<Item = Result<RecordBatch, ArrowError>>,
{
    /// Prices tables on so many threads, which start when the first answer is asked for.
    pub fn new(ratebook: R, defaults: Defaults, threads: usize, tables: I) -> Self {
        Self {
            ratebook,
            defaults: Arc::new(defaults),
            tables,
            rest: None,
            work: Work::new(),
            workers: 0,
            threads: threads.clamp(1, 256),
            given: 0,
            taken: 0,
            early: BTreeMap::new(),
            row: 1,
            failed: None,
            over: false,
            process: std::process::id(),
        }
    }

    /// The next rows to price at once.
    fn piece(&mut self) -> Option<Result<RecordBatch, BulkError>> {
        let table = loop {
            match self.rest.take() {
                Some(rest) if rest.num_rows() > 0 => break rest,
                _ => match self.tables.next()? {
                    Ok(table) => self.rest = Some(table),
                    Err(error) => return Some(Err(error.into())),
                },
            }
        };
        let rows = table.num_rows().min(self.defaults.rows_at_once());
        if rows < table.num_rows() {
            self.rest = Some(table.slice(rows, table.num_rows() - rows));
        }
        Some(Ok(table.slice(0, rows)))
    }

    /// Gives workers pieces, and some to go on with while answers are taken.
    fn give(&mut self) -> Result<(), BulkError> {
        while !self.over && self.given - self.taken < AHEAD * self.threads {
            let Some(piece) = self.piece() else {
                self.over = true;
                break;
            };
            let piece = piece?;
            if self.workers < self.threads {
                self.work.start(self.ratebook.clone(), Arc::clone(&self.defaults))?;
                self.workers += 1;
            }
            let rows = piece.num_rows() as u64;
            // Who waits for pieces is kept here: it takes them.
            let _ = self.work.pieces.send((self.given, piece, self.row));
            self.row += rows;
            self.given += 1;
        }
        Ok(())
    }

    /// The answer to the piece whose turn it is.
    fn take(&mut self) -> Answer {
        loop {
            if let Some(answer) = self.early.remove(&self.taken) {
                return answer;
            }
            match self.work.answers.recv() {
                Ok((at, answer)) => self.early.insert(at, answer),
                Err(_) => return Err(stopped()),
            };
        }
    }
}

fn stopped() -> BulkError {
    BulkError::Stream("a thread that priced rows has stopped; please report it".into())
}

impl<R, I> Iterator for Stream<R, I>
where
    R: Deref<Target = Ratebook> + Clone + Send + 'static,
    I: Iterator<Item = Result<RecordBatch, ArrowError>>,
{
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        if self.process != std::process::id() {
            let begun = self.workers > 0;
            self.process = std::process::id();
            if begun {
                self.over = true;
                self.taken = self.given;
                self.failed = None;
                let text = "this process was forked while a table was being priced; price it in one process";
                return Some(Err(BulkError::Stream(text.into())));
            }
        }
        if let Err(error) = self.give() {
            // The answers before it come first.
            self.failed = Some(error);
            self.over = true;
        }
        if self.taken == self.given {
            return self.failed.take().map(Err);
        }
        let answer = self.take();
        self.taken += 1;
        if answer.is_err() {
            self.over = true;
            self.taken = self.given;
            self.failed = None;
        }
        Some(answer)
    }
}

impl Work {
    fn new() -> Self {
        let (pieces, waiting) = channel();
        let (tell, answers) = channel();
        Self { pieces, waiting: Arc::new(Mutex::new(waiting)), tell, answers }
    }

    fn start<R>(&self, ratebook: R, defaults: Arc<Defaults>) -> Result<(), BulkError>
    where
        R: Deref<Target = Ratebook> + Send + 'static,
    {
        let (waiting, tell) = (Arc::clone(&self.waiting), self.tell.clone());
        let work = move || {
            let mut pricer = Pricer::new(&ratebook, &defaults);
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((at, piece, row)) = next else { break };
                let rows = piece.num_rows() as u64;
                // The others would go on, and who asked wait for this answer for ever.
                let priced = catch_unwind(AssertUnwindSafe(|| pricer.price(&piece, row)));
                let whole = priced.is_ok();
                let answer = priced.unwrap_or_else(|_| Err(stopped())).map(|priced| (rows, priced));
                if tell.send((at, answer)).is_err() || !whole {
                    break;
                }
            }
        };
        let started = std::thread::Builder::new().name("tidewaiter".into()).spawn(work);
        started.map(drop).map_err(|error| BulkError::Stream(format!("no thread can be started: {error}")))
    }
}
