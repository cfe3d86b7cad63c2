use super::*;
use crate::desk::{Book, Held};
use crate::problem::message::MESSAGES as DOORS;
use std::collections::BTreeSet;
use tidewaiter::quote::said::{MESSAGES, Message};

/// Places that no language shows as they are, and why.
const NOT_SHOWN: &[(&str, &str, &str)] = &[
    ("wrong-territory", "where", "names a door of programs"),
    ("wrong-territory-near", "where", "names a door of programs"),
    ("rate-of-table", "table", "the name of a table is for those who read the file"),
    ("form-no-such-answer", "why", "names keys that a reader never sees"),
    ("ask-history", "period", "a key of which the language makes its own words"),
];

fn all() -> impl Iterator<Item = &'static Message> {
    MESSAGES.iter().chain(DOORS).copied()
}

fn english() -> Book {
    Book::new(Held::Embedded(tidewaiter_data::ratebook()))
}

/// Texts of the data that pages give to [`Lang::foreign`].
fn texts(book: &Book) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for code in book.territories().keys() {
        let Some(view) = book.economy(code) else { continue };
        for charge in view.charges {
            all.insert(charge.name);
            for rung in charge.rungs {
                all.insert(rung.name);
                all.extend(rung.says);
            }
        }
        for rate in view.rates {
            all.insert(format!("{} rate", rate.class));
            all.insert(rate.class);
            all.insert(rate.goods);
        }
        all.extend(view.asks.into_iter().map(|ask| ask.question));
        for scheme in view.schemes {
            all.extend([scheme.name, scheme.short]);
        }
        for dispute in view.disputes {
            all.insert(dispute.question);
            all.extend(dispute.readings.into_iter().map(|reading| reading.says));
        }
    }
    // Schemes whose returns are described.
    let returns = tidewaiter_data::returns().iter();
    let rules = returns.filter_map(|(_, text)| tidewaiter_collect::Definition::read(text).ok());
    all.extend(rules.map(|rules| rules.scheme.name));
    all.extend(limits());
    all
}

/// What editions of tariffs say that they leave out: an answer shows it, no page of an economy does.
fn limits() -> Vec<String> {
    let folder = format!("{}/../../data/tariffs", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let texts: Vec<String> = texts.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let limits = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix("limits = \""));
    limits.map(|line| line.trim_end_matches('"').to_owned()).collect()
}

/// The library and the doors can say nothing that is not written in every language, with all that belongs into it.
#[test]
fn every_sentence_is_written_in_every_language() {
    let codes: BTreeSet<&str> = all().map(|message| message.code).collect();
    assert_eq!(codes.len(), MESSAGES.len() + DOORS.len(), "a code stands in both tables");
    for lang in Lang::all() {
        for message in all() {
            let marks: Vec<(&'static str, FluentValue<'_>)> =
                message.places().into_iter().map(|place| (place, format!("<{place}>").into())).collect();
            let text = lang.format_whole(&format!("said-{}", message.code), &marks);
            let text = text.unwrap_or_else(|| panic!("{}: said-{} is not written", lang.tag(), message.code));
            for place in message.places() {
                let shown = text.contains(&format!("<{place}>"));
                let left_out = NOT_SHOWN.iter().any(|(code, name, _)| (*code, *name) == (message.code, place));
                assert!(shown || left_out, "{}: said-{} leaves out {place}: {text}", lang.tag(), message.code);
            }
        }
    }
}

/// No message is left behind where a sentence went away.
#[test]
fn no_sentence_is_written_that_nobody_says() {
    for file in ["words/en/table-said.ftl", "words/en/table-said-doors.ftl"] {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("said-")) {
            let code = line.split(" =").next().unwrap();
            assert!(all().any(|message| message.code == code), "{file}: said-{code}");
        }
    }
}

/// Each name that is written in other languages stands in the data, so that a name that changes there is not forgotten here.
#[test]
fn every_name_that_is_written_stands_in_the_data() {
    let book = english();
    let known: BTreeSet<String> = texts(&book).iter().map(|text| Keyed::of(text).key).collect();
    let path = format!("{}/words/en/table-names.ftl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let written: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    let lost: Vec<&&str> = written.iter().filter(|name| !known.contains(**name)).collect();
    assert!(written.len() > 250 && lost.is_empty(), "of {}: {lost:?}", written.len());
}

/// Charges are what every answer names: but for names of their own, all are written.
#[test]
fn charges_have_names_in_every_language() {
    let book = english();
    let views: Vec<_> = book.territories().keys().filter_map(|code| book.economy(code)).collect();
    let charges: BTreeSet<&str> =
        views.iter().flat_map(|view| &view.charges).map(|charge| charge.name.as_str()).collect();
    for lang in Lang::all() {
        let left: Vec<&&str> = charges.iter().filter(|name| lang.name(name).is_none()).collect();
        // A name in capitals is that of a tax, and the same everywhere: IVA, ITBMS.
        let own = |name: &str| name.bytes().all(|b| b.is_ascii_uppercase());
        assert!(left.iter().all(|name| own(name)), "{}: {left:?}", lang.tag());
    }
}

#[test]
fn names_are_found_by_their_words_and_amounts_stay() {
    let keyed = Keyed::of("gift up to EUR 1,045.50, flat duty (12 %)");
    assert_eq!(keyed.key, "name-gift-up-to-m-flat-duty-p");
    let fr = Lang::of_tag("fr").unwrap();
    let plain = |text: &str| fr.name(text).map(|name| name.replace(['\u{a0}', '\u{202f}'], " "));
    assert_eq!(plain("gift up to CAD 1,250").as_deref(), Some("cadeau jusqu’à 1 250 CAD"));
    assert_eq!(plain("7.5 %").as_deref(), Some("7,5 %"));
    assert_eq!(plain("Customs duty").as_deref(), Some("Droit de douane"));
    assert_eq!(plain("no such name"), None);
    assert_eq!(Lang::FIRST.name("no such name").as_deref(), Some("no such name"));
}

#[test]
fn what_stays_in_english_inside_a_sentence_is_marked() {
    let book = english();
    let asked = r#"{ "to": "FR", "from": "CN", "currency": "EUR", "date": "2026-11-22", "items": [{ "code": "610910", "price": "300" }] }"#;
    let quote = book.quote(&serde_json::from_str(asked).unwrap()).unwrap();
    let said = quote.assumptions.iter().find(|said| said.code() == Some("not-registered-who"));
    let es = Lang::of_tag("es").unwrap();
    let told = es.said(said.expect("it asks for a registration")).into_string();
    assert!(told.starts_with("El vendedor no está registrado: ") && told.contains("<span lang=\"en\""), "{told}");
    assert!(!told.contains(MARKS[0]) && !told.contains(MARKS[1]), "{told}");
    let plain = es.words(said.unwrap());
    assert!(!plain.contains(MARKS[0]) && !plain.contains('<'), "{plain}");
}

#[test]
fn the_line_about_english_stands_only_where_there_is_some() {
    let fr = Lang::of_tag("fr").unwrap();
    let with = |inner: Markup| fr.with_notice(html! { (fr.notice()) (inner) }).into_string();
    assert!(with(fr.foreign("no such name")).starts_with("<p"));
    assert_eq!(with(fr.foreign("VAT")), "TVA");
    assert_eq!(Lang::FIRST.with_notice(Lang::FIRST.notice()).into_string(), "");
}

/// Numbers, money and days stand in a sentence as the language writes them.
#[test]
fn values_are_written_as_the_language_writes_them() {
    let book = english();
    let asked = r#"{ "to": "FR", "from": "CN", "currency": "EUR", "items": [{ "code": "610910", "duty_rate": "7.5", "price": "300" }] }"#;
    let ask = tidewaiter::Ask { steps: false, today: Some(jiff::civil::date(2026, 11, 2)) };
    let quote = book.answer(&serde_json::from_str(asked).unwrap(), &ask).unwrap();
    let today = quote.assumptions.iter().find(|said| said.code() == Some("date-today")).unwrap();
    let said = |tag: &str| Lang::of_tag(tag).unwrap().words(today).replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(today, "The date is today, 2026-11-02.");
    assert_eq!(said("en"), "The day is today, 2 Nov 2026.");
    assert_eq!(said("fr"), "Le jour est aujourd’hui, 2 nov. 2026.");
}

/// Questions whose fields are wrong in each way that a form allows, with the codes that they bring.
const WRONG: &[(&str, &[&str])] = &[
    ("goods=x&price=abc&to=FR", &["form-number"]),
    ("goods=x&price=1.234&to=FR", &["form-two-ways"]),
    ("goods=x&price=5&to=FR&date=gestern", &["form-day"]),
    ("goods=x&to=FR", &["form-no-price"]),
    ("goods=&price=5&to=FR", &["form-no-goods"]),
    ("goods=x&price=5&to=FR&channel=x&mode=x&sale=x", &["form-channel", "form-mode", "form-sale"]),
    ("goods=x&price=5&to=FR&parcels=1.5&fact=x&history=x", &["form-whole", "form-fact", "form-history"]),
    ("goods=x&price=5&to=FR&rate=x&answer=x&measure.l=1", &["form-rate", "form-answer", "form-measure"]),
    ("goods=x&price=5&to=QQ", &["wrong-territory"]),
    ("goods=x&price=5&to=UK", &["wrong-territory-near"]),
    ("goods=x&price=5&to=EU", &["wrong-union"]),
    ("goods=x&price=5&to=AQ", &["wrong-no-rules"]),
    ("goods=x&price=5&to=FR&from=FR", &["wrong-same-place"]),
    ("goods=x&price=5&to=FR&currency=QQQ", &["wrong-currency"]),
    ("goods=x&price=5&to=FR&currency=EURO", &["wrong-currency-near"]),
    ("goods=x&price=0&discount=5&to=FR", &["wrong-discount"]),
    ("goods=x&price=5&quantity=0&to=FR", &["wrong-quantity"]),
    ("goods=x&price=900000000000000&quantity=9&to=FR", &["wrong-times-quantity"]),
    ("goods=x&price=5&to=FR&gift=yes&sale=b2b", &["wrong-gift"]),
    ("goods=x&price=5&to=FR&parcels=0", &["wrong-parcels"]),
    ("goods=x&price=5&to=FR&rate=EUR:USD:0", &["wrong-rate"]),
    ("goods=x&price=5&to=FR&history=x:1:1", &["wrong-period"]),
    ("code=6109x&price=5&to=FR", &["wrong-code-syntax"]),
    ("code=6&price=5&to=FR", &["wrong-code-length"]),
    ("code=611&price=5&to=FR", &["wrong-code-odd"]),
    ("goods=x&price=5&duty_rate=20000&to=FR", &["wrong-duty-rate"]),
    ("goods=x&price=5&to=FR&measure.parsec.1=5", &["wrong-unit"]),
    ("goods=x&price=5&to=FR&measure.litre.1=5&measure.litr.1=5", &["wrong-unit-near"]),
];

/// Nothing that can be wrong in a field of a form is told in English elsewhere.
#[test]
fn what_is_wrong_in_a_form_is_told_in_each_language() {
    let book = english();
    let fr = Lang::of_tag("fr").unwrap();
    for (query, codes) in WRONG {
        let mut asked = crate::form::read(query, Some(fr));
        if asked.consignment.currency.is_empty() {
            asked.consignment.currency = "EUR".into();
        }
        let mut found: Vec<Said> = asked.wrong.into_iter().map(|wrong| wrong.message).collect();
        if found.is_empty() {
            let error = book.quote(&asked.consignment).map(drop).expect_err(query);
            found.extend(crate::Problem::from(error).errors.into_iter().map(|wrong| wrong.message));
        }
        let known: Vec<&str> = found.iter().map(|said| said.code().unwrap_or("none")).collect();
        assert!(!known.contains(&"none"), "{query}: {found:?}");
        assert!(codes.iter().any(|code| known.contains(code)), "{query}: {known:?}");
        for said in &found {
            let told = fr.words(said);
            assert!(told != said.as_str() && !told.contains("/v1/economies"), "{query}: {told}");
        }
    }
}
