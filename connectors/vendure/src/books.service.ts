// Orders that are paid go into the seller's ledger by themselves. All of it is work of the job queue: no checkout waits for it, and none fails by it.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConfigService, EventBus, JobQueueService, Logger, Order, OrderStateTransitionEvent, PollingJobQueueStrategy, TransactionalConnection, type ID, type Job, type JobQueue } from '@vendure/core';
import { Books, orderDocument, type Entered, type OrderDocument } from '@tidewaiter/client';
import { problemText } from '@tidewaiter/client/plugin';
import { LOGGER } from './constants';
import { LandedCostService } from './landed-cost.service';
import { LandedCostReturnedEvent } from './returned-event';
import { readStored } from './stored';

const QUEUE = 'tidewaiter-books';
/** With the waits below, more than a day. */
const RETRIES = 20;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 3 * 60 * 60 * 1000;

type Entry = {
  orderId: ID;
  /** The day on which everything was back. */
  refunded?: string;
};

@Injectable()
export class BooksService implements OnModuleInit {
  private queue?: JobQueue<Entry>;
  /** How long the service itself wants to be left alone. */
  private wanted_ms = 0;

  constructor(private jobs: JobQueueService, private events: EventBus, private connection: TransactionalConnection, private config: ConfigService, private landedCost: LandedCostService) {}

  async onModuleInit(): Promise<void> {
    if (!this.landedCost.settings.books) return;
    this.queue = await this.jobs.createQueue<Entry>({ name: QUEUE, process: (job) => this.process(job) });
    this.waitBetween(this.queue.name);
    // Both are told after the transaction of the change, and only where it was kept.
    this.events.ofType(OrderStateTransitionEvent).subscribe(({ toState, order }) => {
      // The part of an order that one of several sellers fulfils is in the whole order.
      if (toState === 'PaymentSettled' && order.type !== 'Seller') void this.add({ orderId: order.id });
    });
    this.events.ofType(LandedCostReturnedEvent).subscribe(({ order, back, isWhole, createdAt }) => {
      if (isWhole) return void this.add({ orderId: order.id, refunded: dayOf(createdAt) });
      const rows = back.charges.map(({ key, amount }) => `${key} ${amount} ${back.currency}`).join(', ') || 'nothing';
      Logger.warn(`Order ${order.code}: a part of it came back (${rows}), and parts are not sent to the ledger. Add it there from a CSV file: "Returns in parts" in the README of the plugin says how.`, LOGGER);
    });
  }

  /** Sends an order that was paid before this option was there, or that was refused and would be taken now. Sending twice is harmless. */
  async send(orderId: ID): Promise<void> {
    if (!this.queue) throw new Error('The option books of TidewaiterPlugin is missing, so nothing is sent to a ledger');
    await this.add({ orderId });
  }

  private async add(entry: Entry): Promise<void> {
    try {
      await this.queue?.add(entry, { retries: RETRIES });
    } catch (error) {
      Logger.error(`The order with the id ${entry.orderId} was not handed to the queue for the ledger: ${String(error)}`, LOGGER);
    }
  }

  /** What is refused for good is logged and done with; what is thrown, the queue tries again. */
  private async process({ data: { orderId, refunded }, attempts, retries }: Job<Entry>): Promise<string> {
    const { books: settings, url } = this.landedCost.settings;
    if (!settings) return 'The option books is gone.';
    const order = await this.connection.rawConnection.getRepository(Order).findOneBy({ id: orderId });
    if (!order) return 'There is no such order any more.';
    const what = refunded ? `That order ${order.code} came back` : `Order ${order.code}`;
    const refuse = (reason: string): string => {
      const said = `${what} is not in the ledger, and will not be sent again: ${reason}`;
      Logger.error(said, LOGGER);
      return said;
    };
    let sold: OrderDocument | undefined;
    try {
      sold = soldAs(order);
    } catch (error) {
      return refuse((error as Error).message);
    }
    if (!sold) return 'No border was on the way.';
    const books = new Books({ ...settings, url: settings.url ?? url ?? '' });
    const told: string[] = [];
    const sends = [() => books.record([sold])];
    // A refund may overtake its order, which then waits in the queue: so the order goes first, known or not.
    if (refunded) sends.push(() => books.refundAll([{ document: `${order.code}-R`, date: refunded, of: order.code }]));
    for (const send of sends) {
      const said = await send();
      this.wanted_ms = said.state === 'later' ? Math.min((said.retry_after_s ?? 0) * 1000, LONGEST_WAIT_MS) : 0;
      if (said.state === 'later') {
        if (attempts > retries) refuse(said.message);
        else if (attempts === 1) Logger.warn(`${what} could not be sent to the ledger, and will be sent again: ${said.message}`, LOGGER);
        throw new Error(said.message);
      }
      if (said.state === 'refused') return refuse(reasonOf(said));
      told.push(said.known > 0 ? 'known' : 'recorded');
    }
    return told.join(', ');
  }

  /** Queues that poll try again at once where the shop did not say otherwise, and a service that is away is away for longer. Others, such as BullMQ, wait by themselves. */
  private waitBetween(queue: string): void {
    const { jobQueueStrategy: strategy } = this.config.jobQueueOptions;
    if (!(strategy instanceof PollingJobQueueStrategy)) return;
    const others = strategy.backOffStrategy;
    strategy.backOffStrategy = (name, attempts, job) => {
      if (name !== queue) return others?.(name, attempts, job) ?? 0;
      return Math.max(this.wanted_ms, Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS));
    };
  }
}

/** The order as the ledger takes it; `undefined` where nothing was asked about it. Throws where it cannot be recorded. */
function soldAs(order: Order): OrderDocument | undefined {
  const stored = readStored(order);
  return stored && orderDocument(order.code, dayOf(order.orderPlacedAt ?? order.updatedAt), stored.snapshots.map((one) => ({ ...one, terms: stored.chosen })));
}

function reasonOf({ status, message, problems }: Extract<Entered, { state: 'refused' }>): string {
  const hint = status === 401 || status === 403 ? ' (look at the option books: the seller and its token)' : '';
  return [message, ...problems.map(problemText)].join('; ') + hint;
}

/** "2026-10-05", in UTC. */
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
