//! Reads what is sent whole before it gets a place among those that are answered: who sends slowly keeps nobody else from being answered.
//!
//! Bodies are bounded four ways: each by the size that its door takes and by a time, those of one caller by their number and their bytes, and
//! all together by their bytes. What was read counts until it is answered.

use super::caller::{Caller, too_busy};
use crate::desk::Desk;
use crate::problem::Problem;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// One caller may hold one part in so many of the bytes of all bodies.
const SHARE: usize = 4;

/// Bodies in memory.
#[derive(Debug, Default)]
pub(crate) struct Bodies(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    callers: HashMap<Caller, Own>,
}

/// Those of one caller.
#[derive(Debug, Default)]
struct Own {
    /// Requests whose bodies are here or on their way.
    requests: usize,
    /// Those still on their way.
    coming: usize,
    bytes: usize,
}

/// Why there is no room.
enum Full {
    /// The caller has its share.
    Caller,
    /// Nobody has any.
    All,
}

/// Room for one body, given back when it is answered.
pub(super) struct Room<'a> {
    desk: &'a Desk,
    caller: Caller,
    bytes: usize,
    comes: bool,
}

impl<'a> Room<'a> {
    fn new(desk: &'a Desk, caller: Caller) -> Result<Self, Full> {
        let mut held = desk.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.callers.entry(caller).or_default();
        if own.coming >= desk.settings.bodies_each {
            return Err(Full::Caller);
        }
        own.coming += 1;
        own.requests += 1;
        Ok(Self { desk, caller, bytes: 0, comes: true })
    }

    /// Takes room for more bytes.
    fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        let most = self.desk.settings.bodies_bytes;
        let mut held = self.desk.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = &mut *held;
        let own = held.callers.entry(self.caller).or_default();
        if own.bytes + bytes > most / SHARE {
            return Err(Full::Caller);
        }
        if held.bytes + bytes > most {
            return Err(Full::All);
        }
        own.bytes += bytes;
        held.bytes += bytes;
        self.bytes += bytes;
        Ok(())
    }

    /// All is here.
    fn came(&mut self) {
        let mut held = self.desk.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.callers.entry(self.caller).and_modify(|own| own.coming -= 1);
        self.comes = false;
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        let mut held = self.desk.bodies.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.bytes -= self.bytes;
        if let Some(own) = held.callers.get_mut(&self.caller) {
            own.bytes -= self.bytes;
            own.coming -= usize::from(self.comes);
            own.requests -= 1;
            if own.requests == 0 {
                held.callers.remove(&self.caller);
            }
        }
    }
}

/// A request with its whole body, and the room that the body takes; none where it has none.
///
/// # Errors
/// The refusal: too large, too slow, cut short, or no room.
pub(super) async fn whole(desk: &Desk, request: Request) -> Result<(Request, Option<Room<'_>>), Response> {
    // No door reads the body of another method.
    if !matches!(*request.method(), Method::POST | Method::PUT) || request.body().is_end_stream() {
        return Ok((request, None));
    }
    let Some(caller) = request.extensions().get::<Caller>().copied() else {
        tracing::error!("a body has no sender");
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let pages = [crate::pages::office::UPLOAD, crate::pages::collect::SALES];
    let takes_much = |path: &str| crate::api::takes_much(path) || pages.contains(&path);
    let many = request.extensions().get::<MatchedPath>().is_some_and(|path| takes_much(path.as_str()));
    let most = if many { desk.settings.batch_bytes } else { desk.settings.body_bytes };
    let (parts, body) = request.into_parts();
    let no_room = |full| {
        desk.figures.refused("bodies");
        match full {
            Full::All => too_busy(),
            Full::Caller => too_many_bodies(),
        }
    };
    let mut room = Room::new(desk, caller).map_err(no_room)?;
    let read = tokio::time::timeout(desk.settings.body_time, read(body, most, &mut room)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(No::Large)) => return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
        Ok(Err(No::Short)) => return Err(Problem::request("The body ended before it was whole.").into_response()),
        Ok(Err(No::Room(full))) => return Err(no_room(full)),
        Err(_) => {
            desk.figures.refused("slow");
            return Err(too_slow(desk));
        }
    };
    room.came();
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(room)))
}

/// Why a body is not read.
enum No {
    Large,
    Short,
    Room(Full),
}

async fn read(mut body: Body, most: usize, room: &mut Room<'_>) -> Result<Bytes, No> {
    let told = body.size_hint();
    if told.lower() > most as u64 {
        return Err(No::Large);
    }
    let expected = told.exact().and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(most);
    let mut all: Vec<u8> = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| No::Short)?.into_data() else { continue };
        let length = all.len() + data.len();
        if length > most {
            return Err(No::Large);
        }
        room.grow(data.len()).map_err(No::Room)?;
        // Most questions come in one piece, which is taken as it is.
        if all.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        // Copied: a few bytes would keep the whole buffer in which they came.
        if all.capacity() < length {
            let next = all.capacity().saturating_mul(2).min(expected).max(length);
            all.reserve_exact(next - all.len());
        }
        all.extend_from_slice(&data);
    }
    Ok(all.into())
}

fn too_many_bodies() -> Response {
    let detail =
        "More bodies are on their way from you than one caller may send at once. Wait for the answers to some.";
    let mut answer =
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", detail).into_response();
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(1));
    answer
}

fn too_slow(desk: &Desk) -> Response {
    let seconds = desk.settings.body_time.as_secs().max(1);
    let detail = format!("The body did not come within {seconds} s. Send less, or divide it.");
    Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", "The body came too slowly", detail).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Settings;

    fn from(host: u8) -> Caller {
        Caller::Network(std::net::IpAddr::from([192, 0, 2, host]))
    }

    #[test]
    fn one_caller_has_a_share_and_all_have_an_end() {
        let desk = Desk::embedded(Settings { bodies_each: 2, bodies_bytes: 4_000, ..Settings::default() });
        let mut first = Room::new(&desk, from(1)).ok().unwrap();
        let second = Room::new(&desk, from(1)).ok().unwrap();
        assert!(matches!(Room::new(&desk, from(1)), Err(Full::Caller)));
        assert!(first.grow(1_000).is_ok() && matches!(first.grow(1), Err(Full::Caller)), "a quarter is for one");
        first.came();
        assert!(Room::new(&desk, from(1)).is_ok(), "what is here whole is no longer on its way");
        let others: Vec<_> = (2..5).map(|host| Room::new(&desk, from(host)).ok().unwrap()).collect();
        let mut others: Vec<_> = others.into_iter().map(|mut room| (room.grow(1_000).is_ok(), room)).collect();
        assert!(others.iter().all(|(grown, _)| *grown));
        assert!(matches!(Room::new(&desk, from(9)).ok().unwrap().grow(1), Err(Full::All)));
        others.clear();
        drop((first, second));
        let held = desk.bodies.0.lock().unwrap();
        assert_eq!((held.bytes, held.callers.len()), (0, 0), "all is given back");
    }
}
