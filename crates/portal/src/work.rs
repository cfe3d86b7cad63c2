//! Work that may take long, beside the threads that talk to the askers, and never more of it at once than there are processors.

use crate::problem::{Problem, message};
use axum::http::StatusCode;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// How long a question waits for its turn before the asker is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);
/// Turns at once.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    Semaphore::new(processors.max(2))
});

/// Turns of what may take seconds: apart, so that such work never stands before what takes a moment.
static SLOW: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    Semaphore::new((processors / 2).max(1))
});
/// Batches at once, in the whole service: each holds its questions in memory until all are answered.
static BATCHES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(8)));

/// What is done to its end at once, in the whole service.
static TO_THE_END: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(4)));

fn too_much() -> Problem {
    let (title, detail) = ("Try again in a moment", &message::DOOR_BUSY);
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail)
}

/// A place among the batches, held until its answer ends.
///
/// # Errors
/// [`Problem`] 503 where all are taken.
pub(crate) fn batch_place() -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&BATCHES).try_acquire_owned().map_err(|_| too_much())
}

/// Does what must be done whole and may take longer than a request: it goes on where the asker went away or was told that it took too long,
/// so that who asks again finds it done.
///
/// # Errors
/// [`Problem`] 503 where there is too much to do, 500 where the work failed.
pub(crate) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Problem> {
    let place = Arc::clone(&TO_THE_END).try_acquire_owned().map_err(|_| too_much())?;
    let done = tokio::spawn(async move {
        let _place = place;
        work.await
    });
    done.await.map_err(|_| fault())
}

/// Does work that may take seconds, on a turn for such work.
///
/// # Errors
/// [`Problem`] 503 where there is too much to do, 500 where the work failed.
pub(crate) async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    match tokio::time::timeout(PATIENCE, SLOW.acquire()).await {
        Ok(Ok(turn)) => on_turn(turn, work).await,
        _ => Err(too_much()),
    }
}

/// The same for work in many steps. It is told, between steps, whether anybody still waits for it: who went away or was told that it took
/// too long takes no turn from the others.
///
/// # Errors
/// As [`slowly`].
pub(crate) async fn slowly_while<T: Send + 'static>(
    work: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static,
) -> Result<T, Problem> {
    let waits = Arc::new(());
    let seen = Arc::downgrade(&waits);
    let done = slowly(move || work(&|| seen.strong_count() > 0)).await;
    drop(waits);
    done
}

/// Does some work beside.
///
/// # Errors
/// [`Problem`] 503 where there is too much to do, 500 where the work failed.
pub(crate) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    match tokio::time::timeout(PATIENCE, TURNS.acquire()).await {
        Ok(Ok(turn)) => on_turn(turn, work).await,
        _ => Err(too_much()),
    }
}

/// As [`slowly_while`], on a turn for what takes a moment.
///
/// # Errors
/// As [`beside`].
pub(crate) async fn beside_while<T: Send + 'static>(
    work: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static,
) -> Result<T, Problem> {
    let waits = Arc::new(());
    let seen = Arc::downgrade(&waits);
    let done = beside(move || work(&|| seen.strong_count() > 0)).await;
    drop(waits);
    done
}

/// The same for work of which a part is done already: it waits as long as it takes.
pub(crate) async fn patiently<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    match SLOW.acquire().await {
        Ok(turn) => on_turn(turn, work).await,
        Err(_) => Err(fault()),
    }
}

/// The turn goes with the work: who went away while it was done gets no second one before it ends.
async fn on_turn<T: Send + 'static>(
    turn: SemaphorePermit<'static>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(|_| fault())
}

fn fault() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "The service has a fault", &message::DOOR_FAULT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn what_is_done_to_its_end_outlives_the_asker() {
        let (go, wait) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let work = to_the_end(async move {
            let _ = wait.await;
            let _ = tell.send("done");
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err(), "the asker went away");
        go.send(()).unwrap();
        assert_eq!(told.await, Ok("done"));
    }
}
