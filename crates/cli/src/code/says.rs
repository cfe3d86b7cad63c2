//! What the page of a code says, in the three languages. `{}` stands for what is put in.

use tidewaiter_finder::Language;

/// The words of the page.
#[derive(Debug)]
pub(crate) struct Says {
    pub(crate) code: &'static str,
    pub(crate) likely: &'static str,
    pub(crate) what: &'static str,
    pub(crate) because: &'static str,
    pub(crate) duty: &'static str,
    /// What the buyer pays, in a currency.
    pub(crate) pays: &'static str,
    pub(crate) asks: &'static str,
    pub(crate) not_known: &'static str,
    pub(crate) choose: &'static str,
    /// What, and where it belongs.
    pub(crate) not_here: &'static str,
    pub(crate) caution: &'static str,
    /// Value, destination, day.
    pub(crate) for_goods: &'static str,
    /// Where it is sent from.
    pub(crate) made_there: &'static str,
    /// Where it was made.
    pub(crate) made_in: &'static str,
    pub(crate) made_unknown: &'static str,
    /// Amount.
    pub(crate) same: &'static str,
    /// Code, destination.
    pub(crate) lines: &'static str,
    pub(crate) ranges: &'static str,
    /// That tax is taken at the usual rate.
    pub(crate) usual_tax: &'static str,
    /// What the lines of the tariff are not.
    pub(crate) lines_alone: &'static str,
    /// Least, most.
    pub(crate) between: &'static str,
    pub(crate) at_least: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) not_allowed: &'static str,
    pub(crate) formal_entry: &'static str,
    pub(crate) prohibited: &'static str,
    pub(crate) good: &'static str,
    /// Names.
    pub(crate) goods_in_it: &'static str,
    pub(crate) decides: &'static str,
    pub(crate) notes: &'static str,
    /// Code.
    pub(crate) no_such: &'static str,
    /// Code and title.
    pub(crate) nearest: &'static str,
    /// Code, edition, day, newer edition.
    pub(crate) was: &'static str,
    /// Code, edition.
    pub(crate) was_last: &'static str,
    /// Code, edition.
    pub(crate) no_successor: &'static str,
    /// Code.
    pub(crate) still: &'static str,
    /// Codes with their editions.
    pub(crate) came_from: &'static str,
    /// Code, whose nomenclature.
    pub(crate) official: &'static str,
    pub(crate) official_text: &'static str,
    /// Code, whose nomenclature.
    pub(crate) no_lines: &'static str,
    pub(crate) rulings: &'static str,
}

static EN: Says = Says {
    code: "Code",
    likely: "Likely",
    what: "What it is",
    because: "Because of",
    duty: "Duty",
    pays: "Buyer pays {}",
    asks: "What would tell more: {}",
    not_known: "Not known here: {}.",
    choose: "Number, or Enter where none fits:",
    not_here: "not here: {} ({})",
    caution: "These are suggestions from words alone. What the goods are in law decides: read the notes of the tariff, or ask customs for a ruling.",
    for_goods: "For one item worth {}, sent to {}, on {}. The duty is in percent of that value.",
    made_there: "Taken as made in {}, where it is sent from; --origin names another place.",
    made_in: "Made in {}.",
    made_unknown: "Where it was made is not said; --origin or --from makes the figures closer.",
    same: "Whichever of these it is, the buyer pays the same at the usual tax rate: {}.",
    lines: "Lines of {} in the tariff of {}",
    ranges: "A range or \"not known\" means that something is not said yet, such as who carries it (--channel) or the digits after the sixth. `tidewaiter quote` asks for it and names the law behind each figure.",
    usual_tax: "Tax is taken at the rate of most goods. Food, books, medicines and children's clothes often pay less: give the tax class in `tidewaiter quote`.",
    lines_alone: "These are the lines of the tariff alone. The figures above also know small parcels, additional duties and trade agreements.",
    between: "{} to {}",
    at_least: "at least {}",
    unknown: "not known",
    not_allowed: "not allowed this way",
    formal_entry: "full customs entry needed",
    prohibited: "prohibited",
    good: "Good: this says what the goods are.",
    goods_in_it: "Goods in it: {}.",
    decides: "What decides",
    notes: "Legal notes, in our words",
    no_such: "There is no code {} in the Harmonized System of 2022.",
    nearest: "Above it there is {}.",
    was: "{} was a code of {}. Since {} ({}) its goods are in:",
    was_last: "{} was last a code of {}.",
    no_successor: "{} was a code of {}. The official tables name no code in its place.",
    still: "{} is a code of the Harmonized System of 2022 too. More or fewer goods may be in it than before; the tables do not say.",
    came_from: "In older editions its goods were in {}.",
    official: "Lines of {} in the nomenclature of {}",
    official_text: "Official text",
    no_lines: "The nomenclature that was loaded has no line of {} ({}).",
    rulings: "Rulings on goods like these",
};

static FR: Says = Says {
    code: "Code",
    likely: "Probable",
    what: "Ce que c'est",
    because: "À cause de",
    duty: "Droit",
    pays: "L'acheteur paie {}",
    asks: "Ce qui en dirait plus : {}",
    not_known: "Inconnu ici : {}.",
    choose: "Un numéro, ou Entrée si aucun ne convient :",
    not_here: "pas ici : {} ({})",
    caution: "Ce sont des suggestions d'après les mots seuls. Ce que la marchandise est en droit décide : lisez les notes du tarif, ou demandez un renseignement tarifaire à la douane.",
    for_goods: "Pour un article d'une valeur de {}, envoyé vers {}, le {}. Le droit est en pour cent de cette valeur.",
    made_there: "Considéré comme fabriqué en {}, d'où il est envoyé ; --origin nomme un autre lieu.",
    made_in: "Fabriqué en {}.",
    made_unknown: "Le lieu de fabrication n'est pas dit ; --origin ou --from rend les chiffres plus précis.",
    same: "Quel que soit le bon code, l'acheteur paie la même chose au taux de taxe usuel : {}.",
    lines: "Lignes de {} dans le tarif de {}",
    ranges: "Une fourchette ou « inconnu » veut dire que quelque chose n'est pas encore dit, par exemple qui transporte (--channel) ou les chiffres après le sixième. `tidewaiter quote` le demande et nomme la loi derrière chaque chiffre.",
    usual_tax: "La taxe est comptée au taux de la plupart des articles. Les aliments, livres, médicaments et vêtements pour enfants paient souvent moins : donnez la classe de taxe dans `tidewaiter quote`.",
    lines_alone: "Ce sont les seules lignes du tarif. Les chiffres plus haut connaissent aussi les petits colis, les droits additionnels et les accords commerciaux.",
    between: "{} à {}",
    at_least: "au moins {}",
    unknown: "inconnu",
    not_allowed: "pas permis ainsi",
    formal_entry: "déclaration complète nécessaire",
    prohibited: "interdit",
    good: "Bien : on comprend ce qu'est la marchandise.",
    goods_in_it: "Marchandises qui en font partie : {}.",
    decides: "Ce qui décide",
    notes: "Notes légales, dans nos mots",
    no_such: "Il n'y a pas de code {} dans le Système harmonisé de 2022.",
    nearest: "Au-dessus, il y a {}.",
    was: "{} était un code de {}. Depuis le {} ({}), ses marchandises sont dans :",
    was_last: "{} était un code de {} en dernier.",
    no_successor: "{} était un code de {}. Les tables officielles ne nomment aucun code à sa place.",
    still: "{} est aussi un code du Système harmonisé de 2022. Il peut contenir plus ou moins de marchandises qu'avant ; les tables ne le disent pas.",
    came_from: "Dans les éditions antérieures, ses marchandises étaient dans {}.",
    official: "Lignes de {} dans la nomenclature de {}",
    official_text: "Texte officiel",
    no_lines: "La nomenclature chargée n'a pas de ligne de {} ({}).",
    rulings: "Décisions sur des marchandises semblables",
};

static ES: Says = Says {
    code: "Código",
    likely: "Probable",
    what: "Qué es",
    because: "Por",
    duty: "Arancel",
    pays: "El comprador paga {}",
    asks: "Lo que diría más: {}",
    not_known: "No se conoce aquí: {}.",
    choose: "Un número, o Intro si ninguno sirve:",
    not_here: "no aquí: {} ({})",
    caution: "Son sugerencias solo por las palabras. Decide lo que la mercancía es en derecho: lea las notas del arancel o pida a la aduana una consulta vinculante.",
    for_goods: "Para un artículo de un valor de {}, enviado a {}, el {}. El arancel va en por ciento de ese valor.",
    made_there: "Se toma como hecho en {}, desde donde se envía; --origin nombra otro lugar.",
    made_in: "Hecho en {}.",
    made_unknown: "No se dice dónde se hizo; --origin o --from da cifras más exactas.",
    same: "Sea cual sea el código, el comprador paga lo mismo con el tipo de impuesto usual: {}.",
    lines: "Líneas de {} en el arancel de {}",
    ranges: "Un intervalo o «no se sabe» quiere decir que falta algo por decir, por ejemplo quién lo transporta (--channel) o las cifras tras la sexta. `tidewaiter quote` lo pregunta y nombra la ley de cada cifra.",
    usual_tax: "El impuesto va al tipo de la mayoría de los artículos. Alimentos, libros, medicinas y ropa infantil suelen pagar menos: dé la clase de impuesto en `tidewaiter quote`.",
    lines_alone: "Son solo las líneas del arancel. Las cifras de arriba conocen también los paquetes pequeños, los derechos adicionales y los acuerdos comerciales.",
    between: "{} a {}",
    at_least: "al menos {}",
    unknown: "no se sabe",
    not_allowed: "no se permite así",
    formal_entry: "hace falta una declaración completa",
    prohibited: "prohibido",
    good: "Bien: se entiende qué es la mercancía.",
    goods_in_it: "Mercancías que incluye: {}.",
    decides: "Lo que decide",
    notes: "Notas legales, con nuestras palabras",
    no_such: "No hay un código {} en el Sistema Armonizado de 2022.",
    nearest: "Por encima está {}.",
    was: "{} era un código de {}. Desde el {} ({}) sus mercancías están en:",
    was_last: "{} fue por última vez un código de {}.",
    no_successor: "{} era un código de {}. Las tablas oficiales no nombran ningún código en su lugar.",
    still: "{} es también un código del Sistema Armonizado de 2022. Puede incluir más o menos mercancías que antes; las tablas no lo dicen.",
    came_from: "En ediciones anteriores sus mercancías estaban en {}.",
    official: "Líneas de {} en la nomenclatura de {}",
    official_text: "Texto oficial",
    no_lines: "La nomenclatura cargada no tiene ninguna línea de {} ({}).",
    rulings: "Resoluciones sobre mercancías parecidas",
};

/// The words in a language.
pub(crate) const fn says(language: Language) -> &'static Says {
    match language {
        Language::En => &EN,
        Language::Fr => &FR,
        Language::Es => &ES,
    }
}

/// A text with its places filled, in order.
pub(crate) fn put(text: &str, parts: &[&str]) -> String {
    let mut pieces = text.split("{}");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for (at, piece) in pieces.enumerate() {
        out.push_str(parts.get(at).copied().unwrap_or_default());
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{EN, ES, FR, Says, put};

    #[test]
    fn places_are_filled_once_and_in_order() {
        assert_eq!(put("{} to {}", &["1", "2"]), "1 to 2");
        assert_eq!(put("a {} b", &["{}"]), "a {} b");
        assert_eq!(put("none", &["x"]), "none");
    }

    #[test]
    fn each_language_has_the_same_places() {
        type Of = fn(&Says) -> &'static str;
        let all: [Of; 21] = [
            |s| s.pays,
            |s| s.asks,
            |s| s.not_known,
            |s| s.not_here,
            |s| s.for_goods,
            |s| s.made_there,
            |s| s.made_in,
            |s| s.same,
            |s| s.lines,
            |s| s.between,
            |s| s.at_least,
            |s| s.goods_in_it,
            |s| s.no_such,
            |s| s.nearest,
            |s| s.was,
            |s| s.was_last,
            |s| s.no_successor,
            |s| s.still,
            |s| s.came_from,
            |s| s.official,
            |s| s.no_lines,
        ];
        for of in all {
            let places = |says| of(says).matches("{}").count();
            assert!(places(&EN) > 0 && places(&EN) == places(&FR) && places(&EN) == places(&ES), "{}", of(&EN));
        }
    }
}
