"""What a shop hands over: the question, the delivery terms, and its own ids of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

Terms = Literal["ddp", "dap"]


class Basket(TypedDict):
    """`consignment` is the question document; `lines` are the shop's ids of its items, in their order."""

    consignment: Mapping[str, Any]
    terms: Terms | None
    lines: Sequence[str]


def examine(basket: Mapping[str, Any]) -> None:
    """Raises where the basket itself is wrong: a mistake of the shop's code, not of the engine."""
    consignment = basket.get("consignment")
    items = consignment.get("items") if isinstance(consignment, Mapping) else None
    if not isinstance(items, (list, tuple)):
        raise TypeError("basket.consignment.items: give the list of items")
    lines = basket.get("lines")
    if not isinstance(lines, (list, tuple)) or len(lines) != len(items):
        found = len(lines) if isinstance(lines, (list, tuple)) else "none"
        raise TypeError(f"basket.lines: ids: {found}, items: {len(items)}; give one id for each item")
    if not all(isinstance(line, str) for line in lines):
        raise TypeError("basket.lines: each id is a string")
    twice = next((line for at, line in enumerate(lines) if line in lines[:at]), None)
    if twice is not None:
        raise TypeError(f"basket.lines: the id {twice} stands for two items; give each its own")
    if basket.get("terms") not in (None, "ddp", "dap"):
        raise TypeError(f'basket.terms: {basket.get("terms")} is neither "ddp" nor "dap"')


def is_asked(basket: Mapping[str, Any]) -> bool:
    """Whether there is anything to ask: never without a destination, never without terms or goods."""
    to = basket["consignment"].get("to")
    return bool(basket.get("terms")) and isinstance(to, str) and to.strip() != "" and len(basket["consignment"]["items"]) > 0
