//! Who is let in, and how long a slow one is waited for. An asker who sends its head byte by byte, or does not read its answer, holds one
//! place and loses it after a while (Slowloris, slow read).

use super::patience::Patient;
use super::progress::Progress;
use super::router;
use crate::desk::Desk;
use crate::watch::files;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tidewaiter_repository::server::network;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// Most bytes of the head of a request.
const HEAD_BYTES: usize = 32 << 10;
/// Most lines of it.
const HEAD_LINES: usize = 64;
/// Most requests at once on one connection of HTTP/2.
const STREAMS: u32 = 32;

fn builder(desk: &Desk) -> Builder<TokioExecutor> {
    let slow = desk.settings.slow;
    let mut builder = Builder::new(TokioExecutor::new());
    // The time for a head begins when one is waited for: it ends idle connections too.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(slow).max_buf_size(HEAD_BYTES).max_headers(HEAD_LINES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(slow))
        .keep_alive_timeout(slow)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX));
    builder
}

/// Open connections of each network.
#[derive(Debug, Default)]
struct Open(Mutex<HashMap<IpAddr, usize>>);

/// One of them, until it ends.
struct Counted(Arc<Open>, IpAddr);

impl Open {
    /// One more connection of a network, where it has not its share already.
    fn take(self: &Arc<Self>, from: IpAddr, most: usize) -> Option<Counted> {
        let from = network(from);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(from).or_default();
        if *own >= most {
            return None;
        }
        *own += 1;
        Some(Counted(Arc::clone(self), from))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.get_mut(&self.1) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.1);
            }
        }
    }
}

/// Answers until `stop` ends; says then that it is not ready and goes on for a moment, so that whoever sends requests here hears of it
/// before connections are refused; then lets those who are being answered finish, for as long as the settings say. Beside it, looks at the files
/// of the settings each second and writes counts to the store.
///
/// # Errors
/// Where it can no longer listen.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let beside = [tokio::spawn(files::watch(desk.clone())), tokio::spawn(crate::store::keep_counts(desk.clone()))];
    let app = router(desk.clone());
    let builder = builder(&desk);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(desk.settings.connections));
    let open = Arc::new(Open::default());
    // Behind proxies all connections are theirs.
    let each = if desk.settings.proxies == 0 { desk.settings.connections_each } else { usize::MAX };
    let stop = async {
        stop.await;
        desk.stopping.store(true, Ordering::Relaxed);
        tracing::info!(
            seconds = desk.settings.drain.as_secs(),
            "the service is about to end and says that it is not ready"
        );
        tokio::time::sleep(desk.settings.drain).await;
    };
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // Without a place nobody is taken in: they wait in the queue of the system.
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                wait_out(&error).await;
                continue;
            }
        };
        let Some(counted) = open.take(address.ip(), each) else {
            desk.figures.refused("connections");
            continue;
        };
        // Heads and bodies are written one after the other: without this the second waits for the client's acknowledgement of the first.
        let _ = stream.set_nodelay(true);
        let progress = Progress::new();
        let (asked, taken) = (progress.clone(), progress.clone());
        let service = app.clone().map_request(move |mut request: Request<Incoming>| {
            asked.made();
            request.extensions_mut().insert(ConnectInfo(address));
            request.map(Body::new)
        });
        let service = service.map_response(move |answer| taken.watch(answer));
        let io = TokioIo::new(Patient::new(stream, desk.settings.slow));
        let connection = builder.serve_connection(io, TowerToHyperService::new(service)).into_owned();
        let connection = graceful.watch(connection);
        let desk = desk.clone();
        tokio::spawn(async move {
            desk.figures.connection(true);
            // Longer than any answer may take and any part of it may lie unread.
            let limit = desk.settings.slow + desk.settings.time;
            // Who goes away in the middle is no fault of ours.
            tokio::select! {
                _ = connection => {}
                () = progress.none_for(limit) => desk.figures.refused("slow"),
            }
            desk.figures.connection(false);
            drop((place, counted));
        });
    }
    drop(listener);
    tracing::info!("no more requests are taken; those under way are answered");
    if tokio::time::timeout(desk.settings.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were not answered in time");
    }
    beside.iter().for_each(tokio::task::JoinHandle::abort);
    crate::store::last_counts(&desk).await;
    Ok(())
}

/// Where too many files are open, a moment later some are closed; other errors are of one connection alone.
async fn wait_out(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection cannot be taken");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_a_share_of_the_connections() {
        let open = Arc::new(Open::default());
        let from = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = open.take(from("192.0.2.1"), 2);
        let second = open.take(from("192.0.2.1"), 2);
        assert!(first.is_some() && second.is_some() && open.take(from("192.0.2.1"), 2).is_none());
        assert!(open.take(from("192.0.2.2"), 2).is_some(), "each has its own");
        drop(first);
        assert!(open.take(from("192.0.2.1"), 2).is_some());
        drop(second);
        assert!(open.0.lock().unwrap().is_empty(), "nothing is kept of those who went away");
    }
}
