//! The library for WebAssembly: bytes of JSON in, bytes of JSON out, one ratebook for each instance.
//!
//! [`Host`] is what is done; `door.rs` is how JavaScript reaches it. There is no clock in here: the day comes from outside.
//! `bindings/js` is the package around it.

mod door;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use tidewaiter::{Ask, Consignment, InputError, Ratebook};

/// What one instance holds: a ratebook, once one was opened.
#[derive(Debug, Default)]
pub struct Host {
    ratebook: Option<Ratebook>,
}

/// A document, or the document that says what is wrong.
pub type Told = Result<String, String>;

impl Host {
    /// Opens a ratebook, each section held against its hash, and says what it is.
    ///
    /// # Errors
    /// `{"error": …}`: the bytes are no ratebook, or damaged.
    pub fn open(&mut self, bytes: Vec<u8>) -> Told {
        let opened = Ratebook::from_vec(bytes).and_then(|ratebook| ratebook.verify().map(|()| ratebook));
        let ratebook = opened.map_err(error)?;
        let about = json!({
            "fingerprint": ratebook.fingerprint(),
            "bytes": ratebook.size(),
            "data_days": ratebook.data_days(),
            "slice": ratebook.sliced(),
        });
        self.ratebook = Some(ratebook);
        text(&about)
    }

    /// Answers a question: the quote as the library writes it.
    ///
    /// # Errors
    /// `{"problems": […]}`: one for each field that is wrong.
    pub fn quote(&self, asked: &[u8], today: Option<Date>, steps: bool) -> Told {
        let asked = question(asked)?;
        text(&self.ratebook()?.answer(&asked, &Ask { steps, today }).map_err(problems)?)
    }

    /// The same order in several parcels, the cheapest first.
    ///
    /// # Errors
    /// `{"problems": […]}`: one for each field that is wrong.
    pub fn plan(&self, asked: &[u8]) -> Told {
        let asked = question(asked)?;
        text(&self.ratebook()?.plan(&asked).map_err(problems)?)
    }

    /// The economies that have rules here, with the standard rates of a day.
    ///
    /// # Errors
    /// `{"error": …}`: no ratebook is open.
    pub fn economies(&self, day: Date) -> Told {
        text(&self.ratebook()?.economies(day))
    }

    /// Everything about one economy; `null` where there is none.
    ///
    /// # Errors
    /// `{"error": …}`: no ratebook is open.
    pub fn economy(&self, code: &str) -> Told {
        text(&self.ratebook()?.economy(code))
    }

    fn ratebook(&self) -> Result<&Ratebook, String> {
        self.ratebook.as_ref().ok_or_else(|| error("no ratebook is open"))
    }
}

fn question(asked: &[u8]) -> Result<Consignment, String> {
    serde_json::from_slice(asked).map_err(|e| {
        let problem = json!({ "field": "", "value": "", "message": e.to_string() });
        json!({ "problems": [problem] }).to_string()
    })
}

fn text(document: &impl Serialize) -> Told {
    serde_json::to_string(document).map_err(error)
}

fn problems(wrong: InputError) -> String {
    serde_json::to_string(&wrong).unwrap_or_else(error)
}

fn error(e: impl ToString) -> String {
    json!({ "error": e.to_string() }).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test says so")]
    use super::*;

    #[test]
    fn answers_as_the_library_does() {
        let whole = tidewaiter_data::ratebook();
        let mut host = Host::default();
        assert!(host.quote(b"{}", None, false).is_err());
        let about = host.open(whole.slice(&["FR"], None).unwrap()).unwrap();
        assert!(about.contains(whole.fingerprint()), "{about}");
        let asked = r#"{"from":"CN","to":"FR","currency":"EUR","items":[{"code":"6109.10","price":"12.50"}]}"#;
        let today = jiff::civil::date(2026, 11, 21);
        let quote: tidewaiter::Quote =
            serde_json::from_str(&host.quote(asked.as_bytes(), Some(today), true).unwrap()).unwrap();
        let asked: Consignment = serde_json::from_str(asked).unwrap();
        let native = whole.answer(&asked, &Ask { steps: true, today: Some(today) }).unwrap();
        assert_eq!(quote.total, native.total);
        assert_eq!(quote.steps, native.steps);
    }

    #[test]
    fn says_what_is_wrong() {
        let mut host = Host::default();
        assert!(host.open(b"TWRATES".to_vec()).unwrap_err().contains("error"));
        host.open(tidewaiter_data::ratebook().slice(&["FR"], None).unwrap()).unwrap();
        for asked in [r#"{"to":"US","currency":"EUR","items":[{"price":"1"}]}"#, r#"{"too":1}"#, "", "[]"] {
            let told = host.quote(asked.as_bytes(), None, false).unwrap_err();
            assert!(told.starts_with(r#"{"problems":[{"field":"#), "{told}");
        }
    }
}
