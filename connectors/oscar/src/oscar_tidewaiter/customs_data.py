"""What customs must know of a product: goods code, origin and weight, kept as attributes of products."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from oscar.core.loading import get_model

from .table import table

#: What each attribute is called for the staff, and its type in Oscar. Weight is text, since Oscar's numbers are binary fractions.
LABELS = {"code": "Goods code (HS)", "origin": "Country of origin (two letters)", "weight_kg": "Weight in kg"}


def of(product: Any) -> dict[str, str]:
    """What is known of a product. What is empty or no number is not known, and left out."""
    found: dict[str, str] = {}
    for name, code in table().attributes.items():
        text = _value(product, code)
        if name == "weight_kg" and text and not _is_weight(text):
            text = ""
        if text:
            found[name] = text.upper() if name == "origin" else text
    return found


def _value(product: Any, code: str) -> str:
    value = getattr(product.attr, code, None)
    # A variant may leave to its parent what holds for all variants.
    if value in (None, "") and product.is_child:
        value = getattr(product.parent.attr, code, None)
    return "" if value is None else str(value).strip()


def _is_weight(text: str) -> bool:
    try:
        return Decimal(text) > 0
    except InvalidOperation:
        return False


def set_on(product: Any, given: Mapping[str, str]) -> None:
    """Writes customs data onto a product; the attributes must exist."""
    for name, text in given.items():
        setattr(product.attr, table().attributes[name], text)
    product.attr.save()


def create_attributes() -> list[str]:
    """Creates what is missing of the attributes, for each class of products that is shipped. Gives what was created."""
    made = []
    for product_class in get_model("catalogue", "ProductClass").objects.filter(requires_shipping=True):
        for name, code in table().attributes.items():
            _, is_new = product_class.attributes.get_or_create(code=code, defaults={"name": LABELS[name], "type": "text", "required": False})
            if is_new:
                made.append(f"{product_class.name}: {code}")
    return made


def lacking_attributes() -> list[str]:
    """Classes of products that are shipped and lack an attribute."""
    lacking = []
    for product_class in get_model("catalogue", "ProductClass").objects.filter(requires_shipping=True):
        have = set(product_class.attributes.values_list("code", flat=True))
        lacking += [f"{product_class.name}: {code}" for code in table().attributes.values() if code not in have]
    return lacking
