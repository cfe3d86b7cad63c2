"""Asks for a basket: from the cache, from the engines in turn, and where all are away, as the shop chose. Safe to share among threads."""

from __future__ import annotations

import copy
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ._answer import Answer, Policy, answer_of, no_answer, nothing_asked
from ._basket import examine, is_asked
from ._breaker import Breaker
from ._canonical import canonical, fingerprint, plain, sha256
from ._engine import Engine, OfflineEngine
from ._failure import EngineFailure, Problem
from ._quote import fault_of

_MINUTE_MS = 60_000


@dataclass(frozen=True)
class _Known:
    quote: Mapping[str, Any]
    engine: str
    asked_at_ms: float


@dataclass(frozen=True)
class _Found:
    known: _Known | None = None
    offline: bool = False
    why: str = "timeout"
    problems: Sequence[Problem] = ()


class Client:
    """One for each shop, for as long as the process lives: it holds the cache and the circuit breakers."""

    def __init__(
        self,
        engines: Sequence[Engine],
        *,
        offline: OfflineEngine | None = None,
        policy: Policy = "last-known",
        timeout_ms: int = 1500,
        offline_timeout_ms: int = 500,
        cache_ms: int = 15 * _MINUTE_MS,
        cache_entries: int = 1000,
        last_known_ms: int = 24 * 60 * _MINUTE_MS,
        breaker_failures: int = 2,
        breaker_open_ms: int = 5000,
        on_failure: Callable[[str, EngineFailure], None] | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        if not engines and offline is None:
            raise TypeError("engines: name at least one")
        if policy not in ("open", "last-known", "closed"):
            raise TypeError(f"policy: {policy} is not open, last-known or closed")
        for name, value, least in (
            ("timeout_ms", timeout_ms, 1), ("offline_timeout_ms", offline_timeout_ms, 1), ("cache_ms", cache_ms, 0),
            ("cache_entries", cache_entries, 0), ("last_known_ms", last_known_ms, 0),
        ):
            if not isinstance(value, int) or value < least:
                raise TypeError(f"{name}: {value} is not a whole number of at least {least}")
        self._now = now or (lambda: time.time() * 1000)
        self._offline, self._policy = offline, policy
        self._timeout_ms, self._offline_timeout_ms = timeout_ms, offline_timeout_ms
        self._cache_ms, self._cache_entries, self._last_known_ms = cache_ms, cache_entries, last_known_ms
        self._on_failure = on_failure
        # A pause is measured with a clock that nobody sets; only tests bring their own.
        pause = now or (lambda: time.monotonic() * 1000)
        self._engines = [(engine, Breaker(breaker_failures, breaker_open_ms, pause)) for engine in engines]
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._under_way: dict[str, Future[_Found]] = {}

    def quote(self, given: Mapping[str, Any]) -> Answer:
        """The answer for a basket. It never raises for what an engine does; it raises where the basket itself is malformed."""
        examine(given)
        # A copy: what the shop does to its basket while the engine thinks must not reach the answer.
        basket = {"consignment": plain(given["consignment"]), "terms": given.get("terms"), "lines": list(given["lines"])}
        known_as = {"asked_at": _iso(self._now()), "fingerprint": fingerprint(basket)}
        if not is_asked(basket):
            return nothing_asked(basket, **known_as)

        # What is due does not depend on the terms, so both delivery options live of one call.
        question = sha256(canonical(basket["consignment"]))
        kept = self._get(question)
        if kept is not None and self._is_younger(kept, self._cache_ms):
            return self._answer(kept, basket, known_as, "quoted")
        found = self._once(question, basket["consignment"])
        if found.known is not None:
            return self._answer(found.known, basket, known_as, "offline" if found.offline else "quoted")
        if found.why != "question" and kept is not None and self._may_stand_in(kept):
            return self._answer(kept, basket, known_as, "stale", found.why)
        return no_answer(basket, self._policy, **known_as, why=found.why, problems=list(found.problems))

    def forget(self) -> None:
        """Forgets all answers, so that each basket is asked about again."""
        with self._lock:
            self._kept.clear()

    def _is_younger(self, known: _Known, than_ms: int) -> bool:
        # An answer of the future, after the clock was set back, is not young: nobody knows how old it is.
        return 0 <= self._now() - known.asked_at_ms < than_ms

    def _may_stand_in(self, known: _Known) -> bool:
        return self._policy == "last-known" and self._is_younger(known, self._last_known_ms)

    def _get(self, question: str) -> _Known | None:
        with self._lock:
            known = self._kept.get(question)
            if known is not None:
                self._kept.move_to_end(question)
            return known

    def _keep(self, question: str, known: _Known) -> None:
        with self._lock:
            self._kept[question] = known
            self._kept.move_to_end(question)
            while len(self._kept) > self._cache_entries:
                self._kept.popitem(last=False)

    def _answer(self, known: _Known, basket: Mapping[str, Any], known_as: Mapping[str, str], state: str, why: str | None = None) -> Answer:
        # Answers of one quote are shared by many; each gets its own copy, so that nobody can change another's.
        quote = copy.deepcopy(known.quote)
        age = self._offline.data_age_days if state == "offline" and self._offline else None
        return answer_of(quote, basket, self._policy, state=state, asked_at=_iso(known.asked_at_ms),
                         fingerprint=known_as["fingerprint"], engine=known.engine, data_age_days=age, why=why)

    def _once(self, question: str, consignment: Mapping[str, Any]) -> _Found:
        """One call at a time for a question: who asks the same meanwhile waits for it."""
        with self._lock:
            running = self._under_way.get(question)
            if running is None:
                call: Future[_Found] = Future()
                self._under_way[question] = call
        if running is not None:
            return running.result()
        try:
            found = self._ask(question, consignment)
        except BaseException as error:
            call.set_exception(error)
            raise
        else:
            call.set_result(found)
            return found
        finally:
            with self._lock:
                del self._under_way[question]

    def _ask(self, question: str, consignment: Mapping[str, Any]) -> _Found:
        why: str | None = None
        deadline = time.monotonic() + self._timeout_ms / 1000
        asked_at_ms = self._now()
        for engine, breaker in self._engines:
            if time.monotonic() >= deadline:
                break
            if not breaker.allows():
                why = why or "refused"
                continue
            try:
                known = self._from(engine, consignment, deadline, asked_at_ms)
            except BaseException as error:
                failure = _failure_of(error)
                (breaker.failed if failure.is_of_engine else breaker.succeeded)()
                if not isinstance(error, Exception):
                    raise
                self._tell(engine, failure)
                # The engine is well and refuses the question: another one would too, and an older answer is none to it.
                if failure.why == "question":
                    return _Found(why="question", problems=failure.problems)
                why = why or failure.why
            else:
                breaker.succeeded()
                self._keep(question, known)
                return _Found(known)
        last = self._get(question)
        if self._offline is not None and not (last is not None and self._may_stand_in(last)):
            try:
                deadline = time.monotonic() + self._offline_timeout_ms / 1000
                return _Found(self._from(self._offline, consignment, deadline, self._now()), offline=True)
            except Exception as error:
                failure = _failure_of(error)
                self._tell(self._offline, failure)
                why = why or failure.why
        return _Found(why=why or "timeout")

    def _from(self, engine: Engine, consignment: Mapping[str, Any], deadline: float, asked_at_ms: float) -> _Known:
        quote = _in_time(lambda: engine.quote(copy.deepcopy(consignment), deadline), deadline)
        fault = fault_of(quote, consignment)
        if fault is not None:
            raise EngineFailure("bad answer", fault)
        return _Known(quote, engine.name, asked_at_ms)

    def _tell(self, engine: Engine, failure: EngineFailure) -> None:
        try:
            if self._on_failure is not None:
                self._on_failure(engine.name, failure)
        except Exception:
            pass  # a log that fails must not stop a sale


def _in_time(work: Callable[[], Any], deadline: float) -> Any:
    """The result of some work, on a thread of its own: one that looks up a name, or does not listen, is left behind in time."""
    done: Future[Any] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, daemon=True, name="tidewaiter-client").start()
    try:
        return done.result(max(0.0, deadline - time.monotonic()))
    except FutureTimeout as error:
        if done.done():
            raise
        raise EngineFailure("timeout", "no answer in time") from error


def _failure_of(error: BaseException) -> EngineFailure:
    return error if isinstance(error, EngineFailure) else EngineFailure("unreachable", f"{type(error).__name__}: {error}")


def _iso(at_ms: float) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, timezone.utc)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
