//! The sheets of a rate sheet and their columns: one list from which the template is written and by which it is read.

use super::grid::clean;

/// What a cell of a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Goods codes: text, so that leading zeros stay.
    Code,
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or another that the help explains.
    Usually(&'static [&'static str]),
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    /// Whether each row must fill it.
    pub(super) required: bool,
    /// Width in letters.
    pub(super) width: u8,
    pub(super) help: &'static str,
}

/// A sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub(super) name: &'static str,
    /// What one row is.
    pub(super) row_is: &'static str,
    pub(super) columns: &'static [Column],
    pub(super) examples: &'static [&'static [&'static str]],
}

const fn column(name: &'static str, holds: Holds, required: bool, width: u8, help: &'static str) -> Column {
    Column { name, holds, required, width, help }
}

pub(super) const KINDS: &[&str] = &[
    "third-country",
    "preference",
    "suspension",
    "quota",
    "additional",
    "anti-dumping",
    "countervailing",
    "safeguard",
    "excise",
    "control",
    "prohibition",
    "supplementary-unit",
];
pub(super) const YES_NO: &[&str] = &["yes", "no"];
pub(super) const COLLECTORS: &[&str] = &["customs", "seller", "carrier"];
pub(super) const CHARGES: &[&str] = &["duty", "additional duty", "excise", "tax"];
pub(super) const LIMIT_PER: &[&str] = &["consignment", "item", "line", "day", "month", "quarter", "half-year", "year"];
pub(super) const FEE_PER: &[&str] = &["consignment", "parcel", "line", "item"];
pub(super) const VALUES: &[&str] = &["goods", "goods + freight", "goods + freight + insurance"];
pub(super) const ABOVE: &[&str] = &["normal", "only the part above", "formal entry"];
const TAX_KINDS: &[&str] = &["VAT", "GST", "sales tax", "levy"];
const TAX_VALUES: &[&str] =
    &["goods", "goods + freight + insurance + duty", "goods + freight + insurance + duty + excise"];
const ROUNDINGS: &[&str] = &["half-up 0.01 per line", "half-up 0.01 per consignment", "down 1 per consignment"];

const FROM: Column =
    column("From", Holds::Date, false, 12, "First day it holds, as a date or as 2026-07-01. Empty: since long ago.");
const UNTIL: Column = column(
    "Until",
    Holds::Date,
    false,
    12,
    "Last day it holds, that day included, as a date or as 2026-12-31. Empty: no end is known.",
);
const LEGAL_ACT: Column = column(
    "Legal act",
    Holds::Text,
    false,
    26,
    "A key of the sheet Sources, or the act and section in words. Empty: the legal reference of the sheet About.",
);
const NOTE: Column = column("Note", Holds::Text, false, 40, "A sentence for the reader. It changes no amount.");

/// The fields of the sheet About, one a row.
pub(super) const ABOUT: &[Column] = &[
    column("Authority", Holds::Text, true, 0, "Who publishes these rates: the name of your administration."),
    column("Territory", Holds::Text, true, 0, "Two-letter code of your country or customs territory, such as KE."),
    column(
        "Currency",
        Holds::Text,
        true,
        0,
        "Three-letter code of the currency in which duty is assessed, such as KES.",
    ),
    column("Title", Holds::Text, true, 0, "What this sheet holds, such as: Customs tariff 2026, chapters 61 to 64."),
    column(
        "Legal reference",
        Holds::Text,
        true,
        0,
        "The act or gazette notice in which these rates stand. Rows may name another.",
    ),
    column("Issued", Holds::Date, false, 0, "Date of that act or notice."),
    column(
        "Known from",
        Holds::Date,
        true,
        0,
        "First day on which the public could know these rates: the day of publication.",
    ),
    column("Nomenclature", Holds::Text, false, 0, "Edition of the goods codes, such as HS 2022."),
    column("Licence", Holds::Text, false, 0, "Under what terms others may use these data, such as CC BY 4.0."),
    column("Contact", Holds::Text, false, 0, "Whom to ask: an office and an address. Not the name of a person."),
    column(
        "Summary",
        Holds::Text,
        false,
        0,
        "One or two sentences for a shopkeeper: what is charged, and below what value it is not.",
    ),
    column(
        "Duty is charged on",
        Holds::Usually(VALUES),
        false,
        0,
        "The customs value: goods, or goods + freight + insurance. Needed to price a parcel.",
    ),
    column("Tax name", Holds::Text, false, 0, "What the main tax is called, such as VAT."),
    column("Tax kind", Holds::Choice(TAX_KINDS), false, 0, "What that tax is. Needed where the sheet Rates is used."),
    column(
        "Tax is charged on",
        Holds::Usually(TAX_VALUES),
        false,
        0,
        "Value parts and charges joined by +. Words: goods, freight, insurance, packing, duty, additional duty, excise.",
    ),
    column(
        "Rounding",
        Holds::Usually(ROUNDINGS),
        false,
        0,
        "How duty, excise and tax are rounded; fees are not. Empty: half-up, smallest unit of the currency, per line.",
    ),
];

/// The sheets of rows, in order.
pub(super) const SHEETS: &[Sheet] = &[
    Sheet {
        name: "Measures",
        row_is: "what is levied or required on some goods of some origin",
        columns: &[
            column(
                "Code",
                Holds::Code,
                true,
                14,
                "Goods code of 2 to 12 digits. Points and spaces are allowed. Goods below it inherit. Keep the cell as text, or leading zeros are lost.",
            ),
            column(
                "Kind",
                Holds::Choice(KINDS),
                true,
                18,
                "third-country: the normal duty. preference: a lower duty on claim. additional, anti-dumping, countervailing, safeguard: on top. excise. control and prohibition have no duty: say in Note what is required.",
            ),
            column(
                "Duty",
                Holds::Text,
                false,
                24,
                "5 %   or   5.50 USD per kg   or   12 % + 3 EUR per 100 kg   or   max(5 %, 1 USD per item). Always with % or currency and unit. Write 0 % for free.",
            ),
            column(
                "Unit",
                Holds::Text,
                false,
                14,
                "Only where Duty is a number alone: what it counts, such as %   or   USD per kg.",
            ),
            column(
                "Origin",
                Holds::Text,
                false,
                18,
                "Codes of countries or of groups in the sheet Areas, with a comma between them. Empty: all.",
            ),
            column("Except", Holds::Text, false, 14, "Countries or groups that are excepted."),
            column(
                "Programme",
                Holds::Text,
                false,
                14,
                "Name under which a trader claims it, such as GSP. Needed for preference and quota.",
            ),
            column("Proof", Holds::Text, false, 26, "What the trader must hold, such as: certificate of origin."),
            column(
                "Condition",
                Holds::Text,
                false,
                26,
                "Further condition, such as: document N954   or   weight <= 31 kg   or   goods > 500 USD per line.",
            ),
            column("Quota", Holds::Code, false, 12, "Order number of the quota."),
            FROM,
            UNTIL,
            LEGAL_ACT,
            NOTE,
        ],
        examples: &[
            &["6109.10", "third-country", "12 %", "", "", "", "", "", "", "", "2026-01-01", "", "", ""],
            &[
                "6109.10",
                "preference",
                "0 %",
                "",
                "partners",
                "",
                "PTA",
                "certificate of origin",
                "",
                "",
                "2026-01-01",
                "2026-12-31",
                "pta",
                "",
            ],
            &["0101 21 00", "third-country", "0 %", "", "", "", "", "", "", "", "", "", "", "Breeding animals"],
            &["6402", "third-country", "max(10 %, 1.50 XTS per pair)", "", "", "", "", "", "", "", "", "", "", ""],
            &[
                "6402",
                "anti-dumping",
                "8",
                "%",
                "VN",
                "",
                "",
                "",
                "not document D008",
                "",
                "2026-03-01",
                "",
                "Notice 12 of 2026",
                "",
            ],
            &["2402", "excise", "2.40", "XTS per 1000 items", "", "", "", "", "", "", "", "", "", ""],
            &[
                "9301",
                "prohibition",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "Military weapons may not be imported.",
            ],
        ],
    },
    Sheet {
        name: "Rates",
        row_is: "a rate of the main tax, for a class of goods and a time",
        columns: &[
            column(
                "Class",
                Holds::Usually(&["standard", "reduced", "zero"]),
                true,
                14,
                "standard, reduced, zero or a word of your own. Goods of no other class are standard.",
            ),
            column("Rate", Holds::Text, true, 10, "A percentage: 16 %."),
            column(
                "Codes",
                Holds::Code,
                false,
                30,
                "Goods codes of this class, with commas between them and no spaces inside; ranges such as 4901-4903 too. Leave empty for standard.",
            ),
            column("Goods", Holds::Text, false, 36, "The same in words."),
            FROM,
            UNTIL,
            LEGAL_ACT,
            NOTE,
        ],
        examples: &[
            &["standard", "16 %", "", "all other goods", "2024-01-01", "2026-06-30", "", ""],
            &["standard", "18 %", "", "all other goods", "2026-07-01", "", "", "Raised by the Finance Act"],
            &["zero", "0 %", "4901, 4902", "printed books and newspapers", "", "", "", ""],
        ],
    },
    Sheet {
        name: "Thresholds",
        row_is: "a limit of value up to which a charge is free or simpler",
        columns: &[
            column(
                "Charge",
                Holds::Choice(CHARGES),
                true,
                16,
                "Which charge the limit is for. Duty and tax often have different limits: one row each.",
            ),
            column("Limit", Holds::Number, true, 10, "The amount, as a number: 150."),
            column("Currency", Holds::Text, true, 10, "Three-letter code of its currency."),
            column(
                "Limit included",
                Holds::Choice(YES_NO),
                true,
                14,
                "yes: a parcel of exactly the limit is still below it. no: it is already above.",
            ),
            column(
                "Value",
                Holds::Choice(VALUES),
                true,
                26,
                "What is compared with the limit: the goods alone, or with freight and insurance.",
            ),
            column(
                "Per",
                Holds::Choice(LIMIT_PER),
                true,
                14,
                "Of what: the consignment, one item, one line, or all parcels to the buyer in a day, month, quarter, half-year or year.",
            ),
            column(
                "Up to the limit",
                Holds::Usually(&["free"]),
                true,
                18,
                "free, or what is due instead, such as 10 %.",
            ),
            column(
                "Above",
                Holds::Choice(ABOVE),
                true,
                22,
                "normal: the normal charge on the whole value. only the part above: tax on the excess only. formal entry: no simple figure exists.",
            ),
            column(
                "Except goods",
                Holds::Code,
                false,
                16,
                "Goods codes to which the limit does not apply, such as 22, 24. One such item in the parcel does not change the others.",
            ),
            FROM,
            UNTIL,
            LEGAL_ACT,
            NOTE,
        ],
        examples: &[
            &[
                "duty",
                "150",
                "XTS",
                "yes",
                "goods",
                "consignment",
                "free",
                "normal",
                "22, 24",
                "2026-01-01",
                "",
                "",
                "",
            ],
            &["tax", "20", "XTS", "no", "goods", "consignment", "free", "normal", "", "2026-01-01", "", "", ""],
        ],
    },
    Sheet {
        name: "Fees",
        row_is: "a fee for a service, such as customs processing",
        columns: &[
            column(
                "Name",
                Holds::Text,
                true,
                30,
                "What a buyer calls it. Rows of one name are one fee at different times.",
            ),
            column("Amount", Holds::Text, true, 20, "3 USD   or   0.5 %   or   clamp(0.3 %, 2 USD, 50 USD)."),
            column("Per", Holds::Choice(FEE_PER), true, 14, "For what it is charged once."),
            column(
                "Collected by",
                Holds::Choice(COLLECTORS),
                true,
                14,
                "customs: by customs, or the post or courier for it. seller: at the sale. carrier: by the carrier for itself.",
            ),
            column(
                "Condition",
                Holds::Text,
                false,
                26,
                "Where it is not for every parcel: channel is post   or   goods > 100 USD.",
            ),
            FROM,
            UNTIL,
            LEGAL_ACT,
            NOTE,
        ],
        examples: &[
            &["Customs processing fee", "2 XTS", "consignment", "customs", "", "2026-01-01", "", "", ""],
            &["Postal clearance", "1.50 XTS", "parcel", "carrier", "channel is post", "", "", "", ""],
        ],
    },
    Sheet {
        name: "Areas",
        row_is: "a country in a group of countries, for a time",
        columns: &[
            column(
                "Group",
                Holds::Text,
                true,
                16,
                "Your code of the group: small letters and digits, such as partners.",
            ),
            column("Name", Holds::Text, false, 30, "Its full name."),
            column("Member", Holds::Text, true, 10, "Two-letter code of the country."),
            FROM,
            UNTIL,
        ],
        examples: &[
            &["partners", "Partners of the trade agreement", "KE", "", ""],
            &["partners", "Partners of the trade agreement", "UG", "2026-07-01", ""],
        ],
    },
    Sheet {
        name: "Sources",
        row_is: "a law, notice or page that rows refer to",
        columns: &[
            column(
                "Key",
                Holds::Text,
                true,
                16,
                "Short name for the column Legal act of other sheets: small letters, digits, points.",
            ),
            column("Publisher", Holds::Text, true, 26, "Who published it."),
            column("Title", Holds::Text, true, 40, "Its title."),
            column("Address", Holds::Text, false, 40, "Where it can be read: https://…"),
            column("Date", Holds::Date, false, 12, "Its date."),
        ],
        examples: &[&[
            "pta",
            "Ministry of Trade",
            "Partnership Trade Agreement, annex 1",
            "https://example.org/pta",
            "2025-11-30",
        ]],
    },
];

/// Answers to the fields of About in the examples.
pub(super) const ABOUT_EXAMPLES: &[(&str, &str)] = &[
    ("Authority", "Customs of Q (fictional)"),
    ("Territory", "XX"),
    ("Currency", "XTS"),
    ("Title", "Tariff of Q 2026"),
    ("Legal reference", "Customs Act of Q, 2025"),
    ("Issued", "2025-11-30"),
    ("Known from", "2025-12-01"),
    ("Nomenclature", "HS 2022"),
    ("Licence", "CC BY 4.0"),
    ("Contact", "Tariff office, tariff@example.org"),
    ("Summary", "Duty from 150, tax from 20."),
    ("Duty is charged on", "goods + freight + insurance"),
    ("Tax name", "VAT"),
    ("Tax kind", "VAT"),
    ("Tax is charged on", "goods + freight + insurance + duty"),
    ("Rounding", "half-up 0.01 per line"),
];

/// A sheet of rows by its name; capitals and spaces around it aside.
pub(super) fn sheet(name: &str) -> Option<&'static Sheet> {
    SHEETS.iter().find(|s| s.name.eq_ignore_ascii_case(&clean(name)))
}

/// The columns of any sheet by its name, with the name as the form writes it.
pub(super) fn grid(name: &str) -> Option<(&'static str, &'static [Column])> {
    if clean(name).eq_ignore_ascii_case("About") {
        return Some(("About", super::about::GRID));
    }
    sheet(name).map(|s| (s.name, s.columns))
}

/// Names and columns of all sheets that are read.
pub(super) fn grids() -> impl Iterator<Item = (&'static str, &'static [Column])> {
    std::iter::once(("About", super::about::GRID)).chain(SHEETS.iter().map(|s| (s.name, s.columns)))
}
