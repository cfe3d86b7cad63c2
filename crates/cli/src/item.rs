//! Goods as typed after `--item`.

use crate::errors::did_you_mean;
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::consignment::Claim;
use tidewaiter::{Decimal, Item, unit};

/// Names that may stand before `=`, units apart.
const NAMES: [&str; 12] = [
    "description",
    "code",
    "qty",
    "price",
    "origin",
    "weight",
    "discount",
    "duty",
    "class",
    "claim",
    "proof",
    "document",
];

/// How an item may be written, for messages.
const SHAPES: &str = "write \"description,code,quantity,price[,origin]\", for example \"t-shirt,6109.10,2,12.50,CN\" (the code may be empty), \
or pairs such as \"code=6109.10 qty=2 price=12.50 origin=CN\"";

/// What was typed, piece by piece.
#[derive(Default)]
struct Draft {
    description: Option<String>,
    code: Option<String>,
    origin: Option<String>,
    quantity: Option<Decimal>,
    price: Option<Decimal>,
    discount: Option<Decimal>,
    duty_rate: Option<Decimal>,
    weight_kg: Option<Decimal>,
    tax_class: Option<String>,
    claims: Vec<Claim>,
    documents: Vec<String>,
    quantities: Vec<(String, Decimal)>,
    /// A price was given, or something that may be meant for one.
    tried_price: bool,
}

/// Reads one item.
///
/// # Errors
/// One sentence for each mistake, without the number of the item.
pub(crate) fn read(text: &str) -> Result<Item, Vec<String>> {
    let mut draft = Draft::default();
    let mut problems = Vec::new();
    let pairs =
        if is_pair(text.trim_start()) { split_pairs(text) } else { by_position(text, &mut draft, &mut problems) };
    for (name, value) in pairs {
        if let Err(problem) = draft.set(&name, value.trim()) {
            problems.push(problem);
        }
    }
    if draft.price.is_none() && !draft.tried_price {
        problems.push(format!("has no price; {SHAPES}"));
    }
    let Some(price) = draft.price.filter(|_| problems.is_empty()) else {
        // What is well written and wrong is told by the ratebook, which is not asked now.
        problems.extend(draft.wrong());
        return Err(problems);
    };
    Ok(Item {
        description: draft.description,
        code: draft.code,
        origin: draft.origin,
        quantity: draft.quantity.unwrap_or(Decimal::ONE),
        price,
        discount: draft.discount,
        duty_rate: draft.duty_rate,
        weight_kg: draft.weight_kg,
        quantities: draft.quantities.into_iter().collect(),
        tax_class: draft.tax_class,
        claims: draft.claims,
        documents: draft.documents,
    })
}

/// Whether a piece reads `name=value`.
fn is_pair(piece: &str) -> bool {
    piece.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '%')
    })
}

/// Pairs separated by spaces; a word without `=` belongs to the value before it.
fn split_pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for word in text.split_whitespace() {
        match word.split_once('=') {
            Some((name, value)) if is_pair(word) => pairs.push((name.to_owned(), value.to_owned())),
            _ => {
                if let Some((_, value)) = pairs.last_mut() {
                    value.push(' ');
                    value.push_str(word);
                }
            }
        }
    }
    pairs
}

/// Reads description, code, quantity, price and origin; returns the pairs that follow them.
fn by_position(text: &str, draft: &mut Draft, problems: &mut Vec<String>) -> Vec<(String, String)> {
    let pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    let plain = pieces.iter().take_while(|p| !is_pair(p)).count();
    let (fields, rest) = pieces.split_at(plain);
    match fields {
        [description, code, quantity, price, more @ ..] if more.len() <= 1 => {
            // A decimal comma splits a price in two: 12,50 arrives as 12 and 50.
            if let Some(origin) = more.first() {
                if !origin.is_empty() && origin.chars().all(|c| c.is_ascii_digit()) {
                    problems.push(format!("origin \"{origin}\" is a number; if the price is {price},{origin}, use a point: {price}.{origin}"));
                } else {
                    draft.origin = some(&capitals(origin));
                }
            }
            draft.description = some(description);
            draft.code = some(code);
            for (name, value) in [("qty", quantity), ("price", price)] {
                if let Err(problem) = draft.set(name, value) {
                    problems.push(problem);
                }
            }
        }
        _ => {
            draft.tried_price = true;
            let what = match fields.len() {
                1 => "1 part",
                n => &format!("{n} parts"),
            };
            let comma = if fields.len() > 5 {
                "; a description with commas is given as description=..., and prices use a point"
            } else {
                ""
            };
            problems.push(format!("has {what} between commas, but 4 or 5 are needed{comma}; {SHAPES}"));
        }
    }
    rest.iter().flat_map(|piece| split_pairs(piece)).collect()
}

/// Codes are capital letters; small ones are understood.
pub(crate) fn capitals(text: &str) -> String {
    if text.len() <= 3 { text.to_uppercase() } else { text.to_owned() }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Draft {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let number = || value.parse::<Decimal>().map_err(|e| format!("{name} {e}"));
        self.tried_price |= name == "price";
        let word = || some(value).ok_or_else(|| format!("{name} is empty"));
        match name {
            "description" | "name" => self.description = some(value),
            "code" | "hs" => self.code = some(value),
            "origin" => self.origin = some(&capitals(value)),
            "qty" | "quantity" => self.quantity = Some(number()?),
            "price" => self.price = Some(number()?),
            "discount" => self.discount = Some(number()?),
            "duty" | "duty_rate" => {
                self.duty_rate =
                    Some(value.trim_end_matches('%').trim().parse::<Decimal>().map_err(|e| format!("{name} {e}"))?)
            }
            "weight" | "weight_kg" => self.weight_kg = Some(number()?),
            "class" | "tax_class" => self.tax_class = some(value),
            "claim" => self.claims.push(Claim { program: word()?, proof: None }),
            "proof" => match self.claims.last_mut() {
                Some(claim) => claim.proof = Some(word()?),
                None => return Err("proof comes after the claim it is for: claim=GSP proof=...".into()),
            },
            "document" | "doc" => self.documents.push(word()?),
            other if unit::find(other).is_some() => self.quantities.push((other.to_owned(), number()?)),
            other => {
                let unit = unit::nearest(other).map(|u| format!("; did you mean \"{}\"?", u.key));
                let help = match did_you_mean(other, NAMES) {
                    near if near.is_empty() => unit.unwrap_or_else(|| {
                        format!("; use {} or a unit of `tidewaiter schema units`", NAMES.join(", "))
                    }),
                    near => near,
                };
                self.tried_price |= help.contains("\"price\"?");
                return Err(format!("\"{other}\" is neither a field of an item nor a unit{help}"));
            }
        }
        Ok(())
    }

    /// What is wrong with values that could be read.
    fn wrong(&self) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(Err(e)) = self.code.as_deref().map(str::parse::<GoodsCode>) {
            out.push(format!("code {e}"));
        }
        if let Some(quantity) = self.quantity.filter(|quantity| *quantity <= Decimal::ZERO) {
            out.push(format!("qty \"{quantity}\" must be above zero"));
        }
        let amounts =
            [("price", self.price), ("discount", self.discount), ("weight", self.weight_kg), ("duty", self.duty_rate)];
        for (name, amount) in amounts {
            if let Some(amount) = amount.filter(|amount| amount.is_negative()) {
                out.push(format!("{name} \"{amount}\" cannot be below zero"));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_by_position() {
        let item = read("t-shirt,6109.10,2,12.50,CN").unwrap();
        assert_eq!(
            (
                item.description.as_deref(),
                item.code.as_deref(),
                item.quantity.to_string(),
                item.price.to_string(),
                item.origin.as_deref()
            ),
            (Some("t-shirt"), Some("6109.10"), "2".into(), "12.5".into(), Some("CN"))
        );
        let item = read("mug,,1,8").unwrap();
        assert_eq!((item.code, item.origin), (None, None));
        assert_eq!(read("wine,2204,1,8,FR,l=0.75").unwrap().quantities["l"].to_string(), "0.75");
    }

    #[test]
    fn reads_by_name() {
        let item = read("description=cotton t-shirt code=6109.10 qty=2 price=12.50 claim=GSP proof=Statement on origin weight=0.2 l=0.7 class=reduced").unwrap();
        assert_eq!(item.description.as_deref(), Some("cotton t-shirt"));
        assert_eq!(item.claims, [Claim { program: "GSP".into(), proof: Some("Statement on origin".into()) }]);
        assert_eq!(item.quantities["l"].to_string(), "0.7");
        assert_eq!(item.tax_class.as_deref(), Some("reduced"));
        assert_eq!(read("price=5").unwrap().quantity, Decimal::ONE);
    }

    #[test]
    fn tells_every_mistake_of_an_item() {
        for (text, parts) in [
            ("t-shirt,61x9,two,12,50", &["qty \"two\"", "use a point: 12.50", "\"61x9\" is not a goods code"][..]),
            (
                "t-shirt,61x9,-1,abc",
                &["price \"abc\"", "\"61x9\" is not a goods code", "qty \"-1\" must be above zero"],
            ),
            (
                "code=61x9 qty=two claim=",
                &["qty \"two\"", "claim is empty", "has no price", "\"61x9\" is not a goods code"],
            ),
            ("t-shirt,6109,qty=two,zz=1", &["2 parts", "qty \"two\"", "\"zz\" is neither"]),
            ("price=-1 discount=-2 zz=1", &["\"zz\" is neither", "price \"-1\"", "discount \"-2\""]),
        ] {
            let problems = read(text).unwrap_err();
            assert_eq!(problems.len(), parts.len(), "{text}: {problems:?}");
            for part in parts {
                assert!(problems.iter().any(|problem| problem.contains(part)), "{text}: {part}: {problems:?}");
            }
        }
        assert_eq!(read("code=6109 prise=4").unwrap_err().len(), 1, "a slip in the name is one mistake");
    }

    #[test]
    fn refuses_with_help() {
        for (text, part) in [
            ("", "1 part"),
            ("t-shirt,6109", "2 parts"),
            ("t-shirt,6109.10,2,12,50", "use a point: 12.50"),
            ("a,b,c,d,e,f", "description=..."),
            ("t-shirt,6109.10,two,1", "qty"),
            ("code=6109", "has no price"),
            ("code=6109 prise=4", "did you mean \"price\"?"),
            ("price=12,50", "use a point"),
            ("price=1 proof=x", "after the claim"),
            ("price=1 litres=3", "did you mean \"l\"?"),
            ("price=1 zzzzzz=3", "schema units"),
        ] {
            let problems = read(text).unwrap_err().join(" / ");
            assert!(problems.contains(part), "{text}: {problems}");
        }
    }
}
