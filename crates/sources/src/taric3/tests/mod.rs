//! Small and hostile transmissions.

use super::*;
use crate::Entry;
use jiff::civil::date;
use std::io::{Cursor, Read};
use tidewaiter::record::edition::Text;
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};

mod entries;
mod extracts;
mod store;
mod xml;

const ENV: &str = "urn:publicid:-:DGTAXUD:GENERAL:ENVELOPE:1.0";

const OUB: &str = "urn:publicid:-:DGTAXUD:TARIC:MESSAGE:1.0";

fn options() -> Options {
    Options { known_from: Some(date(2018, 12, 14)), completeness: Completeness::Complete, ..Options::european_union() }
}

/// An element of a record: `measure.component 1 01 12 - - -`, with `-` for a field that is left out.
fn body(text: &str) -> (String, String) {
    let mut words = text.split(' ');
    let name = words.next().unwrap();
    let kind = &schema::schema().records[schema::schema().find(name).unwrap()];
    let mut xml = String::new();
    for (field, word) in kind.fields.iter().zip(words) {
        if word != "-" {
            let word = word.replace('_', " ");
            xml.push_str(&format!("<{}>{word}</{}>", field.name, field.name));
        }
    }
    let (code, sub) = kind.code.unwrap_or(("999", "00"));
    let head = format!("<record.code>{code}</record.code><subrecord.code>{sub}</subrecord.code>");
    (head, format!("<{name}>{xml}</{name}>"))
}

/// An envelope with one transaction: each line an update type and a record.
fn envelope(records: &str) -> String {
    let mut messages = String::new();
    for (at, line) in records.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let (update, record) = line.split_once(' ').unwrap();
        let (head, body) = body(record);
        messages.push_str(&message(at + 1, &head, update, &body));
    }
    wrap(&messages)
}

fn message(at: usize, head: &str, update: &str, body: &str) -> String {
    format!(
        "<e:app.message id=\"{at}\"><transmission><record><transaction.id>7</transaction.id>{head}\
         <record.sequence.number>{at}</record.sequence.number><update.type>{update}</update.type>{body}</record>\
         </transmission></e:app.message>"
    )
}

fn wrap(messages: &str) -> String {
    format!(
        "<e:envelope xmlns:e=\"{ENV}\" xmlns=\"{OUB}\" id=\"18001\"><e:transaction id=\"7\">{messages}</e:transaction></e:envelope>"
    )
}

fn source(text: impl Into<Vec<u8>>) -> Source {
    Source::new("t.xml", Cursor::new(text.into()), Limits::default()).unwrap()
}

fn apply(store: &mut TaricStore, text: &str) -> Vec<String> {
    let mut account = Account::default();
    store.apply(source(text), &options(), &mut account).unwrap();
    account.refusals.iter().map(ToString::to_string).collect()
}

fn entries(records: &str) -> (Vec<Entry>, Account) {
    let (mut out, mut account) = (Vec::new(), Account::default());
    let options = Options { completeness: Completeness::Partial, ..options() };
    import(vec![source(envelope(records))], &options, &mut out, &mut account).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    (out, account)
}

fn measures(out: &[Entry]) -> Vec<&Measure> {
    out.iter().filter_map(|entry| if let Entry::Measure(measure) = entry { Some(measure) } else { None }).collect()
}

fn amount(measure: &Measure) -> &str {
    let Some(Written::Words(words)) = &measure.amount else { panic!("{measure:?}") };
    grammar::amount(words).unwrap();
    words
}

fn when(measure: &Measure) -> Option<&str> {
    let Some(Written::Words(words)) = &measure.when else { return None };
    grammar::condition(words).unwrap();
    Some(words)
}

/// A measure: sid, type, area, code, additional code type and code, order number, first and last day.
fn m(sid: &str, kind: &str, area: &str, code: &str, more: [&str; 5]) -> String {
    let [code_type, additional, order, from, to] = more;
    format!(
        "3 measure {sid} {kind} {area} {code} {code_type} {additional} {order} - {from} 1 R1234560 {to} - - 0 1 1 - -\n"
    )
}

const ALWAYS: [&str; 5] = ["-", "-", "-", "2018-01-01", "-"];
