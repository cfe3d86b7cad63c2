# The first answer names its tag.
curl -sSi 'https://duties.example/v1/quotes?from=CN&to=FR&currency=EUR&freight=4.90&channel=post&code=6109.10&origin=CN&price=12.50'
# The same question with that tag: 304 and no body, until the rates or the day change.
curl -sSi -H 'if-none-match: "TAG"' 'https://duties.example/v1/quotes?from=CN&to=FR&currency=EUR&freight=4.90&channel=post&code=6109.10&origin=CN&price=12.50'
