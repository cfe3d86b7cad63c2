//! QR codes as SVG, or as text for a terminal: black on white with the quiet zone of four modules that ISO/IEC 18004 asks for, and a text in place of the picture.

use super::Faults;
use super::epc::{LARGEST_VERSION, Transfer};
use super::order::Remittance;
use super::pain001::SEPA_CURRENCY;
use crate::identifier::Identifiers;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use std::fmt::Write as _;

/// Modules of white around the code.
const QUIET: i32 = 4;

/// A picture of a SEPA credit transfer, as the guidelines ask for it: level M, at most version 13.
///
/// # Errors
/// Everything that is wrong with the transfer, by field.
pub fn of_transfer(transfer: &Transfer, identifiers: &Identifiers) -> Result<String, Faults> {
    let transfer = transfer.checked(identifiers)?;
    let bytes = transfer.bytes(identifiers)?;
    svg(&bytes, LARGEST_VERSION, &in_words(&transfer))
}

/// A picture of an EMVCo code.
///
/// # Errors
/// What is wrong with the code.
pub fn of_code(code: &super::emv::Code, in_words: &str) -> Result<String, Faults> {
    svg(code.write()?.as_bytes(), Version::MAX.value(), in_words)
}

/// The same as text for a terminal with light letters on a dark ground: two rows of the code in each line.
///
/// # Errors
/// Everything that is wrong with the transfer, by field.
pub fn text_of_transfer(transfer: &Transfer, identifiers: &Identifiers) -> Result<String, Faults> {
    let transfer = transfer.checked(identifiers)?;
    drawn(&transfer.bytes(identifiers)?, LARGEST_VERSION, &in_words(&transfer)).map(|code| text(&code))
}

/// The same of an EMVCo code.
///
/// # Errors
/// What is wrong with the code.
pub fn text_of_code(code: &super::emv::Code, in_words: &str) -> Result<String, Faults> {
    drawn(code.write()?.as_bytes(), Version::MAX.value(), in_words).map(|code| text(&code))
}

/// Light modules are drawn, for the letters of a terminal are light.
fn text(code: &QrCode) -> String {
    let range = -QUIET..code.size() + QUIET;
    let mut out = String::new();
    for y in range.clone().step_by(2) {
        for x in range.clone() {
            // Outside of the code all is light.
            out.push(match (code.get_module(x, y), code.get_module(x, y + 1)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        out.push('\n');
    }
    out
}

/// The same payment for who does not see the picture: everything that the code holds.
pub fn in_words(transfer: &Transfer) -> String {
    let mut out = String::from("QR code of a credit transfer");
    if let Some(amount) = transfer.amount {
        let _ = write!(out, " of {SEPA_CURRENCY} {}", amount.to_at_least(2));
    }
    let _ = write!(out, " to {}, IBAN {}", transfer.name, transfer.iban);
    if let Some(bank) = &transfer.bank {
        let _ = write!(out, ", BIC {bank}");
    }
    if let Some(purpose) = &transfer.purpose {
        let _ = write!(out, ", purpose {purpose}");
    }
    match &transfer.remittance {
        Some(Remittance::Reference(reference)) => {
            let _ = write!(out, ", reference {reference}");
        }
        Some(Remittance::Text(text)) => {
            let _ = write!(out, ", text: {text}");
        }
        None => {}
    }
    if let Some(note) = &transfer.note {
        let _ = write!(out, ". {note}");
    }
    out
}

fn drawn(bytes: &[u8], largest: u8, in_words: &str) -> Result<QrCode, Faults> {
    let largest = Version::new(largest.clamp(Version::MIN.value(), Version::MAX.value()));
    let segment = QrSegment::make_bytes(bytes);
    QrCode::encode_segments_advanced(&[segment], QrCodeEcc::Medium, Version::MIN, largest, None, false).map_err(
        |error| Faults::one("payload", in_words, format!("it does not fit into a QR code: {error}; shorten a text")),
    )
}

fn svg(bytes: &[u8], largest: u8, in_words: &str) -> Result<String, Faults> {
    let code = drawn(bytes, largest, in_words)?;
    let size = code.size();
    let whole = size + 2 * QUIET;
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let _ = write!(path, "M{} {}h{}v1h-{}z", start + QUIET, y + QUIET, x - start, x - start);
            }
            x += 1;
        }
    }
    let in_words = quick_xml::escape::escape(in_words);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" role=\"img\" aria-label=\"{in_words}\" shape-rendering=\"crispEdges\">\
         <title>{in_words}</title><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>\n"
    ))
}
