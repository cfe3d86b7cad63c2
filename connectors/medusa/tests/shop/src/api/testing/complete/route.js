// A door for the tests: the workflow of completion, without the Store API around it.
const { completeCartWorkflow } = require('@medusajs/medusa/core-flows');

exports.POST = async (request, response) => {
  const { result } = await completeCartWorkflow(request.scope).run({ input: { id: request.body.id } });
  response.json({ result });
};
