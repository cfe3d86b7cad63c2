//! What authorities send: workbooks, CSV, JSON records, a central bank's rates; receipts, and sending again.

use crate::common::{key, tariff};
use crate::server::service::{Service, end, field, form, service, services};
use serde_json::{Value, json};
use std::io::Write as _;
use tidewaiter_repository::receipt::{self, Envelope};
use tidewaiter_repository::sha256_hex;
use tidewaiter_repository::store::token::Role;

const WORKBOOK: &[u8] = include_bytes!("../../../../docs/guide/publish/q-1.xlsx");

fn sent(about: &Value, file: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = field("about", None, about.to_string().as_bytes());
    bytes.extend(field("file", Some(file), content));
    bytes.extend(end());
    bytes
}

/// The records of an edition in force, as the service answers them: kind and key.
async fn records(service: &Service, question: &str) -> Vec<Value> {
    let answer = service.get(&format!("/v1/records?{question}"), None).await.json();
    answer["records"].as_array().unwrap().clone()
}

async fn sign_as_two(service: &Service, hash: &str) {
    for name in ["qq-one", "qq-two"] {
        service.sign(hash, &service.officer, name).await;
    }
}

#[tokio::test]
async fn a_workbook_becomes_records_with_a_receipt() {
    for service in services("workbook").await {
        let answer = service
            .submit("qq", Some(&service.officer), &[], sent(&json!({"format": "sheet"}), "q-1.xlsx", WORKBOOK))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let body = answer.json();
        let receipt = &body["receipt"];
        assert_eq!(receipt["sha256"], sha256_hex(WORKBOOK));
        assert_eq!(
            (&receipt["outcome"], &receipt["number"], &body["again"]),
            (&json!("new"), &json!(1), &json!(false))
        );
        let place = format!("/v1/authorities/qq/submissions/{}", receipt["submission"].as_str().unwrap());
        assert_eq!(answer.header("location"), place);

        let envelope: Envelope = serde_json::from_value(body["envelope"].clone()).unwrap();
        let payload = receipt::open(&envelope, &key("online").public()).expect("the repository signed it");
        assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap(), *receipt);
        assert_eq!(receipt::open(&envelope, &key("qq-one").public()), None);
        let again = service.get(&place, Some(&service.officer)).await.json();
        assert_eq!((&again["receipt"], &again["envelope"]), (receipt, &body["envelope"]));

        let hash = receipt["edition"].as_str().unwrap();
        for check in service.here.repository.standing(hash).await.unwrap().open_warnings {
            let word = json!({ "check": check, "says": "It is meant." });
            service.post(&format!("/v1/editions/{hash}/words"), Some(&service.approver), word).await;
        }
        sign_as_two(&service, hash).await;
        let found = records(&service, "territory=QQ&kind=measure&key=6109.10.00").await;
        let amounts: Vec<&str> = found.iter().map(|r| r["record"]["measure"]["amount"].as_str().unwrap()).collect();
        assert_eq!(amounts, ["12 %"], "row 2 of the sheet Measures");
    }
}

/// The sheets of a small country as CSV in a ZIP archive, with the rows of `Measures` given.
fn sheets(measures: &str) -> Vec<u8> {
    let about = "Field,Answer,What it means\nAuthority *,Customs of Q,\nTerritory *,QQ,\nCurrency *,XQD,\nTitle *,Tariff of Q,\n\
        Legal reference *,Customs Act of Q,\nKnown from *,2026-11-16,\nNomenclature,HS 2022,\nLicence,CC BY 4.0,\nDuty is charged on,goods,\n";
    let measures = format!("Code *,Kind *,Duty,Unit\n{measures}");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("About.csv", about), ("Measures.csv", &measures)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn csv_sheets_in_an_archive_are_read() {
    let service = service("csv").await;
    let form =
        sent(&json!({"format": "sheet"}), "q.zip", &sheets("6109.10,third-country,12 %,\n6109.90,third-country,5,%\n"));
    let answer = service.submit("qq", Some(&service.officer), &[], form).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let hash = answer.json()["receipt"]["edition"].as_str().unwrap().to_owned();
    let manifest = service.get(&format!("/v1/editions/{hash}"), Some(&service.officer)).await.json();
    let parts = manifest["manifest"]["parts"].as_array().unwrap();
    let measures = parts.iter().find(|p| p["name"] == "measures-61.ndjson.zst").expect("one chapter, one part");
    assert_eq!(measures["records"], 2);
}

#[tokio::test]
async fn wrong_rows_are_named_and_nothing_is_kept() {
    for service in services("rows").await {
        let before = service.stand().await;
        // Row 1 is the headings: row 3 has a number without a unit, row 4 a kind that is none.
        let rows = "6109.10,third-country,12 %,\n6109.90,third-country,5,\n4202,tax,1 %,\n";
        let form = sent(&json!({"format": "sheet"}), "q.zip", &sheets(rows));
        let problem = service.submit("qq", Some(&service.officer), &[], form).await.problem(422, "rows");
        let found: Vec<(u64, &str, &str)> = problem["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["row"].as_u64().unwrap(), r["column"].as_str().unwrap(), r["found"].as_str().unwrap()))
            .collect();
        assert_eq!(found, [(3, "Duty", "5"), (4, "Kind", "tax")], "{problem}");
        assert_eq!(problem["wrong"], 2);
        assert!(problem["rows"][0]["file"].as_str().unwrap().contains("Measures"), "{problem}");
        assert!(problem["rows"].as_array().unwrap().iter().all(|r| !r["expected"].as_str().unwrap().is_empty()));
        assert_eq!(service.stand().await, before);
        let sent = service.get("/v1/authorities/qq/submissions", Some(&service.officer)).await.json();
        assert_eq!(sent["submissions"], json!([]));
    }
}

/// More wrong rows than one answer holds are counted.
#[tokio::test]
async fn of_many_wrong_rows_the_first_are_shown() {
    let service = service("many-rows").await;
    let rows = "6109.90,third-country,5,\n".repeat(201);
    let form = sent(&json!({"format": "sheet"}), "q.zip", &sheets(&rows));
    let problem = service.submit("qq", Some(&service.officer), &[], form).await.problem(422, "rows");
    assert_eq!((problem["wrong"].as_u64(), problem["rows"].as_array().unwrap().len()), (Some(201), 200));
}

#[tokio::test]
async fn checks_that_refuse_are_told_with_their_report() {
    let service = service("checks").await;
    let before = service.stand().await;
    // Check TW108: the records are of another territory than the authority's.
    let answer = service.submit("qq", Some(&service.officer), &[], form(&tariff("ZZ", &[("610910", "5 %")]))).await;
    let problem = answer.problem(422, "checks");
    assert!(problem["report"].to_string().contains("TW108"), "{problem}");
    assert_eq!(service.stand().await, before);
}

const ECB_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time='2026-11-20'><Cube currency='USD' rate='1.25'/></Cube></Cube></gesmes:Envelope>"#;
const ECB_CSV: &str = "Date,USD,\n2026-11-20,1.25,\n2026-11-19,1.24,\n";

#[tokio::test]
async fn a_bank_sends_its_rates_in_both_forms() {
    let service = service("bank").await;
    let officer = service.token("Officer of the bank", Role::Officer, Some("bank")).await;
    let about = json!({"format": "ecb", "territory": null});
    let answer = service.submit("bank", Some(&officer), &[], sent(&about, "daily.xml", ECB_XML.as_bytes())).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let hash = answer.json()["receipt"]["edition"].as_str().unwrap().to_owned();
    // The format names the series after another bank: it is read as "bank:ecb", which an approver must have meant.
    let approver = service.token("Approver of the bank", Role::Approver, Some("bank")).await;
    let words = json!({ "check": "TW513", "says": "The rates are those of the ECB." });
    assert_eq!(service.post(&format!("/v1/editions/{hash}/words"), Some(&approver), words).await.status, 200);
    let done = service.sign(&hash, &officer, "bank-one").await.json();
    assert_eq!(done["state"], "published", "{done}");
    let found = records(&service, "kind=exchange-rate").await;
    assert_eq!(found.len(), 1);
    let rate = &found[0]["record"]["exchange-rate"];
    assert_eq!((&rate["base"], &rate["currency"], &rate["rate"]), (&json!("EUR"), &json!("USD"), &json!("1.25")));

    // The same day again and one more: what is added keeps what stands.
    let about = json!({"format": "ecb", "adds": true});
    let answer = service.submit("bank", Some(&officer), &[], sent(&about, "hist.csv", ECB_CSV.as_bytes())).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let manifest = service
        .get(&format!("/v1/editions/{}", answer.json()["receipt"]["edition"].as_str().unwrap()), Some(&officer))
        .await
        .json();
    assert_eq!((&manifest["number"], &manifest["state"]), (&json!(2), &json!("draft")), "{manifest}");
    assert_eq!(manifest["standing"]["open_warnings"], json!(["TW513"]), "{manifest}");
}

#[tokio::test]
async fn the_same_key_is_answered_once() {
    for service in services("idempotent").await {
        let body = || form(&tariff("QQ", &[("610910", "12 %")]));
        let key = [("idempotency-key", "2026-11-22/1")];
        let first = service.submit("qq", Some(&service.officer), &key, body()).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let before = service.stand().await;
        let second = service.submit("qq", Some(&service.officer), &key, body()).await;
        assert_eq!(second.status, 200);
        assert_eq!(
            (second.json()["again"].as_bool(), &second.json()["envelope"]),
            (Some(true), &first.json()["envelope"])
        );
        let other = form(&tariff("QQ", &[("610910", "13 %")]));
        let problem = service.submit("qq", Some(&service.officer), &key, other).await.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("2026-11-22/1"), "{problem}");
        let long = "k".repeat(256);
        for wrong in [long.as_str(), "", "schlüssel"] {
            service
                .submit("qq", Some(&service.officer), &[("idempotency-key", wrong)], body())
                .await
                .problem(400, "request");
        }
        assert_eq!(service.stand().await, before);
        // Another authority's key of the same name is another key.
        let officer = service.token("Officer of Z", Role::Officer, Some("zz")).await;
        let zz = service.submit("zz", Some(&officer), &key, form(&tariff("ZZ", &[("610910", "12 %")]))).await;
        assert_eq!(zz.status, 201, "{}", zz.text());
    }
}

#[tokio::test]
async fn what_says_nothing_new_makes_no_edition() {
    let service = service("unchanged").await;
    let sent = tariff("QQ", &[("610910", "12 %")]);
    let hash = service.publish(&sent).await;
    let mut renamed = sent.clone();
    renamed.about.licence = Some("Not used: the file says one".into());
    let answer = service.submit("qq", Some(&service.officer), &[], form(&renamed)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let receipt = answer.json()["receipt"].clone();
    assert_eq!((&receipt["outcome"], &receipt["edition"]), (&json!("unchanged"), &json!(hash)));
    let editions = service.get("/v1/authorities/qq/editions", Some(&service.officer)).await.json();
    assert_eq!(editions["editions"].as_array().unwrap().len(), 1);
}
