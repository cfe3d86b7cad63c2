// A door for the tests: a key to the Admin API, as the first user of a shop would make it.
const { createApiKeysWorkflow } = require('@medusajs/medusa/core-flows');

exports.POST = async (request, response) => {
  const { result: [key] } = await createApiKeysWorkflow(request.scope).run({ input: { api_keys: [{ title: 'tests', type: 'secret', created_by: 'tests' }] } });
  response.json({ token: key.token });
};
