//! A payment of what a return says is owed: files and codes for the seller's bank. No money is moved.

use super::kept::{Kept, exit};
use super::{definitions, known};
use crate::args::PayArgs;
use crate::errors::{Exit, Failure};
use crate::input;
use crate::page::{Page, Tone};
use crate::source;
use crate::words::{Money, list};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use tidewaiter::Decimal;
use tidewaiter_collect::event::{Event, Payment};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::ledger::Ledger;
use tidewaiter_collect::pay::accounts::{Accounts, Asked};
use tidewaiter_collect::pay::epc::Transfer;
use tidewaiter_collect::pay::pain001::{self, Letters, Message, Rules};
use tidewaiter_collect::pay::{Faults, Order, emv, picture};
use tidewaiter_collect::standing::{Standing, standings};

/// Largest file of accounts.
const MAX_ACCOUNTS_BYTES: u64 = 1 << 20;

pub(super) fn run(args: &PayArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let rules = known(&definitions, &args.scheme)?;
    let mut kept = Kept::open(&definitions, &args.kept, None)?;
    if args.record {
        kept.writable()?;
    }
    let day = args.on.unwrap_or_else(source::today);
    let all = standings(&kept.ledger, day).map_err(Failure::usage)?;
    let standing = all.iter().find(|one| one.scheme == args.scheme && one.period == args.period && one.state.is_sent());
    let Some(standing) = standing else {
        return Err(Failure::usage(format!(
            "no return of {} for {} is recorded as sent, so nothing is owed for it yet. Send it, then run: tidewaiter collect file {} {}",
            args.scheme,
            args.period.words(),
            args.scheme,
            args.period
        )));
    };
    let (document, amount, again) = match &args.again {
        Some(document) => again(&kept.ledger, args, document)?,
        None => (next_document(&kept.ledger, args), amount(args, standing)?, None),
    };
    let text = input::text(&args.accounts, MAX_ACCOUNTS_BYTES).map_err(Failure::usage)?;
    let accounts =
        Accounts::read(&text).map_err(|says| Failure::usage(format!("{}: {says}", args.accounts.display())))?;
    let payee = accounts.of(&args.scheme).map_err(|faults| told(&faults))?;
    let registration = kept.ledger.past().registration(&args.scheme);
    let ruled =
        registration.and_then(|one| rules.payment_reference(&one.number, one.member_state.as_deref(), args.period));
    let fields = registration
        .map_or_else(Vec::new, |one| rules.payment_fields(&one.number, one.member_state.as_deref(), args.period));
    let by_hand = again.or_else(|| args.reference.clone()).or_else(|| payee.reference.clone());
    let is_ruled = by_hand.is_none();
    // A reference that was given by hand is not taken apart into the fields of a form.
    let fields = if is_ruled { fields } else { Vec::new() };
    let Some(reference) = by_hand.or(ruled) else {
        return Err(Failure::usage(format!(
            "what the payment must say is not known for {}: {}. Give it with --reference, or as reference in {}",
            args.scheme,
            if rules.payment.reference.is_none() {
                "the authority tells each payer its own reference"
            } else {
                "the ledger has no registration with the number and, where it counts, the member state"
            },
            args.accounts.display()
        )));
    };
    let book = tidewaiter_data::ratebook();
    let mut asked = Asked {
        document,
        scheme: args.scheme.clone(),
        amount,
        currency: standing.currency.clone(),
        decimals: book.currency_minor(&standing.currency).unwrap_or(2),
        day,
        reference,
    };
    asked.reference = asked.reference.trim().to_owned();
    let identifiers = Identifiers::read(tidewaiter_data::identifiers()).map_err(Failure::Internal)?;
    let mut order = accounts.order(&asked).map_err(|faults| told(&faults))?;
    if order.purpose.is_none() {
        order.purpose.clone_from(&rules.payment.purpose);
    }
    let order = order.checked(&identifiers).map_err(|faults| told(&of_accounts(faults, &args.scheme)))?;
    let transfer_rules = accounts.rules(&asked).map_err(|faults| told(&faults))?;
    let mut notes = Vec::new();
    let mut written = Vec::new();
    let file = match &args.pain {
        Some(_) => Some(bank_file(&order, &asked, &accounts, &transfer_rules, &identifiers, &mut notes)?),
        None => None,
    };
    let code = code(&accounts, &asked, &order, &identifiers);
    let wants_code = args.svg.is_some() || args.payload.is_some() || args.qr;
    let code = match code {
        Ok(code) => Some(code),
        Err(why) if wants_code => return Err(Failure::usage(why)),
        Err(_) => None,
    };
    let drawn = code.as_ref().filter(|_| wants_code).map(|code| code.made(&identifiers)).transpose()?;
    // Everything was made: from here on files are written.
    if let (Some(path), Some(xml)) = (&args.pain, &file) {
        crate::sign::write(path, xml.as_bytes())?;
        written.push(("file for the bank (pain.001.001.09)", path.as_path()));
    }
    if args.pain.is_some() && !fields.is_empty() {
        let names: Vec<String> = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        notes.push(format!(
            "A pain.001 has one text and no fields {}: in the file the text is \"{}\". Ask your bank how it hands that on, or type the payment into its form.",
            list(&names),
            asked.reference
        ));
    }
    if let Some(drawn) = &drawn {
        for (path, bytes, what) in [
            (&args.svg, drawn.svg.as_bytes(), "picture of the QR code"),
            (&args.payload, &drawn.payload, "contents of the QR code"),
        ] {
            if let Some(path) = path {
                crate::sign::write(path, bytes)?;
                written.push((what, path.as_path()));
            }
        }
    }
    let payment = Payment {
        document: asked.document.clone(),
        date: day,
        scheme: args.scheme.clone(),
        period: args.period,
        amount,
        currency: asked.currency.clone(),
        reference: asked.reference.clone(),
    };
    if args.record {
        kept.record(vec![Event::Payment(payment.clone())])?;
    }
    let ordered = if args.again.is_some() { Decimal::ZERO } else { amount };
    let rest = standing.to_order.minus(ordered).map_err(Failure::usage)?;
    if args.json {
        let files: Vec<_> =
            written.iter().map(|(what, path)| json!({ "is": what, "file": path.display().to_string() })).collect();
        let told_apart: Vec<_> = fields.iter().map(|(name, is)| json!({ "name": name, "is": is })).collect();
        page.json(&json!({
            "payment": payment, "fields": told_apart, "end_to_end": order.end_to_end, "payer": order.debtor, "payee": order.creditor, "pay_by": standing.pay_by,
            "left_to_order": rest, "recorded": args.record, "files": files, "notes": notes,
        }))?;
        return Ok(exit(true));
    }
    shown(page, &order, &asked, standing, rest, is_ruled, &fields)?;
    for (what, path) in written {
        page.bullet(&format!("Written: {}, {what}.", path.display()))?;
    }
    for note in notes {
        page.bullet(&note)?;
    }
    if args.record {
        page.bullet(&format!("Recorded in {} as payment \"{}\".", kept.name(), payment.document))?;
    } else if args.again.is_some() {
        page.bullet(&format!(
            "It is the payment \"{}\" again, which is recorded. Make sure that the bank does not carry out both.",
            payment.document
        ))?;
    } else {
        page.bullet("Not recorded. Run it again with --record when you hand it to the bank, so that the statement can be matched.")?;
    }
    if let Some(drawn) = drawn.filter(|_| args.qr) {
        page.gap()?;
        page.paragraph(&drawn.name, Tone::Strong)?;
        page.bytes(drawn.text.as_bytes())?;
        page.paragraph(&drawn.in_words, Tone::Plain)?;
    }
    page.paragraph("No money was moved: you hand this to your bank and confirm it there.", Tone::Quiet)?;
    Ok(Exit::Answered)
}

fn amount(args: &PayArgs, standing: &Standing) -> Result<Decimal, Failure> {
    let (left, currency) = (standing.to_order, &standing.currency);
    let of = format!("{} for {}", standing.scheme, standing.period.words());
    if left.is_zero() || left.is_negative() {
        let says = if left.is_negative() {
            format!("{currency} {} is to come back", Decimal::from_units(-left.units()).to_at_least(2))
        } else if standing.ordered.is_zero() {
            "nothing is owed".to_owned()
        } else {
            format!(
                "{currency} {} was ordered, which is all of it. --again makes a recorded payment again",
                standing.ordered.to_at_least(2)
            )
        };
        return Err(Failure::usage(format!("there is nothing to pay of {of}: {says}")));
    }
    match args.amount {
        Some(amount) if amount > left => Err(Failure::usage(format!(
            "--amount {amount}: of {of} only {currency} {} is left to be ordered. Where the authority asks for more, record its claim first",
            left.to_at_least(2)
        ))),
        Some(amount) => Ok(amount),
        None => Ok(left),
    }
}

/// A recorded payment with what the bank has not carried out of it, and what it says.
fn again(ledger: &Ledger<'_>, args: &PayArgs, document: &str) -> Result<(String, Decimal, Option<String>), Failure> {
    let of_return = || {
        ledger.entries().iter().filter_map(|entry| match &entry.event {
            Event::Payment(one) if one.scheme == args.scheme && one.period == args.period => Some(one),
            _ => None,
        })
    };
    let Some(payment) = of_return().find(|one| one.document == document) else {
        let known: Vec<String> = of_return().map(|one| format!("\"{}\"", one.document)).collect();
        return Err(Failure::usage(format!(
            "--again \"{document}\": no such payment of {} for {} is recorded{}",
            args.scheme,
            args.period.words(),
            if known.is_empty() { String::new() } else { format!("; recorded are {}", known.join(", ")) }
        )));
    };
    let mut left = payment.amount;
    for entry in ledger.entries() {
        if let Event::Bank(one) = &entry.event
            && one.of == document
        {
            left = left.minus(one.amount).map_err(Failure::usage)?;
        }
    }
    if left.is_zero() || left.is_negative() {
        return Err(Failure::usage(format!(
            "payment \"{document}\" was carried out by the bank; nothing of it is left to be paid"
        )));
    }
    Ok((document.to_owned(), left, Some(payment.reference.clone())))
}

/// Number of the next payment for a return.
fn next_document(ledger: &Ledger<'_>, args: &PayArgs) -> String {
    let before = ledger.entries().iter().filter(
        |entry| matches!(&entry.event, Event::Payment(one) if one.scheme == args.scheme && one.period == args.period),
    );
    format!("{} {} {}", args.scheme, args.period, before.count() + 1)
}

/// Number of the file. The same payment to the same account on the same day has the same, so that a bank that was handed it twice refuses it.
fn message_id(order: &Order, asked: &Asked) -> String {
    let whole = [
        asked.document.as_str(),
        &asked.amount.to_string(),
        &asked.currency,
        &asked.day.to_string(),
        &asked.reference,
        order.debtor.account.number(),
        order.creditor.account.number(),
        order.creditor.bank.as_deref().unwrap_or_default(),
    ]
    .join("\n");
    Sha256::digest(whole.as_bytes()).iter().take(12).fold("P".to_owned(), |mut id, byte| {
        let _ = write!(id, "{byte:02X}");
        id
    })
}

fn bank_file(
    order: &Order,
    asked: &Asked,
    accounts: &Accounts,
    rules: &Rules,
    identifiers: &Identifiers,
    notes: &mut Vec<String>,
) -> Result<String, Failure> {
    let made = Timestamp::now();
    let message = Message {
        id: message_id(order, asked),
        made,
        from: accounts.payer.name.clone(),
        rules: rules.clone(),
        letters: Letters::Common,
        orders: vec![order.clone()],
    };
    let file = pain001::write(&message, identifiers).map_err(|faults| told(&faults))?;
    for one in file.replaced {
        notes.push(format!(
            "In the file {} is written \"{}\" in place of \"{}\": not every bank takes all letters.",
            one.field, one.is, one.was
        ));
    }
    if *rules != Rules::Sepa {
        notes.push(format!(
            "{} is paid by a transfer that is no SEPA credit transfer: ask your bank whether it takes this file, and what it costs.",
            asked.currency
        ));
        if order.debtor.address.is_none() || order.creditor.address.is_none() {
            notes.push("One of the two has no address in the file of accounts: banks ask for it where money leaves the European Economic Area.".into());
        }
    }
    Ok(file.xml)
}

/// A QR code that fits the payment.
enum Code {
    Epc(Box<Transfer>),
    Emv(emv::Code, String),
}

struct Drawn {
    name: String,
    svg: String,
    text: String,
    payload: Vec<u8>,
    in_words: String,
}

/// The QR code of the payment, or why there is none.
fn code(accounts: &Accounts, asked: &Asked, order: &Order, identifiers: &Identifiers) -> Result<Code, String> {
    let why = match accounts.emv(asked) {
        Ok(Some(code)) => {
            let in_words = format!(
                "QR code of a payment of {} {} to {}, reference {}",
                asked.currency,
                asked.amount.to_at_least(2),
                order.creditor.name,
                asked.reference
            );
            return Ok(Code::Emv(code, in_words));
        }
        Ok(None) => None,
        Err(faults) => Some(faults),
    };
    if let Some(faults) = why {
        return Err(format!("the QR code cannot be made: {faults}"));
    }
    match Transfer::of(order).and_then(|transfer| transfer.checked(identifiers)) {
        Ok(transfer) => Ok(Code::Epc(Box::new(transfer))),
        Err(faults) => Err(format!(
            "there is no QR code for this payment: {faults}. Where the country has a code of its own (EMVCo), write what it holds under [payee.\"{}\".emv]; --pain writes a file for the bank",
            asked.scheme
        )),
    }
}

impl Code {
    fn made(&self, identifiers: &Identifiers) -> Result<Drawn, Failure> {
        let made = match self {
            Self::Epc(one) => (|| {
                Ok(Drawn {
                    name: "QR code of a SEPA credit transfer (EPC069-12)".into(),
                    svg: picture::of_transfer(one, identifiers)?,
                    text: picture::text_of_transfer(one, identifiers)?,
                    payload: one.bytes(identifiers)?,
                    in_words: picture::in_words(one),
                })
            })(),
            Self::Emv(code, in_words) => (|| {
                Ok(Drawn {
                    name: "QR code (EMVCo, merchant-presented)".into(),
                    svg: picture::of_code(code, in_words)?,
                    text: picture::text_of_code(code, in_words)?,
                    payload: code.write()?.into_bytes(),
                    in_words: in_words.clone(),
                })
            })(),
        };
        made.map_err(|faults: Faults| told(&faults))
    }
}

fn shown(
    page: &mut Page,
    order: &Order,
    asked: &Asked,
    standing: &Standing,
    rest: Decimal,
    is_ruled: bool,
    fields: &[(&str, String)],
) -> Result<(), Failure> {
    let money = Money::of(tidewaiter_data::ratebook(), &asked.currency);
    page.paragraph(
        &format!("Payment of {} for {}, {}", money.text(asked.amount), standing.name, standing.period.words()),
        Tone::Strong,
    )?;
    let reference = if is_ruled {
        "by the rule of the scheme; where the portal shows another, give it with --reference"
    } else {
        "as you gave it"
    };
    let lines = [
        ("From", format!("{}, {}", order.debtor.name, order.debtor.account.number())),
        ("To", format!("{}, {}", order.creditor.name, order.creditor.account.number())),
        ("On", format!("{}, due by {}", asked.day, standing.pay_by)),
        ("It says", format!("{} ({reference})", asked.reference)),
        ("End to end", order.end_to_end.clone()),
    ];
    for (label, says) in lines {
        page.hanging(&format!("{label:<11}"), &says, Tone::Plain)?;
    }
    for (name, is) in fields {
        let is = if is.is_empty() { "(leave it empty)" } else { is };
        page.bullet(&format!("Field {name} of the bank's form: {is}"))?;
    }
    page.gap()?;
    if asked.day > standing.pay_by {
        page.hanging("! ", &format!("It was to be paid by {}: it is late.", standing.pay_by), Tone::Caution)?;
    }
    if !rest.is_zero() {
        page.bullet(&format!("After it {} is left to be ordered.", money.text(rest)))?;
    }
    Ok(())
}

/// Faults of an order, by the names that stand in the file of accounts.
fn of_accounts(mut faults: Faults, scheme: &str) -> Faults {
    for fault in &mut faults.0 {
        let field = fault.field.replace("account.iban", "iban").replace("account.other", "account");
        fault.field = match field.split_once('.') {
            Some(("creditor", rest)) => format!("[payee.\"{scheme}\"] {rest}"),
            Some(("debtor", rest)) => format!("[payer] {rest}"),
            _ => field,
        };
    }
    faults
}

fn told(faults: &Faults) -> Failure {
    Failure::Usage(faults.0.iter().map(ToString::to_string).collect())
}
