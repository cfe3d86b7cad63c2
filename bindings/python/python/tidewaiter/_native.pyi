"""The part of the package that is compiled."""

from collections.abc import Mapping, Sequence
from datetime import date as Date
from os import PathLike
from typing import Any, Protocol, final

__all__ = ["Answers", "Ratebook", "__version__", "find_code", "quote", "quote_json", "quote_table", "sync"]

__version__: str

class _Stream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Ratebook:
    """Dated rates and rules, ready to answer."""

    @staticmethod
    def embedded() -> Ratebook:
        """The ratebook inside this package."""

    @staticmethod
    def open(path: str | PathLike[str], *, verify: bool = True) -> Ratebook:
        """Opens a file, such as `tidewaiter sync` or `tidewaiter ratebook build` writes it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256: ratebooks with the same one give the same answers."""

    def economies(self, date: Date | str | None = None) -> list[dict[str, Any]]:
        """Every economy whose rules are loaded, with the standard rates of a day; of today if none is given."""

    def economy(self, code: str) -> dict[str, Any]:
        """Everything about one economy: what it charges, and why."""

@final
class Answers:
    """The answers to a table: an Arrow stream that is read once, and then what is told of it."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The answers as a stream of the Arrow PyCapsule interface. Rows are priced while it is read."""

    def __arrow_c_schema__(self) -> object:
        """The columns of the answers."""

    def report(self) -> dict[str, Any]:
        """What was done so far: rows, answers, outcomes, rejected, what the codes of warnings stand for, columns not used, ratebook."""

    @property
    def rejects(self) -> list[dict[str, Any]]:
        """The first rows that could not be priced so far: `row`, `column`, `found`, `expected`."""

def quote(
    consignment: Mapping[str, Any], *, steps: bool = False, ratebook: Ratebook | None = None
) -> dict[str, Any]:
    """What a consignment costs to land, and why: the quote document, with `Decimal` amounts."""

def quote_json(consignment: str, *, steps: bool = False, ratebook: Ratebook | None = None) -> str:
    """The same from JSON to JSON: the text that the command prints for the file, to the byte. Where the command adds goods codes
    suggested from words, it is the `quote` beside them, as the API gives it: `find_code` suggests."""

def quote_table(
    table: _Stream,
    *,
    to: str | Sequence[str] | None = None,
    registered: str | Sequence[str] | None = None,
    threads: int | None = None,
    most_rejects: int = ...,
    ratebook: Ratebook | None = None,
    **defaults: Any,
) -> Answers:
    """Prices each row of a table: the same columns in and out as `tidewaiter bulk`."""

def find_code(text: str, language: str = "en", *, most: int = 5) -> dict[str, Any]:
    """The likeliest goods codes of what a seller calls the goods. None of them is the answer: they are to choose from."""

def sync(
    source: str | PathLike[str],
    *,
    copy: str | PathLike[str] = ...,
    root: str | PathLike[str] | None = None,
    repair: bool = False,
) -> dict[str, Any]:
    """Brings a verified copy of a repository up to date and makes its ratebook anew where something changed: what `tidewaiter sync --json`
    tells."""
