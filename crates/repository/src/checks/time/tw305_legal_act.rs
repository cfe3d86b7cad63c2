//! TW305: nothing new is in force before the act that makes it law.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::warning("TW305", "Nothing new is in force before its legal act", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    // With several acts nobody can tell which one a measure is of.
    let [act] = seen.draft.manifest.legal.as_slice() else { return };
    let (mut early, mut unpublished) = (Count::default(), Count::default());
    for filed in seen.now.measures.iter().filter(|filed| seen.is_new(filed)) {
        let Some(from) = filed.measure.from else { continue };
        if act.effective.is_some_and(|effective| from < effective) {
            early.add(&filed.measure.code);
        } else if act.published.is_some_and(|published| from < published) {
            unpublished.add(&filed.measure.code);
        }
    }
    let title = say::short(&act.title);
    let mut tell = |count: Count<'_>, what: String| {
        if let Some(first) = count.first {
            let says =
                format!("measures in force before it {what}: {}; the first is on {}", count.of, say::code(first));
            found.add(
                format!("act \"{title}\""),
                says,
                "correct `from`, or name the other acts that the edition carries out",
            );
        }
    };
    tell(early, act.effective.map(|day| format!("takes effect on {day}")).unwrap_or_default());
    tell(unpublished, act.published.map(|day| format!("is published on {day}")).unwrap_or_default());
}

/// How many, and the first by code.
#[derive(Debug, Default, Clone, Copy)]
struct Count<'a> {
    of: u64,
    first: Option<&'a str>,
}

impl<'a> Count<'a> {
    fn add(&mut self, code: &'a str) {
        self.of += 1;
        self.first = Some(self.first.map_or(code, |first| first.min(code)));
    }
}
