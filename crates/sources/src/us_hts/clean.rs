//! Texts of the export as people read them: marks of HTML and stray white space out, signs in one form.

/// Takes out HTML elements, turns white space into single spaces, and writes `²`, `³` and `–` as `2`, `3` and `-`.
///
/// ```
/// use tidewaiter_sources::us_hts::clean;
/// assert_eq!(clean("14.5¢/m<sup>2 </sup>+ 0.4%"), "14.5¢/m2 + 0.4%");
/// assert_eq!(clean(" Free \n(A+)"), "Free (A+)");
/// assert_eq!(clean("a < b"), "a < b");
/// ```
pub fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut space = false;
    while let Some(letter) = rest.chars().next() {
        if letter == '<'
            && let Some(end) = element_end(rest)
        {
            // A line break between words keeps them apart; other marks stand inside words.
            let name = rest[1..end].trim_start_matches('/').to_ascii_lowercase();
            space |= ["br", "nl", "newline", "p"].iter().any(|mark| is_mark(&name, mark));
            rest = &rest[end + 1..];
            continue;
        }
        if let Some((entity, sign)) = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)) {
            push(&mut out, &mut space, sign);
            rest = &rest[entity.len()..];
            continue;
        }
        push(&mut out, &mut space, letter.encode_utf8(&mut [0; 4]));
        rest = &rest[letter.len_utf8()..];
    }
    out
}

/// Whether nothing would change: nearly all texts.
fn is_clean(text: &str) -> bool {
    let plain = |byte: u8| (b'!'..=b'~').contains(&byte) && byte != b'<' && byte != b'&';
    let mut last = b' ';
    let inside = text.bytes().all(|byte| {
        let fits = plain(byte) || (byte == b' ' && last != b' ');
        last = byte;
        fits
    });
    inside && (last != b' ' || text.is_empty())
}

const ENTITIES: &[(&str, &str)] =
    &[("&nbsp;", " "), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")];

fn push(out: &mut String, space: &mut bool, text: &str) {
    for letter in text.chars() {
        if letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}') {
            *space = true;
            continue;
        }
        if *space && !out.is_empty() {
            out.push(' ');
        }
        *space = false;
        out.push(match letter {
            '²' => '2',
            '³' => '3',
            '–' | '—' | '‑' | '−' => '-',
            other => other,
        });
    }
}

/// Place of the `>` that ends the element at the beginning of the text, if one begins there.
fn element_end(text: &str) -> Option<usize> {
    let inner = text.get(1..)?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    name.bytes().next().filter(u8::is_ascii_alphabetic)?;
    let end = inner.find('>')?;
    (end <= 200 && !inner[..end].contains('<')).then_some(end + 1)
}

fn is_mark(name: &str, mark: &str) -> bool {
    name.strip_prefix(mark).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn marks_go_and_words_stay() {
        for (raw, read) in [
            ("86.1¢/m<sup>2</sup>of recording surface", "86.1¢/m2of recording surface"),
            ("<il>86.1¢/m<sup>2</sup></il> of recording surface", "86.1¢/m2 of recording surface"),
            ("4.3¢/m<sup style=\"font-size: 9.75px;\">2</sup><il></il>", "4.3¢/m2"),
            ("Free\u{a0}\n (A)", "Free (A)"),
            ("one<br />two", "one two"),
            ("m²", "m2"),
            ("1 < 2 > 0", "1 < 2 > 0"),
            ("a <", "a <"),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(clean(raw), read, "{raw}");
        }
    }
}
