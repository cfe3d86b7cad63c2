// A door for the tests: a payment of another amount.
exports.POST = async (request, response) => {
  const payments = request.scope.resolve('payment');
  const session = await payments.retrievePaymentSession(request.body.id);
  await payments.updatePaymentSession({ id: session.id, amount: request.body.amount, currency_code: session.currency_code, data: session.data ?? {} });
  response.json({});
};
