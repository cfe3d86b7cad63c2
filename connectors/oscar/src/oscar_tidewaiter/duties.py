"""What is due for the basket of one request. Oscar asks several times on each page: each question is put once, and all that a
page shows is of one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from tidewaiter_client import Answer, Charge, decimals, fingerprint

from . import customs_data
from .engine import client
from .question import destination, question
from .table import table

_KEPT_AS = "_oscar_tidewaiter_duties"
_AT_ONCE = 8


def duties_of(request: Any) -> Duties:
    found = getattr(request, _KEPT_AS, None)
    if found is None:
        found = Duties()
        if request is not None:
            setattr(request, _KEPT_AS, found)
    return found


def is_line_tax(row: Charge) -> bool:
    """Tax that the seller itself collects is tax on the lines of its sale; all else is paid on for the buyer."""
    return row.collected_by == "seller" and row.charge_class == "tax"


class Duties:
    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._customs: dict[int, dict[str, str]] = {}
        #: Terms that can be had for the basket of this page.
        self.offered: list[str] = []
        #: The delivery that the buyer chose, as it can be had now.
        self.chosen: Any = None
        #: An answer that tells why something cannot be had.
        self.withheld: Answer | None = None

    def ask(self, baskets: list[dict[str, Any]]) -> list[Answer]:
        """All at the same time: an engine that hangs costs a page one time limit."""
        names = [fingerprint(basket) for basket in baskets]
        fresh = {name: basket for name, basket in zip(names, baskets) if name not in self._answers}
        if fresh:
            asked = client()
            with ThreadPoolExecutor(min(_AT_ONCE, len(fresh))) as pool:
                self._answers.update(zip(fresh, pool.map(asked.quote, fresh.values())))
        return [self._answers[name] for name in names]

    def question(self, basket: Any, address: Any, terms: str, freight: Decimal | None) -> dict[str, Any]:
        return question(basket, destination(address), terms, freight, customs=self._of)

    def before_delivery(self, basket: Any, address: Any) -> Answer:
        """What would be due duty-paid for the goods alone."""
        return self.ask([self.question(basket, address, "ddp", None)])[0]

    def _of(self, product: Any) -> dict[str, str]:
        if product.pk not in self._customs:
            self._customs[product.pk] = customs_data.of(product)
        return self._customs[product.pk]


def is_asked_about(basket: Any, address: Any) -> bool:
    """Nothing is asked before there is an address, nor about what stays at home."""
    return bool(address) and bool(address.country_id) and not basket.is_empty and basket.is_shipping_required() and destination(address)["to"] not in table().home


def put_tax_on(basket: Any, answer: Answer) -> None:
    """Sets the tax of each line that is shipped, so that the line with its tax is exact.

    Oscar knows a tax for one piece only. The tax of the line is divided by its pieces without rounding, and stands besides as
    `landed_tax` on the line, from which totals are made.
    """
    due: dict[str, Decimal] = {}
    for row in answer.charges:
        if is_line_tax(row):
            for line, part in row.per_line.items():
                due[line] = due.get(line, Decimal(0)) + part
    for line in basket.all_lines():
        if not line.product.is_shipping_required or not line.quantity:
            continue
        tax = due.get(str(line.pk), Decimal(0)) if can_hold_tax(line, answer.currency) else Decimal(0)
        net = line.line_price_excl_tax_incl_discounts
        price = line.purchase_info.price
        # Oscar takes the discounted price with tax in proportion to the price of one piece.
        price.tax = tax * price.excl_tax / net if line.discount_value and tax else tax / line.quantity
        line.landed_tax = tax


def can_hold_tax(line: Any, currency: str) -> bool:
    """Oscar has tax on a discounted line as a share of its price, to two decimals: nothing goes on a line that is free, nor the third decimal of a dinar."""
    return not line.discount_value or (line.discount_value < line.line_price_excl_tax and decimals(currency) <= 2)


def charged_besides(basket: Any, answer: Answer) -> list[tuple[Charge, Decimal]]:
    """Rows that are no tax of the lines, with their amounts; and what of that tax no line can hold."""
    no_room = {str(line.pk) for line in basket.all_lines() if not can_hold_tax(line, answer.currency)}
    rows = [(row, row.amount if not is_line_tax(row) else sum((part for line, part in row.per_line.items() if line in no_room), Decimal(0))) for row in answer.charges]
    return [(row, amount) for row, amount in rows if amount]
