//! A service for tests: a repository behind its router, a token for everybody, and a few words to ask it.

use crate::common::{Here, addresses, authority, folder, key, keys};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::impact::Base;
use tidewaiter_repository::metadata::signable;
use tidewaiter_repository::server::{App, Limits, Outside, router, serve};
use tidewaiter_repository::store::token::{Account, Role};
use tidewaiter_repository::store::{audit, edition};
use tidewaiter_repository::workflow::sent::Sent;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;

pub const BOUNDARY: &str = "x-between-x";

/// What the service reaches by itself: nothing on this machine.
pub fn outside() -> Outside {
    Outside::new(Reach::Public).unwrap()
}

pub struct Service {
    pub here: Here,
    pub router: Router,
    pub officer: String,
    pub approver: String,
    pub secretariat: String,
    pub auditor: String,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that it is a problem document (RFC 9457) of a status and kind, and returns it.
    pub fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("urn:tidewaiter:problem:{kind}"), "{problem}");
        assert!(problem["title"].as_str().is_some_and(|t| !t.is_empty()), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|t| !t.is_empty()), "{problem}");
        problem
    }
}

/// Limits that no test meets by chance.
pub fn wide() -> Limits {
    Limits { burst: 1_000_000, refill: Duration::from_nanos(1), file_burst: 1_000_000, ..Limits::default() }
}

/// One service on a database of its own, in a file.
pub async fn service(name: &str) -> Service {
    let address = folder(name).join("repository.db").display().to_string();
    Service::on(&address, name, wide()).await
}

/// One service on each database there is.
pub async fn services(name: &str) -> Vec<Service> {
    let mut all = Vec::new();
    for address in addresses(name).await {
        all.push(Service::on(&address, name, wide()).await);
    }
    all
}

impl Service {
    /// The authorities `qq` (two officers), `zz` and `bank` (one each), and tokens for `qq` and the office.
    pub async fn on(address: &str, name: &str, limits: Limits) -> Self {
        let mut here = Here::found(address, &folder(&format!("{name}-public"))).await;
        // The countries of the walkthrough: QQ, ZZ, and XS from where things are sent.
        let mut world = crate::common::world();
        world.world.territories =
            toml::from_str(include_str!("../../../../docs/guide/publish/data/territories.toml")).unwrap();
        world.world.currencies = toml::from_str(
            &["XQD", "XZD", "EUR", "USD"]
                .map(|code| format!("[[currency]]\ncode = \"{code}\"\nname = \"{code}\"\nminor = 2\n"))
                .concat(),
        )
        .unwrap();
        here.repository.base = Arc::new(Base { folder: world, ..Base::default() });
        let list = Authorities {
            authorities: vec![
                authority("qq", Some("QQ"), 2),
                authority("zz", Some("ZZ"), 1),
                authority("bank", None, 1),
            ],
            ..Authorities::new("Test")
        };
        here.admit(3, list, &keys_of(&["qq-one", "qq-two", "qq-three"])).await.unwrap();
        let router = router(App::new(here.repository.clone(), outside()), limits);
        let mut service = Self {
            here,
            router,
            officer: String::new(),
            approver: String::new(),
            secretariat: String::new(),
            auditor: String::new(),
        };
        service.officer = service.token("Officer of Q", Role::Officer, Some("qq")).await;
        service.approver = service.token("Approver of Q", Role::Approver, Some("qq")).await;
        service.secretariat = service.token("Secretary", Role::Secretariat, None).await;
        service.auditor = service.token("Auditor", Role::Auditor, None).await;
        service
    }

    pub async fn token(&self, label: &str, role: Role, of: Option<&str>) -> String {
        let account = Account { label: label.into(), role, authority: of.map(str::to_owned) };
        self.here.repository.new_token(&account, 30, 400, "founder").await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let mut request = request;
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 1 << 30).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Reply {
        self.send(request("GET", path, token).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Reply {
        let request = request("POST", path, token).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Sends a form to an authority's door.
    pub async fn submit(&self, of: &str, token: Option<&str>, headers: &[(&str, &str)], form: Vec<u8>) -> Reply {
        let path = format!("/v1/authorities/{of}/submissions");
        let mut request =
            request("POST", &path, token).header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// Sends for `qq` as its officer; what is sent must be taken. Returns the edition's hash.
    pub async fn draft(&self, sent: &Sent) -> String {
        let taken = self.submit("qq", Some(&self.officer), &[], form(sent)).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
        taken.json()["receipt"]["edition"].as_str().unwrap().to_owned()
    }

    /// The signature of a key over an edition's role, as a body.
    pub async fn signature(&self, hash: &str, name: &str) -> Value {
        let package = self.here.repository.package(hash, false).await.unwrap();
        let signature = key(name).sign(&signable(&package.role.signed).unwrap());
        json!({ "key": key(name).public().as_str(), "signature": signature })
    }

    pub async fn sign(&self, hash: &str, token: &str, name: &str) -> Reply {
        let body = self.signature(hash, name).await;
        self.post(&format!("/v1/editions/{hash}/signatures"), Some(token), body).await
    }

    /// Sends and signs with two officers' keys: published.
    pub async fn publish(&self, sent: &Sent) -> String {
        let hash = self.draft(sent).await;
        let words = format!("/v1/editions/{hash}/words");
        let standing = self.here.repository.standing(&hash).await.unwrap();
        for check in standing.open_warnings {
            self.post(&words, Some(&self.approver), json!({ "check": check, "says": "It is meant." })).await;
        }
        self.sign(&hash, &self.officer, "qq-one").await;
        let done = self.sign(&hash, &self.approver, "qq-two").await;
        assert_eq!(done.json()["state"], "published", "{}", done.text());
        hash
    }

    /// What a refused call must leave as it is: the audit log's head, and where the authorities' editions stand.
    pub async fn stand(&self) -> (u64, String, Vec<(String, &'static str, usize)>) {
        let mut tx = self.here.repository.db.read().await.unwrap();
        let (seq, head) = audit::head(&mut *tx).await.unwrap();
        let mut editions = Vec::new();
        for of in ["qq", "zz", "bank"] {
            for kept in edition::of(&mut *tx, of, u64::MAX, 1000).await.unwrap() {
                editions.push((kept.hash, kept.state.name(), kept.role.len()));
            }
        }
        (seq, head, editions)
    }
}

/// Listens on this machine, and says bytes to whoever listens.
pub struct Wire {
    pub address: SocketAddr,
    stop: tokio::sync::oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Wire {
    pub async fn of(service: &Service, limits: Limits) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = App::new(service.here.repository.clone(), outside());
        let served = tokio::spawn(serve(listener, app, limits, async {
            let _ = stopped.await;
        }));
        Self { address, stop, served }
    }

    pub async fn say(&self, bytes: &[u8]) -> String {
        let mut line = tokio::net::TcpStream::connect(self.address).await.unwrap();
        // The other side may hang up before it has heard all.
        let _ = line.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub async fn end(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

/// The keys of all three authorities, with those of `qq` given.
pub fn keys_of(qq: &[&str]) -> BTreeMap<String, tidewaiter_repository::metadata::Keys> {
    BTreeMap::from([
        ("qq".to_owned(), keys(qq, 2)),
        ("zz".to_owned(), keys(&["zz-one"], 1)),
        ("bank".to_owned(), keys(&["bank-one"], 1)),
    ])
}

pub fn request(method: &str, path: &str, token: Option<&str>) -> axum::http::request::Builder {
    let builder = Request::builder().method(method).uri(path);
    match token {
        Some(token) => builder.header("authorization", format!("Bearer {token}")),
        None => builder,
    }
}

/// A part of a form: name, file name, content.
pub fn field(name: &str, file: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
    let mut bytes =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

pub fn end() -> Vec<u8> {
    format!("--{BOUNDARY}--\r\n").into_bytes()
}

/// A submission as a form.
pub fn form(sent: &Sent) -> Vec<u8> {
    let mut bytes = field("about", None, serde_json::to_string(&sent.about).unwrap().as_bytes());
    for (name, content) in &sent.files {
        bytes.extend(field("file", Some(name), content));
    }
    bytes.extend(end());
    bytes
}
