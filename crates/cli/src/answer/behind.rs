//! What is behind the figures: disputes, what could be saved, rules of origin, what changes, rates, sources, editions.

use super::*;
use tidewaiter::quote::document::{OriginAnswer, OriginRuleAnswer};

/// Rules of origin shown of one scheme without `--explain`.
const RULES: usize = 3;

impl Writer<'_> {
    pub(super) fn disputes(&self, page: &mut Page) -> io::Result<()> {
        for dispute in &self.quote.disputes {
            page.heading("Disputed rule")?;
            page.paragraph(&dispute.question, Tone::Plain)?;
            page.hanging("- used here: ", &sentence(&dispute.used_says), Tone::Plain)?;
            for other in &dispute.others {
                let total = self.asked.asked(&other.total);
                page.hanging(
                    "- otherwise: ",
                    &format!("{} All charges would be {total}.", sentence(&other.says)),
                    Tone::Plain,
                )?;
            }
        }
        Ok(())
    }

    pub(super) fn savings(&self, page: &mut Page) -> io::Result<()> {
        let span = |least, most: Option<Decimal>| match most {
            None => self.local.text(least),
            Some(most) => format!("{} to {}", self.local.text(least), self.local.text(most)),
        };
        section(page, "You could save", &self.quote.savings, |s| {
            let proof = s.proof.as_ref().map(|p| format!(" with proof ({p})")).unwrap_or_default();
            let documents = s.documents.join(", ");
            let how: Vec<String> = [
                s.program.as_ref().map(|program| format!("claim {program}{proof}")),
                (!documents.is_empty()).then(|| format!("hold {documents}")),
                s.additional_code.as_ref().map(|code| format!("state additional code {code} if the goods are of it")),
            ]
            .into_iter()
            .flatten()
            .collect();
            format!(
                "Item {}: {} and pay {}. It saves {}; all charges would be {}.",
                s.item,
                how.join(", "),
                s.rule,
                span(s.saves, s.saves_most),
                span(s.total, s.total_most)
            )
        })
    }

    pub(super) fn upcoming(&self, page: &mut Page) -> io::Result<()> {
        let all = &self.quote.upcoming;
        let shown = if self.wanted.explain { all.as_slice() } else { all.get(..SHORT_LIST).unwrap_or(all) };
        section(page, "What changes next", shown, |next| change(next, self.quote.date))?;
        self.more(page, all.len() - shown.len())
    }

    pub(super) fn rate(&self, rate: &RateUsed) -> String {
        let exact = rate.rate;
        let short = exact.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(6)).unwrap_or(exact);
        let shown = if self.wanted.explain || short < Decimal::ten_to_minus(2) { exact } else { short };
        let day = rate.day.map(|d| format!(", {d}")).unwrap_or_default();
        let purpose = match rate.purpose.as_str() {
            "assessment" => "to compute the charges",
            "threshold" => "to test limits",
            other => other,
        };
        format!("1 {} = {shown} {} ({}{day}), {purpose}", rate.from, rate.to, rate.publisher)
    }

    pub(super) fn sources(&self, page: &mut Page) -> io::Result<()> {
        let mut all: Vec<&SourceAnswer> = self.quote.sources.iter().collect();
        if !self.wanted.explain {
            // What is least sure deserves the first look.
            all.sort_by_key(|s| s.confidence);
            // Several facts may be read at one place with the same words.
            let mut told = std::collections::BTreeSet::new();
            all.retain(|s| told.insert(self.source(s)));
        }
        let shown = if self.wanted.explain { all.as_slice() } else { all.get(..SHORT_LIST).unwrap_or(&all) };
        section(page, "Sources", shown, |s| self.source(s))?;
        self.more(page, all.len() - shown.len())
    }

    fn source(&self, s: &SourceAnswer) -> String {
        let mark = if s.confidence == Confidence::Low { "(unverified) " } else { "" };
        let read = source(&s.publisher, s.title.as_deref(), s.date);
        if !self.wanted.explain {
            return format!("{mark}{} ({read})", sentence(&s.statement));
        }
        let law = s.law.as_ref().map(|l| format!(" Law: {l}.")).unwrap_or_default();
        let url = s.url.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
        let note = s.note.as_ref().map(|n| format!(" Note: {}", sentence(n))).unwrap_or_default();
        format!(
            "{mark}{}: {}{law} Read at: {read};{url} ({}).{note}",
            s.key,
            sentence(&s.statement),
            confidence(s.confidence)
        )
    }

    pub(super) fn editions(&self, page: &mut Page) -> io::Result<()> {
        let all: Vec<String> = self
            .quote
            .editions
            .iter()
            .map(|e| match self.wanted.explain {
                true => format!("{} {} of {} (sha256 {})", e.authority, e.number, e.published, e.sha256),
                false => format!("{} {} of {}", e.authority, e.number, e.published),
            })
            .collect();
        if all.is_empty() {
            return Ok(());
        }
        page.gap()?;
        page.paragraph(&format!("Editions used: {}.", list(&all)), Tone::Quiet)
    }

    pub(super) fn origins(&self, page: &mut Page) -> io::Result<()> {
        if self.quote.origin_rules.is_empty() {
            return Ok(());
        }
        page.heading("Rules of origin")?;
        let sources = &self.quote.sources;
        self.quote.origin_rules.iter().try_for_each(|origin| {
            page.bullet(&format!("Item {}, {}", origin.item, what_it_is(origin)))?;
            origin_details(origin, sources, self.wanted.explain, page)
        })
    }
}

/// Writes the rules of one scheme or law for goods that are no item of an order.
pub(crate) fn show_origin(
    origin: &OriginAnswer,
    sources: &[SourceAnswer],
    all: bool,
    page: &mut Page,
) -> io::Result<()> {
    let text = what_it_is(origin);
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    page.bullet(&format!("{first}{}", letters.as_str()))?;
    origin_details(origin, sources, all, page)
}

fn origin_details(origin: &OriginAnswer, sources: &[SourceAnswer], all: bool, page: &mut Page) -> io::Result<()> {
    let shown = if all { origin.rules.as_slice() } else { origin.rules.get(..RULES).unwrap_or(&origin.rules) };
    for rule in shown {
        page.hanging("  ", &origin_rule(rule), Tone::Plain)?;
    }
    if shown.len() < origin.rules.len() {
        page.hanging(
            "  ",
            &format!("and {} more rules (--explain shows all)", origin.rules.len() - shown.len()),
            Tone::Quiet,
        )?;
    }
    for missing in origin.missing.iter().filter(|_| origin.scheme.is_some() && (all || origin.rules.is_empty())) {
        page.hanging("  ", missing, Tone::Quiet)?;
    }
    let cited = origin.cites.iter().chain(origin.rules.iter().flat_map(|rule| &rule.cites));
    let mut read: Vec<String> = Vec::new();
    for found in cited.filter_map(|key| sources.iter().find(|source| source.key == *key)) {
        let text = source(&found.publisher, found.title.as_deref(), found.date);
        if !read.contains(&text) {
            read.push(text);
        }
    }
    if read.is_empty() { Ok(()) } else { page.hanging("  ", &format!("Source: {}.", read.join("; ")), Tone::Quiet) }
}

fn what_it_is(origin: &OriginAnswer) -> String {
    let Some(program) = &origin.program else {
        let applies = origin.applies.as_deref().map(|text| format!(" {}", sentence(text))).unwrap_or_default();
        let law = origin.document.as_ref().map(|law| format!(" ({law})")).unwrap_or_default();
        return format!("where the goods count as made: {}{law}.{applies}", origin.name);
    };
    let claim = format!("{} {program}", if origin.claimed { "claim of" } else { "to claim" });
    let Some(scheme) = &origin.scheme else { return format!("{claim}: {}", origin.missing.join(" ")) };
    let proof = match origin.proofs.as_slice() {
        [] => " The files given name no proof.".to_owned(),
        [one] => format!(" Proof to hold: {}", sentence(one)),
        many => format!(" Proof to hold, one of: {}", sentence(&many.join("; "))),
    };
    format!("{claim}: the goods must meet the rules of {} ({scheme}).{proof}", origin.name)
}

fn origin_rule(rule: &OriginRuleAnswer) -> String {
    let joined = rule.joined.as_ref().map(|word| format!("{word} ")).unwrap_or_default();
    let goods =
        rule.goods.as_ref().filter(|goods| !goods.is_empty()).map(|goods| format!(", {goods}")).unwrap_or_default();
    let part = match (rule.partial, rule.wider, rule.quota) {
        (_, _, true) => " (within a quota only)",
        (true, ..) => " (some goods of it only)",
        (_, true, _) => " (part of your code only)",
        _ => "",
    };
    let short = rule.reading.as_ref().map(|text| format!(" [in short: {text}]")).unwrap_or_default();
    let says = rule.says.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{joined}{}{goods}{part}: {}{short}", rule.heading, sentence(&says))
}

fn change(next: &Upcoming, today: Date) -> String {
    let from = next.from.filter(|d| *d > today).map(|d| format!("from {d}")).unwrap_or_else(|| "day not fixed".into());
    let rule = next.rule.as_ref().map(|r| format!(": {r}")).unwrap_or_default();
    let law = if next.status == Status::InForce { String::new() } else { format!(" ({})", status(next.status)) };
    format!("{from}, {}, {}{rule}{law}", next.charge_name, next.name)
}
