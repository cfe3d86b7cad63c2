#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_sources::uk_origin::fuzz(data));
