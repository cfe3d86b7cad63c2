//! The house of sellers and authorities over HTTP: from signing up to the receipt and what the authority sees of it. Bodies are the examples of
//! the OpenAPI document, and every answer is held against the shape that the document says.

use crate::api::ask::{Answer, doors, send, settings};
use crate::api::document::{check, document};
use axum::Router;
use axum::body::Body;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tidewaiter_collect::Definition;
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::service::{Role, Service};
use tidewaiter_collect::store::Store;
use tidewaiter_portal::{Desk, House, router};
use tidewaiter_repository::key::SecretKey;
use tidewaiter_repository::{receipt, sha256_hex};

pub(crate) const JSON: &str = "application/json";
/// Seed of the key that signs receipts.
const SEED: [u8; 32] = [7; 32];

/// A house in a file, and its doors.
pub(crate) struct There {
    pub(crate) folder: TempDir,
    pub(crate) doors: Router,
    pub(crate) document: Value,
    /// Token of who runs it.
    pub(crate) keeper: String,
    desk: Desk,
}

impl There {
    pub(crate) async fn new(open: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("house.db").to_str().unwrap()).await.unwrap();
        let read = |(key, text): &(&str, &str)| ((*key).to_owned(), Definition::read(text).unwrap());
        let definitions = tidewaiter_data::returns().iter().map(read).collect();
        let identifiers = Identifiers::read(tidewaiter_data::identifiers()).unwrap();
        let service = Service::new(store, definitions, identifiers, Some(SecretKey::from_seed(&SEED)));
        let now = Timestamp::now();
        let keeper = service.first_keeper("Kim", now, now + 24.hours()).await.unwrap();
        let desk = Desk::embedded(settings());
        desk.open_house(House { service, open });
        Self { folder, doors: router(desk.clone()), document: document().await, keeper, desk }
    }

    pub(crate) fn service(&self) -> &Service {
        &self.desk.house().unwrap().service
    }

    /// Asks a door by its pattern, the parts of its path, and what stands behind the question mark.
    pub(crate) async fn ask(
        &self,
        (method, pattern): (&str, &str),
        parts: &[(&str, &str)],
        query: &str,
        token: Option<&str>,
        body: Option<(&str, String)>,
    ) -> Answer {
        let mut address =
            parts.iter().fold(pattern.to_owned(), |path, (name, is)| path.replace(&format!("{{{name}}}"), is));
        assert!(!address.contains('{'), "{address}");
        if !query.is_empty() {
            address = format!("{address}?{query}");
        }
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
        headers.extend(body.as_ref().map(|(kind, _)| ("content-type", *kind)));
        let text = body.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        let answer = send(&self.doors, method, &address, &headers, text).await;
        let door = &self.document["paths"][pattern][method.to_lowercase()];
        assert!(door.is_object(), "{method} {pattern} is not in the document");
        check(&self.document, pattern, door, &answer);
        assert_eq!(answer.header("cache-control"), "no-store", "{method} {address}");
        assert_eq!(
            (answer.header("etag"), answer.header("access-control-allow-origin")),
            ("", ""),
            "{method} {address}"
        );
        answer
    }

    /// The body that the document has as an example.
    pub(crate) fn example(&self, (method, pattern): (&str, &str), kind: &'static str) -> (&'static str, String) {
        let said = &self.document["paths"][pattern][method.to_lowercase()]["requestBody"]["content"][kind]["example"];
        assert!(!said.is_null(), "{method} {pattern} has no example of {kind}");
        (kind, said.as_str().map_or_else(|| said.to_string(), str::to_owned))
    }
}

pub(crate) const ME: (&str, &str) = ("GET", "/v1/collect/me");
pub(crate) const AUTHORITIES: (&str, &str) = ("GET", "/v1/collect/authorities");
pub(crate) const ADMIT: (&str, &str) = ("POST", "/v1/collect/authorities");
pub(crate) const SIGN_UP: (&str, &str) = ("POST", "/v1/collect/sellers");
pub(crate) const TOKENS: (&str, &str) = ("GET", "/v1/collect/tokens");
pub(crate) const MAKE: (&str, &str) = ("POST", "/v1/collect/tokens");
pub(crate) const REVOKE: (&str, &str) = ("DELETE", "/v1/collect/tokens/{id}");
pub(crate) const LOG: (&str, &str) = ("GET", "/v1/collect/log");
pub(crate) const EVENTS: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/events");
pub(crate) const ORDERS: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/orders");
pub(crate) const ENTRIES: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/entries");
pub(crate) const BALANCES: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/balances");
pub(crate) const RETURNS: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/returns");
pub(crate) const DRAFT: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/returns/{scheme}/{period}");
pub(crate) const SEND: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/returns/{scheme}/{period}");
pub(crate) const LINES: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/returns/{scheme}/{period}/lines");
pub(crate) const EXPORT: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/returns/{scheme}/{period}/export");
pub(crate) const PUBLISH: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/returns/{scheme}/{period}/export");
pub(crate) const SENT: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/sent/{authority}/{period}/{n}");
pub(crate) const HAND_IN: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/declarations");
pub(crate) const CALENDAR: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/calendar");
pub(crate) const APPLICATIONS: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/applications");
pub(crate) const APPLY: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/applications");
pub(crate) const ANSWER: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/applications/{id}/answers");
pub(crate) const WITHDRAW: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/applications/{id}/withdrawal");
pub(crate) const OWN_TOKENS: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/tokens");
pub(crate) const MAKE_OWN: (&str, &str) = ("POST", "/v1/collect/sellers/{seller}/tokens");
pub(crate) const REVOKE_OWN: (&str, &str) = ("DELETE", "/v1/collect/sellers/{seller}/tokens/{id}");
pub(crate) const OWN_LOG: (&str, &str) = ("GET", "/v1/collect/sellers/{seller}/log");
pub(crate) const FORM: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/form");
pub(crate) const SET_FORM: (&str, &str) = ("PUT", "/v1/collect/authorities/{authority}/form");
pub(crate) const APPLICATIONS_TO: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/applications");
pub(crate) const DECIDE: (&str, &str) = ("POST", "/v1/collect/authorities/{authority}/applications/{id}/decision");
pub(crate) const VENDORS: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/vendors");
pub(crate) const VENDORS_FILE: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/vendors/export");
pub(crate) const EXPECTED: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/expected");
pub(crate) const RECEIVED: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/returns");
pub(crate) const OPENED: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/returns/{seller}/{period}/{n}");
pub(crate) const BORDER: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/border");
pub(crate) const UPLOAD: (&str, &str) = ("POST", "/v1/collect/authorities/{authority}/border");
pub(crate) const DIFFERENCES: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/differences");
pub(crate) const AUTHORITY_LOG: (&str, &str) = ("GET", "/v1/collect/authorities/{authority}/log");

fn token_of(made: &Answer) -> String {
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["token"].as_str().unwrap().to_owned()
}

/// A seller of the example, an authority with a form, and an officer of it.
async fn shop(there: &There) -> (String, String) {
    let keeper = Some(there.keeper.as_str());
    let ireland = json!({ "scheme": "eu.ioss", "member_state": "IE", "name": "Revenue" }).to_string();
    assert_eq!(there.ask(ADMIT, &[], "", keeper, Some((JSON, ireland))).await.status, 201);
    let officer = token_of(&there.ask(MAKE, &[], "", keeper, Some(there.example(MAKE, JSON))).await);
    let seller = token_of(&there.ask(SIGN_UP, &[], "", None, Some(there.example(SIGN_UP, JSON))).await);
    let to = [("authority", "eu.ioss.IE")];
    let set = there.ask(SET_FORM, &to, "", Some(&officer), Some(there.example(SET_FORM, JSON))).await;
    assert_eq!((set.status, &set.json()["form_version"]), (200, &json!(2)), "{}", set.text());
    (seller, officer)
}

#[tokio::test]
async fn from_signing_up_to_the_receipt_and_what_the_authority_sees() {
    let there = There::new(true).await;
    let (seller, officer) = shop(&there).await;
    let (seller, officer) = (Some(seller.as_str()), Some(officer.as_str()));
    let own = [("seller", "mug-shop"), ("scheme", "eu.ioss"), ("period", "2026-10"), ("id", "mug-shop-1")];
    let to = [("authority", "eu.ioss.IE"), ("id", "mug-shop-1")];

    // Who receives, and who one is.
    let known = there.ask(AUTHORITIES, &[], "", None, None).await.json();
    assert_eq!(known["authorities"][0]["form"]["fields"][0]["key"], "legal_name");
    let me = there.ask(ME, &[], "", seller, None).await.json();
    assert_eq!((&me["role"], &me["of"]), (&json!("seller"), &json!("mug-shop")));

    // Applying: wrong, then right, asked, answered, accepted.
    let wrong = json!({ "authority": "eu.ioss.IE", "asked": { "kind": "new", "answers": { "town": "Cork" } } });
    let wrong = there.ask(APPLY, &own, "", seller, Some((JSON, wrong.to_string()))).await;
    assert_eq!((wrong.status, wrong.wrong()), (422, vec!["legal_name".to_owned(), "town".to_owned()]));
    let sent = there.ask(APPLY, &own, "", seller, Some(there.example(APPLY, JSON))).await;
    assert_eq!((sent.status, &sent.json()["state"], &sent.json()["id"]), (201, &json!("sent"), &json!("mug-shop-1")));
    let again = there.ask(APPLY, &own, "", seller, Some(there.example(APPLY, JSON))).await;
    assert_eq!(again.status, 409, "one waits already");
    let asked = there.ask(DECIDE, &to, "", officer, Some(there.example(DECIDE, JSON))).await;
    assert_eq!((asked.status, &asked.json()["state"]), (200, &json!("asked")), "{}", asked.text());
    let answered = there.ask(ANSWER, &own, "", seller, Some(there.example(ANSWER, JSON))).await;
    assert_eq!((answered.status, &answered.json()["state"]), (200, &json!("sent")), "{}", answered.text());
    let accept = json!({ "decision": "accept" }).to_string();
    let accepted = there.ask(DECIDE, &to, "", officer, Some((JSON, accept.clone()))).await;
    assert_eq!((accepted.status, &accepted.json()["number"]), (200, &json!("IM3720000010")), "{}", accepted.text());
    assert_eq!(there.ask(DECIDE, &to, "", officer, Some((JSON, accept))).await.status, 409, "decided once");

    // What happened, in three forms, each known the second time.
    for kind in [JSON, "application/x-ndjson", "text/csv"] {
        for (recorded, known) in [(1, 0), (0, 1)] {
            let taken = there.ask(EVENTS, &own, "", seller, Some(there.example(EVENTS, kind))).await;
            assert_eq!(taken.status, 200, "{kind}: {}", taken.text());
            assert_eq!(taken.json(), json!({ "recorded": recorded, "known": known }), "{kind}");
        }
    }
    let entries = there.ask(ENTRIES, &own, "most=3", seller, None).await.json();
    assert_eq!(
        (entries["entries"].as_array().unwrap().len(), &entries["next"]),
        (3, &json!(3)),
        "registration, two sales"
    );
    let rest = there.ask(ENTRIES, &own, "after=3&most=3", seller, None).await.json();
    assert_eq!((&rest["entries"][0]["event"]["document"], &rest["next"]), (&json!("A-3"), &Value::Null));
    assert_eq!(rest["entries"][0]["previous"], entries["entries"][2]["hash"]);
    // Tax of 20.00 and 2.00 to France, of 9.50 to Germany.
    let balances = there.ask(BALANCES, &own, "", seller, None).await.json();
    let france = balances["balances"].as_array().unwrap().iter().find(|one| one["account"] == "tax:eu.ioss:FR");
    assert_eq!(france.map(|one| &one["amount"]), Some(&json!("-22")));

    // The draft, opened, as files, and sent.
    let draft = there.ask(DRAFT, &own, "", seller, None).await.json();
    assert_eq!((&draft["owed"], &draft["number"]), (&json!("31.5"), &json!("IM3720000010")));
    let lines = there.ask(LINES, &own, "most=2", seller, None).await.json();
    let after = format!("after={}", lines["next"].as_str().unwrap());
    let more = there.ask(LINES, &own, &after, seller, None).await.json();
    assert_eq!((lines["lines"].as_array().unwrap().len(), more["lines"].as_array().unwrap().len()), (2, 1));
    let csv = there.ask(EXPORT, &own, "shape=csv", seller, None).await;
    assert!(csv.status == 200 && csv.text().starts_with("scheme,number,period"), "{}", csv.text());
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"eu.ioss_2026-10.csv\"");
    let file = there.ask(EXPORT, &own, "shape=json", seller, None).await.json();
    assert_eq!(file["owed"], draft["owed"]);
    let ireland = there.ask(PUBLISH, &own, "shape=hmrc-ioss", seller, Some((JSON, "{}".into()))).await;
    let wrong = ireland.wrong();
    assert!(ireland.status == 422 && wrong.contains(&"currency".to_owned()), "a shape of pounds: {}", ireland.text());
    let other = there.ask(PUBLISH, &own, "shape=ech-0217", seller, Some((JSON, "{}".into()))).await;
    assert_eq!((other.status, other.wrong()), (422, vec!["shape".to_owned()]));
    let returns = there.ask(RETURNS, &own, "", seller, None).await.json();
    let open: Vec<(&Value, &Value)> =
        returns["open"].as_array().unwrap().iter().map(|one| (&one["period"], &one["late"])).collect();
    assert_eq!(open, [(&json!("2026-09"), &json!(true)), (&json!("2026-10"), &json!(false))], "on 22 November");
    let calendar = there.ask(CALENDAR, &own, "", seller, None).await;
    assert!(calendar.text().contains("DTSTART;VALUE=DATE:20261130"), "{}", calendar.text());
    assert_eq!(there.ask(SEND, &own, "", seller, None).await.status, 422, "September is first");
    let september = [("seller", "mug-shop"), ("scheme", "eu.ioss"), ("period", "2026-09")];
    assert_eq!(there.ask(SEND, &september, "", seller, None).await.status, 201);
    let sent = there.ask(SEND, &own, "", seller, None).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    let sent = sent.json();
    assert_eq!((&sent["receipt"]["owed"], &sent["receipt"]["late"]), (&json!("31.5"), &json!(false)));
    assert_ne!(there.ask(SEND, &own, "", seller, None).await.status, 201, "a period is closed once");

    // Another scheme, registered elsewhere: quarters, and a file in the shape of its authority.
    let elsewhere = json!([{ "kind": "registration", "document": "G-1", "scheme": "gb.supplyvat", "number": "GB831495816", "from": "2026-07-01" }]);
    let taken = there.ask(EVENTS, &own, "", seller, Some((JSON, elsewhere.to_string()))).await;
    assert_eq!(taken.json()["recorded"], 1, "{}", taken.text());
    for quarter in ["2026-Q3", "2026-07_2026-09"] {
        let parts = [("seller", "mug-shop"), ("scheme", "gb.supplyvat"), ("period", quarter)];
        let shaped = there.ask(PUBLISH, &parts, "shape=hmrc-vat", seller, Some(there.example(PUBLISH, JSON))).await;
        assert_eq!((shaped.status, &shaped.json()["periodKey"]), (200, &json!("18A1")), "{}", shaped.text());
        assert!(shaped.header("content-disposition").contains("gb.supplyvat_2026-07_2026-09.json"));
    }
    let parts = [("seller", "mug-shop"), ("scheme", "gb.supplyvat"), ("period", "2026-13")];
    assert_eq!(there.ask(DRAFT, &parts, "", seller, None).await.wrong(), ["period"]);

    // The receipt, checked with the public key and nothing else.
    let envelope: receipt::Envelope = serde_json::from_value(sent["signed"].clone()).unwrap();
    let payload = receipt::open(&envelope, &SecretKey::from_seed(&SEED).public()).expect("signed");
    assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap(), sent["receipt"]);
    assert_eq!(receipt::open(&envelope, &SecretKey::from_seed(&[8; 32]).public()), None);
    let one = [("seller", "mug-shop"), ("authority", "eu.ioss.IE"), ("period", "2026-10"), ("n", "1")];
    let fetched = there.ask(SENT, &one, "", seller, None).await.json();
    assert_eq!((&fetched["signed"], &fetched["document"]["owed"]), (&sent["signed"], &json!("31.5")));

    // A return of another program amends the first; figures that do not add up are refused.
    let handed = there.ask(HAND_IN, &own, "", seller, Some(there.example(HAND_IN, JSON))).await;
    assert_eq!((handed.status, &handed.json()["receipt"]["n"]), (201, &json!(2)), "{}", handed.text());
    let wrong = there.example(HAND_IN, JSON).1.replace("\"owed\":\"20.00\"", "\"owed\":\"2.00\"");
    let wrong = there.ask(HAND_IN, &own, "", seller, Some((JSON, wrong))).await;
    assert!(wrong.status == 422 && wrong.text().contains("the figures make 20"), "{}", wrong.text());

    // The authority's side.
    let expected = there.ask(EXPECTED, &to, "", officer, None).await.json();
    let standing: Vec<(&Value, &Value)> =
        expected["expected"].as_array().unwrap().iter().map(|one| (&one["period"], &one["standing"])).collect();
    assert_eq!(standing, [(&json!("2026-09"), &json!("late")), (&json!("2026-10"), &json!("in-time"))]);
    let december = there.ask(EXPECTED, &to, "today=2027-01-15", officer, None).await.json();
    assert_eq!(december["expected"][0]["standing"], "missing", "November was not sent by the end of December");
    let received = there.ask(RECEIVED, &to, "", officer, None).await.json();
    assert_eq!(received["returns"].as_array().unwrap().len(), 3);
    let opened = there.ask(OPENED, &one, "", officer, None).await.json();
    assert_eq!(opened["signed"], sent["signed"], "the authority has the receipt that the seller has");
    let bytes = serde_json::to_string(&fetched["document"]).unwrap();
    assert_eq!(
        sha256_hex(bytes.as_bytes()),
        sent["receipt"]["sha256"].as_str().unwrap(),
        "the order of fields is kept"
    );

    // 90.00 came to France and 110.00 was declared; 50.00 was declared to Germany and nothing came.
    let uploaded = there.ask(UPLOAD, &to, "name=october.csv", officer, Some(there.example(UPLOAD, "text/csv"))).await;
    assert_eq!((uploaded.status, &uploaded.json()["lines"]), (201, &json!(1)), "{}", uploaded.text());
    let bad = "number,month,buyer,currency,consignments,value\nX,2026-13,FR,EUR,1,1\n".to_owned();
    let bad = there.ask(UPLOAD, &to, "name=bad.csv", officer, Some(("text/csv", bad))).await;
    assert_eq!((bad.status, bad.wrong()), (422, vec!["line 2".to_owned()]));
    assert_eq!(there.ask(BORDER, &to, "", officer, None).await.json()["files"][0]["name"], "october.csv");
    let found = there.ask(DIFFERENCES, &to, "from=2026-10-01&to=2026-10-31", officer, None).await.json();
    let found: Vec<_> = found["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| [&one["finding"], &one["buyer"], &one["difference"]].map(|text| text.as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(found, [["more", "FR", "20"], ["nothing-seen", "DE", "50"]]);
    let wide = there.ask(DIFFERENCES, &to, "from=2026-10-01&to=2026-10-31&tolerance=25", officer, None).await.json();
    assert_eq!(wide["differences"][1]["finding"], "agrees", "{wide}");

    // What was taken out stands in the log, and the chain of all rows holds.
    let vendors = there.ask(VENDORS_FILE, &to, "", officer, None).await;
    assert!(vendors.text().contains("mug-shop,Mug Shop,IM3720000010,2026-09-01"), "{}", vendors.text());
    let rows = |log: &Value, did: &str| -> Vec<String> {
        let all = log["rows"].as_array().unwrap().iter().filter(|row| row["did"] == did);
        all.map(|row| row["what"].as_str().unwrap().to_owned()).collect()
    };
    let own_log = there.ask(OWN_LOG, &own, "", seller, None).await.json();
    assert_eq!(
        rows(&own_log, "export"),
        [
            "eu.ioss 2026-10 csv",
            "eu.ioss 2026-10 json",
            "gb.supplyvat 2026-07/2026-09 hmrc-vat",
            "gb.supplyvat 2026-07/2026-09 hmrc-vat"
        ]
    );
    let log = there.ask(AUTHORITY_LOG, &to, "", officer, None).await.json();
    assert_eq!(rows(&log, "export"), ["vendors csv"]);
    let log = there.ask(LOG, &[], "most=1000", Some(&there.keeper), None).await.json();
    let all = log["rows"].as_array().unwrap();
    assert!(all.windows(2).all(|two| two[0]["hash"] == two[1]["previous"]));
    assert_eq!(there.service().check_log().await.unwrap(), Ok(all.len() as u64));
}

#[tokio::test]
async fn orders_of_a_shop_are_recorded_as_the_sales_that_they_are() {
    let there = There::new(true).await;
    let seller = token_of(&there.ask(SIGN_UP, &[], "", None, Some(there.example(SIGN_UP, JSON))).await);
    let (seller, own) = (Some(seller.as_str()), [("seller", "mug-shop")]);
    let example = there.example(ORDERS, JSON);
    for (recorded, known) in [(1, 0), (0, 1)] {
        let taken = there.ask(ORDERS, &own, "", seller, Some(example.clone())).await;
        assert_eq!(taken.status, 200, "{}", taken.text());
        assert_eq!(taken.json(), json!({ "recorded": recorded, "known": known }));
    }
    // 20 % of 29.90, under the scheme, with the day of the law.
    let sale = there.ask(ENTRIES, &own, "", seller, None).await.json()["entries"][0]["event"].clone();
    assert_eq!(
        sale["rows"],
        json!([{ "charge": "eu.vat", "scheme": "eu.ioss", "rate": "20 %", "rate_type": "standard", "net": "29.9", "amount": "5.98" }])
    );
    assert_eq!((&sale["document"], &sale["quote"]["date"]), (&json!("R-1001"), &json!("2026-10-05")));

    // One mistake, and none of them is recorded; each is named with its place.
    let one: Value = serde_json::from_str(&example.1).unwrap();
    let with = |number: &str, change: &dyn Fn(&mut Value)| {
        let mut order = one[0].clone();
        order["document"] = json!(number);
        change(&mut order);
        order
    };
    let good = with("R-2", &|_| {});
    let charged = with("R-3", &|order| order["charged"] = json!("6.98"));
    let parcel = with("R-4", &|order| order["parcels"][0]["to"] = json!("XX"));
    let open = with("R-5", &|order| {
        order["parcels"][0]["to"] = json!("US");
        order["parcels"][0]["items"][0]["code"] = json!("61");
        order["terms"] = json!("ddp");
    });
    let wrong =
        there.ask(ORDERS, &own, "", seller, Some((JSON, json!([good, charged, parcel, open]).to_string()))).await;
    assert_eq!((wrong.status, wrong.wrong()), (422, vec!["[1].charged".into(), "[2].parcels[0]".into(), "[3]".into()]));
    let unread = with("R-6", &|order| order["parcels"][0]["items"][0]["price"] = json!("12,50"));
    let unread = there.ask(ORDERS, &own, "", seller, Some((JSON, json!([unread]).to_string()))).await;
    assert_eq!((unread.status, unread.wrong()), (422, vec!["[0].parcels[0].items[0].price".to_owned()]));
    for body in ["[]", "{}", "[1]", "nothing"] {
        let answer = there.ask(ORDERS, &own, "", seller, Some((JSON, body.to_owned()))).await;
        assert!(matches!(answer.status, 400 | 422), "{body}: {}", answer.status);
    }
    let many = Value::Array(vec![good; 1001]).to_string();
    assert_eq!(there.ask(ORDERS, &own, "", seller, Some((JSON, many))).await.status, 422);
    assert_eq!(there.ask(ENTRIES, &own, "", seller, None).await.json()["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn no_token_is_in_the_database_the_log_or_a_list() {
    let there = There::new(true).await;
    let (seller, officer) = shop(&there).await;
    let own = [("seller", "mug-shop")];
    let accountant = there.ask(MAKE_OWN, &own, "", Some(&seller), Some(there.example(MAKE_OWN, JSON))).await;
    let all = [seller.clone(), officer, there.keeper.clone(), token_of(&accountant)];
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(there.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let listed = there.ask(TOKENS, &[], "", Some(&there.keeper), None).await.text();
    let log = there.ask(LOG, &[], "", Some(&there.keeper), None).await.text();
    for token in &all {
        assert!(token.starts_with("twc_") && token.len() > 40);
        assert!(!holds(token) && !holds(&token[4..]), "a token is in the file");
        assert!(holds(&sha256_hex(token.as_bytes())), "its hash is: these are the right files");
        assert!(!listed.contains(token.as_str()) && !log.contains(token.as_str()));
    }
}

#[tokio::test]
async fn events_are_recorded_together_or_not_at_all_and_each_mistake_is_named() {
    let there = There::new(true).await;
    let (seller, _) = shop(&there).await;
    let (seller, own) = (Some(seller.as_str()), [("seller", "mug-shop")]);
    let good = there.example(EVENTS, "application/x-ndjson").1;
    let refund = r#"{"kind":"refund","document":"R-1","date":"2026-10-09","of":"none","all":true}"#;
    for (kind, body, status, wrong) in [
        (
            "application/x-ndjson",
            format!("{good}{{\n{}", good.replace("\"goods\"", "\"god\"")),
            422,
            vec!["line 2", "line 3"],
        ),
        (JSON, "[{\"kind\":\"sale\"}]".to_owned(), 422, vec!["[0]"]),
        (JSON, "{}".to_owned(), 400, vec![]),
        (JSON, "[]".to_owned(), 400, vec![]),
        ("text/csv", "kind,document,date\nsale,A-1,03/04/2026\n".to_owned(), 422, vec!["row 2, column date"]),
        ("application/x-ndjson", format!("{good}{refund}"), 422, vec!["event 2"]),
        ("text/plain", good.clone(), 415, vec![]),
    ] {
        let answer = there.ask(EVENTS, &own, "", seller, Some((kind, body.clone()))).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        let named = answer.wrong();
        assert!(
            wrong.iter().all(|field| named.iter().any(|name| name.starts_with(field))),
            "{body}: {}",
            answer.text()
        );
    }
    let entries = there.ask(ENTRIES, &own, "", seller, None).await.json();
    assert_eq!(entries["entries"], json!([]), "nothing of them was recorded");
    let sale = |n: usize| {
        format!(
            r#"{{"kind":"sale","document":"N-{n}","date":"2026-10-05","to":"FR","currency":"EUR","goods":"1","rows":[]}}"#
        )
    };
    let many: Vec<String> = (0..=20_000).map(sale).collect();
    let refused = there.ask(EVENTS, &own, "", seller, Some(("application/x-ndjson", many.join("\n")))).await;
    assert!(refused.status == 422 && refused.text().contains("20000"), "{}", refused.text());
    let taken = there.ask(EVENTS, &own, "", seller, Some(("application/x-ndjson", many[..3000].join("\n")))).await;
    assert_eq!(taken.json(), json!({ "recorded": 3000, "known": 0 }), "longer than other doors take");
}

#[tokio::test]
async fn applications_are_taken_back_and_tokens_revoked() {
    let there = There::new(true).await;
    let (seller, _) = shop(&there).await;
    let own = [("seller", "mug-shop"), ("id", "mug-shop-1")];
    assert_eq!(there.ask(APPLY, &own, "", Some(&seller), Some(there.example(APPLY, JSON))).await.status, 201);
    let back = there.ask(WITHDRAW, &own, "", Some(&seller), None).await;
    assert_eq!((back.status, &back.json()["state"]), (200, &json!("withdrawn")), "{}", back.text());
    assert_eq!(there.ask(WITHDRAW, &own, "", Some(&seller), None).await.status, 409);
    let officer = json!({ "label": "x", "role": "officer" }).to_string();
    assert_eq!(there.ask(MAKE_OWN, &own, "", Some(&seller), Some((JSON, officer))).await.status, 422, "not one's own");
    for days in [0, 732] {
        let body = json!({ "label": "x", "role": "seller", "days": days }).to_string();
        assert_eq!(there.ask(MAKE_OWN, &own, "", Some(&seller), Some((JSON, body))).await.status, 422, "{days} days");
    }
    let second = there.ask(MAKE_OWN, &own, "", Some(&seller), Some(there.example(MAKE_OWN, JSON))).await;
    let second = token_of(&second);
    let me = there.ask(ME, &[], "", Some(&second), None).await.json();
    assert_eq!(me["role"], "accountant");
    let revoke = [("seller", "mug-shop"), ("id", me["token"].as_str().unwrap())];
    assert_eq!(there.ask(REVOKE_OWN, &revoke, "", Some(&seller), None).await.status, 204);
    assert_eq!(there.ask(REVOKE_OWN, &revoke, "", Some(&seller), None).await.status, 404, "it is revoked");
    assert_eq!(there.ask(ME, &[], "", Some(&second), None).await.status, 401);
    let listed = there.ask(OWN_TOKENS, &own, "", Some(&seller), None).await.json();
    let revoked = listed["tokens"].as_array().unwrap().iter().filter(|one| one["revoked_at"].is_string()).count();
    assert_eq!((listed["tokens"].as_array().unwrap().len(), revoked), (2, 1), "not those of others");
}

#[tokio::test]
async fn signing_up_is_limited_and_can_be_closed() {
    let there = There::new(true).await;
    let sign_up = |id: &str, token: Option<String>| {
        let body = json!({ "id": id, "name": "A shop" }).to_string();
        let there = &there;
        async move { there.ask(SIGN_UP, &[], "", token.as_deref(), Some((JSON, body))).await }
    };
    for n in 0..9 {
        assert_eq!(sign_up(&format!("shop-{n}"), None).await.status, 201, "{n}");
    }
    let taken = sign_up("shop-1", None).await;
    assert!(taken.status == 422 && taken.text().contains("taken"), "{}", taken.text());
    let often = sign_up("shop-10", None).await;
    assert!(often.status == 429 && !often.header("retry-after").is_empty(), "{}", often.text());
    assert_eq!(sign_up("shop-11", Some(there.keeper.clone())).await.status, 201, "who runs it is not limited");
    assert_eq!(sign_up("shop-12", Some("twc_wrong".into())).await.status, 401);

    let closed = There::new(false).await;
    let refused = closed.ask(SIGN_UP, &[], "", None, Some(closed.example(SIGN_UP, JSON))).await;
    assert_eq!((refused.status, &refused.json()["type"]), (403, &json!("urn:tidewaiter:problem:closed")));
    let admitted = closed.ask(SIGN_UP, &[], "", Some(&closed.keeper), Some(closed.example(SIGN_UP, JSON))).await;
    assert_eq!(admitted.status, 201);
}

#[tokio::test]
async fn pages_of_other_sites_and_caches_reach_nothing() {
    let there = There::new(true).await;
    let (seller, _) = shop(&there).await;
    let bearer = format!("Bearer {seller}");
    let entries = "/v1/collect/sellers/mug-shop/entries";
    let from = [("origin", "https://other.example"), ("host", "localhost"), ("authorization", bearer.as_str())];
    let ask = |method: &'static str, address: &'static str, headers: Vec<(&'static str, String)>| {
        let there = &there;
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send(&there.doors, method, address, &headers, Body::empty()).await
        }
    };
    let of = |more: &[(&'static str, &str)]| {
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect::<Vec<_>>()
    };
    let refused = ask("POST", "/v1/collect/sellers/mug-shop/events", of(&from)).await;
    assert_eq!((refused.status, &refused.json()["type"]), (403, &json!("urn:tidewaiter:problem:origin")));
    let read = ask("GET", entries, of(&from)).await;
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, ""), "the browser gives it to no page");
    let mut asks_first = of(&from[..2]);
    asks_first.push(("access-control-request-method", "POST".into()));
    let first = ask("OPTIONS", entries, asks_first).await;
    let allowed = first.headers.keys().any(|name| name.as_str().starts_with("access-control-allow"));
    assert!(!allowed, "{:?}", first.headers);
    // A tag that was guessed tells nothing, and what was answered once is answered to nobody else.
    let tagged = ask("GET", entries, of(&[("if-none-match", "\"abc\""), ("authorization", &bearer)])).await;
    assert_eq!((tagged.status, tagged.header("cache-control")), (200, "no-store"));
    let nobody = ask("GET", entries, vec![]).await;
    assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, "Bearer realm=\"tidewaiter-collect\""));
    // The same token in the cookie of pages opens no door of programs.
    let cookie = format!("tidewaiter-collect={seller}");
    assert_eq!(ask("GET", entries, of(&[("cookie", &cookie)])).await.status, 401);
    assert_eq!(ask("GET", "/v1/collect/me", of(&[("cookie", &cookie)])).await.status, 401);
    let both = [("authorization", bearer.as_str()), ("authorization", bearer.as_str())];
    let twice = send(&there.doors, "GET", entries, &both, Body::empty()).await;
    assert_eq!(twice.status, 401, "two tokens are none");
}

#[tokio::test]
async fn without_a_house_no_door_is_there() {
    let doors = doors();
    for address in ["/v1/collect/me", "/v1/collect/authorities", "/v1/collect/sellers/a/entries"] {
        let answer = send(&doors, "GET", address, &[("authorization", "Bearer twc_x")], Body::empty()).await;
        assert!(answer.status == 404 && answer.text().contains("--collect"), "{address}: {}", answer.text());
    }
}

/// A token of some role, made by who runs the house, that counts from a moment for so many hours.
pub(crate) async fn token(there: &There, label: &str, role: Role, of: Option<&str>, from: Timestamp) -> String {
    let now = Timestamp::now();
    let keeper = there.service().caller(&there.keeper, now).await.unwrap().unwrap();
    there.service().make_token(&keeper, label, role, of, from, from + 24.hours()).await.unwrap()
}
