//! A withdrawal withdraws something, or is refused with what to do.

use crate::common::{Here, addresses, folder, tariff};
use jiff::SignedDuration;
use tidewaiter_repository::manifest::Kind;
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::workflow::sent::Sent;

/// Publishes a withdrawal, or says why it is none.
async fn withdraw(here: &Here, numbers: &[u64]) -> Result<(), String> {
    here.pass(SignedDuration::from_hours(1));
    let (_, package) =
        here.repository.withdrawal("qq", numbers, "Not law.").await.map_err(|refusal| refusal.to_string())?;
    let mut sent = Sent { files: vec![("withdrawal.zip".into(), package.to_bytes().unwrap())], ..Sent::default() };
    sent.about.format = "package".into();
    let hash = here.submit("qq", sent).await.map_err(|refusal| refusal.to_string())?.receipt.edition.unwrap();
    here.speak(&hash).await;
    here.sign(&hash, "qq-one").await.unwrap();
    assert_eq!(here.sign(&hash, "qq-two").await.unwrap().state, State::Published);
    Ok(())
}

async fn state(here: &Here, number: u64) -> State {
    let mut tx = here.repository.db.read().await.unwrap();
    edition::numbered(&mut *tx, "qq", number).await.unwrap().unwrap().state
}

#[tokio::test]
async fn what_would_withdraw_nothing_is_refused() {
    for address in addresses("withdraw").await {
        let here = Here::found(&address, &folder("withdraw-public")).await;
        for duty in ["12 %", "10 %"] {
            here.publish("qq", tariff("QQ", &[("610910", duty)])).await;
        }
        let wrong = async |numbers: &[u64]| withdraw(&here, numbers).await.unwrap_err();
        assert_eq!(wrong(&[2, 2]).await, "edition 2 is named twice; name each edition once");
        assert_eq!(wrong(&[3]).await, "qq has published no edition 3; its newest is 2");
        assert_eq!(wrong(&[0]).await, "qq has published no edition 0; its newest is 2");
        assert!(wrong(&[1, 2]).await.starts_with("nothing is left to stand in their place"));
        withdraw(&here, &[2]).await.unwrap();
        assert_eq!((state(&here, 2).await, state(&here, 3).await), (State::Withdrawn, State::Published));
        assert_eq!(wrong(&[2]).await, "edition 2 is withdrawn by edition 3 already; nothing is left to do");
        // Edition 3 is a copy of edition 1.
        assert_eq!(
            wrong(&[1]).await,
            "edition 3 says what edition 1 says and would stand in its place, so what is withdrawn would stay in force: \
             withdraw both (1 3), or send an edition that says what holds instead"
        );
        assert!(wrong(&[3]).await.starts_with("edition 1 says what edition 3 says"));
        assert!(wrong(&[1, 3]).await.starts_with("nothing is left to stand in their place"));
        // An edition of its own that says what holds instead withdraws both; one that says the same does not.
        let instead = |duty: &str| {
            let mut sent = tariff("QQ", &[("610910", duty)]);
            (sent.about.kind, sent.about.concerns) = (Some(Kind::Withdrawal), vec![1, 3]);
            sent.about.reason = Some("The act was repealed.".into());
            sent
        };
        let same = here.submit("qq", instead("12 %")).await.unwrap_err().to_string();
        assert_eq!(
            same,
            "this edition says what edition 1 says, which it withdraws: send one that says what holds instead"
        );
        here.publish("qq", instead("0 %")).await;
        assert_eq!(
            [state(&here, 1).await, state(&here, 3).await, state(&here, 4).await],
            [State::Withdrawn, State::Withdrawn, State::Published]
        );
        // An old edition that something else follows is withdrawn as ever.
        here.publish("qq", tariff("QQ", &[("610910", "9 %")])).await;
        withdraw(&here, &[4]).await.unwrap();
        assert_eq!((state(&here, 4).await, state(&here, 6).await), (State::Withdrawn, State::Published));
    }
}
