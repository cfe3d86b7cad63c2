//! Whatever the bytes, reading origin rules and reference lists ends without a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use proptest::prelude::*;
use tidewaiter_sources::origin_rules::{Span, heading};
use tidewaiter_sources::{origin_reading, uk_origin, uk_reference, us_origin, wb_agreements};

const SMALL: [&str; 6] = [
    r#"{"scope":"uk","links":[],"schemes":[{"scheme_code":"q","title":"Q","validity_start_date":"2021-01-01","proofs":[{"summary":"S","subtext":"","proof_class":"c","detail":""}],"cumulation_methods":{"bilateral":{"countries":["GB"]}},"countries":["AA"]}]}"#,
    r#"{"rule_sets":[{"heading":"ex Chapter 9","chapter":9,"subdivision":"x","min":"0901000000","max":"0901999999","valid":true,"rules":[{"rule":"A change from any other heading, except from [heading&nbsp;2207](/h) or 2208 (until 31 December 2023).","class":["CTH"],"footnotes":[],"operator":null,"quota":false,"import":true,"export":true}]}]}"#,
    r#"{"corpus":"19-CFR-102.20","title":"T","authority":"A","applies_to":"All.","source_url":"u","source_issue_date":"2026-08-26","rules":[{"rule_id":"r","regime":"US","htsus":"0901","scope":["0901"],"section":"S","text":"T","vintage":"V","source_url":"u","alternatives":[{"kind":"tariff_shift","shift":{"sources":[{"kind":"any_other","level":"heading","ranges":[],"outside_that_group":false,"text":"any other heading"}],"excluded":["2607"],"excluded_when":[],"excluded_descriptions":[],"provisos":[],"raw_source":"any other heading, except from heading 2607"},"target":null,"text":"A change to heading 0901 from any other heading, except from heading 2607.","residual":false,"condition":null,"sequence":null,"is_fallback":false,"unparsed_reason":null}]}]}"#,
    "geographical_area_id,goods_nomenclature_item_id,measure_type_id,from,to,duty\nAU,0702000000,142,15/05,31/10,6.40% MIN 1.00 GBP / 100 kg\n",
    "cty1,iso1,cty2,iso2,year,agreement,entry_force,type,wto_plus_sps\nA,AGO,B,BDI,1994,C,1994,CU,1\n",
    r#"{"snapshot_date":"2026-08-19","measures":[{"measure_id":"1","measure_type_id":"305","additional_code":"VATZ","additional_code_id":"2","origin_goods_nomenclature":"2005000000","origin_type":"heading","effective_start_date":"2024-09-25","source_url":"u","declarable_commodity_codes":["2005100010"],"effective_end_date":null,"source_response_sha256":"s","cohort_sha256":"c","cohort_verified_from_origin_response":true,"connection_commodity_codes":[]}],"commodity_measure_inventory":[]}"#,
];

fn all(bytes: &[u8]) {
    uk_origin::fuzz(bytes);
    us_origin::fuzz(bytes);
    uk_reference::fuzz(bytes);
    wb_agreements::fuzz(bytes);
}

#[test]
fn small_files_cut_anywhere() {
    for file in SMALL {
        for end in 0..=file.len() {
            all(&file.as_bytes()[..end]);
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        all(&bytes);
    }

    #[test]
    fn small_files_with_wrong_bytes(file in 0..SMALL.len(), edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = SMALL[file].as_bytes().to_vec();
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        all(&bytes);
    }

    #[test]
    fn any_rule_text(text in "(manufacture |in which |from materials of |any heading|chapter [0-9é]{0,3}|heading [0-9.]{0,6}|, | and | or |[0-9.]{0,25}%|until |\\(|\\)|\\[|\\]\\(|<|>|\\*|.){0,20}") {
        let _ = origin_reading::plain(&text);
        let _ = origin_reading::period(&text);
        if let Some(reading) = origin_reading::read(&text) {
            prop_assert!(!reading.to_string().is_empty());
        }
        let _ = heading(&text);
        let _ = Span::parse(&text);
    }

    #[test]
    fn what_is_written_of_a_range_reads_back(low in 0u64..1_000_000_000_000, more in 0u64..1_000_000_000) {
        let span = Span { low, high: (low + more).min(999_999_999_999) };
        prop_assert_eq!(Span::parse(&span.written()), Some(span));
    }
}
