"""Where the shop could register to collect tax at the sale, and what it changes that it has not: the engine is asked for the same goods
with the registration and without."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_class
from tidewaiter_client import Answer, Bounds

from . import customs_data
from .engine import STAFF_AT_ONCE, staff_client
from .question import common
from .suggestions import products
from .table import table
from .telling import NotTold, in_words, read

_FACTS = ("code", "origin")


@dataclass(frozen=True)
class Due:
    """What a buyer pays where duty is not paid with the order: now, at the door, and in all. `None` is not known."""

    answer: Answer

    @property
    def checkout(self) -> Bounds | None:
        return self._sum("terms", "checkout_dap")

    @property
    def delivery(self) -> Bounds | None:
        return self._sum("terms", "on_delivery_dap")

    @property
    def total(self) -> Bounds | None:
        return self._sum("total")

    def _sum(self, *path: str) -> Bounds | None:
        if self.answer.quote is None or self.answer.outcome not in ("amount", "range", "unknown"):
            return None
        one: Any = self.answer.quote
        for name in path:
            one = one[name]
        return Bounds(Decimal(one["least_asked"]), Decimal(one["most_asked"]) if "most_asked" in one else None)


@dataclass(frozen=True)
class Example:
    """One piece of a product, sent there without shipping to pay."""

    key: str
    product: Any
    price: Decimal
    currency: str
    without: Due
    registered: Due

    @property
    def must(self) -> bool:
        """Whether the seller collects under this scheme although it is not registered: the rules leave no choice."""
        charges = (self.without.answer.quote or {}).get("charges", [])
        return any(one.get("scheme") == self.key and Decimal(one["amount"]) > 0 for charge in charges for one in charge["treatments"])

    @property
    def changes(self) -> bool | None:
        """Whether the registration changes anything; `None` where that is not known."""
        sums = [(one.checkout, one.delivery, one.total) for one in (self.without, self.registered)]
        return None if None in sums[0] + sums[1] else sums[0] != sums[1]


@dataclass(frozen=True)
class Scheme:
    key: str
    name: str
    #: Who must register and from when, in the words of the engine.
    registration: str
    returns: str
    due: str
    #: Destinations of the settings where it counts.
    markets: tuple[str, ...]
    is_held: bool
    examples: tuple[tuple[str, Example], ...]


@dataclass(frozen=True)
class Found:
    schemes: list[Scheme]
    #: Destinations that have no such scheme, and those of which nothing could be read, with why.
    without: list[str]
    not_told: list[tuple[str, str]]
    #: Registrations of the settings that none of the destinations knows.
    elsewhere: list[str]


def found() -> Found:
    now = table()
    told: dict[str, Any] = {}
    not_told = []
    with ThreadPoolExecutor(STAFF_AT_ONCE) as pool:
        for market, said in zip(now.markets, pool.map(_economy, now.markets)):
            if isinstance(said, NotTold):
                not_told.append((market, str(said)))
            else:
                told[market] = said
    where: dict[str, list[str]] = {}
    said_of: dict[str, Any] = {}
    for market, schemes in told.items():
        for one in schemes:
            where.setdefault(one["key"], []).append(market)
            said_of[one["key"]] = one
    compared = _compared([(key, market) for key, markets in where.items() if key not in now.registrations for market in markets])
    schemes = [
        Scheme(key=key, name=said_of[key]["name"], registration=said_of[key].get("registration") or "", returns=said_of[key].get("returns") or "", due=said_of[key].get("due") or "",
               markets=tuple(markets), is_held=key in now.registrations, examples=tuple((market, one) for asked, market, one in compared if asked == key))
        for key, markets in where.items()
    ]
    return Found(schemes, [market for market, some in told.items() if not some], not_told, [key for key in now.registrations if key not in where and not not_told])


def _economy(market: str) -> list[dict[str, Any]] | NotTold:
    try:
        return list(read(f"/v1/economies/{market}").get("schemes", []))
    except NotTold as why:
        return why
    except (AttributeError, TypeError):
        return NotTold(in_words("bad answer"))


def examples() -> list[tuple[Any, dict[str, str], Any]]:
    """The cheapest, the middle and the dearest product of which customs would know enough."""
    strategy = get_class("partner.strategy", "Selector")().strategy()
    known = [(product, customs, strategy.fetch_for_product(product).price) for product in products() for customs in [customs_data.of(product)] if all(name in customs for name in _FACTS)]
    priced = sorted(((product, customs, price) for product, customs, price in known if price.exists), key=lambda one: one[2].excl_tax)
    return [priced[at] for at in sorted({0, len(priced) // 2, len(priced) - 1})] if priced else []


def _compared(asked: Iterable[tuple[str, str]]) -> list[tuple[str, str, Example]]:
    held = table().registrations
    questions = [(key, market, product, customs, price) for key, market in asked for product, customs, price in examples()]
    baskets = [_basket(market, product, customs, price, some) for key, market, product, customs, price in questions for some in (held, (*held, key))]
    with ThreadPoolExecutor(STAFF_AT_ONCE) as pool:
        answers = list(pool.map(staff_client().quote, baskets))
    pairs = zip(answers[::2], answers[1::2])
    return [(key, market, Example(key, product, price.excl_tax, price.currency, Due(one), Due(other))) for (key, market, product, _customs, price), (one, other) in zip(questions, pairs)]


def _basket(market: str, product: Any, customs: dict[str, str], price: Any, registrations: tuple[str, ...]) -> dict[str, Any]:
    consignment = common(table(), {"to": market}, price.currency)
    consignment["seller"] = {**consignment["seller"], "registrations": list(registrations)}
    consignment["items"] = [{"description": product.get_title()[:200], **customs, "quantity": 1, "price": price.excl_tax}]
    return {"terms": "dap", "lines": [str(product.pk)], "consignment": consignment}
