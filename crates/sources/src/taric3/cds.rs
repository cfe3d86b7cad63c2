//! Extracts of the UK's Customs Declaration Service: items with their parts inside them, made into records of TARIC3.
//!
//! No schema of the extract is published. `cds.txt` says where each record and field stands; values are read by their base
//! (number, date), not by the facets of TARIC3, because the UK has codes of its own (measure type `COI`, negative system
//! numbers). An element that carries a change and is not in the table is refused; any other that is not is counted.

use super::schema::{Base, RecordType, schema};
use super::store::{BETWEEN, Change, Completeness, TaricStore, Update};
use super::xml::{Node, Space, Token, Xml};
use crate::{Account, ImportError};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Where a record stands and how its fields are found.
#[derive(Debug)]
struct Place {
    kind: usize,
    /// `Measure/measureCondition`.
    path: &'static str,
    fields: Vec<Way>,
}

/// The way to a field's text.
#[derive(Debug)]
struct Way {
    /// How many elements further out it begins.
    out: usize,
    /// Elements to go into, the last one's text is meant.
    steps: Vec<String>,
    required: bool,
}

static PLACES: LazyLock<HashMap<&'static str, Place>> = LazyLock::new(|| {
    let mut places: HashMap<&'static str, Place> = HashMap::new();
    let mut now = "";
    for line in include_str!("cds.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, way)) = line.strip_prefix("  ").and_then(|line| line.split_once(' ')) {
            let Some(place) = places.get_mut(now) else { continue };
            let (name, missing) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
            let Some(at) = schema().records[place.kind].field(name) else { continue };
            let steps = way.trim_start_matches('^');
            place.fields[at].out = way.len() - steps.len();
            place.fields[at].steps = steps.split('.').map(str::to_owned).collect();
            place.fields[at].required &= !missing;
        } else if let Some((name, path)) = line.split_once(" = ") {
            let Some(kind) = schema().find(name) else { continue };
            let usual = |name: &str| Way { out: 0, steps: vec![camel(name)], required: true };
            let fields = schema().records[kind].fields.iter();
            let fields = fields.map(|field| Way { required: field.required, ..usual(field.name) }).collect();
            places.insert(path, Place { kind, path, fields });
            now = path;
        }
    }
    places
});

/// `validity.start.date` is `validityStartDate`.
fn camel(name: &str) -> String {
    let mut words = name.split('.');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        out.extend(word.chars().take(1).map(|c| c.to_ascii_uppercase()));
        out.extend(word.chars().skip(1));
    }
    out
}

/// Children of which an item lists all there are: those it no longer lists are gone.
const LISTED_WHOLE: [&str; 6] = [
    "Measure/measureComponent",
    "Measure/measureCondition",
    "Measure/measureCondition/measureConditionComponent",
    "Measure/measureExcludedGeographicalArea",
    "Measure/footnoteAssociationMeasure",
    "Measure/measurePartialTemporaryStop",
];

struct Reader<'a> {
    file: String,
    row: u64,
    store: &'a mut TaricStore,
    account: &'a mut Account,
}

/// Reads an extract whose root is open.
pub(super) fn read(
    xml: &mut Xml,
    root: &Node,
    store: &mut TaricStore,
    account: &mut Account,
) -> Result<(), ImportError> {
    if root.space != Space::Cds {
        return Err(ImportError::NotThisFormat {
            file: xml.file().to_owned(),
            reason: "<TariffHistoryResponse> is not in the namespace of the CDS extracts, version 3".into(),
        });
    }
    let mut reader = Reader { file: xml.file().to_owned(), row: 0, store, account };
    match reader.items(xml) {
        Ok(()) => Ok(()),
        Err(stop) => {
            let place = format!("item {}", reader.row + 1);
            Err(xml.explain(stop, &place))
        }
    }
}

impl Reader<'_> {
    fn refuse(&mut self, column: &str, found: &str, expected: &str) {
        self.account.refuse(&self.file, self.row, column, found, expected);
    }

    fn items(&mut self, xml: &mut Xml) -> Result<(), super::xml::Stop> {
        let mut head = false;
        loop {
            xml.next_record();
            match xml.next()? {
                Token::Open(node) if node.name == "ResultsInfo" && !head => {
                    head = true;
                    let node = xml.whole(node)?;
                    let moment = node.child("executionDate").map(|node| node.text.trim()).unwrap_or_default();
                    let date = moment.get(..10).and_then(|text| text.parse::<Date>().ok());
                    if date.is_none() {
                        self.refuse("executionDate", moment, "the moment of the extract");
                    }
                    self.store.begin("cds", moment, &self.file, date);
                }
                Token::Open(node) if node.name == "TariffHistoryItem" && head => {
                    let node = xml.whole(node)?;
                    self.row += 1;
                    self.item(&node);
                }
                Token::Open(node) => {
                    let expected = if head { "<TariffHistoryItem>" } else { "<ResultsInfo>" };
                    self.refuse(&node.name, "", expected);
                    xml.skip_to(xml.depth() - 1)?;
                }
                Token::Text(text) if text.trim().is_empty() => {}
                Token::Text(text) => self.refuse("", text.trim(), "no text between the items"),
                Token::Close => return xml.nothing_more(),
                Token::End => return Ok(()),
            }
        }
    }

    /// `<TariffHistoryItem><find…Response><Measure>…`
    fn item(&mut self, item: &Node) {
        let entities: Vec<&Node> = item.children.iter().flat_map(|answer| &answer.children).collect();
        if entities.is_empty() {
            self.refuse("TariffHistoryItem", "", "an answer with an entity inside");
        }
        for entity in entities {
            if PLACES.contains_key(entity.name.as_str()) {
                self.element(&mut vec![entity], &entity.name, false);
            } else {
                self.refuse(&entity.name, "", "an entity of the tariff");
            }
        }
    }

    /// An element that is a record, then those inside it; gives its key. `chain` ends with it and begins with the entity.
    fn element(&mut self, chain: &mut Vec<&Node>, path: &str, owner_gone: bool) -> Option<String> {
        let (&node, place) = (chain.last()?, PLACES.get(path)?);
        let meta = node.child("metainfo");
        let update = match meta.and_then(|meta| meta.child("opType")).map(|node| node.text.trim()) {
            _ if owner_gone => Update::Delete,
            Some("C" | "U") => Update::Put,
            Some("D") => Update::Delete,
            found => {
                let found = found.unwrap_or("nothing").to_owned();
                self.refuse("opType", &found, "C, U or D for every change");
                return None;
            }
        };
        let gone = update == Update::Delete;
        self.unknown_fields(node, path);
        let values = self.values(chain, place, gone)?;
        if path == "GeographicalArea"
            && let Some(number) = node.child("hjid")
        {
            self.store.areas.insert(number.text.trim().to_owned(), values[0].clone());
        }
        let owner = values.clone();
        let change = Change { row: self.row, transaction: String::new(), kind: place.kind, update, values };
        self.store.change(&change, &self.file, self.account);
        let mut listed: HashMap<usize, Vec<String>> = HashMap::new();
        for inner in &node.children {
            let path = format!("{path}/{}", inner.name);
            let Some(inner_place) = PLACES.get(path.as_str()) else { continue };
            chain.push(inner);
            let key = self.element(chain, &path, gone);
            chain.pop();
            listed.entry(inner_place.kind).or_default().extend(key);
        }
        self.drop_unlisted(path, &owner, gone, &listed);
        Some(key_of(&schema().records[place.kind], &owner))
    }

    /// Takes out what the owner no longer lists: everything where the owner is deleted, else the children that an item
    /// lists whole.
    fn drop_unlisted(&mut self, path: &str, owner: &[String], gone: bool, listed: &HashMap<usize, Vec<String>>) {
        let direct = |inner: &str| inner.rsplit_once('/').is_some_and(|(outer, _)| outer == path);
        let mut inner: Vec<&Place> = PLACES.values().filter(|place| direct(place.path)).collect();
        inner.sort_by_key(|place| place.kind);
        for place in inner {
            if !gone && !LISTED_WHOLE.contains(&place.path) {
                continue;
            }
            let kind = &schema().records[place.kind];
            let kept = listed.get(&place.kind).map(Vec::as_slice).unwrap_or_default();
            let Some(outer) = PLACES.get(path) else { continue };
            let links = links(outer, place, owner);
            if links.is_empty() {
                continue;
            }
            let found = self.store.owned(place.kind, &links);
            for (key, values) in found.into_iter().filter(|(key, _)| !kept.contains(key)) {
                self.store.drop_record(place.kind, &key);
                self.account.left_out(&format!("no longer listed under its owner: {}", kind.name));
                self.drop_unlisted(place.path, &values, true, &HashMap::new());
            }
        }
    }

    fn values(&mut self, chain: &[&Node], place: &Place, gone: bool) -> Option<Vec<String>> {
        let kind = &schema().records[place.kind];
        let mut values = Vec::new();
        let mut whole = true;
        for (at, (field, way)) in kind.fields.iter().zip(&place.fields).enumerate() {
            let outer = chain.len().checked_sub(way.out + 1).and_then(|at| chain.get(at));
            let found = way.steps.iter().try_fold(*outer?, |node, step| node.child(step));
            let text = found.map(|node| node.text.as_str()).unwrap_or_default();
            let required = if gone { kind.key.contains(&at) } else { way.required };
            if text.is_empty() {
                if required {
                    let name = way.steps.join(".");
                    self.refuse(&name, "nothing", &format!("<{name}> in <{}>", place.path));
                    whole = false;
                }
                values.push(String::new());
                continue;
            }
            match plain(text, schema().types[field.of].base) {
                Ok(value) => values.push(value),
                Err(expected) => {
                    self.refuse(&way.steps.join("."), text, expected);
                    whole = false;
                }
            }
        }
        if !whole {
            return None;
        }
        if place.path == "GeographicalArea/geographicalAreaMembership" {
            let Some(member) = self.store.areas.get(&values[0]).cloned() else {
                if self.store.completeness() == Completeness::Complete {
                    self.refuse(
                        "geographicalAreaGroupSid",
                        &values[0],
                        "the hjid of an area of this or an earlier extract",
                    );
                    return None;
                }
                self.account.left_out("base absent: a membership of an area that no extract has named yet");
                return None;
            };
            values[0] = member;
        }
        Some(values)
    }

    /// Counts what has no place in TARIC3, and refuses a change that is not known.
    fn unknown_fields(&mut self, node: &Node, path: &str) {
        let place = PLACES.get(path);
        for inner in &node.children {
            let at = format!("{path}/{}", inner.name);
            let used = |way: &Way| way.out == 0 && way.steps.first() == Some(&inner.name);
            let known = place.is_some_and(|place| place.fields.iter().any(used)) || PLACES.contains_key(at.as_str());
            if known || matches!(inner.name.as_str(), "hjid" | "metainfo" | "sid") {
                continue;
            }
            // Something further in may look outwards for it.
            let looked = |place: &Place| {
                place.path.starts_with(path)
                    && place.fields.iter().any(|way| way.out > 0 && way.steps.first() == Some(&inner.name))
            };
            if PLACES.values().any(looked) {
                continue;
            }
            if inner.child("metainfo").is_some() {
                self.refuse(&at, "", "a part that TARIC3 has; this change would be lost");
            } else {
                self.account.left_out(&format!("a field that TARIC3 does not have: {at}"));
            }
        }
    }
}

/// The fields of a part that hold its owner's key, with what stands there.
fn links(outer: &Place, inner: &Place, owner: &[String]) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for &at in &schema().records[outer.kind].key {
        let same = |way: &Way| way.out == outer.fields[at].out + 1 && way.steps == outer.fields[at].steps;
        if let (Some(field), Some(value)) = (inner.fields.iter().position(same), owner.get(at)) {
            links.push((field, value.clone()));
        }
    }
    links
}

fn key_of(kind: &RecordType, values: &[String]) -> String {
    let parts: Vec<&str> = kind.key.iter().map(|&at| values[at].as_str()).collect();
    parts.join(&BETWEEN.to_string())
}

/// A text by its base. Moments give their day where a day is meant; last days end at 23:59:59.
fn plain(text: &str, base: Base) -> Result<String, &'static str> {
    let text = text.trim();
    match base {
        Base::Text => Ok(text.to_owned()),
        Base::Int => text.parse::<i64>().map(|n| n.to_string()).map_err(|_| "a whole number"),
        Base::Decimal => {
            text.parse::<tidewaiter::Decimal>().map(|n| n.to_string()).map_err(|_| "a number such as 20000.5")
        }
        Base::Date => {
            let day = text.get(..10).filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'));
            let day = day.and_then(|day| day.parse::<Date>().ok());
            day.map(|day| day.to_string()).ok_or("a day such as 2025-03-27T00:00:00")
        }
        Base::Timestamp => {
            let moment = text.get(..19).and_then(|text| text.parse::<jiff::civil::DateTime>().ok());
            moment.map(|moment| moment.to_string()).ok_or("a moment such as 2025-03-27T14:56:04")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let table = include_str!("cds.txt");
        let heads = table.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
        assert_eq!(PLACES.len(), heads.count());
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" = ") {
                assert!(schema().find(name).is_some(), "{name}");
            }
        }
        let mut now = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            match line.strip_prefix("  ").and_then(|line| line.split_once(' ')) {
                Some((field, _)) => {
                    let field = field.trim_end_matches('?');
                    assert!(schema().records[now].field(field).is_some(), "{field}");
                }
                None => now = schema().find(line.split(" = ").next().unwrap()).unwrap(),
            }
        }
    }

    #[test]
    fn days_and_moments() {
        assert_eq!(plain("2025-03-25T23:59:59", Base::Date).as_deref(), Ok("2025-03-25"));
        assert_eq!(plain("2025-03-27T14:56:04.123", Base::Timestamp).as_deref(), Ok("2025-03-27T14:56:04"));
        assert_eq!(plain("-1012552090", Base::Int).as_deref(), Ok("-1012552090"));
        for (text, base) in
            [("2025-02-30T00:00:00", Base::Date), ("", Base::Date), ("1,5", Base::Decimal), ("x", Base::Int)]
        {
            assert!(plain(text, base).is_err(), "{text}");
        }
        assert_eq!(camel("measure.generating.regulation.id"), "measureGeneratingRegulationId");
    }
}
