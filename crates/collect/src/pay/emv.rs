//! EMVCo QR code, merchant-presented mode (EMV QR Code Specification for Payment Systems): fields of two digits, two digits of length and a value, with a
//! CRC at the end. Payment schemes of many countries are templates of it; which template has which fields is for whoever calls to say.
//!
//! Lengths count characters, as in the sample of the specification with Chinese names; the CRC is of the bytes in UTF-8.

use super::Faults;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use tidewaiter::Decimal;

/// Most characters of a whole code. From the specification's text as commonly quoted; not compared with the specification itself.
pub const MOST_SIGNS: usize = 512;
const FORMAT: u8 = 0;
const INITIATION: u8 = 1;
const CATEGORY: u8 = 52;
const CURRENCY: u8 = 53;
const AMOUNT: u8 = 54;
const COUNTRY: u8 = 58;
const NAME: u8 = 59;
const CITY: u8 = 60;
const POSTCODE: u8 = 61;
const ADDITIONAL: u8 = 62;
const CRC: u8 = 63;
/// What ends every code: field 63 of four characters.
const CRC_HEAD: &str = "6304";

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its number, 0 to 99.
    pub id: u8,
    /// What it holds.
    pub value: Value,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A text.
    Text(String),
    /// Fields, in a template.
    Fields(Vec<Field>),
}

/// A whole code, without its CRC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Its fields in their order.
    pub fields: Vec<Field>,
}

/// What a code is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merchant {
    /// Whether the code is for this payment alone.
    #[serde(default)]
    pub once: bool,
    /// Templates 2 to 51: accounts of whoever is paid.
    pub accounts: Vec<Field>,
    /// Four digits of ISO 18245; `0000` where there is none.
    pub category: String,
    /// Three digits of ISO 4217.
    pub currency: String,
    /// How much; where absent, whoever pays writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// How many digits the currency has after the point.
    pub decimals: u8,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// Name of whoever is paid, at most 25 characters.
    pub name: String,
    /// Town, at most 15 characters.
    pub city: String,
    /// Postcode, at most 10 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Fields of template 62: bill number, reference, purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional: Vec<Field>,
    /// Templates 64 and 80 to 99.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Field>,
}

impl Field {
    /// A field that holds a text.
    pub fn text(id: u8, text: impl Into<String>) -> Self {
        Self { id, value: Value::Text(text.into()) }
    }

    /// A template.
    pub fn template(id: u8, fields: Vec<Self>) -> Self {
        Self { id, value: Value::Fields(fields) }
    }
}

/// Whether a field of the outermost level holds fields itself.
const fn is_template(id: u8) -> bool {
    matches!(id, 26..=51 | ADDITIONAL | 64 | 80..=99)
}

impl Merchant {
    /// The code.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn code(&self) -> Result<Code, Faults> {
        let mut fields = vec![Field::text(FORMAT, "01"), Field::text(INITIATION, if self.once { "12" } else { "11" })];
        let mut faults = Faults::default();
        for account in &self.accounts {
            if !(2..=51).contains(&account.id) {
                faults.add("accounts", &account.id.to_string(), "expected a field from 2 to 51");
            }
        }
        for other in &self.others {
            if other.id != 64 && !(80..=99).contains(&other.id) {
                faults.add("others", &other.id.to_string(), "expected field 64 or one from 80 to 99");
            }
        }
        faults.none(())?;
        fields.extend(self.accounts.iter().cloned());
        fields.push(Field::text(CATEGORY, &self.category));
        fields.push(Field::text(CURRENCY, &self.currency));
        if let Some(amount) = self.amount {
            let mut wrong = Faults::default();
            super::order::check_amount(&mut wrong, amount, self.decimals);
            wrong.none(())?;
            fields.push(Field::text(AMOUNT, amount.to_fixed(self.decimals)));
        }
        fields.push(Field::text(COUNTRY, &self.country));
        fields.push(Field::text(NAME, &self.name));
        fields.push(Field::text(CITY, &self.city));
        fields.extend(self.postcode.iter().map(|postcode| Field::text(POSTCODE, postcode)));
        if !self.additional.is_empty() {
            fields.push(Field::template(ADDITIONAL, self.additional.clone()));
        }
        fields.extend(self.others.iter().cloned());
        let code = Code { fields };
        code.write()?;
        Ok(code)
    }
}

impl Code {
    /// Reads a code and checks its CRC.
    ///
    /// # Errors
    /// What is wrong.
    pub fn read(text: &str) -> Result<Self, Faults> {
        let not = |says: &str| Faults::one("code", text, says);
        if text.chars().nth(MOST_SIGNS).is_some() {
            return Err(not("it has more than 512 characters; expected a payment code"));
        }
        let Some((whole, given)) = text.char_indices().nth_back(3).and_then(|(at, _)| text.split_at_checked(at)) else {
            return Err(not("it is too short; expected a payment code"));
        };
        let Some(body) = whole.strip_suffix(CRC_HEAD) else {
            return Err(not("it does not end with field 63 and its four characters; scan it again"));
        };
        let wanted = format!("{:04X}", crc(whole.as_bytes()));
        if given != wanted {
            return Err(Faults::one(
                "63",
                given,
                format!("the check value of what precedes is {wanted}: a character is wrong; scan it again"),
            ));
        }
        let code = Self { fields: fields(body, true).map_err(|says| not(&says))? };
        code.check()?;
        Ok(code)
    }

    /// The text of the code, with its CRC.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn write(&self) -> Result<String, Faults> {
        self.check()?;
        let mut out = String::new();
        put(&mut out, &self.fields, 0).map_err(|(id, says)| Faults::one(&format!("{id:02}"), "", says))?;
        out.push_str(CRC_HEAD);
        let crc = crc(out.as_bytes());
        let _ = write!(out, "{crc:04X}");
        if out.chars().nth(MOST_SIGNS).is_some() {
            return Err(Faults::one(
                "code",
                &out,
                format!("it is longer than {MOST_SIGNS} characters; shorten a text"),
            ));
        }
        // What is written is what will be read: a text in the place of a template would not come back as it was.
        let body = out.get(..out.len().saturating_sub(8)).unwrap_or_default();
        match fields(body, true) {
            Ok(again) if again == self.fields => Ok(out),
            Ok(_) => {
                let says = "a field holds a text where fields are expected, or fields where a text is: 26 to 51, 62, 64 and 80 to 99 hold fields";
                Err(Faults::one("code", &out, says))
            }
            Err(says) => Err(Faults::one("code", &out, says)),
        }
    }

    /// The text of a field of the outermost level.
    pub fn text(&self, id: u8) -> Option<&str> {
        self.fields.iter().find(|field| field.id == id).and_then(|field| match &field.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Fields(_) => None,
        })
    }

    /// What the specification asks for and the code lacks; some payment schemes leave it out.
    pub fn lacks(&self) -> Vec<u8> {
        [CATEGORY, CURRENCY, COUNTRY, NAME, CITY]
            .into_iter()
            .filter(|id| self.fields.iter().all(|field| field.id != *id))
            .collect()
    }

    fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        if self.fields.first() != Some(&Field::text(FORMAT, "01")) {
            faults.add(
                "00",
                self.text(FORMAT).unwrap_or_default(),
                "expected field 00 with 01 first: this is no payment code, or of another version",
            );
        }
        if !self.fields.iter().any(|field| (2..=51).contains(&field.id)) {
            faults.add("02-51", "", "there is no account of whoever is paid");
        }
        if self.fields.iter().any(|field| field.id == CRC) {
            faults.add("63", "", "the check value stands once, at the end, and is reckoned");
        }
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|sign| sign.is_ascii_digit());
        let is_amount = |text: &str| {
            text.len() <= 13
                && text.bytes().next_back() != Some(b'.')
                && Decimal::parse_amount(text).is_ok_and(|amount| !amount.is_zero())
        };
        for field in &self.fields {
            let Value::Text(text) = &field.value else { continue };
            let says = match field.id {
                INITIATION if !matches!(text.as_str(), "11" | "12") => "expected 11 or 12",
                CATEGORY if !digits(text, 4) => "expected four digits",
                CURRENCY if !digits(text, 3) => "expected three digits of ISO 4217",
                AMOUNT if !is_amount(text) => "expected an amount above zero such as 12.30, of at most 13 characters",
                COUNTRY if text.len() != 2 || !text.bytes().all(|sign| sign.is_ascii_uppercase()) => {
                    "expected two capital letters of ISO 3166-1"
                }
                NAME if text.chars().count() > 25 => "at most 25 characters fit: shorten it",
                CITY if text.chars().count() > 15 => "at most 15 characters fit: shorten it",
                POSTCODE if text.chars().count() > 10 => "at most 10 characters fit: shorten it",
                _ => continue,
            };
            faults.add(&format!("{:02}", field.id), text, says);
        }
        faults.none(())
    }
}

/// The fields of a text; those that are templates hold fields.
fn fields(text: &str, is_outermost: bool) -> Result<Vec<Field>, String> {
    let mut all: Vec<Field> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (id, after) =
            number(rest).ok_or_else(|| format!("a field begins with \"{}\"; expected two digits", front(rest)))?;
        let (length, after) =
            number(after).ok_or_else(|| format!("field {id:02} lacks the two digits of its length"))?;
        let end = after.char_indices().nth(usize::from(length)).map_or(after.len(), |(at, _)| at);
        let (value, next) = after.split_at_checked(end).unwrap_or((after, ""));
        if length == 0 || value.chars().count() != usize::from(length) {
            return Err(format!("field {id:02} says that it has {length} characters, which do not follow"));
        }
        if value.chars().any(char::is_control) {
            return Err(format!("field {id:02} holds a control character"));
        }
        if all.iter().any(|field| field.id == id) {
            return Err(format!("field {id:02} stands twice"));
        }
        let value = if is_outermost && is_template(id) {
            Value::Fields(fields(value, false).map_err(|says| format!("in template {id:02}: {says}"))?)
        } else {
            Value::Text(value.to_owned())
        };
        all.push(Field { id, value });
        rest = next;
    }
    Ok(all)
}

fn number(text: &str) -> Option<(u8, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    if !digits.bytes().all(|sign| sign.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

fn front(text: &str) -> String {
    text.chars().take(4).collect()
}

fn put(out: &mut String, fields: &[Field], depth: u8) -> Result<(), (u8, String)> {
    for Field { id, value } in fields {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Fields(_) if depth > 0 => {
                return Err((*id, "fields within fields of a template are written as its text".into()));
            }
            Value::Fields(inner) => {
                let mut text = String::new();
                put(&mut text, inner, depth + 1)
                    .map_err(|(inner, says)| (*id, format!("field {inner:02} of it: {says}")))?;
                text
            }
        };
        let count = text.chars().count();
        if *id > 99 || !(1..=99).contains(&count) {
            return Err((*id, format!("it has {count} characters; expected 1 to 99, and a number up to 99")));
        }
        let _ = write!(out, "{id:02}{count:02}{text}");
    }
    Ok(())
}

/// CRC-16 with the polynomial 0x1021 and the first value 0xFFFF (ISO/IEC 13239, as EMVCo uses it).
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(
            crc ^ (u16::from(*byte) << 8),
            |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 },
        )
    })
}
