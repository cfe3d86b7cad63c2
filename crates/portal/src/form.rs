//! The question as an address: the fields of a form, or of `GET /v1/quotes`.
//!
//! A page's address holds the whole question, so it can be sent to a friend, kept, and asked again. Fields that belong to one item are
//! repeated in the order of the items: `goods=6109.10&price=12.50&goods=9102.11&price=79`. An empty field is one that was not filled in.

use crate::locale::Lang;
use crate::problem::{Wrong, message};
use crate::suggest::Said;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::quote::consignment::{Earlier, MAX_ITEMS, Seller};
use tidewaiter::quote::said::Said as Sentence;
use tidewaiter::record::expression::{Channel, Mode, Sale};
use tidewaiter::{Consignment, Decimal, Item};

/// Most fields of an address.
const MOST_FIELDS: usize = 400;
/// Longest value of a field, in bytes.
const MOST_BYTES: usize = 500;

/// Fields of one item, repeated for each.
pub(crate) const COLUMNS: [&str; 9] =
    ["goods", "code", "description", "origin", "quantity", "price", "item_weight_kg", "duty_rate", "tax_class"];

/// Fields of the whole question that have one value.
const SINGLE: [&str; 23] = [
    "from",
    "to",
    "region",
    "postcode",
    "currency",
    "date",
    "as_of",
    "known_at",
    "freight",
    "inland_freight",
    "insurance",
    "packing",
    "discount",
    "carrier_fee",
    "weight_kg",
    "parcels",
    "channel",
    "mode",
    "sale",
    "gift",
    "seller",
    "buyer_registered",
    "declaration",
];

/// Whether a field may be given once alone.
fn is_single(name: &str) -> bool {
    SINGLE.contains(&name) || ["measure.", "past.", "rate."].iter().any(|group| name.starts_with(group))
}

/// Name and value of each field, in their order.
pub(crate) type Fields = Vec<(String, String)>;

/// What was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// As it was written, without empty fields; what a page shows again in its form.
    pub(crate) fields: Fields,
    /// The question.
    pub(crate) consignment: Consignment,
    /// Answers to questions about goods codes.
    pub(crate) said: Vec<Said>,
    /// What cannot be read.
    pub(crate) wrong: Vec<Wrong>,
}

impl Asked {
    /// The first value of a field.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Whether a field has a value.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(n, v)| n == name && v == value)
    }

    /// Whether enough was said to ask: goods and a destination.
    pub(crate) fn is_question(&self) -> bool {
        !self.consignment.to.is_empty() && !self.consignment.items.is_empty()
    }

    /// The same question with one field another value, as an address without its path.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let mut fields = self.fields.clone();
        match fields.iter_mut().find(|(n, _)| n == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => fields.push((name.to_owned(), value.to_owned())),
        }
        address(&fields)
    }

    /// The same question with one more field.
    pub(crate) fn and(&self, name: &str, value: &str) -> String {
        let mut fields = self.fields.clone();
        fields.push((name.to_owned(), value.to_owned()));
        address(&fields)
    }

    /// The same question with one field of one item, from 1, another value.
    pub(crate) fn with_item(&self, name: &str, item: usize, value: &str) -> String {
        address(&self.fields_with_item(name, item, value))
    }

    /// The fields of the same question with one field of one item, from 1, another value. Items that lack the field get it empty, so that it
    /// stands beside its own.
    pub(crate) fn fields_with_item(&self, name: &str, item: usize, value: &str) -> Fields {
        let mut columns: Vec<&str> = Vec::new();
        for (field, _) in self.fields.iter().filter(|(field, _)| COLUMNS.contains(&field.as_str())) {
            if !columns.contains(&field.as_str()) {
                columns.push(field);
            }
        }
        if !columns.contains(&name) {
            columns.push(name);
        }
        let mut out: Fields =
            self.fields.iter().filter(|(field, _)| !COLUMNS.contains(&field.as_str())).cloned().collect();
        for row in 0..self.consignment.items.len() {
            for column in &columns {
                let value = if *column == name && row + 1 == item { value } else { self.of_item(column, row) };
                out.push(((*column).to_owned(), value.to_owned()));
            }
        }
        out
    }

    /// A field of an item, from 0.
    pub(crate) fn of_item(&self, name: &str, row: usize) -> &str {
        self.fields.iter().filter(|(field, _)| field == name).nth(row).map_or("", |(_, value)| value)
    }

    /// The same with what is wrong told in a language.
    pub(crate) fn in_words(&self, lang: Lang) -> Self {
        let told = |wrong: &Wrong| Wrong { message: lang.words(&wrong.message).into(), ..wrong.clone() };
        Self { wrong: self.wrong.iter().map(told).collect(), ..self.clone() }
    }

    /// The question as an address without its path.
    pub(crate) fn address(&self) -> String {
        address(&self.fields)
    }
}

/// Fields as the part of an address after the question mark.
pub(crate) fn address(fields: &Fields) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// An address whose amounts every language reads alike, from one whose amounts are written as in `lang`.
pub(crate) fn in_any_language(query: &str, lang: Lang) -> String {
    let mut fields = pairs(query);
    for (name, value) in &mut fields {
        if is_amount(name)
            && let Ok(read) = amount(value, Some(lang))
        {
            *value = read.to_string();
            // Three digits behind a point may be thousands; four are not.
            if value.rsplit_once('.').is_some_and(|(_, digits)| digits.len() == 3) {
                value.push('0');
            }
        }
    }
    address(&fields)
}

/// Fields that hold an amount.
fn is_amount(name: &str) -> bool {
    const AMOUNTS: [&str; 11] = [
        "quantity",
        "price",
        "item_weight_kg",
        "duty_rate",
        "freight",
        "inland_freight",
        "insurance",
        "packing",
        "discount",
        "carrier_fee",
        "weight_kg",
    ];
    AMOUNTS.contains(&name) || name.starts_with("measure.") || name.starts_with("past.")
}

/// Name and value of each field of an address, as they stand.
pub(crate) fn pairs(query: &str) -> Fields {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Reads the fields of an address. In a language numbers may be written its way; without one, only plain decimals are read.
pub(crate) fn read(query: &str, lang: Option<Lang>) -> Asked {
    let mut asked = Asked::default();
    let fields = pairs(query);
    if fields.len() > MOST_FIELDS {
        asked.wrong.push(wrong("", &fields.len().to_string(), &message::FORM_MANY_FIELDS));
        return asked;
    }
    let mut reader =
        Reader { lang, wrong: Vec::new(), consignment: Consignment::default(), said: Vec::new(), measures: Vec::new() };
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut once: BTreeSet<&str> = BTreeSet::new();
    for (name, value) in &fields {
        let value = value.trim();
        if value.len() > MOST_BYTES {
            reader.fail(name, value, &message::FORM_LONG);
            continue;
        }
        match name.as_str() {
            "goods" | "code" | "description" | "origin" | "quantity" | "price" | "item_weight_kg" | "duty_rate"
            | "tax_class" => {
                columns.entry(name.as_str()).or_default().push(value);
            }
            _ if value.is_empty() => {}
            // As for programs: which of two would count is not for us to choose.
            name if is_single(name) && !once.insert(name) => {
                reader.fail(name, value, &message::FORM_TWICE);
            }
            name => reader.field(name, value),
        }
    }
    let rows = reader.items(&columns);
    for (item, unit, amount) in std::mem::take(&mut reader.measures) {
        if let Some(item) = item.checked_sub(1).and_then(|at| reader.consignment.items.get_mut(at)) {
            item.quantities.insert(unit, amount);
        }
    }
    // As it was asked, but each item with all its columns, so that the fifth price is that of the fifth item.
    // A page that asks of no item may use the names of their columns for itself.
    let of_item = |name: &str| !rows.is_empty() && COLUMNS.contains(&name);
    asked.fields = fields.iter().filter(|(name, value)| !of_item(name) && !value.trim().is_empty()).cloned().collect();
    let used: Vec<&str> =
        COLUMNS.into_iter().filter(|name| columns.get(name).is_some_and(|c| c.iter().any(|v| !v.is_empty()))).collect();
    for row in rows {
        for name in &used {
            let value = columns.get(name).and_then(|c| c.get(row)).copied().unwrap_or_default();
            asked.fields.push(((*name).to_owned(), value.to_owned()));
        }
    }
    asked.consignment = reader.consignment;
    asked.said = reader.said;
    asked.wrong.append(&mut reader.wrong);
    asked
}

fn wrong(field: &str, value: &str, message: impl Into<Sentence>) -> Wrong {
    Wrong { field: field.to_owned(), value: value.chars().take(60).collect(), message: message.into() }
}

struct Reader {
    lang: Option<Lang>,
    wrong: Vec<Wrong>,
    consignment: Consignment,
    said: Vec<Said>,
    /// Measured quantities of one piece: the item from 1, the unit, how much.
    measures: Vec<(usize, String, Decimal)>,
}

impl Reader {
    fn fail(&mut self, field: &str, value: &str, message: impl Into<Sentence>) {
        self.wrong.push(wrong(field, value, message));
    }

    fn field(&mut self, name: &str, value: &str) {
        let text = || Some(value.to_owned());
        match name {
            "from" => self.consignment.from = Some(value.to_ascii_uppercase()),
            "to" => self.consignment.to = value.to_ascii_uppercase(),
            "region" => self.consignment.region = Some(value.to_ascii_uppercase()),
            "postcode" => self.consignment.postcode = Some(value.to_owned()),
            "currency" => self.consignment.currency = value.to_ascii_uppercase(),
            "date" | "as_of" => self.consignment.date = self.day(name, value),
            "known_at" => self.consignment.known_at = self.day(name, value),
            "freight" => self.consignment.freight = self.amount(name, value),
            "inland_freight" => self.consignment.inland_freight = self.amount(name, value),
            "insurance" => self.consignment.insurance = self.amount(name, value),
            "packing" => self.consignment.packing = self.amount(name, value),
            "discount" => self.consignment.discount = self.amount(name, value),
            "carrier_fee" => self.consignment.carrier_fee = self.amount(name, value),
            "weight_kg" => self.consignment.weight_kg = self.amount(name, value),
            "declaration" => self.consignment.declaration = text(),
            "parcels" => match value.parse() {
                Ok(parcels) => self.consignment.parcels = Some(parcels),
                Err(_) => self.fail(name, value, &message::FORM_WHOLE),
            },
            "channel" => match value {
                "post" => self.consignment.channel = Some(Channel::Post),
                "express" => self.consignment.channel = Some(Channel::Express),
                "freight" => self.consignment.channel = Some(Channel::Freight),
                _ => self.fail(name, value, &message::FORM_CHANNEL),
            },
            "mode" => match value {
                "air" => self.consignment.mode = Some(Mode::Air),
                "sea" => self.consignment.mode = Some(Mode::Sea),
                "road" => self.consignment.mode = Some(Mode::Road),
                "rail" => self.consignment.mode = Some(Mode::Rail),
                _ => self.fail(name, value, &message::FORM_MODE),
            },
            "sale" => match value {
                "b2c" => self.consignment.sale = Some(Sale::B2c),
                "b2b" => self.consignment.sale = Some(Sale::B2b),
                "c2c" => self.consignment.sale = Some(Sale::C2c),
                _ => self.fail(name, value, &message::FORM_SALE),
            },
            "gift" => self.consignment.gift = matches!(value, "yes" | "true" | "1" | "on"),
            "seller" => self.seller().territory = Some(value.to_ascii_uppercase()),
            "registration" => {
                let value = value.to_owned();
                if !self.seller().registrations.contains(&value) {
                    self.seller().registrations.push(value);
                }
            }
            "buyer_registered" => {
                let registered = matches!(value, "yes" | "true" | "1" | "on");
                self.consignment.buyer.get_or_insert_default().registered = registered;
            }
            "fact" => match value.rsplit_once(':') {
                Some((fact, "yes" | "true")) => _ = self.consignment.facts.insert(fact.to_owned(), true),
                Some((fact, "no" | "false")) => _ = self.consignment.facts.insert(fact.to_owned(), false),
                _ => self.fail(name, value, &message::FORM_FACT),
            },
            "history" => self.history(value),
            "rate" => self.rate(value),
            "answer" => self.answer(value),
            name if name.starts_with("measure.") => self.measure(name, value),
            name if name.starts_with("past.") => self.past(name, value),
            name if name.starts_with("rate.") => self.rate(&format!("{}:{value}", name[5..].replace('.', ":"))),
            // Fields of the page itself: compared territories, the shown form, how many items.
            _ => {}
        }
    }

    fn seller(&mut self) -> &mut Seller {
        self.consignment.seller.get_or_insert_default()
    }

    fn day(&mut self, name: &str, value: &str) -> Option<Date> {
        let day = value.parse().ok();
        if day.is_none() {
            self.fail(name, value, &message::FORM_DAY);
        }
        day
    }

    fn amount(&mut self, name: &str, value: &str) -> Option<Decimal> {
        match amount(value, self.lang) {
            Ok(amount) => Some(amount),
            Err(message) => {
                self.fail(name, value, message);
                None
            }
        }
    }

    /// How many pieces. A form asks for whole ones; the API takes parts too, as of goods that are sold by the metre.
    fn pieces(&mut self, name: &str, value: &str) -> Option<Decimal> {
        let pieces = self.amount(name, value)?;
        if self.lang.is_some() && pieces.units() % Decimal::ONE.units() != 0 {
            self.fail(name, value, &message::FORM_WHOLE);
            return None;
        }
        Some(pieces)
    }

    /// `month:3:250`: three parcels worth 250 this month.
    fn history(&mut self, value: &str) {
        let parts: Vec<&str> = value.split(':').collect();
        if let [period, imports, goods] = parts.as_slice()
            && let (Ok(imports), Ok(goods)) = (imports.parse(), amount(goods, self.lang))
        {
            self.consignment.history.insert((*period).to_owned(), Earlier { imports, goods });
            return;
        }
        self.fail("history", value, &message::FORM_HISTORY);
    }

    /// `measure.l.2=0.33`: one piece of the second item holds 0.33 litres.
    fn measure(&mut self, name: &str, value: &str) {
        let place = name["measure.".len()..].rsplit_once('.').and_then(|(unit, item)| Some((unit, item.parse().ok()?)));
        match place {
            Some((unit, item)) => {
                if let Some(amount) = self.amount(name, value) {
                    self.measures.push((item, unit.to_owned(), amount));
                }
            }
            None => self.fail(name, value, &message::FORM_MEASURE),
        }
    }

    /// `past.month.imports=3` and `past.month.goods=250`: three parcels worth 250 this month.
    fn past(&mut self, name: &str, value: &str) {
        let Some((period, what)) = name["past.".len()..].split_once('.') else { return };
        let Some(amount) = self.amount(name, value) else { return };
        let earlier = self.consignment.history.entry(period.to_owned()).or_default();
        match what {
            "imports" => earlier.imports = amount.to_string().parse().unwrap_or_default(),
            _ => earlier.goods = amount,
        }
    }

    /// `EUR:CNY:7.8`.
    fn rate(&mut self, value: &str) {
        let parts: Vec<&str> = value.split(':').collect();
        if let [from, to, rate] = parts.as_slice()
            && let Ok(rate) = rate.parse()
        {
            let (from, to) = (from.to_ascii_uppercase(), to.to_ascii_uppercase());
            self.consignment.rates.push(tidewaiter::quote::consignment::GivenRate { from, to, rate });
            return;
        }
        self.fail("rate", value, &message::FORM_RATE);
    }

    /// `made-of:cotton`, or `2:made-of:cotton` for the second item.
    fn answer(&mut self, value: &str) {
        let (item, rest) = match value.split_once(':') {
            Some((number, rest)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
                (number.parse().ok(), rest)
            }
            _ => (None, value),
        };
        match rest.split_once(':') {
            Some((question, answer)) => {
                self.said.push(Said { item, question: question.to_owned(), answer: answer.to_owned() });
            }
            None => self.fail("answer", value, &message::FORM_ANSWER),
        }
    }

    /// Reads the items, and tells the rows that hold one.
    fn items(&mut self, columns: &BTreeMap<&str, Vec<&str>>) -> Vec<usize> {
        let mut kept = Vec::new();
        let rows = columns.values().map(Vec::len).max().unwrap_or_default();
        if rows > MAX_ITEMS {
            self.fail("goods", &rows.to_string(), &message::FORM_MANY_ITEMS);
            return kept;
        }
        let at = |name: &str, row: usize| columns.get(name).and_then(|c| c.get(row)).copied().unwrap_or_default();
        for row in 0..rows {
            if columns.values().all(|column| column.get(row).is_none_or(|v| v.is_empty())) {
                continue;
            }
            let text = |name: &str| Some(at(name, row)).filter(|v| !v.is_empty()).map(str::to_owned);
            let mut item = Item {
                quantity: Decimal::ONE,
                description: text("description"),
                code: text("code"),
                ..Item::default()
            };
            if let Some(goods) = text("goods") {
                if is_code(&goods) { item.code = Some(goods) } else { item.description = Some(goods) }
            }
            if item.code.is_none() && item.description.is_none() {
                // A row in which only the quantity stands is one that was not filled in.
                if at("price", row).is_empty() {
                    continue;
                }
                self.fail(&format!("items[{row}].goods"), "", &message::FORM_NO_GOODS);
            }
            item.origin = text("origin").map(|o| o.to_ascii_uppercase());
            item.tax_class = text("tax_class");
            match at("price", row) {
                "" => {
                    self.fail(&format!("items[{row}].price"), "", &message::FORM_NO_PRICE);
                }
                price => item.price = self.amount(&format!("items[{row}].price"), price).unwrap_or_default(),
            }
            if let Some(quantity) = text("quantity") {
                item.quantity = self.pieces(&format!("items[{row}].quantity"), &quantity).unwrap_or(Decimal::ONE);
            }
            if let Some(weight) = text("item_weight_kg") {
                item.weight_kg = self.amount(&format!("items[{row}].weight_kg"), &weight);
            }
            if let Some(rate) = text("duty_rate") {
                item.duty_rate = self.amount(&format!("items[{row}].duty_rate"), &rate);
            }
            self.consignment.items.push(item);
            kept.push(row);
        }
        kept
    }
}

/// Whether what was typed is a goods code: digits, in groups divided by points or spaces.
pub(crate) fn is_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (2..=12).contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b' ')
}

/// An amount as people of a language type it. A sign that could mean two things is refused, never guessed.
///
/// # Errors
/// What is wrong, and what to write.
pub(crate) fn amount(text: &str, lang: Option<Lang>) -> Result<Decimal, Sentence> {
    let Some(lang) = lang else { return Decimal::parse_amount(text).map_err(|e| e.to_string().into()) };
    let plain = |text: &str| Decimal::parse_amount(text).map_err(|_| (&message::FORM_NUMBER).into());
    let text: String = text.trim().chars().map(|c| if is_space(c) { ' ' } else { c }).collect();
    if let Some(above) = text.strip_prefix(['-', '−']) {
        // A number below zero is one all the same: what is wrong with it is its sign.
        return amount(above, Some(lang)).and(Err((&message::FORM_BELOW_ZERO).into()));
    }
    let whole = |text: &str, signs: &[char]| -> Result<String, Sentence> {
        ungrouped(text, signs).ok_or_else(|| (&message::FORM_NUMBER).into())
    };
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let (before, after) = text.rfind([',', '.']).map_or((text.as_str(), ""), |at| (&text[..at], &text[at + 1..]));
    let decimal = |signs: &[char]| plain(&format!("{}.{after}", whole(before, signs)?));
    match (points, commas) {
        (0, 0) => plain(&whole(&text, &[' '])?),
        // 12,50 in any language. 1.234 is a little more than one in English and 1,234 a thousand and more, elsewhere it is the other way
        // round; after a zero or other groups there is no doubt.
        (1, 0) | (0, 1) => match after.len() == 3 && before != "0" && !before.contains(' ') {
            true if points == 0 || lang != Lang::FIRST => Err((&message::FORM_TWO_WAYS).into()),
            _ => decimal(&[' ']),
        },
        (_, 1) if text.rfind(',') > text.rfind('.') => decimal(&['.']),
        (1, _) if text.rfind('.') > text.rfind(',') => decimal(&[',']),
        (_, 0) => plain(&whole(&text, &['.'])?),
        (0, _) => plain(&whole(&text, &[','])?),
        _ => Err((&message::FORM_NUMBER).into()),
    }
}

/// Spaces and apostrophes, as they stand between groups of digits.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}' | '\'' | '’')
}

/// Whole digits without the sign between their groups, which is one of `signs`. Groups have three digits, or, between commas, two before the
/// last three as in India; anything else is a slip, and what it meant is not guessed.
fn ungrouped(text: &str, signs: &[char]) -> Option<String> {
    let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else { return Some(text.to_owned()) };
    let groups: Vec<&str> = text.split(sign).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return None };
    let of = |group: &str, digits| group.len() == digits && group.bytes().all(|b| b.is_ascii_digit());
    let begins = |most| (1..=most).any(|digits| of(first, digits));
    let western = begins(3) && middle.iter().all(|group| of(group, 3));
    let indian = sign == ',' && begins(2) && middle.iter().all(|group| of(group, 2));
    (signs.contains(&sign) && of(last, 3) && (western || indian)).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts_as_they_are_typed() {
        let read = |text: &str, tag: &str| amount(text, Lang::of_tag(tag)).map(|d| d.to_string());
        for (typed, tag, is) in [
            ("12.50", "en", "12.5"),
            ("12,50", "en", "12.5"),
            ("12,50", "fr", "12.5"),
            ("1 234,5", "fr", "1234.5"),
            ("1.234,50", "es", "1234.5"),
            ("1,234.50", "es", "1234.5"),
            ("1.234", "en", "1.234"),
            ("1,234,567", "en", "1234567"),
            ("1.234.567", "fr", "1234567"),
            ("12,34,567", "en", "1234567"),
            ("12,34,567.50", "en", "1234567.5"),
            ("1'234.50", "en", "1234.5"),
            ("1 234,500", "fr", "1234.5"),
            ("0,125", "fr", "0.125"),
            ("0,125", "en", "0.125"),
            ("0.125", "es", "0.125"),
            (" 1 234 567 ", "en", "1234567"),
        ] {
            assert_eq!(read(typed, tag).as_deref(), Ok(is), "{typed} in {tag}");
        }
        for (typed, tag) in
            [("1,234", "en"), ("1,234", "fr"), ("1.234", "fr"), ("-5", "en"), ("5 EUR", "en"), ("", "en")]
        {
            assert!(read(typed, tag).is_err(), "{typed} in {tag}");
        }
        // Slips: groups of no size that anybody writes.
        for typed in [
            "12.50.",
            "12.5.5",
            "12.50.00",
            "1.2.3",
            "1,2,3",
            "1.23.456",
            "9.9.9.9",
            "2026.11.21",
            "5 5",
            "1'2",
            "1  2",
            "12 50",
            "1 2345",
            "1234 567",
            "1,234.567,89",
            "1,5.5",
            "1.5,5.5",
            ",5 5",
            "1,23,45",
            "123,45,678",
            "1 234,567 890",
            "1.234 567",
            "1,,234",
            ".",
            ",",
            "1.234.",
            "1,234,",
            " ",
            "12.50 5",
        ] {
            for tag in ["en", "fr", "es"] {
                assert!(read(typed, tag).is_err(), "{typed:?} in {tag}: {:?}", read(typed, tag));
            }
        }
        assert!(amount("12,50", None).is_err(), "a program writes plain decimals");
    }

    #[test]
    fn an_address_is_read_alike_in_every_language() {
        let price = |query: &str, lang| read(query, Some(lang)).consignment.items[0].price;
        for (typed, tag) in [
            ("1.500", "en"),
            ("33333.333", "en"),
            ("12,50", "fr"),
            ("1.234.567,891", "es"),
            ("1 234", "fr"),
            ("7", "en"),
        ] {
            let lang = Lang::of_tag(tag).unwrap();
            let query = format!("to=DE&goods=mug&price={typed}&currency=EUR");
            let plain = in_any_language(&query, lang);
            for other in ["en", "fr", "es"] {
                assert_eq!(price(&plain, Lang::of_tag(other).unwrap()), price(&query, lang), "{plain} in {other}");
            }
        }
        // What cannot be read stays as it was typed, and is refused in each.
        assert_eq!(in_any_language("price=1.2.3&goods=1.500", Lang::FIRST), "price=1.2.3&goods=1.500");
    }

    #[test]
    fn a_field_with_one_value_is_given_once() {
        let wrong = |query: &str, lang: Option<&str>| {
            let lang = lang.and_then(Lang::of_tag);
            let asked = read(query, lang);
            let words = |said: &Sentence| lang.map_or_else(|| said.to_string(), |lang| lang.words(said));
            asked.wrong.iter().map(|one| (one.field.clone(), words(&one.message))).collect::<Vec<_>>()
        };
        let good = "goods=6109.10&price=5&to=FR&currency=EUR&registration=eu.ioss&registration=gb.vat";
        assert_eq!(wrong(&format!("{good}&freight=&freight=3"), Some("fr")), [], "an empty one was not filled in");
        let twice = wrong(&format!("{good}&to=DE"), Some("fr"));
        assert_eq!(twice, [("to".to_owned(), "est donné deux fois\u{a0}; laissez une seule valeur".to_owned())]);
        let plain = wrong(&format!("{good}&freight=3&freight=4"), None);
        assert_eq!(plain[0], ("freight".to_owned(), "is given twice; this field has one value".to_owned()));
    }

    #[test]
    fn pieces_are_whole_and_no_number_is_below_zero() {
        let wrong = |quantity: &str, lang: Option<Lang>| {
            let asked = read(&format!("goods=6109.10&price=5&to=FR&currency=EUR&quantity={quantity}"), lang);
            asked.wrong.iter().map(|one| one.message.code().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        let fr = Lang::of_tag("fr");
        assert_eq!(wrong("2", fr), [""; 0]);
        assert_eq!(wrong("2,5", fr), ["form-whole"]);
        assert_eq!(wrong("-1", fr), ["form-below-zero"], "it is a number: its sign is wrong");
        assert_eq!(wrong("-x", fr), ["form-number"]);
        assert_eq!(wrong("2.5", None), [""; 0], "the API takes parts, as of goods by the metre");
    }

    #[test]
    fn items_are_read_by_their_order() {
        let asked =
            read("goods=6109.10&price=12.50&quantity=2&goods=wool+scarf&price=30&quantity=&to=fr&goods=&price=", None);
        assert_eq!(asked.wrong, []);
        let items = &asked.consignment.items;
        assert_eq!(items.len(), 2);
        assert_eq!((items[0].code.as_deref(), items[0].quantity.to_string().as_str()), (Some("6109.10"), "2"));
        assert_eq!(
            (items[1].description.as_deref(), items[1].quantity.to_string().as_str()),
            (Some("wool scarf"), "1")
        );
        assert_eq!(asked.consignment.to, "FR");
    }

    #[test]
    fn an_item_keeps_its_columns() {
        let asked = read("goods=mug&price=5&to=FR&goods=&price=&goods=scarf&price=30&origin=cn", None);
        assert_eq!(asked.consignment.items.len(), 2);
        let address = asked.with_item("code", 2, "621410");
        let again = read(&address, None);
        assert_eq!(again.consignment.items[0].code, None);
        assert_eq!(again.consignment.items[1].code.as_deref(), Some("621410"));
        assert_eq!(
            again.consignment.items[0].origin.as_deref(),
            Some("CN"),
            "the first origin is that of the first item"
        );
        assert_eq!(again.consignment.to, "FR");
    }

    #[test]
    fn wrong_fields_are_all_named() {
        let asked = read("goods=6109&price=x&to=FR&date=yesterday&channel=pigeon&fact=gift", None);
        let fields: Vec<&str> = asked.wrong.iter().map(|w| w.field.as_str()).collect();
        assert_eq!(fields, ["date", "channel", "fact", "items[0].price"]);
    }
}
