"""What is kept: the quote frozen with its order, goods that came back, and goods codes suggested for products."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from tidewaiter_client import Bounds, Refund, refund, shown, snapshot

from .door import at_the_door

# Room for the smallest unit of any currency.
_MONEY = {"max_digits": 24, "decimal_places": 4}


class MeanwhileReturned(ValueError):
    """Somebody recorded a return in the meantime, or the same form came twice."""


class FrozenQuote(models.Model):
    """What an order was sold on. It is written once and never changed."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="frozen_quote", verbose_name=_("Order"))
    terms = models.CharField(_("Terms"), max_length=3)
    state = models.CharField(_("State"), max_length=16)
    fingerprint = models.CharField(_("Fingerprint of the basket"), max_length=64)
    #: Charged at checkout; empty where nobody could say it.
    total = models.DecimalField(_("Charged at checkout"), null=True, **_MONEY)
    currency = models.CharField(_("Currency"), max_length=3)
    ratebook = models.CharField(_("Ratebook"), max_length=128, blank=True)
    law_of = models.DateField(_("Law of"), null=True)
    #: Each with authority, number and the hash of what was published.
    editions = models.JSONField(_("Editions"), default=list)
    snapshot = models.JSONField(_("Snapshot"))
    #: From lines of the order to lines of the snapshot.
    lines = models.JSONField(_("Lines"))
    #: The whole answer of the engine: why.
    quote = models.JSONField(_("Quote"), null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Frozen quote")
        verbose_name_plural = _("Frozen quotes")
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        total = _("not known") if self.total is None else f"{shown(self.total, self.currency)} {self.currency}"
        return f"{self.terms} {self.state} {total}"

    @classmethod
    def freeze(cls, order: Any, basket: Any, option: Any) -> FrozenQuote:
        """Keeps the quote of a delivery with the order just made of the basket."""
        taken = snapshot(option.answer)
        sold, asked = list(order.lines.order_by("pk")), list(basket.all_lines())
        # Oscar makes the lines of the order in the order of the basket.
        if [line.product_id for line in sold] != [line.product_id for line in asked]:
            raise ValueError("the lines of the order are not those of the basket")
        known = set(taken["lines"])
        return cls.objects.create(
            order=order, terms=taken["terms"], state=taken["state"], fingerprint=taken["fingerprint"],
            total=option.answer.total, currency=taken["currency"], ratebook=taken.get("ratebook", ""), law_of=taken.get("date"),
            editions=taken["editions"], snapshot=taken, quote=option.answer.quote,
            lines={str(line.pk): str(one.pk) for line, one in zip(sold, asked) if str(one.pk) in known},
        )

    @property
    def terms_say(self) -> str:
        return str(_("Duty paid (DDP): the shop pays at the border") if self.terms == "ddp" else _("Duty not paid (DAP): the buyer pays at the door"))

    @property
    def buyer_says(self) -> str:
        """What is due at the door, in one sentence for the buyer."""
        if self.terms == "ddp":
            return str(_("Duty, tax and fees are paid. Nothing more is due at the door."))
        return at_the_door(self.on_delivery, self.currency)

    @property
    def on_delivery(self) -> Bounds | None:
        """What the quote that is kept says of an order with duty unpaid; `None` where it gives no figure."""
        quote = self.quote or {}
        if quote.get("outcome") not in ("amount", "range", "unknown"):
            return None
        due = quote["terms"]["on_delivery_dap"]
        return Bounds(Decimal(due["least_asked"]), Decimal(due["most_asked"]) if "most_asked" in due else None)

    @property
    def state_says(self) -> str:
        return str({
            "quoted": _("The engine answered"),
            "stale": _("The engine did not answer; its last answer for the same basket was used"),
            "offline": _("The engine did not answer; rates kept in the shop were used"),
            "unavailable": _("The engine did not answer; sold without duty, tax and fees"),
        }.get(self.state, self.state))

    def returned(self) -> list[dict[str, str]]:
        """All that came back so far, in lines of the snapshot."""
        return [one for goods in self.returns.order_by("pk") for one in goods.lines]

    def give_back(self, pieces: Mapping[Any, Any], *, keep: Collection[str] = (), user: Any = None, after: int | None = None) -> GoodsReturn:
        """Records goods that came back, by line of the order (or its id), and what of each charge goes back with them.

        The law of the sale holds: parts of what was charged, never more, and all of it when all is back. `keep` names keys or
        classes of charges that do not go back. `after` is how many returns the user knew of: where there are more by now it
        raises `MeanwhileReturned`.
        """
        with transaction.atomic():
            # Two clerks at the same time must not give the same piece back twice.
            mine = FrozenQuote.objects.select_for_update().get(pk=self.pk)
            if after is not None and mine.returns.count() != after:
                raise MeanwhileReturned("goods came back meanwhile")
            lines = [{"line": mine._line(line), "quantity": str(quantity)} for line, quantity in pieces.items()]
            back = refund(mine.snapshot, lines, already=mine.returned(), keep=keep)  # type: ignore[arg-type]
            return GoodsReturn.objects.create(
                quote=mine, lines=lines, charges=[charge.to_json() for charge in back.charges], total=back.total, left=back.left,
                by=user if user is not None and user.is_authenticated else None,
            )

    def would_give_back(self, pieces: Mapping[Any, Any], *, keep: Collection[str] = ()) -> Refund:
        """The same without recording it."""
        lines = [{"line": self._line(line), "quantity": str(quantity)} for line, quantity in pieces.items()]
        return refund(self.snapshot, lines, already=self.returned(), keep=keep)  # type: ignore[arg-type]

    def _line(self, line: Any) -> str:
        name = str(getattr(line, "pk", line))
        if name not in self.lines:
            raise ValueError(f"line {name}: not one that the quote is about")
        return str(self.lines[name])


class GoodsReturn(models.Model):
    """Goods that came back, and what of the charges went back with them."""

    quote = models.ForeignKey(FrozenQuote, on_delete=models.CASCADE, related_name="returns")
    lines = models.JSONField()
    charges = models.JSONField()
    total = models.DecimalField(**_MONEY)
    #: What of the charges is still with the shop.
    left = models.DecimalField(**_MONEY)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Return of goods")
        verbose_name_plural = _("Returns of goods")
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"{shown(self.total, self.quote.currency)} {self.quote.currency}"


class CodeSuggestion(models.Model):
    """A goods code that a product may have. Nobody uses it until a person confirms it."""

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="code_suggestions", verbose_name=_("Product"))
    code = models.CharField(_("Goods code"), max_length=12)
    title = models.CharField(_("Goods"), max_length=512)
    #: How likely it is, in percent with one decimal.
    percent = models.DecimalField(_("Likely, in percent"), max_digits=4, decimal_places=1)
    #: What it was suggested for: another text asks for other suggestions.
    words = models.CharField(max_length=500)
    created = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("Suggested goods code")
        verbose_name_plural = _("Suggested goods codes")
        ordering = ["product", "-percent"]
        constraints = [models.UniqueConstraint(fields=["product", "code"], name="oscar_tidewaiter_one_suggestion_of_a_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.percent} %"

    @property
    def is_likely(self) -> bool:
        return self.percent >= Decimal(80)
