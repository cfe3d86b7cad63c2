//! The pages about the data and about use: their counts are those of the ratebook and of the desk.

use crate::portal::asked::{LANGUAGES, check, desk, get, settings};
use axum::http::StatusCode;
use jiff::civil::date;
use tidewaiter_portal::guard::caller::Keys;
use tidewaiter_portal::usage::{Usage, Use};
use tidewaiter_portal::{Desk, Held};

fn with(usage: Usage) -> Desk {
    Desk::new(Held::Embedded(tidewaiter_data::ratebook()), settings(), Keys::default(), usage)
}

/// A number of a tally: the figure after its words.
fn tally(page: &str, what: &str) -> usize {
    let after = page.split(&format!("<dt>{what}</dt><dd class=\"figure\">")).nth(1).unwrap_or_else(|| panic!("{what}"));
    after.split('<').next().unwrap().replace(',', "").parse().unwrap()
}

#[tokio::test]
async fn counts_are_those_of_the_ratebook() {
    let page = get(&desk(), "/en/about").await.text;
    let ratebook = tidewaiter_data::ratebook();
    let economies = ratebook.economies(date(2026, 11, 22));
    let all = tally(&page, "destinations with rules") + tally(&page, "customs unions with rules of their own");
    assert_eq!(all, economies.len());
    // A fact of a union stands in the view of each member and counts once.
    let sum: usize = economies.iter().map(|e| e.facts.high + e.facts.medium + e.facts.low).sum();
    let facts = tally(&page, "Facts");
    assert!(facts > 500 && facts < sum, "{facts} of {sum}");
    // The one schedule that is loaded whole is said to be.
    let row = page.split("<tr>").find(|row| row.contains("/en/rates/US\"")).unwrap();
    assert!(row.contains("the whole tariff"), "{row}");
    assert_eq!(page.matches("the whole tariff").count(), 1);
    assert!(page.contains("single lines"));
}

#[tokio::test]
async fn the_page_about_the_data_holds_in_every_language() {
    let desk = desk();
    for language in LANGUAGES {
        let answer = get(&desk, &format!("/{language}/about")).await;
        assert_eq!(answer.status, StatusCode::OK);
        check(&answer.text, language);
        assert!(answer.text.contains("CC BY 4.0"), "attribution");
        assert!(answer.text.contains("role=\"img\" aria-label=\""), "the bar has words");
        for link in ["/rates", "/rates/freshness", "/about/use", "/markets"] {
            assert!(answer.text.contains(&format!("href=\"/{language}{link}\"")), "{link}");
        }
    }
}

#[tokio::test]
async fn letters_go_to_the_operator_where_one_wants_them() {
    let of = |contact: &str| {
        let mut settings = settings();
        settings.contact = Some(contact.to_owned());
        Desk::embedded(settings)
    };
    let page = get(&of("data@duties.test"), "/en/about").await.text;
    assert!(page.contains("href=\"mailto:data@duties.test\""));
    let page = get(&of("javascript:alert(1)"), "/en/about").await.text;
    assert!(!page.contains("href=\"javascript"));
    let page = get(&desk(), "/en/about").await.text;
    assert!(!page.contains("mailto:") && page.contains("no address for letters"));
}

#[tokio::test]
async fn use_is_counted_by_day_page_language_and_answer() {
    let usage = Usage::default();
    let markets = Use { door: "/{lang}/markets", language: "fr", answer: "amount" };
    for _ in 0..7 {
        usage.count(date(2026, 11, 21), markets);
    }
    usage.count(date(2026, 11, 22), Use { door: "/v1/quotes", language: "", answer: "unknown" });
    let desk = with(usage);
    for language in LANGUAGES {
        let answer = get(&desk, &format!("/{language}/about/use")).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        check(&answer.text, language);
        assert!(!answer.text.contains("{lang}"), "pages by their names");
        let row = answer.text.split("<tr>").find(|row| row.contains("width=\"240\"") && row.contains(">7<")).unwrap();
        assert!(row.contains("<td class=\"n\">7</td>") && row.contains("width=\"240\""), "{row}");
        assert!(answer.text.contains("Français") && answer.text.contains("/v1/quotes"));
    }
    let page = get(&desk, "/en/about/use").await.text;
    assert!(page.contains("exact amount") && page.contains("not known"), "kinds of answer");
}

#[tokio::test]
async fn where_nothing_was_counted_the_page_says_so() {
    for language in LANGUAGES {
        let page = get(&with(Usage::default()), &format!("/{language}/about/use")).await.text;
        check(&page, language);
        assert!(page.contains("class=\"nothing\"") && !page.contains("<table"));
    }
}
