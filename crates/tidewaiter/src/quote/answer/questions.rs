//! What is missing, as questions, and what was assumed.

use super::*;
use zerocopy::little_endian::U32;

impl<'a> Writer<'a> {
    /// Questions, the most useful first.
    pub(super) fn missing(&self, explored: &Explored, usable: &[&Seen]) -> Vec<Missing> {
        let _ = usable;
        let mut out: Vec<Missing> = Vec::new();
        for Gap { key, narrows_by } in gaps(self.t, &self.prepared.case, explored, &self.domains.borrow()) {
            let (fact, line, question) = self.question(key);
            let item = line.map(|l| self.prepared.line_items.get(usize::from(l)).map_or(1, |i| i + 1));
            let entry = Missing { fact, item, question, narrows_by };
            if !out.iter().any(|m| m.fact == entry.fact && m.item == entry.item) {
                out.push(entry);
            }
        }
        out
    }

    pub(super) fn question(&self, key: Key) -> (String, Option<u16>, String) {
        match key {
            Key::Code(line) => {
                let known = self.prepared.case.lines.get(usize::from(line)).map_or(0, |l| l.digits);
                let question = if known == 0 {
                    "What is the goods code (HS code, at least 6 digits) of this item?".to_owned()
                } else {
                    format!("What is the full national goods code of this item? {known} digits are not enough here.")
                };
                ("code".into(), Some(line), question)
            }
            Key::Origin(line) => (
                "origin".into(),
                Some(line),
                "In which country was this item made? (That may differ from where it is sent from.)".into(),
            ),
            Key::Channel => (
                "channel".into(),
                None,
                "Who carries it: the post, an express courier, or freight with a broker? (post, express, freight)"
                    .into(),
            ),
            Key::Mode => ("mode".into(), None, "How does it travel: air, sea, road or rail?".into()),
            Key::Region => ("region".into(), None, "To which state or province does it go? Taxes differ.".into()),
            Key::ShipFrom => ("from".into(), None, "From which country is it sent?".into()),
            Key::Fact(id) => {
                let name = self.t.text(id);
                let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == id);
                (
                    format!("fact {name}"),
                    None,
                    ask.map_or_else(|| format!("Is it so: {name}?"), |a| self.t.text(a.question.get()).to_owned()),
                )
            }
            Key::Test(_, _, TestOf::History(scope)) => {
                let period =
                    ["day", "month", "quarter", "half-year", "year"][usize::from(scope.saturating_sub(3)).min(4)];
                (
                    format!("history {period}"),
                    None,
                    format!("How many parcels, worth how much, has the buyer already received this {period}?"),
                )
            }
            Key::Test(_, line, TestOf::Weight) => (
                "weight".into(),
                (line != u16::MAX && self.prepared.case.lines.len() > 1).then_some(line),
                "How much does it weigh in kilograms, packed?".into(),
            ),
            Key::Test(node, line, TestOf::Quantity) => {
                let unit = self.t.nodes.get(node as usize).map_or("", |n| self.t.text(n.a.get()));
                (
                    format!("quantity {unit}"),
                    Some(line),
                    format!("What is its {} ({unit}) for one piece?", explain::unit_name(unit)),
                )
            }
            Key::Quantity(line, unit) => {
                let unit = self.t.text(unit);
                if unit == "kg" {
                    ("weight".into(), Some(line), "How much does one piece of this item weigh in kilograms?".into())
                } else {
                    (
                        format!("quantity {unit}"),
                        Some(line),
                        format!("What is its {} ({unit}) for one piece?", explain::unit_name(unit)),
                    )
                }
            }
            Key::Tariff(line, u8::MAX) => {
                ("tax rate".into(), Some(line), "Which tax rate applies? None is recorded here for that day.".into())
            }
            Key::Tariff(line, 0) => {
                let code =
                    self.prepared.case.lines.get(usize::from(line)).filter(|l| l.digits > 0).map(explain::code_words);
                let goods = code.map_or("this item".to_owned(), |c| format!("code {c}"));
                (
                    "duty rate".into(),
                    Some(line),
                    format!(
                        "What is the customs duty on {goods}? The tariff of {} is not loaded here; look it up at the customs authority.",
                        self.name()
                    ),
                )
            }
            Key::Tariff(line, _) => (
                "additional duty".into(),
                Some(line),
                "Which additional duties apply to this item? They are not loaded here.".into(),
            ),
            Key::Reading(_) => ("reading".into(), None, String::new()),
        }
    }

    pub(super) fn assume(&self, asked: &Consignment, events: &[Event], out: &mut Vec<String>) {
        let none_stated = asked.seller.as_ref().is_none_or(|s| s.registrations.is_empty());
        for event in events {
            match *event {
                Event::AskedRegistration { scheme }
                    if none_stated && !self.prepared.case.registrations.contains(&scheme) =>
                {
                    let key = self.t.text(scheme);
                    let scheme = rows(self.t.schemes, self.program.schemes).iter().find(|s| s.key.get() == scheme);
                    let word = |id: U32| self.t.maybe(id).filter(|text| !text.is_empty());
                    let name = scheme.and_then(|s| word(s.short).or_else(|| word(s.name))).unwrap_or(key);
                    // Whether that is lawful depends on the seller: say who must register.
                    let who = scheme.and_then(|s| word(s.registration)).map(|r| format!(" Who must register: {r}."));
                    push_once(
                        out,
                        format!("The seller is not registered for {name} ({key}).{}", who.unwrap_or_default()),
                    );
                }
                Event::StatedDuty { line, percent } => {
                    let item = self.prepared.line_items.get(usize::from(line)).map_or(1, |i| i + 1);
                    push_once(
                        out,
                        format!(
                            "The customs duty on item {item} is {percent} %, as stated with the question; it was not checked."
                        ),
                    );
                }
                Event::Assumed { fact, held } => {
                    let name = self.t.text(fact);
                    let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == fact);
                    let question = ask.map_or(name, |a| self.t.text(a.question.get()));
                    push_once(out, format!("{question} Assumed: {} ({name}).", if held { "yes" } else { "no" }));
                }
                _ => {}
            }
        }
    }
}
