import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@cdktf/hcl2json';
import { parse as parseYaml } from 'yaml';
import {
  compositeIndexes,
  ttlFields,
  unindexedFields,
} from '../../functions/adapters/state-store/firestore/indexes.ts';
import {
  commonVariables,
  googleVariables,
  resumeVariables,
  sweepVariables,
} from '../../functions/config/cloud-variables.ts';
import { readIdentities } from '../../functions/config/identities.ts';
import { headersFolder, headersName } from '../../functions/core/audit/header-lines.ts';
import { type ErrorCode, errorCodes } from '../../functions/core/errors.ts';
import { logEvents, metrics } from '../../functions/ports/telemetry.ts';
import { problemsIn } from '../support/terraform/check.ts';
import { referencesIn } from '../support/terraform/expressions.ts';
import { columnsPage, columnsTable, headersSchema, tableIn } from '../support/terraform/headers-schema.ts';
import {
  infra,
  type JsonObject,
  parseModules,
  readSources,
  repository,
} from '../support/terraform/modules.ts';

const sources = readSources();
const modules = await parseModules(sources);
const moduleAt = (path: string) => modules.get(path) ?? assert.fail(`no module ${path}`);
const read = (path: string): string => readFileSync(join(infra, path), 'utf8');

test('no argument, field, name, input or output of the Terraform is wrong', async () => {
  assert.deepEqual(await problemsIn(sources), []);
  assert.ok(modules.size >= 15, 'root, modules and examples were read');
});

test('the Terraform is formatted', (t) => {
  const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' };
  const fmt = spawnSync('terraform', ['fmt', '-check', '-diff', '-recursive', infra], {
    encoding: 'utf8',
    env,
  });
  if (fmt.error !== undefined) return t.skip('terraform is not installed');
  assert.equal(fmt.status, 0, fmt.stdout + fmt.stderr);
});

type Mistake = {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly says: string;
};
const mistakes = parseYaml(
  readFileSync(join(repository, 'test/cases/terraform/mistakes.yaml'), 'utf8'),
) as readonly Mistake[];

for (const { what, file, from, to, says } of mistakes) {
  test(`${what} is found`, async () => {
    const text = sources[file] ?? assert.fail(`no file ${file}`);
    const pattern = /^\/(.*)\/$/s.exec(from)?.[1];
    const changed = text.replaceAll(pattern === undefined ? from : new RegExp(pattern, 'g'), () => to);
    assert.notEqual(changed, text, 'the edit was made');
    const problems = await problemsIn({ ...sources, [file]: changed });
    assert.ok(
      problems.some((problem) => problem.includes(says)),
      `wanted "${says}", got:\n${problems.join('\n')}`,
    );
  });
}

test('the services set what the functions read, and nothing that they do not', () => {
  const { env, env_of: envOf } = Object.fromEntries(moduleAt('modules/services').locals) as Record<
    string,
    string | JsonObject
  >;
  const common = [...String(env).matchAll(/\b(SLUICE_\w+)\s*=/g)].map((match) => match[1] ?? '');
  const own = envOf as Record<string, JsonObject>;
  const required = (table: object): string[] =>
    Object.entries(table as Record<string, { fallback?: string }>).flatMap(([name, { fallback }]) =>
      fallback === undefined ? [name] : [],
    );
  const known = (table: object): string[] => Object.keys(table);
  assert.deepEqual(
    common.filter((name) => !known(commonVariables).includes(name)),
    [],
  );
  assert.deepEqual(
    required(commonVariables).filter((name) => !common.includes(name)),
    [],
  );
  assert.deepEqual(Object.keys(own.resume ?? {}).sort(), required(resumeVariables).sort());
  assert.deepEqual(Object.keys(own.sweep ?? {}).sort(), required(sweepVariables).sort());
  assert.deepEqual(
    [required(googleVariables), Object.keys(own.api ?? {}), Object.keys(own.approvals ?? {})],
    [[], [], []],
  );
});

test("Firestore's indexes are those of the adapter", () => {
  const { resources } = moduleAt('modules/state');
  const made = resources
    .filter(({ type }) => type === 'google_firestore_index')
    .map(({ body }) => ({
      collection: body.collection,
      fields: (body.fields as JsonObject[]).map(({ field_path, order }) => ({ field: field_path, order })),
    }));
  const text = (each: unknown): string => JSON.stringify(each);
  assert.deepEqual(
    made.map(text).sort(),
    compositeIndexes.map(({ collection, fields }) => text({ collection, fields })).sort(),
  );

  const fields = resources.find(({ name }) => name === 'unindexed')?.body ?? assert.fail();
  const listed = [...String(fields.for_each).matchAll(/"([\w-]+\/\w+)"/g)]
    .map((match) => match[1] ?? '')
    .sort();
  assert.deepEqual(listed, unindexedFields.map(({ collection, field }) => `${collection}/${field}`).sort());
  const ttl = ttlFields.map(({ collection, field }) => `${collection}/${field}`);
  assert.deepEqual(
    ttl.sort(),
    listed.filter((each) => each.endsWith('/expireAt')),
  );
  assert.match(text(fields.dynamic), /ttl_config.*endswith\(each\.key, \\"\/expireAt\\"\)/);
});

test('what is counted and alerted on are words of the code', () => {
  const module = moduleAt('modules/observability');
  const everything = JSON.stringify([...module.locals, ...module.resources]);
  const events = [...everything.matchAll(/jsonPayload\.event=\\+"([\w-]+)/g)].map((match) => match[1] ?? '');
  const codes = [...everything.matchAll(/jsonPayload\.code=\\+"([\w-]+)/g)].map((match) => match[1] ?? '');
  const names = [...everything.matchAll(/\b(sluice_\w+?)(?:_bucket)?\b(?=[[)])/g)].map(
    (match) => match[1] ?? '',
  );
  assert.ok(events.length > 5 && codes.length > 2 && names.length > 3);
  assert.deepEqual(
    events.filter((event) => !(event in logEvents)),
    [],
  );
  assert.deepEqual(
    codes.filter((code) => !errorCodes.includes(code as ErrorCode)),
    [],
  );
  assert.deepEqual(
    names.filter((name) => !(name in metrics)),
    [],
  );
});

test('the dashboard is JSON, over metrics that exist', () => {
  const text = read('modules/observability/dashboard.json.tftpl')
    .replaceAll(/\$\{name\}/g, 'sluice')
    .replaceAll(/\$\{dead\}/g, 'sluice-dead');
  assert.doesNotMatch(text, /\$\{/);
  const board = JSON.parse(text) as { mosaicLayout: { tiles: { xPos: number; width: number }[] } };
  assert.ok(board.mosaicLayout.tiles.every(({ xPos, width }) => xPos + width <= 12));
  const own = new Set([...text.matchAll(/user\/sluice\/(\w+)/g)].map((match) => match[1] ?? ''));
  const counted = Object.keys(moduleAt('modules/observability').locals.get('metrics') as JsonObject);
  assert.deepEqual(
    [...own].filter((name) => !counted.includes(name)),
    [],
  );
});

test('every view has its file, every file its view, and all names in them are given', () => {
  const { resources, locals } = moduleAt('modules/log-queries');
  const namesOf = (resource: string): readonly string[] =>
    Object.keys(resources.find(({ name }) => name === resource)?.body.for_each as JsonObject);
  const names = [...namesOf('view'), ...namesOf('view_of_views')];
  const files = readdirSync(join(infra, 'modules/log-queries/views')).map((file) =>
    file.replace(/\.sql$/, ''),
  );
  assert.deepEqual(files.sort(), names.sort());
  const given = Object.keys(locals.get('names_in_views') as JsonObject);
  const made = ['plan', 'checkpoint', 'headers'];
  for (const name of names) {
    const sql = read(`modules/log-queries/views/${name}.sql`);
    for (const [, used = ''] of sql.matchAll(/\$\{(\w+)\}/g))
      assert.ok(given.includes(used), `${name}.sql uses ${used}`);
    const before = namesOf('view').includes(name) ? made : [...made, ...namesOf('view')];
    for (const [, table = ''] of sql.matchAll(/\$\{log\}\.(\w+)/g))
      assert.ok(before.includes(table), `${name}.sql reads ${table}, which is not there when it is made`);
  }
});

test('the table of headers has the columns of the code', () => {
  assert.deepEqual(JSON.parse(read('modules/log-queries/headers.json')), headersSchema);
  const table =
    moduleAt('modules/log-queries').resources.find(({ name }) => name === 'headers')?.body ?? assert.fail();
  const [external] = table.external_data_configuration as JsonObject[];
  const name = headersName(40).replace(/\d{12}/, '*');
  assert.deepEqual(external?.source_uris, [`gs://\${var.derived_bucket}/${name}`]);
  assert.deepEqual([external?.autodetect, external?.ignore_unknown_values], [false, false]);
  const shown = tableIn(readFileSync(columnsPage, 'utf8'));
  assert.equal(shown, `<!-- columns -->\n${columnsTable()}\n<!-- end -->`);
});

test('README.md names every view', () => {
  const section = /## Log, in SQL\n([\s\S]*?)\n## /.exec(read('README.md'))?.[1] ?? '';
  for (const file of readdirSync(join(infra, 'modules/log-queries/views')))
    assert.ok(section.includes(`\`${file.replace(/\.sql$/, '')}\``), file);
});

test('of the derived bucket auditors read what is derived, and no data key', () => {
  const grant =
    moduleAt('modules/audit').resources.find(({ name }) => name === 'derived_auditors')?.body ??
    assert.fail();
  const [condition] = grant.condition as JsonObject[];
  const objects = `projects/_/buckets/\${google_storage_bucket.derived.name}/objects/${headersFolder}`;
  assert.equal(
    condition?.expression,
    `resource.type == "storage.googleapis.com/Bucket" || resource.name.startsWith("${objects}")`,
  );
});

test("the examples' identities files are good, and name the accounts that are made", () => {
  for (const example of ['minimal', 'complete']) {
    const file = `examples/${example}/identities.yaml`;
    const identities = readIdentities(file, read(file));
    if (!identities.ok) assert.fail(identities.problem);
    const call = moduleAt(`examples/${example}`).calls.get('sluice') ?? assert.fail();
    const classes = Object.keys(call.agent_classes as JsonObject);
    const accounts = identities.value.executionIdentities.map(({ serviceAccount }) => serviceAccount);
    assert.deepEqual(
      accounts,
      classes.map((each) => `sluice-x-${each}@acme-sluice.iam.gserviceaccount.com`),
    );
  }
});

test('README.md shows the examples as they are, and every variable', () => {
  const readme = read('README.md');
  for (const example of ['minimal', 'complete']) {
    const shown = new RegExp(`<!-- examples/${example}/main.tf -->\\n\`\`\`hcl\\n([\\s\\S]*?)\`\`\``).exec(
      readme,
    )?.[1];
    assert.equal(shown, read(`examples/${example}/main.tf`));
  }
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (.*?) \| (.*?) \|$/gm)].map(
    ([, name, meaning, fallback]) => ({ name, meaning, fallback }),
  );
  const wanted = [...moduleAt('.').variables].map(([name, body]) => ({
    name,
    meaning: body.description,
    fallback: 'default' in body ? `\`${JSON.stringify(body.default)}\`` : 'must be set',
  }));
  assert.deepEqual(rows, wanted);
});

test('the plan tests name modules, inputs and resources that exist', async () => {
  const file = 'tests/modules.tftest.hcl';
  const content = (await parse(`${file}.tf`, read(file))) as JsonObject;
  const shared = Object.keys((content.variables as JsonObject[])[0] ?? {});
  const runs = Object.entries(content.run as JsonObject) as [string, JsonObject[]][];
  assert.ok(runs.length >= 9);
  for (const [name, [body = {}]] of runs) {
    const source = String((body.module as JsonObject[])[0]?.source).replace(/^\.\//, '');
    const module = moduleAt(source);
    const own = Object.keys((body.variables as JsonObject[] | undefined)?.[0] ?? {});
    assert.deepEqual(
      own.filter((each) => !module.variables.has(each)),
      [],
      `${name}: inputs`,
    );
    const missing = [...module.variables].filter(
      ([each, variable]) => !('default' in variable) && ![...shared, ...own].includes(each),
    );
    assert.deepEqual(
      missing.map(([each]) => each),
      [],
      `${name}: inputs that are not given`,
    );
    for (const { root, path } of referencesIn([body.assert ?? [], body.expect_failures ?? []])) {
      if (root === 'var') assert.ok(module.variables.has(path[0] ?? ''), `${name}: var.${path[0]}`);
      else if (root.startsWith('google_'))
        assert.ok(
          module.resources.some((each) => each.type === root && each.name === path[0]),
          `${name}: ${root}.${path[0]}`,
        );
    }
  }
});
