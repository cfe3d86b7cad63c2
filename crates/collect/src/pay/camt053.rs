//! Statements of the bank: ISO 20022 camt.053 (statement), camt.052 (report within the day) and camt.054 (notification), versions 01 to 08.
//!
//! The reading is by element names of the schemas; between versions 02 and 08 the status became `Sts/Cd`, parties moved into `Pty`, and
//! `BIC` became `BICFI`. An amount has a minus where money leaves the account. A reversal has the sign of what moved, as the standard has it.

use super::statement::{
    Amounts, Balance, Batch, Charge, Charges, Detail, Entry, Kind, Message, Money, Rate, Reference, Side, Statement,
    Status,
};
use super::tree::{self, Node};
use jiff::civil::Date;
use std::collections::BTreeSet;
use tidewaiter::Decimal;

/// What precedes the name of the message and its version.
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:";
/// Last version of the messages that is read.
const LAST_VERSION: u8 = 8;
/// Most entries in one file.
const MOST_ENTRIES: usize = 50_000;
/// Most transactions in all entries of one file.
const MOST_DETAILS: usize = 100_000;

/// Name, outermost element and element of each account.
const KINDS: [(Kind, &str, &str, &str); 3] = [
    (Kind::Report, "camt.052.001.", "BkToCstmrAcctRpt", "Rpt"),
    (Kind::Statement, "camt.053.001.", "BkToCstmrStmt", "Stmt"),
    (Kind::Notification, "camt.054.001.", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
];

/// A file that is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {says}")]
pub struct Unreadable {
    /// The line, the first is 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub says: String,
}

impl Unreadable {
    pub(super) fn new(line: usize, says: impl Into<String>) -> Self {
        Self { line, says: says.into() }
    }

    /// Something wrong in an element, whose place becomes a line later.
    fn at(node: &Node, says: impl Into<String>) -> Self {
        Self { line: usize::try_from(node.at).unwrap_or(usize::MAX - 1) + 1, says: says.into() }
    }
}

/// Reads a file of the bank.
///
/// # Errors
/// The line and what is wrong with it; then nothing was read.
pub fn read(bytes: &[u8]) -> Result<Message, Unreadable> {
    let mut entries: Vec<(usize, Entry)> = Vec::new();
    let mut stands_in = BTreeSet::new();
    let mut details = 0;
    let mut taken = |name: &str, of: usize, node: Node| {
        if !stands_in.contains(name) {
            stands_in.insert(name.to_owned());
        }
        let entry = entry(&node)?;
        details += entry.details.len();
        if entries.len() >= MOST_ENTRIES || details > MOST_DETAILS {
            return Err(Unreadable::at(
                &node,
                format!(
                    "the file has more than {MOST_ENTRIES} entries or {MOST_DETAILS} transactions; ask the bank for shorter periods"
                ),
            ));
        }
        entries.push((of, entry));
        Ok(())
    };
    let (name, root) = tree::read(bytes, NAMESPACE, "Ntry", &mut taken)?;
    let not = |says: String| Unreadable::new(1, says);
    let found = KINDS
        .into_iter()
        .find_map(|(kind, message, outer, inner)| Some((kind, name.strip_prefix(message)?, outer, inner)));
    let Some((kind, version, outer, inner)) = found else {
        return Err(not(format!(
            "the message is {name}; expected camt.052, camt.053 or camt.054: ask the bank for its statement as camt.053"
        )));
    };
    let is_two_digits = version.len() == 2 && version.bytes().all(|digit| digit.is_ascii_digit());
    let number = version.parse::<u8>().ok().filter(|number| is_two_digits && (1..=LAST_VERSION).contains(number));
    let Some(version) = number else {
        return Err(not(format!("the message is {name}; versions 01 to 08 are read: ask the bank for version 08")));
    };
    // Version 01 has its number in the name as well.
    let Some(body) = root.get(outer).or_else(|| root.get(&format!("{outer}V01"))).filter(|_| root.name == "Document")
    else {
        return Err(not(format!("expected Document and {outer} in it")));
    };
    let place = |wrong: Unreadable| {
        let at = wrong.line.saturating_sub(1).min(bytes.len());
        Unreadable {
            line: bytes.get(..at).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1,
            ..wrong
        }
    };
    let mut statements = body.all(inner).map(statement).collect::<Result<Vec<_>, _>>().map_err(place)?;
    if let Some(other) = stands_in.iter().find(|name| *name != inner) {
        return Err(not(format!("an entry stands in {}; expected {inner}", short(other))));
    }
    for (of, entry) in entries {
        if let Some(statement) = statements.get_mut(of) {
            statement.entries.push(entry);
        }
    }
    Ok(Message { kind, version, id: body.text("GrpHdr/MsgId"), statements })
}

fn statement(node: &Node) -> Result<Statement, Unreadable> {
    let account = node.get("Acct").and_then(account_number);
    let Some(account) = account else {
        return Err(Unreadable::at(node, "it names no account (Acct/Id); ask the bank for the whole statement"));
    };
    let balances = node.all("Bal").map(balance).collect::<Result<_, _>>()?;
    Ok(Statement {
        id: node.text("Id"),
        sequence: node.text("ElctrncSeqNb"),
        account,
        currency: node.text("Acct/Ccy"),
        balances,
        entries: Vec::new(),
    })
}

fn account_number(account: &Node) -> Option<String> {
    let id = account.get("Id")?;
    let iban = id.text("IBAN").map(|iban| iban.chars().filter(|sign| !sign.is_whitespace()).collect());
    // Version 01 and banks after it have account numbers under these names as well.
    iban.or_else(|| id.text("Othr/Id"))
        .or_else(|| id.text("PrtryAcct/Id"))
        .or_else(|| id.text("BBAN"))
        .or_else(|| id.text("UPIC"))
}

fn balance(node: &Node) -> Result<Balance, Unreadable> {
    let code = node.text("Tp/CdOrPrtry/Cd").or_else(|| node.text("Tp/CdOrPrtry/Prtry")).or_else(|| node.text("Tp/Cd"));
    let amount = money(node, "Amt")?.ok_or_else(|| Unreadable::at(node, "a balance has no amount (Amt)"))?;
    Ok(Balance {
        code: code.unwrap_or_default(),
        amount: signed(amount, is_credit(node)?.unwrap_or(true)),
        day: day(node, "Dt")?,
    })
}

fn entry(node: &Node) -> Result<Entry, Unreadable> {
    let amount = money(node, "Amt")?.ok_or_else(|| Unreadable::at(node, "an entry has no amount (Amt)"))?;
    let is_credit = is_credit(node)?
        .ok_or_else(|| Unreadable::at(node, "an entry does not say whether it is a credit or a debit (CdtDbtInd)"))?;
    let status = node.text("Sts/Cd").or_else(|| node.text("Sts/Prtry")).or_else(|| node.text("Sts"));
    let status = match status.as_deref() {
        Some("BOOK") => Status::Booked,
        Some("PDNG") => Status::Pending,
        Some("INFO") => Status::Information,
        Some("FUTR") => Status::Future,
        Some(other) => Status::Other(other.to_owned()),
        None => return Err(Unreadable::at(node, "an entry does not say whether it is booked (Sts)")),
    };
    let batch = node.get("NtryDtls/Btch").or_else(|| node.get("Btch")).map(|batch| Batch {
        message: batch.text("MsgId"),
        block: batch.text("PmtInfId"),
        count: batch.text("NbOfTxs").and_then(|count| count.parse().ok()),
    });
    // Version 01 has no element around the transactions.
    let details = || node.all("NtryDtls").flat_map(|all| all.all("TxDtls")).chain(node.all("TxDtls"));
    if details().count() > MOST_DETAILS {
        return Err(Unreadable::at(node, format!("an entry has more than {MOST_DETAILS} transactions")));
    }
    let details = details().map(|one| detail(one, is_credit)).collect::<Result<_, _>>()?;
    Ok(Entry {
        reference: node.text("NtryRef"),
        bank_reference: node.text("AcctSvcrRef"),
        booked: day(node, "BookgDt")?,
        value: day(node, "ValDt")?,
        amount: signed(amount, is_credit),
        reversal: yes(node, "RvslInd")?.unwrap_or(false),
        status,
        batch,
        amounts: amounts(node)?,
        charges: charges(node)?,
        details,
        says: node.text("AddtlNtryInf"),
    })
}

fn detail(node: &Node, entry_is_credit: bool) -> Result<Detail, Unreadable> {
    let own = is_credit(node)?;
    let amount = money(node, "Amt")?.map(|amount| signed(amount, own.unwrap_or(entry_is_credit)));
    let reference = |one: &Node| {
        let kind =
            one.text("Tp/CdOrPrtry/Cd").or_else(|| one.text("Tp/CdOrPrtry/Prtry")).or_else(|| one.text("CdtrRefTp/Cd"));
        one.text("Ref").or_else(|| one.text("CdtrRef")).map(|text| Reference { kind, text })
    };
    Ok(Detail {
        end_to_end: node.text("Refs/EndToEndId"),
        instruction: node.text("Refs/InstrId"),
        message: node.text("Refs/MsgId"),
        block: node.text("Refs/PmtInfId"),
        transaction: node.text("Refs/TxId"),
        uetr: node.text("Refs/UETR"),
        bank_reference: node.text("Refs/AcctSvcrRef"),
        amount,
        is_credit: own,
        amounts: amounts(node)?,
        charges: charges(node)?,
        debtor: side(node, "Dbtr"),
        creditor: side(node, "Cdtr"),
        references: node
            .all("RmtInf")
            .flat_map(|all| all.all("Strd"))
            .flat_map(|one| one.all("CdtrRefInf"))
            .filter_map(reference)
            .collect(),
        texts: node
            .all("RmtInf")
            .flat_map(|all| all.all("Ustrd"))
            .map(|one| one.text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect(),
        returned: node.text("RtrInf/Rsn/Cd").or_else(|| node.text("RtrInf/Rsn/Prtry")),
    })
}

fn side(node: &Node, which: &str) -> Option<Side> {
    let parties = node.get("RltdPties")?;
    let name_of = |which: &str| {
        let party = parties.get(which)?;
        party.text("Pty/Nm").or_else(|| party.text("Nm"))
    };
    let side = Side {
        name: name_of(which),
        account: parties.get(&format!("{which}Acct")).and_then(account_number),
        ultimate: name_of(&format!("Ultmt{which}")),
    };
    (side != Side::default()).then_some(side)
}

fn amounts(node: &Node) -> Result<Amounts, Unreadable> {
    let Some(all) = node.get("AmtDtls") else { return Ok(Amounts::default()) };
    let mut amounts = Amounts {
        ordered: money(all, "InstdAmt/Amt")?,
        transferred: money(all, "TxAmt/Amt")?,
        counter: money(all, "CntrValAmt/Amt")?,
        rate: None,
    };
    for name in ["TxAmt", "CntrValAmt", "InstdAmt"] {
        if let Some(exchange) = all.get(&format!("{name}/CcyXchg")).filter(|_| amounts.rate.is_none()) {
            amounts.rate = rate(exchange)?;
        }
    }
    Ok(amounts)
}

fn rate(node: &Node) -> Result<Option<Rate>, Unreadable> {
    let (Some(source), Some(rate)) = (node.text("SrcCcy"), node.text("XchgRate")) else { return Ok(None) };
    let rate = number(&rate).map_err(|says| Unreadable::at(node, format!("XchgRate: {says}")))?;
    Ok(Some(Rate { source, target: node.text("TrgtCcy"), unit: node.text("UnitCcy"), rate }))
}

fn charges(node: &Node) -> Result<Charges, Unreadable> {
    let mut charges = Charges::default();
    for all in node.all("Chrgs") {
        if charges.total.is_none() {
            charges.total = money(all, "TtlChrgsAndTaxAmt")?;
        }
        // Up to version 02 each charge stands by itself; later they are records.
        for one in all.all("Rcrd").chain(all.get("Amt").map(|_| all)) {
            let Some(amount) = money(one, "Amt")? else { continue };
            let what = ["Tp/Cd", "Tp/Prtry/Id", "Tp/Prtry"].into_iter().find_map(|path| one.text(path));
            let is_given = is_credit(one)?.unwrap_or(false);
            charges.each.push(Charge { amount: signed(amount, is_given), included: yes(one, "ChrgInclInd")?, what });
        }
    }
    Ok(charges)
}

fn signed(money: Money, is_credit: bool) -> Money {
    if is_credit { money } else { Money { amount: Decimal::from_units(-money.amount.units()), ..money } }
}

fn is_credit(node: &Node) -> Result<Option<bool>, Unreadable> {
    match node.text("CdtDbtInd").as_deref() {
        None => Ok(None),
        Some("CRDT") => Ok(Some(true)),
        Some("DBIT") => Ok(Some(false)),
        Some(other) => Err(Unreadable::at(node, format!("CdtDbtInd is \"{}\"; expected CRDT or DBIT", short(other)))),
    }
}

fn yes(node: &Node, name: &str) -> Result<Option<bool>, Unreadable> {
    match node.text(name).as_deref() {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(other) => Err(Unreadable::at(node, format!("{name} is \"{}\"; expected true or false", short(other)))),
    }
}

fn money(node: &Node, path: &str) -> Result<Option<Money>, Unreadable> {
    let Some(one) = node.get(path) else { return Ok(None) };
    let currency = one
        .currency
        .clone()
        .filter(|currency| currency.len() == 3 && currency.bytes().all(|sign| sign.is_ascii_uppercase()));
    let currency =
        currency.ok_or_else(|| Unreadable::at(one, format!("{path} has no currency of three letters (Ccy)")))?;
    let amount = number(one.text.trim()).map_err(|says| Unreadable::at(one, format!("{path}: {says}")))?;
    if amount.is_negative() {
        return Err(Unreadable::at(one, format!("{path} is below zero; the direction is said by CdtDbtInd")));
    }
    Ok(Some(Money { amount, currency }))
}

/// A number of XML Schema: a plus, a point at the end and a point at the beginning are allowed there.
fn number(text: &str) -> Result<Decimal, String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let digits = digits.strip_suffix('.').filter(|digits| !digits.is_empty()).unwrap_or(digits);
    let zero = if digits.starts_with('.') { "0" } else { "" };
    format!("{sign}{zero}{digits}").parse::<Decimal>().map_err(|error| error.to_string())
}

/// The day of a date or of a time, as the bank wrote it: its own day, whatever the zone.
fn day(node: &Node, name: &str) -> Result<Option<Date>, Unreadable> {
    let Some(text) =
        node.text(&format!("{name}/Dt")).or_else(|| node.text(&format!("{name}/DtTm"))).or_else(|| node.text(name))
    else {
        return Ok(None);
    };
    let day = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    day.map(Some).ok_or_else(|| {
        Unreadable::at(node, format!("{name} is \"{}\"; expected a day such as 2026-11-30", short(&text)))
    })
}

fn short(text: &str) -> String {
    text.chars().take(40).map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}
