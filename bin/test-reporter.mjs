// Node's own report of a test run, with one line more for each reason why tests were skipped, above the lines that count.
import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';

async function* withReasons(events) {
  const reasons = new Map();
  for await (const event of events) {
    const { type, data } = event;
    if (type === 'test:pass' && data.skip !== undefined && data.skip !== false) {
      const reason = typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (type === 'test:diagnostic' && data.nesting === 0 && /^tests \d+$/.test(data.message)) {
      const most = [...reasons].sort(([, a], [, b]) => b - a);
      for (const [reason, count] of most) {
        yield { type, data: { ...data, message: `skipped ${count}: ${reason}` } };
      }
      reasons.clear();
    }
    yield event;
  }
}

// biome-ignore lint/style/noDefaultExport: Node asks a reporter for its default export
export default async function* report(events) {
  yield* Readable.from(withReasons(events)).compose(new spec());
}
