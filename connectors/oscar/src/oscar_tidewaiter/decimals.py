"""Oscar keeps prices with two decimals. A shop that sells in dinars forks the models and keeps three."""

from __future__ import annotations

from typing import Any

from django.db.models import DecimalField


def keep(places: int, *models: Any) -> None:
    """Widens all amounts of forked models, in their `models.py`; `makemigrations` sees it then.

    Whole digits stay as many as they were.
    """
    for model in models:
        for field in model._meta.local_fields:
            if isinstance(field, DecimalField) and field.decimal_places is not None and field.decimal_places < places:
                assert field.max_digits is not None
                field.max_digits += places - field.decimal_places
                field.decimal_places = places


def kept(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).decimal_places)
