//! Facts, editions and citations: no figure without a source.

use super::*;

impl<'w> Compiler<'w> {
    pub(super) fn lay_out_facts(
        &mut self,
        code: &'w str,
        file: &'w SourceFile,
        ids: &mut HashMap<(&'w str, &'w str), u32>,
    ) {
        let territory = self.territory_ids.get(code).copied().unwrap_or(NO_ID);
        for (at, fact) in file.economy.fact.iter().enumerate() {
            let id = self.draft.facts.len() as u32;
            if ids.insert((code, fact.key.as_str()), id).is_some() {
                self.problem(file, &format!("fact[{at}].key"), format!("the key \"{}\" is used twice", fact.key));
            }
            if fact.statement.trim().is_empty() || fact.source.publisher.trim().is_empty() {
                self.problem(file, &format!("fact[{at}]"), "a fact needs a statement and a source with its publisher");
            }
            if let (Some(from), Some(before)) = (fact.from, fact.before)
                && from >= before
            {
                self.problem(file, &format!("fact[{at}].before"), "`before` is not after `from`");
            }
            let row = FactRow {
                key: U32::new(self.text(&fact.key)),
                topic: U32::new(self.text(&fact.topic)),
                statement: U32::new(self.text(&fact.statement)),
                law: self.text_or_none(fact.law.as_deref()),
                publisher: U32::new(self.text(&fact.source.publisher)),
                title: self.text_or_none(fact.source.title.as_deref()),
                url: self.text_or_none(fact.source.url.as_deref()),
                note: self.text_or_none(fact.note.as_deref()),
                source_date: day_or(fact.source.date, DAY_MIN),
                from: day_or(fact.from, DAY_MIN),
                before: day_or(fact.before, DAY_MAX),
                territory: U16::new(territory),
                confidence: fact.confidence as u8,
                pad: 0,
            };
            self.draft.facts.push(row);
        }
    }

    /// Notes an edition: quotes name those they rest on.
    pub(super) fn lay_out_edition(&mut self, edition: &PublishedIn) -> u32 {
        let PublishedIn { authority, number, known_from, sha256, standing } = edition;
        let row = EditionRow {
            authority: U32::new(self.text(authority)),
            number: U32::new(*number),
            known_from: I32::new(day_number(*known_from)),
            note: self.text_or_none(standing.note.as_deref()),
            until: day_or(standing.until, DAY_MAX),
            sha256: *sha256,
        };
        self.draft.editions.push(row);
        self.draft.editions.len() as u32 - 1
    }

    /// Notes the editions that exchange rates were published in.
    pub(super) fn lay_out_series_editions(&mut self) {
        let mut rows: HashMap<&[u8; 32], u32> = HashMap::new();
        for (key, of) in &self.world.published {
            let key = self.text(key);
            let Some(at) = self.draft.series.iter().position(|row| row.key.get() == key) else { continue };
            let row = match rows.get(&of.sha256) {
                Some(row) => *row,
                None => self.lay_out_edition(of),
            };
            rows.insert(&of.sha256, row);
            self.draft.series[at].edition = U32::new(row);
        }
    }

    /// Resolves citations against the file's facts, then its unions'.
    pub(super) fn cites(
        &mut self,
        part: Part<'w>,
        parts: &[Part<'w>],
        ids: &HashMap<(&str, &str), u32>,
        path: &str,
        keys: &[String],
    ) -> Run {
        let mut found = Vec::new();
        for key in keys {
            let own = (part.file.economy.economy.territory.as_str(), key.as_str());
            let hit = ids.get(&own).copied().or_else(|| {
                parts.iter().find_map(|p| ids.get(&(p.file.economy.economy.territory.as_str(), key.as_str())).copied())
            });
            match hit {
                Some(id) => found.push(id),
                None => {
                    let help = nearest(key, part.file.economy.fact.iter().map(|f| f.key.as_str()));
                    self.problem(part.file, path, format!("cites \"{key}\", which is no fact of this file{help}"));
                }
            }
        }
        self.list(found)
    }

    pub(super) fn need_cites(&mut self, part: Part<'w>, path: &str, cites: &[String]) {
        if cites.is_empty() {
            self.problem(part.file, path, "cites no fact: no figure without a source (add `cites = [\"…\"]`)");
        }
    }
}
