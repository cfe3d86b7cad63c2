//! Words and tables that were not meant kindly, at the doors of `tidewaiter code`: answered or refused, and nothing of them reaches the terminal
//! as a command to it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

/// Everything that goes wrong in a terminal at once: colours, a title, a cleared screen, the one-byte forms, an order turned around.
const TRICKS: &str = "mug\u{1b}[31m\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}2J\u{7f}\u{8}\u{202e}gum\u{2066}\r";

struct Done {
    code: i32,
    out: Vec<u8>,
    err: String,
}

fn run(args: &[&OsStr], input: &[u8]) -> Done {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
        .arg("code")
        .args(args)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || {
        // A command that refuses does not read on.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let code = output.status.code().expect("it ends by itself");
    Done { code, out: output.stdout, err: String::from_utf8(output.stderr).unwrap() }
}

fn words(args: &[&str]) -> Done {
    run(&args.iter().map(OsStr::new).collect::<Vec<_>>(), b"")
}

fn calm(text: &str) {
    let trick = |c: &char| {
        c.is_control() && *c != '\n' || ('\u{202a}'..='\u{202e}').contains(c) || ('\u{2066}'..='\u{2069}').contains(c)
    };
    assert_eq!(text.chars().find(trick), None, "{text:?}");
    assert!(text.len() < 20_000, "{} bytes", text.len());
}

/// Each is answered or refused with words, in the page, in JSON, as a place and as a declaration.
#[test]
fn hostile_words_are_answered_or_refused() {
    let longest = "a".repeat(100_000);
    let accents = format!("e{}", "\u{301}".repeat(40_000));
    let many = "cotton ".repeat(15_000);
    let texts = [
        "",
        " ",
        TRICKS,
        "'; DROP TABLE codes; --",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://x.example\")",
        "%s%n%x",
        "👩\u{200d}👩\u{200d}👧",
        "\u{202e}trihs nottoc",
        "рубашка قميص シャツ",
        &longest,
        &accents,
        &many,
    ];
    for text in texts {
        let all = [&[][..], &["--json"], &["--lint"], &["--lint", "--json"], &["--tree"], &["--edition", "2017"]];
        // The other doors say little of the words; the worst of these stand for all.
        let flags = if [TRICKS, longest.as_str()].contains(&text) { &all[..] } else { &all[..2] };
        for flags in flags {
            let done = words(&[*flags, &["--", text]].concat());
            assert!((0..=2).contains(&done.code), "{flags:?} {text:.40}: {} {}", done.code, done.err);
            calm(&done.err);
            let out = String::from_utf8(done.out).unwrap();
            if flags.contains(&"--json") && done.code < 2 {
                serde_json::from_str::<serde_json::Value>(&out).unwrap();
                let trick = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
                assert!(!out.contains(trick), "{out:?}");
            } else {
                calm(&out);
            }
            assert!(!out.is_empty() || !done.err.is_empty(), "{flags:?} {text:.40}");
        }
    }
}

#[test]
fn what_a_flag_is_given_does_not_reach_the_terminal_raw() {
    for args in [
        &["mug", "--lang", TRICKS][..],
        &["mug", "--answer", TRICKS],
        &["mug", "--answer", &format!("{TRICKS}=x")],
        &["mug", "--answer", &format!("made-of={TRICKS}")],
        &["mug", "--most", TRICKS],
        &["mug", "--to", TRICKS],
        &["mug", "--nomenclature", TRICKS],
        &["--table", TRICKS],
        &["--table", "-", "--column", TRICKS],
        &[&format!("--{TRICKS}")],
    ] {
        let done = words(args);
        assert_eq!(done.code, 2, "{args:?}: {}", done.err);
        calm(&done.err);
        assert!(done.err.starts_with("error: ") && done.out.is_empty(), "{args:?}: {}", done.err);
    }
    // What was typed is still told, without what makes it a command.
    assert!(words(&["mug", "--lang", TRICKS]).err.contains("invalid value 'mug"));
    let long = words(&["mug", "--answer", &format!("{}=x", "k".repeat(50_000))]).err;
    assert!(long.len() < 400 && long.contains("kkk…"), "{long}");
}

#[test]
fn words_that_are_no_text_are_refused() {
    for bytes in [&b"mug \xff"[..], b"\xed\xa0\x80", b"\xc3"] {
        let done = run(&[OsString::from("mug").as_os_str(), OsStr::from_bytes(bytes)], b"");
        assert_eq!(done.code, 2, "{bytes:?}");
        assert!(done.err.contains("UTF-8"), "{}", done.err);
        calm(&done.err);
    }
}

fn table(input: &[u8], args: &[&str]) -> Done {
    let args: Vec<&OsStr> = ["--table", "-"].iter().chain(args).map(OsStr::new).collect();
    run(&args, input)
}

/// Rows that cannot be read are written with a mark; those around them have their codes.
#[test]
fn hostile_rows_stand_beside_good_ones() {
    // A zero byte at the very beginning is taken for UTF-16.
    let mut input =
        b"id,name\n1,porcelain mug\n2,mug \xff\xfe from the kiln of the old town\n3,a\0b\n4,\"open\n".to_vec();
    input.extend(format!("5,{TRICKS}\n").replace('\r', "").as_bytes());
    input.extend(b"6,'; DROP TABLE codes; --\n7,{{7*7}}\n8,<script>\n9,=HYPERLINK(1)\n10,a,b,c\n");
    input.extend(format!("11,{}\n", "a".repeat(100_000)).as_bytes());
    input.extend(b"12,porcelain mug\n");
    let done = table(&input, &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    calm(&done.err);
    assert!(done.err.starts_with("12 rows, "), "{}", done.err);
    let out = String::from_utf8(done.out).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 13);
    for at in [1, 12] {
        assert!(lines[at].contains("porcelain mug,691110,"), "{}", lines[at]);
    }
    for (at, why) in [(2, "not UTF-8 (byte FF)"), (4, "a quotation mark opens"), (10, "4 cells")] {
        assert!(lines[at].contains("unreadable: ") && lines[at].contains(why), "{}", lines[at]);
    }
    // Each line is a row of the columns that the first names.
    for line in &lines {
        let row = tidewaiter_bulk::TextRow { line: 0, bytes: line.as_bytes().to_vec() };
        assert!(tidewaiter_bulk::cells_of(&row, b',', 9).is_ok(), "{line:.200}");
    }
    let done = table(&input, &["--json"]);
    let documents = String::from_utf8(done.out).unwrap();
    assert_eq!((done.code, documents.lines().count()), (0, 12));
    for line in documents.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn a_row_of_two_megabytes_is_refused_where_it_stands() {
    let long = [b"name\nporcelain mug\n".as_slice(), &vec![b'x'; 2 << 20], b"\nporcelain mug\n"].concat();
    let quoted = [b"name\nporcelain mug\n\"".as_slice(), &vec![b'x'; 2 << 20], b"\"\nporcelain mug\n"].concat();
    for (input, rows) in [(long, 2), (quoted, 3)] {
        let done = table(&input, &[]);
        calm(&done.err);
        assert!(
            done.code == 2 && done.err.contains("line 3 or below: a line is longer than 1 MB"),
            "{} {}",
            done.code,
            done.err
        );
        let out = String::from_utf8(done.out).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[1].starts_with("porcelain mug,691110,"), "the row before it has its code: {out:.300}");
        assert_eq!(lines.len(), rows, "{out:.300}");
        // What opens and does not close is told too, as far as it was read.
        assert!(lines.get(2).is_none_or(|line| line.contains("unreadable: a quotation mark opens")), "{out:.300}");
    }
}

#[test]
fn tables_that_are_none_are_refused_in_few_words() {
    let many: String = (0..9_000).map(|at| format!("c{at},")).collect::<String>() + "\n1\n";
    for (input, part) in [
        (&b""[..], "the first line is empty"),
        (b"\0\0\0\0", "UTF-16"),
        (b"\xff\xfe\0n\0", "UTF-16"),
        (b"na\xffme\nmug\n", "UTF-8"),
        (format!("{TRICKS}\nmug\n").replace('\r', "").as_bytes(), "no column is called description"),
        ("a\u{1b}[2J,a\u{1b}[2J\nmug,mug\n".as_bytes(), "two columns have the name"),
        (many.as_bytes(), "no column is called description"),
        (&vec![b'x'; 2 << 20], ""),
    ] {
        let done = table(input, &[]);
        assert_eq!(done.code, 2, "{part}: {}", done.err);
        calm(&done.err);
        assert!(done.err.starts_with("error: -: ") && done.err.contains(part), "{part}: {}", done.err);
        assert!(done.err.len() < 2_500, "{part}: {} bytes", done.err.len());
    }
}
