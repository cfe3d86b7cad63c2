"""One price list for each currency, and tax that nobody knows before there is an address."""

from django.conf import settings
from oscar.apps.partner import strategy


class InCurrency:
    def select_stockrecord(self, product):
        return next((one for one in product.stockrecords.all() if one.price_currency == settings.OSCAR_DEFAULT_CURRENCY), None)


class Deferred(InCurrency, strategy.StockRequired, strategy.DeferredTax, strategy.Structured):
    pass


class WithoutTax(InCurrency, strategy.StockRequired, strategy.NoTax, strategy.Structured):
    pass


class Selector:
    def strategy(self, request=None, user=None, **kwargs):
        return (Deferred if settings.SHOP_DEFERS_TAX else WithoutTax)(request)
