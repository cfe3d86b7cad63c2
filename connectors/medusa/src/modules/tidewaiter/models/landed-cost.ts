// What is due for a cart, and was for the order that it became. A table of its own, since a buyer may write the metadata of a cart.
import { model } from '@medusajs/framework/utils';

export const LandedCost = model.define('tidewaiter_landed_cost', {
  id: model.id({ prefix: 'tlc' }).primaryKey(),
  cart_id: model.text().unique(),
  document: model.json(),
});
