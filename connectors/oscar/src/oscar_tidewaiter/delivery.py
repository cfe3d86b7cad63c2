"""Each delivery of the shop becomes two: duty paid and duty unpaid. What cannot be had for this basket now is not offered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from oscar.core.prices import Price
from oscar.templatetags.currency_filters import currency
from tidewaiter_client import Answer

from .door import at_the_door
from .duties import Duties, duties_of, is_asked_about
from .table import table


class Option:
    """A delivery under one of the terms. It does what the delivery does, and says what is due."""

    terms = ""

    def __init__(self, delivery: Any, basket: Any, answer: Answer, charge: Price) -> None:
        self.delivery, self.basket, self.answer, self.charge = delivery, basket, answer, charge
        self.code = f"{delivery.code}-{self.terms}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.delivery, name)

    def calculate(self, basket: Any) -> Price:
        charge = self.delivery.calculate(basket)
        if charge.is_tax_known:
            return charge
        # Tax on freight is in the tax of the lines.
        return Price(currency=charge.currency, excl_tax=charge.excl_tax, tax=Decimal(0), tax_code=charge.tax_code)

    def discount(self, basket: Any) -> Decimal:
        return self.delivery.discount(basket)

    @property
    def checkout_total(self) -> Decimal:
        """What the whole order comes to with this delivery."""
        return self.basket.total_excl_tax + freight(self.charge) + (self.answer.total or Decimal(0))

    @property
    def says(self) -> str:
        """What the buyer pays now and later, in a sentence."""
        raise NotImplementedError

    @property
    def description(self) -> str:
        # Oscar shows descriptions as HTML: that of the delivery is the shop's own, the rest is escaped here.
        return format_html("{} {} {}", mark_safe(self.delivery.description), self.says, _("The whole order comes to %s.") % self._money(self.checkout_total))

    def _money(self, amount: Decimal) -> str:
        return str(currency(amount, self.answer.currency))


class DutyPaid(Option):
    terms = "ddp"

    @property
    def name(self) -> str:
        return _("%s, duty paid") % self.delivery.name

    @property
    def says(self) -> str:
        return _("Duty, tax and fees of %s are paid with the order. Nothing more is due at the door.") % self._money(self.answer.total or Decimal(0))


class DutyUnpaid(Option):
    terms = "dap"

    @property
    def name(self) -> str:
        return _("%s, duty not paid") % self.delivery.name

    @property
    def says(self) -> str:
        return f"{self._with_the_order()} {at_the_door(self.answer.on_delivery, self.answer.currency)}".strip()

    def _with_the_order(self) -> str:
        return _("Tax of %s is paid with the order.") % self._money(self.answer.total) if self.answer.total else ""


OPTIONS = {"ddp": DutyPaid, "dap": DutyUnpaid}


class DutyRepositoryMixin:
    """For `shipping.repository.Repository`."""

    def get_shipping_methods(self, basket: Any, shipping_addr: Any = None, **kwargs: Any) -> list[Any]:
        deliveries = super().get_shipping_methods(basket, shipping_addr=shipping_addr, **kwargs)  # type: ignore[misc]
        if not is_asked_about(basket, shipping_addr):
            return list(deliveries)
        if not is_of_one_currency(basket):
            return []
        return options(duties_of(kwargs.get("request")), basket, shipping_addr, list(deliveries))


def is_of_one_currency(basket: Any) -> bool:
    """Oscar keeps the currency of a line as it was when it was put into the basket, and asks for its price now: a buyer who changed the
    currency meanwhile would be charged, and quoted, yen as euros."""
    return all(line.purchase_info.price.currency == basket.currency for line in basket.all_lines() if line.purchase_info.price.exists)


def options(duties: Duties, basket: Any, address: Any, deliveries: list[Any]) -> list[Option]:
    """What can be had: duty-paid only with an exact amount."""
    wanted = [(delivery, delivery.calculate(basket), terms) for delivery in deliveries for terms in ("ddp", "dap") if terms in table().terms]
    answers = duties.ask([duties.question(basket, address, terms, freight(charge)) for _delivery, charge, terms in wanted])
    found = []
    duties.withheld = None
    for (delivery, charge, terms), answer in zip(wanted, answers):
        if answer.proceed == terms:
            found.append(OPTIONS[terms](delivery, basket, answer, charge))
        elif duties.withheld is None:
            duties.withheld = answer
    duties.offered = [terms for terms in ("ddp", "dap") if any(option.terms == terms for option in found)]
    return found


def freight(charge: Price) -> Decimal:
    """What the buyer pays for shipping."""
    return charge.incl_tax if charge.is_tax_known else charge.excl_tax
