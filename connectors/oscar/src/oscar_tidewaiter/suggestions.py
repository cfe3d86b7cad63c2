"""Goods codes suggested for products that have none, from their title and description. A person confirms them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.html import strip_tags
from oscar.core.loading import get_model

from . import customs_data
from .engine import STAFF_AT_ONCE
from .models import CodeSuggestion
from .telling import NotTold, in_words, read

#: For all products together: as long as somebody waits for a page.
_PATIENCE_SECONDS = 60


def products() -> Any:
    """Products that are sold and shipped: variants, and what has none."""
    found = get_model("catalogue", "Product").objects.exclude(structure="parent")
    return [one for one in found.select_related("product_class", "parent__product_class").order_by("pk") if one.is_shipping_required]


def lacking_code() -> list[Any]:
    """Products without a goods code; first those for which nothing was suggested yet."""
    lacking = [product for product in products() if "code" not in customs_data.of(product)]
    suggested = set(CodeSuggestion.objects.values_list("product_id", flat=True))
    return sorted(lacking, key=lambda product: product.pk in suggested)


def words(product: Any) -> str:
    """What the product is called: title first, since it says most."""
    description = product.description or (product.parent.description if product.is_child else "")
    return " ".join(f"{product.get_title()}. {strip_tags(description)}".split())[:500].removesuffix(". ").removesuffix(".")


def suggest(wanted: Iterable[Any], most: int = 3) -> dict[Any, tuple[list[CodeSuggestion], str]]:
    """Asks for each product; older suggestions give way. Gives them with the engine's advice where the words say too little.

    A product for which no answer came is not in what it gives, and keeps what it had. Where none came at all it raises `NotTold`.
    """
    asked = [(product, words(product)) for product in wanted]
    until = time.monotonic() + _PATIENCE_SECONDS
    with ThreadPoolExecutor(STAFF_AT_ONCE) as pool:
        answers = list(pool.map(lambda one: _find(one[1], most, until), asked))
    found = {}
    for (product, text), answer in zip(asked, answers):
        if isinstance(answer, NotTold):
            continue
        made = [CodeSuggestion(product=product, code=one["code"], title=one["title"][:512], percent=_percent(one["probability"]), words=text) for one in answer["codes"]]
        with transaction.atomic():
            CodeSuggestion.objects.filter(product=product).delete()
            CodeSuggestion.objects.bulk_create(made)
        found[product] = (made, answer.get("advice", ""))
    if asked and not found:
        raise next(one for one in answers if isinstance(one, NotTold))
    return found


def confirm(suggestion: CodeSuggestion) -> None:
    """The product has this code from now on."""
    with transaction.atomic():
        customs_data.set_on(suggestion.product, {"code": suggestion.code})
        CodeSuggestion.objects.filter(product=suggestion.product).delete()


def _percent(probability: Decimal) -> Decimal:
    return (probability * 100).quantize(Decimal("0.1"))


def _find(text: str, most: int, until: float) -> dict[str, Any] | NotTold:
    try:
        answer = read("/v1/goods-codes", {"q": text, "most": most}, until=until)
    except NotTold as why:
        return why
    if not isinstance(answer, dict) or not isinstance(answer.get("codes"), list):
        return NotTold(in_words("bad answer"))
    return answer
