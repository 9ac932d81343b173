import { isMap, type Node, type Scalar } from 'yaml';
import type { Principal } from '../query/principal.ts';
import type { CatalogColumn, CatalogTable } from '../sql/catalog.ts';
import type { PolicyInput } from './bundle.ts';
import type { Position } from './document.ts';
import { parseTypeText } from './type-text.ts';
import { parseBytes } from './units.ts';
import type { Fields, YamlSource } from './yaml-source.ts';

/** What a test demands; what is absent is not looked at. */
export type Wanted = {
  readonly outcome?: 'permit' | 'hold' | 'deny';
  /** A rule that must be among those that matched; `file#name`, or the name alone. */
  readonly rule?: string;
  readonly message?: string;
  /** Path to masking rule, exactly: a column that is not named must be clear. */
  readonly masked?: Readonly<Record<string, string>>;
};

export type PolicyTest = {
  readonly name: string;
  readonly position: Position;
  readonly principal: Principal;
  readonly input: PolicyInput;
  /** A text that says what the query does, instead of `given`'s statements, datasets and columns. */
  readonly query?: string;
  /** The tables that the query may name. */
  readonly tables: readonly CatalogTable[];
  /** The table whose masks are looked at. */
  readonly table?: CatalogTable;
  readonly want: Wanted;
};

type Statement = PolicyInput['statements'][number];
type Reader = (node: Node | null) => unknown;

const scalarValue = (node: Node | null): unknown => (node as Scalar | null)?.value;

function optional<Value>(
  fields: Fields,
  key: string,
  read: (node: Node | null) => Value | undefined,
): Value | undefined {
  const field = fields.get(key);
  return field === undefined ? undefined : read(field.value);
}

function readPrincipal(source: YamlSource, node: Node | null): Principal | undefined {
  const fields = source.fields(node, 'as', ['issuer', 'subject', 'kind', 'groups', 'email', 'actingFor']);
  if (fields === undefined) return undefined;
  const groups = optional(fields, 'groups', (value) => source.texts(value, 'groups')) ?? [];
  const email = optional(fields, 'email', (value) => source.text(value, 'email'));
  const person = optional(fields, 'actingFor', (value) => readPrincipal(source, value));
  return {
    issuer: optional(fields, 'issuer', (value) => source.text(value, 'issuer')) ?? 'https://issuer.example',
    subject: optional(fields, 'subject', (value) => source.text(value, 'subject')) ?? 'somebody',
    kind: optional(fields, 'kind', (value) => source.oneOf(value, 'kind', ['person', 'agent'])) ?? 'agent',
    groups,
    ...(email === undefined ? {} : { email }),
    ...(person === undefined ? {} : { actingFor: person }),
  };
}

function readStatement(source: YamlSource, node: Node | null): Statement | undefined {
  const keys = ['kind', 'where', 'reads', 'writes', 'functions', 'crossJoins', 'hasLimit'];
  const fields = source.fields(node, 'a statement', keys);
  if (fields === undefined) return undefined;
  const kind = source.text(fields.get('kind')?.value ?? node, 'kind of a statement');
  if (kind === undefined) return undefined;
  const crossJoins = optional(fields, 'crossJoins', scalarValue);
  return {
    kind,
    where:
      optional(fields, 'where', (value) => source.oneOf(value, 'where', ['none', 'trivial', 'present'])) ??
      'none',
    reads: optional(fields, 'reads', (value) => source.texts(value, 'reads')) ?? [],
    writes: optional(fields, 'writes', (value) => source.texts(value, 'writes')) ?? [],
    functions: optional(fields, 'functions', (value) => source.texts(value, 'functions')) ?? [],
    crossJoins: typeof crossJoins === 'number' ? crossJoins : 0,
    hasLimit: optional(fields, 'hasLimit', scalarValue) === true,
  };
}

function readEstimate(source: YamlSource, node: Node | null): PolicyInput['estimate'] | undefined {
  const fields = source.fields(node, 'estimate', ['bytes', 'accuracy']);
  if (fields === undefined) return undefined;
  const bytes =
    optional(fields, 'bytes', (value) => source.quantity(value, 'bytes', parseBytes, '10 MB')) ?? 0;
  const words = ['PRECISE', 'UPPER_BOUND', 'LOWER_BOUND', 'UNKNOWN'] as const;
  const accuracy =
    optional(fields, 'accuracy', (value) => source.oneOf(value, 'accuracy', words)) ?? 'PRECISE';
  return { bytes, accuracy };
}

function readClassified(
  source: YamlSource,
  node: Node | null,
): PolicyInput['classified'][number] | undefined {
  const fields = source.fields(node, 'a classified column', ['column', 'classification', 'uses']);
  const column = fields && source.text(fields.get('column')?.value ?? node, 'column');
  const classification = fields && source.text(fields.get('classification')?.value ?? node, 'classification');
  const uses = (fields && optional(fields, 'uses', (value) => source.texts(value, 'uses'))) ?? [];
  return column && classification ? { column, classification, uses } : undefined;
}

/** `given`: the parts of a PolicyInput that matter to the test; the rest is a small, harmless SELECT. */
function readGiven(source: YamlSource, node: Node | null, principal: Principal): PolicyInput | undefined {
  const keys = ['statements', 'datasets', 'classified', 'estimate', 'usedToday', 'purpose', 'time'];
  const fields = node === null ? new Map() : source.fields(node, 'given', keys);
  if (fields === undefined) return undefined;
  const items = <Item>(key: string, read: (item: Node | null) => Item | undefined) =>
    optional(fields, key, (value) => source.list(value, key, read)) ?? [];
  const time = optional(fields, 'time', (value) => source.text(value, 'time'));
  const nowMs = Date.parse(time ?? '2026-01-05T12:00:00Z');
  if (Number.isNaN(nowMs))
    source.problem(node, `time '${time}' is none; write it like "2026-01-05T12:00:00Z"`);
  const statements = items('statements', (item) => readStatement(source, item));
  const used =
    optional(fields, 'usedToday', (value) => source.quantity(value, 'usedToday', parseBytes, '3 GB')) ?? 0;
  return {
    principal,
    purpose: optional(fields, 'purpose', (value) => source.text(value, 'purpose')) ?? '',
    nowMs,
    statements:
      statements.length > 0
        ? statements
        : [
            {
              kind: 'SELECT',
              where: 'none',
              reads: [],
              writes: [],
              functions: [],
              crossJoins: 0,
              hasLimit: false,
            },
          ],
    datasets: items('datasets', (item) => source.text(item, 'a dataset')),
    classified: items('classified', (item) => readClassified(source, item)),
    estimate: optional(fields, 'estimate', (value) => readEstimate(source, value)) ?? {
      bytes: 0,
      accuracy: 'PRECISE',
    },
    used: { principalBytesToday: used },
  };
}

/** A mapping from free names to values, in order. */
function entries(
  source: YamlSource,
  node: Node | null,
  what: string,
  read: Reader,
): readonly (readonly [string, string])[] {
  if (!isMap(node)) {
    source.problem(node, `${what} must be a mapping`);
    return [];
  }
  return node.items.flatMap((pair) => {
    const value = read(pair.value as Node | null);
    return typeof value === 'string' ? [[String((pair.key as Scalar).value), value] as const] : [];
  });
}

function readTable(source: YamlSource, node: Node | null): CatalogTable | undefined {
  const fields = source.fields(node, 'table', ['name', 'columns', 'tags']);
  if (fields === undefined) return undefined;
  const name = source.text(fields.get('name')?.value ?? node, 'name of the table');
  const parts = (name ?? '').split('.');
  const [project, dataset, table] = parts;
  if (parts.length !== 3 || !project || !dataset || !table) {
    return source.problem(node, 'name of the table must be project.dataset.table');
  }
  const tagged = fields.get('tags');
  const readTag: Reader = (value) => source.text(value, 'a policy tag');
  const tags = new Map(tagged === undefined ? [] : entries(source, tagged.value, 'tags', readTag));
  const columns = entries(source, fields.get('columns')?.value ?? null, 'columns of the table', (value) =>
    source.text(value, 'type of a column'),
  ).flatMap(([column, text]): readonly CatalogColumn[] => {
    const type = parseTypeText(text);
    if (type === undefined)
      source.problem(
        fields.get('columns')?.value ?? null,
        `type '${text}' of ${column} is no GoogleSQL type`,
      );
    const tag = tags.get(column);
    const mode = type?.kind === 'array' ? 'REPEATED' : 'NULLABLE';
    return type === undefined
      ? []
      : [{ name: column, type, mode, ...(tag === undefined ? {} : { policyTags: [tag] }) }];
  });
  return { ref: { project, dataset, table }, kind: 'table', columns, pseudoColumns: [], etag: '' };
}

function readWanted(source: YamlSource, node: Node | null): Wanted | undefined {
  const fields = source.fields(node, 'want', ['outcome', 'rule', 'message', 'masked']);
  if (fields === undefined) return undefined;
  const outcome = optional(fields, 'outcome', (value) =>
    source.oneOf(value, 'outcome', ['permit', 'hold', 'deny']),
  );
  const rule = optional(fields, 'rule', (value) => source.text(value, 'rule'));
  const message = optional(fields, 'message', (value) => source.text(value, 'message'));
  const masked = optional(fields, 'masked', (value) =>
    Object.fromEntries(entries(source, value, 'masked', (item) => source.text(item, 'a masking rule'))),
  );
  if (!outcome && !rule && !message && !masked)
    return source.problem(node, 'want is empty; say what must come out');
  return {
    ...(outcome === undefined ? {} : { outcome }),
    ...(rule === undefined ? {} : { rule }),
    ...(message === undefined ? {} : { message }),
    ...(masked === undefined ? {} : { masked }),
  };
}

function readTest(source: YamlSource, node: Node | null): PolicyTest | undefined {
  const fields = source.fields(node, 'a test', ['name', 'as', 'query', 'tables', 'given', 'table', 'want']);
  if (fields === undefined) return undefined;
  const name = source.text(fields.get('name')?.value ?? node, 'name of a test');
  const principal = readPrincipal(source, fields.get('as')?.value ?? node);
  const input = principal && readGiven(source, fields.get('given')?.value ?? null, principal);
  const want = readWanted(source, fields.get('want')?.value ?? node);
  const table = optional(fields, 'table', (value) => readTable(source, value));
  const query = optional(fields, 'query', (value) => source.text(value, 'query'));
  const listed = optional(fields, 'tables', (value) =>
    source.list(value, 'tables', (item) => readTable(source, item)),
  );
  const tables = [...(listed ?? []), ...(table === undefined ? [] : [table])];
  if (want?.masked !== undefined && table === undefined)
    source.problem(node, "'masked' needs a 'table' with its columns");
  if (!name || !principal || !input || !want) return undefined;
  return {
    name,
    position: source.position(node),
    principal,
    input,
    want,
    tables,
    ...(query === undefined ? {} : { query }),
    ...(table === undefined ? {} : { table }),
  };
}

/** The tests of one `.test.yaml` file; mistakes in it are left in `source.problems`. */
export function readTests(source: YamlSource): readonly PolicyTest[] {
  if (source.root === null) return [];
  const fields = source.fields(source.root, 'a test file', ['tests']);
  const tests = fields?.get('tests');
  if (tests === undefined) return source.problem(source.root, "a test file has a list 'tests'") ?? [];
  return source.list(tests.value, 'tests', (item) => readTest(source, item)) ?? [];
}
