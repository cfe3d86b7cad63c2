//! Progress on standard error, only where a person looks on.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A bar that appears where standard error is a terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// For rows.
    pub(crate) fn rows() -> Self {
        Self::new("{spinner} {human_pos} rows, {per_sec}", "{wide_bar} {human_pos} of {human_len} rows, {eta}")
    }

    /// For bytes that come in.
    pub(crate) fn bytes() -> Self {
        Self::new("{spinner} {bytes}", "{wide_bar} {bytes} of {total_bytes}, {eta}")
    }

    /// For records made.
    pub(crate) fn records() -> Self {
        Self::new("{spinner} {human_pos} records, {per_sec}", "{wide_bar} {human_pos} of {human_len} records")
    }

    /// For something that takes its time, and does not say how far it is.
    pub(crate) fn doing(what: &'static str) -> Self {
        let bar = Self::new("{spinner} {msg}, {elapsed}", "");
        bar.0.set_message(what);
        bar
    }

    fn new(open: &str, known: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
        if let Ok(style) = ProgressStyle::with_template(open) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar.with_prefix(known.to_owned()))
    }

    /// How far it has come, of how much where that is known.
    pub(crate) fn at(&self, done: u64, all: Option<u64>) {
        if let Some(all) = all.filter(|_| self.0.length().is_none()) {
            self.0.set_length(all);
            if let Ok(style) = ProgressStyle::with_template(&self.0.prefix()) {
                self.0.set_style(style);
            }
        }
        self.0.set_position(done);
    }

    /// What reads it moves the bar.
    pub(crate) fn reads<'a>(&self, bytes: &'a [u8]) -> impl std::io::Read + 'a {
        self.0.set_length(bytes.len() as u64);
        if let Ok(style) = ProgressStyle::with_template(&self.0.prefix()) {
            self.0.set_style(style);
        }
        self.0.wrap_read(bytes)
    }

    /// Takes it away.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
