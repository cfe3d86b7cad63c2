//! Connections that ask, by hand: what the generator costs must not hide what the server costs.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads an address.
    Get,
    /// Reads it, and says that it has the answer.
    Known,
    /// One question, always the same.
    Same,
    /// One question, each time at another price.
    Different,
    /// A hundred questions.
    Batch,
}

/// A kind of request.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) kind: Kind,
    pub(crate) path: String,
}

impl Work {
    pub(crate) fn get(path: &str) -> Self {
        Self { kind: Kind::Get, path: path.to_owned() }
    }

    pub(crate) fn known(path: &str) -> Self {
        Self { kind: Kind::Known, path: path.to_owned() }
    }

    pub(crate) fn quote(path: &str) -> Self {
        Self { kind: Kind::Same, path: path.to_owned() }
    }

    /// The bytes of the request with a number; `tag` is the answer's entity tag.
    fn bytes(&self, number: u64, tag: &str) -> Vec<u8> {
        // Five million questions that differ: more than are asked in a run, so that none was answered before.
        let question = |number: u64| {
            format!(
                "{{\"from\":\"CN\",\"to\":\"FR\",\"date\":\"2026-11-21\",\"currency\":\"EUR\",\"freight\":\"4.{:03}\",\"channel\":\"post\",\
                 \"seller\":{{\"registrations\":[\"eu.ioss\"]}},\"items\":[{{\"code\":\"6109.10\",\"origin\":\"CN\",\"quantity\":2,\
                 \"price\":\"{}.{:02}\"}}]}}",
                number / 5_000 % 1_000,
                10 + number / 100 % 50,
                number % 100
            )
        };
        let (kind, body) = match self.kind {
            Kind::Get | Kind::Known => ("", String::new()),
            Kind::Same => ("application/json", question(250)),
            Kind::Different => ("application/json", question(number)),
            Kind::Batch => ("application/x-ndjson", (0..100).map(|n| question(number * 100 + n) + "\n").collect()),
        };
        let host = "host: 127.0.0.1\r\n";
        match self.kind {
            Kind::Get => format!("GET {} HTTP/1.1\r\n{host}\r\n", self.path).into_bytes(),
            Kind::Known => format!("GET {} HTTP/1.1\r\n{host}if-none-match: {tag}\r\n\r\n", self.path).into_bytes(),
            _ => format!(
                "POST {} HTTP/1.1\r\n{host}content-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
                self.path,
                body.len()
            )
            .into_bytes(),
        }
    }
}

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) count: u64,
    pub(crate) failed: u64,
    pub(crate) bytes: u64,
    pub(crate) micros: u64,
    /// How long each took, in microseconds.
    took: Vec<u64>,
}

impl Measured {
    fn and(mut self, other: Self) -> Self {
        self.count += other.count;
        self.failed += other.failed;
        self.bytes += other.bytes;
        self.micros = self.micros.max(other.micros);
        self.took.extend(other.took);
        self.took.sort_unstable();
        self
    }

    /// The time within which so many percent were answered.
    pub(crate) fn at(&self, percent: usize) -> u64 {
        self.took
            .get((self.took.len() * percent / 100).min(self.took.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    tag: String,
}

impl Connection {
    async fn open(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 << 10), tag: String::new() })
    }

    /// Asks once: whether the answer is good, and its length.
    async fn ask(&mut self, request: &[u8]) -> std::io::Result<(bool, u64)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if let Some((good, length)) = whole(&self.buffer) {
                if self.tag.is_empty() {
                    let head = String::from_utf8_lossy(&self.buffer[..self.buffer.len().min(4096)]).into_owned();
                    self.tag = head.lines().find_map(|l| l.strip_prefix("etag: ")).unwrap_or_default().to_owned();
                }
                return Ok((good, length));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Whether an answer is complete: then whether it is good, and how long.
fn whole(bytes: &[u8]) -> Option<(bool, u64)> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let good = head.starts_with("HTTP/1.1 2") || head.starts_with("HTTP/1.1 304");
    if head.contains("transfer-encoding: chunked") {
        return bytes.ends_with(b"\r\n0\r\n\r\n").then_some((good, bytes.len() as u64));
    }
    let length = head
        .lines()
        .find_map(|l| l.strip_prefix("content-length: "))
        .and_then(|l| l.parse::<usize>().ok())
        .unwrap_or(0);
    (bytes.len() >= end + length).then_some((good, bytes.len() as u64))
}

/// Each connection asks again as soon as it is answered.
pub(crate) async fn closed(port: u16, work: &Work, connections: usize, time: Duration) -> std::io::Result<Measured> {
    run(port, work, connections, None, time).await
}

/// Requests are due at a rate, shared evenly by the connections.
pub(crate) async fn open(
    port: u16,
    work: &Work,
    connections: usize,
    rate: u64,
    time: Duration,
) -> std::io::Result<Measured> {
    run(port, work, connections, Some(rate.max(1)), time).await
}

async fn run(
    port: u16,
    work: &Work,
    connections: usize,
    rate: Option<u64>,
    time: Duration,
) -> std::io::Result<Measured> {
    let started = Instant::now();
    let tasks: Vec<_> = (0..connections as u64)
        .map(|own| {
            let work = work.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(port).await?;
                let mut out = Measured::default();
                for turn in 0u64.. {
                    let mut due = Instant::now();
                    if let Some(rate) = rate {
                        due = started + Duration::from_nanos((turn * connections as u64 + own) * 1_000_000_000 / rate);
                        if due > Instant::now() {
                            tokio::time::sleep_until(due.into()).await;
                        }
                    }
                    if started.elapsed() >= time {
                        break;
                    }
                    let request = work.bytes(own * 156_250 + turn, &connection.tag);
                    let (good, length) = connection.ask(&request).await?;
                    out.count += 1;
                    out.failed += u64::from(!good);
                    out.bytes += length;
                    out.took.push(u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX));
                }
                out.micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
                Ok::<_, std::io::Error>(out)
            })
        })
        .collect();
    let mut all = Measured::default();
    for task in tasks {
        all = all.and(task.await.map_err(std::io::Error::other)??);
    }
    Ok(all)
}
