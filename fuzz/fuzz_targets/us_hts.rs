#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_sources::us_hts::read_bytes(data));
