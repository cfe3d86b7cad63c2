//! Whether anything goes on at a connection. Over HTTP/2 the other side can stay there for ever and take nothing: its signs of life are
//! answered, so no write ever waits, while answers and places for batches wait with it.

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Longest part of an answer that is handed on at once: what was taken can be told part by part.
const PART: usize = 16 << 10;

/// When something was last asked or taken on a connection.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    opened: Instant,
    last_ms: Arc<AtomicU64>,
}

impl Progress {
    /// A connection that was just opened.
    pub(super) fn new() -> Self {
        Self { opened: Instant::now(), last_ms: Arc::default() }
    }

    /// Something was asked, or a part of an answer was taken.
    pub(super) fn made(&self) {
        self.last_ms.store(self.since_opened(), Ordering::Relaxed);
    }

    fn since_opened(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Ends when nothing was asked and nothing taken for so long.
    pub(super) async fn none_for(&self, limit: Duration) {
        loop {
            let still = Duration::from_millis(self.since_opened() - self.last_ms.load(Ordering::Relaxed));
            match limit.checked_sub(still).filter(|left| !left.is_zero()) {
                Some(left) => tokio::time::sleep(left).await,
                None => return,
            }
        }
    }

    /// An answer that tells when a part of it is taken.
    pub(super) fn watch(&self, answer: Response) -> axum::http::Response<Watched> {
        answer.map(|body| Watched { body, rest: Bytes::new(), progress: self.clone() })
    }
}

/// A body that is handed on in small parts.
pub(super) struct Watched {
    body: Body,
    /// What is to be handed on before more is asked for.
    rest: Bytes,
    progress: Progress,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.progress.made();
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                other => return other,
            }
        }
        let length = self.rest.len().min(PART);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, inner) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn an_answer_comes_in_parts_and_whole() {
        let text: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8).collect();
        let mut body = Progress::new().watch(Response::new(Body::from(text.clone()))).into_body();
        let mut taken = Vec::new();
        while let Some(frame) = body.frame().await {
            let part = frame.unwrap().into_data().unwrap();
            assert!(part.len() <= PART);
            taken.extend_from_slice(&part);
            assert_eq!(body.size_hint().exact(), Some((text.len() - taken.len()) as u64));
        }
        assert!(taken == text && body.is_end_stream());
    }

    #[tokio::test]
    async fn a_connection_where_nothing_goes_on_ends() {
        let (progress, limit) = (Progress::new(), Duration::from_millis(300));
        let busy = progress.clone();
        let work = tokio::spawn(async move {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(100)).await;
                busy.made();
            }
        });
        let began = Instant::now();
        progress.none_for(limit).await;
        assert!(began.elapsed() >= Duration::from_millis(750), "while something went on it stayed");
        work.await.unwrap();
    }
}
