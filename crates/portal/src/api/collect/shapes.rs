//! Documents of these doors that the service has no type for, and the shapes of all of them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tidewaiter_collect::apply::{Answers, Form};
use tidewaiter_collect::checkout::Order;
use tidewaiter_collect::deadline::Deadline;
use tidewaiter_collect::draft::Return;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::export::Particulars;
use tidewaiter_collect::ledger::Entry;
use tidewaiter_collect::service::{
    Application, Asked, Authority, Caller, Compared, Declaration, Expected, Listed, Receipt, Received, Role, Uploaded,
    Vendor, Verdict,
};
use tidewaiter_collect::store::{Line, Taken};
use tidewaiter_repository::receipt;
use tidewaiter_repository::store::audit;

/// A seller who signs up, or is admitted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignUp {
    /// Its short name: small letters, digits and hyphens.
    #[schemars(length(max = 64))]
    pub(super) id: String,
    /// Its name.
    #[schemars(length(max = 200))]
    pub(super) name: String,
    /// How many days its token counts: 365 where absent, at most 731.
    pub(super) days: Option<u16>,
}

/// A token for somebody of a seller's own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnToken {
    /// Name of the holder.
    #[schemars(length(max = 200))]
    pub(super) label: String,
    /// `seller` or `accountant`.
    pub(super) role: Role,
    /// How many days it counts: 365 where absent, at most 731.
    pub(super) days: Option<u16>,
}

/// A token for anybody.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnyToken {
    /// Name of the holder.
    #[schemars(length(max = 200))]
    pub(super) label: String,
    /// What the holder may do.
    pub(super) role: Role,
    /// For which seller or authority; absent for a keeper.
    #[schemars(length(max = 80))]
    pub(super) of: Option<String>,
    /// How many days it counts: 365 where absent, at most 731.
    pub(super) days: Option<u16>,
}

/// A token that was made. It is shown this once: only its hash is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Made {
    /// The token.
    pub(super) token: String,
    /// When it ends.
    pub(super) expires_at: String,
}

/// Whose token it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Me {
    label: String,
    /// What the holder may do.
    role: Role,
    /// For which seller or authority; absent for a keeper.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    /// Beginning of its hash, by which it stands in the log and is revoked.
    token: String,
}

impl From<Caller> for Me {
    fn from(caller: Caller) -> Self {
        Self { label: caller.label, role: caller.role, of: caller.of, token: caller.token }
    }
}

/// Authorities that receive here.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Authorities {
    pub(super) authorities: Vec<Authority>,
}

/// An authority that is admitted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAuthority {
    /// Key of the scheme whose returns it receives.
    #[schemars(length(max = 60))]
    pub(super) scheme: String,
    /// ISO 3166 letters of its state, for schemes that many share.
    #[schemars(length(max = 2))]
    pub(super) member_state: Option<String>,
    /// Its name.
    #[schemars(length(max = 200))]
    pub(super) name: String,
}

/// What became of events.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Recorded {
    /// How many were recorded now.
    recorded: u64,
    /// How many were recorded before: nothing was changed.
    known: u64,
}

impl From<Taken> for Recorded {
    fn from(taken: Taken) -> Self {
        Self { recorded: taken.recorded, known: taken.known }
    }
}

/// Entries of a ledger.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Entries {
    pub(super) entries: Vec<Entry>,
    /// Where there may be more: `after` of the next question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<u64>,
}

/// What every account of a ledger holds.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Balances {
    pub(super) balances: Vec<Balance>,
}

/// What an account holds in a currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Balance {
    /// The account: `buyers`, `sales`, `tax:SCHEME:TERRITORY`, `owed:SCHEME:PERIOD`, …
    pub(super) account: String,
    /// ISO 4217 letters.
    pub(super) currency: String,
    /// How much; debits are above zero.
    pub(super) amount: tidewaiter::Decimal,
}

/// Returns of a seller.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Returns {
    /// Those whose period is over and that were not sent, the most pressing first.
    pub(super) open: Vec<OpenReturn>,
    /// Those that were sent to authorities here, the newest first.
    pub(super) sent: Vec<Received>,
}

/// A return that was not sent yet.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OpenReturn {
    /// Which one, and when it is due.
    #[serde(flatten)]
    pub(super) deadline: Deadline,
    /// Whether that day has passed.
    pub(super) late: bool,
}

/// What stands behind the figures of a return.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    /// Where there may be more: `after` of the next question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// A return that was received.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Sent {
    /// The receipt.
    pub(super) receipt: Receipt,
    /// The same, signed: who has the public key of the service can check it.
    pub(super) signed: Signed,
}

/// A signed envelope (DSSE).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Signed {
    /// Base64 of what is signed: the receipt as JSON.
    payload: String,
    /// What that is.
    #[serde(rename = "payloadType")]
    payload_type: String,
    /// Signatures (Ed25519).
    signatures: Vec<Signature>,
}

/// One signature of an envelope.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Signature {
    /// Name of the key.
    keyid: String,
    /// Base64 of the signature.
    sig: String,
}

impl From<receipt::Envelope> for Signed {
    fn from(envelope: receipt::Envelope) -> Self {
        let of = |one: receipt::EnvelopeSignature| Signature { keyid: one.keyid, sig: one.sig };
        Self {
            payload: envelope.payload,
            payload_type: envelope.payload_type,
            signatures: envelope.signatures.into_iter().map(of).collect(),
        }
    }
}

/// A return with its document and its receipt.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OpenedReturn {
    /// What is known of it.
    pub(super) received: Received,
    /// The return, as it was handed in.
    pub(super) document: Value,
    /// The signed receipt.
    pub(super) signed: Signed,
}

/// Applications.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Applications {
    pub(super) applications: Vec<Application>,
}

/// What a seller asks of an authority.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Applying {
    /// To which authority.
    #[schemars(length(max = 80))]
    pub(super) authority: String,
    /// What is asked.
    pub(super) asked: Asked,
}

/// Answers to what an authority asked: the form again, whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Answering {
    /// By the keys of the fields.
    pub(super) answers: Answers,
}

/// Tokens.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Tokens {
    pub(super) tokens: Vec<Listed>,
}

/// Rows of the log.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Log {
    pub(super) rows: Vec<LogRow>,
    /// Where there may be more: `after` of the next question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<u64>,
}

/// Something that was done.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LogRow {
    /// 1, then one more each time.
    seq: u64,
    /// When.
    at: String,
    /// By whom.
    who: String,
    /// What: `return`, `export`, `accepted`, …
    did: String,
    /// Whose it is: a seller or an authority; empty for the house.
    of: String,
    /// Which.
    what: String,
    /// Hash of the row before.
    previous: String,
    /// SHA-256 of all of it.
    hash: String,
}

impl Log {
    /// Rows, of at most so many.
    pub(super) fn of(rows: Vec<audit::Row>, most: u64) -> Self {
        let next = rows.last().filter(|_| rows.len() as u64 >= most).map(|row| row.seq);
        let rows = rows.into_iter().map(|row| LogRow {
            seq: row.seq,
            at: row.at,
            who: row.actor,
            did: row.action,
            of: row.object,
            what: row.reason,
            previous: row.previous,
            hash: row.hash,
        });
        Self { rows: rows.collect(), next }
    }
}

/// Sellers of an authority.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Vendors {
    pub(super) vendors: Vec<Vendor>,
}

/// Returns that may be expected.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AllExpected {
    pub(super) expected: Vec<Expected>,
}

/// Returns that were received.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AllReceived {
    pub(super) returns: Vec<Received>,
}

/// Files of what was seen at the border.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BorderFiles {
    pub(super) files: Vec<Uploaded>,
}

/// What was declared, held against what came.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Differences {
    pub(super) differences: Vec<Compared>,
}

fn name<T: JsonSchema>(generator: &mut SchemaGenerator) {
    let _ = generator.subschema_for::<T>();
}

fn generator(settings: SchemaSettings) -> SchemaGenerator {
    settings.with(|s| s.definitions_path = BEGINS.into()).into_generator()
}

/// With what a reference begins.
const BEGINS: &str = "/components/schemas";

/// Puts the shapes of these doors beside those of the others. What the service calls by a word that the others have too is told apart by
/// `Collect` before it, and by `CollectGiven` where it is read and written in different shapes.
pub(in crate::api) fn add(all: &mut Map<String, Value>) {
    let mut written = generator(SchemaSettings::draft2020_12().for_serialize());
    name::<Authorities>(&mut written);
    name::<Made>(&mut written);
    name::<Me>(&mut written);
    name::<Recorded>(&mut written);
    name::<Entries>(&mut written);
    name::<Balances>(&mut written);
    name::<Returns>(&mut written);
    name::<Return>(&mut written);
    name::<Lines>(&mut written);
    name::<Sent>(&mut written);
    name::<OpenedReturn>(&mut written);
    name::<Applications>(&mut written);
    name::<Tokens>(&mut written);
    name::<Log>(&mut written);
    name::<Vendors>(&mut written);
    name::<AllExpected>(&mut written);
    name::<AllReceived>(&mut written);
    name::<BorderFiles>(&mut written);
    name::<Differences>(&mut written);
    let mut read = generator(SchemaSettings::draft2020_12());
    name::<SignUp>(&mut read);
    name::<OwnToken>(&mut read);
    name::<AnyToken>(&mut read);
    name::<NewAuthority>(&mut read);
    name::<Event>(&mut read);
    name::<Order>(&mut read);
    name::<Declaration>(&mut read);
    name::<Particulars>(&mut read);
    name::<Applying>(&mut read);
    name::<Answering>(&mut read);
    name::<Verdict>(&mut read);
    name::<Form>(&mut read);
    let written = written.take_definitions(true);
    put(all, &written, "Collect", &Map::new());
    put(all, &read.take_definitions(true), "CollectGiven", &written);
}

/// Adds shapes under names with `before` in front. One that is there already in the same shape is not put there twice.
fn put(all: &mut Map<String, Value>, shapes: &Map<String, Value>, before: &str, written: &Map<String, Value>) {
    let named = |name: &str, shape: &Value| {
        if all.get(name) == Some(shape) {
            name.to_owned()
        } else if written.get(name) == Some(shape) {
            format!("Collect{name}")
        } else {
            format!("{before}{name}")
        }
    };
    let names: Map<String, Value> =
        shapes.iter().map(|(name, shape)| (name.clone(), named(name, shape).into())).collect();
    let new: Vec<(String, Value)> = shapes
        .iter()
        .filter_map(|(name, shape)| {
            let now = names[name].as_str()?.to_owned();
            let mut shape = shape.clone();
            renamed(&mut shape, &names);
            Some((now, shape))
        })
        .filter(|(now, _)| !all.contains_key(now))
        .collect();
    all.extend(new);
}

/// References lead to the new names.
fn renamed(shape: &mut Value, names: &Map<String, Value>) {
    match shape {
        Value::Object(fields) => {
            for (word, value) in fields.iter_mut() {
                let to = value.as_str().filter(|_| word == "$ref").and_then(|to| to.rsplit('/').next());
                match to.and_then(|name| names.get(name)).and_then(Value::as_str) {
                    Some(now) => *value = format!("#{BEGINS}/{now}").into(),
                    None => renamed(value, names),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| renamed(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shapes_of_one_name_are_told_apart_and_the_same_shape_is_there_once() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let mut all = map(json!({ "Amount": { "type": "string" }, "Row": { "type": "integer" } }));
        let written = map(json!({
            "Amount": { "type": "string" },
            "Row": { "properties": { "amount": { "$ref": "#/components/schemas/Amount" } } },
            "Whole": { "items": { "$ref": "#/components/schemas/Row" } }
        }));
        put(&mut all, &written, "Collect", &Map::new());
        let read = map(json!({
            "Row": { "properties": { "amount": { "$ref": "#/components/schemas/Amount" } } },
            "Whole": { "prefixItems": [{ "$ref": "#/components/schemas/Row" }] }
        }));
        put(&mut all, &read, "CollectGiven", &written);
        assert_eq!(
            Value::Object(all),
            json!({
                "Amount": { "type": "string" },
                "Row": { "type": "integer" },
                "CollectRow": { "properties": { "amount": { "$ref": "#/components/schemas/Amount" } } },
                "CollectWhole": { "items": { "$ref": "#/components/schemas/CollectRow" } },
                "CollectGivenWhole": { "prefixItems": [{ "$ref": "#/components/schemas/CollectRow" }] }
            })
        );
    }
}
