curl -sS https://duties.example/v1/quotes \
  -H 'content-type: application/json' \
  -d '{
    "from": "CN", "to": "FR", "currency": "EUR", "freight": "4.90", "channel": "post",
    "seller": { "registrations": ["eu.ioss"] },
    "items": [
      { "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" },
      { "code": "9102.11", "origin": "CN", "quantity": 1, "price": "79.00" }
    ]
  }'
