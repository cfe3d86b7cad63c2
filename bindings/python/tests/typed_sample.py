"""What a typed program writes; mypy --strict reads it and nobody runs it."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
from tidewaiter import Answers, Problem, QuestionError, Ratebook, find_code, quote, quote_json, quote_table


def landed(price: Decimal, ratebook: Ratebook | None = None) -> Decimal:
    answer = quote(
        {"to": "FR", "currency": "EUR", "date": date(2026, 11, 21), "items": [{"price": price}]},
        steps=True,
        ratebook=ratebook,
    )
    least: Decimal = answer["total"]["least"]
    return least


def whole(table: pa.Table) -> int:
    answers: Answers = quote_table(table, to=["FR", "CH"], from_="CN", currency="EUR", threads=2)
    rows: int = answers.report()["rows"]
    return rows + len(answers.rejects)


def wrong() -> tuple[Problem, ...]:
    try:
        text: str = quote_json("{}")
    except QuestionError as error:
        return error.problems
    return (Problem(text, find_code("mug")["codes"][0]["code"], Ratebook.embedded().fingerprint),)
