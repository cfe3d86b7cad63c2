//! The door to JavaScript: one buffer in, one buffer out, and a function for each thing that can be asked.
//!
//! JavaScript asks for room with `room`, writes its bytes there, calls a function, and reads `answer_length` bytes at `answer`. A function gives 0
//! where it answered and 1 where the answer says what is wrong.
//!
//! Safety: nothing here follows a pointer. Only addresses of our own buffers are given out; WebAssembly keeps what is written there inside this
//! instance's memory. `unsafe` stands in the attributes alone, which say that no other function has these names.
#![allow(unsafe_code)]

use crate::{Host, Told};
use jiff::civil::Date;
use std::cell::RefCell;

#[derive(Default)]
struct Door {
    host: Host,
    given: Vec<u8>,
    answer: Vec<u8>,
}

thread_local! {
    static DOOR: RefCell<Door> = RefCell::default();
}

fn through(ask: impl FnOnce(&mut Host, Vec<u8>) -> Told) -> u32 {
    DOOR.with_borrow_mut(|door| {
        let given = std::mem::take(&mut door.given);
        let told = ask(&mut door.host, given);
        let status = u32::from(told.is_err());
        door.answer = told.unwrap_or_else(|wrong| wrong).into_bytes();
        status
    })
}

/// A day as year × 10000 + month × 100 + day; 0 is none.
fn day(number: i32) -> Option<Date> {
    let part = |value: i32| i8::try_from(value).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
}

/// Where to write what the next call is given, so many bytes.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn room(bytes: usize) -> *mut u8 {
    DOOR.with_borrow_mut(|door| {
        door.given = vec![0; bytes];
        door.given.as_mut_ptr()
    })
}

/// Where the last answer is.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn answer() -> *const u8 {
    DOOR.with_borrow(|door| door.answer.as_ptr())
}

/// How many bytes the last answer has.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn answer_length() -> usize {
    DOOR.with_borrow(|door| door.answer.len())
}

/// [`Host::open`] of the bytes given.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn open() -> u32 {
    through(|host, given| host.open(given))
}

/// [`Host::quote`] of the question given, with the day that is today, and 1 for all steps.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn quote(today: i32, steps: u32) -> u32 {
    through(|host, given| host.quote(&given, day(today), steps == 1))
}

/// [`Host::plan`] of the question given.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn plan() -> u32 {
    through(|host, given| host.plan(&given))
}

/// [`Host::economies`] on a day.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn economies(on: i32) -> u32 {
    through(|host, _| host.economies(day(on).unwrap_or_default()))
}

/// [`Host::economy`] of the code given.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn economy() -> u32 {
    through(|host, given| host.economy(&String::from_utf8_lossy(&given)))
}
