//! HMRC's official rate files, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::io::Cursor;
use std::path::Path;
use tidewaiter::record::edition::ExchangeRate;
use tidewaiter_sources::hmrc_rates::{self, Options};
use tidewaiter_sources::{Account, Entry, Limits, Source};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff/exchange-rates");

fn official(names: &[&str]) -> Option<(Account, Vec<Entry>)> {
    let sources: Result<Vec<Source>, _> =
        names.iter().map(|n| Source::open(&Path::new(FOLDER).join(n), Limits::default())).collect();
    let Ok(sources) = sources else {
        println!("skipped: ../shared is absent");
        return None;
    };
    let mut account = Account::default();
    let mut entries = Vec::new();
    hmrc_rates::import(sources, &Options::default(), &mut entries, &mut account).unwrap();
    assert_eq!(account.refusals, []);
    Some((account, entries))
}

fn rate<'a>(entries: &'a [Entry], series: &str, currency: &str, from: &str) -> Option<&'a ExchangeRate> {
    entries.iter().find_map(|e| match e {
        Entry::ExchangeRate(r)
            if (r.series.as_str(), r.currency.as_str()) == (series, currency) && r.from.to_string() == from =>
        {
            Some(r)
        }
        _ => None,
    })
}

#[test]
fn the_monthly_rates() {
    let Some((account, entries)) = official(&["hmrc_monthly_all_rates.csv"]) else { return };
    assert_eq!(account.read["monthly rate"], 6_374);
    assert_eq!((account.made["exchange-rate"], account.made["fact"]), (6_374, 1));
    assert!(account.left_out.is_empty() && account.inexpressible.is_empty());
    // Read by eye in the file.
    let dirham = rate(&entries, "hmrc-monthly", "AED", "2020-02-01").unwrap();
    assert_eq!((dirham.rate.to_string().as_str(), dirham.before.unwrap().to_string().as_str()), ("4.82", "2020-03-01"));
    assert_eq!(rate(&entries, "hmrc-monthly", "ZWL", "2023-08-01").unwrap().rate.to_string(), "466.36");
    assert_eq!(rate(&entries, "hmrc-monthly", "USD", "2023-08-01").unwrap().rate.to_string(), "1.2886");
    assert_eq!(rate(&entries, "hmrc-monthly", "USD", "2023-09-01"), None);
}

#[test]
fn the_spot_rates() {
    let Some((account, entries)) = official(&["hmrc_spot_rates.csv"]) else { return };
    assert_eq!((account.read["spot rate"], account.made["exchange-rate"]), (77, 77));
    let euro = rate(&entries, "hmrc-spot", "EUR", "2022-03-31").unwrap();
    assert_eq!((euro.rate.to_string().as_str(), euro.before), ("1.18", None));
}

#[test]
fn the_yearly_averages() {
    let Some((account, entries)) = official(&[
        "Average_for_the_year_to_31_March_2020.csv",
        "Average_for_the_year_to_31_March_2021.csv",
        "Average_for_the_year_to_31_March_2022.csv",
        "Average_for_the_year_to_31_March_2023.csv",
        "Average_for_the_year_to_31_December_2020.csv",
        "Average_for_the_year_to_31_December_2021.csv",
        "Average_for_the_year_to_31_December_2022.csv",
    ]) else {
        return;
    };
    assert_eq!((account.read["yearly average"], account.made["text"]), (7 * 167, 7 * 167));
    // Three files name the code; 145 different codes stand in each.
    assert_eq!(account.made["exchange-rate"], 3 * 145);
    assert_eq!(account.left_out["average of a currency that stands under another country too"], 3 * (167 - 145));
    assert_eq!(account.inexpressible["yearly average without a currency code: kept as a text"], 4 * 167);
    let cfa = rate(&entries, "hmrc-average-march", "XOF", "2021-04-01").unwrap();
    assert_eq!((cfa.rate.to_string().as_str(), cfa.before.unwrap().to_string().as_str()), ("770.204875", "2022-04-01"));
    let yemen = entries.iter().find_map(|e| match e {
        Entry::Text(t) if t.code == "hmrc.average.2020-12-31.Yemen (Rep of).Rial" => Some(t),
        _ => None,
    });
    assert_eq!(yemen.unwrap().other["Currency Units per pound"], "319.280833");
}

#[test]
fn the_lists() {
    let Some((account, entries)) = official(&["currency.csv", "territory.csv", "hmrc_spot_rates.csv"]) else { return };
    assert_eq!((account.read["currency"], account.read["territory"], account.made["text"]), (151, 174, 325));
    let text = |code: &str| {
        entries.iter().find_map(|e| match e {
            Entry::Text(t) if t.code == code => Some(t.clone()),
            _ => None,
        })
    };
    assert_eq!(text("hmrc.currency.AUD").unwrap().other["spot_rate_required"], "TRUE");
    let ecuador = text("hmrc.territory.EC").unwrap();
    assert_eq!(
        (ecuador.says["en"].as_str(), ecuador.other["currency"].as_str(), ecuador.other["currency (4)"].as_str()),
        ("Ecuador", "ECS", "0")
    );
}

fn refusals(name: &str, text: &str) -> Result<Vec<String>, String> {
    let mut account = Account::default();
    let source = Source::new(name, Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    hmrc_rates::import(vec![source], &Options::default(), &mut Vec::new(), &mut account).map_err(|e| e.to_string())?;
    Ok(account.refusals.iter().map(ToString::to_string).collect())
}

#[test]
fn slips_are_refused_by_row_and_column() {
    const GOOD: &str = "USD,2020-01-01,2020-01-31,1.3\n";
    for (row, said) in [
        ("AED,2020-01-01,2020-01-31,\"4,8\"", "row 2, rate: \"4,8\": a number with a decimal point"),
        ("AED,2020-01-01,2020-01-31,4,8", "row 2: \"5 cells\": 4 cells"),
        ("AED,2020-01-01,2020-01-31,-4.8", "row 2, rate: \"-4.8\": a rate above zero"),
        ("AEX,2020-01-01,2020-01-31,4.8", "row 2, currency: \"AEX\": a currency code"),
        ("AED,2020-01-01,2020-02-29,4.8", "row 2, to: \"2020-02-29\": the first and the last day of one month"),
        ("AED,2020-01-02,2020-01-31,4.8", "the first and the last day of one month"),
        ("AED,01/01/2020,2020-01-31,4.8", "row 2, from: \"01/01/2020\": a day such as"),
        ("USD,2020-01-01,2020-01-31,1.4", "row 2, currency: \"USD\": one rate of USD from 2020-01-01"),
    ] {
        let all = refusals("m.csv", &format!("{GOOD}{row}\n")).unwrap();
        assert!(all.len() == 1 && all[0].contains(said), "{row}: {all:?}");
    }
    let average = "\u{feff}Country,Unit of Currency,Currency Code,Sterling value of Currency Unit,Currency Units per pound\r\n\
        Benin,CFA Franc ,XOF,0.0014,731.2375\r\nTogo,CFA Franc ,XOF,0.0014,731.2\r\nUSA,Dollar,USD,-1,1.3\r\n";
    let all = refusals("Average_for_the_year_to_31_March_2021.csv", average).unwrap();
    assert!(
        all.len() == 2 && all[0].contains("731.2375, as in another row of XOF") && all[1].contains("row 4"),
        "{all:?}"
    );
}

#[test]
fn other_files_are_not_read() {
    for text in ["", "Date,USD\n", "currency,rate\nUSD,1\n", "\u{0}\u{1}", "USD,2020-01-01\n"] {
        assert!(refusals("x.csv", text).is_err(), "{text}");
    }
    let headings = "Country,Unit of Currency,Sterling value of Currency Unit,Currency Units per pound\nBenin,CFA Franc,0.0014,731\n";
    assert!(refusals("averages.csv", headings).unwrap_err().contains("Average_for_the_year_to_31_March_2023.csv"));
    assert!(refusals("Average_for_the_year_to_31_March_2023.csv", headings).is_ok());
}
