// What the engine tells besides quotes, with refusals as this shop's API tells them.
import { MedusaError } from '@medusajs/framework/utils';
import { readFromEngine as read } from '@tidewaiter/client/plugin';
import type { TidewaiterOptions } from './options';

export const readFromEngine = <Document>(options: TidewaiterOptions, path: string, words?: Record<string, string>): Promise<Document> =>
  read<Document>(options, path, words).catch((error: Error) => {
    throw new MedusaError(options.url ? MedusaError.Types.UNEXPECTED_STATE : MedusaError.Types.NOT_ALLOWED, error.message);
  });
