//! "Do I have to register, and where?" Nothing of what is asked is kept.

use super::answer::answered;
use super::{Request, private, with};
use crate::desk::Book;
use crate::form::amount;
use crate::guard::elsewhere;
use crate::locale::Lang;
use crate::pages::layout::{Door, Head, page};
use crate::pages::parts::{fold, origins};
use crate::problem::Problem;
use crate::{say, work};
use axum::extract::{FromRequest as _, Multipart, Request as Sent};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use std::sync::LazyLock;
use tidewaiter::Decimal;
use tidewaiter::quote::consignment::GivenRate;
use tidewaiter_collect::Definition;
use tidewaiter_collect::advice::{Asked, COLUMNS, Sold, advise, read};
use tidewaiter_collect::ledger::Definitions;

/// Rows of the form, and how many of them are seen at once.
const ROWS: usize = 12;
const SEEN: usize = 3;
/// Most lines of a list that a seller writes: exchange rates, turnover.
const MOST_LINES: usize = 40;
/// Fields of a row.
const FIELDS: [&str; 6] = ["to", "currency", "amount", "orders", "value", "item"];

/// The rules of all schemes that are inside the program.
pub(super) fn definitions() -> &'static Definitions {
    static ALL: LazyLock<Definitions> = LazyLock::new(|| {
        let read = |(key, text): &(&str, &str)| match Definition::read(text) {
            Ok(definition) => Some(((*key).to_owned(), definition)),
            Err(faults) => {
                tracing::error!(?faults, "the file of {key} cannot be read");
                None
            }
        };
        tidewaiter_data::returns().iter().filter_map(read).collect()
    });
    &ALL
}

/// What was written.
#[derive(Debug, Clone, Default)]
struct Written {
    home: String,
    rows: Vec<[String; 6]>,
    table: String,
    rates: String,
    world: String,
    registered: Vec<String>,
}

/// What cannot be read: the element of the page, and what is wrong.
type Wrong = Vec<(String, Markup)>;

pub(super) async fn show(request: Request) -> Response {
    whole(&request, &Written::default(), &Vec::new(), None)
}

/// Answers. Nothing changes here, so the answer is the page itself.
pub(super) async fn answer(request: Request, sent: Sent) -> Result<Response, Response> {
    elsewhere::refuse(sent.headers(), &request.desk.settings).map_err(Problem::into_response)?;
    let written = taken(sent).await?;
    let lang = request.lang;
    let book = request.desk.book();
    let mut wrong = Wrong::new();
    let places = Places::new(lang, &book);
    let home = match places.find(&written.home) {
        Some(code) => code,
        None => {
            wrong.push(("home".into(), html! { (say!(lang, WHERE_NO_PLACE)) }));
            String::new()
        }
    };
    let mut sold = Vec::new();
    for (n, row) in written.rows.iter().enumerate() {
        sold.extend(one(&request, &places, n, row, &mut wrong));
    }
    if !written.table.trim().is_empty() {
        match read(written.table.as_bytes()) {
            Ok(rows) => sold.extend(rows),
            Err(says) => wrong.extend(says.into_iter().map(|says| ("table".into(), lang.foreign(&says)))),
        }
    }
    let rates = rates(lang, &written.rates, &mut wrong);
    let world = world(lang, &written.world, &mut wrong);
    if wrong.is_empty() && sold.is_empty() {
        wrong.push(("to-0".into(), html! { (say!(lang, WHERE_NOTHING)) }));
    }
    if !wrong.is_empty() {
        return Ok(with(StatusCode::UNPROCESSABLE_ENTITY, whole(&request, &written, &wrong, None)));
    }
    let (today, registered, rules) = (request.desk.today(), written.registered.clone(), std::sync::Arc::clone(&book));
    let advised = work::slowly(move || {
        let asked = Asked { home, today, registered: &registered, sold: &sold, rates: &rates, world: &world };
        advise(&asked, definitions(), &rules)
    });
    match advised.await.map_err(Problem::into_response)? {
        Ok(advice) => Ok(whole(&request, &written, &wrong, Some(answered(&request, &advice)))),
        Err(says) => {
            let wrong: Wrong = says.iter().map(|says| ("table".into(), lang.foreign(says))).collect();
            Ok(with(StatusCode::UNPROCESSABLE_ENTITY, whole(&request, &written, &wrong, None)))
        }
    }
}

async fn taken(sent: Sent) -> Result<Written, Response> {
    let mut parts = Multipart::from_request(sent, &()).await.map_err(|no| no.into_response())?;
    let mut written = Written::default();
    let mut columns: [Vec<String>; 6] = Default::default();
    while let Some(part) = parts.next_field().await.map_err(|no| no.into_response())? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|no| no.into_response())?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let short = || text.trim().chars().take(200).collect::<String>();
        match name.as_str() {
            "home" => written.home = short(),
            "table" if !text.trim().is_empty() => written.table = text,
            // The file comes last, and a file that is chosen is meant.
            "file" if !bytes.is_empty() => written.table = text,
            "rates" => written.rates = text,
            "world" => written.world = text,
            "registered" if definitions().contains_key(text.as_str()) && !written.registered.contains(&text) => {
                written.registered.push(text);
            }
            _ => {
                if let Some(at) = FIELDS.iter().position(|field| *field == name)
                    && columns[at].len() < ROWS
                {
                    columns[at].push(short());
                }
            }
        }
    }
    let rows = columns.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |at: usize, n: usize| columns[at].get(n).cloned().unwrap_or_default();
    written.rows = (0..rows).map(|n| [0, 1, 2, 3, 4, 5].map(|at| cell(at, n))).collect();
    Ok(written)
}

/// Places by code and by name, as people write them.
struct Places {
    all: Vec<(String, String)>,
    english: Vec<(String, String)>,
}

fn folded(text: &str) -> String {
    text.trim().chars().map(fold).collect()
}

impl Places {
    fn new(lang: Lang, book: &Book) -> Self {
        Self { all: origins(lang, book), english: origins(Lang::FIRST, book) }
    }

    fn find(&self, text: &str) -> Option<String> {
        let wanted = folded(text);
        let is = |(code, name): &&(String, String)| code.eq_ignore_ascii_case(text.trim()) || folded(name) == wanted;
        self.all.iter().chain(&self.english).find(is).map(|(code, _)| code.clone())
    }
}

fn one(request: &Request, places: &Places, n: usize, row: &[String; 6], wrong: &mut Wrong) -> Option<Sold> {
    let lang = request.lang;
    let [to, currency, sum, orders, value, item] = row;
    // The currency alone is no row: the form offers it.
    if [to, sum, orders, value, item].iter().all(|text| text.is_empty()) {
        return None;
    }
    let mut no = |field: &str, says: Markup| wrong.push((format!("{field}-{n}"), says));
    let place = places.find(to);
    if place.is_none() {
        no("to", html! { (say!(lang, WHERE_NO_PLACE)) });
    }
    let code = currency.to_ascii_uppercase();
    if !request.desk.book().currencies().iter().any(|one| one.code == code) {
        no("currency", html! { (say!(lang, WHERE_NO_CURRENCY)) });
    }
    let mut number = |field: &str, text: &str, must: bool| match text {
        "" if !must => None,
        "" => {
            no(field, html! { (say!(lang, WHERE_NO_AMOUNT)) });
            None
        }
        text => match amount(text, Some(lang)) {
            Ok(number) => Some(number),
            Err(says) => {
                no(field, lang.wrong(&says));
                None
            }
        },
    };
    let goods = number("amount", sum, true);
    let (consignment, item) = (number("value", value, false), number("item", item, false));
    let count = if orders.is_empty() { Some(1) } else { orders.parse::<u64>().ok().filter(|count| *count > 0) };
    if count.is_none() {
        no("orders", html! { (say!(lang, WHERE_NO_ORDERS)) });
    }
    Some(Sold {
        named: say!(lang, WHERE_ROW, number = n + 1),
        day: request.desk.today(),
        to: place?,
        from: None,
        currency: code,
        goods: goods?,
        shipping: Decimal::ZERO,
        orders: count?,
        consignment,
        item,
        platform: false,
        business: false,
        code: None,
        rate: None,
    })
}

/// `EUR/NOK = 11.5`, one a line.
fn rates(lang: Lang, text: &str, wrong: &mut Wrong) -> Vec<GivenRate> {
    let read = |line: &str| {
        let (pair, rate) = line.split_once('=')?;
        let (from, to) = pair.split_once('/')?;
        let rate = amount(rate, Some(lang)).ok().filter(|rate| !rate.is_zero())?;
        Some(GivenRate { from: letters(from)?, to: letters(to)?, rate })
    };
    lines(text, "rates", say!(lang, WHERE_NO_RATE), read, wrong)
}

/// `SGD = 1200000`, one a line.
fn world(lang: Lang, text: &str, wrong: &mut Wrong) -> Vec<(String, Decimal)> {
    let read = |line: &str| {
        let (code, sum) = line.split_once('=')?;
        Some((letters(code)?, amount(sum, Some(lang)).ok()?))
    };
    lines(text, "world", say!(lang, WHERE_NO_WORLD), read, wrong)
}

fn letters(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).then_some(code)
}

fn lines<T>(text: &str, at: &str, says: String, read: impl Fn(&str) -> Option<T>, wrong: &mut Wrong) -> Vec<T> {
    let mut all = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_LINES) {
        match read(line) {
            Some(one) => all.push(one),
            None => wrong.push((at.to_owned(), html! { (says) })),
        }
    }
    all
}

fn whole(request: &Request, written: &Written, wrong: &Wrong, answer: Option<Markup>) -> Response {
    let lang = request.lang;
    let (title, about) = (say!(lang, WHERE_TITLE), say!(lang, WHERE_LEDE));
    let is_answered = answer.is_some();
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (about) }
            p.quiet { (say!(lang, WHERE_PRIVATE)) }
            (lang.notice())
        }
        @if let Some(answer) = answer { (answer) }
        @if is_answered {
            details.asked-again { summary { (say!(lang, WHERE_AGAIN)) } (form(request, written, wrong)) }
        } @else {
            (form(request, written, wrong))
        }
        p { a href=(request.to("/collect/equal")) { (say!(lang, EQUAL_TITLE)) } }
    };
    // The form of all is the same, yet it says where it comes from: what caches answer in its place does not.
    private(page(request, &Head { door: Door::Collect, title: &title, about: &about }, body))
}

fn form(request: &Request, written: &Written, wrong: &Wrong) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let filled = |n: &usize| written.rows.get(*n).is_some_and(|row| !row[0].is_empty() || !row[2].is_empty());
    let more_open = (SEEN..ROWS).any(|n| filled(&n)) || wrong.iter().any(|(at, _)| is_later(at));
    let sheet = Sheet { lang, written, wrong };
    html! {
        form.card method="post" enctype="multipart/form-data" action=(request.to("/collect/where")) {
            @if !wrong.is_empty() { p.note.stop role="alert" tabindex="-1" autofocus { (say!(lang, OFFICE_WRONG)) } }
            datalist #places { @for (code, name) in origins(lang, &book) { option value=(code) { (name) } } }
            datalist #currencies { @for one in book.currencies() { option value=(one.code) {} } }
            div.field.home {
                label for="home" { (say!(lang, WHERE_HOME)) }
                input id="home" name="home" list="places" value=(written.home) maxlength="60" autocomplete="off" required
                    aria-invalid=[sheet.invalid("home")] aria-describedby={ "home-hint" (sheet.told("home")) };
                span.hint #home-hint { (say!(lang, WHERE_HOME_HINT)) }
                (sheet.says("home"))
            }
            section.stack aria-labelledby="sold" {
                h2 #sold { (say!(lang, WHERE_SOLD)) }
                p.hint { (say!(lang, WHERE_SOLD_HINT)) }
                @for n in 0..SEEN { (sheet.row(n)) }
                details open[more_open] { summary { (say!(lang, WHERE_MORE, count = ROWS - SEEN)) } div.stack { @for n in SEEN..ROWS { (sheet.row(n)) } } }
            }
            details open[!written.table.is_empty() || wrong.iter().any(|(at, _)| at == "table")] {
                summary { (say!(lang, WHERE_TABLE)) }
                div.stack {
                    p { (say!(lang, WHERE_TABLE_HINT)) }
                    p.hint { (say!(lang, WHERE_COLUMNS)) " " code { (COLUMNS.join(", ")) } }
                    pre tabindex="0" { "month,to,currency,amount,orders,value,item\n2026-09,NO,NOK,21000,30,1500,900\n" }
                    div.field {
                        label for="table" { (say!(lang, WHERE_PASTE)) }
                        textarea id="table" name="table" rows="6" aria-invalid=[sheet.invalid("table")] aria-describedby=[sheet.describes("table")] { (written.table) }
                        (sheet.says("table"))
                    }
                    div.field { label for="file" { (say!(lang, WHERE_FILE)) } input id="file" name="file" type="file" accept=".csv,text/csv"; }
                }
            }
            details open[!written.rates.is_empty() || !written.world.is_empty() || !written.registered.is_empty()] {
                summary { (say!(lang, WHERE_ONLY_YOU)) }
                div.fields {
                    div.field.w6 {
                        label for="rates" { (say!(lang, WHERE_RATES)) }
                        textarea id="rates" name="rates" rows="3" aria-invalid=[sheet.invalid("rates")] aria-describedby={ "rates-hint" (sheet.told("rates")) } { (written.rates) }
                        span.hint #rates-hint { (say!(lang, WHERE_RATES_HINT)) " " code { "EUR/NOK = 11.5" } }
                        (sheet.says("rates"))
                    }
                    div.field.w6 {
                        label for="world" { (say!(lang, WHERE_WORLD)) }
                        textarea id="world" name="world" rows="3" aria-invalid=[sheet.invalid("world")] aria-describedby={ "world-hint" (sheet.told("world")) } { (written.world) }
                        span.hint #world-hint { (say!(lang, WHERE_WORLD_HINT)) " " code { "SGD = 1200000" } }
                        (sheet.says("world"))
                    }
                    fieldset.w12 {
                        legend { (say!(lang, WHERE_REGISTERED)) }
                        @for (key, definition) in definitions() {
                            label.check {
                                input type="checkbox" name="registered" value=(key) checked[written.registered.contains(key)];
                                span { (lang.foreign(&definition.scheme.name)) " " code.small { (key) } }
                            }
                        }
                    }
                }
            }
            div.row { button type="submit" { (say!(lang, WHERE_ASK)) } }
        }
    }
}

/// Whether an element stands among the rows that are not seen at first.
fn is_later(at: &str) -> bool {
    at.rsplit_once('-').and_then(|(_, n)| n.parse::<usize>().ok()).is_some_and(|n| n >= SEEN)
}

struct Sheet<'a> {
    lang: Lang,
    written: &'a Written,
    wrong: &'a Wrong,
}

impl Sheet<'_> {
    fn is_wrong(&self, at: &str) -> bool {
        self.wrong.iter().any(|(one, _)| one == at)
    }

    fn invalid(&self, at: &str) -> Option<&'static str> {
        self.is_wrong(at).then_some("true")
    }

    fn describes(&self, at: &str) -> Option<String> {
        self.is_wrong(at).then(|| format!("fault-{at}"))
    }

    /// The same behind the name of a hint.
    fn told(&self, at: &str) -> String {
        self.describes(at).map(|name| format!(" {name}")).unwrap_or_default()
    }

    fn says(&self, at: &str) -> Markup {
        html! {
            @if self.is_wrong(at) {
                span.fault id={ "fault-" (at) } { @for (_, says) in self.wrong.iter().filter(|(one, _)| one == at).take(20) { (says) " " } }
            }
        }
    }

    fn row(&self, n: usize) -> Markup {
        let lang = self.lang;
        let labels = [
            say!(lang, WHERE_TO),
            say!(lang, WHERE_CURRENCY),
            say!(lang, WHERE_AMOUNT),
            say!(lang, WHERE_ORDERS),
            say!(lang, WHERE_VALUE),
            say!(lang, WHERE_ITEM),
        ];
        let value = |at: usize| self.written.rows.get(n).map_or("", |row| row[at].as_str());
        let looks = [
            ("w4", "text"),
            ("w2", "text"),
            ("w3", "decimal"),
            ("w3", "numeric"),
            ("w6", "decimal"),
            ("w6", "decimal"),
        ];
        html! {
            fieldset.sold {
                legend { (say!(lang, WHERE_ROW, number = n + 1)) }
                div.fields {
                    @for (at, (name, (width, mode))) in FIELDS.iter().zip(looks).enumerate() {
                        @let id = format!("{name}-{n}");
                        div class={ "field " (width) } {
                            label for=(id) { (labels[at]) }
                            input id=(id) name=(name) value=(value(at)) inputmode=(mode) maxlength="60" autocomplete="off"
                                list=[match at { 0 => Some("places"), 1 => Some("currencies"), _ => None }]
                                aria-invalid=[self.invalid(&id)] aria-describedby=[self.describes(&id)];
                            (self.says(&id))
                        }
                    }
                }
            }
        }
    }
}
