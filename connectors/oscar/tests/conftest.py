"""The real engine behind the scripted one of the conformance suite, and a shop with the goods of its table."""

import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

CONFORMANCE = Path(__file__).parents[2] / "conformance"


class Engine:
    """`address` is what the shop asks; `tell` says what happens there; `quote` asks the real one, past the shop."""

    def __init__(self, said):
        self.address, self._control, self._real = said["engine"], said["control"], said["real"]

    def tell(self, **wanted):
        _post(self._control, wanted)

    @property
    def calls(self):
        with urlopen(self._control, timeout=10) as answer:
            return json.load(answer)["calls"]

    def quote(self, to, goods, *, currency="EUR", speed="standard", registrations=(), discounts=(), **more):
        """The quote for goods of the table, written from the table and not by the code under test."""
        table = settings.TABLE
        items = []
        for key, quantity in goods.items():
            good = table["goods"][key]
            item = {**({"code": good["code"]} if "code" in good else {}), "origin": good["origin"], "weight_kg": good["weight_kg"], "quantity": quantity, "price": good["price"][currency]}
            items.append({**item, **({"discount": dict(discounts)[key]} if key in dict(discounts) else {})})
        place = table["places"][to]
        question = {**table["settings"], "to": place["to"], "currency": currency, "seller": {"registrations": list(registrations)}, "items": items}
        if "region" in place:
            question["region"] = place["region"]
        if speed:
            question["freight"] = table["shipping"][speed][currency]
        question.update(more.pop("instead", {}), **more)
        question = {name: value for name, value in question.items() if value is not None}
        return _post(f"{self._real}/v1/quotes", question)

    def document(self, path):
        with urlopen(f"{self._real}{path}", timeout=20) as answer:
            return json.load(answer)

    def economy(self, market):
        with urlopen(f"{self._real}/v1/economies/{market}", timeout=20) as answer:
            return json.load(answer)

    def codes(self, words):
        """What the real engine takes words for."""
        with urlopen(f"{self._real}/v1/goods-codes?{urlencode({'q': words, 'most': 3})}", timeout=20) as answer:
            return json.load(answer, parse_float=Decimal)["codes"]


def _post(address, document):
    request = Request(address, json.dumps(document).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)


@pytest.fixture(scope="session")
def _engine():
    program = os.environ.get("TIDEWAITER_BIN")
    assert program, "TIDEWAITER_BIN names no program; connectors/oscar/test sets it"
    # It ends when our end of its input closes, also where we are killed.
    child = subprocess.Popen(["node", str(CONFORMANCE / "engine.mjs"), "--bin", program, "--while-input"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Engine(json.loads(child.stdout.readline()))
    finally:
        child.stdin.close()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
        child.stdout.close()


@pytest.fixture
def engine(_engine):
    _engine.tell(mode="pass", calls=0)
    yield _engine
    _engine.tell(mode="pass")


@pytest.fixture
def configured(settings, engine):
    """Changes the table of settings; the client with its caches begins anew."""

    def change(**wanted):
        # A machine that has much to do is no engine that hangs; tests about time say `client={}`.
        now = {**settings.OSCAR_TIDEWAITER, "engine": engine.address, "client": {"timeout_ms": 10_000}, **wanted}
        settings.OSCAR_TIDEWAITER = {name: value for name, value in now.items() if value is not None}

    change()
    return change


@pytest.fixture
def goods(db, configured):
    from shop.seed import seed

    return seed()


@pytest.fixture
def buyer(goods):
    from shop.buyer import Buyer

    return Buyer(goods)


@pytest.fixture
def places():
    return settings.TABLE["places"]


@pytest.fixture
def clerk(db, client, django_user_model):
    """A browser of somebody who works in the shop."""
    user = django_user_model.objects.create_user("clerk", "clerk@example.com", "secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_order", "change_order", "view_product", "change_product"]))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sold(buyer, places):
    """Sells goods, and gives the order."""

    def sell(to="NL", goods=None, terms="ddp"):
        for good, quantity in (goods or {"tshirt": 4}).items():
            buyer.add(good, quantity)
        buyer.address(places[to])
        assert buyer.delivery(terms) == {}
        buyer.review()
        assert "paid" in buyer.pay()
        return buyer.order()

    return sell


def due(quote, terms="ddp"):
    one = quote["terms"][f"checkout_{terms}"]
    assert one["least_asked"] == one["most_asked"], "the test wants an amount"
    return Decimal(one["least_asked"])
