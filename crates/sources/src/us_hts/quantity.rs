//! Units of quantity of the schedule, as keys of [`tidewaiter::unit`] where one is the same.

use super::clean;

/// The schedule's words and the keys.
const KEYS: &[(&str, &str)] = &[
    ("kg", "kg"),
    ("g", "g"),
    ("t", "t"),
    ("carat", "ct"),
    ("cy kg", "kg clean"),
    ("Cu kg", "kg copper"),
    ("Pb kg", "kg lead"),
    ("Zn kg", "kg zinc"),
    ("Mg kg", "kg magnesium"),
    ("Mn kg", "kg manganese"),
    ("Mo kg", "kg molybdenum"),
    ("Si kg", "kg silicon"),
    ("W kg", "kg tungsten"),
    ("kg ttl sug", "kg total sugars"),
    ("NaOH kg", "kg NaOH"),
    ("liters", "l"),
    ("pf.liters", "proof l"),
    ("m3", "m3"),
    ("thousand m3", "1000 m3"),
    ("bbl", "barrel"),
    ("m", "m"),
    ("lin. m", "m"),
    ("m2", "m2"),
    ("No.", "item"),
    ("No", "item"),
    ("pcs", "item"),
    ("doz.", "dozen"),
    ("Dz Pcs", "dozen"),
    ("gross", "12 dozen"),
    ("hundreds", "100 items"),
    ("thousands", "1000 items"),
    ("prs.", "pair"),
    ("doz. prs.", "dozen pairs"),
    ("pack", "pack"),
    ("Jwls.", "jewel"),
    ("W", "W"),
    ("MWh", "MWh"),
];

/// The units of a row: keys where known, else the schedule's words.
///
/// ```
/// use tidewaiter_sources::us_hts::quantity::units;
/// let row = ["No. and kg".to_owned(), "m<sup>2</sup>".to_owned(), "GBq".to_owned(), "".to_owned()];
/// assert_eq!(units(&row), ["item", "kg", "m2", "GBq"]);
/// ```
pub fn units(written: &[String]) -> Vec<String> {
    let mut units = Vec::new();
    for text in written {
        let text = clean(text);
        for one in text.split(" and ") {
            let key = KEYS.iter().find(|(word, _)| *word == one).map_or(one, |(_, key)| *key);
            if !key.is_empty() && !units.iter().any(|unit| unit == key) {
                units.push(key.to_owned());
            }
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_a_unit() {
        for (word, key) in KEYS {
            assert_eq!(tidewaiter::unit::find(key).map(|unit| unit.key), Some(*key), "{word}");
        }
    }
}
