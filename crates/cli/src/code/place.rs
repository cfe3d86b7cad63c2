//! A place in the Harmonized System: what stands above and below it, which goods are in it and which are not, and what became of codes of
//! older editions.

use super::pays::Pays;
use super::pointed;
use super::says::{Says, put, says};
use crate::args::CodeArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone, short};
use crate::source;
use crate::table::{Align, Table};
use serde::Serialize;
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::MovedView;
use tidewaiter_finder::{Finder, Language, tree};

/// What is printed as JSON.
#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    page: Option<tree::Page>,
    /// What became of it, where it is a code of an older edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<MovedView>,
    /// Codes of older editions whose goods are here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    came_from: Vec<MovedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The digits of words that are a code: 2, 4, 6, 8 or 10 of them, with points and spaces between.
pub(super) fn digits(text: &str) -> Option<String> {
    let only = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' '));
    let digits: String = text.chars().filter(char::is_ascii_digit).take(13).collect();
    (only && [2, 4, 6, 8, 10].contains(&digits.len())).then_some(digits)
}

/// How many digits stand in words that would be a code if they were fewer or more.
pub(super) fn wrong_digits(text: &str) -> Option<usize> {
    let only = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' '));
    let count = text.chars().filter(char::is_ascii_digit).count();
    (only && count > 0 && digits(text).is_none()).then_some(count)
}

/// The page of a place: a section, or a code of which the first six digits count.
pub(super) fn run(args: &CodeArgs, place: &str, pays: Option<&Pays<'_>>, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open(&args.source)?;
    let language = args.lang.map_or(Language::En, Into::into);
    let words = says(language);
    let finder = Finder::embedded();
    let code: Option<GoodsCode> = digits(place).and_then(|digits| digits.parse().ok());
    let six = digits(place).map_or_else(|| place.to_owned(), |digits| digits.chars().take(6).collect());
    let moved = code.and_then(|code| ratebook.moved(code));
    let found = finder.page(&six, language);
    if found.is_none() && code.is_none() && !place.is_empty() {
        return Err(Failure::usage(format!(
            "\"{}\" is neither a section (I to XXI) nor a code of 2, 4 or 6 digits; `tidewaiter code --tree` lists the sections",
            short(place)
        )));
    }
    // A code that ended is not taken for one of today, nor one of today for an older one that was not asked for.
    let old = args.edition.is_some() || found.is_none();
    let exit = match (&found, &moved) {
        (None, None) => Exit::NotAnAmount,
        (_, Some(moved)) if old && moved.to.is_empty() => Exit::NotAnAmount,
        _ => Exit::Answered,
    };
    let came_from = code.map(|code| ratebook.came_from(code)).unwrap_or_default();
    let no_such = || put(words.no_such, &[&pointed(&six)]);
    if args.json {
        let error = (found.is_none() && moved.is_none()).then(no_such);
        page.json(&Document { page: found, moved: moved.filter(|_| old), came_from, error })?;
        return Ok(exit);
    }
    match (found, moved) {
        (_, Some(moved)) if old => show_moved(&moved, args, language, page)?,
        (None, _) => {
            page.paragraph(&no_such(), Tone::Caution)?;
            let above = [4, 2].into_iter().filter_map(|digits| finder.page(six.get(..digits)?, language)).next();
            if let Some(above) = above {
                let name = format!("{} {}", pointed(&above.code), above.title);
                page.paragraph(&put(words.nearest, &[&name]), Tone::Plain)?;
            }
        }
        (Some(found), _) => {
            if args.edition.is_some() {
                page.paragraph(&put(words.still, &[&pointed(&six)]), Tone::Plain)?;
                page.gap()?;
            }
            show(&found, words, page)?;
            if !came_from.is_empty() {
                let from = came_from.iter().map(|one| format!("{} ({})", pointed(&one.code), one.edition));
                page.gap()?;
                page.paragraph(&put(words.came_from, &[&from.collect::<Vec<_>>().join(", ")]), Tone::Quiet)?;
            }
            if let Some(pays) = pays.filter(|_| six.len() >= 4) {
                page.gap()?;
                pays.show_alone(&six, words, page)?;
            }
        }
    }
    Ok(exit)
}

/// What became of a code.
fn show_moved(moved: &MovedView, args: &CodeArgs, language: Language, page: &mut Page) -> Result<(), Failure> {
    let words = says(language);
    let code = pointed(&moved.code);
    // "HS 2012" is before 2017: the edition asked about did not have it any more.
    let year = moved.edition.rsplit(' ').next().unwrap_or_default();
    if args.edition.as_ref().is_some_and(|asked| year < asked.as_str()) {
        page.paragraph(&put(words.was_last, &[&code, &moved.edition]), Tone::Caution)?;
    }
    if moved.to.is_empty() {
        return Ok(page.paragraph(&put(words.no_successor, &[&code, &moved.edition]), Tone::Caution)?);
    }
    let day = moved.from.map(|day| day.to_string()).unwrap_or_default();
    page.paragraph(&put(words.was, &[&code, &moved.edition, &day, &moved.newer]), Tone::Plain)?;
    let mut table = Table::new(&[("", Align::Left), ("", Align::Left)], 1);
    for to in &moved.to {
        let title = Finder::embedded().page(to, language).map(|page| page.title).unwrap_or_default();
        table.row(vec![pointed(to), title]);
    }
    Ok(page.table(&table)?)
}

fn show(found: &tree::Page, words: &Says, page: &mut Page) -> Result<(), Failure> {
    let path = found.above.iter().map(|step| format!("{} {}", pointed(&step.code), step.title));
    let path: Vec<String> = path.collect();
    if !path.is_empty() {
        page.paragraph(&path.join(" > "), Tone::Quiet)?;
    }
    if !found.code.is_empty() {
        page.paragraph(&format!("{} {}", pointed(&found.code), found.title), Tone::Strong)?;
    }
    if !found.below.is_empty() {
        let mut table = Table::new(&[("", Align::Left), ("", Align::Left)], 1);
        found.below.iter().for_each(|step| table.row(vec![pointed(&step.code), step.title.clone()]));
        if !found.code.is_empty() {
            page.gap()?;
        }
        page.table(&table)?;
    }
    if !found.names.is_empty() {
        page.gap()?;
        page.paragraph(&put(words.goods_in_it, &[&found.names.join(", ")]), Tone::Plain)?;
    }
    for other in &found.not_here {
        page.bullet(&put(words.not_here, &[&other.what, &other.to]))?;
    }
    if !found.facts.is_empty() {
        page.heading(words.decides)?;
        found.facts.iter().try_for_each(|fact| page.bullet(&format!("{} {}", fact.asks, fact.answers.join("; "))))?;
    }
    if !found.notes.is_empty() {
        page.heading(words.notes)?;
        found.notes.iter().try_for_each(|note| page.bullet(&noted(note)))?;
    }
    Ok(())
}

/// A note with its law: "Waistcoats are not here (Chapter 61, Note 1)".
pub(super) fn noted(note: &tidewaiter_finder::notes::Noted) -> String {
    format!("{} ({})", note.says, note.law)
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn words_that_are_a_code() {
        for (text, code) in [("6109.10", "610910"), ("61 09", "6109"), ("61", "61"), ("6109.10.00.40", "6109100040")] {
            assert_eq!(digits(text).as_deref(), Some(code));
        }
        for text in ["", ".", "6", "123", "12345", "6109.10.00.40.11", "6109a", "12 mugs", "６１"] {
            assert_eq!(digits(text), None, "{text}");
        }
    }
}
