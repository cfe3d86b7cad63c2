//! What the checkout asks, in the shape in which Shopify asks a carrier service, and the question that it makes.
//!
//! Source: Shopify, GraphQL Admin API, object `DeliveryCarrierService`, "Providing shipping rates to Shopify" (read in a stored copy of 2026).
//! Amounts are whole numbers of hundredths, also of currencies without a smaller unit. The page says so of answers; that it holds of
//! questions, and that `grams` is the weight of one piece, is taken from its examples. Fields that are not needed are passed over.

use super::Shop;
use crate::desk::Book;
use crate::problem::{Problem, Wrong};
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use tidewaiter::quote::consignment::Seller;
use tidewaiter::{Consignment, Decimal, Item, RoundingMode};

/// What a checkout asks.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct CarrierQuestion {
    /// The basket and its way.
    #[serde(deserialize_with = "object")]
    pub(crate) rate: Basket,
}

/// The basket and its way.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Basket {
    /// Where it is sent from.
    #[serde(default, deserialize_with = "maybe_object")]
    origin: Option<Address>,
    /// Where it is sent to.
    #[serde(deserialize_with = "object")]
    destination: Address,
    /// What is in it.
    #[serde(deserialize_with = "objects")]
    #[schemars(length(max = 999))]
    items: Vec<Piece>,
    /// ISO 4217 letters of all amounts.
    pub(crate) currency: String,
    /// Language of the buyer, as in `fr-CA`.
    #[serde(default)]
    pub(crate) locale: Option<String>,
    /// Sums of the order, where the checkout tells them.
    #[serde(default, deserialize_with = "maybe_object")]
    order_totals: Option<Totals>,
}

/// An address; the rest of it is passed over.
#[derive(Debug, Deserialize, JsonSchema)]
struct Address {
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    country: Option<String>,
    /// State or province, by its code.
    #[serde(default)]
    province: Option<String>,
    /// Postcode.
    #[serde(default, alias = "zip")]
    postal_code: Option<String>,
}

/// Goods of one kind.
#[derive(Debug, Deserialize, JsonSchema)]
struct Piece {
    /// What the shop calls it.
    #[serde(default)]
    name: Option<String>,
    /// Article number.
    #[serde(default)]
    sku: Option<String>,
    /// How many.
    quantity: u32,
    /// Weight of one in grams; 0 where the shop does not know it.
    #[serde(default)]
    grams: Option<u64>,
    /// Price of one, in hundredths.
    price: u64,
    /// Whether it travels at all: a gift card does not. It does where nothing is said.
    #[serde(default)]
    requires_shipping: Option<bool>,
    /// Number of the variant.
    #[serde(default)]
    variant_id: Option<Number>,
}

/// What is read from an object alone: a derived reader would also take a list of the fields.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(read)| read)
}

fn maybe_object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::<Object<T>>::deserialize(deserializer).map(|read| read.map(|Object(read)| read))
}

fn objects<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Vec::<Object<T>>::deserialize(deserializer).map(|read| read.into_iter().map(|Object(read)| read).collect())
}

/// A number, however it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Number {
    Digits(u64),
    Text(String),
}

/// Sums of the order.
#[derive(Debug, Deserialize, JsonSchema)]
struct Totals {
    /// What the buyer was let off, in hundredths.
    #[serde(default)]
    discount_amount: Option<u64>,
}

/// A question without a price of transport, and what the ways of delivery look at.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Where it goes: the place in which the postcode lies, else the country of the address.
    pub(crate) place: String,
    /// The question.
    pub(crate) consignment: Consignment,
    /// Weight of everything that travels, as far as it is known.
    pub(crate) weight_kg: Decimal,
}

fn wrong(field: &str, value: &str, message: &str) -> Problem {
    let value = value.chars().filter(|c| !c.is_control()).take(60).collect();
    Problem::fields(vec![Wrong { field: field.to_owned(), value, message: message.to_owned().into() }])
}

/// `1250` as 12.50.
fn hundredths(number: u64) -> Result<Decimal, Problem> {
    let number = i64::try_from(number).map_err(|_| too_much())?;
    Decimal::from_int(number).times(Decimal::ten_to_minus(2)).map_err(|_| too_much())
}

fn too_much() -> Problem {
    wrong("rate.items", "", "the amounts are too large")
}

impl Basket {
    /// How many kinds of goods there are.
    pub(crate) fn kinds(&self) -> usize {
        self.items.len()
    }

    /// The question of a shop; none where nothing of the basket travels.
    ///
    /// # Errors
    /// [`Problem`] naming the field that cannot be used.
    pub(crate) fn question(&self, shop: &Shop, book: &Book) -> Result<Option<Asked>, Problem> {
        let currency = self.currency.to_ascii_uppercase();
        if book.currency_minor(&currency).is_some_and(|digits| digits > 2) {
            let why = "amounts come in hundredths, and this currency has smaller units: how they are written is not documented";
            return Err(wrong("rate.currency", &currency, why));
        }
        let country = |address: &Address| address.country.as_deref().map(|c| c.trim().to_ascii_uppercase());
        let Some(to) = country(&self.destination).filter(|c| !c.is_empty()) else {
            return Err(wrong("rate.destination.country", "", "must say where it goes: two letters, such as DE"));
        };
        let (mut items, mut weight_kg) = (Vec::new(), Decimal::ZERO);
        let (mut all, mut travels) = (Decimal::ZERO, Decimal::ZERO);
        for piece in &self.items {
            if piece.quantity == 0 {
                continue;
            }
            let (price, quantity) = (hundredths(piece.price)?, Decimal::from_int(i64::from(piece.quantity)));
            let value = price.times(quantity).map_err(|_| too_much())?;
            all = all.plus(value).map_err(|_| too_much())?;
            if piece.requires_shipping == Some(false) {
                continue;
            }
            travels = travels.plus(value).map_err(|_| too_much())?;
            let item = piece.item(shop, book, price, quantity)?;
            let weight = item.weight_kg.unwrap_or_default().times(quantity).map_err(|_| too_much())?;
            weight_kg = weight_kg.plus(weight).map_err(|_| too_much())?;
            items.push(item);
        }
        if items.is_empty() {
            return Ok(None);
        }
        let text = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let consignment = Consignment {
            from: shop.from.clone().or_else(|| self.origin.as_ref().and_then(country)).filter(|c| !c.is_empty()),
            to,
            region: text(&self.destination.province),
            postcode: text(&self.destination.postal_code),
            currency,
            items,
            discount: self.discount(all, travels)?,
            channel: shop.channel,
            mode: shop.mode,
            seller: (!shop.registrations.is_empty())
                .then(|| Seller { territory: None, registrations: shop.registrations.clone() }),
            ..Consignment::default()
        };
        let place = book.place(&consignment.to, consignment.postcode.as_deref());
        Ok(Some(Asked { place, consignment, weight_kg }))
    }

    /// The discount on what travels: its share of the value of everything.
    fn discount(&self, all: Decimal, travels: Decimal) -> Result<Option<Decimal>, Problem> {
        let Some(off) = self.order_totals.as_ref().and_then(|t| t.discount_amount).filter(|off| *off > 0) else {
            return Ok(None);
        };
        let off = hundredths(off)?;
        let off = if off > all { all } else { off };
        if travels == all {
            return Ok(Some(off));
        }
        // Rounded down: a customs value is rather too high than too low.
        let share = off.scaled(travels, all).and_then(|s| s.rounded(RoundingMode::Down, Decimal::ten_to_minus(2)));
        share.map(Some).map_err(|_| too_much())
    }
}

impl Piece {
    fn item(&self, shop: &Shop, book: &Book, price: Decimal, quantity: Decimal) -> Result<Item, Problem> {
        let variant = self.variant_id.as_ref().map(|number| match number {
            Number::Digits(digits) => digits.to_string(),
            Number::Text(text) => text.clone(),
        });
        let known = shop.known.of(self.sku.as_deref(), variant.as_deref());
        let grams = self.grams.filter(|grams| *grams > 0).map(i64::try_from).transpose().map_err(|_| too_much())?;
        let weight_kg = grams
            .map(|grams| Decimal::from_int(grams).times(Decimal::ten_to_minus(3)))
            .transpose()
            .map_err(|_| too_much())?;
        Ok(Item {
            description: self.name.as_deref().map(|name| name.chars().take(200).collect()),
            code: known.code,
            // A mistake in the table is no origin; the other goods are still answered.
            origin: known.origin.filter(|origin| book.territories().contains_key(origin)),
            quantity,
            price,
            weight_kg,
            ..Item::default()
        })
    }
}
