//! A connection that gives up: when its first bytes do not come, and when what is written is not taken.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Bytes that tell which version of HTTP is spoken: until then nobody else looks at the clock.
const FIRST: usize = 24;

/// A connection with a limit to waiting.
pub(super) struct Patient<Io> {
    io: Io,
    limit: Duration,
    /// Until the first bytes are here.
    first: Option<Pin<Box<Sleep>>>,
    read: usize,
    /// While what was written is not taken.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<Io> Patient<Io> {
    /// A connection that was just opened.
    pub(super) fn new(io: Io, limit: Duration) -> Self {
        Self { io, limit, first: Some(Box::pin(sleep(limit))), read: 0, stalled: None }
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the other side is too slow")
}

impl<Io: AsyncRead + Unpin> AsyncRead for Patient<Io> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.io).poll_read(cx, buffer);
        if let Some(first) = &mut this.first {
            this.read += buffer.filled().len() - before;
            if this.read >= FIRST {
                this.first = None;
            } else if read.is_pending() {
                ready!(first.as_mut().poll(cx));
                return Poll::Ready(Err(too_slow()));
            }
        }
        read
    }
}

impl<Io: AsyncWrite + Unpin> Patient<Io> {
    fn written<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(too_slow()))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Patient<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.written(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bytes);
        self.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.written(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.io).poll_shutdown(cx);
        self.written(cx, shut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    const LIMIT: Duration = Duration::from_millis(100);

    #[tokio::test]
    async fn silence_at_the_beginning_ends_a_connection() {
        let (mut other, io) = duplex(64);
        let mut io = Patient::new(io, LIMIT);
        other.write_all(b"PRI * HTTP").await.unwrap();
        let error = io.read_exact(&mut [0; FIRST]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_pause_later_does_not() {
        let (mut other, io) = duplex(64);
        let mut io = Patient::new(io, LIMIT);
        other.write_all(&[b'x'; FIRST]).await.unwrap();
        io.read_exact(&mut [0; FIRST]).await.unwrap();
        let later = tokio::spawn(async move {
            sleep(LIMIT * 3).await;
            other.write_all(b"y").await.unwrap();
        });
        io.read_exact(&mut [0; 1]).await.unwrap();
        later.await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_ends_a_connection() {
        let (_other, io) = duplex(8);
        let mut io = Patient::new(io, LIMIT);
        let error = io.write_all(&[0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
