//! Which value of a rate table a line takes.

use crate::ratebook::Moment;
use crate::ratebook::layout::ArmRow;

/// Text id of the class for goods of no other.
const STANDARD: u32 = 1;

/// What a table says of goods.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chosen<'a> {
    /// This value.
    Value(&'a ArmRow),
    /// It depends on more digits of the code.
    Depends,
    /// Nothing on that day.
    Nothing,
}

impl ArmRow {
    /// Whether it is the law of the day, and had been published.
    pub(crate) fn counts(&self, moment: Moment) -> bool {
        let in_force = self.from.get() <= moment.day && moment.day < self.before.get();
        in_force && moment.knows(self.known_from.get(), self.history_from.get())
    }
}

/// Chooses the class that is stated, else that of the closest code that holds all codes from `span.0` to `span.1`, else the
/// standard class. Where the values are those of one program's table it takes some halvings for each even number of digits.
pub(crate) fn choose<'a>(arms: &'a [ArmRow], moment: Moment, class: Option<u32>, span: (u64, u64)) -> Chosen<'a> {
    let (classes, coded) = arms.split_at(arms.partition_point(|arm| arm.coded == 0));
    let of = |class: u32| classes.iter().find(|arm| arm.class.get() == class && arm.counts(moment));
    let found = match class {
        Some(class) => of(class),
        None if coded.is_empty() => None,
        None => match closest(coded, moment, span) {
            Err(Below) => return Chosen::Depends,
            // Codes say of which class goods are, and the class what is paid.
            Ok(found) => found.map(|arm| of(arm.class.get()).unwrap_or(arm)),
        },
    };
    found.or_else(|| of(STANDARD)).map_or(Chosen::Nothing, Chosen::Value)
}

/// A value is for some of the codes only.
struct Below;

fn closest(coded: &[ArmRow], moment: Moment, (low, high): (u64, u64)) -> Result<Option<&ArmRow>, Below> {
    let from = |first: u64, last: u64| {
        let at = coded.partition_point(|arm| (arm.first.get(), arm.last.get()) < (first, last));
        coded.get(at..).unwrap_or_default().iter()
    };
    let inside = from(low, 0).take_while(|arm| arm.first.get() <= high);
    if inside
        .filter(|arm| arm.last.get() <= high && (arm.first.get(), arm.last.get()) != (low, high))
        .any(|arm| arm.counts(moment))
    {
        return Err(Below);
    }
    // Codes of twelve, ten … two digits that hold the span, the closest first.
    let mut width = 1u64;
    while width <= 10_000_000_000 {
        let first = low - low % width;
        let last = first + (width - 1);
        if high <= last {
            let same = from(first, last).take_while(|arm| (arm.first.get(), arm.last.get()) == (first, last));
            if let Some(found) = { same }.find(|arm| arm.counts(moment)) {
                return Ok(Some(found));
            }
        }
        width *= 100;
    }
    Ok(None)
}
