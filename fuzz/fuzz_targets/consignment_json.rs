#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_fuzz::with_data::consignment_json(data));
