//! TW306: the day of publication is a possible one.

use crate::checks::{Check, Found, Seen};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(super) const CHECK: Check =
    Check::error("TW306", "The day of publication is neither in the future nor before the last edition", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let manifest = seen.draft.manifest;
    let known = manifest.head.known_from;
    let day = |moment: Timestamp| moment.to_zoned(TimeZone::UTC).date();
    // It may be tomorrow already where the authority is.
    let next = |day: Date| day.tomorrow().unwrap_or(day);
    let issued = day(manifest.issued);
    if issued > next(seen.draft.today) {
        found.add(
            "edition",
            format!("it is issued on {issued}, which is still to come"),
            "set the clock of the machine that made it, and make it again",
        );
    }
    let latest = manifest.not_before.map_or(issued, |moment| day(moment).max(issued));
    if known > next(latest) {
        let says =
            format!("`known_from` is {known}, after {latest}, the day on which it is issued or may be published");
        found.add(
            "edition",
            says,
            "give the day of publication; the days on which a duty holds stand in its own record",
        );
    }
    if let Some(last) = seen.before.as_ref().and_then(|before| before.head).filter(|head| head.known_from > known) {
        let says = format!("`known_from` is {known}, and the edition before was published on {}", last.known_from);
        found.add("edition", says, "give the day on which this edition is published; the past is not rewritten");
    }
}
