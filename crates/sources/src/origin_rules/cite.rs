//! Rules of origin beside a quote: for each preference that is claimed or could be, and for goods as such.
//!
//! Rules are text and change no amount. A programme of a tariff and a scheme of a list of rules are two records of one
//! thing; [`Book::schemes_of`] says how they meet.

use super::*;
use tidewaiter::quote::document::{OriginAnswer, OriginRuleAnswer, SourceAnswer};
use tidewaiter::{Consignment, Quote};

/// Goods whose origin is in question.
#[derive(Debug, Clone, Copy)]
pub struct Goods<'q> {
    /// Destination: `GB`.
    pub to: &'q str,
    /// Goods code.
    pub code: &'q str,
    /// Where they were made.
    pub origin: &'q str,
    /// Day whose law applies.
    pub date: Date,
}

impl<'a> Book<'a> {
    /// Adds to a quote the rules of origin of every item with a code and an origin, and the facts that they cite. A book
    /// without rules adds nothing.
    pub fn cite(&self, quote: &mut Quote, asked: &Consignment) {
        if self.rules.is_empty() && self.texts.is_empty() {
            return;
        }
        let mut all = Vec::new();
        for (at, item) in asked.items.iter().enumerate() {
            let (Some(code), Some(origin)) = (item.code.as_deref(), item.origin.as_deref()) else { continue };
            let claimed = item.claims.iter().map(|claim| (claim.program.as_str(), true));
            let open = quote.savings.iter().filter(|saving| saving.item == at + 1);
            let programs: Vec<(&str, bool)> =
                claimed.chain(open.filter_map(|saving| Some((saving.program.as_deref()?, false)))).collect();
            let goods = Goods { to: &quote.to, code, origin, date: quote.date };
            let found = self.of_goods(goods, &programs);
            all.extend(found.into_iter().map(|answer| OriginAnswer { item: at + 1, ..answer }));
        }
        for fact in self.facts_of(&all) {
            if !quote.sources.iter().any(|source| source.key == fact.key) {
                quote.sources.push(fact);
            }
        }
        quote.origin_rules = all;
    }

    /// The rules of origin of some goods under programmes, each with whether it is claimed, and those of the destination that
    /// decide where goods are made whatever is claimed. Items are numbered 1.
    pub fn of_goods(&self, goods: Goods<'_>, programs: &[(&str, bool)]) -> Vec<OriginAnswer> {
        let mut out: Vec<OriginAnswer> = Vec::new();
        for (program, claimed) in programs {
            let named = |answer: OriginAnswer| OriginAnswer {
                item: 1,
                program: Some((*program).to_owned()),
                claimed: *claimed,
                ..answer
            };
            if out.iter().any(|known| known.program.as_deref() == Some(program)) {
                continue;
            }
            let schemes = self.schemes_of(goods, program);
            if schemes.is_empty() {
                let missing = vec![format!(
                    "The rules of origin of {program} are not in the files given: ask who issues the proof, or the customs authority."
                )];
                out.push(named(OriginAnswer { missing, ..OriginAnswer::default() }));
            }
            for (scheme, availability) in schemes {
                out.push(named(told(self.answer(scheme, availability, goods.code, goods.date))));
            }
        }
        out.extend(self.laws(goods));
        out
    }

    /// The schemes whose rules decide whether goods may have what a programme of a tariff gives: with the scheme's own key, or of
    /// the area in the programme's key (`gb.2051`, `gb.KR`).
    ///
    /// A list of schemes may name the areas of a scheme; then these decide. Of the others, a scheme of the fewest members that
    /// names the territory stands for an agreement with it, and schemes of several members for an area with a number. A
    /// number of other length is a quota's: all that are open. Several are given where the files do not decide.
    pub fn schemes_of(&self, goods: Goods<'_>, program: &str) -> Vec<(&'a Program, Availability)> {
        let told = |scheme: &&Program| {
            let key = scheme.key.as_str();
            self.rules.contains_key(key) || self.texts.contains_key(key)
        };
        let same = self.programs.iter().copied().filter(told).filter(|scheme| scheme.key == program);
        let same: Vec<_> = same.map(|scheme| (scheme, availability(scheme, goods.origin, goods.date))).collect();
        if !same.is_empty() {
            let open = |found: &Availability| matches!(found, Availability::Available | Availability::Undated);
            return same.into_iter().filter(|(_, found)| open(found)).collect();
        }
        let open = self.available(goods.to, goods.origin, goods.date);
        let open: Vec<(&'a Program, Availability)> = open.into_iter().filter(|(scheme, _)| told(scheme)).collect();
        let start = format!("{}.", goods.to.to_lowercase());
        let Some(area) = program.strip_prefix(&start) else { return Vec::new() };
        let lists = |key: &str, field: &str| self.detail(key, field).split_whitespace().any(|one| one == area);
        let (named, others): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|(scheme, _)| !self.detail(&scheme.key, PROOF_AREAS).is_empty());
        let named: Vec<_> = named.into_iter().filter(|(scheme, _)| lists(&scheme.key, PROOF_AREAS)).collect();
        if !named.is_empty() {
            return named;
        }
        let is_territory = area.len() == 2 && area.bytes().all(|b| b.is_ascii_uppercase());
        let is_number = area.bytes().all(|b| b.is_ascii_digit());
        let is_area = area.len() == 4 && is_number;
        if is_territory {
            let with: Vec<_> = others.into_iter().filter(|(scheme, _)| lists(&scheme.key, MEMBERS)).collect();
            let fewest = with.iter().map(|(scheme, _)| members(scheme)).min();
            return with.into_iter().filter(|(scheme, _)| Some(members(scheme)) == fewest).collect();
        }
        if !is_number {
            return Vec::new();
        }
        let several: Vec<_> = others.iter().copied().filter(|(scheme, _)| members(scheme) > 1).collect();
        if is_area && !several.is_empty() { several } else { others }
    }

    /// Rules of the destination that no programme names: they decide where goods are made whatever is claimed.
    fn laws(&self, goods: Goods<'_>) -> Vec<OriginAnswer> {
        let start = format!("{}.", goods.to.to_lowercase());
        let keys = self.rules.keys().filter(|key| key.starts_with(&start));
        let laws = keys.filter(|key| !self.programs.iter().any(|program| program.key == **key));
        laws.filter_map(|key| {
            let rules = self.told_rules(key, goods.code, goods.date);
            let cited = rules.first()?.cites.first();
            let fact = cited.and_then(|key| self.facts.get(key.as_str()));
            let title = fact.and_then(|fact| fact.source.title.clone().or_else(|| fact.law.clone()));
            Some(OriginAnswer {
                item: 1,
                scheme: Some((*key).to_owned()),
                name: title.unwrap_or_else(|| (*key).to_owned()),
                applies: fact.map(|fact| fact.statement.clone()),
                document: fact.and_then(|fact| fact.law.clone()),
                rules: rules.into_iter().map(rule).collect(),
                ..OriginAnswer::default()
            })
        })
        .collect()
    }

    /// The facts that answers cite.
    pub fn facts_of(&self, answers: &[OriginAnswer]) -> Vec<SourceAnswer> {
        let mut keys: Vec<&str> = Vec::new();
        let cited = |answer: &'_ OriginAnswer| -> Vec<String> {
            answer.cites.iter().chain(answer.rules.iter().flat_map(|rule| &rule.cites)).cloned().collect()
        };
        for key in answers.iter().flat_map(cited) {
            if let Some((key, _)) = self.facts.get_key_value(key.as_str())
                && !keys.contains(key)
            {
                keys.push(key);
            }
        }
        keys.iter().filter_map(|key| self.facts.get(key)).map(|fact| source(fact)).collect()
    }

    /// A field of the details of a scheme; empty where there is none.
    fn detail(&self, scheme: &str, field: &str) -> &'a str {
        let texts = self.texts.get(scheme).map_or(&[][..], Vec::as_slice);
        let details = texts.iter().find(|text| text.other.get(LIST).is_some_and(|list| list == LIST_DETAILS));
        details.and_then(|text| text.other.get(field)).map_or("", String::as_str)
    }
}

/// Field of a scheme's details: areas of the tariff for whose goods its proofs are.
const PROOF_AREAS: &str = "show_proofs_for_geographical_areas";
/// Field of a scheme's details: its members as published, in the tariff's codes.
const MEMBERS: &str = "countries";

fn members(scheme: &Program) -> usize {
    match &scheme.origin {
        Places::One(_) => 1,
        Places::Many(places) => places.len(),
    }
}

fn told(answer: Answer) -> OriginAnswer {
    let proofs = answer.proofs.into_iter().map(|proof| {
        if proof.says.trim().is_empty() { proof.name } else { format!("{} ({})", proof.name.trim(), proof.says.trim()) }
    });
    OriginAnswer {
        scheme: Some(answer.scheme),
        name: answer.name,
        proofs: proofs.collect(),
        document: answer.document,
        rules: answer.rules.into_iter().filter(|rule| !rule.export_only).map(rule).collect(),
        missing: answer.missing,
        cites: answer.cites,
        ..OriginAnswer::default()
    }
}

fn rule(rule: Rule) -> OriginRuleAnswer {
    OriginRuleAnswer {
        heading: rule.heading,
        goods: rule.goods,
        says: rule.plain,
        reading: rule.reading,
        alternative: rule.alternative,
        joined: rule.joined,
        partial: rule.partial,
        wider: rule.wider,
        quota: rule.quota,
        cites: rule.cites,
    }
}

fn source(fact: &Fact) -> SourceAnswer {
    SourceAnswer {
        key: fact.key.clone(),
        statement: fact.statement.clone(),
        law: fact.law.clone(),
        publisher: fact.source.publisher.clone(),
        title: fact.source.title.clone(),
        url: fact.source.url.clone(),
        date: fact.source.date,
        confidence: fact.confidence,
        note: fact.note.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Fictional Q: two agreements with Ruritania, one of them of several members and an area of its own, one scheme for
    /// many, and a law that names no programme.
    fn entries() -> Vec<Entry> {
        [
            r#"{"fact":{"key":"q.list","topic":"origin","statement":"The schemes of Q.","source":{"publisher":"Customs of Q","title":"List"},"confidence":"high"}}"#,
            r#"{"fact":{"key":"q.law","topic":"origin","statement":"Decides the origin of hats.","law":"Hat Act","source":{"publisher":"Customs of Q","title":"Hats"},"confidence":"medium"}}"#,
            r#"{"program":{"key":"q.ruritania","name":"Agreement with Ruritania","origin":["RR"],"from":"2021-01-01","cites":["q.list"]}}"#,
            r#"{"text":{"kind":"other","code":"q.ruritania/details","other":{"scheme":"q.ruritania","list":"details","countries":"RR"}}}"#,
            r#"{"text":{"kind":"other","code":"q.ruritania/proof/1","says":{"en":"Statement"},"other":{"scheme":"q.ruritania","list":"proof","proof_class":"s","subtext":"on the invoice"}}}"#,
            r#"{"origin-rule":{"scheme":"q.ruritania","codes":["6505"],"heading":"6505","says":"CTH","cites":["q.list"]}}"#,
            r#"{"origin-rule":{"scheme":"q.ruritania","codes":["6505"],"heading":"6505","says":"For export","cites":["q.list"],"other":{"import":"false"}}}"#,
            r#"{"program":{"key":"q.ocean","name":"Ocean pact","origin":["RR","SS"],"from":"2024-01-01","cites":["q.list"]}}"#,
            r#"{"text":{"kind":"other","code":"q.ocean/details","other":{"scheme":"q.ocean","list":"details","countries":"RR SS","show_proofs_for_geographical_areas":"2051 2052"}}}"#,
            r#"{"program":{"key":"q.many","name":"Scheme for many","origin":["RR","SS","TT"],"cites":["q.list"]}}"#,
            r#"{"text":{"kind":"other","code":"q.many/details","other":{"scheme":"q.many","list":"details","countries":"RR SS TT"}}}"#,
            r#"{"program":{"key":"HATS","name":"Hats of Ruritania","origin":"RR","cites":["q.list"]}}"#,
            r#"{"origin-rule":{"scheme":"HATS","codes":["65"],"heading":"65","says":"Felted there","cites":["q.list"]}}"#,
            r#"{"origin-rule":{"scheme":"q.hat-law","codes":["65"],"heading":"Chapter 65","says":"Where it is sewn","cites":["q.law"]}}"#,
        ]
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
    }

    #[test]
    fn programmes_of_a_tariff_meet_the_schemes() {
        let entries = entries();
        let book = Book::new(&entries);
        for (program, origin, schemes) in [
            ("q.RR", "RR", &["q.ruritania"][..]),
            ("q.ruritania", "RR", &["q.ruritania"]),
            ("q.2051", "RR", &["q.ocean"]),
            ("q.2052", "SS", &["q.ocean"]),
            // An area of which no list speaks: a scheme of several members.
            ("q.1060", "RR", &["q.many"]),
            ("q.SS", "SS", &["q.many"]),
            // A quota's number is no area: all that are open.
            ("q.050088", "RR", &["q.ruritania", "q.many"]),
            ("HATS", "RR", &["HATS"]),
            ("q.ruritania", "SS", &[]),
            ("p.RR", "RR", &[]),
            ("q.authorised-use", "RR", &[]),
            ("GSP", "RR", &[]),
        ] {
            let goods = Goods { to: "Q", code: "6505.00", origin, date: date(2026, 1, 1) };
            let found: Vec<&str> = book.schemes_of(goods, program).iter().map(|(p, _)| p.key.as_str()).collect();
            assert_eq!(found, schemes, "{program} {origin}");
        }
        let early = Goods { to: "Q", code: "6505.00", origin: "RR", date: date(2020, 12, 31) };
        assert!(book.schemes_of(early, "q.ruritania").is_empty(), "not yet in force");
    }

    #[test]
    fn each_programme_has_its_rules_proof_and_source_and_laws_stand_apart() {
        let entries = entries();
        let book = Book::new(&entries);
        let goods = Goods { to: "Q", code: "6505.00", origin: "RR", date: date(2026, 1, 1) };
        let found = book.of_goods(goods, &[("q.RR", true), ("q.RR", false), ("GSP", false)]);
        let [own, none, law] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((own.scheme.as_deref(), own.claimed), (Some("q.ruritania"), true));
        assert_eq!(own.proofs, ["Statement (on the invoice)"]);
        assert_eq!(
            own.rules.iter().map(|rule| rule.says.as_str()).collect::<Vec<_>>(),
            ["CTH"],
            "exports are not asked"
        );
        assert!(none.scheme.is_none() && none.missing[0].contains("are not in the files given"));
        assert_eq!((law.program.as_deref(), law.applies.as_deref()), (None, Some("Decides the origin of hats.")));
        let facts: Vec<String> = book.facts_of(&found).into_iter().map(|fact| fact.key).collect();
        assert_eq!(facts, ["q.list", "q.law"]);
        let other = book.of_goods(Goods { code: "8517.13", ..goods }, &[]);
        assert!(other.is_empty(), "{other:?}");
    }
}
