//! Numbers that an authority issues: the next one in a row, with its check digits.

use crate::identifier::Identifiers;

/// Why no number was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern of numbers \"{pattern}\" gives no number that can be right: {why}")]
pub struct NoNumber {
    /// The pattern.
    pub pattern: String,
    /// Why.
    pub why: String,
}

/// Makes the number of a place in a row. `{5}` in the pattern is the place with so many digits, `{check}` are check digits: whichever make the
/// number right, at most three of them.
///
/// # Errors
/// [`NoNumber`] where the row is full, or no check digits fit.
pub(super) fn issue(
    identifiers: &Identifiers,
    identifier: &str,
    pattern: &str,
    place: u64,
) -> Result<String, NoNumber> {
    let no = |why: &str| NoNumber { pattern: pattern.to_owned(), why: why.to_owned() };
    let (begin, rest) =
        pattern.split_once('{').ok_or_else(|| no("it has no place for a number: write {6} for six digits"))?;
    let (width, rest) = rest.split_once('}').ok_or_else(|| no("a bracket is not closed"))?;
    let width: usize = width
        .parse()
        .ok()
        .filter(|width| (1..=12).contains(width))
        .ok_or_else(|| no("the digits of the number are 1 to 12, as {6}"))?;
    let digits = format!("{place:0width$}");
    if digits.len() > width {
        return Err(no("all numbers of this pattern are issued"));
    }
    let text = format!("{begin}{digits}{rest}");
    let fits =
        |text: &str| identifiers.look(identifier, text).is_none_or(|verdict| verdict.valid && verdict.text == text);
    let Some((before, after)) = text.split_once("{check}") else {
        return fits(&text).then_some(text).ok_or_else(|| no("it does not have the shape of that identifier"));
    };
    (1..=3_usize)
        .flat_map(|width| {
            (0..10_u32.pow(u32::try_from(width).unwrap_or(1))).map(move |check| format!("{check:0width$}"))
        })
        .map(|check| format!("{before}{check}{after}"))
        .find(|text| fits(text))
        .ok_or_else(|| no("no check digits fit"))
}
