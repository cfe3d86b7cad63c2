//! TW513: a series of exchange rates bears the name of its authority.

use crate::assemble::own_series;
use crate::checks::{Check, Found, Seen, say};
use std::collections::BTreeSet;

pub(super) const CHECK: Check =
    Check::warning("TW513", "A series of exchange rates bears the name of its authority", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let authority = seen.draft.authority;
    if authority.unofficial {
        return;
    }
    let series: BTreeSet<&str> = seen.now.exchange.iter().map(|rate| rate.series.as_str()).collect();
    for name in series.into_iter().filter(|name| !own_series(&authority.id, name)) {
        let name = say::short(name);
        found.add(
            format!("exchange-rate series {name}"),
            format!("readers get it as \"{}:{name}\", beside what others publish under that name", authority.id),
            format!("name it \"{0}\", or begin its name with \"{0}-\"", authority.id),
        );
    }
}
