"""Pages for the staff: what was charged and why, goods that come back, what customs must know of products, and registrations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import generic
from oscar.templatetags.currency_filters import currency

from . import customs_data, navigation, not_known, registrations, suggestions
from .models import CodeSuggestion, FrozenQuote, MeanwhileReturned
from .table import table
from .telling import NotTold

# Each product on a page is asked about for every market.
_PRODUCTS_ON_PAGE = 20
# As many as are answered while somebody waits for the page.
_SUGGESTED_AT_ONCE = 100


class StaffOnly(AccessMixin):
    """Partners, who in Oscar see a part of the dashboard, do not: a quote is about the goods of all partners in the order."""

    may_see = staticmethod(navigation.SEE_PRODUCTS)
    may_change = staticmethod(navigation.CHANGE_PRODUCTS)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        may = self.may_see if request.method in ("GET", "HEAD", "OPTIONS") else self.may_change
        if not may(request.user):
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class Orders(StaffOnly, generic.ListView):  # type: ignore[type-arg]
    may_see, may_change = staticmethod(navigation.SEE_ORDERS), staticmethod(navigation.CHANGE_ORDERS)
    template_name = "oscar_tidewaiter/orders.html"
    context_object_name = "quotes"
    paginate_by = 50
    queryset = FrozenQuote.objects.select_related("order").defer("quote", "snapshot")


class OrderWhy(StaffOnly, generic.DetailView):  # type: ignore[type-arg]
    """What was charged, by which rule and source; and a form for goods that come back."""

    may_see, may_change = staticmethod(navigation.SEE_ORDERS), staticmethod(navigation.CHANGE_ORDERS)
    template_name = "oscar_tidewaiter/order.html"
    context_object_name = "frozen"
    queryset = FrozenQuote.objects.select_related("order")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        frozen: FrozenQuote = self.object
        quote = frozen.quote or {}
        sources = {one["key"]: one for one in quote.get("sources", [])}
        why = {one["key"]: one for one in quote.get("charges", [])}
        context["charges"] = [
            {**row, "treatments": [{**one, "sources": [sources[key] for key in one.get("cites", []) if key in sources]} for one in why.get(row["key"], {}).get("treatments", [])]}
            for row in frozen.snapshot["charges"]
        ]
        context["lines"] = _lines(frozen)
        context["may_change"] = self.may_change(self.request.user)
        context["returns"] = frozen.returns.select_related("by").order_by("pk")
        context.update({"assumptions": quote.get("assumptions", []), "cautions": quote.get("warnings", []), "rules_say": quote.get("messages", [])})
        return context

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        frozen = get_object_or_404(FrozenQuote, pk=pk)
        seen = request.POST.get("seen", "")
        pieces, wrong = _pieces(frozen, request)
        if wrong is None:
            try:
                back = frozen.give_back(pieces, user=request.user, after=int(seen) if seen.isascii() and seen.isdigit() else None)
            except MeanwhileReturned:
                wrong = _("Goods of this order came back since you opened the page. Look at it again, and then record what came back.")
            except ValueError:
                # A clerk was quicker by a moment.
                wrong = _("More goods came back than were sold. Look at the page again.")
            else:
                messages.success(request, _("%(total)s of duty, tax and fees must be paid back to the buyer. Pay it with the price of the goods.") % {"total": currency(back.total, frozen.currency)})
        if wrong is not None:
            messages.error(request, wrong)
        return redirect("oscar_tidewaiter:order", pk=pk)


def _lines(frozen: FrozenQuote) -> list[dict[str, Any]]:
    back: dict[str, int] = {}
    for one in frozen.returned():
        back[one["line"]] = back.get(one["line"], 0) + int(one["quantity"])
    some = [(line, back.get(frozen.lines[str(line.pk)], 0)) for line in frozen.order.lines.order_by("pk") if str(line.pk) in frozen.lines]
    return [{"line": line, "back": count, "left": line.quantity - count} for line, count in some]


def _pieces(frozen: FrozenQuote, request: HttpRequest) -> tuple[dict[str, int], str | None]:
    """How many pieces of each line came back, and what is wrong with that."""
    pieces = {}
    for one in _lines(frozen):
        text = request.POST.get(f"line-{one['line'].pk}", "").strip()
        if text in ("", "0"):
            continue
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            return {}, _("“%(text)s” is no number of pieces. Write a whole number for %(product)s.") % {"text": text, "product": one["line"].title}
        if int(text) > one["left"]:
            return {}, _("%(product)s: %(text)s cannot come back. %(sold)d were sold, and %(back)d of them came back already.") % {
                "product": one["line"].title, "text": text, "sold": one["line"].quantity, "back": one["back"]}
        pieces[str(one["line"].pk)] = int(text)
    return pieces, None if pieces else _("Write how many pieces of which product came back.")


class ProductsLacking(StaffOnly, generic.TemplateView):
    """Products that lack customs data, with the price of not knowing; codes to confirm, and what is missing to write down."""

    template_name = "oscar_tidewaiter/products.html"
    _written: dict[str, str] = {}
    _faults: dict[str, str] = {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(not_known.lacking(), _PRODUCTS_ON_PAGE).get_page(self.request.GET.get("page"))
        rows = not_known.with_prices(page.object_list)
        offered: dict[int, list[CodeSuggestion]] = {}
        for one in CodeSuggestion.objects.filter(product__in=[row.product for row in rows]):
            offered.setdefault(one.product_id, []).append(one)
        likely = "likely" in self.request.GET
        shown = [(row, self._codes(offered.get(row.product.pk, []), likely), self._fields(row)) for row in rows]
        return super().get_context_data(
            paginator=page.paginator, page_obj=page, rows=shown, markets=table().markets, faults=self._faults,
            may_change=self.may_change(self.request.user), has_likely=any(one.is_likely for some in offered.values() for one in some), is_code_lacking=any("code" in row.facts for row in rows), **kwargs)

    def _codes(self, some: list[CodeSuggestion], likely: bool) -> list[tuple[CodeSuggestion, bool]]:
        return [(one, self._written.get(f"pick-{one.product_id}") == one.code if self._written else likely and one.is_likely) for one in some]

    def _fields(self, row: not_known.Lacking) -> list[dict[str, str]]:
        labels = {"code": _("Goods code (6 digits or more)"), "origin": _("Made in (two letters, such as PT)"), "weight_kg": _("Weight of one piece in kg")}
        names = [(name, f"{name}-{row.product.pk}") for name in row.facts]
        return [{"fact": name, "name": field, "label": labels[name], "value": self._written.get(field, ""), "fault": self._faults.get(field, "")} for name, field in names]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Saves all that was written and chosen on the page, or nothing where something is wrong."""
        lacking = {str(product.pk): (product, facts) for product, _known, facts in not_known.lacking()}
        given: dict[str, dict[str, str]] = {}
        faults = {}
        for field, text in request.POST.items():
            name, _dash, pk = field.rpartition("-")
            text = text.strip()
            if pk not in lacking or not text:
                continue
            if name == "pick" and CodeSuggestion.objects.filter(product_id=pk, code=text).exists():
                given.setdefault(pk, {}).setdefault("code", text)
            elif name in lacking[pk][1]:
                says = customs_data.fault(name, text)
                if says is not None:
                    faults[field] = says
                # What somebody wrote counts more than what was suggested.
                given.setdefault(pk, {})[name] = text.upper() if name == "origin" else text
        if faults:
            self._written, self._faults = request.POST.dict(), faults
            messages.error(request, _("Nothing was saved. Correct what is marked, and save again."))
            return self.render_to_response(self.get_context_data(), status=422)
        with transaction.atomic():
            for pk, customs in given.items():
                customs_data.set_on(lacking[pk][0], customs)
                if "code" in customs:
                    CodeSuggestion.objects.filter(product_id=pk).delete()
        if given:
            messages.success(request, ngettext("Saved for %d product.", "Saved for %d products.", len(given)) % len(given))
        else:
            messages.warning(request, _("Nothing was chosen or written, so nothing was saved."))
        return redirect(request.get_full_path() if "page" in request.GET else "oscar_tidewaiter:products")


class Suggest(StaffOnly, generic.View):
    def post(self, request: HttpRequest) -> HttpResponse:
        lacking = suggestions.lacking_code()
        now = lacking[:_SUGGESTED_AT_ONCE]
        try:
            found = suggestions.suggest(now)
        except NotTold as why:
            messages.error(request, _("The engine suggests no codes now (%s). Try again in a minute.") % why)
            return redirect("oscar_tidewaiter:products")
        messages.success(request, ngettext(
            "Codes are suggested for %(some)d of %(all)d product. Look at them, choose, and save.",
            "Codes are suggested for %(some)d of %(all)d products. Look at them, choose, and save.", len(found),
        ) % {"some": sum(1 for codes, _advice in found.values() if codes), "all": len(found)})
        if len(found) < len(lacking):
            left = len(lacking) - len(found)
            messages.warning(request, ngettext("%d product is left. Ask for suggestions again.", "%d products are left. Ask for suggestions again.", left) % left)
        for product, (codes, advice) in list(found.items())[:_PRODUCTS_ON_PAGE]:
            if not codes and advice:
                messages.info(request, _("%(product)s: no code. %(advice)s") % {"product": product.get_title(), "advice": advice})
        return redirect("oscar_tidewaiter:products")


class Registrations(StaffOnly, generic.TemplateView):
    """Registrations under which a shop collects tax at the sale: which it has, which not, and what that changes."""

    template_name = "oscar_tidewaiter/registrations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(found=registrations.found(), markets=table().markets, **kwargs)
