// The module of the plugin. Its options are those of the plugin.
import { Module } from '@medusajs/framework/utils';
import { TidewaiterService } from './service';

export const TIDEWAITER = 'tidewaiter';

export default Module(TIDEWAITER, { service: TidewaiterService });
