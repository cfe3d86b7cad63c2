"""Why an engine gave no answer, and whether that speaks against the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class Problem(TypedDict):
    """A field that the engine refused."""

    field: str
    value: str
    message: str


class EngineFailure(Exception):
    """`why` is timeout, refused, unreachable, bad answer, question or http STATUS; `detail` is for the log."""

    def __init__(self, why: str, detail: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail or why)
        self.why = why
        self.detail = detail or why
        self.problems = list(problems)

    @property
    def is_of_engine(self) -> bool:
        """Whether the engine itself is in trouble. An engine that refuses a wrong question is well."""
        if self.why == "question":
            return False
        if not self.why.startswith("http "):
            return True
        status = int(self.why.removeprefix("http "))
        return not (400 <= status < 500 and status not in (408, 429))
