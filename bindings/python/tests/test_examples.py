"""The worked examples of the data, through Python: the same figures, and the same bytes as the command prints."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tidewaiter
from conftest import examples, run

EXAMPLES = dict(examples())


def with_python_values(value: Any, name: str = "") -> Any:
    """The question as a Python program asks it: Decimal for amounts, dates for days."""
    if isinstance(value, dict):
        return {key: with_python_values(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_python_values(inner, name) for inner in value]
    if name in {"date", "known_at"}:
        return date.fromisoformat(value)
    amounts = {"price", "freight", "inland_freight", "insurance", "packing", "discount", "carrier_fee", "weight_kg", "quantity", "rate", "goods"}
    return Decimal(value) if name in amounts else value


def span(wanted: str | dict[str, str]) -> tuple[Decimal, Decimal | None]:
    """The least and most of an expected figure."""
    if isinstance(wanted, str):
        return Decimal(wanted), Decimal(wanted)
    return Decimal(wanted["least"]), Decimal(wanted["most"]) if "most" in wanted else None


def ends(total: dict[str, Any], asked: str = "") -> tuple[Decimal, Decimal | None]:
    assert isinstance(total["least" + asked], Decimal)
    return total["least" + asked], total.get("most" + asked)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 1000


@pytest.mark.parametrize("form", ["as written", "with Python values"])
def test_figures(form: str) -> None:
    wrong: list[str] = []
    compared = 0
    for name, example in EXAMPLES.items():
        asked = example["consignment"] if form == "as written" else with_python_values(example["consignment"])
        answer = tidewaiter.quote(asked)
        expected = example["expect"]

        def compare(what: str, wanted: object, got: object) -> None:
            nonlocal compared
            compared += 1
            if wanted != got:
                wrong.append(f"{name}: {what}: expected {wanted}, got {got}")

        compare("outcome", expected["outcome"], answer["outcome"])
        charges = {charge["key"]: charge["sum"] for charge in answer["charges"]}
        for key, wanted in expected.get("charges", {}).items():
            if wanted == "none":
                compare(key, None, charges.get(key))
            elif wanted == "unknown":
                compare(key, None, charges.get(key, {}).get("most"))
            else:
                compare(key, span(wanted), ends(charges[key]))
        if "total" in expected:
            compare("total", span(expected["total"]), ends(answer["total"]))
        if "total_asked" in expected:
            compare("total asked", span(expected["total_asked"]), ends(answer["total"], "_asked"))
        for who in ("seller", "border"):
            if who in expected:
                compare(who, span(expected[who]), ends(answer["terms"][who]))
        if "asks" in expected:
            compare("asks", expected["asks"], [missing["fact"] for missing in answer.get("missing", [])])
        if "saves" in expected:
            saves = {one.get("program", ""): one["saves"] for one in answer.get("savings", [])}
            compare("saves", {program: Decimal(saved) for program, saved in expected["saves"].items()}, saves)
    assert wrong == []
    assert compared > 3 * len(EXAMPLES)


def test_bytes(command: Path, tmp_path: Path) -> None:
    """`quote_json` gives what `tidewaiter quote FILE --json` prints, to the byte."""

    def differs(numbered: tuple[int, dict[str, Any]]) -> bool:
        number, example = numbered
        text = json.dumps(example["consignment"], ensure_ascii=False)
        file = tmp_path / f"{number}.json"
        file.write_text(text, encoding="utf-8")
        return run(command, "quote", file, "--json") != tidewaiter.quote_json(text).encode()

    with ThreadPoolExecutor(4) as threads:
        different = list(threads.map(differs, enumerate(EXAMPLES.values())))
    assert [name for name, is_different in zip(EXAMPLES, different, strict=True) if is_different] == []


def test_words_without_a_code(command: Path, tmp_path: Path) -> None:
    """Where the command adds goods codes suggested from words, the answer beside them is ours."""
    question = {"from": "CN", "to": "US", "date": "2026-11-21", "currency": "USD", "channel": "post", "items": [{"description": "porcelain mug", "origin": "CN", "price": "12.50"}]}
    file = tmp_path / "question.json"
    file.write_text(json.dumps(question))
    printed = json.loads(run(command, "quote", file, "--json"))
    assert list(printed) == ["quote", "goods_code_suggestions"]
    ours = tidewaiter.quote_json(json.dumps(question))
    # In the same order too.
    assert json.dumps(printed["quote"]) == json.dumps(json.loads(ours))
    suggested = [one["code"] for one in printed["goods_code_suggestions"]["items"][0]["codes"]]
    assert suggested[0] in [one["code"] for one in tidewaiter.find_code("porcelain mug", most=10)["codes"]]


def test_the_object_is_the_json() -> None:
    """The object says what the text says, with Decimal in the place of amounts and nothing else changed."""

    def as_text(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: as_text(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [as_text(inner) for inner in value]
        return format(value, "f") if isinstance(value, Decimal) else value

    for name, example in list(EXAMPLES.items())[::10]:
        text = tidewaiter.quote_json(json.dumps(example["consignment"]), steps=True)
        answer = tidewaiter.quote(example["consignment"], steps=True)
        assert as_text(answer) == json.loads(text), name
        assert answer["steps"], name
