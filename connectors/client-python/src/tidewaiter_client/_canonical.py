"""One way to write a document: keys in the order of their UTF-16 code units, no spaces; and the fingerprint made of it.

Numbers are whole ones only: what has a fraction is a string in all documents here. A `Decimal` is written as one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_DEEPEST = 64
_LARGEST = 2**53 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")


class DocumentError(TypeError):
    """Something that a document cannot hold."""


def canonical(value: object) -> str:
    """The canonical text of a document."""
    return _write(value, "", 0)


def plain(value: object) -> Any:
    """The document as JSON has it: a `Decimal` becomes a string, a tuple a list."""
    return json.loads(canonical(value))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(basket: Mapping[str, Any]) -> str:
    """What tells one basket from another: SHA-256 of the canonical JSON of its terms and its question.

    The shop's own ids of the lines do not count, for they change nothing that is due.
    """
    return sha256(canonical({"consignment": basket["consignment"], "terms": basket.get("terms"), "version": 1}))


def _text(value: str) -> str:
    # Half of a pair of surrogates cannot be written as UTF-8; JSON has an escape for it.
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))


def _write(value: object, at: str, depth: int) -> str:
    if depth > _DEEPEST:
        raise DocumentError(f"{at}: nested deeper than {_DEEPEST}")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) <= _LARGEST:
            return str(int(value))
        raise DocumentError(f"{at}: the number {value} is too large; write it as a string")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise DocumentError(f"{at}: {value} is no number")
        return _text(format(value, "f"))
    if isinstance(value, float):
        raise DocumentError(f'{at}: the number {value} is a binary fraction; write it as a string, as in "12.50"')
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_write(item, f"{at}[{index}]", depth + 1) for index, item in enumerate(value)) + "]"
    if isinstance(value, Mapping):
        wrong = next((key for key in value if not isinstance(key, str)), None)
        if wrong is not None:
            raise DocumentError(f"{at}: the key {wrong!r} is no string")
        fields = sorted(value.items(), key=lambda field: field[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{_write(held, f'{at}.{key}' if at else key, depth + 1)}" for key, held in fields) + "}"
    raise DocumentError(f"{at or 'the document'}: a {type(value).__name__} cannot stand in a document")
