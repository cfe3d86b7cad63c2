//! Trade agreements and what they cover: the World Bank's "Content of Deep Trade Agreements", one row a pair of economies
//! and agreement.
//!
//! Each row becomes a text that says which agreement binds the pair since which year. Each agreement becomes an area of
//! its members and a text with its type and its 52 provisions. The file says years, not days, so no record has dates.

use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Area, AreaMember, Edition, Text, TextKind};
use tidewaiter::record::{Confidence, Fact, Source as Publisher};

/// What the file does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Day on which the file was published.
    pub published: Date,
}

/// Columns that the import uses by name; the provisions are those that begin with `wto_plus_` or `wto_X_`.
const NEEDED: [&str; 8] = ["cty1", "iso1", "cty2", "iso2", "year", "agreement", "entry_force", "type"];
/// Columns of one economy's size and place, which say nothing of the agreement: not kept.
const ECONOMY: [&str; 8] =
    ["Economy", "Code", "Region_Clean", "Income group", "Country Code", "gdp", "log_gdp", "sorted_iso"];
/// Sums over the provisions, kept with the agreement.
const SUMS: [&str; 4] = ["depth", "depth_le", "wto_x_le", "wto_x_nonecon"];
const TYPES: [&str; 5] = ["CU", "CU & EIA", "FTA", "FTA & EIA", "EIA"];
/// Most agreements kept at a time; they are written at the end, when all members are known.
const MOST: usize = 10_000;

struct Agreement {
    kind: String,
    year: String,
    provisions: Vec<(String, String)>,
    members: BTreeSet<&'static str>,
}

/// Reads the table.
///
/// # Errors
/// Where the file cannot be read or has other columns.
pub fn import(
    mut source: Source,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let name = source.name().to_owned();
    let wrong = |reason: String| ImportError::NotThisFormat { file: name.clone(), reason };
    let meter = source.meter();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&mut source);
    let stop = |error| meter.explain_csv(error);
    let headings: Vec<String> =
        reader.headers().map_err(&stop)?.iter().map(|h| h.trim_start_matches('\u{feff}').to_owned()).collect();
    let place = |column: &str| headings.iter().position(|heading| heading == column);
    let mut columns = [0usize; NEEDED.len()];
    for (column, needed) in columns.iter_mut().zip(NEEDED) {
        *column = place(needed).ok_or_else(|| wrong(format!("expected a column \"{needed}\"")))?;
    }
    let is_provision = |heading: &str| heading.starts_with("wto_plus_") || heading.starts_with("wto_X_");
    if let Some(other) = headings.iter().find(|h| {
        let h = h.as_str();
        !NEEDED.contains(&h) && !ECONOMY.contains(&h) && !SUMS.contains(&h) && !is_provision(h)
    }) {
        return Err(wrong(format!("the column \"{other}\" is not of this table")));
    }
    let fact = Fact {
        key: "wb.agreements".into(),
        topic: "trade-agreements".into(),
        statement: "Pairs of economies bound by a trade agreement, and what each agreement covers; agreements to 2015."
            .into(),
        law: None,
        source: Publisher {
            publisher: "World Bank".into(),
            title: Some("Content of Deep Trade Agreements (Hofmann, Osnago, Ruta)".into()),
            url: Some("https://datatopics.worldbank.org/dta/".into()),
            date: Some(options.published),
        },
        from: None,
        before: None,
        confidence: Confidence::Medium,
        note: Some("Years only; agreements that ended since, such as by leaving a union, are not marked.".into()),
    };
    account.made("fact");
    out.take(Entry::Fact(fact)).map_err(ImportError::Write)?;

    let mut agreements: BTreeMap<String, Agreement> = BTreeMap::new();
    let mut seen: BTreeSet<(&'static str, &'static str, String)> = BTreeSet::new();
    let mut record = csv::StringRecord::new();
    let mut row = 1u64;
    loop {
        meter.next_record();
        row += 1;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if !error.is_io_error() => {
                account.read("pair");
                account.refuse(&name, row, "", "", format!("a row of UTF-8 text: {error}"));
                continue;
            }
            Err(error) => return Err(stop(error)),
        }
        account.read("pair");
        if record.len() != headings.len() {
            account.refuse(&name, row, "", &record.len().to_string(), format!("{} columns", headings.len()));
            continue;
        }
        let field = |n: usize| record.get(columns[n]).unwrap_or_default().trim();
        let (Some(first), Some(second)) = (alpha2(field(1)), alpha2(field(3))) else {
            account.refuse(
                &name,
                row,
                "iso1, iso2",
                &format!("{}, {}", field(1), field(3)),
                "ISO 3166-1 codes of three letters",
            );
            continue;
        };
        let (year, agreement, force, kind) = (field(4), field(5), field(6), field(7));
        if let Some(bad) = [year, force].into_iter().find(|year| !is_year(year)) {
            account.refuse(&name, row, "year, entry_force", bad, "a year such as 1994");
            continue;
        }
        if !TYPES.contains(&kind) {
            account.refuse(&name, row, "type", kind, TYPES.join(", "));
            continue;
        }
        if agreement.is_empty() {
            account.refuse(&name, row, "agreement", "", "the name of an agreement");
            continue;
        }
        if !seen.insert((first, second, agreement.to_owned())) {
            account.refuse(&name, row, "agreement", agreement, "one row a pair and agreement");
            continue;
        }
        let provisions: Vec<(String, String)> = headings
            .iter()
            .zip(&record)
            .filter(|(heading, _)| is_provision(heading) || SUMS.contains(&heading.as_str()))
            .map(|(heading, value)| (heading.clone(), value.trim().to_owned()))
            .collect();
        if let Some((column, value)) =
            provisions.iter().find(|(c, v)| is_provision(c) && !matches!(v.as_str(), "0" | "1" | "2"))
        {
            account.refuse(&name, row, column, value, "0, 1 or 2");
            continue;
        }
        if agreements.len() >= MOST && !agreements.contains_key(agreement) {
            return Err(ImportError::TooLarge {
                file: name.clone(),
                what: "the number of agreements",
                limit: MOST as u64,
                hint: "check that it is the file you meant",
            });
        }
        let known = agreements.entry(agreement.to_owned()).or_insert_with(|| Agreement {
            kind: kind.to_owned(),
            year: force.to_owned(),
            provisions: provisions.clone(),
            members: BTreeSet::new(),
        });
        if known.kind != kind || known.year != force || known.provisions != provisions {
            account.refuse(
                &name,
                row,
                "agreement",
                agreement,
                "the same type, year and provisions as in its other rows",
            );
            continue;
        }
        known.members.extend([first, second]);
        let other = [
            ("first", first),
            ("second", second),
            ("year", year),
            ("entry_force", force),
            ("type", kind),
            ("cty1", field(0)),
            ("cty2", field(2)),
        ];
        let text = Text {
            kind: TextKind::Other,
            code: format!("wb/{first}-{second}/{agreement}"),
            says: BTreeMap::from([("en".to_owned(), agreement.to_owned())]),
            from: None,
            before: None,
            other: other.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        };
        account.made("text");
        out.take(Entry::Text(text)).map_err(ImportError::Write)?;
    }
    drop(reader);
    for (agreement, known) in agreements {
        // Found while reading, not a row of the file: told apart in the account.
        account.made("text of an agreement");
        let mut other = BTreeMap::from([("type".to_owned(), known.kind), ("entry_force".to_owned(), known.year)]);
        other.extend(known.provisions.into_iter().filter(|(_, value)| value != "0"));
        let code = format!("wb/{agreement}");
        let text = Text {
            kind: TextKind::Other,
            code: code.clone(),
            says: BTreeMap::from([("en".to_owned(), agreement.clone())]),
            from: None,
            before: None,
            other,
        };
        out.take(Entry::Text(text)).map_err(ImportError::Write)?;
        account.made("area");
        let members = known
            .members
            .into_iter()
            .map(|territory| AreaMember { territory: territory.to_owned(), from: None, before: None })
            .collect();
        let area = Area { code, name: agreement, members, from: None, before: None };
        out.take(Entry::Area(area)).map_err(ImportError::Write)?;
    }
    Ok(Edition {
        authority: "World Bank".into(),
        title: "Content of deep trade agreements".into(),
        format: "wb-agreements".into(),
        known_from: options.published,
        licence: Some("CC BY 4.0".into()),
        files: vec![source.finish()?],
        ..Edition::default()
    })
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// ISO 3166-1: three letters, then the two of the same economy.
const CODES: &str = "\
     ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI \
     BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT \
     BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU \
     CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET \
     FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR \
     GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR \
     IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB \
     LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH \
     MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE \
     NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL \
     PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ \
     SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC \
     TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY \
     USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW";

fn alpha2(alpha3: &str) -> Option<&'static str> {
    if alpha3.len() != 3 {
        return None;
    }
    CODES.split(' ').find(|pair| pair.starts_with(alpha3)).and_then(|pair| pair.get(3..))
}

/// Reads bytes as the table; for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    let Ok(source) = Source::new("a.csv", std::io::Cursor::new(bytes.to_vec()), crate::Limits::default()) else {
        return;
    };
    let options = Options { published: Date::constant(2017, 1, 1) };
    let _ = import(source, &options, &mut Vec::new(), &mut Account::default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use jiff::civil::date;

    fn run(text: &str) -> (Result<Edition, ImportError>, Vec<Entry>, Account) {
        let (mut entries, mut account) = (Vec::new(), Account::default());
        let source = Source::new("a.csv", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
        let edition = import(source, &Options { published: date(2017, 1, 1) }, &mut entries, &mut account);
        (edition, entries, account)
    }

    const HEAD: &str = "cty1,iso1,cty2,iso2,year,agreement,entry_force,type,wto_plus_sps,wto_X_sme,depth\n";

    #[test]
    fn pairs_become_texts_and_agreements_areas() {
        let (edition, entries, account) = run(&format!(
            "{HEAD}Angola,AGO,Burundi,BDI,1994,COMESA,1994,CU,1,0,29\nAngola,AGO,Kenya,KEN,2000,COMESA,1994,CU,1,0,29\n"
        ));
        assert!(edition.is_ok() && account.is_clean(), "{account:?}");
        let area =
            entries.iter().find_map(|entry| if let Entry::Area(area) = entry { Some(area) } else { None }).unwrap();
        let members: Vec<_> = area.members.iter().map(|member| member.territory.as_str()).collect();
        assert_eq!((area.code.as_str(), members), ("wb/COMESA", vec!["AO", "BI", "KE"]));
        assert_eq!(account.made.get("text"), Some(&2));
    }

    #[test]
    fn bad_rows_are_refused_by_column() {
        for (row, column) in [
            ("A,XXX,B,BDI,1994,C,1994,CU,1,0,1", "iso1, iso2"),
            ("A,AGO,B,BDI,94,C,1994,CU,1,0,1", "year, entry_force"),
            ("A,AGO,B,BDI,1994,C,1994,Union,1,0,1", "type"),
            ("A,AGO,B,BDI,1994,,1994,CU,1,0,1", "agreement"),
            ("A,AGO,B,BDI,1994,C,1994,CU,7,0,1", "wto_plus_sps"),
            ("A,AGO,B,BDI", ""),
            ("A,AGO,B,BDI,1994,C,1994,CU,1,0,1\nA,AGO,B,BDI,1994,C,1994,CU,1,0,1", "agreement"),
            ("A,AGO,B,BDI,1994,C,1994,CU,1,0,1\nA,AGO,B,KEN,1994,C,1994,CU,0,0,1", "agreement"),
        ] {
            let (edition, _, account) = run(&format!("{HEAD}{row}\n"));
            assert!(edition.is_ok());
            assert_eq!((account.refused, account.refusals[0].column.as_str()), (1, column), "{row}");
        }
    }

    #[test]
    fn other_files_are_not_this_format() {
        for text in ["", "a,b\n1,2\n", "{}", "\u{0}", &HEAD.replace("depth", "more")] {
            assert!(run(text).0.is_err(), "{text}");
            fuzz(text.as_bytes());
        }
    }

    #[test]
    fn codes_are_whole() {
        assert_eq!(CODES.split(' ').filter(|pair| pair.len() == 5).count(), 249);
        assert_eq!(CODES.split(' ').count(), 249);
        assert_eq!((alpha2("GBR"), alpha2("ZWE"), alpha2("AB"), alpha2("ABWAW")), (Some("GB"), Some("ZW"), None, None));
    }
}
