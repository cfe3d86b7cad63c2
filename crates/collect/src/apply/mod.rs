//! An application for a registration: the form of an authority, what a seller wrote into it, and what is wrong with that.
//!
//! A form asks for the fewest fields that a scheme allows. Those of the scheme's file are the beginning; the authority that receives the
//! applications may ask for others, add checks, and say how a decision is made. Nothing here knows a country.

mod fault;
mod field;
mod form;
mod number;

pub use fault::{Fault, Wrong};
pub use form::{Check, Decision, FIRST_DAY, Form, FormFault};
pub use number::NoNumber;

use crate::identifier::Identifiers;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What was written, by the keys of the fields. An address has several: `address.street`, `address.town`, `address.postcode`, `address.country`.
pub type Answers = BTreeMap<String, String>;

/// Most fields that are looked at.
pub const MOST_ANSWERS: usize = 200;

/// What the check of a form leans on.
pub struct Beside<'a> {
    /// Numbers with shapes and check digits.
    pub identifiers: &'a Identifiers,
    /// Whether two capital letters are a country.
    pub is_country: &'a (dyn Fn(&str) -> bool + Sync),
    /// The day of the application.
    pub today: Date,
}

impl Form {
    /// Checks what was written. What is right comes back as it is kept: spaces trimmed, numbers without spaces and with their prefix.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form, with what was likely meant.
    pub fn check(&self, answers: &Answers, beside: &Beside<'_>) -> Result<Answers, Vec<Wrong>> {
        let mut kept = Answers::new();
        let mut wrong = Vec::new();
        let mut asked = Vec::new();
        for one in &self.fields {
            field::check(one, answers, beside, &mut kept, &mut wrong);
            asked.extend(field::keys(one));
        }
        for key in answers.keys().filter(|key| !asked.contains(key)).take(MOST_ANSWERS) {
            wrong.push(Wrong::new(key, Fault::NotAsked));
        }
        for check in &self.checks {
            check.look(&kept, beside.today, &mut wrong);
        }
        if wrong.is_empty() { Ok(kept) } else { Err(wrong) }
    }
}
