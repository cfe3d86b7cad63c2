#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_sources::taric3::fuzz(data));
