"""Every block of Python in the guide and in the package's README runs as it stands, one after the other, and passes mypy --strict."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pyarrow
import pytest
import tidewaiter
from conftest import REPOSITORY, run
from test_sync import Repository
from test_sync import repository as repository
from test_types import checked

GUIDE = REPOSITORY / "docs" / "guide" / "quote-from-python.md"
README = REPOSITORY / "bindings" / "python" / "README.md"
ADDRESS = "https://rates.example"


def blocks(file: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", file.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table that the page of the package reads, in the folder in which its blocks run."""
    with (tmp_path / "goods.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "code", "origin", "price", "quantity"])
        rows.writerows([["A-1", "6109.10", "CN", "12.50", "2"], ["A-2", "6912.00", "CN", "8.00", "1"], ["A-3", "610", "CN", "1.00", "1"]])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made_by_the_command(command: Path) -> None:
    """What the guide's own line of the shell makes, in the folder of the test."""
    [line] = re.findall(r"^tidewaiter (ratebook build .*)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    run(command, *line.replace("~/tidewaiter", str(REPOSITORY)).split(), codes=(0,))


def test_the_guide(command: Path, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    # All that the page reads it makes itself, but for the root that somebody handed over.
    monkeypatch.chdir(tmp_path)
    made_by_the_command(command)
    (tmp_path / "1.root.json").write_bytes(repository.root.read_bytes())
    names: dict[str, Any] = {}
    code = blocks(GUIDE)
    assert len(code) >= 7
    for block in code:
        # The example's address is nobody's.
        exec(compile(block.replace(ADDRESS, repository.address), str(GUIDE), "exec"), names)  # noqa: S102
    out = capsys.readouterr().out
    assert "freight 4.9 a float is a binary fraction" in out
    assert str(names["answer"]["total"]["least"]) in out
    # A code of three digits is none; the other two rows have an answer to each of three destinations.
    assert "'row': 3, 'column': 'code'" in out
    by_polars, by_pyarrow = names["priced"], names["by_pyarrow"]
    assert by_polars.height == 6
    assert by_polars.to_dicts() == by_pyarrow.to_pylist()
    assert names["answers"].to_pylist() == by_pyarrow.to_pylist()
    assert pyarrow.Table.from_pandas(names["by_pandas"], preserve_index=False).cast(by_pyarrow.schema).to_pylist() == by_pyarrow.to_pylist()
    sums: dict[str, Any] = {}
    for row in by_pyarrow.to_pylist():
        sums[row["to"]] = sums.get(row["to"], 0) + row["total"]
    assert dict(names["by_destination"]) == sums
    assert names["told"]["fresh"] and names["newest"].fingerprint != names["ratebook"].fingerprint
    assert tidewaiter.quote(names["question"], ratebook=names["other"])["total"] == names["answer"]["total"]


def test_the_readme(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import duckdb

    duckdb.connect().read_csv("goods.csv", all_varchar=True).write_parquet("goods.parquet")
    names: dict[str, Any] = {}
    for block in blocks(README):
        exec(compile(block, str(README), "exec"), names)  # noqa: S102
    assert names["answer"]["currency"] in capsys.readouterr().out


@pytest.mark.parametrize("file", [GUIDE, README], ids=lambda file: file.name)
def test_types(file: Path, tmp_path: Path) -> None:
    program = tmp_path / "blocks.py"
    program.write_text("\n".join(blocks(file)))
    assert checked("mypy", "--strict", "--ignore-missing-imports", program) == ""
