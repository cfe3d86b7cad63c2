//! The target that asks the finder: any bytes are a text, answers to questions, a place in the tree, a nomenclature and rulings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_types,
    clippy::float_arithmetic,
    missing_docs,
    reason = "a failing test says so"
)]
#![allow(unreachable_pub, reason = "shared with an ordinary test")]

use std::collections::BTreeMap;
use tidewaiter_finder::lines::{Lines, NationalLine, Ruling, Told};
use tidewaiter_finder::notes::MOST_NOTES;
use tidewaiter_finder::text::MOST_WORDS;
use tidewaiter_finder::{Answer, Finder, Language, Query};

/// Most codes asked for.
const MOST: usize = 10;

/// Asks for the codes of a text in each way that there is, and holds what is told against what must be so.
pub fn finder(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let finder = Finder::embedded();
    let answer = finder.find(&text, MOST);
    sound(&answer, MOST);
    assert!(finder.find(&text, MOST) == answer, "the same answer twice");
    answers(&text, &answer);
    nomenclature(&text, &answer);
    places(&text);
}

/// What holds for every answer.
fn sound(answer: &Answer, most: usize) {
    let index = Finder::embedded().index();
    assert!(answer.codes.len() <= most && answer.unknown.len() <= MOST_WORDS);
    assert_eq!(answer.vague.is_some(), answer.codes.is_empty());
    assert_eq!(answer.advice.is_some(), answer.vague.is_some());
    let mut sum = 0.0;
    for one in &answer.codes {
        assert!(one.code.len() == 6 && index.has(&one.code), "{}", one.code);
        assert!((0.0..=1.0).contains(&one.probability), "{} is {}", one.code, one.probability);
        assert!((0.0..=1.0).contains(&one.fit) && one.percent() <= 100);
        assert!(!one.title.is_empty() && !one.heading.is_empty() && !one.chapter.is_empty(), "{}", one.code);
        assert!(one.notes.len() <= MOST_NOTES && one.notes.iter().all(|n| !n.says.is_empty() && !n.law.is_empty()));
        sum += one.probability;
    }
    assert!(sum <= 1.0 + 1e-6, "{sum}");
    assert!(answer.codes.windows(2).all(|two| two[0].probability >= two[1].probability));
    let held = answer.likeliest(90, most).1;
    assert!(held <= 100);
    if let Some(asking) = &answer.question {
        // Where too little is said, the question stands alone.
        assert!((!answer.codes.is_empty() || answer.vague.is_some()) && !asking.asks.is_empty());
        assert!(asking.answers.len() >= 2, "{asking:?}");
        assert!(asking.answers.iter().all(|(key, words)| !key.is_empty() && !words.is_empty()), "{asking:?}");
    }
}

/// Questions are answered as they ask, and with what the bytes say.
fn answers(text: &str, open: &Answer) {
    let finder = Finder::embedded();
    let worth = |digits: u32| (!digits.is_multiple_of(3)).then(|| f64::from(digits % 1_000) / 500.0);
    if let Some(asking) = &open.question {
        let chosen = text.len() % asking.answers.len();
        for (key, _) in
            asking.answers.iter().skip(chosen).take(2).map(|(k, w)| (k.as_str(), w)).chain([("", &String::new())])
        {
            let query = Query::new(text).most(MOST).answer(&asking.key, key);
            let told = finder.ask(&query.clone().worth(&worth)).expect("its own answers are known");
            sound(&told, MOST);
            assert!(told.question.as_ref().is_none_or(|next| next.key != asking.key), "{} twice", asking.key);
            let facts = finder.facts_told(&query, open.language);
            assert!(facts.iter().all(|(_, words)| !words.is_empty()));
        }
    }
    // "made-of=wool": what stands before and after each sign, whatever it is.
    let given: Vec<(&str, &str)> = text.lines().take(40).filter_map(|line| line.split_once('=')).collect();
    let language = Language::ALL[text.len() % 3];
    let query = Query { answers: given, language: Some(language), ..Query::new(text).anyway() };
    match finder.ask(&query) {
        Ok(told) => {
            assert_eq!(told.language, language);
            sound(&told, 5);
        }
        Err(wrong) => assert!(!wrong.to_string().is_empty() && wrong.to_string().len() < 4_000, "{wrong}"),
    }
}

/// Each line of the bytes is a line of a nomenclature and a ruling: its code, how deep it stands, what it says.
fn nomenclature(text: &str, open: &Answer) {
    // A code of a real answer, so that something is found below it.
    let six = open.codes.first().map_or("610910", |one| one.code.as_str());
    let mut all: Vec<NationalLine> = Vec::new();
    for (at, line) in text.lines().take(40).enumerate() {
        let digits: String = line.chars().filter(char::is_ascii_digit).take(6).collect();
        let code = if line.len() % 5 == 0 { line.chars().take(20).collect() } else { format!("{six}{digits}") };
        let indent = (line.len() % 7 > 0).then_some((at * 37 + line.len()) as u8);
        let texts = BTreeMap::from([(Language::ALL[at % 3], line.to_owned())]);
        all.push(NationalLine { code, indent, declarable: at % 3 > 0, texts });
    }
    let rulings = all.iter().map(|line| Ruling {
        reference: line.code.clone(),
        code: line.code.clone(),
        language: Language::En,
        text: text.to_owned(),
    });
    let rulings: Vec<Ruling> = rulings.take(4).collect();
    let of_code = |code: &str| (2..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    let known = all.iter().all(|line| of_code(&line.code));
    let made = Lines::new(all.clone());
    assert_eq!(made.is_ok(), known);
    let lines = match made {
        Ok(lines) => lines,
        Err(wrong) => {
            assert!(!wrong.to_string().is_empty() && wrong.to_string().len() < 400, "{wrong}");
            all.retain(|line| of_code(&line.code));
            Lines::new(all).expect("what is left are codes")
        }
    };
    let rulings = rulings.into_iter().filter(|one| of_code(&one.code) && one.code.len() >= 6);
    let lines = lines.with_rulings(rulings).expect("what is left are codes");
    let facts = Language::ALL.into_iter().zip(text.lines()).map(|(l, line)| (l, line.to_owned()));
    let told = Told { text, language: open.language, facts: facts.collect() };
    let evidence = lines.evidence(&told);
    assert!(evidence.iter().all(|(digits, score)| *digits < 1_000_000 && score.is_finite() && *score >= 0.0));
    let ranked = lines.rank(&told, six);
    assert_eq!(lines.rank(&told, six), ranked, "the same lines twice");
    let sum: f64 = ranked.iter().map(|one| one.probability).sum();
    assert!(ranked.is_empty() || (sum - 1.0).abs() < 1e-6, "{sum}");
    assert!(ranked.iter().all(|one| (0.0..=1.0).contains(&one.probability) && one.code.starts_with(six)));
    assert!(lines.rulings_like(&told).iter().all(|one| (0.0..=1.001).contains(&one.alike)));
    let _ = (lines.under(six, open.language), lines.under(text, open.language), lines.has(six));
    let query = Query::new(text).most(MOST).extra(&evidence);
    sound(&Finder::embedded().ask(&query).expect("there are no answers to be wrong"), MOST);
}

/// Each word is a place of the tree, or none.
fn places(text: &str) {
    let finder = Finder::embedded();
    for place in [text].into_iter().chain(text.split_whitespace().take(20)) {
        for language in Language::ALL {
            let Some(page) = finder.page(place, language) else { continue };
            assert_eq!(page.title.is_empty(), page.code.is_empty(), "{place:?}");
            assert!(page.above.iter().chain(&page.below).all(|step| !step.title.is_empty()), "{place:?}");
            assert!(page.notes.iter().all(|note| !note.says.is_empty()));
            // The page of its code is the same page.
            assert_eq!(finder.page(&page.code, language), Some(page));
        }
    }
}
