//! Bounds how many are answered at once: who comes when all places are taken is told to come again, before anything is computed.

use super::bodies;
use super::caller::too_busy;
use crate::desk::Desk;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// Answers, or says that there is no place. A place is taken when the whole request is here, so that nobody holds one by sending slowly.
pub(crate) async fn bounded(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (request, _room) = match bodies::whole(&desk, request).await {
        Ok(whole) => whole,
        Err(refusal) => return refusal,
    };
    let Ok(_place) = desk.places.try_acquire() else {
        desk.figures.refused("crowd");
        return too_busy();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use crate::desk::{Desk, Settings};
    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::{Request, header};
    use std::net::SocketAddr;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn without_a_place_nothing_is_computed() {
        let desk = Desk::embedded(Settings { at_once: 1, ..Settings::default() });
        let doors = crate::server::router(desk.clone());
        let ask = |path: &'static str| {
            let mut request = Request::get(path).body(Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1))));
            doors.clone().oneshot(request)
        };
        let place = desk.places.try_acquire().unwrap();
        let answer = ask("/v1/currencies").await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()[header::RETRY_AFTER].as_bytes()), (503, &b"1"[..]));
        assert_eq!(ask("/health/live").await.unwrap().status(), 204, "health has a place of its own");
        drop(place);
        assert_eq!(ask("/v1/currencies").await.unwrap().status(), 200);
    }
}
