//! Delivery options with duty in them, for shops whose checkout asks a carrier for its rates: the shape is the one in which Shopify asks a
//! carrier service.
//!
//! Such a checkout takes a price for a way of delivery and nothing else. So each way of delivery is offered twice: duty paid, with everything
//! that is due in its price, and duty unpaid, with a sentence about what is due at the door. Duty paid is left out where the sum cannot be said.
//!
//! | file | holds |
//! |---|---|
//! | `shops.rs` | the shops that may ask, read from a file |
//! | `goods.rs` | what a shop's goods are: codes and origins by article number, read from a table |
//! | `asked.rs` | what the checkout asks |
//! | `rates.rs` | what it is told |
//! | `signature.rs` | whether the checkout has asked |

pub(crate) mod asked;
mod goods;
pub(crate) mod rates;
mod shops;
pub(crate) mod signature;

pub(crate) use shops::{Delivery, Shop};
pub use shops::{Shops, ShopsError};
