//! What is missing, as questions, and what was assumed.

use super::*;
use zerocopy::little_endian::U32;

impl<'a> Writer<'a> {
    /// Questions, the most useful first.
    pub(super) fn missing(&self, explored: &Explored) -> Vec<Missing> {
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

    pub(super) fn question(&self, key: Key) -> (String, Option<u16>, Said) {
        match key {
            Key::Code(line) => {
                let known = self.prepared.case.lines.get(usize::from(line)).map_or(0, |l| l.digits);
                let question = if known == 0 {
                    Said::from(&message::ASK_CODE)
                } else {
                    Said::of(&message::ASK_CODE_LONGER, [("digits", usize::from(known).into())])
                };
                ("code".into(), Some(line), question)
            }
            Key::Origin(line) => ("origin".into(), Some(line), (&message::ASK_ORIGIN).into()),
            Key::Channel => ("channel".into(), None, (&message::ASK_CHANNEL).into()),
            Key::Mode => ("mode".into(), None, (&message::ASK_MODE).into()),
            Key::Region => ("region".into(), None, (&message::ASK_REGION).into()),
            Key::ShipFrom => ("from".into(), None, (&message::ASK_FROM).into()),
            Key::Fact(id) => {
                let name = self.t.text(id);
                let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == id);
                (
                    format!("fact {name}"),
                    None,
                    ask.map_or_else(
                        || Said::of(&message::ASK_FACT, [("fact", name.into())]),
                        |a| self.t.text(a.question.get()).into(),
                    ),
                )
            }
            Key::Test(_, _, TestOf::History(scope)) => {
                let period =
                    ["day", "month", "quarter", "half-year", "year"][usize::from(scope.saturating_sub(3)).min(4)];
                (format!("history {period}"), None, Said::of(&message::ASK_HISTORY, [("period", period.into())]))
            }
            Key::Test(_, line, TestOf::Weight) => (
                "weight".into(),
                (line != u16::MAX && self.prepared.case.lines.len() > 1).then_some(line),
                (&message::ASK_WEIGHT).into(),
            ),
            Key::Test(node, line, TestOf::Quantity) => {
                let unit = self.t.nodes.get(node as usize).map_or("", |n| self.t.text(n.a.get()));
                (format!("quantity {unit}"), Some(line), ask_quantity(unit))
            }
            Key::Quantity(line, unit) => {
                let unit = self.t.text(unit);
                if unit == "kg" {
                    ("weight".into(), Some(line), (&message::ASK_WEIGHT_PIECE).into())
                } else {
                    (format!("quantity {unit}"), Some(line), ask_quantity(unit))
                }
            }
            Key::Tariff(line, u8::MAX) => ("tax rate".into(), Some(line), (&message::ASK_TAX_RATE).into()),
            Key::Tariff(line, 0) => {
                let code =
                    self.prepared.case.lines.get(usize::from(line)).filter(|l| l.digits > 0).map(explain::code_words);
                let to = self.t.territory_code(self.program.territory.get()).to_owned();
                let place = ("place", Put::Named { code: to, name: self.name().to_owned() });
                let question = match code {
                    Some(code) => Said::of(&message::ASK_DUTY_OF_CODE, [("code", code.into()), place]),
                    None => Said::of(&message::ASK_DUTY, [place]),
                };
                ("duty rate".into(), Some(line), question)
            }
            Key::Tariff(line, _) => ("additional duty".into(), Some(line), (&message::ASK_ADDITIONAL_DUTY).into()),
            Key::Reading(_) => ("reading".into(), None, Said::default()),
        }
    }

    pub(super) fn assume(&self, asked: &Consignment, events: &[Event], out: &mut Vec<Said>) {
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
                    let who = scheme.and_then(|s| word(s.registration));
                    let places = [("scheme", said::data(name)), ("key", key.into())];
                    let said = match (who, places) {
                        (Some(who), [name, key]) => {
                            Said::of(&message::NOT_REGISTERED_WHO, [name, key, ("who", said::data(who))])
                        }
                        (None, places) => Said::of(&message::NOT_REGISTERED, places),
                    };
                    push_once(out, said);
                }
                Event::StatedDuty { line, percent } => {
                    let item = self.prepared.line_items.get(usize::from(line)).map_or(1, |i| i + 1);
                    let places = [("item", item.into()), ("percent", Put::Percent(percent))];
                    push_once(out, Said::of(&message::DUTY_AS_STATED, places));
                }
                Event::Assumed { fact, held } => {
                    let name = self.t.text(fact);
                    let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == fact);
                    let question = ask.map_or(name, |a| self.t.text(a.question.get()));
                    let message = if held { &message::ASSUMED_YES } else { &message::ASSUMED_NO };
                    push_once(out, Said::of(message, [("question", said::data(question)), ("fact", name.into())]));
                }
                _ => {}
            }
        }
    }
}

fn ask_quantity(unit: &str) -> Said {
    let name = explain::unit_name(unit);
    let quantity = Put::Unit { key: unit.to_owned(), name };
    Said::of(&message::ASK_QUANTITY, [("quantity", quantity), ("unit", unit.into())])
}
