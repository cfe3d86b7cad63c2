//! What GLEIF says of an LEI: two statuses, which are different things.
//!
//! The status of the entity says whether the business exists; the status of the registration whether what is written of it is kept up to date.
//! An active business may have a lapsed registration. Meanings of the words are those of the LEI Common Data File format of GLEIF
//! (<https://www.gleif.org/en/about-lei/common-data-file-format/lei-cdf-format>), also listed by issuers: Justicia LEI, "Frequently asked
//! questions" (<https://www.justicia.lei.registradores.org/>), and GMEI Utility, "Record details". What to make of each pair is our own advice.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most bytes of a file of records.
pub const LARGEST: usize = 16 << 20;

/// A record of GLEIF, as far as it says whether a business can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The number.
    pub lei: String,
    /// Legal name.
    pub name: String,
    /// Country of the legal address, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Status of the entity, as GLEIF writes it: `ACTIVE`.
    pub entity: String,
    /// Status of the registration, as GLEIF writes it: `ISSUED`.
    pub registration: String,
    /// The day by which the registration is to be renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Date>,
    /// The day on which the record was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Date>,
    /// Those that took its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<Successor>,
}

/// One that took the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lei: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What to make of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// The number names a business that exists, and what is written of it was checked within its term.
    Usable,
    /// It may well be right: something must be looked at before one relies on it.
    LookCloser,
    /// Do not take this number.
    Not,
}

impl Use {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::LookCloser => "look closer",
            Self::Not => "do not use it",
        }
    }
}

/// A record judged for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// What to make of it.
    pub is: Use,
    /// What the status of the entity means.
    pub entity: String,
    /// What the status of the registration means.
    pub registration: String,
    /// What to do, a sentence each.
    pub says: Vec<String>,
}

/// What is read of a record. Everything else in it is left alone.
#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "type")]
    is: String,
    id: String,
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    lei: String,
    entity: Entity,
    registration: Registration,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entity {
    legal_name: Name,
    #[serde(default)]
    legal_address: Option<Address>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    successor_entity: Option<Successor>,
    #[serde(default)]
    successor_entities: Option<Vec<Successor>>,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    country: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registration {
    status: String,
    #[serde(default)]
    next_renewal_date: Option<Timestamp>,
    #[serde(default)]
    last_update_date: Option<Timestamp>,
}

impl Record {
    /// Reads an answer of GLEIF about one number (JSON:API, `GET /api/v1/lei-records/LEI`).
    ///
    /// # Errors
    /// What does not fit: it is no such document, or has not exactly one record.
    pub fn read(json: &str) -> Result<Self, String> {
        let mut all = Self::all(json)?;
        match (all.pop(), all.len()) {
            (Some(one), 0) => Ok(one),
            (None, _) => Err("the answer of GLEIF has no record: there is no such LEI".into()),
            (Some(_), more) => Err(format!("the answer of GLEIF has {} records, not one", more + 1)),
        }
    }

    /// Reads an answer about any count of numbers.
    ///
    /// # Errors
    /// As [`Record::read`].
    pub fn all(json: &str) -> Result<Vec<Self>, String> {
        if json.len() > LARGEST {
            return Err(format!("it is larger than {} MB", LARGEST >> 20));
        }
        let whole: serde_json::Value = serde_json::from_str(json).map_err(|error| format!("it is no JSON: {error}"))?;
        let told = |error: serde_json::Error| format!("it is no answer of GLEIF about an LEI: {error}");
        let records = match whole.get("data") {
            Some(data @ serde_json::Value::Array(_)) => Vec::<Resource>::deserialize(data).map_err(told)?,
            Some(one) => vec![Resource::deserialize(one).map_err(told)?],
            None => return Err("it is no answer of GLEIF about an LEI: it has no field \"data\"".into()),
        };
        records.into_iter().map(Self::of).collect()
    }

    fn of(resource: Resource) -> Result<Self, String> {
        let Attributes { lei, entity, registration } = resource.attributes;
        if resource.is != "lei-records" || resource.id != lei {
            return Err(format!("type and id: a record of GLEIF has the type \"lei-records\" and the id {lei}"));
        }
        let day = |moment: Timestamp| moment.to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut successors = entity.successor_entities.unwrap_or_default();
        if let Some(one) = entity.successor_entity
            && !successors.iter().any(|other| other.lei == one.lei)
        {
            successors.push(one);
        }
        successors.retain(|one| one.lei.is_some() || one.name.is_some());
        Ok(Self {
            lei,
            name: entity.legal_name.name,
            country: entity.legal_address.and_then(|address| address.country),
            // Of annulled and duplicate records nothing is said of the entity.
            entity: entity.status.unwrap_or_else(|| "NULL".into()),
            registration: registration.status,
            renewal: registration.next_renewal_date.map(day),
            updated: registration.last_update_date.map(day),
            successors,
        })
    }

    /// What both statuses mean on a day for somebody who checks a seller.
    pub fn judged(&self, today: Date) -> Judged {
        let (of_entity, entity) = match self.entity.as_str() {
            "ACTIVE" => (Use::Usable, "the business exists, as was last reported".to_owned()),
            "INACTIVE" => (Use::Not, "the business does not exist any more".into()),
            "NULL" => (Use::LookCloser, "nothing is said of the business".into()),
            other => (Use::LookCloser, format!("\"{}\" is a word that is not known here", shown(other))),
        };
        let (of_registration, registration) = match self.registration.as_str() {
            "ISSUED" => (Use::Usable, "checked and issued".to_owned()),
            "LAPSED" => (Use::LookCloser, "not renewed in time: what is written may be out of date".into()),
            "PENDING_TRANSFER" | "PENDING_ARCHIVAL" => {
                (Use::Usable, "on its way from one issuer of LEIs to another; it counts meanwhile".into())
            }
            "TRANSFERRED" => (Use::LookCloser, "kept by another issuer of LEIs now: this is an old copy".into()),
            "PENDING_VALIDATION" => (Use::Not, "asked for, and not issued yet".into()),
            "RETIRED" => (Use::Not, "closed: the business ended".into()),
            "MERGED" => (Use::Not, "closed: the business went into another".into()),
            "DUPLICATE" => (Use::Not, "a second number of the same business: its other number counts".into()),
            "ANNULLED" => (Use::Not, "taken back: it was issued by mistake".into()),
            "CANCELLED" => (Use::Not, "given up before it was issued".into()),
            other => (Use::LookCloser, format!("\"{}\" is a word that is not known here", shown(other))),
        };
        let mut is = of_entity.max(of_registration);
        let mut says = Vec::new();
        match (self.entity.as_str(), self.registration.as_str()) {
            ("ACTIVE", "LAPSED") => {
                says.push("The business may well exist. Ask it to renew its LEI, or check name and address with the register of its country.".to_owned());
            }
            ("INACTIVE", "ISSUED" | "LAPSED") => {
                says.push("The business ended, although the registration is not closed: do not rely on the registration alone.".into());
            }
            ("ACTIVE", "RETIRED" | "MERGED") => {
                says.push("The two statuses do not fit together: the registration is closed, and the business is called active. Ask GLEIF or the issuer.".into());
            }
            _ => {}
        }
        if let Some(renewal) = self.renewal.filter(|renewal| *renewal < today) {
            if self.registration == "ISSUED" {
                is = is.max(Use::LookCloser);
                says.push(format!(
                    "It was to be renewed by {renewal}, and is still called issued. This copy may be old: ask GLEIF for the record of today."
                ));
            } else if self.registration == "LAPSED" {
                says.push(format!("It was to be renewed by {renewal}."));
            }
        }
        for one in &self.successors {
            let named =
                [one.name.as_deref(), one.lei.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", LEI ");
            says.push(format!("In its place is {named}: check that one."));
        }
        Judged { is, entity, registration, says }
    }
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
