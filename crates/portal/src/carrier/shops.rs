//! The shops whose checkout may ask for delivery options, read from a file.
//!
//! ```toml
//! [[shop]]
//! name = "ana"                          # asks at /v1/shops/ana/carrier-rates
//! secret = "…"                          # what its requests are signed with; left out: anybody may ask
//! goods = ["inventory_export.csv"]      # codes and origins by article number
//! from = "PT"                           # where parcels are sent from; left out: what the checkout says
//! channel = "post"
//! registrations = ["eu.ioss"]
//!
//! [[shop.delivery]]
//! name = "Airmail"
//! currency = "EUR"
//! price = "7.00"
//! to = ["DE", "FR"]                     # left out: everywhere
//! most_kg = "2"                         # left out: of any weight
//! ```

use super::goods::{Goods, MOST_BYTES};
use crate::api::fields::slips;
use arc_swap::ArcSwap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidewaiter::ratebook::TerritoryView;
use tidewaiter::record::expression::{Channel, Mode};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::{Decimal, Ratebook, RoundingMode};

/// Most shops of a file.
const MOST: usize = 1_000;
/// Most ways of delivery of a shop: each with a price of its own is a question of its own.
const MOST_DELIVERIES: usize = 50;

/// Shops whose checkout may ask. A copy is the same shops, also after [`Shops::replace`].
#[derive(Debug, Clone, Default)]
pub struct Shops(Arc<ArcSwap<Content>>);

#[derive(Debug, Default)]
struct Content {
    by_name: BTreeMap<String, Arc<Shop>>,
    /// The tables that were read.
    tables: Vec<PathBuf>,
}

/// What is wrong with a file of shops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopsError(String);

impl fmt::Display for ShopsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ShopsError {}

/// A shop.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shop {
    /// Its name in the address.
    name: String,
    /// What its requests are signed with.
    #[serde(default)]
    secret: Option<String>,
    #[serde(default)]
    goods: Vec<PathBuf>,
    /// Where its parcels are sent from.
    #[serde(default)]
    pub(crate) from: Option<String>,
    /// Who carries them.
    #[serde(default)]
    pub(crate) channel: Option<Channel>,
    /// How they travel.
    #[serde(default)]
    pub(crate) mode: Option<Mode>,
    /// Schemes it is registered in.
    #[serde(default)]
    pub(crate) registrations: Vec<String>,
    /// Its ways of delivery, in the order in which they are offered.
    #[serde(default, rename = "delivery")]
    pub(crate) deliveries: Vec<Delivery>,
    /// What its goods are.
    #[serde(skip)]
    pub(crate) known: Goods,
}

/// Without the secret.
impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop").field("name", &self.name).field("signed", &self.secret.is_some()).finish_non_exhaustive()
    }
}

/// A way of delivery and its price.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delivery {
    /// What the buyer reads.
    pub(crate) name: String,
    /// Currency of the price; offered to a checkout in this currency alone.
    pub(crate) currency: String,
    /// What the buyer pays for the transport.
    pub(crate) price: Decimal,
    /// Where it goes; empty: everywhere.
    #[serde(default)]
    to: Vec<String>,
    /// The heaviest basket that it takes.
    #[serde(default)]
    most_kg: Option<Decimal>,
}

impl Delivery {
    /// Whether it takes a basket.
    pub(crate) fn takes(&self, to: &str, currency: &str, weight_kg: Decimal) -> bool {
        self.currency == currency
            && (self.to.is_empty() || self.to.iter().any(|one| one == to))
            && self.most_kg.is_none_or(|most| weight_kg <= most)
    }
}

impl Shop {
    /// What its requests are signed with.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// What it names and nobody knows.
    fn unknown(
        &self,
        ratebook: &Ratebook,
        places: &BTreeMap<String, TerritoryView>,
        schemes: &BTreeMap<String, String>,
    ) -> Option<String> {
        let place = |field: &str, code: &str, needs_rules: bool| {
            let known = places.get(code);
            if let Some(union) = known.filter(|place| matches!(place.kind, TerritoryKind::Union | TerritoryKind::Group))
            {
                return Some(format!(
                    "{field} \"{code}\" is {}, which is no single place: name its members",
                    union.name
                ));
            }
            if known.is_some_and(|place| place.has_rules || !needs_rules) {
                return None;
            }
            let meant = ratebook.meant_territory(code).filter(|meant| meant != code);
            let meant = meant.map_or_else(String::new, |meant| format!(" did you mean {meant}?"));
            Some(format!("{field} \"{code}\" is no place with rules here;{meant} `tidewaiter economies` lists them"))
        };
        if let Some(why) = self.from.as_deref().and_then(|from| place("from", from, false)) {
            return Some(why);
        }
        if let Some(registration) = self.registrations.iter().find(|key| !schemes.contains_key(*key)) {
            let short =
                |(key, short): (&String, &String)| short.eq_ignore_ascii_case(registration).then(|| key.clone());
            let meant = schemes.iter().find_map(short).or_else(|| {
                let close = schemes.keys().map(|key| (slips(registration, key), key)).min();
                close.filter(|(slips, _)| *slips <= 2).map(|(_, key)| key.clone())
            });
            let meant = meant.map_or_else(String::new, |meant| format!(" did you mean {meant}?"));
            return Some(format!(
                "registrations: \"{registration}\" is no scheme known here;{meant} `tidewaiter economy DE` shows those of a destination"
            ));
        }
        for (at, one) in self.deliveries.iter().enumerate() {
            let of = |why: String| Some(format!("delivery {}: {why}", at + 1));
            let Some(minor) = ratebook.currency_minor(&one.currency) else {
                return of(format!("currency \"{}\" is no ISO 4217 code known here", one.currency));
            };
            let unit = Decimal::ten_to_minus(minor);
            if one.price.rounded(RoundingMode::Down, unit).is_ok_and(|whole| whole != one.price) {
                return of(format!("price {} has more digits than {} has", one.price, one.currency));
            }
            for to in &one.to {
                if let Some(why) = place("to", to, true) {
                    return of(why);
                }
            }
        }
        None
    }

    /// What is wrong with it; nothing of the secret is said.
    fn wrong(&self) -> Option<String> {
        let letters = |text: &str, many: usize| text.len() == many && text.bytes().all(|b| b.is_ascii_uppercase());
        let named = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.bytes().all(named) {
            return Some("name must be 1 to 40 small letters, digits and hyphens, for it stands in the address".into());
        }
        if self.secret.as_ref().is_some_and(|secret| secret.trim().len() < 16) {
            return Some("secret must have 16 letters or more; leave it out where requests are not signed".into());
        }
        if self.from.as_ref().is_some_and(|from| !letters(from, 2)) {
            return Some("from must be two capitals, such as PT".into());
        }
        if self.deliveries.is_empty() || self.deliveries.len() > MOST_DELIVERIES {
            return Some(format!(
                "it needs 1 to {MOST_DELIVERIES} rows [[shop.delivery]]: a name, a currency and a price"
            ));
        }
        for (at, one) in self.deliveries.iter().enumerate() {
            let wrong = if one.name.trim().is_empty() || one.name.len() > 100 {
                "name must be 1 to 100 letters"
            } else if !letters(&one.currency, 3) {
                "currency must be three capitals, such as EUR"
            } else if one.price.is_negative() {
                "price must be 0 or more"
            } else if one.to.iter().any(|to| !letters(to, 2)) {
                "to must be a list of two capitals each, such as [\"DE\", \"FR\"]"
            } else if one.most_kg.is_some_and(|most| most.is_negative() || most.is_zero()) {
                "most_kg must be more than 0"
            } else {
                continue;
            };
            return Some(format!("delivery {}: {wrong}", at + 1));
        }
        None
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    shop: Vec<Shop>,
}

/// What is wrong with a text that is no file of shops. A secret may stand in any value, also under a name that is misspelt: of a line its name
/// alone is told, and of one that speaks of a secret not even what the reader of TOML says.
fn unread(text: &str, error: &toml::de::Error) -> String {
    let guide = "docs/guide/delivery-options.md shows the file, with every field that it may have";
    // A misspelt name of the rows makes another place wrong.
    let odd = |line: &str| line.trim_start().starts_with("[[") && !matches!(heading(line), "shop" | "shop.delivery");
    if let Some((at, line)) = text.lines().enumerate().find(|(_, line)| odd(line)) {
        return format!("line {}: [[{}]] is no row of it; write [[shop]] or [[shop.delivery]]", at + 1, heading(line));
    }
    let start = error.span().map_or(0, |span| span.start);
    let number = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    let name = line.split_once('=').map(|(name, _)| name.trim()).filter(|name| !name.is_empty());
    let Some(name) = name.filter(|name| !name.to_lowercase().contains("secret")) else {
        return format!("line {number} is wrong; {guide}");
    };
    let short = |text: &str, most: usize| -> String {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
    };
    format!("line {number} is wrong: {}: {}; {guide}", short(name, 40), short(error.message(), 300))
}

/// The name in `[[name]]`.
fn heading(line: &str) -> &str {
    line.trim().trim_start_matches('[').split(']').next().unwrap_or_default().trim()
}

impl Shops {
    /// Opens a file of shops; tables are looked for beside it.
    ///
    /// # Errors
    /// As [`Shops::read`], or the file cannot be read.
    pub fn open(file: &Path) -> Result<Self, ShopsError> {
        let text = std::fs::read_to_string(file).map_err(|error| ShopsError(error.to_string()))?;
        Self::read(&text, file.parent().unwrap_or(Path::new(".")))
    }

    /// Reads a file of shops, and the tables that it names, which stand beside it.
    ///
    /// # Errors
    /// The shop that is wrong, and why; never a secret.
    ///
    /// ```
    /// use std::path::Path;
    /// use tidewaiter_portal::carrier::Shops;
    /// let text = "[[shop]]\nname = 'ana'\n[[shop.delivery]]\nname = 'Airmail'\ncurrency = 'EUR'\nprice = '7.00'\n";
    /// assert_eq!(Shops::read(text, Path::new("."))?.summaries(), ["ana: no table of goods"]);
    /// assert!(Shops::read("[[shop]]\nname = 'ana'", Path::new(".")).is_err());
    /// # Ok::<(), tidewaiter_portal::carrier::ShopsError>(())
    /// ```
    pub fn read(text: &str, folder: &Path) -> Result<Self, ShopsError> {
        let file: File = toml::from_str(text).map_err(|error| ShopsError(unread(text, &error)))?;
        // A file that is just being written is empty for a moment.
        if !(1..=MOST).contains(&file.shop.len()) {
            return Err(ShopsError(format!("it has {} rows [[shop]], and needs 1 to {MOST}", file.shop.len())));
        }
        let mut content = Content::default();
        for (at, mut shop) in file.shop.into_iter().enumerate() {
            let wrong = |why: String| ShopsError(format!("shop {}: {why}", at + 1));
            if let Some(why) = shop.wrong() {
                return Err(wrong(why));
            }
            for table in &shop.goods {
                let path = folder.join(table);
                let said = |why: String| wrong(format!("goods {}: {why}", table.display()));
                let bytes = std::fs::metadata(&path).map_err(|error| said(error.to_string()))?.len();
                if bytes > MOST_BYTES {
                    return Err(said(format!("it is larger than {} MiB", MOST_BYTES >> 20)));
                }
                let text = std::fs::read(&path).map_err(|error| said(error.to_string()))?;
                shop.known.add(&text).map_err(said)?;
                content.tables.push(path);
            }
            let name = shop.name.clone();
            if content.by_name.insert(name, Arc::new(shop)).is_some() {
                return Err(wrong("an earlier shop has this name".to_owned()));
            }
        }
        Ok(Self(Arc::new(ArcSwap::from_pointee(content))))
    }

    /// Holds what the shops name against a ratebook: places, currencies and schemes. What nobody knows would be passed over in every answer.
    ///
    /// # Errors
    /// The shop that names something unknown, what it is, and what may have been meant.
    pub fn check(&self, ratebook: &Ratebook) -> Result<(), ShopsError> {
        let places: BTreeMap<String, TerritoryView> =
            ratebook.territories().into_iter().map(|place| (place.code.clone(), place)).collect();
        let schemes: BTreeMap<String, String> = places
            .iter()
            .filter(|(_, place)| place.has_rules)
            .filter_map(|(code, _)| ratebook.economy(code))
            .flat_map(|view| view.schemes)
            .map(|scheme| (scheme.key, scheme.short))
            .collect();
        for shop in self.0.load().by_name.values() {
            if let Some(why) = shop.unknown(ratebook, &places, &schemes) {
                return Err(ShopsError(format!("shop {}: {why}", shop.name)));
            }
        }
        Ok(())
    }

    /// The shop of a name.
    pub(crate) fn named(&self, name: &str) -> Option<Arc<Shop>> {
        self.0.load().by_name.get(name).cloned()
    }

    /// Puts other shops in their place.
    pub fn replace(&self, shops: &Self) {
        self.0.store(shops.0.load_full());
    }

    /// The tables that were read, which are looked at as the file itself is.
    pub(crate) fn tables(&self) -> Vec<PathBuf> {
        self.0.load().tables.clone()
    }

    /// A line for each shop: what is known of its goods, and what is missing.
    pub fn summaries(&self) -> Vec<String> {
        let of = |shop: &Shop| {
            let said = if shop.goods.is_empty() { "no table of goods".to_owned() } else { shop.known.summary() };
            format!("{}: {said}", shop.name)
        };
        self.0.load().by_name.values().map(|shop| of(shop)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELIVERY: &str = "[[shop.delivery]]\nname = 'Airmail'\ncurrency = 'EUR'\nprice = '7.00'\n";

    fn read(text: &str) -> Result<Shops, String> {
        Shops::read(text, Path::new(".")).map_err(|e| e.to_string())
    }

    #[test]
    fn wrong_files_are_refused_without_their_secrets() {
        let shop = |fields: &str| format!("[[shop]]\n{fields}\n");
        for (text, says) in [
            (shop("name = 'Ana'") + DELIVERY, "shop 1: name"),
            (shop("name = 'ana'\nsecret = 'shpss_short'") + DELIVERY, "shop 1: secret"),
            (shop("name = 'ana'\nfrom = 'pt'") + DELIVERY, "shop 1: from"),
            (shop("name = 'ana'"), "[[shop.delivery]]"),
            (String::new(), "needs 1 to"),
            (shop("name = 'ana'") + &DELIVERY.replace("7.00", "-1"), "delivery 1: price"),
            (shop("name = 'ana'") + &DELIVERY.replace("EUR", "euro"), "delivery 1: currency"),
            (shop("name = 'ana'") + DELIVERY + "to = ['Germany']\n", "delivery 1: to"),
            (shop("name = 'ana'") + DELIVERY + "most_kg = '0'\n", "delivery 1: most_kg"),
            (shop("name = 'ana'\ngoods = ['none.csv']") + DELIVERY, "shop 1: goods none.csv"),
            ((shop("name = 'ana'") + DELIVERY).repeat(2), "shop 2: an earlier shop"),
            (shop("name = 'ana'\nsecrets = 'shpss_0123456789abcdef'") + DELIVERY, "line 3 is wrong"),
            (shop("name = 'ana'\nsecret = shpss_0123456789abcdef") + DELIVERY, "line 3 is wrong"),
            (
                shop("name = 'ana'\nsecert = 'shpss_0123456789abcdef'") + DELIVERY,
                "line 3 is wrong: secert: unknown field",
            ),
            (shop("name = 'ana'\nsecert = shpss_0123456789abcdef") + DELIVERY, "line 3 is wrong"),
            (shop("name = 'ana'\nsecret = \"\"\"\nshpss_0123456789abcdef\n") + DELIVERY, " is wrong"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("shpss"), "{error}");
        }
        let good = read(&(shop("name = 'ana'\nsecret = 'shpss_0123456789abcdef'") + DELIVERY)).unwrap();
        assert!(!format!("{good:?}").contains("shpss"));
    }

    #[test]
    fn a_line_is_told_with_its_mistake() {
        let shop = |fields: &str| format!("[[shop]]\nname = 'ana'\n{fields}\n{DELIVERY}");
        for (text, says) in [
            (shop("channel = 'postal'"), "line 3 is wrong: channel: unknown variant `postal`, expected one of"),
            (shop("").replace("price", "prise"), "prise: unknown field `prise`, expected one of"),
            (shop("").replace("'7.00'", "7.00"), "price: invalid type: floating point `7.0`"),
            (shop("").replace("'7.00'", "'7,00'"), "price: "),
            (shop("").replace("[[shop]]", "[[shops]]"), "line 1: [[shops]] is no row of it"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        let check = |fields: &str, delivery: &str| {
            let text = format!("[[shop]]\nname = 'ana'\n{fields}\n{delivery}");
            read(&text).unwrap().check(tidewaiter_data::ratebook()).map_err(|e| e.to_string())
        };
        assert_eq!(
            check("from = 'IC'\nregistrations = ['eu.ioss']", &(DELIVERY.to_owned() + "to = ['XI', 'JE']\n")),
            Ok(())
        );
        for (fields, delivery, says) in [
            ("from = 'UK'", DELIVERY.to_owned(), "from \"UK\" is no place with rules here; did you mean GB?"),
            ("from = 'ZZ'", DELIVERY.to_owned(), "from \"ZZ\""),
            ("", DELIVERY.to_owned() + "to = ['DE', 'UK']\n", "delivery 1: to \"UK\""),
            ("", DELIVERY.to_owned() + "to = ['EU']\n", "name its members"),
            ("registrations = ['IOSS']", DELIVERY.to_owned(), "did you mean eu.ioss?"),
            ("registrations = ['eu.iosss']", DELIVERY.to_owned(), "did you mean eu.ioss?"),
            ("", DELIVERY.replace("EUR", "EUX"), "currency \"EUX\""),
            ("", DELIVERY.replace("EUR", "JPY").replace("7.00", "700.50"), "more digits than JPY has"),
        ] {
            let error = check(fields, &delivery).unwrap_err();
            assert!(error.starts_with("shop ana: ") && error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_delivery_takes_what_it_says() {
        let text = shop_with("to = ['DE', 'FR']\nmost_kg = '2'");
        let shop = read(&text).unwrap().named("ana").unwrap();
        let of = |to: &str, currency: &str, kilograms: &str| {
            shop.deliveries[0].takes(to, currency, kilograms.parse().unwrap())
        };
        assert!(of("DE", "EUR", "2") && of("FR", "EUR", "0"));
        assert!(!of("US", "EUR", "1") && !of("DE", "USD", "1") && !of("DE", "EUR", "2.001"));
    }

    fn shop_with(fields: &str) -> String {
        format!("[[shop]]\nname = 'ana'\n{DELIVERY}{fields}\n")
    }
}
