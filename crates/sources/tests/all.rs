//! All tests of this crate from outside as one program: a program for each file would link the whole crate anew and fill the disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod au_tariff;
#[path = "../../tidewaiter/tests/common/mod.rs"]
mod common;
mod ecb;
mod eu_nomenclature;
mod hmrc_rates;
mod hs;
mod hs_moved;
mod limits;
mod national_bytes;
mod national_small;
mod origin_any_bytes;
mod rate_series;
mod sheet;
mod sheet_seeds;
mod taric3;
mod uk_api;
mod uk_cases;
mod uk_engine;
mod uk_origin;
mod uk_reference;
mod uk_tables;
mod us_embed;
mod us_hts;
mod us_origin;
mod wb_agreements;
