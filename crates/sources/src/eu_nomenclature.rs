//! Nomenclature lists of the European Union, and the lists that go with them.
//!
//! One import takes several files and makes one edition: the same lines in several languages are joined by code and
//! suffix, and the lists of declarable codes and of supplementary units add to them. Each file is known by its headings:
//!
//! | headings | what it is |
//! |---|---|
//! | `Goods code`, `Start date`, … `Descr. start date` | TARIC nomenclature in one language (XLSX) |
//! | `Goods code`, … `IS_LEAF`, `End date` | declarable codes (XLSX) |
//! | `CNKEY`, `SU`, `SU_Name` | supplementary units (XLSX) |
//! | `code;description;unit_id` | CN codes in one language (CSV, Windows-1252) |
//! | `CN2021`, `CN2022` | what a code of one year is in the next (XLS or XLSX) |
//! | `Combined Nomenclature code`, … | pharmaceutical substances free of duty (CSV) |

mod companions;
mod lines;

use crate::common::not_this;
use crate::spreadsheet::{Cell, open_workbook};
use crate::{Account, ImportError, Sink, Source};
use jiff::civil::Date;
use std::io::BufRead;
use tidewaiter::record::edition::{Edition, OfficialFile};

/// What the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name of the nomenclature: `TARIC 2026-03`, `CN 2023`.
    pub nomenclature: String,
    /// First day on which it was published.
    pub known_from: Date,
    /// Languages (ISO 639-1) of the CSV files, in order. A file named `…_de.csv` needs none.
    pub languages: Vec<String>,
    /// Whether rows of the list of substances that are not understood are left out and counted in a fact, rather than
    /// refused. Rows of a nomenclature are never left out.
    pub accept_rest: bool,
}

/// Reads the files of one nomenclature into one edition.
///
/// Held in memory: one line of text for each code and language, at most [`MOST_LINES`] lines.
///
/// # Errors
/// Where a file cannot be read, is too large, or is none of these; where there are no files.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut files = Vec::new();
    let mut joined = lines::Joined::new(options);
    let mut languages = options.languages.iter();
    for mut source in sources {
        let head = match source.fill_buf() {
            Ok(head) => head[..head.len().min(4)].to_vec(),
            Err(error) => return Err(source.explain(error)),
        };
        let file = if head.starts_with(b"PK") || head.starts_with(&[0xd0, 0xcf]) {
            workbook(source, &mut joined, out, account)?
        } else if head.starts_with(b"\"Com") || head.starts_with(b"\xef\xbb\xbf\"") {
            companions::substances(source, options.accept_rest, out, account)?
        } else {
            let language = languages.next().cloned().or_else(|| language_of(source.name()));
            let language = language.ok_or_else(|| {
                not_this(source.name(), "the language is not known; name the file like cn8_2023_de.csv or state it")
            })?;
            joined.cn8(source, &language, account)?
        };
        files.push(file);
    }
    if files.is_empty() {
        return Err(not_this("", "no files were given"));
    }
    joined.write(out, account)?;
    Ok(Edition {
        authority: "European Commission".into(),
        territory: Some("EU".into()),
        title: format!("Nomenclature {}", options.nomenclature),
        format: "eu-nomenclature".into(),
        nomenclature: Some(options.nomenclature.clone()),
        known_from: options.known_from,
        licence: Some("Reuse with attribution, European Union".into()),
        files,
        ..Edition::default()
    })
}

/// Most lines of one nomenclature.
pub const MOST_LINES: usize = 200_000;

fn workbook(
    source: Source,
    joined: &mut lines::Joined,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<OfficialFile, ImportError> {
    let mut book = open_workbook(source, crate::workbook::Bounds::default())?;
    let name = book.name().to_owned();
    let sheets = book.sheets();
    let mut kind = None;
    let mut known = 0;
    let mut years = (String::new(), String::new());
    for (sheet, _) in sheets {
        let mut taken = false;
        book.rows(&sheet, |number, cells| {
            if taken {
                return match kind {
                    Some(Kind::Taric) => joined.taric(&name, number, cells, account),
                    Some(Kind::Declarable) => joined.declarable(&name, number, cells, account),
                    Some(Kind::Units) => joined.unit(&name, number, cells, account),
                    Some(Kind::Correlation) => companions::correlation(&name, number, cells, &years, out, account),
                    None => Ok(()),
                };
            }
            if cells.iter().all(Cell::is_blank) {
                return Ok(());
            }
            if let Some(found) = Kind::of(cells) {
                if kind.is_some() {
                    return Err(not_this(&name, format!("sheet {sheet}: a second table")));
                }
                if found == Kind::Correlation {
                    years = companions::declare(cells, out, account)?;
                }
                kind = Some(found);
                taken = true;
                known += 1;
                account.read("heading row");
                account.left_out("heading");
            } else {
                account.read("row of notes");
                account.left_out("notes before or beside the table");
            }
            Ok(())
        })?;
        if taken && kind == Some(Kind::Taric) {
            joined.end_of_language();
        }
    }
    if known == 0 {
        let reason = "no headings of a TARIC nomenclature, declarable codes, supplementary units or correlation";
        return Err(not_this(&name, reason));
    }
    Ok(book.file().clone())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Taric,
    Declarable,
    Units,
    Correlation,
}

impl Kind {
    fn of(cells: &[Cell]) -> Option<Self> {
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text().unwrap_or_default()).collect();
        let year =
            |text: &str| text.strip_prefix("CN").is_some_and(|year| year.len() == 4 && year.parse::<u16>().is_ok());
        match texts.as_slice() {
            [
                "Goods code",
                "Start date",
                "End date",
                "Language",
                "Hier. Pos.",
                "Indent",
                "Description",
                "Descr. start date",
            ] => Some(Self::Taric),
            ["Goods code", "Start date", "Decl. start date", "IS_LEAF", "End date"] => Some(Self::Declarable),
            ["CNKEY", "SU", "SU_Name"] => Some(Self::Units),
            [from, "", to, ..] if year(from) && year(to) => Some(Self::Correlation),
            _ => None,
        }
    }
}

fn language_of(name: &str) -> Option<String> {
    let stem = name.split('.').next()?;
    let (_, language) = stem.rsplit_once('_')?;
    (language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase())).then(|| language.to_owned())
}

/// The unit of the vocabulary for one of these lists; the list's own text where there is none.
fn unit_key(text: &str) -> Option<String> {
    let plain = text.replace('\u{a0}', " ");
    let key = match plain.as_str() {
        "" | "-" => return None,
        "p/st" | "intrastat_unit_pce" => "item",
        "1 000 p/st" | "intrastat_unit_1000pce" => "1000 items",
        "100 p/st" | "intrastat_unit_100pce" => "100 items",
        "m" | "intrastat_unit_m" => "m",
        "m2" | "intrastat_unit_m2" => "m2",
        "m3" | "intrastat_unit_m3" => "m3",
        "1 000 m³" | "intrastat_unit_1000m3" => "1000 m3",
        "l" | "intrastat_unit_l" => "l",
        "l alc. 100 %" | "intrastat_unit_l_alc_100_pct" => "l alcohol",
        "pa" | "intrastat_unit_pa" => "pair",
        "g" | "intrastat_unit_g" => "g",
        "gi F/S" | "intrastat_unit_gi_FS" => "g fissile isotopes",
        "kg 90 % sdt" | "intrastat_unit_kg_90_pct_sdt" => "kg 90 % dry",
        "kg N" | "intrastat_unit_kg_N" => "kg N",
        "kg P2O5" | "intrastat_unit_kg_P2O5" => "kg P2O5",
        "kg K2O" | "intrastat_unit_kg_K2O" => "kg K2O",
        "kg U" | "intrastat_unit_kg_U" => "kg U",
        "kg NaOH" | "intrastat_unit_kg_NaOH" => "kg NaOH",
        "kg KOH" | "intrastat_unit_kg_KOH" => "kg KOH",
        "kg H2O2" | "intrastat_unit_kg_H2O2" => "kg H2O2",
        "kg met.am." | "intrastat_unit_kg_ma" => "kg methylamines",
        "kg/net eda" | "intrastat_unit_kg_net_eda" => "kg drained",
        "c/k" | "intrastat_unit_c_k" => "ct",
        "ce/el" | "intrastat_unit_ce_el" => "cell",
        "ct/l" | "intrastat_unit_ct_l" => "t carrying capacity",
        "TJ" | "intrastat_unit_TJ" => "TJ",
        "1 000 kWh" | "intrastat_unit_1000_kWh" => "MWh",
        other => other,
    };
    Some(key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheet::tests::text_book;
    use crate::{Entry, Limits};

    const HEAD: &[&str] = &[
        "Goods code",
        "Start date",
        "End date",
        "Language",
        "Hier. Pos.",
        "Indent",
        "Description",
        "Descr. start date",
    ];

    fn read(files: Vec<(&str, Vec<u8>)>) -> Result<(Account, Vec<Entry>), ImportError> {
        let sources = files
            .into_iter()
            .map(|(name, bytes)| Source::new(name, std::io::Cursor::new(bytes), Limits::default()))
            .collect::<Result<_, _>>()?;
        let options = Options {
            nomenclature: "TARIC".into(),
            known_from: Date::constant(2026, 3, 1),
            languages: Vec::new(),
            accept_rest: false,
        };
        let (mut account, mut out) = (Account::default(), Vec::new());
        import(sources, &options, &mut out, &mut account)?;
        Ok((account, out))
    }

    fn lines(out: &[Entry]) -> Vec<&tidewaiter::record::edition::Line> {
        out.iter()
            .filter_map(|entry| match entry {
                Entry::Line(line) => Some(line),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn languages_join_by_code_and_suffix() {
        let en: &[&[&str]] = &[
            HEAD,
            &["0100000000 80", "31-12-1971", "", "EN", "2", "", "LIVE ANIMALS", "31-12-1971"],
            &["0101000000 80", "01-01-1972", "", "EN", "4", "", "Horses", "01-01-1972"],
            &["0101210000 10", "01-01-2012", "", "EN", "6", "- ", "Horses", "01-01-2019"],
            &["0101210000 80", "01-01-2012", "31-12-2030", "EN", "6", "- - ", "Pure-bred", "01-01-2012"],
        ];
        let de: &[&[&str]] = &[
            HEAD,
            &["0100000000 80", "31-12-1971", "", "DE", "2", "", "LEBENDE TIERE", "31-12-1971"],
            &["0101000000 80", "02-01-1972", "", "DE", "4", "", "Pferde", "01-01-1972"],
            &["0101210000 80", "01-01-2012", "31-12-2030", "DE", "6", "- - ", "Zuchttiere", "01-01-2012"],
            &["0101210000 80", "01-01-2012", "31-12-2030", "DE", "6", "- - ", "again", "01-01-2012"],
            &["010121 80", "01-01-2012", "", "DE", "6", "- ", "short", "01-01-2012"],
        ];
        let units: &[&[&str]] =
            &[&["CNKEY", "SU", "SU_Name"], &["010121000080", "p/st", "Number of items"], &["1", "", ""]];
        let (account, out) = read(vec![
            ("en.xlsx", text_book(&[("a", en)])),
            ("de.xlsx", text_book(&[("a", de)])),
            ("su.xlsx", text_book(&[("a", units)])),
        ])
        .unwrap();
        assert_eq!(account.refused, 4, "{:?}", account.refusals);
        let made = lines(&out);
        assert_eq!(made.len(), 4);
        assert_eq!((made[3].suffix.as_deref(), made[3].indent, made[3].declarable), (Some("80"), Some(2), true));
        assert_eq!(made[3].before.map(|d| d.to_string()).as_deref(), Some("2031-01-01"));
        assert_eq!((made[3].description["de"].as_str(), made[3].units[0].as_str()), ("Zuchttiere", "item"));
        assert!(!made[2].declarable && made[2].note.as_deref().is_some_and(|note| note.contains("2019-01-01")));
        assert_eq!(account.inexpressible["a line without a description in de"], 2);
    }

    #[test]
    fn the_order_of_the_files_does_not_matter() {
        let en: &[&[&str]] =
            &[HEAD, &["0101210000 80", "01-01-2012", "", "EN", "6", "- - ", "Pure-bred", "01-01-2012"]];
        let units: &[&[&str]] = &[&["CNKEY", "SU", "SU_Name"], &["010121000080", "p/st", "Number of items"]];
        let (en, units) = (text_book(&[("a", en)]), text_book(&[("a", units)]));
        let one = read(vec![("en.xlsx", en.clone()), ("su.xlsx", units.clone())]).unwrap();
        let other = read(vec![("su.xlsx", units), ("en.xlsx", en)]).unwrap();
        assert_eq!(one.1, other.1);
        assert_eq!((lines(&one.1).len(), one.0.refused, other.0.refused), (1, 0, 0));
        let rows = |account: &Account| (account.read.values().sum::<u64>(), account.left_out.values().sum::<u64>());
        assert_eq!((rows(&one.0), rows(&other.0)), ((4, 3), (4, 3)));
    }

    #[test]
    fn combined_nomenclature_tables() {
        let de =
            b"code;description;unit_id\n01012100;\"Zuchtpferde, reinrassig, f\xfcr\";intrastat_unit_pce\n0101;x;\n"
                .to_vec();
        let en = b"code;description;unit_id\n01012100;Horses;intrastat_unit_m2\n".to_vec();
        let (account, out) = read(vec![("cn8_2023_de.csv.gz", de.clone()), ("cn8_2023_en.csv", en)]).unwrap();
        assert_eq!(account.refused, 2, "{:?}", account.refusals);
        assert_eq!(lines(&out)[0].description["de"], "Zuchtpferde, reinrassig, für");
        let said = &account.warnings[..];
        assert!(said.len() == 1 && said[0].contains("cn8_2023_de.csv.gz: rows with letters such as é or ü, read as Windows-1252 like the official file: 1."), "{said:?}");
        assert!(read(vec![("cn8.csv", de)]).is_err());
    }

    #[test]
    fn wrong_files() {
        let other: &[&[&str]] = &[&["code", "rate"]];
        for bytes in [
            Vec::new(),
            b"a;b\n".to_vec(),
            b"PK".to_vec(),
            b"\xd0\xcf\x11\xe0\0\0".to_vec(),
            text_book(&[("a", other)]),
        ] {
            assert!(read(vec![("x_de.csv", bytes)]).is_err());
        }
        assert!(read(Vec::new()).is_err());
    }

    #[test]
    fn substances_and_correlations() {
        let list = "\"Combined Nomenclature code\", \"Chemical Abstracts Service reference number\", \"Name\"\n\"2933\u{a0}59\u{a0}95\", \"136470-78-5\", \"abacavir\"\n\"2933\", \"1-22-3\", \"x\"\n\"2933\u{a0}59\u{a0}95\", 2101673.0, \"y\"\nnone\n";
        let (account, out) = read(vec![("inn.csv", list.as_bytes().to_vec())]).unwrap();
        assert_eq!((account.read["substance"], account.refused), (4, 3));
        assert!(matches!(&out[1], Entry::Text(text) if text.code == "136470-78-5"));
        let table: &[&[&str]] = &[
            &["This table is indicative."],
            &["CN2021", "", "CN2022"],
            &["0305 10 00", "-", "0309 10 00"],
            &["0306 19 90", "ex", "0309 90 00"],
            &["0306 19 90", "of", "0309 90 00"],
        ];
        let (account, out) = read(vec![("c.xlsx", text_book(&[("a", table)]))]).unwrap();
        assert_eq!((account.made["correlation"], account.refused), (2, 1));
        assert!(matches!(&out[1], Entry::Correlation(c) if c.to_code == "03091000" && c.from_edition == "CN 2021"));
    }
}
