"""The real engine, killed in mid-checkout, restarted at the same address, and slow: the shop talks to it with nothing between."""

import os
import select
import signal
import socket
import subprocess
import time
from decimal import Decimal

import pytest
from conftest import Engine, due
from oscar.core.loading import get_model
from shop.buyer import Buyer

START_LIMIT_SECONDS = 60


class RealEngine:
    """`tidewaiter serve` as a process of its own, at one address through all its lives."""

    def __init__(self):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._child = None

    def start(self):
        self._child = subprocess.Popen([os.environ["TIDEWAITER_BIN"], "serve", "--listen", f"127.0.0.1:{self.port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ready, _, _ = select.select([self._child.stdout], [], [], START_LIMIT_SECONDS)
        assert ready and self.address.encode() in self._child.stdout.readline(), "the engine did not start"

    def kill(self):
        """At once and without a word, as when the machine goes down."""
        self._child.send_signal(signal.SIGKILL)
        assert self._child.wait(20) == -signal.SIGKILL
        self._child.stdout.close()
        self._child = None

    def freeze(self):
        self._child.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._child.send_signal(signal.SIGCONT)

    def end(self):
        if self._child is not None:
            self.kill()


@pytest.fixture
def alone():
    real = RealEngine()
    try:
        real.start()
        yield real
    finally:
        real.end()


@pytest.fixture
def asks(alone):
    """The engine itself, asked past the shop."""
    return Engine({"engine": alone.address, "control": alone.address, "real": alone.address})


PATIENT = {"timeout_ms": 10_000, "breaker_open_ms": 300}


def test_the_engine_is_killed_in_mid_checkout_and_what_was_shown_is_paid(goods, configured, alone, asks, places):
    configured(engine=alone.address, policy="closed", client=PATIENT)
    right = due(asks.quote("NL", {"tshirt": 4}))
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    assert buyer.delivery("ddp") == {}
    shown = buyer.review()
    alone.kill()
    paid = Decimal(buyer.pay()["paid"])
    assert paid == Decimal(shown["total"]) == Decimal("107.00") + right
    assert buyer.order().frozen_quote.state == "quoted"


def test_the_engine_is_killed_the_basket_changes_and_the_engine_comes_back(goods, configured, alone, asks, places):
    configured(engine=alone.address, policy="closed", client=PATIENT)
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    buyer.delivery("ddp")
    buyer.review()
    alone.kill()
    buyer.quantity("tshirt", 8)
    away = buyer.review()
    assert "ddp" not in away["offered"]
    assert away["charges"] == []
    assert away["notice"]
    assert "refused" in buyer.pay()
    assert not get_model("order", "Order").objects.exists()
    alone.start()
    time.sleep(PATIENT["breaker_open_ms"] / 1000)
    assert buyer.delivery("ddp") == {}
    buyer.review()
    assert Decimal(buyer.pay()["paid"]) == Decimal("207.00") + due(asks.quote("NL", {"tshirt": 8}))


def test_the_last_answer_holds_where_the_shop_wants_it(goods, configured, alone, asks, places):
    configured(engine=alone.address, policy="last-known", client={**PATIENT, "cache_ms": 0})
    right = due(asks.quote("NL", {"tshirt": 4}))
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    buyer.delivery("ddp")
    buyer.review()
    alone.kill()
    seen = buyer.review()
    assert seen["state"] == "stale"
    assert "last answer" in seen["notice"]
    assert Decimal(buyer.pay()["paid"]) == Decimal("107.00") + right
    assert buyer.order().frozen_quote.state == "stale"


def test_an_engine_that_stands_still_costs_one_time_limit_and_then_goes_on(goods, configured, alone, asks, places):
    """Stopped by the system it takes connections and says nothing: the worst kind of slow."""
    configured(engine=alone.address, policy="open", client={"breaker_open_ms": 300})
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    alone.freeze()
    start = time.monotonic()
    buyer.address(places["NL"])
    assert "refused" in buyer.delivery("ddp")
    assert buyer.delivery("dap") == {}
    assert time.monotonic() - start < 4
    assert "could not be computed" in buyer.review()["notice"]
    alone.thaw()
    configured(engine=alone.address, policy="open", client=PATIENT)
    assert buyer.delivery("ddp") == {}
    assert buyer.review()["state"] == "quoted"
    assert Decimal(buyer.pay()["paid"]) == Decimal("107.00") + due(asks.quote("NL", {"tshirt": 4}))
