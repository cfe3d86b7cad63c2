//! Events from CSV and to it: wrong files with their messages, round trips, any bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use proptest::option;
use proptest::prelude::*;
use std::io::{Cursor, Read};
use tidewaiter::Decimal;
use tidewaiter_collect::definition::Percent;
use tidewaiter_collect::event::{Correction, Event, Part, QuoteNamed, RateType, Refund, Row, Sale};
use tidewaiter_collect::import::{MOST_TOLD, NotWritten, Refused, Told, check, events, read, write};

fn taken(file: &str) -> (Vec<Event>, Told) {
    events(file.as_bytes()).unwrap_or_else(|refused| panic!("{refused}\n{file}"))
}

fn refused(file: &[u8]) -> Refused {
    events(file).map(|(events, _)| events).unwrap_err()
}

const RIGHT: &str = "\
kind,document,date,of,to,from,currency,goods,shipping,all,row,charge,scheme,rate,rate_type,net,amount,reason,quote_sha256,ratebook,edition,quote_date
sale,A1,2026-04-03,,DE,CN,EUR,100,5.00,,,eu.vat,eu.ioss,19 %,standard,80,15.2,,,rb1,ed1 ed2,2026-04-03
sale,A1,2026-04-03,,DE,CN,EUR,,,,,eu.vat,eu.ioss,7,Reduced,25,1.75,,,,,
refund,B1,2026-04-09,A1,,,,10.5,,,2,,,,,10.5,0.735,,,,,
refund,B2,2026-04-10,A1,,,,,,yes,,,,,,,,,,,,
correction,C1,2026-04-11,A1,AT,,,,,,,eu.vat,eu.ioss,20 %,standard,-1,-0.20,\"found late, \"\"sorry\"\"\",,,,
";

#[test]
fn a_file_becomes_events() {
    let (all, told) = taken(RIGHT);
    assert_eq!((told.rows, told.sales, told.refunds, told.corrections), (5, 1, 2, 1));
    assert_eq!((told.separator, told.decimal_comma, told.notes.len()), (',', false, 0));
    let want = serde_json::json!([
        { "kind": "sale", "document": "A1", "date": "2026-04-03", "to": "DE", "from": "CN", "currency": "EUR", "goods": "100", "shipping": "5",
          "rows": [
            { "charge": "eu.vat", "scheme": "eu.ioss", "rate": "19 %", "rate_type": "standard", "net": "80", "amount": "15.2" },
            { "charge": "eu.vat", "scheme": "eu.ioss", "rate": "7 %", "rate_type": "reduced", "net": "25", "amount": "1.75" },
          ],
          "quote": { "ratebook": "rb1", "editions": ["ed1", "ed2"], "date": "2026-04-03" } },
        { "kind": "refund", "document": "B1", "date": "2026-04-09", "of": "A1", "goods": "10.5", "shipping": "0",
          "rows": [{ "row": 2, "net": "10.5", "amount": "0.735" }] },
        { "kind": "refund", "document": "B2", "date": "2026-04-10", "of": "A1", "goods": "0", "shipping": "0", "rows": [], "all": true },
        { "kind": "correction", "document": "C1", "date": "2026-04-11", "of": "A1", "reason": "found late, \"sorry\"", "to": "AT",
          "rows": [{ "charge": "eu.vat", "scheme": "eu.ioss", "rate": "20 %", "rate_type": "standard", "net": "-1", "amount": "-0.2" }] },
    ]);
    assert_eq!(serde_json::to_value(&all).unwrap(), want);
    // As a spreadsheet saves it: a mark at the begin, lines that end in CR LF, rows and a column of nothing.
    let lines: Vec<String> = RIGHT.lines().map(|line| format!("{line},\r\n,,,,\r\n\r\n")).collect();
    let saved = format!("\u{feff}{}", lines.concat());
    let (again, told) = taken(&saved);
    assert_eq!((again, told.rows), (all, 5));
}

#[test]
fn other_layouts_say_the_same() {
    let (want, _) = taken(
        "kind,document,date,to,currency,goods,charge,net,amount\nsale,1,2026-04-03,DE,EUR,1234.50,vat,1234.50,10\n",
    );
    for (file, separator, comma) in [
        (
            "Amount;NET;charge;Goods;Currency;To;Date;Document;Kind\n10;1234,50;vat;1234,50;EUR;DE;2026-04-03;1;Sale\n",
            ';',
            true,
        ),
        (
            "kind;document;date;to;currency;goods;charge;net;amount\nsale;1;2026-04-03;DE;EUR;1234.50;vat;1234.50;10\n",
            ';',
            false,
        ),
        (
            "\u{feff}kind\tdocument\tdate\tto\tcurrency\tgoods\tcharge\tnet\tamount\r\nsale\t1\t2026-04-03\tDE\tEUR\t1234.50\tvat\t1234.50\t10",
            '\t',
            false,
        ),
        (
            "\"kind\",\"document\",\"date\",\"to\",\"currency\",\"goods\",\"charge\",\"net\",\"amount\",\nsale,1, 2026-04-03 ,DE,EUR, 1234.50 ,vat,1234.5,10,\n,,,,,,,,,\n",
            ',',
            false,
        ),
        // Goods stand in one of the rows, or in both.
        (
            "kind,document,date,to,currency,goods,charge,net,amount\nsale,1,2026-04-03,DE,EUR,,,,\nsale,1,2026-04-03,,,1234.50,vat,1234.50,10\n",
            ',',
            false,
        ),
        (
            "kind,document,date,to,currency,goods,charge,net,amount\nsale,1,2026-04-03,DE,EUR,1234.5,,,\nsale,1,,DE,EUR,1234.50,vat,1234.50,10\n",
            ',',
            false,
        ),
    ] {
        let (got, told) = taken(file);
        assert_eq!((got, told.separator, told.decimal_comma), (want.clone(), separator, comma), "{file}");
        assert_eq!(told.notes.iter().any(|note| note.contains("decimal comma")), comma);
    }
    let (none, told) = taken("kind,document,date\n");
    assert_eq!((none, told.rows), (Vec::new(), 0));
}

/// Head of the files below.
const HEAD: &str =
    "kind,document,date,of,to,currency,goods,shipping,all,row,charge,rate,rate_type,net,amount,reason,quote_sha256\n";

#[test]
fn mistakes_in_rows_are_told_with_row_column_and_reason() {
    let sale = "sale,1,2026-04-03,,DE,EUR,100,,,,vat,19 %,standard,100,19,,";
    taken(&format!("{HEAD}{sale}\n"));
    // What stands in place of what, in which column, and what is said.
    for (from, to, column, says) in [
        ("sale", "sold", "kind", "\"sold\" is no kind; write sale, refund or correction"),
        ("sale", "", "kind", "\"\" is no kind"),
        ("sale,1", "sale,", "document", "a sale needs its number"),
        ("sale,1", "sale,1 ", "document", "\"1 \" begins or ends with a space"),
        (
            "2026-04-03",
            "03/04/2026",
            "date",
            "\"03/04/2026\" is ambiguous: in some countries the month stands first, in others the day; write year-month-day, such as 2026-04-03",
        ),
        ("2026-04-03", "3.4.26", "date", "is ambiguous"),
        ("2026-04-03", "13/07/2026", "date", "\"13/07/2026\" is not in the form of ISO 8601; write 2026-07-13"),
        ("2026-04-03", "7.13.2026", "date", "write 2026-07-13"),
        ("2026-04-03", "04-04-2026", "date", "write 2026-04-04"),
        ("2026-04-03", "31/02/2026", "date", "is ambiguous"),
        ("2026-04-03", "03-04-2026", "date", "is ambiguous"),
        ("2026-04-03", "2026/04/03", "date", "not in the form of ISO 8601"),
        ("2026-04-03", "2026-4-3", "date", "not in the form of ISO 8601"),
        ("2026-04-03", "20260403", "date", "has no hyphens"),
        ("2026-04-03", "46115", "date", "the number by which a spreadsheet counts days"),
        ("2026-04-03", "2026-04-03T10:00:00Z", "date", "has a time, and which day it is depends on the place"),
        ("2026-04-03", "2026-04-03 10:00", "date", "has a time"),
        ("2026-04-03", "2026-02-30", "date", "there is no day 2026-02-30"),
        ("2026-04-03", "3 April 2026", "date", "is no day"),
        ("2026-04-03", "", "date", "a sale needs its day"),
        (
            ",,DE",
            ",,Germany",
            "to",
            "\"Germany\" is no code of a territory; write the two capital letters of ISO 3166-1, such as DE",
        ),
        (",,DE", ",,de", "to", "is no code of a territory"),
        (",,DE", ",,", "to", "a sale needs the territory of its buyer"),
        (",,DE", ",A0,DE", "of", "a sale has nothing here"),
        ("EUR", "€", "currency", "three capital letters of ISO 4217"),
        ("EUR", "", "currency", "a sale needs its currency"),
        ("EUR,100", "EUR,", "goods", "a sale needs the price of its goods without tax"),
        ("EUR,100", "EUR,-100", "goods", "-100 is below zero; what went back is a refund"),
        (
            "EUR,100",
            "EUR,\"12,50\"",
            "goods",
            "\"12,50\" has a decimal comma; write a point, such as 12.50, or separate the columns by semicolons and use commas in every number",
        ),
        ("EUR,100", "EUR,\"1,234.50\"", "goods", "has marks between thousands"),
        ("EUR,100", "EUR,1e3", "goods", "is not a number"),
        ("EUR,100", "EUR,€100", "goods", "is not a number"),
        ("EUR,100", "EUR,10000000000000000", "goods", "larger than"),
        ("100,,,", "100,,yes,", "all", "only a refund has it"),
        ("19 %", "-19 %", "rate", "below zero"),
        ("19 %", "nineteen", "rate", "is not a number"),
        ("standard", "normal", "rate_type", "write standard, reduced or zero"),
        ("vat,", ",", "charge", "it is empty; a charge of a sale needs charge, net, amount"),
        ("100,19", ",19", "net", "it is empty"),
        ("100,19", "100,", "amount", "it is empty"),
        ("100,19", "100,-19", "amount", "below zero"),
        (",19,,", ",19,late,", "reason", "only a correction has a reason"),
        (",19,,", ",19,,abc", "quote_sha256", "no SHA-256"),
        (",19,,", ",19,,,surplus", "18", "the header has no name for this cell"),
        (",19,,", ",19", "", "it has 15 cells, and the header 17"),
    ] {
        assert!(sale.contains(from), "{from}");
        let file = format!("{HEAD}sale,0,2026-04-03,,DE,EUR,1,,,,,,,,,,\n{}\n", sale.replacen(from, to, 1));
        let found = refused(file.as_bytes());
        assert!(
            found
                .faults
                .iter()
                .any(|fault| (fault.row, fault.column.as_str()) == (3, column) && fault.says.contains(says)),
            "{from} -> {to}: {found}"
        );
        assert_eq!(found.faults.len(), 1, "{from} -> {to}: {found}");
    }
}

#[test]
fn mistakes_in_documents_are_told() {
    for (rows, row, column, says) in [
        ("refund,1,2026-04-03,A,,,,,,,,,,,,,", 2, "goods", "a refund needs what went back"),
        ("refund,1,2026-04-03,,,,5,,,,,,,,,,", 2, "of", "a refund needs the document of its sale"),
        ("refund,1,2026-04-03,A,,,5,,yes,,,,,,,,", 2, "all", "names no amounts"),
        ("refund,1,2026-04-03,A,,,,,maybe,,,,,,,,", 2, "all", "neither yes nor no"),
        ("refund,1,2026-04-03,A,,EUR,5,,,,,,,,,,", 2, "currency", "a refund has nothing here: it is that of the sale"),
        ("refund,1,2026-04-03,A,,,-5,,,,,,,,,,", 2, "goods", "a refund is written without a minus"),
        ("refund,1,2026-04-03,A,,,,,,,,,,5,1,,", 2, "row", "a charge of a refund needs row, net, amount"),
        ("refund,1,2026-04-03,A,,,,,,0,,,,5,1,,", 2, "row", "\"0\" is no row of a sale; the first row is 1"),
        ("refund,1,2026-04-03,A,,,,,,70000,,,,5,1,,", 2, "row", "is no row of a sale"),
        ("refund,1,2026-04-03,A,,,,,,1,vat,,,5,1,,", 2, "charge", "write the row of the sale in the column row"),
        ("correction,1,2026-04-03,A,,,,,,,vat,,,-5,-1,,", 2, "reason", "a correction needs a reason"),
        ("correction,1,2026-04-03,A,,,,,,,,,,,,late,", 2, "charge", "a correction needs a charge with net and amount"),
        ("correction,1,2026-04-03,A,,,7,,,,vat,,,-5,-1,late,", 2, "goods", "a correction changes charges"),
        (
            "sale,1,2026-04-03,,DE,EUR,100,,,,,,,,,,\nsale,1,2026-04-03,,DE,EUR,90,,,,,,,,,,",
            3,
            "goods",
            "row 2 of the same document says something else",
        ),
        (
            "sale,1,2026-04-03,,DE,EUR,100,,,,,,,,,,\nsale,1,2026-04-04,,,,,,,,,,,,,,",
            3,
            "date",
            "row 2 of the same document says something else",
        ),
        (
            "sale,1,2026-04-03,,DE,EUR,1,,,,,,,,,,\nsale,2,2026-04-03,,DE,EUR,1,,,,,,,,,,\nsale,1,2026-04-03,,DE,EUR,1,,,,,,,,,,",
            4,
            "document",
            "sale \"1\" stands further up too, with other rows between; put its rows one after the other",
        ),
        (
            "sale,1,2026-04-03,,DE,EUR,1,,,,,,,,,,\nsale,\"2,2026-04-03,,DE,EUR,1,,,,,,,,,,\n",
            3,
            "",
            "a quotation mark in this row or before it is opened and not closed",
        ),
        ("sale,\"1\n2\",2026-04-03,,DE,EUR,1,,,,,,,,,,", 2, "document", "a line break"),
    ] {
        let found = refused(format!("{HEAD}{rows}\n").as_bytes());
        assert!(
            found
                .faults
                .iter()
                .any(|fault| (fault.row, fault.column.as_str()) == (row, column) && fault.says.contains(says)),
            "{rows}: {found}"
        );
    }
    // A refund and a sale may have the same number.
    let (both, _) =
        taken(&format!("{HEAD}sale,1,2026-04-03,,DE,EUR,1,,,,,,,,,,\nrefund,1,2026-04-03,1,,,,,yes,,,,,,,,\n"));
    assert_eq!(both.len(), 2);
}

#[test]
fn files_that_are_no_such_file_are_refused() {
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(RIGHT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let utf16_without_mark: Vec<u8> = RIGHT.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let latin1 = [HEAD.as_bytes(), b"correction,1,2026-04-03,A,,,,,,,vat,,,1,1,f\xfcr,\n"].concat();
    let endless = [HEAD.as_bytes(), b"sale,\"", &vec![b'x'; 3_000_000]].concat();
    let wide = vec![b'k'; 20_000];
    for (bytes, row, column, says) in [
        (&b""[..], 1, "", "the first line is empty"),
        (b"\n\nkind,document,date", 1, "", "the first line is empty"),
        (&utf16, 1, "", "the file is UTF-16 or no text at all; save it as \"CSV UTF-8\""),
        (&utf16_without_mark, 1, "", "UTF-16"),
        (b"PK\x03\x04kind", 1, "", "this is a workbook"),
        (&latin1, 2, "reason", "this is not UTF-8 text; save the file as \"CSV UTF-8\""),
        (&endless, 2, "", "the row is longer than 1 MB"),
        (&wide, 1, "", "the first line is longer than 16 kB"),
        (
            b"kind,document,date,ammount\n",
            1,
            "4",
            "there is no column \"ammount\"; take it out or rename it. Columns are kind, document",
        ),
        (b"kind,document,date,kind\n", 1, "4", "the column kind stands twice"),
        (b"kind,document\n", 1, "date", "there is no such column"),
        (b"kind|document|date\n", 1, "1", "there is no column \"kind|document|date\""),
        (b"sale,1,2026-04-03\n", 1, "1", "there is no column \"sale\""),
        (b"kind,document,date,\xff\n", 1, "4", "not UTF-8"),
        (
            b"kind;document;date;of;goods\nrefund;1;2026-04-03;A;1,50\nrefund;2;2026-04-03;A;1.50\n",
            3,
            "goods",
            "\"1.50\" has a point before its decimals, and row 2 has a comma; use one of them in the whole file",
        ),
        (
            b"kind;document;date;of;goods\nrefund;1;2026-04-03;A;7\nrefund;2;2026-04-03;A;1.500\n",
            3,
            "goods",
            "may be thousands or decimals",
        ),
        (b"kind;document;date;of;goods\nrefund;2;2026-04-03;A;1,500\n", 2, "goods", "may be thousands or decimals"),
        (b"kind;document;date;of;goods\nrefund;2;2026-04-03;A;1.234,50\n", 2, "goods", "marks between thousands"),
    ] {
        let found = refused(bytes);
        assert!(
            found
                .faults
                .iter()
                .any(|fault| (fault.row, fault.column.as_str()) == (row, column) && fault.says.contains(says)),
            "{says}: {found}"
        );
    }
    // Another number tells what the mark is.
    let (all, _) = taken("kind;document;date;of;goods\nrefund;1;2026-04-03;A;1,500\nrefund;2;2026-04-03;A;0,5\n");
    assert_eq!(serde_json::to_value(&all[0]).unwrap()["goods"], "1.5");
}

#[test]
fn of_many_mistakes_fifty_are_told_and_nothing_is_taken() {
    let mut file = format!("{HEAD}sale,right,2026-04-03,,DE,EUR,1,,,,,,,,,,\n");
    for n in 0..70 {
        file += &format!("sale,{n},03/04/2026,,DE,EUR,1,,,,,,,,,,\n");
    }
    let mut handed = 0;
    let found = read(Cursor::new(file.as_bytes()), |_, _| {
        handed += 1;
        Ok(())
    })
    .unwrap_err();
    assert_eq!((found.faults.len(), found.more, handed), (MOST_TOLD, 20, 0));
    let told = found.to_string();
    assert!(
        told.starts_with("nothing of the file was taken\nrow 3, column date: \"03/04/2026\" is ambiguous"),
        "{told}"
    );
    assert!(told.ends_with("\n20 more mistakes"), "{told}");
}

#[test]
fn what_is_not_taken_stops_the_reading_with_its_row() {
    let mut handed = Vec::new();
    let found = read(Cursor::new(RIGHT.as_bytes()), |row, event| {
        handed.push((row, event.name().1.to_owned()));
        if event.name().1 == "B1" { Err("there is no sale \"A1\"; record it first".into()) } else { Ok(()) }
    })
    .unwrap_err();
    assert_eq!(handed, [(2, "A1".to_owned()), (4, "B1".to_owned())]);
    assert_eq!(
        found.to_string(),
        "nothing of the file was taken\nrow 4, column document: there is no sale \"A1\"; record it first"
    );
}

/// Rows of which two and two are one sale: a file that is never in memory.
struct Rows {
    next: u64,
    rows: u64,
    line: Vec<u8>,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.line.is_empty() {
            if self.next > self.rows {
                return Ok(0);
            }
            self.line = match self.next {
                0 => HEAD.as_bytes().to_vec(),
                n => format!("sale,D{},2026-04-03,,DE,EUR,100.00,4.90,,,eu.vat,19 %,standard,{n}.05,19.93,,\n", n / 2)
                    .into_bytes(),
            };
            self.next += 1;
        }
        let count = self.line.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.line[..count]);
        self.line.drain(..count);
        Ok(count)
    }
}

#[test]
fn a_long_file_is_read_row_by_row() {
    let rows = std::env::var("TIDEWAITER_IMPORT_ROWS").map_or(20_000, |rows| rows.parse().unwrap());
    let began = std::time::Instant::now();
    let told = check(Rows { next: 0, rows, line: Vec::new() }).unwrap();
    println!("{rows} rows in {:?}", began.elapsed());
    assert_eq!((told.rows, told.sales), (rows, rows / 2 + 1));
}

#[test]
fn what_would_not_be_read_back_is_not_written() {
    let sale: Sale = serde_json::from_value(serde_json::json!({
        "document": "1", "date": "2026-04-03", "to": "DE", "currency": "EUR", "goods": "1", "rows": []
    }))
    .unwrap();
    type Spoil = fn(&mut Sale);
    let change: [(Spoil, &str); 8] = [
        (|one| one.document = " 1".into(), "document"),
        (|one| one.document = String::new(), "document"),
        (|one| one.to = "Germany".into(), "to"),
        (|one| one.currency = "eur".into(), "currency"),
        (|one| one.goods = Decimal::from_int(-1), "goods"),
        (
            |one| one.quote = Some(QuoteNamed { sha256: None, ratebook: None, editions: vec![], date: None }),
            "its quote says nothing",
        ),
        (
            |one| {
                one.quote = Some(QuoteNamed { sha256: None, ratebook: None, editions: vec!["a b".into()], date: None })
            },
            "edition",
        ),
        (|one| one.date = jiff::civil::date(-1, 1, 1), "date"),
    ];
    for (spoil, says) in change {
        let mut wrong = sale.clone();
        spoil(&mut wrong);
        let error = write([&Event::Sale(wrong)], Vec::new()).unwrap_err();
        assert!(
            matches!(&error, NotWritten::Event { kind: "sale", says: why, .. } if why.contains(says)),
            "{says}: {error}"
        );
    }
    let one = Event::Sale(sale);
    assert!(write([&one, &one], Vec::new()).unwrap_err().to_string().contains("stands twice"));
    let registration = serde_json::json!({ "kind": "registration", "document": "r", "scheme": "s", "number": "n", "from": "2026-01-01" });
    let written = write([&serde_json::from_value(registration).unwrap(), &one], Vec::new()).unwrap();
    assert_eq!((written.events, written.left_out), (1, 1));
}

fn amount() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (0i64..10_000_000).prop_map(|cents| Decimal::from_units(i128::from(cents) * 10_000_000_000)),
        (0i64..i64::MAX).prop_map(|units| Decimal::from_units(i128::from(units))),
    ]
}

fn signed() -> impl Strategy<Value = Decimal> {
    (amount(), any::<bool>())
        .prop_map(|(amount, minus)| if minus { Decimal::from_units(-amount.units()) } else { amount })
}

/// Names with everything that CSV and spreadsheets trip over.
fn name() -> impl Strategy<Value = String> {
    "['=+@,;\"A-]{1,3}[a-z ,;\"'\u{e4}\u{1f600}=-]{0,6}[0-9'\"]"
}

fn day() -> impl Strategy<Value = jiff::civil::Date> {
    (2020i16..2100, 1i8..13, 1i8..29).prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
}

fn charge(amount: impl Strategy<Value = Decimal> + Clone) -> impl Strategy<Value = Row> {
    let kind = prop_oneof![Just(RateType::Standard), Just(RateType::Reduced), Just(RateType::Zero)];
    (name(), option::of(name()), option::of(self::amount().prop_map(Percent)), option::of(kind), amount.clone(), amount)
        .prop_map(|(charge, scheme, rate, rate_type, net, amount)| Row { charge, scheme, rate, rate_type, net, amount })
}

fn quote() -> impl Strategy<Value = QuoteNamed> {
    (
        option::of("[0-9a-f]{64}"),
        option::of(name()),
        proptest::collection::vec("['=]?[a-f0-9]{1,9}", 0..3),
        option::of(day()),
    )
        .prop_map(|(sha256, ratebook, editions, date)| QuoteNamed { sha256, ratebook, editions, date })
        .prop_filter("says nothing", |one| {
            one.sha256.is_some() || one.ratebook.is_some() || !one.editions.is_empty() || one.date.is_some()
        })
}

fn territory() -> impl Strategy<Value = String> {
    "[A-Z]{2}(-[A-Z0-9]{1,5})?"
}

fn event() -> impl Strategy<Value = Event> {
    let sale = (
        name(),
        day(),
        territory(),
        option::of(territory()),
        "[A-Z]{3}",
        amount(),
        amount(),
        proptest::collection::vec(charge(amount().boxed()), 0..4),
        option::of(quote()),
    )
        .prop_map(|(document, date, to, from, currency, goods, shipping, rows, quote)| {
            Event::Sale(Sale { document, date, to, from, currency, goods, shipping, rows, quote })
        });
    let part = (1u16.., amount(), amount()).prop_map(|(row, net, amount)| Part { row, net, amount });
    let refund = (name(), day(), name(), amount(), amount(), proptest::collection::vec(part, 0..4), any::<bool>())
        .prop_map(|(document, date, of, goods, shipping, rows, all)| {
            let zero = Decimal::ZERO;
            let (goods, shipping, rows) = if all { (zero, zero, Vec::new()) } else { (goods, shipping, rows) };
            Event::Refund(Refund { document, date, of, goods, shipping, rows, all })
        });
    let reason = "[ \t\r\n'=+-]{0,3}[a-z\",;\u{e9}]{1,9}[ \n]{0,2}";
    let correction = (
        name(),
        day(),
        name(),
        reason,
        option::of(territory()),
        proptest::collection::vec(charge(signed().boxed()), 1..4),
    )
        .prop_map(|(document, date, of, reason, to, rows)| {
            Event::Correction(Correction { document, date, of, reason, to, rows, amend: false })
        });
    prop_oneof![sale, refund, correction]
}

/// Pieces of which files are made, right and wrong ones.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(HEAD.as_bytes().to_vec()),
        Just(RIGHT.as_bytes().to_vec()),
        Just(b"sale,1,2026-04-03,,DE,EUR,100,,,,vat,19 %,standard,100,19,,\n".to_vec()),
        Just(b"refund,1,2026-04-03,A,,,5,,,,,,,,,,\n".to_vec()),
        Just(b"kind;document;date;goods;of\nrefund;1;2026-04-03;1,5;A\n".to_vec()),
        "[a-z0-9,;\t\"\r\n.%'-]{0,30}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..20),
        Just(vec![0xef, 0xbb, 0xbf]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn what_is_written_is_read_back(all in proptest::collection::vec(event(), 0..6)) {
        let mut seen = std::collections::BTreeSet::new();
        let mut all = all;
        all.retain(|event| { let (kind, document) = event.name(); seen.insert((kind, document.to_owned())) });
        let mut file = Vec::new();
        write(&all, &mut file).unwrap();
        let text = String::from_utf8(file.clone()).unwrap();
        let back = events(file.as_slice());
        prop_assert!(back.is_ok(), "{}\n{text}", back.unwrap_err());
        prop_assert_eq!(&back.unwrap().0, &all, "{}", text);
        // The two passes hand over the same.
        let mut handed = Vec::new();
        read(Cursor::new(file), |_, event| { handed.push(event); Ok(()) }).unwrap();
        prop_assert_eq!(handed, all);
    }

    #[test]
    fn any_bytes_are_read_or_refused(pieces in proptest::collection::vec(piece(), 0..6)) {
        let file = pieces.concat();
        match events(file.as_slice()) {
            // What was read can be written and is the same.
            Ok((all, told)) => {
                prop_assert_eq!(all.len() as u64, told.sales + told.refunds + told.corrections);
                let mut again = Vec::new();
                write(&all, &mut again).unwrap();
                prop_assert_eq!(events(again.as_slice()).unwrap().0, all);
            }
            Err(refused) => prop_assert!(!refused.faults.is_empty() && refused.faults.len() <= MOST_TOLD),
        }
    }
}

#[test]
fn rows_are_counted_as_lines_whichever_ends_them() {
    let wrong = "kind,document,date,to,currency,goods\nsale,1,2026-04-03,DE,EUR,1\nsale,2,x,DE,EUR,\"2\"\n\nsale,3,2026-04-03,DE,EUR,x\n";
    for file in [wrong.to_owned(), wrong.replace('\n', "\r\n"), wrong.replacen('\n', "\r\n", 1)] {
        let refused = check(file.as_bytes()).unwrap_err();
        assert_eq!(refused.faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [3, 5], "{file:?}");
    }
}

#[test]
fn what_a_file_with_a_mistake_would_be_refused_for_besides_can_be_told() {
    let file = "kind,document,date,of,to,currency,goods\nsale,1,x,,DE,EUR,1\nrefund,R-1,2026-04-04,1,,,1\nrefund,R-2,2026-04-04,9,,,1\n";
    let sound = tidewaiter_collect::import::sound(file.as_bytes());
    assert_eq!(
        sound.events.iter().map(|(row, event)| (*row, event.name().1)).collect::<Vec<_>>(),
        [(3, "R-1"), (4, "R-2")]
    );
    assert_eq!(sound.unsound.into_iter().collect::<Vec<_>>(), ["1"]);
}

#[test]
fn a_day_in_a_document_is_told_as_in_a_table() {
    for (day, says) in [("13/07/2026", "write 2026-07-13"), ("03/04/2026", "is ambiguous"), ("soon", "is no day")] {
        let text = format!(r#"{{"kind":"registration","document":"r","scheme":"s","number":"n","from":"{day}"}}"#);
        let error = serde_json::from_str::<tidewaiter_collect::event::Event>(&text).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(day), "{error}");
    }
}
