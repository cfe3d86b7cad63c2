//! Numbers, money and dates as a language writes them: CLDR's rules, through ICU4X.

use super::{LANGUAGES, Lang};
use crate::say;
use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date as IcuDate;
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;
use jiff::civil::Date;
use std::sync::LazyLock;
use tidewaiter::quote::document::Sum;
use tidewaiter::{Decimal, Ratebook};

type Days = FixedCalendarDateTimeFormatter<Gregorian, YMD>;

struct Formats {
    number: Option<DecimalFormatter>,
    day: Option<Days>,
}

/// English dates as most of the world writes them: day, month, year.
fn locale(tag: &str) -> Locale {
    let tag = if tag == "en" { "en-GB" } else { tag };
    tag.parse().unwrap_or(Locale::UNKNOWN)
}

static FORMATS: LazyLock<Vec<Formats>> = LazyLock::new(|| {
    let of = |language: &super::Language| Formats {
        number: DecimalFormatter::try_new(
            locale(language.tag).into(),
            icu_decimal::options::DecimalFormatterOptions::default(),
        )
        .ok(),
        day: Days::try_new(locale(language.tag).into(), YMD::medium()).ok(),
    };
    LANGUAGES.iter().map(of).collect()
});

fn formats(lang: Lang) -> Option<&'static Formats> {
    FORMATS.get(LANGUAGES.iter().position(|l| l.tag == lang.tag())?)
}

/// A plain decimal such as `1234.50` as the language writes it: `1,234.50`, `1 234,50`. The digits stay as they are.
fn localized(lang: Lang, plain: &str) -> String {
    let number = plain.parse::<icu_decimal::input::Decimal>().ok();
    match (formats(lang).and_then(|f| f.number.as_ref()), number) {
        (Some(format), Some(number)) => format.format(&number).to_string(),
        _ => plain.to_owned(),
    }
}

/// A number with all its digits and no more.
pub(crate) fn decimal(lang: Lang, number: Decimal) -> String {
    localized(lang, &number.to_string())
}

/// `12.5 %`.
pub(crate) fn percent(lang: Lang, percent: Decimal) -> String {
    say!(lang, NUMBER_PERCENT, number = decimal(lang, percent))
}

/// `22 Nov 2026`; in French the first of a month is `1er`, which CLDR leaves to its readers.
pub(crate) fn day(lang: Lang, date: Date) -> String {
    let ours = icu(date);
    match (formats(lang).and_then(|f| f.day.as_ref()), ours) {
        (Some(format), Some(ours)) => {
            let told = format.format(&ours).to_string();
            // CLDR writes the first of a month as any other day; some languages do not say it so.
            match (date.day() == 1).then(|| told.strip_prefix("1 ")).flatten() {
                Some(rest) => say!(lang, NUMBER_FIRST_DAY, rest = rest),
                None => told,
            }
        }
        _ => date.to_string(),
    }
}

fn icu(date: Date) -> Option<IcuDate<Gregorian>> {
    let month = u8::try_from(date.month()).ok()?;
    IcuDate::try_new_gregorian(i32::from(date.year()), month, u8::try_from(date.day()).ok()?).ok()
}

/// A currency with its smallest unit, as a language writes amounts of it.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    lang: Lang,
    /// ISO 4217 letters.
    pub(crate) code: String,
    minor: u8,
}

impl Money {
    /// The currency of a code.
    pub(crate) fn of(ratebook: &Ratebook, lang: Lang, code: &str) -> Self {
        Self { lang, code: code.to_owned(), minor: ratebook.currency_minor(code).unwrap_or(2) }
    }

    /// `1,234.50`.
    pub(crate) fn number(&self, amount: Decimal) -> String {
        localized(self.lang, &amount.to_fixed(self.minor))
    }

    /// `1,234`, `1,234.50`: without an empty fraction, for the axis of a chart.
    pub(crate) fn short(&self, amount: Decimal) -> String {
        let fixed = amount.to_fixed(self.minor);
        let short = fixed
            .split_once('.')
            .filter(|(_, f)| f.bytes().all(|b| b == b'0'))
            .map_or(fixed.as_str(), |(whole, _)| whole);
        localized(self.lang, short)
    }

    /// `EUR 1,234.50`, `1 234,50 EUR`.
    pub(crate) fn text(&self, amount: Decimal) -> String {
        say!(self.lang, NUMBER_MONEY, number = self.number(amount), currency = self.code.as_str())
    }

    /// `12.50`, `0.00 to 12.50`, `at least 3.00`, `not known`.
    pub(crate) fn numbers(&self, least: Decimal, most: Option<Decimal>) -> String {
        match most {
            Some(most) if most == least => self.number(least),
            Some(most) => say!(self.lang, NUMBER_RANGE, least = self.number(least), most = self.number(most)),
            None if least.is_zero() => say!(self.lang, NUMBER_UNKNOWN),
            None => say!(self.lang, NUMBER_AT_LEAST, least = self.number(least)),
        }
    }

    /// `EUR 12.50`, `EUR 0.00 to 12.50`, `at least EUR 3.00`, `not known`.
    pub(crate) fn range(&self, least: Decimal, most: Option<Decimal>) -> String {
        match most {
            Some(most) if most == least => self.text(least),
            Some(_) => say!(self.lang, NUMBER_MONEY, number = self.numbers(least, most), currency = self.code.as_str()),
            None if least.is_zero() => say!(self.lang, NUMBER_UNKNOWN),
            None => say!(self.lang, NUMBER_AT_LEAST, least = self.text(least)),
        }
    }

    /// A sum in the currency of the question.
    pub(crate) fn asked(&self, sum: &Sum) -> String {
        self.range(sum.least_asked, sum.most_asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_amounts_its_own_way() {
        let text = |tag: &str, amount: &str| {
            let lang = Lang::of_tag(tag).unwrap();
            let money = Money { lang, code: "EUR".into(), minor: 2 };
            money.text(amount.parse().unwrap()).replace(['\u{a0}', '\u{202f}'], " ")
        };
        assert_eq!(text("en", "12345.5"), "EUR 12,345.50");
        assert_eq!(text("fr", "12345.5"), "12 345,50 EUR");
        assert_eq!(text("es", "12345.5"), "12.345,50 EUR");
        assert_eq!(text("es", "1234.5"), "1234,50 EUR");
    }

    #[test]
    fn each_language_writes_days_its_own_way() {
        let date = jiff::civil::date(2026, 11, 2);
        let text = |tag: &str| day(Lang::of_tag(tag).unwrap(), date);
        assert_eq!(
            (text("en").as_str(), text("fr").as_str(), text("es").as_str()),
            ("2 Nov 2026", "2 nov. 2026", "2 nov 2026")
        );
        let first = jiff::civil::date(2026, 7, 1);
        let text = |tag: &str| day(Lang::of_tag(tag).unwrap(), first);
        assert_eq!(
            (text("en").as_str(), text("fr").as_str(), text("es").as_str()),
            ("1 Jul 2026", "1er juil. 2026", "1 jul 2026")
        );
    }
}
