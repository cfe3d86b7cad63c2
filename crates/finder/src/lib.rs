//! From words to a goods code: a short list with reasons, as a good customs broker gives it. Offline; English, French and Spanish.
//!
//! | module | holds |
//! |---|---|
//! | [`words`] | the words as they are written in `words/`, one file a chapter |
//! | [`text`] | from a line of text to terms |
//! | [`index`] | the words as tables |
//! | [`model`] | a small learned model beside the names |
//! | [`likely`] | codes that together are likely enough |
//! | [`answer`], [`weights`] | what is told; how much each kind of evidence counts |
//! | [`learn`] | what examples taught |
//! | [`lines`] | national lines and rulings that were loaded |
//! | [`narrow`] | the question that tells the likely codes apart |
//! | [`vague`] | texts that say too little |
//! | [`notes`] | which legal notes concern an answer |
//! | [`query`] | what is asked |
//! | [`rank`] | which codes a text means, and how surely |
//! | [`tree`] | sections, chapters, headings and subheadings, a page each |
#![allow(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    reason = "how likely a code is is no money, rate or quantity"
)]

pub mod answer;
mod given;
pub mod index;
pub mod learn;
pub mod likely;
pub mod lines;
pub mod model;
pub mod narrow;
mod near;
pub mod notes;
pub mod query;
mod quick;
pub mod rank;
mod read;
pub mod text;
mod told;
pub mod tree;
pub mod vague;
pub mod weights;
pub mod words;

pub use answer::{Answer, Candidate, NotHere};
pub use likely::share;
pub use narrow::Asking;
pub use query::{NoSuchAnswer, Query};
pub use rank::Finder;
pub use text::Language;
pub use vague::Vague;
pub use weights::Weights;
