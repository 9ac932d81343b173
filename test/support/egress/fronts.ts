import type { Front, Upstream } from '../cloud/functions.ts';
import { plantHttp } from './plant.ts';
import { type Recorder, recordGrpc, recordHttp } from './recorders.ts';
import { SentLog } from './sent.ts';

/** A recorder in front of every part that the functions send to. */
export type EgressRecord = {
  readonly log: SentLog;
  readonly front: Front;
  /** From now on this header goes with every request to BigQuery; undefined: no more. */
  plant(header: Readonly<Record<string, string>> | undefined): void;
  stop(): Promise<void>;
};

const isGrpc = (name: Upstream): boolean => name === 'firestore' || name === 'pubsub';

export function recordEgress(): EgressRecord {
  const log = new SentLog();
  const open: Recorder[] = [];
  let planted: Readonly<Record<string, string>> = {};
  const front: Front = async (name, address) => {
    const target = new URL(address.includes('://') ? address : `http://${address}`);
    const recorder = isGrpc(name)
      ? await recordGrpc(name, target.host, log)
      : await recordHttp(name, target.origin, log);
    open.push(recorder);
    if (name === 'bigquery') open.push(await plantHttp(`http://${recorder.host}`, () => planted));
    return address.replace(target.host, open.at(-1)?.host ?? '');
  };
  return {
    ...{ log, front },
    plant: (header = {}) => {
      planted = header;
    },
    async stop() {
      for (const recorder of open.reverse()) await recorder.stop();
    },
  };
}
