//! Answers that were given before. An answer is a pure function of the program, the ratebook, the day and the question, so it holds for
//! as long as these do; its key is a hash of all of them, and what no longer holds is never found again. The least asked for goes when
//! the memory is used up.

use crate::desk::Desk;
use crate::usage::Use;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Longest answer that is kept, before it is compressed.
pub(crate) const LONGEST: u64 = 512 << 10;
/// What an answer takes besides its body: its headers and its place.
const BESIDE: u64 = 1 << 10;

/// On an answer that is whole, and no longer than those that are kept.
#[derive(Debug, Clone, Copy)]
struct Whole;

/// Notes whether an answer may be kept, before it is compressed and its length is not known any more.
pub(crate) fn note(answer: &mut Response) {
    let whole = answer.status() == StatusCode::OK && answer.body().size_hint().exact().is_some_and(|n| n <= LONGEST);
    if whole {
        answer.extensions_mut().insert(Whole);
    }
}

/// The answer with that note.
pub(crate) fn noted(mut answer: Response) -> Response {
    note(&mut answer);
    answer
}

/// Keeps an answer that may be, and gives it on.
pub(crate) async fn keep(desk: &Desk, key: Key, used: Option<Use>, answer: Response) -> Response {
    if answer.extensions().get::<Whole>().is_none() {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    // Compressed it may be a little longer than it was.
    let Ok(body) = axum::body::to_bytes(body, 2 * LONGEST as usize).await else {
        tracing::error!("an answer could not be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // What was compressed may lie in a larger room, which would be kept with it and not be counted.
    let body = Bytes::copy_from_slice(&body);
    desk.kept.keep(key, Answer { headers: parts.headers.clone(), body: body.clone(), used });
    Response::from_parts(parts, Body::from(body))
}

/// Names an answer.
pub(crate) type Key = [u8; 32];

/// The key of parts: each with its length, so that no two questions share one.
pub(crate) fn key<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Key {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A good answer, and as what it is counted.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) used: Option<Use>,
}

impl Answer {
    /// The answer once more: whoever asks is counted as the first was.
    pub(crate) fn again(&self, desk: &Desk) -> Response {
        desk.figures.given_again();
        if let Some(used) = self.used {
            desk.count(used);
        }
        let mut answer = Response::new(Body::from(self.body.clone()));
        *answer.headers_mut() = self.headers.clone();
        answer
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Answer>> for Weight {
    fn weight(&self, _: &Key, answer: &Arc<Answer>) -> u64 {
        answer.body.len() as u64 + BESIDE
    }
}

/// The answers.
pub(crate) struct Kept(Option<Cache<Key, Arc<Answer>, Weight>>);

impl Kept {
    /// At most so many bytes of answers; none keeps nothing.
    pub(crate) fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / (16 << 10)).unwrap_or(usize::MAX);
        Self((bytes > 0).then(|| Cache::with_weighter(items.max(1), bytes, Weight)))
    }

    /// Whether any is kept.
    pub(crate) fn keeps(&self) -> bool {
        self.0.is_some()
    }

    /// The answer of a key.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Answer>> {
        self.0.as_ref()?.get(key)
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, key: Key, answer: Answer) {
        if let Some(answers) = &self.0 {
            answers.insert(key, Arc::new(answer));
        }
    }

    /// What is kept now, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.as_ref().map_or(0, Cache::weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(length: usize) -> Answer {
        Answer { headers: HeaderMap::new(), body: Bytes::from(vec![b'x'; length]), used: None }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |parts: &[&str]| key(parts.iter().map(|part| part.as_bytes()));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a", ""]), of(&["a"]));
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let room = 1 << 20;
        let kept = Kept::new(room);
        for number in 0u64..1_000 {
            kept.keep(key([&number.to_le_bytes()[..]]), answer(10_000));
            assert!(kept.bytes() <= room, "{} bytes after {number}", kept.bytes());
        }
        assert!(kept.bytes() > room / 2, "room is used");
    }

    #[test]
    fn nothing_is_kept_where_nothing_is_wanted() {
        let kept = Kept::new(0);
        kept.keep(key([&b"a"[..]]), answer(1));
        assert!(!kept.keeps() && kept.get(&key([&b"a"[..]])).is_none());
    }
}
