//! The accounts that a seller pays from and to, as a small file that the seller keeps. None is shipped with the program: the account of an
//! authority is taken from its letter or its portal, never from here.
//!
//! ```toml
//! [payer]
//! name = "Mug Shop Ltd"
//! iban = "IE29 AIBK 9311 5212 3456 78"
//!
//! [payee."eu.ioss"]
//! name = "The authority, as its letter has it"
//! iban = "DE75 5121 0800 1245 1261 99"
//! ```

use super::emv::{Code, Field, Merchant};
use super::order::{Account, Address, Order, Party, Remittance, is_rf};
use super::pain001::{Charges, Rules};
use super::{Faults, pain001};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// Longest reference that banks take as one; a longer one goes as text.
const LONGEST_REFERENCE: usize = 35;

/// Who pays, and who is paid under each scheme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// The seller.
    pub payer: Holder,
    /// Who is paid, by the key of the scheme.
    #[serde(default)]
    pub payee: BTreeMap<String, Payee>,
}

/// Who has an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The name on the account.
    pub name: String,
    /// Its IBAN …
    #[serde(default)]
    pub iban: Option<String>,
    /// … or whatever else its bank calls it.
    #[serde(default)]
    pub account: Option<String>,
    /// The bank, by its BIC.
    #[serde(default)]
    pub bank: Option<String>,
    /// Where the holder is.
    #[serde(default)]
    pub address: Option<Address>,
}

/// Who is paid under a scheme, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payee {
    /// The name on the account.
    pub name: String,
    /// Its IBAN …
    #[serde(default)]
    pub iban: Option<String>,
    /// … or whatever else its bank calls it.
    #[serde(default)]
    pub account: Option<String>,
    /// The bank, by its BIC.
    #[serde(default)]
    pub bank: Option<String>,
    /// Where the payee is.
    #[serde(default)]
    pub address: Option<Address>,
    /// What every payment says, where the authority gave one reference for all; without it the rule of the scheme counts.
    #[serde(default)]
    pub reference: Option<String>,
    /// What it is for, as a code of ISO 20022.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Who bears the charges, where it is no SEPA credit transfer: shared where absent.
    #[serde(default)]
    pub charges: Option<Charges>,
    /// A code of the service that the bank asks for.
    #[serde(default)]
    pub service: Option<String>,
    /// The QR code of a payment scheme of the country.
    #[serde(default)]
    pub emv: Option<EmvPayee>,
}

/// What a QR code of EMVCo holds of whoever is paid. Which template has which fields, the payment scheme says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmvPayee {
    /// Templates 2 to 51: accounts of whoever is paid.
    pub accounts: Vec<Field>,
    /// Four digits of ISO 18245; `0000` where absent.
    #[serde(default)]
    pub category: Option<String>,
    /// Three digits of ISO 4217.
    pub currency: String,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// Name of whoever is paid, at most 25 characters.
    pub name: String,
    /// Town, at most 15 characters.
    pub city: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: Option<String>,
    /// Which field of template 62 takes the reference; nothing where the code has no place for it.
    #[serde(default)]
    pub reference_field: Option<u8>,
}

/// One payment that is to be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Number of the payment in the ledger.
    pub document: String,
    /// Key of the scheme.
    pub scheme: String,
    /// How much.
    pub amount: Decimal,
    /// ISO 4217 letters.
    pub currency: String,
    /// How many digits its currency has after the point.
    pub decimals: u8,
    /// The day on which the bank is to carry it out.
    pub day: Date,
    /// What the payment says.
    pub reference: String,
}

impl Accounts {
    /// Reads the file. Numbers are checked when an order is made.
    ///
    /// # Errors
    /// What is wrong with it, with its line.
    pub fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())
    }

    /// Who is paid under a scheme.
    ///
    /// # Errors
    /// Where the file does not say it.
    pub fn of(&self, scheme: &str) -> Result<&Payee, Faults> {
        self.payee.get(scheme).ok_or_else(|| {
            let known = self.payee.keys().cloned().collect::<Vec<_>>().join(", ");
            let says = if known.is_empty() {
                "the file of accounts names nobody who is paid; write [payee.\"KEY OF THE SCHEME\"] with the account from the letter or the portal of the authority".to_owned()
            } else {
                format!("the file of accounts does not say who is paid; it says so for {known}. Take the account from the letter or the portal of the authority")
            };
            Faults::one("payee", scheme, says)
        })
    }

    /// An order of a payment, not checked yet.
    ///
    /// # Errors
    /// Where an account is missing.
    pub fn order(&self, asked: &Asked) -> Result<Order, Faults> {
        let payee = self.of(&asked.scheme)?;
        let payer = &self.payer;
        let field = format!("payee.\"{}\"", asked.scheme);
        let debtor = party("payer", &payer.name, (&payer.iban, &payer.account), &payer.bank, &payer.address)?;
        let creditor = party(&field, &payee.name, (&payee.iban, &payee.account), &payee.bank, &payee.address)?;
        let fits = asked.reference.chars().count() <= LONGEST_REFERENCE;
        // Only a reference of ISO 11649 is one that every bank hands on as such; others arrive as text.
        let remittance = if fits && is_rf(&asked.reference) {
            Remittance::Reference(asked.reference.clone())
        } else {
            Remittance::Text(asked.reference.clone())
        };
        Ok(Order {
            end_to_end: super::order::end_to_end(&asked.document),
            debtor,
            creditor,
            amount: asked.amount,
            currency: asked.currency.clone(),
            decimals: asked.decimals,
            day: asked.day,
            purpose: payee.purpose.clone(),
            remittance,
        })
    }

    /// The rules by which an order goes: SEPA where it is in the currency of SEPA and both accounts have an IBAN.
    ///
    /// # Errors
    /// Where the file does not say who is paid.
    pub fn rules(&self, asked: &Asked) -> Result<Rules, Faults> {
        let payee = self.of(&asked.scheme)?;
        let is_sepa = asked.currency == pain001::SEPA_CURRENCY && self.payer.iban.is_some() && payee.iban.is_some();
        Ok(match (is_sepa, payee.charges) {
            (true, None) if payee.service.is_none() => Rules::Sepa,
            (_, charges) => {
                Rules::Other { charges: charges.unwrap_or(Charges::Shared), service: payee.service.clone() }
            }
        })
    }

    /// The QR code of a payment scheme of the country, where the file says what it holds.
    ///
    /// # Errors
    /// Where the file does not say who is paid, or the code cannot be made.
    pub fn emv(&self, asked: &Asked) -> Result<Option<Code>, Faults> {
        let Some(emv) = &self.of(&asked.scheme)?.emv else { return Ok(None) };
        let additional = emv.reference_field.map(|id| Field::text(id, asked.reference.clone())).into_iter().collect();
        let merchant = Merchant {
            once: true,
            accounts: emv.accounts.clone(),
            category: emv.category.clone().unwrap_or_else(|| "0000".to_owned()),
            currency: emv.currency.clone(),
            amount: Some(asked.amount),
            decimals: asked.decimals,
            country: emv.country.clone(),
            name: emv.name.clone(),
            city: emv.city.clone(),
            postcode: emv.postcode.clone(),
            additional,
            others: Vec::new(),
        };
        merchant.code().map(Some)
    }
}

fn party(
    field: &str,
    name: &str,
    (iban, account): (&Option<String>, &Option<String>),
    bank: &Option<String>,
    address: &Option<Address>,
) -> Result<Party, Faults> {
    let account = match (iban, account) {
        (Some(iban), None) => Account::Iban(iban.clone()),
        (None, Some(account)) => Account::Other(account.clone()),
        (None, None) => {
            return Err(Faults::one(
                field,
                name,
                "the file of accounts gives no account; write iban = \"…\", or account = \"…\" where there is no IBAN",
            ));
        }
        (Some(_), Some(_)) => {
            return Err(Faults::one(
                field,
                name,
                "the file of accounts gives an IBAN and another account; keep one of them",
            ));
        }
    };
    Ok(Party { name: name.to_owned(), account, bank: bank.clone(), address: address.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [payer]
        name = "Shop"
        iban = "IE64IRCE92050112345678"
        [payee."a.euro"]
        name = "Authority"
        iban = "DE75512108001245126199"
        [payee."b.plain"]
        name = "Authority"
        account = "12345678"
        charges = "debtor"
        [payee."c.both"]
        name = "Authority"
        iban = "DE75512108001245126199"
        account = "12345678"
        [payee."d.none"]
        name = "Authority"
    "#;

    fn asked(scheme: &str, currency: &str, reference: &str) -> Asked {
        Asked {
            document: "1".into(),
            scheme: scheme.into(),
            amount: Decimal::ONE,
            currency: currency.into(),
            decimals: 2,
            day: jiff::civil::date(2026, 10, 20),
            reference: reference.into(),
        }
    }

    #[test]
    fn an_order_is_made_of_what_the_file_says_and_of_nothing_else() {
        let accounts = Accounts::read(FILE).unwrap();
        let rules = |scheme, currency| accounts.rules(&asked(scheme, currency, "x")).unwrap();
        assert_eq!(rules("a.euro", "EUR"), Rules::Sepa);
        assert_eq!(rules("a.euro", "SEK"), Rules::Other { charges: Charges::Shared, service: None });
        assert_eq!(rules("b.plain", "EUR"), Rules::Other { charges: Charges::Debtor, service: None });
        let order = |scheme, reference| accounts.order(&asked(scheme, "EUR", reference));
        assert_eq!(order("b.plain", "x").unwrap().creditor.account, Account::Other("12345678".into()));
        assert_eq!(
            order("a.euro", "RF18539007547034").unwrap().remittance,
            Remittance::Reference("RF18539007547034".into())
        );
        assert_eq!(order("a.euro", "IE/1").unwrap().remittance, Remittance::Text("IE/1".into()));
        for (scheme, says) in [
            ("c.both", "an IBAN and another account"),
            ("d.none", "gives no account"),
            ("e.other", "does not say who is paid; it says so for a.euro, b.plain, c.both, d.none"),
        ] {
            let wrong = order(scheme, "x").unwrap_err().to_string();
            assert!(wrong.contains(says), "{wrong}");
        }
        assert_eq!(accounts.emv(&asked("a.euro", "EUR", "x")), Ok(None));
        assert!(Accounts::read("[payer]\nname = \"x\"\nibann = \"y\"").unwrap_err().contains("ibann"));
    }
}
