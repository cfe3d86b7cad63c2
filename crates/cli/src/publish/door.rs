//! The doors of a repository far away, as a token opens them.

use super::problem;
use crate::args::{FromArgs, ToArgs};
use crate::errors::Failure;
use crate::key;
use crate::progress::Bar;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// How long to wait for an answer: checks of a whole tariff take their time.
const PATIENCE: Duration = Duration::from_secs(300);
/// Largest answer.
const MOST_BYTES: u64 = 1 << 30;
/// From how many bytes on a bar shows how much was sent.
const LARGE: usize = 1 << 20;

/// A repository's doors.
pub(super) struct Door {
    agent: ureq::Agent,
    base: String,
    /// Needed for all that is not published.
    token: Option<String>,
    /// Whether refusals are told as documents.
    json: bool,
}

impl Door {
    pub(super) fn open(to: &ToArgs) -> Result<Self, Failure> {
        Self::new(&to.to, Some(&to.token), to.json)
    }

    /// For somebody who may have no token.
    pub(super) fn to_read(from: &FromArgs) -> Result<Self, Failure> {
        Self::new(&from.to, from.token.as_deref(), from.json)
    }

    fn new(base: &str, token: Option<&Path>, json: bool) -> Result<Self, Failure> {
        let base = base.trim_end_matches('/').to_owned();
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|l| base.starts_with(l));
        if token.is_some() && !base.starts_with("https://") && !local {
            return Err(Failure::usage(format!("{base}: a token travels over https:// alone")));
        }
        let first = |file: &Path| -> Result<String, Failure> {
            Ok(key::text(file)?.lines().next().unwrap_or_default().trim().to_owned())
        };
        let token = token.map(first).transpose()?;
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Ok(Self { agent: ureq::Agent::new_with_config(config), base, token, json })
    }

    /// The hash of an edition that is named by it, or by authority and number: the newest that was not given up.
    pub(super) fn named(&self, typed: &str) -> Result<String, Failure> {
        let Some((authority, number)) = typed.split_once('/') else { return Ok(typed.to_owned()) };
        let number: u64 = number.parse().map_err(|_| {
            Failure::usage(format!("\"{typed}\" names no edition; write qq/2, or the 64 digits of its hash"))
        })?;
        let all = self.get(&format!("authorities/{authority}/editions?before={}", number.saturating_add(1)))?;
        let found = all["editions"].as_array().into_iter().flatten().filter(|e| e["number"] == number);
        let stands = |e: &&Value| e["state"] != "abandoned";
        match (found.clone().find(stands), found.clone().filter(stands).count(), found.clone().next()) {
            (Some(one), 1, _) => Ok(one["edition"].as_str().unwrap_or_default().to_owned()),
            (Some(_), many, _) => {
                let one = |e: &Value| {
                    let text = |name: &str| e[name].as_str().unwrap_or_default().to_owned();
                    format!("{}  {}, issued {}: {}", text("edition"), text("state"), text("issued"), text("title"))
                };
                let mut lines =
                    vec![format!("there are {many} drafts of {typed}; name the one you mean by its 64 digits:")];
                lines.extend(found.filter(stands).map(one));
                Err(Failure::Usage(lines))
            }
            (None, _, Some(_)) => Err(Failure::usage(format!("{typed} was given up"))),
            (None, ..) if self.token.is_none() => Err(Failure::usage(format!(
                "{authority} has published no edition {number}; drafts are shown with --token"
            ))),
            (None, ..) => {
                Err(Failure::usage(format!("{authority} has no edition {number}, or the token may not see it")))
            }
        }
    }

    pub(super) fn get(&self, path: &str) -> Result<Value, Failure> {
        read_json(self.get_bytes(path)?)
    }

    pub(super) fn get_bytes(&self, path: &str) -> Result<Vec<u8>, Failure> {
        self.get_at(&format!("v1/{path}"))
    }

    /// A file of the repository, by its whole path.
    pub(super) fn get_at(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let mut request = self.agent.get(format!("{}/{path}", self.base));
        if let Some(bearer) = self.bearer() {
            request = request.header("authorization", &bearer);
        }
        self.answer(request.call())
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        read_json(self.post_bytes(path, "application/json", body.to_string().as_bytes(), None)?)
    }

    pub(super) fn post_bytes(
        &self,
        path: &str,
        kind: &str,
        body: &[u8],
        key: Option<&str>,
    ) -> Result<Vec<u8>, Failure> {
        let mut request = self.agent.post(format!("{}/v1/{path}", self.base)).header("content-type", kind);
        if let Some(bearer) = self.bearer() {
            request = request.header("authorization", &bearer);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if body.len() < LARGE {
            return self.answer(request.send(body));
        }
        let bar = Bar::bytes();
        let mut read = bar.reads(body);
        let request = request.header("content-length", body.len().to_string());
        let answer = request.send(ureq::SendBody::from_reader(&mut read));
        bar.clear();
        self.answer(answer)
    }

    fn bearer(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("Bearer {token}"))
    }

    fn answer(&self, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Vec<u8>, Failure> {
        let mut answer = answer.map_err(|e| Failure::usage(format!("{} does not answer: {e}", self.base)))?;
        let status = answer.status();
        let bytes = answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
        let bytes = bytes.map_err(|e| Failure::usage(format!("the answer of {} broke off: {e}", self.base)))?;
        if status.is_success() {
            return Ok(bytes);
        }
        Err(problem(status.as_u16(), &bytes, self.json))
    }
}

pub(super) fn read_json(bytes: Vec<u8>) -> Result<Value, Failure> {
    serde_json::from_slice(&bytes).map_err(|e| Failure::usage(format!("the repository's answer cannot be read: {e}")))
}
