//! Every slip in a row that is refused or warned of.

use crate::sheet::filled::*;
use rust_xlsxwriter::{Format, Formula, Workbook};
use tidewaiter_sources::workbook::{self, Bounds};

/// One measure row in place of those of the filled sheet.
pub(crate) fn one(row: Vec<Cell>) -> Rows {
    let mut rows = filled();
    rows.insert("Measures", vec![row]);
    rows
}

#[test]
fn slips_in_measures_are_refused_with_what_to_write() {
    let e = O;
    for (row, said) in [
        (
            vec![T("6109"), T("third-country"), N(5)],
            "Duty: \"5\": a percentage or a sum of money: write 5 % or 5 XQD per kg",
        ),
        (vec![T("6109"), T("third-country"), T("5")], "write 5 % or 5 XQD per kg"),
        (vec![T("6109"), T("third-country"), T("0.12")], "did you mean 12 %? Then write 12 %"),
        (vec![T("6109"), T("third-country"), N(0)], "write 0 % or 0 XQD per kg"),
        (vec![T("6109"), T("third-country"), T("5,5 %")], "numbers take a point (12.5)"),
        (vec![T("6109"), T("third-country"), T("5 USX per kg")], "a currency of ISO 4217 in place of \"USX\""),
        (vec![T("6109"), T("third-country"), T("free")], "Duty: \"free\": 0 % where the goods are free"),
        (vec![T("6109"), T("third-country"), T("nil + 5 %")], "\"nil\" is no amount"),
        (vec![T("6109"), T("third-country"), T("tariff")], "\"tariff\" is no amount"),
        (vec![T("6109"), T("third-country"), T("5 %"), T("%")], "a number alone where Unit is filled"),
        (vec![T("6109"), T("third-country"), e], "the duty, such as 5 %; write 0 % where the goods are free"),
        (vec![T("6109"), T("thrid-country"), T("5 %")], "did you mean \"third-country\"?"),
        (vec![N(10121), T("third-country"), T("5 %")], "Code: \"10121\": the whole code, as text"),
        (vec![N(1012100), T("third-country"), T("5 %")], "Code: \"1012100\": the whole code, as text"),
        (vec![T("61x9"), T("third-country"), T("5 %")], "Code: \"61x9\""),
        (vec![D("2026-01-01"), T("third-country"), T("5 %")], "give the column the format Text"),
        (vec![e, T("third-country"), T("5 %")], "Code: a value"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, T("Kenia")], "did you mean KE (Kenya)?"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, T("ke")], "did you mean KE (Kenya)?"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, T("partner")], "did you mean \"partners\"?"),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, T("UK")],
            "\"UK\" is neither; write GB, the code of United Kingdom",
        ),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, T("FIC")],
            "If it is a group of countries, define it in the sheet Areas, with one row for each member, and write the group in small letters, fic",
        ),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, T("fic")],
            "define it in the sheet Areas, with one row for each member",
        ),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, T("XQD per kg")],
            "Origin: \"XQD per kg\": codes of countries, or groups of the sheet Areas, with commas between them; \"XQD per kg\" is a unit: it belongs in the column Unit",
        ),
        (
            vec![T("6109"), T("third-country"), T("2.40"), T("kg")],
            "Unit: \"kg\": % or a currency with the unit: XQD per kg",
        ),
        (vec![T("6109"), T("third-country"), N(8), T("8 %")], "Unit: \"8 %\": % or XQD per kg, without a number"),
        (
            vec![T("6109"), T("third-country"), T("XQD per kg")],
            "a unit alone stands in the column Unit, beside a number in Duty",
        ),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, T("kg")], "a unit stands in the column Unit"),
        (vec![T("6109"), T("preference"), T("5 %"), e, T("KE")], "Programme: the name under which a trader claims it"),
        (vec![T("6109"), T("prohibition")], "Note: what is required"),
        (vec![T("6109"), T("control"), T("5 %")], "nothing: this kind has no duty"),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, T("goods =< 5 XQD")], "write <="),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, T("01/02/2026")],
            "From: \"01/02/2026\": the date as 2026-07-01",
        ),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, N(46023)], "the cell shows a plain number"),
        (
            vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, D("2026-02-01"), D("2026-01-31")],
            "a day not before 2026-02-01",
        ),
        (vec![T("6109"), T("third-country"), T("5 %"), e, e, e, e, e, e, e, e, e, T("atc")], "did you mean \"act\"?"),
    ] {
        let all = refusals(&one(row));
        assert!(
            all.len() == 1 && all[0].starts_with("rates.xlsx, sheet Measures, row 2") && all[0].contains(said),
            "{said}: {all:#?}"
        );
    }
}

#[test]
fn one_row_for_one_thing_on_one_day() {
    let e = O;
    let rows = |first: Vec<Cell>, second: Vec<Cell>| {
        let mut rows = filled();
        rows.insert("Measures", vec![first, second]);
        refusals(&rows)
    };
    let duty = |rate, from, until| vec![T("6109"), T("third-country"), T(rate), e, e, e, e, e, e, e, from, until];
    assert!(
        rows(duty("5 %", e, e), duty("5 %", e, e))[0].contains("row 3, Code: \"6109\": one row: row 2 is the same")
    );
    assert!(rows(duty("5 %", e, e), duty("6 %", e, e))[0].contains("row 2 says something else"));
    assert!(
        rows(duty("5 %", e, D("2026-06-30")), duty("6 %", D("2026-06-30"), e))[0].contains("end the older with Until")
    );
    assert!(rows(duty("5 %", e, D("2026-06-30")), duty("6 %", D("2026-07-01"), e)).is_empty());
}

#[test]
fn slips_in_the_other_sheets_are_refused() {
    let e = O;
    let with = |sheet: &'static str, row: Vec<Cell>| {
        let mut rows = filled();
        rows.insert(sheet, vec![row]);
        refusals(&rows).into_iter().filter(|r| r.contains(&format!("sheet {sheet}"))).collect::<Vec<_>>()
    };
    let limit = |charge, limit, currency, inclusive, below, above| {
        vec![T(charge), limit, T(currency), inclusive, T("goods"), T("consignment"), T(below), T(above)]
    };
    for (sheet, row, said) in [
        ("Rates", vec![T("standard"), N(16)], "write 16 % or 16 XQD per kg"),
        ("Rates", vec![T("standard"), T("3 XQD")], "one percentage"),
        ("Rates", vec![T("zero"), T("0 %"), T("4901 4902")], "put a comma between two codes and no space inside one"),
        ("Rates", vec![T("standard"), T("16 %"), T("61")], "standard is for all goods of no other class"),
        ("Thresholds", limit("duty", T("1,500"), "XQD", T("yes"), "free", "normal"), "write 1500.50, not 1,500.50"),
        ("Thresholds", limit("duty", T("150 XQD"), "XQD", T("yes"), "free", "normal"), "without a currency"),
        ("Thresholds", limit("duty", N(150), "XQE", T("yes"), "free", "normal"), "did you mean"),
        ("Thresholds", limit("duty", N(150), "XQD", e, "free", "normal"), "Limit included: a value"),
        ("Thresholds", limit("duty", N(150), "XQD", T("maybe"), "free", "normal"), "one of: yes, no"),
        (
            "Thresholds",
            limit("duty", N(150), "XQD", T("yes"), "free", "only the part above"),
            "tax on the excess alone",
        ),
        ("Thresholds", limit("duty", N(150), "XQD", T("yes"), "10", "normal"), "write 10 % or 10 XQD"),
        ("Fees", vec![T("Fee"), T("2"), T("consignment"), T("customs")], "write 2 % or 2 XQD"),
        ("Fees", vec![T("Fee"), T("2 XQD"), T("box"), T("customs")], "one of: consignment, parcel, line, item"),
        ("Areas", vec![T("Partners"), e, T("KE")], "small letters"),
        ("Areas", vec![T("partners"), e, T("Kenya")], "did you mean KE (Kenya)?"),
        ("Sources", vec![T("The Act"), T("P"), T("T")], "a short name of small letters"),
        ("Sources", vec![T("act"), T("P"), T("T"), T("example.org")], "https://"),
        ("About", vec![T("Teritory"), T("QZ9")], "did you mean \"Territory\"?"),
        ("About", vec![T("Rounding"), T("to the cent")], "Rounding: \"to the cent\""),
    ] {
        let all = with(sheet, row);
        assert!(all.iter().any(|r| r.contains(said)), "{said}: {all:#?}");
    }
}

#[test]
fn what_cannot_be_seen_is_refused_or_warned_of() {
    let changed = |change: &dyn Fn(&mut Workbook)| {
        let (sheet, account) = read_bytes(xlsx_with(&filled(), change));
        let refused: Vec<String> = account.refusals.iter().map(ToString::to_string).collect();
        (sheet.unwrap().warnings.iter().map(ToString::to_string).collect::<Vec<_>>(), refused)
    };
    let (warned, refused) = changed(&|_| {});
    assert!(refused.is_empty() && warned.len() == 1, "{warned:#?}");
    assert!(warned[0].starts_with("W01 rates.xlsx, sheet Measures, row 6, Code"), "{warned:#?}");
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().set_row_hidden(2).unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("row 3: \"a hidden row\"")), "{refused:#?}");
    let (_, refused) = changed(&|b| {
        b.worksheet_from_name("Fees").unwrap().merge_range(1, 5, 2, 5, "x", &Format::new()).unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("unmerge")), "{refused:#?}");
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Fees").unwrap().write_string(1, 20, "stray").unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("a column without a heading")), "{refused:#?}");
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Fees").unwrap().write_string(0, 1, "Amuont").unwrap();
    });
    assert!(refused.iter().any(|r| r.contains("did you mean \"Amount\"?")), "{refused:#?}");
    // A formula whose value was never stored, as some programs leave it.
    let mut files =
        workbook::unpack("a.xlsx", &xlsx(&one(vec![T("6109"), T("third-country"), F("7")])), Bounds::default())
            .unwrap();
    let file = files.iter_mut().find(|f| f.name == "xl/worksheets/sheet2.xml").unwrap();
    file.bytes = String::from_utf8(std::mem::take(&mut file.bytes)).unwrap().replace("<v>7</v>", "").into_bytes();
    let refused = read_bytes(packed(&files)).1.refusals;
    assert!(refused.len() == 1 && refused[0].expected.contains("this formula has none stored"), "{refused:#?}");
    let (warned, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().set_column_hidden(4).unwrap();
        let _ = b.worksheet_from_name("Areas").unwrap().set_hidden(true);
        b.add_worksheet().set_name("Scratch").unwrap().write_string(0, 0, "x").unwrap();
        b.worksheet_from_name("Thresholds").unwrap().write_string(1, 1, "150").unwrap();
        b.worksheet_from_name("Rates").unwrap().write_formula(1, 1, Formula::new("=A1").set_result("16 %")).unwrap();
    });
    assert!(refused.is_empty(), "{refused:#?}");
    for number in ["W01", "W03", "W04", "W05", "W06", "W07"] {
        assert!(warned.iter().any(|w| w.starts_with(number)), "{number}: {warned:#?}");
    }
    let many = Format::new().set_num_format("0%");
    let (warned, _) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().write_number_with_format(1, 2, 5, &many).unwrap();
    });
    assert!(warned.iter().any(|w| w.starts_with("W09") && w.contains("500 %")), "{warned:#?}");
    // A heading that is gone is told once, not in every row.
    let (_, refused) = changed(&|b| {
        let _ = b.worksheet_from_name("Measures").unwrap().write_string(0, 0, "Kode").unwrap();
    });
    assert!(refused.len() == 2 && refused[0].contains("did you mean \"Code\"?"), "{refused:#?}");
    let mut rows = one(vec![T("61091"), T("third-country"), T("5 %")]);
    rows.insert("Rates", vec![vec![T("reduced"), T("5 %"), T("49")]]);
    let warned: Vec<&str> = read(&rows).0.warnings.iter().map(|w| w.number).collect();
    assert_eq!(warned, ["W02", "W08"]);
}
