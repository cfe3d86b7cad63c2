"""Puts the goods, places and a voucher of the table of scenarios into the shop."""

from decimal import Decimal

from django.conf import settings
from django.utils.timezone import now, timedelta
from oscar.core.loading import get_model
from oscar_tidewaiter import customs_data


def seed(table=settings.TABLE):
    model = get_model
    for place in table["places"].values():
        model("address", "Country").objects.get_or_create(
            iso_3166_1_a2=place["to"], defaults={"printable_name": place["to"], "name": place["to"], "is_shipping_country": True})
    clothes, _ = model("catalogue", "ProductClass").objects.get_or_create(name="Goods", defaults={"track_stock": False})
    customs_data.create_attributes()
    partner, _ = model("partner", "Partner").objects.get_or_create(name="Warehouse", code="warehouse")
    goods = {}
    for key, good in table["goods"].items():
        product = model("catalogue", "Product").objects.create(product_class=clothes, title=good["name"], upc=key, structure="standalone")
        known = {"code": good.get("code"), "origin": good["origin"], "weight_kg": good["weight_kg"]}
        customs_data.set_on(product, {name: value for name, value in known.items() if value})
        for currency, price in good["price"].items():
            model("partner", "StockRecord").objects.create(product=product, partner=partner, partner_sku=f"{key}-{currency}", price_currency=currency, price=Decimal(price))
        goods[key] = product
    return goods


def voucher(code, amount):
    """A voucher of so much off the whole basket."""
    everything, _ = get_model("offer", "Range").objects.get_or_create(name="All goods", defaults={"includes_all_products": True})
    condition, _ = get_model("offer", "Condition").objects.get_or_create(type="Count", value=1, range=everything)
    benefit = get_model("offer", "Benefit").objects.create(type="Absolute", value=Decimal(amount), range=everything)
    offer = get_model("offer", "ConditionalOffer").objects.create(name=f"{code} {now()}", offer_type="Voucher", condition=condition, benefit=benefit)
    get_model("voucher", "Voucher").objects.filter(code=code).delete()
    made = get_model("voucher", "Voucher").objects.create(
        name=f"{code} {now()}", code=code, usage="Multi-use", start_datetime=now() - timedelta(days=1), end_datetime=now() + timedelta(days=1))
    made.offers.add(offer)
    return made
