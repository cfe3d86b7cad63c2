"""Duty, tax and fees for an on-line shop: asks a Tidewaiter engine, and says what to do when it is away."""

from ._answer import Answer, Bounds, Charge, Missing, Policy, State
from ._basket import Basket, Terms
from ._canonical import DocumentError, canonical, fingerprint
from ._client import Client
from ._currency import decimals, shown
from ._engine import Engine, HttpEngine, OfflineEngine
from ._failure import EngineFailure, Problem
from ._order import Check, Refund, Returned, check, refund, snapshot

__version__ = "0.1.0"
__all__ = [
    "Answer", "Basket", "Bounds", "Charge", "Check", "Client", "DocumentError", "Engine", "EngineFailure", "HttpEngine", "Missing",
    "OfflineEngine", "Policy", "Problem", "Refund", "Returned", "State", "Terms", "canonical", "check", "decimals", "fingerprint",
    "refund", "shown", "snapshot",
]
