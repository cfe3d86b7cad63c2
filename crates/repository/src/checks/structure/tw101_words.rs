//! TW101: amounts and conditions can be read.

use crate::checks::words::Read;
use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW101", "Amounts and conditions can be read", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in &seen.now.measures {
        let words = &seen.now.words;
        let read = [("amount", words.amount(filed.measure)), ("condition", words.condition(filed.measure))];
        for (what, read) in read {
            let Some(Read { printed, error, foreign, .. }) = read else { continue };
            let printed = say::short(&printed);
            if let Some(error) = error {
                let says = format!("the {what} \"{printed}\" cannot be read: {error}");
                found.add(
                    say::measure(filed.measure),
                    says,
                    "write it as the page of the economy file shows, such as 12 % + 3 XXX per kg",
                );
            } else if let Some(name) = foreign {
                let name = say::short(&name);
                let says =
                    format!("the {what} \"{printed}\" names \"{name}\", which means something only in an economy file");
                found.add(say::measure(filed.measure), says, "write out what it stands for");
            }
        }
    }
}
