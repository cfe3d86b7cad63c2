"""From a quote to rows, snapshots and refunds: everything adds up."""

import copy
import json
from decimal import Decimal

import pytest
from conftest import CONFORMANCE, Told, basket, exact_quote, plain_quote, random_case
from tidewaiter_client import Client, check, refund, snapshot
from tidewaiter_client._quote import fault_of

SHARED = json.loads((CONFORMANCE / "answers.json").read_text())


def asked(quote, held, **options):
    return Client([Told(quote)], **options).quote(held)


def test_rows_add_up_to_the_total_and_lines_to_their_row():
    for seed in range(400):
        quote, held, _ = random_case(seed)
        answer = asked(quote, held)
        assert answer.state == "quoted", (seed, answer.why)
        right = quote["total" if held["terms"] == "ddp" else "terms"]
        right = right["least_asked"] if held["terms"] == "ddp" else right["checkout_dap"]["least_asked"]
        assert answer.total == Decimal(right)
        assert sum((row.amount for row in answer.charges), Decimal(0)) == answer.total
        for row in answer.charges:
            assert sum(row.per_line.values()) == row.amount
            assert all(part > 0 for part in row.per_line.values())
            assert held["terms"] == "ddp" or row.collected_by == "seller"


def test_refunds_in_any_division_give_back_exactly_what_was_paid():
    for seed in range(1000, 1300):
        quote, held, chance = random_case(seed)
        taken = json.loads(json.dumps(snapshot(asked(quote, held))))
        left = {line: item["quantity"] for line, item in zip(held["lines"], held["consignment"]["items"])}
        paid = {charge["key"]: Decimal(charge["amount"]) for charge in taken["charges"]}
        back, already, total = dict.fromkeys(paid, Decimal(0)), [], Decimal(0)
        while any(left.values()):
            now = []
            for line, some in left.items():
                if quantity := chance.choice([0, chance.randint(0, some), some]):
                    now.append({"line": line, "quantity": quantity})
                    left[line] -= quantity
            step = refund(taken, now, already=already)
            for charge in step.charges:
                assert sum(charge.per_line.values()) == charge.amount
                back[charge.key] += charge.amount
                assert back[charge.key] <= paid[charge.key], seed
            total += step.total
            assert total + step.left == Decimal(taken["total"])
            already += now
        assert total == Decimal(taken["total"]) and back == paid, seed


def test_a_refund_refuses_more_than_was_sold():
    taken = snapshot(asked(plain_quote(), basket()))
    for lines, already, words in (
        ([("a", 5)], [], "5 returned of 4"), ([("a", 1)], [("a", 4)], "5 returned of 4"), ([("b", 1)], [], "not in the order"), ([("a", -1)], [], "negative"),
    ):
        with pytest.raises(ValueError, match=words):
            refund(taken, *[[{"line": line, "quantity": some} for line, some in lines]], already=[{"line": line, "quantity": some} for line, some in already])


def test_amounts_finer_than_the_currency_go_back_whole():
    quote = exact_quote([("q.duty", "duty", "border", [12345])], decimals=3)
    taken = snapshot(asked(quote, basket()))
    first = refund(taken, [{"line": "a", "quantity": 1}])
    rest = refund(taken, [{"line": "a", "quantity": 3}], already=[{"line": "a", "quantity": 1}])
    assert first.total + rest.total == Decimal(taken["total"]) and rest.left == 0


def test_what_a_shop_keeps_does_not_go_back():
    quote = exact_quote([("q.duty", "duty", "border", [1200]), ("q.fee", "fee", "border", [277])])
    back = refund(snapshot(asked(quote, basket())), [{"line": "a", "quantity": 4}], keep=["fee"])
    assert [charge.key for charge in back.charges] == ["q.duty"] and back.left == 0


def test_duty_paid_charges_all_duty_unpaid_only_what_the_seller_must_collect():
    ddp = asked(plain_quote(), basket())
    assert (ddp.total, ddp.on_delivery.most, ddp.proceed, [row.key for row in ddp.charges]) == (33, 0, "ddp", ["q.duty", "q.tax"])
    dap = asked(plain_quote(), basket(terms="dap"))
    assert (dap.total, dap.on_delivery.most, dap.proceed, [row.key for row in dap.charges]) == (21, 12, "dap", ["q.tax"])


def ranged(**changes):
    quote = plain_quote()
    for one in (quote["total"], quote["terms"]["checkout_ddp"]):
        one.update(most="40", most_asked="40")
    for one in (quote["terms"]["border"], quote["terms"]["on_delivery_dap"], quote["charges"][0]["sum"]):
        one.update(most="19", most_asked="19")
    quote["missing"] = [{"fact": "code", "item": 1, "question": "What is the goods code?", "narrows_by": "7"}]
    return {**quote, "outcome": "range", **changes}


def test_a_range_is_never_one_number():
    answer = asked(ranged(), basket())
    assert (answer.may_sell_ddp, answer.proceed, answer.total, answer.charges) == (False, "refuse", None, [])
    assert (answer.bounds.least, answer.bounds.most) == (33, 40)
    assert "total" not in answer.to_json()
    assert answer.missing[0].line == "a" and answer.missing[0].narrows_by == 7
    assert asked(ranged(), basket(), policy="open").proceed == "dap"
    assert asked(ranged(), basket(terms="dap")).total == 21


@pytest.mark.parametrize("outcome", ["prohibited", "not-allowed"])
@pytest.mark.parametrize("policy", ["open", "last-known", "closed"])
@pytest.mark.parametrize("terms", ["ddp", "dap"])
def test_not_sold_whatever_the_policy(outcome, policy, terms):
    answer = asked(ranged(outcome=outcome), basket(terms=terms), policy=policy)
    assert (answer.may_sell_ddp, answer.may_sell_dap, answer.proceed, answer.total, answer.on_delivery) == (False, False, "refuse", None, None)


def test_the_check_names_what_changed():
    taken = snapshot(asked(plain_quote(), basket()))
    assert json.loads(json.dumps(taken)) == taken
    assert check(taken, basket()).same
    changed = basket()
    changed["consignment"]["items"][0]["quantity"] = 8
    assert check(taken, changed).changed == ["consignment.items[0].quantity"]
    assert check(taken, basket(terms="dap")).changed == ["terms"]


SPOILED = {
    "charges that do not add up": lambda quote: quote["charges"][0]["sum"].update(least_asked="13", most_asked="13"),
    "parts that do not add up": lambda quote: quote["items"][0]["charges"][0].update(amount="11"),
    "another currency": lambda quote: quote.update(asked_currency="USD"),
    "other items": lambda quote: quote["items"].append(quote["items"][0]),
    "a negative sum": lambda quote: quote["total"].update(least_asked="-1"),
    "a number": lambda quote: quote["total"].update(least_asked=33),
    "another version": lambda quote: quote.update(version=2),
    "no such outcome": lambda quote: quote.update(outcome="free"),
    "no terms": lambda quote: quote.pop("terms"),
    "a fraction": lambda quote: quote.update(confidence=0.5),
    "an amount with a range in it": lambda quote: quote["terms"]["checkout_dap"].update(most_asked="40"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_bad_answer(name):
    quote = plain_quote()
    SPOILED[name](quote)
    answer = asked(quote, basket())
    assert (answer.state, answer.why, answer.may_sell_ddp) == ("unavailable", "bad answer", False)


# ---- The same good and bad answers as in Node ----


def changed(change):
    held = copy.deepcopy({"consignment": SHARED["consignment"], "quote": SHARED["quote"]})
    for path, value in change.items():
        *names, last = path.split(".")
        at = held
        for name in names:
            at = at[int(name) if isinstance(at, list) else name]
        at[last] = copy.deepcopy(value)
    return held["consignment"], held["quote"]


@pytest.mark.parametrize("one", SHARED["cases"], ids=lambda one: one["name"])
def test_good_and_bad_answers(one):
    consignment, quote = changed(one["change"])
    fault = fault_of(quote, consignment)
    assert fault is None if one["fault"] is None else one["fault"] in (fault or "")
    answer = asked(quote, {"terms": "ddp", "lines": ["a"], "consignment": consignment})
    assert answer.why == (None if one["fault"] is None else "bad answer")
