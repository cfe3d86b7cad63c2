"""The worked examples of every economy, asked through the client: what was worked out by hand is what a shop would charge."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tidewaiter_client import Client, HttpEngine, refund, snapshot

tomllib = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
FOLDER = Path(__file__).resolve().parents[3] / "data" / "examples"


def plain(value):
    if isinstance(value, dict):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [plain(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_worked_examples(scripted, path):
    client = Client([HttpEngine(scripted.real)], timeout_ms=20_000)
    for example in tomllib.loads(path.read_text())["example"]:
        consignment, right = plain(example["consignment"]), example["expect"]
        lines = [f"line-{at}" for at in range(len(consignment["items"]))]
        for terms in ("ddp", "dap"):
            answer = client.quote({"consignment": consignment, "terms": terms, "lines": lines})
            assert answer.state == "quoted", (example["name"], answer.why, answer.problems)
            assert answer.outcome == right["outcome"], example["name"]
            assert answer.may_sell_ddp == (right["outcome"] == "amount"), example["name"]
            assert answer.total is not None or answer.charges == [], example["name"]
            if answer.total is None:
                continue
            assert sum(row.amount for row in answer.charges) == answer.total, example["name"]
            assert all(sum(row.per_line.values()) == row.amount for row in answer.charges), example["name"]
            taken = snapshot(answer)
            quantities = [{"line": line, "quantity": item.get("quantity", 1)} for line, item in zip(lines, consignment["items"])]
            assert refund(taken, quantities).total == answer.total, example["name"]
            if answer.quote["currency"] != consignment["currency"] or right["outcome"] != "amount":
                continue
            expected = right.get("total" if terms == "ddp" else "seller")
            if expected is not None:
                assert answer.total == Decimal(expected), example["name"]
            if terms == "ddp":
                found = {}
                for row in answer.charges:
                    found[row.key] = found.get(row.key, Decimal(0)) + row.amount
                for key, amount in right.get("charges", {}).items():
                    assert amount == "none" or found.get(key, Decimal(0)) == Decimal(amount), (example["name"], key)
