//! Pages of sellers: whose they are, what they take, what they say is wrong.

use super::house::{Answer, ask, get, service, settings};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::{Timestamp, ToSpan as _};
use tidewaiter_collect::Definition;
use tidewaiter_collect::apply::{Decision, Form};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::service::{Role, Service};
use tidewaiter_collect::store::Store;
use tidewaiter_portal::{Desk, House, Settings, router};
use tidewaiter_repository::key::SecretKey;

const AUTHORITY: &str = "eu.ioss.IE";

/// A house with one authority that decides at once, on some day; the same ledgers where the folder is the same.
async fn house(folder: &tempfile::TempDir, today: &str, open: bool) -> Router {
    let file = folder.path().join("house.db");
    let is_new = !file.exists();
    let store = Store::open(file.to_str().unwrap()).await.unwrap();
    let read = |(key, text): &(&str, &str)| ((*key).to_owned(), Definition::read(text).unwrap());
    let definitions = tidewaiter_data::returns().iter().map(read).collect();
    let identifiers = Identifiers::read(tidewaiter_data::identifiers()).unwrap();
    let service = Service::new(store, definitions, identifiers, Some(SecretKey::generate().unwrap()));
    if is_new {
        let (now, later) = (Timestamp::now(), Timestamp::now() + 24.hours());
        let keeper = service.first_keeper("keeper", now, later).await.unwrap();
        let keeper = service.caller(&keeper, now).await.unwrap().unwrap();
        service.add_authority(&keeper, "eu.ioss", Some("IE"), "Revenue", now).await.unwrap();
        let officer = service.make_token(&keeper, "officer", Role::Officer, Some(AUTHORITY), now, later).await.unwrap();
        let officer = service.caller(&officer, now).await.unwrap().unwrap();
        let form = Form::of(&service.definitions()["eu.ioss"]);
        let form = Form { decision: Decision::AtOnce, numbers: Some("IM372{6}{check}".into()), ..form };
        service.set_form(&officer, AUTHORITY, &form, now).await.unwrap();
    }
    let desk = Desk::embedded(Settings { today: Some(today.parse().unwrap()), ..settings() });
    desk.open_house(House { service, open });
    router(desk)
}

async fn post(doors: &Router, address: &str, cookie: &str, body: &str) -> Answer {
    let request = Request::post(address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin");
    ask(doors, request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn see(doors: &Router, address: &str, cookie: &str) -> Answer {
    ask(doors, Request::get(address).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

/// Signs up; the cookie.
async fn signed_up(doors: &Router, name: &str) -> String {
    let answer = post(doors, "/en/collect/signup", "", &format!("name={name}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.seen());
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

const PARTICULARS: &str = "f.legal_name=Mug+Shop&f.address.street=1+Quay&f.address.town=Galway&f.address.country=IE&f.email=a%40mug.example\
    &f.websites=mug.example&f.tax_number=IE1&f.contact_name=Ann&f.phone=%2B353+91+123456&f.home_country=IE";

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.seen());
    answer.headers[header::LOCATION].to_str().unwrap()
}

async fn upload(doors: &Router, cookie: &str, file: &str) -> Answer {
    let body = format!(
        "--xx\r\ncontent-disposition: form-data; name=\"file\"; filename=\"s.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--xx--\r\n"
    );
    let request = Request::post("/en/collect/sales")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
        .header(header::COOKIE, cookie);
    ask(doors, request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn without_a_house_the_page_says_what_the_command_line_does() {
    let doors = service();
    for (lang, words) in
        [("en", "With the command line"), ("fr", "Avec la ligne de commande"), ("es", "Con la línea de comandos")]
    {
        let page = get(&doors, &format!("/{lang}/collect")).await;
        page.shows(words).shows("eu.ioss");
        assert!(
            page.headers[header::CACHE_CONTROL].to_str().unwrap().contains("public"),
            "it is the same for everybody"
        );
    }
    for path in ["mine", "signup", "enter", "apply", "sales", "people", "log"] {
        let page = get(&doors, &format!("/en/collect/{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_scheme_has_a_page_with_its_sources_and_what_is_not_known() {
    let doors = service();
    for (key, text) in tidewaiter_data::returns() {
        let rules = Definition::read(text).unwrap();
        for lang in ["en", "fr", "es"] {
            let page = get(&doors, &format!("/{lang}/collect/scheme/{key}")).await;
            assert_eq!(page.status, StatusCode::OK, "{key}");
            let facts = page.text().matches("class=\"source\"").count();
            assert_eq!(facts, rules.fact.len(), "{lang} {key}");
            assert!(!page.seen().contains("collect-"), "{lang} {key}: a word is not written");
        }
        let page = get(&doors, &format!("/en/collect/scheme/{key}")).await;
        for one in &rules.unknown {
            let first: Vec<&str> = one.what.split_whitespace().take(5).collect();
            page.shows(&first.join(" "));
        }
    }
    assert_eq!(get(&doors, "/en/collect/scheme/qq").await.status, StatusCode::NOT_FOUND);
    // Names are in the language of the page, and the comparison can be found.
    for (lang, union, norway) in [
        ("fr", "Guichet unique pour les ventes dans l’Union", "TVA sur le commerce électronique (VOEC)"),
        ("es", "Ventanilla única de la Unión", "IVA del comercio electrónico (VOEC)"),
    ] {
        let equal = format!("/{lang}/collect/equal");
        let page = get(&doors, &format!("/{lang}/collect")).await;
        page.shows(union).shows(norway);
        assert!(page.text().contains(&equal), "{equal}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_asked_for_a_token_and_nothing_is_cached() {
    let folder = tempfile::tempdir().unwrap();
    let doors = house(&folder, "2026-10-02", true).await;
    for path in ["mine", "apply", "apply/eu.ioss.IE", "sales", "people", "log", "application/x-1", "calendar.ics"] {
        let page = get(&doors, &format!("/en/collect/{path}")).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
    let page = get(&doors, "/en/collect").await;
    assert_eq!((page.status, &page.headers[header::CACHE_CONTROL]), (StatusCode::OK, &"no-store".parse().unwrap()));
    let wrong = post(&doors, "/en/collect/enter", "", "token=twc_nobody").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(!wrong.text().contains("twc_nobody") && !wrong.headers.contains_key(header::SET_COOKIE));
    // A page of another site writes nothing.
    let elsewhere = Request::post("/en/collect/signup").header("sec-fetch-site", "cross-site");
    let answer = ask(&doors, elsewhere.body(Body::from("name=x")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let closed = house(&tempfile::tempdir().unwrap(), "2026-10-02", false).await;
    post(&closed, "/en/collect/signup", "", "name=x").await.shows("cannot sign up by themselves");
}

#[tokio::test]
async fn a_seller_registers_and_no_other_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let doors = house(&folder, "2026-10-02", true).await;
    let own = signed_up(&doors, "Mug+Shop").await;
    let other = signed_up(&doors, "Mug+Shop").await;
    see(&doors, "/en/collect/mine", &other).await.shows("seller of mug-shop-2");

    // What is wrong stands beside its field, and what was written stays.
    let written = PARTICULARS.replace("a%40mug.example", "nobody").replace("f.contact_name=Ann", "f.contact_name=");
    let wrong = post(&doors, "/en/collect/apply/eu.ioss.IE", &own, &written).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows("2 fields must be put right").shows("Write an e-mail address").shows("Fill this in.");
    assert!(wrong.text().contains("value=\"nobody\"") && wrong.text().contains("id=\"fault-f-contact_name\""));

    let sent = post(&doors, "/en/collect/apply/eu.ioss.IE", &own, PARTICULARS).await;
    let address = location(&sent).to_owned();
    see(&doors, &address, &own).await.shows("accepted").shows("IM372000001");
    assert_eq!(see(&doors, &address, &other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&doors, &address, &other, "").await.status, StatusCode::NOT_FOUND);
    see(&doors, "/en/collect/mine", &own).await.shows("IM372000001");
    let again = post(&doors, "/en/collect/apply/eu.ioss.IE", &own, PARTICULARS).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.shows("registered already");
}

#[tokio::test]
async fn a_number_that_cannot_be_right_comes_back_with_what_was_likely_meant() {
    let folder = tempfile::tempdir().unwrap();
    let doors = house(&folder, "2026-10-02", true).await;
    let own = signed_up(&doors, "Mug+Shop").await;
    let identifiers = Identifiers::read(tidewaiter_data::identifiers()).unwrap();
    // Two digits that stand the wrong way round.
    let wrong = "DE136695967";
    let verdict = identifiers.look("vat", wrong).unwrap();
    assert!(!verdict.valid && !verdict.likely.is_empty(), "{verdict:?}");
    let page = post(&doors, "/en/collect/number/eu.oss", &own, &format!("number={wrong}&from=2026-07-01")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows("Did you mean").shows(&verdict.likely[0]);
    let taken = format!("number={wrong}&take={}&from=2026-07-01&state=de", verdict.likely[0]);
    location(&post(&doors, "/en/collect/number/eu.oss", &own, &taken).await);
    see(&doors, "/en/collect/mine", &own).await.shows(&verdict.likely[0]).shows("registered elsewhere");
}

#[tokio::test]
async fn sales_make_a_return_that_is_sent_once_with_a_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let doors = house(&folder, "2026-10-02", true).await;
    let own = signed_up(&doors, "Mug+Shop").await;
    location(&post(&doors, "/en/collect/apply/eu.ioss.IE", &own, PARTICULARS).await);
    let doors = house(&folder, "2026-12-05", true).await;

    let head = "kind,document,date,to,currency,goods,charge,scheme,rate,rate_type,net,amount\n";
    let bad = upload(&doors, &own, &format!("{head}sale,1,03/04/2026,FR,EUR,10,,,,,,\n")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    bad.shows("s.csv was refused").shows("date").shows("ambiguous");
    let row = "sale,1,2026-10-05,FR,EUR,100.00,eu.vat,eu.ioss,20 %,standard,100.00,20.00\n";
    upload(&doors, &own, &format!("{head}{row}")).await.shows("One entry of s.csv was recorded");
    upload(&doors, &own, &format!("{head}{row}")).await.shows("One was known already");
    see(&doors, "/en/collect/sales", &own).await.shows("sale 1").shows("EUR 20.00");

    let question = "?scheme=eu.ioss&period=2026-10";
    see(&doors, "/en/collect/mine", &own).await.shows("late by 5 days");
    let draft = see(&doors, &format!("/en/collect/return{question}"), &own).await;
    draft.shows("EUR 20.00").shows("late by 5 days").shows("Go on to send it");
    see(&doors, &format!("/en/collect/return/lines{question}&to=FR"), &own).await.shows("sale 1");
    see(&doors, &format!("/en/collect/return/lines{question}&to=DE"), &own).await.shows("No sales");

    let address = format!("/en/collect/return/send{question}");
    post(&doors, &address, &own, "").await.shows("Tick that you have looked");
    let receipt = location(&post(&doors, &address, &own, "sure=yes").await).to_owned();
    see(&doors, &receipt, &own).await.shows("came late").shows("EUR 20.00");
    let again = post(&doors, &address, &own, "sure=yes").await;
    assert_ne!(again.status, StatusCode::SEE_OTHER, "a period is sent once");
    let other = signed_up(&doors, "Other").await;
    let theirs = see(&doors, &receipt, &other).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);

    let file = see(&doors, &format!("/en/collect/return/file{question}&as=csv"), &own).await;
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("eu.ioss-2026-10.csv"));
    assert!(file.text().contains(",owed,") && file.headers[header::CACHE_CONTROL] == "no-store");
    see(&doors, "/en/collect/log", &own).await.shows("took a file").shows("sent a return");
    let pay = see(&doors, &format!("/en/collect/pay{question}"), &own).await;
    pay.shows("No money is moved here").shows("IE/IM372000001").shows("EUR 20.00");
    let code = post(
        &doors,
        &format!("/en/collect/pay{question}"),
        &own,
        "name=Revenue&iban=DE75512108001245126199&reference=x",
    )
    .await;
    assert_eq!(code.text().matches("<svg").count(), 1);
    assert!(see(&doors, "/en/collect/calendar.ics", &own).await.text().starts_with("BEGIN:VCALENDAR"));
}

#[tokio::test]
async fn an_accountant_reads_and_cannot_send() {
    let folder = tempfile::tempdir().unwrap();
    let doors = house(&folder, "2026-11-22", true).await;
    let own = signed_up(&doors, "Mug+Shop").await;
    let made = post(&doors, "/en/collect/people", &own, "do=make&label=Bea&role=accountant").await;
    let text = made.text();
    let token: String = text[text.find("twc_").unwrap()..].chars().take_while(|c| *c != '<').collect();
    let entered = post(&doors, "/en/collect/enter", "", &format!("token={token}")).await;
    let cookie = entered.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    see(&doors, "/en/collect/mine", &cookie).await.shows("Bea, accountant of mug-shop");
    assert_eq!(see(&doors, "/en/collect/people", &cookie).await.status, StatusCode::FORBIDDEN);
    assert_eq!(upload(&doors, &cookie, "kind,document,date\n").await.status, StatusCode::FORBIDDEN);
    assert_eq!(post(&doors, "/en/collect/apply/eu.ioss.IE", &cookie, PARTICULARS).await.status, StatusCode::FORBIDDEN);
    let page = see(&doors, "/en/collect/people", &own).await.text();
    let id: String = page.split("name=\"id\" value=\"").nth(1).unwrap().chars().take(12).collect();
    let revoked = post(&doors, "/en/collect/people", &own, &format!("do=revoke&id={id}")).await;
    location(&revoked);
}
