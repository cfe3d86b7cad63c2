//! The economy that a rate sheet adds up to: charges in their order, ladders from the thresholds, fees.
//!
//! | charge | made where | amount |
//! |---|---|---|
//! | duty | there is a measure or a duty threshold | the tariff; prohibitions first |
//! | anti-dumping, countervailing, safeguard, additional duty | the kind occurs | the sum of that kind, for its codes |
//! | excise | the kind occurs | the sum of excise measures, for their codes |
//! | tax | the sheet Rates has rows | the table of rates |
//! | fees | the sheet Fees has rows | as written |

use super::Parts;
use super::measures::{MeasureRow, names};
use super::places::steady;
use super::rest::{Fee, TABLE, Threshold};
use crate::Refusal;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::Edition;
use tidewaiter::record::expression::Per;
use tidewaiter::record::{
    Authority, Charge, Collector, Economy, Exchange, Head, Kind, Measure, MeasureKind, Places, Rung, Status, Verdict,
    Written, grammar,
};

/// Families of measures on top of the duty, in the order of their charges: name, what it is, its word in `tariff(…)`.
const FAMILIES: [(MeasureKind, &str, &str); 4] = [
    (MeasureKind::AntiDumping, "Anti-dumping duty", "anti-dumping"),
    (MeasureKind::Countervailing, "Countervailing duty", "countervailing"),
    (MeasureKind::Safeguard, "Safeguard duty", "safeguard"),
    (MeasureKind::Additional, "Additional duty", "additional"),
];

type Times = (Option<Date>, Option<Date>);

pub(super) fn economy(edition: &Edition, parts: &Parts) -> Result<Economy, Vec<Refusal>> {
    let head = Head {
        territory: edition.territory.clone().unwrap_or_default(),
        currency: edition.currency.clone().unwrap_or_default(),
        known_from: edition.known_from,
        summary: parts.about.text("Summary").unwrap_or_default(),
        tax_name: parts.about.text("Tax name"),
        note: None,
    };
    let economy = Economy {
        economy: head,
        fact: parts.facts.clone(),
        bases: BTreeMap::new(),
        codes: BTreeMap::new(),
        groups: BTreeMap::new(),
        charge: Vec::new(),
        rate: parts.rates.clone(),
        measure: Vec::new(),
        bound: Vec::new(),
        ask: Vec::new(),
        waiver: Vec::new(),
        fx: Exchange::default(),
        scheme: Vec::new(),
        dispute: Vec::new(),
    };
    let mut builder = Builder { parts, economy, refusals: Vec::new(), made: BTreeMap::new() };
    builder.groups();
    builder.measures();
    builder.duty();
    builder.families();
    builder.excise();
    builder.tax();
    builder.fees();
    if builder.refusals.is_empty() { Ok(builder.economy) } else { Err(builder.refusals) }
}

struct Builder<'a> {
    parts: &'a Parts,
    economy: Economy,
    refusals: Vec<Refusal>,
    /// Keys of charges by the word for them in About.
    made: BTreeMap<&'static str, Vec<String>>,
}

impl Builder<'_> {
    fn refuse(&mut self, place: &str, row: u64, column: &str, found: &str, expected: impl Into<String>) {
        let (file, column, found) = (place.to_owned(), column.to_owned(), found.to_owned());
        let refusal = Refusal { file, row, column, found, expected: expected.into() };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    fn refuse_about(&mut self, field: &str, expected: &str) {
        let about = &self.parts.about;
        let (place, row, found) = (about.place.clone(), about.row(field), about.text(field).unwrap_or_default());
        self.refuse(&place, row, field, &found, expected);
    }

    fn key(&self, word: &str) -> String {
        format!("{}.{word}", self.parts.about.prefix)
    }

    fn of_kind(&self, kind: MeasureKind) -> impl Iterator<Item = &MeasureRow> {
        self.parts.measures.iter().filter(move |m| m.measure.kind == kind)
    }

    /// Groups whose members never change; the others are written out where they stand.
    fn groups(&mut self) {
        for (code, area) in &self.parts.groups {
            if !self.is_dated(code) {
                let members = area.members.iter().map(|m| m.territory.clone()).collect();
                self.economy.groups.insert(code.clone(), members);
            }
        }
    }

    fn is_dated(&self, group: &str) -> bool {
        self.parts.groups.get(group).is_some_and(|g| g.members.iter().any(|m| m.from.is_some() || m.before.is_some()))
    }

    /// A measure in the times in which its origins stay the same.
    fn times(&self, measure: &Measure) -> Vec<(Times, Vec<String>, Vec<String>)> {
        let (origin, except) = (names(measure.origin.as_ref()), measure.not_origin.clone());
        let whole = (measure.from, measure.before);
        if !origin.iter().chain(&except).any(|p| self.is_dated(p)) {
            return vec![(whole, origin, except)];
        }
        let both: Vec<String> = origin.iter().chain(&except).cloned().collect();
        let members = |places: &[String], times: Times| {
            steady(places, &self.parts.groups, times).into_iter().next().map(|(_, _, codes)| codes).unwrap_or_default()
        };
        steady(&both, &self.parts.groups, whole)
            .into_iter()
            .map(|(from, before, _)| {
                ((from, before), members(&origin, (from, before)), members(&except, (from, before)))
            })
            .filter(|(_, now, _)| origin.is_empty() || !now.is_empty())
            .collect()
    }

    fn measures(&mut self) {
        for row in &self.parts.measures {
            self.check_condition(row);
            if !row.measure.kind.is_charged() {
                continue;
            }
            for ((from, before), origin, except) in self.times(&row.measure) {
                let origin = (!origin.is_empty()).then_some(Places::Many(origin));
                let measure =
                    Measure { origin, not_origin: except, from, before, official: None, ..row.measure.clone() };
                self.economy.measure.push(measure);
            }
        }
    }

    /// A condition cannot name a group whose members change.
    fn check_condition(&mut self, row: &MeasureRow) {
        let Some(Written::Words(words)) = &row.measure.when else { return };
        let dated = words.split(|c: char| c.is_whitespace() || "()".contains(c)).find(|w| self.is_dated(w));
        if let Some(group) = dated {
            let expected =
                format!("the group \"{group}\" in the column Origin or Except: its members change with time");
            self.refuse(&row.place, row.row, "Condition", words, expected);
        }
    }

    fn duty(&mut self) {
        let tariff = self.parts.measures.iter().any(|m| {
            !matches!(m.measure.kind, MeasureKind::Excise | MeasureKind::Control | MeasureKind::SupplementaryUnit)
        });
        if !tariff && !self.parts.thresholds.iter().any(|t| t.charge == "duty") {
            return;
        }
        let Some(base) = self.base("Duty is charged on") else { return };
        let mut rungs = self.prohibitions();
        rungs.extend(self.ladder("duty", &base));
        rungs.push(self.rung("tariff", Some("tariff".into()), None));
        self.charge("duty", "duty", "Customs duty", Kind::Duty, base, rungs);
    }

    fn prohibitions(&self) -> Vec<Rung> {
        let mut rungs = Vec::new();
        for row in self.of_kind(MeasureKind::Prohibition) {
            let measure = &row.measure;
            for ((from, before), origin, except) in self.times(measure) {
                let mut when = format!("goods of {}", measure.code);
                if !origin.is_empty() {
                    when += &format!(" and origin in {}", origin.join(" "));
                }
                if !except.is_empty() {
                    when += &format!(" and not origin in {}", except.join(" "));
                }
                if let Some(Written::Words(more)) = &measure.when {
                    when += &format!(" and ({more})");
                }
                rungs.push(Rung {
                    outcome: Some(Verdict::Prohibited),
                    says: measure.says.clone(),
                    from,
                    before,
                    cites: measure.cites.clone(),
                    ..self.rung("prohibited", None, Some(when))
                });
            }
        }
        rungs
    }

    fn families(&mut self) {
        for (kind, name, word) in FAMILIES {
            self.summed(kind, "additional duty", name, word, Kind::AdditionalDuty);
        }
        let limit = self.parts.thresholds.iter().find(|t| t.charge == "additional duty");
        if let (Some(limit), None) = (limit, self.made.get("additional duty")) {
            let expected = "rows of additional, anti-dumping, countervailing or safeguard duty in the sheet Measures";
            self.refuse(&limit.place.clone(), limit.row, "Charge", limit.charge, expected);
        }
    }

    fn excise(&mut self) {
        self.summed(MeasureKind::Excise, "excise", "Excise duty", "excise", Kind::Excise);
    }

    /// A charge that is the sum of the measures of a kind, for their codes.
    fn summed(&mut self, kind: MeasureKind, about_word: &'static str, name: &str, word: &'static str, charge: Kind) {
        let codes: BTreeSet<String> = self.of_kind(kind).map(|m| m.measure.code.clone()).collect();
        if codes.is_empty() {
            let limit = self.parts.thresholds.iter().find(|t| t.charge == about_word && t.charge == word);
            if let Some((place, row)) = limit.map(|t| (t.place.clone(), t.row)) {
                let expected = format!("rows of {word} in the sheet Measures, where there is a limit for it");
                self.refuse(&place, row, "Charge", about_word, expected);
            }
            return;
        }
        let Some(base) = self.base("Duty is charged on") else { return };
        let list = format!("{}_codes", word.replace('-', "_"));
        let mut rungs = self.ladder(about_word, &base);
        rungs.push(self.rung(word, Some(format!("tariff({word})")), Some(format!("goods of {list}"))));
        self.economy.codes.insert(list, codes.into_iter().collect());
        self.charge(about_word, word, name, charge, base, rungs);
    }

    fn tax(&mut self) {
        let limits = self.parts.thresholds.iter().find(|t| t.charge == "tax");
        if self.parts.rates.is_empty() {
            if let Some(limit) = limits {
                let (place, row) = (limit.place.clone(), limit.row);
                self.refuse(&place, row, "Charge", "tax", "rows in the sheet Rates, where there is a limit for tax");
            }
            return;
        }
        let kind = match self.parts.about.text("Tax kind").as_deref().map(str::to_lowercase).as_deref() {
            Some("vat") => Kind::Vat,
            Some("gst") => Kind::Gst,
            Some("sales tax") => Kind::SalesTax,
            Some("levy") => Kind::Levy,
            _ => return self.refuse_about("Tax kind", "VAT, GST, sales tax or levy, where the sheet Rates is used"),
        };
        let Some(base) = self.base("Tax is charged on") else { return };
        let mut rungs = self.ladder("tax", &base);
        rungs.push(self.rung("taxed", Some(format!("@{TABLE}")), None));
        let name = self.parts.about.text("Tax name").unwrap_or_else(|| "Tax".into());
        self.charge("tax", "tax", &name, kind, base, rungs);
    }

    /// The rungs of a charge's limits, the lowest first; then what holds above them.
    fn ladder(&self, charge: &str, base: &str) -> Vec<Rung> {
        let mut limits: Vec<&Threshold> = self.parts.thresholds.iter().filter(|t| t.charge == charge).collect();
        limits.sort_by_key(|t| t.limit);
        let below = limits.iter().map(|t| {
            let sign = if t.inclusive { "<=" } else { "<" };
            let word = if t.inclusive { "up to" } else { "below" };
            let amount = t.below.clone().unwrap_or_else(|| "relieved".into());
            self.limit_rung(t, &format!("{word} {} {}", t.limit, t.currency), sign, Some(amount))
        });
        let above = limits.iter().filter(|t| t.above != "normal").map(|t| {
            let sign = if t.inclusive { ">" } else { ">=" };
            let name = format!("above {} {}", t.limit, t.currency);
            if t.above == "formal entry" {
                let says = format!(
                    "Above {} {} a full customs entry is needed; there is no simple figure.",
                    t.limit, t.currency
                );
                let rung = self.limit_rung(t, &name, sign, None);
                return Rung { outcome: Some(Verdict::FormalEntry), says: Some(says), ..rung };
            }
            let rung = self.limit_rung(t, &name, sign, Some(format!("@{TABLE}")));
            let cash = format!("{} {}", t.limit, t.currency);
            Rung { base: Some(Written::Words(format!("max(0 {}, {base} - {cash})", t.currency))), ..rung }
        });
        below.chain(above).collect()
    }

    fn limit_rung(&self, t: &Threshold, name: &str, sign: &str, amount: Option<String>) -> Rung {
        let mut when = format!("{} {sign} {} {} per {}", t.value, t.limit, t.currency, t.per);
        // A formal entry is needed for all goods; a relief is not for those that are excepted.
        if !t.except.is_empty() && amount.is_some() {
            when += &format!(" and not goods of {}", t.except.join(" "));
        }
        Rung {
            from: t.from,
            before: t.before,
            cites: t.cites.clone(),
            note: t.note.clone(),
            ..self.rung(name, amount, Some(when))
        }
    }

    fn fees(&mut self) {
        let mut fees: Vec<(String, Vec<&Fee>)> = Vec::new();
        for fee in &self.parts.fees {
            match fees.iter_mut().find(|(name, _)| *name == fee.name) {
                Some((_, rows)) => rows.push(fee),
                None => fees.push((fee.name.clone(), vec![fee])),
            }
        }
        for (number, (name, mut rows)) in fees.into_iter().enumerate() {
            rows.sort_by_key(|f| f.when.is_none());
            let (collect, authority) = match rows[0].collector {
                "seller" => (Collector::Seller, Authority::Government),
                "carrier" => (Collector::Carrier, Authority::Carrier),
                _ => (Collector::Border, Authority::Government),
            };
            let rungs = rows
                .iter()
                .map(|fee| Rung {
                    per: per(fee.per),
                    from: fee.from,
                    before: fee.before,
                    cites: fee.cites.clone(),
                    note: fee.note.clone(),
                    ..self.rung(&fee.name.to_lowercase(), Some(fee.amount.clone()), fee.when.clone())
                })
                .collect();
            // A sum of money has no base; a percentage needs the one that is said.
            let base = if rows.iter().any(|f| f.amount.contains('%')) {
                let Some(base) = self.base("Duty is charged on") else { return };
                base
            } else {
                "goods".to_owned()
            };
            let word = slug(&name).unwrap_or_else(|| format!("fee{}", number + 1));
            self.charge("fees", &word, &name, Kind::Fee, base, rungs);
            if let Some(charge) = self.economy.charge.last_mut() {
                charge.round = None;
                charge.collect = collect;
                charge.authority = authority;
            }
        }
    }

    /// The value a charge is computed on, in the words of the grammar.
    fn base(&mut self, field: &str) -> Option<String> {
        let Some(text) = self.parts.about.text(field) else {
            self.refuse_about(
                field,
                "the value, such as goods + freight + insurance: without it no amount can be computed",
            );
            return None;
        };
        let mut out: Vec<String> = Vec::new();
        for word in text.split('+').map(|w| w.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()) {
            match word.as_str() {
                "goods" | "freight" | "inland-freight" | "insurance" | "packing" => out.push(word),
                "duty" | "additional duty" | "excise" if field.starts_with("Tax") => match self.made.get(word.as_str())
                {
                    Some(keys) => out.extend(keys.iter().cloned()),
                    // The charge does not occur in this sheet: nothing to add. Duty itself must.
                    None if word != "duty" => {}
                    // Already told: what duty is charged on is missing.
                    None if !self.refusals.is_empty() => return None,
                    None => {
                        self.refuse_about(field, "a value without \"duty\", or rows of duty in the sheet Measures");
                        return None;
                    }
                },
                _ => {
                    self.refuse_about(
                        field,
                        "words joined by +: goods, freight, insurance, packing; for tax also duty, additional duty, excise",
                    );
                    return None;
                }
            }
        }
        Some(out.join(" + "))
    }

    fn rung(&self, name: &str, amount: Option<String>, when: Option<String>) -> Rung {
        Rung {
            name: name.to_owned(),
            when: when.map(Written::Words),
            amount: amount.map(Written::Words),
            outcome: None,
            follows: None,
            base: None,
            per: Per::Line,
            round: None,
            collect: None,
            scheme: None,
            says: None,
            from: None,
            before: None,
            known_from: None,
            known_before: None,
            status: Status::InForce,
            cites: Vec::new(),
            note: None,
        }
    }

    fn charge(&mut self, about_word: &'static str, word: &str, name: &str, kind: Kind, base: String, rung: Vec<Rung>) {
        let key = self.key(word);
        self.made.entry(about_word).or_default().push(key.clone());
        self.economy.charge.push(Charge {
            key,
            name: name.to_owned(),
            kind,
            base: Written::Words(base),
            round: self.parts.about.text("Rounding"),
            base_round: None,
            collect: Collector::Border,
            authority: Authority::Government,
            cites: vec![self.key("legal")],
            note: None,
            rung,
        });
    }
}

fn per(word: &str) -> Per {
    match word {
        "consignment" => Per::Consignment,
        "parcel" => Per::Parcel,
        "item" => Per::Item,
        _ => Per::Line,
    }
}

/// A name as a key: `Customs processing fee` is `customs_processing_fee`.
fn slug(name: &str) -> Option<String> {
    let lower: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let key = lower.split_whitespace().collect::<Vec<_>>().join("_");
    (grammar::is_name(&key) && key.len() <= 60 && !["duty", "tax", "excise", "legal"].contains(&key.as_str()))
        .then_some(key)
}
