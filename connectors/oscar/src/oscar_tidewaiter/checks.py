"""System checks: what is wrongly configured, and what to write instead. `manage.py check` prints them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connection
from oscar.core.loading import get_class, get_model
from tidewaiter_client import decimals

from . import customs_data, delivery, names, surcharges, totals
from .decimals import kept
from .table import NAME, Table, problems, table

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def settings_table(app_configs: Any, **_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [Error(one, id="oscar_tidewaiter.E001", obj=NAME) for one in problems(getattr(settings, NAME, None))]
    if found:
        return found
    now = table()
    for engine in now.engines:
        parts = urlsplit(engine)
        if now.key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            found.append(Warning(f"The key goes to {engine} without encryption.", hint="Use https.", obj=NAME, id="oscar_tidewaiter.W001"))
    if now.date:
        found.append(Warning(f"Every order is quoted by the law of {now.date}.", hint="Leave 'date' out; it is for tests.", obj=NAME, id="oscar_tidewaiter.W002"))
    if now.channel is None or now.mode is None:
        found.append(Warning("'channel' or 'mode' is not set, so many quotes are ranges and duty-paid delivery is withheld.",
                             hint="Say how parcels travel, such as 'post' and 'air'.", obj=NAME, id="oscar_tidewaiter.W003"))
    found += _territories(now) + _registrations(now)
    if not now.markets:
        found.append(Warning("'markets' is not set, so the staff do not see the price of not knowing.", hint="Name some destinations.", obj=NAME, id="oscar_tidewaiter.W004"))
    return found


def _territories(now: Table) -> list[CheckMessage]:
    written = [("from", now.sent_from), ("territory", now.territory), *(("home", one) for one in now.home), *(("markets", one) for one in now.markets)]
    found: list[CheckMessage] = []
    for name, code in written:
        if code is None or code in names.territories():
            continue
        near = names.nearest_territory(code)
        hint = f"Write {near!r}." if near else "Write the two letters of ISO 3166-1, such as 'GB' or 'NL'; a union is named by its members."
        found.append(Error(f"{name!r} has {code!r}, which is no territory: every question about it would be refused.", hint=hint, obj=NAME, id="oscar_tidewaiter.E009"))
    return found


def _registrations(now: Table) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for key in now.registrations:
        if key in names.REGISTRATIONS:
            continue
        near = names.nearest_registration(key)
        meant = f"Write {near!r}." if near else f"There are {', '.join(names.REGISTRATIONS)}."
        if not names.is_registration(key):
            found.append(Error(f"'registrations' has {key!r}, which is no registration: you would be taken as not registered.", hint=meant, obj=NAME, id="oscar_tidewaiter.E010"))
        else:
            found.append(Warning(f"'registrations' has {key!r}, which this version does not know.", hint=f"{meant} Or leave it, if your engine knows it: the page Registrations tells.", obj=NAME, id="oscar_tidewaiter.W006"))
    return found


def hooks(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Each forgotten hook costs money silently: duty not charged, or charged and not checked."""
    from . import checkout

    wanted = [
        ("shipping.repository", "Repository", delivery.DutyRepositoryMixin),
        ("checkout.session", "CheckoutSessionMixin", checkout.DutySessionMixin),
        ("checkout.applicator", "SurchargeApplicator", surcharges.DutySurchargeApplicatorMixin),
        ("checkout.calculators", "OrderTotalCalculator", totals.DutyTotalCalculatorMixin),
        ("checkout.mixins", "OrderPlacementMixin", checkout.DutyPlacementMixin),
        ("checkout.views", "PaymentDetailsView", checkout.DutyPaymentMixin),
        ("checkout.views", "ShippingMethodView", checkout.DutyShippingMethodMixin),
    ]
    found: list[CheckMessage] = []
    for module, name, mixin in wanted:
        core = get_class(module, name)
        app = module.partition(".")[0]
        where = f"{module.replace('.', '/')}.py"
        fork = f"Fork the app (manage.py oscar_fork_app {app} FOLDER); in its {where.partition('/')[2]} write class {name}({mixin.__name__}, Core{name})."
        if not issubclass(core, mixin):
            found.append(Error(f"{module}.{name} has no {mixin.__name__}.", hint=fork, id="oscar_tidewaiter.E002"))
            continue
        # After Oscar's own class a mixin changes nothing.
        order = core.__mro__
        oscars = next((at for at, one in enumerate(order) if one.__module__ == f"oscar.apps.{module}" and one.__name__ == name), len(order))
        if order.index(mixin) > oscars:
            found.append(Error(f"{module}.{name}: {mixin.__name__} must stand before Oscar's own class.", hint=fork, id="oscar_tidewaiter.E003"))
    return found


def prices(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Prices and discounts must be without tax: a buyer abroad does not pay the tax of the shop's own country."""
    from oscar.apps.partner.strategy import FixedRateTax

    found: list[CheckMessage] = []
    if settings.OSCAR_OFFERS_INCL_TAX:
        found.append(Error("OSCAR_OFFERS_INCL_TAX is on: discounts would be of prices whose tax is not known yet.", hint="Set it to False.", id="oscar_tidewaiter.E004"))
    strategy = get_class("partner.strategy", "Selector")().strategy()
    if isinstance(strategy, FixedRateTax):
        found.append(Error("The strategy of prices puts a fixed tax on every sale, also on those abroad.",
                           hint="Use DeferredTax or NoTax, and put domestic tax on in build_submission.", obj=type(strategy), id="oscar_tidewaiter.E005"))
    return found


def decimals_of_models() -> dict[str, int]:
    fields = [("order", "Surcharge", "incl_tax"), ("order", "Order", "total_incl_tax"), ("order", "Line", "line_price_incl_tax"), ("partner", "StockRecord", "price")]
    return {f"{app}.{model}.{name}": kept(get_model(app, model), name) for app, model, name in fields}


def decimals_check(app_configs: Any, **_: Any) -> list[CheckMessage]:
    wanted = decimals(settings.OSCAR_DEFAULT_CURRENCY)
    return [
        Error(f"{field} keeps {places} decimals; {settings.OSCAR_DEFAULT_CURRENCY} has {wanted}: amounts would be rounded away.",
              hint="Fork the app and widen its models with oscar_tidewaiter.decimals.keep.", id="oscar_tidewaiter.E006")
        for field, places in decimals_of_models().items() if places < wanted
    ]


def templates(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Our templates extend Oscar's of the same name, so the app must be found first."""
    apps = list(settings.INSTALLED_APPS)
    ours = next((at for at, one in enumerate(apps) if one.startswith("oscar_tidewaiter")), None)
    oscars = next((at for at, one in enumerate(apps) if one == "oscar" or one.startswith("oscar.")), None)
    if ours is None or oscars is None or ours < oscars:
        return []
    return [Error("oscar_tidewaiter stands after oscar in INSTALLED_APPS: the checkout would not show what is due.", hint="Put it first.", id="oscar_tidewaiter.E007")]


def attributes(app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:
    if not databases or problems(getattr(settings, NAME, None)):
        return []
    tables = [get_model("catalogue", name)._meta.db_table for name in ("ProductClass", "ProductAttribute")]
    # `migrate` runs checks of the database before it makes the tables.
    if not set(tables) <= set(connection.introspection.table_names()):
        return []
    return [
        Warning(f"A class of products has no attribute for customs data: {one}.", hint="Run manage.py tidewaiter_attributes.", id="oscar_tidewaiter.W005")
        for one in customs_data.lacking_attributes()
    ]


def navigation_entries(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Oscar looks up who may see an entry among its own pages, and fails on every page of the dashboard where it is another's."""
    found: list[CheckMessage] = []
    waiting = list(settings.OSCAR_DASHBOARD_NAVIGATION)
    while waiting:
        entry = waiting.pop()
        waiting.extend(entry.get("children", []))
        if str(entry.get("url_name", "")).startswith("oscar_tidewaiter:") and "access_fn" not in entry:
            found.append(Error(f"The entry {entry['url_name']!r} of the dashboard has no access_fn: every page of the dashboard would fail.",
                               hint="Write OSCAR_DASHBOARD_NAVIGATION.append(oscar_tidewaiter.navigation.DUTIES).", id="oscar_tidewaiter.E008"))
    return found
