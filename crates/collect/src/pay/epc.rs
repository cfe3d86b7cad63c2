//! The QR code of a SEPA credit transfer: EPC069-12, "Quick Response Code: guidelines to enable data capture for the initiation of a SEPA credit
//! transfer". A banking app that reads it fills in the payment; the seller looks at it and confirms.
//!
//! Twelve lines at most, ended by a line feed: `BCD`, version, character set, `SCT`, BIC, name, IBAN, amount, purpose, reference, text, note.

use super::order::{Account, Order, Remittance, check_code};
use super::pain001::{SEPA_CURRENCY, SEPA_DECIMALS, SEPA_MOST};
use super::{Faults, order};
use crate::identifier::Identifiers;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;

/// Most bytes: what fits into a QR code of version 13 at level M.
pub const MOST_BYTES: usize = 331;
/// Largest version of the QR code.
pub const LARGEST_VERSION: u8 = 13;

/// A credit transfer to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Version of the guidelines.
    #[serde(default)]
    pub version: Version,
    /// How letters become bytes.
    #[serde(default)]
    pub charset: Charset,
    /// Bank of the creditor. Version 001 needs it; so do creditors outside the European Economic Area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// Name of the creditor, at most 70 characters.
    pub name: String,
    /// Account of the creditor.
    pub iban: String,
    /// How many euros, from 0.01 to 999999999.99. Where absent, whoever pays writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// Code of what it is for: `TAXS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What the creditor knows it by: a reference or a text, never both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remittance: Option<Remittance>,
    /// A note for whoever pays, at most 70 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Version of the guidelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Version {
    /// With the BIC.
    #[serde(rename = "001")]
    V001,
    /// The BIC may be left out.
    #[default]
    #[serde(rename = "002")]
    V002,
}

impl Version {
    const fn code(self) -> &'static str {
        match self {
            Self::V001 => "001",
            Self::V002 => "002",
        }
    }
}

/// How letters become bytes: the eight sets of the guidelines, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// UTF-8.
    #[default]
    Utf8,
    /// ISO 8859-1.
    Latin1,
    /// ISO 8859-2.
    Latin2,
    /// ISO 8859-4.
    Latin4,
    /// ISO 8859-5.
    Cyrillic,
    /// ISO 8859-7.
    Greek,
    /// ISO 8859-10.
    Latin6,
    /// ISO 8859-15.
    Latin9,
}

impl Charset {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Utf8, Self::Latin1, Self::Latin2, Self::Latin4, Self::Cyrillic, Self::Greek, Self::Latin6, Self::Latin9];

    /// Its number in the code, from 1.
    pub fn code(self) -> char {
        let at = Self::ALL.iter().position(|one| *one == self).unwrap_or(0);
        u32::try_from(at + 1).ok().and_then(|number| char::from_digit(number, 10)).unwrap_or('1')
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code().encode_utf8(&mut [0; 4]) == code)
    }

    /// The tables of bytes. ISO 8859-1 has none: its bytes are the numbers of its letters.
    const fn table(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Self::Utf8 => Some(encoding_rs::UTF_8),
            Self::Latin1 => None,
            Self::Latin2 => Some(encoding_rs::ISO_8859_2),
            Self::Latin4 => Some(encoding_rs::ISO_8859_4),
            Self::Cyrillic => Some(encoding_rs::ISO_8859_5),
            Self::Greek => Some(encoding_rs::ISO_8859_7),
            Self::Latin6 => Some(encoding_rs::ISO_8859_10),
            Self::Latin9 => Some(encoding_rs::ISO_8859_15),
        }
    }

    fn encode(self, text: &str) -> Option<Vec<u8>> {
        let Some(table) = self.table() else {
            return text.chars().map(|sign| u8::try_from(u32::from(sign)).ok()).collect();
        };
        let (bytes, _, is_lacking) = table.encode(text);
        (!is_lacking).then(|| bytes.into_owned())
    }

    fn decode(self, bytes: &[u8]) -> Option<String> {
        let Some(table) = self.table() else { return Some(bytes.iter().copied().map(char::from).collect()) };
        table.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
    }
}

impl Transfer {
    /// What of an order such a code can hold: it always is one in euro, to an IBAN.
    ///
    /// # Errors
    /// The field that it cannot hold.
    pub fn of(order: &Order) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if order.currency != SEPA_CURRENCY {
            faults.add(
                "currency",
                &order.currency,
                format!("this QR code is for {SEPA_CURRENCY} alone; make a file for the bank"),
            );
        }
        if let Account::Other(number) = &order.creditor.account {
            faults.add("creditor.account.other", number, "this QR code needs the IBAN; make a file for the bank");
        }
        faults.none(Self {
            version: Version::V002,
            charset: Charset::Utf8,
            bank: order.creditor.bank.clone(),
            name: order.creditor.name.clone(),
            iban: order.creditor.account.number().to_owned(),
            amount: Some(order.amount),
            purpose: order.purpose.clone(),
            remittance: Some(order.remittance.clone()),
            note: None,
        })
    }

    /// The transfer as it is kept: numbers without spaces and in capital letters.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn checked(&self, identifiers: &Identifiers) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut kept = self.clone();
        match &mut kept.bank {
            Some(bank) => faults.identifier("bank", bank, "bic", identifiers),
            None if self.version == Version::V001 => {
                faults.add("bank", "", "version 001 needs the BIC of the creditor's bank; give it, or use version 002");
            }
            None => {}
        }
        faults.text("name", &self.name, 70);
        faults.identifier("iban", &mut kept.iban, "iban", identifiers);
        if let Some(amount) = self.amount {
            order::check_amount(&mut faults, amount, SEPA_DECIMALS);
            if amount > SEPA_MOST {
                faults.add("amount", &amount.to_string(), format!("expected 0.01 to {SEPA_MOST}; split the payment"));
            }
        }
        if let Some(purpose) = &self.purpose {
            check_code(&mut faults, "purpose", purpose);
        }
        if let Some(remittance) = &mut kept.remittance {
            remittance.check("remittance", &mut faults, identifiers);
        }
        if let Some(note) = &self.note {
            faults.text("note", note, 70);
        }
        faults.none(kept)
    }

    /// The bytes of the code.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn bytes(&self, identifiers: &Identifiers) -> Result<Vec<u8>, Faults> {
        let one = self.checked(identifiers)?;
        let charset = one.charset.code().to_string();
        let amount = one.amount.map(|amount| format!("{SEPA_CURRENCY}{amount}"));
        let (reference, text) = match &one.remittance {
            Some(Remittance::Reference(reference)) => (reference.as_str(), ""),
            Some(Remittance::Text(text)) => ("", text.as_str()),
            None => ("", ""),
        };
        let lines = [
            "BCD",
            one.version.code(),
            &charset,
            "SCT",
            one.bank.as_deref().unwrap_or_default(),
            &one.name,
            &one.iban,
            amount.as_deref().unwrap_or_default(),
            one.purpose.as_deref().unwrap_or_default(),
            reference,
            text,
            one.note.as_deref().unwrap_or_default(),
        ]
        .join("\n");
        let lines = lines.trim_end_matches('\n');
        let bytes = one.charset.encode(lines).ok_or_else(|| {
            Faults::one("charset", &charset, "a letter of the name or the text is not in this set; use set 1 (UTF-8)")
        })?;
        if bytes.len() > MOST_BYTES {
            let says = format!(
                "it is {} bytes long; at most {MOST_BYTES} fit: shorten the text, the note or the name",
                bytes.len()
            );
            return Err(Faults::one("payload", lines, says));
        }
        Ok(bytes)
    }

    /// Reads the bytes of a code.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn read(bytes: &[u8], identifiers: &Identifiers) -> Result<Self, Faults> {
        let shown = String::from_utf8_lossy(bytes.get(..bytes.len().min(MOST_BYTES)).unwrap_or_default());
        let not = |says: String| Faults::one("payload", &shown, says);
        if bytes.len() > MOST_BYTES {
            return Err(not(format!("it is {} bytes long; expected at most {MOST_BYTES}", bytes.len())));
        }
        // The set is named in bytes that all sets share.
        let set = bytes.split(|byte| *byte == b'\n').nth(2).map(String::from_utf8_lossy);
        let set = set.as_deref().map(|line| line.trim_end_matches('\r'));
        let charset = set.and_then(Charset::of).ok_or_else(|| {
            Faults::one(
                "charset",
                set.unwrap_or_default(),
                "expected a digit from 1 to 8 in the third line; this is no code of a SEPA credit transfer",
            )
        })?;
        let text = charset
            .decode(bytes)
            .ok_or_else(|| not(format!("its bytes are not of set {}, which it names", charset.code())))?;
        let lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
        if lines.len() > 12 && lines.iter().skip(12).any(|line| !line.is_empty()) {
            return Err(not(format!("it has {} lines; expected at most 12", lines.len())));
        }
        let line = |at: usize| lines.get(at).copied().unwrap_or_default();
        let mut faults = Faults::default();
        for (at, field, wanted) in [(0, "service", "BCD"), (3, "identification", "SCT")] {
            if line(at) != wanted {
                faults.add(
                    field,
                    line(at),
                    format!("expected {wanted} in line {}; this is no code of a SEPA credit transfer", at + 1),
                );
            }
        }
        let version = match line(1) {
            "001" => Version::V001,
            "002" => Version::V002,
            other => {
                faults.add("version", other, "expected 001 or 002 in line 2");
                Version::V002
            }
        };
        let amount = match line(7) {
            "" => None,
            written => match read_amount(written) {
                Some(amount) => Some(amount),
                None => {
                    faults.add(
                        "amount",
                        written,
                        format!("expected {SEPA_CURRENCY} and digits such as {SEPA_CURRENCY}12.30 in line 8"),
                    );
                    None
                }
            },
        };
        let some = |at: usize| Some(line(at).to_owned()).filter(|text| !text.is_empty());
        let remittance = match (some(9), some(10)) {
            (Some(reference), Some(_)) => {
                faults.add("remittance", &reference, "it has a reference and a text; expected one of them");
                None
            }
            (Some(reference), None) => Some(Remittance::Reference(reference)),
            (None, text) => text.map(Remittance::Text),
        };
        faults.none(())?;
        let transfer = Self {
            version,
            charset,
            bank: some(4),
            name: line(5).to_owned(),
            iban: line(6).to_owned(),
            amount,
            purpose: some(8),
            remittance,
            note: some(11),
        };
        transfer.checked(identifiers)
    }
}

fn read_amount(written: &str) -> Option<Decimal> {
    let digits = written.strip_prefix(SEPA_CURRENCY)?;
    if digits.len() > 12
        || digits.split_once('.').is_some_and(|(_, fraction)| fraction.len() > usize::from(SEPA_DECIMALS))
    {
        return None;
    }
    Decimal::parse_amount(digits).ok()
}
