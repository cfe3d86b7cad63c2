#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_sources::wb_agreements::fuzz(data));
