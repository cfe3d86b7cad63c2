//! The file that orders payments: ISO 20022 pain.001.001.09 (customer credit transfer initiation).
//!
//! It is for the seller to hand to the bank; nothing is sent. Orders of the same account and day stand in one block, and each is to be booked by itself
//! so that the statement names it. What SEPA adds to the message is from the customer-to-bank guidelines EPC132-08 (2023 version, for the 2023 rulebook).

use super::letters::{self, Replaced};
use super::order::{Account, Address, NOT_PROVIDED, Order, Party, Remittance, is_rf};
use super::{Fault, Faults};
use crate::identifier::Identifiers;
use jiff::{Timestamp, ToSpan as _};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde::{Deserialize, Serialize};
use std::io;
use tidewaiter::Decimal;

/// Name of the message in XML.
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
/// Most orders in one file.
pub const MOST_ORDERS: usize = 10_000;
/// The currency, the digits after the point and the largest amount of a SEPA credit transfer (EPC132-08: AT-T002).
pub(super) const SEPA_CURRENCY: &str = "EUR";
pub(super) const SEPA_DECIMALS: u8 = 2;
pub(super) const SEPA_MOST: Decimal = Decimal::from_units(999_999_999_990_000_000_000);

/// Payments to order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// A number that the bank has not had from the seller before. At most 30 characters, so that its blocks can be counted.
    pub id: String,
    /// When it was made.
    pub made: Timestamp,
    /// Who hands it in: the name of the seller.
    pub from: String,
    /// By which rules.
    pub rules: Rules,
    /// How letters are written that not every bank takes.
    #[serde(default)]
    pub letters: Letters,
    /// The payments.
    pub orders: Vec<Order>,
}

/// The rules of a credit transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rules {
    /// A SEPA credit transfer: euro, both accounts by IBAN, charges shared.
    Sepa,
    /// Any other.
    Other {
        /// Who bears the charges.
        charges: Charges,
        /// A code of the service that the bank asks for, such as `URGP`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
    },
}

/// Who bears the charges (ISO 20022, `ChargeBearerType1Code`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charges {
    /// Each side those of its bank.
    Shared,
    /// The seller all of them, so that the authority gets the whole amount.
    Debtor,
    /// The authority.
    Creditor,
    /// As the service has it.
    Service,
}

impl Charges {
    const fn code(self) -> &'static str {
        match self {
            Self::Shared => "SHAR",
            Self::Debtor => "DEBT",
            Self::Creditor => "CRED",
            Self::Service => "SLEV",
        }
    }
}

/// How letters are written that not every bank takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Letters {
    /// Others are put in their place, and that is said: see [`letters`].
    #[default]
    Common,
    /// As they are. Ask the bank first.
    All,
}

/// A file for the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What is in it: UTF-8.
    pub xml: String,
    /// Texts that are written otherwise than they were given.
    pub replaced: Vec<Replaced>,
    /// How many payments.
    pub count: usize,
    /// Sum of their amounts, whatever their currencies: it only checks that nothing got lost.
    pub control_sum: Decimal,
}

/// Writes the file.
///
/// # Errors
/// Everything that is wrong, by field; orders are counted from 1. Then there is no file.
pub fn write(message: &Message, identifiers: &Identifiers) -> Result<File, Faults> {
    let mut faults = Faults::default();
    let mut replaced = Vec::new();
    faults.reference("id", &message.id);
    if message.id.len() > 30 {
        faults.add("id", &message.id, "expected at most 30 characters");
    }
    let from = message.letters.written("from", &message.from, &mut replaced);
    faults.text("from", &from, message.rules.longest_name());
    if message.orders.is_empty() || message.orders.len() > MOST_ORDERS {
        faults.add(
            "orders",
            &message.orders.len().to_string(),
            format!("expected 1 to {MOST_ORDERS} payments; write another file for more"),
        );
    }
    if let Rules::Other { service: Some(service), .. } = &message.rules {
        super::order::check_code(&mut faults, "rules.service", service);
    }
    let mut orders: Vec<Order> = Vec::with_capacity(message.orders.len().min(MOST_ORDERS));
    let mut ids = std::collections::HashSet::new();
    // Nowhere on earth is it still the day before yesterday.
    let first_day = message.made.to_zoned(jiff::tz::TimeZone::UTC).date().saturating_sub(1.day());
    for (n, order) in message.orders.iter().take(MOST_ORDERS).enumerate() {
        let field = format!("orders[{}]", n + 1);
        let order = message.letters.order(&field, order, &mut replaced);
        let mut own = Faults::default();
        message.rules.check(&mut own, &order);
        message.letters.check(&mut own, &order);
        if order.day < first_day {
            let says = "the day has passed; give the day on which the bank is to carry it out";
            own.add("day", &order.day.to_string(), says);
        }
        if !ids.insert(order.end_to_end.clone()) {
            own.add(
                "end_to_end",
                &order.end_to_end,
                "another payment of this file has it; the statement could not tell them apart",
            );
        }
        match order.checked(identifiers) {
            Ok(order) => orders.push(order),
            Err(wrong) => own.0.extend(wrong.0),
        }
        faults.0.extend(own.0.into_iter().map(|fault| Fault { field: format!("{field}.{}", fault.field), ..fault }));
    }
    faults.none(())?;
    let file = |says: String| Faults::one("file", "", says);
    let control_sum = sum(&orders).map_err(|error| file(error.to_string()))?;
    let xml = Page::new().document(message, &from, &orders, control_sum).map_err(|error| file(error.to_string()))?;
    let xml = String::from_utf8(xml).map_err(|error| file(error.to_string()))?;
    Ok(File { xml, replaced, count: orders.len(), control_sum })
}

fn sum<'a>(orders: impl IntoIterator<Item = &'a Order>) -> Result<Decimal, tidewaiter::decimal::NumberError> {
    orders.into_iter().try_fold(Decimal::ZERO, |sum, order| sum.plus(order.amount))
}

impl Rules {
    const fn longest_name(&self) -> usize {
        match self {
            Self::Sepa => 70,
            Self::Other { .. } => 140,
        }
    }

    fn check(&self, faults: &mut Faults, order: &Order) {
        if *self != Self::Sepa {
            return;
        }
        if order.currency != SEPA_CURRENCY {
            faults.add(
                "currency",
                &order.currency,
                format!("a SEPA credit transfer is in {SEPA_CURRENCY}; use other rules for this payment"),
            );
        }
        if order.decimals != SEPA_DECIMALS {
            faults.add("decimals", &order.decimals.to_string(), format!("{SEPA_CURRENCY} has {SEPA_DECIMALS}"));
        }
        if order.amount > SEPA_MOST {
            faults.add(
                "amount",
                &order.amount.to_string(),
                format!("a SEPA credit transfer has at most {SEPA_MOST}; split it"),
            );
        }
        for (field, party) in [("debtor", &order.debtor), ("creditor", &order.creditor)] {
            if let Account::Other(number) = &party.account {
                faults.add(
                    &format!("{field}.account.other"),
                    number,
                    "a SEPA credit transfer needs the IBAN; ask for it",
                );
            }
            let count = party.name.chars().count();
            if count > self.longest_name() {
                let says = format!("it has {count} characters; at most {} fit: shorten it", self.longest_name());
                faults.add(&format!("{field}.name"), &party.name, says);
            }
        }
    }
}

impl Letters {
    /// What must come back as it was given is not replaced, but refused.
    fn check(self, faults: &mut Faults, order: &Order) {
        let mut check = |field: &str, text: &str| {
            if self == Self::Common && !text.chars().all(letters::is_taken) {
                let says = "expected letters from A to Z, digits, and / - ? : ( ) . , ' +: others are lost on the way, and this must arrive as it is";
                faults.add(field, text, says);
            }
        };
        if let Remittance::Reference(reference) = &order.remittance {
            check("remittance.reference", reference);
        }
        for (field, party) in [("debtor", &order.debtor), ("creditor", &order.creditor)] {
            if let Account::Other(number) = &party.account {
                check(&format!("{field}.account.other"), number);
            }
        }
    }

    fn written(self, field: &str, text: &str, replaced: &mut Vec<Replaced>) -> String {
        if self == Self::All || text.chars().all(letters::is_taken) || text.chars().any(char::is_control) {
            // A control character is a fault that is told, not a letter to be replaced.
            return text.to_owned();
        }
        let is = letters::taken(text);
        replaced.push(Replaced { field: field.to_owned(), was: text.to_owned(), is: is.clone() });
        is
    }

    fn order(self, field: &str, order: &Order, replaced: &mut Vec<Replaced>) -> Order {
        let mut order = order.clone();
        let mut change = |name: &str, text: &mut String| {
            *text = self.written(&format!("{field}.{name}"), text, replaced);
        };
        for (name, party) in [("debtor", &mut order.debtor), ("creditor", &mut order.creditor)] {
            change(&format!("{name}.name"), &mut party.name);
            let Some(address) = &mut party.address else { continue };
            for (part, text) in [
                ("street", &mut address.street),
                ("building", &mut address.building),
                ("postcode", &mut address.postcode),
                ("subdivision", &mut address.subdivision),
            ] {
                if let Some(text) = text {
                    change(&format!("{name}.address.{part}"), text);
                }
            }
            change(&format!("{name}.address.town"), &mut address.town);
            for line in &mut address.lines {
                change(&format!("{name}.address.lines"), line);
            }
        }
        if let Remittance::Text(text) = &mut order.remittance {
            change("remittance.text", text);
        }
        order
    }
}

/// The XML, element by element in the order of the schema.
struct Page(Writer<Vec<u8>>);

impl Page {
    fn new() -> Self {
        Self(Writer::new_with_indent(Vec::new(), b' ', 1))
    }

    fn open(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(BytesStart::new(name)))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn leaf(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.0.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
    }

    fn maybe(&mut self, name: &str, text: Option<&String>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.leaf(name, text))
    }

    /// Elements within one another, around one text.
    fn nested(&mut self, path: &[&str], text: &str) -> io::Result<()> {
        match path {
            [] => Ok(()),
            [name] => self.leaf(name, text),
            [name, rest @ ..] => {
                self.open(name)?;
                self.nested(rest, text)?;
                self.close(name)
            }
        }
    }

    fn document(
        mut self,
        message: &Message,
        from: &str,
        orders: &[Order],
        control_sum: Decimal,
    ) -> io::Result<Vec<u8>> {
        self.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.0.write_event(Event::Start(BytesStart::new("Document").with_attributes([("xmlns", NAMESPACE)])))?;
        self.open("CstmrCdtTrfInitn")?;
        self.open("GrpHdr")?;
        self.leaf("MsgId", &message.id)?;
        self.leaf("CreDtTm", &message.made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())?;
        self.leaf("NbOfTxs", &orders.len().to_string())?;
        self.leaf("CtrlSum", &control_sum.to_string())?;
        self.nested(&["InitgPty", "Nm"], from)?;
        self.close("GrpHdr")?;
        for (n, block) in blocks(orders).iter().enumerate() {
            self.block(message, n + 1, block)?;
        }
        self.close("CstmrCdtTrfInitn")?;
        self.close("Document")?;
        Ok(self.0.into_inner())
    }

    fn block(&mut self, message: &Message, number: usize, orders: &[&Order]) -> io::Result<()> {
        let Some(first) = orders.first() else { return Ok(()) };
        let sum = sum(orders.iter().copied()).map_err(io::Error::other)?;
        self.open("PmtInf")?;
        self.leaf("PmtInfId", &format!("{}-{number}", message.id))?;
        self.leaf("PmtMtd", "TRF")?;
        self.leaf("BtchBookg", "false")?;
        self.leaf("NbOfTxs", &orders.len().to_string())?;
        self.leaf("CtrlSum", &sum.to_string())?;
        let (service, charges) = match &message.rules {
            Rules::Sepa => (Some("SEPA"), Charges::Service),
            Rules::Other { charges, service } => (service.as_deref(), *charges),
        };
        if let Some(service) = service {
            self.nested(&["PmtTpInf", "SvcLvl", "Cd"], service)?;
        }
        self.nested(&["ReqdExctnDt", "Dt"], &first.day.to_string())?;
        self.party("Dbtr", &first.debtor)?;
        self.account("DbtrAcct", &first.debtor.account)?;
        match &first.debtor.bank {
            Some(bank) => self.nested(&["DbtrAgt", "FinInstnId", "BICFI"], bank)?,
            None => self.nested(&["DbtrAgt", "FinInstnId", "Othr", "Id"], NOT_PROVIDED)?,
        }
        self.leaf("ChrgBr", charges.code())?;
        for order in orders {
            self.transaction(order)?;
        }
        self.close("PmtInf")
    }

    fn transaction(&mut self, order: &Order) -> io::Result<()> {
        self.open("CdtTrfTxInf")?;
        self.nested(&["PmtId", "EndToEndId"], &order.end_to_end)?;
        self.open("Amt")?;
        let amount = order.amount.to_fixed(order.decimals);
        self.0
            .create_element("InstdAmt")
            .with_attribute(("Ccy", order.currency.as_str()))
            .write_text_content(BytesText::new(&amount))?;
        self.close("Amt")?;
        if let Some(bank) = &order.creditor.bank {
            self.nested(&["CdtrAgt", "FinInstnId", "BICFI"], bank)?;
        }
        self.party("Cdtr", &order.creditor)?;
        self.account("CdtrAcct", &order.creditor.account)?;
        if let Some(purpose) = &order.purpose {
            self.nested(&["Purp", "Cd"], purpose)?;
        }
        self.open("RmtInf")?;
        match &order.remittance {
            Remittance::Text(text) => self.leaf("Ustrd", text)?,
            Remittance::Reference(reference) => {
                self.open("Strd")?;
                self.open("CdtrRefInf")?;
                self.open("Tp")?;
                self.nested(&["CdOrPrtry", "Cd"], "SCOR")?;
                if is_rf(reference) {
                    self.leaf("Issr", "ISO")?;
                }
                self.close("Tp")?;
                self.leaf("Ref", reference)?;
                self.close("CdtrRefInf")?;
                self.close("Strd")?;
            }
        }
        self.close("RmtInf")?;
        self.close("CdtTrfTxInf")
    }

    fn party(&mut self, name: &str, party: &Party) -> io::Result<()> {
        self.open(name)?;
        self.leaf("Nm", &party.name)?;
        if let Some(address) = &party.address {
            self.address(address)?;
        }
        self.close(name)
    }

    fn address(&mut self, address: &Address) -> io::Result<()> {
        self.open("PstlAdr")?;
        self.maybe("StrtNm", address.street.as_ref())?;
        self.maybe("BldgNb", address.building.as_ref())?;
        self.maybe("PstCd", address.postcode.as_ref())?;
        self.leaf("TwnNm", &address.town)?;
        self.maybe("CtrySubDvsn", address.subdivision.as_ref())?;
        self.leaf("Ctry", &address.country)?;
        for line in &address.lines {
            self.leaf("AdrLine", line)?;
        }
        self.close("PstlAdr")
    }

    fn account(&mut self, name: &str, account: &Account) -> io::Result<()> {
        match account {
            Account::Iban(iban) => self.nested(&[name, "Id", "IBAN"], iban),
            Account::Other(number) => self.nested(&[name, "Id", "Othr", "Id"], number),
        }
    }
}

/// Orders of one debtor and day together, in the order in which the first of each came.
fn blocks(orders: &[Order]) -> Vec<Vec<&Order>> {
    let mut blocks: Vec<Vec<&Order>> = Vec::new();
    let mut places: std::collections::HashMap<(String, jiff::civil::Date), Vec<usize>> =
        std::collections::HashMap::new();
    for order in orders {
        let key = (order.debtor.account.number().to_owned(), order.day);
        let known = places.entry(key).or_default();
        let same =
            known.iter().copied().find(|at| blocks[*at].first().is_some_and(|first| first.debtor == order.debtor));
        match same {
            Some(at) => blocks[at].push(order),
            None => {
                known.push(blocks.len());
                blocks.push(vec![order]);
            }
        }
    }
    blocks
}
