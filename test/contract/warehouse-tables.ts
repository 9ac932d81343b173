import assert from 'node:assert/strict';
import { specOf } from '../support/zoo.ts';
import type { Within } from './warehouse.ts';

/** What a warehouse tells of its tables and of a text, running nothing. */
export function tablePromises(project: string, within: Within): void {
  within('lists what there is, and nothing else', async ({ warehouse }) => {
    assert.deepEqual(await warehouse.projects(), [project]);
    assert.deepEqual(
      (await warehouse.datasets(project)).map((d) => d.dataset),
      ['zoo'],
    );
    assert.deepEqual(await warehouse.datasets('other'), []);
    assert.equal(await warehouse.dataset(project, 'Zoo'), undefined);
    const tables = await warehouse.tables(project, 'zoo');
    assert.deepEqual(
      tables.map((t) => t.ref.table),
      ['animals', 'heavy', 'log_a', 'log_b', 'numbers'],
    );
    assert.deepEqual(await warehouse.tables(project, 'nowhere'), []);
    assert.equal(await warehouse.table({ project, dataset: 'zoo', table: 'Animals' }), undefined);
  });

  within('describes a table as its schema says', async ({ warehouse }) => {
    const info = await warehouse.table({ project, dataset: 'zoo', table: 'animals' });
    assert.equal(info?.rows, 3);
    assert.deepEqual(info?.schema.fields[0], {
      name: 'id',
      type: 'INTEGER',
      mode: 'REQUIRED',
      description: 'Number on the collar',
    });
    assert.deepEqual(info?.schema.fields[1]?.policyTags, {
      names: ['projects/p/locations/us/taxonomies/1/policyTags/2'],
    });
    assert.deepEqual(
      info?.schema.fields.map((f) => `${f.name} ${f.type} ${f.mode}`),
      [
        'id INTEGER REQUIRED',
        'name STRING NULLABLE',
        'weight FLOAT NULLABLE',
        'seen TIMESTAMP NULLABLE',
        'tags STRING REPEATED',
        'home RECORD NULLABLE',
      ],
    );
    const view = await warehouse.table({ project, dataset: 'zoo', table: 'heavy' });
    assert.equal(view?.kind, 'view');
    assert.match(view?.viewSql ?? '', /weight > 10/);
  });

  within('gives a snapshot of names for the resolver', async ({ warehouse }) => {
    const catalog = await warehouse.describe([['zoo', 'heavy'], ['animals'], ['zoo', 'log_*']], {
      project,
      dataset: { project, dataset: 'zoo' },
    });
    assert.deepEqual(catalog.defaultDataset, { project, dataset: 'zoo' });
    const table = catalog.table({ project, dataset: 'zoo', table: 'animals' });
    assert.deepEqual(table?.columns[4], {
      name: 'tags',
      mode: 'REPEATED',
      type: { kind: 'array', element: { kind: 'scalar', name: 'STRING' } },
    });
    assert.deepEqual(
      table?.columns[5]?.fields?.map((f) => f.name),
      ['city', 'zip'],
    );
    const view = catalog.table({ project, dataset: 'zoo', table: 'heavy' });
    assert.deepEqual(
      view?.columns.map((c) => c.name),
      ['id', 'name'],
    );
    assert.equal(catalog.table({ project, dataset: 'zoo', table: 'ANIMALS' }), undefined);
    assert.deepEqual(
      catalog.tablesWithPrefix({ project, dataset: 'zoo' }, 'log_').map((t) => t.ref.table),
      ['log_a', 'log_b'],
    );
  });

  within('a dry run says what a text is and starts nothing', async ({ warehouse }) => {
    const spec = specOf(
      project,
      'SELECT id, COUNT(*) AS n, SUM(weight) AS total FROM zoo.animals GROUP BY id',
    );
    const dry = await warehouse.dryRun(spec);
    assert.ok(dry.ok);
    assert.equal(dry.statementType, 'SELECT');
    assert.deepEqual(
      dry.schema.fields.map((f) => `${f.name} ${f.type}`),
      ['id INTEGER', 'n INTEGER', 'total FLOAT'],
    );
    assert.deepEqual(dry.referencedTables, [`${project}.zoo.animals`]);
    assert.ok(dry.estimate.bytes > 0 && dry.estimate.accuracy !== 'UNKNOWN');
    assert.equal(await warehouse.job(spec), undefined);
  });

  within('a dry run looks through views to base tables', async ({ warehouse }) => {
    const dry = await warehouse.dryRun(specOf(project, 'SELECT * FROM zoo.heavy'));
    assert.deepEqual(dry.ok && dry.referencedTables, [`${project}.zoo.animals`]);
  });

  within('a dry run of a text that cannot be understood says where and why', async ({ warehouse }) => {
    for (const [sql, message] of [
      ['SELECT nope FROM zoo.animals', /nope.*\[1:8\]/s],
      // BigQuery gives no place for a table that is not there.
      ['SELECT 1 FROM zoo.missing', /zoo\.missing/],
      ['SELECT FROM', /\[1:/],
    ] as const) {
      const dry = await warehouse.dryRun(specOf(project, sql));
      assert.ok(!dry.ok);
      assert.equal(dry.error.code, 'invalid_query');
      assert.match(dry.error.message, message);
    }
  });
}
