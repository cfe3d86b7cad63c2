//! Places inside a state that are customs or tax territories of their own: an address there names the state, and its postcode tells.

use super::*;
use std::borrow::Cow;

/// The question with the territory in which its postcode lies, and a word on it; as it is where the postcode tells nothing.
pub(super) fn by_postcode<'a>(
    t: &Tables<'_>,
    asked: &'a Consignment,
    assumptions: &mut Vec<Said>,
) -> Cow<'a, Consignment> {
    let territory = asked.postcode.as_deref().and_then(|postcode| territory_of(t, &asked.to, postcode));
    let (Some(territory), Some(postcode)) = (territory, &asked.postcode) else { return Cow::Borrowed(asked) };
    let code = t.territory_code(territory);
    assumptions.push(Said::of(
        &message::POSTCODE,
        [
            ("postcode", postcode.trim().into()),
            ("of", said::territory(asked.to.as_str())),
            ("to", said::territory(code)),
        ],
    ));
    Cow::Owned(Consignment { to: code.to_owned(), ..asked.clone() })
}

/// The territory of the longest beginning that fits.
fn territory_of(t: &Tables<'_>, to: &str, postcode: &str) -> Option<u16> {
    let of = t.territory(to)?;
    let plain: String = postcode.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    // Some write the letters of the country before the digits: `FI-22100`, `AX 22100`.
    let digits = plain.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let rows = t.postcodes.iter().filter(|row| row.of.get() == of);
    let fits = rows.filter_map(|row| {
        let begins = t.text(row.begins.get());
        let fits = plain.starts_with(begins) || digits.starts_with(begins);
        fits.then_some((begins.len(), row.territory.get()))
    });
    fits.max().map(|(_, territory)| territory)
}
