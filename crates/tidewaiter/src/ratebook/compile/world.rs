//! The world's tables: currencies, territories, memberships, exchange rates.

use super::*;

impl<'w> Compiler<'w> {
    pub(super) fn lay_out_world(&mut self) {
        let world = self.world;
        self.lay_out_moved();
        for currency in &world.currencies.currency {
            let id = self.draft.currencies.len() as u16;
            let Ok(code) = <[u8; 3]>::try_from(currency.code.as_bytes()) else {
                self.world_problem("currencies.toml", format!("\"{}\" is not three letters", currency.code));
                continue;
            };
            if self.currency_ids.insert(currency.code.clone(), id).is_some() {
                self.world_problem("currencies.toml", format!("{} is listed twice", currency.code));
            }
            let minor = currency.minor.unwrap_or(2);
            if minor > 4 {
                self.world_problem("currencies.toml", format!("{} has more than four minor digits", currency.code));
            }
            let name = U32::new(self.text(&currency.name));
            self.draft.currencies.push(CurrencyRow { code, minor, name });
        }
        for territory in &world.territories.territory {
            let id = self.territory_ids.len() as u16;
            if self.territory_ids.insert(territory.code.clone(), id).is_some() {
                self.world_problem("territories.toml", format!("{} is listed twice", territory.code));
            }
        }
        for territory in &world.territories.territory {
            let row = TerritoryRow {
                code: U32::new(self.text(&territory.code)),
                name: U32::new(self.text(&territory.name)),
                currency: U16::new(
                    territory.currency.as_ref().and_then(|c| self.currency_ids.get(c)).copied().unwrap_or(NO_ID),
                ),
                part_of: U16::new(
                    territory.part_of.as_ref().and_then(|c| self.territory_ids.get(c)).copied().unwrap_or(NO_ID),
                ),
                kind: territory.kind as u8,
                pad: [0; 3],
                program: U32::new(NONE),
            };
            if let Some(currency) = &territory.currency
                && !self.currency_ids.contains_key(currency)
            {
                self.world_problem(
                    "territories.toml",
                    format!("{}: currency {currency} is not in currencies.toml", territory.code),
                );
            }
            self.draft.territories.push(row);
        }
        for territory in world.territories.territory.iter().filter(|t| !t.postcodes.is_empty()) {
            self.lay_out_postcodes(territory);
        }
        for member in &world.territories.member {
            let (Some(&of), Some(&territory)) =
                (self.territory_ids.get(&member.of), self.territory_ids.get(&member.territory))
            else {
                self.world_problem(
                    "territories.toml",
                    format!("membership of {} in {}: one of them is not a territory", member.territory, member.of),
                );
                continue;
            };
            let role = U32::new(self.text(&member.role));
            self.members_of.entry(of).or_default().push(self.draft.members.len());
            self.draft.members.push(MemberRow {
                of: U16::new(of),
                territory: U16::new(territory),
                from: day_or(member.from, DAY_MIN),
                before: day_or(member.before, DAY_MAX),
                role,
            });
        }
        // Set 0 is "everywhere"; it is never searched.
        self.draft.set_dir.push(SetDirRow { rows: Run { start: U32::new(0), len: U32::new(0) } });
        self.lay_out_rates();
    }

    fn lay_out_postcodes(&mut self, territory: &'w Territory) {
        let of = territory.part_of.as_ref().and_then(|code| self.territory_ids.get(code)).copied();
        let own = self.territory_ids.get(&territory.code).copied();
        let (Some(of), Some(own), Some(_)) = (of, own, &territory.postcodes_source) else {
            let why = "its postcodes need part_of, the state whose addresses they are in, and postcodes_source";
            self.world_problem("territories.toml", format!("{}: {why}", territory.code));
            return;
        };
        for form in &territory.postcodes {
            let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'#';
            let fixed = form.strip_suffix('*').unwrap_or(form);
            if !fixed.bytes().all(plain) || !fixed.bytes().any(|b| b.is_ascii_alphanumeric()) {
                let why = "must be capitals, digits and # for any digit, and may end in * for whatever follows";
                self.world_problem("territories.toml", format!("{}: the postcode \"{form}\" {why}", territory.code));
                continue;
            }
            let form = U32::new(self.text(form));
            self.draft.postcodes.push(PostcodeRow { of: U16::new(of), territory: U16::new(own), form });
        }
    }

    pub(super) fn lay_out_rates(&mut self) {
        let world = self.world;
        for series in &world.series.series {
            let Some(&base) = self.currency_ids.get(&series.base) else {
                self.world_problem(
                    "exchange/series.toml",
                    format!("{}: unknown base currency {}", series.key, series.base),
                );
                continue;
            };
            let Some(csv) = world.rates.get(&series.file) else {
                self.world_problem(
                    "exchange/series.toml",
                    format!("{}: the file {} is missing", series.key, series.file),
                );
                continue;
            };
            let home = series.territory.as_ref().map(|code| self.territory_ids.get(code));
            let home = match home {
                None => NO_ID,
                Some(Some(&id)) => id,
                Some(None) => {
                    let message = format!("{}: its territory is not in territories.toml", series.key);
                    self.world_problem("exchange/series.toml", message);
                    continue;
                }
            };
            let mut rows = Vec::new();
            let mut lines = csv.lines().filter(|l| !l.trim().is_empty());
            let header: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
            for (at, line) in lines.enumerate() {
                let cells: Vec<&str> = line.split(',').map(str::trim).collect();
                let Some(Ok(date)) = cells.first().map(|c| c.parse::<Date>()) else {
                    self.world_problem(&series.file, format!("line {}: the first cell is not a date", at + 2));
                    continue;
                };
                for (code, cell) in header.iter().zip(&cells).skip(1) {
                    if cell.is_empty() {
                        continue;
                    }
                    match (self.currency_ids.get(*code), cell.parse::<Decimal>()) {
                        (Some(&currency), Ok(rate)) if rate > Decimal::ZERO => rows.push(RateRow {
                            rate: number(rate),
                            day: I32::new(day_number(date)),
                            currency: U16::new(currency),
                            pad: U16::new(0),
                        }),
                        _ => self.world_problem(
                            &series.file,
                            format!("line {}: {code} {cell} is not a rate of a known currency", at + 2),
                        ),
                    }
                }
            }
            rows.sort_by_key(|r| (r.currency.get(), r.day.get()));
            let start = self.draft.rates.len() as u32;
            let len = rows.len() as u32;
            self.draft.rates.extend(rows);
            let row = SeriesRow {
                key: U32::new(self.text(&series.key)),
                name: U32::new(self.text(&series.name)),
                publisher: U32::new(self.text(&series.publisher)),
                url: U32::new(self.text(&series.url)),
                note: self.text_or_none(series.note.as_deref()),
                base: U16::new(base),
                home: U16::new(home),
                rows: Run { start: U32::new(start), len: U32::new(len) },
                edition: U32::new(NONE),
            };
            self.draft.series.push(row);
        }
        for peg in &world.series.peg {
            match (self.currency_ids.get(&peg.currency), self.currency_ids.get(&peg.to)) {
                (Some(&currency), Some(&to)) if peg.rate > Decimal::ZERO => {
                    let source = U32::new(self.text(&peg.source));
                    self.draft.pegs.push(PegRow {
                        rate: number(peg.rate),
                        currency: U16::new(currency),
                        to: U16::new(to),
                        from: day_or(peg.from, DAY_MIN),
                        before: day_or(peg.before, DAY_MAX),
                        source,
                    });
                }
                _ => self.world_problem(
                    "exchange/series.toml",
                    format!("peg of {} to {}: unknown currency or rate", peg.currency, peg.to),
                ),
            }
        }
    }

    /// Codes that the Harmonized System no longer has.
    fn lay_out_moved(&mut self) {
        let world = self.world;
        let mut moved: BTreeMap<u32, MovedRow> = BTreeMap::new();
        for (at, line) in world.moved.lines().enumerate().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [edition, code, newer, from, to] = cells.as_slice() else {
                self.world_problem("hs.csv", format!("line {}: five columns were expected", at + 1));
                continue;
            };
            let six = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 6);
            let codes: Option<Vec<u32>> = to.split(' ').filter(|c| !c.is_empty()).map(six).collect();
            let (Some(code), Some(codes), Ok(day)) = (six(code), codes, from.parse::<Date>()) else {
                self.world_problem("hs.csv", format!("line {}: codes of six digits and a date were expected", at + 1));
                continue;
            };
            let row = MovedRow {
                code: U32::new(code),
                edition: U32::new(self.text(edition)),
                newer: U32::new(self.text(newer)),
                from: I32::new(day_number(day)),
                to: self.list(codes),
            };
            if moved.insert(code, row).is_some() {
                self.world_problem("hs.csv", format!("line {}: the code {code:06} stands twice", at + 1));
            }
        }
        self.draft.moved.extend(moved.into_values());
    }
}
