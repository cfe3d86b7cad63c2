//! Many questions in one body, divided without reading them: lines, or the elements of an array. Each is read when its turn comes, so that
//! a mistake in one does not refuse the others, and no more than one is in memory as a document.

use crate::problem::Problem;
use std::ops::Range;

/// Deepest nesting of an array that is divided; no question comes near it.
const DEEPEST: usize = 64;

/// Where a question stands in the body, and its number: that of its line, or of its place in the array, from 1.
pub(super) type Place = (usize, Range<usize>);

/// The lines that are not empty; where there are more than `most`, one more than that, and the rest is not looked at: a body of line ends alone
/// would be as many places as bytes.
pub(super) fn lines(body: &[u8], most: usize) -> Vec<Place> {
    let mut out = Vec::new();
    let mut start = if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut number = 0;
    while start < body.len() && out.len() <= most {
        let end = body[start..].iter().position(|b| *b == b'\n').map_or(body.len(), |at| start + at);
        number += 1;
        if !body[start..end].iter().all(u8::is_ascii_whitespace) {
            out.push((number, start..end));
        }
        start = end + 1;
    }
    out
}

/// The elements of an array; where there are more than `most`, one more than that, and the rest is not looked at. Only where each begins and ends is looked for; whether it is JSON is seen when it is read.
///
/// # Errors
/// [`Problem`] 400 where the body is no array, or one that does not end.
pub(super) fn elements(body: &[u8], most: usize) -> Result<Vec<Place>, Problem> {
    let no = |what: &str| Err(Problem::request(format!("The body is no JSON array of questions: {what}.")));
    let space = |b: &u8| b.is_ascii_whitespace();
    let Some(open) = body.iter().position(|b| !space(b)).filter(|at| body[*at] == b'[') else {
        return no("it does not begin with [");
    };
    let mut out: Vec<Place> = Vec::new();
    let (mut start, mut depth, mut text, mut escaped) = (open + 1, 0usize, false, false);
    for (at, byte) in body.iter().enumerate().skip(open + 1) {
        if text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => text = true,
            b'{' | b'[' if depth >= DEEPEST => return no("it is nested too deeply"),
            b'{' | b'[' => depth += 1,
            b',' | b']' if depth == 0 => {
                let empty = body[start..at].iter().all(space);
                if empty && (*byte == b',' || !out.is_empty()) {
                    return no("an element is missing");
                }
                if !empty {
                    out.push((out.len() + 1, start..at));
                }
                if out.len() > most {
                    return Ok(out);
                }
                start = at + 1;
                if *byte == b']' {
                    let rest = body[start..].iter().all(space);
                    return if rest { Ok(out) } else { no("something follows after its end") };
                }
            }
            b'}' | b']' if depth == 0 => return no("a bracket closes that was not opened"),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    no("it does not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str, places: Vec<Place>) -> Vec<(usize, &str)> {
        places.into_iter().map(|(number, place)| (number, &body[place])).collect()
    }

    #[test]
    fn lines_keep_their_numbers() {
        let body = "{\"a\":1}\r\n\n{\"b\":2}";
        assert_eq!(texts(body, lines(body.as_bytes(), 9)), [(1, "{\"a\":1}\r"), (3, "{\"b\":2}")]);
        assert_eq!(lines(b"", 9), []);
    }

    #[test]
    fn an_array_is_divided_at_its_own_commas() {
        let body = r#" [ {"a":[1,2]}, {"b":"],\"}"} ] "#;
        let found = texts(body, elements(body.as_bytes(), 9).unwrap());
        assert_eq!(found, [(1, r#" {"a":[1,2]}"#), (2, r#" {"b":"],\"}"} "#)]);
        assert_eq!(elements(b"[]", 9).unwrap(), []);
    }

    #[test]
    fn what_is_no_array_is_refused() {
        let deep = format!("[{}", "[".repeat(1000));
        for bad in ["", "{}", "[1", "[1,]", "[,1]", "[1] 2", "[}", "[\"a]", deep.as_str()] {
            assert!(elements(bad.as_bytes(), 9).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_more_places_are_kept_than_are_asked_for() {
        assert_eq!(lines("1\n".repeat(1000).as_bytes(), 9).len(), 10);
        assert_eq!(elements(format!("[{}1]", "1,".repeat(1000)).as_bytes(), 9).unwrap().len(), 10);
    }
}
