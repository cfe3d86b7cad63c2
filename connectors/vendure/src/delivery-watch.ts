// Shipping methods whose terms or rates cannot be read are refused when they are saved, and named when the shop starts.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EventBus, Logger, ShippingMethod, ShippingMethodEvent, TransactionalConnection, UserInputError } from '@vendure/core';
import { LOGGER } from './constants';
import { faultsOf } from './delivery';
import { LandedCostService } from './landed-cost.service';

@Injectable()
export class DeliveryWatch implements OnApplicationBootstrap {
  constructor(private events: EventBus, private connection: TransactionalConnection, private landedCost: LandedCostService) {}

  async onApplicationBootstrap(): Promise<void> {
    const { precision } = this.landedCost;
    this.events.registerBlockingEventHandler({
      event: ShippingMethodEvent,
      id: 'tidewaiter-delivery-watch',
      handler: ({ entity, type }) => {
        const faults = type === 'deleted' ? [] : faultsOf(entity, precision);
        if (faults.length > 0) throw new UserInputError(faults.join('; '));
      },
    });
    await this.look();
  }

  /** Names those that are there already: of before this plugin knew how to refuse them, or written by another way. */
  async look(): Promise<void> {
    const { precision } = this.landedCost;
    const methods = await this.connection.rawConnection.getRepository(ShippingMethod).createQueryBuilder('method').where('method.deletedAt IS NULL').getMany();
    for (const method of methods) {
      for (const fault of faultsOf(method, precision)) Logger.error(`The shipping method ${method.code} is left out at checkout: ${fault}`, LOGGER);
    }
  }
}
