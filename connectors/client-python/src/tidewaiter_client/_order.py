"""What is stored on an order, the last check before payment, and refunds: parts of what was charged, never computed anew.

Snapshots are plain JSON with decimal strings, the same as the client for Node stores.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypedDict

from . import _decimal as decimal
from ._answer import Answer, Charge
from ._basket import examine
from ._canonical import canonical, fingerprint, plain, sha256
from ._currency import decimals


def snapshot(answer: Answer) -> dict[str, Any]:
    """What to store on the order of this answer."""
    said = answer.to_json()
    kept = ("outcome", "total", "ratebook", "date", "data_age_days", "why")
    taken = {
        "version": 1,
        **{name: said[name] for name in ("fingerprint", "terms", "state", "charges", "currency", "editions", "asked_at")},
        **{name: said[name] for name in kept if name in said},
        "consignment": answer.basket["consignment"],
        "lines": list(answer.basket["lines"]),
    }
    if answer.quote is not None:
        taken["quote_sha256"] = sha256(canonical(answer.quote))
    return copy.deepcopy(taken)


@dataclass(frozen=True)
class Check:
    """Whether the order about to be paid is the one that was quoted; `changed` names what is not as it was."""

    same: bool
    fingerprint: str
    changed: list[str] = field(default_factory=list)


def check(taken: Mapping[str, Any], basket: Mapping[str, Any]) -> Check:
    """The last check before payment: is this basket still the one that the snapshot was taken of?"""
    examine(basket)
    now = fingerprint(basket)
    if now == taken["fingerprint"]:
        return Check(True, now)
    changed: list[str] = []
    _compare(taken["terms"], basket.get("terms"), "terms", changed)
    _compare(taken["consignment"], plain(basket["consignment"]), "consignment", changed)
    return Check(False, now, changed)


def _compare(before: Any, after: Any, at: str, changed: list[str]) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            _compare(before.get(key), after.get(key), f"{at}.{key}", changed)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            left, right = (one[index] if index < len(one) else None for one in (before, after))
            _compare(left, right, f"{at}[{index}]", changed)
    elif before != after or type(before) is not type(after):
        changed.append(at)


class Returned(TypedDict):
    """So many pieces of a line."""

    line: str
    quantity: str | int | Decimal


@dataclass(frozen=True)
class Refund:
    charges: list[Charge]
    total: Decimal
    currency: str
    #: What of the refundable charges is still with the shop afterwards.
    left: Decimal
    date: str | None
    editions: list[Any]
    ratebook: str | None

    def to_json(self) -> dict[str, Any]:
        law = {"date": self.date, "ratebook": self.ratebook}
        return {
            "charges": [charge.to_json() for charge in self.charges],
            "total": decimal.write(decimal.parse(format(self.total, "f"))),
            "currency": self.currency,
            "left": decimal.write(decimal.parse(format(self.left, "f"))),
            "editions": self.editions,
            **{name: value for name, value in law.items() if value is not None},
        }


def refund(taken: Mapping[str, Any], lines: Iterable[Returned], *, already: Iterable[Returned] = (), keep: Collection[str] = ()) -> Refund:
    """What of each charge goes back with these goods, by the law of the sale.

    `already` are all earlier returns of the order, `keep` keys or classes of charges that do not go back. Returned in any number
    of steps and in any order of lines, the parts add up to exactly what was paid, and are at no moment more: each step gives
    the share of all that is back now, less what went before.
    """
    before = _counted(already, taken)
    after = _counted(lines, taken)
    for line, units in before.items():
        after[line] = after.get(line, 0) + units
    sold = {line: _quantity(item) for line, item in zip(taken["lines"], taken["consignment"]["items"])}
    for line, units in after.items():
        if units > sold[line]:
            raise ValueError(f"line {line}: {decimal.write(units)} returned of {decimal.write(sold[line])} sold")
    unit = decimal.step(decimals(taken["currency"]))
    charges: list[Charge] = []
    left = 0
    for charge in taken["charges"]:
        if charge["key"] in keep or charge["class"] in keep:
            continue
        parts: dict[str, int] = {}
        for line, text in charge["per_line"].items():
            paid = decimal.parse(text)
            due = _share(paid, after.get(line, 0), sold[line], unit)
            left += paid - due
            part = due - _share(paid, before.get(line, 0), sold[line], unit)
            if part != 0:
                parts[line] = part
        if sum(parts.values()) != 0:
            charges.append(Charge(
                key=charge["key"], name=charge["name"], kind=charge["kind"], charge_class=charge["class"],
                amount=_amount(sum(parts.values())), collected_by=charge["collected_by"],
                per_line={line: _amount(part) for line, part in parts.items()},
            ))
    return Refund(
        charges=charges,
        total=_amount(sum(decimal.parse(format(charge.amount, "f")) for charge in charges)),
        currency=taken["currency"],
        left=_amount(left),
        date=taken.get("date"),
        editions=list(taken["editions"]),
        ratebook=taken.get("ratebook"),
    )


def _amount(units: int) -> Decimal:
    return Decimal(decimal.write(units))


def _share(paid: int, units: int, whole: int, unit: int) -> int:
    # All of it for all pieces, also where the amount has finer parts than the currency.
    return paid if units == whole else decimal.share(paid, units, whole, unit)


def _quantity(item: Mapping[str, Any]) -> int:
    quantity = item.get("quantity")
    return decimal.parse("1" if quantity is None else str(quantity))


def _counted(lines: Iterable[Returned], taken: Mapping[str, Any]) -> dict[str, int]:
    units: dict[str, int] = {}
    for one in lines:
        line, quantity = one["line"], one["quantity"]
        if line not in taken["lines"]:
            raise ValueError(f"line {line}: not in the order")
        some = decimal.parse(format(quantity, "f") if isinstance(quantity, Decimal) else str(quantity))
        if some < 0:
            raise ValueError(f"line {line}: the quantity {quantity} is negative")
        units[line] = units.get(line, 0) + some
    return units
