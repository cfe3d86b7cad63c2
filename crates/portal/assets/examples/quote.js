const question = {
  "from": "CN", "to": "FR", "currency": "EUR", "freight": "4.90", "channel": "post",
  "seller": { "registrations": ["eu.ioss"] },
  "items": [
    { "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" },
    { "code": "9102.11", "origin": "CN", "quantity": 1, "price": "79.00" }
  ]
};

const answer = await fetch("https://duties.example/v1/quotes", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(question),
  signal: AbortSignal.timeout(1500),
});
const quote = await answer.json();

if (!answer.ok) {
  console.error(quote.title, quote.detail, quote.errors ?? []);
} else if (quote.outcome === "amount") {
  console.log("charge at checkout:", quote.terms.checkout_ddp.least_asked, quote.asked_currency);
} else {
  console.log(quote.outcome, quote.missing?.[0]?.question ?? quote.messages?.[0] ?? "");
}
