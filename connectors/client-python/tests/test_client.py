"""The client: cache, one call at a time, circuit breaker, policies. The clock is ours."""

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from conftest import Told, basket, failure
from tidewaiter_client import Client

MINUTE_MS = 60_000


def other(at):
    return basket(freight=str(at))


def test_no_call_without_destination_terms_or_goods(client, engine):
    for held in (basket(to=None), basket(to=" "), basket(terms=None), basket(lines=())):
        answer = client.quote(held)
        assert (answer.state, answer.proceed, answer.total) == ("none_due_here", "none", None)
    assert engine.calls == 0


@pytest.mark.parametrize("wrong", [{**basket(), "lines": []}, {**basket(), "terms": "fob"}, basket(lines=("a", "a")), {"lines": []}])
def test_a_malformed_basket_is_a_mistake_of_the_caller(client, wrong):
    with pytest.raises(TypeError):
        client.quote(wrong)


def test_the_same_basket_is_asked_once_for_both_delivery_options(client, engine, clock):
    first = client.quote(basket())
    clock.ms += 14 * MINUTE_MS
    assert client.quote(basket()).asked_at == first.asked_at
    client.quote(basket(terms="dap"))
    assert engine.calls == 1
    clock.ms += MINUTE_MS
    assert client.quote(basket()).asked_at != first.asked_at
    assert engine.calls == 2


def test_twenty_threads_share_one_call_each_with_its_own_lines(engine):
    engine.does = "wait"
    client = Client([engine], timeout_ms=10_000)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda at: client.quote(basket(lines=(f"line-{at}",))), range(20)))
    assert engine.calls == 1
    assert [list(answer.charges[0].per_line) for answer in answers] == [[f"line-{at}"] for at in range(20)]


def test_one_who_spoils_an_answer_spoils_nobody_elses(client):
    answer = client.quote(basket())
    answer.quote["total"]["least_asked"] = "0"
    answer.charges.clear()
    again = client.quote(basket())
    assert again.quote["total"]["least_asked"] != "0" and len(again.charges) == 2


def test_an_engine_that_hangs_costs_the_limit_twice(engine, clock):
    client = Client([engine], timeout_ms=50, now=clock)
    engine.does = "hang"
    start = time.monotonic()
    assert [client.quote(other(at)).why for at in range(5)] == ["timeout", "timeout", "refused", "refused", "refused"]
    assert time.monotonic() - start < 2.5
    assert engine.calls == 2
    clock.ms += 4999
    assert client.quote(other(6)).why == "refused"
    clock.ms += 1
    engine.does = "answer"
    assert client.quote(other(7)).state == "quoted"


def test_after_the_pause_one_trial_goes_out(client, engine, clock):
    engine.does = failure("http 500")
    client.quote(other(1))
    client.quote(other(2))
    clock.ms += 5000
    engine.does = "wait"
    with ThreadPoolExecutor(2) as threads:
        whys = sorted(str(answer.why) for answer in threads.map(client.quote, [other(3), other(4)]))
    assert whys == ["None", "refused"]


@pytest.mark.parametrize(("why", "opens"), [
    ("http 401", False), ("http 404", False), ("question", False), ("http 408", True), ("http 429", True), ("http 500", True), ("bad answer", True),
])
def test_what_opens_the_breaker(client, engine, why, opens):
    engine.does = failure(why)
    for at in range(4):
        client.quote(other(at))
    assert engine.calls == (2 if opens else 4)


def test_policy_open_sells_duty_unpaid_with_a_notice(engine):
    engine.does = OSError("gone")
    answer = Client([engine], policy="open").quote(basket())
    assert (answer.state, answer.why, answer.may_sell_ddp, answer.proceed, answer.total) == ("unavailable", "unreachable", False, "dap", None)
    assert answer.warnings and answer.on_delivery is None
    # It is shown to the buyer, so it speaks to the buyer.
    assert "You may be asked to pay them on delivery" in answer.warnings[0]


def test_policy_closed_refuses_duty_paid(engine, clock):
    client = Client([engine], policy="closed", now=clock)
    client.quote(basket())
    clock.ms += 16 * MINUTE_MS
    engine.does = failure("http 500")
    answer = client.quote(basket())
    assert (answer.state, answer.may_sell_ddp, answer.may_sell_dap, answer.proceed) == ("unavailable", False, True, "refuse")


def test_policy_last_known_is_for_the_same_basket_of_less_than_a_day(client, engine, clock):
    first = client.quote(basket())
    engine.does = failure("http 500")
    clock.ms += 16 * MINUTE_MS
    stale = client.quote(basket())
    assert (stale.state, stale.why, stale.total, stale.asked_at) == ("stale", "http 500", Decimal(first.total), first.asked_at)
    assert client.quote(other(1)).state == "unavailable"
    clock.ms += 24 * 60 * MINUTE_MS
    assert client.quote(basket()).proceed == "refuse"


def test_a_refused_question_names_its_fields_and_no_older_answer_stands_in(client, engine, clock):
    client.quote(basket())
    clock.ms += 16 * MINUTE_MS
    problems = [{"field": "to", "value": "XQ", "message": "is not a territory"}]
    engine.does = failure("question", problems=problems)
    answer = client.quote(basket())
    assert (answer.state, answer.why, answer.problems) == ("unavailable", "question", problems)


def test_the_offline_engine_answers_last_and_says_its_age(engine, clock):
    slice_ = Told()
    slice_.name, slice_.data_age_days = "slice", 12
    client = Client([engine], offline=slice_, now=clock)
    assert client.quote(basket()).state == "quoted" and slice_.calls == 0
    engine.does = failure("http 500")
    answer = client.quote(other(1))
    assert (answer.state, answer.data_age_days, answer.engine, answer.may_sell_ddp) == ("offline", 12, "slice", True)
    engine.does = "answer"
    assert client.quote(other(1)).state == "quoted"


def test_a_clock_that_is_set_back_makes_no_answer_young(client, engine, clock):
    client.quote(basket())
    clock.ms -= 60 * MINUTE_MS
    client.quote(basket())
    assert engine.calls == 2
    client.forget()
    client.quote(basket())
    assert engine.calls == 3


def test_the_cache_is_bounded(engine, clock):
    client = Client([engine], cache_entries=2, now=clock)
    for at in (1, 2, 1, 3):
        client.quote(other(at))
    assert engine.calls == 3
    client.quote(other(1))
    assert engine.calls == 3
    client.quote(other(2))
    assert engine.calls == 4


def test_a_log_that_fails_does_not_stop_a_sale(engine):
    engine.does = failure("http 500")

    def log(name, problem):
        raise OSError("disk full")

    assert Client([engine], on_failure=log).quote(basket()).state == "unavailable"


@pytest.mark.parametrize("options", [{"policy": "maybe"}, {"timeout_ms": 0}, {"cache_ms": -1}, {"cache_ms": 0.5}])
def test_options_that_make_no_sense(engine, options):
    with pytest.raises(TypeError):
        Client([engine], **options)
    with pytest.raises(TypeError):
        Client([])
