"""Two windows, two logins, two clerks, other clocks and other currencies: what somebody who wants to break the checkout would try."""

import threading
from decimal import Decimal

import pytest
from conftest import due
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model
from oscar_tidewaiter import checkout
from shop.buyer import Buyer
from shop.seed import voucher


def orders():
    return get_model("order", "Order").objects


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("member", "member@example.com", "secret")


def to_the_preview(buyer, places, to="NL", terms="ddp"):
    buyer.address(places[to])
    assert buyer.delivery(terms) == {}
    return buyer.review()


# ---- Two windows ----


def test_another_window_changes_the_basket_after_the_preview(goods, user, places):
    first, second = Buyer(goods, user), Buyer(goods, user)
    first.add("tshirt", 4)
    to_the_preview(first, places)
    second.quantity("tshirt", 8)
    assert "changed" in first.pay()["refused"]
    assert not orders().exists()
    assert first.review()["total"] != "133.10"
    assert "paid" in first.pay()


def test_another_window_changes_the_basket_while_the_order_is_computed(goods, user, places, monkeypatch):
    first, second = Buyer(goods, user), Buyer(goods, user)
    first.add("tshirt", 4)
    to_the_preview(first, places)
    real = checkout.DutyPaymentMixin._changed

    def slow(self, *some):
        wrong = real(self, *some)
        second.quantity("tshirt", 8)
        return wrong

    monkeypatch.setattr(checkout.DutyPaymentMixin, "_changed", slow)
    assert "in another window" in first.pay()["refused"]
    assert not orders().exists()
    monkeypatch.undo()
    # The basket is the buyer's still, with what the other window did.
    assert first.basket().num_items == 8
    first.review()
    assert "paid" in first.pay()


def test_two_windows_place_the_order_at_the_same_moment_and_one_pays(goods, user, places, monkeypatch):
    """Oscar took both payments, and failed on the second order."""
    from shop.forks.checkout.views import PaymentDetailsView

    first, second = Buyer(goods, user), Buyer(goods, user)
    first.add("tshirt", 4)
    to_the_preview(first, places)
    to_the_preview(second, places)
    real_changed, real_pay, payments = checkout.DutyPaymentMixin._changed, PaymentDetailsView.handle_payment, []
    said = []

    def both_have_looked(self, *some):
        wrong = real_changed(self, *some)
        if not said:
            said.append(None)
            said[0] = second.pay()
        return wrong

    monkeypatch.setattr(checkout.DutyPaymentMixin, "_changed", both_have_looked)
    monkeypatch.setattr(PaymentDetailsView, "handle_payment", lambda self, *some, **more: payments.append(1) or real_pay(self, *some, **more))
    mine = first.pay()
    assert [("paid" in one) for one in (mine, said[0])] == [False, True]
    assert len(payments) == orders().count() == 1


def test_a_payment_that_fails_gives_the_basket_back(goods, user, places, monkeypatch):
    from oscar.apps.payment.exceptions import UnableToTakePayment
    from shop.forks.checkout.views import PaymentDetailsView

    buyer = Buyer(goods, user)
    buyer.add("tshirt", 4)
    to_the_preview(buyer, places)
    for error in (UnableToTakePayment("no money"), RuntimeError("no wire")):
        with monkeypatch.context() as patch:
            patch.setattr(PaymentDetailsView, "handle_payment", lambda *_, error=error, **__: (_ for _ in ()).throw(error))
            assert "refused" in buyer.pay()
        assert buyer.basket().num_items == 4
    buyer.review()
    assert "paid" in buyer.pay()


def test_a_preview_is_good_for_one_order(goods, user, places):
    buyer = Buyer(goods, user)
    for _ in range(2):
        buyer.add("tshirt", 4)
        buyer.address(places["NL"])
        buyer.delivery("ddp")
        assert "look at the order" in buyer.pay()["refused"]
        buyer.review()
        assert "paid" in buyer.pay()
    assert orders().count() == 2


# ---- Logins ----


def test_a_basket_that_is_merged_at_login_is_looked_at_again(goods, user, places, engine):
    mine = Buyer(goods, user)
    mine.add("book", 1)
    guest = Buyer(goods)
    guest.add("tshirt", 4)
    to_the_preview(guest, places)
    answer = guest.browser.post(reverse("customer:login"), {"login-username": "member@example.com", "login-password": "secret", "login_submit": "Log In"})
    assert answer.status_code == 302
    assert {line.product.upc for line in guest.basket().all_lines()} == {"tshirt", "book"}
    assert "refused" in guest.pay()
    assert not orders().exists()
    guest.user = user
    to_the_preview(guest, places)
    right = due(engine.quote("NL", {"tshirt": 4, "book": 1}))
    assert Decimal(guest.pay()["paid"]) == Decimal("117.00") + right
    order = orders().get()
    # Each row of the quote belongs to a line of the order.
    assert sorted(order.frozen_quote.lines) == sorted(str(line.pk) for line in order.lines.all())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_voucher_after_the_preview(goods, user, places, engine, when):
    voucher("OFF", "10.00")
    buyer = Buyer(goods, user)
    buyer.add("tshirt", 8)
    if when == "before":
        buyer.coupon("OFF")
    to_the_preview(buyer, places)
    if when == "after":
        buyer.coupon("OFF")
    else:
        get_model("voucher", "Voucher").objects.update(end_datetime="2020-01-01T00:00:00Z")
    assert "changed" in buyer.pay()["refused"]
    buyer.review()
    discounts = [("tshirt", "10.00")] if when == "after" else []
    assert Decimal(buyer.pay()["paid"]) == Decimal("207.00") - (10 if discounts else 0) + due(engine.quote("NL", {"tshirt": 8}, discounts=discounts))


# ---- What a buyer can send ----


@pytest.mark.parametrize("shown", [None, "text", 7, [], {}, {"total": "1"}, {"total": "many", "snapshot": {}}, {"total": "1", "snapshot": {"fingerprint": "x"}}, {"total": None, "snapshot": None}])
def test_a_session_that_holds_something_else_is_no_preview(buyer, places, shown):
    buyer.add("tshirt", 4)
    to_the_preview(buyer, places)
    session = buyer.browser.session
    session[checkout._SHOWN] = shown
    session.save()
    assert "look at the order" in buyer.pay()["refused"]
    assert not orders().exists()


def test_a_session_with_another_total_is_refused(buyer, places):
    buyer.add("tshirt", 4)
    to_the_preview(buyer, places)
    session = buyer.browser.session
    session[checkout._SHOWN] = {**session[checkout._SHOWN], "total": "0.01"}
    session.save()
    assert "What is due has changed" in buyer.pay()["refused"]
    assert Session.objects.count() == 1


@pytest.mark.parametrize("code", ["standard", "standard-ddp2", "-ddp", "", "standard-ddp-ddp", "fast-ddp\x00"])
def test_a_delivery_that_is_not_offered_cannot_be_had(buyer, places, code):
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    answer = buyer.browser.post(reverse("checkout:shipping-method"), {"method_code": code})
    assert answer.status_code == 200
    assert "refused" in buyer.pay()
    # Not by the session either.
    session = buyer.browser.session
    session["checkout_data"] = {**session["checkout_data"], "shipping": {**session["checkout_data"]["shipping"], "method_code": code}}
    session.save()
    assert "refused" in buyer.pay()
    assert not orders().exists()


def test_duty_paid_that_is_withheld_cannot_be_had_by_its_code(buyer, places):
    buyer.add("surprise", 2)
    buyer.address(places["NL"])
    buyer.browser.post(reverse("checkout:shipping-method"), {"method_code": "standard-ddp"})
    session = buyer.browser.session
    session["checkout_data"] = {**session["checkout_data"], "shipping": {**session["checkout_data"]["shipping"], "method_code": "standard-ddp"}}
    session.save()
    assert "refused" in buyer.pay()
    assert not orders().exists()


def test_an_order_from_another_site_is_not_placed(goods, places):
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    to_the_preview(buyer, places)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = buyer.browser.cookies
    assert strict.post(reverse("checkout:preview"), {"action": "place_order"}).status_code == 403
    assert not orders().exists()


# ---- Clocks and currencies ----


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize("is_aware", [True, False])
def test_the_day_of_the_law_is_the_engines_and_no_clock_of_the_shop(goods, engine, configured, settings, places, zone, is_aware):
    """Two of these zones never have the same day: a shop that sent its own would be quoted by two laws."""
    settings.TIME_ZONE, settings.USE_TZ = zone, is_aware
    configured(date=None)
    before = engine.quote("NL", {"tshirt": 4}, instead={"date": None})
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    to_the_preview(buyer, places)
    buyer.pay()
    after = engine.quote("NL", {"tshirt": 4}, instead={"date": None})
    frozen = orders().get().frozen_quote
    frozen.refresh_from_db()
    assert frozen.law_of.isoformat() in (before["date"], after["date"])
    assert frozen.total in (due(before), due(after))


def test_a_buyer_who_changes_the_currency_is_not_charged_yen_as_euros(goods, engine, settings, places):
    """Oscar keeps the currency of a line and asks for its price anew."""
    settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    buyer = Buyer(goods)
    buyer.add("toy", 9)
    to_the_preview(buyer, places)
    settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    page = buyer.browser.get(reverse("checkout:shipping-method"))
    assert page.status_code == 302
    assert "in another currency" in buyer._says(page)
    assert "refused" in buyer.pay()
    assert not orders().exists()
    assert engine.calls == 2
    settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    buyer.review()
    assert "paid" in buyer.pay()


# ---- Goods that are no parcels ----


def downloads(goods):
    kind = get_model("catalogue", "ProductClass").objects.create(name="Downloads", requires_shipping=False, track_stock=False)
    goods["book"].product_class = kind
    goods["book"].save()


def test_downloads_beside_goods_are_not_asked_about(goods, engine, settings, places):
    settings.SHOP_DEFERS_TAX = False
    downloads(goods)
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    buyer.add("book", 2)
    to_the_preview(buyer, places)
    right = due(engine.quote("NL", {"tshirt": 4}))
    assert Decimal(buyer.pay()["paid"]) == Decimal("127.00") + right
    order = orders().get()
    assert list(order.frozen_quote.lines) == [str(order.lines.get(product=goods["tshirt"]).pk)]


def test_the_tax_of_a_download_that_nobody_said_is_no_zero(goods, settings, places):
    """With deferred tax a shop must say it in build_submission: until then the order is not sold, and nothing breaks."""
    settings.SHOP_DEFERS_TAX = True
    downloads(goods)
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    buyer.add("book", 2)
    buyer.address(places["NL"])
    buyer.delivery("ddp")
    assert buyer.browser.get(reverse("checkout:preview")).status_code == 200
    assert "tax on some of these goods is not known" in buyer.pay()["refused"]
    assert not orders().exists()


# ---- Many at once ----


@pytest.mark.django_db(transaction=True)
def test_pages_at_the_same_time_share_one_question(goods, engine, places):
    """Eight windows of one basket: the engine is asked once for each delivery."""
    from oscar_tidewaiter.engine import client

    engine.tell(mode="delay", delay_ms=300)
    question = {"terms": "ddp", "lines": ["1"], "consignment": {"to": "NL", "from": "CN", "currency": "EUR", "items": [{"code": "6109.10", "origin": "CN", "quantity": 1, "price": "25.00"}]}}
    answers = []
    threads = [threading.Thread(target=lambda: (answers.append(client().quote(question)), connections.close_all())) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(answers) == 8
    assert engine.calls == 1


def test_each_page_of_the_checkout_asks_at_most_once_for_each_delivery(buyer, engine, places):
    buyer.add("tshirt", 4)
    counted = {}
    buyer.address(places["NL"])
    for page in ("basket:summary", "checkout:shipping-address", "checkout:shipping-method"):
        engine.tell(calls=0)
        buyer.browser.get(reverse(page))
        counted[page] = engine.calls
    buyer.delivery("ddp")
    for page in ("checkout:payment-method", "checkout:payment-details", "checkout:preview", "checkout:preview"):
        engine.tell(calls=0)
        buyer.browser.get(reverse(page), follow=True)
        counted[page] = engine.calls
    engine.tell(calls=0)
    assert "paid" in buyer.pay()
    # Two deliveries, each asked about once, on the first page after the address; never on the page of the basket.
    assert sum(counted.values()) == 2
    assert counted["basket:summary"] == counted["checkout:preview"] == engine.calls == 0
