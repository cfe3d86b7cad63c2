//! Texts that say too little: no broker could tell a code from them. The same words are refused on a postal declaration.

use crate::index::Index;
use crate::text::{Language, is_noise, is_stop, words};
use schemars::JsonSchema;
use serde::Serialize;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Vague {
    /// Nothing that could be read.
    Empty,
    /// Only sizes, colours, numbers.
    OnlyMeasures,
    /// Only words that name no goods: "gift", "parts", "samples".
    OnlyGeneral,
    /// There are other words, but they are like those that fit many goods: "opal fi str conn", "wedding selection".
    TooLittle,
    /// Nothing is known of its words.
    Unknown,
}

/// Whether a text says too little, by its words alone. [`Vague::Unknown`] and [`Vague::TooLittle`] are for who looks them up.
pub fn vague(index: &Index, text: &str) -> Option<Vague> {
    let all = words(text);
    if all.iter().all(|word| !word.folded.chars().any(char::is_alphabetic)) {
        return Some(if all.is_empty() { Vague::Empty } else { Vague::OnlyMeasures });
    }
    let telling = || all.iter().map(|word| word.folded.as_str()).filter(|word| !is_stop(word));
    let numbered = |word: &str| word.len() < 3 && word.chars().any(|c| c.is_ascii_digit());
    if telling().next().is_none() {
        return Some(Vague::OnlyGeneral);
    }
    if telling().all(|word| is_noise(word) || numbered(word)) {
        return Some(Vague::OnlyMeasures);
    }
    let general = |word: &str| index.general.binary_search_by(|general| general.as_str().cmp(word)).is_ok();
    telling().all(|word| is_noise(word) || general(word)).then_some(Vague::OnlyGeneral)
}

/// What tells a text that says too little from one that names goods.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Doubt {
    /// How surely the model holds it that too little is said: the logarithm of the odds.
    pub too_little: f32,
    /// How well the best name or title and the text cover each other, from 0 to 1.
    pub fit: f32,
    /// How likely the likeliest code is, from 0 to 1.
    pub first: f32,
    /// Share of the words that are known, from 0 to 1.
    pub known: f32,
    /// How many words tell something.
    pub words: f32,
}

impl Doubt {
    /// The logarithm of the odds that too little is said. Fitted to the cross-validated development sets (logistic regression).
    fn odds(&self) -> f32 {
        2.872 + 0.533 * self.too_little.clamp(-8.0, 8.0)
            - 1.39 * self.fit
            - 0.531 * self.first.max(1e-3).ln()
            - 0.932 * self.known
            - 0.287 * self.words.min(6.0)
    }

    /// Whether too little is said: the bound is where fewer than one in twenty texts that name goods are refused; docs/finder.md has the figures.
    pub fn refuses(&self) -> bool {
        // A name of goods, word for word, is narrowed by questions instead.
        self.odds() > 0.15 && self.fit < 0.98
    }

    /// How often the likeliest code was right on the development sets where so much spoke for it, from 0 to 1 (logistic regression,
    /// cross-validated).
    pub fn sure(&self) -> f64 {
        let first = f64::from(self.first).clamp(0.001, 0.999);
        let odds = 0.444 * (first / (1.0 - first)).ln() - 0.114 * f64::from(self.odds()) - 1.36;
        1.0 / (1.0 + (-odds).exp())
    }
}

impl Vague {
    /// What to write instead.
    pub const fn advice(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Empty, Language::En) => "Write what it is: \"men's cotton T-shirt\", \"ceramic mug\".",
            (Self::Empty, Language::Fr) => {
                "Écrivez ce que c'est : « T-shirt en coton pour homme », « tasse en céramique »."
            }
            (Self::Empty, Language::Es) => "Escriba qué es: «camiseta de algodón para hombre», «taza de cerámica».",
            (Self::OnlyMeasures, Language::En) => {
                "These are sizes, colours or numbers. Add what the thing is and what it is made of."
            }
            (Self::OnlyMeasures, Language::Fr) => {
                "Ce sont des tailles, des couleurs ou des numéros. Ajoutez ce que c'est et en quoi c'est fait."
            }
            (Self::OnlyMeasures, Language::Es) => "Son tallas, colores o números. Añada qué es y de qué está hecho.",
            (Self::OnlyGeneral, Language::En) => {
                "This could be anything. Write what it is, what it is made of and what it is for: not \"gift\" but \"wooden toy train\"."
            }
            (Self::OnlyGeneral, Language::Fr) => {
                "Cela peut être n'importe quoi. Écrivez ce que c'est, en quoi c'est fait et à quoi cela sert : non pas « cadeau », mais « petit train en bois, jouet »."
            }
            (Self::OnlyGeneral, Language::Es) => {
                "Puede ser cualquier cosa. Escriba qué es, de qué está hecho y para qué sirve: no «regalo», sino «tren de juguete de madera»."
            }
            (Self::TooLittle, Language::En) => {
                "These words fit many goods. Write the common name of the thing, what it is made of and what it is for; leave out brand, model and size."
            }
            (Self::TooLittle, Language::Fr) => {
                "Ces mots conviennent à beaucoup d'articles. Écrivez le nom courant de la chose, en quoi elle est faite et à quoi elle sert ; sans marque, modèle ni taille."
            }
            (Self::TooLittle, Language::Es) => {
                "Estas palabras sirven para muchos artículos. Escriba el nombre común de la cosa, de qué está hecha y para qué sirve; sin marca, modelo ni talla."
            }
            (Self::Unknown, Language::En) => {
                "None of these words is known here. Try the common name of the thing, without brand or model."
            }
            (Self::Unknown, Language::Fr) => {
                "Aucun de ces mots n'est connu ici. Essayez le nom courant, sans marque ni modèle."
            }
            (Self::Unknown, Language::Es) => {
                "Ninguna de estas palabras se conoce aquí. Pruebe con el nombre común, sin marca ni modelo."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Vague, vague};
    use crate::Finder;

    #[test]
    fn what_says_too_little_is_told() {
        let vague = |text: &str| vague(Finder::embedded().index(), text);
        assert_eq!(vague(""), Some(Vague::Empty));
        assert_eq!(vague(" \u{0} \u{202e}"), Some(Vague::Empty));
        assert_eq!(vague("black, xl"), Some(Vague::OnlyMeasures));
        assert_eq!(vague("12345"), Some(Vague::OnlyMeasures));
        for text in
            ["gift", "spare parts", "samples of no commercial value", "cadeau", "repuestos varios", "personal effects"]
        {
            assert_eq!(vague(text), Some(Vague::OnlyGeneral), "{text}");
        }
        for text in ["gift box chocolates", "guitar parts", "cotton hoodie", "tasse en céramique", "regalo: pendientes"]
        {
            assert_eq!(vague(text), None, "{text}");
        }
    }
}
