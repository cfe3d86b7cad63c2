//! XML as a small tree: no document type, no entities but the five of XML, bounded in every direction.
//!
//! Elements of one name are handed over as soon as they end and not kept, so that a statement of a year needs the memory of its largest entry.

use super::camt053::Unreadable;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashMap;

/// Largest file, in bytes.
const MOST_BYTES: usize = 64 << 20;
/// Deepest nesting. The deepest path of these messages is about 20.
const DEEPEST: usize = 40;
/// Most elements at one time.
const MOST_NODES: usize = 500_000;
/// Most attributes of an element; these messages have one.
const MOST_ATTRIBUTES: usize = 16;
/// Longest text of an element, in bytes. The longest of these messages has 500 characters.
const LONGEST: usize = 16_384;

/// An element.
#[derive(Debug)]
pub(super) struct Node {
    /// Its name, without prefix where that is the prefix of the outermost element.
    pub(super) name: String,
    /// Its currency, if it is an amount.
    pub(super) currency: Option<String>,
    /// Its text.
    pub(super) text: String,
    /// Where it begins, in bytes.
    pub(super) at: u64,
    children: Vec<Node>,
}

impl Node {
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |node| node.name == name)
    }

    /// The first element on a path: `Refs/EndToEndId`.
    pub(super) fn get(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |node, name| node.children.iter().find(|child| child.name == name))
    }

    /// Its text without spaces around it, if there is any.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        self.get(path).map(|node| node.text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// What takes elements as they end: the name of what they stand in, which of that name it is, counted from 0, and the element.
pub(super) type Taken<'a> = &'a mut dyn FnMut(&str, usize, Node) -> Result<(), Unreadable>;

/// Reads a whole document. Elements called `cut`, four deep, go to `taken`.
///
/// # Errors
/// The line and what is wrong with it.
pub(super) fn read(bytes: &[u8], namespace: &str, cut: &str, taken: Taken<'_>) -> Result<(String, Node), Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::new(
            1,
            format!(
                "the file has {} bytes; at most {MOST_BYTES} are read: ask the bank for shorter periods",
                bytes.len()
            ),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Unreadable::new(
            line(bytes, error.valid_up_to()),
            "the file is not UTF-8, as ISO 20022 asks for; ask the bank for the file as it made it",
        )
    })?;
    let mut walk = Walk {
        open: Vec::new(),
        kept: 0,
        ended: HashMap::new(),
        cut,
        taken,
        prefix: String::new(),
        version: String::new(),
        namespace,
    };
    // A byte order mark is no part of the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let place = |at: u64| line(text.as_bytes(), usize::try_from(at).unwrap_or(usize::MAX));
    let mut root = None;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| {
            Unreadable::new(place(reader.error_position()), format!("it is not well-formed XML: {error}"))
        })?;
        if matches!(event, Event::Eof) {
            break;
        }
        let is_over = root.is_some();
        match walk.event(event, at, is_over) {
            Ok(None) => {}
            Ok(Some(node)) => root = Some(node),
            Err(mut wrong) => {
                // Elements that were handed over know where they began.
                let at = if wrong.line == 0 { at } else { (wrong.line - 1) as u64 };
                wrong.line = place(at);
                return Err(wrong);
            }
        }
    }
    match root {
        Some(root) => Ok((walk.version, root)),
        None => Err(Unreadable::new(place(u64::MAX), "the file ends too early; load it again from the bank")),
    }
}

/// The line of a byte, the first is 1.
fn line(bytes: &[u8], at: usize) -> usize {
    bytes.get(..at.min(bytes.len())).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1
}

struct Walk<'a> {
    open: Vec<(Node, usize)>,
    kept: usize,
    /// How many elements of each name have ended where the statements stand.
    ended: HashMap<String, usize>,
    cut: &'a str,
    taken: Taken<'a>,
    prefix: String,
    version: String,
    namespace: &'a str,
}

impl Walk<'_> {
    /// What one event changes; the outermost element, when it ends.
    fn event(&mut self, event: Event<'_>, at: u64, is_over: bool) -> Result<Option<Node>, Unreadable> {
        let not = |says: &str| Err(Unreadable::new(0, says.to_owned()));
        match event {
            Event::DocType(_) => not(
                "it has a document type; statements have none, and it is not read: ask the bank for the plain message",
            ),
            Event::GeneralRef(one) => {
                let sign = if one.is_char_ref() { one.resolve_char_ref().ok().flatten() } else { named(&one) };
                match sign {
                    Some(sign) => self.text(sign.encode_utf8(&mut [0; 4])),
                    None => not("it has an entity that is not one of the five of XML; such files are not read"),
                }
            }
            Event::Decl(declared) => match declared.encoding() {
                Some(Ok(name)) if !name.eq_ignore_ascii_case("utf-8") && !name.eq_ignore_ascii_case("us-ascii") => {
                    not("it says that it is not UTF-8, as ISO 20022 asks for; ask the bank for the file as it made it")
                }
                _ => Ok(None),
            },
            Event::Start(start) if !is_over => self.start(&start, at).map(|()| None),
            Event::Empty(start) if !is_over => {
                self.start(&start, at)?;
                self.end()
            }
            Event::Start(_) | Event::Empty(_) => not("something follows the end of the message"),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(None),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, at: u64) -> Result<(), Unreadable> {
        let not = |says: String| Err(Unreadable::new(0, says));
        let name = start.name();
        let (local, prefix) = name.decompose();
        let prefix = prefix.map(|prefix| prefix.into_inner().to_owned()).unwrap_or_default();
        let mut currency = None;
        for (n, attribute) in start.attributes().with_checks(false).enumerate() {
            if n >= MOST_ATTRIBUTES {
                return not(format!("an element has more than {MOST_ATTRIBUTES} attributes"));
            }
            let Ok(attribute) = attribute else { return not("an attribute is not well-formed XML".into()) };
            let key: &str = attribute.key.into_inner();
            if self.open.is_empty()
                && (key == "xmlns" && prefix.is_empty() || key.strip_prefix("xmlns:") == Some(&prefix))
            {
                attribute.value.trim().strip_prefix(self.namespace).unwrap_or_default().clone_into(&mut self.version);
            } else if key == "Ccy" {
                currency = Some(attribute.value.trim().chars().take(8).collect());
            }
        }
        if self.open.is_empty() {
            if self.version.is_empty() {
                return not(format!(
                    "the outermost element is not in a namespace {}…; expected a statement of ISO 20022",
                    self.namespace
                ));
            }
            self.prefix.clone_from(&prefix);
        }
        if self.open.len() >= DEEPEST {
            return not(format!("elements stand more than {DEEPEST} deep in one another"));
        }
        self.kept += 1;
        if self.kept > MOST_NODES {
            return not(format!("an entry, or what precedes it, has more than {MOST_NODES} elements"));
        }
        // What is of another namespace keeps its prefix, and is found under no name of ours.
        let name = if prefix == self.prefix {
            local.into_inner().to_owned()
        } else {
            format!("{prefix}:{}", local.into_inner())
        };
        self.open.push((Node { name, currency, text: String::new(), at, children: Vec::new() }, self.kept));
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<Option<Node>, Unreadable> {
        let Some((node, _)) = self.open.last_mut() else {
            return if text.trim().is_empty() {
                Ok(None)
            } else {
                Err(Unreadable::new(
                    0,
                    "there is text outside of the message: it is no XML file. Ask the bank for the statement as camt.053",
                ))
            };
        };
        // Spaces between elements are not kept; spaces within a text are.
        if node.text.is_empty() && text.trim().is_empty() {
            return Ok(None);
        }
        if node.text.len() + text.len() > LONGEST {
            return Err(Unreadable::new(0, format!("a text of {} is longer than {LONGEST} bytes", node.name)));
        }
        node.text.push_str(text);
        Ok(None)
    }

    fn end(&mut self) -> Result<Option<Node>, Unreadable> {
        let Some((node, number)) = self.open.pop() else {
            return Err(Unreadable::new(0, "an element ends that did not begin"));
        };
        let depth = self.open.len();
        if depth == 3 && node.name == self.cut {
            self.kept = number - 1;
            let name = self.open.last().map_or("", |(parent, _)| parent.name.as_str());
            let before = self.ended.get(name).copied().unwrap_or(0);
            return (self.taken)(name, before, node).map(|()| None);
        }
        if depth == 2 {
            *self.ended.entry(node.name.clone()).or_default() += 1;
        }
        match self.open.last_mut() {
            Some((parent, _)) => {
                parent.children.push(node);
                Ok(None)
            }
            None => Ok(Some(node)),
        }
    }
}

fn named(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}
