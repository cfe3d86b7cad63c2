"""The system checks name what is wrong, and are silent where nothing is."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from oscar_tidewaiter import checks, names
from oscar_tidewaiter.table import problems

GOOD = {"engine": "https://duties.example", "from": "CN", "channel": "post", "mode": "air", "markets": ["NL"]}


def ours(found):
    return {one.id.removeprefix("oscar_tidewaiter.") for one in found if one.id.startswith("oscar_tidewaiter.")}


def test_a_good_shop_has_nothing_to_hear(settings):
    settings.OSCAR_TIDEWAITER = GOOD
    assert ours(run_checks()) == set()


WRONG = [
    (None, "It is missing"),
    ([], "not a dict"),
    ({"from": "CN"}, "'engine' is missing"),
    ({"engine": "https://duties.example"}, "'from' is missing"),
    ({**GOOD, "polcy": "open"}, "'polcy' is no setting"),
    ({**GOOD, "engine": "duties.example"}, "'engine' is 'duties.example'; write an address"),
    ({**GOOD, "policy": "hope"}, "'policy' is 'hope'; write 'open', 'last-known' or 'closed'"),
    ({**GOOD, "from": "China"}, "two capital letters"),
    ({**GOOD, "registrations": "eu.ioss"}, "a list such as"),
    ({**GOOD, "terms": ["cif"]}, "'ddp' and 'dap'"),
    ({**GOOD, "terms": []}, "'ddp' and 'dap'"),
    ({**GOOD, "destination": "nowhere.at_all"}, "dotted path"),
    ({**GOOD, "date": "yesterday"}, "a day such as"),
    ({**GOOD, "client": {"timeout_ms": 1.5}}, "whole numbers"),
    ({**GOOD, "client": {"timeout": 1500}}, "timeout_ms"),
    ({**GOOD, "attributes": {"code": "goods code"}}, "product attributes"),
]


@pytest.mark.parametrize(("given", "says"), WRONG)
def test_a_wrong_table_is_told_what_to_write(settings, given, says):
    settings.OSCAR_TIDEWAITER = given
    found = checks.settings_table(None)
    assert any(says in one.msg for one in found), found
    assert ours(run_checks()) >= {"E001"}


def test_all_problems_are_told_at_once():
    assert len(problems({"engine": "x", "policy": "y", "from": "z", "what": 1})) == 4


def test_a_key_in_the_clear_is_told(settings):
    settings.OSCAR_TIDEWAITER = {**GOOD, "engine": "http://duties.example", "key": "twk_secret"}
    assert "W001" in ours(checks.settings_table(None))
    settings.OSCAR_TIDEWAITER = {**GOOD, "engine": "http://127.0.0.1:8080", "key": "twk_secret"}
    assert "W001" not in ours(checks.settings_table(None))


def test_what_makes_quotes_ranges_is_told(settings):
    settings.OSCAR_TIDEWAITER = {"engine": GOOD["engine"], "from": "CN", "date": "2026-11-20"}
    assert ours(checks.settings_table(None)) == {"W002", "W003", "W004"}


@pytest.mark.parametrize(("wrong", "hint"), [
    ({"from": "UK"}, "Write 'GB'."), ({"territory": "UK"}, "Write 'GB'."), ({"markets": ["NL", "UK"]}, "Write 'GB'."), ({"home": ["EL"]}, "Write 'GR'."),
    ({"markets": ["EU"]}, "a union is named by its members"), ({"markets": ["QQ"]}, "ISO 3166-1"),
])
def test_a_territory_that_is_none_is_told_with_the_nearest(settings, wrong, hint):
    settings.OSCAR_TIDEWAITER = {**GOOD, **wrong}
    [found] = checks.settings_table(None)
    assert found.id == "oscar_tidewaiter.E009"
    assert hint in found.hint
    assert repr(next(iter(wrong))) in found.msg


@pytest.mark.parametrize(("key", "number", "hint"), [
    ("IOSS", "E010", "Write 'eu.ioss'."), ("voec", "E010", "Write 'no.voec'."), ("my own", "E010", "There are au.lvig,"), ("eu.iosss", "W006", "Write 'eu.ioss'."),
    ("eu_ioss", "E010", "Write 'eu.ioss'."), ("xx.nowhere", "W006", "if your engine knows it"),
])
def test_a_registration_that_is_none_is_told_with_the_nearest(settings, key, number, hint):
    settings.OSCAR_TIDEWAITER = {**GOOD, "registrations": ["au.lvig", key]}
    [found] = checks.settings_table(None)
    assert found.id == f"oscar_tidewaiter.{number}"
    assert hint in found.hint
    assert repr(key) in found.msg


def test_the_names_are_those_of_the_engine(engine):
    known = [one["code"] for one in engine.document("/v1/territories")["territories"] if one["kind"] in ("country", "special")]
    assert len(known) > 200
    # Names of more than two letters are given by the function of the setting `destination`.
    assert {code for code in known if len(code) == 2} == names.territories()
    economies = [one["code"] for one in engine.document("/v1/economies")["economies"]]
    schemes = {one["key"] for code in economies for one in engine.economy(code)["schemes"]}
    assert schemes == set(names.REGISTRATIONS)


HOOKS = [
    ("shipping.repository", "Repository"), ("checkout.session", "CheckoutSessionMixin"), ("checkout.applicator", "SurchargeApplicator"),
    ("checkout.calculators", "OrderTotalCalculator"), ("checkout.mixins", "OrderPlacementMixin"), ("checkout.views", "PaymentDetailsView"), ("checkout.views", "ShippingMethodView"),
]


@pytest.mark.parametrize(("module", "name"), HOOKS)
def test_a_forgotten_hook_is_told(monkeypatch, module, name):
    core = getattr(__import__(f"oscar.apps.{module}", fromlist=[name]), name)
    real = checks.get_class
    monkeypatch.setattr(checks, "get_class", lambda *asked: core if asked == (module, name) else real(*asked))
    found = checks.hooks(None)
    assert [one.id for one in found] == ["oscar_tidewaiter.E002"]
    assert name in found[0].msg
    assert "oscar_fork_app" in found[0].hint


def test_a_mixin_behind_oscars_own_class_is_told(monkeypatch):
    from oscar.apps.checkout.applicator import SurchargeApplicator
    from oscar_tidewaiter.surcharges import DutySurchargeApplicatorMixin

    late = type("SurchargeApplicator", (SurchargeApplicator, DutySurchargeApplicatorMixin), {})
    real = checks.get_class
    monkeypatch.setattr(checks, "get_class", lambda *asked: late if asked[1] == "SurchargeApplicator" else real(*asked))
    assert ours(checks.hooks(None)) == {"E003"}


def test_prices_with_tax_are_told(settings, monkeypatch):
    from oscar.apps.partner import strategy

    settings.OSCAR_OFFERS_INCL_TAX = True
    assert ours(checks.prices(None)) == {"E004"}
    settings.OSCAR_OFFERS_INCL_TAX = False
    fixed = type("Selector", (), {"strategy": lambda self: strategy.UK()})
    monkeypatch.setattr(checks, "get_class", lambda *asked: fixed)
    assert ours(checks.prices(None)) == {"E005"}


def test_models_that_round_the_currency_away_are_told(settings):
    settings.OSCAR_DEFAULT_CURRENCY = "KWD"
    assert ours(checks.decimals_check(None)) == set()
    settings.OSCAR_DEFAULT_CURRENCY = "CLF"
    found = checks.decimals_check(None)
    assert ours(found) == {"E006"}
    assert any("order.Surcharge.incl_tax keeps 3 decimals; CLF has 4" in one.msg for one in found)


def test_an_app_that_is_found_too_late_is_told(settings):
    assert checks.templates(None) == []
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS[1:], settings.INSTALLED_APPS[0]]
    assert ours(checks.templates(None)) == {"E007"}


def test_an_entry_that_would_break_the_dashboard_is_told(settings):
    assert checks.navigation_entries(None) == []
    entry = {"label": "Duties", "url_name": "oscar_tidewaiter:orders"}
    for wrong in (entry, {"label": "More", "children": [entry]}):
        settings.OSCAR_DASHBOARD_NAVIGATION = [wrong]
        assert ours(checks.navigation_entries(None)) == {"E008"}


@pytest.mark.django_db
def test_missing_attributes_are_told(configured):
    from oscar.core.loading import get_model

    get_model("catalogue", "ProductClass").objects.create(name="Hats")
    assert "W005" in ours(run_checks(databases=["default"]))
    call_command("tidewaiter_attributes", verbosity=0)
    assert "W005" not in ours(run_checks(databases=["default"]))


@pytest.mark.django_db
def test_the_migrations_are_complete():
    call_command("makemigrations", "oscar_tidewaiter", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_a_database_without_tables_is_no_reason_to_fail(configured, monkeypatch):
    from django.db import connection
    from oscar.core.loading import get_model

    get_model("catalogue", "ProductClass").objects.create(name="Hats")
    assert "W005" in ours(checks.attributes(None, databases=["default"]))
    # As when `migrate` runs for the first time.
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    assert checks.attributes(None, databases=["default"]) == []
