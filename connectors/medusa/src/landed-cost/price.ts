// What is due for a cart: asks, puts the charges on it, and checks them a last time before payment.
import { MedusaError } from '@medusajs/framework/utils';
import type { MedusaContainer } from '@medusajs/framework/types';
import { check, type Charge, type Answer } from '@tidewaiter/client';
import { TIDEWAITER } from '../modules/tidewaiter';
import type { TidewaiterService } from '../modules/tidewaiter/service';
import { chosenOf, isOurs, linesOf, readCart, type Cart, type Chosen } from './cart';
import { deliverUnpaid } from './delivery';
import { isSame, sum, text } from './money';
import type { Asked } from './parcels';
import { isPlaced, place } from './rows';
import { storedOf, type Stored } from './stored';

export const serviceOf = (container: MedusaContainer): TidewaiterService => container.resolve(TIDEWAITER);

/** The rows that are charged: under the terms that were chosen, and only where the sale may go on under them. */
const chargesOf = (answer: Answer, chosen: Chosen): Charge[] => (chosen !== null && answer.proceed === chosen ? answer.charges : []);

const askFor = (service: TidewaiterService, cart: Cart, chosen: Chosen): Promise<Asked> => service.ask(cart, chosen === 'dap' ? 'dap' : 'ddp');

export interface Priced {
  stored: Stored;
  /** What is charged, and what was before. */
  is: string;
  was: string;
  /** Whether the cart is not what it was when its buyer last saw it. */
  isChanged: boolean;
}

/** Puts what is due on the cart. Whoever calls holds the lock of the cart. Nothing is done to a cart that became an order. */
export async function price(container: MedusaContainer, cart_id: string): Promise<Priced | undefined> {
  let cart = await readCart(container, cart_id);
  if (!cart || cart.completed_at) return undefined;
  const service = serviceOf(container);
  let chosen = chosenOf(cart);
  let asked = await askFor(service, cart, chosen);
  if (chosen === 'ddp' && asked.together.proceed === 'dap' && (await deliverUnpaid(container, cart))) {
    cart = (await readCart(container, cart_id)) as Cart;
    chosen = chosenOf(cart);
    asked = await askFor(service, cart, chosen);
  }
  const charges = chargesOf(asked.together, chosen);
  const before = await service.read(cart_id);
  const was = sum(cart.items.filter(isOurs).map((item) => text(item.total)));
  const isMoved = await place(container, cart, charges);
  const stored = storedOf({ ...asked, together: warned(cart, asked.together) }, chosen);
  await service.keep(cart_id, stored);
  const isSameBasket = before !== undefined && before.snapshots.length === asked.baskets.length
    && before.snapshots.every((taken, at) => check(taken, asked.baskets[at] as Asked['baskets'][number]).same);
  return { stored, was, is: sum(charges.map(({ amount }) => amount)), isChanged: isMoved || (chosen !== null && !isSameBasket) };
}

/** A shop that also taxes the destination itself would take tax twice; its staff must see it. */
function warned(cart: Cart, answer: Answer): Answer {
  const rate = linesOf(cart).flatMap((line) => line.tax_lines ?? []).find((line) => line.rate > 0)?.rate;
  if (rate === undefined || answer.charges.every((charge) => charge.class !== 'tax')) return answer;
  return { ...answer, warnings: [...answer.warnings, `The shop's own tax of ${rate} % is charged on top: take this destination out of its tax regions.`] };
}

const refused = (message: string) => new MedusaError(MedusaError.Types.NOT_ALLOWED, message);

/** Why an order may not be paid that was priced just now; or nothing. */
export function mayBePaid({ stored, is, was, isChanged }: Priced, currency = stored.told.currency): void {
  const { chosen, told } = stored;
  if (chosen === 'mixed') throw refused('All parcels of an order must go under the same delivery terms.');
  if (told.outcome === 'prohibited' || told.outcome === 'not-allowed') throw refused('These goods cannot be delivered there.');
  if (chosen !== null && told.proceed !== 'none' && told.proceed !== chosen) {
    throw refused(chosen === 'ddp'
      ? 'Duty-paid delivery cannot be had now, because what is due cannot be said. Choose another delivery.'
      : 'These goods cannot be delivered there.');
  }
  if (!isSame(is, was)) throw refused(`Duty, tax and fees have changed from ${was} to ${is} ${currency}: look at the order again.`);
  if (isChanged) throw refused('The order has changed since what is due was shown: look at it again.');
}

/** Payments that are under way or done; the others are of no account. */
const LIVE = ['pending', 'requires_more', 'authorized', 'captured', 'pending_authorization'];

/**
 * The last check, while the cart becomes an order: it is what was quoted, its rows are what is due, and the payment is of the total. Nothing is changed, for
 * what a workflow does that is refused is undone.
 */
export async function lastCheck(container: MedusaContainer, cart_id: string): Promise<void> {
  const cart = await readCart(container, cart_id);
  if (!cart || cart.completed_at) return;
  const service = serviceOf(container);
  const chosen = chosenOf(cart);
  const asked = await askFor(service, cart, chosen);
  const charges = chargesOf(asked.together, chosen);
  const kept = await service.read(cart_id);
  const isSameBasket = kept !== undefined && kept.snapshots.length === asked.baskets.length
    && kept.snapshots.every((taken, at) => check(taken, asked.baskets[at] as Asked['baskets'][number]).same);
  mayBePaid({
    stored: storedOf(asked, chosen),
    is: sum(charges.map(({ amount }) => amount)),
    was: sum(cart.items.filter(isOurs).map((item) => text(item.total))),
    isChanged: !isPlaced(cart, charges) || (asked.together.proceed !== 'none' && !isSameBasket),
  });
  const { amount, payment_sessions = [] } = cart.payment_collection ?? { amount: 0 };
  const amounts = [amount, ...payment_sessions.filter(({ status }) => LIVE.includes(status)).map((session) => session.amount)];
  if (!isSame(cart.total, 0) && amounts.some((one) => !isSame(one, cart.total))) {
    throw refused(`The payment is of ${text(amount)} and the order of ${text(cart.total)} ${cart.currency_code.toUpperCase()}: begin the payment again.`);
  }
}
