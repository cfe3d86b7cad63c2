//! A small nomenclature, made up; and the official ones where they stand beside the project.

use super::*;

fn line(code: &str, indent: u8, text: &str) -> NationalLine {
    let texts = BTreeMap::from([(Language::En, text.to_owned())]);
    NationalLine { code: code.into(), indent: Some(indent), declarable: code.len() == 10, texts }
}

/// Hats: a group that stands above two subheadings, a level by stuff and one by value, with a rest.
fn hats() -> Lines {
    let lines = [
        line("65", 0, "Headgear"),
        line("6505", 0, "Hats, knitted or of felt:"),
        line("650520", 1, "For the head:"),
        line("650520", 2, "Hats"),
        line("6505201000", 3, "Of cotton:"),
        line("6505201010", 4, "Valued not over $3 each"),
        line("6505201020", 4, "Valued over $3 each"),
        line("6505202000", 3, "Of silk"),
        line("6505209000", 3, "Other"),
        line("6505300000", 2, "Caps"),
        line("6505900000", 1, "Parts, not of silk"),
    ];
    Lines::new(lines).unwrap()
}

fn likely(lines: &Lines, text: &str, code6: &str) -> Vec<(String, f64)> {
    let ranked = lines.rank(&Told::new(text, Language::En), code6);
    ranked.into_iter().map(|line| (line.code, line.probability)).collect()
}

#[test]
fn lines_stand_below_those_that_say_what_they_share() {
    let lines = hats();
    let under = lines.under("650520", Language::En);
    let codes: Vec<(&str, &str, bool)> =
        under.iter().map(|line| (line.code.as_str(), line.text.as_str(), line.declarable)).collect();
    assert_eq!(
        codes,
        [
            ("650520", "Hats", false),
            ("6505201000", "Of cotton:", true),
            ("6505201010", "Valued not over $3 each", true),
            ("6505201020", "Valued over $3 each", true),
            ("6505202000", "Of silk", true),
            ("6505209000", "Other", true),
        ]
    );
    assert_eq!(under[3].path, ["Hats, knitted or of felt:", "For the head:", "Hats", "Of cotton:"]);
    // The group is of two subheadings, so it is of neither.
    assert_eq!(lines.under("650530", Language::En).len(), 1);
    assert!(lines.under("6505", Language::En).is_empty() && lines.under("", Language::En).is_empty());
    assert!(lines.under("999999", Language::En).is_empty() && lines.under("é65052", Language::En).is_empty());
    assert!(lines.has("6505202000") && lines.has("65052020") && !lines.has("6505208000"));
}

#[test]
fn words_decide_and_measures_do_not() {
    let lines = hats();
    let cotton = likely(&lines, "blue cotton hat, value 2", "650520");
    // Both lines by value are first, and even.
    assert_eq!((cotton[0].0.as_str(), cotton[1].0.as_str()), ("6505201010", "6505201020"));
    assert!((cotton[0].1 - cotton[1].1).abs() < 1e-9);
    assert!((cotton.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-9);
    let silk = lines.rank(&Told::new("silk hat", Language::En), "650520");
    assert_eq!((silk[0].code.as_str(), silk[0].because.as_slice()), ("6505202000", ["silk".to_owned()].as_slice()));
    // What no line names is in the rest.
    assert_eq!(likely(&lines, "paper hat", "650520")[0].0, "6505209000");
    // One line alone is sure; a subheading that is not there has none.
    assert_eq!(likely(&lines, "anything", "650590"), [("6505900000".to_owned(), 1.0)]);
    assert!(likely(&lines, "hat", "010121").is_empty());
}

#[test]
fn a_fact_in_another_language_decides_too() {
    let told = Told { facts: vec![(Language::En, "silk".into())], ..Told::new("chapeau en soie", Language::Fr) };
    assert_eq!(hats().rank(&told, "650520")[0].code, "6505202000");
}

#[test]
fn without_indents_the_digits_tell() {
    let line = |code: &str, text: &str| NationalLine { indent: None, declarable: false, ..line(code, 0, text) };
    let lines = Lines::new([
        line("0902", "Tea"),
        line("09021000", "Green tea"),
        line("09021010", "In bags"),
        line("09021090", "Other"),
        line("09023000", "Black tea"),
    ])
    .unwrap();
    let under = lines.under("090210", Language::En);
    assert_eq!(under.len(), 3);
    assert_eq!(under[1].path, ["Tea", "Green tea"]);
    // None is declarable, so those with nothing below are.
    assert_eq!(under.iter().map(|line| line.declarable).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(likely(&lines, "tea bags", "090210")[0].0, "09021010");
}

#[test]
fn the_words_speak_for_subheadings() {
    let first = |text: &str| hats().evidence(&Told::new(text, Language::En)).first().map(|(code, _)| *code);
    assert_eq!(first("caps"), Some(650_530));
    assert_eq!(first("hats of silk"), Some(650_520));
    assert_eq!(first("zebra"), None);
    assert!(Lines::default().evidence(&Told::new("caps", Language::En)).is_empty() && Lines::default().is_empty());
}

fn ruling(reference: &str, code: &str, text: &str) -> Ruling {
    Ruling { reference: reference.into(), code: code.into(), language: Language::En, text: text.into() }
}

#[test]
fn rulings_on_such_goods_are_named_and_count() {
    let lines = hats()
        .with_rulings([
            ruling("A1", "6505202000", "A bridal veil with a comb, of polyester net"),
            ruling("A2", "6505300000", "A sailor cap"),
            ruling("A3", "6505900000", "Chin straps"),
            ruling("A4", "650590", "Sweat bands"),
        ])
        .unwrap();
    let told = Told::new("bridal veils", Language::En);
    let like = lines.rulings_like(&told);
    assert_eq!(like.iter().map(|one| one.reference.as_str()).collect::<Vec<_>>(), ["A1"]);
    assert_eq!(
        (like[0].code.as_str(), like[0].because.as_slice()),
        ("6505202000", ["bridal".into(), "veils".into()].as_slice())
    );
    assert_eq!(lines.evidence(&told).first().map(|(code, _)| *code), Some(650_520));
    // Its line comes before the rest, which would have these goods otherwise.
    assert_eq!(lines.rank(&told, "650520")[0].code, "6505202000");
    assert_eq!(hats().rank(&told, "650520")[0].code, "6505209000");
    assert!(lines.rulings_like(&Told::new("zebra", Language::En)).is_empty());
}

#[test]
fn what_is_no_code_is_refused() {
    let wrong = Lines::new([line("6505", 0, "Hats"), line("65.05", 0, "Hats")]).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "line 2 has the code \"65.05\": digits without points were expected, 2 to 12 of them"
    );
    let wrong = hats().with_rulings([ruling("A1", "6505", "Hat")]).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "ruling 1 has the code \"6505\": digits without points were expected, 6 to 12 of them"
    );
    let many = (0..=MOST_LINES).map(|_| line("6505", 0, "Hat"));
    assert_eq!(Lines::new(many).unwrap_err(), LinesError::TooMany(MOST_LINES, "lines"));
}

#[test]
fn hostile_texts_are_read_calmly() {
    let long = "silk ".repeat(1 << 18);
    let odd = [line("6505", 0, &long), line("650520", 200, "\u{0}\u{202e}(((("), line("650520", 0, "")];
    let lines = Lines::new(odd).unwrap();
    for text in ["", "🙂", long.as_str(), "-,;()", "not not not", "for for"] {
        let told = Told::new(text, Language::Es);
        assert!(lines.rank(&told, "650520").len() <= 3 && lines.evidence(&told).len() <= 1);
    }
    // Many lines at one level, which a slow way of comparing them with each other would not end.
    let many = (0..20_000).map(|n| line(&format!("650520{n:06}"), 1, "Of silk and cotton, dyed"));
    let lines = Lines::new(many.map(|line| NationalLine { declarable: true, ..line })).unwrap();
    let ranked = lines.rank(&Told::new("silk", Language::En), "650520");
    assert_eq!(ranked.len(), 1_000, "no more are told");
    // All say the same, and each has its share of the whole.
    assert!(ranked.iter().all(|line| (line.probability - 1.0 / 20_000.0).abs() < 1e-9));
    assert_eq!(Lines::new(Vec::new()).map(|lines| lines.is_empty()), Ok(true));
}
