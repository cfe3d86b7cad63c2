//! What an answer asks for, and what knowing it is worth.

/// A fact that decides whether the sum has an upper limit at all is worth no number: excise goods among the codes, the list of a levy.
#[test]
fn what_leaves_the_sum_open_is_worth_no_number() {
    let asked = |from: &str, to: &str, item: &str| {
        let text = format!(r#"{{"from":"{from}","to":"{to}","currency":"EUR","channel":"post","items":[{{{item}}}]}}"#);
        let quote = tidewaiter_data::ratebook().quote(&serde_json::from_str(&text).unwrap()).unwrap();
        let worth = quote.missing.into_iter().map(|one| (one.fact, one.narrows_by.is_some())).collect::<Vec<_>>();
        (quote.total.most.is_some(), worth)
    };
    let levy = r#""code":"6109.10","origin":"ES","quantity":"10","price":"30""#;
    assert_eq!(asked("ES", "IC", levy), (false, vec![("fact ic.aiem-listed".to_owned(), false)]));
    let (limit, worth) = asked("CN", "NL", r#""origin":"CN","quantity":"1","price":"20""#);
    assert!(!limit && worth[0] == ("code".to_owned(), false), "{limit} {worth:?}");
    // Where there is a limit it is a number.
    let (limit, worth) = asked("CN", "BR", r#""quantity":"1","price":"20""#);
    assert!(limit && worth.iter().any(|(fact, number)| fact == "code" && *number), "{limit} {worth:?}");
}

/// Names, initials and slips lead to a territory; other words to none.
#[test]
fn what_was_meant_is_found() {
    let meant = |text: &str| tidewaiter_data::ratebook().meant_territory(text);
    assert_eq!(meant("UK").as_deref(), Some("GB"));
    assert_eq!(meant("japan").as_deref(), Some("JP"));
    assert_eq!(meant("fr").as_deref(), Some("FR"));
    assert_eq!(meant("elsewhere"), None);
}
