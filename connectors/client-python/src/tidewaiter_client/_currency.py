"""The smallest unit of a currency, as ISO 4217 gives it: amounts are divided among lines in it."""

_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def decimals(currency: str) -> int:
    """Decimals of the smallest unit: 0 for JPY, 3 for KWD, 2 for most."""
    return _DECIMALS.get(currency, 2)
