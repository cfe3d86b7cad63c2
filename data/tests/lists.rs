//! The long code lists of `lists/US.toml`, computed again from the official schedule and the public extracts in
//! `../shared`, and compared with the committed file. Where `../shared` is absent the test is skipped.
//!
//! To write the file after a change of the sources or of this recipe:
//! `TIDEWAITER_WRITE_LISTS=1 cargo test -p tidewaiter-data --test all lists`.
//!
//! A list is a set of tariff lines. It is written with the shortest prefixes that hold lines of the list only, judged by
//! every eight- and ten-digit line of the schedule between January 2025 and June 2026; neighbours with no other line
//! between them are joined to ranges.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn shared() -> Option<PathBuf> {
    let path = Path::new(HERE).join("../../shared/data/us-hts");
    path.is_dir().then_some(path)
}

/// Every line of the schedule in four of its editions, by ten digits.
fn schedule(folder: &Path) -> [BTreeSet<String>; 4] {
    ["2025_basic", "2025_rev_17", "2026_basic", "2026_rev_10"].map(|edition| {
        let file = std::fs::File::open(folder.join(format!("hts/hts_{edition}.json.gz"))).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
        #[derive(serde::Deserialize)]
        struct Line {
            htsno: String,
        }
        let rows: Vec<Line> = serde_json::from_str(&text).unwrap();
        let digits: Vec<String> = rows.iter().map(|r| r.htsno.replace('.', "")).collect();
        let tens: BTreeSet<&str> = digits.iter().filter(|d| d.len() == 10).map(|d| &d[..8]).collect();
        let mut lines = BTreeSet::new();
        for code in digits.iter().filter(|d| d.as_str() < "98") {
            match code.len() {
                10 => _ = lines.insert(code.clone()),
                8 if !tens.contains(code.as_str()) => _ = lines.insert(format!("{code}00")),
                _ => {}
            }
        }
        lines
    })
}

/// The annexes name eight-digit subheadings; an extract that writes out the statistical numbers of its day would lose
/// those of another day. Where a list holds every number of a subheading in some edition, it holds the subheading.
fn lift(editions: &[BTreeSet<String>], codes: &BTreeSet<String>) -> BTreeSet<String> {
    let mut out = codes.clone();
    for code in codes.iter().filter(|c| c.len() == 10) {
        let prefix = &code[..8];
        let whole = editions.iter().any(|lines| {
            let mut under = lines.range(prefix.to_owned()..).take_while(|l| l.starts_with(prefix)).peekable();
            under.peek().is_some() && under.all(|l| codes.contains(l))
        });
        if whole {
            out.insert(prefix.to_owned());
        }
    }
    out
}

/// Writes a list of codes with prefixes and ranges, and says how many of the codes name no line of the schedule.
fn compress(lines: &[String], codes: &BTreeSet<String>) -> (Vec<String>, usize) {
    let under = |prefix: &str| {
        let first = lines.partition_point(|l| l.as_str() < prefix);
        let count = lines[first..].iter().take_while(|l| l.starts_with(prefix)).count();
        first..first + count
    };
    let mut inside = vec![false; lines.len()];
    let mut unknown = BTreeSet::new();
    for code in codes {
        let span = under(code);
        if span.is_empty() {
            unknown.insert(code.clone());
        }
        inside[span].fill(true);
    }
    let mut out: Vec<(String, usize)> = Vec::new(); // prefix, index of its first line
    let mut i = 0;
    while i < lines.len() {
        if !inside[i] {
            i += 1;
            continue;
        }
        let prefix = [2, 4, 6, 8, 10]
            .into_iter()
            .map(|n| &lines[i][..n])
            .find(|p| {
                let span = under(p);
                span.start == i && inside[span].iter().all(|x| *x)
            })
            .unwrap();
        let span = under(prefix);
        out.push((prefix.to_owned(), i));
        i = span.end;
    }
    let mut written: Vec<String> = Vec::new();
    let mut k = 0;
    while k < out.len() {
        let same = |a: &(String, usize), b: &(String, usize)| {
            a.0.len() == b.0.len() && a.0[..a.0.len() - 2] == b.0[..b.0.len() - 2] && under(&a.0).end == b.1
        };
        let mut last = k;
        while last + 1 < out.len() && same(&out[last], &out[last + 1]) {
            last += 1;
        }
        if last > k + 1 {
            written.push(format!("{}-{}", out[k].0, out[last].0));
        } else {
            written.extend(out[k..=last].iter().map(|o| o.0.clone()));
        }
        k = last + 1;
    }
    let left = unknown.len();
    written.extend(unknown);
    written.sort();
    (written, left)
}

/// A comma-separated table with a heading line; lines that begin with `#` are notes.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(|line| {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        cells
    });
    let heading = rows.next().unwrap();
    rows.map(|r| heading.iter().cloned().zip(r).collect()).collect()
}

/// The subheadings that stand in the text of chapter 99 between two sentences, in lines that hold nothing else.
fn of_note(notes: &[String], after: &str, start: &str, end: &str) -> BTreeSet<String> {
    let find = |from: usize, words: &str| {
        from + notes[from..].iter().position(|l| l.contains(words)).unwrap_or_else(|| panic!("no \"{words}\""))
    };
    let first = find(find(0, after), start);
    let last = find(first + 1, end);
    let is_code = |w: &str| {
        let digits = w.replace('.', "");
        let parts: Vec<usize> = w.split('.').map(str::len).collect();
        digits.chars().all(|c| c.is_ascii_digit())
            && matches!(parts[..], [4] | [4, 2] | [4, 2, 2] | [4, 2, 4] | [4, 2, 2, 2])
    };
    let mut out = BTreeSet::new();
    for line in &notes[first..last] {
        let line = line.replace("U.S. Notes (con.)", " ").replace(';', " ");
        let line = line.split_once(':').map_or(line.as_str(), |(_, rest)| rest);
        let words: Vec<&str> = line
            .split_whitespace()
            .map(|w| w.trim_matches([',', '.']))
            .filter(|w| !matches!(*w, "and" | "or" | ""))
            .collect();
        if !words.is_empty() && words.iter().all(|w| is_code(w)) {
            out.extend(words.iter().map(|w| w.replace('.', "")));
        }
    }
    out
}

/// The lines of the newest edition whose footnotes name a heading of chapter 99.
fn footnoted(folder: &Path, heading: &str) -> BTreeSet<String> {
    #[derive(serde::Deserialize)]
    struct Note {
        value: Option<String>,
    }
    #[derive(serde::Deserialize)]
    struct Line {
        htsno: String,
        footnotes: Option<Vec<Note>>,
    }
    let file = std::fs::File::open(folder.join("hts/hts_2026_rev_10.json.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let rows: Vec<Line> = serde_json::from_str(&text).unwrap();
    let names =
        |line: &&Line| line.footnotes.iter().flatten().any(|n| n.value.as_deref().is_some_and(|v| v.contains(heading)));
    rows.iter().filter(names).map(|l| l.htsno.replace('.', "")).filter(|c| c.len() >= 8).collect()
}

struct Builder {
    lines: Vec<String>,
    text: String,
    counts: BTreeMap<String, usize>,
}

impl Builder {
    fn add(&mut self, name: &str, source: &str, codes: &BTreeSet<String>) {
        let codes: BTreeSet<String> = codes.iter().filter(|c| c.as_str() < "98").cloned().collect();
        assert!(!codes.is_empty(), "{name} is empty");
        let (written, unknown) = compress(&self.lines, &codes);
        let gone =
            if unknown == 0 { String::new() } else { format!("; {unknown} of them name no line of the schedule") };
        let _ = writeln!(self.text, "# {source}. {} codes{gone}.", codes.len());
        let _ = writeln!(self.text, "{name} = [");
        let mut line = String::from(" ");
        for code in &written {
            if line.len() + code.len() + 4 > 118 {
                let _ = writeln!(self.text, "{line}");
                line = String::from(" ");
            }
            let _ = write!(line, " \"{code}\",");
        }
        let _ = writeln!(self.text, "{line}\n]");
        self.counts.insert(name.to_owned(), codes.len());
    }
}

fn build(folder: &Path) -> Builder {
    let resources = folder.join("resources");
    let csv = |name: &str| table(&resources.join(name));
    let pick = |rows: &[BTreeMap<String, String>], column: &str, keep: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        rows.iter().filter(|r| keep(r)).map(|r| r[column].replace('.', "")).collect::<BTreeSet<_>>()
    };
    let editions = schedule(folder);
    let lines: BTreeSet<String> = editions.iter().flatten().cloned().collect();
    let mut out = Builder { lines: lines.into_iter().collect(), text: HEAD.to_owned(), counts: BTreeMap::new() };

    let rows = csv("s301_product_lists.csv");
    for (name, headings, says) in [
        (
            "s301_25",
            &["9903.88.01", "9903.88.02", "9903.88.03", "9903.88.04"][..],
            "U.S. note 20(b), (d), (f), (g): Section 301 lists 1, 2, 3 and 3 added, 25 %",
        ),
        ("s301_75", &["9903.88.15"], "U.S. note 20(s): Section 301 list 4A, 7.5 % since 2020-02-14"),
        ("s301_4b", &["9903.88.16"], "U.S. note 20(u): Section 301 list 4B, suspended"),
        ("s301_25_2024", &["9903.91.01"], "U.S. note 31(b): 25 % from 2024-09-27"),
        ("s301_50_2024", &["9903.91.02"], "U.S. note 31(c): 50 % from 2024-09-27"),
        ("s301_100_2024", &["9903.91.03"], "U.S. note 31(d): 100 % from 2024-09-27"),
        ("s301_50_2025", &["9903.91.05"], "U.S. note 31(f): 50 % from 2025-01-01"),
        ("s301_25_2025", &["9903.91.11"], "U.S. note 31(j): 25 % from 2025-01-01"),
        ("s301_25_2026", &["9903.91.06"], "U.S. note 31(g): 25 % from 2026-01-01"),
        ("s301_100_2026", &["9903.91.08"], "U.S. note 31(i): 100 % from 2026-01-01"),
        ("s301_chassis", &["9903.91.12"], "U.S. note 31(k): intermodal chassis and parts, 100 % from 2026-11-10"),
        ("s301_cranes", &["9903.91.14", "9903.92.10"], "U.S. note 31(l) and heading 9903.92.10: ship-to-shore cranes"),
    ] {
        let codes = pick(&rows, "hts8", &|r| headings.contains(&r["ch99_code"].as_str()));
        out.add(name, &format!("{says}; s301_product_lists.csv, 2026-06"), &codes);
    }
    let rows = csv("s301_exclusion_lines.csv");
    let codes = pick(&rows, "hts10", &|r| r["ch99_code"] == "9903.88.69" || r["ch99_code"] == "9903.88.70");
    out.add(
        "s301_exclusions",
        "U.S. note 20(vvv) and (www): lines with an exclusion for all or some goods; s301_exclusion_lines.csv, 2026-06",
        &codes,
    );

    let rows = csv("ieepa_exempt_products.csv");
    for (name, from, to, says) in [
        ("ieepa_exempt", "NA", "NA", "throughout"),
        ("ieepa_exempt_copper", "NA", "2025-07-31", "to 2025-07-31"),
        ("ieepa_exempt_to_september", "NA", "2025-09-07", "to 2025-09-07"),
        ("ieepa_exempt_wood", "NA", "2025-10-13", "to 2025-10-13"),
        ("ieepa_exempt_electronics", "2025-04-05", "NA", "from 2025-04-05 (memorandum of 2025-04-11)"),
        ("ieepa_exempt_september", "2025-09-08", "NA", "from 2025-09-08 (Executive Order 14346)"),
        ("ieepa_exempt_november", "2025-11-13", "NA", "from 2025-11-13 (order of 2025-11-14)"),
    ] {
        let codes = pick(&rows, "hts10", &|r| r["effective_date_start"] == from && r["effective_date_end"] == to);
        let codes = lift(&editions, &codes.into_iter().map(|c| c.chars().take(10).collect()).collect());
        out.add(name, &format!("Annex II, U.S. note 2(v)(iii), {says}; ieepa_exempt_products.csv, 2026-06"), &codes);
    }
    let rows = csv("fentanyl_carveout_products.csv");
    out.add(
        "fentanyl_energy",
        "Heading 9903.01.13: Canadian energy and critical minerals at 10 %; fentanyl_carveout_products.csv",
        &pick(&rows, "hts8", &|r| r["category"] == "energy_ca"),
    );
    out.add(
        "fentanyl_potash",
        "Headings 9903.01.05 and 9903.01.15: potash at 10 %; fentanyl_carveout_products.csv",
        &pick(&rows, "hts8", &|r| r["category"] != "energy_ca"),
    );
    let rows = csv("country_eo_exempt_products.csv");
    out.add(
        "ieepa_brazil_exempt",
        "Executive Order 14323, Annex I, from 2025-08-06; country_eo_exempt_products.csv",
        &pick(&rows, "hts10", &|r| r["effective_date_start"] == "2025-08-06"),
    );
    out.add(
        "ieepa_brazil_exempt_november",
        "Order of 2025-11-20, Annex II, from 2025-11-13; country_eo_exempt_products.csv",
        &pick(&rows, "hts10", &|r| r["effective_date_start"] == "2025-11-13"),
    );
    let rows = csv("floor_exempt_products.csv");
    for (name, group, says) in
        [("ieepa_eu_exempt", "eu", "9903.02.74 and .75"), ("ieepa_ch_exempt", "swiss", "9903.02.84 and .89")]
    {
        let codes = pick(&rows, "hts8", &|r| {
            r["country_group"] == group && matches!(r["category"].as_str(), "ptaap" | "particular")
        });
        out.add(
            name,
            &format!("Headings {says}: natural resources and others of a deal partner; floor_exempt_products.csv"),
            &codes,
        );
    }

    let mut bytes = Vec::new();
    let file = std::fs::File::open(folder.join("chapter99_2026_rev_6.txt.zst")).unwrap();
    zstd::Decoder::new(file).unwrap().read_to_end(&mut bytes).unwrap();
    let notes: Vec<String> = String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect();
    let note = |after: &str, start: &str, end: &str| of_note(&notes, after, start, end);
    let text = "chapter 99, text of 2026 revision 6";
    let n2 = "(ii) As provided in heading 9903.03.03";
    out.add(
        "s122_exempt",
        &format!("U.S. note 2(aa)(ii); {text}"),
        &note(n2, n2, "(iii) As provided in heading 9903.03.04"),
    );
    let (n33, n37, n38) = (
        "33. (a)  Except as provided",
        "(a) Heading 9903.76.01 provides",
        "(a) Except as provided for in headings 9903.74.03",
    );
    out.add(
        "s232_vehicles",
        &format!("U.S. note 33(b), passenger vehicles and light trucks; {text}"),
        &note(n33, "(b) The rates of duty set forth in headings 9903.94.01", "(c) Heading 9903.94.02"),
    );
    out.add(
        "s232_parts",
        &format!("U.S. note 33(g), parts of them; {text}"),
        &note(n33, "(g) Subject to a manufacturer", "(h) Heading 9903.94.06"),
    );
    out.add(
        "s232_uk_cars",
        &format!("U.S. note 33(i), cars of the United Kingdom; {text}"),
        &note(n33, "(i) Heading 9903.94.31", "The aggregate annual import volume"),
    );
    out.add(
        "s232_uk_parts",
        &format!("U.S. note 33(j), parts of the United Kingdom; {text}"),
        &note(n33, "(j) Heading 9903.94.32", "Any automotive part"),
    );
    out.add(
        "s232_softwood",
        &format!("U.S. note 37(b); {text}"),
        &note(n37, "(b) The rates of duty set forth in heading 9903.76.01", "(c) Heading 9903.76.02"),
    );
    out.add(
        "s232_upholstered",
        &format!("U.S. note 37(d); {text}"),
        &note(n37, "(d) The rates of duty set forth in headings 9903.76.02", "(e) Except for as"),
    );
    out.add(
        "s232_cabinets",
        &format!("U.S. note 37(f); {text}"),
        &note(n37, "(f) Except for as provided by 9903.76.04, the rates", "(g) Heading 9903.76.04"),
    );
    out.add(
        "s232_trucks",
        &format!("U.S. note 38(b); {text}"),
        &note(n38, "(b) The rate of duty set forth in heading 9903.74.01", "(c) Heading 9903.74.02"),
    );
    out.add(
        "s232_buses",
        &format!("U.S. note 38(c); {text}"),
        &note(n38, "(c) Heading 9903.74.02", "(d) Heading 9903.74.03"),
    );
    out.add(
        "s232_truck_parts",
        &format!("U.S. note 38(i); {text}"),
        &note(n38, "(i) The rates of duty set forth in heading 9903.74.08", "(j) Heading 9903.74.09"),
    );
    let rows = csv("s232_pharma_products.csv");
    out.add(
        "s232_medicines",
        "U.S. note 40(c) as first published, from 2026-07-31; s232_pharma_products.csv",
        &pick(&rows, "hts10", &|_| true),
    );

    for (name, heading, says) in [
        ("russia_35", "9903.90.08", "U.S. note 30(b): Russian goods at 35 % in place of column 2"),
        ("russia_70", "9903.90.09", "U.S. note 30(d): Russian goods at 70 % in place of column 2"),
    ] {
        out.add(name, &format!("{says}; footnotes of the schedule, 2026 revision 10"), &footnoted(folder, heading));
    }

    // Metals since 2026-04-06. The official text is taken; the extract mixes metals and holds broken codes.
    let n16 = "16. (a)  Except as provided in headings 9903.85.67";
    let mut fifty = note(n16, "(i) Articles of aluminum", "(vi) Derivative aluminum");
    let spill = |s: &mut BTreeSet<String>, chapter: &str| {
        s.iter().filter(|c| c.starts_with(chapter)).cloned().collect::<BTreeSet<_>>()
    };
    let aluminum = spill(&mut fifty, "76");
    let copper = spill(&mut fifty, "74");
    let steel: BTreeSet<String> = fifty.difference(&aluminum).filter(|c| !copper.contains(*c)).cloned().collect();
    out.add("s232_steel_50", &format!("U.S. note 16(c)(iii) and (iv), and (ii) outside chapter 76; {text}"), &steel);
    out.add("s232_aluminum_50", &format!("U.S. note 16(c)(i) and (ii); {text}"), &aluminum);
    out.add("s232_copper_50", &format!("U.S. note 16(c)(v); {text}"), &copper);
    let six_seven = note(n16, "(vi) Derivative aluminum", "(viii) Articles of copper");
    let cables = note(n16, "(viii) Articles of copper", "(ix) Derivative aluminum");
    let cables: BTreeSet<String> =
        cables.into_iter().chain(six_seven.iter().cloned()).filter(|c| c.starts_with("8544")).collect();
    let spilled: BTreeSet<String> = note(n16, "(viii) Articles of copper", "(ix) Derivative aluminum")
        .into_iter()
        .filter(|c| !c.starts_with("8544"))
        .collect();
    let twenty_five: BTreeSet<String> = six_seven.union(&spilled).filter(|c| !c.starts_with("8544")).cloned().collect();
    let fifteen = note(n16, "(ix) Derivative aluminum", "(d) Headings 9903.82.04");
    let rows = csv("s232_annex_products.csv");
    let june = |annex: &str| pick(&rows, "hts_prefix", &|r| r["effective_date"] == "2026-06-08" && r["annex"] == annex);
    let (moved, gone) = (june("3"), june("2"));
    let equipment = june("1c");
    let leaves = |c: &String| moved.contains(c) || gone.contains(c) || equipment.contains(c);
    out.add(
        "s232_derivatives_25",
        &format!("U.S. note 16(c)(vi) and (vii), 2026-04-06 to 2026-06-07; {text}"),
        &twenty_five,
    );
    let mut later: BTreeSet<String> = twenty_five.iter().filter(|c| !leaves(c)).cloned().collect();
    later.extend(june("1b"));
    out.add(
        "s232_derivatives_25_june",
        "The same from 2026-06-08 (Proclamation 11032); with s232_annex_products.csv",
        &later,
    );
    out.add("s232_copper_25", &format!("U.S. note 16(c)(viii), insulated copper conductors; {text}"), &cables);
    out.add("s232_derivatives_15", &format!("U.S. note 16(c)(ix) and (x), 2026-04-06 to 2026-06-07; {text}"), &fifteen);
    let mut later = fifteen.clone();
    later.extend(moved.iter().cloned());
    out.add("s232_derivatives_15_june", "The same from 2026-06-08; with s232_annex_products.csv", &later);
    out.add(
        "s232_equipment",
        "U.S. note 16(c)(xi), mobile industrial equipment, from 2026-06-08; s232_annex_products.csv",
        &equipment,
    );

    // Metals until 2026-04-05, by content.
    let rows = csv("s232_derivative_products.csv");
    let of = |heading: &'static str, august: bool| {
        pick(&rows, "hts_prefix", &move |r| r["ch99_code"] == heading && r["effective_date"].is_empty() != august)
    };
    out.add(
        "s232_aluminum_content",
        "U.S. note 19(k), derivatives outside chapter 76, from 2025-03-12; s232_derivative_products.csv",
        &of("9903.85.08", false),
    );
    out.add(
        "s232_aluminum_content_august",
        "U.S. note 19(k), added on 2025-08-18; s232_derivative_products.csv",
        &of("9903.85.08", true),
    );
    out.add(
        "s232_steel_content_august",
        "U.S. note 16(n), added on 2025-08-18; s232_derivative_products.csv",
        &of("9903.81.91", true),
    );
    let rows = csv("s232_copper_products.csv");
    out.add(
        "s232_copper_content",
        "U.S. note 36(b), 2025-08-01 to 2026-04-05; s232_copper_products.csv",
        &pick(&rows, "hts10", &|_| true),
    );
    out
}

const HEAD: &str = "# Long code lists of the United States' additional duties. Generated: see data/tests/lists.rs. Do not edit.\n# Sources: the text of chapter 99 of the Harmonized Tariff Schedule (U.S. International Trade Commission), and lists of\n# its U.S. notes extracted by the Yale Budget Lab project (MIT licence; the facts are official).\n\n[codes]\n";

#[test]
fn lists_are_those_of_the_sources() {
    let Some(folder) = shared() else {
        println!("skipped: ../shared is absent");
        return;
    };
    let built = build(&folder);
    let path = Path::new(HERE).join("lists/US.toml");
    if std::env::var_os("TIDEWAITER_WRITE_LISTS").is_some() {
        std::fs::write(&path, &built.text).unwrap();
    }
    for (name, count) in &built.counts {
        println!("{name}: {count}");
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(committed == built.text, "lists/US.toml differs from its sources; see the head of this test");
    // Every row of the Section 301 extract is in a list, but one: 6307.90.98 is narrowed to statistical numbers by hand.
    let rows = table(&folder.join("resources/s301_product_lists.csv"));
    assert_eq!(rows.len(), 12_227);
}

/// What was typed in from elsewhere: every code is a line of the schedule, and each list has as many as its source says.
#[test]
fn transcribed_lists_name_lines_of_the_schedule() {
    let Some(folder) = shared() else {
        println!("skipped: ../shared is absent");
        return;
    };
    let lines: BTreeSet<String> = schedule(&folder).into_iter().flatten().collect();
    let text = std::fs::read_to_string(Path::new(HERE).join("lists/US.transcribed.toml")).unwrap();
    let parsed: toml::Table = text.parse().unwrap();
    let lists = parsed["codes"].as_table().unwrap();
    for (name, codes) in lists {
        for code in codes.as_array().unwrap() {
            let code = code.as_str().unwrap();
            for end in code.split('-') {
                assert!(lines.iter().any(|l| l.starts_with(end)) || name == "s232_medicines_added", "{name}: {end}");
            }
        }
    }
    for (name, source) in [
        ("s338_spirits", 63),
        ("s338_dairy", 52),
        ("s338_vehicles", 439),
        ("s301br_exempt", 875),
        ("s338_banned", 40),
        ("s338_banned_packaged", 28),
    ] {
        assert!(text.contains(&format!("{source} codes")), "{name}");
    }
}

/// The economy file takes its lists from the files beside it, and a mistake in one is named with its line.
#[test]
fn list_files_are_merged_and_mistakes_named() {
    use tidewaiter::ratebook::compile::read_economy;
    use tidewaiter_data::folder;
    let head = "[economy]\nterritory = \"US\"\ncurrency = \"USD\"\nknown_from = 2026-01-01\n[codes]\nold = [\"22\"]\n";
    let mut file = read_economy("US.toml", head).unwrap();
    folder::merge(&mut file, "lists/US.toml", "[codes]\nnew = [\"61-63\", \"6505\"]\n").unwrap();
    assert_eq!(file.economy.codes["new"], ["61-63", "6505"]);
    let problems = folder::merge(&mut file, "lists/US.more.toml", "# twice\n[codes]\nnew = [\"64\"]\n").unwrap_err();
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("lists/US.more.toml", 3));
    assert!(problems[0].message.contains("already"), "{}", problems[0]);
    let problems = folder::merge(&mut file, "lists/US.bad.toml", "[codes]\nbad = [\"6x\"]\n").unwrap_err();
    assert_eq!((problems[0].file.as_str(), problems[0].line, problems.len()), ("lists/US.bad.toml", 2, 1));
    assert!(folder::merge(&mut file, "lists/US.bad.toml", "[rates]\n").is_err());
    assert!(folder::merge(&mut file, "lists/US.bad.toml", "[codes\n").is_err());
    // What is compiled into the library is what the build has merged.
    let read = folder::read(Path::new(HERE)).unwrap().1;
    let built = read.iter().find(|f| f.economy.economy.territory == "US").unwrap();
    let embedded = tidewaiter_data::unions().iter().find(|f| f.economy.economy.territory == "US").unwrap();
    assert_eq!(built.economy.codes, embedded.economy.codes);
}
