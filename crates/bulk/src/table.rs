//! The columns of an input table, and the goods that its rows sell.

use crate::columns::Column;
use crate::decode::Decoded;
use crate::question::{Fnv, SHARED};
use crate::{BulkError, Reject};
use std::collections::HashMap;
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::{Goods, TerritoryId};
use tidewaiter::{Decimal, Quoter};

pub(crate) struct Table {
    pub(crate) id: Option<Column>,
    code: Option<Column>,
    pub(crate) origin: Option<Column>,
    price: Option<Column>,
    quantity: Option<Column>,
    freight: Option<Column>,
    weight: Option<Column>,
    pub(crate) shared: Vec<(&'static str, Column)>,
    /// Those of them that differ between rows.
    pub(crate) varying: Vec<Column>,
}

/// What a row sells.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) code: Option<GoodsCode>,
    pub(crate) origin: Option<TerritoryId>,
    pub(crate) price: Decimal,
    pub(crate) quantity: Decimal,
    pub(crate) freight: Option<Decimal>,
    pub(crate) weight: Option<Decimal>,
}

const NUMBER: &str = "a number with a decimal point, such as 12.50, and no currency sign";

impl Table {
    pub(crate) fn of(decoded: &Decoded) -> Result<Self, BulkError> {
        let batch = &decoded.table;
        let find = |name| Column::find(batch, name);
        let price = find("price")?;
        // Where every row is wrong as such, no column is missed.
        if price.is_none() && decoded.bad.len() < batch.num_rows() {
            return Err(BulkError::Column("price"));
        }
        let shared = SHARED.iter().filter_map(|name| find(name).transpose().map(|c| c.map(|c| (*name, c))));
        let shared = shared.collect::<Result<Vec<_>, _>>()?;
        // A column that says the same in every row of the table need not be looked at in each.
        let varying = shared.iter().filter(|(_, c)| !c.is_constant()).map(|(_, c)| c.clone()).collect();
        Ok(Self {
            id: find("id")?,
            code: find("code")?,
            origin: find("origin")?,
            price,
            quantity: find("quantity")?,
            freight: find("freight")?,
            weight: find("weight_kg")?,
            shared,
            varying,
        })
    }

    /// What a row sells, or what is wrong with it.
    pub(crate) fn goods(
        &self,
        at: usize,
        row: u64,
        quoter: &Quoter<'_>,
        origins: &mut HashMap<String, Option<TerritoryId>, Fnv>,
        buffer: &mut String,
    ) -> Result<Row, Reject> {
        let wrong = |column: &str, found: &str, expected: String| Reject {
            row,
            column: column.to_owned(),
            found: found.chars().take(60).collect(),
            expected,
        };
        let number = |column: &Option<Column>, name: &str| match column.as_ref().map(|c| c.number(at)) {
            None => Ok(None),
            Some(Ok(number)) => Ok(number),
            Some(Err(found)) => Err(wrong(name, &found, NUMBER.into())),
        };
        let code = match self.code.as_ref().and_then(|c| c.text(at, buffer)) {
            None => None,
            Some(text) => Some(text.parse::<GoodsCode>().map_err(|e| wrong("code", text, e.to_string()))?),
        };
        let origin = match self.origin.as_ref().and_then(|c| c.text(at, buffer)) {
            None => None,
            Some(text) => {
                let found = match origins.get(text) {
                    Some(found) => *found,
                    None => *origins.entry(text.to_owned()).or_insert_with(|| quoter.territory(&capitals(text))),
                };
                Some(found.ok_or_else(|| wrong("origin", text, "a two-letter code such as CN".into()))?)
            }
        };
        let Some(price) = number(&self.price, "price")? else {
            return Err(wrong("price", "", "the price of one piece".into()));
        };
        Ok(Row {
            code,
            origin,
            price,
            quantity: number(&self.quantity, "quantity")?.unwrap_or(Decimal::ONE),
            freight: number(&self.freight, "freight")?,
            weight: number(&self.weight, "weight_kg")?,
        })
    }
}

/// Codes of countries and currencies are capital letters; small ones are understood.
pub(crate) fn capitals(text: &str) -> String {
    if text.len() <= 3 { text.to_uppercase() } else { text.to_owned() }
}

impl Row {
    /// The goods of all pieces together.
    pub(crate) fn goods(&self, code: GoodsCode, freight: Option<Decimal>) -> Result<Goods, Reject> {
        let times = |value: Decimal, column: &str| {
            value.times(self.quantity).map_err(|_| Reject {
                row: 0,
                column: column.to_owned(),
                found: value.to_string(),
                expected: "times the quantity it is too large".into(),
            })
        };
        Ok(Goods {
            code,
            origin: self.origin,
            quantity: self.quantity,
            price: self.price,
            freight: self.freight.or(freight).unwrap_or_default(),
            weight_kg: self.weight.map(|w| times(w, "weight_kg")).transpose()?,
        })
    }
}
