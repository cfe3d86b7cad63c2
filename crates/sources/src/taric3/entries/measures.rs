//! Measures with their duty, conditions, exclusions and footnotes.

use super::dates::{Time, after, before, day, earlier, first, without};
use super::{Out, other, territory};
use crate::taric3::conditions::{Treatment, Unclear, treat};
use crate::taric3::kinds::{Class, class, is_claimed};
use crate::taric3::store::Record;
use crate::{Entry, ImportError};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidewaiter::Decimal;
use tidewaiter::record::edition::{Component, MeasureCondition, Official, Program, Text, TextKind};
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};

/// Areas that mean every origin: all countries, all third countries.
const EVERYWHERE: [&str; 2] = ["1011", "1008"];
/// Most producers whose codes the residual code can except in one condition.
const MOST_CODES: usize = 100;

/// What measures need to know of other records, gathered once.
struct Around<'a> {
    /// First day a regulation no longer holds, by role and number.
    regulation_ends: HashMap<(&'a str, &'a str), Option<Date>>,
    /// Times for which a regulation is stopped.
    stops: HashMap<(&'a str, &'a str), Vec<Time>>,
    /// Additional codes of measures of the same type, goods, area and order number.
    codes: HashMap<String, BTreeSet<String>>,
    areas: BTreeMap<String, Vec<super::Described>>,
}

impl<'a> Out<'a> {
    pub(super) fn measures(&mut self) -> Result<(), ImportError> {
        let around = self.around();
        let mut programs: BTreeSet<String> = BTreeSet::new();
        let store = self.store;
        let mut records: Vec<Record> = store.records("measure").collect();
        records.sort_by_key(|record| record.get("measure.sid").parse::<i64>().unwrap_or_default());
        for record in &records {
            let kind = store.get("measure.type", &[record.get("measure.type")]);
            let told = |field| kind.as_ref().map(|kind| kind.get(field)).unwrap_or_default();
            let class = class(record.get("measure.type"), told("measure.type.series.id"), told("trade.movement.code"));
            match (class, record.some("goods.nomenclature.item.id")) {
                (Class::Measure(kind), Some(code)) => self.measure(record, kind, code, &around, &mut programs)?,
                _ => self.kept_as_text(record, class, &around)?,
            }
        }
        Ok(())
    }

    fn around(&self) -> Around<'a> {
        let store = self.store;
        let mut regulation_ends = HashMap::new();
        for name in ["base.regulation", "modification.regulation"] {
            for regulation in store.records(name) {
                let key = (regulation.get(&format!("{name}.role")), regulation.get(&format!("{name}.id")));
                let end = after(regulation.get("effective.end.date")).or_else(|| before(&regulation));
                regulation_ends.insert(key, end);
            }
        }
        let mut stops: HashMap<_, Vec<Time>> = HashMap::new();
        for action in store.records("fts.regulation.action") {
            let key = [action.get("fts.regulation.role"), action.get("fts.regulation.id")];
            let Some(stop) = store.get("full.temporary.stop.regulation", &key) else { continue };
            let end = after(stop.get("effective.enddate")).or_else(|| before(&stop));
            let stopped = (action.get("stopped.regulation.role"), action.get("stopped.regulation.id"));
            stops.entry(stopped).or_default().push((first(&stop), end));
        }
        let mut codes: HashMap<String, BTreeSet<String>> = HashMap::new();
        for measure in store.records("measure") {
            if let Some(code) = additional_code(&measure) {
                codes.entry(family(&measure)).or_default().insert(code);
            }
        }
        let areas = self.descriptions("geographical.area.description.period", &["geographical.area.id"]);
        Around { regulation_ends, stops, codes, areas }
    }

    /// The times for which a measure holds: to its own end or that of the regulation that made it, without its stops.
    fn times(&self, record: &Record, around: &Around) -> (Vec<Time>, bool) {
        let made = (record.get("measure.generating.regulation.role"), record.get("measure.generating.regulation.id"));
        let regulation_end = around.regulation_ends.get(&made).copied().flatten();
        let end = earlier(before(record), regulation_end);
        let mut stops: Vec<Time> = around.stops.get(&made).cloned().unwrap_or_default();
        let partial = self.store.under("measure.partial.temporary.stop", record.get("measure.sid"));
        stops.extend(partial.map(|stop| (first(&stop), before(&stop))));
        let start = first(record);
        if start.is_some() && end.is_some_and(|end| Some(end) <= start) {
            return (Vec::new(), !stops.is_empty());
        }
        (without((start, end), &stops), !stops.is_empty())
    }

    fn official(&self, record: &Record) -> Official {
        let store = self.store;
        let sid = record.get("measure.sid");
        let mut components: Vec<Component> =
            store.under("measure.component", sid).map(|part| component(&part)).collect();
        components.sort_by(|a, b| a.expression.cmp(&b.expression));
        let mut conditions: Vec<MeasureCondition> =
            store.conditions(sid).iter().map(|condition| self.condition(condition)).collect();
        conditions.sort_by(|a, b| (&a.code, a.sequence, &a.document).cmp(&(&b.code, b.sequence, &b.document)));
        let footnotes = store
            .under("footnote.association.measure", sid)
            .map(|footnote| [footnote.get("footnote.type.id"), footnote.get("footnote.id")].concat());
        let known = [
            "measure.sid",
            "measure.type",
            "geographical.area",
            "goods.nomenclature.item.id",
            "additional.code.type",
            "additional.code",
            "ordernumber",
            "reduction.indicator",
            "measure.generating.regulation.id",
        ];
        let mut fields = other(record, &known);
        // What the caps and stops may hide.
        for field in ["validity.start.date", "validity.end.date"] {
            fields.extend(record.some(field).map(|day| (field.to_owned(), day.to_owned())));
        }
        Official {
            id: Some(sid.to_owned()),
            measure_type: Some(record.get("measure.type").to_owned()),
            area: Some(record.get("geographical.area").to_owned()),
            regulation: Some(record.get("measure.generating.regulation.id").to_owned()),
            text: None,
            components,
            conditions,
            footnotes: footnotes.collect(),
            reduction: record.get("reduction.indicator").parse().ok(),
            other: fields,
        }
    }

    fn condition(&self, record: &Record) -> MeasureCondition {
        let sid = record.get("measure.condition.sid");
        let mut components: Vec<Component> =
            self.store.under("measure.condition.component", sid).map(|part| component(&part)).collect();
        components.sort_by(|a, b| a.expression.cmp(&b.expression));
        let text = |field: &str| record.some(field).map(str::to_owned);
        let document = [record.get("certificate.type.code"), record.get("certificate.code")].concat();
        MeasureCondition {
            code: record.get("condition.code").to_owned(),
            sequence: record.get("component.sequence.number").parse().ok(),
            action: text("action.code"),
            document: Some(document).filter(|document| !document.is_empty()),
            amount: number(record.get("condition.duty.amount")),
            currency: text("condition.monetary.unit.code"),
            unit: text("condition.measurement.unit.code"),
            qualifier: text("condition.measurement.unit.qualifier.code"),
            components,
            text: None,
        }
    }

    fn measure(
        &mut self,
        record: &Record,
        kind: MeasureKind,
        code: &str,
        around: &Around,
        programs: &mut BTreeSet<String>,
    ) -> Result<(), ImportError> {
        let official = self.official(record);
        let (times, stopped) = self.times(record, around);
        if times.is_empty() {
            self.account.left_out("a measure that its regulation's end or a stop leaves no day");
            return Ok(());
        }
        let charged = kind.is_charged();
        let Treatment { when, documents, amount } =
            treat(&official.conditions, &official.components, &self.options.currency, kind);
        let amount = match amount {
            Ok(None) if charged => Err(Unclear::Absent),
            Ok(_) if charged && record.get("stopped.flag") == "1" && !stopped => Err(Unclear::Stopped),
            other => other,
        };
        let (amount, chosen) = match picked(record, around) {
            _ if !charged => (amount, None),
            Ok(chosen) => (amount, chosen),
            Err(unclear) => (Err(unclear), None),
        };
        let when = match (when, chosen) {
            (Some(when), Some(chosen)) => Some(format!("({when}) and ({chosen})")),
            (when, chosen) => when.or(chosen),
        };
        let long = |amount: &str| grammar::amount(amount).is_err();
        let (amount, when) = match (amount, when) {
            (_, Some(when)) if grammar::condition(&when).is_err() => (Err(Unclear::TooLong), None),
            (Ok(Some(amount)), when) if long(&amount) => (Err(Unclear::TooLong), when),
            other => other,
        };
        if let Err(unclear) = &amount {
            self.account.inexpressible(&unclear.to_string());
        }
        let area = record.get("geographical.area");
        let program = if is_claimed(record.get("measure.type")) {
            let key = format!("{}.{area}", self.options.prefix);
            if programs.insert(area.to_owned()) {
                self.program(&key, area, record, around)?;
            }
            Some(Places::One(key))
        } else {
            None
        };
        let store = self.store;
        let mut not_origin: Vec<String> = store
            .under("measure.excluded.geographical.area", record.get("measure.sid"))
            .map(|excluded| territory(excluded.get("excluded.geographical.area")).to_owned())
            .collect();
        not_origin.sort_unstable();
        not_origin.dedup();
        let (amount, outcome, says) = match amount {
            Ok(amount) => (amount.map(Written::Words), None, None),
            Err(unclear) => (None, Some(Verdict::Unknown), Some(unclear.says())),
        };
        let measure = Measure {
            code: significant(code).to_owned(),
            kind,
            amount,
            outcome,
            says,
            origin: (!EVERYWHERE.contains(&area)).then(|| Places::One(territory(area).to_owned())),
            not_origin,
            program,
            proof: (!documents.is_empty()).then(|| documents.join(", ")),
            when: when.map(Written::Words),
            additional_code: additional_code(record),
            order_number: record.some("ordernumber").map(str::to_owned),
            from: None,
            before: None,
            cites: self.cites(record),
            official: Some(Box::new(official)),
            note: None,
        };
        for (from, before) in times {
            self.give(Entry::Measure(Measure { from, before, ..measure.clone() }))?;
        }
        Ok(())
    }

    fn program(&mut self, key: &str, area: &str, record: &Record, around: &Around) -> Result<(), ImportError> {
        let name = self.name(around.areas.get(area).map(Vec::as_slice).unwrap_or_default());
        let name = if name.is_empty() { area.to_owned() } else { name };
        let origin = if EVERYWHERE.contains(&area) { "all" } else { territory(area) };
        self.give(Entry::Program(Program {
            key: key.to_owned(),
            name: format!("Tariff preference: {name}"),
            origin: Places::One(origin.to_owned()),
            proof: None,
            from: None,
            before: None,
            cites: self.cites(record),
            note: None,
        }))
    }

    /// A measure that is no measure on goods coming in: kept whole as a text.
    fn kept_as_text(&mut self, record: &Record, class: Class, around: &Around) -> Result<(), ImportError> {
        self.account.inexpressible(class.reason());
        let official = self.official(record);
        let (times, _) = self.times(record, around);
        let mut fields = other(record, &[]);
        fields.insert("record".into(), "measure".into());
        let written = |key: &str, text: Result<String, serde_json::Error>| text.ok().map(|text| (key.to_owned(), text));
        if !official.components.is_empty() {
            fields.extend(written("measure.component", serde_json::to_string(&official.components)));
        }
        if !official.conditions.is_empty() {
            fields.extend(written("measure.condition", serde_json::to_string(&official.conditions)));
        }
        if !official.footnotes.is_empty() {
            fields.insert("footnotes".into(), official.footnotes.join(" "));
        }
        let store = self.store;
        let excluded: Vec<&str> = store
            .under("measure.excluded.geographical.area", record.get("measure.sid"))
            .map(|excluded| excluded.get("excluded.geographical.area"))
            .collect();
        if !excluded.is_empty() {
            fields.insert("measure.excluded.geographical.area".into(), excluded.join(" "));
        }
        let from = times.first().map_or_else(|| day(record.get("validity.start.date")), |time| time.0);
        let before = times.last().map_or_else(|| before(record), |time| time.1);
        self.give(Entry::Text(Text {
            kind: TextKind::Other,
            code: format!("measure {}", record.get("measure.sid")),
            says: BTreeMap::new(),
            from,
            before,
            other: fields,
        }))
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

fn component(record: &Record) -> Component {
    let text = |field: &str| record.some(field).map(str::to_owned);
    Component {
        expression: record.get("duty.expression.id").to_owned(),
        amount: number(record.get("duty.amount")),
        currency: text("monetary.unit.code"),
        unit: text("measurement.unit.code"),
        qualifier: text("measurement.unit.qualifier.code"),
    }
}

/// A goods code without the pairs of zeros at its end, so that goods below inherit: `1701000000` is `1701`.
fn significant(code: &str) -> &str {
    let mut code = code;
    while code.len() > 2
        && let Some(shorter) = code.strip_suffix("00")
    {
        code = shorter;
    }
    code
}

fn additional_code(record: &Record) -> Option<String> {
    let code = [record.get("additional.code.type"), record.get("additional.code")].concat();
    Some(code).filter(|code| !code.is_empty())
}

fn family(record: &Record) -> String {
    ["measure.type", "goods.nomenclature.item.id", "geographical.area", "ordernumber"]
        .map(|field| record.get(field))
        .join(" ")
}

/// The condition under which a measure with an additional code is the one: its code is stated; the residual code, which
/// ends in 999, is for those who state none of the others.
fn picked(record: &Record, around: &Around) -> Result<Option<String>, Unclear> {
    let Some(code) = additional_code(record) else { return Ok(None) };
    if !code.ends_with("999") {
        return Ok(Some(format!("document {code}")));
    }
    let family = around.codes.get(&family(record));
    let others: Vec<&String> = family.into_iter().flatten().filter(|other| **other != code).collect();
    if others.len() > MOST_CODES {
        return Err(Unclear::ManyCodes);
    }
    let tests: Vec<String> = others.iter().map(|other| format!("not document {other}")).collect();
    Ok((!tests.is_empty()).then(|| tests.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lose_pairs_of_zeros() {
        for (code, expected) in [
            ("0100000000", "01"),
            ("2000000000", "20"),
            ("1701000000", "1701"),
            ("1701121000", "17011210"),
            ("0702000007", "0702000007"),
            ("1602501000", "16025010"),
        ] {
            assert_eq!(significant(code), expected);
        }
    }
}
