//! The target that asks the embedded ratebook.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]
#![allow(unreachable_pub, reason = "shared with an ordinary test")]

use tidewaiter::quote::document::Quote;
use tidewaiter::{Ask, Consignment, Decimal, Outcome};

/// Reads a question and answers it: the same bytes twice, and readable again.
pub fn consignment_json(data: &[u8]) {
    let Ok(asked) = serde_json::from_slice::<Consignment>(data) else { return };
    let book = tidewaiter_data::ratebook();
    let ask = Ask { steps: asked.items.len() % 2 == 1, ..Ask::default() };
    match book.answer(&asked, &ask) {
        Err(refused) => assert!(!refused.problems.is_empty() && !refused.to_string().is_empty()),
        Ok(quote) => {
            let text = serde_json::to_string(&quote).unwrap_or_else(|e| panic!("{e}"));
            let again = book.answer(&asked, &ask).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(serde_json::to_string(&again).ok().as_ref(), Some(&text));
            let back: Quote = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
            assert_eq!(back, quote);
            if quote.outcome == Outcome::Amount {
                let sum = quote.charges.iter().fold(Decimal::ZERO, |s, c| s.plus(c.sum.least).unwrap_or(s));
                assert_eq!(sum, quote.total.least);
            }
            for charge in &quote.charges {
                assert!(charge.treatments.iter().all(|t| !t.cites.is_empty()), "{}", charge.key);
            }
        }
    }
    if asked.items.len() < 4 {
        let _ = book.plan(&asked);
        let _ = book.reverse(&asked, Decimal::from_int(150));
    }
}
