"""Writes fingerprints.json from the definition alone, with nothing of the clients in it: python3 connectors/conformance/fingerprints.py

Canonical JSON has keys sorted by UTF-16 code unit, no spaces, and the halves of surrogate pairs escaped; the fingerprint is its SHA-256.
"""

import hashlib
import json
from pathlib import Path


def basket(terms="ddp", **fields):
    goods = {"from": "CN", "to": "NL", "date": "2026-11-20", "currency": "EUR", "freight": "7.00"}
    items = [{"code": "6109.10", "origin": "CN", "quantity": 4, "price": "25.00"}]
    return {"terms": terms, "consignment": {**goods, "items": items, **fields}}


BASKETS = {
    "a plain basket": basket(),
    "the same, duty unpaid": basket("dap"),
    "a quantity as text is another basket": basket(items=[{"code": "6109.10", "origin": "CN", "quantity": "4", "price": "25.00"}]),
    "a zero at the end is another text": basket(freight="7"),
    "keys that need sorting, and a null": {"terms": "ddp", "consignment": {
        "to": "GB", "items": [{"price": "1", "quantities": {"l": "0.7", "asv": "40", "kg": "1"}, "code": None}], "currency": "GBP",
        "seller": {"territory": "CN", "registrations": ["gb.supplyvat"]}, "facts": {"personal-use": True, "b2b": False}}},
    "letters beyond ASCII, quotes and control characters": basket(items=[{
        "description": "Thé « vert » \"bio\"\n\t\u0001\u007f\u2028 /\\ 茶 🍵", "code": "0902.10", "origin": "JP", "quantity": 1, "price": "9.90"}]),
    "keys beyond the basic plane sort by UTF-16": basket(facts={"\ufb01": True, "\U0001f375": True, "a": True}),
    "two items keep their order": basket(items=[{"code": "4901.99", "price": "10.00"}, {"code": "6109.10", "price": "25.00"}]),
    "yen have no decimals": basket(to="JP", currency="JPY", freight="700", items=[{"code": "9503.00", "origin": "CN", "quantity": 8, "price": "2500"}]),
    "dinars have three": basket("dap", to="KW", currency="KWD", freight="2.500", items=[{"code": "6109.10", "origin": "CN", "quantity": 8, "price": "14.345"}]),
    "whole numbers at the limit": basket(parcels=1, items=[{"code": "6109.10", "quantity": 9007199254740991, "price": "0.01"}]),
    "half of a pair of surrogates": basket(items=[{"description": "\ud83c", "price": "1"}]),
    "no terms": basket(None),
}


def ordered(value):
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [ordered(one) for one in value] if isinstance(value, list) else value


def canonical(value):
    text = json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))
    return "".join(f"\\u{ord(letter):04x}" if 0xD800 <= ord(letter) <= 0xDFFF else letter for letter in text)


if __name__ == "__main__":
    vectors = []
    for name, held in BASKETS.items():
        text = canonical({**held, "version": 1})
        vectors.append({"name": name, "basket": held, "canonical": text, "sha256": hashlib.sha256(text.encode()).hexdigest()})
    about = "Baskets, their canonical JSON and its SHA-256: the fingerprint. Every client library must give these. Made by fingerprints.py."
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"about": about, "vectors": vectors}, indent=1) + "\n")
