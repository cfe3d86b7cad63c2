//! Texts of the finder in the language of the page, each marked where it is in English because it was not written in that language.

use crate::locale::Lang;
use crate::say;
use maud::{Markup, html};
use std::cell::Cell;
use tidewaiter_finder::index::Note;
use tidewaiter_finder::notes::Noted;
use tidewaiter_finder::{Asking, Finder};

/// A text by language, as the finder keeps it.
type Written = [Option<String>; 3];

/// Says texts of the finder, and remembers whether one had to be in English.
pub(super) struct Voice {
    pub(super) finder: &'static Finder,
    pub(super) lang: Lang,
    fell_back: Cell<bool>,
}

impl Voice {
    pub(super) fn new(finder: &'static Finder, lang: Lang) -> Self {
        Self { finder, lang, fell_back: Cell::new(false) }
    }

    /// Whether a text is there in the language of the page.
    fn own(&self, written: &Written) -> bool {
        written.get(self.lang.finder() as usize).is_some_and(Option::is_some)
    }

    fn mark(&self, text: &str, own: bool) -> Markup {
        if own {
            return html! { (text) };
        }
        self.fell_back.set(true);
        self.lang.foreign(text)
    }

    fn say(&self, written: &Written) -> Markup {
        let own = self.own(written);
        let text = written.get(self.lang.finder() as usize).and_then(Option::as_ref).or(written[0].as_ref());
        self.mark(text.map_or("", String::as_str), own)
    }

    /// The titles of a chapter, heading or subheading; sections are written in every language.
    fn titles(&self, code: &str) -> Option<&'static Written> {
        let index = self.finder.index();
        let number: u32 = code.parse().ok()?;
        match code.len() {
            2 => index.chapters.iter().find(|(chapter, _)| u32::from(*chapter) == number).map(|(_, titles)| titles),
            4 => {
                let at = index.headings.binary_search_by_key(&number, |one| u32::from(one.digits)).ok()?;
                index.headings.get(at).map(|one| &one.titles)
            }
            6 => {
                let at = index.codes.binary_search_by_key(&number, |one| one.digits).ok()?;
                index.codes.get(at).map(|one| &one.titles)
            }
            _ => None,
        }
    }

    /// The title of a place, marked; nothing where there is no such place.
    pub(super) fn title(&self, code: &str) -> Option<Markup> {
        match self.titles(code) {
            Some(titles) => Some(self.say(titles)),
            None => self.plain_title(code).map(|title| html! { (title) }),
        }
    }

    /// The same as text.
    pub(super) fn plain_title(&self, code: &str) -> Option<String> {
        match self.titles(code) {
            Some(titles) => {
                titles.get(self.lang.finder() as usize).and_then(Option::as_ref).or(titles[0].as_ref()).cloned()
            }
            None => self.finder.page(code, self.lang.finder()).map(|page| page.title).filter(|t| !t.is_empty()),
        }
    }

    /// A question.
    pub(super) fn question(&self, asking: &Asking) -> Markup {
        match self.finder.index().questions.iter().find(|one| one.key == asking.key) {
            Some(question) => self.say(&question.asks),
            None => html! { (asking.asks) },
        }
    }

    /// A question by its key, where one of the words has it.
    pub(super) fn question_of(&self, key: &str) -> Option<Markup> {
        self.finder.index().questions.iter().find(|one| one.key == key).map(|one| self.say(&one.asks))
    }

    /// An answer to a question, by the keys of both; the code that was chosen where the question is about titles.
    pub(super) fn answer(&self, question: &str, answer: &str) -> Option<Markup> {
        match self.finder.index().questions.iter().find(|one| one.key == question) {
            Some(known) => known.answers.iter().find(|(key, _)| key == answer).map(|(_, words)| self.say(words)),
            None => self.title(answer),
        }
    }

    /// A legal note.
    pub(super) fn note(&self, code: &str, note: &Noted) -> Markup {
        let chapter: Option<u8> = code.get(..2).and_then(|two| two.parse().ok());
        let known = chapter.and_then(|chapter| self.finder.index().notes.get(&chapter)).map_or(&[][..], Vec::as_slice);
        let at = self.lang.finder() as usize;
        let own = |one: &Note| one.says.get(at).and_then(Option::as_deref) == Some(note.says.as_str());
        self.mark(&note.says, known.iter().any(own))
    }

    /// Goods that are often taken for those of a heading.
    pub(super) fn other(&self, code: &str, what: &str) -> Markup {
        let heading: Option<u32> = code.get(..4).and_then(|four| four.parse().ok());
        let mut headings = self.finder.index().headings.iter();
        let known = headings.find(|one| Some(u32::from(one.digits)) == heading).map_or(&[][..], |one| &one.out);
        let at = self.lang.finder() as usize;
        self.mark(what, known.iter().any(|(written, _)| written.get(at).and_then(Option::as_deref) == Some(what)))
    }

    /// A question or an answer that decides, as a page of the tree tells it.
    pub(super) fn fact(&self, text: &str) -> Markup {
        let at = self.lang.finder() as usize;
        let own = |written: &Written| written.get(at).and_then(Option::as_deref) == Some(text);
        let questions = &self.finder.index().questions;
        let known = questions.iter().any(|one| own(&one.asks) || one.answers.iter().any(|(_, words)| own(words)));
        self.mark(text, known)
    }

    /// A text of the data, which is in English.
    pub(super) fn data(&self, text: &str) -> Markup {
        match self.lang.name(text) {
            Some(name) => html! { (name) },
            None => self.mark(text, false),
        }
    }

    /// The name or title that decided, in its own language: words in another language than that of the page are looked up too.
    pub(super) fn name(&self, name: &str) -> Markup {
        let own = self.lang.finder();
        let mut spoken = self.finder.index().phrases.iter().filter(|one| one.text == name).map(|one| one.language);
        let first = spoken.next();
        let tag = match first {
            Some(language) if language != own && !spoken.any(|other| other == own) => {
                Lang::all().find(|lang| lang.finder() == language).map(Lang::tag)
            }
            _ => None,
        };
        html! { q lang=[tag] { (name) } }
    }

    /// One line that says that something above or below is in English; nothing where nothing is. Ask for it last.
    pub(super) fn notice(&self) -> Markup {
        html! { @if self.fell_back.get() { p.quiet.small { (say!(self.lang, CODE_ENGLISH)) } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A title that was not written in French is in English there, and says so; one that was written says nothing.
    #[test]
    fn english_in_a_french_page_is_marked() {
        let finder = Finder::embedded();
        let missing = finder.index().codes.iter().find(|code| code.titles[1].is_none()).unwrap();
        let digits = format!("{:06}", missing.digits);
        let lang = Lang::of_tag("fr").unwrap();
        let voice = Voice::new(finder, lang);
        assert_eq!(voice.title("6109").unwrap().into_string(), voice.plain_title("6109").unwrap());
        assert!(voice.notice().into_string().is_empty());
        assert!(voice.title(&digits).unwrap().into_string().starts_with("<span lang=\"en\""));
        assert!(!voice.notice().into_string().is_empty());
        let english = Voice::new(finder, Lang::FIRST);
        english.title(&digits).unwrap();
        assert!(english.title("XI").is_some() && english.title("6199").is_none());
        assert!(english.notice().into_string().is_empty());
    }

    #[test]
    fn a_name_of_another_language_says_which() {
        let french = Voice::new(Finder::embedded(), Lang::of_tag("fr").unwrap());
        let name = |text: &str| french.name(text).into_string();
        assert_eq!(name("<b>"), "<q>&lt;b&gt;</q>");
        let index = Finder::embedded().index();
        let only = |phrase: &&tidewaiter_finder::index::Phrase| {
            let same = |other: &&tidewaiter_finder::index::Phrase| other.text == phrase.text;
            phrase.language == tidewaiter_finder::Language::Es && index.phrases.iter().filter(same).count() == 1
        };
        let spanish = index.phrases.iter().find(only).unwrap();
        assert!(name(&spanish.text).starts_with("<q lang=\"es\">"));
    }
}
