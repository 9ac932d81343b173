import { inProcessQueue } from '../../functions/adapters/queue/in-process.ts';
import { queueContract } from './queue.ts';

queueContract('in-process', async (handler) => ({
  queue: inProcessQueue({ handler, onError: () => {}, retryMs: 5 }),
  stop: async () => {},
}));
