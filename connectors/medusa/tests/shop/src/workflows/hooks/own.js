// A shop that has handlers of its own where the plugin needs some: a hook takes one, so the shop calls the plugin's from it.
if (process.env.SHOP_HOOKS === 'own') {
  const { completeCartWorkflow, refreshCartItemsWorkflow } = require('@medusajs/medusa/core-flows');
  const { priceCart, validateLandedCost } = require('@tidewaiter/medusa-plugin/workflows');

  completeCartWorkflow.hooks.validate(async (input, context) => {
    if (input.cart.metadata?.wanted_by === 'nobody') throw new Error('the rule of the shop itself');
    await validateLandedCost(input, context);
  });
  refreshCartItemsWorkflow.hooks.beforeRefreshingPaymentCollection(async (input, context) => {
    await priceCart(input, context);
  });
}
