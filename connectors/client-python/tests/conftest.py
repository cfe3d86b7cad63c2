"""What the tests share: quotes made up, engines that do what they are told, and the scripted engine of the conformance suite."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from tidewaiter_client import Client, EngineFailure

HERE = Path(__file__).resolve().parent
CONFORMANCE = HERE.parent.parent / "conformance"


def money(units: int, decimals: int) -> str:
    digits = str(units).rjust(decimals + 1, "0")
    if decimals == 0:
        return digits
    return f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".")


def exact_quote(charges, currency="EUR", decimals=2, items=1, asked=None):
    """An exact quote from a list of (key, kind, collect, parts in smallest units); `asked` gives other units of the checkout."""

    def one(units, units_asked):
        amount, amount_asked = money(units, decimals), money(units_asked, decimals)
        return {"least": amount, "most": amount, "least_asked": amount_asked, "most_asked": amount_asked}

    in_checkout = [sum(parts) if asked is None else asked[at] for at, (_, _, _, parts) in enumerate(charges)]
    own = [sum(parts) for *_, parts in charges]
    total, seller = ([sum(units for units, charge in zip(some, charges) if charge[2] in sides) for some in (own, in_checkout)] for sides in (("seller", "border", "carrier"), ("seller",)))
    amounts = [one(*units) for units in (total, seller, [both - some for both, some in zip(total, seller)])]
    rows = []
    for (key, kind, collect, parts), units in zip(charges, in_checkout):
        least, least_asked = money(sum(parts), decimals), money(units, decimals)
        rows.append({
            "key": key, "name": f"Charge {key}", "kind": kind, "authority": "government",
            "sum": {"least": least, "most": least, "least_asked": least_asked, "most_asked": least_asked},
            "treatments": [{"name": "rule", "base_rule": "goods", "amount": least, "collect": collect, "cites": []}],
        })
    return copy.deepcopy({
        "version": 1, "outcome": "amount", "to": "NL", "to_name": "Netherlands", "date": "2026-11-20", "currency": currency,
        "asked_currency": currency, "goods": "0", "shipping": "0", "total": amounts[0], "landed": {"least": "0", "most": "0"},
        "terms": {"seller": amounts[1], "border": amounts[2], "checkout_ddp": amounts[0], "checkout_dap": amounts[1], "on_delivery_dap": amounts[2]},
        "charges": rows,
        "items": [{"value": "0", "charges": [{"key": key, "amount": money(parts[at], decimals)} for key, _, _, parts in charges]} for at in range(items)],
        "sources": [], "editions": [{"authority": "unofficial", "number": 1, "sha256": "ab"}], "ratebook": "cafe",
    })


def plain_quote():
    """12.00 of duty at the border and 21.00 of tax, collected by the seller."""
    return exact_quote([("q.duty", "duty", "border", [1200]), ("q.tax", "vat", "seller", [2100])])


def basket(lines=("a",), terms="ddp", **fields):
    consignment = {"from": "CN", "to": "NL", "date": "2026-11-20", "currency": "EUR", **fields}
    consignment.setdefault("items", [{"code": "6109.10", "origin": "CN", "quantity": 4, "price": "25.00"} for _ in lines])
    return {"terms": terms, "lines": list(lines), "consignment": consignment}


def random_case(seed: int):
    chance = random.Random(seed)
    currency, decimals = chance.choice([("EUR", 2), ("JPY", 0), ("KWD", 3), ("USD", 2)])
    items = chance.randint(1, 7)
    charges = [
        (f"q.{at}", chance.choice(["duty", "additional-duty", "vat", "gst", "excise", "fee"]), chance.choice(["border", "seller", "carrier"]),
         [chance.choice([0, chance.randint(0, 3), chance.randint(0, 10_000_000)]) for _ in range(items)])
        for at in range(chance.randint(1, 5))
    ]
    asked = [chance.randint(0, 20_000_000) if any(parts) else 0 for *_, parts in charges]
    goods = [{"code": "6109.10", "origin": "CN", "price": "1", "quantity": chance.randint(1, 12)} for _ in range(items)]
    held = basket([f"line-{at}" for at in range(items)], chance.choice(["ddp", "dap"]), currency=currency, items=goods)
    return exact_quote(charges, currency, decimals, items, asked), held, chance


class Told:
    """An engine that does what it is told, and counts."""

    name = "told"

    def __init__(self, does="answer"):
        self.does, self.calls, self._lock = does, 0, threading.Lock()

    def quote(self, consignment, deadline):
        with self._lock:
            self.calls += 1
        if self.does == "hang":
            time.sleep(3)
        if self.does == "wait":
            time.sleep(0.1)
        if isinstance(self.does, Exception):
            raise self.does
        return plain_quote() if not isinstance(self.does, dict) else copy.deepcopy(self.does)


class Clock:
    def __init__(self):
        self.ms = 1_795_168_800_000

    def __call__(self):
        return self.ms


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def engine():
    return Told()


@pytest.fixture
def client(engine, clock):
    return Client([engine], timeout_ms=10_000, now=clock)


def failure(why, **rest):
    return EngineFailure(why, **rest)


class Scripted:
    """The scripted engine: the real program behind a door that can be told to misbehave."""

    def __init__(self, engine, control, real):
        self.engine, self.control, self.real = engine, control, real

    def set(self, **wanted):
        request = urllib.request.Request(self.control, json.dumps(wanted).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def calls(self):
        with urllib.request.urlopen(self.control, timeout=10) as answer:
            return json.load(answer)["calls"]


@pytest.fixture(scope="session")
def _scripted():
    program = os.environ.get("TIDEWAITER_BIN")
    assert program, "TIDEWAITER_BIN is not set: it names the built program, as in target/debug/tidewaiter"
    process = subprocess.Popen(
        ["node", str(CONFORMANCE / "engine.mjs"), "--bin", program, "--while-input"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Scripted(**json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def scripted(_scripted):
    _scripted.set(mode="pass", calls=0)
    yield _scripted
    _scripted.set(mode="pass")
