//! Work shared among threads whose results come out in the order in which the work came in.

use std::sync::{Condvar, Mutex, PoisonError};

struct Reading<R> {
    read: R,
    next: u64,
}

struct Writing<F> {
    write: F,
    turn: u64,
    stopped: bool,
}

/// Each of some threads in turn reads a piece, works on it while the others read and write, and hands its result on when those
/// before are handed on: so no more pieces are in memory than there are threads. Ends when `read` gives nothing more, or
/// `write` says `false`.
///
/// ```
/// let mut numbers = 1..=5;
/// let mut squares = Vec::new();
/// tidewaiter_bulk::in_turn(3, || numbers.next(), || |number: u32| number * number, |square| {
///     squares.push(square);
///     square < 16
/// });
/// assert_eq!(squares, [1, 4, 9, 16]);
/// ```
pub fn in_turn<T, U, W: FnMut(T) -> U>(
    threads: usize,
    read: impl FnMut() -> Option<T> + Send,
    worker: impl Fn() -> W + Sync,
    write: impl FnMut(U) -> bool + Send,
) {
    let reading = Mutex::new(Reading { read, next: 0 });
    let writing = Mutex::new(Writing { write, turn: 0, stopped: false });
    let turns = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut work = worker();
                loop {
                    let (piece, turn) = {
                        let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
                        let Some(piece) = (reading.read)() else { break };
                        reading.next += 1;
                        (piece, reading.next - 1)
                    };
                    let done = work(piece);
                    let mut writing = writing.lock().unwrap_or_else(PoisonError::into_inner);
                    while writing.turn != turn {
                        writing = turns.wait(writing).unwrap_or_else(PoisonError::into_inner);
                    }
                    writing.turn += 1;
                    turns.notify_all();
                    if writing.stopped {
                        break;
                    }
                    if !(writing.write)(done) {
                        writing.stopped = true;
                        break;
                    }
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::in_turn;

    #[test]
    fn results_stand_in_the_order_of_the_pieces() {
        let mut pieces = 0..200u64;
        let mut out = Vec::new();
        // The first of each four takes longest.
        let work = |piece: u64| {
            std::thread::sleep(std::time::Duration::from_micros((3 - piece % 4) * 300));
            piece
        };
        in_turn(
            4,
            || pieces.next(),
            || work,
            |piece| {
                out.push(piece);
                true
            },
        );
        assert_eq!(out, (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_is_written_after_the_end() {
        let mut pieces = 0..;
        let mut written = 0;
        in_turn(
            3,
            || pieces.next(),
            || |piece: u32| piece,
            |_| {
                written += 1;
                written < 5
            },
        );
        assert_eq!(written, 5);
    }
}
