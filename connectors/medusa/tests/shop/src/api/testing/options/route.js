// A door for the tests: new options for the plugin, with an empty cache and closed circuit breakers.
exports.POST = async (request, response) => {
  const { client, ...options } = request.body;
  const logger = request.scope.resolve('logger');
  request.scope.resolve('tidewaiter').configure({ ...options, client: { ...client, on_failure: (engine, { detail }) => logger.debug(detail) } });
  response.json({});
};
