"""One client for the process: it holds the cache and the circuit breakers, and threads share it."""

from __future__ import annotations

import logging
import threading

from django.core.signals import setting_changed
from tidewaiter_client import Client, EngineFailure, HttpEngine

from .table import NAME, table

logger = logging.getLogger("oscar_tidewaiter")
_lock = threading.Lock()
_client: Client | None = None


def client() -> Client:
    global _client
    with _lock:
        if _client is None:
            now = table()
            engines = [HttpEngine(address, key=now.key) for address in now.engines]
            _client = Client(engines, policy=now.policy, on_failure=_told, **now.client)  # type: ignore[arg-type]
        return _client


def _told(engine: str, failure: EngineFailure) -> None:
    logger.warning("engine %s gave no answer: %s (%s) %s", engine, failure.why, failure.detail, failure.problems or "")


def _changed(*, setting: str, **_: object) -> None:
    global _client
    if setting == NAME:
        with _lock:
            _client = None


# Tests change settings; a running shop does not.
setting_changed.connect(_changed)
