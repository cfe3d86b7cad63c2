//! Who may publish: the list of authorities, signed by the repository's offline targets keys as the target
//! `authorities.json`. Which keys speak for an authority stands in the delegations beside it.

use crate::name::{self, NameError, UNOFFICIAL};
use serde::{Deserialize, Serialize};

/// What a list begins with.
pub const FORMAT: &str = "tidewaiter-authorities/1";
/// Its target's name.
pub const TARGET: &str = "authorities.json";

/// All authorities of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorities {
    /// [`FORMAT`].
    pub format: String,
    /// Name of the repository, for people.
    pub repository: String,
    /// By name.
    pub authorities: Vec<Authority>,
}

/// One that publishes: a ministry, a customs service, a central bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Name in targets and addresses: `fr`, `fr-central-bank`.
    pub id: String,
    /// Name for people: "Customs of Q".
    pub name: String,
    /// Territory it speaks for; absent for one that publishes for no territory (exchange rates of a bank, nomenclatures).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// What it publishes, in a few words each: `tariff`, `taxes`, `exchange-rates`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publishes: Vec<String>,
    /// Whether what it publishes is an estimate or transcript by others, and no authority's word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unofficial: bool,
    /// How many officers must sign an edition.
    pub officers: u64,
}

impl Authorities {
    /// An empty list.
    pub fn new(repository: &str) -> Self {
        Self { format: FORMAT.to_owned(), repository: repository.to_owned(), authorities: Vec::new() }
    }

    /// Reads and checks a list.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let list: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        if list.format != FORMAT {
            return Err(format!("its format is \"{}\", and this program reads {FORMAT}", list.format));
        }
        for authority in &list.authorities {
            authority.check().map_err(|e| e.to_string())?;
        }
        Ok(list)
    }

    /// The authority of a name.
    pub fn find(&self, id: &str) -> Option<&Authority> {
        self.authorities.iter().find(|a| a.id == id)
    }
}

impl Authority {
    /// Whether it can be admitted.
    ///
    /// # Errors
    /// [`NameError`] for a name that cannot be one. Only the role `unofficial` may be without an authority's word, and it
    /// always is.
    pub fn check(&self) -> Result<(), NameError> {
        name::authority(&self.id)?;
        let why = "the project's own data is published under \"unofficial\", and nothing else is";
        if self.unofficial != (self.id == UNOFFICIAL) {
            return Err(NameError { found: self.id.clone(), of: "this authority", why });
        }
        Ok(())
    }
}
