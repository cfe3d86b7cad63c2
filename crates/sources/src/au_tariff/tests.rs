use super::*;
use crate::Limits;
use tidewaiter::record::{Measure, Verdict};

fn read(files: &[&str], accept_rest: bool) -> Result<(Account, Vec<Entry>), ImportError> {
    let sources = files
        .iter()
        .map(|text| Source::new("au.json", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()))
        .collect::<Result<_, _>>()?;
    let (mut account, mut out) = (Account::default(), Vec::new());
    let options = Options { known_from: Date::constant(2026, 4, 1), accept_rest };
    import(sources, &options, &mut out, &mut account)?;
    Ok((account, out))
}

fn measures(out: &[Entry]) -> Vec<&Measure> {
    out.iter()
        .filter_map(|entry| match entry {
            Entry::Measure(measure) => Some(measure),
            _ => None,
        })
        .collect()
}

fn schedule3(rows: &[(&str, &str, &str, &str)]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|(code, statistical, description, rate)| {
            serde_json::json!({"referenceNumber": code, "statisticalCode": statistical, "unit": "No",
                "description": description, "dutyRate": rate, "tcoReferences": []})
        })
        .collect();
    serde_json::json!([{"number": "I", "title": "", "notes": "", "chapters": [{"number": 1, "title": "Chapter 1",
        "notes": "", "headings": [{"code": "0101", "description": "", "classifications": rows}]}]}])
    .to_string()
}

#[test]
fn rows_of_schedule_3() {
    let text = schedule3(&[
        ("0709.52", "", "-- Mushrooms", ""),
        ("\u{200b}0709.52.00", "20", "--- Boletus", "5% DCS4% DCT5%"),
        ("0709.52.00", "20", "--- Boletus", "5%\u{200b} DCS4% DCT5%"),
        ("0709.52.00", "21", "--- Other", ""),
        ("2711.11.00*", "01", "- Gas", "$0.172/L"),
        ("0703.90.00", "01", "- Leeks", "5% DTC5%"),
        ("8462.59", "", "", "View TCOs for 8462.59"),
        ("0709.52.00", "22", "- x", "4%"),
        ("0709.5200", "22", "- x", "4%"),
        ("0709.53.00", "22", "- x", ""),
        ("0709.52.00", "2", "- x", "5% DCS4% DCT5%"),
        ("0709.52.00", "20", "- other words", "5% DCS4% DCT5%"),
    ]);
    let (account, out) = read(&[&text], false).unwrap();
    assert_eq!(
        (account.read["classification"], account.made["line"], account.refused),
        (12, 4, 7),
        "{:?}",
        account.refusals
    );
    assert_eq!((account.left_out["the same row again"], account.left_out["an invisible character, not a row"]), (1, 2));
    let made = measures(&out);
    assert_eq!(made.len(), 4);
    assert_eq!(
        (made[1].program.clone(), made[3].outcome),
        (Some(Places::One("au.DCS".into())), Some(Verdict::Unknown))
    );
    let (account, out) = read(&[&text], true).unwrap();
    assert!(account.is_clean() && account.refusals.len() == 7);
    assert!(measures(&out).iter().any(|m| m.code == "07039000" && m.outcome == Some(Verdict::Unknown)));
}

#[test]
fn agreements_and_classes() {
    let text = r#"{"Schedule 8B": [
        {"schedule":"Schedule 8B","ftaName":"CPTPP","hsCode":"0406.10.00","description":"0406.10.00 (Rate No. 002) United Kingdom&#58;","dutyRate":"From 24 December 2024&#58; $0.998/kg"},
        {"schedule":"Schedule 8B","ftaName":"CPTPP","hsCode":"2710.12.62","description":"2710.12.62 (Rate No. 001)","dutyRate":"$0.526\t/L of gasoline plus"},
        {"schedule":"Schedule 8B","ftaName":"Atlantis","hsCode":"0406.20.00","description":"0406.20.00","dutyRate":"5%"},
        {"schedule":"Schedule 8B","ftaName":"RCEP","hsCode":"3808.59.90*(*prescribed goods only)","description":"3808.59.90*(*prescribed goods only) From 1 January 2022&#58;","dutyRate":"2%"}],
        "Schedule 4": [{"schedule":"Schedule 4","ftaName":"CONCESSIONAL","hsCode":"9999.32.04","description":"Item 4","dutyRate":"Free"}]}"#;
    let countries: Vec<_> = ["CK", "AF", "XA", "AF", "AL", "PO", "SG", "SG", "KR"]
        .iter()
        .map(|code| serde_json::json!({"country": code, "abbreviation": code, "part": "Part 1"}))
        .collect();
    let countries = serde_json::Value::from(countries).to_string();
    let (account, out) = read(&[text, &countries], false).unwrap();
    assert_eq!(
        (account.read["concession"], account.refused, account.made["text"]),
        (5, 2, 1),
        "{:?}",
        account.refusals
    );
    let made = measures(&out);
    assert_eq!(
        (made[0].origin.clone(), made[0].from),
        (Some(Places::One("GB".into())), Some(Date::constant(2024, 12, 24)))
    );
    assert_eq!(made[1].outcome, Some(Verdict::Unknown));
    let area = out.iter().find_map(|e| match e {
        Entry::Area(area) if area.code == "au.DCS" => {
            Some(area.members.iter().map(|m| m.territory.as_str()).collect::<Vec<_>>())
        }
        _ => None,
    });
    assert_eq!(area.unwrap(), ["AL", "PL"]);
}

#[test]
fn wrong_files() {
    let deep = "[".repeat(200_000);
    for text in
        ["", "[", "{}x", "[{\"country\":1}]", "{\"a\":[1]}", &deep, r#"[{"country":"a","abbreviation":"a","part":""}]"#]
    {
        assert!(read(&[text], false).is_err(), "{}", &text[..text.len().min(20)]);
    }
    assert!(read(&[], false).is_err());
}
