"""Fingerprints: the same as in Node, and of the basket alone."""

import json
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import CONFORMANCE, basket
from tidewaiter_client import DocumentError, canonical, decimals, fingerprint, shown
from tidewaiter_client import _decimal as decimal
from tidewaiter_client._places import PARTS

VECTORS = json.loads((CONFORMANCE / "fingerprints.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector):
    assert canonical({"version": 1, **vector["basket"]}) == vector["canonical"]
    assert fingerprint(vector["basket"]) == vector["sha256"]


def shuffled(value, chance):
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    chance.shuffle(keys)
    return {key: shuffled(value[key], chance) for key in keys}


def test_the_order_of_keys_does_not_count():
    chance = random.Random(3)
    for vector in VECTORS:
        for _ in range(20):
            assert fingerprint(shuffled(vector["basket"], chance)) == vector["sha256"]


def test_a_decimal_is_the_string_that_it_stands_for():
    held = basket(freight=Decimal("7.00"))
    assert fingerprint(held) == fingerprint(basket(freight="7.00"))
    assert canonical(Decimal("1E+3")) == '"1000"'


@pytest.mark.parametrize("wrong", [12.5, float("nan"), Decimal("NaN"), 2**53, {1: 2}, object(), {"a": {1, 2}}])
def test_what_a_document_cannot_hold(wrong):
    with pytest.raises(DocumentError):
        canonical({"items": [{"price": wrong}]})


@pytest.mark.parametrize("wrong", ["", ".5", "1.", "1e3", " 1", "1\n", "1,5", "1.0000000000001", "NaN", "١", None, 1.5, 1])
def test_no_decimal(wrong):
    with pytest.raises(ValueError):
        decimal.parse(wrong)


def test_parts_add_up():
    chance = random.Random(2)
    for _ in range(3000):
        unit = decimal.step(chance.choice([0, 2, 3]))
        amount = chance.randint(0, 100_000_000) * unit
        weights = [chance.choice([0, 1, chance.randint(0, 5), chance.randint(0, 1_000_000)]) for _ in range(chance.randint(1, 9))]
        parts = decimal.apportion(amount, weights, unit)
        assert sum(parts) == amount
        if whole := sum(weights):
            assert all(abs(part * whole - amount * weight) < unit * whole for part, weight in zip(parts, weights))


def test_of_equal_remainders_the_first_gets_the_step():
    cent = decimal.step(2)
    assert decimal.apportion(cent, [1, 1], cent) == [cent, 0]
    assert decimal.apportion(2 * cent, [1, 1, 1], cent) == [cent, cent, 0]


def test_every_currency_has_the_smallest_unit_of_the_world_table():
    table = (Path(__file__).resolve().parents[3] / "data" / "currencies.toml").read_text()
    rows = re.findall(r'^code = "([A-Z]{3})"\nname = .*\nminor = (\d)$', table, re.M)
    assert len(rows) > 150
    for code, minor in rows:
        assert decimals(code) == int(minor), code


@pytest.mark.parametrize(("amount", "currency", "text"), [
    ("21.4", "EUR", "21.40"), (Decimal("21.4"), "EUR", "21.40"), (Decimal(0), "EUR", "0.00"), ("12", "JPY", "12"), ("3", "KWD", "3.000"),
    ("3.1250", "EUR", "3.125"), (Decimal("0.5"), "JPY", "0.5"), (Decimal("-7.1"), "EUR", "-7.10"), (Decimal("1E+3"), "EUR", "1000.00"),
])
def test_an_amount_is_shown_with_the_decimals_of_its_currency(amount, currency, text):
    assert shown(amount, currency) == text


def test_the_places_where_a_postcode_moves_the_destination_are_those_of_the_world_table():
    table = (Path(__file__).resolve().parents[3] / "data" / "territories.toml").read_text()
    rows = [(re.search(r'^part_of = "(.*)"$', row, re.M), re.search(r'^code = "(.*)"$', row, re.M)) for row in table.split("[[territory]]")]
    right = {(state[1], code[1]) for state, code in rows if state and code}
    assert len(right) > 50
    assert {(state, place) for state, places in PARTS.items() for place in places.split()} == right
