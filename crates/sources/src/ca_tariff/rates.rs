//! Duties as the Canadian table writes them, in the words of the grammar.
//!
//! ```text
//! duty  = "Free" | bound { " plus " part }
//! bound = part [ " but not less than " part ] [ " but not more than " | " or … " ]
//! part  = NUMBER "%" | "$" NUMBER per | NUMBER "¢" per
//! per   = "/" unit | ["/"] "each"
//! ```

use tidewaiter::Decimal;

/// The duty in words; nothing where it is not of the grammar.
pub(super) fn duty(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text == "Free" {
        return Some("0 %".into());
    }
    if let Some((first, least)) = text.split_once(" but not less than ") {
        if let Some((least, most)) = least.split_once(" or more than ") {
            return Some(format!("clamp({}, {}, {})", sum(first)?, sum(least)?, sum(most)?));
        }
        return Some(format!("max({}, {})", sum(first)?, sum(least)?));
    }
    if let Some((first, most)) = text.split_once(" but not more than ") {
        return Some(format!("min({}, {})", sum(first)?, sum(most)?));
    }
    sum(&text)
}

fn sum(text: &str) -> Option<String> {
    Some(text.split(" plus ").map(part).collect::<Option<Vec<_>>>()?.join(" + "))
}

fn part(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return Some(format!("{} %", crate::common::plain(percent.trim_end())?));
    }
    if let Some(dollars) = text.strip_prefix('$') {
        let end = dollars.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, per) = dollars.split_at(end);
        return Some(format!("{} CAD per {}", crate::common::plain(number)?, unit(per)?));
    }
    let (cents, per) = text.split_once('¢')?;
    let cents: Decimal = crate::common::plain(cents.trim_end())?.parse().ok()?;
    let dollars = cents.scaled("1".parse().ok()?, "100".parse().ok()?).ok()?;
    Some(format!("{dollars} CAD per {}", unit(per)?))
}

fn unit(per: &str) -> Option<&'static str> {
    let per = per.trim();
    Some(match per.strip_prefix('/').map_or(per, str::trim_start) {
        "each" => "item",
        "kg" if per.starts_with('/') => "kg",
        "tonne" if per.starts_with('/') => "t",
        "litre" if per.starts_with('/') => "l",
        "hl" if per.starts_with('/') => "hl",
        "dozen" if per.starts_with('/') => "dozen",
        "pair" if per.starts_with('/') => "pair",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::duty;
    use tidewaiter::record::grammar::amount;

    #[test]
    fn what_the_table_writes() {
        for (text, words) in [
            ("Free", "0 %"),
            ("16.5 %", "16.5 %"),
            ("35%", "35 %"),
            ("0.86 ¢each", "0.0086 CAD per item"),
            ("0.51¢/kg", "0.0051 CAD per kg"),
            ("238 % but not less than 30.8 ¢each", "max(238 %, 0.308 CAD per item)"),
            ("154.5 % but not less than $1.60/kg", "max(154.5 %, 1.6 CAD per kg)"),
            ("$106.50/tonne plus 7 %", "106.5 CAD per t + 7 %"),
            ("256 % but not less than $36.67/hl", "max(256 %, 36.67 CAD per hl)"),
        ] {
            assert_eq!(duty(text).as_deref(), Some(words));
            assert!(amount(words).is_ok(), "{words}");
        }
    }

    #[test]
    fn what_it_does_not() {
        for text in [
            "",
            "1.9 ¢",
            "5",
            "5 % 6 %",
            "$5",
            "$/kg",
            "free",
            "5 %, 3 %",
            "-5 %",
            "5 % plus",
            "$1.2.3/kg",
            "¢/kg",
            "5 kg",
        ] {
            assert_eq!(duty(text), None, "{text}");
        }
    }
}
