"""The pages for the staff, the commands, and what they write."""

import re
from decimal import Decimal
from io import StringIO

import pytest
from conftest import due
from django.core.management import CommandError, call_command
from django.urls import reverse
from oscar.templatetags.currency_filters import currency
from oscar_tidewaiter import customs_data, not_known
from oscar_tidewaiter.models import CodeSuggestion, GoodsReturn
from tidewaiter_client import Answer, Missing

PAGES = [("orders", []), ("order", [1]), ("products", []), ("registrations", [])]


@pytest.mark.parametrize(("page", "given"), PAGES)
def test_only_the_staff_see_them(client, db, django_user_model, page, given):
    address = reverse(f"oscar_tidewaiter:{page}", args=given)
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("buyer", "buyer@example.com", "secret"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(("page", "given"), [("suggest", []), ("products", []), ("order", [1])])
def test_only_the_staff_change_anything(client, db, page, given):
    assert client.post(reverse(f"oscar_tidewaiter:{page}", args=given)).status_code == 302
    assert client.get(reverse(f"oscar_tidewaiter:{page}", args=given)).status_code == 302


def test_an_order_says_what_was_charged_and_why(sold, clerk, engine):
    order = sold("NL", {"tshirt": 4, "book": 1})
    listed = clerk.get(reverse("oscar_tidewaiter:orders")).content.decode()
    assert order.number in listed
    page = clerk.get(reverse("oscar_tidewaiter:order", args=[order.frozen_quote.pk])).content.decode()
    quote = engine.quote("NL", {"tshirt": 4, "book": 1})
    sources = {one["key"]: one for one in quote["sources"]}
    for charge in quote["charges"]:
        if charge["sum"]["least_asked"] == "0":
            continue
        assert f'data-key="{charge["key"]}"' in page
        assert f"€{Decimal(charge['sum']['least_asked']):.2f}" in page
        for treatment in charge["treatments"]:
            assert treatment["name"] in page
            assert all(sources[key]["publisher"].split("&")[0].split("'")[0] in page for key in treatment["cites"])
    assert all(edition["sha256"] in page for edition in quote["editions"])
    assert quote["ratebook"] in page
    assert order.frozen_quote.fingerprint in page


def test_goods_come_back_in_steps_and_never_more_than_was_paid(sold, clerk, engine):
    order = sold("NL", {"tshirt": 4, "book": 1})
    frozen = order.frozen_quote
    shirts, book = order.lines.order_by("pk")
    address = reverse("oscar_tidewaiter:order", args=[frozen.pk])
    # The law of today does not matter.
    engine.tell(mode="changed", by="5.00")
    clerk.post(address, {f"line-{shirts.pk}": "3"})
    assert GoodsReturn.objects.count() == 1
    answer = clerk.post(address, {f"line-{shirts.pk}": "2"}, follow=True)
    assert "T-shirt: 2 cannot come back. 4 were sold, and 3 of them came back already." in answer.content.decode()
    assert GoodsReturn.objects.count() == 1
    for wrong in ("-1", "one", "0.5", "²", "9" * 5000):
        assert "is no number of pieces" in clerk.post(address, {f"line-{shirts.pk}": wrong}, follow=True).content.decode()
    for nothing in ({}, {f"line-{shirts.pk}": "0"}, {"line-999": "1"}):
        assert "Write how many pieces" in clerk.post(address, nothing, follow=True).content.decode()
    assert GoodsReturn.objects.count() == 1
    clerk.post(address, {f"line-{shirts.pk}": "1", f"line-{book.pk}": "1"})
    back = list(GoodsReturn.objects.order_by("pk"))
    assert sum(one.total for one in back) == frozen.total == due(engine.quote("NL", {"tshirt": 4, "book": 1}))
    assert back[-1].left == 0
    assert back[0].by.username == "clerk"


def test_charges_can_be_kept_back(sold):
    order = sold("US", {"tshirt": 4})
    line = order.lines.get()
    kept = sum((Decimal(row["amount"]) for row in order.frozen_quote.snapshot["charges"] if row["class"] == "fee"), Decimal(0))
    assert kept > 0
    assert order.frozen_quote.would_give_back({line: 4}, keep=["fee"]).total == order.frozen_quote.total - kept


def test_nothing_is_given_back_for_lines_of_other_orders(sold):
    order = sold()
    with pytest.raises(ValueError, match="not one that the quote is about"):
        order.frozen_quote.give_back({999: 1})


def test_products_without_a_code_have_a_price_of_not_knowing(goods, clerk, configured, engine):
    configured(markets=["NL", "GB"])
    customs_data.set_on(goods["tshirt"], {"code": ""})
    page = clerk.get(reverse("oscar_tidewaiter:products"))
    rows = {row.product.upc: row for row, _, _ in page.context["rows"]}
    assert set(rows) == {"tshirt", "surprise"}
    for price in rows["surprise"].prices:
        quote = engine.quote(price.market, {"surprise": 1}, speed=None)
        duties = quote["by_kind"]["duties"]
        assert price.least == Decimal(duties["least_asked"])
        assert price.most == (Decimal(duties["most_asked"]) if "most_asked" in duties else None)
        assert not price.is_known
        asked = {one["fact"]: one for one in quote["missing"]}
        assert [one.fact for one in price.answer.missing] == list(asked)
    said = " ".join(page.content.decode().split())
    for price in rows["tshirt"].prices + rows["surprise"].prices:
        if price.most is None:
            limit = f"at least €{price.least:,.2f}; the most is not known" if price.least else "not known"
        else:
            limit = f"€{price.least:,.2f}" if price.is_known else f"between €{price.least:,.2f} and €{price.most:,.2f}"
        assert f"<strong>{price.market}</strong>: {limit}" in said
        total = price.answer.quote["total"]
        for one, (question, narrows_by) in zip(price.answer.missing, price.questions, strict=True):
            assert f"{question} (the amount is not known without it)" in said or price.most is not None
            assert question == one.question
            assert question in said
            if price.most is None or "most_asked" not in total:
                assert narrows_by is None
            elif narrows_by:
                # In the currency of the shop, and no more than the whole range.
                assert f"{question} (knowing it narrows duty, tax and fees by about {currency(narrows_by, 'EUR')})" in said
                assert 0 < narrows_by <= Decimal(total["most_asked"]) - Decimal(total["least_asked"])
    # The whole width in the one currency is the whole width in the other.
    some = [price for price in rows["tshirt"].prices + rows["surprise"].prices if price.market == "GB"]
    assert re.findall(r"[$£]\d", said) == []
    for price in some:
        total = price.answer.quote["total"]
        if price.most is not None and "most" in total:
            assert price._in_currency_of_shop(Decimal(total["most"]) - Decimal(total["least"])) == Decimal(total["most_asked"]) - Decimal(total["least_asked"])


def test_a_range_in_another_currency_is_told_in_that_of_the_shop():
    quote = {"total": {"least": "0", "most": "20", "least_asked": "0", "most_asked": "16.5"}, "by_kind": {"duties": {"least_asked": "0", "most_asked": "8"}}}
    missing = [Missing(fact="code", question="Which code?", narrows_currency="USD", narrows_by=Decimal("10"))]
    asked = {"state": "quoted", "terms": "ddp", "currency": "EUR", "asked_at": "", "fingerprint": "", "basket": {}, "missing": missing}
    price = not_known._price("US", Answer(quote=quote, **asked))
    assert price.questions == [("Which code?", Decimal("8.25"))]
    # Where the duty has no upper limit, no answer narrows it by an amount.
    open_above = {**quote, "by_kind": {"duties": {"least_asked": "0"}}}
    assert not_known._price("US", Answer(quote=open_above, **asked)).questions == [("Which code?", None)]


def test_a_price_of_not_knowing_is_never_zero_when_nobody_answers(goods, clerk, configured, engine):
    configured(markets=["NL"])
    engine.tell(mode="status", status=500)
    page = clerk.get(reverse("oscar_tidewaiter:products"))
    assert "nobody can say" in page.content.decode()
    assert all(price.least is None for row, _, _ in page.context["rows"] for price in row.prices)


def test_codes_are_suggested_with_confidence_and_used_only_when_confirmed(goods, clerk, engine):
    customs_data.set_on(goods["tshirt"], {"code": ""})
    goods["tshirt"].description = "<p>Knitted, of cotton</p>"
    goods["tshirt"].save()
    said = StringIO()
    call_command("tidewaiter_suggest_codes", stdout=said)
    assert "610910" in said.getvalue()
    assert "2 products without a goods code, 1 with suggestions" in said.getvalue()
    best = CodeSuggestion.objects.filter(product=goods["tshirt"]).first()
    right = engine.codes("T-shirt. Knitted, of cotton")[0]
    assert (best.code, best.percent) == (right["code"], round(right["probability"] * 100, 1))
    # One is no "products".
    customs_data.set_on(goods["surprise"], {"code": "950300"})
    said = StringIO()
    call_command("tidewaiter_suggest_codes", stdout=said)
    assert "1 product without a goods code, 1 with suggestions" in said.getvalue()
    customs_data.set_on(goods["surprise"], {"code": ""})
    # A box of surprises is not guessed at.
    assert not CodeSuggestion.objects.filter(product=goods["surprise"]).exists()
    fresh = type(goods["tshirt"]).objects.get
    assert "code" not in customs_data.of(fresh(pk=goods["tshirt"].pk))
    assert "610910" in clerk.get(reverse("oscar_tidewaiter:products")).content.decode()
    clerk.post(reverse("oscar_tidewaiter:products"), {f"pick-{goods['tshirt'].pk}": best.code})
    assert customs_data.of(fresh(pk=goods["tshirt"].pk))["code"] == "610910"
    assert not CodeSuggestion.objects.exists()


def test_the_page_suggests_too_and_the_command_confirms(goods, clerk):
    customs_data.set_on(goods["tshirt"], {"code": ""})
    goods["tshirt"].title = "Cotton T-shirt"
    goods["tshirt"].save()
    said = clerk.post(reverse("oscar_tidewaiter:suggest"), follow=True).content.decode()
    assert "Codes are suggested for 1 of 2 products." in said, said
    assert CodeSuggestion.objects.filter(product=goods["tshirt"], code="610910").exists()
    with pytest.raises(CommandError, match="no such suggestion.*a code of your own is written into the dashboard"):
        call_command("tidewaiter_suggest_codes", confirm=[f"{goods['tshirt'].pk}=999999"])
    call_command("tidewaiter_suggest_codes", confirm=[f"{goods['tshirt'].pk}=610910"], stdout=StringIO())
    assert customs_data.of(type(goods["tshirt"]).objects.get(pk=goods["tshirt"].pk))["code"] == "610910"


def test_an_engine_that_is_away_suggests_nothing(goods, engine):
    engine.tell(mode="down")
    with pytest.raises(CommandError, match="no engine"):
        call_command("tidewaiter_suggest_codes", stdout=StringIO())


def test_attributes_are_created_once(goods):
    said = StringIO()
    call_command("tidewaiter_attributes", stdout=said)
    assert "all attributes are there" in said.getvalue()
    goods["tshirt"].product_class.attributes.filter(code="origin").delete()
    assert customs_data.lacking_attributes() == ["Goods: origin"]
    call_command("tidewaiter_attributes", stdout=said)
    assert "created Goods: origin" in said.getvalue()
    assert customs_data.lacking_attributes() == []
