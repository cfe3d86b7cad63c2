//! From a line of text to terms: case, accents, plurals, compounds and noise put aside.

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A language of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::En, Self::Fr, Self::Es];

    /// ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Es => "es",
        }
    }

    /// The language of an ISO 639-1 code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// Longest text that is read, in characters; the rest is passed over.
pub const MOST_CHARACTERS: usize = 2_000;
/// Most words of a text that are looked at.
pub const MOST_WORDS: usize = 64;
/// Longest word, in characters.
const MOST_LETTERS: usize = 40;

/// A word of a text as written, and without case and accents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it stands in the text, in lower case.
    pub written: String,
    /// Letters and digits without accents.
    pub folded: String,
}

/// What is read of a text: its first [`MOST_CHARACTERS`].
///
/// ```
/// use tidewaiter_finder::text::beginning;
/// assert_eq!(beginning(&"é,".repeat(50_000)), "é,".repeat(1_000));
/// ```
pub fn beginning(text: &str) -> &str {
    cut(text, MOST_CHARACTERS)
}

/// So many characters of a text. What follows them is not looked at.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    // Shorter in bytes is shorter in characters: most texts are not counted.
    if text.len() <= most {
        return text;
    }
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// The words of a text.
///
/// ```
/// use tidewaiter_finder::text::words;
/// let folded: Vec<String> = words("Crème brûlée – 2 Stück, T-Shirt").into_iter().map(|w| w.folded).collect();
/// assert_eq!(folded, ["creme", "brulee", "2", "stuck", "tshirt"]);
/// ```
pub fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    for piece in
        beginning(text).split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.' | '&' | '%')))
    {
        // A dash or point within a word joins: t-shirt, e.book; an apostrophe of an article parts: l'eau.
        for part in piece.split(['\'', '’', '&']) {
            let short = part
                .split(['-', '.'])
                .any(|p| (1..=2).contains(&p.chars().count()) && !p.chars().all(char::is_numeric));
            let parts: Vec<&str> = if short { vec![part] } else { part.split(['-', '.']).collect() };
            for part in parts {
                let folded = fold(part);
                if folded.is_empty() || folded.chars().count() > MOST_LETTERS {
                    continue;
                }
                let word = Word { written: part.to_lowercase(), folded };
                let numbered = |word: &Word| word.folded.chars().all(char::is_numeric);
                // "T shirt", "X ray": one word elsewhere. "2 x shirt" is not.
                match out.as_slice() {
                    [before @ .., letter]
                        if matches!(letter.folded.as_str(), "t" | "x")
                            && !numbered(&word)
                            && !before.last().is_some_and(numbered) =>
                    {
                        let letter = out.len() - 1;
                        out[letter].written.push_str(&word.written);
                        out[letter].folded.push_str(&word.folded);
                    }
                    _ => out.push(word),
                }
                if out.len() == MOST_WORDS {
                    return out;
                }
            }
        }
    }
    out
}

/// Lower case, without accents, letters and digits alone.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().flat_map(char::to_lowercase) {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            c if c.is_alphanumeric() => out.push(c),
            _ => {}
        }
    }
    out
}

/// Stemmers of all languages.
pub struct Stems([Stemmer; 3]);

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stems")
    }
}

impl Default for Stems {
    fn default() -> Self {
        Self([Algorithm::English, Algorithm::French, Algorithm::Spanish].map(Stemmer::create))
    }
}

impl Stems {
    /// A folded word without its ending in a language.
    pub fn stem(&self, language: Language, folded: &str) -> String {
        if folded.chars().any(char::is_numeric) {
            return folded.to_owned();
        }
        self.0[language as usize].stem(folded).into_owned()
    }
}

/// Words that say nothing of what goods are.
pub fn is_stop(folded: &str) -> bool {
    const STOP: &[&str] = &[
        "a", "an", "the", "of", "and", "or", "with", "in", "on", "by", "to", "from", "at", "as", "is", "are", "it",
        "its", "this", "that", "de", "du", "des", "la", "le", "les", "l", "d", "un", "une", "et", "ou", "avec", "en",
        "au", "aux", "a", "sur", "par", "qui", "el", "los", "las", "del", "al", "y", "o", "con", "por", "una", "unos",
        "unas", "que", "su", "s", "n", "etc", "eg", "e", "g", "type", "types", "kind", "style", "new", "various",
        "assorted", "other", "item", "product", "products", "goods",
    ];
    STOP.contains(&folded)
}

/// The language that a word of no meaning is of, where it is of one alone.
pub fn stop_language(folded: &str) -> Option<Language> {
    match folded {
        "the" | "of" | "and" | "with" | "by" | "from" | "for" | "is" | "are" => Some(Language::En),
        "du" | "des" | "les" | "une" | "et" | "avec" | "au" | "aux" | "sur" | "pour" | "le" => Some(Language::Fr),
        "el" | "los" | "las" | "del" | "con" | "una" | "para" | "y" => Some(Language::Es),
        _ => None,
    }
}

/// Words of what goods are packed in: "honey jar" is honey, unless nothing else is named, or it is said to be empty.
pub fn is_packing(folded: &str) -> bool {
    const PACKING: &[&str] = &[
        "jar",
        "jars",
        "bottle",
        "bottles",
        "tin",
        "tins",
        "can",
        "cans",
        "tube",
        "tubes",
        "sachet",
        "sachets",
        "bocal",
        "bocaux",
        "bouteille",
        "bouteilles",
        "flacon",
        "flacons",
        "boite",
        "boites",
        "canette",
        "canettes",
        "tarro",
        "tarros",
        "frasco",
        "frascos",
        "botella",
        "botellas",
        "lata",
        "latas",
        "bote",
        "botes",
        "tubo",
        "tubos",
    ];
    PACKING.contains(&folded)
}

/// Words after which comes what a thing is for: what follows says less about what it is.
pub fn is_purpose(folded: &str) -> bool {
    matches!(folded, "for" | "pour" | "para" | "used" | "fits" | "compatible")
}

/// Words after which comes what a thing has or is made of: what it is stands before them.
pub fn is_clause(folded: &str) -> bool {
    const CLAUSE: &[&str] = &[
        "with",
        "made",
        "featuring",
        "consisting",
        "including",
        "includes",
        "composed",
        "comprising",
        "comprised",
        "containing",
        "contains",
        "designed",
        "that",
        "which",
        "from",
        "in",
        "of",
        "having",
        "packaged",
        "combined",
        "avec",
        "contenant",
        "comprenant",
        "compose",
        "composee",
        "fabrique",
        "con",
        "compuesto",
        "compuesta",
        "hecho",
        "hecha",
        "fabricado",
        "incluye",
        "contiene",
    ];
    CLAUSE.contains(&folded)
}

/// The folded word that most likely says what a thing is: the last before the first comma, bracket, purpose or clause.
///
/// ```
/// use tidewaiter_finder::text::head;
/// assert_eq!(head("a women's quilted vest, with fleece").as_deref(), Some("vest"));
/// assert_eq!(head("bowls, earthenware").as_deref(), Some("bowls"));
/// ```
pub fn head(text: &str) -> Option<String> {
    leading(text).pop()
}

/// The telling words, folded, of the first part of a text that has any: what a thing is stands first in French and Spanish ("doudou
/// lapin"), last in English.
pub fn leading(text: &str) -> Vec<String> {
    let segment = |text: &str| {
        let mut out = Vec::new();
        for word in words(text) {
            if !out.is_empty() && (is_purpose(&word.folded) || is_clause(&word.folded)) {
                break;
            }
            if !is_stop(&word.folded) && !is_noise(&word.folded) {
                out.push(word.folded);
            }
        }
        (!out.is_empty()).then_some(out)
    };
    beginning(text).split([',', ';', '(', ':', '–']).find_map(segment).unwrap_or_default()
}

/// Words after which comes what a thing lacks.
pub fn is_lack(folded: &str) -> bool {
    matches!(folded, "without" | "sans" | "sin" | "no" | "not" | "non" | "free")
}

/// Numbers, sizes, measures and colours: they do not decide a code.
pub fn is_noise(folded: &str) -> bool {
    const UNITS: &[&str] = &[
        "mm", "cm", "m", "km", "in", "inch", "inches", "ft", "ml", "cl", "l", "ltr", "litre", "litres", "liter", "oz",
        "g", "gr", "gm", "kg", "mg", "lb", "lbs", "pcs", "pc", "pce", "pk", "pack", "x", "xl", "xxl", "xxxl", "xs",
        "s", "w", "kw", "v", "volt", "a", "mah", "ah", "gb", "tb", "mb", "hz", "ghz", "mhz", "k", "p", "yrs", "yr",
        "years", "months", "ans", "anos", "uk", "eu", "us", "ct", "qty", "piece", "pieces", "set", "rpm", "psi", "bar",
        "nm", "um", "dpi", "db", "gsm", "st", "nd", "rd", "th", "hp", "h",
    ];
    const COLOURS: &[&str] = &[
        "black",
        "white",
        "red",
        "blue",
        "green",
        "yellow",
        "pink",
        "purple",
        "grey",
        "gray",
        "beige",
        "navy",
        "brown",
        "khaki",
        "ivory",
        "noir",
        "noire",
        "blanc",
        "blanche",
        "rouge",
        "bleu",
        "bleue",
        "vert",
        "verte",
        "jaune",
        "gris",
        "grise",
        "rose",
        "marron",
        "violet",
        "negro",
        "negra",
        "blanco",
        "blanca",
        "rojo",
        "roja",
        "azul",
        "amarillo",
        "amarilla",
        "marron",
        "morado",
        "multicolour",
        "multicolor",
        "multi",
        "aqua",
        "burgandy",
        "ecru",
        "taupe",
        "mauve",
        "fuchsia",
        "magenta",
        "indigo",
        "cyan",
        "maroon",
        "nude",
        "ochre",
        "offwhite",
        "clear",
        "transparent",
        "random",
        "plus",
        "tall",
        "reg",
        "xlarge",
        "xsmall",
        "shade",
        "fit",
        "leg",
        "length",
        "months",
        "mths",
        "older",
        "toddler",
        "burgundy",
        "teal",
        "turquoise",
        "charcoal",
        "cream",
        "large",
        "small",
        "medium",
        "mini",
        "big",
        "xl",
        "size",
        "colour",
        "color",
        "taille",
        "talla",
        "couleur",
        "petite",
        "grande",
        "pequeno",
        "grand",
        "petit",
        "regular",
        "slim",
        "long",
        "short",
        "one",
    ];
    let digits = folded.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 {
        let rest = &folded[digits..];
        return rest.is_empty()
            || UNITS.contains(&rest)
            || rest.starts_with('x') && rest[1..].chars().all(|c| c.is_ascii_digit());
    }
    // "uk10", "eu39".
    let sized = folded.get(2..).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    sized && matches!(&folded[..2], "uk" | "eu" | "us" | "no")
        || UNITS.contains(&folded)
        || COLOURS.contains(&folded)
        || folded.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.folded).collect()
    }

    #[test]
    fn words_are_parted_and_folded() {
        assert_eq!(folded("T-shirt en coton bio"), ["tshirt", "en", "coton", "bio"]);
        assert_eq!(folded("T shirt, X-ray; 2 x mug"), ["tshirt", "xray", "2", "x", "mug"]);
        assert_eq!(folded("l'huile d'olive"), ["l", "huile", "d", "olive"]);
        assert_eq!(folded("Œufs, niño; ÉTÉ"), ["oeufs", "nino", "ete"]);
        assert_eq!(folded("non-stick frying-pan"), ["non", "stick", "frying", "pan"]);
        assert_eq!(folded(""), Vec::<String>::new());
        assert_eq!(words(&"a ".repeat(5_000)).len(), MOST_WORDS);
    }

    #[test]
    fn sizes_and_measures_are_noise() {
        for noise in ["10cm", "xl", "250ml", "2", "20x30", "black", "kg"] {
            assert!(is_noise(noise), "{noise}");
        }
        for word in ["shirt", "3d", "usb", "cotton"] {
            assert!(!is_noise(word), "{word}");
        }
    }
}
