//! What is written once all documents are read: areas, programmes, and choices between excise duties.

use super::document::Node;
use super::measure::Refused;
use super::other::Fate;
use super::{ALL, Import, area, condition, other};
use crate::{Entry, ImportError};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Area, Program};
use tidewaiter::record::{Measure, MeasureKind, Places};

pub(super) fn add_place(places: &mut Places, origin: String) {
    let mut list = match places {
        Places::One(one) => vec![one.clone()],
        Places::Many(many) => many.clone(),
    };
    if list.contains(&origin) || list.iter().any(|place| place == "all") {
        return;
    }
    if origin == "all" {
        list.clear();
    }
    list.push(origin);
    *places = if list.len() == 1 { Places::One(list.remove(0)) } else { Places::Many(list) };
}

impl Import<'_> {
    /// Several excise codes and none for all others: while none of them is stated the excise is unknown, not zero.
    pub(super) fn excise_choice(&mut self, measures: &[Measure]) -> Result<(), ImportError> {
        let codes: Vec<&str> = measures.iter().filter_map(|measure| measure.additional_code.as_deref()).collect();
        let (Some(first), true) = (measures.first(), codes.len() > 1) else { return Ok(()) };
        let mut choice = first.clone();
        choice.amount = None;
        choice.official = None;
        choice.additional_code = None;
        choice.when = condition::Truth::no_document(&codes).written().map(tidewaiter::record::Written::Words);
        choice.outcome = Some(tidewaiter::record::Verdict::Unknown);
        choice.says = Some(format!(
            "The excise depends on what the goods are: state one of the codes {} among the documents.",
            codes.join(", ")
        ));
        choice.note = Some("Made from the list of excise codes of the goods.".into());
        self.take(Entry::Measure(choice))
    }

    pub(super) fn settle(&mut self, file: &str, row: usize, fate: Fate) -> Result<(), ImportError> {
        let entries = match fate {
            Fate::LeftOut(reason) => {
                self.account.left_out(reason);
                return Ok(());
            }
            Fate::Line(line, stated, notes) => {
                for note in notes {
                    self.take_new(note)?;
                }
                let key = (line.code.clone(), line.suffix.clone());
                match self.lines.entry(key) {
                    std::collections::btree_map::Entry::Vacant(place) => {
                        place.insert((*line, stated));
                    }
                    std::collections::btree_map::Entry::Occupied(mut place) => {
                        let (before, was_stated) = place.get_mut();
                        *was_stated |= stated;
                        other::merge(before, *line);
                        self.account.left_out("a line again, added to the first");
                    }
                }
                return Ok(());
            }
            Fate::Part(entries, reason) => {
                for entry in entries {
                    self.take_new(entry)?;
                }
                self.account.left_out(reason);
                return Ok(());
            }
            Fate::Inexpressible(entries, reason) => {
                self.account.inexpressible(reason);
                entries
            }
            Fate::Made(entries) => entries,
        };
        let mut new = false;
        for entry in entries {
            if let Entry::ExchangeRate(rate) = &entry {
                let key = (rate.series.clone(), rate.base.clone(), rate.currency.clone(), rate.from);
                match self.exchange.get(&key) {
                    None => {
                        self.exchange.insert(key, rate.rate);
                    }
                    Some(other) if *other == rate.rate => {
                        self.account.left_out("a rate again, for another country with the currency");
                        return Ok(());
                    }
                    Some(_) => {
                        let found = rate.rate.to_string();
                        let refused = Refused::new("rate", &found, "one rate for a currency and period");
                        self.refuse(file, row, &refused);
                        return Ok(());
                    }
                }
            }
            new |= self.take_new(entry)?;
        }
        if !new {
            self.account.left_out("a text or line again, word for word");
        }
        Ok(())
    }

    pub(super) fn area(
        &mut self,
        file: &str,
        row: usize,
        node: Node<'_>,
        best: &mut BTreeMap<&str, Node<'_>>,
        origins: &BTreeSet<&str>,
    ) -> Result<(), ImportError> {
        let code = node.id();
        let Some(best) = best.remove(code).filter(|_| !self.areas.contains_key(code)) else {
            let (made, _) = area::area(node);
            let named_only = area::is_group(code) && node.names("children_geographical_areas").is_empty();
            return self.area_again(file, row, &made, named_only);
        };
        let (made, outside) = area::area(best);
        if area::is_group(code) && made.members.is_empty() {
            if code == ALL || !origins.contains(code) {
                self.account.left_out("an area named without its members");
                return Ok(());
            }
            self.account.inexpressible("an origin without members");
        }
        for _ in outside {
            self.account.left_out("a member of an area that is no territory: ships' stores, unspecified countries");
        }
        self.areas.insert(code.to_owned(), made.clone());
        self.take(Entry::Area(made))
    }

    pub(super) fn area_again(
        &mut self,
        file: &str,
        row: usize,
        made: &Area,
        named_only: bool,
    ) -> Result<(), ImportError> {
        match self.areas.get(&made.code) {
            Some(other) if !named_only && other.members != made.members && made.code != ALL => {
                let refused = Refused::new(
                    "children_geographical_areas",
                    &made.code,
                    "the same members of an area everywhere; import responses of different days apart",
                );
                self.refuse(file, row, &refused);
            }
            None if !named_only && made.code != ALL => return self.take(Entry::Area(made.clone())),
            _ => self.account.left_out("an area again"),
        }
        Ok(())
    }

    /// What several resources and responses say together: programmes and lines.
    pub(super) fn finish(&mut self) -> Result<(), ImportError> {
        for program in std::mem::take(&mut self.programs).into_values() {
            self.take(Entry::Program(program))?;
        }
        for (mut line, stated) in std::mem::take(&mut self.lines).into_values() {
            if !stated {
                let says = "The responses do not say whether goods may be declared here.";
                line.note = Some(line.note.map_or_else(|| says.to_owned(), |note| format!("{note}. {says}")));
            }
            self.take(Entry::Line(line))?;
        }
        Ok(())
    }

    /// The programmes that the measures of a response name.
    pub(super) fn programs<'m>(&mut self, all: &[(&str, Node<'_>)], measures: impl Iterator<Item = &'m Measure>) {
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        for (_, node) in all.iter().filter(|(kind, _)| *kind == "geographical_area") {
            names.insert(node.id(), node.text("description").unwrap_or_default());
        }
        for measure in measures {
            let Some(Places::One(key)) = &measure.program else { continue };
            let origin = match &measure.origin {
                None => "all".to_owned(),
                Some(Places::One(area)) => area.clone(),
                Some(Places::Many(_)) => continue,
            };
            let area_name = names.get(origin.as_str()).copied().unwrap_or("all countries");
            let name = match (measure.kind, &measure.order_number) {
                (MeasureKind::Quota, Some(number)) => format!("Tariff quota {number}"),
                (MeasureKind::Suspension, _) => "Authorised use".into(),
                _ => format!("Tariff preference: {area_name}"),
            };
            let scheme = measure.official.as_ref().and_then(|official| official.other.get("scheme_code"));
            match self.programs.get_mut(key) {
                None => {
                    self.programs.insert(
                        key.clone(),
                        Program {
                            key: key.clone(),
                            name,
                            origin: Places::One(origin),
                            proof: measure.proof.clone(),
                            from: None,
                            before: None,
                            cites: vec![self.fact.clone()],
                            note: scheme.map(|scheme| format!("Rules of origin: scheme {scheme}.")),
                        },
                    );
                }
                Some(program) => {
                    if program.proof != measure.proof {
                        program.proof = None;
                    }
                    add_place(&mut program.origin, origin);
                }
            }
        }
    }
}
