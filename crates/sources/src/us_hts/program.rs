//! The programmes of the special column: their symbols, names, origins and dates, and the countries of column 2.
//!
//! General note 3(c)(i) of the schedule lists the symbols; each programme has a note of its own. The export holds no notes:
//! every record here cites the fact that says where its members and dates were read, and how sure we are.

use jiff::civil::{Date, date};
use tidewaiter::record::edition::{Area, AreaMember, Program};
use tidewaiter::record::{Confidence, Fact, Places, Source};

/// A symbol of the special column, such as `A+`.
pub type Symbol = &'static str;

/// Code of the area whose goods pay column 2.
pub const COLUMN_2: &str = "us.column2";

/// A programme while its terms stay the same.
struct Programme {
    symbol: Symbol,
    name: &'static str,
    /// Territories; none means every origin of column 1.
    origin: &'static [&'static str],
    from: Option<Date>,
    before: Option<Date>,
    proof: &'static str,
    fact: &'static str,
    note: &'static str,
}

const GSP: &[&str] = &[
    "AF", "AL", "DZ", "AO", "AR", "AM", "AZ", "BZ", "BJ", "BT", "BO", "BA", "BW", "BR", "BF", "MM", "BI", "KH", "CM",
    "CV", "CF", "TD", "KM", "CG", "CD", "CI", "DJ", "DM", "EC", "EG", "ER", "SZ", "ET", "FJ", "GA", "GM", "GE", "GH",
    "GD", "GN", "GW", "GY", "HT", "ID", "IQ", "JM", "JO", "KZ", "KE", "KI", "XK", "KG", "LB", "LS", "LR", "MG", "MW",
    "MV", "ML", "MR", "MU", "MD", "MN", "ME", "MZ", "NA", "NP", "NE", "NG", "MK", "PK", "PG", "PY", "PH", "YE", "RW",
    "LC", "VC", "WS", "ST", "SN", "RS", "SL", "SB", "SO", "ZA", "SS", "LK", "SR", "TZ", "TH", "TL", "TG", "TO", "TN",
    "TV", "UG", "UA", "UZ", "VU", "ZM", "ZW", "AI", "IO", "CX", "CC", "CK", "FK", "HM", "MS", "NU", "NF", "PN", "SH",
    "TK", "VG", "WF", "PS", "EH",
];
const GSP_LEAST_DEVELOPED: &[&str] = &[
    "AF", "AO", "BJ", "BT", "BF", "MM", "BI", "KH", "CF", "TD", "KM", "CD", "DJ", "ET", "GM", "GN", "GW", "HT", "KI",
    "LS", "LR", "MG", "MW", "ML", "MR", "MZ", "NP", "NE", "RW", "WS", "ST", "SN", "SL", "SB", "SO", "SS", "TZ", "TL",
    "TG", "TV", "UG", "VU", "YE", "ZM",
];
const AGOA: &[&str] = &[
    "AO", "BJ", "BW", "CV", "TD", "KM", "CG", "CD", "CI", "DJ", "SZ", "GM", "GH", "GW", "KE", "LS", "LR", "MG", "MW",
    "MR", "MU", "MZ", "NA", "NG", "RW", "ST", "SN", "SL", "ZA", "TZ", "TG", "ZM",
];
const CBERA: &[&str] =
    &["AG", "AW", "BS", "BB", "BZ", "VG", "CW", "DM", "GD", "GY", "HT", "JM", "MS", "KN", "LC", "VC", "TT"];
const CBTPA: &[&str] = &["BB", "BZ", "CW", "GY", "HT", "JM", "LC", "TT"];
const DR_CAFTA: &[&str] = &["CR", "DO", "GT", "HN", "NI", "SV"];
const USMCA: &[&str] = &["CA", "MX"];

const GSP_END: Option<Date> = Some(date(2021, 1, 1));
const AGOA_LAPSE: Option<Date> = Some(date(2025, 10, 1));
const AGOA_AGAIN: Option<Date> = Some(date(2026, 2, 3));
const AGOA_END: Option<Date> = Some(date(2027, 1, 1));
const CBTPA_END: Option<Date> = Some(date(2030, 10, 1));
const ATPA_END: Option<Date> = Some(date(2013, 8, 1));

const fn since(year: i16, month: i8, day: i8) -> Option<Date> {
    Some(date(year, month, day))
}

/// In the order of symbols.
static PROGRAMMES: &[Programme] = &[
    gsp("A", "Generalized System of Preferences", GSP, ""),
    gsp(
        "A*",
        "Generalized System of Preferences, certain countries excepted",
        GSP,
        "General note 4(d) names the countries that lost the preference for the goods of a subheading; they are not told apart here.",
    ),
    gsp("A+", "Generalized System of Preferences, least-developed beneficiary countries only", GSP_LEAST_DEVELOPED, ""),
    agreement("AU", "United States-Australia Free Trade Agreement", &["AU"], since(2005, 1, 1)),
    Programme {
        symbol: "B",
        name: "Automotive Products Trade Act",
        origin: &["CA"],
        from: None,
        before: None,
        proof: "Motor vehicle, or original motor-vehicle equipment under a written order of a vehicle maker in the United States (general note 5)",
        fact: "us.program.apta",
        note: "Only Canadian articles.",
    },
    agreement("BH", "United States-Bahrain Free Trade Agreement", &["BH"], since(2006, 8, 1)),
    Programme {
        symbol: "C",
        name: "Agreement on Trade in Civil Aircraft",
        origin: &[],
        from: None,
        before: None,
        proof: "Documents that the goods are civil aircraft, or are for use in one and will be so used (general note 6)",
        fact: "us.program.aircraft",
        note: "Any origin of column 1.",
    },
    Programme {
        symbol: "CA",
        name: "Goods of Canada (general note 12)",
        origin: &["CA"],
        from: None,
        before: None,
        proof: "Goods of Canada as the provision defines them",
        fact: "us.program.symbols",
        note: "A symbol of chapter 99 only.",
    },
    agreement("CL", "United States-Chile Free Trade Agreement", &["CL"], since(2004, 1, 1)),
    agreement("CO", "United States-Colombia Trade Promotion Agreement", &["CO"], since(2012, 5, 15)),
    agoa(
        None,
        AGOA_LAPSE,
        "Goods that entered between the lapse and the renewal could get the duty back on request, until August 2026.",
    ),
    agoa(
        AGOA_AGAIN,
        AGOA_END,
        "Renewed by the law of 3 February 2026. Members are those of 2025; changes for 2026 were not found.",
    ),
    Programme {
        symbol: "E",
        name: "Caribbean Basin Economic Recovery Act",
        origin: CBERA,
        from: None,
        before: None,
        proof: "Origin statement (general note 7)",
        fact: "us.program.cbi",
        note: "",
    },
    Programme {
        symbol: "E*",
        name: "Caribbean Basin Economic Recovery Act, certain goods excepted",
        origin: CBERA,
        from: None,
        before: None,
        proof: "Origin statement (general note 7)",
        fact: "us.program.cbi",
        note: "General note 7(d) excepts some goods of the subheading; they are not told apart here.",
    },
    Programme {
        symbol: "IL",
        name: "United States-Israel Free Trade Area",
        origin: &["IL", "PS"],
        from: since(1985, 9, 1),
        before: None,
        proof: "Origin statement (general note 8)",
        fact: "us.program.agreements",
        note: "Goods of the West Bank, the Gaza Strip and qualifying industrial zones under general note 3(a)(v); zones in Egypt and Jordan are not told apart here.",
    },
    atpa("J", "Andean Trade Preference Act"),
    atpa("J*", "Andean Trade Preference Act, certain goods excepted"),
    atpa("J+", "Andean Trade Promotion and Drug Eradication Act"),
    agreement("JO", "United States-Jordan Free Trade Area", &["JO"], since(2001, 12, 17)),
    agreement("JP", "United States-Japan Trade Agreement", &["JP"], since(2020, 1, 1)),
    Programme {
        symbol: "K",
        name: "Agreement on Trade in Pharmaceutical Products",
        origin: &[],
        from: None,
        before: None,
        proof: "The substance stands in the pharmaceutical appendix (general note 13)",
        fact: "us.program.chemicals",
        note: "Any origin of column 1; only substances that the appendix lists.",
    },
    agreement("KR", "United States-Korea Free Trade Agreement", &["KR"], since(2012, 3, 15)),
    Programme {
        symbol: "L",
        name: "Uruguay Round concessions on intermediate chemicals for dyes",
        origin: &[],
        from: None,
        before: None,
        proof: "The substance stands in the dye appendix (general note 14)",
        fact: "us.program.chemicals",
        note: "Any origin of column 1; only substances that the appendix lists.",
    },
    agreement("MA", "United States-Morocco Free Trade Agreement", &["MA"], since(2006, 1, 1)),
    Programme {
        symbol: "MX",
        name: "Goods of Mexico (general note 12)",
        origin: &["MX"],
        from: None,
        before: None,
        proof: "Goods of Mexico as the provision defines them",
        fact: "us.program.symbols",
        note: "A symbol of chapter 99 only.",
    },
    Programme {
        symbol: "NP",
        name: "Nepal Trade Preference Program",
        origin: &["NP"],
        from: since(2016, 12, 30),
        before: since(2026, 1, 1),
        proof: "Origin statement",
        fact: "us.program.nepal",
        note: "The schedule still prints the symbol after the programme ended.",
    },
    agreement("OM", "United States-Oman Free Trade Agreement", &["OM"], since(2009, 1, 1)),
    agreement(
        "P",
        "Dominican Republic-Central America-United States Free Trade Agreement",
        DR_CAFTA,
        since(2009, 1, 1),
    ),
    agreement(
        "P+",
        "Dominican Republic-Central America-United States Free Trade Agreement, certain goods",
        DR_CAFTA,
        since(2009, 1, 1),
    ),
    agreement("PA", "United States-Panama Trade Promotion Agreement", &["PA"], since(2012, 10, 31)),
    agreement("PE", "United States-Peru Trade Promotion Agreement", &["PE"], since(2009, 2, 1)),
    Programme {
        symbol: "R",
        name: "United States-Caribbean Basin Trade Partnership Act",
        origin: CBTPA,
        from: since(2000, 10, 1),
        before: CBTPA_END,
        proof: "Certificate of origin (general note 17)",
        fact: "us.program.cbi",
        note: "",
    },
    agreement("S", "United States-Mexico-Canada Agreement", USMCA, since(2020, 7, 1)),
    agreement("S+", "United States-Mexico-Canada Agreement, certain goods", USMCA, since(2020, 7, 1)),
    agreement("SG", "United States-Singapore Free Trade Agreement", &["SG"], since(2004, 1, 1)),
];

const fn agreement(
    symbol: Symbol,
    name: &'static str,
    origin: &'static [&'static str],
    from: Option<Date>,
) -> Programme {
    let proof = "Certification or statement of origin under the agreement";
    Programme { symbol, name, origin, from, before: None, proof, fact: "us.program.agreements", note: "" }
}

const fn gsp(symbol: Symbol, name: &'static str, origin: &'static [&'static str], note: &'static str) -> Programme {
    let proof = "GSP declaration";
    Programme { symbol, name, origin, from: None, before: GSP_END, proof, fact: "us.program.gsp", note }
}

const fn agoa(from: Option<Date>, before: Option<Date>, note: &'static str) -> Programme {
    let (name, proof) = ("African Growth and Opportunity Act", "Origin statement (general note 16)");
    Programme { symbol: "D", name, origin: AGOA, from, before, proof, fact: "us.program.agoa", note }
}

const fn atpa(symbol: Symbol, name: &'static str) -> Programme {
    let note = "Left over at a few lines of the schedule.";
    let proof = "Origin statement (general note 11)";
    Programme { symbol, name, origin: &["EC"], from: None, before: ATPA_END, proof, fact: "us.program.atpa", note }
}

/// Every symbol, in order.
pub fn symbols() -> impl Iterator<Item = Symbol> {
    PROGRAMMES.iter().enumerate().filter_map(|(place, programme)| {
        let repeated = place > 0 && PROGRAMMES[place - 1].symbol == programme.symbol;
        (!repeated).then_some(programme.symbol)
    })
}

/// The symbol at the beginning of a text, if one stands there whole.
pub(super) fn symbol_at(text: &str) -> Option<Symbol> {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '*' | '+'));
    let written = &text[..end.unwrap_or(text.len())];
    symbols().find(|symbol| *symbol == written)
}

/// Place of a symbol in the order of the schedule.
pub(super) fn order(symbol: &str) -> usize {
    PROGRAMMES.iter().position(|programme| programme.symbol == symbol).unwrap_or(usize::MAX)
}

/// The key by which a programme is claimed: its symbol, with words for signs that a condition cannot hold; `USMCA` for
/// `S`, which is what traders call it.
///
/// ```
/// use tidewaiter_sources::us_hts::program::key;
/// assert_eq!([key("AU"), key("A+"), key("E*"), key("S")], ["AU", "A-plus", "E-star", "USMCA"]);
/// ```
pub fn key(symbol: &str) -> String {
    let named = match symbol.strip_prefix('S') {
        Some(sign @ ("" | "+")) => format!("USMCA{sign}"),
        _ => symbol.to_owned(),
    };
    named.replace('+', "-plus").replace('*', "-star")
}

/// The symbol of a key.
pub fn symbol(key: &str) -> Option<Symbol> {
    let written = key.replace("USMCA", "S").replace("-plus", "+").replace("-star", "*");
    symbols().find(|symbol| *symbol == written)
}

/// The programmes as records.
pub fn programs() -> Vec<Program> {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let record = |programme: &Programme| Program {
        key: key(programme.symbol),
        name: programme.name.to_owned(),
        origin: match programme.origin {
            [] => Places::One("all".into()),
            [one] => Places::One((*one).into()),
            many => Places::Many(many.iter().map(|code| (*code).to_owned()).collect()),
        },
        proof: text(programme.proof),
        from: programme.from,
        before: programme.before,
        cites: vec![programme.fact.to_owned()],
        note: text(programme.note),
    };
    PROGRAMMES.iter().map(record).collect()
}

/// The countries whose goods pay column 2.
pub fn column_2() -> Area {
    let member = |territory: &str, from| AreaMember { territory: territory.into(), from, before: None };
    Area {
        code: COLUMN_2.into(),
        name: "Countries of general note 3(b), whose goods pay column 2".into(),
        members: vec![
            member("BY", since(2022, 4, 9)),
            member("CU", None),
            member("KP", None),
            member("RU", since(2022, 4, 9)),
        ],
        from: None,
        before: None,
    }
}

/// The contents page of the general notes.
fn contents() -> Source {
    Source {
        publisher: "US International Trade Commission".into(),
        title: Some("Harmonized Tariff Schedule, contents of the general notes".into()),
        url: Some("https://usitc.gov/publications/docs/tata/hts/bychapter/1400gntoc".into()),
        date: None,
    }
}

/// What the programmes and column 2 rest on.
pub fn facts() -> Vec<Fact> {
    let copy = "customsmobile.com, a copy of the schedule's notes";
    vec![
        fact(
            "us.program.symbols",
            "General note 3(c)(i) of the schedule lists the symbols of the special column.",
            contents(),
            Confidence::Medium,
            "The contents page was read, not the note itself.",
        ),
        fact(
            "us.program.gsp",
            "The Generalized System of Preferences lapsed after 31 December 2020 and has not been renewed; general note 4(a) lists its countries.",
            web(copy, "General note 4, page 11", "https://www.customsmobile.com/htsus?general_notes=gsp&page=11"),
            Confidence::Medium,
            "The copy says that Congress has not renewed the programme. The independent countries were read there; the least-developed ones (A+), the end of the list of territories and the day of the lapse are background knowledge.",
        ),
        fact(
            "us.program.agoa",
            "The African Growth and Opportunity Act lapsed after 30 September 2025 and was renewed on 3 February 2026 to 31 December 2026, with refunds for the time between; 32 countries belong to it.",
            web(
                "Husch Blackwell",
                "Congress restores AGOA and Haiti HELP trade preferences",
                "https://www.internationaltradeinsights.com/2026/02/congress-restores-agoa-and-haiti-help-trade-preferences",
            ),
            Confidence::Medium,
            "The number of countries is from just-style.com; part of the list was read in a copy of general note 16 (https://www.customsmobile.com/htsus?general_notes=cbtpa), the rest is background knowledge.",
        ),
        fact(
            "us.program.cbi",
            "The Caribbean Basin Economic Recovery Act has 17 beneficiaries, eight of them also under the Trade Partnership Act.",
            web(
                "US Trade Representative",
                "Caribbean Basin Initiative",
                "https://ustr.gov/issue-areas/trade-development/preference-programs/caribbean-basin-initiative-cbi",
            ),
            Confidence::Medium,
            "The page still names 30 September 2020 as the end of the Trade Partnership Act; that it was prolonged in 2020, to 30 September 2030, is background knowledge.",
        ),
        fact(
            "us.program.atpa",
            "The Andean Trade Preference Act ended after 31 July 2013.",
            Source { publisher: "background knowledge, not verified".into(), title: None, url: None, date: None },
            Confidence::Low,
            "",
        ),
        fact(
            "us.program.nepal",
            "The Nepal Trade Preference Program gave 77 tariff lines free entry until 31 December 2025.",
            web(
                "US International Trade Administration",
                "Nepal Trade Preference Program",
                "https://www.trade.gov/otexa-nepal-trade-preference-program",
            ),
            Confidence::High,
            "That it expired was read at newbusinessage.com and reviewnepal.com. The first day is background knowledge: the proclamation is of 15 December 2016.",
        ),
        fact(
            "us.program.apta",
            "Free (B) is for motor vehicles and original motor-vehicle equipment that originate in Canada.",
            web(copy, "General note 5, page 17", "https://www.customsmobile.com/htsus?general_notes=apta"),
            Confidence::Medium,
            "",
        ),
        fact(
            "us.program.aircraft",
            "Free (C) is for civil aircraft and goods for use in them, of any origin of column 1, on the importer's claim.",
            web(
                "checkoutapi.com, a copy of the schedule's notes",
                "General note 6, page 23",
                "https://checkoutapi.com/htsus?general_notes=cbera",
            ),
            Confidence::Medium,
            "",
        ),
        fact(
            "us.program.chemicals",
            "Free (K) is for pharmaceutical substances and free (L) for dye intermediates that the appendices of general notes 13 and 14 list.",
            contents(),
            Confidence::Medium,
            "The titles of the notes were read there; that any origin of column 1 may claim is background knowledge.",
        ),
        fact(
            "us.program.agreements",
            "Partners of the free trade agreements of the United States, and the years in which the agreements entered into force.",
            Source {
                publisher: "World Bank".into(),
                title: Some("Content of Deep Trade Agreements (Hofmann, Osnago, Ruta)".into()),
                url: None,
                date: None,
            },
            Confidence::Medium,
            "The table gives partners and years. The days, the agreement with Japan, the USMCA in place of NAFTA, and the Dominican Republic in the Central American agreement (counted from the day the last member joined) are background knowledge.",
        ),
        fact(
            "us.column2",
            "Goods of Cuba, North Korea, Russia and Belarus pay the rates of column 2; Russia and Belarus since 9 April 2022.",
            web(
                "Livingston International; Crowell & Moring",
                "Russia and Belarus subject to column 2 duty rates",
                "https://www.livingstonintl.com/russia-and-belarus-subject-to-column-2-duty-rates/",
            ),
            Confidence::High,
            "That Cuba and North Korea stand in general note 3(b) was read at https://www.cmtradelaw.com/2022/07/russian-goods-falling-under-576-hts-codes-will-be-subject-to-35-duty-rate/; since when is not stated, and was long before 2025.",
        ),
    ]
}

fn web(publisher: &str, title: &str, url: &str) -> Source {
    Source { publisher: publisher.into(), title: Some(title.into()), url: Some(url.into()), date: None }
}

fn fact(key: &str, statement: &str, source: Source, confidence: Confidence, note: &str) -> Fact {
    Fact {
        key: key.into(),
        topic: "tariff_programs".into(),
        statement: statement.into(),
        law: None,
        source,
        from: None,
        before: None,
        confidence,
        note: Some(note.to_owned()).filter(|note| !note.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn symbols_are_in_order_and_have_keys() {
        let all: Vec<Symbol> = symbols().collect();
        assert!(all.is_sorted() && all.len() == 34, "{all:?}");
        for symbol in all {
            assert_eq!(super::symbol(&key(symbol)), Some(symbol));
            assert!(tidewaiter::record::grammar::condition(&format!("claims {}", key(symbol))).is_ok());
        }
        assert_eq!(symbol_at("A+,AU"), Some("A+"));
        assert_eq!(symbol_at("A,AU"), Some("A"));
        assert_eq!(symbol_at("AX"), None);
        assert_eq!(symbol_at(""), None);
    }

    #[test]
    fn every_programme_cites_a_fact() {
        let keys: BTreeSet<String> = facts().into_iter().map(|fact| fact.key).collect();
        for program in programs() {
            assert!(program.cites.iter().all(|cite| keys.contains(cite)), "{}", program.key);
            if let (Some(from), Some(before)) = (program.from, program.before) {
                assert!(from < before, "{}", program.key);
            }
        }
        assert!(keys.contains(COLUMN_2));
    }
}
