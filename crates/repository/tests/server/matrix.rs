//! Every role times every operation, generated from the one table of permissions.

use crate::common::folder;
use crate::server::doors::{DOORS, Door, Things};
use crate::server::service::{Service, service, wide};
use jiff::SignedDuration;
use tidewaiter_repository::sha256_hex;
use tidewaiter_repository::store::token::{self, Account, Role};
use tidewaiter_repository::workflow::permission::{Operation, Reach, TABLE, reach};

/// Somebody at a door.
struct Caller {
    says: &'static str,
    token: Option<String>,
    /// Who the token makes them; `None` where it does not count, or there is none.
    account: Option<(Role, Option<&'static str>)>,
}

async fn callers(service: &Service) -> Vec<Caller> {
    let counts = |says, token: &str, role, of| Caller { says, token: Some(token.into()), account: Some((role, of)) };
    let no = |says, token: String| Caller { says, token: Some(token), account: None };
    let other_officer = service.token("Officer of Z", Role::Officer, Some("zz")).await;
    let other_approver = service.token("Approver of Z", Role::Approver, Some("zz")).await;
    let revoked = service.token("Revoked", Role::Secretariat, None).await;
    let id = sha256_hex(revoked.as_bytes())[..12].to_owned();
    assert_eq!(service.here.repository.revoke_token(&id, "founder").await.unwrap(), 1);
    // Ends this very second: what has reached its end no longer counts.
    let account = Account { label: "Expired".into(), role: Role::Secretariat, authority: None };
    let now = service.here.now();
    let mut tx = service.here.repository.db.write().await.unwrap();
    let expired = token::make(&mut *tx, &account, now - SignedDuration::from_hours(1), now).await.unwrap();
    tx.commit().await.unwrap();
    vec![
        counts("officer", &service.officer, Role::Officer, Some("qq")),
        counts("approver", &service.approver, Role::Approver, Some("qq")),
        counts("secretariat", &service.secretariat, Role::Secretariat, None),
        counts("auditor", &service.auditor, Role::Auditor, None),
        counts("another authority's officer", &other_officer, Role::Officer, Some("zz")),
        counts("another authority's approver", &other_approver, Role::Approver, Some("zz")),
        Caller { says: "nobody", token: None, account: None },
        no("expired token", expired),
        no("revoked token", revoked),
        no("garbage token", "twt_garbage".into()),
        no("an empty token", String::new()),
    ]
}

/// What the table says, worked out here by itself: `Ok`, or the status of the refusal.
fn expected(caller: &Caller, door: &Door) -> Result<(), u16> {
    let Some(operation) = door.operation else { return Ok(()) };
    if caller.token.is_some() && caller.account.is_none() && door.looks {
        return Err(401);
    }
    let refused = if caller.account.is_some() { Err(403) } else { Err(401) };
    match reach(caller.account.map(|(role, _)| role), operation) {
        Reach::Any => Ok(()),
        Reach::Own if door.of_authority && caller.account.is_some_and(|(_, of)| of == Some("qq")) => Ok(()),
        _ => refused,
    }
}

/// Refusals leave everything as it is, so they share one service; who may has a service of their own each time.
#[tokio::test]
async fn every_role_times_every_operation() {
    let shared = service("matrix").await;
    let things = Things::make(&shared).await;
    let people = callers(&shared).await;
    let before = shared.stand().await;
    let mut allowed = Vec::new();
    for door in DOORS {
        for (at, caller) in people.iter().enumerate() {
            let Err(status) = expected(caller, door) else {
                allowed.push((door, at));
                continue;
            };
            let request = door.request(&shared, &things, caller.token.as_deref()).await;
            let answer = shared.send(request).await;
            let told = format!("{} at {} {}", caller.says, door.method, door.path);
            assert_eq!(answer.status.as_u16(), status, "{told}: {}", answer.text());
            answer.problem(status, if status == 401 { "token" } else { "not-allowed" });
            let challenge = if status == 401 { "Bearer" } else { "" };
            assert_eq!(answer.header("www-authenticate"), challenge, "{told}");
            assert_eq!(shared.stand().await, before, "{told}");
        }
    }
    let writes = |door: &Door| door.method != "GET";
    for (door, at) in allowed.iter().filter(|(door, _)| !writes(door)) {
        let caller = &people[*at];
        let answer = shared.send(door.request(&shared, &things, caller.token.as_deref()).await).await;
        let told = format!("{} at {} {}", caller.says, door.method, door.path);
        assert!(answer.status.is_success(), "{told}: {} {}", answer.status, answer.text());
        assert_eq!(shared.stand().await, before, "{told}: reading changes nothing");
    }
    for (door, at) in allowed.iter().filter(|(door, _)| writes(door)) {
        let address = folder("matrix-one").join("repository.db").display().to_string();
        let own = Service::on(&address, "matrix-one", wide()).await;
        let things = Things::make(&own).await;
        let caller = &callers(&own).await[*at];
        let before = own.stand().await;
        let answer = own.send(door.request(&own, &things, caller.token.as_deref()).await).await;
        let told = format!("{} at {} {}", caller.says, door.method, door.path);
        assert!(answer.status.is_success(), "{told}: {} {}", answer.status, answer.text());
        // A withdrawal is only prepared: it counts once it is signed and sent.
        let prepares = door.path.ends_with("/withdrawals");
        assert_eq!(own.stand().await == before, prepares, "{told}: it was done");
    }
}

/// The table has a row for each operation, and no role reaches further than its kind can.
#[test]
fn the_table_is_whole() {
    // A new operation does not compile until it is counted here.
    const fn number(operation: Operation) -> usize {
        match operation {
            Operation::Submit => 0,
            Operation::ReadDrafts => 1,
            Operation::Speak => 2,
            Operation::Sign => 3,
            Operation::Abandon => 4,
            Operation::Admit => 5,
            Operation::Tokens => 6,
            Operation::Pull => 7,
            Operation::Subscriptions => 8,
            Operation::Audit => 9,
            Operation::ReadPublished => 10,
        }
    }
    let mut seen = [false; 11];
    for (operation, reaches) in TABLE {
        assert!(!std::mem::replace(&mut seen[number(*operation)], true), "{operation:?} stands twice");
        let [officer, approver, .., nobody] = *reaches;
        if *operation != Operation::ReadPublished {
            assert_eq!(nobody, Reach::No, "{operation:?}");
            assert!(officer != Reach::Any && approver != Reach::Any, "{operation:?}: for one authority only");
        }
    }
    assert_eq!(seen, [true; 11]);
    for (operation, [.., auditor, _]) in TABLE {
        let reads = matches!(operation, Operation::ReadDrafts | Operation::Audit | Operation::ReadPublished);
        assert_eq!(*auditor == Reach::Any, reads, "{operation:?}: an auditor reads everything and changes nothing");
    }
}

#[tokio::test]
async fn a_token_counts_until_its_second_and_no_longer() {
    let service = service("token-end").await;
    assert!(service.get("/v1/audit", Some(&service.auditor)).await.status.is_success());
    service.here.pass(SignedDuration::from_hours(30 * 24) - SignedDuration::from_secs(1));
    assert!(service.get("/v1/audit", Some(&service.auditor)).await.status.is_success());
    service.here.pass(SignedDuration::from_secs(1));
    service.get("/v1/audit", Some(&service.auditor)).await.problem(401, "token");
}
