use super::printed::PRINTED;
use super::*;
use tidewaiter::record::grammar;

fn part(row: &str) -> Component {
    let fields: Vec<&str> = row.split(' ').collect();
    let some = |at: usize| fields.get(at).filter(|text| **text != "-").map(|text| (*text).to_owned());
    Component {
        expression: fields[0].into(),
        amount: some(1).map(|text| text.parse().unwrap()),
        currency: some(2),
        unit: some(3),
        qualifier: some(4),
    }
}

fn parts(rows: &str) -> Vec<Component> {
    rows.split(';').map(part).collect()
}

#[test]
fn writes_what_the_tariff_prints() {
    for (rows, plain, words) in [
        ("01 12;04 147 GBP DTN", "12.00 % + 147.00 GBP / 100 kg", "12.00% + £147.00 / 100 kg"),
        (
            "01 1 EUR ASV X;04 6.4 EUR HLT",
            "1.00 EUR / % vol/hl + 6.40 EUR / hl",
            "€1.00 / percentage ABV (% vol) per 100 litre (hl) + €6.40 / 100 litre (hl)",
        ),
        ("99 - - NAR", "p/st", "items (p/st)"),
        ("01 198.333 GBP TNE I", "198.333 GBP / 1000 kg/biodiesel", "£198.333 / 1,000 kg (biodiesel content)"),
    ] {
        assert_eq!(text(&parts(rows), Style::Plain), plain);
        assert_eq!(text(&parts(rows), Style::Words), words);
    }
    assert_eq!(
        text(&parts("01 35.1 EUR DTN"), Style::Markup),
        "<span>35.10</span> EUR / <abbr title='Hectokilogram'>100 kg</abbr>"
    );
}

#[test]
fn says_every_shape_of_the_tariff() {
    for (rows, said) in [
        ("01 12", "12 %"),
        ("01 0 EUR DTN", "0 EUR per 100 kg"),
        ("01 1 EUR ASV X;04 6.4 EUR HLT", "1 EUR per % vol hl + 6.4 EUR per hl"),
        ("01 10;17 2.2 EUR MTQ", "min(10 %, 2.2 EUR per m3)"),
        ("01 8;15 2.8 EUR DTN G", "max(8 %, 2.8 EUR per 100 kg gross)"),
        ("01 18.4;15 22 EUR DTN;17 24;20 5 EUR DTN", "min(max(18.4 %, 22 EUR per 100 kg), 24 % + 5 EUR per 100 kg)"),
        ("01 12;04 3 GBP NAR;35 20", "min(12 % + 3 GBP per item, 20 %)"),
        ("01 20;02 5 EUR KGM", "20 % - 5 EUR per kg"),
        ("01 176 EUR DTN;36 30", "176 EUR per 100 kg - 30 %"),
        ("37", "0 %"),
        (
            "01 16.5 - RET;04 244.78 GBP MIL;15 320.9 GBP MIL",
            "max(16.5 % of (1 GBP per retail price) + 244.78 GBP per 1000 items, 320.9 GBP per 1000 items)",
        ),
        ("01 0.39 EUR DTN Z", "0.39 EUR per 100 kg % sucrose"),
        ("01 31.64 GBP LPA;02 1 GBP SPQ", "31.64 GBP per l alcohol - rounded(1 GBP per SPQ; down 0.01)"),
        ("01 3 GBP", "3 GBP"),
    ] {
        let made = amount(&parts(rows), "GBP").unwrap().unwrap();
        assert_eq!(made, said);
        grammar::amount(&made).unwrap_or_else(|error| panic!("{made}: {error}"));
    }
}

#[test]
fn a_unit_to_declare_is_no_amount() {
    assert_eq!(amount(&parts("99 - - NAR"), "GBP"), Ok(None));
    assert_eq!(amount(&[], "GBP"), Ok(None));
}

#[test]
fn refuses_what_it_cannot_say() {
    for rows in ["01 9;12", "01 9;14", "21", "25", "27", "29"] {
        assert!(matches!(amount(&parts(rows), "GBP"), Err(Unsayable::Recipe)), "{rows}");
    }
    for rows in ["40", "44"] {
        assert!(matches!(amount(&parts(rows), "GBP"), Err(Unsayable::Refund)), "{rows}");
    }
    assert_eq!(amount(&parts("01 3 GBP QQQ"), "GBP"), Err(Unsayable::Unit("QQQ".into())));
    assert_eq!(amount(&parts("77 3"), "GBP"), Err(Unsayable::Expression("77".into())));
    for rows in ["04 3 GBP KGM", "15 3", "01 3;01 4", "01", "01 3 - KGM", "01 3;15"] {
        let error = amount(&parts(rows), "GBP").unwrap_err();
        assert!(matches!(error, Unsayable::Order(_)), "{rows}: {error}");
    }
}

#[test]
fn every_printed_unit_is_known() {
    for (code, ..) in PRINTED {
        assert!(unit::find(code).is_some_and(|unit| unit.taric == Some(code)), "{code}");
    }
}

/// The amount of parts that stand in any order: `01 12, 04 93.1 EUR DTN`.
fn ordered(rows: &str, currency: &str) -> Result<Option<String>, Unsayable> {
    let parts: Vec<Component> = rows.split(", ").filter(|row| !row.is_empty()).map(part).collect();
    amount(&in_order(&parts, currency)?, currency)
}

#[test]
fn says_the_duties_of_a_transmission() {
    for (parts, expected) in [
        ("01 12", "12 %"),
        ("01 0", "0 %"),
        ("01 176.8 EUR DTN", "176.8 EUR per 100 kg"),
        ("01 10.2, 04 93.1 EUR DTN", "10.2 % + 93.1 EUR per 100 kg"),
        ("04 93.1 EUR DTN, 01 10.2", "10.2 % + 93.1 EUR per 100 kg"),
        ("01 18.4, 15 22 EUR DTN, 17 24 EUR DTN", "min(max(18.4 %, 22 EUR per 100 kg), 24 EUR per 100 kg)"),
        ("01 9.6, 17 16.6, 20 0.3 EUR DTN G", "min(9.6 %, 16.6 % + 0.3 EUR per 100 kg gross)"),
        ("01 5, 35 2 EUR DTN, 36 30", "min(5 %, 2 EUR per 100 kg - 30 %)"),
        ("01 8, 02 3", "8 % - 3 %"),
        ("01 12.8 EUC KGM", "0.128 EUR per kg"),
        ("01 9.98 GBP ASV X", "9.98 GBP per % vol hl"),
        ("01 16.5 - RET, 04 316.7 GBP MIL", "16.5 % of (1 GBP per retail price) + 316.7 GBP per 1000 items"),
        ("01 31.64 GBP LPA, 02 1 GBP SPQ", "31.64 GBP per l alcohol - rounded(1 GBP per SPQ; down 0.01)"),
        ("37", "0 %"),
        ("01 0.5 EUR DTN Z", "0.5 EUR per 100 kg % sucrose"),
    ] {
        let said = ordered(parts, "GBP").unwrap().unwrap();
        assert_eq!(said, expected, "{parts}");
        grammar::amount(&said).unwrap_or_else(|error| panic!("{said}: {error}"));
    }
    assert_eq!(ordered("99 - - NAR", "EUR"), Ok(None));
    assert_eq!(ordered("", "EUR"), Ok(None));
}

#[test]
fn says_what_a_transmission_leaves_unsaid() {
    for (parts, expected) in [
        ("01 8, 12", Unsayable::Recipe),
        ("01 8, 14, 17 18.7, 25", Unsayable::Recipe),
        ("40 5 EUR DTN", Unsayable::Refund),
        ("01 5 EUR", Unsayable::NoUnit),
        ("01 5 EUR XYZ", Unsayable::Unit("XYZ".into())),
        ("03 5", Unsayable::Expression("03".into())),
        ("01 5, 01 6", Unsayable::Order("01 twice".into())),
        ("15 5", Unsayable::Order("nothing before a limit or a minus".into())),
        ("01", Unsayable::Order("01 without a number".into())),
        ("01 -5", Unsayable::Order("01 below zero".into())),
    ] {
        let error = ordered(parts, "EUR").unwrap_err();
        assert_eq!(error, expected, "{parts}");
        assert!(error.says().ends_with('.'));
    }
}
