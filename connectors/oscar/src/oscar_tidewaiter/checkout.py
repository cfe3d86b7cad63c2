"""The checkout: tax on lines before totals are made, the last check before payment, and the quote frozen with the order."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from tidewaiter_client import Answer, Charge, check, snapshot

from .delivery import Option, freight, is_of_one_currency
from .duties import Duties, duties_of, is_asked_about, is_line_tax, put_tax_on

_SHOWN = "oscar_tidewaiter_shown"


class Seen:
    """What a page says of duty, tax and fees; `duties` in its context."""

    def __init__(self, duties: Duties, basket: Any, address: Any, method: Any) -> None:
        self._duties, self._basket, self._address = duties, basket, address
        self.option: Option | None = method if isinstance(method, Option) else None

    @property
    def offered(self) -> list[str]:
        return self._duties.offered

    @cached_property
    def answer(self) -> Answer | None:
        """Of the chosen delivery; before one is chosen, of the goods alone. It is asked where a page wants it."""
        if self.option is not None:
            return self.option.answer
        if not is_asked_about(self._basket, self._address):
            return None
        return self._duties.before_delivery(self._basket, self._address)

    @property
    def terms(self) -> str | None:
        return self.option.terms if self.option else None

    @property
    def rows(self) -> list[Charge]:
        return self.option.answer.charges if self.option else []

    @property
    def seller_tax(self) -> list[Charge]:
        """Rows that stand in the prices of the lines."""
        return [row for row in self.rows if is_line_tax(row)]

    @property
    def notices(self) -> list[str]:
        """What the buyer has to know where something cannot be said, or cannot be had."""
        said = [_("What is due rests on the last answer that we have, of %s.") % self.option.answer.asked_at] if self.option and self.option.answer.state == "stale" else []
        answer = self._duties.withheld or (self.option.answer if self.option else None)
        if answer is None:
            return said
        if answer.state == "unavailable":
            return said + answer.warnings
        if answer.outcome in ("prohibited", "not-allowed", "formal-entry"):
            return said + [_("These goods cannot be sent to this address.")] + answer.messages
        if "ddp" not in self.offered and answer.terms == "ddp":
            return said + [_("Delivery with duty paid cannot be had for these goods, since what is due is not known exactly.")]
        return said


class DutySessionMixin:
    """For `checkout.session.CheckoutSessionMixin`."""

    def get_shipping_method(self, basket: Any, shipping_address: Any = None, **kwargs: Any) -> Any:
        method = super().get_shipping_method(basket, shipping_address, **kwargs)  # type: ignore[misc]
        duties_of(self.request).chosen = method  # type: ignore[attr-defined]
        return method

    def build_submission(self, **kwargs: Any) -> dict[str, Any]:
        basket = kwargs.get("basket", self.request.basket)  # type: ignore[attr-defined]
        method = self.get_shipping_method(basket, self.get_shipping_address(basket))  # type: ignore[attr-defined]
        if isinstance(method, Option):
            put_tax_on(basket, method.answer)
        return super().build_submission(**kwargs)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        # A page that failed to have a method still knows the address.
        context["duties"] = Seen(duties_of(self.request), context["basket"], context.get("shipping_address"), context.get("shipping_method"))  # type: ignore[attr-defined]
        return context


class DutyShippingMethodMixin:
    """For `checkout.views.ShippingMethodView`: says why nothing can be sent, where Oscar only says that nothing can."""

    def get_available_shipping_methods(self) -> list[Any]:
        methods = super().get_available_shipping_methods()  # type: ignore[misc]
        if not methods:
            request = self.request  # type: ignore[attr-defined]
            if not is_of_one_currency(request.basket):
                messages.warning(request, _("Some prices in your basket are in another currency. Please put these goods into the basket again."))
            for says in Seen(duties_of(request), request.basket, None, None).notices:
                messages.warning(request, says)
        return methods


class DutyPlacementMixin:
    """For `checkout.mixins.OrderPlacementMixin`: no order without the quote that it was sold on."""

    def place_order(self, order_number: Any, user: Any, basket: Any, shipping_address: Any, shipping_method: Any, *args: Any, **kwargs: Any) -> Any:
        from .models import FrozenQuote

        with transaction.atomic():
            order = super().place_order(order_number, user, basket, shipping_address, shipping_method, *args, **kwargs)  # type: ignore[misc]
            if isinstance(shipping_method, Option):
                FrozenQuote.freeze(order, basket, shipping_method)
        return order

    def handle_successful_order(self, order: Any) -> Any:
        # The next order is looked at anew, also where it is of the same goods.
        self.request.session.pop(_SHOWN, None)  # type: ignore[attr-defined]
        return super().handle_successful_order(order)  # type: ignore[misc]


class DutyPaymentMixin:
    """For `checkout.views.PaymentDetailsView`: what is paid is what the buyer was shown, of this very basket."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        option = context["duties"].option
        if self.preview and option is not None and context["order_total"].is_tax_known:  # type: ignore[attr-defined]
            self.request.session[_SHOWN] = {"snapshot": snapshot(option.answer), "total": str(context["order_total"].incl_tax)}  # type: ignore[attr-defined]
        return context

    def submit(self, user: Any, basket: Any, shipping_address: Any, shipping_method: Any, shipping_charge: Any, billing_address: Any, order_total: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(shipping_method, Option):
            wrong = self._changed(basket, shipping_address, shipping_method, shipping_charge, order_total)
            if wrong:
                messages.warning(self.request, wrong)  # type: ignore[attr-defined]
                return redirect("checkout:preview")
            if not _claim(basket):
                messages.warning(self.request, _("This order was placed or changed in another window. Please look at your basket and your orders."))  # type: ignore[attr-defined]
                return redirect("basket:summary")
        try:
            return super().submit(user, basket, shipping_address, shipping_method, shipping_charge, billing_address, order_total, *args, **kwargs)  # type: ignore[misc]
        except Exception:
            # Oscar gives the basket back for what goes wrong with payment; this is for the rest.
            if isinstance(shipping_method, Option):
                basket.thaw()
            raise

    def _changed(self, basket: Any, address: Any, option: Option, charge: Any, total: Any) -> str | None:
        if not total.is_tax_known:
            # The strategy of the shop has not said it of something that is not shipped; unknown is not zero.
            return _("The tax on some of these goods is not known, so the order cannot be placed. Please ask the shop.")
        shown = self.request.session.get(_SHOWN)  # type: ignore[attr-defined]
        if not _is_readable(shown):
            return _("Please look at the order before you pay.")
        now = duties_of(self.request).question(basket, address, option.terms, freight(charge))  # type: ignore[attr-defined]
        if not check(shown["snapshot"], now).same:
            return _("Your order has changed since you looked at it. Please look again.")
        if Decimal(shown["total"]) != total.incl_tax:
            return _("What is due has changed since you looked at it. Please look again.")
        return None


def _is_readable(shown: Any) -> bool:
    """A session may be of an older version of the shop."""
    try:
        Decimal(shown["total"])
        return all(name in shown["snapshot"] for name in ("fingerprint", "terms", "consignment"))
    except (KeyError, TypeError, InvalidOperation):
        return False


def _claim(basket: Any) -> bool:
    """Makes this request the only one that sells the basket: of two that come at the same time, one gets it, and pays.

    Oscar freezes a basket without looking whether somebody else did, and would take two payments for one order.
    """
    baskets = get_model("basket", "Basket").objects.filter(pk=basket.pk)
    before = basket.status
    if before not in basket.editable_statuses:
        # It comes back from a payment on another site.
        return True
    if not baskets.filter(status=before).update(status=basket.FROZEN):
        return False
    # What another window changed while this request was computed.
    if set(basket.lines.values_list("pk", "quantity")) != {(line.pk, line.quantity) for line in basket.all_lines()}:
        baskets.update(status=before)
        return False
    return True
