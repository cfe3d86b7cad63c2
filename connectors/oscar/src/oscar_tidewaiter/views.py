"""Pages for the staff: what was charged and why, goods that come back, and products that customs would ask about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import generic

from . import not_known, suggestions
from .models import CodeSuggestion, FrozenQuote

# Each product on a page is asked about for every market.
_PRODUCTS_ON_PAGE = 20


class StaffOnly(AccessMixin):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not (request.user.is_active and request.user.is_staff):
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class Orders(StaffOnly, generic.ListView):  # type: ignore[type-arg]
    template_name = "oscar_tidewaiter/orders.html"
    context_object_name = "quotes"
    paginate_by = 50
    queryset = FrozenQuote.objects.select_related("order").defer("quote", "snapshot")


class OrderWhy(StaffOnly, generic.DetailView):  # type: ignore[type-arg]
    """What was charged, by which rule and source; and a form for goods that come back."""

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
        back: dict[str, int] = {}
        for one in frozen.returned():
            back[one["line"]] = back.get(one["line"], 0) + int(one["quantity"])
        context["lines"] = [{"line": line, "left": line.quantity - back.get(frozen.lines[str(line.pk)], 0)} for line in frozen.order.lines.order_by("pk") if str(line.pk) in frozen.lines]
        context.update({"assumptions": quote.get("assumptions", []), "cautions": quote.get("warnings", []), "rules_say": quote.get("messages", [])})
        return context

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        frozen = get_object_or_404(FrozenQuote, pk=pk)
        pieces = {line: request.POST.get(f"line-{line}", "").strip() for line in frozen.lines}
        try:
            back = frozen.give_back({line: int(text) for line, text in pieces.items() if text and text != "0"}, user=request.user)
        except ValueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(total)s %(currency)s of duty, tax and fees go back. Pay it out with the price of the goods.") % {"total": back.total.normalize(), "currency": frozen.currency})
        return redirect("oscar_tidewaiter:order", pk=pk)


class ProductsLacking(StaffOnly, generic.TemplateView):
    """Products that lack customs data, with the price of not knowing, and codes to confirm."""

    template_name = "oscar_tidewaiter/products.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(not_known.lacking(), _PRODUCTS_ON_PAGE).get_page(self.request.GET.get("page"))
        rows = not_known.with_prices(page.object_list)
        offered: dict[int, list[CodeSuggestion]] = {}
        for one in CodeSuggestion.objects.filter(product__in=[row.product for row in rows]):
            offered.setdefault(one.product_id, []).append(one)
        return super().get_context_data(paginator=page.paginator, page_obj=page, rows=[(row, offered.get(row.product.pk, [])) for row in rows], **kwargs)


class Suggest(StaffOnly, generic.View):
    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            found = suggestions.suggest(suggestions.lacking_code())
            messages.success(request, _("Codes are suggested for %(some)d of %(all)d products.") % {"some": sum(1 for codes, _advice in found.values() if codes), "all": len(found)})
        except suggestions.NotFound as error:
            messages.error(request, str(error))
        return redirect("oscar_tidewaiter:products")


class Confirm(StaffOnly, generic.View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        suggestion = get_object_or_404(CodeSuggestion, pk=pk)
        suggestions.confirm(suggestion)
        messages.success(request, _("%(product)s has the goods code %(code)s.") % {"product": suggestion.product.get_title(), "code": suggestion.code})
        return redirect("oscar_tidewaiter:products")
