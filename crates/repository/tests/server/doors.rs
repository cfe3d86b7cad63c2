//! Every door of the service: its path, its methods, whose permission it asks for, and a well-formed request for it.

use crate::server::service::{BOUNDARY, Service, end, field, form, request};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use tidewaiter_repository::feeds::Interest;
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::feeds::delivery::Delivery;
use tidewaiter_repository::sha256_hex;
use tidewaiter_repository::store::subscription::{self, Channel};
use tidewaiter_repository::workflow::permission::{Operation, TABLE};
use tidewaiter_repository::workflow::sent::About;

/// One method of a route.
pub struct Door {
    pub method: &'static str,
    pub path: &'static str,
    /// `None` for what has no permission: whether the service lives.
    pub operation: Option<Operation>,
    /// Whether it is about an authority: `Own` reaches only there.
    pub of_authority: bool,
    /// Whether it looks at the token. One that does not count is then refused, even where nobody needs one.
    pub looks: bool,
}

const fn door(method: &'static str, path: &'static str, operation: Operation, of_authority: bool) -> Door {
    Door { method, path, operation: Some(operation), of_authority, looks: true }
}

const fn open(path: &'static str) -> Door {
    Door { method: "GET", path, operation: Some(Operation::ReadPublished), of_authority: false, looks: false }
}

const fn health(path: &'static str) -> Door {
    Door { method: "GET", path, operation: None, of_authority: false, looks: false }
}

/// All doors. A path stands twice where what it shows decides who may read it: a draft, or what is published.
pub const DOORS: &[Door] = &[
    door("POST", "/v1/authorities/{authority}/submissions", Operation::Submit, true),
    door("GET", "/v1/authorities/{authority}/submissions", Operation::ReadDrafts, true),
    door("GET", "/v1/authorities/{authority}/submissions/{id}", Operation::ReadDrafts, true),
    door("GET", "/v1/authorities/{authority}/editions", Operation::ReadPublished, true),
    door("POST", "/v1/authorities/{authority}/withdrawals", Operation::Submit, true),
    door("GET", "/v1/authorities/{authority}/renewal", Operation::Submit, true),
    open("/v1/authorities"),
    door("GET", "/v1/editions/{edition}", Operation::ReadDrafts, true),
    door("GET", "/v1/editions/{edition}", Operation::ReadPublished, true),
    door("GET", "/v1/editions/{edition}/report", Operation::ReadDrafts, true),
    door("GET", "/v1/editions/{edition}/report", Operation::ReadPublished, true),
    door("GET", "/v1/editions/{edition}/impact", Operation::ReadDrafts, true),
    door("GET", "/v1/editions/{edition}/package", Operation::ReadDrafts, true),
    door("GET", "/v1/editions/{edition}/package", Operation::ReadPublished, true),
    door("POST", "/v1/editions/{edition}/words", Operation::Speak, true),
    door("POST", "/v1/editions/{edition}/signatures", Operation::Sign, true),
    door("POST", "/v1/editions/{edition}/abandon", Operation::Abandon, true),
    open("/v1/records"),
    door("GET", "/v1/board", Operation::ReadPublished, false),
    door("GET", "/v1/audit", Operation::Audit, false),
    door("POST", "/v1/ceremonies", Operation::Admit, false),
    door("GET", "/v1/tokens", Operation::Tokens, false),
    door("POST", "/v1/tokens", Operation::Tokens, false),
    door("DELETE", "/v1/tokens/{id}", Operation::Tokens, false),
    door("GET", "/v1/pulls", Operation::Pull, false),
    door("POST", "/v1/pulls", Operation::Pull, false),
    door("DELETE", "/v1/pulls", Operation::Pull, false),
    door("GET", "/v1/subscriptions", Operation::Subscriptions, false),
    door("POST", "/v1/subscriptions", Operation::Subscriptions, false),
    door("DELETE", "/v1/subscriptions/{id}", Operation::Subscriptions, false),
    // Whoever has the address of a letter may end the letters.
    health("/v1/subscriptions/{id}/leave"),
    Door { method: "POST", ..health("/v1/subscriptions/{id}/leave") },
    door("GET", "/v1/deliveries/dead", Operation::Subscriptions, false),
    door("POST", "/v1/deliveries/{id}/again", Operation::Subscriptions, false),
    open("/feeds/changes.json"),
    open("/feeds/changes.atom"),
    open("/open/{authority}/{file}"),
    open("/metadata/{file}"),
    open("/targets/{file}"),
    health("/health/live"),
    health("/health/ready"),
    health("/metrics"),
];

/// What there is to ask for: a draft and a published edition of `qq`, a submission, a token to revoke.
pub struct Things {
    pub draft: String,
    pub published: String,
    pub submission: String,
    pub spare: String,
    pub warning: String,
    /// A mailbox, with the word of its letters.
    pub mailbox: (String, String),
    /// A message that nobody took.
    pub dead: String,
}

impl Door {
    /// A request for it that is well-formed, and that would be done for who may.
    pub async fn request(&self, service: &Service, things: &Things, token: Option<&str>) -> Request<Body> {
        let reads_published = self.operation == Some(Operation::ReadPublished);
        let edition = if reads_published { &things.published } else { &things.draft };
        let id = match self.path {
            "/v1/tokens/{id}" => &things.spare,
            "/v1/deliveries/{id}/again" => &things.dead,
            path if path.starts_with("/v1/subscriptions") => &things.mailbox.0,
            _ => &things.submission,
        };
        let file = match self.path {
            "/targets/{file}" => format!("{}.qq--edition.json", things.published),
            "/open/{authority}/{file}" => "records.csv".to_owned(),
            _ => "timestamp.json".to_owned(),
        };
        let path = self.path.replace("{authority}", "qq").replace("{edition}", edition).replace("{id}", id);
        let mut path = path.replace("{file}", &file);
        match (self.method, self.path) {
            ("POST", "/v1/subscriptions/{id}/leave") => path.push_str(&format!("?by={}", things.mailbox.1)),
            ("DELETE", "/v1/pulls") => path.push_str("?authority=qq&url=https://q.example/rates"),
            _ => {}
        }
        let mut request = request(self.method, &path, token);
        let body = match (self.method, self.path) {
            ("POST", "/v1/authorities/{authority}/submissions") => {
                let kind = format!("multipart/form-data; boundary={BOUNDARY}");
                request = request.header("content-type", kind);
                let sent = crate::common::tariff("QQ", &[("610910", "7 %")]);
                return request.body(Body::from(form(&sent))).unwrap();
            }
            ("POST", "/v1/authorities/{authority}/withdrawals") => json!({ "concerns": [2], "reason": "Not signed." }),
            ("POST", "/v1/editions/{edition}/words") => json!({ "check": things.warning, "says": "It is meant." }),
            ("POST", "/v1/editions/{edition}/signatures") => service.signature(&things.draft, "qq-one").await,
            ("POST", "/v1/editions/{edition}/abandon") => json!({ "reason": "A slip." }),
            ("POST", "/v1/ceremonies") => json!({ "format": "tidewaiter-ceremony/1", "says": "Nothing new." }),
            ("POST", "/v1/pulls") => json!({
                "authority": "qq", "url": "https://q.example/rates", "about": { "format": "edition" }, "every_seconds": 3600
            }),
            ("POST", "/v1/subscriptions") => json!({ "channel": "webhook", "address": "https://q.example/hook" }),
            ("POST", "/v1/tokens") => json!({ "label": "New", "role": "auditor", "days": 1 }),
            _ => return request.body(Body::empty()).unwrap(),
        };
        request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
    }
}

/// Every `.route("path", get(…).post(…))` that the source of the service has: method and path.
pub fn in_source() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                routes(&std::fs::read_to_string(path).unwrap(), &mut found);
            }
        }
    }
    found
}

fn routes(source: &str, found: &mut BTreeSet<(String, String)>) {
    for rest in source.split(".route(").skip(1) {
        let mut quoted = rest.splitn(3, '"');
        let (before, path) = (quoted.next().unwrap(), quoted.next().unwrap_or_default());
        assert!(before.trim().is_empty(), "a route whose path is not written in place cannot be read here: {rest:.80}");
        let handlers = quoted.next().unwrap_or_default();
        let (mut depth, mut end) = (1, handlers.len());
        for (at, c) in handlers.char_indices() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth == 0 {
                end = at;
                break;
            }
        }
        let mut methods = 0;
        for method in ["get", "post", "put", "delete", "patch"] {
            for (at, _) in handlers[..end].match_indices(&format!("{method}(")) {
                let before = handlers[..at].chars().next_back();
                if before.is_none_or(|c| c == '.' || c == ' ' || c == '\n') {
                    found.insert((method.to_uppercase(), path.to_owned()));
                    methods += 1;
                }
            }
        }
        assert!(methods > 0, "{path} has no method that can be read here");
    }
}

/// A door that is added to the service is added here, or this fails.
#[test]
fn the_table_has_every_route() {
    let listed: BTreeSet<(String, String)> =
        DOORS.iter().map(|door| (door.method.to_owned(), door.path.to_owned())).collect();
    assert_eq!(in_source(), listed);
}

#[test]
fn every_operation_has_a_route() {
    for (operation, _) in TABLE {
        let routed = DOORS.iter().any(|door| door.operation == Some(*operation));
        assert!(routed, "{operation:?}");
    }
}

/// What the service answers on each path is what the table says: its list of methods is that of the routes.
#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let service = crate::server::service::service("methods").await;
    for path in DOORS.iter().map(|door| door.path).collect::<BTreeSet<_>>() {
        let filled = path.replace("{authority}", "qq").replace("{edition}", &"a".repeat(64));
        let filled = filled.replace("{id}", "x").replace("{file}", "timestamp.json");
        let answer = service.send(request("PATCH", &filled, None).body(Body::empty()).unwrap()).await;
        answer.problem(405, "method");
        let allowed: BTreeSet<&str> = answer.header("allow").split(',').filter(|m| *m != "HEAD").collect();
        let listed: BTreeSet<&str> = DOORS.iter().filter(|d| d.path == path).map(|d| d.method).collect();
        assert_eq!(allowed, listed, "{path}");
    }
}

impl Things {
    /// Editions 1 and 2 of `qq` published, and a draft of edition 3 with a warning.
    pub async fn make(service: &Service) -> Self {
        service.publish(&crate::common::tariff("QQ", &[("610910", "11 %")])).await;
        let published = service.publish(&crate::common::tariff("QQ", &[("610910", "12 %")])).await;
        service.here.repository.export().await.unwrap();
        // Above 100 %: check TW503 warns.
        let sent = crate::common::tariff("QQ", &[("610910", "150 %")]);
        let mut body = field("about", None, br#"{"format":"edition"}"#);
        body.extend(field("file", Some("t.ndjson"), &sent.files[0].1));
        body.extend(end());
        let taken = service.submit("qq", Some(&service.officer), &[], body).await.json();
        let draft = taken["receipt"]["edition"].as_str().unwrap().to_owned();
        let submission = taken["receipt"]["submission"].as_str().unwrap().to_owned();
        let spare = service.token("Spare", tidewaiter_repository::store::token::Role::Auditor, None).await;
        let spare = sha256_hex(spare.as_bytes())[..12].to_owned();
        let (mailbox, dead) = Self::hearing(service, &published).await;
        Self { draft, published, submission, spare, warning: "TW503".into(), mailbox, dead }
    }

    /// An address that is looked at, a mailbox, a server that took no message.
    async fn hearing(service: &Service, edition: &str) -> ((String, String), String) {
        let repository = &service.here.repository;
        let about = About { format: "edition".into(), ..About::default() };
        let reach = Reach::Public;
        repository.pull_from("qq", "https://q.example/rates", &about, 3600, reach, "secretariat").await.unwrap();
        let subscribe =
            |channel, address| repository.subscribe(channel, address, Interest::default(), reach, "secretariat");
        let mailbox = subscribe(Channel::Mail, "reader@q.example").await.unwrap().0;
        let server = subscribe(Channel::Webhook, "https://q.example/hook").await.unwrap().0;
        let now = service.here.now();
        let delivery = Delivery::new(&server.id, edition, &server.address, now);
        let mut tx = repository.db.write().await.unwrap();
        subscription::send(&mut *tx, &delivery, b"{}".to_vec()).await.unwrap();
        subscription::settle(&mut *tx, &delivery, None, "nobody took it", Some(now)).await.unwrap();
        tx.commit().await.unwrap();
        ((mailbox.id, mailbox.secret), delivery.id)
    }
}
