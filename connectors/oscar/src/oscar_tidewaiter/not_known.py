"""Products that lack customs data, with the price of not knowing: between which amounts the duty on one piece lies."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_class
from tidewaiter_client import Answer, Bounds, decimals

from . import customs_data
from .engine import STAFF_AT_ONCE, staff_client
from .question import common
from .suggestions import products
from .table import table


@dataclass(frozen=True)
class Price:
    """Of one piece to one market, in the currency of the shop. Without `most` no upper limit is known."""

    market: str
    answer: Answer
    least: Decimal | None
    most: Decimal | None

    @property
    def is_known(self) -> bool:
        return self.least is not None and self.least == self.most

    @property
    def duty(self) -> Bounds | None:
        return None if self.least is None else Bounds(self.least, self.most)

    @property
    def questions(self) -> list[tuple[str, Decimal | None]]:
        """Each with by how much an answer narrows duty, tax and fees together, in the currency of the shop. Where no upper limit is known, nothing can
        be said of that."""
        return [(one.question, self._in_currency_of_shop(one.narrows_by)) for one in self.answer.missing]

    def _in_currency_of_shop(self, amount: Decimal | None) -> Decimal | None:
        total = (self.answer.quote or {}).get("total", {})
        if amount is None or self.most is None or "most" not in total or "most_asked" not in total:
            return None
        # The engine converts both ends of the range at one rate, so a part of it is that part in the other currency too.
        ends = [Decimal(total[name]) for name in ("least", "most", "least_asked", "most_asked")]
        width, width_asked = ends[1] - ends[0], ends[3] - ends[2]
        if width == 0:
            return None
        return (amount * width_asked / width).quantize(Decimal(1).scaleb(-decimals(self.answer.currency)))


@dataclass(frozen=True)
class Lacking:
    product: Any
    customs: dict[str, str]
    facts: list[str]
    prices: list[Price]
    #: What stands on the product and cannot be used.
    wrong: list[str]


def lacking() -> list[tuple[Any, dict[str, str], list[str]]]:
    """Products that lack a fact, with what is known and what is not."""
    names = table().attributes
    found = [(product, customs_data.of(product)) for product in products()]
    return [(product, known, [name for name in names if name not in known]) for product, known in found if any(name not in known for name in names)]


def with_prices(some: Iterable[tuple[Any, dict[str, str], list[str]]]) -> list[Lacking]:
    """Asks about one piece of each to each market: some products at a time, as a page shows them."""
    some = list(some)
    strategy = get_class("partner.strategy", "Selector")().strategy()
    asked = []
    for at, (product, known, _facts) in enumerate(some):
        price = strategy.fetch_for_product(product).price
        if not price.exists:
            continue
        for market in table().markets:
            consignment = common(table(), {"to": market}, price.currency)
            consignment["items"] = [{"description": product.get_title()[:200], **known, "quantity": 1, "price": price.excl_tax}]
            asked.append((at, market, {"terms": "ddp", "lines": [str(product.pk)], "consignment": consignment}))
    with ThreadPoolExecutor(STAFF_AT_ONCE) as pool:
        answers = list(pool.map(staff_client().quote, [basket for *_, basket in asked]))
    prices: list[list[Price]] = [[] for _ in some]
    for (at, market, _), answer in zip(asked, answers):
        prices[at].append(_price(market, answer))
    return [Lacking(product, known, facts, prices[at], customs_data.wrong(product)) for at, (product, known, facts) in enumerate(some)]


def _price(market: str, answer: Answer) -> Price:
    duties = (answer.quote or {}).get("by_kind", {}).get("duties", {})
    least, most = duties.get("least_asked"), duties.get("most_asked")
    return Price(market, answer, None if least is None else Decimal(least), None if most is None else Decimal(most))
