"""What customs must know of a product: goods code, origin and weight, kept as attributes of products."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from .table import table

#: What each attribute is called for the staff, and its type in Oscar. Weight is text, since Oscar's numbers are binary fractions.
LABELS = {"code": "Goods code (HS)", "origin": "Country of origin (two letters)", "weight_kg": "Weight in kg"}


def of(product: Any) -> dict[str, str]:
    """What is known of a product. What is empty, or no code, country or number, is not known, and left out: a single wrong product
    must not make the engine refuse whole baskets."""
    written = {name: _value(product, code) for name, code in table().attributes.items()}
    return {name: text.upper() if name == "origin" else text for name, text in written.items() if text and fault(name, text) is None}


def wrong(product: Any) -> list[str]:
    """What stands on a product and cannot be used, each in a sentence."""
    written = {name: _value(product, code) for name, code in table().attributes.items()}
    return [says for name, text in written.items() if text for says in [fault(name, text)] if says is not None]


def _value(product: Any, code: str) -> str:
    value = getattr(product.attr, code, None)
    # A variant may leave to its parent what holds for all variants.
    if value in (None, "") and product.is_child:
        value = getattr(product.parent.attr, code, None)
    return "" if value is None else str(value).strip()


def _is_weight(text: str) -> bool:
    return _WEIGHT.fullmatch(text) is not None and Decimal(text) > 0


_CODE = re.compile(r"[0-9]{2}|[0-9]{4,12}")
_WEIGHT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_ORIGIN = re.compile(r"[A-Z]{2}")


def fault(name: str, text: str) -> str | None:
    """What is wrong with a value that somebody wrote, as a sentence."""
    if name == "code" and not _CODE.fullmatch(text.replace(".", "").replace(" ", "")):
        return _("“%s” is no goods code: write 6 to 12 digits, such as 6109.10.") % text
    if name == "origin" and not _ORIGIN.fullmatch(text.upper()):
        return _("“%s” is no country: write its two letters, such as PT.") % text
    if name == "weight_kg" and not _is_weight(text):
        return _("“%s” is no weight: write kilograms with a point, such as 0.25.") % text
    return None


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
            _one, is_new = product_class.attributes.get_or_create(code=code, defaults={"name": LABELS[name], "type": "text", "required": False})
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
