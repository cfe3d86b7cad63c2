"""The total of the order from exact parts: Oscar's own goes through the tax of one piece."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oscar.core.prices import Price


class DutyTotalCalculatorMixin:
    """For `checkout.calculators.OrderTotalCalculator`."""

    def calculate(self, basket: Any, shipping_charge: Price, surcharges: Any = None, **kwargs: Any) -> Price:
        total = super().calculate(basket, shipping_charge, surcharges, **kwargs)  # type: ignore[misc]
        lines = basket.all_lines()
        if not total.is_tax_known or not any(hasattr(line, "landed_tax") for line in lines):
            return total
        # A line that we know nothing of, such as a download, keeps its own tax.
        tax = sum((line.landed_tax if hasattr(line, "landed_tax") else line.line_tax for line in lines), Decimal(0))
        tax += shipping_charge.tax + (surcharges.total.tax if surcharges else 0)
        return Price(currency=total.currency, excl_tax=total.excl_tax, tax=tax, tax_code=total.tax_code)
