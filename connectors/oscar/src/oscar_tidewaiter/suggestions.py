"""Goods codes suggested for products that have none, from their title and description. A person confirms them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.db import transaction
from django.utils.html import strip_tags
from oscar.core.loading import get_model

from . import customs_data
from .models import CodeSuggestion
from .table import table

_TIMEOUT_SECONDS = 30
_AT_ONCE = 4
_MOST_ANSWER_BYTES = 4 * 1024 * 1024


class _NoRedirect(HTTPRedirectHandler):
    """The key goes to nobody but the address that was configured."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirect())


class NotFound(Exception):
    """The engine did not answer."""


def products() -> Any:
    """Products that are sold and shipped: variants, and what has none."""
    found = get_model("catalogue", "Product").objects.exclude(structure="parent")
    return [one for one in found.select_related("product_class", "parent__product_class").order_by("pk") if one.is_shipping_required]


def lacking_code() -> list[Any]:
    return [product for product in products() if "code" not in customs_data.of(product)]


def words(product: Any) -> str:
    """What the product is called: title first, since it says most."""
    description = product.description or (product.parent.description if product.is_child else "")
    return " ".join(f"{product.get_title()}. {strip_tags(description)}".split())[:500].removesuffix(". ").removesuffix(".")


def suggest(wanted: Iterable[Any], most: int = 3) -> dict[Any, tuple[list[CodeSuggestion], str]]:
    """Asks for each product; older suggestions give way. Gives them with the engine's advice where the words say too little."""
    asked = [(product, words(product)) for product in wanted]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda one: _find(one[1], most), asked))
    found = {}
    for (product, text), answer in zip(asked, answers):
        made = [CodeSuggestion(product=product, code=one["code"], title=one["title"][:512], percent=_percent(one["probability"]), words=text) for one in answer["codes"]]
        with transaction.atomic():
            CodeSuggestion.objects.filter(product=product).delete()
            CodeSuggestion.objects.bulk_create(made)
        found[product] = (made, answer.get("advice", ""))
    return found


def confirm(suggestion: CodeSuggestion) -> None:
    """The product has this code from now on."""
    with transaction.atomic():
        customs_data.set_on(suggestion.product, {"code": suggestion.code})
        CodeSuggestion.objects.filter(product=suggestion.product).delete()


def _percent(probability: Decimal) -> Decimal:
    return (probability * 100).quantize(Decimal("0.1"))


def _find(text: str, most: int) -> dict[str, Any]:
    now = table()
    why = ""
    for engine in now.engines:
        request = Request(f"{engine.rstrip('/')}/v1/goods-codes?{urlencode({'q': text, 'most': most})}", headers={"accept": "application/json"})
        if now.key:
            request.add_header("authorization", f"Bearer {now.key}")
        try:
            with _opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
                answer = json.loads(response.read(_MOST_ANSWER_BYTES), parse_float=Decimal)
            assert isinstance(answer["codes"], list)
            return dict(answer)
        except HTTPError as error:
            why = f"http {error.code}"
            error.close()
        except (URLError, OSError, ValueError, KeyError, AssertionError) as error:
            why = f"{type(error).__name__}: {error}"
    raise NotFound(f"no engine suggests goods codes: {why}")
