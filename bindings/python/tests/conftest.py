"""What tests share: the worked examples, and the command to compare with."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every worked example of the data, with its name."""
    for file in sorted((REPOSITORY / "data" / "examples").glob("*.toml")):
        for example in tomllib.loads(file.read_text(encoding="utf-8"))["example"]:
            yield f"{file.stem}: {example['name']}", example


@pytest.fixture(scope="session")
def command() -> Path:
    """The command, built from the same sources."""
    binary = Path(os.environ.get("TIDEWAITER_BIN") or REPOSITORY / "target" / "debug" / "tidewaiter")
    if not binary.is_file():
        pytest.fail(f"{binary} is not there: build it with \"cargo build -p tidewaiter-cli\", or name it in TIDEWAITER_BIN")
    return binary


def run(command: Path, *arguments: object, codes: tuple[int, ...] = (0, 1)) -> bytes:
    """What the command prints."""
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, check=False, timeout=300)
    assert done.returncode in codes, done.stderr.decode()
    return done.stdout


def pytest_unconfigure(config: Any) -> None:
    """The last line, which ./test of the repository counts."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not config.option.collectonly:
        count = {kind: len(reporter.stats.get(kind, [])) for kind in ("passed", "failed", "error", "skipped")}
        print(f"test result: {count['passed']} passed, {count['failed'] + count['error']} failed, {count['skipped']} skipped")
