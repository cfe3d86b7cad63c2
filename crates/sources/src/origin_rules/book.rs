//! All schemes of some editions, and what each asks of goods.

use super::*;

/// A proof of origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Its name: `EUR.1 movement certificate`.
    pub name: String,
    /// What is added to the name; empty where nothing is.
    pub says: String,
    /// More; empty where nothing is published.
    pub detail: String,
    /// Class as published: `eur1`, `origin-declaration`.
    pub class: String,
    /// Page that explains the class, where one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How a claim is written on the declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Data element: `DE 2/3`.
    pub element: String,
    /// What to enter.
    pub says: String,
}

/// Whose materials count as originating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cumulation {
    /// `bilateral`, `diagonal`, `extended`.
    pub method: String,
    /// Places as published, in the authority's codes.
    pub places: Vec<String>,
}

/// An article of the origin reference document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// `article 6`.
    pub number: String,
    /// What it is about, as published.
    pub about: String,
}

/// A rule in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Heading as published.
    pub heading: String,
    /// The codes it is for.
    pub codes: Vec<String>,
    /// The goods it is for, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<String>,
    /// The rule, word for word.
    pub says: String,
    /// The same without markup.
    pub plain: String,
    /// Classes as published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The rule in short words, where all of it was understood; see [`crate::origin_reading`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Place in the list of its heading, from 1, where the heading has several rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<u32>,
    /// How it is joined to the rule before it, as published: `or`. Absent where the file says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<String>,
    /// Only some goods of the heading are meant ("ex").
    pub partial: bool,
    /// The code asked for is wider than the rule's codes.
    pub wider: bool,
    /// The file says the rule is within a quota.
    pub quota: bool,
    /// The file says the rule is not for imports into the destination.
    pub export_only: bool,
    /// Texts of footnotes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footnotes: Vec<String>,
    /// Facts it rests on.
    pub cites: Vec<String>,
}

/// One scheme that goods of an origin may use, and what it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Key of the programme: `gb.south-korea`.
    pub scheme: String,
    /// Its name.
    pub name: String,
    /// Whether it may be claimed.
    pub availability: Availability,
    /// First day.
    #[serde(default, with = "iso_date", skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date", skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
    /// Proofs of which one must be held.
    pub proofs: Vec<Proof>,
    /// How it is declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declarations: Vec<Declaration>,
    /// Rules for the code, the most specific first.
    pub rules: Vec<Rule>,
    /// Cumulation.
    pub cumulation: Vec<Cumulation>,
    /// Where a tolerance (de minimis) is stated: the published list names the article, not the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub de_minimis: Option<String>,
    /// The other articles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
    /// The document that is the law, where named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What the files read do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Facts the programme rests on.
    pub cites: Vec<String>,
}

/// Entries grouped by scheme.
#[derive(Debug, Default)]
pub struct Book<'a> {
    pub(super) programs: Vec<&'a Program>,
    pub(super) rules: BTreeMap<&'a str, Vec<Ready<'a>>>,
    pub(super) texts: BTreeMap<&'a str, Vec<&'a Text>>,
    pub(super) facts: BTreeMap<&'a str, &'a Fact>,
    proof_urls: BTreeMap<&'a str, &'a str>,
}

impl<'a> Book<'a> {
    /// Groups the entries of one or more editions.
    pub fn new(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut book = Self::default();
        for entry in entries {
            match entry {
                Entry::Program(program) => book.programs.push(program),
                Entry::Fact(fact) => {
                    book.facts.insert(&fact.key, fact);
                }
                Entry::OriginRule(rule) => book.rules.entry(&rule.scheme).or_default().push(Ready::new(rule)),
                Entry::Text(text) => {
                    if let Some(scheme) = text.other.get(SCHEME) {
                        book.texts.entry(scheme).or_default().push(text);
                    } else if let (Some(class), Some(url)) = (text.other.get("proof_class"), text.other.get("url")) {
                        book.proof_urls.insert(class, url);
                    }
                }
                _ => {}
            }
        }
        book
    }

    /// The rules of a scheme for a code; see [`find`].
    pub fn rules(&self, scheme: &str, code: &str) -> Vec<Found<'a>> {
        let Some(code) = Span::parse(code) else { return Vec::new() };
        self.rules.get(scheme).map_or_else(Vec::new, |rules| sorted(rules.iter().filter_map(|rule| rule.fits(code))))
    }

    /// The programmes of a destination (`GB`, `XI`) that goods of an origin may claim on a day, and how sure that is. The
    /// key of a programme begins with the destination in small letters and a point.
    pub fn available(&self, destination: &str, origin: &str, date: Date) -> Vec<(&'a Program, Availability)> {
        let start = format!("{}.", destination.to_lowercase());
        self.programs
            .iter()
            .filter(|program| program.key.starts_with(&start))
            .map(|program| (*program, availability(program, origin, date)))
            .filter(|(_, availability)| matches!(availability, Availability::Available | Availability::Undated))
            .collect()
    }

    /// Every scheme open to goods of this code and origin on this day, with what it asks. Rules whose dates exclude the day
    /// are left out; [`Book::rules`] has them.
    pub fn answers(&self, destination: &str, origin: &str, code: &str, date: Date) -> Vec<Answer> {
        self.available(destination, origin, date)
            .into_iter()
            .map(|(program, availability)| self.answer(program, availability, code, date))
            .collect()
    }

    pub(super) fn answer(&self, program: &Program, availability: Availability, code: &str, date: Date) -> Answer {
        let key = program.key.as_str();
        let texts = self.texts.get(key).map_or(&[][..], Vec::as_slice);
        let of = |list: &'static str| texts.iter().filter(move |text| text.other.get(LIST).is_some_and(|l| l == list));
        let field = |text: &Text, name: &str| text.other.get(name).cloned().unwrap_or_default();
        let said = |text: &Text| text.says.get("en").cloned().unwrap_or_default();

        let proofs: Vec<Proof> = of(LIST_PROOF)
            .map(|text| {
                let class = field(text, "proof_class");
                Proof {
                    name: said(text),
                    says: field(text, "subtext"),
                    detail: field(text, "detail"),
                    url: self.proof_url(&class),
                    class,
                }
            })
            .collect();
        let declarations =
            of(LIST_PROOF_CODE).map(|text| Declaration { element: field(text, "element"), says: said(text) }).collect();
        let cumulation = of(LIST_CUMULATION)
            .map(|text| Cumulation {
                method: field(text, "method"),
                places: field(text, "countries").split_whitespace().map(str::to_owned).collect(),
            })
            .collect();
        let all: Vec<Article> =
            of(LIST_ARTICLE).map(|text| Article { number: field(text, "number"), about: said(text) }).collect();
        let (tolerances, articles): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|article| article.about == "tolerances");
        let document =
            of(LIST_DETAILS).find_map(|text| text.other.get("ord.title").cloned()).filter(|title| !title.is_empty());
        let de_minimis = tolerances.first().map(|article| {
            let of = document.as_deref().map_or_else(String::new, |title| format!(" of: {title}"));
            format!("Stated in {}{of}", article.number)
        });
        let rules = self.told_rules(key, code, date);

        let mut missing = Vec::new();
        if availability == Availability::Undated {
            missing
                .push("The published list gives no dates for this scheme: check that it holds on the day.".to_owned());
        }
        if proofs.is_empty() {
            missing.push("The published list names no proof of origin for this scheme.".to_owned());
        }
        if !self.rules.contains_key(key) {
            missing.push("No product rules of this scheme were read.".to_owned());
        } else if rules.is_empty() {
            missing.push("The product rules of this scheme that were read have none for this code.".to_owned());
        }
        if de_minimis.is_none() {
            missing.push("No article on tolerances is named for this scheme.".to_owned());
        }
        Answer {
            scheme: program.key.clone(),
            name: program.name.clone(),
            availability,
            from: program.from,
            before: program.before,
            proofs,
            declarations,
            rules,
            cumulation,
            de_minimis,
            articles,
            document,
            missing,
            cites: program.cites.clone(),
        }
    }

    /// The rules of a scheme or law for a code that are in force on a day.
    pub(super) fn told_rules(&self, key: &str, code: &str, date: Date) -> Vec<Rule> {
        let found = self.rules(key, code).into_iter().filter(|found| in_force(found.rule, date));
        found.map(|found| self.rule(key, found)).collect()
    }

    /// The page of a proof's class. The list has one page for `eur1` and `eur-med`, under both names joined.
    fn proof_url(&self, class: &str) -> Option<String> {
        let joined = matches!(class, "eur1" | "eur-med").then_some("eur1-eur-med");
        self.proof_urls.get(class).or_else(|| self.proof_urls.get(joined?)).map(|url| (*url).to_owned())
    }

    fn rule(&self, scheme: &str, found: Found<'_>) -> Rule {
        let rule = found.rule;
        let is = |name: &str, value: &str| rule.other.get(name).is_some_and(|v| v == value);
        let footnotes = rule.other.get("footnotes").map_or_else(Vec::new, |list| {
            let texts = self.texts.get(scheme).map_or(&[][..], Vec::as_slice);
            list.split('\n')
                .map(|name| {
                    let code = format!("{scheme}/footnote/{name}");
                    let text = texts.iter().find(|text| text.code == code).and_then(|text| text.says.get("en"));
                    text.cloned().unwrap_or_else(|| name.to_owned())
                })
                .collect()
        });
        Rule {
            heading: rule.heading.clone().unwrap_or_default(),
            codes: rule.codes.clone(),
            goods: rule.other.get("subdivision").or_else(|| rule.other.get("goods")).map(|goods| plain(goods)),
            plain: plain(&rule.says),
            says: rule.says.clone(),
            classes: rule.classes.clone(),
            reading: rule.other.get("reading").cloned(),
            alternative: rule.alternative,
            joined: rule.other.get("operator").cloned(),
            partial: found.partial,
            wider: found.wider,
            quota: is("quota", "true"),
            export_only: is("import", "false"),
            footnotes,
            cites: rule.cites.clone(),
        }
    }
}

/// Days as ISO 8601 text.
mod iso_date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::ref_option, reason = "serde passes the field")]
    pub(super) fn serialize<S: Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => s.collect_str(date),
            None => s.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|text| text.parse().map_err(|_| serde::de::Error::custom("expected a date such as 2026-07-01")))
            .transpose()
    }
}
