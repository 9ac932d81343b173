import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routineFrom } from '../../../functions/adapters/warehouse/bigquery/catalog/routine.ts';
import { parseGoogleSql } from '../../../functions/core/sql/parser/parse.ts';

const reference = { projectId: 'p-1', datasetId: 'd', routineId: 'f`x' };
const int = { typeKind: 'INT64' };
const struct = {
  typeKind: 'STRUCT',
  structType: {
    fields: [
      { name: 'a', type: int },
      { name: 'b', type: { typeKind: 'ARRAY', arrayElementType: { typeKind: 'STRING' } } },
    ],
  },
};

for (const [what, resource, kind, wanted] of [
  [
    'a function in SQL, whose body ends in a comment',
    {
      routineType: 'SCALAR_FUNCTION',
      arguments: [
        { name: 'x', dataType: int },
        { name: 'y', argumentKind: 'ANY_TYPE' },
      ],
      returnType: struct,
      definitionBody: 'STRUCT(x AS a, [y] AS b) -- done',
    },
    'CreateFunctionStatement',
    /\(`x` INT64, `y` ANY TYPE\) RETURNS STRUCT<`a` INT64, `b` ARRAY<STRING>> AS \(/,
  ],
  [
    'a function in JavaScript',
    {
      routineType: 'SCALAR_FUNCTION',
      language: 'JAVASCRIPT',
      arguments: [{ name: 's', dataType: { typeKind: 'STRING' } }],
      returnType: { typeKind: 'STRING' },
      definitionBody: "return '\\n' + s + \"'\";\n",
    },
    'CreateFunctionStatement',
    /LANGUAGE javascript AS '/,
  ],
  [
    'a function that is somewhere else',
    {
      routineType: 'SCALAR_FUNCTION',
      arguments: [],
      returnType: int,
      remoteFunctionOptions: {
        endpoint: "https://x/'y",
        connection: 'projects/p/locations/us/connections/c',
      },
    },
    'CreateFunctionStatement',
    /REMOTE WITH CONNECTION `p`\.`us`\.`c` OPTIONS \(endpoint = /,
  ],
  [
    'an aggregate function',
    {
      routineType: 'AGGREGATE_FUNCTION',
      arguments: [
        { name: 'x', dataType: int },
        { name: 'n', dataType: int, isAggregate: false },
      ],
      returnType: int,
      definitionBody: 'SUM(x) * n',
    },
    'CreateFunctionStatement',
    /CREATE AGGREGATE FUNCTION .*`n` INT64 NOT AGGREGATE/,
  ],
  [
    'a table function',
    {
      routineType: 'TABLE_VALUED_FUNCTION',
      arguments: [{ name: 'x', dataType: int }],
      returnTableType: {
        columns: [{ name: 'y', type: { typeKind: 'RANGE', rangeElementType: { typeKind: 'DATE' } } }],
      },
      definitionBody: 'SELECT y FROM p.d.t WHERE z = x',
    },
    'CreateTableFunctionStatement',
    /RETURNS TABLE<`y` RANGE<DATE>> AS/,
  ],
  [
    'a procedure',
    {
      routineType: 'PROCEDURE',
      arguments: [{ name: 'x', mode: 'INOUT', dataType: int }],
      definitionBody: 'BEGIN SET x = 1; END',
    },
    'CreateProcedureStatement',
    /CREATE PROCEDURE .*\(INOUT `x` INT64\) BEGIN SET/,
  ],
  [
    'a procedure of bare statements',
    { routineType: 'PROCEDURE', definitionBody: 'SELECT 1;' },
    'CreateProcedureStatement',
    /BEGIN\nSELECT 1;\nEND/,
  ],
] as const)
  test(`${what} becomes one CREATE statement`, () => {
    const routine = routineFrom({ routineReference: reference, ...resource });
    assert.equal(routine.name, 'p-1.d.f`x');
    assert.match(routine.definition, wanted);
    const parsed = parseGoogleSql(routine.definition);
    assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.error.message}: ${routine.definition}`);
    assert.deepEqual(
      parsed.value.statements.map((statement) => statement.kind),
      [kind],
    );
  });

test('what is no routine is not made into one', () => {
  for (const resource of [
    { routineType: 'HOLOGRAM', definitionBody: '1' },
    { routineType: 'SCALAR_FUNCTION' },
    { routineType: 'SCALAR_FUNCTION', definitionBody: '1', returnType: { typeKind: 'INT64) AS (2' } },
  ])
    assert.throws(() => routineFrom({ routineReference: reference, ...resource }), {
      name: 'MalformedAnswer',
    });
});
