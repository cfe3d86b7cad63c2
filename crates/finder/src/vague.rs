//! Texts that say too little: no broker could tell a code from them. The same words are refused on a postal declaration.

use crate::text::{Language, is_noise, is_stop, words};
use serde::Serialize;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vague {
    /// Nothing that could be read.
    Empty,
    /// Only sizes, colours, numbers.
    OnlyMeasures,
    /// Only words that name no goods: "gift", "parts", "samples".
    OnlyGeneral,
    /// Nothing is known of its words.
    Unknown,
}

/// Words that fit any goods, or whole shops: alone, or with others of their kind, they name none.
const GENERAL: &[&str] = &[
    // English
    "gift",
    "gifts",
    "present",
    "presents",
    "part",
    "parts",
    "spare",
    "spares",
    "accessory",
    "accessories",
    "sample",
    "samples",
    "item",
    "items",
    "stuff",
    "thing",
    "things",
    "misc",
    "miscellaneous",
    "merchandise",
    "product",
    "products",
    "goods",
    "personal",
    "effects",
    "belongings",
    "household",
    "equipment",
    "supplies",
    "material",
    "materials",
    "component",
    "components",
    "article",
    "articles",
    "consumer",
    "commodity",
    "commodities",
    "cargo",
    "parcel",
    "package",
    "box",
    "order",
    "purchase",
    "online",
    "shop",
    "shopping",
    "return",
    "returned",
    "replacement",
    "document",
    "electronics",
    "electronic",
    "electrical",
    "hardware",
    "software",
    "apparel",
    "fashion",
    "wear",
    "chemicals",
    "chemical",
    "drugs",
    "food",
    "foods",
    "foodstuff",
    "foodstuffs",
    "groceries",
    "medical",
    "machine",
    "machines",
    "machinery",
    "tool",
    "device",
    "devices",
    "gadget",
    "gadgets",
    "set",
    "kit",
    "bundle",
    "collection",
    "collectible",
    "souvenir",
    "souvenirs",
    "surprise",
    "commercial",
    "various",
    "assorted",
    "mixed",
    "used",
    "new",
    "old",
    "exhibition",
    "display",
    "trade",
    "fair",
    "promotional",
    "value",
    "no",
    "free",
    "unknown",
    "other",
    "others",
    "none",
    "na",
    "test",
    "tbc",
    "see",
    "invoice",
    "attached",
    "as",
    "per",
    "stock",
    "general",
    "home",
    "beauty",
    "health",
    "sport",
    "sports",
    "outdoor",
    "hobby",
    "garden",
    "decoration",
    "decorations",
    "wedding",
    "party",
    "kids",
    "women",
    "womens",
    "men",
    "mens",
    "ladies",
    "boys",
    "girls",
    "baby",
    "unisex",
    "adult",
    "children",
    "plastic",
    "metal",
    "glass",
    "wood",
    "wooden",
    "cotton",
    "leather",
    "textile",
    "textiles",
    "fabric",
    "rubber",
    "steel",
    // French
    "cadeau",
    "cadeaux",
    "piece",
    "pieces",
    "detachee",
    "detachees",
    "rechange",
    "accessoire",
    "accessoires",
    "echantillon",
    "echantillons",
    "article",
    "articles",
    "divers",
    "diverses",
    "marchandise",
    "marchandises",
    "produit",
    "produits",
    "effets",
    "personnels",
    "affaires",
    "materiel",
    "equipement",
    "fournitures",
    "composant",
    "composants",
    "colis",
    "commande",
    "achat",
    "achats",
    "retour",
    "chose",
    "choses",
    "electronique",
    "vetements",
    "vetement",
    "mode",
    "nourriture",
    "alimentaire",
    "aliments",
    "outil",
    "appareil",
    "machine",
    "lot",
    "ensemble",
    "souvenir",
    "surprise",
    "maison",
    "beaute",
    "sante",
    "loisirs",
    "decoration",
    "objet",
    "objets",
    "bricoles",
    "plastique",
    "metal",
    "verre",
    "bois",
    "coton",
    "cuir",
    "tissu",
    "femme",
    "homme",
    "enfant",
    "bebe",
    // Spanish
    "regalo",
    "regalos",
    "obsequio",
    "obsequios",
    "pieza",
    "piezas",
    "repuesto",
    "repuestos",
    "recambio",
    "recambios",
    "accesorio",
    "accesorios",
    "muestra",
    "muestras",
    "articulo",
    "articulos",
    "varios",
    "varias",
    "mercancia",
    "mercancias",
    "producto",
    "productos",
    "efectos",
    "personales",
    "cosas",
    "cosa",
    "equipo",
    "equipos",
    "suministros",
    "componente",
    "componentes",
    "paquete",
    "pedido",
    "compra",
    "compras",
    "devolucion",
    "electronica",
    "ropa",
    "moda",
    "comida",
    "alimentos",
    "herramienta",
    "aparato",
    "maquina",
    "lote",
    "juego",
    "conjunto",
    "recuerdo",
    "recuerdos",
    "sorpresa",
    "hogar",
    "belleza",
    "salud",
    "deporte",
    "decoracion",
    "objeto",
    "objetos",
    "plastico",
    "vidrio",
    "madera",
    "algodon",
    "cuero",
    "tela",
    "mujer",
    "hombre",
    "nino",
    "nina",
    "material",
    "materiales",
    "general",
    "mixto",
];

/// Whether a text says too little, by its words alone. [`Vague::Unknown`] is for who looks them up.
pub fn vague(text: &str) -> Option<Vague> {
    let all = words(text);
    if all.iter().all(|word| !word.folded.chars().any(char::is_alphabetic)) {
        return Some(if all.is_empty() { Vague::Empty } else { Vague::OnlyMeasures });
    }
    let telling = || all.iter().map(|word| word.folded.as_str()).filter(|word| !is_stop(word));
    if telling().all(|word| is_noise(word) || word.chars().any(|c| c.is_ascii_digit()) && word.len() < 3) {
        return Some(Vague::OnlyMeasures);
    }
    telling().all(|word| is_noise(word) || GENERAL.contains(&word)).then_some(Vague::OnlyGeneral)
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

    #[test]
    fn what_says_too_little_is_told() {
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
