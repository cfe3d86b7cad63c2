"""Duty, fees and tax at the border as surcharges of the order: exact amounts, never a percentage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oscar.apps.checkout.surcharges import BaseSurcharge
from oscar.core.prices import Price
from tidewaiter_client import Charge

from .duties import charged_besides, duties_of


class BorderCharge(BaseSurcharge):
    """A row of the quote. It is paid on for the buyer: no tax of the shop is in it."""

    def __init__(self, row: Charge, amount: Decimal) -> None:
        self.row, self.amount = row, amount
        self.name, self.code = row.name[:128], row.key[:128]

    def calculate(self, basket: Any, **kwargs: Any) -> Price:
        return Price(currency=basket.currency, excl_tax=self.amount, incl_tax=self.amount)


class DutySurchargeApplicatorMixin:
    """For `checkout.applicator.SurchargeApplicator`."""

    def get_surcharges(self, basket: Any, **kwargs: Any) -> tuple[Any, ...]:
        others = tuple(super().get_surcharges(basket, **kwargs))  # type: ignore[misc]
        # Oscar hands over no context where it only wants to know whether anything is to be paid.
        method = (self.context or {}).get("shipping_method") or duties_of(self.request).chosen  # type: ignore[attr-defined]
        answer = getattr(method, "answer", None)
        if answer is None:
            return others
        return others + tuple(BorderCharge(row, amount) for row, amount in charged_besides(method.basket, answer))
