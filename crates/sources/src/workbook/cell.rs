//! The cells of an XLSX sheet while their elements are read: texts, values, formats, addresses.

use super::{Format, MAX_ROWS, MAX_TEXT, Merged, number};
use quick_xml::events::Event;

/// Most bytes of one text: letters of up to four bytes.
pub(super) const MAX_BYTES: usize = MAX_TEXT * 4;

/// Text that is being put together from its runs; readings for pronunciation (`rPh`) are left out.
#[derive(Default)]
pub(super) struct Text {
    taking: bool,
    skipping: bool,
}

impl Text {
    pub(super) fn take(&mut self, event: &Event<'_>, into: &mut String) -> Result<(), ()> {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => self.taking = true,
                "rPh" => self.skipping = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => self.taking = false,
                "rPh" => self.skipping = false,
                _ => {}
            },
            _ if self.taking && !self.skipping => append(event, into)?,
            _ => {}
        }
        Ok(())
    }
}

/// Appends the text of an event; refuses what grows too long.
pub(super) fn append(event: &Event<'_>, into: &mut String) -> Result<(), ()> {
    match event {
        Event::Text(text) => into.push_str(text.as_ref()),
        Event::CData(text) => into.push_str(text.as_ref()),
        Event::GeneralRef(entity) => {
            if let Ok(Some(c)) = entity.resolve_char_ref() {
                into.push(c);
            } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(entity.as_ref()) {
                into.push_str(text);
            }
        }
        _ => {}
    }
    if into.len() > MAX_BYTES { Err(()) } else { Ok(()) }
}

/// What a cell says its value is.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Kind {
    #[default]
    Number,
    /// The number of a shared text.
    Shared,
    /// Text in the cell itself.
    Inline,
    /// Text that a formula computed.
    Text,
    Bool,
    Error,
    /// A date in ISO 8601.
    Date,
}

impl Kind {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "s" => Self::Shared,
            "inlineStr" => Self::Inline,
            "str" => Self::Text,
            "b" => Self::Bool,
            "e" => Self::Error,
            "d" => Self::Date,
            _ => Self::Number,
        }
    }
}

/// A cell while its element is read.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) column: u32,
    pub(super) kind: Kind,
    pub(super) format: Format,
    pub(super) text: String,
    pub(super) inline: String,
    pub(super) formula: bool,
    pub(super) in_value: bool,
    pub(super) text_of: Text,
}

impl Raw {
    /// Begins another cell with the same buffers.
    pub(super) fn begin(&mut self, column: u32, format: Format, kind: Kind) {
        (self.column, self.format, self.kind) = (column, format, kind);
        self.text.clear();
        self.inline.clear();
        (self.formula, self.in_value, self.text_of) = (false, false, Text::default());
    }

    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<(), ()> {
        match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "v" => self.in_value = matches!(event, Event::Start(_)),
                "f" => self.formula = true,
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "v" => self.in_value = false,
            _ if self.in_value => append(event, &mut self.text)?,
            _ => {}
        }
        if self.kind == Kind::Inline {
            self.text_of.take(event, &mut self.inline)?;
        }
        Ok(())
    }
}

/// Built-in number formats by their number; others by their code.
pub(super) fn format_of(id: u32, code: Option<&str>) -> Format {
    match (id, code) {
        (_, Some("@")) => Format::Text,
        (_, Some(code)) if number::is_percent_format(code) => Format::Percent,
        (_, Some(code)) if number::is_date_format(code) => Format::Date,
        (_, Some(code)) if code.eq_ignore_ascii_case("general") => Format::General,
        (_, Some(_)) => Format::Number,
        (0, None) => Format::General,
        (9 | 10, None) => Format::Percent,
        (14..=22 | 27..=36 | 45..=47 | 50..=58, None) => Format::Date,
        (49, None) => Format::Text,
        _ => Format::Number,
    }
}

/// Column from 0 and row from 1 of `B7`.
pub(super) fn address_of(text: &str) -> Option<(u32, u64)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column = text[..letters].bytes().fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row = text[letters..].parse().ok().filter(|n| (1..=u64::from(MAX_ROWS)).contains(n))?;
    Some((column - 1, row))
}

pub(super) fn merged_of(text: &str) -> Option<Merged> {
    let (from, to) = text.split_once(':')?;
    let ((left, top), (right, bottom)) = (address_of(from)?, address_of(to)?);
    Some(Merged { top, bottom, left, right })
}
