// What the engine tells besides quotes, with refusals as this shop's API tells them.
import { UserInputError } from '@vendure/core';
import { readFromEngine as read } from '@tidewaiter/client/plugin';
import type { TidewaiterOptions } from './options';

export const readFromEngine = <Document>(options: TidewaiterOptions, path: string, words?: Record<string, string>): Promise<Document> =>
  read<Document>(options, path, words).catch((error: Error) => { throw new UserInputError(error.message); });
