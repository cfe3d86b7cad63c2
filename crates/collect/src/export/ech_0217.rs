//! Shape `ech-0217`: the file that the portal of the Swiss tax administration takes, eCH-0217 version 2.0.0, effective method.
//!
//! Source: `eCH-0217-2-0-0.xsd`, `eCH-0108-7-0.xsd` and `eCH-0058-5-0.xsd`, read as copied in the public repository NorfairKing/centjes
//! (`centjes-switzerland/assets/schemas/`); <https://www.ech.ch/fr/ech/ech-0217/2.0.0>. In version 2 the number is one element, not two as
//! in version 1. The lengths of `businessReferenceId` (50) and `sendingApplication` (30, 30, 10) were read in programs that write the file.
//! The link of box and element is ours, by their names: the schema names no boxes.
//!
//! The file holds no tax of a rate: the portal works it out from rate and turnover. Boxes that are sums of others are not in it either.

use super::{Findings, Particulars, Reporting, Submission, number};
use crate::definition::{BoxRule, Definition, Figure, Sum};
use crate::draft::Return;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;
use tidewaiter::decimal::NumberError;
use tidewaiter::{Decimal, RoundingMode};

const CURRENCY: &str = "CHF";
const NAMESPACES: [(&str, &str); 2] = [
    ("xmlns:eCH-0217", "http://www.ech.ch/xmlns/eCH-0217/2"),
    ("xmlns:eCH-0058", "http://www.ech.ch/xmlns/eCH-0058/5"),
];
/// The most rates that the schema takes.
const MOST_RATES: usize = 100;

/// Boxes of turnover with their elements, in the order of the schema.
const TURNOVER: [(&str, &str); 6] = [
    ("200", "totalConsideration"),
    ("220", "suppliesToForeignCountries"),
    ("221", "suppliesAbroad"),
    ("225", "transferNotificationProcedure"),
    ("230", "suppliesExemptFromTax"),
    ("235", "reductionOfConsideration"),
];
/// Boxes of input tax, in the order of the schema.
const INPUT_TAX: [(&str, &str); 5] = [
    ("400", "inputTaxMaterialAndServices"),
    ("405", "inputTaxInvestments"),
    ("410", "subsequentInputTaxDeduction"),
    ("415", "inputTaxCorrections"),
    ("420", "inputTaxReductions"),
];
/// Boxes of other money, in the order of the schema.
const OTHER: [(&str, &str); 2] = [("900", "subsidies"), ("910", "donations")];
/// The box that the turnovers of all rates must come to.
const TAXABLE: &str = "299";

type Xml = Writer<Vec<u8>>;

/// What the file is made of.
struct Filled<'a> {
    uid: String,
    organisation: String,
    reference: String,
    reporting: &'static str,
    turnover: Vec<(&'static str, Decimal)>,
    rates: Vec<(Decimal, Decimal)>,
    input_tax: Vec<(&'static str, Decimal)>,
    payable: Decimal,
    other: Vec<(&'static str, Decimal)>,
    made: &'a Return,
    given: &'a Particulars,
}

pub(super) fn written(
    definition: &Definition,
    made: &Return,
    given: &Particulars,
    owed: Decimal,
    findings: &mut Findings,
) -> Result<String, String> {
    findings.currency(made, CURRENCY);
    if !made.rows.is_empty() || !made.corrections.is_empty() {
        findings.wrong("rows", "the shape has boxes, and no rows or corrections beside them");
    }
    let organisation =
        given.organisation.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    if !(1..=255).contains(&organisation.chars().count()) || organisation.chars().any(char::is_control) {
        findings.wrong(
            "organisationName",
            "the shape asks for the name of the business, of at most 255 characters that can be seen; give it",
        );
    }
    let reference = given.reference.clone().unwrap_or_else(|| format!("{} {}", made.scheme, made.period));
    let is_plain = reference.trim() == reference && !reference.chars().any(char::is_control);
    if !(1..=50).contains(&reference.chars().count()) || !is_plain {
        findings.wrong(
            "businessReferenceId",
            format!("\"{reference}\" is no reference: at most 50 characters, no space at its ends"),
        );
    }
    let reporting = match given.reporting {
        Some(Reporting::Agreed) => "1",
        Some(Reporting::Received) => "2",
        None => {
            findings.wrong(
                "formOfReporting",
                "the shape asks whether sales count when agreed or when received; say which the administration granted",
            );
            ""
        }
    };
    let filled = Filled {
        uid: uid(made, findings),
        organisation,
        reference,
        reporting,
        turnover: taken(&TURNOVER, made, findings),
        rates: rates(definition, made, findings),
        input_tax: taken(&INPUT_TAX, made, findings),
        payable: owed,
        other: taken(&OTHER, made, findings),
        made,
        given,
    };
    findings.cents("payableTax", owed);
    left_over(definition, made, findings);
    sums(definition, made, &filled.rates, findings).map_err(|error| error.to_string())?;
    let bytes = xml(&filled).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// `CHE` and nine digits, the first not 0: `uidType` of eCH-0108.
fn uid(made: &Return, findings: &mut Findings) -> String {
    let number = made.number.as_deref().unwrap_or_default();
    let plain: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_uppercase();
    let rest = plain.strip_prefix("CHE").unwrap_or_default();
    let (digits, ending) = rest.split_at_checked(9).unwrap_or_default();
    let is_number = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() && !digits.starts_with('0');
    if !is_number || !matches!(ending, "" | "MWST" | "TVA" | "IVA" | "TPV") {
        findings.wrong("uid", format!("\"{number}\" is no number of a business: CHE and nine digits, with MWST, TVA or IVA behind or without; record the registration with it"));
    }
    format!("CHE{digits}")
}

fn value(made: &Return, key: &str) -> Option<Decimal> {
    made.boxes.iter().find(|one| one.key == key)?.value
}

/// Boxes with their elements: the first of turnover always, others where there is something in them.
fn taken(all: &[(&str, &'static str)], made: &Return, findings: &mut Findings) -> Vec<(&'static str, Decimal)> {
    let mut found = Vec::new();
    for (key, element) in all {
        let is_asked = *element == "totalConsideration";
        match value(made, key) {
            Some(amount) if is_asked || !amount.is_zero() => {
                findings.cents(&format!("box {key}"), amount);
                found.push((*element, amount));
            }
            None if is_asked => {
                findings.wrong(format!("box {key}"), "the shape asks for it, and the return does not have it")
            }
            _ => {}
        }
    }
    found
}

/// Turnover of each rate: boxes of one rate alone.
fn of_rate(definition: &Definition, sum: Sum) -> impl Iterator<Item = (&BoxRule, Decimal)> {
    let boxes = definition.boxes.iter().filter(move |rule| rule.is == Figure::Sum(sum));
    boxes.filter_map(|rule| Some((rule, rule.rate?.0)))
}

fn rates(definition: &Definition, made: &Return, findings: &mut Findings) -> Vec<(Decimal, Decimal)> {
    let mut found = Vec::new();
    for (rule, rate) in of_rate(definition, Sum::Net) {
        let turnover = value(made, &rule.key).unwrap_or_default();
        if turnover.is_zero() {
            continue;
        }
        let at = format!("box {}", rule.key);
        findings.cents(&at, turnover);
        if rate.is_negative() || rate > Decimal::HUNDRED || !number::fits(rate, 2) {
            findings
                .wrong(&at, format!("{rate} % is no rate that the shape takes: from 0 to 100, at most two decimals"));
        }
        found.push((rate, turnover));
    }
    if found.len() > MOST_RATES {
        findings.wrong("boxes", format!("the shape takes {MOST_RATES} rates, and there are {}", found.len()));
    }
    found
}

/// Boxes without an element: sums are told of, anything else must be nought.
fn left_over(definition: &Definition, made: &Return, findings: &mut Findings) {
    let mut sums = Vec::new();
    for one in &made.boxes {
        let rule = definition.boxes.iter().find(|rule| rule.key == one.key);
        let is_element = TURNOVER.iter().chain(&INPUT_TAX).chain(&OTHER).any(|(key, _)| *key == one.key);
        let is_of_rate =
            rule.is_some_and(|rule| rule.rate.is_some() && matches!(rule.is, Figure::Sum(Sum::Net | Sum::Tax)));
        let is_payable = definition.payment.figure.as_deref() == Some(one.key.as_str());
        if is_element || is_of_rate || is_payable {
            continue;
        }
        if rule.is_some_and(|rule| matches!(rule.is, Figure::Boxes(_))) {
            sums.push(one.key.as_str());
        } else if let Some(amount) = one.value.filter(|amount| !amount.is_zero()) {
            findings.wrong(
                format!("box {}", one.key),
                format!("{amount} has no place in the shape; type the return into the portal"),
            );
        }
    }
    if !sums.is_empty() {
        findings.tell(format!(
            "Boxes {} are not in the file: they are sums, and the portal makes them itself.",
            sums.join(", ")
        ));
    }
}

/// Holds the turnovers of the rates against the taxable turnover, and the tax that follows from them against that of the return.
fn sums(
    definition: &Definition,
    made: &Return,
    rates: &[(Decimal, Decimal)],
    findings: &mut Findings,
) -> Result<(), NumberError> {
    let cent = Decimal::ten_to_minus(2);
    let (mut turnover, mut exact) = (Decimal::ZERO, Decimal::ZERO);
    for (rate, net) in rates {
        turnover = turnover.plus(*net)?;
        exact = exact.plus(rate.percent_of(*net)?)?;
    }
    if let Some(taxable) = value(made, TAXABLE) {
        let apart = taxable.minus(turnover)?.units().abs();
        // Each box is rounded by itself: half a cent each.
        let roundings = (TURNOVER.len() + rates.len()) as i128;
        if apart > cent.units() / 2 * roundings {
            findings.wrong(
                format!("box {TAXABLE}"),
                format!("{taxable} is taxable, and the turnovers of the rates come to {turnover}; some sales have another rate or none, record them with it"),
            );
        } else if apart > 0 {
            findings.tell(format!(
                "The turnovers of the rates come to {}, box {TAXABLE} to {}: each is rounded by itself.",
                turnover.to_fixed(2),
                taxable.to_fixed(2)
            ));
        }
    }
    let exact = exact.rounded(RoundingMode::HalfUp, cent)?;
    let mut tax = Decimal::ZERO;
    for (rule, _) in of_rate(definition, Sum::Tax) {
        tax = tax.plus(value(made, &rule.key).unwrap_or_default())?;
    }
    findings.tell(if exact == tax {
        format!("The tax of each rate is not in the file: the portal works it out, and comes to {} {CURRENCY} too.", tax.to_fixed(2))
    } else {
        format!(
            "The tax of each rate is not in the file: the portal works it out and comes to {} {CURRENCY}, and what was collected to {} {CURRENCY}; compare before you send it.",
            exact.to_fixed(2),
            tax.to_fixed(2)
        )
    });
    Ok(())
}

fn xml(filled: &Filled<'_>) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("eCH-0217:VATDeclaration").with_attributes(NAMESPACES).write_inner_content(|xml| {
        within(xml, "generalInformation", |xml| general(xml, filled))?;
        within(xml, "turnoverComputation", |xml| amounts(xml, &filled.turnover))?;
        within(xml, "effectiveReportingMethod", |xml| {
            text(xml, "grossOrNet", "1")?;
            for (rate, turnover) in &filled.rates {
                within(xml, "suppliesPerTaxRate", |xml| {
                    text(xml, "taxRate", &rate.to_fixed(2))?;
                    text(xml, "turnover", &turnover.to_fixed(2))
                })?;
            }
            amounts(xml, &filled.input_tax)
        })?;
        text(xml, "payableTax", &filled.payable.to_fixed(2))?;
        if filled.other.is_empty() {
            Ok(())
        } else {
            within(xml, "otherFlowsOfFunds", |xml| amounts(xml, &filled.other))
        }
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn general(xml: &mut Xml, filled: &Filled<'_>) -> io::Result<()> {
    let submission = match filled.given.submission {
        Submission::First => "1",
        Submission::Correction => "2",
        Submission::Reconciliation => "3",
    };
    text(xml, "uid", &filled.uid)?;
    text(xml, "organisationName", &filled.organisation)?;
    text(xml, "generationTime", &filled.given.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())?;
    text(xml, "reportingPeriodFrom", &filled.made.period.first().to_string())?;
    text(xml, "reportingPeriodTill", &filled.made.period.last().to_string())?;
    text(xml, "typeOfSubmission", submission)?;
    text(xml, "formOfReporting", filled.reporting)?;
    text(xml, "businessReferenceId", &filled.reference)?;
    within(xml, "sendingApplication", |xml| {
        for (name, says) in
            [("manufacturer", "Tidewaiter"), ("product", "Tidewaiter"), ("productVersion", env!("CARGO_PKG_VERSION"))]
        {
            let name = format!("eCH-0058:{name}");
            xml.create_element(name.as_str()).write_text_content(BytesText::new(says))?;
        }
        Ok(())
    })
}

fn amounts(xml: &mut Xml, all: &[(&str, Decimal)]) -> io::Result<()> {
    all.iter().try_for_each(|(name, amount)| text(xml, name, &amount.to_fixed(2)))
}

fn within(xml: &mut Xml, name: &str, inner: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element(format!("eCH-0217:{name}").as_str()).write_inner_content(inner)?;
    Ok(())
}

fn text(xml: &mut Xml, name: &str, says: &str) -> io::Result<()> {
    // Characters that XML has no place for at all.
    let says: String = says.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    xml.create_element(format!("eCH-0217:{name}").as_str()).write_text_content(BytesText::new(&says))?;
    Ok(())
}
