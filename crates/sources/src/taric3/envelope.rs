//! The envelope of TARIC3: transactions, messages, and in each message one record, checked field by field.

use super::schema::{RecordType, schema};
use super::store::{Change, TaricStore, Update, place};
use super::xml::{Node, Space, Stop, Token, Xml};
use super::{Options, Reading};
use crate::{Account, ImportError};

/// The fields of a record before its own: element and type.
const HEAD: [(&str, &str); 5] = [
    ("transaction.id", "TransactionId"),
    ("record.code", "RecordCode"),
    ("subrecord.code", "SubRecordCode"),
    ("record.sequence.number", "RecordSequenceNumber"),
    ("update.type", "UpdateType"),
];

/// A refusal inside a record: element, what stands there, what was expected.
type Wrong = (String, String, String);

struct Reader<'a> {
    options: &'a Options,
    file: String,
    row: u64,
    transaction: String,
}

/// Reads an envelope whose root is open, changing the store record by record.
pub(super) fn read(
    xml: &mut Xml,
    root: &Node,
    options: &Options,
    store: &mut TaricStore,
    account: &mut Account,
) -> Result<(), ImportError> {
    let not_this = |reason: String| ImportError::NotThisFormat { file: xml.file().to_owned(), reason };
    if root.name != "envelope" || root.space != Space::Envelope {
        return Err(not_this(format!(
            "the first element is <{}>; a TARIC3 file begins with <envelope> in the namespace \
             urn:publicid:-:DGTAXUD:GENERAL:ENVELOPE:1.0, a CDS extract with <TariffHistoryResponse>",
            root.name
        )));
    }
    let mut reader = Reader { options, file: xml.file().to_owned(), row: 0, transaction: String::new() };
    let number = root.attribute("id").unwrap_or_default().to_owned();
    let usual = (5..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if !usual && !reader.tolerates("an envelope whose number does not have five or six digits", account) {
        reader.refuse(account, "envelope id", &number, "five or six digits");
    }
    store.begin("taric3", &number, &reader.file, None);
    match reader.transactions(xml, store, account) {
        Ok(()) => Ok(()),
        Err(stop) => {
            let place = format!("record {}", reader.row + 1);
            Err(xml.explain(stop, &place))
        }
    }
}

impl Reader<'_> {
    fn refuse(&self, account: &mut Account, column: &str, found: &str, expected: &str) {
        let mut said = expected.to_owned();
        if !self.transaction.is_empty() {
            said.push_str(&format!("; transaction {}", self.transaction));
        }
        account.refuse(&self.file, self.row, column, found, said);
    }

    /// Whether a deviation from the schema is put up with; it is then counted.
    fn tolerates(&self, deviation: &str, account: &mut Account) -> bool {
        let tolerant = self.options.reading == Reading::Tolerant;
        if tolerant {
            account.left_out(&format!("tolerated: {deviation}"));
        }
        tolerant
    }

    /// Whether an element is the envelope's own, of a name.
    fn is_own(&self, node: &Node, name: &str, account: &mut Account) -> bool {
        node.name == name
            && (node.space == Space::Envelope
                || (node.space == Space::Taric
                    && self.tolerates("an element of the envelope in the namespace of the message", account)))
    }

    fn transactions(&mut self, xml: &mut Xml, store: &mut TaricStore, account: &mut Account) -> Result<(), Stop> {
        let mut begun = false;
        loop {
            xml.next_record();
            match xml.next()? {
                Token::Open(node) if self.is_own(&node, "transaction", account) => {
                    begun = true;
                    self.transaction = node.attribute("id").unwrap_or_default().to_owned();
                    if self.transaction.is_empty() {
                        self.refuse(account, "transaction id", "", "a number for every transaction");
                    }
                    self.messages(xml, store, account)?;
                    self.transaction.clear();
                }
                Token::Open(node) if !begun && self.is_own(&node, "header", account) => {
                    self.header(xml, node, account)?
                }
                Token::Open(node) => self.unexpected(xml, &node, "<transaction>", account)?,
                Token::Text(text) => self.stray(&text, account),
                Token::Close => return xml.nothing_more(),
                Token::End => return Ok(()),
            }
        }
    }

    fn messages(&mut self, xml: &mut Xml, store: &mut TaricStore, account: &mut Account) -> Result<(), Stop> {
        let mut messages = 0u64;
        let mut status = false;
        loop {
            xml.next_record();
            match xml.next()? {
                Token::Open(node) if self.is_own(&node, "app.message", account) => {
                    messages += 1;
                    if node.attribute("id").is_none_or(str::is_empty) {
                        self.refuse(account, "app.message id", "", "a number for every message");
                    }
                    self.message(xml, store, account)?;
                }
                Token::Open(node) if messages == 0 && !status && self.is_own(&node, "header", account) => {
                    self.header(xml, node, account)?;
                }
                Token::Open(node) if messages == 0 && !status && self.is_own(&node, "status", account) => {
                    status = true;
                    self.status(xml, node, account)?;
                }
                Token::Open(node) => self.unexpected(xml, &node, "<app.message>", account)?,
                Token::Text(text) => self.stray(&text, account),
                Token::Close | Token::End => break,
            }
        }
        if messages == 0 {
            self.refuse(account, "transaction", "", "at least one <app.message>");
        }
        Ok(())
    }

    /// One message: one transmission with one record.
    fn message(&mut self, xml: &mut Xml, store: &mut TaricStore, account: &mut Account) -> Result<(), Stop> {
        let mut transmissions = 0u64;
        loop {
            match xml.next()? {
                Token::Open(node) if node.name == "transmission" && node.space == Space::Taric => {
                    transmissions += 1;
                    let node = xml.whole(node)?;
                    self.row += 1;
                    if transmissions > 1 {
                        self.refuse(account, "app.message", "transmission", "one <transmission> in each message");
                    }
                    self.transmission(&node, store, account);
                }
                Token::Open(node) => self.unexpected(xml, &node, "<transmission>", account)?,
                Token::Text(text) => self.stray(&text, account),
                Token::Close | Token::End => break,
            }
        }
        if transmissions == 0 {
            self.refuse(account, "app.message", "", "one <transmission>");
        }
        Ok(())
    }

    fn transmission(&self, node: &Node, store: &mut TaricStore, account: &mut Account) {
        let [record] = node.children.as_slice() else {
            let found = format!("{} elements", node.children.len());
            return self.refuse(account, "transmission", &found, "one <record>");
        };
        if record.name != "record" || record.space != Space::Taric || !node.text.trim().is_empty() {
            return self.refuse(account, &record.name, "", "one <record> and no text beside it");
        }
        match self.check(record, account) {
            Ok(change) => store.change(&change, &self.file, account),
            Err((kind, wrongs)) => {
                account.read("refused by the schema");
                for (column, found, expected) in wrongs {
                    let said = match kind {
                        Some(kind) => place(&expected, &self.transaction, &schema().records[kind]),
                        None => place(&expected, &self.transaction, &NO_KIND),
                    };
                    account.refuse(&self.file, self.row, &column, &found, said);
                }
            }
        }
    }

    /// Checks a record against the schema.
    fn check(&self, record: &Node, account: &mut Account) -> Result<Change, (Option<usize>, Vec<Wrong>)> {
        let mut wrongs: Vec<Wrong> = Vec::new();
        let mut head: Vec<String> = Vec::new();
        for (place, (name, of)) in HEAD.iter().enumerate() {
            match record.children.get(place) {
                Some(node) if node.name == *name && node.space == Space::Taric => {
                    head.push(leaf(node, of, &mut wrongs));
                }
                found => {
                    let found = found.map_or("nothing", |node| node.name.as_str());
                    wrongs.push(((*name).to_owned(), found.to_owned(), format!("<{name}> in this place")));
                    return Err((None, wrongs));
                }
            }
        }
        if !record.text.trim().is_empty() {
            wrongs.push(("record".into(), record.text.trim().to_owned(), "no text beside the elements".into()));
        }
        let [body] = &record.children[HEAD.len()..] else {
            let found = format!("{} elements", record.children.len() - HEAD.len());
            wrongs.push(("record".into(), found, "one element of data after <update.type>".into()));
            return Err((None, wrongs));
        };
        let Some(kind) = schema().find(&body.name).filter(|_| body.space == Space::Taric) else {
            wrongs.push((body.name.clone(), String::new(), "an element that TARIC3 has for a record".into()));
            return Err((None, wrongs));
        };
        let record = &schema().records[kind];
        let codes = (head[1].as_str(), head[2].as_str());
        if record.code.is_some_and(|code| code != codes) {
            let found = format!("{} {}", codes.0, codes.1);
            wrongs.push(("record.code".into(), found, format!("the code of <{}>", record.name)));
        }
        let update = match head[4].as_str() {
            "1" => Some(Update::Update),
            "2" => Some(Update::Delete),
            "3" => Some(Update::Insert),
            _ => None,
        };
        let values = self.fields(record, body, &mut wrongs, account);
        match (update, wrongs.is_empty()) {
            (Some(update), true) => {
                let transaction = head.swap_remove(0);
                Ok(Change { row: self.row, transaction, kind, update, values })
            }
            _ => Err((Some(kind), wrongs)),
        }
    }

    /// The fields of a record's element, each in its place.
    fn fields(&self, kind: &RecordType, body: &Node, wrongs: &mut Vec<Wrong>, account: &mut Account) -> Vec<String> {
        let mut values: Vec<Option<String>> = vec![None; kind.fields.len()];
        let mut next = 0;
        if !body.text.trim().is_empty() {
            wrongs.push((body.name.clone(), body.text.trim().to_owned(), "no text beside the elements".into()));
        }
        for node in &body.children {
            let Some(at) = kind.field(&node.name).filter(|_| node.space == Space::Taric) else {
                wrongs.push((node.name.clone(), String::new(), format!("an element that <{}> has", kind.name)));
                continue;
            };
            let field = &kind.fields[at];
            if values[at].is_some() {
                wrongs.push((node.name.clone(), String::new(), "once".into()));
                continue;
            }
            if at < next && !self.tolerates("fields in another order than the schema's", account) {
                let after = kind.fields[next - 1].name;
                wrongs.push((node.name.clone(), String::new(), format!("before <{after}>, where the schema has it")));
            }
            next = next.max(at + 1);
            values[at] = Some(leaf(node, schema().types[field.of].name, wrongs));
        }
        for (field, value) in kind.fields.iter().zip(&values) {
            if field.required && value.is_none() {
                wrongs.push((field.name.to_owned(), "nothing".into(), format!("<{}>, which is required", field.name)));
            }
        }
        values.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// A remark of the sender: `name` and `value`. It changes nothing.
    fn header(&self, xml: &mut Xml, node: Node, account: &mut Account) -> Result<(), Stop> {
        let node = xml.whole(node)?;
        if node.attribute("name").is_none() || node.attribute("value").is_none() || !node.children.is_empty() {
            self.refuse(account, "header", "", "the attributes name and value, and nothing inside");
        } else {
            account.left_out("a header of the envelope");
        }
        Ok(())
    }

    /// How an earlier transmission fared. One that was rejected does not count.
    fn status(&self, xml: &mut Xml, node: Node, account: &mut Account) -> Result<(), Stop> {
        let node = xml.whole(node)?;
        let category = node.attribute("category").unwrap_or_default();
        let detail = |node: &Node| {
            node.name == "mmi.message"
                || (node.name == "status.detail"
                    && ["category", "location", "code"].iter().all(|name| node.attribute(name).is_some()))
        };
        if !["ok", "warning"].contains(&category) {
            self.refuse(account, "status", category, "ok or warning; the sender says that this transaction failed");
        } else if node.attribute("location").is_none() || !node.children.iter().all(detail) {
            self.refuse(account, "status", "", "a location, and inside <mmi.message> or <status.detail>");
        } else {
            account.left_out("a status of the transaction");
        }
        Ok(())
    }

    fn unexpected(&self, xml: &mut Xml, node: &Node, expected: &str, account: &mut Account) -> Result<(), Stop> {
        self.refuse(account, &node.name, "", expected);
        xml.skip_to(xml.depth() - 1)
    }

    fn stray(&self, text: &str, account: &mut Account) {
        if !text.trim().is_empty() {
            self.refuse(account, "", text.trim(), "no text between the elements");
        }
    }
}

/// Stands where a record could not be told.
const NO_KIND: RecordType = RecordType { code: None, name: "", fields: Vec::new(), key: Vec::new() };

/// The text of an element without children, in the canonical form of its type.
fn leaf(node: &Node, of: &str, wrongs: &mut Vec<Wrong>) -> String {
    let wrong = |found: &str, expected: String| (node.name.clone(), found.to_owned(), expected);
    if let Some(inner) = node.children.first() {
        wrongs.push(wrong(&inner.name, "text, not an element".into()));
        return String::new();
    }
    if let Some((name, _)) = node.attributes.first() {
        wrongs.push(wrong(name, "no attribute".into()));
    }
    let Some(simple) = schema().simple(of) else { return node.text.clone() };
    match simple.check(&node.text) {
        Ok(text) => text.into_owned(),
        Err(expected) => {
            wrongs.push(wrong(&node.text, expected));
            String::new()
        }
    }
}
