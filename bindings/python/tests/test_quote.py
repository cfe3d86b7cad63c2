"""One question: what may be given, what is refused and how, and that amounts stay exact."""

from __future__ import annotations

import copy
import json
import pickle
from collections import OrderedDict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy
import pytest
import tidewaiter
from hypothesis import given, settings
from hypothesis import strategies as st

SHIRTS: dict[str, Any] = {
    "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "channel": "post", "freight": "4.90",
    "items": [{"code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50"}],
}  # fmt: skip


def asked(**changes: Any) -> dict[str, Any]:
    """The question with other fields; those of the item begin with `item_`."""
    question = copy.deepcopy(SHIRTS)
    for name, value in changes.items():
        if name.startswith("item_"):
            question["items"][0][name.removeprefix("item_")] = value
        else:
            question[name] = value
    return question


def refused(question: Any, field: str) -> tidewaiter.Problem:
    """The one problem of a question."""
    with pytest.raises(tidewaiter.QuestionError) as caught:
        tidewaiter.quote(question)
    assert isinstance(caught.value, ValueError)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert caught.value.problems[0].message in str(caught.value)
    return caught.value.problems[0]


def test_amounts_are_decimals() -> None:
    answer = tidewaiter.quote(SHIRTS)
    assert answer["outcome"] == "amount"
    assert type(answer["total"]["least"]) is Decimal
    assert type(answer["goods"]) is Decimal
    assert answer["goods"] == Decimal("25")
    assert sum(charge["sum"]["least"] for charge in answer["charges"]) == answer["total"]["least"]


@pytest.mark.parametrize(
    "same",
    [
        asked(item_price=Decimal("12.50")),
        asked(item_price=Decimal("1250E-2")),
        asked(item_quantity=numpy.int64(2)),
        asked(item_quantity=Decimal(2)),
        asked(item_quantity="2"),
        asked(date=date(2026, 11, 21)),
        asked(region=None, item_weight_kg=None),
        OrderedDict(asked()),
        MappingProxyType(asked()),
        asked(items=tuple(SHIRTS["items"])),
    ],
    ids=str,
)
def test_forms_of_the_same_question(same: Any) -> None:
    assert tidewaiter.quote(same) == tidewaiter.quote(SHIRTS)


@pytest.mark.parametrize("price", [12.5, float("nan"), float("inf"), -0.0, 1e300, numpy.float64(12.5), numpy.float32(12.5)])
def test_floats_are_refused(price: object) -> None:
    problem = refused(asked(item_price=price), "items[0].price")
    assert "binary fraction" in problem.message and "Decimal" in problem.message


@pytest.mark.parametrize(
    "price",
    [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+1000000"), Decimal("1E-1000000"), Decimal("0.0000000000001"),
     10**40, 2**200, -1, Decimal("-0.01"), "12,50", "1e3", "", "twelve", True, None, b"12.5", Fraction(1, 3), object(), {}, [], 1j, lambda: 1],
    ids=repr,
)  # fmt: skip
def test_prices_that_are_none(price: object) -> None:
    problem = refused(asked(item_price=price), "items[0].price")
    assert problem.message


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (asked(prise="1"), "prise"),
        (asked(item_prise="1"), "items[0].prise"),
        (asked(to="Q9"), "to"),
        (asked(to=7), "to"),
        (asked(currency="XXX1"), "currency"),
        (asked(date="21.11.2026"), "date"),
        (asked(date=datetime(2026, 11, 21, 12)), "date"),
        (asked(channel="pigeon"), "channel"),
        (asked(items="none"), "items"),
        (asked(items=[]), "items"),
        (asked(items=[None]), "items[0]"),
        (asked(to="\ud800"), "to"),
        (asked(item_code="610"), "items[0].code"),
        (asked(item_quantity=0), "items[0].quantity"),
        (asked(item_quantity=10**10), "items[0].quantity"),
        ([], ""),
        ("question", ""),
        (None, ""),
        (12.5, ""),
    ],
    ids=str,
)
def test_wrong_fields_are_named(question: Any, field: str) -> None:
    refused(question, field)


def test_missing_fields_are_named() -> None:
    for name in ("to", "currency", "items"):
        question = asked()
        del question[name]
        with pytest.raises(tidewaiter.QuestionError, match=f"missing field `{name}`"):
            tidewaiter.quote(question)
    question = asked()
    del question["items"][0]["price"]
    with pytest.raises(tidewaiter.QuestionError, match="missing field `price`"):
        tidewaiter.quote(question)


def test_every_problem_is_told() -> None:
    question = asked(freight=4.9, item_price=12.5, item_quantity=1.0)
    with pytest.raises(tidewaiter.QuestionError) as caught:
        tidewaiter.quote(question)
    assert {problem.field for problem in caught.value.problems} == {"freight", "items[0].price", "items[0].quantity"}
    question = asked(to="Q9", item_code="1", currency="XQQ")
    with pytest.raises(tidewaiter.QuestionError) as caught:
        tidewaiter.quote(question)
    assert {problem.field for problem in caught.value.problems} == {"to", "items[0].code", "currency"}


def test_names_of_fields_are_text() -> None:
    with pytest.raises(tidewaiter.QuestionError, match="names of fields are text"):
        tidewaiter.quote({**SHIRTS, 7: "x"})  # type: ignore[dict-item]


def test_a_question_within_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(tidewaiter.QuestionError, match="nested too deeply"):
        tidewaiter.quote(asked(items=endless))


def test_an_error_of_a_mapping_is_its_own() -> None:
    class Broken(dict):  # type: ignore[type-arg]
        def items(self) -> Any:
            raise RuntimeError("the mapping is broken")

    with pytest.raises(RuntimeError, match="the mapping is broken"):
        tidewaiter.quote(Broken(SHIRTS))


def test_errors_can_be_pickled() -> None:
    with pytest.raises(tidewaiter.QuestionError) as caught:
        tidewaiter.quote(asked(to="Q9", item_price=12.5))
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is tidewaiter.QuestionError
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)
    assert type(again.problems[0]) is tidewaiter.Problem


def test_a_gap_is_a_range_and_a_question() -> None:
    question = asked()
    del question["channel"]
    answer = tidewaiter.quote(question)
    assert answer["outcome"] == "range"
    assert answer["total"]["least"] < answer["total"]["most"]
    assert "channel" in [missing["fact"] for missing in answer["missing"]]


def test_today_is_taken_where_there_is_no_date() -> None:
    question = asked()
    del question["date"]
    assert tidewaiter.quote(question)["date"] == datetime.now().astimezone().astimezone(tz=__import__("datetime").timezone.utc).date().isoformat()


def test_json_that_is_wrong() -> None:
    for text in ("", "{", "[]", "nul", json.dumps(SHIRTS) + "x", json.dumps(asked(item_price=12.5)), "\x00", "[" * 100_000):
        with pytest.raises(tidewaiter.QuestionError):
            tidewaiter.quote_json(text)
    with pytest.raises(ValueError):
        tidewaiter.quote_json("\ud800")
    with pytest.raises(TypeError):
        tidewaiter.quote_json(json.dumps(SHIRTS).encode())  # type: ignore[arg-type]


def test_control_characters_are_written_as_numbers() -> None:
    text = tidewaiter.quote_json(json.dumps(asked(item_description="shirt\u202e\x9b31m")))
    assert "\\u202e" in text and "\\u009b" in text and text.isprintable() is False
    assert json.loads(text)["items"][0]["description"] == "shirt\u202e\x9b31m"


# Amounts that the document allows: up to twelve places, and small enough that sums stay within its bounds.
amounts = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=12)


@settings(max_examples=200, deadline=None)
@given(price=amounts, quantity=st.integers(1, 1000), freight=amounts)
def test_amounts_stay_exact(price: Decimal, quantity: int, freight: Decimal) -> None:
    question = asked(item_price=price, item_quantity=quantity, freight=freight, rates=[], to="CH", currency="CHF")
    try:
        answer = tidewaiter.quote(question)
    except tidewaiter.QuestionError as error:
        # Only what is too large in all may be refused.
        assert "large" in str(error), error
        return
    import decimal

    with decimal.localcontext() as context:
        context.prec = 60
        assert answer["goods"] == price * quantity
        assert answer["shipping"] == freight
        text = json.loads(tidewaiter.quote_json(json.dumps(asked(
            item_price=format(price, "f"), item_quantity=quantity, freight=format(freight, "f"), rates=[], to="CH", currency="CHF"
        ))))  # fmt: skip
        assert Decimal(text["total"]["least"]) == answer["total"]["least"]
        if answer["outcome"] == "amount":
            assert sum(charge["sum"]["least"] for charge in answer["charges"]) == answer["total"]["least"]
            parts = answer["terms"]["seller"]["least"] + answer["terms"]["border"]["least"]
            assert parts == answer["total"]["least"]


@settings(max_examples=300, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["to", "items", "currency", "price"]), inner),
))  # fmt: skip
def test_whatever_is_given_is_answered_or_refused(value: Any) -> None:
    for question in (value, asked(items=value), asked(item_price=value), asked(facts=value)):
        try:
            assert tidewaiter.quote(question)["version"] == 1
        except tidewaiter.QuestionError as error:
            assert error.problems
