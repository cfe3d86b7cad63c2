"""The stubs: they say what the compiled module has, and a typed program passes with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).with_name("typed_sample.py")


def checked(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, "-m", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=600, cwd=SAMPLE.parent)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_a_typed_program_passes() -> None:
    assert checked("mypy", "--strict", "--ignore-missing-imports", SAMPLE) == ""


def test_a_mistake_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import tidewaiter\ntidewaiter.quote(7)\ntidewaiter.quote_table([1], to=2)\n")
    told = checked("mypy", "--strict", wrong)
    assert told.count("[arg-type]") == 3, told


def test_stubs_say_what_is_there() -> None:
    assert checked("mypy.stubtest", "tidewaiter") == ""
