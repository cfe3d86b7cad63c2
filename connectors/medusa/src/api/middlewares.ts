// What the Store API does around its own routes, so that a storefront that knows nothing of this plugin gets the right rows.
import {
  defineMiddlewares, validateAndTransformBody, type MedusaNextFunction, type MedusaRequest, type MedusaResponse,
} from '@medusajs/framework/http';
import { ContainerRegistrationKeys, MedusaError } from '@medusajs/framework/utils';
import { CheckBody, CodesBody, RefundBody, SuggestBody } from '../landed-cost/bodies';
import { readCart, readOptions, termsOf } from '../landed-cost/cart';
import { isOffered } from '../landed-cost/delivery';
import { mayBePaid, serviceOf } from '../landed-cost/price';
import { refreshLandedCostWorkflow } from '../workflows/refresh-landed-cost';

type Handler = (request: MedusaRequest, response: MedusaResponse, next: MedusaNextFunction) => Promise<void> | void;
type Body = Record<string, unknown>;

/** Changes what a route answers, where it did not fail. */
function answering(change: (request: MedusaRequest, body: Body) => Promise<Body>): Handler {
  return (request, response, next) => {
    const json = response.json.bind(response);
    response.json = ((body: Body) => {
      if (response.statusCode >= 400) return json(body);
      change(request, body).then(json, (error: Error) => {
        request.scope.resolve(ContainerRegistrationKeys.LOGGER).error(`tidewaiter: ${error.message}`);
        // The change itself was made. What is due for it is not known yet, and the last check will say so.
        json(body);
      });
      return response;
    }) as typeof response.json;
    next();
  };
}

/** Promotions and taxes change a cart by workflows that end without a hook. */
const priceAfterwards = answering(async (request, body) => {
  const id = request.params['id'] as string;
  await refreshLandedCostWorkflow(request.scope).run({ input: { cart_id: id } });
  const query = request.scope.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({ entity: 'cart', fields: request.queryConfig.fields, filters: { id } });
  return { ...body, cart: data[0] };
});

/** Delivery options that cannot be had for this cart are not listed. */
const withdrawOptions = answering(async (request, body) => {
  const cart_id = request.query['cart_id'];
  const listed = body['shipping_options'] as { id: string }[] | undefined;
  const cart = typeof cart_id === 'string' && listed?.length ? await readCart(request.scope, cart_id) : undefined;
  if (!cart || !listed) return body;
  const service = serviceOf(request.scope);
  const options = new Map((await readOptions(request.scope, listed.map(({ id }) => id))).map((option) => [option.id, termsOf(option)]));
  const offered = new Map<unknown, boolean>();
  for (const terms of new Set(options.values())) offered.set(terms, await isOffered(service, cart, terms));
  return { ...body, shipping_options: listed.filter(({ id }) => offered.get(options.get(id) ?? null) ?? true) };
});

/** An option that is not listed cannot be chosen either. */
const refuseOption: Handler = async (request, _response, next) => {
  const { option_id } = (request.body ?? {}) as { option_id?: string };
  const [option] = option_id ? await readOptions(request.scope, [option_id]) : [];
  const cart = option && (await readCart(request.scope, request.params['id'] as string));
  if (option && cart && !(await isOffered(serviceOf(request.scope), cart, termsOf(option)))) {
    throw new MedusaError(MedusaError.Types.NOT_ALLOWED, termsOf(option) === 'ddp'
      ? 'Duty-paid delivery cannot be had, because what is due cannot be said.'
      : 'These goods cannot be delivered there.');
  }
  next();
};

/** Before a payment begins and before it is completed: what is due is said again, and where it is not what the buyer saw, the buyer looks first. */
const lookFirst = (cartOf: (request: MedusaRequest) => Promise<string | undefined>): Handler => async (request, _response, next) => {
  const cart_id = await cartOf(request);
  if (cart_id) {
    const { result } = await refreshLandedCostWorkflow(request.scope).run({ input: { cart_id } });
    if (result) mayBePaid(result);
  }
  next();
};

const cartOfPayment = async (request: MedusaRequest): Promise<string | undefined> => {
  const query = request.scope.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: 'cart_payment_collection', fields: ['cart_id'], filters: { payment_collection_id: request.params['id'] as string },
  });
  return (data[0] as { cart_id?: string } | undefined)?.cart_id;
};

export default defineMiddlewares({
  routes: [
    { matcher: '/store/carts/:id/promotions', methods: ['POST', 'DELETE'], middlewares: [priceAfterwards] },
    { matcher: '/store/carts/:id/taxes', methods: ['POST'], middlewares: [priceAfterwards] },
    { matcher: '/store/shipping-options', methods: ['GET'], middlewares: [withdrawOptions] },
    { matcher: '/store/carts/:id/shipping-methods', methods: ['POST'], middlewares: [refuseOption] },
    { matcher: '/store/payment-collections/:id/payment-sessions', methods: ['POST'], middlewares: [lookFirst(cartOfPayment)] },
    { matcher: '/store/carts/:id/complete', methods: ['POST'], middlewares: [lookFirst(async (request) => request.params['id'])] },
    { matcher: '/admin/orders/:id/landed-cost/refund', methods: ['POST'], middlewares: [validateAndTransformBody(RefundBody)] },
    { matcher: '/admin/landed-cost/goods-codes', methods: ['POST'], middlewares: [validateAndTransformBody(CodesBody)] },
    { matcher: '/admin/landed-cost/goods-codes/check', methods: ['POST'], middlewares: [validateAndTransformBody(CheckBody)] },
    { matcher: '/admin/landed-cost/goods-codes/suggestions', methods: ['POST'], middlewares: [validateAndTransformBody(SuggestBody)] },
  ],
});
