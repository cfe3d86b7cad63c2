import json
import urllib.error
import urllib.request

question = {
    "from": "CN", "to": "FR", "currency": "EUR", "freight": "4.90", "channel": "post",
    "seller": {"registrations": ["eu.ioss"]},
    "items": [
        {"code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50"},
        {"code": "9102.11", "origin": "CN", "quantity": 1, "price": "79.00"}
    ]
}

request = urllib.request.Request(
    "https://duties.example/v1/quotes",
    data=json.dumps(question).encode(),
    headers={"content-type": "application/json"},
)
try:
    with urllib.request.urlopen(request, timeout=1.5) as answer:
        quote = json.load(answer)
except urllib.error.HTTPError as refused:
    problem = json.load(refused)
    raise SystemExit(f'{problem["title"]}: {problem["detail"]}')

if quote["outcome"] == "amount":
    print("charge at checkout:", quote["terms"]["checkout_ddp"]["least_asked"], quote["asked_currency"])
else:
    print(quote["outcome"], [missing["question"] for missing in quote.get("missing", [])])
