//! The board for those who run a repository, and an authority that is dismissed.

use crate::common::{key, tariff};
use crate::server::service::services;
use serde_json::{Value, json};
use tidewaiter_repository::store::audit;
use tidewaiter_repository::workflow::ceremony::{Ceremony, current};

fn ending(board: &Value, what: &str, of: &str) -> Value {
    let all = board["endings"].as_array().unwrap();
    all.iter().find(|one| one["what"] == what && one["of"].as_str().unwrap().contains(of)).cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_board_says_what_waits_for_whom_and_what_runs_out() {
    for service in services("board").await {
        service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
        let draft = service.draft(&tariff("QQ", &[("610910", "13 %")])).await;
        service.sign(&draft, &service.officer, "qq-one").await;
        // The duty of days that have passed changes: a check warns of it.
        let board = service.get("/v1/board", Some(&service.auditor)).await.json();
        assert_eq!(board["drafts"][0]["awaits"], "an approver of qq to speak for TW308");
        service.here.speak(&draft).await;
        let board = service.get("/v1/board", Some(&service.auditor)).await.json();
        let waits = &board["drafts"][0];
        assert_eq!((&waits["edition"], &waits["number"]), (&json!(draft), &json!(2)));
        assert_eq!(waits["awaits"], "1 signature of an officer of qq");
        assert_eq!(waits["submitted_by"], "Officer of Q");
        // Offline roles hold 400 days, an authority's 400 where no next day is promised, the tokens of tests 30.
        for (what, of, days) in [("root", "", 400), ("targets", "", 400), ("authority", "qq", 400)] {
            assert_eq!(ending(&board, what, of)["days"], days, "{what}");
        }
        assert_eq!(ending(&board, "token", "Secretary")["days"], 30);
        assert_eq!(board["endings"][0]["what"], "token", "the soonest first");
        // Everybody sees the roles, which are public; who knocks and what is on its way is not theirs to see.
        for token in [None, Some(&service.officer), Some(&service.approver)] {
            let board = service.get("/v1/board", token.map(String::as_str)).await.json();
            assert_eq!(board["drafts"], Value::Null);
            assert_eq!(ending(&board, "token", ""), Value::Null);
            assert_eq!(ending(&board, "authority", "qq")["days"], 400);
        }
    }
}

#[tokio::test]
async fn a_dismissed_authority_says_nothing_and_stays_readable() {
    for service in services("dismiss").await {
        let here = &service.here;
        let published = service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
        here.publish("zz", tariff("ZZ", &[("610910", "4 %")])).await;
        let draft = service.draft(&tariff("QQ", &[("610910", "13 %")])).await;
        let (_, targets, list) = {
            let mut tx = here.repository.db.read().await.unwrap();
            current(&mut *tx).await.unwrap()
        };
        let dismiss = |id: &str, why: &str| Ceremony::dismiss(id, why, &targets.signed, list.clone(), here.now());
        assert!(dismiss("xx", "It is none.").unwrap_err().to_string().contains("no authority \"xx\""));
        assert!(dismiss("qq", " ").unwrap_err().to_string().contains("why it is dismissed"));
        let mut ceremony = dismiss("qq", "The customs union took over.").unwrap();
        assert_eq!(ceremony.says, "Dismiss Customs of QQ (\"qq\"): The customs union took over.");
        ceremony.sign(&key("root-a")).unwrap();
        let one = serde_json::to_value(&ceremony).unwrap();
        service.post("/v1/ceremonies", Some(&service.secretariat), one).await.problem(403, "signature");
        ceremony.sign(&key("root-b")).unwrap();
        let two = serde_json::to_value(&ceremony).unwrap();
        assert_eq!(service.post("/v1/ceremonies", Some(&service.secretariat), two).await.status, 204);

        // Its people no longer get in, and what was on its way is given up.
        service.get("/v1/board", Some(&service.officer)).await.problem(401, "token");
        let sent = here.submit("qq", tariff("QQ", &[("610910", "14 %")])).await.unwrap_err();
        assert_eq!(sent.to_string(), "\"qq\" was dismissed, and publishes here no longer");
        let draft = service.get(&format!("/v1/editions/{draft}"), Some(&service.auditor)).await.json();
        assert_eq!(draft["state"], "abandoned");
        // What it published stays to be read, as what it was.
        let edition = service.get(&format!("/v1/editions/{published}"), None).await;
        assert_eq!((edition.status.as_u16(), &edition.json()["number"]), (200, &json!(1)));
        let records = async |more: &str| {
            let path = format!("/v1/records?territory=QQ&kind=measure{more}");
            service.get(&path, None).await.json()["records"].as_array().unwrap().len()
        };
        assert_eq!(records("").await, 0, "as known now");
        assert_eq!(records("&known=2026-11-22").await, 1, "as known then");
        here.repository.export().await.unwrap();
        assert!(service.get("/open/qq/records.csv", None).await.text().contains("610910"));
        // Lists and board say so, and no other is touched.
        let all = service.get("/v1/authorities", None).await.json()["authorities"].clone();
        let dismissed: Vec<&Value> = all.as_array().unwrap().iter().filter(|one| one["dismissed"] == true).collect();
        assert_eq!(dismissed.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), ["qq"]);
        let board = service.get("/v1/board", None).await.json();
        let line =
            |id: &str| board["board"].as_array().unwrap().iter().find(|l| l["authority"] == id).cloned().unwrap();
        assert_eq!((&line("qq")["dismissed"], &line("qq")["unsigned"]), (&json!(true), &Value::Null));
        assert_eq!(line("zz")["dismissed"], Value::Null);
        assert_eq!(ending(&board, "authority", "qq"), Value::Null, "nobody need sign for it");
        let mut tx = here.repository.db.read().await.unwrap();
        let log = audit::rows(&mut *tx, 0, 1000).await.unwrap();
        assert!(log.iter().any(|row| row.action == "accept" && row.reason.contains("The customs union took over.")));
        assert!(log.iter().any(|row| row.action == "dismiss" && row.object == "qq"));
        assert!(audit::verify(&mut *tx).await.unwrap().is_ok());
    }
}

/// Keeps what it is told to send.
struct Kept(std::sync::Mutex<Vec<String>>);

#[async_trait::async_trait]
impl tidewaiter_repository::feeds::mail::Mailer for Kept {
    async fn send(&self, letter: lettre::Message) -> Result<(), tidewaiter_repository::feeds::mail::MailError> {
        self.0.lock().unwrap().push(String::from_utf8(letter.formatted()).unwrap());
        Ok(())
    }
}

#[tokio::test]
async fn the_secretariat_is_written_to_before_a_role_runs_out() {
    use jiff::SignedDuration;
    use tidewaiter_repository::expiry::{Warned, endings};
    let service = crate::server::service::service("notice").await;
    let here = &service.here;
    service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
    let mut warned = Warned::default();
    let mut news = async || {
        let mut tx = here.repository.db.read().await.unwrap();
        warned.news(endings(&mut *tx, here.now(), true).await.unwrap())
    };
    assert_eq!(news().await, []);
    // Tokens live 30 days, roles 400: after 371 days the tokens have ended, and 29 days are left of the roles.
    here.pass(SignedDuration::from_hours(371 * 24));
    let told = news().await;
    let names: Vec<(&str, &str, i64)> = told.iter().map(|e| (e.what.name(), e.of.as_str(), e.days)).collect();
    assert_eq!(names, [("root", "", 29), ("targets", "", 29), ("authority", "qq", 29)]);
    assert_eq!(news().await, [], "once at each step");
    let mailer = Kept(std::sync::Mutex::default());
    let write = here.repository.write_notice(&mailer, "repository@rates.example", "office@rates.example", &told);
    write.await.unwrap();
    // A service that is started anew has forgotten what it warned of; the database has not.
    let note = async |told: &[tidewaiter_repository::expiry::Ending]| {
        let mut tx = here.repository.db.write().await.unwrap();
        tidewaiter_repository::store::take_turn(&mut *tx).await.unwrap();
        tidewaiter_repository::expiry::told(&mut *tx, told, here.now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    let anew = async || {
        let mut tx = here.repository.db.read().await.unwrap();
        let news = Warned::default().news(endings(&mut *tx, here.now(), true).await.unwrap());
        tidewaiter_repository::expiry::untold(&mut *tx, news).await.unwrap()
    };
    assert_eq!(anew().await.len(), 3, "the letter did not go out yet");
    note(&told[1..]).await;
    assert_eq!(anew().await, told[..1]);
    // The next step is told again: 6 days are left.
    here.pass(SignedDuration::from_hours(23 * 24));
    assert_eq!(anew().await.len(), 3);
    let letters = mailer.0.lock().unwrap();
    // Lines that the mail's encoding breaks are one line (RFC 2045, 6.7).
    let text = letters[0].replace("=\r\n", "");
    assert!(text.contains("Subject: Test: signatures or tokens run out\r\n"), "{text}");
    assert!(text.contains("To: office@rates.example\r\n") && !text.contains("List-Unsubscribe"), "{text}");
    let line =
        "- authority qq: has 29 days left (2027-12-27). Next: its officers sign anew: tidewaiter publish renew qq";
    assert!(text.contains(line), "{text}");
}
