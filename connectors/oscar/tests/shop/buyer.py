"""A buyer who does all through the pages of the shop, as a browser would; and what the buyer sees there."""

import re
from decimal import Decimal

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

LOOKS = 6


class Buyer:
    def __init__(self, goods, user=None):
        self.goods, self.user = goods, user
        self.browser = Client()
        self.speed = None
        if user is not None:
            self.browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    # ---- The cart ----

    def add(self, good, quantity):
        product = self.goods[good]
        self._sent(self.browser.post(reverse("basket:add", kwargs={"pk": product.pk}), {"quantity": quantity}))

    def quantity(self, good, quantity):
        lines = list(self.basket().lines.order_by("pk"))
        form = {"form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": len(lines), "form-MIN_NUM_FORMS": 0, "form-MAX_NUM_FORMS": 1000}
        for at, line in enumerate(lines):
            form[f"form-{at}-id"] = line.pk
            form[f"form-{at}-quantity"] = quantity if line.product_id == self.goods[good].pk else line.quantity
        self._sent(self.browser.post(reverse("basket:summary"), form))

    def remove(self, good):
        self.quantity(good, 0)

    def coupon(self, code):
        self._sent(self.browser.post(reverse("basket:vouchers-add"), {"code": code}))

    def basket(self):
        """The basket of this browser, as the shop's own middleware finds it."""
        return self.browser.get(reverse("basket:summary")).context["request"].basket

    # ---- The checkout ----

    def address(self, place):
        if self.user is None:
            self._sent(self.browser.post(reverse("checkout:index"), {"username": "buyer@example.com", "options": "anonymous"}))
        self._sent(self.browser.post(reverse("checkout:shipping-address"), {
            "first_name": "A.", "last_name": place["name"].split()[-1], "line1": place["street"], "line4": place["city"],
            "state": place.get("region", ""), "postcode": place["postcode"], "country": place["to"]}))

    def delivery(self, terms, speed="standard"):
        self.browser.get(reverse("checkout:shipping-method"))
        answer = self.browser.post(reverse("checkout:shipping-method"), {"method_code": f"{speed}-{terms}"})
        if answer.status_code == 302 and answer.url == reverse("checkout:payment-method"):
            self.speed = speed
            return {}
        return {"refused": self._says(answer)}

    def look(self):
        """The preview, or the page to which the shop leads instead."""
        answer = self.browser.get(reverse("checkout:preview"))
        for _ in range(LOOKS):
            if answer.status_code != 302:
                break
            answer = self.browser.get(answer.url)
        assert answer.status_code == 200, f"{answer.status_code} {answer.request['PATH_INFO']}"
        return answer

    def review(self):
        page = self.look()
        context = page.context
        if "duties" not in context:
            # Back at the cart or at the address: nothing can be sent there.
            return {"offered": [], "charges": [], "total": text(context["request"].basket.total_excl_tax), "state": None, "notice": self._says(page), "missing": []}
        duties = context["duties"]
        seen = {"offered": list(duties.offered), "notice": " ".join(notices(page)) or None, "state": None, "missing": [], "charges": []}
        if duties.option is not None:
            seen["state"] = duties.option.answer.state
            seen["charges"] = self._charged(context)
            seen["total"] = text(context["order_total"].incl_tax)
            missing = duties.option.answer
        else:
            # What stands beside the delivery that was chosen last, where it can be had without duty paid.
            options = [one for one in context.get("methods", []) if one.delivery.code == self.speed]
            seen["total"] = text(options[0].checkout_total if options else context["basket"].total_excl_tax)
            missing = duties.answer
        if missing is not None:
            seen["state"] = seen["state"] or missing.state
            if missing.bounds is not None:
                seen["range"] = missing.bounds.to_json()
            seen["missing"] = [one.to_json() for one in missing.missing]
        return {name: value for name, value in seen.items() if value is not None}

    def _charged(self, context):
        """Rows as they stand in the totals: surcharges, and the tax that Oscar has on the lines."""
        by_key = {(row.key, row.collected_by): row for row in context["duties"].rows}
        charges = []
        for one in context["surcharges"] or []:
            row = one.surcharge.row
            assert (row.key, row.collected_by) in by_key
            charges.append({"key": one.surcharge.code, "class": row.charge_class, "amount": text(one.price.incl_tax), "collected_by": row.collected_by})
        return charges + line_tax(context["duties"].seller_tax, context["order_total"].tax)

    def pay(self):
        answer = self.browser.post(reverse("checkout:preview"), {"action": "place_order"})
        if answer.status_code == 302 and answer.url == reverse("checkout:thank-you"):
            return {"paid": text(Decimal(self.browser.session["shop_paid"]))}
        return {"refused": self._says(answer)}

    # ---- The order ----

    def order(self):
        return get_model("order", "Order").objects.get(pk=self.browser.session["checkout_order_id"])

    def sold(self):
        order = self.order()
        frozen = order.frozen_quote
        taken = frozen.snapshot
        rows = {row["key"]: row for row in taken["charges"]}
        charges = [
            {"key": one.code, "class": rows[one.code]["class"], "amount": text(one.incl_tax), "collected_by": rows[one.code]["collected_by"]}
            for one in order.surcharges.all()
        ]
        seller = [row for row in taken["charges"] if row["class"] == "tax" and row["collected_by"] == "seller"]
        charges += line_tax(seller, sum((line.line_price_incl_tax - line.line_price_excl_tax for line in order.lines.all()), Decimal(0)))
        return {"terms": frozen.terms, "state": frozen.state, "total": text(order.total_incl_tax), "charges": charges, "snapshot": taken}

    def refund(self, lines):
        order = self.order()
        pieces = {order.lines.get(product=self.goods[one["good"]]): one["quantity"] for one in lines}
        back = order.frozen_quote.give_back(pieces)
        return {"charges": back.charges, "total": text(back.total)}

    def _sent(self, answer):
        assert answer.status_code == 302, f"{answer.request['PATH_INFO']} says {answer.status_code}: {answer.content.decode()[:2000]}"

    def _says(self, answer):
        request = getattr(answer, "wsgi_request", None)
        said = [str(one) for one in get_messages(request)] if request is not None else []
        return " ".join(said) or f"led to {getattr(answer, 'url', answer.request['PATH_INFO'])}"


def line_tax(rows, amount):
    """Tax on the lines has no name of its own in Oscar: with one row it is that row's."""
    if not amount:
        return []
    assert rows, f"{amount} of tax stands on the lines, and no row says why"
    first = rows[0]
    key, side = (first["key"], first["collected_by"]) if isinstance(first, dict) else (first.key, first.collected_by)
    return [{"key": key, "class": "tax", "amount": text(amount), "collected_by": side}]


def notices(page):
    return [" ".join(one.split()) for one in re.findall(r'tidewaiter-notice">(.*?)</div>', page.content.decode(), re.DOTALL)]


def text(amount):
    return format(amount, "f")
