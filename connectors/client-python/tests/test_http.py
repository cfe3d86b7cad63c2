"""The engine behind HTTP: the real one through the scripted door, and a server that misbehaves in ways that door does not."""

import json
import socket
import subprocess
import threading
import time

import pytest
from conftest import CONFORMANCE, HERE, basket, plain_quote
from tidewaiter_client import Client, EngineFailure, HttpEngine, refund, snapshot

TABLE = json.loads((CONFORMANCE / "scenarios.json").read_text())


def held(to="NL", currency="EUR", terms="ddp", goods=(("tshirt", 4),), **rest):
    """A basket of the conformance table's goods."""
    items = []
    for name, quantity in goods:
        good = TABLE["goods"][name]
        kept = {field: good[field] for field in ("code", "origin", "weight_kg") if field in good}
        items.append({**kept, "description": good["name"], "quantity": quantity, "price": good["price"][currency]})
    place = {field: TABLE["places"][to][field] for field in ("to", "region") if field in TABLE["places"][to]}
    freight = TABLE["shipping"]["standard"][currency]
    return {"terms": terms, "lines": [name for name, _ in goods],
            "consignment": {**TABLE["settings"], **place, "currency": currency, "freight": freight, "items": items, **rest}}


BASKETS = [
    held(terms=terms, **rest)
    for terms in ("ddp", "dap")
    for rest in (
        {}, {"goods": (("tshirt", 8), ("book", 1), ("toy", 3))}, {"seller": {"registrations": ["eu.ioss"]}}, {"discount": "10.00"},
        {"to": "US", "currency": "USD", "goods": (("tshirt", 4), ("toy", 3))}, {"to": "GB", "currency": "EUR", "goods": (("tshirt", 9), ("toy", 1))},
        {"to": "AU", "currency": "AUD", "goods": (("tshirt", 60),)}, {"to": "JP", "currency": "JPY", "goods": (("toy", 9),)},
        {"to": "KW", "currency": "KWD", "goods": (("toy", 9), ("tshirt", 7))}, {"to": "JP", "currency": "JPY", "goods": (("tshirt", 8),)},
        {"goods": (("surprise", 2),)}, {"to": "US", "currency": "USD", "goods": (("wine", 1),)}, {"seller": {"registrations": ["no.such"]}},
        {"from": "XQ"},
    )
]


def test_python_and_node_say_the_same_of_the_same_baskets(scripted):
    client = Client([HttpEngine(scripted.real, name="engine")], timeout_ms=20_000, now=lambda: 1_795_168_800_000)
    answers = [client.quote(one) for one in BASKETS]
    own = []
    for answer in answers:
        taken = snapshot(answer)
        back = refund(taken, [{"line": taken["lines"][0], "quantity": 1}]).to_json()
        own.append({"answer": answer.to_json(), "snapshot": taken, "refund": back})
    asked = json.dumps({"engine": scripted.real, "baskets": BASKETS})
    ran = subprocess.run(["node", str(HERE / "same.cjs")], input=asked, capture_output=True, text=True, timeout=120, check=True)
    for mine, theirs in zip(own, json.loads(ran.stdout), strict=True):
        assert mine == theirs
    assert {answer.outcome for answer in answers} >= {"amount", "range", "unknown", "prohibited"}


def test_the_figures_are_those_of_the_engine(scripted):
    client = Client([HttpEngine(scripted.engine)], timeout_ms=10_000)
    answer = client.quote(held())
    assert (answer.state, scripted.calls()) == ("quoted", 1)
    assert str(answer.total) == answer.quote["terms"]["checkout_ddp"]["least_asked"]
    assert {row.key: str(row.amount) for row in answer.charges} == {
        charge["key"]: charge["sum"]["least_asked"] for charge in answer.quote["charges"] if charge["sum"]["least_asked"] != "0"
    }


@pytest.mark.parametrize(("script", "why"), [
    ({"mode": "status", "status": 500}, "http 500"), ({"mode": "status", "status": 307}, "http 307"), ({"mode": "status", "status": 401}, "http 401"),
    ({"mode": "garbage"}, "bad answer"), ({"mode": "cut"}, "unreachable"), ({"mode": "down"}, "unreachable"), ({"mode": "hang"}, "timeout"),
    ({"mode": "delay", "delay_ms": 900}, "timeout"),
], ids=str)
def test_an_engine_in_trouble(scripted, script, why):
    scripted.set(**script)
    start = time.monotonic()
    limit_ms = 300 if why == "timeout" else 10_000
    answer = Client([HttpEngine(scripted.engine)], timeout_ms=limit_ms, policy="closed").quote(held())
    assert (answer.state, answer.why, answer.charges, answer.proceed) == ("unavailable", why, [], "refuse")
    assert time.monotonic() - start < 5


def test_a_wrong_question_comes_back_with_its_fields(scripted):
    answer = Client([HttpEngine(scripted.engine)], timeout_ms=10_000).quote(held(**{"from": "XQ"}))
    assert (answer.why, [problem["field"] for problem in answer.problems]) == ("question", ["from"])


def test_killed_and_restarted(scripted):
    client = Client([HttpEngine(scripted.engine)], timeout_ms=10_000, breaker_open_ms=50, policy="closed")
    first = client.quote(held())
    scripted.set(mode="down")
    assert client.quote(held()).total == first.total
    assert client.quote(held(goods=(("tshirt", 8),))).state == "unavailable"
    scripted.set(mode="pass")
    time.sleep(0.1)
    assert client.quote(held(goods=(("tshirt", 8),))).state == "quoted"


@pytest.fixture
def rogue():
    """A server on a bare socket: `answer` is called with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)
    state = {}

    def serve():
        try:
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(5)
                    state["seen"] = connection.recv(65536)
                    try:
                        state["answer"](connection)
                    except OSError:
                        pass
        except OSError:
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    state["url"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield state
    listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
    listener.close()
    thread.join(6)


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize("length", [b"content-length: 1000\r\n", b"", b"transfer-encoding: chunked\r\n"])
def test_a_body_that_drips_is_held_to_the_limit_of_the_whole_call(rogue, length):
    ended = []

    def drip(connection):
        connection.sendall(HEAD + length + b"\r\n")
        try:
            for _ in range(100):
                connection.sendall(b"1\r\n \r\n" if b"chunked" in length else b" ")
                time.sleep(0.05)
        except OSError:
            ended.append(True)

    rogue["answer"] = drip
    # The engine alone, and the client around it.
    for ask in (
        lambda: HttpEngine(rogue["url"]).quote(basket()["consignment"], time.monotonic() + 0.3),
        lambda: Client([HttpEngine(rogue["url"])], timeout_ms=300).quote(basket()),
    ):
        start = time.monotonic()
        try:
            why = ask().why
        except EngineFailure as failure:
            why = failure.why
        assert why == "timeout"
        assert time.monotonic() - start < 2
    limit = time.monotonic() + 5
    while len(ended) < 2 and time.monotonic() < limit:
        time.sleep(0.05)
    assert len(ended) == 2, "the connection stayed open"


def test_an_answer_without_end_is_cut_off(rogue):
    sent = []

    def flood(connection):
        connection.sendall(HEAD + b"\r\n")
        while True:
            sent.append(connection.send(b" " * 65536))

    rogue["answer"] = flood
    answer = Client([HttpEngine(rogue["url"], max_answer_bytes=1_000_000)], timeout_ms=10_000).quote(basket())
    assert answer.why == "bad answer"
    assert sum(sent) < 16_000_000


@pytest.mark.parametrize("body", [b"", b"<!doctype html>", b"null", b"[]", b'"\xff"', b"[" * 100_000, b'{"version": 1.0}', b"NaN"], ids=lambda body: repr(body[:20]))
def test_a_body_that_is_no_quote(rogue, body):
    rogue["answer"] = lambda connection: connection.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)
    assert Client([HttpEngine(rogue["url"])], timeout_ms=10_000).quote(basket()).why == "bad answer"


def test_the_key_and_the_path(rogue):
    body = json.dumps(plain_quote()).encode()
    rogue["answer"] = lambda connection: connection.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)
    assert Client([HttpEngine(rogue["url"] + "/duties/", key="twk_abc")], timeout_ms=10_000).quote(basket()).state == "quoted"
    assert rogue["seen"].startswith(b"POST /duties/v1/quotes HTTP/1.1\r\n")
    assert b"authorization: Bearer twk_abc\r\n" in rogue["seen"]


def test_an_address_of_another_kind():
    for url in ("file:///etc/hosts", "duties", "http://"):
        with pytest.raises(TypeError):
            HttpEngine(url)


def test_the_ten_lines_of_the_page_work(scripted, capsys):
    page = (HERE.parent / "README.md").read_text()
    lines = page.split("```python\n")[1].split("```")[0]
    # With nobody at the address it says so, and is not silent.
    exec(lines.replace("https://duties.example", "http://127.0.0.1:9"), {})
    assert capsys.readouterr().out.startswith("not sold duty-paid: unreachable Duty, tax and fees could not be computed.")
    code = lines.replace("https://duties.example", scripted.real).replace('KEY"))])', 'KEY"))], timeout_ms=10_000)')
    names = {}
    exec(code, names)
    said = capsys.readouterr().out.splitlines()
    answer = names["answer"]
    assert answer.charges
    assert said == [*(f"{row.name} {row.amount:.2f} EUR" for row in answer.charges), f"charge {answer.total:.2f} EUR"]
    assert str(answer.total) == answer.quote["terms"]["checkout_ddp"]["least_asked"]
