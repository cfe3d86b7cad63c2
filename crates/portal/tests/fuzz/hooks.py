"""What the fuzzer cannot know from the OpenAPI document.

Good questions name real territories and currencies, or every one of them would be refused at its first field and the engine behind would
never be reached. Wrong questions stay as they are.
"""

import json
import random

import schemathesis

TERRITORIES = ["FR", "DE", "CH", "US", "GB", "XI", "JP", "BR", "IN", "AU", "CA", "NO", "IT-LIVIGNO", "EU", "ZA"]
CURRENCIES = ["EUR", "USD", "JPY", "CHF"]
CODES = ["6109.10", "9102.11", "2204", "85", "8517.13.00", "0402.10", "2402.20", "9503.00"]


@schemathesis.serializer("application/x-ndjson")
def as_lines(ctx, value):
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def first_line(ctx, response):
    """The document says what a line is; the tests in Rust look at each of them."""
    return json.loads(response.content.split(b"\n", 1)[0])


@schemathesis.deserializer("application/octet-stream")
def some_text(ctx, response):
    return ""


def with_real_names(asked, chance):
    """A good question, made to name what there is."""
    if not isinstance(asked, dict):
        return asked
    if "consignment" in asked:
        asked["consignment"] = with_real_names(asked["consignment"], chance)
        if isinstance(asked.get("to"), list):
            asked["to"] = [chance.choice(TERRITORIES) for _ in asked["to"]]
        return asked
    if not isinstance(asked.get("items"), list):
        return asked
    asked["to"] = chance.choice(TERRITORIES)
    asked["currency"] = chance.choice(CURRENCIES)
    if asked.get("from") is not None:
        asked["from"] = chance.choice(TERRITORIES)
    for item in asked["items"]:
        if isinstance(item, dict):
            if item.get("code") is not None:
                item["code"] = chance.choice(CODES)
            if item.get("origin") is not None:
                item["origin"] = chance.choice(TERRITORIES)
    return asked


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # The same case is changed in the same way each time.
    chance = random.Random(repr(case.body) + repr(case.query))
    if isinstance(case.body, list):
        case.body = [with_real_names(one, chance) for one in case.body]
    else:
        case.body = with_real_names(case.body, chance)
    for name, known in [("to", TERRITORIES), ("from", TERRITORIES), ("currency", CURRENCIES), ("territory", TERRITORIES)]:
        if case.query and case.query.get(name):
            case.query[name] = chance.choice(known)
    for name, known in [("code", TERRITORIES), ("goods_code", CODES), ("series", ["ecb"]), ("currency", CURRENCIES)]:
        if case.path_parameters and name in case.path_parameters and chance.random() < 0.7:
            case.path_parameters[name] = chance.choice(known)


@schemathesis.hook
def filter_case(context, case):
    """A wrong question among many is answered in its place, and the others with it: nothing is refused as a whole."""
    wrong = case.meta is not None and case.meta.generation.mode.is_negative
    return not (wrong and case.operation.path == "/v1/quotes/batch")
