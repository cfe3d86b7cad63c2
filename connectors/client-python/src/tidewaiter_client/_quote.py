"""Whether a document is a quote that answers the question: its shape, its goods, destination and currency, and that its parts add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _decimal as decimal
from ._canonical import canonical
from ._places import answers_for

_OUTCOMES = {"amount", "range", "unknown", "not-allowed", "formal-entry", "prohibited"}


def fault_of(document: Any, asked: Mapping[str, Any]) -> str | None:
    """What is wrong with it, or `None`. What does not add up is not charged."""
    try:
        canonical(document)  # it is stored with orders, by its hash
        return _fault(document, asked)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return "it has not the shape of a quote"


def _fault(quote: Any, asked: Mapping[str, Any]) -> str | None:
    if quote["version"] != 1 or isinstance(quote["version"], bool):
        return "it is of another version"
    if quote["outcome"] not in _OUTCOMES:
        return "its outcome is not known here"
    if quote["asked_currency"] != asked["currency"]:
        return "it is in another currency"
    if not all(isinstance(quote[name], str) for name in ("to", "date", "ratebook", "currency")):
        return "it lacks a field"
    if not answers_for(quote["to"], asked):
        return "it is about another destination"
    if not isinstance(quote["charges"], list) or not isinstance(quote["editions"], list):
        return "it lacks a field"
    if not isinstance(quote["items"], list) or len(quote["items"]) != len(asked["items"]):
        return "it is about other items"
    for name in ("messages", "warnings", "assumptions"):
        texts = quote.get(name, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            return "it has not the shape of a quote"
    if not all(isinstance(one["fact"], str) for one in quote.get("missing", [])):
        return "it has not the shape of a quote"
    terms = quote["terms"]
    sums = [quote["total"], *(terms[name] for name in ("checkout_ddp", "checkout_dap", "on_delivery_dap", "seller", "border"))]
    for one in sums + [charge["sum"] for charge in quote["charges"]]:
        for least, most in _ends(one):
            if decimal.parse(least) < 0 or (most is not None and decimal.parse(most) < decimal.parse(least)):
                return "a sum is turned round"
    for charge in quote["charges"]:
        if not all(isinstance(charge[name], str) for name in ("key", "name", "kind")):
            return "a charge lacks a field"
        for one in charge["treatments"]:
            if decimal.parse(one["amount"]) < 0 or not isinstance(one["collect"], str):
                return "a charge lacks a field"
    for item in quote["items"]:
        if any(decimal.parse(part["amount"]) < 0 for part in item["charges"]):
            return "a part is negative"
    if quote["outcome"] not in ("amount", "range", "unknown"):
        return None  # no figure of it is relied on
    if any(_exceeds(terms[part], terms["checkout_ddp"]) for part in ("checkout_dap", "on_delivery_dap")):
        return "it charges more duty-unpaid than duty-paid"
    return _does_not_enclose(quote) or (_does_not_add_up(quote, sums) if quote["outcome"] == "amount" else None)


def _ends(one: Any) -> list[tuple[str, str | None]]:
    """From least to most, in the currency of the economy and in that of the question."""
    return [(one["least"], one.get("most")), (one["least_asked"], one.get("most_asked"))]


def _exceeds(one: Any, other: Any) -> bool:
    """Whether an end of the one lies above the same end of the other; an end that is not known lies above all others."""
    for (least, most), (other_least, other_most) in zip(_ends(one), _ends(other)):
        if decimal.parse(least) > decimal.parse(other_least):
            return True
        if other_most is not None and (most is None or decimal.parse(most) > decimal.parse(other_most)):
            return True
    return False


def _does_not_enclose(quote: Any) -> str | None:
    """The rows of a range say no more than that the total lies between what they come to together: not all are least, or most, in the same case.

    In the currency of the economy only, for in the other one each sum is rounded by itself.
    """
    total, rows = quote["total"], [charge["sum"] for charge in quote["charges"]]
    if sum(decimal.parse(row["least"]) for row in rows) > decimal.parse(total["least"]):
        return "its charges come to more than its total"
    mosts = [row.get("most") for row in rows]
    if total.get("most") is None or None in mosts:
        return None
    return "its charges come to less than its total" if sum(decimal.parse(most) for most in mosts) < decimal.parse(total["most"]) else None


def _does_not_add_up(quote: Any, sums: list[Any]) -> str | None:
    if any(most is None or not decimal.same(least, most) for one in sums for least, most in _ends(one)):
        return "an amount is a range"
    total, ddp, dap, on_delivery, seller, border = (one["least_asked"] for one in sums)
    if not decimal.same(decimal.total(charge["sum"]["least_asked"] for charge in quote["charges"]), total):
        return "its charges do not add up to its total"
    if not decimal.same(ddp, total):
        return "what is charged duty-paid is not its total"
    if not all(decimal.same(decimal.total(parts), total) for parts in ([dap, on_delivery], [seller, border])):
        return "checkout and delivery do not add up to its total"
    for charge in quote["charges"]:
        parts = [part["amount"] for item in quote["items"] for part in item["charges"] if part["key"] == charge["key"]]
        if not decimal.same(decimal.total(parts), charge["sum"]["least"]):
            return f"the parts of {charge['key']} do not add up"
    return None
