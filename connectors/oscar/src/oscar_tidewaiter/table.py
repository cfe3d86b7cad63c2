"""The one table of settings, `OSCAR_TIDEWAITER`, read with its defaults; and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

NAME = "OSCAR_TIDEWAITER"
TERMS = ("ddp", "dap")
_CLIENT = ("timeout_ms", "cache_ms", "cache_entries", "last_known_ms", "breaker_failures", "breaker_open_ms")


@dataclass(frozen=True)
class Table:
    #: Addresses of engines, asked in turn.
    engines: tuple[str, ...]
    #: Territory that goods are sent from.
    sent_from: str
    key: str | None = None
    policy: str = "last-known"
    channel: str | None = None
    mode: str | None = None
    registrations: tuple[str, ...] = ()
    #: Where the seller is established, if not where goods are sent from.
    territory: str | None = None
    #: Destinations about which nothing is asked: the shop's own tax rules hold there.
    home: tuple[str, ...] = ()
    terms: tuple[str, ...] = TERMS
    #: Destinations for which the staff see the price of not knowing.
    markets: tuple[str, ...] = ()
    #: From a shipping address to `{"to": …, "region": …}`, as a dotted path.
    destination: str | None = None
    #: A day whose law applies to all questions: for tests only.
    date: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: {"code": "goods_code", "origin": "origin", "weight_kg": "weight_kg"})
    client: Mapping[str, int] = field(default_factory=dict)


def table() -> Table:
    """The settings; raises with every problem where there is one."""
    given = getattr(settings, NAME, None)
    found = problems(given)
    if found:
        raise ImproperlyConfigured(f"{NAME}: " + " ".join(found))
    given = dict(given)
    engines = given.pop("engine")
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, (list, set)) else value for name, value in given.items()}
    rest["sent_from"] = rest.pop("from")
    rest["attributes"] = {**Table("", "").attributes, **rest.get("attributes", {})}
    return Table(engines=(engines,) if isinstance(engines, str) else tuple(engines), **rest)


def problems(given: Any) -> list[str]:
    """What is wrong with the table, each in one sentence that says what to write."""
    if given is None:
        return ['It is missing. Write at least {"engine": "https://duties.example", "from": "CN"}.']
    if not isinstance(given, Mapping):
        return ["It is not a dict."]
    found = [f"{name!r} is no setting; there are {', '.join(_SETTINGS)}." for name in given if name not in _SETTINGS]
    for name in ("engine", "from"):
        if not given.get(name):
            found.append(f"{name!r} is missing.")
    for name, (is_right, wants) in _SETTINGS.items():
        if given.get(name) is not None and not is_right(given[name]):
            found.append(f"{name!r} is {given[name]!r}; write {wants}.")
    return found


def _texts(value: Any) -> bool:
    return isinstance(value, (list, tuple, set)) and all(isinstance(one, str) and one for one in value)


def _territories(value: Any) -> bool:
    return _texts(value) and all(_territory(one) for one in value)


def _territory(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isascii() and value.isupper()


def _addresses(value: Any) -> bool:
    if isinstance(value, str):
        value = [value]
    return _texts(value) and all(urlsplit(one).scheme in ("http", "https") and bool(urlsplit(one).hostname) for one in value)


def _terms(value: Any) -> bool:
    return _texts(value) and len(value) > 0 and set(value) <= set(TERMS)


def _day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _function(value: Any) -> bool:
    try:
        return callable(import_string(value))
    except (ImportError, AttributeError, TypeError):
        return False


def _attributes(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) <= {"code", "origin", "weight_kg"} and all(isinstance(one, str) and one.isidentifier() for one in value.values())


def _client(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) <= set(_CLIENT) and all(type(one) is int and one >= 0 for one in value.values())


_SETTINGS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "engine": (_addresses, "an address such as 'https://duties.example', or a list of them"),
    "key": (lambda value: isinstance(value, str), "a key, as text"),
    "from": (_territory, "a territory of two capital letters, such as 'CN'"),
    "policy": (lambda value: value in ("open", "last-known", "closed"), "'open', 'last-known' or 'closed'"),
    "channel": (lambda value: value in ("post", "express", "freight"), "'post', 'express' or 'freight'"),
    "mode": (lambda value: value in ("air", "sea", "road", "rail"), "'air', 'sea', 'road' or 'rail'"),
    "registrations": (_texts, "a list such as ['eu.ioss', 'au.lvig']"),
    "territory": (_territory, "a territory of two capital letters, such as 'CN'"),
    "home": (_territories, "a list of territories, such as ['CN']"),
    "terms": (_terms, "a list of 'ddp' and 'dap', or one of them in a list"),
    "markets": (_territories, "a list of territories, such as ['NL', 'US']"),
    "destination": (_function, "the dotted path of a function that takes a shipping address"),
    "date": (_day, "a day such as '2026-11-20'; for tests only"),
    "attributes": (_attributes, "a dict from 'code', 'origin' and 'weight_kg' to codes of product attributes"),
    "client": (_client, f"a dict of whole numbers with {', '.join(_CLIENT)}"),
}
