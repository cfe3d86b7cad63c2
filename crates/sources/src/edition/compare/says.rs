//! What an entry says, one thing at a time, each under a name by which two editions are compared.

use crate::Entry;
use jiff::civil::Date;
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::edition::{Area, Line, Program};
use tidewaiter::record::{Dated, DatedValue, Measure, Places, Rate, Written};

/// Name of a thing that is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name {
    pub(super) code: String,
    pub(super) what: String,
    pub(super) scope: String,
    /// The last word of the scope where that is one of several: a programme, a territory.
    pub(super) one: String,
}

/// A thing that is said while it holds.
#[derive(Debug)]
pub(super) struct Says {
    pub(super) name: Name,
    pub(super) text: String,
    pub(super) from: Option<Date>,
    pub(super) before: Option<Date>,
}

impl Says {
    pub(super) fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.before.is_none_or(|before| day < before)
    }
}

/// The kinds of entries that are compared.
pub(super) const COMPARED: [&str; 5] = ["line", "measure", "rate", "area", "program"];

/// What an entry says; nothing where its kind is not compared.
pub(super) fn says(entry: &Entry) -> Vec<Says> {
    match entry {
        Entry::Measure(measure) => of_measure(measure),
        Entry::Line(line) => vec![of_line(line)],
        Entry::Rate(rate) => of_rate(rate),
        Entry::Area(area) => of_area(area),
        Entry::Program(program) => of_program(program),
        _ => Vec::new(),
    }
}

fn name(code: &str, what: &str, scope: &str) -> Name {
    Name { code: code.to_owned(), what: what.to_owned(), scope: scope.to_owned(), one: String::new() }
}

/// As [`name`], for one of several.
fn one_of(code: &str, what: &str, one: &str) -> Name {
    Name { one: one.to_owned(), ..name(code, what, one) }
}

fn of_measure(measure: &Measure) -> Vec<Says> {
    let kind = serde_json::to_value(measure.kind).ok().and_then(|v| v.as_str().map(str::to_owned));
    let (code, kind, scope, text) = (points(&measure.code), kind.unwrap_or_default(), scope(measure), amount(measure));
    let says = |name| Says { name, text: text.clone(), from: measure.from, before: measure.before };
    let Some(programs) = &measure.program else {
        return vec![says(name(&code, &kind, &scope))];
    };
    let claim = |program: &String| {
        let and = if scope.is_empty() { "" } else { "; " };
        says(Name { scope: format!("{scope}{and}claim {program}"), ..one_of(&code, &kind, program) })
    };
    places(programs).iter().map(claim).collect()
}

fn of_line(line: &Line) -> Says {
    let text = line.description.get("en").or_else(|| line.description.values().next());
    Says {
        name: name(&points(&line.code), "line", line.suffix.as_deref().unwrap_or_default()),
        text: text.cloned().unwrap_or_default(),
        from: line.from,
        before: line.before,
    }
}

/// The values of a class, the goods that are in it, and for each of its codes the class.
fn of_rate(rate: &Rate) -> Vec<Says> {
    let always = |name, text: &str| Says { name, text: text.to_owned(), from: None, before: None };
    let mut out = Vec::new();
    let value = name(&rate.name, "rate", &rate.class);
    match &rate.is {
        Dated::Always(is) => out.push(always(value, is)),
        Dated::Values(values) => out.extend(values.iter().map(|v| Says {
            name: value.clone(),
            text: v.is.clone(),
            from: v.from,
            before: v.before.or_else(|| next(values, v)),
        })),
    }
    if !rate.goods.is_empty() {
        out.push(always(name(&rate.name, "rate-goods", &rate.class), &rate.goods));
    }
    out.extend(rate.codes.iter().map(|code| always(name(&points(code), "rate-class", &rate.name), &rate.class)));
    out
}

/// First day of the value that follows.
fn next(values: &[DatedValue], value: &DatedValue) -> Option<Date> {
    values.iter().filter_map(|v| v.from).filter(|from| value.from.is_none_or(|begins| begins < *from)).min()
}

fn of_area(area: &Area) -> Vec<Says> {
    let mut out = vec![Says {
        name: name(&area.code, "area", ""),
        text: area.name.clone(),
        from: area.from,
        before: area.before,
    }];
    out.extend(area.members.iter().map(|member| Says {
        name: one_of(&area.code, "area-member", &member.territory),
        text: "member".into(),
        from: area.from.max(member.from),
        before: [area.before, member.before].into_iter().flatten().min(),
    }));
    out
}

fn of_program(program: &Program) -> Vec<Says> {
    let says = |name, text: &str| Says { name, text: text.to_owned(), from: program.from, before: program.before };
    let mut out = vec![says(name(&program.key, "program", ""), &program.name)];
    let origins = places(&program.origin).iter();
    out.extend(origins.map(|origin| says(one_of(&program.key, "program-origin", origin), "may claim")));
    out.extend(program.proof.as_ref().map(|proof| says(name(&program.key, "program-proof", ""), proof)));
    out
}

fn places(places: &Places) -> &[String] {
    match places {
        Places::One(one) => std::slice::from_ref(one),
        Places::Many(many) => many,
    }
}

fn points(code: &str) -> String {
    code.parse::<GoodsCode>().map_or_else(|_| code.to_owned(), |c| c.to_string())
}

fn amount(measure: &Measure) -> String {
    match (&measure.amount, measure.outcome) {
        (Some(Written::Words(words)), _) => words.clone(),
        (Some(Written::Tree(tree)), _) => tree.to_string(),
        (None, Some(_)) => measure.says.clone().unwrap_or_else(|| "no amount".into()),
        (None, None) => measure.official.as_ref().and_then(|o| o.text.clone()).unwrap_or_else(|| "no amount".into()),
    }
}

/// For which goods of a code, without the programme.
fn scope(measure: &Measure) -> String {
    let mut parts = Vec::new();
    parts.extend(measure.origin.as_ref().map(|origin| places(origin).join(" ")));
    if !measure.not_origin.is_empty() {
        parts.push(format!("not {}", measure.not_origin.join(" ")));
    }
    parts.extend(measure.additional_code.as_ref().map(|c| format!("additional code {c}")));
    parts.extend(measure.order_number.as_ref().map(|c| format!("quota {c}")));
    parts.join("; ")
}
