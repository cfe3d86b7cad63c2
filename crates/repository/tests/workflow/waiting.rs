//! An approved edition that waits for its hour is not given up unseen.

use crate::common::{Here, addresses, folder, tariff};
use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;
use tidewaiter_repository::checks::Report;
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::feeds::mail::{MailError, Mailer};
use tidewaiter_repository::feeds::{Interest, News};
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::store::subscription::{self, Channel};
use tidewaiter_repository::workflow::sent::Sent;

fn held_back(duty: &str, until: &str) -> Sent {
    let mut sent = tariff("QQ", &[("610910", duty)]);
    sent.about.not_before = Some(until.parse().unwrap());
    sent
}

async fn send(here: &Here, sent: Sent) -> (String, u64) {
    let receipt = here.submit("qq", sent).await.unwrap().receipt;
    (receipt.edition.unwrap(), receipt.warnings)
}

async fn both_sign(here: &Here, hash: &str) -> State {
    here.sign(hash, "qq-one").await.unwrap();
    here.sign(hash, "qq-two").await.unwrap().state
}

/// What TW702 says of an edition now.
async fn said(here: &Here, hash: &str) -> Vec<String> {
    let mut tx = here.repository.db.read().await.unwrap();
    let report = edition::get(&mut *tx, hash).await.unwrap().unwrap().report;
    let report: Report = serde_json::from_str(&report).unwrap();
    assert_eq!(report.counted.contains_key("TW702"), report.warnings().contains("TW702"));
    report.findings.into_iter().filter(|f| f.check == "TW702").map(|f| f.says).collect()
}

#[derive(Default)]
struct Letters(Mutex<Vec<String>>);

#[async_trait::async_trait]
impl Mailer for Letters {
    async fn send(&self, letter: lettre::Message) -> Result<(), MailError> {
        self.0.lock().unwrap().push(String::from_utf8(letter.formatted()).unwrap());
        Ok(())
    }
}

/// The events on their way to an address.
async fn events(here: &Here, address: &str) -> Vec<serde_json::Value> {
    let mut tx = here.repository.db.write().await.unwrap();
    let due = subscription::take_due(&mut *tx, here.now(), here.now(), 100).await.unwrap();
    let of = due.into_iter().filter(|(delivery, ..)| delivery.url == address);
    of.map(|(_, body, _)| serde_json::from_slice(&body).unwrap()).collect()
}

#[tokio::test]
async fn who_overtakes_an_edition_that_waits_is_warned_and_its_people_are_told() {
    for address in addresses("overtakes").await {
        let here = Here::found(&address, &folder("overtakes-public")).await;
        let own = Interest { authorities: vec!["qq".into()], goods: vec!["85".into()], ..Interest::default() };
        for (channel, to, interest) in [
            (Channel::Webhook, "https://qq.example/hook", own.clone()),
            (Channel::Webhook, "https://all.example/hook", Interest::default()),
            (Channel::Mail, "officer@qq.example", own),
        ] {
            here.repository.subscribe(channel, to, interest, Reach::Public, "Secretary").await.unwrap();
        }
        let (waits, none) = send(&here, held_back("12 %", "2026-12-31T23:00:00Z")).await;
        assert_eq!((none, both_sign(&here, &waits).await), (0, State::Scheduled));

        let (overtakes, warnings) = send(&here, tariff("QQ", &[("610910", "13 %")])).await;
        assert_eq!(warnings, 1);
        let short = &waits[..12];
        assert_eq!(
            said(&here, &overtakes).await,
            [format!(
                "edition 1 ({short}) is approved and waits until 2026-12-31T23:00:00Z; it is given up as \
                 soon as this one is published"
            )]
        );
        assert_eq!(both_sign(&here, &overtakes).await, State::Draft, "signatures are no word for a warning");
        assert_eq!(here.repository.standing(&waits).await.unwrap().state, State::Scheduled);
        let standing =
            here.repository.speak(&overtakes, "Second officer", "TW702", "The other is sent again.").await.unwrap();
        assert_eq!(standing.state, State::Published);

        let kept = {
            let mut tx = here.repository.db.read().await.unwrap();
            edition::get(&mut *tx, &waits).await.unwrap().unwrap()
        };
        let told: News = serde_json::from_str(&kept.news.unwrap()).unwrap();
        assert_eq!((kept.state, told.kind.as_str(), told.changes.len()), (State::Abandoned, "given-up", 0));
        assert_eq!(told.reason.as_deref(), Some("edition 1 of qq has its number; make it anew on that"));
        let own = events(&here, "https://qq.example/hook").await;
        let kinds: Vec<_> = own.iter().map(|event| (&event["type"], &event["data"]["edition"])).collect();
        assert_eq!(kinds, [(&"edition.given-up".into(), &waits.as_str().into())], "the duty of 6109 is none of 85");
        assert!(!own[0].to_string().contains("Tariff of QQ"), "what was held back is not told: {}", own[0]);
        let all = events(&here, "https://all.example/hook").await;
        assert_eq!(all.iter().map(|event| event["type"].as_str().unwrap()).collect::<Vec<_>>(), ["edition.published"]);

        here.pass(SignedDuration::from_hours(24));
        let letters = Letters::default();
        assert_eq!(here.repository.write_letters(&letters, "rates@rates.example").await.unwrap(), 1);
        let letters = letters.0.into_inner().unwrap();
        assert!(letters[0].contains("1 edition given up"), "{}", letters[0]);
        assert!(letters[0].contains("Given up: Customs of QQ, edition 1"), "{}", letters[0]);
        here.pass(SignedDuration::from_hours(24 * 60));
        assert_eq!(here.repository.tick().await.unwrap(), 0, "what was given up stays so");
    }
}

#[tokio::test]
async fn an_edition_that_is_approved_meanwhile_warns_too_and_one_that_is_given_up_no_longer() {
    for address in addresses("meanwhile").await {
        let here = Here::found(&address, &folder("meanwhile-public")).await;
        let (first, none) = send(&here, tariff("QQ", &[("610910", "13 %")])).await;
        assert_eq!(none, 0);
        here.sign(&first, "qq-one").await.unwrap();
        let (waits, _) = send(&here, held_back("12 %", "2026-12-31T23:00:00Z")).await;
        assert_eq!(both_sign(&here, &waits).await, State::Scheduled);
        assert_eq!(here.repository.standing(&first).await.unwrap().open_warnings, ["TW702"]);
        here.repository.speak(&first, "Second officer", "TW702", "It is meant.").await.unwrap();
        // A word for one edition that waits is none for the next.
        let (later, warnings) = send(&here, held_back("11 %", "2027-01-31T23:00:00Z")).await;
        assert_eq!(warnings, 1);
        assert!(
            said(&here, &later).await[0].ends_with(
                "is published at 2026-12-31T23:00:00Z; this one follows the same edition and is given up then"
            )
        );
        here.repository.speak(&later, "Second officer", "TW702", "It is sent again then.").await.unwrap();
        assert_eq!(both_sign(&here, &later).await, State::Scheduled);
        assert_eq!(said(&here, &first).await.len(), 2);
        let standing = here.sign(&first, "qq-two").await.unwrap();
        assert_eq!((standing.state, standing.open_warnings), (State::Draft, vec!["TW702".to_owned()]));
        // With both given up nothing is in danger: it has its signatures, and is published.
        here.repository.abandon(&waits, "First officer", "It is not law.").await.unwrap();
        assert_eq!(said(&here, &first).await.len(), 1);
        here.repository.abandon(&later, "First officer", "It is not law.").await.unwrap();
        assert_eq!(here.repository.standing(&first).await.unwrap().state, State::Published);
    }
}

#[tokio::test]
async fn of_two_that_wait_the_later_is_given_up_at_the_hour_of_the_first() {
    let address = &addresses("two-wait").await[0];
    let here = Here::found(address, &folder("two-wait-public")).await;
    let (first, _) = send(&here, held_back("12 %", "2026-12-01T00:00:00Z")).await;
    both_sign(&here, &first).await;
    let (later, _) = send(&here, held_back("11 %", "2026-12-02T00:00:00Z")).await;
    here.speak(&later).await;
    assert_eq!(both_sign(&here, &later).await, State::Scheduled);
    let hour: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    here.pass(hour.duration_since(here.now()));
    assert_eq!(here.repository.tick().await.unwrap(), 1);
    let mut tx = here.repository.db.read().await.unwrap();
    let later = edition::get(&mut *tx, &later).await.unwrap().unwrap();
    let told: News = serde_json::from_str(&later.news.unwrap()).unwrap();
    assert_eq!((later.state, told.kind.as_str(), told.published), (State::Abandoned, "given-up", hour));
}
