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

/// The territory whose postcodes look so; of several the one whose form says most.
pub(in crate::quote) fn territory_of(t: &Tables<'_>, to: &str, postcode: &str) -> Option<u16> {
    let of = t.territory(to)?;
    let plain: String =
        postcode.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(20).collect();
    // Some write one or two letters of the country first: `FI-22100`, `E-35001`, `GB-BT1 1AA`.
    let letters = plain.bytes().take(2).take_while(u8::is_ascii_alphabetic).count();
    let written: Vec<&str> = (0..=letters).filter_map(|at| plain.get(at..)).collect();
    let rows = t.postcodes.iter().filter(|row| row.of.get() == of);
    let fits = rows.filter_map(|row| {
        let form = t.text(row.form.get());
        let said = form.bytes().filter(|b| b.is_ascii_alphanumeric()).count();
        written.iter().any(|text| has_form(text, form)).then_some((said, row.territory.get()))
    });
    fits.max().map(|(_, territory)| territory)
}

/// Whether a text has a form: `#` stands for a digit, `*` at the end for whatever follows, anything else for itself.
fn has_form(text: &str, form: &str) -> bool {
    let (form, open) = form.strip_suffix('*').map_or((form, false), |form| (form, true));
    let fits = |(text, form): (u8, u8)| if form == b'#' { text.is_ascii_digit() } else { text == form };
    (text.len() == form.len() || open && text.len() > form.len()) && text.bytes().zip(form.bytes()).all(fits)
}
