"""Amounts and bounds as the staff and the buyer read them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency

from ..telling import in_words

register = template.Library()
register.filter("in_words", in_words)


@register.filter
def bounds(one: Any, unit: str) -> str:
    """From least to most; what is not known is said to be so, and is never zero."""
    if one is None:
        return _("not known")
    least = currency(one.least, unit)
    if one.most is None:
        # From nothing to no limit is nothing that anybody knows.
        return _("not known") if one.least == 0 else _("at least %s; the most is not known") % least
    return str(least) if one.most == one.least else _("between %(least)s and %(most)s") % {"least": least, "most": currency(one.most, unit)}

