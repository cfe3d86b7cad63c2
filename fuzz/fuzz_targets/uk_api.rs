#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_sources::uk_api::try_bytes(data));
