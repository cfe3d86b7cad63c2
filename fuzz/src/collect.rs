//! The targets of sellers who collect: rules, identifiers, events, files of sales, of banks and of codes to scan.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]
#![allow(unreachable_pub, reason = "shared with an ordinary test")]

use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use tidewaiter::Decimal;
use tidewaiter_collect::definition::Period;
use tidewaiter_collect::draft::{Collected, Rates, draft};
use tidewaiter_collect::event::{Event, Payment};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::ledger::{Definitions, Ledger};
use tidewaiter_collect::pay::{camt053, emv, epc, matching, pain001};
use tidewaiter_collect::{Definition, deadline, import};

/// Most likely numbers that are told for a wrong one.
const MOST_LIKELY: usize = 5;

fn identifiers() -> &'static Identifiers {
    static ALL: OnceLock<Identifiers> = OnceLock::new();
    ALL.get_or_init(|| Identifiers::read(include_str!("../../data/identifiers.toml")).unwrap())
}

fn definitions() -> &'static Definitions {
    static ALL: OnceLock<Definitions> = OnceLock::new();
    ALL.get_or_init(|| {
        let texts = [
            include_str!("../../data/returns/eu.ioss.toml"),
            include_str!("../../data/returns/ch.mailorder.toml"),
            include_str!("../../data/returns/gb.supplyvat.toml"),
        ];
        texts.into_iter().map(|text| Definition::read(text).unwrap()).map(|one| (one.scheme.key.clone(), one)).collect()
    })
}

/// The rules of a return. What is read answers for any day, and its own text is read as the same.
pub fn collect_definition(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = match Definition::read(text) {
        Ok(read) => read,
        Err(faults) => {
            assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.at.is_empty() && !fault.says.is_empty()));
            return;
        }
    };
    let written = toml::to_string(&read).unwrap();
    assert_eq!(Definition::read(&written).as_ref(), Ok(&read), "{written}");
    let rates = Rates::new(tidewaiter_data::ratebook(), &[]);
    for day in [date(1, 1, 1), date(2024, 2, 29), date(2026, 12, 31), date(9999, 11, 30), date(9999, 12, 31)] {
        let _ = (read.joins(day, day), read.leaves(day), read.number_until(day), read.last_lowering(day));
        let Some(period) = read.period.of(day, day) else { continue };
        assert!(period.contains(day), "{period} {day}");
        let _ = (read.return_due(period), read.payment_due(period), read.instalments(period), read.reminder(period));
        let _ =
            (read.is_correctable(period, period), read.is_lowerable(period, day, period), read.last_correction(period));
        let _ = (read.payment_reference("{year}", Some("IE"), period), read.payment_fields("1", None, period));
        let _ = read.year_end("1", None, period);
        let made = draft(&read, None, &Collected::default(), &rates, period).unwrap();
        assert!(made.nil && made.period == period);
        let calendar =
            deadline::calendar(&deadline::deadlines(&read, day, day, 24).unwrap_or_default(), Timestamp::UNIX_EPOCH);
        assert!(calendar.lines().all(|line| line.len() <= 75 && !line.contains('\r')), "{calendar}");
    }
    for amount in [Decimal::ZERO, Decimal::ONE, Decimal::from_int(i64::MAX), Decimal::from_int(i64::MIN)] {
        let _ = (read.to_pay(amount), read.late_tax(amount, u16::MAX), read.late_tax(amount, 1));
        let _ = (read.corrections.takes(amount, Some(amount)), read.rounding.is.apply(amount));
    }
}

/// Key of an identifier in the first line, a number in the rest. What is likely meant is right.
pub fn collect_identifier(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (key, number) = text.split_once('\n').unwrap_or(("iban", text));
    let Some(verdict) = identifiers().look(key, number) else { return };
    assert_eq!(verdict.valid, verdict.wrong.is_none());
    assert!(verdict.likely.len() <= MOST_LIKELY);
    let again = |text: &str| identifiers().look(&verdict.identifier, text).unwrap();
    if verdict.valid {
        assert!(again(&verdict.text).valid, "{verdict:?}");
        assert_eq!(again(&verdict.text).text, verdict.text);
    }
    for likely in &verdict.likely {
        assert!(again(likely).valid, "{likely} for {number}");
    }
}

/// Events, one a line, as a shop might hand them over. What is taken is taken once and can be made again.
pub fn collect_event(data: &[u8]) {
    let mut ledger = Ledger::new(definitions());
    for line in data.split(|byte| *byte == b'\n').take(200) {
        let Ok(event) = serde_json::from_slice::<Event>(line) else { continue };
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        take(&mut ledger, event);
    }
    whole(&ledger);
}

fn take(ledger: &mut Ledger<'_>, event: Event) {
    let before = ledger.head().to_owned();
    match ledger.append(Timestamp::UNIX_EPOCH, event.clone()) {
        Ok(Some(_)) => assert!(ledger.append(Timestamp::UNIX_EPOCH, event).unwrap().is_none()),
        Ok(None) => assert_eq!(ledger.head(), before),
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            assert_eq!(ledger.head(), before);
        }
    }
}

fn whole(ledger: &Ledger<'_>) {
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for ((account, currency), amount) in ledger.balances() {
        let sum = sums.entry(currency).or_default();
        *sum = sum.plus(*amount).unwrap();
        assert_eq!(account.to_string().parse().as_ref(), Ok(account));
    }
    assert!(sums.values().all(|sum| sum.is_zero()), "{sums:?}");
    let again = Ledger::replay(definitions(), ledger.entries().to_vec()).unwrap();
    assert_eq!((again.past(), again.head()), (ledger.past(), ledger.head()));
    let rates = Rates::new(tidewaiter_data::ratebook(), &[]);
    for (key, definition) in definitions() {
        let registration = ledger.past().registration(key);
        for one in deadline::open(definition, ledger.past(), date(2030, 1, 1)).into_iter().take(3) {
            let collected = Collected::of(definition, registration, ledger.tax(), one.period).unwrap();
            // Sums may be out of range; then it is said.
            let _ = draft(definition, registration, &collected, &rates, one.period);
        }
    }
}

/// A file of sales. What is read is written and read as the same, and a ledger takes it or says why not.
pub fn collect_csv(data: &[u8]) {
    match import::events(data) {
        Ok((events, _)) => {
            let mut file = Vec::new();
            import::write(&events, &mut file).unwrap();
            assert_eq!(import::events(file.as_slice()).unwrap().0, events);
            let mut ledger = Ledger::new(definitions());
            for event in events {
                take(&mut ledger, event);
            }
            whole(&ledger);
        }
        Err(refused) => assert!(!refused.faults.is_empty() && refused.faults.len() <= import::MOST_TOLD),
    }
}

/// A statement of a bank, held against payments. The same one again finds nothing new.
pub fn collect_camt053(data: &[u8]) {
    let message = match camt053::read(data) {
        Ok(message) => message,
        Err(why) => return assert!(!why.says.is_empty()),
    };
    let period: Period = "2026-10".parse().unwrap();
    let payments: Vec<Payment> = (1..4)
        .map(|n| Payment {
            document: format!("P{n}"),
            date: date(2026, 11, 20),
            scheme: "eu.ioss".into(),
            period,
            amount: Decimal::from_int(100 * n),
            currency: "EUR".into(),
            reference: "IE/IM3720000012/M10.2026".into(),
        })
        .collect();
    let Ok(found) = matching::matches(std::slice::from_ref(&message), &payments, &[]) else { return };
    let entries: Vec<_> = found.iter().filter_map(|one| one.found.entry().cloned()).collect();
    if let Ok(again) = matching::matches(&[message], &payments, &entries) {
        assert_eq!(again.len(), found.len());
    }
}

/// Payments to order, as JSON: a file whose XML is read again, or the fields that are wrong.
pub fn collect_pain001(data: &[u8]) {
    let Ok(message) = serde_json::from_slice::<pain001::Message>(data) else { return };
    match pain001::write(&message, identifiers()) {
        Ok(file) => {
            let mut reader = quick_xml::Reader::from_str(&file.xml);
            let mut depth = 0_i32;
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Start(_) => depth += 1,
                    quick_xml::events::Event::End(_) => depth -= 1,
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(depth, 0);
        }
        Err(faults) => assert!(!faults.0.is_empty()),
    }
}

/// The bytes of an EPC code.
pub fn collect_epc(data: &[u8]) {
    match epc::Transfer::read(data, identifiers()) {
        Ok(read) => {
            let bytes = read.bytes(identifiers()).unwrap();
            assert!(bytes.len() <= epc::MOST_BYTES);
            assert_eq!(epc::Transfer::read(&bytes, identifiers()).unwrap(), read);
        }
        Err(faults) => assert!(!faults.0.is_empty()),
    }
}

/// An EMVCo code as it is, and the same text with the check value that fits it.
pub fn collect_emv(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = emv::Code::read(text);
    let body = text.char_indices().nth_back(3).and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    let text = format!("{body}{:04X}", crc(body.as_bytes()));
    match emv::Code::read(&text) {
        Ok(code) => {
            let again = code.write().unwrap();
            assert_eq!(emv::Code::read(&again).unwrap(), code, "{text}");
        }
        Err(faults) => assert!(!faults.0.is_empty()),
    }
}

/// CRC-16 with the polynomial 0x1021 and the start 0xFFFF.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |sum, byte| {
        (0..8).fold(
            sum ^ (u16::from(*byte) << 8),
            |sum, _| if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 },
        )
    })
}
