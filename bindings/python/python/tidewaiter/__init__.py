"""What a parcel costs to land, and why: duties, taxes and fees across borders, exact and sourced.

>>> from decimal import Decimal
>>> import tidewaiter
>>> answer = tidewaiter.quote({
...     "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "channel": "post",
...     "items": [{"code": "6109.10", "origin": "CN", "quantity": 2, "price": Decimal("12.50")}],
... })
>>> answer["outcome"], isinstance(answer["total"]["least"], Decimal)
('amount', True)
"""

from ._native import Answers, Ratebook, __version__, find_code, quote, quote_json, quote_table, sync
from .errors import Problem, QuestionError, RatebookError, SyncError, TableError, TidewaiterError

__all__ = [
    "Answers",
    "Problem",
    "QuestionError",
    "Ratebook",
    "RatebookError",
    "SyncError",
    "TableError",
    "TidewaiterError",
    "__version__",
    "find_code",
    "quote",
    "quote_json",
    "quote_table",
    "sync",
]
