"""What the buyer pays at the door, in one sentence: the same before the sale and after it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from oscar.templatetags.currency_filters import currency
from tidewaiter_client import Bounds


def at_the_door(due: Bounds | None, unit: str) -> str:
    def money(amount: Decimal) -> str:
        return str(currency(amount, unit))

    if due is None:
        return _("Duty, tax and fees could not be computed. You may have to pay them at the door.")
    if due.most is None:
        if due.least == 0:
            return _("You may have to pay duty, tax and fees at the door; how much is not known.")
        return _("You pay at least %s of duty, tax and fees at the door.") % money(due.least)
    if due.most == 0:
        return _("Nothing more is due at the door.")
    if due.least == due.most:
        return _("You pay about %s of duty, tax and fees at the door.") % money(due.least)
    return _("You pay %(least)s to %(most)s of duty, tax and fees at the door.") % {"least": money(due.least), "most": money(due.most)}
