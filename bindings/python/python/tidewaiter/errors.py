"""What can be wrong with a question, a ratebook, a copy or a table. Every class is a ValueError and says which fields are wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong."""

    field: str
    """The field or column: ``items[2].price``, counted from 0; empty where it is the whole."""
    value: str
    """What stands there, shortened."""
    message: str
    """What was expected, and what to do."""


class TidewaiterError(ValueError):
    """Something that was given cannot be used."""

    problems: tuple[Problem, ...]

    def __init__(self, message: str, problems: Iterable[tuple[str, str, str]] = ()) -> None:
        self.problems = tuple(Problem(*problem) for problem in problems)
        # Both are arguments, so that the error can be pickled and sent from one process to another.
        super().__init__(message, self.problems)

    def __str__(self) -> str:
        return str(self.args[0])


class QuestionError(TidewaiterError):
    """The question is wrong."""


class RatebookError(TidewaiterError):
    """The ratebook cannot be opened."""


class SyncError(TidewaiterError):
    """The copy of a repository cannot be begun or used, or nothing in it was verified yet. A repository that is away is no error: what was
    verified before stays in use, and the report says so."""


class TableError(TidewaiterError):
    """The table as such cannot be priced. Rows that are wrong are no errors: they are in ``Answers.rejects``."""
