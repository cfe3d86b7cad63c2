"""A circuit breaker: after failures in a row an engine is left alone for a while, so that an engine that hangs costs the
shop one time limit and not one for each basket. Safe to use from several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Breaker:
    def __init__(self, failures: int, open_ms: int, now: Callable[[], float]) -> None:
        self._most, self._open_ms, self._now = failures, open_ms, now
        self._failures = 0
        self._opened_at: float | None = None
        self._trying = False
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether a call may go out. After the pause one may, and the others wait for what comes of it."""
        with self._lock:
            if self._opened_at is None:
                return True
            if self._trying or self._now() - self._opened_at < self._open_ms:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._opened_at, self._trying = 0, None, False

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            # A call that was under way when it opened does not make the pause longer.
            if self._trying or (self._opened_at is None and self._failures >= self._most):
                self._opened_at = self._now()
            self._trying = False
