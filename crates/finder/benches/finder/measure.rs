//! How long things take and how much memory they hold.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times of many pieces of work, sorted.
pub(crate) struct Times(Vec<Duration>);

/// Milliseconds with three digits after the point.
pub(crate) fn ms(time: Duration) -> String {
    format!("{}.{:03} ms", time.as_micros() / 1_000, time.as_micros() % 1_000)
}

impl Times {
    /// The work on each of some things, the best of three passes each.
    pub(crate) fn of<T, R>(things: &[T], work: impl Fn(&T) -> R) -> Self {
        let mut all = vec![Duration::MAX; things.len()];
        for _ in 0..3 {
            for (least, thing) in all.iter_mut().zip(things) {
                let start = Instant::now();
                black_box(work(black_box(thing)));
                *least = (*least).min(start.elapsed());
            }
        }
        all.sort_unstable();
        Self(all)
    }

    /// The same work again and again.
    pub(crate) fn repeat<R>(times: usize, work: impl Fn() -> R) -> Self {
        let one = |_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        };
        let mut all: Vec<Duration> = (0..times).map(one).collect();
        all.sort_unstable();
        Self(all)
    }

    pub(crate) fn head() {
        println!("{:<52} {:>11} {:>11} {:>11} {:>11}", "", "mean", "p50", "p99", "most");
    }

    pub(crate) fn row(&self, name: &str) {
        let at = |percent: usize| self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)];
        let mean = self.0.iter().sum::<Duration>() / self.0.len() as u32;
        println!("{name:<52} {:>11} {:>11} {:>11} {:>11}", ms(mean), ms(at(50)), ms(at(99)), ms(at(100)));
    }
}

/// Memory of this process in MiB.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) held: u64,
    /// Resident at most so far.
    pub(crate) peak: u64,
}

impl Memory {
    pub(crate) fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap_or("0");
            line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
        };
        Self { held: field("VmRSS:"), peak: field("VmHWM:") }
    }
}
