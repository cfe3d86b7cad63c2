printf '%s\n' \
  '{"from":"CN","to":"FR","currency":"EUR","channel":"post","items":[{"code":"6109.10","origin":"CN","price":"12.50"}]}' \
  '{"from":"CN","to":"CH","currency":"CHF","channel":"post","items":[{"code":"6912.00","origin":"CN","price":"35.00"}]}' |
curl -sS https://duties.example/v1/quotes/batch -H 'content-type: application/x-ndjson' --data-binary @-
