//! Texts that were not meant kindly: answered like any other, and as fast however long they are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod texts;

use crate::seeds::target;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tidewaiter_finder::lines::{Lines, NationalLine, Told};
use tidewaiter_finder::text::{MOST_CHARACTERS, beginning, head, words};
use tidewaiter_finder::{Finder, Language, NoSuchAnswer, Query};

/// What the fuzz target holds against every text.
#[test]
fn each_is_answered_soundly() {
    for (name, text) in texts::small() {
        let done = std::panic::catch_unwind(|| target::finder(text.as_bytes()));
        assert!(done.is_ok(), "{name}");
    }
}

/// A long text is answered as its beginning is: nothing behind it counts.
#[test]
fn only_the_beginning_is_read() {
    let finder = Finder::embedded();
    for (name, unit) in texts::UNITS {
        let text = unit.repeat((1 << 20) / unit.len());
        let read = beginning(&text);
        assert_eq!(read.chars().count(), MOST_CHARACTERS, "{name}");
        assert!(finder.find(&text, 5) == finder.find(read, 5), "{name}");
        assert!((words(&text), head(&text)) == (words(read), head(read)), "{name}");
    }
    let late = format!("{}mug", " ".repeat(MOST_CHARACTERS));
    assert_eq!((words(&late), head(&late)), (Vec::new(), None));
    let just = format!("{}mug", " ".repeat(MOST_CHARACTERS - 3));
    assert_eq!(head(&just).as_deref(), Some("mug"));
}

/// A text of 64 MB takes no longer than its beginning. In a test build an answer takes some ten milliseconds, and a walk over 64 MB hundreds.
#[test]
fn a_huge_text_takes_no_longer() {
    let finder = Finder::embedded();
    for (name, unit) in texts::UNITS {
        let text = unit.repeat((64 << 20) / unit.len());
        let least = |text: &str| {
            let one = |_| {
                let start = Instant::now();
                finder.find(text, 5);
                finder.page(text, Language::En);
                start.elapsed()
            };
            (0..3).map(one).min().unwrap()
        };
        let (whole, read) = (least(&text), least(beginning(&text)));
        assert!(whole < read * 4 + Duration::from_millis(20), "{name}: {whole:?} against {read:?}");
    }
}

/// An answer that is given again and again counts once.
#[test]
fn answers_are_counted_once() {
    let finder = Finder::embedded();
    let once = Query::new("mug").answer("made-of", "porcelain");
    let mut often = once.clone();
    often.answers = vec![("made-of", "porcelain"); 50_000];
    assert!(finder.ask(&often).unwrap() == finder.ask(&once).unwrap());
}

/// What a message repeats of an answer that there is not is cut.
#[test]
fn errors_are_short() {
    let finder = Finder::embedded();
    let long = "k\u{1b}".repeat(1 << 20);
    let Err(NoSuchAnswer::Question(told)) = finder.ask(&Query::new("mug").answer(&long, "x")) else { panic!() };
    assert_eq!(told.chars().count(), 61);
    let wrong = finder.ask(&Query::new("mug").answer("made-of", &long)).unwrap_err().to_string();
    assert!(wrong.len() < 2_000 && !wrong.contains('\u{1b}'), "{wrong}");
}

/// A nomenclature of one subheading with lines upon lines: what is told of it stays small.
#[test]
fn a_nomenclature_that_only_grows_is_told_in_part() {
    let text = "x ".repeat(50_000) + "fencing gloves";
    let line = |at: usize| NationalLine {
        code: format!("420321{at:06}"),
        indent: Some((at % 256) as u8),
        declarable: true,
        texts: BTreeMap::from([(Language::En, if at < 40 { text.clone() } else { "gloves".to_owned() })]),
    };
    let lines = Lines::new((0..5_000).map(line)).unwrap();
    let ranked = lines.rank(&Told::new("fencing gloves", Language::En), "420321");
    let under = lines.under("420321", Language::En);
    assert_eq!((ranked.len(), under.len()), (1_000, 1_000));
    assert!(ranked.windows(2).all(|two| two[0].probability >= two[1].probability));
    for path in ranked.iter().map(|one| &one.path).chain(under.iter().map(|one| &one.path)) {
        assert!(path.len() <= 30 && path.iter().all(|text| text.len() <= MOST_CHARACTERS));
    }
}
