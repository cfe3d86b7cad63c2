"""Reads from the engine what is no question of the checkout: goods codes and economies. The staff wait for it, so an engine that has
much to do is asked again when it says so."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from .table import table

_CALL_SECONDS = 10
#: For one answer, with all waiting for an engine that is busy.
PATIENCE_SECONDS = 30
_BUSY = (429, 503)
_LONGEST_PAUSE_SECONDS = 5
_MOST_ANSWER_BYTES = 4 * 1024 * 1024


class _NoRedirect(HTTPRedirectHandler):
    """The key goes to nobody but the address that was configured."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirect())


class NotTold(Exception):
    """No engine answered."""


def read(path: str, asked: Mapping[str, Any] | None = None, *, until: float | None = None) -> Any:
    """The document at a path of the engine, from the first engine that gives one. It ends at `until`, a `time.monotonic()`."""
    until = min(until or float("inf"), time.monotonic() + PATIENCE_SECONDS)
    now = table()
    why = "no time was left"
    while time.monotonic() < until:
        pause = None
        for engine in now.engines:
            request = Request(f"{engine.rstrip('/')}{path}{'?' + urlencode(asked) if asked else ''}", headers={"accept": "application/json"})
            if now.key:
                request.add_header("authorization", f"Bearer {now.key}")
            try:
                with _opener.open(request, timeout=max(0.1, min(_CALL_SECONDS, until - time.monotonic()))) as response:
                    return json.loads(response.read(_MOST_ANSWER_BYTES), parse_float=Decimal)
            except HTTPError as error:
                why = f"http {error.code}"
                if error.code in _BUSY:
                    pause = _pause(error.headers.get("retry-after"))
                error.close()
            except (URLError, OSError, ValueError) as error:
                why = f"{type(error).__name__}: {error}"
        # Only an engine that is well and busy is worth waiting for.
        if pause is None or time.monotonic() + pause >= until:
            break
        time.sleep(pause)
    raise NotTold(why)


def _pause(said: str | None) -> float:
    return float(min(max(int(said), 1), _LONGEST_PAUSE_SECONDS)) if said and said.isdigit() else 1.0
