//! Failed and killed at every point of writing of every step.

use crate::common::Here;
use crate::crash::faults::Faults;
use crate::crash::life::{self, STEPS, State, act, before, fresh, kept, open, postgres, read, sqlite};
use crate::crash::place::Place;
use std::process::Command;
use std::sync::atomic::Ordering;
use tidewaiter_repository::workflow::Refusal;

/// What a child is told: where it works, which step it does, and at which point it ends itself.
const WHERE: &str = "TIDEWAITER_TEST_KILLED_WHERE";
const FILES: &str = "TIDEWAITER_TEST_KILLED_FILES";
const STEP: &str = "TIDEWAITER_TEST_KILLED_STEP";
const POINT: &str = "TIDEWAITER_TEST_KILLED_POINT";

/// After a failure or a kill: what is kept is the old state whole or the new one whole, and so is what readers see.
async fn whole(here: &Here, place: &Place, (old, new): (&State, &State), step: usize, what: &str) -> bool {
    for view in [fresh(&place.public, before(step)), read(&place.reader, &place.public, before(step))] {
        assert!(view == old.view || view == new.view, "{what}: {view:?}");
    }
    let kept = kept(here, false).await;
    assert!(kept == old.kept || kept == new.kept, "{what}: neither the old state nor the new one");
    kept == new.kept
}

/// At the end all is as if nothing had happened.
async fn ended(here: &Here, place: &Place, new: &State, step: usize, what: &str) {
    assert!(kept(here, true).await == new.kept, "{what}: another state than undisturbed");
    assert_eq!(life::files(&place.public), new.files, "{what}");
    assert_eq!(read(&place.reader, &place.public, before(step)), new.view, "{what}");
}

fn at_step(here: &Here, step: usize) {
    here.seconds.store(life::moment(STEPS[step].1).as_second(), Ordering::SeqCst);
}

/// Fails at every point of every step: the same process goes on. Where the state is the old one it tries again; else it is put
/// back for the next point, after what waits has gone out. `each` is how many points are one.
async fn fails_everywhere(address: &str, each: u64) -> u64 {
    let states = life::undisturbed().await;
    let (place, faults) = (Place::new(address), Faults::default());
    let mut here = open(address, &place.public, &faults).await;
    here.repository.db.migrate().await.unwrap();
    let mut points = 0;
    for step in 0..STEPS.len() {
        here.repository.db.close().await;
        place.save().await;
        here = open(address, &place.public, &faults).await;
        let (old, new) = (&states[step], &states[step + 1]);
        let mut at = 0;
        loop {
            let what = format!("{} on {}, point {at}", STEPS[step].0, here.repository.db.kind());
            faults.fail_at(at);
            let done = act(&here, step).await;
            let fired = faults.passed() > at;
            faults.disarm();
            if let Err(refusal) = &done {
                assert!(fired && matches!(refusal, Refusal::Unavailable(_)), "{what}: {refusal}");
            }
            let is_new = whole(&here, &place, (old, new), step, &what).await;
            assert!(is_new || done.is_err(), "{what}: acknowledged and lost");
            if !fired {
                ended(&here, &place, new, step, &what).await;
                break;
            }
            points += 1;
            if !is_new {
                assert!(kept(&here, true).await == old.kept && life::files(&place.public) == old.files, "{what}");
                at += each;
                continue;
            }
            here.repository.tick().await.unwrap();
            ended(&here, &place, new, step, &what).await;
            here.repository.db.close().await;
            place.put_back().await;
            here = open(address, &place.public, &faults).await;
            at += each;
        }
    }
    points
}

#[tokio::test]
async fn what_fails_at_any_write_is_made_good_sqlite() {
    let points = fails_everywhere(&sqlite("fails"), 1).await;
    assert!(points > 300, "only {points} points were tried");
}

#[tokio::test]
async fn what_fails_at_any_write_is_made_good_postgres() {
    let Some(address) = postgres("fails-pg").await else { return };
    let points = fails_everywhere(&address, 7).await;
    assert!(points > 50, "only {points} points were tried");
}

/// Kills a process at points of a step, opens again, and goes on to the end of the step. Returns how many were killed.
async fn killed(place: &Place, states: &[State], step: usize, each: u64) -> u64 {
    place.save().await;
    let mut at = 0;
    let mut count = 0;
    loop {
        place.put_back().await;
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "crash::stopped::the_program_that_is_killed"])
            .env(WHERE, &place.address)
            .env(FILES, &place.public)
            .env(STEP, step.to_string())
            .env(POINT, at.to_string())
            .output()
            .unwrap();
        let (old, new) = (&states[step], &states[step + 1]);
        let here = open(&place.address, &place.public, &Faults::default()).await;
        at_step(&here, step);
        let what = format!("{} on {}, killed at {at}", STEPS[step].0, here.repository.db.kind());
        let is_new = whole(&here, place, (old, new), step, &what).await;
        assert!(is_new || !child.status.success(), "{what}: acknowledged and lost");
        here.repository.tick().await.unwrap();
        if kept(&here, false).await == old.kept {
            act(&here, step).await.unwrap();
        }
        ended(&here, place, new, step, &what).await;
        here.repository.db.close().await;
        if child.status.success() {
            return count;
        }
        // It ended by a signal, not by a failed assertion.
        #[cfg(unix)]
        assert!(std::os::unix::process::ExitStatusExt::signal(&child.status).is_some(), "{child:?}");
        count += 1;
        at += each;
    }
}

#[tokio::test]
#[ignore = "it kills itself: the tests below start it"]
async fn the_program_that_is_killed() {
    let told = |name: &str| std::env::var(name).unwrap();
    let at: u64 = told(POINT).parse().unwrap();
    let faults = Faults::default();
    let here = open(&told(WHERE), told(FILES).as_ref(), &faults).await;
    faults.arm(move |n, _| if n == at { std::process::abort() } else { false });
    act(&here, told(STEP).parse().unwrap()).await.unwrap();
}

/// Kills at every point of publishing, and at some of all other steps.
async fn killed_everywhere(address: &str, of_publish: u64, of_others: u64) -> u64 {
    let states = life::undisturbed().await;
    let place = Place::new(address);
    let here = open(address, &place.public, &Faults::default()).await;
    here.repository.db.migrate().await.unwrap();
    here.repository.db.close().await;
    let mut count = 0;
    for (step, (name, _)) in STEPS.iter().enumerate() {
        let each = if *name == "publish" { of_publish } else { of_others };
        count += killed(&place, &states, step, each).await;
    }
    count
}

#[tokio::test]
async fn a_process_killed_at_any_write_loses_nothing_sqlite() {
    let count = killed_everywhere(&sqlite("killed"), 1, 6).await;
    assert!(count > 80, "only {count} were killed");
}

#[tokio::test]
async fn a_process_killed_at_any_write_loses_nothing_postgres() {
    let Some(address) = postgres("killed-pg").await else { return };
    let count = killed_everywhere(&address, 4, 13).await;
    assert!(count > 30, "only {count} were killed");
}
