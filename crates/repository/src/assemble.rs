//! What a ratebook is made of once authorities have published: the rates and rules that stand without them, and over these
//! each authority's own. Nothing of an authority is mixed with a transcript of the same thing.

use crate::manifest::Manifest;
use crate::name::UNOFFICIAL;
use crate::sha256_hex;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::ratebook::compile::{
    EditionFile, Problem, PublishedIn, SourceFile, Verified, World, compile_with, read_economy, sha256,
};
use tidewaiter::record::MeasureKind;
use tidewaiter::record::edition::ExchangeRate;
use tidewaiter::record::world::Series;
use tidewaiter_sources::{Entry, rate_series};

/// Rates and rules that stand without any authority: the embedded ones, or a folder's.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Territories, currencies, exchange rates.
    pub world: World,
    /// What economies charge.
    pub economies: Vec<SourceFile>,
    /// Their tariffs.
    pub tariffs: Vec<EditionFile>,
    /// Editions of authorities, laid over these.
    pub published: Vec<EditionFile>,
    /// Which authority laid what only one can: the economy file of a territory, a series of exchange rates.
    pub laid: BTreeMap<String, String>,
}

/// An edition with its records.
#[derive(Debug, Clone)]
pub struct Opened {
    /// SHA-256 of its manifest, which quotes name.
    pub hash: String,
    /// The manifest.
    pub manifest: Manifest,
    /// Its records.
    pub entries: Vec<Entry>,
    /// Its files, by their place in a data folder.
    pub files: Vec<(String, Vec<u8>)>,
    /// How far it can be relied on, which every quote that rests on it says.
    pub standing: Verified,
}

impl Opened {
    /// What quotes name it by.
    pub fn published_in(&self) -> PublishedIn {
        PublishedIn {
            authority: self.manifest.head.authority.clone(),
            number: u32::try_from(self.manifest.number).unwrap_or(u32::MAX),
            known_from: self.manifest.head.known_from,
            sha256: crate::key::sha256_bytes(&self.hash).unwrap_or_default(),
            standing: self.standing.clone(),
        }
    }
}

/// Whether a series bears the name of an authority: `ecb`, `ecb-monthly` of `ecb`.
pub fn own_series(authority: &str, series: &str) -> bool {
    series == authority || series.strip_prefix(authority).is_some_and(|rest| rest.starts_with('-'))
}

impl Folder {
    /// Says that all of it was published in an edition, which quotes name from then on.
    pub fn publish(&mut self, edition: &PublishedIn) {
        for file in &mut self.economies {
            // What a file says was known since its own day.
            let known_from = file.economy.economy.known_from;
            file.published = Some(PublishedIn { known_from, ..edition.clone() });
        }
        for tariff in &mut self.tariffs {
            let known_from = tariff.known_from();
            tariff.publish(PublishedIn { known_from, ..edition.clone() });
        }
        for series in &self.world.series.series {
            self.world.published.insert(series.key.clone(), edition.clone());
        }
    }

    /// Says something in every answer for a territory, or in every answer at all: that who publishes its rates is not heard here.
    pub fn note(&mut self, territory: Option<&str>, note: &str) {
        for file in &mut self.economies {
            let head = &file.economy.economy;
            if territory.is_some_and(|code| head.territory != code) {
                continue;
            }
            let published = file.published.get_or_insert_with(|| PublishedIn {
                authority: head.territory.clone(),
                number: 1,
                known_from: head.known_from,
                sha256: sha256(file.text.as_bytes()),
                standing: Verified::default(),
            });
            let said = published.standing.note.get_or_insert_default();
            *said = format!("{said} {note}").trim().to_owned();
        }
    }

    /// Lays an edition over what stands.
    ///
    /// - Its economy file takes the place of the one of its territory.
    /// - Where it has general duties, the tariffs that stand for its territory go, for a transcript of the same duties would
    ///   be counted twice.
    /// - Its exchange rates become a series. One that bears the authority's own name (`ecb`, `ecb-monthly` of `ecb`) takes the
    ///   place of what stands under it; every other stands beside the others as `authority:series`.
    ///
    /// Of one territory there is one economy file, and of one name one series: what another authority laid is not replaced.
    ///
    /// What is published under `unofficial` is laid under everything else by whoever reads it as a folder: here only its
    /// records are taken.
    ///
    /// # Errors
    /// A [`Problem`] for each thing that cannot be read.
    pub fn lay(&mut self, edition: Opened) -> Result<(), Vec<Problem>> {
        let published = edition.published_in();
        let Opened { manifest, entries, files, .. } = edition;
        let name = format!("{} {}", manifest.authority, manifest.number);
        let charged = entries.iter().any(|e| matches!(e, Entry::Measure(m) if m.is_charged()));
        for (place, bytes) in files.iter().filter(|_| manifest.authority != UNOFFICIAL) {
            if place.starts_with("economies/") {
                let text = String::from_utf8_lossy(bytes);
                let mut file = read_economy(place, &text).map_err(|problem| vec![problem])?;
                if Some(&file.economy.economy.territory) != manifest.head.territory.as_ref() {
                    let message = format!(
                        "it says what {} charges, and the edition is for another territory",
                        file.economy.economy.territory
                    );
                    let file = place.clone();
                    return Err(vec![Problem { file, path: "economy.territory".into(), line: 0, column: 0, message }]);
                }
                let what = format!("the economy file of {}", file.economy.economy.territory);
                self.claim(what, place, "economy.territory", &manifest).map_err(|problem| vec![problem])?;
                // One edition has one day.
                file.economy.economy.known_from = manifest.head.known_from;
                file.published = Some(published.clone());
                if charged {
                    // The same duties stand among the records.
                    file.economy.measure.clear();
                }
                self.economies.retain(|old| old.economy.economy.territory != file.economy.economy.territory);
                self.economies.push(file);
            }
        }
        let rates: Vec<&ExchangeRate> =
            entries.iter().filter_map(|e| if let Entry::ExchangeRate(rate) = e { Some(rate) } else { None }).collect();
        self.lay_rates(&rates, &manifest, &published).map_err(|problem| vec![problem])?;
        let Some(territory) = manifest.head.territory.clone() else { return Ok(()) };
        let has_general = entries
            .iter()
            .any(|e| matches!(e, Entry::Measure(m) if m.kind == MeasureKind::ThirdCountry && m.amount.is_some()));
        if has_general {
            self.tariffs.retain(|old| old.territory() != territory);
        }
        let all = std::iter::once(Entry::Edition(manifest.head.clone())).chain(entries);
        let mut file = EditionFile::new(&name, published.sha256, all).map_err(|problem| vec![problem])?;
        file.publish(published);
        self.published.push(file);
        Ok(())
    }

    /// Notes who lays what only one authority can.
    fn claim(&mut self, what: String, file: &str, path: &str, manifest: &Manifest) -> Result<(), Problem> {
        let by = format!("{} ({})", manifest.head.authority, manifest.authority);
        match self.laid.get(&what) {
            Some(other) if *other != by => {
                let message = format!("{what} is published by {other} already, and {by} publishes one too");
                Err(Problem { file: file.to_owned(), path: path.to_owned(), line: 0, column: 0, message })
            }
            _ => {
                self.laid.insert(what, by);
                Ok(())
            }
        }
    }

    fn lay_rates(
        &mut self,
        rates: &[&ExchangeRate],
        manifest: &Manifest,
        published: &PublishedIn,
    ) -> Result<(), Problem> {
        let series: BTreeSet<&str> = rates.iter().map(|rate| rate.series.as_str()).collect();
        for key in series {
            let problem = |message: String| Problem {
                file: format!("{} {}", manifest.authority, manifest.number),
                path: format!("exchange rates {key}"),
                line: 0,
                column: 0,
                message,
            };
            // Only its publisher replaces a series; what another calls by its name is a series of the other's.
            let id = &manifest.authority;
            let name = if own_series(id, key) { key.to_owned() } else { format!("{id}:{key}") };
            let of = format!("{} {}", manifest.authority, manifest.number);
            self.claim(format!("the series {name}"), &of, &format!("exchange rates {key}"), manifest)?;
            let known = |code: &str| self.world.currencies.currency.iter().any(|c| c.code == code);
            let csv = rate_series::to_csv(rates.iter().copied(), key, known).map_err(|e| problem(e.to_string()))?;
            let base = rates.iter().find(|r| r.series == key).map(|r| r.base.clone()).unwrap_or_default();
            // A name of its own, so that a file of the folder is never meant by chance.
            let file =
                format!("{}.{}.csv", manifest.authority, sha256_hex(key.as_bytes()).get(..8).unwrap_or_default());
            match self.world.series.series.iter_mut().find(|s| s.key == name) {
                Some(old) if old.base != base => {
                    return Err(problem(format!("the series counts from {}, and this one from {base}", old.base)));
                }
                Some(old) => {
                    old.publisher.clone_from(&manifest.head.authority);
                    old.territory.clone_from(&manifest.head.territory);
                    old.file.clone_from(&file);
                }
                None => self.world.series.series.push(Series {
                    key: name.clone(),
                    name: manifest.head.title.clone(),
                    publisher: manifest.head.authority.clone(),
                    base,
                    territory: manifest.head.territory.clone(),
                    file: file.clone(),
                    url: String::new(),
                    licence: manifest.head.licence.clone(),
                    note: None,
                }),
            }
            self.world.published.insert(name, published.clone());
            self.world.rates.insert(file, csv);
        }
        Ok(())
    }

    /// The ratebook of all this.
    ///
    /// # Errors
    /// Every [`Problem`] found.
    pub fn compile(&self) -> Result<Vec<u8>, Vec<Problem>> {
        compile_with(&self.world, &self.economies, self.tariffs.iter().chain(&self.published))
    }
}
