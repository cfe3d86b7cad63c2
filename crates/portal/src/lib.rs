//! The doors over HTTP: an API, pages in three languages, and tools for AI assistants.
//!
//! Nothing is computed here that the library and the finder do not compute: the same question gives the same bytes. Everything needed is
//! inside the program, and a page asks no other machine for anything.
//!
//! | module | holds |
//! |---|---|
//! | `desk` | what every door needs: the ratebook in use, the finder, the settings |
//! | `form` | the question as an address |
//! | `collect` | the house of sellers and authorities, where one is switched on |
//! | `carrier` | delivery options with duty in them, for checkouts that ask a carrier |
//! | `api` | the doors of programs, and their OpenAPI document |
//! | `pages` | the doors of people |
//! | `mcp` | the doors of AI assistants |
//! | `locale` | words, numbers, money and dates of each language |
//! | `guard` | limits, headers, validators for caches |
//! | `server` | all doors together, and who is let in |
//! | `watch`, `usage` | figures, log and traces for those who run it, and counts of use for everybody |
//! | `store` | what outlives a restart, where it is wanted |

mod api;
pub mod assets;
pub mod carrier;
mod collect;
pub mod desk;
mod form;
pub mod guard;
mod locale;
pub mod mcp;
mod pages;
pub mod paid;
mod problem;
pub mod random;
mod server;
pub mod store;
pub mod suggest;
pub mod usage;
mod watch;
mod work;

pub use collect::House;
pub use desk::{Desk, Held, Settings};
pub use problem::{Problem, Wrong};
pub use server::{router, serve};
pub use watch::traces::Traces;
