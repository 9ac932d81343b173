import { memoryStateStore, type StateMemory } from '../support/memory-state-store.ts';
import { stateStoreContract } from './state-store.ts';

stateStoreContract('memory', async () => {
  const memory: StateMemory = new Map();
  return { store: memoryStateStore(memory), reopen: async () => memoryStateStore(memory) };
});
