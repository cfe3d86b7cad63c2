//! One field of a form: whether what was written can stand in it.

use super::{Answers, Beside, Fault, Wrong};
use crate::definition::{Field, FieldKind};
use jiff::civil::Date;
use tidewaiter::Decimal;

/// Parts of an address, and which must be there. Structured, because payments and customs ask for it so.
const ADDRESS: [(&str, bool); 5] =
    [("street", true), ("town", true), ("postcode", false), ("region", false), ("country", true)];
/// Most web sites of one seller.
const MOST_SITES: usize = 50;

/// Longest text of a kind, in characters.
fn longest(kind: FieldKind) -> usize {
    match kind {
        FieldKind::Text | FieldKind::Address => 200,
        // RFC 5321, 4.5.3.1.3.
        FieldKind::Email => 254,
        FieldKind::Phone | FieldKind::Identifier => 40,
        FieldKind::Urls => 4000,
        FieldKind::Country | FieldKind::Day | FieldKind::YesNo | FieldKind::Amount => 30,
    }
}

/// The keys of the answers to a field.
pub(super) fn keys(field: &Field) -> Vec<String> {
    match field.kind {
        FieldKind::Address => ADDRESS.iter().map(|(part, _)| format!("{}.{part}", field.key)).collect(),
        _ => vec![field.key.clone()],
    }
}

/// Checks a field. What is right goes to `kept`.
pub(super) fn check(field: &Field, answers: &Answers, beside: &Beside<'_>, kept: &mut Answers, wrong: &mut Vec<Wrong>) {
    if field.kind == FieldKind::Address {
        let begun = field.required
            || ADDRESS.iter().any(|(part, _)| {
                answers.get(&format!("{}.{part}", field.key)).is_some_and(|text| !text.trim().is_empty())
            });
        for (part, needed) in ADDRESS {
            let key = format!("{}.{part}", field.key);
            let kind = if part == "country" { FieldKind::Country } else { FieldKind::Text };
            one(&key, kind, None, begun && needed, answers, beside, kept, wrong);
        }
    } else {
        one(&field.key, field.kind, field.identifier.as_deref(), field.required, answers, beside, kept, wrong);
    }
}

#[allow(clippy::too_many_arguments, reason = "an address and a field share this")]
fn one(
    key: &str,
    kind: FieldKind,
    identifier: Option<&str>,
    required: bool,
    answers: &Answers,
    beside: &Beside<'_>,
    kept: &mut Answers,
    wrong: &mut Vec<Wrong>,
) {
    let text = answers.get(key).map_or("", |text| text.trim());
    if text.is_empty() {
        if required {
            wrong.push(Wrong::new(key, Fault::Missing));
        }
        return;
    }
    let most = longest(kind);
    if text.chars().count() > most {
        wrong.push(Wrong::new(key, Fault::TooLong(most)));
        return;
    }
    let unseen = |c: char| c.is_control() && !(kind == FieldKind::Urls && matches!(c, '\n' | '\r'));
    if text.chars().any(unseen) {
        wrong.push(Wrong::new(key, Fault::Unseen));
        return;
    }
    match value(kind, identifier, text, beside) {
        Ok(value) => drop(kept.insert(key.to_owned(), value)),
        Err((fault, likely)) => wrong.push(Wrong { likely, ..Wrong::new(key, fault) }),
    }
}

fn value(
    kind: FieldKind,
    identifier: Option<&str>,
    text: &str,
    beside: &Beside<'_>,
) -> Result<String, (Fault, Vec<String>)> {
    let or = |fault: Fault| (fault, Vec::new());
    Ok(match kind {
        FieldKind::Text | FieldKind::Address => text.to_owned(),
        FieldKind::Email if is_email(text) => text.to_owned(),
        FieldKind::Email => return Err(or(Fault::NotEmail)),
        FieldKind::Phone => phone(text).ok_or(or(Fault::NotPhone))?,
        FieldKind::Urls => sites(text).map_err(or)?,
        FieldKind::Country => {
            let letters = text.to_ascii_uppercase();
            let known = letters.len() == 2 && (beside.is_country)(&letters);
            known.then_some(letters).ok_or(or(Fault::NotCountry))?
        }
        FieldKind::Day => text.parse::<Date>().map_err(|_| or(Fault::NotDay))?.to_string(),
        FieldKind::YesNo => match text.to_ascii_lowercase().as_str() {
            yes_or_no @ ("yes" | "no") => yes_or_no.to_owned(),
            _ => return Err(or(Fault::NotYesNo)),
        },
        FieldKind::Amount => Decimal::parse_amount(text).map_err(|_| or(Fault::NotAmount))?.to_string(),
        FieldKind::Identifier => {
            let verdict = beside.identifiers.look(identifier.unwrap_or_default(), text);
            match verdict {
                Some(verdict) if verdict.valid => verdict.text,
                Some(verdict) => {
                    let says = verdict.wrong.unwrap_or_else(|| "it cannot be right".to_owned());
                    return Err((Fault::Number(says), verdict.likely));
                }
                // A kind of number that nobody described: taken as it is, for nothing can be said of it.
                None => text.to_owned(),
            }
        }
    })
}

/// Something, an at sign, a host with a point. More only the post can tell.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"');
    !name.is_empty() && name.len() <= 64 && text.chars().all(plain) && !name.contains('@') && is_host(host)
}

/// Names with a point between them (RFC 1123), also in letters of other scripts.
fn is_host(host: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(label)
}

/// A number with its country (ITU-T E.164: at most 15 digits); spaces, hyphens, points and brackets are for the eye.
fn phone(text: &str) -> Option<String> {
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    if !rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/')) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    ((7..=15).contains(&digits.len()) && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

/// Addresses of web sites, one a line or with spaces between them.
fn sites(text: &str) -> Result<String, Fault> {
    let mut all = Vec::new();
    for site in text.split(|c: char| c.is_whitespace() || c == ',').filter(|site| !site.is_empty()) {
        let shown = || Fault::NotUrl(site.chars().take(100).collect());
        let rest = site.split_once("://").map_or(Some(site), |(scheme, rest)| {
            matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https").then_some(rest)
        });
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).ok_or_else(shown)?;
        if !is_host(host.split(':').next().unwrap_or_default()) || all.len() == MOST_SITES {
            return Err(shown());
        }
        all.push(if site.contains("://") { site.to_owned() } else { format!("https://{site}") });
    }
    Ok(all.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_people_and_shops() {
        for good in ["a@b.ie", "first.last+tag@shop.example", "ünal@bücher.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "a@b", "@b.ie", "a@.ie", "a b@c.ie", "a@b@c.ie", "a@b.ie>", "a@-b.ie", "a@b..ie"] {
            assert!(!is_email(bad), "{bad}");
        }
        assert_eq!(phone("+353 (1) 234-5678").as_deref(), Some("+35312345678"));
        assert_eq!(phone("00 353 1 234 5678").as_deref(), Some("+35312345678"));
        for bad in ["01 234 5678", "+12", "+0123456789", "+353 1 234 56 78 90 12 34", "+353x"] {
            assert_eq!(phone(bad), None, "{bad}");
        }
        assert_eq!(
            sites("shop.example, http://b.example/x\nc.example").unwrap(),
            "https://shop.example\nhttp://b.example/x\nhttps://c.example"
        );
        for bad in ["shop", "ftp://shop.example", "javascript:alert(1)", "https://", "https://a b"] {
            assert!(sites(bad).is_err(), "{bad}");
        }
    }
}
