//! One field of a form of an authority: what a phone shows to fill it in, what is wrong with it, what was likely meant.

use super::words;
use crate::form::Fields;
use crate::locale::Lang;
use crate::pages::Request as Asked;
use crate::pages::parts::origins;
use crate::say;
use maud::{Markup, html};
use tidewaiter_collect::apply::{Answers, Wrong};
use tidewaiter_collect::definition::{Field, FieldKind};

/// Before the key of a field, so that no key of an authority meets one of ours.
const OWN: &str = "f.";
/// Before the key of a value that was likely meant.
const TAKE: &str = "take.";
/// Parts of an address in the order in which they are written, and what browsers call them.
const ADDRESS: [(&str, &str); 5] = [
    ("street", "address-line1"),
    ("postcode", "postal-code"),
    ("town", "address-level2"),
    ("region", "address-level1"),
    ("country", "country"),
];

/// A form with what stands in it.
pub(super) struct Filled<'a> {
    pub(super) asked: &'a Asked,
    pub(super) answers: &'a Answers,
    pub(super) wrong: &'a [Wrong],
}

/// What was written into a form; a value that was likely meant takes the place of the one that was wrong.
pub(super) fn answers(fields: &Fields) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in fields {
        if let Some(key) = name.strip_prefix(OWN).filter(|_| !value.trim().is_empty()) {
            answers.insert(key.to_owned(), value.trim().to_owned());
        }
    }
    for (name, value) in fields {
        if let Some(key) = name.strip_prefix(TAKE).filter(|_| !value.trim().is_empty()) {
            answers.insert(key.to_owned(), value.trim().to_owned());
        }
    }
    answers
}

/// The same as fields that are not seen.
pub(super) fn hidden(answers: &Answers) -> Markup {
    html! { @for (key, value) in answers { input type="hidden" name={ (OWN) (key) } value=(value); } }
}

impl Filled<'_> {
    fn lang(&self) -> Lang {
        self.asked.lang
    }

    fn value(&self, key: &str) -> &str {
        self.answers.get(key).map_or("", String::as_str)
    }

    /// Keys of the answers to a field, in the order in which they are written.
    pub(super) fn keys(field: &Field) -> Vec<String> {
        match field.kind {
            FieldKind::Address => ADDRESS.iter().map(|(part, _)| format!("{}.{part}", field.key)).collect(),
            _ => vec![field.key.clone()],
        }
    }

    /// Whether something stands in a field, or is wrong with it.
    fn is_used(&self, field: &Field) -> bool {
        Self::keys(field)
            .iter()
            .any(|key| !self.value(key).is_empty() || self.wrong.iter().any(|one| one.field == *key))
    }

    /// All fields: first those that must be filled in, the others folded.
    pub(super) fn all(&self, fields: &[Field]) -> Markup {
        let (must, may): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.required);
        let open = may.iter().any(|field| self.is_used(field)) || must.is_empty();
        html! {
            div.fields { @for field in must { (self.one(field)) } }
            @if !may.is_empty() {
                details open[open] {
                    summary { (say!(self.lang(), COLLECT_MORE_FIELDS, count = may.len())) }
                    div.fields { @for field in may { (self.one(field)) } }
                }
            }
        }
    }

    /// What is wrong, with a way to each field.
    pub(super) fn summary(&self, fields: &[Field]) -> Markup {
        let lang = self.lang();
        let label = |key: &str| {
            let head = key.split('.').next().unwrap_or(key);
            match fields.iter().find(|field| field.key == head) {
                Some(field) => words::label(lang, &field.label),
                None => html! { (key) },
            }
        };
        html! {
            @if !self.wrong.is_empty() {
                div.note.stop.stack role="alert" tabindex="-1" autofocus {
                    p { strong { (say!(lang, COLLECT_FIELDS_WRONG, count = self.wrong.len())) } }
                    ul { @for one in self.wrong { li { a href={ "#" (id(&one.field)) } { (label(&one.field)) } ": " (words::fault(lang, &one.fault)) } } }
                }
            }
        }
    }

    fn one(&self, field: &Field) -> Markup {
        let lang = self.lang();
        if field.kind == FieldKind::Address {
            return html! {
                fieldset.w12 {
                    legend { (words::label(lang, &field.label)) }
                    div.fields {
                        @for (part, complete) in ADDRESS {
                            @let key = format!("{}.{part}", field.key);
                            @let needed = field.required && !matches!(part, "postcode" | "region");
                            @let width = match part { "street" => "w12", "postcode" => "w4", "town" => "w8", _ => "w6" };
                            div class={ "field " (width) } {
                                label for=(id(&key)) {
                                    (lang.word("collect-address", part))
                                    @if field.required && !needed { " " span.quiet.small { (say!(lang, COLLECT_OPTIONAL)) } }
                                }
                                @if part == "country" {
                                    (self.country(&key, needed))
                                } @else {
                                    (self.input(&key, "text", None, complete, needed, 200, None))
                                }
                                (self.fault(&key))
                            }
                        }
                    }
                }
            };
        }
        let key = &field.key;
        let width = match field.kind {
            FieldKind::Text | FieldKind::Urls => "w12",
            _ => "w6",
        };
        html! {
            div class={ "field " (width) } {
                @if field.kind == FieldKind::YesNo {
                    fieldset id=(id(key)) {
                        legend { (words::label(lang, &field.label)) }
                        div.row {
                            @for (value, word) in [("yes", say!(lang, COLLECT_YES)), ("no", say!(lang, COLLECT_NO))] {
                                label.check { input type="radio" name={ (OWN) (key) } value=(value) checked[self.value(key) == value] required[field.required]; (word) }
                            }
                        }
                    }
                } @else {
                    label for=(id(key)) { (words::label(lang, &field.label)) }
                    @let hint = self.hint(field);
                    (self.control(field, hint.is_some()))
                    @if let Some(hint) = hint { span.hint id={ "hint-" (id(key)) } { (hint) } }
                }
                (self.fault(key))
            }
        }
    }

    fn hint(&self, field: &Field) -> Option<Markup> {
        let lang = self.lang();
        match (&field.hint, field.kind) {
            (Some(hint), _) => Some(lang.foreign(hint)),
            (None, FieldKind::Phone) => Some(html! { (say!(lang, COLLECT_HINT_PHONE)) }),
            (None, FieldKind::Urls) => Some(html! { (say!(lang, COLLECT_HINT_URLS)) }),
            (None, FieldKind::Amount) => Some(html! { (say!(lang, COLLECT_HINT_AMOUNT)) }),
            (None, FieldKind::Identifier) => {
                let house = self.asked.desk.house()?;
                let key = field.identifier.as_deref()?;
                let shown = house.service.identifiers().all().find(|one| one.key == key)?.shown.clone();
                (!shown.is_empty()).then(|| html! { (say!(lang, COLLECT_HINT_LIKE, shown = shown)) })
            }
            _ => None,
        }
    }

    fn control(&self, field: &Field, hinted: bool) -> Markup {
        let (key, needed) = (&field.key, field.required);
        let hint = hinted.then(|| format!("hint-{}", id(key)));
        match field.kind {
            FieldKind::Country => self.country(key, needed),
            FieldKind::Email => self.input(key, "email", None, "email", needed, 254, hint),
            FieldKind::Phone => self.input(key, "tel", None, "tel", needed, 40, hint),
            FieldKind::Day => self.input(key, "date", None, "off", needed, 30, hint),
            FieldKind::Amount => self.input(key, "text", Some("decimal"), "off", needed, 30, hint),
            FieldKind::Identifier => self.input(key, "text", None, "off", needed, 60, hint),
            FieldKind::Urls => self.input(key, "text", Some("url"), "url", needed, 4000, hint),
            _ => self.input(key, "text", None, completes(key), needed, 200, hint),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the attributes of an input")]
    fn input(
        &self,
        key: &str,
        kind: &str,
        mode: Option<&str>,
        complete: &str,
        needed: bool,
        most: u16,
        hint: Option<String>,
    ) -> Markup {
        let plain = matches!(kind, "email" | "tel") || mode == Some("url") || (complete == "off" && kind == "text");
        html! {
            input id=(id(key)) name={ (OWN) (key) } type=(kind) inputmode=[mode] autocomplete=(complete) maxlength=(most) required[needed]
                autocapitalize=[plain.then_some("none")] spellcheck=[plain.then_some("false")] value=(self.value(key))
                aria-invalid=[self.invalid(key)] aria-describedby=[self.described(key, hint)];
        }
    }

    fn country(&self, key: &str, needed: bool) -> Markup {
        let lang = self.lang();
        let all = origins(lang, &self.asked.desk.book());
        html! {
            select id=(id(key)) name={ (OWN) (key) } autocomplete="country" required[needed] aria-invalid=[self.invalid(key)] aria-describedby=[self.described(key, None)] {
                option value="" { (say!(lang, COLLECT_CHOOSE)) }
                @for (code, name) in all.iter().filter(|(code, _)| code.len() == 2) { option value=(code) selected[code == self.value(key)] { (name) } }
            }
        }
    }

    fn invalid(&self, key: &str) -> Option<&'static str> {
        self.wrong.iter().any(|one| one.field == key).then_some("true")
    }

    fn described(&self, key: &str, hint: Option<String>) -> Option<String> {
        let fault = self.invalid(key).map(|_| format!("fault-{}", id(key)));
        let all: Vec<String> = fault.into_iter().chain(hint).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    fn fault(&self, key: &str) -> Markup {
        let lang = self.lang();
        html! {
            @for one in self.wrong.iter().filter(|one| one.field == key) {
                span.fault id={ "fault-" (id(key)) } { (words::fault(lang, &one.fault)) }
                @if !one.likely.is_empty() {
                    fieldset.likely-meant {
                        legend { (say!(lang, COLLECT_LIKELY)) }
                        @for likely in &one.likely { label.check { input type="radio" name={ (TAKE) (key) } value=(likely); code { (likely) } } }
                        label.check { input type="radio" name={ (TAKE) (key) } value="" checked; (say!(lang, COLLECT_LIKELY_NONE)) }
                    }
                }
            }
        }
    }
}

fn id(key: &str) -> String {
    format!("f-{}", key.replace('.', "-"))
}

/// What browsers know the field as.
fn completes(key: &str) -> &'static str {
    match key {
        "legal_name" | "trading_name" | "organisation" => "organization",
        "contact_name" | "person" => "name",
        _ => "off",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_likely_meant_takes_the_place_of_what_was_wrong() {
        let fields = |all: &[(&str, &str)]| -> Fields {
            all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let told = answers(&fields(&[("take.vat", "IE1"), ("f.vat", " IE2 "), ("f.empty", " "), ("other", "x")]));
        assert_eq!(told.iter().collect::<Vec<_>>(), [(&"vat".to_owned(), &"IE1".to_owned())]);
        let told = answers(&fields(&[("take.vat", ""), ("f.vat", " IE2 ")]));
        assert_eq!(told.get("vat").map(String::as_str), Some("IE2"));
    }
}
