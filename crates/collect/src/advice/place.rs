//! Which places belong to the territory of a scheme.

use crate::Definition;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::Ratebook;
use tidewaiter::ratebook::TerritoryView;

/// Roles of a membership under which goods and sales there are goods and sales of the union for VAT.
const ROLES: [&str; 2] = ["member", "vat"];

/// The places of the world on one day.
#[derive(Debug)]
pub(crate) struct Places {
    all: BTreeMap<String, TerritoryView>,
    day: Date,
}

impl Places {
    pub(crate) fn on(ratebook: &Ratebook, day: Date) -> Self {
        Self { all: ratebook.territories().into_iter().map(|one| (one.code.clone(), one)).collect(), day }
    }

    pub(crate) fn name(&self, code: &str) -> String {
        self.all.get(code).map_or_else(|| code.to_owned(), |one| one.name.clone())
    }

    pub(crate) fn is_known(&self, code: &str) -> bool {
        self.all.contains_key(code)
    }

    /// Whether a place is another or a member of it.
    pub(crate) fn is_in(&self, code: &str, territory: &str) -> bool {
        let holds = |from: Option<Date>, before: Option<Date>| {
            from.is_none_or(|from| from <= self.day) && before.is_none_or(|before| self.day < before)
        };
        code == territory
            || self.all.get(code).is_some_and(|one| {
                one.memberships
                    .iter()
                    .any(|of| of.code == territory && ROLES.contains(&of.role.as_str()) && holds(of.from, of.before))
            })
    }

    /// Whether a scheme reaches a place.
    pub(crate) fn reaches(&self, definition: &Definition, code: &str) -> bool {
        self.is_in(code, &definition.scheme.territory)
            || definition.registration.covers.iter().any(|territory| self.is_in(code, territory))
    }
}
