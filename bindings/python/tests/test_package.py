"""What is installed: licences, types, a README, and everything that answers; no other package is needed."""

from __future__ import annotations

from importlib.metadata import distribution

import tidewaiter
from conftest import REPOSITORY


def test_what_is_in_the_package() -> None:
    package = distribution("tidewaiter")
    assert package.version == tidewaiter.__version__
    assert package.requires is None
    files = {str(file).split(".dist-info/")[-1]: file for file in package.files or ()}
    for name in ("tidewaiter/py.typed", "tidewaiter/_native.pyi", "licenses/LICENSE-MIT", "licenses/LICENSE-APACHE", "METADATA"):
        assert name in files, sorted(files)
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert files[f"licenses/{name}"].read_text() == (REPOSITORY / name).read_text()
    told = package.metadata
    assert told["License-Expression"] == "MIT OR Apache-2.0"
    assert told["Description-Content-Type"].startswith("text/markdown")
    assert "tidewaiter.quote(" in package.metadata.get_payload()  # type: ignore[attr-defined]


def test_every_public_name_has_words() -> None:
    for name in tidewaiter.__all__:
        if name != "__version__":
            assert getattr(tidewaiter, name).__doc__, name
