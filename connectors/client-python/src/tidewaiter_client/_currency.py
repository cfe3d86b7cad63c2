"""The smallest unit of a currency, as ISO 4217 gives it: amounts are divided among lines in it, and shown with its decimals."""

from __future__ import annotations

from decimal import Decimal

from . import _decimal as decimal

_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def decimals(currency: str) -> int:
    """Decimals of the smallest unit: 0 for JPY, 3 for KWD, 2 for most."""
    return _DECIMALS.get(currency, 2)


def shown(amount: Decimal | str, currency: str) -> str:
    """An amount as a buyer reads it, with the decimals of its currency: 21.4 of EUR is "21.40". What is finer stays."""
    text = amount if isinstance(amount, str) else format(amount, "f")
    whole, _, fraction = decimal.write(decimal.parse(text)).partition(".")
    places = fraction.ljust(decimals(currency), "0")
    return f"{whole}.{places}" if places else whole
