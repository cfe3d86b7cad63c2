//! Addresses name the state, and some postcodes lie in a place with rules of its own.

use tidewaiter::quote::consignment::Consignment;
use tidewaiter::quote::said::Said;
use tidewaiter::{Decimal, Item, Quote};

fn asked(to: &str, postcode: Option<&str>) -> Consignment {
    Consignment {
        from: Some("CN".to_owned()),
        to: to.to_owned(),
        postcode: postcode.map(str::to_owned),
        date: Some(jiff::civil::date(2026, 11, 21)),
        currency: "EUR".to_owned(),
        items: vec![Item {
            code: Some("6109.10".to_owned()),
            origin: Some("CN".to_owned()),
            quantity: Decimal::from_int(4),
            price: "60".parse().unwrap(),
            ..Item::default()
        }],
        ..Consignment::default()
    }
}

fn quote(to: &str, postcode: Option<&str>) -> Quote {
    tidewaiter_data::ratebook().quote(&asked(to, postcode)).unwrap_or_else(|e| panic!("{to} {postcode:?}: {e}"))
}

fn told(quote: &Quote) -> Option<&Said> {
    quote.assumptions.iter().find(|said| said.code() == Some("postcode"))
}

/// State, postcode as people write it, territory.
const PLACES: &[(&str, &str, &str)] = &[
    ("ES", "35001", "IC"),
    ("ES", "38 400", "IC"),
    ("ES", "E-35001", "IC"),
    ("ES", "51001", "EA"),
    ("GB", "BT1 5GS", "XI"),
    ("GB", "bt71ab", "XI"),
    ("GB", "JE2 3QA", "JE"),
    ("GB", "GY1 1WG", "GG"),
    ("GB", "IM1 1AG", "IM"),
    ("DE", "78266", "DE-BUSINGEN"),
    ("DE", "D-27498", "DE-HELGOLAND"),
    ("IT", "23041", "IT-LIVIGNO"),
    ("FI", "AX-22100", "AX"),
    ("FI", "FI 22100", "AX"),
    ("FR", "97110", "GP"),
    ("FR", "97400", "RE"),
    ("FR", "97150", "MF"),
    ("US", "00801-1234", "VI"),
    ("US", "00901", "PR"),
    ("US", "00716-2604", "PR"),
    ("GB", "GB-BT1 1AA", "XI"),
    ("GB", "UK BT1 1AA", "XI"),
];

#[test]
fn a_postcode_of_a_place_is_that_place() {
    let rules = |code: &str| tidewaiter_data::ratebook().territories().iter().any(|t| t.code == code && t.has_rules);
    for (state, postcode, territory) in PLACES {
        if !rules(territory) {
            let error = tidewaiter_data::ratebook().quote(&asked(state, Some(postcode))).unwrap_err();
            assert_eq!(
                error.problems[0].value, *territory,
                "what is not known is not said with the rules of the state"
            );
            continue;
        }
        let mut by_postcode = quote(state, Some(postcode));
        let said = told(&by_postcode).unwrap_or_else(|| panic!("{state} {postcode} is not told")).to_string();
        assert!(said.contains(postcode.trim()) && said.contains(territory), "{said}");
        by_postcode.assumptions.retain(|said| said.code() != Some("postcode"));
        assert_eq!(by_postcode, quote(territory, None), "{state} {postcode}");
    }
}

#[test]
fn the_places_differ_from_their_states() {
    for (state, postcode, _) in [("ES", "35001", ""), ("GB", "BT1 5GS", "")] {
        assert_ne!(quote(state, Some(postcode)).total, quote(state, None).total, "{state} {postcode}");
    }
}

#[test]
fn other_postcodes_change_nothing() {
    for (state, postcode) in [
        ("ES", "28001"),
        ("ES", "03500"),
        ("GB", "SW1A 2AA"),
        ("GB", "B1 1AA"),
        ("FR", "75001"),
        ("DE", "10115"),
        ("DE", "7826"),
        ("NL", "3511 AB"),
        ("US", "10001"),
        ("ES", ""),
        ("ES", "  "),
        ("ES", "ÀÉ"),
        ("IC", "35001"),
        ("ES", "3800"),
        ("ES", "3500"),
        ("ES", "Apartado 38, 28001"),
        ("ES", "38"),
        ("ES", "ABC38001"),
        ("ES", "380011"),
        ("GB", "BT"),
        ("FR", "9711"),
    ] {
        assert_eq!(quote(state, Some(postcode)), quote(state, None), "{state} {postcode}");
    }
}
