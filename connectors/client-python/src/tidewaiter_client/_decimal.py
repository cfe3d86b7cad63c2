"""Exact decimal numbers: a whole number of 10^-12, as the engine counts them. Money never becomes a binary fraction here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

PLACES = 12
_ONE: int = 10**PLACES
_WRITTEN = re.compile(r"(-?)([0-9]{1,27})(?:\.([0-9]{1,12}))?\Z")


def parse(text: object) -> int:
    """The number of 10^-12 in a decimal string such as "12.50"."""
    found = _WRITTEN.match(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'not a decimal number: {text!r}; write it as a string of digits, as in "12.50"')
    sign, whole, fraction = found.groups()
    units = int(whole) * _ONE + int((fraction or "").ljust(PLACES, "0"))
    return -units if sign else units


def write(units: int) -> str:
    """As a string without zeros at the end, as the engine writes it."""
    digits = str(abs(units)).rjust(PLACES + 1, "0")
    fraction = digits[-PLACES:].rstrip("0")
    return ("-" if units < 0 else "") + digits[:-PLACES] + ("." + fraction if fraction else "")


def to_decimal(text: str) -> Decimal:
    """The same as a `Decimal`; nothing is rounded."""
    parse(text)
    return Decimal(text)


def total(texts: Iterable[str]) -> str:
    return write(sum(parse(text) for text in texts))


def same(left: str, right: str) -> bool:
    """Whether two strings are the same number: "6" and "6.00" are."""
    return parse(left) == parse(right)


def step(places: int) -> int:
    """The smallest step with so many decimals: 2 gives 0.01."""
    return int(10 ** (PLACES - places))


def share(amount: int, part: int, whole: int, unit: int) -> int:
    """`amount * part / whole`, rounded down to the step. None of them is negative."""
    return amount * part // whole // unit * unit


def apportion(amount: int, weights: Sequence[int], unit: int) -> list[int]:
    """Parts by weights that add up to the amount exactly.

    Each is rounded down to the step, and the steps left over go to the largest remainders, the first of equals before the
    others. Without any weight the first part takes all.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [amount if at == 0 else 0 for at in range(len(weights))]
    # An amount that is no multiple of the step is divided in the finest one instead: nothing may get lost.
    by = unit if amount % unit == 0 else 1
    steps = amount // by
    parts = [steps * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(steps * weights[at] % whole), at))
    for at in order[: steps - sum(parts)]:
        parts[at] += 1
    return [part * by for part in parts]
