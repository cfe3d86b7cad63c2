//! XML as a stream of elements, bounded: no document type, no entities of its own, no deep nesting, one record at a time.

use super::archive::Input;
use crate::{ImportError, Limits, Source};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Most elements inside each other. TARIC3 itself needs seven, a CDS extract twelve.
pub(super) const MAX_DEPTH: usize = 32;
/// Most attributes of one element.
const MAX_ATTRIBUTES: usize = 16;

/// Namespace of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// `urn:publicid:-:DGTAXUD:GENERAL:ENVELOPE:1.0`.
    Envelope,
    /// `urn:publicid:-:DGTAXUD:TARIC:MESSAGE:1.0`.
    Taric,
    /// The export of the UK's Customs Declaration Service.
    Cds,
    /// None.
    None,
    /// Another.
    Other,
}

impl Space {
    fn of(found: &ResolveResult) -> Self {
        match found {
            ResolveResult::Unbound => Self::None,
            ResolveResult::Bound(space) => match space.as_ref() {
                "urn:publicid:-:DGTAXUD:GENERAL:ENVELOPE:1.0" => Self::Envelope,
                "urn:publicid:-:DGTAXUD:TARIC:MESSAGE:1.0" => Self::Taric,
                "http://www.eurodyn.com/Tariff/services/DispatchDataExportXMLData/v03" => Self::Cds,
                _ => Self::Other,
            },
            ResolveResult::Unknown(_) => Self::Other,
        }
    }
}

/// An element with what it holds.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) space: Space,
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    /// Its text, where it has no children; text beside children where that is not blank.
    pub(super) text: String,
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Token {
    /// A start tag; [`Node::children`] and [`Node::text`] are empty yet.
    Open(Node),
    /// An end tag.
    Close,
    /// Text that is not blank.
    Text(String),
    /// The end of the file.
    End,
}

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// The bytes cannot be read, or there are too many.
    Bytes(io::Error),
    /// Not XML, or XML that is not taken.
    Xml(String),
    /// Too many elements inside each other.
    Deep,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Bytes(error)
    }
}

/// Counts the unpacked bytes of the file and of the record.
#[derive(Debug)]
struct Bounded {
    inner: Input,
    limits: Limits,
    total: u64,
    meter: Rc<Meter>,
}

#[derive(Debug, Default)]
struct Meter {
    record: Cell<u64>,
    over: Cell<Option<(&'static str, u64)>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buffer)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.meter.over.get().is_some() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "over the limit"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.inner.consume(n);
        self.total += n as u64;
        let record = self.meter.record.get() + n as u64;
        self.meter.record.set(record);
        if self.total > self.limits.bytes {
            self.meter.over.set(Some(("its size in bytes, unpacked,", self.limits.bytes)));
        } else if record > self.limits.record {
            self.meter.over.set(Some(("the size of one record in bytes", self.limits.record)));
        }
    }
}

/// A stream of elements.
#[derive(Debug)]
pub(super) struct Xml {
    name: String,
    reader: NsReader<Bounded>,
    buffer: Vec<u8>,
    depth: usize,
    meter: Rc<Meter>,
    source: crate::bounded::Meter,
}

impl Xml {
    pub(super) fn open(source: Source, limits: Limits) -> Result<Self, ImportError> {
        let name = source.name().to_owned();
        let packed = source.meter();
        let wrong = |error| explain(&name, &packed, None, Stop::Bytes(error));
        let inner = Input::open(source).map_err(wrong)?;
        let meter = Rc::new(Meter::default());
        let mut reader = NsReader::from_reader(Bounded { inner, limits, total: 0, meter: Rc::clone(&meter) });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Ok(Self { name, reader, buffer: Vec::new(), depth: 0, meter, source: packed })
    }

    /// Name of the file.
    pub(super) fn file(&self) -> &str {
        &self.name
    }

    /// Says that a record is done and the next begins.
    pub(super) fn next_record(&self) {
        self.meter.record.set(0);
        self.source.next_record();
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Gives the file back once it has been read to its end.
    pub(super) fn close(self) -> Result<Source, ImportError> {
        let (name, packed) = (self.name, self.source);
        let input = self.reader.into_inner().inner;
        input.close().map_err(|error| explain(&name, &packed, None, Stop::Bytes(error)))
    }

    /// Turns a stop into an error that says where, and which limit was passed.
    pub(super) fn explain(&self, stop: Stop, place: &str) -> ImportError {
        let stop = match stop {
            Stop::Xml(reason) => Stop::Xml(format!("{place}: {reason}")),
            other => other,
        };
        explain(&self.name, &self.source, self.meter.over.get(), stop)
    }

    /// What comes next. Comments, processing instructions and blank text are passed over.
    pub(super) fn next(&mut self) -> Result<Token, Stop> {
        loop {
            self.buffer.clear();
            let (space, event) = self.reader.read_resolved_event_into(&mut self.buffer).map_err(wrong)?;
            match event {
                Event::Start(start) => {
                    if self.depth == MAX_DEPTH {
                        return Err(Stop::Deep);
                    }
                    self.depth += 1;
                    let mut attributes = Vec::new();
                    for attribute in start.attributes().with_checks(true) {
                        let attribute = attribute.map_err(|error| Stop::Xml(error.to_string()))?;
                        if attributes.len() == MAX_ATTRIBUTES {
                            return Err(Stop::Xml(format!("more than {MAX_ATTRIBUTES} attributes in one element")));
                        }
                        let key = attribute.key.into_inner();
                        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(wrong)?;
                        attributes.push((key.to_owned(), value.into_owned()));
                    }
                    attributes.retain(|(key, _)| key != "xmlns" && !key.starts_with("xmlns:"));
                    return Ok(Token::Open(Node {
                        space: Space::of(&space),
                        name: start.local_name().into_inner().to_owned(),
                        attributes,
                        children: Vec::new(),
                        text: String::new(),
                    }));
                }
                Event::Empty(_) => return Err(Stop::Xml("an empty element that was not expanded".into())),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Token::Close);
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    legal(&text)?;
                    if !text.is_empty() {
                        return Ok(Token::Text(text.into_owned()));
                    }
                }
                Event::CData(text) => {
                    let text = text.xml10_content();
                    legal(&text)?;
                    return Ok(Token::Text(text.into_owned()));
                }
                Event::GeneralRef(reference) => return Ok(Token::Text(referred(&reference)?)),
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().transpose().map_err(|error| Stop::Xml(error.to_string()))?;
                    if let Some(encoding) = encoding
                        && !["utf-8", "us-ascii"].contains(&encoding.to_ascii_lowercase().as_str())
                    {
                        return Err(Stop::Xml(format!("the encoding is {encoding}; only UTF-8 is read")));
                    }
                }
                Event::DocType(_) => {
                    return Err(Stop::Xml("it has a document type (DOCTYPE), which is never read; take it out".into()));
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => {
                    if self.depth > 0 {
                        return Err(Stop::Xml(format!("the file ends inside {} open elements", self.depth)));
                    }
                    return Ok(Token::End);
                }
            }
        }
    }

    /// Reads what an element holds, whole.
    pub(super) fn whole(&mut self, node: Node) -> Result<Node, Stop> {
        let mut open = vec![node];
        loop {
            match self.next()? {
                Token::Open(inner) => open.push(inner),
                Token::Text(text) => {
                    if let Some(node) = open.last_mut() {
                        node.text.push_str(&text);
                    }
                }
                Token::Close => {
                    let Some(mut done) = open.pop() else { return Err(Stop::Xml("an end without a start".into())) };
                    if !done.children.is_empty() && done.text.trim().is_empty() {
                        done.text.clear();
                    }
                    match open.last_mut() {
                        Some(outer) => outer.children.push(done),
                        None => return Ok(done),
                    }
                }
                Token::End => return Err(Stop::Xml("the file ends inside an element".into())),
            }
        }
    }

    /// Sees to it that nothing follows the root.
    pub(super) fn nothing_more(&mut self) -> Result<(), Stop> {
        loop {
            match self.next()? {
                Token::End => return Ok(()),
                Token::Text(text) if text.trim().is_empty() => {}
                _ => return Err(Stop::Xml("something stands after the end of the root element".into())),
            }
        }
    }

    /// Passes over everything until so many elements are open.
    pub(super) fn skip_to(&mut self, depth: usize) -> Result<(), Stop> {
        while self.depth > depth {
            self.next()?;
        }
        Ok(())
    }
}

fn wrong(error: quick_xml::Error) -> Stop {
    match error {
        quick_xml::Error::Io(error) => Stop::Bytes(io::Error::new(error.kind(), error.to_string())),
        other => Stop::Xml(other.to_string()),
    }
}

/// A character reference, or one of the five entities that XML itself has.
fn referred(reference: &quick_xml::events::BytesRef) -> Result<String, Stop> {
    let unknown = |name: &str| Stop::Xml(format!("the entity &{name}; is not one of XML's own five"));
    if reference.is_char_ref() {
        let found = reference.resolve_char_ref().map_err(wrong)?;
        let text = found.map(String::from).ok_or_else(|| unknown("#"))?;
        legal(&text)?;
        return Ok(text);
    }
    let name = reference.xml10_content();
    match quick_xml::escape::resolve_predefined_entity(&name) {
        Some(text) => Ok(text.to_owned()),
        None => Err(unknown(&name.chars().take(40).collect::<String>())),
    }
}

/// Characters that XML 1.0 does not have, such as the separator used inside the store.
fn legal(text: &str) -> Result<(), Stop> {
    let bad = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    match text.chars().find(|c| bad(*c)) {
        Some(c) => Err(Stop::Xml(format!("the character U+{:04X}, which XML does not have", u32::from(c)))),
        None => Ok(()),
    }
}

fn explain(file: &str, packed: &crate::bounded::Meter, over: Option<(&'static str, u64)>, stop: Stop) -> ImportError {
    let too_large = |what, limit, hint| ImportError::TooLarge { file: file.to_owned(), what, limit, hint };
    match (stop, over) {
        (_, Some((what, limit))) => too_large(what, limit, "check that it is the file you meant, or raise the limit"),
        (Stop::Deep, None) => too_large("nesting", MAX_DEPTH as u64, "the file is damaged or not of this format"),
        (Stop::Bytes(error), None) => packed.explain(error),
        (Stop::Xml(reason), None) => ImportError::NotThisFormat { file: file.to_owned(), reason },
    }
}
