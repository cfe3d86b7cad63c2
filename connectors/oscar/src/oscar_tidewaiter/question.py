"""From a basket of Oscar to the question for the engine. Prices are those after discounts and before any tax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.module_loading import import_string

from . import customs_data
from .table import Table, table


def destination(address: Any) -> dict[str, str]:
    """Where an address is, as the engine names it. Where a region has no code, the engine asks for it."""
    path = table().destination
    if path:
        return dict(import_string(path)(address))
    found = {"to": address.country_id}
    state = (address.state or "").strip().upper()
    if 2 <= len(state) <= 3 and state.isalnum():
        found["region"] = state
    if address.postcode:
        # Some places have rules of their own and yet the address of a state.
        found["postcode"] = address.postcode
    return found


def question(
    basket: Any, place: Mapping[str, str], terms: str, freight: Decimal | None, *, customs: Callable[[Any], Mapping[str, str]] = customs_data.of
) -> dict[str, Any]:
    """The basket for the client library; without freight it is about the goods alone."""
    lines = [line for line in basket.all_lines() if line.quantity > 0 and line.product.is_shipping_required]
    consignment = common(table(), place, basket.currency)
    if freight is not None:
        consignment["freight"] = freight
    consignment["items"] = [_item(line, customs(line.product)) for line in lines]
    return {"terms": terms, "lines": [str(line.pk) for line in lines], "consignment": consignment}


def common(now: Table, place: Mapping[str, str], currency: str) -> dict[str, Any]:
    """What does not depend on the goods."""
    seller: dict[str, Any] = {"registrations": list(now.registrations)}
    if now.territory:
        seller["territory"] = now.territory
    known = {"from": now.sent_from, "date": now.date, "channel": now.channel, "mode": now.mode}
    return {**{name: value for name, value in known.items() if value}, **place, "currency": currency, "seller": seller}


def _item(line: Any, customs: Mapping[str, str]) -> dict[str, Any]:
    item = {"description": line.product.get_title()[:200], **customs, "quantity": line.quantity, "price": line.unit_price_excl_tax}
    if line.discount_value:
        # Oscar has divided discounts among the lines already.
        item["discount"] = min(Decimal(line.discount_value), line.line_price_excl_tax)
    return item
