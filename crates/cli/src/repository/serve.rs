//! `tidewaiter repository serve`.

use super::config::Config;
use super::wait;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use std::net::SocketAddr;
use std::path::Path;
use tidewaiter_repository::server::{App, serve};
use tidewaiter_repository::store;
use tidewaiter_repository::workflow::Refusal;
use tracing_subscriber::EnvFilter;

pub(super) fn run(folder: &Path, listen: SocketAddr, page: &mut Page) -> Result<Exit, Failure> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // One JSON object a line, on standard error: standard output says where it listens.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let config = Config::read(folder)?;
    wait(async {
        let repository = config.open(folder).await?;
        repository.db.migrate().await.map_err(Failure::usage)?;
        let name = {
            let mut tx = repository.db.read().await.map_err(Failure::usage)?;
            store::name(&mut *tx).await.map_err(Failure::usage)?
        };
        let Some(name) = name else {
            let what = "its first root is not signed yet: `tidewaiter repository accept` takes it in";
            return Err(Failure::usage(format!("{}: {what}", folder.display())));
        };
        match repository.take_back().await {
            Ok(back) => super::restore::taken_back(&back, page)?,
            // It is asked again before anything is sent there.
            Err(Refusal::Unavailable(why)) => {
                page.paragraph(&format!("The static host could not be looked at: {why}"), Tone::Caution)?;
            }
            // Readers and auditors are served all the same; nothing is published until it is mended, and each try says why.
            Err(other) => page.paragraph(&format!("Nothing can be published for now. {other}"), Tone::Caution)?,
        }
        let outside = config.outside()?;
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|e| Failure::usage(format!("cannot listen on {listen}: {e}")))?;
        let at = listener.local_addr().unwrap_or(listen);
        page.paragraph(&format!("\"{name}\" answers on http://{at}. Stop it with Ctrl-C."), Tone::Strong)?;
        if config.address == super::config::own_address() && config.address != format!("http://{at}") {
            let text = format!(
                "Links in feeds and letters begin with {}, where it does not answer. Write the address at which people reach it into {}: address = \"https://rates.example\"",
                config.address,
                folder.join("repository.toml").display()
            );
            page.paragraph(&text, Tone::Caution)?;
        }
        page.flush()?;
        serve(listener, App::new(repository, outside), config.limits(), stop())
            .await
            .map_err(|e| Failure::usage(format!("cannot go on: {e}")))
    })?;
    Ok(Exit::Answered)
}

/// Ends when the operator or the system says so.
pub(crate) async fn stop() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}
