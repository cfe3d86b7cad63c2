"""Names of territories and registrations that this version knows, and the nearest of them to one that it does not. The checks of the
settings use them, since `manage.py check` asks no engine."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from babel import Locale
from babel.core import get_global

#: Codes of Babel that are no destination: groups of states, codes for tests, places without customs rules of their own.
_NO_TERRITORY = frozenset("AC CP CQ DG EU EZ QO TA UN XA XB ZZ".split())
#: Northern Ireland has a code of customs that is none of ISO.
_OTHERS = frozenset(["XI"])
#: In European Union papers.
_ALSO_WRITTEN = {"EL": "GR"}

REGISTRATIONS = (
    "au.lvig", "ax.number", "br.remessa-conforme", "ch.mailorder", "ch.platform", "cl.iva500", "eu.ioss", "gb.supplyvat", "je.gst", "my.lvg",
    "no.voec", "nz.ovr", "pr.sut", "sg.ovr",
)
_REGISTRATION = re.compile(r"[a-z]{2}\.[a-z0-9-]+")


@cache
def territories() -> frozenset[str]:
    return frozenset(code for code in Locale("en").territories if len(code) == 2 and code.isalpha()) - _NO_TERRITORY | _OTHERS


def nearest_territory(code: str) -> str | None:
    """The code that is meant by an old or a wrong one, where there is one: `GB` for `UK`."""
    now = get_global("territory_aliases").get(code, [_ALSO_WRITTEN[code]] if code in _ALSO_WRITTEN else [])
    return now[0] if len(now) == 1 and now[0] in territories() else None


def is_registration(key: str) -> bool:
    """Whether it is written as one: a place and a name, `eu.ioss`. An engine may know more of them than this version."""
    return _REGISTRATION.fullmatch(key) is not None


def nearest_registration(key: str) -> str | None:
    """`eu.ioss` for `IOSS`."""
    by_name = {name.partition(".")[2]: name for name in reversed(REGISTRATIONS)} | {name: name for name in REGISTRATIONS}
    found = get_close_matches(key.strip().lower().replace("_", "."), by_name, n=1, cutoff=0.7)
    return by_name[found[0]] if found else None
