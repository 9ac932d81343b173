import { type Rendered, renderFacts, type TimestampFormat } from './canned-tables.ts';

/** BigQuery ends a page of JSON at about this size. */
const pageLimitBytes = 10_000_000;
/** So many different pages are held; a result goes round them. */
const differentPages = 4;

/** A result of any number of rows, made of a few pages that are rendered once. */
export type Rows = {
  readonly totalRows: number;
  /** The JSON array of the rows from `startIndex` on: at most `maximumRows` and at most one page of BigQuery's. */
  page(
    startIndex: number,
    maximumRows: number,
    timestamps: TimestampFormat,
  ): { readonly parts: readonly Buffer[]; readonly rows: number };
};

const [open, close] = [Buffer.from('['), Buffer.from(']')];

/** Rows of `facts`, `resultBytes` of JSON in all. */
export function factsRows(resultBytes: number): Rows {
  const formats = new Map<TimestampFormat, readonly Rendered[]>();
  const rendered = (timestamps: TimestampFormat): readonly Rendered[] => {
    const known = formats.get(timestamps);
    if (known !== undefined) return known;
    const pages: Rendered[] = [];
    for (let at = 0, firstId = 1_000_000; at < differentPages; at++) {
      const page = renderFacts(firstId, Math.min(pageLimitBytes, resultBytes), timestamps);
      pages.push(page);
      firstId += page.ends.length;
    }
    formats.set(timestamps, pages);
    return pages;
  };
  const first = rendered('INT64');
  // The pages need not have the same number of rows: rows are counted by the smallest.
  const perPage = Math.min(...first.map((page) => page.ends.length));
  const averageBytes = (first[0] as Rendered).bytes.length / (first[0] as Rendered).ends.length;
  return {
    totalRows: Math.floor(resultBytes / averageBytes),
    page(startIndex, maximumRows, timestamps) {
      const pages = rendered(timestamps);
      const wanted = Math.min(maximumRows, perPage, this.totalRows - startIndex);
      const parts: Buffer[] = [open];
      for (let row = startIndex; row < startIndex + wanted; ) {
        const page = pages[Math.floor(row / perPage) % pages.length] as Rendered;
        const within = row % perPage;
        const take = Math.min(perPage - within, startIndex + wanted - row);
        const from = within === 0 ? 0 : (page.ends[within - 1] as number);
        parts.push(page.bytes.subarray(from, page.ends[within + take - 1]));
        row += take;
      }
      const last = parts.pop() as Buffer;
      return { parts: wanted <= 0 ? [open, close] : [...parts, last.subarray(0, -1), close], rows: wanted };
    },
  };
}

/** A handful of rows, as they are. */
export function fewRows(values: readonly (readonly string[])[]): Rows {
  const rows = values.map((row) => ({ f: row.map((v) => ({ v })) }));
  return {
    totalRows: rows.length,
    page(startIndex, maximumRows) {
      const taken = rows.slice(startIndex, startIndex + maximumRows);
      return { parts: [Buffer.from(JSON.stringify(taken))], rows: taken.length };
    },
  };
}
