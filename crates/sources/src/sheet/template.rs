//! The template: an empty rate sheet with help on every heading, lists to choose from, and a sheet of examples.

use super::about::GRID;
use super::columns::{ABOUT, ABOUT_EXAMPLES, Column, Holds, SHEETS};
use crate::workbook::Table;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Note, Workbook, Worksheet, XlsxError,
};
use std::io::{Cursor, Write};

/// What the template is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An Excel workbook, which LibreOffice and others read too.
    Xlsx,
    /// A ZIP archive of CSV files.
    Csv,
}

/// Why a template could not be made; not known to happen.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The workbook.
    #[error("the workbook cannot be made: {0}")]
    Workbook(#[from] XlsxError),
    /// The archive.
    #[error("the archive cannot be made: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Writing.
    #[error("the archive cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// The number format Text, by its built-in number.
const TEXT: u8 = 49;
/// Rows to which formats and lists reach.
const LAST_ROW: u32 = 20_000;

/// How a line of instructions looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Title,
    Head,
    /// A command to type.
    Typed,
    /// A word in front, or none, and a sentence.
    Line(&'static str),
}

const READ_ME: &[(Look, &str)] = &[
    (Look::Title, "Rate sheet"),
    (
        Look::Line(""),
        "This workbook says what your country charges on goods that come in. Fill it in, save it, and import it:",
    ),
    (Look::Typed, "tidewaiter import sheet rates.xlsx -o rates.ndjson"),
    (
        Look::Line(""),
        "A row that is not certain is refused with its sheet, row and column, and with what to write in its place. Nothing is guessed.",
    ),
    (Look::Head, "What to fill in"),
    (
        Look::Line("About"),
        "Who you are, which law, which currency. Fill in the column Answer. Fields with * are needed.",
    ),
    (Look::Line("Measures"), "One row for each duty: goods code, kind, duty, origin, dates."),
    (Look::Line("Rates"), "The rates of VAT, GST or sales tax, by class of goods and date."),
    (Look::Line("Thresholds"), "Values up to which a parcel is free of duty or tax."),
    (Look::Line("Fees"), "Fees for customs processing and the like."),
    (
        Look::Line("Areas"),
        "Groups of countries that you name in Measures, with the days on which each belongs to them.",
    ),
    (Look::Line("Sources"), "The laws and notices that rows refer to."),
    (
        Look::Line(""),
        "Leave a sheet empty where you have nothing to say. Do not rename sheets or headings. Headings with * are needed in each row.",
    ),
    (Look::Head, "How to write"),
    (
        Look::Line("Percentages"),
        "5 %    A cell with the format Percent is read too. Never 5 alone: nobody can know whether it is per cent or money.",
    ),
    (Look::Line("Money"), "5.50 USD per kg      3 EUR per 100 kg      1 USD per item      12 % + 3 EUR per 100 kg"),
    (Look::Line("The larger of two"), "max(5 %, 1 USD per kg)      The smaller: min(5 %, 1 USD per kg)      Free: 0 %"),
    (Look::Line("Decimals"), "A point: 12.5. No comma, no thousands separator."),
    (
        Look::Line("Dates"),
        "A real date, or 2026-07-01 (year-month-day). Never 01/02/2026: it is January in one country and February in another.",
    ),
    (Look::Line("From, Until"), "The first and the last day. Both days are included. Empty Until: no end is known."),
    (
        Look::Line("Goods codes"),
        "As text. These columns have the format Text already, so that 0101 keeps its zero. Points are allowed.",
    ),
    (Look::Line("Countries"), "Two-letter codes: KE, VN. Several with commas: KE, UG, TZ. Empty: all."),
    (
        Look::Line("Conditions"),
        "document N954      weight <= 31 kg      goods > 500 USD per line      origin in KE UG      channel is post",
    ),
    (Look::Head, "What is refused"),
    (Look::Line("Cells"), "Merged cells, hidden rows, formulas without a stored value, errors such as #N/A."),
    (Look::Line("Doubts"), "Codes whose leading zero is lost, dates with slashes, numbers without % or currency."),
    (
        Look::Line("Contradictions"),
        "Two rows for the same goods, kind and origin on the same day. Unknown countries and currencies.",
    ),
    (Look::Head, "Help"),
    (Look::Line(""), "Point at a heading with the mouse to read its help."),
    (
        Look::Line(""),
        "The sheet Examples is filled in for a country that does not exist. It is not imported. Where you copy from it, put the code of your country in the place of XX and your currency in the place of XTS: XX is refused.",
    ),
];

/// An empty rate sheet.
///
/// ```
/// use tidewaiter_sources::sheet::{Kind, template};
/// let bytes = template(Kind::Xlsx)?;
/// assert!(bytes.starts_with(b"PK"));
/// # Ok::<(), tidewaiter_sources::sheet::TemplateError>(())
/// ```
///
/// # Errors
/// [`TemplateError`]; none is known.
pub fn template(kind: Kind) -> Result<Vec<u8>, TemplateError> {
    match kind {
        Kind::Xlsx => Ok(workbook()?),
        Kind::Csv => archive(),
    }
}

/// How cells look.
struct Styles {
    heading: Format,
    needed: Format,
    text: Format,
    date: Format,
    help: Format,
    label: Format,
    answer: Format,
}

impl Styles {
    fn new() -> Self {
        let heading = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x00DD_E8F0))
            .set_border_bottom(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        Self {
            needed: heading.clone().set_background_color(Color::RGB(0x00F6_D98B)),
            heading,
            text: Format::new().set_num_format_index(TEXT),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            help: Format::new().set_font_color(Color::RGB(0x0055_5555)).set_text_wrap().set_align(FormatAlign::Top),
            label: Format::new().set_bold().set_align(FormatAlign::Top),
            answer: Format::new()
                .set_num_format_index(TEXT)
                .set_background_color(Color::RGB(0x00FF_FBE6))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x00BB_BBBB))
                .set_text_wrap()
                .set_align(FormatAlign::Top),
        }
    }
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes whenever it is made.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("Rate sheet").set_creation_datetime(&made));
    let styles = Styles::new();
    read_me(book.add_worksheet())?;
    about(book.add_worksheet(), &styles)?;
    for sheet in SHEETS {
        let out = book.add_worksheet();
        out.set_name(sheet.name)?;
        out.set_freeze_panes(1, 0)?;
        out.set_row_height(0, 34)?;
        out.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        for (at, column) in (0u16..).zip(sheet.columns) {
            heading(out, at, column, &styles)?;
            match column.holds {
                Holds::Date => out.set_column_format(at, &styles.date)?,
                Holds::Number => out,
                _ => out.set_column_format(at, &styles.text)?,
            };
            out.set_column_width(at, column.width)?;
            if let Some(list) = list_of(column)? {
                out.add_data_validation(1, at, LAST_ROW, at, &list)?;
            }
        }
    }
    examples(book.add_worksheet(), &styles)?;
    book.save_to_buffer()
}

/// A heading with its help as a note.
fn heading(out: &mut Worksheet, at: u16, column: &Column, styles: &Styles) -> Result<(), XlsxError> {
    let (name, format) = if column.required {
        (format!("{} *", column.name), &styles.needed)
    } else {
        (column.name.to_owned(), &styles.heading)
    };
    out.write_string_with_format(0, at, name, format)?;
    let needed = if column.required { "Needed. " } else { "" };
    let lines = u32::try_from(column.help.len() / 36).unwrap_or(4) + 2;
    let note =
        Note::new(format!("{needed}{}", column.help)).add_author_prefix(false).set_width(260).set_height(lines * 18);
    out.insert_note(0, at, &note)?;
    Ok(())
}

/// The list of words to choose from, where a column has one.
fn list_of(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let (words, strict) = match column.holds {
        Holds::Choice(words) => (words, true),
        Holds::Usually(words) => (words, false),
        _ => return Ok(None),
    };
    let style = if strict { DataValidationErrorStyle::Stop } else { DataValidationErrorStyle::Information };
    let says = if strict {
        "Please choose a word of the list."
    } else {
        "This is not in the list. Read the help of the heading; it may still be right."
    };
    let list = DataValidation::new()
        .allow_list_strings(words)?
        .set_error_style(style)
        .set_error_title("Rate sheet")?
        .set_error_message(says)?;
    Ok(Some(list))
}

fn read_me(out: &mut Worksheet) -> Result<(), XlsxError> {
    out.set_name("Read me")?;
    out.set_column_width(0, 20)?.set_column_width(1, 115)?;
    out.set_landscape().set_print_fit_to_pages(1, 0);
    let title = Format::new().set_bold().set_font_size(18);
    let head = Format::new().set_bold().set_font_size(12);
    let code = Format::new().set_font_name("Consolas").set_background_color(Color::RGB(0x00F2_F2F2));
    let word = Format::new().set_bold().set_align(FormatAlign::Top);
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut row = 0;
    for (look, line) in READ_ME {
        match look {
            Look::Title => {
                out.write_string_with_format(row, 0, *line, &title)?;
            }
            Look::Head => {
                row += 1;
                out.write_string_with_format(row, 0, *line, &head)?;
            }
            Look::Typed => {
                out.write_string_with_format(row, 1, *line, &code)?;
            }
            Look::Line(front) => {
                if !front.is_empty() {
                    out.write_string_with_format(row, 0, *front, &word)?;
                }
                out.write_string_with_format(row, 1, *line, &plain)?;
            }
        }
        row += 1;
    }
    Ok(())
}

fn about(out: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    out.set_name("About")?;
    out.set_freeze_panes(1, 1)?;
    out.set_landscape().set_print_fit_to_pages(1, 0);
    for (at, column) in (0u16..).zip(GRID) {
        out.write_string_with_format(0, at, column.name, &styles.heading)?;
        out.set_column_width(at, column.width)?;
    }
    for (row, field) in (1u32..).zip(ABOUT) {
        let star = if field.required { " *" } else { "" };
        out.write_string_with_format(row, 0, format!("{}{star}", field.name), &styles.label)?;
        let format = if field.holds == Holds::Date {
            styles.answer.clone().set_num_format("yyyy-mm-dd")
        } else {
            styles.answer.clone()
        };
        out.write_blank(row, 1, &format)?;
        out.write_string_with_format(row, 2, field.help, &styles.help)?;
        if let Some(list) = list_of(field)? {
            out.add_data_validation(row, 1, row, 1, &list)?;
        }
    }
    Ok(())
}

/// Every sheet filled in, one below the other: a row with the name of the sheet alone, its headings, its rows.
fn examples(out: &mut Worksheet, styles: &Styles) -> Result<(), XlsxError> {
    out.set_name("Examples")?;
    out.set_landscape().set_print_fit_to_pages(1, 0);
    out.set_tab_color(Color::RGB(0x0099_9999));
    let title = Format::new().set_bold().set_font_size(13);
    let widths = [22u8, 30, 28, 24, 24, 16, 16, 24, 24, 14, 14, 14, 22, 36];
    for (at, width) in (0u16..).zip(widths) {
        out.set_column_width(at, width)?;
        out.set_column_format(at, &styles.text)?;
    }
    let mut row = 0u32;
    for (name, rows) in example_rows() {
        out.write_string_with_format(row, 0, name, &title)?;
        for (n, cells) in rows.iter().enumerate() {
            row += 1;
            let format = if n == 0 { &styles.heading } else { &styles.text };
            for (at, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                out.write_string_with_format(row, at, *cell, format)?;
            }
        }
        row += 2;
    }
    Ok(())
}

/// The examples: each sheet with its headings and rows.
fn example_rows() -> Vec<(&'static str, Vec<Vec<&'static str>>)> {
    let mut about = vec![vec![GRID[0].name, GRID[1].name]];
    about.extend(ABOUT_EXAMPLES.iter().map(|(field, answer)| vec![*field, *answer]));
    let mut all = vec![("About", about)];
    for sheet in SHEETS {
        let mut rows: Vec<Vec<&'static str>> = vec![sheet.columns.iter().map(|c| c.name).collect()];
        rows.extend(sheet.examples.iter().map(|cells| cells.to_vec()));
        all.push((sheet.name, rows));
    }
    all
}

/// The sheet Examples cut into the sheets it shows.
pub(super) fn blocks(tables: Vec<(String, Table)>) -> Vec<(String, Table)> {
    let mut out: Vec<(String, Table)> = Vec::new();
    for (place, table) in tables {
        if !table.name.trim().eq_ignore_ascii_case("Examples") {
            continue;
        }
        for row in table.rows {
            let alone = match (row.cells.len(), row.cells.get(&0)) {
                (1, Some(cell)) => cell.value.shown(cell.format),
                _ => String::new(),
            };
            if alone == "About" || super::columns::sheet(&alone).is_some() {
                out.push((place.clone(), Table { name: alone, ..Table::default() }));
            } else if let Some((_, block)) = out.last_mut() {
                block.rows.push(row);
            }
        }
    }
    out
}

/// CSV files of the same names, with headings, and the help in a text file.
fn archive() -> Result<Vec<u8>, TemplateError> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut help = String::new();
    for (look, line) in READ_ME {
        match look {
            Look::Head => help.push('\n'),
            Look::Line(front) if !front.is_empty() => help.push_str(&format!("{front}: ")),
            _ => {}
        }
        help.push_str(&line.replace("rates.xlsx", "rates.zip"));
        help.push('\n');
    }
    for sheet in SHEETS {
        help.push_str(&format!("\n{}.csv: each row is {}.\n", sheet.name, sheet.row_is));
        for column in sheet.columns {
            let needed = if column.required { " (needed)" } else { "" };
            help.push_str(&format!("  {}{needed}: {}\n", column.name, column.help));
        }
    }
    zip.start_file("Read me.txt", options)?;
    zip.write_all(help.as_bytes())?;
    zip.start_file("About.csv", options)?;
    let mut rows = vec![GRID.iter().map(|c| c.name).collect::<Vec<_>>()];
    rows.extend(ABOUT.iter().map(|f| vec![f.name, "", f.help]));
    zip.write_all(&csv_bytes(&rows)?)?;
    for sheet in SHEETS {
        zip.start_file(format!("{}.csv", sheet.name), options)?;
        zip.write_all(&csv_bytes(&[sheet.columns.iter().map(|c| c.name).collect::<Vec<_>>()])?)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// CSV in UTF-8 with the mark by which Excel knows it.
fn csv_bytes(rows: &[Vec<&str>]) -> Result<Vec<u8>, std::io::Error> {
    let mut out = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    for row in rows {
        out.write_record(row)?;
    }
    out.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}
