import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const functions = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'functions');

/** Which rooms a room may import from, besides itself (DESIGN section 3). */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ['core'],
  pipeline: ['core', 'ports'],
  http: ['core', 'ports', 'pipeline'],
  cli: ['core', 'ports', 'pipeline', 'http', 'adapters', 'compose', 'config'],
  adapters: ['core', 'ports'],
  config: ['core'],
  compose: ['core', 'ports', 'pipeline', 'http', 'adapters', 'config'],
  index: ['compose', 'config', 'core', 'ports', 'pipeline', 'http'],
};

/** Node's modules that core may use: functions of their arguments. */
const pureModules = ['node:crypto', 'node:zlib', 'node:buffer', 'node:util'];
/** Packages that core may use: pure, too. */
const purePackages = ['yaml', '@bufbuild/cel', '@bufbuild/cel-spec', '@bufbuild/protobuf'];
/** What would make core depend on more than its arguments. */
const impure =
  /\b(process\.|Date\.now\(|new Date\(\)|Math\.random\(|randomBytes|randomUUID|generateKeyPair|setTimeout\(|setInterval\(|fetch\()/;

type Import = { readonly from: string; readonly line: number; readonly target: string };

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : [];
  });
}

const files = sources(functions).map((path) => ({
  path,
  name: relative(functions, path),
  text: readFileSync(path, 'utf8'),
}));

function importsOf(file: { path: string; text: string }): Import[] {
  const pattern =
    /^(?:import|export)\s(?:[\w*{}\s,]+?\sfrom\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm;
  return [...file.text.matchAll(pattern)].map((match) => ({
    from: file.path,
    line: file.text.slice(0, match.index).split('\n').length,
    target: match[1] ?? match[2] ?? '',
  }));
}

const roomOf = (path: string): string => (relative(functions, path).split('/')[0] ?? '').replace(/\.ts$/, '');
const where = (entry: Import): string =>
  `${relative(functions, entry.from)}:${entry.line} imports ${entry.target}`;

test('imports point one way', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((entry) => entry.target.startsWith('.'))
      .filter((entry) => {
        const [from, to] = [roomOf(file.path), roomOf(resolve(dirname(file.path), entry.target))];
        return from !== to && !(mayImport[from] ?? []).includes(to);
      })
      .map(where),
  );
  assert.deepEqual(wrong, []);
});

test('every room is known', () => {
  const strangers = files.map((file) => roomOf(file.path)).filter((room) => !(room in mayImport));
  assert.deepEqual([...new Set(strangers)], []);
});

test("an adapter never imports another port's adapter", () => {
  const portOf = (path: string): string | undefined =>
    relative(join(functions, 'adapters'), path).split('/')[0];
  const wrong = files
    .filter((file) => file.name.startsWith('adapters/'))
    .flatMap((file) =>
      importsOf(file)
        .filter((entry) => entry.target.startsWith('.'))
        .filter((entry) => {
          const target = resolve(dirname(file.path), entry.target);
          return roomOf(target) === 'adapters' && portOf(target) !== portOf(file.path);
        })
        .map(where),
    );
  assert.deepEqual(wrong, []);
});

test("BigQuery's adapter needs nothing of the embedded warehouse, which the container does not have", () => {
  const wrong = files
    .filter((file) => file.name.startsWith('adapters/warehouse/bigquery/'))
    .flatMap((file) =>
      importsOf(file)
        .filter((entry) => entry.target.includes('duckdb'))
        .map(where),
    );
  assert.deepEqual(wrong, []);
});

test('core is pure: no I/O, clock, randomness or environment', () => {
  const core = files.filter((file) => file.name.startsWith('core/'));
  const imports = core.flatMap((file) =>
    importsOf(file)
      .filter((entry) => !entry.target.startsWith('.'))
      .filter((entry) => !pureModules.includes(entry.target))
      .filter(
        (entry) => !purePackages.some((name) => entry.target === name || entry.target.startsWith(`${name}/`)),
      )
      .map(where),
  );
  const calls = core.flatMap((file) =>
    file.text
      .split('\n')
      .map((line, index) => ({ line, at: `${file.name}:${index + 1}` }))
      .filter(({ line }) => !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line))
      .map(({ line, at }) => `${at} ${line.trim()}`),
  );
  assert.deepEqual([...imports, ...calls], []);
});

test('only compose knows a port and its adapters; the pipeline names no technology', () => {
  const technologies = /duckdb|sqlite|bigquery client|firestore|pubsub|@google-cloud/i;
  const wrong = files
    .filter((file) => file.name.startsWith('pipeline/') || file.name.startsWith('ports/'))
    .flatMap((file) =>
      importsOf(file)
        .filter((entry) => technologies.test(entry.target))
        .map(where),
    );
  assert.deepEqual(wrong, []);
});

test('files stay under 300 lines', () => {
  const long = files
    .map((file) => ({ name: file.name, lines: file.text.split('\n').length - 1 }))
    .filter((file) => file.lines > 300)
    .map((file) => `${file.name}: ${file.lines}`);
  assert.deepEqual(long, []);
});

test('no state changes but through the one door', () => {
  const wrong = files
    .filter(
      (file) =>
        file.name.startsWith('pipeline/') || file.name.startsWith('http/') || file.name.startsWith('cli/'),
    )
    .filter((file) => file.name !== 'pipeline/advance.ts')
    .filter((file) => /\bstate\.(create|replace)\(/.test(file.text))
    .map((file) => file.name);
  assert.deepEqual(wrong, []);
});

test("Node's modules are imported by their full names, and nothing is exported by default", () => {
  const builtin =
    /^(fs|path|crypto|os|http|https|url|util|zlib|stream|events|buffer|child_process|net|tls)(\/|$)/;
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((entry) => builtin.test(entry.target))
      .map(where),
  );
  const defaults = files.filter((file) => /^export default\b/m.test(file.text)).map((file) => file.name);
  assert.deepEqual([...wrong, ...defaults], []);
});

test('closed unions: a default branch in core or pipeline refuses at once', () => {
  const wrong = files
    .filter((file) => /^(core\/(query|policy|approval|masking|audit)|pipeline)\//.test(file.name))
    .filter((file) => /^\s*default:(?!\s*(return fail\(|throw ))/m.test(file.text))
    .map((file) => file.name);
  assert.deepEqual(wrong, []);
});
