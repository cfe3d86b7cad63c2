//! The pages of goods codes, through all that stands before them.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use jiff::civil::date;
use std::net::SocketAddr;
use tidewaiter_portal::{Desk, Settings, router};
use tower::ServiceExt as _;

/// A page: its status, where it leads, and its text.
struct Seen {
    status: StatusCode,
    to: String,
    text: String,
}

impl Seen {
    #[track_caller]
    fn holds(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.text.contains(part), "{part} is not in {}", self.text);
        }
        self
    }

    #[track_caller]
    fn lacks(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(!self.text.contains(part), "{part} is in {}", self.text);
        }
        self
    }

    /// The address of the first link whose text begins so.
    #[track_caller]
    fn link(&self, text: &str) -> String {
        let at = self.text.find(&format!(">{text}")).unwrap_or_else(|| panic!("no link {text} in {}", self.text));
        let before = &self.text[..at];
        let start = before.rfind("href=\"").unwrap() + 6;
        let end = start + before[start..].find('"').unwrap();
        before[start..end].replace("&amp;", "&")
    }

    /// Whether one text stands before another; both must be there.
    #[track_caller]
    fn before(&self, first: &str, second: &str) -> bool {
        self.holds(&[first, second]);
        self.text.find(first) < self.text.find(second)
    }
}

async fn ask(doors: &Router, address: &str) -> Seen {
    let mut request = Request::get(address).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
    let answer = doors.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let to = answer.headers().get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    Seen { status, to, text: String::from_utf8(body.to_vec()).unwrap().replace('\u{a0}', " ") }
}

fn doors() -> Router {
    router(Desk::embedded(Settings { today: Some(date(2026, 11, 22)), burst: 10_000, ..Settings::default() }))
}

async fn see(address: &str) -> Seen {
    let seen = ask(&doors(), address).await;
    assert_eq!(seen.status, StatusCode::OK, "{address}: {}", seen.text);
    seen
}

#[tokio::test]
async fn a_search_shows_likely_codes_in_each_language() {
    for (address, parts) in [
        (
            "/en/code?goods=cotton+t-shirt",
            ["<html lang=\"en\"", "Likely codes", "Cotton T-shirts", "Your words match", "one of these codes is right"],
        ),
        (
            "/fr/code?goods=t-shirt+en+coton",
            [
                "<html lang=\"fr\"",
                "Codes probables",
                "en coton",
                "Vos mots correspondent à",
                "l’un de ces codes est le bon",
            ],
        ),
        (
            "/es/code?goods=camiseta+de+algod%C3%B3n",
            [
                "<html lang=\"es\"",
                "Códigos probables",
                "de algodón",
                "Sus palabras coinciden con",
                "uno de estos códigos es el correcto",
            ],
        ),
    ] {
        let page = see(address).await;
        page.holds(&parts);
        // The code, its chapter and its heading lead to their pages; a quote takes the code over.
        let lang = &address[..3];
        for link in ["/code/6109.10?goods=", "/code/6109\"", "/code/61\"", "/markets?goods="] {
            page.holds(&[&format!("href=\"{lang}{link}")]);
        }
        page.holds(&["&amp;code=6109.10\""]);
        // Notes have their number in the law; nothing is certain.
        page.holds(&[", not", " 2(a)"]).lacks(&["100 %", "100\u{a0}%"]);
    }
}

#[tokio::test]
async fn a_question_narrows_and_an_answer_is_taken_back() {
    let doors = doors();
    let first = ask(&doors, "/en/code?goods=jumper").await;
    first.holds(&["What is it mainly made of?", "I do not know"]);
    let wool = first.link("wool or cashmere");
    assert_eq!(wool, "/en/code?goods=jumper&answer=made-of%3Awool");
    let second = ask(&doors, &wool).await;
    // Wool leads now, and what was said stands there with a way back.
    assert!(first.before("/code/6110.20?", "/code/6110.11?"));
    assert!(second.before("/code/6110.11?", "/code/6110.20?"));
    second.holds(&["What you said", "<strong>wool or cashmere</strong>", "(take this answer back)"]);
    second.holds(&["href=\"/en/code?goods=jumper\"", "name=\"about\" value=\"jumper\""]);
    // Who does not know is asked something else, once.
    let unknown = ask(&doors, &first.link("I do not know")).await;
    unknown.holds(&["<strong>I do not know</strong>"]).lacks(&["id=\"question\">What is it mainly made of?"]);
    // Other words make the answer void.
    let other = ask(&doors, "/en/code?goods=mug&about=jumper&answer=made-of%3Awool").await;
    other.lacks(&["What you said"]);
    // The same in other languages, by the same keys.
    ask(&doors, &wool.replace("/en/", "/fr/"))
        .await
        .holds(&["<strong>laine ou cachemire</strong>", "Ce que vous avez dit"]);
    ask(&doors, &wool.replace("/en/", "/es/")).await.holds(&["Lo que usted ha dicho", "/es/code/6110.11?"]);
}

#[tokio::test]
async fn what_says_too_little_is_refused_with_advice() {
    see("/en/code?goods=gift").await.holds(&["This says too little for a code", "This could be anything."]);
    see("/fr/code?goods=cadeau").await.holds(&["C’est trop peu pour un code", "Cela peut être"]);
    see("/es/code?goods=regalo").await.holds(&["Esto dice demasiado poco", "Puede ser cualquier cosa."]);
    see("/en/code?goods=black+xl")
        .await
        .holds(&["sizes, colours or numbers"])
        .lacks(&["Likely codes", "Use this code"]);
    see("/en/code?goods=blorptix+mug").await.holds(&["Not known here: <q>blorptix</q>"]);
    see("/es/code?goods=blorptix").await.holds(&["No se conoce aquí: <q>blorptix</q>"]);
    // An answer that no question has is told, not believed.
    let page = see("/en/code?goods=jumper&answer=made-of%3Acheese&answer=colour%3Ared").await;
    page.holds(&["belongs to no question", "Likely codes"]).lacks(&["What you said"]);
}

/// A T-shirt of 100 EUR by post to France: 3 EUR for the kind of goods, and 20 % of 103; the same as the command line says.
#[tokio::test]
async fn what_the_buyer_pays_stands_beside_each_code() {
    let address = "/en/code?goods=t-shirt&to=FR&origin=CN&channel=post";
    let page = see(address).await;
    page.holds(&["What the buyer would pay", "Buyer pays, EUR", "23.60", "3 %", "The value is an example"]);
    page.holds(&["With any of 6109.10, ", "EUR 23.60. The code you declare must still be right."]);
    // The figure leads to the quote that explains it, with all that it rests on.
    let why = "goods=6109.10&amp;price=100&amp;origin=CN&amp;from=CN&amp;to=FR&amp;currency=EUR&amp;channel=post";
    page.holds(&[why, "&amp;code=6109.10&amp;to=FR&amp;origin=CN&amp;channel=post\""]);
    // Numbers and words of the language.
    see(&address.replace("/en/", "/fr/")).await.holds(&["23,60", "Ce que l’acheteur paierait"]);
    let page = see("/es/code?goods=jersey&to=US&origin=CN&channel=post&price=12,50").await;
    page.holds(&["Paga el comprador, USD", "12,50", "id=\"question\""]);
    // No rules, no figure: never a zero.
    let page = see("/en/code?goods=t-shirt&to=QQ").await;
    page.holds(&["class=\"fault\"", "Likely codes"]).lacks(&["id=\"pays\""]);
    let page = see("/en/code?goods=t-shirt&to=FR&price=cheap").await;
    page.holds(&["class=\"fault\"", "items[0].price", "Likely codes"]).lacks(&["id=\"pays\""]);
}

#[tokio::test]
async fn words_that_are_a_code_lead_to_its_page() {
    for (address, to) in [
        ("/en/code?goods=6109.10", "/en/code/6109.10"),
        ("/fr/code?goods=61+09", "/fr/code/6109"),
        ("/es/code?goods=61091000", "/es/code/6109.1000"),
    ] {
        let seen = ask(&doors(), address).await;
        assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, to));
    }
    see("/es/code/6109.1000").await.holds(&["Subpartida 6109.10", "son las mismas en casi todos los países"]);
}

#[tokio::test]
async fn a_code_has_a_page_in_each_language() {
    let page = see("/en/code/6109.10").await;
    page.holds(&[
        "Cotton T-shirts",
        "href=\"/en/code/XI\"",
        "href=\"/en/code/6109\"",
        "href=\"/en/markets?goods=6109.10\"",
    ]);
    page.holds(&["Goods in it", "<li>t-shirt</li>", "belongs elsewhere", "What decides", "Chapter 61, note 2(a)"]);
    page.holds(&["Rates around the world"]);
    see("/fr/code/610910").await.holds(&["Sous-position 6109.10", "Ce qui décide", "Chapitre 61, note 2(a)"]);
    see("/es/code/6109.10").await.holds(&["Subpartida 6109.10", "Lo que decide", "Capítulo 61, nota 2(a)"]);
}

/// The table holds every economy; what is not known says so and is no zero.
#[tokio::test]
async fn rates_around_the_world_tell_known_from_unknown() {
    let row = |page: &Seen, territory: &str| {
        let start = page.text.find(&format!("/rates/{territory}/6109.10\"")).unwrap();
        page.text[start..start + page.text[start..].find("</tr>").unwrap()].to_owned()
    };
    let page = see("/en/code/6109.10").await;
    let france = row(&page, "FR");
    assert!(france.contains(">12 %<") && france.contains(">20 %<"), "{france}");
    let free = row(&page, "HK");
    assert!(free.contains(">0 %<") && free.contains("not applicable"), "{free}");
    let unknown = row(&page, "CL");
    assert!(unknown.contains("class=\"unknown\"") && !unknown.contains(">0 %<"), "{unknown}");
    page.holds(&["Not known is not zero.", "<svg", "economies whose duty is not known here"]);
    // The union's tariff is that of its members; goods are not sent to a union.
    page.lacks(&["/rates/EU/"]);
    // Sorted by duty, then by name, with links alone.
    assert!(page.before("/rates/SG/", "/rates/AU/") && page.before("/rates/US/", "/rates/CL/"));
    let named = see("/en/code/6109.10?sort=name").await;
    assert!(named.before("/rates/AU/", "/rates/SG/") && named.before("/rates/CL/", "/rates/US/"));
    named.holds(&["href=\"/en/code/6109.10?sort=duty#world\""]);
    // Only subheadings have rates: a heading has many.
    see("/en/code/6109").await.lacks(&["Rates around the world"]);
}

#[tokio::test]
async fn the_tree_is_walked() {
    for (address, parts) in [
        ("/en/code/tree", ["All goods, by section", "href=\"/en/code/XXI\""]),
        ("/fr/code/tree", ["Toutes les marchandises, par section", "href=\"/fr/code/XXI\""]),
        ("/es/code/XI", ["Sección XI", "href=\"/es/code/63\""]),
        ("/en/code/xi", ["Section XI", "href=\"/en/code/50\""]),
        ("/fr/code/61", ["Chapitre 61", "href=\"/fr/code/6109\""]),
        ("/es/code/6109", ["Partida 6109", "href=\"/es/code/6109.90\""]),
    ] {
        see(address).await.holds(&parts);
    }
}

#[tokio::test]
async fn titles_in_english_are_marked_in_other_pages() {
    // A heading of which a subheading was not written in French.
    let finder = tidewaiter_finder::Finder::embedded();
    let missing = finder.index().codes.iter().find(|code| code.titles[1].is_none()).unwrap();
    let heading = format!("{:04}", missing.digits / 100);
    see(&format!("/fr/code/{heading}")).await.holds(&["<span lang=\"en\" dir=\"ltr\">", "ils sont en anglais"]);
    see(&format!("/en/code/{heading}")).await.lacks(&["<span lang=\"en\"", "not written in this language"]);
    see("/fr/code/6109").await.lacks(&["<span lang=\"en\"", "ils sont en anglais"]);
}

#[tokio::test]
async fn codes_of_older_editions_lead_to_those_of_today() {
    // Of the correlation tables of the World Customs Organization, as data/hs.csv has them.
    let page = see("/en/code/0305.10").await;
    page.holds(&["0305.10 was a code of HS 2017", "Since 1 Jan 2022 (HS 2022)", "href=\"/en/code/0309.10\""]);
    see("/fr/code/0410.00").await.holds(&["était un code de SH 2017", "/fr/code/1601.00", "plusieurs codes"]);
    see("/es/code/3002.19").await.holds(&["era un código de SA 2017", "no nombran ningún código"]);
    see("/es/code/0309.10").await.holds(&["Ediciones anteriores", "/es/code/0305.10", "SA 2017"]);
}

#[tokio::test]
async fn what_is_no_code_is_refused_with_what_is_near() {
    let doors = doors();
    for (address, parts) in [
        ("/en/code/6199.10", ["There is no code 6199.10", "href=\"/en/code/6109\""]),
        ("/fr/code/6109.99", ["Il n’y a pas de code 6109.99", "href=\"/fr/code/6109.90\""]),
        ("/es/code/zzz", ["No hay ninguna sección ni código «zzz»", "href=\"/es/code/tree\""]),
        // A spreadsheet dropped the zero.
        ("/en/code/10121", ["There is no code 1012.1", "href=\"/en/code/0101.21\""]),
        ("/en/code/%20", ["There is no section or code", "Search by words"]),
    ] {
        let seen = ask(&doors, address).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND, "{address}");
        seen.holds(&parts);
    }
}

/// What is typed comes back as text, however it is written, and hardly grows the page.
#[tokio::test]
async fn nothing_typed_becomes_part_of_the_page() {
    let doors = doors();
    let nasty = "%22%3E%27%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
    for lang in ["en", "fr", "es"] {
        for rest in [
            format!("?goods={nasty}"),
            format!("?goods=mug+{nasty}&to={nasty}&origin={nasty}&price={nasty}&currency={nasty}&date={nasty}"),
            format!("?goods=jumper&answer={nasty}:{nasty}&about=jumper&sort={nasty}&channel={nasty}"),
            format!("?goods=jumper&from={nasty}&to=FR"),
            format!("/{nasty}"),
            format!("/6109.10?sort={nasty}"),
            "?goods=%FF%FE%00mug".to_owned(),
            format!("?goods={}", "jumper+".repeat(2_000)),
            format!("?goods=jumper{}", "&answer=made-of:wool".repeat(300)),
            format!("?goods=jumper{}", "&answer=x:y".repeat(2_000)),
            format!("/{}", "61".repeat(1_000)),
        ] {
            let seen = ask(&doors, &format!("/{lang}/code{rest}")).await;
            assert!(seen.status.as_u16() < 500, "{rest}: {}", seen.status);
            seen.lacks(&["<script>", "<img src=x", "\0"]);
            // The links to the other languages hold the address as it was asked, six times; nothing else grows with it.
            let most = 100_000 + 8 * rest.len();
            assert!(seen.text.len() < most, "{} bytes asked, {} answered", rest.len(), seen.text.len());
        }
    }
}
