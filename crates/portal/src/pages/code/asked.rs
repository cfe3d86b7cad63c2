//! What the address of a search asks: words, answers to questions, and where the goods go.

use crate::desk::Book;
use crate::form::{self, Fields, is_code};
use crate::locale::Lang;
use crate::problem::Wrong;
use jiff::civil::Date;
use tidewaiter::{Ask, Consignment, Decimal, Item};
use tidewaiter_finder::{Finder, Query};

/// Fields of this page, in the order in which its addresses have them; answers follow.
const FIELDS: [&str; 8] = ["goods", "to", "origin", "from", "channel", "price", "currency", "date"];
/// Most answers that count.
const MOST_ANSWERS: usize = 12;
/// Longest value of a field, in bytes; as in every form.
const MOST_BYTES: usize = 500;
/// What a piece is taken to be worth where nothing is said, in a currency with a smaller unit and in one without: a hundred yen buy
/// nothing that customs looks at.
const USUAL: i64 = 100;
const USUAL_WHOLE: i64 = 10_000;

/// A search.
pub(super) struct Asked {
    /// What the goods are, as typed.
    pub(super) text: String,
    /// Answers: keys of question and answer; an empty answer where none is known.
    pub(super) answers: Vec<(String, String)>,
    /// Whether the address has an answer that no question has.
    pub(super) unfit: bool,
    /// The fields of this page, each once and not empty, without the answers.
    fields: Fields,
    /// What cannot be read.
    pub(super) wrong: Vec<Wrong>,
    /// Everything about the parcel but the code.
    consignment: Consignment,
    /// The price of a piece, where one is given that can be read.
    price: Option<Decimal>,
}

impl Asked {
    /// Reads an address.
    pub(super) fn read(finder: &Finder, query: &str, lang: Lang) -> Self {
        let asked = form::read(query, Some(lang));
        let usable = |value: &str| !value.trim().is_empty() && value.len() <= MOST_BYTES;
        let first = |name: &str| {
            let mut values = asked.fields.iter().filter(|(field, value)| field == name && usable(value));
            values.next().map(|(_, value)| value.chars().filter(|c| !c.is_control()).collect::<String>())
        };
        let fields: Fields =
            FIELDS.iter().filter_map(|name| Some(((*name).to_owned(), first(name)?.trim().to_owned()))).collect();
        let text = first("goods").unwrap_or_default().trim().to_owned();
        // A form that is sent again with other words sends the old answers too, and for which words they were.
        let stale = first("about").is_some_and(|about| about.trim() != text);
        let said = asked.said.iter().filter(|one| !stale && one.item.is_none_or(|item| item == 1));
        let mut answers: Vec<(String, String)> = Vec::new();
        let mut unfit = false;
        for one in said.take(MOST_ANSWERS) {
            // Without words the answer alone is checked.
            let known = finder.ask(&Query::new("").answer(&one.question, &one.answer)).is_ok();
            let pair = (one.question.clone(), one.answer.clone());
            if known && !answers.iter().any(|(question, _)| *question == pair.0) {
                answers.push(pair);
            }
            unfit |= !known;
        }
        let priced = fields.iter().any(|(name, _)| name == "price");
        // Words without a price are a question here.
        let wrong = asked.wrong.into_iter().filter(|wrong| match wrong.field.as_str() {
            "items[0].price" => priced,
            field => !field.starts_with("items["),
        });
        let price = asked.consignment.items.first().map(|item| item.price).filter(|p| priced && *p > Decimal::ZERO);
        Self { text, answers, unfit, wrong: wrong.collect(), consignment: asked.consignment, price, fields }
    }

    /// The first value of a field.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// The digits, where the words are a code.
    pub(super) fn code(&self) -> Option<String> {
        is_code(&self.text).then(|| self.text.chars().filter(char::is_ascii_digit).collect())
    }

    fn address(&self, answers: impl Iterator<Item = (String, String)>) -> String {
        let answers = answers.map(|(question, answer)| ("answer".to_owned(), format!("{question}:{answer}")));
        form::address(&self.fields.iter().cloned().chain(answers).collect())
    }

    /// The same search with one more answer, as an address without its path.
    pub(super) fn and(&self, question: &str, answer: &str) -> String {
        self.address(self.answers.iter().cloned().chain([(question.to_owned(), answer.to_owned())]))
    }

    /// The same search without the answer to a question.
    pub(super) fn without(&self, question: &str) -> String {
        self.address(self.answers.iter().filter(|(key, _)| key != question).cloned())
    }

    /// What a quote is asked for goods of a code, as an address without its path: with the words where there are any, since
    /// they say more to a reader than the code.
    pub(super) fn quote(&self, code: &str) -> String {
        let mut fields: Fields = if self.text.is_empty() || is_code(&self.text) {
            vec![("goods".to_owned(), code.to_owned())]
        } else {
            vec![("goods".to_owned(), self.text.clone()), ("code".to_owned(), code.to_owned())]
        };
        fields.extend(self.fields.iter().filter(|(name, _)| name != "goods").cloned());
        form::address(&fields)
    }

    /// The page of a code, with what was asked, so that it is still there when the code is used.
    pub(super) fn page(&self, code: &str) -> String {
        let fields = form::address(&self.fields);
        if fields.is_empty() { super::page_of(code) } else { format!("{}?{fields}", super::page_of(code)) }
    }

    /// What the buyer's part rests on; nothing where no destination was chosen.
    ///
    /// # Errors
    /// What cannot be asked: no rules of the destination, no such origin or currency.
    pub(super) fn basis(&self, book: &Book, today: Date) -> Option<Result<Basis, Vec<Wrong>>> {
        if self.consignment.to.is_empty() {
            return None;
        }
        if !self.wrong.is_empty() {
            return Some(Err(Vec::new()));
        }
        let mut asked = self.consignment.clone();
        let origin = asked.items.first().and_then(|item| item.origin.clone());
        let sent = asked.from.is_none() && origin.is_some();
        let origin = origin.or_else(|| asked.from.clone());
        asked.from = asked.from.or_else(|| origin.clone());
        if asked.currency.is_empty() {
            asked.currency = book.economy(&asked.to).map(|economy| economy.currency).unwrap_or_default();
        }
        let usual = if book.currency_minor(&asked.currency) == Some(0) { USUAL_WHOLE } else { USUAL };
        let value = self.price.unwrap_or_else(|| Decimal::from_int(usual));
        asked.items = vec![Item { origin, price: value, quantity: Decimal::ONE, ..Item::default() }];
        let day = *asked.date.get_or_insert(today);
        let ask = Ask { steps: false, today: Some(today) };
        if let Err(error) = book.answer(&asked, &ask) {
            let wrong = error.problems.into_iter();
            return Some(Err(wrong.map(|p| Wrong { field: p.field, value: p.value, message: p.message }).collect()));
        }
        Some(Ok(Basis { asked, value, example: self.price.is_none(), sent, day, ask }))
    }
}

/// What is asked of a quote for each code: one piece.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    /// The question, without a code.
    pub(super) asked: Consignment,
    /// The price of the piece.
    pub(super) value: Decimal,
    /// Whether that price is ours, because none was given.
    pub(super) example: bool,
    /// Whether where it was made was taken for where it is sent from.
    pub(super) sent: bool,
    /// Whose law.
    pub(super) day: Date,
    /// How it is asked.
    pub(super) ask: Ask,
}

impl Basis {
    /// Where it was made.
    pub(super) fn origin(&self) -> Option<&str> {
        self.asked.items.first().and_then(|item| item.origin.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Asked {
        Asked::read(Finder::embedded(), query, Lang::FIRST)
    }

    #[test]
    fn an_answer_is_added_and_taken_back() {
        let asked = read("goods=jumper&to=FR&answer=made-of:wool&answer=who:&x=1&to=DE");
        assert_eq!((asked.text.as_str(), asked.field("to"), asked.unfit), ("jumper", "FR", false));
        assert_eq!(asked.answers, [("made-of".into(), "wool".into()), ("who".into(), String::new())]);
        assert_eq!(asked.without("made-of"), "goods=jumper&to=FR&answer=who%3A");
        assert!(asked.and("knit", "knitted").ends_with("&answer=who%3A&answer=knit%3Aknitted"));
        assert_eq!(asked.quote("6110.11"), "goods=jumper&code=6110.11&to=FR");
        assert_eq!(asked.page("611011"), "/code/6110.11?goods=jumper&to=FR");
        assert_eq!(read("").quote("6110.11"), "goods=6110.11");
        assert_eq!(read("").page("611011"), "/code/6110.11");
    }

    #[test]
    fn answers_that_do_not_fit_are_left_out_and_told() {
        let asked = read("goods=jumper&answer=made-of:cheese&answer=colour:red&answer=made-of:wool");
        assert_eq!((asked.answers.len(), asked.unfit), (1, true));
        let stale = read("goods=mug&about=jumper&answer=made-of:wool");
        assert_eq!((stale.answers.len(), stale.unfit), (0, false));
    }

    #[test]
    fn words_without_a_price_are_a_question_here() {
        assert_eq!(read("goods=mug").wrong, []);
        assert_eq!(read("goods=mug&price=x").wrong[0].field, "items[0].price");
        assert_eq!(read(&format!("goods={}", "mug".repeat(200))).wrong[0].field, "goods");
        assert_eq!(read("goods=61+09.10").code().as_deref(), Some("610910"));
        assert_eq!(read("goods=12+mugs").code(), None);
    }

    #[test]
    fn many_fields_and_answers_do_not_grow_the_addresses() {
        let many: String = (0..300).map(|_| "&answer=made-of:wool&to=FR").collect();
        assert_eq!(read(&format!("goods=mug{many}")).answers.len(), 0, "too many fields");
        let many: String = (0..60).map(|at| format!("&answer=heading:{:04}", 6101 + at)).collect();
        assert!(read(&format!("goods=mug{many}")).answers.len() <= MOST_ANSWERS);
    }
}
