//! A stream of tables gives what the same rows give in one table, on any number of threads and in pieces of any size.

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use std::sync::Arc;
use tidewaiter_bulk::{Defaults, Pricer, Stream, Tally};

fn goods(rows: std::ops::Range<usize>) -> RecordBatch {
    let column = |cell: &dyn Fn(usize) -> String| {
        Arc::new(rows.clone().map(cell).collect::<Vec<_>>().into_iter().map(Some).collect::<StringArray>()) as ArrayRef
    };
    RecordBatch::try_from_iter([
        ("id", column(&|row| format!("goods {row}"))),
        ("code", column(&|row| ["610910", "851762", "420292"][row % 3].to_owned())),
        ("origin", column(&|row| ["CN", "VN"][row % 2].to_owned())),
        // Every hundredth has a price that is none.
        (
            "price",
            column(&|row| if row % 100 == 7 { "7,50".into() } else { format!("{}.{:02}", row % 900, row % 100) }),
        ),
    ])
    .unwrap()
}

fn defaults(destinations: &[&str]) -> Defaults {
    let question =
        r#"{"from": "CN", "to": "", "currency": "EUR", "date": "2026-11-21", "channel": "post", "items": []}"#;
    Defaults {
        question: serde_json::from_str(question).unwrap(),
        destinations: destinations.iter().map(|to| (*to).to_owned()).collect(),
    }
}

#[test]
fn threads_and_pieces_change_nothing() {
    let defaults = defaults(&["FR", "CH", "GB"]);
    let rows = 25_000;
    let whole = Pricer::new(tidewaiter_data::ratebook(), &defaults).price(&goods(0..rows), 1).unwrap();
    // A row that cannot be read is told once, however many destinations it was for.
    assert_eq!(whole.rejects.len(), rows / 100);
    for (threads, most) in [(1, rows), (2, 1_000), (3, 7_001)] {
        let tables = (0..rows).step_by(most).map(|at| Ok(goods(at..(at + most).min(rows))));
        let mut tally = Tally::new(Vec::new(), "");
        let (mut tables_out, mut rejects) = (Vec::new(), Vec::new());
        for answer in Stream::new(tidewaiter_data::ratebook(), defaults.clone(), threads, tables) {
            let (rows, priced) = answer.unwrap();
            assert!(rows <= defaults.rows_at_once() as u64);
            tally.add(rows, &priced);
            tables_out.push(priced.table);
            rejects.extend(priced.rejects);
        }
        let each = |tables: &[RecordBatch]| -> Vec<RecordBatch> {
            tables.iter().flat_map(|t| (0..t.num_rows()).map(|row| t.slice(row, 1))).collect()
        };
        let same = each(&tables_out) == each(std::slice::from_ref(&whole.table));
        assert!(same, "{threads} threads, {most} rows at once");
        assert_eq!(rejects, whole.rejects);
        assert_eq!((tally.rows(), tally.report().rejected), (rows as u64, whole.rejects.len() as u64));
        assert_eq!(tally.report().warnings.len(), whole.warnings.len());
    }
}

#[test]
fn answers_come_before_the_error_and_nothing_after() {
    let tables = (0..5).map(|at| if at == 3 { Err(ArrowError::ComputeError("gone".into())) } else { Ok(goods(0..10)) });
    let answers: Vec<_> = Stream::new(tidewaiter_data::ratebook(), defaults(&["FR"]), 2, tables).collect();
    let told: Vec<_> = answers.iter().map(|a| a.as_ref().map(|(rows, _)| *rows).map_err(ToString::to_string)).collect();
    assert_eq!(told.len(), 4);
    assert_eq!(told[..3], [Ok(10), Ok(10), Ok(10)]);
    assert!(told[3].as_ref().is_err_and(|e| e.contains("gone")), "{told:?}");
}

#[test]
fn a_table_that_cannot_be_priced_ends_the_stream() {
    let no_price =
        RecordBatch::try_from_iter([("code", Arc::new(StringArray::from(vec!["610910"])) as ArrayRef)]).unwrap();
    let tables = [no_price, goods(0..10)].into_iter().map(Ok);
    let answers: Vec<_> = Stream::new(tidewaiter_data::ratebook(), defaults(&["FR"]), 1, tables).collect();
    assert_eq!(answers.len(), 1);
    assert!(answers[0].as_ref().is_err_and(|e| e.to_string().contains("price")));
}
