"""Clients of this process: they hold the cache and the circuit breakers, and threads share them. The staff have one of their own, which
waits longer, and whose troubles do not keep buyers from being answered."""

from __future__ import annotations

import logging
import threading

from django.core.signals import setting_changed
from tidewaiter_client import Client, EngineFailure, HttpEngine

from .table import NAME, table

logger = logging.getLogger("oscar_tidewaiter")
_lock = threading.Lock()
_clients: dict[str, Client] = {}
_STAFF_TIMEOUT_MS = 8000
#: Questions of the staff at the same time. An engine goes on with what was asked when nobody waits any more, so a page that asks everything
#: at once, and gives up, keeps it from answering buyers.
STAFF_AT_ONCE = 2


def client() -> Client:
    """For buyers."""
    return _the("buyers")


def staff_client() -> Client:
    """For pages of the staff, which ask about many baskets at once."""
    return _the("staff", timeout_ms=_STAFF_TIMEOUT_MS)


def _the(name: str, **other: int) -> Client:
    with _lock:
        if name not in _clients:
            now = table()
            engines = [HttpEngine(address, key=now.key) for address in now.engines]
            _clients[name] = Client(engines, policy=now.policy, on_failure=_told, **{**now.client, **other})  # type: ignore[arg-type]
        return _clients[name]


def _told(engine: str, failure: EngineFailure) -> None:
    logger.warning("engine %s gave no answer: %s (%s) %s", engine, failure.why, failure.detail, failure.problems or "")


def _changed(*, setting: str, **_: object) -> None:
    if setting == NAME:
        with _lock:
            _clients.clear()


# Tests change settings; a running shop does not.
setting_changed.connect(_changed)
