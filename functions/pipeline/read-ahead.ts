/**
 * What `work` makes of each item, in the order of the items, with at most `ahead` of them under way. Stops asking for more
 * when the consumer stops or a piece of work fails.
 */
export async function* readAhead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const item of items) {
    const started = work(item);
    // Awaited below in its turn; until then a failure must not count as unhandled.
    started.catch(() => {});
    underWay.push(started);
    if (underWay.length >= ahead) yield (await underWay.shift()) as R;
  }
  for (const rest of underWay) yield await rest;
}
