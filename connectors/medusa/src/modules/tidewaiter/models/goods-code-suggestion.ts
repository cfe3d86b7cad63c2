// What the finder suggests for a product without a goods code. No code is assigned until a person confirms one.
import { model } from '@medusajs/framework/utils';

export const GoodsCodeSuggestion = model.define('tidewaiter_goods_code_suggestion', {
  id: model.id({ prefix: 'tgs' }).primaryKey(),
  product_id: model.text().unique(),
  suggestions: model.json(),
});
