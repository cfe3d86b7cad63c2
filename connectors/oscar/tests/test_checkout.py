"""What went wrong on a real Oscar before, and must not again."""

import re
import time
from decimal import Decimal

import pytest
from conftest import due
from django.urls import reverse
from oscar.core.loading import get_model
from shop.buyer import Buyer
from shop.seed import voucher

DESTINATIONS = [("NL", "EUR", {"tshirt": 4, "book": 1}), ("US", "USD", {"tshirt": 4, "toy": 3}), ("GB", "GBP", {"tshirt": 8}), ("AU", "AUD", {"tshirt": 60}), ("JP", "JPY", {"toy": 9})]


@pytest.mark.parametrize("defers", [True, False])
def test_no_page_asks_for_a_tax_that_is_not_known_yet(buyer, engine, settings, defers):
    settings.SHOP_DEFERS_TAX = defers
    buyer.add("tshirt", 4)
    for page in ("basket:summary", "checkout:index"):
        assert buyer.browser.get(reverse(page)).status_code == 200
    buyer.browser.post(reverse("checkout:index"), {"username": "buyer@example.com", "options": "anonymous"})
    assert buyer.browser.get(reverse("checkout:shipping-address")).status_code == 200
    # The pages behind the address lead back to it, and do not fail.
    for page in ("checkout:shipping-method", "checkout:payment-method", "checkout:payment-details", "checkout:preview"):
        assert buyer.browser.get(reverse(page)).status_code == 302
    assert engine.calls == 0


@pytest.mark.parametrize("defers", [True, False])
@pytest.mark.parametrize("is_registered", [True, False])
@pytest.mark.parametrize(("to", "currency", "basket"), DESTINATIONS)
def test_an_order_has_what_the_engine_says(goods, engine, settings, places, django_user_model, defers, is_registered, to, currency, basket):
    settings.SHOP_DEFERS_TAX, settings.OSCAR_DEFAULT_CURRENCY = defers, currency
    user = django_user_model.objects.create_user("buyer", "buyer@example.com", "secret") if is_registered else None
    buyer = Buyer(goods, user)
    for good, quantity in basket.items():
        buyer.add(good, quantity)
    buyer.address(places[to])
    assert buyer.delivery("ddp") == {}
    buyer.review()
    paid = Decimal(buyer.pay()["paid"])
    order = buyer.order()
    assert order.user == user
    quote = engine.quote(to, basket, currency=currency)
    plain = sum(Decimal(settings.TABLE["goods"][good]["price"][currency]) * quantity for good, quantity in basket.items()) + Decimal(settings.SHOP_SHIPPING["standard"][currency])
    assert paid == order.total_incl_tax == plain + due(quote)
    right = {one["key"]: Decimal(one["sum"]["least_asked"]) for one in quote["charges"] if one["sum"]["least_asked"] != "0"}
    assert {one.code: one.incl_tax for one in order.surcharges.all()} == right
    # Paid on for the buyer: no tax of the shop is in it, and none is on the lines.
    assert all(one.tax == 0 for one in order.surcharges.all())
    assert all(line.line_price_tax == 0 for line in order.lines.all())
    frozen = order.frozen_quote
    assert (frozen.terms, frozen.state, frozen.total) == ("ddp", "quoted", due(quote))
    assert [(one["authority"], one["sha256"]) for one in frozen.editions] == [(one["authority"], one["sha256"]) for one in quote["editions"]]
    assert frozen.ratebook == quote["ratebook"]


def test_tax_that_the_seller_collects_is_tax_on_the_lines(goods, engine, configured, places):
    configured(registrations=["eu.ioss"])
    buyer = Buyer(goods)
    # Three pieces: the tax of a line does not divide by them.
    basket = {"toy": 3, "book": 1}
    for good, quantity in basket.items():
        buyer.add(good, quantity)
    buyer.address(places["NL"])
    buyer.delivery("dap")
    seen = buyer.review()
    paid = Decimal(buyer.pay()["paid"])
    order = buyer.order()
    quote = engine.quote("NL", basket, registrations=["eu.ioss"])
    assert due(quote, "dap") > 0
    assert order.total_incl_tax == paid == order.total_excl_tax + due(quote, "dap")
    assert sum(line.line_price_tax for line in order.lines.all()) == due(quote, "dap")
    assert [Decimal(one["amount"]) for one in seen["charges"]] == [due(quote, "dap")]
    assert not order.surcharges.exists()


def test_tax_stays_exact_on_discounted_lines(goods, engine, configured, places):
    configured(registrations=["eu.ioss"])
    voucher("OFF", "7.77")
    buyer = Buyer(goods)
    for good, quantity in {"toy": 3, "tshirt": 1}.items():
        buyer.add(good, quantity)
    buyer.coupon("OFF")
    buyer.address(places["NL"])
    buyer.delivery("dap")
    buyer.review()
    buyer.pay()
    order = buyer.order()
    discounts = [(line.product.upc, str(line.line_price_before_discounts_excl_tax - line.line_price_excl_tax)) for line in order.lines.all()]
    assert sum(Decimal(amount) for _, amount in discounts) == Decimal("7.77")
    quote = engine.quote("NL", {"toy": 3, "tshirt": 1}, registrations=["eu.ioss"], discounts=discounts)
    assert order.total_incl_tax == order.total_excl_tax + due(quote, "dap")
    assert sum(line.line_price_tax for line in order.lines.all()) == due(quote, "dap")


def test_tax_on_the_freight_of_goods_that_are_free_is_not_lost(goods, engine, configured, places):
    configured(registrations=["eu.ioss"])
    voucher("ALL", "1000")
    buyer = Buyer(goods)
    buyer.add("toy", 3)
    buyer.coupon("ALL")
    buyer.address(places["NL"])
    buyer.delivery("dap")
    buyer.review()
    paid = Decimal(buyer.pay()["paid"])
    quote = engine.quote("NL", {"toy": 3}, registrations=["eu.ioss"], discounts=[("toy", "56.70")])
    assert due(quote, "dap") > 0
    assert paid == buyer.order().total_incl_tax == Decimal("7.00") + due(quote, "dap")


def test_both_hooks_run_on_every_page_and_the_engine_is_asked_once_for_each_speed(buyer, engine, places, monkeypatch):
    applicator = __import__("shop.forks.checkout.applicator", fromlist=["SurchargeApplicator"]).SurchargeApplicator
    hooked, asked = [], applicator.get_surcharges
    monkeypatch.setattr(applicator, "get_surcharges", lambda self, *some, **more: hooked.append(1) or asked(self, *some, **more))
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    for _ in range(2):
        buyer.browser.get(reverse("checkout:shipping-method"))
        buyer.delivery("ddp")
        for page in ("checkout:payment-method", "checkout:payment-details", "checkout:preview", "basket:summary"):
            buyer.browser.get(reverse(page), follow=True)
    buyer.look()
    buyer.pay()
    assert buyer.order().surcharges.exists()
    assert len(hooked) > 8
    assert engine.calls == 2


@pytest.mark.parametrize("registrations", [[], ["eu.ioss"]])
def test_what_a_payment_adapter_is_given_adds_up_from_what_it_can_list(goods, engine, configured, places, monkeypatch, registrations):
    """Adapters send goods, shipping and surcharges as rows, and providers refuse rows that are not the total; a total of a kind that they
    do not know would be left out of what is paid."""
    from shop.forks.checkout.views import PaymentDetailsView

    configured(registrations=registrations)
    given = []
    real = PaymentDetailsView.submit

    def submit(self, **told):
        lines = sum((line.line_price_incl_tax_incl_discounts for line in told["basket"].all_lines()), Decimal(0))
        given.append((told["order_total"].incl_tax, lines, told["shipping_charge"].incl_tax, [one.price.incl_tax for one in told["surcharges"]]))
        return real(self, **told)

    monkeypatch.setattr(PaymentDetailsView, "submit", submit)
    buyer = Buyer(goods)
    buyer.add("toy", 3)
    buyer.address(places["NL"])
    assert buyer.delivery("ddp") == {}
    buyer.review()
    paid = Decimal(buyer.pay()["paid"])
    [(total, lines, shipping, surcharges)] = given
    quote = engine.quote("NL", {"toy": 3}, registrations=registrations)
    assert paid == total == Decimal("63.70") + due(quote)
    assert lines.quantize(Decimal("0.01")) + shipping + sum(surcharges) == total
    assert get_model("payment", "Source").objects.get().amount_debited == total


def test_an_engine_that_hangs_does_not_hang_the_shop(goods, engine, configured, places):
    configured(policy="open", client={})
    engine.tell(mode="hang")
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    start = time.monotonic()
    buyer.address(places["NL"])
    assert "refused" in buyer.delivery("ddp")
    assert buyer.delivery("dap") == {}
    seen = buyer.review()
    assert "could not be computed" in seen["notice"]
    assert Decimal(buyer.pay()["paid"]) == Decimal("107.00")
    assert time.monotonic() - start < 4
    order = buyer.order()
    assert not order.surcharges.exists()
    assert (order.frozen_quote.state, order.frozen_quote.terms, order.frozen_quote.total) == ("unavailable", "dap", None)


def test_the_preview_shows_each_row_and_the_terms(buyer, engine, places):
    buyer.add("tshirt", 4)
    buyer.address(places["US"])
    buyer.delivery("ddp")
    page = buyer.look().content.decode()
    rows = {key: body for key, body in re.findall(r'<tr data-key="([^"]+)">(.*?)</tr>', page, re.DOTALL)}
    right = {one["key"]: one for one in engine.quote("US", {"tshirt": 4})["charges"] if one["sum"]["least_asked"] != "0"}
    assert rows.keys() == right.keys()
    for key, one in right.items():
        assert one["name"].replace("&", "&amp;") in rows[key]
        assert f"{Decimal(one['sum']['least_asked']):.2f}" in rows[key]
    assert "Standard, duty paid" in page
    assert "Nothing more is due at the door" in page
    # And among Oscar's own totals.
    assert page.count(f"{due(engine.quote('US', {'tshirt': 4})) + 107:.2f}") >= 1


def test_the_deliveries_say_what_they_cost_and_what_is_due_later(buyer, engine, places):
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    page = buyer.browser.get(reverse("checkout:shipping-method")).content.decode()
    quote = engine.quote("NL", {"tshirt": 4})
    assert f"Duty, tax and fees of €{due(quote):.2f} are paid with the order" in page
    assert f"The whole order comes to €{107 + due(quote):.2f}" in page
    assert f"You pay about €{Decimal(quote['terms']['on_delivery_dap']['most_asked']):.2f} of duty, tax and fees at the door" in page


def test_nobody_pays_for_what_was_not_looked_at(buyer, places):
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    buyer.delivery("ddp")
    assert "look at the order" in buyer.pay()["refused"]
    buyer.review()
    buyer.quantity("tshirt", 5)
    assert "changed" in buyer.pay()["refused"]
    assert not get_model("order", "Order").objects.exists()


def test_duty_on_a_free_order_is_still_paid(buyer, engine, places, settings):
    settings.SHOP_SHIPPING = {"standard": {"EUR": "0.00"}, "fast": {"EUR": "0.00"}}
    voucher("ALL", "1000")
    buyer.add("tshirt", 1)
    buyer.coupon("ALL")
    buyer.address(places["NL"])
    buyer.delivery("ddp")
    quote = engine.quote("NL", {"tshirt": 1}, speed=None, discounts=[("tshirt", "25.00")])
    assert due(quote) > 0
    # Oscar leaves the payment out where nothing is to be paid.
    assert buyer.browser.get(reverse("checkout:payment-details")).status_code == 200
    buyer.review()
    assert Decimal(buyer.pay()["paid"]) == due(quote)


def test_at_home_nothing_is_asked_and_nothing_added(goods, engine, configured, places):
    configured(home=["NL"])
    buyer = Buyer(goods)
    buyer.add("tshirt", 1)
    buyer.address(places["NL"])
    answer = buyer.browser.get(reverse("checkout:shipping-method"))
    assert [method.code for method in answer.context["methods"]] == ["standard", "fast"]
    assert engine.calls == 0


def test_an_order_without_its_quote_is_not_made(buyer, places, monkeypatch):
    from oscar_tidewaiter.models import FrozenQuote

    buyer.add("tshirt", 1)
    buyer.address(places["NL"])
    buyer.delivery("ddp")
    buyer.review()
    monkeypatch.setattr(FrozenQuote.objects, "create", lambda **_: (_ for _ in ()).throw(RuntimeError("the disk is full")))
    assert "refused" in buyer.pay()
    assert not get_model("order", "Order").objects.exists()


def test_a_variant_takes_what_its_parent_says(goods):
    from oscar_tidewaiter import customs_data

    parent = get_model("catalogue", "Product").objects.create(title="Shirt", structure="parent", product_class=goods["tshirt"].product_class)
    customs_data.set_on(parent, {"code": "6109.10", "origin": "cn"})
    child = get_model("catalogue", "Product").objects.create(title="Shirt, red", structure="child", parent=parent)
    customs_data.set_on(child, {"weight_kg": "0.2", "origin": "pt"})
    assert customs_data.of(child) == {"code": "6109.10", "origin": "PT", "weight_kg": "0.2"}


@pytest.mark.parametrize("weight", ["heavy", "0", "-1", "1,5"])
def test_a_weight_that_is_none_is_not_known(goods, weight):
    from oscar_tidewaiter import customs_data

    customs_data.set_on(goods["tshirt"], {"weight_kg": weight})
    assert "weight_kg" not in customs_data.of(goods["tshirt"])
