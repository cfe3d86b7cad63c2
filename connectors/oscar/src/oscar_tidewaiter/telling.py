"""Reads from the engine what is no question of the checkout: goods codes and economies. The staff wait for it, so an engine that has
much to do is asked again when it says so."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from decimal import Decimal
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.utils.translation import gettext as _

from .table import table

logger = logging.getLogger("oscar_tidewaiter")

_CALL_SECONDS = 10
#: For one answer, with all waiting for an engine that is busy.
PATIENCE_SECONDS = 30
_BUSY = (429, 503)
_LONGEST_PAUSE_SECONDS = 5
_MOST_ANSWER_BYTES = 4 * 1024 * 1024


class _NoRedirect(HTTPRedirectHandler):
    """The key goes to nobody but the address that was configured."""

    def redirect_request(self, *_given: Any) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirect())


class NotTold(Exception):
    """No engine answered; it says why in words for the staff."""


def in_words(why: str) -> str:
    """Why there is no answer, as the client names it, for people: `unreachable`, `timeout`, `http 500`."""
    said = {
        "unreachable": _("the engine cannot be reached"),
        "timeout": _("the engine did not answer in time"),
        "refused": _("the engine did not answer before, and is left alone for some seconds"),
        "bad answer": _("what the engine says cannot be used"),
        "question": _("the engine refuses the question"),
        "http 401": _("the engine refuses the key"),
        "http 403": _("the engine refuses the key"),
        "http 429": _("the engine has too much to do"),
        "http 503": _("the engine has too much to do"),
    }
    if why in said:
        return said[why]
    return _("the engine answers with the error %s") % why.removeprefix("http ") if why.startswith("http ") else why


def read(path: str, asked: Mapping[str, Any] | None = None, *, until: float | None = None) -> Any:
    """The document at a path of the engine, from the first engine that gives one. It ends at `until`, a `time.monotonic()`."""
    until = min(until or float("inf"), time.monotonic() + PATIENCE_SECONDS)
    now = table()
    why = "timeout"
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
            except ValueError as error:
                why = _noted(engine, path, "bad answer", error)
            except (OSError, HTTPException) as error:
                reason = error.reason if isinstance(error, URLError) else error
                why = _noted(engine, path, "timeout" if isinstance(reason, TimeoutError) else "unreachable", error)
        # Only an engine that is well and busy is worth waiting for.
        if pause is None or time.monotonic() + pause >= until:
            break
        time.sleep(pause)
    raise NotTold(in_words(why))


def _noted(engine: str, path: str, why: str, error: Exception) -> str:
    logger.warning("engine %s gave no answer to %s: %s: %s", engine, path, type(error).__name__, error)
    return why


def _pause(said: str | None) -> float:
    return float(min(max(int(said), 1), _LONGEST_PAUSE_SECONDS)) if said and said.isdigit() else 1.0
