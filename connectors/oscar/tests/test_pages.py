"""What the pages show: to the buyer before and after the sale, and to the staff. Figures are the engine's own."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from conftest import due
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model
from oscar.templatetags.currency_filters import currency
from oscar_tidewaiter import customs_data, registrations
from oscar_tidewaiter.models import CodeSuggestion, FrozenQuote, GoodsReturn
from shop.buyer import Buyer

DESTINATIONS = [("NL", "EUR", {"tshirt": 4, "book": 1}), ("US", "USD", {"tshirt": 4, "toy": 3}), ("GB", "GBP", {"tshirt": 8}), ("AU", "AUD", {"tshirt": 60}), ("JP", "JPY", {"toy": 9})]


class Reader(HTMLParser):
    """What a screen reader would miss: fields without a name, tables without headers, ids that stand twice."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.labelled, self.fields, self.tables, self.headings = [], set(), [], [], []
        self._label = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self._label += 1
            self.labelled.add(given.get("for"))
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.fields.append((given, self._label > 0))
        if tag == "table":
            self.tables.append(False)
        if tag == "th" and "scope" in given and self.tables:
            self.tables[-1] = True
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag):
        self._label -= tag == "label"

    @property
    def unnamed(self):
        return [given for given, is_in_label in self.fields if not is_in_label and "aria-label" not in given and given.get("id") not in self.labelled]


def content(page):
    """The part of a dashboard page that is ours."""
    text = page.content.decode()
    return text[text.index('<div class="page-content">'):text.index("<!-- /container -->")]


def is_readable(page):
    reader = Reader(content(page))
    assert reader.unnamed == []
    assert all(reader.tables)
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.headings == sorted(reader.headings) or set(reader.headings) <= {2}


# ---- The buyer ----


@pytest.mark.parametrize(("to", "unit", "basket"), DESTINATIONS)
@pytest.mark.parametrize("is_registered", [True, False])
def test_what_is_due_is_on_every_page_after_the_sale_and_in_the_mail(goods, engine, settings, places, django_user_model, to, unit, basket, is_registered):
    settings.OSCAR_DEFAULT_CURRENCY = unit
    user = django_user_model.objects.create_user("buyer", "buyer@example.com", "secret") if is_registered else None
    buyer = Buyer(goods, user)
    for good, quantity in basket.items():
        buyer.add(good, quantity)
    buyer.address(places[to])
    assert buyer.delivery("ddp") == {}
    buyer.review()
    assert "paid" in buyer.pay()
    order = buyer.order()
    quote = engine.quote(to, basket, currency=unit)
    right = [(one["name"], currency(one["sum"]["least_asked"], unit)) for one in quote["charges"] if one["sum"]["least_asked"] != "0"]
    whole = currency(order.total_incl_tax, unit)
    assert order.total_incl_tax == order.basket_total_incl_tax + order.shipping_incl_tax + due(quote)
    history = reverse("customer:order", args=[order.number]) if user else reverse("customer:anon-order", args=[order.number, order.verification_hash()])
    if not user:
        # Oscar asks a guest for the address of the mail first.
        form = buyer.browser.get(history).url
        buyer.browser.post(form, {"email": "buyer@example.com"})
    for page in (reverse("checkout:thank-you"), history):
        assert buyer.browser.get(page).status_code == 200, page
        shown = buyer.browser.get(page).content.decode()
        rows = re.search(r'id="tidewaiter-charged">(.*?)</table>', shown, re.DOTALL)[1]
        for name, amount in right:
            assert name.replace("&", "&amp;") in rows
            assert amount in rows
        assert whole in rows
        assert "Nothing more is due at the door" in shown
    [sent] = mail.outbox
    for body in (sent.body, sent.alternatives[0][0]):
        for name, amount in right:
            assert name in body or name.replace("&", "&amp;") in body
            assert amount in body
        assert whole in body
        assert "Nothing more is due at the door" in body


def test_who_pays_at_the_door_is_told_so_after_the_sale(buyer, engine, places):
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    buyer.delivery("dap")
    buyer.review()
    buyer.pay()
    shown = buyer.browser.get(reverse("checkout:thank-you")).content.decode()
    right = engine.quote("NL", {"tshirt": 4})["terms"]["on_delivery_dap"]
    assert Decimal(right["least_asked"]) > 0
    assert right["least_asked"] == right["most_asked"]
    says = f"You pay about {currency(right['least_asked'], 'EUR')} of duty, tax and fees at the door."
    assert says in shown
    assert says in mail.outbox[0].body
    # By the quote that is kept, whatever the law is by now.
    engine.tell(mode="changed", by="5.00")
    assert says in buyer.browser.get(reverse("checkout:thank-you")).content.decode()


@pytest.mark.parametrize(("least", "most", "says"), [
    ("3", "4.5", "You pay €3.00 to €4.50"), ("3", None, "You pay at least €3.00"), ("0", None, "how much is not known"), ("0", "0", "Nothing more is due"),
])
def test_what_is_due_at_the_door_is_never_more_certain_than_the_quote(sold, least, most, says):
    frozen = sold(terms="dap").frozen_quote
    due = {"least_asked": least, **({} if most is None else {"most_asked": most})}
    frozen.quote = {**frozen.quote, "outcome": "range", "terms": {**frozen.quote["terms"], "on_delivery_dap": due}}
    assert says in frozen.buyer_says
    frozen.quote = None
    assert "could not be computed" in frozen.buyer_says


@pytest.mark.parametrize(("amount", "unit", "text"), [("26.1000", "EUR", "26.10 EUR"), ("26.0000", "JPY", "26 JPY"), ("1.2500", "KWD", "1.250 KWD"), (None, "EUR", "not known")])
def test_what_is_kept_is_named_with_the_decimals_of_its_currency(amount, unit, text):
    total = None if amount is None else Decimal(amount)
    assert str(FrozenQuote(terms="ddp", state="quoted", total=total, currency=unit)) == f"ddp quoted {text}"
    if total is not None:
        assert str(GoodsReturn(quote=FrozenQuote(currency=unit), total=total)) == text


def test_an_order_of_downloads_has_its_pages_and_mail_as_ever(goods, engine, settings, clerk):
    settings.SHOP_DEFERS_TAX = False
    kind = goods["book"].product_class
    kind.requires_shipping = False
    kind.save()
    buyer = Buyer(goods)
    buyer.add("book", 1)
    buyer.browser.post(reverse("checkout:index"), {"username": "buyer@example.com", "options": "anonymous"})
    # Oscar chooses the delivery that is none by itself.
    buyer.browser.get(reverse("checkout:shipping-method"))
    assert "paid" in buyer.pay()
    order = buyer.order()
    assert engine.calls == 0
    assert not hasattr(order, "frozen_quote")
    assert "tidewaiter" not in buyer.browser.get(reverse("checkout:thank-you")).content.decode()
    assert "Order Total:" in mail.outbox[0].body
    assert "at the door" not in mail.outbox[0].body
    assert clerk.get(reverse("dashboard:order-detail", args=[order.number])).status_code == 200


def test_what_an_engine_says_is_text_and_no_page(buyer, places, monkeypatch, clerk):
    import dataclasses

    from tidewaiter_client import _answer

    evil = '<script>alert("x")</script>'
    real = _answer._row
    monkeypatch.setattr(_answer, "_row", lambda *some: dataclasses.replace(real(*some), name=evil))
    shirt = buyer.goods["tshirt"]
    shirt.title = f"Shirt {evil}"
    shirt.save()
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    assert evil not in buyer.browser.get(reverse("checkout:shipping-method")).content.decode()
    buyer.delivery("ddp")
    preview = buyer.look().content.decode()
    assert evil not in preview
    assert "&lt;script&gt;" in preview
    buyer.pay()
    order = buyer.order()
    quote = order.frozen_quote
    quote.quote = {**quote.quote, "assumptions": [evil], "warnings": [evil], "messages": [evil]}
    quote.save()
    pages = [buyer.browser.get(reverse("checkout:thank-you")), clerk.get(reverse("oscar_tidewaiter:order", args=[quote.pk])), clerk.get(reverse("dashboard:order-detail", args=[order.number]))]
    CodeSuggestion.objects.create(product=shirt, code="610910", title=evil, percent=50, words="x")
    customs_data.set_on(shirt, {"code": ""})
    pages.append(clerk.get(reverse("oscar_tidewaiter:products")))
    for page in pages:
        assert page.status_code == 200
        assert evil not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()
    assert evil not in mail.outbox[0].alternatives[0][0]


def test_a_description_of_the_shop_keeps_its_markup_and_a_figure_is_escaped(buyer, places, monkeypatch):
    from shop.forks.shipping.repository import Speed

    monkeypatch.setattr(Speed, "description", "With <em>our</em> van.", raising=False)
    monkeypatch.setattr("oscar_tidewaiter.delivery.currency", lambda amount, unit: f"<b>{amount}</b>")
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    page = buyer.browser.get(reverse("checkout:shipping-method")).content.decode()
    assert "With <em>our</em> van." in page
    assert "&lt;b&gt;" in page


# ---- The staff ----


def test_every_page_of_the_staff_can_be_read_aloud(sold, clerk, goods):
    order = sold("NL", {"tshirt": 4, "book": 1})
    customs_data.set_on(goods["toy"], {"code": "", "weight_kg": ""})
    CodeSuggestion.objects.create(product=goods["toy"], code="950300", title="Toys", percent=88, words="x")
    for page, given in (("orders", []), ("order", [order.frozen_quote.pk]), ("products", []), ("registrations", [])):
        is_readable(clerk.get(reverse(f"oscar_tidewaiter:{page}", args=given)))


def test_the_dashboard_leads_to_the_pages_and_the_order_to_its_quote(sold, clerk):
    order = sold()
    front = clerk.get(reverse("dashboard:index"))
    assert front.status_code == 200
    for page in ("orders", "products", "registrations"):
        assert f'href="{reverse(f"oscar_tidewaiter:{page}")}"' in front.content.decode()
    assert reverse("oscar_tidewaiter:order", args=[order.frozen_quote.pk]) in clerk.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()


def test_round_sums_are_written_as_money(sold, clerk):
    frozen = sold().frozen_quote
    frozen.total = Decimal("1200.0000")
    frozen.save()
    for page, given in (("orders", []), ("order", [frozen.pk])):
        assert "€1,200.00" in clerk.get(reverse(f"oscar_tidewaiter:{page}", args=given)).content.decode()


@pytest.mark.parametrize(("to", "basket"), [("NL", {"tshirt": 4, "book": 1}), ("US", {"tshirt": 4, "toy": 3}), ("GB", {"tshirt": 8}), ("AU", {"tshirt": 60}), ("JP", {"toy": 9})])
def test_what_goes_back_is_of_the_day_of_the_sale(sold, clerk, engine, to, basket):
    order = sold(to, basket)
    frozen = order.frozen_quote
    address = reverse("oscar_tidewaiter:order", args=[frozen.pk])
    engine.tell(mode="changed", by="5.00")
    said = clerk.post(address, {**{f"line-{line.pk}": line.quantity for line in order.lines.all()}, "seen": 0}, follow=True).content.decode()
    engine.tell(mode="pass")
    paid = due(engine.quote(to, basket))
    assert f"{currency(paid, 'EUR')} of duty, tax and fees must be paid back to the buyer" in said
    back = GoodsReturn.objects.get()
    assert (back.total, back.left) == (paid, 0)
    listed = re.search(r'id="tidewaiter-returns">(.*?)</ul>', said, re.DOTALL)[1]
    assert all(row["name"].replace("&", "&amp;") in listed for row in frozen.snapshot["charges"])
    assert "all came back" in said


def test_a_form_that_comes_twice_counts_once(sold, clerk):
    order = sold()
    frozen = order.frozen_quote
    form = {f"line-{order.lines.get().pk}": "1", "seen": "0"}
    clerk.post(reverse("oscar_tidewaiter:order", args=[frozen.pk]), form)
    said = clerk.post(reverse("oscar_tidewaiter:order", args=[frozen.pk]), form, follow=True).content.decode()
    assert "came back since you opened the page" in said
    assert GoodsReturn.objects.count() == 1


def test_an_order_that_was_not_charged_has_nothing_to_give_back(goods, engine, configured, places, clerk):
    configured(policy="open", client={})
    engine.tell(mode="status", status=500)
    buyer = Buyer(goods)
    buyer.add("tshirt", 4)
    buyer.address(places["NL"])
    buyer.delivery("dap")
    buyer.review()
    buyer.pay()
    page = clerk.get(reverse("oscar_tidewaiter:order", args=[buyer.order().frozen_quote.pk])).content.decode()
    assert "Nothing was charged, because the engine did not answer" in page
    assert "<td>not known</td>" in clerk.get(reverse("oscar_tidewaiter:orders")).content.decode()
    assert 'name="line-' not in page


def test_many_codes_are_confirmed_at_once_and_what_is_wrong_saves_nothing(goods, clerk):
    for name in ("tshirt", "toy", "book"):
        customs_data.set_on(goods[name], {"code": "", "origin": ""})
    pk = {name: goods[name].pk for name in goods}
    for name, code, percent in (("tshirt", "610910", 90), ("toy", "950300", 85), ("book", "490199", 40)):
        CodeSuggestion.objects.create(product=goods[name], code=code, title=name, percent=percent, words="x")
    address = reverse("oscar_tidewaiter:products")
    chosen = lambda page: set(re.findall(r'name="pick-\d+" value="(\d+)" checked', page.content.decode()))  # noqa: E731
    # Nothing is chosen before somebody wants it.
    assert chosen(clerk.get(address)) == set()
    assert chosen(clerk.get(f"{address}?likely")) == {"610910", "950300"}
    fresh = lambda name: customs_data.of(type(goods[name]).objects.get(pk=pk[name]))  # noqa: E731
    form = {f"pick-{pk['tshirt']}": "610910", f"pick-{pk['toy']}": "950300", f"origin-{pk['toy']}": "China", f"weight_kg-{pk['toy']}": "9"}
    page = clerk.post(address, form)
    assert page.status_code == 422
    assert "“China” is no country: write its two letters" in page.content.decode()
    assert chosen(page) == {"610910", "950300"}
    assert 'value="China"' in page.content.decode()
    assert "code" not in fresh("tshirt")
    # What is there already is not overwritten from this page; a code that was not suggested is not picked; what was written counts more.
    form.update({f"origin-{pk['toy']}": "cn", f"code-{pk['tshirt']}": "6109.90", f"pick-{pk['book']}": "999999", "pick-999": "610910", "code-x": "1"})
    assert clerk.post(address, form).status_code == 302
    assert (fresh("tshirt")["code"], fresh("toy")["code"], fresh("toy")["origin"], fresh("toy")["weight_kg"]) == ("6109.90", "950300", "CN", "0.5")
    assert "code" not in fresh("book")
    assert [one.product_id for one in CodeSuggestion.objects.all()] == [pk["book"]]
    assert "nothing was saved" in clerk.post(address, {}, follow=True).content.decode()


@pytest.mark.parametrize(("fact", "text"), [("code", "shirt"), ("code", "123"), ("origin", "China"), ("weight_kg", "1e5"), ("weight_kg", "NaN"), ("weight_kg", "٣")])
def test_a_wrong_product_does_not_stop_the_checkout_and_is_shown(goods, engine, clerk, places, fact, text):
    customs_data.set_on(goods["tshirt"], {fact: text})
    assert fact not in customs_data.of(goods["tshirt"])
    buyer = Buyer(goods)
    buyer.add("tshirt", 1)
    buyer.address(places["NL"])
    assert buyer.delivery("dap") == {}
    assert buyer.review()["state"] == "quoted"
    assert f"“{text}” is no" in clerk.get(reverse("oscar_tidewaiter:products")).content.decode()


def test_a_product_without_a_price_says_so(goods, clerk):
    get_model("partner", "StockRecord").objects.filter(product=goods["surprise"]).delete()
    assert "The product has no price yet." in clerk.get(reverse("oscar_tidewaiter:products")).content.decode()


def test_an_engine_that_is_busy_is_asked_again(goods, clerk, monkeypatch):
    """It answers 503 where it has too much to do, and says when to come again: that was taken for its end."""
    from urllib.error import HTTPError

    from oscar_tidewaiter import telling

    customs_data.set_on(goods["tshirt"], {"code": ""})
    real, asked = telling._opener.open, []

    def busy(request, timeout):
        asked.append(request.full_url)
        if asked.count(request.full_url) == 1:
            raise HTTPError(request.full_url, 503, "busy", {"retry-after": "1"}, None)
        return real(request, timeout=timeout)

    monkeypatch.setattr(telling._opener, "open", busy)
    assert "Codes are suggested for 1 of 2 products" in clerk.post(reverse("oscar_tidewaiter:suggest"), follow=True).content.decode()
    assert len(asked) == 4


def test_one_product_without_an_answer_does_not_lose_the_others(goods, clerk, monkeypatch):
    from oscar_tidewaiter import suggestions, telling

    customs_data.set_on(goods["tshirt"], {"code": ""})
    real = suggestions.read

    def read(path, asked, **more):
        if "Surprise" in asked["q"]:
            raise telling.NotTold("http 503")
        return real(path, asked, **more)

    monkeypatch.setattr(suggestions, "read", read)
    said = clerk.post(reverse("oscar_tidewaiter:suggest"), follow=True).content.decode()
    assert "Codes are suggested for 1 of 1 product." in said
    assert "1 product is left. Ask" in said
    assert CodeSuggestion.objects.filter(product=goods["tshirt"]).exists()


# ---- Registrations ----


@pytest.mark.parametrize("held", [[], ["eu.ioss"], ["au.lvig", "xx.nowhere"]])
def test_what_a_registration_changes_is_the_difference_of_two_quotes(goods, clerk, configured, engine, held):
    markets = ["NL", "DE", "AU", "US"]
    configured(markets=markets, registrations=held)
    page = clerk.get(reverse("oscar_tidewaiter:registrations"))
    said = " ".join(page.content.decode().split())
    found = {one.key: one for one in page.context["found"].schemes}
    schemes = {market: [one["key"] for one in engine.economy(market)["schemes"]] for market in markets}
    assert set(found) == {key for some in schemes.values() for key in some}
    assert "No such registration is known for: US." in said
    assert ("xx.nowhere" in page.context["found"].elsewhere) == ("xx.nowhere" in held)
    names = {goods[name].pk: name for name in goods}
    for key, one in found.items():
        assert one.is_held == (key in held)
        assert list(one.markets) == [market for market in markets if key in schemes[market]]
        assert bool(one.examples) != one.is_held
        for market, example in one.examples:
            name = names[example.product.pk]
            for shown, some in ((example.without, held), (example.registered, [*held, key])):
                quote = engine.quote(market, {name: 1}, speed=None, registrations=some) if market != "DE" else engine.quote("NL", {name: 1}, speed=None, registrations=some, instead={"to": "DE"})
                for bounds, right in ((shown.checkout, quote["terms"]["checkout_dap"]), (shown.delivery, quote["terms"]["on_delivery_dap"]), (shown.total, quote["total"])):
                    assert (bounds.least, bounds.most) == (Decimal(right["least_asked"]), Decimal(right["most_asked"]) if "most_asked" in right else None)
                    if right["least_asked"] == right.get("most_asked"):
                        assert currency(right["least_asked"], "EUR") in said


def test_where_the_rules_leave_no_choice_the_page_says_so(goods, clerk, configured, engine):
    configured(markets=["GB"])
    quote = engine.quote("GB", {"tshirt": 1}, speed=None)
    schemes = {one.get("scheme") for charge in quote["charges"] for one in charge["treatments"]}
    page = clerk.get(reverse("oscar_tidewaiter:registrations"))
    [scheme] = page.context["found"].schemes
    assert scheme.key in schemes, "the test wants rules that make every seller collect"
    assert "register before you sell there" in page.content.decode()


def test_no_engine_is_no_registration(goods, clerk, configured):
    configured(engine="http://127.0.0.1:9", markets=["NL"])
    page = clerk.get(reverse("oscar_tidewaiter:registrations"))
    assert page.context["found"].schemes == []
    assert "NL: nobody can say now (the engine cannot be reached)." in page.content.decode()
    assert "rror" not in content(page)
    assert "No such registration is known" not in page.content.decode()


def test_without_goods_that_are_known_there_is_no_example(goods, clerk, configured):
    configured(markets=["NL"])
    for product in goods.values():
        customs_data.set_on(product, {"origin": ""})
    assert registrations.examples() == []
    assert "so there is no example" in clerk.get(reverse("oscar_tidewaiter:registrations")).content.decode()


# ---- Who may ----


def test_a_partner_who_sees_a_part_of_the_dashboard_does_not_see_quotes_of_others(sold, django_user_model):
    order = sold()
    partner = django_user_model.objects.create_user("partner", "partner@example.com", "secret")
    partner.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    get_model("partner", "Partner").objects.get().users.add(partner)
    browser = Client()
    browser.force_login(partner, backend="django.contrib.auth.backends.ModelBackend")
    # Their own part of Oscar's dashboard works as ever, and does not lead where they may not go.
    front = browser.get(reverse("dashboard:order-detail", args=[order.number]))
    assert front.status_code == 200
    assert "dashboard/duties" not in front.content.decode()
    for page, given in (("orders", []), ("order", [order.frozen_quote.pk]), ("products", []), ("registrations", [])):
        assert browser.get(reverse(f"oscar_tidewaiter:{page}", args=given)).status_code == 403
    for page, given in (("order", [order.frozen_quote.pk]), ("products", []), ("suggest", [])):
        assert browser.post(reverse(f"oscar_tidewaiter:{page}", args=given)).status_code == 403
    assert not GoodsReturn.objects.exists()


def test_who_may_look_may_not_change(sold, django_user_model):
    """Oscar's pages about orders and products ask for permissions, and so do ours: to be of the staff is not enough."""
    order = sold()
    frozen = order.frozen_quote
    user = django_user_model.objects.create_user("junior", "junior@example.com", "secret", is_staff=True)
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    pages = {"orders": [], "order": [frozen.pk], "products": [], "registrations": []}
    assert [browser.get(reverse(f"oscar_tidewaiter:{page}", args=given)).status_code for page, given in pages.items()] == [403] * 4
    assert "dashboard/duties" not in browser.get(reverse("dashboard:index")).content.decode()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_order", "view_product"]))
    assert [browser.get(reverse(f"oscar_tidewaiter:{page}", args=given)).status_code for page, given in pages.items()] == [200] * 4
    assert "You may not write down returns" in browser.get(reverse("oscar_tidewaiter:order", args=[frozen.pk])).content.decode()
    for page, given in (("order", [frozen.pk]), ("products", []), ("suggest", [])):
        assert browser.post(reverse(f"oscar_tidewaiter:{page}", args=given), {f"line-{order.lines.get().pk}": "1"}).status_code == 403
    assert not GoodsReturn.objects.exists()


def test_a_form_from_another_site_changes_nothing(sold, django_user_model):
    order = sold()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(django_user_model.objects.create_superuser("boss", "boss@example.com", "secret"), backend="django.contrib.auth.backends.ModelBackend")
    for page, given in (("order", [order.frozen_quote.pk]), ("products", []), ("suggest", [])):
        assert browser.post(reverse(f"oscar_tidewaiter:{page}", args=given), {f"line-{order.lines.get().pk}": "1"}).status_code == 403
    assert not GoodsReturn.objects.exists()
    # And the page carries what makes its own form good.
    page = browser.get(reverse("oscar_tidewaiter:order", args=[order.frozen_quote.pk])).content.decode()
    token = re.search(r'<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    browser.post(reverse("oscar_tidewaiter:order", args=[order.frozen_quote.pk]), {f"line-{order.lines.get().pk}": "1", "seen": "0", "csrfmiddlewaretoken": token})
    assert GoodsReturn.objects.count() == 1
