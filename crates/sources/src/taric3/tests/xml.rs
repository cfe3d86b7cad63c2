//! What is refused: breaches of the schema, XML that is none, archives, any bytes.

use super::*;

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
