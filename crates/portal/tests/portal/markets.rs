//! Markets: the question and its answer.

use crate::portal::house::{get, service};
use axum::http::StatusCode;
use tidewaiter::Consignment;

const BASKET: &str = "goods=t-shirt&code=6109.10&origin=CN&quantity=2&price=12.50&goods=watch&code=9102.11&origin=CN&quantity=1&price=79\
    &from=CN&to=FR&freight=4.90&currency=EUR&channel=post&registration=eu.ioss";

#[tokio::test]
async fn the_answer_is_that_of_the_library_in_each_language() {
    let service = service();
    let asked: Consignment = serde_json::from_str(
        r#"{"from":"CN","to":"FR","date":"2026-11-22","currency":"EUR","freight":"4.90","channel":"post",
            "seller":{"registrations":["eu.ioss"]},"items":[
            {"code":"6109.10","origin":"CN","quantity":2,"price":"12.50"},{"code":"9102.11","origin":"CN","price":"79"}]}"#,
    )
    .unwrap();
    let quote = tidewaiter_data::ratebook().quote(&asked).unwrap();
    let (due, landed) = (quote.total.least_asked.to_fixed(2), quote.landed.least.to_fixed(2));
    let page = get(&service, &format!("/en/markets?{BASKET}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows(&format!("EUR {due}")).shows(&format!("EUR {landed}")).shows("t-shirt, watch: from China to France");
    let comma = |text: &str| text.replace('.', ",");
    let page = get(&service, &format!("/fr/markets?{BASKET}")).await;
    page.shows(&format!("{} EUR", comma(&due))).shows("Chine → France").shows("Droits, taxes et frais");
    let page = get(&service, &format!("/es/markets?{BASKET}")).await;
    page.shows(&format!("{} EUR", comma(&due))).shows("de China a Francia");
}

#[tokio::test]
async fn every_charge_leads_to_its_source() {
    let service = service();
    let page = get(&service, &format!("/en/markets?{BASKET}")).await.text();
    let links: Vec<&str> = page.split("href=\"#fact-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() >= 4, "{links:?}");
    for key in links {
        assert!(page.contains(&format!("id=\"fact-{key}\"")), "no source {key} on the page");
    }
}

#[tokio::test]
async fn what_is_missing_is_asked_and_can_be_answered_on_the_page() {
    let service = service();
    let page = get(&service, "/en/markets?goods=6109.10&origin=CN&price=40&from=CN&to=DE&currency=EUR").await;
    page.shows("Who carries it?");
    let text = page.text();
    let link = text
        .split("href=\"?")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.contains("channel=post"));
    let link = link.expect("a link answers the question").replace("&amp;", "&");
    let answered = get(&service, &format!("/en/markets?{link}")).await;
    assert_eq!(answered.status, StatusCode::OK);
    assert!(!answered.seen().contains("Who carries it? worth"), "the question is gone");
}

#[tokio::test]
async fn zero_unknown_and_not_applicable_look_different() {
    let service = service();
    let zero = get(&service, "/en/markets?goods=6109.10&origin=CN&price=10&from=CN&to=CH&currency=EUR&channel=post")
        .await
        .text();
    let unknown = get(&service, "/en/markets?goods=hoodie&price=40&from=CN&to=US&currency=USD").await.text();
    assert!(zero.contains("class=\"tag\">nothing is due"), "a zero says that it is one");
    assert!(unknown.contains("class=\"unknown\""), "what is unknown is marked as unknown");
    assert!(!zero.contains("class=\"unknown\""));
    assert!(unknown.contains("not applicable"));
}

#[tokio::test]
async fn words_find_codes_and_questions() {
    let service = service();
    let page = get(&service, "/en/markets?goods=cotton+hoodie&price=40&from=CN&origin=CN&to=DE&currency=EUR").await;
    page.shows("Which goods code is it?").shows("6110.20").shows("None of them is certain");
    let vague = get(&service, "/en/markets?goods=gift&price=40&from=CN&origin=CN&to=DE&currency=EUR").await;
    vague.shows("No goods code can be told from these words");
}

#[tokio::test]
async fn mistakes_are_told_beside_their_field_and_nothing_is_reflected() {
    let service = service();
    let page = get(&service, "/en/markets?goods=%3Cscript%3Ealert(1)%3C/script%3E&price=abc&to=QQ&currency=EUR").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.headers["cache-control"], "no-store", "no cache keeps what is no answer");
    page.shows("Please look at this again");
    let text = page.text();
    assert!(!text.contains("<script>alert"), "typed text is never markup");
    assert!(text.contains("aria-invalid=\"true\""));
    let no_place = get(&service, "/en/markets?goods=mug&price=5&to=").await;
    no_place.shows("Choose where it is sent to.");
}

#[tokio::test]
async fn the_sheet_and_the_document_are_the_same_answer() {
    let service = service();
    let sheet = get(&service, &format!("/en/markets/quote.csv?{BASKET}")).await;
    assert_eq!(sheet.headers["content-type"], "text/csv; charset=utf-8");
    let page = get(&service, &format!("/en/markets?{BASKET}")).await.text();
    let link =
        page.split("href=\"/v1/quotes?").nth(1).and_then(|rest| rest.split('"').next()).unwrap().replace("&amp;", "&");
    let json = get(&service, &format!("/v1/quotes?{link}")).await;
    let quote: tidewaiter::Quote = serde_json::from_slice(&json.body).unwrap();
    assert!(
        sheet.text().contains(&format!("total,amount,,,,,{},{}", quote.total.least, quote.total.least)),
        "{}",
        sheet.text()
    );
}

#[tokio::test]
async fn comparison_orders_places_by_what_it_costs_to_land() {
    let service = service();
    let page = get(&service, "/en/markets/compare?goods=6109.10&origin=CN&price=30&from=CN&currency=EUR&channel=post&with=HU&with=LU&with=DE").await;
    let seen = page.seen();
    let at = |name: &str| seen.find(&format!("{name} ")).unwrap_or(usize::MAX);
    // The same duty everywhere, and VAT of 17, 19 and 27 %.
    assert!(at("Luxembourg") < at("Germany") && at("Germany") < at("Hungary"), "{seen}");
    let empty = get(&service, "/en/markets/compare").await;
    empty.shows("There is no basket to compare yet.");
}

#[tokio::test]
async fn a_curve_shows_the_limits_of_the_law() {
    let service = service();
    let page =
        get(&service, "/en/markets?goods=6109.10&origin=CN&price=100&from=CN&to=GB&currency=GBP&channel=post").await;
    page.shows("Limits at which it jumps").shows("135.00").shows("135.01");
}

#[tokio::test]
async fn registrations_are_offered_before_the_destination_is_known_and_kept() {
    let service = service();
    let first = get(&service, "/en/markets").await;
    first.shows("IOSS · European Union").shows("UK VAT · United Kingdom").shows("VOEC · Norway");
    let text = get(&service, &format!("/en/markets?{BASKET}")).await.text();
    assert!(text.contains("value=\"eu.ioss\" checked"), "what was ticked stays ticked");
    // One that counts elsewhere is no mistake here.
    let both = get(&service, &format!("/en/markets?{BASKET}&registration=gb.supplyvat")).await;
    assert!(!both.seen().contains("plays no part"), "a registration of another place is no mistake");
    let typed = get(&service, &format!("/en/markets?{BASKET}&registration=eu.ios")).await;
    typed.shows("The registration \"eu.ios\" plays no part");
}

#[tokio::test]
async fn lower_tax_rates_are_asked_for_and_are_a_field() {
    let service = service();
    let question = "goods=4901&origin=CN&price=300&from=CN&to=FR&currency=EUR&freight=5&channel=post";
    let page = get(&service, &format!("/en/markets?{question}")).await;
    page.shows("Do these goods have a lower tax rate?").shows("reduced, 5.5 %: food and books");
    assert!(!page.seen().contains("give the tax class"), "the question takes the place of the caution");
    let answered = get(&service, &format!("/en/markets?{question}&tax_class=reduced&insurance=2")).await;
    assert!(!answered.seen().contains("Do these goods have a lower tax rate?"));
    let text = answered.text();
    assert!(text.contains("<option value=\"reduced\" selected>"), "the form has what was said");
    assert!(text.contains("name=\"insurance\" value=\"2\""));
}

#[tokio::test]
async fn nothing_that_was_said_is_lost_when_the_form_is_sent_again() {
    let service = service();
    let page = get(
        &service,
        "/en/markets?goods=2203&price=4&item_weight_kg=0.5&from=DE&to=US&currency=EUR&measure.l.1=0.33&mode=air&fact=informational:no",
    )
    .await
    .text();
    let form = page.split("<form class=\"ask-form\"").nth(1).and_then(|rest| rest.split("</form>").next()).unwrap();
    for field in
        ["name=\"item_weight_kg\" value=\"0.5\"", "name=\"measure.l.1\" value=\"0.33\"", "name=\"mode\" value=\"air\""]
    {
        assert!(form.contains(field), "{field}");
    }
    assert!(form.contains("<option value=\"informational:no\" selected>"), "what was assumed can be said");
}

#[tokio::test]
async fn currencies_and_days_without_rules_are_refused_by_name() {
    let service = service();
    let question = "goods=6109.10&origin=CN&price=10&from=CN&to=FR";
    for (field, says) in [
        ("currency=XXX", "Currency: “XXX” is a currency of no country here"),
        (
            "currency=EUR&date=1999-01-01",
            "On which day: “1999-01-01” lies outside what is recorded here; choose a day from 1 Jan 2010 to 22 Nov 2029",
        ),
        ("currency=EUR&date=2099-01-01", "“2099-01-01” lies outside"),
    ] {
        let page = get(&service, &format!("/en/markets?{question}&{field}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        page.shows(says);
        let page = get(&service, &format!("/en/markets/compare?{question}&with=DE&{field}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        page.shows(says);
    }
    let early = get(&service, &format!("/en/markets?{question}&currency=EUR&date=2022-05-01")).await;
    assert_eq!(early.status, StatusCode::OK);
    early.shows("Law before 1 Jan 2024 is recorded only in part");
}

#[tokio::test]
async fn a_wrong_price_is_told_where_places_are_compared() {
    let service = service();
    for price in ["abc", "99999999999999999999"] {
        let page = get(
            &service,
            &format!("/en/markets/compare?goods=6109.10&price={price}&from=CN&currency=EUR&with=FR&with=DE"),
        )
        .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{price}");
        page.shows("Product 1, Price of one:");
        assert!(!page.seen().contains("There is no basket"), "there is one, and it is wrong");
    }
}

#[tokio::test]
async fn rules_are_told_in_words_of_the_page() {
    let service = service();
    let question = "goods=6109.10&origin=DE&price=30&from=FR&to=DE&currency=EUR";
    let english = get(&service, &format!("/en/markets?{question}")).await;
    english.shows("sent from European Union, Monaco, Northern Ireland");
    assert!(!english.seen().contains("shipped from EU"), "no words of the data's own language");
    get(&service, &format!("/fr/markets?{question}")).await.shows("valeur en douane");
    get(&service, &format!("/es/markets?{question}")).await.shows("valor en aduana");
}

#[tokio::test]
async fn the_parts_of_an_answer_do_not_say_less_than_its_charges() {
    let service = service();
    // The excise is not known; the fees are, between two ends.
    let page = get(&service, "/en/markets?goods=2203&origin=DE&price=4&quantity=6&from=DE&to=US&currency=EUR").await;
    page.shows("Fees EUR 2.48 to 2.51").shows("Taxes not known").shows("At most not known");
}

#[tokio::test]
async fn changes_for_parcels_from_elsewhere_are_not_announced() {
    let service = service();
    let within = get(&service, "/en/markets?goods=6109.10&origin=DE&price=30&from=FR&to=DE&currency=EUR").await;
    assert!(!within.seen().contains("Union handling fee"), "no customs charge inside the Union");
    within.shows("Does the seller stay below EUR 10,000");
    let outside = get(&service, "/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=DE&currency=EUR").await;
    outside.shows("Union handling fee");
    assert!(!outside.seen().contains("Does the seller stay below EUR 10,000"), "asked of sellers in the Union alone");
}

#[tokio::test]
async fn a_form_that_was_not_sent_can_change_its_language() {
    let service = service();
    let page = get(&service, "/fr/markets?goods=t-shirt&price=&from=CN&to=&currency=EUR&edit=1").await;
    assert_eq!(page.status, StatusCode::OK, "nobody asked yet");
    let text = page.text();
    assert!(text.contains("value=\"t-shirt\"") && !text.contains("name=\"edit\""), "filled in, and sent as a question");
}

#[tokio::test]
async fn picture_books_to_brazil_are_not_told_as_certain() {
    let service = service();
    let page =
        get(&service, "/en/markets?goods=4903&origin=CN&price=30&from=CN&to=BR&currency=USD&region=SP&channel=express")
            .await;
    page.shows("USD 0.00 to 27.83")
        .shows("Does customs in Brazil take these children's picture or colouring books as books");
    let books = get(&service, "/en/markets?goods=4903&origin=CN&price=30&from=CN&to=BR&currency=USD&region=SP&channel=express&fact=picture-book:yes").await;
    books.shows("nothing is due");
}

#[tokio::test]
async fn a_known_end_and_an_unknown_one_are_not_drawn_alike() {
    let service = service();
    let question = "goods=6109.10&origin=CN&price=30&from=CN&currency=EUR";
    let page = get(&service, &format!("/en/markets/compare?{question}&with=TR&with=FR")).await;
    page.shows("dotted: not known how much more").shows("how much more is not known");
    let text = page.text();
    assert_eq!((text.matches("class=\"open-only\"").count(), text.matches("class=\"maybe-only\"").count()), (1, 1));
    let closed = get(&service, &format!("/en/markets/compare?{question}&with=FR")).await;
    assert!(!closed.seen().contains("dotted:"));
}

#[tokio::test]
async fn a_headline_without_shipping_says_so_and_paper_has_the_address() {
    let service = service();
    let page =
        get(&service, "/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=FR&currency=EUR&channel=post").await;
    page.shows("without shipping").shows("This answer stands at /en/markets?goods=6109.10&origin=CN");
    assert!(!get(&service, &format!("/en/markets?{BASKET}")).await.seen().contains("without shipping"));
}

const TO_CANADA: &str =
    "goods=6109.10&origin=KR&quantity=2&price=30&from=KR&to=CA&currency=CAD&freight=10&channel=post";

#[tokio::test]
async fn a_region_is_one_of_the_destination_or_a_mistake() {
    let service = service();
    let due = |answer: &crate::portal::house::Answer| {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.seen());
        answer.text().split("class=\"due\"").nth(1).and_then(|rest| rest.split("</p>").next()).unwrap().to_owned()
    };
    let of = async |region: &str| get(&service, &format!("/en/markets?{TO_CANADA}&region={region}")).await;
    let ontario = due(&of("ON").await);
    assert_eq!(due(&of("Ontario").await), ontario, "a name is as good as its letters");
    let quebec = due(&of("QC").await);
    assert_ne!(quebec, ontario);
    assert_eq!(due(&of("Qu%C3%A9bec").await), quebec);
    let alberta = of("AB").await;
    assert_ne!(due(&alberta), ontario);
    assert!(!alberta.seen().contains("No rule of"), "no caution for a province that there is");
    let nowhere = of("ZZ").await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    nowhere.shows("State or province: “ZZ” is no state or province of Canada that is known here").shows("Nova Scotia");
    let sheet = get(&service, &format!("/en/markets/quote.csv?{TO_CANADA}&region=ZZ")).await;
    assert_eq!(sheet.status, StatusCode::UNPROCESSABLE_ENTITY, "nor is it a sheet");
    let open = get(&service, &format!("/fr/markets?{TO_CANADA}")).await.text();
    assert!(open.contains("<option value=\"QC\">Québec</option>"), "provinces are a list to choose from");
    let elsewhere =
        get(&service, "/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=FR&currency=EUR&region=ZZ").await;
    assert_eq!(elsewhere.status, StatusCode::OK, "where no rule asks for it, it changes nothing");
}

#[tokio::test]
async fn a_code_that_there_is_not_is_a_mistake_of_its_field() {
    let service = service();
    let of = async |fields: &str| {
        get(&service, &format!("/en/markets?{fields}&price=30&from=CN&origin=CN&to=FR&currency=EUR")).await
    };
    for fields in ["goods=t-shirt&code=9999.99", "goods=9999.99", "goods=9999"] {
        let answer = of(fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        answer.shows("is no goods code: the Harmonized System has no 9999;");
    }
    of("goods=6109.55").await.shows("has no 6109.55;");
    for known in ["6109", "6109.10", "6109.10.0010", "8528.72"] {
        assert_eq!(of(&format!("goods={known}")).await.status, StatusCode::OK, "{known}");
    }
    let national = "/en/markets?goods=9802.00.40&price=30&from=CN&origin=CN&to=US&currency=USD&channel=post";
    assert!(get(&service, national).await.seen().contains("9802"), "chapter 98 is for each tariff to fill");
}

#[tokio::test]
async fn a_tariff_that_is_recorded_in_part_is_not_said_to_be_missing() {
    let service = service();
    let page =
        get(&service, "/en/markets?goods=6109.10&origin=CN&price=200&from=CN&to=NO&currency=EUR&channel=post").await;
    page.shows("No single rate for this code is recorded here.").shows("the rate is not known");
    assert!(!page.seen().contains("The tariff of Norway is not loaded"), "{}", page.seen());
}

#[tokio::test]
async fn lower_duties_that_are_not_recorded_are_not_known() {
    let service = service();
    let canada = get(&service, &format!("/en/markets?{TO_CANADA}&region=ON")).await;
    canada.shows(
        "Could the buyer pay less? Not known. Lower duties under trade agreements are not recorded here for Canada",
    );
    let britain =
        get(&service, "/en/markets?goods=6109.10&origin=US&price=200&from=US&to=GB&currency=GBP&channel=post").await;
    britain.shows("Not known. Lower duties under trade agreements");
    let nothing =
        get(&service, "/en/markets?goods=6109.10&origin=CN&price=10&from=CN&to=CH&currency=EUR&channel=post").await;
    nothing.shows("No lower duty that could be claimed is recorded");
}

#[tokio::test]
async fn a_question_that_was_only_begun_is_no_mistake() {
    let service = service();
    for begun in ["/fr/markets?goods=sweat&code=6110.20", "/fr/markets?goods=6109.10&price=30&currency=EUR&with=DE"] {
        let page = get(&service, begun).await;
        assert_eq!(page.status, StatusCode::OK, "{begun}");
        page.shows("Complétez le reste");
        assert!(!page.text().contains("role=\"alert\""), "{begun}");
    }
    let sent = get(&service, "/fr/markets?goods=sweat&code=6110.20&price=&to=FR&currency=EUR").await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "a form that was sent lacks its price");
    let wrong = get(&service, "/en/markets?goods=9999.99").await;
    wrong.shows("the Harmonized System has no 9999;");
}

#[tokio::test]
async fn questions_are_named_where_they_stand() {
    let service = service();
    let below = get(&service, "/en/markets?goods=6109.10&origin=CN&price=40&from=CN&to=DE&currency=EUR").await;
    below.shows("Answer the questions below");
    let none =
        get(&service, "/en/markets?goods=1509.20&origin=ES&price=30&from=ES&to=MX&currency=EUR&channel=post").await;
    assert!(!none.seen().contains("questions below"), "{}", none.seen());
    let coded =
        get(&service, "/en/markets?goods=cotton+mug&origin=CN&price=30&from=CN&to=US&currency=EUR&channel=post").await;
    coded.shows("The goods code above makes it narrower.");
    assert!(!coded.seen().contains("questions below"));
    let words = get(&service, "/en/markets?goods=xyzzy&price=30&from=CN&to=US&currency=EUR").await;
    words.shows("describe the product in other words");
    assert!(!words.seen().contains("suggested by your words"), "no code is shown");
    assert!(!words.seen().contains("choose it above"));
}

#[tokio::test]
async fn what_an_answer_is_worth_stands_in_the_currency_of_the_question() {
    let service = service();
    let page = get(
        &service,
        "/en/markets?goods=4202.21&origin=ES&price=80&from=ES&to=BR&currency=EUR&freight=10&channel=post",
    )
    .await;
    page.shows("To which state or province does it go?").shows("narrows the answer by EUR ");
    let seen = page.seen();
    assert!(!seen.contains("narrows the answer by BRL") && !seen.contains("ON or CA"), "{seen}");
    assert!(page.text().contains("<option value=\"SP\">São Paulo</option>"));
}

#[tokio::test]
async fn the_base_of_a_range_is_not_told_as_the_only_one() {
    let service = service();
    let page = get(&service, "/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=FR&currency=EUR").await;
    // 20 % of EUR 33.00 or 33.60: the EUR 3 of a parcel, or 12 %.
    page.shows("33.00 in one of the cases 6.60 to 6.72");
}

#[tokio::test]
async fn too_small_and_not_known_do_not_stand_together() {
    let service = service();
    let page =
        get(&service, "/en/markets?goods=candle&origin=FR&price=80&from=FR&to=CH&currency=EUR&channel=post").await;
    assert!(!page.seen().contains("too small, not collected"), "{}", page.seen());
}

#[tokio::test]
async fn the_shares_of_codes_add_up() {
    let service = service();
    for goods in ["camiseta", "bougie", "mug"] {
        let page = get(&service, &format!("/en/markets?goods={goods}&price=80&from=FR&to=CH&currency=EUR")).await;
        let text = page.text();
        let figure =
            |text: &str| text.split('%').next().and_then(|t| t.trim_end_matches(['\u{a0}', ' ']).parse::<u32>().ok());
        let shares: Vec<u32> =
            text.split("data-label=\"Likely\">").skip(1).map(|rest| figure(rest).expect("a percentage")).collect();
        let together = page.seen().split("these codes together: ").nth(1).and_then(figure);
        let sum = Some(shares.iter().sum::<u32>()).filter(|_| shares.len() > 1);
        assert!(!shares.is_empty());
        assert_eq!(together, sum, "{goods}: {shares:?}; one code has no sum");
    }
}

#[tokio::test]
async fn ranges_of_a_comparison_say_what_to_answer() {
    let service = service();
    let places = "with=DE&with=FR";
    let page =
        get(&service, &format!("/en/markets/compare?goods=6109.10&origin=CN&price=30&from=CN&currency=EUR&{places}"))
            .await;
    page.shows("Many answers are ranges").shows("Who carries it? open in 2 answers");
    let link = page.text().split("href=\"?").find(|link| link.contains("channel=post")).unwrap().to_owned();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let exact = get(&service, &format!("/en/markets/compare?{link}")).await;
    assert!(!exact.seen().contains("Many answers are ranges"), "{}", exact.seen());
}

#[tokio::test]
async fn rows_of_one_charge_are_rows_of_the_table() {
    let service = service();
    let page = get(&service, "/en/markets?goods=6109.10&origin=CN&price=30&from=CN&to=FR&currency=EUR").await.text();
    assert!(page.contains("<tr class=\"rung\">"));
    let style = style_of(&service, &page).await;
    for rule in style
        .split('}')
        .filter(|rule| rule.split('{').next().is_some_and(|s| s.split(',').any(|one| one.trim().ends_with(".rung"))))
    {
        assert!(!rule.contains("display"), "a row is no block: {rule}");
    }
}

/// The style that a page names.
async fn style_of(service: &axum::Router, page: &str) -> String {
    let address = page.split("rel=\"stylesheet\"").nth(1).and_then(|rest| rest.split("href=\"").nth(1));
    let address = address.and_then(|rest| rest.split('"').next()).expect("a page has a style");
    get(service, address).await.text()
}
