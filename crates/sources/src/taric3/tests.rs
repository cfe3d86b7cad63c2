//! Small and hostile transmissions.

use super::*;
use crate::Entry;
use jiff::civil::date;
use std::io::{Cursor, Read};
use tidewaiter::record::edition::Text;
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};

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

// ---- Changes

#[test]
fn insert_update_delete() {
    let mut store = TaricStore::new(Completeness::Complete);
    let text = envelope("3 measurement.unit DTN 2010-01-01 -\n1 measurement.unit DTN 2010-01-01 2019-12-31");
    assert_eq!(apply(&mut store, &text), [""; 0]);
    assert_eq!(store.get("measurement.unit", &["DTN"]).unwrap().get("validity.end.date"), "2019-12-31");
    assert_eq!(apply(&mut store, &envelope("2 measurement.unit DTN 2010-01-01 2019-12-31")), [""; 0]);
    assert!(store.is_empty());
}

#[test]
fn a_broken_envelope_leaves_the_store_as_it_was() {
    let mut store = TaricStore::new(Completeness::Complete);
    apply(&mut store, &envelope("3 measurement.unit DTN 2010-01-01 -\n3 measurement.unit KGM 2010-01-01 -"));
    let before = saved(&store);
    let changes =
        "1 measurement.unit DTN 2011-01-01 -\n2 measurement.unit KGM 2010-01-01 -\n3 measurement.unit TNE 2010-01-01 -";
    // The last record is refused by the schema, by the store, by the end of the file.
    let broken = [
        envelope(&format!("{changes}\n3 measurement.unit tne 2010-01-01 -")),
        envelope(&format!("{changes}\n3 measurement.unit TNE 2010-01-01 -")),
        envelope(&format!("{changes}\n1 measurement.unit LTR 2010-01-01 -")),
    ];
    for text in &broken {
        assert_eq!(apply(&mut store, text).len(), 1);
        assert_eq!(saved(&store), before);
    }
    let text = envelope(changes);
    let cut = source(&text.as_bytes()[..text.len() - 30]);
    assert!(store.apply(cut, &options(), &mut Account::default()).is_err());
    assert_eq!(saved(&store), before);
    assert_eq!(apply(&mut store, &text), [""; 0]);
    assert_ne!(saved(&store), before);
}

fn saved(store: &TaricStore) -> String {
    let mut bytes = Vec::new();
    store.save(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn duplicate_keys_and_deleting_twice() {
    for completeness in [Completeness::Complete, Completeness::Partial] {
        let mut store = TaricStore::new(completeness);
        let twice = envelope("3 measure.action 01 2010-01-01 -\n3 measure.action 01 2011-01-01 -");
        let said = apply(&mut store, &twice);
        assert_eq!(
            said,
            [
                "t.xml, row 2, measure.action: \"01\": a key that is not there yet; it is inserted twice; transaction 7, record 355 00"
            ]
        );
        let twice =
            "3 measure.action 01 2010-01-01 -\n2 measure.action 01 2010-01-01 -\n2 measure.action 01 2010-01-01 -";
        let said = apply(&mut store, &envelope(twice));
        assert!(said[0].starts_with("t.xml, row 3, measure.action: \"01\": a record that"), "{said:?}");
        assert!(store.is_empty() && store.transmissions().is_empty());
    }
    // In a partial store a delete of what it never held is accounted, a second one refused.
    let mut store = TaricStore::new(Completeness::Partial);
    let delete = envelope("2 measure.action 01 2010-01-01 -");
    assert_eq!(apply(&mut store, &delete), [""; 0]);
    assert_eq!(apply(&mut store, &delete).len(), 1);
    assert_eq!(apply(&mut store, &envelope("3 measure.action 01 2010-01-01 -")), [""; 0]);
    assert_eq!(apply(&mut store, &delete), [""; 0]);
}

#[test]
fn numbers_are_the_same_key_however_they_are_padded() {
    let mut store = TaricStore::new(Completeness::Complete);
    let said = apply(
        &mut store,
        &envelope("3 quota.order.number 7 090001 2018-01-01 -\n3 quota.order.number 0007 090001 2018-01-01 -"),
    );
    assert_eq!(said.len(), 1);
}

#[test]
fn a_saved_store_must_be_whole() {
    let mut store = TaricStore::new(Completeness::Partial);
    apply(&mut store, &envelope("3 measure.action 01 2010-01-01 -\n2 measure.action 02 2010-01-01 -"));
    let text = saved(&store);
    assert_eq!(TaricStore::load(source(text.clone())).unwrap(), store);
    for wrong in [
        String::new(),
        text.replace("\"2010-01-01\"", "\"2010-01-01\",\"x\""),
        text.replace("measure.action\",0", "measure.action\",9"),
        text.replace("measure.action", "measure.actions"),
        text.lines().skip(1).collect(),
        format!("{text}{text}"),
        "{}".into(),
        "[[[[".into(),
    ] {
        assert!(TaricStore::load(source(wrong.clone())).is_err(), "{wrong}");
    }
}

// ---- The schema

fn refusals(text: &str) -> Vec<String> {
    let mut store = TaricStore::new(Completeness::Complete);
    let said = apply(&mut store, text);
    assert!(store.is_empty() || said.is_empty());
    said.into_iter().map(|said| said.trim_start_matches("t.xml, ").to_owned()).collect()
}

#[test]
fn every_breach_of_the_schema_is_named() {
    let head = "<record.code>355</record.code><subrecord.code>00</subrecord.code>";
    let one = |head: &str, update: &str, body: &str| wrap(&message(1, head, update, body));
    let action = |inside: &str| one(head, "3", &format!("<measure.action>{inside}</measure.action>"));
    let code = "<action.code>01</action.code>";
    let from = "<validity.start.date>2010-01-01</validity.start.date>";
    let to = "<validity.end.date>2010-12-31</validity.end.date>";
    let end = "; transaction 7, record 355 00";
    for (text, expected) in [
        (action(&format!("{code}{from}{to}")), vec![]),
        (
            action(code),
            vec![format!("row 1, validity.start.date: \"nothing\": <validity.start.date>, which is required{end}")],
        ),
        (
            action(&format!("{from}{code}")),
            vec![format!("row 1, action.code: before <validity.start.date>, where the schema has it{end}")],
        ),
        (action(&format!("{code}{from}{from}")), vec![format!("row 1, validity.start.date: once{end}")]),
        (
            action(&format!("{code}{from}<colour>red</colour>")),
            vec![format!("row 1, colour: an element that <measure.action> has{end}")],
        ),
        (
            action(&format!("<action.code>0001</action.code>{from}")),
            vec![format!("row 1, action.code: \"0001\": text (ActionCode), like \\d\\d\\d?{end}")],
        ),
        (
            action(&format!("<action.code/>{from}")),
            vec![format!("row 1, action.code: text (ActionCode), like \\d\\d\\d?{end}")],
        ),
        (
            action(&format!("{code}<validity.start.date>2010-13-01</validity.start.date>")),
            vec![format!(
                "row 1, validity.start.date: \"2010-13-01\": a date such as 2018-12-31 (Date), like \\d{{4}}-\\d{{2}}-\\d{{2}}{end}"
            )],
        ),
        (
            action(&format!("<action.code><b>01</b></action.code>{from}")),
            vec![format!("row 1, action.code: \"b\": text, not an element{end}")],
        ),
        (
            action(&format!("<action.code x=\"1\">01</action.code>{from}")),
            vec![format!("row 1, action.code: \"x\": no attribute{end}")],
        ),
        (
            action(&format!("{code}{from}words")),
            vec![format!("row 1, measure.action: \"words\": no text beside the elements{end}")],
        ),
        (
            one(&head.replace("355", "356"), "3", &format!("<measure.action>{code}{from}</measure.action>")),
            vec![format!("row 1, record.code: \"356 00\": the code of <measure.action>{end}")],
        ),
        (
            one(head, "9", &format!("<measure.action>{code}{from}</measure.action>")),
            vec![format!("row 1, update.type: \"9\": text (UpdateType), 1 characters long, one of 1, 2, 3{end}")],
        ),
        (
            one(head, "3", "<measure.reaction/>"),
            vec!["row 1, measure.reaction: an element that TARIC3 has for a record; transaction 7".to_owned()],
        ),
        (
            one("", "3", ""),
            vec![
                "row 1, record.code: \"record.sequence.number\": <record.code> in this place; transaction 7".to_owned(),
            ],
        ),
        (
            one(head, "3", ""),
            vec!["row 1, record: \"0 elements\": one element of data after <update.type>; transaction 7".to_owned()],
        ),
        (wrap(""), vec!["row 0, transaction: at least one <app.message>; transaction 7".to_owned()]),
        (wrap("<e:app.message id=\"1\"/>"), vec!["row 0, app.message: one <transmission>; transaction 7".to_owned()]),
        (
            wrap("<e:letter/>"),
            vec![
                "row 0, letter: <app.message>; transaction 7".to_owned(),
                "row 0, transaction: at least one <app.message>; transaction 7".to_owned(),
            ],
        ),
    ] {
        assert_eq!(refusals(&text), expected, "{text}");
    }
}

#[test]
fn a_message_in_another_namespace_is_no_message() {
    let text = envelope("3 measure.action 01 2010-01-01 -").replace(OUB, "urn:other");
    assert!(!refusals(&text).is_empty());
    let text = envelope("3 measure.action 01 2010-01-01 -").replace(ENV, "urn:other");
    let error = TaricStore::new(Completeness::Partial).apply(source(text), &options(), &mut Account::default());
    assert!(error.unwrap_err().to_string().contains("a TARIC3 file begins with <envelope>"));
}

#[test]
fn a_transaction_that_failed_is_refused() {
    let status = |category: &str| {
        envelope("3 measure.action 01 2010-01-01 -").replacen(
            "<e:app.message",
            &format!("<e:status category=\"{category}\" location=\"x\"/><e:app.message"),
            1,
        )
    };
    assert_eq!(refusals(&status("ok")), [""; 0]);
    assert_eq!(refusals(&status("rejected")).len(), 1);
}

// ---- Hostile files

fn stopped(text: impl Into<Vec<u8>>) -> String {
    let mut store = TaricStore::new(Completeness::Partial);
    let error = store.apply(source(text), &options(), &mut Account::default()).unwrap_err();
    assert!(store.is_empty());
    error.to_string()
}

#[test]
fn what_is_not_xml_is_refused() {
    let good = envelope("3 measure.action 01 2010-01-01 -");
    for (text, expected) in [
        (String::new(), "no element stands there"),
        ("garbage".into(), "no element stands there"),
        ("<a>".into(), "the first element is <a>"),
        (good.replace("</measure.action>", ""), "measure.action"),
        (good.replace("</measure.action>", "</measure.reaction>"), "record 1"),
        (good[..good.len() / 2].to_owned(), "record 1"),
        (format!("{good}{good}"), "after the end of the root element"),
        (format!("{good}\nwords"), "after the end of the root element"),
        (good.replace("2010-01-01", "&colour;"), "the entity &colour;"),
        (good.replace("2010-01-01", "&#x1f;"), "U+001F"),
        (good.replace("2010-01-01", "\u{1}"), "U+0001"),
        (good.replace("<measure.action>", "<measure.action a=\"1\" a=\"2\">"), "record 1"),
    ] {
        let said = stopped(text.clone());
        assert!(said.contains(expected), "{text}: {said}");
    }
}

#[test]
fn entities_are_never_expanded() {
    let mut bomb = String::from("<!DOCTYPE e [<!ENTITY a \"aaaaaaaaaa\">");
    for (this, last) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "e"), ("g", "f"), ("h", "g"), ("i", "h")]
    {
        bomb.push_str(&format!("<!ENTITY {this} \"{}\">", format!("&{last};").repeat(10)));
    }
    bomb.push_str("]>");
    let good = envelope("3 measure.action 01 2010-01-01 -").replace("2010-01-01", "&i;");
    assert!(stopped(format!("{bomb}{good}")).contains("DOCTYPE"));
    let external = "<!DOCTYPE e SYSTEM \"file:///etc/passwd\">";
    assert!(stopped(format!("{external}{good}")).contains("DOCTYPE"));
    // XML's own five, and characters by number.
    let mut store = TaricStore::new(Completeness::Partial);
    let text = envelope("3 measure.action.description 01 EN Fish_&amp;_chips_&#60;<![CDATA[&]]>");
    assert_eq!(apply(&mut store, &text), [""; 0]);
    let text = store.get("measure.action.description", &["01", "EN"]).unwrap();
    assert_eq!(text.get("description"), "Fish & chips <&");
}

#[test]
fn deep_nesting_stops_at_once() {
    let deep = format!("{}{}", "<x>".repeat(5000), "</x>".repeat(5000));
    let said = stopped(envelope("3 measure.action 01 2010-01-01 -").replace("2010-01-01", &deep));
    assert!(said.contains("nesting is over the limit of 32"), "{said}");
    let said = stopped(
        envelope("3 measure.action 01 2010-01-01 -").replace("<e:app.message", &format!("{deep}<e:app.message")),
    );
    assert!(said.contains("nesting"), "{said}");
}

#[test]
fn a_text_of_a_hundred_megabytes_stops_at_the_limit_of_a_record() {
    let good = envelope("3 measure.action.description 01 EN HERE");
    let (head, tail) = good.split_once("HERE").unwrap();
    let long = std::io::repeat(b'a').take(100 << 20);
    let reader = Cursor::new(head.as_bytes().to_vec()).chain(long).chain(Cursor::new(tail.as_bytes().to_vec()));
    let source = Source::new("long.xml", reader, Limits::default()).unwrap();
    let mut store = TaricStore::new(Completeness::Partial);
    let said = store.apply(source, &options(), &mut Account::default()).unwrap_err().to_string();
    assert!(said.contains("long.xml: the size of one record in bytes is over the limit of 4194304"), "{said}");
}

#[test]
fn other_encodings_are_refused() {
    let good = envelope("3 measure.action.description 01 EN caf\u{e9}");
    let latin: Vec<u8> = good.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert!(stopped(latin).contains("record 1"));
    let utf16: Vec<u8> = std::iter::once(0xfeffu16).chain(good.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(!stopped(utf16).is_empty());
    let declared = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{good}");
    assert!(stopped(declared).contains("only UTF-8"));
    for declaration in ["<?xml version=\"1.0\" encoding=\"utf-8\"?>", "\u{feff}<?xml version=\"1.0\"?>"] {
        let mut store = TaricStore::new(Completeness::Partial);
        assert_eq!(apply(&mut store, &format!("{declaration}{good}")), [""; 0]);
    }
}

#[test]
fn too_many_attributes_are_refused() {
    let many: String = (0..1000).map(|n| format!(" a{n}=\"\"")).collect();
    let text =
        envelope("3 measure.action 01 2010-01-01 -").replace("<measure.action>", &format!("<measure.action{many}>"));
    assert!(stopped(text).contains("more than 16 attributes"));
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn archives_are_read_and_verified() {
    let good = envelope("3 measure.action 01 2010-01-01 -");
    let archive = zip(&[("a.xml", good.as_bytes())]);
    let mut store = TaricStore::new(Completeness::Partial);
    store.apply(source(archive.clone()), &options(), &mut Account::default()).unwrap();
    assert_eq!(store.len(), 1);
    assert!(stopped(zip(&[("a.xml", good.as_bytes()), ("b.xml", b"<b/>")])).contains("more than one file"));
    let mut wrong = archive.clone();
    wrong[14] ^= 1;
    assert!(stopped(wrong).contains("checksum"));
    for end in [5, 20, 35, archive.len() / 2] {
        stopped(archive[..end].to_vec());
    }
    // A bomb: 64 MiB of blanks in 64 kB.
    let limits = Limits { bytes: 1 << 20, record: 1 << 20 };
    let bomb = zip(&[("a.xml", &vec![b' '; 64 << 20])]);
    let source = Source::new("bomb", Cursor::new(bomb), limits).unwrap();
    let error =
        TaricStore::new(Completeness::Partial).apply(source, &Options { limits, ..options() }, &mut Account::default());
    assert!(error.unwrap_err().to_string().contains("over the limit of 1048576"));
}

#[test]
fn no_bytes_make_it_panic() {
    let good = envelope("3 measure.action 01 2010-01-01 -\n1 measure.action 01 2010-01-01 2011-01-01");
    let bytes = good.as_bytes();
    for at in (0..bytes.len()).step_by(7) {
        for change in [b'<', b'>', b'&', 0, 0xff, b'"'] {
            let mut bytes = bytes.to_vec();
            bytes[at] = change;
            fuzz(&bytes);
        }
        fuzz(&bytes[..at]);
    }
}

// ---- Measures

#[test]
fn a_measure_ends_with_its_regulation() {
    let regulation = |end: &str, effective: &str| {
        format!("3 base.regulation 1 R1234560 - - - 2018-01-01 {end} {effective} 1 MLA - - - - - - 0 0 - 1\n")
    };
    for (end, effective, own, before) in [
        ("-", "-", "-", None),
        ("2019-06-30", "-", "-", Some(date(2019, 7, 1))),
        ("2019-06-30", "2019-03-31", "-", Some(date(2019, 4, 1))),
        ("2019-06-30", "-", "2018-12-31", Some(date(2019, 1, 1))),
        ("2019-06-30", "-", "2020-12-31", Some(date(2019, 7, 1))),
    ] {
        let measure = m("5", "103", "1011", "0101210000", ["-", "-", "-", "2018-01-01", own]);
        let (out, _) = entries(&format!("{}{measure}3 measure.component 5 01 11.5 - - -", regulation(end, effective)));
        let [measure] = measures(&out)[..] else { panic!("{out:?}") };
        assert_eq!((measure.from, measure.before), (Some(date(2018, 1, 1)), before), "{end} {effective} {own}");
        assert_eq!((measure.code.as_str(), amount(measure), &measure.origin), ("010121", "11.5 %", &None));
    }
}

#[test]
fn stops_leave_gaps() {
    let measure = m("5", "103", "1011", "0101210000", ALWAYS);
    let part = "3 measure.component 5 01 11.5 - - -\n";
    let stop = "3 measure.partial.temporary.stop 5 2018-03-01 2018-04-30 R9999990 - - - - -\n";
    let (out, _) = entries(&format!("{measure}{part}{stop}"));
    let times: Vec<_> = measures(&out).iter().map(|m| (m.from, m.before)).collect();
    assert_eq!(times, [(Some(date(2018, 1, 1)), Some(date(2018, 3, 1))), (Some(date(2018, 5, 1)), None),]);
    let full = "3 full.temporary.stop.regulation 8 R8888880 - - - 2018-03-01 - - - - - - 0 - 1\n\
                3 fts.regulation.action 8 R8888880 1 R1234560\n";
    let (out, _) = entries(&format!("{measure}{part}{full}"));
    let times: Vec<_> = measures(&out).iter().map(|m| (m.from, m.before)).collect();
    assert_eq!(times, [(Some(date(2018, 1, 1)), Some(date(2018, 3, 1)))]);
    // Stopped, and no record says for how long.
    let (out, account) = entries(&format!("{}{part}", measure.replace(" - - 0 1", " - - 1 1")));
    assert_eq!(measures(&out)[0].outcome, Some(Verdict::Unknown));
    assert_eq!(account.inexpressible["stopped, without the days from and to which"], 1);
}

#[test]
fn companies_have_codes_and_the_rest_has_the_residual_one() {
    let one = |sid: &str, code: &str| m(sid, "552", "CN", "8708702000", ["B", code, "-", "2018-01-01", "-"]);
    let (out, _) = entries(&format!(
        "{}{}{}3 measure.component 1 01 10 - - -\n3 measure.component 2 01 20 - - -\n3 measure.component 3 01 50 - - -\n",
        one("1", "001"),
        one("2", "002"),
        one("3", "999")
    ));
    let said: Vec<_> = measures(&out).into_iter().map(|m| (when(m).unwrap(), amount(m), m.kind)).collect();
    assert_eq!(
        said,
        [
            ("document B001", "10 %", MeasureKind::AntiDumping),
            ("document B002", "20 %", MeasureKind::AntiDumping),
            ("not document B001 and not document B002", "50 %", MeasureKind::AntiDumping),
        ]
    );
    // Too many to except in one condition.
    let many: String = (1..=101).map(|n| one(&n.to_string(), &format!("{n:03}"))).collect();
    let (out, account) = entries(&format!("{many}{}3 measure.component 200 01 50 - - -\n", one("200", "999")));
    assert_eq!(measures(&out).last().unwrap().outcome, Some(Verdict::Unknown));
    assert_eq!(account.inexpressible["too many additional codes to tell the residual one"], 1);
}

#[test]
fn recipes_and_entry_prices_are_named() {
    let measure = m("5", "103", "1011", "1704907500", ALWAYS);
    let (out, account) =
        entries(&format!("{measure}3 measure.component 5 01 9 - - -\n3 measure.component 5 12 - - - -\n"));
    let [measure] = measures(&out)[..] else { panic!("{out:?}") };
    assert_eq!((measure.outcome, &measure.amount), (Some(Verdict::Unknown), &None));
    assert!(measure.says.as_ref().unwrap().contains("Meursing code"));
    assert_eq!(measure.official.as_ref().unwrap().components.len(), 2);
    assert_eq!(account.inexpressible.values().sum::<u64>(), 1);
    let measure = m("5", "142", "MA", "0702000007", ALWAYS);
    let (out, _) = entries(&format!(
        "{measure}3 measure.condition 9 5 V 1 46.1 EUR DTN - 01 - -\n3 measure.condition.component 9 01 0 - - -\n"
    ));
    assert!(measures(&out)[0].says.as_ref().unwrap().contains("entry price"));
    assert_eq!(measures(&out)[0].official.as_ref().unwrap().conditions[0].components.len(), 1);
}

#[test]
fn a_condition_too_long_for_one_expression_is_named() {
    let measure = m("5", "142", "MA", "0702000007", ALWAYS);
    let many = |n: u32| format!("3 measure.condition {n} 5 B {n} - - - - 27 U {n:03}\n");
    let conditions: String = (100..400).map(many).collect();
    let (out, account) = entries(&format!("{measure}3 measure.component 5 01 0 - - -\n{conditions}"));
    let [measure] = measures(&out)[..] else { panic!("{out:?}") };
    assert_eq!((measure.outcome, &measure.when), (Some(Verdict::Unknown), &None));
    assert_eq!(account.inexpressible["a duty or condition too long for one expression"], 1);
}

#[test]
fn preferences_name_a_programme_and_exclusions_are_mapped() {
    let measure = m("5", "142", "2020", "0702000007", ALWAYS);
    let (out, _) = entries(&format!(
        "{measure}3 measure.component 5 01 0 - - -\n3 measure.excluded.geographical.area 5 XS 346\n\
         3 geographical.area 400 2020 2010-01-01 - 1 -\n3 geographical.area 346 XS 2010-01-01 - 0 -\n\
         3 geographical.area.description.period 77 400 2010-01-01 2020\n\
         3 geographical.area.description 77 EN 400 2020 GSP\n\
         3 geographical.area.membership 346 400 2010-01-01 2018-12-31\n"
    ));
    let [measure] = measures(&out)[..] else { panic!("{out:?}") };
    assert_eq!(measure.not_origin, ["RS"]);
    assert_eq!(
        (measure.origin.as_ref(), measure.program.as_ref()),
        (Some(&Places::One("2020".into())), Some(&Places::One("eu.2020".into())))
    );
    let Some(Entry::Program(program)) = out.iter().find(|entry| matches!(entry, Entry::Program(_))) else { panic!() };
    assert_eq!(program.name, "Tariff preference: GSP");
    let areas: Vec<_> = out.iter().filter_map(|e| if let Entry::Area(area) = e { Some(area) } else { None }).collect();
    assert_eq!((areas[1].code.as_str(), areas[1].name.as_str()), ("2020", "GSP"));
    assert_eq!((areas[1].members[0].territory.as_str(), areas[1].members[0].before), ("RS", Some(date(2019, 1, 1))));
}

#[test]
fn measures_that_are_none_of_import_are_kept_as_texts() {
    let records = [
        m("1", "490", "TR", "0805101000", ALWAYS),
        m("2", "467", "KP", "7108000000", ALWAYS),
        m("3", "999", "KP", "7108000000", ALWAYS),
        m("4", "674", "1011", "-", ["7", "001", "-", "2018-01-01", "-"]),
    ];
    let (out, account) = entries(&format!("{}3 measure.component 1 01 55.8 EUR DTN -\n", records.concat()));
    assert!(measures(&out).is_empty());
    let texts: Vec<&Text> =
        out.iter().filter_map(|e| if let Entry::Text(text) = e { Some(text) } else { None }).collect();
    assert_eq!(texts.len(), 4);
    assert_eq!(texts[0].code, "measure 1");
    assert!(texts[0].other["measure.component"].contains("55.8"));
    assert_eq!(account.inexpressible.values().sum::<u64>(), 4);
}

#[test]
fn a_complete_store_refuses_parts_without_their_whole() {
    let (mut out, mut account) = (Vec::new(), Account::default());
    import(vec![source(envelope("3 measure.component 5 01 9 - - -"))], &options(), &mut out, &mut account).unwrap();
    assert!(out.is_empty());
    assert_eq!(account.refusals[0].column, "measure.component");
}

#[test]
fn without_a_day_there_is_no_edition() {
    let text = envelope("3 measure.action 01 2010-01-01 -");
    let options = Options { known_from: None, ..options() };
    let error = import(vec![source(text)], &options, &mut Vec::new(), &mut Account::default()).unwrap_err();
    assert!(error.to_string().contains("give the day"));
}

// ---- Lines, texts, quotas, rates

#[test]
fn lines_change_with_their_descriptions_and_depths() {
    let goods = |sid: &str, code: &str, suffix: &str, depth: &str, text: &str| {
        format!(
            "3 goods.nomenclature {sid} {code} {suffix} 2010-01-01 - 0\n\
             3 goods.nomenclature.indents {sid}1 {sid} 2010-01-01 {depth} {code} {suffix}\n\
             3 goods.nomenclature.description.period {sid}2 {sid} 2010-01-01 {code} {suffix}\n\
             3 goods.nomenclature.description {sid}2 EN {sid} {code} {suffix} {text}\n"
        )
    };
    let records = [
        goods("1", "0100000000", "80", "00", "LIVE_ANIMALS"),
        goods("2", "0101000000", "80", "00", "Horses"),
        goods("3", "0101210000", "10", "01", "Horses:"),
        goods("4", "0101210000", "80", "02", "Pure-bred"),
        "3 goods.nomenclature.description.period 99 4 2018-01-01 0101210000 80\n".into(),
        "3 goods.nomenclature.description 99 EN 4 0101210000 80 Pure-bred_breeding_animals\n".into(),
        "3 footnote.association.goods.nomenclature 4 TN 701 2018-01-01 - 0101210000 80\n".into(),
    ];
    let (out, _) = entries(&records.concat());
    let lines: Vec<_> = out
        .iter()
        .filter_map(|e| if let Entry::Line(line) = e { Some(line) } else { None })
        .map(|line| {
            (line.code.as_str(), line.indent, line.declarable, line.description["en"].as_str(), line.from, line.before)
        })
        .collect();
    let d = |year| Some(date(year, 1, 1));
    assert_eq!(
        lines,
        [
            ("0100000000", Some(0), false, "LIVE ANIMALS", d(2010), None),
            ("0101000000", Some(0), false, "Horses", d(2010), None),
            ("0101210000", Some(1), false, "Horses:", d(2010), None),
            ("0101210000", Some(2), true, "Pure-bred", d(2010), d(2018)),
            ("0101210000", Some(2), true, "Pure-bred breeding animals", d(2018), None),
        ]
    );
    let Some(Entry::Line(line)) = out.last() else { panic!("{out:?}") };
    assert_eq!(line.footnotes, ["TN701"]);
}

#[test]
fn code_lists_become_texts() {
    let (out, account) = entries(
        "3 measure.type 103 2010-01-01 - 0 5 1 0 2 10 C\n3 measure.type.description 103 EN Third_country_duty\n\
         3 certificate Y 900 2010-01-01 -\n3 certificate.description.period 4 Y 900 2010-01-01\n\
         3 certificate.description 4 EN Y 900 Not_CITES\n\
         3 language EN 2010-01-01 -\n3 language.description EN EN English\n\
         3 measurement DTN E 2010-01-01 -\n3 meursing.table.plan 01 2010-01-01 -\n",
    );
    let texts: Vec<_> = out
        .iter()
        .filter_map(|e| if let Entry::Text(text) = e { Some(text) } else { None })
        .map(|text| (text.code.as_str(), text.says.get("en").map(String::as_str)))
        .collect();
    assert_eq!(
        texts,
        [
            ("Y900", Some("Not CITES")),
            ("language EN", Some("English")),
            ("DTNE", None),
            ("103", Some("Third country duty")),
            ("meursing.table.plan 01", None),
        ]
    );
    assert!(account.inexpressible.is_empty());
}

#[test]
fn quotas_have_origins_balances_and_states() {
    let (out, _) = entries(
        "3 quota.order.number 7 090001 2010-01-01 -\n3 quota.order.number.origin 8 7 1011 2010-01-01 - 400\n\
         3 quota.order.number.origin.exclusions 8 103\n\
         3 quota.definition 5 090001 2018-01-01 2018-12-31 7 1000 900.5 - DTN E 3 N 90 -\n\
         3 quota.balance.event 5 2018-02-01T10:00:00 1000 800 200 -\n\
         3 quota.balance.event 5 2018-03-01T10:00:00 800 0 1000 -\n\
         3 quota.critical.event 5 2018-02-02T10:00:00 Y 2018-02-02\n\
         3 quota.exhaustion.event 5 2018-03-01T10:00:00 2018-03-01\n\
         3 quota.blocking.period 3 5 2018-06-01 2018-06-30 1 -\n\
         3 quota.association 5 6 EQ 1.5\n3 quota.order.number 9 090002 2010-01-01 -\n",
    );
    let quotas: Vec<_> =
        out.iter().filter_map(|e| if let Entry::Quota(quota) = e { Some(quota) } else { None }).collect();
    assert_eq!(quotas.len(), 2);
    assert_eq!((quotas[0].status.as_deref(), quotas[0].unit.as_deref()), (Some("exhausted"), Some("100 kg drained")));
    assert_eq!(quotas[0].balance.unwrap().to_string(), "0");
    assert_eq!(quotas[0].other["origins"], "1011 except area 103 from 2010-01-01");
    assert_eq!(quotas[0].other["quota.blocking.period"], "2018-06-01 2018-06-30 1");
    assert_eq!(quotas[0].other["quota.association"], "EQ 6 1.5");
    assert_eq!((quotas[1].order_number.as_str(), quotas[1].volume), ("090002", None));
}

#[test]
fn exchange_rates() {
    let (out, _) =
        entries("3 monetary.exchange.period 5 EUR 2018-12-01 2018-12-31\n3 monetary.exchange.rate 5 GBP 0.8836\n");
    let Some(Entry::ExchangeRate(rate)) = out.last() else { panic!("{out:?}") };
    assert_eq!((rate.base.as_str(), rate.currency.as_str(), rate.rate.to_string().as_str()), ("EUR", "GBP", "0.8836"));
    assert_eq!((rate.from, rate.before), (date(2018, 12, 1), Some(date(2019, 1, 1))));
}

// ---- Extracts of the UK

fn extract(items: &str) -> String {
    format!(
        "<n:TariffHistoryResponse xmlns:n=\"http://www.eurodyn.com/Tariff/services/DispatchDataExportXMLData/v03\">\
         <ResultsInfo><executionDate>2025-03-28T00:15:30</executionDate></ResultsInfo>{items}</n:TariffHistoryResponse>"
    )
}

fn item(entity: &str) -> String {
    format!("<TariffHistoryItem><find>{entity}</find></TariffHistoryItem>")
}

fn uk(store: &mut TaricStore, items: &str) -> Account {
    let mut account = Account::default();
    store.apply(source(extract(items)), &Options::united_kingdom(), &mut account).unwrap();
    account
}

const MEASURE: &str = "<Measure><hjid>1</hjid><metainfo><opType>OP</opType></metainfo><sid>5</sid>\
    <measureGeneratingRegulationId>C2100001</measureGeneratingRegulationId>\
    <measureGeneratingRegulationRole><regulationRoleTypeId>1</regulationRoleTypeId></measureGeneratingRegulationRole>\
    <stoppedFlag>0</stoppedFlag><validityStartDate>2025-01-01T00:00:00</validityStartDate>\
    <geographicalArea><sid>400</sid><geographicalAreaId>1011</geographicalAreaId></geographicalArea>\
    <goodsNomenclature><sid>2</sid><goodsNomenclatureItemId>0101210000</goodsNomenclatureItemId></goodsNomenclature>\
    <measureType><measureTypeId>103</measureTypeId></measureType>PARTS</Measure>";

fn part(expression: &str, amount: &str) -> String {
    format!(
        "<measureComponent><metainfo><opType>C</opType></metainfo><dutyAmount>{amount}</dutyAmount>\
         <dutyExpression><dutyExpressionId>{expression}</dutyExpressionId></dutyExpression></measureComponent>"
    )
}

#[test]
fn an_item_lists_all_parts_of_a_measure() {
    let condition = "<measureCondition><metainfo><opType>C</opType></metainfo><sid>9</sid>\
        <conditionSequenceNumber>1</conditionSequenceNumber>\
        <measureConditionCode><conditionCode>B</conditionCode></measureConditionCode>\
        <measureAction><actionCode>27</actionCode></measureAction>\
        <certificate><certificateCode>123</certificateCode><certificateType><certificateTypeCode>C</certificateTypeCode>\
        </certificateType></certificate></measureCondition>";
    let with = |op: &str, parts: &str| item(&MEASURE.replace("OP", op).replace("PARTS", parts));
    let mut store = TaricStore::new(Completeness::Complete);
    let account = uk(&mut store, &with("C", &format!("{}{}{condition}", part("01", "8"), part("04", "5"))));
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(store.len(), 4);
    let account = uk(&mut store, &with("U", &part("01", "7.5")));
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!(store.len(), 2);
    assert_eq!(store.get("measure.component", &["5", "01"]).unwrap().get("duty.amount"), "7.5");
    assert_eq!(account.left_out["no longer listed under its owner: measure.component"], 1);
    assert_eq!(account.left_out["no longer listed under its owner: measure.condition"], 1);
    let mut out = Vec::new();
    let edition = store.entries(Vec::new(), &Options::united_kingdom(), &mut out, &mut Account::default()).unwrap();
    assert_eq!(edition.known_from, date(2025, 3, 28));
    assert_eq!(amount(measures(&out)[0]), "7.5 %");
    // A deleted measure takes its parts with it.
    let account = uk(&mut store, &with("D", ""));
    assert!(account.is_clean() && store.is_empty(), "{account:?}");
}

#[test]
fn a_deleted_footnote_takes_its_descriptions_with_it() {
    let footnote = |op: &str, period: &str| {
        item(&format!(
            "<Footnote><metainfo><opType>{op}</opType></metainfo><footnoteId>329</footnoteId>\
             <validityStartDate>2023-02-25T00:00:00</validityStartDate>\
             <footnoteType><footnoteTypeId>DS</footnoteTypeId></footnoteType>{period}</Footnote>"
        ))
    };
    let meta = "<metainfo><opType>C</opType></metainfo>";
    let period = format!(
        "<footnoteDescriptionPeriod>{meta}<sid>7</sid><validityStartDate>2023-02-25T00:00:00</validityStartDate>\
         <footnoteDescription>{meta}<description>Text</description><language><languageId>EN</languageId></language>\
         </footnoteDescription></footnoteDescriptionPeriod>"
    );
    let mut store = TaricStore::new(Completeness::Complete);
    assert!(uk(&mut store, &footnote("C", &period)).is_clean());
    assert_eq!(store.len(), 3);
    // An update without them leaves them: only a measure lists all its parts.
    assert!(uk(&mut store, &footnote("U", "")).is_clean());
    assert_eq!(store.len(), 3);
    assert!(uk(&mut store, &footnote("D", "")).is_clean());
    assert!(store.is_empty());
}

#[test]
fn what_an_extract_may_not_hold() {
    let good = MEASURE.replace("OP", "C");
    for (entity, column) in [
        (
            good.replace("PARTS", "<measureSong><metainfo><opType>C</opType></metainfo></measureSong>"),
            "Measure/measureSong",
        ),
        (good.replace("PARTS", "").replace("<opType>C</opType>", "<opType>X</opType>"), "opType"),
        (good.replace("PARTS", "").replace("<sid>5</sid>", ""), "sid"),
        (good.replace("PARTS", "").replace("<sid>5</sid>", "<sid>five</sid>"), "sid"),
        (good.replace("PARTS", "").replace("2025-01-01T", "2025-01-32T"), "validityStartDate"),
        (good.replace("PARTS", &part("01", "8,5")), "dutyAmount"),
        ("<Song/>".into(), "Song"),
    ] {
        let mut store = TaricStore::new(Completeness::Complete);
        let account = uk(&mut store, &item(&entity));
        assert_eq!(account.refusals.first().map(|refusal| refusal.column.as_str()), Some(column), "{entity}");
        assert!(store.is_empty());
    }
    let mut store = TaricStore::new(Completeness::Complete);
    let account = uk(&mut store, &item(&good.replace("PARTS", "<tune>la</tune>")));
    assert!(account.is_clean());
    assert_eq!(account.left_out["a field that TARIC3 does not have: Measure/tune"], 1);
}

#[test]
fn memberships_name_their_member_by_another_number() {
    let area = |hjid: &str, sid: &str, id: &str, code: &str, more: &str| {
        item(&format!(
            "<GeographicalArea><hjid>{hjid}</hjid><metainfo><opType>C</opType></metainfo><sid>{sid}</sid>\
             <geographicalAreaId>{id}</geographicalAreaId><geographicalCode>{code}</geographicalCode>\
             <validityStartDate>2021-01-01T00:00:00</validityStartDate>{more}</GeographicalArea>"
        ))
    };
    let membership = "<geographicalAreaMembership><hjid>3</hjid><metainfo><opType>C</opType></metainfo>\
        <geographicalAreaGroupSid>23501</geographicalAreaGroupSid>\
        <validityStartDate>2021-01-01T00:00:00</validityStartDate></geographicalAreaMembership>";
    let mut store = TaricStore::new(Completeness::Complete);
    let items = format!("{}{}", area("23501", "11", "KE", "0", ""), area("23540", "68", "2020", "1", membership));
    let account = uk(&mut store, &items);
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert!(store.get("geographical.area.membership", &["11", "68", "2021-01-01"]).is_some());
    let mut store = TaricStore::new(Completeness::Complete);
    assert_eq!(uk(&mut store, &area("23540", "68", "2020", "1", membership)).refused, 1);
}
