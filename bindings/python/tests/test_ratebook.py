"""Ratebooks, and goods codes from words."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import tidewaiter
from conftest import REPOSITORY, run
from test_quote import SHIRTS


def test_the_embedded_one_is_that_of_the_command(command: Path) -> None:
    ratebook = tidewaiter.Ratebook.embedded()
    printed = json.loads(run(command, "quote", "--to", "FR", "--currency", "EUR", "--item", "mug,6912,1,5", "--json"))
    assert ratebook.fingerprint == printed["ratebook"]
    assert tidewaiter.quote(SHIRTS, ratebook=ratebook) == tidewaiter.quote(SHIRTS)


def test_economies_are_those_of_the_command(command: Path) -> None:
    ratebook = tidewaiter.Ratebook.embedded()
    printed = json.loads(run(command, "economies", "--date", "2026-11-21", "--json"), parse_float=Decimal)
    told = ratebook.economies(date(2026, 11, 21))
    assert [one["code"] for one in told] == [one["code"] for one in printed]
    assert told == ratebook.economies("2026-11-21")
    for one, other in zip(told, printed, strict=True):
        rates = [rate["percent"] for rate in one["standard_rates"]]
        assert all(isinstance(rate, Decimal) for rate in rates)
        assert rates == [Decimal(rate["percent"]) for rate in other["standard_rates"]]
    assert ratebook.economies()
    assert ratebook.economy("FR")["charges"]
    with pytest.raises(tidewaiter.QuestionError) as caught:
        ratebook.economy("Q9")
    assert caught.value.problems[0][:2] == ("code", "Q9")
    for wrong in ("yesterday", 7, 1.5):
        with pytest.raises(tidewaiter.QuestionError):
            ratebook.economies(wrong)  # type: ignore[arg-type]


def test_a_file(command: Path, tmp_path: Path) -> None:
    file = tmp_path / "rates.twrb"
    run(command, "ratebook", "build", REPOSITORY / "data", "-o", file, codes=(0,))
    opened = tidewaiter.Ratebook.open(file)
    assert opened.fingerprint == json.loads(run(command, "quote", "--ratebook", file, "--to", "FR", "--currency", "EUR", "--item", "mug,6912,1,5", "--json"))["ratebook"]
    answer = tidewaiter.quote(SHIRTS, ratebook=opened)
    assert answer["ratebook"] == opened.fingerprint
    assert answer["total"] == tidewaiter.quote(SHIRTS)["total"]
    assert "rates.twrb" in repr(opened) and "embedded" in repr(tidewaiter.Ratebook.embedded())
    # One changed byte is found.
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "damaged.twrb").write_bytes(damaged)
    with pytest.raises(tidewaiter.RatebookError) as caught:
        tidewaiter.Ratebook.open(str(tmp_path / "damaged.twrb"))
    assert caught.value.problems[0].field == "path"


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("no ratebook")
    for path in (tmp_path / "empty", tmp_path / "text", tmp_path / "absent", tmp_path):
        with pytest.raises(tidewaiter.RatebookError) as caught:
            tidewaiter.Ratebook.open(path)
        assert str(path) in str(caught.value)


def test_codes_from_words(command: Path) -> None:
    for text in ("cotton t-shirt", "porcelain mug"):
        found = tidewaiter.find_code(text)
        printed = json.loads(run(command, "code", text, "--json"))
        codes = [one["code"] for one in found["codes"]]
        assert codes and codes == [one["code"] for one in printed["codes"]][: len(codes)]
    assert tidewaiter.find_code("tasse en porcelaine", "fr")["language"] == "fr"
    assert len(tidewaiter.find_code("shirt", most=2)["codes"]) <= 2
    with pytest.raises(tidewaiter.QuestionError, match="en, fr, es"):
        tidewaiter.find_code("mug", "de")
    for text in ("", "\x00", "x" * 100_000):
        assert "codes" in tidewaiter.find_code(text)
